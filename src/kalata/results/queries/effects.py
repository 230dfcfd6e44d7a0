"""What a change does to the totals that everybody reads: order, ranks, shares, outcome, from the table that publishes them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np
from django.utils import timezone

from kalata.country.models import Contest, Station
from kalata.people.rules.picture import Effect, Row, Text
from kalata.results.numeric import table as tables
from kalata.results.queries import board as boards
from kalata.results.queries import public_ledger
from kalata.results.rules.boxes import ABSENT, Standing
from kalata.results.rules.outcome import STATUS_LABELS, Outcome, outcome_record, ranking
from kalata.results.rules.public_ledger import Ledger
from kalata.results.rules.public_ledger import Standing as Told
from kalata.text import Message, nfc
from kalata.text import gettext_noop as _
from kalata.transparency.rules.entries import FIGURES

ROWS = 30
"""Options shown one by one; the rest are one row."""


def as_public(contest: Contest) -> Contest:
    """The contest as everybody reads it: with nobody's eyes."""
    seen = Contest.objects.select_related("election__pack", "election__geography").get(pk=contest.pk)
    seen.eyes = ()  # type: ignore[attr-defined]
    return seen


def once_public(contest: Contest) -> boards.Board:
    """The board that everybody will read once the contest is published: papers that wait for their batch stay hidden."""
    seen = as_public(contest)
    seen.published_at = seen.published_at or timezone.now()
    if boards.waiting(seen) == 0:  # everything counted becomes public: the board of all of it is in memory
        seen.eyes = None  # type: ignore[attr-defined]
        return boards.board(seen)
    return boards.build(seen, boards.hidden(seen, ()))


def outcome_hash(board: boards.Board) -> str:
    """SHA-256 (hex) of the outcome, or of the outcomes of every constituency: what a declaration binds."""
    told = outcome_record(board.outcome) if board.outcome else {k: outcome_record(o) for k, o in board.outcomes.items()}
    return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def declared(contest: Contest) -> str:
    """That hash, of what everybody reads."""
    return outcome_hash(boards.board(as_public(contest)))


def last_public(contest: Contest) -> boards.Board:
    """The board that everybody reads; of a contest that was withdrawn, the one that everybody read last.

    That one is what the public log was told, station by station: what was ever public stays the reference.
    """
    held = boards.board(as_public(contest))
    told = public_ledger.told(held.contest) if held.contest.published_at is None else None
    return held if told is None else as_told(held, told)


def as_told(held: boards.Board, told: Ledger) -> boards.Board:
    """A board of which everything is hidden, with the figures that the public was told."""
    table = held.table
    names = [FIGURES.get(b) for b in table.boxes]
    figures, votes, standing = table.figures.copy(), table.votes.copy(), table.standing.copy()
    for pk, part, code in Station.objects.filter(contest=held.contest).values_list("pk", "part", "code"):
        fact = told.held.get((part, nfc(code)))
        if fact is None or fact.standing is Told.GONE or pk not in held.frame.index:
            continue
        row = held.frame.index[pk]
        standing[row] = Standing.COUNTED if fact.counted else Standing.ANNULLED
        figures[row] = [fact.boxes.get(name, ABSENT) if name else ABSENT for name in names]
        votes[row] = [fact.votes.get(o.rank, ABSENT) for o in held.options]
    table = replace(table, figures=figures, votes=votes, standing=standing)
    total = tables.totals(table)
    groups, outcome, outcomes = boards.decided(held.contest, table, total, {g.code: g.seats for g in held.frame.constituencies})  # fmt: skip
    return replace(held, table=table, total=total, groups=groups, outcome=outcome, outcomes=outcomes)


WITHDRAWN = _("Scrutin retiré : « avant » est ce que tous ont lu en dernier, « après » ce qui sera lu s’il est publié de nouveau.")  # fmt: skip


