"""The included set and every total, as pure functions of the log: what anyone may recompute.

At a size n, the report in force for (part, station) is the latest `report` or `revision` below n; it
is included unless an `exclusion` names its index. A report replaced stays replaced: excluding the later
one never brings the earlier one back. Totals add the included reports of an area; where the law keeps
some boxes of an annulled station (`keeps` of the manifest), those are added apart, under `kept`.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kalata.transparency.rules import draws
from kalata.transparency.rules.draws import Lots
from kalata.transparency.rules.entries import FIGURES
from kalata.transparency.rules.listing import Indices
from kalata.transparency.rules.register import (
    AREA_COLUMNS,
    NATION,
    REGISTER_COLUMNS,
    Area,
    Key,
    Place,
    Register,
    read_register,
    table,
)

__all__ = ["AREA_COLUMNS", "NAMES", "NATION", "REGISTER_COLUMNS", "Area", "Broken", "Key", "Place", "Register", "Replay", "Version", "read_register", "table"]  # fmt: skip

NAMES = tuple(FIGURES.values())


class Broken(ValueError):
    """The log contradicts itself: `index` says where."""

    def __init__(self, index: int, why: str) -> None:
        super().__init__(f"entry {index}: {why}")
        self.index, self.why = index, why


@dataclass(slots=True)
class Sum:
    """The included reports of one area. figures: in order of NAMES, then votes by place on the ballot. indices: theirs."""

    figures: list[int]
    kept: list[int]
    indices: Indices = field(default_factory=Indices)


@dataclass(slots=True)
class Version:
    """One entry about one station. by: the exclusion that hit it."""

    index: int
    entry: Mapping[str, Any]
    excluded: int | None = None
    why: str = ""


class Replay:
    """Reads a log entry by entry and holds, at any moment, what it says of every station and area."""

    def __init__(self, load: Callable[[str, str], Register]) -> None:
        """load: gives the register whose two files have these SHA-256 (stations, areas)."""
        self.load = load
        self.manifest: dict[str, Any] = {}
        self.register = Register()
        self.changed_at = -1
        self.size = 0
        self.history: dict[Key, list[Version]] = {}
        self.at: dict[int, Key] = {}
        self.sums: dict[Area, Sum] = {}
        self.totals: dict[Area, tuple[int, Mapping[str, Any]]] = {}
        self.declarations: list[tuple[int, Mapping[str, Any]]] = []
        self.keys: list[tuple[int, Mapping[str, Any]]] = []
        self.rulings: list[tuple[int, Mapping[str, Any]]] = []
        self.versions: dict[str, int] = {}
        self.lots: list[Lots] = []
        self.batches: dict[int, list[int]] = {}
        self.dirty: set[Area] = set()
        self.width = 0
        self.lists: list[int] = []
        self.place_of: dict[int, int] = {}

    # --- reading ------------------------------------------------------------------------------
    def feed(self, entry: Mapping[str, Any]) -> None:
        """The next entry. Raises Broken where it contradicts what came before it."""
        index, kind = self.size, entry["kind"]
        if (index == 0) is not (kind == "manifest"):
            raise Broken(index, "a log begins with its one manifest")
        if index and any(entry[k] != self.manifest[k] for k in ("v", "election", "contest", "round")):
            raise Broken(index, "of another contest")
        if kind == "manifest":
            self.named(entry)
            self.use(index, entry)
        elif kind == "register":
            self.use(index, entry)
        elif kind in ("report", "revision"):
            self.report(index, entry)
        elif kind == "exclusion":
            self.exclude(index, entry)
        elif kind == "total":
            self.check_total(index, entry)
            self.totals[entry["level"], entry["code"]] = (index, entry)
            self.dirty.discard((entry["level"], entry["code"]))
        elif kind == "declaration":
            if self.dirty or entry["total_index"] != self.totals.get(NATION, (-1, {}))[0]:
                raise Broken(index, "the declaration rests on no national total in force")
            self.declarations.append((index, entry))
        elif kind == "ruling":
            if entry["version"] != self.versions.get(entry["act"], 0) + 1:
                raise Broken(index, "the text of a decision does not follow the version before it")
            self.versions[entry["act"]] = entry["version"]
            self.rulings.append((index, entry))
        elif kind == "key":
            self.keys.append((index, entry))
        elif kind in ("lot", "draw", "undraw"):
            self.draw(index, entry)
        if kind in ("manifest", "register", "report", "revision", "exclusion"):
            self.changed_at = index
        self.size += 1

    def named(self, manifest: Mapping[str, Any]) -> None:
        """What the manifest fixes for the whole log."""
        self.manifest = dict(manifest)
        self.lists = [o["list"] for o in manifest["lists"]]
        self.place_of = {n: i for i, n in enumerate(self.lists)}
        self.width = len(NAMES) + len(self.lists)

    def use(self, index: int, entry: Mapping[str, Any]) -> None:
        """The register in force from here on; sums are made anew where stations moved."""
        fresh = self.load(entry["stations_sha256"], entry["areas_sha256"])
        if fresh.parts != entry["expected"]:
            raise Broken(index, "other counts of stations by part than the register's")
        self.register = fresh
        self.sums = {}
        for key, versions in self.history.items():
            self.add(key, versions[-1], 1)
        self.dirty = set(self.register.expected)

    def report(self, index: int, entry: Mapping[str, Any]) -> None:
        key = (entry["part"], entry["station"])
        past = self.history.get(key, [])
        if key not in self.register.places:
            raise Broken(index, f"station {entry['station']} is not in the register")
        if any(v["list"] not in self.place_of for v in entry["votes"]):
            raise Broken(index, "a vote for a list that is not in the manifest")
        if any(name in entry and name not in self.manifest["boxes"] for name in NAMES):
            raise Broken(index, "a figure that is not on the form of the manifest")
        if entry["kind"] == "report":
            if past or entry["revision"]:
                raise Broken(index, "a second report of the same station is a revision")
        elif not past or entry["prev_index"] != past[-1].index or entry["revision"] != len(past):
            raise Broken(index, "the revision does not follow the report before it")
        past = self.history.setdefault(key, [])
        if past:
            self.add(key, past[-1], -1)
        past.append(Version(index, entry))
        self.at[index] = key
        self.add(key, past[-1], 1)
        if batch := entry.get("published_batch"):
            self.batches.setdefault(batch, []).append(index)

    def exclude(self, index: int, entry: Mapping[str, Any]) -> None:
        key = self.at.get(entry["index"])
        if key is None or key != (entry["part"], entry["station"]) or self.history[key][-1].index != entry["index"]:
            raise Broken(index, "the exclusion names no report in force of that station")
        held = self.history[key][-1]
        if held.excluded is not None:
            raise Broken(index, "that report is excluded already")
        self.add(key, held, -1)
        held.excluded, held.why = index, entry["reason_code"]
        self.add(key, held, 1)

    def draw(self, index: int, entry: Mapping[str, Any]) -> None:
        """A promise of lots, its secret opened, or both set aside: what they say is computed again."""
        made = next((one for one in self.lots if one.index == entry.get("index")), None)
        try:
            if entry["kind"] == "draw":
                draws.opened(index, entry, made)
            elif entry["kind"] == "undraw":
                draws.undone(index, entry, made)
            else:
                law = self.manifest["system"]
                self.lots.append(draws.promise(index, entry, self.lots, law, self.lists, self.votes_in))
        except ValueError as why:
            raise Broken(index, str(why)) from None

    def votes_in(self, constituency: str) -> list[int] | None:
        """Votes by place on the ballot in a constituency ("": the nation), as the reports in force give them."""
        area = ("constituency", constituency) if constituency else NATION
        held = self.sums.get(area)
        return held.figures[len(NAMES) :] if held else None

    # --- sums ---------------------------------------------------------------------------------
    def row(self, entry: Mapping[str, Any]) -> list[int]:
        """What one report adds: figures in order of NAMES (valid: the sum of votes where the form lacks it), votes."""
        votes, entry = [0] * len(self.lists), dict(entry)
        for one in entry["votes"]:
            votes[self.place_of[one["list"]]] = one["n"]
        head = [entry.get(name, 0) for name in NAMES]
        if "valid" not in entry:
            head[NAMES.index("valid")] = sum(votes)
        return head + votes

    def add(self, key: Key, version: Version, sign: int) -> None:
        """Put a version in, or take it out of, the sums of every area of its station."""
        place = self.register.places.get(key)
        if place is None:
            return
        row = self.row(version.entry)
        inside, put = version.excluded is None, operator.add if sign > 0 else operator.sub
        for area in place.areas:
            held = self.sums.get(area)
            if held is None:
                held = self.sums[area] = Sum([0] * self.width, [0] * len(NAMES))
            self.dirty.add(area)
            if inside:
                held.figures = list(map(put, held.figures, row))
                (held.indices.add if sign > 0 else held.indices.discard)(version.index)
            elif version.why in ("annulment", "court"):
                for i, name in enumerate(NAMES):
                    if name in self.manifest["keeps"]:
                        held.kept[i] += sign * row[i]

    def total(self, area: Area) -> dict[str, Any]:
        """The fields of the `total` entry of an area, as the log stands now."""
        held = self.sums.get(area) or Sum([0] * self.width, [0] * len(NAMES))
        boxes = [*self.manifest["boxes"], *([] if "valid" in self.manifest["boxes"] else ["valid"])]
        out: dict[str, Any] = {
            "level": area[0],
            "code": area[1],
            "covers_size": self.size,
            "expected": self.register.expected.get(area, 0),
            "included": held.indices.told(),
            "figures": {n: v for n, v in zip(NAMES, held.figures, strict=False) if n in boxes},
            "votes": [{"list": n, "n": v} for n, v in zip(self.lists, held.figures[len(NAMES) :], strict=True)],
        }
        if self.manifest["keeps"]:
            out["kept"] = {n: v for n, v in zip(NAMES, held.kept, strict=True) if n in self.manifest["keeps"]}
        return out

    def check_total(self, index: int, entry: Mapping[str, Any]) -> None:
        """Raises Broken where a published total is not the sum of what the log holds at the size it covers."""
        area = (entry["level"], entry["code"])
        covers = entry["covers_size"]
        if not self.changed_at < covers <= index:
            raise Broken(index, f"the total covers {covers} entries, not those before it")
        if area not in self.register.expected:
            raise Broken(index, f"there is no station in {area[0]} {area[1]}")
        made = self.total(area) | {"covers_size": covers}
        for name in ("expected", "included", "figures", "votes", "kept"):
            if entry.get(name) != made.get(name):
                raise Broken(index, f"the total of {area[0]} {area[1]} does not fit: {name}")

    def ended(self) -> None:
        """Raises Broken where the log, as it ends here, leaves a sum unsaid or counts what it calls annulled."""
        if not self.manifest:
            raise Broken(0, "a log begins with its one manifest")
        if self.at and self.dirty:
            level, code = sorted(self.dirty)[0]
            raise Broken(self.size, f"no total of {level} {code} covers the reports before the end of the log")
        for key, versions in self.history.items():
            if versions[-1].entry["status"] == "annulled" and versions[-1].excluded is None:
                raise Broken(self.size, f"station {key[1]} is annulled and counted")
