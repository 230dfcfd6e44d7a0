"""Between rows of the database and columns of `numeric.table`.

The frame of a contest (its stations, their places and constituencies) changes rarely and is
kept in memory under the contest's register revision; the figures are read from the current records
each time they have changed. 25,000 stations x 27 figures are read and added up at every level
in about 40 ms.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from django.db import connection
from django.db.models import QuerySet

from kalata.country.models import Constituency, Contest, Station, Unit
from kalata.country.rules.lookup import Places
from kalata.country.services import fold
from kalata.results import papers
from kalata.results.models import Contestation, StationReport
from kalata.results.numeric.areas import Shape, shape_of
from kalata.results.numeric.searching import Search
from kalata.results.numeric.table import Ints, Path, Table
from kalata.results.rules.boxes import ABSENT, Box, Sheet, Standing

Mask: TypeAlias = npt.NDArray[np.bool_]
WIRE = np.dtype("<i4")


def packed(sheet: Ints) -> list[bytes]:
    """(n, width) figures and votes as n blobs."""
    rows = np.ascontiguousarray(sheet, WIRE)
    width = rows.shape[1] * WIRE.itemsize
    raw = rows.tobytes()
    return [raw[i : i + width] for i in range(0, len(raw), width)] if width else [b""] * len(rows)


def unpacked(blob: bytes | memoryview) -> list[int]:
    return np.frombuffer(bytes(blob), WIRE).tolist()


def sheet_of(blob: bytes | memoryview, boxes: Sequence[Box]) -> Sheet:
    """One blob as a value of the rules."""
    values = [None if v == ABSENT else v for v in unpacked(blob)]
    return Sheet(dict(zip(boxes, values, strict=False)), tuple(values[len(boxes) :]))


@dataclass
class Frame:
    """The stations of a contest, in order of id. Arrays are aligned."""

    ids: Ints
    codes: list[str]
    keys: list[Path]
    names: list[str]
    centres: list[str]
    unit: Ints  # index in `paths`
    order: Ints  # rows by area: sorted once, used by every addition
    paths: list[Path]  # tuples of unit ids as text, outermost first
    units: dict[int, Unit]
    registered: Ints
    constituency: Ints | None
    constituencies: list[Constituency]
    index: dict[int, int]

    @cached_property
    def shape(self) -> Shape:
        return shape_of(self.paths)

    @cached_property
    def search(self) -> Search:
        """Code and name of each station, folded once, for those who look one up."""
        return Search(fold(f"{code} {name}") for code, name in zip(self.codes, self.names, strict=True))

    @cached_property
    def lookup(self) -> Places:
        """Code, name, centre and places of each station, for those who type a village as they hear it."""
        above = [" ".join(self.units[int(u)].name for u in path) for path in self.paths]
        rows = zip(self.codes, self.names, self.centres, self.unit.tolist(), strict=True)
        return Places(f"{code} {name} {centre} {above[area]}" for code, name, centre, area in rows)

    @cached_property
    def areas(self) -> tuple[list[Unit], Places]:
        """The places that hold stations, outermost first, and their names."""
        units = sorted(self.units.values(), key=lambda u: (u.level, u.sort_name or u.name))
        return units, Places(" ".join([u.name, *map(str, u.aliases or [])]) for u in units)


_frames: dict[tuple[int, int], Frame] = {}
_lock = Lock()


def frame(contest: Contest) -> Frame:
    """The frame, from memory when the set of stations has not changed."""
    key = (contest.pk, contest.register_revision)
    with _lock:
        if key in _frames:
            return _frames[key]
    made = build_frame(contest)
    with _lock:
        for old in [k for k in _frames if k[0] == contest.pk]:
            del _frames[old]
        while len(_frames) >= 6:
            del _frames[next(iter(_frames))]
        _frames[key] = made
    return made


def build_frame(contest: Contest) -> Frame:
    rows = list(
        Station.objects.filter(contest=contest)
        .order_by("pk")
        .values_list("pk", "code", "name", "unit_id", "registered", "constituency_id", "centre")
    )
    units = units_above(contest.election.geography_id, {r[3] for r in rows if r[3]})
    chain: dict[int | None, Path] = {None: ()}
    for pk in units:
        path: list[str] = []
        step: int | None = pk
        while step is not None:
            path.insert(0, str(step))
            step = units[step].parent_id
        chain[pk] = tuple(path)
    paths: dict[Path, int] = {}
    unit = np.fromiter((paths.setdefault(chain[r[3]], len(paths)) for r in rows), np.int64, len(rows))
    groups = list(contest.constituencies.order_by("pk"))
    place = {g.pk: i for i, g in enumerate(groups)}
    constituency = None
    if groups:
        constituency = np.fromiter((place.get(r[5], -1) for r in rows), np.int64, len(rows))
    return Frame(
        ids=np.fromiter((r[0] for r in rows), np.int64, len(rows)),
        codes=[r[1] for r in rows],
        keys=[(r[1],) for r in rows],
        names=[r[2] for r in rows],
        centres=[r[6] for r in rows],
        unit=unit,
        order=np.argsort(unit, kind="stable"),
        paths=list(paths) or [()],
        units=units,
        registered=np.fromiter((ABSENT if r[4] is None else r[4] for r in rows), np.int64, len(rows)),
        constituency=constituency,
        constituencies=groups,
        index={r[0]: i for i, r in enumerate(rows)},
    )


def units_above(geography: int, wanted: set[int]) -> dict[int, Unit]:
    """These places and all that hold them, by id; the whole geography is read once where they are many."""
    many = {u.pk: u for u in Unit.objects.filter(geography_id=geography)} if len(wanted) >= 900 else {}
    units: dict[int, Unit] = {}
    while wanted:
        level = [many[pk] for pk in wanted] if many else list(Unit.objects.filter(pk__in=wanted))
        units |= {u.pk: u for u in level}
        wanted = {u.parent_id for u in level if u.parent_id and u.parent_id not in units}
    return units


def current_records(contest: Contest, size: int) -> tuple[Ints, npt.NDArray[np.int8], bytes]:
    """Station ids in order, their standing, and all their sheets end to end."""
    running = gc.isenabled()
    gc.disable()  # 25,000 short-lived rows and no cycle: a collection here would cost more than the query
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "select station_id, standing, sheet from results_stationreport where contest_id = %s and current = true order by station_id",
                [contest.pk],
            )
            rows = cursor.fetchall()
        if not rows:
            return np.empty(0, np.int64), np.empty(0, np.int8), b""
        stations, standing, sheets = zip(*rows, strict=True)
        return np.array(stations, np.int64), np.array(standing, np.int8), b"".join(sheets)
    finally:
        if running:
            gc.enable()


def unpublished(contest: Contest) -> Ints:
    """Ids of the stations whose report counts and is in no published batch yet, in order."""
    return ids_of(papers.followed_by().waiting(contest))


def contested(contest: Contest) -> Ints:
    """Ids of the stations whose report is before the judge, in order: by its paper, or by a petition not decided yet."""
    attacked = Contestation.objects.filter(contest=contest, decision="").values("station")
    return np.union1d(ids_of(papers.followed_by().contested(contest)), ids_of(attacked))


def ids_of(stations: QuerySet[Any, Any]) -> Ints:
    """A query of one column of station ids, as an array in order."""
    (column,) = stations.query.values_select or ("pk",)
    return np.array(sorted(stations.values_list(column, flat=True)), np.int64)


def ids_inside(contest: Contest, units: Sequence[int]) -> Ints:
    """Ids of the stations that lie in one of these units, in order."""
    held, wanted = frame(contest), {str(u) for u in units}
    inside = np.fromiter((not wanted.isdisjoint(p) for p in held.paths), bool, len(held.paths))
    return held.ids[inside[held.unit]]


def lacking(contest: Contest, ids: Ints, boxes: Sequence[Box], options: Sequence[str]) -> Mask | None:
    """(n, boxes + options) True where the file of the record in force has no such column; None: every file has all."""
    short: dict[int, Mask] = {}
    held = contest.imports.filter(state="committed")
    parts = ("has_boxes", "has_options")
    for pk, *found in held.filter(report__has_boxes__isnull=False).values_list("pk", *(f"report__{p}" for p in parts)):
        if (away := lacked(dict(zip(parts, found, strict=True)), boxes, options)).any():
            short[pk] = away
    for pk, report in held.filter(report__has_boxes__isnull=True).values_list(
        "pk", "report"
    ):  # stored before this was kept
        if (away := lacked(report or {}, boxes, options)).any():
            short[pk] = away
    if not short:
        return None
    out: Mask = np.zeros((len(ids), len(boxes) + len(options)), np.bool_)
    rows = StationReport.objects.filter(contest=contest, current=True, source__in=short)
    found = [*rows.values_list("station_id", "source_id"), *decided_since(contest, short)]
    pairs = np.array(found, np.int64).reshape(-1, 2)
    for pk, away in short.items():
        out[np.searchsorted(ids, pairs[pairs[:, 1] == pk, 0])] = away
    return out


def decided_since(contest: Contest, sources: Iterable[int]) -> list[tuple[int, int]]:
    """(station, file) of the records in force that a decision wrote again from a file's figures, of these files."""
    rows = StationReport.objects.filter(contest=contest, current=True, authority__in=["decision", "ruling"])
    decided = list(rows.values_list("station_id", flat=True))
    found: dict[int, int] = {}
    for start in range(0, len(decided), 500):
        past = StationReport.objects.filter(station__in=decided[start : start + 500], source__isnull=False)
        found.update(past.order_by("version").values_list("station_id", "source_id"))  # the last one stays
    wanted = set(sources)
    return [(station, source) for station, source in found.items() if source in wanted]


