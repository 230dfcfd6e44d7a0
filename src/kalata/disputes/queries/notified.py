"""Who was reached by what in the cases of a decision, and until when the Court decides, as the gate reads them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from kalata.deadlines.rules.moments import parse_deadline, zone
from kalata.disputes.models import Clock, Party, Petition, Service
from kalata.disputes.rules import service as rules

OPENING, DECISION = "petition", "decision"
NAMED = ("candidate", "party", "list", "authority", "state_representative")
"""Kinds of parties whom a public paper names; an elector or a witness is there by its place in the case."""
NO_LIMIT = "–"
"""In the place of a limit that should be there and is not: the gate cannot read it, and says so."""


def rows(petitions: Sequence[Petition], tz: str) -> list[dict[str, Any]]:
    """The service of every petition: papers that were sent, and parties whom the petition itself was never sent to.

    A decision is served after it is signed: it is not in here. A constant number of queries.
    """
    parties: dict[int, list[Party]] = {one.pk: [] for one in petitions}
    for party in Party.objects.filter(petition__in=parties).order_by("pk"):
        parties[party.petition_id].append(party)
    sent: dict[int, list[Service]] = {}
    found = Service.objects.filter(party__petition__in=parties, struck_at=None, document__struck_at=None)
    for one in found.exclude(document__kind=DECISION).select_related("document", "proof__piece").order_by("pk"):
        sent.setdefault(one.party_id, []).append(one)
    running = Clock.objects.filter(party__petition__in=parties, stopped_at=None).exclude(service=None)
    clocks = {clock.service_id: clock for clock in running if clock.service_id}
    return [row for one in petitions for row in of_case(one, parties[one.pk], sent, clocks, tz)]


def of_case(
    petition: Petition, parties: Sequence[Party], sent: Mapping[int, Sequence[Service]], clocks: Mapping[int, Clock], tz: str
) -> Iterable[dict[str, Any]]:  # fmt: skip
    """The rows of one case. Nobody but its petitioners in it: the one it should have reached is missing, and blocks."""
    numbered = [(n, p) for n, p in enumerate(parties, 1) if not p.struck and p.role != "counsel"]
    for n, party in numbered:
        head = {"party": name_of(petition, party, n), "petition": petition.number, "n": n, "role": party.role}
        mine = sent.get(party.pk, ())
        if party.role != "petitioner" and not any(s.document.kind == OPENING for s in mine):
            yield {**head, "paper": OPENING, "served_at": None}
        for one in mine:
            yield {**head, **delivery(one, clocks.get(one.pk), tz)}
    if all(p.role == "petitioner" for _n, p in numbered):
        yield {"party": f"{petition.number} p0", "petition": petition.number, "n": 0, "paper": OPENING, "served_at": None}  # fmt: skip


def name_of(petition: Petition, party: Party, n: int) -> str:
    """How a public paper names a party: its name, or its place in the case."""
    named = party.kind in NAMED or party.role == "authority"
    return f"{party.name} ({petition.number})" if named else f"{petition.number} p{n}"


def delivery(one: Service, clock: Clock | None, tz: str) -> dict[str, Any]:
    """One paper for one party. reply_until: the latest reading, or the one that an act decides."""
    document = one.document
    made: dict[str, Any] = {
        "paper": f"{document.kind} {document.number}", "served_at": local(one.served_at, tz), "waiver": one.waiver,
        "term": document.term_order, "attempts": one.attempts, "mode": one.mode, "proof": one.proof.piece.sha256 if one.proof else "",
    }  # fmt: skip
    if clock is not None:
        made |= {"reply_until": latest(clock, tz), "readings": clock.readings}
        if clock.override:
            made["overridden_by"] = clock.override.get("document")
    elif document.term_order and one.served_at:
        made["reply_until"] = NO_LIMIT
    return made


def latest(clock: Clock, tz: str) -> str:
    """The last of the readings of a limit, as the law prints it: only then is the time over under every one."""
    decided = [r for r in clock.readings if r.get("rule") == rules.OVERRIDE]
    found = [parse_deadline(str(r["deadline"]), tz) for r in decided or clock.readings if r.get("deadline")]
    return max(found, key=lambda limit: limit.bound).iso() if found else clock.limit or NO_LIMIT


def deciding(petitions: Sequence[Petition], tz: str) -> dict[str, Any]:
    """The limits of the Court on these cases: the first one that it acts on, and every reading of each.

    Where an act decides a limit, it stands alone, with its basis. limit None: no figure is known for any of them.
    """
    found = Clock.objects.filter(petition__in=petitions, kind="decision", stopped_at=None).select_related("petition")
    readings, governing, basis = [], [], []
    for clock in found.order_by("petition__roll", "pk"):
        decided = [r for r in clock.readings if r.get("rule") == rules.OVERRIDE]
        for row in decided or clock.readings:
            kept = {k: row[k] for k in ("rule", "deadline", "consequence") if row.get(k)}
            readings.append({"petition": clock.petition.number, "time_limit": clock.about, **kept, "default": bool(row.get("default"))})  # fmt: skip
        if clock.limit:
            governing.append(parse_deadline(clock.limit, tz))
        if clock.override:
            basis.append({k: clock.override.get(k) for k in ("time_limit", "document", "authority", "new_value", "reason")})  # fmt: skip
    first = min(governing, key=lambda limit: limit.bound).iso() if governing else None
    return {"limit": first, "readings": readings, **({"overridden_by": basis} if basis else {})}


def local(at: datetime | None, tz: str) -> str | None:
    """An instant of the jurisdiction, with its offset: whatever the zone of the machine."""
    return at.astimezone(zone(tz)).isoformat(timespec="seconds") if at else None
