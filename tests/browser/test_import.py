"""The mapping step in a real browser, at 1366 and 360 px: checked by axe, answered by keyboard."""

from __future__ import annotations

import os

import pytest

from tests.browser.tools import axe, fits, open_session
from tests.conftest import HEADER, ROWS, csv_of

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=False)]


def upload(page, live_server, person, file):
    open_session(page, live_server, person)
    page.goto(live_server.url + "/resultats/gerer/pres/importer/")
    page.set_input_files("input[type=file]", str(file))
    page.get_by_role("button", name="Déposer et lire les colonnes").click()
    page.get_by_role("heading", name="Où va chaque colonne").wait_for()


def to(page, name, most=120):
    """Walk with the Tab key until a field has the focus."""
    for _n in range(most):
        if page.evaluate("document.activeElement.name || document.activeElement.value") == name:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard never reaches {name}")


def picture(page, name):
    if folder := os.environ.get("KALATA_PICTURES"):
        page.screenshot(path=f"{folder}/{name}-{page.viewport_size['width']}.png", full_page=True)


def test_the_mapping_step_is_answered_with_the_keyboard_alone(page, live_server, contest, supervisor, tmp_path):
    head = HEADER.replace("Le baobab", "BAOBAB").replace("La calebasse", "CALEBASE") + ",Le Baobab,TAUX,RESTE,OBS,etat"
    rows = [f'{r},,"48,5",7,RAS,{"compté" if n else "suspendu"}' for n, r in enumerate(ROWS)]
    file = tmp_path / "resultats.csv"
    file.write_bytes(csv_of(rows, head))
    upload(page, live_server, supervisor, file)
    assert axe(page) == [] and fits(page)
    picture(page, "import-correspondance")
    to(page, "k10")
    page.keyboard.press("Space")
    to(page, "left")
    page.keyboard.press("Space")
    page.get_by_label("Créer les bureaux, refuser les zones inconnues").check()
    page.locator("button[value=try]").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Une réponse manque").wait_for()
    assert axe(page) == [] and fits(page)
    picture(page, "import-correspondance-question")
    page.get_by_role("link", name="État « suspendu »").focus()
    page.keyboard.press("Enter")
    at = page.evaluate("location.hash").lstrip("#")
    page.locator(f"#{at}").focus()
    page.keyboard.type("manq")
    page.locator("button[value=try]").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="voici ce qu’il changerait").wait_for()
    assert axe(page) == [] and fits(page)
    page.get_by_text("Où est allée chaque colonne").first.click()
    picture(page, "import-essai")
    assert page.get_by_text("additionnées").count()


def test_names_of_new_options_are_read_again(page, live_server, contest, supervisor, tmp_path):
    from kalata.country import services as country

    country.set_options(contest=contest, options=[])
    file = tmp_path / "resultats.csv"
    file.write_bytes(csv_of(header=HEADER.replace("La calebasse", "la_calebasse_d_or")))
    upload(page, live_server, supervisor, file)
    assert page.input_value("#n10") == "La Calebasse D Or" and axe(page) == [] and fits(page)
    page.fill("#n10", "La calebasse d’or")
    picture(page, "import-noms")
    page.get_by_label("J’ai relu chaque nom tel qu’il sera affiché").check()
    page.get_by_label("Créer les bureaux, refuser les zones inconnues").check()
    page.locator("button[value=try]").click()
    page.get_by_role("heading", name="Le fichier est bon").wait_for()
    assert "La calebasse d’or" in page.inner_text("main")
