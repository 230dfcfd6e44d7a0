"""The closing journey of training, on its pages, by keyboard: from a new version of an article to the record of a station.

Chapters of one story in one house; when one fails those after it are skipped. KALATA_SHOTS=folder keeps a picture of each page.
"""

from __future__ import annotations

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import override_settings
from django.utils import timezone
from pypdfium2 import PdfDocument

from tests.browser.tools import axe, fits, open_session
from tests.disputes.browser.journey import NARROW, Desk
from tests.story import _django_db_helper as _django_db_helper
from tests.story import chapters
from tests.story import ledger_lifted_for_the_flush as ledger_lifted_for_the_flush
from tests.training.conftest import POLL

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.django_db(transaction=True)]
STATIONS = [f"KAY-{n:03d}" for n in range(1, 9)]
PEOPLE = {
    "logistique": "logistique-formation", "direction": "direction-formation", "formatrice": "formation-nationale", "certif-1": "certification",
    "certif-2": "certification", "cellule": "cellule-pedagogique", "relecture": "relecture-juridique", "agents": "coordination-agents",
    "plis": "coordination-agents", "nominations": "autorite-nomination",
}  # fmt: skip
VENUES = "area,venue,rooms,language\nML-KAY,École A,1,bambara\n"
PAIRS = "pair,home,scope,languages,trainers\nP1,ML-KAY,area,bambara,formatrice\n"
OLD, NEW = "LE-06-044/art.92", "LE-2022-019/art.92"
HEAD = {
    "id": "essai", "title": {"fr": "Essai", "en": "Trial"}, "pack": "ml", "on": "2027-02-28",
    "parameters": {"station.quorum": {"fr": "trois", "en": "three"}},
}  # fmt: skip


def step(n, words, **more):
    return {"id": f"DEP.{n}", "do": {"fr": words, "en": words}, "practice": True, **more}


def items(n, count, right="oui"):
    answers = [{"text": {"fr": w, "en": w}, "fraction": str(int(w == right))} for w in ("oui", "non")]
    return [
        {"id": f"I-{n}-{k}", "step": f"DEP.{n}", "kind": "choice", "text": {"fr": f"Question {n}.{k} ?", "en": f"Question {n}.{k}?"}, "answers": answers}
        for k in range(1, count + 1)
    ]  # fmt: skip


def count_procedure():
    """How the count is done before the change: its decisive step rests on the old article."""
    first = step(1, "Ouvrez l’urne devant les délégués.", critical=True, card=True)
    first.pop("practice")
    first["basis"] = [{"article": OLD, "version": "2006-09-04", "confidence": "text seen"}]
    return {
        "id": "DEP", "title": {"fr": "Dépouiller", "en": "Count"}, "roles": ["assessors"], "phase": "count",
        "steps": [first, step(2, "Comptez les bulletins à voix haute.")], "items": [*items(1, 4), *items(2, 8)],
    }  # fmt: skip


class House:
    """The server, each person's browser, the day it is, and what was learned on the way."""

    def __init__(self, browser, server, folder, patch) -> None:
        self.browser, self.server, self.folder, self.patch = browser, server, folder, patch
        self.desks: dict[str, Desk] = {}
        self.looked: set[str] = set()
        self.known = SimpleNamespace()

    def __call__(self, who: str) -> Desk:
        from kalata.people.models import Person

        if who not in self.desks:
            self.desks[who] = Desk(self.browser, self.server.url, self.looked)
            if who != "inconnu":
                open_session(self.desks[who].page, self.server, Person.objects.get(username=who))
        return self.desks[who]

    def signed(self, who: str) -> None:
        """Another person reads the request that waits, and approves it."""
        self(who).go("/personnes/approbations/").follow("D-").press("Approuver et faire")

    def away(self):
        """A telephone without a network."""
        return self.browser.new_context(viewport=NARROW, locale="fr-FR", offline=True, accept_downloads=True)


@pytest.fixture(scope="module")
def house(browser, django_db_setup, django_db_blocker, tmp_path_factory):
    from pytest_django.live_server_helper import LiveServer

    from tests.house import ready

    folder, patch = tmp_path_factory.mktemp("school"), pytest.MonkeyPatch()
    places = {"MEDIA_ROOT": folder / "media", "BADGE_KEY": folder / "keys" / "issuer.key", "BADGE_PASSPHRASE": "quatre mots pris au hasard"}  # fmt: skip
    with django_db_blocker.unblock(), override_settings(**places):
        raise_curtain()
        server = LiveServer("localhost")
        one = House(browser, server, folder, patch)
        yield one
        server.stop()
        patch.undo()
        ready.database_again()
        faults = {who: d.faults for who, d in one.desks.items() if d.faults}
        for desk in one.desks.values():
            desk.context.close()
        assert not faults


