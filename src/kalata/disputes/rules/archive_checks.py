"""The checks of an archive that need no library of papers: its seal, its manifest, its pieces, their custody.

Each takes what was read and adds to a verdict; none raises. The hashes of all files are given: who calls reads them once.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping
from typing import Any

from kalata.disputes.rules import archive, carried, custody
from kalata.disputes.rules.archive import Entry
from kalata.disputes.rules.archive_problems import Verdict
from kalata.transparency.rules.canonical import NotCanonical
from kalata.transparency.rules.notes import ED25519, BadNote, VerifierKey, read_note


def seal(verdict: Verdict, note: bytes, manifest: bytes, key: VerifierKey | None) -> None:
    """One note, of the Court's key alone, over this case and this manifest."""
    where = archive.NOTE
    try:
        read = read_note(note.decode())
        if read.whole().encode() != note:
            raise BadNote("another spelling")
    except (BadNote, UnicodeDecodeError) as why:
        return verdict.fault("seal", "note", where, why)
    verdict.counts["seal"] = len(read.lines)
    lines = read.text.split("\n")
    if len(lines) != 4 or lines[0] != archive.VERSION:
        return verdict.fault("seal", "note", where, lines[0], archive.VERSION)
    if lines[1] != verdict.case:
        verdict.fault("seal", "case", where, lines[1], verdict.case)
    if lines[2] != (want := hashlib.sha256(manifest).hexdigest()):
        verdict.fault("seal", "digest", where, lines[2], want)
    if len(read.lines) != 1:
        return verdict.fault("seal", "lines", where, len(read.lines), 1)
    if key is None:
        return verdict.fault("seal", "vkey", archive.VKEY)
    line = read.lines[0]
    if (line.name, line.id) != (key.name, key.id) or key.kind != ED25519 or not key.check(line.payload, read.text.encode()):  # fmt: skip
        verdict.fault("seal", "key", where, f"{line.name}+{line.id.hex()}", f"{key.name}+{key.id.hex()}")
    return None


def entries(verdict: Verdict, manifest: bytes) -> dict[str, Entry]:
    """What the manifest names, by path. Empty where it cannot be read."""
    where = archive.MANIFEST
    try:
        found = carried.read(manifest)
        rows = found["files"]
        if set(found) != {"format", "case", "files"} or found["format"] != archive.FORMAT or type(found["format"]) is not int:  # fmt: skip
            raise NotCanonical(f"format {archive.FORMAT}")
        if not isinstance(found["case"], str) or not isinstance(rows, list) or len(rows) > archive.MOST_FILES:
            raise NotCanonical("case, files")
        verdict.case = found["case"]
        listed = [
            Entry(one["path"], one["size"], one["sha256"]) for one in rows if set(one) == {"path", "size", "sha256"}
        ]
        right = all(isinstance(e.path, str) and type(e.size) is int and e.size >= 0 and isinstance(e.sha256, str) for e in listed)  # fmt: skip
        if len(listed) != len(rows) or not right:
            raise NotCanonical("path, size, sha256")
    except (NotCanonical, KeyError, TypeError) as why:
        verdict.fault("manifest", "form", where, why)
        return {}
    paths = [one.path for one in listed]
    if paths != sorted(set(paths)):
        verdict.fault("manifest", "order", where)
    for path in paths:
        if not archive.NAMES.fullmatch(path) or path in (archive.MANIFEST, archive.NOTE):
            verdict.fault("manifest", "name", path)
    verdict.counts["manifest"] = len(listed)
    return {one.path: one for one in listed}


