"""Tasks of persons in a real browser, at 1366 and 360 px, by keyboard, each page checked by axe."""

from __future__ import annotations

import os

import pytest

from tests.browser.tools import axe, fits, open_session

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=False)]
PUBLIC = [
    "/",
    "/resultats/",
    "/resultats/pres/",
    "/resultats/pres/bureaux/",
    "/resultats/pres/calcul/",
    "/resultats/pres/controles/",
    "/resultats/pres/donnees/",
    "/resultats/archives/",
    "/resultats/archives/ml/REF-2023/",
    "/pays/",
    "/pays/ml/",
    "/pays/ml/systems/",
    "/pays/decoupages/ml-2015/",
    "/compte/login/",
    "/compte/activer/",
    "/aide/codes/",
    "/accessibilite/",
]


def test_public_pages_have_no_axe_violation_and_fit_the_screen(page, live_server, published):
    from kalata.country.models import Station

    station = Station.objects.get(code="SEG-001")
    for path in [*PUBLIC, f"/resultats/pres/bureaux/{station.pk}/", f"/resultats/pres/zone/{station.unit_id}/"]:
        page.goto(live_server.url + path)
        assert axe(page) == [], path
        assert fits(page), path


@pytest.mark.parametrize(("lang", "theme"), [("en", "dark"), ("bm", "light")])
def test_the_results_page_passes_axe_in_every_language_and_theme(page, live_server, published, lang, theme):
    page.context.add_cookies(
        [
            {"name": "django_language", "value": lang, "url": live_server.url},
            {"name": "theme", "value": theme, "url": live_server.url},
            {"name": "contrast", "value": "more" if lang == "bm" else "", "url": live_server.url},
        ]
    )
    for path in ("/", "/resultats/pres/", "/pays/ml/systems/"):
        page.goto(live_server.url + path)
        assert page.evaluate("document.documentElement.lang") == lang and axe(page) == [], path


def test_staff_pages_have_no_axe_violation(page, live_server, published, supervisor, administrator, auditor):
    for person, paths in (
        (
            supervisor,
            [
                "/",
                "/resultats/gerer/",
                "/resultats/gerer/nouveau/",
                "/resultats/gerer/pres/",
                "/resultats/gerer/pres/importer/",
                "/resultats/gerer/imports/",
                "/resultats/gerer/profils/",
                "/personnes/approbations/",
                "/compte/",
                "/compte/2fa/",
                "/compte/sessions/",
                "/compte/password/change/",
            ],
        ),
        (administrator, ["/personnes/", "/personnes/superviseur/", "/personnes/nouvelle/", "/personnes/importer/"]),
        (auditor, ["/journal/"]),
    ):
        open_session(page, live_server, person)
        for path in paths:
            page.goto(live_server.url + path)
            assert axe(page) == [], path
            assert fits(page), path


def test_a_supervisor_imports_a_file_with_the_wizard(page, live_server, contest, supervisor, tmp_path):
    from tests.conftest import csv_of

    file = tmp_path / "resultats.csv"
    file.write_bytes(csv_of())
    open_session(page, live_server, supervisor)
    page.goto(live_server.url + "/resultats/gerer/pres/")
    page.get_by_role("link", name="Importer un fichier").click()
    page.set_input_files("input[type=file]", str(file))
    page.get_by_role("button", name="Déposer et lire les colonnes").click()
    assert axe(page) == [] and fits(page)
    page.locator("input[name=create][value=stations]").check()
    page.get_by_role("button", name="Lancer l’essai à blanc").click()
    page.get_by_role("heading", name="Le fichier est bon : voici ce qu’il changerait").wait_for()
    assert axe(page) == [] and fits(page)
    page.get_by_role("button", name="Enregistrer ce fichier").click()
    page.get_by_role("heading", name="Le fichier est enregistré").wait_for()
    page.get_by_role("link", name="Voir les résultats").first.click()
    assert "Second tour entre" in page.inner_text("h1")


def test_a_voter_finds_a_station_with_the_keyboard_alone(page, live_server, published):
    page.goto(live_server.url + "/resultats/pres/bureaux/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    for _n in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "q":
            break
    page.keyboard.type("san")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=san**")
    for _n in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "SAN-001":
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/bureaux/*/")
    assert "SAN-001" in page.inner_text("h1")


def test_a_person_signs_in_and_sets_up_codes_and_recovery(page, live_server, supervisor):
    """Passphrase, then TOTP set-up with a code computed here, then recovery codes, then sign-in with a code."""
    import time

    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    def code(secret):
        return format_hotp_value(hotp_value(secret, int(time.time()) // 30))

    page.goto(live_server.url + "/compte/login/")
    page.fill("#id_login", "superviseur")
    page.fill("#id_password", "quatre mots sans lien")
    page.keyboard.press("Enter")
    page.wait_for_url("**/compte/2fa/**")
    assert axe(page) == []
    page.goto(live_server.url + "/compte/2fa/totp/activate/")
    assert "/totp/activate/" in page.url  # the passphrase was typed a moment ago: it is not asked again
    secret = (
        page.locator("#authenticator_secret").input_value()
        if page.locator("#authenticator_secret").count()
        else page.locator("input[readonly], input[disabled]").first.input_value()
    )
    assert axe(page) == []
    page.locator("input[name=code]").fill(code(secret))
    page.locator("main form button[type=submit], main form button").first.click()
    page.wait_for_url("**/recovery-codes/")
    assert page.locator("table.codes tr").count() == 10 and axe(page) == [] and fits(page)
    page.goto(live_server.url + "/resultats/gerer/")
    assert "Scrutins" in page.inner_text("h1")


def test_a_security_key_is_registered_and_asked_at_sign_in(browser, live_server, supervisor):
    """WebAuthn with Chromium's virtual authenticator."""
    context = browser.new_context(viewport={"width": 1366, "height": 900}, locale="fr-FR")
    page = context.new_page()
    remote = context.new_cdp_session(page)
    remote.send("WebAuthn.enable")
    remote.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "usb",
                "hasResidentKey": False,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )

    def sign_in():
        page.goto(live_server.url + "/compte/login/")
        page.fill("#id_login", "superviseur")
        page.fill("#id_password", "quatre mots sans lien")
        page.keyboard.press("Enter")

    sign_in()
    page.wait_for_url("**/compte/2fa/**")
    page.goto(live_server.url + "/compte/2fa/webauthn/add/")
    page.locator("input[name=name]").fill("Clé de bureau")
    page.locator("#mfa_webauthn_add, main form button").first.click()
    page.wait_for_url(lambda url: "webauthn/add" not in url, timeout=15_000)
    from allauth.mfa.models import Authenticator

    assert Authenticator.objects.filter(user_id=supervisor.pk, type="webauthn").count() == 1
    context.clear_cookies()
    sign_in()
    page.wait_for_url("**/2fa/authenticate/**")
    page.locator("#mfa_webauthn_authenticate").click()
    page.wait_for_url(lambda url: "authenticate" not in url, timeout=15_000)
    page.goto(live_server.url + "/resultats/gerer/")
    assert "Scrutins" in page.inner_text("h1")
    context.close()
