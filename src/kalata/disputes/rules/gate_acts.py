"""The checks of the gate on stations: annexes, units, counts, rectifications. Only codes of stations count, never names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kalata.results.rules.boxes import Box
from kalata.text import gettext_noop as _

from .acts import ANNULLED, ANNULLING, DERIVED, RECTIFIED, RESTORED, Faulty, NoAct, NoBox, NotInForce, lying
from .effect import Recomputation
from .mismatch import NOT_THERE, UNREADABLE, Mismatch, filled, mismatch, number, rows, shown_part, table

LISTING = (*ANNULLING, "RESTORE")
"""Acts that name the stations they touch: each annulling one has its annex."""
Unit = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """The stations of a list as the election knows them. places: those that exist; lost: keys that no station has."""

    places: tuple[int, ...]
    lost: tuple[Any, ...]

    @property
    def count(self) -> int:
        return len(set(self.places)) + len({shown_part(k) for k in self.lost})

    @property
    def twice(self) -> list[int]:
        return sorted(at for at, times in Counter(self.places).items() if times > 1)

    @property
    def units(self) -> frozenset[Any]:
        return frozenset(self.places) | {shown_part(k) for k in self.lost}


@dataclass(slots=True, eq=False)
class Draft:
    """A decision as it is printed, beside its recomputation."""

    decision: Mapping[str, Any]
    done: Recomputation
    acts: list[Mapping[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        raw = self.decision.get("acts")
        self.acts = [a for a in raw if isinstance(a, Mapping)] if isinstance(raw, list | tuple) else []

    def listed(self, keys: Any) -> Listed:
        places, lost = [], []
        for key in keys if isinstance(keys, list | tuple) else ():
            at = self.done.before.find(key)
            if at is None:
                lost.append(key)
            else:
                places.append(at)
        return Listed(tuple(places), tuple(lost))

    def of_act(self, act: Mapping[str, Any]) -> Listed:
        """The stations of an act as it is written, an area expanded."""
        if act.get("act") == "ANNUL_AREA":
            where = act.get("where")
            return Listed(tuple(lying(self.done.before, where)) if isinstance(where, Mapping) else (), ())
        if act.get("act") == "RECTIFY":
            return self.listed([act.get("station")])
        return self.listed(act.get("stations"))

    def key(self, at: int) -> list[str]:
        return list(self.done.before.keys[at])


@dataclass(slots=True, eq=False)
class Stations:
    """The four checks that look at stations."""

    draft: Draft
    found: list[Mismatch] = field(default_factory=list)

    def all(self) -> list[Mismatch]:
        self.annexes()
        self.units()
        self.counts()
        self.rectifications()
        return self.found

    def say(self, check: str, sentence: str, **values: Any) -> None:
        self.found.append(mismatch(check, sentence, **values))

    # --- annexes ---
    def annexes(self) -> None:
        annexes = rows("annexes", self.draft.decision.get("annexes"), "annexes", self.found)
        by_act: dict[str, list[Mapping[str, Any]]] = {}
        for annex in annexes:
            by_act.setdefault(str(annex.get("act")), []).append(annex)
        acts = {str(a.get("id")): a for a in self.draft.acts if a.get("act") in (*LISTING, "RECTIFY")}
        for name, act in acts.items():
            mine = by_act.pop(name, [])
            if act.get("act") in ANNULLING and len(mine) != 1:
                self.say(
                    "annexes",
                    _("Acte « %(act)s » : %(printed)d {printed:annexe|annexes}, il en faut une."),
                    where={"act": name},
                    printed=len(mine),
                    computed=1,
                    act=name,
                )
            for annex in mine:
                self.annex(name, act, annex)
        for name, others in by_act.items():
            for annex in others:
                self.say(
                    "annexes",
                    _("L’annexe « %(annex)s » se rapporte à l’acte « %(act)s », que le dispositif ne contient pas."),
                    where={"annex": annex.get("annex"), "act": annex.get("act")},
                    printed=annex.get("act"),
                    annex=annex.get("annex"),
                    act=name,
                )

    def annex(self, name: str, act: Mapping[str, Any], annex: Mapping[str, Any]) -> None:
        where = {"annex": annex.get("annex"), "act": name}
        keys = annex.get("stations")
        if keys is None and isinstance(annex.get("rows"), list | tuple):
            keys = [r.get("station") for r in annex["rows"] if isinstance(r, Mapping)]
            keys = list({shown_part(k): k for k in keys}.values()) if act.get("act") == "RECTIFY" else keys
        if not isinstance(keys, list | tuple):
            self.say(
                "annexes", NOT_THERE, where=where, printed=keys, field=f"annexes « {annex.get('annex')} » stations"
            )
            return
        mine, wanted = self.draft.listed(keys), self.draft.of_act(act)
        self.difference(where, mine, wanted)
        for at in mine.twice:
            self.say(
                "annexes",
                _("Annexe « %(annex)s » : le bureau %(station)s y est deux fois."),
                where={**where, "station": self.draft.key(at)},
                printed=2,
                computed=1,
                annex=annex.get("annex"),
                station=self.draft.key(at),
            )
        count = annex.get("count")
        if count is not None and (number(count) != wanted.count or count != mine.count):
            self.say(
                "annexes",
                _("Annexe « %(annex)s » : imprime %(printed)s {printed:bureau|bureaux}, l’acte en compte %(computed)d."),
                where=where,
                printed=count,
                computed=wanted.count,
                annex=annex.get("annex"),
            )
        if annex.get("totals") is not None:
            self.sums(where, annex, wanted)

    def difference(self, where: Mapping[str, Any], mine: Listed, wanted: Listed) -> None:
        """Stations of the act that the annex lacks, and those it has too many."""
        if mine.units == wanted.units:
            return
        lacks = sorted(set(wanted.places) - set(mine.places))
        extra = sorted(set(mine.places) - set(wanted.places))
        lost = {shown_part(k) for k in mine.lost} ^ {shown_part(k) for k in wanted.lost}
        named = [self.draft.key(at) for at in (*lacks, *extra)]
        self.found.append(
            mismatch(
                "annexes",
                _(
                    "Annexe « %(annex)s » : %(printed)d {printed:bureau|bureaux}, l’acte « %(act)s » en annule %(computed)d ; en manque %(lacks)d, en trop %(extra)d (%(named)s)."
                ),
                where={**where, "lacks": [self.draft.key(at) for at in lacks], "extra": [self.draft.key(at) for at in extra]},
                printed=mine.count,
                computed=wanted.count,
                lacks=len(lacks),
                extra=len(extra),
                named=[*named, *sorted(lost)][:12],
                annex=where["annex"],
                act=where["act"],
            )
        )  # fmt: skip

    def sums(self, where: Mapping[str, Any], annex: Mapping[str, Any], wanted: Listed) -> None:
        """The totals that an annex prints: boxes by name, votes by `votes.OPTION`, or two tables."""
        raw = annex.get("totals")
        if not isinstance(raw, Mapping):
            self.say("annexes", UNREADABLE, where=where, printed=raw, field="totals")
            return
        places = sorted(set(wanted.places))
        for name, value in flattened(raw):
            sum_ = self.sum_of(name, places)
            if sum_ is None or number(value) != sum_:
                self.say(
                    "annexes",
                    _("Annexe « %(annex)s », total « %(field)s » : imprimé %(printed)s, calculé %(computed)s."),
                    where={**where, "field": name},
                    printed=value,
                    computed=sum_,
                    annex=annex.get("annex"),
                    field=name,
                )

    def sum_of(self, name: str, places: Sequence[int]) -> int | None:
        before = self.draft.done.before
        kind, _dot, rest = name.partition(".")
        if kind == "votes" and rest in before.options:
            column = before.votes[before.options.index(rest)]
            return sum(max(column[at], 0) for at in places)
        box = rest if kind == "figures" else name
        if box == Box.VALID.value:
            return sum(before.valid[at] for at in places)
        found = next((b for b in before.boxes if b.value == box), None)
        if found is not None:
            return sum(max(before.figure(at, found), 0) for at in places)
        if name in before.options:
            return self.sum_of(f"votes.{name}", places)
        return None

    # --- units ---
    def units(self) -> None:
        for fault in self.draft.done.plan.faults:
            check = self.check_of(fault)
            self.found.append(
                Mismatch(
                    check,
                    fault.message,
                    {"act": fault.act, **({"station": listed(fault.station)} if fault.station is not None else {})},
                    plain(fault.value),
                    plain(fault.expected),
                )
            )
        for act in self.draft.acts:
            if act.get("act") in ("ANNUL_STATION", "RESTORE") and act.get("where") is not None:
                self.inside(act)

    def check_of(self, fault: Faulty) -> str:
        """Which check a fault of an act belongs to."""
        kinds = {str(a.get("id")): a.get("act") for a in self.draft.acts}
        if kinds.get(fault.act) in DERIVED:
            return "outcome"
        if isinstance(fault, NotInForce | NoBox) and fault.act:
            return "rectifications"
        if isinstance(fault, NoAct) and kinds.get(fault.act) == "RECTIFY":
            return "rectifications"
        return "units"

    def inside(self, act: Mapping[str, Any]) -> None:
        """Every station of an act lies where the act says."""
        where = act.get("where")
        name = str(act.get("id"))
        if not isinstance(where, Mapping):
            self.say("units", UNREADABLE, where={"act": name}, printed=where, field=f"where ({name})")
            return
        if not where:
            return
        there = set(lying(self.draft.done.before, where))
        for at in sorted(set(self.draft.of_act(act).places) - there):
            self.say(
                "units",
                _("Acte « %(act)s » : le bureau %(station)s ne se trouve pas là où l’acte le dit (%(place)s)."),
                where={"act": name, "station": self.draft.key(at)},
                printed=dict(where),
                computed=list(self.draft.done.before.areas[at]),
                act=name,
                station=self.draft.key(at),
                place=where,
            )

    # --- counts ---
    def counts(self) -> None:
        printed = table(self.draft.decision.get("printed"))
        for row in rows("counts", printed.get("counts"), "printed.counts", self.found):
            what, where, value = row.get("what"), row.get("where") or {}, row.get("value")
            computed = self.counted(str(what), where) if isinstance(where, Mapping) else None
            if computed is None or number(value) != computed:
                self.say(
                    "counts",
                    _("« %(what)s » (%(place)s) : le texte imprime %(printed)s, les actes en donnent %(computed)s."),
                    where=where if isinstance(where, Mapping) else {"where": where},
                    printed=value,
                    computed=computed,
                    what=what,
                    place=where,
                )

    def counted(self, what: str, where: Mapping[str, Any]) -> int | None:
        """What the acts give somewhere; None where no such thing can be counted."""
        if what == "petitions":
            return self.petitions(where)
        kinds = {
            "annulled_stations": ANNULLED,
            "annulled_votes": ANNULLED,
            "rectified_stations": RECTIFIED,
            "restored_stations": RESTORED,
        }
        if what not in kinds:
            return None
        touched = {at for s in self.draft.done.plan.steps if s.kind == kinds[what] for at in s.stations}
        if where:
            there = set(lying(self.draft.done.before, where))
            if not there:
                return None
            touched &= there
        return sum(self.draft.done.before.valid[at] for at in touched) if what == "annulled_votes" else len(touched)

    def petitions(self, where: Mapping[str, Any]) -> int | None:
        raw = self.draft.decision.get("petitions")
        cases = [p for p in raw if isinstance(p, Mapping)] if isinstance(raw, list | tuple) else []
        if not where:
            return len(cases)
        if any(key not in case for case in cases for key in where):
            return None
        return sum(all(case[key] == word for key, word in where.items()) for case in cases)

    # --- rectifications ---
    def rectifications(self) -> None:
        for act in self.draft.acts:
            if act.get("act") != "RECTIFY":
                continue
            name = str(act.get("id"))
            evidence = act.get("evidence")
            pieces = evidence if isinstance(evidence, list | tuple) else ()
            for field_, there in (
                ("ground", bool(filled(act.get("ground")))),
                ("evidence", bool(pieces) and all(filled(p) for p in pieces)),
            ):
                if not there:
                    self.say(
                        "rectifications",
                        _("Rectification « %(act)s » : « %(field)s » manque."),
                        where={"act": name, "field": field_},
                        printed=act.get(field_),
                        act=name,
                        field=field_,
                    )
        for finding in self.draft.done.findings:
            self.say(
                "rectifications",
                _("Rectification « %(act)s », bureau %(station)s : l’identité %(identity)s ne tient plus."),
                where={"act": finding["act"], "station": finding["station"]},
                printed=finding["code"],
                act=finding["act"],
                station=finding["station"],
                identity=finding["code"],
            )


def flattened(totals: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in totals.items():
        if isinstance(value, Mapping) and name in ("figures", "votes"):
            yield from ((f"{name}.{key}", one) for key, one in value.items())
        else:
            yield str(name), value


def listed(station: Any) -> Any:
    return list(station) if isinstance(station, tuple) else station


def plain(value: Any) -> Any:
    """A value that JSON can hold."""
    return list(value) if isinstance(value, tuple) else value
