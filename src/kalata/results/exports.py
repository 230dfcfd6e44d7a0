"""Open data of a contest: CSV, XLSX, JSON, and the dictionary that explains each column.

Streamed, in whole numbers; a cell that a spreadsheet would run as a formula is written with an
apostrophe in front. Empty cells are empty boxes, never zero.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from itertools import chain, count, islice
from tempfile import SpooledTemporaryFile
from typing import Any

from django.http import HttpRequest

from kalata.country.models import Contest
from kalata.inert import safe
from kalata.results.numeric.table import AreaSum
from kalata.results.queries import board as boards
from kalata.results.queries.board import Board
from kalata.results.rules import ties
from kalata.results.rules.boxes import ABSENT, LABELS
from kalata.results.rules.coverage import DEFINITIONS, Coverage, Situation
from kalata.results.rules.outcome import Outcome
from kalata.results.rules.systems import System
from kalata.text import gettext_noop as _
from kalata.text import translate
from kalata.ui import kept

CHUNK = 400
SHEET = 1_000_000
"""Rows of one sheet below its heading: a workbook has room for 1,048,576, and drops the others without a word."""


def depth(board: Board) -> int:
    return max(map(len, board.table.paths), default=0)


def fields(board: Board) -> list[tuple[str, str, str]]:
    """(column, type, explanation) of bureaux.csv."""
    out = [("bureau", "text", _("Code du bureau dans ce scrutin"))]
    out += [(f"zone_{i}", "text", _("Zone, de la plus grande à la plus petite")) for i in range(1, depth(board) + 1)]
    out += [("etat", "counted | annulled | missing | recalled", _("Ce que vaut le PV pour les totaux"))]
    out += [(b.value, "integer", LABELS[b]) for b in board.table.boxes]
    out += [(f"voix_{o.rank}", "integer", o.name) for o in board.options]
    out += [("constats", "text", _("Codes des contrôles qui ne tombent pas juste, séparés par une espace"))]
    return out


def dictionary(board: Board) -> list[tuple[str, str, str]]:
    return fields(board)


def zone_dictionary(board: Board) -> list[tuple[str, str, str]]:
    """(column, type, definition) of what zones.csv says of the stations: one meaning each, as on every page."""
    kinds = {"coverage": "decimal"}
    return [
        (column, kinds.get(name, "integer"), DEFINITIONS[name][1])
        for column, name in zip(COVERAGE_COLUMNS, Coverage().record(), strict=True)
    ]


def station_lines(board: Board) -> Iterator[list[object]]:
    table = board.table
    flags = sorted(board.flags.items())
    raised: dict[int, list[str]] = {}
    for code, mask in flags:
        for i in mask.nonzero()[0].tolist():
            raised.setdefault(i, []).append(code)
    deep, units = depth(board), board.frame.units
    names = [[*(safe(units[int(p)].name) for p in path), *[""] * (deep - len(path))] for path in table.paths]
    area = table.area.tolist()
    standing = [s.word for s in Situation]
    states = board.situation.tolist()
    for i, (code, figures, votes) in enumerate(
        zip(board.frame.codes, table.figures.tolist(), table.votes.tolist(), strict=True)
    ):
        yield [
            safe(code),
            *names[area[i]],
            standing[states[i]],
            *("" if v == ABSENT else v for v in figures),
            *("" if v == ABSENT else v for v in votes),
            " ".join(raised.get(i, ())),
        ]


def csv_stream(header: list[str], lines: Iterator[list[object]]) -> Iterator[bytes]:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    buffer.write("\ufeff")
    writer.writerow(header)
    for number, line in enumerate(lines, 1):
        writer.writerow(line)
        if number % CHUNK == 0:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def stations_csv(board: Board, lang: str) -> Iterator[bytes]:
    """One row per station."""
    return csv_stream([f[0] for f in fields(board)], station_lines(board))


def figures_csv(board: Board, lang: str) -> Iterator[bytes]:
    """One row per station and option: the long form."""
    options = [(o.rank, safe(o.name)) for o in board.options]

    def lines() -> Iterator[list[object]]:
        for code, votes in zip(board.frame.codes, board.table.votes.tolist(), strict=True):
            station = safe(code)
            for (rank, name), cast in zip(options, votes, strict=True):
                yield [station, rank, name, "" if cast == ABSENT else cast]

    return csv_stream(["bureau", "rang", "candidature", "voix"], lines())


COVERAGE_COLUMNS = (
    "attendus", "comptes", "annules", "manquants", "rappeles", "couverture", "inscrits_manquants", "inscrits_annules",
)  # fmt: skip
"""The names of `Coverage.record` in the files."""


def area_lines(board: Board) -> Iterator[list[object]]:
    deep = depth(board)

    def line(names: list[object], level: int, total: AreaSum) -> list[object]:
        return [
            level,
            *names,
            *[""] * (deep - len(names)),
            *(("" if v is None else v) for v in board.coverages[total.path].record().values()),
            *(total.boxes[b] for b in board.table.boxes),
            total.valid,
            *total.votes,
        ]

    yield line([], 0, board.total)
    for unit_id, total in sorted(board.areas.items(), key=lambda p: (len(p[1].path), p[1].path)):
        yield line([safe(board.frame.units[int(p)].name) for p in total.path], board.frame.units[unit_id].level, total)


def areas_csv(board: Board, lang: str) -> Iterator[bytes]:
    """One row per area, every level; level 0 is the whole contest."""
    header = [
        "niveau",
        *(f"zone_{i}" for i in range(1, depth(board) + 1)),
        *COVERAGE_COLUMNS,
        *(b.value for b in board.table.boxes),
        "exprimes_retenus",
        *(f"voix_{o.rank}" for o in board.options),
    ]
    return csv_stream(header, area_lines(board))


def dictionary_csv(board: Board, lang: str, rows: list[tuple[str, str, str]] | None = None) -> Iterator[bytes]:
    lines: Iterator[list[object]] = ([c, t, safe(translate(x, lang))] for c, t, x in rows or dictionary(board))
    return csv_stream(["colonne", "type", "explication"], lines)


def zone_dictionary_csv(board: Board, lang: str) -> Iterator[bytes]:
    return dictionary_csv(board, lang, zone_dictionary(board))


def outcome_json(system: System, found: Outcome) -> dict[str, Any]:
    return {
        "status": found.status.value,
        "options": list(found.options),
        "rule": found.rule,
        "secured": found.secured.value,
        "seats": found.seats(),
        "reason": found.reason.both() if found.reason else None,
        "steps": [s.both() for s in found.steps],
        "norm": found.norm,
        "confidence": found.confidence,
        "majority": {"needed": found.needed, "base": found.base} if found.needed is not None else None,
        "tie": ties.record(system, found),
        "on_counted": found.on_counted.value if found.on_counted else None,
        "gap": found.gap,
        "open": [change.record() for change in found.open],
    }


def results_json(board: Board, lang: str) -> Iterator[bytes]:
    """Totals of every area, the outcome with its steps, what is missing; stations are in the CSV."""
    contest = board.contest
    record = {
        "contest": contest.code,
        "name": {"fr": contest.name_fr, "en": contest.name_en},
        "round": contest.round,
        "exercise": contest.election.exercise,
        "as_of": contest.as_of.isoformat() if contest.as_of else None,
        "revision": contest.revision,
        "provisional": True,
        "pack": {
            "code": contest.election.pack.code,
            "version": contest.election.pack.version,
            "sha256": contest.election.pack.sha256,
        },
        "stations": {
            **board.coverage().record(),
        },
        "options": [{"rank": o.rank, "code": o.code, "name": o.name} for o in board.options],
        "figures": {**{b.value: v for b, v in board.total.boxes.items()}, "valid": board.total.valid},
        "votes": board.votes,
        "outcome": outcome_json(board.system, board.outcome) if board.outcome else None,
        "constituencies": [
            {
                "code": g.path[0],
                "votes": dict(zip(board.table.options, g.votes, strict=True)),
                "outcome": outcome_json(board.system, board.outcomes[g.path[0]]),
            }
            for g in board.groups
            if g.path[0] in board.outcomes
        ],
        "areas": [
            {
                "path": [board.frame.units[int(p)].name for p in a.path],
                "code": board.frame.units[u].code,
                "stations": board.coverages[a.path].record(),
                "figures": {b.value: v for b, v in a.boxes.items()},
                "votes": a.votes,
            }
            for u, a in board.areas.items()
        ],
        "balances": [b.record() for b in board.balance()],
        "findings": {c: int(m.sum()) for c, m in sorted(board.flags.items())},
        "absent": [
            {"what": a.what, "stations": a.stations, "voters": a.voters, "source": a.source} for a in board.absent
        ],
    }
    yield json.dumps(record, ensure_ascii=False).encode()


def coverage_record(board: Board) -> dict[str, Any]:
    """What became of the stations, of the whole and of each area, as the pages say it now."""
    whole, units = board.coverage(), board.frame.units
    return {
        "revision": board.contest.revision, **whole.record(), "received": whole.received,
        "missing_by_cause": [{"cause": c.code, "stations": c.stations, "registered": c.registered} for c in board.causes()],
        "balances": [b.record() for b in board.balance()],
        "areas": [
            {"code": units[pk].code, "level": units[pk].level, **board.coverages[area.path].record()}
            for pk, area in board.areas.items()
        ],
    }  # fmt: skip


def in_sheets(title: str, rows: Iterator[list[object]]) -> Iterator[tuple[str, Iterator[list[object]]]]:
    """(name, rows) of as many sheets as the rows need; one where there is none. Each is to be read before the next."""
    yield title, islice(rows, SHEET)
    for number in count(2):
        first = list(islice(rows, 1))
        if not first:
            return
        yield f"{title} {number}", chain(first, islice(rows, SHEET - 1))


def write_sheet(sheet: Any, names: list[str], rows: Iterator[list[object]], bold: Any) -> None:
    for j, text in enumerate(names):
        sheet.write_string(0, j, str(safe(text)), bold)
    for i, line in enumerate(rows, 1):
        for j, cell in enumerate(line):
            if isinstance(cell, int):
                sheet.write_number(i, j, cell)
            elif cell != "":
                sheet.write_string(i, j, str(safe(cell)))


def workbook(board: Board, lang: str) -> Iterator[bytes]:
    """XLSX: totals by area, stations, dictionary. Text is written as text, never as a formula."""
    import xlsxwriter

    out: Any = SpooledTemporaryFile(max_size=8 * 2**20)  # noqa: SIM115  closed below
    book = xlsxwriter.Workbook(
        out,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    bold = book.add_format({"bold": True})
    contest = board.contest
    cover = book.add_worksheet("Kalata")
    lines = [
        contest.name_fr,
        translate(_("Exercice : données fictives, aucune valeur électorale."), lang)
        if contest.election.exercise
        else "",
        translate(_("Provisoire, sans valeur de proclamation"), lang),
        f"{contest.as_of or ''}",
        f"pack {contest.election.pack.code} {contest.election.pack.version} {contest.election.pack.sha256}",
    ]
    for i, text in enumerate(lines):
        cover.write_string(i, 0, str(text))
    header = [
        "niveau",
        *(f"zone_{i}" for i in range(1, depth(board) + 1)),
        *COVERAGE_COLUMNS,
        *(translate(LABELS[b], lang) for b in board.table.boxes),
        "exprimes_retenus",
        *(o.name for o in board.options),
    ]
    sheets: tuple[tuple[str, list[str], Iterator[list[object]]], ...] = (
        ("Zones", header, area_lines(board)),
        (
            "Bureaux",
            [
                *(f[0] for f in fields(board)[: 2 + depth(board)]),
                *(translate(LABELS[b], lang) for b in board.table.boxes),
                *(o.name for o in board.options),
                "constats",
            ],
            station_lines(board),
        ),
        (
            "Dictionnaire",
            ["colonne", "type", "explication"],
            ([c, t, translate(x, lang)] for c, t, x in dictionary(board)),
        ),
    )
    for title, names, rows in sheets:
        for name, part in in_sheets(title, rows):
            write_sheet(book.add_worksheet(name), names, part, bold)
    book.close()
    out.seek(0)
    with out:
        while chunk := out.read(1 << 16):
            yield chunk


WRITERS: dict[str, tuple[str, Callable[[Board, str], Iterator[bytes]]]] = {
    "bureaux.csv": ("text/csv; charset=utf-8", stations_csv),
    "chiffres.csv": ("text/csv; charset=utf-8", figures_csv),
    "zones.csv": ("text/csv; charset=utf-8", areas_csv),
    "dictionnaire.csv": ("text/csv; charset=utf-8", dictionary_csv),
    "zones-dictionnaire.csv": ("text/csv; charset=utf-8", zone_dictionary_csv),
    "resultats.json": ("application/json", results_json),
    "resultats.xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", workbook),
}


def served(request: HttpRequest, contest: Contest, name: str, lang: str) -> Any:
    """One export of a contest as this reader may see it (`access.contest_for`), made once for each of its states."""
    kind, writer = WRITERS[name]
    found = boards.board
    what = kept.Made(
        name,
        (contest.code, boards.eyes_of(contest), "" if name in OF_ANY_LANGUAGE else lang),
        (
            boards.key_of(contest), contest.published_at is None, contest.register_revision, contest.election.pack.sha256, contest.name_fr, contest.name_en,
            contest.election.exercise, contest.as_of, contest.expected_stations, contest.absent,
        ),
    )  # fmt: skip
    return kept.served(
        request, what, lambda out: out.writelines(writer(found(contest), lang)), kind=kind, filename=f"{contest.code}-{name}"
    )  # fmt: skip


OF_ANY_LANGUAGE = frozenset({"bureaux.csv", "chiffres.csv", "zones.csv", "resultats.json"})
