"""A house is whole or stopped: no orphan, no second one on its folder, a missing part seen on screen."""

import json
import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from django.utils import timezone

from kalata.ledger import pulse
from kalata.ledger.models import Pulse
from tests.house.conftest import family, gone


def test_when_the_supervisor_is_killed_every_process_of_the_house_dies_with_it(house):
    child = house.start("kalata", "serve", "--workers", "2")
    below = family(child.pid)
    assert len(below) >= 5  # web and its two, worker, sequencer
    assert all(any(part in line for line in below.values()) for part in ("kalata-web", "kalata-serves", "kalata-worker", "kalata-sequenc"))
    os.kill(child.pid, signal.SIGKILL)
    assert gone(below)
    again = house.start("kalata", "serve", "--workers", "1")  # and the folder is free
    again.send_signal(signal.SIGTERM)
    assert again.wait(40) == 0


def test_a_second_house_on_the_same_folder_is_refused_and_the_first_goes_on(empty):
    house = empty
    child = house.start("kalata", "serve", "--workers", "1")
    port = house.port
    for act in (("serve", "--port", "1"), ("restore", __file__)):
        done = house.kalata(*act)
        assert done.returncode == 2 and "OPS-101" in done.stderr
    house.port = port
    assert house.ask("GET", "/sante")[0] == 200
    record = {c["name"]: c for c in json.loads(house.kalata("check", "--json").stdout)["checks"]}
    assert record["pulse"]["ok"] and "at work" in record["pulse"]["detail"]
    child.send_signal(signal.SIGTERM)
    assert child.wait(40) == 0


def test_a_house_that_was_killed_does_the_interrupted_jobs_again(house):
    text = """
import django; django.setup()
from kalata.ledger.management.commands.worker import taken_back
from django_tasks_db.models import DBTaskResult
from kalata.results.tasks import check_file
check_file.enqueue(1)
one = DBTaskResult.objects.latest("enqueued_at")
DBTaskResult.objects.filter(pk=one.pk).update(status="RUNNING")
assert taken_back() == 1
one.refresh_from_db()
print(one.status)
one.delete()
"""
    assert house.python(text).strip() == "READY"


@pytest.fixture
def silent(db):
    pulse.forget()
    pulse.beat("sequencer", "worker")
    Pulse.objects.filter(name="sequencer").update(at=timezone.now() - timedelta(seconds=pulse.SILENCE + 1))
    yield
    pulse.forget()


@pytest.mark.parametrize("seconds", [pulse.SILENCE + 1, -pulse.SILENCE - 1])
def test_a_sequencer_silent_for_a_minute_is_an_alarm_whichever_way_the_clock_went(db, seconds):
    pulse.beat("sequencer", "worker")
    assert [name for name, _m in pulse.alarms()] == []
    Pulse.objects.filter(name="sequencer").update(at=timezone.now() - timedelta(seconds=seconds))
    assert [name for name, _m in pulse.alarms()] == ["sequencer"]
    assert pulse.SILENCE + pulse.EVERY < 60


def test_the_alarm_is_on_every_staff_page_and_in_the_health_answer_and_not_on_public_pages(
    silent, client, supervisor, settings
):
    settings.DEMO = True
    assert client.get("/sante").json() == {"ok": True, "alarms": ["sequencer"]}
    assert "alarm-sequencer" not in client.get("/").content.decode()
    client.force_login(supervisor, backend="allauth.account.auth_backends.AuthenticationBackend")
    for page in ("/", "/resultats/", "/echeances/"):
        assert 'id="alarm-sequencer"' in client.get(page).content.decode()


def test_little_room_on_the_disk_is_an_alarm(silent, monkeypatch):
    import shutil

    monkeypatch.setattr(shutil, "disk_usage", lambda _path: (10**12, 10**12, pulse.LOW_DISK - 1))
    monkeypatch.setattr(pulse.shutil, "disk_usage", lambda _path: type("U", (), {"free": pulse.LOW_DISK - 1})())
    assert "disk" in [name for name, _m in pulse.alarms()]


PARENT = """
import os, subprocess, sys, time
from kalata import processes
child = "import time; from kalata import processes; processes.die_if_asked(); print('up', flush=True); time.sleep(600)"
started = subprocess.Popen([sys.executable, "-c", child], env={**os.environ, **processes.dying()}, stdout=subprocess.PIPE)
started.stdout.readline()
print(started.pid, flush=True)
time.sleep(600)
"""


def test_a_command_that_was_asked_to_dies_with_the_process_that_started_it():
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True)
    child = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert gone([child])


def test_the_publication_started_by_the_sequencer_dies_with_it(monkeypatch, settings, tmp_path):
    from kalata import processes
    from kalata.transparency.site import house as site

    asked = {}
    monkeypatch.setattr(site, "public_logs", lambda: [1])
    monkeypatch.setattr(site, "_running", None)
    monkeypatch.setattr(site.subprocess, "Popen", lambda line, env, **_more: asked.update(line=line, env=env))
    settings.SITE_FOLDER = str(tmp_path)
    site.refresh()
    assert "publish" in asked["line"] and asked["env"][processes.PARENT] == str(os.getpid())
