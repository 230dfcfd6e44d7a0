"""What a person has answered so far of a contest to be set up, step by step: nothing of it counts before it is created."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date

STEPS = ("election", "territory", "system", "ballot", "review")
"""The five steps, in order."""


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers as they are kept: plain texts and numbers. None, "" and empty: not answered, or answered by nothing.

    kind: the contest of the pack ("" another one); existing: the consultation it joins, else `election` names a new one;
    geography: its code, "" one made from the file to come; seats_from: "", "typed" or the set of the pack; own: a system
    written out, where `system` is none of the pack; copied: the code of the contest these answers were copied from.
    """

    pack: int = 0
    kind: str = ""
    existing: int | None = None
    election: str = ""
    name_fr: str = ""
    name_en: str = ""
    polling_day: str = ""
    exercise: bool = False
    geography: str = ""
    expected: int | None = None
    seats_from: str = ""
    constituencies: str = ""
    system: str = ""
    own: str = ""
    options: str = ""
    emblems: tuple[str, ...] = ()
    boxes: tuple[str, ...] = ()
    level: int | None = None
    copied: str = ""

    @property
    def day(self) -> date | None:
        return date.fromisoformat(self.polling_day) if self.polling_day else None

    @property
    def names(self) -> list[str]:
        """The candidates in the order of the ballot."""
        return [line.strip() for line in self.options.splitlines() if line.strip()]

    def with_(self, values: Mapping[str, object]) -> Answers:
        """These answers with some of them given anew."""
        return replace(self, **values)  # type: ignore[arg-type]

    def as_json(self) -> dict[str, object]:
        return {**asdict(self), "boxes": list(self.boxes), "emblems": list(self.emblems)}


def answers_from(data: Mapping[str, object]) -> Answers:
    """Answers from what was kept; what an older version kept beside is left out."""
    known = {f.name for f in fields(Answers)}
    values = {k: tuple(v) if isinstance(v, list) else v for k, v in data.items() if k in known}
    return Answers(**values)  # type: ignore[arg-type]


def step_number(step: int) -> int:
    """A step between the first and the last."""
    return min(max(step, 1), len(STEPS))
