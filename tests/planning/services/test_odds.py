"""The draws of a version: kept with the content they were made on, stopped, made again after a killed worker, signed as they were read."""

from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction

from kalata.ledger.models import Act
from kalata.people.models import Approval
from kalata.people.rules.shown import PageMoved
from kalata.planning.calendars import calendar_named
from kalata.planning.models import OddsRun
from kalata.planning.pages.odds import shown
from kalata.planning.queries import content
from kalata.planning.queries import odds as queries
from kalata.planning.rules import telling, whatif
from kalata.planning.rules.odds import Asked, run_of
from kalata.planning.rules.refusals import AlreadyDrawing, NotDrawing
from kalata.planning.services import approving, editing, odds
from kalata.refusals import Forbidden
from tests.conftest import make_person
from tests.planning.conftest import small

pytestmark = pytest.mark.django_db


@pytest.fixture
def first(election):
    one = small(election, "A 5 cd", "B 20 cd A", "C 10 cd A", "D 1 cd B;C")
    one.activities.filter(code="D").update(type="event", anchor="J1")
    one.activities.filter(code="B").update(optimistic=10, pessimistic=40)
    return one


@pytest.fixture
def waiting(monkeypatch):
    """Draws asked for stay in the queue."""
    task = odds.draw_odds
    monkeypatch.setattr(odds, "draw_odds", SimpleNamespace(enqueue=lambda pk: None, func=task.func))


def test_a_run_says_the_figures_of_simulate_and_odds_to_the_letter(draft, planner):
    run = odds.ask(version=draft, by=planner)
    run.refresh_from_db()
    plan, cal = queries.plan_of(draft)
    pure = run_of(plan, cal, Asked(odds.DRAWS, odds.SEED, targets=("A05", "B12")))
    told = telling.record(pure)
    kept = run.figures["plain"]
    assert kept["milestones"] == told["milestones"] and kept["cost"] == told["cost"]
    assert kept["legal"] == whatif.legal(pure, draft.j1, draft.j2)
    assert kept["windows"] == whatif.by_window(pure, plan.places["A05"])


def test_with_the_annual_revision_there_are_two_chances_and_not_one_percentile(draft, planner):
    odds.ask(version=draft, by=planner)
    seen = shown(queries.of_content(draft, content.sha256(draft)), {}, {}, {})
    one, other = seen["parts"]
    assert seen["parted"] and one.opens.year == 2026 and other.opens.year == 2027
    assert one.odd.chance + other.odd.chance == 1 and (other.days[1] - one.days[1]).days > 300


def test_same_content_same_bytes_and_the_ledger_names_the_figures(first, planner):
    marks = {odds.ask(version=first, by=planner).pk for _ in range(2)}
    runs = OddsRun.objects.filter(pk__in=marks)
    assert len(marks) == 2 and len({r.figures_sha256 for r in runs}) == 1
    acts = Act.objects.filter(kind__startswith="planning.odds").order_by("pk").values_list("kind", flat=True)
    assert list(acts) == ["planning.odds_asked", "planning.odds_drawn"] * 2


def test_a_draft_that_changes_has_no_odds_any_more(first, planner):
    odds.ask(version=first, by=planner)
    assert queries.of_content(first, content.sha256(first))
    editing.change(version=first, code="A", new={"dur_pessimistic": "9"}, by=planner)
    assert queries.of_content(first, content.sha256(first)) is None and queries.last_whole(first)


def test_a_page_that_showed_other_content_asks_nothing(first, planner):
    with pytest.raises(PageMoved):
        odds.ask(version=first, by=planner, seen="0" * 64)


def test_one_run_at_a_time_also_for_the_database(first, planner, waiting):
    odds.ask(version=first, by=planner)
    with pytest.raises(AlreadyDrawing):
        odds.ask(version=first, by=planner)
    with pytest.raises(IntegrityError), transaction.atomic():
        OddsRun.objects.create(version=first, sha256="a" * 64, draws=1, seed=1, by=planner)


def test_what_was_stopped_stays_stopped_and_has_no_figure(first, planner, waiting):
    run = odds.ask(version=first, by=planner)
    stopped = odds.stop(version=first, by=planner)
    odds.draw(run)
    odds.end(run, figures={"plain": {}})
    run.refresh_from_db()
    assert run.figures is None and run.stopped_at == stopped.stopped_at
    with pytest.raises(NotDrawing):
        odds.stop(version=first, by=planner)


def test_a_run_asked_before_the_draft_moved_says_so_and_gives_nothing(first, planner, waiting):
    run = odds.ask(version=first, by=planner)
    editing.change(version=first, code="A", new={"dur_pessimistic": "9"}, by=planner)
    odds.draw(run)
    run.refresh_from_db()
    assert run.figures is None and "a changé" in run.fault


def test_a_job_done_again_after_a_kill_gives_the_same_and_once(first, planner, waiting):
    run = odds.ask(version=first, by=planner)
    run.refresh_from_db()
    figures = odds.drawn(run, first)
    odds.draw_odds.func(run.pk)
    odds.draw_odds.func(run.pk)
    run.refresh_from_db()
    assert run.figures["plain"] == figures["plain"] and Act.objects.filter(kind="planning.odds_drawn").count() == 1


def test_who_only_reads_plans_asks_no_draws(first):
    with pytest.raises(Forbidden):
        odds.ask(version=first, by=make_person("lecteur", "auditeur"))


def test_a_submission_has_the_odds_drawn_and_who_approves_reads_those_of_the_endorsement(
    first, planner, money, committee
):
    approving.submit(version=first, reason="prête", by=planner)
    run = queries.of_content(first, first.odds.get().sha256)
    asked = approving.endorse(version=first, reason="vu", by=money)
    assert asked.payload["odds"] == run.pk
    odds.ask(version=first, by=money)
    said = next(i for i in approving.picture_of(Approval.objects.get()).items if i.title == "Chances")
    assert f"{run.figures_sha256[:12]}" in said.note.text("fr") and any("D" in str(line.label) for line in said.lines)


def test_a_version_endorsed_before_its_draws_says_so_for_ever(first, planner, money, waiting):
    approving.submit(version=first, reason="prête", by=planner)
    approving.endorse(version=first, reason="vu", by=money)
    odds.draw(first.odds.get())
    said = next(i for i in approving.picture_of(Approval.objects.get()).items if i.title == "Chances")
    assert not said.lines and "pas calculées" in str(said.note)


def test_a_change_is_drawn_beside_the_version_it_comes_from(first, planner, money, committee):
    from kalata.people.rules.approval import Decision
    from kalata.people.services import decide_approval
    from kalata.planning.services import versions

    approving.submit(version=first, reason="prête", by=planner)
    asked = approving.endorse(version=first, reason="vu", by=money)
    decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=committee)
    draft = versions.open_draft(plan=first.plan, by=planner)
    editing.change(version=draft, code="B", new={"dur_pessimistic": "400"}, by=planner)
    approving.submit(version=draft, reason="retard", by=planner)
    figures = draft.odds.get().figures
    assert figures["base_number"] == 1 and figures["base"]["milestones"] != figures["plain"]["milestones"]
    calendar = calendar_named("ml", first.t0)
    assert calendar.day(figures["plain"]["p90"]["D"]) > calendar.day(figures["base"]["p90"]["D"])
