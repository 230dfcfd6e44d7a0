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
from kalata.text import told


def shown(request: HttpRequest) -> AtHome:
    packs = latest_packs()
    facts = [r for v in packs for rows in v.pack.sections.values() for r in rows]
    unsure = sum(map(is_unverified, facts))
    detail = told(_t("%(n)d {n:fait|faits}, %(u)d à vérifier"), get_language(), {"n": len(facts), "u": unsure})
    return AtHome(
        stages=[Stage("law", detail, reverse("country:index"), "part" if packs else "", read_share(len(facts), unsure))],
        reading=[Line(100, "scale", name(v), reverse("country:pack", args=[v.code]), _t("Chaque fait avec sa source et sa confiance")) for v in packs],
    )  # fmt: skip


def read_share(facts: int, unsure: int) -> int | None:
    """The share of facts that were read in a text, in whole percent; None where there is no fact."""
    return (facts - unsure) * 100 // facts if facts else None


def name(version: PackVersion) -> str:
    head = version.pack.head
    return str((head.get("name_en") if get_language() == "en" else "") or head.get("name_fr") or "")
