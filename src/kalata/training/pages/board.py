"""The board as its page draws it: shares, regions worst first, stations by how many are there."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from kalata.training.models import PostBook
from kalata.training.queries.posts_day import Seen
from kalata.training.rules.readiness import REASONS, Readiness
from kalata.training.rules.reasons import WORDS

FLOOR = 80
"""The bar of a region begins at so many percent: below, it is empty, and its figure says it."""


@dataclass(frozen=True, slots=True)
class Region:
    name: str
    posts: int
    absent: int
    share: Fraction | None
    bar: int


def drawn(seen: Seen, book: PostBook, ready: Readiness) -> dict[str, Any]:
    board = seen.board
    regions = [region(seen.names.get(r, ""), n, there) for r, (n, there) in board.regions.items()]
    regions.sort(key=lambda r: (r.share if r.share is not None else Fraction(2), r.name))
    return {
        "board": board, "quorum": seen.quorum, "at": seen.at, "alarm": board.alarm(book.threshold), "threshold": book.threshold,
        "mark": max(0, (book.threshold - FLOOR) * 100 // (100 - FLOOR)), "regions": regions, "begun": board.answered > 0,
        "country": region("", sum(r.posts for r in regions), sum(r.posts - r.absent for r in regions)) if len(regions) > 1 else None,
        "counts": [(n, board.by_present[n]) for n in sorted(board.by_present, reverse=True)],
        "ready": ready, "reasons": [(key, WORDS[key], ready.reasons[key]) for key in REASONS if ready.reasons[key]],
    }  # fmt: skip


def region(name: str, posts: int, there: int) -> Region:
    share = Fraction(there, posts) if posts else None
    bar = max(0, round((share * 100 - FLOOR) * 100 / (100 - FLOOR))) if share is not None else 0
    return Region(name, posts, posts - there, share, bar)
