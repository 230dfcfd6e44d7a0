"""The papers of a case: what was issued, in which version, and to issue its receipt or a letter of service."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _t

from kalata.deadlines.rules.steps import Unit
from kalata.disputes.forms.papers import (
    LACKS,
    LANGS,
    CancelForm,
    CopyForm,
    CureForm,
    LetterForm,
    LettersForm,
    ReceiptForm,
)
from kalata.disputes.models import Petition
from kalata.disputes.papers.registry import Defect
from kalata.disputes.queries import docket as queries
from kalata.disputes.queries.texts import zone_of
from kalata.disputes.rules.service import Term
from kalata.disputes.rules.steps import REGISTRY, State
from kalata.disputes.services import curing, issuing
from kalata.disputes.services.steps import subject_of
from kalata.disputes.views.case import place_of
from kalata.disputes.views.docket import who
from kalata.documents import batches
from kalata.documents import queries as register
from kalata.documents.rendering import declared
from kalata.people.guard import require
from kalata.people.queries import may
from kalata.text import told
from kalata.ui import edge


@login_required
def page(request: HttpRequest, number: str) -> HttpResponse:
    """The papers issued of one case; who may not read it finds nothing here."""
    petition = queries.case_of(who(request), number)
    if request.method == "POST":
        done(request, petition)
        return redirect("disputes:papers", number)
    context = {
        "section": "docket", "p": petition, "langs": LANGS, "keeps": may(request.user, REGISTRY, contest=petition.contest_id),
        "rows": [shown(one) for one in register.of_subject(subject_of(petition))], "services": issuing.to_serve(petition), "lacks": lacks(petition) if petition.state == State.DOCKETED else [],
        "of_pack": curing.term_of_pack(petition),
        "exhibits": petition.exhibits.filter(struck=False).exclude(access="sealed").order_by("number")[:200], "zone": place_of(zone_of(petition.contest)),
        "batches": batches.of_subject(subject_of(petition)),
        "crumbs": [
            (reverse("disputes:docket"), _t("Rôle des requêtes")), (reverse("disputes:case", args=[number]), number), ("", _t("Papiers émis")),
        ],
    }  # fmt: skip
    return render(request, "disputes/papers.html", context)


def done(request: HttpRequest, petition: Petition) -> None:
    form = edge.acted(request, ReceiptForm, LetterForm, LettersForm, CancelForm, CureForm, CopyForm)
    by = who(request)
    require(by, REGISTRY, contest=petition.contest_id)
    if isinstance(form, LettersForm):
        asked = issuing.letters(petition=petition, lang=form.v.lang, by=by)
        messages.success(request, told(_t("Lot de %(n)s {n:lettre|lettres} demandé."), get_language(), {"n": asked.total}))
        return
    if isinstance(form, CancelForm):
        stopped = batches.cancel(batch_id=form.v.batch, subject=subject_of(petition))
        messages.success(
            request, _t("Lot arrêté ; ce qui est émis reste émis.") if stopped else _t("Ce lot est déjà fini.")
        )
        return
    if isinstance(form, CureForm):
        made = cured(petition, form, by)
    elif isinstance(form, CopyForm):
        v = form.v
        made = issuing.copy(petition=petition, number=v.exhibit, held=v.held, asked_by=v.asked, lang=v.lang, by=by)
    elif isinstance(form, ReceiptForm):
        made = issuing.receipt(petition=petition, lang=form.v.lang, by=by)
    else:
        made = issuing.letter(petition=petition, service_id=form.v.service, lang=form.v.lang, by=by)
    messages.success(request, _t("Émis : %(ref)s, version %(n)s.") % {"ref": made.reference, "n": made.version})


def cured(petition: Petition, form: CureForm, by: Any) -> Any:
    """The notice to cure. A term written as a day and an hour is at the hour of the jurisdiction."""
    v = form.v
    if v.until and ("T" not in v.until or "T24" in v.until):
        raise edge.NotUnderstood([edge.Wrong("until", v.until, _t("écrivez le jour et l’heure du terme"))])
    asked = bool(v.n or v.until or v.order)
    term = Term(v.order, v.n or 0, Unit(v.unit or "hour"), v.until[:16]) if asked else None
    defects = [Defect(*row) for row in form.rows]
    return curing.invite(
        petition_id=petition.pk, defects=defects, term=term, where=v.where, lang=v.lang, by=by, seen=v.seen or None
    )  # fmt: skip


def lacks(petition: Petition) -> list[tuple[int, str, str, str]]:
    """The rows of a notice: first what the checklist names, then empty ones. (number, what lacks, article, what to do)."""
    lang = get_language() or "fr"
    named = curing.named(petition, lang)[:LACKS]
    rows = [(d.what, d.article, d.remedy) for d in named] + [("", "", "")] * (LACKS - len(named))
    return [(n, *row) for n, row in enumerate(rows, 1)]


def shown(one: Any) -> dict[str, Any]:
    kinds = declared()
    return {
        "one": one,
        "kind": kinds[one.kind][1].title if one.kind in kinds else one.kind,
        "lang": dict(LANGS)[one.lang],
    }


@login_required
def file(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """The very file that was issued."""
    return issued(queries.case_of(who(request), number), pk)


def issued(petition: Petition, pk: int) -> HttpResponse:
    """The very file of a paper of this case, for the Court and for an office of first instance."""
    one = register.of_subject(subject_of(petition)).get(pk=pk)
    answer = HttpResponse(register.bytes_of(one), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{one.reference}-v{one.version}.pdf"'
    return answer


@login_required
def batch(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """The one file of a batch that is whole."""
    petition = queries.case_of(who(request), number)
    content = batches.file_of(pk, subject_of(petition))
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{number}-lettres.pdf"'
    return answer
