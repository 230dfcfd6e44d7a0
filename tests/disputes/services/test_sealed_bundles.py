"""What a laptop carries to the registry is read by the Court alone: another key, a wrong passphrase, a changed byte are refused."""

from __future__ import annotations

import io
import json
import os
import secrets
import zipfile

import pytest
from click.testing import CliRunner

from kalata.cli import main
from kalata.disputes.models import Bundle, Petition
from kalata.disputes.rules import sealed_bundles as rules
from kalata.disputes.rules.sealing_keys import BadPublicKey, PrivateKey, PublicKey
from kalata.disputes.services import carrying, counters, intake, merging
from kalata.disputes.signing import authority, court
from kalata.ledger.models import Act
from tests.disputes.desk import PHRASE, counter_of, filing, open_court
from tests.disputes.desk import court_keys as court_keys
from tests.disputes.desk import own_keys as own_keys
from tests.disputes.offline import Laptop, instants

pytestmark = pytest.mark.django_db
WORDS = ("Candidature n° 2", "président", "Niéna école", "2027-P1-MPT1-000001", "secret de la pièce")


@pytest.fixture
def laptop(contest):
    """(persons, a laptop with two receipts whose counter the registry knows)"""
    who, _counter = open_court(contest)
    one = Laptop("MPT1")
    counters.open_counter(code="MPT1", name="Préfecture de Mopti", by=who["registrar"], key=one.key)
    for n, at in enumerate(instants(2)):
        one.receive(at, pieces=[b"secret de la piece %d" % n])
    return who, one


@pytest.fixture
def lot(laptop, court_keys, tmp_path):
    """Its bundle, sealed to the Court of this house."""
    return sealed(laptop[1], tmp_path / "lot.zip", rules.public(court.bundles_to()))


def sealed(one, to, key):
    with one.bundle(to.with_suffix(".clear")).open("rb") as clear:
        carrying.sealed(clear, key, to)
    return to


def refused(file, who, code, **said):
    with pytest.raises(rules.Refused) as met:
        merging.merge(file=file, by=who["registrar"])
    assert met.value.code == code, met.value.code
    for name, value in said.items():
        assert met.value.params[name] == value
    assert not Petition.objects.exists() and not Bundle.objects.exists()


def test_a_sealed_bundle_says_nothing_outside_and_is_merged_by_the_court_twice_alike(laptop, lot):
    who, _one = laptop
    outside = lot.read_bytes()
    assert not [w for w in WORDS if w.encode() in outside]
    assert sorted(zipfile.ZipFile(lot).namelist()) == ["lot.json", "part-00001"]
    done = merging.merge(file=lot, by=who["registrar"])
    assert (done.fresh, done.sealed) == (2, True) and merging.merge(file=lot, by=who["registrar"]).fresh == 0
    assert Bundle.objects.get().sealed and Act.objects.get(kind="disputes.bundle_merged").after["sealed"] is True


def test_a_bundle_sealed_to_another_court_is_named_and_nothing_is_merged(laptop, court_keys, tmp_path):
    other = PrivateKey(PrivateKey.fresh().private, rules.LOT).public
    refused(sealed(laptop[1], tmp_path / "lot.zip", other), laptop[0], "DIS-141", key=other.text()[:24])


@pytest.mark.parametrize(("phrase", "why"), [("", "aucune"), ("une autre phrase que celle-là", "ce n’est pas")])
def test_without_the_right_passphrase_of_the_court_it_stays_shut(laptop, lot, monkeypatch, phrase, why):
    monkeypatch.setenv("KALATA_COURT_PASSPHRASE", phrase)
    with pytest.raises(rules.BundleKeyShut) as met:
        merging.merge(file=lot, by=laptop[0]["registrar"])
    assert why in met.value.message.text("fr") and "KALATA_COURT_PASSPHRASE_FILE" in met.value.how.text("fr")
    assert not Petition.objects.exists()
    monkeypatch.setenv("KALATA_COURT_PASSPHRASE", PHRASE)
    assert merging.merge(file=lot, by=laptop[0]["registrar"]).fresh == 2


