"""A case weighed as the screen of the rapporteur shows it: the answer of the command, and what a page draws of it.

`answer` calls the function of `kalata disputes materiality` on the records of the contest and nothing else: the same
document, the same digest. Nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from kalata.country.models import Contest, Unit
from kalata.disputes.models import Petition, WhatIf
from kalata.disputes.queries import instruct
from kalata.disputes.queries.elections import election_of
from kalata.disputes.queries.instruct import Aim
from kalata.disputes.rules import choices, conclusion
from kalata.disputes.rules.acts import Plan, lying
from kalata.disputes.rules.choices import Choice
from kalata.disputes.rules.conclusion import Around, Said
from kalata.disputes.rules.effect import applied, digest_of
from kalata.disputes.rules.election import Election
from kalata.disputes.rules.materiality import Weighing
from kalata.disputes.rules.places import Place
from kalata.disputes.rules.reach import Reach, reach
from kalata.results.rules.boxes import LABELS, Box, Standing
from kalata.text import fold, translate
from kalata.text import gettext_noop as _

SHOWN = 200
"""Stations with a box of their own; the others are chosen by ground, by place or by their codes."""
OPTIONS = 40


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One way the case may end. key: now, chosen, least, all; stations: annulled in it."""

    key: str
    label: str
    stations: tuple[int, ...]
    election: Election


HYPOTHESES = {
    "now": _("En vigueur"), "chosen": _("Vos actes"), "least": _("Le plus petit ensemble"), "all": _("Tous les bureaux visés"),
}  # fmt: skip


@dataclass
class Answer:
    """A case weighed on the records of a contest. revision: of the figures it rests on."""

    petition: Petition
    aims: list[Aim]
    weighing: Weighing
    case: dict[str, Any]
    around: Around

    @cached_property
    def record(self) -> dict[str, Any]:
        """The document of `kalata disputes materiality --json`."""
        return self.weighing.record()

    @cached_property
    def digest(self) -> str:
        return digest_of(self.record)

    @cached_property
    def names(self) -> dict[str, str]:
        """Options by their names."""
        return dict(self.petition.contest.options.values_list("code", "name"))

    @property
    def revision(self) -> str:
        return revision_of(self.petition.contest)

    @cached_property
    def conclusion(self) -> Said:
        return conclusion.conclude(self.weighing)

    @cached_property
    def rests_on(self) -> list[Said]:
        return list(conclusion.rests_on(self.weighing, self.around))

    @cached_property
    def criteria(self) -> list[Said]:
        return list(conclusion.criteria(self.weighing))

    # --- hypotheses ---------------------------------------------------------------------------------------
    @cached_property
    def hypotheses(self) -> list[Hypothesis]:
        one = self.weighing
        found = [self.hypothesis("now", (), one.election)]
        if one.applied is not None and one.acts is not None and one.acts.steps:
            found.append(self.hypothesis("chosen", tuple(one.applied.annulled), one.applied.after))
        least = one.minimal
        if least and least["set"]:
            found.append(self.annulled("least", [at for key in least["set"] if (at := one.election.find(key)) is not None]))  # fmt: skip
        if one.contested:
            found.append(self.annulled("all", one.contested))
        return found

    def annulled(self, key: str, stations: Sequence[int]) -> Hypothesis:
        plan = Plan(standing=dict.fromkeys(stations, int(Standing.ANNULLED)))
        return self.hypothesis(key, tuple(stations), applied(self.weighing.election, plan))

    def hypothesis(self, key: str, stations: tuple[int, ...], election: Election) -> Hypothesis:
        return Hypothesis(key, HYPOTHESES[key], stations, election)

    # --- the place ----------------------------------------------------------------------------------------
    @cached_property
    def places(self) -> list[Place]:
        """Where the contested stations lie, the one with most of them first."""
        found = [p for p in self.weighing.places if p.pool]
        return sorted(found, key=lambda p: -len(p.pool)) or self.weighing.places[:1]

    @cached_property
    def place(self) -> Place:
        return self.places[0]

    @cached_property
    def reach(self) -> Reach | None:
        return reach(self.place)

    @property
    def margins(self) -> list[dict[str, Any]]:
        here = {p.code for p in self.places}
        return [m for m in self.record["margins"] if m["constituency"] in here]

    @property
    def prices(self) -> list[dict[str, Any]]:
        here = {p.code for p in self.places}
        return [d for d in self.record["deductions"] if d["constituency"] in here and d["votes"] is not None]

    @cached_property
    def annulled_now(self) -> frozenset[int]:
        return frozenset(self.weighing.applied.annulled) if self.weighing.applied is not None else frozenset()


