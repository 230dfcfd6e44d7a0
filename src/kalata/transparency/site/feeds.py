"""RSS 2.0 and Atom: one item for each publication, with what it brought."""

from __future__ import annotations

from datetime import datetime
from email.utils import format_datetime
from typing import Any
from xml.sax.saxutils import escape

from kalata.results.rules.coverage import ratio
from kalata.text import percent
from kalata.transparency.rules.replay import NATION
from kalata.transparency.site.edition import Edition
from kalata.transparency.site.pages import Pages

MOST = 60


def remember(history: list[dict[str, Any]], edition: Edition, at: datetime, since: int) -> list[dict[str, Any]]:
    """The publications so far, latest first, with this one where it brings anything."""
    last = history[0]["size"] if history else 0
    if edition.point.size == last:
        return history
    since = last if history else 0
    kinds = [edition.replay.at.get(i) is not None for i in range(since, edition.point.size)]
    fixes = sum(1 for line in edition.ledger.lines if (line.after.index or 0) >= since)
    found = edition.figures[NATION]
    item = {
        "size": edition.point.size, "root": edition.point.root.hex(), "at": at.isoformat(timespec="seconds"), "reports": sum(kinds),
        "changes": fixes, **{k: v for k, v in found.coverage.record().items() if k in ("annulled", "missing", "recalled")},
        "included": found.coverage.counted, "expected": found.coverage.expected,
        "batches": [n for n, i in sorted(edition.replay.batches.items()) if max(i) >= since],
        "declared": [e["stage"] for i, e in edition.replay.declarations if i >= since],
    }  # fmt: skip
    return [item, *history][:MOST]


def title_of(item: dict[str, Any]) -> str:
    share = percent(ratio(item["included"], item["expected"]), "fr", 1)
    text = f"{item['included']} procès-verbaux sur {item['expected']} ({share})"
    text += "".join(
        f", {item[k]} {said}" for k, said in (("annulled", "annulés"), ("recalled", "rappelés")) if item.get(k)
    )
    if item["batches"]:
        text += ", lot " + ", ".join(map(str, item["batches"]))
    if item["changes"]:
        text += f", {item['changes']} corrections ou rappels"
    if item["declared"]:
        text += ", déclaration " + " et ".join("définitive" if d == "final" else "provisoire" for d in item["declared"])
    return text


def both(pages: Pages, history: list[dict[str, Any]]) -> dict[str, bytes]:
    site, base = pages.site, pages.extras.base
    name = escape(("Exercice : " if site.exercise else "") + site.title["fr"])
    home = escape(f"{base}index.html" if base else f"https://{site.origin}/index.html")
    atom, rss = [], []
    for item in history:
        said, key = escape(title_of(item)), escape(f"{site.origin}#{item['size']}")
        detail = f"{item['reports']} inscriptions de bureaux ; journal {item['size']}, racine {item['root']}"
        at = datetime.fromisoformat(item["at"])
        atom.append(
            f'<entry><id>tag:{key}</id><title>{said}</title><updated>{item["at"]}</updated><link href="{home}"/><summary>{detail}</summary></entry>'
        )
        rss.append(f'<item><title>{said}</title><link>{home}</link><guid isPermaLink="false">{key}</guid><pubDate>{format_datetime(at)}</pubDate><description>{detail}</description></item>')  # fmt: skip
    updated = history[0]["at"] if history else pages.extras.at.isoformat(timespec="seconds")
    author = escape(pages.extras.issuer or site.origin)
    return {
        "feed.atom": (
            f'<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr"><id>tag:{escape(site.origin)}</id>'
            f'<title>{name}</title><updated>{updated}</updated><author><name>{author}</name></author><link rel="self" href="{escape(base)}feed.atom"/>{"".join(atom)}</feed>\n'
        ).encode(),
        "feed.rss": (
            f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>{name}</title><link>{home}</link>'
            f"<description>{name}</description><language>fr</language>{''.join(rss)}</channel></rss>\n"
        ).encode(),
    }  # fmt: skip
