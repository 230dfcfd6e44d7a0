"""The closing journey of the operational plan, on the real 137 activities: from a plan made in the wizard to papers that say its francs.

Chapters of one story in one house; when one fails those after it are skipped. KALATA_SHOTS=folder keeps a picture of each page.
"""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, timedelta
from types import SimpleNamespace

import icalendar
import pytest
from django.test import override_settings
from django.utils import timezone
from openpyxl import load_workbook
from pypdfium2 import PdfDocument

from tests.browser.tools import fits, open_session
from tests.disputes.browser.journey import NARROW, Desk
from tests.story import _django_db_helper as _django_db_helper
from tests.story import chapters
from tests.story import ledger_lifted_for_the_flush as ledger_lifted_for_the_flush

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.django_db(transaction=True)]
J1, OTHER = "2027-06-06", "2027-06-20"
PEOPLE = {
    "cellule": "cellule-planification", "finances": "finances", "comite": "comite-pilotage", "marches": "marches", "bailleur": "bailleur",
}  # fmt: skip


class House:
    """The server, each person's browser, and what was learned on the way."""

    def __init__(self, browser, server, folder) -> None:
        self.browser, self.server, self.folder = browser, server, folder
        self.desks: dict[str, Desk] = {}
        self.looked: set[str] = set()
        self.known = SimpleNamespace()

    def __call__(self, who: str) -> Desk:
        from kalata.people.models import Person

        if who not in self.desks:
            self.desks[who] = Desk(self.browser, self.server.url, self.looked)
            open_session(self.desks[who].page, self.server, Person.objects.get(username=who))
        return self.desks[who]


@pytest.fixture(scope="module")
def house(browser, django_db_setup, django_db_blocker, tmp_path_factory):
    from pytest_django.live_server_helper import LiveServer

    from tests.house import ready

    folder = tmp_path_factory.mktemp("plan")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=folder / "media"):
        raise_curtain()
        server = LiveServer("localhost")
        one = House(browser, server, folder)
        yield one
        server.stop()
        ready.database_again()
        faults = {who: d.faults for who, d in one.desks.items() if d.faults}
        for desk in one.desks.values():
            desk.context.close()
        assert not faults


in_order = chapters()


def raise_curtain() -> None:
    """An election, and people of the roles: nothing of the plan is made."""
    from kalata.country import services as country
    from kalata.country.models import Geography, Unit
    from tests.conftest import make_person, mali

    version = country.load_pack_version(mali())
    geography = Geography.objects.get(code="ml-2015")
    for name, role in PEOPLE.items():
        make_person(name, role)
    make_person("gao", "coordination-region", unit=Unit.objects.get(code="ML-GAO", geography=geography))
    country.create_election(
        code="pres-27", name_fr="Présidentielle 2027", name_en="Presidential 2027", pack=version, geography=geography,
        polling_day=date.fromisoformat(J1),
    )  # fmt: skip


def digits(text: str) -> str:
    return re.sub(r"\s", "", text)


def version(number: int):
    from kalata.planning.models import PlanVersion

    return PlanVersion.objects.get(plan__code="pres-27", number=number)


def test_01_a_planner_makes_the_plan_from_the_pack_and_the_texts_that_conflict_are_said(house):
    desk = house("cellule").go("/planification/", "plans")
    desk.write("Nom du plan", "Présidentielle").write("Nom court, dans les adresses", "pres-27").choose(
        "Élection", "Présidentielle 2027"
    )
    desk.choose("Tours", "deux tours").write("Premier jour du plan", "2026-01-05").write(
        "Jour du scrutin envisagé", J1
    ).press("Faire le plan")
    desk.look("workshop").says(
        "sur 137", "Des textes en vigueur ne disent pas la même date", "art. 152", "Constitution du"
    )
    submitted(desk, "première version")


def submitted(desk: Desk, why: str) -> None:
    desk.follow("Version : différence, signatures").unfold("Soumettre à l’approbation")
    desk.write("Motif", why).press("Soumettre à l’approbation")


def approved(house, number: int, what: str) -> None:
    """Two others: finance reads it and endorses, the committee decides on the shared page."""
    desk = house("finances").go(f"/planification/{version(number).pk}/version/")
    desk.unfold("Viser").write("Ce qui a été vérifié", what).press("Viser")
    house("comite").go("/personnes/approbations/").follow("D-").press("Approuver et faire")
    assert version(number).state == "approved"


def test_02_two_others_approve_the_first_version(house):
    approved(house, 1, "coûts relus")


