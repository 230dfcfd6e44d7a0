"""Every file of a source for a role in a language: set by the house's one typesetter, or written. The same source gives the same bytes. Pure."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import segno

from kalata.text import long_date
from kalata.training.question_files import PAGE
from kalata.training.rules.manuals import audio, html, questions
from kalata.training.rules.manuals.pages import Page, cards, pages_of, pictures
from kalata.training.rules.manuals.planned import Planned, planned
from kalata.training.rules.manuals.timing import timed
from kalata.training.rules.manuals.words import role_in, words_in
from kalata.training.rules.quiz import gift, moodle, qti, scorm
from kalata.training.rules.source.law import Law
from kalata.training.rules.source.values import Basis, Source

TEMPLATE = Path(__file__).parent / "typst" / "sheets.typ"
AT_ONCE = 2


def square(text: str) -> bytes:
    """The QR of a text as SVG."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", border=2, xmldecl=False)
    return out.getvalue()


def unread(source: Source, law: Law) -> frozenset[Basis]:
    """The versions that the source cites and nobody has read."""
    return frozenset(b for p in source.procedures for s in p.steps for b in s.basis if law.unverified(b))


@dataclass
class Made:
    """What a role in a language is made of."""

    source: Source
    role: str
    lang: str
    draft: bool
    unread: frozenset[Basis]

    @cached_property
    def pages(self) -> list[Page]:
        return pages_of(self.source, self.role, self.lang, self.unread)

    @cached_property
    def asked(self) -> list[questions.Asked]:
        return questions.asked(self.source, self.role, self.lang)

    @cached_property
    def words(self) -> dict[str, str]:
        return words_in(self.lang)

    @cached_property
    def files(self) -> list[Planned]:
        return planned(self.role, self.lang, self.pages, self.asked)

    @property
    def name(self) -> str:
        return role_in(self.role, self.lang)

    @property
    def title(self) -> str:
        said = self.source.title
        return said.get(self.lang) or next(iter(said.values()))

    def bytes_of(self, one: Planned) -> bytes:
        if one.path.endswith(".pdf"):
            return self.pdf(one)
        if one.path.endswith(".html"):
            return self.html(one.kind).encode()
        if one.path.endswith(".docx"):
            from kalata.training import word

            title, about = (
                f"{self.words['manual']} : {self.name}",
                f"{self.title} · {long_date(self.source.on, self.lang)}",
            )
            return word.text_of(
                self.pages, title=title, about=about, words=self.words, lang=self.lang, draft=self.draft
            )
        if one.kind == "audio":
            return audio.script(self.pages, self.name, self.words, draft=self.draft).encode()
        some, title = [q.question for q in self.asked], f"{self.words['quiz']} : {self.name}"
        lang = self.lang if self.lang in scorm.LANGUAGES else "fr"
        if one.kind == "scorm":
            return scorm.package(some, title, lang, PAGE.read_text("utf-8"))
        if one.kind == "qti":
            return qti.package(some, title, self.lang)
        return (gift if one.kind == "gift" else moodle).written(some).encode()

    def shown(self, kind: str) -> list[Page]:
        """The pages of a file; a card and a poster keep the hash of the page their steps come from."""
        if kind == "card":
            return cards(self.pages)
        return cards(self.pages, critical=True) if kind == "poster" else self.pages

    def marked(self, page: Page) -> Page:
        """The whole page of which this one shows something."""
        return next(p for p in self.pages if p.procedure == page.procedure)

    def html(self, kind: str) -> str:
        pages = self.shown(kind)
        sheet = html.Sheet(
            kind=kind, title=self.title, role=self.name, lang=self.lang, words=self.words, day=long_date(self.source.on, self.lang),
            draft=self.draft, pictures=pictures(pages, self.source.pictograms), squares={p.id: html.inline(self.qr(self.marked(p)).decode()) for p in pages},
        )  # fmt: skip
        return sheet.document(pages, timed(self.pages, len(self.asked), self.words) if kind == "trainer" else ())

    def qr(self, page: Page) -> bytes:
        return square(f"KALATA-PAGE {page.id}")

    def paper(self, form: str) -> list[questions.Row]:
        return questions.paper(self.asked, form, (self.words["true"], self.words["false"]))

    def pdf(self, one: Planned) -> bytes:
        from kalata.documents import typeset

        on = self.source.on
        data: dict[str, Any] = {
            "kind": one.kind, "lang": self.lang, "role": self.name, "title": self.title, "words": self.words, "draft": self.draft,
            "on": long_date(on, self.lang), "day": [on.year, on.month, on.day], "pages": [],
        }  # fmt: skip
        if one.kind == "quiz":
            form = one.path.split(".")[-2]
            rows = self.paper(form)
            mark = questions.form_id(rows, self.role, self.lang, form)
            beside = {"qr-sheet.svg": square(f"KALATA-SHEET {mark} {form}")}
            plain = [{"number": r.number, "text": r.text, "options": [[letter, text] for letter, text, _right in r.options], "halves": list(r.halves)} for r in rows]  # fmt: skip
            return typeset.accessible(TEMPLATE, {**data, "form": form, "form_id": mark, "rows": plain}, beside)
        pages = self.shown(one.kind)
        drawn = pictures(pages, self.source.pictograms)
        beside = {f"qr-{self.marked(p).id}.svg": self.qr(self.marked(p)) for p in pages} | {f"pic-{n}.svg": svg.encode() for n, svg in drawn.items()}  # fmt: skip
        data["pages"] = [self.plain(p, frozenset(drawn)) for p in pages]
        if one.kind == "trainer":
            data |= self.guide()
        return typeset.accessible(TEMPLATE, data, beside)

    def plain(self, page: Page, drawn: frozenset[str]) -> dict[str, Any]:
        whole = self.marked(page)
        lines = [{**asdict(x), "pictogram": x.pictogram if x.pictogram in drawn else ""} for x in page.lines]
        return {**asdict(page), "lines": lines, "id": whole.id, "code": whole.code}

    def guide(self) -> dict[str, Any]:
        rows = timed(self.pages, len(self.asked), self.words)
        keys = []
        for form in questions.FORMS if self.asked else ():
            paper = self.paper(form)
            right = [f"{r.number} {''.join(letter for letter, _t, ok in r.options if ok)}" for r in paper if r.options]
            keys.append([form, questions.form_id(paper, self.role, self.lang, form), right])
        return {"timed": [[t.start, t.end, t.what, t.assumed] for t in rows], "total": rows[-1].end, "keys": keys}


