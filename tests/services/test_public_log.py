"""The public log: what enters it, who signs it, what it refuses."""

import json
import re
import shutil
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import DatabaseError, transaction

from kalata.country.models import Contest
from kalata.ledger import limits, locks
from kalata.ledger.models import Act
from kalata.people import services as people
from kalata.people.rules.approval import Decision, Outdated
from kalata.results.models import StationReport
from kalata.results.rules.boxes import Standing
from kalata.results.services import announcing
from kalata.transparency import folder, giving, keys, publiclog, queries, upkeep, witnessing
from kalata.transparency.models import Cosignature, LogCheckpoint, LogEntry, Outbox, PublicLog
from kalata.transparency.rules import canonical, notes
from kalata.transparency.rules.entries import BadEntry, checked
from kalata.transparency.rules.merkle import check_consistency
from kalata.transparency.rules.register import NATION
from tests import court
from tests.hostile.pictures import plain_pdf

pytestmark = pytest.mark.django_db
PHRASE = keys.joined("quatre mots au hasard", "et quatre autres mots")


@pytest.fixture(autouse=True)
def house_key(tmp_path, settings, monkeypatch):
    settings.LOG_FOLDER = tmp_path / "log"
    settings.LOG_KEY = tmp_path / "keys" / "log.key"
    monkeypatch.setenv("KALATA_LOG_PASSPHRASE", PHRASE)
    keys.create(settings.LOG_KEY, PHRASE)
    publiclog.forget()
    announcing._told.clear()
    yield
    publiclog.forget()


def secret():
    return keys.open_key(settings.LOG_KEY, PHRASE)


def log_of(contest) -> PublicLog:
    return PublicLog.objects.get(name=contest.code)


def sequenced(contest) -> list[dict]:
    publiclog.sequence(log_of(contest), secret())
    return entries(contest)


def entries(contest) -> list[dict]:
    return [canonical.read(bytes(d)) for d in log_of(contest).entries.order_by("index").values_list("data", flat=True)]


def disk(contest) -> folder.LogFolder:
    return folder.LogFolder(publiclog.place(contest.code))


# --- what enters ----------------------------------------------------------------------------
def test_nothing_enters_the_log_before_it_is_published(counted):
    assert not PublicLog.objects.exists() and not Outbox.objects.exists()


def test_a_publication_logs_the_manifest_then_each_report_then_every_total(published):
    found = sequenced(published)
    kinds = [e["kind"] for e in found]
    reports = kinds.count("report")
    assert kinds[0] == "manifest" and reports == StationReport.objects.filter(current=True, standing=0).count()
    totals = [e for e in found if e["kind"] == "total"]
    assert totals[0]["level"] == "nation" and totals[0]["included"]["count"] == reports
    assert {e["level"] for e in totals} == {"nation", "1", "2"} or {e["level"] for e in totals} == {"nation", "1"}
    log = disk(published)
    point, _note = notes.open_checkpoint(log.note(), log.vkeys())
    assert point.size == len(found) and log.tree().root() == point.root
    assert log.replay().total(NATION)["votes"] == totals[0]["votes"]


def test_the_same_publication_twice_adds_nothing(published):
    before = len(sequenced(published))
    announcing.tell(published)
    assert len(sequenced(published)) == before


def test_the_trend_of_the_home_ends_on_the_entries_under_a_signature(published):
    """From the signed states, not from each entry: a home costs the same beside a million of them."""
    assert queries.signed_trend() == ()
    sequenced(published)
    points = queries.signed_trend()
    assert len(points) == 12 and points[-1] == publiclog.signed_entries() > 0 and list(points) == sorted(points)


def annul(station, asker, decider, to=Standing.ANNULLED):
    court.decide(station, to, signer=asker, by=decider)


