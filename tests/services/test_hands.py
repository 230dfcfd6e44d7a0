"""Nobody alone: one desk a person on one paper for ever, the commission in its sitting, no page after an entry."""

import io
from dataclasses import replace

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from PIL import Image

from kalata.country.models import Unit
from kalata.people import services as people
from kalata.people.rules.approval import Decision
from kalata.refusals import Forbidden
from kalata.tally.models import Entry, Hand, Paper, Passage, Scan
from kalata.tally.queries import papers as paper_queries
from kalata.tally.rules.hands import Part
from kalata.tally.rules.lifecycle import Illegal, NotHolder, NotYou, OutsideSitting, State
from kalata.tally.services import batches as publishing
from kalata.tally.services import commission, copies, hands, quorum, scanning
from kalata.tally.services import reports as tally
from tests.conftest import make_person
from tests.services.test_centre import form_pages
from tests.services.test_tally import (  # noqa: F401
    GOOD,
    OTHER,
    WRONG,
    a_picture,
    desk,
    entered,
    in_session,
    register,
    scanned,
    typed,
    validated,
)

pytestmark = pytest.mark.django_db
S = State


@pytest.fixture
def everywhere(desk):  # noqa: F811
    """Persons who hold several desks at once: only the rule keeps them apart."""
    for person in desk.values():
        people.give_mandate(person=person, role="saisie")
        people.give_mandate(person=person, role="arbitre")
        people.give_mandate(person=person, role="controle")
        people.give_mandate(person=person, role="commission")
    return {k: type(p).objects.get(pk=p.pk) for k, p in desk.items()}


# --- one desk a person ------------------------------------------------------------------------
def test_an_arbiter_who_set_both_entries_aside_is_not_offered_the_next_blind_entry(register, desk):  # noqa: F811
    people.give_mandate(person=desk["c"], role="saisie")
    typed(register, desk, GOOD, OTHER)
    paper = tally.claim_next(contest=register, right="results.arbitrate", by=desk["c"])
    tally.pass_on(paper_id=paper.pk, to=S.SCANNED, reason="illisibles", by=desk["c"])
    with pytest.raises(tally.OthersWait):
        tally.claim_next(contest=register, right="results.enter", by=desk["c"])
    with pytest.raises(NotYou) as refused:
        tally.move(
            tally.locked(paper.pk), S.FIRST_ENTRY,
            tally.Act(by=desk["c"].pk, at=timezone.now(), right="results.enter", until=timezone.now() + tally.HOLD),
        )  # fmt: skip
    assert "arbitrage" in str(refused.value)


def test_an_arbiter_who_saw_both_entries_and_gave_the_paper_back_never_types_it(register, desk):  # noqa: F811
    people.give_mandate(person=desk["c"], role="saisie")
    typed(register, desk, GOOD, OTHER)
    paper = tally.claim_next(contest=register, right="results.arbitrate", by=desk["c"])
    tally.give_back(paper_id=paper.pk, by=desk["c"])
    other = make_person("arbitre-2", "arbitre")
    paper = tally.claim_next(contest=register, right="results.arbitrate", by=other)
    tally.pass_on(paper_id=paper.pk, to=S.SCANNED, reason="illisibles", by=other)
    with pytest.raises(tally.OthersWait):
        tally.claim_next(contest=register, right="results.enter", by=desk["c"])


def test_the_same_arbiter_takes_a_paper_again_as_long_as_he_has_not_settled_it(register, desk):  # noqa: F811
    typed(register, desk, GOOD, OTHER)
    paper = tally.claim_next(contest=register, right="results.arbitrate", by=desk["c"])
    tally.give_back(paper_id=paper.pk, by=desk["c"])
    assert tally.claim_next(contest=register, right="results.arbitrate", by=desk["c"]).pk == paper.pk


