"""Where everything stands: the contests, the chain of papers, queues, pace and desks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _t

from kalata.country.models import Contest
from kalata.deadlines.pages import clocks
from kalata.deadlines.queries import calendars_of_contest
from kalata.people.queries import may
from kalata.people.services import require
from kalata.results.access import contests_with, reads
from kalata.tally.access import paper_for
from kalata.tally.desk_forms import CallForm, FreeForm
from kalata.tally.forms import Board
from kalata.tally.queries import papers as paper_queries
from kalata.tally.queries import staffing, supervision
from kalata.tally.queries.supervision import Queue
from kalata.tally.rules.pace import Health
from kalata.tally.rules.rights import PAPERS
from kalata.tally.services import calling, freeing
from kalata.tally.services import reports as tally
from kalata.tally.views.common import base, contest_of, held, held_in, language, reach, who
from kalata.text import Message, told, translate
from kalata.text import gettext_noop as _
from kalata.ui import edge

DESKS_SHOWN = (
    ("results.receive", "reception", "down", _("Réception"), _("Enregistrer un procès-verbal qui arrive")),
    ("results.scan", "scanning", "img", _("Numérisation"), _("Donner les images, rattacher les pages en attente")),
    ("results.enter", "entry", "kbd", _("Saisie"), _("Prendre le procès-verbal suivant")),
    ("results.arbitrate", "arbitration", "scale", _("Arbitrage"), _("Trancher les lignes qui diffèrent")),
    ("results.visa", "visas", "eye", _("Double visa"), _("Approuver une valeur que nul n’a tapée")),
    ("results.review", "review", "search", _("Contrôle"), _("Répondre aux constats, par constat")),
    ("results.commission", "commission", "people", _("Commission"), _("Valider, récapituler, délibérer")),
    ("results.copy", "copies", "doc", _("Copies des délégués"), _("Comparer les récépissés aux procès-verbaux")),
    ("results.publish", "batches", "shield", _("Lots publiés"), _("Publier par lots numérotés, rappeler")),
    ("results.receive", "custody", "lock", _("Scellés"), _("Sacs, enveloppes, remises et ouvertures")),
    ("results.setup", "printing", "print", _("Formulaires"), _("Imprimer procès-verbaux, récapitulatifs, bordereaux")),
    ("results.read", "papers", "list", _("Tous les procès-verbaux"), _("Chercher un procès-verbal et son histoire")),
)


WIDE = frozenset({"results.read", "results.setup", "results.commission"})
"""Rights that show the board of supervision, of their territories; who can still win is national."""


def open_desks(rights: set[str]) -> list[tuple[str, str, str, str]]:
    """(address, icon, name, what for) of the desks these rights open."""
    return [
        (url, icon, name, says) for right, url, icon, name, says in DESKS_SHOWN if right in rights or url == "papers"
    ]


@login_required
def index(request: HttpRequest) -> HttpResponse:
    """The contests whose papers one may have in hand."""
    rights = held(request)
    if not rights:
        require(who(request), "results.read")
    rows = []
    for one in contests_with(request.user, rights):
        progress = paper_queries.progress(one, reach(request, one, *PAPERS))
        done = sum(progress.get(s, 0) for s in supervision.STAGES[-1].states)
        rows.append((one, sum(progress.values()), done))
    return render(
        request,
        "tally/index.html",
        {"section": "tally", "rows": rows, "crumbs": [("", _t("Centralisation"))]},
    )


@login_required
def overview(request: HttpRequest, code: str) -> HttpResponse:
    """The supervision board; a clerk sees the desks that are his, and the chain."""
    contest = contest_of(request, code)
    if request.method != "POST" and held_in(request, contest) == {
        "results.copy"
    }:  # an agent learns nothing of the papers on their way
        return redirect("tally:copies", code)
    act = edge.button(request, "", "free", "call") if request.method == "POST" else ""
    if act == "call":
        return called(request, contest)
    if act == "free":
        sent = edge.posted(request, FreeForm)
        held_paper = paper_for(who(request), contest, sent.paper, {"results.setup"})
        paper = freeing.free(paper_id=held_paper.pk, reason=sent.reason, by=who(request), seen=sent.seen)
        messages.success(request, _t("%(code)s : repris, il revient dans sa file.") % {"code": paper.station.code})
        return redirect("tally:overview", code)
    if request.method == "POST":
        added = tally.open_register(contest=contest, by=who(request))
        messages.success(request, told(_t("Registre ouvert : %(n)d {n:procès-verbal attendu|procès-verbaux attendus} de plus."), get_language(), {"n": added}))
        return redirect("tally:overview", code)
    context = base(request, contest)
    wide = bool(WIDE & context["held"])
    mine = reach(request, contest, *(WIDE if wide else PAPERS))
    seen = supervision.now_and(contest, mine)
    return render(
        request,
        "tally/overview.html",
        {
            **context,
            **seen,
            "wide": wide,
            "desks_open": open_desks(context["held"]),
            "stations": contest.stations.filter(mine.on("unit")).count(),
            "headline": headline(seen).text(language()),
            "calls": may(request.user, "results.setup", contest=contest.pk),
            "frozen": edge.asked(request, Board).fige,
            "prospects": supervision.prospects(contest) if reads(request.user, contest, None) else None,
            "clocks": clocks(calendars_of_contest(contest.election_id, request.user), contest.round, seen["now"]),
            "bars": bars(seen["hours"], top := round_top(seen["peak"])),
            "scale": [top, top // 2, 0],
            "hours_shown": [seen["hours"][i][0] for i in (0, 6, 12, 18)],
            "steps": {q.stage.key: next_step(q, seen["standby"]) for q in seen["queues"]},
            "tasks": {right: translate(name, language()) for right, _u, _i, name, _s in reversed(DESKS_SHOWN)},
            "health": {h.value: translate(text, language()) for h, text in HEALTHS.items()},
        },
    )


def called(request: HttpRequest, contest: Contest) -> HttpResponse:
    """Call a person to another desk."""
    sent = edge.posted(request, CallForm)
    url, name = DESK_OF.get(sent.right, ("overview", sent.right))
    person = calling.call(
        contest=contest, right=sent.right, desk=name, username=sent.who, by=who(request),
        href=reverse(f"tally:{url}", args=[contest.code]), reach=reach(request, contest, *WIDE),
    )  # fmt: skip
    messages.success(request, _t("%(who)s est appelé au poste « %(desk)s » : un avis lui est parti.") % {"who": person.username, "desk": translate(name, language())})  # fmt: skip
    return redirect("tally:overview", contest.code)


def round_top(peak: int) -> int:
    """The even round number at the top of a scale that holds the peak."""
    size = 2
    while size < peak:
        size = size * 5 // 2 if str(size)[0] == "2" else size * 2
    return size


DESK_OF = {right: (url, name) for right, url, _icon, name, _says in reversed(DESKS_SHOWN)}


def next_step(queue: Queue, standby: Mapping[str, list[str]]) -> Message:
    """What to do about a queue, in one sentence, naming who could come; never a blame."""
    free = ", ".join(standby.get(queue.stage.right, [])[: staffing.NAMED])
    if queue.alone and free:
        return Message(_("Appeler une autre personne que celle de la première saisie : %(who)s"), {"who": free})
    if not queue.people and free:
        return Message(_("Personne à ce poste depuis une heure : appeler %(who)s"), {"who": free})
    if not queue.people:
        return Message(_("Personne ne tient ce poste ici : demander un mandat"))
    if queue.health in (Health.BLOCKED, Health.SLOW) and free:
        return Message(_("Renforcer le poste : appeler %(who)s"), {"who": free})
    if queue.health in (Health.BLOCKED, Health.SLOW):
        return Message(_("Tous ceux qui peuvent sont au poste : demander un mandat de plus"))
    return Message(_("Laisser faire"))


def bars(hours: list[Any], peak: int) -> list[dict[str, str]]:
    """The bars of the last day in hundredths of their box."""
    out = []
    for i, (_hour, n) in enumerate(hours):
        height = 100 * n // peak if peak else 0
        out.append({"x": f"{i * 100 / 24 + 0.5:.2f}", "y": str(100 - height), "h": str(height)})
    return out


HEALTHS = {Health.BLOCKED: _("Bloquée"), Health.SLOW: _("Ralentie"), Health.FLOWING: _("Suivie"), Health.EMPTY: "–"}


def headline(seen: dict[str, Any]) -> Message:
    """The sentence before the figures: what holds things up, or that nothing does."""
    if not seen["total"]:
        return Message(_("Le registre des procès-verbaux attendus n’est pas ouvert"))
    stuck = [q for q in seen["queues"] if q.health in (Health.BLOCKED, Health.SLOW)]
    if stuck:
        return Message(
            _("%(queue)s : %(n)d {n:procès-verbal attend|procès-verbaux attendent} au-delà du délai cible"),
            {"queue": Message(stuck[0].stage.label), "n": stuck[0].count},
        )
    if seen["done"] + seen["outside"] >= seen["total"]:
        return Message(_("Tous les procès-verbaux sont validés ou constatés manquants"))
    return Message(
        _("%(done)d {done:procès-verbal validé|procès-verbaux validés} sur %(all)d, aucune file en retard"),
        {"done": seen["done"], "all": seen["total"]},
    )
