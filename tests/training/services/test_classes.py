"""A plan kept and published by two, a class held on paper, papers marked, money paid, certificates issued, withdrawn and refreshed."""

import io
from datetime import date

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from kalata.people.models import Mandate, Person
from kalata.people.rules.approval import Decision
from kalata.people.services import decide_approval
from kalata.refusals import Refused
from kalata.training import badge_keys
from kalata.training.models import (
    Agent,
    AnswerPaper,
    Cascade,
    Certificate,
    Enrolment,
    PaymentLine,
    Post,
    TestForm,
    TrainingClass,
)
from kalata.training.pages import plans as plan_pages
from kalata.training.queries import classes as queries
from kalata.training.rules.badges import verifying
from kalata.training.rules.badges.issuer import issuer_of
from kalata.training.rules.classes_refusals import UnreadSheet
from kalata.training.services import (
    cascade_keeping,
    cascade_publishing,
    certificates,
    classes_held,
    classes_marks,
    classes_offline,
    payments,
)
from kalata.training.services.cascade_keeping import Terms
from kalata.training.services.classes_held import Came
from tests.conftest import make_person, meanwhile
from tests.training.conftest import appointed, sent

pytestmark = pytest.mark.django_db

VENUES = "area,venue,rooms,language\nML-KAY,École A,1,bambara\nML-KAY,École B,1,bambara\nML-SEG,Mairie,1,bambara\n"
PAIRS = "pair,home,scope,languages,trainers\nP1,ML-KAY,area,bambara,formatrice\nP2,ML-SEG,area,bambara,\n"
TERMS = Terms(
    first=date(2027, 2, 15), last=date(2027, 2, 17), closed=(), class_max=6, class_days=1, reserve=0, travel_days=0
)
ROWS = [
    {"number": n, "item": f"I{n}", "text": f"Question {n}", "options": [["A", "oui"], ["B", "non"]], "letters": "AB", "right": "A", "critical": n == 1}
    for n in range(1, 11)
]  # fmt: skip


def file(text, name="liste.csv"):
    out = io.BytesIO(text.encode())
    out.name = name
    return out


def picture():
    out = io.BytesIO()
    Image.new("L", (80, 80), 200).save(out, "JPEG")
    out.name, out.size = "feuille.jpg", out.tell()
    out.seek(0)
    return out


@pytest.fixture
def people(pack_version, settings, tmp_path):
    settings.BADGE_KEY = tmp_path / "keys" / "issuer.key"
    settings.BADGE_PASSPHRASE = "quatre mots pris au hasard"
    roles = {
        "plan": "logistique-formation", "sign": "direction-formation", "formatrice": "formation-nationale", "other": "formation-nationale",
        "one": "certification", "two": "certification", "cell": "cellule-pedagogique",
    }  # fmt: skip
    return {name: make_person(name, role) for name, role in roles.items()}


@pytest.fixture
def draft(opened, staffing, authority, people):
    appointed(opened, staffing, authority, "KAY-001", "KAY-002", "SEG-001")
    return kept(opened, people)


def kept(contest, people, *, venues=VENUES, pairs=PAIRS, terms=TERMS, staff=None):
    return cascade_keeping.make(
        contest=contest, title="Plan", terms=terms, venues=file(venues), pairs=file(pairs), staff=staff, shared_read=False, by=people["plan"]
    )  # fmt: skip


def publish(one, people):
    asked = cascade_publishing.ask(cascade=one, reason="relu", by=people["plan"], seen=one.sha256)
    decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=people["sign"])
    one.refresh_from_db()
    return one


@pytest.fixture
def lesson(draft, people, monkeypatch):
    """The first class of Kayes, on its day."""
    publish(draft, people)
    monkeypatch.setattr(queries, "today", lambda: date(2027, 2, 17))
    return TrainingClass.objects.filter(area="ML-KAY").order_by("code").first()


def code(one, seat=1):
    return queries.day_code(one, one.first, queries.holder(one.seats.get(seat=seat)).code)


def held(one, people, *seats):
    came = [Came(seat=n, present=True, code=code(one, n)) for n in seats]
    classes_held.note(training_class=one, came=came, by=people["formatrice"])
    classes_held.declare_held(training_class=one, sheet=picture(), by=people["formatrice"])
    one.refresh_from_db()
    return one


