"""Around the desks: scans find their paper, bags keep their story, the commission, copies, batches and recalls."""

import io
from dataclasses import replace

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from PIL import Image

from kalata.country.models import Station, Unit
from kalata.people import services as people
from kalata.people.rules.approval import Decision, Outdated, SamePerson
from kalata.refusals import Forbidden
from kalata.results import drawing, images
from kalata.results.models import Batch, RecallNotice
from kalata.results.queries import board as boards
from kalata.results.queries import store
from kalata.results.rules.boxes import Box
from kalata.tally import printing
from kalata.tally.models import Copy, Handover, Paper, Scan
from kalata.tally.queries import formcodes, sheet_findings
from kalata.tally.rehearsal.truth import in_paper_order
from kalata.tally.rules.lifecycle import Act, Lacks, NotHolder, State
from kalata.tally.rules.papercode import BadCode, OtherForm, parse
from kalata.tally.services import batches as publishing
from kalata.tally.services import commission, copies, custody, drafts, scanning
from kalata.tally.services import reports as tally
from tests.conftest import make_person
from tests.services.test_tally import (  # noqa: F401
    GOOD,
    OTHER,
    WRONG,
    a_colleague,
    desk,
    entered,
    register,
    scanned,
    seated,
    typed,
    validated,
    votes,
)

pytestmark = pytest.mark.django_db
S = State


@pytest.fixture
def publishers(pack_version):
    return make_person("publication-1", "publication"), make_person("publication-2", "publication")


def form_pages(contest, *codes, sheet=GOOD) -> bytes:
    layout = printing.Layout(contest)
    papers = {p.station.code: p for p in Paper.objects.filter(contest=contest).select_related("station")}
    forms = [printing.Form(papers[c].station, papers[c].serial, "1", in_paper_order(sheet)) for c in codes]
    return printing.printed(layout, forms)


# --- printed forms and codes --------------------------------------------------------------
def test_every_page_of_a_printed_form_bears_the_code_of_its_paper(register):  # noqa: F811
    pages = list(scanning.pages_in(form_pages(register, "KAY-001", "SEG-002")))
    assert len(pages) == 4
    codes = [parse(p.code) for p in pages]
    assert [c.station for c in codes] == ["KAY-001", "KAY-001", "SEG-002", "SEG-002"]
    assert {(c.contest, c.round, c.part, c.model) for c in codes} == {
        (formcodes.token(register.code, 0, 20), 1, "general", "PV1")
    }


def test_a_form_of_another_contest_is_refused_at_reception(register, desk):  # noqa: F811
    paper = Paper.objects.filter(contest=register).select_related("station").first()
    code = formcodes.code_of(register, paper.station, 1)
    with pytest.raises(OtherForm):
        tally.receive(contest=register, station=replace(code, contest="autre").text(), by=desk["reception"])
    with pytest.raises(BadCode):
        tally.receive(contest=register, station=code.text()[:-1] + "x", by=desk["reception"])
    with pytest.raises(OtherForm):
        tally.receive(contest=register, station=replace(code, part="advance").text(), by=desk["reception"])
    assert tally.receive(contest=register, station=code.text(), by=desk["reception"]).state == S.RECEIVED


def test_a_station_whose_code_does_not_fit_is_named_by_its_number(register):  # noqa: F811
    odd = Station.objects.create(contest=register, code="Bureau n° 12 ; école", registered=100)
    tally.open_register(contest=register)
    text = formcodes.code_of(register, odd, 1).text()
    assert parse(text).station == f"_{odd.pk}"
    assert formcodes.paper_behind(register, text).station == odd


def test_a_replaced_form_is_refused_and_its_replacement_accepted(register, desk):  # noqa: F811
    paper = Paper.objects.filter(contest=register, station__code="KAY-001").select_related("station").get()
    old = formcodes.code_of(register, paper.station, 1).text()
    made = custody.replace_form(paper_id=paper.pk, reason="tachée", by=desk["reception"])
    assert made.serial == 2
    with pytest.raises(formcodes.OldForm):
        tally.receive(contest=register, station=old, by=desk["reception"])
    fresh = formcodes.code_of(register, paper.station, 2).text()
    assert tally.receive(contest=register, station=fresh, by=desk["reception"]).pk == paper.pk
    with pytest.raises(custody.InUse):
        custody.replace_form(paper_id=paper.pk, reason="encore", by=desk["reception"])


