"""The public text of a decision: prepared by the publisher, decided by another person on the very text that was read.

At one instant: the public PDF and XML with their own seal, the page of everybody, the line of the ledger that everybody
reads. The full signed papers stay as they were signed; what differs is taken out, never reworded.
"""

from __future__ import annotations

import secrets
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from kalata import states
from kalata.country.models import Contest
from kalata.disputes import kinds
from kalata.disputes.models import Publication, Redaction, Ruling
from kalata.disputes.queries import publications as queries
from kalata.disputes.rules import publications as rules
from kalata.disputes.rules import redaction
from kalata.disputes.rules import rulings as decided
from kalata.disputes.rules.effect import sha256_of
from kalata.disputes.rules.publications import LABELS, PUBLICATION, State, Version
from kalata.disputes.rules.redaction import REASONS, Passage
from kalata.disputes.rules.steps import PUBLISH, REGISTRY
from kalata.disputes.services import logging_texts, precedents, public_papers, rulings, summaries
from kalata.disputes.services.preparing import drafted as drafted
from kalata.disputes.services.preparing import stamp as stamp
from kalata.disputes.services.rulings import subject_of
from kalata.disputes.signing import court
from kalata.ledger.services import record
from kalata.lifecycle import Act
from kalata.people.approving import approvable, ask_approval, decide_approval, still
from kalata.people.guard import require
from kalata.people.models import Approval, Person
from kalata.people.rules.approval import Decision, NoReason
from kalata.people.rules.picture import Item, Line, Picture, Piece
from kalata.text import Message
from kalata.text import gettext_noop as _

KIND = "disputes.publication"
READY = (decided.State.NOTIFIED, decided.State.PUBLISHED, decided.State.APPLIED)
ANSWERS = ("hide", "keep")
BESIDE = {"summary": _("Résumé"), "why": _("Motif de la version")}
"""What everybody reads beside the text."""


# --- prepared -----------------------------------------------------------------------------------------------
@transaction.atomic
def prepare(*, ruling: Ruling, by: Person, why: str = "", withdraws: bool = False) -> Publication:
    """Open the version being prepared of a decision, or bring it up to its text: passages are proposed, answers kept.

    why: of another version than the first; withdraws: the one in force is no longer served. DIS-850, DIS-851, DIS-855.
    """
    held = rulings.locked(ruling)
    require(by, PUBLISH, contest=held.contest_id)
    if held.state not in READY:
        raise rules.NotNotified(number=held.number, state=decided.LABELS[decided.State(held.state)])
    one = Publication.objects.filter(ruling=held, state__in=[State.DRAFT, State.PROPOSED]).first()
    if one is not None and one.state == State.PROPOSED:
        raise rules.NotPrepared(number=held.number)
    if one is None:
        one = opened(held, by, " ".join(why.split()), withdraws)
    one.full_digest = queries.full_digest(held, one.salt)
    one.save(update_fields=["full_digest"])
    summaries.drafts(one)
    fresh = proposed(one)
    after = {"version": one.version, "full": one.full_digest, "proposed": len(fresh)}
    record(by=by, kind=kinds.PUBLICATION_PREPARED, subject=subject_of(held), after=after, rows=[one, *fresh])
    return one


def opened(ruling: Ruling, by: Person, why: str, withdraws: bool) -> Publication:
    """The row of a new version; from the second on, with the answers that the last one was published with."""
    last = queries.versions(ruling.pk).first()
    if last is not None and not why:
        raise rules.NoNewVersion(number=ruling.number)
    one = Publication.objects.create(
        ruling=ruling, version=last.version + 1 if last else 1, why=why[:400] if last else "", withdraws=withdraws and last is not None,
        salt=secrets.token_hex(32), full_digest="", prepared_by=by, at=timezone.now(), **states.born(PUBLICATION, State.DRAFT),
    )  # fmt: skip
    for old in last.redactions.all() if last else ():
        Redaction.objects.create(
            publication=one, section=old.section, paragraph=old.paragraph, start=old.start, end=old.end, reason=old.reason,
            rule=old.rule, added_by=old.added_by, decision=old.decision, note=old.note, decided_by=old.decided_by,
            decided_at=old.decided_at, at=timezone.now(),
        )  # fmt: skip
    return one


