"""The Court's own authority: a root, a certificate that seals papers, one that stamps instants, and the key of archives.

Files of mode 600 in one folder, each private key under the passphrase of two custodians: scrypt with the folder's salt
(as the keys of the log), then PKCS#8. The root signs only certificates: its key may leave the machine after the
ceremony and nothing here misses it before a renewal.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from kalata.disputes.rules import heard
from kalata.disputes.rules.sealed_bundles import LOT
from kalata.disputes.rules.sealing_keys import PrivateKey
from kalata.disputes.signing.hardware import Where, held
from kalata.disputes.signing.refusals import (
    CourtKeyThere,
    Expired,
    ForeignKey,
    NoCourtKey,
    WeakPassphrase,
    WrongPassphrase,
)
from kalata.transparency.keys import COST, stretched
from kalata.transparency.rules.notes import ED25519, SigningKey

LEAST = 12
"""Characters of each half of the passphrase."""
SALT = "salt"
ROOT_YEARS, YEARS = 20, 5
ROLES = {"seal": "sceau", "time": "horodatage"}
"""Certificates under the root: the word of the file, and the word added to the Court's name."""
BUNDLES, PERSONS = "bundles", "persons"
SEALED = {BUNDLES: LOT, PERSONS: heard.NAME}
"""Keys that others seal to: bundles of counters without network, persons heard. The word of the file, the name of its line."""
Private = ec.EllipticCurvePrivateKey


@dataclass(frozen=True, slots=True)
class Holder:
    """A key with its certificate."""

    key: Private
    certificate: x509.Certificate

    @property
    def name(self) -> str:
        return name_of(self.certificate)


@dataclass(frozen=True, slots=True)
class Court:
    """The Court's keys, open in memory. root: the certificate that readers trust. bundles,
    persons: what is sealed to the Court opens with these; None in a folder made before them."""

    root: x509.Certificate
    seal: Holder
    time: Holder
    archive: SigningKey
    folder: Path
    bundles: PrivateKey | None = None
    persons: PrivateKey | None = None

    @property
    def vkey(self) -> str:
        return self.archive.verifier.text()

    def ca_pem(self) -> bytes:
        """The root, then the two certificates below it: what a reader is given as CERTS.pem."""
        return b"".join(pem(c) for c in (self.root, self.seal.certificate, self.time.certificate))

    def seal_note(self, text: str) -> str:
        """A signed note (C2SP) of this text by the key of archives."""
        return f"{text}\n{self.archive.line(text)}"

    def ready(self, at: datetime) -> None:
        """Return when both certificates are this Court's and valid at this instant. Expired, ForeignKey."""
        for one in (self.seal, self.time):
            if not issued_by(one.certificate, self.root) or one.certificate.public_key() != one.key.public_key():
                raise ForeignKey(name=one.name)
            for certificate in (self.root, one.certificate):
                in_force(certificate, at)


def name_of(certificate: x509.Certificate) -> str:
    return str(certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)


def in_force(certificate: x509.Certificate, at: datetime) -> None:
    start, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if not start <= at <= end:
        raise Expired(name=name_of(certificate), start=start.date(), end=end.date(), at=at.astimezone(UTC))


def issued_by(certificate: x509.Certificate, root: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(root)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def joined(first: str, second: str) -> str:
    """The passphrase of two halves. WeakPassphrase: too short, or the same."""
    if min(len(first), len(second)) < LEAST or first == second:
        raise WeakPassphrase(n=LEAST)
    return f"{first}\n{second}"


# --- the ceremony --------------------------------------------------------------------------------------
def certificate(
    subject: x509.Name, public: ec.EllipticCurvePublicKey, issuer: x509.Name, by: Private, at: datetime, years: int,
    role: str,
) -> x509.Certificate:  # fmt: skip
    """role: root, seal or time. The key usage is the least that serves it."""
    root = role == "root"
    usage = dict.fromkeys(
        ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
         "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"), False,
    )  # fmt: skip
    usage |= {"key_cert_sign": True, "crl_sign": True} if root else {"digital_signature": True, "content_commitment": True}  # fmt: skip
    made = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(minutes=5)).not_valid_after(at + timedelta(days=365 * years))
        .add_extension(x509.BasicConstraints(ca=root, path_length=0 if root else None), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key()), critical=False)
    )  # fmt: skip
    if role == "time":
        made = made.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    return made.sign(by, SHA256())


