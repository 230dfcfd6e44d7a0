"""Every page answers, in three languages, to whom it should and to nobody else."""

import csv
import io
import json

import pytest

from kalata.country.models import Station, Unit
from kalata.ledger.models import Act
from kalata.people.importing.services import read
from kalata.results.rules.boxes import Standing
from kalata.results.services import contests as services
from tests import court
from tests.conftest import LISTS, ROWS, bring, csv_of, make_person, seen_on

pytestmark = pytest.mark.django_db

PUBLIC = [
    "/",
    "/resultats/",
    "/resultats/archives/",
    "/resultats/archives/ml/REF-2023/",
    "/resultats/archives/ml/PRES-2018/",
    "/pays/",
    "/pays/ml/",
    "/pays/ml/systems/",
    "/pays/ml/deadlines/?confiance=unverified",
    "/pays/ml/versions/",
    "/pays/decoupages/",
    "/pays/decoupages/ml-2015/",
    "/compte/login/",
    "/compte/activer/",
    "/aide/codes/",
    "/accessibilite/",
    "/sante",
]
OF_A_CONTEST = [
    "",
    "bureaux/",
    "calcul/",
    "controles/",
    "donnees/",
    "?carte=couverture",
    "?carte=tete",
    "bureaux/?q=kay&tri=-votants&etat=0",
    "bureaux/?constat=W03",
]
INSIDE = {
    "/resultats/gerer/pres/": "results.read",
    "/resultats/gerer/pres/importer/": "results.import",
}
STAFF = {
    "/resultats/gerer/": "results.read",
    "/resultats/gerer/nouveau/": "results.setup",
    "/resultats/gerer/imports/": "results.read",
    "/resultats/gerer/profils/": "results.read",
    "/personnes/": "people",
    "/personnes/nouvelle/": "people.manage",
    "/personnes/importer/": "people.manage",
    "/personnes/export.csv": "people",
    "/personnes/superviseur/": "people",
    "/journal/": "ledger.read",
    "/journal/export.csv": "ledger.read",
    "/journal/export.jsonl": "ledger.read",
}


@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_answers_everybody(client, pack_version, path):
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("lang", ["fr", "en", "bm"])
@pytest.mark.parametrize("tail", OF_A_CONTEST)
def test_the_pages_of_a_published_contest_answer_in_three_languages(client, published, tail, lang):
    client.cookies["django_language"] = lang
    page = client.get(f"/resultats/pres/{tail}")
    assert page.status_code == 200 and f'<html lang="{lang}"' in page.content.decode()


def test_the_national_page_says_who_what_is_missing_and_that_it_is_provisional(client, published):
    text = client.get("/resultats/pres/").content.decode()
    assert (
        "Second tour entre La pirogue et Le baobab" in text
        and "Provisoire, sans valeur de proclamation" in text
        and "41,17" in text
    )


def test_a_partial_count_is_never_presented_as_a_result(client, contest, supervisor, publisher):
    from kalata.people import services as people
    from kalata.people.rules.approval import Decision

    bring(contest, supervisor, csv_of([*ROWS, "Gao,Gao,GAO-001,400,,,,,,,"]))
    approval = services.ask_publication(contest=contest, reason="x", by=supervisor)
    people.decide_approval(approval_id=approval.pk, to=Decision.APPROVED, by=publisher)
    text = client.get("/resultats/pres/").content.decode()
    assert (
        "Résultats encore partiels : rien n’est décidé" in text
        and "L’issue n’est pas acquise" in text
        and "Second tour entre" not in text
    )


def zone_page(client, contest, name):
    from kalata.results.queries import board as boards

    held = boards.board(contest)
    unit = next(pk for pk, u in held.frame.units.items() if u.name == name and u.level == 1)
    return client.get(f"/resultats/{contest.code}/zone/{unit}/").content.decode()


def test_a_zone_says_what_it_lacks_and_the_truth_of_the_whole_never_a_verdict_of_its_own(sign_in, contest, supervisor):
    """A region with many missing electors read, in green, that nothing could change any more."""
    bring(contest, supervisor, csv_of([*ROWS, "Gao,Gao,GAO-001,400,,,,,,,"]))
    client = sign_in(supervisor)
    for zone in ("Gao", "Kayes"):
        page = zone_page(client, contest, zone)
        assert "ne peut plus changer l’issue" not in page and "ne peuvent plus changer" not in page
        assert "Pour l’ensemble du scrutin, l’issue n’est pas acquise." in page
    assert "PV pas encore reçu" in zone_page(client, contest, "Gao")
    national = client.get(f"/resultats/{contest.code}/").content.decode()
    assert "L’issue n’est pas acquise" in national and "Qui pourrait encore remplacer qui" in national


