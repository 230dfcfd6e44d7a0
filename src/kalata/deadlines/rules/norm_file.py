"""A file of norms between events -> a `Problem`. Four ways to write a norm, mixed at will:

    {id: A, from: J1, to: PROV, max: 5}                    bounds, with min, max or exact
    {id: B, event: FINAL, direction: after, offset: 21, op: exact, defines: J2}     as in a pack
    {id: C, u: J1, v: J2, w: 14}                           a difference constraint x_v - x_u <= w
    {id: D, says: "FINAL >= PROV + 48 h"}                  a sentence: <=, >=, =

`unit` is days unless said. `nth_weekday: {weekday, n}` bounds the distance to [7(n-1)+1, 7n] and
fixes the weekday. `events` may give a date, a weekday; `order` lists events none may reorder;
`structural: true` marks a norm that nobody can change.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from kalata.refusals import Refused
from kalata.text import Named
from kalata.text import gettext_noop as _

from .definition import DAYS, UNITS, BadDefinition, word
from .feasibility import Bound, Problem
from .graph import DAY_MINUTES, Edge
from .norms import RANKS, Circular, UnknownEvent
from .steps import Unit


class BadNormFile(Refused):
    code = "DL-117"
    says = _("Fichier de normes, %(record)s, champ « %(field)s » : %(why)s.")
    remedy = _("Voyez la page « Échéances » de la documentation pour les façons d’écrire une norme.")
    status = 422


MINUTES: Mapping[Unit, tuple[int, int]] = {
    Unit.MINUTE: (1, 1),
    Unit.HOUR: (60, 60),
    Unit.DAY: (DAY_MINUTES, DAY_MINUTES),
    Unit.WEEK: (7 * DAY_MINUTES, 7 * DAY_MINUTES),
    Unit.MONTH: (28 * DAY_MINUTES, 31 * DAY_MINUTES),
    Unit.YEAR: (365 * DAY_MINUTES, 366 * DAY_MINUTES),
}
"""A unit's shortest and longest length: months and years are bounds, not equalities."""
START = ("from", "event", "trigger", "start", "after", "source_event")
END = ("to", "defines", "then", "target", "end", "fixes")


def picked(record: Mapping[str, object], keys: Sequence[str]) -> object:
    return next((record[k] for k in keys if record.get(k) not in (None, "")), None)


def amount(id_: str, key: str, value: object) -> int:
    if isinstance(value, bool) or not re.fullmatch(r"-?\d{1,6}", str(value).strip()):
        raise BadDefinition(record=id_, field=key, value=str(value)[:40], expected="0, 1, 2 …")
    return int(str(value))


def rank_of(id_: str, value: object) -> int:
    if value in (None, ""):
        return 0
    if isinstance(value, int):
        return value
    return word(id_, "rank", value, {**RANKS, "assumption": 0, "unknown": 0, "organic": 5, "body decision": 1})


def bound_from(record: Mapping[str, object], number: int) -> Bound:
    """One norm of the file. Raises DL-107 (value), DL-117 (what is missing), DL-103 (circular)."""
    id_ = str(record.get("id") or f"n° {number}")
    label = Named(
        str(record.get("what_fr") or record.get("label") or record.get("title") or id_),
        str(record.get("what_en") or ""),
    )
    rank = rank_of(id_, record.get("rank"))
    basis = ", ".join(str(record[k]) for k in ("law", "article") if record.get(k))
    if said := picked(record, ("says", "constraint", "expr")):
        record = {**record, **spoken(id_, str(said))}
    if isinstance(pair := record.get("between"), list) and len(pair) == 2:
        record = {**record, "from": pair[0], "to": pair[1]}
    unit = word(id_, "unit", record.get("unit") or "days", UNITS)
    if unit is Unit.WORKING_DAY:  # its length depends on where it starts
        raise BadDefinition(
            record=id_, field="unit", value="working_day", expected="minutes, hours, days, weeks, months, years"
        )
    short, long = MINUTES[unit]
    if {"u", "v", "w"} <= record.keys():
        start, end = str(record["u"]), str(record["v"])
        most = amount(id_, "w", record["w"]) * long
        made = Bound(id_, start, end, None, most, None, label, rank, basis)
    else:
        made = described(record, id_, label, rank, basis, short, long)
    if made.start == made.end:
        raise Circular(record=id_, field="to", chain=f"{made.start} → {made.end}")
    return made


SAID = re.compile(r"\s*([^\s<>=+]+)\s*(<=|>=|==|=)\s*([^\s<>=+]+?)\s*(?:([+-])\s*(\d+)\s*([A-Za-z]*))?\s*")
SHORT_UNITS = {"": "day", "d": "day", "j": "day", "h": "hour", "w": "week", "m": "month", "y": "year"}


def spoken(id_: str, text: str) -> dict[str, object]:
    """ "PROV <= J1 + 5" -> {from: J1, to: PROV, max: 5}; also >=, =, hours: "FINAL >= PROV + 48 h"."""
    found = SAID.fullmatch(text)
    if not found:
        raise BadDefinition(record=id_, field="says", value=text[:60], expected="PROV <= J1 + 5")
    end, sign, start, plus, n, unit = found.groups()
    amount_ = int(n or 0) * (-1 if plus == "-" else 1)
    bound = {"<=": "max", ">=": "min"}.get(sign, "exact")
    return {"from": start, "to": end, bound: amount_, "unit": SHORT_UNITS.get((unit or "").lower(), unit)}


