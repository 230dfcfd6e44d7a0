"""A refusal becomes its page: the sentence, the article, the remedy. Nothing else catches one."""

from __future__ import annotations

import logging
from collections.abc import Callable

from allauth.usersessions.middleware import UserSessionsMiddleware
from django.contrib.sessions.middleware import SessionMiddleware as DjangoSessions
from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from kalata.refusals import Refused
from kalata.storage import fault_of
from kalata.text import gettext_noop as _
from kalata.ui.in_place import in_place
from kalata.web.refusals import page

log = logging.getLogger("kalata.storage")


def refused(request: HttpRequest, problem: Refused) -> HttpResponse:
    """The page of a refusal; where the house cannot even draw it, the same words on a page of their own."""
    lang = getattr(request, "LANGUAGE_CODE", "fr")
    context = {
        "refused": problem,
        "says": problem.message.text(lang),
        "how": problem.how.text(lang),
        "problems": getattr(problem, "problems", []),
    }
    try:
        answer = render(request, "ui/refused.html", context, status=problem.status)
    except Exception:
        if problem.status != 503:
            raise
        answer = HttpResponse(page(problem), status=503)
    if wait := problem.params.get("wait_s"):
        answer["Retry-After"] = str(wait)
    if problem.status == 503:
        answer["Retry-After"] = "60"
        answer["Cache-Control"] = "no-store"
    return answer


class SessionNotKept(Refused):
    code = "OPS-110"
    says = _("Le disque de la maison ne permet plus de garder votre session ; votre dernier acte a pu être enregistré.")
    remedy = _("Regardez sur sa page si l’acte y est avant de le recommencer, et prévenez l’exploitation.")
    status = 503


class SessionMiddleware(DjangoSessions):
    """Reading a page never needs the disk: there a session that cannot be written is left as it was."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        try:
            return super().process_response(request, response)
        except Exception as problem:
            fault = fault_of(problem)
            if fault is None:
                raise
            log.error("session not written, %s on %s: %s", fault.code, request.path, problem)
            if request.method in ("GET", "HEAD", "OPTIONS"):
                return response
            return refused(request, SessionNotKept())


class ActivityMiddleware:
    """When a session was last used is worth a row, not worth refusing a page to a reader."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.note = UserSessionsMiddleware(lambda request: None)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            self.note(request)
        except DatabaseError as problem:
            if fault_of(problem) is None:
                raise
            log.error("activity not written, on %s: %s", request.path, problem)
        return self.get_response(request)


class RefusalMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        if isinstance(problem, Refused):
            return in_place(request, problem) or refused(request, problem)
        if fault := fault_of(problem):
            log.error("%s on %s: %s", fault.code, request.path, problem)
            return refused(request, fault)
        if isinstance(problem, ObjectDoesNotExist):
            raise Http404(str(problem)) from problem
        return None
