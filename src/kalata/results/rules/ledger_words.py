"""The ledger of corrections in words, in a feed and in a table: the same in the application and on the public site."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from xml.sax.saxutils import escape, quoteattr

from kalata.results.rules.boxes import LABELS, Box
from kalata.results.rules.outcome import Outcome, Status
from kalata.results.rules.public_ledger import (
    AUTHORITIES,
    COLUMNS,
    KIND_LABELS,
    UNSAID,
    Change,
    Kind,
    Line,
    Margin,
    Totals,
    rows,
)
from kalata.results.rules.systems import Kind as Kind_
from kalata.text import Message, percent, translate, whole
from kalata.text import gettext_noop as _
from kalata.transparency.rules.entries import FIGURES
from kalata.transparency.rules.opendata import safe
from kalata.transparency.rules.register import table

Two: TypeAlias = tuple[int, int] | None
"""The two lists between which the vote decides; None where no one gap decides."""
NAMES: Mapping[str, str] = {public: LABELS[Box(box)] for box, public in FIGURES.items()}
SHOWN_ROWS = 4
MOST_IN_FEED = 60
ICONS: Mapping[Kind, tuple[str, str]] = {
    Kind.CORRECTED: ("inf", "pen"), Kind.REPLACED: ("inf", "doc"), Kind.RECALLED: ("warn", "warn"), Kind.ANNULLED: ("bad", "bad"),
    Kind.RESTORED: ("ok", "ok"), Kind.LATE: ("warn", "late"),
}  # fmt: skip
MOVES: Mapping[tuple[int, int], str] = {
    (1, 1): _("l’écart entre la 1re et la 2e a augmenté de %(n)d voix"),
    (1, 0): _("l’écart entre la 1re et la 2e ne change pas"),
    (1, -1): _("l’écart entre la 1re et la 2e a baissé de %(n)d voix"),
    (2, 1): _("l’écart entre la 2e et la 3e a augmenté de %(n)d voix"),
    (2, 0): _("l’écart entre la 2e et la 3e ne change pas"),
    (2, -1): _("l’écart entre la 2e et la 3e a baissé de %(n)d voix"),
}


def goes_on(outcome: Outcome | None, kind: Kind_, round_: int, totals: Totals) -> bool:
    """True where two go on to another round, on the figures of now: the gap that decides is then after the second."""
    if outcome is None:
        return False
    if outcome.status is Status.RUNOFF:
        return True
    two_rounds = round_ == 1 and kind in (Kind_.TWO_ROUND_MAJORITY, Kind_.LIST_TWO_ROUND_MAJORITY)
    return two_rounds and outcome.needed is not None and max(totals.votes.values(), default=0) < outcome.needed


def moved(place: int, votes: int) -> Message:
    """What the corrections did to the gap after a place."""
    return Message(MOVES[place, (votes > 0) - (votes < 0)], {"n": abs(votes)})


def effect(line: Line, two: Two) -> int:
    """On the gap that decides; where none does, on that of the constituency."""
    if two:
        return line.effect(*two)
    before, after = line.local or line.national
    return after.gap - before.gap


def picked(line: Line, two: Two) -> tuple[list[Change], int]:
    """The rows to show of a line, and how many more the files have: of a station that enters the totals or leaves them,
    the lists that the vote decides between and its valid votes."""
    changes: Sequence[Change] = line.changes
    if line.crosses:
        lists = two or tuple(sorted(line.delta, key=lambda n: (-abs(line.delta[n]), n))[:2])
        shown = [c for n in lists for c in changes if c.list == n] + [c for c in changes if c.name == "valid"]
    else:
        shown = sorted(changes, key=lambda c: c.list is None)[:SHOWN_ROWS]
    return shown, len(changes) - len(shown)


def figures(line: Line, change: Change, lang: str) -> tuple[str, str]:
    """Old and new as people read them: an empty box is empty, what was not counted says so."""
    was, now = line.before is not None and line.before.counted, line.after.counted

    def said(value: int | None, counted: bool) -> str:
        if value is not None:
            return whole(value, lang)
        return translate(_("vide") if counted or not line.crosses else _("non compté"), lang)

    return said(change.old, was), said(change.new, now)


def label(change: Change, names: Mapping[int, str], lang: str) -> str:
    return names.get(change.list, "") if change.list else translate(NAMES.get(change.name, change.name), lang)


def ordered_by(line: Line, lang: str) -> str:
    by = translate(AUTHORITIES.get(line.why.authority, UNSAID), lang)
    return f"{by}, {line.why.act}" if line.why.act else by


def margin_said(found: Margin, names: Mapping[int, str], lang: str) -> str:
    """ "La pirogue +697 752 (12,40 %)"."""
    if not found.lead:
        return translate(_("aucune voix"), lang)
    if len(found.lead) > 1:
        return translate(_("égalité"), lang)
    share = f" ({percent(found.share, lang)})" if found.share is not None else ""
    return f"{names.get(found.lead[0], '')} +{whole(found.gap, lang)}{share}"


def sentence(line: Line, two: Two, names: Mapping[int, str], lang: str) -> str:
    """One line as one sentence: station, what, figures, who, why."""
    changed = [f"{label(c, names, lang)} : {' → '.join(figures(line, c, lang))}" for c in picked(line, two)[0]]
    parts = [f"{line.key[1]}, {translate(KIND_LABELS[line.kind], lang)}.", f"{' ; '.join(changed)}." if changed else ""]
    parts.append(f"{ordered_by(line, lang)}.{f' {line.why.words}' if line.why.words else ''}")
    return " ".join(p for p in parts if p)


def moment(line: Line) -> datetime | None:
    """The moment of the order, UTC; None where it was not said."""
    return datetime.fromisoformat(line.why.at.replace("Z", "+00:00")) if line.why.at else None


def as_csv(lines: Iterable[Line]) -> bytes:
    """UTF-8, LF, no byte-order mark. Cells a spreadsheet would run begin with an apostrophe."""
    return table(COLUMNS, ([safe(c) for c in row] for row in rows(lines)))


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed says of itself. code: of the contest; link: of a notice; updated: where no line says when."""

    code: str
    title: str
    home: str
    own: str
    link: Callable[[int], str]
    updated: datetime
    author: str = "Kalata"


