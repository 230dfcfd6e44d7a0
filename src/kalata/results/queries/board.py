"""Everything a results page shows of a contest, computed once per revision of its records.

A board holds no figure that is not recomputed from the current records; the only key of the
cache is the revision, which changes in the transaction of every change. Fresh: about 0.1 s for
25,000 stations x 20 options; afterwards nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from threading import Lock
from typing import Any, TypeAlias

import numpy as np

from kalata.country.models import Contest, Option, Unit
from kalata.results import papers
from kalata.results.models import Lot
from kalata.results.numeric import coverage, deciding, screening, table
from kalata.results.numeric.areas import by_unit
from kalata.results.numeric.table import AreaSum, Ints, Path, Table
from kalata.results.queries import published, store
from kalata.results.rules.balance import Balance
from kalata.results.rules.bounds import Missing, Secured
from kalata.results.rules.boxes import ABSENT, Box
from kalata.results.rules.checks import BY_CODE, Level, Thresholds
from kalata.results.rules.coverage import (
    CAUSES,
    RECEIVED_CAUSES,
    Cause,
    Coverage,
    Situation,
    causes,
    unlisted_of,
)
from kalata.results.rules.outcome import Outcome, Status
from kalata.results.rules.profile import Absent
from kalata.results.rules.systems import System, fraction, system_from
from kalata.results.rules.unsettled import Beside
from kalata.results.rules.verdicts import Order, drawn_by


@dataclass
class Board:
    contest: Contest
    options: list[Option]
    system: System
    table: Table
    frame: store.Frame
    total: AreaSum
    areas: Mapping[int, AreaSum]  # by unit id
    outcome: Outcome | None
    groups: list[AreaSum]
    outcomes: dict[str, Outcome]  # by constituency code
    absent: tuple[Absent, ...]
    situation: Ints  # by station: `rules.coverage.Situation`

    @cached_property
    def coverages(self) -> Mapping[Path, Coverage]:
        """The coverage of every area by its path, () for the whole; what the house holds is added by `coverage`."""
        return coverage.by_area(self.table, self.situation, self.frame.registered, self.unlisted)

    @cached_property
    def balances(self) -> Mapping[Path, list[Balance]]:
        return coverage.balances_by_area(self.table)

    @cached_property
    def groups_coverage(self) -> dict[str, Coverage]:
        """By constituency."""
        return coverage.by_group(self.table, self.situation, self.frame.registered)

    def path_of(self, unit: Unit | None) -> Path:
        return self.areas[unit.pk].path if unit is not None else ()

    def coverage(self, unit: Unit | None = None) -> Coverage:
        held = [n for code, n, _registered in self.waiting(unit) if code in RECEIVED_CAUSES]
        return replace(self.coverages[self.path_of(unit)], held=sum(held))

    def balance(self, unit: Unit | None = None) -> list[Balance]:
        return self.balances.get(self.path_of(unit), [])

    def waiting(self, unit: Unit | None = None) -> list[tuple[str, int, int | None]]:
        """(code of CAUSES, stations, registered) of what was never public and is missing, as the papers stand now."""
        rows = np.flatnonzero(self.situation == Situation.MISSING)
        if unit is not None:
            rows = np.intersect1d(rows, self.rows_in(unit))
        if not len(rows):
            return []
        codes = published.causes_of(self.contest, self.frame.ids)[rows]
        registered = self.frame.registered[rows]
        out: list[tuple[str, int, int | None]] = []
        for place, (code, _label, _received) in enumerate(CAUSES):
            mine = registered[codes == place]
            if len(mine):
                out.append((code, len(mine), None if (mine == ABSENT).any() else int(mine.sum())))
        return out

    def causes(self, unit: Unit | None = None) -> list[Cause]:
        """What gives no vote here, and why."""
        return causes(self.coverages[self.path_of(unit)], self.waiting(unit), () if unit else self.absent)

    @cached_property
    def flags(self) -> dict[str, screening.Mask]:
        """code -> stations where a check does not hold; only the checks that the pack applies."""
        return flags_of(self.contest, self.table, self.frame.registered)

    @cached_property
    def valid(self) -> Ints:
        """Valid votes of each station, added up once."""
        return self.table.valid_votes()

    @property
    def unlisted(self) -> int:
        """Stations announced for the contest that its register does not list."""
        return unlisted_of(self.contest.expected_stations, self.total.stations, self.absent)

    @property
    def votes(self) -> dict[str, int]:
        return dict(zip(self.table.options, self.total.votes, strict=True))

    @property
    def complete(self) -> bool:
        return self.coverage().complete and not self.absent

    def errors(self) -> int:
        """Stations with at least one error."""
        return errors_in(self.flags)

    def codes_at(self, row: int) -> list[str]:
        return sorted(c for c, mask in self.flags.items() if mask[row])

    def lacking_at(self, row: int) -> frozenset[Box | int]:
        """Boxes, and ranks of options, that the file of a station's record does not have."""
        if self.table.lacks is None:
            return frozenset()
        names: list[Box | int] = [*self.table.boxes, *(o.rank for o in self.options)]
        return frozenset(n for n, away in zip(names, self.table.lacks[row].tolist(), strict=True) if away)

    def seats(self) -> dict[str, int]:
        """Seats by option over all constituencies (or of the whole contest)."""
        out = dict.fromkeys(self.table.options, 0)
        for found in [*self.outcomes.values(), *([self.outcome] if self.outcome else [])]:
            for option, held in found.seats().items():
                out[option] += held
        return out

    def rows_in(self, unit: Unit) -> Ints:
        """Rows of the stations inside a unit."""
        key = str(unit.pk)
        inside = np.fromiter((key in p for p in self.table.paths), bool, len(self.table.paths))
        return np.flatnonzero(inside[self.table.area])


