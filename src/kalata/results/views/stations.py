"""Pages of polling stations: the lists, and one station with its figures, checks and versions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t

from kalata.country.models import Contest, Station, Unit
from kalata.deadlines.recourse import recourses
from kalata.results import court
from kalata.results.access import contest_for, reads, station_for, unit_or_404
from kalata.results.listings import SORTS, STATIONS
from kalata.results.pages import contests as pages
from kalata.results.pages import stations as shown
from kalata.results.pages.frame import lang, level_name, shared, trail
from kalata.results.queries import board as boards
from kalata.results.queries import public_ledger, published, searching, told
from kalata.results.queries.board import Board
from kalata.results.queries.store import sheet_of
from kalata.results.rules import checks as check_rules
from kalata.results.rules.boxes import ABSENT, LABELS, STANDING_LABELS, Box, Standing
from kalata.results.rules.coverage import SITUATION_LABELS, Situation, ratio
from kalata.transparency.site import serving
from kalata.ui import edge, fields


class Place(edge.Edge):
    zone = fields.IdField()


class Map(edge.Edge):
    carte = fields.ChoiceField(list(pages.READINGS), initial="participation")


def mapped(board: Board, request: HttpRequest) -> dict[str, Any] | None:
    """The map of the outermost places, each the way to its stations."""
    rows = pages.area_rows(board, [u for u in board.frame.units.values() if u.level == 1])
    return pages.map_of(board, rows, edge.asked(request, Map).carte, lang())


class StationRows(Sequence[dict[str, Any]]):
    """Rows of a board in an order; one is made only when it is read."""

    def __init__(self, board: Board, rows: Any) -> None:
        self.board, self.rows = board, rows

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, at: Any) -> Any:
        if isinstance(at, slice):
            return StationRows(self.board, self.rows[at])
        return station_row(self.board, int(self.rows[at]))


def station_page(
    request: HttpRequest, board: Board, unit: Unit | None, units: list[Unit] | None = None
) -> dict[str, Any]:
    """A page of stations: filter by words, area, standing, finding; sort; 50 a page. units: areas to choose among."""

    def rows(asked: Any) -> StationRows:
        found = board.rows_in(unit) if unit else np.arange(len(board.table))
        if asked.etat:
            found = found[board.situation[found] == int(asked.etat)]
        if asked.constat in board.flags:
            found = found[board.flags[asked.constat][found]]
        if asked.q:
            near = searching.nearest(board.frame, asked.q)
            found = near.rows[np.isin(near.rows, found)]
        return StationRows(board, sorted_rows(board, found, asked.tri or ""))

    raised = [c for c in sorted(board.flags) if board.flags[c].any()]
    options: dict[str, Any] = {"constat": lambda: ((c, c) for c in raised)}
    if units:
        options["zone"] = lambda: ((u.pk, u.name) for u in units)
    shown = STATIONS.read(request, rows, options=options)
    words = shown.asked.q
    return {
        "list": shown,
        "near": searching.nearest(board.frame, words) if words else None,
        "like": searching.places(board, words) if words and not unit else [],
    }


def sorted_rows(board: Board, rows: Any, key: str) -> Any:
    down, name = key.startswith("-"), key.lstrip("-")
    if name not in SORTS or len(rows) == 0:
        return rows
    if name == "code":
        ordered = np.array(sorted(rows.tolist(), key=lambda r: board.frame.codes[r]), np.int64)
        return ordered[::-1] if down else ordered
    column = {"inscrits": Box.REGISTERED, "votants": Box.VOTERS}.get(name)
    if name == "exprimes":
        values = board.valid[rows]
    elif name == "participation":
        voters, registered = board.table.column(Box.VOTERS), board.table.column(Box.REGISTERED)
        if voters is None or registered is None:
            return rows
        values = np.where(registered[rows] > 0, voters[rows] * 1_000_000 // np.maximum(registered[rows], 1), -1)
    else:
        found = board.table.column(column) if column else None
        if found is None:
            return rows
        values = found[rows]
    order = np.argsort(-values if down else values, kind="stable")
    return rows[order]


def station_row(board: Board, row: int) -> dict[str, Any]:
    table = board.table
    votes = table.votes[row]
    best = int(votes.max()) if len(votes) else 0
    leaders = np.flatnonzero(votes == best) if best > 0 else np.empty(0, np.int64)
    unit_path = table.paths[int(table.area[row])]

    def value(box: Box) -> int | None:
        column = table.column(box)
        return None if column is None or column[row] == ABSENT else int(column[row])

    return {
        "pk": int(board.frame.ids[row]),
        "code": board.frame.codes[row],
        "name": board.frame.names[row],
        "centre": board.frame.centres[row],
        "unit": board.frame.units.get(int(unit_path[-1])) if unit_path else None,
        "standing": int(board.situation[row]),
        "label": SITUATION_LABELS[Situation(int(board.situation[row]))],
        "registered": value(Box.REGISTERED),
        "voters": value(Box.VOTERS),
        "valid": int(board.valid[row]) if table.standing[row] != Standing.MISSING else None,
        "leader": board.options[int(leaders[0])] if len(leaders) == 1 else None,
        "codes": board.codes_at(row),
    }


def stations(request: HttpRequest, code: str) -> HttpResponse:
    """Search a station of the whole contest."""
    zone = edge.asked(request, Place).zone
    unit = unit_or_404(zone) if zone else None
    found = contest_for(request.user, code, unit)
    board = boards.board(found)
    if unit is not None and unit.pk not in board.areas:
        raise Http404(unit.name)
    units = sorted((u for u in board.frame.units.values() if u.level == 1), key=lambda u: u.sort_name)
    return render(
        request,
        "results/stations.html",
        {
            **shared(request, board, unit),
            **(page := station_page(request, board, unit, units)),
            "map": None if page["near"] or unit else mapped(board, request),
            "readings": pages.READINGS,
            "reading": edge.asked(request, Map).carte,
            "level": level_name(board, 1),
            "crumbs": trail(found, None, ("", _t("Bureaux"))),
        },
    )


def station(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """One station: the figures of the version that is shown, the checks, every version, its place, its proof."""
    place, board, row = found_station(request, code, pk)
    found, boxes = board.contest, tuple(Box(b) for b in board.contest.boxes)
    history = published.history_of(place)
    public = not reads(request.user, found, place.unit)
    now = history.shown(public)
    sheet = sheet_of(now.row.sheet, boxes) if now else None
    lacks = told.lacks_of(found, history, now) if now else frozenset()
    raised = told.on_version(found, place, now, sheet, lacks) if now and sheet else []
    said = {t.code for t in raised}
    proved = serving.published(found.code, (place.part, place.code), lang())
    return render(
        request,
        "results/station.html",
        {
            **shared(request, board, place.unit),
            "station": place,
            "row": station_row(board, row),
            "sheet": shown.boxes_of(boxes, sheet, lacks) if sheet else [],
            "bars": shown.bars(board.options, sheet, lacks) if sheet else None,
            "valid": shown.valid_of(sheet) if sheet else None,
            "turnout": ratio(voters_of(sheet), sheet.boxes.get(Box.REGISTERED)) if sheet else None,
            "equalities": shown.equalities(sheet, lang()) if sheet else [],
            "untested": lacks,
            "corrections": public_ledger.count_of(found, place.part, place.code),
            "findings": raised,
            "others": [check_rules.BY_CODE[c] for c in board.codes_at(row) if c not in said],
            "versions": timeline(history.told if public else history.versions, boxes, board),
            "standings": STANDING_LABELS,
            "now": now,
            "ordered": (numbers := ordered(found, place)),
            "decisions": court.pages_of(numbers.values()),
            "proved": proved,
            "same": bool(proved and sheet and shown.same(sheet, board.options, proved)),
            "recourses": recourses(found, request.user, timezone.now()),
            "crumbs": trail(found, place.unit, ("", place.name or place.code)),
        },
    )


def found_station(request: HttpRequest, code: str, pk: int) -> tuple[Station, Board, int]:
    """A station that this reader may see, the board of its contest for their eyes, and its row there."""
    place = station_for(request.user, code, pk)
    board = boards.board(contest_for(request.user, code, place.unit))
    row = board.frame.index.get(place.pk)
    if row is None:  # entered in the register a moment ago: the next board has it
        raise Http404(code)
    return place, board, row


def differs(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """What to do where one's paper says something else: the remedies of the pack, and a form to print."""
    place, board, row = found_station(request, code, pk)
    found, boxes = board.contest, tuple(Box(b) for b in board.contest.boxes)
    now = published.history_of(place).shown(not reads(request.user, found, place.unit))
    sheet = sheet_of(now.row.sheet, boxes) if now else None
    votes = sheet.votes if sheet else (None,) * len(board.options)
    return render(
        request,
        "results/differs.html",
        {
            **shared(request, board, place.unit),
            "station": place,
            "row": station_row(board, row),
            "lines": [(LABELS[b], sheet.boxes.get(b) if sheet else None) for b in boxes]
            + [(f"{o.rank}. {o.name}", v) for o, v in zip(board.options, votes, strict=True)],
            "now": now,
            "proved": serving.published(found.code, (place.part, place.code), lang()),
            "recourses": recourses(found, request.user, timezone.now()),
            "crumbs": [
                *trail(found, place.unit, (reverse("results:station", args=[code, pk]), place.name or place.code))[:-1],
                (reverse("results:station", args=[code, pk]), place.name or place.code),
                ("", _t("Mon papier est différent")),
            ],
        },
    )


