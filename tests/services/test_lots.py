"""Drawing lots: a promise before, two persons, everything recomputed from the act, undone only by another act."""

from __future__ import annotations

import hashlib
import json
import subprocess

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from kalata.ledger.models import Act
from kalata.people import services as people
from kalata.people.models import Approval, Person
from kalata.people.rules.approval import Decision, Outdated, SamePerson
from kalata.refusals import Refused
from kalata.results.models import Lot, LotAnnouncement
from kalata.results.pages import contests as pages
from kalata.results.queries import board
from kalata.results.rules import lots as rules
from kalata.results.rules.outcome import Status
from kalata.results.services import contests as services
from kalata.results.services import lots
from tests.conftest import LISTS, PROFILE, bring, csv_of, decide_on_screen, make_person, second_round_of

pytestmark = pytest.mark.django_db
SECRET, NUMBER = "trois dés dans un gobelet", "4-2-6"
LEVEL = [
    "Kayes,Kayes,KAY-001,400,200,200,5,195,100,60,35",
    "Kayes,Kita,KIT-001,350,150,150,2,148,50,40,58",
    "Ségou,Ségou,SEG-001,500,150,150,10,140,90,20,30",
]  # 240, 120, 123
TIED = [*LEVEL, "Ségou,San,SAN-001,300,3,3,0,3,0,3,0"]  # 240, 123, 123


@pytest.fixture
def tied(contest, supervisor):
    """A first round whose second place is tied, under a law that draws lots."""
    contest.system = {**contest.system, "tie_rule": "lot"}
    contest.save(update_fields=["system"])
    bring(contest, supervisor, csv_of(TIED))
    return published(contest, supervisor)


def published(contest, supervisor):
    asked = services.ask_publication(contest=contest, reason="r", by=supervisor)
    by = make_person("publie", "publication")
    people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=by)
    contest.refresh_from_db()
    return contest


def corrected(contest, by, rows):
    """Figures that were public change: another person approves them."""
    bring(contest, by, csv_of(rows), create="none")
    asked = Approval.objects.get(state=Decision.WAITING)
    people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=people_of("publie"))
    contest.refresh_from_db()


def people_of(username):
    return Person.objects.get(username=username)


@pytest.fixture
def chair(pack_version):
    return make_person("presidence", "commission")


@pytest.fixture
def rapporteur(pack_version):
    return make_person("rapporteur", "commission")


def refused(code, act, **values):
    with pytest.raises(Refused) as caught:
        act(**values)
    assert caught.value.code == code, caught.value


def announced(contest, by):
    return lots.announce(contest=contest, place="", promise=rules.promise(SECRET), source="trois dés en séance", by=by)


def drawn(contest, chair, rapporteur):
    made = announced(contest, chair)
    asked = lots.ask_draw(announcement_id=made.pk, secret=SECRET, number=NUMBER, document="PV n° 7", by=chair)
    people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=rapporteur)
    contest.refresh_from_db()
    return Lot.objects.get(announcement=made)


def test_a_tie_under_a_law_of_lots_names_the_rule_and_waits_for_the_act(tied):
    found = board.board(tied).outcome
    assert found.status is Status.TIE and "tirage au sort" in found.reason.text("fr")
    assert lots.ties(tied) == [("", ["La pirogue", "La calebasse"], 1)]


def test_the_draw_parts_the_tied_and_every_reader_sees_it(tied, chair, rapporteur):
    lot = drawn(tied, chair, rapporteur)
    found = board.board(tied).outcome
    assert found.status is Status.RUNOFF and found.options == ("Le baobab", lot.order[0])
    assert "tirage au sort n° 1" in found.broken.text("fr") and found.broken in found.steps
    second = second_round_of(tied, make_person("prepa", "superviseur"), people_of("publie"), code="t2")
    assert {o.code for o in second.options.all()} == {"Le baobab", lot.order[0]}
    kinds = list(Act.objects.filter(kind__startswith="lots.").order_by("pk").values_list("kind", flat=True))
    assert kinds == ["lots.announced", "lots.drawn"]


def test_anyone_redoes_the_draw_with_one_command(tied, chair, rapporteur):
    lot = drawn(tied, chair, rapporteur)

    made = lot.announcement
    shown = [subprocess.run(c, shell=True, capture_output=True, check=True).stdout[:64].decode() for c in lot.redo()]  # noqa: S602
    assert shown[0] == made.promise == hashlib.sha256(lot.secret.encode()).hexdigest()
    assert made.lists == [2, 3]  # their numbers on the ballot
    hashes = dict(zip(made.options, shown[1:], strict=True))
    assert lot.order == sorted(made.options, key=hashes.get)
    assert lot.announcement.at < lot.at


