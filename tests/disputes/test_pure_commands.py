"""`kalata disputes admissible` and `gate` from the command line: one JSON document, the exit status of the worst."""

import copy
import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from kalata.disputes.commands import disputes
from tests.disputes.rules.drafts import annul, clean, contest, station
from tests.disputes.rules.test_admissible import facts

RAW = contest([station(1, (80, 60, 20)), station(2, (40, 90, 30)), station(3, (70, 50, 10))])


def ran(*args, stdin=None):
    return CliRunner().invoke(disputes, [str(a) for a in args], input=stdin)


def written(folder, name, value):
    path = folder / name
    path.write_text(json.dumps(value))
    return path


def test_a_petition_from_standard_input_and_its_status():
    good = ran("admissible", "--facts", "-", "--json", stdin=json.dumps(facts()))
    assert good.exit_code == 0
    assert json.loads(good.stdout)["proposal"] == "admissible"
    late = ran("admissible", "--facts", "-", "--json", stdin=json.dumps(facts(received="2018-09-01T10:00")))
    assert (late.exit_code, json.loads(late.stdout)["proposal"]) == (1, "inadmissible")


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_person_reads_the_same_at_a_terminal(tmp_path, lang):
    told = ran("admissible", "--facts", written(tmp_path, "f.json", facts()), "--lang", lang)
    assert told.exit_code == 0 and "2018-08-03T24:00" in told.stdout
    case = {"id": "c", "election": RAW, "decision": clean(RAW, [annul("1", "S02")])}
    assert ran("gate", "--cases", written(tmp_path, "c.json", {"cases": [case]}), "--lang", lang).exit_code == 0


def test_cases_of_petitions_answer_in_order_and_a_refused_one_counts_one(tmp_path):
    path = written(tmp_path, "cases.json", {"cases": [facts(id="a"), facts(id="b", capacity="king")]})
    found = ran("admissible", "--cases", path, "--json")
    assert found.exit_code == 1
    first, second = json.loads(found.stdout)["cases"]
    assert (first["id"], first["proposal"]) == ("a", "admissible")
    assert (second["id"], second["error"]["code"], sorted(second)) == ("b", "DIS-621", ["error", "id"])


def test_cases_of_drafts_answer_in_order(tmp_path):
    good = clean(RAW, [annul("1", "S02")])
    bad = copy.deepcopy(good)
    bad["printed"]["elected"] = ["C"]
    cases = [
        {"id": "good", "election": RAW, "decision": good},
        {"id": "bad", "election": RAW, "decision": bad},
        {"id": "none", "election": RAW},
        {"id": "broken", "election": {"stations": []}, "decision": good},
    ]
    found = ran("gate", "--cases", written(tmp_path, "cases.json", {"cases": cases}), "--json")
    assert found.exit_code == 1
    answers = json.loads(found.stdout)["cases"]
    assert [a.get("signature") or a["error"]["code"] for a in answers] == ["allowed", "refused", "DIS-624", "DIS-510"]
    assert ran("gate", "--cases", written(tmp_path, "one.json", {"cases": cases[:1]}), "--json").exit_code == 0


FILE = "region;station;registered;voters;null;valid;A;B\nN;1;100;80;0;80;50;30\nN;2;100;80;0;80;30;50\nS;1;100;60;0;60;40;20\n"
PROFILE = """
contest: {id: k5, system: {kind: plurality}}
rows: wide
station: [region, station]
areas: [region]
figures: {registered: registered, voters: voters, null_ballots: "null", valid: valid}
options: [A, B]
"""


def test_a_file_with_its_profile_is_weighed_and_a_station_not_in_it_is_a_mismatch(tmp_path):
    source, profile = tmp_path / "r.csv", tmp_path / "p.yaml"
    source.write_text(FILE)
    profile.write_text(PROFILE)
    decision = {
        "decision": "D1",
        "acts": [{"id": "1", "act": "ANNUL_STATION", "stations": [["N", "2"]], "where": {"region": "N"}}],
        "annexes": [{"annex": "1", "act": "1", "stations": [["N", "2"]], "count": 1, "totals": {"valid": 80}}],
        "printed": {"votes": {"A": 90}, "percentages": {"A": "64.3"}, "decimals": 1, "elected": ["A"]},
        "bench": clean(RAW, [])["bench"],
        "hands": {"drafted_by": "j3", "passed_by": "j1"},
    }
    args = ("gate", source, "--profile", profile, "--decision")
    found = ran(*args, written(tmp_path, "d.json", decision), "--json")
    assert json.loads(found.stdout)["mismatches"] == []
    assert found.exit_code == 0
    decision["printed"]["counts"] = [{"what": "annulled_stations", "where": {"area": "N"}, "value": 1}]
    decision["acts"][0]["where"] = {"area": "N"}
    assert ran(*args, written(tmp_path, "d.json", decision), "--json").exit_code == 0
    decision["acts"][0]["stations"].append(["N", "99"])
    found = ran(*args, written(tmp_path, "d.json", decision))
    assert found.exit_code == 1 and "DIS-602" in found.stdout


def test_bad_arguments_are_refused_in_words(tmp_path):
    from kalata.refusals import Refused

    for args in (
        ("admissible",),
        ("admissible", "--facts", "a", "--cases", "b"),
        ("admissible", "--facts", str(tmp_path / "none.json")),
        ("admissible", "--facts", written(tmp_path, "list.json", [])),
        ("admissible", "--facts", written(tmp_path, "f.json", facts()), "--pack", "atlantis"),
        ("gate",),
        ("gate", "--cases", written(tmp_path, "x.json", {})),
    ):
        assert isinstance(ran(*args).exception, Refused), args


def test_both_start_without_django_and_without_numpy():
    code = (
        "import sys\nfrom kalata import rooms\nfrom kalata.disputes.commands import COMMANDS\n"
        "for name in ('admissible', 'gate'): rooms.load(COMMANDS[name])\n"
        "assert not {'django', 'numpy', 'holidays'} & set(sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0
