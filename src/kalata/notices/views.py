"""The notification centre: what came near, passed, moved or waits; read once, done once, kept."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _t

from kalata.notices import queries, services
from kalata.notices.forms import DoneForm, MailForm, NoticeList, ReadForm
from kalata.notices.models import MAIL, Receipt
from kalata.notices.rules.topics import may_be_done, topic_of
from kalata.text import gettext_noop as _
from kalata.ui import edge

MAIL_LABELS = dict(zip(MAIL, (_("un courriel par avis"), _("un courriel par jour"), _("pas de courriel")), strict=True))
TABS = (("unread", _("Non lus")), ("todo", _("À faire")), ("all", _("Tous")))


@login_required
def notices(request: HttpRequest) -> HttpResponse:
    person: Any = request.user
    if request.method == "POST":
        return acted(request, person)
    which = edge.asked(request, NoticeList).etat
    page = edge.paged(request, queries.mine(person, which), 30)
    return render(
        request,
        "notices/list.html",
        {
            "section": "notices",
            "page": page,
            "rows": [shown(one) for one in page],
            "only": which,
            "tabs": [(key, _t(label)) for key, label in TABS],
            "mails": [(key, _t(label)) for key, label in MAIL_LABELS.items()],
            "mail": queries.mail_of(person),
            "crumbs": [("", _t("Avis"))],
        },
    )


def acted(request: HttpRequest, person: Any) -> HttpResponse:
    form = edge.acted(request, ReadForm, DoneForm, MailForm)
    if isinstance(form, DoneForm):
        try:
            services.done(person, form.v.id)
        except Receipt.DoesNotExist:
            raise Http404 from None
        messages.success(request, _t("Dit fait, pour tous ceux qui ont reçu cet avis."))
    elif isinstance(form, MailForm):
        services.choose_mail(person, form.v.mail)
        messages.success(request, _t("Choix gardé."))
    else:
        services.read(person, form.v.id or None)
    return redirect("notices:list")


def shown(one: Receipt) -> dict[str, Any]:
    """A line of the page."""
    topic, notice = topic_of(one.notice.topic), one.notice
    done = notice.done_at is not None
    return {
        "pk": one.pk,
        "icon": topic.icon,
        "tone": topic.tone,
        "text": notice.text_en if get_language() == "en" else notice.text_fr,
        "href": notice.href,
        "at": one.at,
        "mailed": one.mailed_at,
        "read": one.read_at,
        "above": one.why == Receipt.ABOVE,
        "task": topic.task,
        "done_at": notice.done_at,
        "done_by": notice.done_by,
        "doable": may_be_done(task=topic.task, settles=topic.settles, done=done) and queries.still_holds(one),
    }
