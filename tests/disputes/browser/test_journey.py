"""The closing journey of the Court, from a prefecture without network to a citizen who verifies: chapters of one story.

They share one house and follow one another; when one fails those after it are skipped. `pytest -k journey -x` stops there,
and KALATA_SHOTS=folder keeps a picture of each page. What is by nature a command is run as one; all else is on the pages.
"""

from __future__ import annotations

import hashlib
import json
import re
from datetime import timedelta

import pytest
from django.test import override_settings
from django.utils import timezone

from tests.disputes.browser.journey import CONTEST, JUDGES, LISTS, ROWS, SHORT, Clock, Desk, House, raise_curtain
from tests.story import _django_db_helper as _django_db_helper
from tests.story import chapters
from tests.story import ledger_lifted_for_the_flush as ledger_lifted_for_the_flush

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def house(browser, django_db_setup, django_db_blocker, tmp_path_factory):
    from pytest_django.live_server_helper import LiveServer

    from kalata.disputes.signing import authority
    from kalata.disputes.signing import court as signing
    from tests.house import ready

    folder = tmp_path_factory.mktemp("court")
    patch = pytest.MonkeyPatch()
    patch.setenv("KALATA_COURT_PASSPHRASE", "huit mots au hasard et huit autres mots encore")
    places = {"COURT_KEYS": folder / "keys", "COUNTER_KEYS": folder / "counters", "MEDIA_ROOT": folder / "media"}
    with django_db_blocker.unblock(), override_settings(**places):
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
        ready.database_again()
        one.close()


in_order = chapters()


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
    to_court = house.kalata("disputes", "counter", "court").strip()
    opened = laptop.kalata(
        "disputes", "counter", "open", "SEGP", "--name", "Préfecture de Ségou", "--court-key", to_court
    )
    key = opened.split()[1]
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
    assert number.encode() not in lot.read_bytes() and b"lot.json" in lot.read_bytes()
    desk.give("Lot signé d’un guichet", lot).press("Fusionner").says("1 requête nouvelle sur 1", "chiffré")
    desk.give("Lot signé d’un guichet", lot).press("Fusionner").says("rien n’a changé")
    desk.go("/contentieux/greffe/", "registry").says(number)


def test_03_a_lawyer_files_online_in_two_sittings(house):
    desk = house("avocate").go("/contentieux/mes-affaires/", "mine").follow("Déposer une requête").look("file")
    petition_by_keyboard(
        desk, petitioner="La calebasse", stations="SEG-002\nSEG-003", paper=house.paper("requete-avocate")
    )
    desk.press("Garder le brouillon").says("Il n’est pas déposé", "requete-avocate.pdf").look("my-draft")
    desk.write("Objet, en quelques mots", "Présidents remplacés").press("Déposer maintenant")
    number = house.known["online"] = f"{YEAR}-{SHORT}-WEB-000001"
    desk.says(number).look("my-case")
    assert desk.fetch("Récépissé", house.folder / "web.pdf", role="link").read_bytes().startswith(b"%PDF")


def case(house: House, who: str, tail: str = "") -> Desk:
    return house(who).go(f"/contentieux/affaires/{house.known['offline']}/{tail}")


def step(desk: Desk, button: str, **boxes: str) -> Desk:
    """An act on a case: its button opens its panel, whose boxes are filled and sent."""
    desk.follow(button)
    panel = desk.page.locator("#acte")
    for label, words in boxes.items():
        desk.write({"document": "Acte ou document", "why": "Motif"}[label], words, within=panel)
    return desk.press(button, within=panel).says("Enregistré.")


