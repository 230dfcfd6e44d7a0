"""From a board to what a page shows: rows, classes of the map, reasons of what is missing.

No figure is computed here that the rules could compute: these are arrangements.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from kalata.country.models import Option, Unit
from kalata.country.rules.drawn import fitted
from kalata.country.services import fold
from kalata.results.numeric.table import AreaSum
from kalata.results.queries.board import Board, is_open, seen_beside
from kalata.results.queries.board import board as board_of
from kalata.results.rules import ties
from kalata.results.rules.bounds import WHAT_LABELS, Secured, Through
from kalata.results.rules.boxes import Box
from kalata.results.rules.coverage import ratio
from kalata.results.rules.outcome import STATUS_LABELS, Outcome, Status
from kalata.results.rules.systems import Kind
from kalata.text import Message, percent
from kalata.text import gettext_noop as _


@dataclass(frozen=True, slots=True)
class Row:
    """One option of the votes table."""

    option: Option
    votes: int
    share: Fraction | None
    bar: str
    strong: bool
    seats: int | None = None


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One area of the table by area."""

    unit: Unit
    total: AreaSum
    coverage: Fraction | None
    turnout: Fraction | None
    leader: Option | None
    leader_share: Fraction | None
    seconds: tuple[Fraction | None, ...]
    tie: bool = False


def turnout(total: AreaSum) -> Fraction | None:
    return ratio(total.voters, total.boxes.get(Box.REGISTERED))


