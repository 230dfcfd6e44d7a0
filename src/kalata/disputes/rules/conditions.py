"""When does taking votes away give another outcome? Linear conditions, of which one alternative at least must come true.

An alternative is a conjunction of `Limit`s on what is taken away. The list is complete: where no alternative can come
true, no annulment changes the outcome. It may be too wide (a list may miss the threshold and lose nothing): whoever
finds a set asks the rule itself. Where the outcome is no function of the sums alone, or is itself undetermined or a tie
of remainders, the one alternative is empty and always true. Whole numbers throughout. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from kalata.results.rules.outcome import Status, depends_on_valid
from kalata.results.rules.seats import Allocation, divisor, passes
from kalata.results.rules.systems import REJECTED, Formula, Kind, Threshold, answers
from kalata.results.rules.verdicts import approval_of, base_of, half_is_enough, majority_needed

from .places import PARTS, REGISTERED, VALID, VOTERS, Place, Variable

AVERAGES = (Formula.DHONDT, Formula.SAINTE_LAGUE, Formula.MODIFIED_SAINTE_LAGUE, Formula.QUOTA_HIGHEST_AVERAGE)
"""The quotient of `quota_highest_average` gives nobody more than the averages do: the shares are D'Hondt's."""


@dataclass(frozen=True, slots=True)
class Limit:
    """Σ weight × taken ≥ need."""

    weights: tuple[tuple[Variable, int], ...]
    need: int


Alternative = tuple[Limit, ...]
ALWAYS: list[Alternative] = [()]
BOUNDED = (Status.ELECTED, Status.RUNOFF, Status.ADOPTED, Status.REJECTED)
"""What may be secured while stations are missing: what these could hold is then part of each limit, as in `results.bounds`."""


class Sums:
    """The sums of a place, and limits on what is taken from them, with valid votes read from one base."""

    def __init__(self, place: Place, base: Variable) -> None:
        self.place, self.line, self.base = place, place.line, base
        self.system = place.election.system
        self.index = {o: j for j, o in enumerate(place.totals.votes)}
        self.papers, self.listed = place.missing.voters or 0, place.missing.list  # what missing stations could hold

    def value(self, form: dict[Variable, int]) -> int:
        return sum(w * self.line[v] for v, w in form.items())

    def falls(self, form: dict[Variable, int], to: int) -> Limit:
        """The form is at most `to` once votes are taken."""
        return Limit(tuple((v, w) for v, w in form.items() if w), self.value(form) - to)

    def lead(self, a: int, b: int) -> dict[Variable, int]:
        return {a: 1, b: -1}

    def of_base(self, name: str) -> Variable:
        return {"valid": self.base, "voters": VOTERS, "registered": REGISTERED}[name]

    def over(self, option: int, share: Fraction, base: Variable) -> dict[Variable, int]:
        """den × votes − num × base: how far an option is over a share."""
        return {option: share.denominator, base: -share.numerator}


def negated(form: dict[Variable, int]) -> dict[Variable, int]:
    return {v: -w for v, w in form.items()}


def alternatives(place: Place, *, decided: bool = False) -> list[Alternative]:
    """Every way to another outcome; decided: to one that is neither a tie nor undetermined."""
    system, found = place.election.system, place.found
    if not place.by_sums or place.missing.voters is None or found.status is Status.UNDETERMINED:
        return ALWAYS
    if not place.clear and (found.status not in BOUNDED or system.kind is Kind.PROPORTIONAL):
        return ALWAYS
    election = place.election
    bases: list[Variable] = [VALID]
    if depends_on_valid(system, election.round) and place.columns(VALID) != place.columns(PARTS):
        if system.kind is Kind.PROPORTIONAL:
            return ALWAYS
        bases = [VALID, PARTS]
    out: list[Alternative] = []
    for base in bases:
        sums = Sums(place, base)
        if system.kind is Kind.TWO_OPTION_MAJORITY:
            ways = referendum(sums, decided)
        elif system.kind is Kind.PROPORTIONAL:
            ways = seats(sums, found.allocation, decided)
        elif election.round >= 2 or system.kind in (Kind.PLURALITY, Kind.LIST_PLURALITY):
            ways = first(sums, decided)
        else:
            ways = first_round(sums, decided)
        for way in ways:
            if way == ():
                return ALWAYS
            out.append(way)
    if not decided:
        sums = Sums(place, VALID)
        out += [(sums.falls({VALID: 1}, 0),), (sums.falls({PARTS: 1}, 0),)]
    return list(dict.fromkeys(out))


def apart(sums: Sums, tied: Iterable[int]) -> Iterator[Alternative]:
    """Two of the tied are no longer level."""
    tied = list(tied)
    for a in tied:
        for b in tied:
            if a != b:
                yield (sums.falls(sums.lead(a, b), -1),)


def first(sums: Sums, decided: bool) -> Iterator[Alternative]:
    """One round, or the second: who has most votes."""
    found, index = sums.place.found, sums.index
    tied = [index[o] for o in (found.tied if found.status is Status.TIE else found.options)]
    yield from apart(sums, tied)
    for o in index.values():
        if o not in tied:
            for leader in tied:
                yield (sums.falls(sums.lead(leader, o), -1 - sums.papers if decided else sums.papers),)


def majority(sums: Sums, option: int, reached: bool) -> Limit:
    """An option reaches the majority, or does not."""
    system = sums.system
    over = sums.over(option, system.majority, sums.of_base(system.base))
    grown = system.majority.numerator * (sums.listed if system.base == "registered" else sums.papers)
    if reached:
        best = system.majority.denominator * sums.papers - grown
        return sums.falls(negated(over), best - (1 if system.majority_strict else 0))
    return sums.falls(over, grown - (0 if system.majority_strict else 1))


def first_round(sums: Sums, decided: bool) -> Iterator[Alternative]:
    system, found, index = sums.system, sums.place.found, sums.index
    level = -1 - sums.papers if decided else sums.papers
    reached = {index[o] for o in reaching(sums)}
    if found.status is Status.ELECTED:
        leader = index[found.options[0]]
        yield (majority(sums, leader, False),)
        if not (system.majority_strict and 2 * system.majority >= 1 and system.base == "valid"):
            for o in index.values():
                if o != leader:
                    yield (sums.falls(sums.lead(leader, o), level),)
        return
    for o in index.values():
        if o not in reached:
            yield (majority(sums, o, True),)
    for o in sorted(reached):
        yield (majority(sums, o, False),)
    inside = [index[o] for o in found.options]
    if found.status is Status.TIE:
        tied = [index[o] for o in found.tied]
        yield from apart(sums, tied)
        for x in inside:
            for t in tied:
                if x not in tied:
                    yield (sums.falls(sums.lead(x, t), level),)
    for x in inside:
        yield (sums.falls({x: 1}, 0),)
        for o in index.values():
            if o not in inside and (system.qualify_at is None or found.status is Status.TIE or x in ranked(sums)):
                yield (sums.falls(sums.lead(x, o), level),)
    yield from by_share(sums, level)


def reaching(sums: Sums) -> list[str]:
    """The options that reach the majority as things are."""
    base = base_of(sums.place.totals, sums.system) or 0
    needed = majority_needed(base, sums.system)
    return [o for o, v in sums.place.totals.votes.items() if v >= needed]


def ranked(sums: Sums) -> list[int]:
    """The first ranks, that qualify whatever their share."""
    votes = sums.place.totals.votes
    rank = sorted(votes, key=lambda o: -votes[o])[: sums.system.qualify]
    return [sums.index[o] for o in rank]


def by_share(sums: Sums, level: int) -> Iterator[Alternative]:
    """Who may enter, or leave, the second round by the share that opens it."""
    at = sums.system.qualify_at
    if at is None:
        return
    tie = sums.place.found.status is Status.TIE
    top = ranked(sums)
    for o in sums.index.values():
        over = sums.over(o, at.share, sums.of_base(at.base))
        if sums.value(over) < 0:
            yield (sums.falls(negated(over), 0),)
        elif tie or o not in top:
            yield (sums.falls(over, -1),)
        else:
            for other in sums.index.values():
                if other != o:
                    yield (sums.falls(over, -1), sums.falls(sums.lead(o, other), level))


def referendum(sums: Sums, decided: bool) -> Iterator[Alternative]:
    system, found, index = sums.system, sums.place.found, sums.index
    yes, no = (index[o] for o in answers(system, tuple(sums.place.totals.votes)))
    lead = sums.lead(yes, no)
    half = half_is_enough(system)
    ties = not half and system.tie_rule != REJECTED
    quorum, approval = system.turnout_quorum, approval_of(system, sums.place.totals)
    met: dict[Variable, int] = {} if quorum is None else {VOTERS: quorum.denominator, REGISTERED: -quorum.numerator}
    failing: list[Alternative] = []
    if quorum is not None:
        failing.append((sums.falls(met, quorum.numerator * sums.listed - 1),))
    if approval is not None:
        failing.append((majority(sums, yes, False),))
    if found.status is Status.REJECTED:
        more = sums.falls(negated(lead), sums.papers - (0 if half or (ties and not decided) else 1))
        also = []
        if quorum is not None:
            also.append(sums.falls(negated(met), quorum.denominator * sums.papers - quorum.numerator * sums.listed))
        also += [majority(sums, yes, True)] if approval is not None else []
        yield (more, *also)
        return
    if found.status is Status.TIE:
        yield from apart(sums, (yes, no))
    else:
        worst = -sums.papers if decided else sums.papers
        yield (sums.falls(lead, worst - (1 if half or (ties and decided) else 0)),)
    yield from failing


# --- seats --------------------------------------------------------------------------------------------------
def seats(sums: Sums, share: Allocation | None, decided: bool) -> Iterator[Alternative]:
    system = sums.system
    if share is None or system.formula is None or any(not t.level for t in share.ties):
        yield ()
    elif system.formula in AVERAGES:
        yield from averages(sums, share, system.formula, decided)
    elif share.ties:
        yield ()
    elif system.formula is Formula.HARE_LR and system.quota_base == "admitted":
        yield from remainders(sums, share, decided)
    else:
        yield from quotas(sums, share, system.formula)


def bar(sums: Sums, option: int, reached: bool, threshold: Threshold) -> Limit:
    over = sums.over(option, threshold.share, sums.base)
    if reached:
        return sums.falls(negated(over), -1 if threshold.strict else 0)
    return sums.falls(over, 0 if threshold.strict else -1)


def admitted(sums: Sums) -> set[int]:
    """The lists that reach the threshold as things are."""
    totals, threshold = sums.place.totals, sums.system.threshold
    base = max(totals.valid, sum(totals.votes.values()))
    return {sums.index[o] for o, v in totals.votes.items() if threshold is None or passes(v, base, threshold)}


def averages(sums: Sums, share: Allocation, formula: Formula, decided: bool) -> Iterator[Alternative]:
    """A last seat is no longer worth more than another list's next one; a tie parts; a list meets or misses the threshold."""
    index, level = sums.index, -1 if decided else 0
    held = {index[o]: n for o, n in share.seats.items()}
    inside = admitted(sums)
    tied = [index[o] for t in share.ties for o in t.options]

    def against(i: int, di: tuple[int, int], j: int, dj: tuple[int, int]) -> dict[Variable, int]:
        """The average of i with this divisor less that of j with that one, over a common denominator."""
        return {i: di[1] * dj[0], j: -dj[1] * di[0]}

    last = {i: divisor(formula, n - 1) for i, n in held.items() if n}
    for i, di in last.items():
        for j in index.values():
            if j == i:
                continue
            form = against(i, di, j, divisor(formula, held.get(j, 0)))
            if j in inside:
                yield (sums.falls(form, level),)
            elif sums.system.threshold is not None:
                yield (sums.falls(form, level), bar(sums, j, True, sums.system.threshold))
    for a in tied:
        for b in index.values():
            if a != b and b in inside:
                form = against(a, divisor(formula, held.get(a, 0)), b, divisor(formula, held.get(b, 0)))
                yield (sums.falls(form, -1 if b in tied else level),)
            elif a != b and sums.system.threshold is not None:
                form = against(a, divisor(formula, held.get(a, 0)), b, divisor(formula, held.get(b, 0)))
                yield (sums.falls(form, level), bar(sums, b, True, sums.system.threshold))
    if sums.system.threshold is not None:
        for i in sorted(inside & {*last, *tied}):
            yield (bar(sums, i, False, sums.system.threshold),)


