"""The supervisor sees what each queue asks an hour, and calls who is free to it."""

from datetime import timedelta

import pytest

from kalata.ledger.models import Act
from kalata.notices.models import Receipt
from kalata.people.guard import Forbidden
from kalata.results.territory import EVERYWHERE
from kalata.tally.rules.pace import Need, need
from kalata.tally.services.calling import NotFree, call
from tests.conftest import holds_only, make_person


@pytest.mark.parametrize(
    ("count", "minutes", "done", "people", "wanted"),
    [
        (0, 60, 0, 0, Need(0, 0, None)),
        (1, 240, 0, 3, Need(1, 0, None)),
        (10, 60, 10, 2, Need(10, 10, 2)),
        (10, 60, 3, 2, Need(10, 3, 7)),
        (7, 120, 4, 1, Need(4, 4, 1)),
    ],
)
def test_a_queue_asks_for_whole_papers_and_whole_persons(count, minutes, done, people, wanted):
    found = need(count, timedelta(minutes=minutes), done, people)
    assert found == wanted and found.met == (done >= wanted.per_hour)


@pytest.mark.django_db
def test_nobody_is_called_to_what_is_no_desk_nor_told_apart_by_it(contest, supervisor):
    holds_only(make_person("payeuse"), "planning.pay")
    for who in ("payeuse", "personne"):
        with pytest.raises(NotFree):
            call(contest=contest, right="planning.pay", desk="x", href="/x/", reach=EVERYWHERE, username=who, by=supervisor)


@pytest.mark.django_db
def test_who_is_called_reads_it_once_and_the_ledger_keeps_it(contest, supervisor):
    clerk = holds_only(make_person("clavier"), "results.enter")
    asked = {"contest": contest, "right": "results.enter", "desk": "Saisie", "href": "/x/", "reach": EVERYWHERE}
    for _twice in range(2):
        call(**asked, username="clavier", by=supervisor)
    assert Receipt.objects.filter(person=clerk).count() == 1
    assert Act.objects.filter(kind="desk.called", subject="person:clavier").count() == 2
    with pytest.raises(NotFree):
        call(**asked, username=supervisor.username, by=supervisor)
    with pytest.raises(Forbidden):
        call(**asked, username="clavier", by=clerk)
