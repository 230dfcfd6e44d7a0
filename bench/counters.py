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
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kalata.settings.test")
    import django

    django.setup()

    from bench.contest import prepared
    from bench.lines import line
    from kalata.disputes.models import Petition
    from kalata.disputes.services import counters, merging
    from tests.disputes.desk import AT
    from tests.disputes.offline import Laptop

    prepared()
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
