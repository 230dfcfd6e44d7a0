"""The public ledger of corrections as the application shows it: reckoned from what was announced to the public log.

An announcement is written in the transaction of the act it tells and holds exactly what the public may read from then
on: nothing else is looked at, so nothing that was never public can be told (`rules.public_ledger`). The site reckons
the same ledger from the entries that the announcements became.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

from kalata.country.models import Contest, Station
from kalata.ledger.queries import acts
from kalata.results.rules.public_ledger import Book, Key, Ledger
from kalata.text import nfc
from kalata.transparency import witnessing
from kalata.transparency.models import LogEntry, Outbox, PublicLog
from kalata.transparency.rules import canonical

KINDS = ("report", "exclusion", "declaration")
State = tuple[int, datetime | None, int]
"""What changes when the public reads something else: revision, publication, register."""


@dataclass
class Held:
    """The ledger of one contest between two readings. waiting: line -> announcement without its place in the log."""

    ledger: Ledger
    register: int
    last: int = 0
    fed: int = 0
    refused: int = 0
    waiting: dict[int, int] = field(default_factory=dict)
    state: State | None = None
    book: Book = field(default_factory=Book)


_held: dict[int, Held] = {}
_lock = Lock()
MOST = 8


def forget() -> None:
    with _lock:
        _held.clear()


def book(contest: Contest) -> Book:
    """The ledger of a contest as it is now. Only what was announced since the last reading is read."""
    log = PublicLog.objects.filter(name=contest.code).first()
    if log is None:
        return Book()
    state = contest.revision, contest.published_at, contest.register_revision
    with _lock:
        held = _held.get(contest.pk)
        if held is None or held.register != contest.register_revision:
            held = fresh(contest)
        if held.state != state:
            held = grown(contest, log, held)
            held.state, held.book = state, held.ledger.book()
        if held.waiting and placed(held):
            held.book = held.ledger.book()
        _held.pop(contest.pk, None)
        _held[contest.pk] = held
        while len(_held) > MOST:
            del _held[next(iter(_held))]
        return held.book


def told(contest: Contest) -> Ledger | None:
    """What the public was told of every station, whatever is shown now; None where nothing ever was.

    The reference of a contest that was withdrawn: it does not depend on clocks, nor on what pages show.
    """
    log = PublicLog.objects.filter(name=contest.code).first()
    if log is None:
        return None
    with _lock:
        held = _held.get(contest.pk)
        if held is None or held.register != contest.register_revision:
            held = fresh(contest)
        held = grown(contest, log, held)
        held.state = None
        _held[contest.pk] = held
        return held.ledger if held.ledger.held else None


def count_of(contest: Contest, part: str, station: str) -> int:
    """How many lines the ledger has of one station."""
    key = (part, nfc(station))
    return sum(line.key == key for line in book(contest).lines)


def fresh(contest: Contest) -> Held:
    ranks = list(contest.options.order_by("rank").values_list("rank", flat=True))
    groups: dict[Key, str] = {}
    if contest.constituencies.exists():
        rows = Station.objects.filter(contest=contest, constituency__isnull=False)
        groups = {
            (part, nfc(code)): group for part, code, group in rows.values_list("part", "code", "constituency__code")
        }
    return Held(Ledger(ranks, groups), contest.register_revision)


def grown(contest: Contest, log: PublicLog, held: Held) -> Held:
    """What was announced since; all of it anew where an announcement was refused, or came in before others."""
    if acts(kind="log.recovered").filter(subject=f"log:{log.origin}").exists():
        return from_entries(contest, log)
    mine = Outbox.objects.filter(log=log, kind__in=KINDS)
    refused = mine.exclude(refused="").count()
    new = mine.filter(pk__gt=held.last).count()
    if refused != held.refused or held.fed + new != mine.count():
        held = fresh(contest)
    held.refused = refused
    for pk, index, body, bad in announced(log, held.last):
        held.last, held.fed = pk, held.fed + 1
        if bad:
            continue  # the log does not hold it: the public record is what the log says
        line = held.ledger.read(body, index, str(body.get("words", "")))
        if line is not None and index is None:
            held.waiting[line.number] = pk
    return held


def from_entries(contest: Contest, log: PublicLog) -> Held:
    """The ledger of a log that was taken back from its published files: some entries have no announcement any more.

    Entries first, in their order, then what waits for its place. The words of an entry without announcement are lost
    with the database that held them; the log still has their digest.
    """
    held = fresh(contest)
    entries = LogEntry.objects.filter(log=log).order_by("index").values_list("index", "data", "outbox__body")
    for index, data, body in entries.iterator(chunk_size=5_000):
        raw = bytes(data)
        if b'"kind":"total"' not in raw:
            held.ledger.read(canonical.read(raw), index, str((body or {}).get("words", "")))
    for pk, kind, body in (
        log.outbox.filter(done=False, kind__in=KINDS).order_by("pk").values_list("pk", "kind", "body")
    ):
        line = held.ledger.read({**body, "kind": kind}, None, str(body.get("words", "")))
        if line is not None:
            held.waiting[line.number] = pk
    return held


def announced(log: PublicLog, after: int) -> Iterator[tuple[int, int | None, dict[str, object], str]]:
    rows = Outbox.objects.filter(log=log, kind__in=KINDS, pk__gt=after).order_by("pk")
    found = rows.values_list("pk", "kind", "body", "refused", "entry__index")
    for pk, kind, body, bad, index in found.iterator(chunk_size=5_000):
        yield pk, index, {**body, "kind": kind}, bad


def placed(held: Held) -> bool:
    """Give their place to lines whose announcement has become an entry. True where one has."""
    back = {pk: number for number, pk in held.waiting.items()}
    wanted = sorted(back)[:900]
    found = Outbox.objects.filter(pk__in=wanted, entry__isnull=False).values_list("pk", "entry__index")
    done = list(found)
    for pk, index in done:
        held.ledger.placed(back[pk], index)
        del held.waiting[back[pk]]
    return bool(done)


@dataclass(frozen=True, slots=True)
class LogState:
    """How much of a ledger is in the log. root: of the last signed state, empty before the first."""

    lines: int
    placed: int
    root: str = ""
    at: datetime | None = None
    witnesses: int = 0
    known: int = 0


def state_of_log(contest: Contest, now: Book) -> LogState:
    done = sum(line.after.index is not None for line in now.lines)
    log = PublicLog.objects.filter(name=contest.code).first()
    head = log.checkpoints.first() if log else None
    if log is None or head is None:
        return LogState(len(now.lines), done)
    signed, known, _rows = witnessing.tally(log)
    return LogState(len(now.lines), done, head.root, head.at, signed, known)
