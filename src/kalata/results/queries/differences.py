"""The exact difference a file makes, as a file of its own: what is shown, approved, written and proved again.

One JSON line for what the difference rests on (the file, its mapping, the meaning of the figures), then one for
each station that changes, in order of code: what is in force, what would be. Its SHA-256 is what an approval is
bound to; the file is kept under that name.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kalata.country.models import Contest
from kalata.evidence import services as evidence
from kalata.evidence import store
from kalata.evidence.rules.access import Access
from kalata.refusals import Refused
from kalata.results import mapping
from kalata.results.models import Import
from kalata.results.numeric.station_keys import SEP
from kalata.results.queries.planning import Plan
from kalata.results.queries.store import unpacked
from kalata.results.rules.boxes import ABSENT, Box, Sheet
from kalata.text import gettext_noop as _


class NoDifference(Refused):
    code = "IMP-307"
    says = _(
        "La différence de l’import « %(name)s » n’est plus celle qui a été montrée : sa copie manque ou a été altérée."
    )
    remedy = _("Refaites l’essai à blanc. Rien n’a été enregistré.")


ENCODE = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def canonical(value: Any) -> bytes:
    return ENCODE(value).encode() + b"\n"


def meaning_of(contest: Contest) -> dict[str, Any]:
    """What gives the figures of a contest their meaning: list, boxes, rules, constituencies, division of the territory."""
    return {
        "options": [[o.rank, o.code, o.name, o.withdrawn] for o in contest.options.all()],
        "boxes": list(contest.boxes),
        "system": contest.system,
        "round": contest.round,
        "previous": contest.previous.code if contest.previous else None,
        "constituencies": [[c.code, c.name, c.seats] for c in contest.constituencies.order_by("code")],
        "level": contest.constituency_level,
        "keeps": list(contest.annulled_keeps),
        "geography": contest.election.geography.code,
        "pack": contest.election.pack.sha256,
    }


def meaning_digest(contest: Contest) -> str:
    return hashlib.sha256(canonical(meaning_of(contest))).hexdigest()


def lines_of(plan: Plan) -> Iterator[bytes]:
    """The difference of a plan, line by line."""
    one, table = plan.one, plan.table
    codes = [SEP.join(k) for k in table.keys]
    todo = dict(plan.todo)
    rows = sorted((i for i, code in enumerate(codes) if i in todo or code in plan.fresh), key=codes.__getitem__)
    yield canonical(
        {
            "contest": one.contest.code,
            "file": one.sha256,
            "profile": one.profile,
            "create": one.create,
            "meaning": meaning_digest(one.contest),
            "columns": [*plan.boxes, *plan.names],
            "new_options": plan.new_options,
            "places": [list(place) for place in mapping.destinations(one)],
            "rows": len(rows),
        }
    )  # fmt: skip
    for i in rows:
        line: dict[str, Any] = {"station": codes[i], "row": int(table.rows[i])}
        if i in todo:
            old = plan.old.get(i)
            line["from"] = None if old is None else {"version": old[0], "standing": old[1], "figures": unpacked(old[2])}
            line["to"] = {"standing": int(table.standing[i]), "figures": unpacked(plan.blobs[i])}
        if codes[i] in plan.fresh:
            registered = table.column(Box.REGISTERED)
            line["created"] = {
                "area": list(table.paths[int(table.area[i])]),
                "constituency": table.constituencies[int(table.constituency[i])] if table.constituency is not None else None,
                "registered": None if registered is None or registered[i] == ABSENT else int(registered[i]),
            }  # fmt: skip
        yield canonical(line)


def digest_of(plan: Plan) -> str:
    """SHA-256 (hex) of the difference, nothing written."""
    out = hashlib.sha256()
    for line in lines_of(plan):
        out.update(line)
    return out.hexdigest()


def keep(plan: Plan) -> str:
    """Write the difference under its own hash; the hash."""
    kept = evidence.keep_ours(lines_of(plan), media="application/x-ndjson")
    evidence.join(
        sha256=kept.sha256, subject=f"import:{plan.one.pk}", access=Access.STAFF, by=plan.by, origin=plan.one.sha256
    )
    return kept.sha256


@dataclass(frozen=True, slots=True)
class Difference:
    """A kept difference. rows: in order of station code, as `lines_of` writes them."""

    head: dict[str, Any]
    rows: list[dict[str, Any]]


def read(one: Import) -> Difference:
    """The kept difference of an import, its hash checked. IMP-307 where the copy is missing or altered."""
    try:
        content = store.content(one.difference)
    except OSError:
        content = None
    if not content:
        raise NoDifference(name=one.name)
    head, *rows = [json.loads(line) for line in content.splitlines()]
    return Difference(head, rows)


def figures_in(one: Import) -> dict[str, tuple[int, Sheet]]:
    """station code -> (standing, figures) that a kept difference gives; empty where it is missing or altered."""
    try:
        found = read(one)
    except NoDifference:
        return {}
    boxes = [Box(b) for b in one.contest.boxes]
    out = {}
    for row in found.rows:
        if "to" in row:
            values = [None if v == ABSENT else v for v in row["to"]["figures"]]
            sheet = Sheet(dict(zip(boxes, values, strict=False)), tuple(values[len(boxes) :]))
            out[row["station"]] = (row["to"]["standing"], sheet)
    return out
