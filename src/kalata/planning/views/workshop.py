"""The workshop: table and Gantt side by side, one activity opened beside; each act on a draft comes back to where it was done."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from kalata.people.guard import require
from kalata.people.queries import may, today
from kalata.planning import forms, ties
from kalata.planning.models import PlanVersion
from kalata.planning.pages import gantt, why
from kalata.planning.queries import content, legal
from kalata.planning.queries import odds as drawn
from kalata.planning.queries import plans as queries
from kalata.planning.queries.schedule import Dates, dates
from kalata.planning.rules.editing import mark_of, mark_of_all
from kalata.planning.rules.explaining import why_date
from kalata.planning.rules.plan import LagUnit, LinkType
from kalata.planning.rules.rights import EDIT, READ
from kalata.planning.rules.steps import State
from kalata.planning.services import editing
from kalata.results.views.shared import who
from kalata.ui import edge

ACTS = (
    forms.ChangeForm, forms.AddForm, forms.LinkForm, forms.UnlinkForm, forms.SplitForm, forms.ShiftForm, forms.RemoveForm,
    forms.PasteForm, forms.UndoForm, forms.RedoForm,
)  # fmt: skip


def found(request: HttpRequest, pk: int) -> PlanVersion:
    require(request.user, READ)
    one = queries.version(request.user, pk)
    if one is None:
        raise Http404
    return one


@login_required
def page(request: HttpRequest, pk: int) -> HttpResponse:
    one = found(request, pk)
    if request.method == "POST":
        require(request.user, EDIT)
        code = act(request, one)
        back = {"a": code} if code else {}
        return redirect(f"{reverse('planning:workshop', args=[pk])}?{urlencode(back)}{f'#{code}' if code else ''}")
    return render(request, "planning/workshop.html", shown(request, one))


def act(request: HttpRequest, one: PlanVersion) -> str:
    """Do what the pressed button says; the activity it was about, to come back to."""
    form = edge.acted(request, *ACTS)
    v, by = form.v, who(request)
    if isinstance(form, forms.AddForm):
        editing.add(version=one, cells=cells(v), after=v.after, by=by)
    elif isinstance(form, forms.ChangeForm):
        editing.change(
            version=one, code=v.code, new={k: c for k, c in cells(v).items() if k != "id"}, by=by, seen=v.seen
        )
    elif isinstance(form, forms.LinkForm):
        lag = lag_of(v.lag)
        editing.link(
            version=one,
            pred=v.pred,
            succ=v.succ,
            type_=LinkType(v.type or "FS"),
            lag=lag,
            unit=LagUnit(v.unit or "cd"),
            by=by,
            seen=v.seen,
        )
        return str(v.succ)
    elif isinstance(form, forms.UnlinkForm):
        editing.unlink(version=one, pred=v.pred, succ=v.succ, by=by, seen=v.seen)
        return str(v.succ)
    elif isinstance(form, forms.SplitForm):
        editing.split(version=one, code=v.code, days=v.days, by=by, seen=v.seen)
    elif isinstance(form, forms.ShiftForm):
        editing.shift(version=one, code=v.code, days=int(v.days), by=by, seen=v.seen)
    elif isinstance(form, forms.RemoveForm):
        editing.remove(version=one, code=v.code, by=by, seen=v.seen)
        return ""
    else:
        return whole(form, one, request)
    return str(v.code)


def whole(form: Any, one: PlanVersion, request: HttpRequest) -> str:
    """The acts that are about the plan and not one activity."""
    by = who(request)
    if isinstance(form, forms.PasteForm):
        editing.paste(version=one, text=form.v.table, by=by, seen=form.v.seen)
    elif isinstance(form, forms.UndoForm):
        editing.undo(version=one, by=by)
    else:
        editing.redo(version=one, by=by)
    return ""


def lag_of(text: str) -> int:
    """A lag as it is typed: nothing, 3, +3, -3 or −3. PLN-104 is said by who reads the link."""
    digits = text.replace("−", "-").lstrip("+") or "0"
    if not digits.lstrip("-").isascii() or not digits.lstrip("-").isdigit():
        raise edge.NotUnderstood([edge.Wrong("lag", text, "")])
    return int(digits)


def cells(v: Any) -> dict[str, str]:
    return {
        "id": v.code, "activity_fr": v.name_fr, "dur_optimistic": str(v.optimistic), "dur_likely": str(v.likely),
        "dur_pessimistic": str(v.pessimistic), "dur_unit": v.unit, "why_optimistic": v.why_optimistic, "why_likely": v.why_likely,
        "why_pessimistic": v.why_pessimistic, "responsible": v.owner, "evidence_required": "1" if v.evidence else "",
        "calendar": v.calendar or "", "territory": v.territory or "",
    }  # fmt: skip


def shown(request: HttpRequest, one: PlanVersion) -> dict[str, Any]:
    look = edge.asked(request, forms.LookForm)
    all_dates = dates(one)
    rows = gantt.rows_of(all_dates, queries.done(one.plan))
    scale = gantt.scale_of(look.zoom or "quarter", all_dates, today(), look.start)
    law(one, rows)
    run = drawn.of_content(one, content.sha256(one))
    if run and run.figures:
        gantt.odds(rows, all_dates, run.figures["plain"])
    kept = gantt.kept(rows, look.q, look.show)
    groups = gantt.grouped(kept, look.group or "phase")
    ordered = [row for group in groups for row in group.rows]
    gantt.drawn(ordered, scale)
    chain = [all_dates.sheet[i]["id"] for i in all_dates.schedule.chain]
    gantt.joined(ordered, chain, scale)
    marks = gantt.ticks(scale)
    day, poll = (scale.x(d) if scale.inside(d) else None for d in (today(), one.j1))
    editable = one.state == State.DRAFT and may(request.user, EDIT)
    missed = [row for row in rows if row.anchor and row.anchor.missed]
    return {
        "section": "planning", "version": one, "run": run, "groups": groups, "count": len(kept), "all": len(rows), "look": look,
        "form": forms.LookForm(initial={"group": look.group, "show": look.show, "q": look.q}), "ticks": marks, "grid": gantt.grid(marks, day, poll), "missed": missed, "legal": any(row.anchor for row in rows),
        "critical": sum(row.critical for row in rows), "last": all_dates.last(all_dates.schedule.target), "editable": editable, "shown_days": scale.days,
        "table_stamp": mark_of_all(all_dates.sheet) if editable else "", "undo": queries.to_undo(one, request.user) if editable else None, "redo": queries.to_redo(one, request.user) if editable else None,
        "conflicts": legal.conflicts(one.plan, one.j1), "zooms": forms.ZOOMS, "paste": forms.PasteForm(), "day": forms.TryForm(),
        **panel(all_dates, rows, look.a, editable), **tied(one, all_dates, look.a),
    }  # fmt: skip


def law(one: PlanVersion, rows: list[gantt.Row]) -> None:
    """The text and article of each legal date, as the engine has them."""
    known = legal.computed(one.plan, one.j1)
    for row in rows:
        line = known.get(row.cells.get("norm", ""))
        if line:
            row.law = f"{line.law}, {line.article}" if line.article else line.law
            row.verified = line.verified


def tied(one: PlanVersion, all_dates: Dates, code: str) -> dict[str, Any]:
    """What the opened activity is tied to: subjects of the other rooms, risks of the pack."""
    at = all_dates.places.get(code)
    if at is None:
        return {}
    pack = one.plan.election.pack.code
    return {"subjects": ties.subjects(pack, all_dates.sheet[at]), "risks": ties.risks(pack, code)}


def panel(all_dates: Dates, rows: list[gantt.Row], code: str, editable: bool) -> dict[str, Any]:
    """The activity that is opened: why its date, why it is not critical, its links and its form."""
    if code not in all_dates.places:
        return {}
    row = rows[all_dates.places[code]]
    row.chosen = True
    a = all_dates.schedule.plan.activities[row.place]
    after = [all_dates.sheet[i]["id"] for i in why.followers(all_dates, row.place)]
    initial = {
        "code": code, "name_fr": a.name_fr, "optimistic": a.optimistic, "likely": a.likely, "pessimistic": a.pessimistic,
        "unit": a.unit.value, "owner": row.cells.get("responsible", ""), "evidence": row.cells.get("evidence_required") == "1" or None,
        "calendar": row.cells.get("calendar", ""), "territory": row.cells.get("territory", ""),
        **{f"why_{p}": row.cells.get(f"why_{p}", "") for p in ("optimistic", "likely", "pessimistic")},
    }  # fmt: skip
    return {
        "stamp": mark_of(all_dates.sheet, code), "open": row, "links": a.links, "after": after, "why": why.why(all_dates, code), "chain": why.chain(all_dates, code),
        "not_critical": why.why_not_critical(all_dates, code), "slowed": why_date(all_dates.schedule, row.place).slowed, "calendars": sorted(all_dates.schedule.calendar.named),
        **({"change": forms.ChangeForm(initial=initial, auto_id="c-%s"), "link": forms.LinkForm(initial={"succ": code}, auto_id="l-%s"),
            "split": forms.SplitForm(auto_id="s-%s"), "add": forms.AddForm(initial={"after": code, "unit": "cd"}, auto_id="n-%s")} if editable else {}),
    }  # fmt: skip
