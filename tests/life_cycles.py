"""What a test must know of each table to explore it: how a need is met, how it is not, and how its record is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from kalata.disputes.rules import publications, recusals, rulings
from kalata.disputes.rules import steps as court
from kalata.lifecycle import Act, Hand, Stand, Step, Table
from kalata.people.rules.approval import ANOTHER, ASKER, WHY, Request
from kalata.planning.rules import buying_steps, money_steps, ready_steps
from kalata.planning.rules import steps as plan
from kalata.results.rules import imports
from kalata.results.rules.boxes import Sheet
from kalata.tally.rules import bags, copies, sittings
from kalata.tally.rules.lifecycle import CLAIMS, Need, Record
from kalata.tally.rules.lifecycle import Act as PaperAct
from kalata.training.rules import posts
from kalata.training.rules import procedures as steps

Told = tuple[dict[str, Any], dict[str, Any]]
"""(what the record must say, what the act must say)."""
ME, ANOTHER_ONE = 1, 2
HASH = "h"


def acts(**values: Any) -> Told:
    return {}, values


def stands(**values: Any) -> Told:
    return values, {}


def other_hand(need: Any, part: str) -> dict[Any, tuple[Told, Told]]:
    """A need of another person than the one who had this part before."""
    return {need: (stands(hands={part: ANOTHER_ONE}), stands(hands={part: ME}))}


USUAL: Mapping[str, tuple[Told, Told]] = {
    "reason": (acts(reason="parce que"), acts(reason="  ")),
    "document": (acts(document="arrêté 12"), acts(document="")),
    "other": (acts(other=ANOTHER_ONE), acts(other=ME)),
    "sitting": (acts(sitting=1), acts(sitting=None)),
    "seen": (acts(seen=HASH), acts(seen=None)),
}
"""name of a need -> (met, not met)."""


@dataclass(frozen=True)
class World:
    """How to make the records of one table, and how its own needs are met or not."""

    stand: Callable[..., Any] = Stand
    act: Callable[..., Any] = Act
    needs: Mapping[Any, tuple[Told, Told]] = field(default_factory=dict)
    always: Told = field(default_factory=lambda: ({}, {}))


SEATED = {"title": "s", "quorum": 3, "present": 3, "seated": 2, "recap": True}
NAMES = {"named": True, "witness": "le chef de poste"}

GATE = court.State.GATE
WORLDS: dict[str, World] = {
    "publication": World(
        stand=publications.Version,
        needs={
            publications.DECIDED: (stands(undecided=0), stands(undecided=1)),
            publications.SECOND: (stands(hands={"proposer": ANOTHER_ONE}), stands(hands={"proposer": ME})),
        },
    ),
    "ruling": World(
        stand=rulings.Drafted,
        needs={
            rulings.PRINTED: (stands(printed=True), stands(printed=False)),
            rulings.PASSES: (stands(passes=True), stands(passes=False)),
            rulings.OTHER_HAND: (stands(drafters=frozenset({ANOTHER_ONE})), stands(drafters=frozenset({ME}))),
        },
    ),
    "petition": World(
        stand=lambda **said: court.Case(**{"unserved": 0, "undelivered": 0, **said}),
        act=court.Move,
        needs={
            court.ROLL: (stands(roll=21), stands(roll=None)),
            court.LEAD: (acts(joins=True), acts(joins=False)),
            court.BODY: (acts(body="le tribunal administratif"), acts(body=" ")),
            court.GATE_WITH_LEAD: (stands(lead=GATE), stands(lead=None)),
            court.BACK_WITH_LEAD: (stands(lead=court.State.DRAFTED), stands(lead=GATE)),
            court.BACK: (stands(came=frozenset(court.State)), stands(came=frozenset())),
            court.ALL_SERVED: (stands(unserved=0), stands(unserved=1)),
            court.VOTED: (stands(voted=True), stands(voted=False)),
            court.PASSES: (stands(passes=True), stands(passes=False)),
            court.OTHER_HAND: (stands(drafters=frozenset({ANOTHER_ONE})), stands(drafters=frozenset({ME}))),
            court.SECOND: (stands(hands={"refuser": ANOTHER_ONE}), stands(hands={"refuser": ME})),
            court.DELIVERED: (stands(undelivered=0), stands(undelivered=1)),
        },
    ),
    "recusal": World(
        stand=recusals.Challenge,
        needs={
            recusals.OWN: (stands(hands={"member": ME}), stands(hands={"member": ANOTHER_ONE})),
            recusals.OTHERS: (stands(hands={"member": ANOTHER_ONE}), stands(hands={"member": ME})),
            recusals.ALLOWED: (stands(allowed=True), stands(allowed=False)),
        },
    ),
    "sitting": World(
        stand=lambda **said: sittings.Seated(**{**SEATED, **said}),
        needs={
            sittings.QUORUM: (stands(present=3), stands(present=2)),
            sittings.PERSONS: (stands(seated=2), stands(seated=1)),
            sittings.RECAP: (stands(recap=True), stands(recap=False)),
            sittings.SIGNED: (stands(silent=()), stands(silent=("la présidente",))),
            sittings.EXPLAINED: (stands(unexplained=()), stands(unexplained=("c1",))),
        },
    ),
    "bag": World(
        stand=lambda **said: bags.Held(**{"code": "SAC-1", **said}),
        act=lambda **said: bags.Moment(**{**NAMES, **said}),
        needs={
            bags.NAMED: (acts(named=True), acts(named=False)),
            bags.WITNESS: (acts(witness="le maire"), acts(witness=" ")),
            bags.INTACT: (stands(intact=True), stands(intact=False)),
            bags.BROKEN: (stands(intact=False), stands(intact=True)),
        },
    ),
    "copy_answer": World(
        act=lambda **said: copies.Given(**{"note": "vu", **said}),
        needs={copies.SHOWN: (acts(note="deux chiffres inversés"), acts(note=""))},
    ),
    "station_report": World(
        stand=lambda **said: Record(**{"holder": ME if said["state"] in CLAIMS else None, **said}),
        act=lambda **said: PaperAct(at=datetime(2027, 2, 28, 20, tzinfo=UTC), **said),
        needs={
            Need.REASON: USUAL["reason"],
            Need.DOCUMENT: USUAL["document"],
            Need.OTHER: USUAL["other"],
            Need.SITTING: USUAL["sitting"],
            Need.IMAGE: (acts(image="sha"), acts(image="")),
            Need.SHEET: (acts(sheet=Sheet({}, (1, 2))), acts(sheet=None)),
            Need.CHOICE: (acts(choice={}), acts(choice=None)),
        },
    ),
    "post": World(
        stand=lambda **said: posts.Held(**{"hands": {}, **said}),
        needs={
            posts.SWORN: (stands(sworn=True), stands(sworn=False)),
            posts.DECIDED: (stands(decided=True), stands(decided=False)),
        },
    ),
    "import": World(needs={imports.BY_TWO: USUAL["other"]}),
    **{
        name: World(needs={plan.ANOTHER: (stands(hands={"author": ANOTHER_ONE}), stands(hands={"author": ME}))})
        for name in ("plan_version", "plan_change")
    },
    "plan_purchase": World(needs=other_hand(buying_steps.NOT_DELIVERER, "deliverer")),
    "plan_payment": World(
        needs={
            **other_hand(money_steps.NOT_COMMITTER, "committer"),
            **other_hand(money_steps.NOT_VERIFIER, "verifier"),
            **other_hand(money_steps.NOT_ORDERER, "orderer"),
        }
    ),
    "plan_readiness": World(needs=other_hand(ready_steps.ANOTHER, "proposer")),
    "procedure": World(needs={steps.ANOTHER: (stands(hands={"author1": ANOTHER_ONE}), stands(hands={"author1": ME}))}),
    "approval": World(
        stand=lambda **said: Request(**{"hands": {"asker": ANOTHER_ONE}, "right": "results.publish", **said}),
        needs={
            ANOTHER: (stands(hands={"asker": ANOTHER_ONE}), stands(hands={"asker": ME})),
            ASKER: (stands(hands={"asker": ME}), stands(hands={"asker": ANOTHER_ONE})),
            WHY: USUAL["reason"],
        },
    ),
}


def meeting(world: World, need: Any) -> tuple[Told, Told]:
    return world.needs[need] if need in world.needs else USUAL[need.name]


def tried(table: Table, step: Step, without: frozenset[Any] = frozenset(), **more: Any) -> tuple[Any, Any]:
    """(the record, the act) that take a step with everything it needs, save what is left out."""
    world = WORLDS.get(table.name, World())
    record: dict[str, Any] = {"state": step.start, "last_hash": HASH, **world.always[0]}
    act: dict[str, Any] = {
        "by": 0 if step.hand in (Hand.HOUSE, Hand.DERIVED) else ME, "right": step.right, **world.always[1],
    }  # fmt: skip
    for need in step.needs:
        said, done = meeting(world, need)[need in without]
        hands = {**record.get("hands", {}), **said.get("hands", {})}
        record |= {**said, "hands": hands} if hands else said
        act |= done
    return world.stand(**record), world.act(**(act | more))
