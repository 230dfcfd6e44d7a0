"""What a file may not do: fix the set-up for the whole country, undo a decision, change alone what a record is worth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kalata.people import queries as people
from kalata.people.models import Person
from kalata.refusals import Refused
from kalata.results.numeric.problems import Problem
from kalata.results.numeric.station_keys import SEP
from kalata.results.rules.boxes import Standing
from kalata.text import gettext_noop as _

if TYPE_CHECKING:
    from kalata.results.queries.planning import Plan


class StandingByTwo(Refused):
    code = "IMP-310"
    says = _(
        "Ce fichier change l’état de %(n)d {n:bureau|bureaux}, compté, annulé ou manquant : une seconde personne doit l’approuver."
    )
    remedy = _("Demandez l’approbation depuis la page de l’import. Rien n’a été enregistré.")
    status = 403


def setup_given(plan: Plan) -> list[tuple[str, str]]:
    """(field, value) of what the file would give the contest itself: list, boxes, constituencies, areas."""
    found = [("options", name) for name in plan.new_options]
    if not plan.contest.boxes:
        found += [("figures", box) for box in plan.boxes]
    held = set(plan.contest.constituencies.values_list("code", flat=True))
    named = plan.table.constituencies if plan.table.constituency is not None else []
    found += [(" + ".join(plan.profile.constituency), name) for name in named if name not in held]
    if plan.one.create == "all":
        away = [path for path, unit in zip(plan.table.paths, plan.units, strict=True) if path and unit is None]
        found += [(" + ".join(plan.profile.areas), SEP.join(path)) for path in away]
    return found


def sets_up(by: Person | None, plan: Plan) -> bool:
    return by is None or people.may(by, "results.setup", contest=plan.contest.pk)


def refuse_setup(plan: Plan, by: Person | None) -> None:
    """IMP-217 for each thing that a file gives the contest, where its bearer may not set the contest up everywhere."""
    if sets_up(by, plan):
        return
    for field, value in setup_given(plan):
        plan.refuse(Problem("IMP-217", 1, field, value))


class DecidedByTwo(StandingByTwo):
    """A file gives other figures to a station that a decision put where it stands."""

    code = "IMP-312"
    says = _(
        "Ce fichier corrige les chiffres de %(n)d {n:bureau sur lequel une décision a porté|bureaux sur lesquels une décision a porté} : une seconde personne doit l’approuver."
    )
    remedy = _("Demandez l’approbation depuis la page de l’import. Rien n’a été enregistré.")


def refuse_decided(plan: Plan, decisions: Mapping[int, int | str]) -> None:
    """IMP-218 for each row that gives another state or other figures than the Court's decision in force, by its number.

    Over an act of two persons of before such decisions (a whole number), other figures under the same state are a
    correction like any other, by two persons (IMP-312).
    """
    field = " + ".join(plan.profile.station)
    for row, number in decisions.items():
        if isinstance(number, str) or int(plan.table.standing[row]) != plan.old[row][1]:
            plan.refuse(Problem("IMP-218", int(plan.table.rows[row]), field, plan.codes[row], why=str(number)))
        else:
            plan.over_decisions += 1


def by_two(plan: Plan) -> StandingByTwo | None:
    """What of a file one person alone may not store, whatever is public; None: nothing."""
    if moves := standing_moves(plan):
        return StandingByTwo(n=sum(n for _before, _after, n in moves))
    return DecidedByTwo(n=plan.over_decisions) if plan.over_decisions else None


def standing_moves(plan: Plan) -> list[list[int]]:
    """[before, after, how many stations] for what the file would count otherwise. A station without a record is missing
    until then: to bring it annulled is to annul it."""
    out: dict[tuple[int, int], int] = {}
    for row, _version in plan.todo:
        now, held = int(plan.table.standing[row]), plan.old.get(row)
        before = worth_before(None if held is None else held[1], now)
        if now != before:
            out[before, now] = out.get((before, now), 0) + 1
    return [[before, after, n] for (before, after), n in sorted(out.items())]


def worth_before(held: int | None, now: int) -> int:
    """What a record was worth, as far as its state is concerned: a first record that counts changes no state."""
    if held is not None:
        return held
    return int(Standing.MISSING) if now == Standing.ANNULLED else now


def changes_standing(report: Mapping[str, Any] | None) -> bool:
    return bool((report or {}).get("standings") or (report or {}).get("over_decisions"))
