"""A case held for a bench: prepared, its stages opened one after another, answers given on screen, on paper or without network."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from kalata import plain, states
from kalata.ledger.rules.kinds import Kind
from kalata.ledger.services import record
from kalata.lifecycle import Act
from kalata.people.guard import require
from kalata.people.models import Person
from kalata.people.queries import may
from kalata.people.rules.shown import as_shown
from kalata.text import gettext_noop as _
from kalata.training import kinds
from kalata.training.models import MootAnswer, MootOpened, MootOwned, MootRater, MootSeat, MootSitting, MootVersion
from kalata.training.queries import moot_sittings as queries
from kalata.training.queries import moots
from kalata.training.rules.moot_states import MOOT_SITTING, Part, Sitting, Version
from kalata.training.rules.moots import judging
from kalata.training.rules.moots.case import LEAST_BENCH, MOST_BENCH, Case, Question
from kalata.training.rules.moots.refusals import (
    AnsweredThemselves,
    BadEntries,
    BenchSize,
    NoMoreStages,
    NoSeat,
    NotApproved,
    NotNow,
    NotThisStage,
    NotTwoRaters,
    UnknownAccount,
)
from kalata.training.rules.rights import HOLD, RATE

STAGE = _("l’étape ouverte")
MOST_LINE = 64 * 1024


def subject(one: MootSitting) -> str:
    return f"moot_sitting:{one.pk}"


def locked(sitting: MootSitting) -> MootSitting:
    return MootSitting.objects.select_for_update(of=("self",)).select_related("version__case").get(pk=sitting.pk)


def standing(sitting: MootSitting, *wanted: Sitting) -> MootSitting:
    one = locked(sitting)
    if Sitting(one.state) not in wanted:
        raise NotNow(state=MOOT_SITTING.labels[Sitting(one.state)])
    return one


def held_by(by: Person, one: MootSitting) -> None:
    """The right to hold, and neither a seat nor a rater's place in this sitting. PEO-101, TRN-526."""
    require(by, HOLD)
    if not queries.holds(by, one):
        raise NotTwoRaters(why=_("qui siège ou note n’anime pas cette séance"))


def persons(names: Sequence[str]) -> list[Person]:
    found = []
    for name in dict.fromkeys(n.strip() for n in names if n.strip()):
        person = Person.objects.filter(username=name, is_active=True).first()
        if person is None:
            raise UnknownAccount(name=name[:60])
        found.append(person)
    return found


@transaction.atomic
def prepare(
    *, version: MootVersion, title: str, bench: Sequence[str], raters: Sequence[str], by: Person
) -> MootSitting:
    """A sitting on an approved version: its bench, the president first, then the rapporteur; its two raters.

    Raises: TRN-524 not approved, TRN-525 three to nine, TRN-526 two raters apart from all and no answers read by the bench, TRN-527 an account.
    """
    require(by, HOLD)
    one = MootVersion.objects.select_related("case").get(pk=version.pk)
    if one.state != Version.APPROVED:
        raise NotApproved(case=one.case.code)
    sits, rates = persons(bench), persons(raters)
    if not LEAST_BENCH <= len(sits) <= MOST_BENCH:
        raise BenchSize(least=LEAST_BENCH, most=MOST_BENCH, n=len(sits))
    if len(rates) != 2:
        raise NotTwoRaters(why=_("deux comptes différents sont attendus"))
    if {p.pk for p in rates} & {by.pk, *(p.pk for p in sits)} or by.pk in {p.pk for p in sits}:
        raise NotTwoRaters(why=_("une même personne y a deux places"))
    if any(moots.reads(p) for p in sits):
        raise NotTwoRaters(why=_("l’un de ceux qui siègent peut lire les réponses attendues"))
    if not all(may(p, RATE) for p in rates):
        raise NotTwoRaters(why=_("l’un d’eux ne porte pas le droit de noter"))
    made = MootSitting.objects.create(version=one, title=title.strip()[:200], held_by=by, made_at=timezone.now())
    parts = [Part.PRESIDENT, Part.RAPPORTEUR, *[Part.MEMBER] * MOST_BENCH]
    MootSeat.objects.bulk_create(
        MootSeat(sitting=made, seat=n, person=p, part=parts[n - 1]) for n, p in enumerate(sits, 1)
    )
    MootRater.objects.bulk_create(MootRater(sitting=made, slot=n, person=p) for n, p in enumerate(rates, 1))
    after = {
        "case": one.case.code,
        "version": one.number,
        "seats": [p.pk for p in sits],
        "raters": [p.pk for p in rates],
    }
    record(by=by, kind=kinds.MOOT_PREPARED, subject=subject(made), after=after)
    return made


