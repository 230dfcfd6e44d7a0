"""The budget as a page: totals that sum, the trace of a line, what is not known said, the workbook behind a button."""

import io

import openpyxl
import pytest
from django.urls import reverse

from tests.conftest import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client, sign_in, pack_version):
    sign_in(make_person("finances-b", "finances"))

    def get(**asked):
        return client.get(reverse("planning:budget"), asked)

    return get


def text(answer):
    assert answer.status_code == 200
    return answer.content.decode().replace("\u202f", " ").replace("&#8239;", " ")


def test_the_reference_plan_is_shown_with_its_total_its_flags_and_what_it_does_not_say(page):
    shown = text(page())
    assert "29 062 028 615" in shown and "16 406 420 177" in shown and "3 434" in shown
    assert "ni comptes, ni promesses, ni reçus, ni paiements" in shown
    assert "6 / 109" in shown
    assert "5*bureaux" not in shown and "agents_fds" in shown


def test_a_grouping_sums_to_the_total_and_one_that_the_plan_does_not_hold_falls_back(page):
    answer = page(par="funder")
    groups = answer.context["groups"]
    assert [(k, g.lines) for k, g in groups] == [("Etat", 61), ("Partenaire", 48)]
    assert sum(g.amount[1] for _k, g in groups) == answer.context["total"][1]
    assert page(par="month").context["by"] == "phase"  # no first day, no months


def test_a_line_is_followed_from_its_driver_to_the_payment_that_is_not_there(page):
    shown = text(page(ligne="E11"))
    for said in (
        "9 000 000",
        "5 400 000 000",
        "11 106 000 000",
        "Etat",
        "aucun n’est inscrit",
        "ce plan n’a pas de premier jour",
    ):
        assert said in shown, said
    assert "Aucune ligne de ce nom" in text(page(ligne="X99"))


def test_the_outside_view_says_how_few_elections_it_has(page):
    shown = text(page())
    assert "6 élections entières" in shown and "prix de 2013, non actualisés" in shown


def test_a_version_has_months_and_only_its_readers_see_it(page, client, draft):
    version = draft if hasattr(draft, "number") else draft.versions.get()
    answer = page(version=version.pk, par="month", ligne="E11")
    months = answer.context["groups"]
    assert sum(g.amount[1] for _k, g in months) == answer.context["total"][1] and months[0][0].startswith("2026-")
    assert sum(a for _m, a in answer.context["trace"].months) == 5_400_000_000
    assert answer.context["cash"].first_short is None and not answer.context["cash"].recorded
    assert page(version=version.pk + 999).status_code == 404


def test_the_workbook_holds_the_total_of_the_page(page, client):
    answer = client.get(reverse("planning:budget_workbook"))
    book = openpyxl.load_workbook(io.BytesIO(answer.content), data_only=True)
    assert book["Lignes du budget"]["R111"].value == 29062028615
    assert "attachment" in answer["Content-Disposition"]


@pytest.mark.parametrize("address", ["planning:budget", "planning:budget_workbook"])
def test_whoever_does_not_read_plans_is_refused_and_whoever_is_not_signed_in_is_asked_to(
    client, sign_in, pack_version, address
):
    assert client.get(reverse(address)).status_code == 302
    sign_in(make_person("saisie-b", "saisie"))
    assert client.get(reverse(address)).status_code == 403
    sign_in(make_person("comite-b", "comite-pilotage"))
    assert client.get(reverse(address)).status_code == 200
