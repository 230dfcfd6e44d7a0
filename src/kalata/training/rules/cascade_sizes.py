"""The totals of a kept cascade, in the words that rooms agree on: what is paid for, at which price, over how many days. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from kalata.training.rules.cascade import TRAINERS
from kalata.training.rules.cascade_keep import Content, Kept

PRICED = {"venue": "venue_days", "allowance": "trainee_days", "trainer": "trainer_days", "print": "manuals"}
"""Each price of a cascade, and what it is the price of."""


def figures_of(content: Content, classes: Sequence[Kept]) -> dict[str, int]:
    """A price that the cascade does not say (none, or nought) is not there: nothing is multiplied by what nobody said."""
    people, days = sum(c.places for c in classes), content.class_days
    taught = {d for c in classes for d in content.days if c.first <= d <= c.last}
    prices = {name: price for name in PRICED if (price := getattr(content.costs, name))}
    return {
        "sessions": len(classes), "trainees": people, "trainers": TRAINERS * len(content.pairs), "manuals": people,
        "venue_days": len(classes) * days, "trainee_days": people * days, "trainer_days": TRAINERS * len(classes) * days,
        "span": (max(taught) - min(taught)).days + 1 if taught else 0, "days": len(taught), **prices,
    }  # fmt: skip
