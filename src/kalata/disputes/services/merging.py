"""The bundle of an offline counter, merged at the registry: all of it or nothing, once or twice alike.

Receipt numbers and instants are the counter's own and stay. Roll numbers are given here, in order of the instant of
receipt; what arrives late takes the next ones. Pieces are read by the bounded child before the transaction begins.
"""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import IO, Any

from django.db import transaction
from django.utils import timezone

from kalata.country.models import Contest, Station, Unit
from kalata.disputes import kinds
from kalata.disputes.models import (
    Bundle,
    Counter,
    CustodyEvent,
    Exhibit,
    Ground,
    GroundTarget,
    Party,
    Petition,
    PetitionReceipt,
    PetitionStep,
    Roll,
)
from kalata.disputes.rules import bundles, receipts
from kalata.disputes.rules.bundles import ForeignBundle, ForgedBundle, Line, NotABundle, NumberTaken, UnknownContest
from kalata.disputes.rules.steps import CASE, REGISTRY, State
from kalata.disputes.services import custody, intake, unsealing
from kalata.evidence import decoding
from kalata.evidence import services as evidence
from kalata.evidence.models import Content
from kalata.evidence.rules.access import Access
from kalata.ledger.services import record
from kalata.people.guard import require
from kalata.people.models import Person
from kalata.states import born
from kalata.text import gettext_noop as _

