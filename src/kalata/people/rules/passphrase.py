"""Which long passphrases are still easy to guess: words everybody at an election thinks of, one thing repeated, a run.

No character is demanded and none forbidden: four unlinked words are enough.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import pairwise

LEFT = 8
"""Letters that must remain once the expected words are taken away."""
UNIT = 8
"""A passphrase that repeats something so short is that thing."""
WORDS = (
    "kalata", "election", "elections", "electoral", "electorale", "electeur", "vote", "voter", "votes", "votant", "scrutin",
    "bureau", "bureaux", "urne", "bulletin", "bulletins", "candidat", "candidate", "candidats", "commission", "resultat",
    "resultats", "proces", "verbal", "verbaux", "depouillement", "centralisation", "centre", "president", "presidentielle",
    "presidentiel", "legislative", "legislatives", "communale", "communales", "referendum", "senat", "depute", "ministere",
    "republique", "national", "nationale", "superviseur", "administrateur", "admin", "administrator", "operateur", "agent",
    "saisie", "securite", "publication", "coordination", "observateur", "delegue", "greffe", "juge", "auditeur", "systeme",
    "ballot", "polling", "station", "result", "results", "voter", "observer", "supervisor", "operator", "presidential",
    "motdepasse", "passe", "phrase", "password", "passphrase", "secret", "secrete", "bonjour", "bienvenue", "welcome",
    "azerty", "azertyuiop", "qwerty", "qwertyuiop", "jetaime", "iloveyou", "letmein",
)  # fmt: skip


def folded(text: str) -> str:
    """Small letters without accents, and digits: what a guesser tries first."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in plain if c.isalnum())


def repeats(text: str) -> bool:
    """True where the text is something of at most UNIT signs written again and again.

    >>> repeats("abcabcabc"), repeats("abcabd")
    (True, False)
    """
    return any(text == (text[:n] * (len(text) // n + 1))[: len(text)] for n in range(1, min(UNIT, len(text) // 2) + 1))


def runs(text: str) -> bool:
    """True where each sign follows the one before it, up or down, nines to zero included.

    >>> runs("123456789012345"), runs("gfedcba"), runs("abd")
    (True, True, False)
    """
    pairs = list(pairwise(text))
    return any(
        pairs and all(ord(b) - ord(a) == step or (a, b) == ends for a, b in pairs)
        for step, ends in ((1, ("9", "0")), (-1, ("0", "9")))
    )


def remains(text: str, expected: Iterable[str] = ()) -> str:
    """The letters left once the expected words and every digit are taken away, the longest word first."""
    text = folded(text)
    words = {folded(w) for w in (*WORDS, *expected)}
    for word in sorted((w for w in words if len(w) > 2), key=len, reverse=True):
        text = text.replace(word, "")
    return re.sub(r"[0-9]", "", text)


def guessable(text: str, expected: Iterable[str] = ()) -> bool:
    """True where a person who knows the house would try it early. expected: the owner's name, the country's.

    A phrase in letters the folding does not know (N'Ko, Arabic) counts like any other.
    """
    core = folded(text)
    return repeats(core) or runs(core) or len(remains(text, expected)) < LEFT
