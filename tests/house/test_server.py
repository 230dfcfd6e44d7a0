"""The web server: slow clients hold nothing, large bodies are refused unread, long requests end, stops are soft."""

import inspect
import os
import re
import signal
import time
from contextlib import ExitStack
from operator import attrgetter
from types import SimpleNamespace

import pytest
from django.forms import FileField
from django.forms.forms import BaseForm
from django.urls import URLPattern, get_resolver

from kalata.web import bodies, server
from tests.house.conftest import House, answer, family, gone, head

LOGIN = "/compte/login/"
IMPORT = "/resultats/gerer/presidentielle/importer/"


@pytest.fixture(scope="module")
def web(house):
    house.start("kalata.web", "--workers", "1", "--threads", "4")
    return house


def test_sixty_four_clients_that_send_half_their_headers_or_body_stop_nobody(web):
    with ExitStack() as held:
        for n in range(64):
            link = held.enter_context(web.connect())
            if n % 2:
                link.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
            else:
                link.sendall(head("POST", LOGIN, content_length="1000") + b"login=")
        for _n in range(20):
            assert web.ask("GET", "/sante")[0] == 200


def test_clients_that_never_read_their_answer_hold_no_thread(web):
    with ExitStack() as held:
        for _n in range(16):
            held.enter_context(web.connect()).sendall(head("GET", "/static/kalata.css") * 20)
        for _n in range(10):
            assert web.ask("GET", "/sante")[0] == 200


@pytest.mark.parametrize(
    "path", [LOGIN, "/", IMPORT, "/api/v1/contests/x/scans", "/resultats/centralisation/x/numerisation/"]
)
def test_an_anonymous_body_of_120_megabytes_is_refused_before_one_byte_of_it_is_read(web, path):
    with web.connect() as link:
        link.sendall(head("POST", path, content_length="120000000"))
        status, text = answer(link)
    assert status == 413 and "WEB-101" in text


def test_a_body_without_a_length_is_cut_at_the_same_limit(web):
    sent, chunk = 0, b"10000\r\n" + b"x" * 65_536 + b"\r\n"
    with web.connect() as link:
        link.sendall(head("POST", LOGIN, transfer_encoding="chunked"))
        try:
            while sent < 64 * bodies.MIB:
                link.sendall(chunk)
                sent += 65_536
        except OSError:
            pass
        try:
            status, text = answer(link)
            assert status == 413 and "WEB-101" in text
        except ConnectionResetError:
            pass
    assert sent < 64 * bodies.MIB


def at(size):
    return b"a=" + b"x" * (size - 2)


@pytest.mark.parametrize(("size", "refused"), [(bodies.SMALL, False), (bodies.SMALL + 1, True)])
def test_the_limit_is_exact_by_length(web, size, refused):
    status, _text = web.ask("POST", LOGIN, at(size), content_type="application/x-www-form-urlencoded")
    assert (status == 413) is refused


@pytest.mark.parametrize(
    ("who", "path", "refused"),
    [
        ("superviseur", IMPORT, False),
        ("saisie-a", IMPORT, True),
        ("numerisation", "/resultats/centralisation/x/numerisation/", False),
        ("saisie-a", "/resultats/centralisation/x/numerisation/", True),
        ("superviseur", LOGIN, True),
    ],
)
def test_a_file_is_read_only_from_a_signed_in_person_with_the_right_of_that_page(web, who, path, refused):
    cookie = f"a=b; sessionid={web.sessions[who]}"
    status, text = web.ask("POST", path, at(2 * bodies.MIB), cookie=cookie, content_type="text/plain")
    assert (status == 413) is refused and ("WEB-101" in text) is refused


def test_beyond_the_largest_file_of_a_page_its_owner_is_refused_too(web):
    with web.connect() as link:
        cookie = f"sessionid={web.sessions['superviseur']}"
        link.sendall(head("POST", IMPORT, content_length=str(bodies.largest(IMPORT)[0] + 1), cookie=cookie))
        assert answer(link)[0] == 413


def test_the_sender_of_a_large_body_waits_for_the_word_to_go_on(web):
    with web.connect() as link:
        cookie = f"sessionid={web.sessions['superviseur']}"
        body = at(bodies.MIB)
        link.sendall(head("POST", IMPORT, content_length=str(len(body)), cookie=cookie, expect="100-continue"))
        assert link.recv(100).startswith(b"HTTP/1.1 100 Continue")
        link.sendall(body)
        assert answer(link)[0] == 403  # read whole, then refused for want of a form token
    with web.connect() as link:
        link.sendall(head("POST", IMPORT, content_length=str(len(body)), expect="100-continue"))
        assert link.recv(100).startswith(b"HTTP/1.1 413 ")


def every_form(base=BaseForm):
    for child in base.__subclasses__():
        if hasattr(child, "base_fields"):
            yield child
        yield from every_form(child)


def is_file(field):
    return isinstance(field, FileField)


