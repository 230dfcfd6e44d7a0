"""Signed notes, keys, checkpoints and cosignatures (C2SP signed-note, tlog-checkpoint, tlog-cosignature).

A note is a text whose lines all end with a newline, an empty line, and signature lines
"— name base64". A checkpoint is a note of three lines: origin, size, base64 root. Three kinds of keys: Ed25519
over the text (0x01, the log), Ed25519 with a time (0x04, a witness), ML-DSA-44 with a time (0x06, a witness, and
the second line of a log), which also holds against quantum computers. C2SP at commit 5ba5ee8, 22 July 2026.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey

DASH = "— "
ED25519, COSIGNATURE, MLDSA44 = 0x01, 0x04, 0x06
TIMED = {COSIGNATURE: 64, MLDSA44: 2420}
"""Kinds whose signature follows eight bytes of time, and the length of that signature."""
PUBLIC = {ED25519: 32, COSIGNATURE: 32, MLDSA44: 1312}
MOST_LINES, MOST_BYTES = 64, 256 * 1024


class BadNote(ValueError):
    """A note, key or checkpoint that cannot be read, or that nobody trusted has signed."""


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def unb64(text: str) -> bytes:
    """Standard base64, padded, canonical to the last bit; BadNote otherwise."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as why:
        raise BadNote(f"base64: {why}") from None
    if b64(data) != text:
        raise BadNote("base64: not the canonical form")
    return data


def named(name: str) -> str:
    """A key name: not empty, no space of any kind, no plus sign."""
    if not name or "+" in name or any(c.isspace() or c == "\ufeff" for c in name):
        raise BadNote(f"{name!r} is not a key name")
    return name


