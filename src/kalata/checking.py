"""`kalata check`: what must hold of settings, database, disk, processes, ledger, log and packs."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from kalata import rooms
from kalata.cli import language, setup_django
from kalata.text import Message, plainly, translate
from kalata.text import gettext_noop as _

Said = str | Message
"""Names and numbers as they are, or a sentence."""
Found = tuple[str, bool, Said]
NAMES = {
    "settings": _("réglages"), "database": _("base"), "modes": _("droits"), "disk": _("disque"), "https": _("https"),
}  # fmt: skip
"""The first word of our own lines; rooms give theirs. The scripted interface keeps the keys."""


def text(said: Said, lang: str) -> str:
    return said.text(lang) if isinstance(said, Message) else said


@click.command()
@click.option("--json", "as_json", is_flag=True)
@click.option("--lang", type=click.Choice(["fr", "en"]), default=None, help="fr unless LANG says en")
def check(as_json: bool, lang: str | None = None) -> None:
    """Check settings, database, disk, processes, guards, approvals, audit chain, acts, public log, packs. Exit 1 where one is wrong."""
    setup_django()
    lang = language(lang)
    found: list[Found] = list(unready())
    names = NAMES | {one.name: one.title for room in rooms.every() for one in room.checks if one.title}
    for name, one in checks() if not found else OWN.items():
        if name in {n for n, _ok, _d in found}:
            continue
        try:
            found.append((name, *one()))
        except Exception as problem:  # a check that cannot be made is not a check that holds
            why = f"{str(problem).strip().splitlines()[-1:] or problem!r}"
            found.append((name, False, plainly(_("n’a pas pu être contrôlé : %(why)s"), why=why)))
    if as_json:
        click.echo(
            json.dumps(
                {"checks": [{"name": n, "ok": ok, "detail": text(d, "en")} for n, ok, d in found]}, ensure_ascii=False
            )
        )
    else:
        for name, ok, detail in found:
            word = ("ok " if ok else "NON" if lang == "fr" else "NO ") + " "
            click.echo(
                f"{word}{translate(names.get(name, name), lang) if lang == 'fr' else name:10} {text(detail, lang)}"
            )
    sys.exit(0 if all(ok for name, ok, _d in found if name != "https") else 1)


def unready() -> Iterator[Found]:
    """Before the first set-up, without a database, or on that of another version: said once, and nothing that rests on
    the tables is checked, so nothing of it is said to hold."""
    from django.db import Error

    from kalata.ready import NoDatabase, NotReady, is_empty, lacks_migrations

    try:
        if is_empty():
            yield (
                "database",
                False,
                plainly(_("aucune table : lancez « kalata setup » ; le reste n’a pas été contrôlé")),
            )
        elif lacks_migrations():
            yield "database", False, NotReady().message
    except NoDatabase as refused:
        yield "database", False, refused.message
    except Error:  # a damaged page: the line `database` says where, and the others what they could not read
        return


def settings_hold() -> tuple[bool, Said]:
    import io

    from django.core.management import call_command

    try:
        call_command(
            "check", deploy=True, fail_level="WARNING", verbosity=0, stdout=io.StringIO(), stderr=io.StringIO()
        )
    except Exception as problem:
        return False, str(problem).strip().splitlines()[-1]
    return True, plainly(_("check --deploy : aucun avertissement"))


def database() -> tuple[bool, Said]:
    """Mode and soundness; where a page is damaged, in which tables and after which row."""
    from django.conf import settings
    from django.db import connection

    from kalata import storage

    if connection.vendor != "sqlite":
        return True, connection.vendor
    where = storage.where_damaged(Path(str(settings.DATABASES["default"]["NAME"])))
    if where:
        return False, "; ".join(where)
    with connection.cursor() as cursor:
        mode = cursor.execute("pragma journal_mode").fetchone()[0]
        level = cursor.execute("pragma synchronous").fetchone()[0]
        recursive = cursor.execute("pragma recursive_triggers").fetchone()[0]
    return mode == "wal" and level == 2 and recursive == 1, plainly(
        _("sqlite %(mode)s synchronous=%(level)s, chaque page est saine"), mode=mode, level=level
    )


def file_modes() -> tuple[bool, Said]:
    from kalata import modes

    wrong = modes.too_open()
    if not wrong:
        return True, plainly(_("base, images, clés et secrets ouverts à leur seul propriétaire (600, 700)"))
    return False, plainly(_("%(n)s {n:ouvert|ouverts} à d’autres : %(which)s"), n=len(wrong), which=modes.shown(wrong))


def disk() -> tuple[bool, Said]:
    from django.conf import settings

    usage = shutil.disk_usage(settings.VAR)
    return usage.free * 10 > usage.total, plainly(_("%(n)s Mio libres"), n=usage.free // 2**20)


def https() -> tuple[bool, Said]:
    from django.conf import settings

    return settings.HTTPS, "KALATA_HTTPS=1" if settings.HTTPS else plainly(
        _("pas de TLS : acceptable sur une seule machine")
    )


OWN: dict[str, Callable[[], tuple[bool, Said]]] = {
    "settings": settings_hold, "database": database, "modes": file_modes, "disk": disk, "https": https,
}  # fmt: skip


def checks() -> Iterator[tuple[str, Callable[[], tuple[bool, Said]]]]:
    """The house's own checks, then those of the rooms in order of place."""
    yield from OWN.items()
    for one in sorted((one for room in rooms.every() for one in room.checks), key=lambda one: one.place):
        yield one.name, rooms.load(one.what)
