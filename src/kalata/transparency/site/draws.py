"""Lots on the public site: each promise, what was drawn, how anyone redoes it, and the proofs that the log says so."""

from __future__ import annotations

from typing import Any

from kalata.results.rules.lots import redo
from kalata.text import gettext_noop as _
from kalata.text import translate
from kalata.transparency.rules.draws import Lots
from kalata.transparency.rules.replay import NATION
from kalata.transparency.site.pages import Pages
from kalata.transparency.site.render import render
from kalata.transparency.site.writing import Digests, put

FULL = ("fr", "en")


def steps_of(one: Lots, lang: str, up: str) -> list[dict[str, Any]]:
    """What the log says of one promise, in order: (what, index, act, its files)."""
    said: list[tuple[str, int, str]] = [(_("Empreinte annoncée"), one.index, one.entry["source"])]
    if one.drawn is not None:
        said.append((_("Secret ouvert, ordre tiré"), one.drawn_at, one.drawn.get("act", "")))
    if one.undone is not None:
        said.append((_("Annulé par un acte"), one.undone_at, one.undone.get("act", "")))
    return [{"what": translate(w, lang), "index": i, "act": act, "path": f"{up}draw/{i}"} for w, i, act in said]


def rows_of(pages: Pages, lang: str) -> list[dict[str, Any]]:
    """Latest first."""
    edition, up = pages.edition, "" if lang == "fr" else "../"
    state = {"drawn": _("tiré"), "undone": _("annulé par un acte"), "promised": _("annoncé, secret fermé")}
    rows = []
    for one in reversed(edition.replay.lots):
        code = one.entry["constituency"]
        area = ("constituency", code) if code else NATION
        kind = "undone" if one.undone else "drawn" if one.drawn else "promised"
        drawn = one.drawn or {}
        rows.append(
            {
                "number": one.entry["number"], "place": edition.figures[area].name or code, "kind": kind, "state": translate(state[kind], lang),
                "votes": [(v["list"], edition.names[v["list"]], v["n"]) for v in one.entry["votes"]], "places": one.entry["places"],
                "promise": one.entry["promise"], "secret": drawn.get("secret", ""), "public": drawn.get("public", ""),
                "order": [(n, edition.names[n]) for n in drawn.get("order", [])], "steps": steps_of(one, lang, up),
                "redo": redo(drawn["secret"], drawn["public"], one.lists) if drawn else [],
            }
        )  # fmt: skip
    return rows


def page(pages: Pages, lang: str) -> bytes:
    lede = _("Là où la loi du scrutin tire au sort : une empreinte annoncée avant, un nombre tiré en public, un ordre que chacun recalcule.")  # fmt: skip
    return render(
        "draws.html", lang, **pages.frame("draws.html", lang), heading=translate(_("Tirages au sort"), lang),
        lede=translate(lede, lang), rows=rows_of(pages, lang),
    )  # fmt: skip


def proved(pages: Pages, folder: str, index: int, out: Any, made: Digests) -> None:
    """An entry and its proof, under a folder of its kind."""
    put(out, f"{folder}/{index}.json", pages.edition.entries[index], made)
    put(out, f"{folder}/{index}.tlog-proof", pages.edition.proof_at(index).encode(), made)


def write(pages: Pages, out: Any, made: Digests) -> None:
    """Entries about decisions and lots with their proofs; the page of lots. Nothing where the log has none."""
    edition = pages.edition
    for index, _entry in edition.replay.rulings:
        proved(pages, "ruling", index, out, made)
    if not edition.replay.lots:
        return
    for lang in FULL:
        put(out, "draws.html" if lang == "fr" else f"{lang}/draws.html", page(pages, lang), made)
    for one in edition.replay.lots:
        for index in (one.index, one.drawn_at, one.undone_at):
            if index >= 0:
                proved(pages, "draw", index, out, made)
