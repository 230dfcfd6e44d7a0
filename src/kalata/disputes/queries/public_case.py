"""One case, or many, as everybody reads them: in a constant number of questions whatever their number."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Count

from kalata.disputes.models import (
    CauseListEntry,
    Clock,
    Exhibit,
    Filing,
    Ground,
    GroundTarget,
    Petition,
    PetitionStep,
    Service,
)
from kalata.disputes.queries import public, public_archives
from kalata.disputes.queries.public import named, rows_of, session_of
from kalata.disputes.rules.filing import GROUNDS
from kalata.disputes.rules.parties import ROLE_LABELS
from kalata.disputes.rules.public import (
    WITHHELD,
    CaseFile,
    CaseRow,
    Moment,
    Piece,
    Place,
    Plea,
    Served,
    Session,
    life,
)
from kalata.disputes.rules.service import PAPERS, VERDICT_LABELS
from kalata.disputes.rules.steps import State
from kalata.text import Named
from kalata.text import gettext_noop as _

TOLD = ("petition", "defence", "reply", "observations", "decision")
"""Papers of the procedure that the public page tells of, by their kind alone."""


def case(number: str) -> CaseFile | None:
    """One case; None where no case was received under this number."""
    found = cases([number])
    return found[0] if found else None


def cases(numbers: Iterable[str]) -> list[CaseFile]:
    """These cases, newest first."""
    wanted = list(numbers)
    rows = {r.number: r for r in rows_of(wanted)}
    keys = dict(Petition.objects.filter(number__in=list(rows)).exclude(state=State.DRAFT).values_list("number", "pk"))
    told = Told(list(keys.values()))
    return [told.case(rows[number], keys[number]) for number in rows]


class Told:
    """What is read of several cases at once, by case."""

    def __init__(self, keys: list[int]) -> None:
        self.keys = keys
        self.steps = grouped(
            PetitionStep.objects.filter(petition__in=keys).order_by("pk").values_list("petition_id", "to", "at")
        )
        self.pleas = pleas_of(keys)
        self.filings = filings_of(keys)
        self.filing_clocks = grouped(
            (c.petition_id, c)
            for c in Clock.objects.filter(petition__in=keys, kind="filing", stopped_at=None).select_related("petition__contest__election").order_by("pk")
        )  # fmt: skip
        self.pieces = grouped(
            (e.petition_id, e)
            for e in Exhibit.objects.filter(petition__in=keys, access="public", struck=False).select_related("piece").order_by("number")
        )  # fmt: skip
        hidden = Exhibit.objects.filter(petition__in=keys, struck=False).exclude(access="public").order_by()
        self.hidden = grouped(hidden.values_list("petition_id", "access").annotate(Count("pk")))
        self.sessions = sessions_of(keys)
        self.archives = public_archives.of(
            [str(n) for n in Petition.objects.filter(pk__in=keys).values_list("number", flat=True)]
        )
        self.joined = grouped(
            Petition.objects.filter(lead__in=keys).order_by("received_at").values_list("lead_id", "number")
        )

    def case(self, row: CaseRow, key: int) -> CaseFile:
        states = self.steps[key]
        sessions = tuple(self.sessions[key])
        return CaseFile(
            row=row, life=tuple(self.moments(row, key, states, sessions)), grounds=tuple(self.pleas[key]),
            filing=tuple(self.filed(key)), papers=tuple(self.filings[key]),
            pieces=tuple(Piece(e.number, e.name, e.kind, e.piece.sha256, e.received_at) for (e,) in self.pieces[key]),
            withheld=tuple(self.withheld(row, key, states)), sessions=sessions, joined=tuple(n for (n,) in self.joined[key]), archive=self.archives.get(row.number, ""),
        )  # fmt: skip

    def moments(self, row: CaseRow, key: int, states: list[Any], sessions: tuple[Session, ...]) -> list[Moment]:
        out = life(row.received, states)
        out += [Moment(p.filed, PAPERS[p.paper], _("déposé au greffe")) for p in self.filings[key] if p.paper in ("defence", "reply", "observations")]  # fmt: skip
        out += [Moment(s.starts, _("audience tenue") if s.held else _("audience"), s.place, next=not s.held) for s in sessions]  # fmt: skip
        if row.limit:
            out.append(Moment(row.limit.bound, _("fin du délai"), row.limit.article, next=True))
        return sorted(out, key=lambda one: one.at)

    def filed(self, key: int) -> list[tuple[Named, str, str]]:
        """Each reading of the limit to file: the rule, its end, what it makes of this petition. No ruling on it."""
        out: dict[tuple[str, str, str], tuple[Named, str, str]] = {}
        for (clock,) in self.filing_clocks[key]:
            readings = public.readings_of(clock, clock.petition.contest.election.pack_id)
            for (rule, end, _kept), said in zip(readings, clock.readings, strict=True):
                verdict = VERDICT_LABELS.get(said.get("filed"), "")
                out.setdefault((rule.fr, end, verdict), (rule, end, verdict))
        return list(out.values())

    def withheld(self, row: CaseRow, key: int, states: list[Any]) -> list[tuple[int, str]]:
        counts: Counter[str] = Counter(dict(self.hidden[key]))
        counts["persons"] = row.unnamed
        out = [(counts[name], WITHHELD[name]) for name in ("parties", "bench", "sealed", "persons") if counts[name]]
        if any(state == State.DELIBERATION for state, _at in states):
            out.append((0, WITHHELD["deliberation"]))
        return out


def grouped(rows: Iterable[tuple[Any, ...]]) -> Mapping[int, list[Any]]:
    """The rest of each row by its first value."""
    out: dict[int, list[Any]] = defaultdict(list)
    for key, *rest in rows:
        out[key].append(tuple(rest))
    return out


def pleas_of(keys: list[int]) -> Mapping[int, list[Plea]]:
    """Grounds in general terms, with the stations they aim at; words that no station answers to are counted, never shown."""
    grounds = list(Ground.objects.filter(petition__in=keys, struck=False).order_by("petition", "pk"))
    places: dict[int, list[Place]] = defaultdict(list)
    lost: Counter[int] = Counter()
    targets = GroundTarget.objects.filter(ground__in=[g.pk for g in grounds], struck=False).order_by(
        "station__code", "pk"
    )
    names = ("ground_id", "station_id", "station__code", "station__name", "station__unit__name")
    for ground, pk, code, name, unit in targets.values_list(*names):
        if pk is None:
            lost[ground] += 1
        else:
            places[ground].append(Place(pk, code, name, unit or ""))
    out: dict[int, list[Plea]] = defaultdict(list)
    for g in grounds:
        code = g.code if g.code in GROUNDS else "other"
        out[g.petition_id].append(Plea(g.key, code, g.article, tuple(places[g.pk]), lost[g.pk]))
    return out


def filings_of(keys: list[int]) -> Mapping[int, list[Served]]:
    """Papers by their kind: to whom, and when it reached them; who may not be named is told by the role."""
    services: dict[int, list[tuple[str, str, datetime | None]]] = defaultdict(list)
    rows = (
        Service.objects.filter(petition__in=keys, struck_at=None, twin_of=None).select_related("party").order_by("pk")
    )
    for one in rows:
        party = one.party
        name = party.name if named(party.role, party.kind) and not party.struck else ""
        services[one.document_id].append((ROLE_LABELS[party.role], name, one.served_at))
    out: dict[int, list[Served]] = defaultdict(list)
    for f in Filing.objects.filter(petition__in=keys, struck_at=None, kind__in=TOLD).order_by("number"):
        out[f.petition_id].append(Served(f.kind, f.filed_at, tuple(services[f.pk])))
    return out


def sessions_of(keys: list[int]) -> Mapping[int, list[Session]]:
    out: dict[int, list[Session]] = defaultdict(list)
    rows = CauseListEntry.objects.filter(petition__in=keys, hearing__listed_at__isnull=False)
    for entry in (
        rows.select_related("hearing__contest")
        .prefetch_related("hearing__entries__petition")
        .order_by("hearing__starts_at")
    ):
        out[entry.petition_id].append(session_of(entry.hearing))
    return out