def proposed(publication: Publication) -> list[Redaction]:
    """The passages of the rules that are not there yet; none that touches one that is. Returns every row."""
    policy = queries.policy_of(publication.ruling)
    text = queries.text_of(publication.ruling)
    there = [queries.passage(r) for r in publication.redactions.all()]
    for one in redaction.propose(text, queries.facts_of(publication.ruling, policy), policy):
        if not any(touch(one, other) for other in there):
            Redaction.objects.create(publication=publication, **columns(one), at=timezone.now())
    return list(publication.redactions.all())


def touch(one: Passage, other: Passage) -> bool:
    same = (one.section, one.paragraph) == (other.section, other.paragraph)
    return same and one.start < other.end and other.start < one.end


def columns(one: Passage) -> dict[str, Any]:
    return {
        "section": one.section, "paragraph": one.paragraph, "start": one.start, "end": one.end, "reason": one.reason,
        "rule": one.rule,
    }  # fmt: skip


# --- passages -----------------------------------------------------------------------------------------------
@transaction.atomic
def add(*, publication: Publication, words: str, reason: str, by: Person, note: str = "", seen: str | None = None) -> list[Redaction]:  # fmt: skip
    """Take words out everywhere they stand, for a reason of the list. DIS-861 to DIS-864."""
    held = drafted(publication, by, seen)
    policy = queries.policy_of(held.ruling)
    found = redaction.chosen(queries.text_of(held.ruling), words, reason, queries.facts_of(held.ruling, policy), policy)
    rows, now = list(held.redactions.all()), timezone.now()
    made = []
    for one in found:
        if hidden := [r for r in rows if touch(one, queries.passage(r)) and r.start <= one.start and one.end <= r.end]:
            made += [answered(r, "hide", reason, note, by) for r in hidden if r.decision != "hide"]
            continue
        made.append(Redaction.objects.create(
            publication=held, **columns(one), added_by=by, decision="hide", note=note.strip()[:300], decided_by=by,
            decided_at=now, at=now,
        ))  # fmt: skip
    after = {"version": held.version, "reason": reason, "places": len(found)}
    record(by=by, kind=kinds.REDACTION_ADDED, subject=subject_of(held.ruling), after=after, rows=made)
    return made


@transaction.atomic
def answer(
    *, publication: Publication, redaction_id: int, decision: str, reason: str, by: Person, note: str = "",
    seen: str | None = None,
) -> Redaction:  # fmt: skip
    """Keep a passage in the public text, or hide it. reason: a code of the list, obligatory to hide; to keep, words are
    (PEO-203). Redaction.DoesNotExist: none such."""
    held = drafted(publication, by, seen)
    row = held.redactions.get(pk=redaction_id)
    policy = queries.policy_of(held.ruling)
    if decision == "hide":
        if reason not in policy.reasons:
            raise redaction.NotAReason(reason=reason[:40])
        redaction.check(queries.passage(row), queries.text_of(held.ruling), queries.facts_of(held.ruling, policy))
    elif not note.strip():
        raise NoReason
    answered(row, decision, reason if decision == "hide" else row.reason, note, by)
    after = {"version": held.version, "redaction": row.pk, "decision": decision, "reason": row.reason}
    record(
        by=by, kind=kinds.REDACTION_DECIDED, subject=subject_of(held.ruling), after=after, reason=row.note, rows=[row]
    )
    return row


def answered(row: Redaction, decision: str, reason: str, note: str, by: Person) -> Redaction:
    row.decision, row.reason, row.note = decision, reason, " ".join(note.split())[:300]
    row.decided_by, row.decided_at = by, timezone.now()
    row.save(update_fields=["decision", "reason", "note", "decided_by", "decided_at"])
    return row


