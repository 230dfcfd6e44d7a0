"""Append-only tables: the database itself refuses to change, delete or replace their rows.

A model says so with its own attribute: `append_only = AppendOnly()`, or `AppendOnly(falls=("current",))`
where a column may change in one direction. Nothing else is needed: the guards are set after every
`migrate` (SQLite drops a table's triggers when a migration rebuilds it), and `faults` tells which
are missing or altered. A migration that must rewrite such rows calls `lift` first.

SQLite: `INSERT OR REPLACE` deletes the old row without firing delete triggers unless the connection
has recursive_triggers on, which another program can leave off; so a trigger before each insert
refuses a row whose key is there already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.apps import apps as registry
from django.db import connections, models, transaction

from kalata.ledger import limits
from kalata.ledger.limits import settle

Step = Callable[[Any, Any], None]


@dataclass(frozen=True)
class AppendOnly:
    """What the database refuses on a table. mutable: columns free to change; falls: from true to false
    only; once: from empty to a value only. Names are those of columns."""

    code: str = "LED-001"
    mutable: tuple[str, ...] = ()
    falls: tuple[str, ...] = ()
    once: tuple[str, ...] = ()
    requires: tuple[str, str] = ("", "")
    """(code, SQL condition over new.column, the same text on both databases) that each new row must meet."""

    def message(self, table: str) -> str:
        return f"{self.code} {table} is append-only"


@dataclass(frozen=True)
class Fault:
    """A guard that is not as it should be: missing, altered or disabled."""

    table: str
    guard: str
    what: str

    def __str__(self) -> str:
        return f"{self.table}: {self.guard} {self.what}"


def guarded() -> list[tuple[type[models.Model], AppendOnly]]:
    """Every model that declares itself append-only, with what it declares."""
    found = []
    for model in registry.get_models():
        if mark := vars(model).get("append_only"):
            found.append((model, mark if isinstance(mark, AppendOnly) else AppendOnly()))
    return found


def columns_of(model: type[models.Model]) -> list[str]:
    return [str(f.column) for f in model._meta.local_concrete_fields]


def keys(model: type[models.Model], connection: Any) -> list[tuple[tuple[str, ...], str]]:
    """(columns, condition) of every key that makes a row of this model unique."""
    meta: Any = model._meta
    found: list[tuple[tuple[str, ...], str]] = [
        ((str(f.column),), "") for f in meta.local_concrete_fields if f.primary_key or f.unique
    ]
    editor = connection.schema_editor()
    for constraint in meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and constraint.fields:
            condition = constraint._get_condition_sql(model, editor) or ""  # type: ignore[attr-defined]
            found.append((tuple(meta.get_field(name).column for name in constraint.fields), condition))
    found += [(tuple(meta.get_field(n).column for n in names), "") for names in meta.unique_together]
    return found


# --- SQLite: three triggers a table ---------------------------------------------------------
def update_condition(columns: Sequence[str], rule: AppendOnly) -> str:
    """When an update of these columns is refused; empty: always."""
    if not (rule.mutable or rule.falls or rule.once):
        return ""
    moved = 'old."{0}" is not new."{0}"'
    bad = [moved.format(c) for c in columns if c not in (*rule.mutable, *rule.falls, *rule.once)]
    bad += [f'({moved.format(c)} and not (old."{c}" = 1 and new."{c}" = 0))' for c in rule.falls]
    bad += [f"""({moved.format(c)} and old."{c}" is not null and old."{c}" <> '')""" for c in rule.once]
    return f"when {' or '.join(bad)} "


def sqlite_guards(model: type[models.Model], rule: AppendOnly, connection: Any) -> dict[str, str]:
    """name -> the statement that makes it, exactly as SQLite keeps it."""
    table = model._meta.db_table
    columns = columns_of(model)
    refuse = f"begin select raise(abort, '{rule.message(table)}'); end"
    there = []
    for key, condition in keys(model, connection):
        same = [f'"{column}" = new."{column}"' for column in key]
        if condition:
            new = condition
            for column in sorted(columns, key=len, reverse=True):
                new = new.replace(f'"{column}"', f'new."{column}"')
            same += [f"({condition})", f"({new})"]
        there.append(f'exists (select 1 from "{table}" where {" and ".join(same)})')
    bodies = {
        f"{table}_no_update": f"before update on {table} {update_condition(columns, rule)}{refuse}",
        f"{table}_no_delete": f"before delete on {table} {refuse}",
        f"{table}_no_replace": f"before insert on {table} when {' or '.join(there)} {refuse}",
    }
    code, holds = rule.requires
    if holds:
        bodies[f"{table}_no_claim"] = (
            f"before insert on {table} when not ({holds}) begin select raise(abort, '{code} {table}: no authority'); end"
        )
    return {name: f"CREATE TRIGGER {name} {body}" for name, body in bodies.items()}


def sqlite_present(connection: Any, table: str) -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("select name, sql from sqlite_master where type = 'trigger' and tbl_name = %s", [table])
        return dict(cursor.fetchall())


# --- PostgreSQL: one function for all, three triggers a table ----------------------------------
FUNCTION = """
declare
  was jsonb; is_ jsonb; name text; free text[];
