"""A newcomer's walk: from nothing to the first public page and every step of the first day, with what the README says.

    python -m bench newcomer

A real terminal (`kalata start` and the words of the page "At the console"), a real browser, five persons. Counted: screens
shown, keys pressed (each character, Enter, each press of the mouse), seconds of this machine, and the seconds of a person
by the keystroke-level model: 0.28 s a key, 1.2 s a press of the mouse, 8 s to read a screen.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.lines import line, not_measured
from bench.terminal import Terminal, code_of
from tests.browser.tools import CHROMIUM

PORT = int(os.environ.get("KALATA_PORT", "8797"))
HOME = f"http://127.0.0.1:{PORT}"
PHRASE = "quatre mots sans lien"
CODE = r"\b[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}\b"
KALATA = str(Path(sys.executable).parent / "kalata")
GOAL = 15 * 60
KEY, PRESS, READ = 0.28, 1.2, 8.0
PEOPLE = "username;full_name;email;phone;language;role;territory\nsup;Superviseur;;;fr;superviseur;\npub;Publication;;;fr;publication;\n"
ZONES = {"SEG": ("Ségou", "Ségou", "Pelengana"), "MOP": ("Mopti", "Mopti", "Socoura")}
STATIONS = [f"{zone}-{n:03}" for zone in ZONES for n in range(1, 11)]


def stations() -> str:
    rows = [";".join((*ZONES[code[:3]], code, str(300 + n))) for n, code in enumerate(STATIONS)]
    return "\n".join(["Région;Cercle;Commune;Code du bureau;Inscrits", *rows]) + "\n"


def results() -> str:
    """By the code of the station alone, as an office would send them: sixteen of the twenty."""
    rows = [
        ";".join(map(str, (code, 300 + n, 190, 190, 5, 185, 80 - n % 5, 60, 45 + n % 5)))
        for n, code in enumerate(STATIONS[:16])
    ]
    head = "Code du bureau;Inscrits;Votants;Bulletins dans l’urne;Bulletins nuls;Suffrages exprimés;Le baobab;La pirogue;Le mil"
    return "\n".join([head, *rows]) + "\n"


class Walk:
    """Persons at work: their pages, their telephones, what it cost them."""

    def __init__(self, browser: Any, folder: Path) -> None:
        self.browser, self.folder = browser, folder
        self.keys = self.presses = self.screens = 0
        self.pages: dict[str, Any] = {}
        self.secrets: dict[str, str] = {}
        self.refused: list[str] = []
        self.stages: list[tuple[str, int, int, float]] = []
        self.env = {
            **os.environ,
            "HOME": str(folder),
            "LANG": "fr_FR.UTF-8",
            "KALATA_SETTINGS": str(folder / "kalata.env"),
        }
        for name in ("KALATA_VAR", "KALATA_DEMO", "DATABASE_URL"):
            self.env.pop(name, None)

    # --- counted gestures -----------------------------------------------------------------------
    def page(self, who: str) -> Any:
        if who not in self.pages:
            context = self.browser.new_context(viewport={"width": 1366, "height": 768}, locale="fr-FR")
            context.set_default_timeout(120_000)
            self.pages[who] = page = context.new_page()
            page.on("response", lambda answer: self.seen(page, answer))
        return self.pages[who]

    def seen(self, page: Any, answer: Any) -> None:
        if answer.request.is_navigation_request() and answer.request.frame == page.main_frame:
            self.screens += answer.status < 300
            if answer.status >= 400:
                self.refused.append(f"{answer.status} {answer.url}")

    def fill(self, who: str, **boxes: str) -> None:
        for name, text in boxes.items():
            self.page(who).fill(f"main [name={name}]", text)
            self.keys += len(text) + 1

    def press(self, who: str, words: str, role: str = "button") -> None:
        page = self.page(who)
        page.get_by_role(role, name=words).first.click()
        page.wait_for_load_state()
        self.presses += 1

    def give(self, who: str, name: str, text: str) -> None:
        file = self.folder / name
        file.write_text(text, encoding="utf-8")
        self.page(who).set_input_files("main input[type=file]", str(file))
        self.presses += 3

    def code(self, who: str) -> str:
        return code_of(self.secrets[who])

    def kept(self, who: str, words: str, name: str) -> list[str]:
        """Press a button whose answer is a file; the codes printed in it."""
        import pypdfium2

        with self.page(who).expect_download() as coming:
            self.press(who, words)
        file = self.folder / name
        coming.value.save_as(file)
        self.page(who).wait_for_timeout(600)
        sheets = pypdfium2.PdfDocument(file)
        return [m for one in sheets for m in re.findall(CODE, one.get_textpage().get_text_bounded())]

    def stage(self, title: str, do: Callable[[], None]) -> None:
        screens, keys, began = self.screens, self.keys + self.presses, time.monotonic()
        do()
        spent = (title, self.screens - screens, self.keys + self.presses - keys, time.monotonic() - began)
        self.stages.append(spent)
        print(f"  {title:<58}{spent[1]:>4} screens {spent[2]:>5} keys {spent[3]:>6.0f} s", flush=True)

    def terminal(self, *words: str) -> Terminal:
        return Terminal([KALATA, *words], self.env, self)

    # --- the house ------------------------------------------------------------------------------
    def opened(self) -> None:
        """`kalata start`, its three questions and its first two persons; it serves when it has said so."""
        with self.terminal("start", "--no-serve") as console:
            console.answer(r"\[O/n\]", "")
            console.answer("KALATA_VAR", str(self.folder / "maison"))
            console.answer("SETUP_COUNTRY", "")
            console.answer("KALATA_LOG_ORIGIN", "")
            for name, user in (("Première personne", "une"), ("Seconde personne", "deux")):
                console.answer("Nom complet", name)
                console.answer("Identifiant", user)
                console.answer(r"\[O/n\]", "")
                console.answer("Phrase de passe", PHRASE)
                console.answer("une seconde fois", PHRASE)
                shown = console.until("qu’elle montre")
                self.secrets[user] = re.findall(r"\b[A-Z2-7]{32}\b", shown)[-1]
                console.answer("", self.code(user))
            console.until("se tient à jour seule")
        self.serve()

    def serve(self) -> None:
        self.house = subprocess.Popen(
            [KALATA, "start", "--port", str(PORT)], env=self.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )  # fmt: skip
        limit = time.monotonic() + 600
        while time.monotonic() < limit:
            try:
                urllib.request.urlopen(f"{HOME}/sante", timeout=2).close()
                return
            except (urllib.error.URLError, OSError):
                time.sleep(0.2)
        raise RuntimeError("the house does not answer")

    def stop(self) -> None:
        if house := getattr(self, "house", None):
            house.send_signal(signal.SIGINT)
            try:
                house.wait(timeout=30)
            except subprocess.TimeoutExpired:
                os.killpg(house.pid, signal.SIGKILL)

    def again(self) -> None:
        self.stop()
        self.serve()

    def custodians(self) -> None:
        with self.terminal("log", "init", "--give") as console:
            for who, half in (("deux", "la première moitié de la phrase"), ("pub", "la seconde moitié de la phrase")):
                console.answer("compte", who)
                console.answer("phrase du compte", PHRASE)
                console.answer("second facteur", self.code(who))
                console.answer("moitié", half)
                console.answer("encore une fois", half)
            console.until(r"\Z", end=True)

    # --- persons --------------------------------------------------------------------------------
    def signed_in(self, who: str) -> None:
        self.page(who).goto(f"{HOME}/compte/login/")
        self.keys += len("127.0.0.1")
        self.fill(who, login=who, password=PHRASE)
        self.press(who, "Continuer")
        if who in self.secrets:
            self.fill(who, code=self.code(who))
            self.press(who, "Se connecter")

    def invited(self) -> None:
        self.signed_in("une")
        self.press("une", "Inviter par fichier", "link")
        self.give("une", "personnes.csv", PEOPLE)
        self.fill("une", reason="Décision n° 12")
        self.press("une", "Lire le fichier")
        self.first = dict(zip(("sup", "pub"), self.kept("une", "Ouvrir les comptes", "1.pdf"), strict=True))
        self.signed_in("deux")
        self.press("deux", "Approuver les mandats", "link")
        for box in self.page("deux").query_selector_all("main input[type=checkbox]"):
            box.check()
            self.presses += 1
        self.press("deux", "Approuver les demandes cochées")
        self.second = dict(zip(("pub", "sup"), self.kept("deux", "Imprimer mes", "2.pdf"), strict=True))

    def enrolled(self, who: str) -> None:
        """From two sheets of paper to one's own home, with a telephone."""
        page = self.page(who)
        page.goto(f"{HOME}/compte/activer/")
        self.fill(who, username=who, code=self.first[who], second=self.second[who], passphrase=PHRASE, again=PHRASE)
        self.press(who, "Activer")
        self.fill(who, login=who, password=PHRASE)
        self.press(who, "Continuer")
        page.locator("a[href$='/totp/activate/']").click()
        self.presses += 1
        self.secrets[who] = page.input_value("#authenticator_secret")
        self.fill(who, code=self.code(who))
        self.press(who, "Activer")
        self.press(who, "continuer", "link")

    def contest(self) -> None:
        before = self.screens
        self.press("sup", "Préparer un scrutin", "link")
        self.press("sup", "Nouveau scrutin", "link")
        self.fill("sup", name_fr="Présidentielle d’essai")
        for words in ("Continuer",) * 3:
            self.press("sup", words)
        self.fill("sup", options="Le baobab\nLa pirogue\nLe mil")
        self.press("sup", "Continuer vers la relecture")
        self.press("sup", "Créer le scrutin")
        self.contest_screens = self.screens - before - 2  # the list before, and the page of the contest after
        self.contest_code = self.page("sup").url.rstrip("/").rpartition("/")[2]

    def imported(self, name: str, text: str) -> None:
        page = self.page("sup")
        page.goto(f"{HOME}/resultats/gerer/{self.contest_code}/")
        self.press("sup", "Importer un fichier", "link")
        self.give("sup", name, text)
        self.press("sup", "Déposer et lire les colonnes")
        self.press("sup", "Lancer l’essai à blanc")
        page.get_by_role("button", name="Enregistrer ce fichier").wait_for(timeout=60_000)
        self.fill("sup", reason="Liste reçue")
        self.press("sup", "Enregistrer ce fichier")
        page.get_by_role("heading", name="Le fichier est enregistré").wait_for(timeout=60_000)

    def published(self) -> None:
        self.page("sup").goto(f"{HOME}/resultats/gerer/{self.contest_code}/")
        self.page("sup").fill(
            "main form:has-text('Demander la publication') >> nth=-1 >> [name=reason]", "Premiers chiffres"
        )
        self.keys += 17
        self.press("sup", "Demander la publication")
        self.page("pub").goto(f"{HOME}/")
        self.press("pub", "Publier", "link")
        self.fill("pub", code=self.code("pub"))
        self.press("pub", "Approuver et faire")
        reader = self.page("public")
        reader.goto(f"{HOME}/resultats/{self.contest_code}/")
        if "16" not in reader.inner_text("main"):
            raise RuntimeError("the public page shows no station")

    def on_site(self) -> None:
        site = Path(re.search(r'KALATA_SITE="([^"]+)"', (self.folder / "kalata.env").read_text())[1])  # type: ignore[index]
        for _n in range(3_000):
            if any(site.rglob("verifier.html")):
                return
            time.sleep(0.2)
        raise RuntimeError("no public site")

    def kept_safe(self) -> None:
        """The witness, the copy, the rehearsal: then every step stands."""
        with self.terminal("witness", "init", str(self.folder / "temoin"), "--name", "observateurs") as console:
            console.answer("phrase", "la phrase du témoin")
            said = console.until(r"\Z", end=True)
        keys = re.findall(r"observateurs\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+", said.replace("\r\n", "\n"))
        self.page("pub").goto(f"{HOME}/preuves/")
        self.fill("pub", name="observateurs", vkey="\n".join(keys))
        self.press("pub", "Enregistrer")
        for words in (("backup", str(self.folder / "copie")), ("rehearse", "--papers", "6", "--clerks", "2")):
            with self.terminal(*words) as console:
                console.until(r"\Z", end=True)


