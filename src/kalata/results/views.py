"""Public results pages: each shows live totals of the current records."""

from __future__ import annotations

from typing import Any

import numpy as np
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _t

from kalata.country.models import Contest, Station, Unit
from kalata.country.queries import branch
from kalata.country.services import fold
from kalata.deadlines.pages import clocks
from kalata.deadlines.queries import calendars_of_contest
from kalata.results import archives as archive_reads
from kalata.results import board as boards
from kalata.results import pages, public_ledger
from kalata.results.access import contest_for, may_see, place_of, reads, station_for, visible
from kalata.results.board import Board
from kalata.results.queries import history
from kalata.results.rules import checks as check_rules
from kalata.results.rules import ties
from kalata.results.rules.boxes import ABSENT, LABELS, STANDING_LABELS, Box, Standing
from kalata.results.rules.outcome import STATUS_LABELS
from kalata.results.rules.systems import FORMULA_LABELS, KIND_LABELS, Kind
from kalata.results.store import sheet_of
from kalata.transparency.site.names import slug
from kalata.transparency.site.serving import site_file
from kalata.ui import edge, fields


class ContestList(edge.Edge):
    """What narrows a list of contests."""

    q = fields.TextField()
    genre = fields.ChoiceField([k.value for k in Kind])


class Map(edge.Edge):
    carte = fields.ChoiceField(list(pages.READINGS), initial="participation")


class Place(edge.Edge):
    zone = fields.IdField()


SORTS = ("code", "inscrits", "votants", "participation", "exprimes")


class StationList(edge.Edge):
    """What narrows and orders a list of stations."""

    q = fields.TextField()
    etat = fields.ChoiceField(("0", "1", "2"))
    constat = fields.ChoiceField([c.code for c in check_rules.CHECKS])
    tri = fields.ChoiceField([*SORTS, *(f"-{s}" for s in SORTS)])


class OutcomeList(edge.Edge):
    q = fields.TextField()
    etat = fields.ChoiceField([s.value for s in STATUS_LABELS])


class Words(edge.Edge):
    q = fields.TextField()


def lang() -> str:
    return get_language() or "fr"


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
                    pages.ratio(b.total.counted + b.total.annulled, b.stations) if b else None,
                )
                for c, b in rows
            ],
            "q": text,
            "kind": kind,
            "kinds": [(k, KIND_LABELS.get(k, k)) for k in kinds],  # type: ignore[call-overload]
        },
    )


def shared(request: HttpRequest, board: Board, unit: Unit | None = None) -> dict[str, Any]:
    contest = board.contest
    return {
        "section": "results",
        "contest": contest,
        "board": board,
        "exercise": contest.election.exercise,
        "legal_calendars": calendars_of_contest(contest.election_id, request.user),
        "unit": unit,
        "turnout": pages.turnout(board.areas[unit.pk] if unit and unit.pk in board.areas else board.total),
        "kind_label": KIND_LABELS[board.system.kind],
        "formula_label": FORMULA_LABELS.get(board.system.formula) if board.system.formula else "",
        "other_rounds": [
            c for c in (contest.previous, getattr(contest, "next", None)) if c and may_see(request.user, c)
        ],
    }


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
            "map": pages.map_of(board, rows, reading, lang()),
            "readings": pages.READINGS,
            "reading": reading,
            "top": pages.top_options(board),
            "missing": pages.missing_rows(board, board.total, whole=True),
            "changeable": pages.changeable(board),
            "settled": pages.settled(board),
            "openings": pages.open_rows(board),
            "clocks": clocks(calendars_of_contest(found.election_id, request.user), found.round, timezone.now()),
            "seats": seats,
            "coverage": pages.ratio(board.total.counted, board.stations),
            "status_label": STATUS_LABELS[board.outcome.status] if board.outcome else "",
            "level": level_name(board, 1),
            "crumbs": [("/resultats/", _t("Résultats")), ("", name_of(found))],
        },
    )


def name_of(contest: Contest) -> str:
    return (contest.name_en if lang() == "en" and contest.name_en else contest.name_fr) + (
        f", {_t('tour')} {contest.round}" if contest.round > 1 or hasattr(contest, "next") else ""
    )


def level_name(board: Board, level: int) -> str:
    levels = board.contest.election.geography.levels
    found: dict[str, Any] = next((item for item in levels if item.get("level") == level), {})
    return str(found.get("en" if lang() == "en" else "fr") or _t("Zone"))


