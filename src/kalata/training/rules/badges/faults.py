"""What a file of certificates, an issuer or a key may not be."""

from __future__ import annotations

from kalata.refusals import Refused
from kalata.text import gettext_noop as _


class BadClaim(Refused):
    """A row that cannot be a certificate."""

    code = "TRN-401"
    says = _("%(file)s, ligne %(row)d, %(field)s : %(why)s.")
    remedy = _("Corrigez cette ligne, puis recommencez. Rien n’a été écrit.")
    status = 422
    sentences = frozenset({"why"})


class BadIssuer(Refused):
    """An issuer's file that does not say who signs."""

    code = "TRN-402"
    says = _("%(file)s, %(field)s : %(why)s.")
    remedy = _("Donnez id, name, keys (kid, jwk publique Ed25519) et status_list. Rien n’a été écrit.")
    status = 422
    sentences = frozenset({"why"})


class BadKey(Refused):
    """A private key that is not one of the issuer's."""

    code = "TRN-403"
    says = _("La clé %(file)s ne peut pas signer pour cet émetteur : %(why)s.")
    remedy = _("Donnez la clé privée Ed25519, en PEM sans phrase secrète, d’une des clés publiques de l’émetteur. Rien n’a été écrit.")  # fmt: skip
    status = 422
    sentences = frozenset({"why"})
