"""The records of toy, for machines."""

from django.http import HttpRequest
from ninja import Router

from kalata.ui.machines import acting
from PACKAGE import queries
from PACKAGE.room import KEEP

router = Router(tags=["toy"])


@router.get("/toy", summary="The records of toy, latest first")
def list_toy(request: HttpRequest) -> list[dict[str, str | int]]:
    found = queries.records(acting(request, KEEP))[:200]
    return [{"id": one.pk, "title": one.title, "state": one.state} for one in found]
