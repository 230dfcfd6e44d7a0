"""Early and late dates, floats, what each date comes from, windows, anchors: the guide's figures and a slow engine beside."""

import json
from datetime import date, timedelta

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from kalata.planning.calendars import calendar_named
from kalata.planning.commands import plan as command
from kalata.planning.rules.calendars import Calendar, calendar_of_json, no_holidays
from kalata.planning.rules.faults import NoWorkingDay, PlanFault
from kalata.planning.rules.plan import Activity, Anchor, AnchorKind, Lag, LagUnit, Link, LinkType, Plan, Unit
from kalata.planning.rules.reading import plan_of
from kalata.planning.rules.scheduling import record, scheduled
from tests.planning.plans import BASELINE, START, baseline, plan
from tests.planning.rules import plain_schedule

HEAD = "id,dur_likely,dur_unit,predecessors,legal_anchor,type\n"
CHAIN = ["L01", "L02", "L03", "L04", "P09", "E01", "E03", "E04", "E06", "E07", "E08", "E11", "E12", "E13", "A04", "A05"]


def dates(p, cal=None, **asked):
    found = scheduled(p, cal or no_holidays(p.start), **asked)
    return {a.id: (found.early.start[i], found.early.finish[i]) for i, a in enumerate(p.activities)}


def of(found, key):
    return {a["id"]: a for a in record(found)[key]}


# --- the calendar ---------------------------------------------------------------------------------
def test_working_days_are_counted_both_ways_and_before_the_start():
    cal = no_holidays(START)  # a Monday
    assert [cal.count(d) for d in (0, 4, 5, 6, 7, 8)] == [0, 4, 5, 5, 5, 6]
    assert [cal.count(d) for d in (-1, -2, -3, -7, -8)] == [0, 0, -1, -5, -5]
    assert [cal.place(k) for k in (0, 4, 5, -1, -5, -6)] == [0, 4, 7, -3, -7, -10]
    assert (cal.finish(0, 5), cal.finish(0, 6), cal.finish(5, 1), cal.finish(3, 0)) == (5, 8, 8, 3)
    assert (cal.begin(5, 5), cal.begin(7, 5), cal.begin(8, 1), cal.begin(3, 0)) == (0, 0, 7, 3)
    assert (cal.next(4), cal.next(5), cal.last(4), cal.last(6)) == (4, 7, 4, 4)


@given(st.integers(-300, 300), st.integers(1, 60), st.integers(0, 127), st.sets(st.integers(-300, 300), max_size=30))
@settings(max_examples=150, deadline=None)
def test_the_reverse_of_a_finish_is_the_last_start_that_still_ends_there(at, n, week, off):
    weekdays = frozenset(d for d in range(7) if week >> d & 1) or frozenset({2})
    days = {START + timedelta(d) for d in off}
    cal, slow = Calendar(START, weekdays, off=set(days)), plain_schedule.Days(START, weekdays, days)
    assert cal.finish(at, n) == slow.end(at, n) and cal.begin(at, n) == slow.back(at, n)
    assert cal.finish(cal.begin(at, n), n) <= at < cal.finish(cal.begin(at, n) + 1, n)
    for lag in (n, -n):
        x = cal.latest(at, lag, True)
        assert cal.after(x, lag, True) <= at < cal.after(x + 1, lag, True)


def test_a_calendar_without_working_days_is_refused():
    for text in (
        '{"working_weekdays": []}',
        json.dumps({"holidays": [str(START + timedelta(d)) for d in range(19_000)]}),
    ):
        with pytest.raises(NoWorkingDay) as met:
            dates(plan("A 1 wd"), calendar_of_json(text, START))
        assert met.value.record()["code"] == "PLN-107"
    for text in ("[]", "{", '{"working_weekdays": [7]}', '{"working_weekdays": [true]}', '{"holidays": ["2026-02-30"]}', '{"holidays": [3]}', '{"working_weekdays": 5}'):  # fmt: skip
        with pytest.raises(PlanFault):
            calendar_of_json(text, START)


