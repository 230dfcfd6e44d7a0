"""What everybody reads of the Court, as plain values: a case, its stage in plain words, a decision, a hearing.

The stage is coarser than the state: nothing tells of a deliberation but that it is under way, and no draft shows, not
even by its date. A draft of refusal is an examination; a decision that is signed and not read out is a deliberation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kalata.text import Message, Named
from kalata.text import gettext_noop as _

from .rulings import State as Decision
from .steps import State

NAMED = ("candidate", "party", "list", "authority", "state_representative")
"""Parties whom a public paper names; an elector or a witness is not named."""


DECIDED = (Decision.PUBLISHED, Decision.APPLIED)
"""A decision is public from its publication on."""


class Stage(StrEnum):
    """Where a case stands, for everybody."""

    RECEIVED = "received"
    DOCKETED = "docketed"
    EXAMINED = "examined"
    SERVED = "served"
    INSTRUCTION = "instruction"
    READY = "ready"
    HEARING = "hearing"
    DELIBERATION = "deliberation"
    DECIDED = "decided"
    PUBLISHED = "published"
    CLOSED = "closed"
    JOINED = "joined"
    SEVERED = "severed"
    WITHDRAWN = "withdrawn"
    STAYED = "stayed"


STAGES: Mapping[State, Stage] = {
    State.RECEIVED: Stage.RECEIVED, State.DOCKETED: Stage.DOCKETED, State.TO_CURE: Stage.EXAMINED,
    State.ADMISSIBILITY: Stage.EXAMINED, State.INADMISSIBLE: Stage.EXAMINED, State.NO_JURISDICTION: Stage.EXAMINED,
    State.SERVED: Stage.SERVED, State.INSTRUCTION: Stage.INSTRUCTION, State.READY: Stage.READY, State.HEARING: Stage.HEARING,
    State.DELIBERATION: Stage.DELIBERATION, State.DRAFTED: Stage.DELIBERATION, State.GATE: Stage.DELIBERATION,
    State.SIGNED: Stage.DELIBERATION, State.PRONOUNCED: Stage.DECIDED, State.NOTIFIED: Stage.DECIDED,
    State.PUBLISHED: Stage.PUBLISHED, State.APPLIED: Stage.PUBLISHED, State.CLOSED: Stage.CLOSED,
    State.CORRECTION: Stage.PUBLISHED, State.JOINED: Stage.JOINED, State.SEVERED: Stage.SEVERED,
    State.WITHDRAWN: Stage.WITHDRAWN, State.STAYED: Stage.STAYED,
}  # fmt: skip
LABELS: Mapping[Stage, str] = {
    Stage.RECEIVED: _("reçue"), Stage.DOCKETED: _("inscrite au rôle"), Stage.EXAMINED: _("examen de la recevabilité"),
    Stage.SERVED: _("communiquée aux parties"), Stage.INSTRUCTION: _("en instruction"), Stage.READY: _("prête à être jugée"),
    Stage.HEARING: _("à l’audience"), Stage.DELIBERATION: _("en délibéré"), Stage.DECIDED: _("jugée, texte à paraître"),
    Stage.PUBLISHED: _("décision publiée"), Stage.CLOSED: _("terminée"), Stage.JOINED: _("jointe à une autre"),
    Stage.SEVERED: _("séparée"), Stage.WITHDRAWN: _("désistement"), Stage.STAYED: _("suspendue"),
}  # fmt: skip
SAYS: Mapping[Stage, str] = {
    Stage.RECEIVED: _("La Cour a reçu la requête et lui a donné son numéro."),
    Stage.DOCKETED: _("Le greffe l’a inscrite au rôle."),
    Stage.EXAMINED: _("La Cour vérifie que la requête remplit les conditions pour être jugée."),
    Stage.SERVED: _("La requête est envoyée à chaque partie, qui peut répondre."),
    Stage.INSTRUCTION: _("Un juge rapporteur instruit l’affaire."),
    Stage.READY: _("L’instruction est finie ; l’audience ou le délibéré suit."),
    Stage.HEARING: _("L’affaire vient à une audience."),
    Stage.DELIBERATION: _("Les juges délibèrent en secret ; rien n’en est public."),
    Stage.DECIDED: _("La décision est lue en audience publique ; son texte n’est pas encore publié."),
    Stage.PUBLISHED: _("Le texte de la décision est publié."),
    Stage.CLOSED: _("La décision est publiée et notifiée ; l’affaire est terminée."),
    Stage.JOINED: _("Elle est jugée avec une autre, et garde son numéro et son issue."),
    Stage.SEVERED: _("Elle ne suit plus l’affaire à laquelle elle était jointe."),
    Stage.WITHDRAWN: _("Le requérant retire sa requête ; la Cour en donnera acte."),
    Stage.STAYED: _("La Cour attend un autre acte avant de juger."),
}  # fmt: skip
OUTCOMES: Mapping[str, str] = {
    "granted": _("accueillie"), "partly": _("accueillie en partie"), "rejected": _("rejetée"), "unfounded": _("rejetée comme mal fondée"),
    "no_effect": _("rejetée, sans effet sur l’issue"), "inadmissible": _("irrecevable"), "withdrawn": _("désistement, il en est donné acte"),
    "no_jurisdiction": _("la Cour n’est pas compétente"), "duplicate": _("rayée, double d’une autre"),
}  # fmt: skip
OTHER_OUTCOME = _("voir la décision")
ABOUT: Mapping[str, str] = {
    "operations": _("opérations de vote"), "results": _("résultats provisoires"), "candidacy": _("liste des candidats"),
    "convening": _("décret de convocation"), "register": _("liste électorale"), "campaign": _("campagne"),
}  # fmt: skip
OTHER_ABOUT = _("autre acte")
FOLLOWS = frozenset({State.GATE, State.SIGNED})
"""Where a joined case goes with its lead: it is still told as joined, or the date of a draft would show."""


def stage_of(state: str, *, joined: bool = False) -> Stage:
    """The stage of a state; joined: the case follows another."""
    found = State(state)
    return Stage.JOINED if joined and found in FOLLOWS else STAGES[found]


@dataclass(frozen=True, slots=True)
class Moment:
    """A thing that happened, or is awaited (next), with its day."""

    at: datetime
    what: str | Message
    detail: str | Message = ""
    next: bool = False


def life(received: datetime, steps: Iterable[tuple[str, datetime]]) -> list[Moment]:
    """The stages that a case went through, each where it begins. steps: (state, when), in order."""
    last, joined = Stage.RECEIVED, False
    out = [Moment(received, LABELS[Stage.RECEIVED])]
    for state, at in steps:
        joined = state == State.JOINED or (joined and State(state) in FOLLOWS)
        now = stage_of(state, joined=joined)
        if now is not last:
            out.append(Moment(at, LABELS[now]))
        last = now
    return out


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit that runs: of what, the first instant that is too late, and each reading (rule, its end, is it the one kept)."""

    kind: str
    bound: datetime
    readings: tuple[tuple[Named, str, bool], ...] = ()
    article: str = ""


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case on the public docket. since: when its stage began. petitioners, respondents: those whom a public paper names; unnamed: how many are not."""

    number: str
    roll: int | None
    contest: str
    contest_name: Named
    about: str
    place: str
    petitioners: tuple[str, ...]
    respondents: tuple[str, ...]
    unnamed: int
    grounds: tuple[str, ...]
    stations: int
    received: datetime
    stage: Stage
    since: datetime
    lead: str = ""
    limit: Limit | None = None
    outcome: str = ""
    decision: str = ""
    search: str = ""

    @property
    def about_label(self) -> str:
        return ABOUT.get(self.about, OTHER_ABOUT)

    @property
    def outcome_label(self) -> str:
        return OUTCOMES.get(self.outcome, OTHER_OUTCOME) if self.outcome else ""

    @property
    def title(self) -> str:
        """« A c/ B », with those whom a public paper names."""
        return " c/ ".join(", ".join(side) for side in (self.petitioners, self.respondents) if side)


def slug(number: str) -> str:
    """The number of a decision as an address bears it: 2027-44/CC-EL -> 2027-44-CC-EL."""
    return number.replace("/", "-")


# --- one case ----------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Place:
    """A station that a case or a decision names: its number in the house, its code, its name and where it lies."""

    pk: int
    code: str
    name: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True)
class Plea:
    """A ground in general terms: never the words of the petitioner. lost: words that no station answers to, how many."""

    key: str
    code: str
    article: str
    stations: tuple[Place, ...]
    lost: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece that everybody may know of, by its title."""

    number: int
    name: str
    kind: str
    sha256: str
    received: datetime