def test_a_reserve_form_belongs_to_no_station(register, desk):  # noqa: F811
    page = next(iter(scanning.pages_in(printing.reserve(printing.Layout(register), 1, first=7))))
    with pytest.raises(formcodes.ReserveForm):
        tally.receive(contest=register, station=page.code, by=desk["reception"])


# --- scans --------------------------------------------------------------------------------
def test_a_file_of_many_pages_finds_its_papers_by_their_codes(register, desk):  # noqa: F811
    for code in ("KAY-001", "KAY-002"):
        tally.receive(contest=register, station=code, by=desk["reception"])
    content = form_pages(register, "KAY-001", "KAY-002", "SEG-001")
    batch = scanning.give(contest=register, name="lot.pdf", content=content, by=desk["scan"])
    assert batch.state == "done" and batch.report == {"attached": 4, "not_received": 2}
    paper = Paper.objects.get(contest=register, station__code="KAY-001")
    assert paper.state == S.SCANNED and len(scanning.pages_of(paper)) == 2 and scanning.intact(paper)
    assert images.path(batch.origin).read_bytes() == content
    waiting = scanning.waiting(register)
    assert [s.outcome for s in waiting] == ["not_received", "not_received"]
    tally.receive(contest=register, station="SEG-001", by=desk["reception"])
    assert scanning.by_hand(scan_id=waiting[0].pk, code="SEG-001", by=desk["scan"]).state == S.SCANNED
    with pytest.raises(scanning.Settled):
        scanning.by_hand(scan_id=waiting[0].pk, code="SEG-001", by=desk["scan"])


def test_a_file_with_a_page_that_cannot_be_drawn_is_said_failed_and_stops_nobody(register, desk, monkeypatch):  # noqa: F811
    tally.receive(contest=register, station="KAY-001", by=desk["reception"])
    whole = scanning.pages_in

    def torn(content, name):
        yield next(whole(content, name))
        raise images.BadImage(why="page 2")

    monkeypatch.setattr(scanning, "pages_in", torn)
    batch = scanning.give(contest=register, name="lot.pdf", content=form_pages(register, "KAY-001"), by=desk["scan"])
    assert (batch.state, batch.report) == ("failed", {"attached": 1, "unread": 2})
    assert scanning.read_waiting() == 0


def test_a_page_scanned_upside_down_is_turned_and_read(register, desk):  # noqa: F811
    tally.receive(contest=register, station="KAY-001", by=desk["reception"])
    page = next(iter(scanning.pages_in(form_pages(register, "KAY-001"))))
    for degrees in (90, 180, 270):
        out = io.BytesIO()
        page.image.rotate(degrees, expand=True).save(out, "PNG")
        found = next(iter(scanning.pages_in(out.getvalue())))
        assert found.code == page.code and found.image.size == page.image.size
        again, _code, _corners = drawing.upright(found.image)
        assert again.size == page.image.size


def test_reading_a_file_again_after_a_cut_reads_no_page_twice(register, desk):  # noqa: F811
    tally.receive(contest=register, station="KAY-001", by=desk["reception"])
    batch = scanning.give(contest=register, name="lot.pdf", content=form_pages(register, "KAY-001"), by=desk["scan"])
    Scan.objects.filter(batch=batch, number=2).delete()
    assert scanning.read(batch).report == {"attached": 2}
    assert Scan.objects.filter(batch=batch).count() == 2


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"%PDF-1.7 not really", b"\xff\xd8\xff broken", b"\x89PNG\r\n\x1a\nno"]
)
def test_what_is_not_an_image_is_refused_and_leaves_nothing(register, desk, content):  # noqa: F811
    with pytest.raises(images.BadImage):
        scanning.give(contest=register, name="x", content=content, by=desk["scan"])
    assert not Scan.objects.exists()


def test_a_blank_page_waits_for_a_person(register, desk):  # noqa: F811
    out = io.BytesIO()
    Image.new("L", (600, 800), 255).save(out, "PNG")
    batch = scanning.give(contest=register, name="blanc.png", content=out.getvalue(), by=desk["scan"])
    assert batch.report == {"no_code": 1}


