"""Divisions of the territory and what corresponds between them, read from files. All or nothing."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from django.db import transaction

from kalata import codes, plain
from kalata.chain import services as chain
from kalata.country import kinds
from kalata.country.models import Crosswalk, Geography, Unit
from kalata.ledger.services import Actor, record
from kalata.refusals import Refused
from kalata.text import fold
from kalata.text import gettext_noop as _


class BadGeographyFile(Refused):
    code = "GEO-101"
    says = _("Fichier %(file)s, ligne %(row)d, champ « %(field)s » : %(why)s.")
    remedy = _("Corrigez la ligne et recommencez. Rien n’a été enregistré.")
    status = 422


class UnknownGeography(Refused):
    code = "GEO-102"
    says = _("Le découpage « %(code)s » n’est pas chargé.")
    remedy = _("Chargez le pack ou importez ce découpage d’abord.")
    status = 404


MOST_CSV = 20 * 2**20


LEVELS = frozenset("123456789")


@dataclass
class Lines:
    """The rows of a file of areas, each looked at once. levels: of the codes that stand; doubled: rows of a code that an
    earlier one has; problems: what is reported and not hidden."""

    rows: list[dict[str, str]]
    levels: dict[str, int] = field(default_factory=dict)
    doubled: set[int] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)

    @property
    def numbered(self) -> Iterable[tuple[int, dict[str, str]]]:
        return enumerate(self.rows, 2)

    @property
    def named(self) -> dict[int, str]:
        """Level -> what its areas are called."""
        out: dict[int, str] = {}
        for row in self.rows:
            out.setdefault(int(row["level"]), row.get("type") or f"niveau {row['level']}")
        return out


def lines_of(path: str, code: str) -> Lines:
    """The rows of a file, or BadGeographyFile (GEO-101) naming the row and the field."""
    name = Path(path).name
    found = Lines(plain.rows_of(Path(path).read_bytes(), file=name, most=MOST_CSV))
    for column in ("id", "level", "name", "parent_id"):
        if not found.rows or column not in found.rows[0]:
            raise BadGeographyFile(file=name, row=1, field=column, why="colonne absente")
    alike = {codes.key(c): c for c in Unit.objects.filter(geography__code=code).values_list("code", flat=True)}
    for number, row in found.numbered:
        coded(row, name, number, alike)
        if row["id"] in found.levels:  # published files do have them: the first row stands, the second is reported
            found.doubled.add(number)
            found.problems.append(
                f"GEO-106 ligne {number} : l’identifiant {row['id']} ({row['name']}) figure déjà ; la première ligne est gardée"
            )
            continue
        if not row["name"].strip():
            raise BadGeographyFile(file=name, row=number, field="name", why="vide")
        found.levels[row["id"]] = int(row["level"])
    return found


def coded(row: dict[str, str], file: str, number: int, alike: dict[str, str]) -> None:
    """Write the codes of a row as they are kept. GEO-101: too long, empty, no code, like another, of no level."""
    for column, most in (("id", 60), ("name", 200), ("type", 60)):
        if len(row.get(column, "")) > most:
            raise BadGeographyFile(file=file, row=number, field=column, why=f"plus de {most} signes")
    if not row["id"]:
        raise BadGeographyFile(file=file, row=number, field="id", why="vide")
    tidied = codes.tidy(row["id"])
    if isinstance(tidied, codes.Fault):
        raise BadGeographyFile(file=file, row=number, field="id", why=tidied.message)
    row["id"], row["parent_id"] = tidied, str(codes.tidy(row["parent_id"])) if row["parent_id"] else ""
    if (other := alike.setdefault(codes.key(tidied), tidied)) != tidied:
        why = codes.SameCode(value=tidied, other=other).message
        raise BadGeographyFile(file=file, row=number, field="id", why=why)
    if row["level"] not in LEVELS:
        raise BadGeographyFile(file=file, row=number, field="level", why="un entier de 1 à 9 est attendu")


def parent_of(row: Mapping[str, str], level: int, levels: Mapping[str, int]) -> tuple[str, bool]:
    """(the code of the area above, was it put right). A broken chain is mended by `cercle_id`, then `region_id`."""
    parent = row["parent_id"]
    if level == 1 or levels.get(parent, level) < level:
        return parent, False
    known = (row.get(k, "") for k in ("cercle_id", "region_id"))
    return next((code for code in known if levels.get(code, level) < level), ""), True


def kept(geography: Geography, found: Lines, source: str) -> tuple[int, int]:
    """(areas added, chains mended), level by level so that each finds the one above it."""
    have = {u.code: u for u in geography.units.all()}
    added = repairs = 0
    for level in sorted(found.named):
        batch = []
        for number, row in found.numbered:
            if number in found.doubled or int(row["level"]) != level or row["id"] in have:
                continue
            parent, mended = parent_of(row, level, found.levels)
            if mended:
                repairs += 1
                found.problems.append(
                    f"GEO-103 ligne {number} : {row['id']} {row['name']}, parent « {row['parent_id']} » absent ; rattaché à {parent or 'rien'}"
                )
            batch.append(
                Unit(
                    geography=geography, code=row["id"], level=level, name=row["name"], sort_name=fold(row["name"]),
                    kind=row.get("type", ""), parent=have.get(parent), source=source, confidence="secondary source",
                )
            )  # fmt: skip
        added += len(batch)
        have |= {u.code: u for u in Unit.objects.bulk_create(batch)}
    return added, repairs


@transaction.atomic
def import_geography(
    *, path: str, code: str, name: str, valid_from: str | None, source: str, by: Actor | None = None
) -> dict[str, Any]:
    """Import a hierarchy from CSV; idempotent. Broken chains are repaired by `region_id` and
    `cercle_id` where the file has them, and reported, none hidden.

    Raises:
        BadGeographyFile: GEO-101, naming row and field; nothing is stored.
    """
    found = lines_of(path, code)
    geography, _made = Geography.objects.get_or_create(
        code=code,
        defaults={
            "name_fr": name,
            "name_en": name,
            "valid_from": valid_from or None,
            "source": source,
            "confidence": "secondary source",
            "levels": [
                {"level": n, "fr": k.capitalize(), "en": k.capitalize()} for n, k in sorted(found.named.items())
            ],
        },
    )
    added, repairs = kept(geography, found, source)
    index(geography)
    problems = found.problems
    record(
        by=by,
        kind=kinds.GEOGRAPHY_IMPORTED,
        subject=f"geography:{code}",
        after={"units": len(found.rows), "added": added, "problems": len(problems)},
    )
    return {
        "geography": code,
        "rows": len(found.rows),
        "added": added,
        "unchanged": len(found.rows) - added - len(found.doubled),
        "doubled": len(found.doubled),
        "repaired": repairs,
        "problems": problems,
    }


def index(geography: Geography) -> None:
    """A geography and its areas are found by their names."""
    chain.keep("geography", [geography.pk])
    chain.keep("area", geography.units.values_list("pk", flat=True))


@transaction.atomic
def import_crosswalk(
    *,
    path: str,
    origin: str,
    target: str,
    from_column: str,
    to_column: str,
    method_column: str,
    source: str,
    by: Actor | None = None,
) -> dict[str, Any]:
    """Import a correspondence; rows whose unit is unknown or whose target is empty are listed."""
    for code in (origin, target):
        if not Geography.objects.filter(code=code).exists():
            raise UnknownGeography(code=code)
    a = {u.code: u for u in Unit.objects.filter(geography__code=origin)}
    b = {u.code: u for u in Unit.objects.filter(geography__code=target)}
    problems: list[str] = []
    pairs: dict[str, dict[str, int]] = {}
    methods: dict[tuple[str, str], str] = {}
    with open(path, encoding="utf-8-sig", newline="") as handle:
        for number, row in enumerate(csv.DictReader(handle), 2):
            left, right = row.get(from_column, ""), row.get(to_column, "")
            if left not in a or right not in b:
                problems.append(
                    f"GEO-104 ligne {number} : « {left} » → « {right or 'vide'} » ne peut pas être rattaché"
                )
                continue
            pairs.setdefault(left, {}).setdefault(right, 0)
            pairs[left][right] += 1
            methods[(left, right)] = row.get(method_column, "") if method_column else ""
    made = 0
    for left, targets in pairs.items():
        total = sum(targets.values())
        for right, count in targets.items():
            _row, fresh = Crosswalk.objects.update_or_create(
                origin=a[left],
                target=b[right],
                defaults={
                    "share": str(Fraction(count, total)),
                    "method": methods[(left, right)] or f"{count}/{total}",
                    "source": source,
                    "confidence": "secondary source",
                },
            )
            made += fresh
    record(
        by=by,
        kind=kinds.CROSSWALK_IMPORTED,
        subject=f"crosswalk:{origin}>{target}",
        after={"added": made, "unmapped": len(problems)},
    )
    return {
        "added": made,
        "mapped": sum(len(t) for t in pairs.values()),
        "unmapped": len(problems),
        "problems": problems,
    }


@transaction.atomic
def own_geography(*, code: str, name: str, levels: Sequence[str], by: Actor | None = None) -> Geography:
    """A geography filled from the files of one election, for a country whose map is not loaded."""
    geography, fresh = Geography.objects.get_or_create(
        code=code,
        defaults={
            "name_fr": name,
            "name_en": name,
            "levels": [{"level": i, "fr": n, "en": n} for i, n in enumerate(levels, 1)],
            "source": "imported file",
            "confidence": "secondary source",
        },
    )
    if fresh:
        record(by=by, kind=kinds.GEOGRAPHY_CREATED, subject=f"geography:{code}", after={"levels": list(levels)})
        chain.keep("geography", [geography.pk])
    return geography
