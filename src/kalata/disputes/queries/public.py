"""The public docket: every received case as everybody reads it, in memory as long as nothing of the Court has moved.

One read model for the pages, the feeds, the files and the static site. Nothing here takes a person: what is public is
the same for all. Never read for it: the words of a petitioner, the name of an elector, a piece that is not public,
a draft, a sealed text.
"""

from __future__ import annotations

import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Count, Max, Q

from kalata.disputes.models import Clock, Ground, Hearing, Party, Petition, PetitionStep, Ruling, RulingOutcome
from kalata.disputes.queries.elections import norms_at
from kalata.disputes.rules.filing import GROUNDS
from kalata.disputes.rules.public import (
    DECIDED,
    LABELS,
    NAMED,
    CaseRow,
    Limit,
    Session,
    Stage,
    life,
    stage_of,
)
from kalata.disputes.rules.publications import State as Text
from kalata.disputes.rules.steps import State
from kalata.ledger.models import Act
from kalata.results.models import Proclamation
from kalata.text import Named, fold
from kalata.transparency.models import Outbox

R = TypeVar("R")

AWAITED = ("decision", "reply", "cure")
"""Clocks that the docket tells: the Court's own first."""
AWAITS = Q(met_at=None) | Q(kind="decision", petition__state=State.SIGNED)
WINDOW = 300
"""Acts that are looked at again, for transactions that ended in another order."""
LONGEST_S = 60.0


# --- the revision ------------------------------------------------------------------------------------------------
@dataclass(slots=True)
class Seen:
    last: int = 0
    ours: frozenset[int] = frozenset()
    newest: int = 0


_seen = Seen()
_lock = threading.Lock()


def revision() -> tuple[object, ...]:
    """Changes with every act of the Court. A few small questions; an act of another room costs nothing."""
    with _lock:
        last = Act.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        if last != _seen.last:
            fresh = Act.objects.filter(kind__startswith="disputes.")
            if not _seen.last:
                _seen.newest = fresh.order_by("-pk").values_list("pk", flat=True).first() or 0
            _seen.ours = frozenset(
                fresh.filter(pk__gt=min(last, _seen.last or last) - WINDOW).values_list("pk", flat=True)
            )
            _seen.newest = max(_seen.newest, *_seen.ours, 0) if _seen.ours else _seen.newest
            _seen.last = last
        newest, recent = _seen.newest, len(_seen.ours)
    cases = Petition.objects.order_by("state").values_list("state").annotate(Count("pk"), Max("pk"), Max("at"))
    decisions = Ruling.objects.order_by("state").values_list("state").annotate(Count("pk"), Max("pk"), Max("at"))
    proclaimed = Proclamation.objects.count()
    told = Outbox.objects.filter(kind="declaration", done=True).count() if proclaimed else 0
    return newest, recent, tuple(cases), tuple(decisions), proclaimed, told


# --- the docket --------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Docket:
    """Every received case, newest first; when and at which revision it was read."""

    rows: tuple[CaseRow, ...]
    revision: tuple[object, ...]
    read_at: float


def figures_of(rows: Iterable[CaseRow]) -> dict[str, int]:
    """The four figures above the docket, and what they are made of."""
    n: Counter[Stage] = Counter(row.stage for row in rows)
    return {
        "all": n.total(), "judged": n[Stage.DECIDED] + n[Stage.PUBLISHED] + n[Stage.CLOSED], "published": n[Stage.PUBLISHED] + n[Stage.CLOSED],
        "deliberated": n[Stage.DELIBERATION], "instructed": n[Stage.SERVED] + n[Stage.INSTRUCTION] + n[Stage.READY] + n[Stage.HEARING],
        "begun": n[Stage.RECEIVED] + n[Stage.DOCKETED] + n[Stage.EXAMINED],
    }  # fmt: skip


_docket: list[Docket] = []


_made: dict[str, tuple[tuple[object, ...], Any]] = {}


def remembered(key: str, make: Callable[[], Any]) -> Any:
    """What was made at the present revision of the Court; nothing empty is kept, so that no stranger's word fills memory."""
    now, held = revision(), _made.get(key)
    if held is not None and held[0] == now:
        return held[1]
    found = make()
    if found:
        _made[key] = now, found
    return found


