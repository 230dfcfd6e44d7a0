"""`kalata posts readiness` and `kalata posts conflicts`: every reason that holds, at its boundary, and every clash with both rows."""

import csv
import io
import json
import random
import sys
from datetime import date

import pytest
from click.testing import CliRunner

from kalata.cli import main
from kalata.training.rules.readiness import COLUMNS, REASONS, Position, Rules, readiness_of
from kalata.training.rules.rows import table_of

RULES = "positions: {president: {role: president, versions: ['3', '4']}, assessor: {role: assessor, versions: [2]}}\nappointed_by: 2027-02-13\n"
GOOD = {
    "station": "S1", "position": "president", "holder": "P1", "act": "A-12", "appointed_on": "2027-02-13",
    "certificate_role": "president", "certificate_version": "3", "certificate_expires": "2027-02-28", "payment": "yes",
    "incompatible": "",
}  # fmt: skip


def run(*args, text=""):
    was, sys.argv = sys.argv, ["kalata", "posts", *args]
    try:
        met = CliRunner().invoke(main, ["posts", *args], input=text)
    finally:
        sys.argv = was
    return met.exit_code, json.loads(met.stdout) if met.stdout.startswith("{") else met.stdout, met.stderr


def csv_of(rows, columns=COLUMNS):
    out = io.StringIO()
    writer = csv.DictWriter(out, columns)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


@pytest.fixture
def asked(tmp_path):
    (tmp_path / "rules.yaml").write_text(RULES, encoding="utf-8")

    def ask(rows, on="2027-02-28"):
        text = rows if isinstance(rows, str) else csv_of(rows)
        return run("readiness", "-", "--rules", str(tmp_path / "rules.yaml"), "--on", on, "--json", text=text)

    return ask


def reasons(answer):
    return [u["reasons"] for u in answer[1]["uncovered"]]


def test_a_post_with_everything_is_covered_on_the_last_day_of_its_certificate_and_of_its_act(asked):
    code, found, _err = asked([GOOD])
    assert (code, found["covered"], found["ready"], found["share_ready"], found["uncovered"]) == (0, 1, 1, "1", [])
    assert list(found["reasons"]) == list(REASONS)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"holder": "", "act": "", "payment": ""}, ["vacant"]),
        ({"act": ""}, ["no_act"]),
        ({"appointed_on": "2027-02-14"}, ["late_act"]),
        ({"certificate_role": "", "certificate_version": "", "certificate_expires": ""}, ["no_certificate"]),
        ({"certificate_role": "assessor"}, ["wrong_role"]),
        ({"certificate_version": "2"}, ["old_version"]),
        ({"certificate_expires": "2027-02-27"}, ["expired"]),
        ({"incompatible": "candidate"}, ["incompatible"]),
        ({"payment": ""}, ["no_payment"]),
        ({"act": "", "certificate_expires": "2027-01-01", "payment": "no"}, ["no_act", "expired", "no_payment"]),
    ],
)
def test_each_reason_stands_alone_where_one_thing_changes(asked, change, why):
    code, found, _err = asked([GOOD | change])
    assert (code, reasons((code, found))) == (1, [why])
    assert found["reasons"] == {r: int(r in why) for r in REASONS}


def test_a_person_on_two_posts_marks_both_and_the_station_of_each_is_not_ready(asked):
    other = {"position": "assessor", "certificate_role": "assessor", "certificate_version": "2"}
    code, found, _err = asked([GOOD, GOOD | {"station": "S2"} | other, GOOD | {"station": "S3", "holder": "P9"}])
    assert (code, reasons((code, found)), found["ready"], found["share_ready"]) == (1, [["held_twice"]] * 2, 1, "1/3")


def test_two_vacant_posts_are_not_one_person_on_both(asked):
    vacant = GOOD | {"holder": ""}
    assert reasons(asked([vacant, vacant | {"station": "S2"}])) == [["vacant"], ["vacant"]]


