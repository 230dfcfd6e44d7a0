"""The addresses of the Court's public pages in the house."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from kalata.disputes.models import Petition, Ruling
from kalata.disputes.rules.public import DECIDED, Place, slug
from kalata.disputes.rules.publications import State as Text
from kalata.disputes.rules.steps import State
from kalata.results import court
from kalata.results.models import Proclamation


class House:
    """Links of the house. public: codes of contests whose results everybody may read."""

    def __init__(self, public: frozenset[str] = frozenset()) -> None:
        self.public = public

    def to(self, what: str, *which: Any) -> str:
        made = getattr(self, f"to_{what}", None)
        return str(made(*which)) if made else reverse(f"court:{what}", args=which)

    def to_log(self) -> str:
        return reverse("log:index")

    def to_decision(self, number: str) -> str:
        return reverse("court:decision", args=[slug(number)])

    def to_paper(self, number: str, name: str) -> str:
        return reverse("court:paper", args=[slug(number), name])

    def to_station(self, contest: str, place: Place) -> str:
        return reverse("results:station", args=[contest, place.pk]) if contest in self.public else ""

    def to_corrections(self, contest: str, number: str = "") -> str:
        if contest not in self.public:
            return ""
        return reverse("results:corrections", args=[contest]) + (f"?acte={number}" if number else "")

    def to_contest(self, contest: str) -> str:
        return reverse("results:contest", args=[contest]) if contest in self.public else ""


class Shelf:
    """What pages of results point to."""

    def proclamation(self, contest: str) -> str:
        some = Proclamation.objects.filter(contest__code=contest).exists()
        return reverse("court:proclaimed", args=[contest]) if some else ""

    def decisions(self, numbers: Iterable[str]) -> dict[str, str]:
        found = Ruling.objects.filter(
            number__in=set(numbers), state__in=DECIDED, publications__state=Text.PUBLISHED
        ).values_list("number", flat=True)
        return {n: reverse("court:decision", args=[slug(n)]) for n in found}

    def docket(self, contest: str) -> str:
        some = Petition.objects.filter(contest__code=contest).exclude(state=State.DRAFT).exists()
        return reverse("court:docket") + f"?scrutin={contest}" if some else ""


court.show(Shelf())
