"""The money of a plan on its pages: the chain, the day it runs out, the franc followed; a donor sees their own and nobody else's."""

import re
from datetime import date

import pytest

from kalata.planning.models import Payment
from kalata.planning.queries import money as queries
from kalata.planning.services import money
from tests.conftest import make_person
from tests.planning.services.test_money import PAPER, commit, funder, officer, plan, promise, unit  # noqa: F401

pytestmark = pytest.mark.django_db


def text(answer):
    return re.sub(r"\s+", " ", answer.content.decode().replace("\u202f", " ").replace("\xa0", " "))


def seen(answer):
    return re.search(r'name="seen" value="([0-9a-f]{64})"', answer.content.decode())[1]


def test_a_franc_is_followed_from_its_line_to_its_payment(plan, funder, officer, sign_in):  # noqa: F811
    client = sign_in(officer)
    there = f"/planification/plans/{plan.code}/paiements/?ligne=A"
    page = client.get(there)
    assert "crédit 1 000 francs, 1 000 encore libres" in text(page)
    form = {"act": "commit", "line": "A", "funder": "Etat", "label": "Acompte", "payee": "imprimeur", "amount": "400", "due": "2026-03-01", "seen": seen(page)}  # fmt: skip
    assert client.post(there, form).status_code == 302
    assert client.post(there, form).status_code == 409  # a second press of the same page commits nothing
    one = Payment.objects.get()
    trace = text(client.get(f"/planification/budget/?version={queries.till(plan).version.pk}&ligne=A"))
    assert "0 payé, 1 000 restent à payer, 600 ne sont pas engagés" in trace and f"/paiements/{one.pk}/" in trace


def test_the_first_day_short_stands_in_the_heading_with_its_lines(plan, funder, officer, sign_in):  # noqa: F811
    one = promise(funder, officer, ("agreed", 450), ("called", 450))
    money.move(pledge=one, stage="received", amount=450, on=date(2026, 1, 2), document=PAPER, by=officer)
    page = text(sign_in(officer).get(f"/planification/plans/{plan.code}/argent/"))
    assert "L’argent reçu s’arrête le 9 janvier 2026" in page and "50 manquent ce jour-là" in page
    assert "2026-01" in page and "Mois par mois" in page


def test_a_movement_is_entered_and_taken_back_on_the_page_of_its_promise(funder, officer, sign_in):  # noqa: F811
    one = promise(funder, officer)
    client, here = sign_in(officer), f"/planification/promesses/{one.pk}/"
    form = {"act": "move", "stage": "agreed", "amount": "1 500", "on": "2026-02-01", "document": PAPER}
    assert client.post(here, {**form, "seen": seen(client.get(here))}).status_code == 302
    back = {"act": "back", "movement": one.movements.get().pk, "document": PAPER, "reason": "erreur"}
    assert client.post(here, {**back, "seen": seen(client.get(here))}).status_code == 302
    page = text(client.get(here))
    assert "-1 500" in page or "−1 500" in page


def test_a_donor_reads_their_own_money_and_finds_nothing_of_another(plan, funder, officer, sign_in):  # noqa: F811
    donor = make_person("don", "bailleur")
    mine = money.keep_funder(plan=plan, code="panier", said=money.Described("Fonds panier", "basket", "", ["don"]), by=officer)
    own, others = promise(mine, officer), promise(funder, officer)
    paid = commit(plan, funder, officer)
    client = sign_in(donor)
    page = client.get("/planification/argent/", follow=True)
    assert "Votre argent dans ce plan" in text(page) and "Fonds panier" in text(page) and "État" not in text(page).split("<main")[1]  # fmt: skip
    assert client.get(f"/planification/promesses/{own.pk}/").status_code == 200
    assert client.get(f"/planification/promesses/{others.pk}/").status_code == 404
    assert client.get(f"/planification/paiements/{paid.pk}/").status_code == 404
    assert client.get(f"/planification/plans/{plan.code}/comptes/").status_code == 404
    assert client.post(f"/planification/promesses/{own.pk}/", {"act": "close", "reason": "r"}).status_code == 403


def test_an_auditor_reads_every_page_of_money_and_is_offered_no_act(plan, funder, officer, sign_in):  # noqa: F811
    one, paid = promise(funder, officer), commit(plan, funder, officer)
    client = sign_in(make_person("audit", "auditeur"))
    for here in (f"plans/{plan.code}/argent/", f"plans/{plan.code}/paiements/", f"plans/{plan.code}/comptes/", f"promesses/{one.pk}/", f"paiements/{paid.pk}/"):  # fmt: skip
        page = client.get(f"/planification/{here}")
        assert page.status_code == 200 and 'name="act"' not in page.content.decode().split("<main")[1].split("<footer")[0], here  # fmt: skip
