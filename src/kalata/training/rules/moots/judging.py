"""What one person's answers are worth: which are right, which decisive ones were missed, what the crisis left undecided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from kalata.text import Message
from kalata.text import gettext_noop as _
from kalata.training.rules.moots.case import Asks, Case, Question, Stage
from kalata.training.rules.moots.engines import Computed, written
from kalata.training.rules.moots.refusals import BadAnswer

MOST_WRITTEN = 6_000


def clean(question: Question, values: Sequence[str], computed: Mapping[str, Computed]) -> str:
    """An answer as it is kept: ids joined by a space, a computed value as engines write it, else the text. TRN-530."""
    if question.asks in (Asks.CHOICE, Asks.DECLARE):
        known = [o.id for o in question.options]
        chosen = [v for v in dict.fromkeys(values) if v]
        if not set(chosen) <= set(known) or (question.asks is Asks.CHOICE and len(chosen) != 1):
            raise BadAnswer(question=question.id, value=", ".join(chosen)[:40] or "–", form=", ".join(known))
        return " ".join(o for o in known if o in chosen)
    text = "\n".join(values).strip()
    if not text or len(text) > MOST_WRITTEN:
        raise BadAnswer(question=question.id, value=text[:40] or "–", form=f"1–{MOST_WRITTEN}")
    return written(question, text, computed[question.id].form) if question.asks is Asks.COMPUTED else text


@dataclass(frozen=True, slots=True)
class Judged:
    """One question answered. right None: the house does not judge it (written, a dilemma). left: planted and undeclared."""

    question: Question
    answer: str | None
    right: bool | None
    expected: str = ""
    left: tuple[str, ...] = ()
    blocked: tuple[str, ...] = ()
    """What was declared and is planted: the assignment is blocked on it."""

    @property
    def failed(self) -> bool:
        """A decisive question missed: nothing else redeems it."""
        return self.question.critical and self.right is False


def judged(question: Question, answer: str | None, computed: Mapping[str, Computed]) -> Judged:
    """No answer is a wrong answer wherever the house judges."""
    if question.asks is Asks.DECLARE:
        said = set((answer or "").split())
        left = tuple(p for p in question.planted if p not in said)
        return Judged(
            question,
            answer,
            not left,
            " ".join(question.planted),
            left,
            tuple(p for p in question.planted if p in said),
        )
    if question.asks is Asks.COMPUTED:
        value = computed[question.id].value
        return Judged(question, answer, answer == value, value)
    if question.right:
        return Judged(question, answer, answer in question.right, " ".join(question.right))
    return Judged(question, answer, None)


@dataclass(frozen=True, slots=True)
class Result:
    """right of asked: the questions that the house judges. written: what the raters give, None before both have."""

    rows: tuple[Judged, ...]
    written: Fraction | None = None

    @property
    def asked(self) -> int:
        return sum(r.right is not None for r in self.rows)

    @property
    def right(self) -> int:
        return sum(r.right is True for r in self.rows)

    @property
    def missed(self) -> tuple[Judged, ...]:
        return tuple(r for r in self.rows if r.failed)

    @property
    def failed(self) -> bool:
        """A decisive question missed is a failure whatever the marks."""
        return bool(self.missed)

    def said(self) -> Message:
        if self.failed:
            return Message(
                _(
                    "Échec, quelles que soient les notes : %(n)d {n:réponse décisive manquée|réponses décisives manquées}."
                ),
                {"n": len(self.missed)},
            )
        return Message(
            _("Aucune réponse décisive manquée ; réponses jugées par la maison : %(asked)d, dont %(right)d {right:juste|justes}."),
            {"right": self.right, "asked": self.asked},
        )


def result(
    case: Case, answers: Mapping[str, str], computed: Mapping[str, Computed], written_: Fraction | None = None
) -> Result:
    return Result(tuple(judged(q, answers.get(q.id), computed) for q in case.questions()), written_)


# --- a crisis ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Decision:
    question: str
    seat: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Debrief:
    """An inject and what came of it. due: when the facilitator's clock says it should open; took: to the first decision."""

    stage: Stage
    question: Question
    opened: datetime | None
    planned: datetime | None
    late: timedelta
    decided: datetime | None
    seat: int | None
    took: timedelta | None

    @property
    def state(self) -> str:
        """undecided, late, in_time, not_opened."""
        if self.opened is None:
            return "not_opened"
        if self.took is None:
            return "undecided"
        return "late" if self.question.minutes and self.took > timedelta(minutes=self.question.minutes) else "in_time"


def debrief(
    case: Case, begun: datetime | None, opened: Mapping[int, datetime], decisions: Iterable[Decision]
) -> list[Debrief]:
    """Every question of every stage in order, with the first decision of the bench on it."""
    first: dict[str, Decision] = {}
    for one in sorted(decisions, key=lambda d: d.at):
        first.setdefault(one.question, one)
    out = []
    for stage in case.stages:
        at = opened.get(stage.no)
        planned = begun + timedelta(minutes=stage.at) if begun is not None and stage.at is not None else None
        for question in stage.questions:
            found = first.get(question.id)
            late = max(at - planned, timedelta()) if at is not None and planned is not None else timedelta()
            took = found.at - at if found is not None and at is not None else None
            out.append(
                Debrief(
                    stage, question, at, planned, late, found.at if found else None, found.seat if found else None, took
                )
            )
    return out


def minutes(length: timedelta | None) -> int | None:
    return None if length is None else int(length.total_seconds() // 60)


def next_inject(case: Case, begun: datetime, opened: Iterable[int], now: datetime) -> tuple[Stage, timedelta] | None:
    """The first stage that has not opened, and how long until it is due; below zero: it is overdue."""
    done = set(opened)
    stage = next((s for s in case.stages if s.no not in done), None)
    return None if stage is None else (stage, begun + timedelta(minutes=stage.at or 0) - now)
