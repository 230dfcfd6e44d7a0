"""What each rule gives on a sum, as if nothing were missing: one function a kind, in the order the law reads.

Pure and exact. A tie that no rule breaks is raised, never broken; a tie that a rule or an act breaks says by
which. What is not settled is not looked at here: `outcome.decide` does, with the bounds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from kalata.text import Message
from kalata.text import gettext_noop as _

from .bounds import Change, Majority, Secured, Totals, reaches
from .orders import NO_ORDER as NO_ORDER
from .orders import Order as Order
from .orders import drawn_by as drawn_by
from .seats import TIE_BROKEN, Allocation, allocate, broken_by
from .systems import REJECTED, Kind, System, answers, qualify_words, tie_label


class Status(StrEnum):
    ELECTED = "elected"
    RUNOFF = "runoff"
    SEATS = "seats"
    ADOPTED = "adopted"
    REJECTED = "rejected"
    TIE = "tie"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the rule gives, why, and whether what is not settled could change it.

    open: what could still change, by whom, through which stations; empty only where it is proved that nothing can.
    broken: by which rule or act a tie was broken, where there was one.
    tied, places: the options with the same claim, and to how many seats, places or victories; kept once it is broken.
    """

    status: Status
    options: tuple[str, ...] = ()
    rule: str = ""
    needed: int | None = None
    base: int | None = None
    reason: Message | None = None
    steps: tuple[Message, ...] = ()
    secured: Secured = Secured.YES
    on_counted: Status | None = None
    allocation: Allocation | None = None
    gap: int | None = None
    norm: str = ""
    confidence: str = ""
    open: tuple[Change, ...] = ()
    broken: Message | None = None
    tied: tuple[str, ...] = ()
    places: int = 0

    @property
    def level(self) -> bool:
        """A tie between equal claims, which an order between them parts; False where seats are left to nobody's claim."""
        return bool(self.tied) and (self.allocation is None or all(t.level for t in self.allocation.ties))

    def seats(self) -> dict[str, int]:
        """Seats by list; none while the outcome is undetermined."""
        if self.status is Status.UNDETERMINED or self.allocation is None:
            return {}
        return dict(self.allocation.seats)

    def same_as(self, other: Outcome) -> bool:
        """The same outcome: status, who, which seats, which ties. Figures may differ."""
        return self.key() == other.key()

    def key(self) -> tuple[object, ...]:
        share = self.allocation
        return (
            self.status,
            frozenset(self.options),
            frozenset(self.tied) if self.status is Status.TIE else None,
            tuple(sorted((o, n) for o, n in share.seats.items() if n)) if share else (),
            tuple((frozenset(t.options), t.seats) for t in share.ties) if share else (),
        )


def ranking(votes: Mapping[str, int]) -> list[tuple[str, int]]:
    """Options by votes, most first; equal votes keep ballot order (a display order only)."""
    return sorted(votes.items(), key=lambda item: -item[1])


def majority_needed(base: int, system: System) -> int:
    """The smallest number of votes that elects: ⌊S/2⌋+1 for an absolute majority; ⌈S/2⌉ where half is enough.

    Worked example (Mali 2013, round 2, text seen): S = 3 034 463 gives 1 517 232.
    """
    product = base * system.majority.numerator
    whole, rest = divmod(product, system.majority.denominator)
    if system.majority_strict:
        return whole + 1
    return whole + (1 if rest else 0)


def base_of(totals: Totals, system: System) -> int | None:
    return {"valid": totals.valid, "voters": totals.voters, "registered": totals.registered}[system.base]


def common(system: System, rule: str = "") -> dict[str, Any]:
    return {"rule": rule or system.rule_text(), "norm": system.norm, "confidence": system.confidence}


def unknown(system: System, reason: Message, **more: Any) -> Outcome:
    return Outcome(Status.UNDETERMINED, reason=reason, secured=Secured.UNKNOWN, **common(system), **more)


