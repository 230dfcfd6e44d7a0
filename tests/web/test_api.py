"""The tally centre for machines: a key opens what its scopes and its person's mandate both allow."""

import json
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.utils import timezone

from kalata.people import tokens
from kalata.people.models import ApiToken
from kalata.tally.models import Entry, Paper
from kalata.tally.rehearsal.truth import typed
from tests.services.test_centre import form_pages
from tests.services.test_tally import GOOD, desk, register, scanned  # noqa: F401

pytestmark = pytest.mark.django_db


def key(person, *scopes, days=7):
    """A key of a person who has the second factor that his rights demand."""
    Authenticator.objects.get_or_create(user_id=person.pk, type="totp", defaults={"data": {"secret": "x"}})
    return tokens.create(person=person, name="scanner", scopes=scopes, days=days).key


def call(client, method, path, key="", body=None, **extra):
    headers = {"HTTP_AUTHORIZATION": f"Bearer {key}"} if key else {}
    if body is not None:
        extra = {"data": json.dumps(body), "content_type": "application/json"}
    return getattr(client, method)(f"/api{path}", **extra, **headers)


def lines(sheet):
    return {k: int(v) for k, v in typed(sheet).items()}


def test_the_description_is_public_and_names_every_act(client):
    paths = client.get("/api/openapi.json").json()["paths"]
    assert {"/api/contests/{code}/receptions", "/api/contests/{code}/scans", "/api/contests/{code}/claims"} <= set(
        paths
    )
    checks = client.get("/api/checks").json()
    assert {"E01", "E16", "W11"} <= {c["code"] for c in checks} and all(c["en"] != c["fr"] for c in checks)


def test_a_scanner_receives_and_scans_through_the_api(client, register, desk):  # noqa: F811
    here = f"/contests/{register.code}"
    answer = call(client, "post", f"{here}/receptions", key(desk["reception"], "results.receive"), {"code": "KAY-001"})
    assert answer.status_code == 201 and answer.json()["state"] == "received"
    from django.core.files.uploadedfile import SimpleUploadedFile

    upload = SimpleUploadedFile("s.pdf", form_pages(register, "KAY-001"), "application/pdf")
    scanner = key(desk["scan"], "results.scan")
    answer = call(client, "post", f"{here}/scans", scanner, data={"file": upload})
    assert answer.status_code == 202, answer.content
    report = call(client, "get", f"{here}/scans/{answer.json()['id']}", scanner).json()
    assert report["report"] == {"attached": 2}
    assert Paper.objects.get(station__code="KAY-001").state == "scanned"


def test_two_machines_never_make_both_entries(client, register, desk):  # noqa: F811
    scanned(register, desk)
    here = f"/contests/{register.code}"
    for clerk, status in (("a", 201), ("b", 403)):
        k = key(desk[clerk], "results.enter")
        paper = call(client, "post", f"{here}/claims", k).json()
        answer = call(
            client, "post", f"{here}/papers/{paper['id']}/entry", k, {"lines": lines(GOOD), "seen": paper["hash"]}
        )
        assert answer.status_code == status
    assert answer.json()["code"] == "RES-433" and Entry.objects.count() == 1


def test_a_refusal_is_coded_and_changes_nothing(client, register, desk):  # noqa: F811
    scanned(register, desk)
    here, k = f"/contests/{register.code}", key(desk["a"], "results.enter")
    paper = call(client, "post", f"{here}/claims", k).json()
    answer = call(client, "post", f"{here}/papers/{paper['id']}/entry", k, {"lines": {"c9": 1}, "seen": paper["hash"]})
    assert answer.status_code == 422 and answer.json()["code"] == "RES-401"
    answer = call(client, "post", f"{here}/papers/{paper['id']}/entry", k, {"lines": {"c1": -1}, "seen": paper["hash"]})
    assert answer.status_code == 422 and not Entry.objects.exists()
    assert call(client, "post", f"{here}/papers/999999/entry", k, {"lines": {}, "seen": "x"}).status_code == 404


def test_a_key_opens_only_its_scopes_and_only_while_it_lives(client, register, desk):  # noqa: F811
    here = f"/contests/{register.code}"
    k = key(desk["reception"], "results.receive")
    assert call(client, "post", f"{here}/claims", k).json()["code"] == "PEO-312"
    assert call(client, "get", f"{here}/papers", k).status_code == 403
    for bad in ("", "klt_nothing", "other"):
        assert call(client, "post", f"{here}/receptions", bad, {"code": "KAY-001"}).status_code == 401
    tokens.revoke(token_id=ApiToken.objects.get().pk, by=desk["reception"])
    assert call(client, "post", f"{here}/receptions", k, {"code": "KAY-001"}).status_code == 401
    old = key(desk["reception"], "results.receive")
    ApiToken.objects.filter(revoked_at=None).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert call(client, "post", f"{here}/receptions", old, {"code": "KAY-001"}).status_code == 401
    assert Paper.objects.get(station__code="KAY-001").state == "expected"


def test_nobody_gives_a_machine_a_right_they_do_not_hold(desk, administrator):  # noqa: F811
    for person, scopes in ((desk["a"], ["results.review"]), (administrator, ["people.manage"]), (desk["a"], [])):
        with pytest.raises(tokens.BadToken):
            tokens.create(person=person, name="x", scopes=scopes, days=7)
    with pytest.raises(tokens.BadToken):
        tokens.create(person=desk["a"], name="x", scopes=["results.enter"], days=400)


def test_the_key_is_shown_once_and_only_its_fingerprint_is_kept(sign_in, fresh_factor, desk):  # noqa: F811
    client = sign_in(desk["a"])
    fresh_factor(desk["a"])
    page = client.post("/compte/", {"name": "scanner", "days": "7", "scope": "results.enter"}).content.decode()
    kept = ApiToken.objects.get()
    shown = page.split('<p class="hash">')[1].split("<")[0]
    assert shown.startswith("klt_") and tokens.digest(shown) == kept.sha256
    assert shown not in client.get("/compte/").content.decode()
    client.post("/compte/", {"revoke": kept.pk})
    kept.refresh_from_db()
    assert kept.revoked_at is not None


def test_an_arbiter_settles_through_the_api_what_the_two_entries_say(client, register, desk):  # noqa: F811
    from tests.services.test_tally import OTHER
    from tests.services.test_tally import typed as typed_paper

    typed_paper(register, desk, GOOD, OTHER)
    here, k = f"/contests/{register.code}", key(desk["c"], "results.arbitrate")
    paper = call(client, "post", f"{here}/arbitrations", k).json()
    assert paper["apart"] == [{"line": "c2", "a": 60, "b": 61}, {"line": "c3", "a": 35, "b": 34}]
    free = call(
        client,
        "post",
        f"{here}/papers/{paper['id']}/arbitration",
        k,
        {"lines": {"c2": 99999, "c3": 35}, "seen": paper["hash"]},
    )
    assert free.status_code == 422 and free.json()["code"] == "RES-411"
    done = call(
        client,
        "post",
        f"{here}/papers/{paper['id']}/arbitration",
        k,
        {"lines": {"c2": 60, "c3": 35}, "seen": paper["hash"]},
    )
    assert done.status_code == 201 and done.json()["state"] == "checked"


def test_operation_ids_outlive_the_modules_they_were_named_after(client):
    paths = client.get("/api/openapi.json").json()["paths"]
    ids = {op["operationId"] for way in paths.values() for op in way.values()}
    assert {"kalata_results_api_list_contests", "kalata_results_api_receive", "kalata_results_api_ask_batch"} <= ids
