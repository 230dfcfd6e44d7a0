"""The text of a decision: made from its acts in the Court's language, and whole in any other edition."""

import random

import pytest

from kalata.disputes.rules import wording
from kalata.disputes.rules.effect import recompute
from kalata.disputes.rules.gate import examine
from kalata.disputes.rules.operative import SAYS
from kalata.disputes.rules.remedies import norms_from
from kalata.disputes.rules.written import election_from
from tests.disputes.rules.drafts import contest, station

RAW = contest([station(n, (90 + 7 * n, 80 + 3 * n, 20 + n)) for n in range(24)])
NORMS = norms_from({}, "UTC")
NAMES = {"A": "Liste Indigo", "B": "Liste Ocre", "C": "Liste Sable"}
FRENCH = ("requête", "suffrages", "décision", "annulées", "La Cour", "voix", "bureau", "Vu ")


def drawn(dice):
    """Random acts, each station touched once."""
    left = [s["station"] for s in RAW["stations"]]
    dice.shuffle(left)
    acts = []
    for n in range(1, dice.randint(2, 6)):
        if dice.random() < 0.6:
            some = [left.pop() for _ in range(dice.randint(1, 4)) if left]
            acts.append({"id": str(n), "act": "ANNUL_STATION", "stations": some, "ground": "g1"})
        else:
            key = left.pop()
            at = next(s for s in RAW["stations"] if s["station"] == key)
            a, b, _c = at["votes"]
            change = {"before": {"votes.A": a, "votes.B": b}, "after": {"votes.A": a + 1, "votes.B": b - 1}}
            acts.append({"id": str(n), "act": "RECTIFY", "station": key, "ground": "g1", "evidence": ["P1"], **change})
    return acts


@pytest.mark.parametrize("seed", range(40))
def test_text_counts_and_annexes_always_equal_the_acts_whatever_the_acts(seed):
    election, acts = election_from(RAW), drawn(random.Random(seed))
    decision = {"decision": "2027-01/CC-EL", "acts": acts}
    done = recompute(election, decision)
    printed, annexes = wording.printed(done, 0), wording.annexes(done)
    annulled = [tuple(s) for a in acts if a["act"] == "ANNUL_STATION" for s in a["stations"]]
    assert sorted(tuple(s) for a in annexes for s in a["stations"]) == sorted(annulled)
    assert sum(a["count"] for a in annexes) == len(annulled)
    counts = {c["what"]: c["value"] for c in printed["counts"]}
    assert counts["annulled_stations"] == len(annulled)
    assert counts["rectified_stations"] == sum(a["act"] == "RECTIFY" for a in acts)
    text = wording.parts(decision, done, NAMES)["operative"]
    assert len(text) == len(acts) + 1
    for act, said in zip(acts, text, strict=False):
        if act["act"] == "ANNUL_STATION" and len(act["stations"]) > 1:
            assert f"dans {len(act['stations'])} bureaux de vote" in said
    answer = examine(election, decision | {"printed": printed, "annexes": annexes}, NORMS)
    figures = {"annexes", "units", "counts", "totals", "percentages", "outcome", "rectifications"}
    assert {c for c, holds in answer.checks if not holds} & figures == set()


def test_the_english_edition_is_whole_and_its_figures_are_the_same():
    acts = [
        {"id": "1", "act": "ANNUL_STATION", "stations": [["S01"], ["S02"]], "ground": "g1"},
        {"id": "2", "act": "REJECT_UNFOUNDED", "petition": "P-2"},
    ]
    said = {
        "decision": "2027-01/CC-EL", "acts": acts, "articles": ["ML-D"], "petitions": [{"petition": "P-1"}],
        "outcomes": [{"petition": "P-1", "outcome": key, "reasons": {"g1": "(as written)"}} for key in wording.OUTCOMES],
    }  # fmt: skip
    done = recompute(election_from(RAW), said)
    english = wording.parts(said, done, {"A": "A", "B": "B", "C": "C"}, "en")
    whole = "\n".join(p for part in english.values() for p in part)
    assert not [word for word in FRENCH if word in whole]
    assert "annulled in 2 stations" in whole or "2 polling stations" in whole
    french = wording.parts(said, done, NAMES)
    assert {k: len(v) for k, v in french.items()} == {k: len(v) for k, v in english.items()}


def test_every_act_has_its_sentence_in_english():
    from kalata.text import translate

    assert [kind for kind, says in SAYS.items() if translate(says, "en") == says] == []
