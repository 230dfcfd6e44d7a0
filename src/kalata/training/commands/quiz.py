"""`kalata training quiz IN OUT`: questions from one form of file to another, nothing dropped in silence. Pure."""

from __future__ import annotations

import json
import sys

import click

from kalata.training import question_files
from kalata.training.rules.quiz import exchange, scorm


@click.command()
@click.argument("source", metavar="IN")
@click.argument("out", metavar="OUT")
@click.option("--title", default="", help="of a package; else the category of the first question")
@click.option("--lang", type=click.Choice(scorm.LANGUAGES), default="fr", help="of a package's own words")
@click.option("--json", "as_json", is_flag=True)
def quiz(source: str, out: str, title: str, lang: str, as_json: bool) -> None:
    """From json, gift, xml (Moodle), csv or xlsx to these, scorm.zip or qti.zip. Exit status 1 where a question does not hold: nothing is written."""
    exchange.form_of(out, exchange.WRITTEN, exchange.OUT_SAYS)
    questions, missing = question_files.read(source)
    named = title or scorm.title_of(questions, source)
    page = question_files.PAGE.read_text("utf-8") if out.lower().endswith(".scorm.zip") else ""
    made, more = exchange.written(out, questions, title=named, lang=lang, page=page)
    missing = [*missing, *more]
    if not missing:
        question_files.keep(out, made)
    if as_json:
        answer = {
            "questions": len(questions),
            "written": None if missing else out,
            "lost": [one.record() for one in missing],
        }
        click.echo(json.dumps(answer, ensure_ascii=False))
    else:
        for one in missing:
            click.echo(f"! {one.code}  {one.says.text(lang)}", err=True)
        if not missing:
            click.echo(out)
    sys.exit(1 if missing else 0)
