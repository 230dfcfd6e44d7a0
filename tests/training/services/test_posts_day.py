"""The day of the vote: a call at seven, a station that cannot open, a replacement by code or on paper."""

import io

import pytest
from django.urls import reverse
from PIL import Image

from kalata.refusals import Refused
from kalata.training.models import Post, PostReplacement, StationCode
from kalata.training.queries import posts as queries
from kalata.training.services import posts_day
from kalata.training.services.posts_day import Asked
from tests.conftest import make_person
from tests.training.conftest import appointed, at, lines, post, printer, sent
from tests.training.services.test_posts import no_drawing  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture
def morning(opened, staffing, authority, on_the_day):
    """KAY-001: the president and the first assessor are not there at seven."""
    appointed(opened, staffing, authority, "KAY-001", "KAY-002")
    call(opened, make_person("appel", "coordination-agents"), "KAY-001", "assessor-2", "assessor-3", "assessor-4")
    return opened


def call(contest, by, station, *positions, hour=7):
    there = [post(contest, station, p).pk for p in positions]
    one = contest.stations.get(code=station)
    return posts_day.note_presence(station=one, present=there, teller="le bureau", at=at(hour), by=by)


def code_of(contest, by, station):
    return next(code for one, _name, code in posts_day.make_codes(contest=contest, by=printer()) if one == station)


def voter(**said):
    return Asked(
        **{
            "at": at(7, 12),
            "decided_by": "Coordination de Kayes",
            "witness": "Délégué n° 3",
            "name": "Une électrice",
            "roll_number": 217,
            **said,
        }
    )


def paper():
    out = io.BytesIO()
    Image.new("RGB", (64, 64), (200, 200, 200)).save(out, "JPEG")
    out.name, out.size = "acte.jpg", out.tell()
    out.seek(0)
    return out


def test_a_call_notes_who_is_there_and_everybody_else_absent(morning):
    states = dict(Post.objects.filter(body="KAY-001").values_list("position", "state"))
    assert states == {
        "president": "absent",
        "assessor-1": "absent",
        "assessor-2": "present",
        "assessor-3": "present",
        "assessor-4": "present",
    }


def test_who_comes_late_is_present_at_the_next_call(morning, staffing):
    call(morning, staffing, "KAY-001", "president", "assessor-2", "assessor-3", "assessor-4", hour=8)
    assert post(morning, "KAY-001", "president").state == "present"


def test_presence_is_noted_on_the_day_of_the_vote_alone(morning, staffing):
    from datetime import date

    with pytest.raises(Refused) as wrong:
        posts_day.note_presence(
            station=morning.stations.get(code="KAY-002"),
            present=[],
            teller="x",
            at=at(7, day=date(2027, 2, 27)),
            by=staffing,
        )
    assert wrong.value.code == "POS-306"


def test_before_its_day_nobody_is_noted_absent_nor_replaced_whatever_hour_the_page_gives(opened, staffing, authority):
    """The page puts the day of the vote before the hour: one person could reseat a station months before, without any act."""
    from kalata.training.models import PresenceCall

    appointed(opened, staffing, authority, "KAY-001")
    with pytest.raises(Refused) as wrong:
        call(opened, staffing, "KAY-001", "assessor-2")
    assert wrong.value.code == "POS-306"
    Post.objects.filter(body="KAY-001", position="president").update(state="absent")
    with pytest.raises(Refused) as other:
        posts_day.replace(post=post(opened, "KAY-001", "president"), asked=voter(paper=paper()), by=staffing)
    assert other.value.code == "POS-306"
    assert not PresenceCall.objects.exists() and not PostReplacement.objects.exists()


def test_an_exercise_plays_its_day_before_it_comes(opened, staffing, authority):
    opened.election.exercise = True
    opened.election.save(update_fields=["exercise"])
    appointed(opened, staffing, authority, "KAY-001")
    call(opened, staffing, "KAY-001", "assessor-2")
    assert post(opened, "KAY-001", "assessor-2").state == "present"


