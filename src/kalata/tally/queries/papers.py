"""Reads about the papers on their way: whom they are shown to, how many wait, whether their chain holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count, Min

from kalata.country.models import Contest
from kalata.people.models import Person
from kalata.results.queries.store import sheet_of
from kalata.results.rules.boxes import Box
from kalata.results.rules.sheets import lines_of
from kalata.results.territory import EVERYWHERE, Reach
from kalata.tally.models import Entry, Paper
from kalata.tally.queries.proofs import intact as intact
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


def oldest(contest: Contest, reach: Reach = EVERYWHERE) -> dict[str, datetime]:
    """Since when the oldest paper of each state has been waiting."""
    rows = Paper.objects.filter(reach.on(), contest=contest).values_list("state").annotate(Min("since"))
    return {state: since for state, since in rows if since is not None}


def progress(contest: Contest, reach: Reach = EVERYWHERE) -> dict[str, int]:
    """How many papers are in each state."""
    rows = Paper.objects.filter(reach.on(), contest=contest).values_list("state").annotate(n=Count("pk"))
    return dict(rows)
