"""Reads about the papers on their way: whom they are shown to, how many wait, whether their chain holds."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Min

from kalata.country.models import Contest
from kalata.people.models import Person
from kalata.results.territory import EVERYWHERE, Reach
from kalata.tally.models import Paper
from kalata.tally.queries.proofs import intact as intact
from kalata.tally.services.reports import HEAVY


def visible(paper_id: int, by: Person) -> Paper | None:
    """A claimed paper, for its holder only; None once it is in other hands."""
    found = Paper.objects.select_related("contest__election__pack", "station__unit").defer(*HEAVY)
    return found.filter(pk=paper_id, holder=by).first()


def oldest(contest: Contest, reach: Reach = EVERYWHERE) -> dict[str, datetime]:
    """Since when the oldest paper of each state has been waiting."""
    rows = Paper.objects.filter(reach.on(), contest=contest).values_list("state").annotate(Min("since"))
    return {state: since for state, since in rows if since is not None}


def progress(contest: Contest, reach: Reach = EVERYWHERE) -> dict[str, int]:
    """How many papers are in each state."""
    rows = Paper.objects.filter(reach.on(), contest=contest).values_list("state").annotate(n=Count("pk"))
    return dict(rows)
