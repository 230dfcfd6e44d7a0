"""Words by which files of many countries name what is no candidature: blank and null ballots, totals, registered. Pure.

They refuse, they never decide: a row or a column so named is mapped to its box by the profile, or said to be an option.
"""

from __future__ import annotations

from collections.abc import Mapping

from kalata.text import fold
from kalata.text import gettext_noop as _

from .boxes import LABELS, Box

BOX_WORDS: Mapping[Box, tuple[str, ...]] = {
    Box.BLANK_BALLOTS: (
        "blanc", "blancs", "blanco", "blancos", "en blanco", "en blanc", "branco", "brancos", "em branco", "blank", "blanks", "bianche",
        "schede bianche", "boş", "незаполненные",
    ),
    Box.NULL_BALLOTS: (
        "nul", "nuls", "nulo", "nulos", "null", "nulls", "nulle", "invalid", "invalids", "rejected", "spoilt", "spoiled",
        "blancs et nuls", "blancs ou nuls", "nulos y blancos", "ungültig", "ungültige", "geçersiz", "недействительные",
        "недействительных", "anulados", "viciados",
    ),
    Box.VALID: (
        "exprimes", "suffrages exprimes", "valid", "validos", "valides", "validly", "total valid", "gültig", "gültige",
        "geçerli", "действительных", "validi",
    ),
    Box.REGISTERED: ("inscrits", "registered", "registered voters", "inscritos", "electores", "electeurs inscrits", "electors", "eligible voters"),
    Box.VOTERS: ("votants", "turnout", "votantes", "emitidos", "total votes cast", "votes cast", "ballots cast", "total de votos", "total votes polled"),
}  # fmt: skip
NOISE = ("votes", "vote", "votos", "voto", "ballots", "ballot", "ballot papers", "papers", "bulletins", "bulletin", "suffrages", "papeletas", "cedulas", "voix", "stimmen", "oylar", "oy", "total", "бюллетеней", "бюллетени", "schede", "number of", "nombre de", "nombre d'", "nb")  # fmt: skip
TOTAL_WORDS = frozenset(map(fold, (
    "total", "totaux", "totals", "totales", "totais", "total général", "total general", "total generale", "total geral", "grand total", "general total",
    "sous-total", "sous total", "sub-total", "sub total", "subtotal", "s/total",
    "summe", "gesamt", "insgesamt", "total votes", "total des voix", "overall", "overall total", "toplam", "genel toplam", "итого", "всего", "récapitulatif", "recapitulation",
    "total candidates", "total candidats", "grand totals",
)))  # fmt: skip
STARTS = ("total ", "sous total ", "sub total ", "subtotal ", "s/total ", "totaux ", "итого ", "всего ", "toplam ")
OPTION_WORD = "option"
"""What a profile writes for a word of this list that is, in its contest, an option."""

WORDS: Mapping[str, Box] = {fold(word): box for box, words in BOX_WORDS.items() for word in words}
NOISES = tuple(sorted({fold(n) for n in NOISE}, key=len, reverse=True))
LINKS = frozenset(["of", "de", "des", "d", "el", "los", "las", "les", "en", "em"])
IS_A_BOX = _("c’est le nom de la case « %(box)s »")
IS_A_TOTAL = _("c’est le nom d’un total")


def bare(label: str) -> str:
    """A label without the words that say nothing (votes, ballots, bulletins …)."""
    text = f" {fold(label).strip(' :.')} "
    for noise in NOISES:
        text = text.replace(f" {noise} ", " ")
    words = text.split()
    return " ".join(words[1:] if words and words[0] in LINKS else words)


def box_named(label: str) -> Box | None:
    """The box that a heading or an option of this name is in plain words; None for a name of its own."""
    return WORDS.get(fold(label).strip(" :.")) or WORDS.get(bare(label))


def is_total(label: str) -> bool:
    """True for a word that names a total and nothing else: TOTAL, Sous-total, Итого."""
    return fold(label).strip(" :.") in TOTAL_WORDS


def begins_as_total(label: str) -> bool:
    """True for Total Kati, SOUS-TOTAL COMMUNE; a place may be called so (Total is a brand of fuel)."""
    return fold(label).startswith(STARTS)


def box_label(box: Box) -> str:
    return LABELS[box]