def test_a_date_beyond_all_calendars_is_refused():
    rows = [f"A{i} 36500 cd {f'A{i - 1}' if i else ''}" for i in range(120)]
    with pytest.raises(PlanFault):
        dates(plan(*rows, "Z 1 wd A119"))


# --- links ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("link", "start"),
    [
        ("A", 5), ("A:FS+2d", 7), ("A:FS+2ed", 7), ("A:FS+2wd", 9), ("A:FS-2d", 3), ("A:FS-2wd", 3), ("A:FS+50%", 10), ("A:FS-50%", 3),
        ("A:SS", 0), ("A:SS+1d", 1), ("A:SS+3wd", 3), ("A:SS-3d", 0), ("A:FF", 2), ("A:FF+1d", 3), ("A:FF+1wd", 5), ("A:FF-2wd", 0),
        ("A:SF", 0), ("A:SF+4d", 1), ("A:SF+9d", 6),
    ],
)  # fmt: skip
def test_each_type_and_lag_binds_the_end_it_names(link, start):
    """A runs Monday to Friday; B has three calendar days."""
    assert dates(plan("A 5 wd", f"B 3 cd {link}"))["B"] == (start, start + 3)


def test_a_working_activity_waits_for_a_working_day_and_ff_pulls_its_start_back_through_the_calendar():
    assert dates(plan("A 5 cd", "B 2 wd A"))["B"] == (7, 9)
    assert dates(plan("A 9 cd", "B 3 wd A:FF"))["B"] == (4, 9)  # ends Tuesday evening: Friday, Monday, Tuesday
    assert dates(plan("A 6 cd", "B 3 wd A:FF"))["B"] == (3, 8)  # Saturday evening is reached by Monday's only
    assert dates(plan("A 5 cd", "M 0 wd A"))["M"] == (7, 7)
    assert dates(plan("A 5 cd", "M 0 cd A"))["M"] == (5, 5)


def test_a_percentage_is_of_the_predecessor_in_its_own_unit_half_up():
    assert dates(plan("A 5 wd", "B 1 cd A:FS+50%"))["B"][0] == 10  # 2.5 -> 3 working days after Friday
    assert dates(plan("A 5 cd", "B 1 cd A:FS+50%"))["B"][0] == 8
    assert dates(plan("A 5 cd", "B 1 cd A:SS+30%"))["B"][0] == 2  # 1.5 -> 2
    assert dates(plan("A 5 cd", "B 1 cd A:FS-50%"))["B"][0] == 3  # -2.5 -> -2
    assert dates(plan("A 0 cd", "B 1 cd A:FS+90%"))["B"][0] == 0


def test_the_lags_that_another_library_got_wrong():
    """MPXJ 707: five days became 144,000. 827: 55 elapsed days became 165. 164: an elapsed lag was lost."""
    assert dates(plan("A 1 cd", "B 1 cd A:FS+5d"))["B"][0] == 6
    assert dates(plan("A 1 cd", "B 1 cd A:FS+55ed"))["B"][0] == 56
    assert dates(plan("A 1 cd", "B 1 wd A:FS+3ed"))["B"][0] == 4


def test_nothing_starts_before_the_plan():
    assert dates(plan("A 1 cd", "B 9 cd A:SF", "C 2 wd A:FS-30wd")) == {"A": (0, 1), "B": (0, 9), "C": (0, 2)}


# --- windows --------------------------------------------------------------------------------------
@pytest.mark.parametrize(("before", "start"), [(268, 269), (269, 269), (270, 269 + 365)])
def test_a_window_opens_one_day_a_year(before, start):
    """1 October 2026 is day 269."""
    p = plan_of(f"{HEAD}A,{before},cd,,,\nB,3,cd,A,01/10-31/12,\n", START)
    found = scheduled(p, no_holidays(START))
    assert found.early.start[1] == start
    assert of(found, "activities")["B"]["driven_by"][0]["kind"] == ("link" if before == 269 else "window")
    assert dates(p, windows=False)["B"][0] == before