def votes_table(board: Board, total: AreaSum, outcome: Outcome | None = None) -> tuple[list[Row], int, str]:
    """Rows by votes (ballot order between equals), the scale in percent, and where its 50 % mark is: always on it."""
    pairs = sorted(zip(board.options, total.votes, strict=True), key=lambda p: -p[1])
    top = ratio(pairs[0][1], total.valid) if pairs else None
    scale = 100 if top is None else min(100, max(60, -(-int(top * 100 + 4) // 10) * 10))
    strong = set(outcome.options) if outcome else set()
    seats = outcome.seats() if outcome and outcome.allocation else {}
    rows = [
        Row(
            o,
            v,
            ratio(v, total.valid),
            f"{float(Fraction(v * 10_000, total.valid * scale)):.2f}" if total.valid else "0",
            o.code in strong,
            seats.get(o.code),
        )
        for o, v in pairs
    ]
    mark = f"{50 * 100 / scale:.2f}"
    return rows, scale, mark


def area_rows(board: Board, units: Iterable[Unit], shown: int = 3) -> list[AreaRow]:
    """One row per unit that has stations, by name."""
    lead = sorted(range(len(board.options)), key=lambda i: -board.total.votes[i])[:shown]
    rows = []
    for unit in sorted(units, key=lambda u: u.sort_name or fold(u.name)):
        total = board.areas.get(unit.pk)
        if total is None:
            continue
        best = max(total.votes, default=0)
        leaders = [o for o, v in zip(board.options, total.votes, strict=True) if v == best and best > 0]
        rows.append(
            AreaRow(
                unit,
                total,
                board.coverages[total.path].share,
                turnout(total),
                leaders[0] if len(leaders) == 1 else None,
                ratio(best, total.valid),
                tuple(ratio(total.votes[i], total.valid) for i in lead),
                len(leaders) > 1,
            )
        )
    return rows


@dataclass(frozen=True, slots=True)
class Whole:
    """The last row of the table by area: the same columns of all of it."""

    coverage: Fraction | None
    turnout: Fraction | None
    leader: Option | None
    seconds: tuple[Fraction | None, ...]
    tie: bool


def whole_row(board: Board, total: AreaSum, coverage: Fraction | None = None, shown: int = 3) -> Whole:
    best = max(total.votes, default=0)
    leaders = [o for o, v in zip(board.options, total.votes, strict=True) if v == best and best > 0]
    lead = sorted(range(len(board.options)), key=lambda i: -board.total.votes[i])[:shown]
    return Whole(
        coverage if coverage is not None else board.coverage().share,
        turnout(total),
        leaders[0] if len(leaders) == 1 else None,
        tuple(ratio(total.votes[i], total.valid) for i in lead),
        len(leaders) > 1,
    )


def top_options(board: Board, shown: int = 3) -> list[Option]:
    return [board.options[i] for i in sorted(range(len(board.options)), key=lambda i: -board.total.votes[i])[:shown]]


def headline(board: Board) -> Message:
    """The situation in one sentence: what the page's title says."""
    if not board.contest.revision or board.total.counted == 0:
        return Message(_("Aucun résultat n’est encore entré"))
    if board.outcomes:
        decided = sum(not is_open(o) and o.secured is Secured.YES for o in board.outcomes.values())
        return Message(
            _("%(decided)d {decided:circonscription décidée|circonscriptions décidées} sur %(all)d"),
            {"decided": decided, "all": len(board.outcomes)},
        )
    found = board.outcome
    if found is None:
        return Message(_("Chiffres par bureau, sans règle d’attribution"))
    names = {o.code: o.name for o in board.options}
    who = ", ".join(names.get(o, o) for o in found.options)
    if found.status is Status.UNDETERMINED:
        return Message(_("Résultats encore partiels : rien n’est décidé"))
    if found.status is Status.TIE:
        return ties.headline(board.system, found)
    if found.status is Status.RUNOFF:
        return Message(_("Second tour entre %(who)s"), {"who": " et ".join(names.get(o, o) for o in found.options)})
    if found.status is Status.ELECTED and found.broken is not None:
        return ties.first(who)
    if found.status is Status.ELECTED:
        return Message(
            _("%(who)s en tête, majorité atteinte")
            if board.contest.round == 1 and board.system.kind is not Kind.PLURALITY
            else _("%(who)s en tête"),
            {"who": who},
        )
    if found.status is Status.ADOPTED:
        return Message(_("« %(who)s » l’emporte"), {"who": who})
    if found.status is Status.REJECTED:
        return Message(_("« %(who)s » l’emporte : rejeté"), {"who": who})
    return Message(_("Sièges répartis entre %(n)d {n:liste|listes}"), {"n": len(found.options)})


def changeable(board: Board) -> Message | None:
    """What the note beside « what is missing » says of the whole contest: why it is not secured, or None."""
    if board.outcomes:
        n = sum(o.secured is not Secured.YES for o in board.outcomes.values())
        return (
            Message(
                _("Dans %(n)d {n:circonscription|circonscriptions}, ce qui manque peut encore changer l’issue."),
                {"n": n},
            )
            if n
            else None
        )
    found = board.outcome
    if found is None or found.secured is Secured.YES:
        return None
    if found.reason is not None:
        return found.reason
    return Message(_("Ce qui manque peut encore changer l’issue."))


def unqualified(board: Board) -> Message | None:
    """On a second round: that the first round, as it stands today, does not lead to it. None where it does.

    A second round keeps the options it was opened with: a draw undone or a correction since changes the first alone.
    """
    contest = board.contest
    first = seen_beside(contest, contest.previous) if contest.previous else None
    found = board_of(first).outcome if first is not None else None
    here = {o.code for o in board.options}
    if found is None or (Status.RUNOFF in (found.status, found.on_counted) and set(found.options) == here):
        return None
    now = Message(STATUS_LABELS[found.status])
    who = ", ".join(found.options)
    return Message(
        _(
            "Ce second tour est ouvert entre %(here)s. Le premier tour d’aujourd’hui n’y mène pas : %(now)s (%(who)s). Une décision doit dire ce qu’il devient."
        ),
        {"here": ", ".join(o.name for o in board.options), "now": now, "who": who or "–"},
    )


def settled(board: Board) -> bool:
    """True where it is proved that nothing of what is missing can change an outcome that there is."""
    found = [board.outcome] if board.outcome else list(board.outcomes.values())
    return bool(found) and all(o.secured is Secured.YES for o in found)


def national(board: Board) -> tuple[str, Message] | None:
    """What a page of a zone says of the whole contest: ("o" or "w", the sentence). None where nothing is decided by rule.

    A zone has no outcome of its own: what it lacks is told beside, what it means is told of the whole.
    """
    if board.outcome is None and not board.outcomes:
        return None
    if why := changeable(board):
        return "w", Message(_("Pour l’ensemble du scrutin, l’issue n’est pas acquise. %(why)s"), {"why": why})
    gone = board.coverage().missing
    if not gone and board.complete:
        return "o", Message(_("Pour l’ensemble du scrutin, tous les bureaux attendus sont comptés ou annulés."))
    return "o", Message(
        _(
            "Pour l’ensemble du scrutin, %(n)d {n:bureau manque et ne peut plus|bureaux manquent et ne peuvent plus} changer l’issue."
        ),
        {"n": gone},
    )


@dataclass(frozen=True, slots=True)
class Opening:
    """One change that is still possible: who could replace whom, from how many votes on, through which stations."""

    constituency: str
    what: Message
    who: str
    instead_of: str
    votes: int | None
    through: tuple[Through, ...]
    tight: bool


def open_rows(board: Board) -> list[Opening]:
    """Everything that is open, of the whole and of each constituency."""
    names = {o.code: o.name for o in board.options}
    rows = []
    for code, found in {"": board.outcome, **board.outcomes}.items():
        for change in found.open if found else ():
            rows.append(
                Opening(
                    code,
                    Message(WHAT_LABELS[change.what]),
                    ", ".join(names.get(o, o) for o in change.options),
                    ", ".join(names.get(o, o) for o in change.instead_of),
                    change.votes,
                    change.through,
                    change.tight,
                )
            )
    return rows


# --- map ---------------------------------------------------------------------------------
CLASSES: Mapping[str, tuple[int, ...]] = {"participation": (30, 35, 40, 45), "couverture": (50, 80, 95, 100)}
READINGS = {"participation": _("Participation"), "couverture": _("PV comptés"), "tete": _("En tête")}


@dataclass(frozen=True, slots=True)
class Shape:
    """One area of the map: its outline or a tile, its class and the value written in it."""

    unit: Unit
    d: str
    x: int
    y: int
    css: int
    text: str
    partial: bool
    small: bool


def bounds_for(values: list[Fraction], reading: str) -> tuple[int, ...]:
    """Four round limits in percent: the usual ones, or moved where turnout lies elsewhere."""
    if reading != "participation" or not values:
        return CLASSES.get(reading, CLASSES["participation"])
    middle = sorted(values)[len(values) // 2] * 100
    if 25 <= middle <= 50:
        return CLASSES["participation"]
    start = max(5, int(middle) // 5 * 5 - 10)
    return (start, start + 5, start + 10, start + 15)


def map_of(board: Board, rows: list[AreaRow], reading: str, lang: str) -> dict[str, Any] | None:
    """Shapes and tiles for one reading, with the legend; None where the geography has no outline."""
    outlines = board.contest.election.geography.outlines
    if not outlines:
        return None
    values = [v for r in rows if (v := r.turnout if reading == "participation" else r.coverage) is not None]
    limits = bounds_for(values, reading)
    order = top_options(board)
    fit = fitted(outlines["shapes"], [r.unit.outline for r in rows if r.unit.outline])
    if fit is None:
        return None
    shapes, tiles = [], []
    for row in rows:
        if reading == "tete":
            css = (order.index(row.leader) + 1 if row.leader in order else 4) if row.leader else 5
            text = row.leader.name if row.leader else "="
        else:
            value = row.turnout if reading == "participation" else row.coverage
            css = 1 if value is None else 1 + sum(value * 100 >= b for b in limits)
            text = percent(value, lang, 0) if value is not None else "–"
        name = row.unit.outline
        drawn = name in fit.at
        partial = row.coverage is not None and row.coverage * 2 < 1
        item = Shape(
            row.unit, outlines["shapes"][name]["d"] if drawn else "", *(fit.at[name] if drawn else (0, 0)), css, text,
            partial, not drawn or name in fit.small,
        )  # fmt: skip
        if drawn:
            shapes.append(item)
        if item.small:
            tiles.append(item)
    legend = (
        [(f"< {limits[0]} %", 1)]
        + [(f"{a}–{b} %", i) for i, (a, b) in enumerate(pairwise(limits), 2)]
        + [(f"≥ {limits[-1]} %", 5)]
    )
    if reading == "couverture":
        legend[-1] = ("100 %", 5)
    if reading == "tete":
        legend = [(o.name, i) for i, o in enumerate(order, 1)] + [("…", 4)]
    return {
        "width": fit.width,
        "height": fit.height,
        "transform": fit.transform,
        "shapes": shapes,
        "tiles": tiles,
        "legend": legend,
        "provenance": outlines.get("provenance", ""),
        "reading": reading,
    }
