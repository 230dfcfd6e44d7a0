"""Sentences that travel from a rule to a screen, a printed page or a program.

A rule does not know the language of its reader. It returns a `Message`: the French sentence
of the source (marked with `_`, so that gettext collects it) and the values that go into it.
Whoever speaks (a page, the command line) asks for `.text("fr")` or `.text("en")`.
Numbers are written the way each language writes them: 24 416 in French, 24,416 in English.
"""

from __future__ import annotations

import gettext as _gettext
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

NNBSP = "\u202f"
LOCALE_DIR = Path(__file__).parent / "locale"


def gettext_noop(message: str) -> str:
    """Mark a French sentence for translation, leave it as it is."""
    return message


_ = gettext_noop


@lru_cache(maxsize=8)
def catalogue(lang: str) -> _gettext.NullTranslations:
    """The compiled catalogue of a language; French, the source, has none."""
    return _gettext.translation("django", str(LOCALE_DIR), languages=[lang], fallback=True)


def translate(message: str, lang: str) -> str:
    """The sentence in `lang`; the French source where no translation exists."""
    return message if lang.startswith("fr") or not message else catalogue(lang).gettext(message)


def whole(value: int, lang: str = "fr") -> str:
    """A whole number as people of that language write it: 24 416 (fr, bm), 24,416 (en)."""
    sep = "," if lang.startswith("en") else NNBSP
    text = f"{abs(value):,}".replace(",", sep)
    return f"\u2212{text}" if value < 0 else text


def decimal_string(value: Fraction, places: int = 4) -> str:
    """The exact share rounded half up to `places`, with a point: for programs, never for rules.

    >>> decimal_string(Fraction(1, 3), 4)
    '0.3333'
    """
    scale = 10**places
    scaled = abs(value) * scale
    units = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    sign = "-" if value < 0 and units else ""
    return f"{sign}{units // scale}.{units % scale:0{places}d}" if places else f"{sign}{units}"


def percent(value: Fraction | None, lang: str = "fr", places: int = 2) -> str:
    """A share as a percentage, rounded half up at the very end: 36,79 % (fr), 36.79% (en)."""
    if value is None:
        return "–"
    text = decimal_string(value * 100, places)
    if lang.startswith("en"):
        return f"{text}%"
    return f"{text.replace('.', ',')}{NNBSP}%".replace("-", "\u2212")


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence and its values. Ints become written numbers, Fractions percentages."""

    template: str
    params: Mapping[str, object] = field(default_factory=dict)

    def text(self, lang: str = "fr") -> str:
        """The sentence in `lang`."""
        values: dict[str, object] = {}
        for key, value in self.params.items():
            if isinstance(value, bool) or value is None:
                values[key] = value
            elif isinstance(value, int):
                values[key] = whole(value, lang)
            elif isinstance(value, Fraction):
                values[key] = percent(value, lang)
            elif isinstance(value, Message):
                values[key] = value.text(lang)
            else:
                values[key] = value
        sentence = translate(self.template, lang).replace(")d", ")s")  # numbers are already written
        return sentence % values if values else sentence.replace("%%", "%")

    def both(self) -> dict[str, str]:
        """The sentence in French and in English: what the scripted interface prints."""
        return {"fr": self.text("fr"), "en": self.text("en")}

    def __str__(self) -> str:
        return self.text("fr")
