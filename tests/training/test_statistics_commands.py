"""`kalata training items`, `gain`, `dilution`: exact fractions against a slow plain version, refusals, and no drop out of nothing."""

import json
import math
import random
import statistics as python_statistics
import sys
from fractions import Fraction

import pytest
from click.testing import CliRunner

from kalata.cli import main
from kalata.training.rules.rows import table_of
from kalata.training.rules.statistics import beta_share, f_quantile, t_quantile, wilson
from kalata.training.rules.statistics_dilution import COLUMNS, dilution_of


def run(*args, text=""):
    was, sys.argv = sys.argv, ["kalata", "training", *args]
    try:
        met = CliRunner().invoke(main, ["training", *args], input=text)
    finally:
        sys.argv = was
    return met.exit_code, json.loads(met.stdout) if met.stdout.startswith("{") else met.stdout, met.stderr


KEY = "item,key,options,critical,topic,level\nQ01,A,A|B|C,1,open,recall\nQ02,B,A|B|C,0,count,apply\nQ03,C,A|B|C|D,0,count,decide\n"


@pytest.fixture
def asked(tmp_path):
    def ask(rows, *args, key=KEY, head="person,session,form,Q01,Q02,Q03"):
        (tmp_path / "key.csv").write_text(key, encoding="utf-8")
        text = "\n".join([head, *(",".join(r) for r in rows)]) + "\n"
        return run("items", "-", "--key", str(tmp_path / "key.csv"), "--json", *args, text=text)

    return ask


def people(n, seed=1, able=0.6):
    chance = random.Random(seed)
    rows = []
    for i in range(n):
        skill = chance.random()
        rows.append([f"P{i:03d}", "S1", "F1", *(right if chance.random() < able * (0.5 + skill) else chance.choice(("A", "B", "C", "")) for right in "ABC")])  # fmt: skip
    return rows


def plain(rows, keys="ABC", options=("ABC", "ABC", "ABCD")):
    """Straight from the definition: groups made person by person, ties shared in the slowest way."""
    n = len(rows)
    x = [[int(r[3 + i] == k) for i, k in enumerate(keys)] for r in rows]
    totals = [sum(r) for r in x]
    g = (27 * n + 50) // 100

    def group(sign):
        weight = []
        for t in totals:
            better = sum(sign * o > sign * t for o in totals)
            same = sum(o == t for o in totals)
            weight.append(min(Fraction(1), max(Fraction(0), Fraction(g - better, same))))
        return weight

    top, bottom = group(1), group(-1)
    mean = Fraction(sum(totals), n)
    variance = sum((t - mean) ** 2 for t in totals) / n
    out = []
    for i in range(len(keys)):
        p = Fraction(sum(r[i] for r in x), n)
        d = sum((w - v) * r[i] for w, v, r in zip(top, bottom, x, strict=True)) / g
        rest = [t - r[i] for t, r in zip(totals, x, strict=True)]
        try:
            r_value = python_statistics.correlation([float(r[i]) for r in x], [float(o) for o in rest])
        except python_statistics.StatisticsError:
            r_value = None
        shares = {o: [sum(w for w, r in zip(ws, rows, strict=True) if r[3 + i] == o) / Fraction(g) for ws in (top, bottom)] for o in options[i]}  # fmt: skip
        out.append((p, d, r_value, shares))
    kr20 = (
        Fraction(len(keys), len(keys) - 1) * (1 - sum(p * (1 - p) for p, *_r in out) / variance) if variance else None
    )
    return mean, variance, kr20, out


@pytest.mark.parametrize("n", [30, 31, 57, 99, 100, 240])
def test_every_figure_is_what_the_definition_gives(asked, n):
    rows = people(n, seed=n)
    code, found, _err = asked(rows)
    mean, variance, kr20, items = plain(rows)
    assert code == 0 and (found["n"], found["k"], found["refused"]) == (n, 3, None)
    assert (Fraction(found["mean"]), Fraction(found["variance"]), Fraction(found["kr20"])) == (mean, variance, kr20)
    assert math.isclose(found["sem"], math.sqrt(variance) * math.sqrt(1 - kr20), rel_tol=1e-9)
    for figure, (p, d, r, shares), key in zip(found["items"], items, "ABC", strict=True):
        assert (Fraction(figure["p"]), Fraction(figure["d"])) == (p, d)
        assert abs(figure["r"] - r) < 1e-9
        for option, (top, bottom) in shares.items():
            said = figure["options"][option]
            assert (Fraction(said["top"]), Fraction(said["bottom"])) == (top, bottom)
        assert ("interval" in figure) == (n < 100)
        assert ("weak" in figure["flags"]) == (0 <= d < Fraction(1, 5))
        assert ("attracts_top" in figure["flags"]) == any(t > b for o, (t, b) in shares.items() if o != key)


