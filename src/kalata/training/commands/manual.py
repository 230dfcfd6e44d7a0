"""`kalata training manual SOURCE --out FOLDER`: every file of a source, or what keeps it from being printed. Pure."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kalata.text import gettext_noop as _
from kalata.training.commands import sourced
from kalata.training.question_files import keep
from kalata.training.rules.quiz.faults import NoFile

MANIFEST = "manifest.json"


@click.command()
@sourced.asked
@click.option("--out", required=True, help="the folder of the files")
@click.option("--json", "as_json", is_flag=True)
def manual(folder: str, roles: tuple[str, ...], langs: str, draft: bool, out: str, as_json: bool) -> None:
    """Manual, card, poster, guide, slides, papers, packages, audio script. Exit status 1 where something is wrong: nothing is written."""
    asked = sourced.ask(folder, roles, langs, draft=draft)
    if asked.wrong:
        sourced.tell(asked, as_json=as_json, more={"files": [], "pages": []})
        sys.exit(1)
    from kalata.training import manuals

    some = manuals.every(asked.source, asked.opened.law, asked.roles, asked.langs, draft=draft)
    files = list(manuals.built(some))
    said = manuals.manifest(asked.source, files, some)
    place = Path(out)
    if place.exists() and not place.is_dir():
        raise NoFile(file=out, why=_("ce n’est pas un dossier"))
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise NoFile(file=out, why=problem.strerror or str(problem)) from None
    for one, data in files:
        keep(str(place / one.path), data)
    keep(str(place / MANIFEST), manuals.manifest_bytes(said))
    sourced.tell(asked, as_json=as_json, more=said)
    if not as_json:
        click.echo(str(place / MANIFEST))
