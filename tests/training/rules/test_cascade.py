"""A cascade is proved or refuted: the plan holds, or the rows that clash are few enough that each of them is needed."""

import random
from dataclasses import replace

import pytest

from kalata.refusals import Refused
from kalata.training.cascading import solved
from kalata.training.rules import cascade_keep as keep
from kalata.training.rules.cascade import Costs, Kind, Pair, Scope
from kalata.training.rules.cascade_solving import exactly
from kalata.training.rules.cascade_telling import record
from kalata.training.rules.cascade_ways import added_to
from kalata.training.rules.rows import table_of
from tests.training.cascades import FIRST, broken, plainly_fits, plan, random_plan


def told(p):
    found = solved(p, 10)
    return record(found.answer, found.ways, found.together)


def rows_of(p, conflict):
    """The plan's rows that a conflict names; (area, None) is every row of it."""
    return [r for r in p.rows if [r.area, r.language] in conflict["rows"] or [r.area, None] in conflict["rows"]]


def minimal(p, conflict):
    rows = rows_of(p, conflict)
    if conflict["kind"] == "rooms":
        return len(conflict["rows"]) == 1 and conflict["needs_classes"] > conflict["has_classes"]
    p = p.with_rooms(dict.fromkeys(p.areas, 99))  # a clash of rooms is named apart, before
    return not plainly_fits(p, rows) and all(plainly_fits(p, [o for o in rows if o is not r]) for r in rows)


def test_what_is_said_to_hold_holds_and_what_is_said_not_to_does_not():
    chance = random.Random(1)
    seen = {True: 0, False: 0}
    for _n in range(300):
        p = random_plan(chance, class_days=chance.choice((1, 1, 2)))
        found = told(p)
        assert found["feasible"] == plainly_fits(p)
        assert broken(found, p) == []
        seen[found["feasible"]] += 1
        if found["feasible"]:
            assert len(found["classes"]) == found["totals"]["classes"] and "conflict" not in found
        else:
            assert found["unserved"] == found["totals"]["classes"] - len(found["classes"]) > 0
            for conflict in (found["conflict"], *found.get("other_conflicts", ())):
                assert minimal(p, conflict), conflict
    assert min(seen.values()) > 50


def test_a_place_that_needs_a_woman_among_its_trainers_is_proved_or_refuted_as_exactly():
    chance = random.Random(11)
    seen = {True: 0, False: 0, "women": 0}
    for _n in range(150):
        some = {a for a in ("K1.A", "K1.B", "K2.A") if chance.random() < 0.5}
        p = random_plan(chance, women=some, taught_by_women={n for n in range(5) if chance.random() < 0.5})
        found = told(p)
        assert found["feasible"] == plainly_fits(p) and broken(found, p) == []
        seen[found["feasible"]] += 1
        for conflict in (found["conflict"], *found.get("other_conflicts", ())) if not found["feasible"] else ():
            assert minimal(p, conflict), conflict
            seen["women"] += "women" in conflict["limits"]
        for way in solved(p, 10).ways if not found["feasible"] else ():
            if way.limit in ("pairs", "rooms"):
                assert told(added_to(p, way))["feasible"]
    assert min(seen.values()) > 10


def test_as_many_as_can_be_are_served():
    """Against every way to leave classes out: no plan with one class more fits."""
    chance, met = random.Random(2), 0
    while met < 25:
        p = random_plan(chance)
        found = told(p)
        if found["feasible"] or found["conflict"]["kind"] == "window" or found["totals"]["classes"] > 9:
            continue
        met += 1
        held = len(found["classes"])

        def more(rows, i, left, p=p):
            if i == len(rows):
                return left <= 0 and plainly_fits(replace(p, rows=tuple(rows)))
            return any(
                more([*rows[:i], replace(rows[i], trainees=n * p.class_max), *rows[i + 1 :]], i + 1, left - n)
                for n in range(rows[i].classes(p.class_max) + 1)
            )

        assert more(list(p.rows), 0, held) and not more(list(p.rows), 0, held + 1)


