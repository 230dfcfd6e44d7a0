"""The tally centre in a real browser: forms by keyboard alone, and a whole small night by eight roles."""

import random

import pytest

from kalata.country.models import Unit
from kalata.results.models import Batch
from kalata.results.rules.boxes import MARKS
from kalata.tally.models import Entry, Paper
from kalata.tally.rehearsal import stage, truth
from kalata.tally.services import reports as tally
from tests.browser.tools import axe, fits, open_session
from tests.sizes import size as size_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LISTS = [
    {"name": "Le baobab", "emblem": "e1"},
    {"name": "La pirogue", "emblem": "e2"},
    {"name": "La calebasse", "emblem": "e3"},
]
HERE = "/resultats/centralisation/exercice-centralisation/"


@pytest.fixture
def night(pack_version, settings, tmp_path):
    """Twelve expected papers, a person for each desk, and what the papers say."""
    settings.MEDIA_ROOT = tmp_path
    geography = pack_version_geography()
    contest = stage.raise_curtain(
        version=pack_version, geography=geography, units=[Unit.objects.get(code="ML-SEG", geography=geography)],
        lists=LISTS, size=12, seed=3, by=None,
    )  # fmt: skip
    team = stage.team((("publication-1", "publication", "P1"), ("publication-2", "publication", "P2")))
    said = stage.papers_written(contest, 3, flawed_every=100)
    return contest, team, said


def pack_version_geography():
    from kalata.country.models import Geography

    return Geography.objects.get(code="ml-2015")


def all_scanned(contest, team, said):
    from kalata.tally.services import scanning

    papers = list(contest.papers.select_related("station").order_by("pk"))
    for paper in papers:
        tally.receive(contest=contest, station=paper.station.code, by=team["reception"])
    content = stage.filled(contest, said, papers)
    scanning.give(contest=contest, name="s.pdf", content=content, by=team["numerisation"], now=True)


def type_paper(page, said, *, wrong=None):
    """Type one paper as a clerk does: figures and Enter, nothing else."""
    paper = Paper.objects.select_related("station").get(pk=int(page.input_value("#f [name=paper]")))
    sheet = said[paper.station.code]
    if wrong is not None:
        sheet = truth.misread(sheet, wrong)
    page.keyboard.type(paper.station.code[-4:])
    page.keyboard.press("Enter")
    boxes = [v for b, v in sheet.boxes.items() if b not in MARKS]
    marks = [v for b, v in sheet.boxes.items() if b in MARKS]
    for value in [*boxes, *sheet.votes, *marks]:
        page.keyboard.type(str(value))
        page.keyboard.press("Enter")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    return paper.station.code


def test_a_clerk_types_forms_with_the_keyboard_alone(page, live_server, night):
    contest, team, said = night
    all_scanned(contest, team, said)
    open_session(page, live_server, team["saisie-a"])
    page.goto(f"{live_server.url}{HERE}saisie/")
    assert axe(page) == []
    assert fits(page)
    many = size_of(3, 10)
    for _n in range(many):
        type_paper(page, said)
    assert Entry.objects.count() == many
    assert Paper.objects.filter(state="first_entered").count() == many
    typed = [tally.record_of(p).first for p in Paper.objects.filter(state="first_entered").select_related("contest")]
    assert all(sheet in said.values() for sheet in typed)


def test_a_form_left_in_the_middle_comes_back_as_it_was(page, live_server, night):
    contest, team, said = night
    all_scanned(contest, team, said)
    open_session(page, live_server, team["saisie-a"])
    page.goto(f"{live_server.url}{HERE}saisie/")
    paper = page.input_value("#f [name=paper]")
    page.fill("#l-registered", "123")
    with page.expect_response(lambda r: r.url.endswith("/brouillon") and r.ok):
        page.focus("#l-voters")
    page.goto(f"{live_server.url}{HERE}saisie/")
    assert page.input_value("#f [name=paper]") == paper and page.input_value("#l-registered") == "123"


