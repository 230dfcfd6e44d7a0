"""`kalata witness`: the small service of a party or an observer that cosigns what it has checked.

It keeps, for each log it knows, the largest tree it has seen (size and root), and signs only what is
proved to be its continuation. The state is on disk before the answer leaves (C2SP tlog-witness). It signs with
Ed25519 and with ML-DSA-44, and serves what it has cosigned to whoever monitors the log. A new key of a log is
taken from its announcement only, signed by the key already known. No Django: a laptop with this program and a
folder is enough, on a network or with a USB key.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
import sys
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from kalata.transparency import keys
from kalata.transparency.rules.entries import parsed
from kalata.transparency.rules.keychain import follows
from kalata.transparency.rules.merkle import EMPTY, BadProof, check_consistency
from kalata.transparency.rules.notes import (
    COSIGNATURE,
    ED25519,
    MLDSA44,
    BadNote,
    SigningKey,
    VerifierKey,
    named,
    open_checkpoint,
    read_checkpoint,
    read_note,
    signers,
)
from kalata.transparency.rules.proofs import read_add_checkpoint

LARGEST = 128 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP status, its body, and in plain French what happened."""

    status: int
    body: str
    said: str
    kind: str = "text/plain; charset=utf-8"


class Watch:
    """The witness: its key, the logs it trusts, and what it has seen of each."""

    def __init__(self, folder: Path, name: str, secret: bytes, clock: Callable[[], float] = time.time) -> None:
        self.folder, self.clock = folder, clock
        self.key = SigningKey(name, COSIGNATURE, bytes(secret))
        seed = secret.seed if isinstance(secret, keys.Secret) else b""
        self.signing = [self.key, *([SigningKey(name, MLDSA44, seed)] if seed else [])]
        with closing(self.connect()) as base:
            base.execute(
                "create table if not exists seen (origin text primary key, size integer not null, root blob not null)"
            )
            base.execute("create table if not exists logs (vkey text primary key, origin text not null)")
            base.execute("create table if not exists cosigned (origin text primary key, note text not null)")
            base.execute("create table if not exists followers (vkey text primary key, old text not null)")
            base.execute("create table if not exists refusals (at integer, origin text, status integer, said text)")

    @property
    def vkeys(self) -> list[VerifierKey]:
        return [k.verifier for k in self.signing]

    def connect(self) -> sqlite3.Connection:
        base = sqlite3.connect(self.folder / "witness.sqlite3", timeout=20, isolation_level=None)
        base.execute("pragma journal_mode=wal")
        base.execute("pragma synchronous=full")
        return base

    def trust(self, vkey: str) -> VerifierKey:
        """Know the key of a log, as read aloud or printed."""
        key = VerifierKey.read(vkey)
        with closing(self.connect()) as base:
            base.execute("insert or ignore into logs values (?, ?)", (key.text(), key.name))
        return key

    def follow(self, announcement: bytes) -> VerifierKey:
        """Know a new key by the entry that announces it. BadNote: no key already known has signed it.

        The old key stays known until a checkpoint signed by the new one was cosigned.
        """
        entry = parsed(announcement)
        if entry["kind"] != "key":
            raise BadNote("this entry announces no key")
        new = VerifierKey.read(str(entry["vkey"]))
        for old in self.known(new.name):
            if old.kind not in (new.kind, ED25519):
                continue
            with suppress(BadNote):
                follows(entry, {old.kind: old})
                with closing(self.connect()) as base:
                    base.execute("begin immediate")
                    base.execute("insert or ignore into logs values (?, ?)", (new.text(), new.name))
                    if old.kind == new.kind and old != new:
                        base.execute("insert or replace into followers values (?, ?)", (new.text(), old.text()))
                    base.execute("commit")
                return new
        raise BadNote("no key that this witness knows has signed this announcement")

    def checkpoint_of(self, digest: str) -> str | None:
        """The last checkpoint cosigned of the log whose origin has this SHA-256, with the log's lines and ours."""
        with closing(self.connect()) as base:
            for origin, note in base.execute("select origin, note from cosigned"):
                if hashlib.sha256(origin.encode()).hexdigest() == digest:
                    return str(note)
        return None

    def known(self, origin: str) -> list[VerifierKey]:
        with closing(self.connect()) as base:
            rows = base.execute("select vkey from logs where origin = ?", (origin,)).fetchall()
        return [VerifierKey.read(v) for (v,) in rows]

    def seen(self) -> list[tuple[str, int, str]]:
        with closing(self.connect()) as base:
            return [
                (o, s, bytes(r).hex())
                for o, s, r in base.execute("select origin, size, root from seen order by origin")
            ]

    def refusals(self) -> list[tuple[int, str, int, str]]:
        with closing(self.connect()) as base:
            return base.execute("select at, origin, status, said from refusals order by at desc limit 200").fetchall()

    def answer(self, body: str) -> Answer:
        """One request: checked, kept on disk, then signed. A refusal is kept too."""
        try:
            old, proof, text = read_add_checkpoint(body)
            note = read_note(text)
            point = read_checkpoint(note.text)
        except (BadProof, BadNote) as why:
            return self.refuse("", 400, f"demande illisible : {why}")
        origin, trusted = point.origin, self.known(point.origin)
        if not trusted:
            return self.refuse(origin, 404, "journal inconnu de ce témoin")
        try:
            open_checkpoint(text, trusted)
            signed = signers(note, trusted)
        except BadNote as why:
            return self.refuse(origin, 403, f"aucune signature valable de la clé du journal : {why}")
        if old > point.size:
            return self.refuse(origin, 400, f"la demande part de {old}, au-delà de {point.size}")
        with closing(self.connect()) as base:
            base.execute("begin immediate")
            try:
                row = base.execute("select size, root from seen where origin = ?", (origin,)).fetchone()
                size, root = (row[0], bytes(row[1])) if row else (0, EMPTY)
                if old != size:
                    base.execute("rollback")
                    if point.size < size:
                        return self.refuse(origin, 409, f"RETOUR EN ARRIÈRE : le journal présente {point.size} inscriptions, ce témoin en a vu {size}", f"{size}\n", "text/x.tlog.size")  # fmt: skip
                    return Answer(409, f"{size}\n", f"ce témoin a vu {size} inscriptions", "text/x.tlog.size")
                fault = broken(size, root, point.size, point.root, proof)
                if fault:
                    base.execute("rollback")
                    return self.refuse(origin, 422, f"FOURCHE : {fault}")
                base.execute("insert or replace into seen values (?, ?, ?)", (origin, point.size, point.root))
                # the lines are made, and kept, before the answer leaves: what is monitored is what was returned
                lines = "".join(k.cosign(note.text, max(int(self.clock()), 1)) for k in self.signing)
                own = "".join(x.text() for x in note.lines if (x.name, x.id) in {(k.name, k.id) for k in signed})
                base.execute("insert or replace into cosigned values (?, ?)", (origin, f"{note.text}\n{own}{lines}"))
                for key in signed:
                    base.execute(
                        "delete from logs where vkey in (select old from followers where vkey = ?)", (key.text(),)
                    )
                    base.execute("delete from followers where vkey = ?", (key.text(),))
                base.execute("commit")
            except sqlite3.Error:
                if base.in_transaction:
                    base.execute("rollback")
                raise
        return Answer(200, lines, f"{origin} : cosigné à {point.size} inscriptions")

    def refuse(
        self, origin: str, status: int, said: str, body: str = "", kind: str = "text/plain; charset=utf-8"
    ) -> Answer:
        with closing(self.connect()) as base:
            base.execute("insert into refusals values (?, ?, ?, ?)", (int(self.clock()), origin, status, said))
        return Answer(status, body or f"{said}\n", f"REFUS : {origin} {said}", kind)


