"""What the desks do with one paper: its lines framed at reading, a duplicate named, a mistake undone, junk set aside."""

import io
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from kalata.refusals import Forbidden, Refused
from kalata.results import images
from kalata.results.territory import EVERYWHERE
from kalata.tally.models import Paper, Scan
from kalata.tally.queries import findings as finding_queries
from kalata.tally.queries import placing, staffing
from kalata.tally.rules.lifecycle import STATE_LABELS, Illegal, Lacks, State
from kalata.tally.rules.stops import AlreadyAsked, AlreadyHere, NotFirst
from kalata.tally.services import extracts, freeing, junk, passing, scanning
from kalata.tally.services import reports as tally
from kalata.tally.views.common import Lines
from tests.conftest import make_person
from tests.services.test_centre import form_pages
from tests.services.test_tally import (  # noqa: F401
    GOOD,
    OTHER,
    WRONG,
    desk,
    entered,
    in_session,
    register,
    typed,
    validated,
)

pytestmark = pytest.mark.django_db
S = State
DESK = "/resultats/centralisation/{}/{}/"


# --- the original -------------------------------------------------------------------------
def test_a_form_read_keeps_where_each_of_its_lines_stands(register, desk, client, sign_in):  # noqa: F811
    paper = tally.receive(contest=register, station="KAY-001", by=desk["reception"])
    scanning.give(contest=register, name="n.pdf", content=form_pages(register, "KAY-001"), by=desk["scan"])
    paper.refresh_from_db()
    numbers, pages = Lines(register).number, scanning.pages_of(paper)
    assert [s.form_page for s in Scan.objects.order_by("number")] == [1, 2]
    frames = placing.frames(paper, pages, numbers)
    assert set(frames) == set(numbers), "every line of the form is framed"
    first = [k for k in numbers if frames[k][0] == 0]
    assert [frames[k][2] for k in first] == sorted(frames[k][2] for k in first)
    answer = sign_in(desk["a"]).get(DESK.format(register.code, "saisie"))
    assert b'id="frames"' in answer.content and answer.context["frames"] == frames
    piece = client.get(f"/resultats/centralisation/{register.code}/pv/{paper.pk}/ligne/{numbers['c1']}")
    assert piece["Content-Type"] == "image/jpeg" and 1_000 < len(piece.content) < 60_000

    # the extract of a value nobody typed is cut by the house, and it is what the fourth person sees
    tally.give_back(paper_id=paper.pk, by=desk["a"])
    entered(register, desk, "a", GOOD)
    entered(register, desk, "b", OTHER)
    again = sign_in(desk["c"])
    page = again.get(DESK.format(register.code, "arbitrage"))
    line = page.context["lines"][0]["d"].line
    sent = {"paper": paper.pk, "seen": page.context["paper"].last_hash}
    chosen = {d["d"].line: "first" for d in page.context["lines"]} | {line: "free", f"{line}_free": "77"}
    refused = again.post(DESK.format(register.code, "arbitrage"), {**sent, **chosen, "reason": ""})
    assert refused.status_code == Lacks.status and b'value="77"' in refused.content, "said at the desk, nothing lost"
    again.post(DESK.format(register.code, "arbitrage"), {**sent, **chosen, "reason": "surcharge"})
    paper.refresh_from_db()
    crop = paper.passages.get(to=S.SECOND_VISA).document
    assert paper.state == S.SECOND_VISA and images.path(crop) and crop not in pages
    assert extracts.last_reason(paper, desk["c"].pk) == "surcharge"
    visa = sign_in(make_person("visa", "superviseur")).get(DESK.format(register.code, "visa"))
    (shown, free, image, reason) = visa.context["rows"][0]
    assert (shown.pk, [v for _no, _label, v in free], image, reason) == (paper.pk, [77], crop, "surcharge")


def test_the_end_of_the_code_is_compared_before_the_figures(register, desk, client, sign_in):  # noqa: F811
    paper = tally.receive(contest=register, station="KAY-001", by=desk["reception"])
    scanning.give(contest=register, name="n.pdf", content=form_pages(register, "KAY-001"), by=desk["scan"])
    web = sign_in(desk["a"])
    web.get(DESK.format(register.code, "saisie"))
    draft = f"/resultats/centralisation/{register.code}/saisie/brouillon"
    assert web.post(draft, {"paper": paper.pk, "tail": "y001"}).json()["tail"] == ""
    said = web.post(draft, {"paper": paper.pk, "tail": "Y002"}).json()
    assert "Y002" in said["tail"] and said["kept"]


