"""The parts of a house run apart, as units of systemd run them; the files of `deploy/` say what they are."""

import configparser
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest

from kalata import rooms
from kalata.processes import AlreadyRunning, only_house, release, share
from tests.house.ready import furnish

DEPLOY = Path(__file__).parents[2] / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())


def unit(path):
    read = configparser.RawConfigParser(strict=False, interpolation=None)
    read.optionxform = str
    read.read(path)
    return read


# --- locks ---------------------------------------------------------------------------------------------------
def test_each_part_runs_once_and_never_beside_a_whole_house(tmp_path):
    web = share(tmp_path, "web")
    worker = share(tmp_path, "worker")
    with pytest.raises(AlreadyRunning):
        share(tmp_path, "web")
    with pytest.raises(AlreadyRunning):  # serve, restore, prepare
        only_house(tmp_path)
    release(web)
    release(worker)
    whole = only_house(tmp_path)
    with pytest.raises(AlreadyRunning):
        share(tmp_path, "sequencer")
    release(whole)


def test_the_parts_of_a_prepared_house_answer_and_stop_when_told(tmp_path):
    var = furnish(tmp_path / "var")
    env = {
        **os.environ, "KALATA_VAR": str(var), "DJANGO_SETTINGS_MODULE": "tests.house.settings", "KALATA_KEY": "k" * 60,
        "KALATA_DEMO": "", "PYTHONPATH": str(DEPLOY.parent),
    }  # fmt: skip
    env.pop("DATABASE_URL", None)
    ready = subprocess.run(
        [sys.executable, "-m", "kalata", "prepare"], env=env, capture_output=True, text=True, timeout=120
    )
    assert ready.returncode == 0, ready.stderr
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    started = {
        name: subprocess.Popen(
            [sys.executable, "-m", "kalata", "part", name, *(["--port", str(port), "--workers", "1"] if name == "web" else [])],
            env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )
        for name in ("web", "sequencer")
    }  # fmt: skip
    try:
        answered, until = None, time.monotonic() + 90
        while time.monotonic() < until and all(one.poll() is None for one in started.values()):
            with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/sante", timeout=5) as answer:
                answered = json.load(answer)
                break
            time.sleep(0.1)
        assert answered == {"ok": True, "alarms": []}, {n: c.poll() for n, c in started.items()}
    finally:
        for one in started.values():
            one.send_signal(signal.SIGTERM)
        codes = {name: one.wait(60) for name, one in started.items()}
    assert codes == {"web": 0, "sequencer": 0}


# --- the files -----------------------------------------------------------------------------------------------
def test_each_unit_calls_a_command_that_exists_with_words_it_knows():
    from kalata.cli import main

    called = []
    for path in UNITS:
        for line in unit(path)["Service"].get("ExecStart", "").splitlines() if "Service" in unit(path) else ():
            program, *words = line.split()
            assert program == "/opt/kalata/current/bin/kalata"
            command = main.get_command(None, words[0])
            assert command is not None, line
            with command.make_context(words[0], words[1:], resilient_parsing=False) as context:
                called.append((words[0], context.params))
    names = {name for name, _params in called}
    assert {"prepare", "part", "backup", "check"} <= names
    assert {p["name"] for n, p in called if n == "part"} == {"web", "worker", "sequencer"}


HARD = {
    "NoNewPrivileges": "yes", "ProtectSystem": "strict", "ProtectHome": "yes", "PrivateTmp": "yes", "PrivateDevices": "yes",
    "CapabilityBoundingSet": "", "RestrictSUIDSGID": "yes", "SystemCallFilter": "@system-service", "UMask": "0077", "User": "kalata",
    "RestrictAddressFamilies": "AF_INET AF_INET6 AF_UNIX", "EnvironmentFile": "/etc/kalata/kalata.env", "ProtectProc": "invisible",
}  # fmt: skip


@pytest.mark.parametrize("path", [p for p in UNITS if p.suffix == ".service"], ids=lambda p: p.name)
def test_each_service_is_shut_in(path):
    service = unit(path)["Service"]
    assert {name: service.get(name) for name in HARD} == HARD
    assert service["StateDirectory"] == "kalata" and service["StateDirectoryMode"] == "0700"


