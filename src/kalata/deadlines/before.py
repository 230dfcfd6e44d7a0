"""What an act of this room does, in figures, said before it is done."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kalata.deadlines import queries
from kalata.deadlines.models import Calendar


def of_publication(calendar: Calendar, terms: int) -> list[str]:
    """Shown to everybody, or taken back. terms: the time limits on it."""
    said = ngettext("%(n)d échéance", "%(n)d échéances", terms) % {"n": terms}
    if calendar.published_at is None:
        return [
            _("%(terms)s et leurs textes deviennent lisibles par tous, sans compte, avec l’agenda à télécharger.") % {"terms": said},
            _("Ce qui n’est pas vérifié s’y voit comme tel."),
        ]  # fmt: skip
    n = queries.followers(calendar)
    return [
        _("%(terms)s ne sont plus lisibles ; l’agenda que des lecteurs ont pris ne se met plus à jour.") % {"terms": said},
        ngettext("%(n)d personne le suit et ne recevra plus d’avis.", "%(n)d personnes le suivent et ne recevront plus d’avis.", n) % {"n": n},
        _("Rien n’est effacé : il se publie de nouveau par le même geste."),
    ]  # fmt: skip


def of_withdrawal(dependents: int) -> list[str]:
    """An event taken out of a calendar."""
    n = dependents
    return [
        ngettext("%(n)d règle part de cet événement : sa date est recomptée, ou manque.", "%(n)d règles partent de cet événement : leurs dates sont recomptées, ou manquent.", n) % {"n": n},
        _("L’événement reste dans l’historique, avec votre motif."),
    ]  # fmt: skip
