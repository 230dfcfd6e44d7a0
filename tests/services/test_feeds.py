"""The calendar for others: a valid .ics for two parsers and for RFC 5545 read line by line; one heading a month."""

import re
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby

import pytest
import vobject
from django.utils import timezone
from icalendar import Calendar as ICalendar

from kalata.deadlines import feeds, pages, queries, services
from kalata.deadlines.rules.calendar import build
from kalata.deadlines.rules.lines import VOTE, Given, Moment, Standing
from tests.services.test_deadlines import derogate, happened, vote_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def busy(calendar, supervisor):
    """With instants, periods, days, a derogation asked for, and something cancelled."""
    feeds.ics(calendar, "fr")
    happened(calendar, supervisor, "PROV_RESULTS", date(2027, 3, 4), time(20, 0))
    happened(
        calendar, supervisor, "NOTIFICATION", date(2027, 3, 6), time(9, 30), round_=0, party="Liste, la ; « pirogue »"
    )
    derogate(calendar, supervisor)
    feeds.ics(calendar, "fr")
    services.bind_texts(calendar=calendar, law_date=date(2018, 1, 1), reason="x", by=supervisor)
    calendar.refresh_from_db()
    return calendar


# --- RFC 5545, straight from its text ----------------------------------------------------------------
LINE = re.compile(
    r'(?P<name>[A-Z][A-Z0-9-]*)(?P<params>(?:;[A-Z-]+=(?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)*):(?P<value>.*)',
    re.S,
)
DATE, UTC_TIME = r"\d{8}", r"\d{8}T\d{6}Z"


def unfolded(data: bytes) -> list[str]:
    """Content lines (3.1): CRLF, at most 75 octets, continued by one space, whole UTF-8 characters."""
    assert (
        data.endswith(b"\r\n") and b"\n" not in data.replace(b"\r\n", b"") and b"\r" not in data.replace(b"\r\n", b"")
    )
    physical = data[:-2].split(b"\r\n")
    assert all(0 < len(line) <= 75 for line in physical)
    for line in physical:
        line.decode("utf-8")
    lines: list[bytes] = []
    for line in physical:
        if line.startswith(b" "):
            lines[-1] += line[1:]
        else:
            lines.append(line)
    return [line.decode() for line in lines]


def text_of(value: str) -> str:
    """TEXT (3.3.11): \\\\ \\; \\, \\n escaped, no bare one."""
    assert re.fullmatch(r"(?:[^\\;,\x00-\x1f\x7f]|\\[\\;,nN])*", value), value
    return re.sub(r"\\(.)", lambda m: "\n" if m[1] in "nN" else m[1], value)


def components(data: bytes) -> list[tuple[str, dict[str, tuple[str, str]], list[dict[str, tuple[str, str]]]]]:
    """Every component with its properties (name -> parameters, value) and its alarms; nesting is checked."""
    stack: list[tuple[str, dict[str, tuple[str, str]], list[dict[str, tuple[str, str]]]]] = []
    out = []
    for line in unfolded(data):
        found = LINE.fullmatch(line)
        assert found, line
        name, params, value = found["name"], found["params"], found["value"]
        if name == "BEGIN":
            stack.append((value, {}, []))
        elif name == "END":
            kind, properties, alarms = stack.pop()
            assert kind == value
            if kind == "VALARM":
                stack[-1][2].append(properties)
            else:
                out.append((kind, properties, alarms))
        else:
            assert name not in stack[-1][1], f"{name} twice"
            stack[-1][1][name] = (params, value)
    assert not stack
    return out


def moment(properties, name):
    params, value = properties[name]
    if params == ";VALUE=DATE":
        assert re.fullmatch(DATE, value)
        return datetime.strptime(value, "%Y%m%d").date()
    assert params == "" and re.fullmatch(UTC_TIME, value), (params, value)
    return datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_feed_obeys_RFC_5545_line_by_line(busy, lang):
    found = components(feeds.ics(busy, lang))
    (head,) = [p for kind, p, _a in found if kind == "VCALENDAR"]
    assert head["VERSION"] == ("", "2.0") and head["PRODID"][1].endswith(f"//{lang.upper()}")
    events = [(p, alarms) for kind, p, alarms in found if kind == "VEVENT"]
    assert len(events) > 25 and len({p["UID"][1] for p, _a in events}) == len(events)
    statuses = {p["STATUS"][1] for p, _a in events}
    assert statuses == {"CONFIRMED", "CANCELLED", "TENTATIVE"} or statuses == {"CONFIRMED", "CANCELLED"}
    kinds = set()
    for properties, alarms in events:
        for name in ("SUMMARY", "DESCRIPTION"):
            text_of(properties[name][1])
        assert isinstance(moment(properties, "DTSTAMP"), datetime)
        begins = moment(properties, "DTSTART")
        if isinstance(begins, datetime):
            assert "DTEND" not in properties and "DURATION" not in properties
            kinds.add("instant")
        else:
            ends = moment(properties, "DTEND")
            assert not isinstance(ends, datetime) and ends > begins
            kinds.add("period" if ends - begins > DAY else "day")
        for alarm in alarms:
            params, value = alarm["TRIGGER"]
            assert value == "-P1D" and params in (";RELATED=END", ";RELATED=START", "")
            if properties["STATUS"][1] == "CANCELLED":
                pytest.fail("a cancelled date rings")
            if "DTEND" in properties and ends - begins > DAY:
                assert params == ";RELATED=END", properties["SUMMARY"]
            if isinstance(begins, datetime):
                assert params != ";RELATED=END"
            assert alarm["ACTION"][1] == "DISPLAY" and alarm["DESCRIPTION"][1]
    assert kinds == {"instant", "period", "day"}


