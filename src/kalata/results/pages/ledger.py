"""From the ledger of corrections to what its page, its feed and its files show. No figure is computed here that the
rules could compute: these are arrangements."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from kalata.country.models import Contest, Option, Unit
from kalata.country.services import fold
from kalata.results.queries import public_ledger
from kalata.results.queries.board import Board
from kalata.results.rules import ledger_words as words
from kalata.results.rules.public_ledger import (
    AUTHORITIES,
    KIND_LABELS,
    UNSAID,
    Book,
    Change,
    Kind,
    Line,
    Margin,
    pair,
    record,
)
from kalata.results.services.announcing import nfc
from kalata.text import Message, translate
from kalata.text import gettext_noop as _

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """What narrows and orders the list. zone: id of an area of the first level; station: id; act: number of a decision."""

    text: str = ""
    zone: int | None = None
    kind: str = ""
    since: date | None = None
    until: date | None = None
    notice: int | None = None
    station: int | None = None
    order: str = ""
    act: str = ""


class Shelf:
    """A ledger beside the register of its contest: where each station lies, what each list is called."""

    def __init__(self, board: Board, book: Book) -> None:
        self.board, self.book = board, book
        self.frame = board.frame
        self.options = {o.rank: o for o in board.options}
        self.row_of = {nfc(code): i for i, code in enumerate(self.frame.codes)} if book.lines else {}
        runoff = words.goes_on(board.outcome, board.system.kind, board.contest.round, book.now)
        self.pair = None if board.outcomes else pair(book.now, runoff)

    @cached_property
    def rows(self) -> list[int | None]:
        """By line: the row of its station in the register."""
        return [self.row_of.get(line.key[1]) for line in self.book.lines]

    @cached_property
    def zone_of(self) -> list[int | None]:
        """By line: the area of the first level."""
        paths = [self.path_of(row) for row in self.rows]
        return [int(path[0]) if path else None for path in paths]

    @cached_property
    def days(self) -> list[date | None]:
        zone = timezone.get_default_timezone()
        return [at.astimezone(zone).date() if (at := words.moment(line)) else None for line in self.book.lines]

    @cached_property
    def search(self) -> list[str]:
        """By line: code, name and areas of its station, folded once."""
        found = []
        for line, row in zip(self.book.lines, self.rows, strict=True):
            areas = " ".join(self.frame.units[int(p)].name for p in self.path_of(row))
            found.append(f"{self.frame.search[row]} {fold(areas)}" if row is not None else fold(line.key[1]))
        return found

    def path_of(self, row: int | None) -> tuple[str, ...]:
        return self.frame.paths[int(self.frame.unit[row])] if row is not None else ()

    @property
    def two(self) -> words.Two:
        return (self.pair[1], self.pair[2]) if self.pair else None

    def effect(self, line: Line) -> int:
        return words.effect(line, self.two)

    def named(self, code: str) -> str:
        """The name of an option by its code."""
        return next((o.name for o in self.board.options if o.code == code), code)

    def gap(self, first: bool = False) -> int:
        assert self.pair is not None
        votes = (self.book.first if first else self.book.now).votes
        return votes[self.pair[1]] - votes[self.pair[2]]

    def narrowed(self, asked: Asked) -> list[Line]:
        wanted = fold(asked.text)
        out = []
        for i, line in enumerate(self.book.lines):
            if wanted and wanted not in self.search[i]:
                continue
            if asked.zone and self.zone_of[i] != asked.zone:
                continue
            if (asked.kind and line.kind != asked.kind) or (asked.notice and line.notice != asked.notice):
                continue
            if asked.act and line.why.act != asked.act:
                continue
            row = self.rows[i]
            if asked.station and (row is None or int(self.frame.ids[row]) != asked.station):
                continue
            if asked.since or asked.until:
                day = self.days[i]
                if day is None or (asked.since and day < asked.since) or (asked.until and day > asked.until):
                    continue
            out.append(line)
        return self.ordered(out, asked.order)

    def ordered(self, lines: list[Line], order: str) -> list[Line]:
        key = order.lstrip("-")
        if key == "bureau":
            lines.sort(key=lambda line: line.key[1])
        elif key == "effet":
            lines.sort(key=self.effect)
        return lines[::-1] if order.startswith("-") or key not in ("bureau", "effet", "avis") else lines

    # --- what the page shows --------------------------------------------------------------------
    def zones(self) -> list[tuple[Unit, int]]:
        """Areas of the first level that have a line, with how many."""
        found = Counter(z for z in self.zone_of if z)
        units = [(self.frame.units[z], n) for z, n in found.items()]
        return sorted(units, key=lambda u: u[0].sort_name or fold(u[0].name))

    def kinds(self) -> list[tuple[str, str, int]]:
        found = Counter(line.kind for line in self.book.lines)
        return [(k.value, KIND_LABELS[k], found[k]) for k in Kind if found[k]]

    def drawn(self, line: Line) -> dict[str, Any]:
        """One line for the template."""
        row = self.rows[line.number - 1]
        path = self.path_of(row)
        css, icon = words.ICONS[line.kind]
        shown, more = self.picked(line)
        return {
            "line": line, "at": when(line), "pk": int(self.frame.ids[row]) if row is not None else None,
            "name": self.frame.names[row] if row is not None else "", "place": self.frame.units[int(path[-1])].name if path else "",
            "css": css, "icon": icon, "kind": KIND_LABELS[line.kind], "rows": shown, "more": more,
            "by": AUTHORITIES.get(line.why.authority, UNSAID), "effect": self.effect(line),
            "national": self.margins(line.national), "local": self.margins(line.local) if line.local else None,
            "was": line.before is not None and line.before.counted, "is": line.after.counted,
        }  # fmt: skip

    def picked(self, line: Line) -> tuple[list[tuple[Any, Change]], int]:
        shown, more = words.picked(line, self.two)
        return [(self.options.get(c.list or 0) or words.NAMES.get(c.name, c.name), c) for c in shown], more

    def margins(self, two: tuple[Margin, Margin]) -> list[tuple[list[Option], Margin]]:
        return [([self.options[n] for n in m.lead if n in self.options], m) for m in two]

    def heading(self) -> tuple[int, Message | None]:
        """How many lines, and what they do to the gap that decides; None where no one gap does."""
        if not self.pair or not self.book.lines:
            return len(self.book.lines), None
        return len(self.book.lines), words.moved(self.pair[0], self.gap() - self.gap(first=True))


def when(line: Line) -> datetime | None:
    """The moment of the order, in the time of the house."""
    at = words.moment(line)
    return timezone.localtime(at) if at else None


# --- files ------------------------------------------------------------------------------------------
def ledger_json(contest: Contest, book: Book) -> bytes:
    made = {
        "contest": contest.code,
        "exercise": contest.election.exercise,
        "notices": book.notices,
        "stations": book.touched,
        "first_published": {"votes": book.first.votes, "figures": book.first.boxes, "valid": book.first.valid},
        "now": {"votes": book.now.votes, "figures": book.now.boxes, "valid": book.now.valid},
        "corrections": [record(line) for line in book.lines],
    }
    return (json.dumps(made, ensure_ascii=False, indent=1) + "\n").encode()


def feed(shelf: Shelf, lang: str) -> bytes:
    contest = shelf.board.contest
    home = settings.PUBLIC_ADDRESS + reverse("results:corrections", args=[contest.code])
    title = contest.name_en if lang == "en" and contest.name_en else contest.name_fr
    if contest.election.exercise:
        title = translate(_("Exercice : %(what)s"), lang) % {"what": title}
    updated = timezone.localtime(contest.published_at or timezone.now())
    of = words.Feed(contest.code, title, home, f"{home}corrections.atom", lambda n: f"{home}?avis={n}", updated)
    return words.atom(of, shelf.book.lines, shelf.two, {n: o.name for n, o in shelf.options.items()}, lang)


_shelves: dict[int, Shelf] = {}


def of(contest: Contest, board: Board) -> Shelf:
    """The shelf of the ledger as it is now; the same one as long as neither the ledger nor the board has changed."""
    book = public_ledger.book(contest)
    held = _shelves.get(contest.pk)
    if held is None or held.book is not book or held.board is not board:
        held = Shelf(board, book)
        _shelves.pop(contest.pk, None)
        _shelves[contest.pk] = held
        while len(_shelves) > public_ledger.MOST:
            _shelves.pop(next(iter(_shelves)), None)
    return held
