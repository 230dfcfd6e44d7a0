"""What the supervisor looks at: where papers stand, how fast, what waits too long, how desks fare. Reads only."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet
from django.utils import timezone

from kalata.country.models import Contest, Unit
from kalata.country.rules import lineage
from kalata.results.queries import board as boards
from kalata.results.rules.bounds import Secured
from kalata.results.rules.prospects import Doubt, Prospect, among_first, majority
from kalata.results.rules.systems import Kind
from kalata.results.rules.verdicts import base_of
from kalata.results.territory import EVERYWHERE, Reach
from kalata.tally.models import Entry, Paper, Passage
from kalata.tally.queries import papers as paper_queries
from kalata.tally.queries import staffing
from kalata.tally.queries.formcodes import form_of
from kalata.tally.rules.causes import NOT_RECEIVED
from kalata.tally.rules.lifecycle import COUNTED, State
from kalata.tally.rules.pace import Forecast, Health, Need, forecast, health, median, need
from kalata.text import gettext_noop as _

S = State


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the chain: the states it gathers, the desk that empties it, its target by default (minutes)."""

    key: str
    label: str
    states: tuple[State, ...]
    right: str = ""
    target: int = 0


STAGES = (
    Stage("expected", _("Attendus"), (S.EXPECTED, S.MISSING)),
    Stage("received", _("Reçus"), (S.RECEIVED,), "results.scan", 60),
    Stage("incident", _("Incidents"), (S.INCIDENT,), "results.receive", 120),
    Stage("scanned", _("Numérisés"), (S.SCANNED, S.FIRST_ENTRY), "results.enter", 60),
    Stage("second", _("2e saisie"), (S.FIRST_ENTERED, S.SECOND_ENTRY), "results.enter", 60),
    Stage("arbitration", _("Arbitrage"), (S.DIFFERENT, S.ARBITRATION, S.SECOND_VISA), "results.arbitrate", 60),
    Stage("review", _("En examen"), (S.MATCHED, S.UNDER_REVIEW, S.RECALLED), "results.review", 240),
    Stage("checked", _("Contrôlés"), (S.CHECKED,), "results.commission", 120),
    Stage("done", _("Validés ou publiés"), tuple(sorted(COUNTED))),
)
OUTSIDE = (S.NO_VOTE, S.SET_ASIDE, S.ANNULLED)
WRONG_SHARE = Fraction(5, 100)
"""Share of differing entries from which a pause or training is proposed; the pack may say another."""


@dataclass(frozen=True, slots=True)
class Queue:
    stage: Stage
    count: int
    age: timedelta | None
    health: Health
    people: int
    causes: tuple[tuple[str, int], ...]
    need: Need
    alone: int = 0

    @property
    def rank(self) -> Fraction:
        minutes = int(self.age.total_seconds()) if self.age else 0
        return Fraction(minutes, 60 * (self.stage.target or 1))


def chain(contest: Contest, now: datetime, reach: Reach) -> list[tuple[Stage, int, timedelta | None]]:
    """Each stage with its papers and the age of the oldest."""
    progress, oldest = paper_queries.progress(contest, reach), paper_queries.oldest(contest, reach)
    return [
        (
            stage,
            sum(progress.get(s, 0) for s in stage.states),
            max((now - oldest[s] for s in stage.states if s in oldest), default=None),
        )
        for stage in STAGES
    ]


def queues(
    contest: Contest, stages: list[tuple[Stage, int, timedelta | None]], now: datetime, reach: Reach
) -> list[Queue]:
    """Queues that have a target, the most late first; with why, as far as the records say it."""
    targets = form_of(contest).get("targets") or {}
    active, left = workers(contest, now, reach), leaving(contest, now, reach)
    out = []
    for stage, count, age in stages:
        if not stage.target or not count:
            continue
        target = timedelta(minutes=int(targets.get(stage.key, stage.target)))
        out.append(
            Queue(stage, count, age, health(age, target), active.get(stage.right, 0), causes(contest, stage, reach),
                  need(count, target, left.get(stage.key, 0), active.get(stage.right, 0)),
                  alone(contest, now, reach) if stage.key == "second" else 0)
        )  # fmt: skip
    return sorted(out, key=lambda q: q.rank, reverse=True)


