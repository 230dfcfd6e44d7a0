"""Outlines fitted to the frame they are shown in: the places of one contest fill it, whatever part of the country they are.

A path is the letters M, L, H, V and Z of SVG, absolute or relative, as `country.outlines` writes it. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

PART = re.compile(r"([MmLlHhVvZz])|(-?\d+(?:\.\d+)?)")
WIDTH = 1000
TALLEST = 1100
"""The frame, in the units of its texts: they are read at the same size whatever is drawn."""
ROOM = (72, 46)
"""What a name and a value need, in the frame's units: an outline narrower or lower has its value in a tile."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """width, height: of the frame; transform: of every path; at: where the text of each outline stands; small: too
    small for a text."""

    width: int
    height: int
    transform: str
    at: Mapping[str, tuple[int, int]]
    small: frozenset[str]


@lru_cache(maxsize=512)
def extent(path: str) -> tuple[float, float, float, float] | None:
    """(left, top, right, bottom) of a path; None where it draws nothing."""
    left = top = float("inf")
    right = bottom = float("-inf")
    x = y = 0.0
    start = (0.0, 0.0)
    step = ""
    numbers: list[float] = []
    for letter, number in PART.findall(path):
        if letter:
            step, numbers = letter, []
            if letter in "Zz":
                x, y = start
            continue
        numbers.append(float(number))
        if step in "Hh":
            x = numbers.pop() + (x if step == "h" else 0)
        elif step in "Vv":
            y = numbers.pop() + (y if step == "v" else 0)
        elif len(numbers) == 2:
            dx, dy = numbers
            x, y = (x + dx, y + dy) if step in "lm" else (dx, dy)
            if step in "Mm":
                start, step = (x, y), "L" if step == "M" else "l"
            numbers = []
        else:
            continue
        left, right, top, bottom = min(left, x), max(right, x), min(top, y), max(bottom, y)
    return None if left > right else (left, top, right, bottom)


def fitted(shapes: Mapping[str, Mapping[str, Any]], names: Iterable[str]) -> Fitted | None:
    """The frame that these outlines fill; None where none of them draws anything."""
    mine = {name: shapes[name] for name in dict.fromkeys(names) if name in shapes}
    found = {name: box for name, one in mine.items() if (box := extent(str(one["d"]))) is not None}
    if not found:
        return None
    left, top = min(b[0] for b in found.values()), min(b[1] for b in found.values())
    wide = max(max(b[2] for b in found.values()) - left, 1)
    tall = max(max(b[3] for b in found.values()) - top, 1)
    scale = round(min(WIDTH / wide, TALLEST / tall), 4)
    at = {
        name: (round((mine[name]["at"][0] - left) * scale), round((mine[name]["at"][1] - top) * scale))
        for name in found
    }
    small = frozenset(
        name for name, (x, y, x2, y2) in found.items() if (x2 - x) * scale < ROOM[0] or (y2 - y) * scale < ROOM[1]
    )
    return Fitted(
        round(wide * scale), round(tall * scale), f"scale({scale:g}) translate({-left:g} {-top:g})", at, small
    )
