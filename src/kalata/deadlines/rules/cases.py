"""Dated cases: rows that give a rule, an event and perhaps the date a court or a gazette found.

Two shapes are read (interface document): rows with `parameters` in JSON, and rows with a rule of
the pack, a quantity and a unit. Each case is computed, explained, and held against `expected`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from kalata.refusals import Refused
from kalata.text import Message
from kalata.text import gettext_noop as _

from .counting import compute
from .dayoff import NO_DAYS_OFF, DaysOff
from .definition import KNOWN, PART, BadDefinition, counting_from
from .derogations import NoBasis
from .moments import Deadline, Judged, judge, local_day, parse_deadline, parse_moment
from .steps import Counting, Reading, Step, Suspension

DaysOffOf = Callable[[str, int, int], DaysOff]
"""Country code, first and last year -> its days off; refuses a country it does not know (DL-112)."""


class BadCase(Refused):
    code = "DL-114"
    says = _("Cas %(record)s, champ « %(field)s » : %(why)s.")
    remedy = _("Corrigez cette ligne du fichier des cas et recommencez.")
    status = 422


class NoRule(Refused):
    code = "DL-105"
    says = _("%(record)s, champ « rule » : la règle de calcul « %(value)s » n’existe pas dans le pack.")
    remedy = _("Règles connues : %(known)s.")
    status = 422


@dataclass(frozen=True, slots=True)
class CaseReading:
    """One reading of one clock of a case."""

    counting: str
    clock: str
    reading: Reading
    judged: Judged | None = None

    def data(self) -> dict[str, object]:
        r = self.reading
        out: dict[str, object] = {
            "counting": self.counting,
            "deadline": r.deadline.iso(),
            "earliest": None if r.sure else r.earliest.iso(),
            "latest": None if r.sure else r.latest.iso(),
        }
        if self.clock:
            out["clock"] = self.clock
        if r.opens:
            out["opens"] = r.opens.iso()
        if self.judged:
            out["filed"] = self.judged.verdict.value
        out["steps"] = [s.data() for s in r.steps]
        return out


@dataclass(frozen=True, slots=True)
class Case:
    """A case computed. agrees: None where nothing was expected."""

    id: str
    readings: tuple[CaseReading, ...]
    explanation: tuple[Message, ...]
    warnings: tuple[Message, ...]
    agrees: bool | None
    differences: tuple[str, ...] = ()
    override: Mapping[str, object] = field(default_factory=dict)

    def data(self) -> dict[str, object]:
        out: dict[str, object] = {
            "id": self.id,
            "readings": [r.data() for r in self.readings],
            "explanation": {lang: " ".join(m.text(lang) for m in self.explanation) for lang in ("fr", "en")},
            "warnings": [w.both() for w in self.warnings],
            "agrees": self.agrees,
        }
        if self.differences:
            out["differences"] = list(self.differences)
        if self.override:
            out["override"] = dict(self.override)
        return out


ACTS = (
    (re.compile(r"entr[ée]e en fonction|takes? office|prise de fonction", re.I), "start"),
    (re.compile(r"minuit|midnight", re.I), "end"),
    (re.compile(r"campagne|campaign|ouverture|opening|vote par anticipation|advance vote", re.I), "day"),
)
"""Rows of the second shape name the act in words; the act says which moment of its day is meant."""


def computed_case(
    row: Mapping[str, str], *, rules: Mapping[str, Mapping[str, object]], tz: str, days_off_of: DaysOffOf
) -> Case:
    """Compute, explain and compare one row. rules: the pack's counting rules by id."""
    id_ = (row.get("id") or "").strip() or "?"
    if (row.get("parameters") or "").strip():
        return from_parameters(id_, row, rules, tz, days_off_of)
    if (row.get("rule") or "").strip():
        return from_vector(id_, row, rules, tz, days_off_of)
    raise BadCase(record=id_, field="parameters", why="parameters / rule")


