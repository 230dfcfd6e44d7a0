"""One good source of manuals, as plain values; a test changes one thing of it."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import yaml

from kalata.training.rules.source.reading import source_of
from kalata.training.rules.source.values import Source

LAW = "LE-2022-019/art.92"
TEXTS = [
    {"id": "ML-LE-2016-048", "type": "law", "in_force_from": "2016-10-17", "in_force_to": "2022-06-24", "confidence": "secondary source"},
    {"id": "ML-LE-2022-019", "type": "law", "in_force_from": "2022-06-24", "replaces": "ML-LE-2016-048", "confidence": "secondary source"},
    {"id": "ML-LE-2022-019-M1", "type": "law", "in_force_from": "2023-03-13", "replaces": "ML-LE-2022-019", "confidence": "text seen"},
    {"id": "ML-LE-BILL", "type": "bill", "replaces": "ML-LE-2022-019", "confidence": "secondary source"},
]  # fmt: skip
HEAD: dict[str, Any] = {
    "id": "essai", "title": {"fr": "Manuel", "en": "Manual"}, "pack": "ml", "on": "2027-02-28",
    "parameters": {"station.opens": "08:00", "record": {"copies": 3}, "votes": {"least": "1/10"}, "day": "2027-02-28"},
}  # fmt: skip


def both(fr: str, en: str) -> dict[str, str]:
    return {"fr": fr, "en": en}


OPEN: dict[str, Any] = {
    "id": "OPEN", "title": both("Ouvrir le bureau", "Open the station"), "roles": ["president"], "phase": "opening",
    "version": 3, "status": "approved",
    "steps": [
        {"id": "OPEN.1", "do": both("À {station.opens}, montrez l’urne vide.", "At {station.opens}, show the empty box."),
         "why": both("Chacun voit qu’elle est vide.", "All see that it is empty."),
         "basis": [{"article": LAW, "version": "2022-06-24"}], "critical": True, "form_fields": ["PV.heure_ouverture"], "card": True},
        {"id": "OPEN.2", "do": both("Fermez l’urne à deux clés.", "Lock the box with two keys."),
         "basis": [{"article": "LE-2022-019/art.93", "version": "2022-06-24"}], "minutes": 4},
        {"id": "OPEN.3", "do": both("Saluez les délégués.", "Greet the agents."), "practice": True},
    ],
    "branches": [{"id": "OPEN.B1", "when": both("L’urne n’est pas vide", "The box is not empty"), "then": "OPEN.1"}],
    "items": [
        {"id": "I-OPEN-1", "step": "OPEN.1", "kind": "choice", "text": both("Que montrez-vous ?", "What do you show?"),
         "answers": [{"text": both("L’urne vide", "The empty box"), "fraction": "1"}, {"text": both("Le PV", "The record"), "fraction": "0"}]},
        {"id": "I-OPEN-2", "step": "OPEN.2", "kind": "true_false", "text": both("L’urne a deux clés.", "The box has two keys."), "answer": True},
    ],
}  # fmt: skip
COUNT: dict[str, Any] = {
    "id": "COUNT", "title": both("Dépouiller", "Count"), "roles": ["assessor", "president"], "phase": "count", "version": 1, "status": "approved",
    "steps": [
        {"id": "COUNT.1", "do": both("Signez les {record.copies} exemplaires.", "Sign the {record.copies} copies."),
         "basis": [{"article": "LE-2022-019/art.94", "version": "2023-03-13"}], "critical": True, "form_fields": ["PV.signatures"]},
    ],
    "branches": [{"id": "COUNT.B1", "when": both("Une clé manque", "A key is missing"), "then": "OPEN.2"}],
    "items": [
        {"id": "I-COUNT-1", "step": "COUNT.1", "kind": "numeric", "text": both("Combien d’exemplaires signez-vous ?", "How many copies do you sign?"),
         "answers": [{"value": "{record.copies}", "fraction": "1"}]},
    ],
}  # fmt: skip


def files() -> dict[str, Any]:
    """A fresh copy to change: {"source.yaml": …, "procedures/count.yaml": …, "procedures/open.yaml": …}."""
    return copy.deepcopy({"source.yaml": HEAD, "procedures/open.yaml": OPEN, "procedures/count.yaml": COUNT})


def read(changed: dict[str, Any]) -> Source:
    head = changed["source.yaml"]
    return source_of(head, {k: v for k, v in changed.items() if k != "source.yaml"}, {})


def written(folder: Path, changed: dict[str, Any]) -> Path:
    """The same as files of a folder."""
    for name, value in changed.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(value, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return folder