def test_a_window_that_opens_on_a_day_of_rest_opens_for_working_days_on_the_next_one():
    p = plan_of(f"{HEAD}A,1,wd,,10/01-31/12,\n", START)  # a Saturday
    assert dates(p)["A"] == (7, 8)


# --- against the slow engine ----------------------------------------------------------------------
WINDOW = Anchor(AnchorKind.WINDOW, "01/10-31/12", opens=(10, 1), closes=(12, 31))


@st.composite
def plans(draw):
    n = draw(st.integers(1, 9))
    made = []
    for i in range(n):
        links = []
        for p in draw(st.lists(st.integers(0, max(i - 1, 0)), max_size=min(i, 3), unique=True)):
            unit = draw(st.sampled_from(list(LagUnit)))
            lag = draw(st.integers(-150, 150) if unit is LagUnit.PERCENT else st.integers(-9, 9))
            links.append(Link(f"A{p}", draw(st.sampled_from(list(LinkType))), Lag(lag, unit)))
        days = draw(st.integers(0, 12))
        anchor = WINDOW if draw(st.integers(0, 9)) == 0 else None
        made.append(Activity(f"A{i}", days, days, days, draw(st.sampled_from(list(Unit))), tuple(links), anchor=anchor))
    start = START + timedelta(draw(st.integers(0, 370)))
    off = {start + timedelta(d) for d in draw(st.sets(st.integers(-30, 60), max_size=8))}
    week = frozenset(draw(st.sets(st.integers(0, 6), min_size=2)))
    return Plan(tuple(draw(st.permutations(made))), start=start), Calendar(start, week, off=set(off)), plain_schedule.Days(start, week, off)  # fmt: skip


@given(plans(), st.booleans())
@settings(max_examples=120, deadline=None)
def test_dates_and_floats_are_those_of_the_slow_engine(drawn, windows):
    p, cal, days = drawn
    found = scheduled(p, cal, windows=windows)
    early = plain_schedule.early(p, days, windows)
    end = max(f for _s, f in early.values())
    late = plain_schedule.late(p, days, end, windows)
    for i, a in enumerate(p.activities):
        assert (found.early.start[i], found.early.finish[i]) == early[a.id]
        assert (found.late.start[i], found.late.finish[i]) == late[a.id]
        assert found.total[i] == plain_schedule.counted(days, a, early[a.id][0], late[a.id][0]) >= 0
        free = plain_schedule.greatest(p, days, a, end, early, windows)
        assert found.free[i] == plain_schedule.counted(days, a, early[a.id][0], free)
        assert 0 <= found.free[i] <= found.total[i]
    for i in found.chain[1:]:
        assert any(d.arc for d in found.drivers[i])


@given(plans())
@settings(max_examples=60, deadline=None)
def test_an_activity_that_uses_its_whole_total_float_does_not_move_the_end(drawn):
    from dataclasses import replace

    from kalata.planning.rules.forward import Bounds, early, net_of

    p, cal, _days = drawn
    found = scheduled(p, cal)
    net = net_of(p)
    for i, _a in enumerate(p.activities):
        at = found.late.start[i]
        moved = early(net, cal, bounds=Bounds({i: at}, {}))
        assert moved.start[i] == at and moved.end == found.finish
    assert replace(p) == p


# --- the reference plan ---------------------------------------------------------------------------
@pytest.mark.real
def test_the_reference_plan_gives_the_figures_of_the_guide():
    p = baseline()
    found = scheduled(p, calendar_named("ml", START), windows=False, target="A05")
    rows = of(found, "activities")
    assert [rows[i]["finish"] for i in ("A05", "B18", "Z07")] == [470, 513, 593]
    assert (rows["A05"]["start_date"], date.fromisoformat(rows["A05"]["start_date"]).weekday()) == ("2027-04-19", 0)
    assert (found.finish, record(found)["finish_date"]) == (593, "2027-08-20")
    assert sum(t == 0 for t in found.total) == 37 and min(found.total) == 0
    assert record(found)["critical_path"] == CHAIN
    whole = record(scheduled(p, calendar_named("ml", START), windows=False))
    assert whole["critical_path"][: len(CHAIN)] == CHAIN and whole["critical_path"][-1] == "Z07"