def heavy(form):
    """What a form takes is more than what every address takes from everybody."""
    files = [f for f in form.base_fields.values() if is_file(f)]
    return bool(files) and sum(getattr(f, "most", 2**40) for f in form.base_fields.values() if is_file(f) or hasattr(f, "most")) > bodies.SMALL // 2


def has(module, name):
    try:
        return attrgetter(name)(module) is not None
    except AttributeError:
        return False


def routes(patterns, before=""):
    for one in patterns:
        here = before + str(one.pattern)
        if isinstance(one, URLPattern):
            yield here, one.callback
        else:
            yield from routes(one.url_patterns, here)


def test_every_page_that_takes_a_file_has_room_for_it_and_names_who_may_bring_one():
    found = list(routes(get_resolver("kalata.urls").url_patterns))  # every room is imported
    taking, forms = {}, {f for f in every_form() if heavy(f)}
    for route, view in found:
        module = inspect.getmodule(inspect.unwrap(view))
        if not module or not module.__name__.startswith("kalata."):
            continue
        source = inspect.getsource(module)
        own = inspect.getsource(inspect.unwrap(view))
        helpers = [n for n in re.findall(r"def (\w+)\([^)]*request", source) if re.search(rf"(?<![.\w]){n}\(", own)]
        texts = [own] + [inspect.getsource(getattr(module, n)) for n in helpers if hasattr(module, n)]
        words = set(re.findall(r"\w+(?:\.\w+)?", " ".join(texts)))  # a form by its own name, or by its module's
        named = [attrgetter(w)(module) for w in words if has(module, w)]
        if any("request.FILES" in t for t in texts) or any(inspect.isclass(n) and n in forms for n in named):
            taking[re.sub(r"<[^>]+>", "1", "/" + route)] = view
    assert len(taking) >= 12
    lacking = [path for path in taking if bodies.largest(path)[0] <= bodies.SMALL or not bodies.largest(path)[1]]
    assert lacking == []


def test_every_right_that_opens_room_exists():
    from kalata.country.rules.rights import RIGHTS

    assert {r for one in bodies.ROOMS for r in one.rights} <= set(RIGHTS)


# --- deadlines of a slow client, without waiting for them -----------------------------------------
def client(**facts):
    given = {"lingering": 0, "requests": [], "total_outbufs_len": 0, "last_activity": 0.0, "request": None, **facts}
    return SimpleNamespace(**given)


def request(finished, body=0, waiting=False):
    return SimpleNamespace(headers_finished=finished, body_bytes_received=body, waiting=waiting, begun=0.0)


@pytest.mark.parametrize(
    ("one", "after", "overdue"),
    [
        (client(), server.IDLE, False),
        (client(), server.IDLE + 1, True),
        (client(request=request(False)), server.HEADERS, False),
        (client(request=request(False)), server.HEADERS + 1, True),
        (client(request=request(True)), 30, False),
        (client(request=request(True)), 31, True),
        (client(request=request(True, body=100 * server.PACE)), 130, False),
        (client(request=request(True, body=100 * server.PACE)), 131, True),
        (client(request=request(True, body=10**9)), server.LONGEST + 1, True),
        (client(request=request(True, waiting=True)), 10_000, False),
        (client(requests=[1]), 10_000, False),
        (client(total_outbufs_len=1), server.SILENT + 1, True),
        (client(lingering=5.0), 6, True),
    ],
)
def test_a_slow_client_has_its_time_and_no_more(one, after, overdue):
    assert server.Channel.overdue(one, float(after), float(after)) is overdue


# --- long requests, soft stops, kills ----------------------------------------------------------------
@pytest.fixture
def slow(house):
    one = House(house.var, DJANGO_SETTINGS_MODULE="tests.house.slow_settings")
    yield one
    one.close()


@pytest.mark.parametrize("path", ["/lent/900", "/requete"])
def test_a_request_beyond_its_time_is_ended_with_a_coded_page_and_the_house_goes_on(slow, path):
    slow.start("kalata.web", "--workers", "1", "--seconds", "5")
    status, text = slow.ask("GET", path)
    assert status == 503 and "WEB-102" in text
    assert slow.ask("GET", "/sante")[0] == 200


def test_a_stop_lets_a_request_in_progress_end(slow):
    child = slow.start("kalata.web", "--workers", "1")
    with slow.connect() as link:
        link.sendall(head("GET", "/lent/15"))
        time.sleep(0.5)
        child.send_signal(signal.SIGTERM)
        assert answer(link)[0] == 200
    assert child.wait(30) == 0


def test_a_web_process_that_is_killed_is_replaced_and_none_outlives_its_parent(slow):
    child = slow.start("kalata.web", "--workers", "2")
    first = set(family(child.pid))
    assert len(first) == 2
    os.kill(min(first), signal.SIGKILL)
    assert gone([min(first)])
    for _try in range(100):
        if len(family(child.pid)) == 2:
            break
        time.sleep(0.1)
    now = set(family(child.pid))
    assert len(now) == 2 and slow.ask("GET", "/sante")[0] == 200
    child.kill()
    assert gone(now)
