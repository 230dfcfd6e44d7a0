"""What the page of a kept plan shows, and the lines of its files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.utils import timezone

from kalata.country.models import Contest, Unit
from kalata.text import gettext_noop as _
from kalata.training import cascade_files as files
from kalata.training.models import Cascade, Post
from kalata.training.queries import cascade as planner
from kalata.training.rules.cascade import TRAINERS, Answer, Class, Row
from kalata.training.rules.cascade_costs import cost_of
from kalata.training.rules.cascade_keep import Content, Kept, content_of, kept_of, plan_of, with_reserve

LIMITS = {
    "class_max": _("Classes plus grandes"), "days": _("Plus de jours"), "rooms": _("Plus de salles"), "pairs": _("Plus de binômes"), "together": _("Salles et binômes"),
}  # fmt: skip


def defaults(contests: Sequence[Contest]) -> dict[str, Any]:
    """Terms of the pack and its plan, the window ending as late as it says."""
    contest = contests[0] if contests else None
    poll = (contest.polling_day or contest.election.polling_day) if contest else None
    last = (poll or timezone.localdate()) - timedelta(planner.assumed("last_day_before_poll", 1))
    return {
        "contest": contest.code if contest else "", "first": last - timedelta(planner.plan_days() - 1), "last": last, "class_max": planner.assumed("class_max", 25),
        "class_days": 1, "reserve": planner.assumed("reserve_percent"), "travel": 0,
    }  # fmt: skip


def shown(one: Cascade, person: Any) -> dict[str, Any]:
    content = content_of(one.content)
    classes = [kept_of(c) for c in one.answer["classes"]]
    people = sum(c.places for c in classes)
    names = named(one, classes)
    ways = [(LIMITS[w["limit"]], w["limit"], told(w, names), w.get("cost_xof"), w.get("unpriced")) for w in one.answer["ways"]]
    if one.answer["together"]:
        both = one.answer["together"]
        ways.append(
            (
                LIMITS["together"],
                "together",
                " ; ".join(told(w, names) for w in both),
                sum(w.get("cost_xof") or 0 for w in both),
                any(w.get("unpriced") for w in both),
            )
        )
    per_day = Counter(d for c in classes for d in content.days if c.first <= d <= c.last)
    most = max(per_day.values(), default=1)
    return {
        "one": one, "content": content, "classes": classes, "people": people, "ways": ways, "cost": cost_of(plan_of(content, one.people), len(classes), people),
        "posts": sum(map(len, one.people.values())), "rows": one.answer["rows"], "says": one.answer["says"], "names": names, "others": one.answer["others"],
        "moved": [(kept_short(a), kept_short(b)) for a, b in one.answer["moved"]], "unserved": one.answer["unserved"],
        "days": [(d, per_day[d], per_day[d] * 100 // most) for d in content.days], "needs": needs(content, one.people, classes),
        "terms": {
            "first": content.first, "last": content.last, "closed": " ".join(d.isoformat() for d in content.closed), "class_max": content.class_max,
            "class_days": content.class_days, "reserve": content.reserve, "travel": content.travel_days,
        },
        "women": content.women, "away": sorted(content.held_in.items()),
        "venues": sorted({(c.area, c.venue) for c in classes}),
    }  # fmt: skip


def kept_short(row: Sequence[Any]) -> dict[str, Any]:
    return dict(zip(("code", "area", "language", "venue", "room", "pair", "first", "last"), row, strict=False))


def needs(content: Content, people: Any, classes: Sequence[Kept]) -> list[dict[str, Any]]:
    """By place and language: people, with the reserve, classes held, classes without a place; the worst first."""
    held = Counter(f"{c.area}|{c.language}" for c in classes)
    out = []
    for key, posts in people.items():
        area, _bar, language = key.partition("|")
        n = with_reserve(len(posts), content.reserve)
        wanted = -(-n // content.class_max)
        out.append(
            {
                "area": area,
                "language": language,
                "posts": len(posts),
                "people": n,
                "classes": wanted,
                "lack": max(wanted - held[key], 0),
            }
        )
    return sorted(out, key=lambda r: (-r["lack"], r["area"], r["language"]))[:200]


NAMED = 12
"""Additions of a way out that its line names one by one."""


def named(one: Cascade, classes: Sequence[Kept]) -> dict[str, str]:
    """The name of each place of the plan, by the code of its lists; a code that is no unit stays as it is."""
    areas = {key.partition("|")[0] for key in one.people} | {c.area for c in classes}
    areas |= {*one.content.get("women", ()), *one.content.get("held_in", {}), *one.content.get("held_in", {}).values()}
    found = Unit.objects.filter(geography=one.contest.election.geography_id, code__in=areas).select_related("parent")
    return {u.code: f"{u.name}, {u.parent.name}" if u.parent else u.name for u in found}


def told(way: Any, names: Mapping[str, str]) -> str:
    if "to" in way:
        return str(way["to"])
    added = [(a.get("area") or a["home"], a["n"]) for a in way["add"]]
    more = sum(n for _a, n in added[NAMED:])
    said = " ; ".join(f"{names.get(a, a)} +{n}" for a, n in added[:NAMED])
    return f"{said} ; … +{more}" if more else said


# --- files -----------------------------------------------------------------------------------------------------
def lines(one: Cascade, what: str) -> Sequence[files.Line | files.Trip]:
    if what == "transport":
        return trips(one)
    return classes_in(one, what)


def classes_in(one: Cascade, what: str) -> list[files.Line]:
    content, classes = content_of(one.content), [kept_of(c) for c in one.answer["classes"]]
    if what == "per-diem":
        return [line for c in classes for line in allowances(c, content)]
    if what == "print-order":
        counted: Counter[tuple[str, str]] = Counter()
        for c in classes:
            counted[c.area, c.language] += c.places
        unit = content.costs.print
        return [
            files.Line("manual", "", a, lang, people=n, unit=unit, amount=None if unit is None else unit * n)
            for (a, lang), n in sorted(counted.items())
        ]
    return [
        files.Line("class", c.code, f"{c.area} · {c.venue}", c.language, c.room, c.pair, c.first, c.last, c.places)
        for c in classes
    ]


def trips(one: Cascade) -> list[files.Trip]:
    """The vehicles of a plan: each pair with its manuals from where it was, and who is taught in another area than their own."""
    content, classes = content_of(one.content), [kept_of(c) for c in one.answer["classes"]]
    own = dict(Post.objects.filter(pk__in={pk for c in classes for pk in c.posts}).values_list("pk", "station__unit__code"))
    at = {p.code: p.home for p in content.pairs}
    out = []
    for c in sorted(classes, key=lambda c: (c.first, c.code)):
        out.append(files.Trip("trainers", c.code, c.first, at.get(c.pair, ""), c.area, c.venue, TRAINERS, c.places, c.pair))
        at[c.pair] = c.area
        away = Counter(area for pk in c.posts if content.held_in.get(area := own.get(pk) or "") == c.area)
        out += [files.Trip("trainees", c.code, c.first, area, c.area, c.venue, n, 0) for area, n in sorted(away.items())]
    return out


def allowances(c: Kept, content: Content) -> list[files.Line]:
    out = []
    for what, people, unit in (
        ("trainee", c.places, content.costs.allowance),
        ("trainer", TRAINERS, content.costs.trainer),
    ):
        amount = None if unit is None else people * content.class_days * unit
        out.append(
            files.Line(
                what,
                c.code,
                c.area,
                c.language,
                pair=c.pair,
                people=people,
                days=content.class_days,
                unit=unit,
                amount=amount,
            )
        )
    return out


def calendar(one: Cascade, lang: str) -> bytes:
    return files.calendar(plan_of(content_of(one.content), one.people), classes_in(one, "roster"), lang)


def plan_lines(one: Cascade) -> bytes:
    content = content_of(one.content)
    plan = plan_of(content, one.people)
    at = {d: n for n, d in enumerate(plan.days)}
    classes = tuple(
        Class(Row(c.area, c.language), c.room, c.pair, at[c.first], c.places)
        for c in map(kept_of, one.answer["classes"])
    )
    return files.plan_lines(Answer(plan, classes))
