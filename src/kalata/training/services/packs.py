"""Packs of centres: asked once, parted into lots that the worker makes paper by paper, each issued in the register."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from kalata.country.models import Contest, Unit
from kalata.documents import batches
from kalata.documents.models import DocumentBatch
from kalata.documents.rendering import Paper
from kalata.ledger.services import record
from kalata.people.guard import require
from kalata.people.models import Person
from kalata.training import kinds
from kalata.training.papers import packs as papers
from kalata.training.papers.packs import Sending
from kalata.training.queries import packs as queries
from kalata.training.rules.manuals.packs import Centre, lots, shared_path
from kalata.training.rules.packs_refusals import NoCentres, NothingToResume, PacksMaking
from kalata.training.rules.rights import PLAN

MOST = 400
"""Papers of a lot: it ends in a moment, so that the worker is never held from other work, and prints as one file."""


@transaction.atomic
def ask(*, contest: Contest, unit: Unit | None, language: str, draft: bool, by: Person) -> list[DocumentBatch]:
    """Ask for the pack of every centre of a place (None: of the contest). TRN-651, TRN-652, TRN-653."""
    require(by, PLAN, contest=contest.pk)
    free(contest)
    pieces = queries.pieces(contest, language, draft=draft)
    centres = queries.centres(queries.within(contest, unit))
    if not centres:
        raise NoCentres
    request = timezone.now().isoformat()
    names = dict(Unit.objects.filter(pk__in={u for c in centres for u in c.path}).values_list("pk", "name"))
    args = {"contest": contest.pk, "language": language, "draft": draft, "files": [p.sha256 for p in pieces], "request": request}
    made = []
    for n, some in enumerate(lots(centres, MOST), 1):
        path = shared_path(some)
        place = names[path[-1]] if path else ""
        made.append(lot(contest, {**args, "lot": n, "place": place, "keys": [c.key for c in some]}, by))
    after = {"lots": len(made), "centres": len(centres), "language": language, "draft": draft, "place": unit.code if unit else None, "files": args["files"]}
    record(by=by, kind=kinds.PACKS_ASKED, subject=queries.subject_of(contest), after=after)
    return made


def lot(contest: Contest, args: Mapping[str, Any], by: Person) -> DocumentBatch:
    return batches.ask(PACKS, subject=queries.subject_of(contest), args=args, by=by)


def free(contest: Contest) -> None:
    """One request at a time for a contest, whose row is held until the transaction ends. TRN-653."""
    Contest.objects.select_for_update().get(pk=contest.pk)
    going = DocumentBatch.objects.filter(kind=queries.LOT, subject=queries.subject_of(contest), ended_at=None).count()
    if going:
        raise PacksMaking(n=going)


@transaction.atomic
def stop(*, contest: Contest, by: Person) -> int:
    """Stop every lot after the paper it is at; what is issued stays issued. The number of lots stopped."""
    require(by, PLAN, contest=contest.pk)
    subject = queries.subject_of(contest)
    going = DocumentBatch.objects.filter(kind=queries.LOT, subject=subject, ended_at=None).values_list("pk", flat=True)
    n = sum(batches.cancel(batch_id=pk, subject=subject) for pk in list(going))
    if n:
        record(by=by, kind=kinds.PACKS_STOPPED, subject=subject, after={"lots": n})
    return n


@transaction.atomic
def resume(*, contest: Contest, by: Person) -> list[DocumentBatch]:
    """Ask again for the lots of the last request that were stopped or failed: what is issued is not issued twice. TRN-653, TRN-654."""
    require(by, PLAN, contest=contest.pk)
    free(contest)
    left = [one for one in queries.latest(contest) if not one.sha256]
    if not left:
        raise NothingToResume
    made = [lot(contest, one.args, by) for one in left]
    after = {"lots": len(made), "centres": sum(b.total for b in made)}
    record(by=by, kind=kinds.PACKS_RESUMED, subject=queries.subject_of(contest), after=after)
    return made


# --- the batch -------------------------------------------------------------------------------------------------
def items(args: Mapping[str, Any]) -> list[tuple[Sending, Centre]]:
    """The centres of a lot, each with what is the same for all of them."""
    contest = Contest.objects.select_related("election__pack").get(pk=args["contest"])
    lang = args["language"] if args["language"] in ("fr", "en") else "fr"
    sending = Sending(contest, queries.named(args["files"]), queries.seats_of(contest), args["language"], lang)
    return [(sending, centre) for centre in queries.of_keys(contest, args["keys"])]


def drawn(_args: Mapping[str, Any], key: tuple[Sending, Centre]) -> tuple[Paper, str]:
    """The paper of one centre, and what it is kept under."""
    sending, centre = key
    sent = queries.copies_of(len(centre.stations), sending.contest)
    return papers.paper(sending, centre, sent), queries.paper_subject(sending.contest, centre)


def allowed(args: Mapping[str, Any], by: Person) -> None:
    """Asked anew before each paper: whoever lost the right meanwhile issues nothing more."""
    require(by, PLAN, contest=args["contest"])


PACKS = batches.declare(batches.Batch(queries.LOT, items, draw=drawn, allowed=allowed))
