"""The editor of a case that is a draft: its head, its election, each stage, paper, question and criterion, or its file as a whole."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _t

from kalata import plain
from kalata.country.rules.shapes import Confidence
from kalata.people.guard import require
from kalata.results.views.shared import language, who
from kalata.training.forms import moot_editing as forms
from kalata.training.models import MootVersion
from kalata.training.moots_lists import title_of
from kalata.training.pages import moot_editing as pages
from kalata.training.queries import moots as queries
from kalata.training.rules.moot_states import Version
from kalata.training.rules.moots import editing
from kalata.training.rules.moots.case import TOPICS, Sort
from kalata.training.rules.moots.engines import shown as in_words
from kalata.training.rules.rights import WRITE
from kalata.training.services import moots as services
from kalata.training.views.classes_files import sent
from kalata.training.views.moots import PACK, crumbs, guard
from kalata.ui import edge

ACTS: tuple[type[edge.Edge], ...] = (*pages.KINDS.values(), forms.MoveForm, forms.RemoveForm)


def found(request: HttpRequest, pk: int) -> MootVersion:
    guard(request)
    one = queries.versions(request.user).filter(pk=pk).first()
    if one is None:
        raise Http404
    return one


@login_required
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """A version as its file, which the editor and the pack read."""
    one = found(request, pk)
    require(request.user, WRITE)
    text = pages.text_of(one.content)
    return sent(text.encode(), f"{one.case.code.lower()}-v{one.number}.yaml", "application/yaml; charset=utf-8")


@login_required
def new(request: HttpRequest) -> HttpResponse:
    """A case written here from its first word."""
    guard(request)
    require(request.user, WRITE)
    if request.method == "POST":
        v: Any = edge.acted(request, forms.NewForm).v
        made = services.create(content=content_of(v), by=who(request))
        messages.success(request, _t("Brouillon gardé : lu, calculé, sans nom réel."))
        return redirect("moots:edit", made.pk)
    first = {"difficulty": "1", "minutes": 30, "weight": 1, "question_id": "Q1", "criterion_id": "C1", "pack": PACK, "on": timezone.localdate(), "confidence": Confidence.FICTIONAL.value}  # fmt: skip
    form = forms.NewForm(initial=first)
    context = {
        "section": "moots", "crumbs": crumbs(("", _t("Écrire une affaire"))), "form": form, "topics": [(k, w, False) for k, w in TOPICS.items()],
        "groups": [(title, [form[name] for name in names]) for title, names in pages.NEW.items()],
    }  # fmt: skip
    return render(request, "moots/new.html", context)


def head_of(v: Any) -> dict[str, Any]:
    return {
        "title": editing.named(v.title_fr, v.title_en), "lesson": editing.named(v.lesson_fr, v.lesson_en), "topics": list(v.topics),
        "difficulty": int(v.difficulty), "regime": {"pack": v.pack, "on": v.on.isoformat()}, "source": editing.lines(v.source), "confidence": v.confidence,
    }  # fmt: skip


def content_of(v: Any) -> dict[str, Any]:
    """A new case as its content: the first inject of a crisis is at minute 0."""
    stage = {
        "title": editing.named(v.stage_fr, v.stage_en), **({"at": 0} if v.sort == Sort.CRISIS else {}), "minutes": v.minutes,
        "facts": editing.both(v.facts_fr, v.facts_en), "questions": [{"id": v.question_id, "asks": "written", "text": editing.named(v.question_fr, v.question_en)}],
    }  # fmt: skip
    criterion = {
        "id": v.criterion_id, "weight": v.weight, "text": editing.named(v.criterion_fr, v.criterion_en), "levels": editing.both(v.levels_fr, v.levels_en),
    }  # fmt: skip
    return {"id": v.code, "sort": v.sort, **head_of(v), "stages": [stage], "rubric": [criterion]}


@login_required
def page(request: HttpRequest, pk: int) -> HttpResponse:
    one = found(request, pk)
    require(request.user, WRITE)
    if request.method == "POST":
        back = act(request, one)
        return redirect(f"{reverse('moots:edit', args=[pk])}?{urlencode(back)}#f")
    return render(request, "moots/editor.html", shown(request, one))


def act(request: HttpRequest, one: MootVersion) -> dict[str, Any]:
    """Do what the pressed button says; the part to come back to."""
    form = edge.acted(request, *ACTS)
    v = form.v
    content = changed(one.content, form, v)
    services.edit(version=one, content=content, by=who(request), seen=v.seen)
    messages.success(request, _t("Brouillon gardé : lu, calculé, sans nom réel."))
    if isinstance(form, forms.PlaceForm):
        return {"part": "head"}
    n = v.n
    if not n and form.act in ("stage", "criterion"):
        n = len(content["stages" if form.act == "stage" else "rubric"])
    elif not n and form.act in ("paper", "question"):
        n = len(content["stages"][(v.stage or 1) - 1][f"{form.act}s"])
    return {"part": form.act, "stage": v.stage or 0, "n": n or 0}


def changed(content: editing.Content, form: edge.Edge, v: Any) -> editing.Content:
    """The content after one act; the whole case is read again before anything is kept."""
    n, stage = v.n or 0, v.stage or 0
    if isinstance(form, forms.PlaceForm):
        field = v.field if v.field in ("stages", "rubric") else f"stages.{stage}.{v.field}"
        return (
            editing.move(content, field, n, int(v.to))
            if isinstance(form, forms.MoveForm)
            else editing.take(content, field, n)
        )
    if isinstance(form, forms.FileForm):
        text = v.file.read().decode("utf-8-sig", "replace") if v.file else v.text
        whole: Any = plain.yaml_of(text, file="affaire.yaml")
        return whole if isinstance(whole, dict) else {"id": ""}
    if isinstance(form, forms.HeadForm):
        return {**content, **head_of(v)}
    if isinstance(form, forms.ElectionForm):
        options = editing.lines(v.options)
        old = content.get("election") or {}
        rows = editing.stations(v.stations, len(options), old.get("stations") or ())
        return {
            **content,
            "election": {
                **old,
                "contest": plain.yaml_of(v.contest, file="contest"),
                "options": options,
                "stations": rows,
            },
        }
    old = pages.element(content, form.act, stage, n)
    if isinstance(form, forms.CriterionForm):
        return editing.put(
            content,
            "rubric",
            n,
            {
                **old,
                "id": v.id,
                "weight": v.weight,
                "text": editing.named(v.text_fr, v.text_en),
                "levels": editing.both(v.levels_fr, v.levels_en),
            },
        )
    if isinstance(form, forms.StageForm):
        return editing.put(content, "stages", n, stage_of(v, old))
    if isinstance(form, forms.PaperForm):
        paper = {**old, "title": editing.named(v.title_fr, v.title_en), "text": editing.named(v.text_fr, v.text_en)}
        return editing.within(content, stage, "papers", n, paper)
    return editing.within(content, stage, "questions", n, question_of(v, old))


def stage_of(v: Any, old: dict[str, Any]) -> dict[str, Any]:
    one = {
        **old, "title": editing.named(v.title_fr, v.title_en), "minutes": v.minutes, "at": v.at, "facts": editing.both(v.facts_fr, v.facts_en),
        "law": editing.lines(v.law),
    }  # fmt: skip
    if not old:
        one["questions"] = [
            {"id": v.question_id, "asks": "written", "text": editing.named(v.question_fr, v.question_en)}
        ]
    return editing.without({**one, "at": None}) | ({"at": v.at} if v.at is not None else {})


def question_of(v: Any, old: dict[str, Any]) -> dict[str, Any]:
    one = {
        **old, "id": v.id, "asks": v.asks, "text": editing.named(v.text_fr, v.text_en), "minutes": v.minutes or None,
        "options": [{"id": code, "text": editing.named(fr, en)} for code, fr, en in editing.pairs(v.options, 3)], "right": v.right.split(),
        "planted": v.planted.split(), "engine": pages.engine_of(v, old), "why": editing.named(v.why_fr, v.why_en) if v.why_fr or v.why_en else None,
    }  # fmt: skip
    one.pop("critical", None)
    return editing.without(one | ({"critical": True} if v.critical else {}))


def shown(request: HttpRequest, one: MootVersion) -> dict[str, Any]:
    look = edge.asked(request, forms.OpenForm)
    part, stage, n = look.part or "head", look.stage or 0, look.n or 0
    content, lang = one.content, language()
    old = pages.element(content, part, stage, n)
    if n and not old and part in ("stage", "paper", "question", "criterion"):
        raise Http404
    kind = pages.kind_of(look, old) if part == "question" else None
    form = pages.KINDS[part](initial=pages.initial(content, part, old, lang))
    first = forms.ChooseForm(initial={"asks": look.asks or old.get("asks") or "written", "by": look.by or (old.get("engine") or {}).get("by", "")})
    given = queries.computed(one)
    answer = given.get(str(old.get("id"))) if part == "question" else None
    field = {"stage": "stages", "criterion": "rubric", "paper": "papers", "question": "questions"}.get(part, "")
    return {
        "section": "moots", "crumbs": crumbs((reverse("moots:version", args=[one.pk]), one.case.code), ("", _t("Éditeur de l’affaire"))), "version": one, "title": title_of(one),
        "part": part, "stage": stage, "n": n, "old": old, "form": form, "act": form.act, "boxes": pages.boxes_of(form, part, n, kind), "kind": dict(zip(("asks", "by"), kind, strict=True)) if kind else {},
        "choose": first if part == "question" and kind is None else None, "kind_said": forms.said(*kind) if kind else "", "heading": pages.name_of(part, stage, n),
        "stages": pages.contents(content, lang), "rubric": pages.criteria(content, lang), "has_election": bool(content.get("election")), "field": field,
        "editable": one.state == Version.DRAFT, "topics": [(k, w, k in (content.get("topics") or ())) for k, w in TOPICS.items()],
        "flags": {"critical"}, "moves": (("-1", _t("Monter")), ("1", _t("Descendre"))), "set": {"critical"} if old.get("critical") else set(), "answer": answer, "answered": in_words(answer.value, lang) if answer else "",
    }  # fmt: skip
