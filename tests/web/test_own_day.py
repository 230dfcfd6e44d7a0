"""The home of who types paper by paper: what one left half done, what is not for one and why, one's own day; no figure."""

from datetime import timedelta

import pytest
from django.utils import timezone

from kalata.tally import home
from kalata.tally.models import Passage
from kalata.tally.queries import own_day
from kalata.tally.services import drafts
from kalata.tally.services import reports as tally
from tests.conftest import make_person
from tests.figures import spoken
from tests.services.test_tally import GOOD, OTHER, desk, entered, register, scanned, typed  # noqa: F401

pytestmark = pytest.mark.django_db


def text(answer):
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_paper_left_half_done_comes_first_with_the_line_to_go_on_from(sign_in, register, desk):  # noqa: F811
    scanned(register, desk)
    scanned(register, desk, "KAY-002")
    paper = tally.claim_next(contest=register, right="results.enter", by=desk["a"])
    keys = own_day.line_keys(register)
    drafts.keep(paper_id=paper.pk, values={"tail": "0001", keys[0]: "413", keys[1]: "207"}, by=desk["a"])
    page = text(sign_in(desk["a"]).get("/"))
    assert "Reprendre à la ligne 3" in page and f"PV {paper.station.code} à reprendre" in page
    assert not {"413", "207"} & spoken(page)  # where one stopped, never what was typed
    assert "à reprendre" not in text(sign_in(desk["b"]).get("/"))


@pytest.mark.parametrize(("kept", "line"), [([], 0), ([0], 2), ([0, 3], 5), ([-1], 0)])
def test_one_goes_on_after_the_last_line_that_has_something(register, desk, kept, line):  # noqa: F811
    scanned(register, desk)
    paper = tally.claim_next(contest=register, right="results.enter", by=desk["a"])
    keys = own_day.line_keys(register)
    drafts.keep(paper_id=paper.pk, values={keys[k]: "1" for k in kept}, by=desk["a"])
    assert home.next_line(paper, desk["a"]) == line


def test_a_hold_that_is_over_is_nothing_to_go_on_with(register, desk):  # noqa: F811
    scanned(register, desk)
    paper = tally.claim_next(contest=register, right="results.enter", by=desk["a"])
    assert list(own_day.in_hand(desk["a"], paper.held_until - timedelta(seconds=1))) == [paper]
    assert not own_day.in_hand(desk["a"], paper.held_until)


def test_what_one_has_had_in_hand_is_said_not_to_be_for_one(sign_in, register, desk):  # noqa: F811
    scanned(register, desk)
    entered(register, desk, "a", GOOD)
    page = text(sign_in(desk["a"]).get("/"))
    assert "Pas pour vous : déjà eu en main par vous" in page and "1 PV" in page
    assert "Pas pour vous" not in text(sign_in(desk["b"]).get("/"))
    assert "Not for you" in text(sign_in(desk["a"]).get("/", headers={"accept-language": "en"}))


def test_ones_day_counts_what_was_passed_on_and_where_the_other_entry_differs(register, desk):  # noqa: F811
    typed(register, desk, first=GOOD, second=OTHER)
    day = own_day.day(desk["a"], timezone.now())
    assert day is not None
    assert (day.done, day.entries, day.pairs, day.apart) == (1, 1, 1, 1)
    assert own_day.day(make_person("saisie-z", "saisie"), timezone.now()) is None


def test_a_paper_taken_and_given_back_is_no_work_and_an_entry_alone_differs_from_nothing(register, desk):  # noqa: F811
    scanned(register, desk)
    taken = tally.claim_next(contest=register, right="results.enter", by=desk["a"])
    tally.give_back(paper_id=taken.pk, by=desk["a"])
    assert own_day.day(desk["a"], timezone.now()) is None
    entered(register, desk, "b", GOOD)
    day = own_day.day(desk["b"], timezone.now())
    assert day is not None
    assert (day.done, day.pairs, day.apart, day.pace) == (1, 0, 0, None)


def test_the_day_begins_at_midnight_and_has_every_hour_since_the_first(register, desk):  # noqa: F811
    typed(register, desk)
    at = timezone.localtime(Passage.objects.filter(by=desk["a"]).latest("pk").at)
    tomorrow = (at + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    day = own_day.day(desk["a"], tomorrow - timedelta(microseconds=1))
    assert day is not None
    assert [h.done for h in day.hours] == [1] + [0] * (23 - at.hour) and day.worked == 1
    assert own_day.day(desk["a"], tomorrow) is None
