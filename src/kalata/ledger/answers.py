"""Asking the ledger for the act behind each row that counts: `kalata check`, `ledger verify`, publication."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet

from kalata.ledger import bonds
from kalata.ledger.bonds import Fault
from kalata.ledger.models import Act
from kalata.ledger.rules import marks
from kalata.refusals import Refused
from kalata.text import Message
from kalata.text import gettext_noop as _

UNMARKED, FOREIGN = "without the mark of the house", "marked with another key"
WORDS: Mapping[str, str] = {
    "without its act": _("aucun acte du journal ne le dit"),
    "differs": _("diffère de ce que dit son acte"),
    "differs or is gone": _("diffère de ce que dit son acte, ou a disparu"),
    "is gone": _("a disparu"),
    "told twice": _("deux actes le disent"),
    UNMARKED: _("acte sans la marque de la maison"),
    FOREIGN: _("acte marqué d’une autre clé : remettez le fichier ledger.secret de cette maison"),
}
"""What `Fault.what` says, where it does not name columns."""


class NotTold(Refused):
    code = "LED-002"
    says = _("%(what)s. Le journal des actes ne confirme pas cette ligne.")
    remedy = _("Rien n’est publié. Lancez « kalata check » et prévenez la personne chargée de la sécurité.")


class Heard:
    """The acts that bear the mark, with the rows they tell; the others are faults."""

    def __init__(self, acts: QuerySet[Act]) -> None:
        self.faults: list[Fault] = []
        self.rows: list[tuple[int, Mapping[str, Mapping[str, str | None]]]] = []
        self.key = marks.name_of(settings.LEDGER_KEY)
        before = self.before()
        for act in acts.order_by("pk").iterator(chunk_size=2_000):
            wrong = self.wrong(act)
            if act.pk <= before and (act.mark is None or wrong == FOREIGN):
                continue
            if wrong:
                self.faults.append(Fault("transparency_act", str(act.pk), wrong))
            elif act.rows:
                self.rows.append((act.pk, act.rows))

    def wrong(self, act: Act) -> str:
        if act.mark is None:
            return UNMARKED
        if marks.holds(act.line(), settings.LEDGER_KEY, act.mark):
            return ""
        return UNMARKED if act.mark.startswith(f"{self.key}:") else FOREIGN

    def before(self) -> int:
        """The last act from before there were marks, or marks of this key, as the one act that covers them says."""
        for found in Act.objects.filter(kind=bonds.BASELINE).order_by("pk"):
            if not self.wrong(found):
                return int((found.after or {})["acts"])
        return -(2**63)


def faults() -> list[Fault]:
    """Every row that counts and that no act tells, or that is not what its act says; every act without the mark."""
    heard = Heard(Act.objects.all())
    said = bonds.said(heard.rows)
    out = list(heard.faults)
    for model, told in bonds.watched():
        out += bonds.faults_of(model, told, said[model._meta.db_table], model._base_manager.all())
    return out


def faults_among(about: Q, wanted: Mapping[Any, QuerySet[Any]]) -> Iterator[Fault]:
    """The same for some rows only, which the acts so chosen tell."""
    heard = Heard(Act.objects.filter(about | Q(kind=bonds.BASELINE), rows__isnull=False))
    said = bonds.said(heard.rows)
    for model, told in bonds.watched():
        if model in wanted:
            yield from bonds.faults_within(model, told, said[model._meta.db_table], wanted[model])


def message(fault: Fault) -> Message:
    """A fault in a sentence."""
    said = {"table": fault.table, "number": fault.number, "act": str(fault.act), "columns": fault.what}
    if fault.what not in WORDS:
        return Message(_("%(table)s n° %(number)s : %(columns)s ne sont pas ce que dit l’acte n° %(act)s"), said)
    return Message(_("%(table)s n° %(number)s : %(what)s"), {**said, "what": Message(WORDS[fault.what])})


def refusal(fault: Fault) -> NotTold:
    return NotTold(what=message(fault))