# --- drafts -------------------------------------------------------------------------------
def test_a_draft_comes_back_to_its_clerk_alone_and_goes_when_submitted(register, desk):  # noqa: F811
    scanned(register, desk)
    paper = tally.claim_next(contest=register, right="results.enter", by=desk["a"])
    drafts.keep(paper_id=paper.pk, values={"c1": "10"}, by=desk["a"])
    with pytest.raises(NotHolder):
        drafts.keep(paper_id=paper.pk, values={"c1": "99"}, by=desk["b"])
    assert drafts.draft_of(paper, desk["a"]).values == {"c1": "10"} and drafts.draft_of(paper, desk["b"]) is None
    tally.submit(paper_id=paper.pk, sheet=GOOD, by=desk["a"])
    assert drafts.draft_of(paper, desk["a"]) is None


def test_the_same_entry_sent_twice_is_kept_once(register, desk):  # noqa: F811
    scanned(register, desk)
    paper = tally.claim_next(contest=register, right="results.enter", by=desk["a"])
    first = tally.submit(paper_id=paper.pk, sheet=GOOD, by=desk["a"])
    again = tally.submit(paper_id=paper.pk, sheet=GOOD, by=desk["a"])
    assert again.state == first.state == S.FIRST_ENTERED and paper.entries.count() == 1


def test_a_clerk_who_cannot_read_the_paper_sends_it_back_with_the_reason(register, desk):  # noqa: F811
    scanned(register, desk)
    paper = tally.claim_next(contest=register, right="results.enter", by=desk["a"])
    paper = tally.pass_on(paper_id=paper.pk, to=S.INCIDENT, reason="illisible", by=desk["a"])
    assert paper.state == S.INCIDENT and paper.holder_id is None


# --- custody ------------------------------------------------------------------------------
def test_a_bag_tells_its_story_and_what_was_missing_inside(register, desk):  # noqa: F811
    by = desk["reception"]
    bag = custody.seal(contest=register, code="SAC-1", kind="bag", seals="A12 A13", stations="KAY-001 KAY-002", by=by)
    row = custody.hand_over(
        bag_id=bag.pk, giver="convoyeur", receiver="réception", place="Kayes", seals="A13, A12", by=by
    )
    assert row.intact
    with pytest.raises(custody.OneWitness):
        custody.open_bag(bag_id=bag.pk, found="KAY-001", seals="A12 A13", witness=" ", by=by)
    row = custody.open_bag(bag_id=bag.pk, found="KAY-001\nSEG-001", seals="A12 A13", witness="délégué", by=by)
    assert (row.expected, row.received, row.intact) == (2, 2, True)
    assert [i.paper.station.code for i in custody.missing_items(register)] == ["KAY-002"]
    with pytest.raises(custody.Opened):
        custody.hand_over(bag_id=bag.pk, giver="a", receiver="b", place="c", seals="A12", by=by)
    with pytest.raises(DatabaseError), transaction.atomic():
        Handover.objects.filter(bag=bag).update(giver="autre")


def test_a_broken_seal_puts_the_bag_in_question_for_ever(register, desk):  # noqa: F811
    by = desk["reception"]
    bag = custody.seal(contest=register, code="SAC-1", kind="bag", seals="A12", stations="", by=by)
    assert not custody.hand_over(bag_id=bag.pk, giver="a", receiver="b", place="c", seals="A99", by=by).intact
    assert not custody.open_bag(bag_id=bag.pk, found="", seals="A12", witness="w", by=by).intact


@pytest.mark.parametrize("change", [{"code": ""}, {"kind": "carton"}, {"seals": " "}, {"stations": "XXX"}])
def test_a_bag_badly_described_is_refused_and_leaves_nothing(register, desk, change):  # noqa: F811
    good = {"code": "S", "kind": "bag", "seals": "1", "stations": "KAY-001"}
    with pytest.raises((custody.BadBag, tally.NoPaper)):
        custody.seal(contest=register, by=desk["reception"], **{**good, **change})
    assert not register.bags.exists()


# --- commission ---------------------------------------------------------------------------
@pytest.fixture
def sitting(register, desk):  # noqa: F811
    made = commission.convene(
        contest=register,
        unit=None,
        title="Nationale",
        quorum=2,
        members="Présidence ; AIGE\nMembre ; candidatures",
        by=desk["f"],
    )
    seated(made, desk["f"], a_colleague())
    return made


def present(sitting, by, **extra):
    values = {m.pk: {"present": True, **extra} for m in sitting.members.all()}
    commission.note_members(sitting_id=sitting.pk, values=values, by=by)


