"""Posts of a contest: the list, a list of staff that is brought, the acts of appointment, one post."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _t

from kalata.country.models import Contest
from kalata.evidence import answers as answers_of
from kalata.evidence import reading as evidence
from kalata.people.queries import may, may_somewhere
from kalata.refusals import Forbidden
from kalata.results.territory import path_of
from kalata.results.views.shared import who
from kalata.text import told
from kalata.training.forms import posts as forms
from kalata.training.models import Post
from kalata.training.posts_list import POSTS
from kalata.training.queries import posts as queries
from kalata.training.rules.interests import INTERESTS
from kalata.training.rules.posts import State
from kalata.training.rules.reasons import WORDS
from kalata.training.rules.rights import AT_POSTS, STAFF
from kalata.training.services import posts_appointing, posts_lists, posts_oaths, posts_register
from kalata.ui import edge


def base(request: HttpRequest, contest: Contest, title: str = "") -> dict[str, Any]:
    home = reverse("posts:board", args=[contest.code])
    crumbs = [(reverse("posts:index"), _t("Postes")), (home if title else "", contest.name_fr)]
    return {
        "section": "posts", "contest": contest, "exercise": contest.election.exercise, "book": queries.book_of(contest),
        "crumbs": crumbs + ([("", title)] if title else []), "staffs": queries.reach(request.user, contest, STAFF).tops != (),
    }  # fmt: skip


@login_required
def index(request: HttpRequest) -> HttpResponse:
    """Contests on whose posts one has work."""
    if not any(may_somewhere(request.user, r) for r in AT_POSTS):
        raise Forbidden(right="posts.read")
    found = [(c, queries.book_of(c)) for c in queries.contests_of(request.user)]
    return render(request, "posts/index.html", {"section": "posts", "contests": found, "crumbs": [("", _t("Postes"))]})


@login_required
def listed(request: HttpRequest, code: str) -> HttpResponseBase:
    contest = queries.contest_for(request.user, code)
    book = queries.book_of(contest)
    found = POSTS.read(request, lambda asked: queries.narrowed(request.user, contest, book, asked))
    if found.form:
        return found.file()
    return render(request, "posts/list.html", {**base(request, contest, _t("Liste des postes")), "list": found})


@login_required
def bring(request: HttpRequest, code: str) -> HttpResponse:
    """Bring a list of staff: who is proposed for which post."""
    contest = queries.contest_for(request.user, code)
    if queries.reach(request.user, contest, STAFF).tops == ():
        raise Forbidden(right=STAFF)
    form = edge.form_of(request, forms.ListForm)
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data
        read = posts_lists.read_list(
            contest=contest, file=sent["file"], name=str(sent["file"].name or "liste"), document=sent["document"],
            shared_read=sent["shared_read"], by=who(request),
        )  # fmt: skip
        messages.success(
            request,
            told(_t(
                "%(rows)d {rows:ligne lue|lignes lues} : %(proposed)d {proposed:personne proposée|personnes proposées}, dont %(new)d {new:nouvelle|nouvelles} ; %(unnamed)d {unnamed:poste|postes} à nommer."
            ), get_language(), {"rows": read.rows, "proposed": read.proposed, "new": read.new, "unnamed": read.unnamed}),
        )
        return redirect("posts:list", code)
    shown = {**base(request, contest, _t("Apporter une liste")), "form": form}
    return render(request, "posts/import.html", shown, status=422 if form.errors else 200)


@login_required
def acts(request: HttpRequest, code: str) -> HttpResponse:
    """Acts of appointment; the next is asked for here, another person signs it on the shared page."""
    contest = queries.contest_for(request.user, code)
    if request.method == "POST":
        sent = edge.acted(request, forms.AskForm).v
        unit = queries.units_of(request.user, contest).filter(pk=sent.unit).first() if sent.unit else None
        if sent.unit and unit is None:
            raise Http404
        asked = posts_appointing.ask(
            contest=contest, unit=unit, number=sent.number, on=sent.on, reason=sent.reason, by=who(request)
        )
        messages.success(request, _t("L’acte attend la signature d’une autre personne."))
        return redirect("people:approval", asked.pk)
    waiting = queries.posts(request.user, contest).filter(state=State.PROPOSED).count()
    shown = {
        **base(request, contest, _t("Actes de nomination")), "acts": queries.acts(request.user, contest), "waiting": waiting,
        "form": forms.AskForm(), "units": queries.units_of(request.user, contest, STAFF)[:1_000],
    }  # fmt: skip
    return render(request, "posts/acts.html", shown)


@login_required
def post(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """One post: who holds it, by which act, what it lacks, the oath, what is declared."""
    contest = queries.contest_for(request.user, code)
    one = queries.post_for(request.user, pk)
    if one.contest_id != contest.pk:
        raise Http404
    if request.method == "POST":
        done(request, one)
        return redirect("posts:post", code, pk)
    staffs = may(request.user, STAFF, place=path_of(one.unit), contest=contest.pk)
    return render(
        request, "posts/post.html", {**base(request, contest, str(one)), **shown_of(one), **forms_of(one, staffs)}
    )


@login_required
def paper(request: HttpRequest, code: str, pk: int, replacement: int) -> HttpResponseBase:
    """The signed paper by which somebody took this post on the day."""
    contest = queries.contest_for(request.user, code)
    one = queries.post_for(request.user, pk)
    sha = queries.paper_of(one, replacement)
    if one.contest_id != contest.pk or not sha:
        raise Http404
    return answers_of.sent(
        evidence.opened(sha256=sha, subject=f"post:{one.pk}", by=request.user), f"{one.position}-{replacement}"
    )


def done(request: HttpRequest, one: Post) -> None:
    by, place = who(request), path_of(one.unit)
    form = edge.acted(
        request, forms.SwearForm, forms.EndProposalForm, forms.ChangeForm, forms.DeclareForm, forms.LiftForm
    )
    v = form.v
    if isinstance(form, forms.SwearForm):
        at = timezone.make_aware(datetime.combine(v.on, v.hour))
        posts_oaths.swear(post=one, place=v.place, witness=v.witness, at=at, by=by)
    elif isinstance(form, forms.EndProposalForm):
        posts_lists.end_proposal(post=one, reason=v.reason, by=by)
    elif isinstance(form, forms.ChangeForm):
        posts_oaths.ask_change(post=one, what=v.what, document=v.document, reason=v.reason, by=by)
        messages.success(request, _t("La demande attend la signature d’une autre personne."))
    elif isinstance(form, forms.DeclareForm):
        if one.agent is None:
            raise Http404
        posts_register.declare(agent=one.agent, contest=one.contest, kind=v.kind, about=v.about, place=place, by=by)
    else:
        found = one.agent.declarations.filter(pk=v.declaration, contest=one.contest).first() if one.agent else None
        if found is None:
            raise Http404
        posts_register.lift(declaration=found, reason=v.why, place=place, by=by)


def shown_of(one: Post) -> dict[str, Any]:
    book = queries.book_of(one.contest)
    reasons = queries.judge_of(one.contest, book)([one]).get(one.pk, ())
    return {
        "post": one, "words": WORDS, "interests": INTERESTS, "record": queries.record_of(one), "reasons": reasons, "proposals": one.proposals.select_related("agent", "by"),
        "oaths": one.oaths.select_related("agent", "by"), "replacements": one.replacements.select_related("agent", "out", "by"),
        "declarations": one.agent.declarations.select_related("by", "lifted_by") if one.agent else (),
    }  # fmt: skip


def forms_of(one: Post, staffs: bool) -> dict[str, Any]:
    """The acts that are offered on a post as it stands, to who may take them."""
    if not staffs:
        return {}
    state = State(one.state)
    changes = posts_oaths.may_change(one)
    return {
        "swear": forms.SwearForm(auto_id="s-%s") if state is State.APPOINTED else None,
        "unpropose": forms.EndProposalForm(auto_id="u-%s") if state is State.PROPOSED else None,
        "change": forms.ChangeForm(auto_id="c-%s") if changes else None,
        "declare": forms.DeclareForm(auto_id="d-%s") if one.agent else None,
        "lifts": True,
    }
