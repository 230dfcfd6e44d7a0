"""From the pack to a person at each place: open, propose, appoint, swear, replace; what is covered is told by one rule."""

from datetime import date
from unittest import mock

import pytest

from kalata.country.models import Unit
from kalata.documents.models import IssuedDocument
from kalata.ledger.models import Act
from kalata.people.models import Approval
from kalata.people.rules.approval import Decision, Outdated
from kalata.people.services import decide_approval
from kalata.refusals import Forbidden, Refused
from kalata.training.models import Agent, Appointment, Oath, Post, Proposal
from kalata.training.queries import posts as queries
from kalata.training.services import posts_appointing, posts_lists, posts_oaths, posts_opening
from tests.conftest import make_person
from tests.training.conftest import appointed, at, lines, post, sent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_drawing():
    import io

    import pypdfium2

    out = io.BytesIO()
    with pypdfium2.PdfDocument.new() as one:
        one.new_page(200, 200)
        one.save(out)
    with mock.patch("typst.compile", return_value=out.getvalue()):
        yield


def covered(contest):
    return queries.readiness(
        Post.objects.filter(contest=contest, station__isnull=False), contest, queries.book_of(contest)
    )


def test_each_station_and_each_body_receives_the_posts_of_the_pack(opened):
    assert Post.objects.filter(contest=opened, body="KAY-001").count() == 5
    assert Post.objects.filter(contest=opened, body="ML-CC-NAT").count() == 12
    assert Post.objects.filter(contest=opened, body="ML-AIGE", side="draw").count() == 4
    assert [p.side for p in Post.objects.filter(body="KAY-001", head=False).order_by("position")] == [
        "majority", "opposition", "administration", "administration",
    ]  # fmt: skip


def test_posts_open_once_and_a_station_added_since_receives_its_own(opened, staffing):
    with pytest.raises(Refused) as wrong:
        posts_opening.open_posts(contest=opened, versions={}, by=staffing)
    assert wrong.value.code == "POS-104"
    opened.stations.create(code="KAY-003", unit=opened.stations.first().unit)
    assert posts_opening.add_stations(contest=opened, by=staffing) == 5
    assert posts_opening.add_stations(contest=opened, by=staffing) == 0


def test_a_list_proposes_people_in_one_act_and_the_same_list_again_changes_nothing(opened, staffing):
    read = sent(opened, staffing, lines("KAY-001"))
    assert (read.proposed, read.new) == (5, 5)
    assert {p.state for p in Post.objects.filter(body="KAY-001")} == {"proposed"}
    assert sent(opened, staffing, lines("KAY-001")).proposed == 0
    assert Act.objects.filter(kind="posts.list_read").count() == 2


def test_a_late_list_names_a_post_without_naming_anybody(opened, staffing):
    read = sent(opened, staffing, lines("KAY-001", change=[(4, "name", "à nommer")]))
    assert (read.proposed, read.unnamed) == (4, 1)
    assert post(opened, "KAY-001", "assessor-4").state == "vacant"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ([(1, "name", "Personne KAY-001 0"), (1, "code", ""), (1, "born", "")], "POS-204"),
        ([(1, "code", "KAY-001-0")], "POS-205"),
        ([(n, "phone", "70000000") for n in range(5)], "POS-206"),
        ([(1, "born", "2010-01-01")], "POS-207"),
        ([(1, "station", "KAY-009")], "POS-202"),
        ([(1, "position", "president")], "POS-203"),
        ([(1, "proposed_by", "opposition")], "POS-106"),
        ([(1, "payment", "peut-être")], "POS-201"),
        ([(1, "certificate_expires", "31/02/2027")], "POS-201"),
    ],
)
def test_what_a_list_does_not_tell_apart_is_refused_with_its_rows_and_nothing_is_kept(opened, staffing, change, code):
    with pytest.raises(Refused) as wrong:
        sent(opened, staffing, lines("KAY-001", change=change))
    assert wrong.value.code == code
    assert not Agent.objects.exists()
    assert not Proposal.objects.exists()


def test_two_people_of_one_name_told_apart_by_their_birth_are_two_people(opened, staffing):
    same = [(n, "name", "Personne du même nom") for n in (1, 2)] + [(n, "code", "") for n in (1, 2)]
    sent(opened, staffing, lines("KAY-001", change=[*same, (1, "born", "1970-05-02")]))
    assert Agent.objects.filter(name="Personne du même nom").count() == 2


