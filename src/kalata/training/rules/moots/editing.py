"""A case changed field by field: what a form says, put in its place in the content; what no form shows stays. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kalata.text import gettext_noop as _
from kalata.training.rules.moots.refusals import BadCase
from kalata.training.rules.procedure_editing import BadLine, rows_of

Content = dict[str, Any]
READS: Mapping[str, tuple[str, ...]] = {
    "limit": ("norm", "event"), "admissible": ("item", "facts"), "effect": ("ask", "acts"), "ceiling": ("ask", "contested"),
    "identity": ("check", "boxes", "votes"), "quorum": ("ask", "out"),
}  # fmt: skip
"""What each engine is given by a question, in the order of the form."""


def named(fr: str, en: str) -> dict[str, str]:
    return {"fr": fr.strip(), "en": en.strip()}


def lines(text: str) -> list[str]:
    """
    >>> lines(" ML-1\\n\\nML-2 ")
    ['ML-1', 'ML-2']
    """
    return [one.strip() for one in text.splitlines() if one.strip()]


def both(fr: str, en: str) -> list[dict[str, str]]:
    """Paragraphs of two texts, one a line, the first with the first.

    >>> both("un\\ndeux", "one\\ntwo")[1]
    {'fr': 'deux', 'en': 'two'}
    """
    said, other = lines(fr), lines(en)
    if len(said) != len(other):
        row = min(len(said), len(other)) + 1
        left = (said if len(said) > len(other) else other)[row - 1]
        raise BadLine(row=row, line=left[:60], why=_("les deux langues n’ont pas le même nombre de lignes"))
    return [named(a, b) for a, b in zip(said, other, strict=True)]


def pairs(text: str, cells: int) -> list[list[str]]:
    """Lines cut at their bars, each of so many parts."""
    out = []
    for row, found in rows_of(text):
        if len(found) != cells or not all(found):
            raise BadLine(row=row, line=" | ".join(found)[:60], why=_("il manque une partie, ou il y en a une de trop"))
        out.append(found)
    return out


def count(row: int, text: str) -> int:
    digits = text.replace("\u202f", "").replace("\u00a0", "").replace(" ", "")
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 13):
        raise BadLine(row=row, line=text[:60], why=_("un nombre entier est attendu"))
    return int(digits)


def without(element: Mapping[str, Any]) -> dict[str, Any]:
    """An empty box says nothing; false and 0 do."""
    return {k: v for k, v in element.items() if v not in (None, "", [], {}) or v is False}


def at(content: Content, rows: Sequence[Any], n: int, field: str) -> int:
    """The rank of element n, from 1; TRN-521 where it is not there."""
    if not 1 <= n <= len(rows):
        raise BadCase(case=str(content.get("id")), field=f"{field}[{n}]", value="–", form=f"1–{len(rows)}")
    return n - 1


def put(content: Content, field: str, n: int, element: Mapping[str, Any]) -> Content:
    """The content with this element at place n of a list, or as its last (n = 0)."""
    rows = list(content.get(field) or [])
    if n:
        rows[at(content, rows, n, field)] = dict(element)
    else:
        rows.append(dict(element))
    return {**content, field: rows}


def within(content: Content, stage: int, field: str, n: int, element: Mapping[str, Any]) -> Content:
    """The same inside a stage."""
    place = at(content, content.get("stages") or [], stage, "stages")
    return put(content, "stages", stage, put(dict(content["stages"][place]), field, n, element))


def listed(content: Content, field: str) -> tuple[list[Any], Content, str, int]:
    """A list by its path, `rubric`, `stages`, `stages.2.questions`: its rows, what holds it, its name, and the stage (0: none)."""
    first, _dot, rest = field.partition(".")
    if not rest:
        return list(content.get(first) or []), content, first, 0
    stage, _dot, name = rest.partition(".")
    holder = dict(content["stages"][at(content, content.get("stages") or [], int(stage), "stages")])
    return list(holder.get(name) or []), holder, name, int(stage)


def changed(content: Content, field: str, rows: list[Any]) -> Content:
    _old, holder, name, stage = listed(content, field)
    made = {**holder, name: rows}
    return put(content, "stages", stage, made) if stage else made


def move(content: Content, field: str, n: int, by: int) -> Content:
    """One place up or down; at the edge it stays."""
    rows, *_rest = listed(content, field)
    place = at(content, rows, n, field)
    rows.insert(min(max(place + by, 0), len(rows) - 1), rows.pop(place))
    return changed(content, field, rows)


def take(content: Content, field: str, n: int) -> Content:
    rows, *_rest = listed(content, field)
    rows.pop(at(content, rows, n, field))
    return changed(content, field, rows)


def engine(by: str, given: Mapping[str, Any], old: Mapping[str, Any] | None) -> dict[str, Any]:
    """What an engine is given: its own fields from the form; what only the file says of the same engine stays."""
    kept = {k: v for k, v in (old or {}).items() if k not in READS.get(by, ())} if (old or {}).get("by") == by else {}
    said = {k: v for k, v in given.items() if k in READS.get(by, ()) and v not in (None, "")}
    return {"by": by, **{k: v for k, v in kept.items() if k != "by"}, **said}


def boxes(text: str) -> dict[str, int] | None:
    """`valid | 3307402`, one a line."""
    found = pairs(text, 2)
    return {name: count(n, value) for n, (name, value) in enumerate(found, 1)} or None


def stations(text: str, options: int, old: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """`CODE | votes of each option`, one a line; what else the file says of a station stays with its code."""
    known = {"/".join(map(str, row.get("station") or ())): row for row in old}
    out = []
    for row, (code, *votes) in enumerate(pairs(text, options + 1), 1):
        station = [part.strip() for part in code.split("/")]
        out.append({**known.get("/".join(station), {}), "station": station, "votes": [count(row, v) for v in votes]})
    return out
