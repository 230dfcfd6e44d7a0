"""The ledger of corrections on the public site: reckoned from the log by the rule of the application.

The reasons told to the public stand beside the log (d/reasons.json); an entry holds the SHA-256 of its own, and words
that are not those are left out.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kalata.results.rules import ledger_words as words
from kalata.results.rules.public_ledger import KIND_LABELS, Book, Ledger, Line, pair
from kalata.text import gettext_noop as _
from kalata.text import translate, whole
from kalata.transparency.rules import canonical
from kalata.transparency.rules.replay import NATION, Replay
from kalata.transparency.site.names import slug
from kalata.transparency.site.render import render

if TYPE_CHECKING:
    from kalata.transparency.site.edition import Edition
    from kalata.transparency.site.pages import Pages

MOST = 400
"""Lines on the page; the file has all of them."""


def book_of(replay: Replay, entries: list[bytes]) -> Book:
    """The ledger that the entries of a log make. Only those about reports and declarations are read again."""
    wanted: dict[int, Mapping[str, Any]] = {}
    for versions in replay.history.values():
        for version in versions:
            wanted[version.index] = version.entry
            if version.excluded is not None:
                wanted[version.excluded] = canonical.read(entries[version.excluded])
    wanted |= dict(replay.declarations)
    groups = {key: place.constituency for key, place in replay.register.places.items() if place.constituency}
    made = Ledger(sorted(replay.lists), groups)
    for index in sorted(wanted):
        made.read(wanted[index], index)
    return made.book()


def with_reasons(lines: Iterable[Line], reasons: Mapping[int, str]) -> list[Line]:
    """The lines with the words told beside the log, where they are those that the log binds."""
    out = []
    for line in lines:
        said, why = reasons.get(line.after.index if line.after.index is not None else -1, ""), line.why
        if said and hashlib.sha256(said.encode()).hexdigest() == why.words_sha256:
            line = replace(line, after=replace(line.after, why=replace(why, words=said)))
        out.append(line)
    return out


def reasons_json(lines: Iterable[Line]) -> bytes:
    """{index of the entry: its reason}, in order."""
    told = {str(line.after.index): line.why.words for line in lines if line.why.words}
    return (json.dumps(told, ensure_ascii=False, indent=0) + "\n").encode()


def read_reasons(site: Path) -> dict[int, str]:
    """What stands in d/reasons.json of a site; empty where there is none, or none that can be read."""
    try:
        held = json.loads((site / "d" / "reasons.json").read_text(encoding="utf-8"))
        return {int(k): str(v) for k, v in held.items()}
    except (OSError, ValueError, AttributeError):
        return {}


def files_of(edition: Edition, reasons: Mapping[int, str]) -> dict[str, bytes]:
    lines = with_reasons(edition.ledger.lines, reasons)
    return {"corrections.csv": words.as_csv(lines), "reasons.json": reasons_json(lines)}


def check(site: Path, replay: Replay, entries: list[bytes]) -> list[tuple[str, str]]:
    """What is wrong with the corrections of a published site: (file, why)."""
    if not (site / "d" / "corrections.csv").exists():
        return []
    book, reasons = book_of(replay, entries), read_reasons(site)
    lines = with_reasons(book.lines, reasons)
    wrong = []
    if reasons != {line.after.index: line.why.words for line in lines if line.why.words}:
        wrong.append(("d/reasons.json", "a reason is not the one that the log binds"))
    if (site / "d" / "corrections.csv").read_bytes() != words.as_csv(lines):
        wrong.append(("d/corrections.csv", "is not what the log says"))
    return wrong


def gap(edition: Edition) -> tuple[int, int, int] | None:
    """(place, list, list) between which the vote decides; None where each constituency decides for itself."""
    outcome = edition.outcome(NATION)
    if edition.groups and outcome is None and edition.system is not None:
        return None
    now = edition.ledger.now
    runoff = edition.system is not None and words.goes_on(
        outcome, edition.system.kind, edition.replay.manifest["round"], now
    )
    return pair(now, runoff)


def drawn(pages: Pages, line: Line, two: words.Two, home: str, lang: str) -> dict[str, Any]:
    names, (css, icon) = pages.edition.names, words.ICONS[line.kind]
    shown, more = words.picked(line, two)
    at = words.moment(line)
    place = pages.edition.replay.register.places.get(line.key)
    areas = [a for a in place.areas if a != NATION and a[0] != "constituency"] if place else []
    margins = [("", line.national), *([(line.group, line.local)] if line.local else [])]
    return {
        "line": line, "at": at.strftime("%Y-%m-%d %H:%M UTC") if at else "", "path": f"{home}pv/{slug(line.key)}.html",
        "name": (place.name or line.key[1]) if place else line.key[1], "place": pages.edition.figures[areas[-1]].name if areas else "",
        "css": css, "icon": icon, "kind": translate(KIND_LABELS[line.kind], lang), "by": words.ordered_by(line, lang), "more": more,
        "rows": [(words.label(c, names, lang), *words.figures(line, c, lang)) for c in shown], "effect": signed(words.effect(line, two), lang),
        "margins": [(g, *(words.margin_said(m, names, lang) for m in pair_)) for g, pair_ in margins],
    }  # fmt: skip


def signed(value: int, lang: str) -> str:
    return ("+" if value > 0 else "") + whole(value, lang)


def page(pages: Pages, lang: str) -> bytes:
    edition, book = pages.edition, pages.edition.ledger
    frame = pages.frame("changes.html", lang, "changes")
    found = gap(edition)
    two = (found[1], found[2]) if found else None
    lines = with_reasons(book.lines[::-1][:MOST], pages.extras.reasons)
    batches = [(n, len(i), min(i), max(i)) for n, i in sorted(edition.replay.batches.items(), reverse=True)]
    votes = (book.now.votes, book.first.votes)
    now, first = ((v[two[0]] - v[two[1]] if two else 0) for v in votes)
    return render(
        "changes.html", lang, **frame, heading=heading(book, found, now - first, lang), book=book, batches=batches,
        lede=translate(_("Toute correction d’un chiffre déjà publié est ici, avec l’ancien chiffre, le nouveau, qui l’a ordonnée et pourquoi."), lang),
        rows=[drawn(pages, line, two, frame["home"], lang) for line in lines], more=max(len(book.lines) - MOST, 0),
        place=found[0] if found else 0, moved=signed(now - first, lang), gap=whole(now, lang), without=whole(first, lang),
        expected=edition.figures[NATION].coverage.expected,
    )  # fmt: skip


def heading(book: Book, found: tuple[int, int, int] | None, moved: int, lang: str) -> str:
    if not book.lines:
        return translate(_("Aucun chiffre publié n’a été corrigé"), lang)
    count = f"{translate(_('Corrections'), lang)} : {whole(len(book.lines), lang)}"
    count = count.replace(" :", ":") if lang == "en" else count
    if found is None:
        return count
    return translate(_("%(count)s ; %(moved)s"), lang) % {
        "count": count,
        "moved": words.moved(found[0], moved).text(lang),
    }


def feed(pages: Pages) -> bytes:
    """The notices, latest first, as the application's feed tells them."""
    edition, base = pages.edition, pages.extras.base
    home = f"{base}changes.html" if base else f"https://{pages.site.origin}/changes.html"
    found = gap(edition)
    title = pages.site.title["fr"]
    of = words.Feed(
        edition.replay.manifest["contest"], translate(_("Exercice : %(what)s"), "fr") % {"what": title} if pages.site.exercise else title,
        home, f"{base}corrections.atom", lambda n: f"{home}#a{n}", pages.extras.at, pages.extras.issuer or pages.site.origin,
    )  # fmt: skip
    two = (found[1], found[2]) if found else None
    return words.atom(of, with_reasons(edition.ledger.lines, pages.extras.reasons), two, edition.names, "fr")
