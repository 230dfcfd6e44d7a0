"""The private keys of the log: files outside the database, opened with two halves of a passphrase.

Two persons each type one half; neither alone opens them. One Ed25519 key, and beside it one of ML-DSA-44, serve
every log of the house under each log's own name (the key id holds the name). A house that made its key before
has the first alone until its next rotation. Nothing here touches the database.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kalata.refusals import Refused
from kalata.text import gettext_noop as _
from kalata.transparency.rules.keychain import rotated
from kalata.transparency.rules.notes import ED25519, MLDSA44, SigningKey, VerifierKey, b64, unb64

LEAST = 12
"""Characters of each half."""
COST = (2**16, 8, 2)
"""scrypt's N, r, p: 64 MiB and about a third of a second, once for each key and process."""
Private = Ed25519PrivateKey | MLDSA44PrivateKey


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
    says = _("Chaque moitié de la phrase secrète a au moins %(n)d {n:caractère|caractères}, et les deux diffèrent.")
    remedy = _("Choisissez quatre mots au hasard chacun, sans vous les dire.")
    status = 422


def joined(first: str, second: str) -> str:
    """The passphrase of two halves. LOG-104: too short, or the same."""
    if min(len(first), len(second)) < LEAST or first == second:
        raise WeakHalf(n=LEAST)
    return f"{first}\n{second}"


class Secret(bytes):
    """The 32 secret bytes of Ed25519, and beside them the seed of ML-DSA-44; empty where the house has none."""

    seed: bytes = b""


def second(path: Path) -> Path:
    """Where the ML-DSA-44 key lies, beside the Ed25519 one."""
    return path.with_name(f"{path.name}.mldsa44")


def create(path: Path, passphrase: str) -> bytes:
    """Make both keys and keep them encrypted, mode 600; returns the public half of Ed25519. LOG-101: there is one."""
    if path.exists():
        raise KeyThere(path=str(path))
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    second(path).unlink(
        missing_ok=True
    )  # of a ceremony that the power cut short: without its first key it opens nothing
    keep(second(path), MLDSA44PrivateKey.generate(), passphrase)
    key = Ed25519PrivateKey.generate()
    keep(path, key, passphrase)
    return key.public_key().public_bytes_raw()


def keep(path: Path, key: Private, passphrase: str) -> None:
    fresh = path.with_name(f"{path.name}.{os.getpid()}.part")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(sealed(key, passphrase))
        out.flush()
        os.fsync(out.fileno())
    os.link(fresh, path)
    fresh.unlink()


@lru_cache(maxsize=8)
def stretched(passphrase: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    """The key that a passphrase gives, slowly: whoever has the file alone tries few of them a second."""
    return hashlib.scrypt(passphrase.encode(), salt=salt, n=n, r=r, p=p, dklen=32, maxmem=2**28)


def head_of(said: dict[str, Any]) -> bytes:
    """What the seal covers besides the secret: the kind of key and how it was sealed."""
    return json.dumps({k: said[k] for k in ("kalata", "kind", "n", "r", "p", "salt", "nonce")}, sort_keys=True).encode()


def sealed(key: Private, passphrase: str) -> bytes:
    """The file of a key: its secret under AES-256-GCM, by scrypt from the passphrase. A changed byte is seen."""
    n, r, p = COST
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    said: dict[str, Any] = {
        "kalata": "key/v2",
        "kind": "mldsa44" if isinstance(key, MLDSA44PrivateKey) else "ed25519",
        "n": n,
        "r": r,
        "p": p,
    }
    said |= {"salt": b64(salt), "nonce": b64(nonce)}
    box = AESGCM(stretched(passphrase, salt, n, r, p)).encrypt(nonce, key.private_bytes_raw(), head_of(said))
    return json.dumps(said | {"sealed": b64(box)}).encode() + b"\n"


def unsealed(data: bytes, passphrase: str) -> Any:
    """The key of a file; of an older house too (PKCS#8, until its next rotation). ValueError, TypeError: it does not open."""
    if data.startswith(b"-----BEGIN"):
        return serialization.load_pem_private_key(data, passphrase.encode())
    try:
        said = json.loads(data)
        if (
            said["kalata"] != "key/v2"
            or not 2 <= said["n"] <= 2**18
            or not 1 <= said["r"] <= 8
            or not 1 <= said["p"] <= 8
        ):
            raise ValueError("not a key of ours")
        stretch = stretched(passphrase, unb64(said["salt"]), said["n"], said["r"], said["p"])
        raw = AESGCM(stretch).decrypt(unb64(said["nonce"]), unb64(said["sealed"]), head_of(said))
    except (InvalidTag, KeyError, AttributeError) as why:
        raise ValueError(str(why)) from None
    if said["kind"] == "mldsa44":
        return MLDSA44PrivateKey.from_seed_bytes(raw)
    return Ed25519PrivateKey.from_private_bytes(raw)


def open_key(path: Path, passphrase: str) -> Secret:
    """The secret bytes. LOG-102: no key; LOG-103: it does not open."""
    if not path.exists():
        raise NoKey
    try:
        key = unsealed(path.read_bytes(), passphrase)
        other = second(path)
        two = unsealed(other.read_bytes(), passphrase) if other.exists() else None
    except (ValueError, TypeError):
        raise BadPassphrase from None
    if not isinstance(key, Ed25519PrivateKey) or not isinstance(two, MLDSA44PrivateKey | None):
        raise BadPassphrase
    made = Secret(key.private_bytes_raw())
    made.seed = two.private_bytes_raw() if two else b""
    return made


def signer(secret: bytes, origin: str) -> SigningKey:
    return SigningKey(origin, ED25519, bytes(secret))


def signing(secret: bytes, origin: str) -> list[SigningKey]:
    """The keys that sign the checkpoints of a log: Ed25519, then ML-DSA-44 where the house has one."""
    seed = secret.seed if isinstance(secret, Secret) else b""
    return [signer(secret, origin), *([SigningKey(origin, MLDSA44, seed)] if seed else [])]


def lines(secret: bytes, origin: str, text: str, seconds: int, kinds: Iterable[int]) -> str:
    """The signature lines of a checkpoint, by the keys of these kinds (those in force)."""
    wanted = [k for k in signing(secret, origin) if k.kind in set(kinds)]
    return "".join(k.cosign(text, seconds) if k.kind == MLDSA44 else k.line(text) for k in wanted)


def fingerprint(public: bytes) -> str:
    """What is read aloud and printed: SHA-256 of the public key, in groups of four."""
    digits = hashlib.sha256(public).hexdigest()
    return " ".join(digits[i : i + 4] for i in range(0, 64, 4))


def rotation(old: SigningKey, new: VerifierKey) -> str:
    """The old key's signature over the new one (base64): what a `key` entry carries."""
    return b64(old.private.sign(rotated(new.text())))
