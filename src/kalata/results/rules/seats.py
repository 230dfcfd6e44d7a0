"""Sharing seats between lists: exact, step by step, and a tie is an answer.

Votes are whole numbers; averages and remainders are compared by cross-multiplication, so no
quotient is ever rounded. Where several lists have the same claim to fewer seats than they
are, those seats stay unassigned and the tie is returned, unless a legal order is given.

Source of the formulas: the definitions in the field guide (results, section 7): highest
average max v/(s+1); Sainte-Laguë v/(2s+1); modified with first divisor 7/5; Hare quota S/n
exact; Droop quota floor(S/(n+1))+1; largest remainders.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from kalata.refusals import Refused
from kalata.text import Message
from kalata.text import gettext_noop as _

from .systems import Formula, Threshold


class BadVotes(Refused):
    code = "RES-210"
    says = _("Les voix de « %(option)s » ne sont pas un nombre entier positif : %(value)s.")
    remedy = _("Donnez pour chaque liste un nombre entier de voix, zéro ou plus.")
    status = 422


class BadSeats(Refused):
    code = "RES-211"
    says = _("Le nombre de sièges doit être un entier d’au moins 1 : %(value)s.")
    remedy = _("Donnez le nombre de sièges fixé par le texte pour cette circonscription.")
    status = 422


class BadBase(Refused):
    """A whole smaller than its parts would give more seats than exist."""

    code = "RES-212"
    says = _("La base %(base)s n’est pas un nombre entier d’au moins %(least)s, la somme des voix.")
    remedy = _(
        "Donnez les suffrages exprimés du texte qui proclame, ou laissez la base : la somme des voix sert alors."
    )
    status = 422


class BadOrder(Refused):
    code = "RES-213"
    says = _("L’ordre de départage nomme « %(option)s », qui n’est pas une des listes ou y figure deux fois.")
    remedy = _("Nommez une fois chaque liste à départager, par son nom exact.")
    status = 422


@dataclass(frozen=True, slots=True)
class Tie:
    """Lists with the same claim, and how many seats are in play between them.

    level: False where no list has a claim left to those seats: no order between lists says to whom they go.
    """

    options: tuple[str, ...]
    seats: int
    level: bool = True


@dataclass(frozen=True, slots=True)
class Allocation:
    """Seats by list (every list present), ties left open, and the computation in words."""

    seats: dict[str, int]
    ties: tuple[Tie, ...] = ()
    steps: tuple[Message, ...] = ()
    admitted: tuple[str, ...] = ()
    quota: Fraction | None = None
    averages: dict[str, Fraction] = field(default_factory=dict)

    @property
    def open_seats(self) -> int:
        return sum(tie.seats for tie in self.ties)


def checked(votes: Mapping[str, object], seats: object) -> dict[str, int]:
    """The votes as whole numbers, or RES-210 / RES-211. Code alone may give exact fractions of votes."""
    if not isinstance(seats, int) or isinstance(seats, bool) or seats < 1:
        raise BadSeats(value=str(seats))
    out: dict[str, int] = {}
    for option, value in votes.items():
        if not isinstance(value, int | Fraction) or isinstance(value, bool) or value < 0:
            raise BadVotes(option=option, value=str(value))
        out[option] = value  # type: ignore[assignment]
    return out


def checked_base(base: object, counts: Mapping[str, int]) -> int:
    """The whole of which thresholds are a share: never less than the sum of the votes. RES-212."""
    parts = sum(counts.values())
    if base is None:
        return parts
    if not isinstance(base, int | Fraction) or isinstance(base, bool) or base < parts:
        raise BadBase(base=repr(base), least=parts)
    return base  # type: ignore[return-value]


def checked_order(order: Sequence[str], counts: Mapping[str, int]) -> None:
    """RES-213 where a legal order names a list that is not there, or the same one twice."""
    for place, option in enumerate(order):
        if option not in counts or option in order[:place]:
            raise BadOrder(option=option)


def passes(votes: int, base: int, threshold: Threshold) -> bool:
    """True where `votes` reach the share of `base`: v·den ≥ num·S (or > when strict)."""
    left, right = votes * threshold.share.denominator, threshold.share.numerator * base
    return left > right if threshold.strict else left >= right


def divisor(formula: Formula, held: int) -> tuple[int, int]:
    """The divisor of the next seat of a list that holds `held`, as (numerator, denominator)."""
    if formula is Formula.DHONDT or formula is Formula.QUOTA_HIGHEST_AVERAGE:
        return held + 1, 1
    if formula is Formula.MODIFIED_SAINTE_LAGUE and held == 0:
        return 7, 5
    return 2 * held + 1, 1


def by_average(
    votes: Mapping[str, int], seats: int, formula: Formula, held: dict[str, int], order: Sequence[str], by: Message
) -> tuple[dict[str, int], list[Tie], list[Message], dict[str, Fraction]]:
    """Give `seats` one after the other to the highest average, from what is already `held`.

    Example: A 100, B 80, C 30 and three seats give averages 100, 80, 50 (A again): A 2, B 1.
    """
    held = dict(held)
    steps: list[Message] = []
    ties: list[Tie] = []
    left = seats
    given = 0
    while left > 0:
        best: list[str] = []
        top_n, top_d = 0, 1
        for option, count in votes.items():
            if count <= 0:
                continue
            num, den = divisor(formula, held[option])
            mine = count * den * top_d
            theirs = top_n * num
            if not best or mine > theirs:
                best, top_n, top_d = [option], count * den, num
            elif mine == theirs:
                best.append(option)
        if not best:
            break
        if len(best) > left:
            ranked = [o for o in order if o in best]
            if len(ranked) < len(best):
                ties.append(Tie(tuple(best), left))
                break
            for option in ranked[:left]:
                held[option] += 1
            steps.append(broken_by(best, ranked[:left], by))
            break
        for option in best:
            held[option] += 1
            given += 1
            left -= 1
            if given <= 60:
                steps.append(
                    Message(
                        _("Siège n° %(rank)d : %(option)s, moyenne %(average)s."),
                        {"rank": given, "option": option, "average": average_text(Fraction(top_n, top_d))},
                    )
                )
    if given > 60:
        steps.append(Message(_("… et ainsi de suite jusqu’au siège n° %(rank)d."), {"rank": given}))
    last = {o: Fraction(v * divisor(formula, held[o])[1], divisor(formula, held[o])[0]) for o, v in votes.items()}
    return held, ties, steps, last


LEGAL_ORDER = Message(_("l’ordre légal donné"))
"""What breaks a tie when somebody gives an order and does not say from where."""


TIE_BROKEN = _("Égalité entre %(options)s départagée par %(by)s : %(first)s.")


def broken_by(tied: Sequence[str], first: Sequence[str], by: Message) -> Message:
    """The step that says between whom a tie was, by what it is broken, and for whom."""
    return Message(
        TIE_BROKEN,
        {"options": ", ".join(tied), "by": by, "first": ", ".join(first)},
    )


def average_text(value: Fraction) -> str:
    """An average for reading: the whole number, or the exact fraction with two decimals."""
    if value.denominator == 1:
        return str(value.numerator)
    hundredths = (200 * value.numerator + value.denominator) // (2 * value.denominator)
    return f"{hundredths // 100},{hundredths % 100:02d} ({value.numerator}/{value.denominator})"


def by_remainder(
    votes: Mapping[str, int], seats: int, quota: Fraction, order: Sequence[str], by: Message
) -> tuple[dict[str, int], list[Tie], list[Message]]:
    """Whole quotas first, then the largest remainders; equal last remainders are a tie.

    A remainder gives one seat at most, and no remainder gives none: seats beyond the lists that have one are
    without a rule, and raised. Example: A 7, B 1, C 0, six seats, quota 2: A 3 + 1, B 0 + 1, one seat open.
    """
    held = {option: int(Fraction(count) / quota) for option, count in votes.items()}
    rest = {option: count - held[option] * quota for option, count in votes.items()}
    steps = [
        Message(
            _("%(option)s : %(held)d au quotient, reste %(rest)s."),
            {"option": o, "held": held[o], "rest": average_text(rest[o])},
        )
        for o in votes
    ]
    left = seats - sum(held.values())
    ties: list[Tie] = []
    ranked = sorted((o for o in votes if rest[o] > 0), key=lambda o: rest[o], reverse=True)
    given = ranked[: max(left, 0)]
    if 0 < left < len(ranked) and rest[ranked[left]] == rest[ranked[left - 1]]:
        edge = rest[ranked[left]]
        given = [o for o in ranked if rest[o] > edge]
        tied = [o for o in votes if rest[o] == edge]
        play = left - len(given)
        chosen = [o for o in order if o in tied]
        if len(chosen) == len(tied):
            steps.append(broken_by(tied, chosen[:play], by))
            given += chosen[:play]
        else:
            ties.append(Tie(tuple(tied), play))
    for option in given:
        held[option] += 1
        steps.append(Message(_("%(option)s reçoit un siège au plus fort reste."), {"option": option}))
    if left > len(ranked):
        ties.append(Tie(tuple(o for o in votes if votes[o]), left - len(ranked), level=False))
    return held, ties, steps


def by_formula(
    admitted: Mapping[str, int], seats: int, formula: Formula, quota: Fraction | None, order: Sequence[str], by: Message
) -> tuple[dict[str, int], list[Tie], list[Message], dict[str, Fraction]]:  # fmt: skip
    """(seats of each list, ties, steps, averages) of the seats shared between these lists. quota: where the formula has one."""
    if quota is None:
        return by_average(admitted, seats, formula, dict.fromkeys(admitted, 0), order, by)
    if formula is not Formula.QUOTA_HIGHEST_AVERAGE:
        return *by_remainder(admitted, seats, quota, order, by), {}
    start = {o: int(Fraction(v) / quota) for o, v in admitted.items()}
    said = [Message(_("%(option)s : %(held)d au quotient."), {"option": o, "held": n}) for o, n in start.items()]
    held, ties, more, averages = by_average(admitted, seats - sum(start.values()), formula, start, order, by)
    return held, ties, said + more, averages


def allocate(
    votes: Mapping[str, object],
    seats: int,
    formula: Formula,
    *,
    threshold: Threshold | None = None,
    threshold_base: int | None = None,
    quota_base: str = "admitted",
    tie_order: Sequence[str] = (),
    tie_by: Message = LEGAL_ORDER,
) -> Allocation:
    """Share `seats` between the lists that reach the threshold.

    threshold_base: the votes of which the threshold is a share; the sum of the votes when None.
    quota_base: "admitted" (votes of the lists above the threshold) or "valid" (threshold_base).
    tie_order: what the law or an act says between lists with the same claim; tie_by: how the steps call it.
    When no list is admitted, or none has a vote, every seat stays open and the steps say so.

    Raises: RES-210, RES-211, RES-212 a base smaller than the votes, RES-213 an order of lists that are not there.
    """
    counts = checked(votes, seats)
    base = checked_base(threshold_base, counts)
    checked_order(tie_order, counts)
    steps: list[Message] = []
    admitted = counts
    if threshold is not None:
        admitted = {o: v for o, v in counts.items() if passes(v, base, threshold)}
        out = [o for o in counts if o not in admitted]
        steps.append(
            Message(
                _("Seuil de %(share)s sur %(base)d : %(n)d {n:liste admise|listes admises} ; écartées : %(out)s."),
                {"share": threshold.share, "base": base, "n": len(admitted), "out": ", ".join(out) or "–"},
            )
        )
    result = dict.fromkeys(counts, 0)
    total = sum(admitted.values())
    if not admitted or total == 0:
        steps.append(
            Message(
                _("Aucune liste ne peut recevoir de siège : %(seats)d {seats:siège|sièges} sans attributaire, la règle manque."),
                {"seats": seats},
            )
        )
        return Allocation(result, (Tie(tuple(admitted), seats, level=False),), tuple(steps), tuple(admitted))
    quota: Fraction | None = None
    if formula in (Formula.HARE_LR, Formula.DROOP_LR, Formula.QUOTA_HIGHEST_AVERAGE):
        over = total if quota_base == "admitted" else base
        quota = Fraction(over // (seats + 1) + 1) if formula is Formula.DROOP_LR else Fraction(over) / seats
        steps.append(
            Message(
                _("Quotient : %(over)d voix, %(seats)d {seats:siège|sièges}, soit %(quota)s."),
                {"over": over, "seats": seats, "quota": average_text(quota)},
            )
        )
    held, ties, more, averages = by_formula(admitted, seats, formula, quota, tie_order, tie_by)
    steps += more
    for tie in ties:
        steps.append(
            Message(
                _("Égalité entre %(options)s pour %(seats)d {seats:siège|sièges} : règle légale manquante, rien n’est attribué."),
                {"options": ", ".join(tie.options), "seats": tie.seats},
            )
        )
    return Allocation(result | held, tuple(ties), tuple(steps), tuple(admitted), quota, averages)
