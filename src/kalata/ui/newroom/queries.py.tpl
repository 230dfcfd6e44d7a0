"""Every read, limited to what this person may see."""

from typing import Any

from django.db.models import QuerySet

from kalata.people.queries import may
from PACKAGE.models import Record
from PACKAGE.room import KEEP


def records(person: Any, **where: str) -> QuerySet[Record]:
    every = Record.objects.select_related("by").filter(**where)
    return every if may(person, KEEP) else every.none()
