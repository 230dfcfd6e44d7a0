"""What `kalata check` asks of the results: what takes two persons has its two."""

from __future__ import annotations

from kalata.results.queries.signatures import unsigned
from kalata.text import Message, plainly
from kalata.text import gettext_noop as _


def two_persons() -> tuple[bool, str | Message]:
    found = unsigned()
    return not found, "; ".join(found[:5]) or plainly(_("publications et mandats ont leurs approbations"))
