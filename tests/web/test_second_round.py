"""The second round: nobody alone says who stands in it, and it stays bound to what the first one qualifies."""

import pytest
from django.db import DatabaseError, transaction

from kalata.country import services as country
from kalata.country.models import Contest, Option, Station
from kalata.people import approving
from kalata.people import services as people
from kalata.people.models import Approval
from kalata.people.rules.approval import Decision, Outdated, SamePerson
from kalata.refusals import Forbidden
from kalata.results.queries.drafts import seen_of
from kalata.results.rules.boxes import Standing
from kalata.results.rules.contest_draft import Answers
from kalata.results.services import contests as services
from kalata.results.services import second_round, setting_up
from tests import court
from tests.conftest import BOXES, PROFILE, ROWS, bring, csv_of, decide_on_screen, post_as_shown, second_round_of

pytestmark = pytest.mark.django_db

OTHER_TWO = [*ROWS[:2], "Ségou,Ségou,SEG-001,500,300,300,10,290,90,10,190", ROWS[3]]
"""La pirogue falls from 310 to 170, La calebasse rises to 283."""
T2 = [
    "Kayes,Kayes,KAY-001,400,200,200,5,195,100,95",
    "Kayes,Kita,KIT-001,350,150,150,2,148,70,78",
    "Ségou,Ségou,SEG-001,500,300,300,10,290,90,200",
    "Ségou,San,SAN-001,300,120,120,0,120,40,80",
]
T2_HEADER = "region,cercle,bureau,inscrits,votants,bulletins,nuls,exprimes,Le baobab,La pirogue"
PAGE = "/resultats/gerer/pres/"


def again(thing):
    return type(thing).objects.get(pk=thing.pk)


def names(contest):
    return [o.name for o in contest.options.order_by("rank")]


def approved(asked, by):
    return people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=by)


def corrected(contest, supervisor, publisher, rows=OTHER_TWO):
    """The public figures of the first round change, by two persons."""
    bring(again(contest), supervisor, csv_of(rows), name="vrai.csv", create="none")
    approved(Approval.objects.get(kind="results.correction", state="waiting"), publisher)
    return again(contest)


def asked_of(contest, by, code="pres-t2", **extra):
    values = {"polling_day": None, "reason": "issue publiée"}
    return second_round.ask(contest=contest, code=code, by=by, **values | extra)


# --- opened ----------------------------------------------------------------------------------------------
def test_figures_that_nobody_published_open_no_second_round(counted, supervisor):
    with pytest.raises(second_round.FirstNotPublic):
        asked_of(counted, supervisor)
    assert not Contest.objects.filter(previous=counted).exists()


def test_the_page_of_an_unpublished_round_opens_nothing(sign_in, client, counted, supervisor):
    page = sign_in(supervisor).get(PAGE).content.decode()
    assert 'value="second"' not in page and "après la publication du premier" in page
    answer = client.post(PAGE, {"act": "second", "code": "t2", "reason": "r", "seen": second_round.page_mark(counted)})
    assert answer.status_code == 409 and "RES-330" in answer.content.decode()
    assert not Contest.objects.filter(code="t2").exists()


def test_one_person_asks_and_another_reads_the_votes_and_opens_it(sign_in, client, published, supervisor, publisher):
    post_as_shown(sign_in(supervisor), PAGE, {"act": "second", "code": "t2", "reason": "issue publiée"})
    assert not Contest.objects.filter(code="t2").exists()
    asked = Approval.objects.get(kind="results.second_round")
    with pytest.raises(SamePerson):
        approved(asked, supervisor)
    client.logout()
    page = sign_in(publisher).get(f"/personnes/approbations/{asked.pk}/").content.decode()
    assert "Va au second tour." in page and "Ne va pas au second tour." in page and "310" in page
    decide_on_screen(client, asked)
    second = Contest.objects.get(code="t2")
    assert names(second) == ["Le baobab", "La pirogue"] and second.round == 2 and second.stations.count() == 4


def test_who_may_not_set_a_contest_up_asks_no_second_round(published, publisher):
    with pytest.raises(Forbidden):
        asked_of(published, publisher)


def test_a_figure_that_moves_after_the_request_outdates_it(published, supervisor, publisher):
    asked = asked_of(published, supervisor)
    corrected(published, supervisor, publisher)
    with pytest.raises(Outdated):
        approved(asked, publisher)
    assert not Contest.objects.filter(previous=published).exists()


def test_a_second_round_is_opened_once(published, supervisor, publisher):
    second_round_of(published, supervisor, publisher)
    with pytest.raises(second_round.AlreadyOpen):
        asked_of(again(published), supervisor, code="pres-t3")
    assert Contest.objects.filter(previous=published).count() == 1