# --- submitted, decided -------------------------------------------------------------------------------------
@transaction.atomic
def propose(*, publication: Publication, by: Person, seen: str | None = None) -> Approval:
    """Submit the public text to another person. DIS-852 an answer lacks, DIS-853 the text moved, DIS-854 a hidden
    passage can still be read, DIS-304 no keys to seal with."""
    held = drafted(publication, by, seen)
    ruling = held.ruling
    said = checked(held)
    if not court.ready():
        raise decided.NoKeys
    moved(held, State.PROPOSED, by, public_digest=sha256_of(said), proposed_by=by)
    return ask_approval(
        kind=KIND, subject=subject_of(ruling), summary=f"Publier la décision {ruling.number}, texte public version {held.version}",
        payload={"publication": held.pk, "public": held.public_digest}, reason=held.why or ruling.number, by=by,
        contest=ruling.contest_id,
    )  # fmt: skip


def checked(publication: Publication) -> dict[str, Any]:
    """The public text as it would be published; DIS-852 to DIS-854 where it may not."""
    rows = list(publication.redactions.all())
    if open_ := sum(not r.decision for r in rows):
        raise rules.Undecided(n=open_)
    if publication.full_digest != queries.full_digest(publication.ruling, publication.salt):
        raise rules.TextMoved(number=publication.ruling.number)
    said, text = (
        queries.document(publication) | {"summary": summaries.checked(publication)},
        queries.text_of(publication.ruling),
    )
    read = dict(said["text"])
    read["summary"] = [p for one in said["summary"].values() for part in summaries.PARTS for p in one[part]]
    read["why"] = [publication.why]
    if still := redaction.left(text, queries.passages(publication), read):
        raise rules.StillThere(where=BESIDE.get(still[0]) or redaction.SECTIONS[still[0]])
    return said


def moved(publication: Publication, to: State, by: Person | None, *, document: str = "", **values: Any) -> None:
    start = State(publication.state)
    step = PUBLICATION.moves[start, to]
    stand = Version(
        state=start, hands={"proposer": publication.proposed_by_id} if publication.proposed_by_id else {},
        undecided=publication.redactions.filter(decision="").count(),
    )  # fmt: skip
    done = Act(by=by.pk if by else 0, right=step.right, document=document)
    digest = values.get("public_digest") or publication.public_digest
    after = {
        "version": publication.version,
        "from": start.value,
        "to": to.value,
        **({"public": digest} if digest else {}),
    }
    states.write(
        publication, PUBLICATION, to, done, stand=stand,
        tells=lambda: record(by=by, kind=kinds.PUBLICATION_MOVED, subject=subject_of(publication.ruling), after=after, rows=[publication]),
        **values,
    )  # fmt: skip


def of_approval(approval: Approval) -> Publication:
    found = Publication.objects.select_related("ruling__contest__election__pack", "ruling__signed_by")
    return found.get(pk=approval.payload["publication"])


def picture(approval: Approval, page: int = 1) -> Picture:
    """The public text that would be published: by its hash, and what is taken out by its place. No hidden word is here."""
    one = of_approval(approval)
    said = queries.document(one) | {"summary": summaries.said_of(one)}
    facts: dict[str, str | int | bool | None] = {
        "public_text": sha256_of(said), "full_text": queries.full_digest(one.ruling, one.salt), "version": one.version,
        "state": one.state, "redactions": len(said["redactions"]),
    }  # fmt: skip
    items = tuple(
        Item(
            Message(_("%(section)s, paragraphe %(n)d"), {"section": Message(redaction.SECTIONS[r["section"]]), "n": r["paragraph"] + 1}),
            lines=(Line(_("Passage occulté"), None, Message(REASONS[r["reason"]])),), note=said["text"][r["section"]][r["paragraph"]],
        )
        for r in said["redactions"][(page - 1) * 20 : page * 20]
    )  # fmt: skip
    return Picture(
        Message(_("Publier la décision %(number)s : texte public, version %(n)d"), {"number": one.ruling.number, "n": one.version}),
        facts, items, len(said["redactions"]),
        pieces=(Piece(_("Le texte signé et le texte public, côte à côte"), url=reverse("disputes:publication", args=[one.ruling_id])),),
        then=(
            _("Le texte public, son PDF scellé, sa ligne au journal des actes et sa page paraissent au même instant."),
            _("L’original signé n’est pas touché : il reste à qui a le droit de le lire."),
        ),
    )  # fmt: skip