def test_figures_cannot_be_pasted_and_a_gap_is_said_while_typing(page, live_server, night):
    contest, team, said = night
    all_scanned(contest, team, said)
    open_session(page, live_server, team["saisie-a"])
    page.goto(f"{live_server.url}{HERE}saisie/")
    page.fill("#l-valid", "259")
    for key in ("c1", "c2", "c3"):
        page.fill(f"#l-{key}", "50")
    row = page.locator('.cks [data-code="E01"]')
    assert "109" in row.inner_text() and "hot" in row.get_attribute("class")
    assert "écart" in page.inner_text("#send")
    refused = page.evaluate(
        """() => { const e = new ClipboardEvent('paste', {bubbles: true, cancelable: true});
        document.getElementById('l-c1').dispatchEvent(e); return e.defaultPrevented; }"""
    )
    assert refused
    page.keyboard.press("F8")
    assert page.evaluate("document.activeElement.id") == "why"


def test_a_wrong_station_code_keeps_what_was_typed_and_says_so(page, live_server, night):
    contest, team, said = night
    all_scanned(contest, team, said)
    open_session(page, live_server, team["saisie-a"])
    page.goto(f"{live_server.url}{HERE}saisie/")
    page.fill("#l-tail", "ZZZZ")
    page.fill("#l-registered", "77")
    page.keyboard.press("Control+Enter")
    assert page.locator("#blanks").is_visible(), "the lines left empty are asked about once"
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    assert "F8" in page.inner_text(".errs") and page.input_value("#l-registered") == "77"
    assert axe(page) == [] and not Entry.objects.exists()


class Hands:
    """A keyboard that counts: a figure is as many keys as it has digits, a chord is its keys."""

    def __init__(self, page):
        self.page, self.keys = page, 0

    def type(self, text):
        self.keys += len(text)
        self.page.keyboard.type(text)

    def press(self, key):
        self.keys += key.count("+") + 1
        self.page.keyboard.press(key)


@pytest.mark.parametrize("size", [(1366, 900)], ids=["wide"])
def test_the_keys_of_a_night_are_counted(page, live_server, pack_version, settings, tmp_path):
    """Figures of the desks: reception 1 scan = 1 act, sign-in to paper 2 acts, second entry <= 1.15 x, a line <= 3 keys."""
    settings.MEDIA_ROOT = tmp_path
    geography = pack_version_geography()
    contest = stage.raise_curtain(
        version=pack_version, geography=geography, units=[Unit.objects.get(code="ML-SEG", geography=geography)],
        lists=[{"name": f"Liste {n}", "emblem": ""} for n in range(1, 18)], size=2, seed=5, by=None,
    )  # fmt: skip
    team, said = stage.team(), stage.papers_written(contest, 5, flawed_every=100)
    station = contest.papers.order_by("pk").first().station.code

    # reception: the reader types the code and Enter; the field waits for the next one, a duplicate is told and typed over
    open_session(page, live_server, team["reception"])
    page.goto(f"{live_server.url}{HERE}reception/")
    for code in (station, station.lower(), "EX00002"):
        with page.expect_navigation():
            page.keyboard.type(code)
            page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "code"
    assert all("409" in said for said in page.errors) and len(page.errors) == 1, "one scan was refused, and said so"
    page.errors.clear()
    assert Paper.objects.filter(state="received").count() == 2, "the duplicate was refused, the next scan took its place"

    from kalata.tally.services import scanning

    papers = list(contest.papers.select_related("station").order_by("pk"))
    content = stage.filled(contest, said, papers)
    scanning.give(contest=contest, name="s.pdf", content=content, by=team["numerisation"], now=True)
    first = tally.claim_next(contest=contest, right="results.enter", by=team["saisie-a"])
    truth_of = said[first.station.code]
    tally.submit(paper_id=first.pk, sheet=truth.misread(truth_of, random.Random(2)), by=team["saisie-a"])

    # from the first page after sign-in, one act opens the paper: the line that says what waits
    page.context.clear_cookies()
    open_session(page, live_server, team["saisie-b"])
    page.goto(f"{live_server.url}/")
    if "/saisie/" not in page.url:
        with page.expect_navigation():
            page.locator("main a[href$='/saisie/']").first.click()
    assert page.locator("#f [name=paper]").count() == 1

    # second entry of a paper of 25 lines: its figures, each with the Enter that ends it
    hands, values = Hands(page), truth.in_paper_order(truth_of)
    assert len(values) == 25
    hands.type(first.station.code[-4:])
    hands.press("Enter")
    for n, value in enumerate(values):
        hands.type(str(value))
        if n in (0, 10, 24):  # the frame is on the very line, on the page that is turned by itself
            frame = page.evaluate(
                "(() => { const h = document.querySelector('.hl'), p = h && h.closest('.paper'); return h && !h.hidden && p.classList.contains('cur') && [...p.parentElement.children].indexOf(p); })()"
            )
            assert frame == (0 if n < 17 else 1), n
        hands.press("Enter")
    with page.expect_navigation():
        hands.press("Enter")
    characters = sum(len(str(v)) + 1 for v in values)
    print(f"second entry of 25 lines: {hands.keys} keys, {hands.keys / characters:.2f} x the {characters} of its figures (<= 1.15)")
    assert hands.keys <= 1.15 * characters, (hands.keys, characters)
    assert "arbitre" in page.inner_text(".desk-bar"), "it is told that they differ, and nothing of how"
    assert Paper.objects.filter(state="different").count() == 1

    # arbitration: the piece of the original, one key for the line, one chord, and the next one at once
    page.context.clear_cookies()
    open_session(page, live_server, team["arbitre"])
    page.goto(f"{live_server.url}{HERE}arbitrage/")
    assert page.evaluate("document.querySelector('.line.now img').naturalWidth > 100")
    assert axe(page) == [] and fits(page)
    hands = Hands(page)
    with page.expect_navigation():
        hands.press("2")
        hands.press("Control+Enter")
    print(f"arbitration of one line: {hands.keys} keys (<= 3)")
    assert hands.keys <= 3
    settled = Paper.objects.get(pk=first.pk)
    assert settled.state in ("checked", "under_review")
    assert tally.record_of(settled).final == truth_of


