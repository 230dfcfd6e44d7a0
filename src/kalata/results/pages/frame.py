"""What the results pages share: the frame of a page, names in the reader's language, the trail of crumbs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _t

from kalata.country.models import Contest, Unit
from kalata.country.queries import branch
from kalata.deadlines.queries import calendars_of_contest
from kalata.results.access import may_see
from kalata.results.pages import contests as pages
from kalata.results.queries.board import Board
from kalata.results.rules.systems import FORMULA_LABELS, KIND_LABELS


def lang() -> str:
    return get_language() or "fr"


def shared(request: HttpRequest, board: Board, unit: Unit | None = None) -> dict[str, Any]:
    contest = board.contest
    return {
        "section": "results",
        "contest": contest,
        "board": board,
        "exercise": contest.election.exercise,
        "legal_calendars": calendars_of_contest(contest.election_id, request.user),
        "unit": unit,
        "turnout": pages.turnout(board.areas[unit.pk] if unit and unit.pk in board.areas else board.total),
        "kind_label": KIND_LABELS[board.system.kind],
        "formula_label": FORMULA_LABELS.get(board.system.formula) if board.system.formula else "",
        "other_rounds": [
            c for c in (contest.previous, *contest.following.order_by("place")) if c and may_see(request.user, c)
        ],
    }


def name_of(contest: Contest) -> str:
    return (contest.name_en if lang() == "en" and contest.name_en else contest.name_fr) + (
        f", {_t('tour')} {contest.round}" if contest.round > 1 or contest.following.exists() else ""
    )


def level_name(board: Board, level: int) -> str:
    levels = board.contest.election.geography.levels
    found: dict[str, Any] = next((item for item in levels if item.get("level") == level), {})
    return str(found.get("en" if lang() == "en" else "fr") or _t("Zone"))


def trail(contest: Contest, unit: Unit | None, *more: tuple[str, str]) -> list[tuple[str, str]]:
    out = [
        (reverse("results:index"), _t("Résultats")),
        (reverse("results:contest", args=[contest.code]), name_of(contest)),
    ]
    if unit is not None:
        out += [(reverse("results:area", args=[contest.code, u.pk]), u.name) for u in branch(unit)]
    out += more
    out[-1] = ("", out[-1][1])
    return out
