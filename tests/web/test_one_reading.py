"""What a page says of a station or a total is what every other page says, and no sentence tells a figure too early."""

import re

import pytest

from kalata.country.models import Station, Unit
from kalata.ledger.locks import lifted
from kalata.people import services as people
from kalata.people.rules.approval import Decision
from kalata.results.access import as_seen_by
from kalata.results.models import RecallNotice
from kalata.results.numeric.table import Table, pyramid
from kalata.results.queries import board as boards
from kalata.results.queries import effects, published
from kalata.results.rules.boxes import LABELS, Box, Sheet
from kalata.results.rules.checks import findings
from kalata.tally.models import Paper
from kalata.tally.rules.lifecycle import State
from kalata.tally.services import batches as publishing
from kalata.tally.services import reports as tally
from kalata.text import translate
from tests import court
from tests.conftest import ROWS, bring, csv_of, make_person
from tests.services.test_tally import (  # noqa: F401  (register, desk: fixtures)
    GOOD,
    WRONG,
    desk,  # noqa: F811
    register,  # noqa: F811
    typed,
    validated,
)

pytestmark = pytest.mark.django_db
S = State


@pytest.fixture
def publishers(pack_version):
    return make_person("publication-1", "publication"), make_person("publication-2", "publication")


def batch(contest, publishers):
    asked = publishing.ask_batch(contest=contest, document="Acte 1", note="", by=publishers[0])
    people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=publishers[1])
    contest.refresh_from_db()


def recalled(paper, desk):  # noqa: F811
    asked = tally.ask_second(paper_id=paper.pk, to=S.RECALLED, reason="doute", document="Acte 2", by=desk["f"])
    people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=make_person("commission-9", "commission"))


def main_of(client, address):
    return client.get(address).content.decode().split("<main")[-1].split("</main>")[0]


# --- versions -------------------------------------------------------------------------------------
def test_the_public_reads_nothing_of_an_imported_station_from_before_the_publication(
    client, contest, supervisor, publisher
):
    bring(contest, supervisor)
    bring(contest, supervisor, csv_of([ROWS[0].replace(",100,60,35", ",101,59,35"), *ROWS[1:]]), create="none")
    from kalata.results.services import contests as services

    asked = services.ask_publication(contest=contest, reason="complet", by=supervisor)
    people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=publisher)
    station = Station.objects.get(contest=contest, code="KAY-001")
    page = main_of(client, f"/resultats/pres/bureaux/{station.pk}/")
    assert 'data-version="1"' in page and page.count("<time ") == 1 and "100 → 101" not in page
    assert [v.number for v in published.history_of(station).versions] == [1, 0]


def test_a_recalled_report_is_called_recalled_and_not_right(client, register, desk, publishers):  # noqa: F811
    paper = validated(typed(register, desk), desk["f"])
    batch(register, publishers)
    recalled(paper, desk)
    page = main_of(client, f"/resultats/pres/bureaux/{paper.station_id}/")
    assert 'data-situation="3"' in page and "Rappelé" in page and "Manquant" not in page
    assert "Toutes les égalités" not in page and "dans le total publié" not in page and 'data-version="1"' in page
    listed = main_of(client, "/resultats/pres/bureaux/")
    assert f'data-station="{paper.station.code}" data-situation="3"' in listed
    nation = main_of(client, "/resultats/pres/")
    assert '<span data-figure="recalled">1</span>' in nation and '<span data-figure="received">1</span>' in nation


def test_a_recall_of_what_was_never_public_leaves_no_public_notice(client, register, desk, publishers):  # noqa: F811
    paper = validated(typed(register, desk), desk["f"])
    recalled(paper, desk)
    assert not RecallNotice.objects.exists()
    RecallNotice.objects.create(  # one of before
        contest=register, station=paper.station, number=1, version=2, published=False, reason="avant", at=paper.since
    )
    with lifted():  # as if two persons had published it
        register.published_at = paper.since
        register.save()
    assert "avant" not in main_of(client, "/resultats/pres/lots/")
    board = boards.board(as_seen_by(None, register))
    assert (board.coverage().recalled, board.coverage().received) == (0, 1)


# --- totals ------------------------------------------------------------------------------------------
def test_the_coverage_of_a_zone_is_the_same_on_its_page_and_in_every_table(client, published, judge, registrar):
    from kalata.results.rules.boxes import Standing

    station = Station.objects.get(contest=published, code="KAY-001")
    court.decide(station, Standing.ANNULLED, signer=judge, by=registrar)
    unit = Unit.objects.get(code="ML-KAY", geography__code="ml-2015")
    said = re.compile(r'data-figure="coverage">([^<]*)<')
    nation = main_of(client, "/resultats/pres/")
    row = nation.split(f'data-area="{unit.code}"')[1].split("</tr>")[0]
    own = main_of(client, f"/resultats/pres/zone/{unit.pk}/")
    assert said.findall(row) == said.findall(own)[:1] == ["50,0\u202f%"] and said.findall(nation)[0] == "75,0\u202f%"
    cause = nation.split('data-cause="annulled"')[1].split("</tr>")[0]
    assert ">1</td>" in cause and ">400</td>" in cause  # its registered electors, not a dash