def test_a_second_parser_reads_the_same_dates_summaries_and_reminders(busy):
    data = feeds.ics(busy, "fr")
    other = vobject.readOne(data.decode())
    mine = {str(e["uid"]): e for e in ICalendar.from_ical(data).walk("VEVENT")}
    theirs = {e.uid.value: e for e in other.vevent_list}
    assert mine.keys() == theirs.keys()
    for uid, one in mine.items():
        two = theirs[uid]
        assert two.dtstart.value == one["dtstart"].dt and two.summary.value == str(one["summary"])
        assert hasattr(two, "dtend") is ("dtend" in one)
        assert "dtend" not in one or two.dtend.value == one["dtend"].dt != one["dtstart"].dt
        assert len(getattr(two, "valarm_list", [])) == len(one.walk("VALARM"))
        two.validate(raiseException=True)


def test_the_last_day_of_a_limit_that_ends_at_24_h_is_announced_a_day_before_its_end(calendar):
    found = {
        p["UID"][1].split(f".{calendar.code}")[0]: (p, a)
        for k, p, a in components(feeds.ics(calendar, "fr"))
        if k == "VEVENT"
    }
    properties, (alarm,) = found["ML-PROV-RESULTS.1"]  # until 5 March, 24 h 00
    assert (moment(properties, "DTSTART"), moment(properties, "DTEND")) == (date(2027, 3, 5), date(2027, 3, 6))
    assert alarm["TRIGGER"] == (";RELATED=END", "-P1D")
    properties, (alarm,) = found["ML-REGISTER-REVISION"]  # a period
    assert moment(properties, "DTEND") - moment(properties, "DTSTART") > 30 * DAY
    assert alarm["TRIGGER"] == (";RELATED=END", "-P1D")


def test_the_description_says_what_was_computed_whatever_signs_it_holds(busy):
    line = next(p for k, p, _a in components(feeds.ics(busy, "fr")) if k == "VEVENT")
    entry = next(e for e, _l in feeds.refreshed(busy) if line["UID"][1].startswith(f"{e.line}."))
    assert text_of(line["DESCRIPTION"][1]) == entry.said["text"]["fr"]


# --- one heading a month --------------------------------------------------------------------------
@pytest.mark.parametrize("vote", [date(2027, 2, 28) + i * DAY for i in range(0, 366, 13)])
@pytest.mark.parametrize("family", ["presidential", "legislative", "referendum"])
def test_each_month_of_the_list_is_one_group_and_its_days_are_in_order(vote, family):
    from kalata.deadlines.rules.lawbook import lawbook
    from tests.conftest import mali

    book = lawbook(mali().sections)
    given = Given(rounds=2, events={(VOTE, 1): Moment(vote, vote, Standing.PLANNED)})
    rows = pages.rows(build(book, family, given), book, timezone.now(), "Africa/Bamako")
    months = [m for m, _group in groupby(r.month for r in rows)]
    assert len(months) == len(set(months)) and [m for m in months if m] == sorted(m for m in months if m)
    assert all(r.month == r.line.listed.day.replace(day=1) for r in rows if r.line.listed)


def test_the_page_names_each_month_once(sign_in, calendar, supervisor):
    services.record_fact(
        calendar=calendar, type_="VOTE", round_=1, day=date(2026, 12, 6), at=None, standing="planned", reason="r",
        replaces=vote_of(calendar).pk, by=supervisor,
    )  # fmt: skip
    page = sign_in(supervisor).get(f"/echeances/{calendar.code}/").content.decode()
    heads = re.findall(r'<tr class="ph"><th scope="colgroup" colspan="5">([^<]*)</th>', page)
    assert len(heads) == len(set(heads)) > 3 and "Novembre 2026" in heads
    assert queries.legal(calendar).lines
