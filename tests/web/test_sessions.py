"""When a session ends, what a browser may keep, and that two tabs are one person."""

import re
import time
from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from click.testing import CliRunner
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from kalata.ledger.models import Act
from kalata.notices import mail
from kalata.notices.models import Receipt
from kalata.notices.services import choose_mail
from kalata.people import accounts
from kalata.people import services as people
from kalata.people.commands import user
from kalata.people.models import Approval
from kalata.people.rules.approval import Decision
from tests.conftest import make_person

pytestmark = pytest.mark.django_db
PHRASE = "quatre mots sans lien"
NEW = "cinq mots vraiment sans lien"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def signed_in(client):
    return "_auth_user_id" in client.session


def session_of(person):
    """A browser of its own, with a session of this person."""
    client = Client()
    client.force_login(person, backend=BACKEND)
    client.get("/compte/")
    return client


def alive(client):
    return client.get("/compte/").status_code == 200


def code_of(secret):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


# --- sessions end ----------------------------------------------------------------------------------
def test_a_new_passphrase_ends_the_other_sessions_and_keeps_this_one(supervisor):
    here, elsewhere = session_of(supervisor), session_of(supervisor)
    before = here.session.session_key
    here.post("/compte/password/change/", {"oldpassword": PHRASE, "password1": NEW, "password2": NEW})
    assert alive(here) and not alive(elsewhere) and here.session.session_key != before
    assert Receipt.objects.filter(person=supervisor, notice__topic="account.passphrase").exists()


def test_the_second_factor_is_not_removed_by_the_passphrase_alone(supervisor):
    TOTP.activate(supervisor, generate_totp_secret())
    here = session_of(supervisor)
    here.post("/compte/reauthenticate/", {"password": PHRASE})
    assert here.post("/compte/2fa/totp/deactivate/").url.startswith("/compte/2fa/reauthenticate/")
    assert here.get("/compte/2fa/recovery-codes/").status_code in (302, 404)


def test_the_loss_of_the_last_mandate_ends_the_sessions_and_of_another_does_not(administrator, supervisor):
    people.give_mandate(person=supervisor, role="publication")
    here = session_of(supervisor)
    first, last = supervisor.mandates.all()
    people.revoke_mandate(mandate=first, reason="fin", by=administrator)
    assert alive(here)
    people.revoke_mandate(mandate=last, reason="fin", by=administrator)
    assert not alive(here)


def test_closing_and_a_new_activation_end_every_session(administrator, security_officer, supervisor):
    here = session_of(supervisor)
    asked = accounts.ask_reissue(person=supervisor, reason="x", factors=False, by=administrator)
    assert alive(here)  # asking alone shuts nobody out
    people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=security_officer)
    assert not alive(here)
    here = session_of(supervisor)
    accounts.close_account(person=supervisor, reason="x", by=administrator)
    assert not alive(here)


def test_a_refused_request_for_activation_changes_nothing_for_the_owner(administrator, security_officer, supervisor):
    here = session_of(supervisor)
    asked = accounts.ask_reissue(person=supervisor, reason="x", factors=True, by=administrator)
    people.decide_approval(approval_id=asked.pk, to=Decision.REFUSED, note="non", by=security_officer)
    assert alive(here) and Approval.objects.get().state == "refused"
    assert [n.person_id for n in Receipt.objects.all()] == [administrator.pk]  # who asked is told


# --- fixation, tabs, idle ------------------------------------------------------------------------------
def test_a_session_number_known_before_sign_in_is_worth_nothing_after_it(supervisor):
    victim = Client()
    victim.get("/compte/login/")
    session = victim.session
    session["planted"] = 1
    session.save()
    victim.cookies["sessionid"] = planted = session.session_key
    victim.post("/compte/login/", {"login": "superviseur", "password": PHRASE})
    assert signed_in(victim) and victim.session.session_key != planted
    thief = Client()
    thief.cookies["sessionid"] = planted
    assert not signed_in(thief) and not Session.objects.filter(session_key=planted).exists()


def test_a_tab_left_open_by_one_person_does_not_act_for_the_next(supervisor, administrator):
    browser = Client(enforce_csrf_checks=True)

    def token(path):
        return re.search(r'csrfmiddlewaretoken" value="([^"]+)', browser.get(path).content.decode()).group(1)

    def enter(name):
        form = {"login": name, "password": PHRASE, "csrfmiddlewaretoken": token("/compte/login/")}
        assert browser.post("/compte/login/", form).status_code == 302

    enter("superviseur")
    old_tab = token("/compte/")
    browser.post("/compte/logout/", {"csrfmiddlewaretoken": old_tab})
    enter("administrateur")
    assert browser.post("/compte/avis/", {"csrfmiddlewaretoken": old_tab}).status_code == 403
    assert browser.post("/compte/avis/", {"csrfmiddlewaretoken": token("/compte/")}).status_code == 302


def left(client, seconds):
    session = client.session
    session["seen"] = int(time.time()) - seconds
    session.save()


@pytest.mark.parametrize(("seconds", "goes_on"), [(15 * 60 - 2, True), (15 * 60 + 2, False)])
def test_a_privileged_session_ends_after_fifteen_minutes_alone(sign_in, supervisor, seconds, goes_on):
    client = sign_in(supervisor)
    client.get("/")
    left(client, seconds)
    assert (client.get("/resultats/gerer/").status_code == 200) is goes_on


