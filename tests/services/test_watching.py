"""A house that is watched: what stops is an alarm, a line of `kalata check`, a number for Prometheus; and nobody is named."""

import json
import logging
import re
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from django.test import Client
from django.utils import timezone

from kalata import lines, metrics
from kalata.ledger import checking as ledger_checks
from kalata.ledger import pulse, watching
from kalata.ledger.models import Backup, Machine, Pulse
from kalata.transparency import watching as log_watching
from kalata.transparency.checking import public_log
from kalata.transparency.models import Outbox, PublicLog

FILES = Path(__file__).parents[2] / "docs" / "watching"
pytestmark = pytest.mark.django_db


@pytest.fixture
def a_log(settings, tmp_path):
    settings.LOG_KEY = tmp_path / "log.key"
    return PublicLog.objects.create(name="veille", origin="resultats.example/veille")


def sounding():
    return {name for name, _message in pulse.alarms()}


def test_a_key_that_cannot_be_used_is_said_on_screen_and_by_check_with_the_reason(
    a_log, monkeypatch, settings, tmp_path
):
    from kalata.transparency import keys

    assert log_watching.key_state() == "none" and "key" in sounding()
    keys.create(settings.LOG_KEY, "une moitie longue\nune autre moitie")
    for given, state in (
        ("", "locked"),
        ("fausse phrase tres\nlongue encore", "wrong"),
        ("une moitie longue\nune autre moitie", ""),
    ):
        monkeypatch.setenv("KALATA_LOG_PASSPHRASE", given)
        assert log_watching.key_state() == state
        assert ("key" in sounding()) == bool(state) and public_log()[0] == (not state)
    monkeypatch.setenv("KALATA_LOG_PASSPHRASE_FILE", str(tmp_path / "absent"))
    assert log_watching.key_state() == "unreadable" and not public_log()[0] and "key" in sounding()


def test_the_key_that_counts_is_that_of_the_machine_which_signs(a_log):
    Pulse.objects.update_or_create(name="sequencer", defaults={"at": timezone.now(), "holder": "signe-1"})
    Machine.objects.create(name="signe-1", at=timezone.now(), since=timezone.now(), state={"key": ""})
    assert log_watching.signer() == ("signe-1", "") and "key" not in sounding()
    Machine.objects.update(state={"key": "locked"})
    assert "key" in sounding()


@pytest.mark.parametrize(("seconds", "sounds"), [(-5, False), (5, True)])
def test_what_waits_too_long_to_be_published_is_an_alarm(a_log, monkeypatch, seconds, sounds):
    monkeypatch.setattr(log_watching, "key_state", lambda: "")
    Outbox.objects.create(log=a_log, kind="manifest", body={})
    Outbox.objects.update(at=timezone.now() - timedelta(seconds=log_watching.LATE_S + seconds))
    assert ("unpublished" in sounding()) == sounds and public_log()[0] == (not sounds)


def test_a_log_that_refuses_to_sign_is_an_alarm(a_log):
    PublicLog.objects.update(halted={"code": "LOG-205"})
    assert "log-veille" in sounding()


@pytest.mark.parametrize(("hours", "sounds"), [(-0.1, False), (0.1, True)])
def test_a_backup_that_is_too_old_is_an_alarm_and_a_bad_one_does_not_count(hours, sounds):
    assert ledger_checks.backup()[0] and watching.backup_age_h() is None
    at = timezone.now() - timedelta(hours=watching.limit_h() + hours)
    Backup.objects.create(at=at, machine="m", kind="copy", place="/x")
    assert ("backup" in sounding()) == sounds and ledger_checks.backup()[0] == (not sounds)
    Backup.objects.create(at=timezone.now(), machine="m", kind="copy", place="/x", fault="OPS-108")
    assert "backup-fault" in sounding() and not ledger_checks.backup()[0]


def test_an_archive_that_nothing_follows_into_and_a_trial_that_failed_or_was_missed_are_alarms(tmp_path):
    place, now = tmp_path / "archive", timezone.now()
    watching.followed(place, "")
    assert not sounding() & {"archive", "trial"} and ledger_checks.backup()[0]
    Backup.objects.filter(kind="wal").update(at=now - timedelta(seconds=watching.FOLLOW_S + 1))
    watching.followed(place, "FATAL: no such slot")  # tried again, and nothing came: the last good pass stays the last
    assert "archive" in sounding() and not ledger_checks.backup()[0]
    watching.followed(place, "")
    assert "archive" not in sounding()
    Backup.objects.create(at=now - timedelta(hours=1), machine="m", kind="drill", place=str(place))
    assert "trial" not in sounding()
    Backup.objects.create(at=now, machine="m", kind="drill", place=str(place), fault="journal: 1 pieces missing")
    assert "trial" in sounding() and not ledger_checks.backup()[0]
    Backup.objects.filter(kind="drill", fault="").update(at=now - timedelta(hours=watching.TRIAL_H, seconds=1))
    Backup.objects.exclude(fault="").filter(kind="drill").delete()
    assert "trial" in sounding()
    assert watching.unfollowed(place) == 1 and watching.unfollowed(place) == 0
    assert "archive" not in sounding()


def test_jobs_that_wait_are_counted_and_said(settings):
    from django_tasks_db.models import DBTaskResult

    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
    from kalata.results.tasks import check_file

    check_file.enqueue(1)
    assert watching.queue()["waiting"] == 1 and "queue" not in sounding()
    long_ago = timezone.now() - timedelta(seconds=watching.WAITS_S + 5)
    DBTaskResult.objects.update(enqueued_at=long_ago, run_after=long_ago)
    assert "queue" in sounding() and not ledger_checks.queue()[0]