def paper(people, letter="A", certificate="assessor"):
    return TestForm.objects.create(
        mark=f"f{letter}{certificate}"[:12], letter=letter, role="assessors", certificate=certificate, language="fr", version="1", rows=ROWS, digest="0" * 64,
        made_by=people["cell"], made_at=timezone.now(),
    )  # fmt: skip


def seat_of(one, role="assessor"):
    return one.seats.filter(role=role).order_by("seat").first().seat


def test_the_vehicles_of_a_plan_carry_each_pair_with_its_manuals_and_who_is_taught_in_another_place(opened, staffing, authority, people):
    appointed(opened, staffing, authority, "KAY-001", "KAY-002", "SEG-001")
    venues = "area,venue,rooms,language,held_in\nML-KAY,École A,2,bambara,\nML-SEG,Aucun,0,bambara,ML-KAY\n"
    one = kept(opened, people, venues=venues, pairs=PAIRS.replace("P2,ML-SEG,area", "P2,,national"))
    assert one.answer["unserved"] == 0
    trips = plan_pages.trips(one)
    own = [t for t in trips if t.what == "trainers"]
    assert [t.of for t in own] == [c[0] for c in sorted(one.answer["classes"], key=lambda c: (c[6], c[0]))]
    assert sum(t.copies for t in own) == 15 and {t.people for t in own} == {2} and all(t.origin in ("", "ML-KAY") for t in own)
    assert [t.origin for t in own if t.pair == "P2"][:1] in ([], [""])
    away = [t for t in trips if t.what == "trainees"]
    assert {(t.origin, t.area) for t in away} == {("ML-SEG", "ML-KAY")} and sum(t.people for t in away) == 5


# --- the plan --------------------------------------------------------------------------------------------------
def test_a_plan_names_each_post_once_and_a_post_to_be_named_keeps_its_place(draft, opened):
    posts = [pk for c in draft.answer["classes"] for pk in c[8]]
    assert sorted(posts) == sorted(opened.posts.filter(station__isnull=False).values_list("pk", flat=True))
    assert (len(draft.answer["classes"]), draft.answer["unserved"]) == (3, 0)


def test_a_plan_that_does_not_hold_names_what_clashes_is_not_published_and_a_way_out_makes_it_hold(
    opened, staffing, authority, people
):
    one = kept(opened, people, terms=Terms(**{**{f: getattr(TERMS, f) for f in TERMS.__slots__}, "class_max": 2}))
    assert one.answer["unserved"]
    assert one.answer["says"]["fr"]
    with pytest.raises(Refused) as wrong:
        cascade_publishing.ask(cascade=one, reason="r", by=people["plan"], seen=one.sha256)
    assert wrong.value.code == "TRN-503"
    taken = cascade_keeping.take(cascade=one, limit="class_max", by=people["plan"], seen=one.sha256)
    assert taken.answer["unserved"] == 0
    with pytest.raises(Refused) as stale:
        cascade_keeping.take(cascade=one, limit="class_max", by=people["plan"], seen=one.sha256)
    assert stale.value.code == "PEO-212"


def test_nothing_is_held_open_while_a_plan_is_solved_and_what_moved_meanwhile_is_refused(draft, people, monkeypatch):
    before, depth, solve = draft.sha256, len(connection.savepoint_ids), cascade_keeping.solved
    other = Terms(**{**{f: getattr(TERMS, f) for f in TERMS.__slots__}, "class_max": 7})

    def slowly(plan, seconds):
        assert len(connection.savepoint_ids) == depth
        monkeypatch.setattr(cascade_keeping, "solved", solve)
        cascade_keeping.change(cascade=draft, terms=other, by=people["plan"], seen=before)  # another tab, quicker
        return solve(plan, seconds)

    monkeypatch.setattr(cascade_keeping, "solved", slowly)
    with pytest.raises(Refused) as moved:
        cascade_keeping.change(cascade=draft, terms=TERMS, by=people["plan"], seen=before)
    assert moved.value.code == "PEO-212"


