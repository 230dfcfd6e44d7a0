"""A moot case as data: stages whose facts open one after another, documents, questions, the rubric of what is written.

One shape serves three kinds: a case before a bench, a unit of ethics, a crisis with timed injects. What can be computed is
never typed: a question names the engine that answers it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from kalata.text import Named
from kalata.text import gettext_noop as _
from kalata.training.rules.moots.refusals import BadCase

LEAST_BENCH, MOST_BENCH = 3, 9
NOTHING = Named("", "")
LEVELS = 5
"""0 to 4."""


class Sort(StrEnum):
    MOOT = "moot"
    ETHICS = "ethics"
    CRISIS = "crisis"


SORTS = {Sort.MOOT: _("affaire-école"), Sort.ETHICS: _("unité d’éthique"), Sort.CRISIS: _("simulation de crise")}


class Asks(StrEnum):
    CHOICE = "choice"
    DECLARE = "declare"
    COMPUTED = "computed"
    WRITTEN = "written"


TOPICS = {
    "sources": _("sources du droit et rang des traités"), "standing": _("compétence et qualité pour agir"), "admissibility": _("recevabilité et vices régularisables"),
    "deadlines": _("délais et leur calcul"), "evidence": _("preuve"), "inquiry": _("instruction et établissement des faits"), "standard": _("standard de preuve"),
    "statistics": _("statistique devant le juge"), "effect": _("effet sur le résultat et annulation partielle"), "remedies": _("mesures et exécution"),
    "writing": _("rédaction motivée"), "hearing": _("tenue de l’audience et publicité"), "ethics": _("éthique et récusation"), "communication": _("communication de la Cour"),
    "leadership": _("conduite et décision"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Option:
    id: str
    text: Named


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a stage. right: ids that are right, () where none is (a dilemma); planted: what had to be declared.

    critical: whoever misses it has failed, whatever the marks. minutes: within which a first decision is expected.
    """

    id: str
    asks: Asks
    text: Named
    options: tuple[Option, ...] = ()
    right: tuple[str, ...] = ()
    planted: tuple[str, ...] = ()
    critical: bool = False
    minutes: int = 0
    engine: Mapping[str, Any] | None = None
    why: Named = NOTHING

    @property
    def gradable(self) -> bool:
        """Does the house say right or wrong?"""
        return self.asks in (Asks.COMPUTED, Asks.DECLARE) or bool(self.right)


@dataclass(frozen=True, slots=True)
class Paper:
    title: Named
    text: Named


