"""First instance: a case received in an office, its decision written, voted, signed by another hand, told, and attacked above.

The life of the case is the one table's (`rules.steps`); what is here says what that table must know of a decision of first
instance: whether its text was voted, whether its gate lets it pass, who wrote it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from kalata.country.models import Contest
from kalata.disputes import kinds
from kalata.disputes.models import Clock, Counter, FirstAside, FirstRuling, FirstVote, Office, Petition, Service
from kalata.disputes.queries import law
from kalata.disputes.queries import offices as queries
from kalata.disputes.queries.texts import zone_of
from kalata.disputes.rules import offices as rules
from kalata.disputes.rules.effect import sha256_of
from kalata.disputes.rules.filing import Filing
from kalata.disputes.rules.recourse import ABOUT_LABELS
from kalata.disputes.rules.steps import DECIDED, LABELS, PRESIDE, RAPPORTEUR, State
from kalata.disputes.services import clocks, intake, serving, sheets, steps
from kalata.disputes.services.guarding import require_right
from kalata.evidence.models import Content
from kalata.ledger.services import record
from kalata.people.models import Person
from kalata.people.rules.approval import NoReason
from kalata.text import Message
from kalata.text import gettext_noop as _


# --- received -----------------------------------------------------------------------------------
@transaction.atomic
def receive(
    *, office: Office, contest: Contest, filing: Filing, channel: str, pieces: Iterable[tuple[Content, str]], by: Person,
    appeal: str = "", ticket: str = "", since: datetime | None = None, despite: str = "",
) -> Petition:  # fmt: skip
    """Receive a petition in an office, whole or not at all. appeal: number of the decided case that it attacks.

    Raises: DIS-902 the pack opens no such remedy before this body, DIS-907 no such decision, and what `intake.receive` says.
    """
    competent(office, contest, filing.about)
    attacked = appealed(appeal, contest, filing.about, office.body) if appeal.strip() else None
    return intake.take_down(
        contest=contest, filing=filing, channel=channel, counter=Counter.every.get(pk=office.counter_id), pieces=pieces, by=by,
        ticket=ticket, since=since, despite=despite, office=office, appeal_of=attacked,
    )  # fmt: skip


def competent(office: Office, contest: Contest, about: str) -> None:
    """DIS-902 where the pack opens before the body of this office no remedy against this act."""
    if queries.way_of(contest, about, office.body) is None:
        body = queries.bodies(contest.election.pack.pack).get(office.body, {})
        raise rules.NotOfThisBody(
            body=Message(str(body.get("name_fr") or office.name)), about=Message(ABOUT_LABELS.get(about, about))
        )  # fmt: skip


def appealed(number: str, contest: Contest, about: str, body: str) -> Petition:
    """The decided case that a petition before this body attacks. DIS-907."""
    one = queries.decided(number)
    why = ""
    if one is None:
        why = _("aucune affaire de première instance n’a ce numéro")
    elif one.contest_id != contest.pk or one.about != about:
        why = _("elle est d’un autre scrutin, ou attaque un autre acte")
    elif one.state not in DECIDED:
        why = _("elle n’est pas décidée")
    else:
        above = queries.above(one)
        codes = (above[1].codes if above[1] else (above[0].body,)) if above else ()
        if body not in codes:
            why = _("son recours ne va pas devant cet organe")
    if one is None or why:
        raise rules.NoAppeal(case=number.strip()[:40], why=why)
    return one


WRITABLE = (State.DELIBERATION, State.DRAFTED)
"""Where a decision is written and voted: a text changed after its vote is voted again."""


@transaction.atomic
def step(*, petition_id: int, to: State, by: Person, act: str = "", why: str = "", body: str = "", seen: str | None = None) -> None:
    """Take a step of a case of first instance. Told to the parties, its decision becomes a paper that each must be served."""
    petition = sheets.locked(petition_id, seen)
    steps.move(petition, to, by, act=act, why=why, body=body)
    if to is State.DOCKETED:
        clocks.start(petition)
        sheets.refresh(petition)
    if to is State.NOTIFIED:
        ruling = FirstRuling.objects.get(petition=petition)
        serving.entered(petition, kind=serving.DECISION, title=f"{ruling.number}", by=by, exhibit_id=ruling.copy_id)


# --- written, voted --------------------------------------------------------------------------------
def said_of(petition: Petition, ruling: FirstRuling) -> rules.Said:
    keys = tuple(petition.grounds.filter(struck=False).order_by("pk").values_list("key", flat=True))
    return rules.Said(
        ruling.outcome, ruling.order, ruling.words, ruling.reasons, keys, tuple(ruling.articles), ruling.breach
    )


def digest_of(number: str, said: rules.Said) -> str:
    """What a vote is bound to: every word of the decision."""
    return sha256_of({
        "case": number, "outcome": said.outcome, "order": said.order, "words": said.words, "reasons": dict(said.reasons),
        "articles": list(said.articles), "breach": said.breach,
    })  # fmt: skip


@transaction.atomic
def write(
    *, petition_id: int, outcome: str, order: str, words: str, reasons: Mapping[str, str], articles: Iterable[str], by: Person,
    breach: str = "", seen: str | None = None,
) -> FirstRuling:  # fmt: skip
    """Write the decision, or write it anew: votes given on another text count for nothing.

    Raises: PEO-101, DIS-205 a stale page, DIS-903 not in deliberation, DIS-908 stepped aside.
    """
    petition = sheets.locked(petition_id, seen)
    require_right(by, RAPPORTEUR, petition)
    if petition.state not in WRITABLE:
        raise rules.NotWritable(case=petition.number, state=LABELS[State(petition.state)])
    keys = set(petition.grounds.filter(struck=False).values_list("key", flat=True))
    ruling = FirstRuling.objects.filter(petition=petition).first() or FirstRuling(petition=petition)
    ruling.outcome, ruling.order, ruling.words = outcome, order, words.strip()
    ruling.reasons = {k: text.strip() for k, text in reasons.items() if k in keys and text.strip()}
    ruling.articles = [one.strip() for one in articles if one.strip()]
    ruling.breach, ruling.drafted_by, ruling.at = breach.strip()[:400], by, timezone.now()
    ruling.of = digest_of(str(petition.number), said_of(petition, ruling))
    ruling.save()
    record(
        by=by, kind=kinds.FIRST_WRITTEN, subject=steps.subject_of(petition), rows=[ruling], after={"of": ruling.of}
    )  # fmt: skip
    sheets.refresh(petition)
    return ruling


def read_now(petition: Petition, of: str) -> FirstRuling:
    """The text that the page showed; DIS-904 where it is another now."""
    found = FirstRuling.objects.select_for_update().filter(petition=petition).first()
    if found is None or found.of != of:
        raise rules.NothingWritten(case=petition.number)
    return found


@transaction.atomic
def vote(*, petition_id: int, of: str, aye: bool, by: Person) -> FirstVote:
    """Vote on the text that was read. Raises: PEO-101, DIS-903, DIS-904, DIS-905 voted already, DIS-908."""
    petition = sheets.locked(petition_id)
    require_right(by, rules.SIT, petition)
    if petition.state not in WRITABLE:
        raise rules.NotWritable(case=petition.number, state=LABELS[State(petition.state)])
    ruling = read_now(petition, of)
    if queries.law_of(petition).decides == rules.JUDGE or ruling.votes.filter(of=of, by=by).exists():
        raise rules.VotedAlready
    head = queries.may_in(by, PRESIDE, petition)
    made = FirstVote.objects.create(ruling=ruling, of=of, by=by, aye=aye, head=head, at=timezone.now())
    record(by=by, kind=kinds.FIRST_VOTED, subject=steps.subject_of(petition), rows=[made], after={"of": of})
    sheets.refresh(petition)
    return made


@transaction.atomic
def step_aside(*, petition_id: int, why: str, by: Person) -> FirstAside:
    """Take no part in a case from now on. PEO-101, PEO-203 without a reason, DIS-908 done already."""
    petition = sheets.locked(petition_id)
    if not any(queries.may_in(by, right, petition) for right in queries.STAFF):
        require_right(by, rules.SIT, petition)
    if not why.strip():
        raise NoReason
    if queries.aside(by, petition):
        raise rules.AsideAlready(case=petition.number)
    made = FirstAside.objects.create(petition=petition, by=by, why=why.strip()[:400], at=timezone.now())
    record(by=by, kind=kinds.FIRST_ASIDE, subject=steps.subject_of(petition), rows=[made], reason=made.why)
    sheets.refresh(petition)
    return made


# --- the gate, the signature -----------------------------------------------------------------------
def limits_past(petition: Petition, now: datetime) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(limits to decide that are past under every reading, those past under one only)."""
    tz, late, doubtful = zone_of(petition.contest), [], []
    for clock in Clock.objects.filter(petition=petition, kind="decision", stopped_at=None):
        said = clocks.verdict_of(clock, now, tz)
        if said == "late":
            late.append(clock.about)
        elif said == "undetermined":
            doubtful.append(clock.about)
    return tuple(late), tuple(doubtful)


