"""What was said of the approved plan while it is done, limited to what this person reads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max, Sum

from kalata.country.models import Unit
from kalata.people.queries import reach, today
from kalata.people.rules.shown import mark
from kalata.planning.models import Plan, PlanVersion, Progress
from kalata.planning.queries import content, effects, plans
from kalata.planning.queries.schedule import dates
from kalata.planning.rules.forecast import Value, forecast
from kalata.planning.rules.money_steps import Paid
from kalata.planning.rules.progress import Earned, Planned, Said, Standing, earned_of, standings
from kalata.planning.rules.rights import PROGRESS


@dataclass(frozen=True)
class Doing:
    """The approved version of a plan, on a day: where each activity stands, and what was earned."""

    version: PlanVersion
    rows: list[Standing]
    earned: Earned
    today: date
    value: Value
    end: date
    """The last day of the plan that what was said makes likely; planned_end: that of the approved version."""
    planned_end: date

    @property
    def slips(self) -> int:
        return (self.end - self.planned_end).days

    @property
    def late(self) -> list[Standing]:
        return sorted((r for r in self.rows if r.late_to), key=lambda r: -r.days)

    @property
    def blocked(self) -> list[Standing]:
        return [r for r in self.rows if r.blocked]

    @property
    def done(self) -> int:
        return sum(r.done for r in self.rows)


def approved(person: Any) -> list[PlanVersion]:
    """The approved version of each plan this person sees, the newest first."""
    seen = plans.versions(person).filter(state="approved")
    return list(seen.select_related("plan__election__pack").defer("plan__election__pack__content").order_by("-pk"))


def said(plan: Plan, person: Any) -> list[Said]:
    """Sayings for the country, and those of the territories of the reader; all of them for who reads plans."""
    rows = plan.progress.select_related("unit__parent__parent", "by")
    mine = None if plans.reads(person) else reach(person, PROGRESS)
    out = []
    for row in rows:
        path = row.unit.path if row.unit else ()
        if row.unit and mine is not None and not any(path[: len(top)] == top for top in mine):
            continue
        out.append(of_row(row))
    return out


def said_of(plan: Plan, codes: Iterable[str]) -> list[tuple[Said, str, str]]:
    """What was said of some activities, with its territory's code and the mark of the page that brought it."""
    rows = plan.progress.filter(code__in=list(codes)).select_related("unit", "by")
    return [(of_row(row), row.unit.code if row.unit else "", row.page) for row in rows]


def merged(plan: Plan, digests: Sequence[str]) -> set[str]:
    """Of these lines, those that were merged already."""
    return set(plan.progress.filter(brought__in=digests).values_list("brought", flat=True))


def offline_rows(version: PlanVersion, unit: Unit | None, lang: str) -> list[dict[str, object]]:
    """The activities of the approved plan as a page without network carries them: what was last said in that territory, and its number."""
    found = dates(version)
    last: dict[str, Progress] = {}
    for row in version.plan.progress.filter(unit=unit).order_by("on", "pk"):
        last[row.code] = row
    newest = dict(version.plan.progress.filter(unit=unit).values_list("code").annotate(n=Max("pk")))
    return [
        {
            "code": c["id"], "name": found.schedule.plan.activities[i].name(lang), "start": found.start(i).isoformat(), "last": found.last(i).isoformat(),
            "evidence": c.get("evidence_required") == "1", "base": newest.get(c["id"], 0), "percent": last[c["id"]].percent if c["id"] in last else None,
        }
        for i, c in enumerate(found.sheet)
    ]  # fmt: skip


def of_row(row: Progress) -> Said:
    return Said(
        row.pk, row.code, row.unit.name if row.unit else "", row.on, row.percent, row.started, row.finished, row.blocked, row.note,
        row.evidence, row.by.full_name or row.by.username,
    )  # fmt: skip


def doing(version: PlanVersion, person: Any) -> Doing:
    found = dates(version)
    planned = [
        Planned(c["id"], found.schedule.plan.activities[i].name(), found.start(i), found.last(i), c.get("evidence_required") == "1")
        for i, c in enumerate(found.sheet)
    ]  # fmt: skip
    rows = standings(planned, said(version.plan, person), today())
    money = effects.budget(found, content.drivers(version))
    francs = {line.id: line.amount[1] for line in money.lines}
    earned = earned_of(rows, francs, today())
    plan = found.schedule
    for i, (row, finish) in enumerate(zip(rows, forecast(plan.net, plan.calendar, {r.code: r for r in rows}, today()), strict=True)):
        row.ahead = plan.calendar.day(finish - 1 if plan.net.days[i] else finish)
    ends = [row.ahead for row in rows if row.ahead]
    value = Value(earned.at, earned.planned, earned.earned, paid(version.plan) if plans.reads(person) else None)
    planned_end = max((row.planned.last for row in rows), default=today())
    return Doing(version, rows, earned, today(), value, max(ends, default=planned_end), planned_end)


def paid(plan: Plan) -> int | None:
    """Francs paid to this day; None where nothing was."""
    return plan.payments.filter(state=Paid.PAID, paid_on__lte=today()).aggregate(n=Sum("amount"))["n"]


def mark_of(plan: Plan, code: str) -> str:
    """What a page showed of an activity: the last that was said of it, anywhere."""
    last = plan.progress.filter(code=code).order_by("-pk").values_list("pk", flat=True).first()
    return mark(plan.code, code, last)


def unit_at(path: tuple[int, ...]) -> Unit | None:
    return Unit.objects.filter(pk=path[-1]).first() if path else None
