"""The first day of a house: steps that tick themselves from records, mandates approved together, the build on every page."""

import re
from unittest import mock

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kalata.country.models import Contest, Geography, Station
from kalata.ledger import kinds
from kalata.ledger.models import Act, Backup
from kalata.ledger.services import record
from kalata.people import accounts
from kalata.people import services as people
from kalata.people.models import Approval, Mandate
from kalata.steps import Step
from kalata.transparency import publiclog
from kalata.transparency.models import Witness
from kalata.ui import first_day
from kalata.version import commit_of, version
from tests.conftest import make_person

pytestmark = pytest.mark.django_db
MANDATES = "/personnes/approbations/mandats/"


def states(page):
    """The state of each step, in order, as the page draws it."""
    found = re.search(r'<ol class="todo">(.*?)</ol>', page, re.S).group(1)
    return re.findall(r'<li class="(\w*)"', found)


def text(answer):
    assert answer.status_code == 200
    return answer.content.decode().replace("\u202f", " ")


# --- the steps ---------------------------------------------------------------------------------------------
def test_the_home_of_an_empty_house_is_its_first_day_for_who_sets_it_up(sign_in, administrator, security_officer):
    page = text(sign_in(administrator).get("/"))
    assert states(page) == ["done", "done", "", "cur", "", "", "", "", ""] or len(states(page)) == 9
    for title in ("Pays", "Territoire", "Bureaux de vote", "Personnes", "Seconds facteurs", "Cérémonie de la clé", "Témoins", "Sauvegarde", "Répétition"):  # fmt: skip
        assert f"<h3>{title}</h3>" in page, title
    assert "Après l’étape 6" in page and "Après les étapes 3, 4 et 5" in page
    assert version() in page and "pas encore dans Kalata" not in page


def test_nobody_else_is_shown_it(sign_in, administrator, judge, client):
    assert 'class="todo"' not in text(Client().get("/"))
    assert Client().get("/mise-en-service/").status_code == 302
    home = text(sign_in(judge).get("/"))
    assert 'class="todo"' not in home and client.get("/mise-en-service/").status_code == 403


def test_once_a_contest_is_published_the_home_is_the_home_again(sign_in, administrator, published):
    client = sign_in(administrator)
    assert 'class="todo"' not in text(client.get("/"))
    assert 'class="todo"' in text(client.get("/mise-en-service/"))


def test_in_demonstration_nobody_is_asked_to_set_the_house_up(sign_in, administrator, settings):
    settings.DEMO = True
    assert 'class="todo"' not in text(sign_in(administrator).get("/"))


def step(client, number):
    return states(text(client.get("/mise-en-service/")))[number - 1]


def test_no_step_opens_a_page_that_refuses_its_reader(sign_in, administrator, request):
    """Who keeps the accounts may not prepare a contest: the step waits for persons, then for who holds that right."""
    nobody = text(sign_in(administrator).get("/mise-en-service/")).split('class="todo"')[1]
    assert "Après l’étape 4" in nobody and 'href="/resultats/gerer/"' not in nobody
    supervisor = request.getfixturevalue("supervisor")
    other = text(sign_in(administrator).get("/mise-en-service/")).split('class="todo"')[1]
    assert "Après l’étape 4" not in other and 'href="/resultats/gerer/"' not in other
    own = text(sign_in(supervisor).get("/mise-en-service/")).split('class="todo"')[1]
    assert 'class="btn s" href="/resultats/gerer/"' in own


def test_stations_tick_when_every_one_has_its_place(sign_in, administrator, contest):
    client = sign_in(administrator)
    Station.objects.filter(contest=contest).delete()
    assert step(client, 3) == ""
    unit = Geography.objects.get(code="ml-2015").units.first()
    Station.objects.create(contest=contest, code="A-1", unit=unit)
    lost = Station.objects.create(contest=contest, code="A-2")
    assert step(client, 3) == "part"
    lost.delete()
    assert step(client, 3) == "done"
    Contest.objects.filter(pk=contest.pk).first().election.__class__.objects.update(exercise=True)
    assert step(client, 3) == ""  # an exercise is no election


