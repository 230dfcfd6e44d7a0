"""Real polling-station files, through the command line and through the wizard's own steps."""

import json
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest
import yaml

from kalata.people.models import Approval
from kalata.results import tabulating
from kalata.results.models import Import
from kalata.results.numeric import reading
from kalata.results.rules.profile import options_from
from kalata.tables import files
from tests.conftest import HERE, SHARED, decide_on_screen, make_person, seen_on
from tests.services.test_foreseen import announced, shown

pytestmark = pytest.mark.real
R = SHARED / "results"
P = HERE / "profiles"

CASES = {
    "uganda-2016": (
        "uganda-2016-presidential/stations.csv.gz",
        28010,
        {"registered": 15277198, "voters": 10329131, "null_ballots": 477319, "valid": 9851812},
        {
            "yoweri_kaguta_museveni": 5971872,
            "kizza_besigye_kifefe": 3508687,
            "amama_mbabazi": 136519,
            "abed_bwanika": 89005,
            "baryamureeba_venansius": 52798,
            "maureen_faith_kyalya_waluube": 42833,
            "benon_buta_biraaro": 25600,
            "mabirizi_joseph": 24498,
        },
        "elected",
    ),
    "peru-2021-round1": (
        "peru-2021-presidential/round1_stations.csv.gz",
        76211,
        {"voters": 16031345, "valid": 12997239},
        {"perulibre": 2618100, "fp": 1731932},
        "undetermined",
    ),
    "peru-2021-round2": (
        "peru-2021-presidential/round2_stations.csv.gz",
        86262,
        {"voters": 18856636, "null_ballots": 1107809, "blank_ballots": 121478},
        {"perulibre": 8835653, "fp": 8791696},
        "elected",
    ),
    "mexico-2012": (
        "mexico-2012-presidential/stations.csv.gz",
        143132,
        {"voters": 50282086, "null_ballots": 1261348},
        {"pri_pvem": 19220407, "prd_pt_mc": 15881019, "pan": 12769479, "panal": 1149833},
        "elected",
    ),
    "russia-2011": (
        "russia-2011-duma/stations.csv.gz",
        95225,
        {"registered": 109229337},
        {
            '6. Всероссийская политическая партия "ЕДИНАЯ РОССИЯ"': 32371737,
            '4. Политическая партия "Коммунистическая партия Российской Федерации"': 12599420,
            "1. Политическая партия СПРАВЕДЛИВАЯ РОССИЯ": 8695458,
        },
        "undetermined",
    ),
    "russia-2012": (
        "russia-2012-presidential/stations.csv.gz",
        95415,
        {"registered": 109860331},
        {
            "Путин Владимир Владимирович": 45602075,
            "Зюганов Геннадий Андреевич": 12318353,
            "Прохоров Михаил Дмитриевич": 5722508,
            "Жириновский Владимир Вольфович": 4458103,
            "Миронов Сергей Михайлович": 2763935,
        },
        "elected",
    ),
    "russia-2020": (
        "russia-2020-referendum/stations.csv.gz",
        96765,
        {"registered": 107999611},
        {"ДА": 57071119, "НЕТ": 15347937},
        "adopted",
    ),
    "albania-2013": (
        "albania-2013-parliamentary/stations.csv.gz",
        5508,
        {"ballots": 1726239, "registered": 3185255},
        {"C035": 714118, "C050": 528925},
        None,
    ),
    "senegal-2024-map": ("senegal-2024-polling-map/stations.csv.gz", 15633, {"registered": 7033854}, {}, None),
    "georgia-2016-list": (
        "georgia-2016-parliamentary/party_list.csv.gz",
        3668,
        {"valid": 1753522},
        {"41 - Georgian Dream": 852576, "5 - United National Movement": 473906, "8 - Alliance of Patriots": 87573},
        "undetermined",
    ),
}


def tabulate(name, *more):
    run = subprocess.run(
        [
            sys.executable,
            "-m",
            "kalata",
            "results",
            "tabulate",
            str(R / CASES[name][0]),
            "--profile",
            str(P / f"{name}.yaml"),
            "--json",
            "--by",
            "none",
            *more,
        ],
        capture_output=True,
        text=True,
    )
    assert run.returncode in (0, 1), run.stderr
    return json.loads(run.stdout), run.returncode


