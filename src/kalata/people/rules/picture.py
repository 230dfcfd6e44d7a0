"""What a person who approves has before the eyes: the exact difference, its effect, and what will happen.

`facts` is the difference itself, element by element. Its SHA-256 is what the request is bound to: where one
fact has moved since, the approval is refused (PEO-205). What depends on other acts (totals, ranks, shares) is
the `effect`: it is hashed with the facts in `seen`, so that nobody signs an effect he has not read (PEO-206).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from kalata.text import Message, Named
from kalata.text import gettext_noop as _

Value = str | int | bool | None
Text = Message | Named | str


@dataclass(frozen=True, slots=True)
class Line:
    """One figure or word that changes. None: not there, on that side."""

    label: Text
    before: Text | int | None
    after: Text | int | None

    @property
    def words(self) -> bool:
        """True where a side is words: they wrap, figures do not."""
        return any(not isinstance(side, int | None) for side in (self.before, self.after))

    @property
    def gap(self) -> int | None:
        both = isinstance(self.before, int) and isinstance(self.after, int)
        return self.after - self.before if both else None  # type: ignore[operator]


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that changes (a station, a mandate, an option): its changed lines, and how many stay the same."""

    title: Text
    code: str = ""
    lines: tuple[Line, ...] = ()
    same: int = 0
    note: Text = ""
    images: tuple[tuple[Text, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One option in the totals that everybody may read, before and after. rank 0: no rank."""

    label: str
    before: int
    after: int
    share_before: Fraction | None = None
    share_after: Fraction | None = None
    rank_before: int = 0
    rank_after: int = 0
    emblem: str = ""

    @property
    def gap(self) -> int:
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Effect:
    """What the totals become. calm: the order of the options and the outcome stay as they are.

    inside: drawn on figures that are not public; only who reads them, or decides, is shown it.
    """

    says: Text
    calm: bool
    rows: tuple[Row, ...]
    total: Row
    notes: tuple[Text, ...] = ()
    inside: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """A document on which the request rests. intact: its hash is the one that was kept (None: not checked)."""

    label: Text
    note: Text = ""
    url: str = ""
    intact: bool | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    says: Text
    facts: Mapping[str, Value]
    items: tuple[Item, ...] = ()
    count: int = 0
    """How many things change in all; `items` holds one page of them."""
    effect: Effect | None = None
    pieces: tuple[Piece, ...] = ()
    then: tuple[Text, ...] = field(default=())
    """What happens if it is approved, in order."""

    def digest(self) -> str:
        """SHA-256 (hex) of the exact difference."""
        return digest(self.facts)

    def seen(self) -> str:
        """SHA-256 (hex) of the difference and of the effect as shown."""
        rows = [] if self.effect is None else [*self.effect.rows, self.effect.total]
        shown = {f"row {i}": f"{r.label}|{r.before}|{r.after}" for i, r in enumerate(rows)}
        calm = self.effect.calm if self.effect else None
        return digest({"difference": self.digest(), "calm": calm, **shown})


def digest(facts: Mapping[str, Value]) -> str:
    """SHA-256 (hex) of the canonical JSON: sorted keys, no spaces, UTF-8.

    >>> digest({"b": 1, "a": None}) == digest({"a": None, "b": 1})
    True
    """
    text = json.dumps(dict(facts), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


ELEMENTS: Mapping[str, str] = {
    "station": _("Bureau"),
    "paper": _("Procès-verbal"),
    "rows": _("Lignes qui changent"),
    "difference": _("Différence demandée"),
    "file": _("Fichier"),
    "meaning": _("Candidatures, cases, règles et circonscriptions"),
    "figures": _("Chiffres du scrutin"),
    "counted": _("Bureaux comptés"),
    "public": _("Publication"),
    "contest": _("Scrutin"),
    "to": _("État demandé"),
    "document": _("Document"),
    "person": _("Personne"),
    "mandates": _("Mandats en cours"),
    "active": _("Compte ouvert"),
    "factors": _("Seconds facteurs retirés"),
    "factor": _("Second facteur"),
    "role": _("Rôle"),
    "unit": _("Territoire"),
    "norm": _("Norme"),
    "calendar": _("Calendrier"),
    "override": _("Dérogation"),
    "stage": _("Nature"),
    "outcome": _("Issue"),
}
"""How the elements of a difference are called, by the word before ":" in their key."""


STANDINGS: Mapping[str, str] = {"counted": _("compté"), "annulled": _("annulé"), "missing": _("manquant")}


def in_words(value: Value) -> Text | Value:
    """ "v2 counted" as a sentence; anything else as it is."""
    head, _sep, tail = value.partition(" ") if isinstance(value, str) else ("", "", "")
    if tail in STANDINGS and head[:1] == "v" and head[1:].isdigit():
        return Message(_("version %(n)d, %(standing)s"), {"n": int(head[1:]), "standing": Message(STANDINGS[tail])})
    return value


@dataclass(frozen=True, slots=True)
class Moved:
    """One element of the difference, as it was asked and as it is now."""

    element: str
    then: Value
    now: Value

    @property
    def was(self) -> Text | Value:
        return in_words(self.then)

    @property
    def becomes(self) -> Text | Value:
        return in_words(self.now)

    @property
    def kind(self) -> str:
        head = self.element.partition(":")[0]
        return ELEMENTS.get(head, head)

    @property
    def which(self) -> str:
        return self.element.partition(":")[2]

    @property
    def same(self) -> bool:
        return self.then == self.now


def moved(asked: Mapping[str, Value], now: Mapping[str, Value]) -> list[Moved]:
    """Every element of a request, what changed first. An element that is gone reads None."""
    rows = [Moved(key, asked.get(key), now.get(key)) for key in dict.fromkeys([*asked, *now])]
    return sorted(rows, key=lambda row: row.same)
