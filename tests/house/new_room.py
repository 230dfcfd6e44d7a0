"""A room of its own package, seen everywhere: run with KALATA_ROOMS=toy by tests/test_newroom.py, never collected alone."""

import json
import re
from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.core.management import call_command
from django.utils import timezone

from kalata import doors, rooms
from kalata.chain import queries as chain
from kalata.chain import registry
from kalata.country.rules.rights import MACHINE, RIGHTS
from kalata.documents.queries import in_force
from kalata.identifiers import parsed
from kalata.ledger.rules.kinds import KINDS, SUBJECTS
from kalata.lifecycle import TABLES
from kalata.notices.queries import mine
from kalata.people import tokens
from kalata.web import bodies
from tests.conftest import holds_only, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper():
    return holds_only(make_person("keeper"), "toy.keep")


@pytest.fixture
def stranger():
    return holds_only(make_person("stranger"), "results.read")


@pytest.fixture
def record(keeper):
    from toy import services
    from toy.models import Record

    services.add(title="La grande pirogue", by=keeper)
    return Record.objects.get()


def front(client, sign_in, who=None):
    return (sign_in(who) if who else client).get("/").content.decode()


def test_it_is_last_in_the_one_list():
    assert [room.package for room in rooms.every()][-1] == "toy"


def test_its_line_of_the_menu_is_for_who_holds_its_right(client, sign_in, keeper, stranger):
    line = '<li><a href="/toy/">Toy</a></li>'
    assert line not in front(client, sign_in)
    assert line in front(client, sign_in, keeper)
    assert line not in front(client, sign_in, stranger)


def test_its_card_and_what_waits_are_at_home_for_who_may_see_them(client, sign_in, keeper, stranger, record):
    mine = front(client, sign_in, keeper)  # the card, what waits, and the first of it under the one full button
    assert mine.count("La grande pirogue") == 3 and 'id="card-' in mine
    assert "La grande pirogue" not in front(client, sign_in, stranger)
    client.logout()
    assert "La grande pirogue" not in front(client, sign_in)


def test_its_page_lights_its_line_of_the_menu(client, sign_in, keeper, record):
    page = sign_in(keeper).get("/toy/").content.decode()
    assert '<a href="/toy/" aria-current="page">Toy</a>' in page and "La grande pirogue" in page


def test_the_one_api_describes_it_and_a_key_with_its_right_reads_it(client, keeper, stranger, record):
    paths = client.get("/api/openapi.json").json()["paths"]
    assert paths["/api/toy"]["get"]["operationId"] == "toy_api_list_toy" and "/api/checks" in paths
    key = tokens.create(person=keeper, name="k", scopes=["toy.keep"], days=1).key
    answer = client.get("/api/toy", headers={"Authorization": f"Bearer {key}"})
    assert answer.json() == [{"id": record.pk, "title": "La grande pirogue", "state": "open"}]
    key = tokens.create(person=stranger, name="k", scopes=["results.read"], days=1).key
    refused = client.get("/api/toy", headers={"Authorization": f"Bearer {key}"})
    assert (refused.status_code, refused.json()["code"]) == (403, "PEO-312")
    assert client.get("/api/toy").status_code == 401


def test_the_command_line_has_its_command(record):
    from kalata.cli import main

    said = CliRunner().invoke(main, ["--help"]).output
    assert re.search(r"\n  toy +the records of toy, as JSON\n", said) and "\n  tabulate" not in said
    assert json.loads(CliRunner().invoke(main, ["toy"]).output)[0]["title"] == "La grande pirogue"


def test_a_search_finds_its_records_for_who_may_open_them(client, sign_in, keeper, stranger, record):
    assert [one.title_fr for one in chain.found(keeper, "pirogue")] == ["La grande pirogue"]
    assert not chain.found(stranger, "pirogue").exists()
    sheet = f"/fiches/{registry.identifier_of(record)}/"
    assert "La grande pirogue" in sign_in(keeper).get(sheet).content.decode()
    assert sign_in(stranger).get(sheet).status_code == 404


def test_what_is_closed_is_told_to_who_added_it_and_its_paper_is_in_the_register(keeper, record):
    from toy import services

    services.close(record_id=record.pk, by=keeper)
    assert [one.notice.topic for one in mine(keeper)] == ["toy.closed"]
    assert in_force("toy-closing", f"toy:{record.pk}", "fr").title == "Toy"
    sheet = chain.opened(keeper, parsed(registry.identifier_of(record)))
    assert {"document", "notice"} <= {way.kind.key for way in chain.ways(keeper, sheet, up=False)}


def test_its_list_is_filtered_and_taken_away(client, sign_in, keeper, record):
    page = sign_in(keeper).get("/toy/?q=pirogue&sortie=csv")
    assert b"La grande pirogue" in b"".join(page.streaming_content)
    assert "La grande pirogue" not in sign_in(keeper).get("/toy/?q=baobab").content.decode()


def test_the_background_does_its_housekeeping(record):
    from toy.models import Record

    Record.objects.update(at=timezone.now() - timedelta(days=400))
    call_command("sequencer", "--once")
    assert Record.objects.get().state == "closed"


def test_its_right_its_doors_its_kind_and_its_life_are_in_the_registries():
    assert RIGHTS["toy.keep"] == "tenir les fiches de Toy" and "toy.keep" in MACHINE
    assert {"toy:list", "api:list_toy"} <= {page.name for page in doors.PAGES} and doors.THINGS["toy"]
    printed = doors.document("fr", {"admin": ["toy.keep"]}, {"toy:list": "toy/"})
    assert "## Toy" in printed and "| toy:list<br>`/toy/` | fiche de Toy |" in printed
    assert TABLES["toy"].row == "toy.Record"
    assert KINDS["toy.added"].about == ("toy",) and SUBJECTS["toy"] == "fiche de Toy"
    assert bodies.largest("/toy/") == (bodies.SMALL, ())


def test_its_migration_is_the_one_its_models_ask_for():
    call_command("makemigrations", "toy", check=True, dry_run=True, verbosity=0)
