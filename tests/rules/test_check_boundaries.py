"""The coded checks just under, at and just over each of their limits, and what excuses them."""

from fractions import Fraction

import pytest

from kalata.results.rules.boxes import LABELS, Box, Sheet
from kalata.results.rules.checks import BY_CODE, CHECKS, IDENTITIES, Thresholds, boxes_of, findings, signals, terms
from kalata.text import Message, translate

FORM = frozenset(Box)
USUAL = {Box.REGISTERED: 400, Box.VOTERS: 200, Box.BALLOTS: 200, Box.NULL_BALLOTS: 7, Box.VALID: 193}
HAS = frozenset(USUAL)
VOTES = (100, 60, 33)


def sheet(votes=VOTES, **boxes):
    return Sheet({**USUAL, **{Box(k): v for k, v in boxes.items()}}, votes)


def codes(one, form=HAS, **more):
    return [f.code for f in findings(one, form=frozenset(form), **more)]


def test_a_gap_that_the_paper_notes_is_no_E03_and_only_its_own_word_excuses_it():
    form = HAS | {Box.GAP_NOTED}
    assert codes(sheet(voters=199, gap_noted=1), form) == []
    assert codes(sheet(voters=199, gap_noted=0), form) == ["E03"]


def test_an_excused_gap_does_not_hide_the_checks_that_come_after_it():
    assert codes(sheet(voters=401, gap_noted=1), HAS | {Box.GAP_NOTED}) == ["E04"]


def test_as_many_voters_as_registered_is_no_E04_and_one_more_is():
    assert codes(sheet(registered=200)) == [] and codes(sheet(registered=199)) == ["E04"]


def test_received_papers_are_those_in_the_box_unused_and_spoiled():
    form = HAS | {Box.RECEIVED, Box.UNUSED, Box.SPOILED}
    assert codes(sheet(received=450, unused=245, spoiled=5), form) == []
    assert codes(sheet(received=450, unused=245, spoiled=4), form) == ["E05"]


def test_words_that_do_not_say_what_the_figures_say_are_E07():
    form = HAS | {Box.WORDS_AGREE}
    assert codes(sheet(words_agree=1), form) == [] and codes(sheet(words_agree=0), form) == ["E07"]


def test_a_box_the_form_does_not_have_is_not_tested_and_those_after_it_are():
    """E01 needs the valid votes: without that box in the form it is left, and E04 is still found."""
    assert codes(sheet(registered=199), HAS - {Box.VALID}) == ["E04"]


def test_a_box_that_the_file_lacks_is_not_tested_and_those_after_it_are():
    lacks = frozenset({Box.NULL_BALLOTS})
    assert codes(sheet(null_ballots=None, registered=199), HAS, lacks=lacks) == ["E04"]
    assert codes(sheet(null_ballots=8), HAS, lacks=frozenset({Box.REGISTERED})) == ["E02"]
    assert codes(sheet(null_ballots=8, registered=199), HAS, lacks=frozenset({Box.BLANK_BALLOTS})) == ["E04"]


def test_an_empty_line_of_votes_counts_for_nothing_in_the_sum():
    assert codes(sheet(votes=(100, 93, None))) == ["E06"]


def test_signatures_at_the_legal_minimum_are_enough_and_one_less_is_E12():
    least = Thresholds(signatures=3)
    assert codes(sheet(signatures=3), limits=least) == []
    found = findings(sheet(signatures=2), form=HAS, limits=least)
    assert [(f.code, dict(f.values)) for f in found] == [("E12", {"n": 2, "least": 3})]
    assert codes(sheet(), limits=least) == []


def test_a_register_that_differs_says_both_and_the_gap():
    (found,) = findings(sheet(), form=HAS, register=410)
    assert (found.code, dict(found.values)) == ("E10", {"left": 400, "right": 410, "gap": -10})
    assert codes(sheet(), register=400) == []


def test_the_most_papers_a_station_can_have_is_plausible_and_one_more_is_E06():
    limit = Thresholds(papers_per_station=400)
    assert codes(sheet(), limits=limit) == []
    (found,) = findings(sheet(registered=401), form=HAS, limits=limit)
    assert (
        found.code == "E06"
        and found.values["value"] == 401
        and str(found.values["box"]) == str(Message(LABELS[Box.REGISTERED]))
    )
    assert codes(sheet(spoiled=9_999_999), limits=limit) == []


def test_all_the_valid_votes_for_one_are_possible_and_more_are_E06_with_the_rank():
    assert codes(sheet(votes=(193, 0, 0))) == []
    found = findings(sheet(votes=(0, 194, 0)), form=HAS)
    assert [f.code for f in found] == ["E01", "E06"] and found[1].message.text("fr").startswith(
        "Case « voix n° 2 » : 194"
    )


def test_an_empty_line_of_votes_is_named_by_its_rank_from_one():
    (found,) = [f for f in findings(sheet(votes=(None, 160, 33)), form=HAS) if f.code == "E06"]
    assert found.message.text("fr") == "Vide sur le papier : voix n° 1."


