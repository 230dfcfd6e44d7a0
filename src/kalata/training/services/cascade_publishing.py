"""A kept cascade is published by two persons: what one asked, another reads class by class and signs; its classes are made then."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.db import transaction
from django.utils import timezone

from kalata import states
from kalata.country.models import Unit
from kalata.ledger.services import record
from kalata.people.approving import still
from kalata.people.guard import require
from kalata.people.models import Approval, Person
from kalata.people.rules.picture import Item, Line, Picture, Value
from kalata.people.rules.shown import as_shown
from kalata.people.services import approvable, ask_approval
from kalata.text import gettext_noop as _
from kalata.training import kinds
from kalata.training.models import Cascade, ClassTrainer, Enrolment, Post, TrainingClass
from kalata.training.queries import classes as queries
from kalata.training.queries.posts import positions
from kalata.training.rules.cascade_keep import Kept, content_of, kept_of
from kalata.training.rules.classes_refusals import AnotherPublished, ClassMoved, NotDraftPlan, NotFeasible
from kalata.training.rules.classes_states import CASCADE, CLASS, Held
from kalata.training.rules.classes_states import Kept as KeptState
from kalata.training.rules.rights import PAY, PLAN
from kalata.training.services.cascade_keeping import SEEN

KIND = "training.cascade"
PAGE = 20


@transaction.atomic
def ask(*, cascade: Cascade, reason: str, by: Person, seen: str | None = None) -> Approval:
    """Ask for the publication of a draft that holds. TRN-503, TRN-504, TRN-506, PEO-212."""
    require(by, PLAN, contest=cascade.contest_id)
    one = Cascade.objects.select_for_update(of=("self",)).select_related("contest", "base").get(pk=cascade.pk)
    as_shown(seen, one.sha256, SEEN)
    may_publish(one)
    return ask_approval(
        kind=KIND, subject=f"contest:{one.contest.code}", summary=f"{one.title}, n° {one.number} : {one.contest.name_fr}",
        payload={"cascade": one.pk, "number": one.number, "sha256": one.sha256}, reason=reason, by=by, contest=one.contest_id,
    )  # fmt: skip


def may_publish(one: Cascade) -> None:
    if one.state != KeptState.DRAFT:
        raise NotDraftPlan(state=CASCADE.labels[KeptState(one.state)])
    if one.answer["unserved"] or not one.answer["classes"]:
        raise NotFeasible(n=one.answer["unserved"])
    now = queries.published(one.contest)
    if now is not None and now.pk != one.base_id:
        raise AnotherPublished(number=now.number)


def picture_of(approval: Approval, page: int = 1) -> Picture:
    one = Cascade.objects.select_related("contest", "base").get(pk=approval.payload["cascade"])
    now = queries.published(one.contest)
    classes = [kept_of(c) for c in one.answer["classes"]]
    before = {c.code: c for c in map(kept_of, one.base.answer["classes"])} if one.base else {}
    changed = [c for c in classes if before.get(c.code) != c]
    facts: dict[str, Value] = {
        "cascade": one.number, "sha256": one.sha256, "state": one.state, "base": one.base.number if one.base else None,
        "published": now.number if now else None, "classes": len(classes), "changed": len(changed), "places": sum(c.places for c in classes),
    }  # fmt: skip
    first = (max(page, 1) - 1) * PAGE
    items = tuple(item_of(c, before.get(c.code)) for c in changed[first : first + PAGE])
    then = (
        _("Chaque classe devient une séance, avec les postes qui y sont attendus."),
        _("Les personnes sont celles qui tiendront ces postes : un poste à nommer garde sa place."),
    )
    return Picture(approval.summary, facts, items, len(changed), then=then)


def item_of(now: Kept, before: Kept | None) -> Item:
    def told(one: Kept | None) -> str | None:
        return (
            f"{one.first.isoformat()} – {one.last.isoformat()} · {one.area} · {one.venue} ({one.room}) · {one.pair}"
            if one
            else None
        )

    lines = (
        Line(_("Séance"), told(before), told(now)),
        Line(_("Places"), before.places if before else None, now.places),
    )
    return Item(now.code, now.language, lines)


def let_go(approval: Approval) -> None:
    """Refused or withdrawn: it stays a draft."""


@approvable(KIND, PAY, picture_of, title=_("Plan de formation publié"), let_go=let_go, asks=PLAN)
def publish(approval: Approval, by: Person) -> None:
    """Make the classes, or move those that the repair moves; the plan before is replaced in the same act. TRN-503, TRN-506, TRN-510."""
    one = (
        Cascade.objects.select_for_update(of=("self",))
        .select_related("contest__election__pack", "base")
        .get(pk=approval.payload["cascade"])
    )
    still(approval)
    may_publish(one)
    classes = [kept_of(c) for c in one.answer["classes"]]
    if one.base is not None:
        states.derive(one.base, CASCADE, KeptState.REPLACED)
    states.derive(
        one, CASCADE, KeptState.PUBLISHED, asked_by=approval.asked_by, published_by=by, published_at=timezone.now()
    )
    made = placed(one, classes)
    after = {
        "number": one.number,
        "sha256": one.sha256,
        "classes": len(classes),
        "made": made,
        "base": one.base.number if one.base else None,
    }
    record(by=by, kind=kinds.CASCADE_PUBLISHED, subject=f"contest:{one.contest.code}", after=after, rows=[one])


def placed(one: Cascade, classes: list[Kept]) -> int:
    """The classes of a plan as records: new ones made with their seats, moved ones moved."""
    content = content_of(one.content)
    units = {
        u.code: u
        for u in Unit.objects.filter(geography=one.contest.election.geography_id, code__in={c.area for c in classes})
    }
    there = {c.code: c for c in TrainingClass.objects.select_for_update(of=("self",)).filter(contest=one.contest)}
    fresh = []
    for kept in classes:
        said: dict[str, Any] = {
            "venue": kept.venue,
            "room": kept.room,
            "pair": kept.pair,
            "first": kept.first,
            "last": kept.last,
        }
        old = there.get(kept.code)
        if old is None:
            fresh.append(
                TrainingClass(
                    contest=one.contest,
                    cascade=one,
                    code=kept.code,
                    unit=units.get(kept.area),
                    area=kept.area,
                    language=kept.language,
                    **said,
                )
            )
            continue
        moved = any(getattr(old, k) != v for k, v in said.items())
        if moved and old.state != Held.PLANNED:
            raise ClassMoved(code=old.code, state=CLASS.labels[Held(old.state)])
        TrainingClass.objects.filter(pk=old.pk).update(cascade=one, **said)
        if moved:
            old.trainers.all().delete()
            entrusted([old], {old.code: kept.pair}, content.trainers)
    TrainingClass.objects.bulk_create(fresh, batch_size=2_000)
    entrusted(fresh, {c.code: c.pair for c in fresh}, content.trainers)
    seated(one, {k.code: k for k in classes}, fresh)
    return len(fresh)


def entrusted(classes: list[TrainingClass], pairs: dict[str, str], trainers: Any) -> None:
    people = {
        p.username: p for p in Person.objects.filter(username__in={n for names in trainers.values() for n in names})
    }
    rows = [
        ClassTrainer(training_class=c, person=people[n])
        for c in classes
        for n in trainers.get(pairs[c.code], ())
        if n in people
    ]
    ClassTrainer.objects.bulk_create(rows, batch_size=2_000)


def seated(one: Cascade, kept: dict[str, Kept], classes: list[TrainingClass]) -> None:
    """A seat for each post in the order of the plan, then the reserve, trained for what most of its class is."""
    roles = {str(r["id"]): str(r.get("certificate") or "") for r in positions(one.contest)}
    wanted = {pk for c in classes for pk in kept[c.code].posts}
    records = dict(Post.objects.filter(contest=one.contest).values_list("pk", "record")) if wanted else {}
    rows = []
    for made in classes:
        plan = kept[made.code]
        own = [roles.get(records.get(pk, ""), "") for pk in plan.posts]
        most = Counter(own).most_common(1)[0][0] if own else ""
        for n, (post, role) in enumerate([*zip(plan.posts, own, strict=True), *[(None, most)] * plan.reserve], 1):
            rows.append(Enrolment(training_class=made, seat=n, post_id=post, role=role))
    Enrolment.objects.bulk_create(rows, batch_size=2_000)