def test_mail_that_does_not_leave_is_said(settings, supervisor):
    from kalata.notices import watching as mail
    from kalata.notices.models import Notice, Receipt

    supervisor.email = "s@example.org"
    supervisor.save()
    now = timezone.now()
    told = Notice.objects.create(topic="x", once="x", subject="x:1", href="/", text_fr="x", text_en="x", at=now)
    one = Receipt.objects.create(
        notice=told, person=supervisor, why="desk", by_mail=True, at=now - mail.LATE - timedelta(minutes=1)
    )
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    assert "mail" not in sounding()  # no mail is configured: nothing is late
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    assert "mail" in sounding() and not mail.mail()[0]
    Receipt.objects.filter(pk=one.pk).update(mailed_at=now)
    assert "mail" not in sounding() and mail.mail()[0]


def test_the_health_address_names_no_machine():
    Machine.objects.create(name="hote-interne-1", at=timezone.now(), since=timezone.now(), state={"drift": 60})
    said = Client().get("/sante").json()
    assert "clock" in said["alarms"] and "interne" not in json.dumps(said)


def test_an_alarm_reaches_the_screen_within_a_minute():
    script = (Path(metrics.__file__).parent / "ui" / "static" / "refresh.js").read_text()
    reload_s = int(re.search(r"}, (\d+)\)", script)[1]) / 1000
    assert pulse.SILENCE + 5 + reload_s <= 60 and pulse.SILENCE > 3 * pulse.EVERY


def test_metrics_are_there_for_the_bearer_of_the_token_and_for_nobody_else(settings):
    settings.METRICS = ""
    assert Client().get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404
    settings.METRICS = "un-jeton"
    assert Client().get("/metrics").status_code == 404
    assert Client().get("/metrics", headers={"Authorization": "Bearer un-jetom"}).status_code == 404
    pulse.beat("sequencer")
    answer = Client().get("/metrics", headers={"Authorization": "Bearer un-jeton"})
    assert answer.status_code == 200 and 'kalata_loop_silence_seconds{loop="sequencer"}' in answer.content.decode()


def test_every_rule_and_every_panel_asks_for_numbers_that_the_house_gives():
    now = timezone.now()
    pulse.beat("sequencer", "worker")
    Machine.objects.create(name="m", at=now, since=now, state={"drift": 60, "free": 1, "size": 2})
    Backup.objects.create(at=now, machine="m", kind="copy", place="/x")
    Backup.objects.create(at=now, machine="m", kind="drill", place="/x")
    Backup.objects.create(at=now, machine="m", kind="wal", place="/x")
    given = set(re.findall(r"^(kalata_\w+)", metrics.written().decode(), re.M))
    rules = yaml.safe_load((FILES / "alerts.yaml").read_text())["groups"][0]["rules"]
    panels = json.loads((FILES / "dashboard.json").read_text())["panels"]
    asked = [r["expr"] for r in rules] + [t["expr"] for p in panels for t in p["targets"]]
    names = {name for expr in asked for name in re.findall(r"kalata_\w+", expr)}
    assert names <= given and len(rules) > 12 and given - names <= {"kalata_info"}


def test_json_lines_hold_none_of_the_names_that_went_in(settings, supervisor, caplog, client):
    """Names, addresses, texts: planted in sentences, faults, paths and parameters."""
    planted = ["Moussa", "Traoré", "moussa.traore", "192.0.2.77", "motif tout à fait personnel", "+223 70 00 00 00"]
    log, formatter = logging.getLogger("kalata.refused"), lines.JsonLine()
    settings.DEMO = True
    with caplog.at_level(logging.INFO):
        supervisor.full_name = "Moussa Traoré"
        supervisor.save()
        client.force_login(supervisor, backend="allauth.account.auth_backends.AuthenticationBackend")
        client.get("/nulle-part/Moussa/", {"q": "Traoré"}, REMOTE_ADDR="192.0.2.77")
        log.warning("by %s from %s", "moussa.traore", "192.0.2.77")
        log.warning("by %(who)s", {"who": "Moussa Traoré"})
        logging.getLogger("elsewhere").error("motif tout à fait personnel")
        try:
            raise ValueError("Moussa Traoré, +223 70 00 00 00")
        except ValueError:
            log.exception("mail not sent; the next round tries again")
    written = [formatter.format(record) for record in caplog.records]
    assert len(written) >= 5 and all(json.loads(one)["at"].endswith("Z") for one in written)
    assert [name for name in planted for one in written if name in one] == []
    refusal = next(json.loads(one) for one in written if '"status": 404' in one)
    assert refusal["person"] == supervisor.pk and refusal["method"] == "GET"


def test_a_log_file_is_opened_again_after_its_rotation(tmp_path):
    import logging.config

    file = tmp_path / "kalata.log"
    handler = logging.handlers.WatchedFileHandler(file)
    handler.setFormatter(lines.JsonLine())
    record = logging.LogRecord("kalata.x", logging.WARNING, "x.py", 1, "une", None, None)
    handler.emit(record)
    file.rename(tmp_path / "kalata.log.1")
    handler.emit(record)
    handler.close()
    assert file.read_text().count("\n") == 1 == (tmp_path / "kalata.log.1").read_text().count("\n")


def test_a_backup_that_was_written_is_noted_and_one_that_failed_too(tmp_path):
    from kalata.backups import NotWritten

    (tmp_path / "copie").write_bytes(b"12345")
    with watching.noted("copy", tmp_path / "copie") as note:
        note(tmp_path / "copie", "")
    assert Backup.objects.get().size == 5 and watching.backup_age_h() is not None
    with pytest.raises(NotWritten), watching.noted("copy", tmp_path / "copie"):
        raise NotWritten(why="disque plein")
    assert watching.last_backup(good=False).fault.startswith("OPS-108") and not ledger_checks.backup()[0]
