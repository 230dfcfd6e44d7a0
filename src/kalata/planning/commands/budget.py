"""`kalata plan budget`: lines, totals and groupings that sum to them, what numbers could follow a driver, what does not hold."""

from __future__ import annotations

import sys
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from kalata.planning.calendars import calendar_named
from kalata.planning.commands import inputs, plans
from kalata.planning.rules.cost import Budget, Finding, Line, Spans, Triple, budget_of, decimal_of, rate_of, rise_of
from kalata.planning.rules.cost_cash import CHAIN, cash_of, funders_of, movements_of, odd
from kalata.planning.rules.cost_comparables import class_of, comparables_of
from kalata.planning.rules.cost_drivers import Drivers, drivers_of, multiples
from kalata.planning.rules.cost_groups import GROUPINGS, grouped
from kalata.planning.rules.faults import NoStart, PlanFault
from kalata.planning.rules.forward import early, net_of
from kalata.planning.rules.plan import Plan
from kalata.planning.rules.reading import plan_of
from kalata.text import decimal, decimal_string, whole


@click.command("budget")
@click.argument("path", metavar="PLAN")
@click.option("--drivers", "drivers_path", required=True, help="CSV: driver, value; label, flag, source, date")
@click.option(
    "--by",
    default="",
    help=f"any of {', '.join(GROUPINGS)}, with commas; all of them if not given (months: with --start)",
)
@click.option("--currency", type=click.Choice(["XOF", "EUR", "USD"]), default="XOF", show_default=True)
@click.option("--price-date", help="the day the prices were said: they rise from there to the first day of each work")
@click.option("--start", help="first day of the plan, YYYY-MM-DD")
@click.option("--calendar", default="ml", show_default=True, help="a pack, none, or a JSON file")
@click.option(
    "--xlsx", "xlsx_path", type=click.Path(dir_okay=False), help="write the budget as a workbook of live formulas too"
)
@click.option(
    "--money",
    "money_path",
    help="CSV: date, funder, stage, amount: each funder's chain, the first day short (with --start)",
)
@click.option("--comparables", help="a pack whose comparable elections stand beside the cost per voter")
@click.option("--json", "as_json", is_flag=True)
@click.option("--lang", type=click.Choice(["fr", "en"]), default="fr")
def command(
    path: str, drivers_path: str, by: str, currency: str, price_date: str | None, start: str | None, calendar: str,
    money_path: str | None, comparables: str | None, xlsx_path: str | None, as_json: bool, lang: str,
) -> None:  # fmt: skip
    """The budget of a plan. Exit status 1 when a quantity written differs from its expression, or a price has none."""
    if path == drivers_path == "-":
        raise PlanFault(rows=[], field="--drivers", value="-", form="FILE")
    plan = plan_of(inputs.bytes_of(path), plans.day_of("--start", start))
    drivers = drivers_of(inputs.text_of(drivers_path))
    prices_of = plans.day_of("--price-date", price_date)
    groupings = asked(by, plan.start)
    spans: Spans | None = None
    dated = "month" in groupings or prices_of or money_path
    if plan.start is not None and dated:
        spans = spans_of(plan, calendar)
    elif dated:
        raise NoStart(rows=[], field="--start")
    rise = rise_of(prices_of, drivers) if prices_of else None
    found = budget_of(plan, drivers, rate=rate_of(currency, drivers), rise=rise, spans=spans)
    if xlsx_path:
        from kalata.planning.budget_book import book_of

        Path(xlsx_path).write_bytes(book_of(found, drivers, lang))
    beside = money_record(found, inputs.text_of(money_path), spans or {}) if money_path else {}
    beside |= {"comparables": comparables_record(found, comparables)} if comparables else {}
    if as_json:
        inputs.emit(record(found, drivers, groupings, spans) | beside)
    else:
        told(found, groupings, spans, lang)
    sys.exit(1 if any(f.code in WRONG for f in found.findings) else 0)


WRONG = frozenset({"quantity_differs", "no_quantity", "eur_rate_differs"})


def asked(by: str, start: date | None) -> tuple[str, ...]:
    if not by:
        return GROUPINGS if start else tuple(g for g in GROUPINGS if g != "month")
    given = tuple(dict.fromkeys(g.strip() for g in by.split(",") if g.strip()))
    for one in given:
        if one not in GROUPINGS:
            raise PlanFault(rows=[], field="--by", value=one[:40], form=",".join(GROUPINGS))
    return given


def spans_of(plan: Plan, calendar: str) -> Spans:
    """The days of each activity, as early as its links allow."""
    assert plan.start is not None
    cal = calendar_named(calendar, plan.start)
    found = early(net_of(plan), cal)
    return {a.id: (cal.day(found.start[i]), cal.day(found.finish[i])) for i, a in enumerate(plan.activities)}


