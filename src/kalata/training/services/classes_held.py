"""A class as it was held: attendance by two proofs, entries made without a network, and the end of the day."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import IO, Any

from django.db import transaction
from django.utils import timezone

from kalata import states
from kalata.ledger.services import record
from kalata.lifecycle import Act
from kalata.people import throttle
from kalata.people.guard import require
from kalata.people.models import Person
from kalata.results import images
from kalata.results.territory import path_of
from kalata.training import kinds
from kalata.training.models import Agent, ClassTrainer, Enrolment, Post, Reserve, TrainingClass
from kalata.training.queries import classes as queries
from kalata.training.rules.class_entries import Told, messages_of
from kalata.training.rules.classes_refusals import (
    ClassState,
    EntryTwice,
    NobodyThere,
    NoSheet,
    NotItsDay,
    NotYourClass,
    ProofMissing,
    TrainerBusy,
    TwoPlaces,
    UnknownAgent,
    UnknownTrainer,
    Waiting,
    WrongDayCode,
)
from kalata.training.rules.classes_states import CLASS, SEAT, Held, Seat
from kalata.training.rules.rights import PLAN, TEACH
from kalata.training.services.cascade import table_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """A line of the attendance sheet. agent: the number of who came, "" for whom the post names; code: as they wrote it."""

    seat: int
    present: bool
    agent: str = ""
    code: str = ""
    entry: str = ""
    row: int = 0


def own(one: TrainingClass, by: Person) -> TrainingClass:
    """The class, held, for one of its trainers. PEO-101, TRN-602."""
    found = (
        TrainingClass.objects.select_for_update(of=("self",)).select_related("contest__election", "unit").get(pk=one.pk)
    )
    require(by, TEACH, place=path_of(found.unit), contest=found.contest_id)
    if not queries.teaches(by, found):
        raise NotYourClass(code=found.code)
    return found


def in_state(one: TrainingClass, state: Held) -> None:
    if one.state != state:
        raise ClassState(code=one.code, state=CLASS.labels[Held(one.state)])


def begun(one: TrainingClass) -> None:
    """TRN-603 before its first day; an exercise is held whenever it is played."""
    if queries.today() < one.first and not one.contest.election.exercise:
        raise NotItsDay(code=one.code, first=one.first, last=one.last)


@contextmanager
def guessed(training_class: TrainingClass, by: Person, codes: Iterable[str]) -> Iterator[None]:
    """Slow down who tries codes of a class until one is right; what is right costs nothing. PEO-102."""
    gate = throttle.Gate("daycode", f"{training_class.pk}|{by.pk}", "") if any(codes) else None
    if gate:
        gate.take()
    try:
        yield
    except WrongDayCode:
        raise
    except BaseException:
        if gate:
            gate.give_back()
        raise
    if gate:
        gate.give_back()


def note(*, training_class: TrainingClass, came: Iterable[Came], by: Person) -> int:
    """Note who came, as the sheet and the code they wrote say. Lines that say what is there already change nothing.

    Returns how many seats changed. Raises: TRN-602 to TRN-608, TRN-626, PEO-102 after too many wrong codes.
    """
    came = list(came)
    with guessed(training_class, by, (line.code for line in came)):
        return note_all(training_class, came, by)


@transaction.atomic
def note_all(training_class: TrainingClass, came: Iterable[Came], by: Person) -> int:
    one = own(training_class, by)
    in_state(one, Held.PLANNED)
    begun(one)
    seats = {s.seat: s for s in one.seats.select_related("post__agent", "agent").select_for_update(of=("self",))}
    changed = [s for line in came if (s := noted(one, seats, line))]
    told(one, changed, by, "sheet")
    return len(changed)


def noted(one: TrainingClass, seats: Mapping[int, Enrolment], line: Came) -> Enrolment | None:
    seat = seats.get(line.seat)
    if seat is None:
        raise NobodyThere(seat=line.seat)
    wanted = known(one, seat, line.agent) if line.present else None
    code = bool(line.code) and line.present
    if code and not (wanted and line.code in codes_of(one, wanted)):
        raise WrongDayCode(seat=line.seat, code=line.code)
    if line.entry and seat.entry == line.entry:
        same = (
            (wanted.pk if wanted else None) == seat.agent_id and seat.sheet == line.present and (seat.code or not code)
        )
        if not same:
            raise EntryTwice(row=line.row, seat=line.seat)
        return None
    before = (seat.agent_id, seat.sheet, seat.code)
    if line.present and wanted is None:
        raise NobodyThere(seat=line.seat)
    seat.agent, seat.sheet = wanted, line.present
    keeps = seat.code and before[0] == (wanted.pk if wanted else None)
    seat.code = code or bool(keeps and line.present)
    seat.code_route = "written" if code and not keeps else seat.code_route if seat.code else ""
    if wanted is not None:
        elsewhere(one, wanted)
    if before == (seat.agent_id, seat.sheet, seat.code) and not line.entry:
        return None
    seat.entry = line.entry or seat.entry
    seat.save(update_fields=["agent", "sheet", "code", "code_route", "entry"])
    return seat


def codes_of(one: TrainingClass, agent: Agent) -> set[str]:
    """The codes that this person may have been sent for this class."""
    return {queries.day_code(one, d, agent.code) for d in days(one)}


def days(one: TrainingClass) -> list[date]:
    return [date.fromordinal(n) for n in range(one.first.toordinal(), one.last.toordinal() + 1)]


def known(one: TrainingClass, seat: Enrolment, code: str) -> Agent | None:
    """The person of a line: the number that is written, of somebody who holds a post or is of the reserve; else whom the post names. TRN-607."""
    if not code:
        return seat.agent or (seat.post.agent if seat.post else None)
    agent = Agent.objects.filter(code=code).first()
    ours = agent and (
        Post.objects.filter(contest=one.contest_id, agent=agent).exists()
        or Reserve.objects.filter(contest=one.contest_id, agent=agent).exists()
    )
    if not ours:
        raise UnknownAgent(seat=seat.seat, code=code[:40])
    return agent


def elsewhere(one: TrainingClass, agent: Agent) -> None:
    """TRN-605 where the person is noted present in another class of the same day, whatever the contest. Two trainers cannot
    both pass: the person's row is held until the end of the act."""
    Agent.objects.select_for_update().get(pk=agent.pk)
    others = Enrolment.objects.filter(agent=agent, sheet=True).exclude(training_class=one.pk)
    found = (
        others.filter(training_class__first__lte=one.last, training_class__last__gte=one.first)
        .select_related("training_class")
        .first()
    )
    if found:
        raise TwoPlaces(who=agent.name, other=found.training_class.code)