def test_a_code_already_taken_is_said_before_it_is_asked(published, supervisor):
    with pytest.raises(country.BadContest):
        asked_of(published, supervisor, code="PRES")


# --- bound to the first ------------------------------------------------------------------------------------
def test_a_second_round_that_the_first_no_longer_qualifies_is_not_published(published, supervisor, publisher):
    second = second_round_of(published, supervisor, publisher)
    bring(second, supervisor, csv_of(T2, T2_HEADER), profile={**PROFILE, "options": names(second)}, create="none")
    waiting = services.ask_publication(contest=second, reason="r", by=supervisor)
    corrected(published, supervisor, publisher)
    with pytest.raises(second_round.OtherList) as refused:
        approved(waiting, publisher)
    assert refused.value.params == {"now": "Le baobab, La calebasse", "held": "Le baobab, La pirogue"}
    with pytest.raises(second_round.OtherList):
        services.ask_publication(contest=again(second), reason="r", by=supervisor)
    assert again(second).published_at is None


def test_it_is_published_while_the_first_still_qualifies_them(published, supervisor, publisher):
    second = second_round_of(published, supervisor, publisher)
    bring(second, supervisor, csv_of(T2, T2_HEADER), profile={**PROFILE, "options": names(second)}, create="none")
    approved(services.ask_publication(contest=second, reason="r", by=supervisor), publisher)
    assert again(second).published_at is not None


def test_it_is_not_published_over_a_first_round_taken_back(published, supervisor, publisher):
    second = second_round_of(published, supervisor, publisher)
    bring(second, supervisor, csv_of(T2, T2_HEADER), profile={**PROFILE, "options": names(second)}, create="none")
    approved(services.ask_withdrawal(contest=again(published), reason="r", by=supervisor), publisher)
    with pytest.raises(second_round.FirstNotPublic):
        services.ask_publication(contest=again(second), reason="r", by=supervisor)


def test_a_decision_of_the_court_moves_the_list_too(published, supervisor, publisher, registrar, judge):
    second = second_round_of(published, supervisor, publisher)
    for code in ("SEG-001", "SAN-001"):
        station = Station.objects.get(contest=published, code=code)
        court.decide(station, Standing.ANNULLED, signer=judge, by=registrar)
    first = again(published)
    qualified = [o.name for o in second_round.qualified(first)]
    assert (names(second) == qualified) is not second_round.state_of(first)["wrong"]


# --- given again --------------------------------------------------------------------------------------------
def test_before_any_figure_the_list_is_given_again_by_two_persons(sign_in, client, published, supervisor, publisher):
    second = second_round_of(published, supervisor, publisher)
    corrected(published, supervisor, publisher)
    page = sign_in(supervisor).get(PAGE).content.decode()
    assert "sa liste est à refaire" in page and "Refaire la liste du second tour" in page
    post_as_shown(client, PAGE, {"act": "second", "reason": "premier tour corrigé"})
    asked = Approval.objects.get(kind="results.second_round", state="waiting")
    assert "La liste donnée avant, « Le baobab, La pirogue », est remplacée." in [
        str(t) for t in approving.picture_of(asked).then
    ]
    approved(asked, publisher)
    assert names(second) == ["Le baobab", "La calebasse"] and Contest.objects.filter(previous=published).count() == 1


def test_a_second_round_with_figures_keeps_its_list_and_stays_unpublished(published, supervisor, publisher):
    second = second_round_of(published, supervisor, publisher)
    bring(second, supervisor, csv_of(T2, T2_HEADER), profile={**PROFILE, "options": names(second)}, create="none")
    first = corrected(published, supervisor, publisher)
    with pytest.raises(second_round.RoundHasFigures):
        asked_of(first, supervisor)
    assert second_round.state_of(first) == {"next": second, "ask": False, "wrong": True, "frozen": True}


