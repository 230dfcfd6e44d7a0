"""What each page of the public site shows: arrangements of an edition, in one language."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import segno
from markupsafe import Markup

from kalata.results.rules import ties
from kalata.results.rules.coverage import RECEIVED_CAUSES, Coverage, causes
from kalata.results.rules.outcome import STATUS_LABELS, Outcome, Status
from kalata.text import Message, translate
from kalata.text import gettext_noop as _
from kalata.transparency.rules import opendata
from kalata.transparency.rules.opendata import FIGURE_LABELS
from kalata.transparency.rules.replay import NATION, Area, Version
from kalata.transparency.site import corrections
from kalata.transparency.site.datasets import CATEGORIES
from kalata.transparency.site.edition import Edition, Figures, is_open
from kalata.transparency.site.frame import KEY_PAGES, CalendarLine, Extras, Site, said, shown
from kalata.transparency.site.maps import map_of
from kalata.transparency.site.names import zone
from kalata.transparency.site.render import LANGUAGES, emblem, render, scale_of, symbols
from kalata.transparency.site.station_pages import StationPages
from kalata.transparency.site.sums import absent_of
from kalata.transparency.site.writing import sized

PER_PAGE = 500


class Pages(StationPages):
    """Renders pages of one edition. Paths are relative: the folder may be put anywhere, even on a USB key."""

    def __init__(self, edition: Edition, extras: Extras, site: Site) -> None:
        self.edition, self.extras, self.site = edition, extras, site
        emblems = {o["list"]: o["emblem"] for o in edition.replay.manifest["lists"] if o.get("emblem") in symbols()}
        self.emblems = {n: emblem(name) for n, name in emblems.items()}
        self.boxes = opendata.boxes_of(edition.replay)
        self.named = {lang: [(b, translate(FIGURE_LABELS[b], lang)) for b in self.boxes] for lang in LANGUAGES}
        self.documents: dict[str, str] = {}

    # --- frame ----------------------------------------------------------------------------------
    def frame(
        self, path: str, lang: str, section: str = "", crumbs: list[tuple[str, str]] | None = None
    ) -> dict[str, Any]:
        """What base.html asks. path: of the page in French, from the root of the site."""
        depth = path.count("/") + (lang != "fr")
        up = "../" * depth
        home = up + (f"{lang}/" if lang != "fr" else "")
        there = [c for c in LANGUAGES if c in ("fr", "en") or path in KEY_PAGES]
        if lang == "bm":  # pages that Bambara has not lead to the French one
            home = up + "bm/"
        languages = [(c, LANGUAGES[c], up + ("" if c == "fr" else f"{c}/") + path) for c in there]
        full = up if lang == "bm" else home
        menu = [
            ("home", f"{home}index.html", translate(_("Résultats"), lang)),
            ("areas", f"{home}areas.html", translate(_("Bureaux de vote"), lang)),
            ("missing", f"{home}missing.html", translate(_("Ce qui manque"), lang)),
            ("changes", f"{full}changes.html", translate(_("Corrections"), lang)),
            ("calendar", f"{full}calendar.html", translate(_("Calendrier légal"), lang)),
            *((one.name, f"{full}{one.entry}", translate(one.label, lang)) for one in self.extras.rooms),
            ("data", f"{full}data.html", translate(_("Données"), lang)),
            ("verify", f"{home}verify.html", translate(_("Vérifier"), lang)),
        ]
        return {
            "site": self.site, "up": up, "home": home if lang != "bm" else up, "languages": languages, "menu": menu,
            "section": section, "crumbs": crumbs or [], "emblem": self.emblem,
        }  # fmt: skip

    def when(self, lang: str) -> str:
        return said(self.extras.at, lang)

    def fresh(self, lang: str) -> str:
        text = translate(_("Publié le"), lang) + f" {self.when(lang)}."
        if self.extras.next_at:
            text += " " + translate(_("Prochaine publication attendue avant"), lang) + f" {self.extras.next_at:%H:%M}."
        return text

    def emblem(self, number: int) -> str:
        return self.emblems.get(number, "")

    # --- national and areas ---------------------------------------------------------------------
    def national(self, lang: str) -> bytes:
        edition = self.edition
        found, outcome = edition.figures[NATION], edition.outcome()
        top = edition.lines(found, outcome)
        scale, mark = scale_of(top[0].share if top else None)
        up = "../" if lang == "bm" else ""
        rows = self.rows(edition.children.get(NATION, []), up, lang)
        groups = self.rows(edition.groups, up, lang) if edition.groups else []
        calendar = [self.calendar_line(c, lang) for c in self.extras.calendar[:5]]
        return render(
            "index.html", lang, **self.frame("index.html", lang, "home"), f=found, cov=self.coverage(NATION), lines=top if found.coverage.counted else [], scale=scale,
            mark=mark, labels=self.named[lang], fresh=self.fresh(lang), when=self.when(lang), headline=self.headline(outcome, lang),
            rows=rows, groups=groups, gone=self.gone(lang), map=map_of(edition, self.extras, lang, lambda figures: self.lead(figures, lang)), calendar=calendar, changes=len(edition.ledger.lines), compared=self.extras.compared.get(lang, []), **self.lead(found, lang),
            declarations=self.declarations(lang), rulings=self.rulings(lang), **self.told(outcome, lang),
        )  # fmt: skip

    def declarations(self, lang: str) -> list[dict[str, Any]]:
        """Latest first: what was declared, by which act, on which total, with its document."""
        said_ = {"provisional": _("Déclaration provisoire"), "final": _("Déclaration définitive")}
        up = "" if lang == "fr" else "../"
        return [
            {"index": i, "what": translate(said_[e["stage"]], lang), "act": e.get("act", ""), "sha": e["document_sha256"], "total": e["total_index"],
             "path": f"{up}{self.documents[e['document_sha256']]}" if e["document_sha256"] in self.documents else ""}
            for i, e in reversed(self.edition.replay.declarations)
        ]  # fmt: skip

    def rulings(self, lang: str) -> list[dict[str, Any]]:
        """Latest first: each publication of a decision of the court that the log holds, with the files that prove it."""
        up = "" if lang == "fr" else "../"
        return [
            {"index": i, "act": e["act"], "version": e["version"], "full": e["full_sha256"], "public": e["public_sha256"],
             "document": e["document_sha256"], "path": f"{up}ruling/{i}"}
            for i, e in reversed(self.edition.replay.rulings)
        ]  # fmt: skip

    def told(self, outcome: Outcome | None, lang: str) -> dict[str, Any]:
        """The outcome in words, its steps and its source."""
        if outcome is None:
            return dict.fromkeys(
                ("outcome_label", "outcome_reason", "outcome_open", "needed", "norm", "confidence", "draws"), ""
            ) | {"steps": []}
        return {
            "outcome_label": translate(STATUS_LABELS[outcome.status], lang), "outcome_open": is_open(outcome),
            "outcome_reason": why.text(lang) if (why := outcome.reason or outcome.broken) else "", "draws": bool(self.edition.replay.lots), "needed": outcome.needed or "",
            "steps": [s.text(lang) for s in outcome.steps], "norm": outcome.norm, "confidence": outcome.confidence,
        }  # fmt: skip

    def headline(self, outcome: Outcome | None, lang: str) -> str:
        """The situation in one sentence."""
        edition = self.edition
        if not edition.figures[NATION].coverage.counted:
            return translate(_("Aucun résultat n’est encore publié"), lang)
        if edition.groups:
            decided = sum((o := edition.outcome(g)) is not None and not is_open(o) for g in edition.groups)
            said = _("%(decided)d {decided:circonscription décidée|circonscriptions décidées} sur %(all)d")
            return Message(said, {"decided": decided, "all": len(edition.groups)}).text(lang)
        if outcome is None:
            return translate(_("Chiffres par bureau, sans règle d’attribution"), lang)
        if outcome.status is Status.TIE and edition.system is not None:
            return ties.headline(edition.system, outcome).text(lang)
        who = outcome.options
        if outcome.status is Status.ELECTED and outcome.broken is not None:
            return ties.first(", ".join(who)).text(lang)
        both = {"who": (" et " if lang != "en" else " and ").join(who)}
        texts = {
            Status.UNDETERMINED: _("Résultats encore partiels : rien n’est décidé"),
            Status.RUNOFF: _("Second tour entre %(who)s"),
            Status.ELECTED: _("%(who)s en tête"),
            Status.ADOPTED: _("« %(who)s » l’emporte"),
            Status.REJECTED: _("« %(who)s » l’emporte : rejeté"),
        }
        return translate(texts.get(outcome.status, _("Chiffres par bureau, sans règle d’attribution")), lang) % both

    def rows(self, areas: list[Area], up: str, lang: str) -> list[dict[str, Any]]:
        out = []
        for area in areas:
            found = self.edition.figures[area]
            out.append({"figures": found, "path": f"{up}{zone(area)}.html", **self.lead(found, lang)})
        return out

    def lead(self, found: Figures, lang: str) -> dict[str, Any]:
        """Who has most votes in an area, with the share; "" where nobody has."""
        best = max(found.votes, default=0)
        first = [n for n, v in zip(self.edition.replay.lists, found.votes, strict=True) if v == best and best]
        leader = self.edition.names[first[0]] if len(first) == 1 else translate(_("égalité"), lang) if first else ""
        return {"leader": leader, "share": Fraction(best, found.valid) if first and found.valid else None}

    def gone(self, lang: str) -> list[tuple[str, str, int | None, int | None]]:
        """What gives no vote and why; it sums to what the progress says."""
        found = causes(self.edition.figures[NATION].coverage, self.extras.waiting, absent_of(self.edition.replay))
        return [
            (translate(c.label, lang), c.detail if isinstance(c.detail, str) else c.detail.text(lang), c.stations, c.registered)
            for c in found
        ]  # fmt: skip

    def coverage(self, area: Area) -> Coverage:
        """Of an area; of the whole with what the house holds, where it says so and is not ahead of its log."""
        found = self.edition.figures[area].coverage
        silent = found.missing - found.unlisted - found.recalled
        if area == NATION and (silent == 0 or sum(n for _c, n, _r in self.extras.waiting) == silent):
            return replace(found, held=sum(n for c, n, _r in self.extras.waiting if c in RECEIVED_CAUSES))
        return found

    def chain(self, area: Area) -> list[Area]:
        """From the outermost area down to this one."""
        out: list[Area] = []
        step: Area | None = area
        while step is not None and step != NATION:
            out.insert(0, step)
            step = self.edition.replay.register.zones[step].parent
        return out

    def crumbs(self, areas: list[Area], up: str, home: str, lang: str, last: str) -> list[tuple[str, str]]:
        title = self.site.title[lang]
        out = [(title, f"{home}index.html")]
        out += [(self.edition.figures[a].name, f"{home}{zone(a)}.html") for a in areas]
        return [*out, (last, "")]

    def area(self, area: Area, lang: str) -> list[tuple[str, bytes]]:
        """(path, page) of an area; more than one where it has very many stations."""
        edition = self.edition
        found = edition.figures[area]
        outcome = edition.outcome(area) if area[0] == "constituency" else None
        lines = edition.lines(found, outcome)
        scale, mark = scale_of(lines[0].share if lines else None)
        path = f"{zone(area)}.html"
        up = "../" * (path.count("/"))
        keys = edition.stations.get(area, [])
        if area[0] == "constituency":
            keys = [k for k, p in edition.replay.register.places.items() if area in p.areas]
        pages = -(-len(keys) // PER_PAGE) if len(keys) > PER_PAGE else 0
        names = [path if i == 0 else f"{zone(area)}.{i + 1}.html" for i in range(pages or 1)]
        out = []
        for i, name in enumerate(names):
            frame = self.frame(name, lang, "home")
            frame["crumbs"] = self.crumbs(self.chain(area)[:-1], up, frame["home"], lang, found.name)
            stations = [self.station_row(k, frame["home"], lang) for k in keys[i * PER_PAGE : (i + 1) * PER_PAGE]]
            below = self.rows(edition.children.get(area, []), frame["home"], lang) if i == 0 else []
            poster = f"{frame['up']}poster/{zone(area)[2:]}.html" if edition.stations.get(area) else ""
            others = [(j + 1, other.rsplit("/", 1)[-1]) for j, other in enumerate(names)]
            out.append((name, render(
                "area.html", lang, **frame, f=found, cov=found.coverage, lines=lines, scale=scale, mark=mark, labels=self.named[lang], fresh=self.fresh(lang),
                rows=below, stations=stations, **self.lead(found, lang), page=i + 1, pages=pages, others=others, poster=poster, **self.told(outcome, lang),
            )))  # fmt: skip
        return out

    def differences(self, old: Version, new: Version, lang: str) -> list[tuple[str, str, str]]:
        """Field by field, what a version changed from the one before."""
        out = []
        for b, label in self.named[lang]:
            a, c = old.entry.get(b), new.entry.get(b)
            if a != c:
                out.append((label, shown(a, lang), shown(c, lang)))
        one, two = ({v["list"]: v["n"] for v in v.entry["votes"]} for v in (old, new))
        for n in self.edition.replay.lists:
            if one.get(n) != two.get(n):
                out.append((self.edition.names[n], shown(one.get(n), lang), shown(two.get(n), lang)))
        if old.entry.get("scan_sha256") != new.entry.get("scan_sha256"):
            out.append((translate(_("image"), lang), shown(None, lang), translate(_("remplacée"), lang)))
        return out

    # --- the other pages ------------------------------------------------------------------------
    def changes(self, lang: str) -> bytes:
        return corrections.page(self, lang)

    def missing(self, lang: str) -> bytes:
        edition = self.edition
        frame = self.frame("missing.html", lang, "missing")
        level = max((a[0] for a in edition.stations), default="")
        rows = [
            r
            for r in self.rows(sorted(a for a in edition.figures if a[0] == level), "" if lang != "bm" else "../", lang)
            if r["figures"].coverage.missing
        ]
        rows.sort(key=lambda r: -r["figures"].coverage.missing)
        return render("missing.html", lang, **frame, heading=translate(_("Ce qui manque, et pourquoi"), lang), lede=self.fresh(lang), gone=self.gone(lang), rows=rows)  # fmt: skip

    def areas(self, lang: str) -> bytes:
        edition = self.edition
        up = "../" if lang == "bm" else ""

        def below(area: Area) -> list[dict[str, Any]]:
            found = [{"path": f"{up}{zone(a)}.html", "name": edition.figures[a].name, "count": edition.figures[a].coverage.expected, "below": below(a)} for a in edition.children.get(area, [])]  # fmt: skip
            return found

        return render(
            "areas.html", lang, **self.frame("areas.html", lang, "areas"), heading=translate(_("Trouver mon bureau de vote"), lang), tree=below(NATION),
            lede=translate(_("Choisissez votre zone, puis votre bureau. Son code est imprimé en haut du procès-verbal."), lang),
        )  # fmt: skip

    def calendar_line(self, line: CalendarLine, lang: str) -> dict[str, Any]:
        return {
            "title": line.title.get(lang) or line.title["fr"],
            "when": line.when,
            "law": line.law,
            "unverified": line.unverified,
        }

    def calendar(self, lang: str) -> bytes:
        lines = [self.calendar_line(c, lang) for c in self.extras.calendar]
        return render(
            "calendar.html", lang, **self.frame("calendar.html", lang, "calendar"), heading=translate(_("Calendrier légal"), lang),
            lede=translate(_("Les échéances que la loi fixe, avec leur texte."), lang), calendar=lines,
        )  # fmt: skip

    def data(self, lang: str, files: list[dict[str, Any]], score: dict[str, Any], licence: str) -> bytes:
        fields = [
            (n, k, translate(u, lang), translate(m, lang))
            for n, k, u, _law, m in opendata.dictionary(self.edition.replay)
        ]
        return render(
            "data.html", lang, **self.frame("data.html", lang, "data"), heading=translate(_("Données ouvertes"), lang), licence=licence, score=score,
            lede=translate(_("Tout ce que ce site montre se télécharge, sans inscription, dans des formats ouverts."), lang),
            files=[{**f, "title": translate(f["title"], lang), "size": sized(f["size"], lang)} for f in files], fields=fields, base=self.extras.base,
            categories={k: translate(v, lang) for k, v in CATEGORIES.items()},
        )  # fmt: skip

    def verify(self, lang: str) -> bytes:
        return render(
            "verify.html", lang, **self.frame("verify.html", lang, "verify"), heading=translate(_("Vérifier soi-même"), lang),
            lede=translate(_("Sur un téléphone, hors ligne, sans croire ce serveur."), lang),
        )  # fmt: skip

    def differs(self, lang: str) -> bytes:
        """What to do where one's paper says something else, with a form to print."""
        frame = self.frame("differs.html", lang, "verify")
        return render(
            "differs.html", lang, **frame, heading=translate(_("Mon papier est différent : que faire"), lang), find="areas.html", full=frame["home"],
            lede=translate(_("Ce que dit le pack de ce pays, avec sa source et sa confiance. Rien ici n’est un conseil d’avocat."), lang),
            rows=self.extras.recourses.get(lang, []), labels=[label for _b, label in self.named[lang]] + list(self.edition.names.values()),
        )  # fmt: skip

    def card(self, area: Area) -> bytes:
        found = self.edition.figures[area]
        name = found.name or self.site.title["fr"]
        up = "../" * (1 + zone(area).count("/") - (area != NATION))
        lines = self.edition.lines(found)[:12]
        return render(
            "card.html",
            "fr",
            site=self.site,
            f=found,
            name=name,
            lines=lines,
            when=self.when("fr"),
            path=f"{up}{zone(area)}.html",
        )

    def poster(self, area: Area) -> bytes:
        found = self.edition.figures[area]
        address = f"{self.extras.base or self.site.origin + '/'}{zone(area)}.html"
        qr = Markup(segno.make(address, error="m").svg_inline(svgclass="qr", lineclass=None, omitsize=True, border=2))  # noqa: S704
        stations = [self.station_row(k, "", "fr") for k in self.edition.stations[area]]
        return render(
            "poster.html", "fr", site=self.site, f=found, lines=self.edition.lines(found), labels=self.named["fr"], when=self.when("fr"), qr=qr,
            stations=stations, address=address,
        )  # fmt: skip
