"""Serving a paper: once, with its proof; the clock it starts is that party's alone, every reading beside the others."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kalata.deadlines.rules.moments import Deadline, Verdict, parse_deadline
from kalata.deadlines.rules.steps import Unit
from kalata.disputes.rules import service as rules
from kalata.disputes.rules.service import Addressee, Attempt, Mode, Outcome, Paper, Term

NOW = datetime(2027, 3, 9, 10, 0, tzinfo=UTC)
FILED = NOW - timedelta(days=1)
PAPER = Paper("Requête", FILED)
TZ = "Africa/Bamako"
PACK = {
    "HOURS_FROM_INSTANT": {"kind": "offset", "unit": "hour", "direction": "after"},
    "CALENDAR_EXCL_START": {"kind": "offset", "unit": "day", "direction": "after", "start": "excluded", "counting": "non_franc", "roll": "none", "cutoff": "24:00"},
    "FRANC": {"kind": "offset", "unit": "day", "direction": "after", "start": "excluded", "counting": "franc", "roll": "none", "cutoff": "24:00"},
}  # fmt: skip


def tried(mode=Mode.HAND, outcome=Outcome.SERVED, proof="ab" * 32, at=NOW - timedelta(hours=2)):
    return Attempt(mode, at, outcome, proof)


def serve(paper=PAPER, attempt=None, **how):
    return rules.serve(paper, "Candidature n° 2", attempt or tried(), now=NOW, **how)


def readings(term, at=NOW):
    return rules.party_readings(at, term, rules=PACK, tz=TZ)


def test_a_paper_handed_over_with_its_proof_is_served_at_the_instant_of_the_proof():
    assert serve() == NOW - timedelta(hours=2)


def test_one_paper_is_served_once_to_a_party():
    for _again in range(3):
        with pytest.raises(rules.ServedAlready) as refused:
            serve(Paper("Requête", FILED, served_at=NOW - timedelta(hours=3)))
    assert refused.value.code == "DIS-201"


@pytest.mark.parametrize("mode", [m for m in Mode if m is not Mode.PORTAL])
def test_without_proof_nothing_is_served_in_any_mode_of_paper(mode):
    with pytest.raises(rules.NoProof) as refused:
        serve(attempt=tried(mode, proof=""))
    assert refused.value.code == "DIS-202"


def test_in_the_portal_the_party_s_own_word_is_the_proof():
    assert serve(attempt=tried(Mode.PORTAL, proof="")) is not None


@pytest.mark.parametrize("outcome", [o for o in Outcome if o is not Outcome.SERVED])
def test_an_attempt_that_fails_serves_nothing(outcome):
    assert serve(attempt=tried(outcome=outcome, proof="")) is None


@pytest.mark.parametrize(
    ("at", "held"),
    [
        (FILED, True),
        (FILED - timedelta(seconds=1), False),
        (NOW, True),
        (NOW + timedelta(seconds=1), False),
    ],
)
def test_an_instant_lies_between_the_paper_and_now(at, held):
    if held:
        assert serve(attempt=tried(at=at)) == at
    else:
        with pytest.raises(rules.OutOfOrder):
            serve(attempt=tried(at=at))


@pytest.mark.parametrize(
    ("mode", "held"),
    [(Mode.HAND, False), (Mode.MAIL, False), (Mode.PORTAL, False), (Mode.BAILIFF, True), (Mode.POSTING, True)],
)
def test_a_party_that_no_longer_exists_is_reached_by_posting_or_bailiff_alone(mode, held):
    if held:
        assert serve(attempt=tried(mode), gone_since="2025-05-13")
    else:
        with pytest.raises(rules.PartyGone) as refused:
            serve(attempt=tried(mode), gone_since="2025-05-13")
        assert refused.value.code == "DIS-204"


# --- the clock it starts ------------------------------------------------------------------------
def test_hours_run_from_this_party_s_own_service_to_the_minute():
    [one] = readings(Term("2027-31", 24))
    assert one.limit.iso() == "2027-03-10T10:00"
    assert one.default


def test_days_are_read_as_calendar_days_and_as_clear_days_side_by_side():
    one, two = readings(Term("2027-31", 3, Unit.DAY))
    assert (one.rule, one.limit.iso(), one.default) == ("CALENDAR_EXCL_START", "2027-03-12T24:00", True)
    assert (two.rule, two.limit.iso(), two.default) == ("FRANC", "2027-03-13T24:00", False)


def test_a_limit_that_the_order_writes_is_one_reading():
    [one] = readings(Term("2027-31", until="2027-03-09T19:00"))
    assert (one.rule, one.limit.iso()) == ("ORDER", "2027-03-09T19:00")


@pytest.mark.parametrize(
    "term",
    [Term("", 24), Term(" ", 24), Term("x"), Term("x", 24, until="2027-03-09"), Term("x", 2, Unit.WEEK)],
)
def test_a_term_names_its_order_and_one_length(term):
    with pytest.raises(rules.NoTerm):
        readings(term)


def test_two_parties_served_at_two_instants_have_two_limits():
    early, late = readings(Term("o", 24))[0], readings(Term("o", 24), NOW + timedelta(hours=5))[0]
    assert late.limit.instant - early.limit.instant == timedelta(hours=5)


@pytest.mark.parametrize(
    ("filed", "verdict"),
    [
        (datetime(2027, 3, 12, 23, 59, tzinfo=UTC), Verdict.IN_TIME),
        (datetime(2027, 3, 13, 0, 0, tzinfo=UTC), Verdict.UNDETERMINED),
        (datetime(2027, 3, 13, 23, 59, tzinfo=UTC), Verdict.UNDETERMINED),
        (datetime(2027, 3, 14, 0, 0, tzinfo=UTC), Verdict.LATE),
    ],
)
def test_late_is_late_under_every_reading_else_a_person_decides(filed, verdict):
    assert rules.judged(readings(Term("o", 3, Unit.DAY)), filed) is verdict


def test_an_override_decides_and_the_computed_readings_stay_to_be_seen():
    moved = rules.overridden(readings(Term("o", 3, Unit.DAY)), parse_deadline("2027-03-15T12:00", TZ))
    assert [r.rule for r in moved] == ["OVERRIDE", "CALENDAR_EXCL_START", "FRANC"]
    assert rules.governing(moved).iso() == "2027-03-15T12:00"
    assert rules.judged(moved, datetime(2027, 3, 15, 12, 0, tzinfo=UTC)) is Verdict.IN_TIME
    assert rules.judged(moved, datetime(2027, 3, 15, 12, 1, tzinfo=UTC)) is Verdict.LATE


@pytest.mark.parametrize(
    ("left", "told"),
    [
        (timedelta(hours=48, minutes=1), None),
        (timedelta(hours=48), 48),
        (timedelta(hours=24, minutes=1), 48),
        (timedelta(hours=24), 24),
        (timedelta(hours=4), 4),
        (timedelta(hours=1, minutes=1), 4),
        (timedelta(hours=1), 1),
        (timedelta(minutes=0), 1),
        (timedelta(minutes=-1), None),
    ],
)
def test_alerts_at_48_24_4_and_1_hour(left, told):
    limit = parse_deadline("2027-03-12T18:00", TZ)
    assert rules.alert(limit, limit.instant - left) == told


def test_an_unserved_party_blocks_and_is_named_with_what_was_tried():
    found = rules.blockers(
        "Requête", [Addressee(1, "A", served_at=NOW), Addressee(2, "B"), Addressee(3, "C", attempts=2)]
    )
    said = [m.text("fr") for m in found]
    assert len(said) == 2
    assert "B" in said[0]
    assert "2 tentatives" in said[1]


def test_a_waiver_by_an_act_stands_in_for_service():
    assert rules.blockers("Requête", [Addressee(1, "A", waived="ordonnance 2027-32")]) == []


@given(
    n=st.integers(1, 120),
    unit=st.sampled_from([Unit.HOUR, Unit.DAY]),
    at=st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),
)
def test_a_clock_never_ends_before_it_starts_and_later_service_never_shortens_it(n, unit, at):
    first, after = readings(Term("o", n, unit), at), readings(Term("o", n, unit), at + timedelta(hours=7))
    for a, b in zip(first, after, strict=True):
        assert isinstance(a.limit, Deadline)
        assert a.limit.instant > at - timedelta(minutes=1)
        assert b.limit.instant >= a.limit.instant
