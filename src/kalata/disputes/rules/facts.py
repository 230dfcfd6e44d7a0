"""The facts of a petition as a clerk states them: read once, or refused with the field that cannot be read.

Times without a zone are those of the jurisdiction; « 24:00 » is the first instant of the next day. An event is named
as the pack names it, by itself (`VOTE`), by another name (`ROUND_VOTE`) or with its round (`FINAL_RESULTS:1`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kalata.country.rules.remedies import ABOUT, CAPACITIES, CONTESTS
from kalata.deadlines.rules.derogations import Derogates, Derogation, NoBasis
from kalata.deadlines.rules.lines import EventKey
from kalata.deadlines.rules.moments import BadMoment, Deadline, deadline_at, local_day, parse_deadline, parse_moment
from kalata.deadlines.rules.norms import EACH, LAST, NoNorm, event_ref
from kalata.refusals import Refused
from kalata.text import gettext_noop as _

from .remedies import Norms

MOST_TEXT = 2_000
MOST_GROUNDS = 5_000


class MissingFact(Refused):
    """A key without which nothing can be said of a petition."""

    code = "DIS-620"
    says = _("Requête « %(record)s » : le champ « %(field)s » manque.")
    remedy = _("Ajoutez-le ; les clés attendues sont : %(known)s.")
    status = 422


class BadFact(Refused):
    """A value of the facts that cannot be read."""

    code = "DIS-621"
    says = _("Requête « %(record)s », champ « %(field)s » : « %(value)s » ne peut pas être lu.")
    remedy = _("Attendu : %(expected)s.")
    status = 422
    sentences = frozenset({"expected"})


@dataclass(frozen=True, slots=True)
class Claim:
    """One ground: what it attacks, where, and how many pieces support it."""

    id: str
    about: str
    stations: int
    evidence: int


@dataclass(frozen=True, slots=True)
class Override:
    """An act that set a limit aside for this contest. decided None: the facts do not say when."""

    act: Derogation
    decided: date | datetime | None


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one petition."""

    id: str
    contest: str
    round: int
    body: str
    received: date | datetime
    queue_since: date | datetime | None
    events: Mapping[EventKey, date | datetime]
    capacity: str
    form: Mapping[str, bool]
    grounds: tuple[Claim, ...]
    decided_before: bool | None
    overrides: tuple[Override, ...]
    unread: tuple[str, ...] = ()

    @property
    def about(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(g.about for g in self.grounds))