def test_as_many_proxies_as_voters_is_plausible_and_one_more_is_E06():
    form = HAS | {Box.PROXIES}
    assert codes(sheet(proxies=200), form) == [] and codes(sheet(proxies=201), form) == ["E06"]
    assert codes(sheet(proxies=5, voters=None), form) == ["E06"]  # the empty box, not the proxies


@pytest.mark.parametrize(
    ("ballots", "voters", "warns"),
    [
        (1_000, 985, False),  # 15 papers are 1.5 %
        (750, 735, True),  # exactly 15 and exactly 2 %
        (750, 736, False),  # 14 papers
        (751, 736, False),  # 15 of 751 are under 2 %
        (100, 95, True),  # exactly 5 %
        (101, 96, False),  # 5 of 101
        (100, 105, True),  # the other way round
        (40, 40, False),
        (0, 30, False),  # nothing in the box: another check says so
    ],
)  # fmt: skip
def test_W01_at_two_in_a_hundred_with_fifteen_papers_or_at_five_alone(ballots, voters, warns):
    found = [f for f in signals(sheet(ballots=ballots, voters=voters)) if f.code == "W01"]
    assert bool(found) == warns
    if warns:
        assert dict(found[0].values) == {"gap": abs(ballots - voters), "base": ballots}
    assert "W01" not in [f.code for f in signals(sheet(ballots=ballots, voters=None))]


@pytest.mark.parametrize(
    ("registered", "voters", "warns"),
    [(400, 380, True), (400, 379, False), (50, 48, True), (49, 49, False), (0, 30, False)],
)
def test_W03_at_ninety_five_in_a_hundred_of_fifty_registered(registered, voters, warns):
    assert ("W03" in [f.code for f in signals(sheet(registered=registered, voters=voters))]) == warns


def test_W03_reads_the_register_only_where_the_paper_says_nothing():
    assert [f.code for f in signals(sheet(registered=None, voters=200), register=210)] == ["W03"]
    assert signals(sheet(registered=400, voters=200), register=200) == []
    assert signals(sheet(registered=400, voters=None)) == []


@pytest.mark.parametrize(
    ("valid", "votes", "warns"),
    [(100, (95, 5), True), (100, (94, 6), False), (50, (48, 2), True), (49, (49, 0), False), (100, (None, 95), True)],
)
def test_W04_at_ninety_five_in_a_hundred_of_fifty_valid(valid, votes, warns):
    found = [f for f in signals(sheet(valid=valid, votes=votes)) if f.code == "W04"]
    assert bool(found) == warns
    if warns:
        assert dict(found[0].values) == {"c": max(v for v in votes if v is not None), "s": valid}


def test_W04_without_a_line_of_votes_says_nothing():
    assert signals(sheet(valid=100, votes=(None, None))) == [] == signals(sheet(valid=None, votes=(100, 0)))


@pytest.mark.parametrize(
    ("valid", "votes", "warns"),
    [(0, (0, 0), True), (90, (45, 45), True), (90, (45, 44), False), (1, (1,), False), (90, (30, 30, None), True)],
)
def test_W06_nobody_or_everybody_alike(valid, votes, warns):
    assert ("W06" in [f.code for f in signals(sheet(valid=valid, votes=votes))]) == warns


def test_the_limits_of_the_guide_are_the_defaults():
    t = Thresholds()
    assert (t.papers_per_station, t.signatures, t.gap_papers, t.null_papers, t.turnout_registered) == (
        9_999,
        0,
        15,
        10,
        50,
    )
    assert (t.leader_valid, t.same_valid, t.same_options, t.simultaneous_papers) == (50, 30, 3, 5)
    shares = (t.gap_share, t.gap_share_alone, t.turnout_share, t.leader_share, t.rounds_share, t.simultaneous_share)
    assert shares == (
        Fraction(1, 50),
        Fraction(1, 20),
        Fraction(19, 20),
        Fraction(19, 20),
        Fraction(3, 10),
        Fraction(1, 50),
    )
    assert (t.null_iqr, t.turnout_iqr) == (Fraction(3, 2), Fraction(3))


def test_each_check_names_the_record_of_its_source():
    assert [c.basis for c in CHECKS] == [f"checks.{code}" for code in BY_CODE]


def test_the_terms_of_an_identity_are_its_coefficients():
    assert terms(BY_CODE["E02"]) == {
        "left": {"valid": 1, "null_ballots": 1, "blank_ballots": 1, "annulled_votes": 1},
        "right": {"ballots": 1},
    }
    assert terms(BY_CODE["E01"]) == {"left": {"sum": 1}, "right": {"valid": 1}}
    assert terms(BY_CODE["E07"]) == {"left": {"words_agree": 1}, "right": {"one": 1}}
    assert boxes_of(BY_CODE["E04"]) == {Box.VOTERS, Box.REGISTERED, Box.ADDITIONAL} and boxes_of(BY_CODE["E01"]) == {
        Box.VALID
    }
    assert all(boxes_of(c) >= set(c.needs) for c in IDENTITIES)


def test_findings_speak_english_too():
    assert translate(BY_CODE["E12"].says, "en") != BY_CODE["E12"].says
