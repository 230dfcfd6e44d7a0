"""The question every act asks first: may this person do this, here, and is it not about himself?"""

from __future__ import annotations

from typing import Any

from kalata.people import queries
from kalata.refusals import Forbidden, Refused
from kalata.text import gettext_noop as _


class OwnAccount(Refused):
    code = "PEO-306"
    says = _("Vous ne pouvez pas faire cet acte sur votre propre compte.")
    remedy = _("Demandez à une autre personne habilitée.")
    status = 403


def require(person: Any, right: str, *, place: tuple[int, ...] = (), contest: int | None = None) -> None:
    """Let the act go on, or raise Forbidden (PEO-101)."""
    if not queries.may(person, right, place=place, contest=contest):
        raise Forbidden(right=right)