def folded(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKC", name).casefold())


def names(verdict: Verdict, wanted: Mapping[str, Entry], there: Mapping[str, int]) -> None:
    """A file too many, one too few, a second spelling of a name. there: the sizes of what was found."""
    known = {*wanted, archive.MANIFEST, archive.NOTE}
    shapes = {folded(name): name for name in known}
    for path in sorted(known - set(there)):
        verdict.fault("manifest", "missing", path)
    for path in sorted(set(there) - known):
        twin = shapes.get(folded(path))
        verdict.fault("manifest", "twin" if twin else "more", path, path, twin or "")


def hashes(verdict: Verdict, wanted: Mapping[str, Entry], there: Mapping[str, int], sha256: Mapping[str, str]) -> None:
    """The size and the hash of each file that is there."""
    for path, one in wanted.items():
        if path not in there:
            continue
        if there[path] != one.size:
            verdict.fault("manifest", "size", path, there[path], one.size)
        elif sha256.get(path) != one.sha256:
            verdict.fault("manifest", "sha256", path, sha256.get(path, "—"), one.sha256)


def sheet(verdict: Verdict, path: str, data: bytes | None, check: str = "manifest") -> Any:
    """The value of a canonical JSON file; None where it is not there or not one."""
    if data is None:
        return None
    try:
        return carried.read(data)
    except NotCanonical as why:
        verdict.fault(check, "form", path, why)
        return None


CASE_KEYS = {"number", "contest", "parties", "clocks", "transitions", "decision"}


def case(verdict: Verdict, data: bytes | None) -> dict[str, Any]:
    """The sheet of the case: of this case, with its keys."""
    found = sheet(verdict, archive.CASE, data)
    if not isinstance(found, dict) or not set(found) >= CASE_KEYS:
        if data is not None and found is not None:
            verdict.fault("manifest", "form", archive.CASE, ", ".join(sorted(CASE_KEYS - set(found))) if isinstance(found, dict) else "")  # fmt: skip
        return {}
    if found["number"] != verdict.case:
        verdict.fault("manifest", "case", archive.CASE, found["number"], verdict.case)
    return found


def evidence(verdict: Verdict, data: bytes | None, there: Mapping[str, int], sha256: Mapping[str, str]) -> list[dict[str, Any]]:  # fmt: skip
    """The register against the pieces that are there. Returns its rows."""
    where = archive.EVIDENCE
    found = sheet(verdict, where, data, "evidence")
    rows = found.get("pieces") if isinstance(found, dict) else None
    if not isinstance(rows, list) or not all(right(one) for one in rows):
        if data is None or found is not None:
            verdict.fault("evidence", "form", where)
        return []
    if found["case"] != verdict.case:
        verdict.fault("manifest", "case", where, found["case"], verdict.case)
    verdict.counts["evidence"] = len(rows)
    numbers = [one["number"] for one in rows]
    for twice in sorted({n for n in numbers if numbers.count(n) > 1}):
        verdict.fault("evidence", "twice", where, twice)
    open_ = {one["sha256"]: one for one in rows if one["access"] != "sealed"}
    for one in rows:
        path = f"evidence/{one['sha256']}"
        if one["access"] == "sealed" and one["sha256"] not in open_:
            if path in there:
                verdict.fault("evidence", "sealed", path)
        elif path not in there:
            verdict.fault("evidence", "missing", path, "", one["number"])
        elif there[path] != one["size"]:
            verdict.fault("evidence", "size", path, there[path], one["size"])
    for path in there:
        if path.startswith("evidence/"):
            name = path.removeprefix("evidence/")
            if name not in {one["sha256"] for one in rows}:
                verdict.fault("evidence", "more", path)
            elif path in sha256 and sha256[path] != name:
                verdict.fault("evidence", "bytes", path, sha256[path], name)
    return rows


def without_receipt(case: Mapping[str, Any], there: Mapping[str, int]) -> bool:
    """The public edition of an archive has neither receipt nor its token: they bear a name."""
    papers = (f"{archive.RECEIPT}.json", f"{archive.RECEIPT}.pdf", archive.RECEIPT_TOKEN)
    return case.get("edition") == archive.PUBLIC and not any(path in there for path in papers)


def right(one: Any) -> bool:
    """A row of the register has the keys that the checks need."""
    return (
        isinstance(one, dict) and type(one.get("number")) is int and type(one.get("size")) is int
        and isinstance(one.get("sha256"), str) and len(one["sha256"]) == 64 and one.get("access") in archive.ACCESS
    )  # fmt: skip


def chain(verdict: Verdict, data: bytes | None, pieces: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The custody: whole, in order, and every piece of the register is in it. Returns its lines."""
    if data is None:
        return []
    lines, faults = custody.read_lines(data)
    for fault in [*faults, *(custody.check(lines) if not faults else ())]:
        verdict.fault("custody", fault.what, f"{archive.CUSTODY}:{fault.line}", fault.got, fault.want)
    verdict.counts["custody"] = len(lines)
    if not lines and not faults:
        verdict.fault("custody", "none", archive.CUSTODY)
    met = {line.get("piece") for line in lines}
    for one in pieces if not faults else ():
        if one["sha256"] not in met:
            verdict.fault("custody", "piece", archive.CUSTODY, "", one["sha256"])
    return lines if not faults and all(not custody.shape(line) for line in lines) else []
