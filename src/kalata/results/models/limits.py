"""What the database refuses beyond constraints, of what counts and of what is public."""

from __future__ import annotations

from kalata.ledger.limits import Limit, declare


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
    return Limit(table, name, f"update of {named}", f"{moved(*columns)} and {once}", says, reads)


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

SAME_EMBLEM = """new.emblem <> '' and exists (select 1 from country_option o
    where o.contest_id = new.contest_id and o.code <> new.code and upper(o.emblem) = upper(new.emblem))"""

declare(
    Limit("country_option", "own_emblem", "insert", SAME_EMBLEM, "CON-102 one emblem for two options"),
    Limit("country_option", "own_emblem_kept", "update of emblem", SAME_EMBLEM, "CON-102 one emblem for two options"),
    Limit("country_option", "of_first_round", "insert", NOT_IN_FIRST, "CON-102 not in the first round", ("country_contest",)),
    Limit("country_contest", "second_round", "insert", OPENED_BY_ONE, "RES-330 a second round is opened by two persons", ("people_approval",)),
    Limit("results_stationreport", "one_in_force", "update of current", FALLS, "RES-310 a station keeps its latest version in force"),
    Limit("transparency_act", "stored_once", "insert", STORED_AGAIN, "RES-310 a file is stored once"),
    Limit("results_stationreport", "in_turn", "insert", OUT_OF_TURN, "RES-310 versions follow one another"),
    kept("country_station", "group_kept", ("constituency_id",), public("old.contest_id"), SHOWN, "people_approval"),
    Limit("country_constituency", "none_added", "insert", public("new.contest_id"), SHOWN, ("country_contest", "people_approval")),
    Limit("country_constituency", "none_taken", "delete", public("old.contest_id"), SHOWN, ("country_contest", "people_approval")),
    kept("country_constituency", "seats_kept", ("seats", "code", "contest_id"), public("old.contest_id"), SHOWN, "people_approval"),
    kept("country_packversion", "kept", ("code", "version", "sha256", "content"), PACK, "CON-101 a pack in use is kept"),
)  # fmt: skip

NOT_PUBLISHED = """new.published_at is not null and old.published_at is distinct from new.published_at and not exists (
    select 1 from people_approval a where a.kind in ('results.publication', 'results.batch') and a.state = 'approved'
    and a.subject = 'contest:' || new.code and exists (
        select 1 from transparency_act p where p.kind in ('results.publication.approved', 'results.batch.approved')
        and p.subject = a.subject and not exists (
            select 1 from transparency_act w where w.kind = 'results.withdrawal.approved' and w.subject = p.subject
            and w.id > p.id)))"""
"""Which came last is read from the ledger: two acts of one instant have an order there, and no clock set back changes it."""

declare(
    Limit(
        "country_contest", "published_by_two", "update of published_at", NOT_PUBLISHED,
        "RES-312 a contest is published by two persons", reads=("people_approval", "transparency_act"),
    ),
)  # fmt: skip
