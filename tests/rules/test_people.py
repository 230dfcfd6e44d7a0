"""Who may do what where; two persons; one-time codes; the chain of acts."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kalata.country.rules.rights import DESK
from kalata.ledger.rules import chain
from kalata.people.rules import access, activation, approval
from kalata.people.rules.access import Mandate, covers, may, reach
from kalata.people.rules.approval import AlreadyDecided, Decision, NotTheAsker, SamePerson

DAY = date(2027, 2, 28)


def test_a_region_covers_its_cercles_and_never_the_reverse():
    assert covers((1,), (1, 7)) and not covers((1, 7), (1,)) and not covers((1,), (2, 7))


def test_a_regional_mandate_does_not_cover_the_whole_country():
    held = [Mandate(frozenset({"results.import"}), (1,))]
    assert may(held, "results.import", DAY, place=(1, 7)) and not may(held, "results.import", DAY)


def test_a_mandate_for_one_contest_is_none_for_another():
    held = [Mandate(frozenset({"results.import"}), (), contest=4)]
    assert may(held, "results.import", DAY, contest=4) and not may(held, "results.import", DAY, contest=5)


def test_a_mandate_holds_between_its_dates_only():
    held = [Mandate(frozenset({"x"}), starts=date(2027, 3, 1))]
    assert not may(held, "x", DAY) and may(held, "x", date(2027, 3, 1))


paths = st.lists(st.integers(0, 2), max_size=3).map(tuple)
mandates = st.lists(st.builds(Mandate, st.frozensets(st.sampled_from("ab")), paths), max_size=4)


@given(mandates, paths)
def test_the_predicate_and_the_filter_agree(held, place):
    assert may(held, "a", DAY, place=place) == any(covers(t, place) for t in reach(held, "a", DAY))


def test_who_administers_accounts_holds_no_desk():
    assert access.clash({"people.manage", "results.import"}, DESK) and not access.clash(
        {"people.manage", "people.read"}, DESK
    )


def test_who_asks_cannot_approve():
    with pytest.raises(SamePerson):
        approval.decide(Decision.WAITING, Decision.APPROVED, asked_by=1, by=1, right="x")


@pytest.mark.parametrize("state", [Decision.APPROVED, Decision.REFUSED, Decision.WITHDRAWN])
@pytest.mark.parametrize("to", list(Decision))
def test_a_decision_taken_is_never_changed(state, to):
    with pytest.raises(AlreadyDecided):
        approval.decide(state, to, asked_by=1, by=2, right="x")


def test_only_the_asker_withdraws():
    assert approval.decide(Decision.WAITING, Decision.WITHDRAWN, asked_by=1, by=1, right="x") is Decision.WITHDRAWN
    with pytest.raises(NotTheAsker):
        approval.decide(Decision.WAITING, Decision.WITHDRAWN, asked_by=1, by=2, right="x")


@given(st.lists(st.integers(0, 31), min_size=15, max_size=15))
def test_a_code_is_recognised_however_it_is_typed(numbers):
    code = activation.code_from(numbers)
    kept = activation.digest(code, "sel")
    assert activation.matches(code.lower().replace("-", " "), "sel", kept) and not activation.matches(
        code, "autre", kept
    )


def test_no_code_matches_an_account_without_one():
    assert not activation.matches("", "sel", "")


acts = st.lists(st.fixed_dictionaries({"id": st.integers(), "kind": st.text(max_size=5)}), min_size=1, max_size=6)


@given(acts, st.data())
def test_a_changed_act_changes_the_seal(items, data):
    place = data.draw(st.integers(0, len(items) - 1))
    other = [dict(a) for a in items]
    other[place]["kind"] += "x"
    assert chain.seal(chain.GENESIS, items) != chain.seal(chain.GENESIS, other)
    assert len(items) == 1 or chain.seal(chain.GENESIS, items[1:]) != chain.seal(chain.GENESIS, items)
