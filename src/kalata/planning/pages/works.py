"""The named calendars of a version as its page shows them: whose they are, what slows them, which activities follow them."""

from __future__ import annotations

from dataclasses import dataclass

from kalata.planning.models import PlanVersion
from kalata.planning.queries import calendars as queries
from kalata.planning.queries.schedule import Dates
from kalata.planning.rules.explaining import season
from kalata.planning.rules.spells import KINDS, During, Spell, Work
from kalata.text import Message, Named


@dataclass(frozen=True)
class Season:
    """One season or closure, and when it falls while the plan lasts."""

    spell: Spell
    falls: list[Message]
    estimated: bool

    @property
    def title(self) -> Named:
        return Named(self.spell.name, self.spell.name_en or self.spell.name)


@dataclass(frozen=True)
class Calendar:
    work: Work
    seasons: list[Season]
    followers: list[str]
    confidence: str

    @property
    def title(self) -> Named:
        return Named(self.work.name, self.work.name_en or self.work.name)

    @property
    def kind(self) -> Message:
        return Message(KINDS[self.work.kind])

    @property
    def rest(self) -> list[int]:
        return sorted(self.work.rest or ())


def told(version: PlanVersion, dates: Dates) -> list[Calendar]:
    s = dates.schedule
    first, last = s.calendar.start, s.calendar.day(s.finish)
    follows: dict[str, list[str]] = {}
    for i, a in enumerate(s.plan.activities):
        own = s.net.own(s.calendar, i)
        if own is not None:
            follows.setdefault(own.name, []).append(a.id)
    out = []
    for work in queries.works(version):
        own = s.calendar.named[work.code]
        seasons = []
        for spell in work.spells:
            falls: list[During] = []
            for year in range(first.year, last.year + 1):
                own.of(first.replace(year=year, day=1))
                falls += [d for d in own.years[year] if d.spell == spell and d not in falls and d.last >= first and d.first <= last]
            seasons.append(Season(spell, [season(d) for d in falls], any(d.estimated for d in falls)))
        out.append(Calendar(work, seasons, follows.get(work.code, []), work.confidence))
    return out
