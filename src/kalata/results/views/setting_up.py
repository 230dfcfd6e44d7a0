"""A new contest in five steps: what is answered is kept at each, and the contest is made from what was read over."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import ngettext

from kalata.people.services import require
from kalata.results.access import contest_with
from kalata.results.forms.new_contest import STEPS, Copy, Look, ReviewStep, Step
from kalata.results.models import ContestDraft
from kalata.results.pages import new_contest as pages
from kalata.results.queries import drafts
from kalata.results.rules.contest_draft import Answers
from kalata.results.rules.rights import STAFF
from kalata.results.services import setting_up
from kalata.results.views.desk import lang, person
from kalata.ui import edge

LAST = len(STEPS)


@login_required
def new_contest(request: HttpRequest) -> HttpResponse:
    """The first step. Nothing is kept before it is answered; a contest to copy answers all of them."""
    require(request.user, "results.setup")
    answers, code = Answers(), edge.asked(request, Copy).copie
    if code:
        answers = drafts.copied(contest_with(request.user, code, STAFF))
    form = step_form(request, 1, answers)
    if request.method == "POST" and form.is_valid():
        draft = setting_up.begin(answers=answers.with_(form.values()), by=person(request))
        return redirect("results:draft", draft.pk, 2)
    return shown(request, form, 1, answers, None)


@login_required
def draft(request: HttpRequest, draft_id: int, step: int) -> HttpResponse:
    """One step of a contest that this person sets up: answered, it leads to the next; the last one makes the contest."""
    require(request.user, "results.setup")
    found = get_object_or_404(drafts.drafts_of(person(request)), pk=draft_id)
    if not 1 <= step <= min(found.step + 1, LAST):
        return redirect("results:draft", found.pk, min(found.step + 1, LAST))
    answers = drafts.answers_of(found)
    if request.method == "POST" and edge.button(request, "", "drop") == "drop":
        setting_up.drop(draft_id=found.pk, by=person(request))
        messages.success(
            request, _t("Préparation de « %(name)s » abandonnée : rien n’en reste.") % {"name": answers.name_fr}
        )
        return redirect("results:desk")
    form = step_form(request, step, answers)
    if request.method == "POST" and form.is_valid():
        if isinstance(form, ReviewStep):
            return made(request, found, form)
        setting_up.keep(draft_id=found.pk, step=step, values=form.values(), by=person(request))
        return redirect("results:draft", found.pk, step + 1)
    return shown(request, form, step, answers, found)


def made(request: HttpRequest, found: ContestDraft, form: ReviewStep) -> HttpResponse:
    contest = setting_up.create(
        draft_id=found.pk, code=form.cleaned_data["code"], seen=form.cleaned_data["seen"], by=person(request)
    )
    n, seats = contest.options.count(), contest.constituencies.count()
    options = ngettext("%(n)d candidature", "%(n)d candidatures", n) % {"n": n}
    places = ngettext("%(n)d circonscription", "%(n)d circonscriptions", seats) % {"n": seats}
    says = _t(
        "Scrutin « %(name)s » créé (%(options)s, %(places)s). Rien n’en est public. Importez maintenant ses bureaux."
    )
    messages.success(request, says % {"name": contest.name_fr, "options": options, "places": places})
    return redirect("results:setup", contest.code)


def step_form(request: HttpRequest, step: int, answers: Answers) -> Step:
    kind = STEPS[step - 1]
    return edge.form_of(
        request,
        kind,
        answers=answers,
        pack=drafts.pack_of(answers),
        lang=lang(),
        initial=initial(step, answers, request),
    )


def initial(step: int, answers: Answers, request: HttpRequest) -> dict[str, Any]:
    """What the boxes of a step hold before one types: the answers so far, or what the pack proposes."""
    pack = drafts.pack_of(answers)
    if step == 1:
        first = f"{pack.pk}:{pack.pack.records('contests')[0]['id']}" if pack and pack.pack.records("contests") else ""
        return {
            "what": f"{answers.pack}:{answers.kind}" if answers.pack else first, "existing": answers.existing,
            "election": answers.election, "name_fr": answers.name_fr, "name_en": answers.name_en,
            "polling_day": answers.day, "exercise": answers.exercise,
        }  # fmt: skip
    if step == 2:
        best = next((d.geography.code for d in drafts.divisions(answers.day, pack) if d.valid), "")
        return {
            "geography": answers.geography or best, "expected": answers.expected, "seats_from": answers.seats_from,
            "constituencies": answers.constituencies,
        }  # fmt: skip
    if step == 3:
        return {
            "system": edge.asked(request, Look).mode or ("own" if answers.own else answers.system),
            "own": answers.own,
        }
    if step == 4:
        return {"options": answers.options, "boxes": list(answers.boxes)}
    return {"code": pages.code_for(answers)}


def shown(request: HttpRequest, form: Step, step: int, answers: Answers, found: ContestDraft | None) -> HttpResponse:
    pack = drafts.pack_of(answers)
    typed = form["system"].value() if step == 3 else answers.system
    context: dict[str, Any] = {
        "section": "desk", "form": form, "step": step, "last": LAST, "draft": found, "answers": answers, "pack": pack,
        "steps": pages.steps(step, found.step if found else 0), "title": pages.TITLES[pages.STEPS[step - 1]],
        "chosen": pages.chosen(answers, pack, lang()), "preview": pages.preview(answers, pack, lang()),
        "crumbs": [(reverse("results:desk"), _t("Scrutins")), ("", _t("Nouveau scrutin"))],
    }  # fmt: skip
    if step == 2:
        context |= {
            "divisions": drafts.divisions(answers.day, pack),
            "seat_sets": drafts.seat_sets(pack) if pack else [],
        }
    if step == 3 and pack:
        own = "" if typed != "own" else answers.own
        context |= {
            "systems": pages.offered(pack, answers, lang()),
            "meaning": pages.meaning(pack, str(typed or ""), own, lang()),
            "typed": typed,
        }
    if step == LAST and found:
        context["seen"] = drafts.seen_of(found)
    return render(request, "results/new.html", context, status=422 if form.errors else 200)