def test_an_annulled_station_is_excluded_and_restored_by_a_revision_and_the_old_entries_stay(
    published, judge, registrar
):
    first = sequenced(published)
    row = StationReport.objects.filter(contest=published, current=True, standing=0).select_related("station").first()
    annul(row.station, judge, registrar)
    then = sequenced(published)
    new = then[len(first) :]
    # a new status is a new revision, and what does not count any more is excluded
    assert [e["kind"] for e in new if e["kind"] != "total"] == ["revision", "exclusion"]
    assert new[0]["status"] == "annulled" and new[1]["reason_code"] == "court"
    annul(row.station, judge, registrar, Standing.COUNTED)
    last = sequenced(published)
    assert last[: len(then)] == then and last[len(then)]["kind"] == "revision"
    assert (
        disk(published).replay().total(NATION)["votes"]
        == next(e for e in first if e["kind"] == "total")["votes"]
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [("clerk", "A. B."), ("note", "texte"), ("registered", -1), ("registered", "12"), ("votes", [{"list": 1, "n": 2, "by": "x"}]),
     ("status", "validated"), ("scan_sha256", "abc"), ("station", "a\nb"), ("v", 2), ("registered", 1.5)],
)  # fmt: skip
def test_a_field_the_log_does_not_know_never_enters_it(field, value):
    entry = {"v": 1, "kind": "report", "election": "e", "contest": "c", "round": 1, "part": "general", "station": "s",
             "serial": 1, "revision": 0, "votes": [{"list": 1, "n": 2}], "status": "counted", "registered": 3}  # fmt: skip
    assert checked(entry)
    with pytest.raises(BadEntry):
        checked({**entry, field: value})


def test_an_announcement_that_may_not_enter_is_said_and_stops_nothing(published):
    sequenced(published)
    publiclog.announce(log_of(published), "report", [{"part": "general", "station": "?", "clerk": "x"}])
    publiclog.sequence(log_of(published), secret())
    bad = Outbox.objects.order_by("-pk").first()
    assert bad.done and bad.refused and log_of(published).halted is None


def test_the_log_s_rows_are_never_changed(published):
    sequenced(published)
    for model, change in ((LogEntry, {"data": b""}), (LogCheckpoint, {"note": ""})):
        with pytest.raises(DatabaseError), transaction.atomic():
            model.objects.update(**change)
        with pytest.raises(DatabaseError), transaction.atomic():
            model.objects.all()[0].delete()


# --- kill, restart, old backups, forks -----------------------------------------------------------
def test_files_lost_after_the_commit_are_written_again_the_same(published):
    sequenced(published)
    where = publiclog.place(published.code)
    before = {p.relative_to(where): p.read_bytes() for p in (where / "tile").rglob("*") if p.is_file()}
    note = disk(published).note()
    (where / "checkpoint").unlink()
    shutil.rmtree(where / "tile")
    publiclog.forget()
    publiclog.sequence(log_of(published), secret())
    assert disk(published).note() == note
    assert {p.relative_to(where): p.read_bytes() for p in (where / "tile").rglob("*") if p.is_file()} == before


def test_a_kill_between_the_turns_loses_nothing_and_doubles_nothing(published, monkeypatch):
    def power_cut(**_values):
        raise SystemExit("power cut")

    monkeypatch.setattr(publiclog.LogCheckpoint.objects, "create", power_cut)
    with pytest.raises(SystemExit):
        publiclog.sequence(log_of(published), secret())
    assert not LogEntry.objects.exists() and not Outbox.objects.filter(done=True).exists()
    monkeypatch.undo()
    monkeypatch.setenv("KALATA_LOG_PASSPHRASE", PHRASE)
    assert len(sequenced(published)) == LogEntry.objects.count() > 3


def longer_copy(published, judge, registrar, tmp_path):
    """A log of which the disk keeps a later state than the database: an old backup was put back."""
    sequenced(published)
    with transaction.atomic():
        savepoint = transaction.savepoint()
        row = (
            StationReport.objects.filter(contest=published, current=True, standing=0).select_related("station").first()
        )
        annul(row.station, judge, registrar)
        publiclog.sequence(log_of(published), secret())
        transaction.savepoint_rollback(savepoint)
    publiclog.forget()
    return row


def test_a_log_whose_old_backup_was_put_back_refuses_to_sign_until_it_is_recovered(
    published, judge, registrar, tmp_path
):
    row = longer_copy(published, judge, registrar, tmp_path)
    one = log_of(published)
    with pytest.raises(publiclog.OlderThanDisk):
        publiclog.sequence(one, secret())
    publiclog.sequence_all()
    one.refresh_from_db()
    assert one.halted["code"] == "LOG-201"
    assert upkeep.recover(one, publiclog.place(one.name)) > 0
    annul(row.station, judge, registrar)  # done again by hand: the log already says so
    before = disk(published).checkpoint()
    size = len(sequenced(published))
    assert size == before.size and disk(published).checkpoint() == before
    one.refresh_from_db()
    assert one.halted is None


