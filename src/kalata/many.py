"""Rows by the thousand: written as they are, without a model object each, which costs ten times the row itself.

What a model would add by itself (defaults, keys made of other columns) is given by the caller, a value a column.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import Model

SLICE = 5_000
"""Rows in one statement: other writers get their turn, memory stays small."""


def insert(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[int]:
    """Write these rows, a slice at a time; how many are there after each. In the caller's transaction.

    columns: names of columns of the table. JSON is given as text.
    """
    quoted = connection.ops.quote_name
    table, names = quoted(model._meta.db_table), ", ".join(map(quoted, columns))
    waiting, done = iter(rows), 0
    while part := list(islice(waiting, SLICE)):
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with cursor.copy(f"copy {table} ({names}) from stdin") as out:  # names of our own tables
                    for row in part:
                        out.write_row(row)
            else:
                marks = ", ".join(["%s"] * len(columns))
                cursor.executemany(f"insert into {table} ({names}) values ({marks})", part)  # noqa: S608
        done += len(part)
        yield done
