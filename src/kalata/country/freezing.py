"""From the first figure on, what gives figures their meaning is frozen: list, boxes, rules, rounds, constituencies, places.

This room does not know figures: the room that does says, through `SOURCES`, since when a contest has some. The
limits of the database (`tally.models.limits`) refuse the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from kalata.country.models import Contest
from kalata.refusals import Refused
from kalata.text import Message
from kalata.text import gettext_noop as _


@dataclass(frozen=True, slots=True)
class Freeze:
    """What froze a contest, and when."""

    what: str
    at: datetime


SOURCES: list[Callable[[Contest], Freeze | None]] = []
"""Asked in turn: the first figure of a contest, where it has one."""

PUBLIC: list[Callable[[Contest], datetime | None]] = []
"""Asked in turn: since when a contest has been public, be it withdrawn since. What was public is not unread."""


DEPENDS: list[Callable[[Contest], Iterable[tuple[str, Message]]]] = []
"""Asked in turn: (what of a contest, what was made from it). A name printed, a day counted from, boxes on paper."""


def held_by(contest: Contest) -> dict[str, list[Message]]:
    """What of a contest is held, and by what: all of it once there are figures or it was public; else what rooms made of it."""
    found: dict[str, list[Message]] = {}
    public = public_since(contest)
    freeze = Freeze(_("publication"), public) if public else freeze_of(contest)
    if freeze is not None:
        says = Message(_("il y a des chiffres depuis le %(at)s (%(what)s)"), {"at": timezone.localtime(freeze.at).date(), "what": Message(freeze.what)})  # fmt: skip
        fields = ("name_fr", "name_en", "polling_day", "boxes", "expected_stations")
        unset = contest.polling_day is None and public is None  # a day that was never told contradicts no figure
        found = {field: [says] for field in fields if not (unset and field == "polling_day")}
    for source in DEPENDS:
        for field, says in source(contest):
            found.setdefault(field, []).append(says)
    return found


def public_since(contest: Contest) -> datetime | None:
    return next((at for ask in PUBLIC if (at := ask(contest)) is not None), contest.published_at)


MEANING = {
    "options": _("la liste des candidatures et leur ordre"),
    "system": _("le mode de scrutin"),
    "boxes": _("les rubriques du formulaire"),
    "round": _("le tour"),
    "previous": _("le tour précédent"),
    "constituency_level": _("le niveau des circonscriptions"),
    "annulled_keeps": _("ce qui reste compté d’un bureau annulé"),
    "election": _("la consultation"),
    "code": _("le code"),
    "constituencies": _("les circonscriptions et leurs sièges"),
    "expected_stations": _("le nombre de bureaux attendus"),
    "absent": _("les bureaux absents de la source"),
}
BY_TWO = frozenset({"constituencies"})
"""Frozen for one person; two may correct it before the first publication."""
ONCE_PUBLIC = frozenset({"expected_stations", "absent"})
"""Frozen from the first publication on only; a withdrawal frees nothing."""


class ContestLocked(Refused):
    code = "CON-101"
    says = _("Le scrutin « %(contest)s » est figé depuis le %(at)s (%(what)s) : %(field)s ne change plus.")
    remedy = _(
        "L’orthographe d’un nom et, avant la première publication, les circonscriptions et leurs sièges se corrigent à deux personnes, depuis la page du scrutin."
    )


def freeze_of(contest: Contest) -> Freeze | None:
    """The earliest figure of a contest; None while nothing was typed or imported."""
    found = [freeze for source in SOURCES if (freeze := source(contest)) is not None]
    return min(found, key=lambda freeze: freeze.at, default=None)


def free(contest: Contest, *fields: str, two: bool = False) -> None:
    """Let these things of a contest change, or refuse (CON-101). two: two persons agreed on it."""
    public = public_since(contest)
    held = [f for f in fields if not (f in ONCE_PUBLIC and public is None)]
    if not held:
        return
    freeze = Freeze(_("publication"), public) if public else freeze_of(contest)
    if freeze is None or (two and public is None and set(held) <= BY_TWO):
        return
    when = timezone.localtime(freeze.at).strftime("%d/%m/%Y %H:%M")
    raise ContestLocked(contest=contest.name_fr, at=when, what=freeze.what, field=MEANING[held[0]])
