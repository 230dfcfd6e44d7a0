"""The scripted interface: JSON shapes, exit statuses, and a house that starts and stops whole."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.conftest import HERE, SHARED
from tests.house.ready import demonstration, furnish
from tests.sizes import NIGHTLY


def kalata(*args, stdin="", env=None, timeout=900):
    run = subprocess.run(
        [sys.executable, "-m", "kalata", *args],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=timeout,
        env={**os.environ, **(env or {})},
    )
    return run.returncode, run.stdout, run.stderr


def test_seats_are_shared_from_standard_input():
    code, out, _err = kalata(
        "results", "seats", "--method", "dhondt", "--seats", "10", "--json", stdin='{"A": 100, "B": 80}'
    )
    record = json.loads(out)
    assert (
        code == 0
        and record["seats"] == {"A": 6, "B": 4}
        and record["ties"] == []
        and record["steps"][0]["fr"]
        and record["steps"][0]["en"]
    )


def test_a_threshold_and_its_base_are_taken():
    code, out, _err = kalata(
        "results",
        "seats",
        "--method",
        "hare_lr",
        "--seats",
        "5",
        "--threshold",
        "5%",
        "--json",
        stdin='{"votes": {"A": 60, "B": 4}, "threshold_base": 100}',
    )
    assert code == 0 and json.loads(out)["seats"] == {"A": 5, "B": 0}


def test_a_tie_is_reported_with_exit_status_1_and_an_order_breaks_it():
    code, out, _err = kalata(
        "results", "seats", "--method", "sainte_lague", "--seats", "1", "--json", stdin='{"A": 5, "B": 5}'
    )
    assert code == 1 and json.loads(out)["ties"] == [{"options": ["A", "B"], "seats": 1}]
    code, out, _err = kalata(
        "results",
        "seats",
        "--method",
        "sainte_lague",
        "--seats",
        "1",
        "--tie-order",
        "B,A",
        "--json",
        stdin='{"A": 5, "B": 5}',
    )
    assert code == 0 and json.loads(out)["seats"] == {"A": 0, "B": 1}


@pytest.mark.parametrize(
    ("method", "votes", "seats"),
    [("plurality", '{"A": 5, "B": 3}', {"A": 1, "B": 0}), ("two_round_majority", '{"A": 6, "B": 3}', {"A": 1, "B": 0})],
)
def test_majorities_speak_the_same_shape(method, votes, seats):
    code, out, _err = kalata("results", "seats", "--method", method, "--seats", "1", "--json", stdin=votes)
    assert code == 0 and json.loads(out)["seats"] == seats


def test_no_majority_names_the_two_of_the_second_round():
    code, out, _err = kalata(
        "results", "seats", "--method", "two_round_majority", "--seats", "1", "--json", stdin='{"A": 4, "B": 3, "C": 3}'
    )
    assert json.loads(out)["ties"] and code == 1
    code, out, _err = kalata(
        "results", "seats", "--method", "two_round_majority", "--seats", "1", "--json", stdin='{"A": 4, "B": 3, "C": 2}'
    )
    assert json.loads(out)["runoff"] == ["A", "B"]


@pytest.mark.parametrize(
    ("args", "stdin", "code"),
    [
        (["--method", "dhondt", "--seats", "0"], '{"A": 1}', "RES-211"),
        (["--method", "dhondt", "--seats", "3"], '{"A": -1}', "RES-210"),
        (["--method", "inconnue", "--seats", "3"], '{"A": 1}', "CLI-101"),
        (["--method", "dhondt", "--seats", "3"], "pas du json", "CLI-101"),
    ],
)
def test_bad_input_is_a_coded_message_and_exit_status_2(args, stdin, code):
    status, out, err = kalata("results", "seats", *args, stdin=stdin)
    assert status == 2 and code in err and out == ""


def test_a_bad_file_names_row_field_and_remedy(tmp_path):
    profile = tmp_path / "p.yaml"
    profile.write_text("contest: {id: x, system: plurality}\nstation: [b]\noptions: [A, B]\n")
    data = tmp_path / "f.csv"
    data.write_text("b,A,B\n1,5,6\n2,-1,3\n")
    status, out, err = kalata("results", "tabulate", str(data), "--profile", str(profile), "--json")
    error = json.loads(out)["error"]
    assert (
        status == 2
        and "IMP-202" in err
        and (error["errors"][0]["row"], error["errors"][0]["field"]) == (3, "A")
        and error["errors"][0]["remedy"]["en"]
    )


def test_the_json_shape_of_tabulate_is_the_documented_one(tmp_path):
    profile = tmp_path / "p.yaml"
    profile.write_text(
        "contest: {id: p2016, system: ML-PRES}\nstation: [b]\nareas: [z]\nfigures: {registered: i, valid: v}\noptions: {prefix: c_}\nexpected: 2\n"
    )
    data = "z,b,i,v,c_a,c_b\nN,1,100,50,30,20\nN,2,100,40,30,9\n"
    status, out, _err = kalata("results", "tabulate", "-", "--profile", str(profile), "--json", stdin=data)
    record = json.loads(out)
    assert status == 1  # E01 does not hold in the second station
    assert record["contest"] == "p2016" and record["stations"]["expected"] == 2 and record["stations"]["counted"] == 2
    assert record["figures"] == {"registered": 200, "valid": 90} and record["votes"] == {"a": 60, "b": 29}
    assert record["outcome"]["status"] == "elected" and record["outcome"]["majority"]["needed"] == 46
    assert (
        record["areas"][0]["area"] == ["N"]
        and record["findings"][0]["code"] == "E01"
        and record["findings"][0]["stations"] == [["2"]]
    )


def test_pure_commands_start_fast_and_without_django():
    run = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "kalata", "results", "seats", "--method", "dhondt", "--seats", "2"],
        input='{"A": 1}',
        capture_output=True,
        text=True,
    )
    assert "django" not in run.stderr and "duckdb" not in run.stderr


def test_pack_check_speaks_json_and_says_what_is_wrong(tmp_path):
    status, out, _err = kalata("pack", "check", "ml", "--json")
    record = json.loads(out)
    assert status == 0 and record["valid"] and len(record["sha256"]) == 64 and record["unverified"] > 100
    assert kalata("pack", "check", str(tmp_path))[0] == 2
    assert kalata("pack", "diff", "ml", "ml", "--json")[:2] == (0, '{"changes": []}\n')


@pytest.fixture
def house(tmp_path):
    return {
        "KALATA_VAR": str(tmp_path / "var"),
        "DJANGO_SETTINGS_MODULE": "tests.house.settings",
        "KALATA_KEY": "k" * 60,
        "KALATA_DEMO": "",
    }


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def started(env, *args):
    port = free_port()
    child = subprocess.Popen(
        [sys.executable, "-m", "kalata", *args, "--port", str(port)],
        env={**os.environ, **env},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for _n in range(3000):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/sante", timeout=2) as answer:
                assert answer.status == 200
                return child, port
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
            assert child.poll() is None
    raise AssertionError("did not start")


def family(child):
    out = subprocess.run(["ps", "-eo", "pid,ppid,comm,args"], capture_output=True, text=True).stdout.splitlines()[1:]
    return {int(line.split()[0]): line for line in out if line.split()[1] == str(child.pid)}


@pytest.fixture
def migrated(house):
    """The same with every table in its database, as a house has that is started again."""
    furnish(Path(house["KALATA_VAR"]))
    return house


def test_the_house_starts_whole_and_stops_whole(house):
    child, _port = started(house, "serve", "--workers", "1")
    below = family(child)
    assert len(below) == 3
    child.send_signal(signal.SIGTERM)
    assert child.wait(60) == 0
    alive = subprocess.run(["ps", "-eo", "pid"], capture_output=True, text=True).stdout.split()
    assert not {str(p) for p in below} & set(alive)


def test_when_one_part_dies_it_is_started_again_and_the_house_goes_on(migrated):
    child, _port = started(migrated, "serve", "--workers", "1")

    def sequencers():
        return {pid for pid, line in family(child).items() if "kalata-sequence" in line}  # fifteen signs are what the system keeps of a name

    (victim,) = sequencers()
    os.kill(victim, signal.SIGKILL)
    until = time.monotonic() + 60
    while not sequencers() - {victim}:
        assert time.monotonic() < until and child.poll() is None
        time.sleep(0.2)
    child.send_signal(signal.SIGTERM)
    assert child.wait(60) == 0


@pytest.mark.long
def test_the_demonstration_loads_once_backs_up_and_restores(house, tmp_path):
    env = {**house, "KALATA_DEMO": "1"}
    furnish(Path(house["KALATA_VAR"]), demonstration())
    status, _out, err = kalata("demo", "--load-only", env=env)
    assert status == 0 and "déjà chargée" in err
    status, out, _err = kalata("check", "--json", env=env)
    checks = {c["name"]: c["ok"] for c in json.loads(out)["checks"]}
    assert checks["database"] and checks["ledger"] and checks["packs"]
    cases = json.loads(kalata("disputes", "list", "--json", env=env)[1])["cases"]
    assert len({c["state"] for c in cases}) >= 22 and any(c["decision"] for c in cases), (
        "the Court, a case in each state"
    )
    keys = Path(env["KALATA_VAR"]) / "bench-keys"
    assert sorted(p.name for p in keys.iterdir()) == [f"j{n}.key" for n in range(1, 7)]
    assert kalata("manage", "sequencer", "--once", env=env)[0] == 0
    status, out, _err = kalata("ledger", "verify", "--json", env=env)
    assert status == 0 and json.loads(out)["whole"] and json.loads(out)["unsealed"] == 0
    copy = tmp_path / "copie.zip"
    assert kalata("backup", str(copy), env=env)[0] == 0
    other = {**env, "KALATA_VAR": str(tmp_path / "autre")}
    assert kalata("restore", str(copy), env=other)[0] == 0
    people = kalata("user", "list", env=env)[1]
    assert kalata("user", "list", env=other)[1] == people and people.count("active") >= 19
    assert "superviseur" in kalata("ledger", "export", env=other)[1]


@pytest.mark.parametrize("asked", [-1, 0, 9])
def test_a_demonstration_too_small_is_refused_before_anything_is_written(asked, monkeypatch):
    from click.testing import CliRunner

    from kalata.operations import TooSmall, demo

    monkeypatch.setattr("kalata.operations.setup_django", lambda: pytest.fail("nothing is opened"))
    met = CliRunner().invoke(demo, ["--load-only", "--stations", str(asked)])
    assert isinstance(met.exception, TooSmall) and met.exception.record()["code"] == "CLI-105"


def test_each_case_of_a_small_demonstration_has_stations_and_nobody_else_those_that_are_annulled():
    from kalata.disputes.demonstration import PLAN, S, aimed

    for total in (*range(10, 75), 24_416):
        cases = {
            words: set(range(aimed(n, total), aimed(n, total) + 3))
            for n, (words, to) in enumerate(PLAN)
            if to is not S.CLOSED
        }
        closed = next(
            set(range(aimed(n, total), aimed(n, total) + 3)) for n, (_words, to) in enumerate(PLAN) if to is S.CLOSED
        )
        assert closed <= set(range(total)) and not any(closed & held for held in cases.values())
        assert total >= 60 or all(held <= set(range(total)) for held in cases.values())


@pytest.mark.skipif(not NIGHTLY, reason="a whole demonstration for each size: by night")
@pytest.mark.long
@pytest.mark.parametrize("size", [10, 20, 35])
def test_a_small_demonstration_loads_whole(house, size):
    status, _out, err = kalata("demo", "--load-only", "--stations", str(size), env={**house, "KALATA_DEMO": "1"})
    assert status == 0 and f"{size} bureaux" in err and "24 requêtes" in err


def test_the_same_seed_gives_the_same_election(tmp_path):
    import random

    from kalata.tally.demonstration_figures import one_station

    class Place:
        code, name = "ML-KAY-KAYES", "Kayes"

    Place.parent = Place
    first = [one_station(str(i), Place, "ML-KAY", [30, 20], random.Random(1), True) for i in range(20)]
    assert first == [one_station(str(i), Place, "ML-KAY", [30, 20], random.Random(1), True) for i in range(20)]


@pytest.mark.real
def test_every_profile_beside_the_tests_is_readable():
    from kalata.results.tabulating import load_profile

    found = sorted(p.name for p in (HERE / "profiles").glob("*.yaml"))
    assert len(found) >= 12 and SHARED.exists()
    for name in found:
        load_profile(HERE / "profiles" / name)


# --- legal time ----------------------------------------------------------------------------
CASES = (
    "id,event,parameters,expected\n"
    'A,2018-07-29,"{""kind"": ""offset"", ""n"": 5, ""unit"": ""day"", ""filed"": ""2018-08-04""}",deadline=2018-08-03T24:00; filed=late\n'
    'B,2018-07-29,"{""kind"": ""offset"", ""n"": 6, ""unit"": ""day""}",deadline=2018-08-03T24:00\n'
)


def test_cases_are_computed_from_standard_input_and_a_disagreement_is_status_1():
    code, out, _err = kalata("deadlines", "compute", "--cases", "-", "--json", stdin=CASES)
    record = json.loads(out)
    first, second = record["cases"]
    assert (code, record["agree"], record["disagree"]) == (1, 1, 1)
    reading = first["readings"][0]
    assert (reading["counting"], reading["deadline"], reading["earliest"], reading["latest"], reading["filed"]) == (
        "non_franc", "2018-08-03T24:00", None, None, "late",
    )  # fmt: skip
    assert set(first["explanation"]) == {"fr", "en"} and first["warnings"] == []
    assert (first["agrees"], second["agrees"]) == (True, False)


@pytest.mark.parametrize(
    ("cases", "code"),
    [
        ("nothing\n1\n", "DL-116"),
        ("id,event,parameters\nA,2018-07-29,{broken\n", "DL-114"),
        ('id,event,parameters\nA,demain,"{""kind"": ""offset"", ""n"": 5}"\n', "DL-101"),
        ("id,event_instant,rule,n,unit\nA,2018-07-29,NO_RULE,5,days\n", "DL-105"),
        (
            'id,event,parameters\nA,2018-07-29,"{""kind"": ""offset"", ""n"": 5, ""roll"": ""next"", ""holidays"": ""XX""}"\n',
            "DL-112",
        ),
    ],
)
def test_unreadable_cases_are_status_2_with_a_coded_message(cases, code):
    status, out, err = kalata("deadlines", "compute", "--cases", "-", "--json", stdin=cases)
    assert status == 2 and code in err
    assert json.loads(out)["error"]["code"] == code


@pytest.mark.real
@pytest.mark.parametrize(("path", "agree"), [("mali_law/deadline_test_vectors.csv", 31), ("deadline_cases.csv", 27)])
def test_the_shipped_cases_agree_on_the_command_line(path, agree):
    for pack in ("ml", "ke") if "vectors" not in path else ("ml",):
        code, out, _err = kalata("deadlines", "compute", "--cases", str(SHARED / path), "--pack", pack, "--json")
        record = json.loads(out)
        assert (code, record["agree"], record["disagree"]) == (0, agree, 0)


EXAMPLE = HERE.parent / "docs" / "examples" / "round2.yaml"


def test_the_two_texts_of_the_second_round_are_found_incompatible():
    code, out, _err = kalata("deadlines", "feasibility", str(EXAMPLE), "--json")
    record = json.loads(out)
    assert code == 1 and record["feasible"] is False and record["shortfall_days"] == 11
    assert set(record["conflict"]) == {"counting-2", "petitions-2", "constitution-21", "art-152"}


def test_a_feasible_calendar_prints_the_earliest_and_latest_of_each_event():
    norms = "events: {J1: 2027-02-28}\nnorms: [{id: a, from: J1, to: P, min: 2, max: 5}]\n"
    code, _out, _err = kalata("deadlines", "feasibility", "-", "--json", stdin=norms)
    assert code == 2  # P is not among the events
    norms = "events: {J1: 2027-02-28, P: }\nnorms: [{id: a, from: J1, to: P, min: 2, max: 5}]\n"
    code, out, _err = kalata("deadlines", "feasibility", "-", "--json", stdin=norms)
    record = json.loads(out)
    assert code == 0 and record["events"]["P"] == {"earliest": "2027-03-02", "latest": "2027-03-05"}


def test_the_registry_explains_one_norm_without_a_network():
    code, out, _err = kalata(
        "deadlines",
        "explain",
        "ML-COMPLAINT-OPERATIONS",
        "--event",
        "2018-07-29",
        "--filed",
        "2018-08-04T10:00",
        "--json",
    )
    record = json.loads(out)
    assert code == 0 and record["verified"] is False and record["confidence"] == "secondary source"
    assert [v["filed"] for v in record["verdicts"]] == ["late", "in_time", "undetermined"]
    assert (record["verdicts"][2]["deadline"], record["verdicts"][2]["awaits"]) == (None, "PROV_RESULTS")
    code, _out, err = kalata("deadlines", "explain", "ML-FILING-PRES-2022", "--event", "2018-07-29")
    assert code == 2 and "DL-104" in err and "ML-FILING-PRES-2016" in err


def test_every_reading_of_a_norm_is_explained_with_its_verdict_the_third_one_too():
    args = ("deadlines", "explain", "ML-COMPLAINT-OPERATIONS", "--filed", "2018-08-04", "--event", "2018-07-29")
    code, out, _err = kalata(*args)
    assert code == 0
    last = out.splitlines()[-3:]
    assert "hors délai" in last[0] and "délai franc" in last[1]
    assert "en attente de la date de : la proclamation des résultats provisoires" in last[2]
    code, out, _err = kalata(*args, "--event", "PROV_RESULTS=2018-08-02T21:00", "--lang", "en")
    assert code == 0 and "2018-08-07T24:00" in out.splitlines()[-1] and "in time" in out.splitlines()[-1]
    assert "five days from the provisional announcement" in out.splitlines()[-1]
    code, _out, err = kalata(*args, "--event", "2018-07-30")
    assert code == 2 and "DL-101" in err
    code, _out, err = kalata("deadlines", "explain", "ML-COMPLAINT-OPERATION", "--event", "2018-07-29")
    assert code == 2 and "DL-118" in err and "ML-COMPLAINT-OPERATIONS" in err


def test_a_whole_calendar_is_printed_from_one_polling_day_and_a_breach_is_status_1():
    args = ("deadlines", "calendar", "--vote", "2027-02-28", "--rounds", "2", "--json")
    code, out, _err = kalata(*args)
    record = json.loads(out)
    assert code == 0 and record["breached"] == 0 and len(record["lines"]) > 30
    assert all(x["sources"] and x["confidence"] and x["explanation"]["en"] for x in record["lines"])
    code, out, _err = kalata(*args, "--event", "PROV_RESULTS:1=2027-03-07T20:00")
    assert code == 1 and json.loads(out)["breached"] == 1
    code, _out, err = kalata(*args, "--event", "ECLIPSE=2027-03-07")
    assert code == 2 and "DL-102" in err


@pytest.mark.long
def test_a_rehearsed_night_with_a_power_cut_loses_nothing(tmp_path):
    env = {
        "KALATA_VAR": str(tmp_path / "unused"), "DJANGO_SETTINGS_MODULE": "tests.house.settings", "KALATA_KEY": "k" * 60,
    }  # fmt: skip
    furnish(tmp_path / "night" / "var")
    options = [
        "--keep", str(tmp_path / "night"), "--workers", "2", "--papers", "10", "--clerks", "3", "--lost", "1",
        "--flawed", "5", "--kills", "1", "--think", "0.1",
    ]  # fmt: skip
    status, out, err = kalata("rehearse", *options, "--json", env=env)
    assert status == 0, err
    found = json.loads(out)
    assert found["sound"] and found["fault_count"] == 0 and found["power_cuts"] == 1
    audit = found["audit"]
    assert audit["papers"]["expected"] == 1 and audit["papers"].get("published", 0) >= 1
    assert audit["acknowledged"] >= 2 * audit["papers"]["published"]
    assert not any(audit[k] for k in ("lost_updates", "illegal_passages", "broken_chains", "partial", "totals_differ"))


def test_the_first_commands_of_a_new_house_need_no_other_before_them(house):
    status, out, err = kalata("pack", "load", "ml", env=house)
    assert status == 0 and out.startswith("ml "), err
    assert kalata("user", "create", "admin-un", "--name", "A", "--role", "admin", env=house)[0] == 0


def test_a_command_on_a_database_without_its_tables_says_so_and_what_to_do(house):
    status, _out, err = kalata("ledger", "verify", env=house)
    assert status == 2 and "OPS-111" in err and "Traceback" not in err
