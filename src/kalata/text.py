"""Sentences that travel from a rule to a screen, a printed page or a program.

A rule does not know the language of its reader. It returns a `Message`: the French sentence
of the source (marked with `_`, so that gettext collects it) and the values that go into it.
Whoever speaks (a page, the command line) asks for `.text("fr")` or `.text("en")`.
Numbers are written the way each language writes them: 24 416 in French, 24,416 in English.
"""

from __future__ import annotations

import gettext as _gettext
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

NNBSP = "\u202f"
LOCALE_DIR = Path(__file__).parent / "locale"


def gettext_noop(message: str) -> str:
    """Mark a French sentence for translation, leave it as it is."""
    return message


_ = gettext_noop


FOLDERS = [LOCALE_DIR]
"""Where catalogues are: the house's, then that of each room from outside."""


def also(folder: Path) -> None:
    """Take the catalogue of a room from outside too; where both have a sentence, the house's stands."""
    if folder not in FOLDERS:
        FOLDERS.append(folder)
        catalogue.cache_clear()


@lru_cache(maxsize=8)
def catalogue(lang: str) -> _gettext.NullTranslations:
    """The compiled catalogues of a language; French, the source, has none."""
    first, *others = (_gettext.translation("django", str(f), languages=[lang], fallback=True) for f in FOLDERS)
    for one in others:
        first.add_fallback(one)
    return first


def translate(message: str, lang: str) -> str:
    """The sentence in `lang`; the French source where no translation exists."""
    return message if lang.startswith("fr") or not message else catalogue(lang).gettext(message)


LIKE = str.maketrans("ɛɔɲŋ’-_", "eonn'  ")


@lru_cache(maxsize=32_768)
def fold(name: str) -> str:
    """The key by which names sort and match: no accents, ɛ ɔ ɲ ŋ as e o n n, one space."""
    plain = name.casefold().translate(LIKE)
    if not plain.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFD", plain) if not unicodedata.combining(c))
    return " ".join(plain.split())


def nfc(text: str) -> str:
    """Text in the one form that the public log takes: a file typed on another system may hold accents apart from their letters."""
    return unicodedata.normalize("NFC", text)


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


def decimal(value: Fraction | int | float, lang: str = "fr", places: int = 1, *, shortest: bool = False) -> str:
    """A number with decimals as people of that language write it, rounded half up: −1 234,50 (fr), −1,234.50 (en).

    shortest: no zero at its end that says nothing.
    """
    text = decimal_string(Fraction(value), places)
    head, _point, tail = text.removeprefix("-").partition(".")
    tail = tail.rstrip("0") if shortest else tail
    mark = "." if lang.startswith("en") else ","
    sign = "\u2212" if text.startswith("-") else ""
    return f"{sign}{whole(int(head), lang)}{mark if tail else ''}{tail}"


def percent(value: Fraction | None, lang: str = "fr", places: int = 2) -> str:
    """A share as a percentage, rounded half up at the very end: 36,79 % (fr), 36.79% (en)."""
    if value is None:
        return "–"
    return f"{decimal(value * 100, lang, places)}{'' if lang.startswith('en') else NNBSP}%"


MONTHS_FR = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
]
MONTHS_EN = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
DAYS_FR = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"]
DAYS_EN = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def long_date(value: date, lang: str = "fr") -> str:
    """A civil day as people write it: vendredi 3 août 2018 (fr), Friday 3 August 2018 (en)."""
    if lang.startswith("en"):
        return f"{DAYS_EN[value.weekday()]} {value.day} {MONTHS_EN[value.month - 1]} {value.year}"
    first = "1er" if value.day == 1 else str(value.day)
    return f"{DAYS_FR[value.weekday()]} {first} {MONTHS_FR[value.month - 1]} {value.year}"


def clock(value: time, lang: str = "fr") -> str:
    """An hour as people write it: 18 h 00 (fr), 18:00 (en)."""
    return f"{value:%H:%M}" if lang.startswith("en") else f"{value.hour}\u00a0h\u00a0{value.minute:02}"