in_order = chapters()


def raise_curtain() -> None:
    """A vote, eight stations whose people are appointed, and how the count is done before the change."""
    from kalata.country import services as country
    from kalata.country.models import Geography, Station, Unit
    from kalata.training.models import ManualSource, Procedure, ProcedureVersion
    from kalata.training.services import posts_opening
    from tests.conftest import BOXES, LISTS, make_person, mali
    from tests.training.conftest import VERSIONS, appointed

    version, geography = country.load_pack_version(mali()), Geography.objects.get(code="ml-2015")
    who = {name: make_person(name, role) for name, role in PEOPLE.items()}
    election = country.create_election(
        code="pres-27", name_fr="Présidentielle 2027", name_en="Presidential 2027", pack=version, geography=geography, polling_day=POLL
    )  # fmt: skip
    contest = country.create_contest(
        election=election, code="pres-27-1", name_fr="Présidentielle, tour 1", name_en="Presidential, round 1",
        system=dict(version.pack.engine_systems()["ML-PRES"]), boxes=BOXES, options=[{"name": n} for n in LISTS],
    )  # fmt: skip
    kayes = Unit.objects.get(code="ML-KAY", geography=geography)
    for code in STATIONS:
        Station.objects.create(contest=contest, code=code, unit=kayes, registered=471)
    posts_opening.open_posts(contest=contest, versions=VERSIONS, by=who["agents"])
    appointed(contest, who["agents"], who["nominations"], *STATIONS)
    procedure = Procedure.objects.create(
        source=ManualSource.objects.create(code="essai", head=HEAD), code="DEP", file="dep.yaml"
    )
    ProcedureVersion.objects.create(
        procedure=procedure, number=1, state="approved", content=count_procedure(), sha256="1" * 64, title_fr="Dépouiller", title_en="Count",
        phase="count", roles="|assessors|", reviewed_by=who["certif-1"], tested_by=who["cellule"], approved_by=who["certif-2"],
    )  # fmt: skip


def form_of(desk: Desk, button: str):
    """The form of this button."""
    return desk.page.locator("form", has=desk.page.get_by_role("button", name=button)).last


def act(desk: Desk, button: str, **boxes: str) -> Desk:
    """Fill in the form of a button and press it. A box whose words are no name of Python: Motif."""
    form = form_of(desk, button)
    for label, text in boxes.items():
        desk.write(label, text, form)
    return desk.press(button, form)


# --- 1 ------------------------------------------------------------------------------------------------------------
def test_01_a_new_version_of_an_article_changes_how_the_count_is_done(house):
    desk = house("cellule").go(f"/formation/procedures/incidence/?article={OLD}@2006-09-04", "impact")
    desk.says("DEP.1", "I-1-1").write("Version nouvelle", "2022-06-24").press("Ouvrir les tâches").says(
        "1 tâche attend"
    )
    desk.follow("DEP").says("2022-06-24").press("Ouvrir un brouillon").look("fiche")
    desk.follow("Modifier le brouillon").write(
        "Faire, en français", "Ouvrez l’urne devant les délégués et montrez-la vide après."
    )
    desk.write("Faire, en anglais", "Open the box before the agents and show it empty afterwards.")
    desk.write("Textes, un par ligne", f"{NEW}@2022-06-24").press("Enregistrer").look("editor")
    desk.follow("La procédure").says(NEW, "montrez-la vide après")
    house.known.version = desk.page.url.removeprefix(house.server.url)


def test_02_the_reviewer_reads_the_text_and_the_second_person_approves_the_exact_difference(house):
    at = house.known.version
    desk = house("relecture").go(at).write("Où vous l’avez lu", "JO, page 12").press("Je l’ai lu").says("vérifié par")
    act(desk, "Dire les textes conformes", Motif="relu mot à mot")
    act(house("cellule").go(at), "Dire la procédure éprouvée", Motif="essayée avec six agents")
    act(house("cellule").go(at), "Demander l’approbation", Motif="article nouveau")
    house.signed("relecture")
    house("cellule").go(at, "approved").says("Approuvée par", "relecture")


