"""A plan made public: the cell asks, the steering committee decides on the very dates that everybody will read."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from kalata.ledger.services import record
from kalata.people.guard import require
from kalata.people.models import Approval, Person
from kalata.people.rules.picture import Item, Line, Picture, Value
from kalata.people.rules.shown import as_shown
from kalata.people.services import approvable, ask_approval
from kalata.planning import kinds
from kalata.planning.models import Plan, PlanVersion, Publication
from kalata.planning.queries import content
from kalata.planning.queries import publishing as queries
from kalata.planning.rules.publishing import Day, Span, days_of, digest, spans_of
from kalata.planning.rules.publishing import record as recorded
from kalata.planning.rules.refusals import NotToPublish
from kalata.planning.rules.rights import APPROVE, EDIT
from kalata.planning.rules.steps import VERSION, State
from kalata.planning.services.approving import CONTENT, locked
from kalata.text import Message
from kalata.text import gettext_noop as _

PAGE = 30


def to_publish(version: PlanVersion) -> PlanVersion:
    """The version, locked, approved and not public yet. PLN-253."""
    one = locked(version)
    if one.state != State.APPROVED or Publication.objects.filter(version=one).exists():
        raise NotToPublish(number=one.number, state=VERSION.labels[State(one.state)])
    return one


@transaction.atomic
def ask(*, version: PlanVersion, reason: str, by: Person, seen: str | None = None) -> Approval:
    """Ask that the public dates of an approved version be everybody's.

    seen: the digest of the content that the page showed. Raises: PEO-101, PEO-212, PLN-253.
    """
    require(by, EDIT)
    one = to_publish(version)
    as_shown(seen, content.sha256(one), CONTENT)
    if queries.asked(one) is not None:
        raise NotToPublish(number=one.number, state=_("déjà demandée"))
    return ask_approval(
        kind=queries.KIND, subject=f"plan:{one.plan.code}", summary=f"{one.plan.name}, version {one.number}",
        payload={"version": one.pk, "number": one.number, "sha256": one.sha256}, reason=reason, by=by,
    )  # fmt: skip


def said(one: Day | Span | None) -> str | None:
    if one is None:
        return None
    return one.first if one.first == one.last else f"{one.first} – {one.last}"


def lines_of(was: Day | None, now: Day | None) -> tuple[Line, ...]:
    """The date, and the term of the law beside where the plan does not keep it."""
    found = [Line(_("Date publique"), said(was), said(now))]
    if now is not None and now.missed:
        found.append(Line(_("Terme légal, que ce plan ne tient pas"), was.required if was else None, now.required))
    return tuple(found)


def picture_of(approval: Approval, page: int = 1) -> Picture:
    """Each date that becomes public beside the one that is public now."""
    one = PlanVersion.objects.select_related("plan__election__pack").get(pk=approval.payload["version"])
    shown = queries.of_version(one)
    before = queries.of_plan(one.plan.code)
    was = {d.code: d for d in days_of(before.rows)} if before else {}
    was_phases = {p.name: p for p in spans_of(before.phases)} if before else {}
    now = {d.code: d for d in shown.days}
    facts: dict[str, Value] = {
        "plan": one.plan.code, "version": one.number, "state": one.state, "content": one.sha256, "public": before.number if before else 0,
        "shown": digest(recorded(shown.days), recorded(shown.phases)),
    }  # fmt: skip
    items = [
        Item(Message("%(code)s %(name)s", {"code": c, "name": (now.get(c) or was[c]).fr}), c, lines=lines_of(was.get(c), now.get(c)))
        for c in [*now, *(c for c in was if c not in now)]
    ]  # fmt: skip
    items += [Item(p.name, lines=(Line(_("Phase, du premier au dernier jour"), said(was_phases.get(p.name)), said(p)),)) for p in shown.phases]
    then = (_("Chacun lit ces dates, sans compte ; le calendrier que les téléphones suivent change aussi. Les lignes publiques du budget, par phase, sont montrées aux bailleurs."),)  # fmt: skip
    first = (max(page, 1) - 1) * PAGE
    return Picture(f"{one.plan.name}, version {one.number}", facts, tuple(items[first : first + PAGE]), len(items), then=then)


@approvable(queries.KIND, APPROVE, picture_of, title=_("Publication d’un plan opérationnel"), about="plan", asks=EDIT)
def publish(approval: Approval, by: Person) -> None:
    """The dates are public as they were shown to who decides; the database refuses the same person twice."""
    plan = Plan.objects.select_for_update().get(versions=approval.payload["version"])
    one = to_publish(PlanVersion.objects.get(pk=approval.payload["version"]))
    shown = queries.of_version(one)
    rows, phases = recorded(shown.days), recorded(shown.phases)
    now = timezone.now()
    last = plan.publications.order_by("-number").first()
    made = Publication.objects.create(
        plan=plan, version=one, number=(last.number if last else 0) + 1, rows=rows, phases=phases, sha256=digest(rows, phases),
        asked_by=approval.asked_by, approved_by=by, at=now,
    )  # fmt: skip
    if plan.published_at is None:
        plan.published_at = now
        plan.save(update_fields=["published_at"])
    record(by=by, kind=kinds.DATES_PUBLISHED, subject=f"plan:{plan.code}", after={"version": one.number, "publication": made.number, "sha256": made.sha256})
