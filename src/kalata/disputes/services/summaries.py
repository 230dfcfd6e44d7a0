"""The summary of a decision in plain words: drafted with its publication, read over by a person, printed with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from kalata.disputes import kinds
from kalata.disputes.models import PlainSummary, Publication, Ruling
from kalata.disputes.papers import decisions
from kalata.disputes.papers.court import head
from kalata.disputes.rules import summary as rules
from kalata.disputes.rules.summary import Said
from kalata.disputes.services import archiving
from kalata.disputes.services.preparing import drafted
from kalata.disputes.services.rulings import subject_of
from kalata.documents import services as documents
from kalata.evidence.rules.access import Access
from kalata.ledger.services import record
from kalata.people.models import Person
from kalata.text import fold, long_date

PARTS, READ = rules.PARTS, ("fr", "en")
"""Languages that a person reads over before anything is submitted; Bambara may be published unreviewed, and says so."""


def outcomes(ruling: Ruling) -> list[tuple[str, str]]:
    """(petition, outcome) as they were signed."""
    return [(str(o["petition"]), str(o["outcome"])) for o in (ruling.decision or {}).get("outcomes", ())]


def day_of(ruling: Ruling) -> date:
    return timezone.localtime(ruling.signed_at).date() if ruling.signed_at else timezone.localdate()


def figures_of(ruling: Ruling) -> dict[str, Any]:
    """The figures, computed again from the records kept at signature. DIS-768, DIS-769."""
    done = archiving.recomputed(ruling)
    return rules.figures(done, [petition for petition, _o in outcomes(ruling)], day_of(ruling).isoformat())


def drafts(publication: Publication) -> None:
    """The drafts of a version that has none yet; from the second on, what the last one said where its figures are the same."""
    ruling = publication.ruling
    publication.figures = figures_of(ruling)
    publication.save(update_fields=["figures"])
    last = (
        Publication.objects.filter(ruling=ruling, version=publication.version - 1).prefetch_related("summaries").first()
    )
    kept = {s.lang: s for s in last.summaries.all()} if last and last.figures == publication.figures else {}
    for lang in rules.LANGUAGES:
        if publication.summaries.filter(lang=lang).exists():
            continue
        said, old = draft_of(publication, lang), kept.get(lang)
        PlainSummary.objects.create(
            publication=publication, lang=lang, decided=old.decided if old else said.decided, why=old.why if old else said.why,
            after=old.after if old else said.after, edited_by=old.edited_by if old else None,
            reviewed_by=old.reviewed_by if old else None, at=timezone.now(),
        )  # fmt: skip


def draft_of(publication: Publication, lang: str) -> Said:
    return rules.draft(publication.figures, [o for _p, o in outcomes(publication.ruling)], lang)


def said(row: PlainSummary) -> Said:
    return Said(row.decided, row.why, row.after)


@transaction.atomic
def keep(
    *, publication: Publication, lang: str, words: Said, by: Person, reviewed: bool = False, seen: str | None = None
) -> PlainSummary:
    """What a person read over, and changed where it must be. DIS-865 to DIS-867; reviewed: by who speaks the language."""
    held = drafted(publication, by, seen)
    rules.check(words, lang, held.figures, draft_of(held, lang))
    row = held.summaries.get(lang=lang)
    row.decided, row.why, row.after = words.decided.strip(), words.why.strip(), words.after.strip()
    row.edited_by, row.reviewed_by, row.at = by, by if reviewed else None, timezone.now()
    row.save(update_fields=["decided", "why", "after", "edited_by", "reviewed_by", "at"])
    after = {"version": held.version, "lang": lang, "reviewed": reviewed}
    record(by=by, kind=kinds.SUMMARY_KEPT, subject=subject_of(held.ruling), after=after)
    return row


def checked(publication: Publication) -> dict[str, Any]:
    """Each summary as everybody reads it, its figures those of the decision. DIS-865 to DIS-869."""
    ruling = publication.ruling
    if publication.figures != figures_of(ruling):
        raise rules.OtherFigures(number=ruling.number)
    for row in publication.summaries.all():
        if row.lang in READ and row.edited_by_id is None:
            raise rules.NobodyRead(lang=rules.LANGUAGES[row.lang])
        rules.check(said(row), row.lang, publication.figures, draft_of(publication, row.lang))
    return said_of(publication)


def said_of(publication: Publication) -> dict[str, Any]:
    """The summaries by language, with their figures in place."""
    return {row.lang: shown(publication, row) for row in publication.summaries.all()}


def shown(publication: Publication, row: PlainSummary) -> dict[str, Any]:
    """A summary with its figures in place, for a page, a file and a paper."""
    lang, found = row.lang, publication.figures
    values = rules.values(found, lang, long_date(date.fromisoformat(found["day"]), lang))
    names = dict(publication.ruling.contest.options.values_list("code", "name"))
    return {
        **{part: rules.filled(getattr(row, part), values) for part in rules.PARTS},
        "changes": rules.changes(found, names, lang), "reviewed": row.reviewed_by_id is not None,
    }  # fmt: skip


def words_of(ruling: Ruling, paragraphs: list[str], lang: str) -> dict[str, str]:
    """Words of the pack's glossary that the summary uses, each with what it means; at most eight."""
    text = f" {fold(' '.join(paragraphs))} "
    out: dict[str, str] = {}
    for one in ruling.contest.election.pack.pack.records("glossary"):
        key = "en" if lang == "en" else "fr"
        term, means = str(one.get(key) or ""), str(one.get(f"definition_{key}") or "")
        if lang == "bm":
            terms = [t.split("(")[0].strip() for t in str(one.get("bm") or "").split(";")]
            term = next((t for t in terms if t and f" {fold(t)} " in text), "")
            means = str(one.get("fr") or "")
        if term and means and f" {fold(term)} " in text and len(out) < 8:
            out.setdefault(term, means)
    return out


def print_all(publication: Publication, said_: Mapping[str, Any], at: datetime, by: Person) -> None:
    """Issue each summary as a paper for everybody, and keep which it is."""
    ruling = publication.ruling
    for row in publication.summaries.all():
        found = said_[row.lang]
        every = [p for part in rules.PARTS for p in found[part]]
        one = decisions.Summary(
            number=ruling.number, on=day_of(ruling), decided=found["decided"], why=found["why"], next=found["after"],
            changes=[(a, b, c) for a, b, c in found["changes"]], words=words_of(ruling, every, row.lang),
            unreviewed=row.lang not in READ and not found["reviewed"],
        )  # fmt: skip
        headed = head(ruling.contest, row.lang, title=decisions.SUMMARY_TITLE, number=ruling.number)
        issued = documents.issue(
            decisions.summary(one, headed, row.lang), subject=subject_of(ruling), by=by, at=at, access=Access.PUBLIC
        )
        row.pdf = issued.sha256
        row.save(update_fields=["pdf"])
