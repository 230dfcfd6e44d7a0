"""Rules of the house that a constraint cannot say, said by the database too: a trigger refuses what breaks one.

A room declares a limit on a table with `declare`; it is set after every `migrate`, like the guards of
`locks`, and `faults` tells which are missing or altered. The condition is one SQL text for SQLite and
PostgreSQL, on `old` and `new`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connections, transaction


@dataclass(frozen=True)
class Limit:
    """What is refused. before: "insert", "delete", "update of a, b"; when: the SQL condition; says: code and words;
    reads: other tables that the condition needs."""

    table: str
    name: str
    before: str
    when: str
    says: str
    reads: tuple[str, ...] = ()

    @property
    def trigger(self) -> str:
        return f"{self.table}_limit_{self.name}"


DECLARED: dict[str, Limit] = {}


def declare(*limits: Limit) -> None:
    for limit in limits:
        DECLARED[limit.trigger] = limit


def sqlite_text(limit: Limit) -> str:
    return (
        f"CREATE TRIGGER {limit.trigger} before {limit.before} on {limit.table} "
        f"when {limit.when} begin select raise(abort, '{limit.says}'); end"
    )


def postgres_text(limit: Limit) -> str:
    gives = "old" if limit.before == "delete" else "new"
    return (
        f"\nbegin\n  if {limit.when} then\n    raise exception using message = '{limit.says}', "
        f"errcode = 'integrity_constraint_violation';\n  end if;\n  return {gives};\nend\n"
    )


def present(connection: Any) -> dict[str, str]:
    """name -> the text of each limit that the database has."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("select name, sql from sqlite_master where type = 'trigger' and name like %s", ["%_limit_%"])
        else:
            cursor.execute(
                "select tgname, prosrc from pg_trigger join pg_proc on pg_proc.oid = tgfoid "
                "where not tgisinternal and tgenabled = 'A' and tgname like %s",
                ["%_limit_%"],
            )
        return dict(cursor.fetchall())


def expected(connection: Any) -> Iterator[tuple[Limit, str]]:
    """Each limit whose tables are there, with its text."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
    for limit in DECLARED.values():
        if {limit.table, *limit.reads} <= tables:
            yield limit, sqlite_text(limit) if connection.vendor == "sqlite" else postgres_text(limit)


def missing(using: str = "default") -> list[tuple[str, str, str]]:
    """(table, limit, what) of what is not as declared."""
    connection = connections[using]
    have = present(connection)
    return [
        (limit.table, limit.trigger, "is altered" if limit.trigger in have else "is missing")
        for limit, text in expected(connection)
        if have.get(limit.trigger) != text
    ]


def settle(connection: Any) -> None:
    """PostgreSQL alters no table on which checks of the same transaction still wait."""
    if connection.vendor == "postgresql" and connection.in_atomic_block:
        connection.check_constraints()


def install(using: str = "default") -> list[str]:
    """Set the limits that are missing or altered; the tables where that was so."""
    connection, mended = connections[using], []
    settle(connection)
    have = present(connection)
    for limit, text in expected(connection):
        if have.get(limit.trigger) == text:
            continue
        mended.append(limit.table)
        with transaction.atomic(using), connection.cursor() as cursor:
            drop(cursor, connection.vendor, limit)
            if connection.vendor == "sqlite":
                cursor.execute(text)
                continue
            cursor.execute(
                f"create or replace function {limit.trigger}() returns trigger language plpgsql as $${text}$$"
            )
            cursor.execute(
                f'create trigger {limit.trigger} before {limit.before} on "{limit.table}" '
                f"for each row execute function {limit.trigger}()"
            )
            cursor.execute(f'alter table "{limit.table}" enable always trigger {limit.trigger}')
    return sorted(set(mended))


def drop(cursor: Any, vendor: str, limit: Limit) -> None:
    on = f' on "{limit.table}"' if vendor == "postgresql" else ""
    cursor.execute(f"drop trigger if exists {limit.trigger}{on}")


def lift(using: str = "default") -> None:
    """Every limit off: for tests that empty the tables, and for them alone; `install` sets them again."""
    connection = connections[using]
    settle(connection)
    with connection.cursor() as cursor:
        for limit, _text in expected(connection):
            drop(cursor, connection.vendor, limit)