def test_04_the_registrar_enrols_joins_and_serves_and_the_adversary_answers_online(house):
    lead, second = house.known["offline"], house.known["online"]
    desk = house("greffe").go("/contentieux/role/", "docket")
    desk.tick(f"Cocher {lead}").tick(f"Cocher {second}").press("Enrôler")
    desk.tick(f"Cocher {lead}").tick(f"Cocher {second}").press("Mettre en recevabilité")
    desk.go("/contentieux/role/jonctions/", "proposals").says(lead, second)
    desk.write("Motif de la jonction", "Mêmes bureaux, mêmes moyens").press("Joindre")
    desk.go(f"/contentieux/affaires/{lead}/recevabilite/").press("Établir la liste").look("checklist")
    case(house, "greffe").look("case").says(second)
    desk.follow("Verser un papier")
    desk.look("case-paper")
    desk.choose("Nature", "requête").write("Titre", "Requête et ses pièces")
    desk.write("Nombre", "24").write("Acte qui fixe le délai", "Ordonnance n° 1")
    desk.press("Verser un papier", within=desk.page.locator("#acte")).says("non atteinte")
    step(desk, "Communiquer aux parties")
    adverse = house("adversaire").go("/contentieux/mes-affaires/")
    adverse.write("Numéro du récépissé", lead).write("Nom de la partie", "La pirogue").write(
        "En quelle qualité", "avocat, mandat du 3"
    )
    adverse.give("Mandat signé", house.paper("mandat")).press("Produire ce mandat").says("attend le greffe")
    case(house, "greffe").choose("Décision", "accepter").press("Décider").says("mandat vérifié")
    adverse.go(f"/contentieux/mes-affaires/{lead}/").press("J’en accuse réception").says(
        "votre délai court depuis cet instant"
    )
    adverse.choose("Nature", "mémoire en défense").write("Titre", "Défense de La pirogue").give(
        "Document", house.paper("defense")
    )
    adverse.press("Déposer").says("Mémoire déposé").look("my-case-adverse")
    for name in ("Le baobab", "La calebasse"):  # the defence goes to both petitioners, each with its proof
        served(case(house, "greffe"), name)
    step(case(house, "greffe"), "Ouvrir l’instruction")


def served(desk: Desk, name: str) -> Desk:
    """A paper brought by hand, noted from the page of the case."""
    now = timezone.localtime()
    desk.follow("Noter une signification")
    panel = desk.page.locator("#acte")
    desk.choose("Papier et partie", f"→ {name}", within=panel).choose("Mode", "main propre", within=panel)
    desk.choose("Résultat", "signifié", within=panel).write("Jour", f"{now:%d/%m/%Y}", within=panel)
    desk.write("Heure", f"{now:%H:%M}", within=panel).choose("Pièce qui le prouve", "P1", within=panel)
    return desk.press("Enregistrer", within=panel).says("Enregistré.")


def test_05_the_rapporteur_is_drawn_asks_a_measure_and_weighs_the_case(house):
    lead = house.known["offline"]
    desk = house("presidente").go(f"/contentieux/tirages/{CONTEST}/", "draw")
    part = desk.part("Tirer les rapporteurs")
    desk.write("Première moitié de la graine", HALVES[0], within=part).write("Seconde moitié", HALVES[1], within=part)
    desk.press("Tirer toutes les affaires qui attendent").says(lead)
    row = desk.page.get_by_role("row", name=lead)
    code = row.get_by_role("cell").nth(1).inner_text().strip()
    house.known["rapporteur"] = JUDGES[int(code[1:]) - 1]
    desk = case(house, house.known["rapporteur"])
    desk.follow("mesure").choose("Mesure", "copie du procès-verbal").write(
        "Ce qui est demandé", "Le procès-verbal de SEG-002."
    )
    desk.press("mesure", within=desk.page.locator("#acte")).says("Enregistré.")
    answer = house("liaison").go("/contentieux/mesures/", "measures")
    answer.write("Réponse", "Copie jointe, conforme à l’original.").give("Pièce", house.paper("pv-seg-002"))
    answer.press("Répondre").says("Réponse remise à la Cour.")
    desk = case(house, house.known["rapporteur"]).follow("Effet sur le résultat").look("materiality")
    desk.says("simulation")
    step(case(house, house.known["rapporteur"]), "Mettre en état", document="Rapport du rapporteur")


def test_06_the_hearing_is_listed_for_everybody_a_day_ahead_and_held(house):
    lead = house.known["offline"]
    at = timezone.localtime() + timedelta(days=2)
    desk = house("presidente").go(f"/contentieux/audiences/{CONTEST}/", "hearings").says(lead)
    desk.write("Jour", at.date().isoformat()).write("Heure (9:00)", "9:00").write("Salle", "Salle d’audience")
    desk.write("Affaires, un numéro par ligne, dans l’ordre", lead).press("Fixer l’audience")
    desk = house("greffe").go(f"/contentieux/audiences/{CONTEST}/").open("Rendre le rôle public").press("Rendre le rôle public")
    house("citoyenne").go("/contentieux/audiences/", "cause-list").says(lead).silent("Le baobab")
    step(case(house, "presidente"), "Porter à l’audience")
    house.clock.on(days=3)
    desk = house("greffe").go(f"/contentieux/audiences/{CONTEST}/").open("Procès-verbal de l’audience")
    for n in range(1, 6):
        desk.tick(f"j{n},")
    desk.tick("Le baobab").write("Procès-verbal", "Le rapport est lu, les parties sont entendues.").press(
        "Inscrire l’audience tenue"
    ).says("tenue")
    step(case(house, "presidente"), "Mettre en délibéré", document="Procès-verbal de l’audience")


