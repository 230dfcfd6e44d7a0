"""The content of a procedure changed: one element put, moved or taken away; lines that people type to the values of the format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kalata.refusals import Refused
from kalata.text import gettext_noop as _

Content = dict[str, Any]


class SameId(Refused):
    code = "TRN-421"
    says = _("Le code « %(id)s » est déjà celui d’un élément de cette procédure.")
    remedy = _("Donnez un autre code. Rien n’a été enregistré.")
    status = 422


class NoElement(Refused):
    code = "TRN-422"
    says = _("Aucun élément « %(id)s » n’est dans cette procédure.")
    remedy = _("Rouvrez la page : elle montre ce qui s’y trouve. Rien n’a été enregistré.")
    status = 404


class BadLine(Refused):
    code = "TRN-423"
    says = _("Ligne %(row)d, « %(line)s » : %(why)s.")
    remedy = _("Écrivez une ligne par élément, les parties séparées par une barre |. Rien n’a été enregistré.")
    status = 422
    sentences = frozenset({"why"})


def put(content: Content, part: str, one: Mapping[str, Any], *, new: bool) -> Content:
    """The content with this element: a new one at the end, or in the place of the one that has its id."""
    rows = list(content.get(part) or [])
    place = next((n for n, row in enumerate(rows) if row["id"] == one["id"]), None)
    if new:
        if place is not None or any(row["id"] == one["id"] for p in ("steps", "branches", "error_cases", "items") for row in content.get(p) or []):  # fmt: skip
            raise SameId(id=one["id"])
        rows.append(dict(one))
    elif place is None:
        raise NoElement(id=one["id"])
    else:
        rows[place] = dict(one)
    return {**content, part: rows}


def take(content: Content, part: str, id_: str) -> Content:
    rows = [row for row in content.get(part) or [] if row["id"] != id_]
    if len(rows) == len(content.get(part) or []):
        raise NoElement(id=id_)
    return {k: v for k, v in {**content, part: rows}.items() if v or k != part or part == "steps"}


def move(content: Content, part: str, id_: str, by: int) -> Content:
    """One place up or down; at the edge it stays."""
    rows = list(content.get(part) or [])
    place = next((n for n, row in enumerate(rows) if row["id"] == id_), None)
    if place is None:
        raise NoElement(id=id_)
    to = min(max(place + by, 0), len(rows) - 1)
    rows.insert(to, rows.pop(place))
    return {**content, part: rows}


def without(element: Mapping[str, Any]) -> dict[str, Any]:
    """What says something: an empty box says nothing."""
    return {k: v for k, v in element.items() if v not in (None, "", [], {}) and v is not False}


def said(old: Mapping[str, Any] | None, fr: str, en: str) -> dict[str, str]:
    """A sentence in French and English; what stands in another language stays."""
    found = {**(old or {}), "fr": fr.strip(), "en": en.strip()}
    return {lang: text for lang, text in found.items() if text}


def rows_of(text: str) -> list[tuple[int, list[str]]]:
    """The lines that people typed, each cut at its bars."""
    return [(n, [p.strip() for p in line.split("|")]) for n, line in enumerate(text.splitlines(), 1) if line.strip()]


def basis_of(text: str, old: Sequence[Mapping[str, Any]] = ()) -> list[dict[str, str]]:
    """ARTICLE@VERSION | how far it is known. Who verified a version keeps having done so."""
    known = {(b["article"], b["version"]): b for b in old}
    found = []
    for row, cells in rows_of(text):
        article, at, version = cells[0].partition("@")
        if not at or not article or not version or len(cells) > 2:
            raise BadLine(row=row, line=" | ".join(cells)[:60], why=_("article@version est attendu, comme LE-2022-019/art.150@2022-06-24"))  # fmt: skip
        before = known.get((article, version), {})
        confidence = cells[1] if len(cells) == 2 else str(before.get("confidence", ""))
        found.append(without({"article": article, "version": version, "confidence": confidence, "verified_by": before.get("verified_by", "")}))  # fmt: skip
    return found


def basis_lines(rows: Sequence[Mapping[str, Any]]) -> str:
    return "\n".join(f"{b['article']}@{b['version']}" + (f" | {b['confidence']}" if b.get("confidence") else "") for b in rows)  # fmt: skip


def answers_of(kind: str, text: str) -> list[dict[str, Any]]:
    """Answers as lines: "part | French | English"; to pair: "French | English | its half | in English"; a number: "part | value | tolerance"."""
    found: list[dict[str, Any]] = []
    for row, cells in rows_of(text):
        if kind == "match" and len(cells) == 4:
            found.append({"text": said(None, *cells[:2]), "right": said(None, *cells[2:])})
        elif kind == "numeric" and len(cells) in (2, 3):
            found.append(without({"value": cells[1], "tolerance": cells[2] if len(cells) == 3 else "", "fraction": cells[0]}))  # fmt: skip
        elif kind not in ("match", "numeric") and len(cells) == 3:
            found.append({"text": said(None, cells[1], cells[2]), "fraction": cells[0]})
        else:
            raise BadLine(row=row, line=" | ".join(cells)[:60], why=_("il n’a pas le nombre de parties attendu"))
    return found


def answer_lines(kind: str, rows: Sequence[Mapping[str, Any]]) -> str:
    return "\n".join(" | ".join(cells_of(kind, row)) for row in rows)


def cells_of(kind: str, row: Mapping[str, Any]) -> list[str]:
    def both(name: str) -> list[str]:
        value = row.get(name) or {}
        return [value.get("fr", ""), value.get("en", "")] if isinstance(value, Mapping) else [str(value), str(value)]

    if kind == "match":
        return [*both("text"), *both("right")]
    if kind == "numeric":
        return [str(row.get("fraction", "0")), str(row.get("value", "")), *([str(row["tolerance"])] if row.get("tolerance") else [])]  # fmt: skip
    return [str(row.get("fraction", "0")), *both("text")]


def list_of(text: str) -> list[str]:
    """Codes cut at commas, spaces and ends of lines."""
    return [w for w in text.replace(",", " ").split() if w]
