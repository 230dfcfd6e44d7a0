"""The same services, later: long reads and commits run in the worker."""

from __future__ import annotations

from django_tasks import task

from kalata.people.models import Person
from kalata.refusals import Refused
from kalata.results.models import Import
from kalata.results.services import committing, importing


@task()
def check_file(import_id: int) -> str:
    """Dry run of an import. Safe to run twice: it stores only its report."""
    one = Import.objects.select_related("contest__election__geography").get(pk=import_id)
    if one.state in ("checking", "mapped", "checked", "refused"):
        importing.dry_run(one)
    return one.state


@task()
def commit_file(import_id: int, person_id: int) -> str:
    """Commit a checked import. A second run finds it committed and does nothing."""
    one = Import.objects.select_related("contest__election__geography").get(pk=import_id)
    if one.state == "committing":
        try:
            committing.commit(one, by=Person.objects.get(pk=person_id))
        except Refused:
            return "refused"
    return one.state
