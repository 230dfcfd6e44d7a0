"""The editor of a draft: the procedure's own fields, each step, doubtful case, fault and question, or its file as a whole."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from kalata import plain
from kalata.people.guard import require
from kalata.training.forms import procedures as forms
from kalata.training.models import ProcedureVersion
from kalata.training.pages import procedures as pages
from kalata.training.queries import procedures as queries
from kalata.training.rules import procedure_editing as editing
from kalata.training.rules.procedures import State
from kalata.training.rules.rights import WRITE
from kalata.training.services import procedures as services
from kalata.training.views.procedures import found
from kalata.ui import edge
from kalata.ui.templatetags.kalata import lang

ACTS = (
    forms.HeadForm, forms.StepForm, forms.BranchForm, forms.FaultForm, forms.ItemForm, forms.MoveForm, forms.RemoveForm, forms.FileForm,
)  # fmt: skip
ELEMENTS: dict[str, type[forms.ElementForm]] = {
    "steps": forms.StepForm, "branches": forms.BranchForm, "error_cases": forms.FaultForm, "items": forms.ItemForm,
}  # fmt: skip
FLAGS = ("practice", "critical", "card", "two_person")


@login_required
def page(request: HttpRequest, pk: int) -> HttpResponse:
    one = found(request, pk)
    require(request.user, WRITE)
    if request.method == "POST":
        back = act(request, one)
        return redirect(f"{reverse('procedures:edit', args=[pk])}?{urlencode(back)}#f")
    return render(request, "procedures/editor.html", shown(request, one))


def act(request: HttpRequest, one: ProcedureVersion) -> dict[str, str]:
    """Do what the pressed button says; the element to come back to."""
    form = edge.acted(request, *ACTS)
    v = form.v

    def change(content: editing.Content) -> editing.Content:
        return changed(content, form, v)

    what = f"{form.act} {getattr(v, 'id', '')}".strip()
    services.edit(version=one, what=what, change=change, by=request.user, seen=v.seen)  # type: ignore[arg-type]
    if isinstance(form, forms.ElementForm):
        return {"part": next(p for p, kind in ELEMENTS.items() if isinstance(form, kind)), "id": v.id}
    return {"part": v.part, "id": v.id} if isinstance(form, forms.MoveForm) else {"part": {"head": "head", "file": "file"}.get(form.act, "")}  # fmt: skip


def changed(content: editing.Content, form: edge.Edge, v: Any) -> editing.Content:
    """The content after one act."""
    if isinstance(form, forms.HeadForm):
        title = editing.said(content.get("title"), v.title_fr, v.title_en)
        return editing.without({**content, "title": title, "roles": editing.list_of(v.roles), "phase": v.phase})
    if isinstance(form, forms.MoveForm):
        return editing.move(content, v.part, v.id, int(v.by))
    if isinstance(form, forms.RemoveForm):
        return editing.take(content, v.part, v.id)
    if isinstance(form, forms.FileForm):
        document = plain.yaml_of(v.text, file="procedure.yaml")
        if not isinstance(document, dict):
            services.sound(document, "procedure.yaml")
        return {k: value for k, value in document.items() if k not in ("version", "status")}
    part = next(p for p, kind in ELEMENTS.items() if isinstance(form, kind))
    old: dict[str, Any] = next((row for row in content.get(part) or () if row["id"] == v.old), {}) if v.old else {}
    return editing.put(content, part, element(part, v, old), new=not v.old) if v.old in ("", v.id) else renamed(content, part, v, old)  # fmt: skip


def renamed(content: editing.Content, part: str, v: Any, old: dict[str, Any]) -> editing.Content:
    """An element whose code changes: what named it by the old one names the new one."""
    if not old:
        raise editing.NoElement(id=v.old)
    if any(row["id"] == v.id for p in ELEMENTS for row in content.get(p) or ()):
        raise editing.SameId(id=v.id)
    rows = [element(part, v, old) if row["id"] == v.old else row for row in content[part]]
    out = {**content, part: rows}
    for other, field in (("branches", "then"), ("error_cases", "step"), ("items", "step")):
        if other in out:
            out[other] = [{**row, field: v.id} if row.get(field) == v.old else row for row in out[other]]
    return out


def element(part: str, v: Any, old: dict[str, Any]) -> dict[str, Any]:
    """An element of the format from its form; what the form does not hold stays."""
    one = {**old, "id": v.id}
    for name in pages.PAIRS:
        if hasattr(v, f"{name}_fr"):
            one[name] = editing.said(old.get(name), getattr(v, f"{name}_fr"), getattr(v, f"{name}_en"))
    if hasattr(v, "basis"):
        one["basis"] = editing.basis_of(v.basis, old.get("basis") or ())
    if part == "steps":
        one |= {name: getattr(v, name) for name in FLAGS}
        one |= {"actor": v.actor, "form_fields": editing.list_of(v.form_fields), "time_limit": v.time_limit, "minutes": v.minutes, "pictogram": v.pictogram}  # fmt: skip
        one["material"] = [editing.said(None, cells[0], cells[-1]) for _row, cells in editing.rows_of(v.material)]
    elif part == "branches":
        one["then"] = v.then
    elif part == "error_cases":
        one |= {"step": v.step, "seen_in": editing.list_of(v.seen_in)}
    else:
        one |= {"step": v.step, "kind": v.kind, "critical": v.critical, "topic": v.topic, "level": v.level, "status": v.status}  # fmt: skip
        one["answers"] = editing.answers_of(v.kind, v.answers)
        if v.answer:
            return {**editing.without(one), "answer": v.answer == "true"}
        one.pop("answer", None)
    return editing.without(one)


def shown(request: HttpRequest, one: ProcedureVersion) -> dict[str, Any]:
    look = edge.asked(request, forms.OpenForm)
    part, language = look.part or "head", lang()
    form: edge.Edge
    old: dict[str, Any] = {}
    if part in ELEMENTS:
        old = next((row for row in one.content.get(part) or () if row["id"] == look.id), {})
        form = ELEMENTS[part](initial=pages.initial(part, old) if old else {})
    elif part == "file":
        form = forms.FileForm(initial={"text": queries.file_of(one)})
    else:
        title = one.content["title"]
        form = forms.HeadForm(initial={"title_fr": title.get("fr", ""), "title_en": title.get("en", ""), "roles": ", ".join(one.content["roles"]), "phase": one.content.get("phase", "")})  # fmt: skip
    wrong, _told = queries.findings(one)
    return {
        "section": "procedures", "version": one, "contents": pages.contents(one, language), "part": part, "old": old, "form": form, "act": form.act,
        "boxes": [n for n in form.fields if n not in ("seen", "old")], "flags": {n for n, f in form.fields.items() if n in FLAGS},
        "wrong": [f for f in wrong if not old or f.step == old["id"]][:40], "count": len(wrong), "editable": one.state == State.DRAFT,
        "set": {n for n in FLAGS if old.get(n)},
    }  # fmt: skip
