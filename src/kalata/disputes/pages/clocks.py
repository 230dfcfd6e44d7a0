"""The clocks of a case as its page shows them: what remains, the limit in words, every reading beside the others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from kalata.deadlines.rules.moments import parse_deadline
from kalata.disputes.rules.remedies import Norms
from kalata.disputes.rules.service import CLOCK_LABELS, CONSEQUENCES, VERDICT_LABELS
from kalata.refusals import Refused
from kalata.text import Message, Named, translate
from kalata.text import gettext_noop as _

TONES = {"in_time": ("met", "ok", "ok"), "late": ("late", "bad", "bad"), "undetermined": ("soon", "warn", "warn")}
SOON = timedelta(days=1)
"""Less than that and a clock is shown as near."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading: what it makes of the paper, its limit in words, how it is counted, whether people act on it."""

    verdict: str
    icon: str
    limit: str
    rule: str
    default: bool


@dataclass(slots=True)
class Card:
    """One clock. grounds: the grounds it counts for, where several count alike. waits: what remains, in words."""

    clock: Any
    title: str
    tone: str
    icon: str
    value: str
    sentence: str
    readings: list[Reading]
    grounds: list[str] = field(default_factory=list)

    @property
    def live(self) -> bool:
        return not self.clock.stopped_at


def cards(clocks: Iterable[Any], now: datetime, norms: Norms, tz: str, lang: str) -> list[Card]:
    """The clocks of a case, what still runs first; grounds whose clocks say the same share one card."""
    out: dict[object, Card] = {}
    for one in clocks:
        alike = one.kind == "filing" and not one.stopped_at and not one.override
        key = (one.limit, one.verdict, one.about, str(one.readings)) if alike else one.pk or id(one)
        if key not in out:
            out[key] = card(one, now, norms, tz, lang)
        if one.ground:
            out[key].grounds.append(one.ground.key)
    return sorted(out.values(), key=lambda c: order(c.clock))


def order(clock: Any) -> tuple[int, float]:
    bound = clock.bound.timestamp() if clock.bound else float("inf")
    if clock.stopped_at:
        return 2, bound
    return (1 if clock.met_at else 0) if clock.kind != "filing" else 0, -1.0 if clock.kind == "filing" else bound


def card(one: Any, now: datetime, norms: Norms, tz: str, lang: str) -> Card:
    title = translate(CLOCK_LABELS[one.kind], lang).capitalize()
    found = [reading(r, norms, tz, lang) for r in one.readings]
    tone, icon, value = look(one, now, lang)
    return Card(one, title, tone, icon, value, sentence(one, norms, tz, lang), found)


def look(one: Any, now: datetime, lang: str) -> tuple[str, str, str]:
    """(tone, icon, words) of a clock at this instant."""
    if one.stopped_at:
        return "", "clock", translate(_("ne court plus"), lang)
    if one.verdict:
        tone, icon, _css = TONES[one.verdict]
        return tone, icon, translate(VERDICT_LABELS[one.verdict], lang)
    if one.bound is None:
        return "", "wait", translate(_("non calculé"), lang)
    if one.met_at:
        return "met", "ok", translate(_("fait"), lang)
    if one.bound > now:
        said = translate(_("reste %(time)s"), lang) % {"time": left(one.bound - now, lang)}
        return ("soon" if one.bound - now <= SOON else ""), "clock", said
    return "late", "late", translate(_("%(time)s de retard"), lang) % {"time": left(now - one.bound, lang)}


def left(span: timedelta, lang: str) -> str:
    """How long, in hours as long as it is below three days: 48 min, 26 h 00, 5 jours."""
    minutes = int(span.total_seconds()) // 60
    if minutes < 60:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    if hours < 72:
        return f"{hours} h {rest:02}"
    return translate(_("%(n)d jours"), lang) % {"n": hours // 24}


def sentence(one: Any, norms: Norms, tz: str, lang: str) -> str:
    """What the clock counts: by how much the paper was in time or late, the limit, and from what."""
    limit = limit_said(one.limit, tz, lang)
    if not limit:
        return ""
    default: dict[str, Any] = next((r for r in one.readings if r.get("default")), {})
    event = event_said(str(default.get("event") or ""), norms, lang)
    since = translate(_(", compté de : %(event)s"), lang) % {"event": event} if event else ""
    if one.kind == "filing" and one.met_at and one.bound and one.verdict in ("in_time", "late"):
        early = one.verdict == "in_time"
        gap = one.bound - one.met_at if early else one.met_at - one.bound
        words = _("Déposée %(gap)s avant le terme, %(limit)s%(since)s.") if early else _("Déposée %(gap)s après le terme, %(limit)s%(since)s.")  # fmt: skip
        return translate(words, lang) % {"gap": left(gap, lang), "limit": limit, "since": since}
    if one.verdict:
        return translate(CONSEQUENCES[one.verdict], lang)
    order_ = translate(_(" Fixé par : %(order)s."), lang) % {"order": one.order} if one.order else ""
    return limit[:1].upper() + limit[1:] + since + "." + order_


def reading(record: dict[str, Any], norms: Norms, tz: str, lang: str) -> Reading:
    filed = str(record.get("filed") or "")
    said = translate(VERDICT_LABELS[filed], lang) if filed in TONES else ""  # type: ignore[index]
    rule = norms.rule_name(str(record.get("rule") or "")).text(lang)
    event = event_said(str(record.get("event") or ""), norms, lang)
    return Reading(
        said, TONES[filed][1] if filed in TONES else "clock", limit_said(str(record.get("deadline") or ""), tz, lang),
        " · ".join(p for p in (rule, event) if p), bool(record.get("default")),
    )  # fmt: skip


def event_said(name: str, norms: Norms, lang: str) -> str:
    if not name:
        return ""
    event = norms.book.events.get(name.partition(":")[0])
    known: Any = getattr(event, "name", None) or Named(name)
    return str(known.text(lang))


def limit_said(text: str, tz: str, lang: str) -> str:
    if not text:
        return ""
    try:
        return parse_deadline(text, tz).sentence().text(lang)
    except Refused:
        return Message("%(limit)s", {"limit": text}).text(lang)
