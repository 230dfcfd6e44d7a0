"""Lots that anybody draws again: a seed promised by its SHA-256 before it matters, a number for each name from it. For every room."""

from __future__ import annotations

import re
from hashlib import sha256

from kalata.refusals import Refused
from kalata.text import gettext_noop as _

LEAST_SEED, MOST_SEED = 32, 512
"""Hexadecimal digits of a seed that is committed: 16 bytes at least, or nobody is kept from trying them all."""
_HEX = re.compile(r"[0-9a-f]+\Z")


class BadSeed(Refused):
    code = "DIS-402"
    says = _("La graine du tirage n’est pas lisible : %(why)s.")
    remedy = _("Écrivez-la en chiffres hexadécimaux (0-9, a-f), comme elle a été publiée.")
    status = 422
    sentences = frozenset({"why"})


class OtherSeed(Refused):
    """A seed that is not the one committed would let whoever holds it choose."""

    code = "DIS-404"
    says = _("Cette graine n’est pas celle qui a été engagée : son SHA-256 est %(got)s, l’engagement est %(want)s.")
    remedy = _("Présentez la graine engagée avant que la liste du tirage soit connue ; une autre ne peut pas servir.")


def seed_of(text: str) -> str:
    """The seed as it is hashed: lower-case hexadecimal. DIS-402 where it is not that."""
    seed = text.strip().lower()
    if not _HEX.match(seed):
        raise BadSeed(why=_("ce n’est pas de l’hexadécimal"))
    if len(seed) > MOST_SEED:
        raise BadSeed(why=_("plus de 512 chiffres"))
    return seed


def committable(text: str) -> str:
    """A seed long enough to be committed: whoever sees the commitment cannot find it by trying. DIS-402."""
    seed = seed_of(text)
    if len(seed) < LEAST_SEED:
        raise BadSeed(why=_("moins de 32 chiffres : l’engagement se devinerait"))
    return seed


def commitment(seed: str) -> str:
    """SHA-256 of the seed as it is written."""
    return sha256(seed_of(seed).encode()).hexdigest()


def checked_commitment(seed: str, commit: str) -> str:
    """The seed, if it is the one that was committed. DIS-404."""
    if (got := commitment(seed)) != commit.strip().lower():
        raise OtherSeed(got=got, want=commit.strip().lower()[:64])
    return seed_of(seed)


def lot(seed: str, roll: int, member: str) -> str:
    """The number of this member for this case."""
    return sha256(f"{seed}|{roll}|{member}".encode()).hexdigest()
