"""Turning a GeoJSON into the flat outlines that maps draw: 1000 units wide, whole coordinates."""

from __future__ import annotations

import math
import re
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
    says = _("Le GeoJSON n’est pas utilisable (%(at)s) : %(why)s.")
    remedy = _(
        "Donnez une FeatureCollection de polygones en longitude et latitude (WGS 84), dont une propriété porte le nom"
        " ou le code de la zone. Rien n’a été changé."
    )
    status = 422
    sentences = frozenset({"why"})


MOST = 20 * 2**20
DEGREES = re.compile(r"(^|[:/])(CRS84|EPSG:+4326|4326)$", re.I)
"""Names of the one reference that RFC 7946 knows, longitude and latitude, in files that still name one."""


def drawn_from(path: str, name: str, codes: dict[str, str]) -> dict[str, Any]:
    """Run in a bounded child: the outlines of a GeoJSON. codes: folded names and codes -> code of the unit."""
    data = plain.json_of(Path(path).read_bytes(), file=name, most=MOST)
    return shapes_of(data, lambda names: next((codes[fold(n)] for n in names if fold(n) in codes), None))


def features_of(data: Any) -> list[Mapping[str, Any]]:
    """The features of a FeatureCollection in degrees, each a table. GEO-105 names what it is instead."""
    if isinstance(data, list):
        raise BadOutline(at="[", why=_("un tableau JSON au lieu d’une FeatureCollection"))
    if not isinstance(data, Mapping):
        raise BadOutline(at="–", why=_("une valeur seule au lieu d’une FeatureCollection"))
    kind = data.get("type", "FeatureCollection")
    if kind == "Feature" and "features" not in data:
        raise BadOutline(at="type: Feature", why=_("une zone seule au lieu d’une FeatureCollection"))
    if kind != "FeatureCollection":
        raise BadOutline(at=f"type: {kind}"[:60], why=_("ce n’est pas une FeatureCollection"))
    named = data.get("crs")
    if named is not None:
        properties = named.get("properties") if isinstance(named, Mapping) else None
        system = str(properties.get("name", "?") if isinstance(properties, Mapping) else named)[:80]
        if not DEGREES.search(system):
            raise BadOutline(at=f"crs {system}", why=_("coordonnées projetées ou d’un autre système"))
    features = data.get("features")
    if not isinstance(features, list) or not features:
        raise BadOutline(at="features", why=_("aucune zone"))
    for place, feature in enumerate(features):
        if not isinstance(feature, Mapping):
            raise BadOutline(at=f"features[{place}]", why=_("un élément vide ou qui n’est pas une zone"))
    return features


def rings(geometry: Mapping[str, Any], at: str) -> Iterator[list[Point]]:
    """The rings of a Polygon or MultiPolygon. GEO-105 where one is empty, open, unreadable or not in degrees."""
    raw = geometry.get("coordinates")
    polygons = raw if geometry["type"] == "MultiPolygon" else [raw]
    if not isinstance(polygons, list) or not polygons or not all(isinstance(p, list) and p for p in polygons):
        raise BadOutline(at=at, why=_("un polygone vide"))
    for ring in (r for polygon in polygons for r in polygon):
        if not isinstance(ring, list) or not all(is_point(p) for p in ring):
            raise BadOutline(at=at, why=_("coordonnées illisibles"))
        points = [(float(p[0]), float(p[1])) for p in ring]
        if any(abs(x) > 180 or abs(y) > 90 for x, y in points):
            raise BadOutline(
                at=at, why=_("coordonnées projetées : ce ne sont pas des degrés de longitude et de latitude")
            )
        if len(points) < 4 or points[0] != points[-1]:
            raise BadOutline(at=at, why=_("un polygone vide ou qui n’est pas fermé"))
        yield points


def is_point(value: object) -> bool:
    return (
        isinstance(value, list)
        and len(value) >= 2
        and all(isinstance(n, int | float) and not isinstance(n, bool) for n in value[:2])
    )


def thinned(points: Sequence[Point], step: float) -> list[Point]:
    """Drop points nearer than `step` degrees to the last one kept; the ends stay."""
    out = [points[0]]
    for p in points[1:-1]:
        if abs(p[0] - out[-1][0]) + abs(p[1] - out[-1][1]) >= step:
            out.append(p)
    return [*out, points[-1]]


def shapes_of(data: Any, match: Callable[[list[str]], str | None]) -> dict[str, Any]:
    """The outlines of the features that `match` recognises by one of their properties, and the words of the others."""
    found: dict[str, list[list[Point]]] = {}
    names: dict[str, str] = {}
    unknown: list[str] = []
    for place, feature in enumerate(features_of(data)):
        told = feature.get("properties")
        words = [str(v)[:200] for v in told.values() if isinstance(v, str | int)] if isinstance(told, Mapping) else []
        code = match(words)
        if code is None:
            unknown.append(words[0] if words else f"features[{place}]")
            continue
        at = f"features[{place}], {words[0]}"
        geometry = feature.get("geometry")
        if not isinstance(geometry, Mapping) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
            raise BadOutline(at=at, why=_("une zone sans polygone"))
        found.setdefault(code, []).extend(rings(geometry, at))
        names[code] = words[0]
    if not found:
        raise BadOutline(at="properties", why=_("aucun nom ni code ne correspond à une zone de ce découpage"))
    return drawing(found, names) | {"unknown": unknown[:200]}


def drawing(found: Mapping[str, list[list[Point]]], names: Mapping[str, str]) -> dict[str, Any]:
    """Flat shapes on one scale. `small`: zones too small to be seen at it, left without a shape."""
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
    return {
        "width": round((east - west) * squeeze * scale),
        "height": round((north - south) * scale),
        "provenance": "imported GeoJSON",
        "shapes": shapes,
        "small": sorted(names[code] for code in found if code not in shapes),
    }
