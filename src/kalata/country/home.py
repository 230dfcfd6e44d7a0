"""What this room shows on the front page: how many facts of law there are, and to the public the packs."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _t

from kalata.country.models import PackVersion
from kalata.country.queries import latest_packs
from kalata.country.rules.pack import is_unverified
from kalata.rooms import AtHome, Line, Stage


def shown(request: HttpRequest) -> AtHome:
    packs = latest_packs()
    facts = [r for v in packs for rows in v.pack.sections.values() for r in rows]
    detail = _t("%(n)d faits, %(u)d à vérifier") % {"n": len(facts), "u": sum(map(is_unverified, facts))}
    return AtHome(
        stages=[Stage("law", detail, reverse("country:index"), "part" if packs else "")],
        reading=[Line(100, "scale", name(v), reverse("country:pack", args=[v.code]), _t("Chaque fait avec sa source et sa confiance")) for v in packs],
    )  # fmt: skip


def name(version: PackVersion) -> str:
    head = version.pack.head
    return str((head.get("name_en") if get_language() == "en" else "") or head.get("name_fr") or "")
