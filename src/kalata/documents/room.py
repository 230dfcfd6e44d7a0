"""Papers at the doorway: the typesetter and what its templates share, no page of its own."""

from __future__ import annotations

from kalata.rooms import Room
from kalata.text import gettext_noop as _

ROOM = Room(package="kalata.documents", title=_("Documents"), order=60)
