"""From the ledger of corrections to what its page, its feed and its files show. No figure is computed here that the
rules could compute: these are arrangements."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from xml.sax.saxutils import escape

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from kalata.country.models import Contest, Option, Unit
from kalata.country.services import fold
from kalata.results import public_ledger
from kalata.results.announcing import nfc
from kalata.results.board import Board
from kalata.results.rules.boxes import LABELS, Box
from kalata.results.rules.outcome import Status
from kalata.results.rules.public_ledger import (
    AUTHORITIES,
    COLUMNS,
    KIND_LABELS,
    UNSAID,
    Book,
    Change,
    Kind,
    Line,
    Margin,
    pair,
    record,
    rows,
)
from kalata.text import Message, translate, whole
from kalata.text import gettext_noop as _
from kalata.transparency.rules.entries import FIGURES
from kalata.transparency.rules.opendata import safe
from kalata.transparency.rules.register import table

NAMES = {public: LABELS[Box(box)] for box, public in FIGURES.items()}
SHOWN_ROWS = 4
PER_PAGE = 50
MOST_IN_FEED = 60
ICONS = {
    Kind.CORRECTED: ("inf", "pen"), Kind.REPLACED: ("inf", "doc"), Kind.RECALLED: ("warn", "warn"), Kind.ANNULLED: ("bad", "bad"),
    Kind.RESTORED: ("ok", "ok"), Kind.LATE: ("warn", "late"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What narrows and orders the list. zone: id of an area of the first level; station: id."""

    text: str = ""
    zone: int | None = None
    kind: str = ""
    since: date | None = None
    until: date | None = None
    notice: int | None = None
    station: int | None = None
    order: str = ""


class Shelf:
    """A ledger beside the register of its contest: where each station lies, what each list is called."""

    def __init__(self, board: Board, book: Book) -> None:
        self.board, self.book = board, book
        self.frame = board.frame
        self.options = {o.rank: o for o in board.options}
        self.row_of = {nfc(code): i for i, code in enumerate(self.frame.codes)} if book.lines else {}
        runoff = board.outcome is not None and board.outcome.status is Status.RUNOFF
        self.pair = None if board.outcomes else pair(book.now, runoff)

    def row(self, line: Line) -> int | None:
        return self.row_of.get(line.key[1])

    def zone(self, line: Line) -> int | None:
        row = self.row(line)
        path = self.frame.paths[int(self.frame.unit[row])] if row is not None else ()
        return int(path[0]) if path else None

    def effect(self, line: Line) -> int:
        """On the gap between the two lists that the vote decides between; on that of the constituency, elsewhere."""
        if self.pair:
            return line.effect(*self.pair[1:])
        before, after = line.local or line.national
        return after.gap - before.gap

    def gap(self, first: bool = False) -> int:
        assert self.pair is not None
        votes = (self.book.first if first else self.book.now).votes
        return votes[self.pair[1]] - votes[self.pair[2]]

    def narrowed(self, asked: Asked) -> list[Line]:
        wanted = fold(asked.text)
        out = []
        for line in self.book.lines:
            row, day = self.row(line), day_of(line)
            if wanted and (row is None or wanted not in self.frame.search[row]) and wanted not in self.said_of(row):
                continue
            if asked.zone and self.zone(line) != asked.zone:
                continue
            if (asked.kind and line.kind != asked.kind) or (asked.notice and line.notice != asked.notice):
                continue
            if asked.station and (row is None or int(self.frame.ids[row]) != asked.station):
                continue
            if (asked.since or asked.until) and day is None:
                continue
            if day and ((asked.since and day < asked.since) or (asked.until and day > asked.until)):
                continue
            out.append(line)
        return self.ordered(out, asked.order)

    def said_of(self, row: int | None) -> str:
        """Names of the areas a station lies in, folded."""
        path = self.frame.paths[int(self.frame.unit[row])] if row is not None else ()
        return fold(" ".join(self.frame.units[int(p)].name for p in path))

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
        found = Counter(z for line in self.book.lines if (z := self.zone(line)))
        units = [(self.frame.units[z], n) for z, n in found.items()]
        return sorted(units, key=lambda u: u[0].sort_name or fold(u[0].name))

    def kinds(self) -> list[tuple[str, str, int]]:
        found = Counter(line.kind for line in self.book.lines)
        return [(k.value, KIND_LABELS[k], found[k]) for k in Kind if found[k]]

    def drawn(self, line: Line) -> dict[str, Any]:
        """One line for the template."""
        row = self.row(line)
        path = self.frame.paths[int(self.frame.unit[row])] if row is not None else ()
        css, icon = ICONS[line.kind]
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
        """The rows shown of a line, and how many more the files have: of a station that enters the totals or leaves
        them, the lists the vote decides between and its valid votes."""
        changes: Sequence[Change] = line.changes
        if line.crosses:
            two = self.pair[1:] if self.pair else tuple(sorted(line.delta, key=lambda n: -abs(line.delta[n]))[:2])
            picked = [c for n in two for c in changes if c.list == n] + [c for c in changes if c.name == "valid"]
        else:
            picked = sorted(changes, key=lambda c: c.list is None)[:SHOWN_ROWS]
        return [
            (self.options[c.list] if c.list in self.options else NAMES.get(c.name, c.name), c) for c in picked
        ], len(changes) - len(picked)

    def margins(self, two: tuple[Margin, Margin]) -> list[tuple[list[Option], Margin]]:
        return [([self.options[n] for n in m.lead if n in self.options], m) for m in two]

    def heading(self) -> tuple[int, Message | None]:
        """How many lines, and what they do to the gap that decides; None where no one gap does."""
        if not self.pair or not self.book.lines:
            return len(self.book.lines), None
        moved = self.gap() - self.gap(first=True)
        said = MOVES[self.pair[0], (moved > 0) - (moved < 0)]
        return len(self.book.lines), Message(said, {"n": abs(moved)})


