"""What every answer carries, which methods the house answers, what crosses the network and how."""

import logging
import math
import re
import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from urllib.error import HTTPError

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.core.signing import Signer
from django.test import Client
from django.urls import path
from django.utils import timezone
from waitress.adjustments import Adjustments

from kalata.address import networks
from kalata.ledger.models import Act
from kalata.notices import mail
from kalata.people import accounts, devices, notices, tokens
from kalata.people import services as people
from kalata.people.models import Person
from kalata.people.rules import activation
from kalata.transparency import witnessing
from kalata.web.server import Request
from tests.conftest import make_person

pytestmark = pytest.mark.django_db
PHRASE = "quatre mots sans lien"
ANSWERS = ["/", "/resultats/", "/compte/login/", "/nulle-part/", "/sante", "/api/openapi.json", "/api/contests"]


def broken(request):
    raise RuntimeError("secret-of-the-house /work/kalata.sqlite3")


urlpatterns = [path("panne", broken)]
handler500 = "kalata.ui.views.fault"


@pytest.fixture
def tls(settings):
    """The settings that KALATA_HTTPS=1 gives (tests/test_settings.py reads them from an installation)."""
    settings.HTTPS = settings.SECURE_SSL_REDIRECT = True
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = settings.LANGUAGE_COOKIE_SECURE = True
    settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = 31_536_000, True
    for kind in ("SESSION", "CSRF", "LANGUAGE"):
        name = getattr(settings, f"{kind}_COOKIE_NAME")
        setattr(settings, f"{kind}_COOKIE_NAME", f"__Host-{name}")
    return settings


