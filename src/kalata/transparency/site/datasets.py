"""The other forms of the open data: areas, JSON, Parquet, dictionary, Frictionless and DCAT descriptions, scorecard."""

from __future__ import annotations

import gzip
import json
import statistics
import tempfile
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from kalata.results.rules import ties
from kalata.results.rules.coverage import Situation
from kalata.text import gettext_noop as _
from kalata.text import translate
from kalata.transparency.rules import opendata
from kalata.transparency.rules.replay import NATION, table
from kalata.transparency.site.edition import Edition, digest

LICENCE = {
    "name": "CC-BY-4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
    "title": "Creative Commons Attribution 4.0",
}
OPEN_LICENCES = frozenset({"CC-BY-4.0", "CC0-1.0", "ODC-BY-1.0", "ODbL-1.0", "PDDL-1.0"})
OPEN_FORMATS = frozenset({"csv", "json", "ndjson", "xml", "geojson", "parquet"})


def as_bytes(value: Any, indent: int | None = 1) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=indent) + "\n").encode()


COVERAGE_COLUMNS = ("expected", "included", "annulled", "missing", "recalled", "coverage", "registered_missing", "registered_annulled")  # fmt: skip
"""The names of `Coverage.record` in areas.csv; what is included is what is counted."""


def areas_csv(edition: Edition) -> bytes:
    """One row per area, every level; the nation first. Shares are for the reader to compute."""
    boxes = opendata.boxes_of(edition.replay)
    head = [
        "level",
        "code",
        "name",
        "parent_level",
        "parent",
        *COVERAGE_COLUMNS,
        "total_index",
    ]
    head += [*boxes, *(["valid"] if "valid" not in boxes else []), *(f"votes_{n}" for n in edition.replay.lists)]
    rows: list[list[Any]] = []
    for area, found in sorted(edition.figures.items(), key=lambda p: (p[0] != NATION, p[0])):
        zone = edition.replay.register.zones.get(area)
        parent = zone.parent if zone and zone.parent else (NATION if area != NATION else ("", ""))
        figures = [*found.boxes.values(), *([found.valid] if "valid" not in boxes else [])]
        record = found.coverage.record()
        rows.append([*area, found.name, *parent, *("" if v is None else v for v in record.values()),
                     "" if found.total_index is None else found.total_index, *figures, *found.votes])  # fmt: skip
    return table(head, ([opendata.safe(c) for c in row] for row in rows))


def outcome_record(edition: Edition, area: Any = NATION) -> dict[str, Any] | None:
    found = edition.outcome(area)
    if found is None:
        return None
    return {
        "status": found.status.value, "options": list(found.options), "rule": found.rule, "norm": found.norm,
        "confidence": found.confidence, "secured": found.secured.value, "reason": found.reason.both() if found.reason else None,
        "majority": {"needed": found.needed, "base": found.base} if found.needed is not None else None,
        "seats": found.seats(), "steps": [s.both() for s in found.steps],
        "tie": ties.record(edition.system, found) if edition.system else None,
        "on_counted": found.on_counted.value if found.on_counted else None, "gap": found.gap, "open": [c.record() for c in found.open],
    }  # fmt: skip


def lots_record(edition: Edition) -> list[dict[str, Any]]:
    """Every promise of lots with what became of it, as the log says it. Indices: of the entries."""
    return [
        {"number": one.entry["number"], "constituency": one.entry["constituency"], "places": one.entry["places"], "votes": one.entry["votes"],
         "promise": one.entry["promise"], "source": one.entry["source"], "index": one.index, "holds": one.holds,
         "drawn": {"index": one.drawn_at, **{k: one.drawn.get(k) for k in ("secret", "public", "order", "act")}} if one.drawn else None,
         "undone": {"index": one.undone_at, "act": one.undone.get("act")} if one.undone else None}
        for one in edition.replay.lots
    ]  # fmt: skip


