"""A rule in one sentence, as a member of the commission would say it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from kalata.text import MONTHS_EN, MONTHS_FR, Message, Named
from kalata.text import gettext_noop as _

from .norms import EventRef, EventType, Norm, Op
from .steps import MONTH_WORDS, WEEKDAY_WORDS, Counting, Kind, ordinal, quantity


def say_rule(norm: Norm, events: Mapping[str, EventType]) -> Message:
    """The rule in one sentence: « au plus tard 5 jours après le vote »."""
    event: object = norm.event if isinstance(norm.event, date) else event_name(norm.event, events)
    c = norm.counting
    if c is None:
        if norm.observed:
            return Message(
                _("aucun délai chiffré trouvé ; observé de %(a)d à %(b)d {b:jour|jours} après %(event)s"),
                {"a": norm.observed[0], "b": norm.observed[1], "event": event},
            )
        return Message(_("aucun délai chiffré trouvé, compté depuis %(event)s"), {"event": event})
    return say_counting(c, norm.op, event)


SENTENCES: Mapping[tuple[bool, Op], str] = {
    (False, Op.LATEST): _("au plus tard %(length)s après %(event)s"),
    (False, Op.AT_LEAST): _("au moins %(length)s après %(event)s"),
    (False, Op.EXACT): _("%(length)s après %(event)s"),
    (False, Op.OBSERVED): _("observé : %(length)s après %(event)s"),
    (False, Op.RENEWABLE): _("%(length)s depuis %(event)s, renouvelable"),
    (False, Op.ADVISED): _("recommandé : au moins %(length)s après %(event)s"),
    (True, Op.ADVISED): _("recommandé : au moins %(length)s avant %(event)s"),
    (True, Op.LATEST): _("au plus tard %(length)s avant %(event)s"),
    (True, Op.AT_LEAST): _("au moins %(length)s avant %(event)s"),
    (True, Op.EXACT): _("%(length)s avant %(event)s"),
    (True, Op.OBSERVED): _("observé : %(length)s avant %(event)s"),
    (True, Op.RENEWABLE): _("%(length)s avant %(event)s, renouvelable"),
}


def say_counting(c: Counting, op: Op, event: object) -> Message:
    values: dict[str, object] = {"event": event, "length": quantity(c.n, c.unit), "nth": ordinal(c.n)}
    if c.kind is Kind.NTH_WEEKDAY and c.weekday is not None:
        values["weekday"] = Message(WEEKDAY_WORDS[c.weekday])
        return Message(
            _("%(nth)s %(weekday)s avant %(event)s") if c.before else _("%(nth)s %(weekday)s après %(event)s"), values
        )
    if c.kind is Kind.WEEKDAY_OF_PERIOD and c.weekday is not None and c.month is not None:
        values |= {"weekday": Message(WEEKDAY_WORDS[c.weekday]), "month": Message(MONTH_WORDS[c.month - 1])}
        return Message(
            _("dernier %(weekday)s de %(month)s") if c.n < 0 else _("%(nth)s %(weekday)s de %(month)s"), values
        )
    if c.kind is Kind.WINDOW and c.window:
        (m1, d1), (m2, d2) = c.window
        return Message(
            _("chaque année, du %(first)s au %(last)s"),
            {"first": month_day(m1, d1), "last": month_day(m2, d2)},
        )
    if c.kind is Kind.RANGE:
        values |= {"a": c.n, "most": quantity(c.most, c.unit)}
        return Message(
            _("de %(a)d à %(most)s avant %(event)s") if c.before else _("de %(a)d à %(most)s après %(event)s"), values
        )
    if c.kind is Kind.ON:
        if c.weekday is not None:
            return Message(_("%(event)s un %(weekday)s"), {**values, "weekday": Message(WEEKDAY_WORDS[c.weekday])})
        if c.at:
            return Message(_("le jour même : %(event)s, à %(hour)s"), {**values, "hour": c.at})
        return Message(_("le jour même : %(event)s"), values)
    if c.kind is Kind.NESTED:
        last = c.parts[-1]
        inner = say_counting(c.parts[0], Op.EXACT, event)
        if len(c.parts) == 2 and last.kind is Kind.NTH_WEEKDAY and last.weekday is not None:
            return Message(
                _("%(nth)s %(weekday)s qui suit le jour compté « %(inner)s »"),
                {"weekday": Message(WEEKDAY_WORDS[last.weekday]), "nth": ordinal(last.n), "inner": inner},
            )
        return Message(_("règle en plusieurs temps depuis %(event)s"), values)
    said = Message(SENTENCES.get((c.before, op), SENTENCES[c.before, Op.LATEST]), values)
    extras = []
    if c.clear:
        extras.append(Message(_("délai franc")))
    if c.by_clock:
        extras.append(Message(_("d’heure à heure")))
    if c.skip_up_to:
        extras.append(Message(_("sans compter dimanches et fériés jusqu’à %(n)d {n:jour|jours}"), {"n": c.skip_up_to}))
    return Message("%(said)s (%(extras)s)", {"said": said, "extras": tuple(extras)}) if extras else said


def month_day(month: int, day: int) -> Named:
    """« 1er octobre », "1 October"."""
    return Named(f"{'1er' if day == 1 else day} {MONTHS_FR[month - 1]}", f"{day} {MONTHS_EN[month - 1]}")


def event_name(ref: EventRef, events: Mapping[str, EventType], round_: int = 0) -> Message:
    """« le vote », « les résultats provisoires (tour 2) »."""
    kind = events.get(ref.type)
    name = kind.name if kind else Named(ref.type)
    n = round_ or (int(ref.round) if ref.round.isdigit() else 0)
    return Message(_("%(event)s (tour %(n)d)"), {"event": name, "n": n}) if n else Message("%(event)s", {"event": name})
