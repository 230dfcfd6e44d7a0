"""The staff's pages of legal time: open, record, derogate, assume, ask what if."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_POST

from kalata.country.queries import elections
from kalata.deadlines import before, derogating, pages, pieces, queries, services
from kalata.deadlines.forms import (
    AssumptionForm,
    ChosenRule,
    DerogationForm,
    DropForm,
    EndForm,
    FactForm,
    Feasibility,
    Moved,
    NewForm,
    PublishForm,
    RecallForm,
    Replaces,
    ReplacesForm,
    TextsForm,
    WithdrawForm,
)
from kalata.deadlines.holidays import called
from kalata.deadlines.models import Calendar, Fact, Override
from kalata.deadlines.rules.changes import compare
from kalata.deadlines.rules.derogations import KIND_LABELS, Derogates
from kalata.deadlines.rules.feasibility import Answer, sentence, solve
from kalata.deadlines.rules.lines import Moment, Standing
from kalata.deadlines.rules.moments import parse_deadline, zone
from kalata.deadlines.rules.norms import EventRef
from kalata.deadlines.rules.possible import Assumed, moved_vote, node, other_readings, problem_of
from kalata.deadlines.rules.wording import event_name
from kalata.deadlines.views import calendar_for, common, lang
from kalata.evidence import answers, reading
from kalata.people.services import require
from kalata.text import Message, told, translate
from kalata.text import gettext_noop as _
from kalata.ui import edge, fields

MAX_MOVED = 60


def who(request: HttpRequest) -> Any:
    return request.user


@login_required
def new(request: HttpRequest) -> HttpResponse:
    """Open the calendar of a family of contests."""
    require(request.user, "deadlines.record")
    families = queries.families_of(elections())
    form = edge.form_of(request, NewForm, families=families, initial={"family": "presidential"})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made = services.open_calendar(
            election=data["election"],
            family=data["family"],
            rounds=data["rounds"],
            polling_day=data["polling_day"],
            by=who(request),
        )
        messages.success(request, _t("Calendrier ouvert. Vérifiez le jour du vote, puis publiez-le."))
        return redirect("deadlines:calendar", made.code)
    return render(
        request,
        "deadlines/new.html",
        {
            "section": "deadlines",
            "form": form,
            "none": not elections().exists(),
            "crumbs": [(reverse("deadlines:index"), _t("Calendrier légal")), ("", _t("Nouveau calendrier"))],
        },
        status=422 if form.errors else 200,
    )


def tell(request: HttpRequest, change: services.Change) -> None:
    """Say what an act moved and what it broke."""
    if change.broken:
        names = ", ".join(m.after.norm.what.text(lang()) for m in change.broken if m.after)
        messages.error(request, _t("Non respecté : %(names)s.") % {"names": names})
    messages.success(request, told(_t("Enregistré : %(n)d {n:échéance recalculée|échéances recalculées}."), get_language(), {"n": len(change.moved)}))


@login_required
def events(request: HttpRequest, code: str) -> HttpResponse:
    """Every event of the calendar: recorded, planned, or waited for; with its history."""
    found = calendar_for(request, code)
    require(request.user, "deadlines.record")
    context = common(request, found, _t("Événements"))
    legal, book, facts = queries.legal(found), queries.book(found), queries.facts(found)
    context |= {
        "events": pages.event_rows(found, legal, book, facts),
        "acts": [f for f in facts if (k := book.events.get(f.type)) and k.repeats == "act"],
        "history": queries.history(found)[:60],
        "names": {t.id: t.name for t in book.events.values()},
    }
    return render(request, "deadlines/events.html", context)


@login_required
def event(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Record, correct or take back one event; the page says what counts from it."""
    found = calendar_for(request, code)
    require(request.user, "deadlines.record")
    type_, _dot, round_ = key.rpartition(".")
    book = queries.book(found)
    kind = book.events.get(type_)
    number = fields.digits(round_, found.rounds)
    if kind is None or number is None:
        raise Http404(key)
    name = event_name(EventRef(type_), book.events, number)
    act = kind.repeats == "act"
    posting = request.method == "POST"
    asked = edge.posted(request, ReplacesForm).replaces if posting else edge.asked(request, Replaces).corriger
    holding = [f for f in queries.facts(found) if (f.type, f.round) == (type_, number)]
    current = next((f for f in holding if not act or f.pk == asked), None)
    initial = initial_of(current) if current else {"standing": "actual"}
    withdrawing = posting and edge.button(request, "", "withdraw") == "withdraw"
    form = FactForm(initial=initial) if withdrawing else edge.form_of(request, FactForm, initial=initial)
    if posting:
        if withdrawing:
            sent = edge.posted(request, WithdrawForm)
            services.withdraw_fact(fact_id=sent.fact, reason=sent.reason, by=who(request))
            messages.success(request, _t("Événement retiré ; il reste dans l’historique."))
            return redirect("deadlines:events", code)
        if form.is_valid():
            data = form.cleaned_data
            upload = data["file"]
            change = services.record_fact(
                calendar=found,
                type_=type_,
                round_=number,
                day=data["day"],
                at=data["at"],
                standing=data["standing"],
                document=data["document"],
                content=upload.read() if upload else b"",
                name=str(upload.name) if upload else "",
                party=data["party"],
                reason=data["reason"],
                replaces=asked,
                by=who(request),
            )
            tell(request, change)
            return redirect("deadlines:events", code)
    context = common(request, found, name.text(lang()))
    context["crumbs"].insert(2, (reverse("deadlines:events", args=[code]), _t("Événements")))
    context |= {
        "form": form,
        "kind": kind,
        "name": name,
        "act": act,
        "current": current,
        "dependents": (hanging := dependents(found, type_, number)),
        "before": before.of_withdrawal(len(hanging)),
        "history": [f for f in queries.history(found, type_) if f.round == number],
    }
    return render(request, "deadlines/event.html", context, status=422 if form.errors else 200)


