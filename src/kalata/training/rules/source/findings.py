"""What keeps a source from being printed, and what its readers are told: each with the procedure, the step, the language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kalata.text import Message
from kalata.text import gettext_noop as _
from kalata.training.rules.source import law as the_law
from kalata.training.rules.source.law import Force, Law
from kalata.training.rules.source.numbers import Value, held, values
from kalata.training.rules.source.values import Basis, Item, Procedure, Said, Source, Status, Step

PLACE = re.compile(r"\{([^{}]*)\}")
FORCE = {
    Force.UNKNOWN_TEXT: _("aucun texte du pack n’a cet identifiant"),
    Force.UNKNOWN_VERSION: _("aucun texte du pack n’a changé cet article ce jour-là"),
    Force.NOT_YET: _("cette version n’est pas encore en vigueur"),
    Force.NO_LONGER: _("ce texte n’est plus en vigueur"),
    Force.REPLACED: _("une version plus récente du même article est citée et en vigueur"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What does not hold at one place. step: of a step, a doubtful case, a fault or a question; "" the whole procedure."""

    code: str
    procedure: str
    step: str
    lang: str
    says: Message

    def record(self) -> dict[str, object]:
        return {"code": self.code, "procedure": self.procedure, "step": self.step, "lang": self.lang, "says": self.says.both()}  # fmt: skip


SAYS = {
    "critical_without_item": _("L’étape %(step)s est critique et aucune question ne l’éprouve."),
    "missing_language": _("%(step)s (%(field)s) n’est pas écrit en « %(lang)s »."),
    "unknown_parameter": _("%(step)s (%(field)s) cite le paramètre {%(value)s}, que la source ne donne pas."),
    "typed_number": _("%(step)s (%(field)s) écrit « %(value)s » : le paramètre {%(key)s} le tient, citez-le."),
    "branch_to_nowhere": _("Le cas %(step)s mène à « %(value)s », qui n’est ni une étape ni une procédure."),
    "item_to_nowhere": _("La question %(step)s porte sur « %(value)s », qui n’est pas dans la source."),
    "duplicate_id": _("L’identifiant « %(step)s » est donné deux fois."),
    "unknown_pictogram": _("L’étape %(step)s montre le pictogramme « %(value)s », qui n’est pas dans la source."),
    "no_basis": _("L’étape %(step)s ne cite aucun article et ne dit pas « pratique, sans texte »."),
    "not_approved": _("La procédure n’est pas approuvée (état : %(value)s)."),
    "not_in_force": _("%(step)s cite %(value)s : au %(on)s, %(why)s."),
    "practice": _("L’étape %(step)s est une pratique : aucun texte ne la prescrit."),
    "unverified": _("%(step)s cite %(value)s, que personne n’a vérifié sur le texte."),
    "unlinked_error": _("Le cas d’erreur %(step)s renvoie à « %(value)s », qui n’est pas une étape."),
}
DRAFT_ONLY = frozenset({"not_approved", "not_in_force", "no_basis"})
"""What a draft may still lack: it is told of instead."""


def judged(source: Source, law: Law, langs: Sequence[str], roles: Sequence[str] = (), *, draft: bool = False) -> tuple[list[Finding], list[Finding]]:  # fmt: skip
    """(what keeps it from being printed in these languages for these roles, what is told beside), in the order of the source."""
    wrong: list[Finding] = []
    told: list[Finding] = []
    for one in Judge(source, law, langs).all(roles):
        (told if one.code in ("practice", "unverified") or (draft and one.code in DRAFT_ONLY) else wrong).append(one)
    return wrong, told


