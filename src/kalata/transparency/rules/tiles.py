"""Names and bytes of the static files of a log (C2SP tlog-tiles)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kalata.transparency.rules.merkle import Tree

WIDTH = 256
LONGEST = 65_535
"""Bytes of one entry at most: its length is written on two bytes."""


def number(n: int) -> str:
    """005, x001/234, x001/x234/567."""
    groups = [f"{n % 1000:03d}"]
    while n := n // 1000:
        groups.append(f"x{n % 1000:03d}")
    return "/".join(reversed(groups))


def path(level: int | str, n: int, width: int = WIDTH) -> str:
    """tile/<level>/<n>, with .p/<width> for one not full. level: 0 to 63, or "entries"."""
    return f"tile/{level}/{number(n)}" + (f".p/{width}" if width < WIDTH else "")


def sizes(size: int, before: int = 0) -> Iterator[tuple[int, int, int]]:
    """(level, n, width) of every tile that a log of `size` has and that of `before` had not, lowest first."""
    level = 0
    while (here := size >> 8 * level) > 0:
        was = before >> 8 * level
        for n in range(was // WIDTH, here // WIDTH):
            yield level, n, WIDTH
        if here % WIDTH and here != was:
            yield level, here // WIDTH, here % WIDTH
        level += 1


def tile(tree: Tree, level: int, n: int, width: int) -> bytes:
    """The hashes of one tile, end to end: hash i is that of the leaves [(256 n + i) * 256^level, ...)."""
    return b"".join(tree.levels[8 * level][WIDTH * n : WIDTH * n + width])


def bundle(entries: Iterable[bytes]) -> bytes:
    """Entries, each behind its length on two bytes, big-endian. ValueError: an entry longer than LONGEST."""
    out = []
    for entry in entries:
        if len(entry) > LONGEST:
            raise ValueError(f"an entry of {len(entry)} bytes; {LONGEST} at most")
        out.append(len(entry).to_bytes(2, "big") + entry)
    return b"".join(out)


def unbundled(data: bytes) -> list[bytes]:
    """The entries of a bundle. ValueError: it is cut short."""
    out, at = [], 0
    while at < len(data):
        end = at + 2 + int.from_bytes(data[at : at + 2], "big")
        if end > len(data) or at + 2 > len(data):
            raise ValueError("the bundle of entries is cut short")
        out.append(data[at + 2 : end])
        at = end
    return out
