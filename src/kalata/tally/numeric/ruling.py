"""Which page of the form a picture shows, and where: its ruled lines are laid on those of the picture.

The code of the form gives a first guess; the rules of the tables, drawn right across the sheet, settle it. Where they
are not found the picture is shown whole: no frame is better than one around the wrong line.

Known limit: a sheet photographed from aside, or creased, is not straightened; it is then shown whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from kalata.tally.rules.placing import HIGH, LEFT, RIGHT, ROW, WIDE, Frame, Plan, from_square, whole_page

FOUND = 0.55
"""Share of the ruled length that must be dark, less the share that is dark just below the rules (a dark or busy picture)."""
BELOW = 2.0
"""Millimetres below a rule where a form has its paper."""
MARGIN = 3.0
Array = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Laid:
    """A page of the form laid on a picture. score: how much darker its rules are there than what lies below them."""

    page: int
    frame: Frame
    score: float


def laid(grey: npt.NDArray[np.uint8], plan: Plan, corners: list[tuple[float, float]]) -> Laid | None:
    """The page that the rules of this picture agree with best; None where none does."""
    height, width = grey.shape
    guess = from_square(corners, plan.square)
    reach = 4.0
    if guess is None:
        guess, reach = whole_page(width, height), 14.0
    ink = darkness(grey)
    found = [fitted(ink, plan, page, guess, reach) for page in plan.pages]
    best = max(found, key=lambda one: one.score, default=None)
    return best if best is not None and best.score >= FOUND else None


def darkness(grey: npt.NDArray[np.uint8]) -> Array:
    """How dark each point is beside its paper, 0 to 1; a thin grey rule counts whole."""
    paper = np.float32(np.percentile(grey[::4, ::4], 60)) or np.float32(1)
    dark = np.clip((paper - grey.astype(np.float32)) / paper * 4, 0, 1)
    return np.asarray(dark, dtype=np.float32)


def thick(ink: Array, by: int) -> Array:
    """Each point as dark as the darkest within `by` points above and below it."""
    out = ink.copy()
    for n in range(1, by + 1):
        np.maximum(out[n:], ink[:-n], out=out[n:])
        np.maximum(out[:-n], ink[n:], out=out[:-n])
    return out


def fitted(ink: Array, plan: Plan, page: int, guess: Frame, reach: float) -> Laid:
    """The best shift, stretch and tilt of the rules of one page about the guess: a coarse search, then a fine one."""
    spots = plan.on(page)
    tops = sorted({s.top for s in spots} | {s.top + ROW for s in spots})
    xs = np.linspace(LEFT + 8, RIGHT - MARGIN, 24)
    ys = np.asarray(tops)
    shift, stretch, tilt, score = 0.0, 1.0, 0.0, 0.0
    point = max(abs(guess.e), 0.1)  # points of the picture in a millimetre
    for by, step, spans in (
        (max(1, round(point * 0.3)), 0.5, (reach, 0.016, 0.016)),
        (max(1, round(point * 0.12)), 0.15, (0.6, 0.004, 0.004)),
    ):
        seen = thick(ink, by)
        shifts = shift + np.arange(-spans[0], spans[0] + 1e-9, step)
        stretches = stretch + np.linspace(-spans[1], spans[1], 9)
        tilts = tilt + np.linspace(-spans[2], spans[2], 9)
        score, shift, stretch, tilt = searched(seen, guess, xs, ys, (shifts, stretches, tilts))
    frame = moved(guess, shift, stretch, tilt)
    busy = searched(seen, frame, xs, ys + BELOW, (np.zeros(1), np.ones(1), np.zeros(1)))[0]
    return Laid(page, frame, score - busy)


def searched(
    seen: Array, guess: Frame, xs: Any, ys: Any, over: tuple[Any, Any, Any]
) -> tuple[float, float, float, float]:
    """(score, shift, stretch, tilt) of the best of all combinations."""
    height, width = seen.shape
    best = (-1.0, 0.0, 1.0, 0.0)
    middle = HIGH / 2
    for tilt in over[2]:
        s, k = np.meshgrid(over[0], over[1], indexing="ij")
        paper_y = (ys[None, None, :] - middle) * k[:, :, None] + middle + s[:, :, None]
        paper_y = paper_y[:, :, :, None] + tilt * (xs - WIDE / 2)[None, None, None, :]
        px = guess.a * xs[None, None, None, :] + guess.b * paper_y + guess.c
        py = guess.d * xs[None, None, None, :] + guess.e * paper_y + guess.f
        inside = (px >= 0) & (px < width) & (py >= 0) & (py < height)
        col = np.clip(px, 0, width - 1).astype(np.int32)
        row = np.clip(py, 0, height - 1).astype(np.int32)
        scores = (seen[row, col] * inside).mean(axis=(2, 3))
        at = np.unravel_index(int(scores.argmax()), scores.shape)
        if scores[at] > best[0]:
            best = (float(scores[at]), float(s[at]), float(k[at]), float(tilt))
    return best


def moved(guess: Frame, shift: float, stretch: float, tilt: float) -> Frame:
    """The guess after its correction on paper: y becomes (y - middle) * stretch + middle + shift + tilt * (x - middle)."""
    still = HIGH / 2 * (1 - stretch) + shift - tilt * WIDE / 2
    return Frame(
        guess.a + guess.b * tilt, guess.b * stretch, guess.c + guess.b * still,
        guess.d + guess.e * tilt, guess.e * stretch, guess.f + guess.e * still,
    )  # fmt: skip
