"""How the law counts time: each rule of the guide, its dated cases, and its algebra."""

from __future__ import annotations

import csv
import os
import re
import time as clocks
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kalata.country import packs
from kalata.deadlines.commands import counting_rules
from kalata.deadlines.holidays import NoCalendar, days_off_of
from kalata.deadlines.rules.cases import BadCase, NoRule, computed_case
from kalata.deadlines.rules.counting import NoWorkingWeek, add_months, compute, count, nth_weekday, weekday_of_month
from kalata.deadlines.rules.dayoff import NO_DAYS_OFF, DaysOff, Feast
from kalata.deadlines.rules.definition import BadDefinition, NoLength, counting_from
from kalata.deadlines.rules.derogations import Derogates, Derogation, NoBasis, WrongWay
from kalata.deadlines.rules.moments import (
    BadMoment,
    Deadline,
    Edge,
    Verdict,
    aware,
    judge,
    parse_deadline,
    parse_moment,
)
from kalata.deadlines.rules.offices import Office, office_from
from kalata.deadlines.rules.replay import replay
from kalata.deadlines.rules.steps import Counting, Kind, Roll, Suspension, Unit
from kalata.text import duration

from ..conftest import SHARED

TZ = "Africa/Bamako"
UTC = UTC
DAY = timedelta(1)
many = settings(max_examples=600, deadline=None)
days = st.dates(date(1990, 1, 1), date(2090, 12, 31))
lengths = st.integers(0, 120)


def limit(rule: Counting, trigger, **extra):
    return compute(rule, trigger, tz=TZ, **extra).deadline


def rules_of(pack: str = "ml"):
    return counting_rules(packs.find_pack(pack))


def rows(*parts: str):
    path = SHARED.joinpath(*parts)
    return list(csv.DictReader(path.open(encoding="utf-8"))) if path.exists() else []


def case(row):
    return computed_case(row, rules=rules_of(), tz=TZ, days_off_of=days_off_of)


# --- the shipped cases --------------------------------------------------------------------
@pytest.mark.real
def test_all_31_dated_vectors_agree() -> None:
    found = {r["id"]: case(r) for r in rows("mali_law", "deadline_test_vectors.csv")}
    assert len(found) == 31
    assert {k: c.differences for k, c in found.items() if not c.agrees} == {}


@pytest.mark.real
def test_all_27_cases_agree() -> None:
    found = {r["id"]: case(r) for r in rows("deadline_cases.csv")}
    assert len(found) == 27
    assert {k: c.differences for k, c in found.items() if not c.agrees} == {}


@pytest.mark.real
def test_a_wrong_expectation_is_said_to_disagree() -> None:
    for row in [*rows("mali_law", "deadline_test_vectors.csv"), *rows("deadline_cases.csv")]:
        wrong = {**row, "expected": re.sub(r"(\d{4})-", lambda m: f"{int(m[1]) + 1}-", row["expected"], count=1)}
        assert case(wrong).agrees is False, row["id"]


@pytest.mark.real
def test_DC22_shows_both_readings_with_the_consequence_of_each() -> None:
    row = next(r for r in rows("deadline_cases.csv") if r["id"] == "DC22")
    found = case(row).data()
    assert [(r["counting"], r["deadline"], r["filed"]) for r in found["readings"]] == [
        ("non_franc", "2018-08-03T24:00", "late"),
        ("franc", "2018-08-04T24:00", "in_time"),
    ]
    assert "Autre lecture possible" in found["explanation"]["fr"]
    assert "Other possible reading" in found["explanation"]["en"]


@pytest.mark.real
@pytest.mark.parametrize("missing", ["authority", "document", "reason"])
def test_DC19_a_derogation_without_authority_document_or_reason_is_refused(missing) -> None:
    import json

    row = dict(next(r for r in rows("deadline_cases.csv") if r["id"] == "DC19"))
    spec = json.loads(row["parameters"])
    assert case(row).override["computed"] == "2024-06-07T18:00"
    spec["override"][missing] = ""
    with pytest.raises(NoBasis) as refused:
        case({**row, "parameters": json.dumps(spec)})
    assert refused.value.params["field"] == missing


