"""Several machines on one database: each background loop has one runner, which another replaces when it falls silent."""

import contextlib
import hashlib
from datetime import timedelta

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from kalata.ledger import machines, pulse, turns
from kalata.ledger.models import Machine, Pulse
from kalata.ledger.turns import Turn
from kalata.storage import fault_of, is_away

ONE, TWO = "une-000001", "deux-000002"


@pytest.fixture
def folders(tmp_path, settings):
    """The folder of a machine, by its name."""

    def on(name):
        settings.VAR = tmp_path / name
        settings.VAR.mkdir(exist_ok=True)
        (settings.VAR / "machine.id").write_text(name)

    return on


@pytest.fixture
def turn(folders):
    """turn(machine): the turn of the sequencer as a process of that machine sees it."""
    made = []

    def of(name):
        folders(name)
        made.append(Turn("sequencer"))
        return made[-1]

    yield of
    for one in made:
        one.leave()


several = pytest.mark.skipif(connection.vendor == "sqlite", reason="one file of SQLite is of one machine")


def ago(seconds):
    Pulse.objects.filter(name="sequencer").update(at=turns.clock() - timedelta(seconds=seconds))


@several
def test_of_two_machines_one_has_the_turn_and_keeps_it_while_it_gives_signs(db, turn):
    first, second = turn(ONE), turn(TWO)
    assert first.take() and first.sure() and not second.take() and not second.sure()
    ago(turns.LEASE - 2)
    assert not second.take() and first.take() and first.term == 1


@several
def test_a_silent_machine_loses_the_turn_and_knows_it_when_it_comes_back(db, turn):
    first, second = turn(ONE), turn(TWO)
    assert first.take()
    ago(turns.LEASE + 1)
    assert second.take() and second.term == first.term + 1
    assert not first.take() and not first.sure()
    assert Pulse.objects.get(name="sequencer").holder == TWO


@several
def test_a_clock_of_the_database_that_was_set_back_does_not_keep_the_turn_for_a_dead_machine(db, turn):
    first, second = turn(ONE), turn(TWO)
    assert first.take()
    ago(-turns.LEASE - 1)
    assert second.take()


@several
def test_a_turn_that_is_given_up_in_order_is_taken_at_once(db, turn):
    first, second = turn(ONE), turn(TWO)
    assert first.take()
    first.leave()
    assert second.take()


def test_a_process_that_was_killed_is_followed_at_once_by_the_next_of_its_machine(db, turn):
    first, again = turn(ONE), turn(ONE)
    assert first.take() and not again.take()
    turns.os.close(first.held)  # what the kernel does with a killed process
    first.held, first.mine = None, False
    assert again.take() and again.term == 2


def test_without_a_sign_from_the_database_the_turn_is_no_longer_sure(db, turn, monkeypatch):
    first = turn(ONE)
    assert first.take()
    monkeypatch.setattr(turns.time, "monotonic", lambda: first.confirmed + turns.LEASE - 0.1)
    assert first.sure()
    monkeypatch.setattr(turns.time, "monotonic", lambda: first.confirmed + turns.LEASE)
    assert not first.sure()


@pytest.mark.parametrize(("busy", "working", "codes"), [(False, True, [75]), (True, False, [75]), (False, False, [])])
def test_a_loop_that_loses_its_turn_in_the_middle_of_work_ends(db, folders, busy, working, codes):
    folders(ONE)
    beater, ended = pulse.Beater("sequencer", busy=busy), []
    beater.beat(ended.append)
    assert beater.sure()
    Pulse.objects.filter(name="sequencer").update(holder=TWO, term=9)
    beater.since = turns.time.monotonic() if working else None
    beater.beat(ended.append)
    assert ended == codes and not beater.sure()
    beater.leave()


def test_the_sequencer_of_another_machine_seals_nothing(db, folders, monkeypatch):
    from django.core.management import call_command

    from kalata.ledger.management.commands import sequencer

    folders(ONE)
    sealed = []
    monkeypatch.setattr(sequencer.Command, "round", lambda self, chores, done, tidied, beater: sealed.append(1) or 0.0)
    monkeypatch.setattr(Turn, "take", lambda self: False)
    call_command("sequencer", "--once")
    assert sealed == []
    monkeypatch.undo()


LOST = [
    OperationalError('connection failed: connection to server at "127.0.0.1" failed: Connection refused'),
    OperationalError("terminating connection due to administrator command"),
    OperationalError("consuming input failed: server closed the connection unexpectedly"),
    OperationalError("connection failed: FATAL:  the database system is starting up"),
    OperationalError("the connection is lost"),
    InterfaceError("connection already closed"),
]


@pytest.mark.parametrize("fault", LOST, ids=lambda f: str(f)[:40])
def test_a_database_that_cannot_be_reached_is_a_refusal_with_a_code_and_is_tried_again(fault):
    assert is_away(fault) and fault_of(fault).code == "OPS-105"
    outer = RuntimeError("around it")
    outer.__cause__ = fault
    assert is_away(outer)


def test_what_was_wrong_with_the_question_is_not_taken_for_an_absence():
    assert not is_away(OperationalError("no such table: x")) and not is_away(ValueError("connection refused"))


