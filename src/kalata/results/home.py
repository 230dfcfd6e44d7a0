"""What this room shows on the front page: the contests with their live results, and the queues that await the reader."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _t

from kalata.country.models import Contest, Station
from kalata.country.queries import latest_packs
from kalata.people import queries as people
from kalata.results.access import visible
from kalata.results.models import Import, StationReport
from kalata.results.numeric.reading import SAYS
from kalata.results.pages import contests as pages
from kalata.results.queries import board as boards
from kalata.results.rules.checks import CHECKS
from kalata.rooms import AtHome, Card, Codes, Figure, Headline, Line, Stage
from kalata.text import Message, told, whole
from kalata.ui import trend


def codes() -> Codes:
    """Codes of findings and of file problems, for the page of codes."""
    return Codes(CHECKS, [(code, says, remedy) for code, (says, remedy) in sorted(SAYS.items())])


def shown(request: HttpRequest) -> AtHome:
    """Candidacies, polling, results and archives: live figures of what the reader may see."""
    seen = visible(request.user)
    drawn = [(c, boards.board(c) if c.revision else None) for c in seen[:6]]
    live = [(c, b, pages.headline(b), b.coverage().share) for c, b in drawn if b]
    stations = (
        Station.objects.filter(contest__in=[c.pk for c in seen]).count() if request.user.is_authenticated else None
    )
    every = len(seen)
    polling = told(_t("%(n)d {n:bureau|bureaux}"), get_language(), {"n": stations}) if stations else ""
    under_way = _t("%(n)d en cours") % {"n": len(live)} if live else ""
    stages = [
        Stage(
            "candidacies",
            told(_t("%(n)d {n:scrutin|scrutins}"), get_language(), {"n": every}),
            reverse("results:index"),
            "part" if every else "",
        ),
        Stage("polling", polling, "", "part" if stations else ""),
        Stage(
            "results",
            under_way,
            reverse("results:index"),
            "now" if live else "",
            int((live[0][3] or 0) * 100) if live else None,
        ),
        Stage("archives", _t("publiés et recalculés"), reverse("results:archives"), "done" if latest_packs() else ""),
    ]
    return AtHome(
        stages=stages,
        cards=[Card(300, "results/_home.html", {"live": live})],
        reading=[Line(900, "doc", _t("Archives"), reverse("results:archives"), _t("Résultats publiés, recalculés"))],
        headline=headline(live[0][0], live[0][2]) if live else None,
        figures=[counted(live[0][0], live[0][1], request.user)] if live and request.user.is_authenticated else [],
        exercise=any(c.election.exercise for c, *_rest in live),
    )


def counted(contest: Contest, board: boards.Board, person: Any) -> Figure:
    """Reports that count, of those expected; how they came in, for who reads those that are not public."""
    cov, words = board.coverage(), get_language() or "fr"
    first = StationReport.objects.filter(contest=contest, version=1)
    points = trend.counted(first, "at") if people.may(person, "results.read", contest=contest.pk) else ()
    href = reverse("results:contest", args=[contest.code])
    return Figure(
        100, _t("PV comptés"), whole(cov.counted, words), f" / {whole(cov.expected, words)}", href, contest.name_fr, points
    )  # fmt: skip


def headline(contest: Contest, says: Message) -> Headline:
    """The first contest opens the front page."""
    return Headline(contest, says, reverse("results:contest", args=[contest.code]), _t("Voir les résultats"))


def waits(request: HttpRequest) -> Iterator[Line]:
    """Imports to finish."""
    if "results.import" in people.rights_of(request.user):
        mine = Import.objects.filter(by=request.user.pk).exclude(state__in=("committed", "discarded"))
        for one in mine.select_related("contest")[:5]:
            says = _t("Terminer l’import « %(name)s »") % {"name": one.name}
            yield Line(200, "doc", says, reverse("results:import", args=[one.pk]), one.contest.name_fr)
