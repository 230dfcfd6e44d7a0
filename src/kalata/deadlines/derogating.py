"""Acts that set a rule aside for one contest: asked by one person, approved by another."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from kalata.deadlines import alerts, queries
from kalata.deadlines.models import Calendar, Override
from kalata.deadlines.rules.changes import compare
from kalata.deadlines.rules.derogations import Derogates, Derogation, NoBasis
from kalata.deadlines.rules.lines import line_key
from kalata.deadlines.rules.moments import parse_deadline
from kalata.deadlines.services import Superseded, UnknownLine, bumped, keep_file, locked
from kalata.people.models import Approval, Person
from kalata.people.services import approvable, ask_approval, require
from kalata.transparency.services import record


# --- derogations: two persons -------------------------------------------------------------
@transaction.atomic
def ask_derogation(
    *,
    calendar: Calendar,
    norm: str,
    round_: int | None,
    kind: str,
    authority: str,
    document: str,
    decided: date,
    rank: int,
    reason: str,
    value: str = "",
    first: date | None = None,
    last: date | None = None,
    content: bytes = b"",
    by: Person,
) -> Approval:
    """Ask that an act be applied to a norm of the calendar; it applies when another person approves.

    The house records and does not judge the act's legality: it warns (rank, date) and keeps the
    computed date. Raises: PEO-101, DL-110 incomplete, DL-115 wrong way, DL-207 unknown norm.
    """
    require(by, "deadlines.derogate")
    tz = queries.zone_name(queries.pack_of(calendar))
    if kind == queries.FEAST:
        known = {f.name for f in queries.given(calendar).days_off.feasts}
        if norm not in known:
            raise UnknownLine(line=norm)
        for name, text in (("authority", authority), ("document", document), ("reason", reason)):
            if not text.strip():
                raise NoBasis(record=norm, field=name)
        fixed = parse_deadline(value, tz, record=norm, field="value")
        summary = f"{norm} : {fixed.day.isoformat()} ({document})"
    else:
        found = queries.book(calendar).get(norm)
        if found is None:
            raise UnknownLine(line=norm)
        made = Derogation(
            norm=norm,
            round=round_,
            kind=Derogates(kind),
            authority=authority,
            document=document,
            decided=decided,
            reason=reason,
            rank=rank,
            value=parse_deadline(value, tz, record=norm, field="value") if value else None,
            first=first,
            last=last,
        )
        line = queries.legal(calendar).get(line_key(found, round_ or 0))
        made.check(line.computed if line else None)
        turn = f" (tour {round_})" if round_ else ""
        summary = f"{found.what.fr}{turn}. {made.sentence(line.computed if line else None).text('fr')}"
    digest = keep_file(content)[1] if content else ""
    return ask_approval(
        kind="deadline.derogation",
        subject=f"calendar:{calendar.code}",
        summary=summary,
        payload={
            "calendar": calendar.pk,
            "norm": norm,
            "round": round_,
            "kind": kind,
            "authority": authority.strip(),
            "document": document.strip(),
            "decided": decided.isoformat(),
            "rank": rank,
            "why": reason.strip(),
            "value": value,
            "first": first.isoformat() if first else None,
            "last": last.isoformat() if last else None,
            "sha256": digest,
        },
        reason=reason,
        by=by,
    )


@approvable("deadline.derogation", "deadlines.derogate")
def make_derogation(approval: Approval, by: Person) -> None:
    """Apply an approved act. An earlier act on the same norm and round ends; it stays in the history."""
    asked = approval.payload
    calendar = locked(Calendar.objects.get(pk=asked["calendar"]))
    before = queries.legal(calendar)
    same = Override.objects.filter(
        calendar=calendar, norm=asked["norm"], round=asked["round"], kind=asked["kind"], ended_at__isnull=True
    )
    if asked["value"]:
        same.update(ended_at=timezone.now())
    row = Override.objects.create(
        calendar=calendar,
        norm=asked["norm"],
        round=asked["round"],
        kind=asked["kind"],
        authority=asked["authority"],
        document=asked["document"],
        sha256=asked["sha256"],
        rank=asked["rank"],
        decided=date.fromisoformat(asked["decided"]),
        reason=asked["why"],
        value=asked["value"],
        first=date.fromisoformat(asked["first"]) if asked["first"] else None,
        last=date.fromisoformat(asked["last"]) if asked["last"] else None,
        asked_by=approval.asked_by,
        approved_by=by,
    )
    bumped(calendar)
    moved = compare(before, queries.legal(calendar))
    record(
        by=by,
        kind="deadline.derogated",
        subject=f"calendar:{calendar.code}",
        after={"override": row.pk, "norm": row.norm, "kind": row.kind, "moved": [m.key for m in moved][:50]},
        reason=row.reason,
    )
    alerts.tell_moved(calendar, moved)


@transaction.atomic
def ask_end_of_derogation(*, override_id: int, reason: str, by: Person) -> Approval:
    """Ask that a derogation no longer apply (the act was withdrawn or annulled)."""
    require(by, "deadlines.derogate")
    row = Override.objects.select_related("calendar").get(pk=override_id)
    if row.ended_at:
        raise Superseded
    return ask_approval(
        kind="deadline.derogation_ended",
        subject=f"calendar:{row.calendar.code}",
        summary=f"{row.norm} : fin de la dérogation ({row.document})",
        payload={"override": row.pk},
        reason=reason,
        by=by,
    )


@approvable("deadline.derogation_ended", "deadlines.derogate")
def end_derogation(approval: Approval, by: Person) -> None:
    row = Override.objects.select_for_update().select_related("calendar").get(pk=approval.payload["override"])
    if row.ended_at:
        raise Superseded
    row.ended_at = timezone.now()
    row.save(update_fields=["ended_at"])
    bumped(locked(row.calendar))
    record(
        by=by,
        kind="deadline.derogation_ended",
        subject=f"calendar:{row.calendar.code}",
        before={"override": row.pk, "norm": row.norm, "value": row.value},
        reason=approval.reason,
    )
