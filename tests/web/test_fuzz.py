"""Every parameter of every address, filled with what nobody should send: no fault, and nothing stored on a refusal.

What is sent is found, not listed: addresses from the resolver, parts from their converters, parameters from the forms
that the code of each view reaches, from those a request has met and from the boxes of the page; bodies of the API from
its own description. `make nightly` (KALATA_FUZZ=full) sends everything; a run of the tests sends a part of it that
turns with the day, so that the whole has been sent after some weeks.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from django import forms
from django.apps import apps
from django.db import connection, transaction

from kalata.ui import fields
from tests.hostile.values import BROKEN_QUERIES, VALUES, raw
from tests.sizes import DAY
from tests.web import fuzz_world
from tests.web.walk import Address, addresses, built

FULL = os.environ.get("KALATA_FUZZ") == "full"
SOME = int(os.environ.get("KALATA_FUZZ_SOME", 1))
"""Requests sent to one address, by one person, with one method, in a run that is not full."""
URLENCODED = "application/x-www-form-urlencoded"
STILL = {"unit", "packversion", "geography", "crosswalk", "seal", "throttle", "knowndevice"}
"""Tables that no page under test writes, or that every page may."""
pytestmark = [pytest.mark.django_db, pytest.mark.child]


@pytest.fixture
def _django_db_helper():
    """One house for the whole file: each request is undone, so that no test needs its own."""


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    from django.conf import settings

    logging.disable(logging.CRITICAL)
    calls, settings.KEY_CALLS_A_MINUTE = settings.KEY_CALLS_A_MINUTE, 10**9
    with django_db_blocker.unblock(), transaction.atomic():
        yield fuzz_world.built()
        transaction.set_rollback(True)
    settings.KEY_CALLS_A_MINUTE = calls
    logging.disable(logging.NOTSET)


@dataclass(frozen=True)
class Shot:
    method: str
    path: str
    body: Any = ""
    kind: str = URLENCODED

    def __str__(self) -> str:
        return f"{self.method} {self.path[:300]} {str(self.body)[:300]}"


def some(shots: list[Any], salt: str) -> list[Any]:
    """Everything in a full run; else the part of today."""
    if FULL or len(shots) <= SOME:
        return shots
    ranked = sorted(shots, key=lambda s: hashlib.sha256(f"{salt}{s}".encode("utf-8", "replace")).digest())
    start = DAY * SOME % len(ranked)
    return (ranked + ranked)[start : start + SOME]


@cache
def sentences(vendor: str) -> tuple[tuple[str, tuple[Any, ...]], ...]:
    """One reading of each table, without the reads and the wrong tries that a ledger must note; made once, read often."""
    out = []
    for model in apps.get_models():
        if model.__module__.startswith("kalata.") and model._meta.model_name not in STILL:
            rows = model._default_manager.order_by("pk")
            if model._meta.model_name == "act":
                for noted in ("read", "refused", "denied"):
                    rows = rows.exclude(kind__contains=noted)
            names = [f.attname for f in model._meta.concrete_fields if f.name not in ("used_at", "last_login")]
            out.append(rows.values_list(*names).query.sql_with_params())
    return tuple(out)


def kept() -> str:
    """A digest of everything the house keeps."""
    out = hashlib.sha256()
    with connection.cursor() as cursor:
        for sentence, values in sentences(connection.vendor):
            cursor.execute(sentence, values)
            for row in cursor.fetchall():
                out.update(repr(row).encode("utf-8", "replace"))
    return out.hexdigest()


def written() -> int:
    """Rows written by this link so far, undone ones counted; -1 where the database does not tell."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("select coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) from pg_stat_xact_user_tables")
            return int(cursor.fetchone()[0])
    return getattr(connection.connection, "total_changes", -1)


@pytest.fixture(scope="module")
def known(world):
    """What the house keeps, as the last test left it: read once after each test, not before it too."""
    return [kept()]


@pytest.fixture
def untouched(known):
    """What the house keeps: each shot is undone, so that one digest serves a whole test. After the last it is the same."""
    before = known[0]
    yield before
    known[0] = kept()
    assert known[0] == before


