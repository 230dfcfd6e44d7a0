"""What a change of an article touches, and the tasks that it opens."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from kalata.people.guard import require
from kalata.people.queries import may
from kalata.results.views.shared import who
from kalata.text import told
from kalata.training.queries import impact as queries
from kalata.training.queries import procedures
from kalata.training.rules.rights import READ, REVIEW, WRITE
from kalata.training.services import impact_tasks
from kalata.ui import edge, fields


class Asked(edge.Edge):
    article = fields.TextField(most=160, label=_("Version citée de l’article"))


class TasksForm(edge.Edge):
    act = "tasks"
    article = fields.TextField(most=160, required=True)
    version = fields.TextField(most=60, required=True, label=_("Version nouvelle, réelle ou simulée"))


@login_required
def page(request: HttpRequest) -> HttpResponse:
    """Steps, cases, boxes, pages, questions, classes held and certificates that rest on a version of an article."""
    require(request.user, READ)
    sources = procedures.sources()
    source = sources[0] if sources else None
    acts = may(request.user, WRITE) or may(request.user, REVIEW)
    if request.method == "POST":
        if not acts:
            require(request.user, WRITE)
        v: Any = edge.acted(request, TasksForm).v
        if source is None or v.article not in queries.articles(source):
            raise Http404
        n = impact_tasks.open_tasks(source=source, article=v.article, version=v.version, by=who(request))
        messages.success(request, told(_t("%(n)d {n:tâche ouverte|tâches ouvertes}, une par procédure touchée."), get_language(), {"n": n}))
        return redirect(f"{request.path}?{urlencode({'article': v.article})}")
    asked: Any = edge.asked(request, Asked)
    known = queries.articles(source) if source else []
    found = queries.of(source, [asked.article]) if source and asked.article in known else None
    shown = {
        "section": "procedures", "crumbs": [(reverse("procedures:list"), _t("Procédures")), ("", _t("Incidence d’un texte"))], "articles": known,
        "article": asked.article, "found": found, "acts": acts, "form": TasksForm(), "waiting": queries.open_tasks(found, f"{asked.article} →") if found else 0,
    }  # fmt: skip
    return render(request, "procedures/impact.html", shown)
