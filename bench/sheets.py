"""500 synthetic answer sheets: turned by up to five degrees, shaded, erased, photographed. Silent errors, sheets for a person, seconds a sheet."""

from __future__ import annotations

import io
import random
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
from PIL import Image, ImageChops, ImageDraw, ImageFilter

import kalata.training
from bench.lines import line, not_measured
from kalata.documents import typeset
from kalata.training.manuals import square
from kalata.training.papers.classes import WORDS
from kalata.training.sheets import geometry, reading

DPI = 200
UNIT = DPI / 25.4
MARK = "a1b2c3d4e5f6"


def blank(options: list[int]) -> Image.Image:
    text = geometry.code_text(MARK, "A", "K0001", 7)
    data: dict[str, Any] = {
        "lang": "fr", "w": WORDS, "code": "K0001", "day": [2027, 2, 1], "role": "assessors", "letter": "A", "mark": MARK, "draft": False,
        "rows": [[n + 1, "ABCDEFG"[:k]] for n, k in enumerate(options)], "sheets": [{"seat": 7, "agent": "", "text": text}],
        "geometry": {
            "corners": geometry.CORNERS, "corner": geometry.CORNER, "qr": geometry.QR, "radius": geometry.RADIUS, "bubbles": geometry.bubbles(options),
        },
    }  # fmt: skip
    template = Path(str(kalata.training.__file__)).parent / "typst" / "answers.typ"
    pdf = typeset.compiled(template, data, {"qr-0.svg": square(text)})
    return pypdfium2.PdfDocument(pdf)[0].render(scale=DPI / 72, grayscale=True).to_pil().convert("L")


def marked(base: Image.Image, options: list[int], rng: random.Random) -> tuple[Image.Image, list[int | None]]:
    """A sheet filled in by somebody: pens of several shades, scribbles, erasures, some questions left or answered twice (-1)."""
    image, want = base.copy(), []
    for row, many in enumerate(options):
        chance, option = rng.random(), rng.randrange(many)
        if chance < 0.05:
            want.append(None)
            continue
        want.append(option if not 0.12 <= chance < 0.14 else -1)
        blot(image, row, option, rng.choice([20, 40, 60, 80]), rng.uniform(1.9, 2.6), rng, scribble=rng.random() < 0.25)
        other = rng.choice([k for k in range(many) if k != option])
        if chance < 0.12:
            layer = Image.new("L", image.size, 255)
            blot(layer, row, other, rng.choice([170, 190, 205, 220]), 2.3, rng)
            image = ImageChops.multiply(image, layer)
        elif chance < 0.14:
            blot(image, row, other, 40, 2.2, rng)
    return image, want


def blot(
    image: Image.Image, row: int, option: int, shade: int, size: float, rng: random.Random, *, scribble: bool = False
) -> None:
    x, y = ((v + rng.uniform(-0.4, 0.4)) * UNIT for v in geometry.bubble(row, option))
    r, draw = size * UNIT, ImageDraw.Draw(image)
    if not scribble:
        draw.ellipse([x - r, y - r, x + r, y + r], fill=shade)
        return
    for _stroke in range(14):
        draw.line(
            [x + rng.uniform(-r, r), y + rng.uniform(-r, r), x + rng.uniform(-r, r), y + rng.uniform(-r, r)],
            fill=shade,
            width=3,
        )


def photographed(image: Image.Image, rng: random.Random) -> Image.Image:
    pad = rng.choice([0, 0, 60, 140])
    framed = Image.new("L", (image.width + 2 * pad, image.height + 2 * pad), rng.choice([255, 235, 110]))
    framed.paste(image, (pad, pad))
    turned = framed.rotate(rng.uniform(-5, 5), resample=Image.Resampling.BICUBIC, fillcolor=rng.choice([255, 230, 120]))
    values = np.asarray(turned, dtype=np.float32)
    y, x = np.mgrid[0 : values.shape[0], 0 : values.shape[1]]
    way = rng.uniform(0, 6.28)
    along = x * np.cos(way) + y * np.sin(way)
    along = (along - along.min()) / (along.max() - along.min())
    if rng.random() < 0.6:
        values = values * (
            1 - rng.uniform(0.15, 0.45) / (1 + np.exp(-(along - rng.uniform(0.2, 0.8)) / rng.uniform(0.02, 0.3) * 4))
        )
    else:
        values = values * (0.8 + 0.2 * along)
    values = values + np.random.default_rng(rng.randrange(10**9)).normal(0, rng.uniform(1, 9), values.shape)
    out = Image.fromarray(np.clip(values, 0, 255).astype("uint8"))
    wide = rng.choice([1100, 1240, 1654, 1654, 2000])
    out = out.resize((wide, round(out.height * wide / out.width)))
    if rng.random() < 0.5:
        out = out.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 1.0)))
    body = io.BytesIO()
    out.save(body, "JPEG", quality=rng.choice([60, 75, 90]))
    return Image.open(body).convert("L").rotate(rng.choice([0, 0, 0, 90, 180, 270]), expand=True)


def main(count: int) -> None:
    rng = random.Random(1)
    options = [rng.choice([2, 3, 4, 4, 4]) for _n in range(30)]
    base = blank(options)
    silent = doubtful = unread = questions = 0
    spent: list[float] = []
    for _n in range(count):
        image, want = marked(base, options, rng)
        sheet = photographed(image, rng)
        started = time.process_time()
        said = reading.of_picture(sheet, {MARK: options})
        spent.append(time.process_time() - started)
        if said["why"]:
            unread += 1
            continue
        questions += len(options)
        doubtful += len(said["doubtful"])
        silent += sum(said["answers"][q] != want[q] for q in range(len(options)) if q not in said["doubtful"])
    line("answer sheets: silent errors", f"{silent} in {count}", "0", silent == 0, of=questions, least=1)
    line("answer sheets: refused as unreadable", str(unread), "told, never guessed")
    line("answer sheets: answers for a person", f"{doubtful} of {questions}", "told")
    line(
        "answer sheets: seconds of processor a sheet",
        f"{sum(spent) / count:.2f}, most {max(spent):.2f}",
        "< 1",
        max(spent) < 1,
        of=questions,
        least=1,
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500)
    sys.exit(1 if not_measured else 0)