def forget() -> None:
    _docket.clear()
    _made.clear()
    _seen.last, _seen.newest, _seen.ours = 0, 0, frozenset()


def docket() -> Docket:
    """The docket as it is now; the same one until something of the Court moves, a minute at the longest."""
    now, at = revision(), time.monotonic()
    held = _docket[0] if _docket else None
    if held is None or held.revision != now or at - held.read_at > LONGEST_S:
        held = Docket(tuple(rows_of()), now, at)
        _docket[:] = [held]
    return held


def rows_of(numbers: Iterable[str] | None = None) -> list[CaseRow]:
    """The rows of these cases, or of all, newest first, in a constant number of questions."""
    found = Petition.objects.exclude(state=State.DRAFT)
    if numbers is not None:
        found = found.filter(number__in=list(numbers))
    names = (
        "pk", "number", "roll", "about", "unit__name", "received_at", "state", "lead__number", "contest__code", "contest__name_fr",
        "contest__name_en", "contest__election__pack_id", "sheet__stations",
    )  # fmt: skip
    rows = list(found.order_by("-received_at", "-pk").values(*names))
    keys = None if numbers is None else [r["pk"] for r in rows]
    told = Told(parties_of(keys), grounds_of(keys), clocks_of(keys), outcomes_of(keys), steps_of(keys))
    return [row_of(r, told) for r in rows]


@dataclass(frozen=True, slots=True)
class Told:
    """What is read of all cases at once, by case."""

    parties: Mapping[int, list[tuple[str, str, str]]]
    grounds: Mapping[int, list[str]]
    clocks: Mapping[int, Clock]
    outcomes: Mapping[int, tuple[str, str]]
    steps: Mapping[int, list[tuple[str, datetime]]]


def within(rows: Any, keys: list[int] | None) -> Any:
    return rows.all() if keys is None else rows.filter(petition__in=keys)


def parties_of(keys: list[int] | None) -> Mapping[int, list[tuple[str, str, str]]]:
    """Case -> (role, kind, name) of its parties but counsel; the name is for who may be named."""
    out: dict[int, list[tuple[str, str, str]]] = defaultdict(list)
    rows = within(Party.objects.filter(struck=False).exclude(role="counsel"), keys)
    for petition, role, kind, name in rows.order_by("pk").values_list("petition_id", "role", "kind", "name"):
        out[petition].append((role, kind, name))
    return out


def named(role: str, kind: str) -> bool:
    return kind in NAMED or role == "authority"


def grounds_of(keys: list[int] | None) -> Mapping[int, list[str]]:
    out: dict[int, list[str]] = defaultdict(list)
    rows = within(Ground.objects.filter(struck=False), keys)
    for petition, code in rows.order_by("pk").values_list("petition_id", "code"):
        if (known := code if code in GROUNDS else "other") not in out[petition]:
            out[petition].append(known)
    return out


def clocks_of(keys: list[int] | None) -> Mapping[int, Clock]:
    """Case -> the limit that it waits for: the Court's own where there is one, else the nearest. A limit met by a
    signature is awaited until the decision is read out: that it is signed is not public."""
    out: dict[int, Clock] = {}
    rows = within(Clock.objects.filter(AWAITS, kind__in=AWAITED, stopped_at=None).exclude(bound=None), keys)
    for one in rows.only("petition_id", "kind", "bound", "readings", "article", "order").order_by("bound", "pk"):
        held = out.get(one.petition_id)
        if held is None or (one.kind == "decision" and held.kind != "decision"):
            out[one.petition_id] = one
    return out


def outcomes_of(keys: list[int] | None) -> Mapping[int, tuple[str, str]]:
    """Case -> (outcome, number of the decision), of decisions that are published."""
    rows = within(
        RulingOutcome.objects.filter(ruling__state__in=DECIDED, ruling__publications__state=Text.PUBLISHED), keys
    )
    return {p: (outcome, number) for p, outcome, number in rows.values_list("petition_id", "outcome", "ruling__number")}


def limit_of(clock: Clock, pack: int) -> Limit:
    assert clock.bound is not None
    return Limit(clock.kind, clock.bound, readings_of(clock, pack), clock.order or clock.article)


def readings_of(clock: Clock, pack: int) -> tuple[tuple[Named, str, bool], ...]:
    norms = norms_at(pack)
    return tuple(
        (norms.rule_name(str(r.get("rule"))), str(r.get("deadline") or "–").replace("T", " "), bool(r.get("default")))
        for r in clock.readings
    )


