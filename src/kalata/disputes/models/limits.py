"""What the database refuses of a case, whatever code writes: what was received stays, and stays as it was received."""

from __future__ import annotations

from kalata.ledger.limits import Limit, declare

ONCE = ("number", "sequence", "counter_id", "contest_id", "received_at", "channel", "office_id", "appeal_of_id")
MOVED = " or ".join(f"new.{column} is distinct from old.{column}" for column in ONCE)
KEPT_WITH_IT = "(select p.received_at from disputes_petition p where p.id = old.petition_id) is not null"


def kept(table: str, when: str, reads: tuple[str, ...] = ("disputes_petition",)) -> Limit:
    return Limit(table, "kept", "delete", when, "DIS-101 what was received is never deleted", reads=reads)


declare(
    kept("disputes_petition", "old.received_at is not null", ()),
    Limit("disputes_petition", "once", f"update of {', '.join(ONCE)}", f"old.received_at is not null and ({MOVED})",
          "DIS-101 the number and the instant of receipt are written once"),
    Limit("disputes_petition", "roll", "update of roll", "old.roll is not null and new.roll is distinct from old.roll",
          "DIS-101 a roll number is given once"),
    kept("disputes_party", KEPT_WITH_IT),
    kept("disputes_ground", KEPT_WITH_IT),
    kept("disputes_exhibit", KEPT_WITH_IT),
    kept("disputes_groundtarget",
         "(select p.received_at from disputes_petition p join disputes_ground g on g.petition_id = p.id"
         " where g.id = old.ground_id) is not null", ("disputes_petition", "disputes_ground")),
    Limit("disputes_exhibit", "once", "update of piece_id, number, petition_id, received_at",
          "new.piece_id is distinct from old.piece_id or new.number is distinct from old.number"
          " or new.petition_id is distinct from old.petition_id or new.received_at is distinct from old.received_at",
          "DIS-101 a piece received is what it was"),
)  # fmt: skip
