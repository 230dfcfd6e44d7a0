"""Divisions of the territory from files, and zones corrected while nothing refers to them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import models, transaction

from kalata import codes, plain
from kalata.chain import services as chain
from kalata.chain.models import IndexEntry
from kalata.country import kinds, queries
from kalata.country.models import Constituency, Geography, Unit
from kalata.ledger.services import Actor, record
from kalata.refusals import Refused
from kalata.text import Message, fold
from kalata.text import gettext_noop as _

MOST_CSV = 20 * 2**20
LEVELS = frozenset("123456789")
COLUMNS = ("id", "level", "name", "parent_id")
SHOWN = 200
"""Faults of a file told at once."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a file: its line as a spreadsheet numbers it, its column, why."""

    row: int
    field: str
    why: Message
    code: str = "GEO-101"
    remedy: Message = dataclasses.field(default_factory=lambda: Message(_("Corrigez cette cellule.")))

    @property
    def message(self) -> Message:
        return self.why


class BadGeographyFile(Refused):
    """The first fault as a sentence; `problems`: all of them."""

    code = "GEO-101"
    says = _("Fichier %(file)s, ligne %(row)d, champ « %(field)s » : %(why)s.")
    remedy = _("Corrigez la ligne et recommencez. Rien n’a été enregistré.")
    status = 422

    def __init__(self, *, problems: list[Problem] | None = None, **params: Any) -> None:
        self.problems = problems or []
        super().__init__(**params)


class ZoneInUse(Refused):
    code = "GEO-110"
    says = _("« %(zone)s » sert déjà : %(used)s.")
    remedy = _("Une zone se corrige ou se retire tant que rien ne s’y rattache. Retirez d’abord ce qui s’y rattache.")
    status = 409


class FromPack(Refused):
    code = "GEO-111"
    says = _("Ce découpage vient du pack %(country)s : ses zones ne se changent pas ici.")
    remedy = _("Corrigez le pack et chargez sa nouvelle version, ou importez un découpage à vous.")
    status = 409


class BadZone(Refused):
    code = "GEO-112"
    says = _("La zone « %(zone)s » ne peut pas être placée là : %(why)s.")
    remedy = _("Choisissez une zone d’un niveau plus large, du même découpage.")
    status = 422


# --- a hierarchy from a file -----------------------------------------------------------------------------
@transaction.atomic
def import_geography(
    *, path: str, code: str, name: str, valid_from: Any, source: str, by: Actor | None = None, file: str = ""
) -> dict[str, Any]:
    """Import a hierarchy from CSV; idempotent. file: its name for who sent it.

    Broken chains are repaired by `region_id` and `cercle_id` where the file has them, and reported; what stays without
    a zone above it is an orphan, and counted apart. Raises GEO-101 with every fault of the file; nothing is stored.
    """
    file = file or Path(path).name
    rows = plain.rows_of(Path(path).read_bytes(), file=file, most=MOST_CSV)
    refuse(file, list(columns_missing(rows)))
    held = Unit.objects.filter(geography__code=code).values_list("code", flat=True)
    refuse(file, list(faults(rows, held)))
    seen, doubled, problems = first_of_each(rows)
    named: dict[int, str] = {}
    for row in rows:
        named.setdefault(int(row["level"]), row.get("type") or f"niveau {row['level']}")
    geography, _made = Geography.objects.get_or_create(
        code=code,
        defaults={
            "name_fr": name,
            "name_en": name,
            "valid_from": valid_from or None,
            "source": source,
            "confidence": "secondary source",
            "levels": [{"level": n, "fr": k.capitalize(), "en": k.capitalize()} for n, k in sorted(named.items())],
        },
    )
    have = {u.code: u for u in geography.units.all()}
    told = {"added": 0, "repaired": 0, "orphans": 0}
    for level in sorted(named):
        fresh = [
            (number, row) for number, row in enumerate(rows, 2)
            if number not in doubled and int(row["level"]) == level and row["id"] not in have
        ]  # fmt: skip
        batch = [
            unit_of(geography, row, parent_of(number, row, seen, problems, told), have, source) for number, row in fresh
        ]
        told["added"] += len(batch)
        have |= {u.code: u for u in Unit.objects.bulk_create(batch)}
    index(geography)
    record(
        by=by,
        kind=kinds.GEOGRAPHY_IMPORTED,
        subject=f"geography:{code}",
        after={"units": len(rows), "added": told["added"], "problems": len(problems)},
    )
    unchanged = len(rows) - told["added"] - len(doubled)
    return {
        "geography": code,
        "rows": len(rows),
        **told,
        "unchanged": unchanged,
        "doubled": len(doubled),
        "problems": problems,
    }


