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

NUMBER = re.compile(r"(\d{4})-(\d{1,6})/([A-Z][A-Z0-9]{0,6})-([A-Z][A-Z0-9]{0,6})")
ECLI = re.compile(r"ECLI:[A-Z]{2}:[A-Z][A-Z0-9]{0,6}:\d{4}:[A-Z0-9.]{1,25}")


class BadNumber(Refused):
    code = "DIS-764"
    says = _("« %(number)s » n’est pas un numéro de décision.")
    remedy = _("Donnez l’année, le rang, la Cour et le genre, comme 2026-04/CC-EL ; le pays a deux lettres.")
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


def identifiers(number: str, *, country: str, on: date, language: str = "fra") -> Identifiers:
    """The identifiers of a decision of this day. BadNumber: another form, or another year than its date."""
    found = NUMBER.fullmatch(number)
    if not found or not re.fullmatch(r"[A-Z]{2}", country) or int(found[1]) != on.year or not int(found[2]):
        raise BadNumber(number=number)
    year, rank, court, kind = found[1], int(found[2]), found[3], found[4]
    work = f"/akn/{country.lower()}/judgment/{court.lower()}/{year}/{kind.lower()}-{rank:04d}"
    return Identifiers(
        number, f"ECLI:{country}:{court}:{year}:{kind}.{rank:04d}", work, f"{work}/{language}@{on.isoformat()}", on, language
    )  # fmt: skip
