"""Acts that set a rule aside for one contest: shorten, extend, set, suspend, interrupt.

The house records and does not judge legality. It asks for the authority, the document and the
reason; it keeps the computed date beside the new one; it warns when the act ranks below the norm
or comes after the date it moves.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kalata.refusals import Refused
from kalata.text import Message
from kalata.text import gettext_noop as _

from .moments import Deadline


class NoBasis(Refused):
    """A derogation without authority, document or reason."""

    code = "DL-110"
    says = _("%(record)s, champ « %(field)s » : une dérogation exige l’autorité, le document et le motif.")
    remedy = _("Citez l’acte (nature, numéro, date), l’autorité qui l’a pris et son motif.")
    status = 422


class WrongWay(Refused):
    code = "DL-115"
    says = _("%(record)s : « %(kind)s » ne peut pas donner le %(new)s quand la règle donne le %(computed)s.")
    remedy = _("Choisissez « prolonge », « abrège » ou « fixe » selon ce que dit l’acte.")
    status = 422


class Derogates(StrEnum):
    SHORTEN = "shorten"
    EXTEND = "extend"
    SET = "set"
    SUSPEND = "suspend"
    INTERRUPT = "interrupt"


KIND_LABELS = {
    Derogates.SHORTEN: _("abrège"),
    Derogates.EXTEND: _("prolonge"),
    Derogates.SET: _("fixe"),
    Derogates.SUSPEND: _("suspend"),
    Derogates.INTERRUPT: _("interrompt"),
}


@dataclass(frozen=True, slots=True)
class Derogation:
    """One act. value: the new limit (shorten, extend, set); first, last: suspended days."""

    norm: str
    round: int | None
    kind: Derogates
    authority: str
    document: str
    decided: date
    reason: str
    rank: int
    value: Deadline | None = None
    first: date | None = None
    last: date | None = None

    def __post_init__(self) -> None:
        for name, given in (("authority", self.authority), ("document", self.document), ("reason", self.reason)):
            if not given.strip():
                raise NoBasis(record=self.norm, field=name)
        if self.kind in (Derogates.SUSPEND, Derogates.INTERRUPT):
            if self.first is None or self.last is None or self.last < self.first:
                raise NoBasis(record=self.norm, field="first")
        elif self.value is None:
            raise NoBasis(record=self.norm, field="value")

    def sentence(self, computed: Deadline | None) -> Message:
        values: dict[str, object] = {
            "document": self.document,
            "decided": self.decided,
            "authority": self.authority,
            "reason": self.reason,
        }
        if self.value is None:
            values |= {"first": self.first, "last": self.last}
            if self.kind is Derogates.SUSPEND:
                return Message(
                    _(
                        "Délai suspendu du %(first)s au %(last)s par %(document)s du %(decided)s (%(authority)s). "
                        "Motif : %(reason)s."
                    ),
                    values,
                )
            return Message(
                _(
                    "Délai interrompu du %(first)s au %(last)s par %(document)s du %(decided)s (%(authority)s). "
                    "Motif : %(reason)s."
                ),
                values,
            )
        values["new"] = self.value.sentence()
        if computed is None:
            return Message(
                _("Fixé par %(document)s du %(decided)s (%(authority)s) : %(new)s. Motif : %(reason)s."), values
            )
        return Message(
            _(
                "Règle dérogée par %(document)s du %(decided)s (%(authority)s) : %(new)s, au lieu du %(computed)s. "
                "Motif : %(reason)s."
            ),
            {**values, "computed": computed.sentence()},
        )

    def warnings(self, norm_rank: int, computed: Deadline | None) -> list[Message]:
        """What a lawyer will ask: rank of the act, its date against the date it moves, its sense."""
        said = []
        if self.rank < norm_rank:
            said.append(Message(_("L’acte qui déroge est d’un rang inférieur à la norme qu’il écarte.")))
        if computed is not None and self.decided > computed.day:
            said.append(Message(_("L’acte qui déroge est postérieur à l’échéance qu’il déplace.")))
        return said

    def check(self, computed: Deadline | None) -> None:
        """Refuse an extension that shortens and the reverse (DL-115)."""
        if computed is None or self.value is None or self.kind is Derogates.SET:
            return
        longer = self.value.instant > computed.instant
        if longer != (self.kind is Derogates.EXTEND):
            raise WrongWay(
                record=self.norm,
                kind=Message(KIND_LABELS[self.kind]),
                new=self.value.sentence(),
                computed=computed.sentence(),
            )
