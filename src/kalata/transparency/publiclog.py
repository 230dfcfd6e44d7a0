"""Writing the public log. Rooms announce inside their transaction; one sequencer turns announcements into entries.

The sequencer never signs what is not consistent with everything it has signed: with the last checkpoint
of the database, with the one on disk, and with what each witness has seen. Where one of them is ahead
(an old backup put back) or other (a fork), the log is halted with the reason, and results go on.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from kalata.chain.rules.verbs import Verb
from kalata.chain.services import Rests, rest
from kalata.ledger.services import record
from kalata.stopping import going
from kalata.transparency import folder as files
from kalata.transparency import keys, kinds, registers, resuming
from kalata.transparency.entering import Held, entries_of
from kalata.transparency.halts import Altered as Altered
from kalata.transparency.halts import Forked as Forked
from kalata.transparency.halts import KeyUnannounced as KeyUnannounced
from kalata.transparency.halts import NotConsistent as NotConsistent
from kalata.transparency.halts import OlderThanDisk as OlderThanDisk
from kalata.transparency.halts import Refuses as Refuses
from kalata.transparency.halts import Restored as Restored
from kalata.transparency.models import LogCheckpoint, LogEntry, Outbox, PublicLog
from kalata.transparency.rules import canonical
from kalata.transparency.rules.keychain import chain_from
from kalata.transparency.rules.merkle import EMPTY, Tree, check_consistency, leaf_hash
from kalata.transparency.rules.notes import Checkpoint, VerifierKey
from kalata.transparency.rules.replay import Broken, Replay
from kalata.transparency.rules.resting import Kept

log = logging.getLogger("kalata.log")
AT_ONCE = 30_000
"""Announcements read in one turn: one transaction, one checkpoint."""


# --- opening and announcing -------------------------------------------------------------------
def place(name: str) -> Path:
    """Where the files of a log lie."""
    return Path(settings.LOG_FOLDER) / name


def key_path() -> Path:
    return Path(settings.LOG_KEY)


@transaction.atomic
def open_log(*, name: str, manifest: Mapping[str, Any], stations: bytes, areas: bytes) -> PublicLog:
    """The log of a contest, opened with its manifest at the first call. manifest: without register, origin and keys."""
    found, fresh = PublicLog.objects.get_or_create(name=name, defaults={"origin": f"{settings.LOG_ORIGIN}/{name}"})
    one, two = registers.kept(place(name), stations, areas)
    digests = {"stations_sha256": one, "areas_sha256": two}
    if fresh:
        announce(found, "manifest", [{**manifest, **digests, "origin": found.origin}])
        record(by=None, kind=kinds.LOG_OPENED, subject=f"log:{found.origin}", after=digests)
        return found
    last = Outbox.objects.filter(log=found, kind__in=["manifest", "register"]).order_by("-pk").first()
    if last is None or any(last.body.get(k) != v for k, v in digests.items()):
        announce(found, "register", [{**digests, "expected": manifest["expected"]}])
    return found


def announce(to: PublicLog, kind: str, bodies: Iterable[Mapping[str, Any]], rests_on: Sequence[str] = ()) -> int:
    """Ask that entries enter the log. Called inside the transaction of the act they tell. Returns how many.

    rests_on: for each body the record that it tells, "batch:12", or "".
    """
    every = zip_longest(bodies, rests_on, fillvalue="")
    rows = [Outbox(log=to, kind=kind, body=dict(b), rests_on=on) for b, on in every]  # type: ignore[arg-type]
    return len(Outbox.objects.bulk_create(rows, batch_size=1_000))


def linked(entries: Iterable[LogEntry]) -> Iterator[Rests]:
    """The links of new entries with the records of the house that they tell."""
    for one in entries:
        if one.outbox and one.outbox.rests_on:
            kind, _colon, number = one.outbox.rests_on.partition(":")
            yield Rests(("log_entry", one.pk), Verb.TELLS, (kind, int(number)))


# --- the sequencer -----------------------------------------------------------------------------
_held: dict[int, Held] = {}
SEQUENCED: list[Callable[[PublicLog], object]] = []
"""What follows each sequencing of a log: whoever asks witnesses registers itself."""
RESUMED: list[Callable[[PublicLog], object]] = []
"""What follows a start from what was written down: whoever replays the log whole registers itself."""


def forget() -> None:
    _held.clear()


def passphrase() -> str:
    """The passphrase of the log's key, from a file (or the environment); empty where nobody has given it."""
    if path := os.environ.get("KALATA_LOG_PASSPHRASE_FILE"):
        return Path(path).read_text(encoding="utf-8").rstrip("\n")
    return os.environ.get("KALATA_LOG_PASSPHRASE", settings.LOG_PASSPHRASE)


