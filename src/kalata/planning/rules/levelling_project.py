"""A project under limited resources, as its files give it: jobs, what waits for what, pools. Patterson and PSPLIB files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kalata.planning.rules.faults import AnotherForm, BadDuration, Cycle, UnknownActivity
from kalata.text import Message
from kalata.text import gettext_noop as _

MOST_BYTES = 8 << 20
MOST_JOBS = 5_000
MOST_POOLS = 64
LONGEST = 100_000


class BadProject(AnotherForm):
    says = _("Ce fichier n’a pas la forme d’un projet sous ressources : %(why)s.")
    remedy = _("Donnez un fichier Patterson (.rcp), un fichier PSPLIB à un mode (.sm), ou un plan CSV avec la colonne resources et --pools.")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Project:
    """Jobs in the file's order, dummies included. after: the jobs that wait for the end of each."""

    name: str
    durations: tuple[int, ...]
    needs: tuple[tuple[int, ...], ...]
    after: tuple[tuple[int, ...], ...]
    pools: tuple[str, ...]
    capacities: tuple[int, ...]

    @property
    def size(self) -> int:
        return len(self.durations)

    @property
    def before(self) -> tuple[tuple[int, ...], ...]:
        found: list[list[int]] = [[] for _job in self.durations]
        for job, later in enumerate(self.after):
            for other in later:
                found[other].append(job)
        return tuple(map(tuple, found))

    @property
    def too_needy(self) -> list[tuple[int, int]]:
        """Jobs that ask for more than a pool holds, each with the pool."""
        return [
            (job, pool)
            for job, needs in enumerate(self.needs)
            for pool, need in enumerate(needs)
            if need > self.capacities[pool] and self.durations[job]
        ]


def project_of(text: str, name: str, form: str) -> Project:
    """The project of a file's text: `form` is `.rcp` or `.sm`; "" where it is to be told from the text.

    Raises: PLN-101, PLN-102, PLN-103, PLN-108.
    """
    if len(text) > MOST_BYTES:
        raise BadProject(why=Message(_("plus de %(n)d Mio"), {"n": MOST_BYTES >> 20}))
    found = of_psplib(text, name) if form == ".sm" or (not form and "PRECEDENCE" in text) else of_patterson(text, name)
    return checked(found)


def whole(text: str, row: int = 0) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text):
        if re.fullmatch(r"-[0-9]{1,9}", text):
            raise BadDuration(row=row, field="", value=text)
        raise BadProject(why=Message(_("« %(text)s » n’est pas un nombre entier"), {"text": text[:40]}), row=row)
    return int(text)


class Words:
    """The numbers of a text, whatever the white space and the ends of line between them."""

    def __init__(self, text: str) -> None:
        self.words = [(w, row) for row, line in enumerate(text.splitlines(), 1) for w in line.split()]
        self.next = 0

    def take(self) -> int:
        if self.next >= len(self.words):
            raise BadProject(why=_("il finit avant la dernière tâche"), row=self.words[-1][1] if self.words else 1)
        word, row = self.words[self.next]
        self.next += 1
        return whole(word, row)

    @property
    def row(self) -> int:
        return self.words[min(self.next, len(self.words) - 1)][1] if self.words else 1


def of_patterson(text: str, name: str) -> Project:
    words = Words(text.removeprefix("\ufeff"))
    jobs, pools = words.take(), words.take()
    if not 1 <= jobs <= MOST_JOBS or pools > MOST_POOLS:
        raise BadProject(why=Message(_("de 1 à %(jobs)d {jobs:tâche|tâches} et %(pools)d {pools:réserve|réserves} au plus"), {"jobs": MOST_JOBS, "pools": MOST_POOLS}), row=1)  # fmt: skip
    capacities = tuple(words.take() for _p in range(pools))
    durations, needs, after = [], [], []
    for _job in range(jobs):
        durations.append(words.take())
        needs.append(tuple(words.take() for _p in range(pools)))
        row, later = words.row, [words.take() - 1 for _s in range(words.take())]
        for other in later:
            if not 0 <= other < jobs:
                raise UnknownActivity(value=str(other + 1), row=row, field="")
        after.append(tuple(dict.fromkeys(later)))
    if words.next < len(words.words):
        raise BadProject(why=_("il reste des nombres après la dernière tâche"), row=words.row)
    return Project(name, tuple(durations), tuple(needs), tuple(after), tuple(f"R{n}" for n in range(1, pools + 1)), capacities)  # fmt: skip


