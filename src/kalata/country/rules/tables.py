"""Tables of figures that a pack carries beside its sections, for the room that reads them: each row has its key, its flag
(S: said by a named source; A: an assumption) and, where it is said, its source."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch

from kalata.country.rules.pack import PackError, error

FLAGS = ("S", "A")
Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """pattern: of the file in the pack's folder. key: columns that name a row, together. flags: (flag, source, figures);
    a row that holds one of the figures says its flag. counts: whole numbers."""

    pattern: str
    key: tuple[str, ...]
    needs: tuple[str, ...]
    flags: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
    counts: tuple[str, ...] = ()


DURATIONS = ("dur_optimistic", "dur_likely", "dur_pessimistic")
PRICES = ("unit_cost_xof_low", "unit_cost_xof_likely", "unit_cost_xof_high")
TABLES = (
    Table(
        "planning/activities-*.csv", ("id",), ("id", "phase", "activity_fr", "activity_en", *DURATIONS, "dur_unit", "predecessors"),
        (("duration_flag", "duration_or_anchor_source", DURATIONS), ("unit_cost_flag", "unit_cost_source", PRICES)),
        (*DURATIONS, *PRICES),
    ),
    Table("planning/norms-*.csv", ("activity",), ("activity", "norm", "side")),
    Table("planning/drivers.csv", ("driver",), ("driver", "label", "value"), (("flag", "source", ("value",)),)),
    Table("planning/procurement.csv", ("method",), ("method", "label_fr", "label_en", "min_days", "status", "source", "confidence")),
    Table("planning/readiness.csv", ("code",), ("code", "fr", "en", "days", "evidence", "activity", "source", "confidence")),
    Table("planning/calendars.csv", ("code",), ("code", "kind", "name_fr", "name_en", "country", "rest", "territories", "flag", "source", "confidence"), (("flag", "source", ("kind",)),)),
    Table("planning/seasons.csv", ("calendar", "name_fr"), ("calendar", "name_fr", "name_en", "first", "last", "feast", "days", "percent", "flag", "source", "confidence"), (("flag", "source", ("percent",)),), ("percent",)),
    Table("planning/ties.csv", ("activities", "subject"), ("activities", "subject", "source", "confidence")),
    Table("planning/sizes.csv", ("subject", "activity"), ("subject", "activity", "after", "fr", "en", "unit", "quantity", "price", "cd", "wd", "source", "confidence")),
    Table("planning/benchmarks.csv", (), ("country", "year", "event", "amount_xof_bn", "stage"), (("flag", "source", ("amount_xof_bn",)),)),
    Table("planning/scenarios-*.csv", ("id",), ("id", "fr", "en", "note_fr", "note_en"), (("flag", "source", ("add", "times", "drop", "drivers")),)),
    Table("planning/risks.csv", ("id",), ("id", "risk_fr", "likelihood_1_5", "impact_1_5"), (("score_flag", "basis", ("likelihood_1_5",)),), ("likelihood_1_5", "impact_1_5")),
)  # fmt: skip


def table_of(file: str) -> Table | None:
    return next((t for t in TABLES if fnmatch(file, t.pattern)), None)


def rows_of(text: str) -> list[dict[str, str]]:
    """The rows of a table, each cell trimmed."""
    lines = csv.DictReader(io.StringIO(text, newline=""))
    return [{k: (v or "").strip() for k, v in row.items() if k is not None} for row in lines]


def problems(file: str, text: str) -> Iterator[PackError]:
    """What is wrong with one table of a pack."""
    table = table_of(file)
    if table is None:
        yield error("PACK-114", file, "", "")
        return
    rows = rows_of(text)
    header = rows[0].keys() if rows else ()
    for name in table.needs:
        if name not in header:
            yield error("PACK-101", file, "", name)
            return
    yield from repeated(table, file, rows)
    for row in rows:
        yield from wrong(table, file, row)


def repeated(table: Table, file: str, rows: Sequence[Row]) -> Iterator[PackError]:
    seen: set[tuple[str, ...]] = set()
    for row in rows:
        key = tuple(row[k] for k in table.key)
        if key and key in seen:
            yield error("PACK-104", file, " ".join(key), table.key[0])
        seen.add(key)


def wrong(table: Table, file: str, row: Row) -> Iterator[PackError]:
    name = " ".join(row[k] for k in table.key) or " ".join([*row.values()][:2])
    for column in table.key:
        if not row[column]:
            yield error("PACK-101", file, name, column)
    for column in table.counts:
        if row.get(column) and not (row[column].isascii() and row[column].isdigit()):
            yield error("PACK-102", file, name, column, value=row[column][:60], type="int")
    for flag, source, figures in table.flags:
        if not any(row.get(f) for f in figures):
            continue
        if row.get(flag) not in FLAGS:
            yield error("PACK-102", file, name, flag, value=row.get(flag, ""), type="S, A")
        elif row[flag] == "S" and not row.get(source):
            yield error("PACK-106", file, name, source)


def norms_tied(file: str, text: str, activities: str, known: frozenset[str]) -> Iterator[PackError]:
    """A tie names an activity of the plan and a norm of the pack (its key: the norm, a dot, the round)."""
    ids = {row.get("id") for row in rows_of(activities)}
    for row in rows_of(text):
        if row.get("activity") not in ids:
            yield error(
                "PACK-105",
                file,
                row.get("activity", ""),
                "activity",
                value=row.get("activity", ""),
                section="activities",
            )
        norm = row.get("norm", "").rpartition(".")[0] if row.get("norm", "")[-2:-1] == "." else row.get("norm", "")
        if norm not in known:
            yield error(
                "PACK-105", file, row.get("activity", ""), "norm", value=row.get("norm", ""), section="deadlines.yaml"
            )
