"""From the first figure on, what gives figures their meaning is frozen; what may be corrected takes two persons."""

import pytest
from django.db import DatabaseError, transaction

from kalata.country import services as country
from kalata.country.models import Constituency, Contest, Election, Geography, Option, PackVersion, Station, Unit
from kalata.ledger import locks
from kalata.people import services as people
from kalata.people.models import Approval
from kalata.people.rules.approval import Decision, Outdated, SamePerson
from kalata.results import shown
from kalata.results.queries import board as boards
from kalata.results.services import contests as services
from kalata.results.services import corrections
from kalata.tally.services import copies
from kalata.tally.services import reports as tally
from tests.conftest import bring, csv_of, decide_on_screen, make_person, post_as_shown
from tests.services.test_tally import GOOD, desk, entered, in_session, register, scanned, typed  # noqa: F401

pytestmark = pytest.mark.django_db


def setup_page(contest):
    return f"/resultats/gerer/{contest.code}/"


def votes(contest):
    boards.forget()
    contest.refresh_from_db()
    board = boards.board(contest)
    return {o.name: board.votes[o.code] for o in board.options}


ORDER = ["Le baobab", "La pirogue", "La calebasse"]


# --- the list ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "lines",
    ["La pirogue\nLe baobab\nLa calebasse", "La pirogue\nLe baobab", "Le baobab\nLa pirogue\nLa calebasse\nX", ""],
)
def test_the_list_is_frozen_by_the_first_entry(client, sign_in, register, desk, supervisor, lines):  # noqa: F811
    scanned(register, desk)
    entered(register, desk, "a", GOOD)
    answer = sign_in(supervisor).post(setup_page(register), {"act": "options", "options": lines})
    assert answer.status_code == 409 and "CON-101" in answer.content.decode()
    assert "première saisie d’un procès-verbal" in answer.content.decode()
    assert [o.name for o in register.options.all()] == ORDER
    entered(register, desk, "b", GOOD)
    tally.validate(
        paper_id=register.papers.get(station__code="KAY-001").pk,
        by=desk["f"],
        sitting_id=in_session(register, desk["f"]).pk,
    )
    assert votes(register) == {"Le baobab": 100, "La pirogue": 60, "La calebasse": 35}


def test_a_list_changes_freely_until_the_first_figure(client, sign_in, register, desk, supervisor):  # noqa: F811
    scanned(register, desk)
    tally.claim_next(contest=register, right="results.enter", by=desk["a"])
    lines = "La pirogue\nLe baobab\nLa calebasse"
    assert sign_in(supervisor).post(setup_page(register), {"act": "options", "options": lines}).status_code == 302
    assert [o.name for o in register.options.all()] == lines.split("\n")


def test_the_copy_of_an_agent_freezes_a_contest_too(register, supervisor):  # noqa: F811
    agent = make_person("delegue", "delegue")
    copies.hand_in(contest=register, station="KAY-001", source="Liste A", sheet=GOOD, by=agent)
    with pytest.raises(country.ContestLocked):
        country.set_options(contest=register, options=[{"name": n} for n in reversed(ORDER)], by=supervisor)


@pytest.mark.parametrize(
    "change", [{"system": {"kind": "two_option_majority"}}, {"boxes": ["valid"]}, {"round": 2}, {"constituency_level": 1},
               {"annulled_keeps": ["registered"]}, {"code": "autre"}]
)  # fmt: skip
def test_rules_boxes_and_rounds_are_frozen_in_the_service_and_in_the_database(counted, supervisor, change):
    with pytest.raises(country.ContestLocked) as refused:
        country.update_contest(contest=counted, by=supervisor, **change)
    assert "premiers chiffres importés" in str(refused.value)
    with pytest.raises(DatabaseError, match="CON-101"), transaction.atomic():
        Contest.objects.filter(pk=counted.pk).update(**change)


def test_expected_stations_are_frozen_by_the_publication(counted, published, supervisor):
    with pytest.raises(country.ContestLocked):
        country.update_contest(contest=published, by=supervisor, expected_stations=9)
    country.update_contest(contest=published, by=supervisor, name_fr="Élection présidentielle")