def test_where_nothing_can_change_any_more_a_zone_says_it_of_the_whole(sign_in, contest, supervisor):
    rows = [ROWS[0].replace("100,60,35", "195,0,0"), ROWS[1].replace("70,50,28", "148,0,0"), "Gao,Gao,GAO-001,4,,,,,,,"]
    bring(contest, supervisor, csv_of(rows))
    page = zone_page(sign_in(supervisor), contest, "Gao")
    assert "Pour l’ensemble du scrutin, 1 bureau manque et ne peut plus changer l’issue." in page


def test_every_area_and_every_station_has_its_page(client, published):
    for unit in Unit.objects.filter(geography__code="ml-2015", name__in=["Kayes", "Ségou", "San"]):
        assert client.get(f"/resultats/pres/zone/{unit.pk}/").status_code == 200
    for station in Station.objects.all():
        text = client.get(f"/resultats/pres/bureaux/{station.pk}/").content.decode()
        assert station.code in text and "Version 1" in text


def test_an_unpublished_contest_does_not_exist_for_the_public(client, counted):
    station = Station.objects.first()
    for tail in (
        "",
        "bureaux/",
        f"bureaux/{station.pk}/",
        f"zone/{station.unit_id}/",
        "calcul/",
        "controles/",
        "donnees/",
        "donnees/bureaux.csv",
    ):
        assert client.get(f"/resultats/pres/{tail}").status_code == 404
    assert "Présidentielle" not in client.get("/resultats/").content.decode()


def test_a_regional_reader_sees_his_region_before_publication_and_no_other(sign_in, counted):
    segou = Unit.objects.get(code="ML-SEG", geography__code="ml-2015")
    client = sign_in(make_person("segou", "coordination-region", segou))
    kayes = Unit.objects.get(code="ML-KAY", geography__code="ml-2015")
    assert client.get(f"/resultats/pres/zone/{segou.pk}/").status_code == 200
    assert (
        client.get(f"/resultats/pres/zone/{kayes.pk}/").status_code == 404
        and client.get("/resultats/pres/").status_code == 404
    )
    inside, outside = Station.objects.get(code="SEG-001"), Station.objects.get(code="KAY-001")
    assert client.get(f"/resultats/pres/bureaux/{inside.pk}/").status_code == 200
    assert client.get(f"/resultats/pres/bureaux/{outside.pk}/").status_code == 404


@pytest.mark.parametrize("path", STAFF)
def test_a_staff_page_sends_a_visitor_to_sign_in(client, counted, path):
    answer = client.get(path)
    assert answer.status_code == 302 and answer.url.startswith("/compte/login/")


ROLES = {
    "admin": {"people.manage", "people"},
    "securite": {"people", "ledger.read"},
    "superviseur": {"results.setup", "results.import", "results.read"},
    "publication": {"results.read"},
    "coordination-region": {"results.import", "results.read"},
    "donnees": set(),
    "greffe": {"results.read"},
    "auditeur": {"ledger.read", "people", "results.read"},
    "observateur": set(),
}


@pytest.mark.parametrize("role", ROLES)
def test_each_role_opens_its_pages_and_no_other(sign_in, counted, supervisor, role):
    client = sign_in(make_person(f"p-{role}", role))
    for path, right in STAFF.items():
        assert client.get(path).status_code == (200 if right in ROLES[role] else 403), (role, path)
    for path, right in INSIDE.items():  # an unpublished contest does not exist for who has no desk in it
        sees = {"results.read", "results.publish", "results.setup", "results.import"} & set(ROLES[role])
        want = 200 if right in ROLES[role] else 403 if sees else 404
        assert client.get(path).status_code == want, (role, path)


