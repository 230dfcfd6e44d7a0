"""One act on several cases: each in a transaction of its own, whole or not at all; what one refuses stops no other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from kalata.disputes.models import Petition
from kalata.disputes.rules.service import Term
from kalata.disputes.rules.steps import REGISTRY, State
from kalata.disputes.services import curing, issuing, serving, sheets
from kalata.disputes.services.steps import move
from kalata.people.guard import require
from kalata.people.models import Person
from kalata.refusals import Refused
from kalata.text import gettext_noop as _
from kalata.text import translate

PETITION = _("Requête")


class NothingToTell(Refused):
    code = "DIS-224"
    says = _("Cette affaire n’a rien à notifier : elle n’est pas en recevabilité, et aucun papier n’attend une partie.")
    remedy = _("Versez le papier à communiquer sur la page de l’affaire.")


@dataclass(slots=True)
class Done:
    """done: the cases where the act is whole; refused: why it is not, by case."""

    done: list[int] = field(default_factory=list)
    refused: dict[int, Refused] = field(default_factory=dict)


def each(ids: Sequence[int], act: Callable[[int], Any]) -> Done:
    """The act on each case, in the order of receipt."""
    out = Done()
    rows = Petition.objects.filter(pk__in=set(ids)).order_by("received_at", "pk").values_list("pk", flat=True)
    for pk in list(rows):
        try:
            with transaction.atomic():
                act(pk)
        except Refused as refused:
            out.refused[pk] = refused
        else:
            out.done.append(pk)
    return out


def notify(*, ids: Sequence[int], by: Person, lang: str, term: Term | None = None) -> Done:
    """Communicate each case to its parties, and ask for the letters of all that has not reached them yet."""
    return each(ids, lambda pk: notify_one(pk, by, lang, term))


def notify_one(pk: int, by: Person, lang: str, term: Term | None) -> None:
    """DIS-224 nothing to tell, DIS-206 a term without its act, DIS-208 nobody to serve, PEO-101."""
    petition = sheets.locked(pk)
    require(by, REGISTRY, contest=petition.contest_id)
    told = petition.filings.filter(kind=serving.OPENING, struck_at=None).exists()
    if not told and petition.state in (State.ADMISSIBILITY, State.SERVED):
        serving.entered(petition, kind=serving.OPENING, title=translate(PETITION, lang), by=by, term=term)
    elif not petition.services.filter(served_at=None, struck_at=None, waiver="").exists():
        raise NothingToTell
    if petition.state == State.ADMISSIBILITY:
        move(petition, State.SERVED, by)
    issuing.letters(petition=petition, lang=lang, by=by)


def invite(*, ids: Sequence[int], by: Person, lang: str, term: Term | None = None) -> Done:
    """Invite the petitioner of each case to cure what its checklist names. What each lacks: `curing.invite_by_list`."""
    return each(ids, lambda pk: curing.invite_by_list(petition_id=pk, by=by, lang=lang, term=term))
