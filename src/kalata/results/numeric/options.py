"""One option read from several columns, or under several names, is one option: its votes are added up, and it is said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from kalata.results.numeric.table import Ints, Table
from kalata.results.rules.boxes import ABSENT
from kalata.tables.rules.folding import Said, quoted, same
from kalata.text import Message
from kalata.text import gettext_noop as _


def summed(columns: Sequence[Ints]) -> Ints:
    """The sum of several columns of one figure; ABSENT only where every one is empty."""
    if len(columns) == 1:
        return columns[0]
    stack = np.column_stack(columns)
    total: Ints = np.where(stack == ABSENT, 0, stack).sum(axis=1)
    return np.where((stack == ABSENT).all(axis=1), ABSENT, total)


def renamed(table: Table, names: Sequence[str]) -> list[Said]:
    """Give the options of a table these names, one each in order; those with one name are added up.

    Returns what was added up: which writings became which option, and at how many stations both had votes.
    """
    places: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        places.setdefault(name, []).append(place)
    said = []
    if len(places) < len(names):
        for name, held in places.items():
            if len(held) > 1:
                said.append(added_said(name, [table.options[i] for i in held], table.votes[:, held]))
        table.votes = np.column_stack([summed([table.votes[:, i] for i in held]) for held in places.values()])
    table.options = list(places)
    table.said += said
    return said


def added_said(name: str, writings: Sequence[str], votes: Ints) -> Said:
    both = int(((votes > 0).sum(axis=1) > 1).sum())
    return Said(
        "added",
        Message(
            _(
                "La candidature « %(name)s » vient de %(n)d {n:colonne|colonnes} ou écritures (%(others)s) : leurs voix sont additionnées, dans %(both)d {both:bureau|bureaux} à la fois."
            ),
            {"name": name[:60], "n": len(writings), "others": quoted(writings), "both": both},
        ),
    )


def relabelled(table: Table, labels: Mapping[str, str], ignored: Mapping[str, str]) -> None:
    """Rows of one file by option: give its values the names that the profile says, and leave out those it says are none."""
    if ignored:
        away = {same(value) for value in ignored}
        keep = [i for i, name in enumerate(table.options) if same(name) not in away]
        table.votes, table.options = table.votes[:, keep], [table.options[i] for i in keep]
    if labels:
        names = {same(value): name for value, name in labels.items()}
        renamed(table, [names.get(same(option), option) for option in table.options])
