"""Every page of the Court, in the demonstration as it is loaded, for who uses it: sound for everybody, wide and narrow.

Each page is judged by axe once in a run, in one language and one width, dealt in turn; all four by night. That it fits
is seen at both widths in every run.
"""

from __future__ import annotations

import json
import os
from itertools import product

import pytest

from tests.browser.conftest import SIZES
from tests.browser.tools import axe, chromium, fits
from tests.disputes.browser.addresses import FILES, pages
from tests.house.conftest import House
from tests.house.ready import demonstration, furnish
from tests.sizes import NIGHTLY

pytestmark = [pytest.mark.browser, pytest.mark.long]
WAYS = tuple(product(("fr", "en"), SIZES))
WITHOUT_RECORD = {"disputes:whatif", "disputes:begun", "court:proclaimed"}
"""Pages of a record that the demonstration may have or not."""


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    one = House(furnish(tmp_path_factory.mktemp("cour") / "var", demonstration()))
    yield one
    one.close()


@pytest.fixture(scope="module")
def known(house):
    done = house.run("tests.disputes.browser.addresses")
    assert done.returncode == 0, done.stderr[-2_000:]
    house.start("kalata.web", "--workers", "1", "--threads", "4")
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def browser():
    with chromium() as started:
        yield started


def ways(at: int) -> list[tuple[str, str]]:
    return list(WAYS) if NIGHTLY else [WAYS[at % len(WAYS)]]


def looked_at(browser, house, known):
    """What is wrong, page by page."""
    wrong = []
    base = f"http://127.0.0.1:{house.port}"
    for role in dict.fromkeys(who for who, _path in known["pages"].values()):
        context = browser.new_context(viewport={"width": 1366, "height": 900}, locale="fr-FR", color_scheme="light")
        page = context.new_page()
        if role:
            context.add_cookies([{"name": known["cookie"], "value": known["sessions"][role], "url": base}])
        for at, (name, (who, path)) in enumerate(known["pages"].items()):
            if who == role:
                for lang, size in ways(at):
                    context.add_cookies([{"name": "django_language", "value": lang, "url": base}])
                    wrong += judged(page, f"{base}{path}", f"{name} {role} {lang} {size}", size)
        context.close()
    return wrong


def judged(page, address, title, size):
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    answer = page.goto(address)
    found = [] if answer.status == 200 else [(title, answer.status)]
    if folder := os.environ.get("KALATA_SHOTS"):
        page.screenshot(path=f"{folder}/{title.split()[0].replace(':', '-')}-{width}.png", full_page=True)
    found += [(title, *one) for one in axe(page)]
    if page.evaluate(
        "document.querySelectorAll('use').length && [...document.querySelectorAll('use')].filter(u => !document.getElementById((u.getAttribute('href') || '').slice(1))).length"
    ):
        found.append((title, "an icon that the page does not have"))
    for other in SIZES.values():
        page.set_viewport_size({"width": other[0], "height": other[1]})
        if not fits(page):
            found.append((title, f"wider than {other[0]} px"))
    return found


def test_no_page_of_the_court_is_left_out(known):
    every = {f"{space}:{name}" for space, name, _words in pages()}
    assert every - set(known["pages"]) - FILES - WITHOUT_RECORD == set()


def test_every_page_passes_axe_and_fits_for_who_uses_it(browser, house, known):
    assert looked_at(browser, house, known) == []
