"""The archive of a case of the house: written from its records, and valid for whoever verifies it."""

import hashlib
import json
import os
import time

import pytest
from click.testing import CliRunner
from django.db import IntegrityError, transaction
from django.utils import timezone

from kalata.cli import main
from kalata.disputes import verifying
from kalata.disputes.archives import FolderTaken
from kalata.disputes.models import CustodyRoot, Exhibit, Petition, PetitionReceipt, Roll, Ruling, RulingOutcome
from kalata.disputes.rules import archive, carried, custody
from kalata.disputes.services import archiving, executing, freezing, intake, rulings
from kalata.disputes.services.custody import chain
from kalata.disputes.signing import court
from kalata.evidence import rehash, store
from kalata.evidence import services as evidence
from kalata.ledger.models import Act
from kalata.transparency.models import LogEntry, Outbox
from tests.conftest import make_person
from tests.disputes import desk
from tests.disputes.services.test_rulings import (  # noqa: F401
    ANNUL,
    YEAR,
    keys,
    president,
    told,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(published, settings, tmp_path):
    """A petition on a published contest, received with three pieces of which one is sealed."""
    settings.COUNTER_KEYS = tmp_path / "counters"
    who, counter = desk.open_court(published, stations=0)
    draft = intake.draft(contest=published, filing=desk.filing(grounds=()), channel="counter", by=who["clerk"])
    for n, access in enumerate(("parties", "sealed", "public"), 1):
        kept = intake.keep(b"constat %d" % n, name=f"constat-{n}.txt", by=who["clerk"])
        intake.attach(petition=draft, content=kept, name=f"Constat {n}", kind="bailiff", by=who["clerk"], access=access)
    made = intake.receive(petition_id=draft.pk, counter=counter, by=who["clerk"])
    made.grounds.create(key="g1", code="officers")
    return made


@pytest.fixture
def signed(case, published, judge, president, keys):  # noqa: F811
    """The same, decided: one station annulled, another rectified."""
    Petition.objects.filter(pk=case.pk).update(state="drafted")
    case.refresh_from_db()
    made = rulings.draft(contest=published, number=f"{YEAR}-44/CC-EL", words="présidents non nommés", by=judge, petitions=[case])  # fmt: skip
    acts = [ANNUL]
    made = rulings.amend(
        ruling=made, by=judge, acts=acts, articles=["ML-D-OPERATIONS"],
        outcomes={case.number: ("granted", {"g1": "le président n’était pas sur la liste."})},
    )  # fmt: skip
    made = rulings.generate(ruling=made, by=judge)
    rulings.to_gate(ruling=made, by=judge)
    executing.sign(ruling=Ruling.objects.get(pk=made.pk), by=president)
    return Petition.objects.get(pk=case.pk)


def verified(folder, keys_):
    return verifying.verify(folder, vkey=keys_.vkey, ca=keys_.ca_pem())


def test_the_archive_of_a_decided_case_is_valid_for_anybody(signed, tmp_path):
    opened = archiving.write(petition=signed, folder=tmp_path / "a")
    found = verified(tmp_path / "a", opened)
    assert found.valid and found.trusted and found.case == signed.number, found.record()["problems"]
    assert all(one["n"] for one in found.record()["checks"])
    again = carried.read((tmp_path / "a" / archive.RECOMPUTATION).read_bytes())
    assert again["digest"] == Ruling.objects.get().print["recomputation"]
    assert (tmp_path / "a" / "documents" / "receipt.pdf").read_bytes().startswith(b"%PDF")  # issued: it never was
    act = Act.objects.get(kind="disputes.archived")
    assert act.subject == f"petition:{signed.number}" or signed.number in act.subject


def test_once_carried_out_the_archive_holds_what_the_public_log_holds_of_it_and_verify_judges_it(signed, tmp_path, monkeypatch):
    registrar = make_person("exec-cour", "greffe")
    Ruling.objects.update(state="published")
    Petition.objects.filter(pk=signed.pk).update(state="published")
    monkeypatch.setattr(executing.publications, "words_of", lambda ruling: ruling.words)  # its public text is another test's
    executing.apply(ruling=Ruling.objects.get(), by=registrar)
    told_to = Outbox.objects.filter(log__name=signed.contest.code).order_by("pk").last()
    assert Ruling.objects.get().number in json.dumps(told_to.body)  # what the sequencer writes bears the number
    LogEntry.objects.create(log=told_to.log, index=0, data=json.dumps(told_to.body, ensure_ascii=False).encode(), leaf=b"l" * 32, outbox=told_to, at=timezone.now())
    case = Petition.objects.get(pk=signed.pk)
    opened = archiving.write(petition=case, folder=tmp_path / "a")
    held = json.loads((tmp_path / "a" / archive.LOG).read_bytes())
    assert held["decision"] == Ruling.objects.get().number and held["entries"] and held["totals"]["votes"]
    assert verified(tmp_path / "a", opened).valid
    told_ = archiving.queries.logged
    monkeypatch.setattr(archiving.queries, "logged", lambda ruling: (found := told_(ruling)) | {"totals": found["totals"] | {"figures": found["totals"]["figures"] | {"valid": 1}}})
    archiving.write(petition=case, folder=tmp_path / "b")
    wrong = verified(tmp_path / "b", opened)
    assert not wrong.valid and any("log.json" in p["path"] for p in wrong.record()["problems"])


def test_a_signed_decision_and_what_it_says_of_each_petition_stand_in_the_database_as_they_were_signed(signed):
    changes = ({"written": {"facts": "autre"}}, {"acts": []}, {"articles": []}, {"words": "autre"}, {"decision": {}}, {"verdict": {}})
    for change in changes:
        with pytest.raises(IntegrityError), transaction.atomic():
            Ruling.objects.update(**change)
    for change in ({"outcome": "unfounded"}, {"reasons": {}}, {"answers": {"g1": "x"}}):
        with pytest.raises(IntegrityError), transaction.atomic():
            RulingOutcome.objects.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        RulingOutcome.objects.all().delete()


def test_the_archive_says_which_pack_its_results_are_computed_with(signed, tmp_path, monkeypatch):
    asked = []
    own = archiving.tabulating.load_profile
    monkeypatch.setattr(archiving.tabulating, "load_profile", lambda path, pack="none": asked.append(pack) or own(path, pack))  # fmt: skip
    opened = archiving.write(petition=signed, folder=tmp_path / "a")
    assert carried.read((tmp_path / "a" / archive.CASE).read_bytes())["pack"] == "ml" and asked == ["ml"]
    assert verified(tmp_path / "a", opened).valid and asked == ["ml", "ml"]
    folder = tmp_path / "a" / archive.CASE
    folder.write_bytes(folder.read_bytes().replace(b'"pack":"ml"', b'"pack":"sn"'))
    verified(tmp_path / "a", opened)
    assert asked[-1] == "sn"


def test_a_sealed_piece_is_there_by_its_hash_alone(signed, tmp_path):
    archiving.write(petition=signed, folder=tmp_path / "a")
    secret = Exhibit.objects.get(access="sealed")
    assert not (tmp_path / "a" / "evidence" / secret.piece.sha256).exists()
    rows = carried.read((tmp_path / "a" / archive.EVIDENCE).read_bytes())["pieces"]
    assert [(r["sha256"], r["name"]) for r in rows if r["access"] == "sealed"] == [(secret.piece.sha256, "")]
    everything = b"".join(p.read_bytes() for p in (tmp_path / "a").rglob("*") if p.is_file())
    assert b"constat 2" not in everything and b"constat 1" in everything


def test_nobody_is_named_in_the_custody_nor_by_role(signed, tmp_path):
    archiving.write(petition=signed, folder=tmp_path / "a")
    text = (tmp_path / "a" / archive.CUSTODY).read_text() + (tmp_path / "a" / archive.CASE).read_text()
    assert "clerk-cour" not in text and "Candidature" not in text


def test_a_case_without_decision_has_an_archive_too(case, keys, tmp_path):  # noqa: F811
    opened = archiving.write(petition=case, folder=tmp_path / "a")
    found = verified(tmp_path / "a", opened)
    assert found.valid, found.record()["problems"]
    assert not (tmp_path / "a" / "results").exists()


def test_the_records_changed_after_the_signature_change_nothing_of_the_archive(signed, tmp_path):
    from kalata.results.models import StationReport

    before = freezing.kept(f"ruling:{Ruling.objects.get().number}", freezing.RECORDS)
    assert StationReport.objects.exists() and before
    opened = archiving.write(petition=signed, folder=tmp_path / "a")
    assert (tmp_path / "a" / archive.RECORDS).read_bytes() == before
    assert verified(tmp_path / "a", opened).valid


def test_a_day_that_the_house_stamped_is_taken_with_its_proof(signed, tmp_path):
    day = chain(signed)[-1]["at"][:10]
    heads = {signed.number: chain(signed)[-1]["hash"], f"{YEAR}-P1-AUTRE-000001": "0" * 64}
    root = custody.day_root(heads)
    kept = CustodyRoot.objects.create(day=day, root=root.hex(), petitions=2, heads=heads, token=court.stamp(root), at=timezone.now())  # fmt: skip
    opened = archiving.write(petition=signed, folder=tmp_path / "a")
    assert (tmp_path / "a" / "tokens" / f"custody-{day}.tsr").read_bytes() == bytes(kept.token)
    assert verified(tmp_path / "a", opened).valid


def test_a_piece_that_changed_stops_the_archive(signed, tmp_path):
    one = Exhibit.objects.get(number=1)
    path = store.path(one.piece.sha256)
    path.chmod(0o600)
    path.write_bytes(b"autre")
    with pytest.raises(archiving.PieceGone):
        archiving.write(petition=signed, folder=tmp_path / "a")


def test_a_recomputation_that_is_not_the_one_signed_stops_the_archive(signed, tmp_path, monkeypatch):
    monkeypatch.setattr(freezing, "kept", lambda subject, name, own=freezing.kept: own(subject, name).replace(b"SEG-001,", b"SEG-009,") if name == freezing.RECORDS else own(subject, name))  # fmt: skip
    with pytest.raises(Exception) as met:
        archiving.write(petition=signed, folder=tmp_path / "a")
    assert getattr(met.value, "code", "") in ("DIS-768", "DIS-501", "DIS-500")
    monkeypatch.setattr(freezing, "kept", lambda subject, name: None)
    with pytest.raises(archiving.NothingKept):
        archiving.write(petition=signed, folder=tmp_path / "b")


def test_an_archive_is_never_written_over_something(signed, tmp_path):
    (tmp_path / "x").write_text("x")
    with pytest.raises(FolderTaken):
        archiving.write(petition=signed, folder=tmp_path)


def test_the_command_says_where_and_by_which_key(signed, tmp_path):
    ran = CliRunner().invoke(main, ["disputes", "archive", signed.number, str(tmp_path / "a"), "--json"], catch_exceptions=False)  # fmt: skip
    record = json.loads(ran.stdout)
    assert ran.exit_code == 0 and set(record) == {"case", "folder", "vkey", "ca"}
    found = verifying.verify(tmp_path / "a", vkey=record["vkey"], ca=(tmp_path / "a" / "trust" / "court-ca.pem").read_bytes())  # fmt: skip
    assert found.valid and record["ca"].endswith("trust/court-ca.pem")
    assert PetitionReceipt.objects.get().body.encode() == (tmp_path / "a" / "documents" / "receipt.json").read_bytes()
    assert Roll.objects.exists()


def test_a_signature_that_is_cut_leaves_no_file_that_no_row_knows_for_long(published, monkeypatch):
    """Its papers are on the disk before its rows are kept: rolled back, they are swept a day later, and nothing else is."""
    with pytest.raises(RuntimeError), transaction.atomic():
        cut = evidence.keep_ours(b"a decision that was never signed", media="application/pdf").sha256
        raise RuntimeError
    kept = evidence.keep_ours(b"a decision that was", media="application/pdf").sha256
    store.put(b"a table that another room knows")
    (there,) = [p for p in store.folder().glob(".*.owed") if cut in p.name]
    now = time.time()
    rehash.turn()
    assert store.path(cut) is not None  # it may be of an act that still goes on
    for one in (there, store.path(cut), store.path(kept)):
        os.utime(one, (now - 200_000, now - 200_000))
    rehash.turn()
    assert store.path(cut) is None and store.path(kept) is not None and not there.exists()
    assert store.path(hashlib.sha256(b"a table that another room knows").hexdigest()) is not None