def test_the_way_out_of_a_wrong_list_with_figures_is_a_new_vote_and_it_works(sign_in, published, supervisor, publisher):  # fmt: skip
    second = second_round_of(published, supervisor, publisher)
    bring(second, supervisor, csv_of(T2, T2_HEADER), profile={**PROFILE, "options": names(second)}, create="none")
    first = corrected(published, supervisor, publisher)
    ask = {"act": "second", "reason": "r", "seen": second_round.page_mark(first)}
    client = sign_in(supervisor)
    answer = client.post(PAGE, ask)
    assert (
        answer.status_code == 409
        and "RES-332" in answer.content.decode()
        and "Nouveau scrutin" in answer.content.decode()
    )
    assert "/resultats/gerer/nouveau/" in client.get(PAGE).content.decode()
    with pytest.raises(second_round.OtherList):
        services.ask_publication(contest=again(second), reason="r", by=supervisor)
    wanted = [o.name for o in second_round.qualified(first)]
    answers = Answers(
        pack=first.election.pack_id, election="Second tour à refaire", name_fr="Second tour", system="ML-PRES",
        options="\n".join(wanted), boxes=tuple(BOXES), geography=first.election.geography.code,
    )  # fmt: skip
    draft = setting_up.begin(answers=answers, by=supervisor)
    made = setting_up.create(draft_id=draft.pk, code="t2-bis", seen=seen_of(draft), by=supervisor)
    header = T2_HEADER.replace("Le baobab,La pirogue", ",".join(wanted))
    bring(made, supervisor, csv_of(T2, header), profile={**PROFILE, "options": wanted}, name="bis.csv")
    approved(services.ask_publication(contest=again(made), reason="arrêt 12", by=supervisor), publisher)
    assert client.get("/resultats/t2-bis/").status_code == 200


@pytest.mark.parametrize("wanted", [["Le baobab", "La calebasse"], ["La pirogue", "Le baobab"], ["Le baobab"]])
def test_nobody_alone_changes_the_list_of_a_second_round(sign_in, published, supervisor, publisher, wanted):
    second = second_round_of(published, supervisor, publisher)
    with pytest.raises(country.BadContest):
        country.set_options(contest=second, options=[{"name": n} for n in wanted], by=supervisor)
    sign_in(supervisor).post("/resultats/gerer/pres-t2/", {"act": "options", "options": "\n".join(wanted)})
    assert names(second) == ["Le baobab", "La pirogue"]


# --- the database agrees -------------------------------------------------------------------------------------
def test_the_database_opens_no_second_round_without_two_persons(published, supervisor):
    asked_of(published, supervisor)
    with pytest.raises(DatabaseError, match="RES-330"), transaction.atomic():
        Contest.objects.create(election=published.election, code="t2", round=2, previous=published, system={})


def test_the_database_lets_nobody_in_who_was_not_in_the_first(published, supervisor, publisher):
    second = second_round_of(published, supervisor, publisher)
    with pytest.raises(DatabaseError, match="CON-102"), transaction.atomic():
        Option.objects.create(contest=second, rank=3, code="Le puits", name="Le puits")


# --- by constituency -------------------------------------------------------------------------------------
TWO_PAIRS = [*ROWS[:2], "Ségou,Ségou,SEG-001,500,300,300,10,290,50,150,90", ROWS[3]]
"""Kayes sends Le baobab and La pirogue to a second round; Ségou, La pirogue and La calebasse."""
KAYES, SEGOU = "ML-KAY", "ML-SEG"


@pytest.fixture
def apart(contest, supervisor, publisher):
    """A published first round that elects by constituency."""
    places = [{"code": KAYES, "name": "Kayes", "seats": 1}, {"code": SEGOU, "name": "Ségou", "seats": 1}]
    country.set_constituencies(contest=contest, rows=places)
    bring(contest, supervisor, csv_of(TWO_PAIRS))
    approved(services.ask_publication(contest=again(contest), reason="complet", by=supervisor), publisher)
    return again(contest)


def opened_in(first, place, supervisor, publisher, code=""):
    asked = asked_of(again(first), supervisor, code or second_round.code_of(first, place), place=place)
    approved(asked, publisher)
    return second_round.following(first, place)


def test_each_constituency_opens_its_own_second_round_with_its_own_pair_on_its_own_stations(
    apart, supervisor, publisher
):
    for place, pair, stations in (
        (KAYES, ["Le baobab", "La pirogue"], ["KAY-001", "KIT-001"]),
        (SEGOU, ["La pirogue", "La calebasse"], ["SAN-001", "SEG-001"]),
    ):
        second = opened_in(apart, place, supervisor, publisher)
        assert (names(second), second.round, second.place) == (pair, 2, place)
        assert list(second.stations.values_list("code", flat=True)) == stations
        assert [(c.code, c.seats) for c in second.constituencies.all()] == [(place, 1)]
        assert not second.stations.exclude(constituency__code=place).exists()
    assert second_round.states_of(apart) and all(not s["ask"] for s in second_round.states_of(apart))
    with pytest.raises(second_round.AlreadyOpen):
        asked_of(again(apart), supervisor, "encore", place=KAYES)


