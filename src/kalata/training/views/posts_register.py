"""Places drawn by lot, and the register of independence: counted for everybody, read by its keeper."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t

from kalata.people.guard import require
from kalata.results.views.shared import who
from kalata.training.forms import posts as forms
from kalata.training.queries import posts as queries
from kalata.training.queries import register
from kalata.training.rules.independence import SORTS
from kalata.training.rules.posts import PROPOSED_BY_DRAW, SIDES
from kalata.training.rules.rights import INDEPENDENCE, STAFF
from kalata.training.services import posts_register
from kalata.training.views.posts import base
from kalata.ui import edge


@login_required
def draws(request: HttpRequest, code: str) -> HttpResponse:
    """Places that the texts give by lot: the promise, the closed list, the seed, and how to draw again by hand."""
    contest = queries.contest_for(request.user, code)
    if request.method == "POST":
        require(request.user, STAFF, contest=contest.pk)
        form = edge.acted(request, forms.PromiseForm, forms.DrawForm)
        v = form.v
        if isinstance(form, forms.PromiseForm):
            posts_register.promise_draw(
                contest=contest, position=v.position, side=v.side, promise=v.promise, names=v.names.splitlines(), by=who(request)
            )  # fmt: skip
        else:
            found = register.draws(contest).filter(pk=v.draw).first()
            if found is None:
                raise Http404
            posts_register.draw(draw=found, seed=v.seed, by=who(request))
        return redirect("posts:draws", code)
    by_lot = [
        (p, sum(int(x["seats"]) for x in p.get("proposed_by") or () if x.get("by") in PROPOSED_BY_DRAW))
        for p in queries.positions(contest)
    ]
    shown = {
        **base(request, contest, _t("Tirages au sort")), "draws": register.draws(contest), "sides": SIDES, "places": [(p, n) for p, n in by_lot if n],
        "promise": forms.PromiseForm(auto_id="p-%s"), "draw": forms.DrawForm(auto_id="d-%s"),
    }  # fmt: skip
    return render(request, "posts/draws.html", shown)


def independence(request: HttpRequest) -> HttpResponse:
    """How many entries of each sort, for everybody; a person with an account writes one here and keeps its digest."""
    form = edge.form_of(request, forms.IndependenceForm)
    if request.method == "POST":
        if not request.user.is_authenticated:
            return redirect(f"{reverse('account_login')}?next={request.path}")
        v = edge.acted(request, forms.IndependenceForm).v
        made = posts_register.enter(sort=v.sort, happened_on=v.happened_on, text=v.text, by=who(request))
        messages.success(
            request, _t("Inscrit et scellé. Gardez cette empreinte : %(sha256)s") % {"sha256": made.sha256}
        )
        return redirect("posts:independence")
    shown = {
        "section": "posts",
        "counts": register.counts(),
        "sorts": SORTS,
        "form": form,
        "crumbs": [("", _t("Registre d’indépendance"))],
    }
    return render(request, "posts/independence.html", shown)


@login_required
def independence_open(request: HttpRequest) -> HttpResponse:
    """The entries themselves, for the keeper of the register; the reading is told in the ledger."""
    require(request.user, INDEPENDENCE)
    shown = {
        "section": "posts", "sorts": SORTS, "page": edge.paged(request, posts_register.opened_by_keeper(by=who(request)), 100),
        "crumbs": [(reverse("posts:independence"), _t("Registre d’indépendance")), ("", _t("Inscriptions"))],
    }  # fmt: skip
    return render(request, "posts/independence_open.html", shown)
