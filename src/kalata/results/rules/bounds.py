"""Can what is not settled still change the outcome? Proved, or not said.

What is not settled is a pool: every station that is missing, annulled and to be re-run, contested or under
recall. Its papers are at most the registered electors of these stations and those allowed beside the list;
nothing is known of what they say. The counted figures of a contested station leave the sure totals and its
electors enter the pool, because a ruling may remove them, mend them or have the vote held again.

A *threat* is one way in which some content of the pool gives another outcome. An outcome is *secured* when
no threat remains; otherwise the threats say who could still replace whom, from how many papers on, through
which stations. Every test below is monotone: what a pool can do, a larger one can.

The bounds of majorities, places, plurality and referendum are exact: where a threat is listed, a content
exists that changes the outcome. Those of seats by quota may be too cautious; `Change.tight` says so.
Unknown registered electors: nothing is secured. Source: field guide on results, section 9.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from typing import Any

from kalata.text import gettext_noop as _


class Secured(StrEnum):
    """What can be said of an outcome while records are missing."""

    YES = "secured"
    NO = "possible_change"
    UNKNOWN = "unknown"  # the number or the size of what is missing is not known


class What(StrEnum):
    """What could still change. The value is the one of the scripted interface."""

    MAJORITY = "majority"
    FIRST = "first"
    RUNOFF = "runoff"
    REFERENDUM = "referendum"
    QUORUM = "quorum"
    APPROVAL = "approval"
    THRESHOLD = "threshold"
    SEAT = "seat"
    TIE = "tie"
    NO_VOTE = "no_vote"
    UNKNOWN = "unknown"


WHAT_LABELS: Mapping[What, str] = {
    What.MAJORITY: _("la majorité requise"),
    What.FIRST: _("la première place"),
    What.RUNOFF: _("une place au second tour"),
    What.REFERENDUM: _("la réponse du référendum"),
    What.QUORUM: _("le quorum de participation"),
    What.APPROVAL: _("la part d’approbation requise"),
    What.THRESHOLD: _("le seuil"),
    What.SEAT: _("un siège"),
    What.TIE: _("l’égalité"),
    What.NO_VOTE: _("l’existence même de suffrages"),
    What.UNKNOWN: _("toute l’issue"),
}


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over the counted stations. Boxes that the forms do not have, or that some leave empty, are None."""

    votes: Mapping[str, int]
    valid: int
    voters: int | None = None
    registered: int | None = None


THROUGH_LABELS: Mapping[str, str] = {
    "missing": _("bureaux manquants"),
    "rerun": _("bureaux annulés où le vote est à refaire"),
    "contested": _("bureaux contestés"),
    "unlisted": _("bureaux attendus, absents de la liste"),
    "absent": _("chiffres absents de la source"),
}


@dataclass(frozen=True, slots=True)
class Through:
    """The stations a change would come through: why they are not settled, how many, their electors, some codes."""

    why: str  # missing | rerun | contested | unlisted | absent
    stations: int | None
    registered: int | None
    codes: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return THROUGH_LABELS[self.why]

    @property
    def more(self) -> bool:
        """Stations beyond those named."""
        return self.stations is not None and len(self.codes) < self.stations


@dataclass(frozen=True, slots=True)
class Missing:
    """What is not settled: stations, and the papers they could hold (None: not known).

    registered: their registered electors, for a base that grows; `voters` when None (nobody beside the list).
    sure: the totals without what is contested; None where nothing is.
    """

    stations: int | None = 0
    voters: int | None = 0
    registered: int | None = None
    sure: Totals | None = None
    through: tuple[Through, ...] = ()

    @property
    def nothing(self) -> bool:
        return self.stations == 0 and self.voters == 0

    @property
    def list(self) -> int:
        """Registered electors that the base may grow by."""
        return (self.voters or 0) if self.registered is None else self.registered

    @property
    def ways(self) -> tuple[Through, ...]:
        return self.through or (Through("missing", self.stations, self.voters),)


