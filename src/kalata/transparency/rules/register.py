"""The register of a log: which stations are expected, and the areas they lie in. Two CSV files bound by an entry.

They are judged as strictly as the entries: one way to write them (`table`), every station and area once, every
area named is there, and the counts by part are those the entry states.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

Key: TypeAlias = tuple[str, str]
"""(part, station)"""
Area: TypeAlias = tuple[str, str]
"""(level, code): ("nation", ""), ("1", "ML-SEG"), ("constituency", "...")"""

NATION: Area = ("nation", "")
DEEPEST = 12


class BadRegister(ValueError):
    """A register that cannot be read, or contradicts itself."""


@dataclass(slots=True)
class Place:
    """One expected station, from the register bound by the manifest. areas: of every level, outermost first."""

    station: str
    part: str
    name: str
    centre: str
    registered: int | None
    constituency: str
    areas: tuple[Area, ...]


@dataclass(slots=True)
class Zone:
    level: str
    code: str
    name: str
    kind: str
    parent: Area | None


@dataclass(slots=True)
class Register:
    """Stations and areas as published beside the log (register.csv, areas.csv)."""

    places: dict[Key, Place] = field(default_factory=dict)
    zones: dict[Area, Zone] = field(default_factory=dict)
    expected: dict[Area, int] = field(default_factory=dict)
    parts: dict[str, int] = field(default_factory=dict)


REGISTER_COLUMNS = ("station", "part", "name", "centre", "registered", "constituency", "level", "area")
AREA_COLUMNS = ("level", "code", "name", "kind", "parent_level", "parent")


def table(columns: Iterable[str], rows: Iterable[Iterable[object]]) -> bytes:
    """A CSV as published: UTF-8, no byte-order mark, one header, lines ended by LF."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return out.getvalue().encode()


def rows_of(name: str, data: bytes, columns: tuple[str, ...]) -> list[dict[str, str]]:
    """The rows of a published CSV; BadRegister where it is not written the one way, or holds a control character."""
    try:
        text = data.decode()
        rows = list(csv.reader(io.StringIO(text, newline="")))
    except (UnicodeDecodeError, csv.Error) as why:
        raise BadRegister(f"{name}: {why}") from None
    if not rows or tuple(rows[0]) != columns or any(len(r) != len(columns) for r in rows):
        raise BadRegister(f"{name}: other columns")
    if re.search("[\x00-\x09\x0b-\x1f\x7f]", text) or table(columns, rows[1:]) != data or text.count("\n") != len(rows):
        raise BadRegister(f"{name}: not in canonical form")
    return [dict(zip(columns, row, strict=True)) for row in rows[1:]]


def read_register(stations: bytes, areas: bytes) -> Register:
    """The register from its two files. Raises BadRegister."""
    made = Register()
    parents: dict[Area, Area | None] = {}
    for row in rows_of("areas", areas, AREA_COLUMNS):
        area = (row["level"], row["code"])
        if area in made.zones or area == NATION or not re.fullmatch("[A-Za-z0-9_-]{1,20}", row["level"]):
            raise BadRegister(f"area {area[0]} {area[1]} stands there twice, or has no level")
        parents[area] = (row["parent_level"], row["parent"]) if row["parent_level"] else None
        made.zones[area] = Zone(row["level"], row["code"], row["name"], row["kind"], parents[area])
    chains: dict[Area, tuple[Area, ...]] = {("", ""): (NATION,)}
    for row in rows_of("stations", stations, REGISTER_COLUMNS):
        lowest = (row["level"], row["area"])
        if lowest not in chains:
            chains[lowest] = (NATION, *chain_of(lowest, parents))
        held = chains[lowest]
        if row["constituency"]:
            if ("constituency", row["constituency"]) not in parents:
                raise BadRegister(f"constituency {row['constituency']} is not among the areas")
            held = (*held, ("constituency", row["constituency"]))
        key = (row["part"], row["station"])
        if key in made.places or not row["station"] or not re.fullmatch("[A-Za-z0-9_-]{1,20}", row["part"]):
            raise BadRegister(f"station {row['station']} stands there twice, or has no part")
        if not re.fullmatch("(0|[1-9][0-9]{0,8})?", row["registered"]):
            raise BadRegister(f"station {row['station']}: {row['registered']} is not a count")
        registered = int(row["registered"]) if row["registered"] else None
        made.places[key] = Place(row["station"], row["part"], row["name"], row["centre"], registered, row["constituency"], held)  # fmt: skip
        made.parts[row["part"]] = made.parts.get(row["part"], 0) + 1
        for area in held:
            made.expected[area] = made.expected.get(area, 0) + 1
    return made


def chain_of(lowest: Area, parents: Mapping[Area, Area | None]) -> list[Area]:
    """The areas above a station, outermost first."""
    chain: list[Area] = []
    step: Area | None = lowest
    while step is not None:
        if step not in parents or len(chain) >= DEEPEST or step[0] == "constituency":
            raise BadRegister(f"area {step[0]} {step[1]} is not among the areas, or lies in itself")
        chain.insert(0, step)
        step = parents[step]
    return chain
