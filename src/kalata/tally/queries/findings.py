"""What the review desk reads about findings: the lines they speak of, the reasons already given for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from kalata.country.models import Contest
from kalata.results.rules.checks import BY_CODE, boxes_of
from kalata.tally.models import Passage
from kalata.tally.rules.lifecycle import State

SPOKEN = {
    "E10": ("registered",),
    "W02": ("null_ballots", "ballots"),
    "W03": ("voters", "registered"),
    "E07": ("words_agree",),
}
"""Lines that a finding without a formula speaks of."""


def lines_of_codes(codes: Iterable[str], lines: Sequence[tuple[str, str, str]]) -> set[str]:
    """The lines of a form that these findings speak of; every vote where a sum of votes is in question."""
    there = {key for key, _label, _emblem in lines}
    out: set[str] = set()
    for code in codes:
        check = BY_CODE.get(code)
        out |= there & set(SPOKEN.get(code, ()))
        if check is None or check.left is None or check.right is None:
            continue
        out |= there & {box.value for box in boxes_of(check)}
        if code in ("E01", "E14"):
            out |= {key for key in there if key[:1] == "c" and key[1:].isdigit()}
    return out


def reasons(contest: Contest, code: str = "", most: int = 6) -> list[str]:
    """Reasons that review has given in this contest, the most frequent first."""
    given = Passage.objects.filter(
        paper__contest=contest, start=State.UNDER_REVIEW, to=State.CHECKED, right="results.review"
    ).exclude(reason="")
    recent = given.order_by("-pk").values_list("reason", flat=True)[:400]
    return [reason for reason, _n in Counter(recent).most_common(most)]