@pytest.mark.real
def test_DC24_a_conflict_with_the_press_is_shown_as_to_be_verified() -> None:
    row = next(r for r in rows("deadline_cases.csv") if r["id"] == "DC24")
    assert any("vérifier" in w.text("fr") for w in case(row).warnings)


@pytest.mark.real
def test_DC25_an_end_on_a_sunday_without_roll_clause_is_kept_with_a_warning() -> None:
    row = next(r for r in rows("deadline_cases.csv") if r["id"] == "DC25")
    found = case(row)
    assert found.readings[0].reading.deadline.iso() == "2026-04-19T24:00"
    assert any("ne prévoit pas de report" in w.text("fr") for w in found.warnings)


# --- primitives ---------------------------------------------------------------------------
def test_five_days_from_the_vote_of_29_July_2018_end_on_3_August_at_24_00() -> None:
    assert limit(Counting(n=5), date(2018, 7, 29)).iso() == "2018-08-03T24:00"


def test_48_hours_run_to_the_minute() -> None:
    found = limit(Counting(n=48, unit=Unit.HOUR), datetime(2013, 11, 27, 22, 0, tzinfo=UTC))
    assert found.iso() == "2013-11-29T22:00"


def test_clear_days_in_Cote_d_Ivoire_end_on_4_January_2026() -> None:
    assert limit(Counting(n=5, clear=True), date(2025, 12, 29)).iso() == "2026-01-04T24:00"


def test_three_clear_days_before_the_poll_end_four_days_before() -> None:
    assert limit(Counting(n=3, clear=True, before=True), date(2026, 9, 27)).iso() == "2026-09-23T24:00"


def test_the_clear_day_after_or_before_the_clamp_is_a_declared_setting() -> None:
    two = Counting(n=2, unit=Unit.MONTH, clear=True)
    assert limit(two, date(2024, 12, 31)).day == date(2025, 3, 1)
    assert limit(replace(two, clamp_then_clear=False), date(2024, 12, 30)).day == date(2025, 2, 28)
    assert limit(two, date(2024, 12, 30)).day == date(2025, 3, 1)


def test_short_limits_in_Kenya_do_not_count_Sundays_and_holidays() -> None:
    short = counting_from({**rules_of("ke")["SHORT_PERIOD_EXCLUDES_HOLIDAYS"], "n": 3}, "x")
    long = counting_from({**rules_of("ke")["SHORT_PERIOD_EXCLUDES_HOLIDAYS"], "n": 7}, "x")
    off = DaysOff({date(2022, 8, 15): "fête"})
    assert limit(short, date(2022, 8, 12), days_off=off).day == date(2022, 8, 17)  # Sat, (Sun), (Mon), Tue, Wed
    assert limit(long, date(2022, 8, 12), days_off=off).day == date(2022, 8, 19)


def test_the_start_may_be_counted_where_the_text_says_so() -> None:
    assert limit(Counting(n=5, includes_start=True), date(2027, 3, 1)).day == date(2027, 3, 5)


def test_a_window_crosses_the_year_and_includes_both_days() -> None:
    rule = counting_from({"kind": "window", "window": ["12-20", "01-10"]}, "x")
    found = compute(rule, date(2026, 1, 1), tz=TZ)
    assert (found.opens.iso(), found.deadline.iso()) == ("2026-12-20T00:00", "2027-01-10T24:00")


def test_a_range_is_an_interval_of_lawful_days() -> None:
    rule = counting_from({"offset_min": 21, "offset_max": 40, "direction": "before"}, "x")
    found = compute(rule, date(2027, 4, 10), tz=TZ)
    assert (found.opens.day, found.deadline.day) == (date(2027, 3, 1), date(2027, 3, 20))


def test_the_last_Saturday_of_October_2025_is_the_25th() -> None:
    assert weekday_of_month(2025, 10, 5, -1) == date(2025, 10, 25)