def plain(rows, on):
    """The same, one reason after another, straight from the definition."""
    out = []
    for r in rows:
        why = []
        if r["holder"] == "":
            why = ["vacant"]
        else:
            role, versions = {"president": ("president", ["3", "4"]), "assessor": ("assessor", ["2"])}[r["position"]]
            if r["act"] == "":
                why.append("no_act")
            elif date.fromisoformat(r["appointed_on"]) > date(2027, 2, 13):
                why.append("late_act")
            if r["certificate_role"] == "":
                why.append("no_certificate")
            else:
                if r["certificate_role"] != role:
                    why.append("wrong_role")
                if r["certificate_version"] not in versions:
                    why.append("old_version")
                if r["certificate_expires"] and date.fromisoformat(r["certificate_expires"]) < on:
                    why.append("expired")
            if r["incompatible"]:
                why.append("incompatible")
            if not r["payment"]:
                why.append("no_payment")
            if sum(o["holder"] == r["holder"] for o in rows) > 1:
                why.append("held_twice")
        if why:
            out.append((r["station"], r["position"], tuple(why)))
    return sorted(out, key=lambda o: (o[0], o[1], [REASONS.index(r) for r in o[2]]))


def test_readiness_is_what_the_definition_says_and_the_order_of_rows_changes_nothing():
    chance, on = random.Random(17), date(2027, 2, 28)
    rules = Rules({"president": Position("president", frozenset("34")), "assessor": Position("assessor", frozenset("2"))}, date(2027, 2, 13))  # fmt: skip
    for _n in range(60):
        rows = [
            {
                "station": f"S{chance.randrange(6)}", "position": chance.choice(("president", "assessor")),
                "holder": chance.choice(("", *(f"P{i}" for i in range(20)))), "act": chance.choice(("", "A1", "A2", "A3")),
                "appointed_on": chance.choice(("2027-02-12", "2027-02-13", "2027-02-14")),
                "certificate_role": chance.choice(("", "president", "assessor")), "certificate_version": chance.choice("1234"),
                "certificate_expires": chance.choice(("", "2027-02-27", "2027-02-28", "2027-03-01")),
                "payment": chance.choice(("", "yes")), "incompatible": chance.choice(("", "", "kin")),
            }
            for _p in range(chance.randrange(1, 20))
        ]  # fmt: skip
        found = readiness_of(table_of(csv_of(rows), "x", COLUMNS), rules, on)
        assert list(found.uncovered) == plain(rows, on)
        assert found.ready == len({r["station"] for r in rows} - {s for s, *_r in plain(rows, on)})
        chance.shuffle(rows)
        assert readiness_of(table_of(csv_of(rows), "x", COLUMNS), rules, on).record() == found.record()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"position": "judge"}, "position"),
        ({"station": ""}, "station"),
        ({"appointed_on": "13/02/2027"}, "appointed_on"),
        ({"appointed_on": "2027-02-30"}, "appointed_on"),
        ({"certificate_expires": "soon"}, "certificate_expires"),
        ({"appointed_on": ""}, "appointed_on"),
    ],
)
def test_a_cell_that_cannot_be_read_is_refused_with_its_row_and_field(asked, change, field):
    code, found, _err = asked([GOOD, GOOD | {"station": "S2", "holder": "P2"} | change])
    error = found["error"]
    assert (code, error["code"], error["file"], error["row"], error["field"]) == (2, "TRN-102", "-", 3, field)
    assert error["remedy"]["fr"] != error["remedy"]["en"]


@pytest.mark.parametrize(
    "text",
    ["", "station,holder\nS1,P1\n", csv_of([GOOD]).replace("\r\n", ",x\r\n", 1), csv_of([GOOD]) + '"S2', csv_of([GOOD]).replace("holder", "act")],
)  # fmt: skip
def test_a_file_of_another_form_is_refused(asked, text):
    code, found, _err = asked(text)
    assert (code, found["error"]["code"]) == (2, "TRN-101")