def of_psplib(text: str, name: str) -> Project:
    """The sections of a single-mode file, by their headings."""
    lines = text.removeprefix("\ufeff").splitlines()
    kinds = {m[1]: int(m[2]) for line in lines if (m := re.match(r"\s*-\s*(renewable|nonrenewable|doubly constrained)\s*:\s*(\d{1,4})", line))}  # fmt: skip
    if kinds.get("nonrenewable") or kinds.get("doubly constrained"):
        raise BadProject(why=_("il a des ressources qui s’épuisent : ce genre n’est pas lu"))
    after: dict[int, tuple[int, ...]] = {}
    for row, cells in section(lines, "PRECEDENCE RELATIONS"):
        job, modes, count = (whole(c, row) for c in ([*cells, "", "", ""])[:3])
        if modes != 1 or len(cells) != 3 + count:
            raise BadProject(why=_("une tâche a plusieurs modes, ou d’autres successeurs qu’annoncés"), row=row)
        after[job] = tuple(dict.fromkeys(whole(c, row) - 1 for c in cells[3:]))
    pools = pool_count(lines, kinds)
    durations: dict[int, int] = {}
    needs: dict[int, tuple[int, ...]] = {}
    for row, cells in section(lines, "REQUESTS/DURATIONS"):
        if len(cells) != 3 + pools:
            raise BadProject(why=_("une tâche n’a pas un besoin par réserve"), row=row)
        job, _mode, durations[int(cells[0] if cells[0].isdigit() else 0)], *rest = (whole(c, row) for c in cells)
        needs[job] = tuple(rest)
    jobs = sorted(after)
    if jobs != list(range(1, len(jobs) + 1)) or jobs != sorted(needs) or not jobs or len(jobs) > MOST_JOBS:
        raise BadProject(why=_("les tâches ne se suivent pas de 1 à la dernière"))
    for job in jobs:
        for other in after[job]:
            if not 0 <= other < len(jobs):
                raise UnknownActivity(value=str(other + 1), row=0, field="successors")
    capacities = next((tuple(whole(c, row) for c in cells) for row, cells in section(lines, "RESOURCEAVAILABILITIES")), ())  # fmt: skip
    if len(capacities) != pools:
        raise BadProject(why=_("les capacités des réserves manquent"))
    return Project(
        name, tuple(durations[j] for j in jobs), tuple(needs[j] for j in jobs), tuple(after[j] for j in jobs),
        tuple(f"R{n}" for n in range(1, pools + 1)), capacities,
    )  # fmt: skip


def pool_count(lines: Sequence[str], kinds: dict[str, int]) -> int:
    if "renewable" in kinds:
        return kinds["renewable"]
    heading = next((line for line in lines if re.match(r"\s*jobnr\.?\s+mode\s+duration", line, re.I)), "")
    return len(re.findall(r"R\s*\d+", heading))


def section(lines: Sequence[str], title: str) -> list[tuple[int, list[str]]]:
    """The rows of numbers under a heading, up to the line of stars."""
    try:
        at = next(i for i, line in enumerate(lines) if line.strip().upper().startswith(title))
    except StopIteration:
        raise BadProject(why=Message(_("il manque la partie « %(name)s »"), {"name": title})) from None
    found = []
    for row, line in enumerate(lines[at + 1 :], at + 2):
        if line.lstrip().startswith("*"):
            break
        cells = line.split()
        if cells and cells[0].lstrip("-").isdigit():
            found.append((row, cells))
    return found


def checked(project: Project) -> Project:
    if any(d > LONGEST for d in project.durations):
        raise BadProject(why=_("une durée est trop longue"))
    if circle := circle_of(project.after):
        names = [str(job + 1) for job in (*circle, circle[0])]
        raise Cycle(path=names, rows=[], field="")
    return project


def circle_of(after: Sequence[Sequence[int]]) -> list[int]:
    """Jobs each before the next and the last before the first; [] where there is none."""
    state = [0] * len(after)
    for first in range(len(after)):
        path = [(first, 0)]
        while path:
            job, n = path.pop()
            if n == 0:
                if state[job] == 2:
                    continue
                state[job] = 1
            if n < len(after[job]):
                path.append((job, n + 1))
                other = after[job][n]
                if state[other] == 1:
                    on = [j for j, _n in path]
                    return on[on.index(other) :]
                if state[other] == 0:
                    path.append((other, 0))
            else:
                state[job] = 2
    return []