def results_json(edition: Edition, at: datetime) -> bytes:
    manifest = edition.replay.manifest
    return as_bytes(
        {
            "contest": manifest["contest"], "election": manifest["election"], "round": manifest["round"],
            "names": manifest.get("names", {}), "exercise": manifest["exercise"], "status": "final" if edition.final else "provisional",
            "generated": at.isoformat(timespec="seconds"), "rules": manifest["rules"], "software": manifest["software"],
            "log": {"origin": edition.point.origin, "size": edition.point.size, "root": edition.point.root.hex(), "witnesses": edition.cosigners},
            "lists": manifest["lists"], "outcome": outcome_record(edition),
            "constituencies": [{"code": a[1], "name": edition.figures[a].name, "outcome": outcome_record(edition, a)} for a in edition.groups],
            "areas": [
                {"level": a[0], "code": a[1], "name": f.name, "stations": f.coverage.record(), "balances": [b.record() for b in f.balance],
                 "expected": f.coverage.expected, "included": f.coverage.counted, "annulled": f.coverage.annulled,
                 "missing": f.coverage.missing, "missing_registered": f.coverage.registered_missing, "total_index": f.total_index, "figures": f.boxes,
                 "valid": f.valid, "kept_of_annulled": f.kept, "votes": dict(zip(map(str, edition.replay.lists), f.votes, strict=True))}
                for a, f in sorted(edition.figures.items(), key=lambda p: (p[0] != NATION, p[0]))
            ],
            "absent": manifest.get("absent", []), "lots": lots_record(edition),
        }, None,
    )  # fmt: skip


def dictionary_csv(edition: Edition) -> bytes:
    rows = [(name, kind, translate(unit, "fr"), law, meaning, translate(meaning, "en")) for name, kind, unit, law, meaning in opendata.dictionary(edition.replay)]  # fmt: skip
    return table(
        ["field", "type", "unit", "law", "meaning_fr", "meaning_en"], ([opendata.safe(c) for c in row] for row in rows)
    )


def parquet(csv: bytes, edition: Edition) -> bytes:
    """The very rows of results.csv, typed as the dictionary says."""
    import duckdb

    types = {name: kind for name, kind, *_rest in opendata.dictionary(edition.replay)}
    with tempfile.TemporaryDirectory() as keep:
        source, target = Path(keep) / "r.csv", Path(keep) / "r.parquet"
        source.write_bytes(csv)
        columns = ", ".join(f"'{n}': '{'BIGINT' if k == 'integer' else 'VARCHAR'}'" for n, k in types.items())
        with duckdb.connect() as base:
            base.execute("set threads = 1")
            base.execute(
                f"copy (select * from read_csv('{source}', header = true, columns = {{{columns}}})) "  # noqa: S608  our own names
                f"to '{target}' (format parquet, compression zstd)"
            )
        return target.read_bytes()


def gzipped(parts: Iterable[str]) -> bytes:
    import io

    out = io.BytesIO()
    with gzip.GzipFile("", "wb", compresslevel=3, fileobj=out, mtime=0) as packed:
        held: list[str] = []
        for part in parts:
            held.append(part)
            if len(held) >= 4_000:
                packed.write("".join(held).encode())
                held.clear()
        packed.write("".join(held).encode())
    return out.getvalue()


