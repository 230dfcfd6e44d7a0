"""Where a station lies: one way to ask, whatever the depth of the geography."""

from __future__ import annotations

from django.db.models import Q

from kalata.country.models import Unit

DEPTHS = ("", "__parent", "__parent__parent", "__parent__parent__parent")
"""From the unit of a station up to the fourth level above it; packs have no deeper division."""


def inside(unit: Unit | int | None, prefix: str = "station__unit") -> Q:
    """Rows whose station lies in a unit, itself or one of its own; everything for the nation (None)."""
    if unit is None:
        return Q()
    found = Q(pk__in=[])
    for depth in DEPTHS:
        found |= Q(**{prefix + depth: unit})
    return found
