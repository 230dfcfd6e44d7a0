"""Rows slipped into the database by its owner: a version rests on what the rule itself gives from entries and hands, or is found."""

import struct
from dataclasses import replace

import pytest
from django.db import transaction
from django.utils import timezone

from kalata.people import services as people
from kalata.people.rules.approval import Decision
from kalata.refusals import Refused
from kalata.results.models import StationReport
from kalata.results.queries.store import sheet_of
from kalata.results.rules.boxes import Standing
from kalata.results.rules.sheets import sheet_digest
from kalata.results.services import authority
from kalata.tally.models import Entry, Hand, Paper, Passage
from kalata.tally.queries import papers as paper_queries
from kalata.tally.rules.lifecycle import Row, State
from kalata.tally.services import batches as publishing
from kalata.tally.services import reports as tally
from tests.conftest import make_person
from tests.services.test_tally import GOOD, OTHER, a_picture, desk, in_session, register, typed, validated  # noqa: F401

pytestmark = pytest.mark.django_db
S = State


def again(one):
    return type(one).objects.get(pk=one.pk)


def slip(station, sheet=None, **values):
    """A version that no service wrote, in force, resting on what the version in force rests on."""
    now = StationReport.objects.get(station=station, current=True)
    said = {f: getattr(now, f) for f in ("contest_id", "station_id", "standing", "authority", "proof", "passage_id")}
    made = StationReport.objects.create(
        **{**said, "version": now.version + 1, "sheet": sheet or bytes(now.sheet), "at": timezone.now(), **values},
        current=False,
    )
    StationReport.objects.filter(pk=now.pk).update(current=False)
    StationReport.objects.filter(pk=made.pk).update(current=True)


def chain_on(paper, start, to, by, right, sheet=None, sitting=None):
    """A passage that no service wrote, well linked and well hashed, with the paper told of it."""
    paper, at = again(paper), timezone.now()
    last = paper.passages.last()
    figures = sheet_digest(sheet) if sheet else last.figures
    row = Row(paper.version, S(start), S(to), by.pk, None, right, at, "", "", paper.last_hash, figures, sitting)
    made = Passage.objects.create(
        paper=paper, version=row.version, start=start, to=to, by=by, right=right, at=at, figures=figures,
        previous=paper.last_hash, hash=row.hash(), sitting_id=sitting,
    )  # fmt: skip
    Paper.objects.filter(pk=paper.pk).update(last_hash=made.hash, state=to)
    return made


def found(contest):
    return [(u.station, u.field) for u in authority.unproved(again(contest))]


def recalled(paper, by):
    asked = tally.ask_second(paper_id=paper.pk, to=S.RECALLED, reason="doute", by=by)
    people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=make_person("commission-2", "commission"))
    return again(paper)


def test_a_recalled_paper_is_not_counted_again_on_its_old_passage(register, desk, supervisor):  # noqa: F811
    paper = validated(typed(register, desk), desk["f"])
    old = paper.passages.get(to="validated")
    figures = bytes(StationReport.objects.get(station=paper.station, current=True).sheet)
    recalled(paper, supervisor)
    assert found(register) == []
    slip(paper.station, figures, standing=0, proof=old.hash, passage_id=old.pk)
    assert found(register) == [("KAY-001", "passage en vigueur")]


def test_a_passage_that_the_table_does_not_have_proves_nothing(register, desk):  # noqa: F811
    paper = validated(typed(register, desk), desk["f"])
    figures = list(struct.unpack(f"<{len(tally.blob_of(GOOD, tally.boxes_of(register))) // 4}i",
                                 tally.blob_of(GOOD, tally.boxes_of(register))))  # fmt: skip
    figures[-3], figures[-2] = 1, 159
    blob = struct.pack(f"<{len(figures)}i", *figures)
    Entry.objects.create(paper=paper, attempt=1, rank=3, by=desk["c"], sheet=blob, at=timezone.now())
    made = chain_on(
        paper, "validated", "validated", desk["f"], "results.recall", sheet_of(blob, tally.boxes_of(register))
    )
    slip(paper.station, blob, passage_id=made.pk, proof=made.hash)
    assert found(register) == [("KAY-001", "chaîne des passages")]
    assert not paper_queries.intact(again(paper))


