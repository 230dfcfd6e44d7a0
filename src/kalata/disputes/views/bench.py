"""The bench: seats and vacancies, absences, interests and keys; and the bench of one case: who sits in it, who reports it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _t

from kalata.disputes.forms import bench as forms
from kalata.disputes.models import BenchMember, Petition
from kalata.disputes.queries import bench as queries
from kalata.disputes.queries import panel
from kalata.disputes.queries.cases import cases
from kalata.disputes.rules.bench import WHY, can_sit, vacancies, warnings
from kalata.disputes.rules.deliberation import NotOfTheBench
from kalata.disputes.rules.recusals import LABELS, OPEN, State
from kalata.disputes.rules.steps import BENCH, PRESIDE, RAPPORTEUR, REGISTRY
from kalata.disputes.services import assigning, members
from kalata.people.guard import require
from kalata.people.queries import may, rights_of, today
from kalata.refusals import Forbidden
from kalata.results.views.shared import who
from kalata.text import told
from kalata.ui import edge

STAFF = (REGISTRY, RAPPORTEUR, BENCH, PRESIDE)


def staff(request: HttpRequest) -> None:
    if not rights_of(request.user) & set(STAFF):
        raise Forbidden(right=BENCH)


def offer(kind: type[edge.Edge], title: str, button: str, **kwargs: Any) -> dict[str, Any]:
    """A form of the page, with what its button says; drawn by `disputes/_act.html`."""
    return {"form": kind(auto_id=f"{kind.act}-%s", **kwargs), "act": kind.act, "title": title, "button": button}


def codes(rows: Iterable[BenchMember]) -> list[tuple[str, str]]:
    return [(m.code, f"{m.code}, {m.person.full_name}") for m in rows]


# --- the bench ---------------------------------------------------------------------------------
REGISTRY_ACTS = (forms.SeatForm, forms.LeaveForm, forms.PresidentForm, forms.AbsentForm)
OWN_ACTS = (forms.DeclareForm, forms.WithdrawForm, forms.KeyForm, forms.LostForm)


@login_required
def page(request: HttpRequest) -> HttpResponse:
    """Who sits, which seats are empty and since when, who has a key; what a member declares is his to read."""
    staff(request)
    if request.method == "POST":
        acted(request)
        return redirect("disputes:bench")
    rows = list(queries.members())
    seats, day = queries.seats(), today()
    law = queries.any_court()
    found = can_sit(law, seats, day, kept_out=dict.fromkeys(queries.absent(day), "absent")) if law else None
    me = queries.member_of(request.user)
    holding = [m for m in rows if queries.seat_of(m).holds(day)]
    keeps = may(request.user, REGISTRY)
    offers = {"member": codes(holding)}
    return render(request, "disputes/bench.html", {
        "section": "bench", "law": law, "found": found, "rows": panel.seats_of(rows, day), "me": me,
        "empty": vacancies(law, seats, day) if law else (), "warnings": warnings(found, day) if found else (), "day": day,
        "declarations": me.declarations.filter(withdrawn_at=None).select_related("unit") if me else (),
        "deliberating": panel.deliberating(request.user) if me else (), "interests": dict(forms.INTEREST_LABELS),
        "registry": [
            offer(forms.SeatForm, _t("Entrée en fonction"), _t("Noter l’entrée en fonction")),
            offer(forms.AbsentForm, _t("Absence"), _t("Noter l’absence"), offers=offers),
            offer(forms.LeaveForm, _t("Fin de fonction"), _t("Noter la fin de fonction"), offers=offers),
            offer(forms.PresidentForm, _t("Présidence"), _t("Noter la présidence"), offers=offers),
        ] if keeps else (),
        "own": [
            offer(forms.DeclareForm, _t("Déclarer un intérêt"), _t("Déclarer")),
            offer(forms.KeyForm, _t("Donner ma clé publique"), _t("Demander sa confirmation")),
            offer(forms.LostForm, _t("Perte de ma clé"), _t("Retirer ma clé")),
        ] if me else (),
    })  # fmt: skip


def acted(request: HttpRequest) -> None:
    act = edge.button(request, *(f.act for f in (*REGISTRY_ACTS, *OWN_ACTS)))
    by = who(request)
    require(by, BENCH if act in {f.act for f in OWN_ACTS} else REGISTRY)
    everybody = {"offers": {"member": codes(queries.members())}}
    given: Mapping[type[edge.Edge], Any] = dict.fromkeys(
        (forms.LeaveForm, forms.PresidentForm, forms.AbsentForm), everybody
    )
    form = edge.acted(request, *REGISTRY_ACTS, *OWN_ACTS, given=given)
    v = form.v
    if isinstance(form, forms.SeatForm):
        members.seat(
            code=v.code,
            person=panel.person(v.person),
            authority=v.authority,
            since=v.since,
            president=v.president,
            by=by,
        )
    elif isinstance(form, forms.LeaveForm):
        members.leave(member=panel.member(v.member), until=v.until, why=v.why, by=by)
    elif isinstance(form, forms.PresidentForm):
        members.make_president(member=panel.member(v.member), by=by)
    elif isinstance(form, forms.AbsentForm):
        members.note_absence(member=panel.member(v.member), first=v.first, last=v.last, why=v.why, by=by)
    else:
        own(form, by)
    messages.success(request, _t("Enregistré."))


def own(form: Any, by: Any) -> None:
    """What a member does for himself."""
    me, v = queries.member_of(by), form.v
    if me is None:
        raise NotOfTheBench
    if isinstance(form, forms.DeclareForm):
        members.declare(member=me, kind=v.kind, name=v.name, unit=v.unit, by=by)
    elif isinstance(form, forms.WithdrawForm):
        members.end_declaration(declaration=panel.declaration(me, v.declaration), by=by)
    elif isinstance(form, forms.KeyForm):
        members.ask_key(member=me, public=v.public, by=by)
    else:
        members.lose_key(member=me, by=by)


# --- the bench of a case -------------------------------------------------------------------------
CASE_ACTS: Mapping[type[edge.Edge], str] = {
    forms.MatchForm: REGISTRY, forms.ConflictForm: PRESIDE, forms.ChallengeForm: REGISTRY, forms.AsideForm: BENCH,
    forms.RecusalForm: BENCH, forms.GiveForm: PRESIDE,
}  # fmt: skip


def case_of(request: HttpRequest, number: str) -> Petition:
    """A case of which one reads the whole; for others it does not exist."""
    found = cases(request.user).select_related("contest__election__pack").filter(number=number).first()
    if found is None or not any(may(request.user, r, contest=found.contest_id) for r in STAFF):
        raise Http404(number)
    return found


@login_required
def of_case(request: HttpRequest, number: str) -> HttpResponse:
    """Who sits in a case, who does not and why, who reports it; the warning comes before the assignment."""
    petition = case_of(request, number)
    if request.method == "POST":
        acted_on(request, petition)
        return redirect("disputes:panel", number)
    found = queries.sitting(petition)
    rows = list(queries.members())
    held = {r for r in STAFF if may(request.user, r, contest=petition.contest_id)}
    me = queries.member_of(request.user)
    offers = {
        "member": codes([m for m in rows if m.code in found.sitting]),
        "party": [(p.pk, p.name) for p in petition.parties.filter(struck=False)],
    }
    return render(request, "disputes/panel.html", {
        "section": "bench", "p": petition, "found": found, "rows": [(m, WHY.get(found.kept_out.get(m.code, ""), "")) for m in rows if queries.seat_of(m).holds(today())],
        "warnings": warnings(found, today()), "rapporteur": queries.rapporteur(petition),
        "lines": petition.draw_lines.select_related("member", "by"), "conflicts": panel.conflicts(petition),
        "recusals": [(r, LABELS[State(r.state)], r.state in OPEN) for r in panel.recusals(petition)],
        "held": held, "me": me, "presides": PRESIDE in held, "sits": BENCH in held, "keeps": REGISTRY in held, "nexts": [(s, LABELS[s]) for s in State if s is not State.DEMANDED],
        "give": offer(forms.GiveForm, _t("Désigner par décision"), _t("Désigner ce rapporteur"), offers=offers) if PRESIDE in held else None,
        "challenge": offer(forms.ChallengeForm, _t("Récusation demandée par une partie"), _t("Enregistrer la demande"), offers=offers) if REGISTRY in held else None,
        "aside": offer(forms.AsideForm, _t("Demander à ne pas siéger"), _t("Demander mon déport")) if me else None,
        "crumbs": [(reverse("disputes:bench"), _t("Siège")), ("", str(petition.number))],
    })  # fmt: skip


def acted_on(request: HttpRequest, petition: Petition) -> None:
    act = edge.button(request, *(f.act for f in CASE_ACTS))
    by = who(request)
    require(by, next(right for kind, right in CASE_ACTS.items() if kind.act == act), contest=petition.contest_id)
    everybody = codes(queries.members())
    offers = {"member": everybody, "party": [(str(p.pk), p.name) for p in petition.parties.all()]}
    form = edge.acted(
        request, *CASE_ACTS, given={forms.ChallengeForm: {"offers": offers}, forms.GiveForm: {"offers": offers}}
    )
    v = form.v
    if isinstance(form, forms.MatchForm):
        n = assigning.match(petition)
        messages.success(request, told(_t("%(n)d {n:conflit signalé|conflits signalés} de plus."), get_language(), {"n": n}))
    elif isinstance(form, forms.ConflictForm):
        assigning.decide_conflict(
            conflict=panel.conflict(petition, v.conflict), barred=v.decision == "barred", reason=v.reason, by=by
        )
    elif isinstance(form, forms.ChallengeForm):
        party = petition.parties.get(pk=v.party)
        assigning.challenge(petition=petition, member=panel.member(v.member), party=party, grounds=v.grounds, by=by)
    elif isinstance(form, forms.AsideForm):
        me = queries.member_of(by)
        if me is None:
            raise NotOfTheBench
        assigning.step_aside(petition=petition, member=me, grounds=v.grounds, by=by)
    elif isinstance(form, forms.RecusalForm):
        assigning.move_recusal(recusal=panel.recusal(petition, v.recusal), to=State(v.to), reason=v.reason, by=by)
    else:
        assigning.give(petition=petition, member=panel.member(v.member), why=v.why, by=by)
