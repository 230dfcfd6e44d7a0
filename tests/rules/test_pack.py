"""A country pack: what is wrong is named by file, record and field; what differs is listed."""

import shutil

import pytest
import yaml

from kalata.country import packs
from kalata.country.rules.pack import differences, is_unverified, pack_from
from kalata.results.rules.systems import system_from


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(packs.PACKS / "sn", tmp_path / "sn")
    return tmp_path / "sn"


def edit(folder, section, change):
    path = folder / f"{section}.yaml"
    data = yaml.safe_load(path.read_text())
    change(data)
    path.write_text(yaml.safe_dump(data, allow_unicode=True))


def found(folder):
    return [(e.code, e.file, e.record, e.field) for e in packs.check_folder(folder)[1]]


@pytest.mark.parametrize("code", packs.shipped())
def test_every_shipped_pack_is_valid(code):
    assert packs.check_folder(packs.find_pack(code))[1] == []


@pytest.mark.parametrize("code", packs.shipped())
def test_every_system_a_pack_gives_to_the_engine_can_be_applied(code):
    for record in packs.load_pack(packs.find_pack(code)).engine_systems().values():
        assert system_from(dict(record)).kind


def test_a_fact_without_a_source_is_refused(folder):
    edit(folder, "texts", lambda d: d["records"][0].pop("source"))
    assert ("PACK-106", "texts.yaml", "SN-CONST-2001", "source") in found(folder)


def test_an_unknown_source_is_named(folder):
    edit(folder, "texts", lambda d: d["records"][0].update(source=["S-NOWHERE"]))
    assert ("PACK-105", "texts.yaml", "SN-CONST-2001", "source") in found(folder)


def test_a_degree_of_confidence_that_is_none_is_named(folder):
    edit(folder, "systems", lambda d: d["records"][0].update(confidence="sûr"))
    assert ("PACK-107", "systems.yaml", "SN-PRES", "confidence") in found(folder)


def test_a_misspelt_field_is_named(folder):
    edit(folder, "systems", lambda d: d["records"][0].update(enginne={}))
    assert ("PACK-103", "systems.yaml", "SN-PRES", "enginne") in found(folder)


@pytest.mark.parametrize(
    ("section", "where", "key"),
    [
        ("deadlines", lambda r: r, "ambassade"),
        ("deadlines", lambda r: r.setdefault("readings", [{"rule": "FRANC"}])[0], "readings[1].rulle"),
        ("deadlines", lambda r: r.setdefault("office", {"closes": "16:00"}), "office.close"),
        ("deadlines", lambda r: r.setdefault("nth_weekday", {"n": 2, "weekday": "sunday"}), "nth_weekday.wekday"),
        ("norms", lambda r: r, "centre"),
        ("counting_rules", lambda r: r, "excluded"),
        ("counting_rules", lambda r: r["count"], "count.skip_upto"),
        ("systems", lambda r: r["engine"], "engine.treshold"),
        ("checks", lambda r: r.setdefault("values", {}), "values.gap_shar"),
        ("geographies", lambda r: r["levels"][0], "levels[1].name"),
    ],
)
def test_a_key_that_nobody_reads_is_refused_at_every_depth(folder, section, where, key):
    edit(folder, section, lambda d: where(d["records"][0]).update({key.rsplit(".", 1)[-1]: None}))
    named = [e for e in found(folder) if e[0] == "PACK-103"]
    assert [(file, field) for _c, file, _r, field in named] == [(f"{section}.yaml", key)]


def test_a_key_beside_the_records_of_a_file_is_refused_too(folder):
    edit(folder, "deadlines", lambda d: d.update(default={"status": "current"}))
    assert ("PACK-103", "deadlines.yaml", "", "default") in found(folder)


def test_the_words_of_the_engine_and_of_the_warnings_are_those_that_the_results_read():
    from dataclasses import fields

    from kalata.country.rules.shapes import ENGINE, LIMITS
    from kalata.results.rules.checks import Thresholds
    from kalata.results.rules.systems import KEYS

    assert not KEYS - ENGINE.keys
    assert LIMITS.keys == {f.name for f in fields(Thresholds)}


