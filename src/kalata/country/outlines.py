"""Turning a GeoJSON into the flat outlines that maps draw: 1000 units wide, whole coordinates."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from kalata import plain
from kalata.refusals import Refused
from kalata.text import fold
from kalata.text import gettext_noop as _

Point = tuple[float, float]


class BadOutline(Refused):
    code = "GEO-105"
    says = _("Le GeoJSON n’est pas utilisable : %(why)s.")
    remedy = _("Donnez une FeatureCollection de polygones dont une propriété porte le nom ou le code de la zone.")
    status = 422


MOST = 20 * 2**20


def drawn_from(path: str, name: str, codes: dict[str, str]) -> dict[str, Any]:
    """Run in a bounded child: the outlines of a GeoJSON. codes: folded names and codes -> code of the unit."""
    data = plain.json_of(Path(path).read_bytes(), file=name, most=MOST)
    if not isinstance(data, dict):
        raise BadOutline(why="aucune « features »")
    return shapes_of(data, lambda names: next((codes[fold(n)] for n in names if fold(n) in codes), None))[0]


def rings(geometry: Mapping[str, Any]) -> Iterator[list[Point]]:
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    for polygon in polygons:
        for ring in polygon:
            points = [(float(p[0]), float(p[1])) for p in ring]
            if len(points) < 3 or any(abs(x) > 400 or abs(y) > 400 for x, y in points):
                raise ValueError("degrees")
            yield points


def thinned(points: Sequence[Point], step: float) -> list[Point]:
    """Drop points nearer than `step` degrees to the last one kept; the ends stay."""
    out = [points[0]]
    for p in points[1:-1]:
        if abs(p[0] - out[-1][0]) + abs(p[1] - out[-1][1]) >= step:
            out.append(p)
    return [*out, points[-1]]


def shapes_of(data: Mapping[str, Any], match: Callable[[list[str]], str | None]) -> tuple[dict[str, Any], set[str]]:
    """The outlines of the features that `match` recognises by one of their properties."""
    features = data.get("features")
    if not isinstance(features, list) or not features:
        raise BadOutline(why="aucune « features »")
    found: dict[str, list[list[Point]]] = {}
    names: dict[str, str] = {}
    for feature in features:
        geometry = feature.get("geometry") if isinstance(feature, Mapping) else None
        if not isinstance(geometry, Mapping) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
            continue
        told = feature.get("properties")
        words = [str(v)[:200] for v in told.values() if isinstance(v, str | int)] if isinstance(told, Mapping) else []
        code = match(words)
        if code is None:
            continue
        try:
            found.setdefault(code, []).extend(rings(geometry))
        except (TypeError, ValueError, IndexError, KeyError):
            raise BadOutline(why=f"coordonnées illisibles pour {words[:1]}") from None
        names[code] = words[0]
    if not found:
        raise BadOutline(why="aucun nom ni code ne correspond à une zone de ce découpage")
    every = [p for shape in found.values() for ring in shape for p in ring]
    west, east = min(p[0] for p in every), max(p[0] for p in every)
    south, north = min(p[1] for p in every), max(p[1] for p in every)
    squeeze = math.cos(math.radians((south + north) / 2))
    scale = 1000 / max((east - west) * squeeze, north - south, 1e-9)
    shapes: dict[str, Any] = {}
    for code, shape in found.items():
        path = ""
        big: list[tuple[int, int]] = []
        for ring in shape:
            flat = [
                (round((x - west) * squeeze * scale), round((north - y) * scale))
                for x, y in thinned(ring, (east - west) / 400)
            ]
            line = [p for i, p in enumerate(flat) if i == 0 or p != flat[i - 1]]
            if len(line) < 4:
                continue
            path += "M" + "L".join(f"{x} {y}" for x, y in line[:-1]) + "z"
            big = line if len(line) > len(big) else big
        if path:
            at = [sum(p[0] for p in big) // len(big), sum(p[1] for p in big) // len(big)]
            shapes[code] = {"name": names[code], "d": path, "at": at, "area": len(big)}
    drawn = {
        "width": round((east - west) * squeeze * scale),
        "height": round((north - south) * scale),
        "provenance": "imported GeoJSON",
        "shapes": shapes,
    }
    return drawn, set(shapes)
