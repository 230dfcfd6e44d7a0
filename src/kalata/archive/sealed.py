"""Files of an archive: squeezed, then sealed in the format of age for the keys that may open them.

Anybody with the private key opens one without this software: `age -d -i recovery.key FILE | gunzip`. A public key seals
for anybody, so a file also bears a mark made with the house's own secret, in the name that gzip keeps of its content.
"""

from __future__ import annotations

import gzip
import hashlib
import hmac
import io
import os
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, BinaryIO

import pyrage

from kalata import storage
from kalata.archive.refusals import NoKey, NotOurs

CHUNK = 1 << 18
TAIL = ".age"
PASSPHRASED = b"age-encryption.org/v1\n-> scrypt"
HEADER_AT, NAMED = 10, 0x08


def marking_key(secret: str) -> bytes:
    return hmac.new(secret.encode(), b"kalata archive", "sha256").digest()


def mark_of(key: bytes, name: str, chunks: Iterator[bytes]) -> str:
    found = hmac.new(key, name.encode() + b"\0", "sha256")
    for chunk in chunks:
        found.update(chunk)
    return found.hexdigest()


def chunks_of(file: IO[bytes]) -> Iterator[bytes]:
    while chunk := file.read(CHUNK):
        yield chunk


def squeezed(file: IO[bytes], mark: str) -> Iterator[bytes]:
    held = io.BytesIO()
    with gzip.GzipFile(filename=mark, mode="wb", fileobj=held, compresslevel=1, mtime=0) as out:
        for chunk in chunks_of(file):
            out.write(chunk)
            if held.tell() > CHUNK:
                yield held.getvalue()
                held.seek(0)
                held.truncate()
    yield held.getvalue()


class Pulled(io.RawIOBase):
    """A stream read from an iterator of bytes, as pyrage asks for it."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self.chunks, self.left = chunks, b""

    def readable(self) -> bool:
        return True

    def readinto(self, room: Any) -> int:
        while not self.left:
            got = next(self.chunks, None)
            if got is None:
                return 0
            self.left = got
        n = min(len(room), len(self.left))
        room[:n] = self.left[:n]
        self.left = self.left[n:]
        return n


class Counted(io.RawIOBase):
    """A file that says how much was written into it and its fingerprint."""

    def __init__(self, out: BinaryIO | IO[bytes]) -> None:
        self.out, self.size, self.digest = out, 0, hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        data = bytes(data)
        self.out.write(data)
        self.digest.update(data)
        self.size += len(data)
        return len(data)


class Spread(io.RawIOBase):
    """What is opened goes on, squeezed out; `mark` is what gzip kept."""

    def __init__(self, onward: Callable[[bytes], object]) -> None:
        self.onward, self.head, self.mark = onward, b"", ""
        self.out = zlib.decompressobj(31)

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        data = bytes(data)
        if len(self.head) < 128:
            self.head += data[:128]
        if clear := self.out.decompress(data):
            self.onward(clear)
        return len(data)

    def finish(self) -> None:
        self.onward(self.out.flush())
        if not self.out.eof:
            raise ValueError("cut short")
        if len(self.head) > HEADER_AT and self.head[3] & NAMED:
            self.mark = self.head[HEADER_AT:].partition(b"\0")[0].decode("latin-1")


def keys_folder() -> Path:
    """Where the public keys of this house's copies lie."""
    return Path(os.environ.get("KALATA_BACKUP_KEYS", "/etc/kalata/backup-keys"))


def recipients(folder: Path) -> list[Any]:
    """Every public key of a folder (`*.pub`). OPS-150 where there is none."""
    found = []
    for path in sorted(folder.glob("*.pub")) if folder.is_dir() else []:
        for line in path.read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("age1"):
                try:
                    found.append(pyrage.x25519.Recipient.from_str(line.strip()))
                except pyrage.RecipientError as why:
                    raise NotOurs(name=path.name, why=str(why)) from None
    if not found:
        raise NoKey(folder=str(folder))
    return found


