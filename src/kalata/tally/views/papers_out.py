"""What is printed: result forms by place, reserve forms, recap forms, labels of bags, minutes."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _t

from kalata.country.models import Contest, Unit
from kalata.country.queries import places
from kalata.documents import rendering
from kalata.documents.rendering import Paper
from kalata.results.printing import head_of
from kalata.results.queries.store import sheet_of
from kalata.results.rules.rights import SITTINGS
from kalata.results.rules.sheets import lines_of
from kalata.results.territory import Reach, inside, path_of
from kalata.results.views.shared import pdf
from kalata.tally import printing
from kalata.tally.access import bags_of, paper_for, sittings_of
from kalata.tally.forms import Print, Recap
from kalata.tally.models import Sitting
from kalata.tally.queries.formcodes import form_of
from kalata.tally.queries.kept import counted_sheets, sittings_at
from kalata.tally.rules.rights import BAGS, PRINTS, RECAPS
from kalata.tally.services import commission, custody
from kalata.tally.services.reports import boxes_of
from kalata.tally.views.common import Lines, base, contest_of, language, reach
from kalata.text import gettext_noop as _
from kalata.text import translate, whole
from kalata.ui import edge

SECOND = (("", "–"), ("en", "English"), ("bm", "Bamanankan"))


def unit_of(contest: Contest, zone: int | None, here: Reach) -> Unit | None:
    """The place asked for, within the territories of who asks; without one the nation, or the one territory."""
    if zone is None and here.tops is not None:
        zone = here.tops[0]
    if zone is None:
        return None
    found = places(contest).filter(pk=zone)
    unit = found.select_related("parent__parent__parent").first()
    if unit is None or not here.holds(path_of(unit)):
        raise Http404(str(zone))
    return unit


@login_required
def choose(request: HttpRequest, code: str) -> HttpResponse:
    """Which forms, of which place, in which languages."""
    contest = contest_of(request, code, *PRINTS)
    here = reach(request, contest, *PRINTS)
    units = places(contest).filter(here.on(""), level__lte=3)
    model = form_of(contest)
    return render(
        request,
        "tally/printing.html",
        {
            **base(request, contest, _t("Formulaires")),
            "units": units.order_by("level", "sort_name").only("pk", "name", "level"),
            "nation": here.whole,
            "second": SECOND,
            "model": model,
            "copies": [c.get("to_en" if language() == "en" else "to_fr") for c in model.get("copies") or ()],
            "most": printing.MOST,
            "stations": contest.stations.filter(here.on("unit")).count(),
        },
    )


@login_required
def forms(request: HttpRequest, code: str) -> HttpResponse:
    """Result forms of a place as one PDF, in print order."""
    contest = contest_of(request, code, *PRINTS)
    asked = edge.asked(request, Print, strict=True)
    unit = unit_of(contest, asked.zone, reach(request, contest, *PRINTS))
    copies = printing.copies_of(contest) if asked.exemplaires else ["1"]
    layout = printing.Layout(contest, language(), asked.seconde)
    if asked.document == "reserve":
        return pdf(printing.reserve(layout, asked.nombre), f"{contest.code}-reserve")
    found = [f for _place, group in printing.forms_by_place(contest, unit, copies) for f in group]
    if not found:
        raise Http404("–")
    return pdf(printing.printed(layout, found), f"{contest.code}-{unit.code if unit else 'tous'}")


@login_required
def one_form(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The form in use of one station: after a replacement, the new one."""
    contest = contest_of(request, code, *PRINTS)
    paper = paper_for(request.user, contest, pk, PRINTS)
    units = {u.pk: u for u in places(contest).only("name", "parent")}
    form = printing.Form(paper.station, paper.serial, "1", place=printing.place_names(units, paper.station.unit_id))
    return pdf(printing.printed(printing.Layout(contest, language()), [form]), f"{contest.code}-{paper.station.code}")


@login_required
def recap_form(request: HttpRequest, code: str) -> HttpResponse:
    """The recap of a territory: blank to be filled by hand, or as the counted reports make it."""
    asked = edge.asked(request, Recap, strict=True)
    blank = asked.vierge
    rights = (*RECAPS, "results.setup") if blank else RECAPS
    contest = contest_of(request, code, *rights)
    unit = unit_of(contest, asked.zone, reach(request, contest, *rights))
    return pdf(recap_pdf(contest, unit, blank=blank), f"{contest.code}-recap")


MOST_ROWS = 2_500


def recap_pdf(contest: Contest, unit: Unit | None, *, blank: bool) -> bytes:
    """Rows: stations of a small territory, places of a large one; the last row is their sum."""
    lines, lang = Lines(contest), language()
    keys = [k for k, _label, _e in lines.all]
    stations = list(contest.stations.filter(inside(unit, "unit")).order_by("code")[: MOST_ROWS + 1])
    if len(stations) > MOST_ROWS:
        raise printing.TooManyForms(n=contest.stations.filter(inside(unit, "unit")).count(), most=MOST_ROWS)
    boxes = boxes_of(contest)
    reports = {
        s: lines_of(sheet_of(blob, boxes))
        for s, blob in counted_sheets([s.pk for s in stations])
    }
    rows, missing = [], []
    for s in stations:
        values = None if blank else reports.get(s.pk)
        if values is None and not blank:
            missing.append(s.code)
        rows.append([s.code, *("" if values is None else text(values.get(k), lang) for k in keys)])
    total, counted, every = commission.summed(contest, unit)
    sums = ["" for _k in keys] if blank else [whole(total.get(k, 0), lang) for k in keys]
    members = latest_members(contest, unit)
    data = {
        "heads": [translate(_("Bureau"), lang), *(lines.label[k] for k in keys)],
        "rows": rows,
        "sums": [translate(_("Total"), lang), *sums],
        "w_missing": translate(_("Non comptés :"), lang),
        "missing": [] if blank else missing,
        "notes": [] if blank else [
            translate(_("Bureaux comptés : %(a)s sur %(b)s."), lang) % {"a": whole(counted, lang), "b": whole(every, lang)}
        ],
        "w_members": translate(_("Membres de la commission"), lang),
        "members": members or [""] * 8,
    }  # fmt: skip
    head = head_of(
        contest, lang, title=translate(_("Récapitulatif des procès-verbaux"), lang),
        place=unit.name if unit else translate(_("national"), lang), number=f"{contest.code} · rev. {contest.revision}",
    )  # fmt: skip
    return rendering.copy(Paper("recap", head, data, "en" if lang == "en" else "fr")).pdf


