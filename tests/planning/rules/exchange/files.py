"""Small files as MS Project writes them, made here: a task a line."""

NAMESPACE = "http://schemas.microsoft.com/project"
DAYS = "".join(
    f"<WeekDay><DayType>{d}</DayType><DayWorking>{int(2 <= d <= 6)}</DayWorking>"
    + (
        "<WorkingTimes><WorkingTime><FromTime>08:00:00</FromTime><ToTime>12:00:00</ToTime></WorkingTime>"
        "<WorkingTime><FromTime>13:00:00</FromTime><ToTime>17:00:00</ToTime></WorkingTime></WorkingTimes>"
        if 2 <= d <= 6
        else ""
    )
    + "</WeekDay>"
    for d in range(1, 8)
)


def calendar(uid=1, name="Standard", base="-1", days=DAYS, exceptions=""):
    made = f"<Exceptions>{exceptions}</Exceptions>" if exceptions else ""
    return (
        f"<Calendar><UID>{uid}</UID><Name>{name}</Name><IsBaseCalendar>{int(base == '-1')}</IsBaseCalendar>"
        f"<BaseCalendarUID>{base}</BaseCalendarUID><WeekDays>{days}</WeekDays>{made}</Calendar>"
    )


def off(first, last=None, *, kind=1, more=""):
    """An exception without work, once or again."""
    return (
        f"<Exception><TimePeriod><FromDate>{first}T00:00:00</FromDate><ToDate>{last or first}T23:59:00</ToDate>"
        f"</TimePeriod><Type>{kind}</Type>{more}<DayWorking>0</DayWorking></Exception>"
    )


def link(pred, kind=1, lag=0, form=7):
    return f"<PredecessorLink><PredecessorUID>{pred}</PredecessorUID><Type>{kind}</Type><CrossProject>0</CrossProject><LinkLag>{lag}</LinkLag><LagFormat>{form}</LagFormat></PredecessorLink>"


def task(uid, hours, *links, more="", level=1, **fields):
    """fields: elements by name; more: written after them as it is."""
    given = {"UID": uid, "ID": uid, "Name": f"Task {uid}", "OutlineLevel": level} | fields
    given.setdefault("Duration", f"PT{hours}H0M0S")
    given.setdefault("DurationFormat", 7)
    elements = "".join(f"<{k}>{v}</{k}>" for k, v in given.items())
    return f"<Task>{elements}{more}{''.join(links)}</Task>"


def project(*tasks, calendars=None, head="", tail="", start="2027-03-08T08:00:00", finish=""):
    """Starts on a Monday."""
    end = f"<FinishDate>{finish}</FinishDate>" if finish else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Project xmlns="{NAMESPACE}">{head}<StartDate>{start}</StartDate>{end}'
        f"<CalendarUID>1</CalendarUID><Calendars>{calendar() if calendars is None else calendars}</Calendars>"
        f"<Tasks>{''.join(tasks)}</Tasks>{tail}</Project>"
    ).encode()
