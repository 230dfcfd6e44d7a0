"""Courts of no value for the tests: made once, in memory of the run."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from kalata.disputes.signing import authority

AT = datetime(2026, 4, 30, 17, 0, tzinfo=UTC)
PHRASE = "quatre mots au hasard\nquatre autres mots"


@cache
def court(origin: str = "cour.example") -> authority.Court:
    folder = Path(tempfile.mkdtemp(prefix="kalata-court-"))
    authority.create(folder, PHRASE, court=f"Cour {origin}", country="ML", origin=origin, at=datetime(2026, 1, 1, tzinfo=UTC))  # fmt: skip
    return authority.open_court(folder, PHRASE)


@cache
def paper(text: str = "Décision") -> bytes:
    from kalata.documents.typeset import compiled

    with tempfile.NamedTemporaryFile("w", suffix=".typ", delete=False) as file:
        file.write(f"= {text}\n#lorem(80)\n")
    return compiled(Path(file.name), {})


DECISION = {
    "decision": "2026-04/CC-EL", "date": "2026-04-30", "annulled_keeps": ["registered"],
    "acts": [
        {"id": "1", "act": "ANNUL_STATION", "stations": [["S01"], ["S03"]], "ground": "officers"},
        {"id": "2", "act": "RECTIFY", "station": ["S02"], "before": {"votes.A": 90}, "after": {"votes.A": 80}, "ground": "figures"},
    ],
    "petitions": [{"petition": "2026-L1-BKO2-000017", "grounds": ["g1"]}],
    "outcomes": [{"petition": "2026-L1-BKO2-000017", "outcome": "granted", "reasons": {"g1": "fondé"}}],
    "printed": {"figures": {"valid": 190}, "votes": {"A": 80, "É": 100}},
    "annexes": [
        {"annex": "1", "act": "1", "stations": [["S01"], ["S03"]], "count": 2},
        {"annex": "2", "act": "2", "stations": [["S02"]], "count": 1},
    ],
}  # fmt: skip