class Judge:
    """One reading of a source with what it is read against."""

    def __init__(self, source: Source, law: Law, langs: Sequence[str]) -> None:
        self.source, self.law, self.langs = source, law, list(langs)
        self.steps = source.steps()
        self.places = {*self.steps, *(p.id for p in source.procedures)}
        self.others = {b.id for p in source.procedures for b in p.branches} | {e.id for p in source.procedures for e in p.error_cases}  # fmt: skip
        self.tested = {i.step for p in source.procedures for i in p.items if i.asked}
        self.versions = the_law.versions(source)
        self.held: dict[Value, str] = {}
        for key, words in source.parameters.items():
            for text in words.values():
                for value in held(text):
                    self.held.setdefault(value, key)

    def all(self, roles: Sequence[str]) -> Iterator[Finding]:
        asked = [p for p in self.source.procedures if not roles or set(roles) & set(p.roles)]
        yield from self.repeated()
        for p in asked:
            yield from self.of_procedure(p)

    def finding(self, code: str, p: Procedure, step: str, lang: str = "", **said: object) -> Finding:
        return Finding(code, p.id, step, lang, Message(SAYS[code], {"step": step or p.id, "lang": lang, **said}))

    def repeated(self) -> Iterator[Finding]:
        seen: set[str] = set()
        for p in self.source.procedures:
            ids = [p.id, *(s.id for s in p.steps), *(b.id for b in p.branches), *(e.id for e in p.error_cases), *(i.id for i in p.items)]  # fmt: skip
            for one in ids:
                if one in seen:
                    yield self.finding("duplicate_id", p, one)
                seen.add(one)

    def of_procedure(self, p: Procedure) -> Iterator[Finding]:
        if p.status is not Status.APPROVED:
            yield self.finding("not_approved", p, "", value=p.status.value)
        yield from self.sentence(p, "", "title", p.title, needed=True)
        for s in p.steps:
            yield from self.of_step(p, s)
        for b in p.branches:
            if b.then not in self.places:
                yield self.finding("branch_to_nowhere", p, b.id, value=b.then)
            yield from self.sentence(p, b.id, "when", b.when, needed=self.critical(b.then))
            yield from self.bases(p, b.id, b.basis)
        for e in p.error_cases:
            if e.step and e.step not in self.places:
                yield self.finding("unlinked_error", p, e.id, value=e.step)
            for field, said in e.sentences():
                yield from self.sentence(p, e.id, field, said, needed=self.critical(e.step))
        for i in p.items:
            yield from self.of_item(p, i)

    def critical(self, step: str) -> bool:
        return step in self.steps and self.steps[step].critical

    def of_step(self, p: Procedure, s: Step) -> Iterator[Finding]:
        if s.critical and s.id not in self.tested:
            yield self.finding("critical_without_item", p, s.id)
        if s.pictogram and s.pictogram not in self.source.pictograms:
            yield self.finding("unknown_pictogram", p, s.id, value=s.pictogram)
        for field, said in s.sentences():
            yield from self.sentence(p, s.id, field, said, needed=s.critical)
        if s.practice:
            yield self.finding("practice", p, s.id)
        elif not s.basis:
            yield self.finding("no_basis", p, s.id)
        yield from self.bases(p, s.id, s.basis)

    def bases(self, p: Procedure, place: str, bases: Sequence[Basis]) -> Iterator[Finding]:
        on = self.source.on
        for one in bases:
            force = self.law.force(one, on, self.versions.get(one.article, ()))
            if force is not Force.IN_FORCE:
                yield self.finding(
                    "not_in_force", p, place, value=str(one), on=on.isoformat(), why=Message(FORCE[force])
                )
            if self.law.unverified(one):
                yield self.finding("unverified", p, place, value=str(one))

    def of_item(self, p: Procedure, i: Item) -> Iterator[Finding]:
        if i.step not in self.places and i.step not in self.others:
            yield self.finding("item_to_nowhere", p, i.id, value=i.step)
        needed = self.critical(i.step) and i.asked
        yield from self.sentence(p, i.id, "text", i.text, needed=needed)
        for n, a in enumerate(i.answers, 1):
            right = a.fraction != "0" and not a.fraction.startswith("-")
            for field, said in (("text", a.text), ("right", a.right), ("feedback", a.feedback), ("value", {"": a.value} if a.value else {})):  # fmt: skip
                if said:
                    yield from self.sentence(p, i.id, f"answers.{n}.{field}", said, needed=needed, number=right)
        if i.feedback:
            yield from self.sentence(p, i.id, "feedback", i.feedback, needed=needed)

    def sentence(
        self, p: Procedure, place: str, field: str, said: Said, *, needed: bool = False, number: bool = True
    ) -> Iterator[Finding]:
        """What is wrong with one sentence. needed: in every language asked; number: what is typed there counts."""
        if needed and "" not in said:
            for lang in self.langs:
                if lang not in said:
                    yield self.finding("missing_language", p, place, lang, field=field)
        for lang, text in said.items():
            for key in PLACE.findall(text):
                if self.source.parameter(key, lang or self.langs[0]) is None:
                    yield self.finding("unknown_parameter", p, place, lang, field=field, value=key)
            for written, means in values(text) if number else ():
                if key := next((self.held[v] for v in sorted(means, key=repr) if v in self.held), ""):
                    yield self.finding("typed_number", p, place, lang, field=field, value=written, key=key)
