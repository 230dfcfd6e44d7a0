"""The draw of reporting judges: the seed chooses, the loads stay level, who has a conflict never reports."""

import json
import subprocess
import sys
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kalata.disputes.rules.draw import (
    BadRoll,
    BadSeed,
    Case,
    Judge,
    NobodyEligible,
    OtherSeed,
    bench_from,
    checked_commitment,
    commitment,
    committable,
    draw_one,
    loads_after,
    play,
    pool_of,
    roll_from,
    seed_of,
)

SEED = "5f" * 32
NINE = tuple(Judge(f"j{n}") for n in range(1, 10))


def test_the_smallest_hash_of_the_pool_reports_and_a_shell_finds_the_same():
    (one,) = play(SEED, [Case(12)], NINE)
    by_hand = {m: sha256(f"{SEED}|12|{m}".encode()).hexdigest() for m in one.pool}
    assert one.member == min(by_hand, key=lambda m: by_hand[m]) and one.digest == by_hand[one.member]
    assert one.pool == tuple(f"j{n}" for n in range(1, 10))


def test_the_commitment_is_the_hash_of_the_seed_as_it_is_written():
    assert commitment(SEED.upper()) == sha256(SEED.encode()).hexdigest()
    assert checked_commitment(SEED, commitment(SEED)) == SEED


def test_another_seed_than_the_committed_one_is_refused():
    with pytest.raises(OtherSeed) as refused:
        checked_commitment("ab" * 32, commitment(SEED))
    assert refused.value.params["want"] == commitment(SEED)


@pytest.mark.parametrize("text", ["", "xyz", "0x12", "12 34", "ab" * 257])
def test_a_seed_that_is_not_hexadecimal_is_refused(text):
    with pytest.raises(BadSeed):
        seed_of(text)


def test_a_seed_that_can_be_guessed_is_not_committed():
    assert committable("a" * 32) == "a" * 32
    with pytest.raises(BadSeed):
        committable("a" * 31)


def test_the_pool_ends_exactly_at_the_tolerance():
    loads = {"j1": 3, "j2": 4, "j3": 5}
    assert pool_of(loads, 1, 1) == ("j1",)
    assert pool_of(loads, 1, 2) == ("j1", "j2")
    assert pool_of(loads, 1, 3) == ("j1", "j2", "j3")


def test_a_case_heavier_than_the_tolerance_goes_to_the_least_loaded():
    assert pool_of({"j1": 3, "j2": 4}, 10, 2) == ("j1",)


def test_where_everybody_is_barred_or_away_the_case_is_given_to_nobody():
    with pytest.raises(NobodyEligible) as refused:
        play(SEED, [Case(7, barred=frozenset({"j1"}))], [Judge("j1"), Judge("j2", away=True)])
    assert refused.value.params == {"roll": 7}


def test_a_decision_moves_the_load_from_there_on():
    bench = [Judge("a"), Judge("b")]
    (first,) = play(SEED, [Case(1)], bench)
    other = "b" if first.member == "a" else "a"
    lines = play(SEED, [Case(1), Case(1, given_to=other), Case(2)], bench)
    assert lines[1].left == first.member and lines[1].by_decision
    assert lines[2].member == first.member, "whoever was relieved is the least loaded now"
    assert loads_after(bench, lines) == {"a": 1, "b": 1}


members_ = st.integers(2, 9)
weights = st.lists(st.integers(1, 6), min_size=1, max_size=40)
seeds = st.text("0123456789abcdef", min_size=2, max_size=64)


@given(seeds, members_, weights, st.integers(0, 8))
def test_loads_never_differ_by_more_than_the_tolerance(seed, n, weighing, tolerance):
    """Goal D6; a tolerance below the heaviest case counts as that case."""
    bench = [Judge(f"j{i}") for i in range(n)]
    roll = [Case(i + 1, w) for i, w in enumerate(weighing)]
    for upto in range(1, len(roll) + 1):
        loads = loads_after(bench, play(seed, roll[:upto], bench, tolerance=tolerance))
        assert max(loads.values()) - min(loads.values()) <= max(tolerance, *weighing)


