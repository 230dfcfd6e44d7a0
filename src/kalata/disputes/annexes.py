"""The annexes of a decision as files: CSV for programs, PDF for people, both from the acts alone."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kalata.disputes.rules.acts import RECTIFIED
from kalata.disputes.rules.effect import Recomputation
from kalata.documents import typeset
from kalata.inert import safe
from kalata.results.rules.boxes import LABELS, Box
from kalata.text import Message, translate, whole
from kalata.text import gettext_noop as _

TEMPLATE = Path(__file__).parent / "typst" / "annex.typ"
TITLES = {
    "annulled": _("Bureaux dont les suffrages sont annulés"),
    "rectified": _("Cases rectifiées"),
    "restored": _("Bureaux dont le procès-verbal compte de nouveau"),
}


def columns(annex: Mapping[str, Any], done: Recomputation) -> tuple[list[str], list[list[str | int]]]:
    """The heading and the rows of an annex."""
    if annex["kind"] == RECTIFIED:
        heads = ["station", "field", "before", "after", "difference"]
        rows = [[" / ".join(r["station"]), r["field"], "" if r["before"] is None else r["before"], r["after"], r["difference"]] for r in annex["rows"]]  # fmt: skip
        return heads, rows
    boxes = [b.value for b in Box if any(b.value in r["figures"] for r in annex["rows"])]
    options = list(done.before.options)
    deep = max((len(r["area"]) for r in annex["rows"]), default=0)
    heads = [*(f"area_{n}" for n in range(1, deep + 1)), "station", *boxes, *(f"votes.{o}" for o in options)]
    return heads, [
        [
            *(r["area"] + [""] * (deep - len(r["area"]))),
            " / ".join(r["station"]),
            *(r["figures"].get(b, "") for b in boxes),
            *(r["votes"][o] for o in options),
        ]
        for r in annex["rows"]
    ]


def csv_of(annex: Mapping[str, Any], done: Recomputation) -> bytes:
    """UTF-8, one row a station or a box, a last row of totals; a text that a spreadsheet would calculate is quoted."""
    heads, rows = columns(annex, done)
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\n")
    write.writerow([safe(h) for h in heads])
    write.writerows([safe(v) for v in row] for row in rows)
    return out.getvalue().encode()


def pdf_of(annex: Mapping[str, Any], done: Recomputation, lang: str) -> bytes:
    """The annex as a paper: its act, the rule on annulled boxes, its rows and their totals, the digest of the whole."""
    heads, rows = columns(annex, done)
    keep = [i for i, head in enumerate(heads) if not head.startswith("area_")]
    texts = [i for i in keep if heads[i] in ("station", "field")]
    names = {b.value: translate(LABELS[b], lang) for b in Box}
    names |= {"station": translate(_("Bureau"), lang), "field": translate(_("Case"), lang), "before": translate(_("Avant"), lang)}  # fmt: skip
    names |= {"after": translate(_("Après"), lang), "difference": translate(_("Écart"), lang)}
    totals = totals_row(annex, heads)
    data = {
        "lang": lang,
        "title": Message(_("Annexe %(annex)s"), {"annex": annex["annex"]}).text(lang),
        "subject": translate(TITLES[annex["kind"]], lang),
        "decision": done.decision,
        "contest": done.before.contest,
        "act": Message(_("Acte « %(act)s » : %(n)d {n:bureau|bureaux}."), {"act": annex["act"], "n": annex["count"]}).text(lang),
        "rule": Message(
            _("Cases gardées d’un bureau annulé : %(keeps)s."),
            {"keeps": ", ".join(names[k] for k in done.keeps) or "–"},
        ).text(lang),
        "heads": [names.get(heads[i], heads[i].removeprefix("votes.")) for i in keep],
        "numbers": [i not in texts for i in keep],
        "rows": [[written(row[i], lang) for i in keep] for row in [*rows, *totals]],
        "total": bool(totals),
        "digest": done.digest,
    }
    return typeset.compiled(TEMPLATE, data)


def totals_row(annex: Mapping[str, Any], heads: list[str]) -> list[list[str | int]]:
    if "totals" not in annex:
        return []
    sums = annex["totals"]["figures"] | {f"votes.{o}": n for o, n in annex["totals"]["votes"].items()}
    return [[sums.get(h, "Σ" if h == "station" else "") for h in heads]]


def written(value: str | int, lang: str) -> str:
    return value if isinstance(value, str) else whole(value, lang)