@pytest.mark.real
def test_with_the_annual_window_the_poll_is_43_days_later():
    rows = of(scheduled(baseline(), calendar_named("ml", START)), "activities")
    assert rows["A05"]["finish"] == 513 and rows["E01"]["start_date"] == "2026-10-01"
    assert rows["E01"]["driven_by"][0] == {"kind": "window", "date": "2026-10-01", "anchor": "01/10-31/12"}


@pytest.mark.real
def test_dates_and_offsets_agree_everywhere():
    found = scheduled(baseline(), calendar_named("ml", START))
    for row in record(found)["activities"]:
        first, last = (date.fromisoformat(row[k]) for k in ("start_date", "finish_date"))
        assert (first - START).days == row["start"]
        assert (last - START).days == max(row["start"], row["finish"] - 1)
        assert row["critical"] == (row["total_float"] <= 0)


# --- anchors --------------------------------------------------------------------------------------
LEGAL = HEAD + "A,10,cd,,T0,\nC,0,cd,A,J1-5,legal_deadline\nV,1,cd,C,J1,event\nR,0,cd,V:FS+4d,J1+5,legal_deadline\n"


@pytest.mark.parametrize(
    ("j1", "start", "total", "missed"), [(15, 10, 0, False), (14, 10, -1, True), (20, 15, 0, False)]
)
def test_a_fixed_anchor_is_kept_exactly_and_a_violated_one_is_a_negative_float_and_no_shift(j1, start, total, missed):
    p = plan_of(LEGAL, START)
    found = scheduled(p, no_holidays(START), j1=START + timedelta(j1))
    rows, anchors = of(found, "activities"), of(found, "anchors")
    assert (rows["C"]["start"], rows["C"]["total_float"]) == (start, total)
    assert rows["A"]["total_float"] == total  # it starts on T0 and cannot go later
    assert (anchors["C"]["missed"], anchors["C"]["margin_days"]) == (missed, total)
    assert anchors["C"]["required"] == str(START + timedelta(j1 - 5))
    assert rows["V"]["start"] == max(j1, start)
    kinds = [d["kind"] for d in rows["C"]["driven_by"]]
    assert kinds == {15: ["anchor", "link"], 14: ["link"], 20: ["anchor"]}[j1]


def test_without_a_polling_day_anchors_are_told_against_the_plan_s_own_and_bind_nothing():
    p = plan_of(LEGAL, START)
    found = scheduled(p, no_holidays(START))
    assert found.early.start == [0, 10, 10, 15] and min(found.total) == 0
    assert {k: a["margin_days"] for k, a in of(found, "anchors").items()} == {"A": 0, "C": -5, "V": 0, "R": 0}


def test_the_second_poll_is_counted_from_the_activity_it_follows():
    text = HEAD + "V,1,cd,,J1,event\nR,0,cd,V:FS+9d,J1+10,legal_deadline\nW,1,cd,R,J2 = R+21d,event\nX,2,cd,R,..J2-2,\n"
    p = plan_of(text, START)
    found = scheduled(p, no_holidays(START), j1=START + timedelta(30))
    rows, anchors = of(found, "activities"), of(found, "anchors")
    assert (rows["R"]["start"], rows["W"]["start"]) == (40, 61)
    assert (rows["X"]["late_finish"], anchors["X"]["required"], anchors["X"]["margin_days"]) == (
        60,
        str(START + timedelta(59)),
        18,
    )
    given_ = of(scheduled(p, no_holidays(START), j1=START + timedelta(30), j2=START + timedelta(44)), "anchors")
    assert (given_["W"]["margin_days"], given_["W"]["missed"]) == (17, True)  # 14 days after J1: too early for R + 21