# --- 2 ------------------------------------------------------------------------------------------------------------
def test_03_manual_card_and_quiz_are_made_again_of_the_new_page(house):
    desk = (
        house("cellule")
        .go("/formation/manuels/", "manuals")
        .choose("Fonction", "Assesseurs", form_of(house("cellule"), "Faire les pièces"))
    )
    desk.press("Faire les pièces")
    for _try in range(60):
        if "manual.assessors.fr.pdf" in desk.page.content():
            break
        desk.page.wait_for_timeout(500)
        desk.page.reload()
    desk.look("pieces").says("DEP · Dépouiller")
    for name in (
        "manual.assessors.fr.pdf",
        "card.assessors.fr.pdf",
        "quiz.assessors.fr.A.pdf",
        "quiz.assessors.fr.scorm.zip",
    ):
        assert name in desk.page.content(), name
    told = desk.fetch("manual.assessors.fr.html", house.folder / "manuel.html", "link").read_text("utf-8")
    assert "montrez-la vide après" in told
    house.known.pieces = desk.page.url.removeprefix(house.server.url)
    desk.go("/formation/epreuves/", "tests")
    for label, text in (
        ("Source", "essai"),
        ("Manuel de la fonction", "assessors"),
        ("Attestation à laquelle elle mène", "assessor"),
        ("Langue", "fr"),
        ("Version des procédures", "1"),
    ):
        desk.write(label, text)
    desk.press("Faire les deux formes").says("en service")
    desk = house("logistique").go(house.known.pieces)
    desk.write("Numéro du bon d’impression", "T-1").write("Exemplaires", "40").press("Inscrire le tirage").look(
        "run"
    ).says("40")
    house.known.run = desk.page.url.removeprefix(house.server.url)


# --- 3 ------------------------------------------------------------------------------------------------------------
def test_04_a_staff_list_comes_in_seven_days_do_not_hold_and_a_way_out_is_taken(house):
    last = POLL - timedelta(days=6)
    posts = ("president", *(f"assessor-{n}" for n in (1, 2, 3, 4)))
    staff = "station,position,name\n" + "\n".join(f"{s},{p},à nommer" for s in STATIONS for p in posts)
    files = {"lieux.csv": VENUES, "binomes.csv": PAIRS, "agents.csv": staff}
    for name, text in files.items():
        (house.folder / name).write_text(text, "utf-8")
    desk = house("logistique").go("/formation/plans/nouveau/", "new-plan").write("Nom du plan", "Sept jours")
    for label, text in (
        ("Premier jour", (last - timedelta(days=6)).strftime("%d/%m/%Y")), ("Dernier jour", last.strftime("%d/%m/%Y")), ("Taille des classes", "5"),
        ("Jours d’une classe", "1"), ("Réserve, en pour cent", "0"), ("Jours perdus d’un lieu à l’autre", "0"),
    ):  # fmt: skip
        desk.write(label, text)
    desk.give("Liste d’agents", house.folder / "agents.csv").give("Lieux :", house.folder / "lieux.csv").give(
        "Binômes :", house.folder / "binomes.csv"
    )
    desk.press("Calculer et garder").look("no-hold").says(
        "Le plan ne tient pas", "Les lignes qui s’opposent", "ML-KAY", "Sorties", "Classes sans place : 1"
    )
    assert desk.page.get_by_role("button", name="Demander la signature").count() == 0
    row = (
        desk.page.locator("tr", has_text="taille des classes")
        .or_(desk.page.locator("tr", has_text="Classes plus grandes"))
        .first
    )
    desk.press("Prendre", row).look("holds").says("Le plan tient")
    act(desk, "Demander la signature", **{"Ce qui a été relu": "listes relues"})
    house.signed("direction")


