"""Logs in which one thing is wrong, signed with the house's own key: what a hostile house can do."""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from kalata.transparency.rules import canonical, notes
from kalata.transparency.rules.keychain import rotated
from kalata.transparency.rules.replay import AREA_COLUMNS, REGISTER_COLUMNS, Replay, read_register, table
from tests.site import a_log
from tests.site.judges import Signed, note_of

KEY = notes.SigningKey("resultats.example/c", notes.ED25519, b"\x05" * 32)
NEW = notes.SigningKey("resultats.example/c", notes.ED25519, b"\x06" * 32)
PQ = notes.SigningKey("resultats.example/c", notes.MLDSA44, b"\x07" * 32)


def deep(n: int):
    value: object = 1
    for _ in range(n):
        value = [value]
    return value


NESTED = [deep(n) for n in (30, 31, 32, 33, 34, 400)]
VALUES: list[object] = [
    -1, -5, 0, 1, 2, 7, True, False, None, 1.0, 1.5, -0.0, 2**31, 10**9 - 1, 10**9, 2**53 - 1, 2**53, 2**53 + 1, 2**63, 2**70, float("nan"), float("inf"),
    "", " ", "7", "x", "x" * 300, "x" * 301, "é" * 300, "e\u0301", "\ud800", "😀" * 300, "😀" * 301, "a\nb", "a\x7fb", "\u2028", "\ufeff", "\u0085",
    "general", "nation", "counted", "annulled", "whatever", "correction", "2027-02-28", "2027-2-8", "٢027-02-28", "f" * 64, "F" * 64, "f" * 63 + "\n",
    "__proto__", "constructor", "toString", "E01", [], {}, [1], ["E01"], ["E02"], ["E01", "E02"], ["E02", "E01"], ["E01", "E01"], ["valid", "valid"],
    ["registered", "voters", "found", "invalid", "valid"], {"general": 12}, {"__proto__": 1}, {"general": True}, {"list": 1, "n": 2}, [{"list": 1, "n": 2}],
    [{"list": 1, "n": 5}, {"list": 1, "n": 90}], [{"list": 9, "n": 5}], [{"list": True, "n": 5}], [{"list": 1, "n": 5, "by": "x"}], [None], *NESTED,
]  # fmt: skip
FIELDS = ["note", "clerk", "act", "findings", "kept", "valid", "blank", "annulled_votes", "unused", "scan_sha256", "serial", "reason_code", "prev_index",
          "published_batch", "__proto__", "constructor", "hasOwnProperty", "é", "?act", "", "policy_sha256", "identities"]  # fmt: skip


def raw(entry: object) -> bytes:
    """Bytes as a careless or hostile house writes them; canonical where the value is sound."""
    return json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass")


@cache
def whole() -> tuple[list[bytes], dict[str, bytes]]:
    """A sound log with every kind of entry but `key` and `register`, and its registers."""
    where = Path(tempfile.mkdtemp()) / "log"
    made = a_log(
        where,
        stations=6,
        seed=5,
        lists=3,
        missing=1,
        keeps=["registered"],
        constituencies=1,
        system={"kind": "proportional", "tie_rule": "lot", "more": {"a": ["x", True, 3]}},
    )
    made.report("S-002")
    made.exclude("S-003", "annulment")
    made.exclude("S-001", "recall")
    past = canonical.read(made.entries[made.replay.history["general", "S-004"][-1].index])
    made.report("S-004", valid=past["valid"] + 3, findings=["E01", "E02"])
    made.close()
    made.draw(made.promise(1, 2))
    made.undraw(made.promise(3, 1, 2, constituency="K0", places=2))
    again = made.promise(3, 1, 2, constituency="K0", places=2)
    made.draw(again, public="1-1-1")
    made.undraw(again)
    made.promise(2, 3)
    for act, version in (("2027-04/CC-EL", 1), ("2027-05/CC-EL", 1), ("2027-04/CC-EL", 2)):
        made.put(kind="ruling", act=act, version=version, full_sha256="c" * 64, public_sha256="d" * 64, document_sha256="e" * 64)  # fmt: skip
    nation = made.replay.totals["nation", ""][0]
    made.put(
        kind="declaration",
        stage="provisional",
        document_sha256="a" * 64,
        total_index=nation,
        outcome_sha256="b" * 64,
        act="Décision n° 3",
    )
    return made.entries, {p.relative_to(where).as_posix(): p.read_bytes() for p in (where / "register").iterdir()}


