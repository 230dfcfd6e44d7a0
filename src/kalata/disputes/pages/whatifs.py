"""A kept simulation arranged for its page, for two side by side, and for the files that leave with the word on each line."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

from kalata.disputes.models import WhatIf
from kalata.disputes.pages.materiality import WHO
from kalata.inert import safe
from kalata.results.rules.outcome import STATUS_LABELS, Status
from kalata.text import gettext_noop as _
from kalata.text import translate

MARK = _("SIMULATION, sans effet ni valeur de décision")


def side(one: WhatIf, names: Mapping[str, str], stale: bool, lang: str) -> dict[str, Any]:
    """What a page draws of one simulation: who, when, on which figures, what it gives."""
    kept = one.told
    sides = kept["recomputation"]
    whole = kept["materiality"]
    after = sides["after"] if sides else {"outcome": whole["outcome"], "constituencies": whole["constituencies"]}
    outcome = outcome_in(after, kept["where"])
    return {
        "one": one, "stale": stale, "said": kept["conclusion"].get(lang) or kept["conclusion"]["fr"], "tone": kept["conclusion"]["tone"],
        "rests": said_of(kept["rests_on"], lang), "criteria": said_of(kept["criteria"], lang), "acts": one.case.get("acts") or [],
        "status": STATUS_LABELS[Status(outcome["status"])], "decided": [names.get(o, o) for o in outcome["options"]],
        "seats": {names.get(o, o): n for o, n in (outcome.get("seats") or {}).items() if n},
        "changes": sides["changes"] if sides else {}, "annulled": kept["annulled"], "registered": kept["registered"],
        "who": WHO.get(Status(outcome["status"]), WHO[Status.ELECTED]),
        "open": outcome["status"] in (Status.TIE, Status.UNDETERMINED), "where": kept["where"],
    }  # fmt: skip


def outcome_in(record: Mapping[str, Any], where: str) -> Mapping[str, Any]:
    """The outcome of a constituency, or of the whole."""
    found: Mapping[str, Any] = next((c["outcome"] for c in record.get("constituencies") or () if c["constituency"] == where), record["outcome"])  # fmt: skip
    return found


def said_of(rows: Sequence[Mapping[str, str]], lang: str) -> list[tuple[str, str]]:
    return [(r["tone"], r.get(lang) or r["fr"]) for r in rows]


def votes_in(record: Mapping[str, Any], where: str) -> Mapping[str, int]:
    found: Mapping[str, int] = next((c["votes"] for c in record.get("constituencies") or () if c["constituency"] == where), record["votes"])  # fmt: skip
    return found


def lines(simulations: Sequence[WhatIf], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """A line a candidacy: votes and seats in force, then in each simulation, with what it changes."""
    with_figures = next((w for w in simulations if w.told["recomputation"]), None)
    if with_figures is None:
        return []
    where = with_figures.told["where"]
    before = with_figures.told["recomputation"]["before"]
    now, held = votes_in(before, where), outcome_in(before, where).get("seats") or {}
    columns = []
    for one in simulations:
        sides = one.told["recomputation"]
        after = sides["after"] if sides else before
        columns.append((votes_in(after, where), outcome_in(after, where).get("seats") or {}))
    return [
        {
            "code": o, "name": names.get(o, o), "now": now[o], "seats": held.get(o, 0),
            "cells": [{"votes": v.get(o, 0), "difference": v.get(o, 0) - now[o], "seats": s.get(o, 0)} for v, s in columns],
        }
        for o in sorted(now, key=lambda o: -now[o])
    ]  # fmt: skip


# --- files -----------------------------------------------------------------------------------------------
def as_json(one: WhatIf, stale: bool) -> bytes:
    """Everything of a simulation, for programs; it says first that it is one."""
    out = {
        "simulation": True, "fr": MARK, "en": translate(MARK, "en"), "name": one.name, "petition": one.petition.number,
        "contest": one.petition.contest.code, "at": one.at.isoformat(), "figures": one.revision, "stale": stale,
        "case": one.case, "materiality": one.told["materiality"], "digest": one.digest,
        "recomputation": one.told["recomputation"], "recomputation_digest": one.recomputed,
        **{k: one.told[k] for k in ("conclusion", "rests_on", "criteria")},
    }  # fmt: skip
    return json.dumps(out, ensure_ascii=False, indent=1).encode()


def as_csv(one: WhatIf, names: Mapping[str, str], lang: str) -> bytes:
    """A row a candidacy, each with the word simulation and the name."""
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\n")
    write.writerow(["simulation", "name", "digest", "option", "option_name", "votes_before", "votes_after", "difference", "seats_before", "seats_after"])  # fmt: skip
    mark = translate(MARK, lang)
    for row in lines([one], names):
        cell = row["cells"][0]
        values = [mark, one.name, one.digest, row["code"], row["name"], row["now"], cell["votes"], cell["difference"], row["seats"], cell["seats"]]  # fmt: skip
        write.writerow([safe(v) for v in values])
    return out.getvalue().encode()
