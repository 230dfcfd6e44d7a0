"""Where the lines of a paper stand on its pictures: kept at reading, found again for a picture read elsewhere."""

from __future__ import annotations

import io
from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from PIL import Image

from kalata.country.models import Contest, Station
from kalata.documents import rendering
from kalata.evidence.models import Content
from kalata.results import drawing, images
from kalata.results.rules.boxes import MARKS, Box
from kalata.tally import printing
from kalata.tally.models import Paper, Scan
from kalata.tally.numeric import ruling
from kalata.tally.rules import placing

Kept = dict[str, list[int]]
"""Number of a line -> its box, in ten-thousandths of the picture."""
SIDE = 26.0
"""Millimetres of the code with its margin; the template of the form says the same."""


def plan_of(contest: Contest, code: str = "") -> placing.Plan:
    """The lines of the form of a contest in millimetres. code: the text of the square read, which tells its margin."""
    spots, words, corner = lines_on_paper(contest.pk, tuple(contest.boxes), contest.options.count())
    pixels, side = printing.square(code or "KLT1|-|-|1|-|-|PV1|1|00")
    margin = SIDE / side * (pixels.index(0) % side)
    x, y = corner
    return placing.Plan(spots, (x + margin, y + margin, SIDE - 2 * margin), words)


@lru_cache(maxsize=32)
def lines_on_paper(
    contest_id: int, boxes: tuple[str, ...], options: int
) -> tuple[tuple[placing.Spot, ...], bool, tuple[float, float]]:
    """Asked of the very template that prints the form: never written down a second time."""
    contest = Contest.objects.select_related("election__pack").get(pk=contest_id)
    layout = printing.Layout(contest)
    blank = printing.Form(Station(code="-", part="general", pk=0), values=[])
    found = rendering.places("report", {**layout.same, "forms": [layout.record(blank)]})
    spots = tuple(placing.Spot(int(f["no"]), int(f["page"]), float(f["y"]) - INSET) for f in found if f["no"])
    square = next(f for f in found if not f["no"])
    return spots, bool(layout.same["words"]), (float(square["x"]), float(square["y"]))


INSET = 0.4
"""Millimetres between the rule above a row and what is written in it."""


def read(contest: Contest, jpeg: bytes, code: str, corners: list[tuple[float, float]]) -> tuple[int, Kept]:
    """(page of the form, boxes of its lines) of one picture of our own; (0, {}) where the form is not recognised."""
    with Image.open(io.BytesIO(jpeg), formats=["JPEG"]) as picture:
        grey = np.asarray(picture.convert("L"))
    plan = plan_of(contest, code)
    found = ruling.laid(grey, plan, corners)
    if found is None:
        return 0, {}
    height, width = grey.shape
    made = placing.boxes(plan, found.page, found.frame, width, height)
    return found.page, {str(no): list(box) for no, box in made.items()}


def kept(paper: Paper, pages: list[str]) -> dict[str, tuple[int, Kept]]:
    """sha256 -> (page of the form, boxes) of these pictures of a paper."""
    rows = Scan.objects.filter(paper=paper, sha256__in=pages).values_list("sha256", "form_page", "lines")
    known = {sha: (page, lines) for sha, page, lines in rows if page is not None}
    return {sha: known[sha] if sha in known else again(paper.contest_id, sha) for sha in pages}


def numbers(contest: Contest) -> dict[str, int]:
    """line -> its number on the form: counts, votes, then what is read beside the count."""
    boxes = [Box(b) for b in contest.boxes]
    keys = [b.value for b in boxes if b not in MARKS]
    keys += [f"c{n}" for n in range(1, contest.options.count() + 1)]
    keys += [b.value for b in boxes if b in MARKS]
    return {key: no for no, key in enumerate(keys, 1)}


def frames(paper: Paper, pages: list[str], numbers: Mapping[str, int]) -> dict[str, list[int]]:
    """line -> [place of the picture in `pages`, x, y, width, height]: the first picture that shows it, the one in force before."""
    found = kept(paper, pages)
    out: dict[str, list[int]] = {}
    for key, no in numbers.items():
        for place, sha in enumerate(pages):
            if box := found[sha][1].get(str(no)):
                out[key] = [place, *box]
                break
    return out


@lru_cache(maxsize=512)
def again(contest_id: int, sha256: str) -> tuple[int, Kept]:
    """A picture that no scanning desk has read: attached on the page of its paper, or before boxes were kept."""
    path = images.sound(sha256)
    if path is None or not Content.objects.filter(sha256=sha256, ours=True).exists():
        return 0, {}  # what others wrote is not opened here
    contest = Contest.objects.get(pk=contest_id)
    jpeg = path.read_bytes()
    if not jpeg.startswith(b"\xff\xd8"):
        return 0, {}
    with Image.open(io.BytesIO(jpeg), formats=["JPEG"]) as picture:
        code = drawing.square_of(picture.convert("L"))
    at = code.position if code else None
    corners = (
        [(float(p.x), float(p.y)) for p in (at.top_left, at.top_right, at.bottom_right, at.bottom_left)] if at else []
    )
    return read(contest, jpeg, code.text if code else "", corners)
