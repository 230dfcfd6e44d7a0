"""One small picture of every screen, taken again: `make pictures` (or `make pictures ARGS="--only results:station"`).

Walks a demonstration as everybody, then as each of its accounts: every page of HTML that a link leads to is taken once,
under the name of its address (results-station.webp), wide and narrow. With --check nothing is written: each page is put
to axe in three themes (light, dark, strong contrast) and two widths, measured at 320 pixels (sideways scroll) and in
weight, and what does not hold is printed; --lang fr,en asks it in both languages.

The demonstration is loaded into a folder of its own (--var) and stopped at the end; --base walks a house that runs.
"""

from __future__ import annotations

import argparse
import gzip
import io
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[1]
SECRET = "demonstration-sans-valeur"
CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
WIDE, NARROW, TALLEST = 1366, 360, 1800
NEVER = re.compile(
    r"/(langue|compte/logout|preferences|static)/|\.(pdf|csv|xlsx|json|zip|ics|atom|rss|png|jpg|webp|yaml|xml|docx|py|js)$|sortie="
)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "pictures")
    parser.add_argument("--base", default="", help="a house that runs already, with the demonstration")
    parser.add_argument("--var", type=Path, help="folder of the demonstration, kept for the next time")
    parser.add_argument("--stations", type=int, default=60)
    parser.add_argument("--only", default="", help="names of addresses, separated by commas")
    parser.add_argument("--who", default="", help="accounts, separated by commas; public: nobody")
    parser.add_argument("--pages", type=int, default=200, help="pages looked into for each account")
    parser.add_argument("--lang", default="fr", help="fr, en, bm; with --check several, separated by commas")
    parser.add_argument("--missing", action="store_true", help="only screens without a picture yet")
    parser.add_argument("--check", action="store_true", help="axe, sideways scroll at 320 px, weight; no picture")
    return parser.parse_args()


