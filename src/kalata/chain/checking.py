"""The line of `kalata check` on the search: is what there is in the index?"""

from __future__ import annotations

from kalata.chain import registry
from kalata.chain.about import About
from kalata.chain.models import Edge, IndexEntry
from kalata.text import Message, plainly
from kalata.text import gettext_noop as _

SAYS = _("fiches : %(n)s ; liens écrits : %(links)s")
LATE = _("pas encore dans l’index de recherche : %(late)s ; fiches : %(n)s")


def indexed() -> tuple[bool, str | Message]:
    """Does the index hold as many records as there are? What is newer than a minute is taken in by the background loop."""
    n, late = IndexEntry.objects.count(), 0
    for known in registry.every().values():
        if isinstance(known.about, About) and known.about.listed:
            held = IndexEntry.objects.filter(kind=known.key).count()
            late += max(known.model._base_manager.count() - held, 0)
    if late > TOLERATED:
        return False, plainly(LATE, late=late, n=n)
    return True, plainly(SAYS, n=n, links=Edge.objects.count())


TOLERATED = 1_000
"""Records that may wait for the next turn of the loop."""