# --- reception ----------------------------------------------------------------------------
def test_a_paper_passed_twice_is_told_who_has_it_and_since_when(register, desk, client, sign_in):  # noqa: F811
    tally.receive(contest=register, station="kay-001", by=desk["reception"])
    with pytest.raises(AlreadyHere) as refused:
        tally.receive(contest=register, station="KAY-001", by=make_person("autre", "reception"))
    assert refused.value.params["who"] == "reception" and refused.value.params["state"] == STATE_LABELS[S.RECEIVED]
    page = sign_in(desk["reception"]).post(DESK.format(register.code, "reception"), {"code": "KAY-001", "reason": ""})
    assert page.status_code == refused.value.status and b"KAY-001" in page.content


def test_a_square_read_with_the_capitals_locked_is_the_same_square(register, desk):  # noqa: F811
    from kalata.tally.queries.formcodes import code_of

    station = register.stations.get(code="SEG-001")
    text = code_of(register, station, 1).text().swapcase()
    assert tally.receive(contest=register, station=text, by=desk["reception"]).station == station


def test_who_received_by_mistake_undoes_it_and_nobody_else(register, desk):  # noqa: F811
    paper = tally.receive(contest=register, station="KAY-001", by=desk["reception"])
    with pytest.raises(AlreadyHere):
        tally.undo_reception(paper_id=paper.pk, by=make_person("autre", "reception"))
    assert tally.undo_reception(paper_id=paper.pk, by=desk["reception"]).state == S.EXPECTED
    assert [p.to for p in paper.passages.all()] == [S.RECEIVED, S.EXPECTED], "both stay in the chain"
    again = tally.receive(contest=register, station="KAY-001", by=desk["reception"])
    tally.pass_on(paper_id=again.pk, to=S.INCIDENT, reason="illisible", by=desk["reception"])
    tally.receive(contest=register, station="KAY-001", by=desk["reception"], reason="retrouvé")
    with pytest.raises(NotFirst):
        tally.undo_reception(paper_id=paper.pk, by=desk["reception"])


def test_nothing_is_undone_once_the_paper_has_gone_on(register, desk):  # noqa: F811
    paper = tally.receive(contest=register, station="KAY-001", by=desk["reception"])
    scanning.give(contest=register, name="n.pdf", content=form_pages(register, "KAY-001"), by=desk["scan"])
    with pytest.raises(Illegal):
        tally.undo_reception(paper_id=paper.pk, by=desk["reception"])


# --- stray pages --------------------------------------------------------------------------
def blank(register, desk) -> Scan:  # noqa: F811
    from PIL import Image

    out = io.BytesIO()
    Image.new("L", (400, 600), 240).save(out, "PNG")
    scanning.give(contest=register, name="p.png", content=out.getvalue(), by=desk["scan"])
    return Scan.objects.get(paper=None)


def test_a_junk_page_is_set_aside_with_a_reason_and_taken_up_again(register, desk):  # noqa: F811
    page = blank(register, desk)
    with pytest.raises(Refused) as refused:
        junk.discard(scan_id=page.pk, reason=" ", by=desk["scan"])
    assert refused.value.code == "RES-439" and len(scanning.waiting(register)) == 1
    junk.discard(scan_id=page.pk, reason="page blanche", by=desk["scan"])
    assert scanning.waiting(register) == [] and [s.pk for s in junk.discarded(register)] == [page.pk]
    junk.restore(scan_id=page.pk, by=desk["scan"])
    assert [s.pk for s in scanning.waiting(register)] == [page.pk]


def test_a_page_turned_is_a_new_image_and_the_first_one_stays(register, desk):  # noqa: F811
    page = blank(register, desk)
    first = page.sha256
    assert junk.turn(scan_id=page.pk, degrees=90, by=desk["scan"]) is None
    page.refresh_from_db()
    assert page.sha256 != first and images.path(first) and images.path(page.sha256)
    with pytest.raises(images.BadImage):
        junk.turn(scan_id=page.pk, degrees=45, by=desk["scan"])


# --- review -------------------------------------------------------------------------------
ODD = replace(GOOD, votes=(193, 1, 1))
"""One list has nearly every vote: a warning, and no error."""


def under_review(register, desk, code, sheet=ODD):  # noqa: F811
    from tests.services.test_tally import scanned

    scanned(register, desk, code)
    entered(register, desk, "a", sheet)
    return entered(register, desk, "b", sheet)


