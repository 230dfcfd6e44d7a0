"""`kalata store`: where kept files are, and bringing those of a folder to the store that machines share, or back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import click

from kalata.refusals import Refused
from kalata.text import gettext_noop as _


class NoStore(Refused):
    code = "EVD-109"
    says = _("Cette maison n’a pas de magasin partagé : ses pièces sont dans son dossier.")
    remedy = _("Donnez KALATA_STORE et sa clé dans les réglages, puis recommencez. Rien n’a été fait.")
    status = 409


class NotAll(Refused):
    code = "EVD-110"
    says = _("%(n)d {n:pièce n’a pas été portée|pièces n’ont pas été portées} : %(sha)s.")
    remedy = _("Reprenez-les d’une sauvegarde, puis recommencez : ce qui est porté ne l’est pas deux fois.")


@click.group()
def store() -> None:
    """Kept files (scans, imports, registers): where they are for good, and bringing them there."""


@store.command()
@click.option("--json", "as_json", is_flag=True)
def status(as_json: bool) -> None:
    """Say where kept files are, how many are expected and which are missing there."""
    from kalata.ready import setup_house

    setup_house()
    from django.conf import settings

    from kalata.evidence import store as kept

    rows, there = list(wanted()), kept.present()
    missing = [sha256 for sha256, place in rows if not there(sha256, place)]
    where = settings.STORE.shown if settings.STORE else str(kept.root())
    if as_json:
        click.echo(json.dumps({"where": where, "expected": len(rows), "missing": missing}))
    else:
        click.echo(f"{where}: {len(rows) - len(missing)} / {len(rows)}")
        for sha256 in missing[:20]:
            click.echo(f"  {sha256}")
    raise SystemExit(bool(missing))


@store.command()
def send() -> None:
    """Bring every kept file of this machine's folder to the shared store, hashed; may be cut short and run again."""

    def one(sha256: str, place: str) -> bool:
        from kalata.evidence import store as kept
        from kalata.evidence.back import back

        there, found = back(), kept.here(sha256, place)
        assert there is not None
        if found is None or kept.digest_of(found) != sha256:
            return there.size(sha256) is not None
        there.give(found, sha256)
        return True

    carried(one)


@store.command()
def fetch() -> None:
    """Bring every kept file from the shared store into this machine's folder, hashed, before leaving that store."""

    def one(sha256: str, place: str) -> bool:
        from kalata.evidence import store as kept

        return kept.sound(sha256, place) is not None

    carried(one)


def wanted() -> Iterator[tuple[str, str]]:
    from kalata.evidence.models import Content

    return iter(Content.objects.filter(destroyed_at=None).values_list("sha256", "place").iterator())


def carried(one: Callable[[str, str], bool]) -> None:
    """Do it for each content that the house keeps. EVD-109 without a store, EVD-110 with those that could not be."""
    from kalata.ready import setup_house

    setup_house()
    from kalata.evidence.back import back

    if back() is None:
        raise NoStore
    rows = list(wanted())
    left = []
    for number, (sha256, place) in enumerate(rows, 1):
        if not one(sha256, place):
            left.append(sha256)
        if number % 500 == 0:
            click.echo(f"{number} / {len(rows)}", err=True)
    click.echo(f"{len(rows) - len(left)} / {len(rows)}")
    if left:
        raise NotAll(n=len(left), sha=", ".join(sha256[:12] for sha256 in left[:5]))