@given(seeds, st.data(), members_)
def test_who_has_a_conflict_or_is_away_never_reports(seed, data, n):
    names = [f"j{i}" for i in range(n)]
    bench = [Judge(m, data.draw(st.integers(0, 9)), away=m != names[0] and data.draw(st.booleans())) for m in names]
    some = st.frozensets(st.sampled_from(names[1:]))
    roll = [Case(i, data.draw(st.integers(1, 5)), data.draw(some)) for i in range(1, data.draw(st.integers(2, 15)))]
    away = {j.member for j in bench if j.away}
    for case, one in zip(roll, play(seed, roll, bench), strict=True):
        assert one.member not in case.barred | away
        assert one.loads[one.member] + case.weight <= min(one.loads.values()) + max(1, case.weight)


@given(seeds, weights)
def test_played_again_it_is_the_same_and_the_order_of_the_list_of_members_does_not_matter(seed, weighing):
    roll = [Case(i + 1, w) for i, w in enumerate(weighing)]
    assert play(seed, roll, NINE) == play(seed, roll, NINE[::-1])


def test_a_case_drawn_alone_is_the_case_drawn_in_its_place():
    lines = play(SEED, [Case(n) for n in range(1, 30)], NINE)
    assert draw_one(SEED, Case(29), lines[28].loads, tolerance=1) == lines[28]


@pytest.mark.parametrize(
    ("cells", "field"),
    [
        ({"roll": "0"}, "roll"), ({"roll": "un"}, "roll"), ({"roll": "1", "weight": "0"}, "weight"),
        ({"roll": "1", "barred": "j99"}, "barred"), ({"roll": "1", "given_to": "j1 j2"}, "given_to"),
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_read_is_refused_with_its_row_and_field(cells, field):
    with pytest.raises(BadRoll) as refused:
        roll_from([{"roll": "1"}, cells] if field != "roll" else [cells], NINE)
    assert refused.value.params["field"] == field and refused.value.params["row"] in (2, 3)


def test_a_roll_number_is_drawn_once_and_given_again_by_a_decision_only():
    with pytest.raises(BadRoll):
        roll_from([{"roll": "1"}, {"roll": "1"}], NINE)
    assert [c.given_to for c in roll_from([{"roll": "1"}, {"roll": "1", "given_to": "j2"}], NINE)] == ["", "j2"]


def test_a_member_is_listed_once():
    with pytest.raises(BadRoll):
        bench_from([{"member": "j1"}, {"member": "j1"}])


# --- the command ------------------------------------------------------------------------------
def run(tmp_path, roll, bench="member\nj1\nj2\nj3\n", *more):
    (tmp_path / "roll.csv").write_text(roll)
    (tmp_path / "bench.csv").write_text(bench)
    done = subprocess.run(
        [sys.executable, "-m", "kalata", "disputes", "draw", "--seed", SEED, "--roll", "roll.csv", "--bench", "bench.csv", "--json", *more],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, json.loads(done.stdout)


def test_the_command_replays_and_says_where_a_published_list_differs(tmp_path):
    status, said = run(tmp_path, "roll,weight,barred\n1,2,\n2,1,j1 j2\n")
    assert status == 0 and said["commit"] == commitment(SEED) and said["lines"][1]["rapporteur"] == "j3"
    first = said["lines"][0]["rapporteur"]
    other = "j1" if first != "j1" else "j2"
    status, said = run(tmp_path, f"roll,rapporteur\n1,{other}\n")
    assert status == 1 and said["differences"] == [{"roll": 1, "published": other, "drawn": first}]


def test_the_command_refuses_with_a_code_and_status_2(tmp_path):
    status, said = run(tmp_path, "roll,barred\n4,j1;j2;j3\n")
    assert status == 2 and said["error"]["code"] == "DIS-401" and said["error"]["roll"] == 4
    status, said = run(tmp_path, "roll\n1\n", "member\nj1\n", "--commit", "00" * 32)
    assert status == 2 and said["error"]["code"] == "DIS-404"
