"""What a coordination says of its place before polling day, and the decision that two persons sign on the same answers, and two reopen."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from kalata import states
from kalata.country.models import Unit
from kalata.evidence import decoding
from kalata.evidence import services as store
from kalata.evidence.models import Content
from kalata.evidence.rules.access import Access
from kalata.ledger.services import record
from kalata.lifecycle import Act, Stand
from kalata.people.guard import require
from kalata.people.models import Approval, Person
from kalata.people.queries import may
from kalata.people.rules.picture import Item, Line, Picture, Value
from kalata.people.rules.shown import as_shown
from kalata.people.services import approvable, ask_approval
from kalata.planning import kinds
from kalata.planning.models import Plan, ReadyDecision, ReadyPoint
from kalata.planning.queries import readiness as queries
from kalata.planning.rules.ready_steps import ANSWERS, READY, Ready, lacking
from kalata.planning.rules.refusals import EvidenceAsked, NoSuchThing, NotReady
from kalata.planning.rules.rights import ENDORSE, PROGRESS
from kalata.planning.services.money import locked
from kalata.refusals import Forbidden
from kalata.text import Message
from kalata.text import gettext_noop as _

REOPEN = queries.REOPEN
PIECE_MOST = 8 << 20
PAGE = _("les réponses de ce lieu")


def held(plan: Plan, unit: Unit, days: int, seen: str | None) -> ReadyDecision:
    """The decision of a place, locked, on the answers that the page showed."""
    locked(plan)
    if days not in queries.boards(plan):
        raise NoSuchThing(value=str(days)[:10])
    as_shown(seen, queries.mark_of(plan, unit, days), PAGE)
    one, _made = ReadyDecision.objects.get_or_create(plan=plan, unit=unit, days=days, defaults=states.born(READY, Ready.OPEN))
    return one


def stand(one: ReadyDecision) -> Stand[Ready]:
    return Stand(state=Ready(one.state), hands={"proposer": one.proposed_by_id} if one.proposed_by_id else {})


def step(one: ReadyDecision, to: Ready, by: Person, right: str, why: str = "", **values: object) -> None:
    go = values.get("go", one.go)
    after = {"place": one.unit.code, "days": one.days, "from": one.state, "to": to.value, "go": go, "shown": values.get("shown", one.shown)}
    states.write(
        one, READY, to, Act(by=by.pk, right=right, reason=why), stand=stand(one),
        tells=lambda: record(by=by, kind=kinds.READY_MOVED, subject=f"plan:{one.plan.code}", after=after, reason=why, territory=one.unit.code),
        **values,
    )  # fmt: skip


def kept(content: Iterable[bytes], *, name: str, unit: Unit, by: Person) -> Content:
    """Keep a file that proves a point, before any transaction. PEO-101; EVD-101, 102, 107 and RES-422 where it is hostile."""
    require(by, PROGRESS, place=unit.path)
    return store.keep(content, name=name, by=by, most=PIECE_MOST, kinds=decoding.PIECES, quiet=True)


@transaction.atomic
def say(
    *, plan: Plan, unit: Unit, days: int, code: str, answer: str, evidence: str, by: Person, seen: str | None = None,
    piece: Content | None = None,
) -> ReadyPoint:  # fmt: skip
    """Yes, no, or out of question, of one point; a decision that was only proposed is taken back by it.

    piece: the file that proves it, kept before (`kept`); it is joined to the place.

    Raises: PEO-101 another place, PEO-212, PLN-217 a yes without its proof, PLN-239 no such point, LIF-101 signed already.
    """
    require(by, PROGRESS, place=unit.path)
    one = held(plan, unit, days, seen)
    point = next((p for p in queries.points(plan) if p.code == code and days in p.days), None)
    if point is None or answer not in ANSWERS:
        raise NoSuchThing(value=code[:40])
    if one.state == Ready.SIGNED:
        raise READY.illegal(READY, stand(one), Ready.OPEN)
    if answer == "yes" and point.evidence and not evidence.strip() and piece is None:
        raise EvidenceAsked(value=point.fr)
    made = ReadyPoint.objects.create(plan=plan, unit=unit, days=days, code=code, answer=answer, evidence=evidence.strip(), piece=piece.sha256 if piece else "", by=by)
    if piece is not None:
        store.join(sha256=piece.sha256, subject=queries.piece_subject(plan, unit), access=Access.STAFF, by=by)
    after = {"place": unit.code, "days": days, "point": code, "answer": answer, "row": made.pk, **({"piece": piece.sha256} if piece else {})}
    record(by=by, kind=kinds.READY_SAID, subject=f"plan:{plan.code}", after=after, territory=unit.code)
    if one.state == Ready.PROPOSED:
        step(one, Ready.OPEN, by, PROGRESS, "une réponse a changé", go=None, shown="", proposed_by=None, proposed_at=None)
    return made


@transaction.atomic
def propose(*, plan: Plan, unit: Unit, days: int, go: bool, reason: str, by: Person, seen: str | None = None) -> ReadyDecision:  # fmt: skip
    """Go, where every point is yes or out of question (PLN-241); no-go, with its reason."""
    require(by, PROGRESS, place=unit.path)
    one = held(plan, unit, days, seen)
    left = lacking([p for p in queries.points(plan) if days in p.days], queries.answers(plan, unit, days))
    if go and left:
        raise NotReady(place=unit.name, points=", ".join(left))
    if not go and not reason.strip():
        raise NotReady(place=unit.name, points="–")
    shown = queries.mark_of(plan, unit, days)
    step(one, Ready.PROPOSED, by, PROGRESS, reason, go=go, reason=reason.strip(), shown=shown, proposed_by=by, proposed_at=timezone.now())
    return one


@transaction.atomic
def sign(*, plan: Plan, unit: Unit, days: int, by: Person, seen: str | None = None) -> ReadyDecision:
    """The second person signs the very decision that the page showed. LIF-105 for who proposed it."""
    require(by, ENDORSE)
    one = held(plan, unit, days, seen)
    step(one, Ready.SIGNED, by, ENDORSE, signed_by=by, signed_at=timezone.now())
    return one


# --- two persons open it again ---------------------------------------------------------------------
def may_ask(by: Person, unit: Unit) -> None:
    """Who speaks of the place, or endorses over it."""
    if not may(by, ENDORSE, place=unit.path):
        require(by, PROGRESS, place=unit.path)


@transaction.atomic
def ask_reopen(*, plan: Plan, unit: Unit, days: int, reason: str, by: Person, seen: str | None = None) -> Approval:
    """Something changed on the ground: ask that what two persons signed be open again. LIF-101 where nothing is signed."""
    may_ask(by, unit)
    one = held(plan, unit, days, seen)
    if one.state != Ready.SIGNED:
        raise READY.illegal(READY, stand(one), Ready.OPEN)
    return ask_approval(
        kind=REOPEN, subject=f"plan:{plan.code}", summary=f"{plan.name} : {unit.name}, J-{days}", payload={"decision": one.pk},
        reason=reason, by=by,
    )  # fmt: skip


def decision_of(approval: Approval) -> ReadyDecision:
    found = ReadyDecision.objects.select_related("plan__election__pack", "unit", "proposed_by", "signed_by")
    return found.get(pk=approval.payload["decision"])


def asks(approval: Approval, by: Person) -> None:
    """The right is asked of the place; a request that names no decision is nobody's to ask."""
    if "decision" not in approval.payload:
        raise Forbidden(right=PROGRESS)
    may_ask(by, decision_of(approval).unit)


