"""The one API: the routers of every room behind one key, one description, one way of refusing. /api/openapi.json.

Every answer is JSON; a refusal is {"code", "fr", "en", "remedy"} with the status of its page.
"""

from __future__ import annotations

from importlib import import_module

from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.operation import Operation

from kalata import __version__, rooms
from kalata.refusals import Refused
from kalata.ui.machines import Key, NotOfTheShape, StrictParser, Unknown

WITH_ROUTER = [room for room in rooms.every() if room.api]
IDS = {room.api.rpartition(".")[0]: room.api_ids for room in WITH_ROUTER if room.api_ids}
"""module of a router -> what its operation ids begin with, where clients were made from older ones."""


def description() -> str:
    """What each room says of its router, in order of rooms."""
    return "\n".join(import_module(room.api.rpartition(".")[0]).__doc__ or "" for room in WITH_ROUTER)


class Api(NinjaAPI):
    def get_openapi_operation_id(self, operation: Operation) -> str:
        module = operation.view_func.__module__
        return f"{IDS.get(module) or module}_{operation.view_func.__name__}".replace(".", "_")


api = Api(
    title="Kalata", version=__version__, description=description(), auth=Key(), docs_url=None, urls_namespace="api",
    parser=StrictParser(),
)  # fmt: skip
for room in WITH_ROUTER:
    api.add_router("", rooms.load(room.api))


@api.exception_handler(Refused)
def refused(request: HttpRequest, problem: Refused) -> HttpResponse:
    answer = api.create_response(request, problem.record(), status=problem.status)
    if wait := problem.params.get("wait_s"):
        answer["Retry-After"] = str(wait)
    return answer


@api.exception_handler(ValidationError)
def not_of_the_shape(request: HttpRequest, problem: ValidationError) -> HttpResponse:
    """The first field that is not of the shape, named, with what was expected."""
    first = problem.errors[0]
    field = ".".join(str(part) for part in first["loc"])[:120]
    return refused(request, NotOfTheShape(field=field, why=str(first["msg"])[:200]))


@api.exception_handler(HttpError)
def not_readable(request: HttpRequest, problem: HttpError) -> HttpResponse:
    """A body that could not be read says why under its code."""
    if isinstance(problem.__cause__, Refused):
        return refused(request, problem.__cause__)
    return api.create_response(request, {"detail": str(problem)}, status=problem.status_code)


@api.exception_handler(ObjectDoesNotExist)
def unknown(request: HttpRequest, problem: ObjectDoesNotExist) -> HttpResponse:
    return refused(request, Unknown())
