"""How people write days, hours and sums of money, read without guessing. Pure: no database, no screen."""

from __future__ import annotations

import re
from datetime import date

from kalata.text import MONTHS_EN, MONTHS_FR, fold
from kalata.text import gettext_noop as _

NUMERIC = re.compile(r"([0-9]{1,2})\s?([/.-])\s?([0-9]{1,2})\s?\2\s?([0-9]{2,4})")
ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
WORDS = re.compile(r"(?:[a-z]+ )?([0-9]{1,2})(?:er|st|nd|rd|th)? ([a-z]{3,9})\.? ([0-9]{4})")
WORDS_EN = re.compile(r"(?:[a-z]+ )?([a-z]{3,9})\.? ([0-9]{1,2})(?:st|nd|rd|th)?,? ([0-9]{4})")
SIGNS = str.maketrans("", "", " \u00a0\u202f\u2009")

HOW = _("Écrivez la date ainsi : 2027-03-14.")
TWO_DIGITS = _("L’année a quatre chiffres : 2027-03-14.")
ORDER = _("Ce jour et ce mois peuvent se lire dans les deux sens. Écrivez le mois en lettres, ou ainsi : 2027-03-14.")
NO_DAY = _("Ce jour n’existe pas au calendrier. Écrivez le jour d’abord, ou ainsi : 2027-03-14.")


class Unread(ValueError):
    """Not read: the sentence that says why, with the remedy."""


def month_named(word: str) -> int:
    """The month that a word, or its first letters where they are of one month only, names; 0: none."""
    for names in (MONTHS_FR, MONTHS_EN):
        found = [i for i, name in enumerate(names, 1) if fold(name).startswith(word)]
        if len(found) == 1:
            return found[0]
    return 0


def day_of(text: str, lang: str = "fr") -> date:
    """A civil day as people write it: 2027-03-12, 12/3/2027, 12.03.2027, 12 mars 2027, 1er mars 2027, March 12, 2027.

    In figures the day comes first, as in every country of the packs. A reader in English may mean the month: there
    12/3/2027 is refused, for it would be sure and wrong. Unread otherwise, never a guess.
    """
    clean = " ".join(text.strip().split())
    if len(clean) > 40:
        raise Unread(HOW)
    if found := ISO.fullmatch(clean):
        return made(int(found[1]), int(found[2]), int(found[3]))
    if found := NUMERIC.fullmatch(clean):
        first, second, year = int(found[1]), int(found[3]), found[4]
        if len(year) != 4:
            raise Unread(TWO_DIGITS)
        if lang.startswith("en") and first != second and first <= 12 and second <= 12:
            raise Unread(ORDER)
        return made(int(year), second, first)
    plain = fold(clean)
    if (found := WORDS.fullmatch(plain)) and (month := month_named(found[2])):
        return made(int(found[3]), month, int(found[1]))
    if (found := WORDS_EN.fullmatch(plain)) and (month := month_named(found[1])):
        return made(int(found[3]), month, int(found[2]))
    raise Unread(HOW)


def made(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise Unread(NO_DAY) from None


HOUR = re.compile(r"([0-9]{1,2})\s?(?:(?:h|:|heures?)\s?(?:([0-9]{2})(?:\s?(?::|min)\s?([0-9]{2})?(?:\s?s)?)?)?)", re.I)
WHEN = re.compile(r"(.+?)(?:\s*,\s*|\s+à\s+|\s+at\s+|T|\s+)([0-9]{1,2}\s?(?:h|:)[^T,]*)", re.I)
HOW_HOUR = _("Écrivez l’heure ainsi : 14:05 ou 14 h 05.")
HOW_INSTANT = _("Écrivez le jour puis l’heure : 1er décembre 2026 14:05, ou 01/12/2026 14 h 05.")


def hour_of(text: str, last: bool = False) -> tuple[int, int, int]:
    """(hour, minute, second) as people write it: 14:05, 14h05, 14 h, 14:05:30. last: 24:00, the end of a day, is one."""
    found = HOUR.fullmatch(" ".join(text.split()))
    if not found:
        raise Unread(HOW_HOUR)
    hour, minute, second = int(found[1]), int(found[2] or 0), int(found[3] or 0)
    if hour < 24 and minute < 60 and second < 60:
        return hour, minute, second
    if last and (hour, minute, second) == (24, 0, 0):
        return hour, minute, second
    raise Unread(HOW_HOUR)


def instant_of(text: str, lang: str = "fr") -> tuple[date, tuple[int, int, int] | None]:
    """A day and, where one is written, its hour: 1er décembre 2026 14:05, 01/12/2026 à 14 h 05, 2026-12-01T14:05.

    The hour is that of the place that the page names; nothing is added to it and no zone is guessed.
    """
    clean = " ".join(text.strip().split())
    if len(clean) > 60:
        raise Unread(HOW_INSTANT)
    found = WHEN.fullmatch(clean)
    if not found:
        return day_of(clean, lang), None
    return day_of(found[1], lang), hour_of(found[2], last=True)


FRANCS = re.compile(r"([0-9]+)(?:f|fcfa|francs?|francscfa|xof|cfa)?")
GROUPED = re.compile(r"[0-9]{1,3}(?:([.,])[0-9]{3})(?:\1[0-9]{3})*")

WHOLE = _("Écrivez la somme en francs entiers : 1 500 000.")
POINT = _(
    "Un point ou une virgule peut séparer des milliers ou des centimes. Écrivez les francs avec des espaces : 1 500 000."
)


def francs_of(text: str, most: int) -> int:
    """A sum in whole francs: 1 500 000, 1500000 F CFA. A point or a comma between figures is refused: it says two things."""
    clean = text.strip().translate(SIGNS).lower()
    head = re.sub(r"(f|fcfa|francs?|francscfa|xof|cfa)$", "", clean)
    if GROUPED.fullmatch(head) or re.fullmatch(r"[0-9]+[.,][0-9]+", head):
        raise Unread(POINT)
    found = FRANCS.fullmatch(clean) if clean.isascii() else None
    if not found or len(found[1].lstrip("0")) > len(str(most)) or int(found[1]) > most:
        raise Unread(WHOLE)
    return int(found[1])