@pytest.mark.parametrize("place", ["", "ML-GAO"], ids=["none said", "not of this contest"])
def test_a_contest_of_constituencies_opens_no_second_round_without_one_of_them(apart, supervisor, place):
    with pytest.raises(second_round.NoSuchConstituency):
        asked_of(apart, supervisor, place=place)


def test_a_contest_without_constituencies_takes_none(published, supervisor):
    with pytest.raises(second_round.NoSuchConstituency):
        asked_of(published, supervisor, place=KAYES)


def test_an_annulment_in_one_constituency_reopens_that_one_alone(apart, supervisor, publisher, judge, registrar):
    kayes = opened_in(apart, KAYES, supervisor, publisher)
    segou = opened_in(apart, SEGOU, supervisor, publisher)
    court.decide(Station.objects.get(contest=apart, code="SEG-001"), Standing.ANNULLED, signer=judge, by=registrar)
    first = again(apart)
    states = {s["place"].code: s for s in second_round.states_of(first)}
    assert (states[SEGOU]["wrong"], states[SEGOU]["ask"], states[SEGOU]["names"]) == (
        True,
        True,
        ["Le baobab", "La pirogue"],
    )
    assert (states[KAYES]["wrong"], states[KAYES]["ask"]) == (False, False)
    second_round.prove_list(again(kayes))
    with pytest.raises(second_round.OtherList):
        second_round.prove_list(again(segou))
    opened_in(first, SEGOU, supervisor, publisher)
    assert names(again(segou)) == ["Le baobab", "La pirogue"] and names(again(kayes)) == ["Le baobab", "La pirogue"]
    assert Contest.objects.filter(previous=apart).count() == 2


def test_one_second_round_of_a_constituency_and_no_other_beside_it(apart, supervisor, publisher):
    second = opened_in(apart, KAYES, supervisor, publisher)
    with pytest.raises(DatabaseError), transaction.atomic():
        Contest.objects.create(election=apart.election, code="autre", name_fr="A", system=apart.system, previous=apart, place=KAYES, round=2)  # fmt: skip
    assert second_round.following(apart, KAYES) == second


def test_a_vote_held_again_is_a_part_of_the_first_round_kept_beside_it_and_its_place_votes_once_in_the_second(
    apart, supervisor, publisher, judge, registrar
):
    ruling = court.ruling_of("2027-09/CC-EL", [court.Order("SEG-001", "ANNUL_STATION", Standing.ANNULLED)], judge, reruns=["SEG-001"])  # fmt: skip
    court.rulings.carry_out(contest=again(apart), ruling=ruling, by=registrar)
    rows = dict(again(apart).stations.filter(code__startswith="SEG").values_list("code", "part"))
    assert rows == {"SEG-001": "general", "SEG-001-R1": "rerun-1"}
    bring(
        again(apart), supervisor, csv_of(["Ségou,Ségou,SEG-001-R1,500,300,300,10,290,140,60,90"]), name="revote.csv", create="none",
    )  # fmt: skip
    asked = Approval.objects.filter(kind="results.correction", state="waiting").first()
    if asked:
        approved(asked, publisher)
    second = opened_in(again(apart), SEGOU, supervisor, publisher)
    assert list(second.stations.values_list("code", flat=True)) == ["SAN-001", "SEG-001"]
    assert names(second) == ["Le baobab", "La calebasse"]  # with the vote held again: 180, 110 and 120


def test_the_page_of_the_first_round_offers_each_constituency_its_second_round(sign_in, apart, supervisor, publisher):
    page = sign_in(supervisor).get(PAGE).content.decode()
    assert (
        page.count("Ouvrir le second tour, ") == 2
        and "Le baobab · La pirogue" in page
        and "La pirogue · La calebasse" in page
    )
    seen = page.split('name="place" value="ML-SEG"')[0].rsplit('name="seen" value="', 1)[1].split('"')[0]
    answer = sign_in(supervisor).post(PAGE, {"act": "second", "place": SEGOU, "code": "", "reason": "issue publiée", "seen": seen})  # fmt: skip
    assert answer.status_code == 302
    asked = Approval.objects.get(kind="results.second_round", state="waiting")
    shown = sign_in(publisher).get(f"/personnes/approbations/{asked.pk}/").content.decode()
    assert "Ségou" in shown and "200" in shown
    approved(asked, publisher)
    second = second_round.following(apart, SEGOU)
    assert names(second) == ["La pirogue", "La calebasse"] and "Ségou" in second.name_fr
    page = sign_in(supervisor).get(PAGE).content.decode()
    assert f"/resultats/gerer/{second.code}/" in page and page.count("Ouvrir le second tour, ") == 1