def test_the_second_person_of_an_answered_error_does_not_validate(register, desk):  # noqa: F811
    people.give_mandate(person=desk["e2"], role="commission")
    paper = typed(register, desk, WRONG, WRONG)
    asked = tally.ask_second(paper_id=paper.pk, to=S.CHECKED, reason="ainsi sur le papier", by=desk["e"])
    people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=desk["e2"])
    with pytest.raises(NotYou) as refused:
        validated(paper, desk["e2"])
    assert "Peuvent agir : commission, commission-assise." in str(refused.value)
    sitting = in_session(register, desk["f"])
    assert not commission.checked(register, None, desk["e2"]).exists()
    paper.refresh_from_db()
    assert commission.validate_all(sitting_id=sitting.pk, papers={paper.pk: paper.last_hash}, by=desk["e2"]) == (0, 1)
    assert validated(paper, desk["f"]).state == S.VALIDATED


def test_whoever_had_the_recall_in_hand_takes_no_part_in_what_follows(register, desk, supervisor):  # noqa: F811
    people.give_mandate(person=supervisor, role="saisie")
    supervisor = type(supervisor).objects.get(pk=supervisor.pk)
    paper = validated(typed(register, desk), desk["f"])
    asked = tally.ask_second(paper_id=paper.pk, to=S.RECALLED, reason="doute", by=desk["f"])
    people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=supervisor)
    tally.pass_on(paper_id=paper.pk, to=S.RECEIVED, reason="à refaire", by=desk["f"])
    tally.scan(paper_id=paper.pk, image=a_picture(), by=desk["scan"])
    with pytest.raises(tally.OthersWait):
        tally.claim_next(contest=register, right="results.enter", by=supervisor)
    for had in ("a", "b"):
        with pytest.raises(tally.OthersWait):
            tally.claim_next(contest=register, right="results.enter", by=desk[had])
    desk |= {"a": make_person("saisie-a2", "saisie"), "b": make_person("saisie-b2", "saisie")}
    for who in ("a", "b"):
        entered(register, desk, who, GOOD)
    with pytest.raises(NotYou):
        validated(paper, desk["f"])
    assert validated(paper, make_person("commission-2", "commission")).state == S.VALIDATED


def test_whoever_reviewed_validated_or_recalled_does_not_publish_and_is_not_asked_to(register, desk, supervisor):  # noqa: F811
    people.give_mandate(person=desk["f"], role="publication")
    validated(typed(register, desk), desk["f"])
    assert publishing.ready(register, by=desk["f"]) == [] and len(publishing.ready(register, by=supervisor)) == 1
    with pytest.raises(publishing.NothingValidated):
        publishing.ask_batch(contest=register, document="acte", note="", by=desk["f"])
    asked = publishing.ask_batch(contest=register, document="acte", note="", by=supervisor)
    with pytest.raises(NotYou):
        people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=desk["f"])
    assert Paper.objects.get(station__code="KAY-001").state == S.VALIDATED


def test_a_clerk_alone_never_stops_an_entry_made_by_another(register, desk):  # noqa: F811
    people.give_mandate(person=desk["b"], role="reception")
    paper = scanned(register, desk)
    entered(register, desk, "a", GOOD)
    for way in (
        lambda: tally.pass_on(paper_id=paper.pk, to=S.INCIDENT, reason="illisible", by=desk["b"]),
        lambda: tally.pass_on(paper_id=paper.pk, to=S.INCIDENT, reason="illisible", by=desk["a"]),
    ):
        with pytest.raises(Illegal):
            way()
    tally.claim_next(contest=register, right="results.enter", by=desk["b"])
    with pytest.raises(NotHolder):
        tally.pass_on(paper_id=paper.pk, to=S.INCIDENT, reason="illisible", by=make_person("saisie-c", "saisie"))
    tally.pass_on(paper_id=paper.pk, to=S.INCIDENT, reason="page manquante", by=desk["b"])
    with pytest.raises(NotYou):
        tally.receive(contest=register, station="KAY-001", by=desk["b"], reason="je la reprends")
    assert (
        tally.receive(contest=register, station="KAY-001", by=desk["reception"], reason="retrouvée").state == S.RECEIVED
    )
    assert Entry.objects.filter(paper=paper).count() == 1


