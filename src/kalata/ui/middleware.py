"""A refusal becomes its page: the sentence, the article, the remedy. Nothing else catches one."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from kalata.refusals import Refused


class RefusalMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        if isinstance(problem, Refused):
            lang = getattr(request, "LANGUAGE_CODE", "fr")
            context = {
                "refused": problem,
                "says": problem.message.text(lang),
                "how": problem.how.text(lang),
                "problems": getattr(problem, "problems", []),
            }
            answer = render(request, "ui/refused.html", context, status=problem.status)
            if wait := problem.params.get("wait_s"):
                answer["Retry-After"] = str(wait)
            return answer
        if isinstance(problem, ObjectDoesNotExist):
            raise Http404(str(problem)) from problem
        return None