def test_the_list_of_those_who_act_is_whole_in_the_pack_of_Mali():
    pack = packs.load_pack(packs.find_pack("ml"))
    assert pack.get("deadlines", "ML-REGISTER-REVISION")["who"].endswith("(commune, ambassade, consulat) sous MATD")
    assert "station, centre, commune, circonscription" in pack.get("norms", "ML-D-OPERATIONS")["rule"]


@pytest.mark.parametrize("wrong", ["2015-13-01", "2015-02-30", "2015-2-3", "demain"])
def test_a_date_that_no_calendar_has_is_refused(folder, wrong):
    edit(folder, "texts", lambda d: d["records"][0].update(in_force_from=wrong))
    assert ("PACK-102", "texts.yaml", "SN-CONST-2001", "in_force_from") in found(folder)


def test_words_of_a_pack_are_kept_as_written_and_a_key_twice_names_file_and_line(folder):
    path = folder / "deadlines.yaml"
    lines = path.read_text().splitlines()
    at = next(i for i, line in enumerate(lines) if line.lstrip(" -").startswith("what_fr:"))
    lines.insert(at + 1, lines[at].replace("- ", "  "))
    path.write_text("\n".join(lines))
    (problem,) = packs.check_folder(folder)[1]
    assert (problem.code, problem.file) == ("PACK-113", "deadlines.yaml")
    assert "deadlines.yaml" in problem.says.text("fr") and f"ligne {at + 2}" in problem.says.text("fr")
    assert "what_fr" in problem.says.text("fr") and "twice" in problem.says.text("en")


def test_a_record_that_stands_twice_is_named(folder):
    edit(folder, "systems", lambda d: d["records"].append(d["records"][0]))
    assert ("PACK-104", "systems.yaml", "SN-PRES", "id") in found(folder)


def test_an_end_before_its_start_is_named(folder):
    edit(folder, "geographies", lambda d: d["records"][0].update(valid_to="1990-01-01"))
    assert ("PACK-108", "geographies.yaml", "sn-2024", "valid_to") in found(folder)


def test_a_parent_that_does_not_exist_is_named(folder):
    edit(folder, "units", lambda d: d["records"][1].update(parent="SN-NULLE-PART"))
    assert [f[0] for f in found(folder)] == ["PACK-109"]


def test_a_right_that_the_house_does_not_know_is_named(folder):
    edit(folder, "roles", lambda d: d["records"][0]["rights"].append("results.change_votes"))
    assert [f[0] for f in found(folder)] == ["PACK-112"]


def test_broken_yaml_is_an_error_of_its_file_and_not_a_crash(folder):
    (folder / "texts.yaml").write_text("records: [")
    assert ("PACK-113", "texts.yaml", "", "") in found(folder)


def test_a_file_that_is_no_section_is_named(folder):
    (folder / "divers.yaml").write_text("records: []")
    assert ("PACK-114", "divers.yaml", "", "") in found(folder)


def test_a_pack_has_no_difference_with_itself():
    pack = packs.load_pack(packs.find_pack("ml"))
    assert differences(pack, pack) == []


def test_differences_name_record_field_before_and_after(folder):
    old = packs.load_pack(folder)
    edit(folder, "systems", lambda d: d["records"][0].update(term_years=7))
    (change,) = differences(old, packs.load_pack(folder))
    assert (change.kind, change.section, change.record, change.field, change.before, change.after) == (
        "changed",
        "systems",
        "SN-PRES",
        "term_years",
        "5",
        "7",
    )


def test_the_fingerprint_survives_storage_and_changes_with_any_fact(folder):
    import json

    pack = packs.load_pack(folder)
    stored = pack_from(json.loads(json.dumps(pack.plain(), default=str)))
    assert stored.fingerprint() == pack.fingerprint()
    edit(folder, "systems", lambda d: d["records"][0].update(term_years=7))
    assert packs.load_pack(folder).fingerprint() != pack.fingerprint()