def test_papers_with_one_same_warning_are_answered_together_and_an_error_never(register, desk, client, sign_in):  # noqa: F811
    one, two = (under_review(register, desk, c) for c in ("KAY-001", "KAY-002"))
    assert one.state == S.UNDER_REVIEW and one.errors == [] and len(one.warnings) == 1
    wrong = under_review(register, desk, "SEG-001", WRONG)
    assert wrong.errors
    code = one.warnings[0]
    web, address = sign_in(desk["e"]), DESK.format(register.code, "controle")
    page = web.get(f"{address}?constat={code}&pv={one.pk}")
    assert page.context["one"].pk == one.pk and page.context["after"] and not page.context["two"]
    papers = {p.pk: p.last_hash for p in (one, two, wrong)}
    with pytest.raises(Lacks):
        passing.answer_together(papers=papers, finding=code, reason=" ", by=desk["e"])
    assert passing.answer_together(papers={one.pk: "0" * 64}, finding=code, reason="r", by=desk["e"]) == 0
    assert passing.answer_together(papers=papers, finding=code, reason="vote d’un village", by=desk["e"]) == 2
    assert [p.reason for p in one.passages.filter(to=S.CHECKED)] == ["vote d’un village"]
    assert finding_queries.reasons(register) == ["vote d’un village"]
    wrong.refresh_from_db()
    assert wrong.state == S.UNDER_REVIEW
    sent = {"paper": wrong.pk, "seen": wrong.last_hash, "constat": "", "to": "checked", "reason": ""}
    refused = web.post(address, sent)
    assert refused.status_code == Lacks.status and refused.context["one"].pk == wrong.pk, "said in place"
    asked = web.post(address, {**sent, "reason": "le papier est ainsi"})
    assert asked.status_code == 302 and len(passing.pending(wrong)) == 1
    with pytest.raises(AlreadyAsked):
        passing.ask_second(paper_id=wrong.pk, to=S.CHECKED, reason="encore", by=desk["e2"])


def test_a_recall_without_its_document_is_refused_when_it_is_asked(register, desk):  # noqa: F811
    paper = validated(typed(register, desk), desk["f"])
    states = Paper.objects.filter(pk=paper.pk)
    with pytest.raises(Lacks):
        passing.ask_second(paper_id=paper.pk, to=S.RECALLED, reason=" ", by=make_person("rappel", "superviseur"))
    assert states.get().state == S.VALIDATED


# --- commission and supervision -----------------------------------------------------------
def test_the_commission_reads_the_figures_it_validates(register, desk, client, sign_in):  # noqa: F811
    paper = typed(register, desk)
    sitting = in_session(register, desk["f"])
    page = sign_in(desk["f"]).get(f"/resultats/centralisation/{register.code}/commission/{sitting.pk}/")
    (shown, values) = page.context["waiting"][0]
    assert shown.pk == paper.pk and list(GOOD.votes) == values[-len(GOOD.votes) :] and page.context["adds"] == values


def test_the_supervisor_takes_a_paper_back_and_another_clerk_gets_it(register, desk):  # noqa: F811
    from tests.services.test_tally import scanned

    scanned(register, desk)
    paper = tally.claim_next(contest=register, right="results.enter", by=desk["a"])
    chief = make_person("chef", "superviseur")
    with pytest.raises(Forbidden):
        freeing.free(paper_id=paper.pk, reason="absente", by=desk["b"])
    with pytest.raises(Lacks):
        freeing.free(paper_id=paper.pk, reason="", by=chief)
    seen = paper.last_hash
    freed = freeing.free(paper_id=paper.pk, reason="absente", by=chief, seen=seen)
    assert freed.state == S.SCANNED and freed.holder is None
    assert "chef : absente" in freed.passages.order_by("pk").last().reason
    with pytest.raises(Refused) as stale:
        freeing.free(paper_id=paper.pk, reason="encore", by=chief, seen=seen)
    assert stale.value.code == "RES-416"
    assert tally.claim_next(contest=register, right="results.enter", by=desk["b"]).pk == paper.pk


def test_what_is_in_arbitration_counts_as_a_difference(register, desk):  # noqa: F811
    typed(register, desk, GOOD, OTHER)
    found = staffing.apart(register, timezone.now() - timedelta(hours=1), EVERYWHERE)
    assert (found.pairs, found.differing, found.waiting) == (1, 1, 1)
    assert staffing.in_dispute(register, EVERYWHERE) == {"saisie-a": 1, "saisie-b": 1}
    assert "arbitre" in staffing.standby(register, timezone.now(), EVERYWHERE)["results.arbitrate"]


def test_papers_are_listed_by_area_finding_and_age(register, desk, client, sign_in):  # noqa: F811
    paper = under_review(register, desk, "KAY-001")
    web, address = sign_in(make_person("chef", "superviseur")), DESK.format(register.code, "pv")

    def rows(query):
        return [p.pk for p in web.get(f"{address}?{query}").context["list"].page.object_list]

    assert rows(f"constat={paper.warnings[0]}") == [paper.pk] and rows("constat=E02") == []
    assert paper.pk in rows("zone=Kayes") and rows("zone=Nulle part") == []
    assert rows("heures=1") == []
