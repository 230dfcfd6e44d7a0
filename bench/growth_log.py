"""The public log at one size: a night of fifty batches, its replay, one entry more, the sequencer started again."""

from __future__ import annotations

import hmac
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.transparency import country
from kalata.transparency import folder
from kalata.transparency.rules import resting
from kalata.transparency.rules.entries import parsed
from kalata.transparency.rules.replay import Replay

BATCHES = 50


def spent(act: Callable[[], object]) -> float:
    start = time.process_time()
    act()
    return time.process_time() - start


def started(made: Any, where: Path) -> dict[str, float]:
    """The sequencer started again from what it wrote down: its seal, the tree, every station, the nation's total."""

    def read(index: int) -> Any:
        return parsed(made.entries[index])

    at, body = where / "state", resting.rest(made.tree, made.replay)
    found = {"log: its state written down": spent(lambda: at.write_bytes(resting.rest(made.tree, made.replay)))}

    def again() -> None:
        data = at.read_bytes()
        assert hmac.new(b"k", data, "sha256").digest() and data == body
        tree, replay = resting.risen(data, folder.LogFolder(where).register, read)
        assert tree.root() == made.tree.root() and replay.total(("nation", "")) == made.replay.total(("nation", ""))

    return found | {"log: sequencer started again": spent(again)}


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
        found |= started(made, where)
        one()
        return found | {"log: append of one entry, with every total": min(spent(one) for _n in range(5))}


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]))))
