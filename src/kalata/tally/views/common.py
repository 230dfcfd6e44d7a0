"""What the desks share: the contest one may reach, the lines of its form, how a sheet is typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _t

from kalata.country.models import Contest, Option
from kalata.people import queries as people
from kalata.results.access import contest_with
from kalata.results.rules.boxes import LABELS, MARKS, Sheet
from kalata.results.views.shared import language as language
from kalata.results.views.shared import reach as reach
from kalata.results.views.shared import who as who
from kalata.tally.rules.lifecycle import STATE_LABELS
from kalata.tally.rules.rights import SCREENS
from kalata.tally.services import reports as tally
from kalata.text import translate
from kalata.ui import fields

FIGURES_MAX = 99_999


def held(request: HttpRequest) -> set[str]:
    return people.rights_of(request.user) & SCREENS


def held_in(request: HttpRequest, contest: Contest) -> set[str]:
    """The rights of the tally centre that this person holds somewhere in a contest."""
    return {r for r in held(request) if people.reach(request.user, r, contest=contest.pk)}


def contest_of(request: HttpRequest, code: str, *rights: str) -> Contest:
    """The contest, for whoever holds one of its desks (one of `rights`, if given); for others it does not exist."""
    return contest_with(request.user, code, rights or SCREENS)


def base(request: HttpRequest, contest: Contest, title: str = "") -> dict[str, Any]:
    here = reverse("tally:overview", args=[contest.code])
    crumbs = [(reverse("tally:index"), _t("Centralisation")), (here if title else "", contest.name_fr)]
    return {
        "section": "tally",
        "contest": contest,
        "exercise": contest.election.exercise,
        "held": held_in(request, contest),
        "crumbs": crumbs + ([("", title)] if title else []),
        "labels": {s.value: label for s, label in STATE_LABELS.items()},
    }


class Lines:
    """The figures of a contest's form in paper order: boxes, votes, then what is read beside the count."""

    def __init__(self, contest: Contest) -> None:
        self.contest = contest
        self.boxes = tally.boxes_of(contest)
        self.options: list[Option] = list(contest.options.all())
        lang = language()
        counts = [(b.value, translate(LABELS[b], lang), "") for b in self.boxes if b not in MARKS]
        votes = [(f"c{o.rank}", o.name, o.emblem) for o in self.options]
        marks = [(b.value, translate(LABELS[b], lang), "") for b in self.boxes if b in MARKS]
        self.groups = [
            (name, rows)
            for name, rows in (
                (_t("Dépouillement"), counts),
                (_t("Voix obtenues"), votes),
                (_t("Mentions du procès-verbal"), marks),
            )
            if rows
        ]
        self.all = [row for _name, rows in self.groups for row in rows]
        self.number = {key: n for n, (key, _label, _emblem) in enumerate(self.all, 1)}
        self.label = {key: label for key, label, _emblem in self.all}
        self.emblem = {key: emblem for key, _label, emblem in self.all}

    def read(self, values: Mapping[str, Any], most: int = FIGURES_MAX) -> tuple[Sheet | None, dict[str, str]]:
        """The sheet these texts make, or the lines that cannot be read. An empty line is None, never zero."""
        found: dict[str, int | None] = {}
        wrong: dict[str, str] = {}
        for key, _label, _emblem in self.all:
            text = str(values.get(key) if values.get(key) is not None else "")
            value = fields.digits(text, most)
            if not text.strip():
                found[key] = None
            elif value is not None:
                found[key] = value
            else:
                wrong[key] = _t("un nombre entier de 0 à %(n)d, ou rien") % {"n": most}
        if wrong:
            return None, wrong
        votes = tuple(found[f"c{o.rank}"] for o in self.options)
        return Sheet({b: found[b.value] for b in self.boxes}, votes), {}