@pytest.mark.parametrize("name", CASES)
def test_the_command_line_gives_the_published_totals(name):
    _path, counted, figures, votes, status = CASES[name]
    record, code = tabulate(name)
    assert record["stations"]["counted"] == counted
    assert {k: record["figures"][k] for k in figures} == figures
    assert {k: record["votes"][k] for k in votes} == votes
    if status:
        assert record["outcome"]["status"] == status
        assert code == 1 or status != "undetermined"
    if status == "undetermined":
        assert record["outcome"]["reason"]["fr"] and record["outcome"]["reason"]["en"]


def test_a_partial_file_names_what_is_missing_and_is_no_result():
    record, code = tabulate("peru-2021-round1")
    assert code == 1 and record["stations"] == {
        "expected": 86488,
        "counted": 76211,
        "annulled": 753,
        "missing": 9524,
        "absent": [],
    }
    assert record["outcome"]["on_counted"] == "runoff" and "9\u202f524" in record["outcome"]["reason"]["fr"]


def test_a_runoff_decided_by_a_quarter_of_a_percent_is_secured_when_six_stations_are_missing():
    record, _code = tabulate("peru-2021-round2")
    assert record["outcome"]["secured"] == "secured" and record["outcome"]["gap"] == 43957
    share = record["outcome"]["shares"]["perulibre"]
    assert Fraction(share["fraction"]) == Fraction(8835653, 8835653 + 8791696) and share["decimal"] == "0.501247"


def test_the_votes_that_are_known_to_be_absent_are_named():
    record, _code = tabulate("russia-2020")
    assert [(a["voters"]) for a in record["stations"]["absent"]] == [1051155, 139571] and record["outcome"][
        "secured"
    ] == "secured"


def test_leading_zeros_of_a_station_code_are_kept():
    profile = tabulating.load_profile(P / "peru-2021-round2.yaml")
    table, _p, _n = reading.read(files.opened(R / CASES["peru-2021-round2"][0]), profile)
    assert table.keys[0] == ("000001",)


def test_the_73_constituencies_of_georgia_are_those_of_the_vectors():
    path = R / "georgia-2016-parliamentary" / "majoritarian_round1.csv.gz"
    found = tabulating.run(path, tabulating.load_profile(P / "georgia-2016-round1.yaml"))
    vectors = json.loads((SHARED / "seat_vectors" / "georgia2016_two_round.json").read_text())
    assert len(vectors["districts"]) == len(found.groups) == 73
    decided = 0
    for district in vectors["districts"]:
        key = str(district["district"])
        group = next(g for g in found.groups if g.path == (key,))
        outcome = found.outcomes[key]
        assert group.valid == district["valid"]
        numbers = [o.split(" - ")[0] for o in outcome.options]
        if district["elected_round1"]:
            decided += 1
            assert outcome.status == "elected" and numbers == [district["elected_round1"]]
        else:
            assert outcome.status == "runoff" and sorted(numbers) == sorted(district["runoff"])
    assert decided == 20


def test_rerun_precincts_take_the_place_of_theirs():
    folder = R / "georgia-2016-parliamentary"
    profile = tabulating.load_profile(P / "georgia-2016-round1.yaml")
    plain = tabulating.run(folder / "majoritarian_round1.csv.gz", profile)
    rerun = tabulating.run(
        folder / "majoritarian_round1.csv.gz", profile, corrections=folder / "majoritarian_rerun.csv.gz"
    )
    assert len(rerun.table) >= len(plain.table) and rerun.total.votes != plain.total.votes


def test_the_french_list_majority_of_mali_gives_every_seat_to_the_winner():
    vectors = json.loads((SHARED / "seat_vectors" / "mali2020_two_round_lists.json").read_text())
    from kalata.results.rules.outcome import Status, Totals, decide
    from kalata.results.rules.systems import Kind, System

    system = System(Kind.LIST_TWO_ROUND_MAJORITY)
    assert (
        vectors["national"]["final_by_court"]["deputies_elected_round1"]
        + vectors["national"]["final_by_court"]["seats_left"]
        == 147
    )
    kayes = decide(system, Totals({"Benso": 6135, "autres": 3865}, 10000), seats=5)
    assert kayes.status is Status.ELECTED and kayes.seats()["Benso"] == 5
    yelimane = decide(system, Totals({"RPM-YELEMA": 5018, "autres": 4982}, 10000), seats=2)
    assert yelimane.seats()["RPM-YELEMA"] == 2


