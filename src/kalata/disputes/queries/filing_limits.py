"""What the law says of the instant of a petition, as a receipt prints it: every reading of every limit, nothing decided."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from kalata.country.models import Contest
from kalata.country.rules.remedies import CONTESTS
from kalata.deadlines.models import Calendar, Fact
from kalata.deadlines.queries import days_off, facts, moment_of, zone_name
from kalata.deadlines.rules.moments import Verdict
from kalata.disputes.models import Petition
from kalata.disputes.papers.registry import Limit
from kalata.disputes.queries.law import attacked, body_for
from kalata.disputes.rules.checklist import Desk
from kalata.disputes.rules.clocks import Clock
from kalata.disputes.rules.facts import facts_from
from kalata.disputes.rules.remedies import Norms, norms_from
from kalata.refusals import Refused
from kalata.text import Named, translate
from kalata.text import gettext_noop as _

VERDICTS = {
    Verdict.IN_TIME: _("en temps utile"),
    Verdict.LATE: _("tardive"),
}
UNDECIDED = _("à décider")


def limits_of(petition: Petition, lang: str) -> list[Limit]:
    """The readings of the filing limits of a petition, by ground; empty where the facts do not allow to count."""
    calendar = calendar_of(petition)
    if calendar is None:
        return []
    norms = norms_of(petition)
    return counted(raw(petition, calendar, norms), norms, lang)


def limits_ahead(
    contest: Contest, *, about: str, capacity: str, signed: bool, dated: bool, grounds: int, pieces: int, lang: str
) -> list[Limit]:  # fmt: skip
    """The same, for what is still being written at a counter, as if it were received now: nothing is kept of it."""
    petition = Petition(
        contest=contest, about=about, capacity=capacity, signed=signed, at=timezone.now(), received_at=timezone.now()
    )
    calendar = calendar_of(petition)
    if calendar is None:
        return []
    norms = norms_of(petition)
    keys = [(f"g{n}", about) for n in range(1, max(grounds, 1) + 1)]
    return counted(facts_said(petition, calendar, norms, keys, pieces, dated), norms, lang)


def counted(facts: dict[str, Any], norms: Norms, lang: str) -> list[Limit]:
    try:
        desk = Desk(facts_from(facts, norms), norms)
    except Refused:
        return []
    found: dict[tuple[str, str, str], Limit] = {}
    for clock in desk.clocks:
        for one in rows(clock, norms, lang):
            found.setdefault((one.rule, one.ends, one.verdict), one)
    return list(found.values())


def calendar_of(petition: Petition) -> Calendar | None:
    """The legal calendar of the contest: of its election, the one of its family; None where that is not plain."""
    found = [c for c in Calendar.objects.filter(election=petition.contest.election_id) if c.family in CONTESTS]
    return found[0] if len(found) == 1 else None


def norms_of(petition: Petition) -> Norms:
    pack = petition.contest.election.pack.pack
    return norms_from(pack.sections, zone_name(pack), lambda first, last: days_off(pack, first, last))


def raw(petition: Petition, calendar: Calendar, norms: Norms) -> dict[str, Any]:
    """The facts of a petition as the rules read them."""
    keys = [(g.key, g.about or petition.about) for g in petition.grounds.filter(struck=False)]
    pieces = petition.exhibits.filter(struck=False).count()
    return facts_said(petition, calendar, norms, keys, pieces, petition.signed_on is not None)


def facts_said(
    petition: Petition, calendar: Calendar, norms: Norms, keys: list[tuple[str, str]], pieces: int, dated: bool
) -> dict[str, Any]:  # fmt: skip
    """keys: (ground, the act it attacks)."""
    return {
        "id": petition.number or "–",
        "contest": calendar.family,
        "round": petition.contest.round,
        "body": body_for(petition),
        "received": local(petition.received_at or petition.at),
        "events": {name_of(fact): local(moment_of(fact)) for fact in facts(calendar) if fact.standing == "actual"}
        | attacked(petition, petition.contest.election.pack.pack),
        "capacity": petition.capacity or "other",
        "form": {"written": True, "signed": petition.signed, "dated": dated},
        "grounds": [{"ground": key, "about": about, "stations": [], "evidence": pieces} for key, about in keys],
    }


def name_of(fact: Fact) -> str:
    return f"{fact.type}:{fact.round}" if fact.round else fact.type


def local(moment: date | datetime) -> str:
    if isinstance(moment, datetime):
        return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M:%S")
    return moment.isoformat()


def rows(clock: Clock, norms: Norms, lang: str) -> list[Limit]:
    """One line a reading: how it counts and from what, where it ends, what it makes of this petition."""
    out = []
    for one in clock.readings:
        event = norms.book.events.get(one.event.partition(":")[0])
        since: Any = getattr(event, "name", None) or Named(one.event)
        verdict = VERDICTS.get(one.filed, UNDECIDED)
        rule = f"{norms.rule_name(one.rule).text(lang)} · {since.text(lang)}"
        out.append(Limit(rule, one.limit.text(lang), translate(verdict, lang)))
    return out
