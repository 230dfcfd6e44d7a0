"""The acts that a person may take on a case, as buttons: the next one first; each opens one panel of its page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from kalata.disputes.rules.steps import BODY, CASE, PRESIDE, RAPPORTEUR, REGISTRY, State
from kalata.lifecycle import DOCUMENT, REASON
from kalata.refusals import Refused
from kalata.text import gettext_noop as _

WORDS = {REGISTRY: "step", RAPPORTEUR: "report", PRESIDE: "preside"}
"""The panel of a step, by the right that takes it."""
S = State
ELSEWHERE = frozenset(
    {S.TO_CURE, S.JOINED, S.SEVERED, S.GATE, S.SIGNED, S.PRONOUNCED, S.NOTIFIED, S.PUBLISHED, S.APPLIED}
)
"""Steps taken on another page: by the notice to cure, from the docket, or on the page of the decision."""
SIDE = frozenset({S.TO_CURE, S.INADMISSIBLE, S.NO_JURISDICTION, S.STAYED, S.WITHDRAWN, S.CORRECTION})
"""Steps that leave the common way."""
VERBS = {
    S.DOCKETED: _("Enrôler"), S.TO_CURE: _("Inviter à régulariser"), S.ADMISSIBILITY: _("Mettre en recevabilité"),
    S.INADMISSIBLE: _("Proposer l’irrecevabilité"), S.SERVED: _("Communiquer aux parties"),
    S.NO_JURISDICTION: _("Proposer l’incompétence"), S.INSTRUCTION: _("Ouvrir l’instruction"),
    S.READY: _("Mettre en état"), S.HEARING: _("Porter à l’audience"), S.DELIBERATION: _("Mettre en délibéré"),
    S.DRAFTED: _("Arrêter le projet"), S.CLOSED: _("Classer"), S.CORRECTION: _("Ouvrir une rectification matérielle"),
    S.STAYED: _("Surseoir à statuer"), S.WITHDRAWN: _("Donner acte du désistement"),
}  # fmt: skip
AGAIN = {
    S.ADMISSIBILITY: _("Reprendre : en recevabilité"), S.SERVED: _("Reprendre : communiquée"),
    S.INSTRUCTION: _("Reprendre : en instruction"), S.READY: _("Reprendre : en état"), S.HEARING: _("Reprendre : à l’audience"),
}  # fmt: skip
BACK = {S.SERVED: _("Ne pas suivre ce projet : communiquer"), S.ADMISSIBILITY: _("Poursuivre : en recevabilité")}
"""From a draft of refusal, or from a cure."""
ICONS = {S.STAYED: "pause", S.WITHDRAWN: "back", S.TO_CURE: "warn", S.DOCKETED: "list", S.DELIBERATION: "people"}
LINE = (
    (_("Reçue"), (S.RECEIVED,)), (_("Enrôlée"), (S.DOCKETED, S.TO_CURE, S.SEVERED)),
    (_("Recevabilité"), (S.ADMISSIBILITY, S.INADMISSIBLE, S.NO_JURISDICTION)), (_("Communiquée"), (S.SERVED,)),
    (_("Instruction"), (S.INSTRUCTION,)), (_("En état"), (S.READY, S.HEARING)),
    (_("Délibéré"), (S.DELIBERATION, S.DRAFTED, S.WITHDRAWN)), (_("Contrôle"), (S.GATE,)),
    (_("Décision"), (S.SIGNED, S.PRONOUNCED)), (_("Notifiée"), (S.NOTIFIED, S.PUBLISHED, S.APPLIED)),
    (_("Classée"), (S.CLOSED, S.CORRECTION)),
)  # fmt: skip
"""The common way, in the words of a line on the page."""


@dataclass(frozen=True, slots=True)
class Stage:
    label: str
    place: str  # done, now, or ""


def line(state: State, away_from: State | None = None) -> list[Stage]:
    """The line of stages. away_from: where a stayed or joined case stood, which keeps its place in it."""
    at = next((i for i, (_l, held) in enumerate(LINE) if (away_from or state) in held), 0)
    return [
        Stage(label, "done" if i < at else "now" if i == at else "") for i, (label, _held) in enumerate(LINE)
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Offer:
    """One act. word: its panel; to: the state it leads to; stops: what forbids it now; needs: boxes that must be filled."""

    word: str
    label: str
    icon: str = "pen"
    to: str = ""
    stops: Refused | None = None
    needs: frozenset[str] = frozenset()

    @property
    def address(self) -> str:
        asked = {"acte": self.word} | ({"vers": self.to} if self.to else {})
        return f"?{urlencode(asked)}#acte"


@dataclass(frozen=True, slots=True)
class Offers:
    """next: the act that comes now, if it is this person's; others: the rest, each behind its button; stopped: steps that
    the table refuses now, with the reason."""

    next: Offer | None
    others: tuple[Offer, ...]
    stopped: tuple[Offer, ...]

    def one(self, word: str, to: str) -> Offer | None:
        """The act that an address asks for, where it is offered."""
        every = [*([self.next] if self.next else []), *self.others]
        return next((o for o in every if o.word == word and (not to or o.to == to)), None)


FIRST = {
    S.GATE: _("Porter au contrôle"), S.DRAFTED: _("Arrêter le texte"), S.PRONOUNCED: _("Prononcer"), S.NOTIFIED: _("Notifier à chaque partie"),
    S.PUBLISHED: _("Afficher la décision"), S.APPLIED: _("Constater l’exécution"),
}  # fmt: skip
"""Steps that a case of first instance takes on its own page."""


def steps(
    state: State, found: Iterable[tuple[State, str, str, Refused | None]], *, first: frozenset[State] | None = None
) -> list[Offer]:  # fmt: skip
    """Steps as buttons, from (state, its label, the right that takes it, what stops it). first: of a case of first instance,
    the steps that its page does not take."""
    elsewhere = ELSEWHERE if first is None else first
    out = []
    for to, label, right, stops in found:
        if right in WORDS and to not in elsewhere and (first is not None or state is not S.GATE):
            needs = CASE.moves[(state, to)].needs
            boxes = {"why": REASON in needs, "document": DOCUMENT in needs, "body": BODY in needs}
            again = (
                AGAIN if state is S.STAYED else BACK if state in (S.INADMISSIBLE, S.NO_JURISDICTION, S.TO_CURE) else {}
            )
            words = again.get(to) or ({**VERBS, **FIRST} if first is not None else VERBS).get(to, label)
            words = _("Renvoyer au texte") if state is S.GATE else words
            out.append(Offer(
                WORDS[right], words, ICONS.get(to, "go"), to.value, stops, frozenset(k for k, v in boxes.items() if v),
            ))  # fmt: skip
    return out


def offered(taken: list[Offer], papers: list[Offer], urgent: str = "") -> Offers:
    """The buttons of a page. papers: acts that are not steps; urgent: the one of them that comes before any step."""
    free = [o for o in taken if o.stops is None]
    first = next((o for o in papers if o.word == urgent), None) if urgent else None
    first = first or next((o for o in free if State(o.to) not in SIDE), None)
    main = [o for o in free if o is not first]
    rest = (*(o for o in main if State(o.to) not in SIDE), *(o for o in papers if o is not first), *(o for o in main if State(o.to) in SIDE))  # fmt: skip
    return Offers(first, rest, tuple(o for o in taken if o.stops is not None))
