"""The public ledger of corrections: each kind at its boundary, margins in whole numbers, replayed to the present totals."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kalata.results.rules.public_ledger import Fact, Kind, Ledger, Margin, Standing, Why, margin, reckoned

COUNTED, ANNULLED, GONE = Standing.COUNTED, Standing.ANNULLED, Standing.GONE
ONE, TWO = ("G", "001"), ("G", "002")


def says(key=ONE, a=10, b=6, *, standing=COUNTED, mark="1", why=Why(), null=1):  # noqa: B008
    if standing is GONE:
        return Fact(key, GONE, why=why)
    return Fact(key, standing, {"voters": a + b + null, "valid": a + b}, {1: a, 2: b}, mark, why)


def kinds(*facts):
    return [line.kind for line in reckoned(facts, (1, 2)).lines]


# --- what is a line, and which -----------------------------------------------------------------------
TABLE = [
    ("a first publication is no correction", [says()], []),
    ("the same said again is no line", [says(), says()], []),
    ("one vote more is a correction", [says(a=10), says(a=11)], [Kind.CORRECTED]),
    ("a box alone is a correction", [says(null=1), says(null=2)], [Kind.CORRECTED]),
    ("another document with the same figures is a replacement", [says(), says(mark="2")], [Kind.REPLACED]),
    ("another document with other figures is a correction", [says(), says(a=9, mark="2")], [Kind.CORRECTED]),
    ("taken back", [says(), says(standing=GONE)], [Kind.RECALLED]),
    ("taken back twice is one recall", [says(), says(standing=GONE), says(standing=GONE)], [Kind.RECALLED]),
    ("taking back what was never published is nothing", [says(standing=GONE)], []),
    ("what was never published, taken back, then published is no correction", [says(standing=GONE), says()], []),
    ("annulled", [says(), says(standing=ANNULLED)], [Kind.ANNULLED]),
    ("first published as annulled is no correction", [says(standing=ANNULLED)], []),
    ("counted again", [says(), says(standing=ANNULLED), says()], [Kind.ANNULLED, Kind.RESTORED]),
    ("taken back and published again as it was", [says(), says(standing=GONE), says()], [Kind.RECALLED, Kind.RESTORED]),
    (
        "taken back and published again otherwise",
        [says(), says(standing=GONE), says(a=12)],
        [Kind.RECALLED, Kind.RESTORED],
    ),
    ("an annulled report corrected", [says(standing=ANNULLED), says(a=9, standing=ANNULLED)], [Kind.CORRECTED]),
    ("an annulled report taken back", [says(standing=ANNULLED), says(standing=GONE)], [Kind.RECALLED]),
    ("taken back, then annulled", [says(), says(standing=GONE), says(standing=ANNULLED)], [Kind.RECALLED, Kind.ANNULLED]),
    ("first published before the declaration", [says(), None], []),
    ("first published after the declaration", [says(), None, says(TWO)], [Kind.LATE]),
    ("corrected after the declaration", [says(), None, says(a=11)], [Kind.CORRECTED]),
    ("never published and taken back after the declaration", [None, says(TWO, standing=GONE)], []),
]  # fmt: skip


@pytest.mark.parametrize(("facts", "wanted"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_what_follows_a_publication_is_the_line_it_is(facts, wanted):
    assert kinds(*facts) == wanted


def test_a_correction_tells_the_rows_that_changed_and_no_other():
    (line,) = reckoned([says(a=10, b=6), says(a=12, b=6)], (1, 2)).lines
    assert [(c.name, c.list, c.old, c.new) for c in line.changes] == [
        ("voters", None, 17, 19), ("valid", None, 16, 18), ("", 1, 10, 12),
    ]  # fmt: skip
    assert not line.crosses
    assert line.delta == {1: 2}


def test_a_recall_tells_every_row_against_nothing_and_publishing_it_again_the_other_way():
    gone, back = reckoned([says(a=10, b=6), says(standing=GONE), says(a=10, b=7)], (1, 2)).lines
    assert gone.crosses and back.crosses
    assert {(c.list, c.old, c.new) for c in gone.changes if c.list} == {(1, 10, None), (2, 6, None)}
    assert {(c.list, c.old, c.new) for c in back.changes if c.list} == {(1, None, 10), (2, None, 7)}
    assert (gone.delta, back.delta) == ({1: -10, 2: -6}, {1: 10, 2: 7})


def test_an_empty_box_is_no_zero():
    empty = Fact(ONE, COUNTED, {"valid": 16}, {1: 10, 2: 6})
    zero = Fact(ONE, COUNTED, {"valid": 16, "voters": 0}, {1: 10, 2: 6})
    (line,) = reckoned([empty, zero], (1, 2)).lines
    assert [(c.name, c.old, c.new) for c in line.changes] == [("voters", None, 0)]


# --- margins ------------------------------------------------------------------------------------------
MARGINS = [
    ("nobody voted", {1: 0, 2: 0}, 0, Margin((), None, 0, 0)),
    ("one list alone", {1: 3}, 3, Margin((1,), None, 3, 3)),
    ("just over", {1: 11, 2: 10}, 21, Margin((1,), 2, 1, 21)),
    ("equal", {1: 10, 2: 10}, 20, Margin((1, 2), 2, 0, 20)),
    ("just under", {1: 9, 2: 10}, 19, Margin((2,), 1, 1, 19)),
    ("the second of three", {1: 4, 2: 9, 3: 7}, 20, Margin((2,), 3, 2, 20)),
    ("equal seconds: the first on the ballot", {1: 7, 2: 9, 3: 7}, 23, Margin((2,), 1, 2, 23)),
]


@pytest.mark.parametrize(("votes", "valid", "wanted"), [m[1:] for m in MARGINS], ids=[m[0] for m in MARGINS])
def test_who_leads_and_by_how_much_is_told_in_whole_numbers(votes, valid, wanted):
    assert margin(votes, valid) == wanted


def test_the_share_of_a_margin_is_exact_and_absent_where_nobody_voted():
    assert Margin((1,), 2, 1, 3).share == Fraction(1, 3)
    assert Margin((), None, 0, 0).share is None


@pytest.mark.parametrize(
    ("a", "lead", "gap"), [(17, (1,), 1), (16, (1, 2), 0), (15, (2,), 1)], ids=["still ahead", "level", "overtaken"]
)
def test_a_correction_that_changes_who_leads_says_it(a, lead, gap):
    (line,) = reckoned([says(a=10, b=6), says(TWO, a=10, b=10), says(TWO, a=a - 10, b=10)], (1, 2)).lines
    assert line.national[0] == Margin((1,), 2, 4, 36)
    assert (line.national[1].lead, line.national[1].gap) == (lead, gap)
    assert line.effect(1, 2) == a - 20


def test_the_margin_of_the_constituency_is_beside_that_of_the_nation():
    groups = {ONE: "north", TWO: "south"}
    (line,) = reckoned([says(a=10, b=6), says(TWO, a=3, b=5), says(TWO, a=5, b=3)], (1, 2), groups).lines
    assert line.group == "south"
    assert line.national == (Margin((1,), 2, 2, 24), Margin((1,), 2, 6, 24))
    assert line.local == (Margin((2,), 1, 2, 8), Margin((1,), 2, 2, 8))


# --- notices ------------------------------------------------------------------------------------------
def test_lines_ordered_together_share_a_notice_and_no_others_do():
    one, other = Why("court", "Arrêt 3", "2027-03-04T11:00:00Z"), Why("court", "Arrêt 4", "2027-03-04T11:00:00Z")
    facts = [
        says(),
        says(TWO),
        says(standing=ANNULLED, why=one),
        says(TWO, standing=ANNULLED, why=one),
        says(why=other),
    ]
    assert [line.notice for line in reckoned(facts).lines] == [1, 1, 2]


def test_what_was_published_before_the_log_said_when_is_a_notice_each():
    facts = [says(), says(TWO), says(a=1), says(TWO, a=1)]
    assert [line.notice for line in reckoned(facts).lines] == [1, 2]


def test_a_line_that_waited_receives_its_place_in_the_log():
    ledger = reckoned([says(), says(a=11)])
    assert ledger.lines[0].after.index is None
    ledger.placed(1, 7)
    assert ledger.lines[0].after.index == 7


# --- any history ----------------------------------------------------------------------------------------
COUNTS = st.integers(0, 30)
FACTS = st.one_of(
    st.none(),
    st.builds(
        says, st.sampled_from([("G", str(n)) for n in range(4)]), COUNTS, COUNTS,
        standing=st.sampled_from(list(Standing)), mark=st.sampled_from("12"), null=st.integers(0, 2),
    ),
)  # fmt: skip
GROUPS = {("G", str(n)): "north" if n < 2 else "south" for n in range(4)}


@given(st.lists(FACTS, max_size=25))
def test_the_lines_replayed_on_the_first_published_totals_give_the_present_ones(facts):
    ledger = reckoned(facts, (1, 2), GROUPS)
    votes = dict(ledger.first.votes)
    boxes, valid = dict(ledger.first.boxes), ledger.first.valid
    for line in ledger.lines:
        for n, d in line.delta.items():
            votes[n] += d
        if line.crosses or line.after.counted:
            for c in line.changes:
                if c.list is None:
                    boxes[c.name] = boxes.get(c.name, 0) + (c.new or 0) - (c.old or 0)
        assert line.effect(1, 2) == line.delta.get(1, 0) - line.delta.get(2, 0)
    seen, opening, declared = set(), {1: 0, 2: 0}, False
    for fact in facts:  # what was first published, counted apart
        if fact is None:
            declared = True
        elif fact.key not in seen and fact.standing is not GONE:
            seen.add(fact.key)
            if fact.counted and not declared:
                opening = {n: opening[n] + fact.votes[n] for n in (1, 2)}
    assert ledger.first.votes == opening
    now = [f for f in ledger.held.values() if f.counted]
    assert votes == ledger.now.votes == {n: sum(f.votes[n] for f in now) for n in (1, 2)}
    assert {k: v for k, v in boxes.items() if v} == {k: v for k, v in ledger.now.boxes.items() if v}
    assert ledger.now.valid == valid + sum(sum(line.delta.values()) for line in ledger.lines)


@given(st.lists(FACTS, max_size=25))
def test_margins_follow_each_other_without_a_gap_where_nothing_is_first_published_between(facts):
    ledger = reckoned(facts, (1, 2), GROUPS)
    for group in ("north", "south"):
        own = [f for f in ledger.held.values() if f.counted and GROUPS[f.key] == group]
        if group in ledger.locals:
            assert ledger.locals[group].votes == {n: sum(f.votes[n] for f in own) for n in (1, 2)}
    for line in ledger.lines:
        assert line.local is not None and line.group == GROUPS[line.key]
        for found in (*line.national, *line.local):
            assert found.gap >= 0 and (found.gap == 0) == (len(found.lead) != 1)


@given(st.lists(FACTS, max_size=25), st.integers(0, 25))
def test_a_ledger_fed_in_two_times_is_the_one_fed_at_once(facts, cut):
    whole, parts = reckoned(facts, (1, 2)), Ledger((1, 2))
    for part in (facts[:cut], facts[cut:]):
        for fact in part:
            if fact is None:
                parts.declare()
            else:
                parts.feed(fact)
    assert parts.lines == whole.lines and parts.now == whole.now


@given(st.lists(FACTS, max_size=25))
def test_no_line_tells_a_figure_that_was_not_read_before(facts):
    ledger, read = Ledger((1, 2)), []
    for fact in facts:
        if fact is None:
            ledger.declare()
            continue
        line = ledger.feed(fact)
        if line is not None and line.before is not None:
            assert line.before in read
        read.append(fact)
