"""The life of a version of a procedure, its words, and the exact difference between two of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from kalata.lifecycle import REASON, Hand, OtherPerson, Table, declare, need, step
from kalata.text import gettext_noop as _
from kalata.training.rules.rights import REVIEW, WRITE

Content = Mapping[str, Any]
"""A procedure as its file says it, without its state and its number."""
PARTS = ("steps", "branches", "error_cases", "items")
KEYS = frozenset({"answers", "answer", "feedback", "note"})
"""Fields of a question that say which answer is right."""


class State(StrEnum):
    DRAFT = "draft"
    LEGAL_OK = "legal_ok"
    TESTED = "tested"
    APPROVED = "approved"
    RETIRED = "retired"


ALIVE = (State.DRAFT, State.LEGAL_OK, State.TESTED)
"""On its way: one at most of a procedure."""
WROTE = _("une autre personne que celles qui l’ont écrite")
ANOTHER = need(
    "another", WROTE, lambda stand, act: act.by not in stand.hands.values(), lambda stand, act: OtherPerson(need=WROTE)
)

PROCEDURE = declare(Table(
    name="procedure", title=_("La vie d’une version d’une procédure"), row="training.ProcedureVersion", states=State,
    labels={
        State.DRAFT: _("brouillon"), State.LEGAL_OK: _("textes relus"), State.TESTED: _("éprouvée"),
        State.APPROVED: _("approuvée"), State.RETIRED: _("retirée"),
    },
    starts=(State.DRAFT,), ends=frozenset({State.APPROVED, State.RETIRED}),
    steps=(
        step(State.DRAFT, State.LEGAL_OK, REVIEW, REASON, ANOTHER),
        step(State.LEGAL_OK, State.DRAFT, "", REASON),
        step(State.LEGAL_OK, State.TESTED, WRITE, REASON),
        step(State.TESTED, State.DRAFT, "", REASON),
        step(State.TESTED, State.APPROVED, REVIEW, ANOTHER),
        step(State.APPROVED, State.RETIRED, REVIEW, REASON, hand=Hand.EITHER),
    ),
    needs=(REASON, ANOTHER),
    right=_("celui de qui écrit ou de qui relit"),
    notes=(_("Seul un brouillon se modifie. Qui écrit ne relit pas ; l’approbation est demandée par la cellule et donnée par un relecteur qui n’a rien écrit, sur la différence exacte. La version approuvée retire celle d’avant dans le même acte."),),
))  # fmt: skip

ROLES: Mapping[str, str] = {
    "common": _("tous"), "president": _("président du bureau"), "assessors": _("assesseurs"),
    "registration_agent": _("agent d’inscription"), "tabulation_staff": _("agents de centralisation"),
    "agent_of_party": _("délégué d’une candidature"), "security_force": _("force de sécurité"),
    "court_clerk": _("greffe de la Cour"), "judge_rapporteur": _("juge rapporteur"),
}  # fmt: skip
PHASES: Mapping[str, str] = {
    "before": _("avant le scrutin"), "opening": _("ouverture"), "voting": _("vote"), "closing": _("clôture"),
    "count": _("dépouillement"), "tabulation": _("centralisation"), "registration": _("inscription"), "court": _("contentieux"),
}  # fmt: skip
WORDS: Mapping[str, str] = {
    "title": _("Titre"), "roles": _("Rôles"), "phase": _("Moment"), "do": _("Faire"), "why": _("Pourquoi"), "check": _("Contrôle"),
    "warning": _("Mise en garde"), "basis": _("Texte"), "practice": _("Pratique, sans texte"), "critical": _("Étape décisive"),
    "card": _("Sur la carte de poche"), "two_person": _("À deux personnes"), "form_fields": _("Cases du formulaire"),
    "material": _("Matériel"), "time_limit": _("Temps accordé"), "minutes": _("Minutes de formation"), "pictogram": _("Pictogramme"),
    "actor": _("Qui agit"), "when": _("Quand"), "then": _("Mène à"), "what": _("Erreur"), "consequence": _("Conséquence"),
    "prevention": _("Comment l’éviter"), "remedy": _("Comment la réparer"), "seen_in": _("Vue dans"), "kind": _("Genre de question"),
    "text": _("Question"), "answers": _("Réponses"), "answer": _("Réponse"), "feedback": _("Explication"), "step": _("Étape de la procédure"),
    "topic": _("Sujet"), "level": _("Niveau"), "status": _("État"), "note": _("Note"), "place": _("Rang"),
}  # fmt: skip
PART_WORDS: Mapping[str, str] = {
    "steps": _("Étape de la procédure"), "branches": _("Cas douteux"), "error_cases": _("Cas d’erreur"), "items": _("Question"), "": _("Procédure"),
}  # fmt: skip


def digest(value: object) -> str:
    """SHA-256 (hex) of a value as canonical JSON."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Field:
    """One field that differs. None: not there, on that side."""

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """One element that differs: a step, a doubtful case, a fault, a question, or the procedure itself."""

    part: str
    id: str
    fields: tuple[Field, ...]


def difference(before: Content | None, after: Content) -> list[Change]:
    """Element by element, in the order of the later one; what is gone comes last."""
    old, new = elements(before or {}), elements(after)
    found = []
    for key in [*new, *(k for k in old if k not in new)]:
        a, b = flat(old.get(key, {})), flat(new.get(key, {}))
        fields = tuple(Field(n, a.get(n), b.get(n)) for n in dict.fromkeys((*b, *a)) if a.get(n) != b.get(n))
        if fields:
            found.append(Change(key[0], key[1], fields))
    return found


def without_keys(content: Content) -> dict[str, Any]:
    """The content with its questions as they are asked, and nothing that says which answer is right."""
    asked = [{k: v for k, v in one.items() if k not in KEYS} for one in content.get("items") or []]
    return {**content, "items": asked} if asked else dict(content)


def elements(content: Content) -> dict[tuple[str, str], Mapping[str, Any]]:
    """Each element by (part, id), with its rank among its like; the head under ("", id)."""
    if not content:
        return {}
    found: dict[tuple[str, str], Mapping[str, Any]] = {
        ("", str(content["id"])): {k: v for k, v in content.items() if k not in PARTS and k != "id"}
    }
    for part in PARTS:
        for n, one in enumerate(content.get(part) or [], 1):
            found[part, str(one["id"])] = {**{k: v for k, v in one.items() if k != "id"}, "place": n}
    return found


def flat(element: Mapping[str, Any]) -> dict[str, str]:
    """Each field as one line of words."""
    return {name: said for key, value in element.items() for name, said in lines(key, value)}


def lines(key: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping) and "fr" in value:
        for lang, text in value.items():
            yield f"{key} {lang}", str(text)
    else:
        yield key, words(value)


def words(value: Any) -> str:
    """A value as people read it."""
    if isinstance(value, Mapping):
        if "article" in value:
            known = f", {value['confidence']}" if value.get("confidence") else ""
            by = f" ({value['verified_by']})" if value.get("verified_by") else ""
            return f"{value['article']}@{value['version']}{known}{by}"
        return " | ".join(words(v) for v in value.values())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return " ; ".join(words(v) for v in value)
    return {True: "✓", False: "–"}[value] if isinstance(value, bool) else str(value)
