"""The life of a purchase: from the plan to the acceptance, with the failed tender as a branch and an award by two persons."""

from collections.abc import Mapping
from enum import StrEnum

from kalata.lifecycle import DOCUMENT, REASON, Table, declare, other_than, step
from kalata.planning.rules.rights import APPROVE, BUY, PROGRESS
from kalata.text import gettext_noop as _


class Bought(StrEnum):
    PLANNED = "planned"
    SPEC = "spec"
    LEGAL_REVIEW = "legal_review"
    PUBLISHED = "published"
    OPENED = "opened"
    EVALUATED = "evaluated"
    FAILED = "failed"
    DIRECT = "direct"
    AWARDED = "awarded"
    CONTESTED = "contested"
    SIGNED = "signed"
    PRODUCED = "produced"
    DELIVERED = "delivered"
    ACCEPTED = "accepted"
    CANCELLED = "cancelled"


NOT_DELIVERER = other_than("deliverer", _("une autre personne que celle qui a inscrit la livraison"))
S = Bought
OPEN = (S.PLANNED, S.SPEC, S.LEGAL_REVIEW, S.PUBLISHED, S.OPENED, S.EVALUATED, S.FAILED)

BUYING = declare(Table(
    name="plan_purchase", title=_("La vie d’un marché"), row="planning.ProcurementItem", states=Bought,
    labels={
        S.PLANNED: _("prévu"), S.SPEC: _("spécifications"), S.LEGAL_REVIEW: _("revue juridique"), S.PUBLISHED: _("publié"),
        S.OPENED: _("plis ouverts"), S.EVALUATED: _("offres évaluées"), S.FAILED: _("infructueux"), S.DIRECT: _("gré à gré autorisé"),
        S.AWARDED: _("attribué"), S.CONTESTED: _("contesté"), S.SIGNED: _("signé"), S.PRODUCED: _("produit"),
        S.DELIVERED: _("livré"), S.ACCEPTED: _("réceptionné"), S.CANCELLED: _("abandonné"),
    },
    starts=(S.PLANNED,), ends=frozenset({S.ACCEPTED, S.CANCELLED}),
    steps=(
        step(S.PLANNED, S.SPEC, BUY), step(S.SPEC, S.LEGAL_REVIEW, BUY, DOCUMENT), step(S.LEGAL_REVIEW, S.SPEC, BUY, REASON),
        step(S.LEGAL_REVIEW, S.PUBLISHED, BUY, DOCUMENT), step(S.PUBLISHED, S.OPENED, BUY, DOCUMENT), step(S.OPENED, S.EVALUATED, BUY, DOCUMENT),
        step(S.PUBLISHED, S.FAILED, BUY, REASON, DOCUMENT), step(S.OPENED, S.FAILED, BUY, REASON, DOCUMENT), step(S.EVALUATED, S.FAILED, BUY, REASON, DOCUMENT),
        step(S.FAILED, S.PUBLISHED, BUY, REASON, DOCUMENT), step(S.FAILED, S.DIRECT, APPROVE, REASON, DOCUMENT),
        step(S.EVALUATED, S.AWARDED, APPROVE, DOCUMENT), step(S.DIRECT, S.SIGNED, BUY, DOCUMENT), step(S.AWARDED, S.CONTESTED, BUY, DOCUMENT),
        step(S.CONTESTED, S.AWARDED, BUY, REASON, DOCUMENT), step(S.CONTESTED, S.FAILED, APPROVE, REASON, DOCUMENT), step(S.AWARDED, S.SIGNED, BUY, DOCUMENT),
        step(S.SIGNED, S.PRODUCED, BUY, DOCUMENT), step(S.PRODUCED, S.DELIVERED, BUY, DOCUMENT), step(S.DELIVERED, S.ACCEPTED, PROGRESS, DOCUMENT, NOT_DELIVERER),
        *(step(s, S.CANCELLED, BUY, REASON) for s in OPEN),
    ),
    needs=(REASON, DOCUMENT, NOT_DELIVERER),
    notes=(_("L’attribution, le gré à gré et la fin d’une attribution contestée se demandent par les marchés et se décident par le comité. La réception est dite par une autre personne que la livraison."),),
))  # fmt: skip
ASKED = (S.AWARDED, S.DIRECT, S.FAILED)
"""What a second person decides, on the page of requests; a failure, where it undoes an award (`by_two`)."""
BEFORE_PUBLISHED = (S.PLANNED, S.SPEC, S.LEGAL_REVIEW)
"""States in which a publication is still to come."""
REWRITTEN = (*BEFORE_PUBLISHED, S.FAILED)
"""States in which one person may still rewrite what is bought: nobody has answered it, or it is published anew."""
READ_BY_BIDDERS: Mapping[str, str] = {
    "name": _("objet du marché"), "method": _("procédure"), "lots": _("lots"), "sensitive": _("matériel sensible"), "quantity": _("quantité"),
    "legal_days": _("publication minimale"), "legal_source": _("texte qui la fixe"),
}  # fmt: skip
"""What of a purchase the publication, then the award, rest on."""


def by_two(start: Bought, to: Bought) -> bool:
    """True where this step is asked by one person and decided by another: an award, and what undoes one."""
    move = BUYING.moves.get((start, to))
    return move is not None and to in ASKED and move.right == APPROVE