def lacked(report: Mapping[str, Any], boxes: Sequence[Box], options: Sequence[str]) -> Mask:
    """(boxes + options,) what a file that was stored did not have, by the report of its commit."""
    has, names = report.get("has_boxes", report.get("figures")), report.get("has_options", report.get("votes"))
    return np.array(
        [has is not None and b.value not in has for b in boxes] + [bool(names) and o not in names for o in options],
        np.bool_,
    )


def load(contest: Contest, options: Sequence[str], hidden: Ints | None = None) -> tuple[Table, Frame]:
    """The current records of a contest as a table, with its frame. hidden: stations whose figures are left out."""
    held = frame(contest)
    boxes = tuple(Box(b) for b in contest.boxes)
    width = len(boxes) + len(options)
    n = len(held.ids)
    stations, standing, sheets = current_records(contest, n)
    if len(stations) == n and np.array_equal(stations, held.ids):  # every station has a record: nothing to place
        values = np.frombuffer(sheets, WIRE).reshape(n, width).astype(np.int64)
    else:
        at = np.searchsorted(held.ids, stations)
        values = np.full((n, width), ABSENT, np.int64)
        values[at] = np.frombuffer(sheets, WIRE).reshape(len(stations), width)
        found, standing = standing, np.full(n, Standing.MISSING, np.int8)
        standing[at] = found
    if hidden is not None and len(hidden):
        away = np.searchsorted(held.ids, hidden)
        values, standing = values.copy(), standing.copy()
        values[away], standing[away] = ABSENT, Standing.MISSING
    figures = values[:, : len(boxes)]
    if Box.REGISTERED in boxes:  # of a missing station only the register says how many voters it could hold
        place = boxes.index(Box.REGISTERED)
        away = (standing == Standing.MISSING) & (figures[:, place] == ABSENT)
        figures[away, place] = held.registered[away]
    constituencies = [g.code for g in held.constituencies]
    groups = held.constituency
    if groups is not None and (groups < 0).any():
        constituencies = [*constituencies, ""]
        groups = np.where(groups < 0, len(constituencies) - 1, groups)
    table = Table(
        keys=held.keys,
        paths=held.paths,
        area=held.unit,
        area_order=held.order,
        shape=held.shape,
        boxes=boxes,
        figures=figures,
        options=list(options),
        votes=values[:, len(boxes) :],
        standing=standing,
        rows=held.ids,
        constituencies=constituencies,
        constituency=groups,
        keeps=tuple(Box(b) for b in contest.annulled_keeps),
        listed=held.registered,
        contested=np.isin(held.ids, contested(contest)),
        lacks=lacking(contest, held.ids, boxes, options),
    )
    return table, held


def forget() -> None:
    """Drop what is kept in memory (tests, restores)."""
    with _lock:
        _frames.clear()
