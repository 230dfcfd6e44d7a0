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
    {
        "id": "XA-CL", "name_fr": "Conseil des candidatures", "name_en": "Nominations council", "kind": "commission", "members": 5,
        "body": "nominations_council", "decides": "commission", "bench": {"quorum": 3, "casting_vote": True}, "decision_number": "{court}:{kind}:{year}:{rank}",
    },
]  # fmt: skip
ROLES = [
    {"id": "conseil-greffe", "title_fr": "Secrétaire du conseil", "title_en": "Clerk of the council", "institution": "XA-CL", "level": 1, "rights": ["disputes.first_keep"]},
    {"id": "conseil-membre", "title_fr": "Membre du conseil", "title_en": "Member of the council", "institution": "XA-CL", "level": 1, "rights": ["disputes.first_sit"]},
    {"id": "conseil-chef", "title_fr": "Président du conseil", "title_en": "Chair of the council", "institution": "XA-CL", "level": 1, "rights": ["disputes.first_sit", "disputes.first_preside"]},
    {"id": "ouvre", "title_fr": "Ouvre les greffes", "title_en": "Opens offices", "institution": "XA-AE", "level": 1, "rights": ["disputes.first_open"]},
]  # fmt: skip
LIMIT = {
    "event": "PROV_RESULTS", "contest": "presidential", "direction": "after", "op": "latest", "rule": "CALENDAR_EXCL_START",
    "law": "XA-LOI", "status": "current", "to": "Tribunal électoral",
}  # fmt: skip
EVENT = {"id": "REFUSAL_SERVED", "fr": "la notification de la décision du conseil", "en": "service of the council’s decision", "precision": "instant", "repeats": "act", "appealed": True}
CANDIDATES = {"id": "CANDIDATES", "fr": "la liste des candidats", "en": "the list of candidates", "precision": "date", "repeats": "contest"}
FILED = {"id": "FILED", "fr": "le dépôt de la requête", "en": "the filing", "precision": "instant", "repeats": "act"}
DEADLINES = [
    LIMIT | {"id": "XA-CAND", "event": "CANDIDATES", "what_fr": "contestation des candidatures", "what_en": "challenge of candidacies", "offset": 3, "who": "candidat", "article": "20", "subject": "cand", "to": "Conseil", "consequence": "time_barred"},
    LIMIT | {"id": "XA-CAND-RULING", "event": "FILED", "what_fr": "décision du conseil", "what_en": "decision of the council", "offset": 2, "who": "Conseil", "article": "21", "subject": "cand-ruling", "to": "Conseil", "consequence": "breach"},
    LIMIT | {"id": "XA-CAND-APPEAL", "event": "REFUSAL_SERVED", "what_fr": "appel", "what_en": "appeal", "offset": 1, "who": "candidat", "article": "22", "subject": "cand-appeal", "consequence": "time_barred"},
    LIMIT | {"id": "XA-COMPLAINT", "what_fr": "contestation", "what_en": "challenge", "offset": 2, "who": "candidat", "article": "12", "subject": "complaint", "consequence": "time_barred"},
    LIMIT | {"id": "XA-RULING", "what_fr": "jugement", "what_en": "judgment", "offset": 20, "who": "Tribunal", "article": "13", "subject": "ruling", "consequence": "breach", "defines": "FINAL_RESULTS"},
]  # fmt: skip
NORMS = [
    {
        "id": "XA-D-CAND", "topic": "recours", "rule": "candidatures → conseil", "contest": "presidential", "to": "Conseil", "complainant": ["candidat"],
        "about": ["candidacy"], "capacities": ["candidate"], "body": "nominations_council", "stage": 1, "time_limits": ["XA-CAND"],
        "decision_limits": ["XA-CAND-RULING"], "law": "XA-LOI", "article": "20",
    },
    {
        "id": "XA-D-CAND-APPEL", "topic": "recours", "rule": "décision du conseil → Tribunal électoral", "contest": "presidential", "to": "Tribunal électoral",
        "complainant": ["candidat"], "about": ["candidacy"], "capacities": ["candidate"], "body": "election_tribunal", "stage": 2,
        "time_limits": ["XA-CAND-APPEAL"], "law": "XA-LOI", "article": "22",
    },
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
    for name, more in (("roles", ROLES), ("event_types", [EVENT, FILED, CANDIDATES])):
        said = yaml.safe_load((here / f"{name}.yaml").read_text())
        said["records"] += more
        (here / f"{name}.yaml").write_text(yaml.safe_dump(said, allow_unicode=True))
    return here


def pack(into: Path) -> Pack:
    return packs.load_pack(folder(str(into)))
