"""A post: a place in a body that decides or counts, and the life of who holds it.

Bulk steps (a list, an act of appointment, a call at seven o'clock) follow from rows whose own acts tell them; what one
person decides about one post (an oath, a suspension, a replacement) is a step of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from kalata.lifecycle import DOCUMENT, REASON, Hand, Table, declare, need, step
from kalata.refusals import Refused
from kalata.text import gettext_noop as _
from kalata.training.rules.rights import APPOINT, REPLACE, STAFF


class State(StrEnum):
    VACANT = "vacant"
    PROPOSED = "proposed"
    APPOINTED = "appointed"
    CONFIRMED = "confirmed"
    AWAY = "away"
    PRESENT = "present"
    ABSENT = "absent"
    REPLACED = "replaced"


LABELS = {
    State.VACANT: _("sans titulaire"), State.PROPOSED: _("proposé"), State.APPOINTED: _("nommé"), State.CONFIRMED: _("serment prêté"),
    State.AWAY: _("suspendu ou en congé"), State.PRESENT: _("présent"), State.ABSENT: _("noté absent"), State.REPLACED: _("remplacé"),
}  # fmt: skip


class Unsworn(Refused):
    code = "POS-101"
    says = _("Un serment se constate avec un lieu, une heure et un témoin.")
    remedy = _("Écrivez où et devant qui il a été prêté. Rien n’a été enregistré.")
    status = 422


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A post as its rules read it. sworn: place, hour and witness of the oath are named; decided: hour, rule and witness of a replacement."""

    state: State
    hands: Mapping[str, int]
    last_hash: str = ""
    sworn: bool = False
    decided: bool = False


class Undecided(Refused):
    code = "POS-102"
    says = _(
        "Un remplacement porte une identité, un numéro d’électeur dans ce bureau, une heure, une règle et un serment."
    )
    remedy = _("Complétez l’acte : la Cour demande chacun de ces points. Rien n’a été enregistré.")
    status = 422


SWORN = need(
    "sworn", _("le lieu, l’heure et le témoin du serment"), lambda stand, act: stand.sworn, lambda stand, act: Unsworn()
)
DECIDED = need(
    "decided",
    _("l’identité, le numéro d’électeur, l’heure, la règle et le serment"),
    lambda stand, act: stand.decided,
    lambda stand, act: Undecided(),
)

HOLDING = (State.APPOINTED, State.CONFIRMED)
"""Somebody is appointed to the post, before the day."""
SEATED = (State.PRESENT, State.REPLACED)
"""Somebody sits there on the day."""
NOBODY = (State.VACANT, State.PROPOSED)

POST = declare(Table(
    name="post", title=_("La vie d’un poste"), row="training.Post", states=State, labels=LABELS, starts=(State.VACANT,),
    ends=frozenset({State.PRESENT, State.ABSENT, State.REPLACED, State.VACANT}),
    steps=(
        step(State.VACANT, State.PROPOSED, hand=Hand.DERIVED),
        step(State.PROPOSED, State.VACANT, hand=Hand.DERIVED),
        step(State.PROPOSED, State.APPOINTED, hand=Hand.DERIVED),
        step(State.APPOINTED, State.CONFIRMED, STAFF, SWORN),
        *(step(one, State.AWAY, APPOINT, REASON, DOCUMENT) for one in HOLDING),
        *(step(one, State.VACANT, APPOINT, REASON, DOCUMENT) for one in (*HOLDING, State.AWAY)),
        step(State.AWAY, State.APPOINTED, APPOINT, REASON, DOCUMENT),
        *(step(one, to, hand=Hand.DERIVED) for one in HOLDING for to in (State.PRESENT, State.ABSENT)),
        step(State.AWAY, State.ABSENT, hand=Hand.DERIVED),
        step(State.VACANT, State.ABSENT, hand=Hand.DERIVED),
        step(State.PROPOSED, State.ABSENT, hand=Hand.DERIVED),
        step(State.PRESENT, State.ABSENT, hand=Hand.DERIVED),
        step(State.ABSENT, State.PRESENT, hand=Hand.DERIVED),
        step(State.REPLACED, State.ABSENT, hand=Hand.DERIVED),
        step(State.ABSENT, State.REPLACED, REPLACE, DECIDED),
    ),
    needs=(REASON, DOCUMENT, SWORN, DECIDED),
    notes=(
        _("Une liste, un acte de nomination, un appel du matin changent plusieurs postes : l’acte qui les porte est au journal, chaque poste en découle."),
        _("La couverture d’un poste (acte, attestation, incompatibilité, paie) se calcule à part : un poste tenu n’est pas toujours couvert."),
    ),
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seat:
    """One place of a position. side: the body entitled to propose, "" where the texts name none."""

    position: str
    number: int
    side: str
    head: bool

    @property
    def code(self) -> str:
        """As a list of staff names it: `president`, `assessor-2`."""
        return f"{self.position}-{self.number}" if self.number else self.position


SIDES = {
    "majority": _("la majorité"), "opposition": _("l’opposition"), "administration": _("l’administration"), "draw": _("le tirage au sort"),
    "parties": _("les partis"), "authority": _("l’autorité de nomination"), "civil_society": _("la société civile (tirage au sort)"), "": _("non dit par les textes"),
}  # fmt: skip
PROPOSED_BY_DRAW = frozenset({"draw", "civil_society"})


def seats_of(position: Mapping[str, Any]) -> list[Seat]:
    """The places of a position of the pack, in order, each with who proposes it.

    >>> [s.code for s in seats_of({"key": "assessor", "seats": 2})]
    ['assessor-1', 'assessor-2']
    """
    count = int(position.get("seats") or 0)
    sides = [str(p.get("by", "")) for p in position.get("proposed_by") or () for _n in range(int(p.get("seats") or 0))]
    sides += [""] * (count - len(sides))
    single = count == 1
    return [
        Seat(str(position["key"]), 0 if single else i + 1, sides[i], bool(position.get("head"))) for i in range(count)
    ]


def entitled(seat_side: str, said: str) -> bool:
    """True where this body may propose for a place; a place whose side the texts do not name takes any."""
    return not seat_side or seat_side == said


def quorum_of(positions: Iterable[Mapping[str, Any]]) -> int:
    """The least number present that a body needs; 0 where no text of the pack says it."""
    return max((int(p.get("quorum") or 0) for p in positions), default=0)
