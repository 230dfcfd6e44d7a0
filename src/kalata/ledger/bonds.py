"""What counts has its act: the ledger holds a digest of each row that counts, and `faults` asks it back.

A model says so with its own attribute: `told = Told("column", ...)`, or `Told(..., again=True)` where a row changes
and each change is told again. `services.record(rows=...)` writes the digests into the act that tells those rows, and
marks the act with the house's own key: whoever writes to the database behind the application makes rows without an
act, rows that are not what their act says, or acts without the mark.

A digest is keyed by the house: who reads the ledger, or its export, tries no value on it (a vote of the bench, a level
given, a figure that is not public). Those made before say so by lacking the mark `k`, and are asked back as they were made.

Rows that were there before acts held digests are covered by one act, `ledger.baseline`.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from json.encoder import encode_basestring as quoted
from typing import Any

from django.apps import apps as registry
from django.conf import settings
from django.db import models
from django.db.models import Q, QuerySet

SLICE = 400
ENCODE = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode
BASELINE = "ledger.baseline"
KEYED = "k"
"""What a digest keyed by the house begins with: no hexadecimal digit."""


@dataclass(frozen=True)
class Told:
    """Each row of this model is told by an act. columns: what its digest covers; again: told anew at each change;
    when: the rows that count, all where it is left out; station: the path to the station that the row is of."""

    columns: tuple[str, ...]
    again: bool = False
    when: Q = field(default_factory=Q)
    station: str = ""

    def __init__(self, *columns: str, again: bool = False, when: Q | None = None, station: str = "") -> None:
        object.__setattr__(self, "columns", columns)
        object.__setattr__(self, "again", again)
        object.__setattr__(self, "when", when or Q())
        object.__setattr__(self, "station", station)


@dataclass(frozen=True)
class Gone:
    """Rows that the act takes away."""

    model: type[models.Model]
    numbers: tuple[int, ...]


Rows = Iterable["models.Model | QuerySet[Any] | Gone"]
Bound = dict[str, dict[str, str | None]]
"""table -> numbers of rows -> their digest; None: taken away."""


@dataclass(frozen=True)
class Fault:
    """A row, or an act, that is not as the ledger says. what: column names, or a word of `WHAT`."""

    table: str
    number: str
    what: str
    act: int | None = None

    def __str__(self) -> str:
        return f"{self.table} n° {self.number}: {self.what}" + (f" (act n° {self.act})" if self.act else "")


def watched() -> list[tuple[type[models.Model], Told]]:
    """Every model whose rows are told, with what it declares."""
    found = [(model, vars(model).get("told")) for model in registry.get_models()]
    return [(model, told) for model, told in found if isinstance(told, Told)]


def plain(value: Any) -> Any:
    """A value as it is hashed, alike on both databases."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return value


def cells(values: Sequence[Any]) -> list[str]:
    """Each value as JSON writes it; numbers, words and nothing, which most are, without the encoder's detours."""
    return [
        str(v) if (kind := type(v)) is int else quoted(v) if kind is str else "null" if v is None else ENCODE(plain(v))
        for v in values
    ]


def line(number: int, values: Sequence[Any]) -> bytes:
    return f"{number} {' '.join(cells(values))}\n".encode()


class Sum:
    """The digest of lines, keyed by the house; plain where it is compared with one made before digests were."""

    def __init__(self, like: str = KEYED) -> None:
        self.mark = KEYED if like.startswith(KEYED) else ""
        self.hash = hmac.new(secret(), digestmod="sha256") if self.mark else hashlib.sha256()

    def update(self, line: bytes) -> None:
        self.hash.update(line)

    def hexdigest(self) -> str:
        return self.mark + self.hash.hexdigest()


def secret() -> bytes:
    return hashlib.sha256(b"kalata rows told by the ledger\n" + str(settings.LEDGER_KEY).encode()).digest()


def short(cell: str) -> str:
    return hashlib.sha256(cell.encode()).hexdigest()[:6]


def digest_of_one(number: int, values: Sequence[Any], like: str = KEYED) -> str:
    """The digest of a row, then six hexadecimal digits for each column, which only help to say what differs: the same value
    gives others in another row or column. like: the digest that it is compared with."""
    whole = Sum(like)
    whole.update(line(number, values))
    told = cells(values)
    if not whole.mark:
        return " ".join([whole.hexdigest(), *map(short, told)])
    key = secret()
    return " ".join([whole.hexdigest(), *(hmac.new(key, f"{number} {i} {c}".encode(), "sha256").hexdigest()[:6] for i, c in enumerate(told))])


def contents(found: QuerySet[Any], told: Told) -> Iterator[tuple[int, tuple[Any, ...]]]:
    rows = found.order_by("pk").values_list("pk", *told.columns)
    for pk, *values in rows.iterator(chunk_size=5_000):
        yield pk, tuple(values)


def ranges(numbers: Sequence[int]) -> str:
    """Ascending numbers, shortly: 1-8,12."""
    out: list[list[int]] = []
    for n in numbers:
        if out and out[-1][1] == n - 1:
            out[-1][1] = n
        else:
            out.append([n, n])
    return ",".join(f"{a}-{b}" if a != b else str(a) for a, b in out)


def spread(text: str) -> Iterator[int]:
    for part in text.split(","):
        first, _dash, last = part.partition("-")
        yield from range(int(first), int(last or first) + 1)