PLANTED = [
    ("one area short of one class", plan({("A", "bm"): 7, ("B", "bm"): 3}, [("area", "A", "bm"), ("area", "A", "bm"), ("area", "B", "bm")]), "pairs", [["A", "bm"]], 1),
    ("two areas share a pair of their parent", plan({("K.A", "bm"): 2, ("K.B", "bm"): 2, ("L.C", "bm"): 3}, [("parent", "K", "bm"), ("area", "L.C", "bm")]), "pairs", [["K.A", "bm"], ["K.B", "bm"]], 1),
    ("a language that nobody speaks", plan({("A", "bm"): 1, ("A", "ff"): 1}, [("area", "A", "bm"), ("national", "", "bm|fr")]), "pairs", [["A", "ff"]], 1),
    ("three areas and the nation's pairs", plan({("A", "bm"): 3, ("B", "bm"): 3, ("C", "bm"): 3, ("D", "fr"): 1}, [("national", "", "bm"), ("national", "", "bm"), ("area", "D", "fr")]), "pairs", [["A", "bm"], ["B", "bm"], ["C", "bm"]], 3),
    ("rooms of one area", plan({("A", "bm"): 4, ("B", "bm"): 3}, [("national", "", "bm")] * 4, rooms={"A": 1}), "rooms", [["A", None]], 1),
    ("rooms over two languages", plan({("A", "bm"): 4, ("A", "fr"): 3}, [("national", "", "bm|fr")] * 4, rooms={"A": 2}), "rooms", [["A", None]], 1),
    ("no teaching day", plan({("A", "bm"): 1}, [("national", "", "bm")], days=0), "window", [["A", "bm"]], 1),
    ("fewer days than one class", plan({("A", "bm"): 2}, [("national", "", "bm")], days=2, class_days=3), "window", [["A", "bm"]], 2),
    ("classes of two days in three", plan({("A", "bm"): 2, ("B", "bm"): 1}, [("area", "A", "bm"), ("area", "B", "bm")], class_days=2), "pairs", [["A", "bm"]], 1),
    ("two languages, one pair of both", plan({("A", "bm"): 2, ("A", "fr"): 2, ("B", "bm"): 1}, [("area", "A", "bm|fr"), ("area", "B", "bm")]), "pairs", [["A", "bm"], ["A", "fr"]], 1),
]  # fmt: skip


@pytest.mark.parametrize(("p", "kind", "rows", "lack"), [c[1:] for c in PLANTED], ids=[c[0] for c in PLANTED])
def test_each_planted_impossibility_is_named_by_the_rows_that_clash_and_no_other(p, kind, rows, lack):
    found = told(p)
    conflict = found["conflict"]
    assert (found["feasible"], conflict["kind"], conflict["rows"], conflict["shortfall_classes"]) == (False, kind, rows, lack)  # fmt: skip
    assert conflict["needs_classes"] - conflict["has_classes"] == lack and "other_conflicts" not in found
    assert minimal(p, conflict)
    assert conflict["says"]["fr"] != conflict["says"]["en"]


def test_every_way_out_makes_the_whole_plan_hold_and_nothing_less_does():
    chance = random.Random(3)
    met = {"class_max": 0, "days": 0, "rooms": 0, "pairs": 0}
    for n in range(260):
        p = random_plan(chance, class_days=chance.choice((1, 1, 2)))
        if n % 3 == 0:  # pairs enough, rooms perhaps not
            p = p.with_pairs(tuple(Pair(f"N{i}", "", Scope.NATIONAL, ("bm", "fr")) for i in range(6)))
        found = solved(p, 10)
        for way in found.ways:
            met[way.limit] += 1
            if way.limit == "class_max":
                assert plainly_fits(replace(p, class_max=way.to)) and not plainly_fits(replace(p, class_max=way.to - 1))
            elif way.limit == "days":
                longer = [p.days[0] if p.days else None] * way.to
                assert plainly_fits(replace(p, days=tuple(longer))) and not plainly_fits(replace(p, days=tuple(longer[1:])))  # fmt: skip
            else:
                more = added_to(p, way)
                assert plainly_fits(more)
                for one in more.pairs[len(p.pairs) :]:
                    assert not plainly_fits(replace(more, pairs=tuple(q for q in more.pairs if q is not one)))
                for area in way.rooms:
                    assert not plainly_fits(more.with_rooms({area: -1}))
        for way in found.together:
            p = added_to(p, way)
        if found.together:
            assert plainly_fits(p)
    assert min(met.values()) > 15, met


