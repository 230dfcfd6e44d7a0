"""Activation sheets as a printable PDF: one page a person, cut and handed over in person."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence

import segno
import typst

from kalata.people.accounts import Sheet

PAGE = """
#set page(paper: "a5", margin: 16mm)
#set text(font: ("Noto Sans", "DejaVu Sans", "Libertinus Serif"), size: 10.5pt, lang: "fr")
#let people = json("people.json")
#for (i, p) in people.enumerate() [
  #if i > 0 { pagebreak() }
  #text(size: 8pt)[#p.notice]
  #v(4mm)
  #text(size: 17pt, weight: "bold")[#p.title]
  #v(2mm)
  #grid(columns: (32mm, 1fr), row-gutter: 3.2mm,
    [#p.l_name], strong(p.name), [#p.l_role], [#p.role], [#p.l_place], [#p.place],
    [#p.l_user], text(font: "DejaVu Sans Mono", weight: "bold")[#p.username])
  #v(3mm)
  #box(stroke: 1pt, inset: 5mm, width: 100%)[#text(size: 9pt)[#p.l_code] #linebreak()
    #text(font: "DejaVu Sans Mono", size: 17pt, weight: "bold")[#p.code]]
  #v(3mm)
  #text(size: 9pt)[#if p.remains.len() > 0 [#p.l_remains #for r in p.remains [ #linebreak() – #strong(r)]] else [#p.l_alone]]
  #v(3mm)
  #grid(columns: (34mm, 1fr), column-gutter: 5mm, image("qr" + str(i) + ".svg", width: 34mm),
    [#for (n, s) in p.steps.enumerate() [#(n + 1). #s #linebreak() #v(0.6mm)]])
]
"""


Said = tuple[dict[str, str], Sequence[str]]
"""Labels in the reader's language, and the steps."""


def activation_pdf(
    sheets: Sequence[Sheet], address: str, words: dict[str, str], steps: Sequence[str], half: Said | None = None,
    lang: str = "fr",
) -> bytes:  # fmt: skip
    """The sheets as one PDF. address: where the activation page is; half: what one of two sheets says instead."""
    people = []
    files: dict[str, bytes] = {"main.typ": PAGE.encode()}
    for i, sheet in enumerate(sheets):
        labels, list_ = half if half and sheet.part else (words, steps)
        people.append(
            {
                **labels,
                "title": labels["title"].replace("{n}", str(sheet.part)),
                "name": sheet.full_name,
                "role": sheet.role or "–",
                "place": sheet.territory or "–",
                "username": sheet.username,
                "code": sheet.code,
                "remains": [what.text(lang) for what in sheet.remains],
                "steps": [s.replace("{address}", address) for s in list_],
            }
        )
        out = io.BytesIO()
        segno.make(f"{address}?u={sheet.username}", error="m").save(out, kind="svg", border=2, xmldecl=False)
        files[f"qr{i}.svg"] = out.getvalue()
    files["people.json"] = json.dumps(people, ensure_ascii=False).encode()
    return bytes(typst.compile(files, format="pdf"))  # type: ignore[call-overload]
