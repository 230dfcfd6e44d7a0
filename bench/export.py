"""The per-station export alone in its process: the memory it needs is its own."""

from __future__ import annotations

import resource
import sys
import time

import django


def main() -> None:
    from bench.lines import line, not_measured

    django.setup()
    from kalata.country.models import Contest
    from kalata.results import exports
    from kalata.results.queries import board

    start = time.perf_counter()
    contest = Contest.objects.select_related("election__geography", "election__pack").get(code="banc")
    size = sum(len(chunk) for chunk in exports.figures_csv(board.board(contest), "fr"))
    took = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    line(
        "per-station CSV, 500,000 figures, a fresh process from the database",
        f"{took:.1f} s",
        "<= 8 s (peer 205 s)",
        took <= 8,
        of=size,
        least=2**20,
    )
    line("  its peak memory", f"{peak:.0f} MiB", "<= 200 MiB (peer 783)", peak <= 200, of=size, least=2**20)
    sys.exit(3 if not_measured else 0)


if __name__ == "__main__":
    main()
