"""The only writer of a state: the state, what changes with it and the act that tells it, in one transaction.

The rule is `kalata.lifecycle`; here it meets the rows. A model takes `states_constraint(TABLE)` among its constraints,
its room declares `steps_limits(TABLE, "its_table")`, and every service that changes a state calls `write`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from typing import Any, TypeVar

from django.db import models, transaction

from kalata import lifecycle
from kalata.lifecycle import Act, Hand, Stand, Stands, Table

S = TypeVar("S", bound=StrEnum)
M = TypeVar("M", bound=models.Model)


def state_of(row: models.Model, table: Table[S]) -> S:
    """Where a row stands."""
    value = getattr(row, table.field)
    if table.dated:
        return table.starts[0] if value is None else next(s for s in table.states if s not in table.starts)
    return table.states(value)


def write(
    row: models.Model,
    table: Table[S],
    to: S,
    act: Act,
    *,
    tells: Callable[[], M],
    stand: Stands | None = None,
    **values: Any,
) -> M:
    """Let a step pass, or refuse it; keep the state, what changes with it (values) and the row that tells it, which is returned.

    tells: makes that row, which is append-only: an act of the ledger, or of the record's own chain. stand: the record
    as the rules see it, where its needs ask for more than its state. Nothing is written over a state that is no longer
    the one the rules saw.
    """
    stand = stand or Stand(state=state_of(row, table))
    lifecycle.apply(table, stand, to, act)
    with transaction.atomic(), written(row, table, stand, to, values):
        told = tells()
        if told.pk is None or not hasattr(type(told), "append_only"):
            raise TypeError(f"{table.name}: {type(told).__name__} is not a row that stays")
    return told


def derive(row: models.Model, table: Table[S], to: S, **values: Any) -> None:
    """Keep a state that follows from other rows, whose own acts tell it; TypeError where the table wants it told."""
    stand = Stand(state=state_of(row, table))
    step = lifecycle.apply(table, stand, to, Act())
    if step.hand is not Hand.DERIVED:
        raise TypeError(f"{table.name}: {step.start} > {step.to} is told by nothing")
    with transaction.atomic(), written(row, table, stand, to, values):
        pass


def derive_each(table: Table[S], rows: Mapping[M, S], also: Sequence[str] = ()) -> None:
    """The same for many rows of a kind at once, with the columns set on them (also); a row may stay where it is."""
    for row, to in rows.items():
        if (start := state_of(row, table)) is not to:
            step = lifecycle.apply(table, Stand(state=start), to, Act())
            if step.hand is not Hand.DERIVED:
                raise TypeError(f"{table.name}: {step.start} > {step.to} is told by nothing")
            setattr(row, table.field, to.value)
    if rows:
        type(next(iter(rows)))._default_manager.bulk_update(rows, [table.field, *also], batch_size=500)


@contextmanager
def written(row: models.Model, table: Table[S], stand: Stands, to: S, values: dict[str, Any]) -> Iterator[None]:
    """The row as it is written; in memory as it was, if what follows fails."""
    field = table.field
    if not table.dated:
        values[field] = to.value
    seen = {f"{field}__isnull": True} if table.dated else {field: stand.state.value}
    if not type(row)._default_manager.filter(pk=row.pk, **seen).update(**values):
        now = type(row)._default_manager.only(field).get(pk=row.pk)
        raise table.stale(table, Stand(state=state_of(now, table)), to)
    before = {name: getattr(row, name) for name in values}
    for name, value in values.items():
        setattr(row, name, value)
    try:
        yield
    except BaseException:
        for name, value in before.items():
            setattr(row, name, value)
        raise


def born(table: Table[S], state: S) -> dict[str, str]:
    """The state of a new row, among those in which its kind is born."""
    if state not in table.starts:
        raise ValueError(f"{table.name}: none is born {state}")
    return {table.field: state.value}


# --- what the database says too ---------------------------------------------------------------
def states_constraint(table: Table[Any]) -> models.CheckConstraint:
    """No row holds a state that its table does not list."""
    known = models.Q(**{f"{table.field}__in": [s.value for s in table.states]})
    return models.CheckConstraint(condition=known, name=f"{table.name}_{table.field}_listed")
