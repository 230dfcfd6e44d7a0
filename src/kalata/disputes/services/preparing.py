"""A version of a public text while it is prepared: held for who writes it, and marked so that an old page is refused."""

from __future__ import annotations

from kalata.disputes.models import Publication
from kalata.disputes.rules import publications as rules
from kalata.disputes.rules.effect import sha256_of
from kalata.disputes.rules.publications import State
from kalata.disputes.rules.steps import PUBLISH
from kalata.people.guard import require
from kalata.people.models import Person
from kalata.people.rules.shown import as_shown
from kalata.text import gettext_noop as _


def drafted(publication: Publication, by: Person, seen: str | None = None) -> Publication:
    """The version, held, while it is prepared; DIS-851 otherwise, PEO-212 where it moved since the page was read."""
    held = Publication.objects.select_for_update(of=("self",)).select_related("ruling__contest__election__pack").get(pk=publication.pk)  # fmt: skip
    require(by, PUBLISH, contest=held.ruling.contest_id)
    if held.state != State.DRAFT:
        raise rules.NotPrepared(number=held.ruling.number)
    as_shown(seen, stamp(held), _("le texte public ou ses passages occultés"))
    return held


def stamp(publication: Publication) -> str:
    """What a page of a version shows, in a word: its public text, and every answer."""
    rows = [(r.pk, r.decision, r.reason, r.note) for r in publication.redactions.all()]
    texts = [(s.lang, s.decided, s.why, s.after) for s in publication.summaries.all()]
    return sha256_of([publication.state, publication.full_digest, rows, texts])
