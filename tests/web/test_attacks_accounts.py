"""Attacks on accounts, as a hostile insider or neighbour would make them: each is refused, in real mode."""

import re
import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from kalata.ledger.models import Act
from kalata.notices.models import Receipt
from kalata.people import accounts, approving, tokens
from kalata.people import services as people
from kalata.people.models import ApiToken, KnownDevice, Mandate, Person, Reissue, Throttle
from kalata.people.rules.approval import Decision, Outdated
from kalata.people.rules.throttle import FREE
from kalata.refusals import Forbidden
from tests.conftest import holds_only, make_person

pytestmark = pytest.mark.django_db
PHRASE = "quatre mots sans lien"
NEW = "cinq mots vraiment sans lien"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture(autouse=True)
def real_mode(settings):
    assert settings.DEMO is False


class Clock:
    """The time that allauth's codes and our counts read, moved by hand."""

    def __init__(self, monkeypatch):
        self.at = float(int(time.time()) // 30 * 30)
        monkeypatch.setattr(time, "time", lambda: self.at)
        monkeypatch.setattr(timezone, "now", self.now)

    def now(self):
        from datetime import UTC, datetime

        return datetime.fromtimestamp(self.at, UTC)

    def forward(self, seconds):
        self.at += seconds


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)


@pytest.fixture
def boss(pack_version):
    """A supervisor with an application of codes and a printed list."""
    person = make_person("chef", "superviseur")
    person.secret = generate_totp_secret()
    TOTP.activate(person, person.secret)
    person.recovery = RecoveryCodes.activate(person).get_unused_codes()
    return person


