"""Papers at the doorway: the typesetter, the register of what was issued, the page that answers who holds a paper."""

from __future__ import annotations

from kalata.rooms import Kind, Room, Urls
from kalata.text import gettext_noop as _

ROOM = Room(
    package="kalata.documents",
    title=_("Documents"),
    order=260,
    urls=(Urls("documents/", "kalata.documents.urls", personal=True),),
    doors="kalata.documents.doors.PAGES",
    kinds=(Kind("document", _("document émis"), "documents.IssuedDocument", mark="DOC", about="kalata.documents.chained.DOCUMENT"),),
    refusals=("kalata.documents.rules.references", "kalata.documents.batches"),
)
