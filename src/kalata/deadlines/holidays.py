"""Holidays of a country from the `holidays` library, as values the rules understand.

Dates of feasts that depend on the moon are estimates in the library; measured against its own
confirmed Malian dates of 2015-2025 they are off by -1 to +2 days, so each becomes an interval.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache

from kalata.deadlines.rules.dayoff import DaysOff, Feast
from kalata.refusals import Refused
from kalata.text import gettext_noop as _

ESTIMATE = (-1, 2)
SUFFIXES = ("(estimé)", "(estimated)", "(estimée)")


class NoCalendar(Refused):
    code = "DL-112"
    says = _("Aucun calendrier de jours fériés pour le pays « %(country)s ».")
    remedy = _("Donnez le code ISO d’un pays connu, par exemple ML, SN, CI ou FR.")
    status = 422


def named(text: str) -> tuple[str, bool]:
    for suffix in SUFFIXES:
        if text.endswith(suffix):
            return text[: -len(suffix)].strip(), True
    return text, False


@lru_cache(maxsize=32)
def days_off_of(
    country: str, first: int, last: int, estimate: tuple[int, int] = ESTIMATE, rest: frozenset[int] = frozenset({5, 6})
) -> DaysOff:
    """Days off of a country (ISO code) from year `first` to `last`, names in French where known.

    Raises: DL-112 unknown country.
    """
    import holidays  # heavy: only where days off are asked for

    try:
        languages = holidays.country_holidays(country).supported_languages or ()
        french = next((code for code in ("fr", f"fr_{country}") if code in languages), None)
        found = holidays.country_holidays(country, years=range(first, last + 1), language=french)
    except (NotImplementedError, AttributeError, KeyError):
        raise NoCalendar(country=country) from None
    sure: dict[date, str] = {}
    feasts: list[Feast] = []
    for day, text in sorted(found.items()):
        for part in str(text).split("; "):
            name, estimated = named(part)
            if estimated:
                feasts.append(Feast(name, day + timedelta(estimate[0]), day + timedelta(estimate[1])))
            else:
                sure[day] = f"{sure[day]}, {name}" if day in sure else name
    source = f"holidays {holidays.__version__} ({country} {first}-{last})"
    return DaysOff(sure, tuple(feasts), rest, source, (first, last))


@lru_cache(maxsize=64)
def names_in(country: str, lang: str, first: int, last: int) -> Mapping[str, str]:
    """The names of `days_off_of` in another language of the library: French name -> name. Empty where it has none."""
    import holidays

    languages = holidays.country_holidays(country).supported_languages or ()
    french = next((code for code in ("fr", f"fr_{country}") if code in languages), None)
    other = next((code for code in (lang, f"{lang}_{country}", f"{lang}_US") if code in languages), None)
    if french is None or other is None or french == other:
        return {}
    years = range(first, last + 1)
    mine, theirs = (holidays.country_holidays(country, years=years, language=code) for code in (french, other))
    found: dict[str, str] = {}
    for day, text in mine.items():
        parts, others = str(text).split("; "), str(theirs.get(day, "")).split("; ")
        if len(parts) == len(others):
            found |= {named(a)[0]: named(b)[0] for a, b in zip(parts, others, strict=True)}
    return found


def called(name: str, lang: str, off: DaysOff) -> str:
    """A holiday by its name in `lang`, where the library knows it; else as it is called in French."""
    if lang == "fr" or off.years is None or not (country := off.source.partition("(")[2][:2]):
        return name
    return names_in(country, lang, *off.years).get(name, name)
