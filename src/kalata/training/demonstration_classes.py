"""Classes in the demonstration: a published plan, its repair, one that does not hold; a class held, marked, paid and certified; manuals handed over."""

from __future__ import annotations

import io
from collections import Counter
from datetime import timedelta
from typing import Any

from django.utils import timezone

from kalata.country.models import Contest
from kalata.people.models import Person
from kalata.people.rules.approval import Decision
from kalata.people.services import decide_approval
from kalata.training.demonstration_posts import STATIONS, day_of, demonstrated
from kalata.training.models import Cascade, Certificate, Enrolment, Post, TestForm, TrainingClass
from kalata.training.papers import classes as papers
from kalata.training.queries import classes as queries
from kalata.training.services import (
    cascade_keeping,
    cascade_publishing,
    certificates,
    classes_held,
    classes_marks,
    manual_building,
    manuals_register,
    payments,
)
from kalata.training.services.cascade_keeping import Terms
from kalata.training.services.classes_held import Came
from kalata.training.sheets import geometry

ROOMS = 3
DPI = 150


def load(cast: dict[str, Person]) -> str:
    """Everything about the presidential contest of the exercise, on the posts that it has."""
    contest = demonstrated()
    if contest is None:
        return "pas de scrutin de démonstration."
    one = planned(contest, cast)
    forms = tested(cast)
    held = lessons(contest, cast, forms)
    if held:
        manuals(held[0], cast)
    return f"{TrainingClass.objects.filter(cascade=one).count()} séances, {Certificate.objects.count()} attestations."


def file(text: str, name: str) -> Any:
    out = io.BytesIO(text.encode())
    out.name = name
    return out


def lists_of(contest: Contest) -> tuple[str, str, str]:
    """Staff (named posts, and one station to be named), venues, pairs."""
    posts = Post.objects.filter(contest=contest, station__isnull=False, unit__isnull=False).select_related(
        "unit__parent"
    )
    rows = list(posts.order_by("body", "-head", "position")[: STATIONS * 5 + 5])
    areas = Counter((p.unit.code, p.unit.parent.code if p.unit.parent else "") for p in rows if p.unit)
    staff = "".join(f"{p.body},{p.position},à nommer\n" for p in rows)
    venues = "".join(
        f"{area},{name} (exercice),{ROOMS},bambara\n" for area, _p in areas for name in ("École A", "École B")
    )
    first = next(iter(areas), ("", ""))[0]
    pairs = "".join(
        f"B-{area}-{n},{area},area,bambara|peul,{'formation-locale' if area == first else ''}\n"
        for area, _p in areas
        for n in ((1,) if area == first else (1, 2))
    )
    return (
        f"station,position,name\n{staff}",
        f"area,venue,rooms,language\n{venues}",
        f"pair,home,scope,languages,trainers\n{pairs}",
    )


