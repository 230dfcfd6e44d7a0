"""Who comes first of options with the same claim, where a rule or an act says so. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kalata.text import Message
from kalata.text import gettext_noop as _

from .seats import LEGAL_ORDER


@dataclass(frozen=True, slots=True)
class Order:
    """Between options with the same claim: who comes first, by which rule or act. Empty: nothing says.

    votes, places: where an act was made for one tie, what each option had then and how many places were in play;
    it holds for that tie and no other.
    """

    options: tuple[str, ...] = ()
    by: Message = LEGAL_ORDER
    votes: Mapping[str, int] | None = None
    places: int = 0

    def made_for(self, tied: Sequence[str], votes: Mapping[str, int], places: int) -> bool:
        """True where this order may part these options: the very tie it was made for, or any, where a law gives it."""
        if self.votes is None:
            return bool(self.options)
        same = set(tied) == set(self.options) and places == self.places
        return same and all(votes.get(o) == n for o, n in self.votes.items())

    def ranks(self, tied: Sequence[str]) -> list[str] | None:
        """The tied in order, or None where one of them is not named."""
        chosen = [o for o in self.options if o in tied]
        return chosen if len(chosen) == len(tied) else None


NO_ORDER = Order()


def drawn_by(number: int) -> Message:
    return Message(_("le tirage au sort n° %(number)d"), {"number": number})