def house(var: Path, stations: int) -> tuple[subprocess.Popen[bytes], str]:
    """A demonstration of its own, ready to answer."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    line = [sys.executable, "-m", "kalata", "demo", "--port", str(port), "--stations", str(stations)]
    running = subprocess.Popen(line, env=os.environ | {"KALATA_VAR": str(var)}, cwd=ROOT, start_new_session=True)
    base = f"http://127.0.0.1:{port}"
    for _second in range(1800):
        if running.poll() is not None:
            sys.exit("the demonstration ended before it answered")
        try:
            urllib.request.urlopen(f"{base}/sante", timeout=5).read()
            return running, base
        except OSError:
            time.sleep(1)
    sys.exit("the demonstration did not answer in half an hour")


def named(path: str) -> str:
    """The name of an address; "" where it is none of the house."""
    from django.urls import Resolver404, resolve

    try:
        return resolve(path).view_name
    except Resolver404:
        return ""


def every_name() -> set[str]:
    """The names of every address of the house."""
    from django.urls import get_resolver

    def names(patterns: Any, space: str) -> Iterator[str]:
        for one in patterns:
            if hasattr(one, "url_patterns"):
                yield from names(one.url_patterns, f"{space}{one.namespace}:" if one.namespace else space)
            elif one.name:
                yield f"{space}{one.name}"

    return set(names(get_resolver().url_patterns, ""))


def accounts(page: Any, base: str) -> list[str]:
    page.goto(f"{base}/compte/login/")
    return page.locator("table tr td:first-child, table tr th[scope=row]").all_inner_texts()


def sign_in(page: Any, base: str, who: str) -> bool:
    page.goto(f"{base}/compte/login/")
    page.fill("#id_login", who)
    page.fill("#id_password", SECRET)
    page.press("#id_password", "Enter")
    page.wait_for_load_state()
    return "/compte/login" not in page.url


broken: list[str] = []
"""Addresses that a page leads to and that the house could not draw."""


def walk(page: Any, base: str, most: int, taken: set[str], only: set[str]) -> Iterator[str]:
    """Pages not taken yet, each opened; the queue grows with their links, one address of each name."""
    from playwright.sync_api import Error

    queue, seen = ["/"], {"/"}
    while queue and most:
        path = queue.pop(0)
        most -= 1
        try:
            answer = page.goto(base + path)
        except Error:  # a file, which starts to be downloaded
            continue
        if answer is not None and answer.status >= 500:
            broken.append(f"{answer.status} {path}")
            print(broken[-1], flush=True)
        if answer is None or answer.status >= 400 or "text/html" not in answer.headers.get("content-type", ""):
            continue
        for link in page.eval_on_selector_all(
            "a[href]", "all => all.map(a => new URL(a.getAttribute('href'), location).href)"
        ):
            parts = urlsplit(link)
            target = parts.path
            if not link.startswith(base) or parts.query or NEVER.search(link):
                continue
            name = named(target)
            if name and name not in seen:
                seen.add(name)
                queue.append(target)
        name = named(path)
        if name and name not in taken and (not only or name in only):
            taken.add(name)
            yield name


def keep(page: Any, out: Path, name: str) -> int:
    """The two pictures of the page that is open, small."""
    from PIL import Image

    size = 0
    for width, scale in ((WIDE, 0.5), (NARROW, 0.6)):
        page.set_viewport_size({"width": width, "height": 900})
        height = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST)
        shot = page.screenshot(clip={"x": 0, "y": 0, "width": width, "height": height}, full_page=True)
        picture = Image.open(io.BytesIO(shot)).convert("RGB")
        picture = picture.resize((int(width * scale), int(height * scale)), Image.Resampling.LANCZOS)
        file = out / f"{name.replace(':', '-')}-{'large' if width == WIDE else 'mobile'}.webp"
        picture.save(file, "WEBP", quality=30, method=4)
        size += file.stat().st_size
    return size


def checked(page: Any, name: str, base: str) -> list[str]:
    """What does not hold of the page that is open: axe in three themes at two widths, 320 pixels, 60 kB without images."""
    from axe_playwright_python.sync_playwright import Axe

    wrong = []
    for theme, contrast in (("light", "no-preference"), ("dark", "no-preference"), ("light", "more")):
        page.emulate_media(color_scheme=theme, contrast=contrast)
        for width in (WIDE, 320):
            page.set_viewport_size({"width": width, "height": 900})
            for found in Axe().run(page).response["violations"]:
                wrong.append(
                    f"axe {found['id']} x{len(found['nodes'])} {found['nodes'][0]['target']} ({theme}, {contrast}, {width})"
                )
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if over > 0:
        wrong.append(f"{over} px beyond 320")
    page.emulate_media(color_scheme="light", contrast="no-preference")
    weight = weight_of(page)
    return [*wrong, *([f"{weight:.0f} kB without images"] if weight > MOST_KB else [])]


def weight_of(page: Any) -> float:
    """What a first view of the page that is open asks for, compressed, in kB: its HTML, its styles and its scripts."""
    asked = page.eval_on_selector_all("link[rel=stylesheet], script[src]", "all => all.map(a => a.href || a.src)")
    for url in asked:
        if url not in _weights:
            _weights[url] = len(gzip.compress(page.request.get(url).body(), 6))
    return (len(gzip.compress(page.content().encode(), 6)) + sum(_weights[url] for url in asked)) / 1024


_weights: dict[str, int] = {}
MOST_KB = 60


REFERENCES = {
    "home": "accueil", "account_login": "connexion", "me": "accueil-poste", "results:contest": "resultats", "results:station": "bureau",
    "results:corrections": "corrections", "results:import": "import-correspondance", "results:setup": "scrutin-etapes", "tally:overview": "centralisation",
    "tally:entry": "saisie", "tally:arbitration": "arbitrage", "people:approval": "approbation", "disputes:docket": "role", "disputes:registry": "greffe",
    "disputes:case": "affaire", "disputes:gate": "porte", "planning:plans": "plan", "planning:workshop": "plan-gantt", "planning:budget": "budget",
    "cascade:plan": "cascade", "procedures:version": "fiche-procedure", "posts:board": "postes",
}  # fmt: skip
"""Name of an address -> the screen of the house style that it is held beside."""


def index(out: Path) -> None:
    """README.md of the folder: every screen there is, with the name of its reference."""
    beside = {name.replace(":", "-"): reference for name, reference in REFERENCES.items()}
    lines = ["# Screens", "", "Written by `make pictures`. Each is held beside the screen of the house style named after it before it is changed.", ""]  # fmt: skip
    for file in sorted(out.glob("*-large.webp")):
        name = file.name.removesuffix("-large.webp")
        also = f" (reference: `{beside[name]}`)" if name in beside else ""
        lines.append(f"- `{name}`{also}: [large]({name}-large.webp), [mobile]({name}-mobile.webp)")
    (out / "README.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    asked = arguments()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kalata.settings.office")
    os.environ.setdefault("KALATA_DEMO", "1")
    with tempfile.TemporaryDirectory(prefix="kalata-pictures-") as folder:
        var = asked.var or Path(folder)
        running, base = (None, asked.base.rstrip("/")) if asked.base else house(var, asked.stations)
        os.environ["KALATA_VAR"] = str(var)
        import django

        django.setup()
        try:
            round_all(asked, base)
        finally:
            if running is not None:
                os.killpg(running.pid, signal.SIGTERM)
                running.wait()


def round_all(asked: argparse.Namespace, base: str) -> None:
    from playwright.sync_api import sync_playwright

    only = {name for name in asked.only.split(",") if name}
    taken = {
        name for name in every_name() if asked.missing and (asked.out / f"{name.replace(':', '-')}-large.webp").exists()
    }
    names: dict[str, str] = {}
    faults = 0
    asked.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        first = browser.new_context(locale="fr-FR").new_page()
        people = asked.who.split(",") if asked.who else ["public", *accounts(first, base)]
        for lang in asked.lang.split(","):
            met = set(taken)
            for who in people:
                page = browser.new_context(locale="fr-FR", viewport={"width": WIDE, "height": 900}).new_page()
                if who != "public" and not sign_in(page, base, who):
                    print(f"{who}: not signed in", flush=True)
                    faults += 1
                    continue
                if lang != "fr":
                    page.goto(f"{base}/langue/{lang}/?suite=/")
                for name in walk(page, base, asked.pages, met, only):
                    names[name] = who
                    if asked.check:
                        wrong = checked(page, name, base)
                        faults += len(wrong)
                        print(f"{name} ({who}, {lang}): {'; '.join(wrong) or 'good'}", flush=True)
                    else:
                        print(f"{name} ({who}): {keep(page, asked.out, name) / 1024:.0f} kB", flush=True)
                    page.set_viewport_size({"width": WIDE, "height": 900})
                page.context.close()
        browser.close()
    faults += len(broken)
    if asked.check:
        print(f"{len(names)} screens, {faults} faults")
        sys.exit(1 if faults else 0)
    index(asked.out)
    print(f"{len(names)} screens")


if __name__ == "__main__":
    main()