MOST_RECEIPTS, MOST_LINES = 200_000, 2 * 2**30
"""Receipts in one bundle, and bytes of their lines once unpacked."""
SLICE = 2_000
IN_CLEAR = _(
    "Ce lot est venu en clair : qui a tenu son support a pu le lire. Inscrivez la clé de la Cour sur ce poste ; ses prochains lots seront chiffrés."
)


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge did. fresh: petitions that were not here before."""

    counter: str
    petitions: int
    fresh: int
    first: str = ""
    last: str = ""
    drift_ms: int | None = None
    sealed: bool = True


def merge(*, file: Path, by: Person | None) -> Merged:
    """Merge a bundle. Given again, or holding only what is here already, it changes nothing.

    by None: the command line. Raises: PEO-101; DIS-131 no bundle, DIS-132 a foreign key, DIS-133 altered, with the
    receipt and the field, DIS-134 a number that is another petition's, DIS-135 a contest without its roll; for its
    pieces EVD-101, EVD-107, RES-422; sealed to the Court, DIS-141 to DIS-143. What comes in clear, from a counter that had
    not the Court's key, is merged all the same, because a receipt was given for it; it is told as such.
    """
    if by is not None:
        require(by, REGISTRY)
    with unsealing.opened(file) as (clear, sealed), opened(clear) as archive:
        text, said = signed_manifest(archive)
        counter = known(said)
        sha256 = hashlib.sha256(text).hexdigest()
        lines = list(lines_of(archive, said, counter))
        fresh = not_here(lines)
        if not fresh:
            return Merged(counter.code, len(lines), 0, sealed=sealed)
        pieces = kept_pieces(archive, fresh, counter, by)
    return replace(written(counter, said | {"sealed": sealed}, sha256, len(lines), fresh, pieces, by), sealed=sealed)


# --- read ---------------------------------------------------------------------------------------
@contextmanager
def opened(file: Path | IO[bytes]) -> Iterator[zipfile.ZipFile]:
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, OSError, ValueError) as why:
        raise NotABundle(why=_("il est abîmé")) from why
    with archive:
        names = archive.namelist()
        if len(names) != len(set(names)) or not {bundles.MANIFEST, bundles.LINES, bundles.SIGNATURE} <= set(names):
            raise NotABundle(why=_("il lui manque une partie, ou elle y est deux fois"))
        try:
            yield archive
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as why:
            raise NotABundle(why=_("il est abîmé")) from why


def signed_manifest(archive: zipfile.ZipFile) -> tuple[bytes, dict[str, Any]]:
    for name, most in ((bundles.MANIFEST, 4_096), (bundles.SIGNATURE, 256), (bundles.LINES, MOST_LINES)):
        if archive.getinfo(name).file_size > most:
            raise NotABundle(why=_("il se déplie au-delà de toute mesure"))
    text = archive.read(bundles.MANIFEST)
    return text, bundles.read_manifest(text, archive.read(bundles.SIGNATURE).decode("ascii", "replace"))


def known(said: dict[str, Any]) -> Counter:
    """The counter of a bundle, open, whose key signed it. DIS-132."""
    found = Counter.objects.filter(code=said["counter"], key=said["key"], closed_at=None).first()
    if found is None:
        raise ForeignBundle(counter=said["counter"][:20])
    return found


def lines_of(archive: zipfile.ZipFile, said: dict[str, Any], counter: Counter) -> Iterator[Line]:
    """Every receipt, checked; each number once. DIS-131, DIS-133."""
    digest, seen = hashlib.sha256(), set()
    with archive.open(bundles.LINES) as file:
        for place, raw in enumerate(file, 1):
            if place > MOST_RECEIPTS:
                raise NotABundle(why=_("il se déplie au-delà de toute mesure"))
            digest.update(raw)
            one = bundles.read_line(raw, place, counter=counter.code, key=counter.key)
            if one.number in seen:
                raise ForgedBundle(counter=counter.code, where=str(one.number), field="number")
            seen.add(one.number)
            yield one
    if digest.hexdigest() != said.get("receipts_sha256") or len(seen) != said["receipts"]:
        raise ForgedBundle(counter=counter.code, where=bundles.LINES, field="receipts_sha256")


def not_here(lines: Sequence[Line]) -> list[Line]:
    """The receipts that are not here yet, in order of their instant. DIS-134: one is, with another root."""
    here: dict[str, str] = {}
    for start in range(0, len(lines), SLICE):
        numbers = [str(one.number) for one in lines[start : start + SLICE]]
        rows = PetitionReceipt.objects.filter(petition__number__in=numbers)
        here |= {str(number): root for number, root in rows.values_list("petition__number", "root")}
    for one in lines:
        if here.get(str(one.number), one.root) != one.root:
            raise NumberTaken(number=str(one.number))
    return sorted(
        (one for one in lines if str(one.number) not in here), key=lambda one: (one.received_at, str(one.number))
    )


def kept_pieces(
    archive: zipfile.ZipFile, fresh: Sequence[Line], counter: Counter, by: Person | None
) -> dict[str, Content]:
    """The pieces of what is fresh, kept by their content. DIS-133: one is missing, or is not what its receipt says."""
    names, found = set(archive.namelist()), {}
    for one in fresh:
        for piece in one.pieces:
            sha256, name = str(piece.get("sha256")), f"{bundles.PIECES}{piece.get('sha256')}"
            if sha256 in found:
                continue
            if name not in names:
                raise ForgedBundle(counter=counter.code, where=str(one.number), field=f"P{piece.get('n')}")
            with archive.open(name) as file:
                chunks = iter(partial(file.read, 1 << 20), b"")
                content = evidence.keep(
                    chunks, name=str(piece.get("name")), by=by, most=intake.PIECE_MOST, kinds=decoding.PIECES, quiet=True
                )  # fmt: skip
            if content.sha256 != sha256:
                raise ForgedBundle(counter=counter.code, where=str(one.number), field=f"P{piece.get('n')}")
            found[sha256] = content
    return found


# --- written ------------------------------------------------------------------------------------
@transaction.atomic
def written(
    counter: Counter, said: dict[str, Any], sha256: str, count: int, fresh: Sequence[Line], pieces: dict[str, Content],
    by: Person | None,
) -> Merged:  # fmt: skip
    """Every row of what is fresh, in one transaction that holds the counter and the rolls."""
    Counter.objects.select_for_update().get(pk=counter.pk)
    again = not_here(fresh)  # what another merge wrote meanwhile
    if not again:
        return Merged(counter.code, count, 0)
    now = timezone.now()
    drift = drift_of(said, now)
    bundle = Bundle.objects.create(
        counter=counter, sha256=sha256, petitions=count, fresh=len(again), drift_ms=drift, made_at=receipts.read(said["made_at"]),
        sealed=said["sealed"], by=by, at=now,
    )  # fmt: skip
    made: list[Petition] = []
    for code in sorted({one.contest for one in again}):
        made += contest_rows(code, [one for one in again if one.contest == code], counter, bundle, pieces, now)
    record(
        by=by, kind=kinds.BUNDLE_MERGED, subject=f"counter:{counter.code}",
        after={"sha256": sha256, "petitions": count, "fresh": len(made), "sealed": said["sealed"], **({"drift_ms": drift} if drift is not None else {})},
        rows=[
            PetitionReceipt.objects.filter(bundle=bundle),
            *(one.objects.filter(petition__receipt__bundle=bundle) for one in (PetitionStep, Party, Ground, Exhibit)),
        ],
    )  # fmt: skip
    return Merged(counter.code, count, len(made), str(again[0].number), str(again[-1].number), drift)


def drift_of(said: dict[str, Any], now: datetime) -> int | None:
    """How far the clock of the counter stood from this one: as it was measured there, or at least so far ahead; None: not known."""
    given = said.get("drift_ms")
    if isinstance(given, int):
        return given
    ahead = receipts.read(said["made_at"]) - now
    return int(ahead / timedelta(milliseconds=1)) if ahead > timedelta(0) else None


def contest_rows(
    code: str, lines: Sequence[Line], counter: Counter, bundle: Bundle, pieces: dict[str, Content], now: datetime
) -> list[Petition]:
    """The petitions of one contest, with everything that hangs on them. DIS-135."""
    contest = Contest.objects.filter(code=code).select_related("election").first()
    roll = Roll.objects.select_for_update().filter(contest=contest, kept_here=True).first() if contest else None
    if (
        contest is None
        or roll is None
        or any((one.number.year, one.number.contest) != (roll.year, roll.short) for one in lines)
    ):
        raise UnknownContest(contest=code[:60])
    units = {
        u.code: u
        for u in Unit.objects.filter(
            geography=contest.election.geography_id, code__in={one.filing.unit for one in lines}
        )
    }
    rows = [
        Petition(
            contest=contest, counter=counter, number=str(one.number), sequence=one.number.sequence, received_at=one.received_at,
            channel=one.channel, roll=roll.last + n, at=now, said=one.filing.record(), unit=units.get(one.filing.unit),
            **{name: getattr(one.filing, name) for name in ("kind", "about", "about_words", "capacity", "relief", "text", "signed", "signed_on")},
            **born(CASE, State.RECEIVED),
        )
        for n, one in enumerate(lines, 1)
    ]  # fmt: skip
    made = Petition.objects.bulk_create(rows, batch_size=500)
    roll.last += len(made)
    roll.save(update_fields=["last"])
    PetitionReceipt.objects.bulk_create(
        (receipt_of(p, one, counter, bundle) for p, one in zip(made, lines, strict=True)), batch_size=500
    )
    PetitionStep.objects.bulk_create(
        (PetitionStep(petition=p, start=State.DRAFT.value, to=State.RECEIVED.value, act=p.number or "", at=p.received_at or p.at) for p in made),
        batch_size=500,
    )  # fmt: skip
    Party.objects.bulk_create(parties(made, lines, now), batch_size=500)
    grounds_of(contest, made, lines, now)
    exhibits_of(made, lines, pieces, counter)
    return made


def receipt_of(petition: Petition, one: Line, counter: Counter, bundle: Bundle) -> PetitionReceipt:
    since = one.said.get("since")
    return PetitionReceipt(
        petition=petition, body=one.text, root=one.root, signature=one.signature, key=counter.key, bundle=bundle,
        clock=str(one.said.get("clock", ""))[:40], drift_ms=one.said.get("drift_ms"), ticket=str(one.said.get("ticket", ""))[:40],
        since=receipts.read(since) if since else None, clerk=str(one.said.get("clerk", ""))[:40], at=one.received_at,
    )  # fmt: skip


def parties(made: Sequence[Petition], lines: Sequence[Line], now: datetime) -> Iterator[Party]:
    for petition, one in zip(made, lines, strict=True):
        for p in one.filing.parties:
            yield Party(
                petition=petition, role=p.role, name=p.name, kind=p.kind, mandate=p.mandate, email=p.email, phone=p.phone,
                address=p.address, elected=p.elected, sex=p.sex, at=now,
            )  # fmt: skip


def grounds_of(contest: Contest, made: Sequence[Petition], lines: Sequence[Line], now: datetime) -> None:
    wanted = {code for one in lines for g in one.filing.grounds for code in g.stations}
    known_stations: dict[str, Station] = {}
    for part in sliced(sorted(wanted)):
        known_stations |= {s.code: s for s in Station.objects.filter(contest=contest, code__in=part).only("pk", "code")}
    pairs = [
        (g, Ground(petition=p, key=f"g{n}", code=g.code, about=g.about or one.filing.about, text=g.text, article=g.article, relief=g.relief))
        for p, one in zip(made, lines, strict=True)
        for n, g in enumerate(one.filing.grounds, 1)
    ]  # fmt: skip
    Ground.objects.bulk_create([row for _g, row in pairs], batch_size=500)
    targets = []
    for g, row in pairs:
        for code in dict.fromkeys(g.stations):
            found = known_stations.get(code)
            targets.append(GroundTarget(ground=row, station=found, words=code, resolved_at=now if found else None))
        targets += [GroundTarget(ground=row, words=w) for w in dict.fromkeys(g.words)]
    GroundTarget.objects.bulk_create(targets, batch_size=500)


def exhibits_of(made: Sequence[Petition], lines: Sequence[Line], pieces: dict[str, Content], counter: Counter) -> None:
    """The pieces of each petition, the chain of the counter, and one line that says the merge."""
    for petition, one in zip(made, lines, strict=True):
        rows = {}
        for piece in one.pieces:
            content = pieces[str(piece["sha256"])]
            rows[content.sha256] = Exhibit.objects.create(
                petition=petition, number=piece["n"], piece=content, kind=str(piece.get("kind", ""))[:24], name=str(piece["name"])[:200],
                pages=int(piece.get("pages", 0)), received_at=one.received_at,
            )  # fmt: skip
            evidence.join(
                sha256=content.sha256,
                subject=f"petition:{petition.number}",
                access=Access.STAFF,
                by=None,
                name=str(piece["name"]),
            )
        events: Iterable[CustodyEvent] = (
            custody.event_of(petition, dict(line), exhibit=rows.get(line["piece"]), by=None) for line in one.custody
        )
        CustodyEvent.objects.bulk_create(events)
        if one.custody:
            custody.note(petition, "moved", actor="house:0", giver=counter.code, receiver="greffe", why="fusion")


def sliced(values: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(values), SLICE):
        yield values[start : start + SLICE]