def test_a_suspension_pushes_the_limit_by_the_days_it_covers() -> None:
    pause = Suspension(date(2027, 3, 3), date(2027, 3, 4))
    assert limit(Counting(n=5), date(2027, 2, 28), pauses=[pause]).day == date(2027, 3, 7)


def test_a_suspension_outside_the_running_limit_changes_nothing() -> None:
    pause = Suspension(date(2027, 3, 20), date(2027, 3, 24))
    assert limit(Counting(n=5), date(2027, 2, 28), pauses=[pause]).day == date(2027, 3, 5)


def test_an_interruption_restarts_the_count_from_zero() -> None:
    cut = Suspension(date(2027, 3, 3), date(2027, 3, 4), restarts=True)
    assert limit(Counting(n=5), date(2027, 2, 28), pauses=[cut]).day == date(2027, 3, 9)


def test_hours_are_suspended_by_the_hours_of_the_days_suspended() -> None:
    pause = Suspension(date(2027, 3, 3), date(2027, 3, 3))
    begun = datetime(2027, 3, 2, 21, 0, tzinfo=UTC)
    assert limit(Counting(n=48, unit=Unit.HOUR), begun, pauses=[pause]).iso() == "2027-03-05T21:00"


def test_a_far_place_has_more_days_where_the_law_gives_them() -> None:
    assert limit(Counting(n=5, distance=10), date(2027, 2, 28)).day == date(2027, 3, 15)


def test_an_hour_that_is_not_known_counts_from_the_end_of_the_day_and_says_so() -> None:
    found = compute(Counting(n=48, unit=Unit.HOUR), date(2027, 3, 5), tz=TZ)
    assert found.deadline.iso() == "2027-03-07T24:00"
    assert "HOUR_UNKNOWN" in [s.code for s in found.steps]


def test_working_days_must_say_which_days_do_not_count() -> None:
    with pytest.raises(NoWorkingWeek):
        limit(Counting(n=3, unit=Unit.WORKING_DAY), date(2027, 3, 1))
    ouvres = counting_from({"n": 3, "unit": "working days", "skip": ["saturday", "sunday", "holiday"]}, "x")
    ouvrables = counting_from({"n": 3, "unit": "working days", "skip": ["sunday", "holiday"]}, "x")
    friday = date(2027, 3, 5)
    assert (limit(ouvres, friday).day, limit(ouvrables, friday).day) == (date(2027, 3, 10), date(2027, 3, 9))


# --- moments ------------------------------------------------------------------------------
def test_the_end_of_a_day_is_the_next_midnight_and_excludes_it() -> None:
    end = Deadline(date(2018, 8, 3), Edge.END, None, TZ)
    just = datetime(2018, 8, 3, 23, 59, 59, 999999, tzinfo=UTC)
    assert judge(just, end, end).verdict is Verdict.IN_TIME
    assert judge(datetime(2018, 8, 4, tzinfo=UTC), end, end).verdict is Verdict.LATE


def test_a_limit_at_18_00_includes_its_minute_and_no_more() -> None:
    six = parse_deadline("2022-06-23T18:00", TZ)
    assert judge(datetime(2022, 6, 23, 18, 0, 59, tzinfo=UTC), six, six).verdict is Verdict.IN_TIME
    assert judge(datetime(2022, 6, 23, 18, 1, tzinfo=UTC), six, six).verdict is Verdict.LATE


def test_a_day_without_hour_on_the_day_of_an_hour_is_undetermined() -> None:
    six = parse_deadline("2022-06-23T18:00", TZ)
    assert judge(date(2022, 6, 23), six, six).verdict is Verdict.UNDETERMINED


def test_between_the_earliest_and_the_latest_a_person_decides() -> None:
    a, b = parse_deadline("2027-03-05T24:00", TZ), parse_deadline("2027-03-08T24:00", TZ)
    assert judge(datetime(2027, 3, 7, tzinfo=UTC), a, b).verdict is Verdict.UNDETERMINED
    assert judge(datetime(2027, 3, 9, tzinfo=UTC), a, b).verdict is Verdict.LATE


