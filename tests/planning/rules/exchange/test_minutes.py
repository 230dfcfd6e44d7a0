"""A file of MS Project is scheduled to the minute by its own calendars; expectations are counted by hand."""

import itertools

import pytest

from kalata.planning.rules.exchange.compare import answer
from kalata.planning.rules.faults import Cycle, NoWorkingDay

from .files import DAYS, calendar, link, off, project, task


def dates(raw):
    return {t["uid"]: (t["start"][5:16], t["finish"][5:16]) for t in answer(raw)["tasks"]}


def of(raw, uid="2"):
    return dates(raw)[uid]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (1, ("03-10T08:00", "03-10T17:00")),  # finish to start
        (3, ("03-08T08:00", "03-08T17:00")),  # start to start
        (0, ("03-09T08:00", "03-09T17:00")),  # finish to finish
    ],
)
def test_each_type_of_link_binds_its_own_end(kind, expected):
    assert of(project(task(1, 16), task(2, 8, link(1, kind)))) == expected


def test_start_to_finish_ends_where_the_other_begins_at_the_opening_of_the_day():
    raw = project(
        task(1, 8, ConstraintType=4, ConstraintDate="2027-03-10T08:00:00"), task(2, 8, link(1, 2)),
    )  # fmt: skip
    assert of(raw) == ("03-09T08:00", "03-10T08:00")


@pytest.mark.parametrize(
    ("lag", "form", "expected"),
    [
        (4800, 7, "03-10T08:00"),  # a day of eight hours
        (4800, 8, "03-09T08:00"),  # eight hours that pass at night end before the day opens
        (14400, 8, "03-10T08:00"),  # a day of twenty-four hours ends as work does
        (600, 5, "03-09T09:00"),  # an hour
        (24000, 9, "03-16T08:00"),  # a week
        (96000, 11, "04-06T08:00"),  # a month of twenty days
        (50, 19, "03-09T13:00"),  # half of the predecessor
        (100, 20, "03-09T08:00"),  # its whole duration, hours of the night too: 17:00 + 8 h = 01:00
        (-2400, 7, "03-08T13:00"),  # an advance of half a day
        (4800, 39, "03-10T08:00"),  # a day, estimated
        (14400, 40, "03-10T08:00"),  # a day that passes, estimated
        (10, 3, "03-09T08:01"),  # a minute: ten tenths
    ],
)
def test_a_lag_is_counted_in_its_own_unit(lag, form, expected):
    assert of(project(task(1, 8), task(2, 8, link(1, 1, lag, form))))[0] == expected


def test_five_days_stay_five_days_mpxj_707():
    assert of(project(task(1, 8), task(2, 8, link(1, 1, 5 * 4800, 7))))[0] == "03-16T08:00"


def test_fifty_five_elapsed_days_are_not_a_hundred_and_sixty_five_mpxj_827():
    assert of(project(task(1, 8), task(2, 8, link(1, 1, 55 * 14400, 8))))[0] == "05-03T08:00"  # 2 May is a Sunday


def test_an_elapsed_lag_is_not_lost_mpxj_164():
    assert of(project(task(1, 8), task(2, 8, link(1, 1, 3 * 14400, 8))))[0] == "03-12T08:00"


@pytest.mark.parametrize(
    ("kind", "when", "expected"),
    [
        (0, None, ("03-09T08:00", "03-09T17:00")),
        (2, "2027-03-11T08:00:00", ("03-11T08:00", "03-11T17:00")),  # must start on
        (3, "2027-03-12T17:00:00", ("03-12T08:00", "03-12T17:00")),  # must finish on
        (4, "2027-03-10T08:00:00", ("03-10T08:00", "03-10T17:00")),  # start no earlier than
        (4, "2027-03-13T08:00:00", ("03-15T08:00", "03-15T17:00")),  # … on a Saturday
        (4, "2027-03-01T08:00:00", ("03-09T08:00", "03-09T17:00")),  # … that asks nothing
        (5, "2027-03-08T08:00:00", ("03-08T08:00", "03-08T17:00")),  # start no later than
        (6, "2027-03-11T17:00:00", ("03-11T08:00", "03-11T17:00")),  # finish no earlier than
        (7, "2027-03-08T17:00:00", ("03-08T08:00", "03-08T17:00")),  # finish no later than
    ],
)
def test_each_constraint_moves_what_it_says(kind, when, expected):
    fields = {"ConstraintType": kind} | ({"ConstraintDate": when} if when else {})
    assert of(project(task(1, 8), task(2, 8, link(1), **fields))) == expected