def test_a_critical_role_without_a_second_factor_is_sent_to_set_one_up(client, counted, supervisor):
    client.force_login(supervisor, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/resultats/gerer/").url == "/compte/2fa/"


def test_a_session_left_alone_is_closed(sign_in, supervisor, settings):
    client = sign_in(supervisor)
    client.get("/")
    session = client.session
    session["seen"] = session["seen"] - settings.IDLE_MINUTES * 60 - 5
    session.save()
    assert client.get("/resultats/gerer/").url.startswith("/compte/login/") and "_auth_user_id" not in client.session


def test_sign_in_works_and_ten_failures_lock_the_account(client, supervisor):
    good = {"login": "superviseur", "password": "quatre mots sans lien"}
    assert client.post("/compte/login/", good).status_code == 302
    client.post("/compte/logout/")
    for _n in range(10):
        client.post("/compte/login/", {"login": "superviseur", "password": "faux"})
    answer = client.post("/compte/login/", good)
    assert answer.status_code == 429 or "suspendu" in answer.content.decode()
    assert Act.objects.filter(kind="session.refused").count() >= 10


def test_reading_personal_data_is_kept_in_the_ledger(sign_in, administrator, supervisor):
    sign_in(administrator).get("/personnes/superviseur/")
    act = Act.objects.get(kind="read.person")
    assert (act.actor, act.subject, act.personal) == ("administrateur", "person:superviseur", True)


def test_the_wizard_takes_a_file_from_upload_to_results(sign_in, contest, supervisor):
    client = sign_in(supervisor)
    up = client.post("/resultats/gerer/pres/importer/", {"file": io.BytesIO(csv_of())})
    assert up.status_code == 302
    page = client.get(up.url).content.decode()
    assert "Où va chaque colonne" in page and "Tout a sa place" in page
    roles = [
        "area",
        "area",
        "station",
        "registered",
        "voters",
        "ballots",
        "null_ballots",
        "valid",
        "option",
        "option",
        "option",
    ]
    answer = client.post(
        up.url,
        {
            "act": "map",
            "mode": "columns",
            "create": "stations",
            "keep": "essai",
            **{f"c{i}": r for i, r in enumerate(roles)},
        },
        follow=True,
    )
    assert "Le fichier est bon" in answer.content.decode() and "310" in answer.content.decode()
    assert Station.objects.count() == 0
    done = client.post(
        up.url, {"act": "commit", "reason": "premier envoi", "seen": seen_on(client, up.url)}, follow=True
    )
    assert "Le fichier est enregistré" in done.content.decode() and Station.objects.count() == 4
    assert client.get("/resultats/gerer/profils/").content.decode().count("essai") >= 1
    assert "Second tour entre" in client.get("/resultats/pres/").content.decode()


def test_the_wizard_guesses_the_columns_of_a_usual_file(contest, supervisor):
    from kalata.results import mapping
    from kalata.results.services import importing

    one = importing.upload(contest=contest, name="f.csv", content=iter([csv_of()]), by=supervisor)
    profile = mapping.guess(one)
    assert (
        profile["areas"] == ["region", "cercle"]
        and profile["options"] == LISTS
        and profile["figures"]["null_ballots"] == "nuls"
    )


def test_the_wizard_shows_row_errors_and_stores_nothing(sign_in, counted, supervisor):
    client = sign_in(supervisor)
    up = client.post(
        "/resultats/gerer/pres/importer/",
        {"file": io.BytesIO(csv_of([ROWS[0].replace("400", "-400"), ROWS[1].replace("KIT-001", "X")]))},
    )
    answer = client.post(
        up.url,
        {
            "act": "map",
            "mode": "yaml",
            "create": "none",
            "yaml": "{station: [bureau], areas: [region, cercle], figures: {registered: inscrits, valid: exprimes}, options: [Le baobab, La pirogue, La calebasse]}",
        },
        follow=True,
    )
    text = answer.content.decode()
    assert (
        "IMP-202" in text
        and "IMP-211" in text
        and "Rien n’a été enregistré" in text
        and "Enregistrer ce fichier" not in text
    )


def test_a_mapping_that_does_not_fit_comes_back_with_its_code(sign_in, contest, supervisor):
    client = sign_in(supervisor)
    up = client.post("/resultats/gerer/pres/importer/", {"file": io.BytesIO(csv_of())})
    answer = client.post(up.url, {"act": "map", "mode": "yaml", "yaml": "{station: [mesa]}"})
    assert answer.status_code == 422 and "IMP-102" in answer.content.decode()


def test_the_report_of_a_file_is_for_its_bringer_and_the_national_desk(sign_in, contest, supervisor):
    one = bring(contest, supervisor, commit=False)
    regional = make_person("segou", "coordination-region", Unit.objects.get(code="ML-SEG", geography__code="ml-2015"))
    assert sign_in(regional).get(f"/resultats/gerer/imports/{one.pk}/").status_code == 404
    assert sign_in(make_person("autre", "superviseur")).get(f"/resultats/gerer/imports/{one.pk}/").status_code == 200


def test_a_broken_upload_is_refused_with_its_code(sign_in, contest, supervisor):
    answer = sign_in(supervisor).post("/resultats/gerer/pres/importer/", {"file": io.BytesIO(b"%PDF-1.7")})
    assert answer.status_code == 422 and "IMP-110" in answer.content.decode()


def test_an_upload_beyond_the_limit_is_cut_and_refused(sign_in, contest, supervisor, monkeypatch):
    monkeypatch.setattr("kalata.ui.uploads.LIMIT", 50_000)
    answer = sign_in(supervisor).post(
        "/resultats/gerer/pres/importer/", {"file": io.BytesIO(b"a,b\n" + b"1,2\n" * 50_000)}
    )
    assert answer.status_code == 413 and "IMP-111" in answer.content.decode()


def test_an_annulment_shows_its_decision_on_the_page_of_the_station_and_nobody_can_ask_one_there(sign_in, published, registrar, judge):  # fmt: skip
    station = Station.objects.get(code="SEG-001")
    page = f"/resultats/pres/bureaux/{station.pk}/"
    assert "Demander" not in sign_in(registrar).get(page).content.decode()
    assert sign_in(registrar).post(f"{page}demande/", {"to": "1", "reason": "arrêt"}).status_code == 404
    court.decide(station, Standing.ANNULLED, signer=judge, by=registrar, number="2027-09/CC-EL", words="urne ouverte")
    text = sign_in(judge).get(page).content.decode()
    assert "Annulé" in text and "Décision 2027-09/CC-EL de la juridiction" in text and "urne ouverte" in text
    assert "Version 2" in text


def test_the_exports_agree_with_the_totals(client, published):
    body = b"".join(client.get("/resultats/pres/donnees/bureaux.csv").streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(body)))
    assert len(rows) == 4 and sum(int(r["voix_1"]) for r in rows) == 300 and rows[0]["etat"] == "counted"
    long = list(
        csv.reader(
            io.StringIO(
                b"".join(client.get("/resultats/pres/donnees/chiffres.csv").streaming_content).decode("utf-8-sig")
            )
        )
    )
    assert len(long) == 13
    record = json.loads(b"".join(client.get("/resultats/pres/donnees/resultats.json").streaming_content))
    assert record["votes"]["La pirogue"] == 310 and record["outcome"]["status"] == "runoff" and record["pack"]["sha256"]
    fields = list(
        csv.reader(
            io.StringIO(
                b"".join(client.get("/resultats/pres/donnees/dictionnaire.csv").streaming_content).decode("utf-8-sig")
            )
        )
    )
    assert [f[0] for f in fields[1:]] == list(rows[0])


