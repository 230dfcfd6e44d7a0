"""Norms as values: what the law asks, counted from which event, under which text, how far seen.

A norm is read from a record of the pack's `deadlines`. Its length and its counting rule become a
`Counting`; its event an `EventRef`; the text it stands in gives its rank and its validity. Records
that cannot be read are refused with the record and the field.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kalata.refusals import Refused
from kalata.text import Named
from kalata.text import gettext_noop as _

from .definition import BadDefinition, counting_from, word
from .offices import Office, office_from
from .steps import Counting

Record = Mapping[str, object]


class UnknownEvent(Refused):
    code = "DL-102"
    says = _("%(record)s, champ « %(field)s » : l’événement « %(value)s » n’est pas connu du pack.")
    remedy = _("Ajoutez-le à event_types.yaml, ou corrigez son nom. Événements connus : %(known)s.")
    status = 422


class Circular(Refused):
    code = "DL-103"
    says = _("%(record)s, champ « %(field)s » : règle circulaire, %(chain)s.")
    remedy = _("Une règle ne peut pas dépendre, même de loin, de la date qu’elle fixe. Coupez cette chaîne.")
    status = 422


class NoNorm(Refused):
    code = "DL-118"
    says = _("Le pack n’a pas de délai « %(record)s ».")
    remedy = _("Délais aux noms voisins : %(known)s.")
    status = 422


class OutsideVersion(Refused):
    code = "DL-104"
    says = _("%(record)s, champ « %(field)s » : le %(day)s est hors de la version en vigueur (%(span)s).")
    remedy = _("Choisissez la version du texte en vigueur à cette date : %(others)s.")
    status = 422


class NoSource(Refused):
    code = "DL-106"
    says = _("%(record)s, champ « %(field)s » : une règle sans source n’entre pas dans un calendrier.")
    remedy = _("Ajoutez la source et le degré de confiance.")
    status = 422


class Op(StrEnum):
    LATEST = "latest"
    AT_LEAST = "at_least"
    EXACT = "exact"
    OBSERVED = "observed"
    RENEWABLE = "renewable"
    UNKNOWN = "unknown"
    ADVISED = "advised"


RANKS: Mapping[str, int] = {
    "treaty": 6,
    "constitution": 6,
    "constitutional act": 6,
    "organic law": 5,
    "law": 4,
    "code": 4,
    "court rules": 3,
    "decree": 2,
    "order": 2,
    "decision": 1,
}
"""Treaty and Constitution > organic law > law > court rules > decree > decision of the body."""
RANK_LABELS: Mapping[int, str] = {
    6: _("Constitution ou traité"),
    5: _("loi organique"),
    4: _("loi"),
    3: _("règlement de la juridiction"),
    2: _("décret ou arrêté"),
    1: _("décision de l’organe"),
    0: _("rang inconnu"),
}
EACH, LAST = "each", "last"


@dataclass(frozen=True, slots=True)
class EventType:
    """What may happen. repeats: once per `round`, once per contest, or at every `act`."""

    id: str
    name: Named
    instant: bool = False
    repeats: str = "contest"
    of: str = ""
    round: str = ""
    derived: str = ""  # year_of_vote | year_before_vote
    follows: tuple[str, ...] = ()  # events of the same round that must come before
    follows_round: tuple[str, ...] = ()  # events of the round before


@dataclass(frozen=True, slots=True)
class EventRef:
    """An event as a norm names it. round: a number, "each", "last", or "" where rounds do not matter."""

    type: str
    round: str = ""

    def rounds(self, total: int) -> tuple[int, ...]:
        if self.round == EACH:
            return tuple(range(1, total + 1))
        if self.round == LAST:
            return (total,)
        if self.round:
            return (int(self.round),) if int(self.round) <= total else ()
        return (0,)


@dataclass(frozen=True, slots=True)
class Other:
    """Another reading that somebody holds: its counting, perhaps another event, and why."""

    counting: Counting
    event: EventRef | None
    why: Named
    confidence: str = ""


@dataclass(frozen=True, slots=True)
class Norm:
    """One time limit of the law. counting None: no legal figure is known."""

    id: str
    what: Named
    families: frozenset[str]
    event: EventRef | date
    counting: Counting | None
    op: Op
    defines: EventRef | None
    law: str
    article: str
    rank: int
    valid: tuple[date | None, date | None]
    subject: str
    status: str
    confidence: str
    sources: tuple[str, ...]
    who: str = ""
    to: str = ""
    note: str = ""
    consequence: str = ""
    others: tuple[Other, ...] = ()
    observed: tuple[int, int] | None = None
    office: Office | None = None
    checked_by: str = ""  # who read the gazette, and when: lifts the flag of an unverified norm

    @property
    def verified(self) -> bool:
        return self.confidence.split(" (")[0] == "text seen" or bool(self.checked_by)

    @property
    def article_said(self) -> str:
        """« art. 151 »; words of the pack that name the text too stay as they are."""
        return f"art. {self.article}" if self.article[:1].isdigit() else self.article

    @property
    def binding(self) -> bool:
        """A duty, not a fact that was observed."""
        return self.op not in (Op.OBSERVED, Op.RENEWABLE, Op.UNKNOWN, Op.ADVISED)

    def concerns(self, family: str) -> bool:
        return "all" in self.families or family in self.families

    def in_force(self, day: date) -> bool:
        first, last = self.valid
        return (first is None or first <= day) and (last is None or day <= last)


def names(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else ()


def event_types(records: Iterable[Record]) -> dict[str, EventType]:
    """The pack's event types by id."""
    return {
        str(r["id"]): EventType(
            id=str(r["id"]),
            name=Named(str(r.get("fr") or r["id"]), str(r.get("en") or "")),
            instant=r.get("precision") == "instant",
            repeats=str(r.get("repeats") or "contest"),
            of=str(r.get("of") or r["id"]),
            round=str(r.get("round") or ""),
            derived=str(r.get("derived") or ""),
            follows=names(r.get("follows")),
            follows_round=names(r.get("follows_round")),
        )
        for r in records
    }