def test_every_screen_of_the_centre_passes_axe_and_fits(page, live_server, night, supervisor):
    from kalata.tally.services import commission, custody

    contest, team, said = night
    all_scanned(contest, team, said)
    chance = random.Random(5)
    for clerk in ("saisie-a", "saisie-b"):
        for n in range(6):
            paper = tally.claim_next(contest=contest, right="results.enter", by=team[clerk])
            sheet = said[paper.station.code]
            wrong = clerk == "saisie-b" and n == 2
            tally.submit(paper_id=paper.pk, sheet=truth.misread(sheet, chance) if wrong else sheet, by=team[clerk])
    sitting = commission.convene(
        contest=contest,
        unit=None,
        title="N",
        quorum=2,
        members="Présidence ; AIGE\nMembre ; AIGE",
        by=team["commission"],
    )
    here = {m.pk: {"present": True} for m in sitting.members.all()}
    commission.note_members(sitting_id=sitting.pk, values=here, by=team["commission"])
    for one in ("commission", "commission-2"):
        commission.attend(sitting_id=sitting.pk, by=team[one])
    commission.change(sitting_id=sitting.pk, to="open", by=team["commission"])
    bag = custody.seal(contest=contest, code="SAC-1", kind="bag", seals="A1", stations="EX00001", by=team["reception"])
    paper = Paper.objects.filter(state="checked").first()
    for who, paths in (
        (supervisor, ["", "pv/", "formulaires/", "lots/", f"pv/{paper.pk}/", "visa/"]),
        (team["reception"], ["", "reception/", "scelles/", f"scelles/{bag.pk}/"]),
        (team["numerisation"], ["numerisation/"]),
        (team["arbitre"], ["arbitrage/"]),
        (team["controle"], ["controle/", "copies/"]),
        (team["commission"], ["commission/", f"commission/{sitting.pk}/"]),
        (team["delegue"], ["copies/"]),
    ):
        page.context.clear_cookies()
        open_session(page, live_server, who)
        for path in paths:
            page.goto(live_server.url + HERE + path)
            assert page.locator("h1").count() == 1, path
            assert axe(page) == [], path
            assert fits(page), path