def test_a_database_that_says_something_else_at_a_published_size_is_a_fork_and_is_refused(
    published, judge, registrar, tmp_path
):
    longer_copy(published, judge, registrar, tmp_path)
    one = log_of(published)
    size = disk(published).checkpoint().size
    LogCheckpoint.objects.create(log=one, size=size, root="00" * 32, note="x\n", at=one.opened_at)
    with pytest.raises(publiclog.Forked):
        publiclog.sequence(one, secret())


def test_an_entry_altered_in_the_database_stops_the_signing(published):
    sequenced(published)
    one = log_of(published)
    LogEntry.objects.create(log=one, index=one.entries.count(), data=b"{}", leaf=b"0" * 32, at=one.opened_at)
    publiclog.forget()
    with pytest.raises(publiclog.Altered):
        publiclog.sequence(one, secret())


def test_without_the_passphrase_announcements_wait_and_nothing_is_lost(published, monkeypatch):
    monkeypatch.delenv("KALATA_LOG_PASSPHRASE")
    assert publiclog.sequence_all() == 0 and Outbox.objects.filter(done=False).exists()
    monkeypatch.setenv("KALATA_LOG_PASSPHRASE", PHRASE)
    assert publiclog.sequence_all() > 3


# --- keys -------------------------------------------------------------------------------------
def test_a_key_opens_with_both_halves_in_order_and_nothing_else(tmp_path):
    path = tmp_path / "k" / "log.key"
    public = keys.create(path, PHRASE)
    assert path.stat().st_mode & 0o077 == 0
    assert notes.VerifierKey("x", 1, public).text() == keys.signer(keys.open_key(path, PHRASE), "x").verifier.text()
    for wrong in ("quatre mots au hasard", "", keys.joined("et quatre autres mots", "quatre mots au hasard")):
        with pytest.raises(keys.BadPassphrase):
            keys.open_key(path, wrong)
    with pytest.raises(keys.KeyThere):
        keys.create(path, PHRASE)
    with pytest.raises(keys.WeakHalf):
        keys.joined("court", "et quatre autres mots")


def test_a_rotation_is_an_entry_signed_by_the_old_key_and_the_new_key_signs_from_then_on(
    published, administrator, publisher, judge, registrar, monkeypatch
):
    sequenced(published)
    old = disk(published).vkeys()
    before = disk(published).checkpoint()
    new_phrase = keys.joined("d’autres mots secrets", "et encore des mots secrets")
    upkeep.rotate(passphrase_now=PHRASE, passphrase_new=new_phrase, by=administrator, other=publisher)
    said = entries(published)[-2:]
    assert [e["kind"] for e in said] == ["key", "key"]  # ML-DSA-44, then Ed25519
    for entry, by in zip(said, reversed(old), strict=True):
        assert by.check(notes.unb64(entry["signature"]), keys.rotated(entry["vkey"]))
    notes.open_checkpoint(disk(published).note(), old[:1])  # who knows the old key alone can read the announcement
    monkeypatch.setenv("KALATA_LOG_PASSPHRASE", new_phrase)
    row = StationReport.objects.filter(contest=published, current=True, standing=0).first()
    annul(row.station, judge, registrar)
    publiclog.sequence_all()
    log = disk(published)
    assert {k.text() for k in log.vkeys()} == {*(k.text() for k in old), *(e["vkey"] for e in said)}
    with pytest.raises(notes.BadNote):
        notes.open_checkpoint(log.note(), old)
    point, _note = notes.open_checkpoint(log.note(), log.vkeys())
    check_consistency(before.size, point.size, before.root, point.root, log.tree().consistency(before.size))


# --- the database against the log -----------------------------------------------------------------
@contextmanager
def hand_in_the_database():
    """Somebody who owns the database host: no guard stops them, the nightly check must see them."""
    with locks.lifted():
        limits.lift()
        try:
            yield
        finally:
            limits.install()