def code_of(person, steps=0):
    return format_hotp_value(hotp_value(person.secret, int(time.time()) // 30 + steps))


def passphrase(client, name="chef", phrase=PHRASE):
    return client.post("/compte/login/", {"login": name, "password": phrase})


def show_code(client, code):
    return client.post("/compte/2fa/authenticate/", {"code": code})


def signed_in(client):
    return "_auth_user_id" in client.session


def without(name, answer):
    """The page, but for what the reader typed and its one-time form number."""
    return re.sub(rf'csrfmiddlewaretoken" value="[^"]+|value="{name}"', "", answer.content.decode())


def whole_sign_in(client, person):
    passphrase(client, person.username)
    assert show_code(client, code_of(person)).status_code == 302 and signed_in(client)
    return client


# --- codes ----------------------------------------------------------------------------------------
def test_codes_cannot_be_guessed_one_after_the_other(client, boss, clock):
    passphrase(client)
    statuses = [show_code(client, f"{n:06d}").status_code for n in range(400)]
    assert statuses[:FREE] == [200] * FREE and set(statuses[FREE:]) == {429}
    answer = show_code(client, code_of(boss))
    assert answer.status_code == 429 and "PEO-102" in answer.content.decode() and not signed_in(client)
    assert int(answer["Retry-After"]) == 30
    assert Act.objects.filter(kind="session.code_refused", subject="person:chef").count() == FREE
    assert Receipt.objects.get(person=boss).notice.topic == "account.code_tries"


def test_another_process_and_a_new_session_do_not_begin_a_new_count(client, boss, clock):
    passphrase(client)
    for n in range(FREE):
        show_code(client, f"{n:06d}")
    cache.clear()  # what another process has in memory
    elsewhere = Client()
    passphrase(elsewhere)
    assert show_code(elsewhere, code_of(boss)).status_code == 429


def test_the_wait_doubles_and_the_right_code_passes_at_the_very_moment_it_ends(client, boss, clock):
    passphrase(client)
    for n in range(FREE):
        show_code(client, f"{n:06d}")
    clock.forward(29.5)
    assert show_code(client, code_of(boss)).status_code == 429
    clock.forward(0.5)
    assert show_code(client, "000000").status_code == 200
    clock.forward(59.5)
    assert show_code(client, code_of(boss)).status_code == 429
    clock.forward(0.5)
    assert show_code(client, code_of(boss)).status_code == 302 and signed_in(client)
    assert not Throttle.objects.exists()


def test_a_code_is_accepted_once_across_all_processes(boss, clock):
    first, second = Client(), Client()
    whole_sign_in(first, boss)
    cache.clear()  # the memory of another process
    passphrase(second)
    assert show_code(second, code_of(boss)).status_code == 200 and not signed_in(second)
    assert show_code(second, code_of(boss, -1)).status_code == 200  # one older than the last used is spent too
    clock.forward(30)
    assert show_code(second, code_of(boss)).status_code == 302


def test_a_recovery_code_is_accepted_once(boss, clock):
    first, second = Client(), Client()
    passphrase(first)
    assert show_code(first, boss.recovery[0]).status_code == 302
    passphrase(second)
    assert show_code(second, boss.recovery[0]).status_code == 200 and not signed_in(second)
    assert show_code(second, boss.recovery[1]).status_code == 302


def test_the_code_that_set_the_application_up_opens_nothing_afterwards(client, supervisor, clock):
    passphrase(client, "superviseur")
    client.post("/compte/reauthenticate/", {"password": PHRASE})
    client.get("/compte/2fa/totp/activate/")
    supervisor.secret = client.session["mfa.totp.secret"]
    assert client.post("/compte/2fa/totp/activate/", {"code": code_of(supervisor)}).status_code == 302
    again = Client()
    passphrase(again, "superviseur")
    assert show_code(again, code_of(supervisor)).status_code == 200 and not signed_in(again)


@pytest.mark.parametrize("odd", ["²²²²²²", "٣٣٣٣٣٣", "é", "0" * 2000, "-1", "null"])
def test_an_odd_code_is_wrong_and_never_a_fault(client, boss, odd):
    passphrase(client)
    assert show_code(client, odd).status_code == 200


def test_a_damaged_secret_refuses_and_never_faults(client, pack_version):
    person = make_person("chef", "superviseur")
    Authenticator.objects.create(user_id=person.pk, type="totp", data={"secret": "1!"})
    passphrase(client)
    assert show_code(client, "123456").status_code == 200


# --- throttling ------------------------------------------------------------------------------------
def test_who_hammers_an_account_never_shuts_its_owner_out_from_a_known_device(boss, clock):
    owner, stranger = Client(), Client()
    whole_sign_in(owner, boss)
    owner.post("/compte/logout/")
    for _n in range(FREE + 20):
        passphrase(stranger, phrase="faux")
    assert passphrase(stranger).status_code == 429
    clock.forward(30)
    assert passphrase(owner).status_code == 302
    assert show_code(owner, code_of(boss)).status_code == 302 and signed_in(owner)


def test_a_known_device_that_guesses_is_slowed_alone(boss, clock):
    owner, other = Client(), Client()
    whole_sign_in(owner, boss)
    owner.post("/compte/logout/")
    for _n in range(FREE):
        passphrase(owner, phrase="faux")
    assert passphrase(owner).status_code == 429 and passphrase(other).status_code == 302


def test_a_device_is_known_only_by_a_whole_sign_in_and_its_cookie_cannot_be_forged(boss, clock):
    half = Client()
    passphrase(half)
    assert "kalata_device" not in half.cookies and not KnownDevice.objects.exists()
    whole_sign_in(half, boss)
    cookie = half.cookies["kalata_device"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and cookie["path"] == "/"
    forged = Client()
    forged.cookies["kalata_device"] = cookie.value.split(":")[0] + ":" + "A" * 43
    stolen_by_another = make_person("autre")
    for _n in range(FREE):
        passphrase(Client(), phrase="faux")
    assert passphrase(forged).status_code == 429
    borrowed = Client()
    borrowed.cookies["kalata_device"] = cookie.value
    for _n in range(FREE):
        passphrase(Client(), stolen_by_another.username, "faux")
    assert passphrase(borrowed, "autre").status_code == 429  # known to one account, strange to another


def test_a_whole_centre_behind_one_address_is_never_locked(supervisor, pack_version):
    for n in range(8):
        make_person(f"agent-{n}")
        for _k in range(FREE):
            passphrase(Client(), f"agent-{n}", "faux")
    assert passphrase(Client(), "superviseur").status_code == 302


def test_a_name_nobody_bears_is_answered_exactly_like_a_wrong_passphrase(supervisor, pack_version):
    closed = make_person("ferme")
    closed.is_active = False
    closed.save()

    def run(name, phrase):
        answers = [passphrase(Client(), name, phrase) for _n in range(FREE + 1)]
        return [a.status_code for a in answers], without(name, answers[0])

    assert run("superviseur", "faux") == run("personne", "faux") == run("ferme", "faux")
    assert passphrase(Client(), "ferme").status_code == 429
    Throttle.objects.all().delete()
    assert passphrase(Client(), "ferme").status_code == 200  # right, and closed: the same words


def test_both_unknown_and_known_names_cost_one_hash(supervisor, monkeypatch):
    from django.contrib.auth.hashers import MD5PasswordHasher

    calls = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda self, *a, **k: calls.append(1) or encode(self, *a, **k))
    waiting = people.create_person(username="attend", full_name="Agent", by=None)
    counts = []
    for name in ("superviseur", "personne", waiting.username):
        calls.clear()
        passphrase(Client(), name, "faux")
        counts.append(len(calls))
    assert counts == [1, 1, 1]


def test_what_is_typed_in_the_wrong_box_does_not_enter_the_ledger(client, supervisor):
    passphrase(client, "ma phrase de passe secrete", "x")
    client.post("/compte/activer/", {"username": PHRASE, "code": "X", "passphrase": NEW, "again": NEW})
    kept = str(list(Act.objects.values_list("subject", "after")))
    assert "secrete" not in kept and PHRASE not in kept and "person:?" in kept


def test_counts_hold_no_name_and_are_dropped_after_a_day(supervisor, clock):
    from kalata.people import throttle

    passphrase(Client(), "superviseur", "faux")
    row = Throttle.objects.get()
    assert "superviseur" not in row.subject
    clock.forward(24 * 3600 - 1)
    assert throttle.forget() == 0
    clock.forward(1)
    assert throttle.forget() == 1


def test_the_ledger_reads_the_address_from_trusted_proxies_only(client, supervisor, settings):
    from kalata.address import networks

    client.post("/compte/login/", {"login": "superviseur", "password": "x"}, HTTP_X_FORWARDED_FOR="198.51.100.7")
    assert Act.objects.filter(kind="session.refused").last().address == "127.0.0.1"
    settings.TRUSTED_PROXIES = networks("127.0.0.1")
    client.post(
        "/compte/login/", {"login": "superviseur", "password": "x"}, HTTP_X_FORWARDED_FOR="1.1.1.1, 198.51.100.7"
    )
    assert "198.51.100.7" in set(Act.objects.filter(kind="session.refused").values_list("address", flat=True))


def test_the_present_passphrase_is_not_guessed_from_a_stolen_session(client, supervisor):
    client.force_login(supervisor, backend=BACKEND)
    bad = {"oldpassword": "faux", "password1": NEW, "password2": NEW}
    statuses = {client.post("/compte/password/change/", bad).status_code for _n in range(FREE)}
    assert statuses == {200}
    assert client.post("/compte/password/change/", {**bad, "oldpassword": PHRASE}).status_code == 429
    assert client.post("/compte/reauthenticate/", {"password": PHRASE}).status_code == 429


# --- activation --------------------------------------------------------------------------------------
@pytest.fixture
def newcomer(administrator):
    person = people.create_person(username="agent", full_name="Agent", by=administrator)
    person.code = accounts.issue_activation(person=person, by=administrator)
    return person


def use(client, code, name="agent", second="", phrase=NEW, **extra):
    data = {"username": name, "code": code, "second": second, "passphrase": phrase, "again": phrase}
    return client.post("/compte/activer/", data, **extra)


def test_wrong_activation_codes_are_slowed_from_the_place_they_come_from_and_nowhere_else(client, newcomer):
    for _n in range(FREE):
        assert use(client, "XXXXX").status_code == 422
    assert use(client, newcomer.code).status_code == 429
    assert use(client, newcomer.code, REMOTE_ADDR="198.51.100.9").status_code == 302


def test_activation_says_the_same_whatever_is_wrong(client, newcomer, administrator):
    def words(name, code):
        return without(name, use(client, code, name))

    used = people.create_person(username="autre", full_name="Agent", by=administrator)
    gone = accounts.issue_activation(person=used, by=administrator)
    accounts.activate(username="autre", code=gone, passphrase=NEW)
    assert words("agent", "AAAAA") == words("personne", "AAAAA") == words("autre", "AAAAA")


@pytest.mark.parametrize(("seconds", "status"), [(-1, 302), (0, 302), (0.001, 422)])
def test_an_activation_code_is_good_until_and_with_its_last_instant(client, administrator, clock, seconds, status):
    person = people.create_person(username="agent", full_name="Agent", by=administrator)
    code = accounts.issue_activation(person=person, by=administrator)
    clock.forward(14 * 86_400 + seconds)
    assert use(client, code).status_code == status


def test_an_activation_code_opens_once(client, newcomer):
    assert use(client, newcomer.code).status_code == 302 and use(client, newcomer.code).status_code == 422


# --- takeover by one ------------------------------------------------------------------------------------
def test_nobody_alone_reissues_the_sheet_of_an_account_with_a_desk(sign_in, administrator, supervisor):
    with pytest.raises(accounts.TwoForActivation):
        accounts.issue_activation(person=supervisor, by=administrator)
    answer = sign_in(administrator).post("/personnes/superviseur/", {"act": "sheet"})
    assert answer.status_code == 403 and "PEO-308" in answer.content.decode()


def reissue(person, administrator, officer, factors=False):
    asked = accounts.ask_reissue(person=person, reason="téléphone perdu", factors=factors, by=administrator)
    people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=officer)
    return [accounts.print_part(person=person, by=who)[1] for who in (administrator, officer)]


def test_a_new_activation_takes_two_persons_two_sheets_and_tells_the_owner(
    client, administrator, security_officer, boss, clock
):
    owner = whole_sign_in(Client(), boss)
    key = tokens.create(person=boss, name="scanner", scopes=["results.read"], days=5)
    one, two = reissue(boss, administrator, security_officer)
    assert owner.get("/compte/").status_code == 302  # the session ended
    assert ApiToken.objects.get(pk=key.token.pk).revoked_at is not None
    assert Act.objects.filter(kind="token.revoked", after__why="reissue").count() == 1
    assert not KnownDevice.objects.filter(person=boss).exists()
    clock.forward(30)
    page = whole_sign_in(Client(), boss).get("/").content.decode()  # at the next sign-in, on every page
    assert "administrateur" in page and "securite" in page and "Une nouvelle activation de votre compte" in page
    for wrong in ((one, ""), (two, ""), (one, one), (two, two), ("", two)):
        assert use(client, wrong[0] or "AAAAA", "chef", wrong[1]).status_code == 422
    assert use(client, two, "chef", one).status_code == 302
    boss.refresh_from_db()
    assert boss.check_password(NEW) and Reissue.objects.get().end == "used"
    assert Authenticator.objects.filter(user_id=boss.pk).count() == 2  # the second factor stands
    assert use(client, two, "chef", one, phrase=PHRASE).status_code == 422


def test_second_factors_fall_on_behalf_only_by_two_and_the_owner_learns_it(
    client, administrator, security_officer, boss
):
    one, two = reissue(boss, administrator, security_officer, factors=True)
    assert Authenticator.objects.filter(user_id=boss.pk).count() == 2  # not before both codes are used
    assert use(client, one, "chef", two).status_code == 302
    assert not Authenticator.objects.filter(user_id=boss.pk).exists()
    assert Receipt.objects.filter(person=boss, notice__topic="account.factors_reset").exists()


def test_a_factor_that_stays_is_named_to_both_persons_on_the_sheet_and_to_the_owner(
    administrator, security_officer, boss, sign_in
):
    asked = accounts.ask_reissue(person=boss, reason="phrase oubliée", factors=False, by=administrator)
    page = sign_in(security_officer).get(f"/personnes/approbations/{asked.pk}/").content.decode()
    assert "Application de codes, ajoutée le" in page and "Codes de secours, faits le" in page and "reste" in page
    people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=security_officer)
    assert [what.text("en")[:16] for what in accounts.remaining(boss)] == ["Code application", "Recovery codes, "]
    one, two = (accounts.print_part(person=boss, by=who)[1] for who in (administrator, security_officer))
    accounts.activate(username="chef", code=one, second=two, passphrase=NEW)
    assert Receipt.objects.filter(
        person=boss, notice__topic="account.factor_kept", notice__text_fr__contains="Application de codes"
    ).exists()


