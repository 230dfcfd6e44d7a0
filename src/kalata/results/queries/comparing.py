"""What this house holds to compare a contest with: its other round, the last contest of its kind, the pack's archives."""

from __future__ import annotations

from copy import copy
from typing import Any

from django.urls import reverse

from kalata.country.models import Contest, Unit
from kalata.country.rules.remedies import words
from kalata.deadlines.queries import calendars_of_contest
from kalata.deadlines.recourse import family_of
from kalata.results.access import as_seen_by, may_see
from kalata.results.numeric.table import AreaSum
from kalata.results.queries.board import Board, board
from kalata.results.rules.boxes import Box
from kalata.results.rules.comparing import Against, Comparison, Side, compared
from kalata.results.rules.coverage import Coverage
from kalata.text import Named, fold


def comparisons(found: Board, person: Any, unit: Unit | None = None) -> list[Comparison]:
    """Every comparison that the records allow for the whole or one area, the nearest first; empty: nothing to compare."""
    contest = found.contest
    now = side_of(found, unit)
    if now is None or not now.counted:
        return []
    names = [o.name for o in found.options]
    out = []
    for against, other in others(contest, person):
        there = same_area(unit, other)
        if unit is not None and there is None:
            continue
        before = side_of(board(other), there)
        if before is not None and before.counted:
            out.append(compared(now, before, names, against))
    if (
        unit is None
        and not any(c.against is Against.ELECTION for c in out)
        and (old := archived(contest, person)) is not None
    ):
        out.append(compared(now, old, names, Against.ARCHIVE))
    return out


def others(contest: Contest, person: Any) -> list[tuple[Against, Contest]]:
    """The other rounds of the contest, then the last contest of the same kind and round before it; as this reader sees them."""
    rounds = [contest.previous, *contest.following.order_by("place")]
    found = [(Against.ROUND, one) for one in rounds if one is not None and one.place == ""]
    if contest.polling_day is not None:
        same = Contest.objects.filter(polling_day__lt=contest.polling_day, round=contest.round, place="")
        same = same.filter(election__pack__code=contest.election.pack.code).exclude(election=contest.election_id)
        same = same.select_related("election__pack", "election__geography").order_by("-polling_day", "-pk")
        kind = contest.system.get("kind")
        last = next((c for c in same[:40] if c.system.get("kind") == kind and may_see(person, c)), None)
        found += [(Against.ELECTION, last)] if last is not None else []
    # each through this reader's own eyes: who reads one contest before its publication may be anybody for another
    return [(against, as_seen_by(person, copy(one))) for against, one in found if may_see(person, one)]


def same_area(unit: Unit | None, other: Contest) -> Unit | None:
    """The same place in the division of another contest: itself, or the one that bears its code."""
    if unit is None or unit.geography_id == other.election.geography_id:
        return unit
    return Unit.objects.filter(geography_id=other.election.geography_id, code=unit.code).first()


def side_of(found: Board, unit: Unit | None = None) -> Side | None:
    """The total of a board, or of one of its areas; None where the area has no station there."""
    total = found.total if unit is None else found.areas.get(unit.pk)
    if total is None or not found.contest.revision:
        return None
    return side(found, total, found.coverage(unit))


def side(found: Board, total: AreaSum, coverage: Coverage) -> Side:
    contest = found.contest
    return Side(
        name=Named(said(contest, contest.name_fr, "tour"), said(contest, contest.name_en or contest.name_fr, "round")),
        day=contest.polling_day.isoformat() if contest.polling_day else "",
        link=reverse("results:contest", args=[contest.code]),
        counted=coverage.counted,
        expected=coverage.expected,
        registered=total.boxes.get(Box.REGISTERED),
        voters=total.voters,
        null=total.boxes.get(Box.NULL_BALLOTS),
        valid=total.valid,
        votes={fold(o.name): v for o, v in zip(found.options, total.votes, strict=True)},
    )


def said(contest: Contest, name: str, word: str) -> str:
    year = f" {contest.polling_day.year}" if contest.polling_day and str(contest.polling_day.year) not in name else ""
    return (
        f"{name}{year}, {word} {contest.round}" if contest.round > 1 or contest.following.exists() else f"{name}{year}"
    )


def archived(contest: Contest, person: Any) -> Side | None:
    """The last election of this kind and round before this one in the pack's archives, at its last stage."""
    pack = contest.election.pack.pack
    family = family_of(contest, list(calendars_of_contest(contest.election_id, person)))
    day = contest.polling_day.isoformat() if contest.polling_day else "9999"
    rows = [
        r
        for r in pack.records("archives")
        if r.get("contest") == family
        and r.get("round") == contest.round
        and str(r.get("date_vote", "")) < day
        and isinstance(r.get("voters"), int)
    ]
    if not rows:
        return None
    record = max(rows, key=lambda r: (str(r.get("date_vote", "")), r.get("stage") == "final"))

    def figure(name: str) -> int | None:
        value = record.get(name)
        return value if isinstance(value, int) else None

    candidates = record.get("candidates") or []
    return Side(
        name=Named(str(record.get("name_fr")), str(record.get("name_en") or "")),
        day=str(record.get("date_vote") or ""),
        link=reverse("results:archive", args=[pack.code, str(record["election"])]),
        registered=figure("registered"),
        voters=figure("voters"),
        null=figure("null_ballots"),
        valid=figure("valid"),
        votes={fold(str(c["name"])): c["votes"] for c in candidates if isinstance(c.get("votes"), int)}
        if isinstance(candidates, list)
        else {},
        source=", ".join(words(record.get("source"))),
        unverified=str(record.get("confidence")) != "text seen",
    )
