"""Who may read a kept file: its class says which question is asked, the room of its record answers."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from kalata.refusals import Refused
from kalata.text import gettext_noop as _


class Access(StrEnum):
    """The class of a file, for one record."""

    PUBLIC = "public"
    """Anybody."""
    STAFF = "staff"
    """Who has a right over the record, as its room answers."""
    PERSONAL = "personal"
    """The same, and each reading is an act of the ledger."""
    SEALED = "sealed"
    """Nobody, until an act opens it."""


ACCESS_LABELS = {
    Access.PUBLIC: _("publique"),
    Access.STAFF: _("aux agents qui ont droit sur le dossier"),
    Access.PERSONAL: _("données personnelles : chaque lecture est inscrite"),
    Access.SEALED: _("sous scellé"),
}


class Step(StrEnum):
    """What happened to a file, in one record."""

    RECEIVED = "received"
    JOINED = "joined"
    RECLASSED = "reclassed"
    ENDED = "ended"


class NoSuchPiece(Refused):
    code = "EVD-404"
    says = _("Aucune pièce de cette empreinte n’est jointe à ce dossier.")
    remedy = _("Revenez au dossier et suivez son lien vers la pièce.")
    status = 404


class UnderSeal(Refused):
    code = "EVD-103"
    says = _("Cette pièce est sous scellé : personne ne la lit avant l’acte qui l’ouvre.")
    remedy = _("Demandez l’acte qui ouvre le scellé ; il sera inscrit au journal des actes.")
    status = 403


class StillDue(Refused):
    code = "EVD-104"
    says = _("Cette pièce est gardée jusqu’au %(until)s (%(rule)s).")
    remedy = _("Attendez ce terme, ou faites changer la règle par l’acte qui la porte.")


class NoGround(Refused):
    code = "EVD-105"
    says = _("Une pièce ne change de classe et ne quitte la maison que par un acte, avec son motif.")
    remedy = _("Écrivez le motif, avec l’acte qui l’ordonne.")
    status = 422


class Damaged(Refused):
    code = "EVD-106"
    says = _("La pièce %(sha)s n’est plus celle qui a été gardée : elle manque, ou ses octets ont changé.")
    remedy = _("Ne vous y fiez pas. Prévenez l’exploitation, qui la reprend d’une sauvegarde.")
    status = 410


def asks_the_room(access: Access) -> bool:
    """True where the room of the record must answer; UnderSeal where nobody may read."""
    if access is Access.SEALED:
        raise UnderSeal
    return access is not Access.PUBLIC


def may_go(*, until: date | None, rule: str, today: date, reason: str) -> None:
    """EVD-105 without a reason, EVD-104 up to and on the last day it must be kept. No day: an act is enough."""
    if not reason.strip():
        raise NoGround
    if until is not None and today <= until:
        raise StillDue(until=until.isoformat(), rule=rule)
