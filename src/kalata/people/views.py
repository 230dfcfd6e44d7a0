"""Pages about persons: accounts, mandates, approvals, activation, one's own account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kalata.country.rules.rights import RIGHTS
from kalata.ledger.queries import about
from kalata.ledger.services import read_of_personal_data
from kalata.people import accounts, kinds, queries, services, sessions, tokens
from kalata.people.accounts import Sheet
from kalata.people.forms import ImportForm, ImportNowForm, MandateForm, PersonForm, ReasonForm, ReissueForm, RevokeForm
from kalata.people.importing import services as importing
from kalata.people.listings import PERSONS
from kalata.people.models import Person
from kalata.people.services import require
from kalata.people.sheets import activation_pdf
from kalata.refusals import Forbidden, Refused
from kalata.tables.lists import cells, csv_of, filed
from kalata.text import Message, told
from kalata.ui import edge

ACTS = ("mandate", "reissue", "close", "revoke", "sheet", "part")
"""The buttons of the page of an account."""


def who(request: HttpRequest) -> Person:
    return cast(Person, request.user)


def reader(request: HttpRequest) -> None:
    if not any(queries.may(request.user, right) for right in ("people.manage", "people.read", "people.approve")):
        raise Forbidden(right="people.read")


@login_required
def people(request: HttpRequest) -> HttpResponseBase:
    """Accounts: search, role, state; reading the list is kept in the ledger, taking it away too."""
    reader(request)
    found = PERSONS.read(request, lambda asked: queries.persons(text=asked.q, role=asked.role, state=asked.etat))
    noted(request, taken=bool(found.form))
    if found.form:
        return found.file()
    return render(request, "people/list.html", {"section": "people", "list": found, "roles": services.pack_roles()})


def noted(request: HttpRequest, *, taken: bool) -> None:
    kind = kinds.READ_PERSONS_EXPORT if taken else kinds.READ_PERSONS
    address = edge.address(request)
    read_of_personal_data(by=who(request), kind=kind, subject=f"persons?{address}"[:120] if address or not taken else "persons")  # fmt: skip


@login_required
def export(request: HttpRequest) -> HttpResponseBase:
    """Every account as a bare table, at the address it always had."""
    reader(request)
    noted(request, taken=True)
    columns = filed(PERSONS.columns)
    rows = queries.persons().iterator(chunk_size=2_000)
    answer = StreamingHttpResponse(
        csv_of([c.key for c in columns], (cells(columns, p) for p in rows)), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = 'attachment; filename="personnes.csv"'
    return answer


@login_required
def person(request: HttpRequest, username: str) -> HttpResponse:
    """One account: mandates, what can be done with it, what was done to it."""
    reader(request)
    found = get_object_or_404(Person, username=username)
    act = edge.button(request, *ACTS) if request.method == "POST" else ""
    form = edge.form_of(request, MandateForm, when=act == "mandate", lang=get_language() or "fr")
    close = edge.form_of(request, ReasonForm, when=act == "close")
    revoke = edge.form_of(request, RevokeForm, when=act == "revoke")
    again = edge.form_of(request, ReissueForm, when=act == "reissue", auto_id="again_%s")
    if request.method == "POST":
        answer = act_on(request, found, act, {"mandate": form, "close": close, "revoke": revoke, "reissue": again})
        if answer is not None:
            return answer
    else:
        read_of_personal_data(by=who(request), kind=kinds.READ_PERSON, subject=f"person:{found.username}")
    reissues = accounts.open_reissues(found)
    errors = any(one.errors for one in (form, close, revoke, again))
    return render(
        request,
        "people/person.html",
        {
            "section": "people",
            "person": found,
            "mandates": queries.live_mandates(found),
            "pending": queries.pending_mandates(found),
            "closing": closing_of(found) if found.is_active else None,
            "form": form,
            "again": again,
            "needs_two": accounts.needs_two(found),
            "reissues": reissues,
            "my_part": max((accounts.printable_part(r, who(request)) for r in reissues), default=0),
            "roles": services.pack_roles(),
            "rights_labels": RIGHTS,
            "history": about(f"person:{found.username}", 30),
            "own": found.pk == who(request).pk,
            "crumbs": [(reverse("people:list"), _("Personnes")), ("", found.username)],
        },
        status=422 if errors else 200,
    )


def closing_of(found: Person) -> dict[str, int]:
    """What closing an account ends, in figures: said before it is done."""
    return {
        "mandates": queries.live_mandates(found).count(),
        "sessions": sessions.open_of(found),
        "keys": sum(not one.revoked_at for one in tokens.tokens_of(found)),
    }


def act_on(request: HttpRequest, found: Person, act: str, forms: Mapping[str, Form]) -> HttpResponse | None:
    """Do what was posted about one account; None where the form must come back."""
    by = who(request)
    if act == "sheet":
        code = accounts.issue_activation(person=found, by=by)
        return sheet_response(request, [sheet_of(found, code, 1 if queries.desk_asked(found) else 0)])
    if act == "part":
        part, code = accounts.print_part(person=found, by=by)
        return sheet_response(request, [sheet_of(found, code, part)])
    form = forms.get(act)
    if form is None or not form.is_valid():
        return None
    data = form.cleaned_data
    if act == "mandate":
        services.ask_mandate(person=found, by=by, **data)
        said = _("Mandat demandé pour %(who)s : il attend une autre personne, qui approuve.")
    elif act == "reissue":
        accounts.ask_reissue(person=found, by=by, **data)
        said = _("Nouvelle activation demandée pour %(who)s : elle attend une autre personne, qui approuve.")
    elif act == "close":
        accounts.close_account(person=found, reason=data["reason"], by=by)
        said = _("Compte de %(who)s fermé : sessions terminées, mandats retirés, clés révoquées.")
    else:
        mandate = get_object_or_404(queries.live_mandates(found), pk=data["mandate"])
        services.revoke_mandate(mandate=mandate, reason=data["reason"], by=by)
        said = _("Mandat retiré à %(who)s.")
    messages.success(request, said % {"who": found.full_name})
    return redirect("people:person", found.username)


def sheet_of(found: Person, code: str, part: int = 0) -> Sheet:
    roles = services.pack_roles()
    held = list(queries.live_mandates(found))
    return Sheet(
        found.username,
        found.full_name,
        ", ".join(roles[m.role]["title_fr"] for m in held if m.role in roles),
        ", ".join(dict.fromkeys(m.unit.name if m.unit else str(_("tout le pays")) for m in held)),
        code,
        part,
        accounts.remaining(found),
    )


def sheet_response(request: HttpRequest, sheets: list[Sheet]) -> HttpResponse:
    words = {
        "notice": _("À remettre en main propre, contre signature. Ne pas photographier."),
        "title": _("Activation de votre compte Kalata"),
        "l_name": _("Nom"),
        "l_role": _("Rôle"),
        "l_place": _("Territoire"),
        "l_user": _("Identifiant"),
        "l_code": _("Code d’activation, valable une seule fois, 14 jours"),
        "l_remains": _(
            "Ouvre encore ce compte, en plus du code. Si ce n’est pas à vous, n’activez rien et prévenez le responsable de la sécurité :"
        ),
        "l_alone": _(
            "Rien d’autre n’ouvre ce compte : les sessions, les clés de machine et les appareils connus tombent."
        ),
    }
    steps = [
        _("Ouvrez {address}"),
        _("Tapez l’identifiant et le code."),
        _("Choisissez une phrase de passe d’au moins 15 caractères."),
        _("Ajoutez le second facteur, puis détruisez cette feuille."),
    ]
    both = _("Tapez l’identifiant et les deux codes : l’autre feuille vous est remise par une autre personne.")
    half = (
        {**words, "title": _("Activation de votre compte Kalata : feuille {n} sur 2")},
        [steps[0], both, *steps[2:]],
    )
    lang = get_language() or "fr"
    pdf = activation_pdf(sheets, request.build_absolute_uri(reverse("activate")), words, steps, half, lang)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="activation.pdf"'
    response["Cache-Control"] = "no-store"
    return response


def why_of(refused: services.BadPerson) -> str:
    why = refused.params["why"]
    return why.text(get_language() or "fr") if isinstance(why, Message) else str(why)


@login_required
def new(request: HttpRequest) -> HttpResponse:
    require(request.user, "people.manage")
    form = edge.form_of(request, PersonForm)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.create_person(by=who(request), **form.cleaned_data)
        except services.BadPerson as refused:
            form.add_error(
                str(refused.params["field"]) if refused.params["field"] in form.fields else None,
                why_of(refused),
            )
        else:
            says = _("Compte de %(who)s ouvert. Imprimez sa feuille d’activation et demandez son mandat.")
            messages.success(request, says % {"who": made.full_name})
            return redirect("people:person", made.username)
    return render(
        request,
        "people/new.html",
        {
            "section": "people",
            "form": form,
            "crumbs": [(reverse("people:list"), _("Personnes")), ("", _("Nouvelle personne"))],
        },
        status=422 if form.errors else 200,
    )


@login_required
def import_file(request: HttpRequest) -> HttpResponse:
    """Accounts from a CSV: the file is read over first, every fault at once; then the accounts are opened and the answer
    is the sheets to print, once."""
    require(request.user, "people.manage")
    act = edge.button(request, "read", "open") if request.method == "POST" else ""
    if act == "open":
        sent = edge.posted(request, ImportNowForm)
        sheets = importing.import_persons(
            content=sent.content.encode(), by=who(request), reason=sent.reason, seen=sent.seen
        )
        messages.success(request, opened_words(sheets))
        return sheet_response(request, sheets)
    form, run, content = edge.form_of(request, ImportForm, when=act == "read"), None, ""
    if act == "read" and form.is_valid():
        raw = form.cleaned_data["file"].read()
        try:
            run = importing.read(raw)
            content = raw.decode("utf-8-sig")
        except Refused as refused:
            form.add_error("file", refused.message.text(get_language() or "fr"))
    return render(
        request,
        "people/import.html",
        {
            "section": "people",
            "form": form,
            "run": run,
            "content": content,
            "reason": form.cleaned_data.get("reason", "") if act == "read" and form.is_valid() else "",
            "columns": importing.COLUMNS,
            "roles": services.pack_roles(),
            "crumbs": [(reverse("people:list"), _("Personnes")), ("", _("Importer"))],
        },
        status=422 if form.errors or (run and run.problems) else 200,
    )


def opened_words(sheets: list[Sheet]) -> str:
    """What the import did, said on the page that follows the file."""
    asked = sum(bool(one.role) for one in sheets)
    says = _("%(n)d {n:compte ouvert|comptes ouverts}, %(m)d {m:mandat demandé|mandats demandés}. Les feuilles d’activation sont enregistrées : imprimez-les, remettez-les en main propre.")  # fmt: skip
    said = told(says, get_language(), {"n": len(sheets), "m": asked})
    if not asked:
        return said
    follows = _("Une seconde personne approuve les mandats, puis imprime la seconde feuille de chacun.")
    return f"{said} {follows}"


@login_required
def import_template(request: HttpRequest) -> HttpResponse:
    """A CSV to fill in."""
    require(request.user, "people.manage")
    answer = HttpResponse(importing.template(get_language() or "fr"), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="personnes-modele.csv"'
    return answer