def test_every_published_column_changed_in_the_database_is_seen(published):
    sequenced(published)
    contest = Contest.objects.get(pk=published.pk)
    assert announcing.difference(contest) == []
    with hand_in_the_database():
        row = StationReport.objects.filter(contest=published, current=True, standing=0).first()
        sheet = bytes(row.sheet)
        for column in range(len(sheet) // 4):
            bad = bytearray(sheet)
            bad[4 * column] ^= 1
            StationReport.objects.filter(pk=row.pk).update(sheet=bytes(bad))
            assert announcing.difference(contest), column
        StationReport.objects.filter(pk=row.pk).update(sheet=sheet)
        for change, back in (
            ({"standing": 1}, {"standing": 0}),
            ({"standing": 2}, {"standing": 0}),
            ({"current": False}, {"current": True}),
        ):
            StationReport.objects.filter(pk=row.pk).update(**change)
            assert announcing.difference(contest), change
            StationReport.objects.filter(pk=row.pk).update(**back)
        option = contest.options.first()
        kept_name, option.name = option.name, "Autre nom"
        option.save()
        assert announcing.difference(contest)
        option.name = kept_name
        option.save()
        station = row.station
        for field, value in (
            ("code", "ZZZ"),
            ("name", "Autre nom"),
            ("centre", "Autre centre"),
            ("registered", 1),
            ("part", "advance"),
        ):
            kept = getattr(station, field)
            setattr(station, field, value)
            station.save()
            assert announcing.difference(contest), field
            setattr(station, field, kept)
            station.save()
        assert announcing.difference(contest) == []


# --- witnesses ----------------------------------------------------------------------------------
def witness(name="temoin-a", n=7) -> notes.SigningKey:
    return notes.SigningKey(name, notes.COSIGNATURE, bytes([n]) * 32)


def test_a_cosignature_is_checked_before_it_is_kept_and_published_under_the_checkpoint(published, administrator):
    sequenced(published)
    one, key = log_of(published), witness()
    witnessing.add_witness(name="temoin-a", vkey=key.verifier.text(), url="", by=None)
    point = one.checkpoints.first()
    text = notes.read_note(point.note).text
    with pytest.raises(witnessing.BadCosignature):
        witnessing.take(point, witness(n=8).cosign(text, 1_700_000_000))
    with pytest.raises(witnessing.BadCosignature):
        witnessing.take(point, key.cosign(text.replace("\n", "x\n", 1), 1_700_000_000))
    assert witnessing.take_file(one, f"size {point.size}\n{key.cosign(text, 1_700_000_000)}") == (
        point.size,
        ["temoin-a"],
    )
    assert notes.signers(notes.read_note(disk(published).note()), [key.verifier]) == [key.verifier]
    assert witnessing.tally(one)[:2] == (1, 1) and Cosignature.objects.count() == 1


def test_a_witness_that_has_seen_more_than_the_database_halts_the_log(published, monkeypatch):
    import io
    import urllib.error

    sequenced(published)
    witnessing.add_witness(name="temoin-a", vkey=witness().verifier.text(), url="http://temoin.example", by=None)

    def conflict(url, body):
        raise urllib.error.HTTPError(url, 409, "conflict", {}, io.BytesIO(b"99999\n"))

    monkeypatch.setattr(witnessing, "post", conflict)
    publiclog.sequence_all()
    assert log_of(published).halted["code"] == "LOG-201"
    assert json.dumps(log_of(published).halted)


def test_an_absent_witness_never_blocks_the_log(published, monkeypatch):
    witnessing.add_witness(name="temoin-a", vkey=witness().verifier.text(), url="http://temoin.example", by=None)
    monkeypatch.setattr(witnessing, "post", lambda *_a: (_ for _ in ()).throw(OSError("no network")))
    assert publiclog.sequence_all() > 3
    assert disk(published).checkpoint().size and witnessing.tally(log_of(published))[:2] == (0, 1)


def test_a_house_key_is_not_a_witness_key():
    with pytest.raises(witnessing.BadWitness):
        witnessing.add_witness(name="x", vkey=keys.signer(secret(), "x").verifier.text(), url="", by=None)


# --- declarations ---------------------------------------------------------------------------------
PDF = plain_pdf()


def test_a_declaration_enters_the_log_by_two_persons_and_rests_on_the_national_total(published, supervisor, publisher):
    sequenced(published)
    asked = announcing.ask_declaration(
        contest=published, stage="provisional", content=PDF, act="Décision n° 3", by=supervisor
    )
    people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=publisher)
    said = sequenced(published)[-1]
    assert said["kind"] == "declaration" and entries(published)[said["total_index"]]["level"] == "nation"
    import hashlib

    assert said["document_sha256"] == hashlib.sha256(PDF).hexdigest() and said["act"] == "Décision n° 3"


