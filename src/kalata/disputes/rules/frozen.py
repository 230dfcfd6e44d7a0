"""The records a decision was taken on, as a file that anybody reads: records.csv, and profile.yaml that says what each column is.

`elections.of_file` reads the two back into the same election, so that recomputing gives the same digest. The rule of the
contest is written out in full: nothing of a pack is needed. JSON is YAML: the profile is written as canonical JSON.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import fields
from enum import Enum
from fractions import Fraction
from typing import Any

from kalata.disputes.rules.election import Election
from kalata.results.rules.boxes import ABSENT, Standing
from kalata.results.rules.systems import System, Threshold
from kalata.transparency.rules.canonical import jcs

STANDINGS = {int(one): one.name.lower() for one in Standing}


def system_record(system: System) -> dict[str, Any]:
    """The rule in the words that a profile reads."""
    out: dict[str, Any] = {}
    for one in fields(system):
        value = getattr(system, one.name)
        if value is None or value == () or value == "":
            continue
        out[one.name] = plain(value)
    return out


def plain(value: object) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    if isinstance(value, Threshold):
        return {"value": plain(value.share), "op": ">" if value.strict else ">="}
    if isinstance(value, tuple):
        return [plain(one) for one in value]
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    return value


def standing_of(election: Election, at: int) -> str:
    """The word of a station's standing: counted, contested, annulled, rerun, missing."""
    word = STANDINGS[election.standing[at]]
    if word == "annulled" and at in election.rerun:
        return "rerun"
    return "contested" if word == "counted" and at in election.contested else word


def profile(election: Election) -> bytes:
    """profile.yaml."""
    depth = max((len(path) for path in election.areas), default=0)
    wide = max((len(key) for key in election.keys), default=1)
    made: dict[str, Any] = {
        "contest": {"id": election.contest, "round": election.round, "system": system_record(election.system)},
        "station": [f"station{n}" for n in range(1, wide + 1)],
        "areas": [f"area{n}" for n in range(1, depth + 1)],
        "figures": {box.value: box.value for box in election.boxes},
        "options": {"labels": {f"votes{n}": name for n, name in enumerate(election.options, 1)}},
        "status": {
            "column": "status", "counted": ["counted", "contested"], "annulled": ["annulled", "rerun"],
            "missing": ["missing"], "rerun": ["rerun"], "contested": ["contested"],
            "annulled_keeps": [box.value for box in election.keeps],
        },
        "totals": "keep",
    }  # fmt: skip
    if election.constituency is not None:
        made["constituency"] = ["constituency"]
        made["seats"] = {code: n for code, n in election.seats.items() if n is not None}
    if election.unlisted or election.beside.unlisted:
        made["expected"] = len(election.keys) + max(election.unlisted, election.beside.unlisted)
    if election.beside.absent:
        made["absent"] = [
            {name: value for name in ("what", "stations", "voters", "source", "constituency") if (value := getattr(one, name)) not in (None, "")}
            for one in election.beside.absent
        ]  # fmt: skip
    return jcs(made)


def records(election: Election) -> bytes:
    """records.csv: a row a station, an empty cell where a box is empty."""
    depth = max((len(path) for path in election.areas), default=0)
    wide = max((len(key) for key in election.keys), default=1)
    head = [f"station{n}" for n in range(1, wide + 1)] + [f"area{n}" for n in range(1, depth + 1)]
    head += ["constituency"] if election.constituency is not None else []
    head += ["status", *(box.value for box in election.boxes), *(f"votes{n}" for n in range(1, len(election.options) + 1))]  # fmt: skip
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    for at, key in enumerate(election.keys):
        row = [*key, *[""] * (wide - len(key)), *election.areas[at], *[""] * (depth - len(election.areas[at]))]
        if election.constituency is not None:
            row.append(election.constituencies[election.constituency[at]])
        row.append(standing_of(election, at))
        row += [cell(column[at]) for column in (*election.figures, *election.votes)]
        writer.writerow(row)
    return out.getvalue().encode()


def cell(value: int) -> str:
    return "" if value == ABSENT else str(value)