def let_go(approval: Approval) -> None:
    """Refused or taken back: the version is prepared again."""
    one = of_approval(approval)
    if one.state == State.PROPOSED:
        moved(one, State.DRAFT, None, proposed_by=None, public_digest="")


def again(approval: Approval, by: Person) -> Approval:
    return propose(publication=of_approval(approval), by=by)


def asks(approval: Approval, by: Person) -> None:
    require(by, PUBLISH, contest=(approval.payload.get("scope") or {}).get("contest"))


@approvable(KIND, REGISTRY, picture, title=_("Publication d’une décision"), about="ruling", let_go=let_go, again=again, asks=asks)  # fmt: skip
def publish(approval: Approval, by: Person) -> None:
    """At one instant: public PDF and XML under their own seal, the version before it replaced, the decision published."""
    held = Publication.objects.select_for_update(of=("self",)).get(pk=approval.payload["publication"])
    still(approval)
    one = of_approval(approval)
    said = checked(one)
    at = court.now()
    pdf, xml = public_papers.sealed(one, said, at, by)
    summaries.print_all(one, said["summary"], at, by)
    last = Publication.objects.filter(ruling=one.ruling, state=State.PUBLISHED).first()
    if last is not None:
        moved(last, State.WITHDRAWN if one.withdraws else State.SUPERSEDED, None, ended_at=at)
        if one.withdraws:
            public_papers.taken_back(last, one.why, by)
    moved(one, State.PUBLISHED, by, document=pdf, public=said, pdf=pdf, xml=xml, decided_by=by, published_at=at)
    if one.ruling.state == decided.State.NOTIFIED:
        rulings.published(ruling=one.ruling, document=pdf, by=by)
    else:
        precedents.keep(one.ruling)
    logging_texts.tell(
        Contest.objects.select_related("election__pack", "election__geography").get(pk=one.ruling.contest_id)
    )
    record(
        by=by, kind=kinds.PUBLISHED, subject=subject_of(one.ruling), reason=one.why,
        after={
            "version": held.version, "full": one.full_digest, "public": one.public_digest, "pdf": pdf, "xml": xml,
            "signed_pdf": one.ruling.pdf, "redactions": len(said["redactions"]), **({"withdraws": True} if one.withdraws else {}),
        },
    )  # fmt: skip


def waiting(publication: Publication) -> Approval | None:
    """The request that waits for a second person, of a version that was submitted."""
    found = Approval.objects.filter(kind=KIND, state=Decision.WAITING.value, subject=subject_of(publication.ruling))
    return next((a for a in found if a.payload.get("publication") == publication.pk), None)


def decide(
    *, publication: Publication, to: Decision, by: Person, seen: str | None = None, note: str = ""
) -> Publication:
    """Approve, refuse or take back what was submitted, on the page that was read (PEO-205, PEO-206)."""
    asked = waiting(publication)
    if asked is None:
        raise rules.NotPrepared(number=publication.ruling.number)
    decide_approval(approval_id=asked.pk, to=to, note=note, by=by, seen=seen)
    return Publication.objects.get(pk=publication.pk)


def label(state: str) -> str:
    return LABELS[State(state)]


__all__ = ["add", "answer", "decide", "prepare", "propose", "publish"]