def test_a_person_only_proposed_is_not_seated_by_two_calls(opened, staffing, on_the_day):
    """Noted absent, then present: nobody had signed their appointment."""
    sent(opened, staffing, lines("KAY-001"))
    call(opened, staffing, "KAY-001")
    with pytest.raises(Refused) as wrong:
        call(opened, staffing, "KAY-001", "president", hour=8)
    assert wrong.value.code == "POS-108"
    assert post(opened, "KAY-001", "president").state == "absent"


def test_who_replaced_somebody_and_went_out_may_come_back(morning, staffing):
    posts_day.replace(post=post(morning, "KAY-001", "assessor-1"), asked=voter(paper=paper()), by=staffing)
    call(morning, staffing, "KAY-001", "assessor-2", hour=8)
    call(morning, staffing, "KAY-001", "assessor-1", "assessor-2", hour=9)
    assert post(morning, "KAY-001", "assessor-1").state == "present"


def test_a_president_is_replaced_by_the_member_who_takes_the_chair_and_that_place_by_a_voter(morning, staffing):
    code = code_of(morning, staffing, "KAY-001")
    head, moved = post(morning, "KAY-001", "president"), post(morning, "KAY-001", "assessor-2")
    one = posts_day.replace(
        post=head, asked=voter(moved_from=moved.pk, code=code, name="", roll_number=None), by=staffing
    )
    assert (one.agent.code, one.listed, one.trained, one.rule) == ("KAY-001-2", True, False, "ML-BV-REPLACEMENT")
    assert post(morning, "KAY-001", "president").state == "replaced"
    assert post(morning, "KAY-001", "assessor-2").state == "absent"
    other = posts_day.replace(post=post(morning, "KAY-001", "assessor-2"), asked=voter(paper=paper()), by=staffing)
    assert (other.route, other.roll_number, other.listed, other.trained) == ("paper", 217, False, False)
    assert queries.readiness(Post.objects.filter(body="KAY-001"), morning, queries.book_of(morning)).ready == 0


def test_the_paper_of_a_replacement_is_read_by_who_keeps_the_post_and_by_nobody_else(morning, staffing, sign_in):
    absent = post(morning, "KAY-001", "assessor-1")
    one = posts_day.replace(post=absent, asked=voter(paper=paper()), by=staffing)
    at_paper = reverse("posts:paper", args=[morning.code, absent.pk, one.pk])
    answer = sign_in(staffing).get(at_paper)
    assert answer.status_code == 200 and answer["Content-Type"] == "image/jpeg"
    other = post(morning, "KAY-001", "assessor-2")
    assert sign_in(staffing).get(reverse("posts:paper", args=[morning.code, other.pk, one.pk])).status_code == 404
    page = sign_in(staffing).get(reverse("posts:post", args=[morning.code, absent.pk])).content.decode()
    assert at_paper in page
    assert sign_in(make_person("quiconque", "observateur")).get(at_paper).status_code in (403, 404)


def test_a_code_serves_once_and_for_its_own_station(morning, staffing):
    codes = {s: c for s, _n, c in posts_day.make_codes(contest=morning, by=printer())}
    absent = post(morning, "KAY-001", "assessor-1")
    with pytest.raises(Refused) as wrong:
        posts_day.replace(post=absent, asked=voter(code=codes["KAY-002"]), by=staffing)
    assert wrong.value.code == "POS-301"
    posts_day.replace(post=absent, asked=voter(code=codes["KAY-001"]), by=staffing)
    with pytest.raises(Refused) as again:
        posts_day.replace(
            post=post(morning, "KAY-001", "president"), asked=voter(code=codes["KAY-001"], roll_number=218), by=staffing
        )
    assert again.value.code == "POS-301"
    assert not StationCode.objects.filter(sealed__contains=codes["KAY-001"]).exists()


def test_who_printed_the_codes_uses_none_of_them(morning, staffing):
    """One person with both rights printed a code, wrote down a replacement that no station had asked for, and was its only proof."""
    code = next(c for s, _n, c in posts_day.make_codes(contest=morning, by=staffing) if s == "KAY-001")
    absent = post(morning, "KAY-001", "assessor-1")
    with pytest.raises(Refused) as wrong:
        posts_day.replace(post=absent, asked=voter(code=code), by=staffing)
    assert wrong.value.code == "POS-308"
    assert posts_day.replace(post=absent, asked=voter(code=code), by=printer()).route == "code"