def test_a_factor_planted_while_the_request_waits_makes_it_stale_and_one_planted_after_it_falls(
    administrator, security_officer, boss
):
    def planted():
        return Authenticator.objects.create(user_id=boss.pk, type="webauthn", data={})

    asked = accounts.ask_reissue(person=boss, reason="x", factors=False, by=administrator)
    early = planted()
    with pytest.raises(Outdated):
        people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=security_officer)
    early.delete()
    people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=security_officer)
    late = planted()
    assert len(accounts.remaining(boss)) == 2  # the sheets say what is to stay: not this one
    one, two = (accounts.print_part(person=boss, by=who)[1] for who in (administrator, security_officer))
    accounts.activate(username="chef", code=one, second=two, passphrase=NEW)
    assert not Authenticator.objects.filter(pk=late.pk).exists()
    assert Authenticator.objects.filter(user_id=boss.pk).count() == 2


def test_each_of_the_two_prints_his_own_sheet_once_and_no_third_person_any(
    administrator, security_officer, supervisor, publisher
):
    reissue(supervisor, administrator, security_officer)
    for who in (administrator, security_officer, publisher, supervisor):
        with pytest.raises(accounts.NothingToPrint):
            accounts.print_part(person=supervisor, by=who)


def test_the_person_concerned_neither_asks_nor_approves(administrator, security_officer):
    with pytest.raises(people.OwnAccount):
        accounts.ask_reissue(person=administrator, reason="x", factors=False, by=administrator)
    asked = accounts.ask_reissue(person=security_officer, reason="x", factors=True, by=administrator)
    with pytest.raises(people.OwnAccount):
        people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=security_officer)
    assert not Reissue.objects.exists()


