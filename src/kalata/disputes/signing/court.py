"""The Court's keys of this house, as its services ask for them: where the settings say, opened once a process."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from kalata.disputes.signing import authority, hardware, times
from kalata.disputes.signing.authority import Court


def passphrase() -> str:
    """The passphrase of the two custodians: from a file, or the environment; empty where nobody has given it."""
    if path := os.environ.get("KALATA_COURT_PASSPHRASE_FILE"):
        return Path(path).read_text(encoding="utf-8").removesuffix("\n")
    return os.environ.get("KALATA_COURT_PASSPHRASE", settings.COURT_PASSPHRASE)


def ready() -> bool:
    """True where the ceremony was held and the passphrase is there."""
    return bool(passphrase()) and (Path(settings.COURT_KEYS) / "court.vkey").exists()


def the_court() -> Court:
    """NoCourtKey, WrongPassphrase, ForeignKey; what a hardware token refuses, where the settings name one."""
    folder = Path(settings.COURT_KEYS)
    return authority.open_court(folder, passphrase(), hardware.asked(folder))


def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def stamp(digest: bytes) -> bytes:
    """A token of this instant over a SHA-256 hash, by the Court's own authority."""
    return times.stamp(the_court(), digest, at=now())


def for_demonstration(*, court: str, country: str) -> None:
    """Keys of no value, with the passphrase of the settings: a demonstration only, once."""
    if settings.DEMO and not (Path(settings.COURT_KEYS) / "court.vkey").exists():
        authority.create(
            Path(settings.COURT_KEYS), passphrase(), court=court, country=country, origin="cour.example", at=now()
        )


def public_key() -> str:
    """The Court's key of archives, as anybody may read it; empty before the ceremony. It asks for no passphrase."""
    path = Path(settings.COURT_KEYS) / "court.vkey"
    return path.read_text(encoding="utf-8").strip() if path.exists() else ""


def certificates() -> bytes:
    """CERTS.pem: the root, then the certificates below it; empty before the ceremony. It asks for no passphrase."""
    folder = Path(settings.COURT_KEYS)
    found = [folder / f"{name}.pem" for name in ("root", *authority.ROLES)]
    return b"".join(path.read_bytes() for path in found) if all(path.exists() for path in found) else b""


def bundles_to() -> str:
    """The public line that counters seal their bundles to; empty where there is none. It asks for no passphrase."""
    return line_of(authority.BUNDLES)


def line_of(word: str) -> str:
    """The public line of a key that others seal to; empty where there is none."""
    path = Path(settings.COURT_KEYS) / f"{word}.pub"
    return path.read_text(encoding="utf-8").strip() if path.exists() else ""
