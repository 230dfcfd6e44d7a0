"""The reader's rules, seen through the wizard: what the command line refuses or says, it refuses or says too."""

import pytest

from kalata.results import tabulating
from kalata.results.numeric import reading
from kalata.results.queries import board
from kalata.results.rules.profile import profile_from
from kalata.tables.file_faults import OpenQuote
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


WIDE = HEAD + "Le baobab,La pirogue,La calebasse"
SEGOU = "Ségou,Ségou,SEG-001,500,300,300,10,290,"
BASE = {
    "station": ["bureau"],
    "areas": ["region", "cercle"],
    "figures": FIGURES,
    "options": ["Le baobab", "La pirogue", "La calebasse"],
}
GOOD = [KAYES + "100,60,35", SEGOU + "90,150,50"]
TOTAL = "Kayes,Kayes,TOT,900,500,500,15,485,190,210,85"


@pytest.mark.parametrize(
    ("rows", "more", "expected"),
    [
        ([*GOOD, TOTAL], {}, ["IMP-234"]),
        ([TOTAL, *GOOD], {}, ["IMP-234"]),
        ([GOOD[0], TOTAL.replace("TOT", "TOTAL").replace("85", "86")], {}, ["IMP-235"]),
        ([GOOD[0], GOOD[1].replace("SEG-001", "#REF!")], {}, ["IMP-232"]),
        ([GOOD[0].replace("400", "0.000"), GOOD[1].replace("500", "5.125")], {}, ["IMP-205"] * 2),
        ([GOOD[0].replace(",400,", ',"400,000",'), GOOD[1].replace(",500,", ',"500,000",')], {}, ["IMP-205"] * 2),
        ([GOOD[0], GOOD[1].replace("SEG-001", "KAY-001 ")], {}, ["IMP-206"]),
        ([GOOD[0].replace("KAY-001", "001"), GOOD[1].replace("SEG-001", "1")], {}, ["IMP-233"]),
        ([*GOOD, "SEGOU,Ségou,TOT,900,500,500,15,485,190,210,85"], {"totals": "skip"}, []),
    ],
)
def test_the_wizard_refuses_what_the_command_line_refuses(contest, supervisor, tmp_path, rows, more, expected):
    content = csv_of(rows, WIDE)
    profile = {**BASE, **more}
    one = bring(contest, supervisor, content, profile=profile, commit=False)
    codes = [p["code"] for p in one.report["problems"]]
    (tmp_path / "f.csv").write_bytes(content)
    try:
        found = tabulating.run(tmp_path / "f.csv", profile_from(profile))
        assert codes == [] and one.report["votes"] == found.votes(found.total)
        told = [s.kind for s in found.table.said]
    except reading.BadFile as bad:
        assert [p.code for p in bad.problems] == codes
        told = None
    assert codes == expected
    assert told is None or [s["kind"] for s in one.report["said"]] == told


def test_a_file_that_swallows_rows_is_refused_at_the_door_of_the_wizard(contest, supervisor):
    rows = [GOOD[0] + ",rien", GOOD[1] + ',"abîmée', GOOD[1].replace("SEG-001", "SEG-002") + ",rien"]
    with pytest.raises(OpenQuote) as caught:
        bring(contest, supervisor, csv_of(rows, WIDE + ",remarque"), profile=BASE)
    assert caught.value.params["row"] == 3


def test_a_profile_that_says_the_encoding_finds_its_columns_again(contest, supervisor):
    head = WIDE.replace("bureau", "УИК").replace("inscrits", "Избирателей")
    content = ("\n".join([head, *GOOD]).replace("é", "e") + "\n").encode("cp1251")
    profile = {**BASE, "station": ["УИК"], "encoding": "cp1251", "figures": {**FIGURES, "registered": "Избирателей"}}
    one = bring(contest, supervisor, content, profile=profile, commit=False)
    assert one.state == "checked" and one.report["votes"]["Le baobab"] == 190