def test_a_declaration_asked_on_other_figures_is_refused(published, supervisor, publisher, judge, registrar):
    sequenced(published)
    asked = announcing.ask_declaration(contest=published, stage="provisional", content=PDF, act="Acte", by=supervisor)
    row = StationReport.objects.filter(contest=published, current=True, standing=0).select_related("station").first()
    annul(row.station, judge, registrar)
    with pytest.raises(Outdated):
        people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=publisher)
    for bad in ({"stage": "autre"}, {"act": " "}, {"content": b"text"}):
        with pytest.raises(Exception, match=r"RES-4"):
            announcing.ask_declaration(
                **{"contest": published, "stage": "provisional", "content": PDF, "act": "x", "by": supervisor, **bad}
            )


# --- pages -------------------------------------------------------------------------------------------
def test_everybody_sees_the_state_of_the_log_and_only_its_keepers_its_witnesses_forms(
    published, client, sign_in, security_officer, outsider
):
    sequenced(published)
    page = client.get("/preuves/").content.decode()
    assert f"resultats.example/{published.code}" in page and "Enregistrer le témoin" not in page
    sign_in(outsider)
    for address in ("/preuves/temoins/", f"/preuves/{published.code}/usb"):
        assert client.post(address, {"name": "x"}).status_code == 403
    assert client.get(f"/preuves/{published.code}/usb").status_code == 403
    sign_in(security_officer)
    assert "Enregistrer le témoin" in client.get("/preuves/").content.decode()


def test_a_witness_by_usb_key_is_served_and_taken_back_on_screen(
    published, client, sign_in, security_officer, tmp_path
):
    from django.core.files.uploadedfile import SimpleUploadedFile

    from kalata.transparency.witness import Watch

    sequenced(published)
    watch = Watch(tmp_path, "temoin-a", b"\x07" * 32)
    watch.trust(disk(published).vkeys()[0].text())
    sign_in(security_officer)
    client.post("/preuves/temoins/", {"name": "temoin-a", "vkey": watch.key.verifier.text(), "url": ""})
    body = client.get(f"/preuves/{published.code}/usb").content.decode()
    found = watch.answer(body)
    assert found.status == 200
    answer = f"size {log_of(published).checkpoints.first().size}\n{found.body}"
    done = client.post(f"/preuves/{published.code}/usb", {"answer": SimpleUploadedFile("a.cosig", answer.encode())})
    assert done.status_code == 302 and witnessing.tally(log_of(published))[:2] == (1, 1)
    bad = client.post(
        f"/preuves/{published.code}/usb",
        {"answer": SimpleUploadedFile("a.cosig", answer.replace("size", "taille").encode())},
    )
    assert bad.status_code == 422
    client.post("/preuves/temoins/", {"act": "drop", "name": "temoin-a", "reason": "parti dissous"})
    assert witnessing.tally(log_of(published))[1] == 0 and Cosignature.objects.count() == 1


