"""The life of one version of the public text of a decision, and what stops it. Pure.

What is public of a decision is a version of this table: prepared by the publisher, decided by another person on the
very text that was read, never changed afterwards. An erratum is another version, and both stay.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from kalata.disputes.rules.steps import PUBLISH, REGISTRY
from kalata.lifecycle import DOCUMENT, Act, Hand, Need, Stand, Table, declare, need, other_than, step
from kalata.refusals import Refused
from kalata.text import gettext_noop as _


class State(StrEnum):
    DRAFT = "draft"
    PROPOSED = "proposed"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


LABELS: Mapping[State, str] = {
    State.DRAFT: _("en préparation"),
    State.PROPOSED: _("soumise à une seconde personne"),
    State.PUBLISHED: _("publiée"),
    State.SUPERSEDED: _("remplacée"),
    State.WITHDRAWN: _("retirée"),
}
OUT = (State.PUBLISHED, State.SUPERSEDED, State.WITHDRAWN)
"""States of a version that was public one day: its line is never taken off the public page."""


class NotNotified(Refused):
    code = "DIS-850"
    says = _("La décision %(number)s ne se publie pas encore : elle est %(state)s.")
    remedy = _("Elle se publie une fois notifiée aux parties.")
    sentences = frozenset({"state"})
    status = 409


class NotPrepared(Refused):
    code = "DIS-851"
    says = _("Le texte public de la décision %(number)s n’est pas en préparation.")
    remedy = _("Ouvrez la page de publication de la décision ; une nouvelle version se prépare avec son motif.")
    status = 409


class Undecided(Refused):
    code = "DIS-852"
    says = _("Des passages proposés n’ont pas encore reçu de réponse : %(n)d.")
    remedy = _("Gardez ou occultez chacun, avec son motif.")
    status = 422


class TextMoved(Refused):
    code = "DIS-853"
    says = _("Le texte de la décision %(number)s a changé depuis la préparation de sa publication.")
    remedy = _("Préparez-la de nouveau : les réponses déjà données sont gardées.")
    status = 409


class StillThere(Refused):
    code = "DIS-854"
    says = _("Un passage occulté se lit encore en clair ailleurs : %(where)s.")
    remedy = _("Occultez-le partout, ou gardez-le partout. Le dispositif et les annexes ne s’occultent pas.")
    sentences = frozenset({"where"})
    status = 422


class NoNewVersion(Refused):
    code = "DIS-855"
    says = _("Une autre version du texte public de la décision %(number)s demande un motif.")
    remedy = _("Écrivez en une phrase ce qui est corrigé, ou pourquoi la version publiée est retirée.")
    status = 422


@dataclass(frozen=True, slots=True, kw_only=True)
class Version(Stand[State]):
    """A version as the table sees it. undecided: passages without an answer."""

    undecided: int = 0


DECIDED: Need = need(
    "decided", _("une réponse à chaque passage proposé"), lambda one, act: one.undecided == 0,
    lambda one, act: Undecided(n=one.undecided),
)  # fmt: skip
SECOND: Need = other_than("proposer", _("une autre personne que celle qui a proposé"))
S = State
PUBLICATION = declare(Table(
    name="publication", title=_("La vie du texte public d’une décision"), row="disputes.Publication",
    states=State, labels=LABELS, starts=(S.DRAFT,), ends=frozenset({S.PUBLISHED, S.SUPERSEDED, S.WITHDRAWN}),
    steps=(
        step(S.DRAFT, S.PROPOSED, PUBLISH, DECIDED),
        step(S.PROPOSED, S.DRAFT, "", hand=Hand.HOUSE),
        step(S.PROPOSED, S.PUBLISHED, REGISTRY, SECOND, DOCUMENT),
        step(S.PUBLISHED, S.SUPERSEDED, "", hand=Hand.HOUSE),
        step(S.PUBLISHED, S.WITHDRAWN, "", hand=Hand.HOUSE),
    ),
    needs=(DECIDED, SECOND, DOCUMENT),
    notes=(_("Une version publiée ne change plus : une autre prend sa place, et les deux restent inscrites avec leurs empreintes."),),
))  # fmt: skip
__all__ = ["LABELS", "OUT", "PUBLICATION", "Act", "State", "Version"]