def revision_of(contest: Contest) -> str:
    """The mark of the figures a calculation rests on: it moves with every change of records, register or publication."""
    public = contest.published_at.isoformat() if contest.published_at else ""
    return f"{contest.revision}.{contest.register_revision}.{public}"


def grounds_of(petition: Petition, aims: Iterable[Aim]) -> dict[str, str]:
    """Station -> the ground of this case that aims at it; the first where several do."""
    out: dict[str, str] = {}
    for one in aims:
        for code in one.stations:
            out.setdefault(code, one.key if one.petition == petition.number else one.name)
    return out


def names_of(contest: Contest) -> dict[str, str]:
    """What people call a box or an option, folded -> the field of an act. A candidacy by its code, name or rank (c1)."""
    out: dict[str, str] = {}
    for box in Box:
        for word in (box.value, LABELS[box], translate(LABELS[box], "en")):
            out[fold(word)] = f"figures.{box.value}"
    for rank, code, name in contest.options.values_list("rank", "code", "name"):
        out |= {fold(f"c{rank}"): f"votes.{code}", fold(name): f"votes.{code}", fold(code): f"votes.{code}"}
    return out


def weighed(petition: Petition, choice: Choice, *, contested: str = "grounds", rerun_places: bool = False) -> Answer:
    """A choice of acts weighed on the records in force now. Raises DIS-501 … DIS-507 with every fault."""
    election = election_of(petition.contest)
    aims = instruct.aims(petition)
    if rerun_places and choice.areas:
        more = [election.keys[at][0] for c, w in choice.areas for at in lying(election, {c: w})]
        choice = Choice(choice.annul, (), choice.rectify, choice.deduct, choice.restore, (*choice.rerun, *more), choice.irregular)  # fmt: skip
    acts = choices.acts_of(election, choice, grounds_of(petition, aims), names_of(petition.contest))
    given: Sequence[str] | str = "all" if contested == "all" else instruct.aimed(aims)
    return answer(petition, choices.case_of(given, acts, choice.irregular), election, aims)


def answer(petition: Petition, case: Mapping[str, Any], election: Election | None = None, aims: list[Aim] | None = None) -> Answer:  # fmt: skip
    """A case, as the command reads it, weighed on the records in force now."""
    aims = instruct.aims(petition) if aims is None else aims
    weighing = choices.tried(election_of(petition.contest) if election is None else election, case)
    around = Around(
        public=petition.contest.published_at is not None, pending=instruct.pending(petition),
        unresolved=sum(a.unresolved for a in aims),
    )  # fmt: skip
    return Answer(petition, aims, weighing, dict(case), around)


def columns_of(contest: Contest) -> list[str]:
    """The columns by which a place is named: constituency, and each level of the territory."""
    kinds = Unit.objects.filter(geography=contest.election.geography_id).order_by("level").values_list("kind", flat=True)  # fmt: skip
    return ["constituency", *dict.fromkeys(k for k in kinds.distinct() if k)]


# --- as it is kept ---------------------------------------------------------------------------------------
def told(found: Answer) -> dict[str, Any]:
    """What is kept of an answer: the documents of the two commands, annexes left out, and the sentences."""
    done = found.weighing.applied
    sides = {k: done.body[k] for k in ("before", "after", "difference", "changes", "annulled_votes", "findings")} if done is not None else None  # fmt: skip
    sentence = found.conclusion
    return {
        "materiality": found.record, "recomputation": sides,
        "conclusion": {"tone": sentence.tone, **sentence.message.both()},
        "rests_on": [{"tone": s.tone, **s.message.both()} for s in found.rests_on],
        "criteria": [{"tone": s.tone, **s.message.both()} for s in found.criteria],
        "registered": None if done is None else found.weighing.electors(done.annulled),
        "annulled": None if done is None else len(done.annulled),
        "where": found.place.code or "",
    }  # fmt: skip


def kept_of(petition: Petition) -> list[WhatIf]:
    """The simulations of a case, in the order in which they were kept."""
    return list(WhatIf.objects.filter(petition=petition).select_related("by").defer("told", "case"))


def kept_one(petition: Petition, pk: int) -> WhatIf:
    """A simulation of this case. WhatIf.DoesNotExist for one of another."""
    return WhatIf.objects.select_related("by", "petition__contest__election__pack").get(pk=pk, petition=petition)


def stale(one: WhatIf, petition: Petition) -> bool:
    """Have the figures moved since?"""
    return one.revision != revision_of(petition.contest)
