"""How long what sets a date aside is in force: a derogation, on two persons' signatures; a working assumption, on one's."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from kalata.lifecycle import OTHER, Table, declare, step
from kalata.refusals import Refused
from kalata.text import gettext_noop as _


class Superseded(Refused):
    code = "DL-206"
    says = _("Quelqu’un a déjà remplacé cette date depuis que vous l’avez lue.")
    remedy = _("Rouvrez la page, lisez la nouvelle valeur, puis recommencez s’il le faut.")


class Force(StrEnum):
    IN_FORCE = "in_force"
    ENDED = "ended"


LABELS: Mapping[Force, str] = {Force.IN_FORCE: _("En vigueur"), Force.ENDED: _("A pris fin")}

DEROGATION = declare(Table(
    name="derogation", title=_("La vie d’une dérogation"), row="deadlines.Override", field="ended_at", dated=True,
    states=Force, labels=LABELS, starts=(Force.IN_FORCE,), ends=frozenset({Force.IN_FORCE, Force.ENDED}),
    steps=(step(Force.IN_FORCE, Force.ENDED, "deadlines.derogate", OTHER),),
    needs=(OTHER,),
    notes=(_("Elle naît d’une demande approuvée par une seconde personne, sur un acte, une autorité et un motif. Elle prend fin de même, ou quand un acte plus récent de même nature dit autrement la même date ; elle reste lisible."),),
    illegal=lambda table, stand, to: Superseded(), stale=lambda table, stand, to: Superseded(),
))  # fmt: skip

ASSUMPTION = declare(Table(
    name="assumption", title=_("La vie d’une hypothèse de travail"), row="deadlines.Assumption", field="ended_at", dated=True,
    states=Force, labels=LABELS, starts=(Force.IN_FORCE,), ends=frozenset({Force.IN_FORCE, Force.ENDED}),
    steps=(step(Force.IN_FORCE, Force.ENDED, "deadlines.record"),),
    illegal=lambda table, stand, to: Superseded(), stale=lambda table, stand, to: Superseded(),
))  # fmt: skip
