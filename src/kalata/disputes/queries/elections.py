"""The election of a contest of the house as the Court's rules read it: the records in force that everybody may read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache

from kalata.country.models import Contest
from kalata.disputes.queries.law import court_record
from kalata.disputes.rules.election import Election
from kalata.disputes.rules.identifiers import FORM, Identifiers, identifiers
from kalata.disputes.rules.remedies import SECTIONS, Norms, norms_from
from kalata.results.queries import board as boards
from kalata.results.queries.store import Frame
from kalata.results.rules.unsettled import Beside
from kalata.tables.rules.folding import kept


def country_of(contest: Contest) -> str:
    """The two letters of the country in identifiers of decisions (ISO 3166-1): `country` of the pack, else its code."""
    version = contest.election.pack
    return str(version.pack.head.get("country") or version.code).upper()


def identified(contest: Contest, number: str, on: date) -> Identifiers:
    """The identifiers of a decision on a contest, in the form that its pack gives to numbers. DIS-764."""
    form = str(court_record(contest.election.pack.pack).get("decision_number") or FORM)
    return identifiers(number, country=country_of(contest), on=on, form=form)


def speaks_of(contest: Contest, lang: str) -> str:
    """How the Court begins its decisions, as its pack writes it; "" where it does not."""
    return str(court_record(contest.election.pack.pack).get("speaks_en" if lang == "en" else "speaks_fr") or "")


def language_of(contest: Contest) -> str:
    """The language in which the Court writes: the first of the pack's that papers are written in."""
    spoken = contest.election.pack.pack.head.get("languages")
    return next((str(one) for one in (spoken if isinstance(spoken, list | tuple) else ()) if one in ("fr", "en")), "fr")


def election_of(contest: Contest) -> Election:
    """Read anew: nothing of it is in memory. Stations by their code; columns: `station`, `constituency`, `area`, and each
    level of the territory by its word."""
    contest.refresh_from_db(fields=["revision", "register_revision", "published_at"])
    board = boards.build(contest, boards.hidden(contest, ()) if contest.published_at else None)
    found = board.table
    areas = [path_names(board.frame, path) for path in found.paths]
    rows = found.area.tolist()
    groups = None if found.constituency is None else found.constituency.tolist()
    return Election(
        contest=contest.code,
        system=board.system,
        options=tuple(found.options),
        boxes=found.boxes,
        keys=list(found.keys),
        areas=[areas[a] for a in rows],
        standing=found.standing.tolist(),
        figures=found.figures.T.tolist(),
        votes=found.votes.T.tolist(),
        round=contest.round,
        constituencies=tuple(found.constituencies) if groups is not None else (),
        constituency=groups,
        seats={g.code: g.seats for g in board.frame.constituencies},
        keeps=found.keeps,
        beside=Beside(board.unlisted, board.absent),
        unlisted=board.unlisted,
        columns=columns_of(board.frame, [areas[a] for a in rows], found.constituencies, groups),
    )


def path_names(frame: Frame, path: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(frame.units[int(pk)].name for pk in path)


def columns_of(
    frame: Frame, areas: list[tuple[str, ...]], groups: Sequence[str], group: list[int] | None
) -> Callable[[str], Sequence[str] | None]:
    """name -> the words of that column, a station each; None where the house has none of that name."""

    def column(name: str) -> Sequence[str] | None:
        wanted = kept(name)
        if wanted in ("station", "bureau"):
            return frame.codes
        if wanted in ("constituency", "circonscription") and group is not None:
            return [groups[g] for g in group]
        if wanted in ("area", "zone"):
            return [a[-1] if a else "" for a in areas]
        found = [named(frame, frame.paths[i], wanted) for i in frame.unit.tolist()]
        return found if any(found) else None

    return column


def named(frame: Frame, path: tuple[str, ...], kind: str) -> str:
    """The name of the unit of this kind (région, cercle, commune) on the way to a station."""
    return next((u.name for u in (frame.units[int(pk)] for pk in path) if kept(u.kind) == kind), "")


def norms_of(contest: Contest) -> Norms:
    """The law of disputes that the contest is bound to: its pack at its version."""
    return norms_at(contest.election.pack_id)


@lru_cache(maxsize=8)
def norms_at(pack_id: int) -> Norms:
    from kalata.country.models import PackVersion

    version = PackVersion.objects.get(pk=pack_id)
    held = version.pack
    sections = {name: list(held.records(name)) for name in SECTIONS}
    return norms_from(sections, str(held.head.get("timezone") or "UTC"))
