"""The field that finds a place of the territory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from kalata.country import queries
from kalata.country.models import Unit
from kalata.ui.pickers import Known, Offer, PickerField


class TerritoryField(PickerField):
    """A unit down to `depth`, by code, name, another of its names, or nearly; offered with its kind and its path."""

    def __init__(self, *, depth: int = 2, **kwargs: Any) -> None:
        self.depth = depth
        super().__init__(known=self.units, offered=self.told, one=self.unit, **kwargs)

    def units(self) -> Iterable[Known]:
        rows = queries.territories(depth=self.depth).values_list("pk", "code", "name", "aliases")
        return [Known(pk, code, [name, *map(str, aliases or ())]) for pk, code, name, aliases in rows]

    def told(self, pks: Sequence[int]) -> list[Offer]:
        found = queries.territories(depth=self.depth).select_related("parent__parent__parent").in_bulk(pks)
        return [Offer(pk, found[pk].name, where(found[pk])) for pk in pks if pk in found]

    def unit(self, pk: int) -> Unit | None:
        return queries.territories(depth=self.depth).filter(pk=pk).first()


def whereabouts(unit: Unit, lang: str) -> str:
    """What a unit is, where it lies, in which country and division: cercle, Kayes, Mali (Découpage d’avant 2023)."""
    above = [u.name for u in reversed(queries.branch(unit)[:-1])]
    geography = unit.geography
    division = geography.name_en if lang == "en" and geography.name_en else geography.name_fr
    country = queries.country_of(geography.code, lang)
    said = ", ".join(x for x in (unit.kind, *above, country) if x)
    return f"{said} ({division})"


def where(unit: Unit) -> str:
    """What a unit is and where it lies: cercle, Ségou (ml-2015)."""
    above = [u.name for u in queries.branch(unit)[:-1]]
    return f"{', '.join(x for x in (unit.kind, ' › '.join(above)) if x)} ({unit.geography.code})"
