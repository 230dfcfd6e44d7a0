"""Sittings as each may read them: who holds them all of it, who sits their own and what is open, raters not each other's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from kalata.people.queries import may
from kalata.people.rules.shown import mark
from kalata.training.models import ActionFollowed, ActionPlan, MootAnswer, MootRater, MootSeat, MootSheet, MootSitting
from kalata.training.queries import moots
from kalata.training.rules.moot_states import FOLLOWED, Sitting
from kalata.training.rules.moots import judging, rating
from kalata.training.rules.moots.case import Case, Sort, Stage
from kalata.training.rules.rights import HOLD


def sittings(person: Any) -> QuerySet[MootSitting]:
    """All of them for who holds sittings; else those where this person sits or rates."""
    found = MootSitting.objects.select_related("version__case", "held_by").annotate(bench=Count("seats", distinct=True))
    if not getattr(person, "pk", None):
        return found.none()
    if may(person, HOLD):
        return found
    mine = Q(seats__person=person.pk) | Q(raters__person=person.pk)
    return found.filter(pk__in=MootSitting.objects.filter(mine).order_by().values("pk"))


def listed(person: Any, asked: Any) -> QuerySet[MootSitting]:
    found = sittings(person)
    if asked.q:
        found = found.filter(Q(title__icontains=asked.q) | Q(version__case__code__icontains=asked.q))
    if asked.etat:
        found = found.filter(state=asked.etat)
    if asked.sorte:
        found = found.filter(version__case__sort=asked.sorte)
    return found


def sitting_for(person: Any, pk: int) -> MootSitting | None:
    return sittings(person).filter(pk=pk).first()


def holds(person: Any, one: MootSitting) -> bool:
    """Who holds a sitting is neither of its bench nor one of its raters, nor of another bench that still sits on this case,
    whatever rights they have."""
    if not may(person, HOLD) or seat_of(person, one) is not None or rater_of(person, one) is not None:
        return False
    return not moots.sits_on(person).filter(version__case=one.version.case_id).exists()


def seat_of(person: Any, one: MootSitting) -> MootSeat | None:
    return one.seats.filter(person=person.pk).first() if getattr(person, "pk", None) else None


def rater_of(person: Any, one: MootSitting) -> MootRater | None:
    return one.raters.filter(person=person.pk).first() if getattr(person, "pk", None) else None


def seats(one: MootSitting) -> list[MootSeat]:
    return list(one.seats.select_related("person").order_by("seat"))


def opened(one: MootSitting) -> dict[int, datetime]:
    return dict(one.opened.values_list("stage", "at"))


def current(one: MootSitting, case: Case) -> Stage | None:
    """The stage whose questions are open: the last one opened, while the sitting runs."""
    if one.state != Sitting.RUNNING:
        return None
    last = max(opened(one), default=0)
    return case.stage(last) if last else None


def answers(one: MootSitting) -> QuerySet[MootAnswer]:
    return MootAnswer.objects.filter(seat__sitting=one).select_related("seat__person")


def last_answers(one: MootSitting) -> dict[int, dict[str, MootAnswer]]:
    """By seat and question, the last given."""
    out: dict[int, dict[str, MootAnswer]] = {}
    for row in answers(one).order_by("at", "pk"):
        out.setdefault(row.seat_id, {})[row.question] = row
    return out


def counted(one: MootSitting, seat: MootSeat) -> dict[str, MootAnswer]:
    """By question, the last answer of a person that counts: given on screen, or written down by another and owned by its author."""
    rows = answers(one).filter(seat=seat).filter(Q(route="screen") | Q(owned__isnull=False))
    return {row.question: row for row in rows.order_by("at", "pk")}


def unowned(seat: MootSeat) -> list[MootAnswer]:
    """What another wrote down for this person and that they have not said is theirs."""
    return list(seat.answers.exclude(route="screen").filter(owned=None).select_related("by").order_by("pk"))


def unowned_mark(rows: Sequence[MootAnswer]) -> str:
    return mark([row.pk for row in rows])


def open_to(person: Any, one: MootSitting, stage: int) -> bool:
    """Are the answers of a stage unsealed? Once it is closed, for the bench too; raters and who holds it then as well."""
    if one.state in (Sitting.RATING, Sitting.RELEASED):
        return True
    return stage < max(opened(one), default=0)


# --- what the raters gave ------------------------------------------------------------------------------------------------
def sheets(one: MootSitting) -> dict[int, dict[int, MootSheet]]:
    """By seat, by slot of the rater."""
    out: dict[int, dict[int, MootSheet]] = {}
    for sheet in MootSheet.objects.filter(seat__sitting=one).select_related("rater"):
        out.setdefault(sheet.seat_id, {})[sheet.rater.slot] = sheet
    return out


def missing(one: MootSitting) -> int:
    """Sheets that the two raters still owe: two for each who sits."""
    return one.seats.count() * 2 - MootSheet.objects.filter(seat__sitting=one).count()


def both_given(one: MootSitting) -> bool:
    """Have both raters given every sheet? Until then neither reads the other."""
    return one.state in (Sitting.RATING, Sitting.RELEASED) and missing(one) == 0


def sheets_for(person: Any, one: MootSitting) -> dict[int, dict[int, MootSheet]]:
    """What this person may read of the ratings: a rater their own until both are given; who sat, theirs once released;
    who holds the sitting, none (the feedback is between a person and the raters)."""
    found = sheets(one)
    rater, seat = rater_of(person, one), seat_of(person, one)
    if rater is not None:
        return (
            found
            if both_given(one)
            else {s: {k: v for k, v in by.items() if k == rater.slot} for s, by in found.items()}
        )
    if seat is not None and one.state == Sitting.RELEASED:
        return {seat.pk: found.get(seat.pk, {})}
    return {}


@dataclass(frozen=True, slots=True)
class Apart:
    """A wide difference on a criterion of a person. said: slot -> level that this rater agrees to; level: once both give it."""

    seat: MootSeat
    criterion: str
    first: int
    second: int
    said: dict[int, int]

    @property
    def level(self) -> int | None:
        return self.said[1] if len(self.said) == 2 and self.said[1] == self.said[2] else None


def differences(one: MootSitting) -> Iterator[Apart]:
    given = sheets(one)
    for seat in seats(one):
        by = given.get(seat.pk, {})
        if len(by) < 2:
            continue
        said: dict[str, dict[int, int]] = {}
        for row in seat.agreed.select_related("rater").order_by("pk"):
            said.setdefault(row.criterion, {})[row.rater.slot] = row.level
        for name in rating.apart(by[1].levels, by[2].levels):
            yield Apart(seat, name, by[1].levels[name], by[2].levels[name], said.get(name, {}))


def agreement(one: MootSitting) -> rating.Agreement:
    pairs = [(by[1].levels[c], by[2].levels[c]) for by in sheets(one).values() if len(by) == 2 for c in by[1].levels]
    return rating.agreement(pairs)


def result_of(seat: MootSeat, one: MootSitting, case: Case) -> judging.Result:
    """What this person's answers are worth; the written part once both raters have given it."""
    given = {q: a.value for q, a in counted(one, seat).items()}
    by = sheets(one).get(seat.pk, {})
    written = None
    if len(by) == 2:
        agreed = {a.criterion: a.level for a in differences(one) if a.seat.pk == seat.pk and a.level is not None}
        written = rating.mark(by[1].levels, by[2].levels, agreed, case.rubric)
    return judging.result(case, given, moots.computed(one.version), written)