def record(found: Budget, drivers: Drivers, groupings: tuple[str, ...], spans: Spans | None) -> dict[str, Any]:
    """The budget as the scripted interface prints it."""
    per_voter = found.per_voter
    return {
        "currency": found.rate.currency,
        "total": three(found.total),
        "lines": [line_record(line, found, drivers) for line in found.lines],
        "by": {by: [{"key": g.key, **three(g.amount), "lines": g.lines} for g in grouped(found, by, spans)] for by in groupings},
        "per_voter": {k: decimal_string(v, 2) for k, v in zip(("low", "likely", "high"), per_voter, strict=True)} if per_voter else None,
        "suggestions": [{"id": s.id, "literal": s.literal, "driver": s.driver, "expression": s.expression} for s in found.suggestions],
        "driver_suggestions": [{"driver": d.code, "literal": d.text, "expression": text} for d, text in multiples(drivers)],
        "findings": [finding_record(f) for f in found.findings],
        "rate": {
            "currency": found.rate.currency, "xof": decimal_of(found.rate.xof), "fixed": found.rate.fixed, "flag": found.rate.flag,
            "source": found.rate.source, "date": found.rate.on.isoformat() if found.rate.on else None,
        },
        "escalation": rise_record(found),
    }  # fmt: skip


def money_record(found: Budget, text: str, spans: Spans) -> dict[str, Any]:
    """Each funder's chain, needs against receipts by month, and the first day short: in francs, likely amounts."""
    if found.rate.currency != "XOF":
        raise PlanFault(rows=[], field="--currency", value=found.rate.currency, form="XOF")
    moves = movements_of(text)
    funders, cash = funders_of(found, moves), cash_of(found, spans, moves)
    return {
        "funders": [{"key": f.name, "asked": f.asked, **{s.value: f.sums[s] for s in CHAIN}} for f in funders],
        "cash": {
            "months": [{"month": m.key, "need": m.need, "need_so_far": m.need_so_far, "received_so_far": m.received_so_far, "balance": m.balance} for m in cash.months],
            "recorded": cash.recorded, "first_short": cash.first_short.isoformat() if cash.first_short else None, "lacking": cash.lacking,
        },
        "money_findings": [finding_record(f) for f in odd(funders)],
    }  # fmt: skip


def comparables_record(found: Budget, pack: str) -> dict[str, Any]:
    """The outside view: each row with its weakness, and how few they are."""
    from kalata.country.packs import table

    rows = comparables_of(table(pack, "planning/benchmarks.csv"))
    seen = class_of(rows, found.per_voter[1] * found.rate.xof if found.per_voter else None)

    def pair(value: tuple[Fraction, Fraction] | None) -> list[str] | None:
        return [decimal_of(v) for v in value] if value else None

    return {
        "rows": [
            {
                "country": c.country, "year": c.year, "event": c.event, "stage": c.stage, "amount_xof_bn": pair(c.amount), "xof_per_voter": pair(c.per_voter),
                "whole": c.whole, "flag": c.flag, "source": c.source, "weaknesses": [w.both() for w in c.weaknesses],
            }
            for c in rows
        ],
        "n": seen.n, "executed": seen.executed, "low": decimal_of(seen.low) if seen.low is not None else None,
        "high": decimal_of(seen.high) if seen.high is not None else None, "above_ours": seen.above, "executed_over_planned": [decimal_string(p, 4) for p in seen.pairs],
    }  # fmt: skip


def three(amount: Triple) -> dict[str, int]:
    return dict(zip(("low", "likely", "high"), amount, strict=True))


def line_record(line: Line, found: Budget, drivers: Drivers) -> dict[str, Any]:
    a = line.activity
    return {
        "id": a.id, "quantity": decimal_of(line.quantity), "quantity_exact": decimal_of(line.exact), "expression": a.quantity_expr,
        "cost_driver": a.cost_driver, "is_driver": a.cost_driver in drivers, "unit": three(line.unit), "unit_currency": "XOF",
        **({"factor": decimal_string(line.factor, 9)} if found.rise else {}), **three(line.amount),
        "flag": line.said("unit_cost_flag"), "source": line.said("unit_cost_source"), "phase": a.phase,
        "funder": line.said("default_funder"), "category": line.said("core_category"), "account": line.said("account"),
    }  # fmt: skip


def finding_record(one: Finding) -> dict[str, Any]:
    return {"code": one.code, **({"id": one.id} if one.id else {}), **one.values, **one.sentence.both()}


def rise_record(found: Budget) -> dict[str, Any] | None:
    if found.rise is None:
        return None
    driver = found.rise.driver
    return {
        "price_date": found.rise.prices_of.isoformat(), "rate": decimal_of(found.rise.rate),
        "flag": driver.flag if driver else "", "source": driver.source if driver else "",
    }  # fmt: skip


def told(found: Budget, groupings: tuple[str, ...], spans: Spans | None, lang: str) -> None:
    """The same, for a person at a terminal."""

    def row(name: str, amount: Triple) -> None:
        click.echo(f"{name:<44.44} " + " ".join(f"{whole(n, lang):>17}" for n in amount))

    for line in found.lines:
        row(f"{line.id:<6} {line.said('unit_cost_flag') or '?'} {line.activity.name(lang)}", line.amount)
    for by in groupings:
        for group in grouped(found, by, spans):
            row(f"{by}: {group.key or '–'}", group.amount)
    row(found.rate.currency, found.total)
    if found.per_voter:
        click.echo(" / ".join(decimal(v, lang, 2) for v in found.per_voter))
    for finding in found.findings:
        click.echo(finding.sentence.text(lang), err=True)