def from_vector(
    id_: str, row: Mapping[str, str], rules: Mapping[str, Mapping[str, object]], tz: str, days_off_of: DaysOffOf
) -> Case:
    name = row["rule"].strip()
    if name not in rules:
        raise NoRule(record=id_, value=name, known=", ".join(sorted(rules)))
    spec: dict[str, object] = dict(rules[name])
    n, unit = (row.get("n") or "").strip(), (row.get("unit") or "").strip()
    event = (row.get("event_instant") or "").strip()
    spec |= quantity_of(id_, spec, n, unit)
    for pattern, edge in ACTS:
        if pattern.search(row.get("event") or ""):
            spec |= {"edge": edge, "cutoff": ""}
            break
    if re.fullmatch(r"\d{4}", event):
        event += "-01-01"
    trigger = parse_moment(event, tz, record=id_, field="event_instant")
    rule = counting_from(spec, id_)
    label = Message("« %(event)s »", {"event": (row.get("event") or "").strip()})
    country = str(row.get("country") or "")
    reading = compute(
        rule, trigger, tz=tz, days_off=near(rule, trigger, tz, country, days_off_of), label=label, record=id_
    )
    one = CaseReading(name, "", reading, filed(row.get("filed"), reading, tz, id_))
    return finished(id_, [one], row, tz, {})


def quantity_of(id_: str, spec: Mapping[str, object], n: str, unit: str) -> dict[str, object]:
    """The quantity of a vector: 5 days; 2 sunday; last saturday-october; 14d+1 tuesday; 10-01..12-31."""
    if "+" in n:
        *parts, last = n.split("+")
        found = [PART.fullmatch(p.strip()) for p in parts]
        if not all(found) or not last.strip().isdigit():
            raise BadCase(record=id_, field="n", why=n)
        letters = {"d": "day", "h": "hour", "w": "week", "m": "month", "y": "year"}
        steps: list[dict[str, object]] = [
            {"kind": "offset", "n": int(f[1]), "unit": letters[f[2].lower()]} for f in found if f
        ]
        steps.append({"kind": "nth_weekday", "n": int(last), "weekday": unit})
        return {"kind": "nested", "parts": steps}
    if ".." in unit or ".." in n:
        a, b = (unit if ".." in unit else n).split("..", 1)
        return {"kind": "window", "window": [a, b]}
    if "-" in unit:
        weekday, month = unit.split("-", 1)
        return {"kind": "weekday_of_period", "n": n, "weekday": weekday, "month": month}
    if spec.get("kind") in ("nth_weekday", "weekday_of_period"):
        return {"kind": "nth_weekday", "n": n, "weekday": unit}
    return {"n": n, "unit": unit or "days"}


def from_parameters(
    id_: str, row: Mapping[str, str], rules: Mapping[str, Mapping[str, object]], tz: str, days_off_of: DaysOffOf
) -> Case:
    try:
        spec = json.loads(row["parameters"])
    except ValueError as problem:
        raise BadCase(record=id_, field="parameters", why=f"JSON : {problem}") from None
    if not isinstance(spec, dict):
        raise BadCase(record=id_, field="parameters", why="{…}")
    event = (row.get("event") or "").strip()
    trigger = parse_moment(f"{event}-01-01" if re.fullmatch(r"\d{4}", event) else event, tz, record=id_, field="event")
    clocks = {k: v for k, v in spec.items() if isinstance(v, dict) and "kind" in v}
    readings: list[CaseReading] = []
    for clock, one in (clocks or {"": spec}).items():
        one = {**(rules.get(str(one.get("rule"))) or {}), **one}
        countings = one.get("counting", "non_franc")
        if countings == []:
            raise BadCase(record=id_, field="counting", why="[]")
        for counting in countings if isinstance(countings, list) else [countings]:
            rule = counting_from({**one, "counting": counting}, id_)
            pauses = pauses_of(id_, one, tz)
            rest = one.get("rest") or one.get("weekend")
            days = near(rule, trigger, tz, str(one.get("holidays") or ""), days_off_of, rest, pauses)
            reading = compute(rule, trigger, tz=tz, days_off=days, pauses=pauses, record=id_)
            judged = filed(one.get("filed", spec.get("filed")), reading, tz, id_)
            readings.append(CaseReading(str(counting), clock, reading, judged))
    return finished(
        id_, readings, row, tz, overridden(id_, spec, readings[0].reading.deadline, tz), unread(spec, clocks)
    )


