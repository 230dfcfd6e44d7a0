"""Pages of the packs: every fact with source and confidence, what is unverified, what differs."""

from __future__ import annotations

import json
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _t

from kalata.country import packs, queries, services
from kalata.country.models import PackVersion
from kalata.country.rules.pack import differences, is_unverified, sources_of
from kalata.country.rules.schema import BY_NAME, SECTIONS
from kalata.country.rules.shapes import FIELD_LABELS
from kalata.people.services import require
from kalata.text import translate
from kalata.ui import edge, fields


class Records(edge.Edge):
    """What narrows the records of a section."""

    q = fields.TextField()
    confiance = fields.ChoiceField(("unverified", "verified"))
    source = fields.TextField()


class Versions(edge.Edge):
    """The two versions to compare."""

    a = fields.IdField()
    b = fields.IdField()


class LoadForm(edge.Edge):
    pack = fields.ChoiceField(packs.shipped, required=True)


def latest(code: str) -> PackVersion:
    found = queries.versions_of(code).first()
    if found is None:
        raise Http404(code)
    return found


def index(request: HttpRequest) -> HttpResponse:
    versions = queries.latest_packs()
    rows = [
        (
            v,
            sum(len(r) for r in v.pack.sections.values()),
            sum(is_unverified(x) for r in v.pack.sections.values() for x in r),
        )
        for v in versions
    ]
    return render(
        request,
        "country/index.html",
        {"section": "country", "rows": rows, "shipped": packs.shipped(), "geographies": queries.geographies()},
    )


def pack(request: HttpRequest, code: str) -> HttpResponse:
    """The sections of a pack, each with how much of it is verified."""
    version = latest(code)
    rows = [
        (s, len(version.pack.records(s.name)), sum(is_unverified(r) for r in version.pack.records(s.name)))
        for s in SECTIONS
        if version.pack.records(s.name)
    ]
    return render(
        request,
        "country/pack.html",
        {
            "section": "country",
            "version": version,
            "head": version.pack.head,
            "rows": rows,
            "versions": queries.versions_of(code).defer("content"),
            "crumbs": [(reverse("country:index"), _t("Pays et textes")), ("", str(version.pack.head["name_fr"]))],
        },
    )


def section(request: HttpRequest, code: str, section: str) -> HttpResponse:
    """Every record of a section: search, only what is unverified, only one source."""
    version = latest(code)
    shape = BY_NAME.get(section)
    if shape is None:
        raise Http404(section)
    asked = edge.asked(request, Records)
    text, only, source = asked.q, asked.confiance, asked.source
    found = list(version.pack.records(section))
    if only == "unverified":
        found = [r for r in found if is_unverified(r)]
    elif only == "verified":
        found = [r for r in found if not is_unverified(r)]
    if source:
        found = [r for r in found if source in sources_of(r)]
    if text:
        found = [
            r for r in found if services.fold(text) in services.fold(json.dumps(r, ensure_ascii=False, default=str))
        ]
    sources = {str(s["id"]): s for s in version.pack.records("sources")}
    page = edge.paged(request, found, 40)
    rows = [
        (
            r,
            title_of(r),
            [
                (FIELD_LABELS.get(k, k), r[k])
                for k in shape.shown
                if r.get(k) not in (None, "", []) and r[k] != title_of(r)
            ],
            [
                (FIELD_LABELS.get(k, k), v)
                for k, v in r.items()
                if k not in (*shape.shown, "id", "source", "confidence") and v not in (None, "", [])
            ],
            [sources.get(s, {"id": s, "title": s}) for s in sources_of(r)],
        )
        for r in page
    ]
    return render(
        request,
        "country/section.html",
        {
            "section": "country",
            "version": version,
            "shape": shape,
            "rows": rows,
            "page": page,
            "q": text,
            "only": only,
            "source": source,
            "crumbs": [
                (reverse("country:index"), _t("Pays et textes")),
                (reverse("country:pack", args=[code]), str(version.pack.head["name_fr"])),
                ("", translate(shape.title, get_language() or "fr")),
            ],
        },
    )


def title_of(record: Any) -> str:
    return next(
        (
            str(record[k])
            for k in ("name_fr", "title_fr", "what_fr", "fr", "name", "title", "rule", "detail")
            if record.get(k)
        ),
        str(record.get("id")),
    )


def versions(request: HttpRequest, code: str) -> HttpResponse:
    """What differs between two loaded versions of a pack."""
    every = list(queries.versions_of(code))
    if not every:
        raise Http404(code)
    asked = edge.asked(request, Versions)
    by_id = {v.pk: v for v in every}
    if any(n is not None and n not in by_id for n in (asked.a, asked.b)):
        raise Http404(code)
    new = by_id.get(asked.b, every[0])
    old = by_id.get(asked.a, every[1] if len(every) > 1 else every[0])
    page = edge.paged(request, differences(old.pack, new.pack), 60)
    return render(
        request,
        "country/versions.html",
        {
            "section": "country",
            "version": new,
            "every": every,
            "old": old,
            "new": new,
            "page": page,
            "crumbs": [(reverse("country:index"), _t("Pays et textes")), (reverse("country:pack", args=[code]), code), ("", _t("Versions"))],
        },
    )


@login_required
def load(request: HttpRequest) -> HttpResponse:
    """Load a version of a pack that ships with the product (or lies in its packs folder)."""
    require(request.user, "pack.manage")
    if request.method == "POST":
        version = services.load_pack_version(
            packs.load_pack(packs.find_pack(edge.posted(request, LoadForm).pack)), by=cast(Any, request.user)
        )
        messages.success(request, _t("Pack %(p)s chargé.") % {"p": version})
        return redirect("country:pack", version.code)
    return redirect("country:index")
