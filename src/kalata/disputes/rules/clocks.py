"""The clock of one ground: every reading of its time limit, counted by the house's engine of legal time.

Nothing is counted here: `kalata.deadlines` counts, from the pack's norm, under the texts in force at the event, with
its holidays, suspensions and overrides. This module asks for each reading, holds the petition against it, and says
what they are worth together: in time under all, late under all, or a person must decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from kalata.deadlines.rules.calendar import Desk
from kalata.deadlines.rules.dayoff import NO_DAYS_OFF
from kalata.deadlines.rules.derogations import Derogates
from kalata.deadlines.rules.lawbook import version_at
from kalata.deadlines.rules.lines import VOTE, EventKey, Given, Moment, NormReading, Standing
from kalata.deadlines.rules.moments import Deadline, Verdict, judge, local_day
from kalata.deadlines.rules.norms import EACH, LAST, EventRef, Norm
from kalata.deadlines.rules.steps import Counting
from kalata.text import Message
from kalata.text import gettext_noop as _

from .facts import Claim, Facts, Override, after
from .remedies import Norms, Remedy

QUEUE, OVERRIDE = "QUEUE", "OVERRIDE"


class State(StrEnum):
    """What a check found. Nothing here rejects: a person decides."""

    MET = "met"
    NOT_MET = "not_met"
    CURABLE = "curable"
    DISPUTED = "disputed"
    UNKNOWN = "unknown"


def together(states: Sequence[State]) -> State:
    """One state for several: that of all, unknown only if every one is, else a person decides."""
    found = set(states)
    if not found:
        return State.UNKNOWN
    return found.pop() if len(found) == 1 else State.DISPUTED


@dataclass(frozen=True, slots=True)
class Read:
    """One reading: its rule, the event it counts from, its limit, and whether the petition was in time."""

    rule: str
    event: str
    default: bool
    deadline: Deadline
    latest: Deadline
    filed: Verdict
    why: object = None
    confidence: str = ""

    def record(self) -> dict[str, object]:
        out: dict[str, object] = {
            "rule": self.rule,
            "event": self.event,
            "default": self.default,
            "deadline": self.deadline.iso(),
            "filed": self.filed.value,
        }
        if self.latest != self.deadline:
            out["latest"] = self.latest.iso()
        if self.why:
            out["why"] = Message("%(why)s", {"why": self.why}).both()
        if self.confidence:
            out["confidence"] = self.confidence
        return out

    @property
    def limit(self) -> Message:
        return self.deadline.sentence()


@dataclass(frozen=True, slots=True)
class Clock:
    """The clock of one ground before one body."""

    ground: str
    remedy: str
    time_limit: str
    state: State
    readings: tuple[Read, ...] = ()
    warnings: tuple[Message, ...] = field(default=())

    @property
    def default(self) -> Read | None:
        return next((r for r in self.readings if r.default), None)

    def record(self) -> dict[str, object]:
        return {
            "ground": self.ground,
            "remedy": self.remedy or None,
            "time_limit": self.time_limit or None,
            "state": self.state.value,
            "readings": [r.record() for r in self.readings],
        }


def clock_of(facts: Facts, claim: Claim, remedy: Remedy | None, norms: Norms) -> Clock:
    """The clock of a ground. A remedy with several limits is held against each; the worst is not chosen, all count."""
    if remedy is None or not remedy.time_limits:
        return Clock(claim.id, remedy.basis.id if remedy else "", "", State.UNKNOWN)
    found = [Counted(facts, remedy, name, norms).clock(claim) for name in remedy.time_limits]
    if len(found) == 1:
        return found[0]
    return Clock(
        claim.id,
        remedy.basis.id,
        found[0].time_limit,
        together([c.state for c in found]),
        tuple(r for c in found for r in c.readings),
        tuple(w for c in found for w in c.warnings),
    )


def events_of(facts: Facts) -> dict[EventKey, Moment]:
    return {key: Moment(at, at, Standing.ACTUAL) for key, at in facts.events.items()}


@dataclass(slots=True)
class Counted:
    """One time limit asked of the engine for one petition."""

    facts: Facts
    remedy: Remedy
    name: str
    norms: Norms
    warnings: list[Message] = field(default_factory=list)

    def clock(self, claim: Claim) -> Clock:
        norm = self.norms.book.get(self.name)
        if norm is None:
            return Clock(claim.id, self.remedy.basis.id, self.name, State.UNKNOWN)
        norm, in_force = self.version(norm)
        readings = self.readings(norm)
        state = self.state(readings)
        if readings and not in_force:
            state = State.DISPUTED if state in (State.MET, State.NOT_MET) else state
            self.warn(_("%(norm)s : le texte n’était pas en vigueur à la date de l’événement."), norm=norm.id)
        if (queue := self.queued(readings)) is not None:
            readings.append(queue)
            state = State.MET if self.queue_counts == "in_time" else State.DISPUTED
        readings, state = self.overridden(norm, readings, state)
        return Clock(claim.id, self.remedy.basis.id, norm.id, state, tuple(readings), tuple(self.warnings))

    def warn(self, sentence: str, **values: object) -> None:
        said = Message(sentence, values)
        if said not in self.warnings:
            self.warnings.append(said)

    # --- the version and the events ---
    def trigger(self, event: EventRef | date) -> Moment | None:
        if isinstance(event, date):
            return Moment(event, event, Standing.ACTUAL)
        round_ = self.facts.round if event.round in (EACH, LAST) else int(event.round or 0)
        known = events_of(self.facts)
        for key in ((event.type, round_), (event.type, 0), (event.type, self.facts.round)):
            if key in known:
                return known[key]
        kind = self.norms.book.events.get(event.type)
        if kind is None or not kind.derived:
            return None
        vote = known.get((VOTE, 1)) or known.get((VOTE, self.facts.round))
        if vote is None:
            return None
        given = Given(tz=self.norms.tz, events={(VOTE, 1): vote})
        return Desk(self.norms.book, (), given).year(kind.derived)

    def version(self, norm: Norm) -> tuple[Norm, bool]:
        """The norm of this subject in force at its event, and whether there is one; else the norm that was named."""
        moment = self.trigger(norm.event)
        if moment is None:
            return norm, True
        day = local_day(moment.early, self.norms.tz)
        if norm.in_force(day):
            return norm, True
        same = [n for n in self.norms.book.of(self.facts.contest) if n.binding]
        chosen = version_at(same, norm.subject, day).chosen
        return (chosen, True) if chosen else (norm, False)

    def desk(self, norm: Norm) -> Desk:
        moment = self.trigger(norm.event)
        year = (
            local_day(moment.early, self.norms.tz).year
            if moment
            else local_day(self.facts.received, self.norms.tz).year
        )
        needed = any(c is not None and c.needs_days_off for c in (norm.counting, *(o.counting for o in norm.others)))
        return Desk(
            self.norms.book,
            (norm,),
            Given(
                rounds=1,
                tz=self.norms.tz,
                events=events_of(self.facts),
                derogations=tuple(o.act for o in self.overrides(norm)),
                days_off=self.norms.days_off(year - 2, year + 6) if needed else NO_DAYS_OFF,
            ),
        )

    def overrides(self, norm: Norm) -> list[Override]:
        return [o for o in self.facts.overrides if o.act.norm in (norm.id, self.name)]

    # --- the readings ---
    def readings(self, norm: Norm) -> list[Read]:
        """Every reading whose event is given, the pack's own first. None where no figure is known."""
        if norm.counting is None:
            return []
        record = self.norms.limits.get(norm.id, {})
        raw = record.get("readings")
        others = raw if isinstance(raw, list) else []
        rule, event = str(record.get("rule") or ""), str(record.get("event") or "")
        desk = self.desk(norm)
        asked: list[tuple[Counting, EventRef | date, str, str, bool, object, str]] = [
            (norm.counting, norm.event, rule, event, True, None, "")
        ]
        for other, said in zip(norm.others, others, strict=True):
            asked.append(
                (
                    other.counting,
                    other.event or norm.event,
                    str(said.get("rule") or rule),
                    str(said.get("event") or event),
                    False,
                    other.why,
                    other.confidence,
                )
            )
        found = []
        for counting, ref, name, said_event, default, why, confidence in asked:
            moment = self.trigger(ref)
            if moment is None:
                continue
            read = desk.reading(norm, counting, self.facts.round, moment, why, confidence)
            found.append(self.held(read, name, said_event, default, moment))
        return found

    def held(self, read: NormReading, rule: str, event: str, default: bool, moment: Moment) -> Read:
        filed = read.judged(self.facts.received).verdict
        opens = read.early.opens
        if opens is not None and filed is Verdict.IN_TIME:
            early = judge(self.facts.received, opens, opens).verdict
            if after(opens.day, self.facts.received, self.norms.tz) and early is Verdict.IN_TIME:
                filed = Verdict.UNDETERMINED
                self.warn(_("Reçue avant l’ouverture du délai, le %(opens)s."), opens=opens.day)
        if default:
            for warning in read.early.warnings:
                self.warnings.append(warning)
            if after(moment.early, self.facts.received, self.norms.tz):
                self.warn(_("Reçue avant l’événement dont part le délai (%(event)s)."), event=event)
        return Read(rule, event, default, read.earliest, read.latest, filed, read.why, read.confidence)

    def state(self, readings: Sequence[Read]) -> State:
        if not any(r.default for r in readings):
            return State.UNKNOWN
        verdicts = {r.filed for r in readings}
        if verdicts == {Verdict.IN_TIME}:
            return State.MET
        return State.NOT_MET if verdicts == {Verdict.LATE} else State.DISPUTED

    # --- who was waiting, and who set the limit aside ---
    @property
    def queue_counts(self) -> str:
        """What the law says of who was in the queue at the cut-off: in_time, late, or nothing."""
        rule = self.norms.rule("time_limit", self.facts.contest, self.facts.about)
        return self.remedy.queue or (rule.queue if rule else "")

    def queued(self, readings: Sequence[Read]) -> Read | None:
        """The reading of who waited before the cut-off and was received after it."""
        since = self.facts.queue_since
        if since is None or self.queue_counts == "late":
            return None
        for one in readings:
            if one.filed is not Verdict.IN_TIME and judge(since, one.deadline, one.latest).verdict is Verdict.IN_TIME:
                if not self.queue_counts:
                    self.warn(_("En file d’attente avant l’heure limite : la loi ne dit pas ce que cela vaut."))
                return Read(QUEUE, one.event, False, one.deadline, one.latest, Verdict.IN_TIME)
        return None

    def overridden(self, norm: Norm, readings: list[Read], state: State) -> tuple[list[Read], State]:
        """An override decides, the computed readings staying; one decided when the limit had run out disputes."""
        mine = self.overrides(norm)
        own = next((r for r in readings if r.default), None)
        late = [o for o in mine if self.too_late(o, own)]
        for one in late:
            self.warn(
                _("L’acte qui déroge (%(document)s) est postérieur à l’échéance, ou sans date."),
                document=one.act.document,
            )
        sets = [o for o in mine if o.act.value is not None]
        if not sets:
            return readings, State.DISPUTED if late else state
        last = max(sets, key=lambda o: o.act.decided)
        assert last.act.value is not None
        if last.act.kind in (Derogates.EXTEND, Derogates.SHORTEN):
            last.act.check(own.deadline if own else None)
        filed = judge(self.facts.received, last.act.value, last.act.value).verdict
        event = own.event if own else str(self.norms.limits.get(norm.id, {}).get("event") or "")
        readings.append(Read(OVERRIDE, event, False, last.act.value, last.act.value, filed, last.act.document))
        if late or filed is Verdict.UNDETERMINED:
            return readings, State.DISPUTED
        return readings, State.MET if filed is Verdict.IN_TIME else State.NOT_MET

    def too_late(self, override: Override, own: Read | None) -> bool:
        """True where the act is not surely from before the end of the limit it moves."""
        if override.decided is None:
            return True
        return own is not None and judge(override.decided, own.deadline, own.latest).verdict is not Verdict.IN_TIME
