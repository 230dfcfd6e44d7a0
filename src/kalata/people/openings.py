"""Who opened an account: what the ledger kept of its last activation, and of the code that is out.

An account whose passphrase comes from the sheet of one person alone may be in that person's hands: it holds no desk.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kalata.ledger.models import Act
from kalata.ledger.queries import acts
from kalata.people.models import Mandate, Person
from kalata.refusals import Refused
from kalata.text import Message
from kalata.text import gettext_noop as _

KEEPERS = ("people.manage", "people.approve")
"""Without one person of each, nobody gives a mandate any more."""


class LastKeeper(Refused):
    code = "PEO-315"
    says = _("Cette personne est la dernière à tenir le droit « %(right)s » pour toute la maison.")
    remedy = _("Donnez d’abord ce droit à une autre personne, à deux ; en urgence, la console ferme ses sessions.")


@dataclass(frozen=True, slots=True)
class Opening:
    """An activation: when, and who had issued its code or codes. by: usernames, the console has none."""

    at: datetime
    by: tuple[str, ...]
    sheets: int

    @property
    def alone(self) -> bool:
        """True where one person, and not the console, could have used the code himself."""
        return self.sheets == 1 and bool(self.by)

    @property
    def says(self) -> Message:
        day = f"{self.at:%d/%m/%Y}"
        if not self.by:
            return Message(_("le %(day)s, par la console de la machine"), {"day": day})
        if self.alone:
            return Message(_("le %(day)s, avec une seule feuille, de %(by)s"), {"day": day, "by": self.by[0]})
        return Message(_("le %(day)s, avec deux feuilles, de %(by)s"), {"day": day, "by": ", ".join(self.by)})


def kept(person: Person, kind: str) -> list[Act]:
    """Acts of one kind about this account, latest first."""
    return list(acts(kind=kind, personal=True).filter(kind=kind, subject=f"person:{person.username}").order_by("-pk"))


def last(person: Person) -> Opening | None:
    """The activation from which the present passphrase comes; None where the ledger holds none."""
    found = kept(person, "person.activated")
    if not found:
        return None
    act, said = found[0], found[0].after or {}
    if said.get("sheets") == 2:
        return Opening(act.at, tuple(said.get("by") or ("–",)), 2)
    issued = next((one for one in kept(person, "person.code_issued") if one.pk < act.pk), None)
    return Opening(act.at, (issued.actor,) if issued and issued.actor_id else (), 1)


def issuer(person: Person) -> int | None:
    """Who issued the code that is out; None: the console, or none is."""
    issued = kept(person, "person.code_issued")
    return issued[0].actor_id if issued and person.activation_hash else None


def keep_one(leaving: list[Mandate]) -> None:
    """Refuse (PEO-315) what would leave nobody to ask mandates, or nobody to approve them."""
    lost = {right for one in leaving for right in one.rights if right in KEEPERS}
    if not lost:
        return
    gone = {one.pk for one in leaving}
    live = Mandate.objects.select_for_update(of=("self",)).filter(
        revoked_at=None, person__is_active=True, unit=None, contest=None
    )
    from kalata.people.queries import today

    others = [m for m in live if m.pk not in gone and (m.ends is None or m.ends >= today())]
    for right in sorted(lost):
        if not any(right in m.rights for m in others):
            raise LastKeeper(right=right)