@dataclass(frozen=True, slots=True)
class Served:
    """A paper of the procedure by its kind, and whom it reached. to: the name of a party that is named, else its role."""

    paper: str
    filed: datetime
    to: tuple[tuple[str, str, datetime | None], ...]


@dataclass(frozen=True, slots=True)
class Session:
    """A hearing whose cause list is out."""

    key: int
    contest: str
    contest_name: Named
    starts: datetime
    place: str
    closed: str
    interpreters: str
    access: str
    held: bool
    cases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaseFile:
    """One case as everybody reads it. withheld: what is not shown, how many, and why."""

    row: CaseRow
    life: tuple[Moment, ...]
    grounds: tuple[Plea, ...]
    filing: tuple[tuple[Named, str, str], ...]
    papers: tuple[Served, ...]
    pieces: tuple[Piece, ...]
    withheld: tuple[tuple[int, str], ...]
    sessions: tuple[Session, ...]
    joined: tuple[str, ...]
    archive: str = ""


WITHHELD: Mapping[str, str] = {
    "parties": _("pièces réservées aux parties : ni leur titre ni leur contenu"),
    "bench": _("pièces réservées à la formation de jugement"),
    "sealed": _("pièces sous scellé : elles se cachent elles seules, l’affaire reste publique"),
    "persons": _("personnes qui ne sont pas nommées : un électeur ou un témoin ne l’est jamais ici"),
    "deliberation": _("le délibéré, secret : ni son objet ni ses votes"),
}
"""Why something of a case is not on its public page."""