def area(request: HttpRequest, code: str, unit_id: int) -> HttpResponse:
    """One area: its totals, the areas inside it, or its stations."""
    unit = get_object_or_404(Unit.objects.select_related("parent__parent__parent"), pk=unit_id)
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
        "top": pages.top_options(board),
        "missing": pages.missing_rows(board, total, whole=False),
        "national": pages.national(board),
        "coverage": pages.ratio(total.counted, total.stations),
        "level": level_name(board, unit.level + 1),
        "crumbs": trail(found, unit),
    }
    if not inside:
        context |= station_page(request, board, unit)
    return render(request, "results/area.html", context)


def trail(contest: Contest, unit: Unit | None, *more: tuple[str, str]) -> list[tuple[str, str]]:
    out = [("/resultats/", _t("Résultats")), (f"/resultats/{contest.code}/", name_of(contest))]
    if unit is not None:
        out += [(f"/resultats/{contest.code}/zone/{u.pk}/", u.name) for u in branch(unit)]
    out += more
    out[-1] = ("", out[-1][1])
    return out


def station_page(request: HttpRequest, board: Board, unit: Unit | None) -> dict[str, Any]:
    """A page of stations: filter by words, area, standing, finding; sort; 50 a page."""
    asked = edge.asked(request, StationList)
    rows = board.rows_in(unit) if unit else np.arange(len(board.table))
    text, standing, code = asked.q, asked.etat, asked.constat
    if standing:
        rows = rows[board.table.standing[rows] == int(standing)]
    if code in board.flags:
        rows = rows[board.flags[code][rows]]
    if text:
        wanted = fold(text)
        keys = board.frame.search
        rows = np.array([r for r in rows.tolist() if wanted in keys[r]], np.int64)
    rows = sorted_rows(board, rows, asked.tri)
    page = edge.paged(request, rows, 50)
    return {
        "page": page,
        "stations": [station_row(board, int(r)) for r in page],
        "q": text,
        "standing": standing,
        "finding": code,
        "standings": [(str(int(s)), label) for s, label in STANDING_LABELS.items()],
        "findings": [(c, check_rules.BY_CODE[c].formula) for c in sorted(board.flags) if board.flags[c].any()],
    }