def refuse(file: str, found: list[Problem]) -> None:
    if found:
        one = found[0]
        raise BadGeographyFile(problems=found[:SHOWN], file=file, row=one.row, field=one.field, why=one.why)


def columns_missing(rows: list[dict[str, str]]) -> Iterator[Problem]:
    for column in COLUMNS:
        if not rows or column not in rows[0]:
            yield Problem(1, column, Message(_("colonne absente")))


def faults(rows: list[dict[str, str]], held: Any) -> Iterator[Problem]:
    """Everything in the rows that cannot be a zone; ids are tidied where they are read."""
    alike = {codes.key(c): c for c in held}
    for number, row in enumerate(rows, 2):
        for column, most in (("id", 60), ("name", 200), ("type", 60)):
            if len(row.get(column, "")) > most:
                yield Problem(number, column, Message(_("plus de %(n)d {n:signe|signes}"), {"n": most}))
        if not row["name"].strip():
            yield Problem(number, "name", Message(_("vide")))
        if row["level"] not in LEVELS:
            yield Problem(number, "level", Message(_("un entier de 1 à 9 est attendu")))
        tidied = codes.tidy(row["id"]) if row["id"] else None
        if tidied is None or isinstance(tidied, codes.Fault):
            yield Problem(number, "id", tidied.message if tidied else Message(_("vide")))
            continue
        row["id"], row["parent_id"] = tidied, str(codes.tidy(row["parent_id"])) if row["parent_id"] else ""
        if alike.setdefault(codes.key(tidied), tidied) != tidied:
            yield Problem(number, "id", codes.SameCode(value=tidied, other=alike[codes.key(tidied)]).message)


def first_of_each(rows: list[dict[str, str]]) -> tuple[dict[str, int], set[int], list[str]]:
    """(level of each id, lines that repeat one, what is said of them): published files do repeat; the first line stands."""
    seen: dict[str, int] = {}
    doubled: set[int] = set()
    problems = []
    for number, row in enumerate(rows, 2):
        if row["id"] in seen:
            doubled.add(number)
            problems.append(
                f"GEO-106 ligne {number} : l’identifiant {row['id']} ({row['name']}) figure déjà ; la première ligne est gardée"
            )
        else:
            seen[row["id"]] = int(row["level"])
    return seen, doubled, problems


def parent_of(
    number: int, row: Mapping[str, str], seen: Mapping[str, int], problems: list[str], told: dict[str, int]
) -> str:
    """The id of the zone above, repaired where the file allows it; "" at the top, and for an orphan."""
    level, parent = int(row["level"]), row["parent_id"]
    if level == 1 or (parent in seen and seen[parent] < level):
        return parent
    above = next((row[k] for k in ("cercle_id", "region_id") if row.get(k) in seen and seen[row[k]] < level), "")
    told["repaired" if above else "orphans"] += 1
    problems.append(
        f"GEO-103 ligne {number} : {row['id']} {row['name']}, parent « {parent} » absent ; rattaché à {above or 'rien'}"
    )
    return above


def unit_of(geography: Geography, row: Mapping[str, str], parent: str, have: Mapping[str, Unit], source: str) -> Unit:
    return Unit(
        geography=geography,
        code=row["id"],
        level=int(row["level"]),
        name=row["name"],
        sort_name=fold(row["name"]),
        kind=row.get("type", ""),
        parent=have.get(parent),
        source=source,
        confidence="secondary source",
    )