MOVES: Mapping[tuple[int, int], str] = {
    (1, 1): _("l’écart entre la 1re et la 2e a augmenté de %(n)d voix"),
    (1, 0): _("l’écart entre la 1re et la 2e ne change pas"),
    (1, -1): _("l’écart entre la 1re et la 2e a baissé de %(n)d voix"),
    (2, 1): _("l’écart entre la 2e et la 3e a augmenté de %(n)d voix"),
    (2, 0): _("l’écart entre la 2e et la 3e ne change pas"),
    (2, -1): _("l’écart entre la 2e et la 3e a baissé de %(n)d voix"),
}


def when(line: Line) -> datetime | None:
    """The moment of the order, in the time of the house."""
    if not line.why.at:
        return None
    return timezone.localtime(datetime.fromisoformat(line.why.at.replace("Z", "+00:00")))


def day_of(line: Line) -> date | None:
    at = when(line)
    return at.date() if at else None


# --- files ------------------------------------------------------------------------------------------
def ledger_csv(lines: Iterable[Line]) -> bytes:
    """Byte for byte the file of the public site, once every line has its place in the log."""
    return table(COLUMNS, ([safe(c) for c in row] for row in rows(lines)))


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
    """Atom (RFC 4287): one entry a notice, the latest first."""
    contest = shelf.board.contest
    home = settings.PUBLIC_ADDRESS + reverse("results:corrections", args=[contest.code])
    title = contest.name_en if lang == "en" and contest.name_en else contest.name_fr
    if contest.election.exercise:
        title = translate(_("Exercice : %(what)s"), lang) % {"what": title}
    notices: dict[int, list[Line]] = {}
    for line in shelf.book.lines:
        notices.setdefault(line.notice, []).append(line)
    updated = contest.published_at or timezone.now()
    out = []
    for number, lines in sorted(notices.items(), reverse=True)[:MOST_IN_FEED]:
        at = when(lines[0]) or updated
        head = Message(_("Avis n° %(n)d (bureaux touchés : %(m)d)"), {"n": number, "m": len(lines)}).text(lang)
        body = " ".join(sentence(shelf, line, lang) for line in lines[:20])
        out.append(
            f"<entry><id>tag:{escape(contest.code)},kalata:avis-{number}</id><title>{escape(head)}</title>"
            f'<updated>{at.isoformat(timespec="seconds")}</updated><link href="{escape(home)}?avis={number}"/>'
            f"<summary>{escape(body)}</summary></entry>"
        )
    latest = max((found for line in shelf.book.lines if (found := when(line))), default=updated)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{lang}">'
        f"<id>tag:{escape(contest.code)},kalata:corrections</id><title>{escape(translate(_('Corrections'), lang))} – {escape(title)}</title>"
        f'<updated>{latest.isoformat(timespec="seconds")}</updated><author><name>Kalata</name></author><link href="{escape(home)}"/>'
        f'<link rel="self" href="{escape(home)}corrections.atom"/>{"".join(out)}</feed>\n'
    ).encode()


def sentence(shelf: Shelf, line: Line, lang: str) -> str:
    """One line as one sentence: station, what, figures, who, why."""

    def said(value: int | None, counted: bool) -> str:
        return whole(value, lang) if value is not None else translate(_("vide") if counted else _("non compté"), lang)

    figures = []
    for label, c in shelf.picked(line)[0]:
        name = label.name if isinstance(label, Option) else translate(label, lang)
        old = said(c.old, not line.crosses or bool(line.before and line.before.counted))
        figures.append(f"{name} : {old} → {said(c.new, not line.crosses or line.after.counted)}")
    by = translate(AUTHORITIES.get(line.why.authority, UNSAID), lang)
    parts = [f"{line.key[1]}, {translate(KIND_LABELS[line.kind], lang)}.", f"{' ; '.join(figures)}." if figures else ""]
    parts.append(f"{by}{f', {line.why.act}' if line.why.act else ''}.{f' {line.why.words}' if line.why.words else ''}")
    return " ".join(p for p in parts if p)


def of(board: Board) -> Shelf:
    return Shelf(board, public_ledger.book(board.contest))
