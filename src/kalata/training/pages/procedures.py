"""A version as its page shows it: one step opened, its texts, its page of the manual, the elements of its editor."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kalata.country.rules.shapes import CONFIDENCE_LABELS
from kalata.text import Message
from kalata.text import gettext_noop as _
from kalata.training.models import ProcedureVersion
from kalata.training.queries import procedures as queries
from kalata.training.rules.procedure_editing import answer_lines, basis_lines
from kalata.training.rules.procedures import PART_WORDS
from kalata.training.rules.source.law import Force, Law
from kalata.training.rules.source.reading import parameters_of
from kalata.training.rules.source.shape import At
from kalata.training.rules.source.values import Basis

PLACE = re.compile(r"\{([^{}]*)\}")
FORCE = {
    Force.IN_FORCE: _("en vigueur"), Force.UNKNOWN_TEXT: _("texte inconnu du pack"), Force.UNKNOWN_VERSION: _("version inconnue du pack"),
    Force.NOT_YET: _("pas encore en vigueur"), Force.NO_LONGER: _("texte remplacé"), Force.REPLACED: _("version remplacée"),
}  # fmt: skip
PAIRS = ("do", "why", "check", "warning", "when", "what", "consequence", "prevention", "remedy", "text", "feedback")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a sentence; key: of the parameter that it is, "" where it is words."""

    text: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Cited:
    """A version of an article as the page shows it. mark: the mark of the act that verifies it."""

    mark: str
    article: str
    version: str
    confidence: Message
    verified_by: str
    force: Message
    holds: bool
    unread: bool
    replaced: bool
    """Another text, or a newer version of it, holds on the day of the source."""


@dataclass(frozen=True, slots=True)
class StepLine:
    id: str
    n: int
    text: list[Part]
    law: str
    critical: bool
    doubtful: bool
    """It rests on a text that no longer holds, or that nobody has read."""


def parameters(one: ProcedureVersion, lang: str) -> dict[str, str]:
    """The parameters of its source, in one language."""
    found = parameters_of(At(one.procedure.source.head.get("parameters"), "source.yaml", "parameters"))
    return {key: words.get(lang, words.get("", "")) for key, words in found.items()}


def filled(said: Mapping[str, str] | None, lang: str, known: Mapping[str, str]) -> list[Part]:
    """A sentence cut at its parameters, in that language, or in the one it is written in."""
    text = (said or {}).get(lang) or next(iter((said or {}).values()), "")
    parts: list[Part] = []
    last = 0
    for found in PLACE.finditer(text):
        parts += [Part(text[last : found.start()]), Part(known.get(found[1], found[0]), found[1])]
        last = found.end()
    return [p for p in (*parts, Part(text[last:])) if p.text]


def known(confidence: str) -> Message:
    """How far a text is known, in words; what the pack does not know stays as it is written."""
    return Message({c.value: words for c, words in CONFIDENCE_LABELS.items()}.get(confidence, confidence or "–"))


def cited(basis: Mapping[str, str], force: Force, unread: bool) -> Cited:
    return Cited(
        f"{basis['article']}@{basis['version']}", basis["article"], basis["version"], known(basis.get("confidence", "")), basis.get("verified_by", ""),
        Message(FORCE[force]), force is Force.IN_FORCE, unread, force in (Force.NO_LONGER, Force.REPLACED),
    )  # fmt: skip


def step_lines(one: ProcedureVersion, lang: str, law: Law, known: Mapping[str, str]) -> list[StepLine]:
    bad = {f"{b['article']}@{b['version']}" for b, force, unread in queries.bases(one, law) if unread or force is not Force.IN_FORCE}  # fmt: skip
    return [
        StepLine(
            s["id"], n, filled(s.get("do"), lang, known), " ; ".join(b["article"] for b in s.get("basis") or ()), bool(s.get("critical")),
            any(f"{b['article']}@{b['version']}" in bad for b in s.get("basis") or ()),
        )
        for n, s in enumerate(one.content["steps"], 1)
    ]  # fmt: skip


def opened(one: ProcedureVersion, step_id: str, lang: str, known: Mapping[str, str]) -> dict[str, Any]:
    """One step with what leads to it, what tests it and the parameters it names."""
    steps = one.content["steps"]
    step = next((s for s in steps if s["id"] == step_id), steps[0])
    said = {name: filled(step.get(name), lang, known) for name in ("do", "why", "check", "warning") if step.get(name)}
    used = dict.fromkeys(p.key for parts in said.values() for p in parts if p.key)
    return {
        "step": step, "number": steps.index(step) + 1, "total": len(steps), "said": said, "used": [(k, known.get(k, "")) for k in used],
        "cases": [(b, filled(b["when"], lang, known)) for b in one.content.get("branches") or () if b["then"] == step["id"]],
        "faults": [(e, filled(e["what"], lang, known)) for e in one.content.get("error_cases") or () if e.get("step") == step["id"]],
        "tests": [(i, filled(i["text"], lang, known)) for i in one.content.get("items") or () if i["step"] == step["id"]],
        "langs": sorted({lang for name in ("do", "why", "check", "warning") for lang in step.get(name) or {}}),
    }  # fmt: skip


def basis_of(one: Mapping[str, str]) -> Basis:
    return Basis(one["article"], one["version"], one.get("confidence", ""), one.get("verified_by", ""))


# --- the editor ---------------------------------------------------------------------------------
def initial(part: str, one: Mapping[str, Any]) -> dict[str, Any]:
    """An element as its form holds it."""
    found: dict[str, Any] = {**{k: v for k, v in one.items() if not isinstance(v, dict | list)}, "old": one["id"]}
    for name in PAIRS:
        if isinstance(value := one.get(name), Mapping):
            found |= {f"{name}_fr": value.get("fr", ""), f"{name}_en": value.get("en", "")}
    if "basis" in one:
        found["basis"] = basis_lines(one["basis"])
    if "form_fields" in one:
        found["form_fields"] = ", ".join(one["form_fields"])
    if "seen_in" in one:
        found["seen_in"] = ", ".join(one["seen_in"])
    if "material" in one:
        found["material"] = "\n".join(" | ".join(m.values()) if isinstance(m, Mapping) else str(m) for m in one["material"])  # fmt: skip
    if part == "items":
        found["answers"] = answer_lines(one["kind"], one.get("answers") or [])
        said = one.get("answer")
        found["answer"] = "" if said is None else "true" if said else "false"
    return found


def contents(one: ProcedureVersion, lang: str) -> list[tuple[str, Message, list[tuple[str, str]]]]:
    """The elements of a draft, part by part: (part, its word, (id, first words))."""
    name = {"steps": "do", "branches": "when", "error_cases": "what", "items": "text"}
    return [
        (part, Message(PART_WORDS[part]), [(row["id"], short(row.get(name[part]), lang)) for row in one.content.get(part) or ()])
        for part in name
    ]  # fmt: skip


def short(said: Mapping[str, str] | None, lang: str) -> str:
    text = (said or {}).get(lang) or next(iter((said or {}).values()), "")
    return text if len(text) <= 80 else f"{text[:79]}…"
