"""What a signed decision orders of stations, and what stops it from being carried out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kalata.refusals import Refused
from kalata.results.rules.boxes import Sheet, Standing
from kalata.text import gettext_noop as _

LONGEST_REASON = 400


@dataclass(frozen=True, slots=True)
class Order:
    """What an act makes of one station. sheet: the figures it gives, None for those that stand.

    before: line -> figure that the decision says stands ("valid", "c1"); refused where another one does.
    """

    station: str
    act: str
    standing: Standing
    sheet: Sheet | None = None
    before: Mapping[str, int | None] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Ruling:
    """A signed decision: its number, the SHA-256 of what was signed, its acts, who signed it (their id).

    words: the reason that everybody may read. petitions: their numbers, whose contestations end with it. reruns:
    stations that vote again, in a part of their own.
    """

    number: str
    digest: str
    signed_by: int
    words: str
    orders: Sequence[Order] = ()
    acts: Sequence[Mapping[str, Any]] = ()
    petitions: Sequence[str] = ()
    reruns: Sequence[str] = ()


class NoDecision(Refused):
    code = "RES-340"
    says = _("Aucun résultat ne change sans une décision signée : son numéro, son empreinte et son motif.")
    remedy = _("Passez par la décision de la juridiction : elle est signée, puis exécutée.")
    status = 422


class AlreadyCarriedOut(Refused):
    code = "RES-341"
    says = _("La décision %(number)s a déjà été exécutée sur ce scrutin.")
    remedy = _("Rien à faire : une décision s’exécute une fois. Une autre décision écrit une nouvelle version.")
    status = 409


class UnknownStations(Refused):
    code = "RES-342"
    says = _("Bureaux inconnus de ce scrutin, ou nommés deux fois : %(stations)s.")
    remedy = _("Seuls les codes du registre comptent. Rien n’a été exécuté.")
    status = 422


class NotInForce(Refused):
    code = "RES-343"
    says = _("Bureau %(station)s, « %(field)s » : la décision dit « avant %(said)s », %(kept)s est en vigueur.")
    remedy = _("Rien n’a été exécuté. Relisez la version en vigueur ; une décision rectificative est signée à nouveau.")
    status = 409


class NothingOrdered(Refused):
    code = "RES-344"
    says = _("Bureau %(station)s : la décision ne change rien à ce qui est en vigueur.")
    remedy = _("Rien n’a été exécuté. Une décision antérieure a peut-être déjà produit cet effet.")
    status = 409


class NoFiguresToCount(Refused):
    code = "RES-345"
    says = _("Bureau %(station)s : aucun chiffre à compter, le procès-verbal manque ou est vide.")
    remedy = _("Donnez dans la décision les chiffres que la juridiction retient.")
    status = 422


class Proclaimed(Refused):
    code = "RES-346"
    says = _("Les résultats définitifs de ce scrutin ont été proclamés (%(number)s).")
    remedy = _("Rien n’a été écrit : plus aucune version ne suit une proclamation.")
    status = 409


class OnePerson(Refused):
    code = "RES-347"
    says = _("Qui signe la décision et qui l’exécute sont deux personnes.")
    remedy = _("Demandez au greffe d’exécuter la décision.")
    status = 403


class StillOnItsWay(Refused):
    code = "RES-348"
    says = _("Bureau %(station)s : son procès-verbal est encore à la centralisation (« %(state)s »).")
    remedy = _(
        "La juridiction statue sur un procès-verbal publié, écarté, manquant ou en carence. Rien n’a été exécuté."
    )
    status = 409


class StillContested(Refused):
    code = "RES-349"
    says = _(
        "%(n)d {n:bureau est encore contesté|bureaux sont encore contestés}, par exemple %(station)s (requête %(petition)s)."
    )
    remedy = _("Chaque requête reçoit sa décision avant la proclamation.")
    status = 409
