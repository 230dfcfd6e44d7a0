"""Public results pages: each shows live totals of the current records."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t

from kalata.country.models import Contest
from kalata.country.services import fold
from kalata.deadlines.pages import clocks
from kalata.deadlines.queries import calendars_of_contest
from kalata.results import court
from kalata.results.access import contest_for, unit_or_404, visible
from kalata.results.pages import contests as pages
from kalata.results.pages.frame import lang, level_name, name_of, shared, trail
from kalata.results.pages.new_contest import warned
from kalata.results.queries import archives as archive_reads
from kalata.results.queries import board as boards
from kalata.results.queries import comparing
from kalata.results.rules import checks as check_rules
from kalata.results.rules import ties
from kalata.results.rules.outcome import STATUS_LABELS
from kalata.results.rules.systems import KIND_LABELS, Kind
from kalata.results.views.stations import Map, mapped, station_page
from kalata.transparency.site import serving
from kalata.ui import edge, fields


class ContestList(edge.Edge):
    """What narrows a list of contests."""

    q = fields.TextField()
    genre = fields.ChoiceField([k.value for k in Kind])


class OutcomeList(edge.Edge):
    q = fields.TextField()
    etat = fields.ChoiceField([s.value for s in STATUS_LABELS])


class Words(edge.Edge):
    q = fields.TextField()


def index(request: HttpRequest) -> HttpResponse:
    """Every contest the reader may see; search and kind narrow the list."""
    asked = edge.asked(request, ContestList)
    text, kind = asked.q, asked.genre
    found: list[Contest] = visible(request.user)
    kinds = sorted({str(c.system.get("kind")) for c in found})
    if text:
        found = [c for c in found if fold(text) in fold(f"{c.name_fr} {c.name_en} {c.code} {c.election.name_fr}")]
    if kind:
        found = [c for c in found if c.system.get("kind") == kind]
    page = edge.paged(request, found, 30)
    rows = [(c, boards.board(c) if c.revision else None) for c in page]
    return render(
        request,
        "results/index.html",
        {
            "section": "results",
            "page": page,
            "rows": [
                (
                    c,
                    b,
                    pages.headline(b) if b else None,
                    b.coverage().share if b else None,
                )
                for c, b in rows
            ],
            "q": text,
            "kind": kind,
            "kinds": [(k, KIND_LABELS.get(k, k)) for k in kinds],  # type: ignore[call-overload]
        },
    )


def contest(request: HttpRequest, code: str) -> HttpResponse:
    """The national page of a contest."""
    found = contest_for(request.user, code)
    board = boards.board(found)
    reading = edge.asked(request, Map).carte
    top = [u for u in board.frame.units.values() if u.level == 1]
    rows = pages.area_rows(board, top)
    votes, scale, mark = pages.votes_table(board, board.total, board.outcome)
    seats = board.seats() if board.outcomes or (board.outcome and board.outcome.allocation) else {}
    return render(
        request,
        "results/contest.html",
        {
            **shared(request, board),
            "title": pages.headline(board),
            "unqualified": pages.unqualified(board),
            "votes": votes,
            "scale": scale,
            "mark": mark,
            "rows": rows,
            "map": mapped(board, request),
            "whole": pages.whole_row(board, board.total),
            "proved": serving.state(found.code),
            "comparisons": comparing.comparisons(board, request.user),
            "readings": pages.READINGS,
            "reading": reading,
            "top": pages.top_options(board),
            "missing": board.causes(),
            "cov": board.coverage(),
            "balance": board.balance(),
            "changeable": pages.changeable(board),
            "settled": pages.settled(board),
            "docket": court.docket_of(found.code),
            "proclaimed": court.proclamation_of(found.code) if found.published_at else "",
            "openings": pages.open_rows(board),
            "clocks": clocks(calendars_of_contest(found.election_id, request.user), found.round, timezone.now()),
            "seats": seats,
            "status_label": STATUS_LABELS[board.outcome.status] if board.outcome else "",
            "level": level_name(board, 1),
            "crumbs": [(reverse("results:index"), _t("Résultats")), ("", name_of(found))],
        },
    )


def area(request: HttpRequest, code: str, unit_id: int) -> HttpResponse:
    """One area: its totals, the areas inside it, or its stations."""
    unit = unit_or_404(unit_id)
    found = contest_for(request.user, code, unit)
    board = boards.board(found)
    if unit.pk not in board.areas:
        raise Http404(unit.name)
    total = board.areas[unit.pk]
    inside = [u for u in board.frame.units.values() if u.parent_id == unit.pk]
    votes, scale, mark = pages.votes_table(board, total)
    context = {
        **shared(request, board, unit),
        "total": total,
        "votes": votes,
        "scale": scale,
        "mark": mark,
        "rows": pages.area_rows(board, inside),
        "whole": pages.whole_row(board, total, board.coverage(unit).share),
        "comparisons": comparing.comparisons(board, request.user, unit),
        "top": pages.top_options(board),
        "missing": board.causes(unit),
        "cov": board.coverage(unit),
        "balance": board.balance(unit),
        "national": pages.national(board),
        "level": level_name(board, unit.level + 1),
        "crumbs": trail(found, unit),
    }
    if not inside:
        context |= station_page(request, board, unit)
    return render(request, "results/area.html", context)


def seats(request: HttpRequest, code: str) -> HttpResponse:
    """How the outcome is computed: the rule, its source, each step; by constituency where there are."""
    found = contest_for(request.user, code)
    board = boards.board(found)
    asked = edge.asked(request, OutcomeList)
    text, status = asked.q, asked.etat
    rows = []
    for group in board.groups:
        outcome = board.outcomes.get(group.path[0])
        if (
            outcome is None
            or (text and fold(text) not in fold(group.path[0]))
            or (status and outcome.status.value != status)
        ):
            continue
        name = next((c.name for c in board.frame.constituencies if c.code == group.path[0]), group.path[0])
        n_seats = next((c.seats for c in board.frame.constituencies if c.code == group.path[0]), None)
        rows.append(
            (
                name,
                group,
                outcome,
                STATUS_LABELS[outcome.status],
                [o for o in board.options if o.code in outcome.options],
                n_seats,
            )
        )
    page = edge.paged(request, rows, 40)
    names = {o.code: o.name for o in board.options}
    held = sorted(((names[o], n) for o, n in board.seats().items() if n), key=lambda p: -p[1])
    record = found.election.pack.pack.get("systems", str(found.system.get("id", "")))
    return render(
        request,
        "results/seats.html",
        {
            **shared(request, board),
            "page": page,
            "held": held,
            "total_seats": sum(n for _o, n in held),
            "tie_rule": ties.rule_label(board.system.tie_rule),
            "record": record,
            "warning": warned(record, lang()),
            "q": text,
            "status": status,
            "statuses": [(s.value, label) for s, label in STATUS_LABELS.items()],
            "status_label": STATUS_LABELS[board.outcome.status] if board.outcome else "",
            "qualified": [names.get(o, o) for o in board.outcome.options] if board.outcome else [],
            "crumbs": trail(found, None, ("", _t("Calcul"))),
        },
    )


def findings(request: HttpRequest, code: str) -> HttpResponse:
    """What does not hold on the records: each check with how many stations and where."""
    found = contest_for(request.user, code)
    board = boards.board(found)
    facts = {str(r["id"]): r for r in found.election.pack.pack.records("checks")}
    rows = [
        (c, int(board.flags[c.code].sum()) if c.code in board.flags else None, facts.get(c.code, {}))
        for c in check_rules.CHECKS
    ]
    return render(
        request,
        "results/findings.html",
        {
            **shared(request, board),
            "rows": rows,
            "errors": board.errors(),
            "crumbs": trail(found, None, ("", _t("Contrôles"))),
        },
    )


def data(request: HttpRequest, code: str) -> HttpResponse:
    """Downloads and the data dictionary."""
    from kalata.results.exports import dictionary, zone_dictionary

    found = contest_for(request.user, code)
    board = boards.board(found)
    return render(
        request,
        "results/data.html",
        {
            **shared(request, board),
            "fields": dictionary(board),
            "zone_fields": zone_dictionary(board),
            "crumbs": trail(found, None, ("", _t("Données"))),
        },
    )


def download(request: HttpRequest, code: str, name: str) -> HttpResponseBase:
    """One export: bureaux.csv, chiffres.csv, zones.csv, resultats.xlsx, resultats.json, dictionnaire.csv."""
    from kalata.results import exports

    found = contest_for(request.user, code)
    if name not in exports.WRITERS:
        raise Http404(name)
    return exports.served(request, found, name, lang())


def archives(request: HttpRequest) -> HttpResponse:
    """Published national results of the loaded packs, with the figures that do not add up."""
    text = edge.asked(request, Words).q
    return render(
        request, "results/archives.html", {"section": "archives", "groups": archive_reads.elections(text), "q": text}
    )


def archive(request: HttpRequest, pack: str, election: str) -> HttpResponse:
    found = archive_reads.election(pack, election)
    if found is None:
        raise Http404(election)
    return render(
        request,
        "results/archive.html",
        {"section": "archives", **found, "crumbs": [(reverse("results:archives"), _t("Archives")), ("", election)]},
    )