def fire(client: Any, shot: Shot, before: str, headers: dict[str, str] | None = None) -> str:
    """Send it and undo it; what went wrong, in words, or "". before: what the house keeps without it."""
    from kalata.results.queries import board

    cookies = client.cookies.copy()
    rows = written() if shot.method != "GET" else -1
    try:
        with transaction.atomic():
            if shot.method == "GET":
                answer = client.get(shot.path, headers=headers)
            elif isinstance(shot.body, dict):
                answer = client.post(shot.path, shot.body, headers=headers)
            else:
                answer = client.generic(shot.method, shot.path, shot.body, shot.kind, headers=headers)
            if answer.streaming:
                b"".join(answer.streaming_content)
            refused = shot.method != "GET" and 400 <= answer.status_code < 500
            after = kept() if refused and (rows < 0 or written() != rows) else before
            transaction.set_rollback(True)
    finally:
        client.cookies = cookies
        board.forget()
    if answer.status_code >= 500:
        return f"{answer.status_code}: {getattr(answer, 'exc_info', None) and answer.exc_info[1]!r} {shot}"
    return f"stored on {answer.status_code}: {shot}" if after != before else ""


# --- what an address takes ------------------------------------------------------------------------
def example(field: forms.Field) -> list[str]:
    found = [str(e) for e in getattr(field, "examples", ())]
    if not found and isinstance(field, forms.ChoiceField):
        found = [str(c[0]) for c in list(field.choices)[:2]]
    return found or ["1"]


def forms_of(address: Address, client: Any, path: str) -> list[tuple[str, dict[str, forms.Field]]]:
    """(button, its fields): the forms the code names, those a request has met, the boxes of the page."""
    found: dict[str, tuple[str, dict[str, forms.Field]]] = {}
    for kind in address.forms:
        form = built(kind)
        if form is not None:
            found[kind.__name__] = (getattr(kind, "act", ""), dict(form.fields))
    with transaction.atomic():
        answers = [client.get(path), client.post(path, {"act": ""})]
        transaction.set_rollback(True)
    for answer in answers:
        for form in getattr(getattr(answer, "wsgi_request", None), "forms_met", ()):
            found[type(form).__name__] = (form.act, dict(form.fields))
    page = (
        answers[0].content.decode() if not answers[0].streaming and "html" in answers[0].get("Content-Type", "") else ""
    )
    boxes = set(re.findall(r'<(?:input|select|textarea|button)[^>]* name="([^"]+)"', page)) - {"csrfmiddlewaretoken"}
    known = {n for _act, named in found.values() for n in named}
    if boxes - known:
        found["boxes"] = ("", {n: fields.TextField() for n in sorted(boxes - known)})
    return list(found.values())


def gets(path: str, named: list[tuple[str, dict[str, forms.Field]]]) -> Iterator[Shot]:
    names = sorted({n for _act, known in named for n, f in known.items() if not isinstance(f, forms.FileField)})
    for name in names or ["q"]:
        for value in VALUES:
            yield Shot("GET", f"{path}?{raw(name)}={raw(value)}")
        yield Shot("GET", f"{path}?{raw(name)}=1&{raw(name)}=2")
    for query in BROKEN_QUERIES:
        yield Shot("GET", f"{path}?{query}")


def posts(path: str, named: list[tuple[str, dict[str, forms.Field]]]) -> Iterator[Shot]:
    for act, known in named:
        good = {n: example(f)[0] for n, f in known.items() if not isinstance(f, forms.FileField)}
        good |= {"act": act} if act else {}
        yield Shot("POST", path, "&".join(f"{raw(n)}={raw(v)}" for n, v in good.items()))
        for name in [*good, "act"]:
            for value in VALUES:
                body = {**good, name: value}
                yield Shot("POST", path, "&".join(f"{raw(n)}={raw(v)}" for n, v in body.items()))
            yield Shot("POST", path, "&".join(f"{raw(n)}={raw(v)}" for n, v in [*good.items(), (name, "2")]))
        for name in (n for n, f in known.items() if isinstance(f, forms.FileField)):
            for number in range(len(fuzz_world.files())):
                yield Shot("POST", path, {**good, name: number})
    for body in (*BROKEN_QUERIES, "\x00", "{"):
        yield Shot("POST", path, body.encode("utf-8", "replace"))
    yield Shot(
        "POST", path, b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n', "multipart/form-data; boundary=x"
    )
    yield Shot("POST", path, b"", "multipart/form-data")
    yield Shot("POST", path, "a=1", "application/x-www-form-urlencoded; charset=utf-7")


