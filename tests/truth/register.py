"""The register of corrections beside the plain account of a history: what is apart, in words. Empty: nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kalata.results.queries import public_ledger
from kalata.results.rules.public_ledger import Standing
from tests.truth.history import Story

STANDINGS = {
    "counted": Standing.COUNTED,
    "annulled": Standing.ANNULLED,
    "recalled": Standing.GONE,
    "missing": Standing.GONE,
}


def apart(one: Story, place: Path, client: Any) -> list[str]:
    wrong = []
    one.contest.refresh_from_db()
    code, book = one.contest.code, public_ledger.book(one.contest)
    counted = [s for s in one.stations.values() if s.situation == "counted"]
    votes = {i: sum(one.value(s, f"c{i}") for s in counted) for i in (1, 2, 3)}
    if book.now.votes != votes:
        wrong.append(f"register: {book.now.votes} now, {votes} by the account")
    replayed = dict(book.first.votes)
    for line in book.lines:
        for n, d in line.delta.items():
            replayed[n] += d
        if line.before is None and line.kind != "late":
            wrong.append(f"register: line {line.number} of what was never published")
    if replayed != book.now.votes:
        wrong.append(f"register: the lines lead from the first totals to {replayed}, not to {book.now.votes}")
    last = {line.key[1]: line.after.standing for line in book.lines}
    for station, standing in last.items():
        if STANDINGS[one.stations[station].situation] is not standing:
            wrong.append(f"register: {station} ends {standing}, {one.stations[station].situation} by the account")
    if one.public:
        here = b"".join(client.get(f"/resultats/{code}/corrections/corrections.csv").streaming_content)
        if here != (place / code / "d" / "corrections.csv").read_bytes():
            wrong.append("register: the file of the application is not that of the site")
    return wrong
