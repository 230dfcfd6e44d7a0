"""Kept files in a store of the S3 protocol, asked of a real server of it in a process of its own that checks signatures."""

import hashlib
import os
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.utils import timezone

from kalata.evidence import back, checking, copies, rehash, s3, services, store
from kalata.evidence.models import Content
from kalata.evidence.rules.access import Access
from kalata.settings import reading
from kalata.settings.reading import BadSetting

SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"


# --- the signature, against the examples that the protocol's maker publishes --------------------------------
def test_a_request_is_signed_as_the_published_examples_are():
    """Of the reference of S3: a listing, and a reading of a range of bytes."""
    at, host, nothing = "20130524T000000Z", "examplebucket.s3.amazonaws.com", s3.EMPTY
    given = {"Host": host, "x-amz-content-sha256": nothing, "x-amz-date": at}
    _names, mark = s3.signature(
        "GET", "/", "max-keys=2&prefix=J", given, nothing, secret=SECRET, at=at, region="us-east-1"
    )
    assert mark == "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"
    names, mark = s3.signature(
        "GET", "/test.txt", "", {**given, "Range": "bytes=0-9"}, nothing, secret=SECRET, at=at, region="us-east-1"
    )
    assert names == "host;range;x-amz-content-sha256;x-amz-date"
    assert mark == "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"


# --- the settings ---------------------------------------------------------------------------------------------
def said(monkeypatch, url, key="K", secret=SECRET):
    for name, value in (("KALATA_STORE", url), ("KALATA_STORE_KEY", key), ("KALATA_STORE_SECRET", secret)):
        monkeypatch.setenv(name, value)
    return reading.store()


def test_an_address_is_read_and_its_credential_is_never_shown(monkeypatch, tmp_path):
    place = said(monkeypatch, "https://store.lan:9000/kalata/pieces/2026?region=africa")
    assert (place.host, place.port, place.bucket, place.prefix, place.region) == (
        "store.lan",
        9000,
        "kalata",
        "pieces/2026/",
        "africa",
    )
    assert place.shown == "store.lan:9000/kalata/pieces/2026" and SECRET not in repr(place) and "'K'" not in repr(place)
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    monkeypatch.setenv("KALATA_STORE_SECRET_FILE", str(tmp_path / "secret"))
    monkeypatch.delenv("KALATA_STORE_SECRET")
    assert reading.store().secret == SECRET
    monkeypatch.setenv("KALATA_STORE", "")
    assert reading.store() is None


@pytest.mark.parametrize(
    ("url", "key", "secret"),
    [
        ("http://store.lan/kalata", "K", SECRET),  # in clear, to another machine
        ("https://K:secret@store.lan/kalata", "K", SECRET),
        ("https://store.lan/", "K", SECRET),
        ("https://store.lan/kalata?region", "K", SECRET),
        ("https://store.lan/kalata?ca=/no/such/file", "K", SECRET),
        ("https://store.lan/kalata/../other", "K", SECRET),
        ("https://store.lan:port/kalata", "K", SECRET),
        ("https://store.lan/kalata", "", SECRET),
        ("https://store.lan/kalata", "K", ""),
    ],
)
def test_an_address_that_is_none_or_has_no_credential_is_refused_without_showing_it(monkeypatch, url, key, secret):
    with pytest.raises(BadSetting) as refused:
        said(monkeypatch, url, key, secret)
    assert refused.value.code == "OPS-120" and "secret" not in str(refused.value.record()).lower().replace(
        "kalata_store_secret", ""
    )


# --- a real server ----------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def server():
    """The port of a server whose requests are refused unless signed by KEY, the key, its secret, and another's client."""
    moto = pytest.importorskip(
        "moto", reason="NOT TRIED: no server of the S3 protocol here (pip install moto[s3] flask flask-cors)"
    )
    import boto3

    assert moto
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    child = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-p", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env={**os.environ, "INITIAL_NO_AUTH_ACTION_COUNT": "4"},
    )  # fmt: skip
    try:
        for _time in range(600):
            with suppress(OSError):
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            time.sleep(0.05)
        first = {"endpoint_url": f"http://127.0.0.1:{port}", "region_name": "us-east-1"}
        nobody = {**first, "aws_access_key_id": "nobody", "aws_secret_access_key": "nobody"}
        people = boto3.client("iam", **nobody)
        people.create_user(UserName="kalata")
        key = people.create_access_key(UserName="kalata")["AccessKey"]
        may = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}'
        people.put_user_policy(UserName="kalata", PolicyName="all", PolicyDocument=may)
        boto3.client("s3", **nobody).create_bucket(Bucket="kalata")
        theirs = boto3.client(
            "s3", **first, aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"]
        )
        yield port, key["AccessKeyId"], key["SecretAccessKey"], theirs
    finally:
        child.kill()
        child.wait()


