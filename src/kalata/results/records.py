"""What the rules gave, in the JSON shape of the scripted interface."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from kalata.results.rules import ties
from kalata.results.rules.outcome import Outcome, Status
from kalata.results.rules.systems import System
from kalata.text import Message, decimal_string


def share(part: int, base: int) -> dict[str, str]:
    value = Fraction(part, base) if base else Fraction(0)
    return {"fraction": f"{value.numerator}/{value.denominator}", "decimal": decimal_string(value, 6)}


def step_records(steps: tuple[Message, ...], norm: str) -> list[dict[str, str]]:
    return [{**step.both(), **({"norm": norm} if norm else {})} for step in steps]


def outcome_record(outcome: Outcome, votes: Mapping[str, int], system: System | None) -> dict[str, Any]:
    """An outcome in the JSON shape of the scripted interface."""
    base = outcome.base or sum(votes.values())
    record: dict[str, Any] = {
        "status": outcome.status.value,
        "options": list(outcome.options),
        "rule": outcome.rule,
        "secured": outcome.secured.value,
    }
    if outcome.needed is not None:
        record["majority"] = {"needed": outcome.needed, "base": outcome.base}
    if outcome.reason:
        record["reason"] = outcome.reason.both()
    if outcome.on_counted:
        record["on_counted"] = outcome.on_counted.value
    if outcome.allocation:
        record["seats"] = outcome.allocation.seats
        record["ties"] = [{"options": list(t.options), "seats": t.seats} for t in outcome.allocation.ties]
    if outcome.gap is not None:
        record["gap"] = outcome.gap
    record["open"] = [change.record() for change in outcome.open]
    if outcome.broken is not None:
        record["tie_broken_by"] = outcome.broken.both()
    record["tie"] = ties.record(system, outcome) if system else None
    record["shares"] = {o: share(votes[o], base) for o in outcome.options if o in votes}
    record["steps"] = step_records(outcome.steps, outcome.norm)
    return record


def outcomes_record(
    outcomes: Mapping[str, Outcome],
    votes: Mapping[str, Mapping[str, int]],
    valid: Mapping[str, int],
    system: System | None,
) -> tuple[dict[str, Any], list[dict[str, Any]] | None]:
    """(the outcome of a contest, those of its constituencies; None where one outcome is that of the whole).

    outcomes, votes, valid: by constituency, or under "" for the whole.
    """
    if "" in outcomes:
        return outcome_record(outcomes[""], votes[""], system), None
    seats: dict[str, int] = {}
    for found in outcomes.values():
        for option, held in found.seats().items():
            seats[option] = seats.get(option, 0) + held
    kinds = {o.status for o in outcomes.values()}
    open_ = not kinds.isdisjoint({Status.UNDETERMINED, Status.TIE})
    whole = {
        "status": "undetermined" if open_ else "seats",
        "by_constituency": {s.value: sum(o.status is s for o in outcomes.values()) for s in sorted(kinds)},
        "seats": seats,
        "options": [o for o, s in seats.items() if s],
        "rule": system.rule_text() if system else "",
        "open": [{"constituency": k, **c.record()} for k, o in outcomes.items() for c in o.open],
    }
    parts = [
        {"constituency": k, "votes": votes[k], "valid": valid[k], "outcome": outcome_record(o, votes[k], system)}
        for k, o in outcomes.items()
    ]
    return whole, parts