def told(one: TrainingClass, changed: list[Enrolment], by: Person, proof: str) -> None:
    if changed:
        said = [[s.seat, s.agent.code if s.agent else "", s.sheet, s.code] for s in changed]
        record(
            by=by,
            kind=kinds.ATTENDANCE,
            subject=f"contest:{one.contest.code}",
            after={"class": one.code, "proof": proof, "seats": said},
        )


def bring_messages(*, training_class: TrainingClass, file: IO[bytes], by: Person) -> tuple[int, int]:
    """Codes that trainees sent by telephone, as the gateway gives them: the second proof, brought by another than the trainer.

    Columns: at, phone, text. A message of another class or of nobody here is counted and left. (new proofs, left out).
    """
    require(by, PLAN, contest=training_class.contest_id)
    in_state(training_class, Held.PLANNED)
    said = messages_of(table_in(file, str(getattr(file, "name", "") or "messages.csv"), ("text",)))
    with transaction.atomic():
        return proved(training_class, said, by)


def proved(training_class: TrainingClass, said: list[Told], by: Person) -> tuple[int, int]:
    """Keep the second proofs that these messages bring."""
    one = TrainingClass.objects.select_for_update(of=("self",)).select_related("contest").get(pk=training_class.pk)
    in_state(one, Held.PLANNED)
    seats = {
        holder.code: s
        for s in one.seats.select_related("post__agent", "agent").select_for_update(of=("self",))
        if (holder := queries.holder(s))
    }
    changed = []
    for line in said:
        seat = seats.get(line.agent)
        who = queries.holder(seat) if seat else None
        if seat is None or who is None or seat.code or line.code not in codes_of(one, who):
            continue
        seat.agent, seat.code, seat.code_route = who, True, "phone"
        seat.save(update_fields=["agent", "code", "code_route"])
        changed.append(seat)
    told(one, changed, by, "phone")
    return len(changed), len(said) - len(changed)