def test_the_order_of_the_ballot_and_of_the_request_change_nothing():
    assert rules.order("s" * 12, "1", [1, 2, 3]) == rules.order("s" * 12, "1", [3, 1, 2])
    firsts = {rules.order("s" * 12, str(n), [1, 2])[0] for n in range(40)}
    assert firsts == {1, 2}


def test_the_commands_shown_hold_whatever_the_secret_is_made_of():
    secret = 'l\'as de pique; $(id) "q" \\n'
    shown = [
        subprocess.run(c, shell=True, capture_output=True, check=True).stdout for c in rules.redo(secret, "4", [2])
    ]  # noqa: S602
    assert [s[:64].decode() for s in shown] == [rules.promise(secret), rules.rank_hash(secret, "4", 2)]


def test_one_person_alone_draws_nothing(tied, chair):
    made = announced(tied, chair)
    asked = lots.ask_draw(announcement_id=made.pk, secret=SECRET, number=NUMBER, document="PV", by=chair)
    with pytest.raises(SamePerson):
        people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=chair)
    assert not Lot.objects.exists() and board.board(tied).outcome.status is Status.TIE


def test_who_has_no_seat_in_the_commission_neither_announces_nor_draws_nor_approves(tied, chair, outsider, publisher):
    refused("PEO-101", lots.announce, contest=tied, place="", promise="a" * 64, source="s", by=outsider)
    made = announced(tied, chair)
    refused("PEO-101", lots.ask_draw, announcement_id=made.pk, secret=SECRET, number=NUMBER, document="d", by=publisher)
    asked = lots.ask_draw(announcement_id=made.pk, secret=SECRET, number=NUMBER, document="d", by=chair)
    refused("PEO-101", people.decide_approval, approval_id=asked.pk, to=Decision.APPROVED, by=publisher)


@pytest.mark.parametrize(
    ("secret", "number", "document", "code"),
    [
        ("un autre secret, plus commode", NUMBER, "PV", "RES-322"),
        (SECRET, " ", "PV", "RES-323"),
        (SECRET, "4|2", "PV", "RES-323"),
        (SECRET, NUMBER, " ", "RES-323"),
    ],
)
def test_only_the_promised_secret_a_public_number_and_minutes_draw(tied, chair, secret, number, document, code):
    made = announced(tied, chair)
    refused(code, lots.ask_draw, announcement_id=made.pk, secret=secret, number=number, document=document, by=chair)


@pytest.mark.parametrize("promise", ["", "abc", "g" * 64, "a" * 63, "a" * 65])
def test_a_promise_is_a_sha256(tied, chair, promise):
    refused("RES-321", lots.announce, contest=tied, place="", promise=promise, source="dés", by=chair)


def test_a_tie_is_announced_once_and_drawn_once(tied, chair, rapporteur):
    drawn(tied, chair, rapporteur)
    refused("RES-320", lots.announce, contest=tied, place="", promise="a" * 64, source="dés", by=chair)
    made = LotAnnouncement.objects.get()
    refused("RES-324", lots.ask_draw, announcement_id=made.pk, secret=SECRET, number="9", document="d", by=rapporteur)


def test_two_announcements_do_not_let_the_better_one_be_chosen(tied, chair, rapporteur):
    announced(tied, chair)
    refused("RES-324", lots.announce, contest=tied, place="", promise="a" * 64, source="dés", by=rapporteur)


def test_no_lots_while_a_missing_station_can_part_the_tied(contest, supervisor, chair):
    contest.system = {**contest.system, "tie_rule": "lot"}
    contest.save(update_fields=["system"])
    bring(contest, supervisor, csv_of([*TIED, "Gao,Gao,GAO-001,1,,,,,,,"]))
    published(contest, supervisor)
    refused("RES-320", lots.announce, contest=contest, place="", promise="a" * 64, source="dés", by=chair)


@pytest.mark.parametrize("rule", [None, "oldest"])
def test_no_lots_where_the_law_gives_another_rule_or_none(contest, supervisor, chair, rule):
    contest.system = {**contest.system, "tie_rule": rule}
    contest.save(update_fields=["system"])
    bring(contest, supervisor, csv_of(TIED))
    published(contest, supervisor)
    refused("RES-320", lots.announce, contest=contest, place="", promise="a" * 64, source="dés", by=chair)


