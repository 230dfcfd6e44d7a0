"""Where a plan goes from what was said of it: dates that are left, and what the whole comes to by what was paid. Pure.

What is done keeps its day; what runs goes on from today for what is left of it; what nobody began begins no sooner than today.
A figure that would divide by nothing is None, never zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from kalata.planning.rules.calendars import Calendar
from kalata.planning.rules.cost_money import half_up
from kalata.planning.rules.forward import Net, finish_of, least_start, opening, rested
from kalata.planning.rules.progress import Standing


@dataclass(frozen=True, slots=True)
class Value:
    """In francs. at: the budget of the plan; planned, earned: their values to a day; cost: what was paid, None where nothing was."""

    at: int
    planned: int
    earned: int
    cost: int | None

    @property
    def gap(self) -> int | None:
        """Earned less paid."""
        return None if self.cost is None else self.earned - self.cost

    @property
    def cpi(self) -> Fraction | None:
        return Fraction(self.earned, self.cost) if self.cost else None

    @property
    def spi(self) -> Fraction | None:
        return Fraction(self.earned, self.planned) if self.planned else None

    @property
    def at_this_cost(self) -> Fraction | None:
        """The whole, where what is left costs as what was done: budget ÷ CPI."""
        return self.at / self.cpi if self.cpi else None

    @property
    def at_budget(self) -> Fraction | None:
        """The whole, where what is left costs what was planned."""
        return None if self.cost is None else Fraction(self.cost + self.at - self.earned)

    @property
    def at_this_pace(self) -> Fraction | None:
        """The whole, where cost and delay both go on."""
        if not self.cpi or not self.spi or self.cost is None:
            return None
        return self.cost + (self.at - self.earned) / (self.cpi * self.spi)

    @property
    def francs(self) -> list[int | None]:
        """The three estimates of the whole, to the franc."""
        return [None if one is None else half_up(one) for one in (self.at_this_cost, self.at_budget, self.at_this_pace)]

    @property
    def needed(self) -> Fraction | None:
        """What each franc left must earn for the budget to hold."""
        if self.cost is None or self.at == self.cost:
            return None
        return Fraction(self.at - self.earned, self.at - self.cost)


def forecast(net: Net, cal: Calendar, said: Mapping[str, Standing], today: date) -> list[int]:
    """The finish of each activity, by place: offsets, the day after the last one."""
    now = cal.offset(today)
    days, starts, finishes = list(net.days), [0] * len(net.days), [0] * len(net.days)
    for i in net.order:
        one = said.get(net.plan.activities[i].id)
        last = one.said if one else None
        if last is not None and last.percent == 100:
            starts[i] = cal.offset(last.started or last.finished or last.on)
            finishes[i] = cal.offset(last.finished or last.on) + (1 if net.days[i] else 0)
            continue
        if last is not None and last.percent:
            days[i] = -(-net.days[i] * (100 - last.percent) // 100)
            starts[i] = cal.offset(last.started) if last.started else now
            finishes[i] = finish_of(net, cal, i, rested(net, cal, i, max(now, 0)), days)
            continue
        asked = [least_start(net, cal, arc, finishes[arc.pred] if arc.from_finish else starts[arc.pred], net.days) for arc in net.into[i]]
        start = rested(net, cal, i, max(0, now, *asked))
        opens = net.opens[i]
        if opens is not None:
            beat = net.beat(cal, i)
            start = opening(beat or cal, opens, beat is not None, start)
        starts[i], finishes[i] = start, finish_of(net, cal, i, start, net.days)
    return finishes
