"""The wizard and the command line say the same of the same file: the same refusal, or the same rows with the same codes."""

import pytest
import yaml

from kalata.country import services as country
from kalata.refusals import Refused
from kalata.results import tabulating
from kalata.results.numeric import reading
from kalata.results.numeric.reading import BadFile
from kalata.results.services import importing
from kalata.tables import files
from tests.conftest import SHARED

pytestmark = pytest.mark.django_db
REPORTS = SHARED / "reports"
OWN = {"IMP-210", "IMP-211", "IMP-212", "IMP-213", "IMP-214", "IMP-215", "IMP-216", "IMP-241"}
"""What only a register, a list of options or a person's confirmation can refuse."""
BASE = {
    "rows": "wide",
    "station": ["station"],
    "areas": ["commune"],
    "figures": {"registered": "inscrits", "voters": "votants", "null_ballots": "nuls", "valid": "exprimes"},
    "options": ["A", "B"],
}
HEAD = "commune,station,inscrits,votants,nuls,exprimes,A,B"
GOOD = "Kati,001,400,210,10,200,120,80"
SMALL = {
    "as it should be": f"{HEAD}\n{GOOD}\n",
    "a negative": f"{HEAD}\n{GOOD}\nKati,002,-4,210,10,200,120,80\n",
    "a letter for a figure": f"{HEAD}\n{GOOD}\nKati,002,4O0,210,10,200,120,80\n",
    "the same station twice": f"{HEAD}\n{GOOD}\n{GOOD}\n",
    "a station without a code": f"{HEAD}\n{GOOD}\nKati,,400,210,10,200,120,80\n",
    "a zero-width sign in a code": f"{HEAD}\nKati,0\u200b1,400,210,10,200,120,80\n",
    "a row too short": f"{HEAD}\n{GOOD}\nKati,002,400\n",
    "a quotation mark never closed": f'{HEAD}\n"Kati,001,400,210,10,200,120,80\nKati,002,400,210,10,200,120,80\n',
    "two columns of one name": f"{HEAD},A\n{GOOD},4\n",
    "a column that is not there": f"{HEAD.replace('nuls', 'blancs')}\n{GOOD}\n",
    "nothing but a header": f"{HEAD}\n",
    "an absurd number": f"{HEAD}\nKati,001,400,210,10,200,120,80000000\n",
    "a total row": f"{HEAD}\nKati,001,400,210,10,200,120,80\nKati,002,380,190,5,185,60,125\nKati,TOTAL,780,400,15,385,180,205\n",
    "spaces and capitals": f"{HEAD}\nKati,A01,400,210,10,200,120,80\nKati ,A01 ,400,210,10,200,120,80\n",
}  # fmt: skip
PAIRS = [
    ("r01_total_row.csv", "p_base.yaml"), ("r01b_subtotals.csv", "p_base_two_keys.yaml"), ("r01c_equal_rows.csv", "p_base.yaml"),
    ("r02b_quote_to_end.csv", "p_base.yaml"), ("r03_spaces.csv", "p_base.yaml"), ("r04_three_decimals.csv", "p_base.yaml"),
    ("r08_yesno.csv", "p_yes_not_in_file.yaml"), ("r10_long_conflict.csv", "p_long.yaml"), ("r10b_long_first_blank.csv", "p_long.yaml"),
    ("r11_long_blank_rows.csv", "p_long.yaml"), ("r12_title_rows.xlsx", "p_base.yaml"), ("r12b_notes_first.xlsx", "p_base.yaml"),
    ("r12c_dates.xlsx", "p_base.yaml"), ("r12d_formula.xlsx", "p_base.yaml"), ("r12e_zero_format.xlsx", "p_base.yaml"),
    ("r12f_merged.xlsx", "p_base.yaml"), ("r12g_hidden.xlsx", "p_base.yaml"), ("r14_import_two_spellings.csv", "p_import_long.yaml"),
    ("r19_fr_burvot.csv", "p_burvot.yaml"), ("r19e_sep_line.csv", "p_base.yaml"), ("r19h_nul.csv", "p_base.yaml"),
]  # fmt: skip


@pytest.fixture
def bare(contest):
    country.set_options(contest=contest, options=[])
    contest.boxes = []
    contest.save()
    return contest


def told(refused: Refused) -> set:
    if isinstance(refused, BadFile):
        return {(p.code, p.row) for p in refused.problems if p.code not in OWN}
    return {refused.code}


def command_line(path, profile) -> set:
    try:
        reading.read(files.opened(path, encoding=profile.encoding), profile)
    except Refused as refused:
        return told(refused)
    return set()


def wizard(contest, by, path, raw) -> set:
    try:
        one = importing.upload(contest=contest, name=path.name, content=iter([path.read_bytes()]), by=by)
        importing.set_mapping(one=one, profile=raw, create="all", by=by)
        plan = importing.prepare(one)
    except Refused as refused:
        return told(refused)
    return {(p.code, p.row) for p in plan.problems if p.code not in OWN}


@pytest.mark.parametrize("name", SMALL)
def test_a_small_file_is_refused_alike(bare, supervisor, tmp_path, name):
    path = tmp_path / "f.csv"
    path.write_text(SMALL[name], encoding="utf-8")
    profile = tmp_path / "p.yaml"
    profile.write_text(yaml.safe_dump({"contest": {"id": "x", "system": "plurality"}, **BASE}, allow_unicode=True))
    said = command_line(path, tabulating.load_profile(profile))
    assert wizard(bare, supervisor, path, BASE) == said
    if name == "as it should be":
        assert said == set()


@pytest.mark.real
@pytest.mark.parametrize(("file", "profile"), PAIRS)
def test_a_file_of_the_reports_is_refused_alike(bare, supervisor, file, profile):
    path = REPORTS / file
    parsed = tabulating.load_profile(REPORTS / profile)
    raw = {k: v for k, v in yaml.safe_load((REPORTS / profile).read_text()).items() if k != "contest"}
    assert wizard(bare, supervisor, path, raw) == command_line(path, parsed)