def test_stations_that_lie_right_under_a_region_are_added_to_what_lies_deeper(contest):
    import numpy as np

    table = Table(
        [("a",), ("b",)], [("R",), ("R", "C")], np.array([0, 1]), (Box.VALID,), np.array([[3], [4]]), ["A"],
        np.array([[3], [4]]), np.zeros(2, np.int8), np.zeros(2, np.int64),
    )  # fmt: skip
    levels = pyramid(table).levels
    assert [(a.path, a.valid) for level in levels for a in level] == [(("R",), 7), (("R", "C"), 4)]


def test_a_gap_between_ballots_and_voters_is_explained_beside_the_totals(client, contest, supervisor, publisher):
    from kalata.results.services import contests as services

    bring(contest, supervisor, csv_of([ROWS[0].replace("400,200,200", "400,200,197"), *ROWS[1:]]))
    asked = services.ask_publication(contest=contest, reason="complet", by=supervisor)
    people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=publisher)
    page = main_of(client, "/resultats/pres/")
    note = page.split('data-balance="E03" data-gap="-3"')[1].split("</p>")[0]
    assert "écart \u22123" in note and "Bureaux en moins : 1, pour \u22123." in note and "constat=E03" in note


def test_the_request_for_a_batch_shows_the_totals_before_it_without_its_reports(register, desk, publishers):  # noqa: F811
    paper = validated(typed(register, desk), desk["f"])
    sheet = (0, [*([0] * len(register.boxes)), 100, 60, 35])
    found = effects.effect_of(register, {paper.station_id: sheet})
    assert [(row.before, row.after) for row in found.rows[:3]] == [(0, 100), (0, 60), (0, 35)]


# --- findings ----------------------------------------------------------------------------------------
def test_every_empty_box_of_a_blank_form_is_named_in_both_languages():
    form = frozenset(Box)
    (found,) = [f for f in findings(Sheet({}, (None, None)), form=form) if f.code == "E06"]
    french, english = found.message.text("fr"), found.message.text("en")
    for label in LABELS.values():
        assert label in french and translate(label, "en") in english
    assert "Inscrits" in french and "voix n° 2" in french and "Registered" in english and "vide" not in english.lower()


def under_review(register, desk):  # noqa: F811
    paper = typed(register, desk, WRONG, WRONG)
    assert paper.state == S.UNDER_REVIEW
    return paper


def test_the_page_of_a_paper_names_each_finding_to_who_may_read_figures(sign_in, register, desk):  # noqa: F811
    from dataclasses import replace

    empty = replace(GOOD, boxes={**GOOD.boxes, Box.VOTERS: None, Box.NULL_BALLOTS: None})
    paper = typed(register, desk, empty, empty)
    page = main_of(sign_in(desk["e"]), f"/resultats/centralisation/pres/pv/{paper.pk}/")
    assert "Votants, Bulletins nuls" in page.split('data-finding="E06"')[1].split("</p>")[0]


@pytest.mark.parametrize("role", ["reception", "saisie", "delegue", "numerisation"])
def test_no_sentence_tells_a_figure_to_who_may_not_see_any(sign_in, register, desk, role):  # noqa: F811
    paper = under_review(register, desk)
    told_ = "la somme est 196, le papier dit 195"
    tally.pass_on(paper_id=paper.pk, to=S.SCANNED, reason=told_, by=desk["e"])
    client = sign_in(make_person("quelqu-un", role))
    for address in ("", f"pv/{paper.pk}/", "pv/", "controle/"):
        answer = client.get(f"/resultats/centralisation/pres/{address}")
        text = answer.content.decode() if answer.status_code == 200 else ""
        assert not re.search(r"\b19[56]\b", text) and told_ not in text, address
    reviewer = main_of(sign_in(desk["e2"]), f"/resultats/centralisation/pres/pv/{paper.pk}/")
    assert told_ in reviewer


def test_a_finding_is_told_in_the_registry_s_words_with_its_accepted_reason(
    client,
    register,  # noqa: F811
    desk,  # noqa: F811
    publishers,
):
    paper = under_review(register, desk)
    asked = tally.ask_second(paper_id=paper.pk, to=S.CHECKED, reason="papier relu : ainsi écrit", by=desk["e"])
    people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=desk["e2"])
    validated(Paper.objects.get(pk=paper.pk), desk["f"])
    batch(register, publishers)
    page = main_of(client, f"/resultats/pres/bureaux/{paper.station_id}/")
    assert "Somme des voix 196, exprimés inscrits au PV 195 : écart 1." in page and "papier relu : ainsi écrit" in page
    from kalata.results.queries import told

    ((number, rows),) = told.public_findings(register).values()
    assert number == 1 and ("E01", "papier relu : ainsi écrit") in [(code, why) for code, _l, _s, why in rows]
    assert rows[0][2]["fr"] == "Somme des voix 196, exprimés inscrits au PV 195 : écart 1."