@pytest.mark.parametrize(
    ("rules", "field"),
    [
        ("appointed_by: 2027-02-13", "positions"),
        (RULES.replace("2027-02-13", "soon"), "appointed_by"),
        (RULES.replace("role: president", "role: ''"), "positions.president.role"),
        (RULES.replace("versions: [2]", "versions: []"), "positions.assessor.versions"),
        ("- a", "positions"),
    ],
)
def test_rules_that_cannot_be_read_are_refused_by_key(tmp_path, rules, field):
    (tmp_path / "r.yaml").write_text(rules, encoding="utf-8")
    (tmp_path / "p.csv").write_text(csv_of([GOOD]), encoding="utf-8")
    code, found, _err = run("readiness", str(tmp_path / "p.csv"), "--rules", str(tmp_path / "r.yaml"), "--on", "2027-02-28", "--json")  # fmt: skip
    assert (code, found["error"]["code"], found["error"]["field"]) == (2, "TRN-104", field)


def test_a_day_that_is_none_and_a_file_that_is_not_there_are_refused(asked, tmp_path):
    assert asked([GOOD], on="28/02/2027")[1]["error"]["code"] == "TRN-104"
    code, found, _err = run("readiness", str(tmp_path / "no.csv"), "--rules", str(tmp_path / "rules.yaml"), "--on", "2027-02-28", "--json")  # fmt: skip
    assert (code, found["error"]["code"]) == (2, "TRN-105")


DECLARATIONS = (
    "person,kind,interest,until\nJ1,kin,Awa Koné,\nJ1,party,Parti A,2026-01-01\nJ2,none,néant,\nJ3,employer,M-7,\n"
)
ASSIGNMENTS = "person,kind,matter,parties,on\nJ1,case,2027-014,AWA KONE|Parti B,2027-03-01\nJ1,case,2027-015,Parti A,2027-03-01\nJ2,contest,néant,,\nJ3,procurement,M-7,,\nJ4,case,2027-016,,\n"


def test_each_clash_is_shown_with_both_rows_and_who_declared_nothing_is_said(tmp_path):
    for name, text in (("d.csv", DECLARATIONS), ("a.csv", ASSIGNMENTS)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    code, found, _err = run("conflicts", str(tmp_path / "d.csv"), str(tmp_path / "a.csv"), "--json")
    assert code == 1 and [(c["person"], c["matter"], c["kind"]) for c in found["clashes"]] == [("J1", "2027-014", "case"), ("J3", "M-7", "procurement")]  # fmt: skip
    assert found["clashes"][0]["declaration"]["interest"] == "Awa Koné" and found["clashes"][0]["assignment"]["parties"] == "AWA KONE|Parti B"  # fmt: skip
    assert found["undeclared"] == ["J4"]
    head, *rows = ASSIGNMENTS.splitlines()
    (tmp_path / "a.csv").write_text("\n".join([head, *reversed(rows)]), encoding="utf-8")
    assert run("conflicts", str(tmp_path / "d.csv"), str(tmp_path / "a.csv"), "--json")[1] == found


def test_without_a_clash_the_status_is_zero_and_a_matter_given_twice_is_refused(tmp_path):
    (tmp_path / "d.csv").write_text("person,interest\nJ1,X\n", encoding="utf-8")
    (tmp_path / "a.csv").write_text("person,matter\nJ1,Y\n", encoding="utf-8")
    assert run("conflicts", str(tmp_path / "d.csv"), str(tmp_path / "a.csv"), "--json")[0] == 0
    (tmp_path / "a.csv").write_text("person,matter\nJ1,Y\nJ1,Y\n", encoding="utf-8")
    code, found, _err = run("conflicts", str(tmp_path / "d.csv"), str(tmp_path / "a.csv"), "--json")
    assert (code, found["error"]["code"], found["error"]["row"]) == (2, "TRN-103", 3)
    assert run("conflicts", "-", "-", "--json")[1]["error"]["code"] == "TRN-104"
