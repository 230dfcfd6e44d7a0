"""The extract of an original that goes with a value nobody typed: cut by the house, from the picture in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kalata.results import drawing, images
from kalata.tally.models import Paper
from kalata.tally.queries import placing
from kalata.tally.rules.lifecycle import State
from kalata.tally.services import scanning


def box_of(frame: Sequence[int]) -> tuple[int, int, int, int]:
    _place, x, y, w, h = frame
    return x, y, w, h


def made(paper: Paper, lines: Sequence[str], numbers: Mapping[str, int]) -> str:
    """SHA-256 of the picture of these lines, one under the other; "" where one of them has no known place."""
    pages = scanning.pages_of(paper)
    frames = placing.frames(paper, pages, numbers)
    if not lines or any(line not in frames for line in lines):
        return ""
    pieces = []
    for line in lines:
        path = images.sound(pages[frames[line][0]])
        if path is None:
            return ""
        pieces.append(drawing.cut(path, box_of(frames[line])))
    return images.store(drawing.stacked(pieces))


def last_reason(paper: Paper, by: int) -> str:
    """The reason that this person last gave for a value nobody typed, in the same contest."""
    found = paper.contest.papers.filter(passages__by=by, passages__to=State.SECOND_VISA).order_by("-passages__pk")
    return str(found.values_list("passages__reason", flat=True).first() or "")