def create(folder: Path, passphrase: str, *, court: str, country: str, origin: str, at: datetime) -> str:
    """Make every key and certificate; returns the key of archives as it is read aloud. DIS-772: the folder holds some.

    court: the Court's name; country: two letters; origin: the name in the key of archives, as "cour.example".
    """
    if folder.exists() and any(folder.iterdir()):
        raise CourtKeyThere(folder=str(folder))
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def named(more: str) -> x509.Name:
        parts = [(NameOID.COUNTRY_NAME, country), (NameOID.ORGANIZATION_NAME, court), (NameOID.COMMON_NAME, more)]
        return x509.Name([x509.NameAttribute(oid, value) for oid, value in parts])

    root_name = named(f"{court} - autorité")
    root = ec.generate_private_key(ec.SECP256R1())
    made = {"root": (root, certificate(root_name, root.public_key(), root_name, root, at, ROOT_YEARS, "root"))}
    for role, word in ROLES.items():
        key = ec.generate_private_key(ec.SECP256R1())
        made[role] = (key, certificate(named(f"{court} - {word}"), key.public_key(), root_name, root, at, YEARS, role))
    archive = SigningKey.fresh(origin, ED25519)
    kept(folder / SALT, secrets.token_bytes(16))
    slow = hardened(folder, passphrase)
    for role, (key, cert) in made.items():
        kept(folder / f"{role}.key", protected(key, slow))
        kept(folder / f"{role}.pem", pem(cert))
    kept(folder / "archive.key", protected(Ed25519PrivateKey.from_private_bytes(archive.secret), slow))
    kept(folder / "court.vkey", archive.verifier.text().encode() + b"\n")
    sealed_keys(folder, slow)
    return archive.verifier.text()


def sealed_keys(folder: Path, slow: bytes) -> None:
    """Make the keys that others seal to, where there are none. They are not renewed: what is sealed to them must open."""
    for word, name in SEALED.items():
        if not (folder / f"{word}.key").exists():
            key = ec.generate_private_key(ec.SECP256R1())
            kept(folder / f"{word}.key", protected(key, slow))
            kept(folder / f"{word}.pub", PrivateKey(key, name).public.text().encode() + b"\n")


def renew(folder: Path, passphrase: str, at: datetime) -> None:
    """New keys and certificates for the seal and the instants, under the same root; the old ones stay beside, dated.
    A folder made before the keys that others seal to gets them."""
    root = read_certificate(folder / "root.pem")
    slow = hardened(folder, passphrase)
    by = private(folder / "root.key", slow)
    for role in ROLES:
        old = read_certificate(folder / f"{role}.pem")
        key = ec.generate_private_key(ec.SECP256R1())
        fresh = certificate(old.subject, key.public_key(), root.subject, by, at, YEARS, role)
        stamp = f"{at:%Y%m%d%H%M%S}"
        for ending, data in (("key", protected(key, slow)), ("pem", pem(fresh))):
            (folder / f"{role}.{ending}").rename(folder / f"{role}.{stamp}.{ending}")
            kept(folder / f"{role}.{ending}", data)
    sealed_keys(folder, slow)
    opened.cache_clear()


def seal_out(folder: Path, passphrase: str, path: Path) -> None:
    """The seal's key in clear (PKCS#8) in a new file of mode 600: what a hardware token imports, then destroyed."""
    key = private(folder / "seal.key", hardened(folder, passphrase))
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    kept(path, key.private_bytes(*form))


def hardened(folder: Path, passphrase: str) -> bytes:
    """What the files are sealed with: the passphrase made slow to try. NoCourtKey: no folder of a ceremony."""
    try:
        return stretched(passphrase, (folder / SALT).read_bytes(), *COST).hex().encode()
    except OSError:
        raise NoCourtKey(folder=str(folder)) from None


def protected(key: Private | Ed25519PrivateKey, slow: bytes) -> bytes:
    sealing = serialization.BestAvailableEncryption(slow)
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, sealing)


def kept(path: Path, data: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())


# --- opening -------------------------------------------------------------------------------------------
def read_certificate(path: Path) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(path.read_bytes())
    except OSError:
        raise NoCourtKey(folder=str(path.parent)) from None
    except ValueError:
        raise ForeignKey(name=path.name) from None


