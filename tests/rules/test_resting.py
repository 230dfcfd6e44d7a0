"""What a log has come to, written down, is what a whole replay comes to."""

from kalata.transparency import folder
from kalata.transparency.rules import resting
from kalata.transparency.rules.entries import parsed
from kalata.transparency.rules.listing import Indices, plainly
from kalata.transparency.rules.register import NATION
from tests.site import MadeLog, a_log


def risen(made: MadeLog, data: bytes):
    return resting.risen(data, folder.LogFolder(made.where).register, lambda index: parsed(made.entries[index]))


def test_a_log_written_down_goes_on_as_if_it_had_never_stopped(tmp_path):
    """Reports, revisions, an exclusion, lots, totals: the same bytes, and the same future."""
    made = a_log(tmp_path, stations=30, constituencies=2, keeps=("registered",))
    made.report("S-003")
    made.exclude("S-004", "annulment")
    made.close()
    held = resting.rest(made.tree, made.replay)
    tree, replay = risen(made, held)
    assert resting.rest(tree, replay) == held and tree.root() == made.tree.root()
    before = len(made.entries)
    made.report("S-003")
    made.report("S-004")
    made.exclude("S-005", "court")
    made.close()
    for data in made.entries[before:]:
        replay.feed(parsed(data))
    assert replay.total(NATION) == made.replay.total(NATION)
    tree.extend(made.tree.levels[0][before:])
    assert resting.rest(tree, replay) == resting.rest(made.tree, made.replay)


def test_whoever_replays_the_files_whole_comes_to_the_same_bytes(tmp_path):
    made = a_log(tmp_path, stations=12)
    made.exclude("S-001", "court")
    made.close()
    log = folder.LogFolder(tmp_path)
    assert resting.rest(log.tree(), log.replay()) == resting.rest(made.tree, made.replay)


def test_indices_taken_over_as_a_whole_are_those_added_one_by_one():
    from array import array

    taken, added = Indices.of(array("q", range(0, 9_000, 3))), Indices(range(0, 9_000, 3))
    for one in (taken, added):
        one.add(4)
        one.discard(2_997)
    assert taken.told() == added.told() == plainly(set(range(0, 9_000, 3)) - {2_997} | {4})
