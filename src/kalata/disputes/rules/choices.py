"""What a rapporteur chooses to try on a case, as acts of a decision: annul, rectify, deduct, restore, vote again.

Lines that a person writes become acts with the values in force written in them, so that what is tried is what a draft
would say. Nothing is judged here: `acts.plan` finds every fault. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kalata.refusals import Refused
from kalata.results.rules.boxes import ABSENT, Box
from kalata.text import fold
from kalata.text import gettext_noop as _

from .acts import box_of
from .election import Election
from .materiality import Weighing, weigh

MOST = 30_000
DEDUCTED = "deducted"


class BadLine(Refused):
    code = "DIS-803"
    says = _("Case « %(field)s », ligne %(row)d : « %(line)s » ne se lit pas.")
    remedy = _("Écrivez %(shape)s, une ligne par bureau. Rien n’a été calculé.")
    status = 422
    sentences = frozenset({"field", "shape"})


RECTIFY_SHAPE = _("« code ; case ou candidature ; valeur »")
DEDUCT_SHAPE = _("« code ; candidature ; bulletins »")
IRREGULAR_SHAPE = _("« code ; bulletins »")


@dataclass(frozen=True, slots=True)
class Choice:
    """Stations are codes. annul: stations, each by itself; areas: (column, word), every station there; rectify: (station,
    box or option, value); deduct: (station, option, ballots); rerun: annulled, with a new vote; irregular: (station,
    ballots of nobody knows whom)."""

    annul: tuple[str, ...] = ()
    areas: tuple[tuple[str, str], ...] = ()
    rectify: tuple[tuple[str, str, int], ...] = ()
    deduct: tuple[tuple[str, str, int], ...] = ()
    restore: tuple[str, ...] = ()
    rerun: tuple[str, ...] = ()
    irregular: tuple[tuple[str, int], ...] = ()


def cells(text: str, n: int, name: str, shape: str) -> list[tuple[str, ...]]:
    """Lines of n cells separated by semicolons, the last a whole number. DIS-803 names the line."""
    out = []
    for row, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        parts = tuple(part.strip() for part in line.split(";"))
        number = "".join(parts[-1].split())
        if len(parts) != n or not all(parts) or not (number.isascii() and number.isdigit()) or len(number) > 12:
            raise BadLine(field=name, row=row, line=line.strip()[:80], shape=shape)
        out.append((*parts[:-1], number))
    return out


def rectified(text: str) -> tuple[tuple[str, str, int], ...]:
    return tuple((a, b, int(n)) for a, b, n in cells(text, 3, _("rectifier"), RECTIFY_SHAPE))


def deducted(text: str) -> tuple[tuple[str, str, int], ...]:
    return tuple((a, b, int(n)) for a, b, n in cells(text, 3, _("déduire"), DEDUCT_SHAPE))


def irregulars(text: str) -> tuple[tuple[str, int], ...]:
    return tuple((a, int(n)) for a, n in cells(text, 2, _("bulletins irréguliers"), IRREGULAR_SHAPE))


# --- as acts ----------------------------------------------------------------------------------------------
@dataclass(slots=True)
class Writing:
    """Acts as they are written one after the other. grounds: station -> the ground that aims at it; names: what people
    call a box or an option -> the field of an act."""

    election: Election
    grounds: Mapping[str, str]
    names: Mapping[str, str]
    acts: list[dict[str, Any]] = field(default_factory=list)
    now: dict[tuple[str, str], int | None] = field(default_factory=dict)

    def add(self, act: str, **what: Any) -> None:
        said = {k: v for k, v in what.items() if v}
        self.acts.append({"id": str(len(self.acts) + 1), "act": act, **said})

    def by_ground(self, act: str, stations: Iterable[str]) -> None:
        """One act for the stations of each ground, in the order of the grounds; one more for those of none."""
        groups: dict[str, list[list[str]]] = {}
        for code in dict.fromkeys(stations):
            groups.setdefault(self.grounds.get(code, ""), []).append([code])
        order = [*dict.fromkeys(self.grounds.values()), ""]
        for ground in sorted(groups, key=order.index):
            self.add(act, stations=groups[ground], ground=ground)

    def field_of(self, word: str) -> str:
        """The field of an act that a person's word names; the word itself where it names none."""
        if "." in word:
            return word
        return self.names.get(fold(word), word)

    def value(self, code: str, name: str) -> int | None:
        """The value in force after the acts before; None where the box is empty or unknown."""
        if (code, name) not in self.now:
            at, found = self.election.find([code]), box_of(self.election, name)
            value = ABSENT
            if at is not None and found is not None:
                box, option = found
                value = self.election.votes[option][at] if box is None else self.election.valid[at] if box is Box.VALID else self.election.figure(at, box)  # fmt: skip
            self.now[code, name] = None if value == ABSENT else value
        return self.now[code, name]

    def change(self, code: str, after: dict[str, int], **more: Any) -> None:
        before = {name: self.value(code, name) for name in after}
        self.now |= {(code, name): value for name, value in after.items()}
        self.add("RECTIFY", station=[code], before=before, after=after, ground=self.grounds.get(code, ""), **more)

    def rectify(self, lines: Sequence[tuple[str, str, int]]) -> None:
        """One act a station, with every box of it that changes."""
        changed: dict[str, dict[str, int]] = {}
        for code, word, value in lines:
            changed.setdefault(code, {})[self.field_of(word)] = value
        for code, after in changed.items():
            self.change(code, after)

    def deduct(self, code: str, word: str, ballots: int) -> None:
        """So many ballots off an option and off the valid votes of a station; voters and registered stay."""
        name = self.field_of(word)
        after = {name: (self.value(code, name) or 0) - ballots}
        valid = f"figures.{Box.VALID.value}"
        if Box.VALID in self.election.boxes and self.value(code, valid) is not None:
            after[valid] = (self.value(code, valid) or 0) - ballots
        self.change(code, after, method=DEDUCTED)


