"""Manual, card, poster, guide and slides as one HTML file each: no script, no address, pictures inside."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape

from kalata.training.rules.manuals.pages import Line, Page
from kalata.training.rules.manuals.timing import Timed

STYLE = """
:root{color-scheme:light}
body{font:1.05rem/1.5 "DejaVu Sans",system-ui,sans-serif;color:#111;background:#fff;margin:0 auto;max-width:46rem;padding:1rem;overflow-wrap:anywhere}
h1{font-size:1.7rem;line-height:1.2}h2{font-size:1.35rem;line-height:1.25;margin:0 0 .5rem}h3{font-size:1.1rem;margin:1rem 0 .3rem}
.page{border-top:3px solid #111;padding:1rem 0 1.5rem;break-before:page}
.steps{list-style:none;margin:0;padding:0}.steps>li{border:1px solid #777;border-radius:.4rem;padding:.7rem;margin:0 0 .7rem;break-inside:avoid}
.do{font-weight:600;font-size:1.1rem;margin:.1rem 0}.id,.meta,.foot{color:#3a3a3a;font-size:.9rem}.critical{border-left:.5rem solid #8a1c1c!important}
.mark{font-weight:700;color:#8a1c1c}.pic{float:right;width:4.5rem;height:4.5rem;margin:0 0 .3rem .7rem}.pic svg,.qr svg{width:100%;height:100%}
.qr{width:5.5rem;height:5.5rem;flex:none}.foot{display:flex;gap:.8rem;align-items:center;margin-top:.8rem}
.draft{border:2px solid #8a1c1c;color:#8a1c1c;font-weight:700;padding:.5rem;text-align:center}
dl{margin:.3rem 0}dt{font-weight:600}dd{margin:0 0 .3rem 1rem}table{border-collapse:collapse;width:100%}td,th{border:1px solid #777;padding:.3rem .5rem;text-align:left;vertical-align:top}
.poster .do,.slide .do{font-size:1.7rem;line-height:1.3}.slides{max-width:none;padding:0}.slide{box-sizing:border-box;min-height:100vh;padding:2rem 6vw;border-bottom:3px solid #111;break-after:page}
.slide .pic,.poster .pic{width:9rem;height:9rem}.card{max-width:24rem}
nav ol{padding-left:1.4rem}a{color:#0b4a8f}
"""
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
Words = Mapping[str, str]


class Sheet:
    """What one file is made of: pages in a language, their pictures and squares."""

    def __init__(
        self, *, kind: str, title: str, role: str, lang: str, words: Words, day: str, draft: bool, pictures: Mapping[str, str], squares: Mapping[str, str],
    ) -> None:  # fmt: skip
        self.kind, self.title, self.role, self.lang, self.w = kind, title, role, lang, words
        self.day, self.draft = day, draft
        self.pictures = {name: inline(svg) for name, svg in pictures.items()}
        self.squares = squares

    def document(self, pages: Sequence[Page], timed: Sequence[Timed] = ()) -> str:
        body = "".join(
            {"slides": self.slides, "trainer": lambda p: self.guide(p, timed)}.get(self.kind, self.manual)(pages)
        )
        name = escape(f"{self.w[self.kind]} : {self.role}")
        return (
            f'<!doctype html>\n<html lang="{escape(self.lang)}"><head><meta charset="utf-8">'
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY}"><meta name="viewport" content="width=device-width, initial-scale=1">'
            f'<title>{name}</title><style>{STYLE}</style></head><body class="{self.kind}"><main>{body}</main></body></html>\n'
        )

    def head(self) -> str:
        draft = f'<p class="draft">{escape(self.w["draft_long"])}</p>' if self.draft else ""
        return f'<h1>{escape(self.w[self.kind])} : {escape(self.role)}</h1>{draft}<p class="meta">{escape(self.title)} · {escape(self.w["on"])} {escape(self.day)}</p>'

    def manual(self, pages: Sequence[Page]) -> Iterator[str]:
        yield self.head()
        if self.kind == "manual" and len(pages) > 1:
            rows = "".join(f'<li><a href="#p-{p.id[:12]}">{escape(p.title)}</a></li>' for p in pages)
            yield f'<nav aria-label="{escape(self.w["contents"])}"><h2>{escape(self.w["contents"])}</h2><ol>{rows}</ol></nav>'
        if not pages:
            yield f"<p>{escape(self.w['nothing'])}</p>"
        for page in pages:
            yield f'<section class="page" id="p-{page.id[:12]}"><h2>{escape(page.title)}</h2>{self.steps(page)}{self.beside(page)}{self.foot(page)}</section>'

    def steps(self, page: Page) -> str:
        return f'<ol class="steps">{"".join(self.step(line) for line in page.lines)}</ol>'

    def step(self, line: Line) -> str:
        short = self.kind in ("card", "poster")
        mark = f' <span class="mark">● {escape(self.w["critical"])}</span>' if line.critical and not short else ""
        picture = (
            f'<span class="pic" aria-hidden="true">{self.pictures[line.pictogram]}</span>'
            if line.pictogram in self.pictures
            else ""
        )
        head = "" if short else f'<span class="id">{escape(line.id)}</span>{mark}'
        return f'<li{" class=critical" if line.critical else ""}>{picture}{head}<p class="do">{lines(line.do)}</p>{"" if short else self.told(line)}</li>'

    def told(self, line: Line) -> str:
        basis = ", ".join(line.basis) + (f" ({self.w['unverified']})" if line.unverified else "")
        rows = [
            ("why", line.why), ("check", line.check), ("warning", line.warning), ("by", line.actor), ("two_person", "✓" if line.two_person else ""),
            ("fields", ", ".join(line.form_fields)), ("material", ", ".join(line.material)), ("limit", line.time_limit),
            ("basis", basis or (self.w["practice"] if line.practice else "")),
        ]  # fmt: skip
        said = "".join(f"<dt>{escape(self.w[key])}</dt><dd>{lines(text)}</dd>" for key, text in rows if text)
        return f"<dl>{said}</dl>" if said else ""

    def beside(self, page: Page) -> str:
        out = ""
        if page.cases:
            rows = "".join(
                f"<dt>{lines(c.when)}</dt><dd>→ {escape(self.w['go'])} {escape(c.to)}{f' ({escape(c.title)}) : {lines(c.says)}' if c.says else ''}</dd>"
                for c in page.cases
            )
            out += f"<h3>{escape(self.w['cases'])}</h3><dl>{rows}</dl>"
        if page.faults:
            rows = "".join(
                f"<dt>{lines(f.what)}</dt>" + "".join(f"<dd>{escape(self.w[k])} : {lines(v)}</dd>" for k in ("consequence", "prevention", "remedy") if (v := getattr(f, k)))
                for f in page.faults
            )  # fmt: skip
            out += f"<h3>{escape(self.w['faults'])}</h3><dl>{rows}</dl>"
        return out

    def foot(self, page: Page) -> str:
        return f'<p class="foot"><span class="qr" role="img" aria-label="{escape(self.w["square"])}">{self.squares[page.id]}</span><span>{escape(self.w["page_code"])} {page.code}<br>{escape(page.procedure)} · {escape(self.w["version"])} {escape(page.version)}</span></p>'

    def slides(self, pages: Sequence[Page]) -> Iterator[str]:
        yield f'<section class="slide">{self.head()}</section>'
        for page in pages:
            yield f'<section class="slide"><h2>{escape(page.title)}</h2><ol>{"".join(f"<li>{lines(x.do)}</li>" for x in page.lines)}</ol>{self.foot(page)}</section>'
            for line in page.lines:
                yield f'<section class="slide"><p class="meta">{escape(page.title)}</p><ol class="steps">{self.step(line)}</ol></section>'
            if page.cases or page.faults:
                yield f'<section class="slide"><h2>{escape(page.title)}</h2>{self.beside(page)}</section>'

    def guide(self, pages: Sequence[Page], timed: Sequence[Timed]) -> Iterator[str]:
        yield self.head()
        rows = "".join(
            f"<tr><td>{t.start} – {t.end}</td><td>{lines(t.what)}{' *' if t.assumed else ''}</td></tr>" for t in timed
        )
        total = timed[-1].end if timed else "0:00"
        yield f"<h2>{escape(self.w['timing'])}</h2><table><tbody>{rows}</tbody></table><p class=meta>{escape(self.w['total'])} : {total}. * {escape(self.w['assumed'])}</p>"
        for page in pages:
            play = f"<h3>{escape(self.w['play'])}</h3><p>{escape(self.w['play_how'])}</p>" + "".join(f"<p>• {lines(c.when)}</p>" for c in page.cases)  # fmt: skip
            yield f'<section class="page"><h2>{escape(page.title)}</h2>{self.steps(page)}{self.beside(page)}{play}{self.foot(page)}</section>'


def lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def inline(svg: str) -> str:
    """A picture inside a page: it needs no name of its space there."""
    return re.sub(r'\s+xmlns(:\w+)?="[^"]*"', "", svg)