def resource(
    name: str, path: str, data: bytes, media: str, title: str, schema: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    kind = path.removesuffix(".gz").rsplit(".", 1)[-1]
    made: dict[str, Any] = {"name": name, "path": path, "title": title, "format": kind, "mediatype": media, "bytes": len(data), "hash": f"sha256:{digest(data)}"}  # fmt: skip
    if kind == "csv":
        made |= {"encoding": "utf-8", "dialect": {"delimiter": ",", "lineTerminator": "\n", "header": True}}
    return made | ({"schema": dict(schema)} if schema else {})


def table_schema(edition: Edition) -> dict[str, Any]:
    fields = [{"name": n, "type": k, "description": m} for n, k, _u, _l, m in opendata.dictionary(edition.replay)]
    return {"fields": fields, "primaryKey": ["index"], "missingValues": [""]}


def datapackage(edition: Edition, files: Mapping[str, bytes], at: datetime, issuer: str) -> bytes:
    """A Frictionless data package of what stands in d/ (spec v1)."""
    manifest, names = edition.replay.manifest, edition.replay.manifest.get("names", {})
    area_fields = files["areas.csv"].split(b"\n", 1)[0].decode().split(",")
    whole = {*COVERAGE_COLUMNS, "total_index"} - {"coverage"}
    areas = {"fields": [{"name": n, "type": "integer" if n in whole or n.startswith("votes_") or n in opendata.FIGURE_LABELS else "string"} for n in area_fields], "missingValues": [""]}  # fmt: skip
    named: list[tuple[str, str, str, str, Mapping[str, Any] | None]] = [
        ("results", "results.csv", "text/csv", "Procès-verbaux publiés, une ligne par version", table_schema(edition)),
        ("areas", "areas.csv", "text/csv", "Totaux par zone", areas),
        ("dictionary", "dictionary.csv", "text/csv", "Dictionnaire des données", None),
        ("corrections", "corrections.csv", "text/csv", "Registre des corrections, une ligne par bureau et par case changée", None),
        ("results-json", "results.json", "application/json", "Totaux, issue, étapes du calcul", None),
        ("stations", "stations.ndjson", "application/x-ndjson", "Procès-verbaux en vigueur, une inscription JSON par ligne", None),
        ("results-parquet", "results.parquet", "application/vnd.apache.parquet", "Procès-verbaux publiés (Parquet)", None),
        ("nist-json", "nist-v2.json.gz", "application/gzip", "NIST SP 1500-100 v2, JSON", None),
        ("nist-xml", "nist-v2.xml.gz", "application/gzip", "NIST SP 1500-100 v2, XML", None),
    ]  # fmt: skip
    return as_bytes(
        {
            "profile": "data-package", "name": safe_name(manifest["contest"]), "id": edition.point.origin, "title": names.get("fr", manifest["contest"]),
            "version": f"{edition.point.size}", "created": at.isoformat(timespec="seconds"), "licenses": [LICENCE],
            "contributors": [{"title": issuer, "role": "publisher"}],
            "sources": [{"title": f"Journal public {edition.point.origin}", "path": "../log/checkpoint"}],
            "resources": [resource(n, p, files[p], m, t, s) for n, p, m, t, s in named if p in files],
        }
    )  # fmt: skip


def safe_name(text: str) -> str:
    return "".join(c if c.isalnum() or c in "-._" else "-" for c in text.lower())


def dcat(edition: Edition, files: Mapping[str, bytes], at: datetime, issuer: str, base: str) -> bytes:
    """A DCAT 2 record in JSON-LD. base: public address of the folder, with its final slash."""
    names = edition.replay.manifest.get("names", {})
    media = {
        "csv": "text/csv",
        "json": "application/json",
        "parquet": "application/vnd.apache.parquet",
        "ndjson": "application/x-ndjson",
        "gz": "application/gzip",
    }
    return as_bytes(
        {
            "@context": {"dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/", "spdx": "http://spdx.org/rdf/terms#",
                         "xsd": "http://www.w3.org/2001/XMLSchema#", "foaf": "http://xmlns.com/foaf/0.1/"},
            "@id": f"{base}d/dcat.jsonld", "@type": "dcat:Dataset",
            "dct:title": [{"@language": "fr", "@value": names.get("fr", "")}, {"@language": "en", "@value": names.get("en", "")}],
            "dct:identifier": edition.point.origin, "dct:license": {"@id": LICENCE["path"]}, "dct:publisher": {"@type": "foaf:Organization", "foaf:name": issuer},
            "dct:modified": {"@type": "xsd:dateTime", "@value": at.isoformat(timespec="seconds")}, "dcat:version": str(edition.point.size),
            "dct:accrualPeriodicity": "continuous", "dcat:landingPage": {"@id": f"{base}index.html"},
            "dcat:distribution": [
                {"@type": "dcat:Distribution", "dct:title": name, "dcat:downloadURL": {"@id": f"{base}d/{name}"},
                 "dcat:mediaType": media.get(name.rsplit(".", 1)[-1], "application/octet-stream"), "dcat:byteSize": len(data),
                 "spdx:checksum": {"@type": "spdx:Checksum", "spdx:algorithm": "sha256", "spdx:checksumValue": digest(data)}}
                for name, data in sorted(files.items())
            ],
        }
    )  # fmt: skip


# --- the scorecard --------------------------------------------------------------------------------
PRINCIPLES = {
    "P1": _("à temps"), "P2": _("au niveau le plus fin"), "P3": _("gratuites, en ligne"), "P4": _("complètes, en un bloc"),
    "P5": _("analysables"), "P6": _("en format ouvert"), "P7": _("pour tous, sans condition"), "P8": _("sous licence libre"),
    "P9": _("conservées pour toujours"),
}  # fmt: skip
CATEGORIES = {
    "election results": _("résultats"),
    "polling stations": _("bureaux de vote"),
    "electoral complaints disputes and resolution": _("corrections et contentieux"),
}
DATASETS = {
    "election results": "results.csv",
    "polling stations": "register",
    "electoral complaints disputes and resolution": "changes.json",
}


def scorecard(
    edition: Edition, files: Mapping[str, bytes], delays: Iterable[float], versions_kept: bool
) -> dict[str, Any]:
    """The open-election-data scores of this publication: nine principles in {0, 0.5, 1} for each data set.

    delays: hours from reception to publication, where known; P1 is null without them. Computed from the
    files themselves: what is not there scores 0. Source: Open Election Data Initiative, own wording.
    """
    hours = sorted(delays)
    late = statistics.median(hours) if hours else None
    p90 = hours[min(len(hours) * 9 // 10, len(hours) - 1)] if hours else None
    timely = None if late is None or p90 is None else 1.0 if p90 <= 24 else 0.5 if late <= 24 else 0.0
    expected = len(edition.replay.register.places)
    shown = sum(edition.situation(k) in (Situation.COUNTED, Situation.ANNULLED) for k in edition.replay.register.places)
    described = "dictionary.csv" in files and "datapackage.json" in files
    out: dict[str, Any] = {}
    for name, file in DATASETS.items():
        there = file in files or file == "register"
        rows = {"election results": shown, "polling stations": len(edition.replay.register.places)}.get(name)
        whole = 1.0 if rows is None or rows == expected else 0.5 if rows else 0.0
        kinds = {f.removesuffix(".gz").rsplit(".", 1)[-1] for f in files if name != "polling stations"} or {"csv"}
        scores: dict[str, float | None] = {
            "P1": timely if name == "election results" else 1.0 if there else 0.0,
            "P2": 1.0 if there else 0.0,
            "P3": 1.0 if there else 0.0,
            "P4": whole if there else 0.0,
            "P5": (1.0 if described else 0.5) if there else 0.0,
            "P6": 1.0 if there and kinds & OPEN_FORMATS else 0.0,
            "P7": 1.0 if there else 0.0,
            "P8": 1.0 if there and LICENCE["name"] in OPEN_LICENCES else 0.0,
            "P9": (1.0 if versions_kept else 0.5) if there else 0.0,
        }
        known = [s for s in scores.values() if s is not None]
        out[name] = {"scores": scores, "mean": round(sum(known) / len(known), 3), "rows": rows, "expected": expected}
    return {
        "source": "Open Election Data Initiative (NDI), nine principles; tests in our own wording",
        "how": "P2 to P9 from the files of this folder; P1 from reception to publication; P3 and P7: static files, no login, no cookie",
        "delay_hours": {"median": late, "p90": p90, "known": len(hours)},
        "principles": {k: {"fr": v, "en": translate(v, "en")} for k, v in PRINCIPLES.items()},
        "categories": out,
    }


def changes_json(edition: Edition) -> bytes:
    """Every correction, recall and annulment, latest first: what became of a station's report, by which act."""
    rows = []
    for key, version, before in edition.changes:
        e = version.entry
        rows.append(
            {"station": key[1], "part": key[0], "index": version.index, "excluded_by": version.excluded, "reason": version.why or e.get("reason_code"),
             "act": e.get("act"), "before": before.entry if before else None, "now": e}
        )  # fmt: skip
    return as_bytes(rows, None)
