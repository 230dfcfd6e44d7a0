"""Where the lines of a form stand on its picture: a known sheet, drawn, turned, shrunk, without its code, and not a form."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from kalata.tally.numeric import ruling
from kalata.tally.rules import placing

PLAN = placing.Plan(
    spots=tuple(placing.Spot(n, 1, 60.0 + placing.ROW * n) for n in range(6))
    + tuple(placing.Spot(6 + n, 2, 54.0 + placing.ROW * n) for n in range(3)),
    square=(15.5, 13.2, 20.0),
    words=True,
)
DOTS = 5.9


def sheet(page: int) -> Image.Image:
    picture = Image.new("L", (round(placing.WIDE * DOTS), round(placing.HIGH * DOTS)), 250)
    draw = ImageDraw.Draw(picture)
    for spot in PLAN.on(page):
        for y in (spot.top, spot.top + placing.ROW):
            draw.line((placing.LEFT * DOTS, y * DOTS, placing.RIGHT * DOTS, y * DOTS), fill=110, width=2)
    return picture


def laid(picture, corners=()):
    return ruling.laid(np.asarray(picture), PLAN, list(corners))


def corners(angle=0.0, scale=DOTS, shift=(0.0, 0.0)):
    x, y, side = PLAN.square
    turn = np.deg2rad(angle)
    points = [(x, y), (x + side, y), (x + side, y + side), (x, y + side)]
    cos, sin = np.cos(turn), np.sin(turn)
    middle = (placing.WIDE * scale / 2, placing.HIGH * scale / 2)
    out = []
    for px, py in points:
        u, v = px * scale - middle[0], py * scale - middle[1]
        out.append((cos * u + sin * v + middle[0] + shift[0], cos * v - sin * u + middle[1] + shift[1]))
    return out


@pytest.mark.parametrize("page", [1, 2])
def test_the_page_is_told_by_its_rules_and_each_line_is_framed(page):
    found = laid(sheet(page), corners())
    assert found is not None and found.page == page
    frames = placing.boxes(PLAN, page, found.frame, *sheet(page).size)
    assert set(frames) == {s.no for s in PLAN.on(page)}
    for spot in PLAN.on(page):
        _x, y, _w, h = frames[spot.no]
        assert abs((y + h / 2) / 1e4 * placing.HIGH - (spot.top + placing.ROW / 2)) < 0.6


@pytest.mark.parametrize("angle", [-1.2, 0.8])
def test_a_sheet_laid_askew_is_framed_within_its_row(angle):
    picture = sheet(1).rotate(angle, fillcolor=250)
    found = laid(picture, corners(angle))
    assert found is not None and found.page == 1
    for spot in PLAN.on(1):
        middle = found.frame.at(placing.WIDE / 2, spot.top + placing.ROW / 2)
        u, v = (placing.WIDE / 2 - placing.WIDE / 2) * DOTS, (spot.top + placing.ROW / 2 - placing.HIGH / 2) * DOTS
        turn = np.deg2rad(angle)
        expected = np.cos(turn) * v - np.sin(turn) * u + placing.HIGH * DOTS / 2
        assert abs(middle[1] - expected) < placing.ROW * DOTS / 5


def test_without_its_code_a_whole_sheet_is_still_found():
    found = laid(sheet(2))
    assert found is not None and found.page == 2


def test_what_is_no_form_gets_no_frame():
    assert laid(Image.new("L", (900, 1200), 250)) is None
    noise = np.random.default_rng(4).integers(0, 255, (900, 700), dtype=np.uint8)
    assert laid(Image.fromarray(noise)) is None
    assert placing.from_square([(0.0, 0.0)], PLAN.square) is None
    assert placing.from_square([(10, 10), (0, 10), (0, 0), (10, 0)], PLAN.square) is None, "upside down is not laid"
