"""Provisional results in numbered batches, asked by one person and approved by another; recalls with their public notice."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from kalata.chain import services as chain
from kalata.country.models import Contest, Station, Unit
from kalata.ledger.services import record
from kalata.people.models import Approval, Person
from kalata.people.rules.shown import as_shown, mark
from kalata.people.services import approvable, ask_about_contest, require
from kalata.refusals import Refused
from kalata.results.models import Batch, BatchLine, StationReport
from kalata.results.queries.bodies import body_of
from kalata.results.rules.boxes import Standing
from kalata.results.services import announcing, authority, second_round
from kalata.results.services.contests import changed
from kalata.results.territory import Reach, inside
from kalata.tally import kinds
from kalata.tally.models import Hand, Paper, Passage
from kalata.tally.queries import pictures as paper_pictures
from kalata.tally.rules.hands import Part
from kalata.tally.rules.lifecycle import NEED_LABELS, Lacks, Need, State
from kalata.tally.rules.stops import AlreadyAsked
from kalata.tally.services import hands
from kalata.tally.services import reports as tally
from kalata.text import gettext_noop as _

MOST = 2_000
"""Reports in one batch: one transaction, one approval, a list people can still read."""


class NothingValidated(Refused):
    code = "RES-450"
    says = _("Aucun procès-verbal validé n’attend d’être publié ici.")
    remedy = _("La commission valide d’abord les procès-verbaux contrôlés.")


class BatchChanged(Refused):
    code = "RES-451"
    says = _("%(n)d {n:procès-verbal de ce lot a changé|procès-verbaux de ce lot ont changé} depuis la demande.")
    remedy = _("Demandez un nouveau lot : rien n’a été publié.")


class WouldShowMore(Refused):
    code = "RES-452"
    says = _(
        "Ce scrutin n’est pas public et porte déjà des chiffres (lots d’avant un retrait, ou fichiers) : ce lot les montrerait sans que personne ne les ait lus."
    )
    remedy = _("Demandez la publication du scrutin entier : la demande montre tout ce qui deviendra public.")
    status = 409


def prove_alone(contest: Contest) -> None:
    """A first batch makes a contest public: refuse it (RES-452) where that shows more than the batch itself."""
    if contest.published_at is not None:
        return
    figures = StationReport.objects.filter(station__contest=contest, current=True).exclude(standing=Standing.MISSING)
    if contest.batches.exists() or figures.exclude(authority="paper").exists():
        raise WouldShowMore


def ready(contest: Contest, unit: Unit | None = None, by: Person | None = None) -> list[Paper]:
    """Validated reports not yet published, the oldest first, at most MOST; by: those this person may publish."""
    found = Paper.objects.filter(inside(unit), contest=contest, state=State.VALIDATED)
    if by is not None:
        found = hands.free_for(found, contest, by, Part.PUBLICATION)
    return list(found.order_by("since", "pk")[:MOST])


def places(papers: Sequence[Paper]) -> list[tuple[str, int]]:
    """Where the reports of the next batch come from, most first."""
    ids = [p.station_id for p in papers]
    found = Counter(
        name
        for start in range(0, len(ids), 500)
        for name in Station.objects.filter(pk__in=ids[start : start + 500]).values_list("unit__name", flat=True)
    )
    return [(name or "–", n) for name, n in found.most_common()]


def pending(contest: Contest) -> list[Approval]:
    """Batches already asked and not decided: one is decided before the next is asked."""
    found = Approval.objects.filter(kind="results.batch", subject=f"contest:{contest.code}", state="waiting")
    return list(found.select_related("asked_by").order_by("pk"))


def count_ready(contest: Contest, reach: Reach, by: Person) -> int:
    """How many of them, at most MOST, lie in these territories and may be published by this person."""
    found = Paper.objects.filter(reach.on(), contest=contest, state=State.VALIDATED)
    return hands.free_for(found, contest, by, Part.PUBLICATION)[:MOST].count()


@transaction.atomic
def ask_batch(
    *, contest: Contest, document: str, note: str, by: Person, unit: Unit | None = None, seen: str | None = None
) -> Approval:
    """Ask that the validated reports be published together. RES-450: none waits.

    seen: the mark of the page (`page_mark`): the batch is of the reports it showed, and of no other (PEO-212).
    document: the commission's act. The request names each report by the hash it had; a report that
    changes before the second person decides stops the batch (RES-451).
    """
    require(by, "results.publish", contest=contest.pk)
    if not document.strip():
        raise Lacks(need=NEED_LABELS[Need.DOCUMENT])
    papers = ready(contest, unit, by)
    if seen is not None:
        papers = papers[: int(seen.partition(":")[0] or 0)] if seen.partition(":")[0].isdecimal() else []
        as_shown(seen, page_mark(contest, papers), _("les procès-verbaux de ce lot, ou la publication"))
    if not papers:
        raise NothingValidated
    prove_alone(contest)
    for one in pending(contest):
        if {tuple(row) for row in one.payload["papers"]} & {(p.pk, p.last_hash) for p in papers}:
            raise AlreadyAsked(who=one.asked_by.username, n=one.pk)
    return asked(contest, papers, document, note, by)


def page_mark(contest: Contest, papers: Sequence[Paper]) -> str:
    """The mark of a page that shows these reports as the next batch: how many, then what they were.

    Reports validated since come after them, and wait for the next one.
    """
    now = Contest.objects.get(pk=contest.pk)
    public = now.published_at.isoformat() if now.published_at else ""
    return f"{len(papers)}:{mark(public, now.batches.count(), [(p.pk, p.last_hash) for p in papers])}"


def asked(contest: Contest, papers: Sequence[Paper], document: str, note: str, by: Person) -> Approval:
    return ask_about_contest(
        contest,
        kind="results.batch",
        summary=f"Publier un lot de {len(papers)} PV",
        payload={
            "papers": [[p.pk, p.last_hash] for p in papers],
            "document": document.strip()[:300],
            "note": note.strip()[:400],
        },
        reason=note.strip() or document.strip(),
        by=by,
    )


def ask_again(old: Approval, by: Person) -> Approval:
    """The reports of an outdated batch that are still validated, as they are now."""
    contest = Contest.objects.get(pk=old.payload["contest"])
    wanted = {pk for pk, _hash in old.payload["papers"]}
    papers = [p for p in ready(contest) if p.pk in wanted]
    if not papers:
        raise NothingValidated
    return asked(contest, papers, old.payload["document"], old.payload["note"], by)


@approvable(
    "results.batch",
    "results.publish",
    paper_pictures.of_batch,
    title=_("Publication d’un lot"),
    public=True,
    again=ask_again,
)
def publish_batch(approval: Approval, by: Person) -> None:
    """Every report of the batch becomes PUBLISHED under the next number, or none does."""
    said = approval.payload
    contest = Contest.objects.select_for_update().get(pk=said["contest"])
    prove_alone(contest)
    now = timezone.now()
    number = (contest.batches.aggregate(n=Max("number"))["n"] or 0) + 1
    document = f"{said['document']} (lot {number})"
    papers = [tally.locked(pk) for pk, _hash in said["papers"]]
    stale = sum(p.last_hash != seen for p, (_pk, seen) in zip(papers, said["papers"], strict=True))
    if stale:
        raise BatchChanged(n=stale)
    authority.prove(contest, [p.station_id for p in papers])
    second_round.prove_list(contest)
    for paper in papers:
        act = tally.Act(
            by=approval.asked_by_id,
            at=now,
            right="results.publish",
            document=document,
            other=by.pk,
            reason=said["note"],
        )
        tally.move(paper, State.PUBLISHED, act, batched=True)
    lines = lines_now(papers)
    batch = Batch.objects.create(
        contest=contest, number=number, count=len(lines), digest=digest_of(lines), document=document, note=said["note"],
        asked_by=approval.asked_by, approved_by=by, at=now,
    )  # fmt: skip
    BatchLine.objects.bulk_create(
        (BatchLine(batch=batch, station_id=s, version=v, sheet=sheet) for s, _code, v, sheet in lines), batch_size=1_000
    )
    chain.keep("batch", [batch.pk])
    if contest.published_at is None:
        contest.published_at = now
        contest.save(update_fields=["published_at"])
    passed = Passage.objects.filter(paper__contest=contest, at=now, to=State.PUBLISHED)
    made = StationReport.objects.filter(contest=contest, passage_id__in=passed.values("pk"))
    record(
        by=by,
        rows=[contest, passed, Hand.objects.filter(paper__contest=contest, at=now), made],
        kind=kinds.BATCH_PUBLISHED,
        subject=f"contest:{contest.code}",
        after={"number": number, "reports": len(lines), "digest": batch.digest},
        reason=said["note"],
    )
    changed(contest)
    order = announcing.Order(body_of(contest, "results.publish"), said["document"], approval.pk, said["note"])
    announcing.tell(contest, [s for s, _code, _v, _sheet in lines], order)


def lines_now(papers: Sequence[Paper]) -> list[tuple[int, str, int, bytes]]:
    """(station id, code, version, figures) of the reports in force, in order of code."""
    rows = StationReport.objects.filter(station__in=[p.station_id for p in papers], current=True)
    found = rows.order_by("station__code").values_list("station_id", "station__code", "version", "sheet")
    return [(s, code, v, bytes(sheet)) for s, code, v, sheet in found]


def digest_of(lines: Sequence[tuple[int, str, int, bytes]]) -> str:
    """SHA-256 (hex) of the lines "code version figures(hex)", one a line, in order of station code."""
    text = "".join(f"{code} {version} {sheet.hex()}\n" for _s, code, version, sheet in lines)
    return hashlib.sha256(text.encode()).hexdigest()


def intact(batch: Batch) -> bool:
    """True where the kept lines still have the digest that was approved."""
    rows = batch.lines.order_by("station__code").values_list("station_id", "station__code", "version", "sheet")
    return digest_of([(s, c, v, bytes(b)) for s, c, v, b in rows]) == batch.digest