def test_a_court_of_before_this_key_gets_it_when_it_renews_and_never_another(laptop, lot, court_keys, monkeypatch):
    for ending in ("key", "pub"):
        (court_keys / f"bundles.{ending}").rename(court_keys / f"kept.{ending}")
    assert court.bundles_to() == "" and court.the_court().bundles is None
    refused(lot, laptop[0], "DIS-142")
    authority.renew(court_keys, PHRASE, court.now())
    made = court.bundles_to()
    assert made.startswith("lot1+") and court.the_court().bundles.public.text() == made
    authority.renew(court_keys, PHRASE, court.now())
    assert court.bundles_to() == made


@pytest.mark.parametrize("where", ["mark", "to", "parts", "slot", "commit", "text", "tag"])
def test_one_byte_changed_anywhere_is_seen_and_nothing_is_merged(laptop, lot, where):
    parts = {name: zipfile.ZipFile(lot).read(name) for name in ("lot.json", "part-00001")}
    head, body = parts["lot.json"].decode(), bytearray(parts["part-00001"])
    if where in ("mark", "to", "parts"):
        old, new = {"mark": ("SCELLE-1", "SCELLE-2"), "to": ("lot1+", "lot1-"), "parts": ('"parts":1', '"parts":2')}[
            where
        ]
        assert old in head
        parts["lot.json"] = head.replace(old, new).encode()
    else:
        body[{"slot": 30, "commit": 24 + 113 + 5, "text": 24 + 113 + 32 + 40, "tag": -1}[where]] ^= 1
        parts["part-00001"] = bytes(body)
    refused(written(lot.with_name("b.zip"), parts), laptop[0], "DIS-143")


def written(to, parts, method=zipfile.ZIP_STORED):
    with zipfile.ZipFile(to, "w", method) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return to


def test_parts_left_out_moved_taken_from_another_bundle_or_swollen_are_seen(
    laptop, lot, court_keys, monkeypatch, tmp_path
):
    monkeypatch.setattr(rules, "CHUNK", 1_000)
    key = rules.public(court.bundles_to())
    one, two = (zipfile.ZipFile(sealed(laptop[1], tmp_path / f"{n}.zip", key)) for n in "ab")
    parts = {name: one.read(name) for name in one.namelist()}
    first, second, last = "part-00001", "part-00002", sorted(parts)[-1]
    assert len(parts) == 4
    for changed in (
        {k: v for k, v in parts.items() if k != last},
        parts | {first: parts[second], second: parts[first]},
        parts | {second: two.read(second)},
        {k: v for k, v in parts.items() if k != last} | {"lot.json": rules.head(key, len(parts) - 2)},
        parts | {"more": b"x"},
    ):
        refused(written(tmp_path / "c.zip", changed), laptop[0], "DIS-143")
    refused(written(tmp_path / "c.zip", parts, zipfile.ZIP_DEFLATED), laptop[0], "DIS-143", where=first)
    monkeypatch.setattr(rules, "LONGEST_PART", len(parts[first]) - 1)
    refused(written(tmp_path / "c.zip", parts), laptop[0], "DIS-143", where=first)
    monkeypatch.setattr(rules, "LONGEST_PART", len(parts[first]))
    assert merging.merge(file=written(tmp_path / "c.zip", parts), by=laptop[0]["registrar"]).fresh == 2