def test_the_site_is_published_from_the_house_and_served_as_files_with_the_proof_of_a_station(
    published, client, settings, tmp_path
):
    from click.testing import CliRunner
    from django.db import connection

    from kalata.transparency.site import builder, house

    sequenced(published)
    settings.SITE_FOLDER = str(tmp_path / "site")
    one, contest = house.public_logs()[0]
    from django.utils import timezone

    stats = builder.publish(
        publiclog.place(one.name),
        tmp_path / "site" / one.name,
        house.extras_of(contest, timezone.now()),
        sign=house.signer(one),
        workers=1,
    )
    assert stats.stations == published.stations.count() and connection.vendor
    from kalata.transparency.log_commands import log as command
    from kalata.transparency.verifying import verify

    assert verify(tmp_path / "site" / one.name, [disk(published).vkeys()[0].text()]).valid
    base = f"/publication/{one.name}"
    page = client.get(f"{base}/index.html")
    assert page.status_code == 200 and b"journal public" in b"".join(page.streaming_content)
    station = published.stations.get(code=next(e["station"] for e in entries(published) if e["kind"] == "report"))
    assert f"{base}/pv/" in client.get(f"/resultats/{published.code}/bureaux/{station.pk}/").content.decode()
    for bad in ("../../etc/passwd", f"{one.name}/rien", "%2e%2e/log.key"):
        assert client.get(f"/publication/{bad}").status_code == 404
    policy = client.get(f"{base}/verifier.html").headers["Content-Security-Policy"]
    scripts = next(rule for rule in policy.split("; ") if rule.startswith("script-src"))
    assert "unsafe-inline" not in scripts and scripts.count("'sha256-") == 1  # its own program and no other
    card = client.get(f"{base}/card/index.html")
    assert "X-Frame-Options" not in card.headers and "frame-ancestors *" in card.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in client.get(f"{base}/index.html").headers["Content-Security-Policy"]
    # the scripted interface, on the same folder
    runner = CliRunner()
    out = tmp_path / "proofs"
    done = runner.invoke(
        command, ["prove", str(tmp_path / "site" / one.name), station.code, "--out", str(out), "--json"]
    )
    assert done.exit_code == 0, done.exception
    said = json.loads(done.output)
    assert done.exit_code == 0 and said["bytes"] < 2048
    key = disk(published).vkeys()[0].text()
    assert runner.invoke(command, ["check-proof", said["proof"], "--vkey", key]).exit_code == 0
    assert runner.invoke(command, ["prove", str(tmp_path / "site"), station.code, "--out", str(out)]).exit_code == 0
    from kalata.transparency.log_commands import BadFile, Unknown

    assert isinstance(runner.invoke(command, ["prove", str(tmp_path / "site"), "rien"]).exception, Unknown)
    assert isinstance(runner.invoke(command, ["check-proof", said["proof"], "--vkey", "bad"]).exception, BadFile)
    (out / "x.json").write_bytes(b"{}")
    assert (
        runner.invoke(command, ["check-proof", said["proof"], "--vkey", key, "--entry", str(out / "x.json")]).exit_code
        == 1
    )
    checked_ = runner.invoke(command, ["verify", str(tmp_path / "site"), "--vkey", key, "--json"])
    assert checked_.exit_code == 0 and json.loads(checked_.output)["valid"] is True


def test_planted_personal_words_are_found_nowhere_in_the_published_folder(published, supervisor, settings, tmp_path):
    from django.utils import timezone

    from kalata.transparency.site import builder, house

    supervisor.full_name = "PERSONNE-SECRETE"
    supervisor.save()
    with hand_in_the_database():
        StationReport.objects.update(reason="MOTIF-LIBRE-SECRET")
    sequenced(published)
    one, contest = house.public_logs()[0]
    builder.publish(publiclog.place(one.name), tmp_path / "site", house.extras_of(contest, timezone.now()), workers=1)
    for path in (tmp_path / "site").rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert b"SECRET" not in data and supervisor.username.encode() + b"@" not in data, path


def test_a_contest_published_before_the_log_existed_gets_its_own_once(counted, supervisor):
    from django.utils import timezone

    from kalata.ledger.locks import lifted

    with lifted():
        Contest.objects.filter(pk=counted.pk).update(published_at=timezone.now())
    assert announcing.open_missing() == [counted.code] and announcing.open_missing() == []
    assert "report" in {e["kind"] for e in sequenced(counted)}


# --- the whole house ---------------------------------------------------------------------------------
def test_after_a_restore_nothing_is_signed_before_the_log_was_compared_with_a_published_copy(published):
    sequenced(published)
    one = log_of(published)
    assert upkeep.hold_after_restore() == 1
    with pytest.raises(publiclog.Restored):
        publiclog.sequence(one, secret())
    publiclog.sequence_all()
    one.refresh_from_db()
    assert one.halted["code"] == "LOG-205"
    assert upkeep.recover(one, publiclog.place(one.name)) == 0
    publiclog.sequence(one, secret())
    one.refresh_from_db()
    assert one.halted is None


