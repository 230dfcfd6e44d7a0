# ruff: noqa: F811
"""From a changed article to the record of a station: the closing journey of training, on its pages, chapter by chapter.

Everything that has a button is pressed; two persons sign; a photographed sheet is read; a stranger checks a badge without the house.
"""

import io
import json
import re
from datetime import timedelta
from unittest import mock

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kalata.people.models import Approval
from kalata.training.models import (
    Cascade,
    Certificate,
    ManualBuild,
    ManualSource,
    PrintRun,
    Procedure,
    ProcedureVersion,
    TestForm,
    TrainingClass,
)
from kalata.training.queries import classes as queries
from kalata.training.rules.badges import verifying
from kalata.training.rules.badges.issuer import issuer_of
from kalata.training.services import posts_day
from tests.conftest import decide_on_screen, make_person, with_second_factor
from tests.training.conftest import POLL, appointed, post
from tests.training.services.test_classes import PAIRS, VENUES, file, people, picture  # noqa: F401

pytestmark = pytest.mark.django_db
OLD, NEW = "LE-06-044/art.92", "LE-2022-019/art.92"
HEAD = {
    "id": "essai", "title": {"fr": "Essai", "en": "Trial"}, "pack": "ml", "on": "2027-02-28",
    "parameters": {"station.quorum": {"fr": "trois", "en": "three"}},
}  # fmt: skip


def step(n, words, **more):
    return {"id": f"DEP.{n}", "do": {"fr": words, "en": words}, "practice": True, **more}


def items(n, count, right="oui"):
    answers = [{"text": {"fr": w, "en": w}, "fraction": str(int(w == right))} for w in ("oui", "non")]
    return [
        {"id": f"I-{n}-{k}", "step": f"DEP.{n}", "kind": "choice", "text": {"fr": f"Question {n}.{k} ?", "en": f"Question {n}.{k}?"}, "answers": answers}
        for k in range(1, count + 1)
    ]  # fmt: skip


def count_procedure():
    """How the count is done before the change: its decisive step rests on the old article."""
    first = step(1, "Ouvrez l’urne devant les délégués.", critical=True, card=True)
    first.pop("practice")
    first["basis"] = [{"article": OLD, "version": "2006-09-04", "confidence": "text seen"}]
    return {
        "id": "DEP", "title": {"fr": "Dépouiller", "en": "Count"}, "roles": ["assessors"], "phase": "count",
        "steps": [first, step(2, "Comptez les bulletins à voix haute.")], "items": [*items(1, 4), *items(2, 8)],
    }  # fmt: skip


class Desk:
    """A person at their own browser."""

    def __init__(self, person=None):
        self.client = Client()
        if person:
            from allauth.mfa.models import Authenticator

            Authenticator.objects.get_or_create(user_id=person.pk, type="totp", defaults={"data": {"secret": "x"}})
            self.client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
            with_second_factor(self.client, person)

    def read(self, name, *args, **asked):
        answer = self.client.get(reverse(name, args=args), asked)
        assert answer.status_code == 200, (name, answer.status_code)
        return answer.content.decode()

    def press(self, page, /, *args, act, **said):
        """Press a button of a page, which carries what the page showed."""
        url = reverse(page, args=args)
        seen = re.search(r'name="seen" value="([0-9a-f]{64})"', self.client.get(url).content.decode())
        answer = self.client.post(url, {"act": act, **({"seen": seen[1]} if seen else {}), **said})
        assert answer.status_code == 302, (page, act, answer.status_code, answer.content.decode()[-1500:])
        return answer["Location"]

    def sign(self):
        """Read the request that waits and approve it."""
        asked = Approval.objects.latest("pk")
        answer = decide_on_screen(self.client, asked)
        asked.refresh_from_db()
        assert asked.state == "approved", answer.content.decode()[-1500:]


@pytest.fixture
def desks(people, staffing, authority, opened, settings):
    """Everybody of the story at their own desk."""
    cast = {
        **people,
        "agents": staffing,
        "review": make_person("relecture", "relecture-juridique"),
        "printer": make_person("tirage", "coordination-agents"),
    }
    return {name: Desk(person) for name, person in cast.items()}