def duration(value: timedelta, lang: str = "fr") -> str:
    """A length of time in days, hours and minutes; under three days in hours, as registries speak."""
    minutes = abs(value) // timedelta(minutes=1)
    english = lang.startswith("en")
    days, hours, rest = minutes // 1440, minutes % 1440 // 60, minutes % 60
    if days < 3:
        days, hours = 0, minutes // 60
    parts: list[str] = []
    if days:
        parts.append(f"{whole(days, lang)} {'day' if english else 'jour'}{'s' if days > 1 else ''}")
    if hours or not (days or rest):
        parts.append(f"{hours}\u00a0h" + (f"\u00a0{rest:02}" if rest else ""))
    elif rest:
        parts.append(f"{rest}\u00a0min")
    return " ".join(parts)


def write(value: object, lang: str) -> object:
    """A value of a sentence as the language writes it."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return whole(value, lang)
    if isinstance(value, Fraction):
        return percent(value, lang)
    if isinstance(value, Decimal):
        return decimal(Fraction(value), lang, max(0, -int(value.as_tuple().exponent)))
    if isinstance(value, Message | Named):
        return value.text(lang)
    if isinstance(value, datetime):
        return f"{long_date(value.date(), lang)}, {clock(value.time(), lang)}"
    if isinstance(value, date):
        return long_date(value, lang)
    if isinstance(value, time):
        return clock(value, lang)
    if isinstance(value, timedelta):
        return duration(value, lang)
    if isinstance(value, tuple):
        return ", ".join(str(write(v, lang)) for v in value)
    return value


@dataclass(frozen=True, slots=True)
class Named:
    """A name that comes from data with its own translations, not from the catalogue."""

    fr: str
    en: str = ""

    def text(self, lang: str = "fr") -> str:
        return self.en if lang.startswith("en") and self.en else self.fr

    def __str__(self) -> str:
        return self.fr


def plainly(sentence: str, **values: object) -> Message:
    """A sentence whose numbers are written without separators, as scripts read them."""
    return Message(sentence, {k: str(v) if isinstance(v, int) else v for k, v in values.items()})


FORMS = re.compile(r"\{(\w+):([^{}|]*)\|([^{}|]*)\}")
"""{n:bureau|bureaux}: the form for one and the form for several, chosen by the value n of the sentence."""


ONE = re.compile(r"[-\u2212]?1")
BELOW_TWO = re.compile(r"[-\u2212]?[01](?:[.,]\d+)?")
"""A count, as a number or as a language has written it: what English, and what French, calls one."""


def formed(sentence: str, values: Mapping[str, object], lang: str) -> str:
    """A sentence with the forms that its counts ask: one alone in English, less than two in French. What is no number is several.

    >>> formed("{n:bureau|bureaux}", {"n": 1}, "fr")
    'bureau'
    """
    one = ONE if lang.startswith("en") else BELOW_TWO

    def chosen(found: re.Match[str]) -> str:
        return found[2] if one.fullmatch(str(values.get(found[1], ""))) else found[3]

    return FORMS.sub(chosen, sentence)


def told(sentence: str, lang: str | None, values: Mapping[str, object]) -> str:
    """A sentence that stands in `lang` already, with its values and the forms that its counts ask."""
    lang = lang or "fr"
    written = {key: write(value, lang) for key, value in values.items()}
    sentence = formed(sentence, values, lang).replace(")d", ")s")  # numbers are already written
    return sentence % written if written else sentence.replace("%%", "%")


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence and its values: numbers, shares, days, hours and lengths as each language writes them."""

    template: str
    params: Mapping[str, object] = field(default_factory=dict)

    def text(self, lang: str = "fr") -> str:
        """The sentence in `lang`."""
        return told(translate(self.template, lang), lang, self.params)

    def both(self) -> dict[str, str]:
        """The sentence in French and in English: what the scripted interface prints."""
        return {"fr": self.text("fr"), "en": self.text("en")}

    def __str__(self) -> str:
        return self.text("fr")
