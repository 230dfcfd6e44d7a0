"""A photographed or scanned answer sheet to its answers. No Django here: it runs in a bounded child.

The four black squares give the map from millimetres to pixels, whatever the turn, the size and the tilt. Each bubble is
measured against the paper just around it, so that a shadow does not count as ink. What is neither clearly empty nor
clearly filled is doubtful, and so is a question with two marks: a person looks at it. Sure and wrong is the worst answer.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from PIL import Image, ImageOps

from kalata.training.sheets import geometry as geo

WIDTH = 1240
"""Pixels to which the width of a picture is brought: 150 points an inch of A4."""
LEAST = 600
EMPTY, FILLED = 0.055, 0.36
"""Ink beyond that of empty bubbles of the sheet: below the first it is empty, above the second filled."""
SHADES = 0.40
"""A question whose paper differs by more than this from bubble to bubble is doubtful."""
RING = 0.70
"""A bubble of whose printed ring less than this is seen where it should be is not read: the map may be wrong."""
Grey = Any


def read(path: str, forms: Mapping[str, Sequence[int]]) -> dict[str, Any]:
    """{"why", "mark", "letter", "class", "seat", "answers", "doubtful"}. forms: options of each question, by mark of paper.

    answers: the option (from 0) of each question, None where none is filled; doubtful: questions (from 0) for a person.
    A sheet of a paper that is not among `forms` has its mark alone. why: "" where it was read.
    """
    with Image.open(path) as opened:
        picture = ImageOps.exif_transpose(opened).convert("L")
    return of_picture(picture, forms)


def of_picture(picture: Image.Image, forms: Mapping[str, Sequence[int]]) -> dict[str, Any]:
    out: dict[str, Any] = {"why": "", "mark": "", "letter": "", "class": "", "seat": 0, "answers": [], "doubtful": []}
    if min(picture.size) < LEAST:
        return {**out, "why": "small"}
    grey, code, at = upright(picture)
    said = geo.code_read(code)
    if said is None:
        return {**out, "why": "no_code"}
    out |= {"mark": said[0], "letter": said[1], "class": said[2], "seat": said[3]}
    if said[0] not in forms:
        return out
    found = corners(grey)
    if found is None:
        return {**out, "why": "no_corners"}
    turn = homography(np.array(geo.CORNERS), found)
    centre = project(turn, np.array([[geo.QR[0] + geo.QR[2] / 2, geo.QR[1] + geo.QR[2] / 2]]))[0]
    if not square_enough(found) or np.hypot(*(centre - at)) > 0.04 * WIDTH:
        return {**out, "why": "bent"}
    answers, doubtful = answered(grey, turn, list(forms[said[0]]))
    return {**out, "answers": answers, "doubtful": doubtful}


def upright(picture: Image.Image) -> tuple[Grey, str, Any]:
    """Grey pixels of a known width, turned so that the square code stands; what it says, and where its centre is."""
    import zxingcpp

    formats = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    for image in (picture, ImageOps.autocontrast(picture, cutoff=2)):
        for code in zxingcpp.read_barcodes(image, formats=formats):
            if geo.code_read(code.text) is None:
                continue
            turn = round(code.orientation / 90) * 90 % 360
            turned = picture.rotate(turn, expand=True) if turn else picture
            scale = WIDTH / turned.width
            small = turned.resize((WIDTH, round(turned.height * scale)), Image.Resampling.BILINEAR)
            again = (
                [c for c in zxingcpp.read_barcodes(turned, formats=formats) if c.text == code.text] if turn else [code]
            )
            if not again:
                continue
            p = again[0].position
            at = np.mean([[q.x, q.y] for q in (p.top_left, p.top_right, p.bottom_right, p.bottom_left)], axis=0) * scale
            return np.asarray(small, dtype=np.float32), code.text, at
    return np.zeros((1, 1), dtype=np.float32), "", np.zeros(2)


# --- corners ---------------------------------------------------------------------------------------------------
def summed(values: Grey) -> Grey:
    return np.pad(values, ((1, 0), (1, 0))).cumsum(0, dtype=np.float64).cumsum(1)


def means(total: Grey, half: int) -> Grey:
    """The mean of the square of side 2 half + 1 around each pixel, cut at the border."""
    high, wide = total.shape[0] - 1, total.shape[1] - 1
    y, x = np.arange(high), np.arange(wide)
    top, bottom = np.clip(y - half, 0, high), np.clip(y + half + 1, 0, high)
    left, right = np.clip(x - half, 0, wide), np.clip(x + half + 1, 0, wide)
    inside = total[bottom][:, right] - total[top][:, right] - total[bottom][:, left] + total[top][:, left]
    return inside / np.outer(bottom - top, right - left)


def corners(grey: Grey) -> Grey | None:
    """Centres of the four squares, in the order of the sheet; None where one is not found.

    A square is dark all over in a surround that is not: the place in its quarter where inside and ring differ most.
    """
    step = 2
    small = grey[::step, ::step]
    total = summed(small)
    paper = means(total, round(small.shape[1] / 12))
    dark = (small < 0.62 * paper).astype(np.float32)
    marks = summed(dark)
    high, wide = dark.shape
    best: tuple[float, list[tuple[int, int]], float] | None = None
    for part in (1.0, 0.9, 0.8, 0.7, 0.6):
        side = part * wide * geo.CORNER / geo.PAGE[0]
        inner = means(marks, max(round(side * 0.40), 2))
        score = inner - 2.0 * np.clip(
            beside(means(marks, max(round(side * 0.22), 1)), round(side * 1.0)) - 0.30, 0, None
        )
        edge = round(side * 1.2)
        score[:edge] = score[-edge:] = score[:, :edge] = score[:, -edge:] = -9.0
        spots, least = [], 9.0
        for down, across in ((0, 0), (0, 1), (1, 1), (1, 0)):
            y0, y1 = (0, round(high * 0.28)) if not down else (round(high * 0.72), high)
            x0, x1 = (0, round(wide * 0.32)) if not across else (round(wide * 0.68), wide)
            quarter = score[y0:y1, x0:x1]
            y, x = np.unravel_index(int(np.argmax(quarter)), quarter.shape)
            least = min(least, float(quarter[y, x]))
            spots.append((int(y) + y0, int(x) + x0))
        if best is None or least > best[0] + 0.03:
            best = (least, spots, side)
    if best is None or best[0] < 0.80:
        return None
    return np.array([centred(dark, y, x, best[2]) for y, x in best[1]]) * step + (step - 1) / 2


def beside(near: Grey, away: int) -> Grey:
    """The darkest of the eight places at this distance around each pixel: a square on bare paper has none."""
    steps = [(y, x) for y in (-away, 0, away) for x in (-away, 0, away) if (y, x) != (0, 0)]
    return np.maximum.reduce([np.roll(near, step, axis=(0, 1)) for step in steps])


def centred(dark: Grey, y: int, x: int, side: float) -> tuple[float, float]:
    """(x, y) of the middle of the dark pixels of a square, from near it: looked for twice, around what was found."""
    at = (float(x), float(y))
    for _again in range(3):
        r = round(side * 0.95)
        x0, y0 = max(round(at[0]) - r, 0), max(round(at[1]) - r, 0)
        window = dark[y0 : round(at[1]) + r + 1, x0 : round(at[0]) + r + 1]
        ys, xs = np.nonzero(window > 0.5)
        if not len(xs):
            break
        at = (float(xs.mean()) + x0, float(ys.mean()) + y0)
    return at


def square_enough(at: Grey) -> bool:
    """Sides that a flat sheet can show: opposite ones alike, their proportion that of the squares."""
    top, right, bottom, left = (float(np.hypot(*(at[i] - at[(i + 1) % 4]))) for i in range(4))
    want = (geo.CORNERS[3][1] - geo.CORNERS[0][1]) / (geo.CORNERS[1][0] - geo.CORNERS[0][0])
    alike = all(0.86 < a / b < 1.16 for a, b in ((top, bottom), (left, right)))
    return alike and 0.9 < (left + right) / (top + bottom) / want < 1.1


def homography(source: Grey, target: Grey) -> Grey:
    """The 3 x 3 matrix that takes four points to four others."""
    rows = []
    for (x, y), (u, v) in zip(source, target, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
    solved = np.linalg.solve(np.array(rows, dtype=float), np.asarray(target, dtype=float).reshape(-1))
    return np.append(solved, 1.0).reshape(3, 3)


def project(turn: Grey, points: Grey) -> Grey:
    whole = np.column_stack([points, np.ones(len(points))]) @ turn.T
    return whole[:, :2] / whole[:, 2:]


# --- bubbles ---------------------------------------------------------------------------------------------------
def discs() -> tuple[Grey, Grey, Grey]:
    """Points inside a bubble, of the bare paper around it, and of its printed ring, in millimetres from its centre."""
    grid = np.array([(x, y) for x in np.linspace(-1.9, 1.9, 9) for y in np.linspace(-1.9, 1.9, 9)])
    inside = grid[np.hypot(grid[:, 0], grid[:, 1]) <= 1.95]
    gap = np.array(
        [(sx * 4.0, sy * y) for sx in (-1, 1) for sy in (-1, 1) for y in (3.4, 4.1)] + [(0.0, 4.1), (0.0, -4.1)]
    )
    turns = np.linspace(0, 2 * np.pi, 32, endpoint=False)
    ring = np.column_stack([np.cos(turns), np.sin(turns)]) * (geo.RADIUS - 0.1)
    return inside, gap, ring


Rows = list[list[float]]


def inks(grey: Grey, turn: Grey, options: Sequence[int]) -> tuple[Rows, Rows, Rows]:
    """For each bubble its ink (0: paper, 1: black), the grey of the paper around it, and how much of its ring is seen."""
    inside, gap, ring = discs()
    flat = [c for row in geo.bubbles(options) for c in row]
    centres = np.array(flat)
    mean = soft(grey)

    def looked(points: Grey) -> Grey:
        all_points = (centres[:, None, :] + points[None, :, :]).reshape(-1, 2)
        at = project(turn, all_points)
        x = np.clip(np.rint(at[:, 0]).astype(int), 0, grey.shape[1] - 1)
        y = np.clip(np.rint(at[:, 1]).astype(int), 0, grey.shape[0] - 1)
        return mean[y, x].reshape(len(centres), len(points))

    paper = np.median(looked(gap), axis=1)
    ink = 1 - np.clip(looked(inside).mean(axis=1) / np.maximum(paper, 1), 0, 1.2)
    seen = (looked(ring) < 0.93 * paper[:, None]).mean(axis=1)
    cuts = np.cumsum([0, *options])
    parts = [[[float(v) for v in values[a:b]] for a, b in itertools.pairwise(cuts)] for values in (ink, paper, seen)]
    return parts[0], parts[1], parts[2]


def soft(grey: Grey) -> Grey:
    """Each pixel as the mean of its nine: one grain of noise is not a mark."""
    return means(summed(grey), 1)


def answered(grey: Grey, turn: Grey, options: Sequence[int]) -> tuple[list[int | None], list[int]]:
    """The option of each question, and the questions of which it is not sure.

    Ink is counted from that of the sheet's own empty bubbles (their lower half: at most one of a question is filled).
    """
    ink, shades, rings = inks(grey, turn, options)
    every = sorted(v for row in ink for v in row)
    base = float(np.median(every[: max(len(every) // 2, 1)]))
    answers: list[int | None] = []
    doubtful: list[int] = []
    for n, row in enumerate(ink):
        over = [v - base for v in row]
        filled = [k for k, v in enumerate(over) if v >= FILLED]
        between = [k for k, v in enumerate(over) if EMPTY <= v < FILLED]
        odd = min(rings[n]) < RING or (max(shades[n]) - min(shades[n])) > SHADES * max(shades[n])
        if len(filled) == 1 and not between and not odd:
            answers.append(filled[0])
        elif not filled and not between and not odd:
            answers.append(None)
        else:
            answers.append(max(range(len(over)), key=over.__getitem__) if filled or between else None)
            doubtful.append(n)
    return answers, doubtful