@pytest.mark.parametrize(
    ("rank", "by", "attempt"), [(3, "c", 1), (1, "c", 2), (2, "e", 2)], ids=["decided", "first", "second"]
)
def test_an_entry_that_no_passage_kept_breaks_the_chain(register, desk, rank, by, attempt):  # noqa: F811
    paper = validated(typed(register, desk), desk["f"])
    blob = tally.blob_of(OTHER, tally.boxes_of(register))
    Entry.objects.create(paper=paper, attempt=attempt, rank=rank, by=desk[by], sheet=blob, at=timezone.now())
    assert found(register) == [("KAY-001", "chaîne des passages")]


@pytest.mark.parametrize(
    ("start", "to", "who", "right"),
    [
        ("checked", "validated", "e", "results.review"),  # not the right of this step
        ("checked", "validated", "a", "results.commission"),  # a clerk of the paper
        ("validated", "published", "f", "results.publish"),  # from where the paper does not stand, and alone
        ("matched", "checked", "e", "results.review"),  # what the house alone does
    ],
)
def test_a_passage_that_the_rule_would_refuse_breaks_the_chain(register, desk, start, to, who, right):  # noqa: F811
    paper = typed(register, desk)
    sitting = None
    if right == "results.commission":  # seated, so that the database itself lets the row in
        people.give_mandate(person=desk[who], role="commission")
        sitting = in_session(register, type(desk[who]).objects.get(pk=desk[who].pk)).pk
    chain_on(paper, start, to, desk[who], right, sitting=sitting)
    assert found(register) == [("KAY-001", "chaîne des passages")]
    assert not paper_queries.intact(again(paper))


def test_a_validation_whose_person_is_not_among_the_hands_is_not_one(register, desk):  # noqa: F811
    """The passage alone is well made; whoever wrote it did not count the hand."""
    paper = typed(register, desk)
    sitting = in_session(register, desk["f"]).pk
    made = chain_on(paper, "checked", "validated", desk["f"], "results.commission", sitting=sitting)
    blob = tally.blob_of(GOOD, tally.boxes_of(register))
    StationReport.objects.create(
        contest=register, station=paper.station, standing=0, sheet=blob, authority="paper", proof=made.hash,
        passage_id=made.pk, at=timezone.now(),
    )  # fmt: skip
    assert found(register) == [("KAY-001", "chaîne des passages")]
    Hand.objects.create(paper=paper, person=desk["f"], part="commission", desk="commission", at=timezone.now())
    assert found(register) == []


@pytest.mark.parametrize("standing", [1, 2])
def test_a_second_version_on_the_same_passage_annuls_nothing(register, desk, standing):  # noqa: F811
    paper = validated(typed(register, desk), desk["f"])
    slip(paper.station, standing=standing)
    assert {f for _s, f in found(register)} == {"état", "versions de ce passage"} or (standing == 2 and found(register))
    with pytest.raises(authority.FiguresDiffer):
        authority.prove(again(register), [paper.station_id])


def test_a_second_version_that_repeats_the_first_is_found(register, desk):  # noqa: F811
    paper = validated(typed(register, desk), desk["f"])
    slip(paper.station)
    assert found(register) == [("KAY-001", "versions de ce passage")]


@pytest.mark.parametrize("said", [{"state": "published"}, {"annulled": True}, {"version": 2}])
def test_a_paper_that_says_of_itself_what_its_chain_does_not_is_found(register, desk, said):  # noqa: F811
    paper = validated(typed(register, desk), desk["f"])
    Paper.objects.filter(pk=paper.pk).update(**said)
    assert found(register) == [("KAY-001", "état du procès-verbal")]


