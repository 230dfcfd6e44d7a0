"""The legal calendar, public and shared: list, month, timeline, week, why a date, feeds, try a rule."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_POST

from kalata.country.queries import latest_packs
from kalata.deadlines import alerts, before, feeds, pages, queries, services
from kalata.deadlines.forms import Feed, Filters, FollowForm, Received, StopForm, TryForm
from kalata.deadlines.holidays import days_off_of
from kalata.deadlines.models import Calendar
from kalata.deadlines.rules.counting import compute
from kalata.deadlines.rules.dayoff import NO_DAYS_OFF
from kalata.deadlines.rules.definition import counting_from
from kalata.deadlines.rules.explaining import explain
from kalata.deadlines.rules.moments import BadMoment, Judged, judge, parse_moment, zone
from kalata.deadlines.rules.offices import Office
from kalata.deadlines.rules.steps import Reading
from kalata.deadlines.rules.wording import say_rule
from kalata.text import Message
from kalata.text import gettext_noop as _
from kalata.ui import edge, kept

VIEWS = (("liste", _("Liste")), ("mois", _("Mois")), ("frise", _("Frise")), ("semaine", _("Sept jours")))


def lang() -> str:
    return get_language() or "fr"


def calendar_for(request: HttpRequest, code: str) -> Calendar:
    """The calendar, or 404: a draft does not exist for the public."""
    try:
        return queries.calendars(request.user).get(code=code)
    except Calendar.DoesNotExist:
        raise Http404(code) from None


def common(request: HttpRequest, calendar: Calendar, title: str = "") -> dict[str, Any]:
    here = reverse("deadlines:calendar", args=[calendar.code])
    crumbs = [(reverse("deadlines:index"), _t("Calendrier légal")), (here if title else "", name_of(calendar))]
    return {
        "section": "deadlines",
        "calendar": calendar,
        "exercise": calendar.election.exercise,
        "title": name_of(calendar),
        "crumbs": crumbs + ([("", title)] if title else []),
        "staff": queries.may_see_drafts(request.user),
        "tz": queries.zone_name(queries.pack_of(calendar)),
    }


def name_of(calendar: Calendar) -> str:
    election = calendar.election
    return (election.name_en if lang() == "en" and election.name_en else election.name_fr) or calendar.code


def index(request: HttpRequest) -> HttpResponse:
    """Every calendar one may see, with what is due within seven days and what is late."""
    now = timezone.now()
    shown = []
    for calendar in queries.calendars(request.user):
        legal = queries.legal(calendar)
        soon, late = alerts.coming(calendar, legal, now), alerts.late(calendar, legal, now)
        shown.append((calendar, name_of(calendar), soon, late, list(alerts.breaches(legal))))
    return render(
        request,
        "deadlines/index.html",
        {"section": "deadlines", "shown": shown, "packs": latest_packs()},
    )


def calendar(request: HttpRequest, code: str) -> HttpResponse:
    """The calendar as a list, a month, a timeline or the next seven days, with its filters in the address."""
    found = calendar_for(request, code)
    context = common(request, found)
    legal, book, now = queries.legal(found), queries.book(found), timezone.now()
    here = now.astimezone(zone(context["tz"])).date()
    want = edge.asked(request, Filters)
    asked = {"text": want.q, "actor": want.acteur, "state": want.etat, "round_": str(want.tour or "")}
    every = pages.rows(legal, book, now, context["tz"])
    rows = pages.filtered(every, **asked)
    context |= {
        "view": want.vue,
        "views": VIEWS,
        "rows": rows,
        "total": len(every),
        "asked": asked,
        "actors": pages.actors(legal),
        "states": pages.STATES,
        "rounds": range(1, found.rounds + 1),
        "conflicts": legal.conflicts,
        "lapsed": [(n, book.text_name(n.law), say_rule(n, book.events)) for n in legal.lapsed],
        "late": [r for r in every if r.tone == "bad"],
        "following": queries.following(found, request.user),
        "before": before.of_publication(found, len(every)) if context["staff"] else [],
        "today": here,
    }
    if context["view"] == "mois":
        context |= month_context(want.mois, rows, here)
    elif context["view"] == "frise":
        context["line"] = pages.timeline(rows, here)
    elif context["view"] == "semaine":
        context["rows"] = [
            r
            for r in rows
            if (r.last and 0 <= (r.last - here).days <= 7) or (r.first and 0 <= (r.first - here).days <= 7)
        ]
    return render(request, "deadlines/calendar.html", context)


def month_context(asked: date | None, rows: list[pages.Row], here: date) -> dict[str, Any]:
    days = sorted(r.last for r in rows if r.last)
    start = next((d for d in days if d >= here), days[-1] if days else here)
    first = asked or start.replace(day=1)
    before = date(first.year - (first.month == 1), (first.month - 2) % 12 + 1, 1)
    after = date(first.year + (first.month == 12), first.month % 12 + 1, 1)
    return {
        "month": first,
        "weeks": pages.month(rows, first.year, first.month),
        "previous": f"{before:%Y-%m}",
        "next": f"{after:%Y-%m}",
        "filled": any(r.last and (r.last.year, r.last.month) == (first.year, first.month) for r in rows)
        or any(r.first and (r.first.year, r.first.month) == (first.year, first.month) for r in rows),
    }


def rule(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Why this date: the trace, every reading with its consequence, the text, the history; the clerk's calculator."""
    found = calendar_for(request, code)
    legal, book = queries.legal(found), queries.book(found)
    line = legal.get(key)
    if line is None:
        raise Http404(key)
    context = common(request, found, line.norm.what.text(lang()))
    form = edge.read(request, Received)
    received, problem = received_at(form, context["tz"])
    judged: list[tuple[Any, Judged]] = []
    if received is not None and line.readings:
        if line.derogation and line.derogation.value:
            judged.append((Message(_("dérogation")), judge(received, line.derogation.value, line.derogation.value)))
        judged += [(r.why or Message(_("lecture du pack")), r.judged(received)) for r in line.readings]
    context |= {
        "line": line,
        "row": pages.row(line, book, timezone.now(), context["tz"], legal.done(line)),
        "steps": explain(line, book),
        "own": list(line.readings[0].early.steps) if line.readings else [],
        "law": book.texts.get(line.norm.law, {}),
        "law_name": book.text_name(line.norm.law),
        "sources": [s for s in queries.pack_of(found).records("sources") if str(s["id"]) in line.norm.sources],
        "overrides": [o for o in queries.overrides(found) if o.norm == line.norm.id and o.round in (None, line.round)],
        "judged": judged,
        "received": received,
        "received_problem": problem,
        "asked": {"recu": form.typed("recu"), "heure": form.typed("heure")},
        "pack": queries.pack_of(found),
    }
    return render(request, "deadlines/rule.html", context, status=422 if problem else 200)


