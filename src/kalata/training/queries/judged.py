"""Posts read with what each still lacks, told by the one rule of readiness, as they are fetched."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.db import models

Judge = Callable[[Sequence[Any]], Mapping[int, tuple[str, ...]]]
"""Posts -> what each lacks, by its number; () where it is covered."""


class Posts(models.QuerySet[Any]):
    """`judged(judge)`: each row that is fetched carries `reasons`."""

    judge: Judge | None = None

    def judged(self, judge: Judge) -> Posts:
        found = self.all()
        found.judge = judge
        return found

    def _clone(self) -> Posts:
        made: Posts = super()._clone()  # type: ignore[misc]
        made.judge = self.judge
        return made

    def _fetch_all(self) -> None:
        fresh = self._result_cache is None  # type: ignore[has-type]
        super()._fetch_all()  # type: ignore[misc]
        if fresh and self.judge:
            tell(self.judge, self._result_cache or ())

    def iterator(self, chunk_size: int | None = None) -> Iterator[Any]:
        judge, kept = self.judge, []
        for row in super().iterator(chunk_size=chunk_size or 2_000):
            if judge is None:
                yield row
                continue
            kept.append(row)
            if len(kept) == 2_000:
                tell(judge, kept)
                yield from kept
                kept = []
        if judge:
            tell(judge, kept)
        yield from kept


def tell(judge: Judge, rows: Sequence[Any]) -> None:
    found = [row for row in rows if isinstance(row, models.Model)]
    said = judge(found) if found else {}
    for row in found:
        row.reasons = said.get(row.pk, ())  # type: ignore[attr-defined]
