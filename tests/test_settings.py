"""What the settings of an installation say, read as that installation reads them."""

import json
import logging
import os
import subprocess
import sys

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher

from kalata.lines import Line
from kalata.settings.base import postgres

WANTED = [
    "SECURE_SSL_REDIRECT",
    "SECURE_HSTS_SECONDS",
    "SECURE_HSTS_INCLUDE_SUBDOMAINS",
    "SESSION_COOKIE_SECURE",
    "CSRF_COOKIE_SECURE",
    "LANGUAGE_COOKIE_SECURE",
    "SESSION_COOKIE_NAME",
    "CSRF_COOKIE_NAME",
    "LANGUAGE_COOKIE_NAME",
    "SESSION_COOKIE_SAMESITE",
    "CSRF_COOKIE_SAMESITE",
    "CSRF_COOKIE_HTTPONLY",
    "HTTPS",
    "DEBUG",
    "SECURE_REFERRER_POLICY",
    "PASSWORD_HASHERS",
    "AUTH_PASSWORD_VALIDATORS",
    "MFA_TOTP_TOLERANCE",
]


def settings_of(tmp_path, **environment):
    """The settings of `kalata serve` started with these variables and no others of ours."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("KALATA_", "DJANGO_", "DATABASE_"))}
    code = (
        f"import json, kalata.settings.office as s; print(json.dumps({{n: getattr(s, n, None) for n in {WANTED!r}}}))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        env={**kept, "KALATA_VAR": str(tmp_path), **environment},
        capture_output=True,
        check=True,
        text=True,
    )
    return json.loads(run.stdout)


def test_over_tls_every_cookie_is_secure_and_bound_to_this_host(tmp_path):
    got = settings_of(tmp_path, KALATA_HTTPS="1")
    names = [got[n] for n in got if n.endswith("COOKIE_NAME")]
    assert all(n.startswith("__Host-") for n in names) and len(names) == 3
    assert all(got[n] for n in got if n.endswith("COOKIE_SECURE")) and got["SECURE_SSL_REDIRECT"]
    assert got["SECURE_HSTS_SECONDS"] >= 31_536_000 and got["SECURE_HSTS_INCLUDE_SUBDOMAINS"]


def test_an_installation_is_never_in_debug(tmp_path):
    got = settings_of(tmp_path, DEBUG="1", KALATA_DEBUG="1", DJANGO_DEBUG="True")
    assert got["DEBUG"] is False and got["SECURE_REFERRER_POLICY"] == "same-origin"
    assert (tmp_path / "key.secret").stat().st_mode & 0o077 == 0


def test_passphrases_are_kept_with_argon2_at_the_cost_advised(tmp_path):
    got = settings_of(tmp_path)
    assert got["PASSWORD_HASHERS"] == ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    argon2 = Argon2PasswordHasher
    assert (argon2.time_cost, argon2.memory_cost, argon2.parallelism) >= (2, 19 * 1024, 1)
    names = [v["NAME"].rpartition(".")[2] for v in got["AUTH_PASSWORD_VALIDATORS"]]
    assert names == ["UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator", "NotExpected"]  # fmt: skip


def test_tls_asked_of_the_database_is_asked_and_a_misspelt_demand_stops_the_start():
    got = postgres("postgresql://k:p%40@db.example:5432/kalata?sslmode=verify-full&sslrootcert=/etc/ca.pem")
    assert got["OPTIONS"] == {"sslmode": "verify-full", "sslrootcert": "/etc/ca.pem"} and got["PASSWORD"] == "p@"
    assert postgres("postgresql://k@/kalata?host=/run/postgresql")["OPTIONS"] == {}
    with pytest.raises(ValueError, match="ssl_mode not known"):
        postgres("postgresql://k@db.example/kalata?ssl_mode=verify-full")


def test_a_line_of_the_log_is_one_line_in_universal_time_whatever_a_stranger_sends():
    record = logging.LogRecord("kalata.refused", 30, "f", 1, "403 GET %s", ("/x\n2026 ERROR forged\x1b[2J",), None)
    record.created, record.msecs = 1_795_624_907.5, 500.0
    text = Line().format(record)
    assert text == r"2026-11-25T16:41:47.500Z WARNING kalata.refused 403 GET /x\n2026 ERROR forged\x1b[2J"


def test_a_traceback_cannot_pass_for_another_line():
    try:
        raise ValueError("x\n2026-11-25T16:41:47.500Z ERROR forged")
    except ValueError:
        record = logging.LogRecord("kalata", 40, "f", 1, "fault", (), sys.exc_info())
    lines = Line().format(record).splitlines()
    assert all(line.startswith("    | ") for line in lines[1:]) and len(lines) > 2


def test_dates_of_the_log_do_not_depend_on_the_zone_of_the_machine(monkeypatch):
    import time

    record = logging.LogRecord("kalata", 30, "f", 1, "x", (), None)
    record.created, record.msecs = 1_795_624_907.0, 0.0
    said = set()
    for zone in ("UTC", "Asia/Tokyo", "America/Lima"):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        said.add(Line().format(record))
    monkeypatch.delenv("TZ")
    time.tzset()
    assert len(said) == 1