def test_no_lots_before_everybody_can_see_the_tie(contest, supervisor, chair):
    contest.system = {**contest.system, "tie_rule": "lot"}
    contest.save(update_fields=["system"])
    bring(contest, supervisor, csv_of(TIED))
    assert board.board(contest).outcome.status is Status.TIE and lots.ties(contest) == []
    refused("RES-320", lots.announce, contest=contest, place="", promise="a" * 64, source="dés", by=chair)
    published(contest, supervisor)
    assert len(lots.ties(contest)) == 1


def test_no_lots_without_a_tie(counted, chair, supervisor):
    published(counted, supervisor)
    refused("RES-320", lots.announce, contest=counted, place="", promise="a" * 64, source="dés", by=chair)


def test_a_draw_holds_for_the_figures_it_was_made_on_and_no_others(tied, chair, rapporteur, supervisor):
    drawn(tied, chair, rapporteur)
    row = TIED[3].replace(",3,3,0,3,0,3,0", ",5,5,0,5,0,4,1")  # 240, 124, 124: another tie between the same
    corrected(tied, supervisor, [*LEVEL, row])
    assert board.board(tied).outcome.status is Status.TIE
    assert announced(tied, chair).number == 2
    second = LotAnnouncement.objects.get(number=2)
    asked = lots.ask_draw(announcement_id=second.pk, secret=SECRET, number="1-1-1", document="PV", by=chair)
    people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=rapporteur)
    assert "n° 2" in board.board(tied).outcome.broken.text("fr")
    corrected(tied, supervisor, TIED)  # the figures of the first draw are back, and it with them
    assert "n° 1" in board.board(tied).outcome.broken.text("fr")
    assert lots.ties(tied) == []


def test_a_request_is_outdated_once_another_draw_was_made(tied, chair, rapporteur):
    made = announced(tied, chair)
    first = lots.ask_draw(announcement_id=made.pk, secret=SECRET, number=NUMBER, document="d", by=chair)
    second = lots.ask_draw(announcement_id=made.pk, secret=SECRET, number="1-1-1", document="d", by=chair)
    people.decide_approval(approval_id=first.pk, to=Decision.APPROVED, by=rapporteur)
    with pytest.raises(Outdated):
        people.decide_approval(approval_id=second.pk, to=Decision.APPROVED, by=rapporteur)
    assert Lot.objects.count() == 1


def test_a_draw_is_undone_only_by_a_new_act_of_two_persons_and_stays_readable(tied, chair, rapporteur):
    lot = drawn(tied, chair, rapporteur)
    refused("RES-323", lots.ask_undo, announcement_id=lot.announcement_id, reason="r", document=" ", by=chair)
    asked = lots.ask_undo(
        announcement_id=lot.announcement_id, reason="nullité du tirage", document="Arrêt n° 3", by=chair
    )
    with pytest.raises(SamePerson):
        people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=chair)
    assert board.board(tied).outcome.status is Status.RUNOFF
    people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=rapporteur)
    tied.refresh_from_db()
    assert board.board(tied).outcome.status is Status.TIE and Lot.objects.count() == 1
    refused("RES-320", lots.ask_undo, announcement_id=lot.announcement_id, reason="r", document="d", by=chair)
    assert announced(tied, chair).number == 2


def test_a_promise_whose_secret_is_lost_is_given_up_by_two_persons_and_another_may_follow(tied, chair, rapporteur):
    made = announced(tied, chair)
    asked = lots.ask_undo(announcement_id=made.pk, reason="secret perdu", document="PV n° 8", by=chair)
    people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=rapporteur)
    refused("RES-320", lots.ask_draw, announcement_id=made.pk, secret=SECRET, number=NUMBER, document="d", by=chair)
    assert announced(tied, chair).number == 2


def test_who_approves_reads_that_the_secret_was_opened_before_with_another_number(tied, chair, rapporteur):
    made = announced(tied, chair)
    first = lots.ask_draw(announcement_id=made.pk, secret=SECRET, number="6-6-6", document="d", by=chair)
    people.decide_approval(approval_id=first.pk, to=Decision.REFUSED, note="non", by=rapporteur)
    second = lots.ask_draw(announcement_id=made.pk, secret=SECRET, number=NUMBER, document="d", by=chair)
    said = " ".join(m.text("fr") for m in lots.of_draw(second).then)
    assert "6-6-6" in said
    people.decide_approval(approval_id=second.pk, to=Decision.APPROVED, by=rapporteur)
    assert Lot.objects.count() == 1


