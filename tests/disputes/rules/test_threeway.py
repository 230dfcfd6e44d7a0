"""Three papers of a station: who agrees with whom, how two numbers differ; and the matrix of evidence."""

from __future__ import annotations

import pytest

from kalata.disputes.rules.evidence import BadCopy, Bears, check_lines, matrix
from kalata.disputes.rules.threeway import Agreement, How, Source, compared, how

C, R, P = Source


@pytest.mark.parametrize(
    ("copy", "record", "public", "found"),
    [
        (150, 150, 150, Agreement.SAME),
        (151, 150, 150, Agreement.COPY_APART),
        (150, 150, 105, Agreement.PUBLISHED_APART),
        (150, 105, 150, Agreement.RECORD_APART),
        (1, 2, 3, Agreement.ALL_APART),
        (None, 0, 0, Agreement.COPY_APART),  # empty on the paper is no zero
        (None, None, None, Agreement.SAME),
    ],
)
def test_each_field_says_which_paper_stands_apart(copy, record, public, found):
    (one,) = compared(["c1"], {C: {"c1": copy}, R: {"c1": record}, P: {"c1": public}})
    assert one.agreement is found and one.apart is (found is not Agreement.SAME)


def test_a_paper_that_is_not_there_agrees_with_nobody_and_differs_from_nobody():
    (one,) = compared(["c1"], {C: None, R: {"c1": 5}, P: None})
    assert one.agreement is Agreement.UNKNOWN and not one.apart and one.absent == {C, P}
    (two,) = compared(["c1"], {C: None, R: {"c1": 5}, P: {"c1": 6}})
    assert two.agreement is Agreement.PUBLISHED_APART and two.how is How.DIGIT
    (three,) = compared(["c1"], {C: {"c1": 6}, R: {"c1": 5}, P: None})
    assert three.agreement is Agreement.COPY_APART


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        (150, 150, How.NONE), (150, 140, How.DIGIT), (150, 105, How.SWAPPED), (150, 15, How.LENGTH), (15, 150, How.LENGTH),
        (150, 1550, How.LENGTH), (150, 501, How.OTHER), (150, None, How.EMPTY), (9, 123, How.OTHER), (150, 510, How.SWAPPED),
    ],
)  # fmt: skip
def test_how_two_numbers_differ(one, other, found):
    assert how(one, other) is found


def test_the_matrix_has_every_ground_at_every_station_and_says_which_have_no_piece_of_their_own():
    cells = matrix([("g1", ["S1", "S2"]), ("g2", ["S2"])], [Bears(1, "g1", "S1"), Bears(2, "g1"), Bears(3, "g2", "S9")])
    assert [(c.ground, c.station, [b.piece for b in c.here], c.bare) for c in cells] == [
        ("g1", "S1", [1], False), ("g1", "S2", [], True), ("g2", "S2", [], True), ("g2", "S9", [3], False),
    ]  # fmt: skip
    assert [b.piece for b in cells[1].whole] == [2]  # a piece of the whole ground proves nothing of S2 by itself


@pytest.mark.parametrize(
    ("lines", "page", "pages", "fine"),
    [
        ({"c1": 4, "c2": None}, 1, 1, True), ({"c1": None}, 1, 1, False), ({"c1": 4}, 2, 1, False), ({"c1": 4}, 2, 2, True),
        ({"c1": 10**9}, 1, 1, True), ({"c1": 10**9 + 1}, 1, 1, False), ({"c1": 0}, 1, 0, True),
    ],
)  # fmt: skip
def test_a_copy_is_typed_from_a_page_that_exists_with_numbers_that_a_station_has(lines, page, pages, fine):
    if fine:
        check_lines(lines, page, pages)
    else:
        with pytest.raises(BadCopy):
            check_lines(lines, page, pages)
