"""Files given with a form that could not be received yet: kept at once, so that nobody attaches them twice.

A browser does not fill a box of files again. What was sound is in the store already; the page carries a signed ticket for
it, good for the person who gave it and for one day. A ticket opens nothing: it only lets that person attach that file.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core import signing

from kalata.disputes.services import intake
from kalata.evidence.models import Content
from kalata.people.models import Person
from kalata.refusals import Refused
from kalata.text import Message

SALT, ONE_DAY = "disputes.held", 86_400


@dataclass(frozen=True, slots=True)
class Held:
    """A file that is kept for a form. pages: 0 where pages have no meaning."""

    content: Content
    name: str
    pages: int
    ticket: str


def hold(files: Iterable[Any], by: Person) -> tuple[list[Held], list[tuple[str, str, Message]]]:
    """Keep each file that is sound; (name, code, why) of each that is refused and has to be given otherwise."""
    held, refused = [], []
    for one in files:
        try:
            content = intake.keep(one.chunks(), name=one.name, by=by)
        except Refused as why:
            refused.append((one.name, why.code, why.message))
            continue
        said = {"s": content.sha256, "n": one.name[:200], "p": content.pages, "b": by.pk}
        held.append(Held(content, one.name[:200], content.pages, signing.dumps(said, salt=SALT)))
    return held, refused


def again(tickets: Sequence[str], by: Person) -> list[Held]:
    """The files of these tickets, where they are this person's and of today; another's, or a forged one, is left out."""
    out = []
    for ticket in dict.fromkeys(tickets):
        try:
            said = signing.loads(ticket, salt=SALT, max_age=ONE_DAY)
        except signing.BadSignature:
            continue
        content = Content.objects.filter(sha256=said["s"]).first() if said["b"] == by.pk else None
        if content is not None:
            content.pages = said["p"]  # counted when it was kept
            out.append(Held(content, said["n"], said["p"], ticket))
    return out