def initial_of(fact: Fact) -> dict[str, Any]:
    tz = queries.zone_name(queries.pack_of(fact.calendar))
    at = timezone.localtime(fact.at, zone(tz)).time() if fact.at else None
    return {"standing": fact.standing, "day": fact.day, "at": at, "party": fact.party, "document": fact.document}


def dependents(found: Calendar, type_: str, round_: int) -> list[Message]:
    """What counts from this event, in words."""
    book = queries.book(found)
    return [
        Message("%(what)s", {"what": n.what})
        for n in book.of(found.family)
        if isinstance(n.event, EventRef) and n.event.type == type_ and round_ in n.event.rounds(found.rounds)
    ]


@login_required
def evidence(request: HttpRequest, code: str, sha256: str) -> FileResponse:
    """A piece joined to an event or a derogation, for those who work on the calendar."""
    found = calendar_for(request, code)
    piece = reading.opened(sha256=sha256, subject=pieces.subject(found), by=request.user)
    return answers.sent(piece, f"piece-{sha256[:12]}")


@login_required
def derogations(request: HttpRequest, code: str) -> HttpResponse:
    """Acts that set a rule aside: those that apply, those that ended, and a new one to ask."""
    found = calendar_for(request, code)
    context = common(request, found, _t("Dérogations"))
    if not queries.may_see_drafts(request.user):
        raise Http404(code)
    legal, off = queries.legal(found), queries.given(found).days_off
    turn = _t("tour")
    choices: list[tuple[str, Any]] = [
        (
            f"{line.norm.id}|{line.round or ''}",
            line.norm.what.text(lang())
            + (f" ({turn} {line.round})" if line.round else "")
            + (f" : {line.limit.sentence().text(lang())}" if line.limit else ""),
        )
        for line in legal.lines
        if line.norm.counting is not None and line.norm.binding and not line.party
    ]
    choices += [
        (f"{f.name}|feast", f"{called(f.name, lang(), off)} ({f.first:%d/%m/%Y} – {f.last:%d/%m/%Y})")
        for f in off.feasts
    ]
    chosen = edge.asked(request, ChosenRule).regle
    ending = request.method == "POST" and edge.button(request, "", "end") == "end"
    form = edge.form_of(
        request,
        DerogationForm,
        norms=choices,
        say=lambda label: translate(label, lang()),
        initial={"norm": chosen, "kind": "set"},
    )
    if request.method == "POST":
        if ending:
            sent = edge.posted(request, EndForm)
            derogating.ask_end_of_derogation(override_id=sent.override, reason=sent.reason, by=who(request))
            messages.success(request, _t("Demande envoyée : une autre personne doit l’approuver."))
            return redirect("deadlines:derogations", code)
        if form.is_valid():
            ask(request, found, form.cleaned_data)
            messages.success(request, _t("Demande envoyée : une autre personne doit l’approuver."))
            return redirect("deadlines:derogations", code)
    names = {n.id: n.what for n in queries.book(found).norms}

    def shown(o: Override) -> tuple[Override, Any, str, Message | None]:
        value = parse_deadline(o.value, context["tz"]).sentence() if o.value else None
        return o, names.get(o.norm, o.norm), label_of(o.kind), value

    context |= {
        "form": form,
        "live": [shown(o) for o in queries.overrides(found) if not o.ended_at],
        "ended": [shown(o) for o in queries.overrides(found) if o.ended_at],
    }
    return render(request, "deadlines/derogations.html", context, status=422 if form.errors else 200)


def label_of(kind: str) -> str:
    return _("fixe le jour de la fête") if kind == queries.FEAST else KIND_LABELS[Derogates(kind)]


def ask(request: HttpRequest, found: Calendar, data: dict[str, Any]) -> None:
    norm, _bar, tail = data["norm"].rpartition("|")
    pause = data["kind"] in (Derogates.SUSPEND.value, Derogates.INTERRUPT.value)
    hour = f"{data['at']:%H:%M}" if data["at"] else "24:00"
    upload = data["file"]
    derogating.ask_derogation(
        calendar=found,
        norm=norm,
        round_=int(tail) if tail.isdigit() else None,
        kind=queries.FEAST if tail == "feast" else data["kind"],
        authority=data["authority"],
        document=data["document"],
        decided=data["decided"],
        rank=data["rank"],
        reason=data["reason"],
        value="" if pause else f"{data['day'].isoformat()}T{hour}",
        first=data["first"] if pause else None,
        last=data["last"] if pause else None,
        content=upload.read() if upload else b"",
        name=str(upload.name) if upload else "",
        by=who(request),
    )


