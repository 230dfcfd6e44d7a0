"""Divisions of the territory and what corresponds between them, read from files. All or nothing."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from django.db import transaction

from kalata.chain import services as chain
from kalata.country import kinds
from kalata.country.models import Crosswalk, Geography, Unit
from kalata.ledger.services import Actor, record
from kalata.refusals import Refused
from kalata.text import gettext_noop as _


class UnknownGeography(Refused):
    code = "GEO-102"
    says = _("Le découpage « %(code)s » n’est pas chargé.")
    remedy = _("Chargez le pack ou importez ce découpage d’abord.")
    status = 404


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
