"""One alphabet for the codes of stations, areas, options, bags: what may stand in one, and when two are the same.

A code is folded at the door by `tidy` (composed letters, one kind of space, dash, apostrophe and quote) and
refused where a sign remains that a reader could not see, could not name or could take for another. Two codes
are the same where `key` gives the same: letters that look alike (Latin K, Cyrillic К), capitals and small
letters are one. Real files decide what is in the alphabet: station codes of several countries hold accents,
slashes, brackets, №; some hold a Latin letter typed inside a Cyrillic word. Such a word is written with the
letters of its own script; where that cannot be done it is refused. The idea is that of Unicode UTS 39
(restricted identifiers and skeletons), with the standard library alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from kalata.refusals import Refused
from kalata.text import Message
from kalata.text import gettext_noop as _

LONGEST = 250
SIGNS = " -.,()/\\'\"&@[]_;:#№°º+*!%"
"""Beside letters and ASCII digits. No < > | = $ { } ~ ^ ` ?: markup, shells, payloads and formulas begin with them."""

SCRIPTS = ("LATIN", "CYRILLIC", "GREEK", "ARABIC", "NKO", "TIFINAGH", "ADLAM", "ETHIOPIC", "GEORGIAN", "ARMENIAN", "HEBREW")  # fmt: skip
"""Of the letters of a code, by the first word of their Unicode name. Others are added here when a real file needs them."""

DOOR = str.maketrans(
    {
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d", "-"),
        **dict.fromkeys("\u2018\u2019\u201b\u02bc\u02bb\u2032\u00b4\uff07", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033", '"'),
        **{chr(c): " " for c in (0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000)},
    }
)
PLAIN = re.compile(r"[A-Za-z0-9()_#&@\[\],;:'\"-]+(?: [A-Za-z0-9()_#&@\[\],;:'\"-]+)*")
"""The common case, known at once: ASCII, no slash, no double space."""

TWINS = (
    ("LATIN", "CYRILLIC", "ABEKMHOPCTYXIJSÈËÏaeopcyxijsèëï", "АВЕКМНОРСТУХІЈЅЀЁЇаеорсухіјѕѐёї"),
    ("LATIN", "GREEK", "ABEZHIKMNOPTYXo", "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο"),
    ("CYRILLIC", "GREEK", "АВЕНІКМОРТУХо", "ΑΒΕΗΙΚΜΟΡΤΥΧο"),
)
"""Letters that are drawn alike in two scripts, one under the other."""

UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
BLANKS = "\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\u2800"
"""Letters and marks that draw nothing."""

SPLIT = re.compile(f"([{re.escape(SIGNS)}]+)")

LOOKS = str.maketrans(
    "АВЕКМНОРСТУХІЈЅԚԜҮҺӀԐѴ" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹͿ" + "ՕՍՏԼ" + "ⵔⵏⵝⴹߊߋ" + "ƖĸÐƉⱭꞬ°º",
    "ABEKMHOPCTYXIJSQWYHIƐV" + "ABEZHIKMNOPTYXCJ" + "OUSL" + "OIXEIO" + "IKĐĐAGOO",
)
"""Capitals of other scripts, and twins inside one, to the letter a reader would take them for. Capitals only: see `key`."""


class Why(StrEnum):
    SIGN = "sign"
    MIXED = "mixed"
    SHAPE = "shape"
    LONG = "long"
    SLUG = "slug"


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a text is no code. sign: the character, by number and Unicode name; empty for a fault of shape or length."""

    why: Why
    sign: str = ""

    @property
    def message(self) -> Message:
        return Message(SAYS[self.why], {"sign": self.sign, "most": LONGEST})


SAYS = {
    Why.SIGN: _("le signe %(sign)s ne peut pas figurer dans un code"),
    Why.MIXED: _("un même mot mêle deux écritures : %(sign)s"),
    Why.SHAPE: _("un code a au moins une lettre ou un chiffre, et n’est pas un chemin (. ou ..)"),
    Why.SLUG: _("lettres sans accent, chiffres, tirets ; le premier signe est une lettre ou un chiffre"),
    Why.LONG: _("un code a au plus %(most)d {most:signe|signes}"),
}


class BadCode(Refused):
    code = "COD-101"
    says = _("Le code « %(value)s » n’est pas accepté : %(why)s.")
    remedy = _("Écrivez-le avec des lettres d’une seule écriture, des chiffres et des séparateurs visibles.")
    status = 422


class SameCode(Refused):
    code = "COD-102"
    says = _("Le code « %(value)s » se confond avec « %(other)s », déjà pris : mêmes signes à l’œil.")
    remedy = _(
        "Donnez-lui un code qui se distingue par un chiffre ou une lettre, pas par la casse ou une lettre jumelle."
    )
    status = 422


def named(c: str) -> str:
    """A character as a refusal says it: U+200B ZERO WIDTH SPACE."""
    return f"U+{ord(c):04X} {unicodedata.name(c, 'CONTROL' if ord(c) < 0xA0 else 'UNNAMED')}"


def shown(text: str) -> str:
    """A refused text as it may be shown: what cannot be seen is written by its number, and it is cut at 60."""
    return "".join(c if c.isprintable() else f"<U+{ord(c):04X}>" for c in text[:60])


@lru_cache(maxsize=4096)
def script(c: str) -> str:
    """The script of a letter, empty for a letter that no code holds (compatibility forms, fillers, other scripts)."""
    word = unicodedata.name(c, "").split(" ", 1)[0]
    return word if word in SCRIPTS and unicodedata.normalize("NFKC", c) == c else ""


def tidy(text: str) -> str | Fault:
    """A code as it is kept, or why it is none. Trimmed, inner spaces one, letters composed; case is kept."""
    if len(text) <= LONGEST and PLAIN.fullmatch(text):
        return text if any(map(str.isalnum, text)) else Fault(Why.SHAPE)
    text = unicodedata.normalize("NFC", text.translate(DOOR).strip(" \t\r\n"))
    if (foreign := strange(text)) is not None:
        return foreign
    text = re.sub(" +", " ", text)
    words = []
    for word in SPLIT.split(text):
        one = of_one_script(word)
        if isinstance(one, Fault):
            return one
        words.append(one)
    text = "".join(words)
    if len(text) > LONGEST or len(key(text)) > LONGEST:
        return Fault(Why.LONG)
    parts = [p.strip() for p in re.split(r"[/\\]", text)]
    if not any(map(str.isalnum, text)) or any(p in (".", "..") for p in parts):
        return Fault(Why.SHAPE)
    return text


def strange(text: str) -> Fault | None:
    """The first character that no code may hold."""
    marks = 0
    for place, c in enumerate(text):
        if c in SIGNS or (c.isascii() and c.isalnum()):
            marks = 0
            continue
        kind = unicodedata.category(c)
        if kind in ("Lu", "Ll", "Lo", "Lt") and script(c):
            marks = 0
        elif kind in ("Mn", "Mc") and place and marks < 2 and text[place - 1] not in SIGNS and may_mark(c):
            marks += 1
        else:
            return Fault(Why.SIGN, named(c))
    return None


def may_mark(c: str) -> bool:
    """Accents that no composed letter has (tones of Bambara), vowel signs; no overlay, joiner or selector."""
    return 0x0300 <= ord(c) <= 0x0331 or (ord(c) > 0x0370 and unicodedata.name(c, "").split(" ", 1)[0] in SCRIPTS)


def of_one_script(word: str) -> str | Fault:
    """The word in the letters of its own script: the one most of its letters have, when the others have twins in it."""
    if word.isascii():
        return word
    held: dict[str, list[str]] = {}
    for c in word:
        if c.isalpha() and c not in SIGNS and (name := script(c)):
            held.setdefault(name, []).append(c)
    if len(held) < 2:
        return word
    order = sorted(held, key=lambda s: -len(held[s]))
    if len(held) == 2 and len(held[order[0]]) > len(held[order[1]]):
        table = twins(order[1], order[0])
        if all(ord(c) in table for c in held[order[1]]):
            return word.translate(table)
    return Fault(Why.MIXED, named(held[order[-1]][0]))


@lru_cache(maxsize=16)
def twins(of: str, into: str) -> dict[int, str]:
    for a, b, left, right in TWINS:
        if (of, into) == (a, b):
            return dict(zip(map(ord, left), right, strict=True))
        if (of, into) == (b, a):
            return dict(zip(map(ord, right), left, strict=True))
    return {}


def key(text: str) -> str:
    """What makes two codes the same: capitals, compatibility forms undone, look-alike letters as one.

    Looks are compared in capitals, because a code read aloud, stamped or typed on a form loses its case. Known
    limit: letters alike only when small (Greek nu and Latin v) are not one; a word never mixes them.
    """
    if text.isascii():
        return text.upper()
    apart = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text.replace("°", "º")).upper())
    return unicodedata.normalize("NFC", apart.translate(LOOKS))


def code(text: str) -> str:
    """The code of a text. COD-101: it is none."""
    found = tidy(text)
    if isinstance(found, Fault):
        raise BadCode(value=shown(text), why=found.message)
    return found


def label(text: str) -> str:
    """The name of an option, which is its code where it has no other: any visible sign, no control, no format.

    COD-101 names the character. Names are not codes: « », quotes and any script may stand in one.
    """
    found = visible(text)
    if isinstance(found, Fault):
        raise BadCode(value=shown(text), why=found.message)
    return found


def visible(text: str) -> str | Fault:
    """A name as it is kept: composed, trimmed, one space between words; or its first sign that nobody can see."""
    made = unicodedata.normalize("NFC", text).strip(" \t\r\n")
    for c in made:
        if unicodedata.category(c) in UNSEEN or c in BLANKS:
            return Fault(Why.SIGN, named(c))
    return re.sub(r"\s+", " ", made) or Fault(Why.SHAPE)


def slug(text: str) -> str:
    """The code of an election or a contest: part of addresses and of names of folders. COD-101: it is none."""
    if not re.fullmatch("[A-Za-z0-9][A-Za-z0-9_-]{0,79}", text):
        raise BadCode(value=shown(text), why=SAYS[Why.SLUG])
    return text


def sought(text: str) -> str:
    """The key of a code as somebody typed it, to look it up; of the text itself where it is no code."""
    found = tidy(text)
    return key(text.strip() if isinstance(found, Fault) else found)


def name_key(text: str) -> str:
    """What makes two names the same: their letters and digits; points, hyphens and spaces tell nobody apart."""
    whole = key(text)
    return "".join(c for c in whole if unicodedata.category(c)[0] in "LNM") or whole


def distinct(codes: Iterable[str], by: Callable[[str], str] = key) -> None:
    """Refuse (COD-102) two codes that a reader could not tell apart; by: what tells them apart."""
    seen: dict[str, str] = {}
    for one in codes:
        other = seen.setdefault(by(one), one)
        if other is not one:
            raise SameCode(value=shown(one), other=shown(other))
