"""What this room shows on the front page: how far the public log has gone."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _t

from kalata.rooms import AtHome, Stage
from kalata.transparency import publiclog


def shown(request: HttpRequest) -> AtHome:
    entries = publiclog.signed_entries()
    detail = _t("%(n)d inscriptions signées") % {"n": entries} if entries else ""
    return AtHome([Stage("log", detail, reverse("log:index"), "now" if entries else "")])
