"""The scorecard of standards: each requirement computed from norms and cases, with its figure and the cases behind it.

A requirement is met, not met, or unknown: what the pack or the cases do not say is unknown, never met. Each line bears
the confidence of its standard, as the pack has it: most are good practice, and some nobody has read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from kalata.country.rules.remedies import FORM, NATIONAL
from kalata.deadlines.rules.norms import Norm
from kalata.deadlines.rules.steps import Kind, Unit
from kalata.text import gettext_noop as _

from .remedies import Norms, Standard
from .statistics import CaseFacts, Figure, Statistics, share, statistics, times

HALF = Fraction(1, 2)
MET, NOT_MET, UNKNOWN = "met", "not_met", "unknown"
COURTS = ("bench", "judge")
NEAR = ("field", "phone", "web")
"""Channels by which a petition is filed away from the seat of the court."""
SEVEN: tuple[str, ...] = (
    _("Recours contre chaque décision"),
    _("Règles et procédures définies"),
    _("Arbitre impartial et informé"),
    _("Décision rapide"),
    _("Charge et standard de preuve"),
    _("Remèdes utiles et gradués"),
    _("Parties et électeurs instruits de la procédure"),
)
"""The seven standards that head the sheet."""


@dataclass(frozen=True, slots=True)
class Line:
    """One requirement: its standard, what was found, and what it was found in."""

    standard: Standard
    state: str
    figure: Figure | None = None
    found: Mapping[str, Any] = field(default_factory=dict)

    def record(self) -> dict[str, Any]:
        out: dict[str, Any] = {
            "standard": self.standard.basis.id,
            "requirement": self.standard.rule,
            "confidence": self.standard.basis.confidence,
            "state": self.state,
            "found": dict(self.found),
        }
        return out | ({"figure": self.figure.record()} if self.figure else {})


@dataclass(frozen=True, slots=True)
class Scorecard:
    """The sheet: its lines, the indicators that other rooms ask by name, the statistics behind."""

    lines: tuple[Line, ...]
    indicators: Mapping[str, Figure | None]
    statistics: Statistics

    def line(self, standard: str) -> Line:
        return next(one for one in self.lines if one.standard.basis.id == standard)

    def record(self) -> dict[str, Any]:
        return {
            "seven": list(SEVEN),
            "standards": [one.record() for one in self.lines],
            "indicators": {name: f.record() if f else None for name, f in self.indicators.items()},
            "statistics": self.statistics.record(),
        }


def state_of(good: bool | None) -> str:
    return UNKNOWN if good is None else MET if good else NOT_MET


@dataclass(slots=True, eq=False)
class Sheet:
    """The work of one sheet: norms in force on a day, cases of one contest."""

    norms: Norms
    contest: str
    day: date
    cases: Sequence[CaseFacts]
    next_step: date | None = None

    @property
    def remedies(self) -> list[Any]:
        found = [r for r in self.norms.remedies if not r.widens and self.contest in r.contests]
        return [r for r in found if r.basis.in_force(self.day)]

    def limits(self) -> list[Norm]:
        names = dict.fromkeys(name for r in self.remedies for name in r.time_limits)
        return [n for name in names if (n := self.norms.book.get(name)) is not None]

    def lines(self) -> list[Line]:
        made = {
            "STD-192": self.short_limits,
            "STD-188": self.one_body,
            "STD-186": self.last_is_a_court,
            "STD-198": self.every_step_has_a_limit,
            "STD-084": self.before_the_next_step,
            "STD-187": self.few_conditions_of_form,
            "STD-191": self.open_to_both,
            "STD-190": self.partial_annulment,
            "STD-007": self.both_heard,
            "STD-199": self.in_public,
            "STD-204": self.settled,
            "STD-200": self.near_at_hand,
        }
        return [make(self.norms.standards[name]) for name, make in made.items() if name in self.norms.standards]

    # --- from the norms ---
    def short_limits(self, standard: Standard) -> Line:
        """Filing limits are of the pack; no text read gives a time to decide, so this is never sure to be met."""
        found = {n.id: days_of(n) for n in self.limits()}
        known = [n for n in found.values() if n is not None]
        low, high = standard.least or 0, standard.most
        bad = high is not None and not all(low <= n <= high for n in known)
        return Line(standard, NOT_MET if bad else UNKNOWN, None, {"filing_days": found, "decision_days": None})

    def one_body(self, standard: Standard) -> Line:
        places: dict[str, set[str]] = {}
        for remedy in self.remedies:
            for about in remedy.about:
                places.setdefault(f"{about}/{remedy.stage}", set()).add(remedy.body)
        twice = {k: sorted(v) for k, v in places.items() if len(v) > 1}
        found = {"bodies": {k: sorted(v) for k, v in sorted(places.items())}, "twice": twice}
        return Line(standard, state_of(not twice if places else None), None, found)

    def last_is_a_court(self, standard: Standard) -> Line:
        last: dict[str, tuple[int, str]] = {}
        for remedy in self.remedies:
            for about in remedy.about:
                last[about] = max(last.get(about, (0, "")), (remedy.stage, remedy.body))
        found = {about: body for about, (_stage, body) in sorted(last.items())}
        kinds = [one.decides if (one := self.norms.body(body)) else None for body in found.values()]
        good = None if not kinds or None in kinds else all(k in COURTS for k in kinds)
        return Line(standard, state_of(good), None, {"last": found})

    def every_step_has_a_limit(self, standard: Standard) -> Line:
        without = [r.basis.id for r in self.remedies if not any(self.counted(n) for n in r.time_limits)]
        good = not without if self.remedies else None
        return Line(standard, state_of(good), None, {"without": without})

    def counted(self, name: str) -> bool:
        norm = self.norms.book.get(name)
        return norm is not None and norm.counting is not None

    def few_conditions_of_form(self, standard: Standard) -> Line:
        rule = self.norms.rule("form", self.contest, [a for r in self.remedies for a in r.about])
        if rule is None:
            return Line(standard, UNKNOWN)
        asked = rule.requires or FORM
        curable = [name for name in asked if rule.curable.get(name)]
        good: bool | None = len(asked) <= (standard.most or len(FORM)) and len(curable) == len(asked)
        if not good and not any(rule.curable.get(name) is False for name in asked):
            good = None  # the law does not say whether a defect is cured
        return Line(standard, state_of(good), None, {"conditions": list(asked), "curable": curable})

    def open_to_both(self, standard: Standard) -> Line:
        given = {r.basis.id: r.capacities for r in self.remedies if set(r.about) & {"operations", "results"}}
        known = [set(c) for c in given.values() if c is not None]
        good = all({"candidate", "elector"} <= c for c in known) if known and len(known) == len(given) else None
        return Line(standard, state_of(good), None, {"capacities": {k: list(v or ()) for k, v in given.items()}})

    def partial_annulment(self, standard: Standard) -> Line:
        good = True if self.norms.doctrine else None
        return Line(standard, state_of(good), None, {"doctrine": self.norms.doctrine})

    # --- from the cases ---
    def before_the_next_step(self, standard: Standard) -> Line:
        late = tuple(
            c.number for c in self.cases if c.decided and self.next_step and c.decided.date() >= self.next_step
        )
        waiting = tuple(c.number for c in self.cases if c.decided is None)
        good = None if self.next_step is None or (waiting and not late) or not self.cases else not late
        return Line(standard, state_of(good), Figure(len(late), late, len(self.cases)), {"undecided": list(waiting)})

    def of_all(self, standard: Standard, figure: Figure) -> Line:
        """Met where it is so of every case that is known; unknown where none is."""
        known = bool(figure.of)
        return Line(standard, state_of(figure.value == 1 if known else None), figure)

    def both_heard(self, standard: Standard) -> Line:
        return self.of_all(standard, share([c for c in self.cases if c.decided], lambda c: c.both_heard))

    def in_public(self, standard: Standard) -> Line:
        def good(case: CaseFacts) -> bool | None:
            return None if case.public is None or case.reasoned is None else case.public and case.reasoned

        return self.of_all(standard, share([c for c in self.cases if c.decided], good))

    def settled(self, standard: Standard) -> Line:
        most = standard.most
        figure = share(
            self.cases, lambda c: None if c.took is None or most is None else c.took.total_seconds() <= most * 86_400
        )
        return self.of_all(standard, figure)

    def near_at_hand(self, standard: Standard) -> Line:
        bodies = [b for b in self.norms.bodies if b.receives]
        far = sorted({c for b in bodies for c in b.receives if c != "counter"})
        used = tuple(c.number for c in self.cases if c.channel in NEAR)
        return Line(standard, state_of(bool(far) if bodies else None), Figure(len(used), used), {"channels": far})


def days_of(norm: Norm) -> int | None:
    """The length of a limit in whole days, hours rounded down; None where it is no plain length."""
    counting = norm.counting
    if counting is None or counting.kind is not Kind.OFFSET:
        return None
    per = {Unit.MINUTE: 1440, Unit.HOUR: 24, Unit.DAY: 1, Unit.WORKING_DAY: 1}.get(counting.unit)
    return counting.n // per if per else counting.n * 7 if counting.unit is Unit.WEEK else None


def scorecard(
    norms: Norms,
    contest: str,
    day: date,
    cases: Sequence[CaseFacts],
    next_step: date | None = None,
    recusals: int | None = None,
) -> Scorecard:
    """The sheet of one contest: the law as of a day, the cases as they are now.

    next_step: the day of the step that petitions must precede (second round, taking office). recusals: demands decided.
    """  # fmt: skip
    sheet = Sheet(norms, contest, day, cases, next_step)
    known = statistics(cases)
    decided = [c for c in cases if c.decided is not None]
    covered = tuple(r.basis.id for r in sheet.remedies)
    graded = tuple(c.number for c in decided if c.stations or c.votes)
    published = times(decided, lambda c: c.published - c.decided if c.published and c.decided else None, HALF)
    indicators: dict[str, Figure | None] = {
        "edr.coverage": Figure(len(covered), covered) if contest in NATIONAL or covered else None,
        "edr.rule_cited": share(decided, lambda c: c.rule_cited),
        "edr.recusals": None if recusals is None else Figure(recusals),
        "edr.on_time": known.figures["in_time"],
        "edr.standard_set": None,
        "edr.dismissed_on_form": known.figures["dismissed_on_form"],
        "edr.remedies": Figure(len(graded), graded, len(decided)),
        "edr.outcome_test": share(decided, lambda c: c.outcome_test),
        "edr.education": None,
        "edr.published_days": published,
        "edr.criminal_funnel": None,
    }
    return Scorecard(tuple(sheet.lines()), indicators, known)
