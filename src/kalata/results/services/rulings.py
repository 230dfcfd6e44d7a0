"""The door of the Court: nothing is annulled, restored, corrected or proclaimed here without its signed decision.

One transaction writes everything a decision changes or nothing of it: versions (the old one beside the new), papers,
what follows (totals, seats, order), the ledger and the announcements of the public log. Decisions on one contest wait
for each other; the later one writes a new version over the earlier one's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from django.db import transaction
from django.utils import timezone

from kalata.country.models import Contest, Station
from kalata.ledger.services import record
from kalata.people import queries as people
from kalata.people.models import Person
from kalata.people.services import require
from kalata.refusals import Forbidden
from kalata.results import court, kinds, papers
from kalata.results.models import (
    Contestation,
    Decision,
    DecisionEffect,
    DecisionLine,
    Proclamation,
    StationReport,
)
from kalata.results.queries import board as boards
from kalata.results.queries import store
from kalata.results.queries.effects import outcome_hash
from kalata.results.queries.store import packed, sheet_of
from kalata.results.rules.boxes import ABSENT, Sheet, Standing
from kalata.results.rules.outcome import Status
from kalata.results.rules.rulings import (
    LONGEST_REASON,
    AlreadyCarriedOut,
    NoDecision,
    NoFiguresToCount,
    NothingOrdered,
    NotInForce,
    OnePerson,
    Order,
    Proclaimed,
    Ruling,
    StillContested,
    UnknownStations,
)
from kalata.results.rules.sheets import lines_of
from kalata.results.services import announcing, authority
from kalata.results.services.contests import changed
from kalata.results.services.second_round import AGAIN

RIGHT = "results.decide"
SLICE = 400


def carry_out(*, contest: Contest, ruling: Ruling, by: Person) -> Decision:
    """Carry out a signed decision on the results of a contest, once and whole.

    Raises: PEO-101 not the Court's, RES-340 no number, digest or reason, RES-341 carried out already, RES-342 a
    station unknown or named twice, RES-343 a figure `before` that is not in force, RES-344 nothing changes, RES-345
    no figure to count, RES-346 proclaimed, RES-347 who signed carries it out, RES-348 a paper still at its desk.
    """
    try:
        with transaction.atomic():
            return carried_out(contest, ruling, by)
    except BaseException:
        store.forget()  # stations that were not written after all may be in memory
        raise


def carried_out(contest: Contest, ruling: Ruling, by: Person) -> Decision:
    held = locked(contest)
    asked(held, ruling, by)
    now = timezone.now()
    before = picture(held)
    found = stations_of(held, [o.station for o in ruling.orders])
    authority.prove(held, [s.pk for s in found.values()])
    decision = Decision.objects.create(
        contest=held, number=ruling.number.strip(), digest=ruling.digest, acts=list(ruling.acts),
        words=plain(ruling.words), signed_by_id=ruling.signed_by, carried_by=by, at=now,
    )  # fmt: skip
    made = lines(decision, held, ruling, found)
    told = written(decision, held, made)
    rerun(held, ruling)
    ended = end(decision, ruling)
    changed(held)
    DecisionEffect.objects.create(decision=decision, before=before, after=picture(held))
    after = {"number": decision.number, "digest": decision.digest, "stations": len(made), "petitions": len(ended)}
    record(
        by=by, kind=kinds.DECISION_CARRIED_OUT, subject=f"contest:{held.code}", after=after, reason=decision.words,
        rows=[decision, decision.lines.all(), versions(decision), *told],
    )  # fmt: skip
    announcing.tell(held, [m.station for m in made], order_of(decision))
    return decision


def asked(contest: Contest, ruling: Ruling, by: Person) -> None:
    """Who signed, who carries out, the number and the hash: before anything is read."""
    require(by, RIGHT, contest=contest.pk)
    if not (ruling.number.strip() and len(ruling.digest) == 64 and ruling.words.strip()):
        raise NoDecision
    if ruling.signed_by == by.pk:
        raise OnePerson
    signer = Person.objects.filter(pk=ruling.signed_by).first()
    if signer is None or not people.may(signer, RIGHT, contest=contest.pk):
        raise Forbidden(right=RIGHT)
    kept = court.signed(ruling.number.strip())
    if kept is not None and kept != ruling.digest:
        raise NoDecision
    done = Decision.objects.filter(contest=contest)
    if done.filter(number=ruling.number.strip()).exists() or done.filter(digest=ruling.digest).exists():
        raise AlreadyCarriedOut(number=ruling.number.strip())


def locked(contest: Contest) -> Contest:
    """The contest, for one act at a time. RES-346: its final results are proclaimed."""
    held = Contest.objects.select_for_update(of=("self",)).select_related("election__pack", "election__geography").get(pk=contest.pk)  # fmt: skip
    if done := Proclamation.objects.filter(contest=held).first():
        raise Proclaimed(number=done.number)
    return held


def plain(words: str) -> str:
    return " ".join(words.split())[:LONGEST_REASON]


def stations_of(contest: Contest, codes: Sequence[str]) -> dict[str, Station]:
    """Each station by its code. RES-342: not in the register, or twice."""
    found: dict[str, Station] = {}
    for start in range(0, len(codes), SLICE):
        rows = Station.objects.filter(contest=contest, code__in=codes[start : start + SLICE])
        found |= {s.code: s for s in rows}
    wrong = sorted(c for c, n in Counter(codes).items() if n > 1 or c not in found)
    if wrong:
        raise UnknownStations(stations=", ".join(wrong[:20]))
    return found


def lines(decision: Decision, contest: Contest, ruling: Ruling, found: dict[str, Station]) -> list[court.Made]:
    """What the decision makes of each station, over what is in force now; kept as its correction list."""
    held: dict[int, StationReport] = {}
    numbers = sorted(s.pk for s in found.values())
    for start in range(0, len(numbers), SLICE):
        rows = StationReport.objects.select_for_update().filter(
            station__in=numbers[start : start + SLICE], current=True
        )
        held |= {r.station_id: r for r in rows}
    made, kept = [], []
    for order in ruling.orders:
        station = found[order.station]
        row = held.get(station.pk)
        sheet, other = sheet_under(contest, station, order, row)
        reason = plain(order.reason or ruling.words)
        made.append(court.Made(station.pk, order.standing, sheet, other, reason))
        kept.append(
            DecisionLine(
                decision=decision, station=station, act=order.act[:40], before=row.version if row else 0,
                standing=int(order.standing), sheet=sheet, reason=reason,
            )
        )  # fmt: skip
    DecisionLine.objects.bulk_create(kept, batch_size=500)
    return made


def sheet_under(contest: Contest, station: Station, order: Order, row: StationReport | None) -> tuple[bytes, bool]:
    """(figures that the station has under this order, whether they are others than those that stood).

    A record taken back gives back the figures of its last version that had some.
    """
    boxes = authority.boxes_of(contest)
    stood = row
    if row is not None and row.standing == Standing.MISSING:
        earlier = StationReport.objects.filter(station=station).exclude(standing=Standing.MISSING)
        stood = earlier.order_by("-version").first()
    was = sheet_of(stood.sheet, boxes) if stood is not None else None
    there = lines_of(was) if was is not None else {}
    for name, said in order.before.items():
        if there.get(name) != said:
            raise NotInForce(station=station.code, field=name, said=authority.shown(said), kept=authority.shown(there.get(name)))  # fmt: skip
    if order.standing is Standing.MISSING:
        if row is None or row.standing == Standing.MISSING:
            raise NothingOrdered(station=station.code)
        return blank_of(contest), False
    sheet = order.sheet if order.sheet is not None else was
    if sheet is None or all(v is None for v in (*sheet.boxes.values(), *sheet.votes)):
        raise NoFiguresToCount(station=station.code)
    blob = blob_of(contest, sheet)
    other = stood is None or blob != bytes(stood.sheet)
    if not other and row is not None and row.standing == order.standing:
        raise NothingOrdered(station=station.code)
    return blob, other


def blob_of(contest: Contest, sheet: Sheet) -> bytes:
    values = [sheet.boxes.get(b) for b in authority.boxes_of(contest)] + list(sheet.votes)
    return packed(np.array([[ABSENT if v is None else v for v in values]], np.int64))[0]


def blank_of(contest: Contest) -> bytes:
    width = len(contest.boxes) + contest.options.count()
    return packed(np.full((1, width), ABSENT, np.int64))[0]


def written(decision: Decision, contest: Contest, made: Sequence[court.Made]) -> list[Any]:
    """Write the version of each station, under the hash of the decision; papers are moved by the room that follows them."""
    followed = set(papers.followed_by().turns([m.station for m in made]))
    before = dict(decision.lines.values_list("station_id", "before"))
    rows = [authority.Version(m.station, int(m.standing), m.sheet, before[m.station]) for m in made if m.station not in followed]  # fmt: skip
    under = authority.by_ruling(decision)
    authority.write(contest=contest, rows=rows, authority=under, reason=decision.words)
    desk = court.desk()
    if not followed or desk is None:
        return []
    return list(desk.decided(contest, [m for m in made if m.station in followed], under_of(decision)))


def under_of(decision: Decision) -> court.Under:
    return court.Under(
        number=decision.number, digest=decision.digest, signed_by=decision.signed_by_id,
        carried_by=decision.carried_by_id, at=decision.at,
    )  # fmt: skip


def versions(decision: Decision) -> Any:
    return StationReport.objects.filter(contest=decision.contest_id, authority="ruling", proof=decision.digest)


def order_of(decision: Decision) -> announcing.Order:
    return announcing.Order("court", decision.number, words=decision.words, code="court", at=announcing.instant(decision.at))  # fmt: skip


def picture(contest: Contest) -> dict[str, Any]:
    """Totals, seats, order and outcome that the records in force give, computed anew: nothing of it is taken from a cache."""
    contest.refresh_from_db(fields=["revision", "register_revision", "published_at"])
    board = boards.build(contest, boards.hidden(contest, ()) if contest.published_at else None)
    ranked = sorted(board.votes.items(), key=lambda o: -o[1])
    outcomes = {"": board.outcome} if board.outcome else dict(board.outcomes)
    return {
        "counted": board.total.counted, "annulled": board.total.annulled, "missing": board.total.missing,
        "valid": board.total.valid, "votes": board.votes, "order": [o for o, _n in ranked],
        "figures": {b.value: n for b, n in board.total.boxes.items()},
        "seats": board.seats(),
        "outcomes": {k: {"status": o.status.value, "options": list(o.options), "pair": list(o.options) if o.status is Status.RUNOFF else []} for k, o in outcomes.items()},
        "outcome_sha256": outcome_hash(board),
    }  # fmt: skip


# --- contested, dismissed ----------------------------------------------------------------------------------
@transaction.atomic
def contest_stations(*, contest: Contest, stations: Sequence[str], petition: str, by: Person) -> list[Contestation]:
    """A petition attacks these stations, whatever their records are: counted, annulled, set aside or missing.

    Stations that this petition attacks already are passed over. RES-340: no petition number. RES-342, RES-346.
    """
    require(by, "results.contest", contest=contest.pk)
    held = locked(contest)
    if not petition.strip():
        raise NoDecision
    found = stations_of(held, stations)
    known = set(Contestation.objects.filter(contest=held, petition=petition.strip()).values_list("station_id", flat=True))  # fmt: skip
    now = timezone.now()
    fresh = [
        Contestation(contest=held, station=s, petition=petition.strip(), by=by, at=now)
        for s in found.values()
        if s.pk not in known
    ]
    made = Contestation.objects.bulk_create(fresh, batch_size=500)
    rows: list[Any] = []
    if (desk := court.desk()) is not None and made:
        under = court.Under(number=petition.strip(), digest="", signed_by=by.pk, carried_by=by.pk, at=now)
        rows = list(desk.contested(held, [m.station_id for m in made], under))
    record(
        by=by, kind=kinds.STATIONS_CONTESTED, subject=f"contest:{held.code}", rows=rows,
        after={"petition": petition.strip(), "stations": len(made)},
    )  # fmt: skip
    changed(held)
    return made


def end(decision: Decision, ruling: Ruling) -> list[str]:
    """End the contestations of the petitions decided; papers that nobody contests any more are public again."""
    open_ = Contestation.objects.filter(contest=decision.contest, petition__in=list(ruling.petitions), decision="")
    stations = list(open_.values_list("station_id", flat=True))
    petitions = sorted(set(open_.values_list("petition", flat=True)))
    open_.update(decision=decision.number)
    still = set(Contestation.objects.filter(contest=decision.contest, decision="").values_list("station_id", flat=True))
    free = sorted(set(stations) - still - set(decision.lines.values_list("station_id", flat=True)))
    if free and (desk := court.desk()) is not None:
        rows = list(desk.dismissed(decision.contest, free, under_of(decision)))
        record(
            by=decision.carried_by, kind=kinds.STATIONS_DISMISSED, subject=f"contest:{decision.contest.code}", rows=rows,
            after={"number": decision.number, "stations": len(free)}, reason=decision.words,
        )  # fmt: skip
    return petitions


# --- voting again -------------------------------------------------------------------------------------------
def rerun(contest: Contest, ruling: Ruling) -> None:
    """Stations that vote again, as stations of a part of their own beside the ones that they repeat: both are kept."""
    if not ruling.reruns:
        return
    found = stations_of(contest, list(ruling.reruns))
    n = 1 + len({p for p in contest.stations.values_list("part", flat=True).distinct() if p.startswith(AGAIN)})
    part = f"{AGAIN}{n}"
    Station.objects.bulk_create(
        (
            Station(
                contest=contest, unit_id=s.unit_id, code=f"{s.code[:240]}-R{n}", name=s.name, centre=s.centre,
                registered=s.registered, part=part, constituency_id=s.constituency_id,
            )
            for s in found.values()
        ),
        batch_size=1_000,
    )  # fmt: skip
    contest.register_revision += 1
    contest.save(update_fields=["register_revision"])


# --- proclaimed ---------------------------------------------------------------------------------------------
@transaction.atomic
def proclaim(*, contest: Contest, number: str, document: str, signed_by: int, by: Person) -> Proclamation:
    """The Court's final result: the declaration enters the log, and no version of a record follows.

    document: SHA-256 of the signed proclamation. Raises: PEO-101, RES-340, RES-346 done already, RES-347 one person,
    RES-349 a petition without its decision, RES-311 a figure that its authority does not give, RES-490 not public.
    """
    require(by, "results.proclaim", contest=contest.pk)
    held = locked(contest)
    if not number.strip() or len(document) != 64:
        raise NoDecision
    if signed_by == by.pk:
        raise OnePerson
    signer = Person.objects.filter(pk=signed_by).first()
    if signer is None or not people.may(signer, "results.proclaim", contest=held.pk):
        raise Forbidden(right="results.proclaim")
    if held.published_at is None:
        raise announcing.NothingToDeclare
    left = Contestation.objects.filter(contest=held, decision="")
    if first := left.select_related("station").first():
        raise StillContested(n=left.values("station").distinct().count(), station=first.station.code, petition=first.petition)  # fmt: skip
    body = announcing.declared_final(held, document=document, act=number.strip())
    made = Proclamation.objects.create(
        contest=held, number=number.strip(), document=document, figures=authority.public_digest(held),
        outcome=body["outcome_sha256"], signed_by_id=signed_by, carried_by=by, at=timezone.now(),
    )  # fmt: skip
    record(by=by, kind=kinds.PROCLAIMED, subject=f"contest:{held.code}", after={**body, "number": made.number})
    return made
