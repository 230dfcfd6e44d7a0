"""The house of the closing journey: one small election, its Court, and a browser in which each person has their own page.

Everything a person does goes through `Desk`, by the keyboard: boxes are reached by their labels, buttons by their words.
"""

from __future__ import annotations

import os
import re
import secrets
import socket
import subprocess
import sys
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from tests.browser.tools import axe, fits, open_session

WIDE, NARROW = {"width": 1366, "height": 900}, {"width": 360, "height": 740}
LISTS = ("Le baobab", "La pirogue", "La calebasse")
SHORT = "C1"
"""The name of the contest on receipts."""
CONTEST = "conseil"
HEADER = "region,cercle,bureau,inscrits,votants,bulletins,nuls,exprimes," + ",".join(LISTS)
ROWS = [
    "Ségou,Ségou,SEG-001,500,300,300,10,290,190,60,40",
    "Ségou,Ségou,SEG-002,500,300,300,10,290,180,60,50",
    "Ségou,Ségou,SEG-003,500,300,300,10,290,170,70,50",
    "Ségou,Ségou,SEG-004,400,250,250,5,245,60,145,40",
    "Ségou,Ségou,SEG-005,400,250,250,5,245,70,130,45",
    "Ségou,Ségou,SEG-006,400,250,250,5,245,80,120,45",
]
JUDGES = ("presidente", "juge-2", "juge-3", "juge-4", "juge-5")
PEOPLE = {
    "guichet": "guichet", "greffe": "greffe", "greffe-2": "greffe", "presidente": "presidence", **dict.fromkeys(JUDGES[1:], "juge"),
    "avocate": "partie", "adversaire": "partie", "liaison": "liaison", "publication-cour": "publication-cour",
    "recenseur-1": "recensement", "recenseur-2": "recensement",
}  # fmt: skip


def wider(page) -> list[str]:
    """What is wider than the window, or holds what is."""
    return page.evaluate("""() => [...document.querySelectorAll('main *, footer *')].filter((e) => e.getBoundingClientRect().right > innerWidth + 1
        || (e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX === 'visible' && getComputedStyle(e).display !== 'inline'))
        .map((e) => e.outerHTML.slice(0, 120)).slice(-6)""")


class Clock:
    """The house's hour, which a journey of days moves on."""

    def __init__(self, patch) -> None:
        self.ahead = timedelta()
        real = timezone.now
        patch.setattr(timezone, "now", lambda: real() + self.ahead)

    def on(self, **much: float) -> None:
        self.ahead += timedelta(**much)