def sorted_rows(board: Board, rows: Any, key: str) -> Any:
    down, name = key.startswith("-"), key.lstrip("-")
    if name not in SORTS or len(rows) == 0:
        return rows
    if name == "code":
        ordered = np.array(sorted(rows.tolist(), key=lambda r: board.frame.codes[r]), np.int64)
        return ordered[::-1] if down else ordered
    column = {"inscrits": Box.REGISTERED, "votants": Box.VOTERS}.get(name)
    if name == "exprimes":
        values = board.valid[rows]
    elif name == "participation":
        voters, registered = board.table.column(Box.VOTERS), board.table.column(Box.REGISTERED)
        if voters is None or registered is None:
            return rows
        values = np.where(registered[rows] > 0, voters[rows] * 1_000_000 // np.maximum(registered[rows], 1), -1)
    else:
        found = board.table.column(column) if column else None
        if found is None:
            return rows
        values = found[rows]
    order = np.argsort(-values if down else values, kind="stable")
    return rows[order]


def station_row(board: Board, row: int) -> dict[str, Any]:
    table = board.table
    votes = table.votes[row]
    best = int(votes.max()) if len(votes) else 0
    leaders = np.flatnonzero(votes == best) if best > 0 else np.empty(0, np.int64)
    unit_path = table.paths[int(table.area[row])]

    def value(box: Box) -> int | None:
        column = table.column(box)
        return None if column is None or column[row] == ABSENT else int(column[row])

    return {
        "pk": int(board.frame.ids[row]),
        "code": board.frame.codes[row],
        "name": board.frame.names[row],
        "unit": board.frame.units.get(int(unit_path[-1])) if unit_path else None,
        "standing": Standing(int(table.standing[row])),
        "label": STANDING_LABELS[Standing(int(table.standing[row]))],
        "registered": value(Box.REGISTERED),
        "voters": value(Box.VOTERS),
        "valid": int(board.valid[row]) if table.standing[row] != Standing.MISSING else None,
        "leader": board.options[int(leaders[0])] if len(leaders) == 1 else None,
        "codes": board.codes_at(row),
    }


def stations(request: HttpRequest, code: str) -> HttpResponse:
    """Search a station of the whole contest."""
    zone = edge.asked(request, Place).zone
    unit = get_object_or_404(Unit.objects.select_related("parent__parent"), pk=zone) if zone else None
    found = contest_for(request.user, code, unit)
    board = boards.board(found)
    if unit is not None and unit.pk not in board.areas:
        raise Http404(unit.name)
    units = sorted((u for u in board.frame.units.values() if u.level == 1), key=lambda u: u.sort_name)
    return render(
        request,
        "results/stations.html",
        {
            **shared(request, board, unit),
            **station_page(request, board, unit),
            "units": units,
            "crumbs": trail(found, None, ("", _t("Bureaux"))),
        },
    )


def station(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """One station: its figures as reported, the checks, every version, its place."""
    place = station_for(request.user, code, pk)
    found = contest_for(request.user, code, place.unit)
    board = boards.board(found)
    row = board.frame.index.get(place.pk)
    if row is None:  # entered in the register a moment ago: the next board has it
        raise Http404(code)
    boxes = tuple(Box(b) for b in found.boxes)
    versions = history(place, only_published=not reads(request.user, found, place.unit))
    now = next((v for v in versions if v.current), None)
    sheet = sheet_of(now.sheet, boxes) if now else None
    raised: list[Any] = []
    away = board.lacking_at(row)
    if sheet is not None and now is not None and now.standing == Standing.COUNTED:
        limits, applied = boards.limits_of(found)
        raised = [
            f
            for f in check_rules.findings(
                sheet, form=frozenset(boxes), register=place.registered, limits=limits, lacks=away
            )
            if f.code in applied
        ]
    said = {f.code for f in raised}
    others = [check_rules.BY_CODE[c] for c in board.codes_at(row) if c not in said]
    valid = int(board.valid[row])
    table_rows = (
        [(o, v, pages.ratio(v, valid), o.rank in away) for o, v in zip(board.options, sheet.votes, strict=True)]
        if sheet
        else []
    )
    past = []
    for new, old in zip(versions, [*versions[1:], None][: len(versions)], strict=True):
        past.append((new, differences(new, old, boxes, board) if old else []))
    return render(
        request,
        "results/station.html",
        {
            **shared(request, board, place.unit),
            "station": place,
            "row": station_row(board, row),
            "sheet": [(LABELS[b], sheet.boxes.get(b), b in away) for b in boxes] if sheet else [],
            "untested": away,
            "votes": table_rows,
            "findings": raised,
            "others": others,
            "versions": past,
            "standings": STANDING_LABELS,
            "now": now,
            "may_annul": may_annul(request, found, place),
            "corrections": public_ledger.count_of(found, place.part, place.code),
            "proof_page": proof_page(found.code, place.part, place.code),
            "crumbs": trail(found, place.unit, ("", place.name or place.code)),
        },
    )


def proof_page(contest: str, part: str, station: str) -> str:
    """Where the public site proves this station's report; empty where it does not stand there."""
    path = f"{contest}/pv/{slug((part, station))}"
    return reverse("site", args=[f"{path}.html"]) if site_file(f"{path}.tlog-proof") else ""


def may_annul(request: HttpRequest, contest: Contest, place: Station) -> bool:
    from kalata.people.queries import may

    return may(request.user, "results.annul", place=place_of(place.unit), contest=contest.pk)


def differences(new: Any, old: Any, boxes: tuple[Box, ...], board: Board) -> list[tuple[str, Any, Any]]:
    """Box by box, what a version changed from the one before."""
    a, b = sheet_of(old.sheet, boxes), sheet_of(new.sheet, boxes)
    out = [(LABELS[box], a.boxes.get(box), b.boxes.get(box)) for box in boxes if a.boxes.get(box) != b.boxes.get(box)]
    return out + [(o.name, x, y) for o, x, y in zip(board.options, a.votes, b.votes, strict=True) if x != y]


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
    from kalata.results.exports import dictionary

    found = contest_for(request.user, code)
    board = boards.board(found)
    return render(
        request,
        "results/data.html",
        {**shared(request, board), "fields": dictionary(board), "crumbs": trail(found, None, ("", _t("Données")))},
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
        {"section": "archives", **found, "crumbs": [("/resultats/archives/", _t("Archives")), ("", election)]},
    )
