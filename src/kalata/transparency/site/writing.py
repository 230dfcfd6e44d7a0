"""Files of the site that are not pages: open data, dump, the log's own files."""

from __future__ import annotations

import contextlib
import hashlib
import os
import zipfile
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any

from kalata.text import decimal
from kalata.text import gettext_noop as _
from kalata.transparency.rules import opendata, tiles
from kalata.transparency.rules.notes import b64
from kalata.transparency.site import corrections, datasets, nist
from kalata.transparency.site.edition import Edition
from kalata.transparency.site.frame import Extras

Digests = dict[str, str]


def put(out: Path, name: str, data: bytes, digests: Digests) -> None:
    """One file, whole or not at all; its digest is kept for the list. One that says the same already is left as it lies:
    mirrors and readers keep what they have."""
    digests[name] = hashlib.sha256(data).hexdigest()
    target = out / name
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        if not target.is_symlink() and target.stat().st_size == len(data) and target.read_bytes() == data:
            return
        fresh = target.with_name(f"{target.name}.{os.getpid()}.part")
        fresh.write_bytes(data)
        fresh.replace(target)
    else:
        target.write_bytes(data)


def kind_of(head: bytes) -> str:
    return "pdf" if head.startswith(b"%PDF") else "png" if head.startswith(b"\x89PNG") else "jpg"


TITLES = {
    "results.csv": _("Procès-verbaux publiés, une ligne par version"),
    "stations.ndjson": _("Procès-verbaux en vigueur, une inscription JSON par ligne"),
    "areas.csv": _("Totaux par zone"),
    "results.json": _("Totaux, issue, étapes du calcul"),
    "results.parquet": _("Procès-verbaux publiés, Parquet"),
    "changes.json": _("Corrections, annulations et rappels"),
    "corrections.csv": _("Registre des corrections, une ligne par bureau et par case changée"),
    "reasons.json": _("Raisons des corrections, dont le journal porte l’empreinte"),
    "dictionary.csv": _("Dictionnaire des données"),
    "datapackage.json": _("Description Frictionless"),
    "dcat.jsonld": _("Fiche DCAT"),
    "scorecard.json": _("Note d’ouverture des données"),
    "nist-v2.json.gz": "NIST SP 1500-100 v2, JSON",
    "nist-v2.xml.gz": "NIST SP 1500-100 v2, XML",
    "dump.zip": _("Journal complet"),
    "verifier.html": _("Vérificateur, un seul fichier"),
    "verify.py": _("Vérificateur en Python, bibliothèque standard seule"),
}


def sized(n: int, lang: str) -> str:
    """The size of a file: 312 Ko, 1,4 Mo (fr), 312 KB, 1.4 MB (en)."""
    english = lang.startswith("en")
    if n < 1024:
        return f"{n} {'B' if english else 'o'}"
    if n < 2**20:
        return f"{decimal(Fraction(n, 1024), lang, 0)} {'KB' if english else 'Ko'}"
    return f"{decimal(Fraction(n, 2**20), lang, 1)} {'MB' if english else 'Mo'}"


def write_data(edition: Edition, extras: Extras, out: Path) -> tuple[dict[str, tuple[str, int]], dict[str, Any]]:
    """Every file of d/; returns name -> (SHA-256, size), and the scorecard."""
    report = nist.Report(edition, extras.at, extras.issuer or edition.point.origin, extras.issuer_short or "EMB")
    results = opendata.results_csv(edition.replay, edition.entries)
    files: dict[str, bytes] = {
        "results.csv": results,
        "stations.ndjson": opendata.stations_ndjson(edition.replay, edition.entries),
        "areas.csv": datasets.areas_csv(edition),
        "results.json": datasets.results_json(edition, extras.at),
        "changes.json": datasets.changes_json(edition),
        **corrections.files_of(edition, extras.reasons),
        "dictionary.csv": datasets.dictionary_csv(edition),
        "results.parquet": datasets.parquet(results, edition),
        "nist-v2.json.gz": datasets.gzipped(nist.as_json(report)),
        "nist-v2.xml.gz": datasets.gzipped(nist.as_xml(report)),
    }
    files["datapackage.json"] = datasets.datapackage(edition, files, extras.at, extras.issuer or edition.point.origin)
    files["dcat.jsonld"] = datasets.dcat(edition, files, extras.at, extras.issuer or edition.point.origin, extras.base)
    score = datasets.scorecard(edition, files, extras.delays, versions_kept=True)
    files["scorecard.json"] = datasets.as_bytes(score)
    told: Digests = {}
    for name, data in files.items():
        put(out / "d", name, data, told)
    return {n: (told[n], len(d)) for n, d in files.items()}, score


def dump(edition: Edition) -> bytes:
    """The whole log in one file: checkpoint, keys, policy, entries, registers. Same log, same bytes."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as packed:

        def add(name: str, data: bytes) -> None:
            packed.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)

        add("checkpoint", edition.log.data("checkpoint"))
        for name in ("log.vkey", "policy"):
            with contextlib.suppress(ValueError):
                add(name, edition.log.data(name))
        size = edition.point.size
        for n in range(-(-size // tiles.WIDTH)):
            name = tiles.path("entries", n, min(tiles.WIDTH, size - n * tiles.WIDTH))
            add(name, edition.log.data(name))
        for path in sorted((edition.log.folder / "register").glob("*.csv")):
            add(f"register/{path.name}", path.read_bytes())
    return out.getvalue()


def put_log(log: Path, out: Path, edition: Edition, made: Digests) -> None:
    """Tiles, bundles, registers, keys: all but the checkpoint. What a reader of an old one needs stays."""
    for path in sorted(p for p in log.rglob("*") if p.is_file() and ".part" not in p.suffix):
        name = path.relative_to(log).as_posix()
        if name == "checkpoint":
            continue
        target = out / "log" / name
        fixed = name.startswith(("tile/", "register/"))
        data = path.read_bytes()
        if (
            fixed and target.exists() and target.read_bytes() == data
        ):  # never touched where it is right: mirrors keep it
            made[f"log/{name}"] = hashlib.sha256(data).hexdigest()
        else:
            put(out, f"log/{name}", data, made)
    put(out, "log/consistency.txt", steps(edition).encode(), made)


def steps(edition: Edition) -> str:
    """For every older checkpoint that a proof may rest on: how to reach the present one without this server.

    One line each: size, then the consistency proof in base64. Sizes are those of which partial tiles are kept.
    """
    known = set()
    for path in (edition.log.folder / "tile" / "0").rglob("*"):
        if path.is_file() and path.parent.suffix == ".p":
            known.add(int("".join(c for c in path.parent.relative_to(edition.log.folder / "tile" / "0").with_suffix("").as_posix() if c.isdigit())) * 256 + int(path.name))  # fmt: skip
    lines = [
        f"{s} " + " ".join(map(b64, edition.tree.consistency(s))) for s in sorted(known) if 0 < s < edition.point.size
    ]
    return "".join(f"{line}\n" for line in lines)