def atom(of: Feed, lines: Iterable[Line], two: Two, names: Mapping[int, str], lang: str) -> bytes:
    """Atom (RFC 4287): one entry a notice, the latest first."""
    notices: dict[int, list[Line]] = {}
    latest = of.updated
    for line in lines:
        notices.setdefault(line.notice, []).append(line)
        latest = max(latest, moment(line) or latest)
    out = []
    for number, held in sorted(notices.items(), reverse=True)[:MOST_IN_FEED]:
        at = moment(held[0]) or of.updated
        head = Message(_("Avis n° %(n)d (bureaux touchés : %(m)d)"), {"n": number, "m": len({x.key for x in held})})
        body = " ".join(sentence(line, two, names, lang) for line in held[:20])
        out.append(
            f"<entry><id>tag:{escape(of.code)},kalata:avis-{number}</id><title>{escape(head.text(lang))}</title>"
            f"<updated>{at.isoformat(timespec='seconds')}</updated><link href={quoteattr(of.link(number))}/>"
            f"<summary>{escape(body)}</summary></entry>"
        )
    title = f"{translate(_('Corrections'), lang)} – {of.title}"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{lang}">'
        f"<id>tag:{escape(of.code)},kalata:corrections</id><title>{escape(title)}</title>"
        f"<updated>{latest.isoformat(timespec='seconds')}</updated><author><name>{escape(of.author)}</name></author>"
        f'<link href={quoteattr(of.home)}/><link rel="self" href={quoteattr(of.own)}/>{"".join(out)}</feed>\n'
    ).encode()