def test_the_owner_cancels_a_new_activation_nobody_should_have_asked(
    client, administrator, security_officer, boss, clock
):
    one, two = reissue(boss, administrator, security_officer)
    owner = whole_sign_in(Client(), boss)
    assert "Annuler la nouvelle activation" in owner.get("/compte/").content.decode()
    assert owner.post("/compte/annuler-activation/").status_code == 302
    assert use(client, one, "chef", two).status_code == 422
    assert Act.objects.filter(kind="person.reissue_cancelled", actor="chef").count() == 1


@pytest.mark.parametrize(("seconds", "status"), [(-1, 302), (0, 302), (0.001, 422)])
def test_two_codes_are_good_until_and_with_their_last_instant(
    client, administrator, security_officer, supervisor, clock, seconds, status
):
    one, two = reissue(supervisor, administrator, security_officer)
    clock.forward(14 * 86_400 + seconds)
    assert use(client, one, "superviseur", two).status_code == status


def test_a_code_issued_before_the_desk_does_not_open_the_account_after_it(client, administrator):
    person = make_person("agent")  # active, without a desk: one person may issue a sheet
    code = accounts.issue_activation(person=person, by=administrator)
    people.give_mandate(person=person, role="superviseur")
    assert use(client, code).status_code == 422


def test_a_closed_account_has_no_mandate_left_and_comes_back_by_two_and_without_any(
    client, administrator, security_officer, boss
):
    accounts.close_account(person=boss, reason="fraude", by=administrator)
    assert not Mandate.objects.filter(person=boss, revoked_at=None).exists()
    assert Act.objects.filter(kind="mandate.revoked", subject="person:chef").count() == 1
    with pytest.raises(accounts.TwoForActivation):
        accounts.issue_activation(person=boss, by=administrator)
    with pytest.raises(people.ClosedAccount):
        people.ask_mandate(
            person=Person.objects.get(pk=boss.pk), role="superviseur", unit=None, reason="x", by=administrator
        )
    one, two = reissue(boss, administrator, security_officer)
    assert use(client, one, "chef", two).status_code == 302
    assert (
        Person.objects.get(pk=boss.pk).is_active and not Mandate.objects.filter(person=boss, revoked_at=None).exists()
    )