def test_as_late_as_possible_waits_for_what_follows():
    raw = project(task(1, 24), task(2, 8, ConstraintType=1), task(3, 8, link(1), link(2)))
    assert dates(raw)["2"] == ("03-10T08:00", "03-10T17:00")
    assert dates(raw)["3"] == ("03-11T08:00", "03-11T17:00")


def test_a_deadline_takes_slack_and_no_date():
    raw = project(task(1, 8), task(2, 40, link(1)), task(3, 8, Deadline="2027-03-09T17:00:00"))
    found = {t["uid"]: t for t in answer(raw)["tasks"]}
    assert found["3"]["finish"] == "2027-03-08T17:00:00"
    assert found["3"]["total_slack"] == 4800
    assert found["1"]["critical"] and found["1"]["total_slack"] == 0 and not found["3"]["critical"]


def test_slack_is_counted_in_tenths_of_a_minute():
    found = {t["uid"]: t for t in answer(project(task(1, 24), task(2, 8), task(3, 8, link(1), link(2)), task(4, 8)))["tasks"]}  # fmt: skip
    assert (found["2"]["total_slack"], found["2"]["free_slack"]) == (9600, 9600)
    assert found["4"]["total_slack"] == found["4"]["free_slack"] == 14400
    assert found["3"]["total_slack"] == 0


def test_a_milestone_stands_at_the_end_of_the_day_that_ends_it():
    raw = project(task(1, 8), task(2, 0, link(1), Milestone=1), task(3, 8, link(2)))
    assert dates(raw)["2"] == ("03-08T17:00", "03-08T17:00")
    assert dates(raw)["3"] == ("03-09T08:00", "03-09T17:00")


def test_a_holiday_a_week_and_a_recurring_exception_are_no_work():
    again = "<EnteredByOccurrences>0</EnteredByOccurrences>"
    friday = off("2027-03-01", "2027-12-31", kind=6, more=f"{again}<Period>1</Period><DaysOfWeek>32</DaysOfWeek>")
    second = off("2027-01-01", "2029-12-31", kind=2, more=f"{again}<Month>2</Month><MonthDay>16</MonthDay>")
    raw = project(task(1, 64), calendars=calendar(exceptions=off("2027-03-10") + friday + second))
    # 8, 9, 11 March; 15, 17, 18 March (16 each year, Fridays off); 22, 23 March
    assert dates(raw)["1"] == ("03-08T08:00", "03-23T17:00")


@pytest.mark.parametrize(
    ("kind", "more", "days"),
    [
        (7, "<Period>3</Period>", {1, 4, 7, 10, 13, 16, 19, 22, 25, 28, 31}),
        (4, "<Period>1</Period><MonthDay>9</MonthDay>", {9}),
        (5, "<Period>1</Period><MonthItem>4</MonthItem><MonthPosition>4</MonthPosition>", {29}),  # last Monday
        (3, "<Month>2</Month><MonthItem>5</MonthItem><MonthPosition>1</MonthPosition>", {9}),  # second Tuesday
        (6, "<Period>2</Period><DaysOfWeek>2</DaysOfWeek>", {1, 15, 29}),
        (1, "", set(range(1, 32))),
    ],
)
def test_each_rule_of_recurrence_falls_on_its_days(kind, more, days):
    from kalata.planning.rules.exchange.mspdi import project_of, tree_of
    from kalata.planning.rules.exchange.worktime import date_of

    made = project_of(
        tree_of(project(calendars=calendar(exceptions=off("2027-03-01", "2027-03-31", kind=kind, more=more))))
    )
    one = made.calendars["1"]
    assert {date_of(d).day for d in range(20_878, 20_909) if one.exception(d) == ()} == days


def test_the_calendar_of_a_task_and_the_one_it_inherits_from_decide():
    night = "".join(
        f"<WeekDay><DayType>{d}</DayType><DayWorking>1</DayWorking><WorkingTimes><WorkingTime><FromTime>20:00:00</FromTime>"
        "<ToTime>00:00:00</ToTime></WorkingTime></WorkingTimes></WeekDay>"
        for d in (2, 3)
    )
    both = calendar(exceptions=off("2027-03-09")) + calendar(2, "Night", "1", night)
    raw = project(task(1, 8, CalendarUID=2), calendars=both)
    # Monday 20 h to 24 h; Tuesday is the other's holiday; Wednesday is inherited: 8 h to 12 h
    assert dates(raw)["1"] == ("03-08T20:00", "03-10T12:00")