begin
  if tg_op = 'UPDATE' and tg_argv[1] || tg_argv[2] || tg_argv[3] <> '' then
    was := to_jsonb(old); is_ := to_jsonb(new);
    free := string_to_array(tg_argv[1], ',') || string_to_array(tg_argv[2], ',') || string_to_array(tg_argv[3], ',');
    if was - free = is_ - free then
      foreach name in array string_to_array(tg_argv[2], ',') loop
        if was->>name is distinct from is_->>name and not (was->>name = 'true' and is_->>name = 'false') then
          raise exception using message = tg_argv[0], errcode = 'integrity_constraint_violation';
        end if;
      end loop;
      foreach name in array string_to_array(tg_argv[3], ',') loop
        if was->>name is distinct from is_->>name and coalesce(was->>name, '') <> '' then
          raise exception using message = tg_argv[0], errcode = 'integrity_constraint_violation';
        end if;
      end loop;
      return new;
    end if;
  end if;
  raise exception using message = tg_argv[0], errcode = 'integrity_constraint_violation';
end
"""
KINDS = {"update": (19, "row"), "delete": (11, "row"), "truncate": (34, "statement")}
"""What pg_trigger.tgtype says of a trigger before that act, for each row or statement."""


def postgres_guards(model: type[models.Model], rule: AppendOnly) -> dict[str, str]:
    """name -> what pg_trigger must say of it: type, function, arguments, always enabled, no condition."""
    table = model._meta.db_table
    given = [rule.message(table), *(",".join(c) for c in (rule.mutable, rule.falls, rule.once))]
    wanted = {f"{table}_no_{act}": f"{kind} {given} A" for act, (kind, _each) in KINDS.items()}
    if rule.requires[1]:
        wanted[f"{table}_no_claim"] = f"7 {claim_function(table, rule)} A"
    return wanted


def claim_function(table: str, rule: AppendOnly) -> str:
    """The body of the function that refuses a new row without its authority."""
    code, holds = rule.requires
    return (
        f"begin if not ({holds}) then raise exception using message = '{code} {table}: no authority', "
        "errcode = 'integrity_constraint_violation'; end if; return new; end"
    )


def postgres_present(connection: Any, table: str) -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select tgname, tgtype, tgargs, tgenabled::text, tgqual is null and tgattr::text = '', "
            "proname, prosrc from pg_trigger join pg_proc on pg_proc.oid = tgfoid "
            "where tgrelid = to_regclass(%s) and not tgisinternal",
            [f'"{table}"'],
        )
        rows = cursor.fetchall()
    found = {}
    for name, kind, arguments, enabled, plain, function, source in rows:
        given: object = bytes(arguments).decode().split("\0")[:-1]
        sound = plain and function == "kalata_guard" and source == FUNCTION
        if name == f"{table}_no_claim":
            given, sound = source, plain and function == f"{table}_claim"
        found[name] = f"{kind} {given} {enabled if sound else '?'}"
    return found


def set_postgres(connection: Any, model: type[models.Model], rule: AppendOnly) -> None:
    table = model._meta.db_table
    given = [rule.message(table), *(",".join(c) for c in (rule.mutable, rule.falls, rule.once))]
    call = f"execute function kalata_guard({', '.join(repr(g) for g in given)})"
    with connection.cursor() as cursor:
        cursor.execute(f"create or replace function kalata_guard() returns trigger language plpgsql as $${FUNCTION}$$")
        for act, (_kind, each) in KINDS.items():
            cursor.execute(f'create trigger {table}_no_{act} before {act} on "{table}" for each {each} {call}')
            cursor.execute(f'alter table "{table}" enable always trigger {table}_no_{act}')
        if rule.requires[1]:
            body = claim_function(table, rule)
            cursor.execute(f"create or replace function {table}_claim() returns trigger language plpgsql as $${body}$$")
            cursor.execute(
                f'create trigger {table}_no_claim before insert on "{table}" for each row execute function {table}_claim()'
            )
            cursor.execute(f'alter table "{table}" enable always trigger {table}_no_claim')


# --- both --------------------------------------------------------------------------------------
def expected(connection: Any, model: type[models.Model], rule: AppendOnly) -> dict[str, str]:
    return (
        sqlite_guards(model, rule, connection) if connection.vendor == "sqlite" else postgres_guards(model, rule)
    )  # fmt: skip


def present(connection: Any, table: str) -> dict[str, str]:
    return sqlite_present(connection, table) if connection.vendor == "sqlite" else postgres_present(connection, table)


def complete(connection: Any, model: type[models.Model]) -> bool:
    """Does the table exist with every column of the model? Not so in the middle of an upgrade."""
    with connection.cursor() as cursor:
        if model._meta.db_table not in connection.introspection.table_names(cursor):
            return False
        if connection.vendor == "sqlite":  # Django reads and parses the whole table to tell its columns
            there = {row[1] for row in cursor.execute(f'pragma table_info("{model._meta.db_table}")').fetchall()}
        else:
            there = {c.name for c in connection.introspection.get_table_description(cursor, model._meta.db_table)}
    return set(columns_of(model)) <= there


def faults(using: str = "default") -> list[Fault]:
    """Guards that are missing or not as declared."""
    connection, found = connections[using], []
    for model, rule in guarded():
        table = model._meta.db_table
        have = present(connection, table)
        for name, wanted in expected(connection, model, rule).items():
            if have.get(name) != wanted:
                found.append(Fault(table, name, "is altered" if name in have else "is missing"))
        strangers = {n for n in have if not n.startswith(f"{table}_no_") and n not in limits.DECLARED}
        found += [Fault(table, name, "is not ours") for name in sorted(strangers)]
    return found + [Fault(*fault) for fault in limits.missing(using)]


def install(using: str = "default") -> list[str]:
    """Set the guards that are missing or altered; the tables where that was so."""
    connection, mended = connections[using], []
    settle(connection)
    for model, rule in guarded():
        table = model._meta.db_table
        if not complete(connection, model):
            continue
        have, wanted = present(connection, table), expected(connection, model, rule)
        if {n: s for n, s in have.items() if n.startswith(f"{table}_no_")} == wanted:
            continue
        mended.append(table)
        with transaction.atomic(using):
            drop(connection, table)
            if connection.vendor == "postgresql":
                set_postgres(connection, model, rule)
                continue
            with connection.cursor() as cursor:
                for statement in wanted.values():
                    cursor.execute(statement)
    return mended + [table for table in limits.install(using) if table not in mended]


def drop(connection: Any, table: str) -> None:
    settle(connection)
    with connection.cursor() as cursor:
        for name in present(connection, table):
            if name.startswith(f"{table}_no_"):
                on = f' on "{table}"' if connection.vendor == "postgresql" else ""
                cursor.execute(f'drop trigger if exists "{name}"{on}')


def lift(*tables: str) -> Step:
    """A step of a migration that must rewrite rows of these tables; their guards are back when `migrate` ends."""

    def step(apps: Any, schema_editor: Any) -> None:
        for table in tables:
            drop(schema_editor.connection, table)

    return step


def aside(using: str = "default") -> None:
    """Every guard and limit of a SQLite off, those of an older shape too, before its tables are rebuilt."""
    with transaction.atomic(using), connections[using].cursor() as cursor:
        cursor.execute("select name, tbl_name from sqlite_master where type = 'trigger'")
        for name, table in cursor.fetchall():
            if name.startswith((f"{table}_no_", f"{table}_limit_")):
                cursor.execute(f'drop trigger "{name}"')


@contextmanager
def lifted(using: str = "default") -> Iterator[None]:
    """Every guard off, then on again: for tests that empty or alter the tables, and for them alone."""
    for model, _rule in guarded():
        drop(connections[using], model._meta.db_table)
    limits.lift(using)
    try:
        yield
    finally:
        install(using)


def append_only(tables: Sequence[str]) -> tuple[Step, Step]:
    """The two functions of the first migrations that locked tables; what guards them today is set after them."""

    def forwards(apps: Any, schema_editor: Any) -> None:
        return None

    return forwards, lift(*tables)