# --- 4 ------------------------------------------------------------------------------------------------------------
def test_05_a_trainer_runs_the_class_without_a_network_photographs_the_sheets_and_sends_all_twice(house):
    from kalata.training.models import PrintRun, TestForm, TrainingClass
    from kalata.training.queries import classes as queries

    lesson = max(TrainingClass.objects.order_by("code"), key=lambda c: c.seats.filter(role="assessor").count())
    house.patch.setattr(queries, "today", lambda: lesson.first)
    house.known.lesson, here = lesson, f"/formation/seances/{lesson.pk}/"
    desk = house("logistique").go(house.known.run)
    desk.write("Séance", lesson.code).write("Compte du formateur", "formatrice").write("Exemplaires", "6")
    desk.write("Le", lesson.first.strftime("%d/%m/%Y"), form_of(desk, "Noter la remise")).press("Noter la remise").says(
        lesson.code
    )
    assert PrintRun.objects.get().handovers.count() == 1
    form, seats = TestForm.objects.get(letter="A"), list(lesson.seats.filter(role="assessor").order_by("seat"))
    right = "".join(row["right"] for row in form.rows)
    decisive = next(n for n, row in enumerate(form.rows) if row["critical"])
    spoilt = right[:decisive] + ("A" if right[decisive] == "B" else "B") + right[decisive + 1 :]
    failed, photos = seats[0].seat, [s.seat for s in seats[:2]]
    desk = house("formatrice").go(here, "class")
    taken = desk.fetch("Page sans réseau", house.folder / "seance.html", "link")
    entries = without_network(
        house, taken, lesson, seats, {s.seat: right for s in seats if s.seat not in photos}, form.mark
    )
    desk.give("Saisie hors ligne", entries).press("Envoyer").says("copies attendent")
    desk.give("Feuille d’émargement signée", picture(house.folder / "feuille.jpg")).press("Séance tenue")
    for _twice in range(2):
        desk.give("Saisie hors ligne", entries).press("Envoyer")
    assert lesson.seats.filter(papers__isnull=False).count() == len(seats) - 2
    pdf = desk.fetch(f"({form.mark})", house.folder / "reponses.pdf", "link").read_bytes()
    sheets = [
        photographed(house.folder / f"photo-{s}.jpg", pdf, lesson, form, s, spoilt if s == failed else right)
        for s in photos
    ]
    desk.give("Feuilles de réponses, photographiées", *sheets).press("Lire les feuilles")
    desk.says(
        " · Assesseur",
        "Feuilles de réponses Assesseurs, forme A",
        "feuille lue : ",
        "1 décisive manquée",
        "à reprendre une fois",
    ).look("class-held")
    house.known.failed, house.known.passed = failed, [s.seat for s in seats[1:]]


def without_network(house, taken, lesson, seats, papers, mark):
    """The page that was taken away, on a telephone: who came, the code each wrote on the sheet, papers typed; then its file."""
    from kalata.training.queries import classes as queries

    away = house.away()
    page = away.new_page()
    page.goto(taken.as_uri())
    assert fits(page) and axe(page) == []
    for s in seats:
        box = page.get_by_role("group", name=re.compile(rf"^Place {s.seat}\b"))
        box.get_by_label("présent, a signé").press("Space")
        box.get_by_label("Code du jour").focus()
        page.keyboard.type(queries.day_code(lesson, lesson.first, queries.holder(s).code))
        if s.seat in papers:
            box.locator("summary").press("Enter")
            box.get_by_label("Épreuve").focus()
            while mark not in box.get_by_label("Épreuve").locator("option:checked").inner_text():
                page.keyboard.press("ArrowDown")
            box.get_by_label("Réponses").focus()
            page.keyboard.type(papers[s.seat].lower())
    assert f"présents : {len(seats)}" in page.locator("#said").inner_text()
    assert f"avec les deux preuves : {len(seats)}" in page.locator("#said").inner_text()
    with page.expect_download() as coming:
        page.get_by_role("button", name="Prendre le fichier").press("Enter")
    coming.value.save_as(house.folder / "saisie.csv")
    page.reload()  # a telephone that went out: the file takes the class up again
    page.get_by_label("Reprendre depuis un fichier").set_input_files(str(house.folder / "saisie.csv"))
    page.get_by_text(f"avec les deux preuves : {len(seats)}").wait_for()
    away.close()
    return house.folder / "saisie.csv"


def picture(to):
    from PIL import Image

    Image.new("L", (80, 80), 200).save(to, "JPEG")
    return to


def photographed(to, pdf, lesson, form, seat, answers):
    """The printed answer sheet of this seat, filled in with a pen and photographed aslant."""
    from PIL import Image, ImageDraw

    from kalata.training.sheets import geometry

    own = [s.seat for s in lesson.seats.order_by("seat") if not s.role or s.role == form.certificate]
    with PdfDocument(pdf) as pages:
        sheet = pages[own.index(seat)].render(scale=150 / 72, grayscale=True).to_pil().convert("L")
    unit, draw = 150 / 25.4, ImageDraw.Draw(sheet)
    for row, letter in enumerate(answers):
        x, y = (v * unit for v in geometry.bubble(row, form.rows[row]["letters"].index(letter)))
        draw.ellipse([x - 2.2 * unit, y - 2.2 * unit, x + 2.2 * unit, y + 2.2 * unit], fill=40)
    sheet.rotate(2, resample=Image.Resampling.BICUBIC, fillcolor=230).save(to, "JPEG", quality=85)
    return to


