"""A sample archive of a fictional case, made through the same writer as the house's, and ways to seal a changed one again."""

from __future__ import annotations

import hashlib
import os
import zipfile
from datetime import datetime, timedelta
from pathlib import Path

from kalata.disputes import archives, elections
from kalata.disputes.papers import decisions
from kalata.disputes.rules import archive, carried, custody, effect, wording
from kalata.disputes.rules.identifiers import identifiers
from kalata.disputes.services import executing
from kalata.disputes.signing import papers, texts, times
from kalata.documents import rendering
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


def parts_of(made: dict, done: effect.Recomputation) -> dict:
    """The paragraphs of the decision, written from its acts; an article that no act can write is not there."""
    try:
        return wording.parts(carried.read(jcs(made)), done, {})
    except Exception:  # an act that a test has spoilt
        return {"visas": [], "facts": [], "reasons": [], "operative": [], "derived": []}


def printed(made: dict, done: effect.Recomputation, change=lambda said: said) -> bytes:
    """The decision as the house prints it, before its seal. change: of what is printed, beside what the data say."""
    parts = parts_of(made, done)
    said = change({
        "articles": parts["operative"], "derived": parts["derived"], "annexes": [executing.annex(a, "fr") for a in done.annexes],
        "digest": effect.sha256_of(made),
    })  # fmt: skip
    one = decisions.Ruling(
        on=AT.date(), ecli="ECLI:ML:CC:2026:EL.0004", formation=[], visas=parts["visas"], facts=parts["facts"],
        reasons=[decisions.Reasons("Sur les moyens", parts["reasons"])], formula="DÉCIDE", **said,
    )  # fmt: skip
    head = rendering.Head(title="Arrêt", number=str(made["decision"]), body="Cour constitutionnelle")
    return rendering.copy(decisions.ruling(one, head, "fr"), AT).pdf


def recomputed(folder: Path, made: dict) -> effect.Recomputation:
    (folder / "r.csv").write_bytes(RECORDS)
    (folder / "p.yaml").write_bytes(PROFILE)
    hashes = {"file": elections.digest_of(folder / "r.csv"), "profile": elections.digest_of(folder / "p.yaml")}
    found = elections.of_file(folder / "r.csv", tabulating.load_profile(folder / "p.yaml", "ml"), hashes)
    return effect.recompute(found, made, sha256=hashlib.sha256(jcs(made)).hexdigest())


def contents(folder: Path, *, exhibits: int = 3, by=None, size: int = 200):
    """What the records of the case give, and the bytes of its pieces."""
    own = by or court()
    pieces, bytes_, lines = [], {}, []
    start = AT - timedelta(days=3)
    for n in range(1, exhibits + 1):
        data = b"%%PDF-1.4 exhibit %d\n" % n + os.urandom(size)
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
    done = recomputed(folder, made)
    xml = texts.sign(texts.judgment(made, ids, court="Cour", parts=parts_of(made, done)), own, at=AT)
    pdf = papers.sign(printed(made, done), own, at=AT, reason="Décision", attached={"decision.json": jcs(made)})
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
    after = done.record()
    return archive.Contents(
        number=CASE,
        case={"contest": "k5", "parties": [{"role": "petitioner", "n": 1}], "clocks": [], "decision": made["decision"],
              "transitions": [{"from": "BROUILLON", "to": "RECU", "at": custody.instant(start), "act": "receipt"}]},
        pieces=pieces, lines=lines,
        documents={"receipt.json": receipt, "receipt.pdf": paper("Reçu"), "decision.json": jcs(made), "decision.pdf": pdf, "decision.xml": xml},
        tokens=tokens, records=RECORDS, profile=PROFILE, recomputation=after,
        log={"totals": {"votes": after["after"]["votes"]}}, ca=own.ca_pem(), vkey=own.vkey,
    ), bytes_  # fmt: skip


def made(folder: Path, scratch: Path, *, exhibits: int = 3, size: int = 200) -> Path:
    """The archive, whole and sealed."""
    found, pieces = contents(scratch, exhibits=exhibits, size=size)
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
