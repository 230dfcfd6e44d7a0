"""Proof files that stand alone (C2SP tlog-proof), and the bodies that witnesses read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kalata.transparency.rules.merkle import BadProof, check_inclusion, leaf_hash
from kalata.transparency.rules.notes import BadNote, Checkpoint, Note, VerifierKey, b64, open_checkpoint, unb64
from kalata.transparency.rules.policy import Policy

HEAD = "c2sp.org/tlog-proof@v1"


@dataclass(frozen=True, slots=True)
class Proof:
    """Leaf `index` of the tree that the checkpoint names. extra: not authenticated by anything."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: str
    extra: bytes = b""

    def text(self) -> str:
        extra = [f"extra {b64(self.extra)}"] if self.extra else []
        return "\n".join([HEAD, *extra, f"index {self.index}", *map(b64, self.hashes), "", self.checkpoint])


@dataclass(frozen=True, slots=True)
class Proved:
    """What a good proof says. quorum: whether the witnesses the policy asks for have signed."""

    checkpoint: Checkpoint
    note: Note
    cosigners: tuple[str, ...]
    quorum: bool


def read_proof(text: str) -> Proof:
    """A proof file. BadProof: malformed."""
    head, gap, checkpoint = text.partition("\n\n")
    lines = head.split("\n")
    if not gap or lines[0] != HEAD or len(lines) < 2:
        raise BadProof("this is not a tlog-proof file")
    try:
        extra = b""
        at = 1
        if lines[at].startswith("extra "):
            extra, at = unb64(lines[at][6:]), at + 1
        word, _space, index = lines[at].partition(" ")
        if word != "index" or not index.isascii() or not index.isdigit() or str(int(index)) != index:
            raise BadProof("the index line is malformed")
        return Proof(int(index), tuple(unb64(one) for one in lines[at + 1 :]), checkpoint, extra)
    except (BadNote, IndexError) as why:
        raise BadProof(str(why)) from None


def check_proof(proof: Proof, entry: bytes, keys: Iterable[VerifierKey], policy: Policy | None = None) -> Proved:
    """What the proof says of these exact bytes. Raises BadProof or BadNote where it says nothing."""
    found, note = open_checkpoint(proof.checkpoint, keys)
    check_inclusion(proof.index, found.size, leaf_hash(entry), found.root, proof.hashes)
    names = tuple(policy.cosigners(note)) if policy else ()
    return Proved(found, note, names, policy.holds(policy.quorum, names) if policy else True)


def add_checkpoint(old: int, proof: Iterable[bytes], checkpoint: str) -> str:
    """What a log asks of a witness (C2SP tlog-witness)."""
    return "\n".join([f"old {old}", *map(b64, proof), "", checkpoint])


def read_add_checkpoint(body: str) -> tuple[int, list[bytes], str]:
    """(old size, proof, checkpoint note). BadProof: malformed."""
    head, gap, checkpoint = body.partition("\n\n")
    first, *rest = head.split("\n")
    word, _space, old = first.partition(" ")
    if not gap or word != "old" or not old.isascii() or not old.isdigit() or len(rest) > 63:
        raise BadProof("this is not a request for a cosignature")
    try:
        return int(old), [unb64(one) for one in rest], checkpoint
    except BadNote as why:
        raise BadProof(str(why)) from None
