"""The lives of a kept cascade, of a class, of who is enrolled in it and of a certificate."""

from __future__ import annotations

from enum import StrEnum

from kalata.lifecycle import REASON, Hand, Table, declare, step
from kalata.text import gettext_noop as _
from kalata.training.rules.rights import CERTIFY, PLAN, TEACH


class Kept(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    REPLACED = "replaced"
    DROPPED = "dropped"


CASCADE = declare(Table(
    name="cascade", title=_("La vie d’un plan de formation gardé"), row="training.Cascade", states=Kept,
    labels={Kept.DRAFT: _("brouillon"), Kept.PUBLISHED: _("publié"), Kept.REPLACED: _("remplacé par sa réparation"), Kept.DROPPED: _("abandonné")},
    starts=(Kept.DRAFT,), ends=frozenset({Kept.PUBLISHED, Kept.REPLACED, Kept.DROPPED}),
    steps=(
        step(Kept.DRAFT, Kept.PUBLISHED, hand=Hand.DERIVED), step(Kept.PUBLISHED, Kept.REPLACED, hand=Hand.DERIVED),
        step(Kept.DRAFT, Kept.DROPPED, PLAN, REASON),
    ),
    needs=(REASON,),
    notes=(_("La publication est un acte de deux personnes, lié à l’empreinte exacte du plan : il en fait les séances et leurs inscrits."),),
))  # fmt: skip


class Held(StrEnum):
    PLANNED = "planned"
    HELD = "held"
    SETTLED = "settled"
    CANCELLED = "cancelled"


CLASS = declare(Table(
    name="training_class", title=_("La vie d’une séance de formation"), row="training.TrainingClass", states=Held,
    labels={Held.PLANNED: _("prévue"), Held.HELD: _("tenue"), Held.SETTLED: _("résultats arrêtés"), Held.CANCELLED: _("annulée")},
    starts=(Held.PLANNED,), ends=frozenset({Held.SETTLED, Held.CANCELLED}),
    steps=(
        step(Held.PLANNED, Held.HELD, TEACH), step(Held.HELD, Held.SETTLED, TEACH), step(Held.PLANNED, Held.CANCELLED, hand=Hand.DERIVED),
    ),
    needs=(),
    notes=(_("Une fois la séance tenue, l’émargement ne change plus : la liste de paiement en découle."),),
))  # fmt: skip


class Seat(StrEnum):
    ENROLLED = "enrolled"
    ATTENDED = "attended"
    ABSENT = "absent"
    PASSED = "passed"
    FAILED = "failed"
    REJECTED = "rejected"
    CERTIFIED = "certified"


SEAT = declare(Table(
    name="enrolment", title=_("D’inscrit à certifié"), row="training.Enrolment", states=Seat,
    labels={
        Seat.ENROLLED: _("inscrit"), Seat.ATTENDED: _("présent, deux preuves"), Seat.ABSENT: _("absent"), Seat.PASSED: _("reçu"),
        Seat.FAILED: _("à reprendre une fois"), Seat.REJECTED: _("non reçu"), Seat.CERTIFIED: _("certifié"),
    },
    starts=(Seat.ENROLLED,), ends=frozenset({Seat.ABSENT, Seat.REJECTED, Seat.CERTIFIED, Seat.ATTENDED, Seat.ENROLLED, Seat.FAILED, Seat.PASSED}),
    steps=(
        step(Seat.ENROLLED, Seat.ATTENDED, hand=Hand.DERIVED), step(Seat.ENROLLED, Seat.ABSENT, hand=Hand.DERIVED),
        step(Seat.ATTENDED, Seat.PASSED, hand=Hand.DERIVED), step(Seat.ATTENDED, Seat.FAILED, hand=Hand.DERIVED),
        step(Seat.FAILED, Seat.PASSED, hand=Hand.DERIVED), step(Seat.FAILED, Seat.REJECTED, hand=Hand.DERIVED),
        step(Seat.PASSED, Seat.CERTIFIED, hand=Hand.DERIVED),
    ),
    needs=(),
    notes=(_("La présence suit de deux preuves, la réussite suit de la feuille de réponses : personne n’écrit l’une ni l’autre à la main."),),
))  # fmt: skip


class Badge(StrEnum):
    VALID = "valid"
    UPDATE = "update"
    REVOKED = "revoked"


BADGE = declare(Table(
    name="certificate", title=_("La vie d’une attestation"), row="training.Certificate", states=Badge,
    labels={Badge.VALID: _("valable"), Badge.UPDATE: _("à mettre à jour"), Badge.REVOKED: _("retirée")},
    starts=(Badge.VALID,), ends=frozenset({Badge.VALID, Badge.UPDATE, Badge.REVOKED}),
    steps=(
        step(Badge.VALID, Badge.UPDATE, hand=Hand.DERIVED), step(Badge.UPDATE, Badge.VALID, CERTIFY, REASON),
        step(Badge.VALID, Badge.REVOKED, hand=Hand.DERIVED), step(Badge.UPDATE, Badge.REVOKED, hand=Hand.DERIVED),
    ),
    needs=(REASON,),
    notes=(_("Délivrance et retrait sont des actes de deux personnes ; une étape décisive changée demande une mise à jour."),),
))  # fmt: skip

REASONS = {
    "obtained_by_fraud": _("obtenue par fraude"), "wrong_person": _("délivrée à une autre personne"), "leaked_test": _("épreuve divulguée avant la séance"),
    "recusal": _("incompatibilité constatée"), "issued_in_error": _("délivrée par erreur"),
}  # fmt: skip
