"""What this room shows on the front page, and what waits there."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kalata.people.queries import rights_of
from kalata.planning.queries import plans as queries
from kalata.planning.queries import progress
from kalata.planning.rules.rights import EDIT, ENDORSE, PROGRESS
from kalata.planning.rules.steps import State
from kalata.rooms import AtHome, Line, Stage


def waits(request: HttpRequest) -> list[Line]:
    """Versions to endorse, for who may; remarks without an answer and what is late, for who keeps the plan or
    does it. Approvals have their own page."""
    rights, out = rights_of(request.user), []
    seen = queries.versions(request.user)
    if ENDORSE in rights:
        for one in seen.filter(state=State.UNDER_REVIEW, endorsed_by=None):
            says = _("%(plan)s : la version %(n)d attend un visa") % {"plan": one.plan.name, "n": one.number}
            out.append(Line(650, "eye", says, reverse("planning:version", args=[one.pk])))
    if EDIT in rights:
        for one in seen.filter(state__in=(State.DRAFT, State.UNDER_REVIEW)):
            if n := queries.open_comments(one):
                says = ngettext("%(plan)s : %(n)d remarque sans réponse", "%(plan)s : %(n)d remarques sans réponse", n)
                out.append(
                    Line(651, "inf", says % {"plan": one.plan.name, "n": n}, reverse("planning:version", args=[one.pk]))
                )
    if EDIT in rights or PROGRESS in rights:
        for one in progress.approved(request.user):
            if n := len(progress.doing(one, request.user).late):
                says = ngettext("%(plan)s : %(n)d activité en retard", "%(plan)s : %(n)d activités en retard", n)
                there = f"{reverse('planning:progress')}?{urlencode({'plan': one.plan.code})}"
                out.append(Line(652, "clock", says % {"plan": one.plan.name, "n": n}, there))
    return out


def shown(request: HttpRequest) -> AtHome:
    """The stage of the plan, for who may read one."""
    found = list(queries.plans(request.user))
    if not found:
        return AtHome()
    signed = sum(1 for plan in found if queries.approved(plan))
    says = ngettext("%(n)d plan, %(signed)d approuvé", "%(n)d plans, %(signed)d approuvés", len(found))
    return AtHome([Stage("planning", says % {"n": len(found), "signed": signed}, reverse("planning:plans"), "now")])
