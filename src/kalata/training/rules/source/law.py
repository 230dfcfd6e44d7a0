"""Which version of an article is in force on a day, as far as the pack knows its texts.

The pack keeps texts with the days they are in force and what amends them, not each article. So a version of an article is
the day from which it reads so: the day of its text, or of an act that changes it. A version is in force on a day when its
text is, that day has come, an act of that day is known, and no later version that has come is cited of the same article.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kalata.training.rules.source.values import Basis, Source

READ = "text seen"
"""What the pack says of a text that somebody has read."""


class Force(StrEnum):
    """What a version of an article is on a day."""

    IN_FORCE = "in_force"
    UNKNOWN_TEXT = "unknown_text"
    UNKNOWN_VERSION = "unknown_version"
    NOT_YET = "not_yet"
    NO_LONGER = "no_longer"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class Text:
    """A text of the pack. until: the day from which it no longer holds; None: it holds. days: of itself and of what amends it."""

    id: str
    since: date | None
    until: date | None
    confidence: str
    days: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Law:
    """The texts of a pack, by their id and by the id without the country's prefix."""

    texts: Mapping[str, Text]

    def text_of(self, basis: Basis) -> Text | None:
        return self.texts.get(basis.text)

    def force(self, basis: Basis, on: date, later: Iterable[date] = ()) -> Force:
        """What this version is on that day. later: other versions of the article that are cited beside it."""
        text, version = self.text_of(basis), day(basis.version)
        if text is None:
            return Force.UNKNOWN_TEXT
        if version is None:
            return Force.UNKNOWN_VERSION
        if version > on or (text.since and text.since > on):
            return Force.NOT_YET
        if text.until and text.until <= on:
            return Force.NO_LONGER
        if version not in text.days:
            return Force.UNKNOWN_VERSION
        if any(version < other <= on for other in later):
            return Force.REPLACED
        return Force.IN_FORCE

    def unverified(self, basis: Basis) -> bool:
        """True where nobody has read the text of this version."""
        text = self.text_of(basis)
        known = basis.confidence or (text.confidence if text else "")
        return not basis.verified_by and known != READ


def day(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text)) if re.fullmatch(r"\d{4}-\d\d-\d\d", str(text)) else None
    except ValueError:
        return None


def law_of(records: Sequence[Mapping[str, object]], code: str) -> Law:
    """The law of the records of a pack's texts. What changes a text without ending it is an amendment of it."""
    texts: dict[str, Text] = {}
    for one in records:
        until = day(one.get("in_force_to"))
        texts[str(one["id"])] = Text(
            str(one["id"]), day(one.get("in_force_from")), until, str(one.get("confidence", ""))
        )
    days = {key: {text.since} for key, text in texts.items()}
    for one in records:
        changed = str(one.get("replaces", ""))
        came = day(one.get("in_force_from"))
        if changed in texts and came and one.get("type") != "bill" and texts[changed].until != came:
            days[changed].add(came)
            days[str(one["id"])] |= {came}
    prefix = f"{code.upper()}-"
    found = {key: Text(key, t.since, t.until, t.confidence, frozenset(d for d in days[key] if d)) for key, t in texts.items()}  # fmt: skip
    return Law({**{key.removeprefix(prefix): text for key, text in found.items()}, **found})


def versions(source: Source) -> dict[str, set[date]]:
    """Every version of each article that the source cites."""
    found: dict[str, set[date]] = {}
    for p in source.procedures:
        for bases in (*(s.basis for s in p.steps), *(b.basis for b in p.branches)):
            for one in bases:
                if version := day(one.version):
                    found.setdefault(one.article, set()).add(version)
    return found
