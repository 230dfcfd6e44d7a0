"""Answers that are computed by the engines of the house, never typed: time limits, admissibility, effect, identities, quorum."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from kalata.deadlines.rules.counting import compute
from kalata.deadlines.rules.moments import parse_moment, zone
from kalata.disputes.rules.admissible import admissible
from kalata.disputes.rules.bench import Court, Rule
from kalata.disputes.rules.effect import recompute
from kalata.disputes.rules.materiality import weigh
from kalata.disputes.rules.remedies import Norms
from kalata.disputes.rules.written import election_from
from kalata.results.rules.boxes import Box, Sheet
from kalata.results.rules.checks import findings
from kalata.results.rules.outcome import Status
from kalata.text import Message, translate, write
from kalata.text import gettext_noop as _
from kalata.training.rules.moots.case import Case, Question
from kalata.training.rules.moots.refusals import BadAnswer, BadCase

YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class Law:
    """The law of a pack as the engines read it. court: None where the pack has none."""

    norms: Norms
    court: Court | None


@dataclass(frozen=True, slots=True)
class Computed:
    """value: as an answer is written (yes, no, a whole number, a name, AAAA-MM-JJTHH:MM). form: what it looks like."""

    value: str
    form: str
    says: tuple[Message, ...] = ()
    doubtful: tuple[str, ...] = ()
    """Norms of the pack that it rests on and that nobody has read in the gazette."""


INSTANT, COUNT, BOTH, STATE, NAME = "AAAA-MM-JJTHH:MM", "123", "yes/no", "yes/no/cure/person", "A"
CURE, PERSON = "cure", "person"
AN_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}")
WORDS = {YES: _("oui"), NO: _("non"), CURE: _("à régulariser"), PERSON: _("une personne décide")}
CHOICES = {BOTH: (YES, NO), STATE: (YES, NO, CURE, PERSON)}
OF_STATE = {"met": YES, "not_met": NO, "curable": CURE, "disputed": PERSON, "unknown": PERSON}
"""Where readings of the law differ, the answer is that a person decides: the house does not choose one of them."""


def shown(value: str, lang: str) -> str:
    """An answer of an engine as people read it: words, counts and instants of the language; a name as it is.

    >>> shown("2018-08-04T00:00", "en"), shown("48000", "en"), shown("Touré", "en")
    ('Saturday 4 August 2018, 00:00', '48,000', 'Touré')
    """
    if value in WORDS:
        return translate(WORDS[value], lang)
    if value.isdecimal():
        return str(write(int(value), lang))
    if AN_INSTANT.fullmatch(value):
        return str(write(datetime.fromisoformat(value), lang))
    return value


def yes(value: bool, *says: Message, doubtful: tuple[str, ...] = ()) -> Computed:
    return Computed(YES if value else NO, BOTH, says, doubtful)


def limit(case: Case, given: Mapping[str, Any], law: Law) -> Computed:
    """The instant at which a time limit of the pack ends."""
    norm = law.norms.book.get(str(given.get("norm")))
    if norm is None or norm.counting is None:
        raise bad(case, "engine.norm", given.get("norm"), "ML-COMPLAINT-…")
    trigger = parse_moment(str(given.get("event")), law.norms.tz, record=case.id)
    days_off = law.norms.days_off(trigger.year - 1, trigger.year + 1)
    read = compute(norm.counting, trigger, tz=law.norms.tz, days_off=days_off, record=norm.id)
    local = read.deadline.instant.astimezone(zone(law.norms.tz))
    return Computed(
        local.strftime("%Y-%m-%dT%H:%M"),
        INSTANT,
        tuple(s.message for s in read.steps),
        () if norm.verified else (norm.id,),
    )


def item(case: Case, given: Mapping[str, Any], law: Law) -> Computed:
    """What the registry's own examination finds of one check of admissibility: met, not met, to be cured, or a person decides."""
    found = admissible(given.get("facts"), law.norms)
    one = next((i for i in found.items if i.name == given.get("item")), None)
    if one is None:
        raise bad(case, "engine.item", given.get("item"), ", ".join(i.name for i in found.items))
    doubtful = tuple(sorted({n.id for n in one.norms if not n.confidence.startswith("text seen")}))
    return Computed(OF_STATE[one.state.value], STATE, (one.sentence,), doubtful)


