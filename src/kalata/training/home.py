"""What this room shows on the front page."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import ngettext

from kalata.people.queries import rights_of
from kalata.rooms import AtHome, Stage
from kalata.training.queries import posts as queries
from kalata.training.rules.rights import AT_POSTS


def shown(request: HttpRequest) -> AtHome:
    """The stage of training and posts, for who has work there: contests whose posts are open."""
    if not rights_of(request.user) & AT_POSTS:
        return AtHome([Stage("training", "")])
    found = [c for c in queries.contests_of(request.user) if queries.book_of(c)]
    if not found:
        return AtHome([Stage("training", "")])
    says = ngettext("postes ouverts pour %(n)d scrutin", "postes ouverts pour %(n)d scrutins", len(found)) % {
        "n": len(found)
    }
    return AtHome([Stage("training", says, reverse("posts:index"), "now")])
