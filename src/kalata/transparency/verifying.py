"""`kalata log verify`: a published folder, checked from its signature down to every total and every file.

Pure of database, settings and network. A second program, `verify.py`, written apart with the standard
library alone, checks the same things; tests hold one against the other.
"""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from kalata.transparency.folder import Damaged, LogFolder, whole_tiles
from kalata.transparency.rules import canonical
from kalata.transparency.rules.keychain import Chain, chain_of
from kalata.transparency.rules.merkle import BadProof, check_inclusion, leaf_hash
from kalata.transparency.rules.notes import (
    ED25519,
    BadNote,
    Checkpoint,
    Note,
    VerifierKey,
    read_note,
    signers,
)
from kalata.transparency.rules.opendata import results_csv, stations_ndjson
from kalata.transparency.rules.policy import Policy, read_policy
from kalata.transparency.rules.proofs import read_proof
from kalata.transparency.rules.replay import Broken, Replay


@dataclass(slots=True)
class Verdict:
    """What was found in one log. problems: (where, what); warnings do not make it invalid."""

    folder: str
    origin: str = ""
    size: int = 0
    root: str = ""
    stations: int = 0
    totals: int = 0
    rulings: int = 0
    proofs: int = 0
    files: int = 0
    witnesses: list[str] = field(default_factory=list)
    quorum: bool | None = None
    problems: list[tuple[str, str]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def valid(self) -> bool:
        return not self.problems

    def record(self) -> dict[str, Any]:
        return {
            "folder": self.folder,
            "origin": self.origin,
            "valid": self.valid,
            "size": self.size,
            "root": self.root,
            "stations": self.stations,
            "totals": self.totals,
            "rulings": self.rulings,
            "proofs": self.proofs,
            "files": self.files,
            "witnesses": self.witnesses,
            "quorum": self.quorum,
            "problems": [{"where": w, "what": x} for w, x in self.problems],
            "warnings": self.warnings,
        }


def logs_in(folder: Path) -> list[Path]:
    """Every published log under a folder: the folder of a contest's site, or a bare log."""
    if (folder / "log" / "checkpoint").exists() or (folder / "checkpoint").exists():
        return [folder]
    return sorted(p.parent.parent for p in folder.glob("*/log/checkpoint"))


READINGS = 4
Further: TypeAlias = Callable[[Path, Replay, list[bytes]], list[tuple[str, str]]]
"""More to ask of a site, by who knows what its figures mean: (file, what is wrong)."""


def verify(folder: Path, vkeys: Iterable[str] = (), policy: str = "", further: Further | None = None) -> Verdict:
    """Everything that can be checked of one folder; never raises for what it reads there.

    A site is published again every minute: what was found wrong while its list of files changed is read again.
    """
    keys = list(vkeys)
    for _reading in range(READINGS):
        before = listing(folder)
        found = read_once(folder, keys, policy, further)
        if found.valid or listing(folder) == before:
            return found
    found.warnings.append(
        f"le dossier a été republié pendant chacune des {READINGS} lectures : vérifiez une copie / "
        f"the folder was published again during each of {READINGS} readings: verify a copy"
    )
    return found


def listing(folder: Path) -> list[bytes]:
    """What a publication changes last."""
    names = ("files.sha256", "files.note", "log/checkpoint", "checkpoint")
    return [(folder / n).read_bytes() if (folder / n).is_file() else b"" for n in names]


def said(key: str, log: LogFolder) -> VerifierKey:
    """A key as it was read aloud or printed: whole, or as the minutes of the ceremony say it, 64 hexadecimal digits.

    The digits are the key itself; whose log it signs is what the checkpoint says.
    """
    if re.fullmatch(r"[0-9a-fA-F]{64}", key.strip()):
        return VerifierKey(log.checkpoint().origin, ED25519, bytes.fromhex(key.strip()))
    return VerifierKey.read(key)


def read_once(folder: Path, vkeys: list[str], policy: str, further: Further | None = None) -> Verdict:
    site = folder if (folder / "log" / "checkpoint").exists() else None
    log = LogFolder(folder / "log" if site else folder)
    found = Verdict(str(folder))
    try:
        given = [said(v, log) for v in vkeys]
        if not given:
            given = log.vkeys()[:1]
            found.warnings.append(
                "the key was taken from the folder itself: compare it with the one read aloud or printed"
            )
        entries = list(log.entries(log.checkpoint().size))
        chain = chain_of(entries)
        mine = chain.known(given)
        point, note = chain.open(log.note(), mine)
        found.origin, found.size, found.root = point.origin, point.size, point.root.hex()
        trust(log, note, policy, found)
        found.problems += [(name, "is not what the entries make") for name in whole_tiles(log.folder, point.size)]
        if log.tree().root() != point.root:
            found.problems.append(("tile", "the entries lead to another root than the signed one"))
        replay = log.replay(entries)
        replay.ended()
        if replay.manifest.get("origin") != point.origin:
            found.problems.append(("log", "the manifest is of another log"))
        found.stations = len(replay.history)
        found.totals = sum(1 for e in entries if b'"kind":"total"' in e)
        found.rulings = len(replay.rulings)
        odd = sum("findings" in h[-1].entry for h in replay.history.values())
        if odd:
            found.warnings.append(
                f"{odd} reports in force say that the figures of their paper contradict each other (E01, E02)"
            )
        if site:
            check_site(site, replay, entries, chain, found)
            found.problems += further(site, replay, entries) if further else []
    except (
        BadNote,
        BadProof,
        Damaged,
        Broken,
        canonical.NotCanonical,
        OSError,
        KeyError,
        ValueError,
        TypeError,
    ) as why:
        found.problems.append(("log", f"{type(why).__name__}: {why}"))
    return found


def trust(log: LogFolder, note: Note, text: str, found: Verdict) -> Policy | None:
    """Which witnesses of the policy have cosigned. Their absence is said; it makes nothing invalid."""
    if not text and not (log.folder / "policy").exists():
        return None
    held = read_policy(text or log.text("policy"))
    found.witnesses = held.cosigners(note)
    found.quorum = held.holds(held.quorum, found.witnesses)
    found.witnesses = held.parties(found.witnesses)
    if not found.quorum:
        found.warnings.append(
            f"witnesses: {len(found.witnesses)} of {len(held.parties(held.witnesses))}, below the quorum of the policy"
        )
    return held


def check_site(
    site: Path, replay: Replay, entries: list[bytes], chain: Chain, found: Verdict
) -> None:  # fmt: skip
    """The files around the log: open data, station records, proofs, images, and the signed list of all files."""
    lines = site / "d" / "stations.ndjson"
    if lines.exists() and lines.read_bytes() != stations_ndjson(replay, entries):
        found.problems.append(("d/stations.ndjson", "is not what the log says"))
    table = site / "d" / "results.csv"
    if table.exists() and table.read_bytes() != results_csv(replay, entries):
        found.problems.append(("d/results.csv", "is not what the log says"))
    opened: dict[str, Checkpoint] = {}
    for path in sorted((site / "pv").glob("*.json")):
        proof = path.with_suffix(".tlog-proof")
        try:
            data = path.read_bytes()
            if not proof.exists():
                found.problems.append((f"pv/{proof.name}", "is missing"))
                continue
            read = read_proof(proof.read_text(encoding="utf-8"))
            if read.checkpoint not in opened:  # a thousand proofs share one checkpoint: its signatures are checked once
                opened[read.checkpoint] = chain.open(read.checkpoint)[0]
            of = opened[read.checkpoint]
            check_inclusion(read.index, of.size, leaf_hash(data), of.root, read.hashes)
            if read.index >= len(entries) or entries[read.index] != data:
                found.problems.append((f"pv/{path.name}", "is not the entry of its index"))
            held = canonical.read(data)
            if replay.history[held["part"], held["station"]][-1].index != read.index:
                found.problems.append((f"pv/{path.name}", "is not the report in force of its station"))
            found.proofs += 1
        except (BadNote, BadProof, canonical.NotCanonical, KeyError, UnicodeDecodeError) as why:
            found.problems.append((f"pv/{path.stem}", f"{type(why).__name__}: {why}"))
    for path in sorted((site / "draw").glob("*.json")):
        try:
            data, read = path.read_bytes(), read_proof(path.with_suffix(".tlog-proof").read_text(encoding="utf-8"))
            of = opened[read.checkpoint] if read.checkpoint in opened else chain.open(read.checkpoint)[0]
            check_inclusion(read.index, of.size, leaf_hash(data), of.root, read.hashes)
            if path.stem != str(read.index) or read.index >= len(entries) or entries[read.index] != data:
                found.problems.append((f"draw/{path.name}", "is not the entry of its index"))
        except (BadNote, BadProof, OSError, UnicodeDecodeError) as why:
            found.problems.append((f"draw/{path.stem}", f"{type(why).__name__}: {why}"))
    for path in (site / "scan").glob("*"):
        if hashlib.sha256(path.read_bytes()).hexdigest() != path.stem:
            found.problems.append((f"scan/{path.name}", "is not the image of its name"))
    for path in (site / "doc").glob("*"):
        if hashlib.sha256(path.read_bytes()).hexdigest() != path.stem:
            found.problems.append((f"doc/{path.name}", "is not the document of its name"))
    check_files(site, chain.every, found)
    check_dump(site, found)


def listed(site: Path) -> Iterator[tuple[str, str]]:
    for line in (site / "files.sha256").read_text(encoding="utf-8").splitlines():
        digest, _gap, name = line.partition("  ")
        yield name, digest


LOOSE = ("files.sha256", "files.note")
"""Files that the list cannot hold: itself and its signature."""


def check_files(site: Path, known: list[VerifierKey], found: Verdict) -> None:
    """Every file of the site has the SHA-256 of the list, the list is signed, and no file stands beside it."""
    if not (site / "files.sha256").exists():
        found.problems.append(("files.sha256", "is missing"))
        return
    try:
        wanted = "\n".join(["kalata/files@v1", found.origin, hashlib.sha256((site / "files.sha256").read_bytes()).hexdigest(), ""])  # fmt: skip
        note = read_note((site / "files.note").read_text(encoding="utf-8"))
        if note.text != wanted or not signers(note, known):
            found.problems.append(("files.note", "does not sign this list of files"))
    except (BadNote, OSError, UnicodeDecodeError):
        found.problems.append(("files.note", "is missing or unreadable"))
    names = dict(listed(site))
    found.files = len(names)
    there = {str(p.relative_to(site)) for p in site.rglob("*") if p.is_file()} - set(LOOSE)
    for name in sorted(names.keys() - there)[:50]:
        found.problems.append((name, "is missing"))
    for name in sorted(there - names.keys())[:50]:
        found.problems.append((name, "is not in the signed list"))
    for name in sorted(there & names.keys()):
        if hashlib.sha256((site / name).read_bytes()).hexdigest() != names[name]:
            found.problems.append((name, "was changed"))


def check_dump(site: Path, found: Verdict) -> None:
    """The dump holds the very files of the log."""
    if not (site / "dump.zip").exists():
        return
    try:
        with zipfile.ZipFile(site / "dump.zip") as packed:
            for name in packed.namelist():
                path = site / "log" / name
                if not path.exists() or path.read_bytes() != packed.read(name):
                    found.problems.append(("dump.zip", f"{name} differs"))
            if "checkpoint" not in packed.namelist():
                found.problems.append(("dump.zip", "has no checkpoint"))
    except (zipfile.BadZipFile, OSError) as why:
        found.problems.append(("dump.zip", str(why)))