def places(value: object, path: tuple = ()) -> list[tuple]:
    """Every place inside an entry."""
    found = [path] if path else []
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for k, inner in pairs:
        found += places(inner, (*path, k))
    return found


def put(entry, path, change: Callable):
    held = entry
    for step in path[:-1]:
        held = held[step]
    change(held, path[-1])


def summed(rows: list[object], files: dict[str, bytes]) -> list[object]:
    """The log with its totals made anew, as far as its entries can be added up at all: a hostile house would."""
    found = Replay(lambda a, b: read_register(files[f"register/{a}.csv"], files[f"register/{b}.csv"]))
    out: list[object] = []
    at: dict[int, int] = {}
    try:
        for old, row in enumerate(rows):
            kind = row.get("kind") if isinstance(row, dict) else None
            if kind in ("total", "declaration"):
                continue
            if kind == "lot":  # of the tie as it has become
                at[old], sums = len(out), found.votes_in(row["constituency"])
                row = {**row, "votes": [{**v, "n": sums[found.lists.index(v["list"])]} for v in row["votes"]]}
            elif kind in ("draw", "undraw"):
                row = {**row, "index": at[row["index"]]}
            found.feed(row)
            out.append(row)
        for area in sorted(found.dirty):
            out.append(
                {**{k: out[0][k] for k in ("v", "election", "contest", "round")}, "kind": "total", **found.total(area)}
            )
        return out
    except Exception:
        return rows


def registers(chance: random.Random, rows: list, files: dict[str, bytes]) -> dict[str, bytes]:
    """One change in a register, bound anew by the manifest."""
    which = chance.choice(("stations_sha256", "areas_sha256"))
    data = files[f"register/{rows[0][which]}.csv"]
    lines = data.decode().split("\n")[:-1]
    at, how = chance.randrange(len(lines)), chance.randrange(7)
    cells = lines[at].split(",")
    if how == 0:
        lines.insert(at, lines[at])
    elif how == 1:
        del lines[at]
    elif how == 2:
        cells[chance.randrange(len(cells))] = chance.choice(
            [
                "",
                "-1",
                "01",
                "1.5",
                "x",
                "nation",
                "constituency",
                "R9",
                '"q"',
                "a\tb",
                "é",
                "e\u0301",
                "S-000",
                "1000000000",
                "__proto__",
            ]
        )
    elif how == 3:
        cells.append("x")
    elif how == 4:
        lines[at] = f'"{lines[at]}"'
    elif how == 5:
        lines[at] += "\r"
    else:
        lines[0] = lines[0].replace("code", "kode").replace("part", "Part")
    if how in (2, 3):
        lines[at] = ",".join(cells)
    content = ("\n".join(lines) + chance.choice(["\n", "\n", "\n", ""])).encode()
    import hashlib

    sha = hashlib.sha256(content).hexdigest()
    rows[0][which] = sha
    return {**files, f"register/{sha}.csv": content}


def bytes_wrong(chance: random.Random, data: bytes) -> bytes:
    """The same entry, or nearly, in other bytes."""
    text = data.decode("utf-8", "surrogatepass")
    how = chance.randrange(12)
    swaps = {
        0: (":1,", ":1.0,"), 1: (":1,", ":1e0,"), 2: (":0,", ":-0,"), 3: (":1,", ":01,"), 4: (":1,", ":NaN,"), 5: ('"v":1', '"v":1,"v":1'),
        6: (",", ", "), 7: ("É", "\\u00c9"), 8: ('"kind"', '"\\u006bind"'), 9: ("/", "\\/"),
    }  # fmt: skip
    if how in swaps:
        return text.replace(*swaps[how], 1).encode("utf-8", "surrogatepass")
    if how == 10:
        return data + chance.choice([b"\n", b" ", b"\x00", b"{}", b"\xff"])
    out = bytearray(data)
    out[chance.randrange(len(out))] ^= 1 << chance.randrange(8)
    return bytes(out)


