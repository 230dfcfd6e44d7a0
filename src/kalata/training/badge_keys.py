"""The key that signs certificates: one file, readable by the account of the house alone, sealed under a passphrase as the others are."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from kalata.training.queries import cascade as planner
from kalata.training.rules.badges.issuer import Issuer, Signer, coded, raw
from kalata.training.rules.classes_refusals import IssuerShut, NoBadgePassphrase
from kalata.transparency.keys import sealed, unsealed

KID = "badge-1"


def path() -> Path:
    return Path(settings.BADGE_KEY)


LEAST = 12
"""Characters of the passphrase, as of each half of the log's."""


def passphrase() -> str:
    """From a file, from the environment, or of a demonstration; "" where nobody has given one."""
    if given := os.environ.get("KALATA_BADGE_PASSPHRASE_FILE"):
        try:
            return Path(given).read_text(encoding="utf-8").removesuffix("\n")
        except OSError:
            return ""
    return os.environ.get("KALATA_BADGE_PASSPHRASE") or str(settings.BADGE_PASSPHRASE)


def key() -> Ed25519PrivateKey:
    """The key, made at its first use. TRN-640 where none is made for want of a passphrase, TRN-625 where it does not open.

    A key that an earlier version made without one opens as it was made, and with no other: it is changed by a new one.
    """
    if not path().exists():
        if len(passphrase()) < LEAST:
            raise NoBadgePassphrase(n=LEAST)
        make()
    try:
        found = opened(path().read_bytes())
    except (ValueError, TypeError, OSError):
        raise IssuerShut from None
    if not isinstance(found, Ed25519PrivateKey):
        raise IssuerShut
    return found


def opened(data: bytes) -> Any:
    try:
        return unsealed(data, passphrase())
    except ValueError:
        return unsealed(data, "")  # made before a passphrase was asked for


def make() -> None:
    """A new key, whole or not at all; where another process was first, its own stands. Its public half is kept beside it."""
    path().parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path().with_name(f"{path().name}.{os.getpid()}.part")
    made = Ed25519PrivateKey.generate()
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(sealed(made, passphrase()))
        out.flush()
        os.fsync(out.fileno())
    try:
        os.link(fresh, path())
        path().with_suffix(".pub").write_text(coded(raw(made.public_key())), encoding="ascii")
    except FileExistsError:
        pass
    fresh.unlink()


def public() -> str:
    """The public half, which needs no passphrase; "" before the first certificate."""
    try:
        return path().with_suffix(".pub").read_text(encoding="ascii")
    except OSError:
        return coded(raw(key().public_key())) if path().exists() else ""


def issuer_record() -> dict[str, Any]:
    """The issuer's file as anybody may download it; its keys are the only ones a check trusts."""
    home = f"{settings.PUBLIC_ADDRESS}/formation/attestations"
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": public()}
    return {
        "id": f"{home}/emetteur.json", "name": str(planner.case().get("issuer", {}).get("fr") or "Kalata"),
        "keys": [{"kid": KID, "jwk": jwk}] if jwk["x"] else [], "status_list": f"{home}/liste.jwt",
    }  # fmt: skip


def signer() -> Signer:
    private = key()
    said = issuer_record()
    issuer = Issuer(said["id"], said["name"], {KID: private.public_key()}, said["status_list"])
    return Signer(issuer, KID, private)