# --- one decision --------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A published decision in the list."""

    number: str
    ecli: str
    contest: str
    contest_name: Named
    signed: datetime
    words: str
    cases: tuple[str, ...]
    outcomes: tuple[str, ...]
    annulled: int
    rectified: int
    applied: datetime | None
    pdf: str
    xml: str
    search: str = ""

    @property
    def slug(self) -> str:
        return slug(self.number)

    @property
    def outcome_labels(self) -> list[str]:
        return [OUTCOMES.get(one, OTHER_OUTCOME) for one in dict.fromkeys(self.outcomes)]


@dataclass(frozen=True, slots=True)
class Annex:
    """An annex as it was signed: its act, its heads and rows of text, and the hash of its rows (JCS, SHA-256)."""

    name: str
    title: str
    act: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str | Place, ...], ...]
    count: int
    sha256: str

    @property
    def file(self) -> str:
        return f"annexe-{self.name}.csv"


@dataclass(frozen=True, slots=True)
class Judged:
    """What a decision makes of one case."""

    case: str
    outcome: str

    @property
    def outcome_label(self) -> str:
        return OUTCOMES.get(self.outcome, OTHER_OUTCOME)


@dataclass(frozen=True, slots=True)
class DecisionFile:
    """A published decision by its public text. derived: who is elected or qualified, told from its figures.

    effect: (name, votes before, after) where it was carried out. redacted: passages taken out of the text. summaries:
    (language, paragraphs). versions: (number, when, why) of each public text, the last first. logged: its entry in the
    public log, None where it has none yet.
    """

    row: DecisionRow
    parts: Mapping[str, tuple[str, ...]]
    derived: tuple[Message, ...]
    judged: tuple[Judged, ...]
    annexes: tuple[Annex, ...]
    digest: str
    public_digest: str
    effect: tuple[tuple[str, int, int], ...]
    redacted: int
    versions: tuple[tuple[int, datetime | None, str | Message], ...]
    summaries: tuple[tuple[str, tuple[str, ...]], ...] = ()
    logged: int | None = None
