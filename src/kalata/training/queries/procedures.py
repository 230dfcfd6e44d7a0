"""Procedures as they are read: the list, the source assembled from the versions that stand, what is wrong with one of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet

from kalata.country import packs
from kalata.people.queries import may
from kalata.training.models import ManualSource, ProcedureComment, ProcedureVersion
from kalata.training.rules.procedure_yaml import head, written
from kalata.training.rules.procedures import ALIVE, State, without_keys
from kalata.training.rules.rights import READ, REVIEW, WRITE
from kalata.training.rules.source.findings import Finding, judged
from kalata.training.rules.source.law import Force, Law
from kalata.training.rules.source.reading import source_of
from kalata.training.rules.source.values import Basis, Source
from kalata.training.sources import law_named

UNKEYED = "# Without its questions: who writes or reviews procedures reads their right answers.\n"
TOLD = frozenset({"not_approved"})
"""What a review of the texts is not about: the review comes before the approval."""


def versions(person: Any) -> QuerySet[ProcedureVersion]:
    """The versions that this person may read, with what names them."""
    found = ProcedureVersion.objects.select_related("procedure__source", "base", "reviewed_by", "tested_by", "approved_by", "made_by")  # fmt: skip
    return found if may(person, READ) else found.none()


def standing(person: Any) -> QuerySet[ProcedureVersion]:
    """One version a procedure: the one on its way, or else the one approved, or else the last."""
    ids = [one.pk for one in standing_of(versions(person)).values()]
    return versions(person).filter(pk__in=ids)


def standing_of(found: QuerySet[ProcedureVersion]) -> dict[int, ProcedureVersion]:
    """By procedure. Rank: on its way, approved, the last."""
    best: dict[int, ProcedureVersion] = {}
    for one in found.defer("content").order_by("number"):
        old = best.get(one.procedure_id)
        if old is None or rank(one) >= rank(old):
            best[one.procedure_id] = one
    return best


def rank(one: ProcedureVersion) -> int:
    return 2 if one.state in ALIVE else 1 if one.state == State.APPROVED else 0


def listed(person: Any, *, q: str, role: str, phase: str, state: str, every: bool) -> QuerySet[ProcedureVersion]:
    """The list as its filters narrow it. every: each version, not one a procedure."""
    found = versions(person) if every else standing(person)
    if q:
        found = found.filter(Q(procedure__code__icontains=q) | Q(title_fr__icontains=q) | Q(title_en__icontains=q))
    if role:
        found = found.filter(roles__contains=f"|{role}|")
    if phase:
        found = found.filter(phase=phase)
    if state:
        found = found.filter(state=state)
    return found.order_by("procedure__file", "-number")


def roles_known() -> list[str]:
    found = ProcedureVersion.objects.values_list("roles", flat=True).distinct()
    return sorted({role for roles in found for role in roles.strip("|").split("|") if role})


def document(one: ProcedureVersion) -> dict[str, Any]:
    """The version as the value of its file."""
    return {**one.content, "version": one.number, "status": one.state}


def keyed(person: Any) -> bool:
    """Whether the right answers of questions are for this person: who writes or reviews them, never who only reads."""
    return may(person, WRITE) or may(person, REVIEW)


def content_for(person: Any, one: ProcedureVersion) -> dict[str, Any]:
    """The content as this person may read it."""
    return dict(one.content) if keyed(person) else without_keys(one.content)


def file_of(one: ProcedureVersion, *, keys: bool = True) -> str:
    """The file of a version: what the command reads. keys: with its questions, which hold their right answers."""
    if keys:
        return written(one.content, one.number, one.state)
    return UNKEYED + written({k: v for k, v in one.content.items() if k != "items"}, one.number, one.state)


def assembled(
    source: ManualSource, own: ProcedureVersion | None = None, chosen: Mapping[int, ProcedureVersion] | None = None
) -> Source:
    """The source with, of each procedure, the version that stands (chosen: these instead); `own` takes the place of its like."""
    found = chosen if chosen is not None else chosen_of(source)
    whole = {p.pk: p for p in ProcedureVersion.objects.filter(pk__in=[v.pk for v in found.values()]).select_related("procedure")}  # fmt: skip
    shown = [whole[v.pk] for v in found.values()]
    if own is not None:
        shown = [own if v.procedure_id == own.procedure_id else v for v in shown]
    files = {f"procedures/{v.procedure.file}": document(v) for v in shown if v.state != State.RETIRED or v is own}
    return source_of(source.head, files, source.pictograms)


def chosen_of(source: ManualSource, *, approved: bool = False) -> dict[int, ProcedureVersion]:
    """By procedure, the version that stands; approved: the approved ones alone."""
    found = ProcedureVersion.objects.filter(procedure__source=source)
    return standing_of(found.filter(state=State.APPROVED) if approved else found)


def files(
    source: ManualSource, chosen: Mapping[int, ProcedureVersion] | None = None, *, keys: bool = True
) -> dict[str, bytes]:
    """The folder that the command reads, as files by name. chosen: by procedure; left out, the versions that stand."""
    found = chosen if chosen is not None else chosen_of(source)
    out = {"source.yaml": head(source.head).encode()}
    for one in ProcedureVersion.objects.filter(pk__in=[v.pk for v in found.values()]).select_related("procedure"):
        if one.state != State.RETIRED:
            out[f"procedures/{one.procedure.file}"] = file_of(one, keys=keys).encode()
    return out | {f"pictograms/{name}.svg": f"{svg}\n".encode() for name, svg in source.pictograms.items()}


def findings(
    one: ProcedureVersion, law: Law | None = None, source: Source | None = None
) -> tuple[list[Finding], list[Finding]]:
    """(what keeps this version from being lawful, what is told beside), of this procedure alone."""
    source = source or assembled(one.procedure.source, one)
    law = law or law_named(source.pack)
    wrong, told = judged(source, law, source.languages())
    code = str(one.content["id"])
    mine = [f for f in wrong if f.procedure == code and f.code not in TOLD]
    unread = [f for f in told if f.procedure == code and f.code == "unverified"]
    return [*mine, *unread], [f for f in told if f.procedure == code and f.code != "unverified"]


def bases(one: ProcedureVersion, law: Law) -> list[tuple[dict[str, str], Force, bool]]:
    """Each version of an article that this one cites, once: (as written, in force or why not, whether nobody has read it)."""
    on = source_of(one.procedure.source.head, {}, {}).on
    found: dict[tuple[str, str], dict[str, str]] = {}
    for element in (*one.content.get("steps", ()), *(one.content.get("branches") or ())):
        for b in element.get("basis") or ():
            found.setdefault((b["article"], b["version"]), b)
    out = []
    for b in found.values():
        basis = Basis(b["article"], b["version"], b.get("confidence", ""), b.get("verified_by", ""))
        out.append((b, law.force(basis, on), law.unverified(basis)))
    return out


def open_comments(one: ProcedureVersion) -> int:
    return one.comments.filter(resolved_at=None).count()


def approved(procedure_id: int) -> ProcedureVersion | None:
    return ProcedureVersion.objects.filter(procedure=procedure_id, state=State.APPROVED).first()


def sources() -> list[ManualSource]:
    return list(ManualSource.objects.all())


def source(code: str) -> ManualSource | None:
    return ManualSource.objects.filter(code=code).first()


def comments(one: ProcedureVersion) -> QuerySet[ProcedureComment]:
    return one.comments.select_related("by", "resolved_by")


def bringing() -> list[str]:
    """The shipped packs that bring procedures."""
    return [p for p in packs.shipped() if (packs.PACKS / p / "training" / "source" / "source.yaml").is_file()]