def deposit(desk: Desk, kind: str, text: str, point: str = "") -> Desk:
    """A text sealed by the page of a member, on this machine."""
    desk.choose("Nature", kind)
    if point:
        desk.write("Point, pour un vote", point)
    return desk.write("Texte (scellé avant de partir)", text).press("Sceller et déposer").says("Gardé.")


def unsealed(desk: Desk, house: House, who: str) -> Desk:
    desk.give("Ma clé privée (elle reste sur cette machine)", house.key(who))
    desk.page.get_by_role("button", name="Ouvrir les textes qui me sont remis").press("Enter")
    return desk


def test_07_five_judges_deliberate_under_seal_and_vote(house):
    page = f"/contentieux/delibere/{house.known['offline']}/"
    president = house("presidente").go(page, "deliberation").press("Ouvrir un tour")
    for who in JUDGES:
        deposit(house(who).go(page), "opinion", f"opinion-secrete de {who}")
    president.go(page).press("Communiquer ses textes à leurs lecteurs")
    reader = unsealed(house("juge-2").go(page), house, "juge-2")
    reader.page.get_by_text("opinion-secrete de juge-5").wait_for()
    reader.look("deliberation-read")
    sealed = house("juge-3").go(page).fetch("Fichier scellé 1.4", house.folder / "opinion.sealed", role="link")
    assert (
        house.kalata("disputes", "unseal", str(sealed), "--key", str(house.key("juge-3")))
        == "opinion-secrete de juge-4"
    )
    president.go(page).press("Ouvrir un tour")
    for who in JUDGES:
        deposit(house(who).go(page), "vote", "contre" if who == "juge-5" else "pour", "1")
    president.go(page).press("Communiquer ses textes à leurs lecteurs")
    president.write("Voix pour", "4").write("Voix contre", "1").press("Inscrire les deux décomptes").says(
        "4 pour, 1 contre"
    )
    for who in ("greffe", "guichet", "avocate", "liaison"):
        assert house(who).page.goto(house.url + page).status in (403, 404)
    house("greffe").go("/contentieux/role/").silent("opinion-secrete")


def test_08_the_gate_refuses_a_draft_whose_annex_is_a_station_short_then_it_passes_and_is_signed(house):
    who, number = house.known["rapporteur"], f"{YEAR}-01/CC-EL"
    step(case(house, who), "Arrêter le projet")
    desk = house(who).go("/contentieux/projets/", "drafts")
    desk.write("Numéro de la décision", number).write(
        "Ce que le public lira comme son objet", "Présidents de bureau hors liste"
    )
    desk.tick(house.known["offline"]).press("Ouvrir le projet").look("draft-empty")
    draft = house.known["draft"] = desk.page.url.removeprefix(house.url)
    annul(desk, house, "SEG-001\nSEG-002")
    desk.go(draft).choose(f"Requête {house.known['offline']}", "il y est fait droit")
    desk.write("Normes citées, une par ligne", "ML-D-OPERATIONS").press("Enregistrer")
    reasons(desk.go(draft.replace("projet/", "motifs/")), house)
    gate = house.known["gate"] = draft.replace("projet/", "controle/")
    desk.go(gate).press("Imprimer depuis les actes")
    desk.go(draft).follow("Modifier").write("Bureaux", "SEG-001\nSEG-002\nSEG-003").press("Enregistrer l’acte").look(
        "draft"
    )
    desk.go(gate, "gate-shut").says("Signature refusée", "DIS-601")
    house("presidente").go(gate).says("Signature refusée").silent('value="sign"')
    desk.press("Imprimer depuis les actes").press("Porter au contrôle")
    signer = house("presidente").go(gate, "gate-open").says("Le projet passe le contrôle")
    signer.unfold("Signer la décision").press("Signer la décision").says("Décision signée").look("gate-signed")
    signer.unfold("Prononcer").write("Procès-verbal de l’audience", "Audience publique").press("Prononcer")


