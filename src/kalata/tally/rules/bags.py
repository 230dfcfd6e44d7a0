"""The life of a bag or envelope: sealed, handed on with its seals read, opened before a witness. Seals that differ are never forgotten."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from kalata.lifecycle import Act, Need, Stand, Table, declare, need, step
from kalata.refusals import Refused
from kalata.text import gettext_noop as _


class BadBag(Refused):
    code = "RES-440"
    says = _("Ce sac ou cette enveloppe ne peut pas être enregistré : %(why)s.")
    remedy = _("Corrigez ce champ et recommencez. Rien n’a été enregistré.")
    status = 422


class Opened(Refused):
    code = "RES-441"
    says = _("« %(bag)s » est déjà ouvert.")
    remedy = _("Ce qu’on y a trouvé est sur sa fiche ; un nouvel envoi prend un nouveau code.")


class OneWitness(Refused):
    code = "RES-442"
    says = _("L’ouverture d’un sac se fait devant un témoin nommé.")
    remedy = _("Écrivez le nom et la qualité du témoin.")
    status = 422


class State(StrEnum):
    SEALED = "sealed"
    OPENED = "opened"
    INCIDENT = "incident"


LABELS: Mapping[str, str] = {
    State.SEALED: _("scellé"),
    State.OPENED: _("ouvert"),
    State.INCIDENT: _("scellé en cause"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Held(Stand[State]):
    """A bag as the rules see it. intact: the seals read at this moment are those that were put on."""

    code: str
    intact: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment(Act):
    """What is done with a bag. named: who gives, who receives and where, all said."""

    named: bool = False
    witness: str = ""


NAMED: Need = need(
    "named", _("qui remet, qui reçoit et où"), lambda bag, act: act.named,
    lambda bag, act: BadBag(why=_("qui remet, qui reçoit et où")),
)  # fmt: skip
WITNESS: Need = need(
    "witness", _("un témoin nommé"), lambda bag, act: bool(act.witness.strip()), lambda bag, act: OneWitness()
)
INTACT: Need = need("intact", _("les scellés mêmes qui ont été posés"), lambda bag, act: bag.intact)
BROKEN: Need = need("broken", _("des scellés autres ou rompus"), lambda bag, act: not bag.intact)
RIGHT = "results.receive"
S = State
BAG = declare(Table(
    name="bag", title=_("La vie d’un sac ou d’une enveloppe"), row="tally.Bag",
    states=State, labels={s: LABELS[s] for s in State}, starts=(S.SEALED,), ends=frozenset({S.OPENED}),
    steps=(
        step(S.SEALED, S.SEALED, RIGHT, NAMED, INTACT),  # handed on
        step(S.SEALED, S.INCIDENT, RIGHT, NAMED, BROKEN),
        step(S.INCIDENT, S.INCIDENT, RIGHT, NAMED),
        step(S.SEALED, S.OPENED, RIGHT, WITNESS),
        step(S.INCIDENT, S.OPENED, RIGHT, WITNESS),
    ),
    needs=(NAMED, WITNESS, INTACT, BROKEN),
    notes=(_("Chaque passage est une ligne de sa garde et un acte du journal. Des scellés qui diffèrent laissent le sac en cause jusqu’à son ouverture, qui le dit."),),
    illegal=lambda table, bag, to: Opened(bag=bag.code),
))  # fmt: skip
