"""What the planner of the cascade reads: stations by place, the plan's own numbers, what they say not alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

from django.db.models import Count

from kalata import plain
from kalata.country import queries as country
from kalata.country.models import Contest, Station
from kalata.country.packs import table_text
from kalata.planning.queries import budget
from kalata.text import Named, whole
from kalata.training.rules.cascade_case import Place

PACK = "ml"
CASE = "training/cascade.yaml"
OTHERS = "training/conflicts.yaml"


def contests() -> list[Contest]:
    """Every contest, the one with most stations first: it is the one that a cascade is for, an exercise has few."""
    return list(country.contests(unpublished=True).annotate(size=Count("stations")).order_by("-size", "-pk"))


def places_of(contest: Contest) -> list[Place]:
    """The units to which the stations of a contest belong, by the geography of its election."""
    rows = (
        Station.objects.filter(contest=contest, unit__isnull=False)
        .values("unit__code", "unit__name", "unit__parent__name")
        .annotate(n=Count("pk"))
        .order_by("unit__code")
    )
    return [Place(r["unit__code"], r["unit__name"], r["unit__parent__name"] or "", r["n"]) for r in rows]


def without_place(contest: Contest) -> int:
    return Station.objects.filter(contest=contest, unit__isnull=True).count()


@lru_cache(maxsize=1)
def case() -> Mapping[str, Any]:
    """The pack's page of the cascade: its lines, drivers, assumptions and contradictions; {} where it has none."""
    found = plain.yaml_of(table_text(PACK, CASE) or "{}", file=CASE)
    return found if isinstance(found, dict) else {}


@lru_cache(maxsize=1)
def law_contradictions() -> tuple[Mapping[str, Any], ...]:
    found = plain.yaml_of(table_text(PACK, OTHERS) or "{}", file=OTHERS)
    return tuple(found.get("records", ())) if isinstance(found, dict) else ()


@dataclass(frozen=True, slots=True)
class Side:
    """What one record says: its value if it is a number, and where it is written. french: as its file says it, in no other language."""

    value: int | None
    says: Named
    source: Named
    french: bool = False


@dataclass(frozen=True, slots=True)
class Contradiction:
    title: Named
    says: Named
    sides: tuple[Side, Side]


def driver(code: str) -> Side:
    _plan, drivers = budget.reference()
    one = drivers[code]
    return Side(
        int(one.value), Named(one.label), Named(f"{code} : {one.source or '–'}", f"{code}: {one.source or '–'}"), True
    )


def quantity(line: str) -> int:
    found = next(one for one in budget.money_of(None).budget.lines if one.activity.id == line)
    return int(found.quantity)


def days_of_line(line: str) -> int:
    plan, _drivers = budget.reference()
    return plan.activities[plan.places[line]].likely


def appointed_before() -> int:
    """Days from the appointments to the poll, as the plan anchors them."""
    plan, _drivers = budget.reference()
    line = case().get("lines", {}).get("appointments")
    anchor = plan.activities[plan.places[line]].anchor if line in plan.places else None
    return -anchor.first.days if anchor and anchor.first else 0


def line_side(code: str) -> Side:
    plan, _drivers = budget.reference()
    one = plan.activities[plan.places[code]]
    return Side(quantity(code), Named(one.name_fr, one.name_en), Named(f"plan opérationnel, ligne {code}", f"operational plan, line {code}"))  # fmt: skip


def both(value: Mapping[str, str]) -> Named:
    return Named(value.get("fr", ""), value.get("en", ""))


def filled(sentence: str, values: Mapping[str, str]) -> str:
    """A sentence of the pack with its numbers: names in braces are replaced, nothing else is looked at."""
    for name, value in values.items():
        sentence = sentence.replace("{" + name + "}", value)
    return sentence


def side(given: Mapping[str, Any], trained: int, pairs: int) -> Side:
    if "driver" in given:
        return driver(given["driver"])
    if "line" in given:
        return line_side(given["line"])
    if "trained" in given:
        return Side(trained, Named("agents avec leur réserve", "staff with their reserve"), Named("calcul de cette page", "computed on this page"))  # fmt: skip
    if "capacity" in given:
        held = pairs * days_of_line(given["capacity"])
        return Side(held, Named("classes possibles", "classes possible"), Named("calcul de cette page", "computed on this page"))  # fmt: skip
    return Side(None, both(given["says"]), Named("plan opérationnel", "operational plan"))


def contradictions(trained: int, pairs: int) -> list[Contradiction]:
    """Each with both sources; one whose two numbers have become the same is no longer told."""
    out = []
    for one in case().get("records", ()):
        first, second = side(one["one"], trained, pairs), side(one["other"], trained, pairs)
        if first.value is not None and first.value == second.value:
            continue
        days = str(days_of_line(one["other"]["capacity"])) if "capacity" in one["other"] else ""
        words = {
            lang: {k: "–" if v.value is None else whole(v.value, lang) for k, v in (("one", first), ("other", second))}
            for lang in ("fr", "en")
        }
        title = Named(*(filled(one["title"][lang], {**words[lang], "days": days}) for lang in ("fr", "en")))
        out.append(Contradiction(title, both(one["says"]), (first, second)))
    for one in law_contradictions():
        sides = [Side(None, both(one[k]["says"]), Named(one[k]["record"])) for k in ("one", "other")]
        out.append(Contradiction(both(one["title"]), both(one["practised"]), (sides[0], sides[1])))
    return out


def assumed(key: str, default: int = 0) -> int:
    found = case().get("assumptions", {}).get(key, default)
    return int(found)


def of_plan(role: str, default: int) -> int:
    """A number of the plan by what it is for here: staff, stations or pairs."""
    code = case().get("drivers", {}).get(role)
    _plan, drivers = budget.reference()
    return int(drivers[code].value) if code in drivers else default


def per_station() -> int:
    stations = of_plan("stations", 0)
    return int(Fraction(of_plan("staff", 0), stations)) if stations else 5


def plan_days() -> int:
    line = case().get("lines", {}).get("staff")
    plan, _drivers = budget.reference()
    return days_of_line(line) if line in plan.places else 7
