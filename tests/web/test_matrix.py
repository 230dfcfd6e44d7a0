"""No address without a declared right, and every declaration true: address x act x role x territory x stage."""

from __future__ import annotations

import collections
import logging
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock
from zlib import crc32

import pypdfium2
import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import Client, TestCase, override_settings

from kalata import doors
from kalata.country.rules.rights import CRITICAL, RIGHTS
from kalata.deadlines import queries as deadlines
from kalata.doors import PAGES
from kalata.ledger import limits
from kalata.people.rules.doors import Gate
from kalata.results.queries import board
from tests.conftest import with_second_factor
from tests.sizes import DAY, NIGHTLY
from tests.web import matrix
from tests.web.matrix import BODIES, Target, expected, knock, operations, secrets_of, targets, told, walked, wrong
from tests.web.world import KAYES, SEGOU, Persona, World, built, without

pytestmark = pytest.mark.once  # rights are reckoned in Python: PostgreSQL reads the same walk by night

LEGAL = deadlines.legal
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
ALWAYS_OPEN = ("/compte/", "/langue/", "/apparence/", "/sante")
OWN_TO_EACH = (
    "home",
    "me",
    "people:approvals",
    "results:index",
    "tally:overview",
    "deadlines:index",
    "deadlines:notices",
    "notices:list",
)
MANY = 40
"""Faults printed before the rest is only counted."""


def test_every_address_and_route_declares_its_right_once():
    known = [p.address for p in PAGES]
    there = {name for name, _view in walked()}
    assert there - set(known) == set(), "declare them in the doors.py of their room"
    assert set(known) - there == set(), "declared, and no longer there"
    names = [p.name for p in PAGES]
    assert len(set(names)) == len(names)


def test_every_method_of_the_api_is_the_declared_one():
    declared = {p.name: ({"GET"} if p.reads else set()) | ({"POST"} if p.acts else set()) for p in PAGES}
    for name, methods in operations().items():
        assert declared[name] == methods, name


def test_every_act_that_is_declared_is_tried():
    acts = {(p.name, a) for p in PAGES for a, _gates in p.acts}
    assert acts == set(BODIES)


def bare_404(request, exception=None):
    """The answer without the page around it: half the time of the walk went into drawing it."""
    return HttpResponse(status=404)


def bare_refusal(request, _template, context, status):
    return HttpResponse(context["refused"].code, status=status)


def plain_pdf() -> bytes:
    import io

    out = io.BytesIO()
    with pypdfium2.PdfDocument.new() as one:
        one.new_page(200, 200)
        one.save(out)
    return out.getvalue()


class House(TestCase):
    """The world once, a client for each persona; nothing a cell does outlives it."""

    world: World
    cells = 0

    @classmethod
    def setUpClass(cls):
        """`without` gives one person every set of rights in turn: a mandate may be rewritten here. Taken off before the
        transaction that each cell returns to: within one that changed the schema, SQLite reads all of it after each return."""
        with connection.cursor() as cursor:
            limits.drop(cursor, connection.vendor, limits.DECLARED["people_mandate_limit_kept"])
        cls.addClassCleanup(limits.install)
        super().setUpClass()

    @classmethod
    def setUpTestData(cls):
        board.forget()
        cls.world = built()
        cls.targets = targets(cls.world)
        for one in cls.world.personas:
            if one.person:
                Authenticator.objects.create(user_id=one.person.pk, type="totp", data={"secret": "x"})

    def setUp(self):
        board.forget()
        printed = plain_pdf()
        self.drawn: list[str] = []

        def compile_(files, **_kind):
            self.drawn.append(bytes(files.get("data.json", b"")).decode())
            return printed

        for patch in (
            mock.patch("typst.compile", compile_),
            mock.patch("kalata.urls.handler404", bare_404),
            mock.patch("kalata.ui.middleware.render", bare_refusal),
            # the name in `shortcuts` alone: what a library imports of `template.loader` meanwhile would stay replaced
            mock.patch("django.shortcuts.loader", SimpleNamespace(render_to_string=self.drawn_page)),
            mock.patch("kalata.deadlines.queries.legal", self.reckoned),
            mock.patch.object(logging.getLogger("kalata.refused"), "disabled", True),
        ):
            patch.start()
            self.addCleanup(patch.stop)
        self.faults: list[str] = []
        self.bare = False
        self.few = False  # one role that opens each row, not each of them
        self.calendars: dict[tuple[int, int], Any] = {}
        self.clients: dict[str, Client] = {}

    def reckoned(self, calendar, known=None):
        """A calendar is reckoned once, not for each who asks for it."""
        key = (calendar.pk, calendar.revision)
        if known is not None or key not in self.calendars:
            made = LEGAL(calendar, known)
            return made if known is not None else self.calendars.setdefault(key, made)
        return self.calendars[key]

    def drawn_page(self, *args, **kwargs) -> str:
        """A page is drawn where something may not stand on it; for who reads everything its status is enough."""
        return "" if self.bare else render_to_string(*args, **kwargs)

    def client_of(self, who: Persona, factor: bool = True) -> Client:
        if who.name not in self.clients:
            client = self.clients[who.name] = Client(raise_request_exception=False)
            if who.person:
                client.force_login(who.person, backend=BACKEND)
                if factor:
                    with_second_factor(client, who.person)
        return self.clients[who.name]

    def cell(self, who: Persona, target: Target, act: str = "", method: str = "get") -> None:
        """One cell: knock, compare with the declaration, and put everything back."""
        type(self).cells += 1
        page, client = target.page, self.clients[who.name]
        acted = method == "post" and act in dict(page.acts)
        gates = page.before(act) if acted else page.gates
        want = expected(who, gates, target)
        body = BODIES[page.name, act](self.world, target) if acted else {}
        kept = len(os.listdir(self.images)) if acted and want else 0
        self.drawn.clear()
        self.bare = not secrets_of(who) or (method == "post" and acted)
        with transaction.atomic():
            heard = knock(client, who, method, target, body)
            transaction.set_rollback(True)
        heard.text += "".join(self.drawn)
        if not acted and (page.reads is (method == "post")) and heard.status == 405:
            return  # an address that only takes acts, or takes none
        fault = wrong(who, target, act, want, heard) or told(who, heard)
        if not fault and acted and want and len(os.listdir(self.images)) != kept:
            fault = "refused after a file was kept"
        if fault:
            self.faults.append(f"{who.name:32} {method:4} {target.label} {act}: {fault}")

    def knockers(self, gates: Sequence[Gate], places: Iterable[str], each: bool = False) -> Iterator[Persona]:
        """Who decides a row: each role that holds one of its rights, in each place, once for those that hold the same
        of them and of the rights to figures (by night every role); and for every other role at once, somebody who
        holds all the rights that are not asked. Rights only ever add up.

        each: every role, because the page says to each of them something else.
        """
        wanted = matrix.asked(gates)
        asked: set[object] = set()
        for one in self.world.personas:
            if (not one.role and one.name != "others@nation") or (
                one.role and one.where in places and (one.rights & wanted or (each and one.where == KAYES))
            ):
                alike = self.few or (one.where, one.rights & wanted, one.rights & matrix.FIGURES)
                if one.role and not each and not NIGHTLY and alike in asked:
                    continue  # another role with the same of these rights, in the same place, has knocked
                asked.add(alike)
                yield one
        if wanted:
            yield without(self.world, wanted)

    def walk(self, places: Iterable[str], *, factor: bool = True) -> None:
        self.images = Path(settings.MEDIA_ROOT) / "evidence"
        for who in self.world.personas:
            self.client_of(who, factor)
        before = self.totals()
        for target in self.targets:
            page = target.page
            api = page.name.startswith("api:")
            if page.reads or not api:
                for who in self.knockers(page.gates, places, not self.few and page.name in OWN_TO_EACH):
                    self.cell(who, target)
            for act, _gates in page.acts:
                for who in self.knockers(page.before(act), places):
                    self.cell(who, target, act, "post")
            if not page.acts and not api:
                for who in self.knockers((), places):
                    self.cell(who, target, "", "post")
        assert self.totals() == before

    def judge(self, said: str) -> None:
        counts = collections.Counter(f.split(": ")[0].split(None, 1)[1] for f in self.faults)
        shown = "\n".join(self.faults[:MANY]) + f"\n... {len(self.faults)} faults in {counts.most_common(30)}"
        assert not self.faults, f"{said}\n{shown}"

    def totals(self) -> dict[str, int]:
        skipped = {"django_session", "usersessions_usersession"}
        return {m._meta.db_table: m.objects.count() for m in apps.get_models() if m._meta.db_table not in skipped}


