"""The notice to cure: one act writes it, moves the case and makes it a paper to be served; its clock starts when it is served.

Cured by a paper of the petitioner, the case goes on; not cured, it goes on all the same once the term is past under
every reading, as it is: nobody is rejected here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from kalata.deadlines.rules.moments import parse_deadline
from kalata.disputes.models import Clock, Petition, Service
from kalata.disputes.papers import court, registry
from kalata.disputes.queries.law import facts_of, norms_of
from kalata.disputes.queries.texts import zone_of
from kalata.disputes.rules import curing as rules
from kalata.disputes.rules.facts import Facts, facts_from
from kalata.disputes.rules.service import Term
from kalata.disputes.rules.steps import REGISTRY, State
from kalata.disputes.services import clocks, issuing, serving, sheets
from kalata.disputes.services.guarding import require_right
from kalata.disputes.services.steps import AFTER, move, subject_of
from kalata.documents import services as documents
from kalata.documents.models import IssuedDocument
from kalata.people.models import Person
from kalata.refusals import Refused
from kalata.text import gettext_noop as _
from kalata.text import translate

TITLE = _("Invitation à régulariser")


@transaction.atomic
def invite(
    *, petition_id: int, defects: Sequence[registry.Defect], by: Person, lang: str, term: Term | None = None, where: str = "",
    seen: str | None = None,
) -> IssuedDocument:  # fmt: skip
    """Invite the petitioner to cure: the case moves, the paper waits for its service, the letter is issued; all or nothing.

    term None: that of the pack's norm. Raises: PEO-101, DIS-205, LIF-101 a case that is not newly on the docket, DIS-208
    no petitioner, DIS-222 what the law does not let cure, DIS-662 nothing lacks, no term, or one that is past.
    """
    petition = sheets.locked(petition_id, seen)
    require_right(by, REGISTRY, petition)
    if not defects:
        raise issuing.NoNotice
    forbidden(petition)
    term = (term or of_pack(petition)).checked()
    if term.until and parse_deadline(term.until, zone_of(petition.contest)).instant <= timezone.now():
        raise issuing.NoNotice
    move(petition, State.TO_CURE, by, why=" ; ".join(d.what for d in defects)[:400])
    to = [p.pk for p in petition.parties.filter(role="petitioner", struck=False)]
    paper = serving.entered(
        petition, kind=rules.NOTICE, title=translate(TITLE, lang), by=by, term=term, chosen=to
    )  # fmt: skip
    return issued(petition, paper, defects, where, lang, by)


def named(petition: Petition, lang: str) -> list[registry.Defect]:
    """What the last checklist names as lacking of the form, in the words of a notice; empty where it names nothing."""
    last = petition.checklists.last()
    items = last.said["items"] if last else []
    try:
        found = [rules.words_of(word) for word in rules.defects(items)]
    except Refused:
        return []
    return [registry.Defect(translate(what, lang), articles_of(items), translate(todo, lang)) for what, todo in found]


def term_of_pack(petition: Petition) -> str:
    """The name of the pack's time limit to cure; "" where it has none."""
    try:
        return rules.limit_of(known(petition), norms_of(petition.contest))
    except Refused:
        return ""


def invite_by_list(*, petition_id: int, by: Person, lang: str, term: Term | None = None) -> IssuedDocument:
    """The same from what the checklist of the case names. DIS-223 where it names nothing."""
    petition = Petition.every.get(pk=petition_id)
    require_right(by, REGISTRY, petition)
    last = petition.checklists.last()
    items = last.said["items"] if last else []
    rules.defects(items)
    return invite(petition_id=petition_id, defects=named(petition, lang), by=by, lang=lang, term=term)


def articles_of(items: Sequence[dict[str, Any]]) -> str:
    """The articles that the point on form rests on, as the checklist cites them."""
    norms: list[dict[str, Any]] = next((i.get("norms", []) for i in items if i.get("item") == "form"), [])
    return ", ".join(f"{n['law']} {n['article']}".strip() for n in norms if n.get("article"))[:120]


def forbidden(petition: Petition) -> None:
    """DIS-222 where the last checklist says that the law does not let the form be cured."""
    last = petition.checklists.last()
    form = next((i for i in last.said["items"] if i.get("item") == "form"), None) if last else None
    if form and form.get("state") == "not_met":
        raise rules.NotCurable


def known(petition: Petition) -> Facts:
    return facts_from(facts_of(petition), norms_of(petition.contest))


