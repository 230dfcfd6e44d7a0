"""`kalata training cascade`: the interface to the letter, whatever the order of rows; the nation in one run; its files; what is refused."""

import csv
import io
import json
import random
import sys

import icalendar
import openpyxl
import pytest
from click.testing import CliRunner

from kalata.cli import main
from kalata.planning.rules.reading import plan_of as operational_plan_of
from kalata.training.commands.cascade import read
from tests.training.cascades import broken

PLAN = """
window: {first: 2027-02-15, last: 2027-02-26, closed: [2027-02-21]}
not_before: {appointments: 2027-02-13, manuals: 2027-02-16}
class: {max: 25, days: 1}
staff: {per_station: 5, reserve: "1/10"}
areas: areas.csv
pairs: pairs.csv
travel_days: 0
costs: {venue: 15000, allowance: 8000, trainer: 12000, print: 2500, new_pair: 180000}
levels: [{level: L3, class_max: 25, days: 2}, {level: L2, class_max: 20, days: 3}]
"""
AREAS = "area,parent,stations,language,rooms\nC001,K1,35,bm,2\nC001,K1,10,fr,2\nC002,K1,40,bm,1\n"
PAIRS = "pair,home,scope,languages\nP001,C001,area,bm|fr\nP002,K1,parent,bm\nP003,,national,fr|bm\n"


def run(*args, text=""):
    was, sys.argv = sys.argv, ["kalata", "training", "cascade", *args]
    try:
        met = CliRunner().invoke(main, ["training", "cascade", *args], input=text)
    finally:
        sys.argv = was
    return met.exit_code, json.loads(met.stdout) if met.stdout.startswith("{") else met.stdout, met.stderr


@pytest.fixture
def asked(tmp_path):
    def ask(*args, plan=PLAN, areas=AREAS, pairs=PAIRS):
        for name, text in (("plan.yaml", plan), ("areas.csv", areas), ("pairs.csv", pairs)):
            (tmp_path / name).write_text(text, encoding="utf-8")
        return run(str(tmp_path / "plan.yaml"), *args)

    return ask


def test_a_plan_that_holds_says_its_days_needs_classes_cost_and_levels(asked, tmp_path):
    code, found, _err = asked("--json")
    assert code == 0 and list(found)[:6] == ["feasible", "days", "needs", "totals", "classes", "cost"]
    assert found["days"][0] == "2027-02-17" and "2027-02-21" not in found["days"] and len(found["days"]) == 9
    assert found["needs"][0] == {"area": "C001", "language": "bm", "trainees": 193, "classes": 8}
    assert found["totals"] == {"trainees": 468, "classes": 20, "pairs": 3, "pairs_used": 3, "classes_per_pair": "20/3"}
    assert set(found["classes"][0]) == {"id", "area", "language", "room", "pair", "days", "places"}
    assert found["cost"]["total"] == 20 * (15000 + 24000) + 468 * 10500
    assert found["levels"] == [{"level": "L3", "people": 6, "classes": 1, "trainers": 2}, {"level": "L2", "people": 2, "classes": 1, "trainers": 2}]  # fmt: skip
    assert broken(found, read(str(tmp_path / "plan.yaml"))) == []


UNSAFE = "area,parent,stations,language,rooms,women,secure,held_in\nC001,K1,35,bm,2,yes,,\nC001,K1,10,fr,2,yes,,\nC002,K1,4,bm,1,,no,{to}\n"


def test_a_zone_where_no_class_can_be_held_is_named_or_its_people_are_taught_elsewhere_and_women_are_counted(asked):
    pairs = "pair,home,scope,languages,women\nP001,C001,area,bm|fr,2\nP002,K1,parent,bm,0\nP003,,national,fr|bm,0\n"
    code, found, _err = asked("--json", areas=UNSAFE.format(to=""), pairs=pairs)
    assert code == 1 and found["conflict"]["rows"] == [["C002", None]] and found["conflict"]["limits"] == ["held_in"]
    assert found["ways_out"] == [] and "held_in" in found["conflict"]["says"]["fr"]
    (other,) = found["other_conflicts"]  # one pair with a woman for eleven classes in nine days
    assert (other["needs_classes"], other["has_classes"], other["limits"][-1]) == (11, 9, "women")
    code, found, _err = asked("--json", areas=UNSAFE.format(to="C001"), pairs=pairs)
    assert [n["trainees"] for n in found["needs"]] == [193 + 22, 55]
    assert any("C002 → C001, 22" in w["fr"] for w in found["warnings"])
    way = next(w for w in found["ways_out"] if w["limit"] == "pairs")
    assert sum(a["n"] for a in way["add"]) == 1 and all(a["women"] for a in way["add"])
    more = pairs + "P004,C001,area,bm|fr,yes\n"
    assert asked("--json", areas=UNSAFE.format(to="C001"), pairs=more)[0] == 0
    for wrong in (UNSAFE.format(to="C009"), UNSAFE.format(to="C002"), UNSAFE.format(to="C001").replace(",no,", ",,")):
        assert asked("--json", areas=wrong, pairs=pairs)[1]["error"]["field"] == "held_in"