def test_the_whole_night_in_small_by_nine_persons_in_nine_browsers(browser, live_server, night):
    contest, team, said = night
    names = (
        "reception",
        "numerisation",
        "saisie-a",
        "saisie-b",
        "arbitre",
        "commission",
        "commission-2",
        "publication-1",
        "publication-2",
    )
    seats = {}
    for name in names:
        context = browser.new_context(viewport={"width": 1366, "height": 900}, locale="fr-FR")
        seats[name] = context.new_page()
        open_session(seats[name], live_server, team[name])
    go = lambda name, path: seats[name].goto(live_server.url + HERE + path)  # noqa: E731
    papers = list(contest.papers.select_related("station").order_by("pk"))[:6]
    go("reception", "reception/")
    for paper in papers:
        seats["reception"].fill("#code", paper.station.code)
        with seats["reception"].expect_navigation():
            seats["reception"].keyboard.press("Enter")
    go("numerisation", "numerisation/")
    for i in range(0, 6, 3):
        files = [
            {
                "name": f"s{i}.pdf",
                "mimeType": "application/pdf",
                "buffer": stage.filled(contest, said, papers[i : i + 3]),
            }
        ]
        seats["numerisation"].set_input_files("#files", files)
        with seats["numerisation"].expect_navigation():
            seats["numerisation"].click("form[enctype] button.btn")
    assert Paper.objects.filter(state="scanned").count() == 6
    for clerk, wrong in (("saisie-a", None), ("saisie-b", random.Random(9))):
        go(clerk, "saisie/")
        for n in range(6):
            type_paper(seats[clerk], said, wrong=wrong if n == 4 else None)
    assert Paper.objects.filter(state="different").count() == 1
    go("arbitre", "arbitrage/")
    line = seats["arbitre"].locator("fieldset.one")
    assert line.count() == 1 and "saisie-" not in seats["arbitre"].inner_text("main")
    seats["arbitre"].keyboard.press("1")
    with seats["arbitre"].expect_navigation():
        seats["arbitre"].keyboard.press("Enter")
    assert Paper.objects.filter(state="checked").count() == 6
    go("commission", "commission/")
    seats["commission"].fill("#t", "Séance nationale")
    seats["commission"].fill("#qu", "2")
    seats["commission"].fill("#m", "Présidence ; AIGE\nMembre ; AIGE")
    seats["commission"].click("text=Convoquer >> nth=-1")
    for box in seats["commission"].query_selector_all("input[name^=present-]"):
        box.check()
    seats["commission"].click("button:has-text('Enregistrer présences')")
    for name in ("commission", "commission-2"):
        seats[name].goto(seats["commission"].url)
        seats[name].click("button:has-text('Noter ma présence')")
    seats["commission"].reload()
    seats["commission"].click("summary:has-text(\"Ouvrir la séance\")")
    seats["commission"].locator("details.sure[open] button").click()
    seats["commission"].click("button:has-text('Valider les')")
    seats["commission"].wait_for_selector("text=6 procès-verbaux validés")
    go("publication-1", "lots/")
    seats["publication-1"].fill("#d", "Acte n° 1")
    seats["publication-1"].click("text=Demander la publication du lot")
    seats["publication-2"].goto(f"{live_server.url}/personnes/approbations/")
    seats["publication-2"].click("main table a")
    seats["publication-2"].click("button[value=approve]")
    seats["publication-2"].wait_for_load_state()
    batch = Batch.objects.get(contest=contest)
    assert batch.count == 6
    public = browser.new_context(locale="fr-FR").new_page()
    public.goto(f"{live_server.url}/resultats/exercice-centralisation/")
    total = sum(said[p.station.code].votes[0] for p in papers)
    assert f"{total:,}".replace(",", "\u202f") in public.inner_text("main")
    public.goto(f"{live_server.url}/resultats/exercice-centralisation/lots/")
    assert batch.digest in public.inner_text("main") and axe(public) == []
    for seat in (*seats.values(), public):
        seat.context.close()
