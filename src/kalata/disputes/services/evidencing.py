"""Evidence of a case put in its place: pieces linked to grounds and stations, officers replaced, copies read by two persons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from kalata.country.models import Station
from kalata.disputes import kinds
from kalata.disputes.models import CopyReading, EvidenceLink, Exhibit, Ground, OfficerReplaced, Petition
from kalata.disputes.queries import bench, instruct
from kalata.disputes.rules.evidence import BadCopy, Linked, NoSuchPlace, check_lines
from kalata.disputes.rules.instruct import WORKED, NotTheReporter, Place
from kalata.disputes.rules.parties import opens
from kalata.disputes.rules.steps import REGISTRY, State
from kalata.disputes.services.reading import NotForYou, places_of
from kalata.disputes.services.steps import subject_of
from kalata.ledger.services import record
from kalata.people.models import Person
from kalata.people.queries import may


# --- pieces and grounds ----------------------------------------------------------------------------------
@transaction.atomic
def link(*, petition: Petition, piece: int, ground_id: int, codes: Iterable[str], note: str, by: Person) -> list[EvidenceLink]:  # fmt: skip
    """Say that a piece bears on a ground, at these stations of it; on the whole ground where none is given.

    Raises DIS-801, DIS-802; DIS-811 no such piece, ground or station of this case; DIS-812 it is said already.
    """
    instruct.opening(by, petition).must_work()
    exhibit, ground = exhibit_of(petition, piece), ground_of(petition, ground_id)
    stations: list[Station | None] = [*stations_of(ground, list(codes))] or [None]
    now = timezone.now()
    made = []
    for station in stations:
        if EvidenceLink.objects.filter(exhibit=exhibit, ground=ground, station=station, struck_at=None).exists():
            raise Linked(piece=f"P{piece}", where=station.code if station else ground.key)
        made.append(EvidenceLink.objects.create(
            petition=petition, exhibit=exhibit, ground=ground, station=station, note=note[:300], by=by, at=now
        ))  # fmt: skip
    record(
        by=by, kind=kinds.EVIDENCE_LINKED, subject=subject_of(petition), rows=made,
        after={"piece": piece, "ground": ground.key, "stations": sum(s is not None for s in stations)},
    )  # fmt: skip
    return made


@transaction.atomic
def unlink(*, petition: Petition, link_id: int, by: Person) -> None:
    """Strike a link said by mistake; it stays legible."""
    instruct.opening(by, petition).must_work()
    one = EvidenceLink.objects.select_for_update().select_related("exhibit", "ground").get(pk=link_id, petition=petition, struck_at=None)  # fmt: skip
    one.struck_by, one.struck_at = by, timezone.now()
    one.save(update_fields=["struck_by", "struck_at"])
    record(
        by=by, kind=kinds.EVIDENCE_UNLINKED, subject=subject_of(petition),
        after={"piece": one.exhibit.number, "ground": one.ground.key},
    )  # fmt: skip


def exhibit_of(petition: Petition, number: int) -> Exhibit:
    found = petition.exhibits.filter(number=number, struck=False).select_related("piece").first()
    if found is None:
        raise NoSuchPlace(what=f"P{number}")
    return found


def ground_of(petition: Petition, pk: int) -> Ground:
    found = Ground.objects.filter(pk=pk, petition__in=bench.family(petition), struck=False).first()
    if found is None:
        raise NoSuchPlace(what=str(pk))
    return found


def stations_of(ground: Ground, codes: list[str]) -> list[Station]:
    """Stations that the ground aims at, by their codes. DIS-811 names the first that it does not."""
    aimed = {t.station.code: t.station for t in ground.targets.filter(struck=False, station__isnull=False).select_related("station") if t.station}  # fmt: skip
    for code in codes:
        if code not in aimed:
            raise NoSuchPlace(what=code)
    return [aimed[code] for code in dict.fromkeys(codes)]


# --- officers --------------------------------------------------------------------------------------------
@transaction.atomic
def replaced(
    *, petition: Petition, code: str, role: str, happened_at: datetime, decided_by: str, basis: str, listed: str, piece: int | None,
    by: Person,
) -> OfficerReplaced:  # fmt: skip
    """Note that an officer of a station was replaced on the day. DIS-801, DIS-802, DIS-811."""
    instruct.opening(by, petition).must_work()
    station = station_of(petition, code)
    made = OfficerReplaced.objects.create(
        petition=petition, station=station, role=role, happened_at=happened_at, decided_by=decided_by.strip()[:200],
        basis=basis.strip()[:300], listed=listed, exhibit=exhibit_of(petition, piece) if piece else None, by=by, at=timezone.now(),
    )  # fmt: skip
    record(
        by=by, kind=kinds.OFFICER_REPLACED, subject=subject_of(petition), rows=[made],
        after={"station": station.code, "role": role},
    )  # fmt: skip
    return made


@transaction.atomic
def unreplaced(*, petition: Petition, pk: int, by: Person) -> None:
    """Strike a replacement noted by mistake; it stays legible."""
    instruct.opening(by, petition).must_work()
    one = OfficerReplaced.objects.select_for_update().select_related("station").get(pk=pk, petition=petition, struck_at=None)  # fmt: skip
    one.struck_by, one.struck_at = by, timezone.now()
    one.save(update_fields=["struck_by", "struck_at"])
    record(
        by=by, kind=kinds.OFFICER_REPLACED, subject=subject_of(petition),
        after={"station": one.station.code, "role": one.role, "struck": True},
    )  # fmt: skip


def station_of(petition: Petition, code: str) -> Station:
    found = Station.objects.filter(contest=petition.contest_id, code=code).first()
    if found is None:
        raise NoSuchPlace(what=code)
    return found


# --- copies ----------------------------------------------------------------------------------------------
@transaction.atomic
def read_copy(*, petition: Petition, piece: int, page: int, code: str, lines: Mapping[str, int | None], by: Person) -> CopyReading:  # fmt: skip
    """Type the figures of a copy from its page: a first reading, or, where another person has made it, the second.

    The second is typed without the first; alike, the copy is established. Raises DIS-801, DIS-802, DIS-220 the piece is
    not opened to this place, DIS-811, DIS-813 the same person twice, or a page that the piece has not.
    """
    reads_copies(petition, by)
    exhibit, station = exhibit_of(petition, piece), station_of(petition, code)
    if not opens(exhibit.access, **places_of(by, petition)):
        raise NotForYou
    check_lines(lines, page, exhibit.pages)
    first = CopyReading.objects.select_for_update().filter(exhibit=exhibit, page=page, station=station, verdict=None).first()  # fmt: skip
    now = timezone.now()
    if first is None:
        made = CopyReading.objects.create(
            petition=petition, exhibit=exhibit, page=page, station=station, lines=dict(lines), by=by, at=now
        )  # fmt: skip
        told(petition, made, 1, by)
        return made
    if first.by_id == by.pk:
        raise BadCopy(why=BadCopy.TWICE)
    first.verdict = "agrees" if first.lines == dict(lines) else "differs"
    first.second, first.second_at = by, now
    first.save(update_fields=["verdict", "second", "second_at"])
    told(petition, first, 2, by)
    return first


def told(petition: Petition, one: CopyReading, rank: int, by: Person) -> None:
    after = {"piece": one.exhibit.number, "station": one.station.code, "rank": rank}
    more = {"agrees": one.verdict == "agrees"} if rank == 2 else {}
    record(
        by=by,
        kind=kinds.COPY_READ,
        subject=subject_of(petition),
        after={**after, **more},
        rows=[one] if rank == 1 else [],
    )


def reads_copies(petition: Petition, by: Person) -> None:
    """The reporting judge, a member of the bench who reads the case, or the registry, while the case is worked on."""
    opening = instruct.opening(by, petition)
    keeps = may(by, REGISTRY, contest=petition.contest_id) and State(petition.state) in WORKED
    if opening.works or keeps or (opening.place is Place.MEMBER and opening.reads):
        return
    opening.must_work()
    raise NotTheReporter
