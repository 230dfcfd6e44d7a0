"""Drawing lots so that nobody chooses: a seed promised before, a number that comes from outside, an order anyone redoes.

The person who draws writes a secret and publishes its SHA-256 first. In public a number is thrown that this
person cannot know beforehand. Then the secret is opened: the order of the tied lists is that of the SHA-256 of
`secret|number|list`, smallest first, where `list` is its number on the ballot. Who holds the secret cannot choose
the number; who throws the number does not know the secret. Anyone redoes it with
`printf '%s' 'secret|number|list' | sha256sum`.
"""

from __future__ import annotations

import hashlib
import re
import shlex
import unicodedata
from collections.abc import Sequence

from kalata.refusals import Refused
from kalata.text import Message
from kalata.text import gettext_noop as _

LEAST_SECRET = 12
BARS = re.compile("[|\x00-\x1f\x7f]")


class NoLots(Refused):
    """Lots are drawn where the law says so, between equals, when nothing can part them any more."""

    code = "RES-320"
    says = _("Il n’y a pas de tirage au sort à faire ici : %(why)s.")
    remedy = _("Un tirage se fait quand l’égalité est acquise et que la loi du scrutin le prévoit.")


class BadPromise(Refused):
    code = "RES-321"
    says = _("L’empreinte annoncée n’est pas un SHA-256 : 64 chiffres de 0 à 9 et de a à f.")
    remedy = _("Calculez-la sur le secret, sans retour à la ligne, et recopiez-la entière.")
    status = 422


class NotTheSecret(Refused):
    code = "RES-322"
    says = _("Ce secret n’est pas celui dont l’empreinte a été annoncée (%(promised)s…).")
    remedy = _(
        "Ouvrez le secret exact, à la lettre près. S’il est perdu, annulez l’annonce par un nouvel acte, puis annoncez-en une autre."
    )
    status = 422


class Unclear(Refused):
    code = "RES-323"
    says = _("Le tirage ne peut pas être demandé : %(why)s.")
    remedy = _("Complétez et recommencez. Rien n’a été enregistré.")
    status = 422


class Announced(Refused):
    code = "RES-324"
    says = _("Un tirage est déjà annoncé ou fait pour cette égalité (n° %(number)d).")
    remedy = _("Ouvrez son secret, ou annulez ce tirage par un nouvel acte.")


def promise(secret: str) -> str:
    """The SHA-256 (hex) of a secret: what is announced before.

    >>> promise("trois dés dans un gobelet")[:16]
    '7addb925ee8c1e14'
    """
    return hashlib.sha256(secret.encode()).hexdigest()


def checked_promise(text: str) -> str:
    text = text.strip().lower()
    if not re.fullmatch("[0-9a-f]{64}", text):
        raise BadPromise
    return text


def plain(text: str) -> str:
    """A text as the public log holds it: composed letters, no space around it."""
    return unicodedata.normalize("NFC", text.strip())


def one_line(text: str, most: int = 300) -> str:
    """A sentence as the public log holds it."""
    return plain(" ".join(text.split()))[:most]


def opened(secret: str, number: str, promised: str) -> None:
    """Refuse a secret that is not the promised one (RES-322), or texts that two readers could cut apart differently."""
    if promise(secret) != promised:
        raise NotTheSecret(promised=promised[:16])
    if len(secret) < LEAST_SECRET or not number or any(BARS.search(t) for t in (secret, number)):
        raise Unclear(
            why=Message(
                _("il faut un secret d’au moins %(n)d {n:signe|signes}, un nombre public, et aucune barre verticale"),
                {"n": LEAST_SECRET},
            )
        )


def rank_hash(secret: str, number: str, list_: int) -> str:
    """The hash that gives a list its place in the draw.

    >>> rank_hash("trois dés dans un gobelet", "4-2-6", 2)[:16]
    '9fd02a08b088d99a'
    """
    return promise(f"{secret}|{number}|{list_}")


def redo(secret: str, number: str, lists: Sequence[int]) -> list[str]:
    r"""The commands with which anyone redoes a draw: the promise first, then each list.

    >>> redo("l'as de pique", "4", [2])[1]
    'printf %s \'l\'"\'"\'as de pique|4|2\' | sha256sum'
    """
    texts = [secret, *(f"{secret}|{number}|{n}" for n in lists)]
    return [f"printf %s {shlex.quote(t)} | sha256sum" for t in texts]


def order(secret: str, number: str, lists: Sequence[int]) -> list[int]:
    """The tied lists, by number on the ballot, in the order of the draw. The order in which they are given does not matter."""
    return sorted(lists, key=lambda n: (rank_hash(secret, number, n), n))
