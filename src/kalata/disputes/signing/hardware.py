"""The Court's seal in a hardware token (PKCS#11): its private key never leaves it, PDF and XML are signed through it.

Where it is, is told by the environment (KALATA_COURT_PKCS11_MODULE, _TOKEN, _KEY) or by `token.json` of the Court's
folder ({"module", "token", "key"}); its PIN by KALATA_COURT_PIN_FILE or KALATA_COURT_PIN alone. The certificate is the
`seal.pem` of the folder: a token whose key is not that one's signs nothing. Instants and the key of archives stay in
files. A session is opened for each signature and closed after it.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from threading import Lock
from typing import Any, NoReturn

from asn1crypto.algos import DSASignature
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from kalata.disputes.signing.refusals import ForeignKey, NoToken, NoTokenKey, NoTokenLibrary, TokenAbsent, WrongPin

FILE = "token.json"
NAMES = ("module", "token", "key")
ONE = Lock()
"""A process logs in to a token once at a time."""


@dataclass(frozen=True, slots=True)
class Where:
    """A key in a token. module: the maker's library; token, key: their labels."""

    module: str
    token: str
    key: str
    pin: str = field(repr=False)


def asked(folder: Path, environ: Mapping[str, str] = os.environ) -> Where | None:
    """The token of the settings; None where nobody names one. NoToken: half of it is missing. WrongPin: no PIN is given."""
    said = {name: environ.get(f"KALATA_COURT_PKCS11_{name.upper()}", "") for name in NAMES}
    path = folder / FILE
    if not any(said.values()) and path.exists():
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
            said = {name: str(kept.get(name) or "") for name in NAMES}
        except (OSError, ValueError, AttributeError) as why:
            raise NoToken(why=f"{FILE}: {why}") from None
    elif not any(said.values()):
        return None
    if lacking := [name for name, value in said.items() if not value]:
        raise NoToken(why=", ".join(lacking))
    return Where(**said, pin=pin(environ))


def pin(environ: Mapping[str, str]) -> str:
    """The PIN, from a file or the environment, never from the folder of the keys."""
    if path := environ.get("KALATA_COURT_PIN_FILE"):
        try:
            return Path(path).read_text(encoding="utf-8").removesuffix("\n")
        except OSError as why:
            raise WrongPin(why=why.strerror or str(why)) from None
    found = environ.get("KALATA_COURT_PIN", "")
    if not found:
        raise WrongPin(why="KALATA_COURT_PIN_FILE")
    return found


class TokenKey(ec.EllipticCurvePrivateKey):
    """A private key that stays in its token: it signs, and gives nothing else. public: of its certificate."""

    def __init__(self, where: Where, public: ec.EllipticCurvePublicKey) -> None:
        self.where, self.public = where, public

    def sign(self, data: Any, signature_algorithm: ec.EllipticCurveSignatureAlgorithm) -> bytes:
        """ECDSA over SHA-256, DER. NoTokenLibrary, TokenAbsent, WrongPin, NoTokenKey, NoToken."""
        if not isinstance(signature_algorithm.algorithm, SHA256):
            raise ValueError("SHA-256 alone")
        return bytes(DSASignature.from_p1363(signed(self.where, hashlib.sha256(data).digest())).dump())

    def public_key(self) -> ec.EllipticCurvePublicKey:
        return self.public

    @property
    def curve(self) -> ec.EllipticCurve:
        return self.public.curve

    @property
    def key_size(self) -> int:
        return self.public.key_size

    def stays(self, *_args: Any, **_more: Any) -> NoReturn:
        raise TypeError("the key stays in its token")

    exchange = private_numbers = private_bytes = stays

    def __copy__(self) -> TokenKey:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> TokenKey:
        return self


def held(where: Where, certificate: x509.Certificate) -> TokenKey:
    """The key of this certificate, after it has signed what nobody chose. ForeignKey: another key; the refusals of `sign`."""
    public = certificate.public_key()
    if not isinstance(public, ec.EllipticCurvePublicKey):
        raise ForeignKey(name=where.key)
    key, probe = TokenKey(where, public), secrets.token_bytes(32)
    try:
        public.verify(key.sign(probe, ec.ECDSA(SHA256())), probe, ec.ECDSA(SHA256()))
    except (InvalidSignature, ValueError):
        raise ForeignKey(name=where.key) from None
    return key


def signed(where: Where, digest: bytes) -> bytes:
    """The two numbers of an ECDSA signature, one after the other, as the token gives them."""
    try:
        pkcs11 = import_module("pkcs11")
        errors = import_module("pkcs11.exceptions")
    except ImportError:
        raise NoTokenLibrary from None
    with ONE:
        try:
            library = pkcs11.lib(where.module)
        except Exception as why:  # the loader of each system fails in its own words
            raise NoToken(why=str(why) or where.module) from None
        try:
            with library.get_token(token_label=where.token).open(user_pin=where.pin) as session:
                key = session.get_key(object_class=pkcs11.ObjectClass.PRIVATE_KEY, label=where.key)
                return bytes(key.sign(digest, mechanism=pkcs11.Mechanism.ECDSA))
        except (errors.NoSuchToken, errors.TokenNotPresent, errors.TokenNotRecognised) as why:
            raise TokenAbsent(token=where.token, why=type(why).__name__) from None
        except (errors.PinIncorrect, errors.PinInvalid, errors.PinLocked, errors.PinLenRange) as why:
            raise WrongPin(why=type(why).__name__) from None
        except (errors.NoSuchKey, errors.MultipleObjectsReturned) as why:
            raise NoTokenKey(key=where.key, why=type(why).__name__) from None
        except errors.PKCS11Error as why:
            raise NoToken(why=str(why) or type(why).__name__) from None
