"""Papers of a class: made from the procedures, typed or read from photographed sheets, marked; doubtful answers go to a person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from kalata import bounded, states
from kalata.ledger.services import record
from kalata.people.guard import require
from kalata.people.models import Person
from kalata.results import images
from kalata.training import kinds
from kalata.training.models import AnswerPaper, Enrolment, SheetReading, TestForm, TrainingClass
from kalata.training.queries import cascade as planner
from kalata.training.queries import procedures
from kalata.training.rules.class_entries import Entry, answers_in, marked
from kalata.training.rules.classes_refusals import (
    EntryTwice,
    NotAnswering,
    OtherRole,
    OtherSheet,
    SameForm,
    TooFewQuestions,
    UnknownSheet,
    UnreadSheet,
)
from kalata.training.rules.classes_states import SEAT, Held, Seat
from kalata.training.rules.manuals import questions
from kalata.training.rules.manuals.words import words_in
from kalata.training.rules.procedures import State as ProcedureState
from kalata.training.rules.rights import WRITE
from kalata.training.services.classes_held import in_state, own
from kalata.training.sheets import geometry
from kalata.training.sheets.words import WHY

LEAST, SIZE, MOST = 10, 30, geometry.MOST_ROWS
READER = bounded.Limits(memory=768 * bounded.MIB, cpu_s=20, wall_s=60)


# --- papers ----------------------------------------------------------------------------------------------------
@transaction.atomic
def make_forms(*, source: str, role: str, certificate: str, language: str, version: str, by: Person) -> list[TestForm]:
    """Two papers of the same questions of a role, in another order: one at least on every decisive step. TRN-628."""
    require(by, WRITE)
    whole = procedures.source(source)
    if whole is None or role not in (read := procedures.assembled(whole)).roles():
        raise TooFewQuestions(n=0, role=role, least=LEAST)
    asked = [q for q in questions.asked(read, role, language) if q.question.kind in ("choice", "true_false")]
    chosen = covering(asked)
    if not LEAST <= len(chosen) <= MOST:
        raise TooFewQuestions(n=len(chosen), role=role, least=LEAST)
    own = {p.id for p in read.of(role)}
    draft = any(p.status != ProcedureState.APPROVED for p in read.procedures if p.id in own)
    critical = {q.question.id for q in chosen if q.critical}
    words = words_in(language)
    made = []
    for letter in questions.FORMS:
        paper = questions.paper(chosen, letter, (words["true"], words["false"]))
        rows = [
            {
                "number": r.number, "item": r.id, "text": r.text, "options": [[x, text] for x, text, _ok in r.options],
                "letters": "".join(x for x, _t, _ok in r.options), "right": next((x for x, _t, ok in r.options if ok), ""), "critical": r.id in critical,
            }
            for r in paper if r.options
        ]  # fmt: skip
        mark = questions.form_id(paper, role, language, letter)
        one, fresh = TestForm.objects.get_or_create(
            mark=mark,
            defaults={
                "letter": letter, "role": role, "certificate": certificate, "language": language, "version": version, "rows": rows,
                "digest": read.digest or mark, "draft": draft, "made_by": by, "made_at": timezone.now(),
            },
        )  # fmt: skip
        made.append(one)
        if fresh:
            record(
                by=by,
                kind=kinds.TEST_MADE,
                subject="house",
                after={"mark": mark, "role": role, "letter": letter, "questions": len(rows)},
            )
    return made


def covering(asked: Sequence[questions.Asked]) -> list[questions.Asked]:
    """One question of each decisive step, then others in the order of the procedures up to the usual size."""
    first: dict[str, questions.Asked] = {}
    for one in asked:
        if one.critical:
            first.setdefault(one.step, one)
    chosen = list(first.values())
    return chosen + [q for q in asked if q not in chosen][: max(SIZE - len(chosen), 0)]


@transaction.atomic
def close_form(*, form: TestForm, reason: str, by: Person) -> None:
    """A paper that leaked: no sheet of it is read any more; what was marked stays, with the paper's end beside it."""
    require(by, WRITE)
    one = TestForm.objects.select_for_update(of=("self",)).get(pk=form.pk)
    if one.closed_at is not None:
        raise UnknownSheet(mark=one.mark)
    one.closed_at, one.closed_by, one.closed_why = timezone.now(), by, reason.strip()[:300]
    one.save(update_fields=["closed_at", "closed_by", "closed_why"])
    record(by=by, kind=kinds.TEST_CLOSED, subject="house", after={"mark": one.mark}, reason=reason)