def reasons(desk: Desk, house: House) -> Desk:
    """What answers the ground, written in its section; the operative part is no section."""
    with desk.page.expect_navigation():
        desk.page.locator("nav a[href*='merits']").first.press("Enter")
    desk.look("reasons")
    desk.write("Texte", "Le moyen est fondé : les présidents de ces bureaux ne figuraient pas sur la liste.")
    desk.press("Garder cette version")
    return desk.choose("Moyen g1", "fondé").press(re.compile("^Enregistrer"), within=desk.part("Issue de chaque moyen"))


def annul(desk: Desk, house: House, stations: str) -> Desk:
    desk.choose("Acte", "Annulation de bureaux").press("L’écrire").write("Bureaux", stations)
    return desk.choose("Moyen", f"{house.known['offline']} g1").press("Ajouter l’acte")


def seats(house: House) -> dict[str, str]:
    """list -> its seats, as everybody reads them."""
    desk = house("citoyenne").go(f"/resultats/{CONTEST}/calcul/", "seats")
    rows = [r.inner_text() for r in desk.page.get_by_role("row").all()]
    return {name: row for name in LISTS for row in rows if row.strip().startswith(name)}


def test_09_the_decision_is_told_published_and_carried_out_and_seats_move(house):
    page = house.known["gate"].removesuffix("controle/")
    before = seats(house)
    house("greffe").go(page, "decision").press("Inscrire la notification")
    desk = (
        house("publication-cour")
        .go(page)
        .follow("Préparer la publication")
        .press("Préparer le texte public")
        .look("publication")
    )
    while desk.page.get_by_role("button", name=re.compile("^Occulter : ")).count():
        desk.press("Occulter : ")
    while desk.page.get_by_role("button", name="J’ai relu").count():  # a summary in plain words, in each language
        desk.press("J’ai relu : enregistrer")
    desk.press("Soumettre à une seconde personne")
    approve(house("greffe-2"), "approval-publication")
    house("greffe").go(page).open("Exécuter sur les résultats").press("Exécuter sur les résultats").says("exécutée")
    assert seats(house) != before


def test_10_the_court_counts_for_itself_explains_two_differences_and_proclaims(house):
    count = f"/contentieux/recensement/{CONTEST}/"
    house("presidente").go(count).unfold("Ouvrir le recensement").press("Ouvrir le recensement").says("0 bureau lu deux fois sur 6")
    moved = {"SEG-004", "SEG-005"}
    records = {row.split(",")[2]: row.split(",")[3:] for row in ROWS}
    for who in ("recenseur-1", "recenseur-2"):
        desk = house(who).go(f"{count}lecture/", "count-reading")
        for _n in records:
            code = desk.page.locator("h1").inner_text()
            figures = list(map(int, records[code]))
            if code in moved:
                figures[-2:] = [figures[-2] - 3, figures[-1] + 3]
            for box, figure in zip(desk.page.locator("input[id^='f-']").all(), figures, strict=True):
                box.focus()
                desk.page.keyboard.type(str(figure))
            desk.press("Enregistrer ma lecture").says("Lecture enregistrée.")
    desk = (
        house("greffe")
        .go(count, "count")
        .says("2 bureaux, 2 sans explication", "SEG-004", "SEG-005")
        .silent('value="proclaim"')
    )
    for _n in moved:
        desk.write("Explication", "chiffre surchargé, original relu par deux greffiers").press("Expliquer")
    desk.unfold("Demander la proclamation")
    desk.write("Numéro de la décision de proclamation", f"{YEAR}-02/CC-EP").press("Demander la proclamation")
    approve(house("presidente"), "approval-proclamation")
    house("greffe").go(count).says(f"Proclamé {YEAR}-02/CC-EP")


def test_11_a_citizen_verifies_the_archive_offline_and_finds_her_station_s_correction(house):
    folder = house.folder / "archive"
    written = house.kalata("disputes", "archive", house.known["offline"], str(folder), "--json")
    vkey = json.loads(written)["vkey"]
    house.kalata("disputes", "verify", str(folder), "--vkey", vkey, "--json")
    one = next(f for f in sorted((folder / "evidence").iterdir()) if f.is_file())
    one.write_bytes(one.read_bytes() + b"x")
    house.kalata("disputes", "verify", str(folder), "--vkey", vkey, "--json", status=1)
    citizen = house("citoyenne").go(f"/resultats/{CONTEST}/", "results")
    citizen.go(f"/resultats/{CONTEST}/bureaux/?q=SEG-002").follow("SEG-002").look("station")
    citizen.says(f"{YEAR}-01/CC-EL", "annulé")
    citizen.go(f"/resultats/{CONTEST}/corrections/", "corrections").says("SEG-002", f"{YEAR}-01/CC-EL")
