"""The open data of a log: columns, rows and dictionary, as pure functions of what the log says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from kalata.text import gettext_noop as _
from kalata.transparency.rules.merkle import leaf_hash
from kalata.transparency.rules.replay import NAMES, Replay, table

FIGURE_LABELS = {
    "registered": _("Inscrits"),
    "additional": _("Électeurs supplémentaires admis"),
    "voters": _("Votants"),
    "proxies": _("Procurations"),
    "found": _("Bulletins dans l’urne"),
    "invalid": _("Bulletins nuls"),
    "blank": _("Bulletins blancs"),
    "annulled_votes": _("Suffrages annulés"),
    "valid": _("Suffrages exprimés"),
    "received": _("Bulletins reçus"),
    "unused": _("Bulletins non utilisés"),
    "spoiled": _("Bulletins détériorés"),
}
STATES = ("current", "replaced", "excluded")


def boxes_of(replay: Replay) -> list[str]:
    return [name for name in NAMES if name in replay.manifest["boxes"]]


def columns(replay: Replay) -> list[str]:
    """Of results.csv: one row per published version of a station's report."""
    head = ["index", "leaf_hash", "station", "part", "state", "revision", "prev_index", "reason_code", "act", "status", "published_batch", "serial"]  # fmt: skip
    return [*head, "scan_sha256", *boxes_of(replay), *(f"votes_{n}" for n in replay.lists)]


def rows(replay: Replay, entries: Sequence[bytes]) -> Iterator[list[Any]]:
    """In order of index. Empty: the paper, or the entry, says nothing there; never zero."""
    boxes = boxes_of(replay)
    for index, key in sorted(replay.at.items()):
        versions = replay.history[key]
        version = next(v for v in versions if v.index == index)
        e = version.entry
        state = "replaced" if version is not versions[-1] else "excluded" if version.excluded is not None else "current"
        votes = {v["list"]: v["n"] for v in e["votes"]}
        yield [
            index, leaf_hash(entries[index]).hex(), e["station"], e["part"], state, e["revision"], e.get("prev_index", ""),
            e.get("reason_code", ""), e.get("act", ""), e["status"], e.get("published_batch", ""), e["serial"], e.get("scan_sha256", ""),
            *(e.get(name, "") for name in boxes), *(votes.get(n, "") for n in replay.lists),
        ]  # fmt: skip


def results_csv(replay: Replay, entries: Sequence[bytes]) -> bytes:
    """UTF-8 without byte-order mark, LF. Cells a spreadsheet would run begin with an apostrophe."""
    return table(columns(replay), ([safe(c) for c in row] for row in rows(replay, entries)))


def stations_ndjson(replay: Replay, entries: Sequence[bytes]) -> bytes:
    """The reports in force, one a line: the very bytes that the log holds, in order of index."""
    lines = sorted(versions[-1].index for versions in replay.history.values() if versions[-1].excluded is None)
    return b"".join(entries[i] + b"\n" for i in lines)


def safe(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def dictionary(replay: Replay) -> list[tuple[str, str, str, str, str]]:
    """(field, type, unit, source, meaning in French) of every column of results.csv."""
    names = {o["list"]: o["name"] for o in replay.manifest["lists"]}
    said = {
        "index": ("integer", "", _("Rang de l’inscription dans le journal public")),
        "leaf_hash": ("string", "SHA-256", _("Empreinte de l’inscription (feuille de l’arbre)")),
        "station": ("string", "", _("Code du bureau dans ce scrutin")),
        "part": ("string", "", _("Partie du scrutin : général, vote anticipé, diaspora")),
        "state": ("string", "", _("current : en vigueur ; replaced : remplacé par une révision ; excluded : retiré des totaux")),
        "revision": ("integer", "", _("Numéro de version du bureau, à partir de 0")),
        "prev_index": ("integer", "", _("Rang de l’inscription que celle-ci remplace")),
        "reason_code": ("string", "", _("Motif codé de la révision")),
        "act": ("string", "", _("Acte de la commission ou de la Cour")),
        "status": ("string", "", _("counted : compté ; annulled : annulé")),
        "published_batch": ("integer", "", _("Numéro du lot publié")),
        "serial": ("integer", "", _("Numéro de série du formulaire")),
        "scan_sha256": ("string", "SHA-256", _("Empreinte de l’image du procès-verbal")),
    }  # fmt: skip
    out = [(name, *said[name][:2], "kalata/log@v1", said[name][2]) for name in columns(replay) if name in said]
    norm = str(replay.manifest["rules"].get("pack", "")) + " " + str(replay.manifest["rules"].get("version", ""))
    out += [(name, "integer", _("personnes") if name in ("registered", "voters", "additional", "proxies") else _("bulletins"), norm, FIGURE_LABELS[name]) for name in boxes_of(replay)]  # fmt: skip
    return out + [(f"votes_{n}", "integer", _("voix"), norm, names[n]) for n in replay.lists]
