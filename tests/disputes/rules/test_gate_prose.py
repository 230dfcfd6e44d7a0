"""Numbers typed in the reasons: what contradicts the acts closes the gate, what is quoted or of something else does not."""

import pytest

from kalata.disputes.rules.effect import recompute
from kalata.disputes.rules.gate import examine
from kalata.disputes.rules.gate_prose import Prose, number_of
from kalata.disputes.rules.remedies import norms_from
from kalata.disputes.rules.written import election_from
from tests.disputes.rules.drafts import clean, contest, station

RAW = contest([station(n, (90 + 7 * n, 80 + 3 * n, 20 + n)) for n in range(24)])
ACTS = [
    {"id": "1", "act": "ANNUL_STATION", "stations": [["S01"], ["S02"], ["S04"]], "ground": "g1"},
    {"id": "2", "act": "ANNUL_STATION", "stations": [["S07"], ["S10"]], "ground": "g2"},
]
DONE = recompute(election_from(RAW), {"acts": ACTS})


def read(text):
    one = Prose({"texts": {"facts": text}}, DONE)
    return [(m.code, m.printed, m.computed) for m in one.all()], one.maybe


@pytest.mark.parametrize(
    ("words", "value"),
    [("sept", 7), ("vingt et un", 21), ("soixante-dix-sept", 77), ("quatre-vingts", 80), ("quatre-vingt-dix-sept", 97),
     ("cent deux", 102), ("deux cents", 200), ("cinq cent trente-six", 536), ("neuf cent vingt-sept", 927), ("mille", 1000),
     ("deux mille vingt", 2020), ("1 943", 1943), ("88\u202f490", 88490), ("une", 1), ("chose", None)],
)  # fmt: skip
def test_numbers_are_read_in_digits_and_in_words(words, value):
    assert number_of(words) == value


@pytest.mark.parametrize(
    "text",
    ["les 6 bureaux annulés", "sept bureaux de vote sont annulés", "il y a lieu d’annuler neuf bureaux",
     "l’annulation de 536 bureaux de vote", "annule les opérations ; 927 bureaux ont été annulés"],
)  # fmt: skip
def test_a_number_of_annulled_stations_that_the_acts_do_not_give_closes_the_gate(text):
    found, _maybe = read(text)
    assert [(code, computed) for code, _printed, computed in found] == [("DIS-603", 5)]


@pytest.mark.parametrize(
    "text",
    ["les 5 bureaux annulés", "les cinq bureaux sont annulés", "trois bureaux annulés au titre du moyen g1", "deux bureaux annulés",
     "le requérant soutient que « 927 bureaux sont annulés »", "12 bureaux ont ouvert en retard", "bureau 44 annulé",
     "loi n° 2022-019, article 5 bureaux", "décision 2020-04/CC-EL"],
)  # fmt: skip
def test_figures_of_the_acts_quotations_and_other_numbers_do_not(text):
    assert read(text) == ([], [])


def test_votes_annulled_and_valid_votes_are_compared_too():
    valid, annulled = DONE.after.total.valid, DONE.annulled_votes
    assert read(f"{annulled} suffrages annulés, {valid} suffrages exprimés")[0] == []
    found, _maybe = read(f"{annulled + 1} suffrages exprimés annulés et {valid + 1} suffrages exprimés")
    assert [(c, p, k) for c, p, k in found] == [("DIS-603", annulled + 1, annulled), ("DIS-604", valid + 1, valid)]


def test_votes_and_shares_that_are_no_figure_are_said_and_refuse_nothing():
    votes = DONE.after.total.votes
    assert read(f"{votes[0]} voix contre {votes[1]}, soit un écart de {votes[0] - votes[1]} voix")[1] == []
    found, maybe = read("1 920 voix (9,48 %)")
    assert found == [] and len(maybe) == 2


def test_the_gate_says_it_of_the_section_and_stays_open_when_the_figure_is_right():
    draft = clean(RAW, ACTS)
    norms = norms_from({}, "UTC")
    good = examine(election_from(RAW), draft | {"texts": {"facts": "cinq bureaux annulés"}}, norms)
    bad = examine(election_from(RAW), draft | {"texts": {"facts": "six bureaux annulés"}}, norms)
    assert good.holds("counts") and not bad.holds("counts")
    assert bad.of("counts")[0].where == {"field": "annulled_stations", "section": "facts"}


@pytest.mark.parametrize("hostile", [{"texts": 3}, {"texts": {"a": 3}}, {"outcomes": 3}, {"outcomes": [3, {"reasons": 3}, {"reasons": {"g": 3}}]}])  # fmt: skip
def test_what_cannot_be_read_is_not_a_fault_of_this_check(hostile):
    assert Prose(hostile, DONE).all() == []