def test_the_agent_who_typed_a_copy_never_holds_a_desk_on_that_station(register, desk):  # noqa: F811
    agent = make_person("delegue", "delegue")
    people.give_mandate(person=agent, role="saisie")
    copies.hand_in(contest=register, station="KAY-001", source="Liste A", sheet=GOOD, by=agent)
    scanned(register, desk, "KAY-001")
    with pytest.raises(tally.OthersWait):
        tally.claim_next(contest=register, right="results.enter", by=agent)
    mine = scanned(register, desk, "KAY-002")
    assert tally.claim_next(contest=register, right="results.enter", by=agent).pk == mine.pk
    tally.submit(paper_id=mine.pk, sheet=GOOD, by=agent)
    with pytest.raises(NotYou):
        copies.hand_in(contest=register, station="KAY-002", source="Liste A", sheet=GOOD, by=agent)


def test_whoever_typed_a_recap_of_a_territory_is_counted_on_its_papers(register, desk):  # noqa: F811
    people.give_mandate(person=desk["f"], role="saisie")
    kayes = Unit.objects.get(code="ML-KAY", geography__code="ml-2015")
    sitting = in_session(register, desk["f"], kayes)
    commission.type_recap(sitting_id=sitting.pk, sheet=GOOD, stations=1, by=desk["f"])
    inside, outside = scanned(register, desk, "KAY-001"), scanned(register, desk, "SEG-001")
    assert tally.claim_next(contest=register, right="results.enter", by=desk["f"]).pk == outside.pk
    assert (desk["f"].pk, Part.COMMISSION) in hands.past_of(inside)


def test_a_clerk_who_was_shown_the_figures_of_a_paper_never_types_it_again(client, sign_in, register, desk):  # noqa: F811
    reader = make_person("deux-postes", "saisie")
    people.give_mandate(person=reader, role="controle")
    paper = typed(register, desk, WRONG, WRONG)
    assert sign_in(reader).get(f"/resultats/centralisation/{register.code}/pv/{paper.pk}/").status_code == 200
    tally.pass_on(paper_id=paper.pk, to=S.SCANNED, reason="à retaper", by=desk["e"])
    with pytest.raises(tally.OthersWait):
        tally.claim_next(contest=register, right="results.enter", by=reader)


def test_the_whole_night_with_persons_who_hold_every_desk_keeps_them_apart(register, everywhere):  # noqa: F811
    typed(register, everywhere, GOOD, OTHER)
    paper = tally.claim_next(contest=register, right="results.arbitrate", by=everywhere["c"])
    tally.arbitrate(paper_id=paper.pk, choice={"c2": 60, "c3": 35}, by=everywhere["c"])
    for had in "abc":
        with pytest.raises(NotYou):
            validated(paper, everywhere[had])
    assert validated(paper, everywhere["f"]).state == S.VALIDATED
    rows = Hand.objects.filter(paper=paper).values_list("person__username", "desk").distinct()
    assert len({who for who, _desk in rows}) == len(set(rows)) == 4


# --- the database agrees ------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("had", "then"), [("typed", "opened"), ("typed", "review"), ("saw", "typed"), ("recall", "commission"),
                      ("copy", "opened"), ("read", "typed"), ("settled", "saw"), ("review", "publication")]
)  # fmt: skip
def test_the_database_refuses_a_second_desk_on_one_paper(register, desk, had, then):  # noqa: F811
    paper = Paper.objects.get(station__code="KAY-001")
    hand = lambda part: Hand(  # noqa: E731
        paper=paper, person=desk["a"], part=part, desk=Part(part).desk, at=timezone.now()
    )
    hand(had).save()
    with pytest.raises(DatabaseError), transaction.atomic():
        hand(then).save()
    hand("recall" if had != "recall" else "read").save()


def test_the_database_refuses_a_second_entry_by_one_person_in_any_attempt(register, desk):  # noqa: F811
    paper = scanned(register, desk)
    entry = lambda attempt: Entry.objects.create(  # noqa: E731
        paper=paper, attempt=attempt, rank=1, by=desk["a"], sheet=b"", at=timezone.now()
    )
    entry(1)
    with pytest.raises(DatabaseError), transaction.atomic():
        entry(2)


