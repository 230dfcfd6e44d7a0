"""The life of a promise of money, and that of a payment: who takes each step, and which two persons let money leave."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from kalata.lifecycle import DOCUMENT, REASON, Table, declare, other_than, step
from kalata.planning.rules.rights import APPROVE, MONEY, PROGRESS
from kalata.text import gettext_noop as _

KINDS: Mapping[str, str] = {
    "state": _("État"), "basket": _("fonds panier"), "bilateral": _("partenaire bilatéral"), "other": _("autre"),
}  # fmt: skip
STAGES: Mapping[str, str] = {"agreed": _("convenu"), "called": _("appelé"), "received": _("reçu")}
"""What moves a promise; disbursed is never typed: it is what was paid."""


class Pledged(StrEnum):
    ANNOUNCED = "announced"
    AGREED = "agreed"
    CALLED = "called"
    RECEIVED = "received"
    CLOSED = "closed"


PLEDGE = declare(Table(
    name="plan_pledge", title=_("La vie d’une promesse de financement"), row="planning.Pledge", states=Pledged,
    labels={
        Pledged.ANNOUNCED: _("annoncée"), Pledged.AGREED: _("convenue"), Pledged.CALLED: _("appelée"),
        Pledged.RECEIVED: _("reçue, au moins en partie"), Pledged.CLOSED: _("close"),
    },
    starts=(Pledged.ANNOUNCED,), ends=frozenset({Pledged.CLOSED}),
    steps=(
        step(Pledged.ANNOUNCED, Pledged.AGREED, MONEY, DOCUMENT),
        step(Pledged.AGREED, Pledged.CALLED, MONEY, DOCUMENT),
        step(Pledged.CALLED, Pledged.RECEIVED, MONEY, DOCUMENT),
        step(Pledged.RECEIVED, Pledged.CALLED, MONEY, DOCUMENT),
        *(step(s, Pledged.CLOSED, MONEY, REASON) for s in (Pledged.ANNOUNCED, Pledged.AGREED, Pledged.CALLED, Pledged.RECEIVED)),
    ),
    needs=(REASON, DOCUMENT),
    notes=(_("Seul l’argent reçu paie. On n’appelle pas plus que ce qui est convenu, on ne reçoit pas plus que ce qui est appelé."),),
))  # fmt: skip


class Paid(StrEnum):
    COMMITTED = "committed"
    VERIFIED = "verified"
    ORDERED = "ordered"
    PAID = "paid"
    CANCELLED = "cancelled"


NOT_COMMITTER = other_than("committer", _("une autre personne que celle qui a engagé"))
NOT_VERIFIER = other_than("verifier", _("une autre personne que celle qui a constaté le service fait"))
NOT_ORDERER = other_than("orderer", _("une autre personne que celle qui a ordonné"))

PAYMENT = declare(Table(
    name="plan_payment", title=_("La vie d’un paiement"), row="planning.Payment", states=Paid,
    labels={
        Paid.COMMITTED: _("engagé"), Paid.VERIFIED: _("liquidé : service fait constaté"), Paid.ORDERED: _("ordonnancé"),
        Paid.PAID: _("payé"), Paid.CANCELLED: _("annulé"),
    },
    starts=(Paid.COMMITTED,), ends=frozenset({Paid.PAID, Paid.CANCELLED}),
    steps=(
        step(Paid.COMMITTED, Paid.VERIFIED, PROGRESS, DOCUMENT, NOT_COMMITTER),
        step(Paid.VERIFIED, Paid.ORDERED, APPROVE, NOT_COMMITTER, NOT_VERIFIER),
        step(Paid.ORDERED, Paid.PAID, MONEY, DOCUMENT, NOT_ORDERER),
        step(Paid.COMMITTED, Paid.CANCELLED, MONEY, REASON),
        step(Paid.VERIFIED, Paid.CANCELLED, MONEY, REASON),
        step(Paid.ORDERED, Paid.CANCELLED, APPROVE, REASON),
    ),
    needs=(REASON, DOCUMENT, NOT_COMMITTER, NOT_VERIFIER, NOT_ORDERER),
    notes=(_("L’ordre est demandé par les finances et donné par le comité, sur la page des demandes : trois personnes au moins voient un paiement, deux le laissent partir."), _("Ce que deux personnes ont ordonné, deux l’annulent : les finances le demandent, le comité le décide.")),
))  # fmt: skip
SPENT = (Paid.ORDERED.value, Paid.PAID.value)
"""What takes money that was received."""
ALIVE = (Paid.COMMITTED.value, Paid.VERIFIED.value, *SPENT)
"""What takes the credit of a line."""


def sums_of(movements: Iterable[tuple[str, int]]) -> dict[str, int]:
    """What stands at each stage: the sum of its movements."""
    found = dict.fromkeys(STAGES, 0)
    for stage, amount in movements:
        found[stage] += amount
    return found
