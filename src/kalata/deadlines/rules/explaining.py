"""The whole trace of a line: how it was counted, its text, how far seen, other readings, derogation."""

from __future__ import annotations

from collections.abc import Mapping

from kalata.text import Message
from kalata.text import gettext_noop as _

from .cases import confidence_step
from .lawbook import Lawbook
from .lines import Line, State
from .norms import EventRef, Norm, Other
from .steps import Step
from .wording import event_name


def explain(line: Line, book: Lawbook) -> list[Step]:
    """The whole trace of a line: how it was counted, its basis, how far seen, other readings, derogation."""
    steps: list[Step] = []
    norm = line.norm
    if line.readings:
        own = line.readings[0]
        steps += own.early.steps
        if not own.sure and own.early.steps != own.late.steps:
            steps.append(
                Step(
                    "RANGE",
                    Message(
                        _("L’événement n’est pas fixé : échéance entre le %(a)s et le %(b)s."),
                        {"a": own.earliest.sentence(), "b": own.latest.sentence()},
                    ),
                )
            )
    elif line.state is State.WAITING and isinstance(norm.event, EventRef):
        steps.append(
            Step(
                "WAITING",
                Message(
                    _("En attente de la date de : %(event)s."),
                    {"event": event_name(norm.event, book.events, line.round)},
                ),
            )
        )
    steps.append(basis(norm, book))
    steps.append(checked_step(norm) if norm.checked_by else confidence_step(norm.confidence))
    for other in line.alternatives:
        steps.append(
            Step(
                "OTHER_READING",
                Message(
                    _("Autre lecture possible (%(rule)s) : %(limit)s."),
                    {"rule": other.why, "limit": other.earliest.sentence()},
                ),
                {"deadline": other.earliest.iso()},
            )
        )
    steps += [awaited_step(other, line, book) for other in line.awaited]
    if line.derogation:
        steps.append(Step("OVERRIDE", line.derogation.sentence(line.computed)))
    if norm.consequence:
        steps.append(Step("CONSEQUENCE", Message(CONSEQUENCES.get(norm.consequence, norm.consequence))))
    return steps


def awaited_step(other: Other, line: Line, book: Lawbook) -> Step:
    """A reading that counts from an event whose date nobody has given: named, with what it waits for."""
    assert other.event is not None
    said = _("Autre lecture possible (%(rule)s) : en attente de la date de : %(event)s.")
    values = {"rule": other.why, "event": event_name(other.event, book.events, line.round)}
    return Step("OTHER_READING", Message(said, values), {"awaits": other.event.type})


def checked_step(norm: Norm) -> Step:
    return Step("CONFIDENCE", Message(_("Vérifié au Journal officiel (%(by)s)."), {"by": norm.checked_by}))


CONSEQUENCES: Mapping[str, str] = {
    "time_barred": _("Passé ce délai, la requête est irrecevable (forclusion)."),
    "inadmissible": _("Passé ce délai, le dossier est irrecevable."),
    "breach": _(
        "Le dépassement est une violation du texte, à constater ; les délais suivants courent de la date réelle."
    ),
}


def basis(norm: Norm, book: Lawbook) -> Step:
    first, last = norm.valid
    values: dict[str, object] = {"text": book.text_name(norm.law), "first": first, "last": last}
    article: object = norm.article_said or Message(_("article non trouvé"))
    values["article"] = article
    if first and last:
        said = _("Fondement : %(text)s, %(article)s, version en vigueur du %(first)s au %(last)s.")
    elif first:
        said = _("Fondement : %(text)s, %(article)s, version en vigueur depuis le %(first)s.")
    else:
        said = _("Fondement : %(text)s, %(article)s, date d’entrée en vigueur inconnue.")
    return Step("BASIS", Message(said, values), {"norm": norm.id, "law": norm.law, "article": norm.article})