def test_the_country_and_its_divisions_are_the_first_two(sign_in, administrator, pack_version):
    client = sign_in(administrator)
    assert [step(client, 1), step(client, 2)] == ["done", "done"]
    Act.objects.filter(kind="pack.loaded").exists()


def test_persons_tick_when_each_right_of_a_publication_has_somebody(sign_in, administrator, security_officer):
    client = sign_in(administrator)
    assert step(client, 4) == "cur"  # the keeper of accounts has something to do
    page = text(client.get("/"))
    assert "Personnes à inviter :" in page and "Superviseur national des résultats (superviseur)" in page
    make_person("superviseur-1", "superviseur")
    page = text(client.get("/mise-en-service/"))
    assert states(page)[3] != "done" and "Chargé de publication (publication)" in page  # one cannot publish alone
    sheet = client.get("/personnes/importer/modele.csv").content.decode()
    assert sheet.count("publication") == 1 and "superviseur" not in sheet  # the template names who is still missing
    make_person("publication-1", "publication")
    assert step(client, 4) == "done"


def test_who_asked_reads_that_the_request_waits_for_another(sign_in, administrator, security_officer):
    people.ask_mandate(person=make_person("x-1"), role="superviseur", unit=None, reason="r", by=administrator)
    page = text(sign_in(administrator).get("/"))
    assert "Demandes de mandat : 1" in page and "Une seconde personne approuve" in page and "Inviter par fichier" not in page


def test_no_link_of_the_page_refuses_its_reader(sign_in, administrator, security_officer, supervisor, publisher):
    for person in (administrator, security_officer, supervisor, publisher):
        client = sign_in(person)
        page = text(client.get("/mise-en-service/"))
        steps = page[page.index('class="todo"') : page.index('id="console"')]
        for href in set(re.findall(r'href="(/[^"#]*)', steps)):
            assert client.get(href).status_code == 200, (person.username, href)


def test_stations_of_an_exercise_are_said_to_be_of_one(sign_in, administrator, contest):
    contest.election.__class__.objects.update(exercise=True)
    Station.objects.create(contest=contest, code="X-1", code_key="X-1")
    page = text(sign_in(administrator).get("/mise-en-service/"))
    assert states(page)[2] != "done" and "1 bureau d’exercice seulement" in page


def test_what_waits_for_the_second_person_is_that_persons_next_step(sign_in, administrator, security_officer):
    people.ask_mandate(person=make_person("x-1"), role="superviseur", unit=None, reason="r", by=administrator)
    page = text(sign_in(security_officer).get("/"))
    assert states(page)[3] == "cur" and "la prochaine est la vôtre" in page and f'href="{MANDATES}"' in page


def test_second_factors_count_who_must_have_one_and_names_the_readers_own(
    sign_in, administrator, security_officer, client
):
    sign_in(administrator)
    page = text(client.get("/mise-en-service/"))
    assert (
        "Ont leur application ou leur clé : 1 sur 2." in page
        and "Manquants : 1" in page
        and "dont le vôtre" not in page
    )
    sign_in(security_officer)
    assert states(text(client.get("/mise-en-service/")))[4] == "done"


def test_the_key_ticks_when_it_is_made_and_its_passphrase_given(
    sign_in, administrator, settings, tmp_path, monkeypatch
):
    client = sign_in(administrator)
    settings.LOG_KEY = tmp_path / "log.key"
    monkeypatch.setattr(publiclog, "key_path", lambda: settings.LOG_KEY)
    monkeypatch.setattr(publiclog, "passphrase", lambda: "")
    assert step(client, 6) == ""
    settings.LOG_KEY.write_bytes(b"x")
    assert step(client, 6) == "part"
    monkeypatch.setattr(publiclog, "passphrase", lambda: "a\nb")
    assert step(client, 6) == "done"