def flags_of(contest: Contest, found: Table, register: Ints) -> dict[str, screening.Mask]:
    """What the checks say of these records: the pages of results and the dry run of a file read it here alike."""
    limits, applied = limits_of(contest)
    flags = {c: m for c, m in screening.screen(found, limits, register).items() if c in applied}
    if contest.previous_id and (mask := between_rounds(contest, found, limits)) is not None:
        flags["W07"] = mask
    if "W08" in applied and (mask := same_day(contest, found, limits)) is not None:
        flags["W08"] = mask
    return flags


def errors_in(flags: Mapping[str, screening.Mask]) -> int:
    masks = [m for c, m in flags.items() if BY_CODE[c].level is Level.ERROR]
    return int(np.logical_or.reduce(masks).sum()) if masks else 0


Eyes: TypeAlias = tuple[int, ...] | None
"""Whose view: None, everything counted; else the units whose figures are read before publication, () for the public."""
Key: TypeAlias = tuple[int, Eyes, int, tuple[tuple[int, int], ...]]
_boards: dict[Key, Board] = {}
_lock = Lock()
_building: dict[tuple[int, Eyes], Lock] = {}  # one build at a time of the same board: who comes meanwhile waits for it


def board(contest: Contest) -> Board:
    """The board of the contest as its records are now, for the eyes it is marked with (`access.as_seen_by`)."""
    key = key_of(contest)
    eyes = key[1]
    with _lock:
        if key in _boards:
            return _boards[key]
        mine = _building.setdefault(key[:2], Lock())
    with mine:  # a build asks for no other board: nothing waits for itself
        with _lock:
            if key in _boards:
                return _boards[key]
        made = build(contest, None if eyes is None else hidden(contest, eyes))
        with _lock:
            for old in [k for k in _boards if k[:2] == key[:2]]:
                del _boards[old]
            while len(_boards) >= 6:
                del _boards[next(iter(_boards))]
            _boards[key] = made
        return made


def key_of(contest: Contest) -> Key:
    """What tells one board from another: the contest, for whose eyes, what waits, the revisions it is made from."""
    eyes = eyes_of(contest)
    return contest.pk, eyes, 0 if eyes is None else waiting(contest), stamp(contest)


