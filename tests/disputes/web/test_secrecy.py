"""Nothing of a deliberation leaves the bench: a word is planted in sealed texts and looked for wherever anybody can look."""

from __future__ import annotations

import base64
import logging

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import get_resolver

from kalata.disputes.models import DeliberationRound, Petition, SealedItem
from kalata.disputes.queries import bench as queries
from kalata.disputes.services import deliberating
from kalata.ledger.models import Act
from tests.conftest import make_person, with_second_factor
from tests.disputes.bench_stage import bench, case, judge, sealed

pytestmark = pytest.mark.django_db
WORD = "palimpseste-indigo"
FIVE = ("j1", "j2", "j3", "j4", "j5")
STAGES = ("deliberation", "drafted", "closed")
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PLACES = (
    "/", "/avis/", "/compte/", "/personnes/approbations/", "/journal/", "/journal/export.csv", "/contentieux/greffe/", "/contentieux/siege/",
    "/contentieux/tirages/", "/contentieux/audiences/", "/aide/codes/", "/contentieux/nulle-part/",
)  # fmt: skip

LOOKERS = ("nobody", "auditeur", "admin", "greffe", "juge", "superviseur")


@pytest.fixture
def planted(contest):
    """A case whose five members each wrote the word, in a released round and in an open one."""
    judges = {m.code: m for m in bench()}
    petition = case(contest, state="deliberation")
    for released in (True, False):
        deliberating.open_round(number=petition.number, by=judges["j1"].person)
        for n, member in enumerate(judges.values(), 1):
            body = sealed(f"{WORD} {member.code}", *FIVE)
            for kind in ("opinion", "draft", "note"):
                deliberating.deposit(number=petition.number, kind=kind, body=body, by=member.person)
            deliberating.deposit(number=petition.number, kind="vote", point=n, body=body, by=member.person)
        if released:
            deliberating.release(number=petition.number, by=judges["j1"].person)
    return petition, judges


def signed_in(person) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(person, backend=BACKEND)
    Authenticator.objects.get_or_create(user_id=person.pk, type="totp", defaults={"data": {"secret": "x"}})
    with_second_factor(client, person)
    return client