def test_four_people_may_share_a_telephone_and_eight_where_somebody_has_read_it(opened, staffing):
    shared = [(n, "phone", "70 00 00 00") for n in range(8)]
    with pytest.raises(Refused, match="8 personnes"):
        sent(opened, staffing, lines("KAY-001", "KAY-002", change=shared))
    assert sent(opened, staffing, lines("KAY-001", "KAY-002", change=shared[:4])).proposed == 10
    assert sent(opened, staffing, lines("SEG-001", change=shared[:5]), shared=True).proposed == 5


def test_a_person_who_holds_a_post_elsewhere_is_refused_by_a_later_list(opened, staffing):
    sent(opened, staffing, lines("KAY-001"))
    with pytest.raises(Refused) as wrong:
        sent(opened, staffing, lines("KAY-002", change=[(0, "code", "KAY-001-3")]))
    assert wrong.value.code == "POS-211"


def test_a_number_that_is_somebody_s_is_not_given_another_name_nor_another_telephone(opened, staffing):
    sent(opened, staffing, lines("KAY-001"))
    kept = Agent.objects.get(code="KAY-001-0")
    with pytest.raises(Refused) as wrong:
        sent(opened, staffing, lines("KAY-001", change=[(0, "name", "Une autre"), (0, "phone", "79 99 99 99")]))
    told = str(wrong.value.record())
    assert wrong.value.code == "POS-212" and "Une autre" in told and kept.name not in told
    assert Agent.objects.get(code="KAY-001-0").phone == kept.phone


def test_a_list_learns_neither_name_nor_post_of_who_serves_in_another_territory(opened, staffing):
    """Numbers follow each other: a row for each told its sender who sits where in the whole country."""
    from kalata.country.models import Unit

    sent(opened, staffing, lines("SEG-001"))
    kayes = make_person("kayes", "coordination-agents", unit=Unit.objects.get(code="ML-KAY", geography__code="ml-2015"))
    with pytest.raises(Refused) as wrong:
        sent(opened, kayes, lines("KAY-001", change=[(0, "code", "SEG-001-0"), (0, "name", "Essai")]))
    told = str(wrong.value.record())
    assert wrong.value.code == "POS-211" and "Essai" in told
    assert "SEG-001" not in told and "Personne SEG-001 0" not in told


def test_a_place_that_is_drawn_by_lot_takes_no_proposal(opened, staffing):
    row = ["ML-AIGE", "commissioner-9", "C-1", "Personne", "f", "1970-01-01", "", "", "", "", "", "", "oui"]
    with pytest.raises(Refused) as wrong:
        sent(opened, staffing, [",".join(row)])
    assert wrong.value.code == "POS-107"


def test_a_list_reaches_no_further_than_its_sender(opened):
    from kalata.country.models import Unit

    kayes = make_person("kayes", "coordination-agents", unit=Unit.objects.get(code="ML-KAY", geography__code="ml-2015"))
    with pytest.raises(Refused) as wrong:
        sent(opened, kayes, lines("SEG-001"))
    assert wrong.value.code == "POS-209"
    assert sent(opened, kayes, lines("KAY-001")).proposed == 5


def test_an_appointment_is_signed_by_another_on_the_very_names_that_were_shown(opened, staffing, authority):
    sent(opened, staffing, lines("KAY-001"))
    said = {"contest": opened, "unit": None, "number": "D-1", "on": date(2027, 2, 1), "reason": "liste relue"}
    with pytest.raises(Forbidden):
        posts_appointing.ask(**said, by=authority)
    asked = posts_appointing.ask(**said, by=staffing)
    with pytest.raises(Refused):
        decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=staffing)
    sent(opened, staffing, lines("KAY-001", change=[(0, "code", "autre"), (0, "name", "Une autre personne")]))
    with pytest.raises(Outdated):
        decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=authority)
    again = posts_appointing.ask(**{**said, "number": "D-2"}, by=staffing)
    decide_approval(approval_id=again.pk, to=Decision.APPROVED, by=authority)
    made = Appointment.objects.get()
    assert (made.count, made.by, made.asked_by) == (5, authority, staffing)
    assert IssuedDocument.objects.filter(reference=made.reference, kind="post-appointment").exists()
    assert {p.state for p in Post.objects.filter(body="KAY-001")} == {"appointed"}


