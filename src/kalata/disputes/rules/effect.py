"""What a decision does to the results: the one function that computes it, before and after, with its annexes.

`recompute(election, decision)` is the door: the command line, the gate, the effect on the results and the archive call
it and nothing else. `Recomputation.record()` is the document of the scripted interface, `.digest` its SHA-256, the same
on any machine. Annexes are made from the acts, never typed. Pure and exact.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from kalata import __version__
from kalata.results.rules.boxes import ABSENT, Box, Sheet, Standing
from kalata.results.rules.checks import IDENTITIES, findings
from kalata.results.rules.outcome import Outcome, Status
from kalata.transparency.rules.canonical import SAFE, jcs

from . import acts as reading
from .acts import ANNULLED, RECTIFIED, RESTORED, Plan, Step
from .election import Election, order_of

ENGINE = f"kalata {__version__}"
SENTENCES = frozenset({"fr", "en", "steps", "notes", "remedy"})
APART = frozenset({"sha256", "engine", "digest"})


def canonical(value: Any) -> bytes:
    """RFC 8785 of any JSON value. The standard writer gives it, but for characters beyond U+FFFF and very large numbers."""
    return jcs(value) if large(value) else compact(value)


def compact(value: Any) -> bytes:
    """The same where every number is a whole one below 2^53."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode() if text.isascii() or max(text) < "\ud800" else jcs(value)


def large(value: Any) -> bool:
    """Is there a number in it that RFC 8785 does not write digit by digit?"""
    if isinstance(value, Mapping):
        return any(large(v) for v in value.values())
    if isinstance(value, list | tuple):
        return any(large(v) for v in value)
    return isinstance(value, float) or (isinstance(value, int) and abs(value) >= SAFE)


def sha256_of(value: Any) -> str:
    """SHA-256 (hex) of the canonical form of a JSON value."""
    return hashlib.sha256(canonical(value)).hexdigest()


def unworded(value: Any) -> Any:
    """The same without sentences; an option that bears one of those names keeps its number."""
    if isinstance(value, Mapping):
        return {k: unworded(v) for k, v in value.items() if k not in SENTENCES or isinstance(v, int)}
    if isinstance(value, list | tuple):
        return [unworded(v) for v in value]
    return value


def digest_of(answer: Mapping[str, Any]) -> str:
    """The digest of an answer: without sentences, hashes of inputs, engine, and the digest itself."""
    return sha256_of(unworded({k: v for k, v in answer.items() if k not in APART}))


@dataclass(eq=False)
class Recomputation:
    """A decision applied. before, after: the election on each side; plan: its acts worked out.

    sha256: of the file, profile and decision it was computed from.
    """

    decision: str
    before: Election
    after: Election
    plan: Plan
    sha256: Mapping[str, str] = field(default_factory=dict)

    @property
    def keeps(self) -> list[str]:
        return [b.value for b in self.before.keeps]

    @property
    def annulled(self) -> list[int]:
        """The stations that this decision annuls, in the order of the file."""
        return sorted(at for step in self.plan.steps if step.kind == ANNULLED for at in step.stations)

    @property
    def annulled_votes(self) -> int:
        """Valid votes of the stations annulled, as they were before this decision."""
        return sum(self.before.valid[at] for at in self.annulled)

    @property
    def wrong(self) -> bool:
        """Is the outcome after a tie or undetermined, or is there a finding?"""
        return self.after.undecided or bool(self.findings)

    @cached_property
    def changes(self) -> dict[str, bool]:
        old, new = self.before, self.after
        pairs = [(old.outcomes[k], new.outcomes[k]) for k in old.outcomes]
        return {
            "outcome": not same(old, new),
            "order": sorted_order(old) != sorted_order(new),
            "elected": any(elected(a) != elected(b) for a, b in pairs),
            "qualified": any(qualified(a) != qualified(b) for a, b in pairs),
            "seats": any(held(a) != held(b) for a, b in pairs),
        }

    @cached_property
    def findings(self) -> list[dict[str, Any]]:
        """Identities that a rectified sheet breaks and did not break before, by the last act that touched it."""
        last = {at: step.act for step in self.plan.steps if step.kind == RECTIFIED for at in step.stations}
        out = []
        for at, act in sorted(last.items()):
            held_ = {f.code for f in broken(self.before, at)}
            for found in broken(self.after, at):
                if found.code not in held_:
                    where = {"code": found.code, "station": list(self.before.keys[at]), "act": act}
                    out.append({**where, **found.message.both()})
        return out

    @cached_property
    def annexes(self) -> list[dict[str, Any]]:
        """One for each act that touches figures, rows in the order of the file."""
        return [self.annex(str(n), step) for n, step in enumerate(self.plan.steps, 1)]

    def annex(self, name: str, step: Step) -> dict[str, Any]:
        out: dict[str, Any] = {"annex": name, "act": step.act, "kind": step.kind, "count": len(step.stations)}
        out["annulled_keeps"] = self.keeps
        if step.kind == RECTIFIED:
            return out | {"rows": [rectified_row(self.before, c) for c in step.changes]}
        side = self.before if step.kind == ANNULLED else self.after
        rows = [side.record_of(at) for at in step.stations]
        return out | {"totals": totals_of(rows), "rows": rows}

    @cached_property
    def body(self) -> dict[str, Any]:
        before, after = self.before.record(), self.after.record()
        return {
            "contest": self.before.contest,
            "decision": self.decision,
            "annulled_keeps": self.keeps,
            "before": before,
            "after": after,
            "difference": difference(before, after, self.before.options),
            "annulled_votes": self.annulled_votes,
            "changes": self.changes,
            "annexes": self.annexes,
            "findings": self.findings,
        }

    @cached_property
    def digest(self) -> str:
        """`digest_of` the answer; the annexes have no sentence, and their rows no large number."""
        short = unworded({k: v for k, v in self.body.items() if k != "annexes"})
        whole = short | {"annexes": self.annexes}
        if large(short) or large([a.get("totals") for a in self.annexes]):
            return sha256_of(whole)
        return hashlib.sha256(compact(whole)).hexdigest()

    def record(self) -> dict[str, Any]:
        """The document of `kalata disputes recompute --json`."""
        return {**self.body, "sha256": dict(self.sha256), "engine": ENGINE, "digest": self.digest}


