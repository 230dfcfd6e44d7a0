"""The scanning desk: a file of pages comes in, each page finds its paper by its QR, and is never changed.

The file is kept as given, under its SHA-256; each page is kept as an upright grey image under its
own. A page whose code is unreadable or foreign waits until a person says what it is.
"""

from __future__ import annotations

import io
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from PIL import Image

from kalata import bounded, lifecycle, states
from kalata.country.models import Contest
from kalata.ledger.services import record
from kalata.people import queries as people
from kalata.people.models import Person
from kalata.people.services import require
from kalata.refusals import Refused
from kalata.results import drawing, images
from kalata.results.access import own_territory, reach_of
from kalata.results.services.contests import place_of
from kalata.results.territory import EVERYWHERE, Reach, path_of
from kalata.stopping import going
from kalata.tally import kinds
from kalata.tally.models import Paper, Scan, ScanBatch
from kalata.tally.queries import formcodes, placing
from kalata.tally.rules.lifecycle import State
from kalata.tally.rules.scans import SCANS
from kalata.tally.rules.scans import State as Reading
from kalata.tally.services import reports as tally
from kalata.text import gettext_noop as _

MOST_PAGES = 600
AT_ONCE = 8
"""Pages above which a file is read later, by the worker."""

OUTCOMES = {
    "attached": _("rattachée à son procès-verbal"),
    "kept": _("procès-verbal déjà numérisé : page gardée à côté"),
    "no_code": _("code absent ou illisible : à rattacher à la main"),
    "foreign": _("formulaire d’un autre scrutin, d’un autre bureau ou remplacé"),
    "not_received": _("procès-verbal pas encore reçu : passez-le d’abord à la réception"),
    "no_right": _("bureau hors de votre territoire"),
    "late": _(
        "la saisie a commencé : une image de plus demande que le papier soit rendu à la réception, par un incident ou un rappel"
    ),
    "settled": _("page rattachée à la main"),
    "discarded": _("page écartée"),
}
COUNTED: dict[str, str] = {
    "attached": _("%(n)d {n:page rattachée à son procès-verbal|pages rattachées à leur procès-verbal}"),
    "kept": _("%(n)d {n:page gardée à côté, son procès-verbal étant déjà numérisé|pages gardées à côté, leur procès-verbal étant déjà numérisé}"),
    "no_code": _("%(n)d {n:page sans code lisible, à rattacher à la main|pages sans code lisible, à rattacher à la main}"),
    "foreign": _("%(n)d {n:page d’un autre scrutin, d’un autre bureau ou d’un formulaire remplacé|pages d’un autre scrutin, d’un autre bureau ou de formulaires remplacés}"),
    "not_received": _("%(n)d {n:page dont le procès-verbal n’est pas encore reçu|pages dont le procès-verbal n’est pas encore reçu}"),
    "no_right": _("%(n)d {n:page d’un bureau hors de votre territoire|pages de bureaux hors de votre territoire}"),
    "late": _("%(n)d {n:page venue après le début de la saisie|pages venues après le début de la saisie}"),
    "settled": _("%(n)d {n:page rattachée à la main|pages rattachées à la main}"),
    "discarded": _("%(n)d {n:page écartée|pages écartées}"),
}
"""What became of the pages of a file, with their number."""
WAITING = ("no_code", "foreign", "not_received", "no_right", "late")


class TooMany(Refused):
    code = "RES-424"
    says = _("Ce fichier a %(n)d {n:page|pages} ; un lot en compte au plus %(most)d.")
    remedy = _("Donnez-le en plusieurs fichiers.")
    status = 422


@dataclass(frozen=True, slots=True)
class Page:
    """One page, upright and grey, as our own JPEG, with the text of its code ("" where none is read) and its corners."""

    jpeg: bytes
    code: str
    corners: tuple[tuple[float, float], ...] = ()

    @property
    def image(self) -> Image.Image:
        return Image.open(io.BytesIO(self.jpeg))


@contextmanager
def kept(content: bytes) -> Iterator[str]:
    """A file of others under a path, for the child that reads it."""
    with tempfile.NamedTemporaryFile(prefix="kalata-pages-") as file:
        file.write(content)
        file.flush()
        yield file.name


def count_pages(content: bytes, name: str = "pages") -> int:
    """Pages of a PDF; 1 for a picture. RES-422, EDG-102, EDG-103."""
    with kept(content) as path:
        return int(bounded.call("kalata.results.drawing:count", file=name, limits=drawing.DRAWING, path=path))


