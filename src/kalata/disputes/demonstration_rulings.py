"""Decisions of the demonstration: one at each step of its life, one that annulled and rectified and is closed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from django.utils import timezone

from kalata.country.models import Contest
from kalata.disputes.models import Exhibit, Petition, Ruling, Service
from kalata.disputes.queries import bench as queries
from kalata.disputes.queries.elections import election_of
from kalata.disputes.rules.service import Mode, Outcome
from kalata.disputes.rules.steps import State
from kalata.disputes.services import executing, publishing, rulings, serving, steps, summaries
from kalata.disputes.signing import court
from kalata.people.models import Person
from kalata.people.rules.approval import Decision

S = State
LIFE = (S.GATE, S.SIGNED, S.PRONOUNCED, S.NOTIFIED, S.PUBLISHED, S.APPLIED, S.CLOSED)
"""The states that a decision leads through, in order."""


REASON = "Exercice : motif fictif, sans valeur."
WITNESS = (
    "Exercice : le témoin Fictif Exemple, joint au 00 00 00 00, dit avoir vu ouvrir le bureau en retard ; motif fictif."
)
"""Reasons that name somebody, so that there is something to take out of the public text."""


class Stage(Protocol):
    """Who acts, and in what."""

    contest: Contest

    def __getitem__(self, name: str) -> Person: ...


def keys() -> None:
    """The Court's keys of the demonstration, of no value."""
    court.for_demonstration(court="Cour constitutionnelle (exercice)", country="ML")


def acts_of(one: Petition, to: State) -> list[dict[str, Any]]:
    """Rejected, but for the case that is closed: one station annulled, one box of another corrected."""
    if to is not S.CLOSED or one.contest.petitions.filter(state=S.CLOSED).exists():
        return [{"id": "1", "act": "REJECT_UNFOUNDED", "petition": one.number}]
    first, second = [
        t.station.code
        for t in one.grounds.get(key="g1").targets.select_related("station").order_by("pk")[:2]
        if t.station
    ]
    election = election_of(one.contest)
    at = next(i for i, key in enumerate(election.keys) if key[0] == second)
    votes = [int(column[at]) for column in election.votes[:2]]
    names = list(election.options)[:2]
    proof = Exhibit.objects.select_related("piece").filter(petition=one).first()
    assert proof is not None
    return [
        {"id": "1", "act": "ANNUL_STATION", "stations": [[first]], "ground": "g1"},
        {
            "id": "2", "act": "RECTIFY", "station": [second], "ground": "g1", "evidence": [proof.piece.sha256],
            "before": {f"votes.{n}": v for n, v in zip(names, votes, strict=True)},
            "after": {f"votes.{names[0]}": votes[0] - 1, f"votes.{names[1]}": votes[1] + 1},
        },
    ]  # fmt: skip


def decide(cast: Stage, one: Petition, to: State, number: str) -> None:
    """Take a drafted case through its decision, as far as `to`."""
    judge, president, greffe = reporter(one), cast["presidence-cour"], cast["greffe"]
    made = rulings.draft(contest=cast.contest, number=number, words="Décision d’exercice", by=judge, petitions=[one])
    acts = acts_of(one, to)
    granted = "granted" if len(acts) > 1 else "unfounded"
    made = rulings.amend(
        ruling=made, by=judge, acts=acts, articles=["ML-D-OPERATIONS"],
        outcomes={str(one.number): (granted, {"g1": WITNESS if to in (S.NOTIFIED, S.PUBLISHED) else REASON})},
    )  # fmt: skip
    made = rulings.generate(ruling=made, by=judge)
    rulings.to_gate(ruling=made, by=judge)
    after: Sequence[tuple[State, Callable[[Ruling], object]]] = (
        (S.SIGNED, lambda r: executing.sign(ruling=r, by=president)),
        (S.PRONOUNCED, lambda r: rulings.pronounce(ruling=r, minutes="Audience publique (exercice)", by=president)),
        (S.NOTIFIED, lambda r: rulings.notify(ruling=r, by=greffe)),
        (S.PUBLISHED, lambda r: published(cast, r)),
        (S.APPLIED, lambda r: executing.apply(ruling=r, by=greffe)),
        (S.CLOSED, lambda r: close(cast, one)),
    )
    for state, act in after:
        if LIFE.index(state) <= LIFE.index(to):
            act(Ruling.objects.get(pk=made.pk))
    if to is S.NOTIFIED:
        publishing.prepare(ruling=Ruling.objects.get(pk=made.pk), by=cast["publication-cour"])


def published(cast: Stage, ruling: Ruling) -> None:
    """Its public text: every passage that is proposed is hidden, then another person decides."""
    publisher = cast["publication-cour"]
    one = publishing.prepare(ruling=ruling, by=publisher)
    for row in one.redactions.all():
        publishing.answer(publication=one, redaction_id=row.pk, decision="hide", reason=row.reason, by=publisher)
    for text in one.summaries.all():
        summaries.keep(publication=one, lang=text.lang, words=summaries.said(text), by=publisher)
    publishing.propose(publication=one, by=publisher)
    publishing.decide(publication=one, to=Decision.APPROVED, by=cast["greffe"])


def reporter(one: Petition) -> Person:
    found = queries.rapporteur(one)
    assert found is not None
    return found.person


def close(cast: Stage, one: Petition) -> None:
    """Serve the decision on every party, then close the case."""
    greffe = cast["greffe"]
    paper = serving.file_paper(petition_id=one.pk, kind="decision", title="Décision", by=greffe)
    proof = Exhibit.objects.filter(petition=one).first()
    assert proof is not None
    for service in Service.objects.filter(document=paper):
        serving.try_service(
            petition_id=one.pk, service_id=service.pk, mode=Mode.HAND, at=timezone.now(), outcome=Outcome.SERVED, by=greffe,
            exhibit_id=proof.pk, note="Remise contre récépissé (exercice)",
        )  # fmt: skip
    one.refresh_from_db()
    steps.move(one, S.CLOSED, greffe)
