"""The commission: its sittings, the reports it validates, its recap beside the sum of the reports."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _t

from kalata.country.models import Contest, Unit
from kalata.country.queries import places
from kalata.people.services import require
from kalata.results.queries.store import sheet_of
from kalata.results.rules.boxes import MARKS
from kalata.results.rules.rights import SITTINGS
from kalata.results.rules.sheets import lines_of
from kalata.results.territory import path_of
from kalata.tally.access import sittings_of
from kalata.tally.forms import (
    SITTING,
    AttendForm,
    ConveneForm,
    DecideForm,
    ExplainForm,
    MembersForm,
    RecapForm,
    ValidateForm,
)
from kalata.tally.models import Sitting
from kalata.tally.queries import papers as paper_queries
from kalata.tally.queries.formcodes import form_of
from kalata.tally.services import commission, quorum
from kalata.tally.services.reports import boxes_of
from kalata.tally.views.common import Lines, base, contest_of, reach, who
from kalata.text import told
from kalata.ui import edge

AT_ONCE = 200
"""Reports shown, and validated, in one go."""
MARK_LINES = {m.value for m in MARKS}


def territories(request: HttpRequest, contest: Contest, *rights: str) -> list[Unit | None]:
    """Where this person holds one of these rights: the nation first if the mandate is national, then places
    down to cercles."""
    here = reach(request, contest, *rights)
    every = places(contest).filter(level__lte=2).order_by("level", "sort_name")
    units = list(every.select_related("parent"))
    return [None, *units] if here.whole else [u for u in units if here.holds(path_of(u))]


@login_required
def sittings(request: HttpRequest, code: str) -> HttpResponse:
    """Every sitting; call a new one."""
    contest = contest_of(request, code, *SITTINGS)
    if request.method == "POST":
        sent = edge.posted(request, ConveneForm)
        units = places(contest).select_related("parent__parent__parent")
        unit = units.get(pk=sent.zone) if sent.zone else None
        made = commission.convene(
            contest=contest, unit=unit, title=sent.title, quorum=sent.quorum, members=sent.members,
            purpose=sent.purpose, by=who(request),
        )  # fmt: skip
        return redirect("tally:sitting", code, made.pk)
    here = reach(request, contest, *SITTINGS)
    parts = commission.by_part(contest, here)
    names = {str(p["id"]): p for p in form_of(contest).get("parts") or ()}
    lines = Lines(contest)
    return render(
        request,
        "tally/sittings.html",
        {
            **base(request, contest, _t("Commission")),
            "rows": sittings_of(who(request), contest),
            "nation": here.whole,
            "least": quorum.least(contest),
            "stated": quorum.stated(contest),
            "states": commission.STATES,
            "territories": territories(request, contest, "results.commission"),
            "part_heads": [(names.get(p, {"fr": p, "en": p}), n) for p, _total, n in parts],
            "part_rows": [
                (lines.label[k], [total.get(k, 0) for _p, total, _n in parts], sum(t.get(k, 0) for _p, t, _n in parts))
                for k, _label, _e in lines.all
                if k not in MARK_LINES
            ]
            if parts
            else [],
        },
    )


@login_required
def sitting(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """One sitting: presences, decisions, reports to validate, the recap and its differences, the minutes."""
    contest = contest_of(request, code, *SITTINGS)
    one = sittings_of(who(request), contest).get(pk=pk)
    lines = Lines(contest)
    if request.method == "POST":
        acted(request, contest, one, lines)
        return redirect("tally:sitting", code, pk)
    recap = one.recaps.last()
    total, counted, every = commission.summed(contest, one.unit)
    typed = lines_of(sheet_of(recap.sheet, boxes_of(contest))) if recap else {}
    return render(
        request,
        "tally/sitting.html",
        {
            **base(request, contest, one.title),
            "sitting": one,
            "state": commission.STATES[one.state],
            "next": [(to, commission.STATES[to]) for to in commission.NEXT[one.state]],
            "members": [(m, commission.stands(one, m, commission.hash_of(one))) for m in one.members.all()],
            "voids": {m.pk for m in commission.voids(one)},
            "recap_seen": commission.hash_of(one),
            "seen": commission.page_mark(one),
            "attendances": one.attendances.select_related("person"),
            "attends": one.attendances.filter(person=who(request)).exists(),
            "floor": quorum.FLOOR,
            "signatures": commission.SIGNATURES,
            "minutes": one.minutes.select_related("by"),
            "kinds": commission.KINDS,
            **to_validate(contest, one, who(request), lines),
            "waiting_count": commission.checked(contest, one.unit).count(),
            "recap": recap,
            "stations_gap": recap.stations - counted if recap else 0,
            "recap_rows": [
                (
                    lines.number[k],
                    k,
                    label,
                    typed.get(k),
                    total.get(k, 0),
                    recap is not None and typed.get(k) != total.get(k, 0),
                    (typed.get(k) or 0) - total.get(k, 0),
                )
                for k, label, _e in lines.all
                if k not in MARK_LINES
            ],
            "gaps": [
                (k, lines.label.get(k, _t("Bureaux")), mine, sums, said)
                for k, (mine, sums, said) in commission.gaps(one).items()
            ],
            "here_now": one.members.filter(present=True).count(),
            "silent": commission.silent(one),
            "counted": counted,
            "every": every,
            "stale": recap is not None and recap.revision != contest.revision,
        },
    )


def to_validate(contest: Contest, one: Sitting, by: Any, lines: Lines) -> dict[str, Any]:
    """The checked reports with their figures, and what validating all of them adds to the sums."""
    waiting = list(commission.checked(contest, one.unit, by).select_related("station")[:AT_ONCE])
    figures = paper_queries.settled(waiting, boxes_of(contest))
    shown = [(k, label) for k, label, _e in lines.all if k not in MARK_LINES]
    adds = [sum(figures.get(p.pk, {}).get(k) or 0 for p in waiting) for k, _label in shown]
    return {
        "waiting": [(p, [figures.get(p.pk, {}).get(k) for k, _label in shown]) for p in waiting],
        "figure_heads": [label for _k, label in shown],
        "adds": adds,
    }


def acted(request: HttpRequest, contest: Contest, one: Sitting, lines: Lines) -> None:
    by = who(request)
    require(by, "results.commission", place=path_of(one.unit), contest=contest.pk)
    sums = [k for k, _label, _e in lines.all if k not in MARK_LINES]
    members = [m.pk for m in one.members.all()]
    form = edge.acted(request, *SITTING, given={RecapForm: {"lines": sums}, MembersForm: {"members": members}})
    sent = form.v
    if isinstance(form, MembersForm):
        commission.note_members(sitting_id=one.pk, values=members_of(request, sent, one), by=by, seen=sent.seen)
    elif isinstance(form, AttendForm):
        commission.attend(sitting_id=one.pk, by=by)
        messages.success(request, _t("Votre présence est notée."))
    elif isinstance(form, DecideForm):
        votes = [getattr(sent, k) for k in ("for", "against", "abstained")]
        commission.decide(sitting_id=one.pk, text=sent.text, votes=votes, by=by)
    elif isinstance(form, ExplainForm):
        commission.explain(sitting_id=one.pk, lines=sent.line, kind=sent.kind, text=sent.text, by=by, seen=sent.seen)
    elif isinstance(form, ValidateForm):
        done, left = commission.validate_all(sitting_id=one.pk, papers=dict(sent.paper), by=by)
        messages.success(request, told(_t("%(n)d {n:procès-verbal validé|procès-verbaux validés}."), get_language(), {"n": done}))
        if left:
            messages.warning(request, told(_t("%(n)d {n:laissé : changé depuis, ou déjà tenu|laissés : changés depuis, ou déjà tenus} par vous."), get_language(), {"n": left}))
    elif isinstance(form, RecapForm):
        sheet, wrong = recap_sheet(lines, form.figures)
        if sheet is None:
            raise commission.BadSitting(why="; ".join(f"{lines.label[k]} : {v}" for k, v in wrong.items()))
        recap = commission.type_recap(sitting_id=one.pk, sheet=sheet, stations=sent.stations, by=by, seen=sent.seen)
        if recap.apart:
            messages.warning(
                request, told(_t("E15 : %(n)d {n:ligne diffère|lignes diffèrent} de la somme des procès-verbaux."), get_language(), {"n": len(recap.apart)})
            )
        else:
            messages.success(request, _t("Récapitulatif concordant, ligne par ligne."))
    else:
        commission.change(sitting_id=one.pk, to=form.act, text=sent.text, by=by, seen=sent.seen)


def recap_sheet(lines: Lines, values: dict[str, Any]) -> tuple[Any, dict[str, str]]:
    """A recap holds sums: the same lines as a form, with larger numbers."""
    return lines.read(values, most=999_999_999)


def members_of(request: HttpRequest, sent: Any, one: Sitting) -> dict[int, dict[str, Any]]:
    """What the page says of each member; a box that is not on the page leaves what is known."""

    def said(name: str, known: str) -> str:
        return str(getattr(sent, name)) if edge.sent(request, name) else known

    return {
        m.pk: {
            "present": getattr(sent, f"present-{m.pk}"),
            "signature": said(f"signature-{m.pk}", commission.stands(one, m, commission.hash_of(one))),
            "reservation": said(f"reservation-{m.pk}", m.reservation),
        }
        for m in one.members.all()
    }