@pytest.fixture
def before(people, pack_version):
    """The count is approved as the old article has it."""
    source = ManualSource.objects.create(code="essai", head=HEAD)
    procedure = Procedure.objects.create(source=source, code="DEP", file="dep.yaml")
    return ProcedureVersion.objects.create(
        procedure=procedure, number=1, state="approved", content=count_procedure(), sha256="1" * 64, title_fr="Dépouiller", title_en="Count",
        phase="count", roles="|assessors|", reviewed_by=people["one"], tested_by=people["cell"], approved_by=people["two"],
    )  # fmt: skip


def test_from_a_changed_article_to_the_record_of_a_station(
    desks, before, people, opened, staffing, authority, monkeypatch, on_the_day
):
    changed = a_new_article_changes_the_count(desks, before)
    run = manual_card_and_quiz_are_made_again(desks, changed)
    lesson = seven_days_do_not_hold_and_a_way_out_is_taken(desks, people, opened, staffing, authority)
    sat = a_class_without_network_is_photographed_and_sent(desks, people, lesson, run, monkeypatch)
    number = one_fails_a_critical_item_and_the_others_are_certified(desks, lesson, sat)
    a_stranger_checks_the_badge_without_the_house(number, desks)
    the_record_says_who_counted_trained_by_whom_with_which_page(desks, opened, lesson, number, run, staffing)


# --- 1 ------------------------------------------------------------------------------------------------------------
def a_new_article_changes_the_count(desks, before):
    cell, review = desks["cell"], desks["review"]
    mark = f"{OLD}@2006-09-04"
    page = cell.read("procedures:impact", article=mark)
    assert "DEP.1" in page and "I-1-1" in page and "DEP.2" not in page
    cell.press("procedures:impact", act="tasks", article=mark, version="2022-06-24")
    assert "2022-06-24" in cell.read("procedures:version", before.pk)
    draft = int(cell.press("procedures:version", before.pk, act="draft").split("/")[-2])
    page = cell.read("procedures:edit", draft, part="steps", id="DEP.1")
    assert OLD in page
    cell.press(
        "procedures:edit", draft, act="step", old="DEP.1", id="DEP.1", do_fr="Ouvrez l’urne devant les délégués et montrez-la vide après.",
        do_en="Open the box before the agents and show it empty afterwards.", basis=f"{NEW}@2022-06-24", critical="1", card="1",
    )  # fmt: skip
    review.press("procedures:version", draft, act="verify", article=f"{NEW}@2022-06-24", reason="JO lu, page 12")
    review.press("procedures:version", draft, act="lawful", reason="relu")
    cell.press("procedures:version", draft, act="tested", reason="essayée avec six agents")
    cell.press("procedures:version", draft, act="ask", reason="article nouveau")
    review.sign()
    one = ProcedureVersion.objects.get(pk=draft)
    before.refresh_from_db()
    assert (before.state, one.state) == ("retired", "approved")
    return one


# --- 2 ------------------------------------------------------------------------------------------------------------
def manual_card_and_quiz_are_made_again(desks, changed):
    drawn = mock.patch("kalata.documents.typeset.accessible", lambda template, data, beside: json.dumps(data).encode())
    with drawn:
        desks["cell"].press("manuals:list", act="make", source="essai", role="assessors", language="fr")
    made = ManualBuild.objects.latest("pk")
    assert made.state == "made" and not made.draft
    kinds = set(made.files.values_list("kind", flat=True))
    assert {"manual", "card", "quiz", "gift", "scorm"} <= kinds
    told = b"".join(
        desks["plan"].client.get(reverse("manuals:piece", args=[made.pk, "manual.assessors.fr.html"])).streaming_content
    )
    assert "montrez-la vide après" in told.decode()
    desks["cell"].press(
        "tests:list", act="make", source="essai", role="assessors", certificate="assessor", language="fr", version="2"
    )
    assert TestForm.objects.filter(draft=False).count() == 2
    desks["plan"].press("manuals:build", made.pk, act="print", number="T-1", kind="manual", copies="20")
    return PrintRun.objects.get(number="T-1")


