"""What the pages of the wizard show of a dry run, in the reader's words. Nothing here computes a figure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kalata.results.models import Import
from kalata.results.rules.boxes import LABELS, Box
from kalata.results.rules.checks import BY_CODE, Level
from kalata.text import gettext_noop as _
from kalata.text import translate

WHY = {
    "form": _("le procès-verbal de ce scrutin n’a pas de case %(boxes)s"),
    "file": _("pas dans ce fichier : %(boxes)s"),
    "": _("rien à quoi comparer"),
}


def report(one: Import, lang: str) -> dict[str, Any]:
    """The context of the page of a dry run."""
    found = one.report or {}
    key = "en" if lang == "en" else "fr"
    refusal = found.get("refusal")
    names = {o.code: o.name for o in one.contest.options.all()}
    return {
        "labels": LABELS,
        "problems": [{**p, "says": p[key], "how": p["remedy"][key]} for p in found.get("problems", [])],
        "refusal": {"code": refusal["code"], "says": refusal[key], "how": refusal["remedy"][key]} if refusal else None,
        "said": [s[key] for s in found.get("said", [])],
        "dropped": ", ".join(box(b, lang) for b in found.get("dropped", [])),
        "kept": [(name(n, names, lang), k) for n, k in found.get("kept_figures", {}).items()],
        "lines": totals(found, names, lang),
        "findings": [
            {**f, "formula": translate(BY_CODE[f["code"]].formula, lang)} for f in found.get("findings", [])
        ],
        "untested": [untested(u, lang) for u in found.get("untested", []) if u["code"] in ASKED or u["why"] == "file"],
        "tested": tested(found, lang),
        "proved": proved(found),
    }  # fmt: skip


ASKED = frozenset({"E01", "E02", "E03", "E04"})
"""The sums that a reader looks for: where one is put to no station, it is always said why."""


def box(value: str, lang: str) -> str:
    return translate(LABELS[Box(value)], lang)


def name(value: str, names: Mapping[str, str], lang: str) -> str:
    return box(value, lang) if value in set(Box) else names.get(value, value)


def totals(found: Mapping[str, Any], names: Mapping[str, str], lang: str) -> list[tuple[str, int, int | None]]:
    """(figure, in this file, in the whole contest once stored)."""
    if "figures" not in found:
        return []
    after = found.get("after") or {}
    rows = [(box(b, lang), v, after.get("figures", {}).get(b)) for b, v in found["figures"].items() if b != Box.VALID]
    rows.append((translate(_("Exprimés retenus"), lang), found["valid"], after.get("valid")))
    votes = sorted(found["votes"].items(), key=lambda pair: -pair[1])
    return rows + [(names.get(o, o), v, after.get("votes", {}).get(o)) for o, v in votes]


def untested(row: Mapping[str, Any], lang: str) -> dict[str, str]:
    boxes = ", ".join(f"« {box(b, lang)} »" if lang != "en" else f"“{box(b, lang)}”" for b in row["lacks"])
    return {
        "code": row["code"],
        "formula": translate(BY_CODE[row["code"]].formula, lang),
        "why": translate(WHY[row["why"]], lang) % {"boxes": boxes},
    }


def tested(found: Mapping[str, Any], lang: str) -> list[dict[str, Any]]:
    """The checks that hold wherever they are put, with the number of stations."""
    failing = {f["code"] for f in found.get("findings", [])}
    return [
        {**t, "formula": translate(BY_CODE[t["code"]].formula, lang)}
        for t in found.get("tested", [])
        if t["code"] not in failing and t["on"] and BY_CODE[t["code"]].level is Level.ERROR
    ]


def proved(found: Mapping[str, Any]) -> bool:
    """True where every sum that the form of the contest allows was put to every counted station, and holds."""
    counted = found.get("after", {}).get("stations", {}).get("counted", 0)
    sums = [t for t in found.get("tested", []) if BY_CODE[t["code"]].left is not None]
    return bool(
        counted
        and sums
        and not found.get("errors")
        and all(t["on"] == counted for t in sums)
        and not any(u["why"] == "file" for u in found.get("untested", []))
        and not found.get("dropped")
    )