def steps_of(keys: list[int] | None) -> Mapping[int, list[tuple[str, datetime]]]:
    out: dict[int, list[tuple[str, datetime]]] = defaultdict(list)
    for petition, to, at in within(PetitionStep.objects, keys).order_by("pk").values_list("petition_id", "to", "at"):
        out[petition].append((to, at))
    return out


def row_of(found: Mapping[str, Any], told: Told) -> CaseRow:
    key = found["pk"]
    parties, clock, outcome = told.parties[key], told.clocks.get(key), told.outcomes.get(key)
    grounds = told.grounds[key]
    stage = stage_of(found["state"], joined=found["lead__number"] is not None)
    sides = [tuple(n for r, k, n in parties if r == role and named(r, k)) for role in ("petitioner", "respondent")]
    contest = Named(found["contest__name_fr"], found["contest__name_en"] or "")
    open_ = stage not in (Stage.DECIDED, Stage.PUBLISHED, Stage.CLOSED)
    row = CaseRow(
        number=found["number"], roll=found["roll"], contest=found["contest__code"], contest_name=contest, about=found["about"],
        place=found["unit__name"] or "", petitioners=sides[0], respondents=sides[1],
        unnamed=sum(not named(r, k) for r, k, _n in parties), grounds=tuple(grounds), stations=found["sheet__stations"] or 0,
        received=found["received_at"], stage=stage, since=life(found["received_at"], told.steps[key])[-1].at, lead=found["lead__number"] or "",
        limit=limit_of(clock, found["contest__election__pack_id"]) if clock and open_ else None,
        outcome=outcome[0] if outcome else "", decision=outcome[1] if outcome else "",
    )  # fmt: skip
    words = (row.number, str(row.roll or ""), row.place, row.title, contest.fr, contest.en, row.decision, row.about_label, LABELS[stage], *(GROUNDS[g] for g in row.grounds))  # fmt: skip
    return replace(row, search=fold(" ".join(words)))


def narrowed(
    rows: Iterable[CaseRow], *, q: str = "", contest: str = "", stage: str = "", about: str = "", outcome: str = "", order: str = ""
) -> list[CaseRow]:  # fmt: skip
    """The docket as its filters ask."""
    words = fold(q).split()
    out = [
        row
        for row in rows
        if (not contest or row.contest == contest)
        and (not stage or row.stage == stage)
        and (not about or row.about == about)
        and (not outcome or row.outcome == outcome)
        and all(w in row.search for w in words)
    ]
    return ordered(out, ORDERS, order)


def ordered(rows: list[R], orders: Mapping[str, Callable[[R], Any]], order: str) -> list[R]:
    """Rows in the order that an address names ("depot", "-depot"); what is not known comes last both ways."""
    if (key := orders.get(order.lstrip("-"))) is None:
        return rows
    known = sorted((r for r in rows if key(r) is not None), key=key, reverse=order.startswith("-"))
    return known + [r for r in rows if key(r) is None]


ORDERS: Mapping[str, Any] = {
    "numero": lambda r: r.number, "role": lambda r: r.roll, "depot": lambda r: r.received, "etape": lambda r: list(Stage).index(r.stage),
    "echeance": lambda r: r.limit.bound if r.limit else None, "bureaux": lambda r: r.stations,
}  # fmt: skip
"""Word of the address -> what a case is put in order by; what is not known comes last."""


# --- hearings ------------------------------------------------------------------------------------------------------
def hearings(contest: str = "") -> list[Session]:
    """Hearings whose cause list is out, latest first: numbers of cases, never a party."""
    rows = (
        Hearing.objects.filter(listed_at__isnull=False).select_related("contest").prefetch_related("entries__petition")
    )
    if contest:
        rows = rows.filter(contest__code=contest)
    return [session_of(one) for one in rows.order_by("-starts_at", "-pk")]


def session_of(one: Hearing) -> Session:
    return Session(
        one.pk, one.contest.code, Named(one.contest.name_fr, one.contest.name_en or ""), one.starts_at, one.place, one.closed_why,
        one.interpreters, one.access, one.held_at is not None, tuple(e.petition.number or "" for e in one.entries.all()),
    )  # fmt: skip