def remainders(sums: Sums, share: Allocation, decided: bool) -> Iterator[Alternative]:
    """Hare's quotient over the admitted lists: the shares stand while no list is a whole quotient worse off than another."""
    index, level = sums.index, -1 if decided else 0
    held = {index[o]: n for o, n in share.seats.items()}
    inside = sorted(admitted(sums))
    total = sum(held.values())
    for i in inside:
        for j in inside:
            if i != j:
                form: dict[Variable, int] = dict.fromkeys(inside, held.get(i, 0) - held.get(j, 0) + 1)
                form[i] -= total
                form[j] += total
                yield (sums.falls(form, level),)
    if sums.system.threshold is not None:
        for i in index.values():
            yield (bar(sums, i, i not in inside, sums.system.threshold),)


def quotas(sums: Sums, share: Allocation, formula: Formula) -> Iterator[Alternative]:
    """Remainders over Droop's whole quota, or over valid votes: what any change needs at least.

    The k-th seat of a list is claimed by min(votes − (k−1) quota, quota), and the seats go to the largest claims; for a
    change some list must claim its next seat at least as well as another its last, hold one more whole quota, or claim
    its last no more. `parts` quotas lie between the base and the base plus `slack`.
    """
    held = {sums.index[o]: n for o, n in share.seats.items()}
    inside = sorted(admitted(sums))
    total = sum(held.values())
    droop = formula is Formula.DROOP_LR
    parts, slack = (total + 1, total + 1) if droop else (total, 0)
    base = inside if sums.system.quota_base == "admitted" else [sums.base]

    def over(gain: dict[Variable, int], quotas_: int) -> dict[Variable, int]:
        """parts × votes − quotas × base."""
        form = {v: parts * w for v, w in gain.items()}
        for v in base:
            form[v] = form.get(v, 0) - quotas_
        return form

    for i in inside:
        yield (sums.falls(negated(over({i: 1}, held.get(i, 0) + 1)), -1 if droop else 0),)
        if held.get(i, 0):
            yield (sums.falls(over({i: 1}, held[i] - 1), (held[i] - 1) * slack),)
            for j in inside:
                if i != j:
                    more = held[i] - 1 - held.get(j, 0)
                    yield (sums.falls(over({i: 1, j: -1}, more), max(more, 0) * slack),)
    if sums.system.threshold is not None:
        for i in sums.index.values():
            yield (bar(sums, i, i not in inside, sums.system.threshold),)