def index(geography: Geography) -> None:
    """A geography and its areas are found by their names."""
    chain.keep("geography", [geography.pk])
    chain.keep("area", geography.units.values_list("pk", flat=True))


# --- zones, while nothing refers to them ---------------------------------------------------------------
WORDS = {
    "country.station": _("bureaux : %(n)d"),
    "country.unit": _("zones au-dessous : %(n)d"),
    "country.crosswalk": _("correspondances : %(n)d"),
    "people.mandate": _("mandats : %(n)d"),
    "results.mappingprofile": _("profils d’import : %(n)d"),
}
OTHER = _("autres liens : %(n)d")


def used_by(unit: Unit, *, children: bool) -> list[Message]:
    """What refers to a zone, in figures; children: the zones in it count too."""
    found: dict[str, int] = {}
    for rel in Unit._meta.get_fields(include_hidden=True):
        if not (rel.auto_created and rel.is_relation and not rel.concrete):
            continue
        model: type[models.Model] = rel.related_model  # type: ignore[assignment]
        if model is Unit and not children:
            continue
        if n := model._default_manager.filter(**{rel.field.name: unit}).count():  # type: ignore[union-attr]
            label = WORDS.get(model._meta.label_lower, OTHER)
            found[label] = found.get(label, 0) + n
    if n := Constituency.objects.filter(contest__election__geography=unit.geography_id, code=unit.code).count():
        found[_("circonscriptions : %(n)d")] = n
    return [Message(label, {"n": n}) for label, n in found.items()]


def free_zone(unit_id: int, geography: Geography, *, children: bool) -> Unit:
    """The zone, locked, where it may be changed. GEO-111: the pack's; GEO-110: something refers to it."""
    country = queries.country_of(geography.code, "fr")
    if country:
        raise FromPack(country=country)
    unit = Unit.objects.select_for_update(of=("self",)).get(pk=unit_id, geography=geography)
    if used := used_by(unit, children=children):
        raise ZoneInUse(zone=unit.name, used=Message("%(all)s", {"all": tuple(used)}))
    return unit


@transaction.atomic
def edit_zone(
    *, geography: Geography, unit_id: int, name: str, kind: str, parent: Unit | None, by: Actor | None
) -> Unit:
    """Correct the name, the kind and the place of a zone that nothing uses yet. GEO-112: not under that one."""
    unit = free_zone(unit_id, geography, children=False)
    if parent is not None and (parent.geography_id != geography.pk or parent.level >= unit.level):
        raise BadZone(
            zone=unit.name, why=Message(_("« %(parent)s » n’est pas d’un niveau plus large"), {"parent": parent.name})
        )
    before = {"name": unit.name, "kind": unit.kind, "parent": unit.parent.code if unit.parent else ""}
    if unit.children.exists() and parent != unit.parent:
        raise ZoneInUse(zone=unit.name, used=Message(WORDS["country.unit"], {"n": unit.children.count()}))
    unit.name, unit.sort_name, unit.kind, unit.parent = codes.label(name), fold(name), kind, parent
    unit.save()
    chain.keep("area", [unit.pk])
    after = {"name": unit.name, "kind": unit.kind, "parent": parent.code if parent else ""}
    record(by=by, kind=kinds.ZONE_CHANGED, subject=f"geography:{geography.code}", before={"zone": unit.code, **before}, after={"zone": unit.code, **after})  # fmt: skip
    return unit


@transaction.atomic
def drop_zone(*, geography: Geography, unit_id: int, by: Actor | None) -> str:
    """Take a zone away that nothing uses, nor any zone in it. Returns its name."""
    unit = free_zone(unit_id, geography, children=True)
    gone = {"zone": unit.code, "name": unit.name, "level": unit.level}
    record(by=by, kind=kinds.ZONE_DROPPED, subject=f"geography:{geography.code}", after=gone)
    name, key = unit.name, unit.pk
    unit.delete()
    chain.forget(IndexEntry.objects.filter(kind="area", number=key))
    return name
