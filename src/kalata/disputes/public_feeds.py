"""Atom feeds of the docket and of the decisions, and the open data of the Court with its schema.

The same bytes from the house and in the static site: addresses are given, nothing else differs.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from html import escape
from typing import Any

from kalata.disputes.public_first_list import FIRST
from kalata.disputes.public_lists import DECISIONS, DOCKET
from kalata.disputes.rules.public import LABELS, CaseFile, CaseRow, DecisionFile, DecisionRow, Session
from kalata.disputes.rules.public_first import FirstRow
from kalata.disputes.rules.public_proclaimed import ProclamationFile
from kalata.tables.lists import Column, Kind, cells, csv_of, filed, plain
from kalata.text import gettext_noop as _
from kalata.text import translate
from kalata.transparency.site.datasets import LICENCE

MOST = 100
"""Entries of a feed."""
Link = Callable[[str], str]
TYPES: Mapping[Kind, str] = {Kind.COUNT: "integer", Kind.INSTANT: "datetime", Kind.DAY: "date"}


# --- feeds --------------------------------------------------------------------------------------------------------
def entry(key: str, title: str, at: datetime, href: str, summary: str) -> str:
    return (
        f"<entry><id>{escape(key)}</id><title>{escape(title)}</title><updated>{at.isoformat(timespec='seconds')}</updated>"
        f'<link href="{escape(href)}"/><summary>{escape(summary)}</summary></entry>'
    )


def feed(key: str, title: str, home: str, own: str, lang: str, entries: Iterable[tuple[datetime, str]]) -> bytes:
    rows = sorted(entries, key=lambda e: e[0], reverse=True)[:MOST]
    updated = rows[0][0] if rows else datetime(2020, 1, 1, tzinfo=UTC)
    author = translate(_("Cour"), lang)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{lang}"><id>{escape(key)}</id>'
        f"<title>{escape(title)}</title><updated>{updated.isoformat(timespec='seconds')}</updated><author><name>{escape(author)}</name></author>"
        f'<link href="{escape(home)}"/><link rel="self" href="{escape(own)}"/>{"".join(text for _at, text in rows)}</feed>\n'
    ).encode()


def docket_feed(rows: Iterable[CaseRow], to: Link, home: str, own: str, lang: str) -> bytes:
    """One entry a case: where it stands. Its key changes with its stage, so that a reader is told of each."""
    entries = []
    for r in rows:
        stage = translate(LABELS[r.stage], lang)
        said = [
            translate(r.about_label, lang),
            r.contest_name.text(lang),
            r.place,
            translate(r.outcome_label, lang) if r.outcome else "",
        ]
        title = f"{r.number} : {stage}" + (f", {r.title}" if r.title else "")
        entries.append(
            (
                r.since,
                entry(
                    f"tag:kalata,2026:case:{r.number}:{r.stage}",
                    title,
                    r.since,
                    to(r.number),
                    " · ".join(p for p in said if p),
                ),
            )
        )
    return feed("tag:kalata,2026:court:docket", translate(_("Requêtes devant la Cour"), lang), home, own, lang, entries)


def proclamations_feed(rows: Iterable[ProclamationFile], to: Link, home: str, own: str, lang: str) -> bytes:
    """One entry a proclamation: who is proclaimed, and the hash of the signed paper."""
    title = translate(_("Proclamations de la Cour"), lang)
    entries = [
        (r.at, entry(f"tag:kalata,2026:proclamation:{r.contest}:{r.document}", f"{r.number} : {r.contest_name.text(lang)}", r.at, to(r.contest),
                     " · ".join([*(d.text(lang) for d in r.declared), f"SHA-256 {r.document}"])))
        for r in rows
    ]  # fmt: skip
    return feed("tag:kalata,2026:court:proclamations", title, home, own, lang, entries)


def proclamation_record(one: ProclamationFile) -> dict[str, Any]:
    """One proclamation as JSON: what its page shows."""
    return {
        "contest": one.contest, "number": one.number, "ecli": one.ecli, "at": plain(one.at), "sha256": one.document, "outcome_sha256": one.outcome,
        "log_index": one.logged, "decisions": list(one.decisions), "declared": [d.text("fr") for d in one.declared],
        "coverage": {translate(k, "en"): n for k, n in one.coverage}, "figures": {translate(k, "en"): n for k, n in one.figures}, "valid": one.valid,
        "options": [{"option": name, "votes": n, "seats": s} for name, n, s in one.options],
        "court_count": {
            "stations": one.counted, "sample": one.sample, "commitment": one.commitment, "seed": one.seed,
            "differences": [
                {"station": a.station, "explained": a.words, "lines": [{"line": k.text("en"), "published": x, "court": y} for k, x, y in a.lines]}
                for a in one.apart
            ],
        },
    }  # fmt: skip


def decisions_feed(rows: Iterable[DecisionRow], to: Link, home: str, own: str, lang: str) -> bytes:
    entries = [
        (
            r.signed,
            entry(
                f"tag:kalata,2026:{r.ecli}",
                f"{r.number} : {r.words}",
                r.signed,
                to(r.number),
                f"{r.ecli} · {r.contest_name.text(lang)}",
            ),
        )
        for r in rows
    ]
    return feed("tag:kalata,2026:court:decisions", translate(_("Décisions de la Cour"), lang), home, own, lang, entries)


# --- open data ----------------------------------------------------------------------------------------------------
def table(columns: Iterable[Column], rows: Iterable[Any]) -> bytes:
    kept = filed(columns)
    return b"".join(csv_of([c.key for c in kept], (cells(kept, r) for r in rows)))


def records(columns: Iterable[Column], rows: Iterable[Any]) -> list[dict[str, Any]]:
    kept = filed(columns)
    return [{c.key: value(c, row) for c in kept} for row in rows]


def value(column: Column, row: Any) -> Any:
    found = column.value(row)
    return list(found) if column.kind is Kind.LINES else plain(found)


def as_bytes(thing: Any) -> bytes:
    return (json.dumps(thing, ensure_ascii=False, indent=1) + "\n").encode()


def schema(columns: Iterable[Column]) -> dict[str, Any]:
    return {
        "fields": [
            {
                "name": c.key, "type": TYPES.get(c.kind, "string"), "description": c.means or c.label, "description_en": translate(c.means or c.label, "en"),
                **({"constraints": {"enum": list(c.states)}} if c.states else {}),
            }
            for c in filed(columns)
        ],
        "missingValues": [""],
    }  # fmt: skip


def case_record(one: CaseFile) -> dict[str, Any]:
    """One case as JSON: what its page shows."""
    row = one.row
    return {
        **records(DOCKET.columns, [row])[0],
        "limit": {"kind": row.limit.kind, "until": plain(row.limit.bound), "readings": [{"rule": r.fr, "until": end, "kept": k} for r, end, k in row.limit.readings]} if row.limit else None,
        "life": [{"at": plain(m.at), "what": str(m.what), "awaited": m.next} for m in one.life],
        "grounds": [{"key": g.key, "code": g.code, "article": g.article, "stations": [s.code for s in g.stations], "unresolved": g.lost} for g in one.grounds],
        "papers": [{"kind": p.paper, "filed_at": plain(p.filed), "served": [{"role": r, "party": n, "at": plain(at)} for r, n, at in p.to]} for p in one.papers],
        "pieces": [{"number": p.number, "title": p.name, "sha256": p.sha256} for p in one.pieces],
        "hearings": [session_record(s) for s in one.sessions],
        "withheld": [{"n": n, "why": why} for n, why in one.withheld],
        "joined": list(one.joined),
    }  # fmt: skip


def session_record(one: Session) -> dict[str, Any]:
    return {
        "key": one.key, "contest": one.contest, "starts_at": plain(one.starts), "place": one.place, "closed": one.closed,
        "interpreters": one.interpreters, "access": one.access, "held": one.held, "cases": list(one.cases),
    }  # fmt: skip


def decision_record(one: DecisionFile) -> dict[str, Any]:
    """One decision as JSON: what its page shows."""
    return {
        **records(DECISIONS.columns, [one.row])[0],
        "outcomes": [{"case": j.case, "outcome": j.outcome} for j in one.judged],
        "operative": list(one.parts.get("operative", ())),
        "derived": [d.text("fr") for d in one.derived],
        "annexes": [{"annex": a.name, "act": a.act, "count": a.count, "sha256": a.sha256, "stations": [getattr(r[0], "code", r[0]) for r in a.rows]} for a in one.annexes],
        "effect": [{"option": name, "before": a, "after": b} for name, a, b in one.effect],
        "reasons": list(one.parts.get("reasons", ())),
        "corrections": list(one.parts.get("corrections", ())),
        "redacted": one.redacted,
        "summaries": {lang: list(paragraphs) for lang, paragraphs in one.summaries},
        "public_digest": one.public_digest,
        "digest": one.digest,
    }  # fmt: skip


def datasets(
    rows: Iterable[CaseRow], decided: Iterable[DecisionFile], sessions: Iterable[Session], figures: Mapping[str, Any], sheets: Mapping[str, Any],
    proclaimed: Iterable[ProclamationFile] = (), first: Iterable[FirstRow] = (),
) -> dict[str, bytes]:  # fmt: skip
    """Every file of the Court's open data by name, with the package that describes them."""
    rows, files, lower = list(rows), list(decided), list(first)
    out = {
        "cases.csv": table(DOCKET.columns, rows),
        "cases.json": as_bytes(records(DOCKET.columns, rows)),
        "decisions.csv": table(DECISIONS.columns, [d.row for d in files]),
        "decisions.json": as_bytes([decision_record(d) for d in files]),
        "first-instance.csv": table(FIRST.columns, lower),
        "first-instance.json": as_bytes(records(FIRST.columns, lower)),
        "hearings.json": as_bytes([session_record(s) for s in sessions]),
        "proclamations.json": as_bytes([proclamation_record(p) for p in proclaimed]),
        "statistics.json": as_bytes(figures),
        "scorecard.json": as_bytes(sheets),
    }
    out["datapackage.json"] = package(out)
    return out


