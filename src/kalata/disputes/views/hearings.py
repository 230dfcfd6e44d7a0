"""Hearings: the cause lists that are out, for everybody; for the Court, a contest's hearings, fixed, listed and held."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _t

from kalata.country.models import Contest
from kalata.disputes.forms import bench as forms
from kalata.disputes.queries import bench as queries
from kalata.disputes.queries import panel
from kalata.disputes.rules.steps import PRESIDE, REGISTRY
from kalata.disputes.services import hearings as services
from kalata.disputes.services import issuing
from kalata.disputes.views.bench import offer
from kalata.disputes.views.drawing import contest_of
from kalata.documents import queries as register
from kalata.people.guard import require
from kalata.people.queries import may
from kalata.results.views.shared import who
from kalata.ui import edge

ACTS = {"fix": PRESIDE, **dict.fromkeys(("list", "hold", "causes", "minutes"), REGISTRY)}


def public(request: HttpRequest) -> HttpResponse:
    """Cause lists that are out, soonest first: case numbers, never a party."""
    rows = queries.hearings(public=True)
    return render(request, "disputes/cause_list.html", {"section": "bench", "rows": edge.paged(request, rows, 50)})


@login_required
def page(request: HttpRequest, code: str) -> HttpResponse:
    """The hearings of a contest."""
    contest = contest_of(request.user, code)
    if request.method == "POST":
        return acted(request, contest) or redirect("disputes:hearings", code)
    rows = queries.hearings(public=False).filter(contest=contest)
    now = timezone.now()
    keeps = may(request.user, REGISTRY, contest=contest.pk)
    return render(request, "disputes/hearings.html", {
        "section": "bench", "contest": contest, "keeps": keeps, "now": now, "ready": panel.ready(contest),
        "rows": [(one, panel.expected(one), one.presences.select_related("member__person", "party")) for one in rows],
        "members": panel.sitting_now(), "deadline": now + services.AHEAD,
        "fix": offer(forms.FixForm, _t("Fixer une audience"), _t("Fixer l’audience")) if may(request.user, PRESIDE, contest=contest.pk) else None,
        "crumbs": [(reverse("disputes:bench"), _t("Siège")), ("", _t("Audiences"))],
    })  # fmt: skip


def acted(request: HttpRequest, contest: Contest) -> HttpResponse | None:
    """The act of the pressed button; the paper itself where one was asked."""
    by: Any = who(request)
    require(by, ACTS[edge.button(request, *ACTS)], contest=contest.pk)
    form = edge.acted(request, forms.FixForm, forms.ListForm, forms.HoldForm, forms.CausesForm, forms.MinutesForm)
    v = form.v
    if isinstance(form, forms.CausesForm | forms.MinutesForm):
        return printed(panel.hearing(contest, v.hearing), isinstance(form, forms.MinutesForm), by)
    if isinstance(form, forms.FixForm):
        services.fix(
            contest=contest, starts_at=moment(v.day, v.hour), place=v.place, petitions=panel.in_order(contest, v.cases.splitlines()),
            interpreters=v.interpreters, access=v.access, closed_why=v.closed_why, by=by,
        )  # fmt: skip
    elif isinstance(form, forms.ListForm):
        services.publish_list(hearing=panel.hearing(contest, v.hearing), by=by)
    else:
        parties = dict.fromkeys(panel.heard(contest, v.party), "")
        services.hold(
            hearing=panel.hearing(contest, v.hearing), minutes=v.minutes, audio=v.audio, members=panel.members(v.member),
            parties=parties, by=by,
        )  # fmt: skip
    messages.success(request, _t("Enregistré."))
    return None


def printed(hearing: Any, minutes: bool, by: Any) -> HttpResponse:
    """The paper of a hearing, entered in the register; minutes only of one that was held."""
    if minutes and hearing.held_at is None:
        raise edge.NotUnderstood([edge.Wrong("hearing", str(hearing.pk), _t("cette audience n’est pas tenue"))])
    issue = issuing.minutes if minutes else issuing.cause_list
    made = issue(hearing=hearing, lang=get_language() or "fr", by=by)
    answer = HttpResponse(register.bytes_of(made), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{made.reference}-v{made.version}.pdf"'
    return answer


def moment(day: Any, hour: str) -> datetime:
    """A day and an hour of the Court's clock; EDG-101 where the hour is none."""
    for pattern in ("%H:%M", "%H"):
        try:
            at = datetime.strptime(hour.strip().replace("h", ":").rstrip(":"), pattern).time()
        except ValueError:
            continue
        return timezone.make_aware(datetime.combine(day, at))
    raise edge.NotUnderstood([edge.Wrong("hour", hour, _t("écrivez l’heure ainsi : 9:00"))])