def test_a_published_copy_signed_by_another_key_is_never_taken_back(published, tmp_path):
    sequenced(published)
    other = notes.SigningKey(log_of(published).origin, notes.ED25519, b"\x55" * 32)
    shutil.copytree(publiclog.place(published.code), tmp_path / "copy")
    text = notes.read_note((tmp_path / "copy/checkpoint").read_text()).text
    (tmp_path / "copy/checkpoint").write_text(f"{text}\n{other.line(text)}")
    (tmp_path / "copy/log.vkey").write_text(other.verifier.text() + "\n")
    with pytest.raises(notes.BadNote):
        upkeep.recover(log_of(published), tmp_path / "copy")


def test_the_sequencer_and_a_witness_speak_over_http(published, judge, registrar, tmp_path):
    import threading

    from kalata.transparency import witness as service

    watch = service.Watch(tmp_path, "temoin-a", b"\x07" * 32)
    running = service.server(watch, "127.0.0.1", 0)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    try:
        url = f"http://127.0.0.1:{running.server_port}"
        witnessing.add_witness(name="temoin-a", vkey=watch.key.verifier.text(), url=url, by=None)
        publiclog.sequence_all()
        assert witnessing.tally(log_of(published))[:2] == (
            0,
            1,
        )  # it does not know the log yet: said, and nothing stops
        watch.trust(disk(published).vkeys()[0].text())
        publiclog.sequence_all()
        assert witnessing.tally(log_of(published))[:2] == (1, 1)
        row = StationReport.objects.filter(contest=published, current=True, standing=0).first()
        annul(row.station, judge, registrar)
        publiclog.sequence_all()
        assert (
            witnessing.tally(log_of(published))[:2] == (1, 1)
            and watch.seen()[0][1] == disk(published).checkpoint().size
        )
    finally:
        running.shutdown()
        running.server_close()


def test_the_key_ceremony_takes_two_custodians_and_prints_the_minutes(
    security_officer, publisher, outsider, tmp_path, monkeypatch
):
    from allauth.mfa.models import Authenticator
    from click.testing import CliRunner

    from kalata.people import factors
    from kalata.people.rules.approval import SamePerson
    from kalata.refusals import Forbidden
    from kalata.transparency.ceremony import WrongCode
    from kalata.transparency.log_commands import log as command

    settings.LOG_KEY.unlink()
    for person in (security_officer, publisher, outsider):
        person.set_password("une phrase de compte assez longue")
        person.save()
    phrase, a, b = "une phrase de compte assez longue", "quatre mots au hasard", "et quatre autres mots"

    def hold(first, second, *halves, again=None, codes=("111111", "222222")):
        one, two = halves
        typed = [first.username, phrase, codes[0], one, again or one, second.username, phrase, codes[1], two, two]
        return CliRunner().invoke(command, ["init", "--minutes", str(tmp_path / "pv.txt")], input="\n".join(typed))

    assert isinstance(hold(security_officer, publisher, a, b).exception, factors.NoFactor)
    for person in (security_officer, publisher, outsider):
        Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={})
    accepted = {"111111", "222222"}
    monkeypatch.setattr(factors, "accept", lambda row, code: code in accepted)
    assert isinstance(hold(security_officer, security_officer, a, b).exception, SamePerson)
    assert isinstance(hold(security_officer, outsider, a, b).exception, Forbidden)
    assert isinstance(hold(security_officer, publisher, a, b, codes=("111111", "333333")).exception, WrongCode)
    assert isinstance(hold(security_officer, publisher, a, a).exception, keys.WeakHalf)
    assert hold(security_officer, publisher, a, b, again="une faute de frappe").exit_code != 0
    assert not settings.LOG_KEY.exists()
    done = hold(security_officer, publisher, a, b)
    assert done.exit_code == 0, done.exception
    public = keys.signer(secret(), "x").verifier.public
    minutes = (tmp_path / "pv.txt").read_text()
    assert keys.fingerprint(public) in minutes and a not in minutes
    assert re.search(r"log verify DOSSIER --vkey ([0-9a-f]{64})$", minutes, re.M)[1] == public.hex()
    assert isinstance(hold(security_officer, publisher, a, b).exception, keys.KeyThere)

    def give(*halves, file=tmp_path / "maison" / "log.phrase"):
        one, two = halves
        typed = [security_officer.username, phrase, "111111", one, publisher.username, phrase, "222222", two]
        return CliRunner().invoke(command, ["phrase", "--file", str(file)], input="\n".join(typed))

    place = tmp_path / "kalata.env"
    place.write_text('KALATA_VAR="/x"\nKALATA_LOG_PASSPHRASE_FILE="/old"\n')
    monkeypatch.setenv("KALATA_SETTINGS", str(place))
    assert isinstance(give(b, a).exception, keys.BadPassphrase)  # the halves in the other order
    beside = give(a, b, file=settings.LOG_KEY.with_name("log.phrase")).exception
    assert isinstance(beside, giving.BesideTheKey) and not settings.LOG_KEY.with_name("log.phrase").exists()
    done = give(a, b)
    kept = tmp_path / "maison" / "log.phrase"
    assert done.exit_code == 0 and a not in done.output and kept.read_text() == f"{a}\n{b}\n"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert place.read_text() == f'KALATA_VAR="/x"\nKALATA_LOG_PASSPHRASE_FILE="{kept}"\n'
    settings.LOG_KEY.unlink()
    keys.second(settings.LOG_KEY).unlink()
    typed = [security_officer.username, phrase, "111111", a, a, publisher.username, phrase, "222222", b, b]
    done = CliRunner().invoke(command, ["init", "--give"], input="\n".join(typed))  # the house keeps it at once
    assert done.exit_code == 0 and place.with_name("log.phrase").read_text() == f"{a}\n{b}\n"
    assert Act.objects.filter(kind="log.key.given", actor=security_officer.username).count() == 2


