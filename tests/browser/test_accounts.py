"""Accounts in a real browser: a sign-in with its code, a key, a new activation by two, a door that waits."""

from __future__ import annotations

import os
import time

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value

from kalata.people import accounts
from kalata.people import services as people
from kalata.people.rules.approval import Decision
from kalata.people.rules.throttle import FREE
from kalata.people.throttle import Gate
from tests.browser.tools import axe, fits, open_session

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=False)]


def sound(page, name):
    assert axe(page) == [] and fits(page)
    if folder := os.environ.get("KALATA_SHOTS"):
        page.screenshot(path=f"{folder}/{name}-{page.viewport_size['width']}.png", full_page=True)


def code_of(secret, steps=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def test_a_person_signs_in_by_keyboard_shows_the_factor_again_and_creates_a_key(page, live_server, supervisor):
    secret = generate_totp_secret()
    one = TOTP.activate(supervisor, secret).instance
    page.goto(live_server.url + "/compte/login/")
    page.keyboard.press("Tab")
    page.focus("#id_login")
    page.keyboard.type("superviseur")
    page.keyboard.press("Tab")
    page.keyboard.type("quatre mots sans lien")
    page.keyboard.press("Enter")
    page.wait_for_selector("input[name=code]")
    sound(page, "code")
    page.focus("input[name=code]")
    page.keyboard.type(code_of(secret))
    page.keyboard.press("Enter")
    page.wait_for_url(live_server.url + "/")
    page.goto(live_server.url + "/compte/")
    page.click("text=Montrer mon second facteur")
    page.wait_for_selector("input[name=code]")
    sound(page, "code-again")
    one.refresh_from_db()
    one.data["last"] -= 1  # the next code is half a minute away: the test does not wait for it
    one.save()
    page.fill("input[name=code]", code_of(secret))
    page.keyboard.press("Enter")
    page.wait_for_selector("#id_name")
    page.fill("#id_name", "scanner de la salle 2")
    page.check("input[name=scope] >> nth=0")
    sound(page, "key-form")
    page.click("text=Créer la clé")
    assert page.inner_text("p.hash").startswith("klt_")
    sound(page, "key")


def test_a_new_activation_goes_through_its_three_pages(page, live_server, administrator, security_officer, supervisor):
    open_session(page, live_server, administrator)
    page.goto(live_server.url + "/personnes/superviseur/")
    sound(page, "person")
    page.fill("#again_reason", "téléphone et phrase perdus")
    page.check("input[name=factors]")
    page.click("text=Demander une nouvelle activation")
    page.wait_for_selector("text=elle attend une autre personne, qui approuve")
    asked = people.Approval.objects.get()
    open_session(page, live_server, security_officer)
    page.goto(live_server.url + f"/personnes/approbations/{asked.pk}/")
    sound(page, "approval")
    page.click("text=Approuver et faire")
    page.goto(live_server.url + "/personnes/superviseur/")
    sound(page, "person-part")
    with page.expect_download() as told:
        page.click("text=Imprimer ma feuille")
    assert told.value.suggested_filename == "activation.pdf"
    open_session(page, live_server, supervisor)
    page.goto(live_server.url + "/compte/")
    assert "Une nouvelle activation de votre compte" in page.inner_text("main")
    sound(page, "me-told")
    page.click("text=Annuler la nouvelle activation")
    page.wait_for_selector("text=ses codes n’ouvrent plus rien")
    sound(page, "me-cancelled")


def test_the_page_of_a_door_that_waits(page, live_server, supervisor):
    for _n in range(FREE):
        Gate("passphrase", "superviseur", "").take()
    page.goto(live_server.url + "/compte/login/")
    page.fill("#id_login", "superviseur")
    page.fill("#id_password", "quatre mots sans lien")
    page.click("text=Continuer")
    page.wait_for_selector("text=PEO-102")
    sound(page, "waits")
    page.errors[:] = [e for e in page.errors if "429" not in e]


def test_two_codes_are_typed_on_the_activation_page(page, live_server, administrator, security_officer, supervisor):
    asked = accounts.ask_reissue(person=supervisor, reason="perdue", factors=False, by=administrator)
    people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=security_officer)
    one, two = (accounts.print_part(person=supervisor, by=who)[1] for who in (administrator, security_officer))
    page.goto(live_server.url + "/compte/activer/?u=superviseur")
    sound(page, "activation")
    page.fill("#id_code", one.lower())
    page.fill("#id_second", two)
    for box in ("#id_passphrase", "#id_again"):
        page.fill(box, "cinq mots vraiment sans lien")
    page.click("main button:has-text('Activer')")
    page.wait_for_selector("text=Compte activé")
    supervisor.refresh_from_db()
    assert supervisor.check_password("cinq mots vraiment sans lien")