def test_the_2018_petition_had_1_h_25_left_not_2_h_25() -> None:
    end = limit(Counting(n=48, unit=Unit.HOUR), datetime(2018, 8, 2, 21, tzinfo=UTC))
    found = judge(datetime(2018, 8, 4, 19, 35, tzinfo=UTC), end, end)
    assert found.verdict is Verdict.IN_TIME
    assert duration(found.margin) == "1\u00a0h\u00a025"


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(BadMoment):
        aware(datetime(2027, 3, 1, 10))


@pytest.mark.parametrize("text", ["2027-02-30", "demain", "", "2027-13-01T10:00"])
def test_an_unreadable_date_is_refused_with_its_record_and_field(text) -> None:
    with pytest.raises(BadMoment) as refused:
        parse_moment(text, TZ, record="R1", field="event")
    assert (refused.value.params["record"], refused.value.params["field"]) == ("R1", "event")


@given(days, st.sampled_from(["END", "DAY", "START", "MINUTE"]), st.times())
@many
def test_what_a_limit_prints_reads_back_the_same(day, edge, at) -> None:
    minute = at.replace(second=0, microsecond=0, tzinfo=None)
    made = Deadline(day, Edge[edge], minute if edge == "MINUTE" else None, TZ)
    if edge == "MINUTE" and (minute.hour, minute.minute) == (0, 0):
        return  # a limit at the first minute of a day reads as the start of that day
    assert parse_deadline(made.iso(), TZ) == made


# --- definitions --------------------------------------------------------------------------
@pytest.mark.parametrize(
    "spec, field",
    [
        ({"n": 5, "unit": "fortnight"}, "unit"),
        ({"n": "five"}, "n"),
        ({"n": -1}, "n"),
        ({"kind": "lunar", "n": 1}, "kind"),
        ({"kind": "nth_weekday", "n": 1, "weekday": "someday"}, "weekday"),
        ({"kind": "nth_weekday", "n": 0, "weekday": "sunday"}, "n"),
        ({"n": 5, "cutoff": "25:00"}, "cutoff"),
        ({"n": 5, "roll": "sometimes"}, "roll"),
        ({"n": 5, "counting": "maybe"}, "counting"),
        ({"kind": "window", "window": ["10-01"]}, "window"),
        ({"kind": "window", "window": ["13-01", "12-31"]}, "window"),
        ({"offset_min": 40, "offset_max": 21}, "offset_max"),
        ({"n": 5, "skip": ["funday"]}, "skip"),
        ({"kind": "nested", "parts": "14d"}, "parts"),
    ],
)
def test_a_value_that_cannot_be_read_names_its_record_and_field(spec, field) -> None:
    with pytest.raises(BadDefinition) as refused:
        counting_from(spec, "N-1")
    assert (refused.value.params["record"], refused.value.params["field"]) == ("N-1", field)


@pytest.mark.parametrize(
    "spec, day",
    [
        ({"n": 5, "end": "franc"}, date(2027, 3, 6)),
        ({"n": 3, "unit": "working days", "working": "mon-fri"}, date(2027, 3, 3)),
        ({"n": 6, "unit": "working days", "working": "mon-sat"}, date(2027, 3, 6)),
        ({"n": 6, "unit": "working days", "weekend": ["saturday", "sunday"]}, date(2027, 3, 8)),
        ({"kind": "nth_weekday", "n": 1, "weekday": "tuesday", "after": 14}, date(2027, 3, 16)),
        ({"kind": "nth_weekday", "n": 1, "weekday": "tuesday", "after": {"n": 2, "unit": "weeks"}}, date(2027, 3, 16)),
        ({"kind": "weekday_of_period", "n": "-1", "weekday": "saturday", "month": 10}, date(2027, 10, 30)),
    ],
)
def test_the_same_rule_may_be_said_in_other_words(spec, day) -> None:
    assert limit(counting_from(spec, "x"), date(2027, 2, 28)).day == day


def test_a_window_may_be_said_from_and_to() -> None:
    found = compute(counting_from({"kind": "window", "from": "10-01", "to": "12-31"}, "x"), date(2026, 5, 1), tz=TZ)
    assert (found.opens.day, found.deadline.day) == (date(2026, 10, 1), date(2026, 12, 31))


