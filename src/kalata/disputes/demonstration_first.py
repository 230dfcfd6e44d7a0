"""First instance in the demonstration: a commission of the register in one region, a judge above it, cases in several states.

Everything is fictional; the acts are the room's own services, by people of each role.
"""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from kalata.country.models import Unit
from kalata.disputes.models import FirstRuling, Office, Petition, Service
from kalata.disputes.rules.filing import Filing, GroundSaid, PartySaid
from kalata.disputes.rules.service import Mode, Outcome
from kalata.disputes.rules.steps import State
from kalata.disputes.services import checking, first, offices, serving
from kalata.people.demonstration import person
from kalata.people.models import Person
from kalata.text import gettext_noop as _

BODIES = (("administrative_commission", "CADEMO", "Commission administrative (exercice)"), ("civil_judge", "JCDEMO", "Juge civil (exercice)"))
USERS = (
    ("commission-greffe", "commission-greffe", _("Secrétaire de la commission administrative")),
    ("commission-membre", "commission-membre", _("Membre de la commission administrative")),
    ("commission-membre-2", "commission-membre", _("Membre de la commission administrative (2)")),
    ("commission-presidence", "commission-presidence", _("Président de la commission administrative")),
    ("juge-civil-greffe", "juge-civil-greffe", _("Greffe du juge civil")),
    ("juge-civil", "juge-civil", _("Juge civil")),
)
PLAN = (
    ("Inscription refusée faute de récépissé", "enrol", State.RECEIVED), ("Radiation pour double inscription", "remove", State.INSTRUCTION),
    ("Transfert demandé vers un autre bureau", "transfer", State.DELIBERATION), ("Nom mal écrit sur la liste", "amend", State.GATE),
    ("Inscription refusée, décision attaquée", "enrol", State.NOTIFIED),
)
S = State


class Commission:
    """Who acts, in what, where."""

    def __init__(self, cast: Any) -> None:
        self.contest, self.piece = cast.contest, cast.piece
        unit = Unit.objects.filter(geography=cast.contest.election.geography_id, level=1).order_by("code").first()
        opener = person("ouvre-greffes", "ouverture-greffes", _("Ouvre les greffes de première instance"))
        for name, role, label in USERS:
            person(name, role, label, unit)
        self.who = {p.username: p for p in Person.objects.filter(username__in=[name for name, _role, _label in USERS])}
        self.offices = [offices.open_office(body=body, code=code, name=name, unit=unit, by=opener) for body, code, name in BODIES]

    def __getitem__(self, name: str) -> Person:
        return self.who[name]


def load(cast: Any) -> list[Petition]:
    """Each case as far as the plan says, and the appeal of the last."""
    here = Commission(cast)
    cases = [taken(here, words, order, to) for words, order, to in PLAN]
    number = FirstRuling.objects.get(petition=cases[-1]).number
    cases.append(received(here, here.offices[1], "Recours contre le refus d’inscription", "juge-civil-greffe", appeal=str(number)))
    return cases


def received(here: Commission, office: Office, words: str, by: str, appeal: str = "") -> Petition:
    said = Filing(
        about="register", about_words=words, capacity="elector", relief="Exercice, sans valeur", signed=True, signed_on=timezone.localdate(),
        text=f"{words}. Exercice, sans valeur.",
        parties=(PartySaid(role="petitioner", name="Une électrice (exercice)", kind="elector"), PartySaid(role="authority", name="La mairie (exercice)")),
        grounds=(GroundSaid(code="register", about="register", text=words),),
    )  # fmt: skip
    return first.receive(
        office=office, contest=here.contest, filing=said, channel="counter", pieces=[(here.piece, "piece-d-exercice.pdf")], by=here[by], appeal=appeal
    )


def go(here: Commission, one: Petition, who: str, *tos: State) -> None:
    for to in tos:
        first.step(petition_id=one.pk, to=to, by=here[who], act="Acte d’exercice", why="Exercice")


def bring(here: Commission, one: Petition) -> None:
    proof = one.exhibits.order_by("number").first()
    for service in Service.objects.filter(petition=one, served_at=None, waiver=""):
        serving.try_service(
            petition_id=one.pk, service_id=service.pk, mode=Mode.HAND, at=timezone.now(), outcome=Outcome.SERVED, by=here["commission-greffe"],
            exhibit_id=proof.pk if proof else None, note="Remise contre récépissé (exercice)",
        )  # fmt: skip


def taken(here: Commission, words: str, order: str, to: State) -> Petition:
    one = received(here, here.offices[0], words, "commission-greffe")
    if to is S.RECEIVED:
        return one
    go(here, one, "commission-greffe", S.DOCKETED)
    checking.check(petition_id=one.pk, by=here["commission-greffe"], form={"certified": True})
    go(here, one, "commission-greffe", S.ADMISSIBILITY)
    serving.file_paper(petition_id=one.pk, kind="petition", title="Requête", by=here["commission-greffe"])
    go(here, one, "commission-greffe", S.SERVED)
    bring(here, one)
    go(here, one, "commission-greffe", S.INSTRUCTION)
    if to is S.INSTRUCTION:
        return one
    go(here, one, "commission-membre", S.READY)
    go(here, one, "commission-presidence", S.DELIBERATION)
    decided(here, one, order, to)
    return one


def decided(here: Commission, one: Petition, order: str, to: State) -> None:
    refused = to is S.NOTIFIED
    ruling = first.write(
        petition_id=one.pk, outcome="unfounded" if refused else "granted", order="" if refused else order,
        words="" if refused else "Exercice : ce qui est ordonné, sans valeur.", reasons={"g1": "Exercice : motif de la commission, sans valeur."},
        articles=["ML-D-REGISTER"], breach="Exercice : la commission s’est réunie après son terme.", by=here["commission-membre"],
    )  # fmt: skip
    voters = ("commission-membre",) if to is S.DELIBERATION else ("commission-membre", "commission-membre-2", "commission-presidence")
    for name in voters:
        first.vote(petition_id=one.pk, of=ruling.of, aye=True, by=here[name])
    if to is S.DELIBERATION:
        return
    go(here, one, "commission-membre", S.DRAFTED, S.GATE)
    if to is S.GATE:
        return
    first.sign(petition_id=one.pk, of=ruling.of, copy=here.piece, name="exemplaire-signe.pdf", by=here["commission-presidence"])
    go(here, one, "commission-presidence", S.PRONOUNCED)
    go(here, one, "commission-greffe", S.NOTIFIED)
    bring(here, one)
