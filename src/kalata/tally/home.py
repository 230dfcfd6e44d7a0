"""What waits at the desks of the tally centre, as the home page shows it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Count, Min
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _t

from kalata.country.models import Contest
from kalata.country.queries import contests
from kalata.people import queries as people
from kalata.rooms import AtHome, Card, Figure, Line
from kalata.tally.access import papers_of
from kalata.tally.models import Passage
from kalata.tally.queries import own_day
from kalata.tally.rules.lifecycle import State
from kalata.tally.services import reports as tally
from kalata.text import Message, told, whole
from kalata.text import gettext_noop as _
from kalata.ui import home, trend
from kalata.ui.templatetags.kalata import span

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
BLIND = ("results.enter", "results.arbitrate", "results.visa")
"""Desks where nobody takes a paper that they have had in hand."""


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


def own(request: HttpRequest) -> AtHome:
    """The home of who works paper by paper: their day, and what waits that they may not take."""
    day = own_day.day(request.user, timezone.now())  # type: ignore[arg-type]
    cards = [Card(home.OWN_DAY, "tally/_own_day.html", {"day": day})] if day else []
    return AtHome(cards=cards, aside=list(not_for(request)))


def queue(request: HttpRequest, contest: Contest, right: str, state: State) -> tuple[int, datetime | None]:
    """How many papers this person may take there, and since when the oldest waits; asked once for a page."""
    asked: dict[Any, Any] = vars(request).setdefault("tally_queues", {})
    key = (contest.pk, right, state)
    if key not in asked:
        found = tally.waiting(contest, request.user, right, state).order_by()  # type: ignore[arg-type]
        asked[key] = tuple(found.aggregate(n=Count("pk"), oldest=Min("since")).values())
    return asked[key]  # type: ignore[no-any-return]


def not_for(request: HttpRequest) -> Iterator[Line]:
    """Papers of one's desks that another person must take, with the reason: they were seen before."""
    person, rights = request.user, people.rights_of(request.user)
    for contest in contests(unpublished=True)[:12]:
        for right in BLIND:
            if right in rights and people.reach(person, right, contest=contest.pk):
                states = [state for own, state, *_rest in QUEUES if own == right]
                every = papers_of(person, contest, {right}).filter(state__in=states).count()
                n = every - sum(queue(request, contest, right, state)[0] for state in states) if every else 0
                if n:
                    says = ngettext("Pas pour vous : déjà eu en main par vous", "Pas pour vous : déjà eus en main par vous", n)
                    why = _t("Une autre personne doit les prendre : personne ne voit deux fois le même procès-verbal.")
                    yield Line(310, "lock", says, "", why, told(_t("%(n)d {n:PV|PV}"), get_language(), {"n": n}))


def in_hand(person: Any, rights: set[str]) -> Iterator[Line]:
    """The paper that one left half done: it comes first, with the line to go on from and the hour it goes back."""
    now = timezone.now()
    for paper in own_day.in_hand(person, now):
        entry = paper.state in own_day.ENTRIES
        if ("results.enter" if entry else "results.arbitrate") not in rights:
            continue
        url = reverse("tally:entry" if entry else "tally:arbitration", args=[paper.contest.code])
        until = timezone.localtime(paper.held_until).strftime("%H:%M") if paper.held_until else ""
        place = f"{paper.station.name or paper.station.centre}, {paper.contest.name_fr}".lstrip(", ")
        back = _t("gardé jusqu’à %(at)s, ensuite il retourne dans la file") % {"at": until}
        says, do = _t("PV %(code)s à reprendre") % {"code": paper.station.code}, _t("Reprendre ce PV")
        if entry and (at := next_line(paper, person)):
            says = _t("PV %(code)s à reprendre à la ligne %(n)d") % {"code": paper.station.code, "n": at}
            do = _t("Reprendre à la ligne %(n)d") % {"n": at}
        yield Line(290, "back", says, url, f"{place} · {back}", do=do)


def next_line(paper: Any, person: Any) -> int:
    """The first line with nothing in it, after the last that has something; 0: nothing is typed yet, or all is."""
    kept, keys = own_day.kept_lines(paper, person), own_day.line_keys(paper.contest)
    last = max((n for n, key in enumerate(keys, 1) if key in kept), default=0)
    return last + 1 if 0 < last < len(keys) else 0


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
    out += in_hand(request.user, rights) if {"results.enter", "results.arbitrate"} & rights else ()
    for contest in contests(unpublished=True)[:12] if mine or receives else ():
        here = reverse("tally:overview", args=[contest.code])
        if receives and people.reach(request.user, "results.receive", contest=contest.pk):
            out += to_receive(contest, request.user)
        for right, state, icon, desk_of, says in mine:
            if people.reach(request.user, right, contest=contest.pk):
                n, oldest = queue(request, contest, right, state)
                if n:
                    text = Message(says, {"n": n}).text(get_language() or "fr")
                    age = _t("depuis %(long)s") % {"long": span(timezone.now() - oldest)} if oldest else ""
                    out.append(Line(300, icon, text, here + desk_of, contest.name_fr, age))
    return out
