"""The closing journey of the Court, from a prefecture without network to a citizen who verifies: chapters of one story.

They share one house and follow one another; when one fails those after it are skipped. `pytest -k journey -x` stops there,
and KALATA_SHOTS=folder keeps a picture of each page. What is by nature a command is run as one; all else is on the pages.
"""

from __future__ import annotations

import hashlib

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from tests.disputes.browser.journey import CONTEST, SHORT, Clock, Desk, House, raise_curtain

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FAILED: list[str] = []


@pytest.fixture(autouse=True)
def ledger_lifted_for_the_flush():
    """The tables are emptied at the end of the story, not after each chapter."""


@pytest.fixture
def _django_db_helper():
    """Nor are they opened for each: the house holds the database from the first chapter to the last."""


@pytest.fixture(scope="module")
def house(browser, django_db_setup, django_db_blocker, tmp_path_factory):
    from pytest_django.live_server_helper import LiveServer

    from kalata.disputes.signing import authority
    from kalata.disputes.signing import court as signing
    from kalata.ledger import limits, locks

    folder = tmp_path_factory.mktemp("court")
    patch = pytest.MonkeyPatch()
    patch.setenv("KALATA_COURT_PASSPHRASE", "huit mots au hasard et huit autres mots encore")
    places = {"COURT_KEYS": folder / "keys", "COUNTER_KEYS": folder / "counters", "MEDIA_ROOT": folder / "media"}
    with django_db_blocker.unblock(), override_settings(**places):
        locks.install()
        limits.install()
        authority.create(
            folder / "keys", signing.passphrase(), court="Cour d’exercice", country="ML", origin="cour.example", at=signing.now()
        )  # fmt: skip
        laptop = raise_curtain(folder)
        server = LiveServer("localhost")
        one = House(browser, server, Clock(patch), folder, laptop)
        yield one
        laptop.stop()
        server.stop()
        patch.undo()
        for model, _rule in locks.guarded():
            locks.drop(connection, model._meta.db_table)
        limits.lift()
        call_command("flush", verbosity=0, interactive=False)
        one.close()


@pytest.fixture(autouse=True)
def in_order(request):
    if FAILED:
        pytest.skip(f"the story stopped at {FAILED[0]}")
    before = request.session.testsfailed
    yield
    if request.session.testsfailed > before:
        FAILED.append(request.node.name)


YEAR = timezone.localdate().year
GROUND = (
    "Les présidents de ces bureaux ont été remplacés le matin du vote par des personnes qui ne sont pas sur la liste."
)


def petition_by_keyboard(desk: Desk, *, petitioner: str, stations: str, paper, **boxes: str) -> Desk:
    """The form of a petition, as a clerk types it."""
    desk.choose("Scrutin", SHORT).choose("Agissant comme", "candidat").choose("Acte attaqué", "résultats")
    desk.write("Requérant", petitioner).write("Contre qui", "La pirogue")
    for label, words in boxes.items():
        desk.write(label, words)
    desk.write("Ce qui est demandé", "Annulation des bureaux visés.")
    desk.choose("Moyen", "remplacés").write("Bureaux visés", stations).write("Ce qui est reproché", GROUND)
    desk.tick("Signée")
    return desk.give("Pièces", paper)


HALVES = ("5eed" * 16, "c0de" * 16)


def test_01_the_president_commits_the_seed_of_the_draw_before_anything_is_filed(house):
    desk = house("presidente").go(f"/contentieux/tirages/{CONTEST}/", "draw-before")
    commit = hashlib.sha256("".join(HALVES).encode()).hexdigest()
    desk.write("SHA-256 de la graine (64 chiffres)", commit).write("Motif", "Ouverture du dépôt").press(
        "Demander l’engagement"
    )
    approve(house("greffe"), "approval")
    house("citoyenne").go("/contentieux/tirages/", "draws").says(commit)


def approve(desk: Desk, name: str = "") -> Desk:
    """The second person opens what waits, reads it and approves it."""
    desk.go("/personnes/approbations/").follow("D-")
    if name:
        desk.look(name)
    return desk.press("Approuver et faire")


def test_02_the_prefect_receives_without_network_and_the_registry_merges(house):
    laptop, lot = house.laptop, house.folder / "lot.zip"
    key = laptop.kalata("disputes", "counter", "open", "SEGP", "--name", "Préfecture de Ségou").split()[1]
    laptop.kalata("disputes", "counter", "roll", CONTEST, "--short", SHORT, "--year", str(YEAR), "--elsewhere")
    desk = Desk(house.browser, laptop.start(), house.looked)
    desk.context.add_cookies([{**c, "url": desk.url} for c in laptop.cookies])
    desk.go("/contentieux/greffe/enregistrer/", "register").choose("Voie", "hors réseau")
    petition_by_keyboard(
        desk,
        petitioner="Le baobab",
        stations="SEG-001\nSEG-002\nl’école près du puits",
        paper=house.paper("requete-prefecture"),
    ).press("Recevoir et donner le numéro")
    number = house.known["offline"] = f"{YEAR}-{SHORT}-SEGP-000001"
    desk.says(number).look("receipt")
    receipt = desk.fetch("Imprimer", house.folder / "recepisse.pdf")
    assert receipt.read_bytes().startswith(b"%PDF")
    desk.close()
    reference = timezone.now().isoformat()
    laptop.kalata("disputes", "counter", "export", "SEGP", "--out", str(lot), "--reference", reference)
    laptop.stop()
    house.kalata("disputes", "counter", "open", "SEGP", "--name", "Préfecture de Ségou", "--key", key)
    desk = house("greffe").go("/contentieux/greffe/fusion/", "merge")
    desk.give("Lot signé d’un guichet", lot).press("Fusionner").says("1 requête nouvelle sur 1")
    desk.give("Lot signé d’un guichet", lot).press("Fusionner").says("rien n’a changé")
    desk.go("/contentieux/greffe/", "registry").says(number)


def test_03_a_lawyer_files_online_in_two_sittings(house):
    desk = house("avocate").go("/contentieux/mes-affaires/", "mine").follow("Déposer une requête").look("file")
    petition_by_keyboard(
        desk, petitioner="La calebasse", stations="SEG-002\nSEG-003", paper=house.paper("requete-avocate")
    )
    desk.press("Garder le brouillon").says("Il n’est pas déposé", "requete-avocate.pdf").look("draft")
    desk.write("Objet, en quelques mots", "Présidents remplacés").press("Déposer maintenant")
    number = house.known["online"] = f"{YEAR}-{SHORT}-WEB-000001"
    desk.says(number).look("my-case")
    assert desk.fetch("Récépissé", house.folder / "web.pdf", role="link").read_bytes().startswith(b"%PDF")
