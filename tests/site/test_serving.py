"""What the house says of the published files it proves itself, at the moment it says it."""

import json
from urllib.parse import unquote

import pytest

from kalata.transparency.site import builder, serving
from tests.site import a_log, extras_now

KEY = ("general", "S-001")


@pytest.fixture
def site(tmp_path, settings):
    made = a_log(tmp_path / "log", stations=4, missing=1, lists=3)
    builder.publish(tmp_path / "log", tmp_path / "site" / "c", extras_now(), sign=made.key.line, workers=1)
    settings.SITE_FOLDER = str(tmp_path / "site")
    return tmp_path / "site" / "c"


def test_a_station_s_record_is_proved_and_its_link_carries_it_whole(site):
    found = serving.published("c", KEY, "en")
    assert found is not None and found.page == "c/en/pv/S-001.html" and found.entry["station"] == "S-001"
    contest, part, station, lang, given = unquote(found.link).split("|", 4)
    data, proof = given.split("\n", 1)
    assert (contest, part, station, lang) == ("c", "general", "S-001", "en")
    assert data == (site / "pv/S-001.json").read_text() and proof == (site / "pv/S-001.tlog-proof").read_text()
    assert serving.page_of("c", KEY) == "c/pv/S-001.html"
    state = serving.state("c")
    assert state is not None and (state.size, state.root) == (found.size, found.root)


def test_a_changed_figure_a_changed_proof_and_a_forged_state_are_never_shown_as_proved(site):
    file = site / "pv/S-001.json"
    entry = json.loads(file.read_text())
    entry["votes"][0]["n"] += 1
    file.write_text(json.dumps(entry, sort_keys=True, separators=(",", ":")))
    assert serving.published("c", KEY, "fr") is None
    checkpoint = site / "log/checkpoint"
    checkpoint.write_text(checkpoint.read_text().replace("\n", "0\n", 1))
    assert serving.state("c") is None


def test_a_station_or_a_contest_that_is_not_published_has_no_proof(site, settings):
    assert serving.published("c", ("general", "S-003"), "fr") is None and serving.page_of("c", ("general", "X")) == ""
    assert serving.published("../log", KEY, "fr") is None and serving.state("autre") is None
    settings.SITE_FOLDER = ""
    assert serving.published("c", KEY, "fr") is None and serving.state("c") is None
