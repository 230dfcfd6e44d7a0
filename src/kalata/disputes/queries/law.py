"""The law of disputes of a contest's pack, and the facts of a case as its checks take them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from kalata.country.models import Contest
from kalata.country.rules.pack import Pack
from kalata.country.rules.remedies import FORM, words
from kalata.deadlines import queries as deadlines
from kalata.deadlines.models import Calendar
from kalata.disputes.models import Petition, Service
from kalata.disputes.queries.texts import pack_of, zone_of
from kalata.disputes.rules.remedies import SECTIONS, Norms, norms_from
from kalata.disputes.rules.steps import PRESIDE

DECIDE = "results.decide"
BY_SYSTEM = {"two_round_majority": "presidential", "referendum": "referendum"}
"""The family of a contest by the kind of its system, where its election has several calendars or none."""


def court_record(pack: Pack) -> Mapping[str, Any]:
    """The institution that is the Court of a pack: that of the role which presides over disputes and decides on results.
    Empty where the pack has none."""
    roles = [r for r in pack.records("roles") if PRESIDE in words(r.get("rights"))]
    role = next((r for r in roles if DECIDE in words(r.get("rights"))), roles[0] if roles else {})
    named = str(role.get("institution") or "")
    return next((r for r in pack.records("institutions") if r.get("id") == named), {})


def body_of(pack: Pack) -> str:
    """The code of the Court of a pack, by which its norms name the body of a remedy."""
    record = court_record(pack)
    return str(record.get("body") or record.get("id") or "–")


@lru_cache(maxsize=8)
def norms_of_sha(sha256: str, contest_id: int) -> Norms:
    contest = Contest.objects.select_related("election__pack").get(pk=contest_id)
    pack = pack_of(contest)
    sections = {name: pack.records(name) for name in SECTIONS}
    return norms_from(sections, zone_of(contest), lambda first, last: deadlines.days_off(pack, first, last))


def norms_of(contest: Contest) -> Norms:
    """The law of disputes of the pack that a contest is bound to; read once per version."""
    return norms_of_sha(contest.election.pack.sha256, contest.pk)


def family_of(contest: Contest, calendars: list[Calendar]) -> str:
    known = {c.family for c in calendars}
    guess = BY_SYSTEM.get(str(contest.system.get("kind") or ""), "legislative")
    return guess if guess in known or len(known) != 1 else known.pop()


def kind_of(contest: Contest) -> str:
    """What kind of contest it is, by the calendars of its election, else by its system."""
    return family_of(contest, list(Calendar.objects.filter(election=contest.election_id)))


def events_of(contest: Contest, calendars: list[Calendar], family: str) -> dict[str, str]:
    """Events of the calendar that happened or are fixed, by name and round; the poll where no calendar says it."""
    found: dict[str, str] = {}
    for calendar in calendars:
        if calendar.family == family:
            for fact in deadlines.facts(calendar):
                moment = deadlines.moment_of(fact)
                found[f"{fact.type}:{fact.round}" if fact.round else fact.type] = moment.isoformat()
    day = contest.polling_day or contest.election.polling_day
    if day and not any(name.split(":")[0] == "VOTE" for name in found):
        found[f"VOTE:{contest.round}"] = day.isoformat()
    return found


def body_for(petition: Petition) -> str:
    """The code of the body that has a case: that of its office of first instance, else the Court."""
    return petition.office.body if petition.office is not None else body_of(pack_of(petition.contest))


def attacked(petition: Petition, pack: Pack) -> dict[str, str]:
    """What an appeal counts from: the instant at which the decision that it attacks reached its author, for each event of the
    pack that is one (`appealed`). Nothing where it is not known to have reached them."""
    first = petition.appeal_of
    if first is None:
        return {}
    names = set(petition.parties.filter(role="petitioner", struck=False).values_list("name", flat=True))
    reached = Service.objects.filter(petition=first, document__kind="decision", struck_at=None, document__struck_at=None, party__name__in=names)
    at = reached.exclude(served_at=None).order_by("served_at").values_list("served_at", flat=True).first()
    named = [str(r["id"]) for r in pack.records("event_types") if r.get("appealed")]
    return {name: at.isoformat() for name in named} if at is not None else {}


def facts_of(
    petition: Petition, form: Mapping[str, bool] | None = None, overrides: list[dict[str, Any]] | None = None
) -> dict[str, Any]:
    """The facts of a received case. form: what the registry saw of its form (certified, copies); the rest is in the case."""
    contest = petition.contest
    calendars = list(Calendar.objects.filter(election=contest.election_id).select_related("election__pack"))
    family = family_of(contest, calendars)
    grounds = list(petition.grounds.filter(struck=False).prefetch_related("targets__station"))
    pieces = list(petition.exhibits.filter(struck=False).values_list("grounds", flat=True))
    # a piece given at an office is tied to no ground: it stands for the petition, but for its text and what it attacks
    whole = petition.exhibits.filter(struck=False, kind="other", grounds=[]).count() if petition.office_id else 0
    said: dict[str, Any] = dict.fromkeys(FORM, False)
    said |= {"written": True, "signed": petition.signed, "dated": petition.signed_on is not None} | dict(form or {})
    return {
        "id": petition.number, "contest": family, "round": contest.round, "body": body_for(petition),
        "received": petition.received_at.isoformat() if petition.received_at else None,
        "events": events_of(contest, calendars, family) | attacked(petition, pack_of(contest)), "capacity": petition.capacity or "other", "form": said,
        "grounds": [
            {
                "ground": g.key, "about": g.about or petition.about or "results",
                "stations": [[t.station.code] for t in g.targets.all() if t.station and not t.struck],
                "evidence": sum(g.key in keys for keys in pieces) + whole,
            }
            for g in grounds
        ],
        "decided_before": None, "overrides": overrides or [],
    }  # fmt: skip
