"""Fixtures are roles and things with a meaning."""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path

import pytest

from tests import costs, elsewhere, groups, guards
from tests.browser.tools import CHROMIUM
from tests.costs import pytest_runtest_makereport, pytest_runtest_setup  # noqa: F401
from tests.guards import nobody_left_behind  # noqa: F401  (a fixture of every test)

pytest_configure = guards.pytest_configure
pytest_collection_finish = guards.pytest_collection_finish
pytest_xdist_make_scheduler = groups.pytest_xdist_make_scheduler

SHARED = Path(os.environ.get("KALATA_SHARED", Path(__file__).resolve().parents[2] / "shared" / "data"))
HERE = Path(__file__).parent
BROWSER = CHROMIUM
skipped_browser: list[str] = []
skipped_real: list[str] = []


def pytest_runtest_logreport(report):
    costs.pytest_runtest_logreport(report)
    elsewhere.note(report)


def pytest_sessionfinish(session, exitstatus):
    elsewhere.tell(session.config)
    guards.pytest_sessionfinish(session, exitstatus)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node, error):
    elsewhere.pytest_testnodedown(node, error)


def pytest_collection_modifyitems(config, items):
    guards.pytest_collection_modifyitems(config, items)
    elsewhere.leave_out(config, items)
    groups.longest_first(items)
    for item in items:
        if "browser" in item.keywords:
            assert groups.group(item.nodeid).startswith("browser"), f"{item.nodeid}: name its group in tests/groups.py"
            if BROWSER is None:
                skipped_browser.append(item.nodeid)
                item.add_marker(pytest.mark.skip(reason="no Chromium on this machine"))
        if "real" in item.keywords and not SHARED.exists():
            skipped_real.append(item.nodeid)
            item.add_marker(pytest.mark.skip(reason=f"no reference data at {SHARED}"))
    if os.environ.get("CI") and skipped_browser and os.environ.get("KALATA_BROWSER_REQUIRED"):
        pytest.exit("browser tests are required in CI and there is no Chromium", 1)


def pytest_terminal_summary(terminalreporter):
    costs.pytest_terminal_summary(terminalreporter)
    elsewhere.pytest_terminal_summary(terminalreporter)
    if skipped_browser:
        terminalreporter.write_line(f"WARNING: {len(skipped_browser)} browser tests skipped: no Chromium.", yellow=True)
    if skipped_real:
        terminalreporter.write_line(
            f"WARNING: {len(skipped_real)} tests on real files skipped: {SHARED} is absent.", yellow=True
        )


@pytest.fixture(autouse=True)
def nothing_remembered():
    """No cache and no language of a request of one test is there for the next."""
    from django.utils import translation

    from kalata.disputes.queries import public as court
    from kalata.results.queries import board, public_ledger

    forgets = (board.forget, public_ledger.forget, court.forget)
    for forget in forgets:
        forget()
    yield
    for forget in forgets:
        forget()
    translation.deactivate()


@pytest.fixture(autouse=True)
def keys_open_fast(request, monkeypatch):
    """Files of keys are sealed at the least cost; tests/services/test_key_files.py reads the real one.

    Those of the Court for its services and pages only: elsewhere real commands or a whole file's ceremony sealed them,
    and such a file does not say its cost.
    """
    from kalata.disputes.signing import authority
    from kalata.transparency import keys

    monkeypatch.setattr(keys, "COST", (2, 8, 1))
    if re.search(r"/(services|web)/", request.node.nodeid):
        monkeypatch.setattr(authority, "COST", (2, 8, 1))


IN_A_CHILD = ("tests/house/", "tests/real/", "tests/rules/", "tests/browser/", "tests/test_")


@pytest.fixture(autouse=True)
def honest_files_read_here(request, monkeypatch):
    """An honest file of a few lines is read by the child's own code in this process, through the same JSON both ways.

    A test marked `child`, and those of rules, real files, houses and browsers, have the real child and its limits.
    """
    if request.node.nodeid.startswith(IN_A_CHILD) or "child" in request.node.keywords:
        return
    import json

    from kalata import bounded

    def here(request, limits, file):
        asked = json.loads(request)
        Path(asked["answer"]).write_bytes(json.dumps(bounded.answered(asked)).encode())
        return 0

    monkeypatch.setattr(bounded, "watched", here)


