"""What the database refuses beyond constraints: a second desk on one paper, the commission outside a sitting."""

from __future__ import annotations

from kalata.transparency.limits import Limit, declare

ANOTHER_DESK = """new.part not in ('recall', 'read') and exists (
    select 1 from results_hand h where h.paper_id = new.paper_id and h.person_id = new.person_id
    and case when h.part = 'read' then new.desk = 'entry' else h.desk <> new.desk or h.part in ('typed', 'settled') end)"""
TYPED_BEFORE = """new.rank < 3 and exists (
    select 1 from results_entry e where e.paper_id = new.paper_id and e.by_id = new.by_id and e.rank < 3)"""
NO_OPEN_SITTING = """new."right" = 'results.commission' and not exists (
    select 1 from results_sitting s join results_paper p on p.contest_id = s.contest_id
    where s.id = new.sitting_id and p.id = new.paper_id and s.state = 'open')"""

declare(
    Limit("results_hand", "one_desk", "insert", ANOTHER_DESK, "RES-412 another desk on the same paper"),
    Limit("results_entry", "typed_once", "insert", TYPED_BEFORE, "RES-412 the same person typed this paper before"),
    Limit(
        "results_passage", "in_a_sitting", "insert", NO_OPEN_SITTING, "RES-464 the commission acts in an open sitting",
        reads=("results_sitting", "results_paper"),
    ),
)  # fmt: skip
