"""Declared lists in a real browser: sound for everybody on a wide and on a narrow screen."""

from __future__ import annotations

import os

import pytest

from kalata.people.models import Person
from tests.browser.tools import axe, fits, open_session

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=False)]


def test_a_list_is_sound_as_rows_and_as_cards_and_narrows_by_keyboard(page, live_server, administrator):
    Person.objects.bulk_create(Person(username=f"U{i:05}", full_name=f"Nom {i}") for i in range(60))
    open_session(page, live_server, administrator)
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(live_server.url + "/personnes/")
        assert axe(page) == [] and fits(page)
        if folder := os.environ.get("KALATA_SHOTS"):
            page.screenshot(path=f"{folder}/personnes-{width}.png", full_page=True)
        page.focus("main input[name=q]")
        page.keyboard.type("U0000")
        page.keyboard.press("Enter")
        page.wait_for_url("**q=U0000**")
        assert page.locator("main tbody tr").count() == 10


def test_a_place_is_searched_and_chosen_without_a_script(page, live_server, administrator, supervisor, contest):
    open_session(page, live_server, administrator)
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(live_server.url + "/personnes/superviseur/")
    page.fill("#id_unit", "Kayse")
    page.fill("#id_reason", "décision 1")
    page.press("#id_reason", "Enter")
    page.wait_for_selector("input[type=radio][name=unit]")
    assert axe(page) == [] and fits(page)
    if folder := os.environ.get("KALATA_SHOTS"):
        page.screenshot(path=f"{folder}/mandat-360.png", full_page=True)
    assert page.input_value("#id_unit") == "Kayse" and page.input_value("#id_reason") == "décision 1"
    page.check("input[type=radio][name=unit] >> nth=0")
