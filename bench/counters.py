"""100,000 receipts of offline counters merged: seconds, collisions, and the same bundles given again."""

from __future__ import annotations

import os
import tempfile
import time
from datetime import timedelta
from pathlib import Path

MANY = int(os.environ.get("KALATA_RECEIPTS", "100000"))
COUNTERS = 10


def main() -> None:
    import django

    django.setup()
    from django.core.management import call_command

    from bench.lines import line
    from kalata.country import packs
    from kalata.country import services as country
    from kalata.disputes.models import Petition
    from kalata.disputes.services import counters, merging
    from tests.disputes.desk import AT
    from tests.disputes.offline import Laptop

    call_command("migrate", verbosity=0)
    version = country.load_pack_version(packs.load_pack(packs.find_pack("ml")))
    geography = country.own_geography(code="banc", name="Banc", levels=["Région"])
    election = country.create_election(
        code="banc", name_fr="Banc", name_en="Bench", pack=version, geography=geography, polling_day=None, exercise=True
    )
    contest = country.create_contest(
        election=election, code="pres", name_fr="Banc", system={"kind": "two_round_majority"},
        boxes=["registered", "voters", "valid"], options=[{"name": "A"}, {"name": "B"}],
    )  # fmt: skip
    counters.open_roll(contest=contest, short="P1", year=2027, by=None)
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for n in range(COUNTERS):
            one = Laptop(f"OFF{n}")
            counters.open_counter(code=one.code, name=one.code, by=None, key=one.key)
            for k in range(MANY // COUNTERS):
                one.receive(AT + timedelta(seconds=k))
            files.append(one.bundle(Path(folder) / f"{n}.zip"))
        start = time.perf_counter()
        fresh = sum(merging.merge(file=file, by=None).fresh for file in files)
        spent = time.perf_counter() - start
        again = sum(merging.merge(file=file, by=None).fresh for file in files)
    distinct = Petition.objects.values("number").distinct().count()
    line(f"{MANY:,} offline receipts of {COUNTERS} counters merged: seconds", f"{spent:.0f}", "120", of=fresh)
    line(
        "numbers that collide, rolls given twice, petitions of a second merge",
        str(fresh - distinct + again),
        "0",
        of=distinct,
    )


if __name__ == "__main__":
    main()
