"""From totals to the outcome: who is elected, who goes to the second round, what is adopted.

Pure and exact. `verdicts` gives what the rule says of a sum; here it is held against everything that is not
settled. While a content of it could give another outcome, the status is `undetermined`: what the records held
would give is kept beside it (`on_counted`), and `open` says what could change, by whom, through which stations.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from kalata.text import Message
from kalata.text import gettext_noop as _

from . import bounds
from .bounds import Change, Majority, Missing, Question, Secured, Threat, What
from .bounds import Totals as Totals
from .seat_bounds import House, seat_changes
from .systems import BY_CONSTITUENCY, REJECTED, DoesNotFit, Kind, System, answers, seats_of
from .verdicts import NO_ORDER, Order, approval_of, base_of, half_is_enough, held_open, no_seats, unknown, verdict
from .verdicts import Outcome as Outcome
from .verdicts import Status as Status
from .verdicts import majority_needed as majority_needed
from .verdicts import ranking as ranking

STATUS_LABELS: Mapping[Status, str] = {
    Status.ELECTED: _("Élection acquise"),
    Status.RUNOFF: _("Second tour"),
    Status.SEATS: _("Sièges attribués"),
    Status.ADOPTED: _("Adopté"),
    Status.REJECTED: _("Rejeté"),
    Status.TIE: _("Égalité à départager"),
    Status.UNDETERMINED: _("Non décidé sur les PV détenus"),
}


def outcome_record(found: Outcome) -> dict[str, Any]:
    """What is hashed with a declaration: the outcome, its options and seats, nothing that depends on words."""
    return {
        "status": found.status.value,
        "options": list(found.options),
        "rule": found.rule,
        "secured": found.secured.value,
        "seats": found.seats(),
    }


def decide(
    system: System,
    totals: Totals,
    *,
    missing: Missing = Missing(),
    seats: int | None = None,
    round_: int = 1,
    orders: Sequence[Order] = (),
    seats_needed: bool = False,
) -> Outcome:
    """Apply the rule of `system` to `totals`, and prove it against what is missing or do not say it.

    seats: of the constituency, where the system shares seats. round_: 2 for a second round.
    orders: between options with the same claim, where a rule or acts give one; each act for its own tie.
    seats_needed: the winner takes the seats of the constituency, so that their number has to be known.

    A system that does not fit the options decides nothing and says why (`systems.fits` refuses it at the edge).
    """
    found = settled(system, totals, seats=seats, round_=round_, orders=orders, seats_needed=seats_needed)
    found = replace(found, gap=gap_of(system, totals, found, round_))
    if found.status is Status.UNDETERMINED and not found.open:
        found = replace(found, open=(Change(What.UNKNOWN, tuple(totals.votes), (), None, (), False),))
    if missing.nothing or (found.status is Status.UNDETERMINED and not totals.votes):
        return found
    return bounded(system, totals, found, missing, seats, round_)


def settled(
    system: System,
    totals: Totals,
    *,
    seats: int | None = None,
    round_: int = 1,
    orders: Sequence[Order] = (),
    seats_needed: bool = False,
) -> Outcome:
    """`decide` where everything is settled, without the decisive gap."""
    try:
        found = one_sum(system, totals, seats, round_, orders)
    except DoesNotFit as unfit:
        found = unknown(system, unfit.message)
    if seats_needed and not seats and found.status is Status.ELECTED:
        found = replace(held_open(found, no_seats()), secured=Secured.UNKNOWN)
    return found


def decide_place(
    system: System,
    full: Totals,
    missing: Missing,
    *,
    code: str | None,
    seats: Mapping[str, int | None],
    round_: int,
    orders: Sequence[Order] = (),
) -> Outcome:
    """`decide` for one constituency (code), where only the options that have a vote stand, or for the whole (None)."""
    return decide(system, standing(full, code), missing=missing, orders=orders, **of_place(system, code, seats, round_))


def settled_place(system: System, full: Totals, *, code: str | None, seats: Mapping[str, int | None], round_: int) -> Outcome:  # fmt: skip
    """`settled` for one constituency, or for the whole."""
    return settled(system, standing(full, code), **of_place(system, code, seats, round_))


def standing(full: Totals, code: str | None) -> Totals:
    """The totals of the options that stand: in a constituency, those that have a vote there."""
    stand = {o: v for o, v in full.votes.items() if v} if code is not None else {}
    return replace(full, votes=stand or full.votes)


def of_place(system: System, code: str | None, seats: Mapping[str, int | None], round_: int) -> dict[str, Any]:
    """How the rule is put to a place: its seats, and whether they have to be known."""
    needed = code is not None and system.kind in BY_CONSTITUENCY
    return {"seats": None if code is None else seats_of(system, code, seats), "round_": round_, "seats_needed": needed}


def local_outcomes(system: System) -> bool:
    """Has each constituency its own outcome? A referendum is one question to all."""
    return system.kind is not Kind.TWO_OPTION_MAJORITY


def one_sum(system: System, totals: Totals, seats: int | None, round_: int, orders: Sequence[Order]) -> Outcome:
    """The verdict, where it is the same whether the base is the valid votes written or the sum of the votes.

    Reports do not always agree with themselves (E01); where that decides, nothing is decided.
    """
    found = verdict(system, totals, seats=seats, round_=round_)
    order = NO_ORDER
    if found.status is Status.TIE:
        made = (o for o in orders if o.made_for(found.tied, totals.votes, found.places))
        if (order := next(made, NO_ORDER)).options:
            tie = found
            found = verdict(system, totals, seats=seats, round_=round_, order=order)
            found = replace(found, tied=tie.tied, places=tie.places)
    parts = sum(totals.votes.values())
    if parts == totals.valid or not depends_on_valid(system, round_) or parts <= 0:
        return found
    other = verdict(system, replace(totals, valid=parts), seats=seats, round_=round_, order=order)
    if found.same_as(other):
        return found
    reason = Message(
        _(
            "Les voix font %(parts)d et les suffrages exprimés %(valid)d : l’issue dépend de la base. Corrigez d’abord ces PV (E01)."
        ),
        {"parts": parts, "valid": totals.valid},
    )
    return replace(
        held_open(found, reason),
        secured=Secured.UNKNOWN,
        open=(Change(What.UNKNOWN, tuple(dict.fromkeys([*found.options, *other.options])), tight=False),),
    )


def depends_on_valid(system: System, round_: int) -> bool:
    if system.kind is Kind.PROPORTIONAL:
        return system.threshold is not None or system.quota_base == "valid"
    if system.kind is Kind.TWO_OPTION_MAJORITY:
        return system.base == "valid" and approval_of(system, Totals({}, 0)) is not None
    bases = {system.base, system.qualify_at.base if system.qualify_at else system.base}
    return round_ == 1 and system.kind in (Kind.TWO_ROUND_MAJORITY, Kind.LIST_TWO_ROUND_MAJORITY) and "valid" in bases


def unproved(system: System, found: Outcome, round_: int) -> bool:
    """Places of a second round that a share opens too: no bound knows them, so that nothing of them is proved."""
    return system.qualify_at is not None and round_ == 1 and found.status in (Status.RUNOFF, Status.TIE)


# --- threats ---------------------------------------------------------------------------------------------
def threats(system: System, sure: Totals, found: Outcome, round_: int) -> list[Threat]:
    """Every way in which papers added to the sure totals could give another outcome than the one found."""
    votes = sure.votes
    if found.status is Status.TIE:
        return [*bounds.level(found.tied), *other_than_tie(system, sure, found, round_)]
    if system.kind is Kind.TWO_OPTION_MAJORITY:
        question = question_of(system, sure)
        return bounds.adopted(question) if found.status is Status.ADOPTED else bounds.rejected(question)
    if round_ >= 2 or system.kind in (Kind.PLURALITY, Kind.LIST_PLURALITY):
        return bounds.wins_first(found.options[0], votes)
    rule = Majority(system.majority, system.majority_strict, system.base, base_of(sure, system) or 0)
    if found.status is Status.ELECTED:
        return bounds.elected_first_round(found.options[0], votes, rule)
    return bounds.none_elected(votes, rule) + bounds.qualified(found.options, votes, system.qualify)


def other_than_tie(system: System, sure: Totals, found: Outcome, round_: int) -> list[Threat]:
    """What more than the tie itself could change: a majority at once, a quorum lost."""
    if system.kind is Kind.TWO_OPTION_MAJORITY:
        question = question_of(system, sure)
        return [Threat(What.QUORUM, (question.no,), (question.yes,), question.no_quorum)]
    if found.needed is None or round_ >= 2:
        return []
    rule = Majority(system.majority, system.majority_strict, system.base, base_of(sure, system) or 0)
    if bounds.reaches(max(sure.votes.values()), rule.size, rule.share, rule.strict):
        return []
    return bounds.none_elected(sure.votes, rule)


def question_of(system: System, sure: Totals) -> Question:
    yes, no = answers(system, tuple(sure.votes))
    quorum = system.turnout_quorum
    return Question(
        yes,
        no,
        sure.votes[yes],
        sure.votes[no],
        approval_of(system, sure),
        None if quorum is None else (quorum, sure.voters or 0, sure.registered or 0),
        half_is_enough(system),
        system.tie_rule == REJECTED,
    )


def gap_of(system: System, totals: Totals, found: Outcome, round_: int) -> int | None:
    """The decisive gap: the least number of votes, of electors not yet counted, that could change the outcome.

    0 for a tie. None where seats are shared, where a share opens the second round too, where nothing is decided, or where no number could.
    """
    if found.status is Status.TIE:
        return 0
    if found.status is Status.UNDETERMINED or system.kind is Kind.PROPORTIONAL or unproved(system, found, round_):
        return None
    size = max(sum(totals.votes.values()), totals.valid, totals.voters or 0, totals.registered or 0)
    found_threats = threats(system, totals, found, round_)
    return bounds.decisive_gap(found_threats, 1_000 * (size + 1))


# --- proof -----------------------------------------------------------------------------------------------
def bounded(
    system: System, totals: Totals, found: Outcome, missing: Missing, seats: int | None, round_: int
) -> Outcome:
    """The outcome with what could still change it; undetermined while something could."""
    if missing.voters is None:
        everything = Change(What.UNKNOWN, tuple(totals.votes), (), None, missing.ways, False)
        found = replace(found, secured=Secured.UNKNOWN, open=(*found.open, everything))
        return held_open(found, unknown_reason(missing))
    sure = missing.sure or totals
    if found.status is Status.UNDETERMINED:
        return replace(found, open=tuple(replace(c, through=missing.ways) for c in found.open))
    if missing.voters == 0 and missing.list == 0:
        return found
    could = open_changes(system, sure, found, missing, seats, round_)
    if not could:
        return found
    return held_open(replace(found, secured=Secured.NO, open=could), open_reason(could, missing, found))


def open_changes(
    system: System, sure: Totals, found: Outcome, missing: Missing, seats: int | None, round_: int
) -> tuple[Change, ...]:
    could: dict[tuple[What, tuple[str, ...]], Change] = {}
    if unproved(system, found, round_):
        return (Change(What.UNKNOWN, tuple(sure.votes), found.options, None, missing.ways, False),)
    if not any(sure.votes.values()):
        could[What.NO_VOTE, ()] = Change(What.NO_VOTE, (), found.options, 0, missing.ways)
    for valid in sorted({sure.valid, sum(sure.votes.values())}):
        base = replace(sure, valid=valid)
        if system.kind is Kind.PROPORTIONAL:
            more = seats_open(system, base, found, missing, seats)
        else:
            more = bounds.changes(threats(system, base, found, round_), missing)
        for change in more:
            key = change.what, change.options
            could[key] = could[key].with_(change) if key in could else change
    return tuple(could.values())


def seats_open(system: System, sure: Totals, found: Outcome, missing: Missing, seats: int | None) -> tuple[Change, ...]:
    assert found.allocation is not None and system.formula is not None
    house = House(
        sure.votes,
        max(sure.valid, sum(sure.votes.values())),
        {o: found.allocation.seats.get(o, 0) for o in sure.votes},  # a list may run elsewhere only
        seats or system.seats or 0,
        system.formula,
        system.threshold,
        system.quota_base,
        missing.voters or 0,
    )

    def same(fill: Mapping[str, int]) -> bool:
        votes = {o: v + fill.get(o, 0) for o, v in sure.votes.items()}
        world = verdict(system, replace(sure, votes=votes, valid=sure.valid + sum(fill.values())), seats=seats)
        return world.same_as(found)

    return seat_changes(house, found.allocation, missing, same)


# --- words -----------------------------------------------------------------------------------------------
def unknown_reason(missing: Missing) -> Message:
    if missing.stations is None:
        return Message(_("Le nombre de bureaux attendus n’est pas connu : la somme du fichier n’est pas un résultat."))
    return Message(
        _(
            "%(stations)d {stations:bureau manque et son|bureaux manquent et leur} nombre d’inscrits n’est pas connu : la somme n’est pas un résultat."
        ),
        {"stations": missing.stations},
    )


def open_reason(could: tuple[Change, ...], missing: Missing, found: Outcome) -> Message:
    """How much is not settled, what it could change and for whom."""
    who = tuple(dict.fromkeys(o for c in could for o in c.options))
    what = tuple(dict.fromkeys(c.what for c in could))
    params: dict[str, object] = {
        "stations": missing.stations if missing.stations is not None else "?",
        "voters": missing.voters or 0,
        "what": tuple(Message(bounds.WHAT_LABELS[w]) for w in what),
        "who": ", ".join(who[:6]) + ("…" if len(who) > 6 else ""),
    }
    if not any(c.tight for c in could):
        return Message(
            _(
                "Bureaux en suspens : %(stations)s (%(voters)d {voters:électeur|électeurs}). La borne ne suffit pas à exclure {stations:qu’il change|qu’ils changent} %(what)s (%(who)s)."
            ),
            params,
        )
    if found.gap:
        return Message(
            _(
                "Bureaux en suspens : %(stations)s (%(voters)d {voters:électeur|électeurs}) ; l’écart décisif est de %(gap)d voix. {stations:Il peut|Ils peuvent} changer %(what)s (%(who)s)."
            ),
            {**params, "gap": found.gap},
        )
    return Message(
        _(
            "Bureaux en suspens : %(stations)s (%(voters)d {voters:électeur|électeurs}). {stations:Il peut|Ils peuvent} changer %(what)s (%(who)s)."
        ),
        params,
    )
