"""Accounts from a CSV: every line is read and every fault told before anything is written; then all of it, or nothing."""

from __future__ import annotations

import csv
import dataclasses
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _t

from kalata import plain
from kalata.chain import services as chain
from kalata.country.models import Unit
from kalata.country.pickers import where
from kalata.ledger.services import record
from kalata.people import kinds, needed
from kalata.people.accounts import Sheet, issue_activation
from kalata.people.guard import require
from kalata.people.models import Person
from kalata.people.rules.approval import NoReason
from kalata.people.rules.shown import as_shown, mark
from kalata.people.services import BadPerson, ask_mandate, faults_of, pack_roles
from kalata.text import Message, fold, translate
from kalata.text import gettext_noop as _

COLUMNS = ("username", "full_name", "email", "phone", "language", "role", "territory")
MOST_BYTES = 2 * 2**20
MOST_ROWS = 5_000
DEPTH = 3
"""Levels of the territory that a mandate may be over."""
ACCOUNTS = _("les comptes, les rôles ou les zones que nomme ce fichier")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in the file: its line as a spreadsheet numbers it, its column, why, what to do."""

    row: int
    field: str
    why: Message
    code: str = BadPerson.code
    remedy: Message = dataclasses.field(default_factory=lambda: Message(_("Corrigez cette cellule.")))

    @property
    def message(self) -> Message:
        return self.why


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the file. unit: None where it names none; role: the id of the pack, "" for none."""

    number: int
    cells: Mapping[str, str]
    role: str
    unit: Unit | None
    problems: tuple[Problem, ...]

    @property
    def place(self) -> str:
        return where(self.unit) if self.unit else ""


@dataclass(frozen=True, slots=True)
class DryRun:
    """What the file would do. seen: of exactly these rows as the house stands now."""

    rows: tuple[Row, ...]
    seen: str

    @property
    def problems(self) -> list[Problem]:
        return [one for row in self.rows for one in row.problems]

    @property
    def wrong(self) -> int:
        return sum(bool(row.problems) for row in self.rows)

    @property
    def mandates(self) -> int:
        return sum(bool(row.role) for row in self.rows)


class Places:
    """Units by code (ML-SEG, or ml-2023/ML-SEG where two divisions have it), and by name where one unit alone has it."""

    def __init__(self) -> None:
        found = (
            Unit.objects.filter(level__lte=DEPTH)
            .select_related("parent__parent", "geography")
            .defer("geography__outlines")
        )
        self.by_code: dict[str, list[Unit]] = {}
        self.by_name: dict[str, list[Unit]] = {}
        for unit in found:
            self.by_code.setdefault(unit.code, []).append(unit)
            self.by_code.setdefault(f"{unit.geography.code}/{unit.code}", []).append(unit)
            self.by_name.setdefault(fold(unit.name), []).append(unit)

    def named(self, text: str) -> Unit | Message:
        """The unit that a cell names, or why it names none."""
        found = self.by_code.get(text) or self.by_name.get(fold(text)) or []
        if len(found) == 1:
            return found[0]
        if not found:
            return Message(_("la zone « %(zone)s » est inconnue"), {"zone": text[:60]})
        several = " ; ".join(f"{u.geography.code}/{u.code}" for u in found[:4])
        return Message(_("« %(zone)s » désigne plusieurs zones, écrivez l’une d’elles : %(which)s"), {"zone": text[:60], "which": several})  # fmt: skip


def template(lang: str) -> str:
    """A CSV to fill in: the columns, and lines of example that the dry run refuses to take for persons: one for each role
    that the house still lacks."""
    out = io.StringIO()
    rows = csv.writer(out, delimiter=";", lineterminator="\r\n")
    rows.writerow(COLUMNS)
    wanted = needed.to_give(needed.lacking(needed.mandates())) or sorted(pack_roles())[:1] or [""]
    spoken = lang if lang in ("fr", "en") else "fr"
    for role in wanted:
        rows.writerow([translate(_("(exemple)"), lang), translate(_("ligne à remplacer"), lang), "", "", spoken, role, ""])
    return "\ufeff" + out.getvalue()


