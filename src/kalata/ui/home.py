"""The front page: for the public the electoral cycle; for who works here, what waits for them first, then the election.

No room is named here: each shows what it has (`Room.home`, `Room.waits`). Who only works paper by paper (`Right.hand`)
is shown that work and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _t

from kalata import rooms
from kalata.country import queries as country
from kalata.country.models import Contest
from kalata.people import queries
from kalata.rooms import AtHome, Figure, Headline, Line, Stage
from kalata.text import Message
from kalata.text import gettext_noop as _
from kalata.ui import trend

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
MOST = 4
"""Figures that one looks at: more are a table."""


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


def by_hand(request: HttpRequest) -> bool:
    """True for who holds rights, all of them of work done paper by paper."""
    held = queries.rights_of(request.user)
    known = rooms.rights()
    return bool(held) and all(key in known and known[key].hand for key in held)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A figure with its line."""

    figure: Figure
    path: str

    @property
    def says(self) -> str:
        """What the line tells, in words."""
        first, last = self.figure.trend[0], self.figure.trend[-1]
        return _t("%(label)s : de %(first)d à %(last)d") % {"label": self.figure.label, "first": first, "last": last}


def page(request: HttpRequest) -> dict[str, Any]:
    if request.user.is_authenticated and by_hand(request):
        return desk(request)
    every = shown(request)
    headline: Headline | None = next((one.headline for one in reversed(every) if one.headline), None)
    found: dict[str, Any] = {
        "section": "home",
        "headline": headline,
        "stages": cycle([stage for one in every for stage in one.stages]),
        "cards": sorted((card for one in every for card in one.cards), key=lambda card: card.place),
        "exercise": any(one.exercise for one in every),
    }
    if not request.user.is_authenticated:
        reading = sorted((line for one in every for line in one.reading), key=lambda line: line.place)
        card = rooms.lines(400, _t("Pays et textes"), reading)
        return found | {"cards": sorted([*found["cards"], card], key=lambda card: card.place)}
    todo, late = waiting(request), [line for one in every for line in one.late]
    soon = [line for one in every for line in one.soon]
    next_one = nearest(request.user)
    figures = sorted((f for one in every for f in one.figures), key=lambda f: f.place)[:MOST]
    return found | {
        "says": sentence(headline, next_one, *split(late, next_one)),
        "day": days(next_one),
        "todo": todo,
        "lead": todo[0] if todo else None,
        "columns": [
            ("late", _t("En retard"), late, _t("Aucun retard n’est connu ici.")),
            ("soon", _t("Les sept prochains jours"), soon, _t("Aucune échéance connue dans les sept jours.")),
            ("proved", _t("Prouvé"), [line for one in every for line in one.proved], _t("Rien n’est encore signé au journal public.")),
        ],
        "figures": [Drawn(f, trend.path(f.trend)) for f in figures],
    }  # fmt: skip


def desk(request: HttpRequest) -> dict[str, Any]:
    """The home of who works paper by paper: the first thing that waits, then the rest of the queue."""
    todo = waiting(request)
    every = [rooms.load(room.own)(request) for room in rooms.every() if room.own]
    cards = [card for one in every for card in one.cards]
    return {
        "section": "home",
        "by_hand": True,
        "todo": todo,
        "lead": todo[0] if todo else None,
        "aside": [line for one in every for line in one.aside],
        "cards": [card for card in cards if card.place == MANDATES],
        "below": [card for card in cards if card.place == OWN_DAY],
    }


MANDATES, OWN_DAY = 400, 390
"""The places of the cards of a home of desks: one's mandates, one's own day."""


def nearest(person: Any) -> Contest | None:
    """The contest that is prepared now: the next polling day that is set, exercises last. None: no day is to come."""
    today = timezone.localdate()
    coming = [
        c
        for c in country.contests(unpublished=True)
        if c.polling_day and c.polling_day >= today and (c.published_at or works_on(person, c))
    ]
    return min(coming, key=lambda c: (c.election.exercise, c.polling_day or date.max), default=None)


def works_on(person: Any, contest: Contest) -> bool:
    """True for who holds any right over a contest, be it in a part of the territory."""
    return any(queries.reach(person, right, contest=contest.pk) for right in queries.rights_of(person))


def days(contest: Contest | None) -> str:
    """J−34, before a polling day."""
    if contest is None or contest.polling_day is None:
        return ""
    return _t("J−%(n)d") % {"n": (contest.polling_day - timezone.localdate()).days}


def split(late: Sequence[Line], contest: Contest | None) -> tuple[int, int]:
    """Late acts of the vote that is prepared, and of the others."""
    own = sum(line.election == contest.election_id for line in late) if contest else 0
    return own, len(late) - own


def sentence(headline: Headline | None, contest: Contest | None, late: int, elsewhere: int = 0) -> Message | str:
    """The state of the election in one sentence: of the vote that is prepared, else of the figures there are.

    late: its late acts; elsewhere: those of other votes, which stand in the list under the sentence.
    """
    if contest is not None and contest.polling_day is not None:
        if not late and elsewhere:
            told = _("Le scrutin du %(day)s est à l’heure ; %(n)d {n:retard d’un autre vote reste|retards d’autres votes restent} à lever")
            return Message(told, {"day": contest.polling_day, "n": elsewhere})
        if not late:
            return Message(_("Le scrutin du %(day)s n’a aucun retard connu"), {"day": contest.polling_day})
        says = ngettext(
            "Le scrutin du %(day)s a %(n)d retard à lever", "Le scrutin du %(day)s a %(n)d retards à lever", late
        )
        return says % {"day": Message("%(day)s", {"day": contest.polling_day}).text(lang()), "n": late}
    if headline is not None:
        return headline.says  # type: ignore[no-any-return]
    return _t("Aucun scrutin n’a encore de jour")


def lang() -> str:
    return get_language() or "fr"
