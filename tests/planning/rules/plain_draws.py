"""A second engine of draws: one draw after another, the standard library's Beta, a plain pass. It shares nothing."""

import random
from math import floor

from kalata.planning.rules.plan import LinkType, Unit


def duration(chance, a, factor=1.0):
    low, likely, high = a.three
    if high == low:
        return floor(likely * factor + 0.5)
    at = (likely - low) / (high - low)
    return floor((low + (high - low) * chance.betavariate(1 + 4 * at, 5 - 4 * at)) * factor + 0.5)


class Year:
    """Working days by lists of its own."""

    def __init__(self, start, off, horizon):
        from datetime import timedelta

        self.works = [(start + timedelta(d)).weekday() < 5 and start + timedelta(d) not in off for d in range(horizon)]
        self.days = [d for d, w in enumerate(self.works) if w]
        self.before = [0]
        for w in self.works:
            self.before.append(self.before[-1] + w)

    def end(self, s, n):
        return s if not n else self.days[self.before[s] + n - 1] + 1


def ends(plan, days, year, window=None):
    """Finishes by id of a plan of FS and SS links with lags in calendar days. window: (id, day it opens)."""
    start, finish = {}, {}
    while len(finish) < len(days):
        for a in plan.activities:
            if a.id in finish or any(k.pred not in finish for k in a.links):
                continue
            s = max([0] + [(finish if k.type is LinkType.FS else start)[k.pred] + k.lag.n for k in a.links])
            if a.unit is Unit.WORKING:
                s = year.days[year.before[s]]
            if window and a.id == window[0]:
                while s > window[1]:
                    window = window[0], window[1] + 365
                s = window[1]
            start[a.id] = s
            finish[a.id] = year.end(s, days[a.id]) if a.unit is Unit.WORKING else s + days[a.id]
    return finish


def percentiles(plan, target, year, draws, seed, percents=(50, 80, 90), window=None):
    chance = random.Random(seed)
    order = sorted(plan.activities, key=lambda a: a.row)
    found = sorted(ends(plan, {a.id: duration(chance, a) for a in order}, year, window)[target] for _n in range(draws))
    return [found[-(-draws * p // 100) - 1] for p in percents]
