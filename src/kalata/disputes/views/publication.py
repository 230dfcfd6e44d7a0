"""The publication of a decision: the full text beside the public one, passage by passage, then a second person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _t

from kalata.disputes.forms import publication as forms
from kalata.disputes.models import Publication, Ruling
from kalata.disputes.queries import publications as queries
from kalata.disputes.queries import rulings as decisions
from kalata.disputes.rules import redaction, summary
from kalata.disputes.rules import rulings as decided
from kalata.disputes.rules.publications import LABELS, State
from kalata.disputes.rules.redaction import OPEN, REASONS, SECTIONS, Passage
from kalata.disputes.rules.steps import PUBLISH, REGISTRY
from kalata.disputes.services import publishing, summaries
from kalata.disputes.views.docket import who
from kalata.people.queries import may
from kalata.ui import edge

ACTS = (forms.PrepareForm, forms.AddForm, forms.HideForm, forms.KeepForm, forms.SummaryForm, forms.ProposeForm)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph twice: the full one cut where passages begin and end (words, the passage), and the public one."""

    full: list[tuple[str, Any]]
    public: str
    changed: bool


@login_required
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """The version being prepared, or the last one; what may be done now."""
    ruling = decisions.signed_of(request.user, pk)
    if request.method == "POST":
        act(request, ruling)
        return redirect("disputes:publication", pk)
    every = list(
        ruling.publications.prefetch_related("redactions__decided_by").select_related(
            "decided_by", "proposed_by", "ruling__contest"
        )
    )
    one = every[0] if every else None
    publishes = may(request.user, PUBLISH, contest=ruling.contest_id)
    ready = decided.State(ruling.state) in publishing.READY
    drafted = one is not None and one.state == State.DRAFT
    context = {
        "section": "decisions", "ruling": ruling, "one": one, "versions": [v for v in every if v is not one], "labels": LABELS,
        "state": LABELS[State(one.state)] if one else "", "reasons": REASONS, "sections": sections(ruling, one),
        "rows": rows(ruling, one) if one else [], "motives": motives(ruling), "left": sum(not r.decision for r in one.redactions.all()) if one else 0,
        "seen": publishing.stamp(one) if one else "", "summaries": said(one) if one else [],
        "known": known(one) if one else [], "publishes": publishes, "drafted": drafted and publishes,
        "opens": publishes and ready and (one is None or one.state == State.PUBLISHED), "first": one is None, "ready": ready,
        "waiting": publishing.waiting(one) if one and one.state == State.PROPOSED else None,
        "decides": may(request.user, REGISTRY, contest=ruling.contest_id), "now": decided.LABELS[decided.State(ruling.state)],
        "crumbs": [(reverse("disputes:decisions"), _t("Décisions")), (reverse("disputes:decision", args=[pk]), ruling.number), ("", _t("Publication"))],
    }  # fmt: skip
    return render(request, "disputes/publication.html", context)


def said(one: Publication) -> list[tuple[Any, str, Any]]:
    """(row, its language in words, as everybody will read it) of each summary."""
    return [(row, summary.LANGUAGES[row.lang], summaries.shown(one, row)) for row in one.summaries.all()]


def known(one: Publication) -> list[tuple[str, str]]:
    """The figures that a summary may say, as they are written in it and as they are read."""
    found = summary.values(one.figures, get_language() or "fr", "")
    return [(f"{{{name}}}", value) for name, value in found.items() if value]


def motives(ruling: Ruling) -> list[tuple[str, str]]:
    return [(r, REASONS[r]) for r in queries.policy_of(ruling).reasons]


def sections(ruling: Ruling, one: Publication | None) -> list[tuple[str, bool, list[Paragraph]]]:
    """(title, whether passages may be taken out, its paragraphs) of each part that has some."""
    text = queries.text_of(ruling)
    found = [queries.passage(r) for r in one.redactions.all()] if one else []
    hidden = queries.passages(one) if one else []
    public = one.public["text"] if one and one.public else redaction.public_text(text, hidden, queries.language(ruling))
    out = []
    for section, title in SECTIONS.items():
        paragraphs = [
            Paragraph(cut(p, [f for f in found if (f.section, f.paragraph) == (section, n)]), public[section][n], public[section][n] != p)
            for n, p in enumerate(text[section][: len(public[section])])
        ]  # fmt: skip
        if paragraphs:
            out.append((title, section in OPEN, paragraphs))
    return out


def cut(paragraph: str, passages: list[Passage]) -> list[tuple[str, Any]]:
    out: list[tuple[str, Any]] = []
    at = 0
    for one in sorted(passages):
        out += [(paragraph[at : one.start], None), (paragraph[one.start : one.end], one)]
        at = max(at, one.end)
    return [piece for piece in [*out, (paragraph[at:], None)] if piece[0]]


def rows(ruling: Ruling, one: Publication) -> list[tuple[Any, str, str]]:
    """(passage, its words, where it stands), without an answer first."""
    text = queries.text_of(ruling)
    found = sorted(one.redactions.all(), key=lambda r: (bool(r.decision), OPEN.index(r.section), r.paragraph, r.start))
    return [(r, queries.passage(r).of(text), SECTIONS[r.section]) for r in found]


def act(request: HttpRequest, ruling: Ruling) -> None:
    form: Any = edge.acted(request, *ACTS)
    by, v = who(request), form.v
    if isinstance(form, forms.PrepareForm):
        publishing.prepare(ruling=ruling, by=by, why=v.why, withdraws=v.withdraws)
        messages.success(request, _t("C’est fait."))
        return
    one = queries.prepared(ruling)
    match form:
        case forms.AddForm():
            publishing.add(publication=one, words=v.words, reason=v.reason, note=v.note, by=by, seen=v.seen)
        case forms.HideForm():
            publishing.answer(publication=one, redaction_id=v.redaction, decision="hide", reason=v.reason, note=v.note, by=by, seen=v.seen)  # fmt: skip
        case forms.KeepForm():
            publishing.answer(publication=one, redaction_id=v.redaction, decision="keep", reason="", note=v.note, by=by, seen=v.seen)  # fmt: skip
        case forms.SummaryForm():
            words = summary.Said(v.decided, v.why, v.after)
            summaries.keep(publication=one, lang=v.lang, words=words, reviewed=v.reviewed, by=by, seen=v.seen)
        case _:
            publishing.propose(publication=one, by=by, seen=v.seen)
    messages.success(request, _t("C’est fait."))
