"""A judge tries acts on a case in a real browser: by keyboard, without the page loading anew, sound wide and narrow."""

from __future__ import annotations

import os

import pytest

from kalata.country.models import Station
from kalata.disputes.models import WhatIf
from tests.browser.tools import axe, fits, open_session
from tests.disputes import instructed

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=False)]


def sound(page):
    assert axe(page) == []
    assert fits(page)


def test_a_judge_weighs_a_case_by_keyboard_and_keeps_a_simulation(page, size, live_server, published, judge):
    petition = instructed.case(published, judge, "KAY-001", "SEG-001", "SAN-001")
    open_session(page, live_server, judge)
    page.goto(f"{live_server.url}/contentieux/affaires/{petition.number}/effet/")
    sound(page)
    page.evaluate("window.same = true")
    page.focus("input[name=station][value='SEG-001']")
    page.keyboard.press("Space")
    page.focus("button[value=weigh]")
    page.keyboard.press("Enter")
    page.wait_for_selector("tr.sel input[value='SEG-001']")
    assert page.evaluate("window.same") is True  # the page was not loaded anew
    sound(page)
    drawn = page.eval_on_selector_all(
        "svg.jauge svg rect",
        "a => a.map(r => [Number(r.getAttribute('width')), parseFloat(getComputedStyle(r).width)])",
    )
    assert drawn and all(said == shown for said, shown in drawn)  # a bar is as long as its figure says
    page.fill("#kn", "SEG seul")
    page.focus("button[value=keep]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/effet/*/")
    assert WhatIf.objects.get().case["acts"][0]["stations"] == [["SEG-001"]]
    sound(page)
    station = Station.objects.get(contest=published, code="SEG-001")
    for tail in ("preuves/", f"comparaison/{station.pk}/", "copies/", "rapport/"):
        page.goto(f"{live_server.url}/contentieux/affaires/{petition.number}/{tail}")
        sound(page)