def ended(sitting, by):
    """A sitting that counted nothing, closed on the recap that its members signed."""
    nothing = replace(GOOD, boxes=dict.fromkeys(GOOD.boxes, 0), votes=(0, 0, 0))
    commission.type_recap(sitting_id=sitting.pk, sheet=nothing, stations=0, by=by)
    signed = {m.pk: {"present": True, "signature": "signed"} for m in sitting.members.all()}
    commission.note_members(sitting_id=sitting.pk, values=signed, by=by)
    return commission.change(sitting_id=sitting.pk, to="closed", by=by)


def test_the_database_refuses_an_act_of_the_commission_outside_an_open_sitting(register, desk):  # noqa: F811
    paper = typed(register, desk)
    sitting = in_session(register, desk["f"])
    row = lambda **extra: Passage.objects.create(  # noqa: E731
        paper=paper, version=1, start="checked", to="validated", by=desk["f"], right="results.commission",
        at=timezone.now(), previous="p", hash="h", **extra,
    )  # fmt: skip
    with pytest.raises(DatabaseError), transaction.atomic():
        row()
    ended(sitting, desk["f"])
    with pytest.raises(DatabaseError), transaction.atomic():
        row(sitting=sitting)


# --- in a sitting -------------------------------------------------------------------------------
def test_the_commission_validates_nothing_outside_a_sitting(register, desk):  # noqa: F811
    paper = typed(register, desk)
    for sitting in (None, 0, 99_999):
        with pytest.raises(OutsideSitting):
            tally.validate(paper_id=paper.pk, by=desk["f"], sitting_id=sitting)
    with pytest.raises(OutsideSitting):
        tally.pass_on(paper_id=paper.pk, to=S.UNDER_REVIEW, reason="doute", by=desk["f"])
    expected = Paper.objects.get(station__code="KAY-002")
    with pytest.raises(OutsideSitting):
        tally.pass_on(paper_id=expected.pk, to=S.MISSING, reason="jamais arrivé", document="acte", by=desk["f"])


def test_a_sitting_with_fewer_members_present_than_its_quorum_decides_nothing(register, desk):  # noqa: F811
    paper = typed(register, desk)
    sitting = in_session(register, desk["f"])
    sitting.members.update(present=False)
    with pytest.raises(commission.NoQuorum):
        tally.validate(paper_id=paper.pk, by=desk["f"], sitting_id=sitting.pk)
    sitting.members.update(present=True)
    for state in ("created", "suspended", "open"):
        type(sitting).objects.filter(pk=sitting.pk).update(state=state)
        if state == "open":
            ended(sitting, desk["f"])
        with pytest.raises(commission.NotOpen):
            tally.validate(paper_id=paper.pk, by=desk["f"], sitting_id=sitting.pk)


def test_a_sitting_validates_on_its_own_territory_only_and_is_named_in_the_passage(register, desk):  # noqa: F811
    units = {u.code: u for u in Unit.objects.filter(geography__code="ml-2015", code__in=["ML-KAY", "ML-SEG"])}
    paper = typed(register, desk)
    elsewhere = in_session(register, desk["f"], units["ML-SEG"])
    with pytest.raises(quorum.OtherTerritory):
        tally.validate(paper_id=paper.pk, by=desk["f"], sitting_id=elsewhere.pk)
    local = make_person("commission-kayes", "commission", unit=units["ML-KAY"])
    with pytest.raises(Forbidden):
        tally.validate(paper_id=paper.pk, by=local, sitting_id=in_session(register, desk["f"]).pk)
    here = in_session(register, local, units["ML-KAY"])
    paper = tally.validate(paper_id=paper.pk, by=local, sitting_id=here.pk)
    assert paper.passages.last().sitting == here and paper_queries.intact(paper)


def test_a_sitting_is_called_with_a_quorum_of_two_members_at_least(register, desk):  # noqa: F811
    for quorum_of in (0, 1, 2):
        with pytest.raises(commission.BadSitting):
            commission.convene(contest=register, unit=None, title="N", quorum=quorum_of, members="a", by=desk["f"])