@pytest.fixture
def shared(server, settings, tmp_path, monkeypatch):
    """A house whose kept files are in that store, below a prefix of this test alone; the client of another maker."""
    port, key, secret, theirs = server
    prefix = hashlib.sha256(str(tmp_path).encode()).hexdigest()[:12]
    settings.STORE = said(monkeypatch, f"http://127.0.0.1:{port}/kalata/{prefix}", key, secret)
    settings.MEDIA_ROOT = tmp_path / "files"
    back._last.clear()
    monkeypatch.setattr(s3, "PAUSES_S", (0.0,))

    class Theirs:
        @staticmethod
        def keys():
            found = theirs.list_objects_v2(Bucket="kalata", Prefix=f"{prefix}/").get("Contents", [])
            return {one["Key"].partition("/")[2] for one in found}

        @staticmethod
        def put(name, body):
            theirs.put_object(Bucket="kalata", Key=f"{prefix}/{name}", Body=body)

        @staticmethod
        def get(name):
            return theirs.get_object(Bucket="kalata", Key=f"{prefix}/{name}")["Body"].read()

        @staticmethod
        def delete(name):
            theirs.delete_object(Bucket="kalata", Key=f"{prefix}/{name}")

    return Theirs


def another_machine(settings, tmp_path, name="two"):
    settings.MEDIA_ROOT = tmp_path / name


def test_a_content_kept_on_one_machine_is_read_on_another(shared, settings, tmp_path):
    made = store.put(b"acte")
    assert shared.keys() == {made.sha256} and shared.get(made.sha256) == b"acte"
    another_machine(settings, tmp_path)
    assert store.here(made.sha256) is None
    found = store.path(made.sha256)
    assert found.read_bytes() == b"acte" and found.stat().st_mode & 0o777 == 0o600
    assert store.path("0" * 64) is None and not list(store.folder().glob(".*.part"))


def test_what_stands_under_a_name_is_not_written_over_unless_it_is_not_what_its_name_says(shared):
    made = store.put(b"acte")
    there = back.back()
    before = shared.get(made.sha256)
    store.put(b"acte")
    assert shared.keys() == {made.sha256} and shared.get(made.sha256) == before and there.sound(made.sha256)
    shared.put(made.sha256, b"bcte")  # of the same length, by somebody who holds the store
    assert store.fault(made.sha256) == "altered"
    store.put(b"acte")
    assert shared.get(made.sha256) == b"acte" and store.fault(made.sha256) == ""


def test_what_the_store_alters_or_loses_is_handed_to_nobody(shared, settings, tmp_path):
    made = store.put(b"acte")
    shared.put(made.sha256, b"bcte")
    another_machine(settings, tmp_path)
    assert store.path(made.sha256) is None and store.sound(made.sha256) is None
    shared.delete(made.sha256)
    assert store.path(made.sha256) is None and store.fault(made.sha256) == "missing"


def test_a_working_copy_that_changed_is_brought_again(shared):
    made = store.put(b"acte")
    store.path(made.sha256).write_bytes(b"bcte")
    assert store.sound(made.sha256).read_bytes() == b"acte" and store.intact(made.sha256)


def test_working_copies_go_when_they_weigh_too_much_those_of_the_last_hour_and_those_that_are_only_here_stay(shared):
    names = [store.put(bytes([n]) * 1000).sha256 for n in range(4)]
    shared.delete(names[0])
    now = time.time()
    assert store.lighten(now, 2500) == 0
    assert store.lighten(now + store.UNUSED_S + 60, 2500) == 2
    assert store.here(names[0]) is not None and sum(store.here(n) is not None for n in names) == 2
    assert all(store.path(n) is not None for n in names)


def test_a_wrong_credential_keeps_nothing_and_says_so_without_the_secret(shared, settings, monkeypatch):
    place = settings.STORE
    monkeypatch.setenv("KALATA_STORE_SECRET", "another secret altogether")
    settings.STORE = reading.store()
    with pytest.raises(s3.StoreAway) as away:
        store.put(b"acte")
    text = str(away.value.record())
    assert away.value.code == "EVD-108" and "403 SignatureDoesNotMatch" in text
    assert "another secret" not in text and place.key not in text
    assert shared.keys() == set() and not [p for p in store.folder().iterdir() if p.name != ".lock"]
    assert "403" in back.state()


def test_a_listing_of_several_pages_is_read_to_its_end(shared, monkeypatch):
    names = {store.put(bytes([n])).sha256 for n in range(5)}
    asked, real = [], s3.Bucket.ask

    def by_two(self, method, name="", *, query="", **rest):
        asked.append(query)
        return real(self, method, name, query=query.replace("max-keys=1000", "max-keys=2"), **rest)

    monkeypatch.setattr(s3.Bucket, "ask", by_two)
    assert set(back.back().names()) == names and len(asked) == 3


