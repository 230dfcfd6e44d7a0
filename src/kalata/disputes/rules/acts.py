"""The acts of a decision, read against the election they are about: what each touches, and everything that is wrong.

Who is elected, qualified or ranked is derived, never an act. `plan` works the acts in their order and stops at nothing:
its faults are all of them, and who must not go on with one raises the first, which carries the others. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kalata.refusals import Refused
from kalata.results.rules.boxes import ABSENT, Box, Standing
from kalata.tables.rules.folding import kept
from kalata.text import gettext_noop as _

from .election import Election

MOST = 10**12
"""No box of a polling station, nor of a country, holds more."""


class Faulty(Refused):
    """Something wrong in an act. `others`: every fault of the same decision, this one included."""

    code = "DIS-500"
    says = _("Cette décision ne peut pas être calculée : acte « %(act)s ».")
    remedy = _("Corrigez l’acte et recommencez. Rien n’a été calculé.")
    status = 422

    def __init__(self, *, act: str = "", station: Any = None, field: str = "", value: Any = None, expected: Any = None) -> None:  # fmt: skip
        self.act, self.station, self.field, self.value, self.expected = act, station, field, value, expected
        self.others: Sequence[Faulty] = (self,)
        parts = station if isinstance(station, list | tuple) else [] if station is None else [station]
        words = {"act": act, "station": " / ".join(map(str, parts)), "field": field}
        super().__init__(**words, value=told(value), expected=told(expected))

    def error(self) -> dict[str, Any]:
        """This fault alone, as the scripted interface lists it."""
        where = list(self.station) if isinstance(self.station, tuple) else self.station
        found = {"code": self.code, "act": self.act, "station": where, "field": self.field}
        return {**found, "value": self.value, "expected": self.expected, **self.message.both()}

    def record(self) -> dict[str, object]:
        own = {"code": self.code, **self.message.both(), "remedy": self.how.both()}
        return {**own, "errors": [fault.error() for fault in self.others]}


def told(value: Any) -> str:
    return "–" if value is None else str(value)[:80]


class NoStation(Faulty):
    code = "DIS-501"
    says = _("Acte « %(act)s » : le bureau « %(station)s » n’est pas dans cette élection.")
    remedy = _("Donnez sa clé telle que le fichier l’écrit, colonne par colonne.")


class TouchedTwice(Faulty):
    code = "DIS-502"
    says = _("Acte « %(act)s » : le bureau « %(station)s » est déjà touché par l’acte « %(value)s ».")
    remedy = _("Un bureau est annulé une fois, et n’est alors ni rectifié ni rétabli : gardez un seul de ces actes.")


class NothingThere(Faulty):
    code = "DIS-503"
    says = _("Acte « %(act)s » : rien à annuler ni à rétablir au bureau « %(station)s » (état : %(value)s).")
    remedy = _("Retirez ce bureau de l’acte : seul un PV compté s’annule, seul un PV annulé ou écarté se rétablit.")


class NotInForce(Faulty):
    code = "DIS-504"
    says = _("Acte « %(act)s », bureau « %(station)s » : « %(field)s » vaut %(expected)s, et l’acte écrit %(value)s avant.")  # fmt: skip
    remedy = _("Écrivez dans « before » la valeur en vigueur, ou vérifiez que c’est bien ce bureau.")


class NoBox(Faulty):
    code = "DIS-505"
    says = _("Acte « %(act)s », bureau « %(station)s » : « %(field)s » = %(value)s n’est pas une case de ce scrutin avec un nombre entier.")  # fmt: skip
    remedy = _("Écrivez une case du PV (figures.…) ou une candidature (votes.…), et un nombre entier, zéro ou plus.")


class NoAct(Faulty):
    code = "DIS-506"
    says = _("Acte « %(act)s » : « %(field)s » manque, est inconnu ou ne s’écrit pas (%(value)s).")
    remedy = _("Écrivez %(expected)s. Qui est élu, qualifié ou classé se déduit des actes et ne s’écrit jamais.")


class NoPlace(Faulty):
    code = "DIS-507"
    says = _("Acte « %(act)s » : aucun bureau ne se trouve là où l’acte le dit (%(value)s).")
    remedy = _("Donnez les noms de colonnes du fichier et leurs mots tels qu’il les écrit.")


ANNULLING = ("ANNUL_STATION", "ANNUL_AREA")
FIGURES = (*ANNULLING, "RECTIFY", "RESTORE")
OF_A_PETITION = ("REJECT_INADMISSIBLE", "REJECT_UNFOUNDED", "REJECT_NO_EFFECT", "NOTE_WITHDRAWAL", "NO_JURISDICTION", "STRIKE_DUPLICATE")  # fmt: skip
SILENT = (*OF_A_PETITION, "JOIN", "SEVER", "INVESTIGATE", "RERUN_ORDER", "REFER_TO_PROSECUTOR")
DERIVED = ("DECLARE_ELECTED", "QUALIFY", "CHANGE_ORDER", "PROCLAIM")
ANNULLED, RECTIFIED, RESTORED = "annulled", "rectified", "restored"


@dataclass(frozen=True, slots=True)
class Change:
    """One box of one station. box: of the figures, None for the votes of an option. before: as the act writes it."""

    station: int
    field: str
    box: Box | None
    option: int
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Step:
    """An act that touches figures, and the stations it touches, in the order of the file."""

    act: str
    kind: str
    stations: tuple[int, ...]
    changes: tuple[Change, ...] = ()
    raw: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Plan:
    """Acts worked out. steps: those that touch figures. what is faulty is left out of them and listed in `faults`."""

    steps: list[Step] = field(default_factory=list)
    faults: list[Faulty] = field(default_factory=list)
    standing: dict[int, int] = field(default_factory=dict)
    boxes: dict[tuple[int, Box], int] = field(default_factory=dict)
    votes: dict[tuple[int, int], int] = field(default_factory=dict)

    def must_hold(self) -> None:
        """Raises the first fault, which carries them all."""
        if self.faults:
            self.faults[0].others = tuple(self.faults)
            raise self.faults[0]


def keeps_of(given: object, default: tuple[Box, ...], faults: list[Faulty]) -> tuple[Box, ...]:
    """The boxes that an annulled station keeps: as the decision says, else by the rule of the election."""
    if given is None:
        return default
    if not isinstance(given, list | tuple):
        faults.append(NoBox(field="annulled_keeps", value=given))
        return default
    out = []
    for name in given:
        if isinstance(name, str) and name in set(Box) and name != Box.VALID:
            out.append(Box(name))
        else:
            faults.append(NoBox(field="annulled_keeps", value=name))
    return tuple(b for b in Box if b in out)


def plan(election: Election, acts: object) -> Plan:
    """What these acts do to this election, in their order, and every fault of them."""
    work = Work(election, Plan())
    if not isinstance(acts, list | tuple):
        work.plan.faults.append(NoAct(field="acts", value=acts, expected="acts: […]"))
        return work.plan
    seen: set[str] = set()
    for place, raw in enumerate(acts, 1):
        if not isinstance(raw, Mapping):
            work.plan.faults.append(NoAct(act=str(place), field="act", value=raw, expected="{id, act, …}"))
            continue
        name = raw.get("id")
        if not isinstance(name, str) or not name.strip():
            work.plan.faults.append(NoAct(act=str(place), field="id", value=name, expected='id: "1"'))
            name = str(place)
        elif name in seen:
            work.plan.faults.append(NoAct(act=name, field="id", value=name, expected="id ≠"))
        seen.add(name)
        work.act(name, raw)
    return work.plan


@dataclass(slots=True)
class Work:
    """Acts in their order: what is in force after those before, and who touched a station."""

    election: Election
    plan: Plan
    touched: dict[int, dict[str, str]] = field(default_factory=dict)  # station -> kind -> the act that did it

    def fault(self, kind: type[Faulty], **what: Any) -> None:
        self.plan.faults.append(kind(**what))

    def act(self, name: str, raw: Mapping[str, Any]) -> None:
        what = raw.get("act")
        if what in ANNULLING:
            stations = self.stations(name, raw) if what == "ANNUL_STATION" else self.area(name, raw)
            self.annul(name, raw, stations)
        elif what == "RESTORE":
            self.restore(name, raw)
        elif what == "RECTIFY":
            self.rectify(name, raw)
        elif what not in SILENT:
            self.fault(NoAct, act=name, field="act", value=what, expected=", ".join((*FIGURES, *SILENT)))
        elif what in OF_A_PETITION and not (raw.get("petition") or raw.get("petitions")):
            self.fault(NoAct, act=name, field="petition", value=None, expected='petition: "…"')

    # --- which stations -------------------------------------------------------------------------------------
    def stations(self, name: str, raw: Mapping[str, Any]) -> list[int]:
        """The stations that an act names; a station named twice in it is a fault."""
        keys = raw.get("stations")
        if not isinstance(keys, list | tuple) or not keys:
            self.fault(NoAct, act=name, field="stations", value=keys, expected="stations: [[…], …]")
            return []
        out: dict[int, None] = {}
        for key in keys:
            at = self.election.find(key)
            if at is None:
                self.fault(NoStation, act=name, station=key, field="stations", value=key)
            elif at in out:
                self.fault(TouchedTwice, act=name, station=self.election.keys[at], field="stations", value=name)
            else:
                out[at] = None
        return list(out)

    def area(self, name: str, raw: Mapping[str, Any]) -> list[int]:
        """Every station of the file whose columns have the words of `where`."""
        where = raw.get("where")
        if not isinstance(where, Mapping) or not where:
            self.fault(NoAct, act=name, field="where", value=where, expected='where: {colonne: "…"}')
            return []
        found = lying(self.election, where)
        if not found:
            self.fault(NoPlace, act=name, field="where", value=", ".join(f"{k} = {v}" for k, v in where.items()))
        return found

    # --- what they do ---------------------------------------------------------------------------------------
    def standing(self, at: int) -> int:
        return self.plan.standing.get(at, self.election.standing[at])

    def clash(self, at: int, *kinds: str) -> str | None:
        """The act that already did one of these to a station, None where none did."""
        done = self.touched.get(at, {})
        return next((done[kind] for kind in kinds if kind in done), None)

    def free(self, name: str, at: int, *kinds: str) -> bool:
        other = self.clash(at, *kinds)
        if other is not None:
            self.fault(TouchedTwice, act=name, station=self.election.keys[at], field="stations", value=other)
        return other is None

    def annul(self, name: str, raw: Mapping[str, Any], stations: Sequence[int]) -> None:
        done = []
        for at in sorted(stations):
            state = Standing(self.standing(at))
            if not self.free(name, at, ANNULLED, RECTIFIED, RESTORED):
                continue
            if state is not Standing.COUNTED:
                self.fault(NothingThere, act=name, station=self.election.keys[at], field="status", value=state.name.lower(), expected="counted")  # fmt: skip
                continue
            self.plan.standing[at] = Standing.ANNULLED
            self.touched.setdefault(at, {})[ANNULLED] = name
            done.append(at)
        if done:
            self.plan.steps.append(Step(name, ANNULLED, tuple(done), raw=raw))

    def restore(self, name: str, raw: Mapping[str, Any]) -> None:
        done = []
        for at in sorted(self.stations(name, raw)):
            state = Standing(self.standing(at))
            if not self.free(name, at, ANNULLED, RESTORED):
                continue
            if state is Standing.COUNTED or not held(self.election, at):
                self.fault(NothingThere, act=name, station=self.election.keys[at], field="status", value=state.name.lower(), expected="annulled")  # fmt: skip
                continue
            self.plan.standing[at] = Standing.COUNTED
            self.touched.setdefault(at, {})[RESTORED] = name
            done.append(at)
        if done:
            self.plan.steps.append(Step(name, RESTORED, tuple(done), raw=raw))

    def rectify(self, name: str, raw: Mapping[str, Any]) -> None:
        missing = [k for k in ("station", "before", "after") if k not in raw]
        for key in missing:
            self.fault(NoAct, act=name, field=key, value=None, expected="station, before, after, ground, evidence")
        if missing:
            return
        at = self.election.find(raw["station"])
        if at is None:
            self.fault(NoStation, act=name, station=raw["station"], field="station", value=raw["station"])
            return
        before, after = raw["before"], raw["after"]
        if not isinstance(before, Mapping) or not isinstance(after, Mapping) or not before or set(before) != set(after):
            self.fault(NoAct, act=name, station=self.election.keys[at], field="before, after", value=after, expected="before = after : clés")  # fmt: skip
            return
        if not self.free(name, at, ANNULLED):
            return
        changes = [c for c in (self.change(name, at, str(k), before[k], after[k]) for k in before) if c is not None]
        boxes = [c.field for c in changes]
        for twice in sorted({b for b in boxes if boxes.count(b) > 1}):
            self.fault(NoBox, act=name, station=self.election.keys[at], field=twice, value=twice)
        changes.sort(key=lambda c: (c.box is None, list(Box).index(c.box) if c.box else c.option))
        for change in changes:
            if change.box is None:
                self.plan.votes[at, change.option] = change.after
            else:
                self.plan.boxes[at, change.box] = change.after
        if changes:
            self.touched.setdefault(at, {})[RECTIFIED] = name
            self.plan.steps.append(Step(name, RECTIFIED, (at,), tuple(changes), raw))

    def change(self, name: str, at: int, field_: str, before: object, after: object) -> Change | None:
        """One box, or its fault: unknown, not a whole number, or another value in force."""
        found = box_of(self.election, field_)
        where = {"act": name, "station": self.election.keys[at], "field": field_}
        if found is None:
            self.fault(NoBox, **where, value=after)
            return None
        box, option = found
        now = self.in_force(at, box, option)
        if not whole(after):
            self.fault(NoBox, **where, value=after, expected=">= 0")
            return None
        if before is None and now == ABSENT:
            before = ABSENT
        elif not whole(before):
            self.fault(NoBox, **where, value=before, expected=">= 0")
            return None
        if before != now:
            self.fault(NotInForce, **where, value=before, expected=None if now == ABSENT else now)
            return None
        assert isinstance(after, int)
        written = f"figures.{box.value}" if box is not None else f"votes.{self.election.options[option]}"
        return Change(at, written, box, option, now, after)

    def in_force(self, at: int, box: Box | None, option: int) -> int:
        """The value of a box after the acts before; valid votes that no box gives are the sum of the votes."""
        if box is None:
            return self.plan.votes.get((at, option), self.election.votes[option][at])
        value = self.plan.boxes.get((at, box), self.election.figure(at, box))
        if box is Box.VALID and value == ABSENT:
            return sum(max(self.in_force(at, None, o), 0) for o in range(len(self.election.options)))
        return value


def whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST


def held(election: Election, at: int) -> bool:
    """Does the record of this station hold a vote or a figure at all?"""
    return any(c[at] != ABSENT for c in election.votes)


def box_of(election: Election, field_: str) -> tuple[Box | None, int] | None:
    """A box by its name in an act: (box, 0), or (None, the place of the option). None: no such box in this election."""
    kind, _dot, name = field_.partition(".")
    if kind == "figures":
        box = next((b for b in election.boxes if b.value == name), None)
        if box is None and name == Box.VALID.value:
            box = Box.VALID
        return None if box is None else (box, 0)
    if kind == "votes":
        if name in election.options:
            return None, election.options.index(name)
        same = [j for j, option in enumerate(election.options) if kept(option) == kept(name)]
        return (None, same[0]) if len(same) == 1 else None
    return None


def lying(election: Election, where: Mapping[str, Any]) -> list[int]:
    """The stations whose columns have these words; none where a column is unknown or a word is no text."""
    found: list[int] | None = None
    for name, word in where.items():
        column = election.column(str(name))
        if column is None or not isinstance(word, str):
            return []
        wanted = kept(word)
        places = range(len(election.keys)) if found is None else found
        same = {text for text in set(column) if kept(text) == wanted}
        found = [i for i in places if column[i] in same]
    return found or []
