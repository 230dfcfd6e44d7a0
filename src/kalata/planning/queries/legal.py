"""The dates of the law for a polling day, by the deadlines engine: nothing here is typed."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from kalata.country import packs
from kalata.country.models import PackVersion
from kalata.deadlines import queries as deadlines
from kalata.deadlines.rules.calendar import build
from kalata.deadlines.rules.feasibility import Answer, Problem, sentence, solve
from kalata.deadlines.rules.lawbook import Lawbook
from kalata.deadlines.rules.lines import VOTE, Given, LegalCalendar, Line, Moment, Standing
from kalata.deadlines.rules.moments import local_day
from kalata.deadlines.rules.possible import problem_of
from kalata.deadlines.rules.wording import say_rule
from kalata.planning.models import Plan, PlanVersion
from kalata.planning.rules.legal import Computed, Tie, anchored
from kalata.planning.rules.sheet import Cells, Sheet
from kalata.text import Message, Named


@lru_cache(maxsize=64)
def calendar(sha256: str, family: str, rounds: int, j1: date) -> tuple[LegalCalendar, Given]:
    """Every line of the law for this polling day. The pack never changes under its digest."""
    pack = PackVersion.objects.get(sha256=sha256).pack
    tz = deadlines.zone_name(pack)
    given = Given(
        rounds=rounds, tz=tz, events={(VOTE, 1): Moment(j1, j1, Standing.PLANNED)},
        days_off=deadlines.days_off(pack, j1.year - 2, j1.year + 6),
    )  # fmt: skip
    return build(deadlines.book_of_sha(sha256), family, given), given


def lines(plan: Plan, j1: date) -> dict[str, Line]:
    legal, _given = calendar(plan.election.pack.sha256, plan.family, plan.rounds, j1)
    return {line.key: line for line in legal.lines}


def second_round(plan: Plan, j1: date) -> date | None:
    """The day of the second round as the texts give it; None where they do not."""
    legal, given = calendar(plan.election.pack.sha256, plan.family, plan.rounds, j1)
    moment = legal.moments.get((VOTE, 2))
    return local_day(moment.early, given.tz) if moment else None


def conflicts(plan: Plan, j1: date) -> list[list[tuple[Line, Named]]]:
    """The texts in force that do not say the same date, each line with the title of its text."""
    sha = plan.election.pack.sha256
    legal, _given = calendar(sha, plan.family, plan.rounds, j1)
    book = deadlines.book_of_sha(sha)
    return [[(line, book.text_name(line.norm.law)) for line in c.lines] for c in legal.conflicts]


def ties(pack_code: str, family: str) -> list[Tie]:
    rows = packs.table(pack_code, f"planning/norms-{family}.csv")
    return [Tie(r["activity"], r["norm"], r["side"], r.get("note", "")) for r in rows]


def families(pack_code: str) -> list[str]:
    """The kinds of election for which this pack brings a reference plan."""
    folder = packs.PACKS / pack_code / "planning"
    return sorted(p.stem.removeprefix("activities-") for p in folder.glob("activities-*.csv"))


def computed(plan: Plan, j1: date) -> dict[str, Computed]:
    """Each line of the law by its key: the day it gives (None: it gives none), its text and article."""
    legal, _given = calendar(plan.election.pack.sha256, plan.family, plan.rounds, j1)
    book = deadlines.book_of_sha(plan.election.pack.sha256)
    return {line.key: of_line(line, book) for line in legal.lines}


def of_line(line: Line, book: Lawbook) -> Computed:
    limit = line.limit
    return Computed(
        line.key, limit.day if limit else None, book.text_name(line.norm.law).text("fr"), line.norm.article,
        line.norm.verified, line.norm.what.fr, say_rule(line.norm, book.events).text("fr"),
    )  # fmt: skip


def dated(version: PlanVersion, sheet: Sheet) -> list[Cells]:
    """The rows with the anchors of the law for the polling days of a version."""
    plan = version.plan
    found = computed(plan, version.j1)
    return anchored(sheet, ties(plan.election.pack.code, plan.family), found, version.j1, version.j2)


def together(plan: Plan, j1: date) -> tuple[Answer, list[Message]]:
    """Whether the norms hold together for this polling day, and that in words."""
    answer, problem = shortfall(plan, j1)
    return answer, sentence(answer, problem)


def shortfall(plan: Plan, j1: date) -> tuple[Answer, Problem]:
    """Whether the norms hold together for this polling day; where not, the smallest set that conflicts and the days short."""
    _legal, given = calendar(plan.election.pack.sha256, plan.family, plan.rounds, j1)
    problem = problem_of(deadlines.book_of_sha(plan.election.pack.sha256), plan.family, given, observed=True)
    return solve(problem), problem
