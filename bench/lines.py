"""One figure of the bench, and what could not be measured."""

from __future__ import annotations

not_measured: list[str] = []


def line(what: str, got: str, goal: str, held: bool | None = None, *, of: int | None = None, least: int = 1) -> None:
    """One figure. of: how many things it was measured on; fewer than `least` and it says nothing about the goal."""
    mark = {True: "held", False: "NOT HELD", None: ""}[held]
    if of is not None and of < least:
        mark = f"NOT MEASURED ({of} of {least} needed)"
        not_measured.append(what)
    print(f"{what:<68}{got:>22}   goal {goal:<26}{mark}", flush=True)