def pages_in(content: bytes, name: str = "pages") -> Iterator[Page]:
    """The pages of a PDF or of one image, in order, drawn some at a time in a bounded child."""
    first = 1
    with kept(content) as path:
        while True:
            with tempfile.TemporaryDirectory(prefix="kalata-drawn-") as folder:
                said = bounded.call(
                    "kalata.results.drawing:drawn", file=name, limits=drawing.DRAWING, path=path, first=first, folder=folder
                )  # fmt: skip
                pages = [
                    Page((Path(folder) / p["file"]).read_bytes(), p["code"], tuple((x, y) for x, y in p["corners"]))
                    for p in said["pages"]
                ]
            yield from pages
            if said["torn"]:
                raise images.BadImage(why=f"page {said['torn']}")
            if len(pages) < drawing.TOGETHER:
                if first == 1 and not pages:
                    raise images.BadImage(why=_("aucune page"))
                return
            first += len(pages)
            if first > MOST_PAGES:
                raise TooMany(n=first, most=MOST_PAGES)


def give(*, contest: Contest, name: str, content: bytes, by: Person, now: bool = False) -> ScanBatch:
    """Keep a file of images; read it now if it is short (or if `now`), else leave it to the worker (state `waiting`).

    Raises: RES-422 not images, RES-424 too many pages.
    """
    if reach_of(by, {"results.scan"}, contest.pk).tops == ():
        require(by, "results.scan", contest=contest.pk)
    origin = images.keep_as_given(content, most=images.LARGEST_BATCH, name=name, by=by)
    count = count_pages(content, name[:80])
    if count > MOST_PAGES or count == 0:
        raise TooMany(n=count, most=MOST_PAGES)
    with transaction.atomic():
        batch = ScanBatch.objects.create(
            contest=contest, name=name[:200], origin=origin, count=count, by=by, at=timezone.now(),
            unit_id=own_territory(by, "results.scan", contest.pk),
        )  # fmt: skip
        images.join(origin, f"scans:{batch.pk}", by, name=name)
        record(
            by=by, kind=kinds.SCANS_GIVEN, subject=f"contest:{contest.code}", after={"sha256": origin, "pages": count}
        )
    return read(batch, at_once=True) if now or count <= AT_ONCE else batch


UNREADABLE = (images.BadImage, bounded.BeyondLimits, bounded.Broken)


def read(batch: ScanBatch, *, at_once: bool = False) -> ScanBatch:
    """Read every page not yet read: safe to run again after a power cut, page by page.

    A file of which nothing can be read is refused to who gives it (at_once: RES-422), else marked failed.
    """
    path = images.sound(batch.origin)
    if path is None:
        raise images.BadImage(why=batch.origin[:12])
    done = set(batch.scans.values_list("number", flat=True))
    last: Paper | None = None
    number = 0
    try:
        for number, page in enumerate(pages_in(path.read_bytes(), batch.name[:80]), 1):
            if number in done:
                before = batch.scans.get(number=number)
                last = before.paper
                continue
            last = settle(batch, number, page, last)
    except (*UNREADABLE, OSError, ValueError, MemoryError) as why:
        if at_once and number == 0 and isinstance(why, UNREADABLE):
            raise
        return failed(batch, number + 1, why)
    tell = Counter(batch.scans.values_list("outcome", flat=True))
    states.derive(batch, SCANS, Reading.DONE, report=dict(tell))
    return batch


def failed(batch: ScanBatch, number: int, why: Exception) -> ScanBatch:
    """A page that cannot be drawn ends the reading, said on the screen: what was read before it is kept."""
    report = {**Counter(batch.scans.values_list("outcome", flat=True)), "unread": number}
    states.write(
        batch, SCANS, Reading.FAILED, lifecycle.Act(), report=report,
        tells=lambda: record(
            by=None, kind=kinds.SCANS_FAILED, subject=f"contest:{batch.contest.code}",
            after={"sha256": batch.origin, "page": number, "why": str(why)[:200]},
        ),
    )  # fmt: skip
    return batch


def read_waiting() -> int:
    """Every few minutes: files whose reading was cut short are read on. Returns how many."""
    old = timezone.now() - timedelta(minutes=PATIENCE)
    rows = ScanBatch.objects.filter(state=Reading.WAITING, at__lt=old).select_related("contest__election__pack", "by")
    done = 0
    for batch in going(rows[:20]):
        read(batch)
        done += 1
    return done


PATIENCE = 2
"""Minutes after which a file still unread is taken up again by the house."""


