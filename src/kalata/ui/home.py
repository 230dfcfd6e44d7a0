"""The front page: the electoral cycle with the live state of each stage, what awaits the reader, and a card of each room.

No room is named here: each shows what it has (`Room.home`, `Room.waits`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _t

from kalata import rooms
from kalata.rooms import AtHome, Card, Headline, Line, Stage
from kalata.text import gettext_noop as _

CYCLE = {
    "law": _("Cadre juridique"),
    "planning": _("Planification"),
    "register": _("Fichier"),
    "candidacies": _("Candidatures"),
    "training": _("Formation"),
    "polling": _("Scrutin"),
    "results": _("Résultats"),
    "log": _("Journal public"),
    "disputes": _("Contentieux"),
    "archives": _("Archives"),
}
"""The stages of an election, in order. One that no room fills is said not to be in Kalata yet."""
NOT_YET = Stage("", "")


def waiting(request: HttpRequest) -> list[Line]:
    """What every room has waiting for this person, in order of place."""
    found = [one for room in rooms.every() if room.waits for one in rooms.load(room.waits)(request)]
    return sorted(found, key=lambda one: one.place)


def shown(request: HttpRequest) -> list[AtHome]:
    return [rooms.load(room.home)(request) for room in rooms.every() if room.home]


def cycle(stages: Sequence[Stage]) -> list[tuple[str, Stage]]:
    """Every stage with its name: only those that a room fills are shown as working, with live figures."""
    filled = {one.key: one for one in stages}
    return [(_t(name), filled.get(key, NOT_YET)) for key, name in CYCLE.items()]


def page(request: HttpRequest) -> dict[str, Any]:
    every = shown(request)
    headline: Headline | None = next((one.headline for one in reversed(every) if one.headline), None)
    cards = [card for one in every for card in one.cards]
    if request.user.is_authenticated:
        cards.append(Card(100, "ui/_todo.html", {"todo": waiting(request)}))
    else:
        reading = sorted((line for one in every for line in one.reading), key=lambda line: line.place)
        cards.append(rooms.lines(400, _t("Pays et textes"), reading))
    return {
        "section": "home",
        "headline": headline,
        "stages": cycle([stage for one in every for stage in one.stages]),
        "cards": sorted(cards, key=lambda card: card.place),
        "exercise": any(one.exercise for one in every),
    }
