"""What a second person is shown of the totals is what everybody reads: a contest of which a part is public, a part not."""

import hashlib
import json
import re
from dataclasses import replace

import pytest

from kalata.country.models import Contest, Unit
from kalata.people import approving
from kalata.people import services as people
from kalata.people.models import Approval
from kalata.people.rules.approval import Decision, Outdated
from kalata.results.queries import board as boards
from kalata.results.rules.outcome import outcome_record
from kalata.results.services import announcing
from kalata.results.services import contests as services
from kalata.tally.rules.lifecycle import State as S
from kalata.tally.services import batches as publishing
from kalata.tally.services import reports as tally
from tests.conftest import make_person
from tests.hostile.pictures import plain_pdf
from tests.services.test_tally import GOOD, a_picture, desk, entered, register, typed, validated  # noqa: F401

pytestmark = pytest.mark.django_db
FLIPS = replace(GOOD, votes=(5, 155, 35))


def approved(request, by):
    return people.decide_approval(approval_id=request.pk, to=Decision.APPROVED, by=by)


def fresh(contest):
    return Contest.objects.get(pk=contest.pk)


def another(contest, desk, sheet, code):  # noqa: F811
    """A paper of another station, validated and waiting for its batch."""
    paper = tally.receive(contest=contest, station=code, by=desk["reception"])
    tally.scan(paper_id=paper.pk, image=a_picture(), by=desk["scan"])
    entered(contest, desk, "a", sheet)
    return validated(entered(contest, desk, "b", sheet), desk["f"])


@pytest.fixture
def half(register, desk, supervisor, publisher):  # noqa: F811
    """KAY-001 is public (100, 60, 35); SEG-001 (5, 155, 35) is validated and nobody but the staff may read it."""
    validated(typed(register, desk), desk["f"])
    approved(publishing.ask_batch(contest=register, document="d", note="", by=supervisor), publisher)
    another(fresh(register), desk, FLIPS, "SEG-001")
    return fresh(register)


def rows_of(request):
    return {r.label: (r.before, r.after) for r in approving.picture_of(request).effect.rows}


def figures_on(page: str) -> set[str]:
    return set(re.findall(r">\s*(?:−|\+)?(\d+)\s*<", page))


def test_the_first_batch_starts_from_nothing(register, desk, supervisor):  # noqa: F811
    validated(typed(register, desk), desk["f"])
    request = publishing.ask_batch(contest=register, document="d", note="", by=supervisor)
    assert rows_of(request) == {"Le baobab": (0, 100), "La pirogue": (0, 60), "La calebasse": (0, 35)}
    assert approving.picture_of(request).effect.says == "Premiers chiffres publics de ce scrutin."


def test_a_batch_that_turns_the_public_order_says_so(half, supervisor):
    request = publishing.ask_batch(contest=half, document="d2", note="", by=supervisor)
    assert rows_of(request) == {"La pirogue": (60, 215), "Le baobab": (100, 105), "La calebasse": (35, 70)}
    effect = approving.picture_of(request).effect
    assert effect.says == "L’issue du scrutin change." and not effect.calm


def test_a_recall_leaves_what_everybody_will_still_read(half, supervisor):
    paper = half.papers.get(station__code="KAY-001")
    request = tally.ask_second(paper_id=paper.pk, to=S.RECALLED, reason="r", document="d", by=supervisor)
    assert rows_of(request) == {"Le baobab": (100, 0), "La pirogue": (60, 0), "La calebasse": (35, 0)}


@pytest.mark.parametrize("role", ["asks", "decides"])
def test_a_member_of_one_region_reads_no_unpublished_figure_of_another_on_a_request(
    sign_in,
    half,
    supervisor,
    role,
):
    member = make_person("kay", "commission", unit=Unit.objects.get(code="ML-KAY", geography__code="ml-2015"))
    paper = half.papers.get(station__code="KAY-001")
    by = member if role == "asks" else supervisor
    request = tally.ask_second(paper_id=paper.pk, to=S.RECALLED, reason="r", document="d", by=by)
    page = sign_in(member).get(f"/personnes/approbations/{request.pk}/").content.decode()
    assert "100" in figures_on(page)
    assert not figures_on(page) & {"105", "215", "70", "155"}


def test_a_request_to_publish_the_contest_shows_what_will_be_public_and_not_what_waits(half, supervisor):
    request = services.ask_publication(contest=half, reason="r", by=supervisor)
    picture = approving.picture_of(request)
    assert {r.label: r.after for r in picture.effect.rows} == {"Le baobab": 100, "La pirogue": 60, "La calebasse": 35}
    assert picture.facts["counted"] == 1
    assert [line.after for item in picture.items for line in item.lines] == [1]
    assert "1 procès-verbal validé ne paraîtra qu’avec son lot." in [
        n.text("fr") for n in picture.effect.notes[1:]
    ]


def test_a_contest_withdrawn_is_shown_as_it_will_be_public_again(half, supervisor, publisher):
    approved(services.ask_withdrawal(contest=half, reason="r", by=supervisor), publisher)
    request = services.ask_publication(contest=fresh(half), reason="r", by=supervisor)
    assert rows_of(request) == {"Le baobab": (100, 100), "La pirogue": (60, 60), "La calebasse": (35, 35)}
    assert approving.picture_of(request).effect.calm


def test_a_paper_validated_meanwhile_does_not_move_a_request_to_publish_what_it_is_not_part_of(
    register,  # noqa: F811
    half,
    desk,  # noqa: F811
    supervisor,
    publisher,
):
    request = services.ask_publication(contest=half, reason="r", by=supervisor)
    another(half, desk, GOOD, "SEG-002")
    approved(request, publisher)
    public = fresh(half)
    public.eyes = ()
    assert boards.board(public).votes == {"Le baobab": 100, "La pirogue": 60, "La calebasse": 35}


def test_the_outcome_declared_is_the_one_everybody_reads(half, desk, supervisor, publisher):  # noqa: F811
    for code in ("KAY-002", "SEG-002"):
        another(half, desk, FLIPS, code)
    public = fresh(half)
    public.eyes = ()
    shown, whole = boards.board(public).outcome, boards.board(fresh(half)).outcome
    assert (shown.status, shown.options) != (whole.status, whole.options)
    request = announcing.ask_declaration(
        contest=fresh(half), stage="provisional", content=plain_pdf(), act="a", by=supervisor
    )
    said = json.dumps(outcome_record(shown), sort_keys=True, ensure_ascii=False)
    assert request.payload["outcome"] == hashlib.sha256(said.encode()).hexdigest() == request.facts["outcome"]
    assert rows_of(request) == {"Le baobab": (100, 100), "La pirogue": (60, 60), "La calebasse": (35, 35)}


def test_a_declaration_falls_when_a_public_figure_moves_and_not_when_another_paper_is_validated(
    half,
    desk,  # noqa: F811
    supervisor,
    publisher,
):
    request = announcing.ask_declaration(contest=half, stage="provisional", content=plain_pdf(), act="a", by=supervisor)
    another(half, desk, GOOD, "SEG-002")
    assert approving.picture_of(request).digest() == request.sha256
    approved(publishing.ask_batch(contest=fresh(half), document="d2", note="", by=supervisor), publisher)
    with pytest.raises(Outdated):
        approved(Approval.objects.get(pk=request.pk), publisher)
