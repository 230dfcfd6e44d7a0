"""An election of a file is the one that `tabulate` reads and adds up; the real files of the house, whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from kalata.disputes.elections import of_file
from kalata.results import tabulating
from tests.conftest import HERE, SHARED

R, P = SHARED / "results", HERE / "profiles"
FILES = {
    "uganda-2016": "uganda-2016-presidential/stations.csv.gz",
    "peru-2021-round2": "peru-2021-presidential/round2_stations.csv.gz",
    "georgia-2016-round1": "georgia-2016-parliamentary/majoritarian_round1.csv.gz",
    "georgia-2016-list": "georgia-2016-parliamentary/party_list.csv.gz",
    "russia-2020": "russia-2020-referendum/stations.csv.gz",
}


def place(name: str) -> Path:
    found = sorted((R / FILES[name].split("/")[0]).glob("*"))
    path = R / FILES[name]
    if not path.exists():
        pytest.skip(f"NOT CHECKED: {path} is not there ({[p.name for p in found]})")
    return path


@pytest.mark.real
@pytest.mark.parametrize("name", FILES)
def test_a_file_gives_the_court_what_it_gives_tabulate(name: str) -> None:
    profile = tabulating.load_profile(P / f"{name}.yaml")
    told = tabulating.run(place(name), profile, levels=("none",)).record()
    mine = of_file(place(name), profile, {}).record()
    stations = {k: told["stations"][k] for k in ("counted", "annulled", "missing")}
    assert mine["stations"] == stations
    assert mine["votes"] == told["votes"]
    assert {k: mine["figures"][k] for k in told["figures"]} == told["figures"]
    assert mine["outcome"] == told["outcome"]
    assert mine["constituencies"] == told.get("constituencies", [])
