"""What the pure commands of the room read: an election with its profile, JSON documents, batches of cases."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from kalata import plain
from kalata.disputes.rules.election import Election
from kalata.disputes.rules.written import Systems, election_from
from kalata.refusals import Refused
from kalata.text import Message
from kalata.text import gettext_noop as _

MOST = 256 << 20


class BadInput(Refused):
    code = "DIS-512"
    says = _("L’entrée « %(field)s » ne peut pas être lue : %(why)s.")
    remedy = _("Donnez FICHIER --profile PROFIL et le document de la commande, ou --cases CAS.json seul (--help).")
    status = 422
    sentences = frozenset({"why"})


def document(path: str, field: str) -> tuple[dict[str, Any], bytes]:
    """The object of a JSON file (- for standard input) and its bytes."""
    try:
        data = sys.stdin.buffer.read(MOST + 1) if path == "-" else Path(path).read_bytes()
    except OSError as error:
        raise BadInput(field=field, why=str(error.strerror or error)) from None
    value = plain.json_of(data, file=path, most=MOST)
    if not isinstance(value, dict):
        raise BadInput(field=field, why=_("un objet JSON est attendu"))
    return value, data


def systems_of(pack: str) -> Systems:
    """The systems of a pack, read when one is named."""

    def systems() -> Mapping[str, Mapping[str, object]]:
        from kalata.country.packs import find_pack, load_pack

        return load_pack(find_pack(pack)).engine_systems()

    return systems


def sole(file: str | None, profile: str | None, other: str | None, cases: str | None) -> None:
    """Either a file with its profile and document, or cases alone; standard input once at most."""
    given = [x for x in (file, profile, other) if x is not None]
    if (cases is not None and given) or (cases is None and len(given) < 3):
        raise BadInput(field="FILE", why=_("il faut un fichier, son profil et un document, ou des cas seuls"))
    if given.count("-") > 1:
        raise BadInput(field="-", why=_("l’entrée standard ne se lit qu’une fois"))


def election_of(file: str, profile: str, pack: str) -> Election:
    """The election of a file under a profile (either may be standard input)."""
    from kalata.disputes import elections
    from kalata.results import tabulating

    rules, source = spooled(profile), spooled(file)
    hashes = {"file": elections.digest_of(source), "profile": elections.digest_of(rules)} if source.is_file() and rules.is_file() else {}  # fmt: skip
    return elections.of_file(source, tabulating.load_profile(rules, pack), hashes)


def spooled(path: str) -> Path:
    from kalata.results import tabulating

    return tabulating.spooled(sys.stdin.buffer) if path == "-" else Path(path)


Answer = Callable[[str, Election, dict[str, Any]], tuple[dict[str, Any], bool]]
"""(id, election, case) -> the answer, and whether something in it is wrong."""


def batch(path: str, pack: str, answer: Answer) -> tuple[dict[str, Any], int]:
    """Every case of a file answered in order, each with its election; one that is refused says so, the others go on."""
    return each(path, lambda name, case: answer(name, election_from(case.get("election"), systems_of(pack)), case))


def each(path: str, answer: Callable[[str, dict[str, Any]], tuple[dict[str, Any], bool]]) -> tuple[dict[str, Any], int]:
    """Every case of a file answered in order; one that is refused says so, and the others go on."""
    data, _bytes = document(path, "--cases")
    cases = data.get("cases")
    if not isinstance(cases, list):
        raise BadInput(field="cases", why=_("une liste de cas est attendue"))
    out: list[dict[str, Any]] = []
    worst = 0
    for place, case in enumerate(cases, 1):
        name = case.get("id", str(place)) if isinstance(case, dict) else str(place)
        try:
            if not isinstance(case, dict):
                raise BadInput(field=f"cases[{place - 1}]", why=_("un objet JSON est attendu"))
            found, wrong = answer(str(name), case)
            out.append({"id": name} | found | {"id": name})
        except Refused as refused:
            out.append({"id": name, "error": refused.record()})
            wrong = True
        worst = max(worst, int(wrong))
    return {"cases": out}, worst


def emit(value: Mapping[str, Any]) -> None:
    json.dump(value, sys.stdout, ensure_ascii=False)
    sys.stdout.write("\n")


def say(text: Message | str, lang: str) -> None:
    click.echo(text.text(lang) if isinstance(text, Message) else text)


def sha256_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
