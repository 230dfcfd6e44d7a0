"""The order in which activities hang together, and the circle that forbids any order."""

from __future__ import annotations

from kalata.planning.rules.plan import Plan


def order_of(plan: Plan) -> list[int]:
    """Places of the activities, each after all its predecessors; shorter than the plan where links go in a circle."""
    places = plan.places
    after: list[list[int]] = [[] for _a in plan.activities]
    waits = [0] * len(plan.activities)
    for i, a in enumerate(plan.activities):
        for link in a.links:
            after[places[link.pred]].append(i)
            waits[i] += 1
    ready = [i for i, n in enumerate(waits) if not n]
    for i in ready:  # grows while it is read
        for j in after[i]:
            waits[j] -= 1
            if not waits[j]:
                ready.append(j)
    return ready


def circle(plan: Plan) -> list[str]:
    """The activities of a circle, each before the next and the last before the first; [] where there is none."""
    done = set(order_of(plan))
    if len(done) == len(plan.activities):
        return []
    places = plan.places
    at = next(i for i in range(len(plan.activities)) if i not in done)
    walked: dict[int, int] = {}
    while at not in walked:  # every activity left has a predecessor that is left
        walked[at] = len(walked)
        at = next(p for link in plan.activities[at].links if (p := places[link.pred]) not in done)
    back = [i for i, step in walked.items() if step >= walked[at]]
    back.reverse()
    first = back.index(min(back))
    return [plan.activities[i].id for i in back[first:] + back[:first]]
