"""A reference tells a slip of the pen; what hides is written out; a stranger learns which version he holds and no more."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kalata import identifiers
from kalata.documents.rules import content
from kalata.documents.rules.references import NotAReference, Reference, parsed
from kalata.documents.rules.verdicts import Issued, Verdict, answer

AT = datetime(2026, 11, 26, 10, tzinfo=UTC)
numbers = st.builds(Reference, st.sampled_from(["D", "BKO2", "L1BKO2"]), st.integers(0, 99), st.integers(1, 10**9 - 1))


@given(numbers)
def test_a_reference_is_read_back_as_it_is_printed(one):
    assert parsed(str(one)) == one
    assert parsed(f" {str(one).lower().replace('-', ' ')} ") == one


@given(numbers, st.data())
def test_one_wrong_figure_is_always_told(one, data):
    text = str(one)
    places = [i for i, sign in enumerate(text) if sign.isdigit() and i >= len(one.series)]
    i = data.draw(st.sampled_from(places))
    wrong = data.draw(st.sampled_from([d for d in "0123456789" if d != text[i]]))
    with pytest.raises(NotAReference):
        parsed(text[:i] + wrong + text[i + 1 :])


@given(numbers, st.data())
def test_two_figures_exchanged_are_always_told(one, data):
    text, start = str(one), len(str(one)) - 2 - max(6, len(str(one.number)))
    pairs = [i for i in range(start, len(text) - 3) if text[i] != text[i + 1]]
    if pairs:
        i = data.draw(st.sampled_from(pairs))
        with pytest.raises(NotAReference):
            parsed(text[:i] + text[i + 1] + text[i] + text[i + 2 :])


@pytest.mark.parametrize("typed", ["", "D26", "26-000001-A", "D26-000000-T", "D26-0000001-A", "é" * 50, "D26-000001-?"])
def test_what_is_no_reference_is_refused_with_its_code(typed):
    with pytest.raises(NotAReference) as refused:
        parsed(typed)
    assert refused.value.code == "DOC-101"


def test_the_same_letters_and_figures_cut_elsewhere_are_another_series():
    assert parsed(str(Reference("L1BKO2", 26, 17))) == Reference("L1BKO2", 26, 17)


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("a\x00b", "a[U+0000]b"),
        ("\u202eabc", "[U+202E]abc"),
        ("a\ud800", "a[U+D800]"),
        ("e\u0301", "é"),
        ("a\u200db\n", "a\u200db\n"),
    ],
)
def test_what_hides_is_written_out_and_what_joins_letters_stays(typed, printed):
    assert content.shown(typed) == printed


@pytest.mark.parametrize("value", [1.5, AT, {1: "a"}, b"x", {"a": {"b": [0.1]}}, {1, 2}])
def test_a_value_that_prints_in_more_than_one_way_is_a_fault(value):
    with pytest.raises(content.NotPlain):
        content.plain(value)


def test_the_order_of_keys_changes_no_fingerprint_and_a_value_does():
    assert (
        content.digest({"a": 1, "b": [2]}) == content.digest({"b": [2], "a": 1}) != content.digest({"a": 1, "b": [3]})
    )


FIRST = Issued("D26-000001-R", 1, "ab" * 32, "12" * 32, 2, AT)
SECOND = Issued("D26-000001-R", 2, "cd" * 32, "34" * 32, 3, AT)


@pytest.mark.parametrize(
    ("typed", "verdict", "version", "page"),
    [
        ("", Verdict.REFERENCE, None, None),
        ("cdcd cdcd CDCD cdcd", Verdict.IN_FORCE, 2, None),
        ("abababababababab", Verdict.SUPERSEDED, 1, None),
        ("12" * 32, Verdict.SUPERSEDED, 1, None),
        (content.page_code("cd" * 32, 3), Verdict.IN_FORCE, 2, 3),
        (content.page_code("ab" * 32, 2), Verdict.SUPERSEDED, 1, 2),
        (content.page_code("cd" * 32, 4), Verdict.OTHER, None, None),
        ("cdcdcdc", Verdict.OTHER, None, None),
        ("zz" * 8, Verdict.OTHER, None, None),
        ("ff" * 8, Verdict.OTHER, None, None),
    ],
)
def test_the_register_answers_for_the_paper_in_ones_hand(typed, verdict, version, page):
    told = answer([FIRST, SECOND], typed)
    assert (told.verdict, told.held and told.held.version, told.page) == (verdict, version, page)
    assert told.latest == SECOND


def test_an_unknown_paper_is_said_unknown():
    assert answer([], "ab" * 8).verdict is Verdict.UNKNOWN
    assert identifiers.LETTERS[:3] == "TRW"
