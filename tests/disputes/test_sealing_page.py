"""The page's script in a real browser: what it seals the command unseals, and the reverse."""

import base64
import http.server
import json
import os
import threading
from pathlib import Path

import pytest

from kalata.disputes.rules import sealing, sealing_keys
from kalata.disputes.rules.sealing_keys import PrivateKey
from tests.browser.tools import chromium as opened_chromium

SCRIPT = Path(sealing.__file__).parents[1] / "static" / "disputes" / "sealing.js"
BENCH = [PrivateKey.fresh() for _n in range(3)]
KEYS = "\n".join(one.public.text() for one in BENCH)
SEALED = sealing.seal("Délibéré : le moyen est fondé. ɛɔŋ\n".encode(), [k.public for k in BENCH], os.urandom)
PAGE = f"""<!doctype html><meta charset=utf-8><title>b</title><body><div data-bench data-readers="{KEYS}"
data-says-altered="changé" data-says-not-for-this-key="pas pour vous" data-says-bad-passphrase="mauvaise phrase">
<input type=file data-bench-key aria-label=k><input type=password data-bench-passphrase aria-label=p>
<button type=button data-bench-open>ouvrir</button><p data-bench-said></p><div id=t data-bench-sealed="/item"></div>
<div id=b data-bench-sealed="/bad"></div>
<form data-bench-form method=post action="/take"><textarea data-bench-write aria-label=w></textarea>
<input type=hidden name=sealed><button>sceller</button></form></div><script src="/sealing.js"></script>"""


class House(http.server.BaseHTTPRequestHandler):
    taken: list[str] = []
    paths: list[str] = []
    bad = False

    def do_GET(self):
        House.paths.append(self.path)
        body = {
            "/": PAGE.encode(),
            "/sealing.js": SCRIPT.read_bytes(),
            "/item": SEALED,
            "/bad": SEALED[:-1] + b"x" if House.bad else SEALED,
        }
        self.answer(body.get(self.path, b""))

    def do_POST(self):
        House.taken.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.answer(b"<title>ok</title>")

    def answer(self, body):
        self.send_response(200)
        kind = "text/javascript" if self.path.endswith(".js") else "text/html; charset=utf-8"
        self.send_header("Content-Type", kind)
        policy = "default-src 'none'; script-src 'self'; connect-src 'self'; form-action 'self'"
        self.send_header("Content-Security-Policy", policy)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def house():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), House)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def chromium():
    with opened_chromium() as started:
        yield started


@pytest.fixture
def page(chromium, house):
    opened = chromium.new_page()
    opened.errors = []
    opened.on("console", lambda m: opened.errors.append(m.text) if m.type == "error" and "404" not in m.text else None)
    opened.on("pageerror", lambda e: opened.errors.append(str(e)))
    opened.goto(house)
    House.taken.clear(), House.paths.clear()
    House.bad = False
    yield opened
    errors = opened.errors
    opened.close()
    assert errors == []


def key_file(key, passphrase=None):
    return {"name": "m.key", "mimeType": "application/json", "buffer": sealing_keys.key_file(key, passphrase, os.urandom)}  # fmt: skip


@pytest.mark.browser
def test_the_command_unseals_what_the_page_sealed_at_every_length_around_256(page):
    for length in (0, 1, 255, 256, 257, 5000):
        text = os.urandom(length)
        made = page.evaluate(
            """async ([text, keys]) => Array.from(await KalataSealing.seal(new Uint8Array(text), keys))""",
            [list(text), KEYS],
        )
        data = bytes(made)
        assert sealing.outside(data) == sealing.Outside(3, sealing.rounded(length))
        assert all(sealing.unseal(data, key) == text for key in BENCH)
        assert len(data) == len(sealing.seal(text, [k.public for k in BENCH], os.urandom))


@pytest.mark.browser
def test_the_page_unseals_what_the_command_sealed_with_and_without_a_passphrase(page):
    for length in (0, 256, 257):
        text = os.urandom(length)
        data = sealing.seal(text, [k.public for k in BENCH], os.urandom)
        for key, phrase in ((BENCH[0], None), (BENCH[2], "quatre mots é")):
            held = sealing_keys.key_file(key, phrase, os.urandom).decode()
            made = page.evaluate(
                """async ([data, key, phrase]) => {
                  const mine = await KalataSealing.readKey(key, phrase || "");
                  if (mine.priv.extractable) return "extractable";
                  return Array.from(await KalataSealing.unseal(new Uint8Array(data), mine));
                }""",
                [list(data), held, phrase],
            )
            assert bytes(made) == text


@pytest.mark.browser
def test_the_page_refuses_a_changed_byte_another_key_and_another_file_as_the_command_does(page):
    ask = """async ([all, key]) => {
      const mine = await KalataSealing.readKey(key), out = [];
      for (const data of all) out.push(await KalataSealing.unseal(new Uint8Array(data), mine).then(() => "opened", (f) => f.code || String(f)));
      return out;
    }"""
    data = sealing.seal(b"oui", [BENCH[0].public], os.urandom)
    changed = [data[:n] + bytes([data[n] ^ 1]) + data[n + 1 :] for n in range(22, len(data), 3)]
    mine, other = (sealing_keys.key_file(k, None, os.urandom).decode() for k in BENCH[:2])
    told = page.evaluate(ask, [[list(one) for one in changed], mine])
    assert set(told) == {"not-for-this-key", "altered"}
    assert page.evaluate(ask, [[list(data), list(b"texte")], other]) == ["not-for-this-key", "not-sealed"]


@pytest.mark.browser
def test_a_member_opens_and_writes_on_the_page_and_neither_key_nor_text_is_ever_sent(page):
    page.set_input_files("[data-bench-key]", files=[key_file(BENCH[1], "quatre mots")])
    page.fill("[data-bench-passphrase]", "quatre mots")
    page.click("[data-bench-open]")
    page.locator("#t").filter(has_text="fondé").wait_for()
    assert page.text_content("#t") == "Délibéré : le moyen est fondé. ɛɔŋ\n"
    page.fill("[data-bench-write]", "Je vote l’annulation.")
    with page.expect_navigation():
        page.click("text=sceller")
    (sent,) = House.taken
    assert sent.startswith("sealed=") and "annulation" not in sent and sent.count("=") - sent.count("%3D") <= 1
    import urllib.parse

    field = urllib.parse.parse_qs(sent)["sealed"][0]
    assert sealing.unseal(base64.b64decode(field), BENCH[2]) == "Je vote l’annulation.".encode()
    assert set(House.paths) == {"/item", "/bad"}
    assert json.loads(key_file(BENCH[1])["buffer"])["secret"] not in sent


@pytest.mark.browser
def test_the_page_says_what_is_wrong_in_the_words_it_was_given(page):
    page.set_input_files("[data-bench-key]", files=[key_file(PrivateKey.fresh())])
    page.click("[data-bench-open]")
    page.locator("[data-bench-said]").filter(has_text="pas pour vous").wait_for()
    page.set_input_files("[data-bench-key]", files=[key_file(BENCH[0], "juste")])
    page.fill("[data-bench-passphrase]", "faux")
    page.click("[data-bench-open]")
    page.locator("[data-bench-said]").filter(has_text="mauvaise phrase").wait_for()
    House.bad = True
    page.fill("[data-bench-passphrase]", "juste")
    page.click("[data-bench-open]")
    page.locator("[data-bench-said]").filter(has_text="changé").wait_for()
    assert page.text_content("#t").startswith("Délibéré") and page.text_content("#b") == ""