def test_the_order_of_rows_and_of_columns_changes_nothing(asked):
    rows = people(60)
    first = asked(rows)
    random.Random(2).shuffle(rows)
    assert asked(rows) == first
    assert asked([[*r[:3], r[5], r[3], r[4]] for r in rows], head="person,session,form,Q03,Q01,Q02") == first


def test_below_thirty_persons_no_figure_is_given_and_the_code_says_why(asked):
    code, found, _err = asked(people(29))
    assert (code, found["refused"]["code"], found["items"], found["mean"], found["n"]) == (1, "TRN-121", [], None, 29)
    assert asked(people(30))[0] == 0


def flags(asked, rows, *args):
    return [set(i["flags"]) for i in asked(rows, *args)[1]["items"]]


def test_an_item_is_too_hard_below_a_fifth_and_too_easy_above_nineteen_twentieths_after_the_class(asked):
    def rows(right):
        return [[f"P{i}", "S", "F", "A" if i < right else "B", "B" if i % 2 else "A", "C"] for i in range(100)]

    assert ["too_hard" in flags(asked, rows(n))[0] for n in (19, 20)] == [True, False]
    assert ["too_easy" in flags(asked, rows(n), "--post")[0] for n in (95, 96)] == [False, True]
    assert "too_easy" not in flags(asked, rows(96))[0]
    assert {"no_variance", "dead_option", "weak"} <= flags(asked, rows(50))[2]


def test_a_wrong_key_is_suspect_and_an_option_nobody_chose_is_dead(asked):
    rows = [[f"P{i}", "S", "F", "A" if i < 20 else "B", "B" if i >= 20 else "A", "C" if i >= 20 else "D"] for i in range(40)]  # fmt: skip
    first = flags(asked, rows)[0]
    assert {"key_suspect", "attracts_top", "dead_option"} <= first and "weak" not in first


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        (lambda r: r + [r[0]], "TRN-103", "person"),
        (lambda r: [[*r[0][:3], "E", *r[0][4:]], *r[1:]], "TRN-102", "Q01"),
        (lambda r: [["", *r[0][1:]], *r[1:]], "TRN-102", "person"),
    ],
)
def test_a_person_twice_and_an_option_that_is_none_are_refused(asked, change, code, field):
    status, found, _err = asked(change(people(40)))
    assert (status, found["error"]["code"], found["error"]["field"]) == (2, code, field) and found["error"]["row"]


def test_one_person_on_two_forms_is_kept_and_an_item_without_key_or_a_key_without_option_refused(asked):
    rows = people(40)
    assert asked([*rows, [rows[0][0], "S1", "F2", *rows[0][3:]]])[1]["n"] == 41
    assert asked(rows, key=KEY.replace("Q03", "Q04"))[1]["error"]["code"] == "TRN-122"
    assert asked(rows, key=KEY.replace("Q02,B", "Q02,Z"))[1]["error"]["field"] == "key"
    assert asked(rows, key=KEY + "Q01,A,A|B,,,\n")[1]["error"]["code"] == "TRN-103"
    assert asked([r[:3] for r in rows], head="person,session,form")[1]["error"]["code"] == "TRN-101"
    assert run("items", "-", "--key", "-", "--json")[1]["error"]["code"] == "TRN-104"


def test_quantiles_are_those_of_the_tables_to_a_billionth():
    assert abs(t_quantile(0.975, 10) - 2.2281388519649385) < 1e-9
    assert abs(t_quantile(0.975, 1) - 12.706204736174694) < 1e-8
    assert abs(f_quantile(0.95, 5, 10) - 3.3258345304130112) < 1e-9
    assert abs(f_quantile(0.025, 239, 4541) * f_quantile(0.975, 4541, 239) - 1) < 1e-9
    assert abs(beta_share(0.3, 2, 3) - 0.3483) < 1e-12
    low, high = wilson(8, 10)
    assert abs(low - 0.4901624715366418) < 1e-9 and abs(high - 0.9433178485456247) < 1e-9


GAIN = "person,pre,post,max\nA,10,15,20\nB,5,5,20\nC,20,20,20\nD,8,,20\nE,12,10,20\n"


def test_the_two_gains_differ_and_who_had_the_maximum_is_counted_apart():
    code, found, _err = run("gain", "-", "--json", text=GAIN)
    assert code == 0 and (found["n"], found["n_gains"], found["pre_at_max"], found["missing"]) == (4, 3, 1, 1)
    assert Fraction(found["mean_of_gains"]) == (Fraction(1, 2) + 0 - Fraction(1, 4)) / 3
    assert Fraction(found["gain_of_means"]) == Fraction(50 - 47, 80 - 47)
    low, high = found["interval"]["mean_of_gains"]
    assert low < 1 / 12 < high
    head, *rows = GAIN.splitlines()
    assert run("gain", "-", "--json", text="\n".join([head, *reversed(rows)]))[1] == found


