"""The page of odds, and the same odds where a version is decided."""

import re
from types import SimpleNamespace

import pytest

from kalata.planning.services import approving, editing, odds
from tests.conftest import make_person

pytestmark = pytest.mark.django_db


def text(client, address):
    return re.sub(r"\s+", " ", client.get(address).content.decode().replace("\u202f", " ").replace("\xa0", " "))


def test_before_any_draw_the_page_says_that_nothing_is_computed(draft, planner, sign_in):
    here = f"/planification/{draft.pk}/chances/"
    page = text(sign_in(planner), here)
    said, catalogue = page.split("Risques et mesures du pack")
    assert "ne sont pas calculées" in said and "P80" not in said
    assert 'id="r-I-02"' in catalogue and "Contrôle automatique de cohérence des délais" in catalogue and f"/planification/{draft.pk}/?a=L03#opened" in catalogue
    assert "personne n’a fait le tirage" in text(sign_in(planner), f"/planification/{draft.pk}/version/")


def test_the_draws_are_asked_and_read_on_the_page_the_workshop_and_the_version(draft, planner, client, sign_in):
    sign_in(planner)
    here = f"/planification/{draft.pk}/chances/"
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', client.get(here).content.decode())[1]
    assert client.post(here, {"act": "run", "seen": seen}).status_code == 302
    page = text(client, here)
    assert (
        "Deux chances, et non une date" in page
        and "E01 commence le 1er octobre 2026" in page
        and "1er octobre 2027" in page
    )
    assert "&gt; 99,9 %" in page and "100,0" not in page.split("Criticité")[0]
    assert "Ce qui est fait avant le scrutin" in page and 'class="f6"' in page and "Aucun début n’est assez tôt" in page
    assert "R04" in page and "Criticité" in page and "10 000 tirages" in page and "± " in page
    workshop = text(client, f"/planification/{draft.pk}/")
    assert 'class="gu"' in workshop and "jusqu’au P90" in workshop
    assert "Deux chances, et non une date" in text(client, f"/planification/{draft.pk}/version/")
    editing.change(version=draft, code="L02", new={"dur_pessimistic": "60"}, by=planner)
    assert "ne sont plus les siennes" in text(client, here)
    assert "personne n’a fait le tirage" in text(client, f"/planification/{draft.pk}/version/")
    assert "Deux chances" not in text(client, f"/planification/{draft.pk}/version/") and 'class="gu"' not in text(
        client, f"/planification/{draft.pk}/"
    )


def test_while_it_runs_the_page_says_how_far_and_a_person_stops_it(draft, planner, client, sign_in, monkeypatch):
    monkeypatch.setattr(odds, "draw_odds", SimpleNamespace(enqueue=lambda pk: None))
    odds.ask(version=draft, by=planner)
    sign_in(planner)
    here = f"/planification/{draft.pk}/chances/"
    page = text(client, here)
    assert "Tirage en cours : en attente" in page and 'http-equiv="refresh"' in page
    assert client.post(here, {"act": "stop"}).status_code == 302
    assert "arrêté par une personne" in text(client, here)


def test_who_reads_alone_sees_the_odds_and_no_button(draft, planner, sign_in):
    approving.submit(version=draft, reason="prête", by=planner)
    client = sign_in(make_person("auditeur", "auditeur"))
    here = f"/planification/{draft.pk}/chances/"
    page = text(client, here)
    assert "Deux chances" in page and 'value="run"' not in page
    assert client.post(here, {"act": "run"}).status_code == 403
