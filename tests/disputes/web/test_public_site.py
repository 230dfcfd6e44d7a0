"""The Court in the static site: the words and figures of the house's pages, as files, and nothing that is not public."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from kalata.disputes.models import Petition
from kalata.disputes.queries import public
from kalata.disputes.services import sheets
from kalata.transparency import publiclog
from kalata.transparency.site import builder, house
from tests.disputes.publishing import published_text
from tests.disputes.services.test_rulings import keys, president, publisher_of_court, told  # noqa: F401
from tests.disputes.web.test_public import COURT, SECRET, decided, planted, text  # noqa: F401
from tests.services.test_public_ledger import house_key, sequenced  # noqa: F401

pytestmark = pytest.mark.django_db
ALL = ("index.html", "decisions.html", "hearings.html", "statistics.html", "scorecard.html", "data.html", "verify.html")


def written(contest, folder: Path) -> builder.Stats:
    sequenced(contest)
    return builder.publish(publiclog.place(contest.code), folder, house.extras_of(contest, timezone.now()), workers=1)


@pytest.fixture
def site(published, planted, tmp_path):  # noqa: F811
    """The site of a contest with the planted case."""
    Petition.objects.filter(pk=planted.petition.pk).update(contest=published)
    sheets.refresh(planted.petition)
    public.forget()
    folder = tmp_path / "site"
    written(published, folder)
    return folder, planted.petition.number


def test_every_page_is_there_in_both_languages_without_a_script_and_its_links_lead_somewhere(site):
    folder, number = site
    for up in ("court", "en/court"):
        for name in (*ALL, f"case-{number}.html"):
            page = (folder / up / name).read_text(encoding="utf-8")
            assert "<script" not in page and "<!--sprite-->" not in page, name
            for href in re.findall(r'(?:href|src)="([^"#]+)"', page):
                if not href.startswith(("http", "data:")):
                    assert (folder / up / href).resolve().exists(), (up, name, href)
            icons = set(re.findall(r'<use href="#([^"]+)"', page))
            assert all(f'<symbol id="{one}"' in page for one in icons), (name, icons)
    assert 'href="court/index.html"' in (folder / "index.html").read_text(encoding="utf-8")
    assert "Requêtes devant la Cour" in (folder / "court/index.html").read_text(encoding="utf-8")
    assert "Petitions before the Court" in (folder / "en/court/index.html").read_text(encoding="utf-8")


def test_no_planted_word_stands_in_any_file(site):
    folder, number = site
    seen = 0
    for path in folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert not [w for w in SECRET if w.encode() in data], path
            seen += number.encode() in data
    assert seen > 4


def test_the_figures_are_those_of_the_house(site, client):
    folder, _number = site
    page = text(client, f"{COURT}statistiques/")
    there = (folder / "court/statistics.html").read_text(encoding="utf-8")
    figures = r'data-court-figure="([^"]+)">([^<]+)<'
    assert re.findall(figures, page) == re.findall(figures, there) != []
    assert json.loads((folder / "court/statistics.json").read_bytes()) == json.loads(
        text(client, f"{COURT}donnees/statistics.json")
    )
    assert (folder / "court/cases.csv").read_bytes().decode() == text(client, f"{COURT}donnees/cases.csv")


def test_a_case_that_moves_is_drawn_again_though_the_log_has_not_grown_and_nothing_is_where_nothing_moved(
    site, published
):
    folder, number = site
    page = folder / "court" / f"case-{number}.html"
    first = page.stat().st_mtime_ns
    written(published, folder)
    assert page.stat().st_mtime_ns == first, "nothing has moved"
    Petition.objects.filter(number=number).update(state="deliberation")
    public.forget()
    written(published, folder)
    assert "en délibéré" in page.read_text(encoding="utf-8")
    listed = {line.partition("  ")[2] for line in (folder / "files.sha256").read_text().splitlines()}
    assert f"court/case-{number}.html" in listed and "en/court/index.html" in listed


def test_a_decision_is_in_the_site_with_its_papers_once_it_is_published(
    decided, published, client, tmp_path, judge, president, registrar, publisher_of_court  # noqa: F811
):  # fmt: skip
    from kalata.disputes.services import executing, rulings

    one, ruling = decided
    rulings.to_gate(ruling=ruling, by=judge)
    executing.sign(ruling=ruling, by=president)
    rulings.pronounce(ruling=ruling, minutes="audience publique", by=president)
    rulings.notify(ruling=ruling, by=registrar)
    folder = tmp_path / "site"
    written(published, folder)
    slug = ruling.number.replace("/", "-")
    assert not (folder / "court" / f"decision-{slug}.html").exists()
    assert ruling.number not in (folder / "court/index.html").read_text(encoding="utf-8")
    published_text(type(ruling).objects.get(pk=ruling.pk), publisher_of_court, registrar)
    written(published, folder)
    page = (folder / "court" / f"decision-{slug}.html").read_text(encoding="utf-8")
    assert (
        "SEG-001" in page
        and f'href="{slug}.pdf"' in page
        and (folder / "court" / f"{slug}.pdf").read_bytes().startswith(b"%PDF")
    )
    assert (folder / "court" / f"{slug}-annexe-1.csv").exists()
    assert "../pv/SEG-001.html" in page and (folder / "pv/SEG-001.html").exists()
    assert ruling.number in text(client, reverse("court:case", args=[one.petition.number]))


def test_processes_that_help_to_draw_are_given_no_record_of_the_room():
    """They start without the house: what they are given must be read without it."""
    import pickle
    import subprocess
    import sys
    from datetime import UTC, datetime
    from types import SimpleNamespace

    from kalata.transparency.site.frame import Extras

    room = SimpleNamespace(name="cour", entry="cour/index.html", label="Contentieux", digest="d", records=object)
    given = pickle.dumps(Extras(at=datetime(2027, 1, 1, tzinfo=UTC), rooms=[room]))
    read = "import pickle,sys; e=pickle.load(sys.stdin.buffer); print(e.rooms[0].entry, 'django.db' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", read], input=given, capture_output=True, check=True)
    assert said.stdout.decode().split() == ["cour/index.html", "False"]