def sequence_all() -> int:
    """Every log once: new entries, a checkpoint, the files, the witnesses. Returns the entries added.

    Without a key, or while it is locked, announcements wait; a log that refuses says so and stays as it is.
    """
    added = 0
    if not key_path().exists() or not passphrase():
        return 0
    secret = keys.open_key(key_path(), passphrase())
    for one in going(PublicLog.objects.all()):
        try:
            added += sequence(one, secret)
            resuming.keep(one, _held.get(one.pk), secret)
            for done in SEQUENCED:
                done(one)
        except Refuses as why:
            halt(one, why)
        except Exception as why:  # a fault in one log must not stop the others
            log.exception("%s", one.origin)
            halt(one, NotConsistent(size=signed_size(one), why=f"{type(why).__name__}: {why}"[:200]))
    return added


def halt(one: PublicLog, why: Refuses) -> None:
    """Keep, and tell the ledger once, why the log is not signed."""
    said = why.record()
    if one.halted != said:
        log.error("%s: %s", one.origin, why)
        record(by=None, kind=kinds.LOG_HALTED, subject=f"log:{one.origin}", after=said)
        PublicLog.objects.filter(pk=one.pk).update(halted=said)


def sequence(one: PublicLog, secret: bytes, *, totals: bool = True, only: str = "") -> int:
    """Bring one log up to its outbox; returns how many entries were added. Raises Refuses. only: one kind of announcement."""
    try:
        with transaction.atomic():
            locked = PublicLog.objects.select_for_update().get(pk=one.pk)
            head = locked.checkpoints.first()
            if (locked.halted or {}).get("code") == Restored.code:
                raise Restored
            guard(locked, head)
            held = state(locked, head, secret)
            start, point = len(held.tree), None
            waiting = locked.outbox.filter(done=False, **({"kind": only} if only else {}))
            rows = list(waiting.order_by("pk")[:AT_ONCE])
            made = entries_of(locked, held, rows, keys.signing(secret, locked.origin), totals)
            if rows or made or head is None:
                point = signed(locked, held, head, made, rows, secret)
            if locked.halted:
                record(by=None, kind=kinds.LOG_RESUMED, subject=f"log:{locked.origin}", after={"size": len(held.tree)})
                PublicLog.objects.filter(pk=one.pk).update(halted=None)
    except BaseException:
        _held.pop(one.pk, None)
        raise
    if point is not None or not on_disk(one):
        publish_files(one)
    resuming.lightened(one, held, start)
    return len(held.tree) - start


def on_disk(one: PublicLog) -> bool:
    """True where the files say what the database says."""
    head = one.checkpoints.first()
    try:
        return head is not None and files.LogFolder(place(one.name)).checkpoint().size == head.size
    except files.Damaged:
        return False


