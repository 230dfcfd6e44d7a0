"""The life of a file of figures: brought, its columns named, tried, then stored whole, by two persons where that is asked."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from kalata.lifecycle import OTHER, Hand, Need, Step, Table, declare, need, step
from kalata.refusals import Refused
from kalata.text import gettext_noop as _


class WrongState(Refused):
    code = "IMP-301"
    says = _("Cet import est à l’état « %(state)s » : cette étape n’est plus possible.")
    remedy = _("Reprenez l’assistant depuis la liste des imports.")


class TwoPersons(Refused):
    code = "IMP-306"
    says = _("Des résultats de ce scrutin sont publics : un import y demande une seconde personne, ajouts compris.")
    remedy = _("Demandez l’approbation depuis la page de l’import. Rien n’a été enregistré.")
    status = 403


class State(StrEnum):
    UPLOADED = "uploaded"
    MAPPED = "mapped"
    CHECKING = "checking"
    CHECKED = "checked"
    REFUSED = "refused"
    WAITING = "waiting"
    COMMITTING = "committing"
    COMMITTED = "committed"
    DISCARDED = "discarded"


LABELS: Mapping[str, str] = {
    State.UPLOADED: _("déposé"),
    State.MAPPED: _("colonnes choisies"),
    State.CHECKING: _("contrôle en cours"),
    State.CHECKED: _("contrôlé"),
    State.REFUSED: _("refusé"),
    State.WAITING: _("attend une approbation"),
    State.COMMITTING: _("enregistrement en cours"),
    State.COMMITTED: _("enregistré"),
    State.DISCARDED: _("abandonné"),
}
BY_TWO: Need = need("by two", OTHER.label, OTHER.met, lambda one, act: TwoPersons())
RIGHT = "results.import"
S = State
OPEN = (S.UPLOADED, S.MAPPED, S.CHECKING, S.CHECKED, S.REFUSED)
"""Nothing is stored, nobody else is asked."""


def tried(start: State) -> tuple[Step[State], ...]:
    """A dry run, and what is left of a storing that failed: read again from the file, its mapping and what is held."""
    return step(start, S.CHECKED, hand=Hand.DERIVED), step(start, S.REFUSED, hand=Hand.DERIVED)


IMPORT = declare(Table(
    name="import", title=_("La vie d’un fichier importé"), row="results.Import",
    states=State, labels={s: LABELS[s] for s in State}, starts=(S.UPLOADED,), ends=frozenset({S.COMMITTED, S.DISCARDED}),
    steps=(
        *(step(s, S.MAPPED, RIGHT) for s in OPEN),
        step(S.MAPPED, S.CHECKING, hand=Hand.DERIVED),  # a file is tried by the worker
        *tried(S.MAPPED), *tried(S.CHECKING), *tried(S.CHECKED), *tried(S.REFUSED),
        step(S.CHECKED, S.WAITING, RIGHT),  # a second person is asked
        step(S.WAITING, S.CHECKED, hand=Hand.DERIVED),  # who says no, or the request is withdrawn
        step(S.CHECKED, S.COMMITTING, RIGHT),  # a long file is stored by the worker
        step(S.COMMITTING, S.REFUSED, hand=Hand.DERIVED),
        step(S.CHECKED, S.COMMITTED, RIGHT, hand=Hand.EITHER),
        step(S.COMMITTING, S.COMMITTED, RIGHT),
        step(S.WAITING, S.COMMITTED, RIGHT, BY_TWO),
        *(step(s, S.DISCARDED, RIGHT) for s in OPEN),
    ),
    needs=(BY_TWO,),
    notes=(_("Ce qui est enregistré est la différence montrée, à l’octet près (IMP-305). Tant qu’une demande attend, le fichier est une pièce : il ne se retire pas."),),
    illegal=lambda table, one, to: WrongState(state=one.state.value), stale=lambda table, one, to: WrongState(state=one.state.value),
))  # fmt: skip
TRIED = frozenset(one.start for one in IMPORT.steps if one.to is S.REFUSED and one.start is not S.COMMITTING)
"""Where a file may be read again, to see what it would change."""
