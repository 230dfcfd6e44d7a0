"""The fictional figures of the demonstration: how many stations where, and what each of their sheets says."""

from __future__ import annotations

import random

from kalata.country.models import Geography, Unit

LISTS = (
    ("Le baobab", "e1"),
    ("La pirogue", "e2"),
    ("La calebasse", "e3"),
    ("L’épi de mil", "e4"),
    ("La lampe", "e5"),
    ("La grue couronnée", "e6"),
    ("Le puits", "e7"),
    ("Le soleil levant", "e8"),
)
STRENGTH = (30, 27, 13, 9, 8, 6, 4, 3)
WEIGHT = {
    "ML-KAY": 13,
    "ML-KOU": 16,
    "ML-SIK": 18,
    "ML-SEG": 16,
    "ML-MOP": 12,
    "ML-TOM": 5,
    "ML-GAO": 4,
    "ML-KID": 1,
    "ML-BKO": 12,
    "ML-DIA": 3,
}
TURNOUT = {
    "ML-KAY": 34,
    "ML-KOU": 38,
    "ML-SIK": 42,
    "ML-SEG": 41,
    "ML-MOP": 37,
    "ML-TOM": 46,
    "ML-GAO": 48,
    "ML-KID": 55,
    "ML-BKO": 29,
    "ML-DIA": 27,
}
MISSING = {"ML-KID": 55, "ML-MOP": 22, "ML-TOM": 20, "ML-GAO": 18, "ML-DIA": 24, "ML-SEG": 9}


def sizes(geography: Geography, total: int) -> list[tuple[Unit, int]]:
    """How many stations each lowest unit has: by weight of its region, shared by largest remainder."""
    leaves = list(Unit.objects.filter(geography=geography, level=2).select_related("parent").order_by("code"))
    seats = {u.pk: 1 + (hash_of(u.code) % 5) for u in leaves}
    whole = sum(WEIGHT.values())
    out: list[tuple[Unit, int]] = []
    shares = []
    for unit in leaves:
        assert unit.parent is not None
        region = [u for u in leaves if u.parent_id == unit.parent_id]
        part = total * WEIGHT.get(unit.parent.code, 1) * seats[unit.pk]
        below = whole * sum(seats[u.pk] for u in region)
        shares.append((unit, part // below, part % below * 1_000_000 // below))
    left = total - sum(n for _u, n, _r in shares)
    extra = {u.pk for u, _n, _r in sorted(shares, key=lambda s: (-s[2], s[0].code))[:left]}
    for unit, n, _rest in shares:
        out.append((unit, n + (unit.pk in extra)))
    return out


def hash_of(text: str) -> int:
    return sum((i + 1) * ord(c) for i, c in enumerate(text))


def station_rows(geography: Geography, size: int, chance: random.Random, *, gaps: bool = True) -> list[list[str]]:
    rows = []
    for unit, count in sizes(geography, size):
        assert unit.parent is not None
        region = unit.parent.code
        local = [max(1, s * chance.randint(35, 180)) for s in STRENGTH]
        if region in ("ML-SEG", "ML-MOP", "ML-GAO"):
            local[1] = local[1] * 3 // 2
        for number in range(1, count + 1):
            rows.append(one_station(f"{unit.code[3:]}-{number:04d}", unit, region, local, chance, gaps))
    return rows


def one_station(code: str, unit: Unit, region: str, local: list[int], chance: random.Random, gaps: bool) -> list[str]:
    assert unit.parent is not None
    registered = min(500, max(50, int(chance.gauss(345, 95))))
    place = [unit.parent.name, unit.name, code, str(registered)]
    if gaps and chance.randrange(100) < MISSING.get(region, 7):
        return [*place, "", "", "", "", *[""] * len(LISTS), ""]
    share = min(98, max(4, chance.gauss(TURNOUT.get(region, 36), 9)))
    voters = min(registered, int(registered * share / 100))
    nulls = min(voters, int(voters * max(0.2, chance.gauss(2.8, 1.3)) / 100 + 0.5))
    valid = voters - nulls
    votes = shared(valid, [max(1, int(w * chance.gauss(100, 22))) for w in local])
    ballots, state = voters, "compté"
    if gaps:
        ballots, valid, votes, state = spoiled(voters, ballots, valid, votes, registered, chance)
        if ballots < 0:  # more papers than voters on the list: an impossible sheet, kept as on paper
            voters = ballots = registered + chance.randint(3, 60)
            valid = voters - nulls
            votes = shared(valid, [max(1, w) for w in local])
    return [*place, str(voters), str(ballots), str(nulls), str(valid), *map(str, votes), state]


def spoiled(
    voters: int, ballots: int, valid: int, votes: list[int], registered: int, chance: random.Random
) -> tuple[int, int, list[int], str]:
    """A few sheets that do not add up, as on a real night."""
    draw = chance.randrange(1000)
    if draw < 6:
        votes = list(votes)
        votes[chance.randrange(len(votes))] += chance.choice((1, 2, 10))
    elif draw < 10:
        ballots = max(0, ballots + chance.choice((-3, -1, 1, 2, 17)))
    elif draw < 12:
        ballots = -1
    elif draw < 15:
        return ballots, valid, votes, "annulé"
    return ballots, valid, votes, "compté"


def shared(total: int, weights: list[int]) -> list[int]:
    """`total` shared by weight in whole numbers (largest remainder)."""
    whole = sum(weights)
    parts = [total * w // whole for w in weights]
    order = sorted(range(len(weights)), key=lambda i: -(total * weights[i] % whole))
    for i in order[: total - sum(parts)]:
        parts[i] += 1
    return parts
