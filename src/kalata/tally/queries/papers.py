"""Reads about the papers on their way: whom they are shown to, how many wait, whether their chain holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, Q, QuerySet, TextField
from django.db.models.functions import Cast

from kalata.country.models import Contest, Unit
from kalata.people.models import Person
from kalata.results.queries.store import sheet_of
from kalata.results.rules.boxes import Box
from kalata.results.rules.sheets import lines_of
from kalata.results.territory import EVERYWHERE, Reach, inside
from kalata.tally.models import Entry, Paper, Passage
from kalata.tally.queries.proofs import intact as intact
from kalata.tally.rules.lifecycle import State
from kalata.tally.services.reports import HEAVY


def visible(paper_id: int, by: Person) -> Paper | None:
    """A claimed paper, for its holder only; None once it is in other hands."""
    found = Paper.objects.select_related("contest__election__pack", "station__unit").defer(*HEAVY)
    return found.filter(pk=paper_id, holder=by).first()


def settled(papers: Sequence[Paper], boxes: Sequence[Box]) -> dict[int, dict[str, int | None]]:
    """paper -> line -> figure kept, of papers whose figures are agreed; in one reading for all of them."""
    attempts = {p.pk: (p.attempt, p.arbiter_id is not None) for p in papers}
    found: dict[int, tuple[int, bytes]] = {}
    rows = Entry.objects.filter(paper__in=list(attempts)).order_by("pk")
    for pk, attempt, rank, sheet in rows.values_list("paper", "attempt", "rank", "sheet"):
        now, arbitrated = attempts[pk]
        if attempt == now and (rank > 2 or (rank == 2 and not arbitrated)) and rank >= found.get(pk, (0, b""))[0]:
            found[pk] = rank, bytes(sheet)
    return {pk: lines_of(sheet_of(sheet, list(boxes))) for pk, (_rank, sheet) in found.items()}


def receptions(contest: Contest, by: Person, most: int = 12) -> list[tuple[Passage, bool]]:
    """The last receptions of a person, and whether each may still be undone: nothing has come since, it was expected."""
    mine = Passage.objects.filter(paper__contest=contest, to=State.RECEIVED, by=by).select_related("paper__station")
    last = list(mine.order_by("-pk")[:most])
    newest = dict(
        Passage.objects.filter(paper__in=[p.paper_id for p in last]).order_by("pk").values_list("paper", "pk")
    )
    return [(p, newest[p.paper_id] == p.pk and p.start == State.EXPECTED) for p in last]


def last_passages(papers: Sequence[Paper], to: State) -> dict[int, Passage]:
    """paper -> its last passage to a state."""
    rows = Passage.objects.filter(paper__in=[p.pk for p in papers], to=to).order_by("pk")
    return {row.paper_id: row for row in rows}


def of_contest(contest: Contest, pk: int) -> Paper:
    """A paper by its number, whoever asks: who may see what of it is asked next."""
    return Paper.objects.select_related("contest").get(pk=pk, contest=contest)


def narrowed(seen: QuerySet[Paper], contest: Contest, asked: Any, now: datetime) -> QuerySet[Paper]:
    """Papers by station, state, zone (its name at any level), finding still open, and how long they have waited."""
    if asked.q:
        seen = seen.filter(Q(station__code__icontains=asked.q) | Q(station__name__icontains=asked.q))
    if asked.etat:
        seen = seen.filter(state__in=asked.etat)
    if asked.zone:
        units = Unit.objects.filter(geography_id=contest.election.geography_id, name__icontains=asked.zone)
        seen = seen.filter(inside(list(units.values_list("pk", flat=True))))
    if asked.constat:
        word = f'"{asked.constat}"'
        told = {"e": Cast("errors", TextField()), "w": Cast("warnings", TextField())}
        seen = seen.alias(**told).filter(Q(e__contains=word) | Q(w__contains=word))
    if asked.heures:
        seen = seen.filter(since__lte=now - timedelta(hours=asked.heures))
    return seen.select_related("station__unit")


def oldest(contest: Contest, reach: Reach = EVERYWHERE) -> dict[str, datetime]:
    """Since when the oldest paper of each state has been waiting."""
    rows = Paper.objects.filter(reach.on(), contest=contest).values_list("state").annotate(Min("since"))
    return {state: since for state, since in rows if since is not None}


def progress(contest: Contest, reach: Reach = EVERYWHERE) -> dict[str, int]:
    """How many papers are in each state."""
    rows = Paper.objects.filter(reach.on(), contest=contest).values_list("state").annotate(n=Count("pk"))
    return dict(rows)
