"""A log on disk: static files in the C2SP layout, written tiles first and checkpoint last.

    <folder>/checkpoint  log.vkey  policy  tile/<level>/<n>  tile/entries/<n>
             register/<sha256>.csv   stations and areas, bound by the manifest

No Django, no database: the verifier, the prover, the witness' owner and the public site read this alone.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from kalata.transparency.rules import tiles
from kalata.transparency.rules.entries import parsed
from kalata.transparency.rules.merkle import Tree, leaf_hash
from kalata.transparency.rules.notes import BadNote, Checkpoint, VerifierKey, read_checkpoint, read_note
from kalata.transparency.rules.replay import Register, Replay, read_register


class Damaged(ValueError):
    """A file of the log is missing or is not what the rest of the log says."""


def write(path: Path, data: bytes) -> None:
    """Whole or not at all, on disk before it returns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}.part")
    with fresh.open("wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(path)


def write_log(folder: Path, tree: Tree, entries: Sequence[bytes], before: int, note: str) -> None:
    """Bring the files from size `before` to that of the tree. entries: from index before // 256 * 256 on."""
    size, start = len(tree), before // tiles.WIDTH * tiles.WIDTH
    for level, n, width in tiles.sizes(size, before):
        write(folder / tiles.path(level, n, width), tiles.tile(tree, level, n, width))
        if level == 0:
            first = n * tiles.WIDTH - start
            write(folder / tiles.path("entries", n, width), tiles.bundle(entries[first : first + width]))
    write(folder / "checkpoint", note.encode())


class LogFolder:
    """The log as its files say it, nothing taken on trust: what is read is checked against the checkpoint."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def data(self, name: str) -> bytes:
        try:
            return (self.folder / name).read_bytes()
        except OSError:
            raise Damaged(f"{name} is missing") from None

    def text(self, name: str) -> str:
        try:
            return self.data(name).decode()
        except UnicodeDecodeError:
            raise Damaged(f"{name} is not text") from None

    def note(self) -> str:
        return self.text("checkpoint")

    def checkpoint(self) -> Checkpoint:
        """What the checkpoint says; its signatures are for the caller to check."""
        try:
            return read_checkpoint(read_note(self.note()).text)
        except BadNote as why:
            raise Damaged(f"checkpoint: {why}") from None

    def vkeys(self) -> list[VerifierKey]:
        try:
            return [VerifierKey.read(one) for one in self.text("log.vkey").split()]
        except BadNote as why:
            raise Damaged(f"log.vkey: {why}") from None

    def entries(self, size: int, start: int = 0) -> Iterator[bytes]:
        """The bytes of the entries [start, size)."""
        for n in range(start // tiles.WIDTH, -(-size // tiles.WIDTH)):
            width = min(tiles.WIDTH, size - n * tiles.WIDTH)
            try:
                found = tiles.unbundled(self.data(tiles.path("entries", n, width)))
            except ValueError as why:
                raise Damaged(f"{tiles.path('entries', n, width)}: {why}") from None
            if len(found) != width:
                raise Damaged(f"{tiles.path('entries', n, width)}: {len(found)} entries, not {width}")
            yield from found[max(start - n * tiles.WIDTH, 0) :]

    def leaves(self, size: int) -> list[bytes]:
        """The leaf hashes that the tiles say."""
        out: list[bytes] = []
        for n in range(-(-size // tiles.WIDTH)):
            width = min(tiles.WIDTH, size - n * tiles.WIDTH)
            data = self.data(tiles.path(0, n, width))
            if len(data) != 32 * width:
                raise Damaged(f"{tiles.path(0, n, width)}: {len(data)} bytes, not {32 * width}")
            out += [data[i : i + 32] for i in range(0, len(data), 32)]
        return out

    def tree(self) -> Tree:
        """The tree of the tiles; Damaged where its root is not the checkpoint's."""
        point = self.checkpoint()
        made = Tree(self.leaves(point.size))
        if made.root() != point.root:
            raise Damaged("the tiles lead to another root than the checkpoint's")
        return made

    def replay(self, entries: Iterable[bytes] | None = None) -> Replay:
        """What the log says of every station and area. Raises Damaged, Broken, NotCanonical."""
        found = Replay(self.register)
        for data in entries if entries is not None else self.entries(self.checkpoint().size):
            found.feed(parsed(data))
        return found

    def register(self, stations: str, areas: str) -> Register:
        """The register whose files have these SHA-256; Damaged where they have not."""
        data = []
        for sha in (stations, areas):
            content = self.data(f"register/{sha}.csv")
            if hashlib.sha256(content).hexdigest() != sha:
                raise Damaged(f"register/{sha}.csv is not the file of that name")
            data.append(content)
        return read_register(*data)


def keep_register(folder: Path, stations: bytes, areas: bytes) -> tuple[str, str]:
    """Put the two files of a register beside the log; returns their SHA-256."""
    out = []
    for content in (stations, areas):
        sha = hashlib.sha256(content).hexdigest()
        target = folder / "register" / f"{sha}.csv"
        if not target.exists():
            write(target, content)
        out.append(sha)
    return out[0], out[1]


def whole_tiles(folder: Path, size: int) -> list[str]:
    """What the tiles of every level and the bundles say against each other; empty when all agree."""
    log = LogFolder(folder)
    tree, wrong = Tree(), []
    tree.extend(leaf_hash(e) for e in log.entries(size))
    for level, n, width in tiles.sizes(size):
        if log.data(tiles.path(level, n, width)) != tiles.tile(tree, level, n, width):
            wrong.append(tiles.path(level, n, width))
    return wrong
