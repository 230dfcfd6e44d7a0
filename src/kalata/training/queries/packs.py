"""Packs of centres: the centres of a contest with their stations, the pieces they are sent, lots and issued papers."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

import pypdfium2
from django.db.models import Q, QuerySet

from kalata.country.models import Contest, Station, Unit
from kalata.country.rules import lineage
from kalata.documents.models import DocumentBatch, IssuedDocument
from kalata.documents.queries import content_of
from kalata.results.territory import inside
from kalata.training.models import ManualBuild, ManualFile
from kalata.training.queries import cascade as planner
from kalata.training.queries import classes as class_queries
from kalata.training.queries import manual_builds, posts
from kalata.training.rules.manuals.kept import Copies
from kalata.training.rules.manuals.packs import KINDS, Centre, Page, Piece, Place
from kalata.training.rules.manuals.words import role_in
from kalata.training.rules.packs_refusals import NoPieces

PAPER, LOT = "centre-pack", "centre-packs"
"""The paper of one centre, and the batch of a lot of them."""


def subject_of(contest: Contest) -> str:
    return f"contest:{contest.pk}"


def paper_subject(contest: Contest, centre: Centre) -> str:
    """A part of its contest, under its first station."""
    return f"{subject_of(contest)}.c{centre.key}"


def seats_of(contest: Contest) -> dict[str, int]:
    """Persons of a station by the role of their manual, in the order of the pack; {} where it names none."""
    manual_of = planner.case().get("manual_roles", {})
    out: dict[str, int] = {}
    for one in posts.positions(contest):
        if one["body"] == "station" and (role := manual_of.get(one["key"])):
            out[role] = out.get(role, 0) + int(one.get("seats") or 1)
    return out


def pieces(contest: Contest, language: str, *, draft: bool) -> list[Piece]:
    """The latest pieces of each role that a centre is sent. TRN-651 where a role has none in this language."""
    made = {
        role: ManualBuild.objects.filter(role=role, language=language, draft=draft, pages__isnull=False).first()
        for role in seats_of(contest)
    }
    lacking = [role for role, one in made.items() if one is None]
    if lacking or not made:
        raise NoPieces(n=len(lacking), language=language, which=", ".join(role_in(r, "fr") for r in lacking) or "–")
    return [piece for one in made.values() if one for piece in of_build(one)]


def languages() -> list[str]:
    """Languages in which pieces are made, French first."""
    found = ManualBuild.objects.filter(pages__isnull=False).order_by().values_list("language", flat=True).distinct()
    return sorted(found, key=lambda lang: (lang != "fr", lang))


def of_build(made: ManualBuild) -> list[Piece]:
    pages = tuple(Page(p["code"], p["procedure"], str(p["version"]), p["title"]) for p in made.pages or ())
    kept = {f.kind: f for f in made.files.all() if f.kind in KINDS and f.path.endswith(".pdf")}
    return [
        Piece(made.role, kind, kept[kind].sha256, leaves_of(kept[kind].sha256), pages if kind == "manual" else (), made.draft)
        for kind in KINDS
        if kind in kept
    ]  # fmt: skip


def named(files: Sequence[str]) -> list[Piece]:
    """The pieces of a lot by their hashes, as they were when it was asked."""
    out = []
    for sha256 in files:
        kept = ManualFile.objects.select_related("build").filter(sha256=sha256).order_by("-pk").first()
        out += [p for p in of_build(kept.build) if p.sha256 == sha256] if kept else []
    return out


@lru_cache(maxsize=256)
def leaves_of(sha256: str) -> int:
    """Pages of a kept file; a hash always names the same file."""
    with pypdfium2.PdfDocument(io.BytesIO(content_of(sha256))) as pages:
        return len(pages)


def within(contest: Contest, unit: Unit | None) -> QuerySet[Station]:
    return Station.objects.filter(inside(unit, "unit"), contest=contest)


def centres(stations: QuerySet[Station]) -> list[Centre]:
    """Each centre of these stations, by place then name, whole as they hold it."""
    rows = list(
        stations.order_by("unit__above", "unit__code", "centre", "code").values_list(
            "pk", "code", "name", "registered", "centre", "unit_id", "unit__code", "unit__above"
        )
    )
    above = {u for row in rows for u in (row[5], *lineage.ids(row[7] or "")) if u}
    names = dict(Unit.objects.filter(pk__in=above).values_list("pk", "name"))
    grouped: dict[tuple[Any, str], list[Any]] = {}
    for row in rows:
        grouped.setdefault((row[5], row[4]), []).append(row)
    out = []
    for (unit, centre), some in grouped.items():
        path = (*lineage.ids(some[0][7] or ""), unit) if unit else ()
        held = tuple(Place(pk, code, name, registered) for pk, code, name, registered, *_rest in some)
        out.append(Centre(centre, some[0][6] or "", path, tuple(names[u] for u in reversed(path)), held))
    return out


def of_keys(contest: Contest, keys: Sequence[int]) -> list[Centre]:
    """The centres of a lot as the list of stations is now, each under its first station."""
    wanted = set(keys)
    units = Station.objects.filter(contest=contest, pk__in=wanted).values("unit")
    near = Station.objects.filter(Q(unit__in=units) | Q(unit=None), contest=contest)
    return [c for c in centres(near) if c.key in wanted]


def copies_of(stations: int, contest: Contest) -> Copies:
    return manual_builds.sent_to(stations, sum(seats_of(contest).values()) or planner.per_station())


# --- lots and papers -------------------------------------------------------------------------------------------
def lots(person: Any, asked: Any) -> QuerySet[DocumentBatch]:
    """The lots of the contests whose plan of training this person reads, the latest first."""
    found = DocumentBatch.objects.select_related("by").filter(kind=LOT, subject__in=subjects(person, asked.scrutin))
    return found.filter(STATES[asked.etat]) if asked.etat else found


STATES = {
    "making": Q(ended_at=None), "made": ~Q(sha256=""), "failed": ~Q(fault=""),
    "stopped": Q(ended_at__isnull=False, sha256="", fault=""),
}  # fmt: skip


def subjects(person: Any, code: str = "") -> list[str]:
    return [subject_of(c) for c in class_queries.contests_planned(person) if not code or c.code == code]


def papers(person: Any, asked: Any) -> QuerySet[IssuedDocument]:
    """Every pack issued of these contests, each version; asked.q: of a centre, a place or a reference."""
    mine = Q(pk__in=[])
    for subject in subjects(person, asked.scrutin):
        mine |= Q(subject__startswith=f"{subject}.c")
    found = IssuedDocument.objects.select_related("by").filter(mine, kind=PAPER)
    if asked.q:
        found = found.filter(Q(title__icontains=asked.q) | Q(reference__iexact=asked.q))
    return found.filter(superseded_by=None) if asked.etat == "now" else found


def paper_for(person: Any, pk: int) -> IssuedDocument | None:
    return papers(person, SimpleNamespace(scrutin="", q="", etat="")).filter(pk=pk).first()


def lot_for(person: Any, pk: int) -> DocumentBatch | None:
    return lots(person, SimpleNamespace(scrutin="", etat="")).filter(pk=pk).first()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the lots of one contest are, of its last request: papers and lots."""

    contest: Contest
    done: int
    total: int
    making: int
    failed: int
    whole: int
    lots: int
    stale: bool


def progress(person: Any) -> list[Progress]:
    out = []
    for contest in class_queries.contests_planned(person):
        last = latest(contest)
        if not last:
            continue
        files = last[0].args["files"]
        out.append(Progress(
            contest, sum(b.done for b in last), sum(b.total for b in last), sum(b.running for b in last),
            sum(1 for b in last if not b.running and not b.sha256), sum(bool(b.sha256) for b in last), len(last), stale(contest, last[0].args, files),
        ))  # fmt: skip
    return out


def latest(contest: Contest) -> list[DocumentBatch]:
    """The lots of the last request, each as it was last asked."""
    found = DocumentBatch.objects.filter(kind=LOT, subject=subject_of(contest)).order_by("-pk")
    first = found.first()
    if first is None:
        return []
    last: dict[int, DocumentBatch] = {}
    for one in found.filter(args__request=first.args["request"]):
        last.setdefault(one.args["lot"], one)
    return [last[n] for n in sorted(last)]


def stale(contest: Contest, args: Any, files: Sequence[str]) -> bool:
    """Whether pieces were made anew since: the packs name pages that are no longer the last."""
    try:
        now = pieces(contest, args["language"], draft=args["draft"])
    except NoPieces:
        return True
    return [p.sha256 for p in now] != list(files)