def blank_entries(one: TrainingClass) -> list[list[Any]]:
    """The file to be filled in: a line a seat, with its mark."""
    out = []
    for seat in queries.seats(one):
        who = queries.holder(seat)
        mark = hashlib.sha256(f"{one.contest_id}|{one.code}|{seat.seat}".encode()).hexdigest()[:12]
        out.append(
            [
                f"{one.code}-{seat.seat:02d}-{mark}",
                seat.seat,
                who.code if who else "",
                who.name if who else "",
                "",
                "",
                "",
                "",
            ]
        )
    return out


def declare_held(*, training_class: TrainingClass, sheet: Any, by: Person) -> TrainingClass:
    """The class was held: its signed sheet is kept; who has both proofs attended, everybody else was absent. TRN-609, TRN-610."""
    with transaction.atomic():
        ends(training_class, sheet, by)  # before anything of the picture is kept or told
    digest = images.received(sheet, by=by)
    with transaction.atomic():
        one, seats, came = ends(training_class, sheet, by)
        images.join(digest, f"training_class:{one.pk}", by)
        states.derive_each(SEAT, {s: (Seat.ATTENDED if s in came else Seat.ABSENT) for s in seats})
        after = {"class": one.code, "present": len(came), "absent": len(seats) - len(came), "sheet": digest}
        states.write(
            one, CLASS, Held.HELD, Act(by=by.pk, right=TEACH), sheet=digest, held_by=by, held_at=timezone.now(),
            tells=lambda: record(by=by, kind=kinds.CLASS_HELD, subject=f"contest:{one.contest.code}", after=after),
        )  # fmt: skip
    return one


def ends(training_class: TrainingClass, sheet: Any, by: Person) -> tuple[TrainingClass, list[Enrolment], list[Enrolment]]:
    """The class, its seats and those of who came, where it may be declared held."""
    one = own(training_class, by)
    in_state(one, Held.PLANNED)
    begun(one)
    seats = list(one.seats.select_related("agent").select_for_update(of=("self",)))
    half = [s.seat for s in seats if s.sheet and not s.code]
    if half:
        raise ProofMissing(n=len(half), seats=", ".join(map(str, half[:12])))
    came = [s for s in seats if s.sheet and s.code and s.agent_id]
    if sheet is None or not came:
        raise NoSheet
    return one, seats, came


@transaction.atomic
def settle(*, training_class: TrainingClass, by: Person) -> TrainingClass:
    """All papers are in: the results stand. TRN-618 while a doubtful answer waits."""
    one = own(training_class, by)
    in_state(one, Held.HELD)
    if waiting := queries.waiting_readings(one):
        raise Waiting(n=len(waiting))
    counts = {state.value: one.seats.filter(state=state).count() for state in Seat}
    states.write(
        one, CLASS, Held.SETTLED, Act(by=by.pk, right=TEACH),
        tells=lambda: record(by=by, kind=kinds.CLASS_SETTLED, subject=f"contest:{one.contest.code}", after={"class": one.code, "seats": counts}),
    )  # fmt: skip
    return one


@transaction.atomic
def entrust(*, training_class: TrainingClass, names: Iterable[str], by: Person) -> None:
    """Say which accounts teach a class that is still to be held. TRN-508, TRN-608."""
    require(by, PLAN, contest=training_class.contest_id)
    one = TrainingClass.objects.select_for_update(of=("self",)).select_related("contest").get(pk=training_class.pk)
    in_state(one, Held.PLANNED)
    wanted = list(dict.fromkeys(n.strip() for n in names if n.strip()))
    for n, name in enumerate(wanted, 1):
        if not queries.is_trainer(name):
            raise UnknownTrainer(row=n, name=name[:60])
    people = list(Person.objects.filter(username__in=wanted))
    busy = ClassTrainer.objects.filter(
        person__in=people, training_class__first__lte=one.last, training_class__last__gte=one.first
    )
    if (
        taken := busy.exclude(training_class=one)
        .exclude(training_class__state=Held.CANCELLED)
        .select_related("person", "training_class")
        .first()
    ):
        raise TrainerBusy(who=taken.person.full_name, other=taken.training_class.code)
    one.trainers.all().delete()
    ClassTrainer.objects.bulk_create([ClassTrainer(training_class=one, person=p) for p in people])
    record(
        by=by,
        kind=kinds.CLASS_ENTRUSTED,
        subject=f"contest:{one.contest.code}",
        after={"class": one.code, "trainers": wanted},
    )