@transaction.atomic
def settle(batch: ScanBatch, number: int, page: Page, last: Paper | None) -> Paper | None:
    """One page: to the paper of its code; a page without code follows the page before it."""
    paper, outcome, detail = None, "no_code", ""
    if page.code:
        try:
            reach = reach_of(batch.by, {"results.scan"}, batch.contest_id)
            paper = formcodes.paper_behind(batch.contest, page.code, reach)
        except Refused as refused:
            outcome, detail = "foreign", str(refused)
    elif last is not None:
        paper = last
    sha = images.store(page.jpeg)
    images.join(sha, f"scans:{batch.pk}", batch.by, origin=batch.origin)
    found = None
    if paper is not None:
        found, outcome, detail = attach(paper, sha, batch.by, batch=batch, same=last)
    form_page, lines = placing.read(batch.contest, page.jpeg, page.code, list(page.corners))
    number_of = (found.scans.filter(batch=batch).count() if found else 0) + 1
    made = Scan.objects.create(
        batch=batch,
        number=number,
        paper=found,
        page=number_of,
        sha256=sha,
        code=page.code[:120],
        outcome=outcome,
        detail=detail[:300],
        form_page=form_page,
        lines=lines,
        at=timezone.now(),
    )
    images.join(sha, f"paper:{found.pk}" if found else f"scan:{made.pk}", batch.by)
    return found


def attach(
    paper: Paper, sha: str, by: Person, *, batch: ScanBatch, same: Paper | None = None
) -> tuple[Paper | None, str, str]:
    """Give a page to a paper: the first one of a received paper makes it SCANNED.

    Once a clerk has had the paper, no page is added: what was typed is judged on what was seen. Only the
    next pages of the very file that brought the image in force follow it.
    """
    if not people.may(by, "results.scan", place=place_of(paper.station), contest=paper.contest_id):
        return None, "no_right", paper.station.code
    fresh = tally.locked(paper.pk)
    if fresh.state == State.RECEIVED:
        return tally.scan(paper_id=fresh.pk, image=sha, by=by), "attached", ""
    if fresh.state in (State.EXPECTED, State.MISSING, State.NO_VOTE):
        return None, "not_received", fresh.station.code
    next_page = same is not None and same.pk == fresh.pk
    follows = next_page and fresh.scans.filter(batch=batch, sha256=fresh.image).exists()
    if not follows and not just_scanned(fresh):
        return None, "late", fresh.station.code
    return fresh, "attached" if next_page else "kept", ""


def just_scanned(paper: Paper) -> bool:
    """True from the image until the first clerk takes the paper; never again before another reception."""
    last = paper.passages.order_by("-pk").values_list("start", "to").first()
    return last == (State.RECEIVED.value, State.SCANNED.value)


@transaction.atomic
def by_hand(*, scan_id: int, code: str, by: Person) -> Paper:
    """A person says which paper a waiting page shows. RES-431 where that station is not expected."""
    scan = Scan.objects.select_for_update(of=("self",)).select_related("batch__contest__election__pack").get(pk=scan_id)
    require(by, "results.scan", place=path_of(scan.batch.unit), contest=scan.batch.contest_id)
    here = reach_of(by, {"results.scan"}, scan.batch.contest_id)
    paper = formcodes.paper_behind(scan.batch.contest, code, here)
    if scan.paper_id is not None:
        raise Settled(station=scan.paper.station.code)  # type: ignore[union-attr]
    found, outcome, detail = attach(paper, scan.sha256, by, batch=scan.batch)
    if found is None:
        raise NotYet(why=OUTCOMES[outcome], station=detail)
    scan.paper, scan.outcome = found, "settled"
    scan.page = found.scans.count() + 1
    scan.save(update_fields=["paper", "outcome", "page"])
    images.join(scan.sha256, f"paper:{found.pk}", by)
    record(
        by=by,
        kind=kinds.SCAN_SETTLED,
        subject=f"station:{scan.batch.contest.code}/{paper.station.code}",
        after={"sha256": scan.sha256, "was": outcome},
    )
    return found


class Settled(Refused):
    code = "RES-425"
    says = _("Cette page est déjà rattachée au bureau %(station)s.")
    remedy = _("Rien à faire.")


class NotYet(Refused):
    code = "RES-426"
    says = _("La page ne peut pas être rattachée (%(station)s) : %(why)s.")
    remedy = _("Faites d’abord ce que dit le message, puis recommencez.")


def pages_of(paper: Paper) -> list[str]:
    """SHA-256 of the images of a paper that a browser can show, the one in force first."""
    found = [paper.image] if paper.image else []
    found += [s for s in paper.scans.order_by("pk").values_list("sha256", flat=True) if s != paper.image]
    return [s for s in found if images.kind(s).startswith("image/")]


def waiting(contest: Contest, reach: Reach = EVERYWHERE) -> list[Scan]:
    """Pages that no paper has yet, of the files given in the name of these territories, the oldest first."""
    found = Scan.objects.filter(reach.on("batch__unit"), batch__contest=contest, paper=None, outcome__in=WAITING)
    return list(found.order_by("pk")[:200])


def intact(paper: Paper) -> bool:
    """E12: the image in force exists and is the one its fingerprint says."""
    return bool(paper.image) and images.same(paper.image)
