"""From totals to the outcome: who is elected, who goes to the second round, what is adopted.

Pure and exact. The outcome is computed on the records held and says so: while stations are
missing and could change it, its status is `undetermined`, and what the records held would
give is kept beside it (`on_counted`). A tie without a legal rule is raised, never broken.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from kalata.text import Message
from kalata.text import gettext_noop as _

from . import bounds
from .bounds import Missing, Secured
from .seats import Allocation, allocate
from .systems import Formula, Kind, System


class Status(StrEnum):
    ELECTED = "elected"
    RUNOFF = "runoff"
    SEATS = "seats"
    ADOPTED = "adopted"
    REJECTED = "rejected"
    TIE = "tie"
    UNDETERMINED = "undetermined"


STATUS_LABELS: Mapping[Status, str] = {
    Status.ELECTED: _("Élection acquise"),
    Status.RUNOFF: _("Second tour"),
    Status.SEATS: _("Sièges attribués"),
    Status.ADOPTED: _("Adopté"),
    Status.REJECTED: _("Rejeté"),
    Status.TIE: _("Égalité à départager"),
    Status.UNDETERMINED: _("Non décidé sur les PV détenus"),
}


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over the counted stations. Boxes that the forms do not have are absent."""

    votes: Mapping[str, int]
    valid: int
    voters: int | None = None
    registered: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the rule gives, why, and whether what is missing could change it."""

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

    def seats(self) -> dict[str, int]:
        return dict(self.allocation.seats) if self.allocation else {}


def outcome_record(found: Outcome) -> dict[str, Any]:
    """What is hashed with a declaration: the outcome, its options and seats, nothing that depends on words."""
    return {
        "status": found.status.value,
        "options": list(found.options),
        "rule": found.rule,
        "secured": found.secured.value,
        "seats": found.seats(),
    }


def ranking(votes: Mapping[str, int]) -> list[tuple[str, int]]:
    """Options by votes, most first; equal votes keep ballot order (a display order only)."""
    return sorted(votes.items(), key=lambda item: -item[1])


def majority_needed(base: int, system: System) -> int:
    """The smallest number of votes that elects: ⌊S/2⌋+1 for an absolute majority.

    Worked example (Mali 2013, round 2, text seen): S = 3 034 463 gives 1 517 232.
    """
    product = base * system.majority.numerator
    whole = product // system.majority.denominator
    if system.majority_strict:
        return whole + 1
    return whole if product % system.majority.denominator == 0 else whole + 1


def base_of(totals: Totals, system: System) -> int | None:
    return {"valid": totals.valid, "voters": totals.voters, "registered": totals.registered}[system.base]


def decide(
    system: System, totals: Totals, *, missing: Missing = Missing(), seats: int | None = None, round_: int = 1
) -> Outcome:
    """Apply the rule of `system` to `totals`.

    seats: of the constituency, where the system shares seats. round_: 2 for a second round.
    """
    if not totals.votes or totals.valid <= 0:
        return Outcome(
            Status.UNDETERMINED,
            rule=system.rule_text(),
            reason=Message(_("Aucun suffrage exprimé dans les bureaux comptés.")),
            secured=Secured.UNKNOWN,
            norm=system.norm,
            confidence=system.confidence,
        )
    if system.kind is Kind.TWO_OPTION_MAJORITY:
        found = referendum(system, totals, missing)
    elif system.kind is Kind.PROPORTIONAL:
        found = proportional(system, totals, missing, seats or system.seats)
    elif round_ >= 2 or system.kind in (Kind.PLURALITY, Kind.LIST_PLURALITY):
        found = most_votes(system, totals, missing, seats)
    else:
        found = first_round(system, totals, missing, seats)
    return held_back(found, missing)


def held_back(found: Outcome, missing: Missing) -> Outcome:
    """The outcome as it may be shown: undetermined while what is missing could change it."""
    if found.secured is Secured.YES or found.status in (Status.TIE, Status.UNDETERMINED):
        return found
    if missing.voters is None:
        if missing.stations is None:
            reason = Message(
                _("Le nombre de bureaux attendus n’est pas connu : la somme du fichier n’est pas un résultat.")
            )
        else:
            reason = Message(
                _(
                    "%(stations)d bureaux manquent et leur nombre d’inscrits n’est pas connu : la somme n’est pas un résultat."
                ),
                {"stations": missing.stations},
            )
    else:
        reason = Message(
            _("%(stations)s bureaux manquent, %(voters)d électeurs : c’est plus que l’écart décisif de %(gap)d voix."),
            {
                "stations": missing.stations if missing.stations is not None else "?",
                "voters": missing.voters,
                "gap": found.gap or 0,
            },
        )
    return Outcome(
        Status.UNDETERMINED,
        found.options,
        found.rule,
        found.needed,
        found.base,
        reason,
        (*found.steps, reason),
        found.secured,
        found.status,
        found.allocation,
        found.gap,
        found.norm,
        found.confidence,
    )


def bloc(winner: str, totals: Totals, seats: int | None) -> Allocation | None:
    """List majority: the winning list takes every seat of the constituency."""
    if not seats:
        return None
    held = dict.fromkeys(totals.votes, 0)
    held[winner] = seats
    step = Message(
        _("La liste %(option)s reçoit les %(seats)d siège(s) de la circonscription."),
        {"option": winner, "seats": seats},
    )
    return Allocation(held, steps=(step,))


def first_round(system: System, totals: Totals, missing: Missing, seats: int | None) -> Outcome:
    rank = ranking(totals.votes)
    leader, count = rank[0]
    base = base_of(totals, system)
    common: dict[str, Any] = {"rule": system.rule_text(), "norm": system.norm, "confidence": system.confidence}
    if base is None:
        reason = Message(
            _("La majorité se calcule sur « %(base)s », que les PV ne donnent pas."), {"base": system.base}
        )
        return Outcome(Status.UNDETERMINED, reason=reason, secured=Secured.UNKNOWN, **common)
    needed = majority_needed(base, system)
    steps = [
        Message(
            _("Base de la majorité : %(base)d. Il faut au moins %(needed)d voix."), {"base": base, "needed": needed}
        ),
        Message(_("%(option)s arrive en tête avec %(count)d voix."), {"option": leader, "count": count}),
    ]
    if count >= needed:
        steps.append(Message(_("La majorité requise est atteinte : élection au premier tour.")))
        allocation = bloc(leader, totals, seats)
        secured = bounds.majority_secured(count, base, system.majority, system.majority_strict, missing)
        gap = count * system.majority.denominator // max(system.majority.numerator, 1) - base
        return Outcome(
            Status.ELECTED,
            (leader,),
            needed=needed,
            base=base,
            steps=tuple(steps),
            secured=secured,
            allocation=allocation,
            gap=gap,
            **common,
        )
    steps.append(
        Message(
            _("La majorité requise n’est pas atteinte : second tour entre les %(n)d premiers."), {"n": system.qualify}
        )
    )
    if len(rank) <= system.qualify:
        chosen = tuple(o for o, _v in rank)
        gap = needed - count
    else:
        edge = rank[system.qualify - 1][1]
        after = rank[system.qualify][1]
        if edge == after:
            sure = tuple(o for o, v in rank if v > edge)
            tied = tuple(o for o, v in rank if v == edge)
            reason = Message(
                _("Égalité à %(votes)d voix entre %(options)s pour l’accès au second tour : règle légale manquante."),
                {"votes": edge, "options": ", ".join(tied)},
            )
            return Outcome(
                Status.TIE,
                (*sure, *tied),
                needed=needed,
                base=base,
                reason=reason,
                steps=(*steps, reason),
                gap=0,
                **common,
            )
        chosen = tuple(o for o, _v in rank[: system.qualify])
        gap = min(edge - after, needed - count)
    secured = bounds.no_majority_secured(count, base, system.majority, system.majority_strict, missing)
    top = bounds.top_secured(totals.votes, chosen, missing)
    worst = secured if secured is not Secured.YES else top
    steps.append(Message(_("Qualifiés : %(options)s."), {"options": ", ".join(chosen)}))
    return Outcome(
        Status.RUNOFF, chosen, needed=needed, base=base, steps=tuple(steps), secured=worst, gap=gap, **common
    )


def most_votes(system: System, totals: Totals, missing: Missing, seats: int | None) -> Outcome:
    rank = ranking(totals.votes)
    common: dict[str, Any] = {
        "rule": f"{system.kind.value}: most votes",
        "norm": system.norm,
        "confidence": system.confidence,
    }
    leader, count = rank[0]
    tied = tuple(o for o, v in rank if v == count)
    if len(tied) > 1:
        reason = Message(
            _("Égalité à %(votes)d voix entre %(options)s : règle légale manquante."),
            {"votes": count, "options": ", ".join(tied)},
        )
        return Outcome(Status.TIE, tied, reason=reason, steps=(reason,), base=totals.valid, gap=0, **common)
    gap = count - rank[1][1] if len(rank) > 1 else count
    steps = (
        Message(
            _("%(option)s a le plus de voix (%(count)d), %(gap)d de plus que la suite."),
            {"option": leader, "count": count, "gap": gap},
        ),
    )
    allocation = bloc(leader, totals, seats)
    secured = bounds.leader_secured(totals.votes, leader, missing)
    return Outcome(
        Status.ELECTED,
        (leader,),
        steps=steps,
        base=totals.valid,
        secured=secured,
        allocation=allocation,
        gap=gap,
        **common,
    )


def referendum(system: System, totals: Totals, missing: Missing) -> Outcome:
    options = list(totals.votes)
    yes, no = system.yes or options[0], system.no or options[1]
    common: dict[str, Any] = {
        "rule": f"two_option_majority: {yes} > {no}",
        "norm": system.norm,
        "confidence": system.confidence,
    }
    for_, against = totals.votes[yes], totals.votes[no]
    steps = [Message(_("%(yes)s : %(a)d voix ; %(no)s : %(b)d voix."), {"yes": yes, "a": for_, "no": no, "b": against})]
    if system.turnout_quorum is not None:
        if totals.registered is None or totals.voters is None:
            reason = Message(
                _("Un quorum de participation est exigé et les PV ne donnent pas les inscrits ou les votants.")
            )
            return Outcome(Status.UNDETERMINED, reason=reason, secured=Secured.UNKNOWN, **common)
        met = totals.voters * system.turnout_quorum.denominator >= system.turnout_quorum.numerator * totals.registered
        steps.append(
            Message(
                _("Quorum de participation de %(quorum)s : atteint.")
                if met
                else _("Quorum de participation de %(quorum)s : non atteint."),
                {"quorum": system.turnout_quorum},
            )
        )
        if not met:
            secured = Secured.YES if missing.nothing else (Secured.UNKNOWN if missing.voters is None else Secured.NO)
            return Outcome(
                Status.REJECTED,
                (no,),
                steps=tuple(steps),
                base=totals.valid,
                secured=secured,
                gap=abs(for_ - against),
                **common,
            )
    if for_ == against and system.tie_rule != "rejected":
        reason = Message(_("Égalité entre %(yes)s et %(no)s : règle légale manquante."), {"yes": yes, "no": no})
        return Outcome(Status.TIE, (yes, no), reason=reason, steps=(*steps, reason), base=totals.valid, gap=0, **common)
    won = for_ > against
    leader = yes if won else no
    secured = bounds.leader_secured({yes: for_, no: against}, leader, missing)
    return Outcome(
        Status.ADOPTED if won else Status.REJECTED,
        (leader,),
        steps=tuple(steps),
        base=totals.valid,
        secured=secured,
        gap=abs(for_ - against),
        **common,
    )


def proportional(system: System, totals: Totals, missing: Missing, seats: int | None) -> Outcome:
    common: dict[str, Any] = {"rule": system.rule_text(), "norm": system.norm, "confidence": system.confidence}
    if not seats or system.formula is None:
        reason = Message(_("Le nombre de sièges de la circonscription n’est pas connu : rien n’est attribué."))
        return Outcome(Status.UNDETERMINED, reason=reason, secured=Secured.UNKNOWN, base=totals.valid, **common)
    share = allocate(
        totals.votes,
        seats,
        system.formula,
        threshold=system.threshold,
        threshold_base=totals.valid,
        quota_base=system.quota_base,
    )
    winners = tuple(o for o, n in share.seats.items() if n)
    if share.ties:
        return Outcome(
            Status.TIE,
            winners,
            reason=share.steps[-1],
            steps=share.steps,
            base=totals.valid,
            allocation=share,
            gap=0,
            **common,
        )
    inside = {o: totals.votes[o] for o in share.admitted}
    if system.formula is Formula.DHONDT:
        secured = bounds.seats_secured(inside, share.seats, missing)
    else:
        secured = Secured.YES if missing.nothing else Secured.UNKNOWN if missing.voters is None else Secured.NO
    return Outcome(
        Status.SEATS, winners, steps=share.steps, base=totals.valid, secured=secured, allocation=share, **common
    )
