"""What this room shows on the front page."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import ngettext

from kalata.people.queries import rights_of
from kalata.rooms import AtHome, Line, Stage
from kalata.training.queries import moot_sittings as sittings
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


def waits(request: HttpRequest) -> list[Line]:
    """Sittings where one sits and nothing is answered yet, sheets that one owes as a rater, plans of action to follow."""
    person, out = request.user, []
    for one in sittings.open_to_me(person):
        out.append(
            Line(
                672,
                "clock",
                _t("%(title)s : une étape attend votre réponse") % {"title": one.title},
                reverse("moots:sitting", args=[one.pk]),
            )
        )
    for one, n in sittings.owed(person):
        says = ngettext(
            "%(title)s : %(n)d feuille de notation à remettre", "%(title)s : %(n)d feuilles de notation à remettre", n
        )
        out.append(Line(673, "pen", says % {"title": one.title, "n": n}, reverse("moots:sitting", args=[one.pk])))
    due = sum(d.open for plan in sittings.plans(person) for d in sittings.due_of(plan))
    if due:
        says = ngettext("%(n)d suivi de plan d’action à donner", "%(n)d suivis de plan d’action à donner", due)
        out.append(Line(674, "warn", says % {"n": due}, reverse("moots:plans")))
    return out
