"""The wizard of imports: a file, where each column and value goes, a dry run, storing it."""

from __future__ import annotations

from typing import Any

import yaml
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _t

from kalata import plain
from kalata.refusals import Refused
from kalata.results import mapping
from kalata.results.access import contest_with, import_for, imports_of, profiles_of
from kalata.results.forms.imports import (
    CommitForm,
    DiscardForm,
    DropProfileForm,
    ImportList,
    MapForm,
    UploadForm,
    Wizard,
)
from kalata.results.models import Import
from kalata.results.pages import imports as import_pages
from kalata.results.rules.rights import STAFF
from kalata.results.services import committing, importing
from kalata.results.services import contests as services
from kalata.results.tasks import check_file, commit_file
from kalata.results.views.desk import any_right, lang, person
from kalata.tables.files import TooLarge
from kalata.tables.rules.seen import VALUES
from kalata.ui import edge


@login_required
def imports(request: HttpRequest) -> HttpResponse:
    any_right(request)
    state = edge.asked(request, ImportList).etat
    found = imports_of(request.user)
    found = found.filter(state=state) if state else found
    page = edge.paged(request, found, 40)
    return render(
        request,
        "results/imports.html",
        {
            "section": "desk",
            "page": page,
            "state": state,
            "states": mapping.STATES,
            "crumbs": [(reverse("results:desk"), _t("Scrutins")), ("", _t("Imports"))],
        },
    )


@login_required
def start_import(request: HttpRequest, code: str) -> HttpResponse:
    """Step 1: upload. The file is kept and looked at; nothing else."""
    found = contest_with(request.user, code, STAFF)
    importing.require_somewhere(person(request), found)
    form = edge.form_of(request, UploadForm)
    if getattr(request, "upload_too_large", False):
        raise TooLarge(file="?", size=200, limit=200)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        one = importing.upload(contest=found, name=file.name, content=file.chunks(), by=person(request))
        return redirect("results:import", one.pk)
    return render(
        request,
        "results/import_upload.html",
        {
            "section": "desk",
            "contest": found,
            "form": form,
            "step": 1,
            "template": import_pages.template(found, lang()),
            "crumbs": [
                (reverse("results:desk"), _t("Scrutins")),
                (reverse("results:setup", args=[code]), found.name_fr),
                ("", _t("Importer")),
            ],
        },
        status=422 if form.errors else 200,
    )


def shared(one: Import) -> dict[str, Any]:
    return {
        "section": "desk",
        "one": one,
        "contest": one.contest,
        "crumbs": [
            (reverse("results:desk"), _t("Scrutins")),
            (reverse("results:setup", args=[one.contest.code]), one.contest.name_fr),
            ("", one.name),
        ],
    }


@login_required
def import_step(request: HttpRequest, pk: int) -> HttpResponse:
    """Steps 2 to 4: map, dry run, commit. The state of the import says which."""
    one = import_for(request.user, pk)
    if request.method == "POST":
        return import_act(request, one)
    context = shared(one)
    if one.state in ("checking", "committing"):
        return render(
            request,
            "results/import_busy.html",
            {**context, "step": 3 if one.state == "checking" else 4, "progress": importing.progress_of(one)},
        )
    if one.state in ("committed", "discarded", "waiting"):
        return render(
            request, "results/import_done.html", {**context, "step": 5, "places": import_pages.places(one, lang())}
        )
    if edge.asked(request, Wizard).etape or one.state in ("uploaded", "mapped"):
        wanted = edge.asked(request, Wizard).profil
        kept = profiles_of(request.user).filter(pk=wanted).first() if wanted else None
        start = kept.profile if kept else one.profile
        chosen = mapping.read_from(one, start) if start else mapping.begun(one)
        if kept:  # what was confirmed of another file is asked again of this one
            chosen.named, chosen.left = False, False
        return mapping_page(request, one, chosen, base=kept.pk if kept else None)
    return render(
        request,
        "results/import_report.html",
        {
            **context,
            "step": 3,
            "report": one.report or {},
            "registers": import_pages.registers(one),
            "two": committing.needs_two(one),
            "places": import_pages.places(one, lang()),
            **import_pages.report(one, lang()),
        },
    )


def mapping_page(
    request: HttpRequest,
    one: Import,
    chosen: mapping.Chosen,
    *,
    base: int | None = None,
    create: str = "",
    asked: list[mapping.Question] | None = None,
    refused: Refused | None = None,
    written: str = "",
) -> HttpResponse:
    """The page of columns and values. asked: what the person was to say and did not; written: a profile typed by hand."""
    return render(
        request,
        "results/import_map.html",
        {
            **shared(one),
            **import_pages.columns(one, chosen, lang(), create),
            "step": 2,
            "kept": profiles_of(request.user),
            "base": base,
            "asked": import_pages.asked(asked or [], lang()),
            "refused": refused,
            "says": refused.message.text(lang()) if refused else "",
            "how": refused.how.text(lang()) if refused else "",
            **({"profile_text": written, "by_hand": True} if written else {}),
        },
        status=422 if asked or refused else 200,
    )