# --- headers ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("address", ANSWERS)
def test_every_answer_says_what_a_browser_may_do_with_it(client, pack_version, address):
    answer = client.get(address)
    policy = answer["Content-Security-Policy"]
    for rule in ("default-src 'self'", "script-src 'self'", "object-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'"):  # fmt: skip
        assert rule in policy, rule
    assert "unsafe" not in policy and "http" not in policy
    assert answer["X-Content-Type-Options"] == "nosniff" and answer["Referrer-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in answer


@pytest.mark.parametrize("address", ANSWERS)
def test_every_answer_names_its_type_and_its_encoding(client, pack_version, address):
    kind = client.get(address)["Content-Type"]
    assert re.fullmatch(r"text/html; charset=utf-8|application/json(; charset=utf-8)?", kind), kind


def test_static_files_carry_the_policy_too(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    (tmp_path / "a.js").write_text("1")
    answer = Client().get("/static/a.js")
    assert answer.status_code == 200 and "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff" and "javascript" in answer["Content-Type"]
    assert Client().get("/static/").status_code == 404  # no list of files


def test_another_origin_is_never_let_in(client, pack_version):
    answer = client.get("/api/openapi.json", headers={"Origin": "https://ailleurs.test"})
    assert not [h for h in answer.headers if h.lower().startswith("access-control")]


# --- methods and TLS ----------------------------------------------------------------------------------
@pytest.mark.parametrize("method", ["TRACE", "TRACK", "PUT", "DELETE", "PATCH", "CONNECT", "PROPFIND"])
@pytest.mark.parametrize("address", ["/", "/compte/login/", "/api/contests", "/static/x", "/rien/"])
def test_only_four_methods_are_answered(client, pack_version, method, address):
    answer = client.generic(method, address, headers={"X-Planted": "planted"})
    assert answer.status_code == 405 and answer["Allow"] == "GET, HEAD, POST, OPTIONS"
    assert b"planted" not in answer.content and answer["X-Content-Type-Options"] == "nosniff"


def test_a_person_is_led_to_tls_and_stays_there(tls, pack_version):
    answer = Client().get("/resultats/")
    assert answer.status_code == 301 and answer.url == "https://testserver/resultats/"
    kept = Client().get("/resultats/", secure=True)["Strict-Transport-Security"]
    assert kept == "max-age=31536000; includeSubDomains" or kept.startswith("max-age=31536000; includeSubDomains;")


def test_a_probe_is_answered_under_any_name_and_in_clear(tls, pack_version):
    tls.ALLOWED_HOSTS = ["resultats.example"]
    for name in ("10.0.0.7:8000", "other.example", ""):
        answer = Client().get("/sante", headers={"Host": name})
        assert answer.status_code == 200 and answer.json()["ok"] is True and answer["Cache-Control"] == "no-store"
        assert not answer.cookies and "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert Client().get("/resultats/", headers={"Host": "other.example"}, secure=True).status_code == 400
    assert Client().head("/sante", headers={"Host": "x"}).status_code == 200


def test_a_probe_is_told_that_the_database_does_not_answer(client, pack_version, monkeypatch):
    from django.db import OperationalError

    from kalata.ui import views

    class Gone:
        def cursor(self):
            raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(views, "connection", Gone())
    answer = client.get("/sante")
    assert answer.status_code == 503 and answer.json() == {"ok": False, "alarms": ["database"]}


def test_a_machine_that_speaks_in_clear_is_refused_and_not_led(tls, pack_version):
    answer = Client().get("/api/contests", headers={"Authorization": "Bearer klt_x"})
    assert answer.status_code == 403 and answer.json()["code"] == "EDG-301"
    assert Client().get("/api/contests", secure=True).status_code == 401


@pytest.mark.parametrize("address", ["/.git/config", "/.env", "/var/kalata.sqlite3", "/files/papers/x", "/media/x", "/static/../pyproject.toml", "/admin/", "/__debug__/"])  # fmt: skip
def test_nothing_of_the_checkout_and_no_tool_is_served(client, pack_version, address):
    assert client.get(address).status_code == 404


def test_a_machine_address_takes_no_cookie_for_a_key(sign_in, supervisor):
    client = sign_in(supervisor)
    assert client.get("/api/contests").status_code == 401
    assert client.post("/api/contests", {}, content_type="text/plain").status_code in (401, 405)


def test_the_page_of_a_refusal_leads_back_into_the_house_only(client, pack_version):
    client.force_login(make_person("curieux"), backend="allauth.account.auth_backends.AuthenticationBackend")
    for elsewhere in ("https://ailleurs.test/x", "javascript:alert(1)", "//ailleurs.test"):
        text = client.get("/personnes/", headers={"Referer": elsewhere}).content.decode()
        assert elsewhere not in text and 'class="btn sec" href="/"' in text
    text = client.get("/personnes/", headers={"Referer": "http://testserver/resultats/"}).content.decode()
    assert 'href="http://testserver/resultats/"' in text


@pytest.mark.parametrize(
    ("peer", "named", "believed"),
    [
        ("127.0.0.1", "", True),
        ("::1", "", True),
        ("203.0.113.9", "", False),
        ("203.0.113.9", "10.0.0.0/8", False),
        ("10.1.2.3", "10.0.0.0/8", True),
        ("10.1.2.3", "", False),
    ],
)
def test_what_a_proxy_says_of_tls_is_believed_from_named_proxies_only(tls, pack_version, peer, named, believed):
    tls.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    tls.TRUSTED_PROXIES = networks(named)
    answer = Client(REMOTE_ADDR=peer).get("/resultats/", headers={"X-Forwarded-Proto": "https"})
    assert answer.status_code == (200 if believed else 301)


def parsed(text):
    """A request as the server of the house reads it, headers and the whole body."""
    one = Request(Adjustments())
    data = text.replace("\n", "\r\n").encode()
    while data and not one.completed and one.error is None:
        data = data[one.received(data) :]
    return one


HEAD = "POST /apparence/ HTTP/1.1\nHost: x\n"


@pytest.mark.parametrize(
    "lengths",
    [
        "Content-Length: 5\nContent-Length: 6\n\nabcdef",
        "Content-Length: +5\n\nabcde",
        "Content-Length: 5, 6\n\nabcdef",
        "Content-Length: -1\n\n",
        "Content-Length: 0x5\n\nabcde",
        "Transfer-Encoding: gzip, chunked\n\n0\n\n",
        "Transfer-Encoding: xchunked\n\n0\n\n",
        "Transfer-Encoding : chunked\n\n0\n\n",
        "Transfer-Encoding: chunked\n\n5;\x0b\nabcde\n0\n\n",
        "Transfer-Encoding: chunked\n\n-5\nabcde\n0\n\n",
        "Transfer-Encoding: chunked\n\n0x5\nabcde\n0\n\n",
        "Content-\nLength: 5\n\nabcde",
    ],
)
def test_a_message_whose_length_can_be_read_in_two_ways_is_refused(lengths):
    assert parsed(HEAD + lengths).error is not None


def test_a_length_beside_chunks_is_not_read():
    one = parsed(HEAD + "Content-Length: 4\nTransfer-Encoding: chunked\n\n5\nabcde\n0\n\n")
    assert one.error is None and one.completed and one.get_body_stream().read() == b"abcde"


# --- cookies ------------------------------------------------------------------------------------------
def test_over_tls_every_cookie_a_person_gets_is_secure_strict_and_of_this_host(tls, supervisor):
    browser = Client()
    met = {}
    steps = [
        ("get", "/compte/login/", {}),
        ("get", "/langue/en/", {}),
        ("post", "/apparence/", {"theme": "dark"}),
        ("post", "/compte/login/", {"login": "superviseur", "password": PHRASE}),
        ("get", "/resultats/gerer/", {}),  # a warning is kept until the next page
        ("get", "/compte/", {}),
        ("post", "/compte/logout/", {}),
    ]
    for method, address, data in steps:
        answer = getattr(browser, method)(address, data, secure=True)
        met.update({k: v for k, v in answer.cookies.items() if v.value})
    assert {k.removeprefix("__Host-") for k in met} >= {"sessionid", "csrftoken", "django_language", "theme", "kalata_device", "messages"}  # fmt: skip
    for name, cookie in met.items():
        assert name.startswith("__Host-") and cookie["secure"] and cookie["path"] == "/" and not cookie["domain"], name
        assert cookie["httponly"] and cookie["samesite"] == "Lax", name


def test_a_person_signs_in_and_works_under_those_names(tls, supervisor):
    browser = Client(enforce_csrf_checks=True)

    def token(page):
        return re.search(r'csrfmiddlewaretoken" value="([^"]+)', page.content.decode()).group(1)

    form = {"login": "superviseur", "password": PHRASE, "csrfmiddlewaretoken": token(browser.get("/compte/login/", secure=True))}  # fmt: skip
    answer = browser.post("/compte/login/", form, secure=True, headers={"Referer": "https://testserver/compte/login/"})
    assert answer.status_code == 302 and browser.get("/compte/", secure=True).status_code == 200
    assert browser.post("/compte/avis/", {}, secure=True).status_code == 403  # without the token nothing is done


@pytest.mark.parametrize("address", ["/compte/logout/", "/compte/avis/", "/apparence/", "/compte/sessions/"])
def test_a_form_sent_by_another_site_is_refused(supervisor, address):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(supervisor, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = browser.post(address, {"theme": "dark"}, headers={"Origin": "https://ailleurs.test"})
    assert answer.status_code == 403


def test_at_sign_out_the_session_is_dead_and_the_browser_told_to_forget(client, supervisor):
    client.post("/compte/login/", {"login": "superviseur", "password": PHRASE})
    kept = client.cookies["sessionid"].value
    answer = client.post("/compte/logout/")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    client.cookies["sessionid"] = kept
    assert client.get("/compte/").status_code == 302


# --- passphrases as typed -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "phrase", ["  cinq mots vraiment sans lien ", "CINQ Mots ÉTRANGES Sans Lien", "a" + "zébu dune 7 " * 20]
)
def test_a_passphrase_is_kept_and_asked_exactly_as_it_was_typed(client, administrator, phrase):
    person = people.create_person(username="agent", full_name="Agent", by=administrator)
    code = accounts.issue_activation(person=person, by=administrator)
    done = client.post("/compte/activer/", {"username": "agent", "code": code, "passphrase": phrase, "again": phrase})
    assert done.status_code == 302 and len(phrase) >= 15
    person = Person.objects.get(username="agent")
    assert person.check_password(phrase) and not person.check_password(phrase.strip() + "x")
    assert client.post("/compte/login/", {"login": "agent", "password": phrase}).status_code == 302
    if phrase != phrase.strip():
        assert not person.check_password(phrase.strip())


def test_boxes_of_passphrases_hide_what_is_typed_and_let_managers_help(client, supervisor):
    client.force_login(supervisor, backend="allauth.account.auth_backends.AuthenticationBackend")
    pages = [Client().get("/compte/login/"), Client().get("/compte/activer/"), client.get("/compte/password/change/")]
    for page in pages:
        boxes = re.findall(
            r'<input[^>]*name="(?:passphrase|password[12]?|oldpassword|again)"[^>]*>', page.content.decode()
        )
        assert boxes and all('type="password"' in b and "autocomplete=" in b and 'autocomplete="off"' not in b for b in boxes)  # fmt: skip
        assert "onpaste" not in page.content.decode()


def test_a_passphrase_everybody_expects_here_is_refused_with_its_reason(client, pack_version, administrator):
    person = people.create_person(username="agent", full_name="Aminata Traoré", by=administrator)
    code = accounts.issue_activation(person=person, by=administrator)
    for bad in ("Aminata Traoré 1985", "Présidentielle Mali 2027", "Bamako Bamako Bamako"):
        answer = client.post("/compte/activer/", {"username": "agent", "code": code, "passphrase": bad, "again": bad})
        assert answer.status_code == 422 and "mots attendus" in answer.content.decode(), bad


# --- the log of the service -----------------------------------------------------------------------------
def test_a_refused_access_leaves_a_line_with_who_what_and_from_where(client, pack_version, caplog):
    client.force_login(make_person("curieux"), backend="allauth.account.auth_backends.AuthenticationBackend")
    with caplog.at_level(logging.WARNING, "kalata.refused"):
        client.get("/personnes/?q=secret", REMOTE_ADDR="192.0.2.7")
        client.get("/resultats/gerer/rien/")
        Client().get("/api/contests")
    lines = [r.getMessage() for r in caplog.records if r.name == "kalata.refused"]
    assert lines[0] == "403 GET /personnes/ by curieux from 192.0.2.7" and "secret" not in "".join(lines)
    assert lines[1].startswith("404 GET /resultats/gerer/rien/ by curieux") and lines[2].startswith(
        "401 GET /api/contests by -"
    )


def test_the_ledger_tells_what_a_person_signed_in_with(client, supervisor):
    client.post("/compte/login/", {"login": "superviseur", "password": PHRASE})
    assert Act.objects.get(kind="session.opened").after == {"with": ["password"]}


@pytest.mark.urls(__name__)
def test_a_fault_tells_the_reader_nothing_of_the_inside_and_the_log_all(caplog):
    client = Client(raise_request_exception=False)
    with caplog.at_level(logging.ERROR, "django.request"):
        answer = client.get("/panne")
    text = answer.content.decode()
    assert answer.status_code == 500 and "secret-of-the-house" not in text and "Traceback" not in text
    assert any(r.exc_info and "secret-of-the-house" in str(r.exc_info[1]) for r in caplog.records)


# --- accounts ---------------------------------------------------------------------------------------------
def test_a_new_house_has_no_account(pack_version):
    assert not Person.objects.exists()


def test_a_passphrase_of_five_years_ago_still_opens(client, supervisor):
    Person.objects.update(activated_at=timezone.now() - timedelta(days=5 * 366))
    assert client.post("/compte/login/", {"login": "superviseur", "password": PHRASE}).status_code == 302
    assert client.get("/compte/").status_code == 200


def test_numbers_that_open_something_cannot_be_guessed(settings, supervisor):
    session = SessionStore()
    session.create()
    assert len(session.session_key) * math.log2(36) >= 128 and session.session_key.isalnum()
    assert len(tokens.MARK) + 43 == len(tokens.create(person=supervisor, name="m", scopes=["results.read"], days=1).key)
    assert activation.LENGTH * math.log2(len(activation.ALPHABET)) >= 64
    assert len({accounts.new_code() for _n in range(200)}) == 200
    from allauth.mfa import app_settings
    from allauth.mfa.totp.internal.auth import generate_totp_secret

    assert app_settings.RECOVERY_CODE_DIGITS * math.log2(10) >= 20 and len(generate_totp_secret()) * 5 >= 128


@pytest.mark.parametrize("address", ["/", "/compte/", "/compte/2fa/", "/compte/sessions/", "/resultats/gerer/", "/personnes/approbations/"])  # fmt: skip
def test_every_page_of_a_signed_in_person_shows_the_way_out(sign_in, supervisor, address):
    text = sign_in(supervisor).get(address).content.decode()
    assert 'action="/compte/logout/"' in text and "Quitter" in text


def test_an_address_cannot_add_a_header_to_a_message(supervisor, settings, mailoutbox):
    supervisor.email = "chef@exemple.test\nBcc: tous@ailleurs.test"
    supervisor.save()
    notices.tell(supervisor, "passphrase")
    notices.tell(make_person("autre", email="autre@exemple.test"), "passphrase")
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert mail.send() == 1  # and it holds up nobody else's
    assert [m.to for m in mailoutbox] == [["autre@exemple.test"]]


def test_proving_oneself_again_gives_the_session_a_new_number(client, supervisor):
    client.post("/compte/login/", {"login": "superviseur", "password": PHRASE})
    before = client.session.session_key
    assert client.post("/compte/reauthenticate/", {"password": PHRASE}).status_code == 302
    assert client.session.session_key != before and client.get("/compte/").status_code == 200
    assert Act.objects.get(kind="session.proved").after == {"with": "password"}
    client.cookies["sessionid"] = before
    assert client.get("/compte/").status_code == 302


def test_ending_ones_other_sessions_asks_a_proof_that_is_recent(sign_in, supervisor):
    elsewhere = Client()
    elsewhere.force_login(supervisor, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert elsewhere.get("/compte/").status_code == 200
    here = sign_in(supervisor)
    session = here.session
    session["account_authentication_methods"][0]["at"] -= 901
    session.save()
    assert "/reauthenticate/" in here.post("/compte/sessions/").url and elsewhere.get("/compte/").status_code == 200
    session = here.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": time.time(), "reauthenticated": True}]
    session.save()
    assert here.post("/compte/sessions/").url == "/compte/sessions/"
    assert here.get("/compte/").status_code == 200 and elsewhere.get("/compte/").status_code == 302


def test_a_number_signed_for_another_purpose_is_no_device(rf, settings):
    request = rf.get("/compte/login/")
    for salt, known in ((devices.SALT, "number"), ("django.core.signing", ""), ("kalata.throttle", "")):
        request.COOKIES[devices.COOKIE] = Signer(salt=salt).sign("number")
        assert devices.number(request) == known


def test_a_witness_that_leads_elsewhere_is_not_followed():
    met = []

    class Elsewhere(BaseHTTPRequestHandler):
        def do_POST(self):
            met.append(self.path)
            self.send_response(302)
            self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/inside")
            self.end_headers()

        do_GET = do_POST

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Elsewhere)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        with pytest.raises(HTTPError) as caught:
            witnessing.post(f"http://127.0.0.1:{server.server_port}/add-checkpoint", "x")
    finally:
        server.shutdown()
        server.server_close()
    assert caught.value.code == 302 and met == ["/add-checkpoint"]