def move(one: MootSitting, to: Sitting, by: Person, right: str, reason: str, kind: Kind, after: dict[str, object], **values: Any) -> None:  # fmt: skip
    states.write(
        one, MOOT_SITTING, to, Act(by=by.pk, right=right, reason=reason),
        tells=lambda: record(by=by, kind=kind, subject=subject(one), after=after, reason=reason), **values,
    )  # fmt: skip


@transaction.atomic
def open_stage(*, sitting: MootSitting, stage: int, by: Person, now: datetime | None = None) -> MootSitting:
    """Open the next stage; the one before closes and its answers open together. The first starts the clock. TRN-528, TRN-538."""
    one = standing(sitting, Sitting.PREPARED, Sitting.RUNNING)
    held_by(by, one)
    at = now or timezone.now()
    wanted = max(queries.opened(one), default=0) + 1
    if stage != wanted or moots.case_in(one.version).stage(stage) is None:
        raise NoMoreStages(stage=stage)
    MootOpened.objects.create(sitting=one, stage=stage, by=by, at=at)
    if one.state == Sitting.PREPARED:
        move(one, Sitting.RUNNING, by, HOLD, "", kinds.MOOT_STAGE, {"stage": stage}, begun_at=at)
    else:
        record(by=by, kind=kinds.MOOT_STAGE, subject=subject(one), after={"stage": stage})
    return one


@transaction.atomic
def come(*, sitting: MootSitting, by: Person) -> MootSeat:
    """Declare on one's honour to be there and to keep the secrecy of the sitting. TRN-531."""
    one = standing(sitting, Sitting.PREPARED, Sitting.RUNNING)
    seat = queries.seat_of(by, one)
    if seat is None:
        raise NoSeat
    if seat.present_at is None:
        seat.present_at = timezone.now()
        seat.save(update_fields=["present_at"])
        record(by=by, kind=kinds.MOOT_PRESENT, subject=subject(one), after={"seat": seat.seat})
    return seat


@transaction.atomic
def answer(
    *, sitting: MootSitting, given: Mapping[str, Sequence[str]], by: Person, seat: int | None = None, stage: int | None = None, now: datetime | None = None
) -> list[MootAnswer]:  # fmt: skip
    """Answers to questions of the stage that is open. seat: whose paper sheet who holds the sitting copies; None: one's own.

    stage: the one that the page showed. Raises: TRN-528, TRN-529, TRN-530, TRN-531, PEO-212.
    """
    one = standing(sitting, Sitting.RUNNING)
    case = moots.case_in(one.version)
    current = queries.current(one, case)
    if stage is not None and current is not None:
        as_shown(str(stage), str(current.no), STAGE)
    if seat is None:
        place, route = queries.seat_of(by, one), "screen"
    else:
        held_by(by, one)
        place, route = one.seats.filter(seat=seat).first(), "paper"
    if place is None:
        raise NoSeat
    computed, made = moots.computed(one.version), []
    for name, values in given.items():
        question = next((q for q in current.questions if q.id == name), None) if current else None
        if question is None:
            raise NotThisStage(question=name[:60])
        made.append(written(place, name, judging.clean(question, values, computed), route, by, now or timezone.now()))
    return made


def written(
    seat: MootSeat, question: str, value: str, route: str, by: Person, at: datetime, entry: str = ""
) -> MootAnswer:
    """One more answer. TRN-543: a copy, by whoever holds the sitting, of what the person answered alone on screen."""
    if route != "screen" and seat.answers.filter(question=question, route="screen").exists():
        raise AnsweredThemselves(seat=seat.seat, question=question)
    row = MootAnswer.objects.create(seat=seat, question=question, value=value, route=route, by=by, at=at, entry=entry)
    after = {
        "seat": seat.seat,
        "question": question,
        "route": route,
    }
    record(by=by, kind=kinds.MOOT_ANSWERED, subject=subject(seat.sitting), after=after)
    return row


@transaction.atomic
def own(*, sitting: MootSitting, by: Person, seen: str | None = None) -> int:
    """Say that what another wrote down for one is one's own: it counts from then on. How many. TRN-528, TRN-531, PEO-212."""
    one = standing(sitting, Sitting.RUNNING, Sitting.RATING)
    seat = queries.seat_of(by, one)
    if seat is None:
        raise NoSeat
    rows = queries.unowned(seat)
    as_shown(seen, queries.unowned_mark(rows), _("les réponses inscrites pour vous"))
    if rows:
        MootOwned.objects.bulk_create(MootOwned(answer=row, at=timezone.now()) for row in rows)
        record(by=by, kind=kinds.MOOT_OWNED, subject=subject(one), after={"seat": seat.seat, "answers": len(rows)})
    return len(rows)


