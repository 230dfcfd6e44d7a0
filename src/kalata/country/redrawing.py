"""Boundaries of a division taken from a file. What would be erased is said before, and asked.

Reading and keeping are two acts: `read_outlines` says what a file draws and what it would erase; `keep_outlines`
keeps exactly what was read, for somebody who has seen which zones lose their outline.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction

from kalata import bounded
from kalata.country import kinds
from kalata.country.models import Geography
from kalata.country.outlines import BadOutline
from kalata.ledger.services import Actor, record
from kalata.refusals import Refused
from kalata.text import fold
from kalata.text import gettext_noop as _

KEPT_S = 24 * 3600


class WouldErase(Refused):
    code = "GEO-106"
    says = _("Ce fichier dessine %(drawn)d {drawn:zone|zones} et en efface %(n)d : %(erased)s.")
    remedy = _(
        "Envoyez un fichier qui porte toutes les zones, ou confirmez que celles-ci perdent leur contour. Rien n’a été changé."
    )
    status = 409


class Moved(Refused):
    code = "GEO-107"
    says = _("Les contours de ce découpage ont changé depuis votre lecture.")
    remedy = _("Envoyez à nouveau le fichier et relisez ce qui serait effacé. Rien n’a été changé.")
    status = 409


@dataclass(frozen=True, slots=True)
class Redrawing:
    """What a file draws, and what that does to the map. Names of zones, not codes."""

    drawn: tuple[str, ...]
    erased: tuple[str, ...]
    unknown: tuple[str, ...]
    small: tuple[str, ...]
    seen: str  # of exactly this, for whoever confirms it


def read_outlines(
    *, geography: Geography, path: str, name: str, by: Actor | None = None
) -> tuple[dict[str, Any], Redrawing]:
    """The outlines in a GeoJSON, matched by code, name or alias, and what they change. GEO-105 names a fault."""
    units = list(geography.units.order_by("-level"))  # of two units of one name the larger is drawn
    codes = (
        {fold(u.name): u.code for u in units}
        | {fold(a): u.code for u in units for a in u.aliases}
        | {fold(u.code): u.code for u in units}
    )
    try:
        drawn = bounded.call("kalata.country.outlines:drawn_from", file=name, path=path, name=name, codes=codes)
    except BadOutline as bad:  # whoever sent several files is told which
        raise BadOutline(at=f"{name[:80]}, {bad.params['at']}", why=bad.params["why"]) from None
    return drawn, picture(geography, drawn)


def picture(geography: Geography, drawn: dict[str, Any]) -> Redrawing:
    before = (geography.outlines or {}).get("shapes") or {}
    units = list(geography.units.values_list("code", "name", "outline"))
    names = {code: name for code, name, _outline in units}
    shown = {code for code, _name, outline in units if outline in before}
    text = json.dumps([geography.code, drawn, sorted(shown)], sort_keys=True, ensure_ascii=False)
    return Redrawing(
        drawn=tuple(sorted(names.get(c, c) for c in drawn["shapes"])),
        erased=tuple(sorted(names[c] for c in shown if c not in drawn["shapes"])),
        unknown=tuple(drawn.get("unknown", ())),
        small=tuple(drawn.get("small", ())),
        seen=hashlib.sha256(text.encode()).hexdigest(),
    )


# --- between the reading and the confirmation -------------------------------------------------------
def left_aside(drawn: dict[str, Any], seen: str) -> None:
    """Keep what was read until it is confirmed, a day at most, under the hash of its picture."""
    folder = settings.VAR / "sketches"
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        if time.time() - old.stat().st_mtime > KEPT_S:
            old.unlink(missing_ok=True)
    fresh = folder / f"{seen}.{os.getpid()}.part"
    fresh.write_text(json.dumps(drawn), encoding="utf-8")
    fresh.replace(folder / f"{seen}.json")


def taken_up(seen: str) -> dict[str, Any]:
    """What was read under this hash. GEO-107 where it is no longer there."""
    if not re.fullmatch(r"[0-9a-f]{64}", seen):
        raise Moved
    try:
        found: dict[str, Any] = json.loads((settings.VAR / "sketches" / f"{seen}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise Moved from None
    return found


@transaction.atomic
def keep_outlines(*, geography: Geography, drawn: dict[str, Any], seen: str, by: Actor | None) -> int:
    """Replace the map. seen: of the picture that was read; GEO-107 where the map has moved since."""
    geography = Geography.objects.select_for_update().get(pk=geography.pk)
    shown = picture(geography, drawn)
    if shown.seen != seen:
        raise Moved
    shapes = drawn["shapes"]
    geography.outlines = {k: drawn[k] for k in ("width", "height", "provenance", "shapes")}
    geography.save(update_fields=["outlines"])
    for unit in geography.units.all():
        outline = unit.code if unit.code in shapes else ""
        if unit.outline != outline:
            unit.outline = outline
            unit.save(update_fields=["outline"])
    after = {"drawn": len(shapes), "erased": list(shown.erased)}
    record(by=by, kind=kinds.GEOGRAPHY_OUTLINES, subject=f"geography:{geography.code}", after=after)
    return len(shapes)


def import_outlines(*, geography: Geography, path: str, name: str, by: Actor | None) -> int:
    """Draw from a file that erases nothing. GEO-106 names what it would erase: that is asked of a person first."""
    drawn, shown = read_outlines(geography=geography, path=path, name=name, by=by)
    if shown.erased:
        raise WouldErase(drawn=len(shown.drawn), n=len(shown.erased), erased=", ".join(shown.erased[:40]))
    return keep_outlines(geography=geography, drawn=drawn, seen=shown.seen, by=by)