def test_elapsed_durations_pass_at_night_and_on_sundays():
    assert of(project(task(1, 8), task(2, 48, link(1), DurationFormat=8))) == ("03-08T17:00", "03-10T17:00")


def test_a_summary_goes_from_the_first_to_the_last_and_its_links_hold_below():
    raw = project(
        task(9, 16), task(1, 0, link(9), Summary=1), task(2, 8, level=2), task(3, 8, link(2), level=2),
        task(4, 8, link(1)),
    )  # fmt: skip
    found = dates(raw)
    assert found["1"] == ("03-10T08:00", "03-11T17:00")
    assert found["4"] == ("03-12T08:00", "03-12T17:00")


def test_a_manual_task_keeps_its_dates_and_its_followers_follow_them():
    kept = {"Start": "2027-03-20T10:00:00", "Finish": "2027-03-21T10:00:00"}
    found = answer(project(task(1, 8), task(2, 8, link(1), Manual=1, **kept), task(3, 8, link(2))))["tasks"]
    assert (found[1]["start"], found[1]["manual"], found[1]["agrees"]) == ("2027-03-20T10:00:00", True, True)
    assert found[2]["start"] == "2027-03-22T08:00:00"


def test_an_inactive_task_holds_nobody():
    assert of(project(task(1, 80, Active=0), task(2, 8, link(1)))) == ("03-08T08:00", "03-08T17:00")


def test_a_task_that_has_begun_keeps_its_start_and_ends_by_what_remains():
    begun = {"ActualStart": "2027-03-09T08:00:00", "PercentComplete": 50, "RemainingDuration": "PT8H0M0S"}
    raw = project(task(1, 8), task(2, 16, link(1), Resume="2027-03-11T08:00:00", **begun))
    assert of(raw) == ("03-09T08:00", "03-11T17:00")
    done = {"ActualStart": "2027-03-09T08:00:00", "ActualFinish": "2027-03-12T12:00:00", "PercentComplete": 100}
    assert of(project(task(1, 8), task(2, 16, link(1), **done))) == ("03-09T08:00", "03-12T12:00")


def test_a_project_is_scheduled_back_from_its_finish():
    raw = project(
        task(1, 8, ConstraintType=1), task(2, 16, link(1), ConstraintType=1), task(3, 8, ConstraintType=1),
        head="<ScheduleFromStart>0</ScheduleFromStart>", finish="2027-03-12T17:00:00",
    )  # fmt: skip
    assert dates(raw) == {
        "1": ("03-10T08:00", "03-10T17:00"),
        "2": ("03-11T08:00", "03-12T17:00"),
        "3": ("03-12T08:00", "03-12T17:00"),
    }


def test_people_work_by_their_own_calendar_and_at_their_own_rate():
    half = "".join(
        f"<WeekDay><DayType>{d}</DayType><DayWorking>{int(d in (3, 4))}</DayWorking><WorkingTimes><WorkingTime>"
        "<FromTime>08:00:00</FromTime><ToTime>12:00:00</ToTime></WorkingTime></WorkingTimes></WeekDay>"
        for d in range(1, 8)
    )
    tail = (
        "<Resources><Resource><UID>5</UID><Type>1</Type><CalendarUID>2</CalendarUID></Resource></Resources>"
        "<Assignments><Assignment><TaskUID>1</TaskUID><ResourceUID>5</ResourceUID><Units>1</Units><Work>PT8H0M0S</Work>"
        "<RemainingWork>PT8H0M0S</RemainingWork></Assignment></Assignments>"
    )
    raw = project(task(1, 8), calendars=calendar() + calendar(2, "Half days", "1", half), tail=tail)
    assert dates(raw)["1"] == ("03-09T08:00", "03-10T12:00")
    without = project(
        task(1, 8, IgnoreResourceCalendar=1), calendars=calendar() + calendar(2, "H", "1", half), tail=tail
    )
    assert dates(without)["1"] == ("03-08T08:00", "03-08T17:00")


def test_a_split_in_the_work_is_kept_when_the_task_moves():
    def period(begins, ends, hours):
        value = f"<Value>PT{hours}H0M0S</Value>" if hours else ""
        return f"<TimephasedData><Type>1</Type><Start>{begins}</Start><Finish>{ends}</Finish>{value}</TimephasedData>"

    tail = (
        "<Assignments><Assignment><TaskUID>2</TaskUID><ResourceUID>-65535</ResourceUID><Units>1</Units><Work>PT16H0M0S</Work>"
        + period("2027-03-01T08:00:00", "2027-03-02T08:00:00", 8)
        + period("2027-03-02T08:00:00", "2027-03-03T08:00:00", 0)
        + period("2027-03-03T08:00:00", "2027-03-03T17:00:00", 8)
        + "</Assignment></Assignments>"
    )
    assert of(project(task(1, 8), task(2, 16, link(1)), tail=tail)) == ("03-09T08:00", "03-11T17:00")