def described(
    record: Mapping[str, object], id_: str, label: Named, rank: int, basis: str, short: int, long: int
) -> Bound:
    start, end = picked(record, START), picked(record, END)
    if start is None or end is None:
        raise BadNormFile(record=id_, field="from" if start is None else "to", why="–")
    before = str(record.get("direction") or "after") == "before"
    nth = record.get("nth_weekday")
    lo: int | None = None
    hi: int | None = None
    weekday = None
    if isinstance(nth, Mapping):
        n = amount(id_, "nth_weekday", nth.get("n"))
        weekday = word(id_, "weekday", nth.get("weekday") or "", DAYS)
        lo, hi = (7 * (n - 1) + 1) * DAY_MINUTES, 7 * n * DAY_MINUTES
    else:
        op = str(record.get("op") or "")
        exact = picked(record, ("exact", "equals"))
        offset = picked(record, ("offset", "n", "days"))
        least = picked(record, ("min", "at_least", "offset_min", "least"))
        most = picked(record, ("max", "at_most", "latest", "offset_max", "most"))
        if offset is not None and exact is None and least is None and most is None:
            kind = word(
                id_, "op", op or "exact", {k: k for k in ("exact", "latest", "at_least", "at_most", "==", "<=", ">=")}
            )
            if kind in ("exact", "=="):
                exact = offset
            elif kind in ("latest", "at_most", "<="):
                least, most = (offset, None) if before and kind == "latest" else (None, offset)
            else:
                least = offset
        if exact is not None:
            least = most = exact
        if least is None and most is None:
            raise BadNormFile(record=id_, field="min", why="min, max, exact, offset, nth_weekday, w")
        if least is not None:
            lo = amount(id_, "min", least)
            lo *= short if lo >= 0 else long
        if most is not None:
            hi = amount(id_, "max", most)
            hi *= long if hi >= 0 else short
        if lo is not None and hi is not None and lo > hi:
            raise BadDefinition(record=id_, field="max", value=str(most), expected=f"≥ {least}")
    if record.get("weekday"):
        weekday = word(id_, "weekday", record["weekday"], DAYS)
    if before:  # x_event - x_end in [lo, hi]
        lo, hi = (None if hi is None else -hi), (None if lo is None else -lo)
    return Bound(id_, str(start), str(end), lo, hi, weekday, label, rank, basis)


def problem_from(data: object) -> Problem:
    """The whole file: a list of norms, or a table with `norms`, `events` and `order`."""
    if isinstance(data, Mapping):
        raw: object = next((data[k] for k in ("norms", "records", "deadlines", "constraints") if k in data), None)
        events, order = data.get("events") or {}, data.get("order") or []
    else:
        raw, events, order = data, {}, []
    if not isinstance(raw, list) or not raw or not all(isinstance(r, Mapping) for r in raw):
        raise BadNormFile(record="–", field="norms", why="norms: [{id, from, to, …}]")
    bounds = tuple(bound_from(r, i) for i, r in enumerate(raw, 1))
    fast = {b.id for b, r in zip(bounds, raw, strict=True) if r.get("structural") or r.get("relaxable") is False}
    seen: set[str] = set()
    for b in bounds:
        if b.id in seen:
            raise BadNormFile(record=b.id, field="id", why="en double / duplicate")
        seen.add(b.id)
    fixed, weekdays, known = events_from(events)
    if known:
        for b in bounds:
            for key, node in (("from", b.start), ("to", b.end)):
                if node not in known:
                    raise UnknownEvent(record=b.id, field=key, value=node, known=", ".join(sorted(known)))
    nobody = [replace(e, norm="") for b in bounds if b.id in fast for e in b.edges()]
    relaxable = tuple(b for b in bounds if b.id not in fast)
    return Problem(relaxable, (*order_from(order, known), *nobody), fixed, weekdays)


def events_from(raw: object) -> tuple[dict[str, int], dict[str, int], set[str]]:
    if isinstance(raw, list):
        raw = {str(e.get("id") if isinstance(e, Mapping) else e): e if isinstance(e, Mapping) else {} for e in raw}
    if not isinstance(raw, Mapping):
        raise BadNormFile(record="–", field="events", why="{J1: {date: 2027-02-28}}")
    fixed: dict[str, int] = {}
    weekdays: dict[str, int] = {}
    for name, value in raw.items():
        given = value if isinstance(value, Mapping) else {"date": value} if value else {}
        when = given.get("date") or given.get("at")
        if when is not None:
            try:
                fixed[str(name)] = (when if isinstance(when, date) else date.fromisoformat(str(when)[:10])).toordinal()
            except ValueError:
                raise BadDefinition(
                    record=str(name), field="date", value=str(when)[:40], expected="2027-02-28"
                ) from None
        if given.get("weekday"):
            weekdays[str(name)] = word(str(name), "weekday", given["weekday"], DAYS)
    return fixed, weekdays, {str(n) for n in raw}


def order_from(raw: object, known: set[str]) -> list[Edge]:
    """[A, B, C] or [[A, B], [B, C]]: the second is never before the first."""
    if not isinstance(raw, list):
        raise BadNormFile(record="–", field="order", why="[J1, PROV, FINAL, J2]")
    pairs = (
        [(str(p[0]), str(p[1])) for p in raw if isinstance(p, list) and len(p) == 2]
        if any(isinstance(p, list) for p in raw)
        else list(zip(map(str, raw), map(str, raw[1:]), strict=False))
    )
    for a, b in pairs:
        for node in (a, b):
            if known and node not in known:
                raise UnknownEvent(record="order", field="order", value=node, known=", ".join(sorted(known)))
        if a == b:
            raise Circular(record="order", field="order", chain=f"{a} → {b}")
    return [Edge(b, a, 0) for a, b in pairs]
