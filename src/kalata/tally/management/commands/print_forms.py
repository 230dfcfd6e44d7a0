"""Every form of a contest as PDF, one file a place, in print order, on all cores."""

from __future__ import annotations

import multiprocessing
import os
import re
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

FILE = 400
"""Forms in one file at most: small files merge places that have few stations."""


def write(job: tuple[str, str, str, str, str, list[tuple[str, str, str, int, int, str, str]]]) -> int:
    """One file, in its own process. Returns how many forms it holds."""
    import django

    django.setup()
    from kalata.country.models import Contest, Station
    from kalata.tally import printing

    target, code, lang, second, _place, rows = job
    contest = Contest.objects.select_related("election__pack").get(code=code)
    layout = _layouts.get((code, lang, second)) or printing.Layout(contest, lang, second)
    _layouts[code, lang, second] = layout
    forms = [
        printing.Form(Station(code=c, name=n, part=p, pk=pk), serial, copy, place=place)
        for c, n, p, pk, serial, copy, place in rows
    ]
    Path(target).write_bytes(printing.printed(layout, forms))
    return len(forms)


_layouts: dict[tuple[str, str, str], Any] = {}


class Command(BaseCommand):
    help = "Write the blank result forms of a contest as PDF files in print order."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("contest")
        parser.add_argument("folder")
        parser.add_argument("--copies", action="store_true", help="every copy the pack's model asks for, not only one")
        parser.add_argument("--language", default="fr")
        parser.add_argument("--second", default="", help="a second language for the labels")

    def handle(self, *args: Any, **options: Any) -> None:
        from kalata.country.models import Contest
        from kalata.tally import printing

        start = time.perf_counter()
        contest = Contest.objects.select_related("election__pack").get(code=options["contest"])
        folder = Path(options["folder"])
        folder.mkdir(parents=True, exist_ok=True)
        copies = printing.copies_of(contest) if options["copies"] else ["1"]
        jobs: list[Any] = []
        batch: list[Any] = []
        first = ""
        for place, forms in printing.forms_by_place(contest, copies=copies):
            rows = [
                (f.station.code, f.station.name, f.station.part, f.station.pk, f.serial, f.copy, place) for f in forms
            ]
            if batch and len(batch) + len(rows) > FILE:
                jobs.append(self.job(folder, len(jobs), first, batch, contest.code, options))
                batch = []
            first = first if batch else place
            batch += rows
        if batch:
            jobs.append(self.job(folder, len(jobs), first, batch, contest.code, options))
        # never a fork: this process holds a connection to the database
        with ProcessPoolExecutor(os.cpu_count(), mp_context=multiprocessing.get_context("spawn")) as pool:
            done = 0
            for count in pool.map(write, jobs):
                done += count
                self.stderr.write(f"{done} / {sum(len(j[5]) for j in jobs)}")
        self.stdout.write(f"{done} forms, {len(jobs)} files, {time.perf_counter() - start:.1f} s")

    def job(self, folder: Path, number: int, place: str, rows: list[Any], code: str, options: dict[str, Any]) -> Any:
        name = re.sub(r"[^\w-]+", "-", place).strip("-").lower()[:60]
        target = folder / f"{number + 1:04d}-{name}.pdf"
        return str(target), code, options["language"], options["second"], place, rows