def verdict(
    system: System, totals: Totals, *, seats: int | None = None, round_: int = 1, order: Order = NO_ORDER
) -> Outcome:
    """What the rule gives on these sums. RES-203 where it does not fit the options."""
    if system.kind is Kind.TWO_OPTION_MAJORITY:
        answers(system, tuple(totals.votes))
    if not totals.votes or totals.valid <= 0 or not any(totals.votes.values()):
        return unknown(system, Message(_("Aucun suffrage exprimé dans les bureaux comptés.")))
    if system.kind is Kind.TWO_OPTION_MAJORITY:
        return referendum(system, totals, order)
    if system.kind is Kind.PROPORTIONAL:
        return proportional(system, totals, seats or system.seats, order)
    if round_ >= 2 or system.kind in (Kind.PLURALITY, Kind.LIST_PLURALITY):
        return most_votes(system, totals, seats, order)
    return first_round(system, totals, seats, order)


def no_rule(system: System, tie: Message) -> Message:
    """Why a tie stays one: the law gives no rule that we know, or the act it asks for is not there yet."""
    if system.tie_rule is None:
        return Message(_("%(tie)s : règle légale manquante."), {"tie": tie})
    return Message(
        _("%(tie)s. Règle de départage : %(rule)s ; l’acte qui l’applique n’est pas enregistré."),
        {"tie": tie, "rule": Message(tie_label(system.tie_rule))},
    )


def bloc(winner: str, totals: Totals, seats: int | None) -> Allocation | None:
    """List majority: the winning list takes every seat of the constituency."""
    if not seats:
        return None
    held = dict.fromkeys(totals.votes, 0)
    held[winner] = seats
    step = Message(
        _("La liste %(option)s reçoit {seats:le siège|les %(seats)d sièges} de la circonscription."),
        {"option": winner, "seats": seats},
    )
    return Allocation(held, steps=(step,))


def first_round(system: System, totals: Totals, seats: int | None, order: Order) -> Outcome:
    rank = ranking(totals.votes)
    leader, count = rank[0]
    base = base_of(totals, system)
    if base is None:
        return unknown(
            system,
            Message(_("La majorité se calcule sur « %(base)s », que les PV ne donnent pas."), {"base": system.base}),
        )
    needed = majority_needed(base, system)
    steps: tuple[Message, ...] = (
        Message(
            _("Base de la majorité : %(base)d. Il faut au moins %(needed)d voix."), {"base": base, "needed": needed}
        ),
        Message(_("%(option)s arrive en tête avec %(count)d voix."), {"option": leader, "count": count}),
    )
    shape = {"needed": needed, "base": base, **common(system)}
    if not reaches(count, base, system.majority, system.majority_strict):
        return to_second_round(system, totals, steps, shape, order)
    tied = tuple(o for o, v in rank if v == count)
    broken = None
    if len(tied) > 1:
        chosen = order.ranks(tied)
        if chosen is None:
            return tie_of(system, tied, count, steps, shape)
        leader, broken = chosen[0], broken_by(tied, chosen[:1], order.by)
        steps += (broken,)
    steps += (Message(_("La majorité requise est atteinte : élection au premier tour.")),)
    allocation = bloc(leader, totals, seats)
    return Outcome(Status.ELECTED, (leader,), steps=steps, allocation=allocation, broken=broken, **shape)


def entering(system: System, totals: Totals) -> tuple[str, ...] | None:
    """The options whose share opens the second round whatever their rank; None where the base of it is not known."""
    at = system.qualify_at
    if at is None:
        return ()
    base = totals.registered if at.base == "registered" else totals.valid
    if base is None:
        return None
    return tuple(o for o, v in totals.votes.items() if v > 0 and reaches(v, base, at.share, False))


QUALIFIED = _("Qualifiés : %(options)s.")
NOT_REACHED = _("La majorité requise n’est pas atteinte : second tour entre les %(n)d premiers.")
WHILE_OPEN = {
    QUALIFIED: _("En tête sur les seuls bureaux comptés : %(options)s. Personne n’est qualifié."),
    NOT_REACHED: _("La majorité requise n’est pas atteinte sur ces bureaux ; la règle prévoit un second tour entre les %(n)d premiers."),
}  # fmt: skip
"""What a step says while nothing is decided: the same figures, and no winner."""