def loaded(path: Path, slow: bytes) -> object:
    try:
        return serialization.load_pem_private_key(path.read_bytes(), slow)
    except OSError:
        raise NoCourtKey(folder=str(path.parent)) from None
    except (ValueError, TypeError):
        raise WrongPassphrase from None


def private(path: Path, slow: bytes) -> Private:
    key = loaded(path, slow)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ForeignKey(name=path.name)
    return key


def open_court(folder: Path, passphrase: str, token: Where | None = None) -> Court:
    """The Court's keys; with a token, the seal is the one that it holds and no file of it is read.

    NoCourtKey, WrongPassphrase, ForeignKey; what a token refuses. Whether they are in force is asked at each signature."""
    marks = tuple((p.name, p.stat().st_mtime_ns) for p in sorted(folder.glob("*"))) if folder.exists() else ()
    return opened(folder, passphrase, marks, token)


def holder(folder: Path, role: str, slow: bytes, token: Where | None) -> Holder:
    """A key with its certificate: the key in its file, or in a token."""
    certificate = read_certificate(folder / f"{role}.pem")
    return Holder(held(token, certificate) if token else private(folder / f"{role}.key", slow), certificate)


@lru_cache(maxsize=4)
def opened(folder: Path, passphrase: str, marks: tuple[tuple[str, int], ...], token: Where | None = None) -> Court:
    """Opening takes a while on purpose: once for each process and each state of the folder (`marks`)."""
    if not marks:
        raise NoCourtKey(folder=str(folder))
    slow = hardened(folder, passphrase)
    holders: Mapping[str, Holder] = {
        role: holder(folder, role, slow, token if role == "seal" else None) for role in ROLES
    }
    archive = loaded(folder / "archive.key", slow)
    if not isinstance(archive, Ed25519PrivateKey):
        raise ForeignKey(name="archive.key")
    name = (folder / "court.vkey").read_text(encoding="utf-8").partition("+")[0]
    signing = SigningKey(name, ED25519, archive.private_bytes_raw())
    if signing.verifier.text() != (folder / "court.vkey").read_text(encoding="utf-8").strip():
        raise ForeignKey(name="archive.key")
    others = {
        word: PrivateKey(private(folder / f"{word}.key", slow), name)
        for word, name in SEALED.items() if (folder / f"{word}.key").exists()
    }  # fmt: skip
    return Court(read_certificate(folder / "root.pem"), holders["seal"], holders["time"], signing, folder, **others)


# --- what a reader trusts --------------------------------------------------------------------------------
def trusted(certificates: bytes) -> list[x509.Certificate]:
    """The roots of a CERTS.pem: those that sign themselves. ValueError: none."""
    found = x509.load_pem_x509_certificates(certificates)
    roots = [one for one in found if one.subject == one.issuer and issued_by(one, one)]
    if not roots:
        raise ValueError("no root certificate")
    return roots


def chain_fault(leaf: x509.Certificate, roots: list[x509.Certificate], at: datetime, *, stamping: bool = False) -> str:
    """Why this certificate does not sign for one of these roots at this instant; empty where it does."""
    root = next((one for one in roots if issued_by(leaf, one)), None)
    if root is None:
        return f"{leaf.subject.rfc4514_string()}: foreign authority"
    for one in (leaf, root):
        if not one.not_valid_before_utc <= at <= one.not_valid_after_utc:
            return f"{one.subject.rfc4514_string()}: not in force at {at:%Y-%m-%dT%H:%M:%SZ}"
    try:
        usage = leaf.extensions.get_extension_for_class(x509.KeyUsage).value
        if not usage.digital_signature or leaf.extensions.get_extension_for_class(x509.BasicConstraints).value.ca:
            return f"{leaf.subject.rfc4514_string()}: not a certificate that signs"
        purposes = [e.value for e in leaf.extensions if isinstance(e.value, x509.ExtendedKeyUsage)]
    except x509.ExtensionNotFound:
        return f"{leaf.subject.rfc4514_string()}: without key usage"
    stamps = any(ExtendedKeyUsageOID.TIME_STAMPING in one for one in purposes)
    return "" if stamps == stamping else f"{leaf.subject.rfc4514_string()}: another purpose"
