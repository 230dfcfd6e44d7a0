"""The odds of a version as they are read: dates, two chances where a window parts them, what drives them, legal dates."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from django.utils import timezone

from kalata.planning.models import OddsRun
from kalata.planning.rules.chances import Odd, branches, odd
from kalata.planning.rules.legal import Computed
from kalata.text import Message
from kalata.text import gettext_noop as _

LABELS = {
    "plain": _("Durées seules"), "risks": _("Avec les risques du pack"), "base": _("Version d’avant, durées seules"),
    "base_risks": _("Version d’avant, avec les risques"),
}  # fmt: skip
STEPS = {
    "": _("en attente"), "plain": _("durées seules"), "risks": _("risques du pack"), "base": _("version d’avant"),
    "base_risks": _("version d’avant, avec les risques"), "scenarios": _("scénarios"),
}  # fmt: skip
WIDE = 100


@dataclass(frozen=True, slots=True)
class Branch:
    """One way the polling day may go: how often, and its three dates. opens: the window that makes it; None: there is none."""

    label: str
    activity: str
    opens: date | None
    odd: Odd
    days: tuple[date, date, date]
    around: tuple[tuple[date, date], ...]

    @property
    def shown(self) -> list[tuple[str, date, date, date]]:
        return [(f"P{p}", self.days[i], *self.around[i]) for i, p in enumerate((50, 80, 90))]


@dataclass(frozen=True, slots=True)
class Legal:
    """A legal date and its chance with durations alone, with risks, and in the version before. None: not in that run."""

    code: str
    name: str
    anchor: str
    required: date
    plain: Odd
    risks: Odd | None
    base: Odd | None
    law: str
    verified: bool

    @property
    def wide(self) -> str:
        return f"{float(self.plain.chance) * WIDE:.1f}"


@dataclass(frozen=True, slots=True)
class Swing:
    """A bar of the tornado: the P50 of the polling day when one duration is short, then long."""

    code: str
    name: str
    days: tuple[int, int]
    low: date
    high: date
    x: str
    wide: str


def day(t0: date, finish: int) -> date:
    """The last day occupied of a finish."""
    return t0 + timedelta(days=max(finish - 1, 0))


def branches_of(figures: Mapping[str, Any], name: str) -> list[Branch]:
    one = figures[name]
    t0 = date.fromisoformat(figures["base_t0"] if name.startswith("base") else figures["t0"])
    out = []
    for row in branches(one):
        points = [row[p] for p in ("p50", "p80", "p90")]
        around = tuple((day(t0, row["interval"][p][0]), day(t0, row["interval"][p][1])) for p in ("p50", "p80", "p90"))
        opens = date.fromisoformat(row["opens"]) if row["opens"] else None
        days = (day(t0, points[0]), day(t0, points[1]), day(t0, points[2]))
        out.append(Branch(LABELS[name], row["id"], opens, odd(row["share"], one["draws"]), days, around))
    return out


def legal_of(
    figures: Mapping[str, Any], names: Mapping[str, str], norms: Mapping[str, str], laws: Mapping[str, Computed]
) -> list[Legal]:
    """In the plan's order. norms: the norm of each activity; laws: each norm as the engine has it."""
    by = {name: {row["id"]: odd(row["chance"], figures[name]["draws"]) for row in figures[name]["legal"]} for name in LABELS if figures.get(name)}  # fmt: skip
    out = []
    for row in figures["plain"]["legal"]:
        if row["anchor"] == "T0":  # the plan's own first day: no text sets it
            continue
        code, law = row["id"], laws.get(norms.get(row["id"], ""))
        text = (f"{law.law}, {law.article}" if law.article else law.law) if law else ""
        out.append(
            Legal(code, names.get(code, ""), row["anchor"], date.fromisoformat(row["required"]), by["plain"][code],
                  by.get("risks", {}).get(code), by.get("base", {}).get(code), text, law.verified if law else True)
        )  # fmt: skip
    return out