def eyes_of(contest: Contest) -> Eyes:
    eyes: Eyes = getattr(contest, "eyes", None)
    # a territory sees what the public sees where nothing waits for its publication
    return () if eyes and waiting(contest) == 0 else eyes


def hidden(contest: Contest, eyes: tuple[int, ...]) -> Ints:
    """Ids of the stations whose figures these eyes may not read: not public, and outside their territories."""
    if contest.published_at is not None:
        away = store.unpublished(contest)
    else:
        away = store.frame(contest).ids
    return np.setdiff1d(away, store.ids_inside(contest, eyes)) if eyes else away


def seen_beside(contest: Contest, other: Contest) -> Contest | None:
    """Another contest as those who read this one see it: only what is public, unless they read everything."""
    if getattr(contest, "eyes", None) is None:
        return other
    if other.published_at is None:
        return None
    shown = copy(other)
    shown.eyes = ()  # type: ignore[attr-defined]
    return shown


def waiting(contest: Contest) -> int:
    """How many counted reports wait for their batch; -1: the whole contest is unpublished."""
    return papers.followed_by().waiting(contest).count() if contest.published_at is not None else -1


def stamp(contest: Contest) -> tuple[tuple[int, int], ...]:
    """The revisions of every contest of the election: W07 and W08 compare one with the others."""
    return tuple(Contest.objects.filter(election_id=contest.election_id).order_by("pk").values_list("pk", "revision"))


def forget() -> None:
    with _lock:
        _boards.clear()
        _building.clear()
    published.forget()
    store.forget()


def limits_of(contest: Contest) -> tuple[Thresholds, set[str]]:
    """The percentages of the pack the contest is bound to, and the checks that the pack applies."""
    values: dict[str, Any] = {}
    applied = set()
    for record in contest.election.pack.pack.records("checks"):
        if record.get("applies", True):
            applied.add(str(record["id"]))
        raw = record.get("values")
        if isinstance(raw, Mapping):
            for name, value in raw.items():
                values[str(name)] = (
                    value
                    if isinstance(value, int)
                    else Fraction(str(value))
                    if not str(value).endswith("%")
                    else fraction(value, str(name))
                )
    return Thresholds(**{k: v for k, v in values.items() if k in Thresholds.__dataclass_fields__}), applied


def beside(contest: Contest, total: AreaSum) -> Beside:
    """What is expected of this contest and is not a station of its register."""
    return Beside(max((contest.expected_stations or 0) - total.stations, 0), absent_of(contest))


def missing_of(contest: Contest, found: Table, total: AreaSum) -> Missing:
    """Everything of the whole contest that is not settled, with the sure totals beside it."""
    full = deciding.totals_of(found.options, total)
    open_ = deciding.unsettled(found, None, 1)
    sure = full if open_ is None else deciding.without(full, open_.taken[0], found)
    return deciding.missing_at(open_, 0, beside(contest, total), None, sure)


def build(contest: Contest, hidden: Ints | None = None) -> Board:
    """hidden: ids of stations whose figures count but are not public yet; they read as missing."""
    options = list(contest.options.all())
    names = [o.code for o in options]
    found, frame = store.load(contest, names, hidden)
    total, areas = by_unit(found)
    system = system_from({**contest.system})
    absent = absent_of(contest)
    groups, outcome, outcomes = decided(contest, found, total, {g.code: g.seats for g in frame.constituencies})
    situation = situations(contest, found, frame)
    return Board(contest, options, system, found, frame, total, areas, outcome, groups, outcomes, absent, situation)


def situations(contest: Contest, found: Table, frame: store.Frame) -> Ints:
    """What each station is worth to these eyes."""
    situation = found.standing.astype(np.int64)
    gone = frame.ids[situation == Situation.MISSING]
    situation[np.isin(frame.ids, published.recalled(contest, gone))] = Situation.RECALLED
    return situation


