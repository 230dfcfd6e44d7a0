"""From the words of a pack or of a case to a `Counting`: one reader for both, field by field.

A definition is a table: kind, n, unit, direction, counting (non_franc | franc), roll, cutoff...
The keys of pack records (offset, offset_min, nth_weekday, time, plural units) say the same things.
What cannot be read is refused with the record and the field; nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import time
from typing import TypeVar

from kalata.refusals import Refused
from kalata.text import gettext_noop as _

from .dayoff import WEEKDAYS
from .moments import Edge
from .steps import Counting, Kind, Roll, Unit

MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip


class BadDefinition(Refused):
    """A value of a rule that cannot be read."""

    code = "DL-107"
    says = _("%(record)s, champ « %(field)s » : « %(value)s » ; attendu : %(expected)s.")
    remedy = _("Corrigez cette valeur dans la définition de la règle.")
    status = 422


class NoLength(Refused):
    """No legal figure is known: the answer is a gap, never a default."""

    code = "DL-109"
    says = _("%(record)s, champ « %(field)s » : aucun délai chiffré n’est connu.")
    remedy = _("Donnez le délai et sa source, ou laissez la règle sans date.")
    status = 422


T = TypeVar("T")


def whole_number(record: str, key: str, value: object, least: int = 0) -> int:
    if isinstance(value, bool) or not re.fullmatch(r"\d{1,5}", str(value).strip()):
        raise BadDefinition(record=record, field=key, value=str(value)[:40], expected=f"≥ {least}")
    found = int(str(value))
    if found < least:
        raise BadDefinition(record=record, field=key, value=str(value)[:40], expected=f"≥ {least}")
    return found


def word(record: str, key: str, value: object, known: Mapping[str, T]) -> T:
    found = known.get(str(value).strip().lower())
    if found is None:
        raise BadDefinition(record=record, field=key, value=str(value)[:40], expected=", ".join(known))
    return found


UNITS: Mapping[str, Unit] = {
    **{u.value: u for u in Unit},
    **{f"{u.value}s": u for u in Unit},
    "working day": Unit.WORKING_DAY,
    "working days": Unit.WORKING_DAY,
    "business_day": Unit.WORKING_DAY,
    "business_days": Unit.WORKING_DAY,
}
MOST: Mapping[Unit, int] = {
    Unit.YEAR: 200,
    Unit.MONTH: 2_400,
    Unit.WEEK: 10_000,
    Unit.DAY: 75_000,
    Unit.WORKING_DAY: 50_000,
}
"""No law grants more than two centuries; beyond, dates would leave the calendar."""
DAYS: Mapping[str, int] = {name: i for i, name in enumerate(WEEKDAYS)}
MONTH_NUMBERS: Mapping[str, int] = {
    **{name: i for i, name in enumerate(MONTHS, 1)},
    **{str(i): i for i in range(1, 13)},
}
ROLLS: Mapping[str, Roll] = {
    **{r.value: r for r in Roll},
    "next": Roll.NEXT,
    "previous": Roll.PREVIOUS,
    "": Roll.NONE,
}
EDGES: Mapping[str, Edge] = {
    "end": Edge.END,
    "24:00": Edge.END,
    "start": Edge.START,
    "00:00": Edge.START,
    "day": Edge.DAY,
    "none": Edge.DAY,
}
YES: Mapping[str, bool] = {"true": True, "false": False, "yes": True, "no": False, "1": True, "0": False}
DIRECTIONS: Mapping[str, bool] = {"after": False, "before": True, "on": False, "window": False, "": False}
STARTS: Mapping[str, bool] = {"excluded": False, "included": True, "": False}
COUNTINGS: Mapping[str, bool] = {
    "non_franc": False,
    "franc": True,
    "clear": True,
    "non_clear": False,
    "": False,
}


KNOWN = frozenset(
    [
        "kind",
        "n",
        "offset",
        "unit",
        "direction",
        "min",
        "max",
        "offset_min",
        "offset_max",
        "window",
        "nth_weekday",
        "weekday",
        "month",
        "parts",
        "then",
        "start",
        "end",
        "from",
        "to",
        "after",
        "counting",
        "franc",
        "skip",
        "skip_up_to",
        "working",
        "weekend",
        "holidays",
        "roll",
        "clamp_then_franc",
        "cutoff",
        "time",
        "edge",
        "distance",
    ]
)
"""Every word of a definition. `kalata pack check` refuses others; a case names those it did not read."""


def skipped(record: str, value: object) -> tuple[frozenset[int], bool]:
    """[sunday, holiday] -> ({6}, True)."""
    names = value if isinstance(value, list | tuple) else [v for v in re.split(r"[,;\s]+", str(value)) if v]
    known = {**DAYS, "holiday": -1, "holidays": -1}
    found = {word(record, "skip", n, known) for n in names}
    return frozenset(found - {-1}), -1 in found


def hour(record: str, key: str, value: object) -> tuple[Edge, time | None]:
    """ "24:00" is the end of the day, "00:00" its start, "18:00" a minute. YAML's 1080 is 18:00."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = f"{value // 60:02}:{value % 60:02}"  # YAML reads 18:00 as sixty-base 1080
    text = str(value).strip().lower()
    if text in EDGES:
        return EDGES[text], None
    found = re.fullmatch(r"(\d{1,2})[:h](\d{2})", text)
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        raise BadDefinition(record=record, field=key, value=text[:40], expected="18:00, 24:00, 00:00")
    return Edge.MINUTE, time(int(found[1]), int(found[2]))


