"""The paper of a receipt, issued and handed to who asked for it."""

from __future__ import annotations

from django.db import transaction

from kalata.disputes.models import Petition
from kalata.disputes.services import issuing
from kalata.evidence import store
from kalata.evidence.reading import Opened
from kalata.evidence.rules.access import Damaged
from kalata.people.models import Person


@transaction.atomic
def receipt(*, petition: Petition, lang: str, by: Person) -> Opened:
    """The receipt as a file: the paper issued the first time it is asked for. EVD-106 where its file is no longer sound."""
    made = issuing.receipt(petition=petition, lang=lang, by=by)
    found = store.sound(made.sha256)
    if found is None:
        raise Damaged(sha=made.sha256[:12])
    return Opened(found, made.sha256, "application/pdf", ours=True)