def broken(size: int, root: bytes, new: int, new_root: bytes, proof: list[bytes]) -> str:
    """Why a tree is not the continuation of the one seen; empty when it is."""
    if new == 0:
        return "" if new_root == EMPTY and not proof else "un arbre vide avec une racine ou une preuve"
    if size == 0:
        return "une preuve depuis un arbre vide" if proof else ""
    try:
        check_consistency(size, new, root, new_root, proof)
    except BadProof as why:
        return f"ce n’est pas la suite de ce qui a été vu à {size} inscriptions ({why})"
    return ""


# --- the folder of a witness ----------------------------------------------------------------------
def create(folder: Path, name: str, passphrase: str) -> list[VerifierKey]:
    """A new witness: its keys, encrypted, and its name. Refused where there is one."""
    named(name)
    keys.create(folder / "witness.key", passphrase)
    (folder / "name").write_text(name + "\n", encoding="utf-8")
    return opened(folder, passphrase).vkeys


def opened(folder: Path, passphrase: str) -> Watch:
    secret = keys.open_key(folder / "witness.key", passphrase)
    return Watch(folder, (folder / "name").read_text(encoding="utf-8").strip(), secret)


# --- the network -----------------------------------------------------------------------------------
def server(watch: Watch, host: str, port: int) -> ThreadingHTTPServer:
    """POST /add-checkpoint; GET /<SHA-256 of the origin>/checkpoint (C2SP tlog-witness, monitoring);
    GET / says in plain text what was seen and refused."""

    class Handler(BaseHTTPRequestHandler):
        timeout = 20

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            if not self.path.rstrip("/").endswith("/add-checkpoint"):
                return self.send(Answer(404, "not here\n", ""))
            if not length.isdigit() or int(length) > LARGEST:
                return self.send(Answer(413, "too long\n", ""))
            try:
                body = self.rfile.read(int(length)).decode()
            except UnicodeDecodeError:
                return self.send(Answer(400, "not text\n", ""))
            found = watch.answer(body)
            sys.stderr.write(f"{found.said}\n")
            sys.stderr.flush()
            self.send(found)

        def do_GET(self) -> None:
            if asked := re.fullmatch("/([0-9a-f]{64})/checkpoint", self.path):
                note = watch.checkpoint_of(asked[1])
                return self.send(Answer(200, note, "") if note else Answer(404, "never cosigned here\n", ""))
            if self.path != "/":
                return self.send(Answer(404, "not here\n", ""))
            lines = [f"témoin {watch.key.name}", *(k.text() for k in watch.vkeys), ""]
            lines += [f"{origin}  {size}  {root}" for origin, size, root in watch.seen()]
            lines += ["", "refus :"] if watch.refusals() else []
            lines += [
                f"{time.strftime('%Y-%m-%d %H:%M:%S', time.gmtime(at))} UTC  {said}"
                for at, _o, _s, said in watch.refusals()
            ]
            self.send(Answer(200, "\n".join(lines) + "\n", ""))

        def send(self, found: Answer) -> None:
            data = found.body.encode()
            self.send_response(found.status)
            self.send_header("Content-Type", found.kind)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:
            """The witness says what matters itself."""

    return ThreadingHTTPServer((host, port), Handler)
