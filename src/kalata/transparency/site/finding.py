"""The search of the public site: small files beside the pages, read by `s/find.js` from a server, a key or a folder alike.

`find/zones.js` holds the places of every level; `find/<letter>.js` the schools, villages and other places where one
votes, by the first sound of each of their words; `find/c-<beginning>.js` the codes of stations. A reader loads the
places, then the one or two files that the words ask for: none of them grows with the country as a whole.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from kalata.country.rules.lookup import BEGUN, EDIT, SPELLINGS, SPELT, sound, words
from kalata.text import fold
from kalata.transparency.rules.replay import NATION, Area, Key
from kalata.transparency.site.edition import Edition
from kalata.transparency.site.names import slug, zone

MOST_CODES = 200
"""Files of codes, at most: codes are dealt out by as many of their first letters as give no more."""


def files(edition: Edition) -> Iterator[tuple[str, bytes]]:
    """(path, content) of every file of the search."""
    areas = ordered(edition)
    place = {area: i for i, area in enumerate(areas)}
    spots = spots_of(edition, place)
    common = frequent([name for name, *_rest in spots])
    parts: dict[str, list[list[Any]]] = {}
    for spot in spots:
        mine = [w for w in words(spot[0]) if w not in common] or words(spot[0])
        for key in dict.fromkeys(key_of(w) for w in mine):
            parts.setdefault(key, []).append(spot)
    codes, length = codes_of(edition)
    made = {key: script("part", key, rows) for key, rows in sorted(parts.items())}
    info = {
        "spellings": [(pattern, becomes.replace("\\", "$")) for pattern, becomes in SPELLINGS],
        "costs": [SPELT, BEGUN, EDIT], "common": sorted(common), "parts": {key: len(data) for key, data in made.items()},
        "codes": length, "begins": sorted(codes),
    }  # fmt: skip
    yield "find/zones.js", script("zones", [row_of(edition, area, place) for area in areas], info)
    for key, data in made.items():
        yield f"find/{key}.js", data
    for key, rows in sorted(codes.items()):
        yield f"find/c-{key}.js", script("codes", key, rows)


def script(name: str, *values: Any) -> bytes:
    """A file that hands its values over where no file can be fetched: from a disk."""
    said = ",".join(json.dumps(v, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c") for v in values)
    return f"kalata.{name}({said})\n".encode()


def ordered(edition: Edition) -> list[Area]:
    """Every place that has a page, those that hold others before them."""
    out: list[Area] = []
    todo = list(edition.children.get(NATION, []))
    while todo:
        out += todo
        todo = [below for area in todo for below in edition.children.get(area, [])]
    return out


def row_of(edition: Edition, area: Area, place: dict[Area, int]) -> list[Any]:
    """[name, page, stations, number of the place it lies in or -1]."""
    parent = edition.replay.register.zones[area].parent
    count = edition.figures[area].coverage.expected
    return [edition.figures[area].name, zone(area), count, place.get(parent, -1) if parent else -1]


def spots_of(edition: Edition, place: dict[Area, int]) -> list[list[Any]]:
    """Where one votes: [name, number of its place, stations, its page or the line of the first on the page of its place]."""
    found: dict[tuple[Area, str], list[Key]] = {}
    for area, keys in edition.stations.items():
        for key in keys:
            held = edition.place(key)
            name = held.centre or (held.name if held.name != held.station else "")
            if name and area in place:
                found.setdefault((area, name), []).append(key)
    out = []
    for (area, name), keys in sorted(found.items(), key=lambda one: (fold(one[0][1]), place[one[0][0]])):
        target = f"pv/{slug(keys[0])}.html" if len(keys) == 1 else f"{zone(area)}.html#{slug(keys[0])}"
        out.append([name, place[area], len(keys), target])
    return out


def frequent(names: list[str]) -> frozenset[str]:
    """Words of a tenth of all names, and the short ones between them: they find nothing by themselves."""
    counts = Counter(w for name in names for w in set(words(name)))
    return frozenset(w for w, n in counts.items() if n * 10 > max(len(names), 200) or len(w) < 3)


def key_of(word: str) -> str:
    """The file that holds a word: the first letter of its sound."""
    first = sound(word)[:1]
    return first if first.isascii() and first.isalnum() else "_"


def plain(code: str) -> str:
    return "".join(words(code))


def codes_of(edition: Edition) -> tuple[dict[str, list[Any]], int]:
    """By the beginning of their code: every station, as its code, or [code, file name] where they differ."""
    keys = sorted(edition.replay.register.places)
    most = min(MOST_CODES, max(len(keys) // 40, 1))
    length = next((n for n in (8, 7, 6, 5, 4, 3, 2) if len({plain(k[1])[:n] for k in keys}) <= most), 1)
    out: dict[str, list[Any]] = {}
    for key in keys:
        first = "".join(c if c.isascii() else "_" for c in plain(key[1])[:length]) or "_"
        out.setdefault(first, []).append(key[1] if slug(key) == key[1] else [key[1], slug(key)])
    return out, length
