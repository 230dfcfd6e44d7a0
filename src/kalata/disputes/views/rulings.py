"""The gate of a decision, and a decision once it is signed. While the gate refuses, no button signs."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _t

from kalata.disputes.forms import rulings as forms
from kalata.disputes.models import Ruling
from kalata.disputes.pages import cures
from kalata.disputes.queries import drafting
from kalata.disputes.queries import rulings as queries
from kalata.disputes.queries.elections import language_of
from kalata.disputes.rules.gate import CHECK_LABELS, REFUSED, Verdict, untold
from kalata.disputes.rules.mismatch import CODES
from kalata.disputes.rules.operative import ACT_LABELS
from kalata.disputes.rules.rulings import LABELS, ChangesFigures, State
from kalata.disputes.rules.steps import BENCH, PRESIDE, PUBLISH, RAPPORTEUR, REGISTRY
from kalata.disputes.services import executing, rulings
from kalata.disputes.services.publishing import READY
from kalata.disputes.views.docket import who
from kalata.people.guard import require
from kalata.people.queries import may
from kalata.people.rules.shown import as_shown
from kalata.results.access import may_see
from kalata.text import gettext_noop as _
from kalata.ui import edge

AT_THE_GATE = (
    forms.PrintForm,
    forms.BreachForm,
    forms.GateForm,
    forms.BackForm,
    forms.OverrideForm,
    forms.SignForm,
    forms.PronounceForm,
)
SIGNED = (forms.NotifyForm, forms.ApplyForm)


@login_required
def gate(request: HttpRequest, pk: int) -> HttpResponse:
    """What a draft prints against what its acts give, check by check, and what may be done now."""
    one = drafting.at_the_gate(request.user, pk)
    if request.method == "POST":
        at_the_gate(request, one)
        return redirect("disputes:gate", pk)
    state = State(one.state)
    open_ = state in (State.DRAFT, State.GATE)
    verdict = rulings.examine(one, who(request)) if one.printed_of and open_ else None
    found = verdict.record() if verdict else one.verdict
    rights = {r for r in (RAPPORTEUR, PRESIDE, BENCH) if may(request.user, r, contest=one.contest_id)}
    numbers = [str(o.petition.number) for o in one.outcomes.select_related("petition")]
    told_nothing = untold(rulings.whole(one, who(request)) if open_ else one.decision or {})
    context = {
        "section": "docket", "one": one, "state": LABELS[state], "verdict": found, "labels": CHECK_LABELS, "codes": CODES, "signed": not open_,
        "closed": found is None or found["signature"] == REFUSED, "untold": told_nothing,
        "held": sum(c["holds"] and c["check"] not in told_nothing for c in found["checks"]) if found else 0,
        "lang": "en" if get_language() == "en" else "fr", "words": ACT_LABELS,
        "sums": recomputed(one, verdict) if verdict and may_see(request.user, one.contest) else None,
        "late": verdict is not None and bool(verdict.of("deadline")), "prints": state is State.DRAFT and RAPPORTEUR in rights,
        "cures": cures.cures(pk, numbers, found["mismatches"], drafts=state is State.DRAFT) if found and open_ else [],
        "presides": PRESIDE in rights, "sits": BENCH in rights, "at_gate": state is State.GATE,
        "signs": state is State.GATE and PRESIDE in rights and verdict is not None and verdict.signature != REFUSED and who(request).pk not in rulings.writers(one),
        "pronounces": state is State.SIGNED and PRESIDE in rights,
        "crumbs": [(reverse("disputes:docket"), _t("Rôle des requêtes")), ("", one.number)],
    }  # fmt: skip
    return render(request, "disputes/gate.html", context)


def recomputed(one: Ruling, verdict: Verdict) -> dict[str, Any]:
    """What the acts give, before and after: candidates with what is chosen, their share and seats; the other boxes."""
    names = dict(one.contest.options.values_list("code", "name"))
    done = verdict.recomputation
    return {
        "options": drafting.options(done, names), "boxes": drafting.boxes(done), "places": drafting.places(done, names),
        "counted": (done.before.total.counted, done.after.total.counted), "digest": done.digest,
    }  # fmt: skip


def at_the_gate(request: HttpRequest, one: Ruling) -> None:
    form: Any = edge.acted(request, *AT_THE_GATE)
    if form.v.seen:
        as_shown(form.v.seen, one.printed_of, _("le projet, son texte ou ses annexes"))
    by = who(request)
    match form:
        case forms.PrintForm():
            rulings.generate(ruling=one, by=by)
        case forms.BreachForm():
            rulings.amend(ruling=one, by=by, breach=form.v.words)
        case forms.GateForm():
            rulings.to_gate(ruling=one, by=by)
        case forms.BackForm():
            rulings.back(ruling=one, reason=form.v.why, by=by)
        case forms.OverrideForm():
            rulings.override(ruling=one, reasons=form.v.why, by=by)
        case forms.SignForm():
            executing.sign(ruling=one, by=by)
        case _:
            rulings.pronounce(ruling=one, minutes=form.v.minutes, by=by)
    messages.success(request, _t("C’est fait."))


@login_required
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    """A signed decision: its text, its annexes, and the steps that are left."""
    one = queries.signed_of(request.user, pk)
    if request.method == "POST":
        form: Any = edge.acted(request, *SIGNED)
        by = who(request)
        if isinstance(form, forms.NotifyForm):
            rulings.notify(ruling=one, by=by)
        else:
            executing.apply(ruling=one, by=by)
        messages.success(request, _t("C’est fait."))
        return redirect("disputes:decision", pk)
    state = State(one.state)
    steps = {
        "notify": state is State.PRONOUNCED and may(request.user, REGISTRY, contest=one.contest_id),
        "publish": state is State.NOTIFIED and may(request.user, PUBLISH, contest=one.contest_id),
        "publication": state in READY,
        "apply": state is State.PUBLISHED and may(request.user, "results.decide", contest=one.contest_id),
    }
    context = {
        "section": "docket", "one": one, "state": LABELS[state], "parts": one.print.get("parts", {}), "steps": steps,
        "spoken": language_of(one.contest), "before": before_apply(one) if steps["apply"] else [],
        "crumbs": [(reverse("disputes:docket"), _t("Rôle des requêtes")), ("", one.number)],
    }  # fmt: skip
    return render(request, "disputes/decision.html", context)


def before_apply(one: Ruling) -> list[str]:
    """What carrying a decision out does, in figures."""
    n = sum(len(act.get("stations") or ()) for act in one.acts)
    return [
        ngettext("%(n)d bureau prend une version nouvelle, l’ancienne reste.", "%(n)d bureaux prennent une version nouvelle, les anciennes restent.", n) % {"n": n},
        _t("Les totaux et l’issue deviennent ceux que la décision imprime ; s’ils diffèrent, rien n’est fait (DIS-308)."),
        _t("Le journal public l’inscrit ; cela ne se défait que par une autre décision."),
    ]  # fmt: skip


@login_required
def errata(request: HttpRequest, pk: int) -> HttpResponse:
    """The clerical errors of a signed decision, and to correct one; the signed text stays as it is."""
    one = queries.signed_of(request.user, pk)
    form = edge.form_of(request, forms.CorrectForm)
    if request.method == "POST":
        edge.button(request, "correct")
        require(who(request), PRESIDE, contest=one.contest_id)
        v = form.v
        if form.is_valid() and rulings.changes_figures(one, v.passage, v.reads, v.why):
            form.add_error("passage", ChangesFigures().message.text(get_language() or "fr"))
        if form.is_valid():
            rulings.correct(ruling=one, passage=v.passage, reads=v.reads, why=v.why, by=who(request))
            messages.success(request, _t("Rectification enregistrée."))
            return redirect("disputes:errata", pk)
    context = {
        "section": "docket", "one": one, "state": LABELS[State(one.state)], "rows": one.corrections.select_related("by"), "form": form,
        "presides": may(request.user, PRESIDE, contest=one.contest_id), "parts": list((one.print.get("parts") or {}).values()),
        "crumbs": [(reverse("disputes:docket"), _t("Rôle des requêtes")), (reverse("disputes:decision", args=[pk]), one.number), ("", _t("Erreurs matérielles"))],
    }  # fmt: skip
    return render(request, "disputes/errata.html", context, status=422 if form.errors else 200)