def recompute(election: Election, decision: Mapping[str, Any], *, lenient: bool = False, sha256: str = "") -> Recomputation:  # fmt: skip
    """Apply the acts of a decision to an election. Neither is changed.

    decision: `decision`, `annulled_keeps`, `acts`; its other keys are not read. lenient: what is faulty in an act is
    left out, and stays listed in `plan.faults` (the gate says each as a mismatch). sha256: of the decision as bytes.

    Raises: acts.Faulty (DIS-501 … DIS-507) with every fault, unless lenient.
    """
    faults: list[reading.Faulty] = []
    keeps = reading.keeps_of(decision.get("annulled_keeps"), election.keeps, faults)
    before = election if keeps == election.keeps else election.with_(keeps=keeps)
    plan = reading.plan(before, decision.get("acts"))
    plan.faults[:0] = faults
    if not lenient:
        plan.must_hold()
    given = {"decision": sha256 or sha256_of(decision)}
    return Recomputation(str(decision.get("decision") or ""), before, applied(before, plan), plan, {**election.sha256, **given})  # fmt: skip


def applied(election: Election, plan: Plan) -> Election:
    """The election after the acts of a plan: those boxes and those standings, nothing else."""
    if not (plan.standing or plan.boxes or plan.votes):
        return election
    standing, boxes = list(election.standing), election.boxes
    for at, state in plan.standing.items():
        standing[at] = state
    figures = list(election.figures)
    if any(box not in boxes for _at, box in plan.boxes):  # valid votes of forms that have no box for them
        boxes, figures = (*boxes, Box.VALID), [*figures, [ABSENT] * len(standing)]
    copied: set[int] = set()
    for (at, box), value in plan.boxes.items():
        j = boxes.index(box)
        if j not in copied:
            figures[j] = list(figures[j])
            copied.add(j)
        figures[j][at] = value
    votes = list(election.votes)
    copied = set()
    for (at, j), value in plan.votes.items():
        if j not in copied:
            votes[j] = list(votes[j])
            copied.add(j)
        votes[j][at] = value
    return election.with_(standing=standing, boxes=boxes, figures=figures, votes=votes)


# --- what changed -------------------------------------------------------------------------------------------
def same(one: Election, other: Election) -> bool:
    """The same outcome in every constituency: status, options, seats, ties."""
    return all(one.outcomes[k].same_as(other.outcomes[k]) for k in one.outcomes)


def elected(found: Outcome) -> frozenset[str]:
    return frozenset(found.options) if found.status in (Status.ELECTED, Status.SEATS) else frozenset()


def qualified(found: Outcome) -> frozenset[str]:
    return frozenset(found.options) if found.status is Status.RUNOFF else frozenset()


def held(found: Outcome) -> dict[str, int]:
    return {o: n for o, n in found.seats().items() if n}


def sorted_order(election: Election) -> list[frozenset[str]]:
    return [frozenset(level) for level in order_of(election.votes_of(election.total))]


def seats_in(record: Mapping[str, Any]) -> dict[str, int]:
    return dict(record["outcome"].get("seats") or {})


def difference(before: Mapping[str, Any], after: Mapping[str, Any], options: tuple[str, ...]) -> dict[str, Any]:
    """After less before: stations, figures, votes, seats of every option."""
    out: dict[str, Any] = {}
    for part in ("stations", "figures", "votes"):
        keys = dict.fromkeys([*before[part], *after[part]])
        out[part] = {k: after[part].get(k, 0) - before[part].get(k, 0) for k in keys}
    old, new = seats_in(before), seats_in(after)
    return out | {"seats": {o: new.get(o, 0) - old.get(o, 0) for o in options}}


def rectified_row(election: Election, change: reading.Change) -> dict[str, Any]:
    before = None if change.before == ABSENT else change.before
    return {
        "station": list(election.keys[change.station]),
        "field": change.field,
        "before": before,
        "after": change.after,
        "difference": change.after - (before or 0),
    }


def totals_of(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The sums of the rows of an annex."""
    out: dict[str, dict[str, int]] = {"figures": {}, "votes": {}}
    for row in rows:
        for part, sums in out.items():
            for name, value in row[part].items():
                sums[name] = sums.get(name, 0) + value
    return out


def broken(election: Election, at: int) -> list[Any]:
    """The identities that do not hold on the sheet of a station."""
    boxes = {b: None if c[at] == ABSENT else c[at] for b, c in zip(election.boxes, election.figures, strict=True)}
    sheet = Sheet(boxes, tuple(None if c[at] == ABSENT else c[at] for c in election.votes))
    codes = {check.code for check in IDENTITIES}
    return [f for f in findings(sheet, form=frozenset(election.boxes)) if f.code in codes]


__all__ = ["ENGINE", "RESTORED", "Recomputation", "Standing", "applied", "canonical", "digest_of", "recompute", "same"]
