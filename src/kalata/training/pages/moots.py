"""A sitting as each reads it: stages that have opened, one's own answers, all of them once unsealed, ratings by who may read them."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from kalata.text import percent, translate
from kalata.training.models import MootSitting
from kalata.training.queries import moot_sittings as queries
from kalata.training.queries import moots
from kalata.training.rules.moot_states import PARTS, ROUTES, Part, Sitting
from kalata.training.rules.moots import judging
from kalata.training.rules.moots.case import Asks, Case, Question, Sort
from kalata.training.rules.moots.engines import CHOICES, WORDS, Computed, shown

STATES = {"undecided": ("bad", "bad"), "late": ("warn", "clock"), "in_time": ("ok", "ok"), "not_opened": ("inf", "off")}


def said(question: Question, value: str, lang: str) -> str:
    """An answer in words."""
    if question.options:
        named = {o.id: o.text.text(lang) for o in question.options}
        return " ; ".join(named.get(v, v) for v in value.split()) or "–"
    if question.asks is Asks.COMPUTED:
        return shown(value, lang)
    return value


def sitting(person: Any, one: MootSitting, lang: str, place: int | None = None, gap: int | None = None) -> dict[str, Any]:
    """place: the person whose sheet a rater has open; gap: the difference talked over; the next that is owed where none is said."""
    case, computed = moots.case_in(one.version), moots.computed(one.version)
    seat, rater, holds = queries.seat_of(person, one), queries.rater_of(person, one), queries.holds(person, one)
    opened, state = queries.opened(one), Sitting(one.state)
    seats = queries.seats(one)
    now = timezone.now()
    over = state in (Sitting.RATING, Sitting.RELEASED)
    shown: dict[str, Any] = {
        "one": one, "case": case, "title": case.title.text(lang), "lesson": case.lesson.text(lang) if holds or over else "", "seat": seat, "rater": rater, "holds": holds,
        "state": state.value, "uncounted": sum(len(queries.unowned(s)) for s in one.seats.all()) if holds or rater else 0, "seats": [(s, translate(PARTS[Part(s.part)], lang)) for s in seats], "raters": [r.person.full_name for r in one.raters.select_related("person")],
        "stages": stages(person, one, case, computed, opened, lang), "current": queries.current(one, case), "over": over,
        "next": next((s for s in case.stages if s.no not in opened), None) if state in (Sitting.PREPARED, Sitting.RUNNING) else None,
        "crisis": case.sort is Sort.CRISIS, "all_open": len(opened) == len(case.stages),
    }  # fmt: skip
    if holds and one.begun_at and state is Sitting.RUNNING:
        found = judging.next_inject(case, one.begun_at, opened, now)
        shown["elapsed"] = judging.minutes(now - one.begun_at)
        shown["due"] = judging.minutes(found[1]) if found and case.sort is Sort.CRISIS else None
    if over:
        shown |= rated(person, one, case, lang, place, gap)
        if case.sort is Sort.CRISIS:
            shown["debrief"] = debrief(one, case, lang)
    if seat is not None:
        rows = queries.unowned(seat) if state in (Sitting.RUNNING, Sitting.RATING) else []
        shown["unowned"], shown["unowned_mark"] = [written_for(row, case, lang) for row in rows], queries.unowned_mark(rows)
        plan = queries.plan_of(seat)
        shown["plan"], shown["may_plan"] = plan, plan is None and queries.may_plan(seat, case)
    return shown


def written_for(row: Any, case: Case, lang: str) -> dict[str, Any]:
    """An answer that another wrote down for a person: the question, what was written, how and by whom."""
    question = case.question(row.question)
    return {
        "text": question.text.text(lang) if question else row.question, "said": said(question, row.value, lang) if question else row.value,
        "route": translate(ROUTES[row.route], lang), "by": row.by.full_name,
    }  # fmt: skip


def stages(
    person: Any, one: MootSitting, case: Case, computed: Any, opened: dict[int, Any], lang: str
) -> list[dict[str, Any]]:
    """What has opened: facts, papers, law, questions with one's own answer, and everybody's once the stage is closed."""
    given = queries.last_answers(one)
    seat = queries.seat_of(person, one)
    own = given.get(seat.pk, {}) if seat else {}
    everybody = queries.seats(one)
    current = queries.current(one, case)
    out = []
    for stage in case.stages:
        if stage.no not in opened:
            continue
        unsealed = queries.open_to(person, one, stage.no)
        rows = []
        for q in stage.questions:
            mine = own.get(q.id)
            rows.append({
                "q": q, "text": q.text.text(lang), "options": [(o.id, o.text.text(lang)) for o in q.options], "form": form_of(q, computed, lang),
                "mine": mine, "mine_said": said(q, mine.value, lang) if mine else "", "chosen": mine.value.split() if mine else [],
                "given": sum(q.id in by for by in given.values()),
                "all": [(s, said(q, row.value, lang), translate(ROUTES[row.route], lang)) for s in everybody if (row := given.get(s.pk, {}).get(q.id))] if unsealed else [],
                "answer": answer_of(q, computed, lang) if unsealed else "", "why": q.why.text(lang) if unsealed and q.why.fr else "",
            })  # fmt: skip
        out.append({
            "stage": stage, "title": stage.title.text(lang), "at": opened[stage.no], "facts": [f.text(lang) for f in stage.facts],
            "papers": [(p.title.text(lang), p.text.text(lang)) for p in stage.papers], "law": moots.cited(case, stage.law), "rows": rows,
            "open": current is not None and current.no == stage.no, "unsealed": unsealed,
        })  # fmt: skip
    return out


def form_of(q: Question, computed: Any, lang: str) -> dict[str, Any]:
    """How a computed answer is written: a choice of words, or an example."""
    found: Computed | None = computed.get(q.id)
    if found is None:
        return {}
    if found.form in CHOICES:
        return {"choices": [(v, translate(WORDS[v], lang)) for v in CHOICES[found.form]]}
    return {"example": {"123": "1 234", "AAAA-MM-JJTHH:MM": "2018-08-04 21:00"}.get(found.form, "A")}


def answer_of(q: Question, computed: Any, lang: str) -> str:
    """What is right where something is, by the engines or by the case; "" for a dilemma and for what is written."""
    if q.id in computed:
        return said(q, computed[q.id].value, lang)
    if q.planted or q.right:
        return said(q, " ".join(q.planted or q.right), lang)
    return ""


def rated(person: Any, one: MootSitting, case: Case, lang: str, place: int | None = None, gap: int | None = None) -> dict[str, Any]:
    """What this person may read of the ratings, one sheet at a time; the agreement of the two once both have given every one."""
    readable = queries.sheets_for(person, one)
    rater, seat = queries.rater_of(person, one), queries.seat_of(person, one)
    both = queries.both_given(one)
    released = one.state == Sitting.RELEASED
    rubric = [(c, c.text.text(lang), [(n, v.text(lang)) for n, v in enumerate(c.levels)]) for c in case.rubric]
    rows, given = [], queries.last_answers(one)
    wrote = [(q.id, q.text.text(lang)) for q in case.questions() if q.asks is Asks.WRITTEN]
    for s in queries.seats(one):
        if rater is None and (seat is None or seat.pk != s.pk or not released):
            continue
        result = queries.result_of(s, one, case)
        rows.append({
            "seat": s, "result": result, "said": result.said().text(lang), "sheets": [(k, v) for k, v in sorted(readable.get(s.pk, {}).items())],
            "lines": [(c, text, [by.levels.get(c.id) for _k, by in sorted(readable.get(s.pk, {}).items())]) for c, text, _levels in rubric],
            "to_rate": rater is not None and one.state == Sitting.RATING and rater.slot not in readable.get(s.pk, {}),
            "written": percent(result.written, lang, 0) if result.written is not None and (released or both) else "",
            "missed": [(j.question.text.text(lang), said(j.question, " ".join(j.left), lang) if j.left else "") for j in result.missed],
            "wrote": [(text, row.value if (row := given.get(s.pk, {}).get(q)) else "") for q, text in wrote] if rater is not None else [],
            "blocked": [said(j.question, " ".join(j.blocked), lang) for j in result.rows if j.blocked],
        })  # fmt: skip
    out: dict[str, Any] = {
        "rubric": rubric,
        "people": rows,
        "owed": sum(row["to_rate"] for row in rows),
        **opened_at(rows, place),
        "missing": queries.missing(one),
        "both": both,
        "released": released,
    }
    if both and (rater is not None or released):
        found = queries.agreement(one)
        named = {c.id: text for c, text, _levels in rubric}
        apart = [(d, named[d.criterion]) for d in queries.differences(one)] if rater is not None else []
        out |= {
            "agreement": found, "agreement_said": found.said().text(lang), "apart": apart, **(talked_over(apart, rater.slot, gap) if rater else {}),
        }  # fmt: skip
    return out


def talked_over(apart: list[tuple[Any, str]], slot: int, gap: int | None) -> dict[str, Any]:
    """The difference that is open, from 1: the one asked for, else the first on which this rater has not said a level."""
    left = [n for n, (d, _criterion) in enumerate(apart, 1) if d.level is None and slot not in d.said]
    waits = sum(d.level is None for d, _criterion in apart) - len(left)
    if not apart:
        return {}
    at = gap if gap and gap <= len(apart) else (left or [1])[0]
    d, criterion = apart[at - 1]
    return {
        "gap": at, "d": d, "criterion": criterion, "gaps": len(apart), "gaps_left": len(left), "gaps_wait": waits, "mine": d.said.get(slot),
        "gap_before": at - 1, "gap_after": at + 1 if at < len(apart) else 0,
    }  # fmt: skip


def opened_at(rows: list[dict[str, Any]], place: int | None) -> dict[str, Any]:
    """The sheet that is open among those of a rater, with the one before and the one after."""
    if not rows:
        return {}
    owed = [n for n, row in enumerate(rows) if row["to_rate"]]
    asked = [n for n, row in enumerate(rows) if row["seat"].seat == place]
    at = (asked or owed or [0])[0]
    seats = [row["seat"].seat for row in rows]
    return {"p": rows[at], "before": seats[at - 1] if at else None, "after": seats[at + 1] if at + 1 < len(seats) else None}


def debrief(one: MootSitting, case: Case, lang: str) -> list[dict[str, Any]]:
    decisions = [judging.Decision(a.question, a.seat.seat, a.at) for a in queries.answers(one)]
    found = judging.debrief(case, one.begun_at, queries.opened(one), decisions)
    return [
        {
            "d": d,
            "stage": d.stage.title.text(lang),
            "text": d.question.text.text(lang),
            "took": judging.minutes(d.took),
            "late": judging.minutes(d.late),
            "tone": STATES[d.state],
        }
        for d in found
    ]