@cache
def mali():
    """The pack of Mali, read from disk once in the whole run: a value, nobody changes it."""
    from kalata.country import packs

    return packs.load_pack(packs.find_pack("ml"))


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker, django_db_modify_db_settings):
    """Each worker's database is a copy of one that has every migration and the pack: 700 places are written once.

    A test that commits (`transaction=True`, a browser) leaves the copy once more, guards and all.
    """
    from django.test import TransactionTestCase

    from tests.house import ready

    TransactionTestCase._fixture_teardown = ready.database_again
    with django_db_blocker.unblock():
        ready.database()
    yield
    with django_db_blocker.unblock():
        ready.forget_database()


@pytest.fixture
def pack_version(db):
    from kalata.country import services

    return services.load_pack_version(mali())


def make_person(username: str, role: str = "", unit=None, contest=None, **extra):
    from django.utils import timezone

    from kalata.people import services
    from kalata.people.models import Person

    person = Person(username=username, full_name=username.title(), is_active=True, activated_at=timezone.now(), **extra)
    person.set_password("quatre mots sans lien")
    person.save()
    if role:
        services.give_mandate(person=person, role=role, unit=unit, contest=contest)
    return person


def meanwhile(monkeypatch, act):
    """Somebody's act is committed between the moment a request is judged and the moment its rows are held."""
    from kalata.people import approving

    judged = approving.unmoved

    def slowly(approval, seen):
        drawn = judged(approval, seen)
        act()
        return drawn

    monkeypatch.setattr(approving, "unmoved", slowly)


def holds_only(person, *rights, unit=None, contest=None):
    """Give this person one mandate of these very rights, as no role of a pack has them; the others end."""
    from django.utils import timezone

    from kalata.people.models import Mandate, Person

    person.mandates.filter(revoked_at=None).update(revoked_at=timezone.now())
    Mandate.objects.create(person=person, role="essai", rights=sorted(rights), unit=unit, contest=contest)
    return Person.objects.get(pk=person.pk)


@pytest.fixture
def supervisor(pack_version):
    return make_person("superviseur", "superviseur")


@pytest.fixture
def publisher(pack_version):
    return make_person("publication", "publication")


@pytest.fixture
def administrator(pack_version):
    return make_person("administrateur", "admin")


@pytest.fixture
def security_officer(pack_version):
    return make_person("securite", "securite")


@pytest.fixture
def registrar(pack_version):
    return make_person("greffe", "greffe")


@pytest.fixture
def judge(pack_version):
    return make_person("juge", "juge")


@pytest.fixture
def auditor(pack_version):
    return make_person("auditeur", "auditeur")


@pytest.fixture
def outsider(pack_version):
    return make_person("curieux")


BOXES = ["registered", "voters", "ballots", "null_ballots", "valid"]
LISTS = ["Le baobab", "La pirogue", "La calebasse"]
HEADER = "region,cercle,bureau,inscrits,votants,bulletins,nuls,exprimes,Le baobab,La pirogue,La calebasse"
ROWS = [
    "Kayes,Kayes,KAY-001,400,200,200,5,195,100,60,35",
    "Kayes,Kita,KIT-001,350,150,150,2,148,70,50,28",
    "Ségou,Ségou,SEG-001,500,300,300,10,290,90,150,50",
    "Ségou,San,SAN-001,300,120,120,0,120,40,50,30",
]
PROFILE = {
    "rows": "wide",
    "station": ["bureau"],
    "areas": ["region", "cercle"],
    "figures": {
        "registered": "inscrits",
        "voters": "votants",
        "ballots": "bulletins",
        "null_ballots": "nuls",
        "valid": "exprimes",
    },
    "options": LISTS,
}


def csv_of(rows=ROWS, header=HEADER) -> bytes:
    return ("\n".join([header, *rows]) + "\n").encode()


@pytest.fixture
def contest(pack_version):
    from kalata.country import services
    from kalata.country.models import Geography

    election = services.create_election(
        code="e1",
        name_fr="Présidentielle",
        name_en="Presidential",
        pack=pack_version,
        geography=Geography.objects.get(code="ml-2015"),
        polling_day=None,
    )
    return services.create_contest(
        election=election,
        code="pres",
        name_fr="Présidentielle",
        name_en="Presidential",
        system=dict(pack_version.pack.engine_systems()["ML-PRES"]),
        boxes=BOXES,
        options=[{"name": n} for n in LISTS],
    )


