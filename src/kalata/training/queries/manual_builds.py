"""The pieces of a role: what a source gives now, what was made of it, and what a centre is to be sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, F, Q, QuerySet, Sum, Value, When

from kalata.country.models import Contest, Station
from kalata.evidence.reading import guarded
from kalata.people.queries import may, may_somewhere
from kalata.training import manuals
from kalata.training.models import ManualBuild, ManualFile, ManualSource, PrintRun
from kalata.training.queries import cascade as planner
from kalata.training.queries import classes as class_queries
from kalata.training.queries import posts, procedures
from kalata.training.rules.classes_refusals import ManualWrong, NoRoleManual, NotAllApproved
from kalata.training.rules.manuals.kept import KEYED, Copies, copies, rank
from kalata.training.rules.rights import PLAN, READ, TEACH, WRITE
from kalata.training.rules.source.findings import judged
from kalata.training.rules.source.reading import digest_of
from kalata.training.sources import law_named

SHOWN = 6
"""Procedures named where some are not approved."""


@dataclass(frozen=True)
class Ready:
    """What would be made now, and the digest of what it is made from."""

    made: manuals.Made
    digest: str


def ready(code: str, role: str, language: str, *, draft: bool) -> Ready:
    """The pieces as the source gives them. TRN-631 no such manual, TRN-636 not approved, TRN-637 it does not hold."""
    whole = procedures.source(code)
    if whole is None:
        raise NoRoleManual(role=role, language=language)
    chosen = procedures.chosen_of(whole, approved=not draft)
    standing = procedures.assembled(whole)
    if role not in standing.roles() or language not in standing.languages():
        raise NoRoleManual(role=role, language=language)
    read = standing if draft else procedures.assembled(whole, chosen=chosen) if chosen else None
    have = {p.id for p in read.of(role)} if read else set()
    if lacking := [p.id for p in standing.of(role) if p.id not in have]:
        raise NotAllApproved(n=len(lacking), role=manuals.role_in(role, "fr"), which=", ".join(lacking[:SHOWN]))
    assert read is not None
    law = law_named(read.pack)
    wrong, _told = judged(read, law, [language], [role], draft=draft)
    if wrong:
        raise ManualWrong(n=len(wrong), first=wrong[0].says)
    made = manuals.every(read, law, [role], [language], draft=draft)[0]
    return Ready(made, digest_of(procedures.files(whole, chosen)))


def offered() -> list[tuple[ManualSource, list[str], list[str]]]:
    """Each source with its roles and its languages."""
    out = []
    for one in procedures.sources():
        read = procedures.assembled(one)
        out.append((one, read.roles(), read.languages()))
    return out


def makes(person: Any) -> bool:
    return may(person, WRITE) or may(person, PLAN)


def takes(person: Any, kind: str) -> bool:
    """Whether a piece of this kind is for this person: papers with their keys are not for who only reads."""
    if kind in KEYED:
        return makes(person)
    return kind != "trainer" or makes(person) or may_somewhere(person, TEACH)


def reads(person: Any) -> bool:
    return any(may_somewhere(person, r) for r in (READ, *class_queries.OVER_ALL))


def builds(person: Any, asked: Any) -> QuerySet[ManualBuild]:
    found = ManualBuild.objects.select_related("by").annotate(n=Count("files"))
    if not reads(person):
        return found.none()
    if asked.role:
        found = found.filter(role=asked.role)
    if asked.langue:
        found = found.filter(language__iexact=asked.langue)
    if asked.etat:
        found = found.filter(STATES[asked.etat])
    return found


STATES = {
    "making": Q(ended_at=None), "made": Q(pages__isnull=False, draft=False), "draft": Q(pages__isnull=False, draft=True),
    "ended": Q(ended_at__isnull=False, pages__isnull=True),
}  # fmt: skip


def build_for(person: Any, pk: int) -> ManualBuild | None:
    return ManualBuild.objects.select_related("by").filter(pk=pk).first() if reads(person) else None


def files(person: Any, one: ManualBuild) -> list[ManualFile]:
    """The pieces that this person may take, in order."""
    found = [f for f in one.files.all() if takes(person, f.kind)]
    return sorted(found, key=lambda f: rank(f.kind, f.path))


def file_for(person: Any, one: ManualBuild, path: str) -> ManualFile | None:
    found = one.files.filter(path=path).first()
    return found if found is not None and takes(person, found.kind) else None


def printed(one: ManualBuild) -> dict[str, int]:
    """Copies printed of each page of these pieces, by its hash, whatever run they come from."""
    out: dict[str, int] = {}
    wanted = {p["id"] for p in one.pages or ()}
    for run in PrintRun.objects.filter(role=one.role, language=one.language):
        for page in run.pages:
            if page["id"] in wanted:
                out[page["id"]] = out.get(page["id"], 0) + run.copies
    return out


def of_run(run: PrintRun) -> ManualFile | None:
    """The kept piece that a print run is of."""
    return ManualFile.objects.select_related("build").filter(sha256=run.file).order_by("-pk").first()


@guarded("manual_build")
def may_read(person: Any, key: str, sha256: str) -> None:
    """A piece, for who may open its page and may take its kind."""
    one = build_for(person, int(key))
    kinds = one.files.filter(sha256=sha256).values_list("kind", flat=True) if one else ()
    if not any(takes(person, kind) for kind in kinds):
        raise ManualFile.DoesNotExist(sha256)


# --- what each centre is sent ----------------------------------------------------------------------------------
def centres(person: Any, asked: Any) -> QuerySet[Station, Any]:
    """One row a centre of the contests whose plan of training one reads: its place, its stations, its voters."""
    contests = class_queries.contests_planned(person)
    found = Station.objects.filter(contest__in=[c.pk for c in contests])
    if asked.scrutin:
        found = found.filter(contest__code=asked.scrutin)
    if asked.q:
        found = found.filter(
            Q(centre__icontains=asked.q) | Q(unit__name__icontains=asked.q) | Q(unit__code__iexact=asked.q)
        )
    rows = found.values("contest__code", "unit__code", "unit__name", "centre")
    staff = Case(*(When(contest=c.pk, then=Value(staff_of(c))) for c in contests), default=Value(0))
    counted = rows.annotate(n=Count("pk"), voters=Sum("registered"), place=F("unit__parent__name"), staff=staff)
    return counted.order_by("contest__code", "unit__code", "centre")


def staff_of(contest: Contest) -> int:
    """Persons of a station, as the pack's posts say."""
    found = [p for p in posts.positions(contest) if p["body"] == "station"]
    return sum(int(p.get("seats") or 1) for p in found) or planner.per_station()


def sent_to(stations: int, staff: int) -> Copies:
    return copies(
        stations, staff=staff, manuals=planner.assumed("manuals_per_station", 2), posters=planner.assumed("posters_per_station", 1),
        reserve=planner.assumed("reserve_percent", 0),
    )  # fmt: skip


def totals(person: Any, asked: Any) -> Iterator[tuple[Contest, int, int, Copies]]:
    """For each contest of the list: centres, stations, copies of all of them."""
    for contest in class_queries.contests_planned(person):
        if asked.scrutin and contest.code != asked.scrutin:
            continue
        staff, rows = staff_of(contest), [r["n"] for r in centres(person, asked).filter(contest=contest)]
        each = [sent_to(n, staff) for n in rows]
        yield contest, len(rows), sum(rows), Copies(sum(c.manuals for c in each), sum(c.cards for c in each), sum(c.posters for c in each))  # fmt: skip


def printed_of(code: str, number: int) -> list[tuple[str, int]]:
    """Runs that hold a page of this version of a procedure, with their copies."""
    runs = PrintRun.objects.order_by("pk").values_list("number", "copies", "pages")
    return [(n, copies) for n, copies, pages in runs if any(p["procedure"] == code and str(p["version"]) == str(number) for p in pages)]
