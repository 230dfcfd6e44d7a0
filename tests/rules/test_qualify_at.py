"""A second round that a share of registered electors, or of valid votes, opens beside the first ranks."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from kalata.results.rules.bounds import Missing, Secured, What
from kalata.results.rules.boxes import Box
from kalata.results.rules.outcome import Outcome, Status, Totals, decide
from kalata.results.rules.profile import profile_from
from kalata.results.rules.prospects import Doubt, Prospect, among_first
from kalata.results.rules.systems import BadSystem, Kind, QualifyAt, System, read_boxes, system_from
from kalata.results.rules.verdicts import Order

OF_REGISTERED = System(Kind.TWO_ROUND_MAJORITY, qualify_at=QualifyAt(Fraction(1, 8), "registered"))
OF_VALID = System(Kind.TWO_ROUND_MAJORITY, qualify_at=QualifyAt(Fraction(1, 8), "valid"))


def first_round(system: System, registered: int | None, *votes: int, **more: Any) -> Outcome:
    counts = dict(zip("ABCDE", votes, strict=False))
    return decide(system, Totals(counts, sum(votes), sum(votes), registered), **more)


def test_who_reaches_the_share_exactly_qualifies_beside_the_two_first() -> None:
    assert first_round(OF_REGISTERED, 8000, 1600, 1500, 1000, 400).options == ("A", "B", "C")


def test_one_vote_less_than_the_share_does_not_qualify() -> None:
    assert first_round(OF_REGISTERED, 8000, 1600, 1500, 999, 400).options == ("A", "B")
    assert first_round(OF_REGISTERED, 8001, 1600, 1500, 1000, 400).options == ("A", "B")


def test_the_two_first_qualify_in_any_case() -> None:
    assert first_round(OF_REGISTERED, 100_000, 1600, 1500, 1000).options == ("A", "B")
    assert first_round(OF_REGISTERED, 10_000, 1600, 1000, 1000, 900, 900).status is Status.TIE


def test_a_tie_for_the_last_place_is_no_tie_if_all_who_are_tied_reach_the_share() -> None:
    found = first_round(OF_REGISTERED, 8000, 1600, 1000, 1000, 400)
    assert (found.status, found.options) == (Status.RUNOFF, ("A", "B", "C"))
    tie = first_round(OF_REGISTERED, 8001, 1600, 1000, 1000, 400)
    assert (tie.status, tie.tied, tie.places) == (Status.TIE, ("B", "C"), 1)
    broken = first_round(OF_REGISTERED, 8001, 1600, 1000, 1000, 400, orders=[Order(("C", "B"))])
    assert broken.options == ("A", "C")


def test_the_share_may_be_of_the_valid_votes() -> None:
    assert first_round(OF_VALID, None, 400, 350, 125, 125).options == ("A", "B", "C", "D")
    assert first_round(OF_VALID, None, 401, 350, 125, 125).options == ("A", "B")


def test_registered_electors_that_the_reports_do_not_give_leave_it_undetermined() -> None:
    found = first_round(OF_REGISTERED, None, 1600, 1500, 1000)
    assert found.status is Status.UNDETERMINED and found.secured is Secured.UNKNOWN
    assert first_round(OF_REGISTERED, None, 1600, 500, 100).status is Status.ELECTED


def test_valid_votes_that_the_votes_do_not_make_are_said_where_the_share_depends_on_them() -> None:
    system = replace(OF_VALID, base="voters", majority=Fraction(1, 2))
    found = decide(system, Totals({"A": 400, "B": 350, "C": 125}, 1000, 1000))
    assert (found.status, found.options) == (Status.RUNOFF, ("A", "B", "C"))
    parted = decide(system, Totals({"A": 400, "B": 350, "C": 110}, 1000, 1000))
    assert parted.status is Status.UNDETERMINED


def test_nothing_is_proved_of_places_that_a_share_opens_while_something_is_missing() -> None:
    one = Missing(stations=1, voters=1, registered=1, sure=None)
    plain = first_round(replace(OF_REGISTERED, qualify_at=None), 8000, 1600, 1500, 900, missing=one)
    assert plain.status is Status.RUNOFF
    found = first_round(OF_REGISTERED, 8000, 1600, 1500, 900, missing=one)
    assert found.status is Status.UNDETERMINED and found.on_counted is Status.RUNOFF
    assert [(c.what, c.tight) for c in found.open] == [(What.UNKNOWN, False)]
    assert found.gap is None
    assert first_round(OF_REGISTERED, 8000, 1600, 500, 100, missing=one).status is Status.ELECTED


def test_nobody_is_excluded_by_rank_where_a_share_opens_the_door() -> None:
    votes = {"A": 900, "B": 800, "C": 100}
    assert among_first("C", 2, votes, Doubt(0)) is Prospect.EXCLUDED
    assert among_first("C", 2, votes, Doubt(0), by_share=True) is Prospect.POSSIBLE
    assert among_first("A", 2, votes, Doubt(0), by_share=True) is Prospect.SECURED


def test_the_rule_is_read_from_a_profile_and_told() -> None:
    given = {"kind": "two_round_majority", "qualify_at": {"share": "12.5%", "base": "registered"}}
    profile = profile_from({"contest": {"id": "x", "system": given}, "station": ["s"], "options": ["a"]})
    assert profile.system is not None and profile.system.qualify_at == OF_REGISTERED.qualify_at
    assert profile.system.rule_text() == "two_round_majority: > 1/2 of valid, else top 2 and >= 1/8 of registered"
    assert "12,5\u202f% des inscrits" in profile.system.rule_words().text("fr")
    assert "12.5% of the registered voters" in profile.system.rule_words().text("en")
    assert read_boxes(profile.system) == (Box.REGISTERED,)
    assert read_boxes(replace(OF_VALID, base="voters")) == (Box.VOTERS,)


@pytest.mark.parametrize(
    "bad",
    [
        "12.5%",
        {"share": "12.5%"},
        {"base": "valid"},
        {"share": "0", "base": "valid"},
        {"share": "130%", "base": "valid"},
        {"share": "1/8", "base": "voters"},
        {"share": "1/8", "base": "valid", "strict": True},
    ],
)
def test_a_share_that_is_not_whole_is_refused(bad: Any) -> None:
    with pytest.raises(BadSystem):
        system_from({"kind": "two_round_majority", "qualify_at": bad})


def test_a_share_for_a_rule_without_a_second_round_is_refused() -> None:
    for kind in ("plurality", "referendum", "dhondt"):
        with pytest.raises(BadSystem):
            system_from({"kind": kind, "qualify_at": {"share": "1/8", "base": "valid"}})
