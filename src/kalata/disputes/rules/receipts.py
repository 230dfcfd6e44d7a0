"""What a counter signs for a petition, and what anybody checks of it without network.

The body is canonical JSON: number, instant, clock, pieces with their SHA-256 and pages, and the filing itself. The root is
that of a tree (RFC 6962) whose first leaf is the body and whose others are the pieces. The key of the counter (Ed25519)
signs three lines: number, instant, root; the square on the paper holds them, so that the paper checks itself against
the key of the counter, and one piece against the root without the others.
"""

from __future__ import annotations

import base64
import binascii
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from kalata.disputes.rules.numbers import ReceiptNumber
from kalata.refusals import Refused
from kalata.text import gettext_noop as _
from kalata.transparency.rules.canonical import canonical
from kalata.transparency.rules.merkle import Tree, leaf_hash

MARK = "KALATA-RECEPISSE-1"


class BadSquare(Refused):
    code = "DIS-122"
    says = _("Ce code n’est pas celui d’un récépissé : %(why)s.")
    remedy = _("Lisez de nouveau le carré du papier, en entier, ou tapez-le ligne par ligne.")
    status = 422
    sentences = frozenset({"why"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A piece as a receipt names it. pages: 0 where they have no meaning."""

    number: int
    sha256: str
    size: int
    pages: int
    media: str
    name: str
    kind: str = ""

    def record(self) -> dict[str, Any]:
        return {"n": self.number, "sha256": self.sha256, "size": self.size, "pages": self.pages, "media": self.media,
                "name": normal(self.name), "kind": self.kind}  # fmt: skip


def normal(text: str) -> str:
    """A text as it is signed: composed, so that the same words are the same bytes on every machine."""
    return unicodedata.normalize("NFC", text)


def written(at: datetime) -> str:
    """An instant as it is signed: UTC, to the microsecond, whatever the zone it was shown in."""
    if at.tzinfo is None:
        raise ValueError("an instant without a zone is none")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def read(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


def body(
    *, number: str, contest: str, at: datetime, channel: str, clock: str, drift_ms: int | None, ticket: str, since: datetime | None,
    clerk: str, pieces: Sequence[Piece], filing: Mapping[str, Any],
) -> bytes:  # fmt: skip
    """The canonical text of a receipt."""
    said: dict[str, Any] = {
        "kalata": MARK, "number": number, "contest": contest, "received_at": written(at), "channel": channel, "clock": clock,
        "ticket": ticket, "clerk": clerk, "pieces": [p.record() for p in pieces], "filing": dict(filing),
    }  # fmt: skip
    if drift_ms is not None:
        said["drift_ms"] = drift_ms
    if since is not None:
        said["since"] = written(since)
    return canonical(said)


def root_of(text: bytes, pieces: Sequence[Mapping[str, Any]]) -> str:
    """The root of the file of a petition, hex: of the body and of its pieces."""
    return Tree([leaf_hash(text), *(leaf_hash(canonical(dict(p))) for p in pieces)]).root().hex()


def statement(number: str, at: str, root: str) -> bytes:
    """The very bytes that are signed."""
    return f"{MARK}\n{number}\n{at}\n{root}\n".encode()


def sign(key: Ed25519PrivateKey, number: str, at: datetime, root: str) -> str:
    return key.sign(statement(number, written(at), root)).hex()


def signed_by(key: str, number: str, at: str, root: str, signature: str) -> bool:
    """True where this public key (hex) signed these three."""
    try:
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
        public.verify(bytes.fromhex(signature), statement(number, at, root))
    except (InvalidSignature, ValueError):
        return False
    return True


@dataclass(frozen=True, slots=True)
class Square:
    """What the square of a receipt says."""

    number: str
    at: str
    root: str
    signature: str
    key: str

    def text(self) -> str:
        """As it stands in the square: four lines and the first half of the key, to be compared with the published one."""
        packed = base64.b64encode(bytes.fromhex(self.signature)).decode()
        return f"{MARK}\n{self.number}\n{self.at}\n{self.root}\n{packed}\n{self.key[:32]}"

    def holds(self, key: str) -> bool:
        """True where the published key of the counter signed it."""
        return key.startswith(self.key) and signed_by(key, self.number, self.at, self.root, self.signature)


def square_of(text: str) -> Square:
    """What a square says. DIS-122 where it is none."""
    lines = text.strip().splitlines()
    if len(lines) != 6 or lines[0].strip() != MARK:
        raise BadSquare(why=_("il n’en a pas la forme"))
    number, at, root, packed, key = (line.strip() for line in lines[1:])
    if ReceiptNumber.read(number) is None:
        raise BadSquare(why=_("le numéro"))
    try:
        read(at)
        signature = base64.b64decode(packed, validate=True)
        if len(bytes.fromhex(root)) != 32 or len(signature) != 64 or len(bytes.fromhex(key)) != 16:
            raise BadSquare(why=_("l’empreinte ou la signature"))
    except (ValueError, binascii.Error):
        raise BadSquare(why=_("l’instant, l’empreinte ou la signature")) from None
    return Square(number, at, root, signature.hex(), key)
