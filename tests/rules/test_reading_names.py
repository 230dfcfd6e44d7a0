"""Writings that are one name, options that are one option, rows that speak of one station: folded, added up, said."""

import unicodedata

import numpy as np
import pytest

from kalata.results.numeric import agreement, options
from kalata.results.numeric.table import Table
from kalata.results.rules.boxes import ABSENT
from kalata.tables.rules import folding
from tests.rules.reading import BASE, HEAD, LONG, LONG_HEAD, ROWS, problems, run, votes

NBSP, NARROW = "\u00a0", "\u202f"


@pytest.mark.parametrize(
    "other",
    ["Kati ", " Kati", "KATI", "kati", f"Kati{NBSP}", "\uff2b\uff41\uff54\uff49", "Kati\u2003", "Kati\t"],
)
def test_spaces_case_and_width_make_no_second_name(other):
    kept, told = folding.together(["Kati", other])
    assert kept[other] == "Kati" and [(f.name, f.others) for f in told] == [("Kati", (other,))]


@pytest.mark.parametrize(
    "pair",
    [
        ("Étoile", unicodedata.normalize("NFD", "Étoile")),
        ("Étoile", "ETOILE"),
        ("Le  baobab", "Le baobab"),
        (f"Le{NARROW}baobab", "Le baobab"),
        ("N’Diaye", "N'DIAYE"),
        ("Saint-Louis", "SAINT LOUIS"),
    ],
)
def test_accents_composed_apart_or_left_out_make_no_second_name(pair):
    assert folding.same(pair[0]) == folding.same(pair[1])


@pytest.mark.parametrize("pair", [("Liste 1", "Liste 2"), ("A", "B"), ("Kati", "Kita"), ("Liste 1", "Liste 11")])
def test_two_names_stay_two(pair):
    kept, told = folding.together(pair)
    assert len(set(kept.values())) == 2 and not told


def test_a_name_written_once_is_kept_tidy_and_what_was_folded_is_said_with_its_spaces_seen():
    kept, told = folding.together([f"Kati{NBSP}", "Kati"])
    assert set(kept.values()) == {"Kati"}
    said = folding.folded_said(folding.AREA, told[0]).message
    assert said.text("fr") == "Zone « Kati » : aussi écrit « Kati⍽ », lu comme un seul nom."
    assert said.text("en") == "Area “Kati”: also written « Kati⍽ », read as one name."


def test_labels_are_matched_by_code_name_or_other_name_and_never_when_two_answer():
    known = {"1": ("Le baobab", "Baobab"), "2": ("La pirogue",), "3": ("LA PIROGUÉ",)}
    assert folding.matched(["LE BAOBAB", "baobab ", "1", "2", "la pirogue", "autre"], known) == [
        "1",
        "1",
        "1",
        "2",
        None,
        None,
    ]


def test_a_heading_is_found_as_written_then_with_its_spaces_folded_then_without_its_case():
    header = ["Inscrits ", "Nombre  de\nvotants", "A", "a", "Nuls"]
    assert folding.place_of("Inscrits", header) == 0 and folding.place_of("Nombre de votants", header) == 1
    assert (folding.place_of("A", header), folding.place_of("a", header), folding.place_of("NULS", header)) == (2, 3, 4)
    assert folding.place_of("á", header) is None  # two answer: neither is chosen
    assert folding.place_of("Blancs", header) is None


def table(labels, votes):
    n = len(votes)
    zeros = np.zeros(n, np.int64)
    return Table(
        [(str(i),) for i in range(n)],
        [()],
        zeros,
        (),
        np.empty((n, 0), np.int64),
        list(labels),
        np.array(votes, np.int64),
        zeros.astype(np.int8),
        np.arange(2, n + 2),
    )


def test_one_option_of_two_columns_has_the_votes_of_both_and_it_is_said():
    found = table(["Baobab", "BAOBAB", "Étoile"], [[120, ABSENT, 80], [1, 110, 90], [ABSENT, ABSENT, 0]])
    said = options.renamed(found, ["Baobab", "Baobab", "Étoile"])
    assert found.options == ["Baobab", "Étoile"]
    assert found.votes.tolist() == [[120, 80], [111, 90], [ABSENT, 0]]
    assert [s.kind for s in said] == ["added"] and "« BAOBAB »" in said[0].message.text("fr")
    assert "dans 1 bureau à la fois" in said[0].message.text("fr") and found.said == said


def test_options_renamed_one_to_one_are_only_renamed():
    found = table(["a", "b"], [[1, 2]])
    assert options.renamed(found, ["B", "A"]) == [] and found.options == ["B", "A"] and found.votes.tolist() == [[1, 2]]


def test_the_figure_of_a_station_is_its_first_that_is_not_empty_and_disagreements_are_named():
    values = np.array([ABSENT, 400, 410, 300, ABSENT, 300], np.int64)
    station = np.array([0, 0, 0, 1, 1, 1], np.int64)
    kept, clash = agreement.first_filled(values, station, 3)
    assert kept.tolist() == [400, 300, ABSENT] and clash == [(2, 1)]


def test_zero_is_a_figure_and_disagrees_with_another():
    kept, clash = agreement.first_filled(np.array([0, 5]), np.array([0, 0]), 1)
    assert kept.tolist() == [0] and clash == [(1, 0)]


def test_words_of_a_station_agree_or_are_named():
    kept, clash = agreement.first_said(["", "Kati", "Kita", "Kati"], [0, 0, 0, 1], "")
    assert kept == ["Kati", "Kati"] and clash == [(2, 1)]


def test_two_candidates_that_an_accent_alone_tells_apart_are_not_made_one(tmp_path):
    head, two = HEAD.replace(",A,B", ",Doré,Dore"), BASE | {"options": ["Doré", "Dore"]}
    assert problems(tmp_path, [head, *ROWS], two) == [("IMP-223", 2, "Dore")]
    apart = [
        head,
        "Kati,001,400,210,10,200,200,",
        "Kati,002,380,190,5,185,,185",
    ]  # never both in one station: two writings
    assert votes(run(tmp_path, apart, two).table) == {"Doré": 385}
    said = BASE | {"options": {"labels": {"Doré": "Doré", "Dore": "Doré"}}}
    assert votes(run(tmp_path, [head, *ROWS], said).table) == {"Doré": 605}
    named = BASE | {"options": {"labels": {"Doré": "A. Doré", "Dore": "B. Dore"}}}
    assert votes(run(tmp_path, [head, *ROWS], named).table) == {"A. Doré": 280, "B. Dore": 325}
    case = HEAD.replace(",A,B", ",Liste,LISTE ")
    assert votes(run(tmp_path, [case, *ROWS], BASE | {"options": ["Liste", "LISTE"]}).table) == {"Liste": 605}


def test_rows_of_two_names_that_an_accent_alone_tells_apart_are_not_made_one(tmp_path):
    rows = ["Kati,001,400,200,0,Doré,120", "Kati,001,400,200,0,Dore,80"]
    assert problems(tmp_path, [LONG_HEAD, *rows], LONG) == [("IMP-223", 2, "candidat")]