def test_a_referendum_whose_law_draws_lots_is_drawn_too(contest, supervisor, chair, rapporteur):
    contest.system = {"kind": "two_option_majority", "yes": "Le baobab", "no": "La pirogue", "tie_rule": "lot"}
    contest.save(update_fields=["system"])
    contest.options.filter(code="La calebasse").delete()
    rows = ["Kayes,Kayes,KAY-001,400,200,200,0,200,100,100,0"]
    bring(contest, supervisor, csv_of(rows), profile={**PROFILE, "options": LISTS[:2]})
    published(contest, supervisor)
    lot = drawn(contest, chair, rapporteur)
    found = board.board(contest).outcome
    assert found.options == (lot.order[0],) and "n° 1" in found.broken.text("fr")
    assert found.status is (Status.ADOPTED if lot.order[0] == "Le baobab" else Status.REJECTED)


def test_the_database_refuses_to_change_a_draw_to_delete_it_or_to_let_one_person_make_it(tied, chair, rapporteur):
    lot = drawn(tied, chair, rapporteur)
    for write in (lambda: Lot.objects.update(order=["La calebasse"]), lambda: LotAnnouncement.objects.update(votes={})):
        with pytest.raises(DatabaseError), transaction.atomic():
            write()
    with pytest.raises(DatabaseError), transaction.atomic():
        Lot.objects.filter(pk=lot.pk).delete()
    made = LotAnnouncement.objects.create(
        contest=tied, number=9, options=LISTS, lists=[1, 2, 3], votes={}, seats=1, promise="a" * 64, source="s", by=chair,
        at=timezone.now(),
    )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        Lot.objects.create(
            announcement=made, secret="s" * 12, public_number="1", order=LISTS, document="d", asked_by=chair,
            approved_by=chair, at=timezone.now(),
        )  # fmt: skip


def test_seats_of_a_proportional_tie_are_drawn_too(contest, supervisor, chair, rapporteur):
    contest.system = {"kind": "pr_dhondt", "seats": 2, "tie_rule": "lot"}
    contest.save(update_fields=["system"])
    bring(contest, supervisor, csv_of(TIED))
    published(contest, supervisor)
    assert lots.ties(contest) == [("", ["La pirogue", "La calebasse"], 1)]  # 240 has the first seat, 123 twice the next
    lot = drawn(contest, chair, rapporteur)
    found = board.board(contest).outcome
    assert found.status is Status.SEATS and found.seats() == {
        "Le baobab": 1,
        **dict.fromkeys(LISTS[1:], 0),
        lot.order[0]: 1,
    }


def test_the_picture_of_the_request_shows_promise_secret_number_and_order(tied, chair):
    made = announced(tied, chair)
    asked = lots.ask_draw(announcement_id=made.pk, secret=SECRET, number=NUMBER, document="PV n° 7", by=chair)
    drawn_ = lots.of_draw(Approval.objects.get(pk=asked.pk))
    assert drawn_.facts["promise"] == made.promise and drawn_.facts["secret"] == SECRET
    assert drawn_.facts["rank 1"] in ("La pirogue", "La calebasse")


def test_a_second_round_opened_on_a_draw_says_so_once_the_draw_is_undone(
    tied, chair, rapporteur, supervisor, publisher
):
    lot = drawn(tied, chair, rapporteur)
    second = second_round_of(tied, supervisor, publisher, code="t2")
    assert pages.unqualified(board.board(second)) is None
    asked = lots.ask_undo(announcement_id=lot.announcement_id, reason="nullité", document="Arrêt n° 3", by=chair)
    assert any("t2" in m.text("fr") for m in lots.of_undo(asked).then)
    people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=rapporteur)
    second.refresh_from_db()
    said = pages.unqualified(board.board(second)).text("fr")
    assert lot.order[0] in said and "Égalité à départager" in said