def test_the_target_pulls_every_part_and_each_timer_has_its_service():
    there = {p.name for p in UNITS}
    wanted = set(unit(DEPLOY / "systemd" / "kalata.target")["Unit"]["Wants"].split())
    assert wanted == {f"kalata-{name}.service" for name in ("web", "worker", "sequencer")} <= there
    for path in UNITS:
        if path.suffix == ".timer":
            assert f"{path.stem}.service" in there and "OnCalendar" in unit(path)["Timer"]
        if path.name in wanted:
            part = unit(path)
            assert part["Unit"]["PartOf"] == "kalata.target" and part["Unit"]["Requires"] == "kalata-prepare.service"


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here to verify units with")
def test_systemd_reads_every_unit_without_a_remark(tmp_path):
    for path in UNITS:
        text = re.sub(r"^(User|Group)=.*$", "", path.read_text(), flags=re.M)
        (tmp_path / path.name).write_text(text.replace("/opt/kalata/current/bin/kalata", "/bin/true"))
    got = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *sorted(str(p) for p in tmp_path.iterdir())],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert got.returncode == 0 and not [line for line in got.stderr.splitlines() if "kalata" in line], got.stderr


def test_the_proxies_replace_what_a_stranger_says_and_let_every_upload_of_the_house_through():
    most = max(one.mebibytes for room in rooms.every() for one in room.bodies)
    nginx, caddy = ((DEPLOY / "proxy" / name).read_text() for name in ("nginx.conf", "Caddyfile"))
    assert int(re.search(r"client_max_body_size (\d+)m;", nginx).group(1)) > most
    assert int(re.search(r"max_size (\d+)MiB", caddy).group(1)) > most
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in nginx and "$proxy_add_x_forwarded_for" not in nginx
    assert "header_up X-Forwarded-For {remote_host}" in caddy and 'proxy_set_header Forwarded "";' in nginx
    assert "ssl_protocols TLSv1.2 TLSv1.3;" in nginx and "/sante" in nginx and "/sante" in caddy
    for text in (nginx, caddy):
        assert text.count("{") == text.count("}")


def test_the_container_runs_as_nobody_of_consequence_from_files_it_cannot_change():
    lines = [
        line
        for line in (DEPLOY / "Containerfile").read_text().replace("\\\\\n", " ").splitlines()
        if line and line[0] != "#"
    ]
    words = [line.split()[0] for line in lines if not line.startswith(" ")]
    assert words.count("FROM") == 2 and not any(w in ("ADD", "MAINTAINER") for w in words)
    last = [line for line in lines if line.startswith("USER ")][-1]
    assert last == "USER 10001:10001" and words.index("USER") < words.index("ENTRYPOINT")
    pip = next(line for line in lines if "pip install" in line)
    assert "--no-index" in pip and "--require-hashes" in pip
    told = (DEPLOY / "Containerfile").read_text()
    assert (
        "--read-only" in told and "--cap-drop ALL" in told and "/sante" in told and 'VOLUME ["/var/lib/kalata"]' in told
    )
    assert not re.search(r"curl|wget|apt-get", told)


def test_who_loads_the_demonstration_is_never_who_starts_the_parts_of_the_house(monkeypatch, tmp_path):
    """A paper drawn before a fork leaves its threads behind: a part that draws one then waits for ever, a lock in hand."""
    from types import SimpleNamespace

    from click.testing import CliRunner

    from kalata import operations

    told = tmp_path / "pids"

    def loader(**_given):
        told.write_text(f"{os.getpid()}")
        return "chargée"

    room = SimpleNamespace(demonstration=SimpleNamespace(load="x"))
    monkeypatch.setenv("KALATA_VAR", str(tmp_path))
    monkeypatch.setenv("KALATA_DEMO", "1")
    monkeypatch.setattr(operations.rooms, "every", lambda: (room,))
    monkeypatch.setattr(operations.rooms, "load", lambda _path: loader)
    for name in ("setup_django", "held", "prepared"):
        monkeypatch.setattr(operations, name, lambda: None)
    started = []
    monkeypatch.setattr(operations, "supervise", lambda *_given: started.append(os.getpid()) or 0)
    assert CliRunner().invoke(operations.demo, []).exit_code == 0
    assert started == [os.getpid()] and told.read_text() not in ("", f"{os.getpid()}")
