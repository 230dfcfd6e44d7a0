"""The tasks of an MS Project file in the order they wait for each other; a circle among them is named."""

from __future__ import annotations

from dataclasses import dataclass, field

from kalata.planning.rules.exchange.mspdi import MspLink, Project, Task
from kalata.planning.rules.faults import Cycle


@dataclass(slots=True)
class Net:
    """The tasks that can be scheduled and the links between them, those of summaries handed down to what is below."""

    project: Project
    tasks: dict[str, Task]
    children: dict[str, list[str]]
    before: dict[str, list[tuple[str, MspLink]]]
    after: dict[str, list[tuple[str, MspLink]]]
    order: list[str] = field(default_factory=list)

    def below(self, uid: str) -> list[str]:
        """Tasks under a summary that are no summaries; the task itself where it is none."""
        if not self.children.get(uid):
            return [uid]
        return [leaf for child in self.children[uid] for leaf in self.below(child)]

    def lineage(self, uid: str) -> list[str]:
        found = [uid]
        while (above := self.tasks[found[-1]].parent) in self.tasks and above not in found:
            found.append(above)
        return found


def net_of(project: Project) -> Net:
    tasks = {t.uid: t for t in project.tasks}
    children: dict[str, list[str]] = {}
    for task in project.tasks:
        if task.parent:
            children.setdefault(task.parent, []).append(task.uid)
    net = Net(project, tasks, children, {}, {})
    for uid, task in tasks.items():
        if net.children.get(uid):
            continue
        held = [
            (link.pred, link)
            for above in net.lineage(uid)
            for link in tasks[above].links
            if link.pred in tasks and (tasks[link.pred].active or not task.active) and link.pred not in net.lineage(uid)
        ]
        net.before[uid] = held
        for pred, link in held:
            for leaf in net.below(pred):
                net.after.setdefault(leaf, []).append((uid, link))
    net.order = ordered(net)
    return net


def ordered(net: Net) -> list[str]:
    """Every task after what it waits for, summaries after what is below them. Cycle: with its path, in names."""
    waits = dict.fromkeys(net.tasks, 0)
    leads: dict[str, list[str]] = {uid: [] for uid in net.tasks}

    def arrow(first: str, then: str) -> None:
        leads[first].append(then)
        waits[then] += 1

    for uid, held in net.before.items():
        for pred, _link in held:
            arrow(pred, uid)
    for parent, below in net.children.items():
        for child in below:
            arrow(child, parent)
    ready = [uid for uid, n in waits.items() if not n]
    for uid in ready:
        for then in leads[uid]:
            waits[then] -= 1
            if not waits[then]:
                ready.append(then)
    tasks = net.tasks
    if len(ready) < len(tasks):
        path = circle(net, set(ready), leads)
        raise Cycle(path=[tasks[uid].name or uid for uid in path], rows=[tasks[uid].row for uid in path[:-1]])
    return ready


def circle(net: Net, done: set[str], leads: dict[str, list[str]]) -> list[str]:
    came = {then: uid for uid, to in leads.items() if uid not in done for then in to if then not in done}
    at = next(iter(came))
    walked: list[str] = []
    while at not in walked:
        walked.append(at)
        at = came[at]
    path = walked[walked.index(at) :][::-1]
    return [*path, path[0]]