def every(source: Source, law: Law, roles: Sequence[str], langs: Sequence[str], *, draft: bool) -> list[Made]:
    read = unread(source, law)
    return [Made(source, role, lang, draft, read) for role in sorted(roles) for lang in langs]


def built(some: Sequence[Made]) -> Iterator[tuple[Planned, bytes]]:
    """Every file with its bytes, in order of name."""
    pairs = sorted(((f, made) for made in some for f in made.files), key=lambda pair: pair[0].path)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield from zip((f for f, _made in pairs), pool.map(lambda pair: pair[1].bytes_of(pair[0]), pairs), strict=True)


def manifest(source: Source, files: Sequence[tuple[Planned, bytes]], some: Sequence[Made]) -> dict[str, Any]:
    """Every file with its hash and its steps, every page with what it holds."""
    pages = {p.id: p for made in some for p in made.pages}
    return {
        "source": source.id, "digest": source.digest, "on": source.on.isoformat(),
        "files": [one.record(hashlib.sha256(data).hexdigest()) for one, data in files],
        "pages": [p.record() for p in sorted(pages.values(), key=lambda p: (p.role, p.lang, p.procedure))],
    }  # fmt: skip


def manifest_bytes(said: dict[str, Any]) -> bytes:
    return (json.dumps(said, ensure_ascii=False, indent=1, sort_keys=False) + "\n").encode()