def test_a_levelling_delay_is_waited():
    assert of(project(task(1, 8), task(2, 8, link(1), LevelingDelay=14400, LevelingDelayFormat=8)))[0] == "03-10T08:00"


def test_a_point_needs_no_working_time_and_stands_on_a_sunday():
    raw = project(task(1, 0, Milestone=1), task(2, 8, link(1)), start="2027-03-07T08:00:00")
    assert dates(raw) == {"1": ("03-07T08:00", "03-07T08:00"), "2": ("03-08T08:00", "03-08T17:00")}


def test_one_of_two_people_may_begin_later_by_work_or_by_time_that_passes():
    def people(form):
        one = "<Assignment><TaskUID>1</TaskUID><ResourceUID>{}</ResourceUID><Units>1</Units><Work>PT8H0M0S</Work>{}</Assignment>"
        late = f"<LevelingDelay>4800</LevelingDelay><LevelingDelayFormat>{form}</LevelingDelayFormat>"
        who = "".join(f"<Resource><UID>{n}</UID><Type>1</Type></Resource>" for n in (5, 6))
        return f"<Resources>{who}</Resources><Assignments>{one.format(5, '')}{one.format(6, late)}</Assignments>"

    assert dates(project(task(1, 16), tail=people(7)))["1"] == ("03-08T08:00", "03-09T17:00")
    assert dates(project(task(1, 16), tail=people(8)))["1"] == ("03-08T08:00", "03-09T16:00")  # from 16:00 on Monday


def test_what_another_file_holds_keeps_the_start_that_is_stored():
    other = link(7).replace("<CrossProject>0", "<CrossProject>1")
    raw = project(task(1, 8, other, Start="2027-03-10T08:00:00", Finish="2027-03-10T17:00:00"), task(2, 8, link(1)))
    assert dates(raw)["1"] == ("03-10T08:00", "03-10T17:00") and dates(raw)["2"][0] == "03-11T08:00"


def test_every_difference_with_the_file_is_named():
    stored = {"Start": "2027-03-09T08:00:00", "Finish": "2027-03-10T17:00:00"}
    found = answer(project(task(1, 8, Start="2027-03-08T08:00:00", Finish="2027-03-08T17:00:00"), task(2, 8, link(1), **stored), task(3, 8)))  # fmt: skip
    assert [t["agrees"] for t in found["tasks"]] == [True, False, None]
    assert found["tasks"][2]["stored"] is None
    [one] = found["differences"]
    assert (one["uid"], one["field"], one["stored"], one["computed"]) == ("2", "finish", "2027-03-10T17:00:00", "2027-03-09T17:00:00")  # fmt: skip
    assert "FS" in one["because"] and "FS" in one["because_en"]


def test_a_circle_is_refused_with_its_path_in_names():
    with pytest.raises(Cycle) as refused:
        answer(project(task(1, 8, link(3)), task(2, 8, link(1)), task(3, 8, link(2)), task(4, 8, link(3))))
    path = refused.value.path
    assert len(refused.value.rows) == 3
    assert path[0] == path[-1] and set(path) == {"Task 1", "Task 2", "Task 3"}
    after = {"Task 1": "Task 2", "Task 2": "Task 3", "Task 3": "Task 1"}
    assert all(after[a] == b for a, b in itertools.pairwise(path))


def test_a_circle_through_a_summary_is_found():
    with pytest.raises(Cycle):
        answer(project(task(9, 8, link(2)), task(1, 0, link(9), Summary=1), task(2, 8, level=2)))


def test_a_calendar_without_work_is_refused_by_name():
    idle = "".join(f"<WeekDay><DayType>{d}</DayType><DayWorking>0</DayWorking></WeekDay>" for d in range(1, 8))
    with pytest.raises(NoWorkingDay, match="PLN-107"):
        answer(project(task(1, 8), calendars=calendar(days=idle)))


def test_without_calendars_the_week_is_monday_to_friday():
    assert dates(project(task(1, 48), calendars=""))["1"] == ("03-08T08:00", "03-15T17:00")
    assert DAYS.count("<DayWorking>1") == 5
