"""The doorway: what a room declares of itself, and the one ordered list of rooms that everything iterates over.

A room is a package with a `room.py` that makes one `ROOM`. Those of the house are found where they lie
(`kalata/*/room.py`); one from elsewhere, an installed package, is named in `KALATA_ROOMS`. Nothing heavy is
imported here: what a room brings is named by its dotted path and loaded by who needs it (`load`), so that
`kalata --help` and the pure commands start without Django.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from kalata import text
from kalata.given import AtHome as AtHome
from kalata.given import Card as Card
from kalata.given import Codes as Codes
from kalata.given import Figure as Figure
from kalata.given import Headline as Headline
from kalata.given import Hit as Hit
from kalata.given import Line as Line
from kalata.given import Stage as Stage
from kalata.given import lines as lines
from kalata.refusals import Refused
from kalata.text import gettext_noop as _

OUTSIDE = "KALATA_ROOMS"
"""Packages of rooms from outside the house, comma-separated: an installation says aloud what runs in it."""


# --- what a room declares: names and dotted paths, nothing loaded -------------------------------------
@dataclass(frozen=True, slots=True)
class Urls:
    """Addresses under a prefix. personal: an answer there stays in no cache, be nobody signed in.

    beside: more addresses under the prefix of a room before it, which answers first. crowd(): the mark of what these
    pages tell everybody; as long as it is the same, one of them asked by many at once is drawn once (`ui.crowd`).
    """

    prefix: str
    module: str
    personal: bool = False
    beside: bool = False
    crowd: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line of the menu. Everybody's (`public`), or of who is signed in and holds one of `rights` (none named: everybody signed in).

    place: smaller comes first, whatever the room. badge: a function of the person, the number beside the word. aside: what
    one looks up; behind one word in the menu of who has many lines.
    """

    place: int
    section: str
    label: str
    url: str
    public: bool = False
    rights: frozenset[str] = frozenset()
    badge: str = ""
    aside: bool = False

    def seen_with(self, rights: Iterable[str], *, signed_in: bool) -> bool:
        """True where the menu of who holds these rights has this line."""
        return self.public or (signed_in and (not self.rights or not self.rights.isdisjoint(rights)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """A right that a role of a pack may hold. critical: with a second factor only. desk: never together with the keeping of
    accounts. machine: a key may carry it. apart: rights that one person never holds together with it. hand: work done paper by paper;
    who holds no other is led to it and shown nothing else."""

    key: str
    label: str
    critical: bool = True
    desk: bool = False
    machine: bool = False
    apart: tuple[str, ...] = ()
    hand: bool = False


@dataclass(frozen=True, slots=True)
class Body:
    """The largest body, in MiB, that addresses matching this pattern take, from a holder of one of these rights."""

    pattern: str
    mebibytes: int
    rights: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chore:
    """What `kalata serve` does in the background, every so many seconds. It must bear being done twice."""

    what: str
    seconds: int


@dataclass(frozen=True, slots=True)
class Check:
    """A line of `kalata check`: what() -> (does it hold, the detail). place: smaller comes first, whatever the room."""

    place: int
    name: str
    what: str
    title: str = ""
    """The first word of the line as people read it; the scripted interface keeps the name."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command of the command line: its word, its click command, its line of help."""

    name: str
    what: str
    says: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing the room keeps: its word in code and in French. model: "app.Model"; url: the page of one, by its number.

    mark: the three letters of its printed identifier; about: its `chain.about.About`, how one is titled, seen, found and linked.
    """

    key: str
    label: str
    model: str = ""
    url: str = ""
    mark: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A paper the room makes: its word, its title, the file of its template in the package ("": one made of blocks).

    made_from: the kind of record it is of. staff: the page of the register answers for it to who is signed in alone.
    """

    key: str
    title: str
    template: str = ""
    made_from: str = ""
    staff: bool = False


@dataclass(frozen=True, slots=True)
class Demonstration:
    """load(stations=…, say=…) -> str, once or again without harm; users() -> rows for the sign-in page."""

    load: str = ""
    users: str = ""


@dataclass(frozen=True, slots=True)
class Publishes:
    """What a room brings to the public log and its site, by functions.

    beside(contest) -> what the site shows that the log does not hold; pages(contest) -> whole pages under a folder of
    their own (`transparency.site.beside.Beside`), or None; image(sha256) -> a file or None;
    open_missing() -> codes of contests that had no log; compare() -> how many records differ from it.
    """

    beside: str = ""
    pages: str = ""
    image: str = ""
    open_missing: str = ""
    compare: str = ""


@dataclass(frozen=True, slots=True)
class Tie:
    """What a room has of a subject that another room shows: its title, its page, and a date or a figure in words."""

    title: str
    url: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Sized:
    """What a room has computed of a subject, and two persons have signed: whole figures by name, that a plan may take up.

    mark: the digest of what was signed; url: its page, "" where this reader may not open it; first, last: its days.
    """

    title: str
    mark: str
    figures: Mapping[str, int]
    first: date
    last: date
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """One room. `order` is its place among rooms: those it leans on come before.

    home(request), own(request) -> AtHome; first_day(request) -> iterable of `steps.Step`; waits(request) -> iterable of Line; search(person, text) -> iterable of Hit;
    ties(person, subject) -> iterable of Tie; sizes(person, subject, election) -> iterable of Sized;
    doors: the `PAGES` of its rights; api: a ninja router, api_ids: what its operation ids begin with where they must outlive
    its module; refusals: modules whose refusals the page of codes lists
    beside those met on the way; codes() -> Codes.
    """

    package: str
    title: str
    order: int
    urls: Sequence[Urls] = ()
    bodies: Sequence[Body] = ()
    rights: Sequence[Right] = ()
    doors: str = ""
    menu: Sequence[Entry] = ()
    home: str = ""
    own: str = ""
    first_day: str = ""
    waits: str = ""
    search: str = ""
    ties: str = ""
    sizes: str = ""
    api: str = ""
    api_ids: str = ""
    commands: Sequence[Command] = ()
    chores: Sequence[Chore] = ()
    checks: Sequence[Check] = ()
    kinds: Sequence[Kind] = ()
    documents: Sequence[Document] = ()
    demonstration: Demonstration = Demonstration()
    publishes: Publishes = Publishes()
    codes: str = ""
    refusals: Sequence[str] = ()

    @property
    def paths(self) -> Iterator[str]:
        """Every dotted path the room names, to be loaded one day."""
        single = (self.doors, self.home, self.first_day, self.waits, self.search, self.ties, self.sizes, self.api, self.codes)
        d, p = self.demonstration, self.publishes
        several = (*(c.what for c in self.commands), *(c.what for c in self.chores), *(c.what for c in self.checks))
        badges = (*(e.badge for e in self.menu), *(u.crowd for u in self.urls), *(k.about for k in self.kinds))
        hooks = (d.load, d.users, p.beside, p.pages, p.image, p.open_missing, p.compare)
        return (path for path in (*single, *several, *badges, *hooks) if path)


HOUSE = (
    Command("demo", "kalata.operations.demo", "load the fictional election and serve it"),
    Command("serve", "kalata.operations.serve", "run web, worker and background loops under one supervisor"),
    Command("prepare", "kalata.parts.prepare", "tables and static files of this build, before the parts of a house"),
    Command("part", "kalata.parts.part", "one part of the house by itself: web, worker or sequencer"),
    Command("start", "kalata.start.start", "begin here: set up, say which steps stand and which comes next, serve"),
    Command("setup", "kalata.setup.setup", "ask, write the settings, make the database, open the first two accounts"),
    Command("certificate", "kalata.certificate.certificate", "a local authority and its certificate for this server"),
    Command("check", "kalata.checking.check", "check settings, database, pack and audit chain"),
    Command("backup", "kalata.archive.commands.backup", "write a copy of the house, follow it, put one back on trial"),
    Command("restore", "kalata.archive.commands.restore", "put a copy in place of an empty or set-aside database"),
    Command("move", "kalata.moving.move", "bring a SQLite house into PostgreSQL, counted and hashed on both sides"),
    Command("manage", "kalata.operations.manage", "any Django management command"),
)
"""Commands of the house itself: it answers to no room."""


# --- the list ---------------------------------------------------------------------------------------------
class NoSuchRoom(Refused):
    """A name in KALATA_ROOMS that is no room stops the house: to run without a room that was asked for is to lie."""

    code = "ROO-101"
    says = _("« %(name)s » (KALATA_ROOMS) n’est pas une pièce : %(why)s.")
    remedy = _("Installez ce paquet avec son room.py, ou ôtez son nom de KALATA_ROOMS.")


class RoomsClash(Refused):
    """Two rooms that claim the same address, command, kind or section would hide one another."""

    code = "ROO-102"
    says = _("Deux pièces déclarent « %(what)s » : %(first)s et %(second)s.")
    remedy = _("Changez ce nom dans le room.py de l’une des deux.")


def load(path: str) -> Any:
    """What a dotted path names: the last word, in the module before it."""
    module, _dot, name = path.rpartition(".")
    return getattr(import_module(module), name)


def inside() -> list[str]:
    """Packages of the house that declare themselves a room."""
    return [f"kalata.{path.parent.name}" for path in sorted(Path(__file__).parent.glob("*/room.py"))]


def outside() -> list[str]:
    """Packages of rooms that this installation adds."""
    return [name.strip() for name in os.environ.get(OUTSIDE, "").split(",") if name.strip()]


def declared(package: str) -> Room:
    """The declaration of a package. ROO-101 where it has none, or one of another package."""
    try:
        room = import_module(f"{package}.room").ROOM
    except (ImportError, AttributeError) as fault:
        raise NoSuchRoom(name=package, why=str(fault)) from fault
    if not isinstance(room, Room) or room.package != package:
        raise NoSuchRoom(name=package, why=f"ROOM = {getattr(room, 'package', type(room).__name__)}")
    return room


def claims(room: Room) -> Iterator[str]:
    """What nobody else may declare."""
    yield room.package.rpartition(".")[2]  # the label of its tables
    yield from (f"/{one.prefix}" for one in room.urls if not one.beside)
    yield from (f"kalata {one.name}" for one in room.commands)
    yield from (f"check {one.name}" for one in room.checks)
    yield from (f"section {one.section}" for one in room.menu)
    yield from (f"kind {one.key}" for one in room.kinds)
    yield from (f"mark {one.mark}" for one in room.kinds if one.mark)
    yield from (f"right {one.key}" for one in room.rights)
    yield from (f"document {one.key}" for one in room.documents)


def listed(packages: Iterable[str]) -> tuple[Room, ...]:
    """Their declarations in order. ROO-102 where two claim the same."""
    rooms = sorted(map(declared, packages), key=lambda room: (room.order, room.package))
    owner = dict.fromkeys(["/api/", "/static/", *(f"kalata {one.name}" for one in HOUSE)], "kalata")
    for room in rooms:
        for what in claims(room):
            if owner.setdefault(what, room.package) != room.package:
                raise RoomsClash(what=what, first=owner[what], second=room.package)
    return tuple(rooms)


@cache
def every() -> tuple[Room, ...]:
    """Every room of this installation, each after those it leans on: the one list."""
    found = listed([*inside(), *outside()])
    for package in outside():
        text.also(Path(str(import_module(package).__file__)).parent / "locale")
    return found


def ties(person: Any, subjects: Iterable[str], apart: str) -> list[Tie]:
    """What every room but one has of these subjects, for this person; each page once. No room imports another for it.

    A subject is a word that rooms agree on (`training`, `results`, `petitions`) or `norm:` and the key of a line of the law.
    """
    others = [load(room.ties) for room in every() if room.ties and room.package != f"kalata.{apart}"]
    found = [one for subject in subjects for shown in others for one in shown(person, subject)]
    return list(dict.fromkeys(found))


def sizes(person: Any, subject: str, election: int, apart: str) -> list[Sized]:
    """What every room but one has computed and signed of a subject for an election, as far as this person reads it."""
    others = [load(room.sizes) for room in every() if room.sizes and room.package != f"kalata.{apart}"]
    return [one for shown in others for one in shown(person, subject, election)]


def addresses() -> list[Urls]:
    """Every group of addresses, the longest prefix first: a room may have its own under another's."""
    return sorted((one for room in every() for one in room.urls), key=lambda one: -len(one.prefix))


def menu() -> list[Entry]:
    """Every line of the menu, in order of place."""
    return sorted((entry for room in every() for entry in room.menu), key=lambda entry: entry.place)


def rights() -> dict[str, Right]:
    """Every right there is, by its key."""
    return {one.key: one for room in every() for one in room.rights}


def kinds() -> dict[str, str]:
    """Every kind of thing there is: its word in code, its word in French."""
    return {one.key: one.label for room in every() for one in room.kinds}