def open_to_me(person: Any) -> list[MootSitting]:
    """Running sittings where this person sits and has not answered every question of the open stage."""
    out = []
    for one in MootSitting.objects.filter(state=Sitting.RUNNING, seats__person=person.pk).select_related(
        "version__case"
    ):
        seat, stage = seat_of(person, one), current(one, moots.case_in(one.version))
        done = set(MootAnswer.objects.filter(seat=seat).values_list("question", flat=True))
        if stage is not None and any(q.id not in done for q in stage.questions):
            out.append(one)
    return out


def owed(person: Any) -> list[tuple[MootSitting, int]]:
    """Sittings for which this rater has not given every sheet, with how many are owed."""
    out = []
    for rater in MootRater.objects.filter(person=person.pk, sitting__state=Sitting.RATING).select_related("sitting"):
        n = rater.sitting.seats.count() - rater.sheets.count()
        if n:
            out.append((rater.sitting, n))
    return out


# --- plans of action ---------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Due:
    plan: ActionPlan
    days: int
    on: date
    done: ActionFollowed | None

    @property
    def open(self) -> bool:
        return self.done is None and self.on <= today()


def today() -> date:
    return timezone.localdate()


def due_of(plan: ActionPlan) -> list[Due]:
    done = {f.days: f for f in plan.followed.all()}
    filed = timezone.localdate(plan.at)
    return [Due(plan, days, filed + timedelta(days=days), done.get(days)) for days in FOLLOWED]


def plan_of(seat: MootSeat) -> ActionPlan | None:
    return ActionPlan.objects.filter(seat=seat).first()


def plans(person: Any) -> QuerySet[ActionPlan]:
    """One's own; nobody else reads a plan of action."""
    found = ActionPlan.objects.select_related("seat__sitting__version__case").prefetch_related("followed")
    return found.filter(seat__person=person.pk) if getattr(person, "pk", None) else found.none()


def may_plan(seat: MootSeat, case: Case) -> bool:
    return case.sort is not Sort.MOOT and seat.sitting.state in (Sitting.RATING, Sitting.RELEASED)
