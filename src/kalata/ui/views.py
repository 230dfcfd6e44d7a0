"""Home, language, appearance, and the pages every house has."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from kalata import rooms
from kalata.ledger import pulse
from kalata.refusals import Forbidden, every_refusal
from kalata.storage import fault_of
from kalata.ui import cookies, edge, fields
from kalata.ui import first_day as opening
from kalata.ui import home as front
from kalata.ui.middleware import refused
from kalata.ui.returning import Back, back


def home(request: HttpRequest) -> HttpResponse:
    """The electoral cycle with the live state of each stage, and what awaits the reader; to who sets up an empty house,
    the steps of its first day."""
    if opening.is_first_day(request):
        return render(request, "ui/first_day.html", opening.page(request))
    return render(request, "ui/home.html", front.page(request))


@login_required
def first_day(request: HttpRequest) -> HttpResponse:
    """The steps of a first day, as the records show them."""
    if not opening.sees(request):
        raise Forbidden(right=opening.SEES[0])
    return render(request, "ui/first_day.html", opening.page(request))


class Appearance(Back):
    theme = fields.ChoiceField(("light", "dark"))
    contrast = fields.ChoiceField(("more",))
    keys = fields.ChoiceField(("off",))


def keep(response: HttpResponse, name: str, value: str) -> None:
    """A taste of the reader, for a year; no script reads it."""
    response.set_cookie(name, value, max_age=365 * 86400, samesite="Lax", secure=settings.HTTPS, httponly=True)


def set_language(request: HttpRequest, code: str) -> HttpResponse:
    response = HttpResponseRedirect(back(request, edge.asked(request, Back).suite))
    if code in dict(settings.LANGUAGES):
        keep(response, settings.LANGUAGE_COOKIE_NAME, code)
    return response


@require_POST
def appearance(request: HttpRequest) -> HttpResponse:
    """Light, dark or as the device; normal or strong contrast; keys of one letter or none. A setting that is not sent stays as it is."""
    wanted = edge.posted(request, Appearance)
    response = HttpResponseRedirect(back(request, wanted.suite))
    for key, value in (("theme", wanted.theme), ("contrast", wanted.contrast), ("keys", wanted.keys)):
        if edge.sent(request, key):
            keep(response, cookies.name(key), value)
    return response


def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/accessibility.html")


def codes(request: HttpRequest) -> HttpResponse:
    """Every code the product can print: findings and refusals, written from their registries."""
    found = [rooms.load(room.codes)() for room in rooms.every() if room.codes]
    for module in ("kalata.backups", "kalata.moving", "kalata.archive.refusals", "kalata.archive.commands", "kalata.archive.trial", *(name for room in rooms.every() for name in room.refusals)):
        import_module(module)  # their refusals are listed too
    context = {
        "checks": [check for one in found for check in one.checks],
        "problems": [problem for one in found for problem in one.problems],
        "refusals": sorted({(r.code, r.says, r.remedy) for r in every_refusal()}),
    }
    return render(request, "ui/codes.html", context)


def health(request: HttpRequest) -> HttpResponse:
    """For probes. 503 where the database does not answer; nothing here tells how the house is made."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
            cursor.fetchone()
        return JsonResponse(
            {"ok": True, "alarms": sorted({name.partition("-")[0] for name, _message in pulse.alarms()})}
        )
    except Error:
        return JsonResponse({"ok": False, "alarms": ["database"]}, status=503)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return render(request, "ui/404.html", status=404)


def fault(request: HttpRequest) -> HttpResponse:
    """The page of a fault. One of the disk or the database, wherever it was met, has a code and says what was kept."""
    if known := fault_of(sys.exc_info()[1]):
        return refused(request, known)
    return render(request, "ui/500.html", status=500)
