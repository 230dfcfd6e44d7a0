"""One page: the form, the list, a button for each record."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from kalata.people.guard import require
from kalata.ui import edge, fields
from PACKAGE import queries, services
from PACKAGE.listings import TOYS
from PACKAGE.room import KEEP


class AddForm(edge.Edge):
    act = "add"
    title = fields.TextField(label=_("Titre"), required=True)


class CloseForm(edge.Edge):
    act = "close"
    record = fields.IdField(required=True)


@login_required
def page(request: HttpRequest) -> HttpResponseBase:
    require(request.user, KEEP)
    if request.method != "POST":
        found = TOYS.read(request, lambda asked: queries.records(request.user, title__icontains=asked.q))
        if found.form:
            return found.file()
        return render(request, "toy/list.html", {"section": "toy", "list": found, "form": AddForm()})
    sent = edge.acted(request, AddForm, CloseForm)
    if isinstance(sent, AddForm):
        services.add(title=sent.v.title, by=request.user)  # type: ignore[arg-type]
    else:
        services.close(record_id=sent.v.record, by=request.user)  # type: ignore[arg-type]
    return redirect("toy:list")