def publication_effect(contest: Contest, whole: boards.Board) -> Effect:
    """From what everybody reads, or read last before a withdrawal, to everything that becomes public."""
    if contest.published_at is not None:
        return effect_of(contest, {})
    held = last_public(contest)
    if not held.total.counted and not held.total.annulled:
        return first_effect(whole)
    found = told(held, whole.total, whole.outcome, whole.outcomes)
    return replace(found, notes=(WITHDRAWN, *found.notes))


def effect_of(
    contest: Contest, changes: Mapping[int, tuple[int, Sequence[int]]], fresh: Sequence[Fresh] = ()
) -> Effect:
    """What the public totals become when these stations (id -> standing, figures in the contest's order) change.

    Of a contest that was withdrawn: from what was read last to what will be read once it is published again.
    """
    held = last_public(contest)
    withdrawn = held.contest.published_at is None and bool(held.total.counted or held.total.annulled)
    now = once_public(contest).table if withdrawn else held.table
    width = len(now.boxes)
    figures, votes, standing = now.figures.copy(), now.votes.copy(), now.standing.copy()
    for station, (worth, values) in changes.items():
        row = held.frame.index[station]
        standing[row] = worth
        figures[row], votes[row] = values[:width], values[width:]
    doubt = None if now.contested is None else now.contested.copy()
    if doubt is not None:  # what is decided here is no longer in doubt
        doubt[[held.frame.index[station] for station in changes]] = False
    after = replace(now, figures=figures, votes=votes, standing=standing, contested=doubt)
    if fresh:
        after = with_fresh(after, fresh)
    total = tables.totals(after)
    seats = {g.code: g.seats for g in held.frame.constituencies}
    _groups, outcome, outcomes = boards.decided(held.contest, after, total, seats)
    found = told(held, total, outcome, outcomes)
    return replace(found, notes=(WITHDRAWN, *found.notes)) if withdrawn else found


Fresh = tuple[int, Sequence[int], str]
"""A station to create: standing, figures in the contest's order, code of its constituency."""


def with_fresh(now: tables.Table, fresh: Sequence[Fresh]) -> tables.Table:
    n, width = len(fresh), len(now.boxes)
    values = np.array([list(f[1]) for f in fresh], np.int64).reshape(n, width + len(now.options))
    groups, names = now.constituency, list(now.constituencies)
    if groups is not None:
        at = [names.index(f[2]) if f[2] in names else len(names) for f in fresh]
        names += [""] * any(a == len(now.constituencies) for a in at)
        groups = np.concatenate([groups, np.array(at, np.int64)])
    return replace(
        now,
        keys=[*now.keys, *((f"+{i}",) for i in range(n))],
        area=np.concatenate([now.area, np.zeros(n, np.int64)]),
        area_order=None,
        figures=np.vstack([now.figures, values[:, :width]]),
        votes=np.vstack([now.votes, values[:, width:]]),
        standing=np.concatenate([now.standing, np.array([f[0] for f in fresh], np.int8)]),
        listed=None if now.listed is None else np.concatenate([now.listed, np.full(n, ABSENT, np.int64)]),
        contested=None if now.contested is None else tables.marked(now.contested, len(now) + n),
        rerun=None if now.rerun is None else tables.marked(now.rerun, len(now) + n),
        rows=np.concatenate([now.rows, np.zeros(n, np.int64)]),
        constituencies=names,
        constituency=groups,
        lacks=None,
    )


def ranks(votes: Mapping[str, int]) -> dict[str, int]:
    """Rank of each option, 1 first; equal votes share a rank. No rank where nobody has a vote."""
    if not any(votes.values()):
        return dict.fromkeys(votes, 0)
    return {name: 1 + sum(v > mine for v in votes.values()) for name, mine in votes.items()}


