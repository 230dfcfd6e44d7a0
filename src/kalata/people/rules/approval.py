"""Two different persons for a critical act: one asks, another decides. Reusable by every room."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from kalata.lifecycle import REASON, Act, Stand, Table, apply, declare, need, step
from kalata.refusals import Refused
from kalata.text import gettext_noop as _


class Decision(StrEnum):
    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


LABELS: Mapping[Decision, str] = {
    Decision.WAITING: _("Attend une seconde personne"),
    Decision.APPROVED: _("Approuvée, et faite"),
    Decision.REFUSED: _("Refusée"),
    Decision.WITHDRAWN: _("Retirée"),
}


class SamePerson(Refused):
    code = "PEO-201"
    says = _("La personne qui demande cet acte ne peut pas l’approuver.")
    remedy = _("Une autre personne, avec le droit « %(right)s », doit décider.")
    status = 403


class AlreadyDecided(Refused):
    code = "PEO-202"
    says = _("Cette demande a déjà été décidée.")
    remedy = _("Faites une nouvelle demande si l’acte est encore nécessaire.")


class NoReason(Refused):
    code = "PEO-203"
    says = _("Un motif est exigé pour cet acte.")
    remedy = _("Écrivez en une phrase pourquoi.")
    status = 422


class NotTheAsker(Refused):
    code = "PEO-204"
    says = _("Seule la personne qui a fait la demande peut la retirer.")
    remedy = _("Refusez-la avec un motif si elle ne doit pas aboutir.")
    status = 403


class Outdated(Refused):
    """What would be approved is no longer what was asked."""

    code = "PEO-205"
    says = _("La situation a changé depuis la demande : %(n)d {n:élément n’est plus celui qui a été demandé|éléments ne sont plus ceux qui ont été demandés}.")
    remedy = _("Rien n’a été fait. La personne qui demande doit refaire sa demande sur la situation présente.")


class NotRead(Refused):
    """The effect on the totals moved between the reading and the signature."""

    code = "PEO-206"
    says = _("Un chiffre a changé pendant que vous lisiez cette demande.")
    remedy = _("Relisez la différence et son effet, puis décidez. Rien n’a été fait.")


class AskerGone(Refused):
    """Two persons sign: the first must still be somebody who may ask."""

    code = "PEO-209"
    says = _(
        "La personne qui a demandé (%(who)s) n’a plus le droit de demander cet acte : mandat terminé, ou compte fermé."
    )
    remedy = _("Refusez cette demande avec un motif ; une autre personne habilitée la fera si l’acte reste nécessaire.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request(Stand[Decision]):
    """A request as the rules see it. hands: who asked. right: what it takes to decide it; gone: who asked may no more."""

    right: str
    gone: bool = False


ANOTHER = need(
    "another", _("une autre personne que celle qui demande"), lambda stand, act: act.by != stand.hands["asker"],
    lambda stand, act: SamePerson(right=stand.right),
)  # fmt: skip
ASKER = need(
    "asker", _("la personne qui a demandé (ou la fin de son droit de demander)"),
    lambda stand, act: stand.gone or act.by == stand.hands["asker"], lambda stand, act: NotTheAsker(),
)  # fmt: skip
WHY = need("why", REASON.label, REASON.met, lambda stand, act: NoReason())
D = Decision
APPROVAL = declare(Table(
    name="approval", title=_("La vie d’une demande à deux personnes"), row="people.Approval",
    states=Decision, labels=LABELS, starts=(D.WAITING,), ends=frozenset({D.APPROVED, D.REFUSED, D.WITHDRAWN}),
    steps=(
        step(D.WAITING, D.WAITING, "", ANOTHER),  # sent back to who asked, to be asked anew
        step(D.WAITING, D.APPROVED, "", ANOTHER),
        step(D.WAITING, D.REFUSED, "", ANOTHER, WHY),
        step(D.WAITING, D.WITHDRAWN, "", ASKER),
    ),
    needs=(ANOTHER, ASKER, WHY),
    right=_("celui que nomme la demande, sur son territoire et son scrutin"),
    notes=(_("Une décision prise ne change plus : on fait une nouvelle demande. L’acte approuvé est fait dans la même transaction, sur les faits mêmes qui ont été demandés (PEO-205)."),),
    illegal=lambda table, stand, to: AlreadyDecided(),
))  # fmt: skip


def decide(state: Decision, to: Decision, *, asked_by: int, by: int, right: str, note: str = "") -> Decision:
    """The state after `by` decides `to`. Raises PEO-201, PEO-202, PEO-203, PEO-204."""
    return apply(APPROVAL, Request(state=state, hands={"asker": asked_by}, right=right), to, Act(by=by, reason=note)).to
