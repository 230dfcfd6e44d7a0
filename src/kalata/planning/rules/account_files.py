"""A chart of accounts, and the accounts of the lines, in a table."""

from __future__ import annotations

from kalata.planning.rules.faults import AnotherForm, PlanFault
from kalata.planning.rules.tables import ROWS, Form, table_of
from kalata.text import gettext_noop as _

CHART, BOOKED = "code, label, parent", "line, account"
MOST = 5_000
EMPTY = _("il n’a aucune ligne")


class BadAccounts(AnotherForm):
    says = _("Ce fichier n’a pas la forme attendue : %(why)s.")
    remedy = _("Donnez un CSV en UTF-8 avec les colonnes %(columns)s. Rien n’a été enregistré.")


ACCOUNTS = Form(("code", "label"), BadAccounts, MOST, ROWS, EMPTY, said={"columns": CHART})
LINES = Form(("line", "account"), BadAccounts, MOST, ROWS, EMPTY, said={"columns": BOOKED})


def accounts_of(text: str) -> list[tuple[str, str, str]]:
    """(code, label, parent), each parent before what is in it where the table gives both."""
    _header, rows = table_of(text, ACCOUNTS)
    found: dict[str, tuple[str, str, str]] = {}
    for row, cells in rows:
        code, label, parent = (cells.get(k, "").strip() for k in ("code", "label", "parent"))
        if not code or not label or len(code) > 40 or len(label) > 200:
            raise PlanFault(row=row, field="label" if code else "code", value=(label or code)[:40], form="60, Achats")
        if code in found:
            raise PlanFault(row=row, field="code", value=code, form=_("un code par ligne"))
        found[code] = (code, label, parent)
    return sorted(found.values(), key=lambda one: depth(one, found))


def depth(one: tuple[str, str, str], among: dict[str, tuple[str, str, str]]) -> int:
    n, seen = 0, {one[0]}
    while one[2] in among and one[2] not in seen:
        one, n = among[one[2]], n + 1
        seen.add(one[0])
    return n


def imputations_of(text: str) -> list[tuple[str, str]]:
    """(line, account)."""
    _header, rows = table_of(text, LINES)
    found: dict[str, str] = {}
    for row, cells in rows:
        line, account = cells["line"].strip(), cells["account"].strip()
        if not line or not account or line in found:
            raise PlanFault(row=row, field="line", value=line[:60], form="E11, 6044")
        found[line] = account
    return list(found.items())
