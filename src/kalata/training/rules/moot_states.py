"""The lives of a version of a case and of a sitting."""

from __future__ import annotations

from enum import StrEnum

from kalata.lifecycle import REASON, Hand, Table, declare, step
from kalata.text import gettext_noop as _
from kalata.training.rules.rights import HOLD, RATE, WRITE


class Version(StrEnum):
    DRAFT = "draft"
    APPROVED = "approved"
    REPLACED = "replaced"
    DROPPED = "dropped"


MOOT_VERSION = declare(Table(
    name="moot_version", title=_("La vie d’une version d’affaire-école"), row="training.MootVersion", states=Version,
    labels={Version.DRAFT: _("brouillon"), Version.APPROVED: _("approuvée"), Version.REPLACED: _("remplacée"), Version.DROPPED: _("abandonnée")},
    starts=(Version.DRAFT,), ends=frozenset({Version.APPROVED, Version.REPLACED, Version.DROPPED}),
    steps=(
        step(Version.DRAFT, Version.APPROVED, hand=Hand.DERIVED), step(Version.APPROVED, Version.REPLACED, hand=Hand.DERIVED),
        step(Version.DRAFT, Version.DROPPED, WRITE, REASON),
    ),
    needs=(REASON,),
    notes=(_("L’approbation est un acte de deux personnes, sur la différence exacte ; les réponses calculées y sont écrites par les moteurs de la maison."),),
))  # fmt: skip


class Sitting(StrEnum):
    PREPARED = "prepared"
    RUNNING = "running"
    RATING = "rating"
    RELEASED = "released"
    CANCELLED = "cancelled"


MOOT_SITTING = declare(Table(
    name="moot_sitting", title=_("La vie d’une séance d’affaire-école"), row="training.MootSitting", states=Sitting,
    labels={
        Sitting.PREPARED: _("préparée"), Sitting.RUNNING: _("en cours"), Sitting.RATING: _("à noter"), Sitting.RELEASED: _("résultats rendus"),
        Sitting.CANCELLED: _("annulée"),
    },
    starts=(Sitting.PREPARED,), ends=frozenset({Sitting.RELEASED, Sitting.CANCELLED}),
    steps=(
        step(Sitting.PREPARED, Sitting.RUNNING, HOLD), step(Sitting.RUNNING, Sitting.RATING, HOLD), step(Sitting.RATING, Sitting.RELEASED, RATE),
        step(Sitting.PREPARED, Sitting.CANCELLED, HOLD, REASON), step(Sitting.RUNNING, Sitting.CANCELLED, HOLD, REASON),
    ),
    needs=(REASON,),
    notes=(
        _("Les réponses de chacun sont scellées jusqu’à la fermeture de l’étape, puis ouvertes ensemble."),
        _("Les deux notateurs remettent leurs feuilles sans se lire ; les résultats attendent que leurs grands écarts soient discutés."),
    ),
))  # fmt: skip


class Part(StrEnum):
    PRESIDENT = "president"
    RAPPORTEUR = "rapporteur"
    MEMBER = "member"


PARTS = {Part.PRESIDENT: _("présidence"), Part.RAPPORTEUR: _("rapport"), Part.MEMBER: _("membre")}
ROUTES = {"screen": _("à l’écran"), "paper": _("feuille de papier"), "offline": _("page sans réseau")}


class Done(StrEnum):
    DONE = "done"
    PARTLY = "partly"
    NOT = "not"


OUTCOMES = {Done.DONE: _("faite"), Done.PARTLY: _("en partie"), Done.NOT: _("pas faite")}
FOLLOWED = (30, 90)
"""Days after which an action plan is looked at again."""
