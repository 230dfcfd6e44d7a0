"""How announcements become entries of the public log: each gets its place, what says nothing new makes none, what a log may not hold is refused."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kalata.transparency.models import Outbox, PublicLog
from kalata.transparency.rules import canonical
from kalata.transparency.rules.entries import VERSION, BadEntry, broken_identities, checked
from kalata.transparency.rules.merkle import Tree
from kalata.transparency.rules.notes import SigningKey
from kalata.transparency.rules.replay import NATION, Area, Broken, Replay

log = logging.getLogger("kalata.log")


@dataclass(slots=True)
class Held:
    """What the sequencer keeps in memory of a log between two turns."""

    tree: Tree
    replay: Replay
    common: dict[str, Any]
    seen: int = 0
    """Its size when it was last asked whether to write it down."""
    resumed: bool = False
    """True where it was not replayed whole."""


def entries_of(
    one: PublicLog, held: Held, rows: list[Outbox], key: list[SigningKey], totals: bool
) -> list[tuple[bytes, Outbox | None]]:
    """The entries that the announcements make, in order; what a log may not hold is refused and said on its row."""
    made: list[tuple[bytes, Outbox | None]] = []

    def put(entry: Mapping[str, Any], row: Outbox | None) -> None:
        data = checked(entry)
        held.replay.feed(canonical.read(data))
        made.append((data, row))

    def put_totals() -> None:
        for area in sorted(held.replay.dirty, key=order):
            put({**held.common, "kind": "total", **held.replay.total(area)}, None)
        held.replay.dirty.clear()

    for row in rows:
        if row.kind == "declaration" and held.replay.dirty:
            put_totals()
        row.done = True
        try:
            entry = resolved(one, held, row, key)
            if entry is not None and "votes" in entry and (broken := broken_identities(entry)):
                entry["findings"] = broken  # the paper is what it is, and the log says so
            if entry is not None:
                put(entry, row)
        except (BadEntry, Broken, KeyError, ValueError, TypeError) as why:
            row.refused = str(why)[:300] or type(why).__name__
            log.error("%s: announcement %d refused: %s", one.origin, row.pk, row.refused)
    if totals and held.replay.dirty and held.replay.manifest and held.replay.at:
        put_totals()
    return made


def order(area: Area) -> tuple[int, str, str]:
    """The nation first, then level by level."""
    return (0 if area == NATION else 2 if area[0] == "constituency" else 1, area[0], area[1])


FIXED = (
    "v",
    "kind",
    "election",
    "contest",
    "round",
    "revision",
    "prev_index",
    "reason_code",
    "act",
    "published_batch",
    "findings",
    "at",
    "authority",
    "approval",
    "reason_sha256",
    "words",
)
"""Fields in which two entries may differ and still tell the same report."""


def resolved(one: PublicLog, held: Held, row: Outbox, key: list[SigningKey]) -> dict[str, Any] | None:
    """An announcement with its place in the log; None where it says nothing new."""
    replay, body = held.replay, row.body
    if row.kind == "manifest":
        held.common = {"v": VERSION, **{k: body[k] for k in ("election", "contest", "round")}}
        return {**held.common, "kind": "manifest", **body, "keys": [k.verifier.text() for k in key]}
    if not held.common:
        raise BadEntry(row.kind, "manifest", "the log has none")
    entry = {**held.common, "kind": row.kind, **body}
    if row.kind == "register":
        return entry
    if row.kind in ("report", "exclusion"):
        ordered = ordered_by(entry)
        past = replay.history.get((body["part"], body["station"]), [])
        old = dict(past[-1].entry) if past and row.kind == "report" else {}
        if row.kind == "exclusion":
            if not past or past[-1].excluded is not None:
                return None
            return {**entry, **ordered, "index": past[-1].index}
        reason = entry.pop("reason_code", "correction")
        if not past:  # who ordered a first report is told where it changes what was declared
            return {**entry, "revision": 0} | (ordered if replay.declarations else {})
        same = {k: v for k, v in old.items() if k not in FIXED} == {k: v for k, v in entry.items() if k not in FIXED}  # fmt: skip
        if same and (past[-1].excluded is None or entry["status"] == "annulled"):
            return None  # an annulled report is excluded by the entry that follows it
        made = {**entry, "kind": "revision", "revision": len(past), "prev_index": past[-1].index}
        return made | {"reason_code": "restored" if same else reason} | ordered
    if row.kind in ("draw", "undraw"):
        number = entry.pop("number")
        return {**entry, "index": {one.entry["number"]: one.index for one in replay.lots}[number]}
    if row.kind == "declaration":
        return {**entry, "total_index": replay.totals[NATION][0]}
    return entry


ORDER = ("act", "at", "authority", "approval")


def ordered_by(entry: dict[str, Any]) -> dict[str, Any]:
    """Taken out of an announcement: who ordered it, when, and the digest of the reason told to the public.

    The words themselves never enter the log: they stand beside it, and the digest says that they are these.
    """
    out = {name: value for name in ORDER if (value := entry.pop(name, None))}
    if words := entry.pop("words", ""):
        out["reason_sha256"] = hashlib.sha256(words.encode()).hexdigest()
    return out
