"""The draw of reporting judges: balanced, bound to a seed that was committed before filing opened, replayable by anybody.

`commit = SHA-256(seed)` is published before the first petition; the seed and the list afterwards. Cases come in the order
of the roll, one severed from another later in its turn. For each: *eligible* = who sits, is not away and has no conflict; *pool* = eligible whose load, with this
case, is at most the lowest eligible load + the tolerance (a tolerance below the weight of the case leaves those at the
lowest load); drawn = the one of the pool whose SHA-256 of "seed|roll|member" is smallest. By hand:
`printf '%s' "$seed|12|j3" | sha256sum`. A case given to another member by a written decision moves its weight from
there on, and is a line of the roll like a draw.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kalata.lots import LEAST_SEED as LEAST_SEED
from kalata.lots import MOST_SEED as MOST_SEED
from kalata.lots import BadSeed as BadSeed
from kalata.lots import OtherSeed as OtherSeed
from kalata.lots import checked_commitment as checked_commitment
from kalata.lots import commitment as commitment
from kalata.lots import committable as committable
from kalata.lots import lot as lot
from kalata.lots import seed_of as seed_of
from kalata.refusals import Refused
from kalata.text import gettext_noop as _

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}\Z")


class NobodyEligible(Refused):
    """Every member is away, barred or has a conflict: the case waits for a decision, it is given to nobody by default."""

    code = "DIS-401"
    says = _(
        "Affaire au rôle n° %(roll)d : aucun membre ne peut rapporter (absents, déportés ou en conflit d’intérêts)."
    )
    remedy = _("Faites décider les déclarations de conflit ou pourvoir les sièges ; rien n’a été attribué.")


class BadRoll(Refused):
    code = "DIS-403"
    says = _("Tirage, ligne %(row)d, %(field)s : « %(value)s » : %(why)s.")
    remedy = _("Corrigez cette ligne du rôle ou de la liste des membres et rejouez le tirage. Rien n’a été attribué.")
    status = 422
    sentences = frozenset({"why"})


@dataclass(frozen=True, slots=True)
class Judge:
    """A member as the draw sees him. load: weights he holds already; away: he sits in no case of this draw."""

    member: str
    load: int = 0
    away: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """A line of the roll. barred: members who may not report it. given_to: a decision gives it to this member, no draw."""

    roll: int
    weight: int = 1
    barred: frozenset[str] = frozenset()
    given_to: str = ""
    case: str = ""


@dataclass(frozen=True, slots=True)
class Drawn:
    """What became of a line. loads: of the eligible before it. by_decision: given, not drawn; left: who held it before."""

    roll: int
    member: str
    weight: int
    case: str = ""
    loads: Mapping[str, int] = field(default_factory=dict)
    pool: tuple[str, ...] = ()
    digest: str = ""
    by_decision: bool = False
    left: str = ""


def pool_of(loads: Mapping[str, int], weight: int, tolerance: int) -> tuple[str, ...]:
    """Who of the eligible may be drawn: who would not stand more than the tolerance above the least loaded.

    >>> pool_of({"j1": 4, "j2": 3, "j3": 5}, 1, 2)
    ('j1', 'j2')
    """
    if not loads:
        return ()
    most = min(loads.values()) + max(tolerance, weight)
    return tuple(sorted(member for member, load in loads.items() if load + weight <= most))


def draw_one(seed: str, case: Case, loads: Mapping[str, int], *, tolerance: int) -> Drawn:
    """The reporting judge of one case, among members with these loads who are there. DIS-401: nobody may."""
    eligible = {member: load for member, load in sorted(loads.items()) if member not in case.barred}
    pool = pool_of(eligible, case.weight, tolerance)
    if not pool:
        raise NobodyEligible(roll=case.roll)
    digest, member = min((lot(seed, case.roll, one), one) for one in pool)
    return Drawn(case.roll, member, case.weight, case.case, eligible, pool, digest)


def play(seed: str, roll: Iterable[Case], bench: Sequence[Judge], *, tolerance: int = 1) -> tuple[Drawn, ...]:
    """Every line of the roll, in its order, from the loads given. What a decision gave is taken as it was decided."""
    seed = seed_of(seed)
    loads = {one.member: one.load for one in bench}
    away = {one.member for one in bench if one.away}
    held: dict[int, Drawn] = {}
    out = []
    for case in roll:
        before = held.get(case.roll)
        if case.given_to:
            if before:
                loads[before.member] -= before.weight
            one = Drawn(
                case.roll, case.given_to, case.weight, case.case, by_decision=True, left=before.member if before else ""
            )
        else:
            there = {member: load for member, load in loads.items() if member not in away}
            one = draw_one(seed, case, there, tolerance=tolerance)
        loads[one.member] += one.weight
        held[case.roll] = one
        out.append(one)
    return tuple(out)


def loads_after(bench: Sequence[Judge], drawn: Sequence[Drawn]) -> dict[str, int]:
    """What each member holds when all lines are played."""
    loads = {one.member: one.load for one in bench}
    held: dict[int, Drawn] = {}
    for line in drawn:
        if line.roll in held:
            loads[held[line.roll].member] -= held[line.roll].weight
        loads[line.member] += line.weight
        held[line.roll] = line
    return loads


# --- from files -----------------------------------------------------------------------------------
YES, NO = frozenset({"", "1", "yes", "oui", "true"}), frozenset({"0", "no", "non", "false"})


def wrong(row: int, field: str, value: str, why: str) -> BadRoll:
    return BadRoll(row=row, field=field, value=value[:60], why=why)


def whole(row: int, field: str, value: str, *, least: int, default: int | None = None) -> int:
    text = value.strip()
    if not text and default is not None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= 9) or int(text) < least:
        raise wrong(row, field, value, _("un nombre entier est attendu"))
    return int(text)


def code(row: int, field: str, value: str) -> str:
    text = value.strip()
    if not _CODE.match(text):
        raise wrong(row, field, value, _("un code de membre est attendu (lettres, chiffres, point, tiret)"))
    return text


def members(row: int, field: str, value: str, known: frozenset[str]) -> frozenset[str]:
    """Codes separated by spaces or semicolons, each of them a member."""
    found = frozenset(code(row, field, one) for one in re.split(r"[;\s]+", value.strip()) if one)
    for one in sorted(found - known):
        raise wrong(row, field, one, _("ce membre n’est pas dans la liste"))
    return found


def bench_from(rows: Sequence[Mapping[str, str]]) -> tuple[Judge, ...]:
    """Members: `member`, and where given `sitting` (yes, no), `load`. DIS-403 names row and field."""
    out: dict[str, Judge] = {}
    for row, cells in enumerate(rows, start=2):
        member = code(row, "member", cells.get("member", ""))
        if member in out:
            raise wrong(row, "member", member, _("ce membre est déjà dans la liste"))
        sits = cells.get("sitting", "").strip().lower()
        if sits not in YES | NO:
            raise wrong(row, "sitting", sits, _("oui ou non est attendu"))
        out[member] = Judge(member, whole(row, "load", cells.get("load", ""), least=0, default=0), sits in NO)
    return tuple(out.values())


def roll_from(rows: Sequence[Mapping[str, str]], bench: Sequence[Judge]) -> tuple[Case, ...]:
    """Lines: `roll`, and where given `case`, `weight`, `barred` (members), `given_to` (a member). DIS-403.

    A roll number comes once as a draw; a later line of the same number is a decision that gives it to another.
    """
    known = frozenset(one.member for one in bench)
    seen: set[int] = set()
    out = []
    for row, cells in enumerate(rows, start=2):
        roll = whole(row, "roll", cells.get("roll", ""), least=1)
        weight = whole(row, "weight", cells.get("weight", ""), least=1, default=1)
        barred = members(row, "barred", cells.get("barred", ""), known)
        given = members(row, "given_to", cells.get("given_to", ""), known)
        if len(given) > 1:
            raise wrong(row, "given_to", cells["given_to"], _("un seul membre est attendu"))
        if not given and roll in seen:
            raise wrong(row, "roll", str(roll), _("ce numéro du rôle est déjà tiré"))
        seen.add(roll)
        out.append(Case(roll, weight, barred, next(iter(given), ""), cells.get("case", "").strip()[:60]))
    return tuple(out)


def differences(rows: Sequence[Mapping[str, str]], drawn: Sequence[Drawn]) -> list[dict[str, object]]:
    """Lines whose published `rapporteur` is not the one that the seed gives."""
    return [
        {"roll": one.roll, "published": said, "drawn": one.member}
        for cells, one in zip(rows, drawn, strict=True)
        if (said := cells.get("rapporteur", "").strip()) and said != one.member
    ]
