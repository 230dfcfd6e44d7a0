"""Desk pages over a loaded demonstration (24,416 stations): p95 of each, drawn in this process for its own account.

    KALATA_VAR=FOLDER kalata demo --load-only
    KALATA_VAR=FOLDER python -m bench desks

What is measured is the answer of the house itself, middlewares, rights and ledger of reads included; not the network.
Beside the clock, which other work of the machine stretches, stand the milliseconds of processor and the weight of the page.
"""

from __future__ import annotations

import gzip
import os
import statistics
import time

TIMES = int(os.environ.get("KALATA_TIMES", "20"))
GOAL = 150
"""Milliseconds."""
WEIGHT = 12
"""KB of the HTML of a page of work; styles and scripts come once."""
PAGES = {
    "superviseur": ("/", "results:desk", "tally:index", "tally:overview", "tally:papers"),
    "reception": ("/", "tally:reception", "tally:custody"),
    "numerisation": ("/", "tally:scanning"),
    "saisie-a": ("/", "tally:entry"),
    "arbitre": ("/", "tally:arbitration"),
    "controle": ("tally:review",),
    "commission": ("tally:commission", "tally:lots_desk"),
    "publication": ("/", "people:approvals"),
    "administrateur": ("people:list", "people:approvals"),
    "auditeur": ("ledger:list",),
}


def addresses(name: str, contest: str) -> str:
    """The address of a page, of this contest where it takes one; "" where the house has none of that name."""
    from django.urls import NoReverseMatch, reverse

    if name.startswith("/"):
        return name
    for args in ([], [contest]):
        try:
            return reverse(name, args=args)
        except NoReverseMatch:
            continue
    return ""


def main() -> None:
    os.environ |= {"DJANGO_SETTINGS_MODULE": "kalata.settings.office", "KALATA_DEMO": "1", "KALATA_MICRO_CACHE": "0"}
    import django

    django.setup()

    from django.conf import settings
    from django.test import Client

    from bench.lines import line, not_measured
    from kalata.country.models import Station
    from kalata.people.models import Person
    from kalata.tally.models import Paper

    settings.ALLOWED_HOSTS = ["*"]
    stations = Station.objects.count()
    if stations < 20_000:
        not_measured.append(f"desk pages: {stations} stations, load a demonstration first")
        return
    contest = Paper.objects.values_list("contest__code", flat=True).first() or ""
    slowest = heaviest = 0.0
    for who, names in PAGES.items():
        client = Client()
        client.force_login(Person.objects.get(username=who), backend=settings.AUTHENTICATION_BACKENDS[0])
        for name in names:
            path = addresses(name, contest)
            answers = [] if not path else [timed(client, path) for _n in range(TIMES + 1)][1:]
            good = [one for one in answers if one[1] == 200]
            if len(good) < TIMES:
                status = answers[0][1] if answers else "no address"
                not_measured.append(f"{who} {name}: {status}")
                print(f"{who} {name} {path}: {status}")
                continue
            worst = statistics.quantiles([one[0] for one in good], n=20)[-1]
            spent, weight = statistics.median(one[2] for one in good), max(one[3] for one in good)
            slowest, heaviest = max(slowest, worst), max(heaviest, weight)
            said = f"{worst:.0f} ({spent:.0f} cpu, {weight:.1f} KB)"
            line(f"{who} {path}: p95 of {TIMES}, ms", said, str(GOAL), worst <= GOAL, of=stations)
    line("heaviest desk page, its HTML, KB gzip", f"{heaviest:.1f}", str(WEIGHT), heaviest <= WEIGHT, of=stations)
    line("slowest desk page, p95 in ms", f"{slowest:.0f}", str(GOAL), slowest <= GOAL, of=stations)


def timed(client: object, path: str) -> tuple[float, int, float, float]:
    """Milliseconds by the clock, status, milliseconds of processor and weight of one view of a page."""
    start, spent = time.perf_counter(), time.process_time()
    answer = client.get(path)  # type: ignore[attr-defined]
    clock, spent = time.perf_counter() - start, time.process_time() - spent
    return clock * 1000, answer.status_code, spent * 1000, len(gzip.compress(answer.content, 6)) / 1024


if __name__ == "__main__":
    main()
