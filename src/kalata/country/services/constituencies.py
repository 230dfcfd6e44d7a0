"""What elects together, with its seats, and which stations lie in it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import transaction

from kalata import codes
from kalata.country import freezing, kinds
from kalata.country.models import Constituency, Contest, Unit
from kalata.country.rules.pack import sources_of
from kalata.country.services.contests import BadContest
from kalata.ledger.services import Actor, record


@transaction.atomic
def set_constituencies(*, contest: Contest, rows: Sequence[Mapping[str, Any]], by: Actor | None = None) -> int:
    """Set the constituencies and their seats while there is no figure (CON-101). Rows: code, name, seats, source, confidence."""
    contest = Contest.objects.select_for_update().get(pk=contest.pk)
    freezing.free(contest, "constituencies")
    return write_constituencies(contest=contest, rows=clean_constituencies(contest, rows), by=by)


def clean_constituencies(contest: Contest, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows as they are kept. Raises: CON-102 seats below 1, COD-101 no code or name, COD-102 two codes alike."""
    held = set(contest.constituencies.values_list("code", flat=True))
    codes.distinct({*held, *(codes.code(str(row["code"])) for row in rows)})
    for row in rows:
        if type(row["seats"]) is not int or not 1 <= row["seats"] <= 32_767:
            raise BadContest(field=f"seats {row['code']}", why="un entier d’au moins 1 est attendu")
    return [
        {
            "code": codes.code(str(row["code"])),
            "name": codes.label(str(row["name"])),
            "seats": row["seats"],
            "source": row.get("source", ""),
            "confidence": row.get("confidence", ""),
        }
        for row in rows
    ]


def write_constituencies(*, contest: Contest, rows: Sequence[Mapping[str, Any]], by: Actor | None = None) -> int:
    """Keep clean rows. The caller holds the contest's lock and has asked whether they may still change."""
    before = {c.code: c.seats for c in contest.constituencies.all()}
    for row in rows:
        values = {k: row[k] for k in ("name", "seats", "source", "confidence")}
        Constituency.objects.update_or_create(contest=contest, code=row["code"], defaults=values)
    after = {c.code: c.seats for c in contest.constituencies.all()}
    placed = place_stations(contest)
    if before != after or placed:
        contest.register_revision += 1
        contest.revision += 1 if contest.revision else 0
        contest.save(update_fields=["revision", "register_revision"])
        record(by=by, kind=kinds.CONTEST_CONSTITUENCIES, subject=f"contest:{contest.code}", before=before, after=after)
    return len(after)


def place_stations(contest: Contest) -> int:
    """Put the stations that have no constituency into the one that carries the code of their unit
    or of a unit above it. Returns how many were placed."""
    by_code = dict(contest.constituencies.values_list("code", "pk"))
    placed = 0
    for unit, code in homes(contest, by_code).items():
        found = contest.stations.filter(unit_id=unit, constituency__isnull=True)
        placed += found.update(constituency_id=by_code[code])
    return placed


def unplaced(contest: Contest, rows: Sequence[Mapping[str, Any]]) -> dict[int, str]:
    """station id -> the constituency it would be put into, of stations that have none yet."""
    found = homes(contest, {*contest.constituencies.values_list("code", flat=True), *(r["code"] for r in rows)})
    loose = contest.stations.filter(constituency=None).values_list("pk", "unit_id")
    return {pk: found[unit] for pk, unit in loose if unit in found}


def homes(contest: Contest, known: Collection[str]) -> dict[int, str]:
    """unit id -> the constituency that carries its code, or that of the nearest unit above it."""
    above = {
        pk: (code, parent)
        for pk, code, parent in Unit.objects.filter(geography_id=contest.election.geography_id).values_list(
            "pk", "code", "parent_id"
        )
    }
    home: dict[int, str] = {}
    for unit in above:
        step: int | None = unit
        while step is not None:
            code, parent = above[step]
            if code in known:
                home[unit] = code
                break
            step = parent
    return home


def constituencies_from_pack(*, contest: Contest, name: str, by: Actor) -> int:
    """Take a set of constituencies and seats from the pack the contest is bound to."""
    return set_constituencies(contest=contest, rows=pack_constituencies(contest, name), by=by)


def pack_constituencies(contest: Contest, name: str) -> list[dict[str, Any]]:
    """The rows of a set of constituencies of the pack. CON-102: it has none of this name."""
    rows = [
        {
            "code": r["unit"],
            "name": r["name"],
            "seats": r["seats"],
            "source": ", ".join(sources_of(r)),
            "confidence": r["confidence"],
        }
        for r in contest.election.pack.pack.records("constituencies")
        if r["set"] == name
    ]
    if not rows:
        raise BadContest(field="set", why="ce jeu n’existe pas dans le pack")
    return rows