def test_a_witness_a_copy_and_a_rehearsal_tick_from_their_records(sign_in, administrator):
    client = sign_in(administrator)
    assert [step(client, n) for n in (7, 8, 9)] == ["", "", ""]
    Witness.objects.create(name="observateurs", vkey="k")
    Backup.objects.create(at=timezone.now(), machine="m", kind=Backup.Kind.COPY, place="p", size=3 * 2**20)
    record(by=None, kind=kinds.REHEARSED, subject="house", after={"papers": 120, "clerks": 8, "kills": 5})
    page = text(client.get("/mise-en-service/"))
    assert states(page)[6:] == ["done"] * 3 and "120 PV, 8 postes, 5 coupures" in page and "3 Mio" in page


def test_a_step_that_waits_for_another_says_which_until_that_one_is_done():
    made = [Step(place=n, title=str(n), says="", state=state, after=after) for n, state, after in ((1, "done", ()), (2, "", (1,)), (3, "", (1, 2)))]  # fmt: skip
    rows = first_day.rows(made)
    assert [row.locked for row in rows] == [(), (), (2,)] and [row.icon for row in rows] == ["ok", "wait", "lock"]
    assert first_day.headline(rows[:1]) == "Toutes les étapes sont prêtes"


# --- mandates together --------------------------------------------------------------------------------------
@pytest.fixture
def two(administrator):
    return [
        people.ask_mandate(
            person=make_person(f"essai-{n}"), role="superviseur", unit=None, reason=f"raison {n}", by=administrator
        )
        for n in (1, 2)
    ]


def read(client):
    page = text(client.get(MANDATES))
    return page, re.findall(r'name="one" value="([^"]+)"', page)


def test_mandates_are_approved_together_each_by_itself_with_one_signature(sign_in, security_officer, two):
    client = sign_in(security_officer)
    page, boxes = read(client)
    assert len(boxes) == 2 and "checked" not in page  # no box is ticked for the reader
    assert "raison 1" in page and "raison 2" in page
    client.post(MANDATES, {"one": boxes})
    assert {a.state for a in Approval.objects.all()} == {"approved"}
    assert Act.objects.filter(kind="people.mandate.approved").count() == 2
    assert Mandate.objects.filter(approved_by=security_officer).count() == 2
    assert "Aucun mandat ne vous attend" in read(client)[0]


def test_who_approved_prints_the_second_sheets_together_once(sign_in, security_officer, administrator):
    for name in ("neuf-1", "neuf-2"):
        person = people.create_person(username=name, full_name=name, by=administrator)
        accounts.issue_activation(person=person, by=administrator)
        people.ask_mandate(person=person, role="superviseur", unit=None, reason="r", by=administrator)
    client = sign_in(security_officer)
    client.post(MANDATES, {"one": read(client)[1]})
    assert "2 feuilles d’activation à imprimer" in read(client)[0]
    assert MANDATES in text(client.get("/mise-en-service/"))
    with mock.patch("typst.compile", return_value=b"%PDF-"):
        answer = client.post(MANDATES, {"act": "sheets"})
    assert answer["Content-Type"] == "application/pdf" and answer["Cache-Control"] == "no-store"
    assert Act.objects.filter(kind="person.sheet_printed").count() == 2
    page = read(client)[0]
    assert "Vos 2 feuilles sont enregistrées" in page and "à imprimer" not in page
    assert client.post(MANDATES, {"act": "sheets"}).status_code != 200  # a code is told once


def test_only_what_was_ticked_and_read_is_approved_and_what_moved_is_told(sign_in, security_officer, two):
    client = sign_in(security_officer)
    _page, boxes = read(client)
    people.give_mandate(
        person=two[0].asked_by.__class__.objects.get(username="essai-1"),
        role="observateur" if "observateur" in people.pack_roles() else "superviseur",
    )
    answer = client.post(MANDATES, {"one": boxes}, follow=True)
    one, other = (Approval.objects.get(pk=a.pk) for a in two)
    assert (one.state, other.state) == ("waiting", "approved") and f"D-{one.pk} : PEO-205" in answer.content.decode()
    page, boxes = read(client)
    assert boxes == [] and "La situation a changé" in page