# --- the database agrees ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "act",
    [
        lambda c: Option.objects.filter(contest=c, rank=1).update(rank=9),
        lambda c: Option.objects.filter(contest=c, rank=1).update(code="autre"),
        lambda c: Option.objects.filter(contest=c, rank=1).delete(),
        lambda c: Option.objects.create(contest=c, rank=9, code="x", name="x"),
        lambda c: Election.objects.filter(pk=c.election_id).update(geography=Geography.objects.exclude(pk=c.election.geography_id).first()),
        lambda c: Station.objects.filter(contest=c, code="KAY-001").update(code="KAY-9"),
        lambda c: Station.objects.filter(contest=c, code="KAY-001").update(registered=1),
        lambda c: Station.objects.filter(contest=c, code="KAY-001").update(part="advance"),
        lambda c: Station.objects.filter(contest=c, code="KAY-001").update(unit=None),
        lambda c: Unit.objects.filter(geography=c.election.geography, code="ML-KAY-KAYES").update(parent=None),
        lambda c: PackVersion.objects.filter(pk=c.election.pack_id).update(content={}),
    ],
)  # fmt: skip
def test_the_database_keeps_what_gives_figures_their_meaning(counted, act):
    with pytest.raises(DatabaseError, match="CON-101"), transaction.atomic():
        act(counted)


@pytest.mark.parametrize(
    "act",
    [
        lambda c: Constituency.objects.filter(contest=c).update(seats=99),
        lambda c: Constituency.objects.filter(contest=c)._raw_delete("default"),
        lambda c: Constituency.objects.create(contest=c, code="x", name="x"),
        lambda c: Station.objects.filter(contest=c).update(constituency=None),
    ],
)
def test_the_database_keeps_constituencies_once_published(contest, supervisor, publisher, act):
    country.set_constituencies(contest=contest, rows=[{"code": "ML-KAY", "name": "Kayes", "seats": 2}])
    bring(contest, supervisor)
    asked = services.ask_publication(contest=contest, reason="complet", by=supervisor)
    people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=publisher)
    with pytest.raises(DatabaseError, match="CON-101"), transaction.atomic():
        act(contest)


def test_every_limit_is_set_and_a_missing_one_is_found():
    from django.db import connection

    from kalata.ledger import limits

    assert locks.faults() == [] and len(limits.DECLARED) > 10
    one = limits.DECLARED["country_option_limit_none_taken"]
    with connection.cursor() as cursor:
        limits.drop(cursor, connection.vendor, one)
    assert [f.guard for f in locks.faults()] == [one.trigger]
    assert "country_option" in locks.install() and locks.faults() == []


# --- constituencies and seats ---------------------------------------------------------------------------
SEATS = [{"code": "ML-KAY", "name": "Kayes", "seats": 99}, {"code": "ML-SEG", "name": "Ségou", "seats": 1}]
TEXT = "ML-KAY ; Kayes ; 1\nML-SEG ; Ségou ; 99"


@pytest.fixture
def seated(contest, supervisor):
    country.set_constituencies(contest=contest, rows=SEATS)
    bring(contest, supervisor)
    return contest


def seats_of(contest):
    return dict(Constituency.objects.filter(contest=contest).values_list("code", "seats"))


def test_seats_never_change_alone_once_there_are_figures_and_not_at_all_once_published(
    client, sign_in, seated, supervisor, publisher
):
    client = sign_in(supervisor)
    form = {"act": "constituencies", "constituencies": TEXT, "reason": "inversés"}
    assert post_as_shown(client, setup_page(seated), form).status_code == 302
    assert seats_of(seated) == {"ML-KAY": 99, "ML-SEG": 1}
    asked = Approval.objects.get(kind="contest.constituencies")
    with pytest.raises(SamePerson):
        people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=supervisor)
    page = sign_in(publisher).get(f"/personnes/approbations/{asked.pk}/").content.decode()
    assert "Kayes" in page and "99" in page and "CON-101" not in page
    publishing = services.ask_publication(contest=seated, reason="complet", by=supervisor)
    people.decide_approval(approval_id=publishing.pk, to=Decision.APPROVED, by=publisher)
    with pytest.raises((Outdated, country.ContestLocked)):
        people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=publisher)
    sign_in(supervisor)
    answer = client.post(setup_page(seated), {**form, "seen": shown.of_meaning(seated)})
    assert answer.status_code == 409 and "publication" in answer.content.decode()
    assert seats_of(seated) == {"ML-KAY": 99, "ML-SEG": 1}
    for other in (
        {"act": "packset", "set": "x", "reason": "r"},
        {"act": "constituencies", "constituencies": "N ; N ; 5", "reason": "r"},
    ):
        assert client.post(setup_page(seated), other).status_code in (409, 422)


