"""Cases and sittings as they are read: the law they cite, the answers of the engines, the names no case may hold, and who sees what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import Q, QuerySet

from kalata import plain
from kalata.country import packs
from kalata.country.models import Option, PackVersion, Unit
from kalata.deadlines import queries as deadlines
from kalata.disputes.models import Party
from kalata.disputes.queries.law import court_record
from kalata.disputes.rules.bench import court_of
from kalata.disputes.rules.remedies import SECTIONS, norms_from
from kalata.people.queries import may
from kalata.training.models import MootCase, MootSitting, MootVersion
from kalata.training.rules.moot_states import Sitting, Version
from kalata.training.rules.moots import leaks
from kalata.training.rules.moots.case import Case, case_of
from kalata.training.rules.moots.engines import Computed, Law, every
from kalata.training.rules.moots.refusals import BadCase
from kalata.training.rules.rights import AT_MOOTS

FOLDER = "training/moots"
RUBRICS = "rubrics.yaml"


# --- the law -----------------------------------------------------------------------------------------------------------
@lru_cache(maxsize=4)
def law_of_sha(sha256: str) -> Law:
    pack = PackVersion.objects.filter(sha256=sha256).order_by("-pk")[0].pack
    sections = {name: pack.records(name) for name in SECTIONS}
    norms = norms_from(sections, deadlines.zone_name(pack), lambda first, last: deadlines.days_off(pack, first, last))
    record = court_record(pack)
    return Law(norms, court_of(record) if record else None)


def pack_version(code: str) -> PackVersion:
    """The version of a pack that the house holds last. TRN-521."""
    found = PackVersion.objects.filter(code=code).order_by("-pk").first()
    if found is None:
        raise BadCase(case="–", field="regime.pack", value=code, form="ml")
    return found


def law_of(case: Case) -> Law:
    return law_of_sha(pack_version(case.pack).sha256)


@dataclass(frozen=True, slots=True)
class Cited:
    """A norm of the pack as a stage cites it. verified: somebody has read it in the gazette; lang: of its rule; topic: in French."""

    id: str
    article: str
    law: str
    rule: str
    confidence: str
    verified: bool
    lang: str
    topic: str


@lru_cache(maxsize=4)
def citable(sha256: str) -> Mapping[str, Mapping[str, Any]]:
    pack = PackVersion.objects.filter(sha256=sha256).order_by("-pk")[0].pack
    return {str(r["id"]): r for name in ("norms", "deadlines") for r in pack.records(name) if r.get("id")}


def cited(case: Case, ids: Sequence[str]) -> list[Cited]:
    known = citable(pack_version(case.pack).sha256)
    return [as_cited(known[i]) for i in ids if i in known]


def as_cited(record: Mapping[str, Any]) -> Cited:
    confidence = str(record.get("confidence") or "")
    rule = str(record.get("what_fr") or record.get("rule") or record.get("check") or record.get("ground") or "")
    return Cited(
        str(record["id"]), str(record.get("article") or ""), str(record.get("law") or ""), rule, confidence,
        confidence.split(" (")[0] == "text seen" or bool(record.get("verified_by")),
        "fr" if record.get("what_fr") else "en", str(record.get("topic") or ""),
    )  # fmt: skip


# --- what a case is, and may not hold ---------------------------------------------------------------------------------
@lru_cache(maxsize=64)
def case_of_sha(sha256: str, pk: int) -> Case:
    return case_of(MootVersion.objects.values_list("content", flat=True).get(pk=pk))


def case_in(version: MootVersion) -> Case:
    """The case of a version, read once a content."""
    return case_of_sha(version.sha256, version.pk)


@lru_cache(maxsize=64)
def computed_of_sha(sha256: str, pk: int, pack: str) -> Mapping[str, Computed]:
    case = case_of_sha(sha256, pk)
    return every(case, law_of_sha(pack))


def computed(version: MootVersion) -> Mapping[str, Computed]:
    """The engines' answers on the law that the house holds now."""
    return computed_of_sha(version.sha256, version.pk, pack_version(case_in(version).pack).sha256)


