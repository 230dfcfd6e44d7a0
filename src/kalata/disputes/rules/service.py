"""Service of a paper on a party: how, how often, with which proof; and the clock that it starts for that party alone.

A paper is served on a party once (an office once served one four times). What is tried and fails starts nothing.
A reply has a term in hours or days, or a day and an hour, set by an act that is named; where the text does not say
how days are counted, both readings stand beside each other and a late paper is late under both, or a person decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from kalata.deadlines.rules.counting import compute
from kalata.deadlines.rules.dayoff import NO_DAYS_OFF, DaysOff
from kalata.deadlines.rules.definition import counting_from
from kalata.deadlines.rules.moments import Deadline, Verdict, parse_deadline
from kalata.deadlines.rules.steps import Unit
from kalata.refusals import Refused
from kalata.text import Message
from kalata.text import gettext_noop as _


class Mode(StrEnum):
    """How a paper is brought to a party."""

    HAND = "hand"
    BAILIFF = "bailiff"
    MAIL = "mail"
    PORTAL = "portal"
    POSTING = "posting"


MODE_LABELS: Mapping[Mode, str] = {
    Mode.HAND: _("remise en main propre"),
    Mode.BAILIFF: _("exploit d’huissier"),
    Mode.MAIL: _("courriel avec accusé de réception"),
    Mode.PORTAL: _("espace des parties, avec accusé de réception"),
    Mode.POSTING: _("affichage"),
}
PROOF_LABELS: Mapping[Mode, str] = {
    Mode.HAND: _("le récépissé signé"),
    Mode.BAILIFF: _("l’exploit"),
    Mode.MAIL: _("l’accusé de réception"),
    Mode.PORTAL: _("l’accusé donné depuis le compte de la partie"),
    Mode.POSTING: _("le constat d’affichage"),
}


class Outcome(StrEnum):
    """What became of one attempt."""

    SERVED = "served"
    SENT = "sent"
    ABSENT = "absent"
    REFUSED = "refused"
    UNKNOWN = "unknown"


OUTCOME_LABELS: Mapping[Outcome, str] = {
    Outcome.SERVED: _("signifié"),
    Outcome.SENT: _("envoyé, accusé attendu"),
    Outcome.ABSENT: _("absent"),
    Outcome.REFUSED: _("refusé par le destinataire"),
    Outcome.UNKNOWN: _("adresse inconnue"),
}


PAPERS: Mapping[str, str] = {
    "petition": _("requête"), "defence": _("mémoire en défense"), "reply": _("mémoire en réponse"),
    "observations": _("observations"), "order": _("ordonnance"), "cure": _("mise en demeure de régulariser"),
    "measure": _("mesure d’instruction"), "answer": _("réponse à une mesure"), "hearing": _("avis d’audience"),
    "decision": _("décision"), "report": _("rapport"), "cured": _("pièce de régularisation"),
}  # fmt: skip
"""Kinds of papers of the procedure."""
BRIEFS = ("defence", "reply", "observations")
"""What a party files."""
CLOCK_LABELS: Mapping[str, str] = {
    "filing": _("recours"), "reply": _("mémoire en réponse"), "cure": _("régularisation"),
    "measure": _("mesure d’instruction"), "report": _("rapport du rapporteur"), "decision": _("décision"),
}  # fmt: skip


class ServedAlready(Refused):
    code = "DIS-201"
    says = _("« %(paper)s » a déjà été signifié à %(party)s le %(at)s.")
    remedy = _(
        "Rien à refaire : le délai de cette partie court depuis cet instant. Une erreur se raye, avec son motif."
    )


class NoProof(Refused):
    code = "DIS-202"
    says = _("Une signification sans preuve ne fait courir aucun délai : il manque %(proof)s.")
    remedy = _("Joignez la pièce qui le prouve, ou notez une tentative.")
    status = 422
    sentences = frozenset({"proof"})


class OutOfOrder(Refused):
    code = "DIS-203"
    says = _("Cet instant (%(at)s) est avant le papier signifié ou dans l’avenir.")
    remedy = _("Relisez la preuve : l’instant est celui où la partie a reçu le papier.")
    status = 422


class PartyGone(Refused):
    code = "DIS-204"
    says = _(
        "%(party)s n’existe plus depuis le %(since)s : rien ne peut lui être remis en main propre ni par courriel."
    )
    remedy = _("Signifiez par affichage ou par huissier au dernier siège connu, ou inscrivez qui lui succède.")


class NoTerm(Refused):
    code = "DIS-206"
    says = _("Un délai de réponse a une longueur ou un terme, et l’acte qui le fixe.")
    remedy = _("Écrivez le nombre d’heures ou de jours, ou le jour et l’heure, avec le numéro de l’ordonnance.")
    status = 422


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try. at: when; proof: the hash of the piece that proves it, empty where there is none."""

    mode: Mode
    at: datetime
    outcome: Outcome
    proof: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """What is served: its name, when it came into the file, when and how this party already had it."""

    name: str
    filed_at: datetime
    served_at: datetime | None = None


def serve(paper: Paper, party: str, attempt: Attempt, *, now: datetime, gone_since: str = "") -> datetime | None:
    """The instant at which the party has the paper, or None after an attempt that failed.

    Raises: DIS-201 it has it already, DIS-203 an instant that cannot be, DIS-204 a party that no longer exists, DIS-202.
    """
    if paper.served_at is not None:
        raise ServedAlready(paper=paper.name, party=party, at=paper.served_at)
    if attempt.at > now or attempt.at < paper.filed_at:
        raise OutOfOrder(at=attempt.at)
    if gone_since and attempt.mode in (Mode.HAND, Mode.MAIL, Mode.PORTAL):
        raise PartyGone(party=party, since=gone_since)
    if attempt.outcome is not Outcome.SERVED:
        return None
    if not attempt.proof and attempt.mode is not Mode.PORTAL:
        raise NoProof(proof=PROOF_LABELS[attempt.mode])
    return attempt.at