def test_a_length_that_is_not_known_is_a_gap_never_a_default() -> None:
    with pytest.raises(NoLength):
        counting_from({"offset": None}, "N-1")


def test_an_unknown_rule_or_an_empty_case_is_refused() -> None:
    with pytest.raises(NoRule):
        case({"id": "A", "event_instant": "2027-01-01", "rule": "NO_SUCH", "n": "1", "unit": "days"})
    with pytest.raises(BadCase):
        case({"id": "A"})
    with pytest.raises(BadCase):
        case({"id": "A", "event": "2027-01-01", "parameters": "{broken"})


def test_an_unknown_country_has_no_holidays_to_guess() -> None:
    with pytest.raises(NoCalendar):
        days_off_of("XX", 2026, 2027)


# --- holidays -----------------------------------------------------------------------------
def test_a_feast_seen_by_the_moon_is_an_interval_around_its_estimate() -> None:
    found = days_off_of("ML", 2026, 2026)
    tabaski = next(f for f in found.feasts if "Tabaski" in f.name)
    assert (tabaski.first, tabaski.last) == (date(2026, 5, 26), date(2026, 5, 29))
    assert date(2026, 9, 22) in found.sure


def test_a_roll_on_an_estimated_feast_gives_an_earliest_and_a_latest() -> None:
    off = days_off_of("ML", 2026, 2026)
    rule = Counting(n=5, roll=Roll.NEXT)
    found = compute(rule, date(2026, 5, 22), tz=TZ, days_off=off)  # ends Wednesday 27 May, Tabaski estimated
    assert (found.earliest.day, found.latest.day) == (date(2026, 5, 27), date(2026, 5, 28))
    assert any(s.code == "ESTIMATED_HOLIDAY" for s in found.steps)


def test_a_decree_on_the_day_of_a_feast_replaces_the_estimate() -> None:
    off = days_off_of("ML", 2026, 2026)
    name = next(f.name for f in off.feasts if "Tabaski" in f.name)
    fixed = off.decreed(name, date(2026, 5, 27))
    found = compute(Counting(n=5, roll=Roll.NEXT), date(2026, 5, 22), tz=TZ, days_off=fixed)
    assert found.sure and found.deadline.day == date(2026, 5, 28)


def test_a_trigger_on_an_estimated_feast_changes_nothing() -> None:
    off = days_off_of("ML", 2026, 2026)
    assert limit(Counting(n=1, clear=True), date(2026, 9, 1), days_off=off).iso() == "2026-09-03T24:00"


# --- derogations --------------------------------------------------------------------------
def derogation(kind=Derogates.EXTEND, value="2024-11-30T24:00", **extra):
    base = {"authority": "ministre", "document": "message 12", "reason": "affluence", "rank": 2}
    return Derogation("N", None, kind, decided=date(2024, 10, 30), value=parse_deadline(value, TZ), **{**base, **extra})


def test_a_derogation_keeps_the_computed_date_in_its_sentence() -> None:
    said = derogation().sentence(parse_deadline("2024-10-31T24:00", TZ)).text("fr")
    assert "30 novembre 2024" in said and "au lieu du jeudi 31 octobre 2024" in said


def test_a_lower_act_and_a_late_act_are_said_aloud() -> None:
    late = replace(derogation(), decided=date(2024, 11, 2))
    assert len(late.warnings(4, parse_deadline("2024-10-31T24:00", TZ))) == 2


def test_an_extension_that_shortens_is_refused() -> None:
    with pytest.raises(WrongWay):
        derogation(value="2024-10-01T24:00").check(parse_deadline("2024-10-31T24:00", TZ))


# --- algebra ------------------------------------------------------------------------------
countings = st.builds(
    Counting,
    n=lengths,
    unit=st.sampled_from([Unit.DAY, Unit.WEEK, Unit.MONTH]),
    clear=st.booleans(),
    before=st.booleans(),
    roll=st.sampled_from(list(Roll)),
    skip=st.sampled_from([frozenset(), frozenset({6}), frozenset({5, 6})]),
    skip_holidays=st.booleans(),
)
SOME_OFF = DaysOff(
    {date(y, 9, 22): "fête" for y in range(1985, 2105)} | {date(y, 1, 1): "an" for y in range(1985, 2105)}
)


