"""Who signs: the issuer's file, its public keys, and the one private key that answers to one of them."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from kalata.plain import hidden
from kalata.text import Message
from kalata.text import gettext_noop as _
from kalata.training.rules.badges.faults import BadIssuer, BadKey

ADDRESS = re.compile(r"(https?://|did:|urn:)[^\s\"<>\\^`{|}]{1,500}")


@dataclass(frozen=True, slots=True)
class Issuer:
    """keys: by kid. status_list: the address of the list of what was withdrawn."""

    id: str
    name: str
    keys: Mapping[str, Ed25519PublicKey]
    status_list: str


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key, by the name the issuer gives its public half."""

    issuer: Issuer
    kid: str
    key: Ed25519PrivateKey


def coded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """The bytes of base64url without padding, in the one way they are written. ValueError otherwise."""
    if not re.fullmatch(r"[A-Za-z0-9_-]*", text) or len(text) % 4 == 1:
        raise ValueError("base64url")
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if coded(data) != text:
        raise ValueError("base64url")
    return data


def issuer_of(value: Any, file: str) -> Issuer:
    """The issuer of its file. TRN-402 names the key that is wrong; a private key in it is refused."""

    def wrong(field: str, why: str | Message) -> NoReturn:
        raise BadIssuer(file=file, field=field, why=why)

    if not isinstance(value, dict):
        wrong("–", _("une table clé : valeur est attendue"))
    for field in ("id", "name", "status_list"):
        if not isinstance(value.get(field), str) or not value[field].strip() or hidden(value[field]):
            wrong(field, _("cette clé manque"))
    for field in ("id", "status_list"):
        if not ADDRESS.fullmatch(value[field]):
            wrong(field, _("une adresse est attendue (https:, did: ou urn:)"))
    rows = value.get("keys")
    if not isinstance(rows, list) or not rows or len(rows) > 100:
        wrong("keys", _("une liste est attendue"))
    keys: dict[str, Ed25519PublicKey] = {}
    for n, row in enumerate(rows, 1):
        kid = row.get("kid") if isinstance(row, dict) else None
        if not isinstance(kid, str) or not kid or kid in keys:
            wrong(f"keys.{n}.kid", _("un nom de clé est attendu, une seule fois"))
        keys[kid] = public(row.get("jwk"), lambda why, n=n: wrong(f"keys.{n}.jwk", why))
    return Issuer(value["id"], value["name"], keys, value["status_list"])


def public(jwk: Any, wrong: Any) -> Ed25519PublicKey:
    if not isinstance(jwk, dict) or jwk.get("kty") != "OKP" or jwk.get("crv") != "Ed25519" or not isinstance(jwk.get("x"), str):  # fmt: skip
        wrong(_("une clé publique OKP Ed25519 est attendue"))
    if "d" in jwk:
        wrong(_("il porte une clé privée : elle n’est plus secrète, changez-la"))
    try:
        return Ed25519PublicKey.from_public_bytes(decoded(jwk["x"]))
    except ValueError:
        wrong(_("une clé publique OKP Ed25519 est attendue"))
        raise


def raw(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def signer_of(issuer: Issuer, pem: bytes, file: str) -> Signer:
    """The private key of a PEM, once it answers to a public key of the issuer. TRN-403 otherwise."""
    try:
        key = serialization.load_pem_private_key(pem, password=None)
    except TypeError:
        raise BadKey(file=file, why=_("elle est fermée par une phrase secrète")) from None
    except (ValueError, UnsupportedAlgorithm):
        raise BadKey(file=file, why=_("elle n’est pas lisible")) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise BadKey(file=file, why=_("elle n’est pas Ed25519"))
    kid = next((name for name, one in issuer.keys.items() if raw(one) == raw(key.public_key())), "")
    if not kid:
        raise BadKey(file=file, why=_("elle n’est aucune de ses clés"))
    return Signer(issuer, kid, key)
