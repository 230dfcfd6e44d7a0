"""The staff's pages: contests to set up, files to bring in, requests to make."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _t

from kalata.country import freezing
from kalata.country import services as country
from kalata.country.models import Contest
from kalata.people import queries as people
from kalata.people.services import require
from kalata.results import mapping, shown
from kalata.results.access import (
    as_seen_by,
    contest_with,
    contests_with,
    imports_of,
    may_see,
)
from kalata.results.forms.setup import (
    SETUP,
    ConstituenciesForm,
    DeskList,
    EditForm,
    NamesForm,
    OptionsForm,
    PackSetForm,
    ReasonForm,
    SecondRoundForm,
    WithdrawForm,
)
from kalata.results.pages import before
from kalata.results.pages.new_contest import meaning_of
from kalata.results.queries import board as boards
from kalata.results.queries.drafts import answers_of, drafts_of
from kalata.results.rules.boxes import LABELS
from kalata.results.rules.rights import STAFF
from kalata.results.rules.systems import KIND_LABELS
from kalata.results.services import contests as services
from kalata.results.services import corrections, second_round, setting_up
from kalata.ui import edge


def lang() -> str:
    return get_language() or "fr"


def person(request: HttpRequest) -> Any:
    return cast(Any, request.user)


def any_right(request: HttpRequest) -> None:
    if not any(people.may_somewhere(request.user, r) for r in STAFF):
        require(request.user, "results.read")


@login_required
def contests(request: HttpRequest) -> HttpResponse:
    """Every contest, whatever its state, with what can be done next."""
    any_right(request)
    text = edge.asked(request, DeskList).q
    found = [
        c
        for c in contests_with(request.user, STAFF)
        if not text or country.fold(text) in country.fold(f"{c.name_fr} {c.code}")
    ]
    page = edge.paged(request, found, 30)
    return render(
        request,
        "results/desk.html",
        {
            "section": "desk",
            "page": page,
            "q": text,
            "kinds": KIND_LABELS,
            "drafts": imports_of(request.user).exclude(state__in=("committed", "discarded"))[:8],
            "being_set_up": [(one, answers_of(one)) for one in drafts_of(person(request))],
        },
    )


@login_required
def contest(request: HttpRequest, code: str) -> HttpResponse:
    """One contest from the inside: candidates, constituencies, imports, publication, second round."""
    found = contest_with(request.user, code, STAFF)
    form: edge.Edge = ReasonForm()
    if request.method == "POST":
        if edge.button(request, *(kind.act for kind in SETUP)) == EditForm.act:
            return edited(request, found)
        form = edge.acted(request, *SETUP, given={NamesForm: {"options": found.options.all()}})
        sent = form.v
        if isinstance(form, OptionsForm):
            require(request.user, "results.setup", contest=found.pk)
            lines = [line.strip() for line in sent.options.splitlines() if line.strip()]
            emblems = {o.name: o.emblem for o in found.options.all()}
            country.set_options(
                contest=found, options=[{"name": n, "emblem": emblems.get(n, "")} for n in lines], by=person(request)
            )
            messages.success(request, _t("Candidatures enregistrées."))
            return redirect("results:setup", code)
        if isinstance(form, ConstituenciesForm):
            require(request.user, "results.setup", contest=found.pk)
            return rearranged(request, found, sent.constituencies, sent)
        if isinstance(form, PackSetForm):
            require(request.user, "results.setup", contest=found.pk)
            return rearranged(request, found, country.pack_constituencies(found, sent.set), sent)
        if isinstance(form, NamesForm):
            names = {
                o.rank: (
                    getattr(sent, f"name-{o.rank}"),
                    getattr(sent, f"emblem-{o.rank}") if edge.sent(request, f"emblem-{o.rank}") else o.emblem,
                )
                for o in found.options.all()
            }
            corrections.ask_names(contest=found, names=names, reason=sent.reason, by=person(request), seen=sent.seen)
            messages.success(request, _t("Demande enregistrée : une autre personne doit l’approuver."))
            return redirect("people:approvals")
        if isinstance(form, SecondRoundForm):
            second_round.ask(
                contest=found, code=sent.code or second_round.code_of(found, sent.place), polling_day=sent.polling_day,
                reason=sent.reason, by=person(request), seen=sent.seen, place=sent.place,
            )  # fmt: skip
            messages.success(request, _t("Demande enregistrée : une autre personne doit l’approuver."))
            return redirect("people:approvals")
        ask = services.ask_withdrawal if isinstance(form, WithdrawForm) else services.ask_publication
        ask(contest=found, reason=sent.reason, by=person(request), seen=sent.seen)
        messages.success(request, _t("Demande enregistrée : une autre personne doit l’approuver."))
        return redirect("people:approvals")
    return setup_page(request, found, form)


def edited(request: HttpRequest, found: Contest) -> HttpResponse:
    """Name, day, boxes corrected at once, while nothing depends on them; a box that is wrong comes back with its sentence."""
    require(request.user, "results.setup", contest=found.pk)
    form = edge.form_of(request, EditForm, lang=lang(), auto_id="e_%s")
    if not form.is_valid():
        return setup_page(request, found, ReasonForm(), form)
    values = {k: v for k, v in form.cleaned_data.items() if k != "seen"}
    sent = {k: v for k, v in values.items() if edge.sent(request, k) or k == "boxes"}
    setting_up.edit(contest=found, values=sent, seen=form.cleaned_data["seen"], by=person(request))
    messages.success(request, _t("Scrutin « %(name)s » corrigé.") % {"name": form.cleaned_data["name_fr"]})
    return redirect("results:setup", found.code)


def setup_page(request: HttpRequest, found: Contest, form: edge.Edge, edit: EditForm | None = None) -> HttpResponse:
    """The page of a contest from the inside."""
    held = freezing.held_by(found)
    edit = edit or EditForm(
        lang=lang(), auto_id="e_%s",
        initial={
            "seen": setting_up.page_mark(found), "name_fr": found.name_fr, "name_en": found.name_en,
            "polling_day": found.polling_day, "expected_stations": found.expected_stations, "boxes": found.boxes,
        },
    )  # fmt: skip
    board = boards.board(as_seen_by(request.user, found)) if found.revision and may_see(request.user, found) else None
    return render(
        request,
        "results/setup.html",
        {
            "section": "desk",
            "contest": found,
            "freeze": freezing.freeze_of(found),
            "shown_once": freezing.public_since(found),
            "board": board,
            "cov": board.coverage() if board else None,
            "before": before.of_publication(
                found, board.coverage() if board else None, board.errors() if board else 0, lang()
            ),
            "exercise": found.election.exercise,
            "form": form,
            "edit": edit,
            "held": held,
            "meaning": meaning_of(found, lang()),
            "held_says": [(setting_up.EDITED[f], why[0]) for f, why in held.items() if f in setting_up.EDITED],
            "free": sorted(set(setting_up.EDITED) - set(held)),
            "kind_label": KIND_LABELS.get(found.system.get("kind"), ""),
            "options_text": "\n".join(o.name for o in found.options.all()),
            "constituencies_text": "\n".join(f"{c.code} ; {c.name} ; {c.seats}" for c in found.constituencies.all()),
            "stations": found.stations.count(),
            "imports": imports_of(request.user, found)[:20],
            "states": mapping.STATES,
            "box_labels": [LABELS.get(b, b) for b in found.boxes],
            "seconds": second_round.states_of(found),
            "seen": shown.of_contest(found),
            "seen_meaning": shown.of_meaning(found),
            "seen_round": second_round.page_mark(found),
            "pack_sets": sorted({str(r["set"]) for r in found.election.pack.pack.records("constituencies")}),
            "crumbs": [(reverse("results:desk"), _t("Scrutins")), ("", found.name_fr)],
        },
        status=422 if form.errors or edit.errors else 200,
    )


def rearranged(request: HttpRequest, found: Contest, rows: list[dict[str, Any]], sent: Any) -> HttpResponse:
    """Constituencies set at once while there is no figure; asked of a second person afterwards."""
    if freezing.freeze_of(found) is None:
        country.set_constituencies(contest=found, rows=rows, by=person(request))
        messages.success(request, _t("Circonscriptions enregistrées."))
        return redirect("results:setup", found.code)
    corrections.ask_constituencies(contest=found, rows=rows, reason=sent.reason, by=person(request), seen=sent.seen)
    messages.success(request, _t("Demande enregistrée : une autre personne doit l’approuver."))
    return redirect("people:approvals")
