"""Every remedy of a pack as people read it: against which act, for whom, before which body, within what, and where it goes next.

Nothing is added to what the pack says: a body whose way of sitting it does not know is shown so, and so is each source.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kalata.country.models import Contest, PackVersion
from kalata.country.queries import latest_packs
from kalata.country.rules.remedies import bodies_of, contests_of, is_remedy, words
from kalata.disputes.models import Office
from kalata.disputes.queries.law import court_record
from kalata.disputes.rules.bench import law_of
from kalata.disputes.rules.recourse import ABOUT_LABELS, CONTEST_LABELS, DECIDES_LABELS
from kalata.text import Named

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Body:
    """An institution that decides. quorum, members: None where the pack does not say; court: it is the Court of the pack;
    offices: where it has its registry in this house."""

    record: Record
    name: Named
    decides: str
    members: int | None
    quorum: int | None
    court: bool
    offices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One stage of a remedy. capacities None: the pack does not know who may complain; limits: (words, its record)."""

    record: Record
    stage: int
    body: Body | None
    capacities: tuple[str, ...] | None
    offices: tuple[str, ...]
    limits: tuple[tuple[Named, Record], ...]
    sources: tuple[Record, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """The stages of one act in the same contests, first to last."""

    about: str
    contests: tuple[str, ...]
    steps: tuple[Step, ...]


def pack_shown() -> PackVersion | None:
    """The law of this house: that of its last contest, else the first pack loaded."""
    last = Contest.objects.select_related("election__pack").order_by("-pk").first()
    return last.election.pack if last else next(iter(latest_packs()), None)


def ways_of(version: PackVersion) -> list[Way]:
    """The remedies of a pack by act and contests; what a remedy of the same act and contests comes after is its next stage."""
    pack = version.pack
    bodies = {code: body_of(r, court_record(pack)) for r in pack.records("institutions") for code in bodies_of(r)}
    limits = {str(r["id"]): r for r in pack.records("deadlines")}
    sources = {str(r["id"]): r for r in pack.records("sources")}
    found: dict[tuple[str, tuple[str, ...]], list[Step]] = {}
    for record in pack.records("norms"):
        if not is_remedy(record):
            continue
        contests = tuple(c for c in CONTEST_LABELS if c in contests_of(record))
        one = step_of(record, bodies, limits, sources)
        for about in words(record.get("about")):
            found.setdefault((about, contests), []).append(one)
    order = list(ABOUT_LABELS)
    rows = [Way(ABOUT_LABELS.get(a, a), tuple(CONTEST_LABELS[c] for c in cs), tuple(sorted(steps, key=lambda s: s.stage))) for (a, cs), steps in sorted(found.items(), key=lambda one: order.index(one[0][0]) if one[0][0] in order else 99)]  # fmt: skip
    return rows


def step_of(
    record: Record, bodies: Mapping[str, Body], limits: Mapping[str, Record], sources: Mapping[str, Record]
) -> Step:
    stage = record.get("stage")
    named = [limits[name] for name in words(record.get("time_limits")) if name in limits]
    return Step(
        record=dict(record), stage=stage if isinstance(stage, int) else 1, body=bodies.get(str(record.get("body"))),
        capacities=words(record["capacities"]) if record.get("capacities") is not None else None,
        offices=words(record.get("offices")),
        limits=tuple((Named(str(r.get("what_fr") or r["id"]), str(r.get("what_en") or "")), dict(r)) for r in named),
        sources=tuple(sources[name] for name in words(record.get("source")) if name in sources),
    )  # fmt: skip


def body_of(record: Record, court: Record) -> Body:
    law, members = law_of(record), record.get("members")
    quorum = law.get("quorum")
    return Body(
        record=dict(record), name=Named(str(record.get("name_fr") or ""), str(record.get("name_en") or "")),
        decides=DECIDES_LABELS.get(str(record.get("decides") or ""), ""), members=members if isinstance(members, int) else None,
        quorum=quorum if isinstance(quorum, int) else None, court=bool(court) and record.get("id") == court.get("id"),
        offices=tuple(Office.objects.filter(body__in=bodies_of(record)).values_list("name", flat=True)),
    )  # fmt: skip
