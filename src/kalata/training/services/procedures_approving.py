"""A version on its way: its texts said lawful by a reviewer, tried by the cell, approved by a second person on the exact difference."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from kalata import states
from kalata.ledger.rules.kinds import Kind
from kalata.ledger.services import record
from kalata.lifecycle import Act, Stand
from kalata.people.guard import require
from kalata.people.models import Approval, Person
from kalata.people.queries import may
from kalata.people.rules.picture import Item, Line, Picture, Value
from kalata.people.rules.shown import as_shown
from kalata.people.services import approvable, ask_approval
from kalata.text import Message
from kalata.text import gettext_noop as _
from kalata.training import kinds
from kalata.training.models import ProcedureVersion
from kalata.training.queries import procedures as queries
from kalata.training.rules.procedure_refusals import BaseMoved, NothingChanged, NotLawful, NotTested, OpenRemarks
from kalata.training.rules.procedures import PART_WORDS, PROCEDURE, WORDS, Change, Field, State, difference, digest
from kalata.training.rules.rights import REVIEW, WRITE
from kalata.training.services import refreshers
from kalata.training.services.procedures import CONTENT, locked, subject

KIND = "procedures.version"
PAGE = 20


def stand(one: ProcedureVersion) -> Stand[State]:
    """Whoever wrote in it, or tried it, holds a part of it."""
    hands = {f"author{n}": pk for n, pk in enumerate(one.authors)} | ({"tester": one.tested_by_id} if one.tested_by_id else {})  # fmt: skip
    return Stand(state=State(one.state), hands=hands)


def move(one: ProcedureVersion, to: State, by: Person | None, right: str, reason: str, kind: Kind, after: dict[str, object], **values: object) -> None:  # fmt: skip
    act = Act(by=by.pk if by else 0, right=right, reason=reason)
    states.write(
        one, PROCEDURE, to, act, stand=stand(one),
        tells=lambda: record(by=by, kind=kind, subject=subject(one), after={"version": one.number, **after}, reason=reason), **values,
    )  # fmt: skip


@transaction.atomic
def say_lawful(*, version: ProcedureVersion, reason: str, by: Person, seen: str | None = None) -> ProcedureVersion:
    """The review of the texts. seen: the digest of the content that the page showed.

    Raises: PEO-101, PEO-212, LIF-105 for who wrote it, TRN-413 a finding that is left, TRN-414 a remark without answer.
    """
    require(by, REVIEW)
    one = locked(version)
    as_shown(seen, one.sha256, CONTENT)
    if n := queries.open_comments(one):
        raise OpenRemarks(n=n)
    wrong, _told = queries.findings(one)
    if wrong:
        raise NotLawful(n=len(wrong), first=wrong[0].says)
    move(one, State.LEGAL_OK, by, REVIEW, reason, kinds.PROCEDURE_LEGAL_OK, {"sha256": one.sha256}, reviewed_by=by)
    return one


@transaction.atomic
def say_tested(*, version: ProcedureVersion, reason: str, by: Person, seen: str | None = None) -> ProcedureVersion:
    """The cell has tried it, and says with whom and what came of it (reason)."""
    require(by, WRITE)
    one = locked(version)
    as_shown(seen, one.sha256, CONTENT)
    move(one, State.TESTED, by, WRITE, reason, kinds.PROCEDURE_TESTED, {"sha256": one.sha256}, tested_by=by, tested_note=reason.strip())  # fmt: skip
    return one


@transaction.atomic
def give_back(*, version: ProcedureVersion, reason: str, by: Person, seen: str | None = None) -> ProcedureVersion:
    """Back to a draft, by the cell or by a reviewer: what was said of its texts and its trial no longer holds."""
    require(by, WRITE if may(by, WRITE) else REVIEW)
    one = locked(version)
    as_shown(seen, one.sha256, CONTENT)
    reopen(one, by, reason)
    return one


def reopen(one: ProcedureVersion, by: Person, reason: str) -> None:
    move(one, State.DRAFT, by, "", reason, kinds.PROCEDURE_RETURNED, {"sha256": one.sha256}, reviewed_by=None, tested_by=None, tested_note="")  # fmt: skip


@transaction.atomic
def ask(*, version: ProcedureVersion, reason: str, by: Person, seen: str | None = None) -> Approval:
    """Ask for the approval of a tested version, on the exact difference with the one approved now. TRN-415, TRN-416, TRN-419."""
    require(by, WRITE)
    one = locked(version)
    as_shown(seen, one.sha256, CONTENT)
    if one.state != State.TESTED:
        raise NotTested(number=one.number, state=PROCEDURE.labels[State(one.state)])
    now = on_its_base(one)
    if now is not None and not difference(now.content, one.content):
        raise NothingChanged(number=now.number)
    return ask_approval(
        kind=KIND, subject=subject(one), summary=f"{one.title_fr}, version {one.number}",
        payload={"version": one.pk, "number": one.number, "sha256": one.sha256}, reason=reason, by=by,
    )  # fmt: skip


def on_its_base(one: ProcedureVersion) -> ProcedureVersion | None:
    """The version approved now, which this one must be made from. TRN-416."""
    now = queries.approved(one.procedure_id)
    if now is not None and now.pk != one.base_id:
        raise BaseMoved(number=now.number)
    return now


# --- what the second person has before the eyes, and does ---------------------------------------
def picture_of(approval: Approval, page: int = 1) -> Picture:
    one = ProcedureVersion.objects.select_related("procedure", "base").get(pk=approval.payload["version"])
    now = queries.approved(one.procedure_id)
    found = difference(now.content if now else None, one.content)
    facts: dict[str, Value] = {
        "procedure": one.procedure.code, "version": one.number, "state": one.state, "content": one.sha256,
        "base": now.number if now else None, "difference": digest([[c.part, c.id, [[f.name, f.before, f.after] for f in c.fields]] for c in found]),
        **{f"{c.part}:{c.id}:{f.name}"[:120]: f.after for c in found for f in c.fields},
    }  # fmt: skip
    then = (
        _("Cette version devient celle des manuels ; celle d’avant est retirée et reste lisible."),
        _("Les manuels, cartes et questions se refont de cette version."),
    )
    first = (max(page, 1) - 1) * PAGE
    items = tuple(item_of(c) for c in found[first : first + PAGE])
    return Picture(f"{one.title_fr}, version {one.number}", facts, items, len(found), then=then)


def item_of(change: Change) -> Item:
    return Item(
        Message(_("%(part)s %(id)s"), {"part": Message(PART_WORDS[change.part]), "id": change.id}), code=change.id,
        lines=tuple(Line(label(f), f.before, f.after) for f in change.fields),
    )  # fmt: skip


def label(field: Field) -> Message:
    name, _space, lang = field.name.partition(" ")
    said = Message(WORDS[name]) if name in WORDS else Message(name)
    return Message("%(what)s (%(lang)s)", {"what": said, "lang": lang}) if lang else said


def let_go(approval: Approval) -> None:
    """Refused or withdrawn: the version stays tested; the cell asks again, or takes it back to a draft."""


@approvable(KIND, REVIEW, picture_of, title=_("Version d’une procédure"), about="procedure", let_go=let_go, asks=WRITE)
def approve(approval: Approval, by: Person) -> None:
    """The version becomes the one of the manuals; the one before is retired in the same act."""
    one = locked(ProcedureVersion.objects.get(pk=approval.payload["version"]))
    now = on_its_base(one)
    if now is not None:
        move(now, State.RETIRED, None, REVIEW, approval.reason, kinds.PROCEDURE_RETIRED, {"by": one.number})
    after: dict[str, object] = {"sha256": one.sha256, "base": now.number if now else None}
    move(one, State.APPROVED, by, REVIEW, approval.note, kinds.PROCEDURE_APPROVED, after, approved_by=by, approved_at=timezone.now())  # fmt: skip
    refreshers.changed(now, one)


@transaction.atomic
def retire(*, version: ProcedureVersion, reason: str, by: Person, seen: str | None = None) -> ProcedureVersion:
    """An approved version that no manual is made of any more."""
    require(by, REVIEW)
    one = locked(version)
    as_shown(seen, one.sha256, CONTENT)
    move(one, State.RETIRED, by, REVIEW, reason, kinds.PROCEDURE_RETIRED, {"by": None})
    return one
