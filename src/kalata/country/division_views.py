"""Pages of the divisions of the territory: their levels and zones, new ones from files, outlines, a zone by itself."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _t

from kalata.country import queries, redrawing, services
from kalata.country.forms import GeographyForm, OutlinesForm, ZoneForm
from kalata.country.listings import UNITS
from kalata.country.models import Geography
from kalata.country.outlines import BadOutline
from kalata.country.services import dividing
from kalata.people.queries import may
from kalata.people.services import require
from kalata.text import gettext_noop as _
from kalata.text import told
from kalata.ui import edge


@contextmanager
def kept(upload: Any) -> Iterator[str]:
    """An uploaded file under a path, for as long as it is read."""
    with tempfile.NamedTemporaryFile(suffix=".csv") as keep:
        for chunk in upload.chunks():
            keep.write(chunk)
        keep.flush()
        yield keep.name


def geographies(request: HttpRequest) -> HttpResponse:
    """Every dated division of the territory; staff import new ones from CSV."""
    wrong: list[Any] = []
    form = GeographyForm()
    if request.method == "POST":
        require(request.user, "pack.manage")
        form = edge.form_of(request, GeographyForm)
        if form.is_valid():
            answer = divided(request, form, wrong)
            if answer is not None:
                return answer
    return render(
        request,
        "country/geographies.html",
        {
            "section": "country",
            "geographies": [(g, queries.levels_of(g)) for g in queries.geographies()],
            "may": may(request.user, "pack.manage"),
            "form": form,
            "wrong": wrong,
            "crumbs": [(reverse("country:index"), _t("Pays et textes")), ("", _t("Découpages"))],
        },
        status=422 if wrong or form.errors else 200,
    )


def divided(request: HttpRequest, form: GeographyForm, wrong: list[Any]) -> HttpResponse | None:
    """Import the file of the form; None where it is at fault, and `wrong` then holds every fault of it."""
    sent = form.cleaned_data
    with kept(sent["file"]) as path:
        try:
            report = services.import_geography(
                path=path,
                file=sent["file"].name,
                code=sent["code"],
                name=sent["name"] or sent["code"],
                valid_from=sent["valid_from"],
                source=sent["source"],
                by=cast(Any, request.user),
            )
        except services.BadGeographyFile as refused:
            wrong += refused.problems or [refused]
            form.add_error("file", refused.message.text(get_language() or "fr"))
            return None
    said = _t(
        "%(name)s : %(n)d {n:ligne lue|lignes lues}, %(a)d {a:zone ajoutée|zones ajoutées}, %(r)d {r:rattachement réparé|rattachements réparés}, %(o)d {o:zone|zones} sans rattachement."
    )
    messages.success(request, told(said, get_language(), {"name": sent["name"] or sent["code"], "n": report["rows"], "a": report["added"], "r": report["repaired"], "o": report["orphans"]}))  # fmt: skip
    for line in report["problems"][:20]:
        messages.warning(request, line)
    if len(report["problems"]) > 20:
        more = ngettext(
            "et %(n)d autre ligne signalée", "et %(n)d autres lignes signalées", len(report["problems"]) - 20
        )
        messages.warning(request, more % {"n": len(report["problems"]) - 20})
    return redirect("country:geography", sent["code"])


def redraw(request: HttpRequest, found: Geography) -> HttpResponse:
    """Take outlines from a file; where some would be erased, show which and ask."""
    require(request.user, "pack.manage")
    sent = edge.posted(request, OutlinesForm)
    by = cast(Any, request.user)
    if sent.file is None:
        if not sent.seen:
            raise BadOutline(at="–", why=_("aucun fichier"))
        drawn = redrawing.taken_up(sent.seen)
        count = services.keep_outlines(geography=found, drawn=drawn, seen=sent.seen, by=by)
    else:
        with kept(sent.file) as path:
            drawn, shown = redrawing.read_outlines(geography=found, path=path, name=sent.file.name)
        if shown.erased:
            redrawing.left_aside(drawn, shown.seen)
            crumbs = [
                (reverse("country:index"), _t("Pays et textes")),
                (reverse("country:geography", args=[found.code]), found.code),
                ("", _t("Contours")),
            ]
            context = {"section": "country", "geography": found, "shown": shown, "crumbs": crumbs}
            return render(request, "country/redraw.html", context, status=409)
        count = services.keep_outlines(geography=found, drawn=drawn, seen=shown.seen, by=by)
    messages.success(request, told(_t("%(n)d {n:zone dessinée|zones dessinées}."), get_language(), {"n": count}))
    return redirect("country:geography", found.code)


def geography(request: HttpRequest, code: str) -> HttpResponseBase:
    """The units of a geography, and where each lies in another one."""
    found = get_object_or_404(Geography, code=code)
    if request.method == "POST":
        return redraw(request, found)
    english = get_language() == "en"
    levels = [(one["level"], f"{one['level']} · {one['en' if english else 'fr']}") for one in found.levels]
    listed = UNITS.read(
        request, lambda asked: queries.units_found(found, asked.q, asked.niveau), options={"niveau": lambda: levels}
    )
    if listed.form:
        return listed.file()
    return render(
        request,
        "country/geography.html",
        {
            "section": "country",
            "geography": found,
            "list": listed,
            "counts": queries.levels_of(found),
            "may": may(request.user, "pack.manage"),
            "crumbs": [
                (reverse("country:index"), _t("Pays et textes")),
                (reverse("country:geographies"), _t("Découpages")),
                ("", found.code),
            ],
        },
    )


def zone(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """One zone: its level, where it lies, what uses it; corrected or taken away while nothing does."""
    found = get_object_or_404(queries.geographies(), code=code)
    unit = get_object_or_404(queries.units_of(found), pk=pk)
    by, country = cast(Any, request.user), queries.country_of(found.code, get_language() or "fr")
    act = edge.button(request, "edit", "drop") if request.method == "POST" else ""
    if act:
        require(request.user, "pack.manage")
    if act == "drop":
        name = dividing.drop_zone(geography=found, unit_id=unit.pk, by=by)
        messages.success(request, _t("Zone « %(name)s » retirée du découpage.") % {"name": name})
        return redirect("country:geography", found.code)
    above = list(queries.units_of(found).filter(level__lt=unit.level)[:3_000])
    start = {"name": unit.name, "kind": unit.kind, "parent": unit.parent_id}
    form = edge.form_of(request, ZoneForm, when=act == "edit", above=above, initial=start)
    if act == "edit" and form.is_valid():
        sent = form.cleaned_data
        parent = next((u for u in above if u.pk == sent["parent"]), None)
        if sent["parent"] and parent is None:
            raise Http404
        dividing.edit_zone(geography=found, unit_id=unit.pk, name=sent["name"], kind=sent["kind"], parent=parent, by=by)
        messages.success(request, _t("Zone « %(name)s » corrigée.") % {"name": sent["name"]})
        return redirect("country:zone", found.code, unit.pk)
    used = dividing.used_by(unit, children=True)
    return render(
        request,
        "country/zone.html",
        {
            "section": "country", "geography": found, "unit": unit, "level": queries.level_name(found, unit.level, get_language() or "fr"),
            "used": used, "free": not country and not dividing.used_by(unit, children=False), "gone": not country and not used,
            "country": country, "form": form, "inside": unit.children.order_by("sort_name")[:200],
            "may": may(request.user, "pack.manage"),
            "crumbs": [
                (reverse("country:index"), _t("Pays et textes")), (reverse("country:geographies"), _t("Découpages")),
                (reverse("country:geography", args=[found.code]), found.code), ("", unit.name),
            ],
        },
        status=422 if form.errors else 200,
    )  # fmt: skip
