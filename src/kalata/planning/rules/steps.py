"""The life of a version of the plan, and that of a change asked of an approved one."""

from enum import StrEnum

from kalata.lifecycle import REASON, Hand, OtherPerson, Table, declare, need, step
from kalata.planning.rules.rights import APPROVE, EDIT, ENDORSE
from kalata.text import gettext_noop as _


class State(StrEnum):
    DRAFT = "draft"
    UNDER_REVIEW = "under_review"
    APPROVED = "approved"
    SUPERSEDED = "superseded"


ANOTHER = need(
    "another",
    _("une autre personne que celles qui l’ont soumise ou visée"),
    lambda stand, act: act.by not in stand.hands.values(),
    lambda stand, act: OtherPerson(need=_("une autre personne que celles qui l’ont soumise ou visée")),
)

VERSION = declare(Table(
    name="plan_version", title=_("La vie d’une version du plan"), row="planning.PlanVersion", states=State,
    labels={
        State.DRAFT: _("brouillon"), State.UNDER_REVIEW: _("à l’examen"), State.APPROVED: _("approuvée"),
        State.SUPERSEDED: _("remplacée"),
    },
    starts=(State.DRAFT,), ends=frozenset({State.APPROVED, State.SUPERSEDED}),
    steps=(
        step(State.DRAFT, State.UNDER_REVIEW, EDIT, REASON),
        step(State.UNDER_REVIEW, State.DRAFT, "", REASON),
        step(State.UNDER_REVIEW, State.APPROVED, APPROVE, ANOTHER),
        step(State.APPROVED, State.SUPERSEDED, hand=Hand.HOUSE),
    ),
    needs=(REASON, ANOTHER),
    right=_("celui de qui a soumis, de qui vise ou de qui approuve"),
    notes=(_("Seul un brouillon se modifie. Deux rôles signent : un visa, puis l’approbation ; la version approuvée remplace celle d’avant dans le même acte."),),
))  # fmt: skip


class Change(StrEnum):
    OPEN = "open"
    ASSESSED = "assessed"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


CHANGE = declare(Table(
    name="plan_change", title=_("La vie d’une demande de changement du plan"), row="planning.ChangeRequest", states=Change,
    labels={
        Change.OPEN: _("ouverte"), Change.ASSESSED: _("évaluée"), Change.APPROVED: _("approuvée"),
        Change.REFUSED: _("refusée"), Change.WITHDRAWN: _("retirée"),
    },
    starts=(Change.OPEN,), ends=frozenset({Change.APPROVED, Change.REFUSED, Change.WITHDRAWN}),
    steps=(
        step(Change.OPEN, Change.ASSESSED, ENDORSE, ANOTHER),
        step(Change.ASSESSED, Change.APPROVED, APPROVE, ANOTHER),
        step(Change.ASSESSED, Change.REFUSED, "", REASON),
        step(Change.OPEN, Change.REFUSED, ENDORSE, REASON),
        step(Change.OPEN, Change.WITHDRAWN, EDIT, REASON),
    ),
    needs=(REASON, ANOTHER),
    right=_("celui de qui approuve"),
    notes=(_("Une demande est liée à l’empreinte de la différence exacte ; jours, dates légales et francs sont montrés avant la décision."),),
))  # fmt: skip
