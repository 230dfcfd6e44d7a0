"""Plans for the tests: the reference plan beside the checkout, and small ones written in a line."""

from datetime import date

from kalata.planning.rules.reading import plan_of
from tests.conftest import SHARED

BASELINE = SHARED / "operational_plan_baseline.csv"
START = date(2026, 1, 5)


def baseline():
    return plan_of(BASELINE.read_bytes(), START)


def plan(*lines, start=START):
    """Lines `A 5 wd B:FS+2d;C` as a plan."""
    rows = [[*line.split(" "), "", "", ""][:4] for line in lines]
    return plan_of("id,dur_likely,dur_unit,predecessors\n" + "\n".join(",".join(r) for r in rows), start)