@pytest.mark.parametrize("size", [0, 1, 999, 1_000, 1_001, 2_000])
def test_a_bundle_is_cut_at_any_length_and_comes_back_to_the_byte(monkeypatch, tmp_path, size):
    monkeypatch.setattr(rules, "CHUNK", 1_000)
    key, data = PrivateKey(PrivateKey.fresh().private, rules.LOT), secrets.token_bytes(size)
    carrying.sealed(io.BytesIO(data), key.public, tmp_path / "lot")
    archive = zipfile.ZipFile(tmp_path / "lot")
    said = rules.read_head(archive.read(rules.HEAD))
    assert said["parts"] == max(1, -(-size // 1_000)) and said["to"] == key.public.text()
    names = [rules.part_name(n + 1) for n in range(said["parts"])]
    assert b"".join(rules.opened(map(archive.read, names), said["parts"], key)) == data


def test_what_comes_in_clear_is_merged_because_it_was_received_and_is_told_as_such(laptop, court_keys, tmp_path):
    who, one = laptop
    done = merging.merge(file=one.bundle(tmp_path / "lot.zip"), by=who["registrar"])
    assert (done.fresh, done.sealed) == (2, False)
    assert not Bundle.objects.get().sealed and Act.objects.get(kind="disputes.bundle_merged").after["sealed"] is False
    told = CliRunner().invoke(main, ["disputes", "counter", "merge", str(tmp_path / "lot.zip"), "--json"])
    assert json.loads(told.stdout)["sealed"] is False and "came in clear" in told.stderr


def test_a_counter_without_the_key_of_the_court_hands_nothing_out_in_clear_until_it_has_it(contest, settings, tmp_path):
    settings.COURT_KEYS = tmp_path / "none"
    who, counter = open_court(contest)
    draft = intake.draft(contest=contest, filing=filing(), channel="field", by=who["clerk"])
    intake.receive(petition_id=draft.pk, counter=counter, by=who["clerk"])
    with pytest.raises(rules.NoCourtLine, match="DIS-144"):
        carrying.export(counter=counter, by=None, to=tmp_path / "lot.zip")
    assert not (tmp_path / "lot.zip").exists() and not Act.objects.filter(kind="disputes.bundle_exported").exists()
    key = PrivateKey(PrivateKey.fresh().private, rules.LOT)
    made = counters.seal_to(code=counter.code, line=key.public.text(), by=who["registrar"])
    assert carrying.export(counter=made, by=None, to=tmp_path / "lot.zip") == 1
    assert Act.objects.get(kind="disputes.counter_seals").after == {"seals_to": key.public.text()}
    with pytest.raises(PermissionError):
        cut(carrying.export, counter=made, by=None, to=tmp_path / "lot.zip")
    assert zipfile.ZipFile(tmp_path / "lot.zip").testzip() is None
    assert [p.name for p in tmp_path.glob("*lot*")] == ["lot.zip"]


def cut(act, **given):
    """The power goes as the new bundle would take the place of the old one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "replace", lambda *_a: (_ for _ in ()).throw(PermissionError))
        act(**given)


def test_the_line_of_a_judge_is_not_taken_for_the_courts_nor_the_other_way():
    bench = PrivateKey.fresh().public
    with pytest.raises(rules.NotCourtLine):
        rules.public(bench.text())
    with pytest.raises(BadPublicKey):
        PublicKey.read(PrivateKey(PrivateKey.fresh().private, rules.LOT).public.text())


def test_by_command_a_laptop_gets_the_key_with_its_opening_or_later(contest, court_keys, tmp_path):
    def run(*words, status=0):
        done = CliRunner().invoke(main, ["disputes", "counter", *map(str, words), "--json"])
        assert done.exit_code == status, done.output
        return json.loads(done.stdout)

    line = run("court")["seals_to"]
    (tmp_path / "cour.pub").write_text(line + "\n")
    run("open", "MPT2", "--name", "Mopti", "--court-key", line)
    run("open", "MPT3", "--name", "Mopti", "--court-key", tmp_path / "cour.pub")
    run("open", "MPT4", "--name", "Mopti")
    assert [counter_of(c).seals_to for c in ("MPT2", "MPT3", "MPT4")] == [line, line, ""]
    assert run("court", "MPT4", line) == {"counter": "MPT4", "seals_to": line}
    assert run("court", "MPT4", "lot1+00000000+xxxx", status=2)["error"]["code"] == "DIS-145"
    assert run("open", "MPT5", "--name", "x", "--court-key", "lot1+rien", status=2)["error"]["code"] == "DIS-145"
    assert not (tmp_path / "counters" / "MPT5.key").exists()
