"""What the home page shows: the cycle with the live state of each stage, and what awaits."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _t

from kalata.country.models import Station
from kalata.country.queries import contests, latest_packs
from kalata.country.rules.pack import is_unverified
from kalata.deadlines import alerts
from kalata.deadlines import queries as deadlines
from kalata.people import queries as people
from kalata.people.models import Person
from kalata.results import board as boards
from kalata.results import pages, tally
from kalata.results.access import visible
from kalata.results.models import Import
from kalata.results.numeric.reading import SAYS
from kalata.results.rules.checks import CHECKS
from kalata.results.rules.lifecycle import State
from kalata.text import Message
from kalata.text import gettext_noop as _
from kalata.transparency import publiclog


def registries() -> tuple[Any, list[tuple[str, str, str]]]:
    """Codes of findings and of file problems, for the page of codes; loads every room that can refuse."""
    from kalata.country import outlines  # noqa: F401
    from kalata.deadlines import commands as legal_time_commands  # noqa: F401
    from kalata.results import commands, committing  # noqa: F401
    from kalata.transparency import log_commands  # noqa: F401
    from kalata.transparency.site import builder  # noqa: F401
    from kalata.transparency.site import commands as site_commands  # noqa: F401

    return CHECKS, [(code, says, remedy) for code, (says, remedy) in sorted(SAYS.items())]


def page(request: HttpRequest) -> dict[str, Any]:
    """The cycle: only the stages that exist in the product are shown as working, with live figures."""
    seen = visible(request.user)
    shown = [(c, boards.board(c) if c.revision else None) for c in seen[:6]]
    live = [(c, b, pages.headline(b), b.coverage().share) for c, b in shown if b]
    packs = latest_packs()
    facts = [r for v in packs for rows in v.pack.sections.values() for r in rows]
    stations = (
        Station.objects.filter(contest__in=[c.pk for c in seen]).count() if request.user.is_authenticated else None
    )
    every = len(seen)
    calendars, soon, overdue = legal_time(request)
    entries = publiclog.signed_entries()
    stages = [
        (
            _t("Cadre juridique"),
            _t("%(n)d faits, %(u)d à vérifier") % {"n": len(facts), "u": sum(map(is_unverified, facts))},
            "/pays/",
            "part" if packs else "",
        ),
        (
            _t("Planification"),
            ngettext("%(n)d échéance dans sept jours", "%(n)d échéances dans sept jours", len(soon)) % {"n": len(soon)},
            "/echeances/",
            "now" if calendars else "",
        ),
        (_t("Fichier"), "", "", ""),
        (_t("Candidatures"), _t("%(n)d scrutins") % {"n": every}, "/resultats/", "part" if every else ""),
        (_t("Formation"), "", "", ""),
        (_t("Scrutin"), _t("%(n)d bureaux") % {"n": stations} if stations else "", "", "part" if stations else ""),
        (
            _t("Résultats"),
            _t("%(n)d en cours") % {"n": len(live)} if live else "",
            "/resultats/",
            "now" if live else "",
        ),
        (
            _t("Journal public"),
            _t("%(n)d inscriptions signées") % {"n": entries} if entries else "",
            "/preuves/",
            "now" if entries else "",
        ),
        (_t("Contentieux"), "", "", ""),
        (_t("Archives"), _t("publiés et recalculés"), "/resultats/archives/", "done" if packs else ""),
    ]
    context: dict[str, Any] = {
        "section": "home",
        "soon": soon[:6],
        "overdue": overdue[:6],
        "calendars": calendars,
        "stages": stages,
        "live": live,
        "packs": packs,
        "exercise": any(c.election.exercise for c, *_rest in live),
    }
    if request.user.is_authenticated:
        context |= desk(request)
    return context


def legal_time(request: HttpRequest) -> tuple[list[Any], list[alerts.Due], list[alerts.Due]]:
    """Calendars one may see, what is due within seven days and what is late, nearest first."""
    now = timezone.now()
    calendars = list(deadlines.calendars(request.user)[:8])
    soon: list[alerts.Due] = []
    overdue: list[alerts.Due] = []
    for calendar in calendars:
        legal = deadlines.legal(calendar)
        soon += alerts.coming(calendar, legal, now)
        overdue += alerts.late(calendar, legal, now)
    return calendars, sorted(soon, key=lambda d: d.at), sorted(overdue, key=lambda d: d.at, reverse=True)


QUEUES = (
    ("results.scan", State.RECEIVED, "img", "numerisation/", _("%(n)d procès-verbaux à numériser")),
    ("results.enter", State.SCANNED, "kbd", "saisie/", _("%(n)d premières saisies à faire")),
    ("results.enter", State.FIRST_ENTERED, "kbd", "saisie/", _("%(n)d secondes saisies à faire")),
    ("results.arbitrate", State.DIFFERENT, "scale", "arbitrage/", _("%(n)d procès-verbaux à arbitrer")),
    ("results.visa", State.SECOND_VISA, "eye", "visa/", _("%(n)d valeurs à viser")),
    ("results.review", State.UNDER_REVIEW, "search", "controle/", _("%(n)d procès-verbaux à examiner")),
    ("results.commission", State.CHECKED, "people", "commission/", _("%(n)d procès-verbaux à valider")),
)
"""What waits in the tally centre, by right: state, icon, desk, sentence."""


def tally_queues(request: HttpRequest) -> list[tuple[str, str, str, str]]:
    """The queues of the tally centre that this person may empty: a line each, never a paper one has had in hand."""
    rights = people.rights_of(request.user)
    mine = [q for q in QUEUES if q[0] in rights]
    out: list[tuple[str, str, str, str]] = []
    for contest in contests(unpublished=True)[:12] if mine else ():
        here = f"/resultats/centralisation/{contest.code}/"
        for right, state, icon, desk_of, says in mine:
            if people.reach(request.user, right, contest=contest.pk):
                n = tally.waiting(contest, request.user, right, state).count()  # type: ignore[arg-type]
                if n:
                    text = Message(says, {"n": n}).text(get_language() or "fr")
                    out.append((icon, text, here + desk_of, contest.name_fr))
    return out


def desk(request: HttpRequest) -> dict[str, Any]:
    """What awaits this person: decisions to take, imports to finish, accounts to close the loop on."""
    rights = people.rights_of(request.user)
    todo: list[tuple[str, str, str, str]] = []
    waiting = people.waiting_approvals(request.user)
    for approval in waiting[:5]:
        todo.append(
            (
                "lock",
                approval.summary,
                f"/personnes/approbations/{approval.pk}/",
                _t("demandé par %(who)s") % {"who": approval.asked_by.username},
            )
        )
    if "results.import" in rights:
        for one in (
            Import.objects.filter(by=request.user.pk)
            .exclude(state__in=("committed", "discarded"))
            .select_related("contest")[:5]
        ):
            todo.append(
                (
                    "doc",
                    _t("Terminer l’import « %(name)s »") % {"name": one.name},
                    f"/resultats/gerer/imports/{one.pk}/",
                    one.contest.name_fr,
                )
            )
    todo += tally_queues(request)
    if people.may(request.user, "people.manage"):
        idle = Person.objects.filter(activated_at__isnull=True).count()
        if idle:
            todo.append(
                ("people", _t("%(n)d comptes attendent leur activation") % {"n": idle}, "/personnes/?etat=waiting", "")
            )
    return {"todo": todo, "mine": people.live_mandates(request.user)}  # type: ignore[arg-type]
