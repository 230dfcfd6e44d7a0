"""The public site as people meet it: small, without script, without network, in three languages, for everybody."""

import gzip
import http.server
import re
import threading
from functools import partial
from pathlib import Path

import pytest

from kalata.country.rules import lookup
from kalata.text import fold
from kalata.transparency.site import builder
from kalata.transparency.site.frame import CalendarLine
from kalata.transparency.site.render import LANGUAGES
from tests.browser.tools import axe
from tests.site import SYSTEM, a_log, extras_now
from tests.sizes import NIGHTLY

pytestmark = pytest.mark.browser
PAGES = ("index.html", "verify.html", "missing.html", "areas.html", "differs.html", "changes.html", "calendar.html", "data.html", "draws.html", "r/1/R1.html", "r/2/R1-C0.html", "pv/S-001.html", "pv/S-002.html", "pv/S-003.html", "pv/S-029.html")  # fmt: skip
KEYS = ("index.html", "verify.html", "missing.html", "areas.html", "differs.html")
WORDS = ("mopti", "mopit", "segou", "segu", "wolofobougou", "ouolofobougou", "djenne", "jenne", "gao", "goa", "komo", "komoguel", "003", "004", "youwarou", "yuwaru", "bandiagara", "bandiagra", "tombouctou", "timbuktu", "nyono")  # fmt: skip
OUTLINES = {"width": 1000, "height": 800, "shapes": {f"r{n}": {"d": f"M{n * 300} 0h280v600h-280z", "at": [n * 300 + 140, 300], "area": 90000} for n in range(3)}}  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    where = tmp_path_factory.mktemp("look")
    made = a_log(where / "log", stations=30, missing=3, lists=8, system={**SYSTEM, "tie_rule": "lot"})
    made.report("S-002")
    made.exclude("S-003", "annulment")
    made.close()
    sums = made.replay.votes_in("")
    held = made.replay.history["general", "S-004"][-1].entry["votes"]
    gap = sums[6] - sums[7]
    level = [{"list": v["list"], "n": v["n"] + max(gap, 0) * (v["list"] == 8) + max(-gap, 0) * (v["list"] == 7)} for v in held]  # fmt: skip
    total = sum(v["n"] for v in level)
    made.report("S-004", votes=level, valid=total, invalid=0, found=total, voters=total, registered=total + 9)
    made.draw(made.promise(7, 8, secret="l’as de pique, puis le roi"), secret="l’as de pique, puis le roi")
    made.undraw(made.replay.lots[0].index)
    made.promise(7, 8)
    made.close()
    extras = extras_now(
        outlines=OUTLINES, shapes={f"R{n}": f"r{n}" for n in range(3)}, provenance="essai",
        calendar=[CalendarLine({"fr": "scrutin", "en": "polling"}, "dimanche 28 février 2027", "Loi électorale", True)],
    )  # fmt: skip
    builder.publish(where / "log", where / "site", extras, sign=made.key.line, workers=1)
    return where / "site"


@pytest.fixture(scope="module")
def served(site):
    """A plain file server: no application, no database."""
    quiet = type("Quiet", (http.server.SimpleHTTPRequestHandler,), {"log_message": lambda *_a: None})
    running = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(quiet, directory=str(site)))
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_port}/"
    running.shutdown()
    running.server_close()


def in_every_language():
    for lang in LANGUAGES:
        for page in PAGES:
            if lang in ("fr", "en") or page in KEYS:
                yield page if lang == "fr" else f"{lang}/{page}"


def looked_at(width: int, theme: str):
    """Each page in French at both widths in both themes; another language changes words alone, so it is seen where
    words have the least room, and everywhere by night."""
    narrow = (width, theme) == (320, "light")
    return [name for name in in_every_language() if NIGHTLY or narrow or name in PAGES]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_is_accessible_fits_a_small_phone_and_takes_three_small_requests(new_context, served, theme):
    asked: list[str] = []
    for width in (320, 1366):
        context = new_context(viewport={"width": width, "height": 740}, color_scheme=theme)
        page = context.new_page()
        page.on("request", lambda r: asked.append(r.url))
        for name in looked_at(width, theme):
            asked.clear()
            page.goto(served + name)
            assert len([u for u in asked if not u.startswith("data:")]) <= 3, (name, asked)
            assert all(u.startswith((served, "data:")) for u in asked), (name, asked)
            if width == 320:
                assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), (
                    name
                )
            assert axe(page) == [], name
        context.close()


