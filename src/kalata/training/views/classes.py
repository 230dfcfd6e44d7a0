"""The classes: their list, and one with its attendance, its papers and its results."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _t

from kalata.people.queries import may, may_somewhere
from kalata.refusals import Forbidden, Refused
from kalata.results.views.shared import language, who
from kalata.text import told
from kalata.training.classes_lists import CLASSES
from kalata.training.forms import classes as forms
from kalata.training.models import AnswerPaper, SheetReading, TrainingClass
from kalata.training.queries import classes as queries
from kalata.training.queries import manuals_register
from kalata.training.queries.refreshers import left
from kalata.training.rules.classes_states import Badge, Held, Seat
from kalata.training.rules.manuals.words import role_in
from kalata.training.rules.rights import AT_CLASSES, CERTIFY, PLAN
from kalata.training.services import certificates, classes_held, classes_marks, classes_offline, refreshers
from kalata.training.services.classes_held import Came
from kalata.ui import edge, fields

ACTS = (
    forms.EntrustForm, forms.NoteForm, forms.HeldForm, forms.MessagesForm, forms.EntriesForm, forms.AnswersForm, forms.SheetForm,
    forms.SettleForm, forms.CertifyForm, forms.RefresherForm,
)  # fmt: skip


def found(request: HttpRequest, pk: int) -> TrainingClass:
    one = queries.class_for(request.user, pk)
    if one is None:
        raise Http404
    return one


def crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [(reverse("classes:list") if more else "", _t("Séances")), *more]


@login_required
def index(request: HttpRequest) -> HttpResponseBase:
    if not any(may_somewhere(request.user, r) for r in AT_CLASSES):
        raise Forbidden(right=PLAN)
    shown = CLASSES.read(request, lambda asked: queries.narrowed(request.user, asked))
    if shown.form:
        return shown.file()
    context = {"section": "classes", "crumbs": crumbs(), "list": shown, "plans": may_somewhere(request.user, PLAN)}
    return render(request, "classes/list.html", context)


@login_required
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One class: before, its people; on the day, who came by two proofs; then the papers, the results, the certificates."""
    this = found(request, pk)
    if request.method == "POST":
        return acted(request, this)
    state = Held(this.state)
    teaches = queries.teaches(request.user, this)
    seats = [
        (s, queries.holder(s), list(s.papers.all()), [r for r in s.readings.all() if r.done_at is None])
        for s in queries.seats(this)
    ]
    today = queries.today()
    on_day = this.first <= today <= this.last or (this.contest.election.exercise and state is Held.PLANNED)
    shown: dict[str, Any] = {
        "section": "classes", "crumbs": crumbs(("", this.code)), "one": this, "seats": seats, "teaches": teaches, "titles": queries.titles(this, [s for s, *_rest in seats], language()), "plans": may(request.user, PLAN, contest=this.contest_id),
        "certifies": may(request.user, CERTIFY, contest=this.contest_id), "to_certify": queries.to_certify(this), "touched": queries.touched_it(request.user, this),
        "trainers": [t.person for t in this.trainers.select_related("person")], "tests": [(t, role_in(t.role, language())) for t in queries.forms_open()], "manuals": manuals_register.of_class(this),
        "on_day": teaches and on_day,
        "updates": [(s, left(s.certificate)) for s, _h, _p, _r in seats if getattr(s, "certificate", None) and s.certificate.state == Badge.UPDATE],
        "again": sum(s.state == Seat.FAILED for s, _h, _p, _r in seats),
        "blank": sum(not papers for _s, _h, papers, _r in seats), "planned": state is Held.PLANNED, "held": state is Held.HELD, "settled": state is Held.SETTLED,
        **{f"{f.act}_form": f(auto_id=f"{f.act}-%s") for f in ACTS},
    }  # fmt: skip
    shown["entrust"] = forms.EntrustForm(
        auto_id="entrust-%s", initial={"names": "\n".join(p.username for p in shown["trainers"])}
    )
    return render(request, "classes/class.html", shown)


def acted(request: HttpRequest, this: TrainingClass) -> HttpResponse:
    form = edge.acted(request, *ACTS)
    v, by = form.v, who(request)
    if isinstance(form, forms.CertifyForm):
        asked = certificates.ask(training_class=this, reason=v.reason, by=by)
        messages.success(request, _t("Les attestations attendent la signature d’une autre personne."))
        return redirect("people:approval", asked.pk)
    if isinstance(form, forms.SheetForm):
        return sheets_read(request, this, v.images, by)
    elif isinstance(form, forms.RefresherForm):
        seat = this.seats.filter(seat=v.seat).select_related("certificate__seat__training_class__contest").first()
        if seat is None or getattr(seat, "certificate", None) is None:
            raise Http404
        refreshers.note(
            certificate=seat.certificate, right=v.right, out_of=v.out_of, route=v.route, by=by, procedure=v.procedure
        )
    else:
        messages.success(request, done(this, form, by))
    return redirect("classes:class", this.pk)


