"""Where a station lies: one way to ask, whatever the depth of the geography."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from kalata.country.models import Unit
from kalata.country.rules import lineage


def inside(unit: Unit | int | Iterable[int] | None, prefix: str = "station__unit") -> Q:
    """Rows whose station lies in a unit, itself or one of its own at any depth; everything for the nation (None).

    unit: one, or the ids of several. prefix: where the rows keep their unit; "" where they are units.
    """
    if unit is None:
        return Q()
    ids = [unit.pk] if isinstance(unit, Unit) else [unit] if isinstance(unit, int) else list(unit)
    found = Q(pk__in=ids)
    for pk, line in Unit.objects.filter(pk__in=ids).values_list("pk", "above"):
        first, end = lineage.bounds(line, pk)
        found |= Q(above__gte=first, above__lt=end)
    return Q(**{f"{prefix or 'pk'}__in": Unit.objects.filter(found).order_by().values("pk")})


def path_of(unit: Unit | None) -> tuple[int, ...]:
    """The ids from the top of the geography down to a unit; () for the whole country."""
    return unit.path if unit else ()


def common(units: Iterable[Unit | None]) -> int | None:
    """The smallest unit that holds all of these; None where only the nation does, or where one has no place."""
    found: tuple[int, ...] | None = None
    for unit in units:
        path = path_of(unit)
        found = path if found is None else tuple(a for a, b in zip(found, path, strict=False) if a == b)
    return found[-1] if found else None


@dataclass(frozen=True, slots=True)
class Reach:
    """The territories within which something is held: ids of units; None: the whole country; (): nowhere."""

    tops: tuple[int, ...] | None

    @property
    def whole(self) -> bool:
        return self.tops is None

    def on(self, prefix: str = "station__unit") -> Q:
        """Rows whose unit (at `prefix`) lies inside; for the whole country every row, one without a unit too."""
        if self.tops is None:
            return ~Q(pk__in=[])  # not Q(): it would vanish beside an OR
        return inside(self.tops, prefix)

    def holds(self, path: tuple[int, ...]) -> bool:
        """True where a place, as its path of ids from the top, lies inside. (): the whole country."""
        return self.tops is None or not set(self.tops).isdisjoint(path)


EVERYWHERE = Reach(None)


def above(unit: int | None) -> list[int]:
    """A unit and those it lies in, from itself up; none where the station has no place."""
    if unit is None:
        return []
    line = Unit.objects.filter(pk=unit).values_list("above", flat=True).first()
    return [unit, *reversed(lineage.ids(line or ""))]
