"""Two different persons for a critical act: one asks, another decides. Reusable by every room."""

from __future__ import annotations

from enum import StrEnum

from kalata.refusals import Refused
from kalata.text import gettext_noop as _


class Decision(StrEnum):
    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


NEXT = {Decision.WAITING: frozenset({Decision.APPROVED, Decision.REFUSED, Decision.WITHDRAWN})}
"""The only transitions: a decision taken is never changed, a new request is made."""


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
    says = _("La situation a changé depuis la demande : %(n)d éléments ne sont plus ceux qui ont été demandés.")
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


def decide(state: Decision, to: Decision, *, asked_by: int, by: int, right: str) -> Decision:
    """The state after `by` decides `to`. Raises PEO-201, PEO-202, PEO-204."""
    if to not in NEXT.get(state, frozenset()):
        raise AlreadyDecided
    if to is Decision.WITHDRAWN:
        if by != asked_by:
            raise NotTheAsker
        return to
    if by == asked_by:
        raise SamePerson(right=right)
    return to