def key_id(name: str, kind: int, public: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """The public half: who signs (name), how (kind), with what (32 bytes of Ed25519, 1,312 of ML-DSA-44)."""

    name: str
    kind: int
    public: bytes

    @property
    def id(self) -> bytes:
        return key_id(self.name, self.kind, self.public)

    def text(self) -> str:
        return f"{self.name}+{self.id.hex()}+{b64(bytes([self.kind]) + self.public)}"

    @classmethod
    def read(cls, text: str) -> VerifierKey:
        """name+hex id+base64(kind, key). BadNote: another form, a wrong id, another algorithm."""
        name, plus, rest = text.strip().partition("+")
        digits, plus2, key = rest.partition("+")
        if not plus or not plus2:
            raise BadNote("a verifier key is name+id+key")
        raw = unb64(key)
        if not raw or raw[0] not in PUBLIC or len(raw) != 1 + PUBLIC[raw[0]]:
            raise BadNote("only Ed25519 and ML-DSA-44 keys are read here")
        made = cls(named(name), raw[0], raw[1:])
        if made.id.hex() != digits:
            raise BadNote(f"the key id of {name} does not fit its key")
        return made

    def check(self, signature: bytes, message: bytes) -> bool:
        try:
            if self.kind == MLDSA44:
                MLDSA44PublicKey.from_public_bytes(self.public).verify(signature, message)
            else:
                Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The private half, in memory only: 32 bytes, of Ed25519 or the seed of ML-DSA-44."""

    name: str
    kind: int
    secret: bytes

    @classmethod
    def fresh(cls, name: str, kind: int = ED25519) -> SigningKey:
        made = MLDSA44PrivateKey.generate() if kind == MLDSA44 else Ed25519PrivateKey.generate()
        return cls(named(name), kind, made.private_bytes_raw())

    @property
    def private(self) -> Ed25519PrivateKey | MLDSA44PrivateKey:
        if self.kind == MLDSA44:
            return MLDSA44PrivateKey.from_seed_bytes(self.secret)
        return Ed25519PrivateKey.from_private_bytes(self.secret)

    @property
    def verifier(self) -> VerifierKey:
        return VerifierKey(self.name, self.kind, self.private.public_key().public_bytes_raw())

    def line(self, text: str) -> str:
        """The signature line of a note."""
        return line(self.name, self.verifier.id + self.private.sign(text.encode()))

    def cosign(self, text: str, seconds: int) -> str:
        """The line of a witness, or the ML-DSA-44 line of a log: the checkpoint as seen at a POSIX time."""
        message = cosigned_pq(self.name, text, seconds) if self.kind == MLDSA44 else cosigned(text, seconds)
        payload = seconds.to_bytes(8, "big") + self.private.sign(message)
        return line(self.name, self.verifier.id + payload)


def line(name: str, payload: bytes) -> str:
    return f"{DASH}{name} {b64(payload)}\n"


def cosigned(text: str, seconds: int) -> bytes:
    """What an Ed25519 witness signs."""
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def cosigned_pq(name: str, text: str, seconds: int) -> bytes:
    """What ML-DSA-44 signs of a checkpoint (tlog-cosignature, `cosigned_message`): it names the signer, start is 0."""
    point = read_checkpoint(text)
    who, what = name.encode(), point.origin.encode()
    if max(len(who), len(what)) > 255:
        raise BadNote("a name of more than 255 bytes")
    return b"".join(
        [b"subtree/v1\n\0", bytes([len(who)]), who, seconds.to_bytes(8, "big"), bytes([len(what)]), what,
         bytes(8), point.size.to_bytes(8, "big"), point.root]
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    id: bytes
    payload: bytes

    def text(self) -> str:
        return line(self.name, self.id + self.payload)


@dataclass(frozen=True, slots=True)
class Note:
    text: str
    lines: tuple[Line, ...]

    def whole(self) -> str:
        return self.text + "\n" + "".join(one.text() for one in self.lines)


def read_note(note: str) -> Note:
    """A note as written; nobody's signature is checked here. BadNote: malformed."""
    if len(note.encode(errors="surrogatepass")) > MOST_BYTES:
        raise BadNote("the note is too long")
    if any((ord(c) < 0x20 and c != "\n") or 0xD800 <= ord(c) <= 0xDFFF for c in note):
        raise BadNote("the note has control characters")
    text, gap, tail = note.rpartition("\n\n")
    if not gap or not tail.endswith("\n") or not text:
        raise BadNote("a note is a text, an empty line and signatures")
    lines = []
    for one in tail[:-1].split("\n"):
        name, space, key = one.removeprefix(DASH).partition(" ")
        if not one.startswith(DASH) or not space:
            raise BadNote("a signature line is malformed")
        raw = unb64(key)
        if len(raw) < 5:
            raise BadNote("a signature is too short")
        lines.append(Line(named(name), raw[:4], raw[4:]))
    if len(lines) > MOST_LINES:
        raise BadNote(f"{len(lines)} signatures; {MOST_LINES} at most")
    return Note(text + "\n", tuple(lines))


def signers(note: Note, known: Iterable[VerifierKey]) -> list[VerifierKey]:
    """Who of the known keys signed. Lines of others are passed over; a known key's bad line is BadNote.

    A cosignature counts as one of its witness; its time is not looked at, but it is below 2^63 and not zero.
    """
    keys = {(k.name, k.id): k for k in known}
    found: list[VerifierKey] = []
    for one in note.lines:
        key = keys.get((one.name, one.id))
        if key is None:
            continue
        if key.kind in TIMED:
            seconds = int.from_bytes(one.payload[:8], "big")
            message = cosigned_pq(key.name, note.text, seconds) if key.kind == MLDSA44 else cosigned(note.text, seconds)
            good = (
                len(one.payload) == 8 + TIMED[key.kind] and 0 < seconds < 2**63 and key.check(one.payload[8:], message)
            )
        else:
            good = key.check(one.payload, note.text.encode())
        if not good:
            raise BadNote(f"the signature of {one.name} does not fit")
        if key not in found:
            found.append(key)
    return found


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A state of a log: `size` entries under `root` (32 bytes)."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{b64(self.root)}\n"


def read_checkpoint(text: str) -> Checkpoint:
    """The text of a checkpoint, without signatures. Extension lines are refused: this log has none."""
    parts = text.split("\n")
    if len(parts) != 4 or parts[3] or not parts[0]:
        raise BadNote("a checkpoint is three lines")
    if not parts[1].isascii() or not parts[1].isdigit() or (parts[1] != "0" and parts[1].startswith("0")):
        raise BadNote("the size of a checkpoint is a decimal number")
    root = unb64(parts[2])
    if len(root) != 32:
        raise BadNote(f"a root of {len(root)} bytes, not 32")
    if len(parts[1]) > 16 or int(parts[1]) >= 2**53:
        raise BadNote("a log of more entries than numbers that every reader knows")
    return Checkpoint(parts[0], int(parts[1]), root)


def open_checkpoint(note: str, keys: Iterable[VerifierKey]) -> tuple[Checkpoint, Note]:
    """A checkpoint signed by one of the log's keys; BadNote otherwise."""
    read = read_note(note)
    found = read_checkpoint(read.text)
    known = list(keys)
    if any(k.name != found.origin for k in known):
        raise BadNote(f"the key is not of the log {found.origin}")
    if not signers(read, known):
        raise BadNote("no trusted key of the log has signed")
    return found, read