def system_of(name):
    raw = yaml.safe_load((P / f"{name}.yaml").read_text())
    system = raw["contest"].get("system", "plurality")
    return raw, (system if isinstance(system, dict) else {"kind": system})


LONG = ("mexico-2012", "peru-2021-round1", "peru-2021-round2", "russia-2011", "russia-2012", "russia-2020")
"""Half a minute each through the pages: `make nightly` reads them; the command line reads them in every run."""
WIZARD = [
    pytest.param(n, marks=pytest.mark.nightly) if n in LONG else n
    for n in (*CASES, "georgia-2016-round1", "georgia-2016-round2")
]


def header_of(path):
    return files.opened(R / path).header


def votes_in(name):
    return name not in CASES or bool(CASES[name][3])


@pytest.mark.django_db
@pytest.mark.parametrize("name", WIZARD)
def test_the_wizard_imports_the_same_totals(sign_in, pack_version, supervisor, name, settings):
    """Over HTTP, page by page: upload, mapping, dry run, commit; then the totals of the board."""
    from kalata.country import services as country
    from kalata.country.models import Contest
    from kalata.results.queries import board

    path = CASES[name][0] if name in CASES else f"georgia-2016-parliamentary/majoritarian_round{name[-1]}.csv.gz"
    raw, system = system_of(name)
    geography = country.own_geography(code=name, name=name, levels=[])
    election = country.create_election(
        code=name, name_fr=name, name_en=name, pack=pack_version, geography=geography, polling_day=None
    )
    contest = country.create_contest(
        election=election,
        code=name,
        name_fr=name,
        system=system,
        boxes=list(raw.get("figures", {})),
        round_=raw["contest"].get("round", 1),
        expected_stations=raw.get("expected"),
        absent=raw.get("absent", []),
        annulled_keeps=(raw.get("status") or {}).get("annulled_keeps", []),
    )
    client = sign_in(supervisor)
    with (R / path).open("rb") as file:
        up = client.post(f"/resultats/gerer/{name}/importer/", {"file": file})
    assert up.status_code == 302
    profile = {k: v for k, v in raw.items() if k != "contest"}
    unread = client.post(
        up.url, {"act": "map", "mode": "yaml", "create": "all", "yaml": yaml.safe_dump(profile, allow_unicode=True)}
    )
    if profile.get("options"):  # headings are no names: a person reads them before they are kept
        assert unread.status_code == 422 and 'href="#named"' in unread.content.decode()
        profile["options"] = {"labels": dict(options_from(profile["options"], "wide").resolve(header_of(path)))}
    report = client.post(
        up.url,
        {"act": "map", "mode": "yaml", "create": "all", "yaml": yaml.safe_dump(profile, allow_unicode=True)},
        follow=True,
    )
    assert "voici ce qu’il changerait" in report.content.decode()
    said = announced(Import.objects.get().report) if votes_in(name) else {}
    done = client.post(
        up.url, {"act": "commit", "reason": "fichier réel", "seen": seen_on(client, up.url)}, follow=True
    )
    if asked := Approval.objects.filter(kind="results.correction").first():  # it brings stations that are annulled
        decide_on_screen(sign_in(make_person("publication", "publication")), asked)
        sign_in(supervisor)
        done = client.get(up.url)
    assert "Le fichier est enregistré" in done.content.decode()
    found = board.board(Contest.objects.get(pk=contest.pk))
    if said:
        assert shown(found.contest) == said
    if name in CASES:
        _path, counted, figures, votes, status = CASES[name]
        if votes:
            assert found.total.counted == counted
            assert {k: found.votes[k] for k in votes} == votes
            assert {k: found.total.boxes[k] for k in figures if k in found.total.boxes} == {
                k: v for k, v in figures.items() if k in found.total.boxes
            }
            if status:
                assert found.outcome.status == status
        else:  # a register without results: stations, no report
            assert (found.total.missing, found.total.registered_missing) == (counted, figures["registered"])
    else:
        direct = tabulating.run(R / path, tabulating.load_profile(Path(P / f"{name}.yaml")))
        assert found.votes == direct.votes(direct.total)
        assert {k: (o.status, set(o.options)) for k, o in found.outcomes.items()} == {
            k: (o.status, set(o.options)) for k, o in direct.outcomes.items()
        }
    assert client.get(f"/resultats/{name}/").status_code == 200
