"""The checks of the gate on what is printed of the result: totals, percentages, who is elected, the order, the seats.

All of it is derived from the acts by the recomputation; a printed figure is only ever compared, exactly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from kalata.results.rules.boxes import LABELS, Box
from kalata.results.rules.verdicts import Outcome
from kalata.text import Message, decimal_string
from kalata.text import gettext_noop as _

from .effect import Recomputation, elected, held, qualified
from .election import Sum, order_of
from .mismatch import UNREADABLE, Mismatch, mismatch, number, table

MOST_DECIMALS = 12
NUMBER = re.compile(r"(\d{1,12})(?:[.,](\d{1,12}))?(?:[\s\u00a0\u202f]*%)?")


@dataclass(slots=True, eq=False)
class Figures:
    """The three checks that look at what is printed of the result."""

    printed: Mapping[str, Any]
    done: Recomputation
    found: list[Mismatch] = field(default_factory=list)
    after: Mapping[str, Any] = field(default_factory=dict)

    def all(self) -> list[Mismatch]:
        self.after = self.done.after.record()
        self.totals()
        self.percentages()
        self.outcome()
        return self.found

    def say(self, check: str, sentence: str, **values: Any) -> None:
        self.found.append(mismatch(check, sentence, **values))

    def part(self, check: str, name: str) -> Mapping[str, Any] | None:
        """A table of what is printed; None where it is not printed, or cannot be read (and is then said)."""
        raw = self.printed.get(name)
        if raw is None:
            return None
        if not isinstance(raw, Mapping):
            self.unreadable(check, name, raw)
            return None
        return raw

    def unreadable(self, check: str, name: str, raw: Any) -> None:
        self.say(check, UNREADABLE, where={"field": name}, printed=raw, field=f"printed.{name}")

    # --- places ---
    def sums(self) -> Mapping[str, Sum]:
        """What each constituency adds up to, by its code; none where the outcome is that of the whole."""
        after = self.done.after
        return dict(zip(after.outcomes, after.sums, strict=True)) if after.local else {}

    def places(self, raw: Mapping[str, Any]) -> Iterator[tuple[str, Sum, str, Any]]:
        """(constituency or "", its sums, name, value): tables by constituency are read as those of each."""
        local = self.sums()
        for name, value in raw.items():
            if isinstance(value, Mapping) and name in local:
                yield from ((name, local[name], str(k), v) for k, v in value.items())
            else:
                yield "", self.done.after.total, str(name), value

    # --- totals ---
    def totals(self) -> None:
        for part in ("figures", "votes"):
            for place, sums, name, value in self.places(self.part("totals", part) or {}):
                computed = self.figure(sums, place, name) if part == "figures" else self.votes(sums, name)
                if computed is None or number(value) != computed:
                    self.say(
                        "totals",
                        _("Total « %(field)s » : le texte imprime %(printed)s, les actes donnent %(computed)s."),
                        where={"field": f"{part}.{name}", **({"constituency": place} if place else {})},
                        printed=value,
                        computed=computed,
                        field=self.named(place, name, part),
                    )

    def named(self, place: str, name: str, part: str) -> object:
        """A box in the reader's words, an option as it is written; the place before it, where there is one."""
        box = part == "figures" and name in {b.value for b in Box}
        if place or not box:
            return f"{place} {name}".strip()
        return Message(LABELS[Box(name)])

    def figure(self, sums: Sum, place: str, name: str) -> int | None:
        if name == Box.VALID.value:
            return sums.valid
        boxes = {b.value: v for b, v in zip(self.done.after.boxes, sums.boxes, strict=True)}
        if name in boxes:
            return boxes[name]
        if name == Box.ANNULLED_VOTES.value and not place:
            return self.done.annulled_votes
        return None

    def votes(self, sums: Sum, name: str) -> int | None:
        return self.done.after.votes_of(sums).get(name)

    # --- percentages ---
    def percentages(self) -> None:
        raw = self.part("percentages", "percentages")
        if raw is None:
            return
        places = self.printed.get("decimals")
        if places is not None and not (number(places) is not None and 0 <= places <= MOST_DECIMALS):
            self.unreadable("percentages", "decimals", places)
            places = None
        for place, sums, name, value in self.places(raw):
            count = self.votes(sums, name)
            text = str(value).strip() if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
            read = NUMBER.fullmatch(text)
            wanted = len(read[2] or "") if read and places is None else 2 if places is None else places
            computed = None
            if count is not None and sums.valid > 0:
                computed = decimal_string(Fraction(100 * count, sums.valid), wanted)
            good = (
                read is not None and computed is not None and Decimal(f"{read[1]}.{read[2] or 0}") == Decimal(computed)
            )
            if not good:
                self.say(
                    "percentages",
                    _("« %(option)s » : le texte imprime %(printed)s %%, %(votes)s voix sur %(valid)d font %(share)s %%."),
                    where={"option": name, **({"constituency": place} if place else {})},
                    printed=value,
                    computed=computed,
                    option=name,
                    votes=count,
                    valid=sums.valid,
                    share=None if computed is None else Decimal(computed),
                )  # fmt: skip

    # --- outcome ---
    def outcome(self) -> None:
        self.result()
        self.names(
            "elected", elected, _("Élus%(place)s : le texte imprime %(printed)s, les actes donnent %(computed)s.")
        )
        self.names(
            "qualified",
            qualified,
            _("Qualifiés%(place)s : le texte imprime %(printed)s, les actes donnent %(computed)s."),
        )
        self.order()
        self.seats()

    def wrong(self, name: str, place: str, sentence: str, printed: Any, computed: Any) -> None:
        self.say(
            "outcome",
            sentence,
            where={"field": name, **({"constituency": place} if place else {})},
            printed=printed,
            computed=computed,
            place=f" ({place})" if place else "",
        )

    def by_place(self, name: str) -> Iterator[tuple[str, Any]]:
        """(constituency or "", what is printed there). A place that the contest does not have is a mismatch."""
        raw = self.printed.get(name)
        if raw is None or raw == {}:
            return
        local = self.sums()
        if not (isinstance(raw, Mapping) and local and name != "result") and not (
            name == "result" and isinstance(raw, Mapping)
        ):
            yield "", raw
            return
        flat = name == "seats" and not any(isinstance(v, Mapping) for v in raw.values())
        if flat:
            yield "", raw
            return
        for place, value in raw.items():
            if place in local:
                yield str(place), value
            else:
                self.wrong(name, str(place), _("Circonscription inconnue%(place)s : %(printed)s."), value, None)

    def outcomes(self, place: str) -> list[Outcome]:
        found = self.done.after.outcomes
        return [found[place]] if place in found else list(found.values())

    def result(self) -> None:
        for place, value in self.by_place("result"):
            local = self.done.after.outcomes.get(place)
            computed = local.status.value if local is not None else self.after["outcome"]["status"]
            if value != computed:
                sentence = _("Résultat%(place)s : le texte imprime %(printed)s, les actes donnent %(computed)s.")
                self.wrong("result", place, sentence, value, computed)

    def names(self, name: str, of: Any, sentence: str) -> None:
        for place, value in self.by_place(name):
            wanted = frozenset(o for one in self.outcomes(place) for o in of(one))
            ordered = [o for o in self.done.after.options if o in wanted]
            words = value if isinstance(value, list | tuple) and all(isinstance(v, str) for v in value) else None
            if words is None or len(set(words)) < len(words) or frozenset(words) != wanted:
                self.wrong(name, place, sentence, value, ordered)

    def order(self) -> None:
        for place, value in self.by_place("order"):
            sums = self.sums().get(place, self.done.after.total)
            computed = order_of(self.done.after.votes_of(sums))
            if levels(value) != [frozenset(level) for level in computed]:
                sentence = _("Ordre%(place)s : le texte imprime %(printed)s, les actes donnent %(computed)s.")
                self.wrong("order", place, sentence, value, computed)

    def seats(self) -> None:
        for place, value in self.by_place("seats"):
            computed: dict[str, int] = {}
            for one in self.outcomes(place):
                for option, n in held(one).items():
                    computed[option] = computed.get(option, 0) + n
            given = table(value)
            good = isinstance(value, Mapping) and all(number(v) is not None for v in given.values())
            good = good and set(given) <= set(self.done.after.options)
            if not good or {o: n for o, n in given.items() if n} != computed:
                sentence = _("Sièges%(place)s : le texte imprime %(printed)s, les actes donnent %(computed)s.")
                self.wrong("seats", place, sentence, value, computed)


def levels(value: Any) -> list[frozenset[str]] | None:
    """An order as printed: equal ones together; an option alone may stand without brackets."""
    if not isinstance(value, list | tuple):
        return None
    out: list[frozenset[str]] = []
    for level in value:
        names = [level] if isinstance(level, str) else level
        if not isinstance(names, list | tuple) or not names or not all(isinstance(n, str) for n in names):
            return None
        if len(set(names)) < len(names):
            return None
        out.append(frozenset(names))
    return out
