"""What a petitioner files, as plain values: parties, act attacked, grounds with what they aim at, what is asked.

Stations are codes of the contest; words that no station answers to are kept as they were written. It is what a counter
signs and carries, so it holds no number of a database.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kalata.refusals import Refused
from kalata.text import gettext_noop as _

CHANNELS: Mapping[str, str] = {
    "counter": _("au guichet"),
    "web": _("en ligne"),
    "mail": _("par courriel"),
    "phone": _("par téléphone, avec un agent"),
    "field": _("à la préfecture, hors réseau"),
}
ROLES: Mapping[str, str] = {
    "petitioner": _("requérant"),
    "respondent": _("défendeur"),
    "intervener": _("intervenant"),
    "counsel": _("conseil"),
    "authority": _("autorité qui a fait l’acte"),
}
GROUNDS: Mapping[str, str] = {
    "officers_replaced": _("membres du bureau remplacés hors liste"),
    "record_missing": _("procès-verbal absent ou non signé"),
    "figures_inconsistent": _("chiffres incohérents"),
    "more_voters": _("plus de votants que d’inscrits"),
    "stuffing": _("bourrage d’urne"),
    "intimidation": _("intimidation ou violence"),
    "late_opening": _("ouverture tardive ou fermeture avant l’heure"),
    "campaigning": _("campagne le jour du vote"),
    "unregistered": _("vote de personnes non inscrites"),
    "relocation": _("bureau déplacé"),
    "delegate_expelled": _("délégué expulsé"),
    "eligibility": _("inéligibilité"),
    "finance": _("financement de campagne"),
    "register": _("inscription, radiation ou transfert"),
    "other": _("autre moyen"),
}
MOST_GROUNDS, MOST_TARGETS, MOST_PARTIES, MOST_TEXT = 40, 30_000, 40, 60_000


class Incomplete(Refused):
    code = "DIS-120"
    says = _("La requête ne peut pas être reçue : il manque %(what)s.")
    remedy = _("Complétez-la. Ce qui est écrit est gardé comme brouillon.")
    status = 422
    sentences = frozenset({"what"})


class TooLarge(Refused):
    code = "DIS-121"
    says = _("%(n)d %(what)s dans une requête ; au plus %(most)d.")
    remedy = _("Groupez-les, ou déposez une seconde requête.")
    status = 422
    sentences = frozenset({"what"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PartySaid:
    role: str
    name: str
    kind: str = ""
    represents: str = ""
    mandate: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""
    elected: str = ""
    sex: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroundSaid:
    """stations: codes of stations of the contest; words: what no station answers to."""

    code: str
    about: str = ""
    text: str = ""
    article: str = ""
    relief: str = ""
    stations: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """One petition, before any number."""

    kind: str = ""
    about: str = ""
    about_words: str = ""
    capacity: str = ""
    relief: str = ""
    unit: str = ""
    text: str = ""
    signed: bool = False
    signed_on: date | None = None
    parties: tuple[PartySaid, ...] = ()
    grounds: tuple[GroundSaid, ...] = field(default=())

    def check(self) -> Filing:
        """Itself, where it can be received: a petitioner is named. No judgment on admissibility: an unsigned, undated
        petition without a ground is received, and the checklist says what it lacks. DIS-120, DIS-121."""
        if not any(p.role == "petitioner" and p.name.strip() for p in self.parties):
            raise Incomplete(what=_("le nom du requérant"))
        counts = (
            (len(self.grounds), MOST_GROUNDS, _("moyens")), (len(self.parties), MOST_PARTIES, _("parties")),
            (sum(len(g.stations) + len(g.words) for g in self.grounds), MOST_TARGETS, _("bureaux visés")),
            (len(self.text), MOST_TEXT, _("signes")),
        )  # fmt: skip
        for n, most, what in counts:
            if n > most:
                raise TooLarge(n=n, most=most, what=what)
        return self

    def record(self) -> dict[str, Any]:
        """As plain values, to be signed and carried; what is empty is left out."""
        out = plain(self, ("parties", "grounds"))
        out["parties"] = [plain(p) for p in self.parties]
        out["grounds"] = [{"key": f"g{n}", **plain(g)} for n, g in enumerate(self.grounds, 1)]
        return out


def plain(one: Any, without: Sequence[str] = ()) -> dict[str, Any]:
    """The fields of a value that say something."""
    out = {}
    for name in one.__slots__:
        value = getattr(one, name)
        if name not in without and value not in ("", None, (), False):
            out[name] = (
                value.isoformat() if isinstance(value, date) else list(value) if isinstance(value, tuple) else value
            )
    return out


def filing_of(record: Mapping[str, Any]) -> Filing:
    """The filing of a record. ValueError, TypeError, KeyError: it is none."""
    values = {k: v for k, v in record.items() if k not in ("parties", "grounds", "signed_on")}
    day = record.get("signed_on")
    return Filing(
        **values,
        signed_on=date.fromisoformat(day) if day else None,
        parties=tuple(PartySaid(**p) for p in record.get("parties", ())),
        grounds=tuple(ground_of(g) for g in record.get("grounds", ())),
    )


def ground_of(record: Mapping[str, Any]) -> GroundSaid:
    values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in record.items() if k != "key"}
    return GroundSaid(**values)
