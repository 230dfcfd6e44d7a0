"""What the scanning desk does with a page that finds no paper: set aside with a reason, taken up again, turned upright.

No image is changed or lost: a page turned is a new image beside the first, both kept under their fingerprints.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet

from kalata.country.models import Contest
from kalata.ledger.rules.kinds import Kind
from kalata.ledger.services import record
from kalata.people.models import Person
from kalata.people.services import require
from kalata.refusals import Refused
from kalata.results import drawing, images
from kalata.results.access import reach_of
from kalata.results.territory import EVERYWHERE, Reach, path_of
from kalata.tally import kinds
from kalata.tally.models import Paper, Scan
from kalata.tally.queries import formcodes, placing
from kalata.tally.services import scanning
from kalata.text import gettext_noop as _

REASONS = (
    _("page blanche"),
    _("page de garde ou séparateur"),
    _("même page numérisée deux fois"),
    _("document étranger au scrutin"),
)
"""What a page set aside most often is; any other words may be typed."""
TURNS = (90, 180, 270)


class NoReason(Refused):
    code = "RES-439"
    says = _("Une page ne s’écarte pas sans dire pourquoi.")
    remedy = _("Choisissez ou écrivez le motif, par exemple « page blanche ».")
    status = 422


def loose(scan_id: int, by: Person) -> Scan:
    """The page, held, for who scans there; RES-425 once it has its paper."""
    scan = Scan.objects.select_for_update(of=("self",)).select_related("batch__contest__election__pack").get(pk=scan_id)
    require(by, "results.scan", place=path_of(scan.batch.unit), contest=scan.batch.contest_id)
    if scan.paper_id is not None:
        raise scanning.Settled(station=scan.paper.station.code)  # type: ignore[union-attr]
    return scan


@transaction.atomic
def discard(*, scan_id: int, reason: str, by: Person) -> Scan:
    """Set a page aside; it stays kept, and may be taken up again. RES-425, RES-439."""
    scan = loose(scan_id, by)
    if not reason.strip():
        raise NoReason
    was = scan.outcome
    scan.outcome, scan.detail = "discarded", f"{reason.strip()} ({by.username})"[:300]
    scan.save(update_fields=["outcome", "detail"])
    told(scan, kinds.SCAN_DISCARDED, by, was, reason)
    return scan


@transaction.atomic
def restore(*, scan_id: int, by: Person) -> Scan:
    """A page set aside waits again for its paper."""
    scan = loose(scan_id, by)
    was = scan.outcome
    scan.outcome, scan.detail = "no_code", ""
    scan.save(update_fields=["outcome", "detail"])
    told(scan, kinds.SCAN_RESTORED, by, was, "")
    return scan


@transaction.atomic
def turn(*, scan_id: int, degrees: int, by: Person) -> Paper | None:
    """Turn a page clockwise and read it again: the paper it then found, None where its code is still not read."""
    scan = loose(scan_id, by)
    path = images.sound(scan.sha256)
    if degrees not in TURNS or path is None:
        raise images.BadImage(why=str(degrees))
    jpeg, code, corners = drawing.turned(path, degrees)
    sha, was, contest = images.store(jpeg), scan.sha256, scan.batch.contest
    images.join(sha, f"scans:{scan.batch_id}", by, origin=was)
    images.join(sha, f"scan:{scan.pk}", by)
    scan.sha256, scan.code = sha, code[:120]
    scan.form_page, scan.lines = placing.read(contest, jpeg, code, corners)
    scan.save(update_fields=["sha256", "code", "form_page", "lines"])
    told(scan, kinds.SCAN_TURNED, by, was, "")
    if not code:
        return None
    try:
        paper = formcodes.paper_behind(contest, code, reach_of(by, {"results.scan"}, contest.pk))
    except Refused as refused:
        scan.outcome, scan.detail = "foreign", str(refused)[:300]
        scan.save(update_fields=["outcome", "detail"])
        return None
    found, outcome, detail = scanning.attach(paper, sha, by, batch=scan.batch)
    scan.paper, scan.outcome, scan.detail = found, outcome, detail[:300]
    scan.page = (found.scans.count() if found else 0) + 1
    scan.save(update_fields=["paper", "outcome", "detail", "page"])
    if found:
        images.join(sha, f"paper:{found.pk}", by)
    return found


def told(scan: Scan, kind: Kind, by: Person, was: str, reason: str) -> None:
    subject = f"contest:{scan.batch.contest.code}"
    record(by=by, kind=kind, subject=subject, reason=reason[:300], after={"sha256": scan.sha256, "was": was})


def discarded(contest: Contest, reach: Reach = EVERYWHERE) -> QuerySet[Scan]:
    """Pages set aside, the last first."""
    found = Scan.objects.filter(reach.on("batch__unit"), batch__contest=contest, paper=None, outcome="discarded")
    return found.order_by("-pk")
