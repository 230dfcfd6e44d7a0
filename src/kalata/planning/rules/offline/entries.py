"""The table that comes back from a cercle: read whole or refused by row, then put beside what was said meanwhile. Pure."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kalata.planning.rules.faults import AnotherForm, PlanFault
from kalata.planning.rules.progress import Said
from kalata.planning.rules.tables import ROWS, Form, table_of
from kalata.text import gettext_noop as _

COLUMNS = ("entry", "plan", "code", "unit", "base", "on", "percent", "started", "finished", "blocked", "note", "evidence")  # fmt: skip
"""entry: the mark of the page that went out, then that of the telephone where it was opened. base: the last saying that it knew. unit: "" for the whole country."""
MARK = re.compile(r"[0-9a-f]{16}")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
MOST = 2_000
TEXTS = {"blocked": 300, "note": 600, "evidence": 600}


class BadReturn(AnotherForm):
    says = _("Ce fichier n’est pas un avancement rapporté : %(why)s.")
    remedy = _("Donnez le fichier que la page hors réseau a enregistré (avancement-….csv), sans y changer les titres. Rien n’a été enregistré.")  # fmt: skip


FORM = Form(COLUMNS, BadReturn, MOST, ROWS, _("il n’a aucune ligne"))


class Status(StrEnum):
    NEW = "new"
    HELD = "held"
    """This very line was merged already."""
    SAME = "same"
    """Somebody else said the same meanwhile."""
    CONFLICT = "conflict"
    """Somebody said something else since the page went out."""


LABELS = {
    Status.NEW: _("nouvelle"), Status.HELD: _("déjà rapportée"), Status.SAME: _("déjà dite ainsi"),
    Status.CONFLICT: _("autre chose a été dit depuis"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    row: int
    mark: str
    plan: str
    code: str
    unit: str
    base: int
    on: date
    percent: int
    started: date | None
    finished: date | None
    blocked: str
    note: str
    evidence: str

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of all that the line says: the same line is merged once."""
        said = [self.mark, self.plan, self.code, self.unit, str(self.on), self.percent, str(self.started), str(self.finished), self.blocked, self.note, self.evidence]  # fmt: skip
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def entries_of(text: str, plan: str) -> list[Entry]:
    """The lines that say something. Raises: PLN-108, PLN-110 with row and column, PLN-105 one thing said twice."""
    out: list[Entry] = []
    seen: dict[tuple[str, str], int] = {}
    for row, given in table_of(text, FORM)[1]:
        cells = {k: v.strip() for k, v in given.items()}
        if not cells["percent"]:
            continue
        one = entry_of(row, cells)
        if one.plan != plan:
            raise PlanFault(row=row, field="plan", value=one.plan[:60], form=plan)
        if (one.code, one.unit) in seen:
            raise PlanFault(row=row, field="code", value=one.code, form=f"≠ {seen[one.code, one.unit]}")
        seen[one.code, one.unit] = row
        out.append(one)
    if not out:
        raise FORM.fault(FORM.empty, row=1)
    return out


def entry_of(row: int, cells: Mapping[str, str]) -> Entry:
    def bad(field: str, form: str) -> PlanFault:
        return PlanFault(row=row, field=field, value=cells[field][:60], form=form)

    def day(field: str) -> date | None:
        if not cells[field]:
            return None
        try:
            if not DAY.fullmatch(cells[field]):
                raise ValueError
            return date.fromisoformat(cells[field])
        except ValueError:
            raise bad(field, "2027-04-19") from None

    if not MARK.fullmatch(cells["entry"]):
        raise bad("entry", "0123456789abcdef")
    if not re.fullmatch(r"[0-9]{1,12}", cells["base"]):
        raise bad("base", "0")
    if not re.fullmatch(r"[0-9]{1,3}", cells["percent"]) or int(cells["percent"]) > 100:
        raise bad("percent", "0 – 100")
    on, started, finished, percent = day("on"), day("started"), day("finished"), int(cells["percent"])
    if on is None:
        raise bad("on", "2027-04-19")
    if finished and (percent < 100 or finished > on or (started and started > finished)):
        raise bad("finished", "100 %, started ≤ finished ≤ on")
    for field, most in TEXTS.items():
        if len(cells[field]) > most:
            raise bad(field, f"≤ {most}")
    return Entry(row, cells["entry"], cells["plan"], cells["code"][:64], cells["unit"][:60], int(cells["base"]), on, percent, started, finished, cells["blocked"], cells["note"], cells["evidence"])  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One entry beside what stands. against: what was said since, where that is something else."""

    entry: Entry
    status: Status
    against: Said | None = None

    @property
    def label(self) -> str:
        return LABELS[self.status]


def says_the_same(entry: Entry, one: Said) -> bool:
    return (entry.percent, entry.started, entry.finished, entry.blocked) == (one.percent, one.started, one.finished, one.blocked)  # fmt: skip


def lines_of(entries: Iterable[Entry], said: Sequence[tuple[Said, str, str]], held: set[str]) -> list[Line]:
    """said: what was said, with its territory's code and the mark of the page that brought it. held: digests merged already."""
    last: dict[tuple[str, str], tuple[Said, str]] = {}
    for one, unit, mark in sorted(said, key=lambda s: s[0].pk):
        last[one.code, unit] = one, mark
    out = []
    for entry in entries:
        other = last.get((entry.code, entry.unit))
        if entry.digest in held:
            out.append(Line(entry, Status.HELD))
        elif other is None or other[0].pk <= entry.base or other[1] == entry.mark:
            out.append(Line(entry, Status.NEW))
        elif says_the_same(entry, other[0]):
            out.append(Line(entry, Status.SAME, other[0]))
        else:
            out.append(Line(entry, Status.CONFLICT, other[0]))
    return out
