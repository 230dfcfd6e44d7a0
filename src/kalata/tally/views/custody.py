"""Bags and envelopes: seal, hand over, open before a witness; what is missing."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_POST

from kalata.people.services import require
from kalata.results import images
from kalata.results.territory import path_of
from kalata.tally.access import bags_of, paper_for
from kalata.tally.forms import BagList, HandForm, OpenForm, ReplaceForm, SealForm
from kalata.tally.rules.rights import BAGS
from kalata.tally.services import custody
from kalata.tally.views.common import base, contest_of, reach, who
from kalata.text import told
from kalata.ui import edge


@login_required
def bags(request: HttpRequest, code: str) -> HttpResponse:
    """Every bag, searched by code or seal; a new one is sealed here."""
    contest = contest_of(request, code, *BAGS)
    if request.method == "POST":
        sent = edge.posted(request, SealForm)
        made = custody.seal(contest=contest, **vars(sent), by=who(request))
        messages.success(request, _t("%(code)s est enregistré, scellé.") % {"code": made.code})
        return redirect("tally:bag", code, made.pk)
    asked = edge.asked(request, BagList)
    text, state = asked.q, asked.etat
    found = bags_of(who(request), contest).annotate(n=Count("items")).order_by("-pk")
    if text:
        found = found.filter(Q(code__icontains=text) | Q(seals__icontains=text) | Q(items__paper__station__code=text))
    if state:
        found = found.filter(state=state)
    return render(
        request,
        "tally/bags.html",
        {
            **base(request, contest, _t("Scellés")),
            "page": edge.paged(request, found, 50),
            "q": text,
            "state": state,
            "states": custody.STATES,
            "kinds": custody.KINDS,
            "missing": custody.missing_items(contest, reach(request, contest, *BAGS))[:100],
        },
    )


@login_required
def bag(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """One bag: what it holds, through whose hands it went; hand it over or open it."""
    contest = contest_of(request, code, *BAGS)
    one = bags_of(who(request), contest).select_related("by", "unit__parent__parent").get(pk=pk)
    if request.method == "POST":
        require(who(request), "results.receive", place=path_of(one.unit), contest=contest.pk)
        form = edge.acted(request, HandForm, OpenForm)
        if isinstance(form, OpenForm):
            row = custody.open_bag(bag_id=pk, **vars(form.v), by=who(request))
            messages.success(
                request,
                told(_t("Ouvert : %(a)d {a:procès-verbal trouvé|procès-verbaux trouvés} pour %(b)d {b:annoncé|annoncés}."), get_language(), {"a": row.received, "b": row.expected}),
            )
        else:
            photo = images.received(form.v.photo, by=who(request))
            custody.hand_over(bag_id=pk, **{**vars(form.v), "photo": photo}, by=who(request))
            messages.success(request, _t("Remise enregistrée."))
        return redirect("tally:bag", code, pk)
    return render(
        request,
        "tally/bag.html",
        {
            **base(request, contest, one.code),
            "bag": one,
            "items": one.items.select_related("paper__station"),
            "rows": one.handovers.select_related("by"),
            "kinds": custody.KINDS,
            "states": custody.STATES,
            "moments": custody.MOMENTS,
        },
    )


@login_required
@require_POST
def replace(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """A replacement form for one station: the old number is refused from now on."""
    contest = contest_of(request, code, "results.receive")
    paper = paper_for(who(request), contest, pk)
    made = custody.replace_form(paper_id=paper.pk, reason=edge.posted(request, ReplaceForm).reason, by=who(request))
    messages.success(request, _t("Formulaire de remplacement n° %(n)d : imprimez-le.") % {"n": made.serial})
    return redirect("tally:paper", code, pk)