def test_the_workbook_opens_and_holds_numbers(client, published):
    import openpyxl

    book = openpyxl.load_workbook(
        io.BytesIO(b"".join(client.get("/resultats/pres/donnees/resultats.xlsx").streaming_content))
    )
    assert book["Bureaux"].max_row == 5 and book["Zones"]["D2"].value == 4


def test_no_exported_cell_can_run_as_a_formula(client, pack_version, supervisor, publisher):
    import openpyxl

    from kalata.country import services as country
    from kalata.people import services as people
    from kalata.people.rules.approval import Decision

    geography = country.own_geography(code="g", name="g", levels=["z"])
    election = country.create_election(
        code="x", name_fr="x", name_en="", pack=pack_version, geography=geography, polling_day=None
    )
    contest = country.create_contest(
        election=election,
        code="inj",
        name_fr="x",
        system={"kind": "plurality"},
        boxes=["registered"],
        options=[{"code": "A", "name": "=1+1"}, {"code": "B", "name": "@x"}],
    )
    bring(
        contest,
        supervisor,
        b"z,b,i,A,B\nKayes,B1,9,1,2\n",
        profile={"station": ["b"], "areas": ["z"], "figures": {"registered": "i"}, "options": ["A", "B"]},
        create="all",
    )
    Station.objects.filter(contest=contest).update(name="=cmd|' /C calc'!A1", centre="-2+3")
    Unit.objects.filter(geography=geography).update(name="@SUM(1)")
    approval = services.ask_publication(contest=contest, reason="x", by=supervisor)
    people.decide_approval(approval_id=approval.pk, to=Decision.APPROVED, by=publisher)
    for name in ("bureaux.csv", "chiffres.csv", "zones.csv", "dictionnaire.csv"):
        body = b"".join(client.get(f"/resultats/inj/donnees/{name}").streaming_content).decode("utf-8-sig")
        assert not [c for row in csv.reader(io.StringIO(body)) for c in row if c.startswith(("=", "@", "-", "+"))], name
    book = openpyxl.load_workbook(
        io.BytesIO(b"".join(client.get("/resultats/inj/donnees/resultats.xlsx").streaming_content))
    )
    assert not [c for sheet in book for row in sheet.iter_rows() for c in row if c.data_type == "f"]


