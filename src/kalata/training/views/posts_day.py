"""The day of the vote: the live board, one station, reserves to call, codes to print."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_POST

from kalata.country.models import Contest, Station
from kalata.people.guard import require
from kalata.people.queries import may
from kalata.results.territory import path_of
from kalata.results.views.shared import language, who
from kalata.text import told
from kalata.training.forms import posts as forms
from kalata.training.pages.board import drawn
from kalata.training.queries import posts as queries
from kalata.training.queries import posts_day as day
from kalata.training.rules.posts import SEATED, State
from kalata.training.rules.rights import REPLACE, STAFF
from kalata.training.services import posts_day, posts_opening, posts_register
from kalata.training.services.posts_day import Asked
from kalata.training.views.classes_files import sent, table
from kalata.training.views.posts import base
from kalata.ui import edge

SIZE = 5


@login_required
def board(request: HttpRequest, code: str) -> HttpResponse:
    """Who is there at an hour, which stations cannot open; before the day, what is covered and what is not."""
    contest = queries.contest_for(request.user, code)
    if request.method == "POST":
        return opening(request, contest)
    book = queries.book_of(contest)
    shown = base(request, contest)
    if book is None:
        return render(request, "posts/closed.html", {**shown, "form": forms.OpenForm()})
    asked = edge.asked(request, forms.BoardForm)
    seen = day.board(request.user, contest, book, asked.heure)
    page = edge.paged(request, seen.board.worst, SIZE)
    rows = day.worst(seen, contest, page.start_index() - 1 if page.object_list else 0, SIZE)
    ready = queries.readiness(queries.posts(request.user, contest), contest, book)
    return render(request, "posts/board.html", {**shown, **drawn(seen, book, ready), "rows": rows, "page": page})


def opening(request: HttpRequest, contest: Contest) -> HttpResponse:
    form = edge.acted(request, forms.OpenForm, forms.AddStationsForm)
    if isinstance(form, forms.OpenForm):
        roles = {str(p["certificate"]) for p in queries.positions(contest) if p.get("certificate")}
        versions = {
            role: (form.v.president if role == "president" else form.v.others).split(",") for role in sorted(roles)
        }
        posts_opening.open_posts(contest=contest, versions=versions, by=who(request))
    else:
        n = posts_opening.add_stations(contest=contest, by=who(request))
        messages.success(request, told(_t("%(n)d {n:poste ajouté|postes ajoutés}."), get_language(), {"n": n}))
    return redirect("posts:board", contest.code)


@login_required
def station(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """One station: its posts, the call of the morning, a replacement by code or on paper."""
    contest = queries.contest_for(request.user, code)
    one = day.station_for(request.user, contest, pk)
    if request.method == "POST":
        act(request, contest, one)
        return redirect("posts:station", code, pk)
    posts = day.posts_of(one)
    titles = {p.pk: queries.title_of(p, language()) for p in posts}
    decides = may(request.user, REPLACE, place=path_of(one.unit), contest=contest.pk)
    shown = {
        **base(request, contest, one.code), "station": one, "posts": posts, "titles": titles, "there": sum(1 for p in posts if State(p.state) in SEATED),
        "absent": [p for p in posts if State(p.state) is State.ABSENT], "decides": decides,
        "members": [p for p in posts if not p.head and State(p.state) in SEATED], "replacements": day.replacements(one),
        "presence": forms.PresenceForm(auto_id="p-%s"), "form": forms.ReplaceForm(auto_id="r-%s"),
        "record": queries.record_of(posts[0]) if posts else {},
    }  # fmt: skip
    return render(request, "posts/station.html", shown)


def act(request: HttpRequest, contest: Contest, one: Station) -> None:
    require(who(request), REPLACE, place=path_of(one.unit), contest=contest.pk)
    form = edge.acted(request, forms.PresenceForm, forms.ReplaceForm)
    v = form.v
    at = timezone.make_aware(
        datetime.combine(contest.polling_day or contest.election.polling_day or timezone.localdate(), v.hour)
    )
    if isinstance(form, forms.PresenceForm):
        posts_day.note_presence(station=one, present=list(v.present), teller=v.teller, at=at, by=who(request))
        return
    post = day.post_of(one, v.post)
    if post is None:
        raise Http404
    asked = Asked(
        at=at, decided_by=v.decided_by, witness=v.witness, moved_from=v.moved_from, name=v.name, roll_number=v.roll_number,
        code=v.code, paper=v.paper,
    )  # fmt: skip
    made = posts_day.replace(post=post, asked=asked, by=who(request))
    if not made.trained:
        messages.warning(request, _t("Cette personne n’est pas formée : elle peut siéger, l’acte le dit."))


@login_required
def reserves(request: HttpRequest, code: str) -> HttpResponse:
    """Trained people without a post, those of the place first; whom was called and what they answered."""
    contest = queries.contest_for(request.user, code)
    if request.method == "POST":
        answered(request, contest)
        return redirect("posts:reserves", code)
    asked = edge.asked(request, forms.ReserveList)
    wanted = queries.posts(request.user, contest).filter(pk=asked.poste).first() if asked.poste else None
    near = wanted.station if wanted else None
    found = day.reserves_near(contest, near) if near else day.reserves(request.user, contest)
    rows: Any = [r for r in found if asked.langue.casefold() in r.agent.languages] if asked.langue else found
    shown = {
        **base(request, contest, _t("Réserves")), "page": edge.paged(request, rows, 50), "wanted": wanted, "asked": asked,
        "add": forms.ReserveAddForm(auto_id="a-%s"), "call": forms.ReserveCallForm(auto_id="c-%s"),
        "units": queries.units_of(request.user, contest, STAFF)[:1_000],
    }  # fmt: skip
    return render(request, "posts/reserves.html", shown)


def answered(request: HttpRequest, contest: Contest) -> None:
    form = edge.acted(request, forms.ReserveAddForm, forms.ReserveCallForm)
    v = form.v
    if isinstance(form, forms.ReserveAddForm):
        unit = queries.units_of(request.user, contest).filter(pk=v.unit).first() if v.unit else None
        if v.unit and unit is None:
            raise Http404
        agents = queries.agents_at(c.strip() for c in v.codes.splitlines() if c.strip()).values()
        n = posts_register.add_reserves(contest=contest, unit=unit, agents=agents, by=who(request))
        messages.success(request, told(_t("%(n)d {n:personne|personnes} en réserve."), get_language(), {"n": n}))
        return
    post = queries.posts(request.user, contest).select_related("contest").filter(pk=v.post).first()
    reserve = day.reserves(request.user, contest).filter(pk=v.reserve).first()
    if post is None or reserve is None:
        raise Http404
    posts_register.call(reserve=reserve, post=post, answer=v.answer, by=who(request))


@login_required
@require_POST
def codes(request: HttpRequest, code: str) -> HttpResponse:
    """New codes of the stations that have none alive, once, as a file to print under the flaps."""
    contest = queries.contest_for(request.user, code)
    require(request.user, STAFF, contest=contest.pk)
    made = posts_day.make_codes(contest=contest, by=who(request))
    return sent(table(["bureau", "nom", "code"], made), f"codes-{contest.code}.csv", "text/csv; charset=utf-8")
