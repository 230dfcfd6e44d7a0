"""The signing key of a counter: one file a counter, readable by the account of the house alone.

A counter that leaves the Court (a laptop) has its key under a passphrase: scrypt, then AES-256-GCM, as the keys of the
log. The house reads it from KALATA_COUNTER_PASSPHRASE_FILE or KALATA_COUNTER_PASSPHRASE, when its day begins; who finds
the laptop signs nothing. The key of a counter of the house itself may stay without one: it receives what is filed online
at midnight, with nobody to type. A counter lost is closed by the registry: its key signs no more bundle from then on.
"""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from django.conf import settings

from kalata.refusals import Refused
from kalata.text import gettext_noop as _
from kalata.transparency.keys import sealed, unsealed

LEAST = 12
"""Characters of a passphrase."""


class NoCounterKey(Refused):
    code = "DIS-123"
    says = _("La clé du guichet %(counter)s n’est pas sur cette machine.")
    remedy = _("Recevez depuis la machine de ce guichet, ou ouvrez-en un autre ici.")


class CounterKeyShut(Refused):
    code = "DIS-138"
    says = _("La clé du guichet %(counter)s ne s’ouvre pas : la phrase secrète manque, ou n’est pas la sienne.")
    remedy = _(
        "Relancez la maison de ce poste avec la phrase (KALATA_COUNTER_PASSPHRASE_FILE). Le brouillon est gardé."
    )


class WeakPassphrase(Refused):
    code = "DIS-139"
    says = _("La phrase secrète d’un guichet a au moins %(n)d {n:caractère|caractères}.")
    remedy = _("Prenez quatre mots au hasard.")
    status = 422


def folder() -> Path:
    return Path(settings.COUNTER_KEYS)


def path_of(code: str) -> Path:
    return folder() / f"{code}.key"


def passphrase() -> str:
    """The passphrase of the counters of this machine; empty where nobody has given it."""
    if path := os.environ.get("KALATA_COUNTER_PASSPHRASE_FILE"):
        return Path(path).read_text(encoding="utf-8").removesuffix("\n")
    return os.environ.get("KALATA_COUNTER_PASSPHRASE", "")


def create(code: str, passphrase: str = "") -> str:
    """Make the key of a counter and keep it, under a passphrase where one is given; its public half, hex.

    FileExistsError: there is one, which is never replaced. DIS-139 a short passphrase. Cut short, there is no key yet.
    """
    if passphrase and len(passphrase) < LEAST:
        raise WeakPassphrase(n=LEAST)
    key = Ed25519PrivateKey.generate()
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    raw = key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    fresh = path_of(code).with_name(f"{code}.{os.getpid()}.part")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(sealed(key, passphrase) if passphrase else raw.hex().encode())
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(fresh, path_of(code))
    finally:
        fresh.unlink()
    return public(key)


def public(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def private(code: str, expected: str) -> Ed25519PrivateKey:
    """The key of a counter. DIS-123: it is not here, or is not the one that the house knows. DIS-138: it does not open."""
    try:
        data = path_of(code).read_bytes()
    except OSError:
        raise NoCounterKey(counter=code) from None
    if data.startswith(b"{"):
        key = opened(code, data)
    else:
        try:
            key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(data.decode("ascii").strip()))
        except ValueError:
            raise NoCounterKey(counter=code) from None
    if public(key) != expected:
        raise NoCounterKey(counter=code)
    return key


def opened(code: str, data: bytes) -> Ed25519PrivateKey:
    """A key under a passphrase. DIS-138."""
    try:
        key = unsealed(data, passphrase())
    except (ValueError, TypeError, OSError):
        raise CounterKeyShut(counter=code) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise CounterKeyShut(counter=code)
    return key
