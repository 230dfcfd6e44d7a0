"""A copy put back on trial, beside the house: does PostgreSQL take it, is everything in it, how long did it take?"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from kalata.archive import scratch, trial
from kalata.archive.place import Place
from kalata.archive.refusals import NotOurs, NotWhole
from kalata.archive.sealed import TAIL, unsealed

MOST = 2 * 2**30
"""Bytes of kept files that one trial opens; the next day begins elsewhere."""


@dataclass
class Report:
    """What a trial found. faults: empty where the copy is as good as the house was."""

    base: str
    figures: dict[str, float] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def record(self) -> dict[str, Any]:
        return {"base": self.base, "ok": not self.faults, "faults": self.faults, **{k: round(v, 1) for k, v in self.figures.items()}}  # fmt: skip


def of_place(
    place: Place, keys: list[Any], stage: Path, *, rpo: float, until: datetime | None = None, most: int = MOST,
    say: Callable[[str], object] = lambda _text: None,
) -> Report:  # fmt: skip
    """Put the newest base and its journal back in `stage`, ask it, compare it with the house that runs."""
    begun, moment = time.monotonic(), datetime.now(UTC)
    base = place.chosen(until=until)
    report = Report(base.name)
    gaps = place.gaps(base, step_of(place, base))
    if gaps:
        report.faults.append(f"journal: {len(gaps)} pieces missing, first {gaps[0]}")
    with scratch.started(place, base, keys, stage, until=until, say=say) as one:
        report.figures = one.figures
        mark = time.monotonic()
        told = trial.asked("facts", one.url(), stage / "var")
        report.figures["check"] = time.monotonic() - mark
        report.figures["rto"] = time.monotonic() - begun
    report.figures |= {"rows": sum(told["rows"].values()), "acts": told["act"], "pieces": one.figures["pieces"]}
    judged(report, told)
    if until is None:
        compared(report, told, moment, rpo)
    mark = time.monotonic()
    kept(report, place, keys, told["kept"], moment - timedelta(seconds=rpo), most)
    report.figures["files_s"] = time.monotonic() - mark
    return report


def step_of(place: Place, base: Any) -> int:
    """Bytes of a piece of the journal: what PostgreSQL was made with, 16 MiB unless somebody chose otherwise."""
    from django.db import connection

    with suppress(Exception), connection.cursor() as cursor:
        cursor.execute("select setting::bigint from pg_settings where name = 'wal_segment_size'")
        return int(cursor.fetchone()[0])
    return 16 * 2**20


def judged(report: Report, told: dict[str, Any]) -> None:
    """What the database put back says of itself."""
    if told["breaks"]:
        report.faults.append(f"ledger: {told['breaks']} seals broken")
    if told["guards"]:
        report.faults.append(f"guards: {'; '.join(told['guards'])}")
    if told["told"]:
        report.faults.append(f"acts: {told['told']} rows or acts are not what is told of them")


def compared(report: Report, told: dict[str, Any], moment: datetime, rpo: float) -> None:
    """The ledger of the house that runs goes on from that of the copy, and nothing older than `rpo` is only here."""
    from kalata.ledger.models import Act

    if told["newest"]:
        report.figures["rpo"] = max(0.0, (moment - datetime.fromisoformat(told["newest"])).total_seconds())
    last = Act.objects.filter(pk=told["act"]).values_list("mark", flat=True).first()
    if told["act"] and last != told["mark"]:
        report.faults.append(f"act {told['act']} is another in the house that runs")
    lost = Act.objects.filter(pk__gt=told["act"], at__lt=moment - timedelta(seconds=rpo)).count()
    report.figures["lost"] = lost
    if lost:
        report.faults.append(
            f"{lost} acts older than {rpo:.0f} s are not in the copy: is « kalata backup stream » running?"
        )


def kept(report: Report, place: Place, keys: list[Any], wanted: list[Any], before: datetime, most: int) -> None:
    """Each kept file that the copy knows is in the archive; as many as `most` bytes allow are opened and read."""
    from hashlib import sha256 as digest_of

    from kalata.evidence.models import Content

    fresh = set(Content.objects.filter(kept_at__gte=before).values_list("sha256", flat=True))
    rows = [row for row in wanted if row[0] not in fresh]
    turn = datetime.now(UTC).toordinal() % max(1, len(rows))
    read = missing = wrong = 0
    for sha, old, size in rows[turn:] + rows[:turn]:
        sealed = where(place, sha, old)
        if sealed is None:
            missing += 1
            continue
        if read + size > most:
            continue
        found = digest_of()
        try:
            unsealed(sealed, found.update, keys)
        except NotOurs:
            wrong += 1
        else:
            wrong += found.hexdigest() != sha
        read += size
    report.figures |= {"kept": len(rows), "files_mib": read / 2**20}
    if missing or wrong:
        report.faults.append(f"kept files: {missing} missing, {wrong} damaged of {len(rows)}")


def where(place: Place, sha: str, old: str) -> Path | None:
    from kalata.evidence.store import FORMER

    for name in (f"evidence/{sha}", *([old] if old else []), *(f.replace("*", sha) for f in FORMER)):
        if (found := place.files / f"files/{name}{TAIL}").is_file():
            return found
    return None


def of_file(file: Path, stage: Path) -> Report:
    """A copy of a SQLite house put back in `stage`, asked, compared."""
    from kalata import backups

    begun, moment = time.monotonic(), datetime.now(UTC)
    report = Report(file.name)
    backups.staged(file, stage)
    report.figures["unpack"] = time.monotonic() - begun
    told = trial.asked("facts", "", stage)
    report.figures |= {"rto": time.monotonic() - begun, "rows": sum(told["rows"].values()), "acts": told["act"]}
    judged(report, told)
    compared(report, told, moment, float("1e9"))
    for sha, old, _size in told["kept"]:
        there = [stage / "files" / n for n in (f"evidence/{sha}", old) if n]
        if not any(p.is_file() for p in there):
            report.faults.append(f"kept file {sha[:12]} is not in the copy")
    return report


def must_be_whole(report: Report) -> None:
    """OPS-158 where a trial found a fault."""
    if report.faults:
        raise NotWhole(why="; ".join(report.faults)[:300])
