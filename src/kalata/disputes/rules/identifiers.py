"""What a decision is called, fixed the day it is signed: the Court's number, an ECLI-shaped identifier, an Akoma Ntoso URI.

2026-04/CC-EL of 30 April 2026, Mali -> ECLI:ML:CC:2026:EL.0004, /akn/ml/judgment/cc/2026/el-0004/fra@2026-04-30.
The shape of ECLI is given, its registration never claimed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from kalata.refusals import Refused
from kalata.text import gettext_noop as _

FORM = "{year}-{rank}/{court}-{kind}"
"""How a decision is numbered where the pack says nothing else; each part once, in any order."""
PARTS = {
    "year": re.compile(r"\d{4}"), "rank": re.compile(r"\d{1,6}"), "court": re.compile(r"[A-Z][A-Z0-9]{0,6}"),
    "kind": re.compile(r"[A-Z][A-Z0-9]{0,6}"),
}  # fmt: skip
SHOWN = {"year": "2026", "rank": "04", "court": "CC", "kind": "EL"}
ECLI = re.compile(r"ECLI:[A-Z]{2}:[A-Z][A-Z0-9]{0,6}:\d{4}:[A-Z0-9.]{1,25}")


class BadNumber(Refused):
    code = "DIS-764"
    says = _("« %(number)s » n’est pas un numéro de décision.")
    remedy = _("Donnez l’année, le rang, la Cour et le genre, comme %(form)s ; le pays a deux lettres.")
    status = 422


@dataclass(frozen=True, slots=True)
class Identifiers:
    """number: the Court's own; work, expression: FRBR URIs of Akoma Ntoso."""

    number: str
    ecli: str
    work: str
    expression: str
    on: date
    language: str


def example(form: str) -> str:
    """A number of this form, as a remedy shows it."""
    made = form if is_form(form) else FORM
    for part, word in SHOWN.items():
        made = made.replace("{" + part + "}", word)
    return made


def is_form(form: str) -> bool:
    """Does it name each part of a number once, and nothing else in braces?"""
    return sorted(re.findall(r"\{(\w*)\}", form)) == sorted(PARTS) and form.count("{") == form.count("}") == len(PARTS)


def parts_of(number: str, form: str) -> dict[str, str] | None:
    """The parts of a number of this form by name; None where it is of another."""
    found: dict[str, str] = {}
    at = 0
    for n, piece in enumerate(re.split(r"\{(\w+)\}", form)):
        if n % 2 == 0:
            if not number.startswith(piece, at):
                return None
            at += len(piece)
        elif (read := PARTS[piece].match(number, at)) is None:
            return None
        else:
            found[piece], at = read[0], read.end()
    return found if at == len(number) else None


def identifiers(number: str, *, country: str, on: date, language: str = "fra", form: str = FORM) -> Identifiers:
    """The identifiers of a decision of this day. form: that of its pack. BadNumber: another form, or another year than
    its date."""
    found = parts_of(number, form if is_form(form) else FORM)
    if not found or not re.fullmatch(r"[A-Z]{2}", country) or int(found["year"]) != on.year or not int(found["rank"]):
        raise BadNumber(number=number, form=example(form))
    year, rank, court, kind = found["year"], int(found["rank"]), found["court"], found["kind"]
    work = f"/akn/{country.lower()}/judgment/{court.lower()}/{year}/{kind.lower()}-{rank:04d}"
    return Identifiers(
        number, f"ECLI:{country}:{court}:{year}:{kind}.{rank:04d}", work, f"{work}/{language}@{on.isoformat()}", on, language
    )  # fmt: skip
