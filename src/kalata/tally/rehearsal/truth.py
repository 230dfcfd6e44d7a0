"""What the papers say and how clerks misread them. Pure and reproducible: the same seed, the same night."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from kalata.results.rules.boxes import MARKS, Box, Sheet


def written(
    boxes: Sequence[Box], options: int, registered: int, chance: random.Random, *, flawed: bool = False
) -> Sheet:
    """The figures of one paper: every identity holds, or (flawed) the sum of votes is off."""
    voters = registered * chance.randint(25, 70) // 100
    null = min(voters // 20, chance.randint(0, 12))
    valid = voters - null
    weights = [chance.randint(1, 100) for _i in range(options)]
    votes = [valid * w // sum(weights) for w in weights]
    votes[0] += valid - sum(votes)
    if flawed and valid > 20:
        votes[-1] += 9
    values = {
        Box.REGISTERED: registered, Box.ADDITIONAL: 0, Box.VOTERS: voters, Box.PROXIES: 0, Box.BALLOTS: voters,
        Box.NULL_BALLOTS: null, Box.BLANK_BALLOTS: 0, Box.ANNULLED_VOTES: 0, Box.VALID: valid, Box.RECEIVED: voters,
        Box.UNUSED: 0, Box.SPOILED: 0, Box.SIGNATURES: 5, Box.WORDS_AGREE: 1, Box.GAP_NOTED: 0,
    }  # fmt: skip
    return Sheet({box: values[box] for box in boxes}, tuple(votes))


def misread(sheet: Sheet, chance: random.Random) -> Sheet:
    """One figure read otherwise, as tired people do: two digits swapped, or a digit one off."""
    lines = [i for i, v in enumerate(sheet.votes) if v]
    if not lines:
        return sheet
    at = chance.choice(lines)
    value = sheet.votes[at] or 0
    text = str(value)
    wrong = int(text[::-1]) if len(set(text)) > 1 and chance.random() < 0.5 else value + 1
    if wrong == value or wrong > 99_999:
        wrong = value + 1
    return replace(sheet, votes=(*sheet.votes[:at], wrong, *sheet.votes[at + 1 :]))


def in_paper_order(sheet: Sheet) -> list[int | None]:
    """Counts, votes, then what is read beside the count: the order of the printed form."""
    counts = [v for b, v in sheet.boxes.items() if b not in MARKS]
    marks = [v for b, v in sheet.boxes.items() if b in MARKS]
    return [*counts, *sheet.votes, *marks]


def typed(sheet: Sheet) -> dict[str, str]:
    """The sheet as a clerk's form sends it: line -> text."""
    boxes = {b.value: "" if v is None else str(v) for b, v in sheet.boxes.items()}
    return boxes | {f"c{i}": "" if v is None else str(v) for i, v in enumerate(sheet.votes, 1)}
