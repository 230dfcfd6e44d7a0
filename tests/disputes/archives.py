"""A sample archive of a fictional case, made through the same writer as the house's, and ways to seal a changed one again."""

from __future__ import annotations

import hashlib
import os
import zipfile
from datetime import datetime, timedelta
from pathlib import Path

from kalata.disputes import archives, elections
from kalata.disputes.rules import archive, carried, custody, effect
from kalata.disputes.rules.identifiers import identifiers
from kalata.disputes.signing import papers, texts, times
from kalata.results import tabulating
from kalata.transparency.rules.canonical import jcs
from tests.disputes.court import AT, DECISION, court, paper

CASE = "2026-L1-BKO2-000017"
RECORDS = (
    "zone,bureau,inscrits,votants,nuls,exprimes,A,É\n"
    "N,S01,200,110,10,100,60,40\nN,S02,200,210,20,190,90,100\nS,S03,150,60,0,60,20,40\n"
).encode()
PROFILE = """contest: {id: k5, system: {kind: plurality}}
station: [bureau]
areas: [zone]
figures: {registered: inscrits, voters: votants, null_ballots: nuls, valid: exprimes}
options: [A, É]
""".encode()


def decision():
    return {
        **DECISION,
        "acts": [
            DECISION["acts"][0],
            {**DECISION["acts"][1], "before": {"votes.A": 90, "figures.valid": 190}, "after": {"votes.A": 80, "figures.valid": 180}},
        ],
        "printed": {"figures": {"valid": 180}, "votes": {"A": 80, "É": 100}},
    }  # fmt: skip


def recomputed(folder: Path, made: dict) -> dict:
    (folder / "r.csv").write_bytes(RECORDS)
    (folder / "p.yaml").write_bytes(PROFILE)
    hashes = {"file": elections.digest_of(folder / "r.csv"), "profile": elections.digest_of(folder / "p.yaml")}
    found = elections.of_file(folder / "r.csv", tabulating.load_profile(folder / "p.yaml", "ml"), hashes)
    return effect.recompute(found, made, sha256=hashlib.sha256(jcs(made)).hexdigest()).record()


def contents(folder: Path, *, exhibits: int = 3, by=None):
    """What the records of the case give, and the bytes of its pieces."""
    own = by or court()
    pieces, bytes_, lines = [], {}, []
    start = AT - timedelta(days=3)
    for n in range(1, exhibits + 1):
        data = b"%%PDF-1.4 exhibit %d\n" % n + os.urandom(200)
        sha = hashlib.sha256(data).hexdigest()
        access = "sealed" if n == 2 else "parties"
        pieces.append({"number": n, "sha256": sha, "size": len(data), "kind": "report", "access": access, "pages": 1})
        if access != "sealed":
            bytes_[sha] = data
        before = lines[-1] if lines else None
        lines.append(custody.next_line(before, at=start + timedelta(minutes=n), actor="counter:2", act="received", piece=sha, source="party:1", to="counter:BKO2"))  # fmt: skip
    lines.append(custody.next_line(lines[-1], at=start + timedelta(days=1), actor="registry:1", act="moved", why="au rapporteur"))  # fmt: skip
    made = decision()
    ids = identifiers(made["decision"], country="ML", on=AT.date())
    text = {"visas": ["Vu"], "reasons": ["Considérant"], "operative": ["Article premier."]}
    xml = texts.sign(texts.judgment(made, ids, court="Cour", parts=text), own, at=AT)
    pdf = papers.sign(paper(), own, at=AT, reason="Décision", attached={"decision.json": jcs(made)})
    receipt = jcs({"number": CASE, "received_at": custody.instant(start), "pieces": [{"n": p["number"], "sha256": p["sha256"]} for p in pieces]})  # fmt: skip
    tokens = {
        "receipt.tsr": times.stamp(own, hashlib.sha256(receipt).digest(), at=start),
        "decision.tsr": times.stamp(own, hashlib.sha256(pdf).digest(), at=AT),
    }
    for day, last in custody.last_of_days(lines).items():
        heads = {CASE: lines[last - 1]["hash"], "2026-L1-KAY1-000003": hashlib.sha256(day.encode()).hexdigest()}
        at = datetime.fromisoformat(day + "T23:59:59+00:00")
        tokens[f"custody-{day}.tsr"] = times.stamp(own, custody.day_root(heads), at=at)
        tokens[f"custody-{day}.json"] = jcs(custody.day_proof(heads, CASE, day))
    after = recomputed(folder, made)
    return archive.Contents(
        number=CASE,
        case={"contest": "k5", "parties": [{"role": "petitioner", "n": 1}], "clocks": [], "decision": made["decision"],
              "transitions": [{"from": "BROUILLON", "to": "RECU", "at": custody.instant(start), "act": "receipt"}]},
        pieces=pieces, lines=lines,
        documents={"receipt.json": receipt, "receipt.pdf": paper("Reçu"), "decision.json": jcs(made), "decision.pdf": pdf, "decision.xml": xml},
        tokens=tokens, records=RECORDS, profile=PROFILE, recomputation=after,
        log={"totals": {"votes": after["after"]["votes"]}}, ca=own.ca_pem(), vkey=own.vkey,
    ), bytes_  # fmt: skip


def made(folder: Path, scratch: Path, *, exhibits: int = 3) -> Path:
    """The archive, whole and sealed."""
    found, pieces = contents(scratch, exhibits=exhibits)
    archives.fresh(folder)
    archives.write(folder, archive.put(found))
    archives.write(folder, {f"evidence/{sha}": data for sha, data in pieces.items()})
    return sealed(folder)


def sealed(folder: Path, *, number: str = CASE, by=None) -> Path:
    """Seal what lies in the folder as it now is: what somebody who holds the Court's key could do."""
    for name in (archive.MANIFEST, archive.NOTE):
        (folder / name).unlink(missing_ok=True)
    manifest, text = archives.closed(folder, number)
    archives.write(folder, {archive.MANIFEST: manifest, archive.NOTE: (by or court()).seal_note(text).encode()})
    return folder


def zipped(folder: Path, path: Path, *, top: str = "") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                out.write(file, f"{top}{file.relative_to(folder).as_posix()}")
    return path


def edit(folder: Path, name: str, change) -> None:
    """Change the value of a canonical JSON file and write it canonically again."""
    value = carried.read((folder / name).read_bytes())
    (folder / name).write_bytes(jcs(change(value) or value))