# --- 3 ------------------------------------------------------------------------------------------------------------
def seven_days_do_not_hold_and_a_way_out_is_taken(desks, people, opened, staffing, authority):
    appointed(opened, staffing, authority, "KAY-001", "KAY-002", "SEG-001")
    plan, sign = desks["plan"], desks["sign"]
    last = POLL - timedelta(days=6)
    staff = "station,position,name\n" + "\n".join(
        f"{s},{p},à nommer"
        for s in ("KAY-001", "KAY-002", "SEG-001")
        for p in ("president", *(f"assessor-{n}" for n in (1, 2, 3, 4)))
    )
    said = {
        "contest": opened.code, "title": "Sept jours", "first": str(last - timedelta(days=6)), "last": str(last), "closed": "", "class_max": "1", "class_days": "1",
        "reserve": "0", "travel": "0", "venues": file(VENUES, "lieux.csv"), "pairs": file(PAIRS, "binomes.csv"), "staff": file(staff, "agents.csv"),
    }  # fmt: skip
    where = plan.press("plans:new", act="make", **said)
    one = Cascade.objects.get(pk=int(where.split("/")[-2]))
    page = plan.read("plans:plan", one.pk)
    assert (
        "Le plan ne tient pas" in page
        and "Les lignes qui s’opposent" in page
        and 'value="take"' in page
        and 'value="ask"' not in page
    )
    plan.press("plans:plan", one.pk, act="take", limit="class_max")
    page = plan.read("plans:plan", one.pk)
    assert "Le plan tient" in page
    plan.press("plans:plan", one.pk, act="ask", reason="listes relues")
    sign.sign()
    one.refresh_from_db()
    assert one.state == "published"
    seats = TrainingClass.objects.filter(cascade=one, area="ML-KAY").order_by("code")
    return max(seats, key=lambda c: c.seats.filter(role="assessor").count())


# --- 4 ------------------------------------------------------------------------------------------------------------
def a_class_without_network_is_photographed_and_sent(desks, people, lesson, run, monkeypatch):
    """The sheet of entries filled in offline and sent twice; the signed sheet photographed; an answer sheet read from its picture."""
    desk = desks["formatrice"]
    monkeypatch.setattr(queries, "today", lambda: lesson.first)
    desks["plan"].press(
        "manuals:run",
        run.pk,
        act="hand",
        training_class=lesson.code,
        taken_by="formatrice",
        copies="5",
        on=str(lesson.first),
    )
    form = TestForm.objects.get(letter="A")
    right = "".join(row["right"] for row in form.rows)
    seats = list(lesson.seats.filter(role="assessor").order_by("seat"))
    chosen = {s.seat: right for s in seats[1:]}
    decisive = next(n for n, row in enumerate(form.rows) if row["critical"])
    failed = seats[0].seat
    chosen[failed] = right[:decisive] + ("A" if right[decisive] == "B" else "B") + right[decisive + 1 :]
    rows = []
    for s in seats:
        who = queries.holder(s)
        answers = "" if s.seat == failed else chosen[s.seat]
        rows.append(
            f"m-{s.seat:04d},{s.seat},{who.code},{who.name},oui,{queries.day_code(lesson, lesson.first, who.code)},{form.mark if answers else ''},{answers}"
        )
    text = "\n".join(
        ["entry,seat,agent,name,present,code,form,answers", *(",".join([*r.split(",")[:6], "", ""]) for r in rows)]
    )
    desk.press("classes:class", lesson.pk, act="entries", file=file(text, "saisie.csv"))
    desk.press("classes:class", lesson.pk, act="held", sheet=picture())
    papers = "\n".join(["entry,seat,agent,name,present,code,form,answers", *rows])
    for _twice in range(2):
        desk.press("classes:class", lesson.pk, act="entries", file=file(papers, "saisie.csv"))
    lesson.refresh_from_db()
    assert lesson.state == "held" and lesson.seats.filter(papers__isnull=False).count() == len(seats) - 1
    printed = desk.client.get(reverse("classes:answers", args=[lesson.pk]), {"epreuve": form.mark})
    assert printed["Content-Type"] == "application/pdf"
    desk.press(
        "classes:class", lesson.pk, act="sheet", images=photographed(printed, lesson, form, failed, chosen[failed])
    )
    paper = lesson.seats.get(seat=failed).papers.get()
    assert not paper.passed and len(paper.missed) == 1
    return {"failed": failed, "passed": [s.seat for s in seats[1:]]}


