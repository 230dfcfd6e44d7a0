"""The life of a record of toy: open, then closed."""

from enum import StrEnum

from PACKAGE.room import KEEP

from kalata.lifecycle import Hand, Table, declare, step
from kalata.text import gettext_noop as _


class State(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


LIFE = declare(Table(
    name="toy", title=_("La vie d’une fiche de Toy"), row="toy.Record", states=State,
    labels={State.OPEN: _("ouverte"), State.CLOSED: _("close")}, starts=(State.OPEN,), ends=frozenset({State.CLOSED}),
    steps=(step(State.OPEN, State.CLOSED, KEEP, hand=Hand.EITHER),),
))  # fmt: skip
