"""What two versions differ in: each date of the plan, each activity, each driver, cell by cell."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from kalata.planning.rules.sheet import Cells, Sheet, by_id, said
from kalata.text import Message
from kalata.text import gettext_noop as _


class Kind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class About(StrEnum):
    PLAN = "plan"
    ACTIVITY = "activity"
    DRIVER = "driver"


LABELS: Mapping[str, str] = {
    "phase": _("phase"), "activity_fr": _("intitulé"), "activity_en": _("intitulé anglais"), "type": _("type"),
    "dur_optimistic": _("durée optimiste"), "dur_likely": _("durée probable"), "dur_pessimistic": _("durée pessimiste"),
    "dur_unit": _("unité de durée"), "predecessors": _("antécédents"), "legal_anchor": _("ancrage légal"),
    "responsible": _("responsable"), "support": _("appui"), "cost_driver": _("unité comptée"), "quantity_expr": _("quantité"),
    "quantity": _("quantité calculée"), "unit_cost_xof_low": _("prix bas"), "unit_cost_xof_likely": _("prix probable"),
    "unit_cost_xof_high": _("prix haut"), "unit_cost_flag": _("nature du prix"), "unit_cost_source": _("source du prix"),
    "core_category": _("catégorie"), "default_funder": _("financement par défaut"), "duration_flag": _("nature de la durée"),
    "duration_or_anchor_source": _("source de la durée"), "resources": _("ressources"),
    "time_dependent": _("coût selon la durée"), "why_optimistic": _("motif de l’optimiste"),
    "why_likely": _("motif du probable"), "why_pessimistic": _("motif du pessimiste"), "norm": _("norme"),
    "calendar": _("calendrier"), "territory": _("territoire"), "evidence_required": _("pièce exigée"), "place": _("place"),
    "t0": _("premier jour du plan"), "j1": _("jour du scrutin"), "j2": _("second tour"), "value": _("valeur"),
    "label": _("intitulé"), "flag": _("nature"), "source": _("source"), "dated": _("date de la valeur"),
}  # fmt: skip
"""What each cell is, as a person calls it."""


@dataclass(frozen=True, slots=True)
class Field:
    """One cell. None: the thing is not there on that side."""

    name: str
    before: str | None
    after: str | None

    @property
    def label(self) -> str:
        return LABELS.get(self.name, self.name)

    @property
    def shown_label(self) -> Message:
        if self.name.startswith("day:"):
            return Message(_("jour chômé du %(day)s"), {"day": self.name[4:]})
        if self.name.startswith("work:"):
            return Message(_("calendrier %(code)s"), {"code": self.name[5:]})
        return Message(self.label)


@dataclass(frozen=True, slots=True)
class Difference:
    about: About
    code: str
    kind: Kind
    title: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Whole:
    """A version as it is compared."""

    head: Cells
    sheet: Sheet
    drivers: Sheet


def differences(before: Whole, after: Whole) -> list[Difference]:
    """In order: the plan's dates, activities in the order of the later version (then those gone), drivers."""
    found = (
        [Difference(About.PLAN, "", Kind.CHANGED, "", fields)] if (fields := changed(before.head, after.head)) else []
    )
    found += compared(About.ACTIVITY, by_id(before.sheet), by_id(after.sheet), "activity_fr")
    one, other = ({d["code"]: d for d in side.drivers} for side in (before, after))
    return found + compared(About.DRIVER, one, other, "label")


def compared(about: About, before: Mapping[str, Cells], after: Mapping[str, Cells], title: str) -> list[Difference]:
    found: list[Difference] = []
    for code, cells in after.items():
        was = before.get(code)
        fields = changed(was or {}, cells)
        if was is None or fields:
            kind = Kind.CHANGED if was is not None else Kind.ADDED
            found.append(Difference(about, code, kind, cells.get(title, ""), fields))
    gone = (code for code in before if code not in after)
    found += [
        Difference(about, c, Kind.REMOVED, before[c].get(title, ""), changed(before[c], {})) for c in gone
    ]  # fmt: skip
    return found


def changed(before: Cells, after: Cells) -> tuple[Field, ...]:
    a, b = said(before), said(after)
    names = [n for n in dict.fromkeys([*LABELS, *a, *b]) if n not in ("id", "code") and a.get(n) != b.get(n)]
    return tuple(Field(n, a.get(n), b.get(n)) for n in names)


def facts(found: Sequence[Difference]) -> dict[str, str]:
    """The difference, element by element, as a request is bound to it."""
    return {
        f"{d.about}:{d.code}:{f.name}" if f else f"{d.about}:{d.code}": f"{f.before or ''} → {f.after or ''}" if f else d.kind.value
        for d in found for f in (*d.fields, None) if f or d.kind is not Kind.CHANGED
    }  # fmt: skip


def digest(found: Sequence[Difference]) -> str:
    """SHA-256 (hex) of an exact difference."""
    return hashlib.sha256(json.dumps(facts(found), sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def record(found: Sequence[Difference]) -> list[dict[str, object]]:
    """A difference as it is kept."""
    return [
        {"about": d.about.value, "code": d.code, "kind": d.kind.value, "title": d.title,
         "fields": [[f.name, f.before, f.after] for f in d.fields]}
        for d in found
    ]  # fmt: skip


def recorded(kept: Sequence[Mapping[str, object]]) -> list[Difference]:
    """A kept difference, read again."""
    return [
        Difference(About(str(d["about"])), str(d["code"]), Kind(str(d["kind"])), str(d["title"]),
                   tuple(Field(*f) for f in d["fields"]))  # type: ignore[attr-defined]
        for d in kept
    ]  # fmt: skip
