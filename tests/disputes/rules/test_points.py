"""The seven points in one bar: what the checklist said, in its order, and nothing that nobody looked at."""

from __future__ import annotations

from kalata.country.rules.remedies import ITEMS
from kalata.disputes.rules.clocks import State
from kalata.disputes.rules.points import CLASSES, LEGEND, bar, letters

SAID = [
    {"item": "competence", "state": "met"}, {"item": "time_limit", "state": "disputed"}, {"item": "standing", "state": "met"},
    {"item": "form", "state": "curable"}, {"item": "object", "state": "met"}, {"item": "grounds", "state": "not_met"},
    {"item": "res_judicata", "state": "unknown"},
]  # fmt: skip


def test_a_letter_a_point_in_the_order_of_the_checklist():
    assert letters(SAID) == "mdmcmnu"
    assert letters(reversed(SAID)) == "mdmcmnu"


def test_the_bar_counts_what_is_met_and_names_what_is_not():
    found = bar("mdmcmnu")
    assert found.met == 3
    assert found.open == ("Délai", "Forme", "Moyens et pièces", "Chose jugée")
    assert found.marks == ("", "w", "", "w", "", "x", "o")


def test_without_a_checklist_nothing_is_met_and_nothing_is_reproached():
    found = bar("")
    assert (found.met, found.open, found.drawn) == (0, (), False)
    assert set(found.marks) == {"o"} and len(found.marks) == len(ITEMS)


def test_a_point_that_an_old_checklist_does_not_name_is_to_be_examined():
    assert letters(SAID[:-1])[-1] == "u"


def test_every_state_has_a_letter_and_every_drawing_its_words():
    assert {letters([{"item": "form", "state": s.value}])[3] for s in State} == set(CLASSES)
    assert set(CLASSES.values()) == {mark for mark, _words in LEGEND}
