"""The bundle of a counter on its way: sealed to the Court's key, in parts (docs/en/sealed.md gives every byte).

A zip without compression: `lot.json` (canonical: mark, the Court's public line, how many parts) and the parts, each a
sealed file of `rules.sealing` for that one reader. In each, before its bytes: which bundle, which part, of how many; so
that no part is left out, moved, or taken from another bundle. The signed bundle inside says who wrote it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from kalata.disputes.rules import sealing
from kalata.disputes.rules.sealing_keys import BadPublicKey, PrivateKey, PublicKey
from kalata.refusals import Refused
from kalata.text import gettext_noop as _
from kalata.transparency.rules.canonical import NotCanonical, canonical
from kalata.transparency.rules.canonical import read as read_canonical

MARK, HEAD, LOT = "KALATA-LOT-SCELLE-1", "lot.json", "lot1"
CHUNK = 16 * 2**20
MOST_PARTS = 1_024
BEFORE = b"KALATA-LOT-PART\n"
LONGEST_PART = CHUNK + 4_096
"""Bytes of a part once sealed, at most."""


class SealedElsewhere(Refused):
    code = "DIS-141"
    says = _("Ce lot est chiffré pour une autre clé que celle de cette Cour : %(key)s.")
    remedy = _(
        "Ouvrez-le à la Cour de cette clé ; sinon inscrivez la bonne sur le poste (kalata disputes counter court) et faites remettre le lot. Rien n’a été fusionné."
    )
    status = 403


class BundleKeyShut(Refused):
    code = "DIS-142"
    says = _("Ce lot est chiffré, et la clé des lots de la Cour ne s’ouvre pas : %(why)s.")
    remedy = _(
        "Donnez la phrase des deux dépositaires (KALATA_COURT_PASSPHRASE_FILE) et relancez ; une Cour d’avant cette clé la reçoit par « kalata disputes authority --renew ». Rien n’a été fusionné."
    )
    status = 403
    sentences = frozenset({"why"})


class SealedAltered(Refused):
    code = "DIS-143"
    says = _("Ce lot chiffré a été altéré : %(where)s.")
    remedy = _("Gardez ce fichier à part et demandez au guichet de remettre son lot. Rien n’a été fusionné.")
    status = 422


class NoCourtLine(Refused):
    code = "DIS-144"
    says = _("Le guichet %(counter)s n’a pas la clé publique de la Cour : son lot ne se remet pas en clair.")
    remedy = _(
        "Inscrivez la ligne que le greffe affiche à « Guichets » (kalata disputes counter court %(counter)s LIGNE). Les récépissés sont gardés."
    )


class NotCourtLine(Refused):
    code = "DIS-145"
    says = _("Ce n’est pas la clé publique des lots de la Cour.")
    remedy = _("Recopiez la ligne entière que le greffe affiche à « Guichets » : lot1+8 chiffres+clé.")
    status = 422


def public(line: str) -> PublicKey:
    """The key of a line as the registry shows it. DIS-145."""
    try:
        return PublicKey.read(line, name=LOT)
    except BadPublicKey:
        raise NotCourtLine from None


def head(to: PublicKey, parts: int) -> bytes:
    return canonical({"kalata": MARK, "to": to.text(), "parts": parts})


def part_name(n: int) -> str:
    return f"part-{n:05d}"


def sealed_part(to: PublicKey, bundle: bytes, n: int, parts: int, data: bytes, chance: Callable[[int], bytes]) -> bytes:
    """One part (n from 1) of the bundle of these 16 random bytes."""
    before = BEFORE + bundle + n.to_bytes(4, "big") + parts.to_bytes(4, "big")
    return sealing.seal(before + data, [to], chance)


def read_head(text: bytes) -> dict[str, Any]:
    """(to, parts) of a sealed bundle. DIS-143."""
    try:
        said = read_canonical(text)
        if said["kalata"] != MARK or type(said["parts"]) is not int or not 1 <= said["parts"] <= MOST_PARTS:
            raise SealedAltered(where=HEAD)
        public(said["to"])
    except (NotCanonical, KeyError, TypeError, AttributeError, NotCourtLine):
        raise SealedAltered(where=HEAD) from None
    return dict(said)


def opened(parts: Iterator[bytes], count: int, key: PrivateKey) -> Iterator[bytes]:
    """The bytes of the bundle, part by part. DIS-143 names the part that does not hold."""
    bundle = b""
    for n, sealed in enumerate(parts, 1):
        try:
            text = sealing.unseal(sealed, key)
        except (sealing.NotSealed, sealing.NotForThisKey, sealing.Altered):
            raise SealedAltered(where=part_name(n)) from None
        here, rest = text[: len(BEFORE) + 24], text[len(BEFORE) + 24 :]
        bundle = bundle or here[len(BEFORE) : len(BEFORE) + 16]
        if here != BEFORE + bundle + n.to_bytes(4, "big") + count.to_bytes(4, "big"):
            raise SealedAltered(where=part_name(n))
        yield rest
