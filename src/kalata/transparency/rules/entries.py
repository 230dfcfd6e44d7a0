"""What the public log may hold: kinds of entries, their fields, and nothing else.

Nothing personal ever enters the log, because a field that is not listed here is refused. Figures use
the names of the public record (found: papers in the box; invalid: null ballots; blank); a box that is
empty on the paper is left out, never zero. The same rules judge what the house writes and what a verifier
reads: who holds the key may sign anything, and what makes no sense is not valid for being signed
(docs/decisions/0012). The two stand-alone verifiers say these rules again, in their own words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from kalata.transparency.rules.canonical import SAFE, NotCanonical, canonical, read
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
BODIES = ("two_persons", "commission", "court")
"""Who may order what becomes of a published report: two persons of the electoral authority, the collation commission,
the court. A body, never a person."""
STAGES = ("provisional", "final")
FINDINGS = ("E01", "E02")
"""Identities that every report keeps, or says that its paper does not keep: sum of votes = valid; valid, null, blank
and annulled = papers in the box."""
MOST = 10**9
"""Figures of one report are below this: sums of a million reports stay whole numbers in every reader."""
TEXT, LONG_TEXT = 300, 5_000
CONTROLS = re.compile("[\x00-\x1f\x7f]")
WORD, SHA256, DAY = (re.compile(p) for p in ("[A-Za-z0-9_-]{1,20}", "[0-9a-f]{64}", "[0-9]{4}-[0-9]{2}-[0-9]{2}"))
INSTANT = re.compile("[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z")

Check = Callable[[Any], bool]
VOTE = {"list", "n"}


def text(most: int = TEXT, least: int = 1) -> Check:
    """Characters, none of them a control."""
    return lambda v: isinstance(v, str) and least <= len(v) <= most and CONTROLS.search(v) is None


def label(v: Any) -> bool:
    """A name, whatever it holds: whoever shows it shows it as text."""
    return isinstance(v, str) and 1 <= len(v) <= TEXT


def whole(v: Any) -> bool:
    return isinstance(v, int) and not isinstance(v, bool) and 0 <= v < SAFE


def counted(v: Any) -> bool:
    return whole(v) and v < MOST


def rank(v: Any) -> bool:
    return whole(v) and v >= 1


def word(v: Any) -> bool:
    return isinstance(v, str) and WORD.fullmatch(v) is not None


def sha256(v: Any) -> bool:
    return isinstance(v, str) and SHA256.fullmatch(v) is not None


def day(v: Any) -> bool:
    return isinstance(v, str) and DAY.fullmatch(v) is not None


def instant(v: Any) -> bool:
    """A moment, UTC, to the second."""
    return isinstance(v, str) and INSTANT.fullmatch(v) is not None


def one_of(*values: str) -> Check:
    return lambda v: isinstance(v, str) and v in values


def each(check: Check, least: int = 0) -> Check:
    return lambda v: isinstance(v, list) and len(v) >= least and all(map(check, v))


def subset(of: Sequence[str], least: int = 0) -> Check:
    """Words of a closed list, each once."""
    return lambda v: each(one_of(*of), least)(v) and len(set(v)) == len(v)


def votes_up_to(most: Check) -> Check:
    def check(v: Any) -> bool:
        if not isinstance(v, list):
            return False
        seen = set()
        for x in v:  # by far the most frequent check of a log: written out
            if not isinstance(x, dict) or x.keys() != VOTE or not rank(x["list"]) or not most(x["n"]):
                return False
            seen.add(x["list"])
        return len(seen) == len(v)

    return check


def parts(v: Any) -> bool:
    return isinstance(v, dict) and all(word(k) and whole(n) for k, n in v.items())


def figures(v: Any) -> bool:
    return isinstance(v, dict) and set(v) <= set(FIGURES.values()) and all(map(whole, v.values()))


def included(v: Any) -> bool:
    good = isinstance(v, dict) and set(v) == {"count", "sum", "sha256"}
    return good and whole(v["count"]) and whole(v["sum"]) and sha256(v["sha256"])


def lists(v: Any) -> bool:
    may: dict[str, Check] = {"list": rank, "name": label, "code": label, "emblem": label, "withdrawn": lambda x: x is True}  # fmt: skip
    good = each(lambda x: isinstance(x, dict) and {"list", "name"} <= set(x) <= set(may) and all(may[k](x[k]) for k in x), 1)  # fmt: skip
    return good(v) and len({x["list"] for x in v}) == len(v)


def tied(v: Any) -> bool:
    """Numbers of lists on the ballot, each once; at least two."""
    return each(rank, 2)(v) and len(set(v)) == len(v)


def plain(v: Any) -> bool:
    return isinstance(v, dict)


Fields = Mapping[str, Check]
NUMBERS: Fields = dict.fromkeys(FIGURES.values(), counted)
REPORT: Fields = {"part": word, "station": text(), "serial": rank, "revision": whole, "votes": votes_up_to(counted), "status": one_of(*STATUSES)}  # fmt: skip
ORDERED: Fields = {"at": instant, "authority": one_of(*BODIES), "approval": rank, "reason_sha256": sha256}
"""When it was ordered, by which body, under which number of the act of two persons; the SHA-256 (UTF-8) of the reason
told to the public, which stands beside the log."""
REPORT_MORE: Fields = {
    **NUMBERS,
    **ORDERED,
    "scan_sha256": sha256,
    "published_batch": rank,
    "findings": subset(FINDINGS, 1),
    "act": text(),
}
REVISION: Fields = {**REPORT, "prev_index": whole, "reason_code": one_of(*REASONS)}
BOXES = subset(tuple(FIGURES.values()))

KINDS: dict[str, tuple[Fields, Fields]] = {
    "manifest": (
        {
            "origin": text(), "keys": each(text(LONG_TEXT), 1), "lists": lists, "boxes": BOXES, "stations_sha256": sha256,
            "areas_sha256": sha256, "expected": parts, "rules": plain, "software": plain, "system": plain, "keeps": BOXES,
            "exercise": lambda v: isinstance(v, bool),
        },
        {"polling_day": day, "names": plain, "absent": each(plain), "announced": whole},
    ),
    "register": ({"stations_sha256": sha256, "areas_sha256": sha256, "expected": parts}, {}),
    "report": (REPORT, REPORT_MORE),
    "revision": (REVISION, REPORT_MORE),
    "exclusion": (
        {"index": whole, "part": word, "station": text(), "reason_code": one_of(*REASONS)},
        {**ORDERED, "act": text()},
    ),
    "total": (
        {"level": word, "code": text(least=0), "covers_size": whole, "expected": whole, "included": included,
         "figures": figures, "votes": votes_up_to(whole)},
        {"kept": figures},
    ),
    "declaration": (
        {"stage": one_of(*STAGES), "document_sha256": sha256, "total_index": whole, "outcome_sha256": sha256},
        {"act": text()},
    ),
    "ruling": (
        {"act": text(), "version": rank, "full_sha256": sha256, "public_sha256": sha256, "document_sha256": sha256},
        {},
    ),
    "lot": (
        {"number": rank, "constituency": text(least=0), "votes": votes_up_to(whole), "places": rank, "promise": sha256, "source": text()},
        {},
    ),
    "draw": ({"index": whole, "secret": text(least=12), "public": text(), "order": tied}, {"act": text()}),
    "undraw": ({"index": whole}, {"act": text()}),
    "key": ({"vkey": text(LONG_TEXT), "signature": text(LONG_TEXT)}, {"policy_sha256": sha256}),
}  # fmt: skip
"""`ruling`: a decision of the court is published, `act` its number: a version of its public text, the digests of the full
text (with its salt), of the public text and of the public PDF.
kind -> (fields it must have, fields it may have). A kind that is not here is in no verifier: it is not valid."""


SHARED: Fields = {"v": whole, "kind": text(), "election": text(), "contest": text(), "round": rank}
FIELDS: dict[str, Fields] = {kind: {**SHARED, **must, **may} for kind, (must, may) in KINDS.items()}


class BadEntry(ValueError):
    """An entry that the log may not hold: `field` says which part, `why` what is wrong with it."""

    def __init__(self, kind: str, field: str, why: str) -> None:
        super().__init__(f"{kind}.{field}: {why}")
        self.kind, self.field, self.why = kind, field, why


def broken_identities(entry: Mapping[str, Any]) -> list[str]:
    """Which of FINDINGS the figures of a report do not keep. Only boxes that the paper states are looked at."""
    valid, found, null = entry.get("valid"), entry.get("found"), entry.get("invalid")
    out = []
    if valid is not None and sum(v["n"] for v in entry["votes"]) != valid:
        out.append("E01")
    if valid is not None and found is not None and null is not None:
        spoken = valid + null + entry.get("blank", 0) + entry.get("annulled_votes", 0)
        out += ["E02"] if spoken != found else []
    return out


def judge(entry: Mapping[str, Any]) -> None:
    """BadEntry where a field is missing, foreign, of another type or out of range, or where the figures contradict
    each other and the entry does not say that its paper is so."""
    kind = str(entry.get("kind"))
    if kind not in KINDS:
        raise BadEntry(kind, "kind", "not a kind of this log")
    must, fields = KINDS[kind][0], FIELDS[kind]
    for name in (*COMMON, *must):
        if name not in entry:
            raise BadEntry(kind, name, "missing")
    if entry["v"] is True or entry["v"] != VERSION or isinstance(entry["v"], float):
        raise BadEntry(kind, "v", "another version")
    for name, value in entry.items():
        check = fields.get(name)
        if check is None:
            raise BadEntry(kind, name, "this kind has no such field")
        if not check(value):
            raise BadEntry(kind, name, f"{value!r:.80} is not allowed there")
    if entry.get("reason_code") == "court" and entry.get("authority", "court") != "court":
        raise BadEntry(kind, "authority", "a decision of the court that another body ordered")
    if kind in ("report", "revision"):
        if entry["status"] == "counted" and not entry["votes"]:
            raise BadEntry(kind, "votes", "a report that counts states votes")
        broken = broken_identities(entry)
        if entry.get("findings", []) != broken:
            raise BadEntry(kind, "findings", f"the figures give {broken or 'none'}, the entry says {entry.get('findings', 'none')}")  # fmt: skip


def checked(entry: Mapping[str, Any]) -> bytes:
    """The canonical bytes of an entry that the house writes. BadEntry: a field that is missing, foreign or wrong."""
    judge(entry)
    try:
        data = canonical(entry)
    except NotCanonical as why:
        raise BadEntry(str(entry["kind"]), "$", str(why)) from None
    if len(data) > LONGEST:
        raise BadEntry(str(entry["kind"]), "$", f"{len(data)} bytes; {LONGEST} at most")
    return data


def parsed(data: bytes) -> dict[str, Any]:
    """The entry behind signed bytes. Raises NotCanonical, BadEntry: a signature makes no nonsense true."""
    found = read(data)
    judge(found)
    return found
