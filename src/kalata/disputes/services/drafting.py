"""A draft as its writer works on it: acts added, changed, moved, taken out; several at once; what it makes of petitions.

Each change is one transaction on the acts that were read: an old tab is refused, and an act that cannot be done is too,
with every fault. Acts that were already at fault (the records moved) stay, listed by the gate, so that they can be mended
one after the other. `add_acts` is the door of the what-ifs of a rapporteur.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import transaction

from kalata.disputes.models import Ruling
from kalata.disputes.queries.elections import election_of
from kalata.disputes.rules import drafting as rules
from kalata.disputes.rules.acts import plan
from kalata.disputes.rules.drafting import Acts
from kalata.disputes.rules.election import Election
from kalata.disputes.services.rulings import drafted, kept
from kalata.people.models import Person
from kalata.people.rules.shown import as_shown, mark
from kalata.text import gettext_noop as _

CHANGED = _("les actes du projet")


def stamp(ruling: Ruling) -> str:
    """The acts of a draft, and what it makes of petitions, in a word: a page carries it, an old page is refused."""
    told = list(ruling.outcomes.order_by("pk").values_list("petition_id", "outcome"))
    return mark(ruling.acts, ruling.articles, told)


@transaction.atomic
def put_act(*, ruling: Ruling, act: Mapping[str, Any], by: Person, name: str = "", seen: str | None = None) -> Ruling:
    """Add an act, or write it in the place of the act `name`. DIS-500 to DIS-507 with every fault of it, PEO-212."""
    return changed(
        ruling, by, seen, lambda acts: rules.put(acts, act, name), names=lambda acts: {name or acts[-1]["id"]}
    )


@transaction.atomic
def add_acts(*, ruling: Ruling, acts: Acts, by: Person, seen: str | None = None) -> Ruling:
    """Add several acts, all of them or none; their numbers are given here. DIS-500 to DIS-507, PEO-212."""
    start = len(acts)

    def added(held: Acts) -> list[dict[str, Any]]:
        out = [dict(a) for a in held]
        for act in acts:
            out = rules.put(out, act)
        return out

    return changed(ruling, by, seen, added, names=lambda made: {a["id"] for a in made[-start:]} if start else set())


@transaction.atomic
def drop_act(*, ruling: Ruling, name: str, by: Person, seen: str | None = None) -> Ruling:
    """Take an act out. DIS-780, PEO-212."""
    return changed(ruling, by, seen, lambda acts: rules.without(acts, name))


@transaction.atomic
def move_act(*, ruling: Ruling, name: str, way: str, by: Person, seen: str | None = None) -> Ruling:
    """Move an act a place up or down. DIS-780, PEO-212."""
    return changed(ruling, by, seen, lambda acts: rules.moved(acts, name, way))


@transaction.atomic
def refresh(*, ruling: Ruling, by: Person, seen: str | None = None) -> Ruling:
    """Read again, from the records in force, what stands before each rectification. PEO-212."""
    return changed(ruling, by, seen, lambda acts: [dict(a) for a in acts])


def changed(
    ruling: Ruling, by: Person, seen: str | None, change: Callable[[Acts], list[dict[str, Any]]],
    names: Callable[[list[dict[str, Any]]], set[str]] = lambda _acts: set(),
) -> Ruling:  # fmt: skip
    """Write the acts anew. names: the acts that must be without a fault."""
    held = drafted(ruling, by)
    as_shown(seen, stamp(held), CHANGED)
    election = election_of(held.contest)
    made = rules.refreshed(election, change(held.acts))
    must_hold(election, made, names(made))
    held.acts = made
    held.save(update_fields=["acts"])
    return kept(held, by)


def must_hold(election: Election, acts: Acts, names: set[str]) -> None:
    """Raises the first fault of these acts, which carries all of theirs."""
    found = [one for one in plan(election, list(acts)).faults if one.act in names]
    if found:
        found[0].others = tuple(found)
        raise found[0]


@transaction.atomic
def answer(
    *, ruling: Ruling, outcomes: Mapping[str, str], articles: Sequence[str], by: Person, seen: str | None = None
) -> Ruling:
    """What the decision makes of each petition (by number), and the norms it cites. PEO-212."""
    held = drafted(ruling, by)
    as_shown(seen, stamp(held), CHANGED)
    held.articles = list(articles)
    held.save(update_fields=["articles"])
    for one in held.outcomes.select_related("petition"):
        given = outcomes.get(str(one.petition.number))
        if given is not None and given != one.outcome:
            one.outcome = given
            one.save(update_fields=["outcome"])
    return kept(held, by)
