"""The disk and the database file: is the database sound, and what a page says when nothing can be written.

`fault_of` turns what the database or the system raises into a refusal with a code (503); the others are
asked before a house starts. Standard library only, so that it works when little else does.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from contextlib import closing
from pathlib import Path

from kalata.refusals import Refused
from kalata.text import gettext_noop as _


class Damaged(Refused):
    code = "OPS-102"
    says = _("La base de données est abîmée : %(where)s. La maison ne démarre pas.")
    remedy = _(
        "N’effacez rien. « kalata check » dit où ; puis « kalata restore » avec la dernière bonne copie (docs, Exploitation)."
    )


class DiskFull(Refused):
    code = "OPS-103"
    says = _("Le disque de la maison est plein : cet acte n’a pas été enregistré, rien d’autre n’est perdu.")
    remedy = _(
        "Ce qui était enregistré l’est toujours et se lit. Prévenez l’exploitation, puis recommencez cet acte quand de la place est faite."
    )
    status = 503


class ReadOnly(Refused):
    code = "OPS-104"
    says = _("Le disque de la maison est en lecture seule : cet acte n’a pas été enregistré, rien d’autre n’est perdu.")
    remedy = _(
        "Ce qui était enregistré l’est toujours et se lit. Prévenez l’exploitation : un disque passe en lecture seule quand il est en panne."
    )
    status = 503


class Failing(Refused):
    code = "OPS-105"
    says = _("La base de données ne répond pas ou ne peut être lue : cet acte n’a pas été enregistré.")
    remedy = _("Recommencez dans une minute ; si cela dure, prévenez l’exploitation, qui lance « kalata check ».")
    status = 503


SENTENCES: tuple[tuple[str, type[Refused]], ...] = (
    ("database or disk is full", DiskFull),
    ("no space left", DiskFull),
    ("could not extend file", DiskFull),
    ("disk quota exceeded", DiskFull),
    ("readonly database", ReadOnly),
    ("read-only transaction", ReadOnly),
    ("read-only file system", ReadOnly),
    ("disk i/o error", Failing),
    ("malformed", Failing),
    ("file is not a database", Failing),
    ("unable to open database", Failing),
    ("database is locked", Failing),
)
AWAY = (
    "connection refused", "server closed the connection", "terminating connection", "connection is closed",
    "connection already closed", "connection failed", "could not connect", "is starting up", "is shutting down",
    "in recovery mode", "connection is lost", "connection has been closed", "connection timeout", "timeout expired",
    "consuming input failed", "no connection to the server", "could not receive data", "could not send data",
    "query_wait_timeout", "server_login_retry", "no more connections allowed", "too many connections",
    "too many clients", "remaining connection slots", "broken pipe", "connection reset", "no such file or directory\n\tis the server",
)  # fmt: skip
"""What PostgreSQL, its driver and PgBouncer say while the database cannot be reached: it may be back in a moment."""
NUMBERS = {errno.ENOSPC: DiskFull, errno.EDQUOT: DiskFull, errno.EROFS: ReadOnly, errno.EIO: Failing}


def fault_of(problem: BaseException | None) -> Refused | None:
    """The refusal to answer when this was raised because of the disk or the database; None for any other fault."""
    while problem is not None:
        if isinstance(problem, Refused) and problem.status == 503:
            return problem
        if isinstance(problem, OSError) and problem.errno in NUMBERS:
            return NUMBERS[problem.errno]()
        if any(kind.__name__ in ("DatabaseError", "Error") for kind in type(problem).__mro__):
            text = str(problem).lower()
            for part, kind in SENTENCES:
                if part in text:
                    return kind()
            if any(part in text for part in AWAY):
                return Failing()
        problem = problem.__cause__ or problem.__context__
    return None


def is_away(problem: BaseException | None) -> bool:
    """Whether this was raised because the database could not be reached, not because of what was asked of it."""
    while problem is not None:
        kinds = {kind.__name__ for kind in type(problem).__mro__}
        if kinds & {"OperationalError", "InterfaceError"} and any(part in str(problem).lower() for part in AWAY):
            return True
        problem = problem.__cause__ or problem.__context__
    return False


def opened(path: Path) -> sqlite3.Connection:
    """A connection that can only read."""
    return sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=20)


def quick_faults(path: Path) -> list[str]:
    """What SQLite finds wrong in a file, quickly: empty for a sound or an absent database."""
    if not path.exists():
        return []
    try:
        with closing(opened(path)) as link:
            found = [str(row[0]) for row in link.execute("pragma quick_check(5)")]
    except sqlite3.DatabaseError as fault:
        return [str(fault)]
    return [] if found == ["ok"] else found


def must_be_sound(path: Path) -> None:
    """OPS-102 where the database has a damaged page: a house must not start on it."""
    if found := quick_faults(path):
        raise Damaged(where="; ".join(" ".join(f.split()) for f in found)[:300])


def where_damaged(path: Path) -> list[str]:
    """Every table that cannot be read whole, and after which row; then what SQLite says of pages and indexes."""
    found = []
    try:
        with closing(opened(path)) as link:
            tables = [r[0] for r in link.execute("select name from sqlite_master where type = 'table' order by name")]
            keyed = {r[1] for r in link.execute("pragma table_list") if r[4]}  # those without rowid: words to search in
            for table in tables:
                last, seen = None, 0
                columns = "*" if table in keyed else "rowid, *"
                try:
                    for row in link.execute(f'select {columns} from "{table}" not indexed'):
                        last, seen = row[0], seen + 1
                except sqlite3.DatabaseError as fault:
                    found.append(f"{table}: {fault} after row {last} ({seen} read)")
            found += [
                " ".join(str(r[0]).split()) for r in link.execute("pragma integrity_check(20)") if r[0] != "ok"
            ]  # fmt: skip
            found += [f"{r[0]} row {r[1]}: no such {r[2]}" for r in link.execute("pragma foreign_key_check")][:20]
    except sqlite3.DatabaseError as fault:
        found.append(str(fault))
    return found


def synced(path: Path) -> None:
    """The file and its name are on the disk, not only on their way to it."""
    for one in (path, path.parent):
        handle = os.open(one, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