def sheets_read(request: HttpRequest, this: TrainingClass, images: list[Any], by: Any) -> HttpResponse:
    """Each photo by itself: one that is refused is named, the others count. The first with a doubtful answer is shown."""
    doubtful: list[SheetReading] = []
    for image in images:
        try:
            read = classes_marks.read_sheet(training_class=this, image=image, by=by)
        except Refused as refused:
            if len(images) == 1:
                raise
            name = fields.cut(str(image.name))
            messages.error(request, f"{name} : {refused.code} {refused.message.text(language())}")
            continue
        if isinstance(read, SheetReading) and read.done_at is None:
            doubtful.append(read)
        else:
            messages.success(request, read_said(read))
    if doubtful:
        return redirect("classes:reading", this.pk, doubtful[0].pk)
    return redirect("classes:class", this.pk)


def read_said(read: SheetReading | AnswerPaper) -> str:
    if isinstance(read, AnswerPaper):
        return _t("Place %(seat)d, feuille lue : %(right)d sur %(of)d.") % {"seat": read.seat.seat, "right": read.right, "of": read.out_of}
    return _t("Cette feuille avait déjà été lue : rien n’a changé.")


def done(this: TrainingClass, form: Any, by: Any) -> str:
    v = form.v
    if isinstance(form, forms.EntrustForm):
        classes_held.entrust(training_class=this, names=v.names.splitlines(), by=by)
        return _t("Séance confiée.")
    if isinstance(form, forms.NoteForm):
        line = Came(seat=v.seat, present=v.present, agent=v.agent, code=v.code)
        return (
            _t("Présence notée.")
            if classes_held.note(training_class=this, came=[line], by=by)
            else _t("Rien n’a changé.")
        )
    if isinstance(form, forms.MessagesForm):
        new, left = classes_held.bring_messages(training_class=this, file=v.file, by=by)
        return told(_t("%(n)d {n:preuve|preuves} par téléphone, %(left)d {left:message|messages} sans effet."), get_language(), {"n": new, "left": left})
    if isinstance(form, forms.EntriesForm):
        came = classes_offline.bring_entries(training_class=this, file=v.file, by=by)
        said = told(_t("%(seats)d {seats:présence|présences} et %(papers)d {papers:feuille nouvelle|feuilles nouvelles} ; %(there)d {there:ligne déjà reçue|lignes déjà reçues}."), get_language(), {
            "seats": came.seats,
            "papers": came.papers,
            "there": came.there,
        })
        if not came.wait:
            return said
        return f"{said} " + told(_t("%(n)d {n:copie attend|copies attendent} : déclarez la séance tenue, puis envoyez le même fichier."), get_language(), {"n": came.wait})
    if isinstance(form, forms.AnswersForm):
        paper = classes_marks.type_answers(training_class=this, seat=v.seat, mark=v.mark, answers=v.answers, by=by)
        return _t("Feuille notée : %(right)d sur %(of)d.") % {"right": paper.right, "of": paper.out_of}
    if isinstance(form, forms.HeldForm):
        classes_held.declare_held(training_class=this, sheet=v.sheet, by=by)
        return _t("Séance tenue : l’émargement ne change plus.")
    classes_held.settle(training_class=this, by=by)
    return _t("Résultats arrêtés.")


@login_required
def reading(request: HttpRequest, pk: int, reading: int) -> HttpResponse:
    """A sheet with doubtful answers: its picture, and a choice for each of them."""
    this = found(request, pk)
    seen = queries.reading_of(this, reading)
    if seen is None:
        raise Http404
    if request.method == "POST":
        v = edge.acted(request, forms.LookForm).v
        chosen = dict(
            zip(
                map(str, seen.doubtful),
                ("" if a == "-" else a for a in v.answers.upper().replace(" ", "")),
                strict=False,
            )
        )
        paper = classes_marks.look(reading=seen, answers=chosen, by=who(request))
        messages.success(
            request, _t("Feuille notée : %(right)d sur %(of)d.") % {"right": paper.right, "of": paper.out_of}
        )
        return redirect("classes:class", this.pk)
    rows = [
        (r["number"], r["letters"], seen.answers.get(str(r["number"]), ""))
        for r in seen.form.rows
        if r["number"] in seen.doubtful
    ]
    shown = {
        "section": "classes", "crumbs": crumbs((reverse("classes:class", args=[this.pk]), this.code), ("", _t("Feuille à regarder"))), "one": this, "reading": seen,
        "rows": rows, "teaches": queries.teaches(request.user, this), "form": forms.LookForm(),
    }  # fmt: skip
    return render(request, "classes/reading.html", shown)
