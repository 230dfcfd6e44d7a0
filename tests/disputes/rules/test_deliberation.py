"""The secret of the deliberation: before release nobody is handed another's text, and outside the bench nobody anything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kalata.disputes.rules.deliberation import (
    AlreadyGiven,
    Item,
    Kind,
    NoKey,
    NotOfTheBench,
    NotReleased,
    NotSealedToBench,
    NotSealedToYou,
    NotThePresident,
    Room,
    Round,
    RoundOver,
    StillSilent,
    TwoReseal,
    confirm,
    deposit,
    read,
    readable,
    release,
    reseal,
)

FIVE = ("j1", "j2", "j3", "j4", "j5")
ROOM = Room(FIVE, "j1", frozenset(FIVE))
OPEN, OVER = Round(1), Round(1, released=True)


def opinion(by="j2", round_=OPEN, readers=FIVE, kind=Kind.OPINION, point=0):
    return Item(1, kind, by, round_, frozenset(readers), point)


def test_before_release_a_member_reads_his_own_text_and_no_other():
    read(ROOM, opinion(), "j2")
    with pytest.raises(NotReleased):
        read(ROOM, opinion(), "j3")
    assert readable(ROOM, [opinion(), opinion("j3")], "j3") == [opinion("j3")]


def test_after_release_every_member_who_sits_reads_it():
    for member in FIVE:
        read(ROOM, opinion(round_=OVER), member)


@pytest.mark.parametrize("member", ["", "j6", "registrar"])
def test_who_does_not_sit_is_handed_nothing_before_or_after(member):
    for round_ in (OPEN, OVER):
        with pytest.raises(NotOfTheBench):
            read(ROOM, opinion(round_=round_, readers=(*FIVE, "j6")), member)
        assert readable(ROOM, [opinion(round_=round_, readers=(*FIVE, "j6"))], member) == []


def test_a_joining_judge_reads_only_what_is_sealed_to_him():
    joined = Room((*FIVE, "j6"), "j1", frozenset((*FIVE, "j6")))
    with pytest.raises(NotSealedToYou):
        read(joined, opinion(round_=OVER), "j6")
    read(joined, opinion(round_=OVER, readers=(*FIVE, "j6")), "j6")


def test_a_text_sealed_to_fewer_or_more_than_the_bench_is_not_kept():
    for readers in (4, 6):
        with pytest.raises(NotSealedToBench):
            deposit(ROOM, OPEN, "j2", Kind.OPINION, readers=readers, point=0, before=[])
    deposit(ROOM, OPEN, "j2", Kind.OPINION, readers=5, point=0, before=[])


def test_nothing_is_sealed_while_a_member_who_sits_has_no_key():
    with pytest.raises(NoKey) as refused:
        deposit(Room(FIVE, "j1", frozenset(FIVE[:4])), OPEN, "j2", Kind.NOTE, readers=5, point=0, before=[])
    assert refused.value.params["members"] == "j5"


def test_nothing_is_added_to_a_round_once_it_is_read():
    with pytest.raises(RoundOver):
        deposit(ROOM, OVER, "j2", Kind.NOTE, readers=5, point=0, before=[])


def test_a_member_votes_once_on_a_point_of_a_round():
    given_ = [opinion(kind=Kind.VOTE, point=3)]
    with pytest.raises(AlreadyGiven):
        deposit(ROOM, OPEN, "j2", Kind.VOTE, readers=5, point=3, before=given_)
    deposit(ROOM, OPEN, "j2", Kind.VOTE, readers=5, point=4, before=given_)
    deposit(ROOM, OPEN, "j3", Kind.VOTE, readers=5, point=3, before=given_)
    deposit(ROOM, Round(2), "j2", Kind.VOTE, readers=5, point=3, before=given_)


def test_the_president_releases_when_all_have_written_or_says_why_not():
    release(ROOM, OPEN, "j1", wrote=FIVE, reason="")
    with pytest.raises(NotThePresident):
        release(ROOM, OPEN, "j2", wrote=FIVE, reason="")
    with pytest.raises(StillSilent) as refused:
        release(ROOM, OPEN, "j1", wrote=FIVE[:3], reason=" ")
    assert refused.value.params["members"] == "j4, j5"
    release(ROOM, OPEN, "j1", wrote=FIVE[:3], reason="absence")
    with pytest.raises(RoundOver):
        release(ROOM, OVER, "j1", wrote=FIVE, reason="")


def test_two_members_reseal_for_a_third_and_one_alone_does_not():
    joined = Room((*FIVE, "j6"), "j1", frozenset((*FIVE, "j6")))
    text = opinion(round_=OVER)
    assert reseal(joined, text, "j3", readers=6) == frozenset((*FIVE, "j6"))
    confirm(joined, text, "j4", resealed_by="j3")
    for member in ("j3", "j6"):
        with pytest.raises(TwoReseal):
            confirm(joined, text, member, resealed_by="j3")
    with pytest.raises(NotSealedToYou):
        reseal(joined, text, "j6", readers=6)


def test_an_unreleased_text_is_resealed_by_its_writer_alone():
    with pytest.raises(NotReleased):
        reseal(ROOM, opinion(), "j3", readers=5)
    reseal(ROOM, opinion(), "j2", readers=5)


names = st.sampled_from(["j1", "j2", "j3", "j4", "j5", "j6", "clerk"])


@given(st.frozensets(names), names, names, st.booleans(), st.frozensets(names))
def test_whatever_stands_a_text_reaches_a_reader_who_sits_and_to_whom_it_is_sealed_after_release_or_himself(
    sitting, by, reader, released, readers
):
    room = Room(tuple(sorted(sitting)), "j1", frozenset(sitting))
    text = Item(1, Kind.DRAFT, by, Round(1, released), readers)
    assert (text in readable(room, [text], reader)) is (
        reader in sitting and reader in readers and (released or reader == by)
    )