def orders_of(contest: Contest) -> dict[str, list[Order]]:
    """What drawn lots say, by constituency ("" for the whole); what a new act undid says nothing."""
    rows = Lot.objects.filter(announcement__contest=contest, announcement__undone=None)
    out: dict[str, list[Order]] = {}
    for row in rows.select_related("announcement").order_by("-pk"):
        made = row.announcement
        out.setdefault(made.place, []).append(Order(tuple(row.order), drawn_by(made.number), made.votes, made.seats))
    return out


def absent_of(contest: Contest) -> tuple[Absent, ...]:
    return tuple(
        Absent(a.get("what", ""), a.get("stations"), a.get("voters"), a.get("source", ""), a.get("constituency", ""))
        for a in contest.absent
    )


def decided(
    contest: Contest, found: Table, total: AreaSum, seats: Mapping[str, int | None]
) -> tuple[list[AreaSum], Outcome | None, dict[str, Outcome]]:
    """(totals by constituency, the outcome of the whole, the outcomes by constituency) that these records give."""
    system, groups = system_from({**contest.system}), table.by_constituency(found)
    outcome: Outcome | None = None
    outcomes: dict[str, Outcome] = {}
    if found.options and contest.revision:
        outcome, outcomes = deciding.outcomes_of(
            system,
            found,
            total,
            groups,
            seats=seats,
            round_=contest.round,
            beside=beside(contest, total),
            orders=orders_of(contest),
        )
    return groups, outcome, outcomes


def between_rounds(contest: Contest, second: Table, limits: Thresholds) -> screening.Mask | None:
    """W07: stations whose voters changed by more than the share of registered, or whose list changed."""
    previous = seen_beside(contest, contest.previous) if contest.previous else None
    if previous is None or Box.VOTERS.value not in previous.boxes or Box.VOTERS not in second.boxes:
        return None
    first = board(previous).table
    at = {k: i for i, k in enumerate(first.keys)}
    rows = np.fromiter((at.get(k, -1) for k in second.keys), np.int64, len(second))
    known = (rows >= 0) & second.counted
    v1, v2, i1, i2 = (t.column(b) for b in (Box.VOTERS, Box.REGISTERED) for t in (first, second))
    if v1 is None or v2 is None or i1 is None or i2 is None:
        return None
    first_voters, first_list = v1[rows], i1[rows]
    known &= first.counted[rows] & (first_voters != ABSENT) & (v2 != ABSENT)
    share = limits.rounds_share
    moved = np.abs(v2 - first_voters) * share.denominator > share.numerator * i2
    return known & (moved | (first_list != i2))


def same_day(contest: Contest, mine: Table, limits: Thresholds) -> screening.Mask | None:
    """W08: stations whose voters differ from those of another contest held there the same day."""
    voters = mine.column(Box.VOTERS)
    others = Contest.objects.filter(election_id=contest.election_id, round=contest.round, revision__gt=0).exclude(
        pk=contest.pk
    )
    others = others.filter(polling_day=contest.polling_day)
    if voters is None or not others:
        return None
    out = np.zeros(len(mine), bool)
    compared = False
    for other in others.select_related("election__geography", "election__pack").defer(
        "election__pack__content", "election__geography__outlines"
    ):
        shown = seen_beside(contest, other)
        if shown is None:
            continue
        theirs = board(shown).table
        column = theirs.column(Box.VOTERS)
        if column is None:
            continue
        compared = True
        at = {k: i for i, k in enumerate(theirs.keys)}
        rows = np.fromiter((at.get(k, -1) for k in mine.keys), np.int64, len(mine))
        known = (rows >= 0) & mine.counted & theirs.counted[rows] & (voters != ABSENT) & (column[rows] != ABSENT)
        gap, share = np.abs(voters - column[rows]), limits.simultaneous_share
        out |= known & (gap > limits.simultaneous_papers) & (gap * share.denominator > share.numerator * voters)
    return out if compared else None


def can_change(found: Outcome | None) -> bool:
    return found is not None and found.secured is not Secured.YES


def is_open(found: Outcome) -> bool:
    return found.status in (Status.TIE, Status.UNDETERMINED)
