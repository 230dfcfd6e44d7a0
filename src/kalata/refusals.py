"""What is not allowed, or not readable: an exception that says who, where and what to do.

A refusal is not a fault. It carries a code that is printed and quoted (never reused), the
sentence, the remedy, and where there is one the file, the row and the field. One middleware
turns it into a page; the command line turns it into exit status 2.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from kalata.text import Message, gettext_noop

_ = gettext_noop


class Refused(Exception):
    """An act that the law or the house does not allow. Subclasses give code, says, remedy."""

    code: ClassVar[str] = "KAL-000"
    says: ClassVar[str] = _("Cet acte n’est pas permis.")
    remedy: ClassVar[str] = _("Demandez à une personne habilitée.")
    basis: ClassVar[str] = ""
    status: ClassVar[int] = 409
    sentences: ClassVar[frozenset[str]] = frozenset()
    """Parameters that are sentences of the catalogue themselves: each language says them in its own words."""

    def __init__(self, **params: object) -> None:
        self.params = params
        super().__init__(self.code)

    @property
    def message(self) -> Message:
        return Message(self.says, self.said())

    @property
    def how(self) -> Message:
        return Message(self.remedy, self.said())

    def said(self) -> dict[str, object]:
        """The parameters as each language says them."""
        return {k: Message(v) if k in self.sentences and isinstance(v, str) else v for k, v in self.params.items()}

    def record(self) -> dict[str, object]:
        """The refusal as data: what the scripted interface prints."""
        keep = {k: v for k, v in self.params.items() if isinstance(v, str | int)}
        return {"code": self.code, **self.message.both(), "remedy": self.how.both(), **keep}

    def __str__(self) -> str:
        return f"{self.code} {self.message.text('fr')} {self.how.text('fr')}"


class Forbidden(Refused):
    """This person holds no mandate for this act here."""

    code = "PEO-101"
    says = _("Vous n’avez pas de mandat pour cet acte sur ce territoire (droit demandé : %(right)s).")
    remedy = _("Un responsable des comptes peut demander ce mandat ; une seconde personne l’approuve.")
    status = 403


def every_refusal(base: type[Refused] = Refused) -> Iterator[type[Refused]]:
    """Every refusal the loaded rooms can raise: the page of codes and its test read this."""
    for child in base.__subclasses__():
        yield child
        yield from every_refusal(child)