def effect(case: Case, given: Mapping[str, Any], law: Law) -> Computed:
    """What acts do to the outcome: ask leader, gap, same, annulled, votes:NAME, qualified:NAME."""
    done = recompute(election_from(case.election), {"decision": case.id, "acts": given.get("acts") or []})
    after = done.after
    total = dict(zip(after.options, after.total.votes, strict=True))
    outcome = next(iter(after.outcomes.values()))
    says = (Message(_("Après les actes : %(votes)s."), {"votes": ", ".join(f"{o} {v}" for o, v in total.items())}),)
    ask, _colon, name = str(given.get("ask")).partition(":")
    ranked = sorted(total.values(), reverse=True)
    if name and name not in total:
        raise bad(case, "engine.ask", name, ", ".join(total))
    if ask == "leader":
        first = [o for o, v in total.items() if v == ranked[0]]
        return Computed(first[0] if len(first) == 1 else "–", NAME, says)
    if ask == "gap":
        return Computed(str(ranked[0] - ranked[1]), COUNT, says)
    if ask == "annulled":
        return Computed(str(len(done.annulled)), COUNT, says)
    if ask == "votes":
        return Computed(str(total[name]), COUNT, says)
    if ask == "same":
        return yes(all(done.before.outcomes[k].same_as(after.outcomes[k]) for k in after.outcomes), *says)
    if ask == "qualified":
        return yes(outcome.status is Status.RUNOFF and name in outcome.options, *says)
    raise bad(case, "engine.ask", ask, "leader, gap, annulled, votes:…, same, qualified:…")


def ceiling(case: Case, given: Mapping[str, Any], law: Law) -> Computed:
    """Could any annulment among the contested stations change the outcome? ask can_change, or smallest."""
    found = weigh(election_from(case.election), {"contested": given.get("contested", "all")})
    if given.get("ask") == "smallest":
        least = found.minimal
        return Computed(str(least["stations"]) if least and least["stations"] else "0", COUNT)
    if given.get("ask") != "can_change":
        raise bad(case, "engine.ask", given.get("ask"), "can_change, smallest")
    return yes(bool(found.ceiling["can_change"]))


def identity(case: Case, given: Mapping[str, Any], law: Law) -> Computed:
    """How far a record is from an identity: 0 where it holds."""
    try:
        boxes: dict[Box, int | None] = {Box(k): v for k, v in dict(given.get("boxes") or {}).items()}
    except ValueError as fault:
        raise bad(case, "engine.boxes", fault, ", ".join(b.value for b in Box)) from None
    sheet = Sheet(boxes, tuple(given.get("votes") or ()))
    found = next((f for f in findings(sheet, form=frozenset(boxes)) if f.code == given.get("check")), None)
    return Computed(str(abs(int(str(found.values["gap"])))) if found else "0", COUNT, (found.message,) if found else ())


def quorum(case: Case, given: Mapping[str, Any], law: Law) -> Computed:
    """May the Court of the pack sit with so many members out (ask sits), does its law know recusal (ask recusal)?"""
    court = law.court
    if court is None:
        raise bad(case, "engine.by", "quorum", "institutions.yaml")
    rule = court.basis.get("recusal" if given.get("ask") == "recusal" else "quorum", Rule())
    doubtful = () if rule.confidence.startswith("text seen") else (f"{court.code} ({rule.article or '–'})",)
    if given.get("ask") == "recusal":
        return yes(court.recusal, doubtful=doubtful)
    left = court.members - int(given.get("out") or 0)
    says = Message(_("%(n)d {n:membre reste|membres restent} ; il en faut %(q)d."), {"n": left, "q": court.quorum})
    return yes(left >= court.quorum, says, doubtful=doubtful)


ENGINES: Mapping[str, Callable[[Case, Mapping[str, Any], Law], Computed]] = {
    "limit": limit, "admissible": item, "effect": effect, "ceiling": ceiling, "identity": identity, "quorum": quorum,
}  # fmt: skip


def bad(case: Case, field: str, value: object, form: str) -> BadCase:
    return BadCase(case=case.id, field=field, value=str(value)[:80], form=form)


def computed(case: Case, question: Question, law: Law) -> Computed:
    """The answer of a computed question. TRN-521 an engine that does not exist, and what the engine itself refuses."""
    given = question.engine or {}
    run = ENGINES.get(str(given.get("by")))
    if run is None:
        raise bad(case, f"{question.id}.engine.by", given.get("by"), ", ".join(ENGINES))
    return run(case, given, law)


def every(case: Case, law: Law) -> dict[str, Computed]:
    return {q.id: computed(case, q, law) for q in case.questions() if q.engine is not None}


def written(question: Question, value: str, form: str) -> str:
    """An answer to a computed question as the engines write theirs. TRN-530."""
    text = " ".join(value.replace("\u202f", " ").replace("\u00a0", " ").split())
    if form in CHOICES:
        known = {w: v for v in CHOICES[form] for w in (v, WORDS[v])}
        if text.lower() in known:
            return known[text.lower()]
        raise BadAnswer(question=question.id, value=text[:40], form=" / ".join(WORDS[v] for v in CHOICES[form]))
    if form == COUNT:
        digits = text.replace(" ", "")
        if digits.isascii() and digits.isdecimal() and len(digits) < 13:
            return str(int(digits))
        raise BadAnswer(question=question.id, value=text[:40], form="1 234")
    if form == INSTANT:
        day, _space, hour = text.replace("T", " ").partition(" ")
        try:
            at = datetime.fromisoformat(f"{day} {'00:00' if hour == '24:00' else hour}")
            return (at + timedelta(days=int(hour == "24:00"))).strftime("%Y-%m-%dT%H:%M")
        except ValueError:
            raise BadAnswer(question=question.id, value=text[:40], form="2018-08-04 21:00") from None
    return text