def passages(contest: Contest, reach: Reach) -> QuerySet[Passage]:
    return Passage.objects.filter(reach.on("paper__station__unit"), paper__contest=contest)


def workers(contest: Contest, now: datetime, reach: Reach) -> dict[str, int]:
    """right -> persons who acted under it in the last hour."""
    recent = passages(contest, reach).filter(at__gt=now - timedelta(hours=1), by__isnull=False)
    return dict(recent.values_list("right").annotate(n=Count("by", distinct=True)))


def leaving(contest: Contest, now: datetime, reach: Reach) -> Counter[str]:
    """stage -> papers that left it in the last hour."""
    of = {s: stage.key for stage in STAGES for s in stage.states}
    recent = passages(contest, reach).filter(at__gt=now - timedelta(hours=1))
    out = Counter[str]()
    for start, to, n in recent.order_by().values_list("start", "to").annotate(n=Count("pk")):
        if of.get(State(start)) != of.get(State(to)) and State(start) in of:
            out[of[State(start)]] += n
    return out


def alone(contest: Contest, now: datetime, reach: Reach) -> int:
    """Papers waiting for a second entry that only their first clerk has been there to type."""
    here = set(
        passages(contest, reach).filter(right="results.enter", at__gt=now - timedelta(hours=1))
        .exclude(by=None).values_list("by", flat=True).distinct()
    )  # fmt: skip
    waiting = Paper.objects.filter(reach.on(), contest=contest, state=S.FIRST_ENTERED)
    if not here:
        return waiting.count()
    return waiting.filter(first__in=here).count() if len(here) == 1 else 0


def causes(contest: Contest, stage: Stage, reach: Reach) -> tuple[tuple[str, int], ...]:
    """What stands in the way: codes of findings under review, reasons of incidents, most frequent first."""
    if stage.key == "review":
        rows = Paper.objects.filter(reach.on(), contest=contest, state=S.UNDER_REVIEW).values_list("errors", "warnings")
        return tuple(Counter(code for both in rows for codes in both for code in codes).most_common(4))
    if stage.key == "incident":
        last = passages(contest, reach).filter(paper__state=S.INCIDENT, to=S.INCIDENT)
        return tuple(Counter(last.values_list("reason", flat=True)).most_common(3))
    return ()


def by_hour(contest: Contest, now: datetime, reach: Reach, hours: int = 24) -> list[tuple[datetime, int]]:
    """Papers validated in each of the last hours, oldest first; the last one is still running."""
    end = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    start = end - timedelta(hours=hours)
    found = passages(contest, reach).filter(to=S.VALIDATED, at__gte=start, at__lt=end)
    counts = Counter(at.replace(minute=0, second=0, microsecond=0) for at in found.values_list("at", flat=True))
    return [(h, counts.get(h, 0)) for h in (start + timedelta(hours=i) for i in range(hours))]


def expected_end(contest: Contest, remaining: int, rows: list[tuple[datetime, int]], now: datetime) -> Forecast | None:
    """The forecast from the hours since the first validation."""
    worked = [n for _hour, n in rows[:-1]]
    while worked and worked[0] == 0:
        worked.pop(0)
    return forecast(remaining, worked, now)


@dataclass(frozen=True, slots=True)
class Desk:
    """What one person has done in the last day. It measures the work; it accuses nobody."""

    name: str
    right: str
    done: int
    active: bool
    per_hour: Fraction | None
    wrong: Fraction | None
    many: bool


