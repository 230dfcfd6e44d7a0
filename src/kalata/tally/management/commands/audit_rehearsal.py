"""After a rehearsal: nothing acknowledged is lost, every passage is legal, every chain whole, the totals are the papers'."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db.models import Max, Min


class Command(BaseCommand):
    help = "Compare this database with what the players of a rehearsal saw acknowledged."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(options["folder"])
        plan = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
        kept = [json.loads(line) for line in (folder / "acknowledged.ndjson").read_text(encoding="utf-8").splitlines()]
        self.stdout.write(json.dumps(audited(plan, kept)))


def audited(plan: dict[str, Any], acknowledged: list[dict[str, Any]]) -> dict[str, Any]:
    """Counts; every one but `papers` and `wrong_after_all` must be 0."""
    from kalata.country.models import Contest
    from kalata.results.queries.store import sheet_of
    from kalata.tally.models import Entry, Hand, Paper, Passage
    from kalata.tally.queries import papers as paper_queries
    from kalata.tally.rehearsal.truth import typed
    from kalata.tally.rules.hands import FREE
    from kalata.tally.rules.lifecycle import COUNTED, TABLE, State
    from kalata.tally.services import reports as tally

    contest = Contest.objects.get(code=plan["contest"])
    boxes = tally.boxes_of(contest)
    desks: dict[int, Counter[int]] = {}
    seats = Hand.objects.exclude(part__in=[p.value for p in FREE]).order_by()
    for pk, who, _desk in seats.values_list("paper", "person", "desk").distinct():
        desks.setdefault(pk, Counter())[who] += 1
    entries: dict[tuple[int, str], list[dict[str, str]]] = {}
    for e in Entry.objects.filter(rank__lt=3).select_related("by"):
        entries.setdefault((e.paper_id, e.by.username), []).append(typed(sheet_of(e.sheet, boxes)))
    received = set(Passage.objects.filter(to="received").values_list("paper_id", flat=True))
    lost = sum(
        a["paper"] not in received if a.get("received") else a["lines"] not in entries.get((a["paper"], a["by"]), [])
        for a in acknowledged
    )
    illegal = sum((State(s), State(t)) not in TABLE for s, t in Passage.objects.values_list("start", "to"))
    broken, alone, wrong, counted = 0, 0, 0, Counter[str]()
    expected: Counter[str] = Counter()
    for paper in Paper.objects.select_related("station"):
        broken += not paper_queries.intact(paper)
        alone += any(n > 1 for n in desks.get(paper.pk, Counter()).values())
        if paper.state in COUNTED:
            record = tally.record_of(paper)
            mine = typed(record.final) if record.final else {}
            truth = plan["papers"][str(paper.pk)]["lines"]
            wrong += mine != truth
            for key, value in mine.items():
                counted[key] += int(value or 0)
            for key, value in truth.items():
                expected[key] += int(value or 0)
    twice = sum(n > 1 for n in Counter(Entry.objects.filter(rank__lt=3).values_list("paper", "by")).values())
    outside = Passage.objects.filter(right="results.commission", sitting=None).count()
    partial = Paper.objects.filter(state__in=["first_entered", "second_entry"]).exclude(entries__rank=1).count()
    span = Passage.objects.aggregate(first=Min("at"), last=Max("at"))
    return {
        "worked_seconds": (span["last"] - span["first"]).total_seconds() if span["first"] else 0,
        "papers": paper_queries.progress(contest),
        "acknowledged": len(acknowledged),
        "lost_updates": lost,
        "illegal_passages": illegal,
        "broken_chains": broken,
        "same_person_twice": alone,
        "entries_twice": twice,
        "outside_sittings": outside,
        "partial": partial,
        "wrong_after_all": wrong,
        "totals_differ": sum(counted[k] != expected[k] for k in expected) if not wrong else 0,
    }
