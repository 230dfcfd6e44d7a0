"""The page of a draft: its acts, and beside them everything that they give. Nothing that is generated is ever typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_safe

from kalata.disputes.forms import drafting as forms
from kalata.disputes.models import Ruling
from kalata.disputes.queries import drafting as queries
from kalata.disputes.queries import stations
from kalata.disputes.queries.elections import election_of, norms_of
from kalata.disputes.rules import drafting as rules
from kalata.disputes.rules.drafting import RowFault
from kalata.disputes.rules.election import Election
from kalata.disputes.rules.operative import ACT_LABELS
from kalata.disputes.rules.rulings import LABELS, OtherContest, State
from kalata.disputes.rules.steps import BENCH, PRESIDE, RAPPORTEUR
from kalata.disputes.rules.wording import OUTCOME_LABELS
from kalata.disputes.services import drafting, rulings
from kalata.disputes.views.docket import who
from kalata.people.guard import require
from kalata.people.queries import may, may_somewhere
from kalata.refusals import Forbidden
from kalata.results.access import may_see
from kalata.ui import edge

SIMPLE = (forms.DropForm, forms.UpForm, forms.DownForm, forms.RefreshForm)
ACTS = ("put", "try", "rows", "answer", *(one.act for one in SIMPLE))
FEW = 400
"""Up to so many stations the page itself offers every one; beyond, a search does."""


@login_required
def drafts(request: HttpRequest) -> HttpResponse:
    """The drafts this person may read, and to open one."""
    if not any(may_somewhere(request.user, right) for right in (RAPPORTEUR, BENCH, PRESIDE)):
        raise Forbidden(right=RAPPORTEUR)
    if request.method == "POST":
        v = edge.acted(request, forms.OpenForm).v
        made = opened(request, v)
        return redirect("disputes:draft", made.pk)
    context = {
        "section": "drafts", "rows": queries.drafts_of(who(request)), "cases": queries.to_decide(who(request)),
        "contests": queries.contests_of(who(request)), "form": forms.OpenForm(), "labels": LABELS,
        "crumbs": [(reverse("disputes:docket"), _t("Rôle des requêtes")), ("", _t("Projets de décision"))],
    }  # fmt: skip
    return render(request, "disputes/drafts.html", context)


def opened(request: HttpRequest, v: Any) -> Ruling:
    """The draft on the cases that were ticked, or of the Court's own motion."""
    known = {str(one.number): one for one in queries.to_decide(who(request))}
    cases = [known[number] for number in v.case if number in known]
    if len(cases) != len(v.case):
        raise OtherContest(petition=next(n for n in v.case if n not in known))
    contest = cases[0].contest if cases else queries.contest_of(v.contest)
    if contest is None or (not cases and not v.own_motion):
        raise edge.NotUnderstood([edge.Wrong(_t("Requêtes"), "", _t("cochez une requête, ou donnez un scrutin et les motifs d’office"))])  # fmt: skip
    return rulings.draft(
        contest=contest, number=v.number, words=v.words, by=who(request), petitions=cases, own_motion=v.own_motion
    )


@login_required
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """The acts of a draft, and beside them what they give; each act is one press."""
    one = queries.of_writer(request.user, pk)
    if request.method != "POST":
        return page(request, one, election_of(one.contest))
    require(who(request), RAPPORTEUR, contest=one.contest_id)
    act = edge.button(request, *ACTS)
    if act in ("put", "try"):
        return put(request, one, only_look=act == "try")
    if act == "rows":
        return rows(request, one)
    if act == "answer":
        form = edge.form_of(request, forms.AnswerForm, **answered(one))
        if not form.is_valid():
            raise edge.NotUnderstood(form.wrong())
        drafting.answer(ruling=one, outcomes=form.outcomes(), articles=form.cited(), by=who(request), seen=form.v.seen)
    else:
        simple(edge.acted(request, *SIMPLE), one, who(request))
    messages.success(request, _t("Enregistré."))
    return redirect("disputes:draft", pk)