def event_ref(record: str, key: str, value: object, types: Mapping[str, EventType]) -> EventRef:
    """'PROV_RESULTS', 'FINAL_RESULTS:1', 'FINAL_RESULTS:last'; aliases of the pack are followed."""
    name, _sep, round_ = str(value).partition(":")
    kind = types.get(name)
    if kind is None:
        raise UnknownEvent(record=record, field=key, value=str(value)[:60], known=", ".join(sorted(types)))
    base = types.get(kind.of, kind)
    wanted = round_ or kind.round or (EACH if base.repeats == "round" else "")
    if wanted and not (wanted in (EACH, LAST) or wanted.isdigit()):
        raise UnknownEvent(record=record, field=key, value=str(value)[:60], known=f"{name}:1, {name}:each, {name}:last")
    return EventRef(base.id, wanted)


def plain_date(value: object) -> date | None:
    """A day of the pack: 2022, 2022-06 or 2022-06-24; None where it is not known."""
    text = str(value or "")
    found = re.match(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", text)
    return date(int(found[1]), int(found[2] or 1), int(found[3] or 1)) if found else None


@dataclass(frozen=True, slots=True)
class Law:
    """What a pack says that the reading of its norms needs."""

    rules: Mapping[str, Record]
    events: Mapping[str, EventType]
    texts: Mapping[str, Record]


OPS: Mapping[str, Op] = {o.value: o for o in Op}


def norm_from(record: Record, law: Law) -> Norm:
    """One norm. Raises DL-102, DL-105 (rule), DL-106 (source), DL-107, never guesses."""
    id_ = str(record.get("id") or "?")
    sources = record.get("source")
    named = tuple(str(s) for s in sources) if isinstance(sources, list) else (str(sources),) if sources else ()
    if not named or not record.get("confidence"):
        raise NoSource(record=id_, field="source" if not named else "confidence")
    text = law.texts.get(str(record.get("law") or ""), {})
    raw_event = record.get("event")
    literal = raw_event if isinstance(raw_event, date) else None
    if isinstance(raw_event, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", raw_event):
        literal = date.fromisoformat(raw_event)
    event = literal or event_ref(id_, "event", raw_event or "", law.events)
    op = word(id_, "op", record.get("op") or default_op(record), OPS)
    counting = None
    if op is not Op.UNKNOWN:
        counting = counting_of(record, law, id_)
    families = record.get("contest") or "all"
    raw_observed = record.get("observed")
    observed = None
    if isinstance(raw_observed, list) and len(raw_observed) == 2:
        observed = (int(raw_observed[0]), int(raw_observed[1]))
    return Norm(
        id=id_,
        what=Named(str(record.get("what_fr") or id_), str(record.get("what_en") or "")),
        families=frozenset(map(str, families)) if isinstance(families, list) else frozenset({str(families)}),
        event=event,
        counting=counting,
        op=op,
        defines=event_ref(id_, "defines", record["defines"], law.events) if record.get("defines") else None,
        law=str(record.get("law") or ""),
        article="" if str(record.get("article") or "unknown") == "unknown" else str(record["article"]),
        rank=RANKS.get(str(text.get("type") or ""), 0),
        valid=(
            plain_date(record.get("valid_from") or text.get("in_force_from")),
            plain_date(record.get("valid_to") or text.get("in_force_to")),
        ),
        subject=str(record.get("subject") or id_),
        status=str(record.get("status") or ""),
        confidence=str(record["confidence"]),
        sources=named,
        who=people(record.get("who")),
        to=people(record.get("to")),
        note=str(record.get("note") or ""),
        consequence=str(record.get("consequence") or ""),
        others=tuple(others_of(record, law, id_)),
        observed=observed,
        office=office_from(record.get("office"), id_),
        checked_by=checked(record, id_),
    )


def checked(record: Record, id_: str) -> str:
    """« 2027-01-10, greffe, JO 3 p. 12 » where the pack says who checked the gazette; both or neither."""
    by, on = str(record.get("verified_by") or ""), str(record.get("verified_on") or "")
    if bool(by) != bool(on):
        missing = "verified_on" if by else "verified_by"
        raise BadDefinition(record=id_, field=missing, value="", expected="verified_by + verified_on")
    return ", ".join(part for part in (on, by, str(record.get("gazette") or "")) if part) if by else ""


def people(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value or "")


def default_op(record: Record) -> str:
    """A window, a range, a weekday or a day is the date itself; a bare length is a latest day."""
    exact = ("window", "nth_weekday", "offset_min", "weekday", "parts")
    return "exact" if record.get("direction") in ("on", True) or any(k in record for k in exact) else "latest"


def counting_of(record: Record, law: Law, id_: str) -> Counting:
    name = record.get("rule")
    if name and str(name) not in law.rules:
        known = ", ".join(sorted(law.rules))
        raise BadDefinition(record=id_, field="rule", value=str(name), expected=known)
    base = dict(law.rules.get(str(name), {})) if name else {}
    own = {k: v for k, v in record.items() if k in DEFINING}
    if "offset" in own:
        base.pop("n", None)
    if any(k in own for k in ("window", "nth_weekday", "offset_min", "parts", "kind")) or own.get("direction") in (
        "on",
        True,
    ):
        base.pop("kind", None)  # the record says what it is; its rule says how days count
        if not any(k in own for k in ("time", "cutoff", "edge")) and "window" not in own:
            base.pop("cutoff", None)
    if own.get("edge"):
        base.pop("cutoff", None)
    if own.get("weekday") and "n" not in own:
        own["kind"] = "on"
    return counting_from({**base, **own}, id_)


DEFINING = frozenset(
    [
        "kind",
        "n",
        "offset",
        "unit",
        "direction",
        "offset_min",
        "offset_max",
        "window",
        "nth_weekday",
        "weekday",
        "month",
        "parts",
        "then",
        "start",
        "counting",
        "franc",
        "skip",
        "skip_up_to",
        "roll",
        "clamp_then_franc",
        "cutoff",
        "time",
        "edge",
        "distance",
    ]
)


def others_of(record: Record, law: Law, id_: str) -> Iterator[Other]:
    raw = record.get("readings") or []
    if not isinstance(raw, list):
        raise BadDefinition(record=id_, field="readings", value=str(raw)[:40], expected="[{rule, why_fr}]")
    for one in raw:
        if not isinstance(one, Mapping) or not one.get("why_fr"):
            raise BadDefinition(record=id_, field="readings", value=str(one)[:40], expected="{rule, why_fr}")
        replaced = {"nth_weekday", "offset", "unit"} if ("nth_weekday" in one or "offset" in one) else set()
        merged = {k: v for k, v in record.items() if k not in replaced and k != "readings"} | dict(one)
        yield Other(
            counting=counting_of(merged, law, id_),
            event=event_ref(id_, "readings", one["event"], law.events) if one.get("event") else None,
            why=Named(str(one["why_fr"]), str(one.get("why_en") or "")),
            confidence=str(one.get("confidence") or record.get("confidence") or ""),
        )