def with_files(shot: Shot) -> Shot:
    """A shot names a file by its number: it is made when it is sent."""
    if not isinstance(shot.body, dict):
        return shot
    body = {k: fuzz_world.files()[v] if isinstance(v, int) else v.replace("\ud800", "?") for k, v in shot.body.items()}
    return Shot(shot.method, shot.path, body)


ALL = [a for a in addresses() if not a.route.startswith("/api/")]


@pytest.mark.parametrize("address", ALL, ids=[a.route for a in ALL])
def test_no_value_of_any_parameter_makes_a_fault(world, untouched, address):
    path = world.path(address.route)
    assert path is not None, f"give {address.route} its parts in fuzz_world.built"
    wrong = []
    for who, client in (("every role", world.client), ("nobody", world.nobody)):
        known = forms_of(address, client, path)
        shots = some(list(gets(path, known)), f"get {who}") + some(list(posts(path, known)), f"post {who}")
        wrong += [f"{who}: {said}" for shot in shots if (said := fire(client, with_files(shot), untouched))]
    assert wrong == [], f"KALATA_DAY={DAY}"


PARTED = [a for a in ALL if a.parts]


@pytest.mark.parametrize("address", PARTED, ids=[a.route for a in PARTED])
def test_no_part_of_any_address_makes_a_fault(world, untouched, address):
    best = max((p for p in world.parts if address.route.startswith(p)), key=len)
    wrong = []
    values = [v for v in VALUES if v and len(v) < 6_000]
    for name in address.parts:
        for value in some(values, address.route + name):
            held = world.parts[best]
            world.parts[best] = {**held, name: raw(value)}
            path = world.path(address.route)
            world.parts[best] = held
            wrong.append(fire(world.client, Shot("GET", path), untouched))
            wrong.append(fire(world.client, Shot("POST", path, "act=&reason=r"), untouched))
            wrong.append(fire(world.nobody, Shot("GET", path), untouched))
    assert [w for w in wrong if w] == [], f"KALATA_DAY={DAY}"


# --- machines -------------------------------------------------------------------------------------
def operations() -> list[tuple[str, str, dict[str, Any]]]:
    from kalata.api import api

    found = json.loads(json.dumps(api.get_openapi_schema(), default=str))
    return [(m.upper(), p, op) for p, item in found["paths"].items() for m, op in item.items()]


