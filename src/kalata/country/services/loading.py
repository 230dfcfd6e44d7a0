"""A version of a pack is kept whole; its geographies become usable, its facts are found and linked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import transaction

from kalata.chain import services as chain
from kalata.country import chained, kinds, packs
from kalata.country.models import Crosswalk, Geography, PackVersion, Unit
from kalata.country.rules.pack import Pack
from kalata.country.services.dividing import index
from kalata.ledger.services import Actor, record
from kalata.text import fold


def jsonable(pack: Pack) -> Any:
    return json.loads(json.dumps(pack.plain(), default=str))


@transaction.atomic
def load_pack_version(pack: Pack, *, by: Actor | None = None, folder: Path | None = None) -> PackVersion:
    """Keep this version of a pack and make its geographies usable. The same pack twice changes nothing."""
    digest = pack.fingerprint()
    if found := PackVersion.objects.filter(sha256=digest).first():
        return found
    version = PackVersion.objects.create(code=pack.code, version=pack.version, sha256=digest, content=jsonable(pack))
    folder = folder or (packs.PACKS / pack.code)
    for geography in pack.records("geographies"):
        keep_geography(pack, geography, folder)
    keep_crosswalks(pack)
    chain.keep("pack", [version.pk])
    chained.tie()
    record(
        by=by, kind=kinds.PACK_LOADED, subject=f"pack:{pack.code}", after={"version": pack.version, "sha256": digest}
    )
    return version


def keep_geography(pack: Pack, record_: Mapping[str, Any], folder: Path) -> None:
    outlines = None
    if name := record_.get("outlines"):
        path = folder / str(name)
        outlines = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None
    geography, _fresh = Geography.objects.get_or_create(
        code=record_["id"],
        defaults={
            "name_fr": record_["name_fr"],
            "name_en": record_["name_en"],
            "legal_basis": record_.get("legal_basis", ""),
            "valid_from": record_.get("valid_from"),
            "valid_to": record_.get("valid_to"),
            "levels": record_["levels"],
            "source": ", ".join(record_["source"]),
            "confidence": record_["confidence"],
            "outlines": outlines,
        },
    )
    made = {u.code: u for u in geography.units.all()}
    rows: list[Mapping[str, Any]] = list(pack.units(str(record_["id"])))
    for row in sorted(rows, key=lambda r: int(str(r["level"]))):
        if row["code"] in made:
            continue
        made[str(row["code"])] = Unit.objects.create(
            geography=geography,
            code=row["code"],
            level=row["level"],
            name=row["name"],
            sort_name=fold(str(row["name"])),
            kind=row["kind"],
            parent=made.get(str(row.get("parent"))),
            aliases=row.get("aliases") or [],
            outline=row.get("outline") or "",
            source=", ".join(row["source"]),
            confidence=row["confidence"],
        )
    index(geography)


def keep_crosswalks(pack: Pack) -> None:
    units = {(u.geography.code, u.code): u for u in Unit.objects.select_related("geography")}
    rows: tuple[Mapping[str, Any], ...] = pack.records("crosswalks")
    for row in rows:
        Crosswalk.objects.get_or_create(
            origin=units[(str(row["from_geography"]), str(row["from_unit"]))],
            target=units[(str(row["to_geography"]), str(row["to_unit"]))],
            defaults={
                "share": row["share"],
                "method": row["method"],
                "source": ", ".join(row["source"]),
                "confidence": row["confidence"],
            },
        )
