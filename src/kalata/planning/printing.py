"""A paper of a plan file, printed without a database: the book, the Gantt, the calendar, as the house prints them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kalata.country import packs
from kalata.documents import rendering
from kalata.documents.rendering import Head, Paper
from kalata.planning.papers.book import TITLE, book
from kalata.planning.papers.told import Told
from kalata.planning.papers.wall import CALENDAR_TITLE, GANTT_TITLE, calendar, gantt
from kalata.text import translate

PAPERS: Mapping[str, tuple[str, Callable[[Told, Head, str], Paper]]] = {
    "book": (TITLE, book),
    "gantt": (GANTT_TITLE, gantt),
    "calendar": (CALENDAR_TITLE, calendar),
}


def printed(told: Told, what: str, lang: str, pack: str) -> bytes:
    """The PDF. pack: whose state and motto open it; "" for none. It says that it is in no register."""
    title, make = PAPERS[what]
    head: Mapping[str, object] = packs.head_of(packs.find_pack(pack)) if pack else {}
    state = head.get(f"state_{lang}") or head.get(f"name_{lang}") or ""
    opening = Head(title=translate(title, lang), country=str(state), motto=str(head.get("motto") or ""))
    return rendering.copy(make(told, opening, lang)).pdf
