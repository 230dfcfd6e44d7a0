"""The files that a source gives for a role in a language, and the steps each rests on, before any is made."""

from __future__ import annotations

from dataclasses import dataclass

from kalata.training.rules.manuals.pages import Page, cards
from kalata.training.rules.manuals.questions import FORMS, Asked


@dataclass(frozen=True, slots=True)
class Planned:
    path: str
    role: str
    lang: str
    kind: str
    steps: tuple[str, ...]

    def record(self, sha256: str) -> dict[str, object]:
        return {"path": self.path, "sha256": sha256, "role": self.role, "lang": self.lang, "kind": self.kind, "steps": list(self.steps)}  # fmt: skip


def planned(role: str, lang: str, pages: list[Page], questions: list[Asked]) -> list[Planned]:
    """In order of name. A role without questions has no papers of them."""
    every = tuple(dict.fromkeys(s for p in pages for s in p.steps))
    on_card = tuple(x.id for p in cards(pages) for x in p.lines)
    critical = tuple(x.id for p in cards(pages, critical=True) for x in p.lines)
    tested = tuple(dict.fromkeys(q.step for q in questions))
    end = f"{role}.{lang}"
    rows = [
        (f"{kind}.{end}.{form}", kind, steps)
        for kind, steps in (("manual", every), ("card", on_card), ("poster", critical), ("trainer", every))
        for form in ("html", "pdf")
    ]
    rows += [
        (f"manual.{end}.docx", "manual", every),
        (f"slides.{end}.html", "slides", every),
        (f"audio.{end}.txt", "audio", every),
    ]
    if questions:
        rows += [(f"quiz.{end}.{form}.pdf", "quiz", tested) for form in FORMS]
        rows += [(f"quiz.{end}.{form}", kind, tested) for form, kind in (("gift", "gift"), ("xml", "moodle"), ("scorm.zip", "scorm"), ("qti.zip", "qti"))]  # fmt: skip
    return [Planned(path, role, lang, kind, steps) for path, kind, steps in sorted(rows)]