# --- 5 ------------------------------------------------------------------------------------------------------------
def test_06_who_missed_the_decisive_item_is_not_certified_and_the_others_are_by_two_others(house):
    from kalata.training.models import Certificate

    lesson = house.known.lesson
    here = f"/formation/seances/{lesson.pk}/"
    house("formatrice").go(here).unfold("Arrêter les résultats").says("1 personne a encore sa reprise").press("Arrêter les résultats")
    assert house("formatrice").page.get_by_role("button", name="Demander la signature").count() == 0
    desk = house("certif-1").go(here).says(f"{len(house.known.passed)} personnes reçues")
    act(desk, "Demander la signature", **{"Ce qui a été relu": "résultats relus"})
    house.signed("certif-2")
    held = Certificate.objects.filter(seat__training_class=lesson).order_by("seat__seat")
    assert [c.seat.seat for c in held] == house.known.passed
    house.known.certificate = held[0]
    house("certif-1").go(f"/formation/attestations/gerer/{held[0].pk}/", "certificate").says(held[0].number)


# --- 6 ------------------------------------------------------------------------------------------------------------
def test_07_a_stranger_checks_the_badge_without_a_network(house):
    one = house.known.certificate
    badge = house("certif-1").fetch("Badge (JWT)", house.folder / "badge.jwt", "link")
    desk = house("inconnu").go("/formation/attestations/", "check")
    offline = desk.fetch("Page de vérification hors ligne", house.folder / "verifier.html", "link")
    listed = desk.fetch("Liste des retraits", house.folder / "liste.jwt", "link")
    desk.write("Numéro de l’attestation", one.number).press("Vérifier").says(
        one.number, "Cette attestation est valable"
    )
    assert one.agent.name not in desk.page.content()
    away = house.away()
    page = away.new_page()
    page.goto(offline.as_uri())
    page.get_by_label("ou son fichier").set_input_files(str(badge))
    page.get_by_label("Liste des attestations retirées").set_input_files(str(listed))
    page.get_by_label("Vérifier au").fill(str(timezone.localdate()))
    page.get_by_role("button", name="Vérifier").press("Enter")
    page.get_by_text("Cette attestation est valable.").wait_for()
    assert fits(page) and axe(page) == [] and page.get_by_text("Non vérifié").count() == 0
    away.close()


# --- 7 ------------------------------------------------------------------------------------------------------------
def test_08_a_president_is_replaced_by_code_and_the_record_says_who_counted_trained_by_whom_with_which_page(house):
    from kalata.people.models import Person
    from kalata.training.models import PrintRun
    from kalata.training.services import posts_day

    house.patch.setattr(posts_day, "today", lambda: POLL)
    one = house.known.certificate
    own = one.agent.posts.get()
    station, contest = own.station, own.contest
    codes = posts_day.make_codes(contest=contest, by=Person.objects.get(username="plis"))
    code = next(c for body, _n, c in codes if body == station.code)
    desk = house("agents").go(f"/postes/{contest.code}/bureaux/{station.pk}/")
    for post in station.posts.filter(head=False):
        box = desk.page.locator(f"input[name=present][value='{post.pk}']")
        box.focus()
        desk.page.keyboard.press("Space")
    act(desk, "Noter la présence", **{"Dit par": "le premier assesseur", "À": "07:00"})
    desk.look("station").says("4 présents sur 5")
    said = {"Code dicté par le bureau": code, "Nom du remplaçant": "Une électrice", "Numéro sur la liste": "217", "Heure de la décision": "07:12",
            "Décidé par": "coordination", "Serment prêté devant": "un délégué"}  # fmt: skip
    act(desk, "Enregistrer l’acte", **said).says("5 présents sur 5", "217")
    page = next(p["code"] for p in PrintRun.objects.get().pages if p["procedure"] == "DEP")
    desk.follow("Qui a compté").look("record")
    desk.says(
        "Une électrice",
        "électeur n° 217",
        one.number,
        page,
        "un binôme de formateurs",
        "5 personnes ont siégé et compté",
    )
    paper = desk.page.request.get(f"{desk.url}/postes/{contest.code}/bureaux/{station.pk}/fiche/?sortie=pdf")
    assert paper.status == 200 and paper.body()[:5] == b"%PDF-" and len(paper.body()) > 5_000
