"""The counter: the list of what was received, its receipt, the merge of bundles, its pieces."""

from __future__ import annotations

import tempfile
from base64 import b64encode
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _t

from kalata.disputes.forms.intake import KINDS, AddForm, ExportForm, LikenessForm, MergeForm, PrintForm
from kalata.disputes.models import Petition
from kalata.disputes.queries import cases as queries
from kalata.disputes.queries.cases import cases, reads_registry
from kalata.disputes.queries.filing_limits import limits_of
from kalata.disputes.registry_list import REGISTRY as LIST
from kalata.disputes.rules.filing import CHANNELS
from kalata.disputes.rules.parties import ACCESS_LABELS
from kalata.disputes.rules.points import LEGEND
from kalata.disputes.rules.receipts import Square, written
from kalata.disputes.rules.steps import LABELS, RECEIVE, REGISTRY, State
from kalata.disputes.services import carrying, custody, intake, issuing, likeness, merging, printing
from kalata.documents.rendering import square as picture
from kalata.evidence import answers as files
from kalata.people.guard import require
from kalata.people.queries import may, may_somewhere
from kalata.refusals import Forbidden
from kalata.ui import edge


def desk(request: HttpRequest) -> Any:
    """Who receives or keeps the registry; PEO-101 for everybody else."""
    if not reads_registry(request.user):
        raise Forbidden(right=REGISTRY)
    return request.user


def crumbs(label: str) -> list[tuple[str, str]]:
    return [(reverse("disputes:registry"), _t("Greffe")), ("", label)]


# --- the list -----------------------------------------------------------------------------------
@login_required
def page(request: HttpRequest) -> HttpResponseBase:
    by = desk(request)
    rows = (
        cases(by)
        .exclude(state=State.DRAFT)
        .select_related("receipt", "sheet", "counter")
        .annotate(alike=Count("twins", filter=Q(twins__answer=None), distinct=True))
    )

    def narrowed(asked: Any) -> Any:
        found = rows
        if asked.q:
            found = found.filter(
                Q(number__icontains=asked.q) | Q(about_words__icontains=asked.q) | Q(relief__icontains=asked.q)
            )
        if asked.etat:
            found = found.filter(state=asked.etat)
        if asked.guichet:
            found = found.filter(counter__code=asked.guichet)
        if asked.canal:
            found = found.filter(channel=asked.canal)
        if asked.file:
            found = found.filter(receipt__since__isnull=False)
        return found.filter(alike__gt=0) if asked.semblable else found

    found = LIST.read(request, narrowed)
    if found.form:
        return found.file()
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    all_of = cases(by).exclude(state=State.DRAFT)
    figures = {
        "total": all_of.count(),
        "waiting": all_of.filter(state=State.RECEIVED).count(),
        "today": all_of.filter(received_at__gte=midnight, received_at__lt=midnight + timedelta(days=1)).count(),
        "alike": all_of.filter(twins__answer=None, twins__isnull=False).distinct().count(),
    }  # fmt: skip
    context = {
        "section": "disputes",
        "list": found,
        "figures": figures,
        "receives": may_somewhere(by, RECEIVE),
        "keeps": may(by, REGISTRY),
        "legend": LEGEND,
    }
    return render(request, "disputes/registry.html", context)


# --- the receipt --------------------------------------------------------------------------------
def petition_of(request: HttpRequest, number: str) -> Petition:
    """A received petition that this person may see; Petition.DoesNotExist elsewhere."""
    return (
        cases(request.user)
        .exclude(state=State.DRAFT)
        .select_related("contest__election__pack", "receipt__bundle")
        .get(number=number)
    )


