"""What the pure commands of admissibility and of the gate share: a JSON file, a batch of cases, the law of a pack."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from kalata import plain
from kalata.country import packs
from kalata.deadlines.commands import pack_days_off
from kalata.disputes.rules.remedies import SECTIONS, Norms, norms_from
from kalata.refusals import Refused
from kalata.text import gettext_noop as _

MOST = 64 * 2**20
DEFAULT_PACK = "ml"


class Unreadable(Refused):
    code = "DIS-622"
    says = _("Le fichier « %(file)s » n’est pas lisible : %(why)s.")
    remedy = _("Donnez un fichier JSON en UTF-8, ou « - » pour l’entrée standard.")
    status = 422
    sentences = frozenset({"why"})


class OneOf(Refused):
    code = "DIS-623"
    says = _("Donnez %(this)s, ou %(other)s : l’un des deux.")
    remedy = _("Voyez l’aide de la commande (--help).")
    status = 422


def json_file(path: str) -> object:
    """The JSON of a file, « - » for standard input. DIS-622 where it cannot be read; EDG-106 where it is no JSON."""
    try:
        raw = sys.stdin.buffer.read(MOST + 1) if path == "-" else Path(path).read_bytes()
        text = raw.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError, ValueError) as problem:
        raise Unreadable(file=path, why=str(problem)[:120]) from None
    return plain.json_of(text, file=path, most=MOST)


def cases_of(path: str) -> list[object]:
    """The cases of a batch: `{"cases": [...]}`."""
    data = json_file(path)
    cases = data.get("cases") if isinstance(data, Mapping) else None
    if not isinstance(cases, list):
        raise Unreadable(file=path, why=_('{"cases": […]} est attendu'))
    return cases


def print_json(data: object) -> None:
    sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=1) + "\n")


def id_of(case: object) -> object:
    found = case.get("id") if isinstance(case, Mapping) else None
    return found if isinstance(found, str | int) and not isinstance(found, bool) else None


def batch(
    cases: list[object], answer: Callable[[object], tuple[dict[str, object], bool]]
) -> tuple[list[dict[str, object]], int]:
    """Each case answered, in order; one that is refused says why and the others go on. The worst status of all."""
    out: list[dict[str, object]] = []
    worst = 0
    for case in cases:
        try:
            record, good = answer(case)
        except Refused as refused:
            record, good = {"error": refused.record()}, False
        out.append({"id": id_of(case), **record})
        worst = max(worst, 0 if good else 1)
    return out, worst


def norms_of(pack: str) -> Norms:
    """The law of disputes of a pack, by code or folder; only the sections disputes read."""
    folder = packs.find_pack(pack)
    sections = {name: packs.section_of(folder, name) for name in SECTIONS}
    tz = str(packs.head_of(folder).get("timezone") or "UTC")
    return norms_from(sections, tz, lambda first, last: pack_days_off(folder, first, last))
