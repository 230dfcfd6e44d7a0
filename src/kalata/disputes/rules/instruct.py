"""Who opens the working papers of an instruction (simulations, comparison, evidence, report), and when: role x case x stage.

The reporting judge works on them from the examination of admissibility until the draft is at the gate. The bench reads
them once the report is in and the case is ready, never before; a member kept out of the case never does. Nobody else.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kalata.refusals import Refused
from kalata.text import gettext_noop as _

from .steps import LABELS, State


class Place(StrEnum):
    """What a person is in one case."""

    REPORTER = "reporter"
    MEMBER = "member"
    OUT = "out"  # of the bench, and kept out of this case
    NOBODY = "nobody"


S = State
WORKED = (S.ADMISSIBILITY, S.INADMISSIBLE, S.NO_JURISDICTION, S.SERVED, S.INSTRUCTION, S.READY, S.HEARING, S.DELIBERATION, S.DRAFTED)  # fmt: skip
"""Stages in which the reporting judge works."""
DONE = (S.GATE, S.SIGNED, S.PRONOUNCED, S.NOTIFIED, S.PUBLISHED, S.APPLIED, S.CLOSED, S.CORRECTION)
ASIDE = (S.STAYED, S.WITHDRAWN, S.SEVERED)
HANDED = (S.READY, S.HEARING, S.DELIBERATION, S.DRAFTED, *DONE)
"""Stages in which the bench reads: the report is in."""


class NotTheReporter(Refused):
    code = "DIS-801"
    says = _("Ces pages de travail sont celles du juge rapporteur de cette affaire ; vous ne l’êtes pas.")
    remedy = _("La formation les lit une fois l’affaire en état ; le tirage dit qui rapporte.")
    status = 403


class NotAtThisStage(Refused):
    code = "DIS-802"
    says = _("Cette affaire est « %(state)s » : ses pages de travail ne sont pas ouvertes à votre place à ce stade.")
    remedy = _("Le rapporteur y travaille de la recevabilité au projet arrêté ; la formation les lit une fois l’affaire en état.")  # fmt: skip
    status = 403
    sentences = frozenset({"state"})


class Deliberating(Refused):
    code = "DIS-806"
    says = _("L’affaire est en délibéré : rien n’y est gardé en clair, pas même une simulation.")
    remedy = _("Le calcul reste ouvert, sans rien garder. Ce qui doit rester se scelle sur la page du délibéré.")


class NameTaken(Refused):
    code = "DIS-805"
    says = _("Une simulation de cette affaire s’appelle déjà « %(name)s », ou l’affaire en a déjà %(most)d.")
    remedy = _("Donnez un autre nom, ou supprimez d’abord celle qui ne sert plus.")


class NotYours(Refused):
    code = "DIS-807"
    says = _("Une simulation n’est supprimée que par qui l’a gardée.")
    remedy = _("Demandez-le à son auteur.")
    status = 403


class Stale(Refused):
    code = "DIS-808"
    says = _("Les relevés ont changé depuis cette simulation : ses actes ne passent pas tels quels dans un projet.")
    remedy = _("Refaites-la sur les relevés en vigueur, puis ouvrez le projet.")


@dataclass(frozen=True, slots=True)
class Opening:
    """What a person may do with the working papers of a case now."""

    place: Place
    state: State

    @property
    def reads(self) -> bool:
        if self.place is Place.REPORTER:
            return self.state in (*WORKED, *DONE, *ASIDE)
        return self.place is Place.MEMBER and self.state in HANDED

    @property
    def works(self) -> bool:
        return self.place is Place.REPORTER and self.state in WORKED

    @property
    def keeps(self) -> bool:
        """May what is tried be kept? Not while the bench deliberates: nothing of a deliberation is kept unsealed."""
        return self.works and self.state is not State.DELIBERATION

    def must_read(self) -> None:
        """DIS-801, DIS-802."""
        if self.place not in (Place.REPORTER, Place.MEMBER):
            raise NotTheReporter
        if not self.reads:
            raise NotAtThisStage(state=LABELS[self.state])

    def must_keep(self) -> None:
        """DIS-801, DIS-802, DIS-806."""
        self.must_work()
        if not self.keeps:
            raise Deliberating

    def must_work(self) -> None:
        """DIS-801, DIS-802."""
        if self.place is not Place.REPORTER:
            raise NotTheReporter
        if not self.works:
            raise NotAtThisStage(state=LABELS[self.state])