def test_a_late_list_keeps_its_own_posts_and_one_that_names_no_post_of_the_contest_is_refused_with_its_row(
    opened, people
):
    one = kept(
        opened, people, staff=file("station,position,name\nKAY-001,president,à nommer\nKAY-001,assessor-1,à nommer\n")
    )
    assert sum(map(len, one.people.values())) == 2
    with pytest.raises(Refused) as wrong:
        kept(opened, people, staff=file("station,position,name\nKAY-999,president,à nommer\n"))
    assert (wrong.value.code, wrong.value.params["row"]) == ("TRN-502", 2)


def test_a_trainer_is_in_one_pair_and_in_one_class_a_day(draft, opened, people):
    with pytest.raises(Refused) as twice:
        kept(opened, people, pairs=PAIRS.replace("bambara,\n", "bambara,formatrice\n"))
    assert (twice.value.code, twice.value.params["row"]) == ("TRN-103", 3)
    publish(draft, people)
    taken = TrainingClass.objects.filter(area="ML-KAY").first()
    other = TrainingClass.objects.get(area="ML-SEG")
    TrainingClass.objects.filter(pk=other.pk).update(first=taken.first, last=taken.last)
    with pytest.raises(Refused) as busy:
        classes_held.entrust(training_class=other, names=["formatrice"], by=people["plan"])
    assert busy.value.code == "TRN-634"


def test_two_persons_publish_the_very_plan_that_was_read(draft, people):
    asked = cascade_publishing.ask(cascade=draft, reason="relu", by=people["plan"], seen=draft.sha256)
    cascade_keeping.change(
        cascade=draft,
        terms=Terms(**{**{f: getattr(TERMS, f) for f in TERMS.__slots__}, "class_max": 7}),
        by=people["plan"],
        seen=draft.sha256,
    )
    with pytest.raises(Refused) as moved:
        decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=people["sign"])
    assert moved.value.code == "PEO-205"
    draft.refresh_from_db()
    publish(draft, people)
    assert Enrolment.objects.count() == 15
    assert [t.person.username for t in TrainingClass.objects.filter(area="ML-KAY").first().trainers.all()] == [
        "formatrice"
    ]


def test_what_is_published_is_what_was_judged_even_where_it_changes_at_the_same_instant(draft, people, monkeypatch):
    asked = cascade_publishing.ask(cascade=draft, reason="relu", by=people["plan"], seen=draft.sha256)
    other = Terms(**{**{f: getattr(TERMS, f) for f in TERMS.__slots__}, "class_max": 7})
    meanwhile(monkeypatch, lambda: cascade_keeping.change(cascade=draft, terms=other, by=people["plan"]))
    with pytest.raises(Refused) as moved:
        decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=people["sign"])
    assert moved.value.code == "PEO-205"
    assert not TrainingClass.objects.exists()


def test_a_venue_that_falls_moves_its_classes_alone_and_the_repair_is_signed_too(draft, people):
    publish(draft, people)
    here = next(c for c in draft.answer["classes"] if c[1] == "ML-KAY")
    fix = cascade_keeping.repair(
        cascade=draft, area="ML-KAY", venue=here[3], on=date(2027, 2, 15), instead="", rooms=0, by=people["plan"]
    )
    before, after = ({c[0]: c for c in one.answer["classes"]} for one in (draft, fix))
    assert fix.answer["unserved"] == 0
    assert all(after[c] == before[c] for c in before if before[c][3] != here[3])
    publish(fix, people)
    draft.refresh_from_db()
    assert (draft.state, fix.state) == ("replaced", "published")
    assert not TrainingClass.objects.filter(venue=here[3]).exists()
    assert Enrolment.objects.count() == 15


def test_a_repair_for_which_there_is_no_room_says_so_until_another_venue_is_found(draft, people):
    publish(draft, people)
    said = {"cascade": draft, "area": "ML-SEG", "venue": "Mairie", "on": date(2027, 2, 15), "by": people["plan"]}
    assert cascade_keeping.repair(**said, instead="", rooms=0).answer["unserved"] == 1
    assert cascade_keeping.repair(**said, instead="Lycée", rooms=1).answer["unserved"] == 0
    assert Cascade.objects.filter(state="published").count() == 1


