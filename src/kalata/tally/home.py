"""What waits at the desks of the tally centre, as the home page shows it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, ngettext

from kalata.country.models import Contest
from kalata.country.queries import contests
from kalata.people import queries as people
from kalata.rooms import AtHome, Figure, Line
from kalata.tally.access import papers_of
from kalata.tally.models import Passage
from kalata.tally.rules.lifecycle import State
from kalata.tally.services import reports as tally
from kalata.text import Message, whole
from kalata.text import gettext_noop as _
from kalata.ui import trend

QUEUES = (
    ("results.receive", State.INCIDENT, "warn", "reception/", _("%(n)d {n:incident|incidents} à régler")),
    ("results.scan", State.RECEIVED, "img", "numerisation/", _("%(n)d {n:procès-verbal|procès-verbaux} à numériser")),
    ("results.enter", State.SCANNED, "kbd", "saisie/", _("%(n)d premières saisies à faire")),
    ("results.enter", State.FIRST_ENTERED, "kbd", "saisie/", _("%(n)d {n:seconde saisie|secondes saisies} à faire")),
    ("results.arbitrate", State.DIFFERENT, "scale", "arbitrage/", _("%(n)d {n:procès-verbal|procès-verbaux} à arbitrer")),
    ("results.visa", State.SECOND_VISA, "eye", "visa/", _("%(n)d {n:valeur|valeurs} à viser")),
    ("results.review", State.UNDER_REVIEW, "search", "controle/", _("%(n)d {n:procès-verbal|procès-verbaux} à examiner")),
    ("results.commission", State.CHECKED, "people", "commission/", _("%(n)d {n:procès-verbal|procès-verbaux} à valider")),
    ("results.publish", State.VALIDATED, "shield", "lots/", _("%(n)d {n:procès-verbal validé|procès-verbaux validés} à publier")),
)
"""What waits in the tally centre, by right: state, icon, desk, sentence."""


def shown(request: HttpRequest) -> AtHome:
    """How many papers came in, for who oversees the centre: of one's own territory."""
    if "results.read" not in people.rights_of(request.user):
        return AtHome()
    lang = get_language() or "fr"
    for contest in contests(unpublished=True)[:12]:
        if not people.reach(request.user, "results.read", contest=contest.pk):
            continue
        mine = papers_of(request.user, contest, {"results.read"})
        every = mine.count()
        came = Passage.objects.filter(paper__in=mine.order_by().values("pk"), to=State.RECEIVED, version=1)
        if every and (points := trend.counted(came, "at")):
            label = Message(_("PV reçus"), {}).text(lang)
            href = reverse("tally:overview", args=[contest.code])
            return AtHome(figures=[Figure(200, label, whole(points[-1], lang), f" / {whole(every, lang)}", href, contest.name_fr, points)])  # fmt: skip
    return AtHome()


def to_receive(contest: Contest, person: Any) -> Iterator[Line]:
    """The way to the reception desk, whatever is on the road: its work comes by hand."""
    n = papers_of(person, contest, {"results.receive"}).filter(state=State.EXPECTED).count()
    if n:
        says = ngettext("%(n)d procès-verbal encore attendu à la réception", "%(n)d procès-verbaux encore attendus à la réception", n)  # fmt: skip
        yield Line(299, "doc", says % {"n": n}, reverse("tally:reception", args=[contest.code]), contest.name_fr)


def waits(request: HttpRequest) -> list[Line]:
    """The queues of the tally centre that this person may empty: a line each, never a paper one has had in hand."""
    rights = people.rights_of(request.user)
    mine = [q for q in QUEUES if q[0] in rights]
    out: list[Line] = []
    receives = "results.receive" in rights
    for contest in contests(unpublished=True)[:12] if mine or receives else ():
        here = reverse("tally:overview", args=[contest.code])
        if receives and people.reach(request.user, "results.receive", contest=contest.pk):
            out += to_receive(contest, request.user)
        for right, state, icon, desk_of, says in mine:
            if people.reach(request.user, right, contest=contest.pk):
                n = tally.waiting(contest, request.user, right, state).count()  # type: ignore[arg-type]
                if n:
                    text = Message(says, {"n": n}).text(get_language() or "fr")
                    out.append(Line(300, icon, text, here + desk_of, contest.name_fr))
    return out
