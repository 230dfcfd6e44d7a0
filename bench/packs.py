"""The pack of each of 13,240 centres, as the worker makes it: papers drawn, issued in the register, joined by lots.

KALATA_CENTRES says how many are made (600 unless said: a sample, and the line says so); 13240 makes them all.
"""

from __future__ import annotations

import hashlib
import os
import resource
import sys
import tempfile
import time
from typing import Any

CENTRES, STATIONS, GOAL = 13_240, 24_416, 600
MADE = int(os.environ.get("KALATA_CENTRES", "600"))


def stage() -> tuple[Any, Any]:
    """A contest whose stations stand in the communes of the pack as the plan counts them; the pieces of its two roles."""
    from django.core.management import call_command

    from kalata.country import packs
    from kalata.country import services as country
    from kalata.country.models import Geography, Station, Unit

    call_command("migrate", verbosity=0)
    version = country.load_pack_version(packs.load_pack(packs.find_pack("ml")))
    geography = Geography.objects.get(code="ml-2015")
    election = country.create_election(
        code="banc", name_fr="Banc", name_en="Bench", pack=version, geography=geography, polling_day=None, exercise=True
    )
    contest = country.create_contest(
        election=election, code="banc-1", name_fr="Banc", system=dict(version.pack.engine_systems()["ML-PRES"]),
        boxes=["registered", "voters", "valid"], options=[{"name": "A"}, {"name": "B"}],
    )  # fmt: skip
    deepest = Unit.objects.filter(geography=geography).order_by("-level").values_list("level", flat=True)[0]
    places = list(Unit.objects.filter(geography=geography, level=deepest).order_by("pk"))
    Station.objects.bulk_create(
        Station(contest=contest, unit=places[c * len(places) // MADE], code=f"B{n:05d}", name=f"Bureau {n}", centre=f"École {c:05d}", registered=300 + n % 170)
        for n in range(MADE * STATIONS // CENTRES)
        for c in [n * MADE // (MADE * STATIONS // CENTRES)]
    )  # fmt: skip
    return contest, planner()


def planner() -> Any:
    from django.utils import timezone

    from kalata.people import services as people
    from kalata.people.models import Person

    by = Person.objects.create(username="banc", full_name="Banc", is_active=True, activated_at=timezone.now())
    people.give_mandate(person=by, role="logistique-formation", unit=None, contest=None)
    return by


def pieces(by: Any) -> None:
    """The manual, the card and the poster of the president and the assessors, from the pack's procedures, as drafts."""
    from django.utils import timezone

    from kalata.evidence import services as evidence
    from kalata.training import manuals
    from kalata.training.models import ManualBuild, ManualFile
    from kalata.training.sources import law_named, opened

    source = opened(manuals_folder()).source
    for made in manuals.every(source, law_named("ml"), ["president", "assessors"], ["fr"], draft=True):
        wanted = [f for f in made.files if f.kind in ("manual", "card", "poster") and f.path.endswith(".pdf")]
        now = timezone.now()
        one = ManualBuild.objects.create(
            source="ml-staff", role=made.role, language="fr", draft=True, digest=hashlib.sha256(b"x").hexdigest(), total=len(wanted), by=by, at=now,
        )  # fmt: skip
        for piece in wanted:
            kept = evidence.keep_ours(made.bytes_of(piece), media="application/pdf")
            ManualFile.objects.create(build=one, path=piece.path, kind=piece.kind, sha256=kept.sha256, size=kept.size)
        pages = [{"id": p.id, "code": p.code, "procedure": p.procedure, "version": p.version, "title": p.title, "steps": len(p.lines)} for p in made.pages]  # fmt: skip
        ManualBuild.objects.filter(pk=one.pk).update(ended_at=now, done=len(wanted), pages=pages)


def manuals_folder() -> Any:
    from pathlib import Path

    import kalata

    return Path(str(kalata.__file__)).parent / "packs" / "ml" / "training" / "source"


def main() -> None:
    from bench.lines import line

    with tempfile.TemporaryDirectory(prefix="kalata-bench-") as folder:
        os.environ.update(KALATA_VAR=folder, DJANGO_SETTINGS_MODULE="tests.house.settings", KALATA_KEY="k" * 60)
        os.environ.pop("DATABASE_URL", None)
        import django

        django.setup()
        from kalata.documents import batches
        from kalata.documents.models import DocumentBatch, IssuedDocument
        from kalata.training.services import packs

        contest, by = stage()
        pieces(by)
        start, used = time.perf_counter(), time.process_time()
        packs.ask(contest=contest, unit=None, language="fr", draft=True, by=by)
        asked = time.perf_counter() - start
        for one in list(DocumentBatch.objects.filter(ended_at=None).select_related("by").order_by("pk")):
            batches.run(one)
        seconds, used = time.perf_counter() - start, time.process_time() - used
        issued, lots = IssuedDocument.objects.count(), DocumentBatch.objects.exclude(sha256="").count()
        faults = sorted(set(DocumentBatch.objects.exclude(fault="").values_list("fault", flat=True)))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        whole = seconds * CENTRES / max(issued, 1)
        said = "measured" if issued >= CENTRES else f"{issued} measured, the rest by their share"
        line(f"{CENTRES:,} packs of centres, one worker ({said})", f"{whole:.0f} s", f"<= {GOAL} s", whole <= GOAL, of=issued, least=min(MADE, 300))  # fmt: skip
        each = used * 1000 / max(issued, 1)
        line("  seconds asking; of processor for one paper (load of the machine)", f"{asked:.1f} s; {each:.0f} ms ({os.getloadavg()[0]:.1f})", "said, not promised")
        line(f"  {CENTRES:,} by the seconds of processor, shared by two workers", f"{each * CENTRES / 2000:.0f} s", f"<= {GOAL} s", each * CENTRES / 2000 <= GOAL, of=issued, least=min(MADE, 300))  # fmt: skip
        line("  lots whole, papers not made", f"{lots}, {MADE - issued}", "0 not made", not faults and issued == MADE)
        line("  peak of memory", f"{peak:.0f} MiB", "said, not promised")
        for fault in faults:
            print(fault)


if __name__ == "__main__":
    from bench.lines import not_measured

    main()
    sys.exit(3 if not_measured else 0)
