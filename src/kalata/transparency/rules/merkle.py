"""The tree behind the public log (RFC 6962, section 2; RFC 9162): SHA-256, every hash 32 bytes.

Verification follows RFC 9162 with three refusals that a naive reader lacks: a hash of another
length, a check between trees of which one is empty, and proofs longer or shorter than they must be.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

EMPTY = hashlib.sha256(b"").digest()
"""The root of a tree without leaves."""


class BadProof(ValueError):
    """A proof that proves nothing."""


def leaf_hash(entry: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """Every complete subtree of a growing list of leaf hashes; any past size can still be asked for.

    levels[k][i]: hash of the leaves [i * 2^k, (i + 1) * 2^k).
    """

    __slots__ = ("levels",)

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        self.levels: list[list[bytes]] = [[]]
        self.extend(leaves)

    def __len__(self) -> int:
        return len(self.levels[0])

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Append leaf hashes: about 1 microsecond each."""
        sha256 = hashlib.sha256
        self.levels[0].extend(leaves)
        below, level = self.levels[0], 1
        while len(below) >= 2:
            if len(self.levels) == level:
                self.levels.append([])
            here = self.levels[level]
            done = 2 * len(here)
            here.extend(sha256(b"\x01" + below[i] + below[i + 1]).digest() for i in range(done, len(below) // 2 * 2, 2))
            below, level = here, level + 1

    def span(self, low: int, high: int) -> bytes:
        """The hash of leaves [low, high), where low is what the tree's own shape allows."""
        size = high - low
        if size & (size - 1) == 0 and low % size == 0:
            level = size.bit_length() - 1
            return self.levels[level][low >> level]
        split = 1 << ((size - 1).bit_length() - 1)
        return node_hash(self.span(low, low + split), self.span(low + split, high))

    def root(self, size: int | None = None) -> bytes:
        """The root when the tree had `size` leaves (now, when left out)."""
        size = len(self) if size is None else size
        if not 0 <= size <= len(self):
            raise ValueError(f"size {size}: the tree has {len(self)} leaves")
        return self.span(0, size) if size else EMPTY

    def inclusion(self, index: int, size: int | None = None) -> list[bytes]:
        """The proof that leaf `index` is in the tree of `size` leaves, from its sibling upward."""
        size = len(self) if size is None else size
        if not 0 <= index < size <= len(self):
            raise ValueError(f"leaf {index} of {size}: the tree has {len(self)} leaves")
        low, high, proof = 0, size, []
        while high - low > 1:
            split = 1 << ((high - low - 1).bit_length() - 1)
            if index < low + split:
                proof.append(self.span(low + split, high))
                high = low + split
            else:
                proof.append(self.span(low, low + split))
                low += split
        return proof[::-1]

    def consistency(self, first: int, second: int | None = None) -> list[bytes]:
        """The proof that the tree of `second` leaves begins with the tree of `first` leaves."""
        second = len(self) if second is None else second
        if not 0 < first <= second <= len(self):
            raise ValueError(f"sizes {first}, {second}: the tree has {len(self)} leaves")
        low, high, proof, whole = 0, second, [], True
        while first != high:
            split = 1 << ((high - low - 1).bit_length() - 1)
            if first <= low + split:
                proof.append(self.span(low + split, high))
                high = low + split
            else:
                proof.append(self.span(low, low + split))
                low, whole = low + split, False
        if not whole:
            proof.append(self.span(low, high))
        return proof[::-1]


def sized(*hashes: bytes) -> None:
    for one in hashes:
        if len(one) != 32:
            raise BadProof(f"a hash of {len(one)} bytes, not 32")


def check_inclusion(index: int, size: int, leaf: bytes, root: bytes, proof: Sequence[bytes]) -> None:
    """Return when `leaf` is the hash of leaf `index` in the tree of `size` leaves with this root; else BadProof."""
    sized(leaf, root, *proof)
    if not 0 <= index < size:
        raise BadProof(f"leaf {index} of a tree of {size}")
    place, last, hash_ = index, size - 1, leaf
    for part in proof:
        if last == 0:
            raise BadProof("the proof is longer than the tree is high")
        if place & 1 or place == last:
            hash_ = node_hash(part, hash_)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            hash_ = node_hash(hash_, part)
        place, last = place >> 1, last >> 1
    if last != 0:
        raise BadProof("the proof is shorter than the tree is high")
    if hash_ != root:
        raise BadProof("the proof leads to another root")


def check_consistency(first: int, second: int, root1: bytes, root2: bytes, proof: Sequence[bytes]) -> None:
    """Return when the tree (second, root2) begins with the tree (first, root1); else BadProof.

    An empty tree proves nothing about another: any check with first = 0 is refused.
    """
    sized(root1, root2, *proof)
    if not 0 < first <= second:
        raise BadProof(f"sizes {first} and {second}")
    if first == second:
        if proof or root1 != root2:
            raise BadProof("two trees of the same size with different roots, or a needless proof")
        return
    path = list(proof)
    if not path:
        raise BadProof("no proof")
    if first & (first - 1) == 0:
        path.insert(0, root1)
    place, last = first - 1, second - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = path[0]
    for part in path[1:]:
        if last == 0:
            raise BadProof("the proof is longer than the tree is high")
        if place & 1 or place == last:
            old, new = node_hash(part, old), node_hash(part, new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new = node_hash(new, part)
        place, last = place >> 1, last >> 1
    if last != 0 or old != root1 or new != root2:
        raise BadProof("the proof leads to other roots")
