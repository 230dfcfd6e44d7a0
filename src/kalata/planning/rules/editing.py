"""What an act does to the rows of a draft. Each gives new rows back; whether they hold together is asked of the whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kalata.people.rules.shown import mark
from kalata.planning.rules.faults import AnotherPaste, RepeatedId
from kalata.planning.rules.plan import Lag, Link
from kalata.planning.rules.reading import activity_of, links_of
from kalata.planning.rules.refusals import (
    AlreadyLinked,
    CannotSplit,
    CodeTaken,
    LegalDate,
    MovedSince,
    NoSuchLink,
    NotHere,
    Unmovable,
)
from kalata.planning.rules.sheet import KNOWN, Cells, Sheet, by_id, said
from kalata.planning.rules.tables import Form, table_of

HELD = ("legal_anchor", "norm")
"""Cells that no hand writes: a legal date comes from the law by the deadlines engine."""
Step = tuple[str, Cells | None, Cells | None, int]
"""(id, before, after, place); None: not there on that side."""
COSTS = (
    "cost_driver", "quantity_expr", "quantity", "unit_cost_xof_low", "unit_cost_xof_likely", "unit_cost_xof_high",
    "unit_cost_flag", "unit_cost_source", "time_dependent",
)  # fmt: skip
PASTED = Form(("id",), AnotherPaste)
POINTS = ("dur_optimistic", "dur_likely", "dur_pessimistic")


def of(sheet: Sheet, code: str) -> Cells:
    found = by_id(sheet).get(code)
    if found is None:
        raise NotHere(value=code[:60])
    return found


def links(cells: Cells) -> tuple[Link, ...]:
    return links_of(0, cells.get("predecessors", ""))


def with_links(cells: Cells, found: Iterable[Link]) -> Cells:
    return {**cells, "predecessors": ";".join(map(str, found))}


def put(sheet: Sheet, code: str, cells: Cells) -> list[Cells]:
    return [cells if c["id"] == code else c for c in sheet]


def mark_of(sheet: Sheet, code: str) -> str:
    """What a page showed of an activity, to be asked of it again. PLN-202."""
    return mark(dict(of(sheet, code)))


def mark_of_all(sheet: Sheet) -> str:
    """The same of the whole table."""
    return mark(*(dict(cells) for cells in sheet))


def change(sheet: Sheet, code: str, new: Mapping[str, str]) -> list[Cells]:
    """The same rows with new cells for one activity. A legal date is not among what may be written."""
    cells = of(sheet, code)
    for name in HELD:
        if new.get(name, cells.get(name, "")) != cells.get(name, ""):
            raise LegalDate(value=code)
    return put(sheet, code, {**cells, **new, "id": code})


def add(sheet: Sheet, cells: Cells, after: str = "") -> list[Cells]:
    """One activity more, after another one (at the end where none is named)."""
    if cells["id"] in by_id(sheet):
        raise CodeTaken(value=cells["id"])
    for name in HELD:
        if cells.get(name):
            raise LegalDate(value=cells["id"])
    at = [c["id"] for c in sheet].index(of(sheet, after)["id"]) + 1 if after else len(sheet)
    return [*sheet[:at], cells, *sheet[at:]]


def remove(sheet: Sheet, code: str) -> list[Cells]:
    """Without an activity; what followed it follows what it followed, by the same kind of link."""
    gone = of(sheet, code)
    before = links(gone)
    out: list[Cells] = []
    for cells in sheet:
        if cells["id"] == code:
            continue
        mine = links(cells)
        if any(link.pred == code for link in mine):
            kept = [link for link in mine if link.pred != code]
            kept += [link for link in before if link.pred not in {k.pred for k in kept}]
            cells = with_links(cells, kept)
        out.append(cells)
    return out


def link(sheet: Sheet, pred: str, succ: str, new: Link) -> list[Cells]:
    of(sheet, pred)
    cells = of(sheet, succ)
    if any(one.pred == pred and one.type is new.type for one in links(cells)):
        raise AlreadyLinked(pred=pred, succ=succ, type=new.type.value)
    return put(sheet, succ, with_links(cells, (*links(cells), new)))


def unlink(sheet: Sheet, pred: str, succ: str) -> list[Cells]:
    cells = of(sheet, succ)
    kept = [one for one in links(cells) if one.pred != pred]
    if len(kept) == len(links(cells)):
        raise NoSuchLink(pred=pred, succ=succ)
    return put(sheet, succ, with_links(cells, kept))


def shift(sheet: Sheet, code: str, pred: str, days: int) -> list[Cells]:
    """Later (or earlier) by some days: the lag of the link that drives it grows by as much. pred "": nothing drives it."""
    cells = of(sheet, code)
    mine = links(cells)
    at = next((i for i, one in enumerate(mine) if one.pred == pred), None)
    if at is None or cells.get("norm") or mine[at].lag.unit == "%":
        raise Unmovable(value=code)
    moved = Link(pred, mine[at].type, Lag(mine[at].lag.n + days, mine[at].lag.unit))
    return put(sheet, code, with_links(cells, (*mine[:at], moved, *mine[at + 1 :])))


def split(sheet: Sheet, code: str, days: int) -> list[Cells]:
    """Two activities for one: the first keeps `days` of the likely duration and the cost, the second the rest and what followed.

    The three points are parted in the same proportion, half up: together they are what they were.
    """
    cells = of(sheet, code)
    likely = int(cells["dur_likely"])
    if cells.get("norm") or cells.get("legal_anchor") or not 0 < days < likely:
        raise CannotSplit(value=code, days=likely)
    first = {p: (2 * int(cells[p] or likely) * days + likely) // (2 * likely) for p in POINTS} | {"dur_likely": days}
    rest = {p: int(cells[p] or likely) - first[p] for p in POINTS}
    new = free_code(sheet, code)
    one = {**cells, **{p: str(n) for p, n in first.items()}}
    other = {
        **{k: v for k, v in cells.items() if k not in COSTS}, **{p: str(n) for p, n in rest.items()},
        "id": new, "predecessors": code, "activity_fr": f"{cells.get('activity_fr', '')} (2)", "activity_en": f"{cells.get('activity_en', '')} (2)",
    }  # fmt: skip
    out: list[Cells] = []
    for row in sheet:
        if row["id"] == code:
            out += [one, other]
            continue
        mine = links(row)
        ends = [Link(new, m.type, m.lag) if m.pred == code and m.type in ("FS", "FF") else m for m in mine]
        out.append(with_links(row, ends) if ends != list(mine) else row)
    return out


def free_code(sheet: Sheet, code: str) -> str:
    taken = by_id(sheet)
    return next(c for n in range(2, len(taken) + 3) if (c := f"{code}_{n}") not in taken)


def paste(sheet: Sheet, text: str) -> list[Cells]:
    """Rows copied from a spreadsheet, heading first, as `merged` takes them: of what is there, the columns that change are enough."""
    _header, rows = table_of(text, PASTED)
    return merged(sheet, rows)


def merged(sheet: Sheet, rows: Iterable[tuple[int, Mapping[str, str]]]) -> list[Cells]:
    """Rows of a table over those that stand: an id that is there is changed, a new one is added at the end.

    A row that would write another legal date than the one that stands is refused; so is an id given twice, and each cell
    that cannot be read, by the row of the table.
    """
    out = {c["id"]: dict(c) for c in sheet}
    given_at: dict[str, int] = {}
    for row, cells in rows:
        given = {k: v.strip() for k, v in cells.items()}
        code = given.get("id", "")
        if code in given_at:
            raise RepeatedId(value=code, rows=[given_at[code], row], field="id")
        given_at[code] = row
        was = out.get(code, {})
        for name in HELD:
            if given.get(name) and given[name] != was.get(name, ""):
                raise LegalDate(value=code)
        new = {k: v for k, v in given.items() if k not in HELD} | points_of(given, was)
        out[code] = dict(said({**was, **new} if was else {"type": "task", **said(new)}))
        activity_of(row, out[code])
    return list(out.values())


def points_of(given: Cells, was: Cells) -> dict[str, str]:
    """The points that a row leaves out: an empty one equals the likely one, one that it does not name gives way where it must."""
    likely = given.get("dur_likely", was.get("dur_likely", ""))
    found = {p: likely for p in POINTS if not given.get(p, "" if not was else likely)}
    if was and likely.isdecimal():
        for name, least in (("dur_optimistic", min), ("dur_pessimistic", max)):
            if name not in given:
                found[name] = str(least(int(was.get(name) or likely), int(likely)))
    return found


def without(sheet: Sheet, codes: Iterable[str]) -> list[Cells]:
    """Without these activities, one after the other, as `remove` does."""
    out = list(sheet)
    for code in codes:
        out = remove(out, code)
    return out


def known_columns(text: str) -> tuple[list[str], list[str]]:
    """(columns that the house knows, others that are kept as they are) of a pasted table."""
    header, _rows = table_of(text)
    return [h for h in header if h in KNOWN], [h for h in header if h not in KNOWN]


def delta_of(old: Sheet, new: Sheet) -> list[Step]:
    """What changed, activity by activity: (id, before, after, its place where it is or was)."""
    was, now = by_id(old), by_id(new)
    found: list[Step] = [(c, was.get(c), cells, i) for i, (c, cells) in enumerate(now.items()) if was.get(c) != cells]
    return found + [(c, cells, None, i) for i, (c, cells) in enumerate(was.items()) if c not in now]


def replayed(sheet: Sheet, delta: Iterable[Step], *, back: bool) -> list[Cells]:
    """The rows with a change done again, or taken `back`. PLN-203 where an activity is no longer as the change left it."""
    out = list(sheet)
    steps = [(code, after, before, i) if back else (code, before, after, i) for code, before, after, i in delta]
    now = by_id(sheet)
    moved = [code for code, stands, _becomes, _i in steps if now.get(code) != stands]
    if moved:
        raise MovedSince(codes=", ".join(moved)[:120])
    for code, stands, becomes, i in steps:
        if becomes is None:
            out = [c for c in out if c["id"] != code]
        elif stands is None:
            out.insert(min(i, len(out)), becomes)
        else:
            out = put(out, code, becomes)
    return out
