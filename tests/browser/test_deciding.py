"""What can still change, and lots, in a real browser: wide and at 360 px, each page checked for access."""

from __future__ import annotations

import os

import pytest

from kalata.people import services as people
from kalata.people.models import Approval
from kalata.people.rules.approval import Decision
from kalata.results.queries import board
from kalata.results.rules.lots import promise
from kalata.results.services import lots
from tests.browser.tools import axe, fits, open_session
from tests.conftest import ROWS, bring, csv_of, make_person
from tests.services.test_lots import NUMBER, SECRET, TIED, published

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def looked_at(page, live_server, path, name):
    """A page is read wide and narrow: it passes axe and does not scroll sideways."""
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(live_server.url + path)
        assert axe(page) == [], (path, width)
        assert fits(page), (path, width)
        if folder := os.environ.get("KALATA_SHOTS"):
            page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)


def test_the_pages_that_say_what_can_still_change(page, live_server, contest, supervisor):
    bring(contest, supervisor, csv_of([*ROWS, "Gao,Gao,GAO-001,400,,,,,,,"]))
    open_session(page, live_server, supervisor)
    units = board.board(contest).frame.units
    gao = next(pk for pk, u in units.items() if u.name == "Gao" and u.level == 1)
    looked_at(page, live_server, "/resultats/pres/", "national")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(live_server.url + "/resultats/pres/")
    page.get_by_text("Qui pourrait encore remplacer qui").click()
    assert page.get_by_role("cell", name="une place au second tour").first.is_visible()
    assert "GAO-001" in page.get_by_role("table", name="Ce qui peut encore changer").inner_text()
    page.set_viewport_size({"width": 360, "height": 900})
    assert axe(page) == [] and fits(page)
    if folder := os.environ.get("KALATA_SHOTS"):
        page.screenshot(path=f"{folder}/open-360.png", full_page=True)
    looked_at(page, live_server, f"/resultats/pres/zone/{gao}/", "zone")
    looked_at(page, live_server, "/resultats/centralisation/pres/", "centre")


def test_the_pages_of_a_draw(page, live_server, contest, supervisor):
    contest.system = {**contest.system, "tie_rule": "lot"}
    contest.save(update_fields=["system"])
    bring(contest, supervisor, csv_of(TIED))
    published(contest, supervisor)
    chair, other = make_person("presidence", "commission"), make_person("rapporteur", "commission")
    open_session(page, live_server, chair)
    desk = "/resultats/centralisation/pres/tirages/"
    looked_at(page, live_server, desk, "desk-tie")
    page.goto(live_server.url + desk)
    page.get_by_label("Empreinte SHA-256 du secret").fill(promise(SECRET))
    page.get_by_label("D’où viendra le nombre public").fill("trois dés en séance")
    page.keyboard.press("Enter")
    page.get_by_text("L’empreinte est annoncée.").wait_for()
    looked_at(page, live_server, desk, "desk-open")
    page.goto(live_server.url + desk)
    page.get_by_label("Secret, à la lettre près").fill(SECRET)
    page.get_by_label("Nombre tiré en public").fill(NUMBER)
    page.get_by_label("Procès-verbal du tirage").fill("PV n° 7")
    page.keyboard.press("Enter")
    page.get_by_text("Demande envoyée").wait_for()
    asked = people_request()
    people.decide_approval(approval_id=asked, to=Decision.APPROVED, by=other)
    looked_at(page, live_server, desk, "desk-drawn")
    looked_at(page, live_server, "/resultats/pres/tirages/", "lots")
    looked_at(page, live_server, "/resultats/pres/calcul/", "seats")
    assert lots.history(contest)[0].lot.order[0] in page.content()


def people_request():
    from kalata.people.models import Approval

    return Approval.objects.get(kind="results.lots").pk


def test_the_pages_of_a_request_waiting_outdated_decided_and_of_my_requests(page, live_server, contest, supervisor):
    """Lines as they were asked, what moved, and what was signed stay readable on every width."""
    publisher = make_person("publication", "publication")
    bring(contest, supervisor)
    published(contest, supervisor)
    asked = []
    for name, votes in (("a.csv", "90,70,35"), ("b.csv", "95,65,35")):
        bring(contest, supervisor, csv_of([f"Kayes,Kayes,KAY-001,400,200,200,5,195,{votes}", *ROWS[1:]]), name=name)
        asked.append(Approval.objects.latest("pk"))
    open_session(page, live_server, publisher)
    looked_at(page, live_server, f"/personnes/approbations/{asked[0].pk}/", "request-waiting")
    people.decide_approval(approval_id=asked[1].pk, to=Decision.APPROVED, by=publisher)
    looked_at(page, live_server, f"/personnes/approbations/{asked[0].pk}/", "request-outdated")
    looked_at(page, live_server, f"/personnes/approbations/{asked[1].pk}/", "request-decided")
    people.decide_approval(approval_id=asked[0].pk, to=Decision.REFUSED, note="dépassée", by=publisher)
    open_session(page, live_server, supervisor)
    looked_at(page, live_server, "/personnes/approbations/?etat=mine", "my-requests")