# --- the class ---------------------------------------------------------------------------------------------------
def test_a_presence_has_two_proofs_or_the_class_is_not_held(lesson, people):
    one = lesson
    classes_held.note(training_class=one, came=[Came(seat=1, present=True)], by=people["formatrice"])
    with pytest.raises(Refused) as half:
        classes_held.declare_held(training_class=one, sheet=picture(), by=people["formatrice"])
    assert half.value.code == "TRN-610"
    with pytest.raises(Refused) as wrong:
        classes_held.note(training_class=one, came=[Came(seat=1, present=True, code="000000")], by=people["formatrice"])
    assert wrong.value.code == "TRN-604"
    who = queries.holder(one.seats.get(seat=1))
    sms = file(f"at,phone,text\n,70,{code(one)} {who.code}\n,71,{code(one)} INCONNU\n")
    assert classes_held.bring_messages(training_class=one, file=sms, by=people["plan"]) == (1, 1)
    classes_held.declare_held(training_class=one, sheet=picture(), by=people["formatrice"])
    assert dict(one.seats.values_list("seat", "state"))[1] == "attended"
    assert set(one.seats.exclude(seat=1).values_list("state", flat=True)) == {"absent"}


def test_a_trainer_alone_proves_nobody_s_presence(lesson, people, sign_in, monkeypatch):
    """Each person's code is their own: no page or file of a trainer has one, one person's proves no other, guessing is slowed."""
    one, by = lesson, people["formatrice"]
    monkeypatch.setattr(queries, "today", lambda: one.first)
    numbers = [s.seat for s in one.seats.order_by("seat") if queries.holder(s)]
    first, second = numbers[:2]
    codes = {code(one, n) for n in numbers}
    assert len(codes) == len(numbers)
    client = sign_in(by)
    for page in ("", "saisie.csv"):
        answer = client.get(f"/formation/seances/{one.pk}/{page}")
        assert answer.status_code == 200 and not any(c in answer.content.decode() for c in codes)
    assert client.post("/formation/seances/codes.csv").status_code == 403
    with pytest.raises(Refused) as borrowed:
        classes_held.note(training_class=one, came=[Came(seat=second, present=True, code=code(one, first))], by=by)
    assert borrowed.value.code == "TRN-604"
    said = []
    for guess in range(14):
        with pytest.raises(Refused) as wrong:
            classes_held.note(training_class=one, came=[Came(seat=first, present=True, code=f"{guess:06}")], by=by)
        said.append(wrong.value.code)
    assert said[0] == "TRN-604" and said[-1] == "PEO-102"
    assert not one.seats.filter(code=True).exists()
    sent = sign_in(people["plan"]).post("/formation/seances/codes.csv").content.decode()
    assert all(c in sent for c in codes)


def test_who_comes_in_another_s_place_is_sent_a_code_of_their_own_once_noted(lesson, people, opened):
    one, by = lesson, people["formatrice"]
    taken = set(one.seats.values_list("post__agent", flat=True))
    other = Post.objects.filter(contest=opened, agent__isnull=False).exclude(agent__in=taken).first().agent
    classes_held.note(training_class=one, came=[Came(seat=1, present=True, agent=other.code)], by=by)
    due = {d.seat: d for d in queries.codes_due(people["plan"], one.first) if d.of == one}[1]
    assert due.agent == other and due.code == code(one) != queries.day_code(one, one.first, one.seats.get(seat=1).post.agent.code)
    classes_held.note(training_class=one, came=[Came(seat=1, present=True, agent=other.code, code=due.code)], by=by)
    assert one.seats.get(seat=1).code


def test_only_its_trainer_notes_a_class_and_nobody_before_its_day(lesson, people, monkeypatch):
    with pytest.raises(Refused) as other:
        classes_held.note(training_class=lesson, came=[], by=people["other"])
    assert other.value.code == "TRN-602"
    monkeypatch.setattr(queries, "today", lambda: date(2027, 2, 1))
    with pytest.raises(Refused) as early:
        classes_held.note(training_class=lesson, came=[Came(seat=1, present=True)], by=people["formatrice"])
    assert early.value.code == "TRN-603"