def guard(one: PublicLog, head: LogCheckpoint | None) -> None:
    """LOG-201, LOG-202 where the published files are ahead of the database, or say something else."""
    try:
        there = files.LogFolder(place(one.name)).checkpoint()
    except files.Damaged:
        return
    here = head.size if head else 0
    if there.size > here:
        raise OlderThanDisk(here=here, there=there.size, where="disque")
    known = one.checkpoints.filter(size=there.size).first()
    if known is None or known.root != there.root.hex():
        raise Forked(size=there.size, where="disque")


def state(one: PublicLog, head: LogCheckpoint | None, secret: bytes) -> Held:
    """The tree and the replay of the log: from memory, as it was written down, or read anew. LOG-203: not what was signed."""
    size = head.size if head else 0
    doubted = (one.halted or {}).get("code") == Altered.code  # then nothing but a whole replay says otherwise
    held = None if doubted else _held.get(one.pk)
    if held is None or len(held.tree) != size:
        held = None if doubted else resuming.taken(one, head, secret)
        if held is not None:
            for behind in RESUMED:
                behind(one)
        held = held or rebuilt(one, light=True)
    root = held.tree.root() if size else EMPTY
    if len(held.tree) != size or (head and head.root != root.hex()):
        raise Altered(size=size)
    _held[one.pk] = held
    return held


def rebuilt(one: PublicLog, *, light: bool = False, size: int | None = None, at: int = -1, then: Callable[[Tree, Replay], object] = lambda _tree, _replay: None) -> Held:  # fmt: skip
    """The log replayed whole, or up to a size. light: of reports their numbers alone stay in memory. then: told of it `at` a size."""
    replay, leaves = Replay(registers.read_in(place(one.name))), list[bytes]()
    read = resuming.Reader(one, leaves)
    rows = one.entries.filter(**({} if size is None else {"index__lt": size}))
    for place_, (index, data) in enumerate(
        going(rows.order_by("index").values_list("index", "data").iterator())
    ):
        if index != place_:
            raise Altered(size=place_)
        raw = bytes(data)
        leaves.append(leaf_hash(raw))
        try:
            replay.feed(canonical.read(raw))
        except (Broken, canonical.NotCanonical, KeyError):
            raise Altered(size=place_) from None
        if light and (key := replay.at.get(index)):
            replay.history[key][-1].entry = Kept(index, read)
        if index + 1 == at:
            then(Tree(leaves), replay)
    tree = Tree(leaves)
    read.leaves = tree.levels[0]
    return Held(tree, replay, resuming.common_of(replay))


def signed(
    one: PublicLog,
    held: Held,
    head: LogCheckpoint | None,
    made: list[tuple[bytes, Outbox | None]],
    rows: list[Outbox],
    secret: bytes,
) -> LogCheckpoint | None:
    """Prove the new tree the continuation of the signed one, then sign it. LOG-204: it is not."""
    if not made:
        Outbox.objects.bulk_update(rows, ["done", "refused"], batch_size=500)
        return None
    start = len(held.tree)
    before = held.tree.root() if start else EMPTY
    leaves = [leaf_hash(data) for data, _row in made]
    held.tree.extend(leaves)
    size, root = len(held.tree), held.tree.root()
    try:
        if head is not None and head.size:
            check_consistency(head.size, size, bytes.fromhex(head.root), root, held.tree.consistency(head.size))
        if held.replay.size != size or (head and before.hex() != head.root):
            raise ValueError("the replay and the tree differ")
    except ValueError as why:
        raise NotConsistent(size=head.size if head else 0, why=str(why)) from None
    now = timezone.now()
    written = LogEntry.objects.bulk_create(
        (
            LogEntry(log=one, index=start + i, data=data, leaf=leaf, outbox=row, at=now)
            for i, ((data, row), leaf) in enumerate(zip(made, leaves, strict=True))
        ),
        batch_size=1_000,
    )
    rest(linked(written))
    for first in range(0, len(rows), 900):
        good = [r.pk for r in rows[first : first + 900] if not r.refused]
        Outbox.objects.filter(pk__in=good).update(done=True)
    Outbox.objects.bulk_update([r for r in rows if r.refused], ["done", "refused"])
    text = Checkpoint(one.origin, size, root).text()
    now_due = chain_from(held.replay.manifest, held.replay.keys).at(size)
    if dict(now_due) != {k.kind: k.verifier for k in keys.signing(secret, one.origin) if k.kind in now_due}:
        raise KeyUnannounced(size=size)
    note = text + "\n" + keys.lines(secret, one.origin, text, int(now.timestamp()), now_due)
    return LogCheckpoint.objects.create(log=one, size=size, root=root.hex(), note=note, at=now)


