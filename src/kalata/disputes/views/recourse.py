"""Who may complain of what, before whom and until when: the remedies of the law of this house, for everybody."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kalata.disputes.queries import recourse as queries
from kalata.disputes.rules.checklist import CAPACITY_LABELS


def page(request: HttpRequest) -> HttpResponse:
    """Every act that may be attacked with its stages; what nobody has verified is marked so."""
    version = queries.pack_shown()
    context = {
        "section": "bench", "pack": version, "head": version.pack.head if version else {}, "words": CAPACITY_LABELS,
        "ways": queries.ways_of(version) if version else [],
    }  # fmt: skip
    return render(request, "disputes/recourse.html", context)
