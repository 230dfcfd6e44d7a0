"""The docket, a case and a party's page in a real browser: sound for everybody, wide and narrow, by keyboard."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from django.utils import timezone

from kalata.disputes.models import Clock, Party
from kalata.disputes.services import measures
from tests.browser.tools import axe, fits, open_session
from tests.disputes.services.test_serving import communicated, of

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=False)]


def sound(page, name, size):
    if folder := os.environ.get("KALATA_SHOTS"):
        page.screenshot(path=f"{folder}/{name}-{size[0]}.png", full_page=True)
    assert axe(page) == []
    assert fits(page)


def keys(page):
    """`?` shows the keys of the page; a key brings to an act and does not do it; in a box it is written."""
    page.focus("#c")
    page.keyboard.press("?")
    assert page.is_visible("dialog#keys") and "Enrôler" in page.inner_text("dialog#keys")
    assert axe(page) == [] and fits(page)
    page.keyboard.press("Escape")
    assert not page.is_visible("dialog#keys")
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert page.eval_on_selector_all("input[name=case]:checked", "all => all.length") == 1
    page.keyboard.press("x")
    page.keyboard.press("1")
    assert page.evaluate("document.activeElement.matches('main .btn')")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    page.keyboard.type("?")
    assert page.input_value("main input[name=q]") == "?" and not page.is_visible("dialog#keys")
    page.fill("main input[name=q]", "")
    page.click("#keys-open")
    page.click("dialog#keys button[name=keys]")
    page.focus("#c")
    page.keyboard.press("?")
    assert not page.is_visible("dialog#keys")
    page.click("#keys-open")
    page.click("dialog#keys button[name=keys]")
    assert page.evaluate("document.querySelector('nav.main').offsetHeight") <= 60


def test_the_registrar_serves_by_keyboard_and_the_party_acknowledges(page, size, live_server, court):
    case = court.case(state="served", stations=())
    lawyer = court.who("partie")
    Party.objects.filter(pk=case.authority.pk).update(account=lawyer)
    paper = communicated(court, case)
    court.exhibit(case.petition, access="sealed", name="Déclaration du témoin")
    measures.ask(
        petition_id=case.petition.pk,
        kind="report",
        what="Copie du PV 12",
        by=court.rapporteur,
        due=timezone.now() + timedelta(hours=5),
    )
    open_session(page, live_server, court.registrar)
    page.goto(live_server.url + "/contentieux/role/")
    sound(page, "role", size)
    keys(page)
    page.focus("main input[name=q]")
    page.keyboard.type(case.petition.number)
    page.keyboard.press("Enter")
    page.wait_for_url("**q=2027**")
    page.focus(f"a[href$='/{case.petition.number}/']")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/affaires/{case.petition.number}/")
    at = timezone.localtime() - timedelta(minutes=3)
    sound(page, "affaire", size)
    page.focus("a.btn[href*='acte=try']")
    page.keyboard.press("Enter")
    page.wait_for_selector("#acte")
    sound(page, "affaire-acte", size)
    page.select_option("#sv", str(of(paper, case.respondent).pk))
    page.select_option("#md", "hand")
    page.select_option("#oc", "served")
    page.fill("#dy", f"{at:%d/%m/%Y}")
    page.fill("#hr", f"{at:%H h %M}")
    page.select_option("#pr", str(case.piece.pk))
    page.focus("button[name=act][value=try]")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Enregistré.")
    assert Clock.objects.filter(party=case.respondent).exists()
    sound(page, "affaire", size)
    page.goto(live_server.url + f"/contentieux/affaires/{case.petition.number}/recevabilite/")
    sound(page, "recevabilite", size)
    page.context.clear_cookies()
    open_session(page, live_server, lawyer)
    page.goto(live_server.url + f"/contentieux/mes-affaires/{case.petition.number}/")
    page.focus("button[name=act][value=ack]")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=votre délai court depuis cet instant")
    sound(page, "partie", size)
    page.goto(live_server.url + "/contentieux/mes-affaires/")
    sound(page, "mes-affaires", size)
