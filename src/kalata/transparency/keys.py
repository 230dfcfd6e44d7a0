"""The private key of the log: a file outside the database, opened with two halves of a passphrase.

Two persons each type one half; neither alone opens the key. One Ed25519 key serves every log of the
house under each log's own name (the key id holds the name). Nothing here touches the database.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kalata.refusals import Refused
from kalata.text import gettext_noop as _
from kalata.transparency.rules.notes import ED25519, SigningKey, VerifierKey

LEAST = 12
"""Characters of each half."""


class KeyThere(Refused):
    code = "LOG-101"
    says = _("Une clé de journal existe déjà : %(path)s.")
    remedy = _("Pour la changer, faites une rotation ; elle s’inscrit dans le journal.")


class NoKey(Refused):
    code = "LOG-102"
    says = _("Aucune clé de journal n’a été créée.")
    remedy = _("Faites la cérémonie de la clé : kalata log init.")
    status = 404


class BadPassphrase(Refused):
    code = "LOG-103"
    says = _("La clé du journal ne s’ouvre pas avec cette phrase secrète.")
    remedy = _("Chaque dépositaire tape sa moitié, dans le même ordre qu’à la cérémonie.")
    status = 403


class WeakHalf(Refused):
    code = "LOG-104"
    says = _("Chaque moitié de la phrase secrète a au moins %(n)d caractères, et les deux diffèrent.")
    remedy = _("Choisissez quatre mots au hasard chacun, sans vous les dire.")
    status = 422


def joined(first: str, second: str) -> str:
    """The passphrase of two halves. LOG-104: too short, or the same."""
    if min(len(first), len(second)) < LEAST or first == second:
        raise WeakHalf(n=LEAST)
    return f"{first}\n{second}"


def create(path: Path, passphrase: str) -> bytes:
    """Make a key and keep it encrypted, mode 600; returns its public half (32 bytes). LOG-101: there is one."""
    if path.exists():
        raise KeyThere(path=str(path))
    key = Ed25519PrivateKey.generate()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    data = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(passphrase.encode()),
    )
    fresh = path.with_name(f"{path.name}.{os.getpid()}.part")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    os.link(fresh, path)
    fresh.unlink()
    return key.public_key().public_bytes_raw()


def open_key(path: Path, passphrase: str) -> bytes:
    """The 32 secret bytes. LOG-102: no key; LOG-103: it does not open."""
    if not path.exists():
        raise NoKey
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), passphrase.encode())
    except (ValueError, TypeError):
        raise BadPassphrase from None
    if not isinstance(key, Ed25519PrivateKey):
        raise BadPassphrase
    return key.private_bytes_raw()


def signer(secret: bytes, origin: str) -> SigningKey:
    return SigningKey(origin, ED25519, secret)


def fingerprint(public: bytes) -> str:
    """What is read aloud and printed: SHA-256 of the public key, in groups of four."""
    digits = hashlib.sha256(public).hexdigest()
    return " ".join(digits[i : i + 4] for i in range(0, 64, 4))


def rotation(old: SigningKey, new: VerifierKey) -> str:
    """The old key's signature over the new one (base64): what a `key` entry carries."""
    from kalata.transparency.rules.notes import b64

    return b64(old.private.sign(rotated(new.text())))


def rotated(vkey: str) -> bytes:
    return f"kalata.log/rotation/v1\n{vkey}\n".encode()
