"""Persons from a file: all their accounts, or none."""

from __future__ import annotations

from django.db import transaction

from kalata import plain
from kalata.country.models import Unit
from kalata.people.accounts import Sheet, issue_activation
from kalata.people.models import Person
from kalata.people.rules.approval import NoReason
from kalata.people.services import BadPerson, ask_mandate, check_person, pack_roles, require
from kalata.transparency.services import record

COLUMNS = ("username", "full_name", "email", "phone", "language", "role", "territory")


@transaction.atomic
def import_persons(*, content: bytes, by: Person, reason: str) -> list[Sheet]:
    """Open every account of a CSV (username, full_name, email, phone, language, role, territory)
    and ask the mandates it names. All or nothing: the first bad row refuses the file (PEO-301).

    Returns the activation sheets to print; the codes exist nowhere else.
    """
    require(by, "people.manage")
    if not reason.strip():
        raise NoReason
    rows = plain.rows_of(content, file="personnes", most=2 * 2**20, needed=("username", "full_name"), most_rows=5_000)
    roles = pack_roles()
    units = {u.code: u for u in Unit.objects.filter(level__lte=3)}
    sheets: list[Sheet] = []
    for number, row in enumerate(rows, 2):
        cells = {k: (row.get(k) or "").strip() for k in COLUMNS}
        person = Person(
            username=cells["username"],
            full_name=cells["full_name"],
            email=cells["email"],
            phone=cells["phone"],
            language=cells["language"] or "fr",
        )
        check_person(person, number)
        if cells["role"] and cells["role"] not in roles:
            raise BadPerson(row=number, field="role", why=f"« {cells['role']} » n’existe pas dans le pack")
        if cells["territory"] and cells["territory"] not in units:
            raise BadPerson(row=number, field="territory", why=f"zone « {cells['territory']} » inconnue")
        person.set_unusable_password()
        person.save()
        record(
            by=by,
            kind="person.created",
            subject=f"person:{person.username}",
            after={"full_name": person.full_name},
            reason=reason,
            personal=True,
        )
        code = issue_activation(person=person, by=by)
        unit = units.get(cells["territory"])
        if cells["role"]:
            ask_mandate(person=person, role=cells["role"], unit=unit, reason=reason, by=by)
        sheets.append(
            Sheet(
                person.username,
                person.full_name,
                roles[cells["role"]]["title_fr"] if cells["role"] else "",
                unit.name if unit else "",
                code,
            )
        )
    if not sheets:
        raise BadPerson(row=2, field="fichier", why="aucune personne")
    record(by=by, kind="person.imported", subject="persons", after={"count": len(sheets)}, reason=reason, personal=True)
    return sheets
