"""Which manual somebody held: print runs, what went out, and what a source gives now."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from kalata.training import manuals
from kalata.training.models import ManualHandover, PrintRun
from kalata.training.queries import classes as class_queries
from kalata.training.queries import procedures
from kalata.training.rules.procedures import State
from kalata.training.sources import law_named


def made_of(code: str, role: str, language: str) -> manuals.Made | None:
    """The manual of a role as its source stands: a draft as long as one of its procedures is not approved."""
    whole = procedures.source(code)
    if whole is None:
        return None
    read = procedures.assembled(whole)
    if role not in read.roles() or language not in read.languages():
        return None
    draft = any(p.status != State.APPROVED for p in read.of(role))
    return manuals.every(read, law_named(read.pack), [role], [language], draft=draft)[0]


def runs(person: Any) -> QuerySet[PrintRun]:
    return PrintRun.objects.select_related("by").annotate(
        out=Sum("handovers__copies"), places=Count("handovers", distinct=True)
    )


def run_for(pk: int) -> PrintRun | None:
    return PrintRun.objects.filter(pk=pk).first()


def handovers(person: Any, text: str = "") -> QuerySet[ManualHandover]:
    """What went out to classes that one may see; text: a class, a place, a trainer, a station, a code of page."""
    found = ManualHandover.objects.select_related(
        "run", "training_class__contest", "training_class__unit", "taken_by", "by"
    )
    found = found.filter(training_class__contest__in=[c.pk for c in class_queries.contests_planned(person)])
    if text:
        held = (
            Q(training_class__seats__post__body__iexact=text)
            | Q(taken_by__username__iexact=text)
            | Q(taken_by__full_name__icontains=text)
        )
        code = text.replace("-", "").lower()
        paged = [
            run.pk
            for run in PrintRun.objects.only("pages")
            if code in {str(p["code"]).replace("-", "") for p in run.pages}
        ]
        found = found.filter(
            held
            | Q(run__in=paged)
            | Q(training_class__code__iexact=text)
            | Q(training_class__area__iexact=text)
            | Q(run__number__iexact=text)
        ).distinct()
    return found


def of_class(one: Any) -> QuerySet[ManualHandover]:
    return ManualHandover.objects.filter(training_class=one).select_related("run", "taken_by")


def print_order(person: Any, contest: Any, per_person: int) -> list[tuple[str, str, str, str, int, int]]:
    """Copies that each class needs: (class, first day, place, language, people, copies)."""
    found: Any = (
        class_queries.classes(person).filter(contest=contest).exclude(state="cancelled").order_by("first", "code")
    )
    return [
        (c.code, c.first.isoformat(), f"{c.area}, {c.venue}", c.language, c.expected, c.expected * per_person)
        for c in found
    ]
