"""Where each difference of the gate is mended: the very field, of the page that has it, and what to do there."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language

from kalata.disputes.rules.mismatch import CHECK_LABELS, shown
from kalata.text import gettext_noop as _
from kalata.text import percent

PRINTED = ("annexes", "counts", "totals", "percentages", "outcome")
"""Checks on what was printed: they are mended by printing again from the acts."""
REMEDIES: Mapping[str, str] = {
    "print": _("Imprimer de nouveau depuis les actes"),
    "section": _("Corriger cette section des motifs, ou mettre le chiffre entre guillemets s’il est cité"),
    "act": _("Corriger l’acte"),
    "outcome": _("Choisir l’issue de cette requête"),
    "ground": _("Répondre à ce moyen"),
    "norms": _("Corriger les normes citées"),
    "bench": _("Revoir la formation et son vote"),
    "service": _("Noter la notification, ou la dispense"),
    "deadline": _("Dire le dépassement, avec ses raisons"),
    "hands": _("Une autre personne que le rédacteur doit signer"),
}


@dataclass(frozen=True, slots=True)
class Cure:
    """A difference as the page shows it. href: "" where no field mends it."""

    code: str
    label: str
    said: Mapping[str, Any]
    printed: Any
    computed: Any
    remedy: str
    href: str


def cures(pk: int, numbers: Sequence[str], mismatches: Sequence[Mapping[str, Any]], *, drafts: bool) -> list[Cure]:
    """Each difference with its cure. numbers: of its petitions; drafts: the draft can be written now; else it must first be
    sent back to its writer."""
    out = []
    for said in mismatches:
        what, href = cure(pk, said, numbers)
        out.append(
            Cure(
                said["code"], CHECK_LABELS[said["check"]], said, figure(said, "printed"), figure(said, "computed"),
                REMEDIES[what], href if drafts or what in ("bench", "service") else "",
            )
        )  # fmt: skip
    return out


def figure(said: Mapping[str, Any], side: str) -> Any:
    """One value of a difference, a share as people write it."""
    value = said[side]
    if said["check"] == "percentages" and isinstance(value, str) and re.fullmatch(r"\d{1,3}\.\d{1,6}", value):
        return percent(Fraction(value) / 100, get_language() or "fr", len(value.partition(".")[2]))
    return shown(value)


def cure(pk: int, said: Mapping[str, Any], numbers: Sequence[str]) -> tuple[str, str]:
    """(remedy, address) of one difference."""
    check, where = said["check"], said.get("where") or {}
    draft = reverse("disputes:draft", args=[pk])
    first = next(iter(numbers), "")
    if where.get("section"):
        return "section", section(pk, str(where["section"]))
    if check in ("units", "rectifications") and where.get("act"):
        return "act", f"{draft}?{urlencode({'modifier': where['act']})}#acte"
    if check in ("units", "rectifications"):
        return "act", f"{draft}#actes"
    if check == "grounds":
        return "ground", section(pk, f"merits:{where.get('petition', '')}:{where.get('ground', '')}")
    if check == "petitions":
        return "outcome", f"{draft}#issues"
    if check == "articles":
        return "norms", f"{draft}#normes"
    if check == "bench" and first:
        return "bench", reverse("disputes:panel", args=[first])
    if check == "service" and first:
        return "service", reverse("disputes:case", args=[first]) + "#s0"
    if check == "deadline":
        return "deadline", "#delai"
    return ("print", "#projet") if check in PRINTED else ("hands", "")


def section(pk: int, key: str) -> str:
    return f"{reverse('disputes:reasons', args=[pk])}?{urlencode({'section': key})}#ecrire"