def test_two_acts_of_a_contest_never_bear_one_number_not_even_asked_together(opened, staffing, authority):
    sent(opened, staffing, lines("KAY-001", "SEG-001"))
    unit = {code: Unit.objects.get(code=code, geography__code="ml-2015") for code in ("ML-KAY", "ML-SEG")}
    said = {"contest": opened, "number": "D-1", "on": date(2027, 2, 1), "reason": "liste relue", "by": staffing}
    one, two = (posts_appointing.ask(**said, unit=unit[code]) for code in ("ML-KAY", "ML-SEG"))
    decide_approval(approval_id=one.pk, to=Decision.APPROVED, by=authority)
    with pytest.raises(Refused) as wrong:
        decide_approval(approval_id=two.pk, to=Decision.APPROVED, by=authority)
    assert wrong.value.code == "POS-213"
    with pytest.raises(Refused, match="D-1"):
        posts_appointing.ask(**said, unit=unit["ML-SEG"])
    assert Appointment.objects.count() == 1


def test_a_covered_post_has_an_act_a_certificate_payment_and_nobody_barred(opened, staffing, authority):
    assert covered(opened).reasons["vacant"] == 15
    appointed(opened, staffing, authority, "KAY-001")
    found = covered(opened)
    assert (found.covered, found.ready) == (5, 1)
    Agent.objects.filter(code="KAY-001-0").update(certificate_version="0", payment=False)
    found = covered(opened)
    assert ("KAY-001", "president", ("old_version", "no_payment")) in found.uncovered


def test_an_oath_has_a_place_and_a_witness_and_confirms_the_post(opened, staffing, authority):
    appointed(opened, staffing, authority, "KAY-001")
    chief = post(opened, "KAY-001", "president")
    with pytest.raises(Refused) as wrong:
        posts_oaths.swear(post=chief, place="Tribunal", witness=" ", at=at(9), by=staffing)
    assert wrong.value.code == "POS-101"
    assert not Oath.objects.exists()
    posts_oaths.swear(post=chief, place="Tribunal de Kayes", witness="La greffière", at=at(9), by=staffing)
    assert post(opened, "KAY-001", "president").state == "confirmed"


def test_who_is_suspended_covers_nothing_and_returns_by_another_signed_act(opened, staffing, authority):
    appointed(opened, staffing, authority, "KAY-001")
    chief = post(opened, "KAY-001", "president")
    for what, state, ready in (("suspension", "away", 0), ("return", "appointed", 1)):
        asked = posts_oaths.ask_change(
            post=post(opened, "KAY-001", "president"), what=what, document="D-9", reason="motif", by=staffing
        )
        decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=authority)
        chief.refresh_from_db()
        assert (chief.state, covered(opened).ready) == (state, ready)


def test_an_end_of_office_leaves_the_post_vacant_and_the_person_free(opened, staffing, authority):
    appointed(opened, staffing, authority, "KAY-001")
    asked = posts_oaths.ask_change(
        post=post(opened, "KAY-001", "president"), what="end", document="D-9", reason="motif", by=staffing
    )
    decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=authority)
    gone = post(opened, "KAY-001", "president")
    assert (gone.state, gone.agent, gone.appointment) == ("vacant", None, None)
    assert Approval.objects.filter(state="approved").count() == 2


def test_a_proposal_set_aside_leaves_its_post_vacant(opened, staffing):
    sent(opened, staffing, lines("KAY-001"))
    posts_lists.end_proposal(post=post(opened, "KAY-001", "president"), reason="désistement", by=staffing)
    assert post(opened, "KAY-001", "president").state == "vacant"
    assert not Proposal.objects.filter(post__position="president", post__body="KAY-001", dropped_at=None).exists()


@pytest.mark.parametrize("number", ["A0000006", "V1-217", "T1-0123456789ab"])
def test_a_list_gives_nobody_a_number_that_the_house_gives(opened, staffing, number):
    with pytest.raises(Refused) as taken:
        sent(opened, staffing, lines("KAY-001", change=[(0, "code", number)]))
    assert taken.value.code == "POS-212"
    unnumbered = sent(opened, staffing, lines("KAY-002", change=[(n, "code", "") for n in range(5)]))
    assert unnumbered.new == 5
    one = Post.objects.filter(body="KAY-002").first().agent
    row = f"KAY-002,{Post.objects.get(agent=one).position},{one.code},{one.name}"
    assert sent(opened, staffing, [row], head="station,position,code,name").new == 0  # its own number comes back