def test_what_is_not_read_in_the_text_is_unverified():
    pack = packs.load_pack(packs.find_pack("ml"))
    communal = pack.get("systems", "ML-COM")
    assert is_unverified(communal) and "disagree" in communal["warning"]
    assert not is_unverified(pack.get("texts", "ML-LOI-2015-052"))


def test_the_two_geographies_of_mali_are_valid_at_once_and_tied_by_a_crosswalk():
    pack = packs.load_pack(packs.find_pack("ml"))
    assert len([u for u in pack.units("ml-2015") if u["level"] == 2 and u["kind"] in ("cercle", "commune")]) == 55
    assert len(pack.units("ml-2023")) == 20
    assert {r["from_unit"] for r in pack.records("crosswalks")} >= {"ML-SEG-SEGOU", "ML-BKO-C1"}


def test_the_published_seats_of_mali_sum_to_146_of_147():
    pack = packs.load_pack(packs.find_pack("ml"))
    assert sum(r["seats"] for r in pack.records("constituencies")) == 146


@pytest.mark.parametrize(
    ("section", "record", "change", "field"),
    [
        ("norms", "SN-D-PRES", {"about": ["weather"]}, "about"),
        ("norms", "SN-D-PRES", {"capacities": ["king"]}, "capacities"),
        ("norms", "SN-D-PRES", {"body": "moon_court"}, "body"),
        ("norms", "SN-D-PRES", {"body": None}, "body"),
        ("norms", "SN-D-PRES", {"time_limits": ["SN-NOWHERE"]}, "time_limits"),
        ("norms", "SN-D-PRES", {"contest": "galactic"}, "contest"),
        ("norms", "SN-D-PRES", {"queue": "maybe"}, "queue"),
        ("norms", "SN-D-PRES", {"curable": {"signed": "yes"}}, "curable.signed"),
        ("norms", "SN-OVERRIDE-2024", {"item": "beauty"}, "item"),
        ("norms", "SN-OVERRIDE-2024", {"standing_of": ["SN-NOWHERE"]}, "standing_of"),
        ("norms", "SN-OVERRIDE-2024", {"needs": ["stars"]}, "needs"),
        ("institutions", "SN-CC", {"bench": {"quorum": 8}}, "bench.quorum"),
        ("institutions", "SN-CC", {"bench": {"quorum": 0}}, "bench.quorum"),
        ("institutions", "SN-CC", {"bench": {"abstention": "forbidden"}}, "bench.abstention"),
        ("institutions", "SN-CC", {"decides": "a machine"}, "decides"),
    ],
)
def test_a_remedy_or_a_court_that_could_not_be_applied_is_named(folder, section, record, change, field):
    edit(folder, section, lambda d: next(r for r in d["records"] if r["id"] == record).update(change))
    assert ("PACK-115", f"{section}.yaml", record, field) in found(folder)


def test_a_court_may_need_all_its_members(folder):
    edit(folder, "institutions", lambda d: d["records"][-1].update(bench={"quorum": 7, "abstention": False}))
    assert found(folder) == []


def test_two_bodies_for_one_act_at_one_stage_are_named(folder):
    other = {"id": "SN-D-TWO", "body": "other_court", "stage": 1}
    edit(folder, "institutions", lambda d: d["records"][0].update(body="other_court"))
    remedy = next(r for r in yaml.safe_load((folder / "norms.yaml").read_text())["records"] if r["id"] == "SN-D-PRES")
    edit(folder, "norms", lambda d: d["records"].append({**remedy, **other}))
    assert {e for e in found(folder) if e[0] == "PACK-115"} == {("PACK-115", "norms.yaml", "SN-D-TWO", "body")}
    edit(folder, "norms", lambda d: d["records"][-1].update(stage=2))
    assert found(folder) == []
