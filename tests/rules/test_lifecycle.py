"""The life of a station report: allowed and forbidden changes, the persons kept apart, random histories."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kalata.refusals import Refused
from kalata.results.rules.boxes import Box, Sheet
from kalata.results.rules.sheets import WrongForm, differences, fits, lines_of
from kalata.tally.rules.entry import Unsettled, settle, typed_by_somebody
from kalata.tally.rules.lifecycle import (
    COUNTED,
    DESKS,
    STEPS,
    TABLE,
    WAYS,
    Act,
    AtItsDesk,
    Illegal,
    Lacks,
    Need,
    NotHolder,
    NotYou,
    Open,
    OutsideSitting,
    Record,
    Row,
    Stale,
    State,
    Uncomputed,
    Way,
    WrongOutcome,
    allowed_from,
    apply,
    drawing,
)
from kalata.tally.rules.papercode import BadCode, OtherForm, PaperCode, belongs, parse
from tests.sizes import size

S = State
NOW = datetime(2027, 2, 28, 20, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=15)
A, B, C, D, E, F, G, H, COURT = range(1, 10)
HOUSE = 0
GOOD = Sheet({Box.VOTERS: 200, Box.VALID: 195, Box.NULL_BALLOTS: 5}, (100, 60, 35))
OTHER = replace(GOOD, votes=(100, 61, 35))


def act(right: str, by: int, **extra) -> Act:
    """The commission acts in sitting 1, on findings of the figures typed, unless a test says otherwise."""
    sitting = {"sitting": 1} if right == "results.commission" else {}
    return Act(by=by, at=NOW, right=right, **{"on": extra.get("sheet") or GOOD, **sitting, **extra})


def run(record: Record, *moves: tuple[State, Act]) -> Record:
    for to, done in moves:
        record, _row = apply(record, to, done)
    return record


SCANNED = run(Record(), (S.RECEIVED, act("results.receive", G)), (S.SCANNED, act("results.scan", G, image="sha")))
FIRST = run(
    SCANNED,
    (S.FIRST_ENTRY, act("results.enter", A, until=LATER)),
    (S.FIRST_ENTERED, act("results.enter", A, sheet=GOOD)),
)
SECOND = run(FIRST, (S.SECOND_ENTRY, act("results.enter", B, until=LATER)))
MATCHED = run(SECOND, (S.MATCHED, act("results.enter", B, sheet=GOOD)))
DIFFERENT = run(SECOND, (S.DIFFERENT, act("results.enter", B, sheet=OTHER)))
ARBITRATION = run(DIFFERENT, (S.ARBITRATION, act("results.arbitrate", C, until=LATER)))
VALIDATED = run(MATCHED, (S.CHECKED, act("results.review", HOUSE)), (S.VALIDATED, act("results.commission", F)))
PUBLISHED = run(VALIDATED, (S.PUBLISHED, act("results.publish", G, document="lot 1", other=H)))


# --- the path of a good paper -------------------------------------------------------------
def test_a_good_paper_goes_from_reception_to_publication_through_different_hands() -> None:
    assert PUBLISHED.state is S.PUBLISHED and PUBLISHED.counted and PUBLISHED.final == GOOD
    assert PUBLISHED.hands == {"first": A, "second": B}


def test_two_identical_entries_match_whoever_typed_them() -> None:  # the peer's defect D2
    assert MATCHED.state is S.MATCHED
    with pytest.raises(WrongOutcome):
        apply(SECOND, S.DIFFERENT, act("results.enter", B, sheet=GOOD))
    with pytest.raises(WrongOutcome):
        apply(SECOND, S.MATCHED, act("results.enter", B, sheet=OTHER))


# --- persons kept apart -------------------------------------------------------------------
def test_the_second_entry_is_by_another_person() -> None:  # D5
    with pytest.raises(NotYou):
        apply(FIRST, S.SECOND_ENTRY, act("results.enter", A, until=LATER))


@pytest.mark.parametrize("clerk", [A, B])
def test_a_clerk_of_the_paper_never_arbitrates_reviews_or_validates_it(clerk) -> None:
    with pytest.raises(NotYou):
        apply(DIFFERENT, S.ARBITRATION, act("results.arbitrate", clerk, until=LATER))
    doubted = replace(MATCHED, state=S.UNDER_REVIEW, open_warnings=frozenset({"W03"}))
    with pytest.raises(NotYou):
        apply(doubted, S.CHECKED, act("results.review", clerk, reason="vu"))
    checked = replace(MATCHED, state=S.CHECKED)
    with pytest.raises(NotYou):
        apply(checked, S.VALIDATED, act("results.commission", clerk))


def test_an_arbiter_takes_one_of_the_two_values_and_touches_nothing_else() -> None:
    done = run(ARBITRATION, (S.MATCHED, act("results.arbitrate", C, choice={"c2": 61}, on=OTHER)))
    assert done.final == OTHER and done.hands["arbiter"] == C
    with pytest.raises(Unsettled):
        apply(ARBITRATION, S.MATCHED, act("results.arbitrate", C, choice={}))
    with pytest.raises(WrongForm):
        apply(ARBITRATION, S.MATCHED, act("results.arbitrate", C, choice={"c2": 61, "c1": 99_999}))


def test_a_value_nobody_typed_needs_image_reason_and_a_fourth_person() -> None:  # D1
    with pytest.raises(WrongOutcome):
        apply(ARBITRATION, S.MATCHED, act("results.arbitrate", C, choice={"c2": 99_999}))
    seen = replace(GOOD, votes=(100, 62, 35))
    free = act("results.arbitrate", C, choice={"c2": 62}, reason="chiffre repassé", image="extrait", on=seen)
    for lacking in ({"reason": ""}, {"image": ""}, {"choice": None}):
        with pytest.raises(Lacks):
            apply(ARBITRATION, S.SECOND_VISA, replace(free, **lacking))
    visa = run(ARBITRATION, (S.SECOND_VISA, free))
    for same in (A, B, C):
        with pytest.raises(NotYou):
            apply(visa, S.MATCHED, act("results.visa", same, reason="vu"))
    done = run(visa, (S.MATCHED, act("results.visa", D, reason="vu sur l’image", on=seen)))
    assert done.final.votes == (100, 62, 35) and done.approved == {"c2"}
    refused = run(visa, (S.DIFFERENT, act("results.visa", D, reason="illisible")))
    assert refused.final is None and "arbiter" not in refused.hands


def test_an_error_is_answered_by_two_persons_a_warning_by_one_with_a_reason() -> None:
    wrong = run(SECOND, (S.MATCHED, act("results.enter", B, sheet=GOOD, errors=frozenset({"E01"}))))
    with pytest.raises(Open):
        apply(wrong, S.CHECKED, act("results.review", HOUSE))
    review = run(wrong, (S.UNDER_REVIEW, act("results.review", HOUSE)))
    with pytest.raises(Lacks):
        apply(review, S.CHECKED, act("results.review", E, reason="ainsi sur le papier"))
    with pytest.raises(NotYou):
        apply(review, S.CHECKED, act("results.review", E, reason="ainsi sur le papier", other=A))
    assert run(review, (S.CHECKED, act("results.review", E, reason="ainsi sur le papier", other=F))).state is S.CHECKED
    odd = replace(MATCHED, state=S.UNDER_REVIEW, open_warnings=frozenset({"W03"}))
    with pytest.raises(Lacks):
        apply(odd, S.CHECKED, act("results.review", E))
    assert run(odd, (S.CHECKED, act("results.review", E, reason="petit bureau"))).state is S.CHECKED


def test_each_step_of_the_table_has_one_way_and_no_other_has_any() -> None:
    assert set(WAYS) == set(TABLE)
    for pair, rule in TABLE.items():
        assert (Need.SITTING in rule.needs) == (WAYS[pair] in (Way.SITTING, Way.VALIDATE))
        assert (Need.OTHER in rule.needs) <= (WAYS[pair] in (Way.SECOND, Way.BATCH, Way.COURT))
        assert WAYS[pair] not in (Way.ONE, Way.SITTING) or rule.needs <= {Need.REASON, Need.DOCUMENT, Need.SITTING}


def test_what_follows_from_the_figures_is_done_by_nobody_and_nobody_does_the_rest() -> None:
    for to in (S.CHECKED, S.UNDER_REVIEW):
        with pytest.raises(AtItsDesk):
            apply(MATCHED, to, act("results.review", E, reason="r"))
        assert apply(MATCHED, to, act("results.review", HOUSE))[1].by == HOUSE
    checked = run(MATCHED, (S.CHECKED, act("results.review", HOUSE)))
    with pytest.raises(Illegal):
        apply(checked, S.VALIDATED, act("results.commission", HOUSE))


def test_findings_are_of_the_figures_that_are_kept_or_nothing_is_kept() -> None:
    visa = run(
        ARBITRATION,
        (S.SECOND_VISA, act("results.arbitrate", C, choice={"c2": 600}, reason="r", image="i",
                            on=replace(GOOD, votes=(100, 600, 35)))),
    )  # fmt: skip
    checked = run(MATCHED, (S.CHECKED, act("results.review", HOUSE)))
    for other in (None, OTHER):
        for record, to, done in (
            (SECOND, S.MATCHED, act("results.enter", B, sheet=GOOD)),
            (visa, S.MATCHED, act("results.visa", D, reason="vu")),
            (checked, S.VALIDATED, act("results.commission", F)),
            (checked, S.UNDER_REVIEW, act("results.commission", F, reason="doute")),
        ):
            with pytest.raises(Uncomputed):
                apply(record, to, replace(done, on=other))


def test_a_finding_that_nobody_answered_stops_the_validation_even_if_the_record_says_none_is_open() -> None:
    wrong = run(SECOND, (S.MATCHED, act("results.enter", B, sheet=GOOD, errors=frozenset({"E01"}))))
    review = run(wrong, (S.UNDER_REVIEW, act("results.review", HOUSE)))
    done = run(review, (S.CHECKED, act("results.review", E, reason="ainsi sur le papier", other=D)))
    assert done.answered == {"E01"}
    for found in ({"errors": frozenset({"E01", "E12"})}, {"warnings": frozenset({"W03"})}):
        with pytest.raises(Open):
            apply(done, S.VALIDATED, act("results.commission", F, **found))
    assert run(done, (S.VALIDATED, act("results.commission", F, errors=frozenset({"E01"})))).counted
    with pytest.raises(Open):
        apply(replace(done, answered=frozenset()), S.VALIDATED, act("results.commission", F, errors=frozenset({"E01"})))


def test_publication_and_recall_take_two_persons_and_a_document() -> None:
    for lacking in ({"other": None}, {"other": G}, {"document": ""}):
        with pytest.raises(Lacks):
            apply(VALIDATED, S.PUBLISHED, replace(act("results.publish", G, document="lot 1", other=H), **lacking))
    recall = act("results.recall", F, reason="erreur", document="avis 3", other=G)
    again = run(PUBLISHED, (S.RECALLED, recall), (S.UNDER_REVIEW, act("results.recall", F, reason="erreur")))
    assert again.version == 2 and not again.counted and again.open_errors == {"RECALL"}


AGAIN = run(
    ARBITRATION,
    (S.SCANNED, act("results.arbitrate", C, reason="illisibles")),
)


def test_whoever_has_seen_both_entries_never_types_the_next_ones() -> None:
    for seen in (A, B, C):
        with pytest.raises(NotYou):
            apply(AGAIN, S.FIRST_ENTRY, act("results.enter", seen, until=LATER))
    assert apply(AGAIN, S.FIRST_ENTRY, act("results.enter", D, until=LATER))[0].holder == D


def test_an_arbiter_who_set_both_entries_aside_does_not_settle_the_next_ones() -> None:
    second = run(
        AGAIN,
        (S.FIRST_ENTRY, act("results.enter", D, until=LATER)),
        (S.FIRST_ENTERED, act("results.enter", D, sheet=GOOD)),
        (S.SECOND_ENTRY, act("results.enter", E, until=LATER)),
        (S.DIFFERENT, act("results.enter", E, sheet=OTHER)),
    )
    with pytest.raises(NotYou):
        apply(second, S.ARBITRATION, act("results.arbitrate", C, until=LATER))


def test_the_second_person_of_an_answered_error_does_not_validate() -> None:
    wrong = run(SECOND, (S.MATCHED, act("results.enter", B, sheet=GOOD, errors=frozenset({"E01"}))))
    done = run(
        wrong,
        (S.UNDER_REVIEW, act("results.review", HOUSE)),
        (S.CHECKED, act("results.review", E, reason="ainsi sur le papier", other=F)),
    )
    with pytest.raises(NotYou):
        apply(done, S.VALIDATED, act("results.commission", F))


def test_whoever_asked_or_approved_a_recall_takes_no_part_in_the_next_version() -> None:
    recall = act("results.recall", F, reason="erreur", document="avis 3", other=G)
    review = run(PUBLISHED, (S.RECALLED, recall), (S.UNDER_REVIEW, act("results.recall", F, reason="erreur")))
    for had in (F, G):
        with pytest.raises(NotYou):
            apply(review, S.CHECKED, act("results.review", had, reason="vu", other=COURT))
    again = run(PUBLISHED, (S.RECALLED, recall), (S.RECEIVED, act("results.recall", F, reason="erreur")))
    again = run(again, (S.SCANNED, act("results.scan", 12, image="sha")))
    for had in (A, B, F, G, H):
        with pytest.raises(NotYou):
            apply(again, S.FIRST_ENTRY, act("results.enter", had, until=LATER))


def test_a_clerk_alone_never_wipes_the_entry_of_another() -> None:
    with pytest.raises(Illegal):
        apply(FIRST, S.INCIDENT, act("results.enter", B, reason="illisible"))
    with pytest.raises(NotHolder):
        apply(SECOND, S.INCIDENT, act("results.enter", D, reason="illisible"))
    stopped = run(SECOND, (S.INCIDENT, act("results.enter", B, reason="page manquante")))
    for clerk in (A, B):
        with pytest.raises(NotYou):
            apply(stopped, S.RECEIVED, act("results.receive", clerk, reason="je reprends"))
    assert run(stopped, (S.RECEIVED, act("results.receive", G, reason="page retrouvée"))).first is None


def test_the_commission_acts_in_a_sitting_only() -> None:
    checked = run(MATCHED, (S.CHECKED, act("results.review", HOUSE)))
    for rule in STEPS:
        if rule.right == "results.commission":
            with pytest.raises(OutsideSitting):
                apply(
                    replace(checked, state=rule.start), rule.to,
                    act("results.commission", F, sitting=None, reason="r", document="d"),
                )  # fmt: skip
    _after, row = apply(checked, S.VALIDATED, act("results.commission", F, sitting=7))
    assert row.sitting == 7 and row.hash() != replace(row, sitting=8).hash()


def test_no_right_outside_the_desks_opens_any_change() -> None:  # D7
    for right in ("people.manage", "pack.manage", "results.setup", "admin", ""):
        assert right not in DESKS
        for rule in STEPS:
            with pytest.raises(Illegal):
                apply(replace(PUBLISHED, state=rule.start), rule.to, act(right, G, reason="r", document="d", other=H))


def test_every_change_that_is_not_in_the_table_is_refused() -> None:
    full = {"reason": "r", "document": "d", "image": "i", "sheet": GOOD, "choice": {}, "other": H, "until": LATER}
    full["sitting"] = 1
    for start in State:
        for to in State:
            if (start, to) not in TABLE:
                for right in DESKS:
                    with pytest.raises(Illegal):
                        apply(replace(PUBLISHED, state=start), to, act(right, G, **full))


# --- holding a paper ----------------------------------------------------------------------
def test_a_paper_held_by_one_clerk_is_not_taken_or_submitted_by_another() -> None:  # D6
    held = run(SCANNED, (S.FIRST_ENTRY, act("results.enter", A, until=LATER)))
    with pytest.raises(NotHolder):
        apply(held, S.FIRST_ENTERED, act("results.enter", B, sheet=GOOD))
    with pytest.raises(NotHolder):
        apply(held, S.SCANNED, act("results.enter", B))
    late = replace(act("results.enter", B), at=LATER)
    assert run(held, (S.SCANNED, late)).holder is None
    assert run(held, (S.SCANNED, act("results.enter", A))).holder is None


def test_a_claim_has_an_end() -> None:
    with pytest.raises(Lacks):
        apply(SCANNED, S.FIRST_ENTRY, act("results.enter", A))


def test_a_second_entry_given_back_keeps_the_first() -> None:
    back = run(SECOND, (S.FIRST_ENTERED, act("results.enter", B)))
    assert back.first == GOOD and back.hands == {"first": A}


def test_an_act_on_what_has_changed_meanwhile_is_refused() -> None:
    with pytest.raises(Stale):
        apply(MATCHED, S.UNDER_REVIEW, act("results.review", E, seen=FIRST.last_hash))


# --- the court ----------------------------------------------------------------------------
def test_a_court_adjusts_or_annuls_in_a_new_version_and_what_is_annulled_is_not_counted() -> None:
    contested = run(PUBLISHED, (S.CONTESTED, act("results.contest", G, document="requête 14")))
    assert contested.counted
    ruling = {"document": "arrêt 7", "reason": "redressement", "other": 90}
    done = run(contested, (S.ADJUSTED, act("results.decide", COURT, sheet=OTHER, **ruling)))
    assert (done.version, done.final, done.counted) == (2, OTHER, True)
    with pytest.raises(Lacks):  # one judge alone changes no vote
        run(contested, (S.ANNULLED, act("results.decide", COURT, document="arrêt 7", reason="redressement")))
    gone = run(contested, (S.ANNULLED, act("results.decide", COURT, **ruling)))
    assert not gone.counted
    assert not run(gone, (S.FINAL, act("results.proclaim", G, document="arrêt 9"))).counted
    assert allowed_from(S.FINAL) == []


# --- histories ----------------------------------------------------------------------------
PERSONS = 24


def random_act(chance: random.Random, record: Record, to: State, now: datetime) -> Act:
    rule = TABLE.get((record.state, to))
    right = rule.right if rule and chance.random() < 0.95 else chance.choice(sorted(DESKS))
    by = record.holder if record.holder and chance.random() < 0.7 else chance.randrange(1, PERSONS + 1)
    sheet = chance.choice([GOOD, GOOD, GOOD, OTHER])
    choice = (
        {d.line: chance.choice([d.first, d.second, 7]) for d in differences(record.first, record.second)}
        if record.second
        else {}
    )
    if rule and WAYS[record.state, to] is Way.HOUSE and chance.random() < 0.9:
        by = HOUSE
    settled = record.final
    if record.state is S.SECOND_ENTRY:
        settled = sheet
    elif record.state is S.ARBITRATION and record.first and record.second:
        settled = settle(record.first, record.second, choice).sheet
    two = rule is not None and (Need.OTHER in rule.needs or bool(record.open_errors))
    some = lambda value: value if chance.random() < 0.9 else type(value)()  # noqa: E731
    return Act(
        by=by, at=now, right=right, reason=some("r"), document=some("d"), image=some("i"),
        sheet=sheet if chance.random() < 0.9 else None, choice=choice if chance.random() < 0.9 else None,
        other=chance.choice([None, *range(1, PERSONS + 1)]) if two or chance.random() < 0.1 else None, sitting=chance.choice([None, 1, 1, 1, 1]), until=now + timedelta(minutes=chance.choice([5, 30])),
        errors=frozenset(chance.choice([(), (), ("E01",)])), warnings=frozenset(chance.choice([(), ("W03",)])),
        on=settled if chance.random() < 0.97 else OTHER,
    )  # fmt: skip


def history(seed: int, length: int = 60) -> tuple[list[Row], Record]:
    chance, record, rows, now = random.Random(seed), Record(), [], NOW
    for _turn in range(length):
        now += timedelta(minutes=chance.choice([1, 1, 20]))
        ways = allowed_from(record.state)
        if not ways:
            break
        if record.final is None and chance.random() < 0.9:  # the Court comes late, else few papers would be typed
            ways = [s for s in ways if TABLE[record.state, s].right != "results.decide"]
        to = chance.choice(ways) if chance.random() < 0.95 else chance.choice(list(State))
        try:
            record, row = apply(record, to, random_act(chance, record, to, now))
        except Refused:
            continue
        rows.append(row)
        sound(record, rows)
    if rows:
        kept_apart(record, rows)
    return rows, record


def sound(record: Record, rows: list[Row]) -> None:
    """The invariants of the guide, on every record a history reaches."""
    hands = record.hands
    kept = [hands[p] for p in ("first", "second", "arbiter", "visa") if p in hands]
    assert len(kept) == len(set(kept))
    assert hands.get("reviewer") not in kept
    assert rows[-1].hash() == record.last_hash
    assert len(rows) == 1 or rows[-1].previous == rows[-2].hash()
    if record.state in COUNTED:
        assert record.final is not None and not record.open_errors and not record.open_warnings
        assert record.adjusted or typed_by_somebody(record.final, record.first, record.second, record.approved)
        if not record.adjusted:  # the figures of a decision are the Court's: no commission validates them
            validator = [r for r in rows if r.to is S.VALIDATED][-1]
            assert validator.sitting is not None
            assert validator.by not in kept and validator.by != hands.get("reviewer")
    if rows[-1].to in (S.PUBLISHED, S.RECALLED, S.ADJUSTED, S.ANNULLED) and (rows[-1].start, rows[-1].to) != (
        S.CONTESTED, S.PUBLISHED,
    ):  # fmt: skip
        assert rows[-1].other not in (None, rows[-1].by)


WORK = {"results.enter", "results.arbitrate", "results.visa", "results.review", "results.commission",
        "results.publish", "results.decide"}  # fmt: skip
"""Rights under which figures are seen or touched; a recall may be asked by anybody who holds the right."""
BACK = {(S.FIRST_ENTRY, S.SCANNED), (S.SECOND_ENTRY, S.FIRST_ENTERED), (S.ARBITRATION, S.DIFFERENT),
        (S.FIRST_ENTRY, S.INCIDENT), (S.SECOND_ENTRY, S.INCIDENT)}  # fmt: skip


def kept_apart(record: Record, rows: list[Row]) -> None:
    """Said again from the rows alone, over all attempts and versions: one desk a person, an entry typed once a person,
    nothing after having had a recall in hand, the commission in a sitting, and nobody is ever forgotten."""
    desk: dict[int, str] = {}
    typed: list[int] = []
    recalled: set[int] = set()
    for row in rows:
        persons = {p for p in (row.by, row.other) if p}
        if row.right == "results.commission":
            assert row.sitting is not None
        if row.right == "results.recall":
            recalled |= persons
        if row.right in WORK and (row.start, row.to) not in BACK:
            for person in persons:
                assert desk.setdefault(person, row.right) == row.right, f"{person} at two desks"
                assert person not in recalled, f"{person} acts on a paper after having had its recall in hand"
        if (row.start is S.SECOND_ENTRY and row.to in (S.MATCHED, S.DIFFERENT)) or (
            row.to is S.FIRST_ENTERED and row.start is S.FIRST_ENTRY
        ):
            typed += persons
    assert len(typed) == len(set(typed)), "the same person typed the paper twice"
    assert {p for p, _part in record.past} >= set(desk) | recalled


def test_random_histories_of_twenty_four_persons_reach_no_state_against_an_invariant() -> None:
    reached: Counter[State] = Counter()
    used: set[tuple[State, State]] = set()
    for seed in range(size(2_000, 10_000)):
        rows, record = history(seed)
        reached[record.state] += 1
        used |= {(r.start, r.to) for r in rows}
    for seed in range(10_000, 30_000):  # what the Court does to a published paper is rare: on until each change was seen
        if not (left := {(s.start, s.to) for s in STEPS} - used):
            break
        used |= {(r.start, r.to) for r in history(seed)[0]}
    assert not left, "some allowed change was never exercised"
    assert reached[S.PUBLISHED] + reached[S.FINAL] > 0


@given(st.integers(0, 2**32), st.integers(0, 59))
def test_a_row_changed_afterwards_breaks_the_chain(seed, place) -> None:
    rows, record = history(seed)
    if not rows:
        return
    place %= len(rows)
    forged = [*rows[:place], replace(rows[place], by=rows[place].by + 1), *rows[place + 1 :]]
    hashes = [r.hash() for r in forged]
    intact = all(b.previous == h for h, b in zip(hashes, forged[1:], strict=False)) and hashes[-1] == record.last_hash
    assert not intact


def test_the_drawing_in_the_documentation_is_the_table() -> None:
    page = Path(__file__).parents[2] / "docs" / "states" / "station_report.md"
    assert drawing() in page.read_text(encoding="utf-8")
    for need in Need:
        assert any(need in s.needs for s in STEPS)


# --- entries ------------------------------------------------------------------------------
sheets = st.builds(
    lambda boxes, votes: Sheet(dict(zip((Box.VOTERS, Box.VALID), boxes, strict=True)), tuple(votes)),
    st.tuples(*[st.one_of(st.none(), st.integers(0, 300))] * 2),
    st.tuples(*[st.one_of(st.none(), st.integers(0, 300))] * 3),
)


@given(sheets, sheets, st.data())
def test_settling_keeps_what_agrees_and_takes_what_is_chosen(first, second, data) -> None:
    apart = differences(first, second)
    choice = {d.line: data.draw(st.sampled_from([d.first, d.second, 301])) for d in apart}
    done = settle(first, second, choice)
    assert lines_of(done.sheet) == {**lines_of(first), **choice}
    assert set(done.free) == {line for line, value in choice.items() if value == 301}
    assert typed_by_somebody(done.sheet, first, second, frozenset(done.free))


def test_an_empty_box_differs_from_a_zero() -> None:
    assert [d.line for d in differences(replace(GOOD, votes=(100, None, 35)), replace(GOOD, votes=(100, 0, 35)))] == [
        "c2"
    ]


def test_a_sheet_of_another_form_is_refused() -> None:
    form = frozenset(GOOD.boxes)
    fits(GOOD, form, 3)
    for wrong, options in ((form | {Box.PROXIES}, 3), (form, 4)):
        with pytest.raises(WrongForm):
            fits(GOOD, wrong, options)


# --- the code on the paper ------------------------------------------------------------------
CODE = PaperCode("ml-2027", "pres", 1, "general", "ML-C01-0042", "pv1", 1)
letters = st.text("ABCXYZabcxyz0189._:-", min_size=1, max_size=12)


@given(st.builds(PaperCode, letters, letters, st.integers(1, 3), letters, letters, letters, st.integers(0, 999)))
def test_a_code_reads_back_the_same(code) -> None:
    assert parse(code.text()) == code


@given(st.integers(0, 200), st.sampled_from([chr(c) for c in range(33, 127)]))
def test_one_character_misread_is_always_caught(place, letter) -> None:
    text = CODE.text()
    place %= len(text)
    wrong = text[:place] + letter + text[place + 1 :]
    if wrong != text:
        with pytest.raises(BadCode):
            parse(wrong)


@given(st.integers(0, 200))
def test_two_neighbours_swapped_are_always_caught(place) -> None:
    text = CODE.text()
    place %= len(text) - 1
    wrong = text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    if wrong != text:
        with pytest.raises(BadCode):
            parse(wrong)


@pytest.mark.parametrize(
    "change", [{"contest": "leg"}, {"round": 2}, {"part": "advance"}, {"station": "ML-C01-0043"}, {"election": "x"}]
)
def test_a_form_of_another_contest_is_refused(change) -> None:
    with pytest.raises(OtherForm):
        belongs(replace(CODE, **change), CODE)
    belongs(replace(CODE, serial=2), CODE)