def test_one_person_is_not_in_two_classes_on_one_day(lesson, people):
    one, two = TrainingClass.objects.filter(area="ML-KAY").order_by("code")[:2]
    TrainingClass.objects.filter(pk=two.pk).update(first=one.first, last=one.last)
    who = queries.holder(one.seats.get(seat=1))
    classes_held.note(training_class=one, came=[Came(seat=1, present=True, code=code(one))], by=people["formatrice"])
    with pytest.raises(Refused) as twice:
        classes_held.note(
            training_class=two, came=[Came(seat=1, present=True, agent=who.code)], by=people["formatrice"]
        )
    assert twice.value.code == "TRN-605"


def test_an_offline_file_sent_twice_counts_once_and_one_that_says_otherwise_is_refused(lesson, people):
    rows = classes_held.blank_entries(lesson)
    rows[0][4:6] = ["oui", code(lesson, rows[0][1])]
    text = "entry,seat,agent,name,present,code,form,answers\n" + "\n".join(",".join(map(str, r)) for r in rows)
    assert classes_offline.bring_entries(training_class=lesson, file=file(text), by=people["formatrice"]).seats >= 1
    again = classes_offline.bring_entries(training_class=lesson, file=file(text), by=people["formatrice"])
    assert again == classes_offline.Brought(0, 0, len(rows), 0)
    with pytest.raises(Refused) as other:
        classes_offline.bring_entries(
            training_class=lesson, file=file(text.replace(",oui,", ",non,")), by=people["formatrice"]
        )
    assert other.value.code == "TRN-626"


def test_papers_of_an_offline_file_wait_until_the_class_is_declared_held(lesson, people):
    form, rows = paper(people), classes_held.blank_entries(lesson)
    row = next(r for r in rows if r[1] == seat_of(lesson))
    row[4:8] = ["oui", code(lesson, row[1]), form.mark, "A" * 10]
    text = "entry,seat,agent,name,present,code,form,answers\n" + "\n".join(",".join(map(str, r)) for r in rows)
    send = lambda: classes_offline.bring_entries(training_class=lesson, file=file(text), by=people["formatrice"])  # noqa: E731
    first = send()
    assert (first.papers, first.wait) == (0, 1) and not lesson.seats.filter(papers__isnull=False)
    classes_held.declare_held(training_class=lesson, sheet=picture(), by=people["formatrice"])
    assert [(b.papers, b.wait) for b in (send(), send())] == [(1, 0), (0, 0)]


# --- papers --------------------------------------------------------------------------------------------------------
def test_the_mark_and_every_critical_item_pass_and_a_failure_is_retaken_once_with_the_other_form(lesson, people):
    first, second = paper(people), paper(people, "B")
    seat = seat_of(lesson)
    one = held(lesson, people, *lesson.seats.values_list("seat", flat=True))
    said = {"training_class": one, "by": people["formatrice"]}
    missed = classes_marks.type_answers(**said, seat=seat, mark=first.mark, answers="B" + "A" * 9)
    assert (missed.right, missed.missed, missed.passed, missed.seat.state) == (9, ["I1"], False, "failed")
    with pytest.raises(Refused) as same:
        classes_marks.type_answers(**said, seat=seat, mark=first.mark, answers="A" * 10)
    assert same.value.code == "TRN-615"
    assert classes_marks.type_answers(**said, seat=seat, mark=second.mark, answers="A" * 8 + "B-").passed
    with pytest.raises(Refused) as done:
        classes_marks.type_answers(**said, seat=seat, mark=first.mark, answers="A" * 10)
    assert done.value.code == "TRN-614"


def test_a_paper_that_leaked_and_one_of_another_role_are_not_marked(lesson, people):
    form, chair = paper(people), paper(people, certificate="president")
    seat = seat_of(lesson)
    one = held(lesson, people, seat)
    said = {"training_class": one, "seat": seat, "answers": "A" * 10, "by": people["formatrice"]}
    with pytest.raises(Refused) as role:
        classes_marks.type_answers(**said, mark=chair.mark)
    classes_marks.close_form(form=form, reason="vue en ville", by=people["cell"])
    with pytest.raises(Refused) as leaked:
        classes_marks.type_answers(**said, mark=form.mark)
    assert (role.value.code, leaked.value.code) == ("TRN-617", "TRN-611")


