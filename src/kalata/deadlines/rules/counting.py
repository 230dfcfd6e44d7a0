"""How the law counts time: from a trigger to the limit, one step after the other, each one said.

The order is fixed and shown: trigger, start, quantity (with the days that do not count), clamp
to the month's end, clear day, distance, suspension, roll, hour. `count` does it for one calendar
of holidays; `compute` for every calendar the estimated feasts allow. `replay` goes through the
trace again and must find the same limit.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from kalata.refusals import Refused
from kalata.text import Message
from kalata.text import gettext_noop as _

from .dayoff import NO_DAYS_OFF, WEEKDAYS, DaysOff
from .moments import DAY, BadMoment, Deadline, Edge, aware, deadline_at, local_day, zone
from .steps import (
    MONTH_WORDS,
    WEEKDAY_WORDS,
    Counted,
    Counting,
    Kind,
    Reading,
    Roll,
    Step,
    Suspension,
    Unit,
    ordinal,
    quantity,
)
from .suspending import restarted, suspend, suspend_clock
from .walk import Walk, add_months, begin, counted_days, counts, filtered, nth_weekday, weekday_of_month


class NoWorkingWeek(Refused):
    code = "DL-108"
    says = _("%(record)s, champ « %(field)s » : des jours ouvrés ou ouvrables sans dire lesquels.")
    remedy = _(
        "Déclarez les jours qui ne comptent pas : « skip: [saturday, sunday, holiday] » ou « [sunday, holiday] »."
    )
    status = 422


class NoHolidays(Refused):
    code = "DL-113"
    says = _("%(record)s, champ « holidays » : les jours fériés de %(years)s ne sont pas connus.")
    remedy = _("Chargez un calendrier qui couvre ces années.")
    status = 422


def start(walk: Walk, trigger: date | datetime, label: Message) -> None:
    values: dict[str, object] = {"event": label, "day": walk.day}
    if isinstance(trigger, datetime):
        local = trigger.astimezone(zone(walk.tz))
        values["hour"] = local.time()
        walk.say(
            "TRIGGER",
            _("Point de départ : %(event)s, le %(day)s à %(hour)s."),
            values,
            day=walk.day.isoformat(),
            instant=trigger.isoformat(),
        )
    else:
        walk.say("TRIGGER", _("Point de départ : %(event)s, le %(day)s."), values, day=walk.day.isoformat())


def add_days(walk: Walk, rule: Counting, n: int) -> None:
    sign = -1 if rule.before else 1
    if rule.includes_start:
        walk.say("START_INCLUDED", _("Le jour de l’événement est compté."), days=-sign)
        walk.day -= sign * DAY
        begin(walk)
    else:
        walk.say("START_EXCLUDED", _("Le jour de l’événement n’est pas compté."))
    counted_days(walk, rule, n)
    skipped: list[date] = []
    if not filtered(rule):
        walk.day += sign * n * DAY
    else:
        left = n
        while left:
            walk.day += sign * DAY
            if counts(rule, walk.day, walk.days_off):
                left -= 1
            else:
                skipped.append(walk.day)
    if skipped:
        walk.say(
            "SKIP",
            _("Ne comptent pas : %(days)s."),
            {"days": tuple(skipped)},
            days=sign * len(skipped),
        )
    walk.say(
        "ADD",
        _("On compte %(length)s en remontant : le dernier est le %(day)s.")
        if rule.before
        else _("On compte %(length)s : le dernier est le %(day)s."),
        {"length": quantity(n, rule.unit), "day": walk.day},
        n=sign * n,
        unit="day",
    )


def add_length(walk: Walk, rule: Counting) -> None:
    """The quantity itself, and the clear day after it."""
    sign = -1 if rule.before else 1
    if rule.unit in (Unit.DAY, Unit.WORKING_DAY):
        if rule.unit is Unit.WORKING_DAY and not rule.skip:
            raise NoWorkingWeek(record="–", field="skip")
        add_days(walk, rule, rule.n)
        if rule.clear:
            clear_day(walk, rule, sign)
        return
    first_clear = rule.clear and not rule.clamp_then_clear
    if first_clear:
        clear_day(walk, rule, sign)
    origin = walk.day
    if rule.unit is Unit.WEEK:
        walk.day += sign * 7 * rule.n * DAY
    else:
        months = rule.n * (12 if rule.unit is Unit.YEAR else 1)
        walk.day = add_months(origin, sign * months)
        if walk.day.day != origin.day:
            walk.say(
                "CLAMP",
                _("Le quantième %(d)d n’existe pas ce mois-là : on retient le dernier jour du mois, le %(day)s."),
                {"d": origin.day, "day": walk.day},
            )
    walk.stretches.append((abs((walk.day - origin).days), None))
    walk.say(
        "ADD",
        _("On compte %(length)s en remontant : échéance le %(day)s.")
        if rule.before
        else _("On compte %(length)s : échéance le %(day)s."),
        {"length": quantity(rule.n, rule.unit), "day": walk.day},
        n=sign * rule.n,
        unit=rule.unit.value,
    )
    if rule.clear and not first_clear:
        clear_day(walk, rule, sign)


def clear_day(walk: Walk, rule: Counting, sign: int) -> None:
    counted_days(walk, rule, 1)
    moved = sign
    walk.day += sign * DAY
    while filtered(rule) and not counts(rule, walk.day, walk.days_off):
        walk.day += sign * DAY
        moved += sign
    walk.say(
        "CLEAR_DAY",
        _("Le délai étant franc, le dernier jour n’est pas compté : échéance le %(day)s."),
        {"day": walk.day},
        days=moved,
    )


def roll(walk: Walk, rule: Counting) -> None:
    if rule.roll is Roll.NONE:
        off = walk.days_off.name(walk.day)
        if rule.at is None and rule.edge is not Edge.END:
            return  # a polling day or the day of an oath: nothing is to be done before it ends
        if off or walk.day.weekday() == 6:
            what = off or Message(WEEKDAY_WORDS[walk.day.weekday()])
            walk.say(
                "NO_ROLL",
                _("Le %(day)s est chômé (%(what)s), mais le texte ne prévoit pas de report : il reste l’échéance."),
                {"day": walk.day, "what": what},
            )
            walk.warnings.append(walk.steps[-1].message)
        return
    moved, sign = 0, 1 if rule.roll is Roll.NEXT else -1
    first = walk.day
    while not walk.days_off.is_working(walk.day):
        walk.day += sign * DAY
        moved += sign
    if moved:
        what = walk.days_off.name(first) or Message(WEEKDAY_WORDS[first.weekday()])
        walk.say(
            "ROLL",
            _("Le %(first)s est chômé (%(what)s) : report au %(day)s."),
            {"first": first, "what": what, "day": walk.day},
            days=moved,
        )


def by_clock(walk: Walk, rule: Counting, trigger: datetime, pauses: Sequence[Suspension]) -> Deadline:
    """Instant to instant, to the minute, in UTC: no zone and no summer time can bend it."""
    length = timedelta(hours=rule.n) if rule.unit is Unit.HOUR else timedelta(minutes=rule.n)
    walk.instant = aware(trigger).astimezone(UTC) + (-length if rule.before else length)
    limit = deadline_at(walk.instant, walk.tz)
    walk.say(
        "ADD",
        _("On compte %(length)s d’heure à heure : %(limit)s."),
        {"length": quantity(rule.n, rule.unit), "limit": limit.sentence()},
        n=-rule.n if rule.before else rule.n,
        unit=rule.unit.value,
    )
    return suspend_clock(walk, rule, trigger.astimezone(UTC), pauses)


def finish(walk: Walk, rule: Counting) -> Deadline:
    edge, at = rule.edge, rule.at
    if at is not None:
        edge = Edge.MINUTE
        walk.say("CUTOFF", _("Recevable jusqu’à %(hour)s."), {"hour": at}, edge="minute", at=f"{at:%H:%M}")
    elif edge is Edge.END:
        walk.say("CUTOFF", _("Le dernier jour court jusqu’à 24 h 00."), edge=edge.value)
    elif edge is Edge.START:
        walk.say("CUTOFF", _("C’est le premier instant de ce jour, à 0 h 00."), edge=edge.value)
    else:
        walk.say("CUTOFF", _("C’est ce jour entier."), edge=edge.value)
    return Deadline(walk.day, edge, at, walk.tz)


def count(
    rule: Counting,
    trigger: date | datetime,
    *,
    tz: str,
    days_off: DaysOff = NO_DAYS_OFF,
    label: Message | None = None,
    pauses: Sequence[Suspension] = (),
) -> Counted:
    """The limit of `rule` counted from `trigger`, for one calendar of holidays.

    Limits in hours need an instant; a day given to them counts from its end (24 h 00), and says so.
    """
    walk = Walk(local_day(trigger, tz), days_off, tz)
    start(walk, trigger, label or Message(_("l’événement")))
    deadline = walked(walk, rule, trigger, pauses)
    opens = Deadline(walk.opens, Edge.START if rule.kind is Kind.WINDOW else Edge.DAY, None, tz) if walk.opens else None
    return Counted(deadline, opens, tuple(walk.steps), tuple(walk.warnings))


def walked(walk: Walk, rule: Counting, trigger: date | datetime, pauses: Sequence[Suspension]) -> Deadline:
    for _turn in range(len(pauses) + 1):
        limit = once(walk, rule, trigger, pauses)
        fresh = restarted(walk, rule, trigger, limit, pauses)
        if fresh is None:
            return limit
        trigger = fresh
        walk.day = local_day(fresh, walk.tz)
    return limit


def once(walk: Walk, rule: Counting, trigger: date | datetime, pauses: Sequence[Suspension]) -> Deadline:
    if rule.by_clock:
        if not isinstance(trigger, datetime):
            walk.say(
                "HOUR_UNKNOWN",
                _("L’heure de l’événement n’est pas connue : on compte depuis la fin du jour."),
                edge="24:00",
            )
            trigger = Deadline(trigger, Edge.END, None, walk.tz).instant
            limit = by_clock(walk, rule, trigger, pauses)
            midnight = limit.at == time() and rule.unit is Unit.HOUR
            return Deadline(limit.day - DAY, Edge.END, None, walk.tz) if midnight else limit
        return by_clock(walk, rule, trigger, pauses)
    begin(walk)
    if rule.kind is Kind.OFFSET:
        add_length(walk, rule)
    elif rule.kind is Kind.NTH_WEEKDAY:
        assert rule.weekday is not None
        walk.stretches.append((rule.n, lambda day: day.weekday() == rule.weekday))
        walk.day = nth_weekday(walk.day, rule.n, rule.weekday, rule.before)
        walk.say(
            "ADD",
            _("Le %(nth)s %(weekday)s strictement avant est le %(day)s.")
            if rule.before
            else _("Le %(nth)s %(weekday)s strictement après est le %(day)s."),
            {"weekday": Message(WEEKDAY_WORDS[rule.weekday]), "nth": ordinal(rule.n), "day": walk.day},
            n=-rule.n if rule.before else rule.n,
            unit="weekday",
            weekday=WEEKDAYS[rule.weekday],
        )
    elif rule.kind is Kind.WEEKDAY_OF_PERIOD:
        assert rule.weekday is not None and rule.month is not None
        walk.day = weekday_of_month(walk.day.year, rule.month, rule.weekday, rule.n)
        values = {
            "weekday": Message(WEEKDAY_WORDS[rule.weekday]),
            "month": Message(MONTH_WORDS[rule.month - 1]),
            "day": walk.day,
        }
        if rule.n < 0:
            walk.say("FIX", _("Le dernier %(weekday)s de %(month)s est le %(day)s."), values, day=walk.day.isoformat())
        else:
            values["nth"] = ordinal(rule.n)
            walk.say("FIX", _("Le %(nth)s %(weekday)s de %(month)s est le %(day)s."), values, day=walk.day.isoformat())
    elif rule.kind is Kind.WINDOW:
        window(walk, rule)
    elif rule.kind is Kind.RANGE:
        span(walk, rule, pauses)
    elif rule.kind is Kind.NESTED:
        for part in rule.parts:
            inner = once(walk, replace(part, edge=Edge.DAY, at=None), walk.day, pauses)
            walk.steps.pop()  # the part's own hour: only the whole rule has one
            walk.day = inner.day
        begin(walk)
    if rule.distance:
        walk.stretches.append((rule.distance, None))
        walk.day += rule.distance * DAY * (-1 if rule.before else 1)
        walk.say(
            "DISTANCE",
            _("Délai de distance : %(more)s de plus, échéance le %(day)s."),
            {"more": quantity(rule.distance, Unit.DAY), "day": walk.day},
            days=-rule.distance if rule.before else rule.distance,
        )
    suspend(walk, rule, pauses)
    if rule.kind is not Kind.ON:
        roll(walk, rule)
    return finish(walk, rule)


def window(walk: Walk, rule: Counting) -> None:
    assert rule.window is not None
    (m1, d1), (m2, d2) = rule.window
    year = walk.day.year
    walk.opens = clamped(year, m1, d1)
    walk.day = clamped(year + (1 if (m2, d2) < (m1, d1) else 0), m2, d2)
    walk.say(
        "FIX",
        _("La fenêtre de chaque année va du %(opens)s au %(day)s, ces deux jours compris."),
        {"opens": walk.opens, "day": walk.day},
        day=walk.day.isoformat(),
    )


def clamped(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, monthrange(year, month)[1]))


def span(walk: Walk, rule: Counting, pauses: Sequence[Suspension]) -> None:
    """From `most` to `n` units before (or n to most after): the interval of lawful days."""
    near, far = replace(rule, kind=Kind.OFFSET), replace(rule, kind=Kind.OFFSET, n=rule.most)
    other = Walk(walk.day, walk.days_off, walk.tz)
    begin(other)
    add_length(other, far if rule.before else near)
    suspend(other, rule, pauses)
    add_length(walk, near if rule.before else far)
    walk.opens = other.day
    walk.say("RANGE", _("Les jours permis vont du %(opens)s au %(day)s."), {"opens": walk.opens, "day": walk.day})


def compute(
    rule: Counting,
    trigger: date | datetime,
    *,
    tz: str,
    days_off: DaysOff = NO_DAYS_OFF,
    label: Message | None = None,
    pauses: Sequence[Suspension] = (),
    record: str = "–",
) -> Reading:
    """The limit under every calendar the estimated feasts allow, with its trace.

    Raises: DL-108 working days not declared, DL-113 no holidays for these years.
    """
    origin = local_day(trigger, tz)
    for name, day in [("event", origin), *(("suspension", p.last) for p in pauses)]:
        if not 1583 <= day.year <= 9000:  # the Gregorian calendar, with room for what is counted
            raise BadMoment(record=record, field=name, value=day.isoformat())
    first = count(rule, trigger, tz=tz, days_off=days_off, label=label, pauses=pauses)
    if not rule.needs_days_off:
        return Reading(first.deadline, first.deadline, first.deadline, first.opens, first.steps, first.warnings)
    everything = days_off.with_days((d, f.name) for f in days_off.feasts for d in f.days())
    last = count(rule, trigger, tz=tz, days_off=everything, pauses=pauses)
    low, high = min(origin, last.deadline.day, first.deadline.day), max(origin, last.deadline.day, first.deadline.day)
    if not days_off.covers(low, high):
        raise NoHolidays(record=record, years=f"{low.year}-{high.year}")
    near = days_off.near(low, high)
    found = [
        count(rule, trigger, tz=tz, days_off=case, label=label, pauses=pauses)
        for case in days_off.realisations(low, high)
    ]
    found.sort(key=lambda c: c.deadline.instant)
    earliest, latest = found[0], found[-1]
    steps, warnings = list(earliest.steps), list(earliest.warnings)
    if earliest.deadline != latest.deadline:
        names = ", ".join(dict.fromkeys(f.name for f in near))
        said = Message(
            _("La date de %(feast)s est estimée : échéance entre le %(a)s et le %(b)s."),
            {"feast": names, "a": earliest.deadline.day, "b": latest.deadline.day},
        )
        steps.append(Step("ESTIMATED_HOLIDAY", said, {"latest": latest.deadline.iso()}))
        warnings.append(said)
    return Reading(
        earliest.deadline,
        earliest.deadline,
        latest.deadline,
        earliest.opens,
        tuple(steps),
        tuple(warnings),
        days_off.source,
    )