CASE_WORDS = KNOWN | {
    *("rule", "rest", "filed", "override", "suspension", "suspensions", "interruption", "interruptions"),
    *("contest", "decide"),
}


def unread(spec: Mapping[str, object], clocks: Mapping[str, Mapping[str, object]]) -> list[Message]:
    """The words of the parameters that nobody reads: a rule misspelt is said, not lost."""
    words = [k for one in (clocks or {"": spec}).values() for k in one] + [k for k in spec if k not in clocks]
    found = sorted({w for w in words if w not in CASE_WORDS})
    return (
        [Message(_("Mots inconnus dans la règle, non lus : %(words)s."), {"words": ", ".join(found)})] if found else []
    )


def pauses_of(id_: str, spec: Mapping[str, object], tz: str) -> list[Suspension]:
    found = []
    for key, restarts in (
        ("suspension", False),
        ("suspensions", False),
        ("interruption", True),
        ("interruptions", True),
    ):
        raw = spec.get(key) or []
        for one in raw if isinstance(raw, list) else [raw]:
            if not isinstance(one, dict):
                raise BadCase(record=id_, field=key, why="{from, to}")
            first = local_day(parse_moment(str(one.get("from", "")), tz, record=id_, field=key), tz)
            last = local_day(parse_moment(str(one.get("to", one.get("from", ""))), tz, record=id_, field=key), tz)
            if last < first:
                raise BadCase(record=id_, field=key, why=f"{last} < {first}")
            found.append(Suspension(first, last, restarts))
    return found