def content(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def everybody(contest) -> dict[str, Client]:
    """Nobody signed in, one of every role of the pack, and a judge who does not sit in the case."""
    roles = [str(r["id"]) for r in contest.election.pack.pack.records("roles")]
    out = {"nobody": Client(raise_request_exception=False)}
    out |= {role: signed_in(make_person(f"z-{role}", role)) for role in roles}
    return out


def bytes_of_deliberation(answer, bodies) -> bool:
    said = content(answer)
    return WORD.encode() in said or any(body in said or base64.b64encode(body)[:60] in said for body in bodies)


def test_no_address_gives_a_byte_of_it_to_any_role_at_any_stage(planted, contest):
    petition, _judges = planted
    people = everybody(contest)
    bodies = [bytes(one.body) for one in SealedItem.objects.all()]
    own = [f"/contentieux/delibere/{petition.number}/"] + [
        f"/contentieux/delibere/{petition.number}/{r}/{i}/" for r, i in ((1, 1), (2, 4))
    ]
    around = [
        f"/contentieux/affaires/{petition.number}/",
        f"/contentieux/affaires/{petition.number}/formation/",
        f"/contentieux/tirages/{contest.code}/",
        f"/contentieux/audiences/{contest.code}/",
    ]
    leaks, seen = [], set()
    for stage in STAGES:
        Petition.objects.filter(pk=petition.pk).update(state=stage)
        for who, client in people.items():
            for url in (
                *own,
                *around[: 2 if stage == STAGES[0] else 0],
                *(PLACES if who in LOOKERS and stage == STAGES[0] else ()),
            ):
                answer = client.get(url)
                if bytes_of_deliberation(answer, bodies):
                    leaks.append((stage, who, url))
                if url in own:
                    seen.add(answer.status_code)
                    assert answer.status_code in (302, 403), (stage, who, url, answer.status_code)
                    assert petition.number.encode() not in content(answer).replace(url.encode(), b""), (
                        "not even that it exists"
                    )
    assert leaks == [] and 403 in seen


def test_every_address_there_is_shows_none_of_it_to_a_person_of_every_right_who_does_not_sit(planted, contest):
    from kalata.country.rules.rights import RIGHTS
    from kalata.people.models import Mandate

    petition, _judges = planted
    person = make_person("tout")
    Mandate.objects.create(person=person, role="superviseur", rights=list(RIGHTS))
    client = signed_in(person)
    bodies = [bytes(one.body) for one in SealedItem.objects.all()]
    tried = 0
    for route in routes(contest.code, str(petition.number), person.username):
        answer = client.get(route)
        assert not bytes_of_deliberation(answer, bodies), route
        tried += 1
    assert tried > 60


def routes(code: str, number: str, username: str) -> list[str]:
    """Every address of the house whose parts are known here, filled with what stands."""
    parts = {
        "code": code,
        "number": number,
        "round_": 1,
        "item": 1,
        "pk": 1,
        "username": username,
        "kind": "csv",
        "section": "roles",
        "what": "role",
    }
    out = []

    def walk(patterns, before=""):
        for one in patterns:
            route = before + str(one.pattern)
            if hasattr(one, "url_patterns"):
                walk(one.url_patterns, route)
            elif "(" not in route and "logout" not in route and "api/" not in route:
                filled = route
                for name in one.pattern.converters:
                    filled = next(
                        (
                            filled.replace(f"<{kind}:{name}>", str(parts[name]))
                            for kind in ("str", "slug", "int", "path")
                            if name in parts and f"<{kind}:{name}>" in filled
                        ),
                        filled,
                    )
                if "<" not in filled:
                    out.append("/" + filled.lstrip("/"))

    walk(get_resolver().url_patterns)
    return out


def test_it_is_in_no_row_no_act_and_no_copy_of_the_database_in_clear(planted):
    for model in apps.get_models():
        for row in model._default_manager.values_list():
            for value in row:
                raw = bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
                assert WORD.encode() not in raw, model.__name__
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        dump = "\n".join(connection.connection.iterdump())
        assert WORD not in dump and WORD.encode().hex() not in dump.lower()


def test_the_ledger_says_that_a_text_was_kept_and_neither_its_kind_nor_its_point(planted):
    for act in Act.objects.filter(kind__startswith="disputes.sealed"):
        assert set(act.after) <= {"round", "item", "sha256"} and not act.reason and act.before is None


def test_each_reading_of_a_sealed_text_is_in_the_ledger_and_a_refused_one_hands_nothing(planted, contest):
    petition, judges = planted
    client = signed_in(judges["j2"].person)
    url = f"/contentieux/delibere/{petition.number}/1/1/"
    answer = client.get(url)
    assert (
        answer.status_code == 200
        and answer.content.startswith(b"kalata.court/sealed/1\n")
        and "no-store" in answer["Cache-Control"]
    )
    assert Act.objects.filter(kind="disputes.sealed_read", actor=judges["j2"].person.username).count() == 1
    before = Act.objects.filter(kind="disputes.sealed_read").count()
    outside = signed_in(judge(6).person)
    assert outside.get(url).status_code == 403, "j6 sits, and nothing is sealed to him"
    assert outside.get(f"/contentieux/delibere/{petition.number}/2/1/").status_code == 403
    assert Act.objects.filter(kind="disputes.sealed_read").count() == before


def test_a_text_sent_in_clear_is_refused_and_stands_in_no_answer_no_log_and_no_row(planted, caplog):
    petition, judges = planted
    client = signed_in(judges["j3"].person)
    url = f"/contentieux/delibere/{petition.number}/"
    clear = "mot-en-clair-vermillon"
    with caplog.at_level(logging.DEBUG):
        for sent in (
            {"act": "deposit", "kind": "opinion", "sealed": clear}, {"act": "deposit", "kind": clear, "sealed": ""},
            {"act": "deposit", "kind": "note", "sealed": base64.b64encode(clear.encode()).decode()},
            {"act": "release", "silence": clear}, {"act": "close", "ayes": clear, "noes": "1"}, {"act": "deposit", "kind": "note", "sealed": clear + " avec espace"},
        ):  # fmt: skip
            answer = client.post(url, sent)
            assert answer.status_code in (403, 409, 422), sent
            assert clear.encode() not in answer.content, sent
    assert clear not in caplog.text
    assert not any(clear in str([a.subject, a.before, a.after, a.reason]) for a in Act.objects.all())


def test_the_page_says_what_an_administrator_could_do_and_the_commands_that_make_trusting_it_unnecessary(planted):
    petition, judges = planted
    text = signed_in(judges["j2"].person).get(f"/contentieux/delibere/{petition.number}/").content.decode()
    assert "kalata disputes seal" in text and "kalata disputes unseal" in text and "Qui administre le serveur" in text
    assert "data-bench-write" in text and 'name="text"' not in text, "the box of the text has no name: it is never sent"
    assert all(public in text for _code, public in queries.key_lines(petition))
    assert "disputes/sealing.js" in text


def test_no_notice_tells_of_a_round(planted):
    from kalata.notices.models import Notice

    petition, _judges = planted
    assert not any(str(petition.number) in str(vars(n)) for n in Notice.objects.all())
    assert DeliberationRound.objects.count() == 2