class Odd(BaseHTTPRequestHandler):
    """A server that breaks off, is busy, knows no condition, or says 200 and keeps nothing."""

    kept: dict = {}
    busy = 0
    deaf = False

    def do_PUT(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.busy:
            self.server.busy -= 1
            return self.done(503)
        if "If-None-Match" in self.headers:
            return self.done(501)
        if not self.server.deaf:
            self.server.kept[self.path] = body
        return self.done(200)

    def do_HEAD(self):
        body = self.server.kept.get(self.path)
        self.done(404 if body is None else 200, body or b"", sends=False)

    def do_GET(self):
        body = self.server.kept.get(self.path)
        self.done(404 if body is None else 200, body or b"")

    def done(self, status, body=b"", sends=True):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if sends:
            self.wfile.write(body)

    def log_message(self, *_args):
        pass


@pytest.fixture
def odd(settings, tmp_path, monkeypatch):
    one = HTTPServer(("127.0.0.1", 0), Odd)
    one.kept, one.busy, one.deaf = {}, 0, False
    threading.Thread(target=one.serve_forever, args=(0.01,), daemon=True).start()
    settings.STORE = said(monkeypatch, f"http://127.0.0.1:{one.server_port}/kalata")
    settings.MEDIA_ROOT = tmp_path / "files"
    monkeypatch.setattr(s3, "PAUSES_S", (0.0, 0.0))
    yield one
    one.shutdown()
    one.server_close()


def test_a_store_that_knows_no_condition_is_asked_first_and_read_back(odd):
    made = store.put(b"acte")
    assert odd.kept == {f"/kalata/{made.sha256}": b"acte"}
    odd.kept[f"/kalata/{made.sha256}"] = b"bcte"
    store.put(b"acte")
    assert odd.kept == {f"/kalata/{made.sha256}": b"acte"}


def test_a_store_that_is_busy_for_a_moment_is_asked_again_and_one_that_keeps_nothing_is_not_believed(odd):
    odd.busy = 2
    assert store.fault(store.put(b"acte").sha256) == ""
    odd.deaf = True
    with pytest.raises(s3.StoreAway):
        store.put(b"autre")
    assert len([p for p in store.folder().iterdir() if p.name != ".lock"]) == 1


# --- with the rows -----------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_the_house_says_what_its_store_lacks_and_when_it_does_not_answer(shared, settings, supervisor):
    content = services.keep(b"acte", name="acte.txt", by=supervisor, most=100)
    holds, told = checking.kept()
    assert holds and settings.STORE.shown in told
    shared.delete(content.sha256)
    assert not checking.kept()[0] and rehash.turn() == 1
    assert Content.objects.get().fault == "missing"
    store.put(b"acte")
    assert rehash.turn() == 0 and Content.objects.get().fault == ""
    settings.STORE = said_again(settings.STORE, port=1)
    holds, told = checking.kept()
    assert not holds and told.startswith("EVD-108")


def said_again(place, **changed):
    from dataclasses import replace

    return replace(place, **changed)


@pytest.mark.django_db
def test_a_store_that_does_not_answer_is_an_alarm_that_names_the_machine(settings, monkeypatch, odd):
    from kalata.ledger.models import Machine

    back._last.clear()
    assert "404" in back.state()  # this one knows no listing
    Machine.objects.create(name="bureau-1", at=timezone.now(), since=timezone.now(), state={"store": back.state()})
    names = dict(rehash.alarms())
    assert "bureau-1" in names["store"].text("fr")


@pytest.mark.django_db
def test_what_the_law_destroys_leaves_the_store_and_given_again_meanwhile_it_stays(
    shared, settings, supervisor, tmp_path, django_capture_on_commit_callbacks
):
    content = services.keep(b"acte", name="acte.txt", by=supervisor, most=100)
    services.join(sha256=content.sha256, subject="essai:1", access=Access.STAFF, by=supervisor)
    with django_capture_on_commit_callbacks(execute=True):
        services.end(sha256=content.sha256, subject="essai:1", reason="fin", by=supervisor)
    assert shared.keys() == set() and store.here(content.sha256) is None
    stored = store.put(b"acte")  # a second machine brings it; before it says so, the first lets it go once more
    services.gone(content.pk, 0)
    assert shared.keys() == set()
    services.received(stored, media="text/plain", name="acte.txt", by=supervisor)
    assert shared.keys() == {content.sha256} and not services.gone(content.pk, time.time_ns())
    assert shared.keys() == {content.sha256}


@pytest.mark.django_db
def test_a_copy_holds_what_only_the_store_has_and_a_folder_is_brought_there(shared, settings, tmp_path, supervisor):
    one = services.keep(b"acte", name="acte.txt", by=supervisor, most=100)
    another_machine(settings, tmp_path)
    found = [(name, path.read_bytes()) for name, bring in copies.beyond() for path in bring()]
    assert found == [(f"files/evidence/{one.sha256}", b"acte")]
    assert store.here(one.sha256) is None and not list(store.folder().glob(".*.part"))
    where, settings.STORE = settings.STORE, None
    two = services.keep(b"autre", name="autre.txt", by=supervisor, most=100)
    settings.STORE = where
    assert store.fault(two.sha256) == "missing"
    from click.testing import CliRunner

    from kalata.evidence.commands import store as command

    assert CliRunner().invoke(command, ["status"]).exit_code == 1
    done = CliRunner().invoke(command, ["send"])
    assert done.exit_code == 0 and "2 / 2" in done.output and shared.keys() == {one.sha256, two.sha256}
    assert CliRunner().invoke(command, ["status", "--json"]).exit_code == 0
    assert CliRunner().invoke(command, ["fetch"]).exit_code == 0 and store.here(one.sha256).read_bytes() == b"acte"
