"""Acts that set a rule aside for one contest: asked by one person, approved by another."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils import timezone

from kalata import lifecycle, states
from kalata.deadlines import alerts, kinds, queries
from kalata.deadlines.models import Calendar, Override
from kalata.deadlines.pieces import join, keep_file
from kalata.deadlines.rules.changes import compare
from kalata.deadlines.rules.derogations import Derogates, Derogation, NoBasis
from kalata.deadlines.rules.lines import line_key
from kalata.deadlines.rules.lives import DEROGATION, Force, Superseded
from kalata.deadlines.rules.moments import parse_deadline
from kalata.deadlines.services import UnknownLine, bumped, locked
from kalata.ledger.services import record
from kalata.people.approving import still
from kalata.people.models import Approval, Person
from kalata.people.rules.picture import Item, Line, Picture, Value
from kalata.people.services import approvable, ask_approval, require
from kalata.text import gettext_noop as _


# --- derogations: two persons -------------------------------------------------------------
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
    name: str = "piece",
    by: Person,
) -> Approval:
    """Ask that an act be applied to a norm of the calendar; it applies when another person approves.

    The house records and does not judge the act's legality: it warns (rank, date) and keeps the
    computed date. Raises: PEO-101, DL-110 incomplete, DL-115 wrong way, DL-207 unknown norm.
    """
    require(by, "deadlines.derogate")
    tz = queries.zone_name(queries.pack_of(calendar))
    if kind == queries.FEAST:
        summary = feast_fixed(calendar, norm, {"authority": authority, "document": document, "reason": reason}, value, tz)
    else:
        made = Derogation(
            norm=norm, round=round_, kind=Derogates(kind), authority=authority, document=document, decided=decided,
            reason=reason, rank=rank, first=first, last=last,
            value=parse_deadline(value, tz, record=norm, field="value") if value else None,
        )  # fmt: skip
        summary = set_aside(calendar, made)
    digest = keep_file(content, name=name, by=by)
    payload = {
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
    }
    with transaction.atomic():
        join(calendar, digest, by)
        return ask_approval(
            kind="deadline.derogation",
            subject=f"calendar:{calendar.code}",
            summary=summary,
            payload=payload,
            reason=reason,
            by=by,
        )


def feast_fixed(calendar: Calendar, feast: str, needed: Mapping[str, str], value: str, tz: str) -> str:
    """The sentence of a decree that fixes an estimated feast. DL-207 no such feast, DL-110 a field left empty."""
    if feast not in {f.name for f in queries.given(calendar).days_off.feasts}:
        raise UnknownLine(line=feast)
    for name, text in needed.items():
        if not text.strip():
            raise NoBasis(record=feast, field=name)
    day = parse_deadline(value, tz, record=feast, field="value").day
    return f"{feast} : {day.isoformat()} ({needed['document']})"


def set_aside(calendar: Calendar, made: Derogation) -> str:
    """The sentence of a norm that an act sets aside. DL-207 no such norm, DL-110 incomplete, DL-115 wrong way."""
    found = queries.book(calendar).get(made.norm)
    if found is None:
        raise UnknownLine(line=made.norm)
    line = queries.legal(calendar).get(line_key(found, made.round or 0))
    computed = line.computed if line else None
    made.check(computed)
    turn = f" (tour {made.round})" if made.round else ""
    return f"{found.what.fr}{turn}. {made.sentence(computed).text('fr')}"


def picture_of(approval: Approval, page: int = 1) -> Picture:
    """A derogation, or the end of one: the norm, what it says now, what it would say, on whose act."""
    asked = approval.payload
    row = Override.objects.select_related("calendar").filter(pk=asked.get("override")).first()
    calendar = row.calendar if row else Calendar.objects.get(pk=asked["calendar"])
    norm, round_ = (row.norm, row.round) if row else (asked["norm"], asked["round"])
    live = Override.objects.filter(calendar=calendar, norm=norm, round=round_, ended_at__isnull=True).order_by("pk")
    held = "; ".join(f"{o.kind} {o.value} ({o.document})" for o in live)
    now = stands(calendar, norm, round_)
    facts: dict[str, Value] = {
        "calendar": calendar.code,
        "norm": norm,
        "overrides": held or None,
        "today": now,
        **{k: v for k, v in asked.items() if k not in ("scope", "calendar", "norm")},
    }
    told = (
        (_("Autorité"), "authority"),
        (_("Acte"), "document"),
        (_("Pris le"), "decided"),
        (_("Nature"), "kind"),
        (_("Nouvelle valeur"), "value"),
        (_("Début"), "first"),
        (_("Fin"), "last"),
    )
    lines = [Line(label, None, str(asked[key])) for label, key in told if asked.get(key)]
    if row:
        lines = [Line(_("Dérogation"), f"{row.kind} {row.value} ({row.document})", _("prend fin"))]
    item = Item(norm, calendar.code, (Line(_("Terme en vigueur"), now, "…"), *lines))
    then = (
        _("Les dates qui en dépendent sont recalculées et un avis dit lesquelles bougent."),
        _("L’acte et vos deux noms restent lisibles à côté de chaque date changée."),
    )
    return Picture(approval.summary, facts, (item,), 1, then=then)


def stands(calendar: Calendar, norm: str, round_: int | None) -> str | None:
    """What the calendar says of a norm now, as text; None where it is not computed."""
    line = next((x for x in queries.legal(calendar).lines if x.norm.id == norm and x.round in (round_, None)), None)
    limit = line.limit if line else None
    return limit.iso() if limit else None


@approvable(
    "deadline.derogation", "deadlines.derogate", picture_of, title=_("Dérogation"), about="calendar", public=True
)
def make_derogation(approval: Approval, by: Person) -> None:
    """Apply an approved act. An earlier act on the same norm and round ends; it stays in the history."""
    asked = approval.payload
    calendar = locked(Calendar.objects.get(pk=asked["calendar"]))
    still(approval)
    before = queries.legal(calendar)
    same = Override.objects.filter(
        calendar=calendar, norm=asked["norm"], round=asked["round"], kind=asked["kind"], ended_at__isnull=True
    )
    if asked["value"]:
        for earlier in same:
            ended(earlier, approval, by, reason=asked["why"])
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
        kind=kinds.DEADLINE_DEROGATED,
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


@approvable(
    "deadline.derogation_ended",
    "deadlines.derogate",
    picture_of,
    title=_("Fin d’une dérogation"),
    about="calendar",
    public=True,
)
def end_derogation(approval: Approval, by: Person) -> None:
    row = Override.objects.select_for_update().select_related("calendar").get(pk=approval.payload["override"])
    still(approval)
    ended(row, approval, by, reason=approval.reason)
    bumped(locked(row.calendar))


def ended(row: Override, approval: Approval, by: Person, reason: str) -> None:
    """A derogation that no longer applies, by the act that two persons signed."""
    states.write(
        row, DEROGATION, Force.ENDED, ended_at=timezone.now(),
        act=lifecycle.Act(by=approval.asked_by_id, other=by.pk, right="deadlines.derogate"),
        tells=lambda: record(
            by=by, kind=kinds.DEADLINE_DEROGATION_ENDED, subject=f"calendar:{row.calendar.code}",
            before={"override": row.pk, "norm": row.norm, "value": row.value}, reason=reason,
        ),
    )  # fmt: skip
