"""Two processes with the same secret at the same instant: one wins, on both databases."""

import threading
import time

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.db import connection

from kalata.country import services as country
from kalata.ledger.models import Act
from kalata.people import accounts, factors, throttle, tokens
from kalata.people import services as people
from kalata.people.models import ApiToken, Throttle
from kalata.people.rules.throttle import FREE
from tests.conftest import make_person, mali

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(count, act):
    """What each of `count` threads, each with its own connection, got from `act` begun together."""
    gate, got = threading.Barrier(count), [None] * count

    def run(n):
        gate.wait()
        try:
            got[n] = act(n)
        except Exception as problem:
            got[n] = problem
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return got


def test_a_code_used_by_eight_at_once_opens_once():
    secret = generate_totp_secret()
    one = TOTP.activate(make_person("chef"), secret).instance
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    got = at_once(8, lambda _n: factors.accept(one, code))
    assert sorted(got) == [False] * 7 + [True]


def test_a_recovery_code_used_by_eight_at_once_opens_once_and_spends_no_other():
    recovery = RecoveryCodes.activate(make_person("chef"))
    code = recovery.get_unused_codes()[3]
    got = at_once(8, lambda _n: factors.accept(recovery.instance, code))
    assert sorted(got) == [False] * 7 + [True]
    recovery.instance.refresh_from_db()
    assert len(recovery.get_unused_codes()) == 9


def test_of_thirty_tries_at_once_no_more_are_read_than_of_thirty_in_a_row():
    gate = throttle.Gate("code", "chef", "")
    got = at_once(30, lambda _n: gate.take())
    read = [g for g in got if isinstance(g, int)]
    assert len(read) == FREE and sorted(read) == list(range(1, FREE + 1))
    assert {type(g) for g in got if not isinstance(g, int)} == {throttle.TooManyTries}
    assert Throttle.objects.get().failures == FREE


def test_an_activation_code_used_by_four_at_once_opens_once():
    person = people.create_person(username="agent", full_name="Agent", by=None)
    code = accounts.issue_activation(person=person, by=None)
    phrases = [f"cinq mots vraiment sans lien {n}" for n in range(4)]
    got = at_once(4, lambda n: accounts.activate(username="agent", code=code, passphrase=phrases[n]))
    assert sum(isinstance(g, accounts.BadActivation) for g in got) == 3
    person.refresh_from_db()
    winner = next(n for n, g in enumerate(got) if not isinstance(g, Exception))
    assert person.check_password(phrases[winner])


def test_a_key_created_while_the_mandate_is_withdrawn_never_outlives_it():
    country.load_pack_version(mali())
    admin, boss = make_person("administrateur", "admin"), make_person("chef", "superviseur")
    mandate = boss.mandates.get()

    def act(n):
        if n == 0:
            return people.revoke_mandate(mandate=mandate, reason="fin", by=admin)
        return tokens.create(person=type(boss).objects.get(pk=boss.pk), name="k", scopes=["results.read"], days=5)

    at_once(4, act)
    assert not ApiToken.objects.filter(revoked_at=None).exists()
    assert Act.objects.filter(kind="token.revoked").count() == ApiToken.objects.count()


def test_two_mandates_given_at_once_never_leave_one_person_with_rights_that_stand_apart():
    country.load_pack_version(mali())
    one, roles = make_person("double"), ("logistique-formation", "direction-formation")
    got = at_once(2, lambda n: people.give_mandate(person=type(one).objects.get(pk=one.pk), role=roles[n]))
    assert sorted(isinstance(g, people.RightsApart) for g in got) == [False, True]
    assert one.mandates.count() == 1


def test_the_tables_that_counted_by_address_are_dropped_from_an_older_house():
    from importlib import import_module

    move = import_module("kalata.people.migrations.0003_accounts")
    with connection.schema_editor() as editor:
        for table in move.TABLES:
            editor.execute(f"CREATE TABLE {table} (ip_address text)")
        move.drop_counts_by_address(None, editor)
    assert not set(move.TABLES) & set(connection.introspection.table_names())
