"""The acts of a draft as its writer works on them: one added, changed, moved or taken out; a pasted list read whole.

What stands before a rectification is never typed: it is what is in force after the acts before it. A list of stations is
taken whole or not at all, every row that cannot be taken named with its remedy. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kalata.refusals import Refused
from kalata.results.rules.boxes import ABSENT, Standing
from kalata.text import Message
from kalata.text import gettext_noop as _

from .acts import ANNULLED, RECTIFIED, Faulty, Plan, Work, box_of, plan
from .effect import Recomputation
from .election import Election
from .operative import Names, UnwrittenAct, article

Acts = Sequence[Mapping[str, Any]]
SPLIT = re.compile(r"[;,\t]+")
HEADS = frozenset({"bureau", "station", "code", "bureaux", "stations"})
UP, DOWN = "up", "down"


class NoSuchAct(Refused):
    code = "DIS-780"
    says = _("L’acte « %(act)s » n’est plus dans ce projet.")
    remedy = _("Rouvrez la page : une autre personne l’a peut-être retiré.")
    status = 409


@dataclass(frozen=True, slots=True)
class RowFault:
    """One row that cannot be taken: its number, what was written, why not, and what to do."""

    row: int
    word: str
    says: Message
    remedy: Message


UNKNOWN = _("« %(word)s » n’est aucun bureau de ce scrutin, ou en désigne plusieurs.")
TWICE = _("« %(word)s » est déjà à la ligne %(first)d.")
TAKEN = _("le bureau %(station)s est déjà touché par l’acte %(act)s.")
NOT_COUNTED = _("le bureau %(station)s n’est pas compté dans les résultats en vigueur.")
COUNTED = _("le bureau %(station)s est déjà compté.")
NO_BOX = _("« %(word)s » n’est aucune case de ce scrutin.")
NO_NUMBER = _("« %(word)s » n’est pas un nombre entier, zéro ou plus.")
SHORT = _("il faut trois colonnes : bureau, case, valeur exacte.")
FIX_CODE, FIX_ROW = _("Écrivez le code tel qu’il est au fichier des bureaux."), _("Retirez cette ligne.")
FIX_BOX, FIX_NUMBER = _("Écrivez figures.… ou votes.…, comme dans l’acte."), _("Écrivez le nombre en chiffres.")


def rows_of(text: str) -> list[tuple[int, list[str]]]:
    """(number of the line, its cells) of what was pasted or sent; empty lines and a line of headings are none."""
    out: list[tuple[int, list[str]]] = []
    for number, line in enumerate(text.splitlines(), 1):
        cells = [" ".join(cell.strip().strip('"').split()) for cell in SPLIT.split(line)]
        if any(cells) and not (not out and cells[0].casefold() in HEADS):
            out.append((number, cells))
    return out


def words_of(text: str) -> list[tuple[int, str]]:
    """(number of the line, what names a station) of a list: one a line, or several separated by commas."""
    return [(number, cell) for number, cells in rows_of(text) for cell in cells if cell]


def stations_of(
    words: Sequence[tuple[int, str]], codes: Mapping[str, str], election: Election, before: Plan, *, kind: str
) -> tuple[list[list[str]], list[RowFault]]:
    """The keys of the stations named, and every row that cannot be taken. codes: word -> code of the one station it
    names; before: the acts that come first."""
    touched = touching(before)
    keys: list[list[str]] = []
    faults: list[RowFault] = []
    first: dict[int, int] = {}
    for row, word in words:
        at = election.find([codes[word]]) if word in codes else None
        if at is None:
            faults.append(fault(row, word, UNKNOWN, FIX_CODE, word=word))
        elif at in first:
            faults.append(fault(row, word, TWICE, FIX_ROW, word=word, first=first[at]))
        else:
            first[at] = row
            name = " / ".join(election.keys[at])
            counted = before.standing.get(at, election.standing[at]) == Standing.COUNTED
            if kind != "RERUN_ORDER" and at in touched:
                faults.append(fault(row, word, TAKEN, FIX_ROW, station=name, act=touched[at]))
            elif kind == "ANNUL_STATION" and not counted:
                faults.append(fault(row, word, NOT_COUNTED, FIX_ROW, station=name))
            elif kind == "RESTORE" and counted:
                faults.append(fault(row, word, COUNTED, FIX_ROW, station=name))
            else:
                keys.append(list(election.keys[at]))
    return keys, faults


def fault(row: int, word: str, says: str, remedy: str, /, **values: object) -> RowFault:
    return RowFault(row, word, Message(says, values), Message(remedy))


def touching(before: Plan) -> dict[int, str]:
    """station -> the first act of a plan that touches it."""
    out: dict[int, str] = {}
    for step in before.steps:
        for at in step.stations:
            out.setdefault(at, step.act)
    return out


def rectifications_of(
    rows: Sequence[tuple[int, list[str]]], codes: Mapping[str, str], election: Election
) -> tuple[dict[tuple[str, ...], dict[str, int]], list[RowFault]]:
    """station -> {box: exact value} of rows (station, box, value), and every row that cannot be taken."""
    out: dict[tuple[str, ...], dict[str, int]] = {}
    faults = []
    for row, cells in rows:
        if len(cells) < 3 or not all(cells[:3]):
            faults.append(fault(row, " ; ".join(cells), SHORT, FIX_ROW))
            continue
        word, box, value = cells[0], cells[1], "".join(cells[2].split())
        at = election.find([codes[word]]) if word in codes else None
        if at is None:
            faults.append(fault(row, word, UNKNOWN, FIX_CODE, word=word))
        elif box_of(election, box) is None:
            faults.append(fault(row, box, NO_BOX, FIX_BOX, word=box))
        elif not (value.isascii() and value.isdigit()) or len(value) > 12:
            faults.append(fault(row, value, NO_NUMBER, FIX_NUMBER, word=cells[2]))
        elif box in out.setdefault(election.keys[at], {}):
            faults.append(fault(row, box, TWICE, FIX_ROW, word=f"{word} {box}", first=row))
        else:
            out[election.keys[at]][box] = int(value)
    return out, faults


# --- the list of acts ---------------------------------------------------------------------------------------
def index_of(acts: Acts, name: str) -> int:
    found = next((i for i, act in enumerate(acts) if act.get("id") == name), None)
    if found is None:
        raise NoSuchAct(act=name)
    return found


def next_id(acts: Acts) -> str:
    """A number that no act of the draft ever bears twice while it is there."""
    known = [int(i) for act in acts if (i := str(act.get("id"))).isascii() and i.isdigit()]
    return str(max(known, default=0) + 1)


def put(acts: Acts, act: Mapping[str, Any], name: str = "") -> list[dict[str, Any]]:
    """The acts with this one at the end, or in the place of the act `name`, whose number it keeps."""
    out = [dict(a) for a in acts]
    if name:
        out[index_of(acts, name)] = {"id": name} | dict(act) | {"id": name}
    else:
        out.append({"id": next_id(acts)} | {k: v for k, v in act.items() if k != "id"})
    return out


def without(acts: Acts, name: str) -> list[dict[str, Any]]:
    place = index_of(acts, name)
    return [dict(a) for i, a in enumerate(acts) if i != place]


def moved(acts: Acts, name: str, way: str) -> list[dict[str, Any]]:
    """The acts with this one a place higher or lower; at an end it stays where it is."""
    out = [dict(a) for a in acts]
    place = index_of(acts, name)
    to = min(max(place + (-1 if way == UP else 1), 0), len(out) - 1)
    out.insert(to, out.pop(place))
    return out


def in_force(election: Election, before: Acts, key: Sequence[str], boxes: Sequence[str]) -> dict[str, int | None]:
    """box -> its value after the acts before, None where it is empty. A box or station that is none is left out."""
    at = election.find(list(key))
    if at is None:
        return {}
    work = Work(election, plan(election, list(before)))
    out: dict[str, int | None] = {}
    for name in boxes:
        if (found := box_of(election, name)) is not None:
            value = work.in_force(at, *found)
            out[name] = None if value == ABSENT else value
    return out


def refreshed(election: Election, acts: Acts) -> list[dict[str, Any]]:
    """The same acts, what stands before each rectification read again from the records and the acts before it."""
    out: list[dict[str, Any]] = []
    for act in acts:
        after = act.get("after")
        if act.get("act") == "RECTIFY" and isinstance(after, Mapping):
            known = in_force(election, out, act.get("station") or (), list(after))
            act = dict(act) | {"before": {name: known.get(name) for name in after}}
        out.append(dict(act))
    return out


def faults_by_act(found: Plan) -> dict[str, list[Faulty]]:
    out: dict[str, list[Faulty]] = {}
    for one in found.faults:
        out.setdefault(one.act, []).append(one)
    return out


# --- beside the acts ----------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Shown:
    """An act on the page: its sentence (None while it cannot be written), its stations, what it does to valid votes."""

    act: Mapping[str, Any]
    text: str | None
    lacks: Message | None
    effect: int | None
    stations: int
    faults: Sequence[Faulty] = field(default=())


def shown(acts: Acts, done: Recomputation, names: Names, lang: str) -> list[Shown]:
    """Every act with its generated sentence and its own effect on the valid votes."""
    faults = faults_by_act(done.plan)
    effects = effects_of(done)
    counts = {s.act: len(s.stations) for s in done.plan.steps}
    out = []
    for act in acts:
        key = str(act.get("id"))
        text, lacks = None, None
        try:
            text = article(act, names).text(lang)
        except UnwrittenAct as one:
            lacks = one.message
        out.append(Shown(act, text, lacks, effects.get(key), counts.get(key, 0), faults.get(key, ())))
    return out


def effects_of(done: Recomputation) -> dict[str, int]:
    """act -> what it alone adds to the valid votes, or takes from them."""
    out: dict[str, int] = {}
    seen = list(done.before.valid)
    for step in done.plan.steps:
        if step.kind == ANNULLED:
            out[step.act] = -sum(seen[at] for at in step.stations)
        elif step.kind == RECTIFIED:
            gained = 0
            for at in step.stations:
                gained += done.after.valid[at] - seen[at]
                seen[at] = done.after.valid[at]
            out[step.act] = gained
        else:
            out[step.act] = sum(done.after.valid[at] for at in step.stations)
    return out
