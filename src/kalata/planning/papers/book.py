"""The operational plan and its budget as one book: every date, every sum, and beside each figure what it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kalata.documents.rendering import Head, Paper
from kalata.planning.papers import words
from kalata.planning.papers.told import Told
from kalata.planning.rules.cost import Budget
from kalata.planning.rules.cost_groups import grouped
from kalata.planning.rules.findings import findings_of
from kalata.planning.rules.spells import Spell
from kalata.text import decimal
from kalata.text import gettext_noop as _

TITLE = _("Plan opérationnel et budget")
GROUPS = (("funder", _("Par bailleur")), ("category", _("Par catégorie")), ("phase", _("Par phase")))
NOTHING_SAID = _("(non dit)")


def book(told: Told, head: Head, lang: str) -> Paper:
    say = words.say_in(lang)
    data = {
        "rows": summary(told, lang),
        "flags": [say(text) for text in words.FLAGS.values()],
        "chain_title": say(_("Chaîne qui fixe la fin")),
        "chain": " → ".join(told.schedule.plan.activities[i].id for i in told.schedule.chain),
        "phases_title": say(_("Activités")),
        "heads": [say(w) for w in (_("N°"), _("Activité"), _("Début"), _("Fin"), _("Durée (opt. – prob. – pess.)"), _("Marge"), _("Responsable"), _("Base"))],
        "phases": phases(told, lang),
        "anchors_title": say(_("Échéances légales")),
        "anchor_heads": [say(w) for w in (_("N°"), _("Activité"), _("Ancre"), _("Exigée"), _("Prévue"), _("Jours d’avance"))],
        "anchors": anchors(told, lang),
        "no_anchor": say(_("Ce plan ne porte aucune échéance légale.")),
        **calendars(told, lang),
        "findings_title": say(_("Ce que ce plan ne dit pas, ou dit mal")),
        "findings": findings(told, lang),
        "none": say(_("Rien à signaler.")),
        **money(told, lang),
    }  # fmt: skip
    return Paper("plan-book", head, data, lang)


def summary(told: Told, lang: str) -> list[list[str]]:
    say, s = words.say_in(lang), told.schedule
    plan, cal = s.plan, s.calendar
    stated = sum(a.columns.get("duration_flag", "").strip() == "S" for a in plan.activities)
    sourced = say(_("durées établies par une source"))
    rows = [
        *([[word, text] for word, text in told.about]),
        [say(_("Premier jour")), words.day(cal.start, lang)],
        *([[say(_("Scrutin, 1er tour")), words.day(told.j1, lang)]] if told.j1 else []),
        *([[say(_("Scrutin, 2e tour")), words.day(told.j2, lang)]] if told.j2 else []),
        [say(_("Fin du plan")), words.day(cal.day(max(s.finish - 1, 0)), lang)],
        [say(_("Activités")), f"{len(plan.activities)} · {sourced} : {stated}"],
    ]
    if told.budget is not None:
        low, likely, high = told.budget.total
        rows.append([say(_("Coût probable")), f"{words.francs(likely, lang)} {told.budget.rate.currency}"])
        warned = say(_("ce ne sont pas des probabilités"))
        between = f"{words.francs(low, lang)} – {words.francs(high, lang)} {told.budget.rate.currency}"
        rows.append(
            [
                say(_("Sommes des prix bas et des prix hauts")),
                f"{between} · {warned}",
            ]
        )
    return rows


def phases(told: Told, lang: str) -> list[dict[str, Any]]:
    s = told.schedule
    out: list[dict[str, Any]] = []
    for i, a in enumerate(s.plan.activities):
        if not out or out[-1]["name"] != a.phase:
            out.append({"name": a.phase, "rows": []})
        first, after = s.early.start[i], s.early.finish[i]
        out[-1]["rows"].append([
            a.id, a.name(lang), words.day(s.calendar.day(first), lang), words.day(s.calendar.day(max(after - 1, first)), lang),
            words.lasting(a, lang), ("* " if s.critical(i) else "") + str(s.total[i]), a.columns.get("responsible", ""),
            " · ".join(x for x in (a.columns.get("duration_flag", ""), a.columns.get("duration_or_anchor_source", "")) if x),
        ])  # fmt: skip
    return out


def anchors(told: Told, lang: str) -> list[list[str]]:
    s = told.schedule
    names = s.plan.by_id
    return [
        [one.id, names[one.id].name(lang), one.anchor.text, words.day(s.calendar.day(one.required), lang),
         words.day(s.calendar.day(one.scheduled), lang), f"{one.margin:+d}"]
        for one in s.anchors
    ]  # fmt: skip


def calendars(told: Told, lang: str) -> dict[str, Any]:
    """The calendars that activities follow beside the plan's, with what slows or stops them; feasts by their range."""
    say, s = words.say_in(lang), told.schedule
    followed: dict[str, list[str]] = {}
    for a in s.plan.activities:
        own = s.calendar.own(a.columns.get("calendar", ""), a.columns.get("territory", ""))
        if own is not None and own.work is not None:
            followed.setdefault(own.work.code, []).append(a.id)
    named = [(s.calendar.named[code].work, ids) for code, ids in followed.items()]
    rows = [
        [f"{w.code} {w.called(lang)}", ", ".join(ids), "; ".join(slowed(one, lang) for one in w.spells), " · ".join(x for x in (w.flag, w.source) if x)]
        for w, ids in named if w is not None
    ]  # fmt: skip
    return {
        "calendars_title": say(_("Calendriers et jours estimés")), "calendars": rows, "no_calendar": say(_("Toutes les activités suivent le calendrier du plan.")),
        "calendar_heads": [say(w) for w in (_("Calendrier"), _("Activités"), _("Saisons et fermetures"), _("Base"))],
        "feast_heads": [say(w) for w in (_("Jour chômé estimé"), _("Au plus tôt"), _("Au plus tard"))],
        "feasts": [[r.name, words.day(r.first, lang), words.day(r.last, lang)] for r in s.estimated],
    }  # fmt: skip


