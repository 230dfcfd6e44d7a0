"""The examples of deploy/proxy, run by the real nginx and Caddy before a real house and before one that repeats what it is sent."""

import http.client
import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.house.conftest import House
from tests.house.ready import furnish

PROXY = Path(__file__).parents[2] / "deploy" / "proxy"
NAME = "kalata.lan"
pytestmark = [
    pytest.mark.nightly,
    pytest.mark.skipif(
        os.environ.get("KALATA_NIGHTLY") != "1", reason="by night: a house, a proxy, uploads of 200 MiB"
    ),
]
SPOOFED = {"X-Forwarded-For": "203.0.113.9", "Forwarded": "for=203.0.113.9", "X-Forwarded-Proto": "http"}


class Repeats(BaseHTTPRequestHandler):
    """Answers with the headers and the length of what it was sent."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        length, got = int(self.headers.get("Content-Length") or 0), 0
        while got < length and (chunk := self.rfile.read(min(1 << 20, length - got))):
            got += len(chunk)
        said = json.dumps({"headers": {k.lower(): v for k, v in self.headers.items()}, "got": got}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    do_POST = do_GET

    def log_message(self, *_given):
        pass


def free():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    house = House(furnish(tmp_path_factory.mktemp("tls") / "var"))
    folder = house.var / "tls"
    done = house.kalata("certificate", NAME, "--folder", str(folder))
    assert done.returncode == 0, done.stderr
    return folder


def nginx(tmp_path, behind, certificate, clear, tls):
    text = (PROXY / "nginx.conf").read_text()
    for port, now in ((80, clear), (443, tls)):
        text = re.sub(rf"listen {port}\b", f"listen 127.0.0.1:{now}", text)
        text = re.sub(rf"\n    listen \[::\]:{port}[^\n]*", "", text)
    text = text.replace("127.0.0.1:8000", f"127.0.0.1:{behind}").replace("/etc/kalata/tls", str(certificate))
    (tmp_path / "kalata.conf").write_text(text)
    (tmp_path / "nginx.conf").write_text(
        f"daemon off; pid {tmp_path}/pid; error_log {tmp_path}/error.log; events {{}}\n"
        f"http {{ access_log off; client_body_temp_path {tmp_path}/body; proxy_temp_path {tmp_path}/proxy;\n"
        f"fastcgi_temp_path {tmp_path}/f; uwsgi_temp_path {tmp_path}/u; scgi_temp_path {tmp_path}/s; include {tmp_path}/kalata.conf; }}\n"
    )
    if os.geteuid() == 0:
        (tmp_path / "nginx.conf").write_text("user root;\n" + (tmp_path / "nginx.conf").read_text())
    return [shutil.which("nginx") or "/usr/sbin/nginx", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")]


def caddy(tmp_path, behind, certificate, clear, tls):
    text = (PROXY / "Caddyfile").read_text()
    text = text.replace("127.0.0.1:8000", f"127.0.0.1:{behind}").replace("/etc/kalata/tls", str(certificate))
    options = f"{{\n\tadmin off\n\thttp_port {clear}\n\thttps_port {tls}\n\tdefault_bind 127.0.0.1\n}}\n"
    (tmp_path / "Caddyfile").write_text(options + text)
    return [
        shutil.which("caddy") or "/usr/bin/caddy",
        "run",
        "--config",
        str(tmp_path / "Caddyfile"),
        "--adapter",
        "caddyfile",
    ]


class Proxy:
    def __init__(self, make, tmp_path, behind, certificate):
        self.clear, self.tls = free(), free()
        self.trusts = ssl.create_default_context(cafile=str(certificate / "authority.crt"))
        self.said = tmp_path / "said"
        with self.said.open("wb") as out:
            self.child = subprocess.Popen(
                make(tmp_path, behind, certificate, self.clear, self.tls), stdout=out, stderr=out,
                env={**os.environ, "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)},
            )  # fmt: skip
        for _try in range(200):
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.tls), 1):
                return
            assert self.child.poll() is None, self.said.read_text()
            time.sleep(0.1)
        raise AssertionError(self.said.read_text())

    def ask(self, path="/", *, tls=True, method="GET", size=0, send=True, name=NAME, **headers):
        """(status, headers, body); send=False: only says that so much will come."""
        link = socket.create_connection(("127.0.0.1", self.tls if tls else self.clear), timeout=120)
        if tls:
            link = self.trusts.wrap_socket(link, server_hostname=name)
        with link:
            given = {"Host": name, "Connection": "close", **({"Content-Length": str(size)} if size else {}), **headers}
            link.sendall(
                f"{method} {path} HTTP/1.1\r\n".encode()
                + "".join(f"{k}: {v}\r\n" for k, v in given.items()).encode()
                + b"\r\n"
            )
            with suppress(OSError):
                for _n in range((size >> 20) if send else 0):
                    link.sendall(b"\0" * (1 << 20))
            answer = http.client.HTTPResponse(link, method=method)
            answer.begin()
            return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()

    def close(self):
        self.child.send_signal(signal.SIGTERM)
        self.child.wait(30)


@pytest.fixture(scope="module", params=[nginx, caddy], ids=["nginx", "caddy"])
def make(request):
    name = request.param.__name__
    if not (shutil.which(name) or Path(f"/usr/sbin/{name}").exists()):
        pytest.skip(f"no {name} here (apt-get install {name})")
    return request.param


@pytest.fixture(scope="module")
def repeating(make, certificate, tmp_path_factory):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Repeats)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    proxy = Proxy(make, tmp_path_factory.mktemp("proxy"), server.server_port, certificate)
    yield proxy
    proxy.close()
    server.shutdown()


@pytest.fixture(scope="module")
def whole(make, certificate, tmp_path_factory):
    house = House(furnish(tmp_path_factory.mktemp("house") / "var"), KALATA_HTTPS="1", KALATA_DEMO="", KALATA_HOSTS=NAME,
                  KALATA_TRUSTED_PROXIES="127.0.0.1")  # fmt: skip
    house.start("kalata", "serve", "--workers", "1")
    proxy = Proxy(make, tmp_path_factory.mktemp("proxy"), house.port, certificate)
    yield proxy
    proxy.close()
    house.close()


def test_what_a_reader_writes_about_his_address_is_replaced(repeating):
    status, _head, body = repeating.ask("/x?y=1", **SPOOFED)
    said = json.loads(body)["headers"]
    assert status == 200 and said["host"] == NAME and said["x-forwarded-for"] == "127.0.0.1"
    assert said["x-forwarded-proto"] == "https" and said.get("forwarded", "") == ""


def test_a_body_as_large_as_the_house_takes_arrives_whole_and_a_larger_one_does_not(repeating):
    status, _head, body = repeating.ask(method="POST", size=200 << 20)
    assert status == 200 and json.loads(body)["got"] == 200 << 20
    by_what_comes = "caddy" in str(repeating.child.args[0])  # nginx believes what is said; Caddy 2.6 cuts, and says 502
    refused = repeating.ask(method="POST", size=212 << 20, send=by_what_comes)
    assert refused[0] == 413 or (by_what_comes and refused[0] == 502 and refused[2] == b"")


def test_a_slow_sender_waits_in_the_proxy_not_in_the_house(repeating):
    """The house hears of a request when it is whole."""
    link = repeating.trusts.wrap_socket(
        socket.create_connection(("127.0.0.1", repeating.tls), 10), server_hostname=NAME
    )
    with link:
        link.sendall(f"POST / HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: 10\r\n\r\n12345".encode())
        link.settimeout(1)
        with pytest.raises(TimeoutError):
            link.recv(1)
        link.sendall(b"67890")
        link.settimeout(20)
        assert link.recv(100).startswith(b"HTTP/1.1 200")


def test_the_house_answers_through_tls_and_what_comes_in_clear_is_led_there(whole):
    status, head, body = whole.ask("/")
    assert status == 200 and b"<title>" in body and head["strict-transport-security"].startswith("max-age=31536000")
    status, head, _body = whole.ask("/publics?page=2", tls=False)
    assert status in (301, 308) and head["location"] == f"https://{NAME}/publics?page=2"


def test_a_probe_is_answered_in_clear_and_under_tls(whole):
    for tls in (False, True):
        status, _head, body = whole.ask("/sante", tls=tls)
        assert status == 200 and json.loads(body)["ok"] is True


def test_a_body_too_large_for_its_page_is_refused_with_its_code_through_the_proxy(whole):
    status, _head, body = whole.ask("/compte/connexion/", method="POST", size=2 << 20)
    assert status == 413 and b"WEB-101" in body


def test_cookies_are_for_tls_alone(whole):
    _status, head, _body = whole.ask("/compte/connexion/")
    assert "; Secure" in head["set-cookie"] and head["set-cookie"].startswith("__Host-")


def test_an_old_protocol_is_not_spoken(whole):
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    old.set_ciphers("ALL:@SECLEVEL=0")
    old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises(OSError), socket.create_connection(("127.0.0.1", whole.tls), 10) as link:
        old.wrap_socket(link, server_hostname=NAME)