def test_a_suspended_holder_is_noted_present_by_no_call_not_even_after_an_absence(
    opened, staffing, authority, on_the_day
):
    from kalata.people.rules.approval import Decision
    from kalata.people.services import decide_approval
    from kalata.training.services import posts_oaths

    appointed(opened, staffing, authority, "KAY-001")
    asked = posts_oaths.ask_change(
        post=post(opened, "KAY-001", "president"), what="suspension", document="D-9", reason="r", by=staffing
    )
    decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=authority)
    for _again in range(2):
        with pytest.raises(Refused) as wrong:
            call(opened, staffing, "KAY-001", "president", "assessor-1")
        assert wrong.value.code == "POS-108"
        call(opened, staffing, "KAY-001", "assessor-1")
    assert post(opened, "KAY-001", "president").state == "absent"


def test_nobody_alone_unseats_a_member_and_seats_another_on_paper(morning, staffing):
    call(morning, staffing, "KAY-001", "assessor-2", "assessor-3", "assessor-4", hour=8)
    absent = post(morning, "KAY-001", "assessor-1")
    with pytest.raises(Refused) as wrong:
        posts_day.replace(post=absent, asked=voter(paper=paper(), at=at(8, 5)), by=staffing)
    assert wrong.value.code == "POS-309" and not PostReplacement.objects.exists()
    assert posts_day.replace(post=absent, asked=voter(paper=paper(), at=at(8, 5)), by=make_person("autre", "coordination-agents")).route == "paper"


def test_after_five_wrong_codes_a_station_takes_paper_only(morning, staffing):
    right = code_of(morning, staffing, "KAY-001")
    wrong = "100000" if right != "100000" else "100001"
    absent = post(morning, "KAY-001", "assessor-1")
    said = []
    for given in (*[wrong] * 5, right):
        with pytest.raises(Refused) as refused:
            posts_day.replace(post=absent, asked=voter(code=given), by=staffing)
        said.append(refused.value.code)
    assert said == ["POS-301"] * 5 + ["POS-302"]
    assert posts_day.replace(post=absent, asked=voter(paper=paper()), by=staffing).route == "paper"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"roll_number": 472}, "POS-303"),
        ({"roll_number": 0}, "POS-303"),
        ({"witness": " "}, "POS-102"),
        ({"decided_by": ""}, "POS-102"),
        ({"name": ""}, "POS-102"),
        ({"paper": None}, "POS-307"),
    ],
)
def test_a_replacement_lacks_nothing_of_what_the_court_asks(morning, staffing, said, code):
    with pytest.raises(Refused) as wrong:
        posts_day.replace(
            post=post(morning, "KAY-001", "assessor-1"), asked=voter(**{"paper": paper(), **said}), by=staffing
        )
    assert wrong.value.code == code
    assert not PostReplacement.objects.exists()
    assert post(morning, "KAY-001", "assessor-1").state == "absent"


def test_the_last_voter_of_the_list_may_sit_and_only_once(morning, staffing):
    posts_day.replace(
        post=post(morning, "KAY-001", "assessor-1"), asked=voter(paper=paper(), roll_number=471), by=staffing
    )
    with pytest.raises(Refused) as wrong:
        posts_day.replace(
            post=post(morning, "KAY-001", "president"), asked=voter(paper=paper(), roll_number=471), by=staffing
        )
    assert wrong.value.code == "POS-304"


def test_who_is_present_is_not_replaced(morning, staffing):
    with pytest.raises(Refused) as wrong:
        posts_day.replace(post=post(morning, "KAY-001", "assessor-3"), asked=voter(paper=paper()), by=staffing)
    assert wrong.value.code == "POS-305"


def test_a_replacement_keeps_the_image_of_its_act_and_a_line_of_the_ledger(morning, staffing):
    from kalata.evidence.models import Custody
    from kalata.ledger.models import Act

    one = posts_day.replace(post=post(morning, "KAY-001", "assessor-1"), asked=voter(paper=paper()), by=staffing)
    assert Custody.objects.filter(content__sha256=one.paper, subject=f"post:{one.post_id}").exists()
    told = Act.objects.get(kind="posts.replaced")
    assert (told.after["roll_number"], told.after["rule"], told.personal) == (217, "ML-BV-REPLACEMENT", True)
