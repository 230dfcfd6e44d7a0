"""The reasons of a draft, section by section: each version kept, what two judges type at once never lost, remarks, clauses.

The ledger tells that a section was written, by whom and in which version: never a word of it.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from kalata.disputes import kinds
from kalata.disputes.models import Clause, Ruling, RulingRemark, RulingScratch, RulingText
from kalata.disputes.queries import reasons as queries
from kalata.disputes.rules import reasons as rules
from kalata.disputes.rules import rulings as life
from kalata.disputes.rules.reasons import MERITS, PART_LABELS
from kalata.disputes.rules.rulings import LABELS, State
from kalata.disputes.rules.steps import BENCH, RAPPORTEUR
from kalata.disputes.services.guarding import inside_ruling
from kalata.disputes.services.rulings import drafted, locked, subject_of
from kalata.ledger.services import record
from kalata.people.models import Person
from kalata.people.queries import may, may_somewhere
from kalata.refusals import Forbidden


@transaction.atomic
def keep(*, ruling: Ruling, key: str, text: str, base: int, by: Person) -> RulingScratch:
    """Keep what somebody types as a draft of a section, to nobody but that person. DIS-301, DIS-781."""
    held = drafted(ruling, by)
    rules.section_of(key, queries.sections_of(held))
    values = {"text": text[: rules.MOST], "base": base, "at": timezone.now()}
    made, _new = RulingScratch.objects.update_or_create(ruling=held, key=key, by=by, defaults=values)
    return made


@transaction.atomic
def discard(*, ruling: Ruling, key: str, by: Person) -> None:
    """Give up one's own draft of a section; its versions stay."""
    drafted(ruling, by)
    RulingScratch.objects.filter(ruling=ruling, key=key, by=by).delete()


@transaction.atomic
def write(*, ruling: Ruling, key: str, text: str, base: int, by: Person) -> int:
    """Write the next version of a section; its number. The same words make none. base: the version that was read.

    Raises: DIS-301 no draft any more, DIS-781 no such section, DIS-782 a figure that nothing fills, DIS-783 another
    version came between; the draft of the person (`keep`) stays.
    """
    held = drafted(ruling, by)
    section = rules.section_of(key, queries.sections_of(held))
    now, number = queries.current(held, section)
    clean = "\n".join(line.rstrip() for line in text.strip().splitlines())[: rules.MOST]
    if number != base:
        raise rules.SectionMoved(now=number, base=base)
    rules.must_fill(clean, queries.figures_of(held))
    if clean != now or not number:
        number += 1
        RulingText.objects.create(ruling=held, key=key, number=number, text=clean, by=by, at=timezone.now())
        put(held, section, clean)
        after = {"section": section.part, "version": number}
        record(by=by, kind=kinds.RULING_WRITTEN, subject=subject_of(held), after=after, rows=[held])
    RulingScratch.objects.filter(ruling=held, key=key, by=by).delete()
    return number


def put(ruling: Ruling, section: rules.Section, text: str) -> None:
    """The words of a section where the print reads them."""
    if section.part == MERITS:
        one = ruling.outcomes.get(petition__number=section.petition)
        one.reasons = {**one.reasons, section.ground: text}
        one.save(update_fields=["reasons"])
    else:
        ruling.written = {**ruling.written, section.key: text}
        ruling.save(update_fields=["written"])


@transaction.atomic
def answer(*, ruling: Ruling, petition: str, answers: Mapping[str, str], by: Person) -> None:
    """What becomes of each ground of a petition."""
    held = drafted(ruling, by)
    known = {s.ground for s in queries.sections_of(held) if s.part == MERITS and s.petition == petition}
    one = held.outcomes.get(petition__number=petition)
    one.answers = {k: v for k, v in answers.items() if k in known and v in rules.ANSWERS}
    one.save(update_fields=["answers"])
    after = {"section": "answers", "version": len(one.answers)}
    record(by=by, kind=kinds.RULING_WRITTEN, subject=subject_of(held), after=after, rows=[held])


# --- remarks ------------------------------------------------------------------------------------------------
@transaction.atomic
def remark(*, ruling: Ruling, key: str, words: str, by: Person) -> RulingRemark:
    """Say something of a section, until the decision is signed. DIS-301, DIS-781."""
    held = commented(ruling, by)
    rules.section_of(key, queries.sections_of(held))
    made = RulingRemark.objects.create(ruling=held, key=key, words=words.strip()[:2_000], by=by, at=timezone.now())
    told(held, key, by, resolved=False)
    return made


@transaction.atomic
def resolve(*, ruling: Ruling, remark_id: int, by: Person) -> RulingRemark:
    """Say that a remark is answered; it stays in sight. Twice changes nothing."""
    held = commented(ruling, by)
    one = RulingRemark.objects.select_for_update().get(pk=remark_id, ruling=held)
    if one.resolved_at is None:
        one.resolved_by, one.resolved_at = by, timezone.now()
        one.save(update_fields=["resolved_by", "resolved_at"])
        told(held, one.key, by, resolved=True)
    return one


def commented(ruling: Ruling, by: Person) -> Ruling:
    held = locked(ruling)
    if not any(may(by, right, contest=held.contest_id) for right in (RAPPORTEUR, BENCH)):
        raise Forbidden(right=BENCH)
    inside_ruling(by, held)
    if held.state not in (State.DRAFT, State.GATE):
        raise life.NotADraft(number=held.number, state=LABELS[State(held.state)])
    return held


def told(ruling: Ruling, key: str, by: Person, *, resolved: bool) -> None:
    after = {"section": key.partition(":")[0], "resolved": resolved}
    record(by=by, kind=kinds.RULING_REMARKED, subject=subject_of(ruling), after=after, rows=[ruling])


# --- clauses ------------------------------------------------------------------------------------------------
@transaction.atomic
def clause(*, code: str, title: str, part: str, text: str, base: int, by: Person) -> Clause:
    """Write a clause of the Court, or its next version. base: the version that was read, 0 for a new one. DIS-783."""
    if not may_somewhere(by, RAPPORTEUR):
        raise Forbidden(right=RAPPORTEUR)
    if part not in PART_LABELS:
        raise rules.NoSuchSection(key=part)
    last = Clause.objects.select_for_update().filter(code=code).order_by("-number").first()
    number = last.number if last else 0
    if number != base:
        raise rules.SectionMoved(now=number, base=base)
    made = Clause.objects.create(
        code=code, number=number + 1, title=title, part=part, text=text.strip()[: rules.MOST], by=by, at=timezone.now()
    )
    record(by=by, kind=kinds.CLAUSE_KEPT, subject="house:court", after={"clause": code, "version": made.number})
    return made
