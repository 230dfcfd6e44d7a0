"""Home, language, appearance, and the pages every house has."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.module_loading import import_string
from django.views.decorators.http import require_POST

from kalata.refusals import every_refusal


def home(request: HttpRequest) -> HttpResponse:
    """The electoral cycle with the live state of each stage, and what awaits the reader."""
    build = import_string("kalata.results.home.page")  # the room on top fills it; the ground floor does not know it
    return render(request, "ui/home.html", build(request))


def back(request: HttpRequest) -> str:
    to = request.GET.get("suite") or request.POST.get("suite") or request.headers.get("referer", "/")
    return to if url_has_allowed_host_and_scheme(to, {request.get_host()}) else "/"


def set_language(request: HttpRequest, code: str) -> HttpResponse:
    response = redirect(back(request))
    if code in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, code, max_age=365 * 86400, samesite="Lax", secure=settings.HTTPS
        )
    return response


@require_POST
def appearance(request: HttpRequest) -> HttpResponse:
    """Light, dark or as the device; normal or strong contrast."""
    response = redirect(back(request))
    for key, allowed in (("theme", ("light", "dark", "")), ("contrast", ("more", ""))):
        if (value := request.POST.get(key)) is not None and value in allowed:
            response.set_cookie(key, value, max_age=365 * 86400, samesite="Lax", secure=settings.HTTPS)
    return response


def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/accessibility.html")


def codes(request: HttpRequest) -> HttpResponse:
    """Every code the product can print: findings and refusals, written from their registries."""
    checks, problems = import_string("kalata.results.home.registries")()
    refusals = sorted({(r.code, r.says, r.remedy) for r in every_refusal()})
    return render(request, "ui/codes.html", {"checks": checks, "problems": problems, "refusals": refusals})


def health(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("select 1")
        cursor.fetchone()
    return JsonResponse({"ok": True})


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return render(request, "ui/404.html", status=404)


def fault(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/500.html", status=500)