def test_lots_are_drawn_constituency_by_constituency_and_reach_the_log(pack_version, supervisor, chair, rapporteur):
    from kalata.country import services as country
    from kalata.country.models import Geography
    from kalata.transparency.models import Outbox

    geography = Geography.objects.get(code="ml-2015")
    election = country.create_election(code="leg", name_fr="L", name_en="", pack=pack_version, geography=geography, polling_day=None)  # fmt: skip
    contest = country.create_contest(
        election=election, code="deputes", name_fr="Députés", boxes=["registered", "voters", "ballots", "null_ballots", "valid"],
        system={"kind": "list_plurality", "tie_rule": "lot"}, options=[{"name": n} for n in LISTS],
    )  # fmt: skip
    rows = [
        {"code": "ML-KAY-KAYES", "name": "Kayes", "seats": 5},
        {"code": "ML-SEG-SEGOU", "name": "Ségou", "seats": 7},
    ]
    country.set_constituencies(contest=contest, rows=rows)
    level = ["Kayes,Kayes,K1,400,200,200,0,200,90,90,20", "Ségou,Ségou,S1,500,300,300,0,300,140,20,140"]
    bring(contest, supervisor, csv_of(level))
    published(contest, supervisor)
    assert [(p, t, n) for p, t, n in lots.ties(contest)] == [
        ("ML-KAY-KAYES", ["Le baobab", "La pirogue"], 1), ("ML-SEG-SEGOU", ["Le baobab", "La calebasse"], 1),
    ]  # fmt: skip
    made = lots.announce(contest=contest, place="ML-SEG-SEGOU", promise=rules.promise(SECRET), source="dés", by=chair)
    asked = lots.ask_draw(announcement_id=made.pk, secret=SECRET, number=NUMBER, document="PV", by=chair)
    people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=rapporteur)
    contest.refresh_from_db()
    found = board.board(contest)
    winner = made.lot.order[0]
    assert found.outcomes["ML-SEG-SEGOU"].seats()[winner] == 7 and found.seats()[winner] == 7
    assert found.outcomes["ML-KAY-KAYES"].status is Status.TIE and [p for p, _t, _n in lots.ties(contest)] == [
        "ML-KAY-KAYES"
    ]
    bodies = list(Outbox.objects.filter(kind__in=["lot", "draw"]).order_by("pk").values_list("body", flat=True))
    assert bodies[0]["constituency"] == "ML-SEG-SEGOU" and bodies[0]["votes"] == [
        {"list": 1, "n": 140},
        {"list": 3, "n": 140},
    ]
    assert bodies[1]["order"][0] == dict(zip(made.options, made.lists, strict=True))[winner]


# --- by the pages -------------------------------------------------------------------------------------------
def test_the_commission_announces_opens_and_approves_by_its_pages_and_everybody_reads_it(
    sign_in, client, tied, chair, rapporteur, supervisor, publisher
):
    desk, public = "/resultats/centralisation/pres/tirages/", "/resultats/pres/tirages/"
    client = sign_in(chair)
    assert "La pirogue, La calebasse" in client.get(desk).content.decode()
    bad = client.post(desk, {"act": "announce", "place": "", "promise": "", "source": "trois dés"})
    assert bad.status_code == 422
    client.post(desk, {"act": "announce", "place": "", "promise": rules.promise(SECRET), "source": "trois dés"})
    made = LotAnnouncement.objects.get()
    values = {"act": "open", "announcement": made.pk, "secret": SECRET, "number": NUMBER, "document": "PV n° 7"}
    assert client.post(desk, values).status_code == 409  # without the mark of the page that was read
    assert client.post(desk, {**values, "seen": lots.page_mark(made)}).status_code == 302
    client = sign_in(rapporteur)
    approval = Approval.objects.get(kind="results.lots")
    page = client.get(f"/personnes/approbations/{approval.pk}/").content.decode()
    assert f"{made.promise[:8]}…{made.promise[-6:]}" in page and SECRET in page and NUMBER in page
    assert decide_on_screen(client, approval).status_code == 302
    lot = Lot.objects.get()
    client.logout()
    shown = client.get(public).content.decode()
    assert lot.secret in shown and made.promise in shown and "sha256sum" in shown
    paper = client.get("/resultats/pres/tirages/1.pdf")
    assert paper["Content-Type"] == "application/pdf" and paper.content[:5] == b"%PDF-"
    assert "tirage au sort n° 1" in client.get("/resultats/pres/calcul/").content.decode()
    record = json.loads(b"".join(client.get("/resultats/pres/donnees/resultats.json").streaming_content))
    assert record["outcome"]["status"] == "runoff" and set(record["outcome"]["options"]) == {"Le baobab", lot.order[0]}
