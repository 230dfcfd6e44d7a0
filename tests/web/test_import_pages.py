"""The pages of the wizard: what they say is what is proved."""

import csv
import re

import pytest

from kalata.country.models import Contest, Station
from kalata.people import services as people
from kalata.people.rules.approval import Decision
from kalata.results.services import committing
from kalata.results.services import contests as services
from tests.conftest import HEADER, PROFILE, ROWS, bring, csv_of

pytestmark = pytest.mark.django_db


def narrow(column: str, box: str) -> tuple[bytes, dict]:
    at = HEADER.split(",").index(column)
    rows = [",".join(c for i, c in enumerate(r.split(",")) if i != at) for r in [HEADER, *ROWS]]
    profile = {**PROFILE, "figures": {k: v for k, v in PROFILE["figures"].items() if k != box}}
    return ("\n".join(rows) + "\n").encode(), profile


def page_of(client, one) -> str:
    return client.get(f"/resultats/gerer/imports/{one.pk}/").content.decode()


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).replace("\u202f", "")


def test_a_file_without_a_box_is_said_to_lack_it_never_to_be_good(sign_in, contest, supervisor):
    content, profile = narrow("bulletins", "ballots")
    page = text_of(page_of(sign_in(supervisor), bring(contest, supervisor, content, profile, commit=False)))
    assert "Le fichier se lit" in page and "Le fichier est bon" not in page and "tombent juste" not in page
    assert "E02" in page and "pas dans ce fichier : « Bulletins dans l’urne »" in page


def test_a_file_of_which_every_sum_was_tested_and_holds_is_good(sign_in, contest, supervisor):
    page = text_of(page_of(sign_in(supervisor), bring(contest, supervisor, commit=False)))
    assert "Le fichier est bon" in page and "Toutes les égalités tombent juste." in page
    assert "E01 somme des voix = suffrages exprimés : 4 bureaux" in page


def test_a_file_with_an_empty_cell_is_not_said_to_hold_everywhere(sign_in, contest, supervisor):
    one = bring(contest, supervisor, csv_of([ROWS[0].replace("200,200", ",200"), *ROWS[1:]]), commit=False)
    page = text_of(page_of(sign_in(supervisor), one))
    assert "Le fichier est bon" not in page and "tombent juste" not in page and "E06" in page


def test_the_refused_rows_are_a_file_with_what_was_read_and_why_in_the_language_of_the_reader(
    sign_in, contest, supervisor
):
    one = bring(contest, supervisor, csv_of([ROWS[0].replace("200,200", "2O0,-3"), *ROWS[1:]]), commit=False)
    client = sign_in(supervisor)
    page = page_of(client, one)
    way = f"/resultats/gerer/imports/{one.pk}/refusees.csv"
    assert f'href="{way}"' in page and "Les 2 lignes, avec la raison" in text_of(page)
    answer = client.get(way)
    assert answer["Content-Type"].startswith("text/csv") and "refusees.csv" in answer["Content-Disposition"]
    lines = b"".join(answer).decode("utf-8-sig").splitlines()
    head = lines.index("row,field,value,code,reason,remedy")
    rows = list(csv.DictReader(lines[head:]))
    assert [(r["row"], r["value"], r["code"]) for r in rows] == [("2", "2O0", "IMP-201"), ("2", "'-3", "IMP-202")]
    assert "2O0</td>" in page_of(client, one) and "Sommes lues, erreurs comprises" in page_of(client, one)
    assert all(r["reason"] in text_of(page) and r["remedy"] for r in rows) and any(
        one.sha256 in line for line in lines[:head]
    )
    client.cookies["django_language"] = "en"
    english = b"".join(client.get(way)).decode()
    assert rows[0]["reason"] not in english and "Rows refused" in english


def test_the_counts_of_the_dry_run_are_those_of_the_page_of_checks(sign_in, contest, supervisor, publisher):
    rows = [ROWS[0].replace("100,60,35", "90,60,35"), ROWS[1].replace("200,200", "199,200"), *ROWS[2:]]
    content, profile = csv_of(rows), dict(PROFILE)
    one = bring(contest, supervisor, content, profile, commit=False)
    client = sign_in(supervisor)
    said = dict(re.findall(r"<b>([EW]\d\d)</b> (\d+) bureau", page_of(client, one).replace("\u202f", "")))
    committing.ask_or_commit(one=one, reason="essai", by=supervisor)
    contest.refresh_from_db()
    asked = services.ask_publication(contest=contest, reason="x", by=supervisor)
    people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=publisher)
    client.logout()
    seen = client.get("/resultats/pres/controles/").content.decode()
    shown = dict(re.findall(r"\?constat=([EW]\d\d)\">(\d+)</a>", seen))
    assert said == shown and said["E01"] == "1"
    assert "1 bureau a au moins une erreur" in text_of(seen) and one.report["errors"] == 1


def test_the_page_of_a_station_says_not_in_this_file(client, contest, supervisor):
    content, profile = narrow("bulletins", "ballots")
    bring(contest, supervisor, content, profile)
    from kalata.ledger.locks import lifted

    with lifted():
        Contest.objects.update(published_at="2027-03-01T00:00:00Z")
    page = client.get(f"/resultats/pres/bureaux/{Station.objects.first().pk}/").content.decode()
    assert "pas dans ce fichier" in page and "E06" not in page and "Toutes les égalités tombent juste" not in page
