"""Why this date, and why not critical: one sentence, with a chain that holds in the slow engine."""

import itertools
import json
from datetime import timedelta

import pytest
from click.testing import CliRunner
from hypothesis import given, settings

from kalata.planning.calendars import calendar_named
from kalata.planning.commands import plan as command
from kalata.planning.rules.calendars import no_holidays
from kalata.planning.rules.explaining import why_date, why_not_critical
from kalata.planning.rules.reading import plan_of
from kalata.planning.rules.scheduling import scheduled
from tests.planning.plans import START, baseline, plan
from tests.planning.rules.test_schedule import CHAIN, HEAD, LEGAL, plans


def told(p, name, what=why_date, cal=None, **asked):
    s = scheduled(p, cal or no_holidays(START), **asked)
    return what(s, p.places[name])


def test_a_date_is_explained_by_the_chain_from_the_first_day():
    p = plan("A 5 wd", "B 2 wd A", "C 9 cd")
    assert told(p, "B").chain == ("A", "B") and "A → B" in told(p, "B").sentence.text("fr")
    assert told(p, "C").chain == ("C",) and "premier jour possible" in told(p, "C").sentence.text("fr")
    assert "first possible day" in told(p, "C").sentence.text("en")


def test_a_window_and_a_limit_of_the_law_end_the_chain_and_are_named():
    p = plan_of(f"{HEAD}A,5,cd,,,\nB,3,cd,A,01/10-31/12,\nC,1,cd,B,,\n", START)
    assert told(p, "B").chain == ("B",) and told(p, "C").chain == ("B", "C")
    assert "01/10-31/12" in told(p, "B").sentence.text("fr") and "01/10-31/12" in told(p, "C").sentence.text("en")
    legal = plan_of(LEGAL, START)
    late = {"j1": START + timedelta(20)}
    assert told(legal, "C", **late).chain == ("C",) and "J1-5" in told(legal, "C", **late).sentence.text("fr")
    assert told(legal, "R", **late).chain == ("V", "R")


def test_why_not_critical_names_the_days_and_the_chain_that_would_be_pushed():
    p = plan("A 10 cd", "B 3 cd", "C 2 cd B", "Z 1 cd A;C")
    found = told(p, "B", why_not_critical)
    assert found.chain == ("B", "C", "Z") and "5 j plus tard" in found.sentence.text("fr")
    assert "5 d later" in found.sentence.text("en")
    assert told(p, "A", why_not_critical).chain == ("A", "Z") and "est critique" in told(
        p, "A", why_not_critical
    ).sentence.text("fr")
    assert "j ouvrés" in told(plan("A 10 wd", "B 3 wd", "Z 1 cd A;B"), "B", why_not_critical).sentence.text("fr")
    missed = told(plan_of(LEGAL, START), "A", why_not_critical, j1=START + timedelta(14))
    assert "1 j de retard" in missed.sentence.text("fr")


@given(plans())
@settings(max_examples=50, deadline=None)
def test_every_activity_of_any_plan_is_explained_along_links_that_exist(drawn):
    p, cal, _days = drawn
    s = scheduled(p, cal)
    for i, a in enumerate(p.activities):
        back, ahead = why_date(s, i).chain, why_not_critical(s, i).chain
        assert back[-1] == a.id == ahead[0]
        for chain in (back, ahead):
            for before, after in itertools.pairwise(chain):
                assert before in [k.pred for k in p.by_id[after].links]


@pytest.mark.real
def test_the_poll_of_the_reference_plan_is_explained_by_the_chain_of_the_guide():
    p = baseline()
    found = told(p, "A05", cal=calendar_named("ml", START), windows=False)
    assert list(found.chain) == CHAIN and " → ".join(CHAIN) in found.sentence.text("fr")
    with_window = told(p, "A05", cal=calendar_named("ml", START))
    assert with_window.chain[0] == "E01" and "01/10-31/12" in with_window.sentence.text("fr")


def test_the_command_explains_what_it_is_asked():
    args = ["schedule", "-", "--start", "2026-01-05", "--calendar", "none", "--why", "B,A"]
    text = HEAD + "A,5,wd,,,\nB,2,wd,A,,\n"
    said = json.loads(CliRunner().invoke(command, [*args, "--json"], input=text).stdout)["why"]
    assert (
        [w["id"] for w in said] == ["B", "A"] and said[0]["date"]["chain"] == ["A", "B"] and said[0]["critical"]["en"]
    )
    assert "A → B" in CliRunner().invoke(command, args, input=text).stdout
    lost = CliRunner().invoke(command, [*args[:-1], "Q"], input=text)
    assert lost.exception.code == "PLN-112"