def voters_of(sheet: Any) -> int | None:
    """Voters of one sheet, or its ballots where the form has no box for voters."""
    voters: int | None = sheet.boxes.get(Box.VOTERS, sheet.boxes.get(Box.BALLOTS))
    return voters


def ordered(contest: Contest, place: Station) -> dict[int, str]:
    """Version in force under a decision -> the number of that decision."""
    numbers = dict(contest.decisions.values_list("digest", "number"))
    rows = place.reports.filter(authority="ruling").values_list("pk", "proof") if numbers else ()
    return {pk: numbers[proof] for pk, proof in rows}


def timeline(versions: list[Any], boxes: tuple[Box, ...], board: Board) -> list[tuple[Any, Any]]:
    """Each version, latest first, with what it changed from the figures before it; a taking back changes none."""
    out = []
    for place, one in enumerate(versions):
        before = next((v for v in versions[place + 1 :] if v.row.standing != Standing.MISSING), None)
        compared = before is not None and one.row.standing != Standing.MISSING
        out.append((one, differences(one.row, before.row, boxes, board) if compared and before else []))
    return out


def differences(new: Any, old: Any, boxes: tuple[Box, ...], board: Board) -> list[tuple[str, Any, Any]]:
    """Box by box, what a version changed from the one before."""
    a, b = sheet_of(old.sheet, boxes), sheet_of(new.sheet, boxes)
    out = [(LABELS[box], a.boxes.get(box), b.boxes.get(box)) for box in boxes if a.boxes.get(box) != b.boxes.get(box)]
    return out + [(o.name, x, y) for o, x, y in zip(board.options, a.votes, b.votes, strict=True) if x != y]