def identities(path: Path, ask: Callable[[], str]) -> list[Any]:
    """The private keys of a file of age; `ask` for its passphrase where it has one."""
    data = path.read_bytes()
    try:
        if data.startswith(PASSPHRASED):
            data = pyrage.passphrase.decrypt(data, ask())
        lines = [x.strip() for x in data.decode("ascii").splitlines()]
        found = [pyrage.x25519.Identity.from_str(x) for x in lines if x.startswith("AGE-SECRET-KEY-")]
    except (pyrage.IdentityError, pyrage.DecryptError, UnicodeDecodeError) as why:
        raise NotOurs(name=path.name, why=str(why)) from None
    if not found:
        raise NotOurs(name=path.name, why="no AGE-SECRET-KEY in it")
    return found


def pair(folder: Path, name: str, passphrase: str = "") -> tuple[Path, Path]:
    """A new pair, `name.key` (mode 600, under the passphrase where one is given) and `name.pub`. Never over another."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = pyrage.x25519.Identity.generate()
    public = str(fresh.to_public())
    text = f"# kalata backup: {public}\n{fresh}\n".encode()
    secret, known = folder / f"{name}.key", folder / f"{name}.pub"
    for path, data, mode in (
        (secret, pyrage.passphrase.encrypt(text, passphrase) if passphrase else text, 0o600),
        (known, f"{public}\n".encode(), 0o644),
    ):
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as out:
            out.write(data)
        storage.synced(path)
    return secret, known


def sealed_stream(chunks: Iterator[bytes], target: Path, keys: list[Any]) -> tuple[int, str]:
    """Seal a stream into `target`, whole and on the disk or not at all. Returns (size, SHA-256) of what was written."""
    part = target.with_name(f".{target.name}.part")
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            counted = Counted(out)
            pyrage.encrypt_io(io.BufferedReader(Pulled(chunks), CHUNK), counted, keys)
            out.flush()
            os.fsync(out.fileno())
        part.replace(target)
        storage.synced(target)
    finally:
        part.unlink(missing_ok=True)
    return counted.size, counted.digest.hexdigest()


def seal(source: Path, name: str, target: Path, keys: list[Any], marking: bytes) -> int:
    """Squeeze, mark and seal one file. Returns the size of what was written."""
    with source.open("rb") as content:
        return seal_open(content, name, target, keys, marking)


def seal_open(content: IO[bytes], name: str, target: Path, keys: list[Any], marking: bytes) -> int:
    mark = mark_of(marking, name, chunks_of(content))
    content.seek(0)
    return sealed_stream(squeezed(content, mark), target, keys)[0]


def unsealed(source: Path, onward: Callable[[bytes], object], keys: list[Any]) -> str:
    """Open a file of the archive, content to `onward`. Returns its mark. OPS-155 where it does not open or is cut."""
    spread = Spread(onward)
    try:
        with source.open("rb") as content:
            pyrage.decrypt_io(content, spread, keys)
        spread.finish()
    except (pyrage.DecryptError, ValueError, zlib.error, OSError) as why:
        if isinstance(why, OSError) and why.errno is not None:  # the disk's word, not that of pyrage
            raise
        raise NotOurs(name=source.name, why=str(why) or type(why).__name__) from None
    return spread.mark


def unseal(source: Path, name: str, target: Path, keys: list[Any], marking: bytes) -> None:
    """Put one file of the archive at `target`, whole, if it bears the mark of this house. OPS-155 otherwise."""
    part = target.with_name(f".{target.name}.part")
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    found = hmac.new(marking, name.encode() + b"\0", "sha256")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:

            def onward(data: bytes) -> None:
                out.write(data)
                found.update(data)

            mark = unsealed(source, onward, keys)
            out.flush()
            os.fsync(out.fileno())
        if not hmac.compare_digest(mark, found.hexdigest()):
            raise NotOurs(name=name, why="its mark is another's")
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