def test_a_sitting_is_closed_with_its_recap_its_signatures_and_every_difference_explained(register, desk):  # noqa: F811
    validated(typed(register, desk), desk["f"])
    sitting = in_session(register, desk["f"])
    close = lambda: commission.change(sitting_id=sitting.pk, to="closed", by=desk["f"])  # noqa: E731
    with pytest.raises(commission.NoRecap):
        close()
    commission.type_recap(sitting_id=sitting.pk, sheet=OTHER, stations=2, by=desk["f"])
    with pytest.raises(commission.Unsigned):
        close()
    signed = {m.pk: {"present": True, "signature": "signed"} for m in sitting.members.all()}
    commission.note_members(sitting_id=sitting.pk, values=signed, by=desk["f"])
    with pytest.raises(commission.Unexplained) as refused:
        close()
    assert refused.value.params == {"n": 3, "lines": "c2, c3, stations"}
    explain = lambda *lines, text="report mal recopié": commission.explain(  # noqa: E731
        sitting_id=sitting.pk, lines=lines, kind="reservation", text=text, by=desk["f"]
    )
    for bad in (("c1",), ()):
        with pytest.raises(commission.BadSitting):
            explain(*bad)
    with pytest.raises(commission.BadSitting):
        explain("c2", text=" ")
    explain("c2", "c3")
    with pytest.raises(commission.Unexplained):
        close()
    explain("stations")
    assert close().state == "closed"


def test_an_explanation_holds_for_the_very_difference_it_was_given_for(register, desk):  # noqa: F811
    validated(typed(register, desk), desk["f"])
    sitting = in_session(register, desk["f"])
    signed = {m.pk: {"present": True, "signature": "refused"} for m in sitting.members.all()}
    commission.type_recap(sitting_id=sitting.pk, sheet=OTHER, stations=1, by=desk["f"])
    commission.explain(sitting_id=sitting.pk, lines=["c2", "c3"], kind="decision", text="vu", by=desk["f"])
    commission.type_recap(sitting_id=sitting.pk, sheet=replace(GOOD, votes=(100, 62, 33)), stations=1, by=desk["f"])
    commission.note_members(sitting_id=sitting.pk, values=signed, by=desk["f"])
    with pytest.raises(commission.Unexplained):
        commission.change(sitting_id=sitting.pk, to="closed", by=desk["f"])
    commission.type_recap(sitting_id=sitting.pk, sheet=GOOD, stations=1, by=desk["f"])
    commission.note_members(sitting_id=sitting.pk, values=signed, by=desk["f"])
    assert commission.change(sitting_id=sitting.pk, to="closed", by=desk["f"]).state == "closed"


# --- images --------------------------------------------------------------------------------------
def one_page() -> bytes:
    out = io.BytesIO()
    Image.new("L", (600, 800), 250).save(out, "PNG")
    return out.getvalue()


def test_no_page_is_added_once_a_clerk_has_had_the_paper_nor_once_it_is_published(register, desk):  # noqa: F811
    paper = tally.receive(contest=register, station="KAY-001", by=desk["reception"])
    scanning.give(contest=register, name="a.pdf", content=form_pages(register, "KAY-001"), by=desk["scan"])
    assert len(scanning.pages_of(paper)) == 2
    entered(register, desk, "a", GOOD)
    for after in (lambda: None, lambda: entered(register, desk, "b", GOOD), lambda: validated(paper, desk["f"])):
        after()
        batch = scanning.give(contest=register, name="b.png", content=one_page(), by=desk["scan"])
        with pytest.raises(scanning.NotYet) as refused:
            scanning.by_hand(scan_id=batch.scans.get().pk, code="KAY-001", by=desk["scan"])
        assert "la saisie a commencé" in str(refused.value)
        again = scanning.give(contest=register, name="c.pdf", content=form_pages(register, "KAY-001"), by=desk["scan"])
        assert again.report == {"late": 1, "no_code": 1} or set(again.report) == {"late"}
    assert len(scanning.pages_of(Paper.objects.get(pk=paper.pk))) == 2


def test_a_page_set_aside_in_the_same_file_is_not_added_by_hand_after_an_entry(register, desk):  # noqa: F811
    paper = tally.receive(contest=register, station="KAY-001", by=desk["reception"])
    batch = scanning.give(contest=register, name="a.pdf", content=form_pages(register, "KAY-001"), by=desk["scan"])
    entered(register, desk, "a", GOOD)
    loose = Scan.objects.create(batch=batch, number=9, sha256="c" * 64, outcome="no_code", at=timezone.now())
    with pytest.raises(scanning.NotYet):
        scanning.by_hand(scan_id=loose.pk, code="KAY-001", by=desk["scan"])
    assert paper.scans.count() == 2


