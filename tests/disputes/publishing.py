"""A decision brought to its publication, for tests of what comes before and after it."""

from __future__ import annotations

from kalata.disputes.services import executing, publishing, rulings, summaries
from kalata.people.rules.approval import Decision


def notified(ruling, judge, president, registrar):
    """Signed, pronounced, notified."""
    rulings.to_gate(ruling=ruling, by=judge)
    executing.sign(ruling=ruling, by=president)
    rulings.pronounce(ruling=ruling, minutes="audience publique", by=president)
    return rulings.notify(ruling=ruling, by=registrar)


def published_text(ruling, publisher, registrar):
    """Every passage proposed is hidden; proposed by one, decided by another. Returns the version in force."""
    one = publishing.prepare(ruling=ruling, by=publisher)
    for row in one.redactions.filter(decision=""):
        publishing.answer(publication=one, redaction_id=row.pk, decision="hide", reason=row.reason, by=publisher)
    read_over(one, publisher)
    publishing.propose(publication=one, by=publisher)
    return publishing.decide(publication=one, to=Decision.APPROVED, by=registrar)


def read_over(one, publisher):
    """Every summary kept as it was drafted."""
    for row in one.summaries.all():
        summaries.keep(publication=one, lang=row.lang, words=summaries.said(row), by=publisher)
