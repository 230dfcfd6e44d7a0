"""The life of a case: the seventeen states of a petition and its side states, who takes each step, what must come with it.

Three rules of the table: nothing is signed that has not passed the gate, by another hand than the draft's; a party who
was not served stops the case; a case is not closed while its decision is not served on all. A petition joined to
another stays a case of its own: it goes to the gate with its lead, and keeps its number and its outcome.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from kalata.lifecycle import DOCUMENT, REASON, Act, Hand, Need, Rule, Stand, Table, declare, need, other_than, step
from kalata.refusals import Refused
from kalata.text import gettext_noop as _

RECEIVE, PARTY, REGISTRY = "disputes.receive", "disputes.party", "disputes.registry"
RAPPORTEUR, BENCH, PRESIDE = "disputes.rapporteur", "disputes.bench", "disputes.preside"
PUBLISH, LIAISON, COUNT = "disputes.publish", "disputes.liaison", "disputes.count"


class State(StrEnum):
    """Where a case stands. The numbers are those of the guide of disputes."""

    DRAFT = "draft"  # 1 BROUILLON
    RECEIVED = "received"  # 2 RECU
    DOCKETED = "docketed"  # 3 ENROLE
    TO_CURE = "to_cure"  # 4 A_REGULARISER
    ADMISSIBILITY = "admissibility"  # 5 EN_RECEVABILITE
    INADMISSIBLE = "inadmissible"  # 6 PROJET_IRRECEVABLE
    SERVED = "served"  # 7 COMMUNIQUE
    INSTRUCTION = "instruction"  # 8 EN_INSTRUCTION
    READY = "ready"  # 9 EN_ETAT
    HEARING = "hearing"  # 10 AUDIENCE
    DELIBERATION = "deliberation"  # 11 DELIBERE
    DRAFTED = "drafted"  # 12 ARRETE_PROJET
    GATE = "gate"  # 13 CONTROLE
    SIGNED = "signed"  # 14 SIGNE
    PRONOUNCED = "pronounced"  # 15 PRONONCE
    NOTIFIED = "notified"  # 15 NOTIFIE
    PUBLISHED = "published"  # 15 PUBLIE
    APPLIED = "applied"  # 16 EFFET
    CLOSED = "closed"  # 17 CLOS
    CORRECTION = "correction"  # RECTIFICATION
    JOINED = "joined"  # JOINT
    SEVERED = "severed"  # DISJOINT
    WITHDRAWN = "withdrawn"  # DESISTE
    NO_JURISDICTION = "no_jurisdiction"  # INCOMPETENT
    STAYED = "stayed"  # SURSIS


LABELS: Mapping[State, str] = {
    State.DRAFT: _("brouillon"),
    State.RECEIVED: _("reçue"),
    State.DOCKETED: _("enrôlée"),
    State.TO_CURE: _("à régulariser"),
    State.ADMISSIBILITY: _("en recevabilité"),
    State.INADMISSIBLE: _("projet d’irrecevabilité"),
    State.SERVED: _("communiquée"),
    State.INSTRUCTION: _("en instruction"),
    State.READY: _("en état"),
    State.HEARING: _("à l’audience"),
    State.DELIBERATION: _("en délibéré"),
    State.DRAFTED: _("projet arrêté"),
    State.GATE: _("au contrôle"),
    State.SIGNED: _("signée"),
    State.PRONOUNCED: _("prononcée"),
    State.NOTIFIED: _("notifiée"),
    State.PUBLISHED: _("décision publiée"),
    State.APPLIED: _("effet appliqué"),
    State.CLOSED: _("classée"),
    State.CORRECTION: _("en rectification matérielle"),
    State.JOINED: _("jointe"),
    State.SEVERED: _("disjointe"),
    State.WITHDRAWN: _("désistement"),
    State.NO_JURISDICTION: _("incompétence"),
    State.STAYED: _("sursis à statuer"),
}


class NotServed(Refused):
    code = "DIS-102"
    says = _("Parties à qui rien n’est notifié : %(n)d. La requête n’avance pas sans elles.")
    remedy = _("Notifiez à chacune, avec sa preuve, ou inscrivez la dispense et son article.")


class DecisionNotServed(Refused):
    code = "DIS-103"
    says = _("La décision n’est pas notifiée à %(n)d {n:partie|parties} : la requête ne se classe pas.")
    remedy = _("Notifiez la décision à chacune, avec sa preuve, puis classez.")


class OneHand(Refused):
    code = "DIS-104"
    says = _("Qui a arrêté ce projet, ou l’a porté au contrôle, ne lui fait pas passer le contrôle.")
    remedy = _("Remettez le contrôle à une autre personne de la formation.")
    status = 403


class GateShut(Refused):
    code = "DIS-105"
    says = _("Le contrôle refuse ce projet, ou ne l’a pas encore lu : rien ne se signe.")
    remedy = _("Ouvrez la page du contrôle : chaque écart y est dit avec ses deux valeurs.")


class NotVoted(Refused):
    code = "DIS-106"
    says = _("Le délibéré n’est pas clos : ni quorum ni vote inscrits sur chaque point.")
    remedy = _("Faites inscrire les présences et les votes ; leur contenu reste scellé.")


class NoRoll(Refused):
    code = "DIS-107"
    says = _("Cette requête n’a pas encore de numéro de rôle.")
    remedy = _("Il est donné par le greffe central à la fusion du dépôt, dans l’ordre de réception.")


class NoLead(Refused):
    code = "DIS-108"
    says = _("On joint une requête à une autre du même scrutin, qui n’est pas jointe elle-même.")
    remedy = _("Choisissez le chef de file, la première reçue des deux.")
    status = 422


class LeadNotThere(Refused):
    code = "DIS-109"
    says = _("Une requête jointe va au contrôle et en revient avec son chef de file.")
    remedy = _("Agissez sur le chef de file.")


class NotBack(Refused):
    code = "DIS-110"
    says = _("Cette requête reprend où elle en était : elle n’a jamais été « %(to)s ».")
    remedy = _("Choisissez l’étape d’où elle est venue.")
    sentences = frozenset({"to"})


class SameRefuser(Refused):
    """A refusal takes two persons: who drafts it does not carry it to the bench."""

    code = "DIS-214"
    says = _("Qui a écrit ce projet de refus ne le porte pas devant la formation.")
    remedy = _("Remettez-le à une autre personne : refuser une requête en demande deux.")
    status = 403


class NoBody(Refused):
    code = "DIS-111"
    says = _("L’incompétence nomme l’organe compétent.")
    remedy = _("Écrivez à quel organe revient cette requête.")
    status = 422


@dataclass(frozen=True, slots=True, kw_only=True)
class Case(Stand[State]):
    """A petition as the table sees it. unserved, undelivered: parties without service of the case, of its decision.

    drafters: who has a hand in the draft. came: states it stood in before it left the common way. lead: the state of
    the case it is joined to. Whatever nobody has said is not so: an absent fact lets nothing pass.
    """

    roll: int | None = None
    unserved: int = 1
    undelivered: int = 1
    voted: bool = False
    passes: bool = False
    drafters: frozenset[int] = frozenset()
    came: frozenset[State] = frozenset()
    lead: State | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Move(Act):
    """An act on a case. joins: there is a lead that may lead; body: the competent body, where this one is not."""

    joins: bool = False
    body: str = ""


ROLL: Need = need(
    "roll", _("son numéro de rôle"), lambda one, act: one.roll is not None, lambda one, act: NoRoll()
)  # fmt: skip
ALL_SERVED: Need = need(
    "served", _("toutes les parties atteintes"), lambda one, act: one.unserved == 0,
    lambda one, act: NotServed(n=one.unserved),
)  # fmt: skip
VOTED: Need = need(
    "voted", _("le quorum et les votes inscrits"), lambda one, act: one.voted, lambda one, act: NotVoted()
)  # fmt: skip
PASSES: Need = need(
    "gate", _("un projet que le contrôle laisse passer"), lambda one, act: one.passes, lambda one, act: GateShut()
)
OTHER_HAND: Need = need(
    "other hand", _("une autre personne que celles qui ont arrêté le projet"),
    lambda one, act: act.by not in one.drafters, lambda one, act: OneHand(),
)  # fmt: skip
DELIVERED: Need = need(
    "delivered", _("la décision notifiée à toutes les parties"), lambda one, act: one.undelivered == 0,
    lambda one, act: DecisionNotServed(n=one.undelivered),
)  # fmt: skip
LEAD: Need = need("lead", _("un chef de file"), lambda one, act: act.joins, lambda one, act: NoLead())
BODY: Need = need("body", _("l’organe compétent"), lambda one, act: bool(act.body.strip()), lambda one, act: NoBody())


class ClockBack(Refused):
    code = "DIS-112"
    says = _("L’horloge du guichet %(counter)s dit %(now)s, avant le dernier récépissé (%(last)s).")
    remedy = _("Réglez l’horloge, ou recevez en écrivant d’où vient l’heure. Le brouillon est gardé.")


def back(one: Any, act: Any, step: Any) -> Refused | None:
    return None if step.to in one.came else NotBack(to=LABELS[step.to])


GATE_WITH_LEAD: Need = need(
    "to the gate", _("son chef de file au contrôle"), lambda one, act: one.lead is State.GATE,
    lambda one, act: LeadNotThere(),
)  # fmt: skip
BACK_WITH_LEAD: Need = need(
    "from the gate", _("son chef de file revenu du contrôle"), lambda one, act: one.lead not in (None, State.GATE),
    lambda one, act: LeadNotThere(),
)  # fmt: skip
BACK = Rule(_("l’étape d’où elle est venue"), back)

SECOND: Need = other_than(
    "refuser", _("une autre personne que celle qui a écrit le projet de refus"), lambda one, act: SameRefuser()
)  # fmt: skip

S = State
JOINABLE = (S.DOCKETED, S.TO_CURE, S.ADMISSIBILITY, S.SERVED, S.INSTRUCTION, S.READY)
STAYABLE = (S.ADMISSIBILITY, S.SERVED, S.INSTRUCTION, S.READY, S.HEARING)
WITHDRAWABLE = (*JOINABLE, S.INADMISSIBLE, S.HEARING, S.STAYED, S.JOINED)
"""Where a petitioner may still withdraw: until the bench deliberates."""
DECIDED = (S.SIGNED, S.PRONOUNCED, S.NOTIFIED, S.PUBLISHED, S.APPLIED, S.CLOSED, S.CORRECTION)
"""States in which there is a decision: none is reached but through the gate."""

CASE = declare(Table(
    name="petition", title=_("La vie d’une requête"), row="disputes.Petition",
    states=State, labels=LABELS, starts=(S.DRAFT, S.RECEIVED), ends=frozenset({S.CLOSED}),
    steps=(
        step(S.DRAFT, S.RECEIVED),
        step(S.RECEIVED, S.DOCKETED, REGISTRY, ROLL),
        step(S.DOCKETED, S.TO_CURE, REGISTRY, REASON),
        step(S.DOCKETED, S.ADMISSIBILITY, REGISTRY),
        step(S.TO_CURE, S.ADMISSIBILITY, REGISTRY, hand=Hand.EITHER),
        step(S.ADMISSIBILITY, S.INADMISSIBLE, RAPPORTEUR, REASON),
        step(S.ADMISSIBILITY, S.SERVED, REGISTRY),
        step(S.ADMISSIBILITY, S.NO_JURISDICTION, RAPPORTEUR, BODY, REASON),
        step(S.INADMISSIBLE, S.SERVED, PRESIDE, REASON),
        step(S.INADMISSIBLE, S.DELIBERATION, PRESIDE, SECOND),
        step(S.NO_JURISDICTION, S.SERVED, PRESIDE, REASON),
        step(S.NO_JURISDICTION, S.DELIBERATION, PRESIDE, SECOND),
        step(S.SERVED, S.INSTRUCTION, REGISTRY, ALL_SERVED),
        step(S.INSTRUCTION, S.READY, RAPPORTEUR, DOCUMENT),
        step(S.READY, S.HEARING, PRESIDE),
        step(S.READY, S.DELIBERATION, PRESIDE, REASON),
        step(S.HEARING, S.DELIBERATION, PRESIDE, DOCUMENT),
        step(S.DELIBERATION, S.DRAFTED, RAPPORTEUR, VOTED),
        step(S.DRAFTED, S.GATE, RAPPORTEUR, DOCUMENT),
        step(S.GATE, S.DRAFTED, PRESIDE, REASON),
        step(S.GATE, S.SIGNED, PRESIDE, DOCUMENT, PASSES, OTHER_HAND),
        step(S.SIGNED, S.PRONOUNCED, PRESIDE, DOCUMENT),
        step(S.PRONOUNCED, S.NOTIFIED, REGISTRY),
        step(S.NOTIFIED, S.PUBLISHED, PUBLISH, hand=Hand.EITHER),
        step(S.PUBLISHED, S.APPLIED, PRESIDE, DOCUMENT, hand=Hand.EITHER),
        step(S.APPLIED, S.CLOSED, REGISTRY, DELIVERED),
        step(S.CLOSED, S.CORRECTION, PRESIDE, REASON, DOCUMENT),
        step(S.CORRECTION, S.CLOSED, PRESIDE, DOCUMENT, DELIVERED),
        *(step(start, S.JOINED, REGISTRY, LEAD, REASON) for start in JOINABLE),
        step(S.JOINED, S.SEVERED, REGISTRY, REASON),
        step(S.JOINED, S.GATE, "", GATE_WITH_LEAD, hand=Hand.HOUSE),
        step(S.GATE, S.JOINED, "", BACK_WITH_LEAD, hand=Hand.HOUSE),
        *(step(S.SEVERED, to, REGISTRY, BACK) for to in JOINABLE),
        *(step(start, S.STAYED, PRESIDE, REASON, DOCUMENT) for start in STAYABLE),
        *(step(S.STAYED, to, PRESIDE, REASON, BACK) for to in STAYABLE),
        *(step(start, S.WITHDRAWN, REGISTRY, DOCUMENT) for start in WITHDRAWABLE),
        step(S.WITHDRAWN, S.DELIBERATION, PRESIDE),
    ),
    needs=(ROLL, LEAD, BODY, GATE_WITH_LEAD, BACK_WITH_LEAD, BACK, REASON, DOCUMENT, ALL_SERVED, VOTED, PASSES, OTHER_HAND, SECOND, DELIVERED),
    right=_("recevoir au guichet, ou déposer soi-même"),
    notes=(
        _("Une requête d’un guichet hors réseau naît reçue, à la fusion : son numéro et son instant sont ceux du guichet."),
        _("Ce qui est reçu n’est jamais effacé. Rien n’est signé que le contrôle n’ait laissé passer, par une autre main que celle du projet."),
    ),
))  # fmt: skip