def test_nothing_is_approved_without_a_box_without_a_code_or_by_who_asked(
    sign_in, security_officer, administrator, two, client
):
    sign_in(security_officer)
    _page, boxes = read(client)
    assert client.post(MANDATES, {}).status_code == 422
    session = client.session
    session["account_authentication_methods"] = []
    session.save()
    answer = client.post(MANDATES, {"one": boxes, "code": "000000"})
    assert answer.status_code == 422 and answer.content.decode().count("checked") == 2  # what was ticked stays
    sign_in(administrator)
    assert client.get(MANDATES).status_code == 403
    assert client.post(MANDATES, {"one": boxes}).status_code == 403
    sign_in(security_officer)
    client.post(MANDATES, {"one": [f"{two[0].pk}:{'0' * 64}", f"999:{'0' * 64}", "x", ""]})
    assert not Approval.objects.exclude(state="waiting").exists()


# --- the build ----------------------------------------------------------------------------------------------
def test_each_build_says_its_commit_on_screen_in_the_api_and_in_what_is_published(client, pack_version):
    from kalata.documents.rendering import software as on_paper
    from kalata.results.services.announcing import software

    assert re.fullmatch(r"2026\.1\+(g[0-9a-f]{12}(\.src)?|unknown)", version())
    assert version() in text(client.get("/")) and client.get("/api/openapi.json").json()["info"]["version"] == version()
    assert software()["version"] == version() and on_paper() == f"Kalata {version()}"


def test_the_commit_of_a_checkout_is_read_from_a_worktree_and_from_packed_references(tmp_path):
    main, tree = tmp_path / "main", tmp_path / "tree"
    (main / ".git" / "worktrees" / "tree").mkdir(parents=True)
    tree.mkdir()
    (tree / ".git").write_text(f"gitdir: {main}/.git/worktrees/tree\n")
    (main / ".git/worktrees/tree/commondir").write_text("../..\n")
    (main / ".git/worktrees/tree/HEAD").write_text("ref: refs/heads/x\n")
    assert commit_of(tree) == ""
    (main / ".git/packed-refs").write_text(f"# pack-refs with: peeled\n{'a' * 40} refs/heads/x\n^{'c' * 40}\n")
    assert commit_of(tree) == "a" * 40
    (main / ".git/refs/heads").mkdir(parents=True)
    (main / ".git/refs/heads/x").write_text("b" * 40 + "\n")
    assert commit_of(tree) == "b" * 40
    (main / ".git/HEAD").write_text("d" * 40 + "\n")
    assert commit_of(main) == "d" * 40 and commit_of(tmp_path) == ""


def test_static_files_are_collected_again_only_where_one_has_changed(settings, tmp_path, monkeypatch):
    from kalata import operations

    source = tmp_path / "source"
    source.mkdir()
    (source / "a.css").write_text("a")
    settings.STATICFILES_DIRS, settings.VAR, settings.STATIC_ROOT = [source], tmp_path, tmp_path / "static"
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    calls = []
    real = operations.call
    monkeypatch.setattr(operations, "call", lambda *args: (calls.append(args), real(*args)))
    operations.gather()
    operations.gather()
    assert len(calls) == 1 and (tmp_path / "static" / "a.css").read_text() == "a"
    (source / "a.css").write_text("ab")
    operations.gather()
    assert len(calls) == 2 and (tmp_path / "static" / "a.css").read_text() == "ab"


def test_the_page_is_reached_by_its_name():
    assert reverse("first_day") == "/mise-en-service/" and reverse("people:mandates") == MANDATES
