"""What the commands on a source of manuals share: its options, its reading, what is told of it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import click

from kalata.refusals import Refused
from kalata.text import gettext_noop as _
from kalata.training.rules.source.findings import Finding, judged
from kalata.training.rules.source.values import Source
from kalata.training.sources import Opened, opened


class NotInSource(Refused):
    """A role or a language that the source does not have."""

    code = "TRN-205"
    says = _("La source n’a pas %(field)s « %(value)s » ; elle a : %(known)s.")
    remedy = _("Corrigez cette option, ou ajoutez à la source ce qu’elle demande. Rien n’a été écrit.")
    status = 422


@dataclass(frozen=True, slots=True)
class Asked:
    """A source, for whom and in what languages, and what was found in it."""

    opened: Opened
    roles: list[str]
    langs: list[str]
    wrong: list[Finding]
    told: list[Finding]

    @property
    def source(self) -> Source:
        return self.opened.source


def asked(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of a command on a source."""
    for option in (
        click.option("--draft", is_flag=True, help="what is not approved or not in force is told, not refused"),
        click.option("--lang", "langs", default="", help="fr,en: languages; else those of the title"),
        click.option("--role", "roles", multiple=True, help="else every role"),
        click.argument("folder", metavar="SOURCE"),
    ):
        command = option(command)
    return command


def ask(folder: str, roles: tuple[str, ...], langs: str, *, draft: bool = False) -> Asked:
    """Read and judge. TRN-205: a role or a language that is not in it; the refusals of the source."""
    found = opened(folder)
    source = found.source
    wanted = [one.strip() for one in langs.split(",") if one.strip()] or source.languages()
    named = [one.strip() for some in roles for one in some.split(",") if one.strip()]
    for one in named:
        if one not in source.roles():
            raise NotInSource(field="--role", value=one[:60], known=", ".join(source.roles()))
    for one in wanted:
        if not (2 <= len(one) <= 3 and one.isascii() and one.islower()):
            raise NotInSource(field="--lang", value=one[:60], known=", ".join(source.languages()))
    wanted = list(dict.fromkeys(wanted))
    wrong, told = judged(source, found.law, wanted, named, draft=draft)
    return Asked(found, sorted(set(named)) or source.roles(), wanted, wrong, told)


def tell(one: Asked, *, as_json: bool, more: Mapping[str, Any] | None = None) -> None:
    """What was found, for a program or for a person."""
    if as_json:
        emit({"findings": [f.record() for f in one.wrong], "warnings": [f.record() for f in one.told], **(more or {})})
        return
    for mark, some in (("!", one.wrong), (" ", one.told)):
        for f in some:
            click.echo(f"{mark} {f.code:<22} {f.procedure} {f.step} {f.lang}\n    {f.says.text('fr')}", err=True)


def emit(value: Mapping[str, Any]) -> None:
    json.dump(value, sys.stdout, ensure_ascii=False)
    sys.stdout.write("\n")