def desks(contest: Contest, now: datetime, reach: Reach) -> tuple[list[Desk], Fraction | None, Fraction | None]:
    """Every desk by name, then the median pace (papers an hour) and the median share of differing entries."""
    since = now - timedelta(hours=24)
    rows = (
        passages(contest, reach)
        .filter(at__gt=since, by__isnull=False)
        .exclude(to__in=[S.FIRST_ENTRY, S.SECOND_ENTRY, S.ARBITRATION])
        .values("by", "by__username", "right")
        .annotate(n=Count("pk"), first=Min("at"), last=Max("at"))
        .order_by("by__username", "right")
    )
    wrong, typed = differing(contest, since, reach)
    limit = limit_of(contest)
    out = []
    for row in rows:
        span = int((row["last"] - row["first"]).total_seconds())
        pace = Fraction(3600 * (row["n"] - 1), span) if span >= 600 and row["n"] > 1 else None
        entry = row["right"] == "results.enter"
        share = Fraction(wrong[row["by"]], typed[row["by"]]) if entry and typed[row["by"]] else None
        out.append(
            Desk(
                row["by__username"], row["right"], row["n"], row["last"] > now - timedelta(minutes=30), pace, share,
                share is not None and typed[row["by"]] >= 20 and share > limit,
            )
        )  # fmt: skip
    entries = [d for d in out if d.right == "results.enter"]
    return (
        out,
        median([d.per_hour for d in entries if d.per_hour]),
        median([d.wrong for d in entries if d.wrong is not None]),
    )


def limit_of(contest: Contest) -> Fraction:
    """Above this share of differing entries the board proposes a pause or training."""
    raw: Any = (form_of(contest).get("targets") or {}).get("wrong_percent")
    return Fraction(str(raw)) / 100 if raw is not None else WRONG_SHARE


def differing(contest: Contest, since: datetime, reach: Reach) -> tuple[Mapping[int, int], Mapping[int, int]]:
    """person -> entries that were not what was decided in arbitration; person -> entries."""
    entries = Entry.objects.filter(reach.on("paper__station__unit"), paper__contest=contest, at__gt=since)
    typed = defaultdict(int, entries.filter(rank__lt=3)
                        .values_list("by").annotate(n=Count("pk")))  # fmt: skip
    wrong: dict[int, int] = defaultdict(int)
    decided = {(e.paper_id, e.attempt): bytes(e.sheet) for e in entries.filter(rank=3).order_by("pk")}
    papers = {paper for paper, _attempt in decided}
    for e in Entry.objects.filter(paper__in=papers, rank__lt=3) if papers else ():
        final = decided.get((e.paper_id, e.attempt))
        if final is not None and bytes(e.sheet) != final:
            wrong[e.by_id] += 1
    return wrong, typed


def parts(contest: Contest, reach: Reach) -> list[dict[str, Any]]:
    """Expected, received, missing and never opened, by part of the contest."""
    names = {str(p["id"]): p for p in form_of(contest).get("parts") or ()}
    rows = (
        Paper.objects.filter(reach.on(), contest=contest)
        .values("station__part")
        .annotate(
            all=Count("pk"),
            waiting=Count("pk", filter=Q(state=S.EXPECTED)),
            missing=Count("pk", filter=Q(state=S.MISSING)),
            no_vote=Count("pk", filter=Q(state=S.NO_VOTE)),
            away=Count("pk", filter=Q(state__in=[s.value for s in NOT_RECEIVED])),
            done=Count("pk", filter=Q(state__in=[s.value for s in COUNTED], annulled=False)),
        )
        .order_by("station__part")
    )
    return [
        {**r, "name": names.get(r["station__part"], {"fr": r["station__part"], "en": r["station__part"]}),
         "received": r["all"] - r["away"]}
        for r in rows
    ]  # fmt: skip