def read(content: bytes) -> DryRun:
    """Every line of a file with every fault of it. EDG-105 where it is no table with these columns."""
    rows = plain.rows_of(
        content, file="personnes.csv", most=MOST_BYTES, needed=("username", "full_name"), most_rows=MOST_ROWS
    )
    roles, places = pack_roles(), Places()
    taken = {name.lower() for name in Person.objects.values_list("username", flat=True)}
    met: dict[str, int] = {}
    out = []
    for number, row in enumerate(rows, 2):
        cells = {k: (row.get(k) or "").strip() for k in COLUMNS}
        unit, faults = None, []
        for name, why in faults_of(person_of(cells), taken):
            faults.append(Problem(number, name, why))
        key = cells["username"].lower()
        if key and key in met:
            says = Message(
                _("« %(user)s » est déjà à la ligne %(row)d"), {"user": cells["username"][:40], "row": met[key]}
            )
            faults.append(Problem(number, "username", says))
        met.setdefault(key, number)
        if cells["role"] and cells["role"] not in roles:
            says = Message(_("le rôle « %(role)s » n’existe pas dans le pack"), {"role": cells["role"][:60]})
            faults.append(Problem(number, "role", says))
        if cells["territory"]:
            found = places.named(cells["territory"])
            if isinstance(found, Message):
                faults.append(Problem(number, "territory", found))
            else:
                unit = found
            if not cells["role"]:
                faults.append(Problem(number, "role", Message(_("une zone sans rôle ne donne aucun mandat"))))
        out.append(Row(number, cells, cells["role"], unit, tuple(faults)))
    facts = [[r.number, dict(r.cells), r.unit.pk if r.unit else 0, [p.field for p in r.problems]] for r in out]
    return DryRun(tuple(out), mark(facts))


def person_of(cells: Mapping[str, str]) -> Person:
    return Person(
        username=cells["username"],
        full_name=cells["full_name"],
        email=cells["email"],
        phone=cells["phone"],
        language=cells["language"] or "fr",
    )


class BadPersons(BadPerson):
    """The first fault as a sentence, and all of them for who lists them."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__(row=problems[0].row, field=problems[0].field, why=problems[0].why)


@transaction.atomic
def import_persons(*, content: bytes, by: Person, reason: str, seen: str | None = None) -> list[Sheet]:
    """Open every account of a CSV and ask the mandates it names: all or nothing.

    seen: of the dry run that was read (PEO-212 where it would say something else now). PEO-301 names every fault.
    Returns the activation sheets to print; the codes exist nowhere else.
    """
    require(by, "people.manage")
    if not reason.strip():
        raise NoReason
    run = read(content)
    as_shown(seen, run.seen, ACCOUNTS)
    if run.problems:
        raise BadPersons(run.problems)
    if not run.rows:
        raise BadPerson(row=2, field="username", why=Message(_("aucune personne")))
    roles = pack_roles()
    sheets = [opened(row, roles, by=by, reason=reason) for row in run.rows]
    record(by=by, kind=kinds.PERSON_IMPORTED, subject="persons", after={"count": len(sheets)}, reason=reason)
    return sheets


def opened(row: Row, roles: Mapping[str, Mapping[str, Any]], *, by: Person, reason: str) -> Sheet:
    person = person_of(row.cells)
    person.set_unusable_password()
    person.save()
    chain.keep("person", [person.pk])
    record(
        by=by, kind=kinds.PERSON_CREATED, subject=f"person:{person.username}", after={"full_name": person.full_name}, reason=reason
    )  # fmt: skip
    code = issue_activation(person=person, by=by)
    if row.role:
        ask_mandate(person=person, role=row.role, unit=row.unit, reason=reason, by=by)
    role = roles.get(row.role, {})
    title, place = str(role.get("title_fr") or ""), row.unit.name if row.unit else _t("tout le pays") if row.role else ""
    return Sheet(person.username, person.full_name, title, place, code, 1 if role.get("rights") else 0)
