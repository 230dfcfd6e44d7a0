"""The register of manuals: print runs by the hash of their pages, and which class and trainer took copies of which."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from kalata.ledger.services import record
from kalata.people.guard import require
from kalata.people.models import Person
from kalata.training import kinds
from kalata.training.models import ManualBuild, ManualHandover, PrintRun, TrainingClass
from kalata.training.rules.classes_refusals import NotInThatMaking, RunNumber, TooManyCopies, UnknownTrainer
from kalata.training.rules.manuals.kept import PRINTED
from kalata.training.rules.rights import PLAN


@transaction.atomic
def register(*, build: ManualBuild, number: str, kind: str, copies: int, by: Person) -> PrintRun:
    """A print run of a piece that was made and kept: its file and each of its pages by their hash. TRN-629, TRN-639."""
    require(by, PLAN)
    number = number.strip()[:60]
    if PrintRun.objects.filter(number=number).exists():
        raise RunNumber(number=number)
    one = build.files.filter(kind=kind, path__endswith=".pdf").first()
    if build.pages is None or one is None or kind not in PRINTED:
        raise NotInThatMaking(kind=kind)
    pages = [{k: p[k] for k in ("id", "code", "procedure", "version", "title")} for p in build.pages]
    run = PrintRun.objects.create(
        number=number, source=build.source, role=build.role, language=build.language, kind=kind, digest=build.digest, file=one.sha256,
        pages=pages, copies=copies, draft=build.draft, by=by, at=timezone.now(),
    )  # fmt: skip
    after = {
        "number": number, "role": build.role, "language": build.language, "kind": kind, "copies": copies,
        "digest": run.digest, "file": run.file, "pages": len(pages),
    }  # fmt: skip
    record(by=by, kind=kinds.PRINTED, subject="house", after=after, rows=[run])
    return run


@transaction.atomic
def hand_over(
    *, run: PrintRun, training_class: TrainingClass, taken_by: str, copies: int, on: date, by: Person
) -> ManualHandover:
    """Copies of a run go to a class, with the trainer who takes them. TRN-508, TRN-630."""
    require(by, PLAN, contest=training_class.contest_id)
    one = PrintRun.objects.select_for_update().get(pk=run.pk)
    gone = one.handovers.aggregate(n=Sum("copies"))["n"] or 0
    if copies > one.copies - gone:
        raise TooManyCopies(number=one.number, left=one.copies - gone, n=copies)
    person = Person.objects.filter(username=taken_by.strip()).first() if taken_by.strip() else None
    if taken_by.strip() and (person is None or not training_class.trainers.filter(person=person).exists()):
        raise UnknownTrainer(row=1, name=taken_by.strip()[:60])
    made = ManualHandover.objects.create(
        run=one, training_class=training_class, taken_by=person, copies=copies, on=on, by=by, at=timezone.now()
    )
    after = {
        "run": one.number,
        "class": training_class.code,
        "copies": copies,
        "taken_by": person.username if person else None,
        "on": on.isoformat(),
    }
    record(by=by, kind=kinds.HANDED, subject=f"contest:{training_class.contest.code}", after=after)
    return made