def to_second_round(
    system: System, totals: Totals, steps: tuple[Message, ...], shape: dict[str, Any], order: Order
) -> Outcome:
    """Who goes to the second round; a tie for its last place is raised unless an order breaks it.

    Who reaches the share of `qualify_at` goes too: equals reach it together, so that they are no tie.
    """
    steps += (Message(NOT_REACHED, {"n": system.qualify}),)
    by_share = entering(system, totals)
    if by_share is None:
        reason = Message(_("L’accès au second tour se calcule aussi sur les inscrits, que les PV ne donnent pas."))
        return Outcome(Status.UNDETERMINED, reason=reason, steps=(*steps, reason), secured=Secured.UNKNOWN, **shape)
    if system.qualify_at is not None:
        steps += (qualify_words(system.qualify_at),)
    rank = [(o, v) for o, v in ranking(totals.votes) if v > 0]  # no place without a vote
    places = max(system.qualify, len(by_share))
    chosen = tuple(o for o, _v in rank[:places])
    broken = None
    if len(rank) > places and rank[places - 1][1] == rank[places][1]:
        edge = rank[places][1]
        sure = tuple(o for o, v in rank if v > edge)
        tied = tuple(o for o, v in rank if v == edge)
        first = order.ranks(tied)
        if first is None:
            tie = Message(
                _("Égalité à %(votes)d voix entre %(options)s pour l’accès au second tour"),
                {"votes": edge, "options": ", ".join(tied)},
            )
            reason, places = no_rule(system, tie), places - len(sure)
            return Outcome(
                Status.TIE, (*sure, *tied), reason=reason, steps=(*steps, reason), tied=tied, places=places, **shape
            )
        first = first[: places - len(sure)]
        chosen, broken = (*sure, *first), broken_by(tied, first, order.by)
        steps += (broken,)
    steps += (Message(QUALIFIED, {"options": ", ".join(chosen)}),)
    return Outcome(Status.RUNOFF, chosen, steps=steps, broken=broken, **shape)


def tie_of(
    system: System, tied: tuple[str, ...], count: int, steps: tuple[Message, ...], shape: dict[str, Any]
) -> Outcome:
    tie = Message(_("Égalité à %(votes)d voix entre %(options)s"), {"votes": count, "options": ", ".join(tied)})
    reason = no_rule(system, tie)
    return Outcome(Status.TIE, tied, reason=reason, steps=(*steps, reason), tied=tied, places=1, **shape)


def most_votes(system: System, totals: Totals, seats: int | None, order: Order) -> Outcome:
    rank = ranking(totals.votes)
    shape = {"base": totals.valid, **common(system, f"{system.kind.value}: most votes")}
    leader, count = rank[0]
    tied = tuple(o for o, v in rank if v == count)
    if len(tied) > 1:
        chosen = order.ranks(tied)
        if chosen is None:
            return tie_of(system, tied, count, (), shape)
        broken = broken_by(tied, chosen[:1], order.by)
        allocation = bloc(chosen[0], totals, seats)
        return Outcome(Status.ELECTED, (chosen[0],), steps=(broken,), allocation=allocation, broken=broken, **shape)
    gap = count - rank[1][1] if len(rank) > 1 else count
    step = Message(
        _("%(option)s a le plus de voix (%(count)d), %(gap)d de plus que la suite."),
        {"option": leader, "count": count, "gap": gap},
    )
    return Outcome(Status.ELECTED, (leader,), steps=(step,), allocation=bloc(leader, totals, seats), **shape)


def approval_of(system: System, totals: Totals) -> Majority | None:
    """The share of a base that a referendum asks for besides more yes than no; None where it asks for none."""
    if system.base == "valid" and system.majority.numerator * 2 == system.majority.denominator:
        return None
    return Majority(system.majority, system.majority_strict, system.base, base_of(totals, system) or 0)


def half_is_enough(system: System) -> bool:
    return not system.majority_strict and system.majority.numerator * 2 == system.majority.denominator