# --- the clock of one party ---------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Term:
    """How long a party has: n of a unit (hour, day) from its own service, or a fixed limit. order: the act that says so.

    law: order names a time limit of the pack, which says how long and how it is counted.
    """

    order: str
    n: int = 0
    unit: Unit = Unit.HOUR
    until: str = ""
    law: bool = False

    def checked(self) -> Term:
        if self.law and self.order.strip() and not self.n and not self.until:
            return self
        if not self.order.strip() or bool(self.n) == bool(self.until) or self.unit not in (Unit.HOUR, Unit.DAY):
            raise NoTerm
        return self


HOURS, DAYS, CLEAR = "HOURS_FROM_INSTANT", "CALENDAR_EXCL_START", "FRANC"
ORDER, OVERRIDE = "ORDER", "OVERRIDE"
"""Readings that an act gives: the limit written in an order; the one that a derogation decides."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a limit. default: the one the house acts on; a decided one (an override) stands before it."""

    rule: str
    limit: Deadline
    default: bool = False
    trace: tuple[str, ...] = ()

    def data(self) -> dict[str, object]:
        return {
            "rule": self.rule, "deadline": self.limit.iso(), "default": self.default,
            **({"trace": list(self.trace)} if self.trace else {}),
        }  # fmt: skip


def party_readings(
    served_at: datetime,
    term: Term,
    *,
    rules: Mapping[str, Mapping[str, object]],
    tz: str,
    days_off: DaysOff = NO_DAYS_OFF,
) -> list[Reading]:
    """Every reading of the limit of a party served at this instant. rules: the pack's counting rules by name.

    Hours run from instant to instant: one reading. Days are read as calendar days first, then as clear days: no text
    known says which. A fixed limit is one reading, whoever is served when.
    """
    term.checked()
    if term.until:
        return [Reading(ORDER, parse_deadline(term.until, tz, record=term.order, field="until"), default=True)]
    names = (HOURS,) if term.unit is Unit.HOUR else (DAYS, CLEAR)
    found = []
    for name in names:
        rule = counting_from({**rules[name], "n": term.n, "unit": term.unit.value}, name)
        read = compute(rule, served_at, tz=tz, days_off=days_off, record=name, label=Message(_("la signification")))
        found.append(Reading(name, read.deadline, name == names[0], tuple(s.message.text("fr") for s in read.steps)))
    return found


def overridden(readings: Sequence[Reading], limit: Deadline) -> list[Reading]:
    """The readings with the one that an act decides in front; the computed ones stay visible."""
    kept = [replace(r, default=False) for r in readings if r.rule != OVERRIDE]
    return [Reading(OVERRIDE, limit, default=True), *kept]


def governing(readings: Iterable[Reading]) -> Deadline | None:
    """The limit that people act on: the default reading. None: there is none."""
    return next((r.limit for r in readings if r.default), None)


def judged(readings: Sequence[Reading], filed: datetime) -> Verdict:
    """In time under every reading, late under every one, undetermined where they differ; a decided limit alone counts."""
    counted = [r for r in readings if r.rule == OVERRIDE] or list(readings)
    said = {Verdict.IN_TIME if filed < r.limit.bound else Verdict.LATE for r in counted}
    return said.pop() if len(said) == 1 else Verdict.UNDETERMINED


VERDICT_LABELS: Mapping[Verdict, str] = {
    Verdict.IN_TIME: _("Dans le délai"),
    Verdict.LATE: _("Hors délai"),
    Verdict.UNDETERMINED: _("Selon la lecture"),
}
CONSEQUENCES: Mapping[Verdict, str] = {
    Verdict.IN_TIME: _("Le papier entre au débat."),
    Verdict.LATE: _("Le papier est tardif sous toute lecture : la formation décide si elle l’écarte."),
    Verdict.UNDETERMINED: _(
        "Tardif sous une lecture, dans le délai sous une autre : la formation tranche, avec motif."
    ),
}

ALERT_HOURS = (48, 24, 4, 1)


def alert(limit: Deadline, now: datetime, hours: Sequence[int] = ALERT_HOURS) -> int | None:
    """The nearest distance, in hours, that is reached; None: not near yet, or past (0 hours left is past)."""
    left = limit.bound - now
    if left <= timedelta():
        return None
    reached = [h for h in hours if limit.instant - now <= timedelta(hours=h)]
    return min(reached) if reached else None


# --- what keeps a case from going on ---------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Addressee:
    """A party as service sees it. served_at None: the paper that opens its clock has not reached it."""

    key: int
    name: str
    served_at: datetime | None = None
    attempts: int = 0
    waived: str = ""


UNSERVED = _("%(party)s n’a pas reçu « %(paper)s » : aucune tentative.")
TRIED = _("%(party)s n’a pas reçu « %(paper)s » : %(n)d {n:tentative|tentatives} sans preuve de remise.")


def blockers(paper: str, parties: Iterable[Addressee]) -> list[Message]:
    """Who has not been served, in words; empty: everybody has it, or waived it by an act."""
    return [
        Message(TRIED if p.attempts else UNSERVED, {"party": p.name, "paper": paper, "n": p.attempts})
        for p in parties
        if p.served_at is None and not p.waived
    ]
