"""The reader of answer sheets: turned, shaded, erased, of another form. What it is not sure of goes to a person."""

import io
import random

import numpy as np
import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageDraw

from kalata.documents import typeset
from kalata.training.manuals import square
from kalata.training.papers.classes import WORDS
from kalata.training.sheets import geometry, reading

OPTIONS = [4, 2, 3] * 10
MARK = "a1b2c3d4e5f6"
UNIT = 150 / 25.4


@pytest.fixture(scope="module")
def blank():
    """A printed sheet, scanned."""
    text = geometry.code_text(MARK, "A", "K0001", 7)
    data = {
        "lang": "fr", "w": WORDS, "code": "K0001", "day": [2027, 2, 1], "role": "assessors", "letter": "A", "mark": MARK, "draft": False,
        "rows": [[n + 1, "ABCD"[:k]] for n, k in enumerate(OPTIONS)], "sheets": [{"seat": 7, "agent": "", "text": text}],
        "geometry": {
            "corners": geometry.CORNERS, "corner": geometry.CORNER, "qr": geometry.QR, "radius": geometry.RADIUS, "bubbles": geometry.bubbles(OPTIONS),
        },
    }  # fmt: skip
    from kalata import training

    template = __import__("pathlib").Path(training.__file__).parent / "typst" / "answers.typ"
    pdf = typeset.compiled(template, data, {"qr-0.svg": square(text)})
    return pypdfium2.PdfDocument(pdf)[0].render(scale=150 / 72, grayscale=True).to_pil().convert("L")


def filled(sheet, chosen, *, smears=(), pen=40):
    out = sheet.copy()
    draw = ImageDraw.Draw(out)

    def disc(on, row, option, shade):
        x, y = (v * UNIT for v in geometry.bubble(row, option))
        r = 2.2 * UNIT
        on.ellipse([x - r, y - r, x + r, y + r], fill=shade)

    for row, option in enumerate(chosen):
        if option is not None:
            disc(draw, row, option, pen)
    layer = Image.new("L", out.size, 255)
    for row, option in smears:
        disc(ImageDraw.Draw(layer), row, option, 185)
    return ImageChops.multiply(out, layer)


def chosen(seed=1):
    rng = random.Random(seed)
    return [None if rng.random() < 0.1 else rng.randrange(k) for k in OPTIONS]


def shaded(picture):
    """A shadow across it, grain, and a photograph's loss."""
    values = np.asarray(picture, dtype=np.float32)
    across = np.linspace(0, 1, values.shape[1])[None, :]
    values = values * (1 - 0.4 / (1 + np.exp(-(across - 0.5) * 25)))
    values += np.random.default_rng(1).normal(0, 5, values.shape)
    out = io.BytesIO()
    Image.fromarray(np.clip(values, 0, 255).astype("uint8")).save(out, "JPEG", quality=70)
    return Image.open(out)


def read(picture, forms=None):
    return reading.of_picture(picture.convert("L"), forms or {MARK: OPTIONS})


@pytest.mark.parametrize("angle", [-5, 0, 5, 180])
def test_a_sheet_is_read_turned_by_five_degrees_in_shadow_and_upside_down(blank, angle):
    want = chosen()
    said = read(shaded(filled(blank, want).rotate(angle, resample=Image.Resampling.BICUBIC, fillcolor=230)))
    assert (said["why"], said["class"], said["seat"]) == ("", "K0001", 7)
    sure = [n for n in range(len(OPTIONS)) if n not in said["doubtful"]]
    assert [said["answers"][n] for n in sure] == [want[n] for n in sure]
    assert len(said["doubtful"]) <= 2


def test_an_erasure_and_two_marks_go_to_a_person_and_nothing_else_does(blank):
    want = [0] * len(OPTIONS)
    picture = filled(blank, want, smears=[(4, 1)])
    x, y = (v * UNIT for v in geometry.bubble(9, 1))
    ImageDraw.Draw(picture).ellipse([x - 13, y - 13, x + 13, y + 13], fill=30)
    assert read(picture)["doubtful"] == [4, 9]


def test_a_faint_mark_is_not_taken_for_none(blank):
    assert 3 in read(filled(blank, [0, 0, 0, None, *[0] * 26], smears=[(3, 2)]))["doubtful"]


def test_a_sheet_of_another_form_is_not_read_and_a_cut_one_is_refused(blank):
    other = read(filled(blank, chosen()), {"ffffffffffff": OPTIONS})
    assert (other["mark"], other["answers"]) == (MARK, [])
    cut = filled(blank, chosen()).crop((0, 0, blank.width, round(blank.height * 0.8)))
    assert read(cut)["why"] in ("bent", "no_corners")
    assert read(Image.new("L", (900, 1200), 240))["why"] == "no_code"