def simple(form: Any, one: Ruling, by: Any) -> None:
    v = form.v
    if isinstance(form, forms.DropForm):
        drafting.drop_act(ruling=one, name=v.name, by=by, seen=v.seen)
    elif isinstance(form, forms.UpForm | forms.DownForm):
        drafting.move_act(ruling=one, name=v.name, way=form.act, by=by, seen=v.seen)
    else:
        drafting.refresh(ruling=one, by=by, seen=v.seen)


def put(request: HttpRequest, one: Ruling, *, only_look: bool) -> HttpResponse:
    """One act: looked at (nothing kept), or kept where nothing stops it; else the page with what was typed and every fault."""
    election = election_of(one.contest)
    form = edge.form_of(request, forms.TryForm if only_look else forms.ActForm, boxes=boxes_of(election))
    if not form.is_valid():
        return page(request, one, election, form=form, status=422)
    v = form.v
    made = queries.made(
        one, election, form.said(choices_of(one)), listed=forms.written(v.stations, v.file), station=v.station,
        after=form.after(), name=v.name,
    )  # fmt: skip
    if only_look:
        context = beside_of(request, one, election, made.acts) | {"rows_wrong": made.rows, "trying": True}
        return render(request, "disputes/_draft_beside.html", context)
    if not made.holds:
        return page(request, one, election, form=form, made=made, status=422)
    drafting.put_act(ruling=one, act=made.act, by=who(request), name=v.name, seen=v.seen)
    messages.success(request, _t("Acte enregistré."))
    return redirect("disputes:draft", one.pk)


def rows(request: HttpRequest, one: Ruling) -> HttpResponse:
    """Rectifications of several reports at once, all or none."""
    form = edge.form_of(request, forms.RowsForm)
    if not form.is_valid():
        raise edge.NotUnderstood(form.wrong())
    v, election = form.v, election_of(one.contest)
    _petition, _dash, key = v.ground.rpartition(" ")
    said = {"ground": key, "evidence": v.evidence}
    acts, wrong = queries.rectified(one, election, said, forms.written(v.rows, v.file))
    if wrong or not acts:
        wrong = wrong or [rules.fault(1, "", rules.SHORT, rules.FIX_ROW)]
        return page(request, one, election, rows_form=form, wrong=wrong, status=422)
    drafting.add_acts(ruling=one, acts=acts, by=who(request), seen=v.seen)
    messages.success(request, _t("Rectifications ajoutées : %(n)d.") % {"n": len(acts)})
    return redirect("disputes:draft", one.pk)


# --- what the page is made of ---------------------------------------------------------------------------------
def boxes_of(election: Election) -> list[str]:
    """The boxes of a report, as acts name them."""
    return [f"figures.{b.value}" for b in election.boxes] + [f"votes.{o}" for o in election.options]


def choices_of(one: Ruling) -> list[str]:
    """The grounds of its cases: petition and key."""
    return [f"{case.number} {ground.key}" for case, grounds in queries.grounds_of(one) for ground in grounds]


def answered(one: Ruling) -> dict[str, Any]:
    numbers = [str(o.petition.number) for o in one.outcomes.select_related("petition")]
    return {"petitions": numbers, "outcomes": OUTCOME_LABELS}


def beside_of(request: HttpRequest, one: Ruling, election: Election, acts: rules.Acts) -> dict[str, Any]:
    return {"one": one, "beside": queries.beside(one, election, acts), "figures": may_see(request.user, one.contest)}


