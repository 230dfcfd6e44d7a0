"""Kept cascades, classes and what they leave: each read limited to who may see it."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from kalata.country.models import Contest, Station
from kalata.evidence.reading import guarded
from kalata.ledger.queries import acts
from kalata.people.models import Person
from kalata.people.queries import may, may_somewhere
from kalata.training import kinds
from kalata.training.models import (
    Agent,
    AnswerPaper,
    Cascade,
    Certificate,
    ClassTrainer,
    Enrolment,
    PaymentLine,
    PaymentList,
    SheetReading,
    TestForm,
    TrainingClass,
)
from kalata.training.queries import cascade as planner
from kalata.training.queries import posts
from kalata.training.rules.classes_states import Held, Kept, Seat
from kalata.training.rules.rights import CERTIFY, OBSERVE, PAY, PLAN, TEACH

OVER_ALL = (PLAN, PAY, CERTIFY)
"""Rights that show every class of a contest; a trainer sees their own."""


def areas_of(contest: Contest) -> dict[str, str]:
    """Places of the stations of a contest, each with its parent."""
    rows = (
        Station.objects.filter(contest=contest, unit__isnull=False)
        .values_list("unit__code", "unit__parent__code")
        .distinct()
    )
    return {code: parent or "" for code, parent in rows}


def is_trainer(name: str) -> bool:
    one = Person.objects.filter(username=name, is_active=True).first()
    return one is not None and may_somewhere(one, TEACH)


# --- kept cascades --------------------------------------------------------------------------------------------
def contests_planned(person: Any, *rights: str) -> list[Contest]:
    """Contests of which this person may see the kept cascades: the whole of them."""
    return [c for c in planner.contests() if any(may(person, r, contest=c.pk) for r in rights or OVER_ALL)]


def cascades(person: Any) -> QuerySet[Cascade]:
    found = Cascade.objects.select_related("contest__election", "base", "made_by", "asked_by", "published_by").defer(
        "people"
    )
    return found.filter(contest__in=[c.pk for c in contests_planned(person)])


def cascade_for(person: Any, pk: int) -> Cascade | None:
    return cascades(person).filter(pk=pk).first()


def published(contest: Contest) -> Cascade | None:
    return Cascade.objects.filter(contest=contest, state=Kept.PUBLISHED).first()


# --- classes -----------------------------------------------------------------------------------------------------
def classes(person: Any) -> QuerySet[TrainingClass]:
    """Those of contests of which one sees all, and one's own."""
    whole = [c.pk for c in contests_planned(person)]
    own = Q(trainers__person=person) if may_somewhere(person, TEACH) or may_somewhere(person, OBSERVE) else Q(pk__in=[])
    found = TrainingClass.objects.filter(Q(contest__in=whole) | own).distinct()
    return found.select_related("contest__election", "unit", "cascade").annotate(
        expected=Count("seats", distinct=True), came=Count("seats", filter=~Q(seats__state__in=(Seat.ENROLLED, Seat.ABSENT)), distinct=True)
    )  # fmt: skip


def class_for(person: Any, pk: int) -> TrainingClass | None:
    return classes(person).filter(pk=pk).first()


def narrowed(person: Any, asked: Any) -> QuerySet[TrainingClass]:
    found = classes(person)
    if asked.q:
        found = found.filter(
            Q(code__iexact=asked.q)
            | Q(area__icontains=asked.q)
            | Q(venue__icontains=asked.q)
            | Q(pair__icontains=asked.q)
            | Q(unit__name__icontains=asked.q)
        )
    if asked.etat:
        found = found.filter(state=asked.etat)
    if asked.langue:
        found = found.filter(language__iexact=asked.langue)
    if asked.jour:
        found = found.filter(first__lte=asked.jour, last__gte=asked.jour)
    return found


def teaches(person: Any, one: TrainingClass) -> bool:
    return may_somewhere(person, TEACH) and one.trainers.filter(person=person).exists()


def seats(one: TrainingClass) -> QuerySet[Enrolment]:
    return (
        one.seats.select_related("post__agent", "agent", "payment__payment", "certificate")
        .prefetch_related("papers__form", "readings")
        .order_by("seat")
    )


def titles(one: TrainingClass, some: Iterable[Enrolment], lang: str) -> dict[int, str]:
    """The post of each seat as the pack names it, with its station; nothing for a reserve."""
    out = {}
    for seat in some:
        if seat.post is not None:
            seat.post.contest = one.contest
            out[seat.seat] = f"{seat.post.body} · {posts.title_of(seat.post, lang)}"
    return out


def holder(seat: Enrolment) -> Any:
    """Who came, or else who holds the post now; None: to be named."""
    return seat.agent or (seat.post.agent if seat.post else None)


def day_code(one: TrainingClass, day: date, agent: str) -> str:
    """Six digits of a person, a class and a day, which nobody works out without the key of the house.

    They go to that person on the morning alone: a trainer who read them would prove by himself that everybody came.
    """
    key = settings.LEDGER_KEY if isinstance(settings.LEDGER_KEY, bytes) else str(settings.LEDGER_KEY).encode()
    said = hmac.new(key, f"class|{one.contest_id}|{one.code}|{day.isoformat()}|{agent}".encode(), hashlib.sha256).digest()
    return f"{int.from_bytes(said[:8], 'big') % 900_000 + 100_000}"


def today() -> date:
    return timezone.localdate()


@dataclass(frozen=True, slots=True)
class Due:
    """A code to be sent to the person of a place; phone "": to be handed over otherwise, never through the trainer."""

    of: TrainingClass
    seat: int
    agent: Agent
    code: str


