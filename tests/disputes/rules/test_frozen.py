"""The records a decision was taken on, written and read back: the same election, the same digest."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kalata.disputes import elections
from kalata.disputes.rules import effect, frozen, written
from kalata.results import tabulating
from kalata.results.rules.systems import system_from

SYSTEMS = [
    {"kind": "plurality"},
    {"kind": "list_two_round_majority", "majority": "1/2"},
    {"kind": "two_round_majority", "majority": "2/5", "majority_strict": False, "base": "registered", "qualify": 3},
    {"kind": "proportional", "formula": "dhondt", "threshold": {"value": "5%", "op": ">"}},
    {"kind": "proportional", "formula": "hare_lr", "quota_base": "valid", "tie_rule": "oldest"},
    {"kind": "referendum", "turnout_quorum": "1/3", "yes": "A", "no": "B"},
]


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda s: s["kind"])
def test_the_rule_of_a_contest_is_written_in_full_and_read_back_the_same(system):
    made = system_from(system)
    assert system_from(frozen.system_record(made)) == made


def back(election, folder):
    (folder / "records.csv").write_bytes(frozen.records(election))
    (folder / "profile.yaml").write_bytes(frozen.profile(election))
    return elections.of_file(folder / "records.csv", tabulating.load_profile(folder / "profile.yaml", "ml"), {})


station = st.fixed_dictionaries(
    {"votes": st.lists(st.integers(0, 400), min_size=3, max_size=3), "area": st.sampled_from([["N", "Commune, 1"], ["S", "É \"2\""]]),
     "constituency": st.sampled_from(["K1", "K2"]), "status": st.sampled_from(["counted", "counted", "annulled", "missing"]),
     "figures": st.fixed_dictionaries({"registered": st.integers(0, 900)}, optional={"null_ballots": st.integers(0, 9), "valid": st.integers(0, 1200)})}
)  # fmt: skip


@given(
    rows=st.lists(station, min_size=2, max_size=8),
    system=st.sampled_from([*SYSTEMS[:3], SYSTEMS[3]]),
    keeps=st.sampled_from([[], ["registered"]]),
)
@settings(max_examples=40, deadline=None)
def test_computing_again_from_the_frozen_records_gives_the_same_digest(tmp_path_factory, rows, system, keeps):
    raw = {
        "contest": {"id": "k5", "system": system, "round": 1}, "options": ["A", "É é", "C, D"], "seats": {"K1": 3, "K2": 1},
        "annulled_keeps": keeps,
        "stations": [{"station": [f"S{n:02d}", "x" if n % 2 else "AYERA MARKET"], **row} for n, row in enumerate(rows)],
    }  # fmt: skip
    election = written.election_from(raw)
    again = back(election, tmp_path_factory.mktemp("frozen"))
    counted = [n for n, row in enumerate(rows) if row["status"] == "counted"][:1]
    acts = [{"id": "1", "act": "ANNUL_STATION", "stations": [raw["stations"][n]["station"] for n in counted]}] if counted else []  # fmt: skip
    decision = {"decision": "2026-04/CC-EL", "acts": acts}
    assert effect.recompute(again, decision).digest == effect.recompute(election, decision).digest