def acts_of(election: Election, choice: Choice, grounds: Mapping[str, str], names: Mapping[str, str]) -> list[dict[str, Any]]:  # fmt: skip
    """What is chosen, as acts in one order. A station to vote again in is annulled, and its new vote ordered."""
    work = Writing(election, grounds, names)
    work.by_ground("ANNUL_STATION", [*choice.annul, *choice.rerun])
    for column, word in choice.areas:
        work.add("ANNUL_AREA", where={column: word})
    work.rectify(choice.rectify)
    for line in choice.deduct:
        work.deduct(*line)
    if choice.restore:
        work.by_ground("RESTORE", choice.restore)
    if choice.rerun:
        work.add("RERUN_ORDER", stations=[[code] for code in dict.fromkeys(choice.rerun)])
    return work.acts


def rerun_in(acts: Iterable[Mapping[str, Any]]) -> list[Any]:
    """The stations in which acts order a new vote."""
    return [key for act in acts if act.get("act") == "RERUN_ORDER" for key in act.get("stations") or ()]


def case_of(contested: Sequence[str] | str, acts: Sequence[Mapping[str, Any]], irregular: Sequence[tuple[str, int]] = ()) -> dict[str, Any]:  # fmt: skip
    """The document that `kalata disputes materiality --case` reads."""
    out: dict[str, Any] = {"contested": contested if isinstance(contested, str) else [[c] for c in contested]}
    if acts:
        out["acts"] = list(acts)
    if irregular:
        out["irregular"] = [{"station": [code], "votes": n} for code, n in irregular]
    return out


def tried(election: Election, case: Mapping[str, Any]) -> Weighing:
    """`weigh`, with the stations in which a new vote is ordered open to all that it could bring: their registered
    electors. Raises DIS-501 … DIS-507 with every fault."""
    found = {at for key in rerun_in(case.get("acts") or ()) if (at := election.find(key)) is not None}
    return weigh(election.with_(rerun=election.rerun | found) if found else election, case)