# --- money ---------------------------------------------------------------------------------------------------------
def test_the_list_of_payment_is_the_attendance_to_the_person_and_the_franc_signed_by_another_and_paid_once(
    lesson, people
):
    held(lesson, people, 1, 2, 3)
    asked = payments.ask(contest=lesson.contest, number="P-1", reason="relu", by=people["plan"])
    with pytest.raises(Refused):
        decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=people["plan"])
    decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=people["sign"])
    came = set(lesson.seats.filter(state="attended").values_list("agent", flat=True))
    assert {x.agent_id for x in PaymentLine.objects.all()} == came
    assert [x.amount for x in PaymentLine.objects.all()] == [8000] * 3
    with pytest.raises(Refused) as again:
        payments.ask(contest=lesson.contest, number="P-2", reason="r", by=people["plan"])
    assert again.value.code == "TRN-619"


def test_nobody_alone_turns_a_signed_payment_to_another_telephone(lesson, people, staffing, opened):
    held(lesson, people, 1)
    asked = payments.ask(contest=lesson.contest, number="P-1", reason="relu", by=people["plan"])
    one = lesson.seats.get(seat=1).agent

    def turned(phone):
        spot = Post.objects.get(agent=one)
        row = f"{spot.body},{spot.position},{one.code},{one.name},{phone}"
        sent(opened, staffing, [row], head="station,position,code,name,phone")

    turned("70000001")
    with pytest.raises(Refused) as moved:
        decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=people["sign"])
    assert moved.value.code == "PEO-205"
    asked = payments.ask(contest=lesson.contest, number="P-2", reason="relu", by=people["plan"])
    decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=people["sign"])
    turned("79999999")
    assert [x.phone for x in PaymentLine.objects.all()] == ["70000001"]


def test_who_said_who_was_there_neither_asks_nor_signs_their_payment_even_once_the_class_is_another_s(lesson, people):
    came = [Came(seat=1, present=True, code=code(lesson))]
    classes_held.note(training_class=lesson, came=came, by=people["formatrice"])
    classes_held.entrust(training_class=lesson, names=["other"], by=people["plan"])
    classes_held.declare_held(training_class=lesson, sheet=picture(), by=people["other"])
    lesson.refresh_from_db()
    assert queries.touched_it(people["formatrice"], lesson)
    assert not queries.touched_it(people["plan"], lesson)
    asked = payments.ask(contest=lesson.contest, number="P-1", reason="r", by=people["plan"])
    signs = people["sign"].mandates.get()
    people["formatrice"].mandates.update(revoked_at=timezone.now())
    Mandate.objects.create(person=people["formatrice"], role=signs.role, rights=signs.rights, starts=signs.starts)
    with pytest.raises(Refused) as own:
        decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=Person.objects.get(pk=people["formatrice"].pk))
    assert own.value.code == "TRN-635"


# --- certificates ----------------------------------------------------------------------------------------------------
@pytest.fixture
def certified(lesson, people):
    form, seat = paper(people), seat_of(lesson)
    one = held(lesson, people, seat)
    classes_marks.type_answers(training_class=one, seat=seat, mark=form.mark, answers="A" * 10, by=people["formatrice"])
    one = classes_held.settle(training_class=one, by=people["formatrice"])
    Agent.objects.filter(pk=one.seats.get(seat=seat).agent_id).update(certificate_role="", certificate_version="")
    asked = certificates.ask(training_class=one, reason="relu", by=people["one"])
    decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=people["two"])
    return Certificate.objects.get()


def verdict(one):
    issuer = issuer_of(badge_keys.issuer_record(), "x")
    return verifying.verdict(one.token.encode(), issuer, one.awarded_on, certificates.status_token().encode())


def test_two_who_did_not_teach_issue_and_a_stranger_verifies_offline(certified):
    assert verdict(certified).verdict == "valid"
    assert (certified.agent.certificate_role, certified.agent.certificate_version) == ("assessor", "1")
    assert certified.agent.name not in certified.token
    assert certified.seat.state == "certified"


def test_who_marked_a_paper_of_the_class_issues_no_certificate_of_it(lesson, people):
    form, seat = paper(people), seat_of(lesson)
    one = held(lesson, people, seat)
    classes_marks.type_answers(training_class=one, seat=seat, mark=form.mark, answers="A" * 10, by=people["formatrice"])
    one = classes_held.settle(training_class=one, by=people["formatrice"])
    one.trainers.create(person=people["one"])
    with pytest.raises(Refused) as own:
        certificates.ask(training_class=one, reason="r", by=people["one"])
    assert own.value.code == "TRN-622"


