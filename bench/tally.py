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


def prepared(papers: int, *, scanned: bool = True) -> None:
    """A database with `papers` papers, scanned or only expected, and CLERKS entry clerks."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from django.utils import timezone

    from kalata.country import packs, services
    from kalata.country.models import Geography, Station
    from kalata.people import services as people
    from kalata.people.models import Person
    from kalata.tally.models import Paper
    from kalata.tally.services import reports as tally

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
    for i in range(CLERKS + 2):
        person = Person(username=f"clerk{i}", full_name="Clerk", is_active=True, activated_at=timezone.now())
        person.set_unusable_password()
        person.save()
        people.give_mandate(person=person, role="saisie" if i < CLERKS else "commission")
    tally.open_register(contest=contest)
    from kalata.results import images

    if scanned:
        Paper.objects.update(state="scanned", image=images.store(b"\xff\xd8\xff a page"))


def clerk(number: int, claims: int, out: Any) -> None:
    import django

    django.setup()
    from kalata.country.models import Contest
    from kalata.people.models import Person
    from kalata.tally.services import reports as tally

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
    from kalata.results.rules.boxes import Box, Sheet
    from kalata.tally.models import Paper
    from kalata.tally.services import commission
    from kalata.tally.services import reports as tally

    contest = Contest.objects.get(code="b")
    Paper.objects.exclude(state="scanned").update(state="incident", holder=None, held_until=None)
    a, b, f, second = (Person.objects.get(username=f"clerk{i}") for i in (0, 1, CLERKS, CLERKS + 1))
    figures = {Box.REGISTERED: 400, Box.VOTERS: 215, Box.BALLOTS: 215, Box.NULL_BALLOTS: 5, Box.VALID: 210}
    marks = {Box.GAP_NOTED: 0, Box.WORDS_AGREE: 1, Box.SIGNATURES: 5}
    sheet = Sheet({b: (figures | marks)[b] for b in tally.boxes_of(contest)}, tuple(range(1, 21)))
    sitting = commission.convene(contest=contest, unit=None, title="B", quorum=2, members="Chair\nMember", by=f)
    here = {m.pk: {"present": True} for m in sitting.members.all()}
    commission.note_members(sitting_id=sitting.pk, values=here, by=f)
    for one in (f, second):
        commission.attend(sitting_id=sitting.pk, by=one)
    commission.change(sitting_id=sitting.pk, to="open", by=f)
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
        tally.validate(paper_id=paper.pk, by=f, sitting_id=sitting.pk)
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


def forms(line: Callable[..., None]) -> None:
    """25,000 blank two-page forms, every commune, by the command that prints a country."""
    import subprocess
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ, "KALATA_VAR": f"{folder}/var", "DJANGO_SETTINGS_MODULE": "kalata.settings.office", "KALATA_DEMO": "1"
        }  # fmt: skip

        def manage(*args: str) -> str:
            call = [sys.executable, "-m", "kalata", "manage", *args]
            return subprocess.run(call, env=environment, check=True, capture_output=True, text=True).stdout

        manage("migrate", "--verbosity", "0")
        manage("prepare_rehearsal", f"{folder}/plan", "--papers", "25000", "--clerks", "1", "--scanned")
        said = manage("print_forms", "exercice-centralisation", f"{folder}/forms").split()
    seconds = float(said[-2])
    line(f"{said[0]} two-page forms with QR, {said[2]} files", f"{seconds:.0f} s", "<= 180 s", seconds <= 180)


def night(line: Callable[..., None]) -> None:
    """A whole night through HTTP, without and with kills of every process; then the entry desks under load."""
    from kalata.tally.rehearsal.drill import Drill
    from kalata.tally.rehearsal.drill import run as play

    found = play(Drill(papers=120, clerks=16, think=0.5))
    forms, per = found["audit"]["papers"].get("published", 0), found["requests_per_form"] or 0
    line("a form from reception to published: requests", f"{per}", "<= 12", per <= 12, of=forms, least=100)
    cpu = found["server_cpu_per_form"] or 0
    line(
        "  server CPU, scanning and idle looks at queues included",
        f"{cpu} s",
        "<= 0.35 s",
        cpu <= 0.35,
        of=forms,
        least=100,
    )
    cut = play(Drill(papers=400, clerks=16, think=3, kills=50, least=200, minutes=60))
    killed(line, cut)
    crowd = play(Drill(papers=1400, clerks=300, think=90, minutes=10, entry_only=True))
    asked = crowd["requests"]
    line(
        "300 clerks, 90 s think time, 10 min, SQLite: p99",
        f"{crowd['p99']} ms",
        "<= 500 ms",
        crowd["p99"] <= 500,
        of=asked,
        least=1_000,
    )
    line("  faults", str(crowd["fault_count"]), "0", crowd["fault_count"] == 0, of=asked, least=1_000)
    busy = play(Drill(papers=600, clerks=16, think=1, minutes=4, entry_only=True))
    kinds = [busy["milliseconds"].get(k, {"p95": 0, "n": 0}) for k in ("entry page", "submit")]
    worst = max(k["p95"] for k in kinds)
    line(
        "16 clerks: p95 of entry page and submit",
        f"{worst} ms",
        "<= 150 ms",
        worst <= 150,
        of=min(k["n"] for k in kinds),
        least=100,
    )


def killed(line: Callable[..., None], cut: dict[str, Any]) -> None:
    """What a night with kills shows: how many, of what, and what was lost of the acts that were acknowledged."""
    audit = cut["audit"]
    lost = audit["lost_updates"] + audit["partial"] + audit["broken_chains"]
    enough = audit["acknowledged"] if cut["power_cuts"] >= cut["drill"]["kills"] else 0
    line(
        f"{cut['power_cuts']} kills of any process: lost or partial of {audit['acknowledged']} acts",
        str(lost),
        "0",
        lost == 0 and cut["fault_count"] == 0,
        of=enough,
        least=cut["least"],
    )


def kills(line: Callable[..., None]) -> None:
    """50 kills of any process of a house at work."""
    from kalata.tally.rehearsal.drill import Drill, run

    killed(line, run(Drill(papers=1_100, clerks=16, think=2, kills=50, least=200, minutes=60), say=print))


if __name__ == "__main__":
    main()
