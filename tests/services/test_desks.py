"""What the desks do with one paper: its lines framed at reading, a duplicate named, a mistake undone, junk set aside."""

import io

import pytest

from kalata.refusals import Refused
from kalata.results import images
from kalata.tally.models import Scan
from kalata.tally.queries import placing
from kalata.tally.rules.lifecycle import STATE_LABELS, Illegal, Lacks, State
from kalata.tally.rules.stops import AlreadyHere, NotFirst
from kalata.tally.services import extracts, junk, scanning
from kalata.tally.services import reports as tally
from kalata.tally.views.common import Lines
from tests.conftest import make_person
from tests.services.test_centre import form_pages
from tests.services.test_tally import GOOD, OTHER, desk, entered, register  # noqa: F401

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
