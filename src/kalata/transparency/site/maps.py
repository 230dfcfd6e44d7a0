"""The map of the public site: three readings of the same outlines, chosen without a script; the table beside it says the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from kalata.country.rules.drawn import fitted
from kalata.text import gettext_noop as _
from kalata.text import percent, translate
from kalata.transparency.rules.replay import NATION
from kalata.transparency.site.edition import Edition, Figures
from kalata.transparency.site.frame import Extras
from kalata.transparency.site.names import zone

COVERED = (50, 80, 95, 100)
"""Limits of the classes of coverage, in percent."""
FIRST = 3
"""Candidates that have a tone of their own on the map of who leads; the others share one."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read the map: its word, and (words, class) of its legend."""

    label: str
    legend: Sequence[tuple[str, int]]


def map_of(
    edition: Edition, extras: Extras, lang: str, lead: Callable[[Figures], Mapping[str, Any]]
) -> dict[str, Any] | None:
    """Outlines and tiles with their class and value in each reading; None where no outline is known."""
    outlines = (extras.outlines or {}).get("shapes", {})
    areas = list(edition.children.get(NATION, []))
    fit = fitted(outlines, [name for a in areas if (name := extras.shapes.get(a[1]))])
    if fit is None:
        return None
    limits = around([t for a in areas if (t := edition.figures[a].turnout) is not None])
    first = [line.name for line in edition.lines(edition.figures[NATION])[:FIRST]]
    shapes, tiles = [], []
    for area in areas:
        found, name = edition.figures[area], extras.shapes.get(area[1], "")
        share, leader = found.coverage.share, str(lead(found)["leader"])
        x, y = fit.at.get(name, (0, 0))
        item = {
            "name": found.name, "path": f"{'../' if lang == 'bm' else ''}{zone(area)}.html", "d": outlines[name]["d"] if name in fit.at else "", "x": x, "y": y,
            "small": name not in fit.at or name in fit.small, "partial": share is not None and share * 2 < 1,
            "css": (class_of(found.turnout, limits), class_of(share, COVERED), first.index(leader) + 1 if leader in first else 4 if leader else 5),
            "text": (percent(found.turnout, lang, 0), percent(share, lang, 0), leader or "–"),
        }  # fmt: skip
        shapes += [item] if name in fit.at else []
        tiles += [item] if item["small"] else []
    return {
        "width": fit.width, "height": fit.height, "transform": fit.transform, "shapes": shapes, "tiles": tiles,
        "readings": [
            Reading(translate(_("Participation"), lang), legend(limits)),
            Reading(translate(_("PV comptés"), lang), [*legend(COVERED)[:-1], ("100 %", 5)]),
            Reading(translate(_("En tête"), lang), [*((name, i) for i, name in enumerate(first, 1)), (translate(_("autre"), lang), 4)]),
        ],
    }  # fmt: skip


def around(values: list[Fraction]) -> tuple[int, ...]:
    """Four round limits in percent: the usual ones, or moved where turnout lies elsewhere."""
    middle = int(sorted(values)[len(values) // 2] * 100) if values else 40
    start = 30 if 25 <= middle <= 50 else max(5, middle // 5 * 5 - 10)
    return (start, start + 5, start + 10, start + 15)


def class_of(value: Fraction | None, limits: Sequence[int]) -> int:
    return 1 if value is None else 1 + sum(value * 100 >= limit for limit in limits)


def legend(limits: Sequence[int]) -> list[tuple[str, int]]:
    return [
        (f"< {limits[0]} %", 1),
        *((f"{a}–{b} %", i) for i, (a, b) in enumerate(pairwise(limits), 2)),
        (f"≥ {limits[-1]} %", 5),
    ]
