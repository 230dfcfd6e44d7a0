"""What this room shows on the front page: how far the public log has gone."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _t

from kalata.rooms import AtHome, Figure, Line, Stage
from kalata.text import told, whole
from kalata.transparency import publiclog, queries
from kalata.transparency.models import LogCheckpoint, PublicLog


def shown(request: HttpRequest) -> AtHome:
    entries = publiclog.signed_entries()
    detail = told(_t("%(n)d {n:inscription signée|inscriptions signées}"), get_language(), {"n": entries}) if entries else ""
    stages = [Stage("log", detail, reverse("log:index"), "now" if entries else "", signed_share(entries))]
    if not request.user.is_authenticated:
        return AtHome(stages)
    figure = Figure(400, _t("Inscriptions signées"), whole(entries, lang()), "", reverse("log:index"), _t("au journal public"), queries.signed_trend())  # fmt: skip
    return AtHome(stages, figures=[figure] if entries else [], proved=[proved(*one) for one in queries.heads()])


def signed_share(entries: int) -> int | None:
    """What is signed of what was announced, in whole percent; None where nothing was."""
    waiting = queries.unsigned()
    return entries * 100 // (entries + waiting) if entries else None


def proved(log: PublicLog, point: LogCheckpoint, witnesses: int, of: int) -> Line:
    """The last signed state of a log, and how many of the witnesses have signed it too."""
    says = ngettext("%(n)d inscription, empreinte %(root)s", "%(n)d inscriptions, empreinte %(root)s", point.size)
    detail = says % {"n": point.size, "root": f"{point.root[:8]}…{point.root[-6:]}"}
    seen = told(_t("%(n)d / %(of)d {of:témoin|témoins}"), get_language(), {"n": witnesses, "of": of}) if of else _t("aucun témoin")
    day = formats.date_format(timezone.localtime(point.at), "j b")
    return Line(500, "shield", log.origin, reverse("log:index"), detail, seen, day)


def lang() -> str:
    return get_language() or "fr"
