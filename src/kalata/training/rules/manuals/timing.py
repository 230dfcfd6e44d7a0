"""The hours of a class: each procedure in turn, its role play, then the test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kalata.training.rules.manuals.pages import Page

STEP, PLAY, OPENING, QUESTION = 3, 10, 15, 1
"""Minutes where the source says none: of a step, of a role play, of the opening, of a question."""


@dataclass(frozen=True, slots=True)
class Timed:
    """start, end: from the beginning of the class, as 1:05. assumed: the source says no minutes for some of it."""

    start: str
    end: str
    what: str
    assumed: bool


def clock(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02}"


def timed(pages: Sequence[Page], questions: int, words: dict[str, str]) -> list[Timed]:
    rows = [(words["opening"], OPENING, True)]
    for page in pages:
        rows.append((page.title, sum(x.minutes or STEP for x in page.lines), any(not x.minutes for x in page.lines)))
        rows.append((f"{words['play']} : {page.title}", PLAY, True))
    if questions:
        rows.append((words["test"], max(10, questions * QUESTION), True))
    out, at = [], 0
    for what, minutes, assumed in rows:
        out.append(Timed(clock(at), clock(at + minutes), what, assumed))
        at += minutes
    return out
