"""Files of the Court for everybody: signed papers, annexes, the calendar of hearings."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language

from kalata.disputes import public_feeds, public_out
from kalata.disputes.forms.public import OfContest
from kalata.disputes.public_places import House
from kalata.disputes.queries import open_data, public, public_archives, public_decisions, public_proclamations
from kalata.disputes.signing import court
from kalata.ui import edge, kept

PAPERS = {"decision.pdf": ("pdf", "application/pdf"), "decision.xml": ("xml", "application/xml")}
ANNEX = re.compile(r"annexe-(\d{1,3})\.csv")


def calendar(request: HttpRequest) -> HttpResponseBase:
    """Hearings whose cause list is out, as a calendar."""
    asked = edge.asked(request, OfContest, strict=True)
    made = public_out.calendar(public.hearings(asked.scrutin), get_language() or "fr")
    answer = HttpResponse(made, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'inline; filename="audiences.ics"'
    return told(request, answer)


def told(request: HttpRequest, answer: HttpResponse) -> HttpResponseBase:
    made: HttpResponseBase = kept.told(request, answer)
    return made


def paper(request: HttpRequest, slug: str, name: str) -> HttpResponseBase:
    """The signed papers of a published decision, and its annexes as tables."""
    found = public_decisions.decision(slug)
    if found is None:
        raise Http404(slug)
    if name in PAPERS:
        which, media = PAPERS[name]
        return stored(request, getattr(found.row, which), media, f"{slug}.{which}")
    asked = ANNEX.fullmatch(name)
    annex = next((a for a in found.annexes if asked and a.name == asked[1]), None)
    if annex is None:
        raise Http404(name)
    answer = HttpResponse(public_out.annex_csv(annex, get_language() or "fr"), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{slug}-{name}"'
    return told(request, answer)


def stored(request: HttpRequest, sha256: str, media: str, name: str) -> HttpResponseBase:
    """A kept file by its hash, which is its ETag: it never changes."""
    path: Path | None = public_decisions.paper(sha256)
    if path is None:
        raise Http404(name)
    etag = f'"{sha256}"'
    answer: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if answer is None:
        answer = FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=media)
    answer["ETag"] = etag
    if not request.user.is_authenticated:
        answer["Cache-Control"] = "public, no-cache"
    return answer


def proclamation(request: HttpRequest, code: str) -> HttpResponseBase:
    """The signed proclamation of a contest."""
    found = next(iter(public_decisions.proclamations(code)), None)
    if found is None:
        raise Http404(code)
    return stored(request, found.document, "application/pdf", f"proclamation-{code}.pdf")


# --- open data, feeds ------------------------------------------------------------------------------------------
KINDS = {"csv": "text/csv; charset=utf-8", "json": "application/json", "atom": "application/atom+xml; charset=utf-8"}
TRUST = {"court.vkey": "text/plain; charset=utf-8", "court-ca.pem": "application/x-pem-file"}
FEEDS = ("cases.atom", "decisions.atom", "proclamations.atom")


def data(request: HttpRequest, name: str) -> HttpResponseBase:
    """A file of the open data, or a feed: made once a revision."""
    if name in TRUST:
        return trusted(request, name)
    if name not in public_feeds.TITLES and name not in FEEDS:
        raise Http404(name)
    lang = (get_language() or "fr") if name in FEEDS else ""
    what = kept.Made(f"court-{name}", (lang,), (public.revision(), timezone.localdate(), settings.PUBLIC_ADDRESS))
    made: HttpResponseBase = kept.served(
        request, what, lambda out: out.write(written(name, lang)), kind=KINDS[name.rpartition(".")[2]], filename=f"court-{name}",
        attached=name not in FEEDS,
    )  # fmt: skip
    return made


def written(name: str, lang: str) -> bytes:
    if name in FEEDS:
        return feed(name, lang)
    return open_data.files()[name]


def feed(name: str, lang: str) -> bytes:
    base, house = settings.PUBLIC_ADDRESS, House()
    own = base + reverse("court:file", args=[name])
    if name == "cases.atom":
        rows = public.docket().rows
        return public_feeds.docket_feed(
            rows, lambda n: base + house.to("case", n), base + house.to("docket"), own, lang
        )
    if name == "proclamations.atom":
        proclaimed = public_proclamations.files()
        return public_feeds.proclamations_feed(
            proclaimed, lambda code: base + house.to("proclaimed", code), base + house.to("decisions"), own, lang
        )
    decided = public_decisions.decisions()
    return public_feeds.decisions_feed(
        decided, lambda n: base + house.to("decision", n), base + house.to("decisions"), own, lang
    )


def trusted(request: HttpRequest, name: str) -> HttpResponseBase:
    """What a verifier needs of the Court: its key of archives, its certificates."""
    content = court.public_key().encode() + b"\n" if name == "court.vkey" else court.certificates()
    if not content.strip():
        raise Http404(name)
    answer = HttpResponse(content, content_type=TRUST[name])
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return told(request, answer)


def archive(request: HttpRequest, number: str) -> HttpResponseBase:
    """The public archive of a closed case: `kalata disputes verify` checks it offline."""
    found = public_archives.of([number]).get(number, "")
    return stored(request, found, "application/zip", f"{number}.zip")