def month_day(record: str, value: object) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{1,2})-(\d{1,2})", str(value).strip())
    if not found or not (1 <= int(found[1]) <= 12 and 1 <= int(found[2]) <= 31):
        raise BadDefinition(record=record, field="window", value=str(value)[:40], expected="10-01")
    return int(found[1]), int(found[2])


def kind_of(spec: Mapping[str, object], record: str) -> Kind:
    if "kind" in spec:
        return word(record, "kind", spec["kind"], {k.value: k for k in Kind} | {"annual_window": Kind.WINDOW})
    if spec.get("parts") or spec.get("then"):
        return Kind.NESTED
    if spec.get("window"):
        return Kind.WINDOW
    if spec.get("nth_weekday"):
        return Kind.NTH_WEEKDAY
    if "offset_min" in spec or "offset_max" in spec:
        return Kind.RANGE
    if spec.get("direction") == "on":
        return Kind.ON
    return Kind.OFFSET


PART = re.compile(r"(\d+)\s*(d|h|w|m|y)", re.I)
LETTERS = {"d": "day", "h": "hour", "w": "week", "m": "month", "y": "year"}


def parts_of(spec: Mapping[str, object], record: str) -> tuple[Counting, ...]:
    raw = spec.get("parts") or spec.get("then")
    if not isinstance(raw, Sequence) or isinstance(raw, str) or not all(isinstance(p, Mapping) for p in raw):
        raise BadDefinition(record=record, field="parts", value=str(raw)[:40], expected="[{kind, n, unit}, …]")
    parts = tuple(counting_from({"direction": spec.get("direction", "after"), **p}, record) for p in raw)
    if any(p.by_clock for p in parts):
        raise BadDefinition(record=record, field="parts", value="hours", expected="day, week, month, weekday")
    return parts


WEEKS: Mapping[str, list[str]] = {"mon-fri": ["saturday", "sunday"], "mon-sat": ["sunday"]}


def normal(spec: Mapping[str, object], record: str) -> Mapping[str, object]:
    """Other words for the same things: `end: franc`, `weekend`, `working`, window from/to, a weekday after n days."""
    out: dict[str, object] = dict(spec)
    if str(out.get("end", "")) in ("franc", "clear"):
        out["counting"] = "franc"
        del out["end"]
    unit = UNITS.get(str(out.get("unit", "")).lower())
    if unit is Unit.WORKING_DAY and not out.get("skip"):
        week = word(record, "working", out["working"], WEEKS) if out.get("working") else out.get("weekend")
        if isinstance(week, list):
            out["skip"] = [*week, *(["holiday"] if out.get("holidays") else [])]
    if out.get("kind") in ("window", "annual_window") and not out.get("window"):
        out["window"] = [out.get("from", out.get("start")), out.get("to", out.get("end"))]
        out.pop("start", None)
    gap = out.get("after") if out.get("kind") == "nth_weekday" else None
    if gap is not None and gap != "":
        first: dict[str, object] = dict(gap) if isinstance(gap, Mapping) else {"n": gap, "unit": "day"}
        last: dict[str, object] = {k: out[k] for k in ("n", "weekday", "direction") if k in out}
        parts: list[dict[str, object]] = [{"kind": "offset", **first}, {"kind": "nth_weekday", **last}]
        for key in ("n", "weekday", "after"):
            out.pop(key, None)
        out |= {"kind": "nested", "parts": parts}
    return out


