"""A change of second factor is followed in the very answer: these tests commit as the house does."""

import time

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from kalata.notices.models import Notice
from kalata.people import tokens
from kalata.people.models import ApiToken
from tests.web.test_sessions import PHRASE, alive, code_of, session_of

pytestmark = pytest.mark.django_db(transaction=True)


def test_adding_or_removing_a_second_factor_ends_the_other_sessions_and_tells_the_owner(supervisor):
    here, elsewhere = session_of(supervisor), session_of(supervisor)
    here.post("/compte/reauthenticate/", {"password": PHRASE})
    here.get("/compte/2fa/totp/activate/")
    secret = here.session["mfa.totp.secret"]
    assert here.post("/compte/2fa/totp/activate/", {"code": code_of(secret)}).status_code == 302
    assert alive(here) and not alive(elsewhere)
    elsewhere = session_of(supervisor)
    key = tokens.create(person=supervisor, name="k", scopes=["results.read"], days=5).token
    assert here.post("/compte/2fa/totp/deactivate/").status_code == 302
    assert alive(here) and not alive(elsewhere)
    assert ApiToken.objects.get(pk=key.pk).revoked_at is not None  # no key outlives the last second factor
    assert {"account.factor_added", "account.factor_removed"} <= set(Notice.objects.values_list("topic", flat=True))


def test_renewing_the_printed_codes_ends_the_other_sessions(supervisor):
    TOTP.activate(supervisor, generate_totp_secret())
    old = RecoveryCodes.activate(supervisor).get_unused_codes()[0]
    here, elsewhere = session_of(supervisor), session_of(supervisor)
    here.post("/compte/2fa/reauthenticate/", {"code": old})
    assert here.post("/compte/2fa/recovery-codes/generate/").status_code == 302
    assert alive(here) and not alive(elsewhere)


def test_a_screen_left_open_shows_and_gives_no_printed_code(supervisor):
    """They are a second factor: who reads one there signs, and makes keys, in the owner's place for ever after."""
    TOTP.activate(supervisor, secret := generate_totp_secret())
    codes = RecoveryCodes.activate(supervisor).get_unused_codes()
    here = session_of(supervisor)
    session = here.session
    session["account_authentication_methods"] = [
        {"method": m, "at": time.time() - 3_600, **({"type": "totp"} if m == "mfa" else {})} for m in ("password", "mfa")
    ]
    session.save()
    for at in ("/compte/2fa/recovery-codes/", "/compte/2fa/recovery-codes/download/"):
        answer = here.get(at)
        assert answer.status_code == 302 and "reauthenticate" in answer["Location"]
        assert not any(code in here.get(at, follow=True).content.decode() for code in codes)
    assert here.post("/compte/2fa/reauthenticate/", {"code": code_of(secret)}).status_code == 302
    assert all(code in here.get("/compte/2fa/recovery-codes/").content.decode() for code in codes)
    assert all(code in here.get("/compte/2fa/recovery-codes/download/").content.decode() for code in codes)
