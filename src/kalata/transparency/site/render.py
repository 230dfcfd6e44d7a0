"""Templates of the public site. Jinja, because a station page must cost a fraction of a millisecond."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction
from functools import lru_cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from kalata.text import percent, translate, whole
from kalata.transparency.rules.entries import FIGURES

HERE = Path(__file__).parent
ICONS = HERE.parents[1] / "ui" / "icons.svg"
STYLE = HERE.parents[1] / "ui" / "static" / "kalata.css"
MORE = HERE / "assets" / "site.css"
BOXES_OF_LOG = {name: box for box, name in FIGURES.items()}
LANGUAGES = {"fr": "Français", "en": "English", "bm": "Bamanankan"}


@lru_cache(maxsize=1)
def symbols() -> dict[str, str]:
    return {
        m[1]: m[0] for m in re.finditer(r'<symbol id="([^"]+)".*?</symbol>', ICONS.read_text(encoding="utf-8"), re.S)
    }


def sprite(*names: str) -> Markup:
    picked = "".join(symbols()[n] for n in names if n in symbols())
    return Markup(f'<svg width="0" height="0" class="spr" aria-hidden="true">{picked}</svg>')  # noqa: S704  our own file


def icon(name: str, css: str = "") -> Markup:
    return Markup('<svg class="i {}" aria-hidden="true"><use href="#{}"/></svg>').format(css, name)


def emblem(name: str) -> Markup:
    return Markup('<i class="z z-{}"></i>').format(name)


def emblem_style(names: Iterable[str]) -> str:
    """The emblems of the ballot as masks: once in the style sheet, not once in each of 25,000 pages."""
    out = [".z{display:block;inline-size:1.75rem;block-size:1.75rem;background:currentColor}"]
    for name in names:
        found = symbols().get(name, "")
        inner = found.partition(">")[2].removesuffix("</symbol>")
        drawing = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#000" stroke-width="1.5">{inner}</svg>'
        url = f'url("data:image/svg+xml,{quote(drawing)}") center/contain no-repeat'
        out.append(f".z-{name}{{-webkit-mask:{url};mask:{url}}}")
    return "".join(out)


def bar(share: Fraction | None, scale: int) -> str:
    """The width of a bar, in percent of a scale."""
    return "0" if share is None else f"{float(share * 10_000 / scale):.2f}"


def boxed(name: str) -> str:
    """How the rest of the house calls a box of the log."""
    return BOXES_OF_LOG.get(name, name)


def width(part: int, whole_: int) -> str:
    return f"{part * 100 / whole_:.2f}" if whole_ else "0"


def scale_of(top: Fraction | None) -> tuple[int, str]:
    """The round scale of a chart whose longest bar is `top`, and where its 50 % mark stands: always on it."""
    scale = 100 if top is None else min(100, max(60, -(-int(top * 100 + 4) // 10) * 10))
    return scale, f"{50 * 100 / scale:.2f}"


def number(lang: str, value: Any) -> str:
    return "–" if value is None else whole(value, lang) if isinstance(value, int) else str(value)


def share(lang: str, value: Fraction | None, places: int = 2) -> str:
    return percent(value, lang, places)


@lru_cache(maxsize=4)
def environment(lang: str) -> Environment:
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters |= {"n": partial(number, lang), "pct": partial(share, lang)}
    made.globals |= {
        "_": lambda text: translate(text, lang),
        "icon": icon,
        "bar": bar,
        "boxed": boxed,
        "width": width,
        "lang": lang,
    }
    return made


def render(template: str, lang: str, **values: Any) -> bytes:
    """One page, with the symbols it uses and no other, at the place of SPRITE."""
    text = environment(lang).get_template(template).render(values)
    used = dict.fromkeys(USE.findall(text))
    return text.replace(SPRITE, sprite(*used), 1).encode()


USE = re.compile(r'<use href="#([^"]+)"')
SPRITE = "<!--sprite-->"
