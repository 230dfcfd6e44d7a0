"""Every write of a saved view: its owner's alone, but for what opens by itself, which is each reader's."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from kalata.ledger.services import record
from kalata.people import kinds
from kalata.people.models import Person, SavedView
from kalata.people.saved.queries import roles_of, views_of
from kalata.refusals import Refused
from kalata.text import gettext_noop as _

MOST = 40
"""Views that one person keeps of one list."""


class NotYours(Refused):
    code = "PEO-501"
    says = _("Cette vue n’existe pas, ou n’est pas à vous : seule la personne qui l’a enregistrée la change.")
    remedy = _("Ouvrez-la et enregistrez-la sous un autre nom.")
    status = 404


class NotYourRole(Refused):
    code = "PEO-502"
    says = _("Une vue se partage avec un rôle que l’on tient : « %(role)s » n’est pas le vôtre.")
    remedy = _("Enregistrez-la pour vous, ou choisissez un de vos rôles.")
    status = 403


class TooManyViews(Refused):
    code = "PEO-503"
    says = _("Vous gardez déjà %(n)d {n:vue|vues} de cette liste.")
    remedy = _("Retirez-en une, ou donnez à celle-ci le nom d’une autre pour la remplacer.")


@transaction.atomic
def keep_view(*, listing: str, name: str, query: str, role: str, by: Person) -> SavedView:
    """Keep a view under a name; the owner's view of that name is replaced. PEO-502 another's role, PEO-503 too many."""
    if role and role not in roles_of(by):
        raise NotYourRole(role=role[:40])
    mine = SavedView.objects.filter(owner=by, listing=listing)
    if not mine.filter(name=name).exists() and mine.count() >= MOST:
        raise TooManyViews(n=MOST)
    made, fresh = SavedView.objects.update_or_create(
        owner=by, listing=listing, name=name, defaults={"query": query, "role": role, "at": timezone.now()}
    )
    record(
        by=by,
        kind=kinds.VIEW_SAVED,
        subject=f"person:{by.username}",
        after={"list": listing, "role": role, "fresh": fresh},
    )
    return made


@transaction.atomic
def drop(*, view_id: int, by: Person) -> None:
    """Let go of a view of one's own, for everybody with whom it was shared. PEO-501 another's."""
    one = SavedView.objects.select_for_update().filter(pk=view_id, owner=by).first()
    if one is None:
        raise NotYours
    record(
        by=by, kind=kinds.VIEW_DROPPED, subject=f"person:{by.username}", after={"list": one.listing, "role": one.role}
    )
    one.delete()


@transaction.atomic
def open_by_itself(*, listing: str, view_id: int | None, by: Person) -> None:
    """The list opens so for this person from now on; None: as it is. PEO-501 where they may not open that view."""
    seen = views_of(by, listing)
    one = seen.filter(pk=view_id).first() if view_id else None
    if view_id and one is None:
        raise NotYours
    SavedView.opened_by.through._default_manager.filter(savedview__listing=listing, person=by.pk).delete()
    if one is not None:
        one.opened_by.add(by)