def received_at(form: Received, tz: str) -> tuple[date | datetime | None, str]:
    day, hour = form.v.recu, form.v.heure
    if not form.is_valid():
        return None, " ".join(w.why for w in form.wrong())
    if not day:
        return None, ""
    try:
        return parse_moment(f"{day}T{hour:%H:%M}" if hour else day, tz, field="recu"), ""
    except BadMoment as problem:
        return None, problem.message.text(lang())


def ics(request: HttpRequest, code: str) -> HttpResponse:
    found = calendar_for(request, code)
    asked = edge.asked(request, Feed, strict=True)
    body = feeds.ics(found, asked.langue or lang(), asked.acteur)
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{found.code}.ics"'
    return kept.told(request, response)


def table(request: HttpRequest, code: str) -> HttpResponse:
    found = calendar_for(request, code)
    response = HttpResponse(
        feeds.table(queries.legal(found).lines, queries.book(found)), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{found.code}.csv"'
    return kept.told(request, response)


def poster(request: HttpRequest, code: str) -> HttpResponse:
    """The calendar on A3, for the wall."""
    found = calendar_for(request, code)
    context = common(request, found)
    now = timezone.localtime(timezone.now(), zone(context["tz"]))
    words = {
        "title": _t("Calendrier légal : %(name)s") % {"name": context["title"]},
        "sub": _t(
            "Chaque date avec sa règle et son texte. Ce qui n’a pas été lu dans le texte est marqué « non vérifié »."
        ),
        "drill": _t("Exercice : données fictives, aucune valeur électorale.") if found.election.exercise else "",
        "h_date": _t("Échéance"),
        "h_what": _t("Objet"),
        "h_rule": _t("Règle"),
        "h_basis": _t("Texte"),
        "unverified": _t("non vérifié"),
        "indicative": _t("indicatif"),
        "override": _t("dérogation :"),
        "other": _t("autre lecture :"),
        "round": _t("tour"),
        "gaps_title": _t("Délais qu’aucun texte lu ne chiffre"),
        "foot": _t("Établi le %(when)s, état %(n)d du calendrier, pack %(pack)s %(version)s")
        % {
            "when": Message("%(d)s", {"d": now}).text(lang()),
            "n": found.revision,
            "pack": found.election.pack.code,
            "version": found.election.pack.version,
        },
    }
    pdf = feeds.poster(found, queries.legal(found).lines, queries.book(found), lang(), words)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{found.code}.pdf"'
    return response


# --- any rule, for lawyers ----------------------------------------------------------------
def countries() -> list[tuple[str, str]]:
    found = []
    for version in latest_packs():
        record = next(iter(version.pack.records("days_off")), None)
        if record:
            found.append((str(record["country"]), str(version.pack.head["name_fr"])))
    return [*sorted(dict(found).items()), ("FR", "France")]


def try_rule(request: HttpRequest) -> HttpResponse:
    """Any rule on any date: what a lawyer wants to check before pleading. Nothing is stored."""
    tz = settings.TIME_ZONE
    asking = edge.asks(request, "event")
    initial = {"holidays": "ML", "skip": [], "counting": "both", "direction": "after", "unit": "day"}
    form = (
        edge.read(request, TryForm, countries=countries(), initial=initial)
        if asking
        else TryForm(countries=countries(), initial=initial)
    )
    results: list[tuple[str, Reading, Judged | None, list[Message]]] = []
    if asking and form.is_valid():
        results = tried(form, tz)
    return render(
        request,
        "deadlines/try.html",
        {
            "section": "deadlines",
            "form": form,
            "results": results,
            "differ": len({r.deadline for _label, r, _judged, _warnings in results}) > 1,
            "tz": tz,
            "crumbs": [(reverse("deadlines:index"), _t("Calendrier légal")), ("", _t("Essayer une règle"))],
        },
        status=422 if asking and form.errors else 200,
    )


COUNTINGS = {"non_franc": _("délai non franc"), "franc": _("délai franc")}


def tried(form: TryForm, tz: str) -> list[tuple[str, Reading, Judged | None, list[Message]]]:
    data, spec = form.cleaned_data, form.spec()
    trigger: date | datetime = data["event"]
    if data["event_at"]:
        trigger = datetime.combine(data["event"], data["event_at"], zone(tz))
    days_off = NO_DAYS_OFF
    if data["holidays"]:
        year = data["event"].year
        far = 2 + (
            data["n"] // 12
            if spec.get("unit") == "month"
            else data["n"]
            if spec.get("unit") == "year"
            else data["n"] // 200
        )
        days_off = days_off_of(data["holidays"], max(year - far, 1900), min(year + far, 2200))
    plain = spec["kind"] != "offset" or spec.get("unit") in ("hour", "minute")
    wanted = (
        ["non_franc"] if plain else ["non_franc", "franc"] if data["counting"] in ("both", "") else [data["counting"]]
    )
    received: date | datetime | None = data["filed"]
    if data["filed"] and data["filed_at"]:
        received = datetime.combine(data["filed"], data["filed_at"], zone(tz))
    out = []
    for counting in wanted:
        reading = compute(counting_from({**spec, "counting": counting}, "–"), trigger, tz=tz, days_off=days_off)
        judged = judge(received, reading.earliest, reading.latest) if received else None
        label = COUNTINGS[counting] if not plain else ""
        office = Office(data["closes"]).warnings(reading.latest) if data["closes"] else []
        out.append((label, reading, judged, [*reading.warnings, *office]))
    return out


# --- alerts -------------------------------------------------------------------------------
@login_required
@require_POST
def follow(request: HttpRequest, code: str) -> HttpResponse:
    found = calendar_for(request, code)
    by: Any = request.user
    form = edge.acted(request, FollowForm, StopForm)
    if isinstance(form, StopForm):
        services.unfollow(calendar=found, by=by)
    else:
        services.follow(calendar=found, actor=form.v.acteur, by_mail=form.v.mail, by=by)
    return redirect("deadlines:calendar", code)