def test_a_way_out_that_no_value_makes_is_left_out_and_one_that_the_plan_does_not_price_says_so():
    p = PLANTED[2][1]
    found = told(p)
    assert [w["limit"] for w in found["ways_out"]] == ["pairs"]
    assert found["ways_out"][0] == {"limit": "pairs", "add": [{"home": "A", "scope": "area", "languages": ["ff"], "n": 1}], "cost_xof": 180000}  # fmt: skip
    days = next(w for w in told(PLANTED[0][1])["ways_out"] if w["limit"] == "days")
    assert days == {"limit": "days", "to": 4, "cost_xof": 0, "unpriced": True}


def test_larger_classes_cost_what_the_classes_they_spare_no_longer_do():
    found = told(plan({("A", "bm"): 4}, [("area", "A", "bm")]))  # 100 trainees; classes of 34 make three
    way = next(w for w in found["ways_out"] if w["limit"] == "class_max")
    assert way == {"limit": "class_max", "to": 34, "cost_xof": -(15000 + 2 * 12000)}


def test_trainees_are_shared_so_that_nobody_is_left_out_and_costs_are_theirs():
    p = plan({("A", "bm"): 2}, [("area", "A", "bm")])
    p = replace(p, rows=(replace(p.rows[0], trainees=27),))
    found = told(p)
    assert [c["places"] for c in found["classes"]] == [14, 13]
    assert found["cost"] == {"venue": 2 * 15000, "allowance": 27 * 8000, "trainer": 4 * 12000, "print": 27 * 2500, "total": 2 * 15000 + 27 * 8000 + 4 * 12000 + 27 * 2500}  # fmt: skip


def test_nobody_to_train_is_a_plan_and_says_so():
    found = told(plan({("A", "bm"): 0}, []))
    assert found["feasible"] and found["classes"] == [] and found["totals"]["classes_per_pair"] is None
    assert len(found["warnings"]) == 1