def test_nobody_who_could_gain_gives_no_gain_rather_than_a_division():
    found = run("gain", "-", "--json", text="person,pre,post,max\nA,20,20,20\n")[1]
    assert (found["mean_of_gains"], found["gain_of_means"], found["pre_at_max"]) == (None, None, 1)


@pytest.mark.parametrize(
    ("row", "code", "field"),
    [("A,1,2,20", "TRN-103", "person"), ("F,21,2,20", "TRN-102", "pre"), ("F,1,-2,20", "TRN-102", "post"), ("F,1,2,0", "TRN-102", "max"), ("F,x,2,20", "TRN-102", "pre")],
)  # fmt: skip
def test_a_mark_that_cannot_be_is_refused(row, code, field):
    status, found, _err = run("gain", "-", "--json", text=GAIN + row + "\n")
    assert (status, found["error"]["code"], found["error"]["field"], found["error"]["row"]) == (2, code, field, 7)


def cascade(chance, drop=0.0, branches=6, sessions=6, persons=20, items=10, spread=0.04):
    """Answers at two levels; the branch B3 knows `drop` less at the second. Sessions differ a little from each other."""
    rows = []
    for level in ("L3", "L4"):
        for branch in range(branches):
            for session in range(sessions):
                p = 0.75 + chance.uniform(-spread, spread) - (drop if level == "L4" and branch == 3 else 0)
                for person in range(persons):
                    rows += [f"{level},B{branch},{level}B{branch}S{session},P{person},Q{item},{int(chance.random() < p)}" for item in range(items)]  # fmt: skip
    return "\n".join([",".join(COLUMNS), *rows])


def found_in(text):
    return dilution_of(table_of(text, "answers.csv", COLUMNS))


def test_a_branch_that_lost_twelve_points_is_found_and_no_other():
    named = [[(d["branch"], d["from"], d["to"]) for d in found_in(cascade(random.Random(s), 0.14, persons=30))["drops"]] for s in range(5)]  # fmt: skip
    assert named == [[("B3", "L3", "L4")]] * 5


def test_where_nothing_was_lost_nothing_is_named_in_95_runs_of_a_hundred():
    from tests.sizes import size

    runs = size(40, 200)
    false = sum(bool(found_in(cascade(random.Random(s), sessions=3, persons=6, items=5))["drops"]) for s in range(runs))
    assert false <= runs // 20


def test_a_share_counts_sessions_and_one_session_says_nothing_of_others():
    text = ",".join(COLUMNS) + "\nL1,,S1,P1,Q1,1\nL1,,S1,P2,Q1,1\nL2,A,S2,P3,Q1,0\nL2,A,S3,P4,Q1,1\nL10,A,S4,P5,Q1,0\n"
    code, found, _err = run("dilution", "-", "--json", text=text)
    assert code == 0 and [(v["level"], v["p"], v["sessions"]) for v in found["levels"]] == [("L1", "1", 1), ("L2", "1/2", 2), ("L10", "0", 1)]  # fmt: skip
    assert found["levels"][0]["interval"] is None and found["drops"] == []
    assert [(d["from"], d["branch"], d["drop"]) for d in found["uncertain"]] == [("L1", None, "1/2"), ("L1", "A", "1/2"), ("L2", None, "1/2"), ("L2", "A", "1/2")]  # fmt: skip
    head, *rows = text.splitlines()
    assert run("dilution", "-", "--json", text="\n".join([head, *reversed(rows)]))[1] == found


def test_an_answer_twice_and_one_that_is_neither_right_nor_wrong_are_refused():
    head = ",".join(COLUMNS) + "\nL1,,S1,P1,Q1,1\n"
    assert run("dilution", "-", "--json", text=head + "L1,,S1,P1,Q1,0\n")[1]["error"]["code"] == "TRN-103"
    assert run("dilution", "-", "--json", text=head + "L1,,S1,P1,Q2,yes\n")[1]["error"]["field"] == "correct"


def test_a_topic_has_its_own_drop():
    chance, rows = random.Random(3), []
    for level in ("L1", "L2"):
        for session in range(12):
            for person in range(20):
                for topic, p in (("open", 0.8), ("count", 0.8 if level == "L1" else 0.55)):
                    rows.append(f"{level},,{level}S{session},P{person},{topic},{int(chance.random() < p)},{topic}")
    drops = found_in(",".join((*COLUMNS, "topic")) + "\n" + "\n".join(rows))["drops"]
    assert ("count" in [d["topic"] for d in drops]) and ("open" not in [d["topic"] for d in drops])
