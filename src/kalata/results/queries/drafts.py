"""Contests being set up: each person's own, nobody else's; and what the steps offer to choose from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet

from kalata import plain
from kalata.country.models import Contest, Geography, PackVersion
from kalata.country.queries import country_of, own_pack
from kalata.people.models import Person
from kalata.people.rules.shown import mark
from kalata.results.models import ContestDraft
from kalata.results.rules.boxes import Box
from kalata.results.rules.contest_draft import Answers, answers_from
from kalata.results.rules.systems import system_from

SYSTEM = "système"
USUAL = (Box.REGISTERED, Box.VOTERS, Box.BALLOTS, Box.NULL_BALLOTS, Box.VALID)


def drafts_of(person: Person) -> QuerySet[ContestDraft]:
    return ContestDraft.objects.filter(by=person)


def seen_of(draft: ContestDraft) -> str:
    """The mark of the page that reads a draft over: what it holds."""
    return mark(draft.answers)


@dataclass(frozen=True, slots=True)
class Division:
    """A division of the territory as a step offers it. valid: it holds on the polling day; None: no day, or it does not say."""

    geography: Geography
    units: int
    valid: bool | None


def divisions(day: date | None, pack: PackVersion | None) -> list[Division]:
    """Every division of the pack's country and every one imported here that has units, those that hold on the day first."""
    found = Geography.objects.defer("outlines").annotate(size=Count("units")).order_by("-valid_from", "code")
    own = {str(r["id"]) for r in pack.pack.records("geographies")} if pack else set()
    rows = [
        Division(g, g.size, holds(g, day)) for g in found if g.size and (g.code in own or not country_of(g.code, "fr"))
    ]  # fmt: skip
    return sorted(rows, key=lambda one: one.valid is False)


def holds(geography: Geography, day: date | None) -> bool | None:
    if day is None or (geography.valid_from is None and geography.valid_to is None):
        return None
    after = geography.valid_from is None or geography.valid_from <= day
    return after and (geography.valid_to is None or day <= geography.valid_to)


@dataclass(frozen=True, slots=True)
class SeatSet:
    """Constituencies that a pack gives together: how many, their seats, how many of them are not verified."""

    name: str
    units: int
    seats: int
    confidence: str


def seat_sets(version: PackVersion) -> list[SeatSet]:
    rows: dict[str, list[Mapping[str, object]]] = {}
    for row in version.pack.records("constituencies"):
        rows.setdefault(str(row["set"]), []).append(row)
    return [
        SeatSet(name, len(found), sum(int(str(r["seats"])) for r in found), least_sure(found))
        for name, found in sorted(rows.items())
    ]


def least_sure(rows: Sequence[Mapping[str, object]]) -> str:
    """The confidence that most of these rows have: one word for all of them."""
    words = [str(r.get("confidence") or "") for r in rows]
    return max(set(words), key=words.count) if words else ""


def pack_of(answers: Answers) -> PackVersion | None:
    """The version of the country that the answers name; else the latest loaded one."""
    if answers.pack:
        return PackVersion.objects.filter(pk=answers.pack).first()
    return own_pack()


def kind_record(version: PackVersion, kind: str) -> Mapping[str, object]:
    return next((r for r in version.pack.records("contests") if str(r.get("id")) == kind), {})


def proposed(version: PackVersion, kind: str) -> dict[str, object]:
    """What the pack proposes for a kind of contest: its system, its boxes, its constituencies and their level."""
    found = kind_record(version, kind)
    boxes = found.get("boxes")
    level = found.get("constituency_level")
    return {
        "system": str(found.get("system") or ""),
        "boxes": tuple(map(str, boxes)) if isinstance(boxes, list | tuple) else tuple(b.value for b in USUAL),
        "seats_from": str(found.get("constituencies") or ""),
        "level": level if isinstance(level, int) else None,
    }


def copied(contest: Contest) -> Answers:
    """The answers that would make this contest again: its rules, form, candidates, constituencies; neither day nor figures."""
    return Answers(
        pack=contest.election.pack_id,
        name_fr=contest.name_fr,
        name_en=contest.name_en,
        exercise=contest.election.exercise,
        geography=contest.election.geography.code,
        expected=contest.expected_stations,
        seats_from="typed" if contest.constituencies.exists() else "",
        constituencies="\n".join(f"{c.code} ; {c.name} ; {c.seats}" for c in contest.constituencies.all()),
        system=str(contest.system.get("id") or ""),
        own="" if contest.system.get("id") else own_text(contest.system),
        options="\n".join(o.name for o in contest.options.all()),
        emblems=tuple(o.emblem for o in contest.options.all()),
        boxes=tuple(contest.boxes),
        level=contest.constituency_level,
        copied=contest.code,
    )


def own_text(system: Mapping[str, object]) -> str:
    """A system written out as a step takes it: {kind: plurality}."""
    return "{" + ", ".join(f"{k}: {written(v)}" for k, v in system.items() if v not in (None, "")) + "}"


def written(value: object) -> str:
    if isinstance(value, Mapping):
        return own_text(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def written_system(text: str) -> dict[str, Any]:
    """A system written out, or one word of it. Refused (RES-2.., plain files) where it is none."""
    raw = plain.yaml_of(text, file=SYSTEM, most=20_000) if text.startswith("{") else {"kind": text}
    found = dict(raw) if isinstance(raw, Mapping) else {}
    system_from(found)
    return found


def answers_of(draft: ContestDraft) -> Answers:
    return answers_from(draft.answers)
