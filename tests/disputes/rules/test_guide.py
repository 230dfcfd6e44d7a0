"""Every state has its word of the guide, each once."""

from kalata.disputes.rules.guide import GUIDE, code, state_of
from kalata.disputes.rules.steps import State


def test_every_state_has_its_word_of_the_guide_each_once_and_reads_back():
    assert set(GUIDE) == set(State) and len(set(GUIDE.values())) == len(GUIDE)
    assert all(state_of(code(s)) == s and state_of(code(s).lower()) == s and state_of(s.value) == s for s in State)
    assert state_of("FINI") is None
