"""A version as a file: CSV, workbook, calendar, MS Project, TaskJuggler. What is downloaded agrees with the screen to the day."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language

from kalata.planning.models import PlanVersion
from kalata.planning.queries import content
from kalata.planning.queries.calendars import calendar_of
from kalata.planning.rules.exchange.lost import Lost, counts
from kalata.planning.rules.sheet import plan_of_sheet
from kalata.planning.views.workshop import found
from kalata.planning.writing import Written

MEDIA = {
    "csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ics": "text/calendar; charset=utf-8", "xml": "application/xml", "tjp": "text/plain; charset=utf-8",
}  # fmt: skip
LOSING = (("xml", "MS Project"), ("tjp", "TaskJuggler"), ("ics", "ICS"))


def made_of(one: PlanVersion, kind: str) -> tuple[bytes, list[Lost]]:
    """A version in a form of file, and what that form cannot hold of it."""
    lang = "en" if get_language() == "en" else "fr"
    plan = plan_of_sheet(content.sheet(one), one.t0)
    made = Written(plan, calendar_of(one), f"{one.plan.name}, version {one.number}", lang, one.j1, one.j2)
    return {"csv": made.csv, "xlsx": made.xlsx, "ics": made.ics, "xml": made.xml, "tjp": made.tjp}[kind]()


def losses(one: PlanVersion) -> list[tuple[str, list[tuple[str, int]]]]:
    """What each form does not hold: the field, and of how many activities."""
    return [(label, counts(made_of(one, kind)[1])) for kind, label in LOSING]


@login_required
def file(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    one = found(request, pk)
    if kind not in MEDIA:
        raise Http404(kind)
    data, _lost = made_of(one, kind)
    answer = HttpResponse(data, content_type=MEDIA[kind])
    answer["Content-Disposition"] = f'attachment; filename="{one.plan.code}-v{one.number}.{kind}"'
    return answer
