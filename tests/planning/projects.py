"""Random projects in the two forms of their files, and a checker and an enumeration that share nothing with the product."""

import itertools

from kalata.planning.rules.levelling_project import Project


def random_project(rng, jobs, pools, longest=10, dummies=True):
    """A project with a first and a last job of no length, precedence by number."""
    capacities = tuple(rng.randint(2, 12) for _p in range(pools))
    durations = [0, *(rng.randint(1, longest) for _j in range(jobs)), 0]
    needs = [
        (0,) * pools,
        *(tuple(rng.randint(0, c) if rng.random() < 0.6 else 0 for c in capacities) for _j in range(jobs)),
        (0,) * pools,
    ]
    after = [[] for _j in durations]
    for job in range(1, jobs + 1):
        for other in range(job + 1, min(jobs, job + 8) + 1):
            if rng.random() < 0.15:
                after[job].append(other)
    waited = {o for later in after for o in later}
    after[0] = [j for j in range(1, jobs + 1) if j not in waited]
    for job in range(1, jobs + 1):
        after[job] = after[job] or [jobs + 1]
    return Project(
        "p",
        tuple(durations),
        tuple(needs),
        tuple(map(tuple, after)),
        tuple(f"R{n + 1}" for n in range(pools)),
        capacities,
    )


def patterson(p):
    lines = [f"{len(p.durations)} {len(p.pools)}", " ".join(map(str, p.capacities)), ""]
    for d, needs, after in zip(p.durations, p.needs, p.after, strict=True):
        lines.append(" ".join(map(str, [d, *needs, len(after), *(o + 1 for o in after)])))
    return "\n".join(lines) + "\n"


STARS = "*" * 72


def psplib(p):
    names = "  ".join(f"R {n}" for n in range(1, len(p.pools) + 1))
    out = [STARS, f"jobs (incl. supersource/sink ):  {len(p.durations)}", "RESOURCES", f"  - renewable                 :  {len(p.pools)}   R",
           "  - nonrenewable              :  0   N", "  - doubly constrained        :  0   D", STARS, "PRECEDENCE RELATIONS:", "jobnr.    #modes  #successors   successors"]  # fmt: skip
    out += [f"{n:4}        1 {len(a):10}        " + "".join(f"{o + 1:4}" for o in a) for n, a in enumerate(p.after, 1)]
    out += [STARS, "REQUESTS/DURATIONS:", f"jobnr. mode duration  {names}", "-" * 72]
    out += [
        f"{n:3}      1 {d:5}    " + "".join(f"{x:5}" for x in needs)
        for n, (d, needs) in enumerate(zip(p.durations, p.needs, strict=True), 1)
    ]
    out += [STARS, "RESOURCEAVAILABILITIES:", "  " + names, "   ".join(f"{c:3}" for c in p.capacities), STARS]
    return "\n".join(out) + "\n"


def feasible(p, starts):
    """Day by day, job by job."""
    spans = [range(s, s + d) for s, d in zip(starts, p.durations, strict=True)]
    if any(s < 0 for s in starts) or any(starts[o] < spans[j].stop for j in range(len(starts)) for o in p.after[j]):
        return False
    for day in range(max(s.stop for s in spans)):
        for pool, capacity in enumerate(p.capacities):
            if sum(p.needs[j][pool] for j, span in enumerate(spans) if day in span) > capacity:
                return False
    return True


def shortest(p):
    """The shortest makespan, by every order of the jobs each placed on its first day: one of them is the best there is."""
    best = sum(p.durations)
    jobs = range(len(p.durations))
    before = [[j for j in jobs if o in p.after[j]] for o in jobs]
    for order in itertools.permutations(jobs[1:-1]):
        starts = {0: 0}
        for job in order:
            if any(b not in starts for b in before[job]):
                break
            day = max(starts[b] + p.durations[b] for b in before[job])
            while any(
                sum(p.needs[o][k] for o, s in starts.items() if s <= d < s + p.durations[o]) + p.needs[job][k] > c
                for d in range(day, day + p.durations[job])
                for k, c in enumerate(p.capacities)
            ):
                day += 1
            starts[job] = day
        else:
            best = min(best, max(s + p.durations[j] for j, s in starts.items()))
    return best