def shuffled(text, seed):
    head, *rows = text.splitlines()
    random.Random(seed).shuffle(rows)
    return "\n".join([head, *rows]) + "\n"


def test_the_order_of_rows_changes_nothing_in_a_plan_or_in_a_refutation(asked):
    for areas in (AREAS, AREAS.replace(",40,", ",90,")):
        first = asked("--json", areas=areas)
        for seed in range(4):
            assert asked("--json", areas=shuffled(areas, seed), pairs=shuffled(PAIRS, seed)) == first


def test_a_plan_that_does_not_hold_exits_with_one_and_shows_rooms_before_pairs(asked):
    code, found, _err = asked("--json", areas=AREAS.replace(",40,", ",90,"))
    assert (code, found["conflict"]["kind"], found["conflict"]["rows"]) == (1, "rooms", [["C002", None]])
    assert found["conflict"]["limits"] == ["rooms", "days", "class_max"]
    assert [c["kind"] for c in found["other_conflicts"]] == ["pairs"] and found["unserved"] == 11
    assert [w["limit"] for w in found["ways_out"]] == ["class_max", "days"]
    assert [w["limit"] for w in found["together"]] == ["rooms", "pairs"]
    code, out, _err = asked(areas=AREAS.replace(",40,", ",90,"), plan=PLAN)
    assert code == 1 and "C002" in out