@given(countings, days, st.integers(0, 60))
@many
def test_a_later_trigger_never_gives_an_earlier_limit(rule, day, later) -> None:
    assert limit(rule, day, days_off=SOME_OFF).day <= limit(rule, day + later * DAY, days_off=SOME_OFF).day


@given(days, lengths, st.booleans())
@many
def test_clear_is_one_day_more_than_not_clear(day, n, before) -> None:
    plain, clear = (limit(Counting(n=n, clear=c, before=before), day).day for c in (False, True))
    assert clear - plain == (-DAY if before else DAY)


@given(countings, days)
@many
def test_a_roll_ends_on_a_working_day_never_goes_the_other_way_and_is_idempotent(rule, day) -> None:
    still = limit(replace(rule, roll=Roll.NONE), day, days_off=SOME_OFF).day
    rolled = limit(replace(rule, roll=Roll.NEXT), day, days_off=SOME_OFF).day
    assert rolled >= still and SOME_OFF.is_working(rolled)
    again = Counting(kind=Kind.OFFSET, n=0, roll=Roll.NEXT)
    assert limit(again, rolled, days_off=SOME_OFF).day == rolled


@given(days, lengths)
@many
def test_counting_forward_then_backward_returns(day, n) -> None:
    forward = limit(Counting(n=n), day).day
    assert limit(Counting(n=n, before=True), forward).day == day


@given(days, st.integers(1, 40), st.sets(st.integers(0, 6), max_size=3), st.booleans())
@many
def test_a_count_of_working_days_never_ends_on_a_day_that_does_not_count(day, n, skip, before) -> None:
    rule = Counting(n=n, skip=frozenset(skip), skip_holidays=True, before=before)
    end = limit(rule, day, days_off=SOME_OFF).day
    assert end.weekday() not in skip and not SOME_OFF.is_holiday(end)
    step = -DAY if before else DAY
    counted, at = 0, day
    while at != end:
        at += step
        counted += at.weekday() not in skip and not SOME_OFF.is_holiday(at)
    assert counted == n


@given(days, st.integers(-40, 40))
@many
def test_months_keep_the_day_or_clamp_it(day, n) -> None:
    found = add_months(day, n)
    assert found.day <= day.day and (found.day == day.day or (found + DAY).day == 1)
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == n


@given(days, st.integers(1, 12), st.integers(0, 6), st.booleans())
@many
def test_the_nth_weekday_is_that_weekday_at_its_distance(day, n, weekday, before) -> None:
    found = nth_weekday(day, n, weekday, before)
    assert found.weekday() == weekday
    assert 7 * (n - 1) + 1 <= abs((found - day).days) <= 7 * n


@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2060, 1, 1)),
    st.integers(0, 400),
    st.sampled_from(["Africa/Bamako", "Europe/Paris", "America/New_York", "Asia/Kolkata"]),
)
@many
def test_hours_are_an_exact_difference_in_every_zone(moment, n, tz) -> None:
    begun = moment.replace(second=0, microsecond=0, tzinfo=UTC)
    found = compute(Counting(n=n, unit=Unit.HOUR), begun, tz=tz).deadline
    assert found.instant - begun == timedelta(hours=n)


def test_the_time_zone_of_the_machine_changes_nothing(monkeypatch) -> None:
    begun = datetime(2027, 3, 27, 22, 30, tzinfo=ZoneInfo(TZ))
    before = limit(Counting(n=48, unit=Unit.HOUR), begun)
    monkeypatch.setitem(os.environ, "TZ", "America/New_York")
    clocks.tzset()
    try:
        assert limit(Counting(n=48, unit=Unit.HOUR), begun) == before
    finally:
        monkeypatch.delenv("TZ")
        clocks.tzset()


