"""What the database refuses beyond constraints: a second desk on one paper, the commission outside a sitting, and what no
longer changes from the first figure on, be it typed, copied or imported."""

from __future__ import annotations

from kalata.ledger.limits import Limit, declare
from kalata.results.models.limits import HELD, kept

ANOTHER_DESK = """new.part not in ('recall', 'read') and exists (
    select 1 from results_hand h where h.paper_id = new.paper_id and h.person_id = new.person_id
    and case when h.part = 'read' then new.desk = 'entry' else h.desk <> new.desk or h.part in ('typed', 'settled', 'stopped') end)"""
TYPED_BEFORE = """new.rank < 3 and exists (
    select 1 from results_entry e where e.paper_id = new.paper_id and e.by_id = new.by_id and e.rank < 3)"""
NO_OPEN_SITTING = """new."right" = 'results.commission' and not exists (
    select 1 from results_sitting s join results_paper p on p.contest_id = s.contest_id
    where s.id = new.sitting_id and p.id = new.paper_id and s.state = 'open'
    and exists (select 1 from results_attendance t where t.sitting_id = s.id and t.person_id = new.by_id)
    and exists (select 1 from results_attendance t where t.sitting_id = s.id and t.person_id <> new.by_id))"""

FILED = """exists (
    select 1 from results_stationreport r where r.station_id = new.station_id and r.authority = 'import')"""

FIGURES = ("results_stationreport", "results_copy", "results_entry", "results_paper")


def frozen(contest: str) -> str:
    """True once a contest has a figure: an entry, a version, a copy."""
    return (
        f"(exists (select 1 from results_stationreport r where r.contest_id = {contest})"
        f" or exists (select 1 from results_copy k where k.contest_id = {contest})"
        f" or exists (select 1 from results_entry e join results_paper p on p.id = e.paper_id where p.contest_id = {contest}))"
    )


MEANING = ("code", "round", "system", "boxes", "constituency_level", "annulled_keeps", "election_id", "previous_id")

HAS_FIGURES = (
    "(exists (select 1 from results_stationreport r where r.station_id = old.id)"
    " or exists (select 1 from results_copy k where k.station_id = old.id)"
    " or exists (select 1 from results_entry e join results_paper p on p.id = e.paper_id where p.station_id = old.id))"
)
IN_USE = (
    "exists (select 1 from country_contest c join country_election x on x.id = c.election_id"
    f" where x.geography_id = old.geography_id and {frozen('c.id')})"
)
FORM_NOT_FINAL = """not exists (select 1 from results_paper p where p.contest_id = new.contest_id)
    and not exists (select 1 from results_stationreport r where r.contest_id = new.contest_id)"""
FROM_FILES = """exists (select 1 from results_stationreport r join country_station s on s.id = r.station_id
    where r.contest_id = new.contest_id and r.authority = 'import'
    and s.part = (select w.part from country_station w where w.id = new.station_id))"""
LAST_RECAP = "(select r.sha256 from results_recap r where r.sitting_id = new.id order by r.id desc limit 1)"
NOT_SIGNED = f"""new.state = 'closed' and old.state <> 'closed' and (
    {LAST_RECAP} is null or exists (select 1 from results_member m where m.sitting_id = new.id
    and (m.present or m.signature in ('signed', 'refused'))
    and (m.signature not in ('signed', 'refused') or m.signed_on is distinct from {LAST_RECAP})))"""

declare(
    Limit("results_sitting", "closed_signed", "update of state", NOT_SIGNED,
          "RES-467 a sitting is closed on the recap that its members signed", reads=("results_member", "results_recap")),
    Limit("results_copy", "form_final", "insert", FORM_NOT_FINAL, "RES-474 a copy comes after the form", FIGURES),
    Limit("results_paper", "apart_from_files", "insert", FROM_FILES, "RES-434 this part is counted from files", FIGURES),
    Limit("country_option", "none_added", "insert", frozen("new.contest_id"), HELD, FIGURES),
    Limit("country_option", "none_taken", "delete", frozen("old.contest_id"), HELD, FIGURES),
    kept("country_option", "order_kept", ("rank", "code", "contest_id"), frozen("old.contest_id"), HELD, *FIGURES),
    kept("country_contest", "meaning_kept", MEANING, frozen("old.id"), HELD, *FIGURES),
    kept(
        "country_election", "bound", ("geography_id", "pack_id"),
        f"exists (select 1 from country_contest c where c.election_id = old.id and {frozen('c.id')})", HELD, *FIGURES,
    ),
    kept("country_station", "kept", ("code", "contest_id", "unit_id", "part", "registered"), HAS_FIGURES, HELD, *FIGURES),
    kept("country_unit", "kept", ("geography_id", "code", "level", "parent_id"), IN_USE, HELD, *FIGURES),
    Limit("results_hand", "one_desk", "insert", ANOTHER_DESK, "RES-412 another desk on the same paper"),
    Limit("results_entry", "typed_once", "insert", TYPED_BEFORE, "RES-412 the same person typed this paper before"),
    Limit(
        "results_paper", "none_filed", "insert", FILED, "RES-434 the figures of this station come from files",
        ("results_stationreport",),
    ),
    Limit(
        "results_passage", "in_a_sitting", "insert", NO_OPEN_SITTING, "RES-464 the commission acts in an open sitting",
        reads=("results_sitting", "results_paper", "results_attendance"),
    ),
)  # fmt: skip
