"""Looking after the public log: coming back from a backup, changing the key, comparing it with the database."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from kalata.ledger.services import record
from kalata.transparency import folder as files
from kalata.transparency import keys, kinds
from kalata.transparency.entering import FIXED
from kalata.transparency.models import LogCheckpoint, LogEntry, PublicLog
from kalata.transparency.publiclog import (
    Forked,
    Restored,
    _held,
    announce,
    forget,
    key_path,
    passphrase,
    place,
    rebuilt,
    sequence,
    trusted,
)
from kalata.transparency.rules import canonical
from kalata.transparency.rules.keychain import chain_of
from kalata.transparency.rules.merkle import Tree, leaf_hash


# --- coming back from an old backup --------------------------------------------------------------
@transaction.atomic
def recover(one: PublicLog, source: Path, *, by: Any = None) -> int:
    """Take back, from published files, the entries that the database has lost. Returns how many.

    The files must be signed by a key that the house itself knows (never by one that they bring) and begin with every entry that the database holds
    (LOG-202 otherwise): nothing is invented and nothing is dropped.
    """
    there = files.LogFolder(source)
    known = trusted(one)
    if passphrase() and key_path().exists():
        known += [k.verifier for k in keys.signing(keys.open_key(key_path(), passphrase()), one.origin)]
    entries = list(there.entries(there.checkpoint().size))
    chain = chain_of(entries)
    chain.known(k for k in known if k in chain.every)
    point, note = chain.open(there.note())
    PublicLog.objects.select_for_update().get(pk=one.pk)
    head = one.checkpoints.first()
    here = head.size if head else 0
    tree = Tree(map(leaf_hash, entries))
    if tree.root() != point.root or point.size < here or (head and tree.root(here).hex() != head.root):
        raise Forked(size=here, where=str(source))
    now = timezone.now()
    LogEntry.objects.bulk_create(
        (LogEntry(log=one, index=i, data=entries[i], leaf=tree.levels[0][i], at=now) for i in range(here, point.size)),
        batch_size=1_000,
    )
    if point.size > here:
        own = "".join(x.text() for x in note.lines if x.name == one.origin)
        LogCheckpoint.objects.create(
            log=one, size=point.size, root=point.root.hex(), note=f"{note.text}\n{own}", at=now
        )
    for path in (source / "register").glob("*.csv"):
        target = place(one.name) / "register" / path.name
        if not target.exists():
            files.write(target, path.read_bytes())
    one.outbox.filter(kind="manifest", done=False).update(done=True)
    PublicLog.objects.filter(pk=one.pk).update(halted=None)
    record(by=by, kind=kinds.LOG_RECOVERED, subject=f"log:{one.origin}", after={"from": here, "to": point.size})
    transaction.on_commit(partial(_held.pop, one.pk, None))
    return point.size - here


def hold_after_restore() -> int:
    """After a backup was put back: no log is signed before it was compared with a published copy. Returns how many."""
    return PublicLog.objects.filter(checkpoints__isnull=False).distinct().update(halted=Restored().record())


# --- rotation -----------------------------------------------------------------------------------
def rotate(*, passphrase_now: str, passphrase_new: str, by: Any, other: Any) -> str:
    """New keys for every log, said in each log and signed by the old ones; returns the new fingerprint.

    What waits is entered first: the announcement ends the last checkpoint that the old keys sign (rules/keychain).
    """
    old = keys.open_key(key_path(), passphrase_now)
    fresh = key_path().with_suffix(".new")
    fresh.unlink(missing_ok=True)
    public = keys.create(fresh, passphrase_new)
    young = keys.open_key(fresh, passphrase_new)
    with transaction.atomic():
        for one in PublicLog.objects.select_for_update():
            while one.outbox.filter(done=False).exists() and sequence(one, old):
                pass
            by_kind = {k.kind: k for k in keys.signing(old, one.origin)}
            for new in reversed(keys.signing(young, one.origin)):
                signer = by_kind.get(new.kind, by_kind[keys.ED25519])
                vkey = new.verifier
                announce(one, "key", [{"vkey": vkey.text(), "signature": keys.rotation(signer, vkey)}])
            sequence(one, old, only="key")
        record(by=by, kind=kinds.LOG_KEY_ROTATED, subject="log:key", after={"fingerprint": keys.fingerprint(public), "with": other.get_username()})  # fmt: skip
    retired = key_path().with_suffix(f".retired-{timezone.now():%Y%m%d%H%M%S}")
    for here, gone, new_file in (
        (key_path(), retired, fresh),
        *[tuple(map(keys.second, (key_path(), retired, fresh)))],
    ):
        if here.exists():
            here.replace(gone)
        new_file.replace(here)
    forget()
    return keys.fingerprint(public)


# --- the database against the log ------------------------------------------------------------------
def public_difference(one: PublicLog, bodies: Iterable[tuple[str, Mapping[str, Any]]]) -> list[str]:
    """Where the public records of the database, as the rooms would announce them now, differ from the log."""
    held = rebuilt(one)
    wrong = []
    seen = set()
    for kind, body in bodies:
        key = (body["part"], body["station"])
        past = held.replay.history.get(key, [])
        if kind == "report":
            seen.add(key)
            same = past and all(past[-1].entry.get(k) == v for k, v in body.items() if k not in FIXED)
            extra = past and set(past[-1].entry) - set(body) - set(FIXED)
            if not same or extra:
                wrong.append(f"{body['station']}: {json.dumps(body, sort_keys=True)[:200]}")
        elif past and past[-1].excluded is None:
            wrong.append(f"{body['station']}: not excluded in the log")
    for key, past in held.replay.history.items():
        if key not in seen and past[-1].excluded is None:
            wrong.append(f"{key[1]}: in the log, no longer among the public records")
    return wrong


HEAD = frozenset({"v", "kind", "election", "contest", "round", "index", "number"})


def lots_of(one: PublicLog) -> dict[int, list[dict[str, Any]]]:
    """By number of the promise, what the log says of it: the bodies of its entries, as they were announced."""
    found = {}
    for lots in rebuilt(one).replay.lots:
        number = lots.entry["number"]
        said = [e for e in (lots.entry, lots.drawn, lots.undone) if e is not None]
        found[number] = [{"number": number, **{k: v for k, v in e.items() if k not in HEAD}} for e in said]
    return found


FIXED_BY_MANIFEST = ("lists", "boxes", "keeps", "system", "names", "round", "election")


def manifest_difference(one: PublicLog, now: Mapping[str, Any]) -> list[str]:
    """Where the contest in the database (its lists, their names and order, its rules) is no longer the one of entry 0."""
    first = one.entries.order_by("index").values_list("data", flat=True).first()
    if first is None:
        return []
    logged = canonical.read(bytes(first))
    return [f"manifest: {name}" for name in FIXED_BY_MANIFEST if logged.get(name) != now.get(name)]


def register_difference(one: PublicLog, stations: bytes, areas: bytes) -> list[str]:
    """Where the register in the database is no longer the one that the log binds, line by line."""
    last: Mapping[str, Any] = {}
    for data in one.entries.order_by("index").values_list("data", flat=True).iterator():
        if b'"kind":"register"' in bytes(data) or b'"kind":"manifest"' in bytes(data):
            last = canonical.read(bytes(data))
    wrong = []
    for name, content in (("stations_sha256", stations), ("areas_sha256", areas)):
        if last.get(name) == hashlib.sha256(content).hexdigest():
            continue
        try:
            known = set(files.LogFolder(place(one.name)).data(f"register/{last.get(name)}.csv").splitlines())
        except files.Damaged:
            known = set()
        odd = [line.decode() for line in content.splitlines() if line not in known]
        wrong += [f"register: {line}" for line in odd[:20]] or [f"register: lines missing ({name})"]
    return wrong