def test_the_key_as_the_minutes_print_it_verifies_the_log_and_another_does_not(published):
    from kalata.transparency.verifying import verify

    publiclog.sequence(log_of(published), secret())
    where = publiclog.place(log_of(published).name)
    public = keys.signer(secret(), "x").verifier.public.hex()
    found = verify(where, [public])
    assert found.valid and not any("taken from the folder" in w for w in found.warnings)
    assert not verify(where, ["00" + public[2:] if not public.startswith("00") else "11" + public[2:]]).valid


def test_a_code_typed_with_accents_apart_enters_the_log_in_one_form(published):
    import unicodedata

    from django.db import connection

    from kalata.ledger import limits

    with connection.cursor() as cursor:  # a code kept before the house froze codes
        limits.drop(cursor, connection.vendor, limits.DECLARED["country_station_limit_kept"])
    station = published.stations.filter(reports__current=True, reports__standing=0).first()
    station.code = unicodedata.normalize("NFD", "Ségou-é1")
    station.save()
    Contest.objects.filter(pk=published.pk).update(register_revision=99)
    found = Contest.objects.get(pk=published.pk)
    announcing.tell(found)
    publiclog.sequence(log_of(found), secret())
    assert not Outbox.objects.exclude(refused="").exists()
    assert "Ségou-é1" in {e.get("station") for e in entries(found)}


def test_an_entry_too_long_for_the_log_is_refused_and_the_others_go_on(published):
    entry = {"v": 1, "kind": "report", "election": "e", "contest": "c", "round": 1, "part": "general", "station": "s",
             "serial": 1, "revision": 0, "status": "counted", "votes": [{"list": n, "n": 1} for n in range(1, 4001)]}  # fmt: skip
    with pytest.raises(BadEntry, match="65535"):
        checked(entry)


def test_a_fault_in_one_log_is_said_and_never_stops_the_others(published, monkeypatch):
    PublicLog.objects.create(name="autre", origin="resultats.example/autre")
    whole = publiclog.sequence

    def torn(one, secret_, **more):
        if one.name == "autre":
            raise RuntimeError("disk full")
        return whole(one, secret_, **more)

    monkeypatch.setattr(publiclog, "sequence", torn)
    assert publiclog.sequence_all() > 3
    assert PublicLog.objects.get(name="autre").halted["code"] == "LOG-204" and log_of(published).halted is None
