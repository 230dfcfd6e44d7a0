"""Interests that people declared against the cases, contests and procurements given to them: each clash with both rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kalata.text import fold
from kalata.training.rules.rows import Table, code_in, day_of, once

DECLARED = ("person", "interest")
"""Columns needed of the declarations; `kind` (kin, employer, shares, party, gift) and others are kept and shown."""
ASSIGNED = ("person", "matter")
"""Columns needed of the assignments; `kind` (case, contest, procurement), `parties` (names parted by |), others shown."""
NOTHING = frozenset({"", "-", "aucun", "aucune", "neant", "none", "nothing", "rien"})
"""What a person writes who declares that there is nothing."""


@dataclass(frozen=True, slots=True)
class Clash:
    person: str
    interest: str
    matter: str
    declaration: dict[str, str]
    assignment: dict[str, str]

    def record(self) -> dict[str, Any]:
        return {
            "person": self.person, "interest": self.interest, "matter": self.matter,
            "kind": self.assignment.get("kind", ""),
            "declaration": dict(self.declaration), "assignment": dict(self.assignment),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Conflicts:
    """undeclared: persons with a matter and no declaration: for them nothing was checked."""

    declarations: int
    assignments: int
    clashes: tuple[Clash, ...]
    undeclared: tuple[str, ...]

    def record(self) -> dict[str, Any]:
        return {
            "declarations": self.declarations, "assignments": self.assignments,
            "clashes": [c.record() for c in self.clashes], "undeclared": list(self.undeclared),
        }  # fmt: skip


def conflicts_of(declarations: Table, assignments: Table) -> Conflicts:
    """Each interest of a person that is the matter given to them, or a party to it, by code or by name (accents and case aside).

    Raises: TRN-102 without person or matter; TRN-103 where one matter is given twice to one person.
    """
    declared: dict[str, list[dict[str, str]]] = {}
    for row, cells in declarations.records():
        declared.setdefault(code_in(declarations, row, cells, "person", "P001"), []).append(cells)
    clashes: list[Clash] = []
    undeclared: set[str] = set()
    seen: dict[object, int] = {}
    for row, cells in assignments.records():
        person, matter = code_in(assignments, row, cells, "person", "P001"), code_in(assignments, row, cells, "matter", "2027-014")  # fmt: skip
        once(assignments, seen, (person, matter, cells.get("kind", "")), row, "matter", matter)
        if person not in declared:
            undeclared.add(person)
        names = {fold(n) for n in (matter, *cells.get("parties", "").split("|"))} - NOTHING
        for said in declared.get(person, []):
            if fold(said["interest"]) in names and standing(said, cells):
                clashes.append(Clash(person, said["interest"], matter, said, cells))
    clashes.sort(key=lambda c: (c.person, c.matter, c.interest, sorted(c.declaration.items()), sorted(c.assignment.items())))  # fmt: skip
    return Conflicts(len(declarations.rows), len(assignments.rows), tuple(clashes), tuple(sorted(undeclared)))


def standing(said: dict[str, str], given: dict[str, str]) -> bool:
    """Whether the interest still stood (`until`) when the matter was given (`on`); a day that is not said hides no clash."""
    until, on = day_of(said.get("until", "")), day_of(given.get("on", ""))
    return until is None or on is None or on <= until