def test_a_sitting_opens_with_its_quorum_and_goes_in_order(sitting, desk):  # noqa: F811
    with pytest.raises(commission.NoQuorum):
        commission.change(sitting_id=sitting.pk, to="open", by=desk["f"])
    with pytest.raises(commission.NoChange):
        commission.change(sitting_id=sitting.pk, to="closed", by=desk["f"])
    with pytest.raises(commission.NotOpen):
        commission.decide(sitting_id=sitting.pk, text="x", votes=[1, 0, 0], by=desk["f"])
    present(sitting, desk["f"])
    for to in ("open", "suspended", "open"):
        commission.change(sitting_id=sitting.pk, to=to, by=desk["f"])
    nothing = replace(GOOD, boxes=dict.fromkeys(GOOD.boxes, 0), votes=(0, 0, 0))
    commission.type_recap(sitting_id=sitting.pk, sheet=nothing, stations=0, by=desk["f"])
    present(sitting, desk["f"], signature="signed")
    commission.change(sitting_id=sitting.pk, to="closed", by=desk["f"])
    kinds = [m.kind for m in sitting.minutes.all()]
    assert kinds == ["present", "present", "opened", "suspended", "resumed", "recap", "finding", "finding", "closed"]
    with pytest.raises(commission.NotOpen):
        present(sitting, desk["f"])


def test_a_refusal_to_sign_and_a_reservation_are_noted_and_block_nothing(sitting, desk):  # noqa: F811
    present(sitting, desk["f"], reservation="Bureau KAY-001 non ouvert à l’heure.")
    commission.change(sitting_id=sitting.pk, to="open", by=desk["f"])
    nothing = replace(GOOD, boxes=dict.fromkeys(GOOD.boxes, 0), votes=(0, 0, 0))
    commission.type_recap(sitting_id=sitting.pk, sheet=nothing, stations=0, by=desk["f"])
    present(sitting, desk["f"], signature="refused")
    assert commission.change(sitting_id=sitting.pk, to="closed", by=desk["f"]).state == "closed"
    assert any("KAY-001" in m.text for m in sitting.minutes.filter(kind="reservation"))


def test_the_commission_validates_what_it_saw_and_leaves_what_changed(register, sitting, desk):  # noqa: F811
    paper = typed(register, desk)
    with pytest.raises(commission.NotOpen):
        commission.validate_all(sitting_id=sitting.pk, papers={paper.pk: paper.last_hash}, by=desk["f"])
    present(sitting, desk["f"])
    commission.change(sitting_id=sitting.pk, to="open", by=desk["f"])
    assert commission.validate_all(sitting_id=sitting.pk, papers={paper.pk: "autre"}, by=desk["f"]) == (0, 1)
    assert commission.validate_all(sitting_id=sitting.pk, papers={paper.pk: paper.last_hash}, by=desk["f"]) == (1, 0)
    assert votes(register) == [100, 60, 35]


def test_a_recap_is_compared_line_by_line_with_the_reports(register, sitting, desk):  # noqa: F811
    paper = typed(register, desk)
    validated(paper, desk["f"])
    present(sitting, desk["f"])
    commission.change(sitting_id=sitting.pk, to="open", by=desk["f"])
    recap = commission.type_recap(sitting_id=sitting.pk, sheet=GOOD, stations=1, by=desk["f"])
    assert recap.apart == {}
    recap = commission.type_recap(sitting_id=sitting.pk, sheet=OTHER, stations=2, by=desk["f"])
    assert recap.apart == {"c2": [61, 60], "c3": [34, 35], "stations": [2, 1]}
    assert sitting.recaps.count() == 2


def test_a_commission_of_one_region_sees_and_validates_its_own(register, desk):  # noqa: F811
    kayes = Unit.objects.get(code="ML-KAY", geography__code="ml-2015")
    local = make_person("commission-kayes", "commission", unit=kayes)
    with pytest.raises(Forbidden):
        commission.convene(contest=register, unit=None, title="N", quorum=2, members="a\nb", by=local)
    made = commission.convene(contest=register, unit=kayes, title="Kayes", quorum=2, members="a\nb", by=local)
    typed(register, desk)
    assert commission.checked(register, made.unit).count() == 1
    _total, counted, every = commission.summed(register, kayes)
    assert (counted, every) == (0, 2)


def test_the_parts_of_a_contest_add_up_to_the_whole(register, desk):  # noqa: F811
    Station.objects.filter(contest=register, code="KAY-001").update(part="advance")
    validated(typed(register, desk), desk["f"])
    parts = commission.by_part(register)
    assert [(p, t["c1"], n) for p, t, n in parts] == [("advance", 100, 1)]
    assert sum(t["valid"] for _p, t, _n in parts) == commission.summed(register, None)[0]["valid"]


