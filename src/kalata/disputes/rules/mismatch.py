"""What a draft prints against what its acts give: one mismatch, with the check and the exact figures on both sides.

What cannot be read in a draft is a mismatch of its check, never a reason not to work: all checks are always answered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from kalata.text import Message
from kalata.text import gettext_noop as _

CODES: Mapping[str, str] = {
    "annexes": "DIS-601",
    "units": "DIS-602",
    "counts": "DIS-603",
    "totals": "DIS-604",
    "percentages": "DIS-605",
    "outcome": "DIS-606",
    "petitions": "DIS-607",
    "grounds": "DIS-608",
    "rectifications": "DIS-609",
    "bench": "DIS-610",
    "service": "DIS-611",
    "articles": "DIS-612",
    "deadline": "DIS-613",
    "hands": "DIS-614",
}
"""The fourteen checks, in the order in which they are always answered, and the code of what each finds."""
CHECK_LABELS: Mapping[str, str] = {
    "annexes": _("Annexes égales au dispositif"),
    "units": _("Bureaux visés"),
    "counts": _("Nombres imprimés"),
    "totals": _("Totaux imprimés"),
    "percentages": _("Pourcentages"),
    "outcome": _("Élus, qualifiés, ordre et sièges"),
    "petitions": _("Une issue pour chaque requête"),
    "grounds": _("Une réponse à chaque moyen"),
    "rectifications": _("Rectifications"),
    "bench": _("Formation et vote"),
    "service": _("Notifications et délais de réponse"),
    "articles": _("Articles cités"),
    "deadline": _("Délai pour statuer"),
    "hands": _("Deux personnes"),
}
NOT_THERE = _("Le projet ne dit pas : %(field)s.")
UNREADABLE = _("Ne peut pas être lu : %(field)s (%(printed)s).")


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One disagreement. where: the place or the thing; printed and computed: JSON values, None where there is none."""

    check: str
    message: Message
    where: Mapping[str, Any] = field(default_factory=dict)
    printed: Any = None
    computed: Any = None

    @property
    def code(self) -> str:
        return CODES[self.check]

    def record(self) -> dict[str, Any]:
        return {
            "check": self.check,
            "code": self.code,
            "where": dict(self.where),
            "printed": self.printed,
            "computed": self.computed,
            **self.message.both(),
        }


def mismatch(
    check: str,
    sentence: str,
    *,
    where: Mapping[str, Any] | None = None,
    printed: Any = None,
    computed: Any = None,
    **said: Any,
) -> Mismatch:
    """One mismatch; its sentence has the two values by name."""
    values = {"printed": shown(printed), "computed": shown(computed), **{k: shown(v) for k, v in said.items()}}
    return Mismatch(check, Message(sentence, values), where or {}, printed, computed)


def shown(value: Any) -> Any:
    """A value as a sentence has it: numbers stay numbers, a key of a station its parts, nothing is a dash."""
    if value is None or value in ("", [], {}):
        return "–"
    if isinstance(value, bool | int | Decimal | Message):
        return str(value) if isinstance(value, bool) else value
    if isinstance(value, Mapping):
        return ", ".join(f"{k} = {v}" for k, v in value.items())[:200]
    if isinstance(value, list | tuple):
        return ", ".join(shown_part(v) for v in value)[:200]
    return str(value)[:200]


def shown_part(value: Any) -> str:
    return " / ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def number(value: Any) -> int | None:
    """A whole number of a draft, or None."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def filled(value: Any) -> str:
    """A word of a draft, or ""."""
    return value.strip() if isinstance(value, str) else ""


def table(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def rows(check: str, value: Any, name: str, found: list[Mismatch]) -> list[Mapping[str, Any]]:
    """The tables of a list; what is no table in it is a mismatch. None is an empty list."""
    if value is None:
        return []
    if not isinstance(value, list | tuple):
        found.append(mismatch(check, UNREADABLE, where={"field": name}, printed=value, field=name))
        return []
    out = []
    for place, one in enumerate(value):
        if isinstance(one, Mapping):
            out.append(one)
        else:
            where = f"{name}[{place}]"
            found.append(mismatch(check, UNREADABLE, where={"field": where}, printed=one, field=where))
    return out
