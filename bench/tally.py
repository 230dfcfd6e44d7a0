"""The desks without their screens: claims by many processes, two entries and validation, on SQLite."""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

CLERKS = 16


def prepared(papers: int) -> None:
    """A database with `papers` scanned papers and CLERKS entry clerks."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from django.utils import timezone

    from kalata.country import packs, services
    from kalata.country.models import Geography, Station
    from kalata.people import services as people
    from kalata.people.models import Person
    from kalata.results import tally
    from kalata.results.models import Paper

    version = services.load_pack_version(packs.load_pack(packs.find_pack("ml")))
    election = services.create_election(
        code="b",
        name_fr="b",
        name_en="",
        pack=version,
        geography=Geography.objects.get(code="ml-2015"),
        polling_day=None,
    )
    contest = services.create_contest(
        election=election, code="b", name_fr="b", name_en="", system=dict(version.pack.engine_systems()["ML-PRES"]),
        boxes=["registered", "voters", "ballots", "null_ballots", "valid"],
        options=[{"name": f"Liste {i:02d}"} for i in range(1, 21)],
    )  # fmt: skip
    Station.objects.bulk_create([Station(contest=contest, code=f"B{i:05d}", registered=400) for i in range(papers)])
    for i in range(CLERKS + 1):
        person = Person(username=f"clerk{i}", full_name="Clerk", is_active=True, activated_at=timezone.now())
        person.set_unusable_password()
        person.save()
        people.give_mandate(person=person, role="saisie" if i < CLERKS else "commission")
    tally.open_register(contest=contest)
    Paper.objects.update(state="scanned", image="0" * 64)


def clerk(number: int, claims: int, out: Any) -> None:
    import django

    django.setup()
    from kalata.country.models import Contest
    from kalata.people.models import Person
    from kalata.results import tally

    contest, person = Contest.objects.get(code="b"), Person.objects.get(username=f"clerk{number}")
    taken, start = [], time.perf_counter()
    for _n in range(claims):
        paper = tally.claim_next(contest=contest, right="results.enter", by=person)
        taken.append(paper.pk)
        paper.__class__.objects.filter(pk=paper.pk).update(
            state="incident", holder=None, held_until=None
        )  # out of the way
    out.put((taken, start, time.perf_counter()))


def main() -> None:
    claims = int(sys.argv[1])
    prepared(CLERKS * claims + 400)
    queue: Any = multiprocessing.get_context("spawn").Queue()
    spawn = multiprocessing.get_context("spawn").Process
    team = [spawn(target=clerk, args=(i, claims, queue)) for i in range(CLERKS)]
    for one in team:
        one.start()
    found = [queue.get() for _one in team]
    for one in team:
        one.join()
    print(
        json.dumps(
            {"rate": sum(len(t) for t, *_x in found) / (max(e for *_x, e in found) - min(s for _t, s, _e in found))}
        )
    )
    print(json.dumps(one_paper()))


def one_paper() -> dict[str, float]:
    """CPU of the services for one paper: two claims, two entries of 25 lines, validation (median of 40)."""
    import statistics

    from kalata.country.models import Contest
    from kalata.people.models import Person
    from kalata.results import tally
    from kalata.results.models import Paper
    from kalata.results.rules.boxes import Box, Sheet

    contest = Contest.objects.get(code="b")
    Paper.objects.exclude(state="scanned").update(state="incident", holder=None, held_until=None)
    a, b, f = (Person.objects.get(username=f"clerk{i}") for i in (0, 1, CLERKS))
    sheet = Sheet(
        {Box.REGISTERED: 400, Box.VOTERS: 215, Box.BALLOTS: 215, Box.NULL_BALLOTS: 5, Box.VALID: 210},
        tuple(range(1, 21)),
    )
    times: dict[str, list[float]] = {"claim": [], "submit": [], "whole": []}
    for _n in range(40):
        begun = time.process_time()
        for who in (a, b):
            t0 = time.process_time()
            paper = tally.claim_next(contest=contest, right="results.enter", by=who)
            t1 = time.process_time()
            paper = tally.submit(paper_id=paper.pk, sheet=replace(sheet), by=who)
            times["claim"].append(t1 - t0)
            times["submit"].append(time.process_time() - t1)
        assert paper.state == "checked", (paper.state, paper.errors, paper.warnings)
        tally.validate(paper_id=paper.pk, by=f)
        times["whole"].append(time.process_time() - begun)
    return {k: 1000 * statistics.median(v) for k, v in times.items()}


def run(line: Callable[..., None]) -> None:
    import subprocess
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "KALATA_VAR": folder, "DJANGO_SETTINGS_MODULE": "kalata.settings.office"}
        done = subprocess.run(
            [sys.executable, "-m", "bench.tally", "60"], env=environment, check=True, capture_output=True, text=True
        )
    rate, cost = (json.loads(text) for text in done.stdout.strip().splitlines()[-2:])
    line(
        f"claims by {CLERKS} processes (services, SQLite, every claim committed)",
        f"{rate['rate']:.0f} per s",
        ">= 120 per s",
        rate["rate"] >= 120,
    )
    line("  one claim, server CPU of the service", f"{cost['claim']:.1f} ms", "-")
    line("  one submit of 25 lines", f"{cost['submit']:.1f} ms", "<= 40 ms", cost["submit"] <= 40)
    line("  one paper, two entries to validated", f"{cost['whole']:.1f} ms", "<= 350 ms", cost["whole"] <= 350)


if __name__ == "__main__":
    main()
