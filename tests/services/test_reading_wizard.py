"""The reader's rules, seen through the wizard: what the command line refuses or says, it refuses or says too."""

import pytest

from kalata.results import board
from tests.conftest import bring, csv_of

pytestmark = pytest.mark.django_db
HEAD = "region,cercle,bureau,inscrits,votants,bulletins,nuls,exprimes,"
KAYES = "Kayes,Kayes,KAY-001,400,200,200,5,195,"
FIGURES = {
    "registered": "inscrits",
    "voters": "votants",
    "ballots": "bulletins",
    "null_ballots": "nuls",
    "valid": "exprimes",
}


def test_two_columns_of_one_option_are_added_up_and_said(contest, supervisor):
    content = csv_of([KAYES + "90,10,60,35"], HEAD + "Le baobab,LE BAOBAB,La pirogue,La calebasse")
    profile = {
        "station": ["bureau"],
        "areas": ["region", "cercle"],
        "figures": FIGURES,
        "options": ["Le baobab", "LE BAOBAB", "La pirogue", "La calebasse"],
    }
    one = bring(contest, supervisor, content, profile=profile)
    assert one.state == "committed" and one.report["votes"]["Le baobab"] == 100
    assert [s["kind"] for s in one.report["said"]] == ["added"] and "LE BAOBAB" in one.report["said"][0]["fr"]
    assert board.board(contest).votes["Le baobab"] == 100