def told(held: boards.Board, total: tables.AreaSum, outcome: Outcome | None, outcomes: Mapping[str, Outcome]) -> Effect:
    names = held.table.options
    before, after = held.votes, dict(zip(names, total.votes, strict=True))
    was, becomes = ranks(before), ranks(after)
    labels = {o.code: (o.name, o.emblem) for o in held.options}
    order = [name for name, _votes in ranking(after)]
    rows = [
        Row(
            labels.get(n, (n, ""))[0],
            before[n],
            after[n],
            share(before[n], held.total.valid),
            share(after[n], total.valid),
            was[n],
            becomes[n],
            labels.get(n, (n, ""))[1],
        )
        for n in order[:ROWS]
    ]
    if rest := order[ROWS:]:
        rows.append(Row("…", sum(before[n] for n in rest), sum(after[n] for n in rest)))
    same_order = was == becomes or not any(before.values())
    notes = [*gaps(before, after, labels), *outcome_notes(held, outcome, outcomes)]
    moved = outcome_moved(held, outcome, outcomes)
    says: Text = _("L’ordre des candidatures ne change pas.")
    if not any(before.values()):
        says = _("Premiers chiffres publics de ce scrutin.")
    elif not same_order:
        says = _("L’ordre des candidatures change.")
    if moved and any(before.values()):
        says = _("L’issue du scrutin change.")
    valid = Row(_("Suffrages exprimés"), held.total.valid, total.valid)
    return Effect(says, same_order and not (moved and any(before.values())), tuple(rows), valid, tuple(notes))


def share(votes: int, valid: int) -> Fraction | None:
    return Fraction(votes, valid) if valid else None


def gaps(before: Mapping[str, int], after: Mapping[str, int], labels: Mapping[str, tuple[str, str]]) -> list[Text]:
    """The gap between the first two, before and after."""
    if len(after) < 2:
        return []
    (first, a), (second, b) = ranking(after)[:2]
    old = before[first] - before[second]
    return [
        Message(
            _("Écart entre %(first)s et %(second)s : %(old)d avant, %(new)d après."),
            {"first": labels[first][0], "second": labels[second][0], "old": old, "new": a - b},
        )
    ]


def outcome_moved(held: boards.Board, outcome: Outcome | None, outcomes: Mapping[str, Outcome]) -> bool:
    def key(o: Outcome | None) -> object:
        return None if o is None else (o.status, o.options, o.seats())

    return key(held.outcome) != key(outcome) or {k: key(o) for k, o in held.outcomes.items()} != {
        k: key(o) for k, o in outcomes.items()
    }


def outcome_notes(held: boards.Board, outcome: Outcome | None, outcomes: Mapping[str, Outcome]) -> list[Text]:
    notes: list[Text] = []
    if outcome is not None and held.outcome and not outcome_moved(held, outcome, outcomes):
        now = Message(STATUS_LABELS[outcome.status])
        notes.append(Message(_("Issue sur les bureaux publics, inchangée : %(now)s."), {"now": now}))
    elif outcome is not None:
        was = Message(STATUS_LABELS[held.outcome.status]) if held.outcome else "–"
        notes.append(
            Message(
                _("Issue sur les bureaux publics : %(was)s avant, %(now)s après."),
                {"was": was, "now": Message(STATUS_LABELS[outcome.status])},
            )
        )
    n = sum(
        1
        for k, o in outcomes.items()
        if (h := held.outcomes.get(k)) is None or (h.options, h.seats()) != (o.options, o.seats())
    )
    if n:
        notes.append(
            Message(_("%(n)d {n:circonscription change|circonscriptions changent} d’élus ou de sièges."), {"n": n})
        )
    return notes


def first_effect(held: boards.Board) -> Effect:
    """From nothing public to these totals."""
    blank = replace(held.table, standing=np.full_like(held.table.standing, Standing.MISSING))
    nothing = replace(held, total=tables.totals(blank), outcome=None, outcomes={})
    return told(nothing, held.total, held.outcome, held.outcomes)
