"""The screens of what nobody does alone: a sitting that may not be closed yet, a frozen list, a paper seen by the commission."""

import os
from dataclasses import replace

import pytest

from kalata.results.services import corrections
from kalata.tally.models import Paper
from kalata.tally.services import commission
from kalata.tally.services import reports as tally
from tests.browser.test_tally_night import HERE, all_scanned, night  # noqa: F401
from tests.browser.tools import axe, fits, open_session
from tests.services.test_tally import in_session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def shot(page, name):
    if folder := os.environ.get("KALATA_SHOTS"):
        page.screenshot(path=f"{folder}/{name}-{page.viewport_size['width']}.png", full_page=True)


def test_the_screens_of_a_sitting_to_close_and_of_a_frozen_list(page, live_server, night, supervisor, publisher):  # noqa: F811
    contest, team, said = night
    all_scanned(contest, team, said)
    for clerk in ("saisie-a", "saisie-b"):
        for _n in range(4):
            paper = tally.claim_next(contest=contest, right="results.enter", by=team[clerk])
            tally.submit(paper_id=paper.pk, sheet=said[paper.station.code], by=team[clerk])
    checked = Paper.objects.filter(state="checked").order_by("pk")
    sitting = in_session(contest, team["commission"])
    tally.validate(paper_id=checked[0].pk, by=team["commission"], sitting_id=sitting.pk)
    counted = Paper.objects.get(state="validated")
    figures = said[counted.station.code]
    wrong = replace(figures, votes=(figures.votes[0] + 1, *figures.votes[1:]))
    commission.type_recap(sitting_id=sitting.pk, sheet=wrong, stations=2, by=team["commission"])
    commission.explain(
        sitting_id=sitting.pk, lines=["c1"], kind="reservation", text="Un chiffre repassé.", by=team["commission"]
    )
    names = {1: ("Le Baobab", "e1")}
    asked = corrections.ask_names(contest=contest, names=names, reason="capitale", by=supervisor)
    for who, name, path in (
        (team["commission"], "sitting", f"{HERE}commission/{sitting.pk}/"),
        (team["commission"], "paper", f"{HERE}pv/{checked[0].pk}/"),
        (supervisor, "setup", f"/resultats/gerer/{contest.code}/"),
        (publisher, "names", f"/personnes/approbations/{asked.pk}/"),
    ):
        page.context.clear_cookies()
        open_session(page, live_server, who)
        page.goto(live_server.url + path)
        if name == "setup":
            page.click("summary:has-text('Corriger')")
        shot(page, name)
        assert page.locator("h1").count() == 1, name
        assert axe(page) == [], name
        assert fits(page), name
