"""From an empty machine to a house: its settings, its first two persons, its certificate; nothing shows a traceback."""

import json
import os
import socket
import ssl
import stat
import subprocess
import sys
import threading
import time
from datetime import timedelta

import click
import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from click.testing import CliRunner
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from kalata import certificate, questions
from kalata.cli import commands, main
from kalata.people import factors, first
from kalata.people.models import Person
from kalata.refusals import Refused
from kalata.rooms import load
from kalata.settings import written
from tests.house.ready import furnish, house_with_pack

ANSWERS = {
    "SETUP_COUNTRY": "ml", "KALATA_HOSTS": "kalata.lan, 10.0.0.5", "KALATA_TIMEZONE": "Africa/Bamako", "KALATA_SMTP": "",
    "SETUP_ADMIN_1_NAME": "Première personne", "SETUP_ADMIN_1_USER": "premiere",
    "SETUP_ADMIN_2_NAME": "Seconde personne", "SETUP_ADMIN_2_USER": "seconde",
}  # fmt: skip


@pytest.fixture
def machine(tmp_path):
    """A machine of its own: no setting of this run, a file of settings in its own folder."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("KALATA_", "DJANGO_", "DATABASE_"))}

    def run(*args, **named):
        return subprocess.run(
            [sys.executable, "-m", "kalata", *args], env={**kept, "KALATA_SETTINGS": str(tmp_path / "etc" / "kalata.env")},
            capture_output=True, text=True, **named,
        )  # fmt: skip

    run.env = {**kept, "KALATA_SETTINGS": str(tmp_path / "etc" / "kalata.env")}
    run.file = tmp_path / "etc" / "kalata.env"
    run.var = tmp_path / "var"
    return run


def answered(tmp_path, run, **other):
    file = tmp_path / "answers.env"
    said = {"KALATA_VAR": str(run.var), "KALATA_SITE": "", **ANSWERS, **other}
    file.write_text("".join(written.line(k, v) for k, v in said.items() if v is not None))
    return str(file)


# --- before anything ------------------------------------------------------------------------------------
def test_check_before_anything_says_what_to_do_and_vouches_for_nothing(machine, tmp_path):
    machine.env["KALATA_VAR"] = str(tmp_path / "nothing")
    got = subprocess.run(
        [sys.executable, "-m", "kalata", "check", "--json"], env=machine.env, capture_output=True, text=True
    )
    assert got.returncode == 1 and "Traceback" not in got.stderr
    found = {c["name"]: c for c in json.loads(got.stdout)["checks"]}
    assert not found["database"]["ok"] and "kalata setup" in found["database"]["detail"]
    assert set(found) == {"settings", "database", "modes", "disk", "https"}  # nothing that rests on the tables


def test_check_without_its_server_says_why_and_never_the_password(machine, tmp_path):
    machine.env |= {"KALATA_VAR": str(tmp_path / "v"), "DATABASE_URL": "postgresql://k:hush@127.0.0.1:1/n"}
    for args, code in ((["check"], 1), (["user", "list"], 2), (["pack", "load", "ml"], 2)):
        got = subprocess.run([sys.executable, "-m", "kalata", *args], env=machine.env, capture_output=True, text=True)
        said = got.stdout + got.stderr
        assert got.returncode == code and "Connection refused" in said, said
        assert "Traceback" not in said and "hush" not in said


def walked(command, name="kalata"):
    yield name, command
    if isinstance(command, click.Group):
        for word in command.list_commands(click.Context(command)):
            yield from walked(command.get_command(click.Context(command), word), f"{name} {word}")


def test_every_command_that_help_names_exists_and_says_what_it_does():
    for name, one in commands().items():
        assert isinstance(load(one.what), click.Command), name
        assert one.says
    runner = CliRunner()
    for name, command in walked(main):
        assert command is not None, name
        if name == "kalata manage":  # Django's own: it prints its help itself
            continue
        got = runner.invoke(command, ["--help"])
        assert got.exit_code == 0 and "Usage:" in got.output, (name, got.output, got.exception)
        assert command.help or command.short_help, f"{name} says nothing of itself"


# --- from answers ---------------------------------------------------------------------------------------
def test_setup_from_a_file_of_answers_makes_a_house_and_done_again_changes_nothing(machine, tmp_path):
    furnish(machine.var, house_with_pack())
    got = machine("setup", "--answers", answered(tmp_path, machine))
    assert got.returncode == 0, got.stderr
    codes = [line.split()[3] for line in got.stdout.splitlines() if "code d’activation" in line]
    assert len(set(codes)) == 2 and stat.S_IMODE(machine.file.stat().st_mode) == 0o600
    kept = written.parsed(machine.file.read_text())
    assert kept["KALATA_HTTPS"] == "1" and kept["KALATA_TRUSTED_PROXIES"] == "127.0.0.1"
    assert (
        kept["KALATA_ORIGINS"] == "https://kalata.lan,https://10.0.0.5"
        and kept["KALATA_ADDRESS"] == "https://kalata.lan"
    )
    assert kept["KALATA_LOG_ORIGIN"] == "kalata.lan" and not any("ADMIN" in name for name in kept)
    listed = machine("user", "list").stdout  # the settings of the file alone lead to that house
    assert {line.split()[0]: line.split()[-1] for line in listed.splitlines()} == {
        "premiere": "admin",
        "seconde": "securite",
    }
    again = machine("setup", "--answers", answered(tmp_path, machine, KALATA_HOSTS=None, SETUP_ADMIN_1_USER=None))
    assert (
        again.returncode == 0
        and "code d’activation" not in again.stdout
        and written.parsed(machine.file.read_text()) == kept
    )


@pytest.mark.parametrize(
    ("other", "code", "named"),
    [
        ({"KALATA_TIMEZONE": "Bamako"}, "OPS-120", "KALATA_TIMEZONE"),
        ({"KALATA_HOSTS": "https://kalata.lan"}, "OPS-120", "KALATA_HOSTS"),
        ({"KALATA_VAR": "var"}, "OPS-120", "KALATA_VAR"),
        ({"DATABASE_URL": "postgresql://k:hush@127.0.0.1:1/n"}, "OPS-126", "Connection refused"),
        ({"SETUP_COUNTRY": "atlantis"}, "PACK-", "atlantis"),
    ],
)
def test_an_answer_that_is_none_is_refused_and_no_setting_is_written(machine, tmp_path, other, code, named):
    got = machine("setup", "--answers", answered(tmp_path, machine, **other))
    assert got.returncode == 2 and code in got.stderr and named in got.stderr, got.stderr
    assert "Traceback" not in got.stderr and "hush" not in got.stderr and not machine.file.exists()


def test_a_first_person_who_is_not_named_is_asked_for(machine, tmp_path):
    furnish(machine.var, house_with_pack())
    got = machine("setup", "--answers", answered(tmp_path, machine, SETUP_ADMIN_2_USER=None))
    assert got.returncode == 2 and "OPS-125" in got.stderr and "SETUP_ADMIN_2_USER" in got.stderr
    assert machine("user", "list").stdout.split()[0] == "premiere"


# --- typed ----------------------------------------------------------------------------------------------
def shown_by(secret, wait=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + wait))


def until(child, said, wanted):
    """Read what the command prints until `wanted` is in it."""
    while wanted not in "".join(said):
        letter = child.stdout.read(1)
        assert letter, "".join(said)[-2000:]
        said.append(letter)


def test_setup_typed_by_two_persons_leaves_each_with_a_passphrase_and_a_second_factor(machine):
    furnish(machine.var, house_with_pack())
    child = subprocess.Popen(
        [sys.executable, "-u", "-m", "kalata", "setup", "--lang", "fr"], env=machine.env, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, bufsize=1, start_new_session=True,
    )  # fmt: skip

    watch = threading.Timer(45, child.kill)
    watch.start()

    def type_(text):
        child.stdin.write(text + "\n")
        child.stdin.flush()

    type_(str(machine.var))
    for answer in ("", "Africa/Bamaco", "", "", "kalata.lan", "0", "", "", "", "", ""):
        type_(answer)
    for n, user in enumerate(("premiere", "seconde")):
        for answer in (f"Personne {n}", user, ("oui", "")[n]):
            type_(answer)
        for answer in ("court", "court", "quatre mots sans lien", "quatre mots sans lien"):
            type_(answer)
        said: list[str] = []
        until(child, said, "Photographiez")
        secret = "".join(said).strip().splitlines()[-2].strip()
        type_("000000")
        type_(shown_by(secret))
        until(child, [], "Codes de secours")
    child.stdin.close()
    rest = child.stdout.read()
    child.wait(30)
    watch.cancel()
    assert child.returncode == 0 and "La maison est prête" in rest, rest
    show = "from kalata.people.models import Person; from kalata.people import factors; import json; print(json.dumps([[p.username, p.is_active, factors.has_factor(p), p.check_password('quatre mots sans lien')] for p in Person.objects.all()]))"
    got = machine("manage", "shell", "--verbosity", "0", "-c", show)
    assert json.loads(got.stdout) == [["premiere", True, True, True], ["seconde", True, True, True]]
    assert written.parsed(machine.file.read_text())["KALATA_HTTPS"] == "0"


@pytest.mark.django_db
def test_the_code_that_proves_the_application_is_spent_with_it(pack_version):
    assert first.missing() == ["people.manage", "people.approve"] and first.roles() == ("admin", "securite")
    person, _code = first.opened(username="premiere", full_name="Première", role="admin")
    assert first.missing() == ["people.approve"]
    secret = "JBSWY3DPEHPK3PXP"
    with pytest.raises(first.WrongFirstCode):
        first.second_factor(person=person, secret=secret, code="12")
    code = shown_by(secret)
    assert len(first.second_factor(person=person, secret=secret, code=code)) == 10
    one = factors.Authenticator.objects.get(user=person, type="totp")
    assert factors.has_factor(Person.objects.get(pk=person.pk)) and not factors.accept(one, code)
    assert factors.accept(one, shown_by(secret, 1))


# --- the certificate --------------------------------------------------------------------------------------
def test_a_workstation_that_holds_the_authority_speaks_to_the_server_and_to_no_other_name(tmp_path):
    root, made = certificate.issue(tmp_path, [certificate.named("localhost"), certificate.named("127.0.0.1")])
    assert stat.S_IMODE((tmp_path / "server.key").stat().st_mode) == 0o600
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(tmp_path / "server.crt", tmp_path / "server.key")
    client = ssl.create_default_context(cafile=tmp_path / "authority.crt")
    for name, trusted in (("localhost", True), ("127.0.0.1", True), ("kalata.lan", False)):
        left, right = socket.socketpair()

        def answers(side=left):
            try:
                with server.wrap_socket(side, server_side=True) as held:
                    held.recv(1)
            except (ssl.SSLError, OSError):
                side.close()

        serving = threading.Thread(target=answers, daemon=True)
        serving.start()
        try:
            with client.wrap_socket(right, server_hostname=name) as held:
                held.send(b"x")
                assert trusted
        except ssl.SSLCertVerificationError:
            assert not trusted
        right.close()
        serving.join(10)
    assert fingerprint_of(tmp_path) == certificate.fingerprint(root)
    assert (made.not_valid_after_utc - made.not_valid_before_utc).days <= 398


def fingerprint_of(folder):
    got = CliRunner().invoke(certificate.certificate, ["localhost", "--folder", str(folder), "--lang", "en"])
    assert got.exit_code == 0, got.output
    return next(word for line in got.output.splitlines() for word in line.split() if word.count(":") == 31)


def test_the_authority_signs_for_its_own_names_alone_and_renewal_keeps_it(tmp_path):
    first_root, one = certificate.issue(tmp_path, [certificate.named("kalata.lan")])
    root, other = certificate.issue(tmp_path, [certificate.named("saisie.kalata.lan")])
    assert first_root == root and one.serial_number != other.serial_number
    for name in ("other.lan", "lan", "xkalata.lan", "10.0.0.5"):
        with pytest.raises(certificate.OtherNames):
            certificate.issue(tmp_path, [certificate.named(name)])
    limits = root.extensions.get_extension_for_class(x509.NameConstraints)
    assert limits.critical and len(limits.value.excluded_subtrees or ()) == 2  # no address either
    (tmp_path / "authority.key").unlink()
    with pytest.raises(certificate.KeyAway):
        certificate.issue(tmp_path, [certificate.named("kalata.lan")])
    for text in ("", "https://x", ".x", "a b", "*"):
        with pytest.raises(certificate.NoName):
            certificate.named(text)


def test_an_authority_made_for_an_address_signs_for_no_name_of_a_machine(tmp_path):
    """A kind of name that no constraint spoke of was free: who kept the key could pass for any site at each workstation."""
    root, _made = certificate.issue(tmp_path, [certificate.named("10.0.0.5")])
    key = serialization.load_pem_private_key((tmp_path / "authority.key").read_bytes(), None)
    (tmp_path / "root.pem").write_bytes(root.public_bytes(serialization.Encoding.PEM))
    for text, held in (("10.0.0.5", True), ("10.0.0.6", False), ("kalata.lan", False), ("banque.example", False)):
        name = certificate.named(text)
        own = ec.generate_private_key(ec.SECP256R1())
        leaf = certificate.signed(certificate.subject("x"), own, root.subject, key, timedelta(days=30), [
            (x509.BasicConstraints(ca=False, path_length=None), True), (x509.SubjectAlternativeName([name]), False),
        ])  # fmt: skip
        (tmp_path / "leaf.pem").write_bytes(leaf.public_bytes(serialization.Encoding.PEM))
        done = subprocess.run(["openssl", "verify", "-CAfile", tmp_path / "root.pem", tmp_path / "leaf.pem"], capture_output=True, check=False)  # fmt: skip
        assert (done.returncode == 0) is held, (text, done.stdout, done.stderr)


def test_each_question_refuses_what_its_setting_could_not_be(monkeypatch):
    for name, bad in (
        ("KALATA_VAR", "x"),
        ("KALATA_HOSTS", ""),
        ("KALATA_HTTPS", "yes"),
        ("KALATA_SMTP", ":25"),
        ("KALATA_SITE", "x"),
    ):
        one = next(q for q in questions.QUESTIONS if q.name == name)
        monkeypatch.delenv(name, raising=False)
        with pytest.raises(Refused):
            questions.checked(one, bad)
        assert name not in os.environ


def test_a_first_house_on_one_machine_asks_three_things_and_is_then_read_by_every_command(machine, tmp_path, monkeypatch):
    """`kalata start` by who is not root and gives nothing: its settings are the person's own, with the port in its address."""
    from kalata import setup, start

    asked: list[str] = []
    monkeypatch.setattr(setup, "asked", lambda one, usual, lang: asked.append(one.name) or usual)
    monkeypatch.setattr(setup, "made_house", lambda country: None)
    monkeypatch.setattr(setup, "people", lambda given, lang: None)
    monkeypatch.setattr(start, "yes", lambda sentence, lang: True)
    monkeypatch.setattr(start.written, "USUAL", tmp_path / "none" / "kalata.env")
    monkeypatch.setattr(start.written, "OWN", tmp_path / "own" / "kalata.env")
    monkeypatch.setattr(os, "environ", {"KALATA_VAR": str(tmp_path / "house")})
    start.begin(start.written.OWN, "127.0.0.1", 8055, "fr")
    assert asked == ["KALATA_VAR", "SETUP_COUNTRY", "KALATA_LOG_ORIGIN"]
    os.environ.pop("KALATA_SETTINGS")
    assert written.where() == start.written.OWN
    settings = written.parsed(written.where().read_text())
    assert settings["KALATA_VAR"] == str(tmp_path / "house")
    assert settings["KALATA_ADDRESS"] == "http://127.0.0.1:8055" and settings["KALATA_HTTPS"] == "0"
    assert settings["KALATA_TIMEZONE"] == "Africa/Bamako"


def test_the_time_zone_proposed_is_the_one_of_the_country():
    assert questions.zone_of({"SETUP_COUNTRY": "sn"}) == "Africa/Dakar"