def test_a_paper_received_again_takes_new_pages(register, desk):  # noqa: F811
    paper = scanned(register, desk)
    tally.pass_on(paper_id=paper.pk, to=S.INCIDENT, reason="page manquante", by=desk["scan"])
    tally.receive(contest=register, station="KAY-001", by=desk["reception"], reason="retrouvée")
    batch = scanning.give(contest=register, name="a.pdf", content=form_pages(register, "KAY-001"), by=desk["scan"])
    assert batch.report == {"attached": 2}


def test_the_upgrade_counts_everybody_who_had_a_paper_before_it(register, desk, supervisor):  # noqa: F811
    import importlib

    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    from kalata.ledger import locks

    agent = make_person("delegue", "delegue")
    copies.hand_in(contest=register, station="KAY-001", source="Liste A", sheet=GOOD, by=agent)
    typed(register, desk, WRONG, OTHER)
    paper = tally.claim_next(contest=register, right="results.arbitrate", by=desk["c"])
    tally.arbitrate(paper_id=paper.pk, choice={"c3": 34}, by=desk["c"])
    paper.refresh_from_db()
    tally.pass_on(paper_id=paper.pk, to=S.CHECKED, reason="la copie diffère", by=desk["e"])
    validated(paper, desk["f"])
    asked = tally.ask_second(paper_id=paper.pk, to=S.RECALLED, reason="doute", by=desk["f"])
    people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=supervisor)
    kept = set(Hand.objects.values_list("paper", "person", "part", "desk"))
    assert {part for *_x, part, _desk in kept} >= {"copy", "opened", "typed", "saw", "settled", "review", "recall"}
    locks.drop(connection, "results_hand")
    Hand.objects.all()._raw_delete("default")
    with connection.cursor() as cursor:
        from kalata.ledger import limits

        limits.drop(cursor, connection.vendor, limits.DECLARED["results_hand_limit_one_desk"])
    of_its_day = MigrationLoader(connection).project_state([("results", "0009_hands")]).apps
    importlib.import_module("kalata.results.migrations.0009_hands").fill(of_its_day, None)
    assert set(Hand.objects.values_list("paper", "person", "part", "desk")) == kept
    locks.install()
    assert locks.faults() == []


# --- across a reopening -----------------------------------------------------------------------------
def test_a_clerk_who_stops_the_second_entry_never_types_the_paper_again(register, desk):  # noqa: F811
    """The first entry falls with the incident: whoever made it fall does not type the next one."""
    scanned(register, desk)
    entered(register, desk, "a", GOOD)
    paper = tally.claim_next(contest=register, right="results.enter", by=desk["b"])
    tally.pass_on(paper_id=paper.pk, to=S.INCIDENT, reason="page manquante", by=desk["b"])
    tally.pass_on(paper_id=paper.pk, to=S.RECEIVED, reason="retrouvée", by=desk["reception"])
    tally.scan(paper_id=paper.pk, image=a_picture(), by=desk["scan"])
    for clerk in ("a", "b"):
        with pytest.raises(tally.OthersWait):
            tally.claim_next(contest=register, right="results.enter", by=desk[clerk])
    other = make_person("saisie-d", "saisie")
    assert tally.claim_next(contest=register, right="results.enter", by=other).pk == paper.pk


def test_a_clerk_who_stops_a_first_entry_has_wiped_nothing_and_may_type_the_new_image(register, desk):  # noqa: F811
    paper = scanned(register, desk)
    tally.claim_next(contest=register, right="results.enter", by=desk["a"])
    tally.pass_on(paper_id=paper.pk, to=S.INCIDENT, reason="illisible", by=desk["a"])
    tally.pass_on(paper_id=paper.pk, to=S.RECEIVED, reason="rescannée", by=desk["reception"])
    tally.scan(paper_id=paper.pk, image=a_picture(), by=desk["scan"])
    assert tally.claim_next(contest=register, right="results.enter", by=desk["a"]).pk == paper.pk