@pytest.mark.parametrize(
    "fault", [OperationalError("the connection is lost"), InterfaceError("connection already closed")]
)
def test_the_sequencer_outlives_a_database_that_goes_away_and_does_its_chores_afterwards(
    db, folders, monkeypatch, fault
):
    from kalata.ledger.management.commands import sequencer

    folders(ONE)
    beater, did = pulse.Beater("sequencer"), []
    assert beater.once()
    answers = [fault, None]
    monkeypatch.setattr(sequencer.connection, "close", lambda: None)

    def sealing():
        if (answer := answers.pop(0) if answers else None) is not None:
            raise answer

    monkeypatch.setattr(sequencer, "seal_waiting", sealing)
    failing = [fault]

    def chore():
        if failing:
            raise failing.pop()
        did.append(1)

    command, done = sequencer.Command(), {"a": 0.0}
    for _round in range(3):  # away while sealing, away during the chore, back
        command.round([(chore, 60, "a")], done, 1e12, beater)
    assert did == [1]
    beater.leave()


def test_a_job_whose_database_went_away_is_done_again_and_not_failed(db, folders, monkeypatch):
    from kalata.ledger.management.commands import worker

    folders(ONE)
    kept, runs = [], []

    class Job:
        pk = 1

        def set_failed(self, why):
            kept.append(why)

    def base(self, job):
        runs.append(1)
        job.set_failed(LOST[1] if len(runs) < 9 else ValueError("its own fault"))

    monkeypatch.setattr(worker.db_worker.Worker, "run_task", base)
    one = worker.Worker.__new__(worker.Worker)
    one.beater, one.tries = pulse.Beater("worker"), {}
    assert one.beater.once()
    for _try in range(worker.MOST_TRIES - 1):
        with pytest.raises(OperationalError):
            one.run_task(Job())
    assert kept == []
    one.run_task(Job())  # the third time it is taken for the cause
    assert len(kept) == 1
    one.beater.leave()


def test_a_machine_with_other_secrets_does_not_start(db, folders, settings):
    folders(ONE)
    machines.arrive()
    folders(TWO)
    settings.LEDGER_KEY = "another key"
    with pytest.raises(machines.OtherSecrets, match=r"ledger\.secret"):
        machines.arrive()
    Machine.objects.update(stopped=True)  # nobody else is at work: this may be the house itself, moved
    machines.arrive()


def test_a_silent_machine_is_an_alarm_until_it_stops_in_order_or_is_struck(db, folders):
    folders(TWO)
    machines.report()
    folders(ONE)
    machines.report()
    Machine.objects.filter(name=TWO).update(at=timezone.now() - timedelta(seconds=pulse.SILENCE + 2))
    assert f"machine-{TWO}" in dict(pulse.alarms())
    machines.forgotten(TWO, pulse.SILENCE)
    assert f"machine-{TWO}" not in dict(pulse.alarms())
    with pytest.raises(machines.StillThere):
        machines.forgotten(ONE, pulse.SILENCE)


@pytest.mark.parametrize(("drift", "sounds"), [(machines.DRIFT, False), (machines.DRIFT + 0.1, True), (-9.0, True)])
def test_a_clock_that_drifts_and_a_full_disk_are_seen_from_every_machine(db, folders, drift, sounds):
    folders(TWO)
    machines.report()
    state = {"drift": drift, "free": pulse.LOW_DISK - 1}
    Machine.objects.filter(name=TWO).update(state=state)
    folders(ONE)
    found = dict(pulse.alarms())
    assert (f"clock-{TWO}" in found) == sounds and f"disk-{TWO}" in found


def test_a_clock_set_by_hand_is_seen(monkeypatch):
    times = iter([1000.0, 1010.0, 5020.0, *[5020.0] * 9])
    steps = iter([0.0, 10.0, 20.0])
    monkeypatch.setattr(machines, "_wall", [0.0, 0.0])
    monkeypatch.setattr(machines, "_jump", [0.0, 0.0])
    monkeypatch.setattr(machines.time, "time", lambda: next(times))
    monkeypatch.setattr(machines.time, "monotonic", lambda: next(steps) + 1)
    assert machines.jumped() == 0.0 and machines.jumped() == 0.0
    assert round(machines.jumped()) == 4000


class Child:
    def __init__(self, code=None):
        self.code = self.returncode = code

    def poll(self):
        return self.code


def test_a_part_that_ends_is_started_again_and_one_that_never_starts_stops_the_house():
    from kalata import supervising

    began = []
    part = supervising.Part("worker", int, lambda _name, _work: began.append(1) or Child())
    now = part.begun
    for _time in range(20):  # it ends in haste, again and again: it is started again, ever later
        part.child.code = 1
        assert part.look(now)
        now = max(now, part.again_at)
        assert part.look(now)
    assert len(began) == 21
    web, looks, now = supervising.Part("web", int, lambda _name, _work: Child(3)), [], 0.0
    while len(looks) < 20 and all(looks):
        web.begun = now
        looks.append(web.look(now))
        now = max(now, web.again_at) + 0.1
    assert len(looks) > 1 and not looks[-1]


def test_the_register_of_a_log_opened_on_another_machine_is_found_by_the_sequencer(db, settings, tmp_path):
    """Each machine has its own folder of the log; what both share is the store of kept files."""
    from kalata.transparency import publiclog, registers

    stations, areas = b"part,station\n", b"level,code\n"
    settings.MEDIA_ROOT, settings.LOG_FOLDER = tmp_path / "shared", tmp_path / "one"
    manifest = {"election": "E", "contest": "C", "round": 1, "expected": {}}
    publiclog.open_log(name="machines", manifest=manifest, stations=stations, areas=areas)
    settings.LOG_FOLDER = tmp_path / "two"
    names = [hashlib.sha256(x).hexdigest() for x in (stations, areas)]
    read = registers.read_in(publiclog.place("machines"))
    with contextlib.suppress(Exception):  # what is in this one is no matter here
        read(*names)
    found = {p.name: p.read_bytes() for p in (tmp_path / "two" / "machines" / "register").iterdir()}
    assert found == {f"{n}.csv": c for n, c in zip(names, (stations, areas), strict=True)}
