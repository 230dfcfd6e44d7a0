"""The two lives of an agent's copy: what comparing it says, computed again whenever a report changes; what the original shows, said once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from kalata.lifecycle import Act, Hand, Need, Table, declare, need, step
from kalata.people.rules.shown import PageMoved
from kalata.refusals import Refused
from kalata.text import gettext_noop as _


class BadCopy(Refused):
    code = "RES-470"
    says = _("Copie, ligne %(row)d, champ « %(field)s » : %(why)s.")
    remedy = _("Corrigez ce champ et recommencez. Rien n’a été enregistré.")
    status = 422


class Answered(Refused):
    code = "RES-471"
    says = _("Cette copie a déjà reçu une réponse : %(answer)s.")
    remedy = _("Une réponse ne se remplace pas ; déposez une nouvelle copie si besoin.")


class Said(StrEnum):
    """What a copy says beside the report that counts."""

    WAITING = "waiting"
    IDENTICAL = "identical"
    DIFFERS = "differs"
    ILLEGIBLE = "illegible"
    DUPLICATE = "duplicate"


class Answer(StrEnum):
    """What the original showed, once looked at."""

    NONE = ""
    PAPER_RIGHT = "paper_right"
    COPY_RIGHT = "copy_right"
    UNCLEAR = "unclear"


SAID: Mapping[str, str] = {
    Said.WAITING: _("procès-verbal pas encore compté"),
    Said.IDENTICAL: _("identique"),
    Said.DIFFERS: _("diffère"),
    Said.ILLEGIBLE: _("illisible"),
    Said.DUPLICATE: _("déjà donnée"),
}
ANSWERS: Mapping[str, str] = {
    Answer.PAPER_RIGHT: _("l’original confirme le procès-verbal compté"),
    Answer.COPY_RIGHT: _("l’original confirme la copie"),
    Answer.UNCLEAR: _("l’original ne permet pas de trancher"),
}
COMPARED = (Said.WAITING, Said.IDENTICAL, Said.DIFFERS)
"""Compared again as long as nobody has answered; an illegible copy and one given twice are kept as they are."""

COPY = declare(Table(
    name="copy", title=_("Ce que dit la copie d’un délégué"), row="tally.Copy", field="status",
    states=Said, labels={s: SAID[s] for s in Said}, starts=(Said.WAITING, Said.ILLEGIBLE, Said.DUPLICATE), ends=frozenset(Said),
    steps=tuple(step(a, b, hand=Hand.DERIVED) for a in COMPARED for b in COMPARED if a is not b),
    notes=(_("Une copie n’est jamais comptée. Elle est comparée de nouveau quand le procès-verbal qui compte change, tant qu’elle n’a pas de réponse."),),
))  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Given(Act):
    note: str = ""


SHOWN: Need = need(
    "shown", _("ce que l’original montre"), lambda copy, act: bool(act.note.strip()),
    lambda copy, act: BadCopy(row=1, field="note", why=_("ce que l’original montre")),
)  # fmt: skip
COPY_ANSWER = declare(Table(
    name="copy_answer", title=_("La réponse à une copie"), row="tally.Copy", field="answer",
    states=Answer, labels={Answer.NONE: _("sans réponse"), **{a: ANSWERS[a] for a in Answer if a}}, starts=(Answer.NONE,), ends=frozenset(Answer),
    steps=tuple(step(Answer.NONE, to, "results.review", SHOWN) for to in Answer if to),
    needs=(SHOWN,),
    illegal=lambda table, copy, to: Answered(answer=table.labels[copy.state]),
    stale=lambda table, copy, to: PageMoved(what=_("la copie, le procès-verbal ou ce qui les sépare")),
))  # fmt: skip
