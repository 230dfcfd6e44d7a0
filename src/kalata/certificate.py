"""`kalata certificate`: TLS for an office whose names no public authority knows. An authority of its own, that may sign
for these names alone, and a certificate of this server. What the workstations are given is compared by its fingerprint."""

from __future__ import annotations

import ipaddress
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from kalata import modes
from kalata.cli import language
from kalata.refusals import Refused
from kalata.text import gettext_noop as _
from kalata.text import translate

YEARS, DAYS = 10, 397
"""An authority lives as long as the machine; browsers take a server's certificate for 398 days at most."""


class OtherNames(Refused):
    code = "OPS-127"
    says = _("L’autorité de %(folder)s ne peut pas signer pour %(name)s : elle est faite pour %(known)s seulement.")
    remedy = _("Donnez un autre dossier par --folder : une nouvelle autorité y est faite, à installer sur les postes.")


class NoName(Refused):
    code = "OPS-128"
    says = _("« %(name)s » n’est ni un nom de machine ni une adresse.")
    remedy = _("Écrivez le nom tel que les postes l’ouvrent, sans https:// ni barre.")
    status = 422


class KeyAway(Refused):
    code = "OPS-129"
    says = _("La clé de l’autorité n’est pas là : %(file)s.")
    remedy = _("Remettez-y le fichier gardé sous pli le temps de la commande, puis ôtez-le de nouveau.")


def named(text: str) -> x509.GeneralName:
    """A name or an address of a server. OPS-128."""
    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        pass
    if not text or set(text) - set("abcdefghijklmnopqrstuvwxyz0123456789-.") or text.startswith((".", "-")):
        raise NoName(name=text)
    return x509.DNSName(text)


def permitted(name: x509.GeneralName) -> x509.GeneralName:
    """The same as a constraint: an address is a network of one."""
    return x509.IPAddress(ipaddress.ip_network(name.value)) if isinstance(name, x509.IPAddress) else name


def kept(path: Path, data: bytes, mode: int = 0o600) -> None:
    part = path.with_name(f".{path.name}.{os.getpid()}")
    part.touch(mode=mode)
    part.chmod(mode)
    part.write_bytes(data)
    os.replace(part, path)


def as_file(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def subject(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text[:64])])


def signed(
    who: x509.Name, key: ec.EllipticCurvePrivateKey, by: x509.Name, with_: ec.EllipticCurvePrivateKey, life: timedelta,
    extensions: list[tuple[x509.ExtensionType, bool]],
) -> x509.Certificate:  # fmt: skip
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(who).issuer_name(by).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(hours=1))
    made = made.not_valid_after(now + life)
    for extension, critical in extensions:
        made = made.add_extension(extension, critical=critical)
    return made.sign(with_, SHA256())


def usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=authority, crl_sign=authority, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def authority(folder: Path, names: list[x509.GeneralName]) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    """The authority of this folder, made the first time for these names and for no other."""
    file, secret = folder / "authority.crt", folder / "authority.key"
    if file.exists():
        if not secret.exists():
            raise KeyAway(file=str(secret))
        key = serialization.load_pem_private_key(secret.read_bytes(), None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        return x509.load_pem_x509_certificate(file.read_bytes()), key
    key = ec.generate_private_key(ec.SECP256R1())
    who = subject(f"Kalata {names[0].value}")
    never: list[x509.GeneralName] = []
    if not any(isinstance(n, x509.IPAddress) for n in names):
        never += [x509.IPAddress(ipaddress.ip_network(n)) for n in ("0.0.0.0/0", "::/0")]
    if not any(isinstance(n, x509.DNSName) for n in names):
        never.append(x509.DNSName(""))  # a kind of name that no constraint speaks of is signed for freely
    limits = x509.NameConstraints(permitted_subtrees=[permitted(n) for n in names], excluded_subtrees=never or None)
    identity = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    made = signed(who, key, who, key, timedelta(days=365 * YEARS), [
        (x509.BasicConstraints(ca=True, path_length=0), True), (usage(authority=True), True), (limits, True), (identity, False),
    ])  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True, mode=0o755)
    kept(secret, as_file(key))
    kept(file, made.public_bytes(serialization.Encoding.PEM), 0o644)
    return made, key


def within(name: x509.GeneralName, limits: x509.NameConstraints) -> bool:
    """May the authority sign for this name? A name below one of its names, or one of its addresses."""
    allowed = limits.permitted_subtrees or ()
    if isinstance(name, x509.IPAddress):
        return any(
            isinstance(one, x509.IPAddress) and str(one.value).split("/")[0] == str(name.value) for one in allowed
        )
    return any(isinstance(one, x509.DNSName) and f".{name.value}".endswith(f".{one.value}") for one in allowed)


def issue(folder: Path, names: list[x509.GeneralName]) -> tuple[x509.Certificate, x509.Certificate]:
    """(authority, server): a new key and certificate of the server. OPS-127 for a name the authority may not sign for."""
    root, key = authority(folder, names)
    limits = root.extensions.get_extension_for_class(x509.NameConstraints).value
    for name in names:
        if not within(name, limits):
            known = ", ".join(str(one.value) for one in limits.permitted_subtrees or ())
            raise OtherNames(folder=str(folder), name=str(name.value), known=known)
    own = ec.generate_private_key(ec.SECP256R1())
    made = signed(subject(str(names[0].value)), own, root.subject, key, timedelta(days=DAYS), [
        (x509.BasicConstraints(ca=False, path_length=None), True), (usage(authority=False), True),
        (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False), (x509.SubjectAlternativeName(names), False),
        (x509.SubjectKeyIdentifier.from_public_key(own.public_key()), False),
        (x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), False),
    ])  # fmt: skip
    chain = made.public_bytes(serialization.Encoding.PEM) + root.public_bytes(serialization.Encoding.PEM)
    kept(folder / "server.key", as_file(own))
    kept(folder / "server.crt", chain, 0o644)
    return root, made


def fingerprint(one: x509.Certificate) -> str:
    """SHA-256 of the certificate as browsers show it: pairs of digits, colons between."""
    return ":".join(f"{byte:02X}" for byte in one.fingerprint(SHA256()))


@click.command()
@click.argument("names", nargs=-1, required=True)
@click.option("--folder", type=click.Path(file_okay=False), default="/etc/kalata/tls", show_default=True)
@click.option("--lang", type=click.Choice(["fr", "en"]), default=None, help="fr unless LANG says en")
def certificate(names: tuple[str, ...], folder: str, lang: str | None) -> None:
    """Make the certificate of this server for NAMES, and the first time an authority that may sign for them alone.

    Writes server.key and server.crt (what the web server reads), authority.crt (what the workstations are given) and
    authority.key (to be taken off the machine). Done again, it renews the server's: once a year.
    """
    modes.private()
    lang = language(lang)
    root, made = issue(Path(folder), [named(one.strip().lower()) for one in names])
    for says, value in (
        (_("À installer sur les postes : %(v)s"), f"{folder}/authority.crt"),
        (_("Empreinte SHA-256 de l’autorité, à comparer sur chaque poste avant d’accepter : %(v)s"), fingerprint(root)),
        (_("Certificat du serveur, valable jusqu’au %(v)s"), f"{made.not_valid_after_utc:%Y-%m-%d}"),
        (_("Mettez %(v)s sous pli : qui le tient peut se faire passer pour ce serveur."), f"{folder}/authority.key"),
    ):
        click.echo(translate(says, lang) % {"v": value})
