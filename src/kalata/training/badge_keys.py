"""The key that signs certificates: one file, readable by the account of the house alone, under a passphrase where one is given."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from kalata.training.queries import cascade as planner
from kalata.training.rules.badges.issuer import Issuer, Signer, coded, raw
from kalata.training.rules.classes_refusals import IssuerShut
from kalata.transparency.keys import sealed, unsealed

KID = "badge-1"


def path() -> Path:
    return Path(settings.BADGE_KEY)


def passphrase() -> str:
    """Empty where nobody has given one: then the account of the house is all that keeps the key."""
    if given := os.environ.get("KALATA_BADGE_PASSPHRASE_FILE"):
        return Path(given).read_text(encoding="utf-8").removesuffix("\n")
    return os.environ.get("KALATA_BADGE_PASSPHRASE", "")


def key() -> Ed25519PrivateKey:
    """The key, made at its first use. TRN-625 where it does not open."""
    if not path().exists():
        make()
    try:
        found = unsealed(path().read_bytes(), passphrase())
    except (ValueError, TypeError, OSError):
        raise IssuerShut from None
    if not isinstance(found, Ed25519PrivateKey):
        raise IssuerShut
    return found


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