@transaction.atomic
def bring(*, sitting: MootSitting, content: bytes, by: Person) -> dict[str, int]:
    """The file of the page without network: stages as they opened there, answers as they were given; twice brings nothing twice.

    Raises: TRN-528, TRN-539 with the line.
    """
    one = standing(sitting, Sitting.PREPARED, Sitting.RUNNING)
    held_by(by, one)
    rows = lines_of(one, content)
    case, computed, counts = moots.case_in(one.version), moots.computed(one.version), {"answers": 0, "same": 0}
    by_seat = {s.seat: s for s in queries.seats(one)}
    known = set(MootAnswer.objects.filter(seat__sitting=one).exclude(entry="").values_list("entry", flat=True))
    for n, row in enumerate(rows, 2):
        stage, at = row.get("stage"), moment(row.get("at"), n)
        if stage is not None:
            one = brought_stage(one, stage, by, at, n)
            continue
        number = row.get("seat")
        seat = by_seat.get(number) if type(number) is int else None
        question, entry = case.question(str(row.get("question"))), str(row.get("entry") or "")[:40]
        if seat is None or question is None or not entry:
            refuse(n, _("place, question ou marque inconnue"), row)
            continue
        if entry in known:
            counts["same"] += 1
            continue
        values = row.get("values")
        given = [str(v) for v in values] if isinstance(values, list) else [str(values or "")]
        in_its_stage(one, case, question, at, n)
        written(seat, question.id, judging.clean(question, given, computed), "offline", by, at, entry)
        known.add(entry)
        counts["answers"] += 1
    after = {**counts, "sha256": hashlib.sha256(content).hexdigest()}
    record(by=by, kind=kinds.MOOT_BROUGHT, subject=subject(one), after=after)
    return counts


def brought_stage(one: MootSitting, stage: object, by: Person, at: datetime, row: int) -> MootSitting:
    """A stage as the page opened it: once, and never before the one that it follows."""
    if type(stage) is not int:
        return refuse(row, _("étape inconnue"), stage)
    done = queries.opened(one)
    if stage in done:
        return one
    if at < max(done.values(), default=at):
        refuse(row, _("heure avant l’étape d’avant"), at.isoformat())
    return open_stage(sitting=one, stage=stage, by=by, now=at)


def in_its_stage(one: MootSitting, case: Case, question: Question, at: datetime, row: int) -> None:
    """An answer is given while its stage is open: nobody brings one to a stage that has not opened, or for a time when the
    answers of all were unsealed."""
    done = queries.opened(one)
    no = next(s.no for s in case.stages if question in s.questions)
    if no not in done or at > done.get(no + 1, at):
        refuse(row, _("l’étape de cette question n’était pas ouverte à cette heure"), at.isoformat())


def refuse(row: int, why: str, value: object) -> Any:
    raise BadEntries(row=row, why=why, value=str(value)[:60])


def lines_of(one: MootSitting, content: bytes) -> list[dict[str, Any]]:
    """The entries of a file: its first line names the sitting and the very content that the page was made from."""
    rows: list[Any] = []
    try:
        for line in content.decode("utf-8").split("\n"):
            if line.strip():
                rows.append(plain.json_of(line, file="–", most=MOST_LINE))
                if "\\u0000" in line:
                    raise ValueError
    except (ValueError, plain.BadJson):
        rows = []
    if not rows or len(rows) > 5_000 or not all(isinstance(r, dict) for r in rows):
        refuse(1, _("ce n’est pas un fichier de cette page"), "–")
    if rows[0].get("sitting") != one.pk or rows[0].get("sha256") != one.version.sha256:
        refuse(1, _("c’est le fichier d’une autre séance ou d’une autre version"), rows[0].get("sitting"))
    return rows[1:]


def moment(value: object, row: int) -> datetime:
    try:
        at = datetime.fromisoformat(str(value).replace("Z", "+00:00"))
        at = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return refuse(row, _("heure illisible"), value)
    return at if at <= timezone.now() else refuse(row, _("heure à venir"), value)


@transaction.atomic
def close(*, sitting: MootSitting, by: Person, now: datetime | None = None) -> MootSitting:
    """The last stage closes: every answer is unsealed, the raters begin. TRN-528, TRN-538 while a stage has not opened."""
    one = standing(sitting, Sitting.RUNNING)
    held_by(by, one)
    case, done = moots.case_in(one.version), queries.opened(one)
    if len(done) < len(case.stages):
        raise NoMoreStages(stage=len(case.stages))
    after: dict[str, object] = {"stages": len(done), "answers": queries.answers(one).count()}
    move(one, Sitting.RATING, by, HOLD, "", kinds.MOOT_CLOSED, after, closed_at=now or timezone.now())
    return one


@transaction.atomic
def cancel(*, sitting: MootSitting, reason: str, by: Person) -> MootSitting:
    one = standing(sitting, Sitting.PREPARED, Sitting.RUNNING)
    held_by(by, one)
    move(one, Sitting.CANCELLED, by, HOLD, reason, kinds.MOOT_CANCELLED, {"state": one.state})
    return one