@given(days, st.integers(0, 60), st.integers(1, 4), st.integers(0, 6))
@many
def test_a_nested_rule_is_the_composition_of_its_parts(day, n, k, weekday) -> None:
    parts = (Counting(n=n), Counting(kind=Kind.NTH_WEEKDAY, n=k, weekday=weekday))
    nested = Counting(kind=Kind.NESTED, parts=parts, edge=Edge.DAY)
    assert limit(nested, day).day == limit(parts[1], limit(parts[0], day).day).day


@given(countings, days, days)
@many
def test_one_holiday_more_never_moves_a_forward_limit_earlier(rule, day, extra) -> None:
    rule = replace(rule, before=False, roll=Roll.NEXT)
    more = DaysOff({**SOME_OFF.sure, extra: "de plus"})
    assert limit(rule, day, days_off=SOME_OFF).day <= limit(rule, day, days_off=more).day


@given(countings, days, st.lists(st.tuples(st.integers(0, 40), st.integers(0, 3)), max_size=3))
@many
def test_estimates_give_an_interval_that_holds_every_day_the_feasts_may_fall_on(rule, day, raw) -> None:
    rule = replace(rule, n=min(rule.n, 12))
    feasts = tuple(Feast(f"f{i}", day + a * DAY, day + (a + b) * DAY) for i, (a, b) in enumerate(raw))
    off = DaysOff(SOME_OFF.sure, feasts)
    found = compute(rule, day, tz=TZ, days_off=off)
    assert found.earliest.instant <= found.latest.instant
    for real in off.realisations(day - 500 * DAY, day + 500 * DAY):
        one = count(rule, day, tz=TZ, days_off=real).deadline.instant
        assert found.earliest.instant <= one <= found.latest.instant


@given(countings, days, st.lists(st.tuples(st.integers(-5, 60), st.integers(0, 9), st.booleans()), max_size=2))
@many
def test_replaying_the_trace_gives_the_same_limit_and_the_same_inputs_the_same_bytes(rule, day, raw) -> None:
    pauses = [Suspension(day + a * DAY, day + (a + b) * DAY, cut) for a, b, cut in raw]
    found = compute(rule, day, tz=TZ, days_off=SOME_OFF, pauses=pauses)
    assert replay(found.steps, TZ) == found.deadline
    again = compute(rule, day, tz=TZ, days_off=SOME_OFF, pauses=pauses)
    assert [s.data() for s in again.steps] == [s.data() for s in found.steps]


@given(days, st.integers(1, 300), st.sampled_from([Unit.HOUR, Unit.MINUTE]), st.booleans())
@many
def test_replaying_hours_gives_the_same_limit(day, n, unit, known) -> None:
    trigger = datetime(day.year, day.month, day.day, 13, 7, tzinfo=UTC) if known else day
    found = compute(Counting(n=n, unit=unit), trigger, tz=TZ)
    assert replay(found.steps, TZ) == found.deadline


def test_no_days_off_are_needed_where_no_rule_skips_or_rolls() -> None:
    assert limit(Counting(n=5), date(1901, 1, 1), days_off=NO_DAYS_OFF).day == date(1901, 1, 6)


# --- the office that receives ---------------------------------------------------------------
def test_a_right_that_outlasts_the_office_is_warned_about_and_not_cut_short() -> None:
    office = Office(time(16, 0))
    friday, sunday = Deadline(date(2026, 1, 2), Edge.END, None, TZ), Deadline(date(2026, 1, 4), Edge.END, None, TZ)
    assert "après la fermeture" in office.warnings(friday)[0].text("fr")
    assert "ne reçoit pas" in office.warnings(sunday)[0].text("fr")
    assert office.warnings(Deadline(date(2026, 1, 2), Edge.MINUTE, time(15, 0), TZ)) == []


@pytest.mark.parametrize(
    "raw", ["16:00", {"closes": "late"}, {"closes": "24:00"}, {"closes": "16:00", "days": "monday"}]
)
def test_office_hours_that_cannot_be_read_are_refused(raw) -> None:
    with pytest.raises(BadDefinition) as refused:
        office_from(raw, "N-1")
    assert refused.value.params["field"] == "office"
