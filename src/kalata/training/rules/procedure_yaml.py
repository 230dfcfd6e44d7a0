"""A procedure written as its file, and the head of a source: the same content gives the same bytes, which the command reads."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

PLAIN = re.compile(r"[A-Za-z][\w.\-]*", re.ASCII)
SPOKEN = frozenset({"true", "false", "yes", "no", "null", "on", "off", "y", "n"})
CODES = frozenset({"id", "step", "then", "kind", "phase", "pictogram", "actor", "roles", "pack"})
"""Fields that hold codes: written bare where YAML reads them as they are."""
STEP = (
    "id", "actor", "do", "why", "check", "warning", "practice", "basis", "critical", "two_person", "form_fields", "material",
    "time_limit", "minutes", "card", "pictogram", "note",
)  # fmt: skip
FAULT = ("id", "step", "what", "consequence", "prevention", "remedy", "seen_in", "note")
ITEM = ("id", "step", "kind", "text", "answers", "answer", "feedback", "critical", "topic", "level", "status", "note")
BRANCH = ("id", "when", "then", "basis", "note")
WITHIN = ("fr", "en", "article", "version", "text", "value", "low", "high", "tolerance", "fraction", "feedback")
"""Order of the fields inside a value, whatever order a database gives them back in; others come after, by their name."""
ORDER = {"steps": STEP, "error_cases": FAULT, "items": ITEM, "branches": BRANCH}


def written(content: Mapping[str, Any], version: int | str, status: str) -> str:
    """The file of a procedure."""
    out = [f"id: {one('id', content['id'])}", f"title: {one('title', content['title'])}", f"roles: {one('roles', content['roles'])}"]  # fmt: skip
    if content.get("phase"):
        out.append(f"phase: {one('phase', content['phase'])}")
    out += [f"version: {version}", f"status: {status}"]
    if content.get("note"):
        out.append(f"note: {one('note', content['note'])}")
    for part in ("steps", "branches", "error_cases", "items"):
        if rows := content.get(part):
            out.append(f"{part}:")
            out += [line for row in rows for line in element(part, row)]
    return "\n".join(out) + "\n"


def element(part: str, row: Mapping[str, Any]) -> Iterator[str]:
    """The lines of one step, case, fault or question."""
    keys = [k for k in (*ORDER[part], *sorted(k for k in row if k not in ORDER[part])) if said(row.get(k))]
    if part == "branches":
        yield f"  - {{{', '.join(f'{k}: {one(k, row[k])}' for k in keys)}}}"
        return
    for n, key in enumerate(keys):
        lead = "  - " if n == 0 else "    "
        if key == "answers":
            yield f"{lead}answers:"
            yield from (f"      - {one('', answer)}" for answer in row["answers"])
        else:
            yield f"{lead}{key}: {one(key, row[key])}"


def said(value: Any) -> bool:
    """Whether a field says something: an empty one is left out; `answer: false` is an answer."""
    return value is False or value not in (None, "", [], {}, 0)


def inside(value: Mapping[str, Any]) -> list[str]:
    return sorted(value, key=lambda k: (WITHIN.index(k) if k in WITHIN else len(WITHIN), k))


def one(key: str, value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{k}: {one(k, value[k])}' for k in inside(value))}}}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(one(key, v) for v in value)}]"
    text = str(value)
    bare = key in CODES and PLAIN.fullmatch(text) and text.lower() not in SPOKEN
    return text if bare else json.dumps(text, ensure_ascii=False)


def head(content: Mapping[str, Any]) -> str:
    """The file source.yaml."""
    out = [f"id: {one('id', content['id'])}", f"title: {one('title', content['title'])}", f"pack: {one('pack', content['pack'])}", f"on: {one('on', content['on'])}"]  # fmt: skip
    if content.get("note"):
        out.append(f"note: {one('note', content['note'])}")
    if content.get("parameters"):
        out += ["parameters:", *(f"  {k}: {one('', v)}" for k, v in sorted(content["parameters"].items()))]
    return "\n".join(out) + "\n"
