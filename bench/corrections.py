"""The public register of corrections at 25,000 stations and 2,000 corrections: p95 of its page, and after a change."""

from __future__ import annotations

import random
import struct
import time


def main() -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.test import Client
    from django.utils import timezone

    from bench.lines import line
    from kalata.country import packs
    from kalata.country import services as country
    from kalata.country.models import Contest, Station, Unit
    from kalata.results.models import StationReport
    from kalata.results.queries import board, public_ledger
    from kalata.results.services import announcing

    call_command("migrate", verbosity=0)
    call_command("collectstatic", "--noinput", verbosity=0)
    version = country.load_pack_version(packs.load_pack(packs.find_pack("ml")))
    geography = country.own_geography(code="banc", name="Banc", levels=["Région"])
    units = [Unit.objects.create(geography=geography, code=f"R{i}", level=1, name=f"Région {i}") for i in range(20)]
    election = country.create_election(
        code="banc", name_fr="Banc", name_en="Bench", pack=version, geography=geography, polling_day=None, exercise=True
    )
    contest = country.create_contest(
        election=election, code="banc", name_fr="Banc", system={"kind": "two_round_majority"},
        boxes=["registered", "voters", "valid"], options=[{"name": f"Liste {i}"} for i in range(20)],
    )  # fmt: skip
    many, fixes = 25_000, 2_000
    Station.objects.bulk_create(
        [Station(contest=contest, code=f"B{i:05}", name=f"École {i}", unit=units[i % 20], registered=600) for i in range(many)],
        batch_size=2_000,
    )  # fmt: skip
    chance = random.Random(7)
    now = timezone.now()

    def sheet() -> bytes:
        votes = [chance.randint(0, 30) for _n in range(20)]
        return struct.pack("<23i", 600, sum(votes), sum(votes), *votes)

    ids = list(Station.objects.filter(contest=contest).order_by("pk").values_list("pk", flat=True))
    from kalata.ledger.locks import lifted

    with lifted():
        StationReport.objects.bulk_create(
            [StationReport(contest=contest, station_id=i, sheet=sheet(), authority="earlier", proof="-", at=now) for i in ids],
            batch_size=2_000,
        )  # fmt: skip
        Contest.objects.filter(pk=contest.pk).update(published_at=now, revision=1, register_revision=1)
    contest = Contest.objects.get(pk=contest.pk)
    announcing.tell(contest)

    def correct(some: list[int]) -> None:
        with lifted():
            for pk in some:
                StationReport.objects.filter(station=pk, current=True).update(sheet=sheet())
        Contest.objects.filter(pk=contest.pk).update(revision=contest.revision + 1)
        contest.refresh_from_db()
        announcing.tell(contest, some, announcing.Order(words="Deux chiffres inversés.", approval=1))

    chosen = chance.sample(ids, fixes)
    for start in range(0, fixes, 100):
        correct(chosen[start : start + 100])
    client = Client(headers={"host": "localhost"})
    start = time.perf_counter()
    public_ledger.forget()
    found = public_ledger.book(contest)
    line("register of corrections: reckoned from 27,000 announcements", f"{(time.perf_counter() - start) * 1000:.0f} ms", "once a process", of=len(found.lines), least=fixes - 20)  # fmt: skip
    board.forget()
    client.get("/resultats/banc/corrections/")
    pages = [
        "",
        "?q=ecole+12",
        "?nature=corrected&page=7",
        "?tri=-effet",
        f"?zone={units[3].pk}&tri=bureau",
        "?du=2020-01-01",
    ]

    def p95(times: list[float]) -> float:
        return sorted(times)[int(len(times) * 0.95)]

    took = []
    for _n in range(25):
        for page in pages:
            t = time.perf_counter()
            assert client.get(f"/resultats/banc/corrections/{page}").status_code == 200
            took.append((time.perf_counter() - t) * 1000)
    line("register of corrections, 25,000 stations, 2,000 corrections: p95", f"{p95(took):.0f} ms", "<= 150 ms", p95(took) <= 150, of=len(took), least=100)  # fmt: skip
    grown = []
    for pk in chance.sample(ids, 10):
        correct([pk])
        board.board(contest)
        t = time.perf_counter()
        public_ledger.book(contest)
        grown.append((time.perf_counter() - t) * 1000)
    line("  one more correction reckoned into it", f"{max(grown):.0f} ms", "", None)


if __name__ == "__main__":
    main()