def slowed(one: Spell, lang: str) -> str:
    when = f"{one.first} – {one.last}" if one.first else f"{one.days} < {one.feast}"
    return f"{one.called(lang)} ({when}, {one.percent} %, {one.flag})"


def findings(told: Told, lang: str) -> list[str]:
    key = "en" if lang == "en" else "fr"
    found = [str(f[key]) for f in findings_of(told.schedule)]
    return found + ([f.sentence.text(lang) for f in told.budget.findings] if told.budget else [])


def money(told: Told, lang: str) -> Mapping[str, Any]:
    say = words.say_in(lang)
    if told.budget is None:
        return {"budget_title": say(_("Budget")), "budget": False, "no_budget": say(_("Ce plan ne porte aucun prix."))}
    budget, titled = told.budget, say(_("Budget"))
    heads = [say(w) for w in (_("Bas"), _("Probable"), _("Haut"))]
    return {
        "budget_title": f"{titled} ({budget.rate.currency})",
        "budget": True,
        "groups": [
            {"title": say(title), "heads": ["", *heads], "rows": group_rows(budget, by, lang)} for by, title in GROUPS
        ],
        "lines_title": say(_("Lignes")),
        "line_heads": [say(w) for w in (_("N°"), _("Ligne"), _("Quantité"), _("Inducteur"), _("Prix unitaire (bas – prob. – haut)"), _("Bas"), _("Probable"), _("Haut"), _("Bailleur"), _("Base"))],
        "lines": lines(budget, lang),
        "total": [say(_("Total")), *(words.francs(v, lang) for v in budget.total)],
    }  # fmt: skip


def group_rows(budget: Budget, by: str, lang: str) -> list[list[str]]:
    say = words.say_in(lang)
    rows = [[g.key or say(NOTHING_SAID), *(words.francs(v, lang) for v in g.amount)] for g in grouped(budget, by)]
    return [*rows, [say(_("Total")), *(words.francs(v, lang) for v in budget.total)]]


def lines(budget: Budget, lang: str) -> list[list[str]]:
    out = []
    for line in budget.lines:
        unit = line.unit if len(set(line.unit)) > 1 else line.unit[:1]
        out.append([
            line.id, line.activity.name(lang), decimal(line.quantity, lang, 9, shortest=True), line.activity.cost_driver,
            " – ".join(words.francs(v, lang) for v in unit), *(words.francs(v, lang) for v in line.amount),
            line.said("default_funder"), " · ".join(x for x in (line.said("unit_cost_flag"), line.said("unit_cost_source")) if x),
        ])  # fmt: skip
    return out
