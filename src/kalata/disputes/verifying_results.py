"""What an archive says of the results: computed again from its records, and what its papers print of them."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kalata.disputes.rules import archive, archive_checks, archive_text, carried
from kalata.disputes.rules.archive_problems import Verdict
from kalata.disputes.verifying_read import JSON, PDF, Read
from kalata.refusals import Refused
from kalata.transparency.rules.canonical import jcs

if TYPE_CHECKING:
    from kalata.disputes.rules.effect import Recomputation

FIRST_PACK = "ml"
"""Of archives written before a case said its pack: there was one."""

FIGURES = {"ANNUL_STATION", "ANNUL_AREA", "RECTIFY", "RESTORE"}


def results(found: Read) -> None:
    """Computing again from the records gives the recomputation, the printed totals, the annexes, the public log's totals."""
    verdict = found.verdict
    names = (archive.RECORDS, archive.PROFILE, archive.RECOMPUTATION)
    there = [name for name in names if name in found.there]
    touches = touching(found.decision or {})
    if not there and not touches and archive.LOG not in found.there:
        return
    for name in names:
        if name not in there:
            verdict.fault("results", "missing", name)
    kept = archive_checks.sheet(verdict, archive.RECOMPUTATION, found.file(archive.RECOMPUTATION), "results")
    if len(there) < 3 or found.decision is None or not isinstance(kept, dict):
        return
    done = recomputed(found)
    if done is None:
        return
    again = found.again = dict(done.record())
    verdict.counts["results"] = sum(again["before"]["stations"].values())
    compare(verdict, kept, again)
    printed(verdict, found.decision, again)
    as_the_gate(verdict, found.decision, done)
    log = archive_checks.sheet(verdict, archive.LOG, found.file(archive.LOG), "results")
    if log is not None:
        logged(verdict, log, again)


def touching(decision: Mapping[str, Any]) -> bool:
    """Has this decision an act on the figures?"""
    return any(isinstance(act, dict) and act.get("act") in FIGURES for act in decision.get("acts") or ())


def recomputed(found: Read) -> Recomputation | None:
    """The recomputation of the records of the archive, by the one function that the decision was signed with."""
    from kalata.disputes import elections
    from kalata.disputes.rules import effect
    from kalata.results import tabulating

    verdict = found.verdict
    records, profile = found.file(archive.RECORDS), found.file(archive.PROFILE)
    if records is None or profile is None or found.decision is None:
        return None
    with tempfile.TemporaryDirectory(prefix="kalata-archive-") as folder:
        source, rules = Path(folder) / "records.csv", Path(folder) / "profile.yaml"
        source.write_bytes(records)
        rules.write_bytes(profile)
        try:
            hashes = {"file": elections.digest_of(source), "profile": elections.digest_of(rules)}
            pack = str(found.case.get("pack") or FIRST_PACK)
            election = elections.of_file(source, tabulating.load_profile(rules, pack), hashes)
            own = hashlib.sha256(found.file(JSON) or b"").hexdigest()
            return effect.recompute(election, found.decision, sha256=own)
        except Refused as refused:
            verdict.fault("results", "unread", archive.RECORDS, str(refused))
        except (ValueError, KeyError, TypeError, OSError) as why:
            verdict.fault("results", "unread", archive.RECORDS, f"{type(why).__name__} {why}")
    return None


def compare(verdict: Verdict, kept: Mapping[str, Any], again: Mapping[str, Any]) -> None:
    """Digest, and every value but the engine's name and the sentences."""
    from kalata.disputes.rules import effect

    where = archive.RECOMPUTATION
    own = effect.digest_of(kept)
    for got in (kept.get("digest"), own):
        if got != again["digest"]:
            return verdict.fault("results", "digest", where, got, again["digest"])
    for name, want in again["sha256"].items():
        if (kept.get("sha256") or {}).get(name) != want:
            verdict.fault("results", "digest", where, f"{name} {(kept.get('sha256') or {}).get(name)}", want)
    return None


def printed(verdict: Verdict, decision: Mapping[str, Any], again: Mapping[str, Any]) -> None:
    """What the decision prints and its annexes, against what was computed again."""
    after = again["after"]
    totals = carried.carried(decision)["totals"]
    for name, value in totals.items():
        kind, _dot, key = name.partition(".")
        want = str((after.get(kind) or {}).get(key, ""))
        if value != want:
            verdict.fault("results", "printed", JSON, f"{name} = {value}", want)
    known = {str(annex["annex"]): [list(row["station"]) for row in annex["rows"]] for annex in again["annexes"]}
    for one in carried.carried(decision)["annexes"]:
        want_rows = {tuple(key) for key in known.get(one["annex"], [])}
        got_rows = {tuple(key) for key in one["stations"]}
        if got_rows != want_rows or len(one["stations"]) != len(got_rows):
            more, less = got_rows - want_rows, want_rows - got_rows
            verdict.fault("results", "annex", JSON, f"{one['annex']}: {jcs(sorted(map(list, more))).decode()}", jcs(sorted(map(list, less))).decode())  # fmt: skip


def as_the_gate(verdict: Verdict, decision: Mapping[str, Any], done: Recomputation) -> None:
    """Counts, percentages and who is elected, by the functions of the gate: what is not printed is not checked."""
    from kalata.disputes.rules.gate_acts import Draft, Stations
    from kalata.disputes.rules.gate_figures import Figures

    stations = Stations(Draft(decision, done))
    stations.counts()
    figures = Figures(decision.get("printed") or {}, done)
    for one in [*stations.found, *(m for m in figures.all() if m.check != "totals")]:
        verdict.fault("results", "printed", JSON, f"{one.check} {dict(one.where)}: {one.printed}", one.computed)


def text(found: Read) -> None:
    """What decision.pdf says to who reads it, against its data: the library that reads the text draws nothing."""
    data = found.file(PDF)
    if data is None or found.decision is None or not found.words:
        return
    from kalata.disputes import paper_text

    annexes = found.again["annexes"] if found.again is not None else None
    if annexes is None and not touching(found.decision):
        annexes = []
    own = hashlib.sha256(found.file(JSON) or b"").hexdigest()
    said = paper_text.of_pdf(data)
    for one in archive_text.differences(said, found.decision, digest=own, words=found.words, annexes=annexes):
        found.verdict.fault("decision", one.kind, PDF, one.got, one.want)


def logged(verdict: Verdict, log: Any, again: Mapping[str, Any]) -> None:
    """The totals that the public log holds for this decision."""
    totals = log.get("totals") if isinstance(log, dict) else None
    if not isinstance(totals, dict):
        return verdict.fault("results", "log", archive.LOG, "", "totals")
    for kind, held in totals.items():
        for name, value in held.items() if isinstance(held, dict) else ():
            want = (again["after"].get(kind) or {}).get(name)
            if value != want:
                verdict.fault("results", "log", archive.LOG, f"{kind}.{name} = {value}", want)
    return None