def test_every_page_reads_without_script_and_every_link_leads_somewhere(new_context, served, site):
    context = new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(served + "index.html")
    assert "Le baobab" in page.inner_text("main")
    seen, todo = set(), [site / "index.html"]
    while todo:
        path = todo.pop()
        if path in seen or path.suffix != ".html":
            continue
        seen.add(path)
        text = path.read_text()
        if path.name == "verifier.html":
            continue
        for link in re.findall(r'(?:href|src)="([^"#]*)', text):
            if link.startswith("data:") or not link:
                continue
            assert "://" not in link, (path, link)
            target = (path.parent / link).resolve()
            assert target.is_file(), (path.relative_to(site), link)
            todo.append(target)
    pages = {p for p in site.rglob("*.html") if "poster" not in p.parts and "card" not in p.parts}
    assert pages <= seen | {site / "verifier.html"}


def test_pages_are_small_enough_for_2g(site):
    style = len(gzip.compress((site / "s/kalata.css").read_bytes(), 9))
    for name in in_every_language():
        assert style + len(gzip.compress((site / name).read_bytes(), 9)) <= 30 * 1024, name


def test_a_reader_with_a_keyboard_reaches_a_station_s_proof(new_context, served):
    page = new_context().new_page()
    page.goto(served + "areas.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"

    def to(text):
        for _n in range(80):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.textContent.trim()") == text:
                return page.keyboard.press("Enter")
        raise AssertionError(text)

    to("Cercle 1.0")
    page.wait_for_url("**/R1-C0.html")
    to("S-001")
    page.wait_for_url("**/S-001.html")
    assert page.inner_text("h1").startswith("S-001")


def test_a_place_is_found_with_a_typing_error_from_a_key_without_server(new_context, site):
    page = new_context(offline=True).new_page()
    page.goto(f"file://{site}/areas.html?q=serkle+1.0")
    page.wait_for_selector("#found li")
    assert "Cercle 1.0" in page.inner_text("#found") and "plus proches" not in page.inner_text("#found-say")
    page.fill("#find-q", "regoin")
    page.wait_for_function("document.querySelectorAll('#found li').length == 3")
    assert "plus proches" in page.inner_text("#found-say")
    page.fill("#find-q", "s-001")
    page.wait_for_function("document.getElementById('found').textContent.startsWith('S-001')")
    page.click("#found a")
    page.wait_for_url("**/pv/S-001.html")


def test_the_search_of_the_browser_hears_names_as_the_house_does(new_context, site):
    """`find.js` counts the distance of words as `country.rules.lookup` does."""
    page = new_context().new_page()
    page.goto(f"file://{site}/areas.html")
    script = (
        (site / "s/find.js")
        .read_text()
        .replace("window.kalata = {", "window.tried = { cost: cost, fold: fold };\n  window.kalata = {")
    )
    page.evaluate(
        "text => { const s = document.createElement('script'); s.textContent = text; document.body.append(s) }",
        script.replace("document.currentScript", "document.scripts[0]"),
    )
    page.evaluate(
        "document.getElementById('find-q').value = 'xx'; document.getElementById('find-q').form.onsubmit(new Event('x'))"
    )
    page.wait_for_function(
        "document.getElementById('found-say').textContent.length > 9 && !document.getElementById('found-say').textContent.includes('index')"
    )
    pairs = [(a, b) for a in WORDS for b in WORDS]
    theirs = page.evaluate("pairs => pairs.map(p => tried.cost(p[0], p[1]))", pairs)
    assert theirs == [-1 if (c := lookup.cost(a, b)) is None else c for a, b in pairs]
    names = ["Djénné-Bozo", "N’Tjiba", "Ɲɔnɔ ŋ", "ÉCOLE_2", "Straße"]
    assert page.evaluate("names => names.map(n => tried.fold(n).split(/ +/).join(' '))", names) == [
        fold(n) for n in names
    ]


def test_an_old_publication_says_so_by_itself(new_context, served):
    page = new_context().new_page()
    page.clock.set_fixed_time("2027-03-01T08:01:00Z")
    page.goto(served + "index.html")
    assert page.is_hidden("#stale")
    page.clock.set_fixed_time("2027-03-01T09:00:00Z")
    page.reload()
    assert page.is_visible("#stale") and "Publication interrompue" in page.inner_text("#stale")


def test_the_card_and_the_poster_need_nothing_but_themselves(new_context, served, site):
    page = new_context(viewport={"width": 360, "height": 600}).new_page()
    for name in ("card/index.html", "card/r/1/R1.html", "poster/2/R1-C0.html"):
        asked: list[str] = []
        page.on("request", lambda r, asked=asked: asked.append(r.url))
        page.goto(served + name)
        assert [u for u in asked if not u.endswith(name)] in ([], [f"{served}favicon.ico"]), name
        assert axe(page) == [], name
        assert "<script" not in Path(site / name).read_text()
    assert page.locator("svg.qr").count() == 1


def test_the_verifier_page_is_accessible(new_context, site):
    for theme in ("light", "dark"):
        page = new_context(viewport={"width": 360, "height": 740}, color_scheme=theme).new_page()
        page.goto(f"file://{site}/verifier.html")
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
