"""The ledger in words, in a feed and in a table: at each boundary, in both languages."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest

from kalata.results.rules import ledger_words as words
from kalata.results.rules.outcome import Status, decide
from kalata.results.rules.outcome import Totals as Sums
from kalata.results.rules.public_ledger import (
    COLUMNS,
    KIND_LABELS,
    Fact,
    Kind,
    Standing,
    Totals,
    Why,
    pair,
    reckoned,
    record,
    rows,
)
from kalata.results.rules.systems import Kind as System
from kalata.results.rules.systems import system_from

SYSTEM = system_from({"kind": "plurality"})
OUT = Sums({"a": 5, "b": 3}, 8, None, None)
NAMES = {1: "Le baobab", 2: "La pirogue", 3: "La calebasse"}
COUNTED, GONE = Standing.COUNTED, Standing.GONE
WHY = Why("commission", "Acte n° 12", "2027-03-02T18:15:00Z", 7, "=1+1 & <mot>", "")
ATOM = "{http://www.w3.org/2005/Atom}"


def fact(votes, standing=COUNTED, why=WHY, key=("G", "S-1"), **boxes):
    return Fact(key, standing, {**boxes, "valid": sum(votes)} if votes else {}, dict(enumerate(votes, 1)), "1", why)


def lines(*facts):
    return reckoned(facts, (1, 2, 3)).lines


@pytest.mark.parametrize(
    ("votes", "runoff", "wanted"),
    [
        ((5, 4, 3), False, (1, 1, 2)), ((5, 4, 3), True, (2, 2, 3)), ((3, 4, 5), True, (2, 2, 1)),
        ((4, 4, 4), True, (2, 2, 3)), ((4, 4, 4), False, (1, 1, 2)), ((5, 4), True, (1, 1, 2)), ((5,), False, None), ((), True, None),
    ],
)  # fmt: skip
def test_the_gap_that_decides_is_after_the_first_or_after_the_second_where_two_go_on(votes, runoff, wanted):
    assert pair(Totals(dict(enumerate(votes, 1))), runoff) == wanted


@pytest.mark.parametrize(
    ("status", "kind", "round_", "top", "wanted"),
    [
        (Status.RUNOFF, System.TWO_ROUND_MAJORITY, 1, 5, True), (Status.UNDETERMINED, System.TWO_ROUND_MAJORITY, 1, 6, True),
        (Status.UNDETERMINED, System.TWO_ROUND_MAJORITY, 1, 7, False), (Status.UNDETERMINED, System.TWO_ROUND_MAJORITY, 1, 8, False),
        (Status.UNDETERMINED, System.TWO_ROUND_MAJORITY, 2, 6, False), (Status.UNDETERMINED, System.PLURALITY, 1, 6, False),
        (Status.ELECTED, System.TWO_OPTION_MAJORITY, 1, 6, False),
    ],
)  # fmt: skip
def test_two_go_on_where_the_first_has_less_than_the_majority_of_now(status, kind, round_, top, wanted):
    outcome = replace(decide(SYSTEM, OUT), status=status, needed=7)
    assert words.goes_on(outcome, kind, round_, Totals({1: top, 2: 3})) is wanted


def test_without_a_rule_nobody_goes_on():
    assert words.goes_on(None, System.TWO_ROUND_MAJORITY, 1, Totals({1: 1})) is False


@pytest.mark.parametrize("place", [1, 2])
def test_what_the_corrections_did_to_the_gap_is_told_just_under_at_and_just_over_nothing(place):
    assert [words.moved(place, n).text("fr").split("e ", 1)[-1].split(" ")[-2:] for n in (-1, 0, 1)] == [
        ["1", "voix"], ["change", "pas"], ["1", "voix"],
    ]  # fmt: skip
    assert ["baissé" in words.moved(place, n).text("fr") for n in (-1, 0, 1)] == [True, False, False]
    assert ["augmenté" in words.moved(place, n).text("fr") for n in (-1, 0, 1)] == [False, False, True]
    assert all(("2e et la 3e" in words.moved(place, n).text("fr")) is (place == 2) for n in (-1, 0, 1))


def test_a_row_that_was_not_counted_is_not_an_empty_box():
    empty, filled, gone = lines(
        fact((5, 4, 3), voters=12), fact((5, 4, 3)), fact((5, 4, 3), voters=13), Fact(("G", "S-1"), GONE, why=WHY)
    )
    assert words.figures(empty, empty.changes[0], "fr") == ("12", "vide")
    assert words.figures(filled, filled.changes[0], "fr") == ("vide", "13")
    assert {words.figures(gone, c, "en")[1] for c in gone.changes} == {"not counted"}


def test_of_a_station_taken_out_the_lists_that_decide_and_its_valid_votes_are_shown():
    (gone,) = lines(fact((5, 4, 3), voters=12), Fact(("G", "S-1"), GONE, why=WHY))
    shown, more = words.picked(gone, (2, 3))
    assert [(c.list, c.name) for c in shown] == [(2, ""), (3, ""), (None, "valid")] and more == 2
    shown, _more = words.picked(gone, None)
    assert [c.list for c in shown] == [1, 2, None]


@pytest.mark.parametrize(("changed", "more"), [(3, 0), (4, 0), (5, 1)])
def test_of_a_correction_four_rows_are_shown_the_votes_first(changed, more):
    boxes = [f"b{i}" for i in range(changed - 2)]  # one vote and the valid votes change besides
    before, after = (dict.fromkeys(boxes, n) for n in (1, 2))
    (line,) = lines(fact((5, 4, 3), **before), fact((6, 4, 3), **after))
    shown, left = words.picked(line, (1, 2))
    assert len(line.changes) == changed and left == more and len(shown) == min(changed, 4) and shown[0].list == 1


def test_a_margin_is_told_with_its_share_and_a_tie_with_none():
    (line,) = lines(fact((5, 4, 3)), fact((4, 4, 3)))
    assert words.margin_said(line.national[0], NAMES, "fr") == "Le baobab +1 (8,33\u202f%)"
    assert words.margin_said(line.national[1], NAMES, "en") == "tie"
    (gone,) = lines(fact((5, 4, 3)), Fact(("G", "S-1"), GONE))
    assert words.margin_said(gone.national[1], NAMES, "fr") == "aucune voix"


def test_one_line_is_one_sentence_in_both_languages():
    (line,) = lines(fact((5, 4, 3)), fact((5, 5, 3)))
    assert words.sentence(line, (1, 2), NAMES, "fr") == (
        "S-1, Chiffre corrigé. La pirogue : 4 → 5 ; Suffrages exprimés : 12 → 13. Commission de centralisation, Acte n° 12. =1+1 & <mot>"
    )
    english = words.sentence(line, (1, 2), NAMES, "en")
    assert "Figure corrected" in english and "Collation commission, Acte n° 12" in english


def test_the_table_writes_what_a_spreadsheet_would_run_as_text_and_nothing_for_what_is_not_known():
    found = lines(fact((5, 4, 3)), fact((5, 5, 3)))
    read = list(csv.DictReader(words.as_csv(found).decode().splitlines()))
    assert list(read[0]) == list(COLUMNS) and len(read) == 2
    vote = next(r for r in read if r["field"] == "votes")
    assert (vote["list"], vote["old"], vote["new"], vote["reason"], vote["index"]) == (
        "2",
        "4",
        "5",
        "'=1+1 & <mot>",
        "",
    )
    assert (vote["lead_before"], vote["gap_before"], vote["valid_before"]) == ("1", "1", "12")
    assert (vote["lead_after"], vote["gap_after"]) == ("1 2", "0")
    assert vote["local_gap_after"] == "" and vote["old_counted"] == vote["new_counted"] == "1"


def test_a_line_without_a_row_that_changed_still_has_its_row():
    found = lines(fact((5, 4, 3)), Fact(("G", "S-1"), COUNTED, {"valid": 12}, {1: 5, 2: 4, 3: 3}, "2", WHY))
    assert [line.kind for line in found] == [Kind.REPLACED] and len(list(rows(found))) == 1
    assert record(found[0])["changes"] == []


def test_the_record_for_programs_has_the_margins_in_whole_votes():
    (line,) = lines(fact((5, 4, 3)), fact((5, 5, 3)))
    made = record(line)
    assert made["national"]["before"] == {"lead": [1], "second": 2, "gap": 1, "valid": 12}
    assert made["national"]["after"]["lead"] == [1, 2] and made["local"] is None
    assert (made["before"], made["after"], made["approval"]) == ("counted", "counted", 7)


@pytest.mark.parametrize(
    ("other", "notices"),
    [
        (WHY, 1), (Why("court", WHY.act, WHY.at, 7), 2), (Why("commission", "Acte n° 13", WHY.at, 7), 2),
        (Why("commission", WHY.act, "2027-03-02T18:15:01Z", 7), 2), (Why("commission", WHY.act, WHY.at, 8), 2),
        (Why("commission", WHY.act, WHY.at, 7, "une autre raison"), 1), (Why(), 2),
    ],
)  # fmt: skip
def test_two_lines_share_a_notice_where_moment_body_act_and_approval_are_the_same(other, notices):
    one, two = ("G", "S-1"), ("G", "S-2")
    found = lines(
        fact((5, 4, 3)), fact((5, 4, 3), key=two), fact((6, 4, 3), key=one), fact((6, 4, 3), why=other, key=two)
    )
    assert found[-1].notice == notices


def test_the_feed_has_the_latest_notices_first_and_no_more_than_it_may():
    at = datetime(2027, 3, 1, tzinfo=UTC)
    facts = [fact((5, 4, 3))]
    for n in range(words.MOST_IN_FEED + 2):
        facts.append(fact((5, 4, 3 + (n % 2 == 0)), why=Why("court", f"Arrêt {n}", f"2027-03-02T18:{n % 60:02}:00Z")))
    of = words.Feed("c&1", "Titre <1>", "https://x/y", "https://x/y/a", lambda n: f"https://x/y?a={n}&b", at)
    root = ElementTree.fromstring(words.atom(of, lines(*facts), (1, 2), NAMES, "fr"))
    entries = root.findall(f"{ATOM}entry")
    assert len(entries) == words.MOST_IN_FEED
    assert entries[0].find(f"{ATOM}id").text == f"tag:c&1,kalata:avis-{words.MOST_IN_FEED + 2}"
    assert entries[0].find(f"{ATOM}link").attrib["href"] == f"https://x/y?a={words.MOST_IN_FEED + 2}&b"
    assert "Titre <1>" in root.find(f"{ATOM}title").text
    empty = ElementTree.fromstring(words.atom(of, [], None, NAMES, "en"))
    assert empty.findall(f"{ATOM}entry") == [] and empty.find(f"{ATOM}updated").text == at.isoformat()


def test_every_kind_has_a_word_and_a_sign():
    assert set(words.ICONS) == set(KIND_LABELS) == set(Kind)