def test_a_mandate_approved_after_the_account_was_closed_is_refused(administrator, security_officer):
    person = make_person("agent")
    asked = people.ask_mandate(person=person, role="auditeur", unit=None, reason="x", by=administrator)
    accounts.close_account(person=person, reason="départ", by=administrator)
    with pytest.raises(Outdated):
        people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=security_officer)
    with pytest.raises((people.ClosedAccount, Outdated)):  # asked again as it stands now, it is no better
        again = approving.renew(approval_id=asked.pk, by=administrator)
        people.decide_approval(approval_id=again.pk, to=Decision.APPROVED, by=security_officer)
    assert not Mandate.objects.filter(person=person).exists()


def test_closing_kills_a_new_activation_that_was_open(client, administrator, security_officer, supervisor):
    one, two = reissue(supervisor, administrator, security_officer)
    accounts.close_account(person=supervisor, reason="fraude", by=administrator)
    assert use(client, one, "superviseur", two).status_code == 422


@pytest.mark.parametrize(
    "path",
    [
        "signup/", "email/", "password/reset/", "password/set/", "password/reset/key/1-x/", "confirm-email/x/",
        "login/code/confirm/", "reauthenticate/code/", "reauthenticate/code/confirm/",
    ],
)  # fmt: skip
def test_doors_by_mail_do_not_exist(client, supervisor, path):
    assert client.get(f"/compte/{path}").status_code == 404
    client.force_login(supervisor, backend=BACKEND)
    assert client.post(f"/compte/{path}", {"email": "moi@ailleurs.test"}).status_code == 404


