"""What the gate reads in the reasons that persons wrote: a number typed there that the acts do not give.

Only what is plainly said of this decision is held against it: stations annulled or corrected, votes annulled, valid votes.
A number in words counts (sept bureaux). What stands between guillemets is quoted from somebody, and is not read. A number
of votes or a share may be of anything: it is a warning, and refuses nothing. Figures written by their name between braces
are already those of the acts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from kalata.text import Message, decimal_string
from kalata.text import gettext_noop as _

from .acts import ANNULLED, RECTIFIED
from .effect import Recomputation
from .mismatch import Mismatch, mismatch, table

UNITS = [
    "zéro",
    "un",
    "deux",
    "trois",
    "quatre",
    "cinq",
    "six",
    "sept",
    "huit",
    "neuf",
    "dix",
    "onze",
    "douze",
    "treize",
    "quatorze",
    "quinze",
    "seize",
]
TENS = {"vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60, "septante": 70, "huitante": 80, "nonante": 90}  # fmt: skip
SMALL = {word: n for n, word in enumerate(UNITS)} | {"une": 1, "zero": 0} | TENS
WORDS = sorted({*SMALL, "vingts", "cent", "cents", "mille"}, key=len, reverse=True)
SPACE = r"[\s\u00a0\u202f]"
DIGITS = rf"\d{{1,3}}(?:{SPACE}\d{{3}})+|\d{{1,12}}"
IN_WORDS = rf"(?:{'|'.join(WORDS)})(?:(?:-|{SPACE})(?:et(?:-|{SPACE}))?(?:{'|'.join(WORDS)}))*"
NUMBER = rf"(?<![\d\w/.,-])(?P<n>{DIGITS}|{IN_WORDS})(?![\d/.,-]*\d)"
GAP = rf"{SPACE}+"
BE = rf"(?:(?:sont|soient|ont{GAP}été|étant|seront|de{GAP}vote|qui{GAP}sont){GAP})*"
STATIONS = rf"bureaux?(?:{GAP}de{GAP}vote)?"
SAID: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("annulled_stations", re.compile(rf"{NUMBER}{GAP}{STATIONS}{GAP}{BE}annulés?\b", re.I)),
    ("annulled_stations", re.compile(rf"\bannul\w*{GAP}(?:les{GAP}|des{GAP}|dans{GAP}|de{GAP})?(?:les{GAP})?{NUMBER}{GAP}{STATIONS}\b", re.I)),
    ("annulled_stations", re.compile(rf"\bannulation{GAP}(?:des{GAP}|de{GAP}){NUMBER}{GAP}{STATIONS}\b", re.I)),
    ("rectified_stations", re.compile(rf"{NUMBER}{GAP}{STATIONS}{GAP}{BE}rectifiés?\b", re.I)),
    ("annulled_votes", re.compile(rf"{NUMBER}{GAP}suffrages{GAP}(?:exprimés{GAP})?{BE}annulés?\b", re.I)),
    ("valid", re.compile(rf"{NUMBER}{GAP}suffrages{GAP}(?:valablement{GAP})?exprimés\b(?!{GAP}{BE}annulés?)", re.I)),
)  # fmt: skip
VOTES = re.compile(rf"{NUMBER}{GAP}voix\b", re.I)
SHARE = re.compile(rf"(?<![\d\w/.,-])(\d{{1,3}})[.,](\d{{1,6}}){SPACE}*%")
QUOTED = re.compile(r"«[^»]*»|“[^”]*”")
TYPED: Mapping[str, str] = {
    "annulled_stations": _("Motifs : « %(words)s » ; les actes annulent %(computed)s {computed:bureau|bureaux}."),
    "rectified_stations": _("Motifs : « %(words)s » ; les actes rectifient %(computed)s {computed:bureau|bureaux}."),
    "annulled_votes": _("Motifs : « %(words)s » ; les bureaux annulés ont %(computed)s {computed:suffrage exprimé|suffrages exprimés}."),
    "valid": _("Motifs : « %(words)s » ; les suffrages exprimés sont %(computed)s après les actes."),
}
CHECK = {"valid": "totals"}
MAYBE = _("Motifs : « %(words)s » n’est aucun chiffre tiré des actes ; à vérifier, ou à mettre entre guillemets.")


def number_of(text: str) -> int | None:
    """A whole number in digits or in French words; None where it is none. Sept cent trente et un is 731."""
    plain = re.sub(SPACE, "", text)
    if plain.isascii() and plain.isdigit():
        return int(plain)
    total, part = 0, 0
    for word in re.split(rf"-|{SPACE}+", text.casefold()):
        if word == "et":
            continue
        if word == "mille":
            total, part = total + (part or 1) * 1_000, 0
        elif word in ("cent", "cents"):
            part = (part or 1) * 100
        elif word in ("vingt", "vingts") and part % 100 == 4:
            part += 76  # quatre-vingt(s)
        elif word in SMALL:
            part += SMALL[word]
        else:
            return None
    return total + part


@dataclass(slots=True, eq=False)
class Prose:
    """The check of what was typed, after the others. found, maybe: mismatches, and warnings."""

    decision: Mapping[str, Any]
    done: Recomputation
    found: list[Mismatch] = field(default_factory=list)
    maybe: list[Message] = field(default_factory=list)

    def all(self) -> list[Mismatch]:
        allowed = self.allowed()
        for where, text in self.texts():
            plain = QUOTED.sub(lambda quoted: " " * len(quoted[0]), text)
            for what, pattern in SAID:
                for one in pattern.finditer(plain):
                    self.one(what, where, one, allowed[what])
            self.warn(plain)
        return self.found

    def one(self, what: str, where: str, said: re.Match[str], allowed: tuple[int, frozenset[int]]) -> None:
        value = number_of(said["n"])
        computed, others = allowed
        if value is None or value == computed or value in others:
            return
        place = {"field": what, "section": where}
        if any(m.where == place and m.printed == value for m in self.found):
            return
        words = " ".join(said[0].split())
        self.found.append(
            mismatch(CHECK.get(what, "counts"), TYPED[what], where=place, printed=value, computed=computed, words=words)
        )

    def texts(self) -> Iterator[tuple[str, str]]:
        """(section, words) of everything that persons wrote."""
        for key, text in table(self.decision.get("texts")).items():
            if isinstance(text, str):
                yield str(key), text
        outcomes = self.decision.get("outcomes")
        for one in outcomes if isinstance(outcomes, list | tuple) else ():
            for ground, text in table(table(one).get("reasons")).items():
                if isinstance(text, str):
                    yield f"merits:{one.get('petition')}:{ground}", text

    def allowed(self) -> dict[str, tuple[int, frozenset[int]]]:
        """what -> (the figure of the whole decision, every other figure of that kind that the acts give: by act, by place)."""
        before, after = self.done.before, self.done.after
        steps = self.done.plan.steps
        annulled = self.done.annulled
        rectified = {at for s in steps if s.kind == RECTIFIED for at in s.stations}
        stations, votes = set[int](), set[int]()
        for step in (s for s in steps if s.kind == ANNULLED):
            stations.add(len(step.stations))
            votes |= {sum(before.valid[at] for at in step.stations), *(before.valid[at] for at in step.stations)}
        for level in range(max((len(a) for a in before.areas), default=0)):
            by: dict[str, list[int]] = {}
            for at in annulled:
                if level < len(before.areas[at]):
                    by.setdefault(before.areas[at][level], []).append(at)
            stations |= {len(ones) for ones in by.values()}
            votes |= {sum(before.valid[at] for at in ones) for ones in by.values()}
        valid = {before.total.valid, *votes, self.done.annulled_votes}
        valid |= {s.valid for side in (before, after) for s in side.sums}
        valid |= {side.valid[at] for side in (before, after) for at in (*annulled, *rectified)}
        return {
            "annulled_stations": (len(annulled), frozenset(stations)),
            "rectified_stations": (len(rectified), frozenset()),
            "annulled_votes": (self.done.annulled_votes, frozenset(votes)),
            "valid": (after.total.valid, frozenset(valid)),
        }

    def warn(self, text: str) -> None:
        """Votes and shares that are no figure of the acts: said, and nothing refused."""
        known = set(self.numbers())
        for one in VOTES.finditer(text):
            if number_of(one["n"]) not in known:
                self.say(one[0])
        for one in SHARE.finditer(text):
            places = len(one[2])
            if f"{int(one[1])}.{one[2]}" not in {decimal_string(100 * share, places) for share in self.shares()}:
                self.say(one[0])

    def say(self, words: str) -> None:
        said = Message(MAYBE, {"words": " ".join(words.split())})
        if said not in self.maybe:
            self.maybe.append(said)

    def numbers(self) -> Iterator[int]:
        """Votes, and every gap between two options, on both sides and by place; votes of the stations touched."""
        touched = {at for s in self.done.plan.steps for at in s.stations}
        for side in (self.done.before, self.done.after):
            for sums in (side.total, *side.sums):
                yield from sums.votes
                yield from (abs(a - b) for a in sums.votes for b in sums.votes)
            yield from (column[at] for column in side.votes for at in touched)
        old, new = self.done.before.total.votes, self.done.after.total.votes
        yield from (abs(a - b) for a, b in zip(old, new, strict=True))

    def shares(self) -> Iterator[Fraction]:
        for side in (self.done.before, self.done.after):
            for sums in (side.total, *side.sums):
                if sums.valid:
                    yield from (Fraction(v, sums.valid) for v in sums.votes)