KEYS = (
    "id", "contest", "round", "body", "received", "queue_since", "events", "capacity", "form", "grounds",
    "decided_before", "overrides",
)  # fmt: skip
NEEDED = ("contest", "body", "received", "capacity", "grounds")


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the values of one case, each refusal with its record and field."""

    record: str
    norms: Norms

    def bad(self, field: str, value: object, expected: str) -> BadFact:
        return BadFact(record=self.record, field=field, value=str(value)[:60], expected=expected)

    def text(self, field: str, value: object, *, empty: bool = False) -> str:
        if not isinstance(value, str) or len(value) > MOST_TEXT or not (empty or value.strip()):
            raise self.bad(field, value, _("un texte"))
        return value.strip()

    def code(self, field: str, value: object, known: frozenset[str] | tuple[str, ...]) -> str:
        if not isinstance(value, str) or value not in known:
            raise self.bad(field, value, ", ".join(sorted(known)))
        return value

    def table(self, field: str, value: object) -> Mapping[str, object]:
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            raise self.bad(field, value, "{…}")
        return value

    def rows(self, field: str, value: object) -> list[Mapping[str, object]]:
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(v, Mapping) for v in value) or len(value) > MOST_GROUNDS:
            raise self.bad(field, value, "[{…}]")
        return value

    def moment(self, field: str, value: object) -> date | datetime:
        """A day or an instant between the years the calendar can count."""
        if not isinstance(value, str):
            raise BadMoment(record=self.record, field=field, value=str(value)[:40])
        text = value.strip()
        night = re.fullmatch(r"(\d{4}-\d{2}-\d{2})[T ]24:00(?::00)?(Z|[+-]\d{2}:\d{2})?", text)
        try:
            found = parse_moment(
                f"{night[1]}T00:00{night[2] or ''}" if night else text, self.norms.tz, record=self.record, field=field
            )
        except (OverflowError, ValueError):
            raise BadMoment(record=self.record, field=field, value=text[:40]) from None
        if not 1583 <= found.year <= 9000:
            raise BadMoment(record=self.record, field=field, value=text[:40])
        return found + timedelta(days=1) if night else found

    def count(self, field: str, value: object) -> int:
        """How many: a whole number, or the list itself."""
        if isinstance(value, list):
            return len(value)
        if value is None:
            return 0
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise self.bad(field, value, "≥ 0")
        return value

    def flag(self, field: str, value: object) -> bool | None:
        if value is not None and not isinstance(value, bool):
            raise self.bad(field, value, "true, false")
        return value

    # --- the parts of a case ---
    def round(self, value: object) -> int:
        if value is None:
            return 1
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 9:
            raise self.bad("round", value, "0-9")
        return value

    def events(self, value: object, round_: int) -> dict[EventKey, date | datetime]:
        found: dict[EventKey, date | datetime] = {}
        types = self.norms.book.events
        for name, raw in self.table("events", value).items():
            ref = event_ref(self.record, "events", name, types)
            if raw is None:
                continue  # known to be awaited
            if isinstance(raw, str | int) and not isinstance(raw, bool) and re.fullmatch(r"\d{4}", str(raw).strip()):
                raw = f"{str(raw).strip()}-01-01"
            key = ref.type, round_ if ref.round in (EACH, LAST) else int(ref.round or 0)
            moment = self.moment(f"events.{name}", raw)
            if found.setdefault(key, moment) != moment:
                raise self.bad(f"events.{name}", raw, str(found[key]))
        return found

    def grounds(self, value: object) -> tuple[Claim, ...]:
        abouts = (*ABOUT, *(a for r in self.norms.remedies for a in r.about))
        found: list[Claim] = []
        for place, row in enumerate(self.rows("grounds", value), 1):
            where = f"grounds[{place}]"
            for key in ("ground", "about"):
                if row.get(key) is None:
                    raise MissingFact(
                        record=self.record, field=f"{where}.{key}", known="ground, about, stations, evidence"
                    )
            id_ = self.text(f"{where}.ground", row["ground"])
            if any(c.id == id_ for c in found):
                raise self.bad(f"{where}.ground", id_, _("un moyen par identifiant"))
            stations = row.get("stations")
            if stations is not None and not isinstance(stations, list):
                raise self.bad(f"{where}.stations", stations, '[["S01"]]')
            for one in stations or ():
                self.station(f"{where}.stations", one)
            found.append(
                Claim(
                    id_,
                    self.code(f"{where}.about", row["about"], abouts),
                    len(stations or ()),
                    self.count(f"{where}.evidence", row.get("evidence")),
                )
            )
        return tuple(found)

    def station(self, field: str, value: object) -> None:
        parts = value if isinstance(value, list) else [value]
        if not parts or not all(isinstance(p, str | int) and not isinstance(p, bool) and str(p).strip() for p in parts):
            raise self.bad(field, value, '["S01"]')

    def overrides(self, value: object) -> tuple[Override, ...]:
        return tuple(self.override(f"overrides[{i}]", row) for i, row in enumerate(self.rows("overrides", value), 1))

    def override(self, where: str, row: Mapping[str, object]) -> Override:
        for key in ("authority", "document", "reason"):
            if not isinstance(row.get(key), str) or not str(row[key]).strip():
                raise NoBasis(record=self.record, field=f"{where}.{key}")
        name = row.get("time_limit")
        if name is None:
            raise MissingFact(record=self.record, field=f"{where}.time_limit", known="time_limit, new_value, …")
        if not isinstance(name, str) or name not in self.norms.limits:
            raise NoNorm(record=str(name)[:60], known=", ".join(sorted(self.norms.limits)[:8]))
        kind = Derogates(
            self.code(f"{where}.kind", row.get("kind", Derogates.SET.value), tuple(d.value for d in Derogates))
        )
        held = kind in (Derogates.SUSPEND, Derogates.INTERRUPT)
        decided = self.moment(f"{where}.decided_at", row["decided_at"]) if row.get("decided_at") is not None else None
        first = self.day(f"{where}.first", row.get("first")) if held else None
        last = self.day(f"{where}.last", row.get("last", row.get("first"))) if held else None
        return Override(
            Derogation(
                norm=name,
                round=None,
                kind=kind,
                authority=str(row["authority"]).strip(),
                document=str(row["document"]).strip(),
                decided=local_day(decided, self.norms.tz) if decided is not None else date.min,
                reason=str(row["reason"]).strip(),
                rank=0,
                value=None if held else self.limit(f"{where}.new_value", row.get("new_value")),
                first=first,
                last=last,
            ),
            decided,
        )

    def day(self, field: str, value: object) -> date:
        return local_day(self.moment(field, value), self.norms.tz)

    def limit(self, field: str, value: object) -> Deadline:
        """A limit as it is printed; one with an offset is the minute it names."""
        if not isinstance(value, str):
            raise BadMoment(record=self.record, field=field, value=str(value)[:40])
        if re.search(r"(Z|[+-]\d{2}:?\d{2})$", value.strip()) and "T" in value:
            found = self.moment(field, value)
            assert isinstance(found, datetime)
            last = found - timedelta(minutes=1) if "T24:00" in value else found  # the end of a day is no minute of it
            return deadline_at(last, self.norms.tz)
        self.moment(field, value)
        return parse_deadline(value, self.norms.tz, record=self.record, field=field)


def facts_from(raw: object, norms: Norms) -> Facts:
    """The facts of one case. Raises DIS-620 a key that is missing, DIS-621 a value, DL-101 an instant,
    DL-102 an event, DL-110 an override without basis, DL-118 a time limit that the pack does not have."""
    id_ = str(raw.get("id") or "")[:80] if isinstance(raw, Mapping) else ""
    read = Reader(id_ or "–", norms)
    table = read.table("–", raw if isinstance(raw, Mapping) else str(raw))
    for key in NEEDED:
        if table.get(key) is None:
            raise MissingFact(record=read.record, field=key, known=", ".join(KEYS))
    round_ = read.round(table.get("round"))
    form = {str(k): read.flag(f"form.{k}", v) is True for k, v in read.table("form", table.get("form")).items()}
    received = read.moment("received", table["received"])
    queue = read.moment("queue_since", table["queue_since"]) if table.get("queue_since") is not None else None
    if queue is not None and after(queue, received, norms.tz):
        raise read.bad("queue_since", table["queue_since"], f"≤ received ({table['received']})")
    if not isinstance(table["grounds"], list):
        raise read.bad("grounds", table["grounds"], "[{ground, about, stations, evidence}]")
    return Facts(
        id=id_,
        contest=read.code("contest", table["contest"], frozenset(CONTESTS) | norms.contests),
        round=round_,
        body=read.text("body", table["body"]),
        received=received,
        queue_since=queue,
        events=read.events(table.get("events"), round_),
        capacity=read.code("capacity", table["capacity"], CAPACITIES),
        form=form,
        grounds=read.grounds(table["grounds"]),
        decided_before=read.flag("decided_before", table.get("decided_before")),
        overrides=read.overrides(table.get("overrides")),
        unread=tuple(sorted(str(k)[:40] for k in table if k not in KEYS)),
    )


def after(one: date | datetime, other: date | datetime, tz: str) -> bool:
    """True where the first is surely later; a day and an instant of it are not in order."""
    if isinstance(one, datetime) and isinstance(other, datetime):
        return one > other
    return local_day(one, tz) > local_day(other, tz)