TITLES: Mapping[str, str] = {
    "cases.csv": _("Requêtes, une ligne par affaire"), "cases.json": _("Requêtes, JSON"),
    "decisions.csv": _("Décisions publiées, une ligne par décision"), "decisions.json": _("Décisions publiées, avec issues, dispositif et annexes"),
    "proclamations.json": _("Proclamations, avec le recensement de la Cour et ses différences expliquées"),
    "first-instance.csv": _("Requêtes de première instance, une ligne par affaire"), "first-instance.json": _("Requêtes de première instance, JSON"),
    "hearings.json": _("Audiences annoncées"), "statistics.json": _("Statistiques, chaque chiffre avec ses affaires"),
    "scorecard.json": _("Normes et indicateurs, par scrutin"), "datapackage.json": _("Description Frictionless, avec le schéma"),
}  # fmt: skip


def package(files: Mapping[str, bytes]) -> bytes:
    """A Frictionless data package: each file, its hash, and the schema of the tables."""
    schemas = {"cases.csv": schema(DOCKET.columns), "decisions.csv": schema(DECISIONS.columns), "first-instance.csv": schema(FIRST.columns)}
    resources = [
        {
            "name": name.replace(".", "-"), "path": name, "title": TITLES[name], "format": name.rpartition(".")[2], "bytes": len(data),
            "hash": f"sha256:{hashlib.sha256(data).hexdigest()}", **({"encoding": "utf-8", "schema": schemas[name]} if name in schemas else {}),
        }
        for name, data in files.items()
    ]  # fmt: skip
    return as_bytes(
        {
            "profile": "data-package",
            "name": "court",
            "title": "Contentieux électoral",
            "licenses": [LICENCE],
            "resources": resources,
        }
    )