DRESSING = ("whitenoise", "csp.", "clickjacking", "usersessions", "CsrfView", "SecurityMiddleware", "htmx")
LEAN = {
    "MIDDLEWARE": [m for m in settings.MIDDLEWARE if not any(d in m for d in DRESSING)],
    "SESSION_ENGINE": "django.contrib.sessions.backends.cache",
    "USERSESSIONS_TRACK_ACTIVITY": False,
}
"""The guards of the house without what only dresses its answers."""


@pytest.mark.long
@override_settings(DEMO=False, **LEAN)
class RealMode(House):
    def test_each_cell_answers_as_declared_and_a_refusal_writes_nothing(self):
        started = time.process_time()
        self.walk(("nation", KAYES, SEGOU))
        print(f"\nmatrix: {self.cells} cells in {time.process_time() - started:.0f} s of processor")
        assert self.cells > 1_000  # nothing walked is nothing proved
        self.judge("real mode, second factor given")

    def test_without_a_second_factor_a_critical_role_opens_nothing_but_its_account(self):
        Authenticator.objects.all().delete()
        closed = [t for t in self.targets if not t.page.name.startswith("api:") and not t.url.startswith(ALWAYS_OPEN)]
        assert len(closed) > 30
        every = without(self.world, frozenset())
        for target in closed:
            self.stopped(every, target)
        for right in sorted(CRITICAL):
            self.stopped(without(self.world, frozenset(RIGHTS) - {right}), closed[0])
        self.judge("real mode, no second factor")

    def stopped(self, who: Persona, target: Target) -> None:
        client = self.client_of(who, factor=False)
        for method in ("get", "post"):
            heard = knock(client, who, method, target)
            if heard.to != "/compte/2fa/" or heard.wrote:
                self.faults.append(f"{sorted(who.rights)[:2]} {method} {target.label}: {heard.status} {heard.wrote}")


@pytest.mark.long
@override_settings(DEMO=True, **LEAN)
class DemonstrationMode(House):
    def test_the_same_doors_stand_in_a_demonstration(self):
        Authenticator.objects.all().delete()
        self.few = not NIGHTLY
        if self.few:  # the doors of today: all have been knocked at after three days
            self.targets = [t for t in self.targets if (crc32(t.page.name.encode()) + DAY) % 3 == 0]
        self.walk((KAYES,), factor=False)
        assert self.cells > (300 if self.few else 1_000)
        self.judge("demonstration")


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_documentation_is_the_registry(lang):
    path = Path(__file__).parents[2] / doors.FILES[lang]
    assert path.read_text(encoding="utf-8") == doors.written(lang), "run python -m kalata.doors"
