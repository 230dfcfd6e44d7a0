"""What waits at the desks of the tally centre, as the home page shows it."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from kalata.country.queries import contests
from kalata.people import queries as people
from kalata.rooms import Line
from kalata.tally.rules.lifecycle import State
from kalata.tally.services import reports as tally
from kalata.text import Message
from kalata.text import gettext_noop as _

QUEUES = (
    ("results.receive", State.INCIDENT, "warn", "reception/", _("%(n)d incidents à régler")),
    ("results.scan", State.RECEIVED, "img", "numerisation/", _("%(n)d procès-verbaux à numériser")),
    ("results.enter", State.SCANNED, "kbd", "saisie/", _("%(n)d premières saisies à faire")),
    ("results.enter", State.FIRST_ENTERED, "kbd", "saisie/", _("%(n)d secondes saisies à faire")),
    ("results.arbitrate", State.DIFFERENT, "scale", "arbitrage/", _("%(n)d procès-verbaux à arbitrer")),
    ("results.visa", State.SECOND_VISA, "eye", "visa/", _("%(n)d valeurs à viser")),
    ("results.review", State.UNDER_REVIEW, "search", "controle/", _("%(n)d procès-verbaux à examiner")),
    ("results.commission", State.CHECKED, "people", "commission/", _("%(n)d procès-verbaux à valider")),
    ("results.publish", State.VALIDATED, "shield", "lots/", _("%(n)d procès-verbaux validés à publier")),
)
"""What waits in the tally centre, by right: state, icon, desk, sentence."""


def waits(request: HttpRequest) -> list[Line]:
    """The queues of the tally centre that this person may empty: a line each, never a paper one has had in hand."""
    rights = people.rights_of(request.user)
    mine = [q for q in QUEUES if q[0] in rights]
    out: list[Line] = []
    for contest in contests(unpublished=True)[:12] if mine else ():
        here = reverse("tally:overview", args=[contest.code])
        for right, state, icon, desk_of, says in mine:
            if people.reach(request.user, right, contest=contest.pk):
                n = tally.waiting(contest, request.user, right, state).count()  # type: ignore[arg-type]
                if n:
                    text = Message(says, {"n": n}).text(get_language() or "fr")
                    out.append(Line(300, icon, text, here + desk_of, contest.name_fr))
    return out
