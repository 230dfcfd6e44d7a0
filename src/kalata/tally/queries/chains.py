"""The chain of passages of a paper, walked again by the very rule that wrote it.

A row that follows the one before and has its own hash proves nothing alone: whoever owns the database host can
write such a row. What is asked of a chain is that `rules.lifecycle.apply`, from an expected paper on, gives each
row again: the table, the right, the persons kept apart, what must come with the step, and the figures of the
entries that are kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from kalata.refusals import Refused
from kalata.results.queries.store import sheet_of
from kalata.results.rules.boxes import Box, Sheet, Standing
from kalata.results.rules.sheets import differences, lines_of
from kalata.tally.models import Entry, Hand, Passage
from kalata.tally.rules.entry import settle
from kalata.tally.rules.lifecycle import RULED, TABLE, Act, Record, State, apply, recounted, standing_of

S = State
TYPED = {
    (S.FIRST_ENTRY, S.FIRST_ENTERED): 1,
    (S.SECOND_ENTRY, S.MATCHED): 2,
    (S.SECOND_ENTRY, S.DIFFERENT): 2,
    (S.ARBITRATION, S.MATCHED): 3,
    (S.ARBITRATION, S.SECOND_VISA): 3,
    **{(s, S.ADJUSTED): 4 for s in RULED},
}
"""Steps that keep an entry, with its rank."""
SOON = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Walk:
    """Where a chain leads. force: the passage that the version in force rests on, None where nothing was ever counted;
    standing, final: what that version is worth and its figures."""

    record: Record
    force: Passage | None = None
    standing: Standing = Standing.MISSING
    final: Sheet | None = None


def walk(
    chain: Sequence[Passage], entries: Iterable[Entry], hands: Iterable[Hand], boxes: Sequence[Box]
) -> Walk | None:
    """Where the chain leads; None where the rule does not give it, or entries and hands do not agree with it."""
    kept = sorted(entries, key=lambda e: e.pk)
    record, attempt, out = Record(), 1, Walk(Record())
    for place, p in enumerate(chain):
        pair = (State(p.start), State(p.to)) if {p.start, p.to} <= set(State) else None
        if pair is None or pair not in TABLE or p.start != record.state:
            return None
        sheet = None
        if rank := TYPED.get(pair):
            if not kept or (kept[0].attempt, kept[0].rank, kept[0].by_id, kept[0].at) != (attempt, rank, p.by_id, p.at):
                return None
            sheet = sheet_of(kept.pop(0).sheet, list(boxes))
        after = chain[place + 1].to if place + 1 < len(chain) else ""
        try:
            new, row = apply(record, State(p.to), act_of(p, record, sheet, after))
        except (Refused, AssertionError):
            return None
        if (row.previous, row.hash()) != (p.previous, p.hash):
            return None
        if recounted(record, new):
            out = Walk(new, p, standing_of(new), new.final)
        if new.first is None and record.first is not None:
            attempt += 1
        record = new
    had = {(h.person_id, h.part) for h in hands}
    if kept or not {(who, part.value) for who, part in record.past} <= had:
        return None
    return Walk(record, out.force, out.standing, out.final)


def act_of(p: Passage, record: Record, sheet: Sheet | None, after: str) -> Act:
    """What the person of a passage must have done; findings are read from where the paper went next."""
    choice: Mapping[str, Any] | None = None
    on = sheet or record.final
    if record.state is S.ARBITRATION and sheet is not None and record.first and record.second:
        there = lines_of(sheet)
        choice = {d.line: there.get(d.line) for d in differences(record.first, record.second)}
        on = settle(record.first, record.second, choice).sheet
        if on != sheet:
            raise Refused  # a figure that agreed was changed
    open_ = p.to == S.MATCHED and after == S.UNDER_REVIEW
    return Act(
        by=p.by_id or 0, other=p.other_id, at=p.at, right=p.right, reason=p.reason, document=p.document,
        image=p.document or "x", sheet=sheet, choice=choice, sitting=p.sitting_id, salt=p.salt, until=p.at + SOON, on=on,
        warnings=frozenset({"?"} if open_ else ()),
    )  # fmt: skip