def mutated(seed: int) -> Signed:
    """One log with one thing changed (none, for seed 0), signed with the house's key."""
    chance = random.Random(seed)
    entries, files = whole()
    rows: list = [json.loads(e) for e in entries]
    trust, lines = [KEY.verifier.text()], [KEY]
    how = (
        chance.choice(("value", "value", "value", "field", "drop", "bytes", "order", "register", "keys", "sum"))
        if seed
        else ""
    )
    at = chance.randrange(len(rows))
    anew = chance.random() < 0.6 and rows[at]["kind"] not in ("total", "declaration", "lot", "draw", "undraw")
    if how == "value":
        path = chance.choice(places(rows[at]))
        put(rows[at], path, lambda held, k: held.__setitem__(k, chance.choice(VALUES)))
    elif how == "field":
        rows[at][chance.choice(FIELDS)] = chance.choice(VALUES)
    elif how == "drop":
        put(rows[at], chance.choice(places(rows[at])), lambda held, k: held.__delitem__(k))
    elif how == "order":
        move = chance.randrange(4)
        if move == 0:
            del rows[at]
        elif move == 1:
            rows.insert(chance.randrange(len(rows)), rows[at])
        elif move == 2:
            rows.insert(chance.randrange(len(rows) + 1), rows.pop(at))
        else:
            del rows[chance.randrange(len(rows)) :]
    elif how == "register":
        files = registers(chance, rows, files)
    elif how == "keys":
        anew = False
        lines = key_trouble(chance, rows, trust)
    elif how == "sum":
        anew = False
        totals = [i for i, r in enumerate(rows) if r["kind"] == "total"]
        i = chance.choice(totals)
        path = chance.choice(
            [p for p in places(rows[i]) if p[0] in ("figures", "votes", "included", "expected", "covers_size", "kept")]
        )
        put(
            rows[i],
            path,
            lambda held, k: (
                held.__setitem__(k, held[k] + chance.choice((-1, 1))) if type(held[k]) is int else held.__delitem__(k)
            ),
        )
    if anew and rows:
        rows = summed(rows, files)
    made = [raw(r) for r in rows]
    if how == "bytes" and made:
        made[at % len(made)] = bytes_wrong(chance, made[at % len(made)])
    return Signed(KEY.name, made, files, note_of(KEY.name, made, *lines), trust)


def announced(new: notes.SigningKey, by: notes.SigningKey, rows: list) -> dict:
    head = {k: rows[0][k] for k in ("v", "election", "contest", "round")}
    vkey = new.verifier.text()
    return {**head, "kind": "key", "vkey": vkey, "signature": notes.b64(by.private.sign(rotated(vkey)))}


def key_trouble(chance: random.Random, rows: list, trust: list[str]) -> list[notes.SigningKey]:
    """Keys announced or not, by the right one or not, in force or not; returns who signs."""
    how = chance.randrange(14)
    again = {**rows[-1], "act": "Décision n° 4"}
    if how == 0:  # not announced at all
        return [NEW]
    if how == 1:
        trust[:] = [NEW.verifier.text()]
        return [NEW]
    if how == 2:
        trust.append(NEW.verifier.text())
        return [KEY, NEW]
    if how == 3:
        rows[0]["keys"] = [NEW.verifier.text()]
        return [KEY]
    if how == 4:
        rows[0]["keys"] = [KEY.verifier.text(), chance.choice([KEY, NEW, PQ]).verifier.text()]
        return [KEY, PQ]
    if how == 5:
        rows[0]["keys"] = [
            chance.choice([KEY.verifier.text() + " ", "x", NEW.verifier.text().replace("resultats", "autre")])
        ]
        return [KEY]
    new = chance.choice((NEW, PQ))
    rows.append(announced(new, chance.choice((KEY, KEY, KEY, NEW, PQ)), rows))
    if how in (6, 7):
        rows[-1]["signature"] = chance.choice(
            [rows[-1]["signature"][:-4], "", "x", rows[-1]["signature"], notes.b64(bytes(64))]
        )
    if how == 8:
        rows.append(announced(new, new, rows))
    if how in (9, 10, 11, 12):
        rows.append(again)
    if chance.random() < 0.3:
        trust.append(new.verifier.text())
    if chance.random() < 0.2:
        trust[:] = [new.verifier.text()]
    return chance.choice(([KEY], [new], [KEY, new], [NEW, PQ], [KEY, PQ]))


def rotated_log(*, announce: bool) -> Signed:
    """A log whose last checkpoint is signed by a new key, announced by the old one or not."""
    entries, files = whole()
    rows = [json.loads(e) for e in entries]
    if announce:
        rows.append(announced(NEW, KEY, rows))
        rows.append({**rows[-2], "act": "Décision n° 4"})
    made = [raw(r) for r in rows]
    return Signed(KEY.name, made, files, note_of(KEY.name, made, NEW), [KEY.verifier.text()])


__all__ = ["AREA_COLUMNS", "REGISTER_COLUMNS", "mutated", "rotated_log", "table", "whole"]