class Desk:
    """One person's browser, at the wide width, in French, with no hand on the mouse."""

    def __init__(self, browser, url: str, looked: set[str]) -> None:
        self.context = browser.new_context(
            viewport=WIDE, locale="fr-FR", color_scheme="light", timezone_id="Africa/Bamako"
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(60_000)
        self.url, self.looked, self.faults = url, looked, []
        self.page.on("console", self.heard)
        self.page.on("pageerror", lambda e: self.faults.append(str(e)))
        self.page.on(
            "request",
            lambda r: self.faults.append(r.url) if "localhost" not in r.url and not r.url.startswith("data:") else None,
        )

    def heard(self, message) -> None:
        """An answer that refuses is told by the browser as an error: each chapter says which it expects."""
        if message.type == "error" and not re.search(r"status of (403|404|422)", message.text):
            self.faults.append(message.text)

    def close(self) -> None:
        self.context.close()
        assert self.faults == []

    # --- where ---------------------------------------------------------------------------------
    def go(self, path: str, name: str = "") -> Desk:
        answer = self.page.goto(self.url + path)
        assert answer is not None and answer.status == 200, (path, answer and answer.status)
        return self.look(name) if name else self

    def follow(self, name: str, exact: bool = False) -> Desk:
        link = self.page.get_by_role("link", name=name, exact=exact).first
        with self.page.expect_navigation():
            link.press("Enter")
        return self

    def look(self, name: str) -> Desk:
        """A page is sound for everybody: wide in French, at 360 px in English, then as it was. Once a name."""
        if name in self.looked:
            return self
        self.looked.add(name)
        page = self.page
        shots = os.environ.get("KALATA_SHOTS")
        assert page.locator("h1").count() == 1, name
        assert page.locator("html").get_attribute("lang") == "fr", name
        french = page.locator("h1").inner_text()
        page.evaluate("document.querySelectorAll('main details').forEach((d) => { d.open = true })")
        if shots:
            page.screenshot(path=f"{shots}/{name}-1366.png", full_page=True)
        self.sound(name)
        page.set_viewport_size(NARROW)
        page.wait_for_function("innerWidth === 360")
        assert fits(page), (name, wider(page))
        self.speak("en")
        page.reload()
        page.evaluate("document.querySelectorAll('main details').forEach((d) => { d.open = true })")
        if shots:
            page.screenshot(path=f"{shots}/{name}-360-en.png", full_page=True)
        assert page.locator("html").get_attribute("lang") == "en", name
        self.sound(name)
        self.speak("fr")
        page.set_viewport_size(WIDE)
        page.reload()
        assert page.locator("h1").inner_text() == french, name
        return self

    def sound(self, name: str) -> None:
        found = axe(self.page)
        assert not found, (name, found)
        assert fits(self.page), (name, wider(self.page))

    def speak(self, lang: str) -> None:
        self.context.add_cookies([{"name": "django_language", "value": lang, "url": self.url}])

    # --- by keyboard ---------------------------------------------------------------------------
    def box(self, label, within=None):
        """The box of these words, or whose label begins with them where its own choices are inside the label."""
        found = (within or self.page).get_by_label(label, exact=True)
        if not found.count():
            found = (within or self.page).get_by_label(re.compile(rf"^\s*{re.escape(label)}"))
        return found.first

    def write(self, label: str, text: str, within=None) -> Desk:
        box = self.box(label, within)
        box.focus()
        if box.get_attribute("type") in (
            "date",
            "time",
        ):  # their parts follow the browser's own language, not the page's
            box.fill(text)
            return self
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)
        return self

    def choose(self, label: str, words: str, within=None) -> Desk:
        """Walk a list with the arrows, from its first line to the one that says these words."""
        box = self.box(label, within)
        box.focus()
        self.page.keyboard.press("Home")
        last = None
        while words not in (said := box.locator("option:checked").inner_text()):
            assert said != last, f"{label} : « {words} » n’est pas dans {box.locator('option').all_inner_texts()}"
            last = said
            self.page.keyboard.press("ArrowDown")
        return self

    def tick(self, label: str, within=None) -> Desk:
        box = (within or self.page).get_by_label(label).first
        box.focus()
        if not box.is_checked():
            self.page.keyboard.press("Space")
        assert box.is_checked()
        return self

    def give(self, label: str, *files: Path, within=None) -> Desk:
        self.box(label, within).set_input_files([str(f) for f in files])
        return self

    def unfold(self, name: str) -> Desk:
        """An act that is folded until its words are pressed: what it does in figures comes first."""
        self.page.locator("details.sure > summary", has_text=name).first.press("Enter")
        return self

    def press(self, name: str, within=None, status: int = 200) -> Desk:
        """The button of these words, by Enter; the page that comes is a good one."""
        button = (within or self.page).get_by_role("button", name=name).first
        with self.page.expect_navigation() as came:
            button.press("Enter")
        answer = came.value
        assert answer is not None and answer.status == status, (name, answer and answer.status, self.said()[:800])
        return self

    def fetch(self, name: str, to: Path, role: str = "button", within=None) -> Path:
        """What a button or a link hands out, kept as a file."""
        with self.page.expect_download() as coming:
            (within or self.page).get_by_role(role, name=name).first.press("Enter")
        coming.value.save_as(to)
        return to

    def open(self, summary: str) -> Desk:
        one = self.page.locator("summary", has_text=summary).first
        if one.locator("xpath=..").get_attribute("open") is None:
            one.press("Enter")
        return self

    def part(self, heading: str):
        """The section of this heading."""
        return self.page.locator("section", has=self.page.get_by_role("heading", name=heading)).last

    # --- what it says --------------------------------------------------------------------------
    def said(self) -> str:
        return self.page.locator("main").inner_text()

    def says(self, *words: str) -> Desk:
        text = " ".join(self.said().split())
        for one in words:
            assert one in text, f"« {one} » absent de : {text[:3000]}"
        return self

    def silent(self, *words: str) -> Desk:
        text = self.page.content()
        for one in words:
            assert one not in text, one
        return self


class House:
    """What chapters share: the server, the contest, people, their keys, and what was learned on the way."""

    def __init__(self, browser, server, clock: Clock, folder: Path, laptop: Laptop) -> None:
        self.laptop = laptop
        self.browser, self.url, self.clock, self.folder = browser, server.url, clock, folder
        self.server = server
        self.desks: dict[str, Desk] = {}
        self.looked: set[str] = set()
        self.known: dict[str, str] = {}

    def __call__(self, who: str) -> Desk:
        """The desk of this person, signed in."""
        from kalata.people.models import Person

        if who not in self.desks:
            self.desks[who] = Desk(self.browser, self.url, self.looked)
        if who != "citoyenne":
            open_session(self.desks[who].page, self.server, Person.objects.get(username=who))
        return self.desks[who]

    def close(self) -> None:
        for one in self.desks.values():
            with suppress(AssertionError):
                one.context.close()
        faults = {who: d.faults for who, d in self.desks.items() if d.faults}
        assert not faults

    def kalata(self, *args: str, status: int = 0) -> str:
        """A command of the product, by a person at a terminal of this house."""
        from click.testing import CliRunner

        from kalata.cli import main

        done = CliRunner().invoke(main, args)
        assert done.exit_code == status, (args, done.output, done.exception)
        return done.output

    def key(self, member: str) -> Path:
        return self.folder / f"{member}.key"

    def paper(self, name: str, words: str = "Exercice, sans valeur.") -> Path:
        """A paper of somebody: one PDF page that differs from the others."""
        import pypdfium2

        file = self.folder / f"{name}.pdf"
        with pypdfium2.PdfDocument.new() as one:
            one.new_page(595, 842)
            one.set_metadata_value("Title", f"{name} {words}") if hasattr(one, "set_metadata_value") else None
            one.save(str(file))
        file.write_bytes(file.read_bytes() + f"\n% {name} {words}\n".encode())
        return file


