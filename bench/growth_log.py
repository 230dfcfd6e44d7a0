"""The public log at one size: a night of fifty batches, its replay, one entry more, the sequencer started again."""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.transparency import country
from kalata.transparency import folder
from kalata.transparency.rules.entries import parsed
from kalata.transparency.rules.replay import Replay

BATCHES = 50


def spent(act: Callable[[], object]) -> float:
    start = time.process_time()
    act()
    return time.process_time() - start


def main(stations: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as keep:
        where = Path(keep)
        made = country(where, stations)
        order = list(range(stations))
        random.Random(3).shuffle(order)

        def night() -> None:
            for batch in range(BATCHES):
                for i in order[batch::BATCHES]:
                    made.report(f"B-{i:05d}")
                made.close()

        def replay() -> None:
            held = Replay(folder.LogFolder(where).register)
            for data in made.entries:
                held.feed(parsed(data))

        def one() -> None:
            made.report("B-00009")
            made.close()

        found = {"log: a night of 50 batches": spent(night), "log: its replay, every field judged": spent(replay)}
        one()
        return found | {"log: append of one entry, with every total": min(spent(one) for _n in range(5))}


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]))))
