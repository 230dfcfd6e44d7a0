"""The folder of an archive: place.json, base/, wal/, files/. Everything in it but the two lists is sealed."""

from __future__ import annotations

import hmac
import json
import os
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from kalata import storage
from kalata.archive.refusals import NothingThere, NotOurs, OtherCluster
from kalata.archive.sealed import TAIL

SEGMENT = re.compile(r"[0-9A-F]{24}")
PARTIAL = ".partial"
HISTORY = re.compile(r"[0-9A-F]{8}\.history")


@dataclass(frozen=True, slots=True)
class Base:
    """A base as its list says: when it began and ended, from which piece of the journal it goes on, what it weighs."""

    name: str
    began: str
    ended: str
    segment: str
    size: int
    sha256: str
    postgres: int
    system: str
    build: str
    database: str
    user: str
    mark: str = ""

    @property
    def at(self) -> datetime:
        return datetime.fromisoformat(self.ended)

    def text(self) -> str:
        return json.dumps(asdict(self) | {"mark": ""}, sort_keys=True)


class Place:
    """One archive. marking: what the house marks its files with."""

    def __init__(self, folder: Path, marking: bytes) -> None:
        self.folder, self.marking = folder, marking
        self.base, self.wal, self.files = folder / "base", folder / "wal", folder / "files"

    def belongs(self, system: str, *, begin: bool = False) -> None:
        """OPS-152 where this is the archive of another PostgreSQL; begin: an empty folder becomes this one's."""
        told = self.folder / "place.json"
        if not told.exists():
            if not begin:
                return
            for one in (self.folder, self.base, self.wal, self.files):
                one.mkdir(parents=True, exist_ok=True, mode=0o700)
            write(told, json.dumps({"system": system, "since": now()}) + "\n")
        theirs = json.loads(told.read_text(encoding="utf-8"))["system"]
        if theirs != system:
            raise OtherCluster(place=str(self.folder), theirs=theirs, ours=system)

    def bases(self) -> list[Base]:
        """Every base, the oldest first, whose list bears this house's mark."""
        found = []
        for path in sorted(self.base.glob("*.json")):
            one = Base(**json.loads(path.read_text(encoding="utf-8")))
            if (self.base / f"{one.name}.tar.gz{TAIL}").exists():
                found.append(one)
        return found

    def chosen(self, name: str = "", until: datetime | None = None) -> Base:
        """The newest base, or the newest that ended before `until`. OPS-154; OPS-155 where its list is not of this house."""
        fits = [b for b in self.bases() if name in ("", b.name) and (until is None or b.at <= until)]
        if not fits:
            raise NothingThere(place=str(self.folder))
        one = fits[-1]
        if not hmac.compare_digest(self.signed(one), one.mark):
            raise NotOurs(name=one.name, why="its mark is another's")
        return one

    def signed(self, one: Base) -> str:
        return hmac.new(self.marking, one.text().encode(), "sha256").hexdigest()

    def keep(self, one: Base) -> Base:
        """The list of a base, last: from then on it counts."""
        marked = Base(**(asdict(one) | {"mark": self.signed(one)}))
        write(self.base / f"{one.name}.json", json.dumps(asdict(marked), indent=1) + "\n")
        return marked

    def stretch(self, base: Base) -> Iterator[tuple[str, Path]]:
        """(name, sealed file) of every piece of the journal from a base on; the one being written stands under its name."""
        whole: dict[str, Path] = {}
        for path in sorted(self.wal.glob(f"*{TAIL}")):
            name = path.name.removesuffix(TAIL)
            bare = name.removesuffix(PARTIAL)
            if HISTORY.fullmatch(name):
                whole[name] = path
            elif SEGMENT.fullmatch(bare) and bare[8:] >= base.segment[8:] and (bare == name or bare not in whole):
                whole[bare] = path
        yield from whole.items()

    def gaps(self, base: Base, step: int) -> list[str]:
        """Pieces of the journal that are missing between the base and the newest one of the same line of time."""
        there = sorted({n for n, _p in self.stretch(base) if SEGMENT.fullmatch(n)}, key=lambda n: (n[8:], n[:8]))
        numbers = sorted({number(n, step) for n in there})
        first = number(base.segment, step)
        return [f"{n:x}" for n in range(first, numbers[-1] + 1) if n not in set(numbers)] if numbers else []

    def thin(self, keep: int) -> tuple[int, int]:
        """Let go of bases beyond the newest `keep` and of the journal before the oldest kept. Returns how many of each."""
        bases = self.bases()
        gone, left = bases[:-keep], bases[-keep:]
        if not gone or not left:
            return 0, 0
        for one in gone:
            (self.base / f"{one.name}.json").unlink(missing_ok=True)
            (self.base / f"{one.name}.tar.gz{TAIL}").unlink(missing_ok=True)
        old = 0
        for path in self.wal.glob(f"*{TAIL}"):
            bare = path.name.removesuffix(TAIL).removesuffix(PARTIAL)
            if SEGMENT.fullmatch(bare) and bare[8:] < min(b.segment[8:] for b in left):
                path.unlink()
                old += 1
        return len(gone), old


def number(segment: str, step: int) -> int:
    """The place of a piece in the journal, whatever its line of time. step: bytes of a piece."""
    return int(segment[8:16], 16) * (0x1_0000_0000 // step) + int(segment[16:24], 16)


def write(path: Path, text: str) -> None:
    fresh = path.with_name(f".{path.name}.part")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(path)
    storage.synced(path)


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