def page(
    request: HttpRequest, one: Ruling, election: Election, *, form: forms.ActForm | None = None,
    made: queries.Made | None = None, rows_form: Any = None, wrong: Sequence[RowFault] = (), status: int = 200,
) -> HttpResponse:  # fmt: skip
    """The whole page; with what was typed, where it could not be kept."""
    asked = edge.asked(request, forms.Asked)
    writes = one.state == State.DRAFT and may(request.user, RAPPORTEUR, contest=one.contest_id)
    context = {
        "section": "drafts", "state": LABELS[State(one.state)], "writes": writes, "labels": ACT_LABELS,
        "stamp": drafting.stamp(one), "outcomes": OUTCOME_LABELS, "answers": list(one.outcomes.select_related("petition")),
        "grounds": queries.grounds_of(one), "wrong": made.rows if made else wrong, "faults": made.faults if made else (),
        "rows_form": rows_form, "editing": editing(one, election, asked, form) if writes else None,
        "stale": rules.refreshed(election, one.acts) != list(one.acts), "norms": norms(one),
        "crumbs": [(reverse("disputes:docket"), _t("Rôle des requêtes")), (reverse("disputes:drafts"), _t("Projets de décision")), ("", one.number)],
    } | beside_of(request, one, election, one.acts)  # fmt: skip
    return render(request, "disputes/draft.html", context, status=status)


def norms(one: Ruling) -> list[tuple[str, str]]:
    """(id, words) of the norms of the pack that a decision may cite."""
    return sorted((key, key) for key in norms_of(one.contest).known)


def editing(one: Ruling, election: Election, asked: Any, form: forms.ActForm | None) -> dict[str, Any] | None:
    """The form of an act: as typed, of an act of the draft, or new with the stations of a ground; None where none is asked."""
    act: dict[str, Any] = {}
    name = form.v.name if form else asked.modifier
    if name:
        act = dict(one.acts[rules.index_of(one.acts, name)])
    kind = form.v.kind if form else str(act.get("act", "")) or asked.acte
    if not kind:
        return None
    listed = form.v.stations if form else "\n".join(" / ".join(key) for key in act.get("stations") or ())
    if not listed and asked.moyen:
        petition, _dash, key = asked.moyen.rpartition(" ")
        listed = "\n".join(queries.ground_stations(one, petition, key))
        act = {"case": petition, "ground": key} | act
    station = (form.v.station if form else "") or asked.bureau or " / ".join(act.get("station") or ())
    return {
        "kind": kind, "name": name, "act": act, "listed": listed, "station": station, "form": form,
        "boxes": figures(one, election, name, station, act, form) if kind == "RECTIFY" and station else [],
        "near": stations.offered(one.contest, station) if kind == "RECTIFY" and station else [],
        "pieces": queries.pieces_of(one), "levels": queries.levels_of(one.contest) if kind == "ANNUL_AREA" else [],
        "ground": form.v.ground if form else f"{act.get('case', '')} {act.get('ground', '')}".strip(),
        "evidence": form.v.evidence if form else act.get("evidence") or [],
        "offered": offered(one) if one.contest.stations.count() <= FEW else [],
    }  # fmt: skip


def offered(one: Ruling) -> list[tuple[str, str]]:
    return list(one.contest.stations.order_by("code").values_list("code", "name"))


def figures(
    one: Ruling, election: Election, name: str, station: str, act: dict[str, Any], form: forms.ActForm | None
) -> list[dict[str, Any]]:
    """Each box of the report of a station: what is in force before this act, and what was typed as exact."""
    code = queries.codes_of(one.contest, [station]).get(station)
    if code is None:
        return []
    place = rules.index_of(one.acts, name) if name else len(one.acts)
    known = rules.in_force(election, one.acts[:place], [code], boxes_of(election))
    names = dict(one.contest.options.values_list("code", "name"))
    typed: dict[str, Any] = form.after() if form else act.get("after") or {}
    return [
        {"n": n, "label": queries.label_of(box, names), "now": known.get(box), "after": typed.get(box)}
        for n, box in enumerate(boxes_of(election), 1)
    ]


@login_required
@require_safe
def near(request: HttpRequest, pk: int) -> HttpResponse:
    """Stations whose code or name holds what was typed, for the box of a draft."""
    one = queries.of_writer(request.user, pk)
    asked = edge.asked(request, forms.Asked, strict=True)
    found = stations.offered(one.contest, asked.bureau) if asked.bureau else []
    return JsonResponse({"stations": [{"code": code, "name": name} for code, name in found]})
