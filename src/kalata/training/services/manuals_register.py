"""The register of manuals: print runs by the hash of their pages, and which class and trainer took copies of which."""

from __future__ import annotations

import hashlib
from datetime import date

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from kalata.ledger.services import record
from kalata.people.guard import require
from kalata.people.models import Person
from kalata.training import kinds
from kalata.training.models import ManualHandover, PrintRun, TrainingClass
from kalata.training.queries import manuals_register as queries
from kalata.training.rules.classes_refusals import NoRoleManual, RunNumber, TooManyCopies, UnknownTrainer
from kalata.training.rules.rights import PLAN


def register(*, number: str, source: str, role: str, language: str, kind: str, copies: int, by: Person) -> PrintRun:
    """A print run of what the source gives now: its file and each of its pages by their hash. TRN-629, TRN-631."""
    require(by, PLAN)
    if PrintRun.objects.filter(number=number.strip()[:60]).exists():
        raise RunNumber(number=number.strip()[:60])
    made = queries.made_of(source, role, language)
    one = next((f for f in made.files if f.kind == kind and f.path.endswith(".pdf")), None) if made else None
    if made is None or one is None or not made.pages:
        raise NoRoleManual(role=role, language=language)
    pages = [
        {"id": p.id, "code": p.code, "procedure": p.procedure, "version": p.version, "title": p.title}
        for p in made.shown(kind)
    ]
    for page, whole in zip(pages, [made.marked(p) for p in made.shown(kind)], strict=True):
        page |= {"id": whole.id, "code": whole.code}
    sha256 = hashlib.sha256(made.bytes_of(one)).hexdigest()
    with transaction.atomic():
        run = PrintRun.objects.create(
            number=number.strip()[:60], source=source, role=role, language=language, kind=kind, digest=made.source.digest or hashlib.sha256(source.encode()).hexdigest(),
            file=sha256, pages=pages, copies=copies, draft=made.draft, by=by, at=timezone.now(),
        )  # fmt: skip
        after = {
            "number": run.number,
            "role": role,
            "language": language,
            "kind": kind,
            "copies": copies,
            "digest": run.digest,
            "file": run.file,
            "pages": len(pages),
        }
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
