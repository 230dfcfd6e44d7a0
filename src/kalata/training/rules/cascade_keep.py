"""A cascade that is kept: who is taught where (by post, named or to be named), in which venues; its classes, and their repair. Pure.

A venue is one line of the list of venues; rooms of an area are those of its venues, one after the other. People of a row
are seated in the order of their posts; the reserve comes last, and is to be named.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from kalata.training.rules.cascade import Answer, Area, Costs, Level, Pair, Plan, Row, Scope, trainees_of
from kalata.training.rules.cascade_reading import yes_in
from kalata.training.rules.cascade_solving import exactly
from kalata.training.rules.cascade_telling import name_of
from kalata.training.rules.rows import Table, bad, code_in, once, whole_in

VENUES = ("area", "venue", "rooms", "language")


@dataclass(frozen=True, slots=True)
class Venue:
    """fallen: from this day on no class is held there; None: it stands."""

    area: str
    name: str
    rooms: int
    language: str
    fallen: date | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """What a plan is made from. trainers: accounts of a pair, by its code; parents: of areas."""

    first: date
    last: date
    closed: tuple[date, ...]
    class_max: int
    class_days: int
    reserve: int
    travel_days: int
    costs: Costs
    venues: tuple[Venue, ...]
    pairs: tuple[Pair, ...]
    trainers: Mapping[str, tuple[str, ...]]
    parents: Mapping[str, str]
    women: tuple[str, ...] = ()
    """Areas whose classes need a pair with a woman."""
    held_in: Mapping[str, str] = field(default_factory=dict)
    """Areas where no class can be held, each with the one where its people are taught."""

    @property
    def days(self) -> tuple[date, ...]:
        every = (self.first + timedelta(n) for n in range((self.last - self.first).days + 1))
        return tuple(d for d in every if d not in self.closed)

    def record(self) -> dict[str, Any]:
        """As it is kept."""
        return {
            **{k: getattr(self, k) for k in ("class_max", "class_days", "reserve", "travel_days")},
            "first": self.first.isoformat(), "last": self.last.isoformat(), "closed": [d.isoformat() for d in self.closed],
            "costs": {k: v for k, v in asdict(self.costs).items() if v is not None},
            "venues": [[v.area, v.name, v.rooms, v.language, v.fallen.isoformat() if v.fallen else None] for v in self.venues],
            "pairs": [[p.code, p.home, p.scope.value, list(p.languages), *([True] if p.women else [])] for p in self.pairs],
            **({"women": list(self.women)} if self.women else {}), **({"held_in": dict(self.held_in)} if self.held_in else {}),
            "trainers": {k: list(v) for k, v in self.trainers.items()}, "parents": dict(self.parents),
        }  # fmt: skip


def content_of(kept: Mapping[str, Any]) -> Content:
    return Content(
        first=date.fromisoformat(kept["first"]), last=date.fromisoformat(kept["last"]), closed=tuple(map(date.fromisoformat, kept["closed"])),
        class_max=kept["class_max"], class_days=kept["class_days"], reserve=kept["reserve"], travel_days=kept["travel_days"], costs=Costs(**kept["costs"]),
        venues=tuple(Venue(a, n, r, lang, date.fromisoformat(f) if f else None) for a, n, r, lang, f in kept["venues"]),
        pairs=tuple(Pair(c, h, Scope(s), tuple(langs), bool(women)) for c, h, s, langs, *women in kept["pairs"]),
        trainers={k: tuple(v) for k, v in kept["trainers"].items()}, parents=kept["parents"], women=tuple(kept.get("women", ())), held_in=kept.get("held_in", {}),
    )  # fmt: skip


def venues_of(table: Table, known: Mapping[str, str]) -> tuple[Venue, ...]:
    """The lines of the list of venues. known: areas of the contest with their parent. TRN-102, TRN-103."""
    out, seen = [], dict[object, int]()
    for row, cells in table.records():
        area, name = code_in(table, row, cells, "area", "C001"), code_in(table, row, cells, "venue", "École A")
        if area not in known:
            raise bad(table, row, "area", area, ", ".join(sorted(known)[:3]))
        once(table, seen, (area, name), row, "venue", name)
        out.append(
            Venue(
                area,
                name[:200],
                whole_in(table, row, cells, "rooms", "2"),
                code_in(table, row, cells, "language", "bambara"),
            )
        )
    return tuple(sorted(out, key=lambda v: (v.area, v.name)))


def asked_of(table: Table, known: Mapping[str, str]) -> tuple[tuple[str, ...], dict[str, str]]:
    """What the list of venues asks of an area where it says so: women (a pair with a woman), held_in (its people are taught
    in that other area: none of its venues has a room). TRN-102."""
    women: set[str] = set()
    away: dict[str, str] = {}
    at: dict[str, int] = {}
    for row, cells in table.records():
        area, to = cells["area"], cells.get("held_in", "")
        if yes_in(table, row, cells, "women"):
            women.add(area)
        if to:
            if to not in known or to == area or away.get(area, to) != to:
                raise bad(table, row, "held_in", to, ", ".join(sorted(set(known) - {area})[:3]))
            away[area], at[area] = to, row
    for row, cells in table.records():
        if cells["area"] in away and cells["rooms"] != "0":
            raise bad(table, row, "rooms", cells["rooms"], "0")
    for area, to in away.items():
        if to in away:
            raise bad(table, at[area], "held_in", to, ", ".join(sorted(set(known) - set(away))[:3]))
    return tuple(sorted(women)), dict(sorted(away.items()))


People = Mapping[str, Sequence[int]]
"""Posts of each row, by "area|language"."""


def taught_in(spoken: Sequence[str], main: str, able: frozenset[str]) -> str:
    """The language of a person: that of the area where they speak it or nothing is known; else their first one that a pair there teaches.

    >>> taught_in(("peul",), "bambara", frozenset({"bambara", "peul"}))
    'peul'
    """
    if not spoken or main in spoken:
        return main
    return next((one for one in spoken if one in able), main)


def able_in(content: Content, area: str) -> frozenset[str]:
    """Languages that some pair may teach in an area."""
    reach = ((Scope.AREA, area), (Scope.PARENT, content.parents.get(area, "")), (Scope.NATIONAL, ""))
    return frozenset(lang for p in content.pairs if (p.scope, p.home) in reach for lang in p.languages)


def plan_of(content: Content, people: People) -> Plan:
    """The plan of the planner: rooms of venues that stand, trainees of each row with the reserve."""
    rooms: dict[str, int] = defaultdict(int)
    for venue in content.venues:
        rooms[venue.area] += venue.rooms if venue.fallen is None else 0
    keys = [tuple(key.split("|", 1)) for key in people]
    areas = {a for a, _lang in keys} | set(rooms)
    return Plan(
        days=content.days, class_max=content.class_max, class_days=content.class_days, travel_days=content.travel_days,
        areas={a: Area(a, content.parents.get(a, ""), rooms[a], a in content.women, a not in content.held_in) for a in sorted(areas)},
        rows=tuple(sorted(Row(a, lang, with_reserve(len(people[f"{a}|{lang}"]), content.reserve)) for a, lang in keys)),
        pairs=tuple(sorted(content.pairs, key=lambda p: p.code)), costs=content.costs, levels=(Level("L3", content.class_max, 2),),
    )  # fmt: skip


def with_reserve(n: int, percent: int) -> int:
    from fractions import Fraction

    return trainees_of(n, 1, Fraction(percent, 100))


@dataclass(frozen=True, slots=True)
class Kept:
    """A class as it is kept. posts: who is expected, by post; reserve: places to be named."""

    code: str
    area: str
    language: str
    venue: str
    room: int
    pair: str
    first: date
    last: date
    posts: tuple[int, ...]
    reserve: int

    @property
    def places(self) -> int:
        return len(self.posts) + self.reserve

    def record(self) -> list[Any]:
        return [self.code, self.area, self.language, self.venue, self.room, self.pair, self.first.isoformat(), self.last.isoformat(), list(self.posts), self.reserve]  # fmt: skip


def kept_of(row: Sequence[Any]) -> Kept:
    code, area, language, venue, room, pair, first, last, posts, reserve = row
    return Kept(
        code,
        area,
        language,
        venue,
        room,
        pair,
        date.fromisoformat(first),
        date.fromisoformat(last),
        tuple(posts),
        reserve,
    )


def rooms_in(content: Content, area: str) -> list[tuple[str, int]]:
    """(venue, room in it) of the rooms of an area that stand, in the order in which the planner numbers them."""
    return [(v.name, n) for v in content.venues if v.area == area and v.fallen is None for n in range(1, v.rooms + 1)]


def seated(content: Content, people: People, answer: Answer) -> list[Kept]:
    """The classes of an answer with the people of their row, in order."""
    waiting = {key: list(posts) for key, posts in people.items()}
    places: dict[str, list[tuple[str, int]]] = {}
    out = []
    for rank, one in enumerate(answer.classes, 1):
        area, lang = one.row.area, one.row.language
        at = places.setdefault(area, rooms_in(content, area))[one.room - 1]
        queue = waiting[f"{area}|{lang}"]
        some, waiting[f"{area}|{lang}"] = queue[: one.places], queue[one.places :]
        days = answer.plan.days
        out.append(Kept(name_of(rank), area, lang, *at, one.pair, days[one.first], days[one.first + content.class_days - 1], tuple(some), one.places - len(some)))  # fmt: skip
    return out


def digest(content: Mapping[str, Any], people: Any, answer: Any) -> str:
    """What two persons sign: everything the plan is made from and everything it says."""
    said = json.dumps([content, people, answer], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


# --- repair ------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Moved:
    before: Kept
    after: Kept


@dataclass(frozen=True, slots=True)
class Repair:
    """classes: all of them, as they are now; left: those for which no place was found; moved: what changes; whole: everything after the day was planned again."""

    classes: tuple[Kept, ...]
    moved: tuple[Moved, ...]
    left: tuple[Kept, ...]
    whole: bool = False
    answer: Answer | None = None


def fallen(content: Content, area: str, venue: str, on: date) -> Content:
    """The same, a venue of it being lost from a day on."""
    return replace(
        content, venues=tuple(replace(v, fallen=on) if (v.area, v.name) == (area, venue) else v for v in content.venues)
    )


def repaired(content: Content, classes: Sequence[Kept], on: date) -> Repair:
    """Classes of fallen venues from a day on find another room, day or pair; all others stay where they are. Where that
    cannot be, what is not yet held is planned again as a whole; what then has no place is left, with the rows that clash.

    content: with the venue fallen. on: classes that begin before it are not touched.
    """
    lost = {(v.area, v.name) for v in content.venues if v.fallen is not None}
    away = [c for c in classes if (c.area, c.venue) in lost and c.first >= on]
    board = Busy(content, [c for c in classes if c not in away])
    moved, left = [], []
    for one in away:
        found = next(board.free(one, on), None)
        if found is None:
            left.append(one)
            continue
        board.take(found)
        moved.append(Moved(one, found))
    if not left:
        now = {m.before.code: m.after for m in moved}
        return Repair(tuple(now.get(c.code, c) for c in classes), tuple(moved), ())
    return again(content, classes, on)


class Busy:
    """Which rooms and pairs are taken on which teaching days."""

    def __init__(self, content: Content, classes: Sequence[Kept]) -> None:
        self.content, self.days = content, content.days
        self.at = {d: n for n, d in enumerate(self.days)}
        self.rooms: set[tuple[str, str, int, int]] = set()
        self.pairs: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for one in classes:
            self.take(one)

    def take(self, one: Kept) -> None:
        start = self.at[one.first]
        for n in range(start, start + self.content.class_days):
            self.rooms.add((one.area, one.venue, one.room, n))
        self.pairs[one.pair].append((start, one.area))

    def free(self, one: Kept, on: date) -> Iterator[Kept]:
        """Places for a class: its own day and pair first, then the nearest."""
        run = self.content.class_days
        start = self.at[one.first]
        firsts = [n for n in range(len(self.days) - run + 1) if self.days[n] >= on]
        able = [one.pair, *(p.code for p in self.able(one) if p.code != one.pair)]
        rooms = rooms_in(self.content, one.area)
        for first in sorted(firsts, key=lambda n: (abs(n - start), n)):
            room = next(
                (r for r in rooms if not any((one.area, *r, first + k) in self.rooms for k in range(run))), None
            )
            pair = next((p for p in able if self.rested(p, first, one.area)), None) if room else None
            if room and pair:
                yield replace(
                    one, venue=room[0], room=room[1], pair=pair, first=self.days[first], last=self.days[first + run - 1]
                )

    def able(self, one: Kept) -> list[Pair]:
        reach = ((Scope.AREA, one.area), (Scope.PARENT, self.content.parents.get(one.area, "")), (Scope.NATIONAL, ""))
        able = [p for p in self.content.pairs if (p.scope, p.home) in reach and one.language in p.languages]
        return [p for p in able if p.women or one.area not in self.content.women]

    def rested(self, pair: str, first: int, area: str) -> bool:
        run, travel = self.content.class_days, self.content.travel_days
        for other, where in self.pairs[pair]:
            gap = run + (travel if where != area else 0)
            if abs(other - first) < gap:
                return False
        return True


def again(content: Content, classes: Sequence[Kept], on: date) -> Repair:
    """What begins on a day or after it is planned again; people stay together in their class where its row allows it."""
    held = [c for c in classes if c.first < on]
    after = [c for c in classes if c.first >= on]
    later = replace(content, first=max(on, content.first))
    people: dict[str, list[int]] = defaultdict(list)
    wanted: dict[str, int] = defaultdict(int)
    for c in after:
        people[f"{c.area}|{c.language}"] += c.posts
        wanted[f"{c.area}|{c.language}"] += c.places
    rows = []
    for key, n in wanted.items():
        area, _bar, language = key.partition("|")
        rows.append(Row(area, language, n))
    plan = replace(plan_of(later, people), rows=tuple(sorted(rows)))
    answer = exactly(plan)
    codes: dict[str, list[Kept]] = defaultdict(list)
    for c in after:
        codes[f"{c.area}|{c.language}"].append(c)
    now, moved = [], []
    for one in seated(later, people, answer):
        queue = codes[f"{one.area}|{one.language}"]
        if not queue:
            continue
        before = queue.pop(0)
        new = replace(one, code=before.code, posts=before.posts, reserve=before.reserve)
        now.append(new)
        if new != before:
            moved.append(Moved(before, new))
    left = [c for queue in codes.values() for c in queue]
    every = sorted([*held, *now], key=lambda c: c.code)
    return Repair(tuple(every), tuple(moved), tuple(left), True, answer)


def clashes(content: Content, classes: Sequence[Kept]) -> list[str]:
    """What two classes take at once, or a pair teaches that it may not; empty for a plan that holds. It trusts nothing above."""
    rooms: dict[tuple[str, str, int, date], str] = {}
    pairs: dict[tuple[str, date], str] = {}
    out = []
    board = Busy(content, ())
    for one in classes:
        if one.pair not in {p.code for p in board.able(one)}:
            out.append(f"{one.code} {one.pair}")
        for day in (d for d in content.days if one.first <= d <= one.last):
            for taken, key in ((rooms, (one.area, one.venue, one.room, day)), (pairs, (one.pair, day))):
                if key in taken:
                    out.append(f"{one.code} {taken[key]} {key}")  # type: ignore[index]
                taken[key] = one.code  # type: ignore[index]
    return out