def examine(petition: Petition, signer: Person | None = None) -> rules.Verdict:
    """What the gate says of the decision of a case now. signer: who would sign it."""
    ruling = FirstRuling.objects.filter(petition=petition).first()
    late, doubtful = limits_past(petition, timezone.now())
    struck = petition.parties.filter(struck=True).count() + Service.objects.filter(petition=petition, party__struck=False).exclude(struck_at=None).count()  # fmt: skip
    stage = rules.Stage(
        body=queries.law_of(petition), ballot=queries.ballot_of(ruling), unserved=serving.not_reached(petition, serving.OPENING),
        late=late, doubtful=doubtful, known=law.norms_of(petition.contest).known, drafters=writers(petition),
        signer=signer.pk if signer else None, struck=struck,
    )  # fmt: skip
    return rules.examine(said_of(petition, ruling) if ruling else None, stage)


def writers(petition: Petition) -> frozenset[int]:
    """Everybody who wrote the decision, and not only its last hand."""
    from kalata.ledger.models import Act

    kept = Act.objects.filter(subject=steps.subject_of(petition), kind=kinds.FIRST_WRITTEN.code)
    found = {pk for pk in kept.values_list("actor_id", flat=True) if pk is not None}
    last = FirstRuling.objects.filter(petition=petition).values_list("drafted_by", flat=True).first()
    return frozenset(found | ({last} if last else set()))


