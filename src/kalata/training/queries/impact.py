"""What rests on a version of an article: steps, pages, questions; classes that held a touched page, and certificates of its roles."""

from __future__ import annotations

from dataclasses import dataclass

from kalata.training.manuals import every
from kalata.training.models import (
    Certificate,
    ManualHandover,
    ManualSource,
    ProcedureComment,
    ProcedureVersion,
    TestForm,
)
from kalata.training.queries.procedures import assembled, standing_of
from kalata.training.rules.classes_states import Badge
from kalata.training.rules.manuals.impact import Touched, touched
from kalata.training.sources import law_named


@dataclass(frozen=True, slots=True)
class Impact:
    """procedures: (version that stands, its touched elements). classes: codes of those that took a touched page; certificates: valid ones of a touched role."""

    hit: Touched
    procedures: tuple[tuple[ProcedureVersion, tuple[str, ...]], ...]
    classes: tuple[str, ...]
    certificates: tuple[str, ...]


def articles(source: ManualSource) -> list[str]:
    """Every version of an article that the standing procedures cite."""
    read = assembled(source)
    return sorted({str(b) for p in read.procedures for s in p.steps for b in s.basis})


def of(source: ManualSource, asked: list[str]) -> Impact:
    read = assembled(source)
    some = every(read, law_named(read.pack), read.roles(), read.languages(), draft=True)
    hit = touched(read, asked, [p for made in some for p in made.pages], [f for made in some for f in made.files])
    elements = {*hit.steps, *hit.branches, *hit.items}
    found = {
        v.procedure.code: v
        for v in standing_of(
            ProcedureVersion.objects.filter(procedure__source=source).select_related("procedure")
        ).values()
    }
    procedures = []
    for p in read.procedures:
        own = tuple(
            sorted(
                {s.id for s in p.steps} & elements
                | {b.id for b in p.branches} & elements
                | {i.id for i in p.items} & elements
            )
        )
        if own and p.id in found:
            procedures.append((found[p.id], own))
    pages = set(hit.pages)
    runs = [
        h
        for h in ManualHandover.objects.select_related("run", "training_class")
        if any(page["id"] in pages for page in h.run.pages)
    ]
    served = set(TestForm.objects.filter(role__in=hit.roles).values_list("certificate", flat=True)) | set(hit.roles)
    certificates = (
        Certificate.objects.filter(role__in=served)
        .exclude(state=Badge.REVOKED)
        .order_by("number")
        .values_list("number", flat=True)
    )
    return Impact(hit, tuple(procedures), tuple(sorted({h.training_class.code for h in runs})), tuple(certificates))


def open_tasks(found: Impact, mark: str) -> int:
    """Remarks that this change opened and that wait for an answer."""
    return ProcedureComment.objects.filter(
        version__in=[v for v, _own in found.procedures], text__startswith=mark, resolved_at=None
    ).count()