def referendum(system: System, totals: Totals, order: Order) -> Outcome:
    yes, no = answers(system, tuple(totals.votes))
    shape = {"base": totals.valid, **common(system, f"two_option_majority: {yes} > {no}")}
    for_, against = totals.votes[yes], totals.votes[no]
    steps = [Message(_("%(yes)s : %(a)d voix ; %(no)s : %(b)d voix."), {"yes": yes, "a": for_, "no": no, "b": against})]
    quorum, approval = system.turnout_quorum, approval_of(system, totals)
    if quorum is not None:
        if totals.registered is None or totals.voters is None:
            return unknown(
                system,
                Message(
                    _("Un quorum de participation est exigé et les PV ne donnent pas les inscrits ou les votants.")
                ),
            )
        met = reaches(totals.voters, totals.registered, quorum, False)
        says = (
            _("Quorum de participation de %(quorum)s : atteint.")
            if met
            else _("Quorum de participation de %(quorum)s : non atteint.")
        )
        steps.append(Message(says, {"quorum": quorum}))
        if not met:
            return Outcome(Status.REJECTED, (no,), steps=tuple(steps), **shape)
    enough = True
    if approval is not None:
        if base_of(totals, system) is None:
            return unknown(
                system,
                Message(
                    _("La majorité se calcule sur « %(base)s », que les PV ne donnent pas."), {"base": system.base}
                ),
            )
        enough = reaches(for_, approval.size, approval.share, approval.strict)
        says = (
            _("%(yes)s atteint la part requise, %(share)s de %(base)d.")
            if enough
            else _("%(yes)s n’atteint pas la part requise, %(share)s de %(base)d.")
        )
        steps.append(Message(says, {"yes": yes, "share": approval.share, "base": approval.size}))
    broken, drawn = None, False
    if for_ == against and enough and not half_is_enough(system):
        tie = Message(_("Égalité entre %(yes)s et %(no)s"), {"yes": yes, "no": no})
        chosen = order.ranks((yes, no))
        if system.tie_rule != REJECTED and chosen is None:
            reason = no_rule(system, tie)
            return Outcome(
                Status.TIE, (yes, no), reason=reason, steps=(*steps, reason), tied=(yes, no), places=1, **shape
            )
        drawn = chosen is not None and chosen[0] == yes
        broken = (
            broken_by((yes, no), chosen[:1], order.by)
            if chosen
            else Message(
                _("%(tie)s, départagée par la règle « %(rule)s »."), {"tie": tie, "rule": Message(tie_label(REJECTED))}
            )
        )
        steps.append(broken)
    won = enough and (for_ > against or (for_ == against and (half_is_enough(system) or drawn)))
    status, who = (Status.ADOPTED, yes) if won else (Status.REJECTED, no)
    tied = (yes, no) if broken is not None else ()
    return Outcome(status, (who,), steps=tuple(steps), broken=broken, tied=tied, places=len(tied) // 2, **shape)


def no_seats() -> Message:
    return Message(_("Le nombre de sièges de la circonscription n’est pas connu : rien n’est attribué."))


def proportional(system: System, totals: Totals, seats: int | None, order: Order) -> Outcome:
    if not seats or system.formula is None:
        return unknown(system, no_seats(), base=totals.valid)
    share = allocate(
        totals.votes,
        seats,
        system.formula,
        threshold=system.threshold,
        threshold_base=max(totals.valid, sum(totals.votes.values())),
        quota_base=system.quota_base,
        tie_order=order.options,
        tie_by=order.by,
    )
    winners = tuple(o for o, n in share.seats.items() if n)
    shape = {"base": totals.valid, "steps": share.steps, "allocation": share, **common(system)}
    if share.ties:
        tied = tuple(dict.fromkeys(o for t in share.ties for o in t.options))
        reason = share.steps[-1]
        if system.tie_rule is not None and all(t.level for t in share.ties):
            reason = no_rule(system, Message(_("Égalité entre %(options)s"), {"options": ", ".join(tied)}))
        return Outcome(Status.TIE, winners, reason=reason, tied=tied, places=share.open_seats, **shape)
    broken = next((s for s in share.steps if s.template == TIE_BROKEN), None)
    return Outcome(Status.SEATS, winners, broken=broken, **shape)


def held_open(found: Outcome, reason: Message) -> Outcome:
    """The outcome as it may be shown while it can still change: undetermined, with what the counted figures give."""
    if found.status is Status.UNDETERMINED:
        return found
    steps = (replace(s, template=WHILE_OPEN.get(s.template, s.template)) for s in found.steps)
    return replace(found, status=Status.UNDETERMINED, reason=reason, steps=(*steps, reason), on_counted=found.status)
