"""A new version of an article opens a task on each procedure that rests on it: a remark, which must be answered before its texts are said lawful."""

from __future__ import annotations

from django.db import transaction

from kalata.people.guard import require
from kalata.people.models import Person
from kalata.people.queries import may
from kalata.training.models import ManualSource, ProcedureComment
from kalata.training.queries import impact
from kalata.training.rules.rights import REVIEW, WRITE
from kalata.training.services.procedures import comment


def mark_of(article: str, version: str) -> str:
    return f"{article} → {version} :"


@transaction.atomic
def open_tasks(*, source: ManualSource, article: str, version: str, by: Person) -> int:
    """One remark a procedure, naming what rests on the article; one that already waits is not made again. How many are new."""
    require(by, WRITE if may(by, WRITE) else REVIEW)
    mark, made = mark_of(article, version), 0
    for one, elements in impact.of(source, [article]).procedures:
        if ProcedureComment.objects.filter(version=one, text__startswith=mark, resolved_at=None).exists():
            continue
        comment(version=one, element="", text=f"{mark} {', '.join(elements)}", by=by)
        made += 1
    return made