def near(
    rule: Counting,
    trigger: date | datetime,
    tz: str,
    country: str,
    days_off_of: DaysOffOf,
    rest: object = None,
    pauses: Sequence[Suspension] = (),
) -> DaysOff:
    """The days off around a trigger, where a country is named or the rule needs them."""
    if not country and not rule.needs_days_off:
        return NO_DAYS_OFF
    year = local_day(trigger, tz).year
    far = 2 + (rule.n if rule.unit.value == "year" else rule.n // 12 if rule.unit.value == "month" else rule.n // 200)
    held = sum((p.last - p.first).days + 1 for p in pauses if p.last.year >= year) // 365
    held = min(held, 300)
    try:
        days = days_off_of(country, year - far, year + far + held)
    except Refused:
        if rule.needs_days_off:
            raise
        return NO_DAYS_OFF
    if isinstance(rest, list):
        names = {
            name: i
            for i, name in enumerate(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"))
        }
        if not all(str(r) in names for r in rest):
            raise BadDefinition(record="–", field="rest", value=str(rest), expected=", ".join(names))
        return DaysOff(days.sure, days.feasts, frozenset(names[str(r)] for r in rest), days.source, days.years)
    return days


def filed(raw: object, reading: Reading, tz: str, record: str) -> Judged | None:
    if raw in (None, ""):
        return None
    return judge(parse_moment(str(raw), tz, record=record, field="filed"), reading.earliest, reading.latest)


def overridden(id_: str, spec: Mapping[str, object], computed: Deadline, tz: str) -> dict[str, object]:
    """A derogation is accepted with authority, document and reason only; the computed date stays."""
    raw = spec.get("override")
    if not raw:
        return {}
    if not isinstance(raw, dict):
        raise BadCase(record=id_, field="override", why="{authority, document, reason, new_value}")
    for key in ("authority", "document", "reason"):
        if not str(raw.get(key) or "").strip():
            raise NoBasis(record=id_, field=key)
    out: dict[str, object] = {
        "status": "accepted_with_legal_basis",
        "computed": computed.iso(),
        **{k: str(raw[k]) for k in ("authority", "document", "reason")},
    }
    value = str(raw.get("new_value", ""))
    if re.match(r"\d{4}-", value):
        out["new_value"] = parse_deadline(value, tz, record=id_, field="new_value").iso()
    return out


def expected_clauses(text: str) -> list[tuple[str, dict[str, str]]]:
    """'non_franc: deadline=…; filed=late // franc: deadline=…' -> [('non_franc', {…}), ('franc', {…})]."""
    clauses = []
    for part in text.split(" // "):
        name = ""
        if found := re.match(r"\s*([a-z_]+):\s+(?=\w+=)", part):
            name, part = found[1], part[found.end() :]
        if "=" not in part:
            clauses.append((name, {"deadline": part.strip()}))
            continue
        pairs = (pair.split("=", 1) for pair in part.split(";") if "=" in pair)
        clauses.append((name, {k.strip(): v.strip() for k, v in pairs}))
    return clauses


def compared(
    expected: str, readings: Sequence[CaseReading], override: Mapping[str, object]
) -> tuple[bool | None, list[str]]:
    """(agrees, what differs) of a case against its expected text."""
    if not expected.strip():
        return None, []
    wrong: list[str] = []
    for name, values in expected_clauses(expected):
        picked = [r for r in readings if name in ("", r.counting, r.clock)]
        if not picked:
            wrong.append(f"{name}: ?")
            continue
        one = picked[0]
        found = {
            "deadline": one.reading.deadline.iso(),
            "earliest": one.reading.earliest.iso(),
            "latest": one.reading.latest.iso(),
            "opens": one.reading.opens.iso() if one.reading.opens else "",
            "filed": one.judged.verdict.value if one.judged else "",
            "override": str(override.get("status", "")),
        }
        wrong += [
            f"{name + ': ' if name else ''}{key}: got {found.get(key, '')}, want {want}"
            for key, want in values.items()
            if found.get(key, "") not in [w.strip() for w in want.split("|")]
        ]
    return not wrong, wrong


def finished(
    id_: str,
    readings: Sequence[CaseReading],
    row: Mapping[str, str],
    tz: str,
    override: Mapping[str, object],
    notes: Sequence[Message] = (),
) -> Case:
    explanation: list[Message] = []
    for i, one in enumerate(readings):
        if i and not one.clock:
            explanation.append(other_reading(one))
            continue
        explanation += [s.message for s in one.reading.steps]
        if one.judged:
            explanation.append(one.judged.sentence)
    warnings = [*notes, *(w for r in readings for w in r.reading.warnings)]
    doubt = " ".join(str(row.get(k) or "") for k in ("basis", "note", "confidence"))
    if re.search(r"verify|unverified|not read", doubt):
        note = (row.get("note") or row.get("confidence") or "").strip()
        said = Message(_("À vérifier avant tout usage : %(note)s."), {"note": note})
        warnings.append(said)
        explanation.append(said)
    elif row.get("confidence"):
        explanation.append(confidence_step(str(row["confidence"])).message)
    if override:
        sentence = _(
            "Règle dérogée par %(document)s (%(authority)s) : %(new)s, au lieu du %(computed)s. Motif : %(reason)s."
        )
        explanation.append(Message(sentence, {**override, "new": override.get("new_value", "–")}))
    agrees, wrong = compared(row.get("expected") or "", readings, override)
    return Case(id_, tuple(readings), tuple(explanation), tuple(warnings), agrees, tuple(wrong), override)


COUNTING_NAMES: Mapping[str, str] = {
    "non_franc": _("délai non franc"),
    "franc": _("délai franc"),
}


def other_reading(one: CaseReading) -> Message:
    name = Message(COUNTING_NAMES.get(one.counting, one.counting))
    values = {"rule": name, "limit": one.reading.deadline.sentence()}
    if one.judged:
        return Message(
            _("Autre lecture possible (%(rule)s) : %(limit)s. Conséquence : %(verdict)s"),
            {**values, "verdict": one.judged.sentence},
        )
    return Message(_("Autre lecture possible (%(rule)s) : %(limit)s."), values)


def confidence_step(confidence: str) -> Step:
    """The sentence that says how far a rule has been seen."""
    head = confidence.split(" (")[0].split(";")[0]
    if head == "text seen":
        return Step("CONFIDENCE", Message(_("Texte lu.")))
    if head == "secondary source":
        return Step("CONFIDENCE", Message(_("Source secondaire, non vérifiée au Journal officiel.")))
    return Step("CONFIDENCE", Message(_("De mémoire, non vérifié : ne fonde aucune décision.")))
