"""What the database refuses beyond constraints: a second desk on one paper, the commission outside a sitting."""

from __future__ import annotations

from kalata.ledger.limits import Limit, declare

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


def public(contest: str) -> str:
    """True once a contest has been public: a withdrawal frees nothing."""
    return f"""exists (select 1 from country_contest c where c.id = {contest} and (c.published_at is not null or exists (
        select 1 from people_approval a where a.state = 'approved' and a.kind in ('results.publication', 'results.batch')
        and a.subject = 'contest:' || c.code)))"""


def moved(*columns: str) -> str:
    return "(" + " or ".join(f'old."{c}" is distinct from new."{c}"' for c in columns) + ")"


def kept(table: str, name: str, columns: tuple[str, ...], once: str, says: str, *reads: str) -> Limit:
    """These columns of a row do not change once a condition holds."""
    named = ", ".join(f'"{c}"' for c in columns)
    return Limit(table, name, f"update of {named}", f"{moved(*columns)} and {once}", says, (*FIGURES, *reads))


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
HELD = "CON-101 frozen since the first figure"
SHOWN = "CON-101 frozen since the publication"
PACK = "exists (select 1 from country_election x where x.pack_id = old.id)"

LATER = "(select 1 from results_stationreport r where r.station_id = old.station_id and r.version > old.version)"
FALLS = f"""(old.current and not new.current and not exists {LATER})
    or (new.current and not old.current and exists {LATER})"""
"""`current` leaves a version only for a later one, and comes to the latest only: a station with versions keeps one in force."""
OUT_OF_TURN = """new.version <> 1 + coalesce(
    (select max(r.version) from results_stationreport r where r.station_id = new.station_id), 0)
    or (new.version = 1 and not new.current)"""

STORED_AGAIN = """new.kind = 'import.committed' and exists (
    select 1 from transparency_act a where a.kind = new.kind and a.subject = new.subject)"""

NOT_IN_FIRST = """exists (select 1 from country_contest c where c.id = new.contest_id and c.previous_id is not null
    and not exists (select 1 from country_option p where p.contest_id = c.previous_id and p.code = new.code))"""
OPENED_BY_ONE = """new.previous_id is not null and not exists (
    select 1 from people_approval a where a.kind = 'results.second_round' and a.state = 'approved'
    and a.decided_by_id <> a.asked_by_id and cast(a.payload ->> 'contest' as bigint) = new.previous_id)"""

FORM_NOT_FINAL = """not exists (select 1 from results_paper p where p.contest_id = new.contest_id)
    and not exists (select 1 from results_stationreport r where r.contest_id = new.contest_id)"""
FROM_FILES = """exists (select 1 from results_stationreport r join country_station s on s.id = r.station_id
    where r.contest_id = new.contest_id and r.authority = 'import'
    and s.part = (select w.part from country_station w where w.id = new.station_id))"""
SAME_EMBLEM = """new.emblem <> '' and exists (select 1 from country_option o
    where o.contest_id = new.contest_id and o.code <> new.code and upper(o.emblem) = upper(new.emblem))"""

LAST_RECAP = "(select r.sha256 from results_recap r where r.sitting_id = new.id order by r.id desc limit 1)"
NOT_SIGNED = f"""new.state = 'closed' and old.state <> 'closed' and (
    {LAST_RECAP} is null or exists (select 1 from results_member m where m.sitting_id = new.id and m.present
    and (m.signature not in ('signed', 'refused') or m.signed_on is distinct from {LAST_RECAP})))"""

declare(
    Limit("results_sitting", "closed_signed", "update of state", NOT_SIGNED,
          "RES-467 a sitting is closed on the recap that its members signed", reads=("results_member", "results_recap")),
    Limit("results_copy", "form_final", "insert", FORM_NOT_FINAL, "RES-474 a copy comes after the form", FIGURES),
    Limit("results_paper", "apart_from_files", "insert", FROM_FILES, "RES-434 this part is counted from files", FIGURES),
    Limit("country_option", "own_emblem", "insert", SAME_EMBLEM, "CON-102 one emblem for two options"),
    Limit("country_option", "own_emblem_kept", "update of emblem", SAME_EMBLEM, "CON-102 one emblem for two options"),
    Limit("country_option", "of_first_round", "insert", NOT_IN_FIRST, "CON-102 not in the first round", ("country_contest",)),
    Limit("country_contest", "second_round", "insert", OPENED_BY_ONE, "RES-330 a second round is opened by two persons", ("people_approval",)),
    Limit("results_stationreport", "one_in_force", "update of current", FALLS, "RES-310 a station keeps its latest version in force"),
    Limit("transparency_act", "stored_once", "insert", STORED_AGAIN, "RES-310 a file is stored once"),
    Limit("results_stationreport", "in_turn", "insert", OUT_OF_TURN, "RES-310 versions follow one another"),
    Limit("country_option", "none_added", "insert", frozen("new.contest_id"), HELD, FIGURES),
    Limit("country_option", "none_taken", "delete", frozen("old.contest_id"), HELD, FIGURES),
    kept("country_option", "order_kept", ("rank", "code", "contest_id"), frozen("old.contest_id"), HELD),
    kept("country_contest", "meaning_kept", MEANING, frozen("old.id"), HELD),
    kept(
        "country_election", "bound", ("geography_id", "pack_id"),
        f"exists (select 1 from country_contest c where c.election_id = old.id and {frozen('c.id')})", HELD,
    ),
    kept("country_station", "kept", ("code", "contest_id", "unit_id", "part", "registered"), HAS_FIGURES, HELD),
    kept("country_station", "group_kept", ("constituency_id",), public("old.contest_id"), SHOWN, "people_approval"),
    kept("country_unit", "kept", ("geography_id", "code", "level", "parent_id"), IN_USE, HELD),
    Limit("country_constituency", "none_added", "insert", public("new.contest_id"), SHOWN, ("country_contest", "people_approval")),
    Limit("country_constituency", "none_taken", "delete", public("old.contest_id"), SHOWN, ("country_contest", "people_approval")),
    kept("country_constituency", "seats_kept", ("seats", "code", "contest_id"), public("old.contest_id"), SHOWN, "people_approval"),
    kept("country_packversion", "kept", ("code", "version", "sha256", "content"), PACK, "CON-101 a pack in use is kept"),
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

NOT_PUBLISHED = """new.published_at is not null and old.published_at is distinct from new.published_at and not exists (
    select 1 from people_approval a where a.kind in ('results.publication', 'results.batch') and a.state = 'approved'
    and a.subject = 'contest:' || new.code and not exists (
        select 1 from people_approval w where w.kind = 'results.withdrawal' and w.state = 'approved'
        and w.subject = a.subject and w.decided_at >= a.decided_at))"""

declare(
    Limit(
        "country_contest", "published_by_two", "update of published_at", NOT_PUBLISHED,
        "RES-312 a contest is published by two persons", reads=("people_approval",),
    ),
)  # fmt: skip