def photographed(printed, lesson, form, seat, answers):
    """The printed answer sheet of this seat, filled in with a pen and photographed aslant."""
    import pypdfium2
    from PIL import Image, ImageDraw

    from kalata.training.sheets import geometry

    pdf = printed.content
    pages = [p.render(scale=150 / 72, grayscale=True).to_pil().convert("L") for p in pypdfium2.PdfDocument(pdf)]
    order = list(lesson.seats.order_by("seat").values_list("seat", flat=True))
    sheet = (
        pages[order.index(seat)]
        if len(pages) == len(order)
        else pages[[s for s in order if lesson.seats.get(seat=s).role == "assessor"].index(seat)]
    )
    unit, draw = 150 / 25.4, ImageDraw.Draw(sheet)
    for row, letter in enumerate(answers):
        x, y = (v * unit for v in geometry.bubble(row, form.rows[row]["letters"].index(letter)))
        draw.ellipse([x - 2.2 * unit, y - 2.2 * unit, x + 2.2 * unit, y + 2.2 * unit], fill=40)
    out = io.BytesIO()
    sheet.rotate(2, resample=Image.Resampling.BICUBIC, fillcolor=230).save(out, "JPEG", quality=85)
    out.name = "feuille.jpg"
    out.seek(0)
    return out


# --- 5 ------------------------------------------------------------------------------------------------------------
def one_fails_a_critical_item_and_the_others_are_certified(desks, lesson, sat):
    page = desks["formatrice"].read("classes:class", lesson.pk)
    assert "à reprendre une fois" in page
    desks["formatrice"].press("classes:class", lesson.pk, act="settle")
    refused = desks["formatrice"].client.post(
        reverse("classes:class", args=[lesson.pk]), {"act": "certify", "reason": "moi seule"}
    )
    assert refused.status_code == 403
    desks["one"].press("classes:class", lesson.pk, act="certify", reason="résultats relus")
    desks["two"].sign()
    held = Certificate.objects.filter(seat__training_class=lesson)
    assert sorted(held.values_list("seat__seat", flat=True)) == sat["passed"]
    assert lesson.seats.get(seat=sat["failed"]).state == "failed"
    return held.order_by("seat__seat").first().number


# --- 6 ------------------------------------------------------------------------------------------------------------
def a_stranger_checks_the_badge_without_the_house(number, desks):
    stranger, one = Desk(), Certificate.objects.get(number=number)
    page = stranger.read("certificates:check", n=number)
    assert number in page and one.agent.name not in page
    issuer = issuer_of(json.loads(stranger.read("certificates:issuer")), "emetteur.json")
    status = stranger.read("certificates:status").strip().encode()
    token = desks["one"].client.get(reverse("certificates:badge", args=[one.pk])).content.strip()
    assert stranger.client.get(reverse("certificates:badge", args=[one.pk])).status_code in (302, 404)
    on = timezone.localdate()
    assert verifying.verdict(token, issuer, on, status).verdict == "valid"
    spoilt = token[:-6] + (b"AAAAAA" if token[-6:] != b"AAAAAA" else b"BBBBBB")
    assert verifying.verdict(spoilt, issuer, on, status).verdict == "bad_signature"
    offline = stranger.client.get(reverse("certificates:offline"))
    assert offline.status_code == 200 and not re.search(rb'(src|href)="(http|/)', offline.content)


# --- 7 ------------------------------------------------------------------------------------------------------------
def the_record_says_who_counted_trained_by_whom_with_which_page(desks, opened, lesson, number, run, staffing):
    one = Certificate.objects.get(number=number)
    station = one.agent.posts.get().station
    code = next(
        c
        for body, _n, c in posts_day.make_codes(contest=opened, by=make_person("plis", "coordination-agents"))
        if body == station.code
    )
    others = [p.pk for p in station.posts.filter(head=False)]
    desk = desks["agents"]
    desk.press(
        "posts:station",
        opened.code,
        station.pk,
        act="presence",
        present=others,
        teller="le premier assesseur",
        hour="07:00",
    )
    chair = post(opened, station.code, "president")
    desk.press(
        "posts:station", opened.code, station.pk, act="replace", post=chair.pk, name="Une électrice", roll_number="217", hour="07:12",
        decided_by="coordination", witness="délégué", code=code,
    )  # fmt: skip
    page = desk.read("posts:record", opened.code, station.pk)
    shown = next(p["code"] for p in run.pages if p["procedure"] == "DEP")
    assert (
        "Une électrice" in page and "217" in page and number in page and shown in page and lesson.pair + "<" not in page
    )
    kept = desks["one"].client.get(reverse("posts:record", args=[opened.code, station.pk]))
    assert kept.status_code == 404 or lesson.pair in kept.content.decode()