# --- keys ------------------------------------------------------------------------------------------------
WANT = {"name": "scanner", "days": "7", "scope": ["results.read"]}


def call(client, key, path="/api/contests"):
    return client.get(path, HTTP_AUTHORIZATION=f"Bearer {key}")


def test_a_key_is_not_created_without_a_second_factor(client, supervisor):
    client.force_login(supervisor, backend=BACKEND)
    answer = client.post("/compte/", WANT)
    assert answer.status_code == 403 and "PEO-307" in answer.content.decode() and not ApiToken.objects.exists()


def test_a_key_is_not_created_by_a_session_that_did_not_just_show_the_second_factor(client, boss, clock):
    whole_sign_in(client, boss)
    answer = client.post("/compte/", WANT)
    assert answer.status_code == 302 and answer.url.startswith("/compte/2fa/reauthenticate/")
    assert not ApiToken.objects.exists()


def test_the_passphrase_alone_does_not_prove_who_has_a_second_factor(client, boss, clock):
    whole_sign_in(client, boss)
    answer = client.post("/compte/reauthenticate/", {"password": PHRASE})
    assert answer.status_code == 302 and answer.url.startswith("/compte/2fa/reauthenticate/")
    assert client.post("/compte/", WANT).status_code == 302 and not ApiToken.objects.exists()


@pytest.mark.parametrize(("after", "made"), [(299, True), (300, False), (301, False)])
def test_a_key_is_created_within_five_minutes_of_the_second_factor(client, boss, clock, after, made):
    whole_sign_in(client, boss)
    clock.forward(30)
    back = client.post("/compte/2fa/reauthenticate/?next=/compte/", {"code": code_of(boss)})
    assert back.status_code == 302 and back.url == "/compte/"
    clock.forward(after)
    answer = client.post("/compte/", WANT)
    assert ("klt_" in answer.content.decode()) is made and ApiToken.objects.exists() is made


def test_in_demonstration_the_demand_for_a_second_factor_rests_and_the_rest_stands(client, supervisor, settings):
    settings.DEMO = True
    client.force_login(supervisor, backend=BACKEND)
    key = re.search(r"klt_[\w-]+", client.post("/compte/", WANT).content.decode()).group(0)
    assert call(Client(), key).status_code == 200
    settings.DEMO = False
    assert call(Client(), key).json()["code"] == "PEO-307"


def fallen(token):
    token.refresh_from_db()
    return token.revoked_at is not None and Act.objects.filter(kind="token.revoked", subject="person:chef").exists()


