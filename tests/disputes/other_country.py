"""The pack of a country that does not exist: another court, another quorum, other limits, another way of numbering. Not shipped.

It is made from a shipped pack by changing every record that disputes read, written to a folder and loaded as any pack is.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from kalata.country import packs
from kalata.country.rules.pack import Pack

INSTITUTIONS = [
    {
        "id": "XA-AE", "name_fr": "Agence électorale", "name_en": "Election agency", "kind": "organe de gestion des élections",
    },
    {
        "id": "XA-TE", "name_fr": "Tribunal électoral", "name_en": "Election Tribunal", "kind": "tribunal", "members": 3,
        "body": "election_tribunal", "decides": "bench", "receives": ["counter"], "decision_number": "{court}.{kind}/{rank}/{year}",
        "speaks_fr": "Le Tribunal électoral,", "speaks_en": "The Election Tribunal,",
        "bench": {"quorum": 2, "casting_vote": False, "abstention": True, "recusal": True, "ballot": ["show of hands"], "replacement_days": 10, "article": "art. 7"},
        "details": {"appointments": [{"by": "Assemblée", "n": 2}, {"by": "Barreau", "n": 1}]},
    },
]  # fmt: skip
LIMIT = {
    "event": "PROV_RESULTS", "contest": "presidential", "direction": "after", "op": "latest", "rule": "CALENDAR_EXCL_START",
    "law": "XA-LOI", "status": "current", "to": "Tribunal électoral",
}  # fmt: skip
DEADLINES = [
    LIMIT | {"id": "XA-COMPLAINT", "what_fr": "contestation", "what_en": "challenge", "offset": 2, "who": "candidat", "article": "12", "subject": "complaint", "consequence": "time_barred"},
    LIMIT | {"id": "XA-RULING", "what_fr": "jugement", "what_en": "judgment", "offset": 20, "who": "Tribunal", "article": "13", "subject": "ruling", "consequence": "breach", "defines": "FINAL_RESULTS"},
]  # fmt: skip
NORMS = [
    {
        "id": "XA-D-RES", "topic": "recours", "rule": "résultats → Tribunal électoral", "contest": "presidential", "to": "Tribunal électoral",
        "complainant": ["candidat"], "about": ["operations", "results"], "capacities": ["candidate", "list"], "body": "election_tribunal",
        "time_limits": ["XA-COMPLAINT"], "decision_limits": ["XA-RULING"], "law": "XA-LOI", "article": "12",
    },
]  # fmt: skip


def own(records: list[dict[str, Any]]) -> dict[str, Any]:
    return {"defaults": {"source": ["S-BJ-CONST"], "confidence": "text seen"}, "records": records}


@cache
def folder(into: str) -> Path:
    """The pack written as files."""
    here = Path(into) / "xa"
    here.mkdir()
    for path in packs.find_pack("bj").glob("*.yaml"):
        (here / path.name).write_text(path.read_text().replace("BJ-CENA", "XA-AE").replace("BJ-CC", "XA-TE").replace("BJ-CONST", "XA-LOI").replace("S-XA-LOI", "S-BJ-CONST").replace("bj-pays", "xa-pays").replace("Bénin", "Pays fictif"))  # fmt: skip
    head = yaml.safe_load((here / "pack.yaml").read_text())
    head |= {
        "code": "xa",
        "country": "XA",
        "name_fr": "Pays d’essai",
        "name_en": "Trial country",
        "timezone": "Asia/Kathmandu",
    }
    (here / "pack.yaml").write_text(yaml.safe_dump(head, allow_unicode=True))
    for name, records in (("institutions", INSTITUTIONS), ("deadlines", DEADLINES), ("norms", NORMS)):
        (here / f"{name}.yaml").write_text(yaml.safe_dump(own(records), allow_unicode=True))
    return here


def pack(into: Path) -> Pack:
    return packs.load_pack(folder(str(into)))
