"""What the database refuses of requests and mandates, whoever writes: decided once, ended only."""

from __future__ import annotations

from kalata.ledger.limits import Limit, declare


def moved(*columns: str) -> str:
    return "(" + " or ".join(f'old."{c}" is distinct from new."{c}"' for c in columns) + ")"


DECIDED = ("state", "decided_by_id", "decided_at", "note")
UNBOUND = """(new.state not in ('waiting', 'approved', 'refused', 'withdrawn')
    or (new.state = 'waiting' and (new.decided_by_id is not null or new.decided_at is not null))
    or (new.state <> 'waiting' and (new.decided_by_id is null or new.decided_at is null)))"""
GIVEN = (
    "person_id", "role", "rights", "unit_id", "contest_id", "starts", "asked_by_id", "approved_by_id", "created_at",
)  # fmt: skip
LONGER = """((old.revoked_at is not null and old.revoked_at is distinct from new.revoked_at)
    or (old.ends is distinct from new.ends and (new.ends is null or new.ends > coalesce(old.ends, new.ends))))"""
NOT_APPROVED = """new.asked_by_id is not null and not exists (
    select 1 from people_approval a where a.kind = 'people.mandate' and a.state = 'approved'
    and a.asked_by_id = new.asked_by_id and a.decided_by_id = new.approved_by_id)"""
DECISION = "PEO-208 a request is decided once, by somebody"
MANDATE = "PEO-210 a mandate is not rewritten, it ends"

declare(
    Limit("people_approval", "born_waiting", "insert", "new.state <> 'waiting' or new.decided_by_id is not null", DECISION),
    Limit("people_approval", "decided_once", "update of state, decided_by_id, decided_at, note",
          f"old.state <> 'waiting' and {moved(*DECIDED)}", DECISION),
    Limit("people_approval", "bound", "update of state, decided_by_id, decided_at", UNBOUND, DECISION),
    Limit("people_mandate", "kept", "update", f"{moved(*GIVEN)} or {LONGER}", MANDATE),
    Limit("people_mandate", "never_gone", "delete", "old.id is not null", MANDATE),
    Limit("people_mandate", "approved", "insert", NOT_APPROVED, "PEO-211 a mandate asked by somebody is approved by another",
          reads=("people_approval",)),
)  # fmt: skip