def coverage(contest: Contest, reach: Reach) -> list[dict[str, Any]]:
    """Papers counted by first-level place, the least covered first."""
    top: dict[int | None, list[int]] = defaultdict(lambda: [0, 0])
    rows = (
        Paper.objects.filter(reach.on(), contest=contest).order_by().values_list("station__unit", "station__unit__above")
        .annotate(n=Count("pk"), done=Count("pk", filter=Q(state__in=[s.value for s in COUNTED], annulled=False)))
    )  # fmt: skip
    for unit, above, n, done in rows:
        first = (*lineage.ids(above or ""), unit)[0]
        top[first][0] += done
        top[first][1] += n
    names = dict(Unit.objects.filter(pk__in=[pk for pk in top if pk]).values_list("pk", "name"))
    return sorted(({"name": names.get(k or 0, "–"), "done": v[0], "all": v[1]} for k, v in top.items()),
                  key=lambda r: (Fraction(int(str(r["done"])), int(str(r["all"]))), str(r["name"])))  # fmt: skip


def now_and(contest: Contest, reach: Reach = EVERYWHERE) -> dict[str, Any]:
    """Everything the board shows of these territories, at one moment."""
    now = timezone.now()
    stages = chain(contest, now, reach)
    outside = Paper.objects.filter(reach.on(), contest=contest, state__in=OUTSIDE).count()
    total = sum(n for _s, n, _a in stages) + outside
    done = stages[-1][1]
    rows = by_hour(contest, now, reach)
    people, pace, wrong = desks(contest, now, reach)
    since = now - timedelta(hours=24)
    return {
        "now": now,
        "stages": stages,
        "queues": queues(contest, stages, now, reach),
        "total": total,
        "done": done,
        "outside": outside,
        "hours": rows,
        "peak": max((n for _h, n in rows), default=0),
        "forecast": expected_end(contest, total - done - outside, rows, now),
        "desks": people,
        "pace": pace,
        "wrong": wrong,
        "wrong_limit": limit_of(contest),
        "apart": staffing.apart(contest, since, reach),
        "in_dispute": staffing.in_dispute(contest, reach),
        "seals": staffing.seals(contest, reach),
        "in_hands": staffing.in_hands(contest, reach)[:40],
        "standby": staffing.standby(contest, now, reach),
        "parts": parts(contest, reach),
        "coverage": coverage(contest, reach)[:8],
    }


def prospects(contest: Contest) -> dict[str, Any] | None:
    """Who can still win, given what is not counted and what is contested; None where it does not apply.

    The sure totals leave out what is contested; its electors are in the pool with those of what is missing. For
    contests by constituency: how many of them are secured.
    """
    if not contest.revision:
        return None
    board = boards.board(contest)
    if board.outcomes:
        sure = sum(o.secured is Secured.YES for o in board.outcomes.values())
        return {"constituencies": len(board.outcomes), "secured": sure}
    if board.outcome is None:
        return None
    missing = boards.missing_of(contest, board.table, board.total)
    assert missing.sure is not None
    system, votes = board.system, missing.sure.votes
    doubt = Doubt(0 if missing.nothing else missing.voters)
    two = system.kind in (Kind.TWO_ROUND_MAJORITY, Kind.LIST_TWO_ROUND_MAJORITY) and contest.round == 1
    base = base_of(missing.sure, system) if two else 0
    grows = missing.list if system.base == "registered" else None
    rows = []
    for option in board.options if system.kind is not Kind.PROPORTIONAL else ():
        if two and base is not None:
            first = majority(option.code, votes, base, system.majority, system.majority_strict, doubt, grows)
        else:
            first = Prospect.POSSIBLE if two else among_first(option.code, 1, votes, doubt)
        top = (
            among_first(option.code, system.qualify, votes, doubt, by_share=system.qualify_at is not None)
            if two
            else None
        )
        rows.append((option, board.votes[option.code], first, top))
    contested = sum(t.stations or 0 for t in missing.through if t.why == "contested")
    return {
        "two_rounds": two, "rows": rows, "missing": missing.voters, "contested": contested,
        "stations": None if missing.stations is None else missing.stations - contested,
        "open": board.outcome.secured is not Secured.YES, "changes": board.outcome.open,
    }  # fmt: skip
