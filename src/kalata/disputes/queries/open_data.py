"""The open data of the Court, made from the one read model of its public pages."""

from __future__ import annotations

from typing import Any

from kalata.disputes import public_feeds
from kalata.disputes.queries import public, public_contests, public_decisions, public_first, public_proclamations
from kalata.disputes.queries import statistics as facts
from kalata.disputes.rules import public_figures


def files(contest: str = "") -> dict[str, bytes]:
    """Every file by its name, of one contest or of all."""
    rows = [r for r in public.docket().rows if not contest or r.contest == contest]
    return public_feeds.datasets(
        rows,
        public_decisions.files(contest),
        public.hearings(contest),
        public_figures.record(facts.facts(contest)),
        sheets(contest),
        public_proclamations.files(contest),
        public_first.rows(contest),
    )


def sheets(contest: str = "") -> dict[str, Any]:
    """Contest -> its standards and indicators; a contest that no calendar ties to a law is null."""
    out: dict[str, Any] = {}
    for code, _name in public_contests.offered():
        if contest and code != contest:
            continue
        found = public_contests.contest(code)
        sheet = facts.sheet_of(found, facts.facts(code)) if found else None
        said = sheet.record() if sheet else None
        out[code] = {k: said[k] for k in ("seven", "standards", "indicators")} if said else None
    return out
