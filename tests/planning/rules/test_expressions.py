"""Quantities said over drivers: what is understood, exactly; what is not, with its place."""

import operator
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kalata.planning.rules.expressions import Badly, NotUnderstood, expression_of, literals, names, solved, value_of

KNOWN = {"bureaux": Fraction(24416), "cercles": Fraction(49), "part": Fraction("0.1")}


def value(text):
    return value_of(expression_of(text), KNOWN)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1", 1), ("2*bureaux", 48832), ("cercles*2*700*4", 274400), ("8463084*1.10", Fraction("9309392.4")),
        ("1+2*3", 7), ("(1+2)*3", 9), ("10-4-3", 3), ("8/4/2", 1), ("1/3", Fraction(1, 3)), (" bureaux * ( 1 + part ) ", Fraction("26857.6")),
    ],
)  # fmt: skip
def test_an_expression_gives_its_exact_value(text, expected):
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "position", "found"),
    [
        ("", 1, "…"), ("2*", 3, "…"), ("2**3", 3, "*"), ("bureaux.real", 8, "."), ("len(bureaux)", 4, "("), ("2 bureaux", 3, "bureaux"),
        ("2*inconnu", 3, "inconnu"), ("__import__('os')", 12, "'"), ("1/0", 2, "/ 0"), ("1/(cercles-49)", 2, "/ 0"), ("(1+2", 5, "…"),
        ("1)", 2, ")"), ("-1", 1, "-"), ("2^3", 2, "^"), ("1e5", 2, "e5"), ("1,5", 2, ","), ("a[0]", 2, "["), ("lambda: 1", 7, ":"),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_refused_at_its_place(text, position, found):
    with pytest.raises(NotUnderstood) as met:
        value(text)
    assert (met.value.position, met.value.found) == (position, found)


def test_an_expression_neither_grows_without_end_nor_nests_without_end():
    with pytest.raises(NotUnderstood):
        expression_of("1" + "+1" * 200)
    expression_of("(" * 40 + "1" + ")" * 40)
    with pytest.raises(NotUnderstood):
        expression_of("(" * 41 + "1" + ")" * 41)
    with pytest.raises(NotUnderstood):
        value("*".join(["999999999999999"] * 20))


def test_names_and_numbers_are_told_with_their_places():
    read = expression_of("electeurs*1.10+2")
    assert [(n.text, n.at) for n in names(read)] == [("electeurs", 1)]
    assert [(n.text, n.at) for n in literals(read)] == [("1.10", 11), ("2", 16)]


def test_drivers_may_lean_on_others_whatever_their_order():
    assert solved({"agents": "5*bureaux", "bureaux": "24416"}) == {"bureaux": 24416, "agents": 122080}


def test_drivers_that_turn_in_a_circle_are_refused_with_their_path():
    with pytest.raises(Badly) as met:
        solved({"x": "1", "a": "b+1", "b": "2*c", "c": "a"})
    assert (met.value.name, met.value.cause.path) == ("c", ("a", "b", "c", "a"))
    with pytest.raises(Badly) as met:
        solved({"a": "a"})
    assert met.value.cause.path == ("a", "a")


def test_a_long_line_of_drivers_is_solved_without_depth():
    many = {f"d{n}": f"d{n + 1}+1" for n in range(1500)} | {"d1500": "0"}
    assert solved(many)["d0"] == 1500


SIGNS = {"+": operator.add, "-": operator.sub, "*": operator.mul}
trees = st.recursive(
    st.integers(0, 999).map(lambda n: (str(n), Fraction(n))),
    lambda inner: st.tuples(inner, st.sampled_from("+-*"), inner).map(lambda t: (f"({t[0][0]}{t[1]}{t[2][0]})", SIGNS[t[1]](t[0][1], t[2][1]))),
    max_leaves=12,
)  # fmt: skip


@given(trees)
def test_any_tree_written_out_reads_back_to_its_value(tree):
    text, expected = tree
    assert value(text) == expected
