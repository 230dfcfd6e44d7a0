"""The same dates found the slow way: day by day, trying every start until it holds. It shares no step with the rules."""

from datetime import date, timedelta

from kalata.planning.rules.plan import LagUnit, LinkType, Unit

FAR = 4_000


class Days:
    def __init__(self, start, weekdays=frozenset(range(5)), off=frozenset()):
        self.start, self.weekdays, self.off = start, weekdays, off

    def day(self, at):
        return self.start + timedelta(at)

    def works(self, at):
        return self.day(at).weekday() in self.weekdays and self.day(at) not in self.off

    def end(self, start, n):
        """The day after the n-th working day from a start on."""
        at = start
        while n:
            n -= self.works(at)
            at += 1
        return at

    def back(self, finish, n):
        """The n-th working day before a finish."""
        at = finish
        while n:
            at -= 1
            n -= self.works(at)
        return at

    def lagged(self, x, link, pred):
        n, unit = link.lag.n, link.lag.unit
        if unit is LagUnit.PERCENT:
            doubled = 2 * n * pred.likely  # hundredths of half days
            n = (doubled + 100) // 200
            unit = LagUnit.WORKING if pred.unit is Unit.WORKING else LagUnit.CALENDAR
        if unit is not LagUnit.WORKING:
            return x + n
        return self.end(x, n) if n >= 0 else self.back(x, -n)

    def finish(self, a, start):
        return self.end(start, a.likely) if a.unit is Unit.WORKING else start + a.likely

    def may_start(self, a, at, windows):
        if windows and a.anchor and a.anchor.opens:
            first = next(
                d
                for y in (0, -1, 1)
                for d in [date(self.day(at).year + y, *a.anchor.opens)]
                if abs((d - self.day(at)).days) <= 183  # in the middle of a leap year, from both
            )
            opens = (first - self.start).days
            while a.unit is Unit.WORKING and not self.works(opens):
                opens += 1
            return at == opens
        return a.unit is not Unit.WORKING or self.works(at)

    def holds(self, link, pred, p, a, s):
        x = p[1] if link.type in (LinkType.FS, LinkType.FF) else p[0]
        end = self.finish(a, s) if link.type in (LinkType.FF, LinkType.SF) else s
        return end >= self.lagged(x, link, pred)


def early(plan, days, windows=True):
    by, dates = plan.by_id, {}
    while len(dates) < len(by):
        for a in plan.activities:
            if a.id in dates or any(k.pred not in dates for k in a.links):
                continue
            s = next(s for s in range(FAR) if days.may_start(a, s, windows) and all(days.holds(k, by[k.pred], dates[k.pred], a, s) for k in a.links))  # fmt: skip
            dates[a.id] = s, days.finish(a, s)
    return dates


def greatest(plan, days, a, end, dates, windows=True):
    after = [(k, b) for b in plan.activities for k in b.links if k.pred == a.id]
    for s in range(end, -FAR, -1):
        if not days.may_start(a, s, windows) or days.finish(a, s) > end:
            continue
        mine = s, days.finish(a, s)
        fits = True
        for k, b in after:
            x = mine[1] if k.type in (LinkType.FS, LinkType.FF) else mine[0]
            limit = dates[b.id][1] if k.type in (LinkType.FF, LinkType.SF) else dates[b.id][0]
            fits = fits and days.lagged(x, k, a) <= limit
        if fits:
            return s
    raise AssertionError("no start")


def late(plan, days, end, windows=True):
    dates = {}
    while len(dates) < len(plan.activities):
        for a in plan.activities:
            if a.id not in dates and all(b.id in dates for b in plan.activities for k in b.links if k.pred == a.id):
                s = greatest(plan, days, a, end, dates, windows)
                dates[a.id] = s, days.finish(a, s)
    return dates


def counted(days, a, first, last):
    if a.unit is not Unit.WORKING:
        return last - first
    sign = 1 if last >= first else -1
    return sign * sum(days.works(d) for d in range(min(first, last), max(first, last)))