def known_norms(case: Case) -> None:
    """Every norm that a stage cites is in the pack. TRN-521."""
    known = citable(pack_version(case.pack).sha256)
    for stage in case.stages:
        for id_ in stage.law:
            if id_ not in known:
                raise BadCase(case=case.id, field=f"stages[{stage.no}].law", value=id_, form="ML-…")


def names() -> leaks.Names:
    """Every name that the registers of the house hold: contestants, parties to cases, persons of the pack's archives, places."""
    rows: set[tuple[str, str]] = set()
    for version in PackVersion.objects.order_by("code", "-pk"):
        for record in version.pack.records("archives"):
            listed_: Any = record.get("candidates") or ()
            rows |= {(str(one.get("name") or ""), leaks.PERSON) for one in listed_}
    real = Q(contest__election__exercise=False)
    rows |= {(n, leaks.PARTY) for n in Option.objects.filter(real).values_list("name", flat=True)}
    rows |= {
        (n, leaks.PERSON)
        for n in Party.objects.filter(petition__contest__election__exercise=False).values_list("name", flat=True)
    }
    rows |= {(n, leaks.PLACE) for n in Unit.objects.filter(level__lte=3).values_list("name", flat=True)}
    return leaks.kept(tuple(sorted(rows)))


# --- the pack's own -----------------------------------------------------------------------------------------------------
def shipped(pack: str) -> list[dict[str, Any]]:
    """The cases that a pack brings, each with its rubric in it."""
    folder = packs.PACKS / pack / FOLDER
    if pack not in packs.shipped() or not folder.is_dir():
        return []
    rubrics = plain.yaml_of((folder / RUBRICS).read_text("utf-8"), file=RUBRICS)
    out = []
    for path in sorted(folder.glob("*.yaml")):
        if path.name != RUBRICS:
            raw = plain.yaml_of(path.read_text("utf-8"), file=path.name)
            out.append({**raw, "rubric": rubrics[raw["rubric"]]})
    return out


# --- who reads ------------------------------------------------------------------------------------------------------------
def reads(person: Any) -> bool:
    """Cases hold their own answers: only who writes, reviews, holds or rates reads one."""
    return any(may(person, right) for right in AT_MOOTS)


def sits_on(person: Any) -> QuerySet[MootSitting]:
    """Sittings not yet over where this person sits: whatever rights came since, their cases stay closed to them."""
    return MootSitting.objects.filter(state__in=(Sitting.PREPARED, Sitting.RUNNING), seats__person=person.pk).order_by()


def versions(person: Any) -> QuerySet[MootVersion]:
    found = MootVersion.objects.select_related("case", "base", "approved_by", "asked_by")
    return found.exclude(case__in=sits_on(person).values("version__case")) if reads(person) else found.none()


def standing(person: Any) -> QuerySet[MootVersion]:
    """One version a case: the draft, else the approved, else the last."""
    best: dict[int, tuple[int, int, int]] = {}
    for pk, case, state, number in versions(person).order_by().values_list("pk", "case", "state", "number"):
        rank = (2 if state == Version.DRAFT else 1 if state == Version.APPROVED else 0, number, pk)
        best[case] = max(best.get(case, rank), rank)
    return versions(person).filter(pk__in=[r[2] for r in best.values()])


def listed(person: Any, asked: Any) -> QuerySet[MootVersion]:
    found = versions(person) if asked.toutes else standing(person)
    if asked.q:
        found = found.filter(
            Q(case__code__icontains=asked.q) | Q(title_fr__icontains=asked.q) | Q(title_en__icontains=asked.q)
        )
    if asked.sorte:
        found = found.filter(case__sort=asked.sorte)
    if asked.etat:
        found = found.filter(state=asked.etat)
    return found


def approved(case: MootCase) -> MootVersion | None:
    return case.versions.filter(state=Version.APPROVED).first()


def ready() -> QuerySet[MootVersion]:
    """What a sitting may be held on."""
    return MootVersion.objects.filter(state=Version.APPROVED).select_related("case").order_by("case__code")
