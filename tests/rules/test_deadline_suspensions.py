"""Time that does not run: suspensions are a set of instants, counted once, whatever the unit."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from kalata.deadlines.rules.counting import compute
from kalata.deadlines.rules.dayoff import DaysOff
from kalata.deadlines.rules.definition import BadDefinition, counting_from
from kalata.deadlines.rules.moments import BadMoment
from kalata.deadlines.rules.replay import replay
from kalata.deadlines.rules.steps import Counting, Kind, Roll, Suspension, Unit

from ..conftest import SHARED
from .plain_time import DAY, days_of, last_day, last_minute
from .test_deadline_counting import case

TZ = "Africa/Bamako"
SUNDAY = date(2027, 2, 28)
MONDAY = date(2026, 9, 7)
WORKING = Counting(n=5, unit=Unit.WORKING_DAY, skip=frozenset({5, 6}), skip_holidays=True)
many = settings(max_examples=1500)


def pause(first: date, last: date | None = None, restarts: bool = False) -> Suspension:
    return Suspension(first, last or first, restarts)


def day(month: int, number: int) -> date:
    return date(2027, month, number)


def limit(rule: Counting, trigger, *pauses: Suspension, tz: str = TZ, days_off: DaysOff | None = None):
    return compute(rule, trigger, tz=tz, pauses=pauses, days_off=days_off or DaysOff()).deadline


# --- the cases reported -----------------------------------------------------------------------
@pytest.mark.real
def test_every_reported_case_of_counting_agrees() -> None:
    found = [case(r) for r in csv.DictReader((SHARED / "reports" / "r13_deadlines.csv").open(encoding="utf-8"))]
    assert {c.id: c.differences for c in found if c.agrees is False} == {}
    assert sum(c.agrees is True for c in found) == 9


# --- at the boundary ----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("first", "last", "end"),
    [
        (day(2, 26), day(2, 27), day(3, 5)),  # ends the day before the event
        (day(2, 26), day(2, 28), day(3, 5)),  # ends on the day of the event, which is not counted
        (day(2, 26), day(3, 1), day(3, 6)),  # ends the day after: one day
        (day(3, 4), day(3, 4), day(3, 6)),  # the day before the last
        (day(3, 5), day(3, 5), day(3, 6)),  # the last day itself
        (day(3, 6), day(3, 9), day(3, 5)),  # begins the day after the last
        (day(3, 5), day(3, 9), day(3, 10)),  # begins on the last day
    ],
)
def test_a_suspension_counts_from_the_day_after_the_event_to_the_last_day(first, last, end) -> None:
    assert limit(Counting(n=5), SUNDAY, pause(first, last)).day == end


@pytest.mark.parametrize(("last", "end"), [(day(2, 27), day(3, 4)), (day(2, 28), day(3, 5)), (day(3, 1), day(3, 6))])
def test_where_the_day_of_the_event_counts_a_suspension_that_ends_on_it_costs_that_day(last, end) -> None:
    assert limit(Counting(n=5, includes_start=True), SUNDAY, pause(day(2, 20), last)).day == end


@pytest.mark.parametrize(
    ("n", "end"),
    [(5, date(2026, 9, 14)), (6, date(2026, 9, 15)), (7, date(2026, 9, 14)), (8, date(2026, 9, 15))],
)
def test_a_filter_for_limits_of_at_most_six_days_applies_to_six_and_not_to_seven(n, end) -> None:
    rule = Counting(n=n, skip=frozenset({5, 6}), skip_up_to=6)
    assert limit(rule, MONDAY).day == end


@pytest.mark.parametrize(("up_to", "filters"), [(0, False), (4, False), (5, True), (6, True), ("", True), (None, True)])
def test_skip_up_to_is_read_at_its_value_and_zero_is_a_value(up_to, filters) -> None:
    rule = counting_from({"n": 5, "skip": ["saturday", "sunday"], "skip_up_to": up_to}, "x")
    assert (limit(rule, MONDAY).day == date(2026, 9, 14)) is filters


@pytest.mark.parametrize(
    ("first", "end"),
    [
        (date(2026, 9, 11), date(2026, 9, 15)),  # a Friday: one working day
        (date(2026, 9, 12), date(2026, 9, 14)),  # a Saturday is not counted anyway
        (date(2026, 9, 13), date(2026, 9, 14)),
        (date(2026, 9, 14), date(2026, 9, 15)),  # the last day
        (date(2026, 9, 15), date(2026, 9, 14)),
    ],
)
def test_only_suspended_working_days_push_a_limit_in_working_days(first, end) -> None:
    assert limit(WORKING, MONDAY, pause(first)).day == end


def test_a_suspended_holiday_is_not_counted_twice() -> None:
    off = DaysOff({date(2026, 9, 22): "fête"})
    rule = replace(WORKING, n=12)
    assert limit(rule, MONDAY, days_off=off).day == date(2026, 9, 24)
    assert limit(rule, MONDAY, pause(date(2026, 9, 22)), days_off=off).day == date(2026, 9, 24)
    assert limit(rule, MONDAY, pause(date(2026, 9, 21), date(2026, 9, 22)), days_off=off).day == date(2026, 9, 25)


def test_the_sentence_says_how_many_units_were_suspended_not_how_far_the_limit_moved() -> None:
    found = compute(WORKING, MONDAY, tz=TZ, pauses=[pause(date(2026, 9, 11), date(2026, 9, 13))])
    said = [s.message.text("fr") for s in found.steps if s.code == "SUSPEND"]
    assert len(said) == 1 and "un jour ouvré de plus" in said[0]


@pytest.mark.parametrize(
    ("first", "last", "end"),
    [
        (day(3, 2), day(3, 2), "2027-03-04T24:00"),  # the day of the event: from 21 h to midnight, three hours
        (day(3, 1), day(3, 1), "2027-03-04T21:00"),  # ended before it
        (day(3, 4), day(3, 4), "2027-03-05T21:00"),  # the day of the limit, until 21 h and the rest of the day
        (day(3, 5), day(3, 6), "2027-03-04T21:00"),
    ],
)
def test_hours_are_suspended_by_the_instants_that_lie_inside(first, last, end) -> None:
    begun = datetime(2027, 3, 2, 21, 0, tzinfo=UTC)
    found = limit(Counting(n=48, unit=Unit.HOUR), begun, pause(first, last)).instant
    want = end.replace("T24:00", "T23:59")
    wanted = datetime.fromisoformat(want).replace(tzinfo=UTC) + timedelta(minutes=end.endswith("24:00"))
    assert found == wanted


def test_a_limit_that_ends_as_the_suspension_begins_is_not_touched() -> None:
    begun = datetime(2027, 3, 2, tzinfo=UTC)
    assert limit(Counting(n=48, unit=Unit.HOUR), begun, pause(day(3, 4))).iso() == "2027-03-04T00:00"
    assert limit(Counting(n=2881, unit=Unit.MINUTE), begun, pause(day(3, 4))).iso() == "2027-03-05T00:01"


def test_hours_across_the_change_to_summer_time_are_hours() -> None:
    paris = ZoneInfo("Europe/Paris")
    begun = datetime(2026, 3, 28, 12, 0, tzinfo=paris)
    assert limit(Counting(n=24, unit=Unit.HOUR), begun, tz="Europe/Paris").iso() == "2026-03-29T13:00"
    assert (
        limit(Counting(n=24, unit=Unit.HOUR), begun, pause(date(2026, 3, 29)), tz="Europe/Paris").iso()
        == "2026-03-30T12:00"
    )


@pytest.mark.parametrize(
    ("rule", "end"),
    [
        (Counting(kind=Kind.NTH_WEEKDAY, n=2, weekday=6), day(3, 21)),  # the suspended Sunday is not one of the two
        (Counting(kind=Kind.WEEKDAY_OF_PERIOD, n=-1, weekday=5, month=3), day(3, 27)),
        (Counting(kind=Kind.WINDOW, window=((3, 1), (3, 31))), day(3, 31)),
        (Counting(kind=Kind.ON), SUNDAY),
        (Counting(n=5, before=True), day(2, 23)),
        (Counting(n=0), SUNDAY),
    ],
)
def test_a_date_that_the_calendar_fixes_is_not_suspended_and_a_weekday_stays_one(rule, end) -> None:
    assert limit(rule, SUNDAY, pause(day(2, 20), day(3, 8))).day == end


def test_both_ends_of_a_range_are_suspended() -> None:
    rule = counting_from({"offset_min": 5, "offset_max": 9}, "x")
    found = compute(rule, SUNDAY, tz=TZ, pauses=[pause(day(3, 2), day(3, 3))])
    assert (found.opens.day, found.deadline.day) == (day(3, 7), day(3, 11))


def test_the_parts_of_a_nested_rule_are_suspended_where_they_run() -> None:
    rule = Counting(kind=Kind.NESTED, parts=(Counting(n=14), Counting(kind=Kind.NTH_WEEKDAY, n=1, weekday=1)))
    assert limit(rule, date(2022, 8, 15)).day == date(2022, 8, 30)
    assert limit(rule, date(2022, 8, 15), pause(date(2022, 8, 20))).day == date(2022, 9, 6)
    assert limit(rule, date(2022, 8, 15), pause(date(2022, 8, 30))).day == date(2022, 9, 6)
    assert limit(rule, date(2022, 8, 15), pause(date(2022, 8, 31))).day == date(2022, 8, 30)


# --- interruptions ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("pauses", "end"),
    [
        ([pause(day(3, 3), day(3, 4), True)] * 2, day(3, 9)),  # written down twice
        ([pause(day(3, 3), day(3, 5), True), pause(day(3, 4), day(3, 8), True)], day(3, 13)),  # they overlap
        ([pause(day(3, 3), day(3, 4), True), pause(day(3, 4), day(3, 6))], day(3, 11)),  # the rest is suspended
        ([pause(day(3, 5), day(3, 5), True)], day(3, 10)),  # on the last day
        ([pause(day(3, 6), day(3, 6), True)], day(3, 5)),  # the day after it
        ([pause(day(2, 20), day(2, 28), True)], day(3, 5)),  # over on the day of the event
        ([pause(day(2, 20), day(3, 1), True)], day(3, 6)),  # still running on the day after
    ],
)
def test_interruptions_are_a_set_too_and_restart_after_the_last_of_their_days(pauses, end) -> None:
    assert limit(Counting(n=5), SUNDAY, *pauses).day == end


@pytest.mark.parametrize(("last", "end"), [(day(3, 1), "2027-03-04T21:00"), (day(3, 2), "2027-03-05T00:00")])
def test_hours_interrupted_on_the_day_of_the_event_restart_at_its_end(last, end) -> None:
    begun = datetime(2027, 3, 2, 21, 0, tzinfo=UTC)
    assert limit(Counting(n=48, unit=Unit.HOUR), begun, pause(day(2, 20), last, True)).iso() == end


# --- what is refused ------------------------------------------------------------------------------
def test_a_suspension_beyond_the_calendar_is_refused() -> None:
    with pytest.raises(BadMoment) as refused:
        limit(Counting(n=5), SUNDAY, pause(day(3, 1), date(9999, 12, 31)))
    assert refused.value.code == "DL-101"


def test_a_start_that_is_neither_included_nor_excluded_is_refused() -> None:
    with pytest.raises(BadDefinition) as refused:
        counting_from({"n": 5, "start": "inclus"}, "x")
    assert refused.value.code == "DL-107"


# --- algebra ----------------------------------------------------------------------------------------
HOLIDAYS = {SUNDAY + i * DAY for i in range(-60, 400) if i % 11 == 3}
OFF = DaysOff(dict.fromkeys(HOLIDAYS, "férié"))
rules = st.builds(
    Counting,
    n=st.integers(0, 30),
    unit=st.sampled_from([Unit.DAY, Unit.WORKING_DAY, Unit.WEEK, Unit.MONTH]),
    clear=st.booleans(),
    clamp_then_clear=st.booleans(),
    includes_start=st.booleans(),
    skip=st.sampled_from([frozenset({6}), frozenset({5, 6})]),
    skip_holidays=st.booleans(),
    skip_up_to=st.sampled_from([None, 0, 6, 10]),
    distance=st.sampled_from([0, 0, 3]),
).map(lambda r: replace(r, n=r.n % 4) if r.unit is Unit.MONTH else r)
triggers = st.integers(-40, 40).map(lambda i: SUNDAY + i * DAY)
spans = st.lists(st.tuples(st.integers(-50, 70), st.integers(0, 12)), max_size=6).map(
    lambda raw: [pause(SUNDAY + a * DAY, SUNDAY + (a + b) * DAY) for a, b in raw]
)


@given(rules, triggers, spans)
@example(Counting(n=5), SUNDAY, [pause(day(2, 20), SUNDAY)])
@many
def test_the_fast_count_is_the_walk_day_by_day(rule, trigger, pauses) -> None:
    assert limit(rule, trigger, *pauses, days_off=OFF).day == last_day(rule, trigger, HOLIDAYS, pauses)


@given(st.integers(0, 6000), st.integers(0, 2879), spans, st.sampled_from([TZ, "Europe/Paris", "America/New_York"]))
@settings(max_examples=250)
def test_the_fast_count_of_minutes_is_the_walk_minute_by_minute(n, at, pauses, tz) -> None:
    trigger = datetime(2027, 2, 27, tzinfo=UTC) + timedelta(minutes=at)
    pauses = [p for p in pauses if p.last < SUNDAY + 30 * DAY]
    rule = Counting(n=n, unit=Unit.MINUTE)
    assert limit(rule, trigger, *pauses, tz=tz).instant == last_minute(n, trigger, tz, pauses)


clocks = st.integers(0, 400).map(lambda n: Counting(n=n, unit=Unit.HOUR))
any_rule = st.one_of(
    rules,
    clocks,
    st.builds(Counting, kind=st.just(Kind.NTH_WEEKDAY), n=st.integers(1, 5), weekday=st.integers(0, 6)),
)


def begun(rule: Counting, trigger: date):
    return datetime(trigger.year, trigger.month, trigger.day, 13, 7, tzinfo=UTC) if rule.by_clock else trigger


@given(any_rule, triggers, spans)
@many
def test_suspending_twice_is_suspending_once(rule, trigger, pauses) -> None:
    at = begun(rule, trigger)
    assert limit(rule, at, *pauses, *pauses, days_off=OFF) == limit(rule, at, *pauses, days_off=OFF)


@given(any_rule, triggers, spans, st.randoms(use_true_random=False))
@many
def test_the_order_in_which_suspensions_are_recorded_does_not_matter(rule, trigger, pauses, chance) -> None:
    at, other = begun(rule, trigger), list(pauses)
    chance.shuffle(other)
    assert limit(rule, at, *other, days_off=OFF) == limit(rule, at, *pauses, days_off=OFF)


@given(any_rule, triggers, spans)
@many
def test_a_union_of_suspensions_is_the_sum_of_its_days(rule, trigger, pauses) -> None:
    at = begun(rule, trigger)
    apart = [pause(d) for d in sorted(days_of(pauses))]
    assert limit(rule, at, *apart, days_off=OFF) == limit(rule, at, *pauses, days_off=OFF)


@given(rules, triggers, spans)
@many
def test_a_suspension_over_days_that_are_not_counted_changes_nothing(rule, trigger, pauses) -> None:
    rule = replace(rule, unit=Unit.WORKING_DAY, skip_up_to=None, distance=0)
    idle = [pause(d) for d in days_of(pauses) if d.weekday() in rule.skip or (rule.skip_holidays and d in HOLIDAYS)]
    assert limit(rule, trigger, *idle, days_off=OFF) == limit(rule, trigger, days_off=OFF)


@given(any_rule, triggers, spans, st.integers(-50, 70))
@many
def test_one_suspended_day_more_never_moves_a_limit_earlier(rule, trigger, pauses, extra) -> None:
    at, more = begun(rule, trigger), pause(SUNDAY + extra * DAY)
    assert limit(rule, at, *pauses, days_off=OFF).instant <= limit(rule, at, *pauses, more, days_off=OFF).instant


@given(any_rule, triggers, spans, st.lists(st.tuples(st.integers(-5, 40), st.integers(0, 6)), max_size=3))
@many
def test_replaying_a_trace_with_suspensions_and_interruptions_finds_the_same_limit(rule, trigger, pauses, raw) -> None:
    cuts = [pause(SUNDAY + a * DAY, SUNDAY + (a + b) * DAY, True) for a, b in raw]
    rule = replace(rule, roll=Roll.NEXT) if not rule.by_clock else rule
    found = compute(rule, begun(rule, trigger), tz=TZ, days_off=OFF, pauses=[*pauses, *cuts])
    assert replay(found.steps, TZ) == found.deadline


@given(clocks, triggers, spans, st.lists(st.tuples(st.integers(-5, 40), st.integers(0, 6)), max_size=3))
@many
def test_an_hour_that_is_not_known_is_replayed_through_every_interruption(rule, trigger, pauses, raw) -> None:
    cuts = [pause(SUNDAY + a * DAY, SUNDAY + (a + b) * DAY, True) for a, b in raw]
    assume(rule.n)
    found = compute(rule, trigger, tz=TZ, pauses=[*pauses, *cuts])
    assert replay(found.steps, TZ) == found.deadline
