"""A version as a file: CSV, workbook, calendar, MS Project. What is downloaded agrees with the screen to the day."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language

from kalata.planning.queries import content
from kalata.planning.queries.calendars import calendar_of
from kalata.planning.rules.sheet import plan_of_sheet
from kalata.planning.views.workshop import found
from kalata.planning.writing import Written

MEDIA = {
    "csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ics": "text/calendar; charset=utf-8", "xml": "application/xml",
}  # fmt: skip


@login_required
def file(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    one = found(request, pk)
    if kind not in MEDIA:
        raise Http404(kind)
    plan = plan_of_sheet(content.sheet(one), one.t0)
    lang = "en" if get_language() == "en" else "fr"
    made = Written(plan, calendar_of(one), f"{one.plan.name}, version {one.number}", lang, one.j1, one.j2)
    data, _lost = {"csv": made.csv, "xlsx": made.xlsx, "ics": made.ics, "xml": made.xml}[kind]()
    answer = HttpResponse(data, content_type=MEDIA[kind])
    answer["Content-Disposition"] = f'attachment; filename="{one.plan.code}-v{one.number}.{kind}"'
    return answer
