"""Cases taken from the pack or written, no real name in them; approved by two persons, with the answers of the engines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from kalata import states
from kalata.ledger.rules.kinds import Kind
from kalata.ledger.services import record
from kalata.lifecycle import Act, OtherPerson, Stand
from kalata.people.approving import still
from kalata.people.guard import require
from kalata.people.models import Approval, Person
from kalata.people.rules.picture import Item, Line, Picture, Value
from kalata.people.rules.shown import as_shown
from kalata.people.services import approvable, ask_approval
from kalata.refusals import Forbidden
from kalata.text import gettext_noop as _
from kalata.training import kinds
from kalata.training.models import MootCase, MootVersion
from kalata.training.queries import moots as queries
from kalata.training.rules.moot_states import MOOT_VERSION, Version
from kalata.training.rules.moots import leaks
from kalata.training.rules.moots.case import Case, case_of, digest, words
from kalata.training.rules.moots.engines import every
from kalata.training.rules.moots.refusals import BadCase, CaseThere, NotADraft, OneDraft, RealName
from kalata.training.rules.rights import REVIEW, WRITE

KIND = "training.moot"
PAGE = 20
CONTENT = _("le contenu de cette version")


def subject(one: MootVersion) -> str:
    return f"moot_version:{one.pk}"


def sound(content: Mapping[str, Any], names: leaks.Names | None = None) -> Case:
    """The case, once read, its law known, its computable answers computed and its words searched for real names.

    names: of the registers, read once where many cases are. Raises: TRN-521 a field, or what an engine cannot compute;
    TRN-522 a real name.
    """
    case = case_of(content)
    queries.known_norms(case)
    every(case, queries.law_of(case))
    found = leaks.leaks(words(content), names or queries.names())
    if found:
        first = found[0]
        raise RealName(field=first.field, name=first.name, kind=leaks.KINDS[first.kind])
    return case


def columns(content: Mapping[str, Any], case: Case) -> dict[str, Any]:
    return {
        "content": dict(content),
        "sha256": digest(content),
        "title_fr": case.title.fr[:200],
        "title_en": case.title.en[:200],
    }


@transaction.atomic
def import_pack(*, pack: str, by: Person | None) -> dict[str, int]:
    """The cases that a pack brings: new ones as drafts, changed ones as a draft over what stands. PEO-101, TRN-521, TRN-522."""
    if by is not None:
        require(by, WRITE)
    counts = {"made": 0, "changed": 0, "same": 0}
    names = queries.names()
    for content in queries.shipped(pack):
        case = sound(content, names)
        one, fresh = MootCase.objects.get_or_create(code=case.id, defaults={"sort": case.sort.value})
        sha = digest(content)
        if one.versions.filter(sha256=sha).exists() or one.versions.filter(state=Version.DRAFT).exists():
            counts["same"] += 1
            continue
        added(one, content, case, by)
        counts["made" if fresh else "changed"] += 1
    record(by=by, kind=kinds.MOOTS_IMPORTED, subject="house", after={"pack": pack, **counts})
    return counts


def added(one: MootCase, content: Mapping[str, Any], case: Case, by: Person | None) -> MootVersion:
    number = (one.versions.aggregate(n=Max("number"))["n"] or 0) + 1
    return MootVersion.objects.create(
        case=one, number=number, base=queries.approved(one), authors=[by.pk] if by else [], made_at=timezone.now(), **columns(content, case)
    )  # fmt: skip


def locked(version: MootVersion) -> MootVersion:
    return MootVersion.objects.select_for_update(of=("self",)).select_related("case", "base").get(pk=version.pk)


def drafted(version: MootVersion, seen: str | None) -> MootVersion:
    one = locked(version)
    as_shown(seen, one.sha256, CONTENT)
    if one.state != Version.DRAFT:
        raise NotADraft(number=one.number, state=MOOT_VERSION.labels[Version(one.state)])
    return one


@transaction.atomic
def create(*, content: Mapping[str, Any], by: Person) -> MootVersion:
    """A case that nobody brought: its first version, as a draft. TRN-521, TRN-522, TRN-544."""
    require(by, WRITE)
    case = sound(content)
    one, fresh = MootCase.objects.get_or_create(code=case.id, defaults={"sort": case.sort.value})
    if not fresh:
        raise CaseThere(code=case.id)
    made = added(one, content, case, by)
    after = {"case": case.id, "version": made.number, "sha256": made.sha256}
    record(by=by, kind=kinds.MOOT_OPENED, subject=subject(made), after=after)
    return made


@transaction.atomic
def open_draft(*, version: MootVersion, by: Person) -> MootVersion:
    """A draft made from a version. TRN-542 where one is open."""
    require(by, WRITE)
    case = MootCase.objects.select_for_update().get(pk=version.case_id)
    alive = case.versions.filter(state=Version.DRAFT).first()
    if alive is not None:
        raise OneDraft(number=alive.number)
    one = added(case, version.content, queries.case_in(version), by)
    after = {"case": case.code, "version": one.number, "base": version.number, "sha256": one.sha256}
    record(by=by, kind=kinds.MOOT_OPENED, subject=subject(one), after=after)
    return one


@transaction.atomic
def edit(*, version: MootVersion, content: Mapping[str, Any], by: Person, seen: str | None = None) -> MootVersion:
    """Another content for a draft. TRN-521, TRN-522, TRN-523, PEO-212."""
    require(by, WRITE)
    one = drafted(version, seen)
    case = sound(content)
    if case.id != one.case.code or case.sort.value != one.case.sort:
        raise BadCase(
            case=one.case.code,
            field="id, sort",
            value=f"{case.id}, {case.sort}",
            form=f"{one.case.code}, {one.case.sort}",
        )
    for name, value in columns(content, case).items():
        setattr(one, name, value)
    one.authors = sorted({*one.authors, by.pk})
    one.save(update_fields=["content", "sha256", "title_fr", "title_en", "authors"])
    record(
        by=by,
        kind=kinds.MOOT_EDITED,
        subject=subject(one),
        after={"case": case.id, "version": one.number, "sha256": one.sha256},
    )
    return one


@transaction.atomic
def drop(*, version: MootVersion, reason: str, by: Person, seen: str | None = None) -> MootVersion:
    require(by, WRITE)
    one = drafted(version, seen)
    tells(one, Version.DROPPED, by, WRITE, reason, kinds.MOOT_DROPPED, {"case": one.case.code, "version": one.number})
    return one


def tells(
    one: MootVersion, to: Version, by: Person, right: str, reason: str, kind: Kind, after: dict[str, object]
) -> None:
    states.write(
        one, MOOT_VERSION, to, Act(by=by.pk, right=right, reason=reason), stand=Stand(state=Version(one.state)),
        tells=lambda: record(by=by, kind=kind, subject=subject(one), after=after, reason=reason),
    )  # fmt: skip


# --- two persons ------------------------------------------------------------------------------------------------------
@transaction.atomic
def ask(*, version: MootVersion, reason: str, by: Person, seen: str | None = None) -> Approval:
    """Ask for the approval of a draft. TRN-521, TRN-522, TRN-523, PEO-212."""
    require(by, WRITE)
    one = drafted(version, seen)
    sound(one.content)
    return ask_approval(
        kind=KIND, subject=subject(one), summary=f"{one.case.code} : {one.title_fr}, version {one.number}",
        payload={"version": one.pk, "number": one.number, "sha256": one.sha256}, reason=reason, by=by,
    )  # fmt: skip


def answers_of(one: MootVersion) -> dict[str, str]:
    return {q: c.value for q, c in queries.computed(one).items()}


def flat(content: Mapping[str, Any]) -> dict[str, str]:
    return dict(words(content))


def picture_of(approval: Approval, page: int = 1) -> Picture:
    """Each sentence that changes, and each answer that the engines give."""
    one = MootVersion.objects.select_related("case").get(pk=approval.payload["version"])
    now = queries.approved(one.case)
    before, after = flat(now.content) if now else {}, flat(one.content)
    changed = [k for k in dict.fromkeys([*before, *after]) if before.get(k) != after.get(k)]
    given = answers_of(one)
    facts: dict[str, Value] = {
        "case": one.case.code, "version": one.number, "state": one.state, "content": one.sha256, "base": now.number if now else None,
        "authors": " ".join(map(str, one.authors)), **{f"answer:{q}": v for q, v in given.items()},
    }  # fmt: skip
    first = (max(page, 1) - 1) * PAGE
    items = [Item(k, "", (Line(_("Texte"), before.get(k), after.get(k)),)) for k in changed[first : first + PAGE]]
    answers = Item(_("Réponses calculées par la maison"), "", tuple(Line(q, None, v) for q, v in given.items()))
    then = (
        _("Cette version devient celle sur laquelle une séance se tient ; celle d’avant reste lisible."),
        _("Les réponses calculées viennent des moteurs de la maison, sur le droit du pack ; aucune n’est tapée."),
    )
    return Picture(
        approval.summary, facts, (answers, *items) if page <= 1 and given else tuple(items), len(changed), then=then
    )


def let_go(approval: Approval) -> None:
    """Refused or withdrawn: it stays a draft."""


def closed_to(person: Any, approval: Approval) -> bool:
    """Who sits on this case reads nothing of it, whatever right came since: a request shows its texts and its answers."""
    return queries.sits_on(person).filter(version__case__versions=approval.payload["version"]).exists()


def asks(approval: Approval, by: Person) -> None:
    require(by, WRITE)
    if closed_to(by, approval):
        raise Forbidden(right=WRITE)


@approvable(KIND, REVIEW, picture_of, title=_("Affaire-école"), about="moot_version", let_go=let_go, asks=asks, closed_to=closed_to)
def approve(approval: Approval, by: Person) -> None:
    """The version becomes the one that sittings are held on; the one before is replaced in the same act."""
    one = locked(MootVersion.objects.get(pk=approval.payload["version"]))
    still(approval)
    if one.state != Version.DRAFT:
        raise NotADraft(number=one.number, state=MOOT_VERSION.labels[Version(one.state)])
    if by.pk in one.authors:
        raise OtherPerson(need=_("une autre personne que celles qui ont écrit cette version"))
    sound(one.content)
    now = queries.approved(one.case)
    if now is not None:
        states.derive(now, MOOT_VERSION, Version.REPLACED)
    given = answers_of(one)
    states.derive(
        one, MOOT_VERSION, Version.APPROVED, asked_by=approval.asked_by, approved_by=by, approved_at=timezone.now(), computed=given,
    )  # fmt: skip
    after = {
        "case": one.case.code,
        "version": one.number,
        "sha256": one.sha256,
        "computed": len(given),
        "base": now.number if now else None,
    }
    record(by=by, kind=kinds.MOOT_APPROVED, subject=subject(one), after=after, rows=[one])