def tornado_of(figures: Mapping[str, Any], names: Mapping[str, str]) -> list[Swing]:
    rows, t0 = figures["plain"]["tornado"], date.fromisoformat(figures["t0"])
    if not rows:
        return []
    low, high = min(r["low"] for r in rows), max(r["high"] for r in rows)
    span = max(high - low, 1)
    return [
        Swing(r["id"], names.get(r["id"], ""), (r["p10_days"], r["p90_days"]), day(t0, r["low"]), day(t0, r["high"]),
              f"{(r['low'] - low) * WIDE / span:.1f}", f"{max((r['high'] - r['low']) * WIDE / span, 0.8):.1f}")
        for r in rows
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fan:
    """What is done on the way to the polling day, in a square of 100. wide, narrow: bands; middle: the median; today, poll: where
    they stand, "" outside; points: how far along P50, P80 and P90 of the target fall."""

    of: int
    wide: str
    narrow: str
    middle: str
    today: str
    poll: str
    months: tuple[tuple[str, date], ...]
    points: tuple[tuple[str, str, date], ...]


def fan_of(figures: Mapping[str, Any], today: date) -> Fan | None:
    """None: the run is of a time when this was not kept, or nothing lasts."""
    done, t0 = figures["plain"].get("done"), date.fromisoformat(figures["t0"])
    if not done or done["days"][-1] == 0:
        return None
    days, last, of = done["days"], done["days"][-1], done["of"]

    def x(offset: int) -> str:
        return f"{WIDE * offset / last:.1f}"

    def line(name: str) -> list[str]:
        return [f"{x(d)} {WIDE - WIDE * n / of:.1f}" for d, n in zip(days, done[name], strict=True)]

    def at(offset: int) -> str:
        return x(offset) if 0 <= offset <= last else ""

    def band(low: str, high: str) -> str:
        return "M" + " ".join(line(low)) + "L" + " ".join(reversed(line(high))) + "z"

    whole = next(m for m in figures["plain"]["milestones"] if m["id"] == figures["plain"]["target"])
    points = [(f"P{p}", whole[f"p{p}"]) for p in (50, 80, 90)]
    firsts = [t0 + timedelta(days=last * n // 4) for n in range(5)]
    return Fan(
        of, band("p10", "p90"), band("p20", "p80"), "M" + " ".join(line("p50")), at((today - t0).days), at((date.fromisoformat(figures["plain"]["by"]) - t0).days),
        tuple((f"{n * 0.25:.2f}", one) for n, one in enumerate(firsts)), tuple((name, x(n), day(t0, n)) for name, n in points if n <= last),
    )  # fmt: skip


def polling(figures: Mapping[str, Any], name: str) -> Odd | None:
    """The chance that the polling day is ready by the day set."""
    one = figures.get(name)
    return odd(one["chance"], one["draws"]) if one else None


def shown(
    run: OddsRun, names: Mapping[str, str], norms: Mapping[str, str], laws: Mapping[str, Computed]
) -> dict[str, Any]:
    """What a page says of a run. Figures are those kept with it, never made again."""
    figures: Mapping[str, Any] = run.figures or {}
    there = [name for name in LABELS if figures.get(name)]
    plain = figures["plain"]
    parts = branches_of(figures, "plain")
    safe = {row["id"]: date.fromisoformat(figures["t0"]) + timedelta(days=row["start"]) for row in plain.get("safe") or ()}
    return {
        "run": run, "figures": plain, "branches": [b for name in there for b in branches_of(figures, name)], "parts": parts,
        "parted": len(parts) > 1, "chance": polling(figures, "plain"), "chance_risks": polling(figures, "risks"),
        "chance_base": polling(figures, "base"), "by": date.fromisoformat(plain["by"]), "target": plain["target"],
        "target_name": names.get(plain["target"], ""), "legal": legal_of(figures, names, norms, laws),
        "tornado": tornado_of(figures, names), "cost": plain["cost"],
        "cost_risks": figures["risks"]["cost"] if figures.get("risks") else None,
        "critical": [(c["id"], names.get(c["id"], ""), Fraction(c["index"]), safe.get(c["id"])) for c in plain["criticality"][:12]],
        "safe": bool(safe), "safe_known": "safe" in plain, "fan": fan_of(figures, timezone.localdate()),
        "risks": [(r["id"], r["name"], Fraction(r["occurs"]), r["days"], r["cost"]) for r in risks_of(figures)],
        "remainder": (figures["risks"]["remainder_days"].get(plain["target"]) if figures.get("risks") else None),
        "base_number": figures.get("base_number"),
    }  # fmt: skip


def scenarios_of(figures: Mapping[str, Any], lang: str) -> list[dict[str, Any]]:
    """Each scenario beside the plan: its dates (two where a window parts them), its odds, its francs and what they add."""
    t0, n = date.fromisoformat(figures["t0"]), figures["plain"]["draws"]
    rows = figures.get("scenarios") or []
    if len(rows) < 2:
        return []
    base = rows[0]["likely_cost"]
    out = []
    for row in rows:
        said = {"name": row[lang], "note": row.get(f"note_{lang}", ""), "flag": row["flag"], "source": row["source"], "missing": row["missing"]}  # fmt: skip
        if not row["missing"]:
            ways = row["windows"] or [{**row["points"], "share": ""}]
            said |= {
                "odd": odd(row["chance"], n), "likely": row["likely_cost"], "more": row["likely_cost"] - base, "cost": row["cost"]["p80"],
                "branches": [{"share": Fraction(w["share"]) if w["share"] else None, "p50": day(t0, w["p50"]), "p80": day(t0, w["p80"])} for w in ways],
            }  # fmt: skip
        out.append(said)
    return out


@dataclass(frozen=True, slots=True)
class Known:
    """A risk of the pack's catalogue with its measures, in the words of the pack."""

    id: str
    name: str
    flag: str
    linked: tuple[str, ...]
    alert: str
    prevention: str
    response: str
    owner: str


def catalogue_of(rows: Sequence[Mapping[str, str]], known: Collection[str], lang: str) -> list[dict[str, Any]]:
    """The catalogue by phase. known: the activities of the version: no other is linked to."""
    held: dict[str, list[Known]] = {}
    for r in rows:
        linked = tuple(c for c in (p.strip() for p in r["linked_activities"].split(";")) if c in known)
        name = r.get(f"risk_{lang}") or r["risk_fr"]
        one = Known(r["id"], name, r.get("score_flag", ""), linked, r.get("alert_threshold", ""), r.get("prevention", ""), r.get("response", ""), r.get("owner", ""))
        held.setdefault(r.get("phase", ""), []).append(one)
    return [{"title": title, "rows": found} for title, found in held.items()]


def risks_of(figures: Mapping[str, Any]) -> list[dict[str, Any]]:
    one = figures.get("risks")
    if not one:
        return []
    return [
        {"id": r["id"], "name": "", "occurs": r["occurs"], "days": r["delta_p80_days"].get(one["target"], 0), "cost": r["delta_cost_p80"]}
        for r in one["risks"]
    ]  # fmt: skip


def step_of(run: OddsRun) -> Message:
    return Message(STEPS.get(run.step, STEPS[""]))