def test_two_persons_correct_the_seats_before_the_publication_on_the_very_rows_they_read(
    sign_in, seated, supervisor, publisher
):
    rows = [{"code": "ML-KAY", "name": "Kayes", "seats": 3}]
    one = corrections.ask_constituencies(contest=seated, rows=rows, reason="loi", by=supervisor)
    two = corrections.ask_constituencies(contest=seated, rows=[{**rows[0], "seats": 4}], reason="loi", by=supervisor)
    assert decide_on_screen(sign_in(publisher), one).status_code == 302
    assert seats_of(seated) == {"ML-KAY": 3, "ML-SEG": 1}
    with pytest.raises(Outdated):
        people.decide_approval(approval_id=two.pk, to=Decision.APPROVED, by=publisher)
    for bad in ([{**rows[0], "seats": 0}], [{**rows[0], "seats": True}], rows):
        with pytest.raises(country.BadContest):
            corrections.ask_constituencies(contest=seated, rows=bad, reason="r", by=supervisor)


def test_the_effect_of_other_seats_is_drawn_before_the_signature(pack_version, supervisor):
    election = country.create_election(
        code="dep", name_fr="Législatives", name_en="", pack=pack_version, geography=Geography.objects.get(code="ml-2015"),
        polling_day=None,
    )  # fmt: skip
    contest = country.create_contest(
        election=election, code="deputes", name_fr="Députés", system=dict(pack_version.pack.engine_systems()["ML-DEP"]),
        boxes=["registered", "voters", "ballots", "null_ballots", "valid"], options=[{"name": n} for n in ORDER],
    )  # fmt: skip
    country.set_constituencies(contest=contest, rows=[{"code": "ML-KAY", "name": "Kayes", "seats": 5}])
    bring(contest, supervisor, csv_of(["Kayes,Kayes,K1,400,200,200,0,200,120,60,20"]))
    from kalata.results.services.corrections import of_constituencies

    rows = [{"code": "ML-KAY", "name": "Kayes", "seats": 2}]
    asked = corrections.ask_constituencies(contest=contest, rows=rows, reason="loi", by=supervisor)
    effect = of_constituencies(asked).effect
    assert not effect.calm and next((r.label, r.before, r.after) for r in effect.rows) == ("Le baobab", 5, 2)


def test_an_import_brings_no_constituency_into_a_contest_that_has_figures(contest, supervisor):
    country.set_constituencies(contest=contest, rows=SEATS[:1])
    bring(contest, supervisor)
    from tests.conftest import HEADER, PROFILE

    header = HEADER + ",circ"
    late = csv_of(["Kayes,Kayes,KAY-777,400,200,200,5,195,100,60,35,Nouvelle"], header)
    with pytest.raises(country.ContestLocked):
        bring(contest, supervisor, late, profile={**PROFILE, "constituency": ["circ"]}, name="b.csv")
    assert seats_of(contest) == {"ML-KAY": 99} and not Station.objects.filter(code="KAY-777").exists()


# --- names ---------------------------------------------------------------------------------------------------
def test_the_spelling_of_a_name_is_corrected_by_two_and_moves_no_vote(
    client, sign_in, published, supervisor, publisher
):
    before = list(votes(published).values())
    form = {"act": "names", "name-1": "Le Baobab", "emblem-1": "arbre", "reason": "capitale"}
    assert post_as_shown(sign_in(supervisor), setup_page(published), form).status_code == 302
    assert published.options.get(rank=1).name == "Le baobab"
    asked = Approval.objects.get(kind="contest.names")
    assert decide_on_screen(sign_in(publisher), asked).status_code == 302
    one = published.options.get(rank=1)
    assert (one.name, one.emblem, one.code) == ("Le Baobab", "arbre", "Le baobab")
    assert list(votes(published).values()) == before


@pytest.mark.parametrize(
    "names",
    [{1: ("La pirogue", ""), 2: ("Le baobab", "")}, {1: ("LA PIROGUE", "")}, {9: ("X", "")}, {1: ("Le baobab", "")}],
)
def test_a_correction_of_names_never_exchanges_two_candidates(counted, supervisor, names):
    with pytest.raises(country.BadContest):
        corrections.ask_names(contest=counted, names=names, reason="r", by=supervisor)
