"""Questions of the simple kinds as rows: one a question, its answers in columns. Cells are texts, as written."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from kalata.training.rules.quiz.faults import BadQuestion
from kalata.training.rules.quiz.question import Question, of_json

SIMPLE = ("choice", "multi", "true_false", "short", "essay", "description")
HEAD = ("id", "category", "title", "format", "kind", "text", "feedback")
MOST = 12


def header(questions: Sequence[Question]) -> list[str]:
    n = max([2, *(len(q.answers) for q in questions)])
    return [*HEAD, *(f"{name}_{i}" for i in range(1, n + 1) for name in ("answer", "fraction", "feedback"))]


def rows(questions: Sequence[Question]) -> list[list[str]]:
    """The header, then a row a question."""
    names = header(questions)
    out = [names]
    for one in questions:
        cells = {k: getattr(one, k) for k in HEAD}
        replies = [(a.text, a.fraction, a.feedback) for a in one.answers]
        if one.kind == "true_false":
            replies = [("true" if one.answer else "false", "1", one.feedback_right), ("false" if one.answer else "true", "0", one.feedback_wrong)]  # fmt: skip
        for n, said in enumerate(replies, 1):
            cells |= dict(zip((f"answer_{n}", f"fraction_{n}", f"feedback_{n}"), said, strict=True))
        out.append([cells.get(name, "") for name in names])
    return out


def as_csv(questions: Sequence[Question]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows(rows(questions))
    return "\ufeff" + out.getvalue()


def read(found: Iterable[Mapping[str, str]], file: str) -> list[Question]:
    """Rows by column name to questions. TRN-301 names the row."""
    said = []
    for number, row in enumerate(found, 2):
        if row.get("kind") not in SIMPLE:
            raise BadQuestion(
                file=file, field=f"{number}, kind", why=f"{row.get('kind', '')[:40]} / {', '.join(SIMPLE)}"
            )
        said.append(record(row))
    return of_json({"questions": said}, file)


def record(row: Mapping[str, str]) -> dict[str, object]:
    one: dict[str, object] = {**{k: row.get(k, "") for k in HEAD}, "format": row.get("format") or "plain"}
    replies, n = [], 1
    while f"answer_{n}" in row:
        text, fraction, feedback = (row.get(f"{k}_{n}", "") for k in ("answer", "fraction", "feedback"))
        if text or feedback or fraction:
            replies.append({"text": text, "fraction": fraction or "0", "feedback": feedback})
        n += 1
    if row["kind"] == "true_false":
        right = next((r for r in replies if r["fraction"] == "1"), {"text": "", "feedback": ""})
        wrong = next((r for r in replies if r["fraction"] != "1"), {"text": "", "feedback": ""})
        answer = {"true": True, "false": False}.get(right["text"].strip().lower())
        return one | {"answer": answer, "feedback_right": right["feedback"], "feedback_wrong": wrong["feedback"]}
    return one | ({"answers": replies} if row["kind"] in ("choice", "multi", "short") else {})
