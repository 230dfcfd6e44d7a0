"""The Court in the static site: the pages of the house with the same words and figures, as files, without a script.

What is read of the database is read once, before anything is drawn; drawing asks nothing of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.safestring import SafeString

from kalata.country.models import Contest
from kalata.disputes import public_feeds, public_out
from kalata.disputes.public_first_list import FIRST, STAGES
from kalata.disputes.public_lists import DECISIONS, DOCKET, STATES
from kalata.disputes.queries import (
    open_data,
    public,
    public_archives,
    public_case,
    public_decisions,
    public_first,
    public_proclamations,
)
from kalata.disputes.queries import statistics as facts
from kalata.disputes.rules import public_figures
from kalata.disputes.rules import public_first as first_rules
from kalata.disputes.rules.filing import GROUNDS
from kalata.disputes.rules.public import SAYS, CaseFile, DecisionFile, Place, Session, slug
from kalata.disputes.rules.public_first import FirstRow
from kalata.disputes.rules.public_proclaimed import ProclamationFile
from kalata.disputes.rules.scorecard import SEVEN, Scorecard
from kalata.disputes.rules.service import CLOCK_LABELS, PAPERS
from kalata.disputes.rules.statistics import statistics
from kalata.disputes.signing import court
from kalata.evidence import store
from kalata.evidence.rules.access import Damaged
from kalata.tables.lists import meaning
from kalata.text import gettext_noop as _
from kalata.text import translate
from kalata.transparency.site.datasets import LICENCE
from kalata.transparency.site.names import slug as station_slug
from kalata.transparency.site.pages import Pages
from kalata.transparency.site.render import render

FOLDER = "court"
ROWS = 200
"""Cases on one page of the docket."""


def pages(contest: Contest) -> Site | None:
    """What the site shows of the Court for a contest; None where no petition was received, there or before a body of first instance, and nothing proclaimed."""
    numbers = [r.number for r in public.docket().rows if r.contest == contest.code]
    proclaimed = public_decisions.proclamations(contest.code)
    first = public_first.rows(contest.code)
    if not numbers and not proclaimed and not first:
        return None
    known = facts.facts(contest.code)
    decided = public_decisions.files(contest.code)
    kept = {
        f"{d.row.slug}.{kind}": sha for d in decided for kind, sha in (("pdf", d.row.pdf), ("xml", d.row.xml)) if sha
    }
    kept |= {f"archive-{number}.zip": sha for number, sha in public_archives.of(numbers).items()}
    parts = dict(contest.stations.values_list("code", "part"))
    return Site(
        cases=in_slices(numbers), decided=decided, sessions=public.hearings(contest.code), figures=public_figures.shown(statistics(known)),
        tables=public_figures.tables(statistics(known)), sheet=facts.sheet_of(contest, known), data=open_data.files(contest.code),
        papers={n: store_of(sha) for n, sha in kept.items() if store_of(sha)} | {f"proclamation-{p.contest.code}.pdf": proclamation_of(p.document) for p in proclaimed},
        proclaimed=proclaimed, papers_of=public_proclamations.files(contest.code), parts=parts, first=first, key=court.public_key(), trust=court.certificates(), at=timezone.now(),
    )  # fmt: skip


def in_slices(numbers: Sequence[str]) -> list[CaseFile]:
    return [one for start in range(0, len(numbers), 500) for one in public_case.cases(numbers[start : start + 500])]


def store_of(sha256: str) -> str:
    """Where a paper is; "" where nobody has it as it was signed."""
    path = store.sound(sha256)
    return str(path) if path else ""


def proclamation_of(sha256: str) -> str:
    """The signed proclamation. EVD-106: the site is not made without it, nor with another in its place."""
    if not (path := store_of(sha256)):
        raise Damaged(sha=sha256[:12])
    return path


@dataclass
class Site:
    """All that is drawn of one contest."""

    cases: list[CaseFile]
    decided: list[DecisionFile]
    sessions: list[Session]
    figures: list[public_figures.Shown]
    tables: list[public_figures.Table]
    sheet: Scorecard | None
    data: Mapping[str, bytes]
    papers: Mapping[str, str]
    proclaimed: list[Any]
    papers_of: list[ProclamationFile]
    first: list[FirstRow]
    parts: Mapping[str, str]
    key: str
    trust: bytes
    at: datetime
    name: str = FOLDER
    entry: str = f"{FOLDER}/index.html"
    label: str = _("Contentieux")
    digest: str = field(init=False)
    listed: set[tuple[str, str]] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        said = [
            self.cases,
            self.decided,
            self.sessions,
            self.figures,
            self.tables,
            sorted(self.papers),
            self.key,
            self.papers_of,
            self.first,
        ]
        self.digest = hashlib.sha256(repr(said).encode() + b"".join(self.data.values())).hexdigest()

    # --- files ------------------------------------------------------------------------------------------------------
    def files(self, site: Pages) -> Iterator[tuple[str, bytes]]:
        self.listed = {(part, code) for code, part in self.parts.items()} & set(site.edition.replay.register.places)
        for lang in ("fr", "en"):
            with translation.override(lang):
                for path, title, body in self.bodies(lang):
                    frame = site.frame(f"{FOLDER}/{path}", lang, FOLDER)
                    made = render("room.html", lang, **frame, title=title, body=body)
                    yield f"{'' if lang == 'fr' else 'en/'}{FOLDER}/{path}", made
        yield from self.plain(site.extras.base)

    def plain(self, base: str) -> Iterator[tuple[str, bytes]]:
        """Data, feeds, the calendar, papers: once, whatever the language."""
        home = f"{base}{FOLDER}/"
        rows = [c.row for c in self.cases]
        yield from ((f"{FOLDER}/{name}", data) for name, data in self.data.items())
        yield f"{FOLDER}/audiences.ics", public_out.calendar(self.sessions, "fr")
        yield (
            f"{FOLDER}/cases.atom",
            public_feeds.docket_feed(
                rows, lambda n: f"{home}{case_page(n)}", f"{home}index.html", f"{home}cases.atom", "fr"
            ),
        )
        decided = [d.row for d in self.decided]
        yield f"{FOLDER}/decisions.atom", public_feeds.decisions_feed(decided, lambda n: f"{home}{decision_page(n)}", f"{home}decisions.html", f"{home}decisions.atom", "fr")  # fmt: skip
        yield f"{FOLDER}/proclamations.atom", public_feeds.proclamations_feed(self.papers_of, lambda n: f"{home}{proclaimed_page(n)}", f"{home}decisions.html", f"{home}proclamations.atom", "fr")  # fmt: skip
        for one in self.decided:
            for annex in one.annexes:
                yield f"{FOLDER}/{one.row.slug}-{annex.file}", public_out.annex_csv(annex, "fr")
        for name, path in self.papers.items():
            with open(path, "rb") as file:
                yield f"{FOLDER}/{name}", file.read()
        if self.key:
            yield f"{FOLDER}/court.vkey", f"{self.key}\n".encode()
            yield f"{FOLDER}/court-ca.pem", self.trust

    # --- pages ------------------------------------------------------------------------------------------------------
    def bodies(self, lang: str) -> Iterator[tuple[str, str, SafeString]]:
        """(path in the folder, title, what stands between the head and the foot) in one language."""
        yield from self.dockets(lang)
        for one in self.cases:
            yield case_page(one.row.number), one.row.number, self.drawn("_case", lang, "docket", one=one, row=one.row)
        for d in self.decided:
            title = f"{translate(_('Décision'), lang)} {d.row.number}"
            yield decision_page(d.row.number), title, self.drawn("_decision", lang, "decisions", one=d, row=d.row)
        for p in self.papers_of:
            title = f"{translate(_('Proclamation'), lang)} {p.number}"
            yield proclaimed_page(p.contest), title, self.drawn("_proclamation", lang, "decisions", one=p)
        lower = self.drawn(
            "_first", lang, "first", rows=self.first, stages=STAGES, figures=first_rules.figures(self.first), accounts=first_rules.accounts(self.first)
        )  # fmt: skip
        yield "first.html", translate(_("Requêtes en première instance"), lang), lower
        listed = self.drawn(
            "_decisions", lang, "decisions", rows=[d.row for d in self.decided], proclaimed=self.proclaimed
        )
        yield "decisions.html", translate(_("Décisions de la Cour"), lang), listed
        yield (
            "hearings.html",
            translate(_("Audiences de la Cour"), lang),
            self.drawn("_hearings", lang, "hearings", sessions=self.sessions),
        )
        counted = self.drawn("_statistics", lang, "statistics", figures=self.figures, tables=self.tables)
        yield "statistics.html", translate(_("Statistiques de la Cour"), lang), counted
        held = self.drawn("_scorecard", lang, "scorecard", sheet=self.sheet, seven=SEVEN, states_of=public_figures.STATE_LABELS, indicators=public_figures.INDICATORS)  # fmt: skip
        yield "scorecard.html", translate(_("La Cour et les normes"), lang), held
        tables = [(translate(t, lang), f, meaning(c, lang)) for t, f, c in ((_("Requêtes"), "cases.csv", DOCKET.columns), (_("Décisions"), "decisions.csv", DECISIONS.columns), (_("Première instance"), "first-instance.csv", FIRST.columns))]  # fmt: skip
        opened = self.drawn(
            "_data", lang, "data", files=list(public_feeds.TITLES.items()), tables=tables, licence=LICENCE
        )
        yield "data.html", translate(_("Données ouvertes de la Cour"), lang), opened
        yield (
            "verify.html",
            translate(_("Vérifier soi-même"), lang),
            self.drawn("_verify", lang, "verify", key=self.key),
        )

    def dockets(self, lang: str) -> Iterator[tuple[str, str, SafeString]]:
        rows = [c.row for c in self.cases]
        parts = [rows[i : i + ROWS] for i in range(0, len(rows), ROWS)]
        title = translate(_("Requêtes devant la Cour"), lang)
        others = [(n, docket_page(n)) for n in range(1, len(parts) + 1)]
        figures = public.figures_of(rows)
        for n, some in enumerate(parts, 1):
            yield (
                docket_page(n),
                title,
                self.drawn(
                    "_docket",
                    lang,
                    "docket",
                    rows=some,
                    figures=figures,
                    others=others,
                    number=n,
                    proclaimed=self.proclaimed,
                ),
            )

    def drawn(self, template: str, lang: str, tab: str, **values: Any) -> SafeString:
        context = {
            "places": Files(lang, self.parts, self.listed), "static": True, "now": self.at, "tab": tab, "ground_words": GROUNDS, "stages": STATES,
            "stage_says": SAYS, "clock_words": CLOCK_LABELS, "paper_words": PAPERS, **values,
        }  # fmt: skip
        tabs = render_to_string("disputes/public/_tabs.html", context)
        return tabs + render_to_string(f"disputes/public/{template}.html", context)


def case_page(number: str) -> str:
    return f"case-{number}.html"


def decision_page(number: str) -> str:
    return f"decision-{slug(number)}.html"


def proclaimed_page(contest: str) -> str:
    return f"proclamation-{contest}.html"


def docket_page(n: int) -> str:
    return "index.html" if n == 1 else f"index-{n}.html"


class Files:
    """Links between files, relative: the folder may be put anywhere."""

    def __init__(self, lang: str, parts: Mapping[str, str], listed: set[tuple[str, str]]) -> None:
        self.up = "" if lang == "fr" else f"../../{FOLDER}/"
        self.parts, self.listed = parts, listed

    def to(self, what: str, *which: Any) -> str:
        made = getattr(self, f"to_{what}", None)
        return str(made(*which)) if made else "index.html" if what == "docket" else f"{what}.html"

    def to_case(self, number: str) -> str:
        return case_page(number)

    def to_decision(self, number: str) -> str:
        return decision_page(number)

    def to_file(self, name: str) -> str:
        return f"{self.up}{name}"

    def to_calendar(self) -> str:
        return f"{self.up}audiences.ics"

    def to_paper(self, number: str, name: str) -> str:
        kind = name.removeprefix("decision.")
        return f"{self.up}{slug(number)}.{kind}" if kind in ("pdf", "xml") else f"{self.up}{slug(number)}-{name}"

    def to_archive(self, number: str) -> str:
        return f"{self.up}archive-{number}.zip"

    def to_proclamation(self, contest: str) -> str:
        return f"{self.up}proclamation-{contest}.pdf"

    def to_proclaimed(self, contest: str) -> str:
        return proclaimed_page(contest)

    def to_station(self, _contest: str, place: Place) -> str:
        key = (self.parts.get(place.code, ""), place.code)
        return f"../pv/{station_slug(key)}.html" if key in self.listed else ""

    def to_corrections(self, _contest: str, _number: str = "") -> str:
        return "../changes.html"

    def to_contest(self, _contest: str) -> str:
        return "../index.html"

    def to_log(self) -> str:
        return "../verify.html"