def codes_due(person: Any, day: date) -> list[Due]:
    """The codes of a day, for who sends them to each person: of classes of that day that are still to be held."""
    found = TrainingClass.objects.filter(
        contest__in=[c.pk for c in contests_planned(person, PLAN)], first__lte=day, last__gte=day, state=Held.PLANNED
    )
    seats = Enrolment.objects.filter(training_class__in=found).select_related("training_class", "post__agent", "agent")
    held = [(s, who) for s in seats.order_by("training_class__code", "seat") if (who := holder(s))]
    return [Due(s.training_class, s.seat, who, day_code(s.training_class, day, who.code)) for s, who in held]


# --- papers --------------------------------------------------------------------------------------------------------
def forms_open() -> QuerySet[TestForm]:
    return TestForm.objects.filter(closed_at=None).order_by("role", "language", "letter", "-pk")


def forms() -> QuerySet[TestForm]:
    return TestForm.objects.select_related("made_by", "closed_by").annotate(used=Count("papers")).order_by("-pk")


def waiting_readings(one: TrainingClass) -> list[Any]:
    return [r for seat in seats(one) for r in seat.readings.all() if r.done_at is None]


def tries(seat: Enrolment) -> list[AnswerPaper]:
    return list(seat.papers.select_related("form").order_by("attempt"))


def reading_of(one: TrainingClass, pk: int) -> SheetReading | None:
    found = SheetReading.objects.select_related("seat__training_class__contest", "form")
    return found.filter(pk=pk, seat__training_class=one).first()


@guarded("training_class")
def may_read(person: Any, key: str, sha256: str) -> None:
    """Pictures of a class, for who may open its page."""
    if class_for(person, int(key)) is None:
        raise TrainingClass.DoesNotExist(sha256)


def form_for(pk: int) -> TestForm | None:
    return TestForm.objects.filter(pk=pk).first()


# --- payments ------------------------------------------------------------------------------------------------------
def to_pay(contest: Contest) -> QuerySet[Enrolment]:
    """Attendances proved, of classes held, that no list has paid."""
    held = Enrolment.objects.filter(
        training_class__contest=contest, training_class__state__in=(Held.HELD, Held.SETTLED), payment=None
    )
    return (
        held.filter(sheet=True, code=True, agent__isnull=False)
        .select_related("agent", "training_class__contest")
        .order_by("training_class__code", "seat")
    )


def payments(person: Any) -> QuerySet[PaymentList]:
    return PaymentList.objects.filter(contest__in=[c.pk for c in contests_planned(person, PLAN, PAY)]).select_related(
        "contest", "asked_by", "by"
    )


def payment_for(person: Any, pk: int) -> PaymentList | None:
    return payments(person).filter(pk=pk).first()


def lines(one: PaymentList) -> QuerySet[PaymentLine]:
    return one.lines.select_related("agent", "seat__training_class").order_by(
        "seat__training_class__code", "seat__seat"
    )


def shared_phones(found: Iterable[PaymentLine]) -> set[str]:
    """Telephones given for more than one person of a list: money sent there reaches one of them."""
    seen: dict[str, int] = {}
    for line in found:
        seen.setdefault(line.phone, line.agent_id)
    return {line.phone for line in found if line.phone and seen[line.phone] != line.agent_id}


# --- certificates ----------------------------------------------------------------------------------------------------
def certificates(person: Any) -> QuerySet[Certificate]:
    found = Certificate.objects.filter(
        seat__training_class__contest__in=[c.pk for c in contests_planned(person, CERTIFY)]
    )
    return found.select_related("agent", "seat__training_class__contest", "asked_by", "by")


def certificates_narrowed(person: Any, asked: Any) -> QuerySet[Certificate]:
    found = certificates(person)
    if asked.q:
        from kalata.text import fold

        found = found.filter(
            Q(number__icontains=asked.q)
            | Q(agent__code__iexact=asked.q)
            | Q(agent__name_key__contains=fold(asked.q))
            | Q(seat__training_class__code__iexact=asked.q)
        )
    if asked.etat:
        found = found.filter(state=asked.etat)
    if asked.role:
        found = found.filter(role=asked.role)
    return found


def certificate_for(person: Any, pk: int) -> Certificate | None:
    return certificates(person).filter(pk=pk).first()


def to_certify(one: TrainingClass) -> list[Enrolment]:
    """Who passed and has no certificate yet, once the results are settled."""
    if one.state != Held.SETTLED:
        return []
    return list(one.seats.filter(state=Seat.PASSED, certificate=None).select_related("agent").order_by("seat"))


def touched(person: Any, classes: Iterable[TrainingClass]) -> str:
    """The first of these classes that this person taught, whose attendance they noted, or of which they put in a paper: now
    or before it was given to others. "": none."""
    every = {one.pk: one for one in classes}
    found = {pk for pk, one in every.items() if one.held_by_id == person.pk}
    found |= set(ClassTrainer.objects.filter(training_class__in=every, person=person).values_list("training_class", flat=True))
    for kind in (AnswerPaper, SheetReading):
        found |= set(kind.objects.filter(seat__training_class__in=every, by=person).values_list("seat__training_class", flat=True))
    noted = acts(kind=kinds.ATTENDANCE.code).filter(actor_id=person.pk).exclude(after__proof="phone")
    said = {(one.subject, (one.after or {}).get("class")) for one in noted.only("subject", "after")}
    found |= {pk for pk, one in every.items() if (f"contest:{one.contest.code}", one.code) in said}
    return min((every[pk].code for pk in found), default="")


def touched_it(person: Any, one: TrainingClass) -> bool:
    """Whether this person taught the class, noted who came to it, or put in a paper of it."""
    return bool(touched(person, [one]))


def by_number(number: str) -> Certificate | None:
    return Certificate.objects.filter(number=number).first()
