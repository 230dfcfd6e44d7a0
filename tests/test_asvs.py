"""The pages of the OWASP ASVS name every requirement of levels 1 and 2 once, and only tests that exist."""

import ast
import csv
import importlib.util
import itertools
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
spec = importlib.util.spec_from_file_location("asvs", ROOT / "tools" / "asvs.py")
asvs = importlib.util.module_from_spec(spec)
spec.loader.exec_module(asvs)
ROWS = asvs.rows()

# Counted in the tables of OWASP ASVS 5.0.0: how many requirements of level 1 and of level 2 each section holds.
SECTIONS = {
    "V1": "1:0+2 2:5+4 3:2+9 4:0+3 5:1+1",
    "V2": "1:1+2 2:2+1 3:1+3 4:0+1",
    "V3": "2:2+0 3:1+3 4:2+4 5:3+2 7:0+2",
    "V4": "1:1+2 2:0+1 3:0+2 4:1+3",
    "V5": "1:0+1 2:2+1 3:2+0 4:0+3",
    "V6": "1:1+2 2:8+4 3:2+2 4:2+2 5:0+5 6:0+3 8:0+4",
    "V7": "1:0+3 2:4+0 3:0+2 4:2+3 5:0+2 6:0+2",
    "V8": "1:1+1 2:2+1 3:1+0 4:0+1",
    "V9": "1:3+0 2:1+3",
    "V10": "1:0+2 2:0+2 3:0+4 4:5+6 5:0+5 6:0+2 7:0+3",
    "V11": "1:0+2 2:0+3 3:2+1 4:1+3 5:0+1 6:0+1",
    "V12": "1:1+2 2:2+0 3:0+4",
    "V13": "1:0+1 2:0+5 3:0+2 4:1+4",
    "V14": "1:0+2 2:1+3 3:1+2",
    "V15": "1:1+2 2:1+2 3:1+6",
    "V16": "1:0+1 2:0+5 3:0+4 4:0+3 5:0+3",
    "V17": "1:0+1 2:0+4 3:0+2",
}
TOTAL = {"1": 70, "2": 183}


def parts(row):
    return tuple(int(p) for p in row["id"].removeprefix("V").split("."))


@cache
def names_in(path):
    """Tests of a file: functions, and methods of classes, by their own name."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name.startswith("test_")}


def test_every_requirement_of_the_two_levels_is_there_once():
    assert Counter(r["level"] for r in ROWS) == TOTAL
    assert [r["id"] for r in ROWS if Counter(x["id"] for x in ROWS)[r["id"]] > 1] == []
    for chapter, wanted in SECTIONS.items():
        met = {}
        for row in ROWS:
            if asvs.chapter(row) == chapter:
                met.setdefault(parts(row)[1], Counter())[row["level"]] += 1
        assert " ".join(f"{s}:{n['1']}+{n['2']}" for s, n in sorted(met.items())) == wanted, chapter


def test_requirements_stand_in_the_order_of_the_standard_without_a_gap():
    assert [r["id"] for r in ROWS] == [r["id"] for r in sorted(ROWS, key=parts)]
    for before, after in itertools.pairwise(ROWS):
        (c, s, n), (c2, s2, n2) = parts(before), parts(after)
        assert n2 == (n + 1 if (c, s) == (c2, s2) else 1), after["id"]


@pytest.mark.parametrize("row", ROWS, ids=lambda r: r["id"])
def test_a_line_says_its_state_and_proves_what_it_claims(row):
    assert row["state"] in asvs.STATES and row["level"] in ("1", "2")
    assert all(row[c].strip() for c in ("asks_en", "asks_fr", "how_en", "how_fr"))
    assert len(row["asks_en"].split()) <= 15 and "'" not in row["asks_fr"] + row["how_fr"]
    if row["state"] == "met":
        assert row["test"], "met is said only where something fails when it breaks"
    if row["state"] == "not met":
        assert len(row["how_en"]) > 20 and len(row["how_fr"]) > 20
    for name in row["test"].split():
        path, _sep, test = name.partition("::")
        if path == "check":
            assert asvs.CHECKS[test] in (ROOT / "Makefile").read_text()
        else:
            assert test in names_in(path), name
    for path in row["where"].split():
        assert (ROOT / path).is_file(), path


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_pages_are_those_of_the_data(lang):
    assert (ROOT / "docs" / lang / "asvs.md").read_text(encoding="utf-8") == asvs.page(lang), "run python tools/asvs.py"


def test_the_data_is_plain_csv_with_the_named_columns():
    with asvs.DATA.open(encoding="utf-8", newline="") as file:
        assert tuple(next(csv.reader(file))) == asvs.COLUMNS
    assert all(None not in r and None not in r.values() for r in ROWS)
