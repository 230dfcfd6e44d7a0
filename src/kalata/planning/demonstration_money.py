"""Money of the demonstration: invented funders, promises and payments; the cards are followed from their driver to a payment."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from kalata.people.models import Person
from kalata.people.rules.approval import Decision
from kalata.people.services import decide_approval
from kalata.planning.models import Plan
from kalata.planning.services import money, paying

SAYS = "pièce inventée (exercice)"
CHART = """code,label,parent
60,Achats (exercice),
604,Cartes et matériel électoral,60
62,Services (exercice),
624,Transports et logistique,62
63,Personnel temporaire (exercice),
"""
BOOKED = "line,account\nE11,604\nE12,624\nA01,624\nA05,63\nB12,63\n"
FUNDERS = (
    ("Etat", "État, loi de finances (exercice)", "state", "Etat", ()),
    ("panier", "Fonds panier (exercice)", "basket", "Partenaire", ("bailleur",)),
    ("bilateral", "Partenaire bilatéral (exercice)", "bilateral", "", ()),
)
MILLION = 10**6
PLEDGES = (
    ("Etat", "Dotation de la loi de finances", 17_000, 16_000, 12_000, ((0, 4_000), (170, 4_500), (260, 3_500)), 60),
    ("panier", "Convention de fonds panier", 10_000, 9_000, 4_500, ((200, 1_600), (290, 2_400)), 75),
    ("bilateral", "Don bilatéral annoncé", 1_500, 0, 0, (), 0),
)
"""Funder, promise, then millions announced, agreed, called; received, days after the plan begins; in how many days the rest is
expected (0: not said)."""


def told(plan: Plan, cast: dict[str, Person]) -> None:
    """Accounts, funders, promises at each of their stages, and payments at each of theirs."""
    by = cast["finances"]
    money.import_accounts(plan=plan, text=CHART, by=by)
    money.import_imputations(plan=plan, text=BOOKED, by=by)
    for code, name, kind, word, readers in FUNDERS:
        money.keep_funder(plan=plan, code=code, said=money.Described(name, kind, word, readers), by=by)
    for row in PLEDGES:
        promised(plan, row, by)
    cards(plan, cast)


def promised(plan: Plan, row: tuple[str, str, int, int, int, tuple[tuple[int, int], ...], int], by: Person) -> None:
    code, label, announced, agreed, called, came, wait = row
    today, first = timezone.localdate(), plan.versions.order_by("number").values_list("t0", flat=True)[0]
    one = money.pledge(
        funder=plan.funders.get(code=code), label=f"{label} (exercice)", amount=announced * MILLION, on=min(first, today),
        expected=today + timedelta(wait) if wait else None, document=SAYS, by=by,
    )  # fmt: skip
    for stage, days, amount in (("agreed", 0, agreed), ("called", 0, called), *(("received", d, n) for d, n in came)):
        if amount:
            on = min(first + timedelta(days), today)
            money.move(pledge=one, stage=stage, amount=amount * MILLION, on=on, document=SAYS, by=by)
            one.refresh_from_db()


def cards(plan: Plan, cast: dict[str, Person]) -> None:
    """The three instalments of the cards: one paid, one verified whose order waits, one committed."""
    funder, today = plan.funders.get(code="Etat"), timezone.localdate()
    parts = (("Acompte, 30 %", 1_620 * MILLION, 0), ("Livraison, 50 %", 2_700 * MILLION, 60), ("Solde, 20 %", 1_080 * MILLION, 120))  # fmt: skip
    made = [
        paying.commit(
            plan=plan, line="E11", funder=funder, label=f"Cartes : {label} (exercice)", payee="imprimeur (exercice)", amount=amount,
            due=today + timedelta(days), by=cast["finances"],
        )
        for label, amount, days in parts
    ]  # fmt: skip
    for one in made[:2]:
        paying.verify(payment=one, document=SAYS, by=cast["marches"])
    asked = paying.ask_order(payment=made[0], reason="facture et procès-verbal relus (exercice)", by=cast["finances"])
    decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=cast["pilotage"])
    paying.pay(payment=made[0], document=SAYS, on=today, by=cast["finances"])
    paying.ask_order(payment=made[1], reason="livraison relue (exercice)", by=cast["finances"])
