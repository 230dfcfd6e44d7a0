"""Small elections, and clean drafts of decisions on them: what is printed is added up here, in plain sums."""

import copy
from fractions import Fraction

from kalata.disputes.rules.effect import recompute
from kalata.disputes.rules.written import election_from

PLURALITY = {"kind": "plurality"}
TWO_ROUNDS = {"kind": "two_round_majority", "qualify": 2}
BENCH = {
    "members": 9,
    "quorum": 5,
    "abstention": False,
    "president": "j1",
    "present": ["j1", "j2", "j3", "j4", "j5"],
    "ayes": 4,
    "noes": 1,
    "casting_vote": False,
    "signatories": ["j1", "j3"],
    "conflicts": ["j8"],
}


def station(n, votes, constituency=None, status="counted"):
    out = {
        "station": [f"S{n:02}"],
        "area": [f"Commune {1 + n % 3}"],
        "status": status,
        "figures": {
            "registered": sum(votes) + 60, "voters": sum(votes) + 5, "null_ballots": 5, "ballots": sum(votes) + 5,
            "valid": sum(votes),
        },
        "votes": list(votes),
    }  # fmt: skip
    return out | ({"constituency": constituency} if constituency else {})


def contest(stations, system=PLURALITY, options=("A", "B", "C"), round_=1, **more):
    head = {"contest": {"id": "k5", "system": dict(system), "round": round_}}
    return head | {"options": list(options), "stations": stations, **more}


def places_of(raw, acts):
    """Places of the stations that acts annul: by key, or by area."""
    found = []
    for act in acts:
        if act["act"] == "ANNUL_STATION":
            found += [i for i, s in enumerate(raw["stations"]) if s["station"] in act["stations"]]
        elif act["act"] == "ANNUL_AREA":
            area = act["where"]["area"]
            found += [i for i, s in enumerate(raw["stations"]) if s["area"][-1] == area]
    return found


def half_up(part, whole, decimals):
    scaled = Fraction(100 * part, whole) * 10**decimals
    units = int(scaled + Fraction(1, 2))
    text = str(units).rjust(decimals + 1, "0")
    return f"{text[:-decimals]}.{text[-decimals:]}" if decimals else text


def clean(raw, acts, decimals=2, **over):
    """A draft whose every printed word agrees with its acts."""
    gone = places_of(raw, acts)
    sheets = [dict(s["figures"]) | {"votes": list(s["votes"])} for s in raw["stations"]]
    fixed = {}
    for act in acts:
        if act["act"] == "RECTIFY":
            at = next(i for i, s in enumerate(raw["stations"]) if s["station"] == act["station"])
            fixed[at] = act
            for name, value in act["after"].items():
                kind, _dot, box = name.partition(".")
                if kind == "votes":
                    sheets[at]["votes"][raw["options"].index(box)] = value
                else:
                    sheets[at][box] = value
    left = [s for i, s in enumerate(sheets) if i not in gone and raw["stations"][i]["status"] == "counted"]
    valid = sum(s["valid"] for s in left)
    votes = {o: sum(s["votes"][j] for s in left) for j, o in enumerate(raw["options"])}
    after = recompute(election_from(raw), {"acts": acts}).record()["after"]
    outcome = after["outcome"]
    printed = {
        "counts": [
            {"what": "annulled_stations", "where": {}, "value": len(gone)},
            {"what": "annulled_votes", "where": {}, "value": sum(raw["stations"][i]["figures"]["valid"] for i in gone)},
            {"what": "rectified_stations", "where": {}, "value": len(fixed)},
            {"what": "petitions", "where": {}, "value": 2},
        ],
        "figures": {"valid": valid, "registered": sum(s["registered"] for s in left)},
        "votes": votes,
        "percentages": {o: half_up(n, valid, decimals) for o, n in votes.items()} if valid else {},
        "decimals": decimals,
        "order": after["order"],
        "result": outcome["status"],
        "elected": outcome["options"] if outcome["status"] in ("elected", "seats") else [],
        "qualified": outcome["options"] if outcome["status"] == "runoff" else [],
    }
    found = {
        "decision": "2026-04/CC-EL",
        "annulled_keeps": [],
        "acts": acts,
        "petitions": [{"petition": "P1", "grounds": ["g1", "g2"]}, {"petition": "P2", "grounds": ["g1"]}],
        "outcomes": [
            {"petition": "P1", "outcome": "granted", "reasons": {"g1": "fondé", "g2": "sans preuve"}},
            {"petition": "P2", "outcome": "rejected", "reasons": {"g1": "hors délai"}},
        ],
        "printed": printed,
        "annexes": [annex(raw, act, n) for n, act in enumerate(acts, 1) if act["act"].startswith("ANNUL")],
        "bench": dict(BENCH),
        "service": [
            {"party": "p1", "served_at": "2026-04-22T09:00", "reply_until": "2026-04-25T24:00", "waiver": ""},
            {"party": "p2", "served_at": None, "reply_until": None, "waiver": "ML-D-OPERATIONS"},
        ],
        "hands": {"drafted_by": "j3", "passed_by": "j1"},
        "articles": ["ML-D-OPERATIONS", "ML-COMPLAINT-RESULTS"],
        "deadline": {"limit": "2026-05-01T24:00", "signed_at": "2026-04-30T17:00", "breach_stated": False},
    }
    return copy.deepcopy(found | over)


def annex(raw, act, n=1):
    places = places_of(raw, [act])
    keys = [raw["stations"][i]["station"] for i in places]
    valid = sum(raw["stations"][i]["figures"]["valid"] for i in places)
    return {"annex": str(n), "act": act["id"], "stations": keys, "count": len(keys), "totals": {"valid": valid}}


def annul(name, *keys, **more):
    return {"id": name, "act": "ANNUL_STATION", "stations": [[k] for k in keys], **more}


def rectify(name, key, before, after, **over):
    evidence = {"ground": "erreur matérielle", "evidence": ["ab" * 32]}
    return {"id": name, "act": "RECTIFY", "station": [key], "before": before, "after": after, **evidence, **over}