def name_of(person: Person | None) -> str | None:
    return (person.full_name or person.username) if person else None


def picture_of(approval: Approval, page: int = 1) -> Picture:
    """The decision as it was signed, and by whom; open again, it says nothing."""
    one = decision_of(approval)
    facts: dict[str, Value] = {
        "place": one.unit.code, "days": one.days, "state": one.state, "go": one.go, "shown": one.shown, "proposed_by": one.proposed_by_id,
        "signed_by": one.signed_by_id,
    }  # fmt: skip
    said = None if one.go is None else Message(_("prêt") if one.go else _("pas prêt"))
    lines = (
        Line(_("Décision"), said, None), Line(_("Motif"), one.reason or None, None), Line(_("Proposée par"), name_of(one.proposed_by), None),
        Line(_("Signée par"), name_of(one.signed_by), None),
    )  # fmt: skip
    then = (_("Le lieu n’a plus de décision : ses points se disent de nouveau, deux personnes en signent une autre. Ce qui fut signé reste au journal."),)
    return Picture(Message(_("Rouvrir la décision de préparation : %(place)s, J-%(days)s"), {"place": one.unit.name, "days": one.days}), facts, (Item(one.unit.name, lines=lines),), 1, then=then)  # fmt: skip


@approvable(REOPEN, ENDORSE, picture_of, title=_("Réouverture d’une décision de préparation"), about="plan", asks=asks)
def reopen(approval: Approval, by: Person) -> None:
    """What two persons signed is open again, by two; what was signed stays in the ledger."""
    shown = decision_of(approval)
    one = held(shown.plan, shown.unit, shown.days, None)
    step(one, Ready.OPEN, by, ENDORSE, approval.reason, go=None, shown="", proposed_by=None, proposed_at=None, signed_by=None, signed_at=None)
