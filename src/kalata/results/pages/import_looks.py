"""What a file already says under the choices on the page: its rows of totals with their sum, what is refused, one station.

Nothing is stored and nothing compared with the register: that is the dry run. A long file is not read again for a
page; what its last dry run under the same choices said is shown instead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kalata.refusals import Refused
from kalata.results import mapping
from kalata.results.mapping import Chosen
from kalata.results.models import Import
from kalata.results.numeric.problems import Problem
from kalata.results.numeric.table import Table
from kalata.results.rules.boxes import LABELS, Box
from kalata.results.services import importing
from kalata.tables.rules import folding
from kalata.tables.rules.seen import letter
from kalata.text import translate

ROWS = 5_000
"""Longer files are read by their dry run alone."""
SHOWN = 8
"""Refused rows shown beside the columns; the dry run shows them all."""


def looked(one: Import, chosen: Chosen, lang: str) -> dict[str, Any]:
    """The context of the second half of the page of columns; empty where nothing can be said yet."""
    profile = mapping.profile_of(one, chosen)
    if (one.survey.get("rows") or 0) > ROWS:
        return of_report(one, profile, lang)
    try:
        table, problems, count = importing.read_for(one, profile)
    except Refused as refused:
        return {"unread": {"code": refused.code, "says": refused.message.text(lang), "how": refused.how.text(lang)}}
    names = dict(zip(table.options, shown_names(one, table), strict=True))
    return {
        "read": {
            "kept": len(table) - sum(not p.aside for p in table.proofs),
            "totals": len(table.proofs),
            "refused": count,
        },
        "proofs": [proof(p.record(), names, lang) for p in table.proofs],
        "refused_rows": [refused_row(p, one, lang) for p in problems[:SHOWN]],
        "refused_more": max(count - SHOWN, 0),
        "example": station(one, chosen, table, problems, lang),
    }


def of_report(one: Import, profile: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """The same from the last dry run, where its choices are those of the page."""
    found = one.report or {}
    if "totals" not in found or one.profile != profile:
        return {"later": True}
    names = {o.code: o.name for o in one.contest.options.all()}
    return {
        "read": {
            "kept": found["rows"] - sum(not p["set_aside"] for p in found["totals"]),
            "totals": len(found["totals"]),
            "refused": found["problem_count"],
        },
        "proofs": [proof(p, names, lang) for p in found["totals"]],
        "refused_rows": [
            {"row": p["row"], "value": p["value"], "at": p["field"], "says": p["en" if lang == "en" else "fr"], "code": p["code"]}
            for p in found["problems"][:SHOWN]
        ],
        "refused_more": max(found["problem_count"] - SHOWN, 0),
    }  # fmt: skip


def proof(record: Mapping[str, Any], names: Mapping[str, str], lang: str) -> dict[str, Any]:
    """A row of totals in the reader's words. off: columns where what is written is not the sum."""
    terms = [
        {
            "label": translate(LABELS[Box(f["field"])], lang) if f["field"] in set(Box) else names.get(f["field"], f["field"]),
            "written": f["written"],
            "sum": f["sum"],
            "gap": f["written"] - f["sum"],
        }
        for f in record["figures"]
    ]  # fmt: skip
    said = record["sum_of"]
    return {
        **record,
        "of": said["en" if lang == "en" else "fr"] if said else "",
        "terms": terms,
        "off": [t for t in terms if t["gap"]],
        "runs": [{"first": a, "last": b} for a, b in record["lines"]],
    }


def refused_row(problem: Problem, one: Import, lang: str) -> dict[str, Any]:
    place = folding.place_of(problem.field, one.header)
    return {
        "row": problem.row,
        "value": problem.record()["value"],
        "at": problem.field if place is None else letter(place),
        "says": problem.message.text(lang),
        "code": problem.code,
    }


def shown_names(one: Import, table: Table) -> list[str]:
    """The names of the contest for the options of the file; the file's own where it knows none."""
    names = dict(mapping.options_of(one))
    known = folding.matched(table.options, {code: [name] for code, name in names.items()})
    return [names.get(c or o, o) for o, c in zip(table.options, known, strict=True)]


def station(one: Import, chosen: Chosen, table: Table, problems: Sequence[Problem], lang: str) -> dict[str, Any] | None:
    """The first station kept, as the result will show it: each value, and the columns it comes from."""
    bad = {p.row for p in problems}
    at = next((i for i, row in enumerate(table.rows.tolist()) if row not in bad), None)
    if at is None:
        return None
    row = int(table.rows[at])
    cells = cells_of(one, row)
    places: dict[str, list[int]] = {}
    for i, role in enumerate(chosen.roles):
        places.setdefault(role, []).append(i)
    long = chosen.place("long_option") is not None

    def told(role: str, value: int) -> dict[str, Any]:
        return {"value": None if value < 0 else value, **source(places.get(role, ()), cells)}

    boxes = [
        {"label": translate(LABELS[b], lang), **told(b.value, v)}
        for b, v in zip(table.boxes, table.figures[at].tolist(), strict=True)
    ]
    of_option: dict[str, list[int]] = {}
    for i, role in enumerate(chosen.roles):
        if role == "option" or role[1:].isdigit():
            to = mapping.destination(role, chosen.names.get(one.header[i], one.header[i]), mapping.options_of(one))
            of_option.setdefault(to, []).append(i)
    votes = [
        {"label": name, "value": None if v < 0 else v, **({} if long else source(of_option.get(name, ()), cells))}
        for name, v in zip(shown_names(one, table), table.votes[at].tolist(), strict=True)
    ]
    if chosen.areas_in_key:
        places["station"] = [*places.get("area", ()), *places.get("station", ())]
    keys = [("station", " / ".join(table.keys[at])), ("area", " / ".join(table.paths[int(table.area[at])]))]
    if table.constituency is not None:
        keys.append(("group", table.constituencies[int(table.constituency[at])]))
    return {
        "row": row,
        "station": " / ".join(table.keys[at]),
        "words": [
            {"label": translate(mapping.KINDS[r], lang), "value": v, **source(places.get(r, ()), cells)} for r, v in keys if v
        ],
        "boxes": boxes,
        "votes": votes,
        "sum": sum(v["value"] for v in votes if v["value"] is not None),
        "left": [{"at": letter(i), "name": one.header[i], "why": translate(mapping.LEFT[mapping.why_left(one, i)], lang)} for i in places.get("", ())],
        "long": long,
    }  # fmt: skip


def cells_of(one: Import, row: int) -> list[str]:
    """The cells of a row as they are written, where it is one of the first that were kept to be shown."""
    place = row - int(one.survey.get("first") or 2)
    return list(one.sample[place]) if 0 <= place < len(one.sample) else []


def source(places: Sequence[int], cells: Sequence[str]) -> dict[str, Any]:
    """The columns a value comes from, and what each of them writes."""
    return {
        "columns": " + ".join(letter(i) for i in places),
        "many": len(places) > 1,
        "written": [{"at": letter(i), "cell": cells[i].strip()} for i in places if i < len(cells)] if len(places) > 1 else [],
    }  # fmt: skip
