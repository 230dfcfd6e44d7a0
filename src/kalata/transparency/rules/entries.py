"""What the public log may hold: kinds of entries, their fields, and nothing else.

Nothing personal ever enters the log, because a field that is not listed here is refused. Figures use
the names of the public record (found: papers in the box; invalid: null ballots; blank); a box that is
empty on the paper is left out, never zero. Rooms that come later add their kinds with `add_kind`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from kalata.transparency.rules.canonical import NotCanonical, canonical
from kalata.transparency.rules.tiles import LONGEST

VERSION = 1
COMMON = ("v", "kind", "election", "contest", "round")
FIGURES: Mapping[str, str] = {
    "registered": "registered",
    "additional": "additional",
    "voters": "voters",
    "proxies": "proxies",
    "ballots": "found",
    "null_ballots": "invalid",
    "blank_ballots": "blank",
    "annulled_votes": "annulled_votes",
    "valid": "valid",
    "received": "received",
    "unused": "unused",
    "spoiled": "spoiled",
}
"""Box of a report -> its name in the log. What is not here (signatures, marks) is never logged."""

STATUSES = ("counted", "annulled")
REASONS = ("correction", "late", "recall", "annulment", "court", "recount", "restored")
STAGES = ("provisional", "final")

Check = Callable[[Any], bool]


def text(most: int) -> Check:
    return lambda v: isinstance(v, str) and 0 < len(v) <= most and "\n" not in v


def whole(v: Any) -> bool:
    return isinstance(v, int) and not isinstance(v, bool) and v >= 0


def sha256(v: Any) -> bool:
    return isinstance(v, str) and re.fullmatch("[0-9a-f]{64}", v) is not None


def one_of(*values: str) -> Check:
    return lambda v: v in values


def votes(v: Any) -> bool:
    return (
        isinstance(v, list)
        and all(isinstance(x, dict) and set(x) == {"list", "n"} and whole(x["list"]) and whole(x["n"]) for x in v)
        and len({x["list"] for x in v}) == len(v)
    )


def counts(v: Any) -> bool:
    return isinstance(v, dict) and all(isinstance(k, str) and whole(n) for k, n in v.items())


def figures(v: Any) -> bool:
    return counts(v) and set(v) <= set(FIGURES.values())


def included(v: Any) -> bool:
    return (
        isinstance(v, dict)
        and set(v) == {"count", "sum", "sha256"}
        and whole(v["count"])
        and whole(v["sum"])
        and sha256(v["sha256"])
    )


def lists(v: Any) -> bool:
    keys = {"list", "name", "code", "emblem", "withdrawn"}
    return isinstance(v, list) and all(isinstance(x, dict) and {"list", "name"} <= set(x) <= keys for x in v)


def plain(v: Any) -> bool:
    return isinstance(v, dict)


def vkeys(v: Any) -> bool:
    return isinstance(v, list) and bool(v) and all(text(300)(x) for x in v)


Fields = Mapping[str, Check]
NUMBERS: Fields = dict.fromkeys(FIGURES.values(), whole)
REPORT: Fields = {"part": text(20), "station": text(250), "serial": whole, "revision": whole, "votes": votes, "status": one_of(*STATUSES)}  # fmt: skip
REPORT_MORE: Fields = {**NUMBERS, "scan_sha256": sha256, "published_batch": whole}
REVISION: Fields = {**REPORT, "prev_index": whole, "reason_code": one_of(*REASONS)}

KINDS: dict[str, tuple[Fields, Fields]] = {
    "manifest": (
        {
            "origin": text(200), "keys": vkeys, "lists": lists, "boxes": lambda v: isinstance(v, list),
            "stations_sha256": sha256, "areas_sha256": sha256, "expected": counts, "rules": plain, "software": plain,
            "system": plain, "keeps": lambda v: isinstance(v, list), "exercise": lambda v: isinstance(v, bool),
        },
        {"polling_day": text(10), "names": plain, "absent": lambda v: isinstance(v, list), "announced": whole},
    ),
    "register": ({"stations_sha256": sha256, "areas_sha256": sha256, "expected": counts}, {}),
    "report": (REPORT, REPORT_MORE),
    "revision": (REVISION, {**REPORT_MORE, "act": text(300)}),
    "exclusion": (
        {"index": whole, "part": text(20), "station": text(250), "reason_code": one_of(*REASONS)},
        {"act": text(300)},
    ),
    "total": (
        {"level": text(20), "code": lambda v: isinstance(v, str) and len(v) <= 120, "covers_size": whole, "expected": whole,
         "included": included, "figures": figures, "votes": votes},
        {"kept": figures},
    ),
    "declaration": (
        {"stage": one_of(*STAGES), "document_sha256": sha256, "total_index": whole, "outcome_sha256": sha256},
        {"act": text(300)},
    ),
    "key": ({"vkey": text(300), "signature": text(200)}, {"policy_sha256": sha256}),
}  # fmt: skip
"""kind -> (fields it must have, fields it may have)."""


class BadEntry(ValueError):
    """An entry that the log may not hold: `field` says which part, `why` what is wrong with it."""

    def __init__(self, kind: str, field: str, why: str) -> None:
        super().__init__(f"{kind}.{field}: {why}")
        self.kind, self.field, self.why = kind, field, why


def add_kind(kind: str, must: Fields, may: Fields | None = None) -> None:
    """A room's own kind of entry. Its fields are checked like the others: what is not listed is refused."""
    if kind in KINDS:
        raise ValueError(f"kind {kind!r} is taken")
    KINDS[kind] = (dict(must), dict(may or {}))


def checked(entry: Mapping[str, Any]) -> bytes:
    """The canonical bytes of an entry. BadEntry: a field that is missing, foreign or wrong."""
    kind = str(entry.get("kind"))
    if kind not in KINDS:
        raise BadEntry(kind, "kind", "not a kind of this log")
    must, may = KINDS[kind]
    for name in COMMON:
        if name not in entry:
            raise BadEntry(kind, name, "missing")
    if entry["v"] != VERSION or not whole(entry["round"]):
        raise BadEntry(kind, "v", "another version")
    for name in must:
        if name not in entry:
            raise BadEntry(kind, name, "missing")
    for name, value in entry.items():
        if name in COMMON:
            continue
        check = must.get(name) or may.get(name)
        if check is None:
            raise BadEntry(kind, name, "this kind has no such field")
        if not check(value):
            raise BadEntry(kind, name, f"{value!r:.80} is not allowed there")
    try:
        data = canonical(entry)
    except NotCanonical as why:
        raise BadEntry(kind, "$", str(why)) from None
    if len(data) > LONGEST:
        raise BadEntry(kind, "$", f"{len(data)} bytes; {LONGEST} at most")
    return data