def test_03_a_cycle_pasted_from_a_spreadsheet_is_refused_in_words_with_its_path(house):
    desk = house("cellule").go("/planification/").press("Ouvrir un brouillon depuis la version approuvée")
    was = version(2).activities.get(code="L01")
    table = "id\tdur_likely\tdur_unit\tpredecessors\nL01\t5\twd\tL03\n"
    box = desk.box("Tableau copié, titre compris")
    box.focus()
    desk.page.keyboard.insert_text(table)
    desk.press("Coller", status=422)
    desk.says("PLN-101", "→")
    names = dict(version(2).activities.values_list("code", "name_fr"))
    desk.says(names["L01"], names["L03"])
    assert version(2).activities.get(code="L01") == was


def test_03_a_bar_dragged_along_its_row_shifts_its_activity_and_onto_another_row_links_them(house):
    from kalata.planning.queries import content

    two = version(2)
    page, before = house("cellule").go(f"/planification/{two.pk}/").page, content.sha256(two)

    def drag(code: str, onto: str = "") -> None:
        bar = page.locator(f"#{code} td.g .gb").first
        bar.scroll_into_view_if_needed()
        box = bar.bounding_box()
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.mouse.down()
        to = page.locator(f"#{onto} th").bounding_box() if onto else None
        page.mouse.move(*((to["x"] + 40, to["y"] + to["height"] / 2) if to else (box["x"] + box["width"] / 2 + 30, box["y"] + 4)), steps=3)
        with page.expect_navigation():
            page.mouse.up()
        page.wait_for_load_state()

    drag("L02")
    assert two.links.get(pred__code="L01", succ__code="L02").lag > 0
    drag("L02", onto="L06")
    assert two.links.filter(pred__code="L02", succ__code="L06").exists()
    for _again in range(2):
        with page.expect_navigation():
            page.keyboard.press("Control+z")
    assert content.sha256(two) == before


def test_04_another_polling_day_is_tried_article_152_conflicts_and_the_change_is_asked(house):
    pk = version(2).pk
    desk = house("cellule").go(f"/planification/{pk}/")
    desk.write("Autre jour du scrutin", OTHER).press("Essayer")
    desk.look("moving").says("art. 152", "Constitution", "Il manque", "Rien n’est enregistré")
    desk.press("Déplacer le scrutin")
    submitted(desk, "scrutin deux semaines plus tard")
    desk.go(f"/planification/{pk}/version/", "version")
    desk.says(
        "Chance que tout soit prêt pour le scrutin du 20 juin 2027",
        "Coût probable, francs",
        "29 062",
        "scrutin deux semaines plus tard",
    )
    assert str(version(2).j1) == OTHER


def test_05_two_others_approve_the_change_and_the_first_plan_is_superseded(house):
    approved(house, 2, "effet relu")
    assert version(1).state == "superseded"


def test_06_the_cards_are_followed_from_their_driver_to_their_payment(house):
    """What was promised, received and paid is of the demonstration; the chain is walked by links alone."""
    from kalata.people.models import Person
    from kalata.planning import demonstration_money

    cast = {
        name: Person.objects.get(username=who)
        for name, who in (("finances", "finances"), ("marches", "marches"), ("pilotage", "comite"))
    }
    demonstration_money.told(version(2).plan, cast)
    desk = house("finances").go(f"/planification/budget/?version={version(2).pk}").follow("Tout déplier")
    desk.follow("E11", exact=True).look("budget")
    desk.says(
        "cartes = 9 000 000", "5 400 000 000", "604 Cartes et matériel électoral", "Etat", "1 620 000 000", "payé"
    )
    desk.follow("Cartes : Acompte, 30 %").look("payment").says(
        "1 620 000 000 francs", "604 Cartes", "pièce inventée (exercice)"
    )
    desk.follow("E11", exact=True).says("9 000 000")
    desk.go(f"/planification/promesses/{version(2).plan.funders.get(code='Etat').pledges.get().pk}/").look(
        "pledge"
    ).unfold("Clore cette promesse")
    desk.says("Francs reçus : 12 000 000 000 ; convenus : 16 000 000 000", "qui ne viendront plus : 4 000 000 000")


def priced(book: bytes, old: int, new: int) -> bytes:
    """The workbook with one price typed over: nothing else of the file is touched."""
    found = [
        (n, cell.coordinate)
        for n, sheet in enumerate(load_workbook(io.BytesIO(book)), 1)
        for row in sheet.iter_rows()
        if any(c.value == "E11" for c in row)
        for cell in row
        if cell.value == old
    ]
    at, place = found[0]
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as was, zipfile.ZipFile(out, "w") as made:
        for name in was.namelist():
            data = was.read(name)
            if name.endswith(f"sheet{at}.xml"):
                data, n = re.subn(rf'(<c r="{place}"[^>]*><v>){old}(</v>)'.encode(), rf"\g<1>{new}\g<2>".encode(), data)
                assert n == 1
            made.writestr(name, data)
    return out.getvalue()


