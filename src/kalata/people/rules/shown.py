"""What a page showed when somebody acted on it: the act carries its mark, and is refused where it has moved since.

A page puts the mark in a hidden box of its form. A mark that is left out of a form is an empty one, and moved.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from kalata.refusals import Refused
from kalata.text import gettext_noop as _


class PageMoved(Refused):
    """An old tab: what the person read is no longer what the act would be about."""

    code = "PEO-212"
    says = _("Votre page n’est plus à jour : depuis son affichage, ceci a changé : %(what)s.")
    remedy = _("Rien n’a été fait. Ouvrez de nouveau la page, relisez, puis recommencez si c’est encore voulu.")
    sentences = frozenset({"what"})


def mark(*facts: Any) -> str:
    """SHA-256 (hex) of what a page shows, as canonical JSON.

    >>> mark(1, None) == mark(1, None) != mark("1", None)
    True
    """
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def as_shown(seen: str | None, now: str, what: str) -> None:
    """Raises PEO-212 where the mark of the page is not that of the records now. None: no page, a program asks."""
    if seen is not None and seen != now:
        raise PageMoved(what=what)