@login_required
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """The receipt as it was given, what it rests on, and the life of its number; printed, it is entered in the register."""
    by = desk(request)
    petition = petition_of(request, number)
    if request.method == "POST":
        sent = edge.acted(request, PrintForm, LikenessForm)
        if isinstance(sent, LikenessForm):
            require(request.user, REGISTRY, contest=petition.contest_id)
            found = petition.twins.filter(pk=sent.v.twin).first()
            if found is None:
                raise Http404
            likeness.answer(twin_id=found.pk, said=sent.v.answer, why=sent.v.why, by=by)
            messages.success(
                request, _t("Réponse inscrite. Rien n’est fusionné : chaque requête garde son numéro et son issue.")
            )
            return redirect("disputes:receipt", number)
        opened = printing.receipt(petition=petition, lang=get_language() or "fr", by=request.user)  # type: ignore[arg-type]
        return files.sent(opened, f"{petition.number}.pdf")  # type: ignore[return-value]
    row = petition.receipt
    assert petition.received_at is not None
    text = Square(petition.number or "", written(petition.received_at), row.root, row.signature, row.key).text()
    pieces = petition.exhibits.filter(received_at__lte=petition.received_at).select_related("piece") if not row.bundle_id else petition.exhibits.select_related("piece")  # fmt: skip
    context = {
        "section": "disputes", "p": petition, "row": row, "square": "data:image/svg+xml;base64," + b64encode(picture(text)).decode(), "square_text": text, "pieces": pieces,
        "pages": sum(e.pages for e in pieces), "petitioners": petition.parties.filter(role="petitioner"),
        "limits": limits_of(petition, get_language() or "fr"), "channel": CHANNELS[petition.channel], "twins": petition.twins.select_related("other", "answered_by"), "answers": likeness.ANSWERS, "likenesses": likeness.KINDS,
        "keeps": may(by, REGISTRY, contest=petition.contest_id),
        "about": issuing.ABOUT_LABELS.get(petition.about, petition.about), "steps": petition.steps.order_by("pk"), "states": LABELS,
        "drift": row.drift_ms if row.drift_ms is not None else row.bundle.drift_ms if row.bundle else None,
        "crumbs": crumbs(str(petition.number)),
    }  # fmt: skip
    return render(request, "disputes/receipt.html", context)


# --- offline counters ---------------------------------------------------------------------------
@login_required
def merge(request: HttpRequest) -> HttpResponseBase:
    """Merge the signed bundle of an offline counter; hand out that of a counter of this machine."""
    require(request.user, REGISTRY)
    by: Any = request.user
    if request.method == "POST":
        sent = edge.acted(request, MergeForm, ExportForm)
        if isinstance(sent, ExportForm):
            return handed_out(sent.v.counter, by)
        with tempfile.TemporaryDirectory(prefix="kalata-lot-") as folder:
            file = Path(folder) / "lot.zip"
            with file.open("wb") as out:
                for chunk in sent.v.bundle.chunks():
                    out.write(chunk)
            done = merging.merge(file=file, by=by)
        fresh = ngettext(
            "Guichet %(counter)s : %(fresh)s requête nouvelle sur %(all)s.",
            "Guichet %(counter)s : %(fresh)s requêtes nouvelles sur %(all)s.",
            done.fresh,
        )
        said = fresh if done.fresh else _t("Guichet %(counter)s : tout était déjà là, rien n’a changé.")
        messages.success(request, said % {"counter": done.counter, "fresh": done.fresh, "all": done.petitions})
        if not done.sealed:
            messages.warning(request, _t(merging.IN_CLEAR))
        return redirect("disputes:merge")
    context = {
        "section": "disputes", "bundles": queries.bundles(), "counters": queries.counters(),
        "form": MergeForm(), "crumbs": crumbs(_t("Guichets hors réseau")),
    }  # fmt: skip
    return render(request, "disputes/merge.html", context)


def handed_out(counter_id: int, by: Any) -> HttpResponse:
    counter = queries.counter_here(counter_id)
    if counter is None:
        raise Http404
    with tempfile.TemporaryDirectory(prefix="kalata-lot-") as folder:
        file = Path(folder) / "lot.zip"
        carrying.export(counter=counter, by=by, to=file)
        answer = HttpResponse(file.read_bytes(), content_type="application/zip")
    answer["Content-Disposition"] = (
        f'attachment; filename="lot-{counter.code}-{timezone.localtime():%Y%m%d-%H%M%S}.zip"'
    )
    return answer


# --- pieces -------------------------------------------------------------------------------------
@login_required
def exhibits(request: HttpRequest, number: str) -> HttpResponse:
    """The register of the pieces of a case: who gave each, where it lies, its custody line by line."""
    by = desk(request)
    petition = petition_of(request, number)
    if request.method == "POST":
        v = edge.posted(request, AddForm)
        kept = intake.keep(v.piece.chunks(), name=v.piece.name, by=by)
        intake.add_piece(
            petition=petition, content=kept, name=v.name, kind=v.kind, access=v.access or "parties", station=v.station,
            obtained=v.obtained, place=v.place, originals_at=v.originals, by=by,
        )  # fmt: skip
        messages.success(request, _t("Pièce versée."))
        return redirect("disputes:exhibits", number)
    context = {
        "section": "disputes", "p": petition, "rows": petition.exhibits.select_related("piece", "station"), "form": AddForm(), "kinds": KINDS,
        "accesses": ACCESS_LABELS, "keeps": may(by, REGISTRY, contest=petition.contest_id), "lines": petition.custody.order_by("sequence"), "faults": custody.faults(petition), "crumbs": crumbs(_t("Pièces")),
    }  # fmt: skip
    return render(request, "disputes/exhibits.html", context)