def walked(walk: Walk) -> None:
    """The whole walk, stage by stage."""
    walk.stage("kalata start: settings, country, first two persons", walk.opened)
    walk.stage("persons invited, mandates approved, sheets printed", walk.invited)
    walk.stage("a supervisor opens the account, with a telephone", lambda: walk.enrolled("sup"))
    walk.stage("a publisher too", lambda: walk.enrolled("pub"))
    walk.stage("key ceremony, passphrase given", walk.custodians)
    walk.stage("the house is started again", walk.again)
    walk.stage("a contest", walk.contest)
    walk.stage("its stations", lambda: walk.imported("bureaux.csv", stations()))
    walk.stage("its first results", lambda: walk.imported("resultats.csv", results()))
    walk.stage("published by two: the first public page", walk.published)


def report(walk: Walk) -> None:
    counted = sum(spent for *_rest, spent in walk.stages)
    person = walk.keys * KEY + walk.presses * PRESS + walk.screens * READ
    print(
        f"  {walk.screens} screens, {walk.keys} keys, {walk.presses} presses of the mouse: {person:.0f} s of a person"
    )
    print(f"  {counted:.0f} s of this machine, at a load of {os.getloadavg()[0]:.0f} on {os.cpu_count()} cores")
    line("newcomer, empty machine to first public page: seconds of a person", f"{person + counted:.0f} s", "<= 900 s", person + counted <= GOAL, of=walk.screens, least=20)  # fmt: skip
    line("  pages that refused", str(len(walk.refused)), "0", not walk.refused, of=walk.screens, least=20)
    line("  screens of a new contest", str(walk.contest_screens), "<= 5", walk.contest_screens <= 5, of=1)
    for one in walk.refused:
        print(f"    {one}")


def main() -> None:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return not_measured.append("newcomer: no browser")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        walk = Walk(browser, Path(folder))
        try:
            walked(walk)
            report(walk)
            walk.stage("its public site, file by file", walk.on_site)
            walk.stage("witness, copy, rehearsal", walk.kept_safe)
            page = walk.page("une")
            page.goto(f"{HOME}/mise-en-service/")
            states = page.eval_on_selector_all("ol.todo > li", "rows => rows.map(row => row.className)")
            line(
                "  steps of the first day that stand",
                str(states.count("done")),
                "9",
                states.count("done") == 9,
                of=len(states),
            )
        except Exception:
            for who, page in walk.pages.items():
                print(f"  {who}: {page.url}\n{page.inner_text('body')[:1500]}")
            raise
        finally:
            walk.stop()
            browser.close()


if __name__ == "__main__":
    main()
