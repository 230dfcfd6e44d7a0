"""Where a paper stands, as far as anybody may know: each state that is not public under its cause (`results.rules.coverage`)."""

from __future__ import annotations

from collections.abc import Mapping

from kalata.tally.rules.lifecycle import State

NOT_RECEIVED = frozenset({State.EXPECTED, State.MISSING, State.NO_VOTE})
"""States of a paper that has not reached the house; in every other it was received."""

STATES_OF: Mapping[str, frozenset[State]] = {
    "away": frozenset({State.EXPECTED, State.MISSING}),
    "no_vote": frozenset({State.NO_VOTE}),
    "desk": frozenset({State.RECEIVED, State.SCANNED, State.FIRST_ENTRY, State.FIRST_ENTERED, State.SECOND_ENTRY, State.MATCHED, State.DIFFERENT, State.ARBITRATION, State.SECOND_VISA, State.UNDER_REVIEW, State.CHECKED, State.RECALLED}),
    "aside": frozenset({State.INCIDENT, State.SET_ASIDE}),
    "batch": frozenset({State.VALIDATED}),
}  # fmt: skip
CAUSE_OF: Mapping[State, str] = {state: code for code, states in STATES_OF.items() for state in states}
