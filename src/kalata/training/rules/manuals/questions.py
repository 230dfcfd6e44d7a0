"""The items of a role as questions in a language, and as two papers of the same questions in another order."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from kalata.text import Message
from kalata.text import gettext_noop as _
from kalata.training.rules.manuals.pages import Teller
from kalata.training.rules.quiz.question import NUMBER, Question, Reply, fault
from kalata.training.rules.source.faults import BadSource
from kalata.training.rules.source.values import Answer, Item, Source

FORMS = ("A", "B")
LETTERS = "ABCDEFGHIJ"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and the step (case, fault) it is about."""

    step: str
    question: Question
    critical: bool


def asked(source: Source, role: str, lang: str) -> list[Asked]:
    """The questions of a role that are written in this language; one that is not whole in it is not asked in it."""
    teller = Teller(source, lang)
    critical = {s.id for s in source.steps().values() if s.critical}
    about = {e.id: e.step for p in source.procedures for e in p.error_cases if e.step}
    about |= {b.id: teller.target(b) for p in source.procedures for b in p.branches}
    found = []
    for p in source.of(role):
        for i in p.items:
            if i.asked and written(i, teller):
                step = about.get(i.step, i.step)
                found.append(Asked(teller.first.get(step, step), question(i, f"{role}/{p.id}", teller, p.file), i.critical or i.step in critical))  # fmt: skip
    return found


def written(i: Item, teller: Teller) -> bool:
    return teller.has(i.text) and all(teller.has(a.text) and teller.has(a.right) for a in i.answers)


def question(i: Item, category: str, teller: Teller, file: str) -> Question:
    pairs = tuple((teller.tell(a.text), teller.tell(a.right)) for a in i.answers) if i.kind == "match" else ()
    answers = tuple(reply(a, teller) for a in i.answers) if i.kind in ("choice", "multi", "short", "numeric") else ()
    one = Question(
        id=i.id, kind=i.kind, category=category, title=i.id, text=teller.tell(i.text), answers=answers, answer=i.answer, pairs=pairs,
        feedback=teller.tell(i.feedback),
    )  # fmt: skip
    wrong = fault(one) or next((Message(_("« %(value)s » n’est pas un nombre"), {"value": a.value}) for a in answers if a.value and not NUMBER.fullmatch(a.value)), None)  # fmt: skip
    if wrong:
        raise BadSource(file=file, field=i.id, why=wrong)
    return one


def reply(a: Answer, teller: Teller) -> Reply:
    tolerance = teller.put(a.tolerance) if a.tolerance else None
    return Reply(text=teller.tell(a.text), fraction=a.fraction, feedback=teller.tell(a.feedback), value=teller.put(a.value), tolerance=tolerance)  # fmt: skip


# --- papers -------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Row:
    """A question of a paper. options: (letter, text, right); none: it is answered in writing."""

    number: int
    id: str
    kind: str
    text: str
    options: tuple[tuple[str, str, bool], ...]
    halves: tuple[str, ...] = ()


def mixed(form: str, names: Sequence[str], salt: str) -> list[int]:
    """The order of a form: places sorted by a hash, the same each time and another for each form."""
    return sorted(range(len(names)), key=lambda n: hashlib.sha256(f"{form}|{salt}|{names[n]}|{n}".encode()).digest())


def paper(questions: Sequence[Asked], form: str, words: tuple[str, str]) -> list[Row]:
    """The questions of a form, each answer at its letter."""
    shown = [q.question for q in questions if q.question.kind != "description"]
    return [row(n, shown[at], form, words) for n, at in enumerate(mixed(form, [q.id for q in shown], ""), 1)]


def row(n: int, q: Question, form: str, words: tuple[str, str]) -> Row:
    options: list[tuple[str, bool]] = []
    if q.kind == "true_false":
        options = [(words[0], q.answer is True), (words[1], q.answer is False)]
    elif q.kind in ("choice", "multi"):
        right = [(a.text, not a.fraction.startswith("-") and a.fraction != "0" if q.kind == "multi" else a.fraction == "1") for a in q.answers]  # fmt: skip
        options = [right[at] for at in mixed(form, [t for t, _r in right], q.id)]
    elif q.kind == "match":
        halves = sorted({right for _left, right in q.pairs})
        text = "\n".join([q.text, *(f"– {left}" for left, _r in q.pairs if left)])
        return Row(n, q.id, q.kind, text, (), tuple(halves))
    return Row(n, q.id, q.kind, q.text, tuple((LETTERS[k % 10], t, r) for k, (t, r) in enumerate(options)))


def form_id(rows: Sequence[Row], role: str, lang: str, form: str) -> str:
    """The hash by which a sheet says of which paper it is: questions and the order of their answers."""
    said = "|".join([role, lang, form, *(f"{r.id}:{'/'.join(t for _l, t, _r in r.options)}" for r in rows)])
    return hashlib.sha256(said.encode()).hexdigest()[:12]
