"""What is pinned to a wall, on A3: the Gantt of the plan, and the calendar of its limits for everybody."""

from __future__ import annotations

from kalata.documents.rendering import Head, Paper
from kalata.planning.papers import words
from kalata.planning.papers.told import Told
from kalata.planning.rules.gantt_svg import Mark, pages
from kalata.planning.rules.plan import Type
from kalata.text import gettext_noop as _
from kalata.text import long_date

GANTT_TITLE = _("Plan opérationnel : diagramme de Gantt")
CALENDAR_TITLE = _("Calendrier électoral")
PUBLIC = frozenset({Type.EVENT, Type.LEGAL, Type.MILESTONE})


def gantt(told: Told, head: Head, lang: str) -> Paper:
    say, s = words.say_in(lang), told.schedule
    marks = [Mark(s.calendar.offset(day), name) for name, day in (("J1", told.j1), ("J2", told.j2)) if day is not None]
    drawn = pages(s, marks, lang)
    data = {
        "pictures": [f"gantt-{n}.svg" for n in range(1, len(drawn) + 1)],
        "alt": say(_("Diagramme de Gantt : les mêmes activités et les mêmes jours que dans le tableau du plan opérationnel.")),
        "key": say(_("Barre à bord épais : sans marge. Barre claire : marge. Losange : jalon. Trait interrompu : jour de scrutin. Bande claire : jours dont l’un est une fête estimée. Entre crochets : le calendrier que suit l’activité.")),
        "rows": [[word, text] for word, text in told.about],
    }  # fmt: skip
    return Paper("plan-gantt", head, data, lang, {f"gantt-{n}.svg": svg.encode() for n, svg in enumerate(drawn, 1)})


def calendar(told: Told, head: Head, lang: str) -> Paper:
    """Polls, milestones and limits of the law, by day."""
    say, s = words.say_in(lang), told.schedule
    rows = []
    for i, a in enumerate(s.plan.activities):
        if a.type not in PUBLIC:
            continue
        first, after = s.early.start[i], max(s.early.finish[i] - 1, s.early.start[i])
        days = long_date(s.calendar.day(first), lang)
        if after > first:
            days = f"{days} – {long_date(s.calendar.day(after), lang)}"
        source = a.columns.get("duration_or_anchor_source", "")
        flag = a.columns.get("duration_flag", "")
        rows.append(
            (first, [days, a.name(lang), a.anchor.text if a.anchor else "", " · ".join(x for x in (flag, source) if x)])
        )
    data = {
        "heads": [say(w) for w in (_("Jour"), _("Ce qui a lieu"), _("Règle"), _("Base"))],
        "dates": [row for _first, row in sorted(rows, key=lambda r: r[0])],
        "feasts_title": say(_("Jours chômés estimés : un de ces jours, que fixe un décret")),
        "feasts": [[f"{long_date(r.first, lang)} – {long_date(r.last, lang)}", r.name] for r in s.estimated if r.last >= s.calendar.start],
        "none": say(_("Ce plan ne porte ni scrutin, ni jalon, ni échéance légale.")),
        "notes": [say(text) for text in words.FLAGS.values()],
        "rows": [[word, text] for word, text in told.about],
    }
    return Paper("plan-calendar", head, data, lang)