def test_keys_fall_at_a_new_passphrase_a_new_activation_closing_and_the_loss_of_the_mandate(
    client, administrator, security_officer, boss, clock
):
    def made():
        return tokens.create(person=Person.objects.get(pk=boss.pk), name="k", scopes=["results.read"], days=5)

    whole_sign_in(client, boss)
    first = made()
    client.post("/compte/password/change/", {"oldpassword": PHRASE, "password1": NEW, "password2": NEW})
    assert fallen(first.token) and signed_in(client)
    second = made()
    one, two = reissue(boss, administrator, security_officer)
    assert fallen(second.token)
    third = made()  # created in between, by whoever still held a session
    use(client, one, "chef", two)
    assert fallen(third.token)
    fourth = made()
    people.revoke_mandate(mandate=boss.mandates.get(), reason="fin", by=administrator)
    assert fallen(fourth.token) and call(client, fourth.key).status_code == 401
    people.give_mandate(person=Person.objects.get(pk=boss.pk), role="superviseur")
    assert call(client, fourth.key).status_code == 401  # a right that comes back does not wake the key
    fifth = made()
    accounts.close_account(person=boss, reason="départ", by=administrator)
    assert fallen(fifth.token) and call(client, fifth.key).status_code == 401


def test_a_key_gives_nothing_while_its_person_lacks_the_second_factor(client, boss):
    key = tokens.create(person=boss, name="k", scopes=["results.read"], days=5).key
    assert call(client, key).status_code == 200
    Authenticator.objects.filter(user_id=boss.pk).delete()
    answer = call(client, key)
    assert answer.status_code == 403 and answer.json()["code"] == "PEO-307"


def test_a_printed_list_alone_is_not_a_second_factor(client, boss):
    key = tokens.create(person=boss, name="k", scopes=["results.read"], days=5).key
    Authenticator.objects.filter(user_id=boss.pk, type="totp").delete()
    assert call(client, key).status_code == 403
    client.force_login(boss, backend=BACKEND)
    assert client.get("/resultats/gerer/").url == "/compte/2fa/"


@pytest.mark.parametrize(("ends", "status"), [(0, 200), (-1, 403)])
def test_a_key_gives_what_its_person_holds_today(client, counted, boss, ends, status):
    key = tokens.create(person=boss, name="k", scopes=["results.read"], days=5).key
    Mandate.objects.filter(person=boss).update(ends=timezone.localdate() + timedelta(days=ends))
    assert call(client, key, "/api/contests/pres/progress").status_code == status
    assert tokens.revoke_outlived() == (0 if status == 200 else 1)


def test_a_key_reaches_no_other_contest_and_no_right_beyond_its_scopes(client, counted, boss):
    from kalata.people import queries

    key = tokens.create(person=boss, name="k", scopes=["results.read"], days=5).key
    person = tokens.holder(key).person
    assert queries.rights_of(person) == {"results.read"} and not queries.may(person, "results.publish")
    with pytest.raises(Forbidden):
        people.require(person, "results.import", contest=counted.pk)
    holds_only(boss, "results.import")
    assert call(client, key, "/api/contests/pres/progress").json()["code"] == "PEO-312"


def test_a_key_that_calls_too_often_waits(client, boss, settings):
    settings.KEY_CALLS_A_MINUTE = 3
    key = tokens.create(person=boss, name="k", scopes=["results.read"], days=5).key
    other = tokens.create(person=boss, name="k2", scopes=["results.read"], days=5).key
    assert [call(client, key).status_code for _n in range(4)] == [200, 200, 200, 429]
    answer = call(client, key)
    assert answer.json()["code"] == "PEO-314" and 1 <= int(answer["Retry-After"]) <= 60
    assert call(client, other).status_code == 200


@pytest.mark.parametrize("odd", ["²", "-1", "1" * 30, "", "\x00", "1e5"])
def test_odd_numbers_on_the_account_pages_are_refused_and_never_a_fault(
    client, sign_in, administrator, supervisor, fresh_factor, odd
):
    sign_in(supervisor)
    fresh_factor(supervisor)
    assert client.post("/compte/", {**WANT, "days": odd}).status_code == 422
    assert client.post("/compte/", {"revoke": odd}).status_code == 422
    sign_in(administrator)
    answer = client.post("/personnes/superviseur/", {"act": "revoke", "mandate": odd, "reason": "r"})
    assert answer.status_code in (404, 422) and Mandate.objects.get(person=supervisor).revoked_at is None
    assert client.post("/personnes/superviseur/", {"act": odd}).status_code == 422