@steps.facts
def known(petition: Petition) -> dict[str, Any]:
    """What the table of a case asks of first instance."""
    if petition.office_id is None:
        return {}
    ruling = FirstRuling.objects.filter(petition=petition).first()
    body = queries.law_of(petition)
    voted = rules.carried(body, queries.ballot_of(ruling), written=ruling is not None)
    return {"voted": voted, "passes": not examine(petition).faults, "drafters": writers(petition)}


@transaction.atomic
def sign(*, petition_id: int, of: str, copy: Content, name: str, by: Person, seen: str | None = None) -> FirstRuling:
    """Record the exemplar that the president signed by hand, and with it the decision: number, digest, gate's answer.

    Raises: PEO-101, DIS-104 who wrote it, DIS-205, DIS-904 another text, DIS-906 what keeps it back, LIF-101 not at the gate.
    """
    petition = sheets.locked(petition_id, seen)
    require_right(by, PRESIDE, petition)
    ruling = read_now(petition, of)
    verdict = examine(petition, by)
    if petition.state == State.GATE and verdict.faults:
        raise rules.Kept(why=verdict.faults[0])
    number = next_number(petition)
    exhibit = intake.attach(petition=petition, content=copy, name=name[:200], kind="report", by=by, access="public")
    at = timezone.now()
    ruling.number, ruling.copy, ruling.verdict, ruling.signed_by, ruling.signed_at = number, exhibit, verdict.record(), by, at
    ruling.digest = sha256_of({
        "of": ruling.of, "number": number, "case": petition.number, "office": petition.counter.code if petition.counter else "",
        "copy": copy.sha256, "signed_at": at.isoformat(),
    })  # the votes are their own rows, and no part of it: who reads this digest would try every count on it  # fmt: skip
    ruling.save()
    steps.move(petition, State.SIGNED, by, act=number)
    record(
        by=by, kind=kinds.FIRST_SIGNED, subject=steps.subject_of(petition), rows=[ruling], after={"number": number, "digest": ruling.digest}
    )  # fmt: skip
    return ruling


def next_number(petition: Petition) -> str:
    """The number of the decision: its rank in the office and the year, in the form of the pack."""
    assert petition.office is not None
    Office.objects.select_for_update().get(pk=petition.office.pk)
    year = timezone.localdate().year
    body = queries.bodies(petition.contest.election.pack.pack).get(petition.office.body, {})
    taken = FirstRuling.objects.filter(petition__office=petition.office_id, signed_at__year=year).count()
    return rules.numbered(
        str(body.get("decision_number") or rules.FORM), year=year, rank=taken + 1, office=petition.office.code, about=petition.about
    )  # fmt: skip