def test_the_worked_case_of_the_guide_holds_without_reserve_and_not_with_a_tenth():
    """703 pairs at home, 7 days, 122,080 staff in classes of 25, communes as even as can be."""

    def case(reserve):
        stations = [34 + (i < 24416 - 34 * 703) for i in range(703)]
        rows = {(f"C{i:03d}", "bm"): 0 for i in range(703)}
        p = plan(rows, [("area", f"C{i:03d}", "bm") for i in range(703)], days=7)
        trained = [replace(r, trainees=-(-n * 5 * (10 + reserve) // 10)) for r, n in zip(p.rows, stations, strict=True)]
        return replace(p, rows=tuple(trained))

    held = told(case(0))
    assert held["feasible"] and held["totals"]["trainees"] == 122080 and held["totals"]["classes_per_pair"] == "7"
    found = told(case(1))
    assert not found["feasible"] and found["conflict"]["rows"] == [["C000", "bm"]]
    assert [(w["limit"], w.get("to")) for w in found["ways_out"]] == [("class_max", 28), ("days", 8), ("pairs", None)]


def test_classes_of_several_days_stay_whole_and_kinds_are_what_they_say():
    p = plan({("A", "bm"): 2}, [("area", "A", "bm")], days=5, class_days=2)
    found = told(p)
    assert [len(c["days"]) for c in found["classes"]] == [2, 2] and broken(found, p) == []
    assert {k.value for k in Kind} == {"pairs", "rooms", "window"}


def test_where_travel_counts_no_pair_is_elsewhere_too_early_and_the_solver_says_what_is_proved():
    pytest.importorskip("ortools")
    chance = random.Random(4)
    seen = {"holds": 0, "proved": 0}
    for _n in range(60):
        p = random_plan(chance, travel=chance.choice((1, 2)), class_days=chance.choice((1, 1, 2)))
        found = told(p)
        assert broken(found, p) == []
        if found["feasible"]:
            seen["holds"] += 1
        else:
            assert found["bound"]["proved"] and found["bound"]["served_at_most"] >= len(found["classes"])
            seen["proved"] += 1
    assert min(seen.values()) > 8


def test_a_pair_that_loses_a_day_on_the_road_is_proved_one_class_short():
    pytest.importorskip("ortools")
    p = plan({("K.A", "bm"): 2, ("K.B", "bm"): 1}, [("parent", "K", "bm")], travel=1)
    assert plainly_fits(replace(p, travel_days=0))
    found = told(p)
    assert (found["feasible"], found["unserved"], found["bound"]) == (False, 1, {"proved": True, "served_at_most": 2, "minimal": True})  # fmt: skip
    assert found["conflict"]["rows"] == [["K.A", "bm"], ["K.B", "bm"]] and found["conflict"]["shortfall_classes"] == 1
    assert [(w["limit"], w.get("to"), w.get("proved", True)) for w in found["ways_out"]] == [("class_max", 50, True), ("days", 4, True), ("pairs", None, False)]  # fmt: skip
    assert told(plan({("K.A", "bm"): 2, ("K.B", "bm"): 1}, [("parent", "K", "bm")], travel=1, days=4))["feasible"]


def test_without_a_solver_what_is_not_found_is_not_said_to_be_impossible(monkeypatch):
    for name in ("ortools", "ortools.sat", "ortools.sat.python", "ortools.sat.python.cp_model"):
        monkeypatch.setitem(__import__("sys").modules, name, None)
    found = told(plan({("K.A", "bm"): 2, ("K.B", "bm"): 1}, [("parent", "K", "bm")], travel=1))
    assert found["bound"]["proved"] is False and "preuve" in found["conflict"]["says"]["fr"]


VENUES = "area,venue,rooms,language,women,held_in\nA,École,1,bm,oui,\nB,–,0,bm,,A\n"


def test_a_kept_plan_knows_who_is_taught_elsewhere_and_where_a_woman_is_needed_and_its_checker_does_too():
    known = {"A": "K", "B": "K"}
    table = table_of(VENUES, "lieux.csv", keep.VENUES)
    women, away = keep.asked_of(table, known)
    assert (women, away) == (("A",), {"B": "A"})
    pairs = (Pair("P1", "A", Scope.AREA, ("bm",)), Pair("P2", "A", Scope.AREA, ("bm",), True))
    content = keep.Content(
        FIRST, FIRST, (), 25, 1, 0, 0, Costs(), keep.venues_of(table, known), pairs, {}, known, women, away
    )
    assert keep.content_of(content.record()) == content
    assert set(replace(content, women=(), held_in={}, pairs=pairs[:1]).record()) == set(content.record()) - {"women", "held_in"}
    plan_ = keep.plan_of(content, {"A|bm": [1, 2]})
    (one,) = keep.seated(content, {"A|bm": [1, 2]}, exactly(plan_))
    assert one.pair == "P2" and keep.clashes(content, [one]) == []
    assert keep.clashes(content, [replace(one, pair="P1")]) == ["K0001 P1"]
    for wrong in ("B,–,1,bm,,A", "B,–,0,bm,,Z", "B,–,0,bm,peut-être,A", "B,–,0,bm,,B"):
        with pytest.raises(Refused) as no:
            keep.asked_of(table_of(VENUES.replace("B,–,0,bm,,A", wrong), "lieux.csv", keep.VENUES), known)
        assert no.value.code == "TRN-102"
