"""The manual as a text to be worked on (.docx), for an office that insists: the same bytes each time. Pure."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import docx
from docx.shared import Mm

from kalata.training.rules.manuals.pages import Line, Page
from kalata.training.rules.quiz.packing import zipped

OLD = datetime(2000, 1, 1)
Words = Mapping[str, str]


def text_of(pages: Sequence[Page], *, title: str, about: str, words: Words, lang: str, draft: bool) -> bytes:
    """The pages one after the other, each with its code. A page changed by hand is no longer the one of its code."""
    made = docx.Document()
    made.core_properties.title, made.core_properties.language = title, lang
    made.core_properties.created = made.core_properties.modified = OLD
    section = made.sections[0]
    section.page_width, section.page_height = Mm(148), Mm(210)
    section.left_margin = section.right_margin = Mm(14)
    made.add_heading(title, 0)
    for said in (about, words["draft_long"] if draft else ""):
        if said:
            made.add_paragraph(said)
    for page in pages:
        made.add_page_break()
        made.add_heading(page.title, 1)
        for line in page.lines:
            step(made, line, words)
        if page.cases:
            made.add_heading(words["cases"], 2)
            for case in page.cases:
                told(made, case.when, f"{words['go']} {case.to}{f' ({case.title}) : {case.says}' if case.says else ''}")
        if page.faults:
            made.add_heading(words["faults"], 2)
            for fault in page.faults:
                made.add_paragraph().add_run(fault.what).bold = True
                for key in ("consequence", "prevention", "remedy"):
                    told(made, words[key], getattr(fault, key))
        made.add_paragraph(f"{words['page_code']} {page.code} · {page.procedure} · {words['version']} {page.version}")
    return settled(made)


def step(made: Any, line: Line, words: Words) -> None:
    head = made.add_paragraph()
    head.add_run(f"{line.id} ")
    head.add_run(line.do).bold = True
    if line.critical:
        head.add_run(f" ({words['critical']})")
    for key in ("why", "check", "warning"):
        told(made, words[key], getattr(line, key))
    told(made, words["fields"], ", ".join(line.form_fields))
    told(made, words["material"], ", ".join(line.material))
    basis = ", ".join(line.basis) + (f" ({words['unverified']})" if line.unverified else "")
    told(made, words["basis"], basis or (words["practice"] if line.practice else ""))


def told(made: Any, name: str, text: str) -> None:
    if text:
        made.add_paragraph(f"{name} : {text}")


def settled(made: Any) -> bytes:
    out = io.BytesIO()
    made.save(out)
    with zipfile.ZipFile(out) as parts:
        return zipped({name: parts.read(name) for name in parts.namelist()})