def text(value: int | None, lang: str) -> str:
    return "–" if value is None else whole(value, lang)


def latest_members(contest: Contest, unit: Unit | None) -> list[str]:
    sitting = sittings_at(contest, unit).first()
    return [f"{m.name}, {m.body}".rstrip(", ") for m in sitting.members.all()] if sitting else []


@login_required
def label(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The cover sheet of a bag or envelope: its code, its seals, what it should hold, room for handovers."""
    contest = contest_of(request, code, *BAGS)
    bag = bags_of(request.user, contest).select_related("unit").get(pk=pk)
    lang = language()
    pixels, side = printing.square(bag.code)
    data = {
        "lang": "en" if lang == "en" else "fr",
        "contest": printing.name_of(contest, lang),
        "exercise": translate(_("EXERCICE : sans valeur électorale"), lang) if contest.election.exercise else "",
        "w_seals": translate(_("Scellés :"), lang),
        "w_inside": translate(_("Procès-verbaux annoncés"), lang),
        "handover": [translate(t, lang) for t in (_("Date et heure"), _("Remis par"), _("Reçu par"), _("Lieu"), _("Scellés lus"))],
        "labels": [
            {
                "qr": pixels, "side": side, "code": bag.code, "kind": translate(custody.KINDS[bag.kind], lang),
                "place": bag.unit.name if bag.unit else "", "seals": ", ".join(bag.seals),
                "items": list(bag.items.values_list("paper__station__code", flat=True)),
            }
        ],
    }  # fmt: skip
    return pdf(rendering.form("labels", data), bag.code)


@login_required
def minutes(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The minutes of a sitting as they are now."""
    contest = contest_of(request, code, *SITTINGS)
    sitting = sittings_of(request.user, contest).get(pk=pk)
    return pdf(rendering.copy(minutes_paper(contest, sitting)).pdf, f"{contest.code}-seance-{pk}")


def minutes_paper(contest: Contest, sitting: Sitting) -> Paper:
    lang = language()
    head = head_of(
        contest, lang, title=sitting.title, place=sitting.unit.name if sitting.unit else translate(_("national"), lang),
        number=f"{contest.code} · {sitting.pk}",
    )  # fmt: skip
    return Paper("minutes", head, minutes_data(contest, sitting), "en" if lang == "en" else "fr")


def minutes_data(contest: Contest, sitting: Sitting) -> dict[str, Any]:
    lang = language()
    say = lambda t: translate(t, lang)  # noqa: E731
    lines, recap = Lines(contest), sitting.recaps.last()
    figures: list[list[str]] = []
    if recap is not None:
        values = lines_of(sheet_of(recap.sheet, boxes_of(contest)))
        for key, name, _e in lines.all:
            mine = values.get(key)
            there = recap.apart.get(key, [mine, mine])[1]
            figures.append([name, text(mine, lang), text(there, lang), "" if mine == there else say(_("écart"))])
    members = list(sitting.members.all())
    when = lambda at: timezone.localtime(at).strftime("%d/%m/%Y %H:%M") if at else "–"  # noqa: E731
    return {
        "paragraphs": [
            p for p in (
                sitting.purpose,
                f"{say(_('Ouverte le'))} {when(sitting.opened_at)} · {say(_('close le'))} {when(sitting.closed_at)} · "
                f"{say(_('quorum'))} {sitting.quorum} · {say(commission.STATES[sitting.state])}",
            ) if p
        ],
        "w_present": say(_("Membres de la commission")),
        "heads": [say(_("Membre")), say(_("Désigné par")), say(_("Présent")), say(_("Signature"))],
        "members": [
            [m.name, m.body, say(_("oui")) if m.present else say(_("non")), say(commission.SIGNATURES[m.signature])]
            for m in members
        ],
        "reservations": [[m.name, m.reservation] for m in members if m.reservation],
        "w_acts": say(_("Déroulement")),
        "acts": [[when(m.at), said(m, say)] for m in sitting.minutes.all()],
        "w_recap": say(_("Récapitulatif comparé aux procès-verbaux")),
        "fheads": [say(_("Rubrique")), say(_("Récapitulatif")), say(_("Somme des PV")), ""],
        "figures": figures,
    }  # fmt: skip


def said(row: Any, say: Any) -> str:
    votes = ""
    if row.votes_for is not None:
        votes = f" ({say(_('pour'))} {row.votes_for}, {say(_('contre'))} {row.votes_against or 0}, {say(_('abstentions'))} {row.abstained or 0})"
    return f"{say(commission.KINDS.get(row.kind, row.kind))} : {row.text}{votes}"
