"""Better schedules bred from good ones: orders crossed in two places, each child justified. Repeatable by its seed."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from kalata.planning.rules.levelling_scheme import Found, Packed, by_priority, justified

POPULATION = 40
NOISES = (0.1, 0.2, 0.4)


def search(p: Packed, *, seed: int, floor: int, stop: Callable[[], bool], tell: Callable[[Found], None], rounds: int = 1 << 30, first: Sequence[Found] = ()) -> Found:  # fmt: skip
    """The best schedule met before `stop` says so, `rounds` are done or the floor is reached. The first one always comes, and is told.

    Every improvement is told when it is found.
    """
    rng = random.Random(seed)
    best = justified(p, by_priority(p.tails, p.before, p.after))
    for known in first:
        best = min(best, known, key=makespan)
    tell(best)
    population = [best]
    scale = max(p.tails, default=0)
    done = 1
    while done < rounds and best.makespan > floor and not stop():
        done += 1
        if len(population) < POPULATION:
            noise = scale * rng.choice(NOISES)
            child = justified(p, by_priority([t + noise * rng.random() for t in p.tails], p.before, p.after))
            population.append(child)
        else:
            child = bred(p, population, rng)
        if child.makespan < best.makespan:
            best = child
            tell(best)
    return best


def makespan(one: Found) -> int:
    return one.makespan


def bred(p: Packed, population: list[Found], rng: random.Random) -> Found:
    """A child of two parents, which takes the place of the worst where it is no worse and not there already."""
    one, other = (min(rng.sample(population, 2), key=makespan) for _parent in range(2))
    order = crossed(one.order, other.order, rng)
    if rng.random() < 0.5:
        shaken(order, p, rng)
    child = justified(p, order)
    if all(child.ends != held.ends for held in population):
        worst = max(range(len(population)), key=lambda i: population[i].makespan)
        if child.makespan <= population[worst].makespan:
            population[worst] = child
    return child


def crossed(one: Sequence[int], other: Sequence[int], rng: random.Random) -> list[int]:
    """A stretch of the first order filled in the order of the second: precedence holds in what comes out."""
    size = len(one)
    length = rng.randint(size // 4, 3 * size // 4)
    at = rng.randint(0, size - length)
    out = list(one[:at])
    taken = set(out)
    for job in other:
        if len(out) == at + length:
            break
        if job not in taken:
            out.append(job)
    taken.update(out)
    return out + [job for job in one if job not in taken]


def shaken(order: list[int], p: Packed, rng: random.Random) -> None:
    """A few jobs moved between what they wait for and what waits for them."""
    size = len(order)
    places = [0] * size
    for place, job in enumerate(order):
        places[job] = place
    for _move in range(max(1, size // 30)):
        at = rng.randrange(size)
        job = order[at]
        low = max((places[other] for other in p.before[job]), default=-1) + 1
        high = min((places[other] for other in p.after[job]), default=size) - 1
        if high <= low:
            continue
        to = rng.randint(low, high)
        order.insert(to, order.pop(at))
        for place in range(min(at, to), max(at, to) + 1):
            places[order[place]] = place