def test_the_public_page_needs_no_script_and_no_other_origin(client, published):
    page = client.get("/resultats/pres/")
    text = page.content.decode()
    assert (
        "<script" not in text
        and 'style="' not in text
        and "http://" not in text.replace("http://www.w3.org", "")
        and "https://" not in text
    )
    assert "default-src 'self'" in page["Content-Security-Policy"] and page["X-Frame-Options"] == "DENY"


def test_the_codes_page_lists_every_check_and_every_refusal(client, pack_version):
    text = client.get("/aide/codes/").content.decode()
    from kalata.refusals import every_refusal
    from kalata.results.rules.checks import CHECKS

    assert [c.code for c in CHECKS if c.code not in text] == []
    assert [r.code for r in every_refusal() if r.__module__.startswith("kalata") and r.code not in text] == []


def test_no_code_is_used_twice(client, pack_version):
    from kalata.refusals import every_refusal

    client.get("/")
    codes = [r.code for r in every_refusal() if r.__module__.startswith("kalata") and "code" in vars(r)]
    assert len(codes) == len(set(codes))  # one that says another more precisely bears its code, by inheriting it


def test_the_archives_point_out_the_figures_that_do_not_add_up(client, pack_version):
    text = client.get("/resultats/archives/ml/REF-2023/").content.decode()
    assert "écart 9." in text and "CC10" in text and "S-MALIWEB" not in text
    leg = client.get("/resultats/archives/ml/LEG-2020/").content.decode()
    assert "9\u202f334" in leg


def test_a_page_that_does_not_exist_says_so_in_the_house(client, pack_version):
    answer = client.get("/nulle-part/")
    assert answer.status_code == 404 and "Cette page n’existe pas" in answer.content.decode()


def test_language_and_appearance_never_send_elsewhere(client, pack_version):
    assert client.get("/langue/en/?suite=https://ailleurs.test/").url == "/"
    assert client.post("/apparence/", {"theme": "dark", "suite": "//ailleurs.test"}).url == "/"


def test_activation_through_the_page(client, administrator):
    from kalata.people import accounts
    from kalata.people import services as people
    from kalata.people.models import Person

    person = people.create_person(username="agent", full_name="Agent", by=administrator)
    code = accounts.issue_activation(person=person, by=administrator)
    good = {
        "username": "agent",
        "code": code,
        "passphrase": "cinq mots vraiment sans lien",
        "again": "cinq mots vraiment sans lien",
    }
    assert client.post("/compte/activer/", {**good, "code": "XXXXX"}).status_code == 422
    assert client.post("/compte/activer/", good).status_code == 302 and Person.objects.get(username="agent").is_active


def test_activation_sheets_come_out_as_a_pdf_once(sign_in, administrator):
    client = sign_in(administrator)
    content = "username,full_name,role\nOP-1,Agent,auditeur\n"
    sent = {"act": "open", "content": content, "reason": "rentrée", "seen": read(content.encode()).seen}
    answer = client.post("/personnes/importer/", sent)
    assert (
        answer["Content-Type"] == "application/pdf"
        and answer.content.startswith(b"%PDF")
        and answer["Cache-Control"] == "no-store"
    )


def test_a_stage_that_a_room_fills_is_never_said_not_to_be_in_the_house(client, pack_version):
    page = client.get("/").content.decode()
    stages = page[page.index('class="cyc"') : page.index("</ol>", page.index('class="cyc"'))].split("<li")
    missing = [s for s in stages if "pas encore dans Kalata" in s]
    assert len(missing) == 1 and "Fichier" in missing[0]
    assert any("Formation" in s and "rien à montrer pour l’instant" in s for s in stages)
    assert any("Scrutin" in s and "rien à montrer pour l’instant" in s for s in stages)
