"""Public logs and their entries: everybody's."""

from __future__ import annotations

from django.urls import reverse

from kalata.chain.about import About, Link, plain
from kalata.chain.rules.verbs import Verb
from kalata.transparency.models import LogEntry, PublicLog

LOG = About(
    seen=lambda _person: PublicLog.objects.all(),
    title=lambda one: plain(one.origin),
    page=lambda _one: reverse("log:index"),
    subject="origin",
)
ENTRY = About(
    seen=lambda _person: LogEntry.objects.defer("data"),
    title=lambda one: plain(f"{one.log.origin}, n° {one.index}"),
    page=lambda _one: reverse("log:index"),
    links=(Link(verb=Verb.PART_OF, kind="public log", path="log_id"),),
    listed=False,
    along=("log",),
)
