"""The register of corrections on a wide screen and on a telephone, in both languages, by keyboard too."""

import os

import pytest

from tests.browser.tools import axe, fits
from tests.web.test_corrections import PAGE, corrected  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def shot(page, name):
    if folder := os.environ.get("KALATA_SHOTS"):
        page.screenshot(path=f"{folder}/{name}-{page.viewport_size['width']}.png", full_page=True)


def test_the_register_of_corrections_reads_and_narrows_by_keyboard(page, live_server, corrected):  # noqa: F811
    page.goto(live_server.url + PAGE)
    shot(page, "corrections")
    assert page.locator("h1").count() == 1 and page.locator("main tbody tr").count() == 3
    assert axe(page) == [] and fits(page)
    page.focus("main input[name=q]")
    page.keyboard.type("kit")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=kit**")
    assert page.locator("main tbody tr").count() == 1
    page.goto(f"{live_server.url}{PAGE}?q=personne")
    assert "Aucune correction ne répond" in page.inner_text("main")
    assert axe(page) == [] and fits(page)
