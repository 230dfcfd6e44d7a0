"""The reasons of a draft by sections, the clauses of the Court, and the decisions it may cite."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_safe

from kalata.disputes.forms import reasons as forms
from kalata.disputes.models import Ruling
from kalata.disputes.queries import precedents as cited
from kalata.disputes.queries import reasons as queries
from kalata.disputes.queries.drafting import of_writer
from kalata.disputes.queries.elections import language_of
from kalata.disputes.rules import precedents as citing
from kalata.disputes.rules import reasons as rules
from kalata.disputes.rules.filing import GROUNDS
from kalata.disputes.rules.reasons import ANSWERS, FIGURES, PART_LABELS
from kalata.disputes.rules.rulings import LABELS, State
from kalata.disputes.rules.steps import BENCH, PRESIDE, RAPPORTEUR
from kalata.disputes.rules.wording import OUTCOME_LABELS
from kalata.disputes.services import reasons
from kalata.disputes.views.docket import who
from kalata.people.guard import require
from kalata.people.queries import may, may_somewhere
from kalata.refusals import Forbidden
from kalata.ui import edge

FORMS = (forms.WriteForm, forms.DiscardForm, forms.RemarkForm, forms.ResolveForm, forms.GroundsForm, forms.KeepForm)
A_PAGE = 20


def place(one: Ruling, key: str, **more: Any) -> str:
    return f"{reverse('disputes:reasons', args=[one.pk])}?{urlencode({'section': key, **more})}"


@login_required
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """Every section of the reasons; the one asked, with its versions and its remarks."""
    one = of_writer(request.user, pk)
    if request.method == "POST":
        return done(request, one)
    asked = edge.asked(request, forms.SectionAsked)
    rows = queries.contents(one)
    key = asked.section or rows[0]["section"].key
    section = rules.section_of(key, [r["section"] for r in rows])
    writes = one.state == State.DRAFT and may(request.user, RAPPORTEUR, contest=one.contest_id)
    says = one.state in (State.DRAFT, State.GATE) and any(may(request.user, r, contest=one.contest_id) for r in (RAPPORTEUR, BENCH))  # fmt: skip
    context = {
        "section": "drafts", "one": one, "state": LABELS[State(one.state)], "rows": rows, "this": section, "writes": writes,
        "says": says, "parts": PART_LABELS, "ground_words": GROUNDS, "remarks": queries.remarks(one, key), "names": FIGURES,
        "known": queries.figures_of(one), "clauses": queries.clauses(section.part), "templates": queries.templates_of(one, section.part),
        "answers": ANSWERS, "outcomes": list(one.outcomes.select_related("petition").prefetch_related("petition__grounds")),
        "crumbs": [(reverse("disputes:drafts"), _t("Projets de décision")), (reverse("disputes:draft", args=[one.pk]), one.number), ("", _t("Motifs"))],
    } | written(request, one, section, asked)  # fmt: skip
    return render(request, "disputes/reasons.html", context)


def written(request: HttpRequest, one: Ruling, section: rules.Section, asked: Any) -> dict[str, Any]:
    """The words of a section: as kept, as typed by this person and not kept, with what is to be added at the end."""
    text, number = queries.current(one, section)
    mine = queries.scratch_of(who(request), one, section.key)
    typed = mine.text if mine else text
    added = addition(one, section, asked)
    known = queries.versions(one, section.key)
    old = next((v for v in known if v.number == asked.version), None)
    return {
        "text": f"{typed.rstrip()}\n\n{added}".strip() if added else typed, "number": number, "mine": mine, "kept": text,
        "stale": rules.difference(text, mine.text) if mine and mine.base != number else [], "added": bool(added),
        "versions": known, "old": old, "difference": rules.difference(old.text, text) if old else [],
    }  # fmt: skip


def addition(one: Ruling, section: rules.Section, asked: Any) -> str:
    """The clause, the template or the citation that was chosen; "" where none is."""
    if asked.clause:
        return next((c.text for c in queries.clauses(section.part) if c.code == asked.clause), "")
    if asked.modele:
        lang = language_of(one.contest)
        found = next((t for t in queries.templates_of(one, section.part) if t["id"] == asked.modele), {})
        return str(found.get(f"text_{lang}") or found.get("text_fr") or "")
    return cited.cited(asked.citer, language_of(one.contest)) if asked.citer else ""


def done(request: HttpRequest, one: Ruling) -> HttpResponse:
    """The act of the pressed button. What was typed is kept before anything may refuse it."""
    form: Any = edge.acted(request, *FORMS)
    v, by = form.v, who(request)
    if isinstance(form, forms.RemarkForm):
        reasons.remark(ruling=one, key=v.section, words=v.words, by=by)
        return redirect(place(one, v.section) + "#remarques")
    if isinstance(form, forms.ResolveForm):
        return redirect(place(one, reasons.resolve(ruling=one, remark_id=v.remark, by=by).key) + "#remarques")
    require(by, RAPPORTEUR, contest=one.contest_id)
    if isinstance(form, forms.GroundsForm):
        keys = [s.ground for s in queries.sections_of(one) if s.part == rules.MERITS and s.petition == v.petition]
        reasons.answer(ruling=one, petition=v.petition, answers=form.answers(keys), by=by)
        messages.success(request, _t("Enregistré."))
        return redirect(reverse("disputes:reasons", args=[one.pk]) + "#moyens")
    if isinstance(form, forms.DiscardForm):
        reasons.discard(ruling=one, key=v.section, by=by)
        return redirect(place(one, v.section))
    kept = reasons.keep(ruling=one, key=v.section, text=v.text, base=v.base, by=by)
    if isinstance(form, forms.KeepForm):
        return JsonResponse({"kept": timezone.localtime(kept.at).strftime("%H:%M")})
    number = reasons.write(ruling=one, key=v.section, text=v.text, base=v.base, by=by)
    messages.success(request, _t("Section gardée, version %(n)d.") % {"n": number})
    return redirect(place(one, v.section))


@login_required
def clauses(request: HttpRequest) -> HttpResponse:
    """The clauses of the Court: the last version of each, who wrote it and when; one opened to write its next."""
    if not any(may_somewhere(request.user, right) for right in (RAPPORTEUR, BENCH, PRESIDE)):
        raise Forbidden(right=RAPPORTEUR)
    if request.method == "POST":
        v = edge.acted(request, forms.ClauseForm).v
        code = v.code or "-".join(citing.words_of(v.title))[:60] or "clause"
        reasons.clause(code=code, title=v.title, part=v.part, text=v.text, base=v.base or 0, by=who(request))
        messages.success(request, _t("Clause gardée."))
        return redirect("disputes:clauses")
    asked = edge.asked(request, forms.ClauseAsked)
    every = queries.clauses()
    known = queries.clause_versions(asked.clause) if asked.clause else []
    context = {
        "section": "drafts", "rows": every, "parts": PART_LABELS, "names": FIGURES, "versions": known,
        "this": known[0] if known else None, "writes": may_somewhere(request.user, RAPPORTEUR),
        "crumbs": [(reverse("disputes:drafts"), _t("Projets de décision")), ("", _t("Clauses"))],
    }  # fmt: skip
    return render(request, "disputes/clauses.html", context)


@login_required
@require_safe
def precedents(request: HttpRequest) -> HttpResponse:
    """Published decisions and those of the past, searched by their words and narrowed; one is cited in a section."""
    if not any(may_somewhere(request.user, right) for right in (RAPPORTEUR, BENCH, PRESIDE)):
        raise Forbidden(right=RAPPORTEUR)
    v = edge.asked(request, forms.PrecedentsAsked)
    found = cited.search(v.q, kind=v.scrutin, article=v.article, ground=v.moyen, outcome=v.issue, year=v.annee)
    shown = edge.paged(request, found, A_PAGE)
    words = citing.words_of(v.q)
    context = {
        "section": "drafts", "rows": shown, "q": v, "kinds": cited.kinds(), "years": cited.years(), "grounds": GROUNDS,
        "outcomes": OUTCOME_LABELS, "found": [(one, citing.snippet(one.text, words)) for one in shown], "into": into(request, v),
        "crumbs": [(reverse("disputes:drafts"), _t("Projets de décision")), ("", _t("Précédents"))],
    }  # fmt: skip
    return render(request, "disputes/precedents.html", context)


def into(request: HttpRequest, v: Any) -> str:
    """The address of the section that a citation goes into; "" where none is being written, or not by this person."""
    if not v.pour or not v.section:
        return ""
    one = of_writer(request.user, v.pour)
    return place(one, v.section)
