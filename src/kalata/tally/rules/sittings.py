"""The life of a sitting of a commission: what opens it, what lets it be closed. It decides only while it is open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from kalata.lifecycle import Need, Stand, Table, declare, need, step, ways_out
from kalata.people.rules.shown import PageMoved
from kalata.refusals import Refused
from kalata.text import gettext_noop as _


class NotOpen(Refused):
    code = "RES-460"
    says = _("La séance est %(state)s : on n’y délibère pas.")
    remedy = _("Ouvrez ou reprenez la séance d’abord ; une séance close est suivie d’une autre.")


class NoQuorum(Refused):
    code = "RES-461"
    says = _("%(present)d {present:membre présent|membres présents} pour un quorum de %(quorum)d.")
    remedy = _("Notez les présences, ou corrigez le quorum avec sa référence avant d’ouvrir.")


class NoChange(Refused):
    code = "RES-463"
    says = _("Une séance %(start)s ne peut pas devenir %(to)s.")
    remedy = _("Ouvrez-la, suspendez-la ou closez-la dans cet ordre.")


class NoRecap(Refused):
    code = "RES-466"
    says = _("Le récapitulatif de la séance « %(title)s » n’est pas saisi : elle ne se clôt pas.")
    remedy = _("Tapez le récapitulatif signé ; il est comparé ligne par ligne à la somme des procès-verbaux.")


class Unsigned(Refused):
    code = "RES-467"
    says = _("La séance ne se clôt pas : ni signature ni refus de %(names)s.")
    remedy = _("Notez pour chaque membre présent s’il a signé ou refusé de signer ; un refus n’empêche pas de clore.")


class Unexplained(Refused):
    """A line of the recap differs from the sum of the reports, and the minutes say nothing of it (E15)."""

    code = "RES-468"
    says = _(
        "E15 : %(n)d {n:ligne du récapitulatif diffère|lignes du récapitulatif diffèrent} de la somme des procès-verbaux sans explication : %(lines)s."
    )
    remedy = _("Corrigez le récapitulatif, ou inscrivez pour chaque ligne la réserve ou la décision qui l’explique.")


class TooFew(Refused):
    """A sitting held by one account: what it decides would be the act of one person."""

    code = "RES-469"
    says = _("%(present)d {present:personne mandatée a noté sa|personnes mandatées ont noté leur} présence à cette séance ; il en faut %(least)d.")
    remedy = _("Chaque membre note la sienne depuis son propre compte, sur la page de la séance.")


FLOOR = 2
"""Persons with a mandate, each from their own account, below whom no sitting decides, whatever its quorum."""


class State(StrEnum):
    CREATED = "created"
    OPEN = "open"
    SUSPENDED = "suspended"
    CLOSED = "closed"


LABELS: Mapping[str, str] = {
    State.CREATED: _("convoquée"),
    State.OPEN: _("ouverte"),
    State.SUSPENDED: _("suspendue"),
    State.CLOSED: _("close"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seated(Stand[State]):
    """A sitting as the rules see it. present: members noted present; seated: persons who noted themselves, with a mandate.

    silent: members present who neither signed nor refused; unexplained: lines of the recap.
    """

    title: str = ""
    quorum: int = 0
    present: int = 0
    seated: int = 0
    recap: bool = False
    silent: tuple[str, ...] = ()
    unexplained: tuple[str, ...] = ()

    @property
    def least(self) -> int:
        return max(self.quorum, FLOOR)


QUORUM: Need = need(
    "quorum", _("le quorum, membres présents notés"), lambda one, act: one.present >= one.least,
    lambda one, act: NoQuorum(present=one.present, quorum=one.least),
)  # fmt: skip
PERSONS: Need = need(
    "persons", _("deux personnes mandatées, chacune présente depuis son compte"), lambda one, act: one.seated >= FLOOR,
    lambda one, act: TooFew(present=one.seated, least=FLOOR),
)  # fmt: skip
RECAP: Need = need(
    "recap", _("le récapitulatif saisi"), lambda one, act: one.recap, lambda one, act: NoRecap(title=one.title)
)
SIGNED: Need = need(
    "signed", _("la signature ou le refus de chaque membre présent"), lambda one, act: not one.silent,
    lambda one, act: Unsigned(names=", ".join(one.silent)),
)  # fmt: skip
EXPLAINED: Need = need(
    "explained", _("l’explication de chaque ligne qui diffère de la somme des procès-verbaux"), lambda one, act: not one.unexplained,
    lambda one, act: Unexplained(n=len(one.unexplained), lines=", ".join(one.unexplained)),
)  # fmt: skip
DELIBERATES = (QUORUM, PERSONS)
"""What a sitting needs whenever it decides."""
RIGHT = "results.commission"
RECAP_OR_SUMS = _("le récapitulatif, ou la somme des procès-verbaux")
S = State
SITTING = declare(Table(
    name="sitting", title=_("La vie d’une séance de commission"), row="tally.Sitting",
    states=State, labels={s: LABELS[s] for s in State}, starts=(S.CREATED,), ends=frozenset({S.CLOSED}),
    steps=(
        step(S.CREATED, S.OPEN, RIGHT, QUORUM, PERSONS),
        step(S.OPEN, S.SUSPENDED, RIGHT),
        step(S.SUSPENDED, S.OPEN, RIGHT, QUORUM, PERSONS),
        step(S.OPEN, S.CLOSED, RIGHT, QUORUM, PERSONS, RECAP, SIGNED, EXPLAINED),
    ),
    needs=(QUORUM, PERSONS, RECAP, SIGNED, EXPLAINED),
    notes=(_("Une séance ne délibère qu’ouverte (RES-460). Chaque passage est une ligne de ses minutes et un acte du journal."),),
    illegal=lambda table, one, to: NoChange(start=LABELS[one.state], to=LABELS.get(to, to[:12])),
    stale=lambda table, one, to: PageMoved(what=RECAP_OR_SUMS),
))  # fmt: skip
NEXT: Mapping[str, tuple[State, ...]] = {s: tuple(one.to for one in ways_out(SITTING, s)) for s in State}
"""Where a sitting may go from a state."""