@dataclass(frozen=True, slots=True)
class Stage:
    """What opens at once. at: minute of a timed inject, None where it opens after the one before."""

    no: int
    title: Named
    at: int | None
    minutes: int
    facts: tuple[Named, ...]
    papers: tuple[Paper, ...]
    law: tuple[str, ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Criterion:
    id: str
    weight: int
    text: Named
    levels: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class Case:
    id: str
    sort: Sort
    title: Named
    lesson: Named
    topics: tuple[str, ...]
    difficulty: int
    pack: str
    on: date
    sources: tuple[str, ...]
    confidence: str
    stages: tuple[Stage, ...]
    rubric: tuple[Criterion, ...]
    election: Mapping[str, Any] | None = None

    def questions(self) -> Iterator[Question]:
        for stage in self.stages:
            yield from stage.questions

    def question(self, id_: str) -> Question | None:
        return next((q for q in self.questions() if q.id == id_), None)

    def stage(self, no: int) -> Stage | None:
        return next((s for s in self.stages if s.no == no), None)


def digest(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(
        json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    ).hexdigest()


# --- reading -------------------------------------------------------------------------------------------------------
class Reader:
    """Reads a mapping field by field; what cannot be read is named by its path (TRN-521)."""

    def __init__(self, case: str) -> None:
        self.case = case

    def bad(self, field: str, value: object, form: str) -> BadCase:
        return BadCase(case=self.case, field=field, value="–" if value is None else str(value)[:80], form=form)

    def table(self, value: object, field: str, known: str) -> Mapping[str, Any]:
        if not isinstance(value, Mapping):
            raise self.bad(field, value, "{…}")
        for key in value:
            if key not in known.split():
                raise self.bad(f"{field}.{key}", key, known.replace(" ", ", "))
        return value

    def rows(self, value: object, field: str, least: int = 0, most: int = 60) -> Sequence[Any]:
        found = [] if value is None else value
        if not isinstance(found, list | tuple) or not least <= len(found) <= most:
            raise self.bad(field, value, f"{least}–{most}")
        return found

    def code(self, value: object, field: str) -> str:
        if not isinstance(value, str) or not value.strip() or len(value) > 60:
            raise self.bad(field, value, "code")
        return value.strip()

    def named(self, value: object, field: str, most: int = 4_000) -> Named:
        """Both languages, always."""
        if not isinstance(value, Mapping) or set(value) != {"fr", "en"}:
            raise self.bad(field, value, "{fr: …, en: …}")
        for lang, text in value.items():
            if not isinstance(text, str) or not text.strip() or len(text) > most:
                raise self.bad(f"{field}.{lang}", text, f"1–{most}")
        return Named(value["fr"].strip(), value["en"].strip())

    def number(self, value: object, field: str, least: int, most: int) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise self.bad(field, value, f"{least}–{most}")
        return value

    def question(self, raw: object, field: str) -> Question:
        row = self.table(raw, field, "id asks text options right planted critical minutes engine why")
        asks_ = str(row.get("asks"))
        if asks_ not in set(Asks):
            raise self.bad(f"{field}.asks", asks_, ", ".join(a.value for a in Asks))
        asks = Asks(asks_)
        options = tuple(self.option(o, f"{field}.options") for o in self.rows(row.get("options"), f"{field}.options"))
        known = {o.id for o in options}
        if len(known) < len(options) or (asks in (Asks.CHOICE, Asks.DECLARE)) != bool(options):
            raise self.bad(f"{field}.options", ", ".join(o.id for o in options), "[{id, text}]")
        right, planted = (tuple(self.rows(row.get(k), f"{field}.{k}")) for k in ("right", "planted"))
        for name, ids in (("right", right), ("planted", planted)):
            if not set(ids) <= known:
                raise self.bad(f"{field}.{name}", ", ".join(map(str, ids)), ", ".join(sorted(known)))
        if (asks is Asks.DECLARE) != bool(planted) or (right and asks is not Asks.CHOICE):
            raise self.bad(f"{field}.planted", asks_, "declare: planted, choice: right")
        engine = row.get("engine")
        if (asks is Asks.COMPUTED) != isinstance(engine, Mapping):
            raise self.bad(f"{field}.engine", engine, "{by: …, ask: …}")
        critical = row.get("critical", asks is Asks.DECLARE)
        if not isinstance(critical, bool) or (critical and asks is Asks.WRITTEN):
            raise self.bad(f"{field}.critical", critical, "true, false")
        why = row.get("why")
        return Question(
            id=self.code(row.get("id"), f"{field}.id"), asks=asks, text=self.named(row.get("text"), f"{field}.text"), options=options,
            right=tuple(map(str, right)), planted=tuple(map(str, planted)), critical=critical or asks is Asks.DECLARE,
            minutes=self.number(row.get("minutes", 0), f"{field}.minutes", 0, 600), engine=engine, why=self.named(why, f"{field}.why") if why else NOTHING,
        )  # fmt: skip

    def option(self, raw: object, field: str) -> Option:
        row = self.table(raw, field, "id text")
        return Option(self.code(row.get("id"), f"{field}.id"), self.named(row.get("text"), f"{field}.text"))

    def paper(self, raw: object, field: str) -> Paper:
        row = self.table(raw, field, "title text")
        return Paper(self.named(row.get("title"), f"{field}.title"), self.named(row.get("text"), f"{field}.text"))

    def stage(self, raw: object, no: int) -> Stage:
        field = f"stages[{no}]"
        row = self.table(raw, field, "title at minutes facts papers law questions")
        at = row.get("at")
        return Stage(
            no=no, title=self.named(row.get("title"), f"{field}.title", 200), at=None if at is None else self.number(at, f"{field}.at", 0, 600),
            minutes=self.number(row.get("minutes", 30), f"{field}.minutes", 1, 600),
            facts=tuple(self.named(f, f"{field}.facts") for f in self.rows(row.get("facts"), f"{field}.facts", 1)),
            papers=tuple(self.paper(p, f"{field}.papers") for p in self.rows(row.get("papers"), f"{field}.papers")),
            law=tuple(self.code(c, f"{field}.law") for c in self.rows(row.get("law"), f"{field}.law")),
            questions=tuple(self.question(q, f"{field}.questions") for q in self.rows(row.get("questions"), f"{field}.questions", 1)),
        )  # fmt: skip

    def criterion(self, raw: object, n: int) -> Criterion:
        field = f"rubric[{n}]"
        row = self.table(raw, field, "id weight text levels")
        levels = tuple(
            self.named(v, f"{field}.levels", 400)
            for v in self.rows(row.get("levels"), f"{field}.levels", LEVELS, LEVELS)
        )
        return Criterion(
            self.code(row.get("id"), f"{field}.id"),
            self.number(row.get("weight"), f"{field}.weight", 1, 10),
            self.named(row.get("text"), f"{field}.text", 300),
            levels,
        )


KEYS = "id sort title lesson topics difficulty regime source confidence election stages rubric"


def case_of(raw: object) -> Case:
    """The case in a mapping. Raises: TRN-521 with the field."""
    read = Reader(str(raw.get("id") or "–")[:60] if isinstance(raw, Mapping) else "–")
    row = read.table(raw, "case", KEYS)
    sort = str(row.get("sort"))
    if sort not in set(Sort):
        raise read.bad("sort", sort, ", ".join(s.value for s in Sort))
    regime = read.table(row.get("regime"), "regime", "pack on")
    try:
        on = date.fromisoformat(str(regime.get("on")))
    except ValueError:
        raise read.bad("regime.on", regime.get("on"), "AAAA-MM-JJ") from None
    topics = tuple(read.rows(row.get("topics"), "topics", 1))
    if not set(topics) <= set(TOPICS):
        raise read.bad("topics", ", ".join(map(str, topics)), ", ".join(TOPICS))
    stages = tuple(read.stage(s, n) for n, s in enumerate(read.rows(row.get("stages"), "stages", 1, 20), 1))
    rubric = tuple(read.criterion(c, n) for n, c in enumerate(read.rows(row.get("rubric"), "rubric", 0, 12), 1))
    found = Case(
        id=read.code(row.get("id"), "id"), sort=Sort(sort), title=read.named(row.get("title"), "title", 200), lesson=read.named(row.get("lesson"), "lesson", 400),
        topics=topics, difficulty=read.number(row.get("difficulty"), "difficulty", 1, 3), pack=read.code(regime.get("pack"), "regime.pack"), on=on,
        sources=tuple(read.code(s, "source") for s in read.rows(row.get("source"), "source")), confidence=read.code(row.get("confidence"), "confidence"),
        stages=stages, rubric=rubric, election=row.get("election"),
    )  # fmt: skip
    whole(found, read)
    return found


def whole(case: Case, read: Reader) -> None:
    """What no single field shows: one id a question, a rubric where something is written, injects in their order."""
    ids = [q.id for q in case.questions()]
    if len(set(ids)) < len(ids):
        raise read.bad("stages.questions.id", ", ".join(ids), _("un identifiant par question"))
    if len({c.id for c in case.rubric}) < len(case.rubric):
        raise read.bad("rubric.id", ", ".join(c.id for c in case.rubric), _("un identifiant par critère"))
    if not case.rubric:
        raise read.bad("rubric", None, "[{id, weight, text, levels}]")
    timed = [s.at for s in case.stages]
    if case.sort is Sort.CRISIS and (None in timed or timed != sorted(t or 0 for t in timed)):
        raise read.bad("stages.at", ", ".join(map(str, timed)), "0 ≤ 5 ≤ 12 …")
    if any(q.engine and q.engine.get("by") in ("effect", "ceiling") for q in case.questions()) and not case.election:
        raise read.bad("election", None, "{contest, options, stations}")


def words(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """(path, text) of every sentence of a case: what a test of names reads."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, one in value.items():
            if key not in ("id", "source", "confidence", "law", "by", "ask", "norm", "sort", "pack"):
                yield from words(one, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list | tuple):
        for n, one in enumerate(value, 1):
            yield from words(one, f"{path}[{n}]")
