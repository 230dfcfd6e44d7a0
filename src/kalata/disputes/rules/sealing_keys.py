"""The keys of a member of the bench: the public line that is given to all, the private file that never leaves.

P-256, because the command and a page's script without any library both have it (docs/decisions/0022-sealed.md).
A private file is a small JSON document; under a passphrase its secret is AES-256-GCM with a key by PBKDF2-HMAC-SHA256,
the one way of stretching a passphrase that browsers have.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kalata.refusals import Refused
from kalata.text import gettext_noop as _

NAME, FORMAT = "bench1", "kalata.court/bench-key/1"
ROUNDS = 600_000
MOST_ROUNDS = 5_000_000
CURVE = ec.SECP256R1()
LARGEST = 16 * 1024


class BadPublicKey(Refused):
    code = "DIS-757"
    says = _("Ligne %(line)d : ce n’est pas la clé publique d’un membre du siège.")
    remedy = _("Une clé par ligne, telle que « kalata disputes keygen » l’a affichée : bench1+8 chiffres+clé.")
    status = 422


class BadKeyFile(Refused):
    code = "DIS-758"
    says = _("Ce fichier n’est pas la clé privée d’un membre du siège.")
    remedy = _("Donnez le fichier écrit par « kalata disputes keygen ».")
    status = 422


class BadPassphrase(Refused):
    code = "DIS-759"
    says = _("La clé privée ne s’ouvre pas avec cette phrase secrète.")
    remedy = _("Vérifiez la phrase ; une clé perdue se remplace, et deux membres rescellent les textes.")
    status = 403


class PassphraseWanted(Refused):
    code = "DIS-760"
    says = _("Cette clé privée est protégée : il faut sa phrase secrète, et une phrase n’est jamais vide.")
    remedy = _("Ajoutez --passphrase-file FICHIER.")
    status = 422


@dataclass(frozen=True, slots=True)
class PublicKey:
    """The public half: 65 bytes, a point of P-256 as it is written without compression. name: whose keys these are."""

    point: bytes
    name: str = NAME

    @property
    def public(self) -> ec.EllipticCurvePublicKey:
        return ec.EllipticCurvePublicKey.from_encoded_point(CURVE, self.point)

    def text(self) -> str:
        """bench1+8 hexadecimal digits+base64: the digits catch a slip of the pen."""
        check = hashlib.sha256(self.name.encode() + b"\n" + self.point).hexdigest()[:8]
        return f"{self.name}+{check}+{base64.b64encode(self.point).decode()}"

    @classmethod
    def read(cls, text: str, line: int = 1, name: str = NAME) -> PublicKey:
        """The key of a line; what follows a space is a remark. BadPublicKey: anything else."""
        word = text.split()[0] if text.split() else ""
        try:
            said, _digits, key = word.split("+", 2)
            made = cls(base64.b64decode(key, validate=True), name)
            if said != name or len(made.point) != 65 or made.text() != word:
                raise BadPublicKey(line=line)
            made.public  # noqa: B018  (a point of the curve, or ValueError)
        except (ValueError, binascii.Error):
            raise BadPublicKey(line=line) from None
        return made


def public_keys(text: str) -> list[PublicKey]:
    """The keys of a list: one a line; empty lines and those that begin with # are passed over."""
    lines = enumerate(text.removeprefix("\ufeff").splitlines(), 1)
    return [PublicKey.read(line, n) for n, line in lines if line.strip() and not line.lstrip().startswith("#")]


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """The private half, in memory only."""

    private: ec.EllipticCurvePrivateKey
    name: str = NAME

    @classmethod
    def fresh(cls) -> PrivateKey:
        return cls(ec.generate_private_key(CURVE))

    @property
    def public(self) -> PublicKey:
        encoding, form = serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        return PublicKey(self.private.public_key().public_bytes(encoding, form), self.name)

    def secret(self) -> bytes:
        """PKCS#8, DER: what a browser imports too."""
        return self.private.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )


def stretched(passphrase: str, salt: bytes, rounds: int) -> bytes:
    return hashlib.pbkdf2_hmac("sha256", unicodedata.normalize("NFC", passphrase).encode(), salt, rounds)


def key_file(key: PrivateKey, passphrase: str | None, chance: Callable[[int], bytes]) -> bytes:
    """The private file: under a passphrase, or in clear where there is none."""
    record: dict[str, object] = {"format": FORMAT, "public": key.public.text()}
    secret = key.secret()
    if passphrase is None:
        record["secret"] = base64.b64encode(secret).decode()
    else:
        if not passphrase:
            raise PassphraseWanted
        salt, nonce = chance(16), chance(12)
        sealed = AESGCM(stretched(passphrase, salt, ROUNDS)).encrypt(nonce, secret, str(record["public"]).encode())
        parts = {"salt": salt, "nonce": nonce, "sealed": sealed}
        record |= {"kdf": "PBKDF2-HMAC-SHA256", "rounds": ROUNDS}
        record |= {name: base64.b64encode(part).decode() for name, part in parts.items()}
    return json.dumps(record, indent=1, sort_keys=True).encode() + b"\n"


def is_protected(data: bytes) -> bool:
    """True where the private file asks for a passphrase."""
    return "sealed" in fields(data)


def fields(data: bytes) -> dict[str, object]:
    try:
        found = json.loads(data.decode()) if len(data) <= LARGEST else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise BadKeyFile
    return found


def part(record: dict[str, object], name: str) -> bytes:
    try:
        return base64.b64decode(str(record[name]), validate=True)
    except (KeyError, ValueError):
        raise BadKeyFile from None


def private_key(data: bytes, passphrase: str | None = None) -> PrivateKey:
    """The key of a private file. BadKeyFile, PassphraseWanted, BadPassphrase."""
    record = fields(data)
    if "sealed" in record:
        if not passphrase:
            raise PassphraseWanted
        rounds = record.get("rounds")
        if type(rounds) is not int or not 1 <= rounds <= MOST_ROUNDS or record.get("kdf") != "PBKDF2-HMAC-SHA256":
            raise BadKeyFile
        try:
            wrapping = AESGCM(stretched(passphrase, part(record, "salt"), rounds))
            secret = wrapping.decrypt(part(record, "nonce"), part(record, "sealed"), str(record.get("public")).encode())
        except InvalidTag:
            raise BadPassphrase from None
        except ValueError:
            raise BadKeyFile from None
    else:
        secret = part(record, "secret")
    try:
        private = serialization.load_der_private_key(secret, None)
    except (ValueError, TypeError):
        raise BadKeyFile from None
    if not isinstance(private, ec.EllipticCurvePrivateKey) or private.curve.name != CURVE.name:
        raise BadKeyFile
    made = PrivateKey(private)
    if made.public.text() != record.get("public"):
        raise BadKeyFile
    return made