@dataclass(frozen=True, slots=True)
class Change:
    """One way in which the outcome can still change.

    options: who could gain by it. instead_of: whose place, seat or victory it is.
    votes: the least number of papers of the pool that does it: fewer cannot. With a quota a little more than that may
    be needed (2 cases in 100 of the small elections that the tests try whole). None where that is not known.
    tight: True where a content that changes the outcome is known to exist; False where the bound may be cautious.
    """

    what: What
    options: tuple[str, ...]
    instead_of: tuple[str, ...] = ()
    votes: int | None = None
    through: tuple[Through, ...] = ()
    tight: bool = True

    @property
    def label(self) -> str:
        return WHAT_LABELS[self.what]

    def with_(self, other: Change) -> Change:
        """The same change by another way: all whom it may come at the cost of, from the fewest papers on."""
        known = [n for n in (self.votes, other.votes) if n is not None]
        cost = dict.fromkeys((*self.instead_of, *other.instead_of))
        return replace(self, instead_of=tuple(cost), votes=min(known, default=None), tight=self.tight or other.tight)

    def record(self) -> dict[str, Any]:
        """As the scripted interface gives it."""
        stations = [t.stations for t in self.through]
        listed = [t.registered for t in self.through]
        return {
            "what": self.what.value,
            "options": list(self.options),
            "instead_of": list(self.instead_of),
            "votes": self.votes,
            "through": {
                "stations": None if None in stations else sum(s or 0 for s in stations),
                "registered": None if None in listed else sum(r or 0 for r in listed),
                "why": {t.why: t.stations for t in self.through},
                "codes": [code for t in self.through for code in t.codes],
            },
            "tight": self.tight,
        }


Test = Callable[[int, int], bool]
"""(papers, registered electors) of a pool -> can a content of it do this? Monotone in both."""


@dataclass(frozen=True, slots=True)
class Threat:
    what: What
    options: tuple[str, ...]
    instead_of: tuple[str, ...]
    could: Test


def least(test: Callable[[int], bool], most: int) -> int | None:
    """The smallest n of 0..most for which a monotone test holds, or None."""
    if not test(most):
        return None
    low, high = 0, most
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if test(middle) else (middle + 1, high)
    return low


def changes(threats: Sequence[Threat], missing: Missing) -> tuple[Change, ...]:
    """The threats that this pool can carry out."""
    m, r = missing.voters or 0, missing.list
    return tuple(
        Change(t.what, t.options, t.instead_of, least(lambda n, t=t: t.could(n, r), m), missing.ways)  # type: ignore[misc]
        for t in threats
        if t.could(m, r)
    )


def decisive_gap(threats: Sequence[Threat], most: int) -> int | None:
    """The smallest number of papers, all of electors not yet counted, that could change the outcome.

    One paper less cannot. None where even `most` could not. Example: 60 to 40 in a plurality, 20.
    """
    return least(lambda n: any(t.could(n, n) for t in threats), most)


def reaches(count: int, base: int, share: Fraction, strict: bool) -> bool:
    """True where `count` is more than (at least, when not strict) `share` of `base`. Example: 51 of 100 for 1/2."""
    left, right = count * share.denominator, share.numerator * base
    return left > right if strict else left >= right


def wins_first(leader: str, votes: Mapping[str, int]) -> list[Threat]:
    """Plurality and second round: c_1 − c_l ≤ m for some other l, which then draws level or passes."""
    return [
        Threat(What.FIRST, (o,), (leader,), lambda n, _r, gap=votes[leader] - v: gap <= n)  # type: ignore[misc]
        for o, v in votes.items()
        if o != leader
    ]


@dataclass(frozen=True, slots=True)
class Majority:
    """The share of a base that elects or adopts: c·den > num·B, and how B grows with the pool."""

    share: Fraction
    strict: bool
    base: str  # valid | voters | registered
    size: int

    def grown(self, papers: int, registered: int) -> int:
        return self.size + (registered if self.base == "registered" else papers)

    def lost(self, count: int) -> Test:
        """Every paper elsewhere: can `count` fall short of the grown base?"""
        return lambda n, r: not reaches(count, self.grown(n, r), self.share, self.strict)

    def won(self, count: int) -> Test:
        """Every paper here: can `count` reach its share of the grown base?"""
        return lambda n, r: reaches(count + n, self.grown(n, r), self.share, self.strict)


def elected_first_round(leader: str, votes: Mapping[str, int], rule: Majority) -> list[Threat]:
    """Elected at once: the base may outgrow the leader, or another pass where the share is below one half."""
    others = tuple(o for o in votes if o != leader)
    if not others and rule.base == "valid" and rule.size == votes[leader]:
        return []  # every valid vote is the leader's, and can only be
    return [Threat(What.MAJORITY, others, (leader,), rule.lost(votes[leader])), *wins_first(leader, votes)]


