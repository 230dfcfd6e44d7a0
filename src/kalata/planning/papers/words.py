"""How the papers of a plan say days, sums and what a figure rests on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from kalata.planning.rules.plan import Activity
from kalata.text import gettext_noop as _
from kalata.text import translate, whole

UNITS = {("wd", "fr"): "j. ouv.", ("cd", "fr"): "j. cal.", ("wd", "en"): "w. days", ("cd", "en"): "c. days"}
FLAGS = {"S": _("S : établi par une source citée"), "A": _("A : hypothèse, sans source")}


def say_in(lang: str) -> Callable[[str], str]:
    return lambda sentence: translate(sentence, lang)


def day(value: date, lang: str) -> str:
    return f"{value:%d/%m/%Y}" if lang == "fr" else value.isoformat()


def francs(value: int, lang: str) -> str:
    """Whole francs: 1 234 567 (fr), 1,234,567 (en)."""
    return whole(value, lang)


def lasting(a: Activity, lang: str) -> str:
    """Optimistic, likely, pessimistic, and what they are counted in."""
    unit = UNITS[a.unit.value, lang]
    if a.optimistic == a.pessimistic:
        return f"{a.likely} {unit}"
    return f"{a.optimistic} – {a.likely} – {a.pessimistic} {unit}"
