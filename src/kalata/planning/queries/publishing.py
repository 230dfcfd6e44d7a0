"""What of a plan everybody reads, as it was published; and what a publication would show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, QuerySet, Subquery

from kalata.people.models import Approval
from kalata.planning.models import Plan, PlanVersion, Publication
from kalata.planning.queries import legal
from kalata.planning.queries.schedule import dates
from kalata.planning.rules.plan import Type
from kalata.planning.rules.publishing import Day, Edition, Span, days_of

KIND = "planning.publication"
PUBLIC = frozenset({Type.EVENT, Type.LEGAL, Type.MILESTONE})


@dataclass(frozen=True)
class Shown:
    days: list[Day]
    phases: list[Span]


def of_version(version: PlanVersion) -> Shown:
    """The public dates of a version: those that its page shows, with the text that the engine names."""
    found, known = dates(version), legal.computed(version.plan, version.j1)
    held = {one.id: one for one in found.schedule.anchors}
    days: list[Day] = []
    spans: dict[str, list[tuple[date, date]]] = {}
    for i, cells in enumerate(found.sheet):
        a = found.schedule.plan.activities[i]
        first, last = found.start(i), found.last(i)
        spans.setdefault(a.phase, []).append((first, last))
        if a.type not in PUBLIC:
            continue
        line = known.get(cells.get("norm", ""))
        law = ", ".join(x for x in (line.law, line.article) if x) if line else ""
        anchor = held.get(a.id)
        term = found.schedule.calendar.day(anchor.required).isoformat() if anchor else ""
        days.append(Day(
            a.id, a.type.value, a.name_fr or a.id, a.name_en, first.isoformat(), last.isoformat(), a.anchor.text if a.anchor else "",
            law, bool(line and line.verified), a.phase, term, bool(anchor and anchor.missed),
        ))  # fmt: skip
    phases = [
        Span(name, min(f for f, _l in each).isoformat(), max(last for _f, last in each).isoformat(), len(each))
        for name, each in spans.items()
    ]
    return Shown(sorted(days, key=lambda d: (d.first, d.last, d.code)), phases)


def latest() -> QuerySet[Publication]:
    """The last publication of each plan, the newest first."""
    last = Publication.objects.filter(plan=OuterRef("plan")).order_by("-number").values("pk")[:1]
    return Publication.objects.filter(pk=Subquery(last)).select_related("plan__election", "version")


def of_plan(code: str) -> Publication | None:
    return latest().filter(plan__code=code).first()


def editions(plan: Plan) -> list[Edition]:
    """Every publication of a plan, the oldest first."""
    return [Edition(one.number, one.at, days_of(one.rows)) for one in plan.publications.order_by("number")]


def asked(version: PlanVersion) -> Approval | None:
    return Approval.objects.filter(kind=KIND, state="waiting", payload__version=version.pk).first()


def mark() -> list[tuple[object, ...]]:
    """What a public page of plans was drawn on (`Urls.crowd`)."""
    return list(Publication.objects.order_by("pk").values_list("pk", "plan__name"))
