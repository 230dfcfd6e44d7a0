"""The signing key of a counter: one file a counter, readable by the account of the house alone.

It signs receipts without anybody typing a passphrase, at midnight and without network; so it is not sealed by one.
Who has the machine has it: the Court trusts the counter, and a counter lost is closed by the registry (its key signs no
more bundle from then on).
"""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from django.conf import settings

from kalata.refusals import Refused
from kalata.text import gettext_noop as _


class NoCounterKey(Refused):
    code = "DIS-123"
    says = _("La clé du guichet %(counter)s n’est pas sur cette machine.")
    remedy = _("Recevez depuis la machine de ce guichet, ou ouvrez-en un autre ici.")


def folder() -> Path:
    return Path(settings.COUNTER_KEYS)


def path_of(code: str) -> Path:
    return folder() / f"{code}.key"


def create(code: str) -> str:
    """Make the key of a counter and keep it; its public half, hex. FileExistsError: there is one, which is never replaced."""
    key = Ed25519PrivateKey.generate()
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    raw = key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    descriptor = os.open(path_of(code), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(raw.hex().encode())
        file.flush()
        os.fsync(file.fileno())
    return public(key)


def public(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def private(code: str, expected: str) -> Ed25519PrivateKey:
    """The key of a counter. DIS-123: it is not here, or is not the one that the house knows."""
    try:
        key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path_of(code).read_text().strip()))
    except (OSError, ValueError):
        raise NoCounterKey(counter=code) from None
    if public(key) != expected:
        raise NoCounterKey(counter=code)
    return key
