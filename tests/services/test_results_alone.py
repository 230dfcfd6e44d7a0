"""Results stand without the room above: what a figure means needs no paper, and no import leads up there."""

import pytest
from django.db.models import QuerySet

from kalata.results import papers
from kalata.results.queries import board as boards
from kalata.results.queries import published as histories
from kalata.results.services import announcing, authority
from kalata.tally.queries.followed import Followed

QUESTIONS = [name for name in vars(papers.Papers) if not name.startswith("_")]


def test_the_room_of_papers_answers_every_question_and_so_does_a_house_without_one():
    assert isinstance(papers.followed_by(), Followed)
    for room in (Followed, papers.NoPapers):
        assert [name for name in vars(room) if not name.startswith("_")] == QUESTIONS


def asked(room, contest):
    """What each question of one argument gives, as plain values."""
    out = {}
    for name in ("exist", "parts", "followed", "waiting", "contested", "taken_back", "causes", "delays"):
        found = getattr(room, name)(contest)
        out[name] = sorted(found.values_list("pk")) if isinstance(found, QuerySet) else found
    return {name: found if isinstance(found, bool | set) else list(found) for name, found in out.items()}


@pytest.mark.django_db
def test_a_contest_counted_from_files_is_the_same_where_nobody_follows_papers(published, monkeypatch):
    contest = published
    assert asked(Followed(), contest) == asked(papers.NoPapers(), contest)

    def all_of_it():
        boards.forget()
        histories.forget()
        board = boards.board(contest)
        return board.coverage(), board.waiting(), authority.unproved(contest), list(announcing.bodies(contest))

    with_papers = all_of_it()
    monkeypatch.setattr(papers, "_room", [papers.NoPapers()])
    assert all_of_it() == with_papers
