"""The gate on 1,000 annulled stations of 24,697, and 2,000 petitions held against the law. Whole figures, no database."""

from __future__ import annotations

import time
from typing import Any

from bench.lines import line
from kalata.disputes.commands.law import norms_of
from kalata.disputes.rules.admissible import admissible
from kalata.disputes.rules.gate import examine
from kalata.disputes.rules.written import election_from

STATIONS, ANNULLED, PETITIONS = 24_697, 1_000, 2_000


def draft(annulled: int) -> dict[str, Any]:
    keys = [[f"S{n}"] for n in range(annulled)]
    return {
        "decision": "bench",
        "acts": [{"id": "1", "act": "ANNUL_STATION", "stations": keys, "where": {"area": "Commune"}}],
        "annexes": [{"annex": "1", "act": "1", "stations": keys, "count": annulled, "totals": {"valid": annulled * 300}}],
        "printed": {
            "counts": [{"what": "annulled_stations", "where": {"area": "Commune"}, "value": annulled}],
            "votes": {"A": (STATIONS - annulled) * 160},
            "percentages": {"A": "53.33"},
            "decimals": 2,
            "elected": ["A"],
        },
        "bench": {
            "members": 9, "quorum": 5, "abstention": False, "president": "j1",
            "present": ["j1", "j2", "j3", "j4", "j5"], "ayes": 5, "noes": 0, "signatories": ["j1"], "conflicts": [],
        },
        "hands": {"drafted_by": "j3", "passed_by": "j1"},
    }  # fmt: skip


def main() -> None:
    stations = [
        {"station": [f"S{n}"], "area": ["Commune"], "figures": {"valid": 300}, "votes": [160, 90, 50]}
        for n in range(STATIONS)
    ]
    head = {"contest": {"id": "bench", "system": {"kind": "plurality"}}, "options": ["A", "B", "C"]}
    law = norms_of("ml")
    allowed = 0
    seconds = []
    for _turn in range(3):
        election = election_from(head | {"stations": stations})
        start = time.perf_counter()
        verdict = examine(election, draft(ANNULLED), law)
        seconds.append(time.perf_counter() - start)
        allowed += verdict.allowed
    best = min(seconds)
    line(
        "gate: 1,000 annulled of 24,697 stations, fourteen checks: seconds", f"{best:.2f}", "<= 1", best <= 1,
        of=allowed, least=3,
    )  # fmt: skip
    facts = {
        "id": "b", "contest": "presidential", "body": "constitutional_court", "received": "2018-08-04T19:35",
        "events": {"ROUND_VOTE": "2018-07-29", "PROV_RESULTS": "2018-08-02T21:00"}, "capacity": "candidate",
        "form": {"written": True, "signed": True, "dated": True, "certified": True}, "decided_before": False,
        "grounds": [{"ground": "g1", "about": "operations", "stations": [["S1"]], "evidence": 1}],
    }  # fmt: skip
    start = time.perf_counter()
    found = sum(admissible(facts, law).proposal == "human_decides" for _n in range(PETITIONS))
    each = (time.perf_counter() - start) / PETITIONS * 1000
    line("admissible: one petition, every reading: milliseconds", f"{each:.1f}", "-", of=found, least=PETITIONS)


if __name__ == "__main__":
    main()