def test_a_span_holds_its_first_and_its_last_day():
    text = HEAD + "C,{},cd,,J1-21..J1-2,\nV,1,cd,C,J1,event\n"
    for days, margin, missed in ((20, 0, False), (21, -1, True), (19, 0, False)):
        found = of(
            scheduled(plan_of(text.format(days), START), no_holidays(START), j1=START + timedelta(40)), "anchors"
        )["C"]
        assert (found["margin_days"], found["missed"]) == (margin, missed), days


# --- the command ----------------------------------------------------------------------------------
def ran(*args, stdin=None):
    return CliRunner().invoke(command, ["schedule", *map(str, args)], input=stdin)


def test_the_command_prints_one_document_and_says_by_its_status_that_an_anchor_is_missed():
    ok = ran("-", "--start", "2026-01-05", "--calendar", "none", "--json", stdin=HEAD + "A,5,wd,,,\nB,2,wd,A,,\n")
    said = json.loads(ok.stdout)
    assert (ok.exit_code, said["finish"], said["finish_date"], said["critical_path"]) == (
        0,
        9,
        "2026-01-13",
        ["A", "B"],
    )
    assert said["activities"][1]["driven_by"] == [
        {"kind": "link", "id": "A", "type": "FS", "lag": 0, "lag_unit": "d"},
        {"kind": "calendar", "date": "2026-01-12"},
    ]
    missed = ran("-", "--start", "2026-01-05", "--calendar", "none", "--j1", "2026-01-10", "--json", stdin=LEGAL)
    assert missed.exit_code == 1 and "anchor_missed" in [f["code"] for f in json.loads(missed.stdout)["findings"]]


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_person_reads_the_same_at_a_terminal(lang):
    told = ran(
        "-", "--start", "2026-01-05", "--calendar", "none", "--lang", lang, stdin=HEAD + "A,5,wd,,,\nB,2,wd,A,,\n"
    )
    assert told.exit_code == 0 and "A → B" in told.stdout and "2026-01-13" in told.stdout


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["--calendar", "none"], "PLN-111"),
        (["--start", "5 janvier"], "PLN-110"),
        (["--start", "2026-01-05", "--calendar", "none", "--target", "Z"], "PLN-112"),
        (["--start", "2026-01-05", "--calendar", "nowhere"], "PACK"),
    ],
)
def test_what_the_command_cannot_read_is_refused(args, code):
    from kalata.refusals import Refused

    met = ran("-", *args, stdin=HEAD + "A,5,wd,,,\n")
    assert isinstance(met.exception, Refused) and met.exception.code.startswith(code[:3])


SHORT = "id,dur_likely,dur_unit,predecessors\n"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"{SHORT}A,5,cd,B\nB,2,cd,A\n", "PLN-101"),
        (f"{SHORT}B,2,cd,ZZ\n", "PLN-102"),
        (f"{SHORT}A,-5,cd,\n", "PLN-103"),
        (f"{SHORT}A,=2+3,cd,\n", "PLN-103"),
        (f"{SHORT}A,5,mois,\n", "PLN-104"),
        ("nom,jours\nA,5\n", "PLN-108"),
        (SHORT + "".join(f"Z{n},1,cd,\n" for n in range(50_000)), "PLN-108"),
    ],
)
def test_a_bad_plan_is_refused_by_the_command_with_its_code(text, code):
    met = ran("-", "--start", "2026-01-05", "--calendar", "none", stdin=text)
    assert met.exception.record()["code"] == code and not met.stdout


def test_a_calendar_without_a_worked_day_is_refused_by_the_command(tmp_path):
    (tmp_path / "c.json").write_text('{"working_weekdays": []}')
    met = ran("-", "--start", "2026-01-05", "--calendar", tmp_path / "c.json", stdin=f"{SHORT}A,5,wd,\n")
    assert met.exception.record()["code"] == "PLN-107"


@pytest.mark.real
def test_the_same_file_gives_the_same_bytes():
    args = (BASELINE, "--start", "2026-01-05", "--j1", "2027-06-06", "--json")
    assert ran(*args).stdout == ran(*args).stdout
