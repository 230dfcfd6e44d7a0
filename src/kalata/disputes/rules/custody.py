"""The custody of pieces: one chain of lines a case, and a root a day to be time-stamped.

A line: {"n", "at", "actor", "act", "piece", "from", "to", "why", "prev", "hash"}; n from 1; prev = hash of the line
before (64 zeros at first); hash = SHA-256 (hex) of the canonical JSON of the line without "hash". Actors are a role
and a number ("registry:12"), never a name. Nothing is ever taken out: a mistake is another line.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from kalata.transparency.rules.canonical import NotCanonical, canonical, read
from kalata.transparency.rules.merkle import BadProof, Tree, check_inclusion, leaf_hash

START = "0" * 64
KEYS = ("n", "at", "actor", "act", "piece", "from", "to", "why", "prev", "hash")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z")
ACTOR = re.compile(r"[a-z][a-z_.]{0,39}:[A-Za-z0-9-]{1,40}")
PIECE = re.compile(r"[0-9a-f]{64}|")
WORDS = ("act", "from", "to", "why")


def instant(at: datetime) -> str:
    """An instant as every line writes it: UTC, to the second, or to the microsecond where there is one."""
    if at.tzinfo is None:
        raise ValueError("an instant without a zone is none")
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def hash_of(line: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of the canonical JSON of the line without its own hash."""
    return hashlib.sha256(canonical({k: v for k, v in line.items() if k != "hash"})).hexdigest()


def next_line(
    before: Mapping[str, Any] | None, *, at: datetime, actor: str, act: str, piece: str = "", source: str = "",
    to: str = "", why: str = "",
) -> dict[str, Any]:  # fmt: skip
    """The line that follows `before` (None: the first). piece: SHA-256 (hex), or empty for an act on the whole file.

    ValueError: an actor that is not a role and a number, a piece that is no hash, an instant without zone.
    """
    line: dict[str, Any] = {
        "n": before["n"] + 1 if before else 1, "at": instant(at), "actor": actor, "act": act, "piece": piece,
        "from": source, "to": to, "why": why, "prev": before["hash"] if before else START,
    }  # fmt: skip
    line["hash"] = hash_of(line)
    if wrong := shape(line):
        raise ValueError(wrong[0])
    return line


@dataclass(frozen=True, slots=True)
class Fault:
    """What does not hold in a chain: the line (from 1), what was read, what was expected."""

    line: int
    what: str
    got: str
    want: str


def shape(line: Mapping[str, Any]) -> list[str]:
    """The keys of a line whose value is not of their form."""
    if set(line) != set(KEYS):
        return sorted(set(line) ^ set(KEYS))
    forms = {"at": INSTANT, "actor": ACTOR, "piece": PIECE}
    odd = [key for key, form in forms.items() if not isinstance(line[key], str) or not form.fullmatch(line[key])]
    odd += [key for key in (*WORDS, "prev", "hash") if not isinstance(line[key], str)]
    if type(line["n"]) is not int:
        odd.append("n")
    if "at" not in odd:
        try:
            datetime.fromisoformat(line["at"])
        except ValueError:
            odd.append("at")
    return odd


def check(lines: Iterable[Mapping[str, Any]]) -> list[Fault]:
    """Every line that does not follow the one before it. Empty: the chain is whole. A line lost at the end is not seen
    here: the day's root, which was time-stamped, says it."""
    found: list[Fault] = []
    prev = START
    for place, line in enumerate(lines, 1):
        if odd := shape(line):
            found.append(Fault(place, "shape", ", ".join(odd), ", ".join(KEYS)))
            prev = str(line.get("hash", ""))
            continue
        if line["n"] != place:
            found.append(Fault(place, "n", str(line["n"]), str(place)))
        if line["prev"] != prev:
            found.append(Fault(place, "prev", line["prev"], prev))
        if line["hash"] != (want := hash_of(line)):
            found.append(Fault(place, "hash", line["hash"], want))
        prev = line["hash"]
    return found


def written(lines: Iterable[Mapping[str, Any]]) -> bytes:
    """custody.jsonl: one canonical JSON a line."""
    return b"".join(canonical(line) + b"\n" for line in lines)


def read_lines(data: bytes) -> tuple[list[dict[str, Any]], list[Fault]]:
    """The lines of a file, and those that are not the canonical form of an object."""
    lines: list[dict[str, Any]] = []
    found: list[Fault] = []
    *rows, rest = data.split(b"\n")
    if rest:
        found.append(Fault(len(rows) + 1, "end", rest[-20:].decode(errors="replace"), "\\n"))
    for place, raw in enumerate(rows, 1):
        try:
            lines.append(read(raw))
        except NotCanonical as why:
            found.append(Fault(place, "json", str(why)[:200], "RFC 8785"))
    return lines, found


# --- the root of a day -----------------------------------------------------------------------------------
def last_of_days(lines: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """Each day (UTC) that has a line -> the number of its last line."""
    return {str(line["at"])[:10]: place for place, line in enumerate(lines, 1)}


def day_tree(heads: Mapping[str, str]) -> Tree:
    """The tree of a day (RFC 6962): a leaf for each case, in order of number, that holds the last hash of its chain."""
    return Tree(leaf_hash(canonical({"case": case, "head": heads[case]})) for case in sorted(heads))


def day_root(heads: Mapping[str, str]) -> bytes:
    """The root of a day, to be time-stamped: one token holds every chain of the house until then. heads: hash by case."""
    return day_tree(heads).root()


def day_proof(heads: Mapping[str, str], case: str, day: str) -> dict[str, Any]:
    """What proves to a reader of one case alone that its chain was under the root of that day."""
    place = sorted(heads).index(case)
    tree = day_tree(heads)
    return {
        "day": day, "case": case, "head": heads[case], "index": place, "size": len(tree), "root": tree.root().hex(),
        "proof": [one.hex() for one in tree.inclusion(place)],
    }  # fmt: skip


PROOF = {"day", "case", "head", "index", "size", "root", "proof"}


def proved(proof: Mapping[str, Any]) -> bytes:
    """The root that the proof leads to. BadProof: it leads to another, or is not one."""
    try:
        if set(proof) != PROOF:
            raise BadProof("keys")
        leaf = leaf_hash(canonical({"case": proof["case"], "head": proof["head"]}))
        root = bytes.fromhex(proof["root"])
        path = [bytes.fromhex(one) for one in proof["proof"]]
        check_inclusion(proof["index"], proof["size"], leaf, root, path)
    except (ValueError, TypeError, NotCanonical) as why:
        raise BadProof(str(why)) from None
    return root