def form_at(mark: str) -> TestForm:
    """The paper of a sheet, if it is in service. TRN-611."""
    one = TestForm.objects.filter(mark=mark, closed_at=None).first()
    if one is None:
        raise UnknownSheet(mark=mark[:20])
    return one


# --- marking ---------------------------------------------------------------------------------------------------
@transaction.atomic
def type_answers(*, training_class: TrainingClass, seat: int, mark: str, answers: str, by: Person) -> AnswerPaper:
    """Answers typed from a paper by the trainer. TRN-602, TRN-608, TRN-611, TRN-614 to TRN-617."""
    one = own(training_class, by)
    in_state(one, Held.HELD)
    form = form_at(mark)
    place = at(one, seat)
    return kept(place, form, answers_in(answers, form.rows, seat), "typed", None, by)


def at(one: TrainingClass, seat: int) -> Enrolment:
    found = one.seats.select_related("agent").select_for_update(of=("self",)).filter(seat=seat).first()
    if found is None:
        raise NotAnswering(seat=seat, state="–")
    return found


def attempt_of(seat: Enrolment, form: TestForm) -> int:
    """1, or 2 after a failure, with another form. TRN-614, TRN-615, TRN-617."""
    state = Seat(seat.state)
    if state not in (Seat.ATTENDED, Seat.FAILED):
        raise NotAnswering(seat=seat.seat, state=SEAT.labels[state])
    if seat.role and form.certificate != seat.role:
        raise OtherRole(seat=seat.seat, got=form.certificate, want=seat.role)
    first = seat.papers.select_related("form").first()
    if first is None:
        return 1
    if first.form_id == form.pk or first.form.letter == form.letter:
        raise SameForm(letter=first.form.letter)
    return 2


def kept(
    seat: Enrolment, form: TestForm, answers: dict[str, str], route: str, reading: SheetReading | None, by: Person
) -> AnswerPaper:
    """A paper that counts, and what follows from it for the person."""
    attempt = attempt_of(seat, form)
    mark = marked(answers, form.rows, planner.assumed("pass_percent", 80))
    made = AnswerPaper.objects.create(
        seat=seat, attempt=attempt, form=form, answers=answers, route=route, reading=reading, right=mark.right, out_of=mark.out_of,
        missed=list(mark.missed), passed=mark.passed, by=by, at=timezone.now(),
    )  # fmt: skip
    states.derive(seat, SEAT, Seat.PASSED if mark.passed else Seat.FAILED if attempt == 1 else Seat.REJECTED)
    one = seat.training_class
    after = {"class": one.code, "seat": seat.seat, "attempt": attempt, "form": form.mark, "right": mark.right, "of": mark.out_of, "missed": len(mark.missed), "passed": mark.passed, "route": route}  # fmt: skip
    record(by=by, kind=kinds.PAPER_MARKED, subject=f"contest:{one.contest.code}", after=after, rows=[made])
    return made


def brought(one: TrainingClass, line: Entry, by: Person) -> int:
    """A paper of an offline file: 1 where it is new; the same again is 0, another one for the same try is refused (TRN-626)."""
    seat = at(one, line.seat)
    form = form_at(line.form)
    answers = answers_in(line.answers, form.rows, line.seat)
    for paper in seat.papers.all():
        if paper.form_id == form.pk:
            if paper.answers != answers:
                raise EntryTwice(row=line.row, seat=line.seat)
            return 0
    in_state(one, Held.HELD)
    kept(seat, form, answers, "typed", None, by)
    return 1