def test_07_the_finance_officer_reads_her_own_spreadsheet_back(house):
    house("cellule").go("/planification/").press("Ouvrir un brouillon depuis la version approuvée")
    pk = version(3).pk
    desk = house("finances").go(f"/planification/budget/?version={pk}")
    book = desk.fetch("Classeur à formules (XLSX)", house.folder / "budget.xlsx", "link")
    own = house.folder / "budget-finances.xlsx"
    own.write_bytes(priced(book.read_bytes(), 600, 610))
    desk.follow("Relire ce classeur").look("importing").give("Fichier", own).press("Essayer")
    desk.says("Ce fichier changerait 1 case", "prix probable", "600", "610", "+90 000 000").press(
        "Enregistrer dans ce brouillon"
    )
    desk.go(f"/planification/budget/?version={pk}&ligne=E11").says("5 490 000 000")


def test_08_a_coordinator_of_gao_says_progress_without_network_and_it_merges(house):
    from kalata.country.models import Unit
    from kalata.people.models import Person
    from kalata.planning.models import Progress
    from kalata.planning.services import talking

    here, plan = "/planification/avancement/hors-reseau/", version(2).plan
    desk = house("gao").go(here, "offline")
    taken = desk.fetch("Télécharger la page", house.folder / "avancement.html")
    away = house.browser.new_context(viewport=NARROW, locale="fr-FR", offline=True, accept_downloads=True)
    page = away.new_page()
    page.goto(taken.as_uri())
    assert fits(page)
    for code, percent in (("L05", "80"), ("P08", "40")):
        page.locator(f"#{code} > summary").press("Enter")
        box = page.locator(f"#{code} [name=percent]")
        box.focus()
        page.keyboard.type(percent)
    with page.expect_download() as coming:
        page.locator("#save").press("Enter")
    coming.value.save_as(house.folder / "avancement.csv")
    away.close()
    gao, today = Unit.objects.get(code="ML-GAO", geography=plan.election.geography), timezone.localdate()
    talking.say_progress(
        plan=plan,
        code="L05",
        unit=gao,
        on=today,
        percent=30,
        started=None,
        finished=None,
        note="",
        by=Person.objects.get(username="gao"),
    )
    desk.give("Fichier", house.folder / "avancement.csv").press("Lire ce fichier").says(
        "1 activité dite autrement", "80 %", "30 %", "Rien n’est enregistré encore"
    )
    desk.tick("le fichier est juste").press("Enregistrer ces lignes").says("2 lignes enregistrées")
    last = {p.code: p.percent for p in Progress.objects.order_by("pk")}
    assert last == {"L05": 80, "P08": 40}


def test_09_the_papers_and_the_calendar_open_and_agree_with_the_screen_to_the_franc_and_the_day(house):
    from kalata.planning.queries.schedule import dates

    one = version(2)
    desk = house("comite").go(f"/planification/{one.pk}/version/")
    said = desk.said()
    francs = digits(re.search(r"Coût probable, francs\s+([^\n]+)", said, re.I)[1])
    last = re.search(r"Dernier jour du plan\s+(\S+)", said, re.I)[1]
    screen = dates(one)
    assert len(francs) == 11 and last == screen.last(screen.schedule.target).strftime("%-d/%m/%Y").zfill(len(last))

    def got(address: str) -> bytes:
        answer = desk.page.request.get(f"{desk.url}/planification/{one.pk}/{address}")
        assert answer.status == 200, address
        return answer.body()

    def text(pdf: PdfDocument) -> str:
        return digits(" ".join(page.get_textpage().get_text_range() for page in pdf))

    with PdfDocument(got("papier/livre.pdf?langue=fr")) as book:
        words = text(book)
        assert francs in words and one.sha256[:12] in words
    at = screen.places["A05"]
    poll = screen.start(at)
    assert str(poll) == OTHER
    with PdfDocument(got("papier/gantt.pdf?langue=fr")) as wall:
        assert [round(n / 72 * 25.4) for n in wall[0].get_size()] == [420, 297] and "A05" in text(wall)
    with PdfDocument(got("papier/affiche.pdf?langue=fr")) as poster:
        assert "20juin2027" in text(poster) or "20/06/2027" in text(poster) or "2027-06-20" in text(poster)
    told = icalendar.Calendar.from_ical(got("fichier/ics")).walk("VEVENT")
    events = {str(e["SUMMARY"]).split(" ")[0]: e for e in told if e.get("STATUS") != "TENTATIVE"}
    assert len(events) < len(told)  # beside them the feasts that are estimated, each over all its days
    assert {code: (e.start, e.end) for code, e in events.items()} == {
        code: (screen.start(i), max(screen.last(i), screen.start(i)) + timedelta(days=1)) for code, i in screen.places.items() if code in events
    }  # fmt: skip
    assert "A05" in events and len(events) > 100