def bound(rows: Rows) -> Bound:
    """The digests of these rows as the database has them now."""
    groups: dict[type[models.Model], list[QuerySet[Any]]] = {}
    single: dict[type[models.Model], list[int]] = {}
    out: Bound = {}
    for one in rows:
        if isinstance(one, Gone):
            out.setdefault(one.model._meta.db_table, {}).update({str(n): None for n in one.numbers})
        elif isinstance(one, QuerySet):
            groups.setdefault(one.model, []).append(one)
        else:
            single.setdefault(type(one), []).append(one.pk)
    for model, numbers in single.items():
        for start in range(0, len(numbers), SLICE):
            part = model._base_manager.filter(pk__in=numbers[start : start + SLICE])
            groups.setdefault(model, []).append(part)
    for model, parts in groups.items():
        table = out.setdefault(model._meta.db_table, {})
        told = vars(model)["told"]
        table.update(digests((row for part in parts for row in contents(part.filter(told.when), told)), told.again))
    return {table: kept for table, kept in out.items() if kept}


def digests(rows: Iterable[tuple[int, tuple[Any, ...]]], again: bool) -> dict[str, str | None]:
    """Row by row where they change; all together where they never do."""
    if again:
        return {str(pk): digest_of_one(pk, values) for pk, values in rows}
    numbers, whole = [], Sum()
    for pk, values in sorted(rows, key=lambda row: row[0]):
        numbers.append(pk)
        whole.update(line(pk, values))
    return {ranges(numbers): whole.hexdigest()} if numbers else {}


# --- asked back -----------------------------------------------------------------------------
@dataclass
class Said:
    """What acts say of one table: of each row that changes, the latest; of the others, each set."""

    again: dict[int, tuple[str | None, int]] = field(default_factory=dict)
    sets: list[tuple[str, str, int]] = field(default_factory=list)


def said(acts: Iterable[tuple[int, Mapping[str, Mapping[str, str | None]]]]) -> dict[str, Said]:
    kinds = {model._meta.db_table: told.again for model, told in watched()}
    out = {table: Said() for table in kinds}
    for pk, rows in acts:
        for table, kept in rows.items():
            if table not in out:
                continue
            for numbers, digest in kept.items():
                if kinds[table]:
                    for n in spread(numbers):
                        out[table].again[n] = (digest, pk)
                else:
                    out[table].sets.append((numbers, digest or "", pk))
    return out


def faults_of(model: type[models.Model], told: Told, here: Said, found: QuerySet[Any]) -> Iterator[Fault]:
    """The rows of one table that no act tells, or that are not what it says."""
    rows = contents(found.filter(told.when), told)
    yield from (changing if told.again else staying)(model._meta.db_table, told, here, rows)


def changing(table: str, told: Told, here: Said, rows: Iterable[tuple[int, tuple[Any, ...]]]) -> Iterator[Fault]:
    left = {n: act for n, (digest, act) in here.again.items() if digest is not None}
    for pk, values in rows:
        left.pop(pk, None)
        digest, act = here.again.get(pk, (None, 0))
        if digest is None:
            yield Fault(table, str(pk), "without its act", act or None)
        elif (now := digest_of_one(pk, values, digest)) != digest:
            there = digest.split(" ")[1:]
            names = [n for n, a, b in zip(told.columns, there, now.split(" ")[1:], strict=False) if a != b]
            yield Fault(table, str(pk), ", ".join(names) or "differs", act)
    for n, act in left.items():
        yield Fault(table, str(n), "is gone", act)


def staying(table: str, told: Told, here: Said, rows: Iterable[tuple[int, tuple[Any, ...]]]) -> Iterator[Fault]:
    place: dict[int, int] = {}
    for i, (numbers, _digest, act) in enumerate(here.sets):
        for n in spread(numbers):
            if n in place:
                yield Fault(table, str(n), "told twice", act)
            place.setdefault(n, i)
    whole = [Sum(digest) for _numbers, digest, _act in here.sets]
    for pk, values in rows:
        i = place.get(pk, -1)
        if i < 0:
            yield Fault(table, str(pk), "without its act")
        else:
            whole[i].update(line(pk, values))
    for (numbers, digest, act), got in zip(here.sets, whole, strict=True):
        if got.hexdigest() != digest:
            yield Fault(table, numbers, "differs or is gone", act)


def faults_within(model: type[models.Model], told: Told, here: Said, found: QuerySet[Any]) -> Iterator[Fault]:
    """The same for some rows of a table: the sets that hold one of them are read whole, the others are left."""
    wanted = set(found.filter(told.when).values_list("pk", flat=True))
    if told.again:
        here = Said(again={n: one for n, one in here.again.items() if n in wanted})
        numbers = wanted
    else:
        sets = [one for one in here.sets if not wanted.isdisjoint(spread(one[0]))]
        here = Said(sets=sets)
        numbers = wanted.union(*(spread(one[0]) for one in sets))
    every = sorted(numbers)
    parts = (model._base_manager.filter(pk__in=every[i : i + SLICE]) for i in range(0, len(every), SLICE))
    rows = (row for part in parts for row in contents(part.filter(told.when), told))
    yield from (changing if told.again else staying)(model._meta.db_table, told, here, rows)
