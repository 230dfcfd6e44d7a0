"""Which keys a log has, from which size on: those of its manifest, then each one announced by a `key` entry.

A key follows another only through an entry that the key before it signed (of the same kind; the first ML-DSA-44
key of a log is announced by its Ed25519 key). It is in force once something else follows its announcement: the
checkpoint that ends with the announcement is still signed by the old key, so that who knows only that one can
read it; every later one must be signed by the new key, and the old one signs no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kalata.transparency.rules.entries import parsed
from kalata.transparency.rules.notes import (
    ED25519,
    MLDSA44,
    BadNote,
    Checkpoint,
    Note,
    VerifierKey,
    read_checkpoint,
    read_note,
    signers,
    unb64,
)

Keys = Mapping[int, VerifierKey]
"""At most one key of each kind."""


def rotated(vkey: str) -> bytes:
    """What the old key signs to announce a new one."""
    return f"kalata.log/rotation/v1\n{vkey}\n".encode()


def follows(entry: Mapping[str, Any], keys: Keys) -> VerifierKey:
    """The key that an announcement names. BadNote: none of these keys has announced it."""
    new = VerifierKey.read(str(entry["vkey"]))
    by = keys.get(new.kind) or keys.get(ED25519)
    if new.kind not in (ED25519, MLDSA44) or by is None or new.name != by.name:
        raise BadNote("the key announced is not one of this log")
    if not by.check(unb64(str(entry["signature"])), rotated(new.text())) or entry["vkey"] != new.text():
        raise BadNote("a rotation of the key is not signed by the key before it")
    return new


@dataclass(slots=True)
class Chain:
    """steps: (from this size on, the keys in force), ascending. newest: the last announced, in force or not yet."""

    origin: str
    steps: list[tuple[int, Keys]]
    newest: dict[int, VerifierKey]
    every: list[VerifierKey] = field(default_factory=list)

    def at(self, size: int) -> Keys:
        """The keys that sign a checkpoint of this size."""
        return next(keys for start, keys in reversed(self.steps) if start <= size or not start)

    def open(self, note: str, given: Iterable[VerifierKey] = ()) -> tuple[Checkpoint, Note]:
        """A checkpoint of this log. BadNote: not signed by a key in force; a key given is not of this log, or one of
        its kind is in force and has not signed."""
        read = read_note(note)
        point = read_checkpoint(read.text)
        if point.origin != self.origin:
            raise BadNote(f"the checkpoint is of {point.origin}, not of {self.origin}")
        now = self.at(point.size)
        signed = signers(read, now.values())
        kinds = {k.kind for k in given} & set(now)
        if not signed or any(now[k] not in signed for k in kinds):
            raise BadNote("no trusted key of the log has signed")
        return point, read

    def known(self, given: Iterable[VerifierKey]) -> list[VerifierKey]:
        """Of the keys somebody trusts, those of this log. BadNote: none, or one that this log never announced."""
        mine = [k for k in given if k.name == self.origin]
        if not mine:
            raise BadNote(f"no key of {self.origin} is given")
        if any(k not in self.every for k in mine):
            raise BadNote(f"{self.origin} has never announced the key that is trusted")
        return mine


def chain_of(entries: Sequence[bytes]) -> Chain:
    """The keys of a log, read from its entries. Raises BadNote, and what `parsed` raises."""
    if not entries:
        raise BadNote("an empty log has no key")
    announced = [(i, parsed(d)) for i, d in enumerate(entries) if i and b'"kind":"key"' in d]
    return chain_from(parsed(entries[0]), announced)


def chain_from(first: Mapping[str, Any], announced: Iterable[tuple[int, Mapping[str, Any]]]) -> Chain:
    """The keys of a log: first is its manifest, announced its `key` entries with their indices."""
    if first["kind"] != "manifest":
        raise BadNote("a log begins with its one manifest")
    newest: dict[int, VerifierKey] = {}
    for text in first["keys"]:
        key = VerifierKey.read(text)
        if (
            key.name != first["origin"]
            or key.kind not in (ED25519, MLDSA44)
            or key.kind in newest
            or key.text() != text
        ):
            raise BadNote("the keys of the manifest are one of each kind, under the name of the log")
        newest[key.kind] = key
    made = Chain(str(first["origin"]), [(0, dict(newest))], newest, list(newest.values()))
    rows = list(announced)
    where = {index for index, _entry in rows}
    for index, entry in rows:
        key = follows(entry, newest)
        if key in made.every:
            raise BadNote("a key is announced twice")
        newest[key.kind] = key
        made.every.append(key)
        if index + 1 not in where:
            made.steps.append((index + 2, dict(newest)))
    return made
