"""Where each line of a form stands on the picture of one: the form is ours, so its lines are known to the millimetre.

Lengths are of paper (millimetres from its upper left corner), points are of the picture (pixels). A box is kept in
ten-thousandths of the width and the height of its picture: it holds at any zoom.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDE, HIGH = 210.0, 297.0
ROW = 9.2
"""Height of a line of figures; the template of the form says the same."""
LEFT, RIGHT = 13.0, 197.0
WORDS, DIGITS = 62.0, 35.0
"""Width of the amount in words, where the form has one, and of the boxes of digits."""
WHOLE = 10_000
Point = tuple[float, float]
Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Spot:
    """One line of the form: its number, its page, and the top of its row."""

    no: int
    page: int
    top: float


@dataclass(frozen=True, slots=True)
class Plan:
    """The lines of a form in paper order. square: upper left corner and side of its code, on every page."""

    spots: tuple[Spot, ...]
    square: tuple[float, float, float]
    words: bool

    def on(self, page: int) -> tuple[Spot, ...]:
        return tuple(s for s in self.spots if s.page == page)

    @property
    def pages(self) -> tuple[int, ...]:
        return tuple(sorted({s.page for s in self.spots}))

    @property
    def figures_from(self) -> float:
        return RIGHT - DIGITS - (WORDS if self.words else 0.0)


@dataclass(frozen=True, slots=True)
class Frame:
    """From paper to picture: x' = ax + by + c, y' = dx + ey + f."""

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float

    def at(self, x: float, y: float) -> Point:
        return self.a * x + self.b * y + self.c, self.d * x + self.e * y + self.f


def whole_page(width: int, height: int) -> Frame:
    """The picture is the sheet, edge to edge: the guess where no code is seen."""
    return Frame(width / WIDE, 0.0, 0.0, 0.0, height / HIGH, 0.0)


def from_square(corners: Sequence[Point], square: tuple[float, float, float]) -> Frame | None:
    """The turn, scale and shift that lay the code of the form where it was seen; None where they are not four corners.

    corners: upper left, upper right, lower right, lower left. Least squares over the four.
    """
    if len(corners) != 4:
        return None
    x0, y0, side = square
    paper = [(x0, y0), (x0 + side, y0), (x0 + side, y0 + side), (x0, y0 + side)]
    mx, my = x0 + side / 2, y0 + side / 2
    px, py = sum(x for x, _y in corners) / 4, sum(y for _x, y in corners) / 4
    spread = sum((x - mx) ** 2 + (y - my) ** 2 for x, y in paper)
    pairs = list(zip(paper, corners, strict=True))
    cos = sum((x - mx) * (u - px) + (y - my) * (v - py) for (x, y), (u, v) in pairs) / spread
    sin = sum((x - mx) * (v - py) - (y - my) * (u - px) for (x, y), (u, v) in pairs) / spread
    if cos <= 0:
        return None
    return Frame(cos, -sin, px - cos * mx + sin * my, sin, cos, py - sin * mx - cos * my)


def boxes(plan: Plan, page: int, frame: Frame, width: int, height: int) -> dict[int, Box]:
    """line number -> x, y, width, height of its figures (and words) on a picture of that size."""
    out: dict[int, Box] = {}
    for spot in plan.on(page):
        xs, ys = zip(
            *(frame.at(x, y) for x in (plan.figures_from, RIGHT) for y in (spot.top, spot.top + ROW)), strict=True
        )
        left, right = max(0.0, min(xs)), min(float(width), max(xs))
        top, bottom = max(0.0, min(ys)), min(float(height), max(ys))
        if right - left < 8 or bottom - top < 4:  # off the picture
            continue
        out[spot.no] = (
            round(left / width * WHOLE), round(top / height * WHOLE),
            round((right - left) / width * WHOLE), round((bottom - top) / height * WHOLE),
        )  # fmt: skip
    return out