def import_act(request: HttpRequest, one: Import) -> HttpResponse:
    act = edge.button(request, MapForm.act, CommitForm.act, DiscardForm.act)
    if act == "map":
        return map_act(request, one)
    if act == "commit":
        sent = edge.posted(request, CommitForm)
        reason = sent.reason
        if one.state != "checked":
            raise importing.WrongState(state=one.state)
        if sent.seen != one.difference:  # another person, or another page, has tried this file again since
            raise committing.StaleDryRun
        if committing.needs_two(one):
            committing.ask_or_commit(one=one, reason=reason, by=person(request))
            messages.success(request, _t("Demande enregistrée : une autre personne doit l’approuver."))
        else:
            committing.send(one, reason, person(request))
            commit_file.enqueue(one.pk, person(request).pk)
    elif act == "discard" and one.state != "committed":
        importing.discard(one=one, by=person(request))
        messages.info(request, _t("Import abandonné : rien n’a été enregistré."))
        return redirect("results:setup", one.contest.code)
    return redirect("results:import", one.pk)


def map_act(request: HttpRequest, one: Import) -> HttpResponse:
    """Keep the mapping and try it; or come back with what is still to say."""
    roles = [value for value, _label in mapping.choices(one, "fr") if value]
    sent = edge.posted(
        request, MapForm, columns=len(one.header), roles=[*roles, "option"], words=VALUES + 1, values=VALUES + 1
    )
    if sent.mode == "yaml":
        return written_act(request, one, sent)
    kept = profiles_of(request.user).filter(pk=sent.base).first() if sent.base else None
    start = kept.profile if kept else one.profile
    chosen = import_pages.chosen_from(one, sent, mapping.read_from(one, start).base if start else {})
    asked = mapping.questions(one, chosen)
    base = kept.pk if kept else None
    if asked or sent.go == "look":
        return mapping_page(request, one, chosen, base=base, create=sent.create, asked=asked)
    return kept_and_tried(request, one, sent, mapping.profile_of(one, chosen), chosen)


def written_act(request: HttpRequest, one: Import, sent: Any) -> HttpResponse:
    """A profile written by hand. Names that nobody has read yet are asked on the page of columns."""
    try:
        profile = mapping.yaml_profile(sent.yaml)
    except plain.BadYaml as refused:  # shown at its box, with what was typed
        begun = mapping.read_from(one, one.profile) if one.profile else mapping.begun(one)
        return mapping_page(request, one, begun, create=sent.create, refused=refused, written=sent.yaml)
    try:
        importing.set_mapping(one=one, profile=profile, create=sent.create, by=person(request))
    except Refused as refused:
        return refused_page(request, one, sent, profile, mapping.begun(one), refused)
    chosen = mapping.read_from(one, profile)
    asked = [q for q in mapping.questions(one, chosen) if q.at == "named"]
    if asked:
        return mapping_page(request, one, chosen, create=sent.create, asked=asked)
    return kept_and_tried(request, one, sent, profile, chosen)


def kept_and_tried(
    request: HttpRequest, one: Import, sent: Any, profile: dict[str, Any], chosen: mapping.Chosen
) -> HttpResponse:
    try:
        importing.set_mapping(one=one, profile=profile, create=sent.create, by=person(request))
        if sent.keep:
            services.keep_profile(name=sent.keep, profile=profile, by=person(request))
    except Refused as refused:  # the mapping page shows it beside the columns it speaks of
        return refused_page(request, one, sent, profile, chosen, refused)
    if sent.go == "keep":
        messages.success(request, _t("Correspondance gardée ; rien n’est encore enregistré."))
        return redirect(f"{reverse('results:import', args=[one.pk])}?etape=2")
    importing.hand_over(one)
    check_file.enqueue(one.pk)
    return redirect("results:import", one.pk)


def refused_page(
    request: HttpRequest, one: Import, sent: Any, profile: dict[str, Any], chosen: mapping.Chosen, refused: Refused
) -> HttpResponse:
    one.profile = profile
    return mapping_page(request, one, chosen, base=sent.base, create=sent.create, refused=refused)


@login_required
def import_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """A fragment that says how far a job is; when it is done it sends the page on."""
    one = import_for(request.user, pk)
    response = render(request, "results/_progress.html", {"one": one, "progress": importing.progress_of(one)})
    if one.state not in ("checking", "committing"):
        response["HX-Refresh"] = "true"
    return response


@login_required
def import_refused(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The rows that a dry run refused, with their reason."""
    one = import_for(request.user, pk)
    response = StreamingHttpResponse(import_pages.refused_file(one, lang()), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{slugify(one.name) or "import"}-refusees.csv"'
    return response


@login_required
def profiles(request: HttpRequest) -> HttpResponse:
    """The kept mappings: read, export, drop."""
    any_right(request)
    if request.method == "POST":
        services.drop_profile(name=edge.posted(request, DropProfileForm).name, by=person(request))
        messages.success(request, _t("Profil supprimé ; le journal garde son contenu."))
        return redirect("results:profiles")
    return render(
        request,
        "results/profiles.html",
        {
            "section": "desk",
            "profiles": profiles_of(request.user),
            "crumbs": [(reverse("results:desk"), _t("Scrutins")), ("", _t("Profils"))],
        },
    )


@login_required
def profile_yaml(request: HttpRequest, pk: int) -> HttpResponse:
    any_right(request)
    kept = profiles_of(request.user).get(pk=pk)
    text = yaml.safe_dump(kept.profile, allow_unicode=True, sort_keys=False)
    response = HttpResponse(text, content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{slugify(kept.name) or "profil"}.yaml"'
    return response