# --- photographed sheets ---------------------------------------------------------------------------------------
def read_sheet(*, training_class: TrainingClass, image: Any, by: Person) -> SheetReading | AnswerPaper:
    """Read a photographed answer sheet. What is sure is marked at once; a doubtful answer waits for a person.

    Raises: TRN-602, TRN-608, TRN-611 no paper in service, TRN-612 a sheet of another class, TRN-613 not read, TRN-614 to TRN-617.
    """
    with transaction.atomic():
        in_state(own(training_class, by), Held.HELD)  # before anything of the picture is kept or told
    name = str(getattr(image, "name", "") or "image")[:80]
    digest = images.received(image, by=by)
    said = seen_on(digest, name)
    with transaction.atomic():
        one = own(training_class, by)
        in_state(one, Held.HELD)
        form = form_at(said["mark"])
        if said["class"] != one.code:
            raise OtherSheet(got=said["class"], seat=said["seat"], want=one.code)
        seat = at(one, int(said["seat"]))
        if old := seat.readings.filter(image=digest).first():
            return old
        attempt_of(seat, form)
        answers, doubtful = lettered(said, form)
        now = timezone.now()
        made = SheetReading.objects.create(
            seat=seat, form=form, image=digest, answers=answers, doubtful=doubtful, by=by, at=now, done_at=None if doubtful else now
        )  # fmt: skip
        images.join(digest, f"training_class:{one.pk}", by)
        if doubtful:
            after = {
                "class": one.code,
                "seat": seat.seat,
                "form": form.mark,
                "doubtful": len(doubtful),
                "image": digest,
            }
            record(by=by, kind=kinds.SHEET_DOUBTFUL, subject=f"contest:{one.contest.code}", after=after)
            return made
        return kept(seat, form, answers, "read", made, by)


def seen_on(digest: str, name: str) -> dict[str, Any]:
    """What the reader sees, in a child that can hurt nobody. TRN-611, TRN-613."""
    options = {f.mark: [len(r["letters"]) for r in f.rows] for f in TestForm.objects.filter(closed_at=None)}
    if (where := images.sound(digest)) is None:
        raise images.BadImage(why=digest[:12])
    said: dict[str, Any] = bounded.call(
        "kalata.training.sheets.reading:read", file=name, limits=READER, path=str(where), forms=options
    )
    if said["why"]:
        raise UnreadSheet(file=name, why=WHY[said["why"]])
    return said


def lettered(said: dict[str, Any], form: TestForm) -> tuple[dict[str, str], list[int]]:
    answers = {
        str(r["number"]): "" if a is None else r["letters"][a] for r, a in zip(form.rows, said["answers"], strict=True)
    }
    return answers, [form.rows[n]["number"] for n in said["doubtful"]]


@transaction.atomic
def look(*, reading: SheetReading, answers: dict[str, str], by: Person) -> AnswerPaper:
    """A person has looked at the doubtful answers of a sheet, its image before the eyes: their letters, or "" for none. TRN-602, TRN-616."""
    one = own(reading.seat.training_class, by)
    in_state(one, Held.HELD)
    seen = SheetReading.objects.select_for_update(of=("self",)).select_related("form").get(pk=reading.pk)
    seat = at(one, reading.seat.seat)
    if seen.done_at is not None:
        raise NotAnswering(seat=seat.seat, state=SEAT.labels[Seat(seat.state)])
    whole = {**seen.answers, **{str(n): answers.get(str(n), "") for n in seen.doubtful}}
    text = "".join(whole[str(r["number"])] or "-" for r in seen.form.rows)
    seen.done_at = timezone.now()
    seen.save(update_fields=["done_at"])
    return kept(seat, seen.form, answers_in(text, seen.form.rows, seat.seat), "seen", seen, by)
