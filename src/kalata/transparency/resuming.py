"""Where the sequencer begins again: what a log had come to, written down beside it and sealed with the log's key.

Replaying a million entries takes minutes, and nothing is signed meanwhile. So the sequencer writes down what it has
come to (`rules/resting`), outside the folder that is published, under a seal that only the holder of the key can
make. At the next start that is read, held against the signed checkpoint of its size, and what came since is replayed;
an entry of before that is needed is read from the database and held against its leaf. The worker then replays the
log whole (`tasks`): where it comes to anything else the log is halted (LOG-203) until a whole replay says otherwise.

What is written by another version of the rules, for another size than a signed one, or under another seal is not read.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import os
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from kalata.stopping import going
from kalata.transparency import registers
from kalata.transparency.entering import Held
from kalata.transparency.halts import Altered
from kalata.transparency.models import LogCheckpoint, PublicLog
from kalata.transparency.rules import canonical, resting
from kalata.transparency.rules.merkle import Tree, leaf_hash
from kalata.transparency.rules.replay import Broken, Replay

log = logging.getLogger("kalata.log")
LEAST = 2_000
"""Entries that a start may have to replay without writing down anew; of a long log a fiftieth of it."""
AHEAD = 256
"""Entries read at once from where one is read after the other."""


def path(one: PublicLog) -> Path:
    return Path(settings.LOG_FOLDER).with_name("log-state") / f"{one.name}.rest"


@cache
def stamp() -> str:
    """Of the rules that come to a state: written by other rules it is not read."""
    digest = hashlib.sha256(sys.version.encode())
    for source in sorted(Path(resting.__file__).parent.glob("*.py")):
        digest.update(source.name.encode() + source.read_bytes())
    return digest.hexdigest()


def sealed(secret: bytes, one: PublicLog, head: bytes, body: bytes) -> str:
    """What only the holder of the log's key can write under a state of this log."""
    key = hmac.new(bytes(secret), b"kalata/log-state@v1\n" + one.origin.encode(), "sha256").digest()
    return hmac.new(key, head + body, "sha256").hexdigest()


def keep(one: PublicLog, held: Held | None, secret: bytes) -> bool:
    """Write down what the log has come to, where a start would otherwise replay much. Never a reason to stop."""
    if held is None:
        return False
    size, before = len(held.tree), int((said(one) or {}).get("size", 0))
    quiet, held.seen = held.seen == size, size
    if before == size or not (quiet or size - before >= max(LEAST, size // 50)):
        return False
    body = resting.rest(held.tree, held.replay)
    head = json.dumps({"stamp": stamp(), "size": size, "sha256": hashlib.sha256(body).hexdigest()}).encode() + b"\n"
    target = path(one)
    fresh = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            out.write(sealed(secret, one, head, body).encode() + b"\n" + head + body)
        fresh.replace(target)
    except OSError as why:
        log.warning("%s: its state is not written down (%s); the next start replays it", one.origin, why)
        fresh.unlink(missing_ok=True)
        return False
    return True


def said(one: PublicLog) -> dict[str, Any] | None:
    """What is written down, as it says itself: stamp, size, SHA-256. None where nothing is."""
    try:
        with path(one).open("rb") as file:
            file.readline(80)
            found = json.loads(file.readline(400))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) and found.get("stamp") == stamp() else None


def taken(one: PublicLog, head: LogCheckpoint | None, secret: bytes) -> Held | None:
    """The log as it was written down, then brought up to its entries; None where it must be replayed whole.

    Raises Altered where the entries since contradict it.
    """
    size = int((said(one) or {}).get("size", 0))
    signed = one.checkpoints.filter(size=size).first() if head and 0 < size <= head.size else None
    if signed is None:
        return None
    seal, _line, rest = path(one).read_bytes().partition(b"\n")
    line, _end, body = rest.partition(b"\n")
    if not hmac.compare_digest(seal.decode("ascii", "replace"), sealed(secret, one, line + b"\n", body)):
        log.warning("%s: what is written down of it is not under its seal; it is replayed whole", one.origin)
        return None
    read = Reader(one)
    tree, replay = resting.risen(body, registers.read_in(Path(settings.LOG_FOLDER) / one.name), read)
    if len(tree) != size or tree.root().hex() != signed.root:
        return None
    read.leaves = tree.levels[0]
    fed(one, tree, replay)
    return Held(tree, replay, common_of(replay), seen=size, resumed=True)


def fed(one: PublicLog, tree: Tree, replay: Replay) -> None:
    """Feed what the database has beyond the tree. LOG-203: it contradicts itself."""
    start, leaves = len(tree), []
    since = one.entries.filter(index__gte=start).order_by("index").values_list("index", "data")
    for place, (index, data) in enumerate(going(since.iterator()), start):
        raw = bytes(data)
        leaves.append(leaf_hash(raw))
        try:
            if index != place:
                raise ValueError
            replay.feed(canonical.read(raw))
        except (Broken, KeyError, ValueError):
            raise Altered(size=place) from None
    tree.extend(leaves)


def common_of(replay: Replay) -> dict[str, Any]:
    """What every entry of a log repeats."""
    return {k: replay.manifest[k] for k in ("v", "election", "contest", "round")} if replay.manifest else {}


def lightened(one: PublicLog, held: Held, start: int) -> None:
    """Of the reports from `start` on, whose entries are in the database by now, the number alone stays in memory."""
    read = Reader(one, held.tree.levels[0])
    for index in range(start, len(held.tree)):
        if key := held.replay.at.get(index):
            last = held.replay.history[key][-1]
            if last.index == index:
                last.entry = resting.Kept(index, read)


class Reader:
    """Reads entries of the database again, each held against its leaf."""

    def __init__(self, one: PublicLog, leaves: list[bytes] | None = None) -> None:
        self.one, self.leaves = one, leaves if leaves is not None else []
        self.last: tuple[int, Mapping[str, Any]] = (-1, {})
        self.near: dict[int, bytes] = {}

    def __call__(self, index: int) -> Mapping[str, Any]:
        if self.last[0] != index:
            self.last = (index, canonical.read(self.bytes_of(index)))
        return self.last[1]

    def bytes_of(self, index: int) -> bytes:
        """LOG-203: the database no longer holds what was signed."""
        if index not in self.near:
            ahead = AHEAD if 0 < index - self.last[0] <= 8 else 1
            rows = self.one.entries.filter(index__gte=index, index__lt=index + ahead).values_list("index", "data")
            self.near = {i: bytes(data) for i, data in rows}
        raw = self.near.get(index)
        if raw is None or leaf_hash(raw) != self.leaves[index]:
            raise Altered(size=index)
        return raw