def none_elected(votes: Mapping[str, int], rule: Majority) -> list[Threat]:
    """Nobody elected at once: could any option still reach the majority?"""
    return [Threat(What.MAJORITY, (o,), (), rule.won(v)) for o, v in votes.items()]


def qualified(inside: Sequence[str], votes: Mapping[str, int], places: int) -> list[Threat]:
    """The places of the second round: some l outside draws level with some x inside, c_x − c_l ≤ m.

    Where fewer options than places have votes, one paper is enough to enter, and an option without a sure vote
    may have none in the end.
    """
    lost = [Threat(What.RUNOFF, (), (o,), lambda _n, _r: True) for o in inside if votes[o] <= 0]
    if len(inside) < places:
        return lost + [Threat(What.RUNOFF, (o,), (), lambda n, _r: n >= 1) for o in votes if o not in inside]
    weakest = min(votes[o] for o in inside)
    return lost + [
        Threat(
            What.RUNOFF,
            (o,),
            tuple(x for x in inside if votes[x] == weakest),
            lambda n, _r, gap=weakest - v: gap <= n,  # type: ignore[misc]
        )
        for o, v in votes.items()
        if o not in inside
    ]


def level(options: Sequence[str]) -> list[Threat]:
    """A tie: one paper more for one of them ends it."""
    return [Threat(What.TIE, tuple(options), (), lambda n, _r: n >= 1)]


@dataclass(frozen=True, slots=True)
class Question:
    """A referendum on the sure totals: both answers, and what adoption asks besides more yes than no.

    quorum: (share, voters, registered). level_adopts: an exact half is enough. level_rejects: the law says so.
    """

    yes: str
    no: str
    for_: int
    against: int
    approval: Majority | None = None
    quorum: tuple[Fraction, int, int] | None = None
    level_adopts: bool = False
    level_rejects: bool = False

    def no_quorum(self, _papers: int, registered: int) -> bool:
        """Nobody else votes and every list is counted in the base: V·den < num·(I + r)."""
        if self.quorum is None:
            return False
        share, voters, size = self.quorum
        return not reaches(voters, size + registered, share, False)

    def quorum_met(self, papers: int, registered: int) -> bool:
        """Everybody votes: (V + m)·den ≥ num·(I + r)."""
        if self.quorum is None:
            return True
        share, voters, size = self.quorum
        return reaches(voters + papers, size + registered, share, False)

    def adopts(self, n: int, r: int) -> bool:
        """Every paper is a yes: all conditions are then at their best at once."""
        gap = self.for_ + n - self.against
        more = gap >= 0 if self.level_adopts else gap > 0
        return more and self.quorum_met(n, r) and (self.approval is None or self.approval.won(self.for_)(n, r))

    def draws_level(self, n: int, r: int) -> bool:
        """As many yes as no, with the quorum and the approval: raised, not decided."""
        if self.level_adopts or self.level_rejects:
            return False
        gap = abs(self.for_ - self.against)
        if gap > n or not self.quorum_met(n, r):
            return False
        if self.approval is None:
            return True
        spare = (n - gap) // 2
        lead = max(self.for_, self.against)
        grown = self.approval.grown
        return any(
            reaches(lead + t, grown(gap + 2 * t, r), self.approval.share, self.approval.strict) for t in (0, spare)
        )


def adopted(q: Question) -> list[Threat]:
    """Adopted: the no may catch up, the quorum be lost, the approval fall short."""
    lead = q.for_ - q.against
    out = [
        Threat(What.REFERENDUM, (q.no,), (q.yes,), lambda n, _r: lead < n if q.level_adopts else lead <= n),
        Threat(What.QUORUM, (q.no,), (q.yes,), q.no_quorum),
    ]
    if q.approval is not None:
        out.append(Threat(What.APPROVAL, (q.no,), (q.yes,), q.approval.lost(q.for_)))
    return out


def rejected(q: Question) -> list[Threat]:
    """Rejected: adoption needs everything at once, so that one threat says what is lacking today."""
    if q.for_ <= q.against:
        what = What.REFERENDUM
    elif q.quorum is not None and not q.quorum_met(0, 0):
        what = What.QUORUM
    else:
        what = What.APPROVAL
    return [
        Threat(what, (q.yes,), (q.no,), q.adopts),
        Threat(What.TIE, (q.yes, q.no), (q.no,), q.draws_level),
    ]
