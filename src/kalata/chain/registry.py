"""The kinds of record of every room that say what they are about: by their word, by their mark, by their subject."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.apps import apps

from kalata import identifiers, rooms
from kalata.chain.about import About, Told


@dataclass(frozen=True, slots=True)
class Known:
    """A kind as its room declares it."""

    key: str
    label: str
    mark: str
    about: About | Told
    model: Any

    @property
    def numbered(self) -> bool:
        return self.model is not None

    def identifier(self, name: int | str) -> str:
        return identifiers.identifier(self.mark, name)


def every() -> dict[str, Known]:
    """By the word of the kind, in the order of rooms."""
    return {
        one.key: Known(
            one.key, one.label, one.mark, about := rooms.load(one.about),
            apps.get_model(one.model) if isinstance(about, About) else None,
        )
        for room in rooms.every() for one in room.kinds if one.about
    }  # fmt: skip


def marked(mark: str) -> Known | None:
    return next((one for one in every().values() if one.mark == mark), None)


def of(record: Any) -> Known | None:
    """The kind that a record is of; of a table that two kinds share, the first."""
    return next((one for one in every().values() if one.model is type(record)), None)


def identifier_of(record: Any) -> str:
    """The identifier of a record; "" where its kind has none."""
    known = of(record)
    return known.identifier(record.pk) if known else ""
