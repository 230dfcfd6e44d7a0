"""A place is ready when every point is said and two persons sign the same answers; silence is never a yes."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from kalata.country.models import Unit
from kalata.lifecycle import NotFromHere, OtherPerson
from kalata.people.rules.approval import Decision, Outdated, SamePerson
from kalata.people.rules.shown import PageMoved
from kalata.people.services import decide_approval
from kalata.planning.models import ReadyDecision, ReadyPoint
from kalata.planning.queries import readiness as queries
from kalata.planning.rules.ready_steps import nearest
from kalata.planning.rules.refusals import EvidenceAsked, NoSuchThing, NotReady
from kalata.planning.services import readiness
from kalata.refusals import Forbidden
from tests.conftest import make_person
from tests.planning.conftest import small

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(election):
    return small(election, "A 5 cd").plan


@pytest.fixture
def kayes(plan):
    return Unit.objects.filter(geography=plan.election.geography, level=2, parent__code="ML-KAY").order_by("code").first()


@pytest.fixture
def coordinator(plan, kayes):
    return make_person("coord", "coordination-region", unit=kayes.parent)


@pytest.fixture
def head(pack_version):
    return make_person("unite", "chef-unite")


def all_yes(plan, unit, by, days=30):
    for point in queries.points(plan):
        if days in point.days:
            readiness.say(plan=plan, unit=unit, days=days, code=point.code, answer="yes", evidence="constat", by=by)


def test_ready_is_not_proposed_while_a_point_is_silent_or_no(plan, kayes, coordinator):
    with pytest.raises(NotReady):
        readiness.propose(plan=plan, unit=kayes, days=30, go=True, reason="", by=coordinator)
    all_yes(plan, kayes, coordinator)
    readiness.say(plan=plan, unit=kayes, days=30, code="lieux", answer="no", evidence="", by=coordinator)
    with pytest.raises(NotReady):
        readiness.propose(plan=plan, unit=kayes, days=30, go=True, reason="", by=coordinator)
    with pytest.raises(NotReady):  # a no-go has its reason
        readiness.propose(plan=plan, unit=kayes, days=30, go=False, reason=" ", by=coordinator)
    assert readiness.propose(plan=plan, unit=kayes, days=30, go=False, reason="pont coupé", by=coordinator).go is False


def test_a_yes_names_its_proof_where_one_is_asked(plan, kayes, coordinator):
    with pytest.raises(EvidenceAsked):
        readiness.say(plan=plan, unit=kayes, days=30, code="lieux", answer="yes", evidence="", by=coordinator)


def test_two_persons_sign_and_an_answer_that_changes_takes_the_proposal_back(plan, kayes, coordinator, head):
    all_yes(plan, kayes, coordinator)
    readiness.propose(plan=plan, unit=kayes, days=30, go=True, reason="", by=coordinator)
    old = queries.mark_of(plan, kayes, 30)
    readiness.say(plan=plan, unit=kayes, days=30, code="lieux", answer="no", evidence="", by=coordinator)
    with pytest.raises(PageMoved):
        readiness.sign(plan=plan, unit=kayes, days=30, by=head, seen=old)
    with pytest.raises(NotFromHere):
        readiness.sign(plan=plan, unit=kayes, days=30, by=head)
    readiness.propose(plan=plan, unit=kayes, days=30, go=False, reason="pont coupé", by=head)
    with pytest.raises(OtherPerson):
        readiness.sign(plan=plan, unit=kayes, days=30, by=head)
    readiness.sign(plan=plan, unit=kayes, days=30, by=make_person("fin", "finances"))
    with pytest.raises(NotFromHere):  # signed: nothing is said any more until it is opened again
        readiness.say(plan=plan, unit=kayes, days=30, code="lieux", answer="yes", evidence="c", by=coordinator)


def signed(plan, unit, coordinator, head, days=30):
    all_yes(plan, unit, coordinator, days)
    readiness.propose(plan=plan, unit=unit, days=days, go=True, reason="", by=coordinator)
    readiness.sign(plan=plan, unit=unit, days=days, by=head)


def test_nobody_alone_reopens_what_two_persons_signed(plan, kayes, coordinator, head, sign_in):
    with pytest.raises(NotFromHere):
        readiness.ask_reopen(plan=plan, unit=kayes, days=30, reason="r", by=head)
    signed(plan, kayes, coordinator, head)
    client, there = sign_in(head), f"/planification/plans/{plan.code}/preparation/{kayes.pk}/"
    stamp = client.get(f"{there}?jour=30").context["stamp"]
    assert client.post(there, {"act": "reopen", "days": "30", "reason": "pont coupé", "seen": stamp}).status_code == 302
    asked = queries.reopening(ReadyDecision.objects.get())
    assert ReadyDecision.objects.get().state == "signed" and client.get(f"{there}?jour=30").context["reopen"] is None
    with pytest.raises(SamePerson):
        decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=head)
    with pytest.raises(Forbidden):
        decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=coordinator)
    decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=make_person("fin", "finances"))
    one = ReadyDecision.objects.get()
    assert (one.state, one.go, one.signed_by) == ("open", None, None)


def test_a_reopening_is_of_the_decision_that_was_read_and_asked_by_who_speaks_of_the_place(plan, kayes, coordinator, head):
    signed(plan, kayes, coordinator, head)
    other = make_person("ailleurs", "coordination-region", unit=Unit.objects.get(geography=plan.election.geography, code="ML-GAO"))
    with pytest.raises(Forbidden):
        readiness.ask_reopen(plan=plan, unit=kayes, days=30, reason="r", by=other)
    first, second = (readiness.ask_reopen(plan=plan, unit=kayes, days=30, reason="r", by=by) for by in (coordinator, head))
    decide_approval(approval_id=first.pk, to=Decision.APPROVED, by=head)
    readiness.propose(plan=plan, unit=kayes, days=30, go=False, reason="pont coupé", by=coordinator)
    readiness.sign(plan=plan, unit=kayes, days=30, by=make_person("fin", "finances"))
    with pytest.raises(Outdated):  # another decision than the one that it was asked of
        decide_approval(approval_id=second.pk, to=Decision.APPROVED, by=make_person("fin2", "finances"))


def test_a_coordinator_speaks_of_their_own_places_alone_and_sees_no_other(plan, kayes, coordinator, sign_in):
    other = Unit.objects.filter(geography=plan.election.geography, level=2).exclude(parent=kayes.parent).first()
    with pytest.raises(Forbidden):
        readiness.say(plan=plan, unit=other, days=30, code="lieux", answer="no", evidence="", by=coordinator)
    client, there = sign_in(coordinator), f"/planification/plans/{plan.code}/preparation/"
    board = client.get(there)
    assert {p.unit.parent_id for p in board.context["rows"]} == {kayes.parent_id}
    assert client.get(f"{there}{kayes.pk}/").status_code == 200 and client.get(f"{there}{other.pk}/").status_code == 404
    assert client.post(f"{there}{kayes.pk}/", {"act": "sign", "days": "30"}).status_code == 403


def test_the_board_counts_a_silence_as_a_silence_and_shows_who_signed(plan, kayes, coordinator, head, sign_in):
    all_yes(plan, kayes, coordinator)
    client, there = sign_in(coordinator), f"/planification/plans/{plan.code}/preparation/"
    page = client.get(f"{there}{kayes.pk}/?jour=30")
    form = {"act": "propose", "days": "30", "go": "go", "seen": page.context["stamp"]}
    assert client.post(f"{there}{kayes.pk}/", form).status_code == 302
    assert client.post(f"{there}{kayes.pk}/", form).status_code == 409
    client = sign_in(head)
    stamp = client.get(f"{there}{kayes.pk}/?jour=30").context["stamp"]
    assert client.post(f"{there}{kayes.pk}/", {"act": "sign", "days": "30", "seen": stamp}).status_code == 302
    rows = {p.unit.pk: p for p in client.get(f"{there}?jour=30").context["rows"]}
    text = re.sub(r"\s+", " ", client.get(f"{there}?jour=30").content.decode())
    asked = sum(30 in p.days for p in queries.points(plan))
    assert rows[kayes.pk].yes == asked and all(p.silent == asked for pk, p in rows.items() if pk != kayes.pk)
    assert "1 lieu décidé sur" in text and coordinator.full_name in text and head.full_name in text


def test_the_boards_are_those_of_the_pack_and_the_next_one_due_opens_first(plan, kayes, coordinator):
    assert queries.boards(plan) == (60, 30, 10, 7, 3)
    assert [nearest((60, 30, 10), left) for left in (None, 100, 60, 45, 5, -2)] == [60, 60, 60, 30, 10, 10]
    with pytest.raises(NoSuchThing):
        readiness.say(plan=plan, unit=kayes, days=45, code="lieux", answer="no", evidence="", by=coordinator)


@pytest.mark.child
def test_a_file_proves_a_point_is_read_by_who_sees_the_place_alone_and_a_hostile_one_keeps_nothing(plan, kayes, coordinator, sign_in):
    other = make_person("ailleurs", "coordination-region", unit=Unit.objects.get(geography=plan.election.geography, code="ML-GAO"))
    client, there = sign_in(coordinator), f"/planification/plans/{plan.code}/preparation/{kayes.pk}/"
    stamp = client.get(f"{there}?jour=60").context["stamp"]
    given = {"act": "say", "days": "60", "point": "lieux", "answer": "yes", "seen": stamp}
    bad = client.post(there, given | {"file": SimpleUploadedFile("constat.pdf", b"%PDF-1.4 broken")})
    assert bad.status_code >= 400 and not ReadyPoint.objects.exists()
    assert client.post(there, given | {"file": SimpleUploadedFile("constat.png", picture())}).status_code == 302
    row = ReadyPoint.objects.get()
    page = client.get(f"{there}?jour=60").content.decode()
    assert row.piece[:12] in page
    got = client.get(f"{there}piece/{row.piece}")
    assert got.status_code == 200 and b"".join(got.streaming_content) == picture()
    assert sign_in(other).get(f"{there}piece/{row.piece}").status_code == 404


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("L", (8, 8), 200).save(out, "PNG")
    return out.getvalue()