class Laptop:
    """A prefecture without network: its own folder, database, key and server; the same software. It left the Court with the
    register of stations and its clerk's account, before any roll was open."""

    def __init__(self, folder: Path, clerk) -> None:
        from types import SimpleNamespace

        from django.db import connection

        self.var, self.child, self.cookies = folder / "portable", None, []
        self.var.mkdir()
        self.environment = {
            **os.environ, "DJANGO_SETTINGS_MODULE": "tests.disputes.browser.laptop_settings", "PYTHONPATH": str(Path(__file__).parents[3]),
            "KALATA_VAR": str(self.var),
        }  # fmt: skip
        browser = SimpleNamespace(context=SimpleNamespace(add_cookies=self.cookies.extend))
        open_session(browser, SimpleNamespace(url="http://localhost"), clerk)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(self.var / "kalata.sqlite3")])

    def kalata(self, *args: str) -> str:
        line = [sys.executable, "-m", "kalata", *args]
        done = subprocess.run(line, env=self.environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self) -> str:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.child = subprocess.Popen(
            [sys.executable, "-m", "kalata.web", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"],
            env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        for _try in range(600):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5):
                return f"http://localhost:{port}"
            assert self.child.poll() is None
            time.sleep(0.1)
        raise AssertionError("the laptop did not start")

    def stop(self) -> None:
        if self.child is not None:
            self.child.terminate()
            self.child.wait(30)


def raise_curtain(folder: Path) -> Laptop:
    """An election published by its authority, a Court with its keys, and people; nothing of the Court's work is done."""
    from kalata.country import services as country
    from kalata.country.models import Geography
    from kalata.disputes.rules.sealing_keys import PrivateKey, key_file
    from kalata.disputes.services import counters, members
    from kalata.people.approving import decide_approval
    from kalata.people.rules.approval import Decision
    from kalata.results.services import contests
    from tests.conftest import bring, csv_of, make_person, mali

    version = country.load_pack_version(mali())
    who = {name: make_person(name, role) for name, role in PEOPLE.items()}
    election = country.create_election(
        code="com", name_fr="Communales", name_en="Municipal", pack=version, geography=Geography.objects.get(code="ml-2015"),
        polling_day=timezone.localdate() - timedelta(days=3),
    )  # fmt: skip
    contest = country.create_contest(
        election=election, code=CONTEST, name_fr="Conseil communal", name_en="Town council", annulled_keeps=["registered"],
        system=dict(version.pack.engine_systems()["ML-COM"]), boxes=["registered", "voters", "ballots", "null_ballots", "valid"],
        options=[{"name": n} for n in LISTS],
    )  # fmt: skip
    country.set_constituencies(contest=contest, rows=[{"code": "ML-SEG-SEGOU", "name": "Ségou", "seats": 11}])
    authority, publisher = make_person("superviseur", "superviseur"), make_person("publication", "publication")
    bring(contest, authority, csv_of(ROWS, HEADER))
    asked = contests.ask_publication(contest=contest, reason="complet", by=authority)
    decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=publisher)
    laptop = Laptop(folder, make_person("prefet", "guichet-local"))
    counters.open_roll(contest=contest, short=SHORT, year=timezone.localdate().year, by=who["greffe"])
    counters.open_counter(code="WEB", name="Dépôt en ligne", online=True, by=who["greffe"])
    for n, name in enumerate(JUDGES, 1):
        member = members.seat(
            code=f"j{n}", person=who[name], authority="Conseil supérieur de la magistrature", since=timezone.localdate() - timedelta(days=700),
            president=n == 1, by=who["greffe"],
        )  # fmt: skip
        key = PrivateKey.fresh()
        (folder / f"{name}.key").write_bytes(key_file(key, None, secrets.token_bytes))
        asked = members.ask_key(member=member, public=key.public.text(), by=who[name])
        decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=who["greffe"])
    return laptop