def nation(folder, pairs_of):
    """24,416 stations in 816 communes of very uneven size, three languages."""
    chance = random.Random(2)
    weights = [chance.lognormvariate(0, 0.8) for _c in range(816)]
    stations = [3 + int((24416 - 3 * 816) * w / sum(weights)) for w in weights]
    for i in range(24416 - sum(stations)):
        stations[i] += 1
    areas, pairs = ["area,parent,stations,language,rooms"], ["pair,home,scope,languages"]
    for i, n in enumerate(stations):
        parts = (n * 6 // 10, n * 3 // 10, n - n * 6 // 10 - n * 3 // 10)
        areas += [f"C{i:03d},K{i // 5:03d},{part},{lang},{n * 11 // 250 + 3}" for part, lang in zip(parts, ("bm", "fr", "ff"), strict=True)]  # fmt: skip
        pairs += [f"P{i:03d}{c},C{i:03d},area,{langs}" for c, langs in enumerate(pairs_of(n, chance))]
    pairs += [f"K{k:03d}{c},K{k:03d},parent,bm|fr|ff" for k in range(164) for c in range(2)]
    pairs += [f"N{n:03d},,national,bm|fr|ff" for n in range(60)]
    assert sum(stations) == 24416
    for name, text in (("plan.yaml", PLAN), ("areas.csv", "\n".join(areas)), ("pairs.csv", "\n".join(pairs))):
        (folder / name).write_text(text, encoding="utf-8")
    return folder / "plan.yaml"


def test_the_nation_is_planned_without_a_pair_or_a_room_booked_twice(tmp_path):
    path = nation(tmp_path, lambda n, chance: [chance.choice(("bm|fr", "bm|fr|ff", "fr|ff"))] * (n * 24 // 1000 + 1))
    code, found, _err = run(str(path), "--json")
    assert (code, found["feasible"]) == (0, True)
    assert broken(found, read(str(path))) == []
    assert len(found["classes"]) == found["totals"]["classes"] > 5372


def test_the_nation_short_of_a_few_classes_is_refuted_by_the_rows_that_need_it(tmp_path):
    path = nation(tmp_path, lambda n, chance: [])
    needs = sum(read(str(path)).needs())
    full = (needs - 1) // 9
    rest = needs - 9 * full
    pairs = ["pair,home,scope,languages", *(f"N{i},,national,bm|fr|ff" for i in range(full))]
    (tmp_path / "pairs.csv").write_text("\n".join(pairs), encoding="utf-8")
    code, found, _err = run(str(path), "--json")
    conflict = found["conflict"]
    assert (code, conflict["needs_classes"] - conflict["has_classes"], found["unserved"]) == (1, conflict["shortfall_classes"], rest)  # fmt: skip
    named = {tuple(r) for r in conflict["rows"]}
    sizes = {(n["area"], n["language"]): n["classes"] for n in found["needs"]}
    assert conflict["has_classes"] == full * 9 and all(conflict["shortfall_classes"] <= sizes[r] for r in named)
    assert [(w["limit"], w.get("to")) for w in found["ways_out"]][1:] == [("days", 10), ("pairs", None)]
    assert broken(found, read(str(path))) == []


def table(path):
    return list(csv.DictReader(line for line in path.read_text(encoding="utf-8-sig").splitlines() if not line.startswith("#")))  # fmt: skip


def test_the_files_hold_the_plan_to_the_person_and_the_franc_and_are_the_same_each_time(asked, tmp_path):
    _code, found, _err = asked("--json", "--out", str(tmp_path / "a"))
    asked("--json", "--out", str(tmp_path / "b"))
    names = sorted(p.name for p in (tmp_path / "a").iterdir())
    assert names == ["calendar.ics", "per-diem.csv", "per-diem.xlsx", "plan-lines.csv", "print-order.csv", "print-order.xlsx", "roster.csv", "roster.xlsx"]  # fmt: skip
    assert all((tmp_path / "a" / n).read_bytes() == (tmp_path / "b" / n).read_bytes() for n in names)
    events = icalendar.Calendar.from_ical((tmp_path / "a" / "calendar.ics").read_bytes()).walk("VEVENT")
    assert [str(e["summary"]).split()[0] for e in events] == [c["id"] for c in found["classes"]]
    assert [e["dtstart"].dt.isoformat() for e in events] == [c["days"][0] for c in found["classes"]]
    assert [r["pair"] for r in table(tmp_path / "a" / "roster.csv")] == [c["pair"] for c in found["classes"]]
    paid = table(tmp_path / "a" / "per-diem.csv")
    for who in ("trainee", "trainer"):
        assert sum(int(r["amount_xof"]) for r in paid if r["kind"] == who) == found["cost"][{"trainee": "allowance", "trainer": "trainer"}[who]]  # fmt: skip
    printed = table(tmp_path / "a" / "print-order.csv")
    assert sum(int(r["copies"]) for r in printed) == found["totals"]["trainees"] and sum(int(r["amount_xof"]) for r in printed) == found["cost"]["print"]  # fmt: skip
    book = openpyxl.load_workbook(tmp_path / "a" / "print-order.xlsx", read_only=True)
    assert sum(row[2] for row in list(book.worksheets[1].values)[1:]) == found["totals"]["trainees"]
    lines = (tmp_path / "a" / "plan-lines.csv").read_text(encoding="utf-8")
    assert sum(int(r["amount_xof"]) for r in csv.DictReader(io.StringIO(lines))) == found["cost"]["total"]
    assert len(operational_plan_of(lines.encode()).activities) == 4


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"plan": PLAN.replace("max: 25", "max: 0")}, "TRN-104", "class.max"),
        ({"plan": PLAN.replace("max: 25", "max: many")}, "TRN-104", "class.max"),
        ({"plan": PLAN.replace('"1/10"', '"1/0"')}, "TRN-104", "staff.reserve"),
        ({"plan": PLAN.replace("last: 2027-02-26", "last: 2027-02-14")}, "TRN-104", "window.last"),
        ({"plan": PLAN.replace("[2027-02-21]", "[Sunday]")}, "TRN-104", "window.closed"),
        ({"plan": PLAN.replace("manuals: 2027-02-16", "manuals: soon")}, "TRN-104", "not_before.manuals"),
        ({"plan": PLAN.replace("venue: 15000", "venue: -1")}, "TRN-104", "costs.venue"),
        ({"plan": PLAN.replace("areas: areas.csv", "")}, "TRN-104", "areas"),
        ({"plan": "- a"}, "TRN-104", "window"),
        ({"plan": PLAN.replace("level: L3, ", "")}, "TRN-104", "levels.1.level"),
        ({"areas": AREAS + "C001,K1,4,fr,2\n"}, "TRN-103", "language"),
        ({"areas": AREAS.replace("C001,K1,10,fr,2", "C001,K1,10,fr,3")}, "TRN-102", "rooms"),
        ({"areas": AREAS.replace("C001,K1,10,fr,2", "C001,K2,10,fr,2")}, "TRN-102", "parent"),
        ({"areas": AREAS.replace(",35,", ",-35,")}, "TRN-102", "stations"),
        ({"areas": AREAS.replace("rooms", "halls")}, "TRN-101", "rooms"),
        ({"pairs": PAIRS.replace("P002", "P001")}, "TRN-103", "pair"),
        ({"pairs": PAIRS.replace("C001,area", "C009,area")}, "TRN-102", "home"),
        ({"pairs": PAIRS.replace("P003,,", "P003,K1,")}, "TRN-102", "home"),
        ({"pairs": PAIRS.replace("national", "country")}, "TRN-102", "scope"),
        ({"pairs": PAIRS.replace("fr|bm", "|")}, "TRN-102", "languages"),
    ],
)
def test_what_cannot_be_read_is_refused_with_file_place_and_remedy(asked, change, code, field):
    status, found, _err = asked("--json", **change)
    error = found["error"]
    assert (status, error["code"], error["field"]) == (2, code, field)
    assert error["file"] and error["remedy"]["fr"] and (code == "TRN-104" or error["row"])


def test_a_table_that_is_not_there_is_refused(asked):
    assert asked("--json", plan=PLAN.replace("areas.csv", "none.csv"))[1]["error"]["code"] == "TRN-105"
