"""Sittings: their list, one as who holds it, who sits and who rates may see it; its dossier on paper, its page without network; plans."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t

from kalata.people.guard import require
from kalata.people.queries import may
from kalata.results.views.shared import language, who
from kalata.training.forms import moots as forms
from kalata.training.models import MootSitting
from kalata.training.moots_lists import SITTINGS
from kalata.training.pages import moots as pages
from kalata.training.papers import moots as papers
from kalata.training.queries import moot_sittings as queries
from kalata.training.queries import moots
from kalata.training.rules.moot_states import OUTCOMES, Sitting
from kalata.training.rules.moots import offline as offline_page
from kalata.training.rules.moots.refusals import NoSeat
from kalata.training.rules.rights import HOLD, RATE
from kalata.training.services import moot_rating, moot_sittings
from kalata.training.views.classes_files import PDF, sent
from kalata.ui import edge

HELD = (forms.OpenForm, forms.CloseForm, forms.CancelForm, forms.BringForm, forms.CopyForm)
RATED = (forms.SheetForm, forms.AgreeForm, forms.ReleaseForm)
SAT = (forms.ComeForm, forms.OwnForm, forms.AnswerForm, forms.PlanForm)


def found(request: HttpRequest, pk: int) -> MootSitting:
    one = queries.sitting_for(request.user, pk)
    if one is None:
        raise Http404
    return one


def crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [(reverse("moots:sittings") if more else "", _t("Affaires-écoles")), *more]


@login_required
def index(request: HttpRequest) -> HttpResponseBase:
    """Every sitting for who holds them; for who sits or rates, theirs."""
    if request.method == "POST":
        require(request.user, HOLD)
        v: Any = edge.acted(request, forms.PrepareForm).v
        version = moots.ready().get(pk=int(v.version))
        made = moot_sittings.prepare(
            version=version, title=v.title, bench=v.bench.splitlines(), raters=v.raters.splitlines(), by=who(request)
        )
        messages.success(request, _t("Séance préparée."))
        return redirect("moots:sitting", made.pk)
    shown = SITTINGS.read(request, lambda asked: queries.listed(request.user, asked))
    if shown.form:
        return shown.file()
    context = {
        "section": "moots", "crumbs": crumbs(), "list": shown, "holds": may(request.user, HOLD), "reads": moots.reads(request.user), "form": forms.PrepareForm(),
        "ready": moots.ready().exists(), "plans": queries.plans(request.user).exists(),
    }  # fmt: skip
    return render(request, "moots/sittings.html", context)


@login_required
def one(request: HttpRequest, pk: int) -> HttpResponse:
    this = found(request, pk)
    if request.method == "POST":
        return acted(request, this)
    asked: Any = edge.asked(request, forms.SittingLook)
    shown = pages.sitting(request.user, this, language(), asked.place, asked.ecart)
    acts = {"bring": forms.BringForm(), "cancel": forms.CancelForm(), "plan_form": forms.PlanForm()}
    return render(
        request, "moots/sitting.html", {"section": "moots", "crumbs": crumbs(("", this.title)), **acts, **shown}
    )


def acted(request: HttpRequest, this: MootSitting) -> HttpResponse:
    act = edge.button(request, *(f.act for f in (*HELD, *RATED, *SAT)))
    if act in {f.act for f in HELD}:
        require(request.user, HOLD)
    if act in {f.act for f in RATED}:
        require(request.user, RATE)
    form = edge.acted(request, *HELD, *RATED, *SAT)
    said = done(this, form, who(request))
    if said:
        messages.success(request, said)
    return redirect(f"{reverse('moots:sitting', args=[this.pk])}{anchor(form)}")


def anchor(form: Any) -> str:
    """Where the page goes on: at the question answered, at the next sheet that is owed, at the person spoken of."""
    if isinstance(form, forms.AnswerForm):
        return f"#q-{form.v.question}"
    if isinstance(form, forms.AgreeForm):
        return "#g"
    return "#r" if isinstance(form, forms.SheetForm) else ""


def done(this: MootSitting, form: Any, by: Any) -> str:
    v = form.v
    if isinstance(form, forms.OpenForm):
        moot_sittings.open_stage(sitting=this, stage=v.stage, by=by)
        return _t("Étape %(n)d ouverte.") % {"n": v.stage}
    if isinstance(form, forms.CloseForm):
        moot_sittings.close(sitting=this, by=by)
        return _t("Séance close : les réponses sont descellées, les notateurs commencent.")
    if isinstance(form, forms.CancelForm):
        moot_sittings.cancel(sitting=this, reason=v.reason, by=by)
        return _t("Séance annulée.")
    if isinstance(form, forms.BringForm):
        counts = moot_sittings.bring(sitting=this, content=v.file.read(), by=by)
        return _t("Réponses reçues : %(answers)d ; déjà là : %(same)d.") % counts
    if isinstance(form, forms.AnswerForm):
        given = {v.question: v.values or [v.value]}
        seat = v.seat if isinstance(form, forms.CopyForm) else None
        moot_sittings.answer(sitting=this, given=given, by=by, seat=seat, stage=v.stage)
        return _t("Réponse scellée jusqu’à la fermeture de l’étape.")
    if isinstance(form, forms.ComeForm):
        moot_sittings.come(sitting=this, by=by)
        return _t("Présence déclarée sur l’honneur.")
    if isinstance(form, forms.OwnForm):
        moot_sittings.own(sitting=this, by=by, seen=v.seen)
        return _t("Ces réponses sont les vôtres : elles comptent.")
    return rated(this, form, by)


def rated(this: MootSitting, form: Any, by: Any) -> str:
    v = form.v
    if isinstance(form, forms.SheetForm):
        names = [c.id for c in moots.case_in(this.version).rubric]
        moot_rating.give(
            sitting=this, seat=v.seat, levels=dict(zip(names, v.levels, strict=False)), feedback=v.feedback, by=by
        )
        return _t("Feuille remise.")
    if isinstance(form, forms.AgreeForm):
        moot_rating.agree(sitting=this, seat=v.seat, criterion=v.criterion, level=v.level, reason=v.reason, by=by)
        return _t("Niveau convenu inscrit ; il vaut quand l’autre notateur inscrit le même.")
    if isinstance(form, forms.ReleaseForm):
        moot_rating.release(sitting=this, by=by)
        return _t("Résultats rendus à chacun.")
    moot_rating.file_plan(sitting=this, actions=v.actions.splitlines(), by=by)
    return _t("Plan déposé : un rappel viendra à 30 et à 90 jours.")


@login_required
def dossier(request: HttpRequest, pk: int) -> HttpResponse:
    """The dossier, stage by stage: the whole for who holds the sitting, what has opened for the others."""
    this = found(request, pk)
    asked: Any = edge.asked(request, forms.DossierAsked)
    lang = asked.lang or language()
    case = moots.case_in(this.version)
    last = (
        len(case.stages)
        if queries.holds(request.user, this) or this.state in (Sitting.RATING, Sitting.RELEASED)
        else max(queries.opened(this), default=0)
    )
    return sent(papers.dossier(this, case, last, lang), f"dossier-{this.pk}.pdf", PDF)


@login_required
def offline(request: HttpRequest, pk: int) -> HttpResponse:
    """One file that holds a sitting on one laptop without a network; its answers come back as a file."""
    this = found(request, pk)
    require(request.user, HOLD)
    if not queries.holds(request.user, this):
        raise Http404
    seats = [(s.seat, s.person.full_name) for s in queries.seats(this)]
    made = offline_page.page(
        moots.case_in(this.version),
        moots.computed(this.version),
        this.pk,
        this.version.sha256,
        this.title,
        seats,
        language(),
    )
    return sent(made.encode(), f"affaire-{this.pk}.html", "text/html; charset=utf-8")


@login_required
def plans(request: HttpRequest) -> HttpResponse:
    """One's own plans of action, what is due at 30 and 90 days; nobody else's."""
    if request.method == "POST":
        v: Any = edge.acted(request, forms.FollowForm).v
        plan = queries.plans(request.user).filter(pk=v.plan).first()
        if plan is None:
            raise NoSeat
        moot_rating.follow(plan=plan, days=int(v.days), outcomes=v.outcomes, by=who(request))
        messages.success(request, _t("Suivi gardé."))
        return redirect("moots:plans")
    rows = [(p, queries.due_of(p)) for p in queries.plans(request.user)]
    context = {
        "section": "moots",
        "crumbs": crumbs(("", _t("Plans d’action"))),
        "rows": rows,
        "outcomes": [(o.value, w) for o, w in OUTCOMES.items()],
    }
    return render(request, "moots/plans.html", context)