def shape_of(schema: dict[str, Any], every: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        return shape_of(every[schema["$ref"].rsplit("/", 1)[1]], every)
    return schema


def sample(schema: dict[str, Any], every: dict[str, Any]) -> Any:
    """A body that fits a description."""
    schema = shape_of(schema, every)
    for one in schema.get("anyOf") or schema.get("allOf") or ():
        return sample(one, every)
    kind = schema.get("type")
    if kind == "object" or "properties" in schema:
        return {k: sample(v, every) for k, v in schema.get("properties", {}).items()} or {"c1": 1}
    if kind == "array":
        return [sample(schema.get("items", {}), every)]
    return {"integer": 1, "number": 1, "boolean": True, "string": "x", "null": None}.get(str(kind), "x")


ODD: tuple[Any, ...] = (
    None, True, 1.0, 1e308, -1, 0, 2**63, 2**64, 10**400, "", "1", "²", "a" * 2**20, "a\x00b", "\u202e", [], {}, [[]], {"a": {}},
    [1] * 3_000, {str(i): i for i in range(3_000)}, {"c1": True}, {"c1": 1.5}, {"c1": "1"}, {"1": "2"}, {"²": "x"}, {str(2**64): "x"},
)  # fmt: skip
BODIES = (
    b"", b"{", b"[]", b"null", b"1", b'"a"', b"{" * 5_000, b"[" * 100_000, b'{"a": ' * 2_000, b'{"code": "x", "code": "y"}', b"\xff\xfe",
    b'{"a": NaN}', b'{"a": 1e999}', b'{"a": "\\ud800"}', b'{"a": ' + b"9" * 5_000 + b"}", b'{"a": "' + b"b" * 2**20 + b'"}', b"\x00",
)  # fmt: skip


def api_shots(world: Any, method: str, path: str, op: dict[str, Any], every: dict[str, Any]) -> list[Shot]:
    here = "/" + path.lstrip("/")
    parts = world.parts["/api/"]
    good = re.sub(r"{(\w+)}", lambda m: str(parts[m.group(1)]), here)
    shots = []
    for name in re.findall(r"{(\w+)}", here):
        for value in VALUES:
            if value and len(value) < 6_000:
                odd = {**parts, name: raw(value)}
                at = re.sub(r"{(\w+)}", lambda m, odd=odd: str(odd[m.group(1)]), here)
                shots.append(Shot(method, at, b"{}", "application/json"))
    for name in (p["name"] for p in op.get("parameters", ()) if p["in"] == "query"):
        shots += [Shot(method, f"{good}?{name}={raw(v)}") for v in VALUES]
    content = op.get("requestBody", {}).get("content", {})
    if "application/json" in content:
        fit = sample(content["application/json"]["schema"], every)
        bodies: list[Any] = [json.dumps({**fit, k: odd}) for k in fit for odd in ODD]
        bodies += [json.dumps({k: v for k, v in fit.items() if k != gone}) for gone in fit]
        bodies += [json.dumps({**fit, "plus": 1}), *BODIES]
        shots += [Shot(method, good, b, "application/json") for b in bodies]
    if "multipart/form-data" in content:
        shots += [Shot(method, good, {"file": n}) for n in range(len(fuzz_world.files()))]
    return shots


def test_no_body_and_no_address_of_a_machine_makes_a_fault(world, untouched):
    from kalata.api import api

    every = json.loads(json.dumps(api.get_openapi_schema(), default=str))["components"]["schemas"]
    wrong = []
    for method, path, op in operations():
        for headers in ({"Authorization": f"Bearer {world.key}"}, {}, {"Authorization": "Bearer \x00²"}):
            shots = some(api_shots(world, method, path, op, every), f"{method}{path}{len(headers)}")
            wrong += [said for shot in shots if (said := fire(world.nobody, with_files(shot), untouched, headers))]
    assert wrong == [], f"KALATA_DAY={DAY}"


# --- the fuzz itself ------------------------------------------------------------------------------
def test_the_walk_finds_the_forms_of_the_views():
    by_route = {a.route: {k.__name__ for f in a.forms for k in f.__mro__} for a in ALL}  # a list adds to its filters
    assert {"SealForm", "BagList", "Paging"} <= by_route["/resultats/centralisation/<slug:code>/scelles/"]
    assert {"RecapForm", "MembersForm", "DecideForm"} <= by_route[
        "/resultats/centralisation/<slug:code>/commission/<int:pk>/"
    ]
    assert {"StationList", "Place"} <= by_route["/resultats/<slug:code>/bureaux/"]
    assert "MapForm" in by_route["/resultats/gerer/imports/<int:pk>/"]


def test_a_new_parameter_is_filled_by_itself():
    from kalata.ui import edge

    class Fresh(edge.Edge):
        invented = fields.CountField()

    named = [("", dict(Fresh().fields))]
    assert any("invented=" in s.path for s in gets("/x/", named)) and any(
        "invented=" in s.body for s in posts("/x/", named) if isinstance(s.body, str)
    )
    assert len(VALUES) >= 40


def test_every_form_of_the_house_is_reached_by_an_address():
    from tests.web.walk import every_form

    reached = {k for a in ALL for f in a.forms for k in f.__mro__}
    assert {k.__name__ for k in every_form()} - {f.__name__ for f in reached} <= {
        "Figures",
        "Edge",
        "PaperForm",
        "ChangeForm",
    }


def test_a_day_sends_its_part_and_the_days_together_send_everything(monkeypatch):
    import tests.web.test_fuzz as here

    if FULL:
        return
    shots, sent = [Shot("GET", f"/{i}") for i in range(41)], set()
    for day in range(41):
        monkeypatch.setattr(here, "DAY", day)
        part = some(shots, "x")
        assert len(part) == SOME and part == some(shots, "x")
        sent |= set(part)
    assert sent == set(shots)