def of_pack(petition: Petition) -> Term:
    """The term that the pack's norm gives, named; DIS-662 where it names none: an act must then say it."""
    name = rules.limit_of(known(petition), norms_of(petition.contest))
    if not name:
        raise issuing.NoNotice
    return Term(name, law=True)


def issued(
    petition: Petition, paper: Any, defects: Sequence[registry.Defect], where: str, lang: str, by: Person
) -> IssuedDocument:
    say = court.in_words(lang)
    to = petition.parties.filter(role="petitioner", struck=False).first()
    address = (to.elected or to.address) if to else ""
    letter = registry.Letter(
        to=[to.name if to else "–", *([address] if address else [])], place="", on="", signed=[say(_("Le greffe")) if petition.office_id else say(_("Le greffier en chef"))],
    )  # fmt: skip
    one = registry.Cure(
        letter=letter, case=petition.number or "", defects=defects, term=issuing.term_said(paper, lang), order=order_said(petition, paper),
        where=where, until=parse_deadline(paper.term_until, zone_of(petition.contest)).instant if paper.term_until else None,  # type: ignore[arg-type]
    )  # fmt: skip
    head = court.head(
        petition.contest, lang, title=registry.CURE_TITLE, number=petition.number or "", desk=say(_("Greffe")), body=issuing.body_of(petition)
    )
    return documents.issue(registry.cure(one, head, lang), subject=f"{subject_of(petition)}.cure", by=by)


def order_said(petition: Petition, paper: Any) -> str:
    """The act, or the article of the pack's norm with how surely it is known."""
    record = norms_of(petition.contest).limits.get(paper.term_order)
    if record is None:
        return str(paper.term_order)
    said = f"{record.get('law') or ''} {record.get('article') or ''}".strip() or paper.term_order
    return f"{said} ({record['confidence']})" if record.get("confidence") else str(said)


# --- its clock ----------------------------------------------------------------------------------
def start(service: Service, petition: Petition) -> Clock | None:
    """The clock of a notice whose term is the pack's, from its service, with every reading and its source."""
    assert service.served_at is not None
    norms = norms_of(petition.contest)
    found = rules.counted(known(petition), norms, service.served_at)
    if found is None or found.default is None:
        return None
    return Clock.objects.create(
        petition_id=service.party.petition_id, kind="cure", party=service.party, service=service, started_at=service.served_at,
        order=service.document.term_order, at=timezone.now(), **clocks.columns(found, norms),
    )  # fmt: skip


def too_late_at(clock: Clock) -> datetime | None:
    """The first instant that is past the term under every reading; an override decides alone."""
    tz = zone_of(clock.petition.contest)
    decided = [r for r in clock.readings if r.get("rule") == "OVERRIDE"] or clock.readings
    return rules.last_of([parse_deadline(str(r["deadline"]), tz) for r in decided if r.get("deadline")])


def expire(now: datetime | None = None) -> int:
    """Cases whose term to cure is past under every reading go on as they are. Returns how many; bears repetition."""
    now = now or timezone.now()
    running = Clock.objects.filter(
        kind="cure", met_at=None, stopped_at=None, bound__lte=now, petition__state=State.TO_CURE
    ).select_related("petition__contest__election__pack")
    done = 0
    for clock in running.order_by("bound", "pk"):
        past = too_late_at(clock)
        if past is not None and past <= now:
            done += gone_on(clock.petition_id)
    return done


@transaction.atomic
def gone_on(petition_id: int) -> bool:
    """The house takes the step, on the case as it now stands."""
    petition = sheets.locked(petition_id)
    if petition.state != State.TO_CURE:
        return False
    move(petition, State.ADMISSIBILITY, None, why=rules.EXPIRED)
    return True


def resumed(petition: Petition) -> None:
    """After each step: a case that goes on to admissibility waits for no cure any more."""
    if petition.state != State.ADMISSIBILITY:
        return
    left = petition.clocks.filter(kind="cure", met_at=None, stopped_at=None)
    if not left.exists():
        return
    now = timezone.now()
    changed = []
    for clock in left:
        clock.stopped_at = now
        clock.stopped_why = rules.EXPIRED if clock.bound and clock.bound <= now else rules.RESUMED
        clock.save(update_fields=["stopped_at", "stopped_why"])
        changed.append(clock.pk)
    clocks.tell(petition, changed)
    sheets.refresh(petition)


serving.CLOCKS[rules.NOTICE] = start
if resumed not in AFTER:
    AFTER.append(resumed)
