"""A member challenged, or who steps aside: demanded, answered, decided by the others. Whether the law has it is the pack's.

Where the law has no recusal (Mali, 2018-03/CC-EP), a demand is recorded, answered and declared inadmissible; it is
never granted. A member who steps aside is his own answer. Nobody decides on his own recusal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from kalata.disputes.rules.bench import NotAllowed
from kalata.lifecycle import REASON, Need, OtherPerson, Stand, Table, declare, need, step
from kalata.text import gettext_noop as _

BENCH = "disputes.bench"


class State(StrEnum):
    DEMANDED = "demanded"
    ANSWERED = "answered"
    GRANTED = "granted"
    REJECTED = "rejected"
    INADMISSIBLE = "inadmissible"


LABELS: Mapping[State, str] = {
    State.DEMANDED: _("demandée"),
    State.ANSWERED: _("répondue"),
    State.GRANTED: _("admise"),
    State.REJECTED: _("rejetée"),
    State.INADMISSIBLE: _("irrecevable"),
}
OPEN = (State.DEMANDED, State.ANSWERED)
"""Until it is decided the member does not report the case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge(Stand[State]):
    """A recusal as the table sees it. allowed: the law has it; aside: the member himself asks."""

    allowed: bool = False
    aside: bool = False
    article: str = "–"


RECUSING, ASIDE = _("la récusation d’un membre"), _("le déport d’un membre")
ALLOWED: Need = need(
    "allowed", _("un texte qui la prévoit"), lambda one, act: one.allowed,
    lambda one, act: NotAllowed(what=ASIDE if one.aside else RECUSING, article=one.article),
)  # fmt: skip
OTHERS: Need = need(
    "others", _("un autre membre que celui qui est visé"), lambda one, act: act.by != one.hands.get("member"),
    lambda one, act: OtherPerson(need=_("un autre membre que celui qui est visé")),
)  # fmt: skip
OWN: Need = need(
    "own", _("le membre visé"), lambda one, act: act.by == one.hands.get("member"),
    lambda one, act: OtherPerson(need=_("le membre visé")),
)  # fmt: skip

S = State
RECUSAL = declare(Table(
    name="recusal", title=_("La vie d’une récusation ou d’un déport"), row="disputes.Recusal",
    states=State, labels=LABELS, starts=(S.DEMANDED, S.ANSWERED), ends=frozenset({S.GRANTED, S.REJECTED, S.INADMISSIBLE}),
    steps=(
        step(S.DEMANDED, S.ANSWERED, BENCH, OWN, REASON),
        step(S.DEMANDED, S.INADMISSIBLE, BENCH, OTHERS, REASON),
        step(S.ANSWERED, S.GRANTED, BENCH, OTHERS, ALLOWED, REASON),
        step(S.ANSWERED, S.REJECTED, BENCH, OTHERS, REASON),
        step(S.ANSWERED, S.INADMISSIBLE, BENCH, OTHERS, REASON),
    ),
    needs=(OWN, OTHERS, ALLOWED, REASON),
    notes=(_("Le pack dit si le texte prévoit la récusation et le déport, avec l’article. Un déport naît répondu."),),
))  # fmt: skip
