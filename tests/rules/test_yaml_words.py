"""What a YAML of ours says is what is written in it: YAML 1.2 words, one value a key, for every file that is given."""

import json
import subprocess
import sys

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from kalata import plain
from kalata.country import packs
from kalata.results.tabulating import load_profile

from ..conftest import HERE, SHARED


def read(text):
    return plain.yaml_of(text, file="essai.yaml")


@pytest.mark.parametrize(
    "word",
    [
        "yes", "no", "on", "off", "y", "n", "Yes", "NO", "001", "007", "0123", "08", "00", "1_000", "18:00", "1:30:00", "0x1F", "0b11",
        "0o17", "+1", "-0", "1e5", "1.10", "1.", ".5", ".inf", ".nan", "2027-02-28", "2027-02-28T10:00:00Z", "2001-13-40", "=", "<<", "OUI",
    ],
)  # fmt: skip
def test_a_word_or_a_code_is_taken_as_written(word):
    assert read(f"a: {word}\n") == {"a": word}
    assert read(f"[{word}]") == [word]
    assert read(f"{word}: 1\n") == {word: 1}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0), ("12", 12), ("-3", -3), ("0.05", 0.05), ("5.0", 5.0), ("true", True), ("False", False), ("null", None), ("~", None), ("", None),
        ("'12'", "12"), ('"true"', "true"), ("!!str 12", "12"),
    ],
)  # fmt: skip
def test_numbers_truths_and_nothing_are_what_they_look_like(text, value):
    found = read(f"a: {text}\n")["a"]
    assert found == value and type(found) is type(value)


@pytest.mark.parametrize(
    ("text", "row", "key", "first"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "a", 1),
        ("1: x\n'1': y\n", 2, "1", 1),
        ("x:\n  - {b: 1,\n     b: 2}\n", 3, "b", 2),
        ("yes: 1\nno: 2\nyes: 3\n", 3, "yes", 1),
        ("true: 1\n'true': 2\n", 2, "true", 1),
    ],
)
def test_a_key_written_twice_is_refused_with_file_and_both_lines(text, row, key, first):
    with pytest.raises(plain.BadYaml) as refused:
        read(text)
    said = refused.value.message.text("fr")
    assert refused.value.params["row"] == row and "essai.yaml" in said
    assert f"« {key} » est écrite deux fois, déjà ligne {first}" in said
    assert "twice" in refused.value.message.text("en") and "écrite" not in refused.value.message.text("en")


@pytest.mark.parametrize(
    "text", ["? [a, b]\n: c\n", "a: !!timestamp 2027-01-01\n", "a: !!set {b, c}\n", "a: !!binary aGk=\n"]
)
def test_what_no_plain_file_needs_is_refused(text):
    with pytest.raises(plain.BadYaml):
        read(text)


plain_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(10**9), 10**9), st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=12)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text("abyesno01:-.~ é", max_size=6), inner, max_size=4)),
    max_leaves=20,
)  # fmt: skip


@given(plain_values)
def test_what_the_product_writes_it_reads_back(value):
    assert read(yaml.safe_dump(value, allow_unicode=True)) == value


@pytest.mark.parametrize("path", sorted((HERE / "profiles").glob("*.yaml")), ids=lambda p: p.stem)
def test_the_kept_profiles_mean_what_they_meant(path):
    before = yaml.safe_load(path.read_text())
    assert json.dumps(read(path.read_bytes()), default=str, sort_keys=True) == json.dumps(
        before, default=str, sort_keys=True
    )


@pytest.mark.parametrize("code", packs.shipped())
def test_the_shipped_packs_mean_what_they_meant(code):
    for path in packs.find_pack(code).glob("*.yaml"):
        before = json.dumps(yaml.safe_load(path.read_text()), default=str, sort_keys=True)
        value, problem = packs.read_yaml(path)
        assert problem is None and json.dumps(value, default=str, sort_keys=True) == before


PROFILE = """contest: {id: ref, system: {kind: referendum, yes: yes, no: no, turnout_quorum: 1/2}}
rows: wide
station: [station]
figures: {registered: inscrits, voters: votants, valid: exprimes}
options: [yes, no]
status: {column: etat, counted: [on], missing: [off]}
constituency: [code]
seats: {001: 4, 010: 2, 8: 1}
"""


def test_a_profile_with_bare_words_and_codes_is_read_as_written(tmp_path):
    path = tmp_path / "p.yaml"
    path.write_text(PROFILE)
    profile = load_profile(path)
    assert (profile.system.yes, profile.system.no) == ("yes", "no")
    assert profile.options.columns == ("yes", "no") and profile.status.counted == {"on"}
    assert profile.seats == {"001": 4, "010": 2, "8": 1}


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_profile_that_gives_a_key_twice_is_refused_in_one_language_with_its_line(tmp_path, lang):
    path = tmp_path / "p.yaml"
    path.write_text(PROFILE + "seats: {001: 5}\n")
    with pytest.raises(Exception) as refused:
        load_profile(path)
    said = refused.value.message.text(lang)
    assert "p.yaml" in said and "9" in said and ("deux fois" in said) is (lang == "fr")


@pytest.mark.real
@pytest.mark.parametrize(
    ("file", "profile", "options"),
    [
        ("r08_yesno.csv", "r08_yesno.yaml", {"Yes": 200, "No": 50}),
        ("r05c_quorum_exact.csv", "p_referendum_bare_yes.yaml", None),
    ],
)
def test_the_reported_referendums_with_bare_words_read_their_columns(file, profile, options):
    folder = SHARED / "reports"
    command = [sys.executable, "-m", "kalata", "results", "tabulate", file, "--profile", profile, "--json"]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert "True" not in run.stdout and "False" not in run.stdout
    found = json.loads(run.stdout)
    assert set(found["votes"]) == set(options or ("OUI", "NON"))
    assert options is None or found["votes"] == options


def test_a_list_of_norms_is_read_by_the_same_reader(tmp_path):
    from kalata.deadlines.commands import Unreadable, deadlines

    path = tmp_path / "n.yaml"
    path.write_text("events: {J1: 2027-02-28}\nevents: {J2: 2027-02-28}\n")
    with pytest.raises(Unreadable) as refused:
        CliRunner().invoke(deadlines, ["feasibility", str(path)], catch_exceptions=False)
    assert "deux fois" in refused.value.message.text("fr")