# --- copies -------------------------------------------------------------------------------
def copy_sheet(*figures):
    return replace(GOOD, boxes={**GOOD.boxes, Box.REGISTERED: None}, votes=figures)


def test_copies_are_compared_with_what_counts_and_those_that_agree_come_first(register, desk):  # noqa: F811
    agents = {
        name: make_person(f"delegue-{name[-1].lower()}", "delegue")
        for name in ("Liste A", "Liste B", "Liste C", "Liste D")
    }
    give = lambda source, sheet: copies.hand_in(  # noqa: E731
        contest=register, station="KAY-001", source=source, sheet=sheet, by=agents[source]
    )
    assert give("Liste A", copy_sheet(100, 60, 35)).status == "waiting"
    validated(typed(register, desk), desk["f"])
    assert Copy.objects.get(source="Liste A").status == "identical"
    give("Liste B", copy_sheet(90, 70, 35))
    give("Liste C", copy_sheet(100, 60, 34))
    give("Liste D", copy_sheet(90, 70, 35))
    assert give("Liste D", copy_sheet(90, 70, 35)).status == "duplicate"
    found = list(copies.queue(register))
    assert [(c.source, c.agreeing, c.stake) for c in found] == [
        ("Liste B", 2, 20),
        ("Liste D", 2, 20),
        ("Liste C", 1, 1),
    ]
    assert found[0].apart == {"c1": [90, 100], "c2": [70, 60]}
    done = copies.answer(copy_id=found[0].pk, what="paper_right", note="original lu", by=desk["e"])
    assert done.answered_by == desk["e"] and votes(register) == [100, 60, 35]
    with pytest.raises(copies.Answered):
        copies.answer(copy_id=found[0].pk, what="copy_right", note="non", by=desk["e"])


def test_a_copy_that_differs_sends_the_report_to_review(register, desk):  # noqa: F811
    agent = make_person("delegue", "delegue")
    copies.hand_in(contest=register, station="KAY-001", source="Liste A", sheet=copy_sheet(90, 70, 35), by=agent)
    paper = typed(register, desk)
    assert paper.state == S.UNDER_REVIEW and paper.warnings == ["W09"]


def test_a_table_of_copies_is_kept_whole_or_not_at_all(register, desk):  # noqa: F811
    agent = make_person("delegue", "delegue")
    lines = ["voters", "valid", "c1", "c2", "c3"]
    rows = [{"station": "KAY-001", "c1": "1", "c2": "2", "c3": "3"}, {"station": "KAY-002", "c1": "x"}]
    with pytest.raises(copies.BadCopy) as bad:
        copies.import_copies(contest=register, rows=rows, source="Obs", by=agent, lines=lines)
    assert (bad.value.params["row"], bad.value.params["field"]) == (3, "c1") and not Copy.objects.exists()
    rows[1]["c1"] = "7"
    assert copies.import_copies(contest=register, rows=rows, source="Obs", by=agent, lines=lines) == 2


# --- batches and recalls ------------------------------------------------------------------
def published(register, desk, publishers):  # noqa: F811
    paper = validated(typed(register, desk), desk["f"])
    asked = publishing.ask_batch(contest=register, document="Acte 1", note="", by=publishers[0])
    people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=publishers[1])
    paper.refresh_from_db()
    return paper


def test_the_public_sees_a_report_only_once_its_batch_is_published(register, desk, publishers):  # noqa: F811
    validated(typed(register, desk), desk["f"])
    register.refresh_from_db()
    assert boards.board(register).total.counted == 1
    register.eyes = ()
    assert boards.board(register).total.counted == 0 and list(boards.board(register).total.votes) == [0, 0, 0]
    asked = publishing.ask_batch(contest=register, document="Acte 1", note="", by=publishers[0])
    people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=publishers[1])
    register.refresh_from_db()
    register.eyes = ()
    assert boards.board(register).total.counted == 1
    batch = Batch.objects.get(contest=register)
    assert (batch.number, batch.count) == (1, 1) and publishing.intact(batch)
    assert register.published_at is not None


