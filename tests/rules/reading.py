"""Small inputs for the reader: a text or a workbook, a profile, and what came of it."""

from __future__ import annotations

import xlsxwriter

from kalata.refusals import Refused
from kalata.results import tabulating
from kalata.results.numeric import reading
from kalata.results.rules.profile import profile_from
from kalata.tables import files

BASE = {
    "contest": {"id": "r", "system": "plurality"},
    "station": ["station"],
    "areas": ["commune"],
    "figures": {"registered": "inscrits", "voters": "votants", "null_ballots": "nuls", "valid": "exprimes"},
    "options": ["A", "B"],
}
HEAD = "commune,station,inscrits,votants,nuls,exprimes,A,B"
ROWS = ["Kati,001,400,210,10,200,120,80", "Kati,002,380,190,5,185,60,125", "Kita,003,410,222,2,220,100,120"]
LONG = BASE | {
    "rows": "long",
    "figures": {"registered": "inscrits", "valid": "exprimes", "null_ballots": "nuls"},
    "options": {"column": "candidat", "votes": "voix"},
}
LONG_HEAD = "commune,station,inscrits,exprimes,nuls,candidat,voix"


def saved(tmp_path, content, name="f.csv"):
    path = tmp_path / name
    if isinstance(content, list):
        content = "\n".join(content) + "\n"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def read(tmp_path, content, profile=BASE, name="f.csv"):
    """The table, or the refusal."""
    path = content if hasattr(content, "stat") else saved(tmp_path, content, name)
    made = profile_from(profile)
    return reading.read(files.opened(path, layout=made.layout), made)[0]


def run(tmp_path, content, profile=BASE, corrections=None, levels=()):
    path = content if hasattr(content, "stat") else saved(tmp_path, content)
    second = None if corrections is None else saved(tmp_path, corrections, "c.csv")
    return tabulating.run(path, profile_from(profile), corrections=second, levels=levels)


def problems(tmp_path, content, profile=BASE, **more):
    """[(code, row, field)] of a file that is refused for its cells; [(code, row)] of one refused whole."""
    try:
        run(tmp_path, content, profile, **more)
    except reading.BadFile as bad:
        return [(p.code, p.row, p.field) for p in bad.problems]
    except Refused as refused:
        return [(refused.code, refused.params.get("row"))]
    return []


def kinds(table):
    return [s.kind for s in table.said]


def votes(table):
    total = table.votes.clip(min=0).sum(axis=0).tolist()
    return dict(zip(table.options, total, strict=True))


def workbook(tmp_path, rows, name="f.xlsx", sheet="Feuil1", edit=None):
    """A workbook of text and numbers; edit(book, sheet) adds what is odd."""
    path = tmp_path / name
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet(sheet)
    fill(page, rows)
    if edit:
        edit(book, page)
    book.close()
    return path


def fill(page, rows):
    for i, row in enumerate(rows):
        for j, cell in enumerate(row.split(",") if isinstance(row, str) else row):
            if isinstance(cell, int) or (i and j > 1 and cell.isdigit()):
                page.write_number(i, j, int(cell))
            elif cell:
                page.write_string(i, j, cell)
