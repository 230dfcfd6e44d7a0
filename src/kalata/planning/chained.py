"""Plans and their versions, for who reads plans."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from kalata.chain.about import About, Link, plain
from kalata.chain.rules.verbs import Verb
from kalata.planning.models import PlanVersion
from kalata.planning.queries import buying, money, plans


def versions_seen(person: Any) -> QuerySet[PlanVersion]:
    return plans.versions(person) if plans.reads(person) else PlanVersion.objects.none()


PLAN = About(
    seen=lambda person: plans.plans(person) if plans.reads(person) else plans.plans(person).none(),
    title=lambda one: plain(one.name),
    page=lambda _one: reverse("planning:plans"),
    words=lambda one: (one.code, one.election.code),
    links=(Link(verb=Verb.MADE_UNDER, kind="pack", path="election__pack_id"),),
    subject="code",
    along=("election",),
)
VERSION = About(
    seen=versions_seen,
    title=lambda one: plain(f"{one.plan.name}, version {one.number}" + (f" : {one.title}" if one.title else "")),
    page=lambda one: reverse("planning:version", args=[one.pk]),
    words=lambda one: (one.sha256[:16],),
    links=(
        Link(verb=Verb.PART_OF, kind="plan", path="plan_id"), Link(verb=Verb.REPLACES, kind="plan_version", path="base_id"),
    ),
    along=("plan",),
)  # fmt: skip
PLEDGE = About(
    seen=money.pledges_seen,
    title=lambda one: plain(one.label),
    page=lambda one: reverse("planning:pledge", args=[one.pk]),
    words=lambda one: (one.label, one.funder.name),
    links=(Link(verb=Verb.PART_OF, kind="plan", path="funder__plan_id"),),
    along=("funder",),
)
PAYMENT = About(
    seen=money.payments_seen,
    title=lambda one: plain(f"{one.line} {one.label}"),
    page=lambda one: reverse("planning:payment", args=[one.pk]),
    words=lambda one: (one.label, one.line),
    links=(Link(verb=Verb.PART_OF, kind="plan", path="plan_id"),),
    along=("plan",),
)
PURCHASE = About(
    seen=buying.purchases_seen,
    title=lambda one: plain(f"{one.code} {one.name}"),
    page=lambda one: reverse("planning:purchase", args=[one.pk]),
    words=lambda one: (one.code, one.name),
    links=(Link(verb=Verb.PART_OF, kind="plan", path="plan_id"),),
    along=("plan",),
)