def size_of(contest: Contest) -> int:
    """A size of class with which the one pair of the first place holds all of its people in ten days, in several classes."""
    posts = Post.objects.filter(contest=contest, station__isnull=False, unit__isnull=False).order_by("body", "-head", "position")
    units = list(posts.values_list("unit", flat=True)[: STATIONS * 5 + 5])
    return max(4, -(-units.count(units[0]) * 11 // 60)) if units else 4


def planned(contest: Contest, cast: dict[str, Person]) -> Cascade:
    """A plan published by two persons; the repair of it that waits; another one that does not hold."""
    staff, venues, pairs = lists_of(contest)
    last = day_of(contest) - timedelta(days=3)
    by = cast["logistique-formation"]

    def made(title: str, days: int, size: int) -> Cascade:
        terms = Terms(
            first=last - timedelta(days=days - 1),
            last=last,
            closed=(),
            class_max=size,
            class_days=1,
            reserve=10,
            travel_days=0,
        )
        return cascade_keeping.make(
            contest=contest, title=title, terms=terms, venues=file(venues, "lieux.csv"), pairs=file(pairs, "binomes.csv"), staff=file(staff, "agents.csv"),
            shared_read=False, by=by,
        )  # fmt: skip

    one = made("Plan des bureaux nommés (exercice)", 10, size_of(contest))
    asked = cascade_publishing.ask(cascade=one, reason="listes relues (exercice)", by=by, seen=one.sha256)
    decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=cast["direction-formation"])
    made("Même liste en deux jours (exercice)", 1, 4)
    one.refresh_from_db()
    if lost := TrainingClass.objects.filter(cascade=one).order_by("-first", "-code").first():
        cascade_keeping.repair(
            cascade=one, area=lost.area, venue=lost.venue, on=lost.first, instead="Mairie (exercice)", rooms=2, by=by
        )
    return one


def tested(cast: dict[str, Person]) -> dict[str, list[TestForm]]:
    by = cast["cellule-formation"]
    return {
        certificate: classes_marks.make_forms(
            source="ml-staff", role=role, certificate=certificate, language="fr", version="1", by=by
        )
        for role, certificate in (("assessors", "assessor"), ("president", "president"))
    }


def lessons(contest: Contest, cast: dict[str, Person], forms: dict[str, list[TestForm]]) -> list[TrainingClass]:
    """The first class to its certificates and its payment; the second with a sheet that waits for a person; the third half noted."""
    trainer = cast["formation-locale"]
    mine = TrainingClass.objects.filter(contest=contest, trainers__person=trainer).order_by("first", "code")
    found = [one for one in mine if any(queries.holder(s) for s in queries.seats(one))][:3]
    for one in found[:2]:
        came = [
            Came(seat=s.seat, present=True, code=queries.day_code(one, one.first, who.code))
            for s in queries.seats(one)
            if (who := queries.holder(s))
        ]
        came = came[:-1] or came  # one is absent, where several are awaited
        classes_held.note(training_class=one, came=came, by=trainer)
        classes_held.declare_held(training_class=one, sheet=picture(one.code), by=trainer)
        one.refresh_from_db()
    if len(found) > 2:
        classes_held.note(training_class=found[2], came=[Came(seat=1, present=True)], by=trainer)
    if found:
        done(found[0], cast, forms)
    if len(found) > 1:
        photographed(found[1], cast, forms)
    return found


def done(one: TrainingClass, cast: dict[str, Person], forms: dict[str, list[TestForm]]) -> None:
    trainer = cast["formation-locale"]
    for n, seat in enumerate(
        Enrolment.objects.filter(training_class=one, state="attended", role__in=forms).order_by("seat")
    ):
        first, second = forms[seat.role]
        wrong = next((r["number"] for r in first.rows if r["critical"]), 1) if n == 3 else 0
        classes_marks.type_answers(
            training_class=one, seat=seat.seat, mark=first.mark, answers=answers(first, wrong), by=trainer
        )
        if n == 5:
            continue
        if wrong:
            classes_marks.type_answers(
                training_class=one, seat=seat.seat, mark=second.mark, answers=answers(second, 0), by=trainer
            )
    classes_held.settle(training_class=one, by=trainer)
    one.refresh_from_db()
    asked = certificates.ask(training_class=one, reason="épreuves relues (exercice)", by=cast["certification"])
    decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=cast["certification-secours"])
    paid = payments.ask(
        contest=one.contest,
        number="P-2027-01 (exercice)",
        reason="feuilles relues (exercice)",
        by=cast["logistique-formation"],
    )
    decide_approval(approval_id=paid.pk, to=Decision.APPROVED, by=cast["direction-formation"])
    gone = Certificate.objects.order_by("pk").last()
    if gone is not None:
        asked = certificates.ask_withdrawal(
            certificate=gone, code="issued_in_error", reason="exercice", by=cast["certification"]
        )
        decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=cast["certification-secours"])


def answers(form: TestForm, wrong: int) -> str:
    """All right, but one that is left."""
    return "".join("-" if r["number"] == wrong else r["right"] for r in form.rows)


def photographed(one: TrainingClass, cast: dict[str, Person], forms: dict[str, list[TestForm]]) -> None:
    """One sheet as it would come back, an erasure in its second answer: the real reader reads it."""
    seat = (
        Enrolment.objects.filter(training_class=one, state="attended", role__in=forms)
        .select_related("post__agent", "agent")
        .order_by("seat")
        .first()
    )
    if seat is None:
        return
    form = forms[seat.role][0]
    image = sheet_picture(papers.answer_sheets(one, form, [seat], "fr"), form)
    classes_marks.read_sheet(training_class=one, image=image, by=cast["formation-locale"])


def sheet_picture(pdf: bytes, form: TestForm) -> Any:
    import pypdfium2
    from PIL import ImageDraw

    drawn = pypdfium2.PdfDocument(pdf)[0].render(scale=DPI / 72, grayscale=True).to_pil().convert("L")
    pen, unit = ImageDraw.Draw(drawn), DPI / 25.4
    for n, row in enumerate(form.rows):
        for k, letter in enumerate(row["letters"]):
            shade = (
                40
                if letter == row["right"]
                else 175
                if n == 1 and k == (row["letters"].index(row["right"]) + 1) % len(row["letters"])
                else None
            )
            if shade is not None:
                x, y = (v * unit for v in geometry.bubble(n, k))
                r = 2.3 * unit
                pen.ellipse([x - r, y - r, x + r, y + r], fill=shade)
    return saved(drawn)


def picture(text: str) -> Any:
    """A page that says that it is an exercise."""
    from PIL import Image, ImageDraw

    drawn = Image.new("L", (420, 594), 245)
    ImageDraw.Draw(drawn).text((40, 40), f"EXERCICE {text}", fill=20)
    return saved(drawn)


def saved(drawn: Any) -> Any:
    out: Any = io.BytesIO()
    drawn.save(out, "JPEG", quality=85)
    out.name, out.size = "feuille.jpg", out.tell()
    out.seek(0)
    return out


def manuals(one: TrainingClass, cast: dict[str, Person]) -> None:
    by = cast["logistique-formation"]
    build = manual_building.ask(source="ml-staff", role="assessors", language="fr", draft=True, by=by)
    manual_building.make(build)
    build.refresh_from_db()
    run = manuals_register.register(build=build, number="T-2027-01 (exercice)", kind="manual", copies=500, by=by)
    manuals_register.hand_over(
        run=run, training_class=one, taken_by="formation-locale", copies=25, on=timezone.localdate(), by=by
    )
