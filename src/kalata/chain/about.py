"""How a kind of record is titled, seen, found and linked: what a room says of its own in its `chained.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet

from kalata.chain.rules.verbs import Verb

Seen = Callable[[Any], "QuerySet[Any]"]


@dataclass(frozen=True, slots=True)
class Title:
    """A title in both languages."""

    fr: str
    en: str = ""

    def text(self, lang: str) -> str:
        return self.en if lang == "en" and self.en else self.fr


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link that the records themselves keep. path: the field that leads to the number of the record rested on.

    Where no field does: up(record) -> keys of what it rests on; down(rows, key) -> those of these rows that rest on it.
    bound: the field holds a subject as the ledger names it ("contest:x"), of whatever kind.
    """

    verb: Verb
    kind: str = ""
    path: str = ""
    up: Callable[[Any], Iterable[object]] | None = None
    down: Callable[[QuerySet[Any], str], QuerySet[Any]] | None = None
    bound: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """A kind of record. seen(person): those this person may open, by the query of its own pages.

    page: where one is opened ("": on its sheet alone); words: what finds it beside its title. listed: False for kinds of
    which there are too many to be found by words: an identifier or a link leads to them. subject: the field by which the
    ledger names one ("contest:" + code). reads: the act of the ledger that looking at one is.
    """

    seen: Seen
    title: Callable[[Any], Title]
    page: Callable[[Any], str] | None = None
    words: Callable[[Any], Iterable[str]] | None = None
    links: Sequence[Link] = ()
    listed: bool = True
    subject: str = ""
    reads: Any = None
    along: tuple[str, ...] = ()
    """What comes with a row: `select_related`."""
    model: type[Model] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A kind whose records lie in no table of their own: facts of a pack, lines of a calendar. The index is where they are.

    entries(): every one there is, as `services.Row`; edges(): their links, as `services.Rests`. within: the kind by whose
    number its readers are asked; "": everybody.
    """

    entries: Callable[[], Iterable[Any]]
    edges: Callable[[], Iterable[Any]] | None = None
    within: str = ""
    links: Sequence[Link] = ()


def plain(title: str) -> Title:
    return Title(title, title)
