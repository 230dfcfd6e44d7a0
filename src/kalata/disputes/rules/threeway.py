"""Three papers of one station side by side: the petitioner's copy, the record of the house, what is published. Pure.

Field by field, who agrees with whom; where two numbers differ, how: a digit, two digits swapped, a digit too many.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from kalata.text import gettext_noop as _


class Source(StrEnum):
    COPY = "copy"
    RECORD = "record"
    PUBLISHED = "published"


SOURCES: Mapping[str, str] = {
    Source.COPY: _("Copie du requérant"), Source.RECORD: _("Procès-verbal"), Source.PUBLISHED: _("Publié"),
}  # fmt: skip


class Agreement(StrEnum):
    """Who says what of one field."""

    SAME = "same"
    COPY_APART = "copy_apart"
    PUBLISHED_APART = "published_apart"
    RECORD_APART = "record_apart"
    ALL_APART = "all_apart"
    UNKNOWN = "unknown"  # one paper alone says it, or none


AGREEMENTS: Mapping[str, str] = {
    Agreement.SAME: _("concordent"),
    Agreement.COPY_APART: _("la copie diffère"),
    Agreement.PUBLISHED_APART: _("le publié diffère du procès-verbal et de la copie"),
    Agreement.RECORD_APART: _("le procès-verbal diffère de la copie et du publié"),
    Agreement.ALL_APART: _("aucun ne concorde"),
    Agreement.UNKNOWN: _("à comparer : un papier manque"),
}


class How(StrEnum):
    """How two numbers differ."""

    NONE = ""
    DIGIT = "digit"
    SWAPPED = "swapped"
    LENGTH = "length"
    EMPTY = "empty"
    OTHER = "other"


HOWS: Mapping[str, str] = {
    How.NONE: "", How.DIGIT: _("un chiffre diffère"), How.SWAPPED: _("deux chiffres intervertis"),
    How.LENGTH: _("un chiffre de plus ou de moins"), How.EMPTY: _("case vide d’un côté"), How.OTHER: _("autre nombre"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Field:
    """One line of the three papers. absent: sources that do not say it; how: between the copy and the record, or where
    there is no copy between the record and what is published."""

    line: str
    values: Mapping[Source, int | None]
    absent: frozenset[Source]
    agreement: Agreement
    how: How

    @property
    def apart(self) -> bool:
        return self.agreement not in (Agreement.SAME, Agreement.UNKNOWN)


Sheet = Mapping[str, int | None]


def compared(lines: Sequence[str], papers: Mapping[Source, Sheet | None]) -> list[Field]:
    """Every line in the order of the form. A paper that is not there (None) agrees with nobody and differs from nobody."""
    return [field(line, papers) for line in lines]


def field(line: str, papers: Mapping[Source, Sheet | None]) -> Field:
    there = {s: sheet for s, sheet in papers.items() if sheet is not None and line in sheet}
    values = {s: sheet[line] for s, sheet in there.items()}
    absent = frozenset(s for s in Source if s not in there)
    return Field(line, values, absent, agreement(values), between(values))


def agreement(values: Mapping[Source, int | None]) -> Agreement:
    if len(values) < 2:
        return Agreement.UNKNOWN
    if len(set(values.values())) == 1:
        return Agreement.SAME
    if len(values) == 2:
        return Agreement.COPY_APART if Source.COPY in values else Agreement.PUBLISHED_APART
    copy, record, public = (values[s] for s in Source)
    if record == public:
        return Agreement.COPY_APART
    if copy == record:
        return Agreement.PUBLISHED_APART
    return Agreement.RECORD_APART if copy == public else Agreement.ALL_APART


def between(values: Mapping[Source, int | None]) -> How:
    """How the first two papers that differ differ."""
    known = [values[s] for s in Source if s in values]
    pair = next(((a, b) for a, b in pairwise(known) if a != b), None)
    return how(*pair) if pair else How.NONE


def how(one: int | None, other: int | None) -> How:
    if one == other:
        return How.NONE
    if one is None or other is None:
        return How.EMPTY
    a, b = str(one), str(other)
    if len(a) == len(b):
        apart = [n for n, (x, y) in enumerate(zip(a, b, strict=True)) if x != y]
        if len(apart) == 1:
            return How.DIGIT
        if len(apart) == 2 and apart[1] == apart[0] + 1 and a[apart[0]] == b[apart[1]] and a[apart[1]] == b[apart[0]]:
            return How.SWAPPED
        return How.OTHER
    short, long = sorted((a, b), key=len)
    one_more = len(long) == len(short) + 1 and any(long[:n] + long[n + 1 :] == short for n in range(len(long)))
    return How.LENGTH if one_more else How.OTHER
