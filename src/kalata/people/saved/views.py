"""Where the forms of saved views, which any list of the house may show, are sent."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kalata.people.saved import services
from kalata.ui import edge, fields


class SaveForm(edge.Edge):
    act = "save"
    list = fields.CodeField(most=40, required=True, label=_("Liste"))
    name = fields.TextField(most=60, required=True, label=_("Nom de la vue"))
    query = fields.TextField(most=1_500, label=_("Filtres"))
    role = fields.TextField(most=40, label=_("Partagée avec"))
    to = fields.TextField(most=2_000, label=_("Retour"))


class DropForm(edge.Edge):
    act = "drop"
    view = fields.IdField(required=True, label=_("Vue"))
    to = fields.TextField(most=2_000, label=_("Retour"))


class DefaultForm(edge.Edge):
    act = "default"
    list = fields.CodeField(most=40, required=True, label=_("Liste"))
    view = fields.IdField(label=_("Vue"))
    to = fields.TextField(most=2_000, label=_("Retour"))


@login_required
@require_POST
def page(request: HttpRequest) -> HttpResponse:
    """Keep a view, let one go, or say which one opens by itself; back to the list."""
    form = edge.acted(request, SaveForm, DropForm, DefaultForm)
    v, by = form.v, request.user
    who: Any = by
    if isinstance(form, SaveForm):
        services.keep_view(listing=v.list, name=v.name, query=v.query, role=v.role, by=who)
        messages.success(request, _("Vue enregistrée : %(name)s.") % {"name": v.name})
    elif isinstance(form, DropForm):
        services.drop(view_id=v.view, by=who)
        messages.success(request, _("Vue retirée."))
    else:
        services.open_by_itself(listing=v.list, view_id=v.view, by=who)
        messages.success(request, _("La liste s’ouvrira ainsi pour vous."))
    own = url_has_allowed_host_and_scheme(v.to, {request.get_host()}, require_https=request.is_secure())
    return redirect(v.to if v.to and own else "/")