def test_a_batch_is_published_whole_or_not_at_all(register, desk, publishers):  # noqa: F811
    paper = validated(typed(register, desk), desk["f"])
    asked = publishing.ask_batch(contest=register, document="Acte 1", note="", by=publishers[0])
    recall = tally.ask_second(paper_id=paper.pk, to=S.RECALLED, reason="doute", by=desk["f"])
    people.decide_approval(approval_id=recall.pk, to=Decision.APPROVED, by=make_person("commission-2", "commission"))
    with pytest.raises(Outdated):
        people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=publishers[1])
    assert not Batch.objects.exists()
    with pytest.raises(publishing.NothingValidated):
        publishing.ask_batch(contest=register, document="Acte 2", note="", by=publishers[0])


def test_a_recall_of_a_published_report_leaves_a_numbered_public_notice(register, desk, publishers):  # noqa: F811
    paper = published(register, desk, publishers)
    asked = tally.ask_second(
        paper_id=paper.pk, to=S.RECALLED, reason="feuille jointe d’un autre bureau", document="Acte 2", by=desk["f"]
    )
    people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=make_person("commission-2", "commission"))
    notice = RecallNotice.objects.get(contest=register)
    assert (notice.number, notice.published, notice.document) == (1, True, "Acte 2")
    assert votes(register) == [0, 0, 0]
    with pytest.raises(DatabaseError), transaction.atomic():
        RecallNotice.objects.update(reason="rien")


def test_nothing_is_published_while_a_batch_waits_for_its_second_person(register, desk, publishers):  # noqa: F811
    validated(typed(register, desk), desk["f"])
    asked = publishing.ask_batch(contest=register, document="Acte 1", note="", by=publishers[0])
    with pytest.raises(SamePerson):
        people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=publishers[0])
    assert not Batch.objects.exists() and Paper.objects.filter(state=S.PUBLISHED).count() == 0


def test_figures_never_published_are_never_in_the_public_history_of_a_station(register, desk, publishers):  # noqa: F811
    from kalata.results.queries.reports import history

    paper = validated(typed(register, desk), desk["f"])
    asked = tally.ask_second(paper_id=paper.pk, to=S.RECALLED, reason="doute", by=desk["f"])
    people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=make_person("commission-2", "commission"))
    assert history(paper.station, only_published=True) == []
    kept = history(paper.station)
    assert [r.standing for r in kept] == [2, 0]
    assert set(store.unpacked(kept[0].sheet)) == {-1}  # what is taken back is not written a second time


def test_the_public_history_keeps_what_was_published_and_says_it_was_taken_back(register, desk, publishers):  # noqa: F811
    from kalata.results.queries.reports import history

    paper = published(register, desk, publishers)
    asked = tally.ask_second(paper_id=paper.pk, to=S.RECALLED, reason="faux", document="Acte 2", by=desk["f"])
    people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=make_person("commission-2", "commission"))
    assert [r.standing for r in history(paper.station, only_published=True)] == [2, 0]


def test_a_batch_without_the_act_of_the_commission_is_refused(register, desk, publishers):  # noqa: F811
    validated(typed(register, desk), desk["f"])
    with pytest.raises(Lacks):
        publishing.ask_batch(contest=register, document="  ", note="", by=publishers[0])


# --- the board of the supervisor ------------------------------------------------------------
def test_the_board_says_who_can_still_win_with_what_is_missing_and_contested(register, desk, publishers):  # noqa: F811
    from kalata.tally.queries import supervision

    paper = published(register, desk, publishers)
    register.refresh_from_db()
    found = supervision.prospects(register)
    assert found["open"] and found["missing"] == 1200 and found["contested"] == 0
    fresh = tally.locked(paper.pk)
    tally.move(
        fresh, S.CONTESTED, Act(by=desk["f"].pk, at=timezone.now(), right="results.contest", document="requête 1")
    )
    register.refresh_from_db()
    assert supervision.prospects(register)["contested"] == 1


def test_errors_on_the_paper_are_kept_and_stop_it_before_validation(register, desk):  # noqa: F811
    paper = typed(register, desk, WRONG, WRONG)
    assert paper.state == S.UNDER_REVIEW and "E01" in paper.errors


def test_a_form_received_before_polling_day_is_a_warning(register, desk):  # noqa: F811
    from datetime import timedelta

    register.polling_day = timezone.localdate() + timedelta(days=3)
    register.save(update_fields=["polling_day"])
    paper = typed(register, desk)
    assert paper.state == S.UNDER_REVIEW and paper.warnings == ["E13"]
    register.election.exercise = True
    register.election.save(update_fields=["exercise"])
    assert sheet_findings.too_early(tally.locked(paper.pk)) is None
