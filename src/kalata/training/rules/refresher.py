"""The one page that follows a change of a decisive step: what changed, and a few questions on it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kalata.training.rules.manuals import questions
from kalata.training.rules.manuals.pages import Teller
from kalata.training.rules.source.values import Source

Content = Mapping[str, Any]
QUESTIONS = 3
FORM = "R"
CLOSED = ("choice", "true_false")
"""Kinds that a page without script, a telephone call and a sheet of paper ask alike."""


def critical(content: Content) -> dict[str, Any]:
    return {s["id"]: s for s in (content.get("steps") or ()) if s.get("critical")}


def changed(before: Content, now: Content) -> list[str]:
    """Decisive steps that are new, gone or another, in the order of the version that comes; those that are gone last."""
    old, new = critical(before), critical(now)
    return [k for k in new if old.get(k) != new[k]] + [k for k in old if k not in new]


@dataclass(frozen=True, slots=True)
class Change:
    """A step as it was and as it is, in words. was: "" it is new; now: "" it is gone."""

    step: str
    was: str
    now: str
    why: str = ""
    check: str = ""


@dataclass(frozen=True, slots=True)
class Course:
    changes: tuple[Change, ...]
    rows: tuple[questions.Row, ...]
    said: Mapping[str, str]
    """Question -> why its answer is right, where its author wrote it."""

    def right(self, row: questions.Row) -> str:
        return "".join(letter for letter, _text, ok in row.options if ok)


def course(source: Source, procedure: str, before: Content, now: Content, lang: str, words: tuple[str, str]) -> Course:
    """The page in a language. Questions on what changed come first, then others of the same procedure, three at most."""
    teller, ids = Teller(source, lang), changed(before, now)
    old, new = critical(before), critical(now)

    def told(step: Any, field: str) -> str:
        said = (step or {}).get(field) or {}
        return teller.tell({"": said} if isinstance(said, str) else said)

    changes = [
        Change(k, told(old.get(k), "do"), told(new.get(k), "do"), told(new.get(k), "why"), told(new.get(k), "check"))
        for k in ids
    ]
    role = next(iter(next(p for p in source.procedures if p.id == procedure).roles))
    mine = [q for q in questions.asked(source, role, lang) if q.question.kind in CLOSED and q.question.category.endswith(f"/{procedure}")]  # fmt: skip
    mine.sort(key=lambda q: (q.step not in ids, not q.critical))
    chosen = [q.question for q in mine[:QUESTIONS]]
    rows = tuple(questions.row(n, q, FORM, words) for n, q in enumerate(chosen, 1))
    return Course(tuple(changes), rows, {q.id: q.feedback for q in chosen})


def marked(found: Course, given: Mapping[int, str]) -> list[tuple[questions.Row, str, bool]]:
    """Each question with the letter given and whether it is right; none given is wrong."""
    return [(r, given.get(r.number, ""), bool(given.get(r.number)) and given[r.number] == found.right(r)) for r in found.rows]  # fmt: skip