def counting_from(spec: Mapping[str, object], record: str) -> Counting:
    """The rule a definition describes.

    Raises: DL-107 unreadable value (record, field, value, expected), DL-109 no figure known.
    """
    if spec.get("direction") is True:
        spec = {**spec, "direction": "on"}  # YAML reads a bare `on` as true
    spec = normal(spec, record)
    kind = kind_of(spec, record)
    nth = spec.get("nth_weekday")
    given: dict[str, object] = {**spec, **nth} if isinstance(nth, Mapping) else dict(spec)
    clear = given.get("counting", "franc" if given.get("franc") else "")
    unit = word(record, "unit", given.get("unit") or "day", UNITS) if kind in (Kind.OFFSET, Kind.RANGE) else Unit.DAY
    before = word(record, "direction", given.get("direction") or "", DIRECTIONS)
    skip, holidays = skipped(record, given["skip"]) if given.get("skip") else (frozenset[int](), False)
    n, most = 0, 0
    amount = given.get("n", given.get("offset"))
    if kind in (Kind.OFFSET, Kind.NTH_WEEKDAY):
        if amount is None or amount == "":
            raise NoLength(record=record, field="offset" if "offset" in given else "n")
        key = "n" if "n" in given else "offset"
        n = whole_number(record, key, amount, 1 if kind is Kind.NTH_WEEKDAY else 0)
        if n > MOST.get(unit, 5_000):
            raise BadDefinition(record=record, field=key, value=str(n), expected=f"≤ {MOST.get(unit, 5_000)}")
    elif kind is Kind.RANGE:
        n = whole_number(record, "offset_min", given.get("offset_min", given.get("min", "")))
        most = whole_number(record, "offset_max", given.get("offset_max", given.get("max", "")), n)
    elif kind is Kind.WEEKDAY_OF_PERIOD:
        n = -1 if str(amount).lower() in ("last", "-1") else whole_number(record, "n", amount, 1)
        if n > 4:
            raise BadDefinition(record=record, field="n", value=str(n), expected="1, 2, 3, 4, last")
    weekday = month = None
    if kind in (Kind.NTH_WEEKDAY, Kind.WEEKDAY_OF_PERIOD) or (kind is Kind.ON and given.get("weekday")):
        weekday = word(record, "weekday", given.get("weekday", ""), DAYS)
    if kind is Kind.WEEKDAY_OF_PERIOD:
        month = word(record, "month", given.get("month", ""), MONTH_NUMBERS)
    window = None
    if kind is Kind.WINDOW:
        raw = given.get("window")
        if not isinstance(raw, Sequence) or isinstance(raw, str) or len(raw) != 2:
            raise BadDefinition(record=record, field="window", value=str(raw)[:40], expected="[10-01, 12-31]")
        window = (month_day(record, raw[0]), month_day(record, raw[1]))
    whole_day = kind in (Kind.NTH_WEEKDAY, Kind.WEEKDAY_OF_PERIOD, Kind.NESTED, Kind.ON, Kind.RANGE)
    edge, at = Edge.DAY if whole_day else Edge.END, None
    if given.get("edge"):
        edge = word(record, "edge", given["edge"], EDGES)
    for key in ("cutoff", "time"):
        if given.get(key) not in (None, ""):
            edge, at = hour(record, key, given[key])
    up_to = given.get("skip_up_to")
    roll = word(record, "roll", given.get("roll") or "", ROLLS)
    return Counting(
        kind=kind,
        n=n,
        unit=unit,
        before=before,
        includes_start=kind is not Kind.WINDOW and word(record, "start", given.get("start") or "", STARTS),
        clear=word(record, "counting", clear or "", COUNTINGS),
        clamp_then_clear=word(record, "clamp_then_franc", given.get("clamp_then_franc", True), YES),
        skip=skip,
        skip_holidays=holidays,
        skip_up_to=whole_number(record, "skip_up_to", up_to) if up_to not in (None, "") else None,
        roll=roll,
        weekday=weekday,
        month=month,
        window=window,
        most=most,
        distance=whole_number(record, "distance", given["distance"]) if given.get("distance") else 0,
        edge=edge,
        at=at,
        parts=parts_of(given, record) if kind is Kind.NESTED else (),
    )