def test_a_batch_with_a_version_slipped_in_is_refused_whole(register, desk, supervisor, publisher):  # noqa: F811
    paper = validated(typed(register, desk), desk["f"])
    asked = publishing.ask_batch(contest=register, document="d", note="", by=supervisor)
    slip(paper.station, standing=int(Standing.ANNULLED))
    with pytest.raises(Refused), transaction.atomic():
        people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=publisher)
    assert again(paper).state == "validated" and not register.batches.exists()


def test_every_way_that_a_paper_takes_is_walked_again(register, desk, supervisor, publisher):  # noqa: F811
    """Arbitration, a visa refused and given, entries set aside, a hold that expired, a recall, a second version."""
    paper = typed(register, desk, GOOD, OTHER)
    past = timezone.now() - tally.HOLD * 2
    tally.claim_next(contest=register, right="results.arbitrate", by=make_person("arbitre-0", "arbitre"), now=past)
    tally.release_all()
    for n, c2 in ((1, 99), (2, 61)):
        other = make_person(f"arbitre-{n}", "arbitre")
        tally.claim_next(contest=register, right="results.arbitrate", by=other)
        tally.arbitrate(paper_id=paper.pk, choice={"c2": c2, "c3": 33}, by=other, reason="x", image=a_picture())
        tally.give_visa(paper_id=paper.pk, agree=n == 2, reason="vu", by=make_person(f"visa-{n}", "superviseur"))
    paper = again(paper)
    assert paper.state == S.UNDER_REVIEW and paper_queries.intact(paper)
    tally.pass_on(paper_id=paper.pk, to=S.SCANNED, reason="à retaper", by=desk["e"])
    for n in (1, 2):
        one = make_person(f"saisie-{n}", "saisie")
        taken = tally.claim_next(contest=register, right="results.enter", by=one)
        tally.submit(paper_id=taken.pk, sheet=replace(GOOD, votes=(100, 60, 35)), by=one)
    paper = validated(again(paper), desk["f"])
    assert found(register) == [] and paper_queries.intact(again(paper))
    asked = publishing.ask_batch(contest=again(register), document="d", note="", by=make_person("pub-0", "publication"))
    people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=publisher)
    assert found(register) == []
    asked = tally.ask_second(
        paper_id=paper.pk, to=S.RECALLED, reason="r", document="acte", by=make_person("com-8", "commission")
    )
    people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=make_person("com-9", "commission"))
    assert found(register) == [] and paper_queries.intact(again(paper))


def test_who_sees_the_hash_of_a_paper_tries_no_figure_on_it(register, desk, sign_in):  # noqa: F811
    paper = validated(typed(register, desk), desk["f"])
    rows = list(paper.passages.all())
    assert len({p.salt for p in rows}) == len(rows) and all(len(p.salt) == 32 for p in rows)
    told = Row(
        rows[-1].version, S(rows[-1].start), S(rows[-1].to), rows[-1].by_id, rows[-1].other_id, rows[-1].right, rows[-1].at,
        rows[-1].reason, rows[-1].document, rows[-1].previous, sheet_digest(GOOD), rows[-1].sitting_id,
    )  # fmt: skip
    assert told.hash() != rows[-1].hash == replace(told, salt=rows[-1].salt).hash()
    page = sign_in(desk["f"]).get(f"/resultats/centralisation/{register.code}/pv/{paper.pk}/").content.decode()
    assert rows[-1].hash[:16] in page and not any(p.salt in page for p in rows)


def test_a_chain_of_before_salts_is_still_whole(register, desk, monkeypatch):  # noqa: F811
    monkeypatch.setattr("kalata.tally.services.moving.secrets.token_hex", lambda n: "")
    paper = validated(typed(register, desk), desk["f"])
    assert paper_queries.intact(again(paper)) and found(register) == []