def bring(
    contest,
    by,
    content: bytes = b"",
    profile=None,
    create="stations",
    name="resultats.csv",
    reason="essai",
    commit=True,
):
    """The wizard's path without a browser: upload, map, dry run, commit."""
    from kalata.results.services import committing, importing

    one = importing.upload(contest=contest, name=name, content=iter([content or csv_of()]), by=by)
    importing.set_mapping(one=one, profile=profile or PROFILE, create=create, by=by)
    importing.dry_run(one)
    if commit and one.state == "checked":
        committing.ask_or_commit(one=one, reason=reason, by=by)
    one.refresh_from_db()
    contest.refresh_from_db()
    return one


@pytest.fixture
def calendar(contest, supervisor):
    """A presidential calendar of two rounds, the vote planned for 28 February 2027."""
    from datetime import date

    from kalata.deadlines import services

    return services.open_calendar(
        election=contest.election, family="presidential", rounds=2, polling_day=date(2027, 2, 28), by=supervisor
    )


@pytest.fixture
def counted(contest, supervisor):
    """The contest with its four stations counted."""
    bring(contest, supervisor)
    return contest


@pytest.fixture
def published(counted, supervisor, publisher):
    from kalata.people import services as people
    from kalata.people.rules.approval import Decision
    from kalata.results.services import contests as services

    approval = services.ask_publication(contest=counted, reason="complet", by=supervisor)
    people.decide_approval(approval_id=approval.pk, to=Decision.APPROVED, by=publisher)
    counted.refresh_from_db()
    return counted


def second_round_of(first, supervisor, publisher, code="pres-t2"):
    """The second round of a published first one: one person asks it, another approves."""
    from kalata.people import services as people
    from kalata.people.rules.approval import Decision
    from kalata.results.services import second_round

    asked = second_round.ask(contest=first, code=code, polling_day=None, reason="issue publiée", by=supervisor)
    people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=publisher)
    return second_round.following(first)


def seen_on(client, url):
    """The difference that a page of an import showed: its button carries it."""
    import re

    found = re.search(r'name="seen" value="(\w*)"', client.get(url).content.decode())
    return found.group(1) if found else ""


def shown_on(client, url, *words):
    """The mark that the form of a page carries, of what the page showed: the first form that has all these words."""
    import re

    forms = re.findall(r"<form.*?</form>", client.get(url).content.decode(), re.S)
    mine = next((f for f in forms if 'name="seen"' in f and all(word in f for word in words)), "")
    found = re.search(r'name="seen" value="([^"]*)"', mine)
    return found.group(1) if found else ""


def post_as_shown(client, url, data, to=""):
    """Open a page, then press the button of its form, as a person does. to: where the form goes, if elsewhere."""
    words = (f'value="{data["act"]}"',) if "act" in data else tuple(f'name="{n}"' for n in data)
    return client.post(to or url, {**data, "seen": shown_on(client, url, *words)})


@pytest.fixture
def sign_in(client):
    """Sign a person in with a second factor already set up."""

    def do(person):
        from allauth.mfa.models import Authenticator

        Authenticator.objects.get_or_create(user_id=person.pk, type="totp", defaults={"data": {"secret": "x"}})
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        with_second_factor(client, person)
        return client

    return do


def with_second_factor(client, person):
    """The session of somebody who has just given a second factor."""
    import time

    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "type": "totp", "at": time.time()}]
    session["account_authentication_methods_user"] = str(person.pk)
    session.save()


def decide_on_screen(client, approval, to="approve", **extra):
    """Read the page of a request and decide there, as a person does."""
    import re

    here = f"/personnes/approbations/{approval.pk}/"
    seen = re.search(r'name="seen" value="(\w+)"', client.get(here).content.decode())
    return client.post(here, {"to": to, "seen": seen.group(1) if seen else "", **extra})


@pytest.fixture
def fresh_factor(client):
    """The session of the client has shown the person's second factor again, just now (or some seconds ago)."""

    def do(person, ago=0):
        import time

        session = client.session
        session["account_authentication_methods"] = [
            {"method": "mfa", "at": time.time() - ago, "type": "totp", "reauthenticated": True}
        ]
        session["account_authentication_methods_user"] = str(person.pk)
        session.save()

    return do