@pytest.mark.parametrize(("seconds", "goes_on"), [(60 * 60 - 2, True), (60 * 60 + 2, False)])
def test_any_session_left_alone_for_an_hour_ends(client, pack_version, seconds, goes_on):
    client.force_login(make_person("agent", "saisie"), backend=BACKEND)
    client.get("/")
    left(client, seconds)
    assert alive(client) is goes_on


def test_a_page_that_reloads_by_itself_does_not_keep_the_session_awake(sign_in, supervisor):
    client = sign_in(supervisor)
    client.get("/")
    client.cookies["kalata_alone"] = "1"
    left(client, 600)
    seen = client.session["seen"]
    assert client.get("/").status_code == 200 and client.session["seen"] == seen
    del client.cookies["kalata_alone"]
    client.get("/")
    assert client.session["seen"] > seen


@pytest.mark.parametrize(("seconds", "goes_on"), [(12 * 3600 - 5, True), (12 * 3600 + 5, False)])
def test_any_session_ends_after_twelve_hours_however_busy(client, pack_version, seconds, goes_on):
    client.force_login(make_person("agent", "saisie"), backend=BACKEND)
    client.get("/compte/")
    session = client.session
    session["began"] = int(time.time()) - seconds
    session.save()
    assert alive(client) is goes_on


# --- nothing stays in a cache -----------------------------------------------------------------------------
PERSONAL = [
    "/compte/",
    "/personnes/",
    "/personnes/export.csv",
    "/personnes/superviseur/",
    "/personnes/importer/",
    "/personnes/approbations/",
    "/",
    "/resultats/",
    "/echeances/",
    "/preuves/",
]


@pytest.mark.parametrize("path", PERSONAL)
def test_no_page_of_a_signed_in_person_stays_in_a_cache(sign_in, administrator, supervisor, path):
    answer = sign_in(administrator).get(path)
    assert answer.status_code == 200 and "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("path", ["/journal/", "/journal/export.csv"])
def test_the_ledger_and_its_export_stay_in_no_cache(sign_in, auditor, path):
    assert "no-store" in sign_in(auditor).get(path).get("Cache-Control", "")


@pytest.mark.parametrize(
    "path",
    [
        "/compte/login/",
        "/compte/activer/",
        "/compte/",
        "/personnes/",
        "/api/contests",
        "/api/openapi.json",
        "/personnes/x/",
        "/compte/rien/",
    ],
)
def test_personal_addresses_and_answers_to_machines_stay_in_no_cache_even_signed_out(client, db, path):
    assert "no-store" in client.get(path)["Cache-Control"]


def test_a_public_page_may_be_cached_by_who_is_not_signed_in(client, published):
    assert "no-store" not in client.get("/resultats/").get("Cache-Control", "")


# --- what the owner is told ----------------------------------------------------------------------------------
def test_a_notice_stays_on_every_page_until_it_is_read(supervisor, administrator, security_officer):
    asked = accounts.ask_reissue(person=supervisor, reason="x", factors=False, by=administrator)
    people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=security_officer)
    owner = session_of(supervisor)
    for path in ("/compte/", "/compte/2fa/", "/compte/sessions/"):
        assert "Une nouvelle activation de votre compte" in owner.get(path).content.decode()
    owner.post("/compte/avis/")
    assert "Une nouvelle activation de votre compte" not in owner.get("/compte/").content.decode()


def test_a_notice_goes_by_mail_once_where_an_address_is_set(supervisor, settings, mailoutbox):
    from kalata.people import notices

    supervisor.email = "chef@exemple.test"
    supervisor.save()
    choose_mail(supervisor, "never")  # what happens to one's own account is told all the same
    notices.tell(supervisor, "passphrase")
    notices.tell(make_person("sans-adresse"), "passphrase")
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert mail.send() == 1 and mail.send() == 0
    assert mailoutbox[0].to == ["chef@exemple.test"] and "phrase de passe" in mailoutbox[0].body


def test_no_mail_leaves_the_house_without_a_mail_server(supervisor, settings):
    from kalata.people import notices

    supervisor.email = "chef@exemple.test"
    supervisor.save()
    notices.tell(supervisor, "passphrase")
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    assert mail.send() == 0


def test_every_end_of_a_session_is_in_the_ledger_with_its_cause(administrator, supervisor):
    session_of(supervisor)
    accounts.close_account(person=supervisor, reason="x", by=administrator)
    assert Act.objects.get(kind="person.closed").after["sessions_ended"] == 1
    assert timezone.now() - Act.objects.get(kind="person.closed").at < timedelta(minutes=5)


def test_the_console_ends_the_sessions_of_one_person_or_of_everybody(administrator, supervisor):
    one, two, other = session_of(supervisor), session_of(supervisor), session_of(administrator)
    run = CliRunner().invoke
    assert "2 sessions fermées / sessions ended" in run(user, ["end-sessions", "superviseur", "--reason", "poste volé"]).output
    assert not alive(one) and not alive(two) and alive(other)
    assert run(user, ["end-sessions", "personne", "--reason", "x"]).exit_code == 1
    assert run(user, ["end-sessions", "--reason", "x"]).exit_code == 2  # nobody by mistake is everybody
    assert alive(other)
    run(user, ["end-sessions", "--all", "--reason", "alerte"])
    assert not alive(other)
    assert list(Act.objects.filter(kind="sessions.ended").values_list("subject", "reason")) == [
        ("everybody", "alerte"),
        ("person:superviseur", "poste volé"),
    ]
