"""`kalata start`: the one word of a first day. Sets the house up where it is not, says which steps stand and which comes
next, and serves it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from kalata import modes
from kalata.cli import language
from kalata.questions import COUNTRY
from kalata.settings import written
from kalata.setup import set_up, yes
from kalata.text import gettext_noop as _
from kalata.text import translate

MARKS = {"done": "✓", "part": "…", "": "·"}


@click.command()
@click.option("--answers", "answers_file", type=click.Path(exists=True, dir_okay=False), help="answers of `kalata setup`, instead of questions")  # fmt: skip
@click.option("--file", type=click.Path(dir_okay=False), default=None, help="where the settings are (KALATA_SETTINGS, /etc/kalata/kalata.env)")  # fmt: skip
@click.option("--lang", type=click.Choice(["fr", "en"]), default=None, help="fr unless LANG says en")
@click.option("--host", default="127.0.0.1")
@click.option("--port", default=8000)
@click.option("--no-serve", is_flag=True, help="say where the house stands, and stop")
def start(
    answers_file: str | None,
    file: str | None,
    lang: str | None,
    host: str,
    port: int,
    no_serve: bool,
) -> None:
    """Begin here: country, territory, stations, people, second factors, key ceremony, witnesses, backup, rehearsal.

    What was never set up is set up first (`kalata setup`). Then each step is said as the records show it, with the page
    where its next gesture is, and the house is served.
    """
    modes.private()
    lang = language(lang)
    place = Path(file) if file else written.where()
    if answers_file:
        set_up(place, answers_file, lang)
    elif not place.exists():
        begin(place if file or may_write(place) else written.OWN, host, port, lang)
    from kalata.ready import setup_house

    setup_house()
    for line in said(lang, f"http://{host}:{port}"):
        click.echo(line)
    if no_serve:
        return
    from kalata.operations import held, prepared, supervise

    held()
    sys.exit(supervise(host, port, 2, prepared))


ASKED = {"KALATA_VAR", COUNTRY, "KALATA_LOG_ORIGIN"}
"""What is asked of who begins on one machine: the rest follows, and `kalata setup` changes it."""


def may_write(place: Path) -> bool:
    """Whether this account can make the file: in its folder, or in the nearest one that is there."""
    folder = next(one for one in place.parents if one.exists())
    return os.access(folder, os.W_OK)


def begin(place: Path, host: str, port: int, lang: str) -> None:
    """A first house. On this machine alone three answers are enough; for a server each setting is asked."""
    click.echo(translate(_("Aucune maison n’est encore réglée sur cette machine. Quelques questions ; Entrée garde la réponse entre crochets."), lang))  # fmt: skip
    if not yes(_("Ouvrir la maison sur cette seule machine, pour essayer ou commencer ?"), lang):
        set_up(place, None, lang)
        return
    address = f"http://{host}:{port}"
    folder = "/var/lib/kalata" if may_write(Path("/var/lib/kalata")) else str(Path.home() / "kalata")
    usual = {
        "KALATA_VAR": os.environ.get("KALATA_VAR") or folder,
        "KALATA_HOSTS": f"{host},localhost",
        "KALATA_HTTPS": "0",
        "KALATA_LOG_ORIGIN": "essai.localhost",
        "KALATA_ORIGINS": f"{address},http://localhost:{port}",
        "KALATA_ADDRESS": address,
    }
    set_up(place, None, lang, usual, ASKED)


def said(lang: str, address: str) -> Iterator[str]:
    """The steps of the first day as lines: mark, number, title, state, what is stated, and where the next gesture is."""
    from django.conf import settings
    from django.contrib.auth.models import AnonymousUser
    from django.http import HttpRequest
    from django.utils.translation import override

    from kalata.ui import first_day

    request = HttpRequest()
    request.user = AnonymousUser()
    with override(lang):
        rows = first_day.rows(first_day.steps(request))
        yield ""
        yield first_day.headline(rows)
        following = next((row for row in rows if row.step.state != "done" and not row.locked), None)
        for row in rows:
            yield f" {MARKS[row.step.state]} {row.number}  {row.step.title} : {row.word}"
            if row.step.state != "done":
                yield f"      {row.step.says}"
        yield ""
        if following is None:
            yield translate(_("Toutes les étapes sont faites."), lang)
        else:
            yield translate(_("La suite : étape %(n)d, %(what)s"), lang) % {
                "n": following.number, "what": f"{following.step.do} : {address}{following.step.href}"
            }  # fmt: skip
        yield translate(_("La liste se tient à jour seule : %(page)s"), lang) % {"page": f"{address}/mise-en-service/"}
        if settings.SITE_FOLDER:
            yield translate(_("Le site public s’écrit ici dès la première publication : %(folder)s"), lang) % {"folder": settings.SITE_FOLDER}
