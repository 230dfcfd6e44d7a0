"""The commands of who runs the house: the list of cases, sealed texts as files, what no longer is as it was."""

import json

import pytest
from click.testing import CliRunner
from django.db import connection

from kalata.cli import main
from kalata.disputes.models import CustodyEvent
from kalata.disputes.rules.sealing import NotForThisKey, unseal
from kalata.disputes.services import deliberating, intake
from kalata.evidence import store
from kalata.ledger import locks
from tests.disputes import bench_stage, desk

pytestmark = pytest.mark.django_db


def kalata(*args):
    ran = CliRunner().invoke(main, ["disputes", *args, "--json"], catch_exceptions=False)
    return ran.exit_code, json.loads(ran.stdout) if ran.exit_code != 2 else None


@pytest.fixture
def court(contest, settings, tmp_path):
    settings.COUNTER_KEYS = str(tmp_path / "keys")
    who, counter = desk.open_court(contest)
    return contest, who, counter


def with_piece(court):
    contest, who, counter = court
    draft = intake.draft(contest=contest, filing=desk.filing(), channel="counter", by=who["clerk"])
    kept = intake.keep(b"constat", name="constat.txt", by=who["clerk"])
    intake.attach(petition=draft, content=kept, name="Constat", kind="bailiff", by=who["clerk"])
    return intake.receive(petition_id=draft.pk, counter=counter, by=who["clerk"]), kept


def test_the_list_names_number_roll_state_contest_and_decision(court):
    contest, who, counter = court
    made = desk.received(contest, counter, who["clerk"])
    intake.draft(contest=contest, filing=desk.filing(), channel="counter", by=who["clerk"])
    row = {"case": made.number, "roll": made.roll, "state": "RECU", "contest": contest.code, "decision": ""}
    assert kalata("list") == (0, {"cases": [row]})
    assert kalata("list", "--state", "RECU") == kalata("list", "--state", "received") == (0, {"cases": [row]})
    assert kalata("list", "--state", "CLOS") == (0, {"cases": []})


def test_a_state_or_a_case_that_is_not_one_is_refused_with_its_code(court, tmp_path):
    for args, code in (
        (("list", "--state", "FINI"), "DIS-766"),
        (("sealed", "2027-P1-X-1", str(tmp_path / "a")), "DIS-765"),
    ):
        ran = CliRunner().invoke(main, ["disputes", *args], catch_exceptions=False)
        assert ran.exit_code == 2 and code in ran.output


def test_sealed_texts_are_written_as_they_are_kept_and_only_a_member_opens_them(contest, tmp_path):
    bench = {m.code: m for m in bench_stage.bench()}
    made = bench_stage.case(contest, state="deliberation")
    deliberating.open_round(number=made.number, by=bench["j1"].person)
    for n, code in enumerate(("j2", "j3", "j4"), 1):
        body = bench_stage.sealed(f"opinion {n}", *bench)
        deliberating.deposit(number=made.number, kind="opinion", point=0, body=body, by=bench[code].person)
    status, record = kalata("sealed", made.number, str(tmp_path / "out"))
    assert status == 0 and record["case"] == made.number
    assert [(one["kind"], one["by"]) for one in record["items"]] == [
        ("opinion", "j2"),
        ("opinion", "j3"),
        ("opinion", "j4"),
    ]
    assert {p.name for p in (tmp_path / "out").iterdir()} == {one["file"] for one in record["items"]}
    for n, one in enumerate(record["items"], 1):
        data = (tmp_path / "out" / one["file"]).read_bytes()
        assert all(unseal(data, bench_stage.KEYS[code]) == f"opinion {n}".encode() for code in bench)
        with pytest.raises(NotForThisKey):
            unseal(data, bench_stage.KEYS["j9"])
    assert kalata("sealed", made.number, str(tmp_path / "out"))[0] == 2  # never over another folder


def test_a_recheck_of_what_is_as_it_was_is_silent(court):
    with_piece(court)
    assert kalata("recheck") == (0, {"valid": True, "pieces": 1, "chains": 1, "problems": []})


@pytest.mark.parametrize(
    ("change", "fault"), [(lambda p: p.write_bytes(b"constaT"), "altered"), (lambda p: p.unlink(), "missing")]
)
def test_a_piece_that_changed_or_went_is_named(court, change, fault):
    made, kept = with_piece(court)
    path = store.path(kept.sha256)
    path.chmod(0o600)
    change(path)
    status, record = kalata("recheck")
    (one,) = record["problems"]
    assert status == 1 and not record["valid"]
    assert (one["code"], one["case"], one["path"], one["piece"], one["got"]) == (
        "DIS-703",
        made.number,
        f"evidence/{kept.sha256}",
        1,
        fault,
    )
    assert one["fr"] != one["en"]


def test_a_line_of_custody_changed_behind_the_house_is_named(court):
    made, _kept = with_piece(court)
    locks.drop(connection, CustodyEvent._meta.db_table)
    CustodyEvent.objects.filter(petition=made, sequence=1).update(receiver="autre")
    status, record = kalata("recheck")
    assert status == 1
    assert [(one["code"], one["case"], one["path"]) for one in record["problems"]] == [
        ("DIS-704", made.number, "custody.jsonl:1")
    ]