def test_a_withdrawal_by_two_is_in_the_list_with_its_coded_reason_and_uncovers_the_post(certified, people):
    asked = certificates.ask_withdrawal(certificate=certified, code="leaked_test", reason="r", by=people["one"])
    decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=people["two"])
    certified.refresh_from_db()
    found = verdict(certified)
    assert (found.verdict, found.reason) == ("revoked", "leaked_test")
    assert Agent.objects.get(pk=certified.agent_id).certificate_role == ""


def test_who_taught_the_class_withdraws_none_of_its_certificates(certified, people):
    certified.seat.training_class.trainers.create(person=people["two"])
    asked = certificates.ask_withdrawal(certificate=certified, code="leaked_test", reason="r", by=people["one"])
    with pytest.raises(Refused) as own:
        decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=people["two"])
    assert own.value.code == "TRN-622"


def test_a_list_brought_by_one_person_covers_no_post_whose_certificate_two_withdrew(certified, people, opened, staffing):
    asked = certificates.ask_withdrawal(certificate=certified, code="leaked_test", reason="r", by=people["one"])
    decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=people["two"])
    spot = Post.objects.get(agent=certified.agent)
    row = f"{spot.body},{spot.position},{certified.agent.code},{certified.agent.name},assessor,1,2027-12-31"
    with pytest.raises(Refused) as one_hand:
        sent(opened, staffing, [row], head="station,position,code,name,certificate_role,certificate_version,certificate_expires")
    assert one_hand.value.code == "POS-214"
    assert Agent.objects.get(pk=certified.agent_id).certificate_role == ""


def test_no_key_of_badges_is_made_without_a_passphrase_and_an_old_one_still_opens(settings, tmp_path, monkeypatch):
    settings.BADGE_KEY, settings.BADGE_PASSPHRASE = tmp_path / "k" / "issuer.key", ""
    for weak in ("", "court"):
        settings.BADGE_PASSPHRASE = weak
        with pytest.raises(Refused) as refused:
            badge_keys.signer()
        assert refused.value.code == "TRN-640" and not settings.BADGE_KEY.exists() and badge_keys.public() == ""
    settings.BADGE_PASSPHRASE = "quatre mots pris au hasard"
    made = badge_keys.key()
    settings.BADGE_PASSPHRASE = "une autre phrase secrète"
    with pytest.raises(Refused) as shut:
        badge_keys.key()
    assert shut.value.code == "TRN-625"
    settings.BADGE_KEY.write_bytes(badge_keys.sealed(made, ""))
    assert badge_keys.key().private_bytes_raw() == made.private_bytes_raw()
    monkeypatch.setenv("KALATA_BADGE_PASSPHRASE_FILE", str(tmp_path / "absent"))
    settings.BADGE_KEY.unlink()
    with pytest.raises(Refused) as lost:
        badge_keys.key()
    assert lost.value.code == "TRN-640"


# --- several photos at once --------------------------------------------------------------------------------------
def test_of_several_photos_one_that_is_refused_is_named_and_the_others_count_and_eleven_are_too_many(lesson, people, sign_in, monkeypatch):
    read, one = [], held(lesson, people, 1, 2)

    def looked(*, training_class, image, by):
        read.append(image.name)
        if image.name == "b.jpg":
            raise UnreadSheet(file=image.name, why="floue")
        return AnswerPaper(seat=one.seats.first(), right=9, out_of=10)

    def photos(*names):
        some = [picture() for _name in names]
        for name, photo in zip(names, some, strict=True):
            photo.name = name
        return {"act": "sheet", "images": some}

    monkeypatch.setattr(classes_marks, "read_sheet", looked)
    client, where = sign_in(people["formatrice"]), reverse("classes:class", args=[one.pk])
    page = client.post(where, photos("a.jpg", "b.jpg", "c.jpg"), follow=True).content.decode()
    assert read == ["a.jpg", "b.jpg", "c.jpg"] and "b.jpg : TRN-613" in page and page.count("feuille lue : 9 sur 10") == 2
    assert client.post(where, photos(*(f"{n}.jpg" for n in range(11)))).status_code == 422 and len(read) == 3