def trusted(one: PublicLog) -> list[VerifierKey]:
    """The keys that this log has announced, the first first (manifest, then rotations)."""
    manifest, rotations = announced(one)
    return chain_from(manifest, rotations).every if manifest else []


def announced(one: PublicLog) -> tuple[Mapping[str, Any], list[tuple[int, Mapping[str, Any]]]]:
    """The manifest of a log and its entries about keys, read without the rest of it."""
    if held := _held.get(one.pk):
        return held.replay.manifest, list(held.replay.keys)
    rows = one.entries.filter(Q(index=0) | Q(outbox__kind="key")).order_by("index").values_list("index", "data")
    read = [(index, canonical.read(bytes(data))) for index, data in rows]
    return (read[0][1] if read else {}), [(i, e) for i, e in read if e["kind"] == "key"]


def whole_note(point: LogCheckpoint) -> str:
    """The checkpoint with the cosignatures it has received."""
    return point.note + "".join(c.line for c in point.cosignatures.select_related("witness"))


def publish_files(one: PublicLog) -> None:
    """Write what the disk lacks: tiles and bundles, then the checkpoint. Safe to run again."""
    head = one.checkpoints.first()
    if head is None:
        return
    where = place(one.name)
    try:
        before = files.LogFolder(where).checkpoint().size
    except files.Damaged:
        before = 0
    from_ = before // 256 * 256
    held = _held.get(one.pk) or rebuilt(one)
    if len(held.tree) != head.size:
        held = rebuilt(one)
    rows = one.entries.filter(index__gte=from_, index__lt=head.size).order_by("index")
    data = [bytes(d) for d in rows.values_list("data", flat=True)]
    files.write(where / "log.vkey", "".join(f"{k.text()}\n" for k in trusted(one)).encode())
    files.write(where / "policy", policy_of(one).text().encode())
    for index, entry in held.replay.keys:  # what a witness is given to follow a new key
        files.write(where / f"key-{index}.json", canonical.canonical(entry))
    files.write_log(where, held.tree, data, before, whole_note(head))


def policy_of(one: PublicLog) -> Any:
    """What the house proposes to trust: its key, and the witnesses it knows. Each reader may edit it."""
    from kalata.transparency.models import Witness
    from kalata.transparency.rules.policy import Policy

    made = Policy({one.origin: trusted(one)})
    members = []
    for w in Witness.objects.filter(active=True):
        made.witnesses[w.name] = VerifierKey.read(w.vkey)
        if w.url:
            made.urls[w.name] = w.url
        if w.vkey_pq:
            made.witnesses[f"{w.name}-mldsa44"] = VerifierKey.read(w.vkey_pq)
        members.append(f"{w.name}-mldsa44" if w.vkey_pq and settings.LOG_QUORUM_MLDSA else w.name)
    if members:
        made.groups["temoins"] = (min(settings.LOG_QUORUM, len(members)) or 1, tuple(members))
        made.quorum = "temoins" if settings.LOG_QUORUM else "none"
    return made


def signed_size(one: PublicLog) -> int:
    head = one.checkpoints.first()
    return head.size if head else 0


def signed_entries() -> int:
    """Entries under a signature, over all logs."""
    return sum(n or 0 for n in PublicLog.objects.annotate(n=Max("checkpoints__size")).values_list("n", flat=True))