@login_required
@require_POST
def settings_of(request: HttpRequest, code: str) -> HttpResponse:
    """Publish or take back; bind the texts to a day."""
    found = calendar_for(request, code)
    form = edge.acted(request, PublishForm, RecallForm, TextsForm)
    if isinstance(form, TextsForm):
        change = services.bind_texts(calendar=found, law_date=form.v.law_date, reason=form.v.reason, by=who(request))
        tell(request, change)
    else:
        public = not isinstance(form, RecallForm)
        services.publish_calendar(calendar=found, public=public, reason=form.v.reason, by=who(request))
        messages.success(request, _t("Le calendrier est public.") if public else _t("Le calendrier n’est plus public."))
    return redirect("deadlines:calendar", code)


def possible(request: HttpRequest, code: str) -> HttpResponse:
    """Can every norm be met together? Conflicts, shortfall, the cheapest change, windows; working assumptions."""
    found = calendar_for(request, code)
    context = common(request, found, _t("Faisabilité"))
    book, given = queries.book(found), queries.given(found)
    asked = edge.asked(request, Feasibility)
    observed = asked.observe == "1"
    free = [node(k) for k, m in given.events.items() if m.standing is Standing.PLANNED and k != ("VOTE", 1)]
    rows = list(queries.assumptions(found))
    assumed = [Assumed(f"H{a.pk}", a.start, a.end, a.least, a.most, a.reason) for a in rows]
    readings: dict[str, Any] = {}
    problem = problem_of(book, found.family, given, assumed=assumed, observed=observed, free=free)
    others = other_readings(book, problem)
    chosen = asked.lecture
    for i, (norm, counting, _why) in enumerate(others):
        if chosen == i:
            readings[norm.id] = counting
            problem = problem_of(
                book, found.family, given, assumed=assumed, observed=observed, free=free, readings=readings
            )
    answer = solve(problem)
    dropping = request.method == "POST" and edge.button(request, "", "drop") == "drop"
    form = edge.form_of(request, AssumptionForm, nodes=node_choices(problem, book))
    if request.method == "POST":
        if dropping:
            services.drop_assumption(assumption_id=edge.posted(request, DropForm).id, by=who(request))
            return redirect("deadlines:possible", code)
        if form.is_valid():
            services.assume(calendar=found, by=who(request), **form.cleaned_data)
            messages.success(request, _t("Hypothèse ajoutée."))
            return redirect("deadlines:possible", code)
    context |= {
        "answer": answer,
        "said": sentence(answer, problem),
        "bounds": {b.id: b for b in problem.bounds},
        "problem": problem,
        "windows": pages.window_rows(answer, book),
        "form": form,
        "assumptions": rows,
        "node_names": dict(node_choices(problem, book)),
        "observed": observed,
        "others": [(str(i), n, why) for i, (n, _c, why) in enumerate(others)],
        "chosen": "" if chosen is None else str(chosen),
    }
    return render(request, "deadlines/possible.html", context, status=422 if form.errors else 200)


def node_choices(problem: Any, book: Any) -> list[tuple[str, Any]]:
    return [(n, name.text(lang())) for n, name in pages.node_choices(problem, book)]


def what_if(request: HttpRequest, code: str) -> HttpResponse:
    """Move polling day on paper: what moves, what breaks and by which text. Nothing is written."""
    found = calendar_for(request, code)
    context = common(request, found, _t("Et si le vote changeait de jour ?"))
    book, given = queries.book(found), queries.given(found)
    before = queries.legal(found, given)
    moved_to = edge.read(request, Moved)
    asked, problem = moved_to.v.vote, " ".join(w.why for w in moved_to.wrong())
    answer: Answer | None = None
    said: list[Message] = []
    moved: list[Any] = []
    if asked is not None:
        other = moved_vote(given, asked)
        after = queries.legal(found, other)
        moved = compare(before, after)
        free = [node(k) for k, m in other.events.items() if m.standing is Standing.PLANNED and k != ("VOTE", 1)]
        constraints = problem_of(book, found.family, other, observed=True, free=free)
        answer = solve(constraints)
        said = sentence(answer, constraints)
    vote: Moment | None = given.events.get(("VOTE", 1))
    context |= {
        "asked": asked,
        "text": moved_to.typed("vote"),
        "problem": problem,
        "vote": vote,
        "moved": [m for m in moved if not m.breaks][:MAX_MOVED],
        "breaks": [(m, book.text_name(m.after.norm.law)) for m in moved if m.breaks and m.after],
        "heals": [m for m in moved if m.heals],
        "answer": answer,
        "said": said,
    }
    return render(request, "deadlines/what_if.html", context, status=422 if problem else 200)
