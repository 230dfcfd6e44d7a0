"""Who plays a rehearsal: clerks, a scanner, arbiters, reviewers, the commission, through the real pages."""

from __future__ import annotations

import html
import http.client
import json
import random
import re
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode


@dataclass
class Book:
    """What all players of one process see happen: times by kind of request, refusals, acknowledged entries."""

    times: dict[str, list[float]] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    cuts: int = 0
    acknowledged: list[dict[str, Any]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def took(self, kind: str, seconds: float) -> None:
        with self.lock:
            self.times.setdefault(kind, []).append(seconds)

    def say(self, code: str) -> None:
        with self.lock:
            self.refused[code] = self.refused.get(code, 0) + 1


class Visitor:
    """One person at a browser: keeps its connection and its cookies, tries again after a power cut."""

    def __init__(self, name: str, cookie: str, port: int, book: Book, over: threading.Event) -> None:
        self.name, self.port, self.book, self.over = name, port, book, over
        self.cookies = {"sessionid": cookie}
        self.link: http.client.HTTPConnection | None = None

    def ask(self, kind: str, method: str, path: str, body: bytes = b"", form: str = "") -> tuple[int, str, str]:
        """(status, body, where it sends). Waits and tries again while the house is down; a 5xx is a fault."""
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()), "Host": f"127.0.0.1:{self.port}"}
        if body:
            headers["Content-Type"] = form or "application/x-www-form-urlencoded"
        while True:
            start = time.perf_counter()
            try:
                if self.link is None:
                    self.link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
                self.link.request(method, path, body or None, headers)
                answer = self.link.getresponse()
                text = answer.read().decode("utf-8", "replace")
            except (OSError, http.client.HTTPException):
                if self.link is not None:
                    self.link.close()
                self.link = None
                with self.book.lock:
                    self.book.cuts += 1
                if self.over.is_set():
                    return 0, "", ""
                time.sleep(0.2)
                continue
            self.book.took(kind, time.perf_counter() - start)
            for cookie in answer.headers.get_all("Set-Cookie") or []:
                name, _eq, value = cookie.split(";", 1)[0].partition("=")
                self.cookies[name] = value
            if answer.status >= 500:
                with self.book.lock:
                    self.book.faults.append(f"{method} {path} {answer.status}")
            return answer.status, text, answer.headers.get("Location", "")

    def get(self, kind: str, path: str) -> str:
        return self.ask(kind, "GET", path)[1]

    def post(self, what: str, path: str, token: str, /, **values: Any) -> tuple[int, str]:
        pairs = [("csrfmiddlewaretoken", token)]
        for key, value in values.items():
            pairs += [(key, v) for v in value] if isinstance(value, list) else [(key, value)]
        status, text, _to = self.ask(what, "POST", path, urlencode(pairs).encode())
        if status >= 400 and (code := re.search(r'class="code">([A-Z]{3}-\d+)', text)):
            self.book.say(code.group(1))
        return status, text

    def send_files(self, kind: str, path: str, token: str, files: Mapping[str, bytes]) -> int:
        mark = uuid.uuid4().hex
        parts = [f'--{mark}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{token}\r\n'.encode()]
        for name, content in files.items():
            head = f'--{mark}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n'
            parts += [f"{head}Content-Type: application/pdf\r\n\r\n".encode(), content, b"\r\n"]
        body = b"".join([*parts, f"--{mark}--\r\n".encode()])
        return self.ask(kind, "POST", path, body, f"multipart/form-data; boundary={mark}")[0]


def token_in(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    return found.group(1) if found else ""


def hidden_in(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    return html.unescape(found.group(1)) if found else ""


@dataclass
class Night:
    """The plan of a night and how it is played."""

    plan: Mapping[str, Any]
    port: int
    think: float
    misread: float
    drafts: float
    until: float
    wait: float
    """Seconds after which a clerk looks again at an empty queue."""

    @property
    def base(self) -> str:
        return f"/resultats/centralisation/{self.plan['contest']}/"


def swapped(lines: Mapping[str, str], chance: random.Random) -> dict[str, str]:
    """One vote read otherwise."""
    votes = [k for k, v in lines.items() if re.fullmatch(r"c\d+", k) and v not in ("", "0")]
    out = dict(lines)
    if votes:
        key = chance.choice(votes)
        out[key] = str(int(out[key]) + chance.choice((1, 9, 10)))
    return out


def clerk(night: Night, who: Visitor, seed: int) -> int:
    """Type until the time is over or the queue stays empty. Returns how many entries were acknowledged."""
    chance = random.Random(seed)
    done, dry = 0, 0
    time.sleep(chance.random() * min(night.think, 90))
    page = who.get("entry page", f"{night.base}saisie/")
    while not who.over.is_set() and time.time() < night.until:
        pk = hidden_in(page, "paper")
        if not pk:
            dry += 1
            if dry > 25 and night.think < 5:
                break
            if who.over.wait(night.wait):
                break
            page = who.get("entry page", f"{night.base}saisie/")
            continue
        dry = 0
        known = night.plan["papers"][pk]
        lines = swapped(known["lines"], chance) if chance.random() < night.misread else dict(known["lines"])
        token, tail = token_in(page), known["station"][-4:]
        if chance.random() < night.drafts:
            who.post(
                "draft", f"{night.base}saisie/brouillon", token, paper=pk, tail=tail, **dict(list(lines.items())[:8])
            )
        if who.over.wait(chance.uniform(0.5, 1.5) * night.think):
            break  # the night is over: people leave, they do not all press a key at once
        status, text = who.post(
            "submit", f"{night.base}saisie/", token, paper=pk, seen=hidden_in(page, "seen"), tail=tail, **lines
        )
        if status in (302, 303):
            done += 1
            with who.book.lock:
                who.book.acknowledged.append({"paper": int(pk), "by": who.name, "lines": lines})
        elif status not in (0, 403, 404, 409, 422):
            with who.book.lock:
                who.book.faults.append(f"submit {status} {re.sub('<[^>]+>', ' ', text)[:200]}")
        page = who.get("entry page", f"{night.base}saisie/")
    return done


def reception(night: Night, who: Visitor, seed: int) -> int:
    """Every paper that arrives goes under the reader."""
    page = who.get("reception page", f"{night.base}reception/")
    done = 0
    for pk in night.plan["arriving"]:
        if who.over.is_set():
            break
        status, _text = who.post(
            "reception", f"{night.base}reception/", token_in(page), code=night.plan["papers"][str(pk)]["code"]
        )
        if status in (302, 303):
            done += 1
            with who.book.lock:
                who.book.acknowledged.append({"paper": int(pk), "by": who.name, "received": True})
    return done


def scanner(night: Night, who: Visitor, seed: int) -> int:
    """The scanner sends its files; pages whose paper is not received yet are sent again later by hand."""
    page = who.get("scanning page", f"{night.base}numerisation/")
    done = 0
    for name in night.plan["files"]:
        if who.over.is_set():
            break
        with open(name, "rb") as file:
            content = file.read()
        status = who.send_files(
            "scanning", f"{night.base}numerisation/", token_in(page), {name.rsplit("/", 1)[-1]: content}
        )
        done += status in (302, 303)
    return done


def arbiter(night: Night, who: Visitor, seed: int) -> int:
    """Takes the value that the paper bears; sends the paper back where both are wrong."""
    done, dry = 0, 0
    while not who.over.is_set() and dry < 40:
        page = who.get("arbitration page", f"{night.base}arbitrage/")
        pk = hidden_in(page, "paper")
        if not pk:
            dry += 1
            who.over.wait(0.5)
            continue
        dry, truth = 0, night.plan["papers"][pk]["lines"]
        values: dict[str, str] = {}
        again = False
        for block in re.findall(r'<fieldset class="one"[^>]*>(.*?)</fieldset>', page, re.S):
            key = re.search(r'name="([a-z_0-9]+)" value="first"', block)
            shown = [re.sub(r"\D", "", html.unescape(v)) for v in re.findall(r"<b>(.*?)</b>", block)]
            if key is None or truth[key.group(1)] not in shown[:2]:
                again = True
                continue
            values[key.group(1)] = "first" if shown[0] == truth[key.group(1)] else "second"
        extra: dict[str, Any] = (
            {"act": "again", "reason": "les deux saisies s’écartent de l’original"} if again else values
        )
        status, _text = who.post(
            "arbitration", f"{night.base}arbitrage/", token_in(page), paper=pk, seen=hidden_in(page, "seen"), **extra
        )
        done += status in (302, 303)
    return done


def reviewer(night: Night, who: Visitor, seed: int) -> int:
    """Answers every finding with a reason; where it is an error, asks a second person."""
    done, dry = 0, 0
    asked: set[str] = set()
    while not who.over.is_set() and dry < 40:
        page = who.get("review page", f"{night.base}controle/")
        waiting = [pk for pk in re.findall(r"[?;]pv=(\d+)", page) if pk not in asked]
        if not waiting:
            dry += 1
            who.over.wait(0.5)
            continue
        dry = 0
        for pk in dict.fromkeys(waiting):
            asked.add(pk)
            one = who.get("paper page", f"{night.base}pv/{pk}/")
            status, _text = who.post(
                "review",
                f"{night.base}pv/{pk}/",
                token_in(one),
                to="checked",
                seen=hidden_in(one, "seen"),
                reason="conforme à l’original",
            )
            done += status in (302, 303)
    return done


def approver(night: Night, who: Visitor, seed: int) -> int:
    """The second person: approves what a colleague asked."""
    done, dry = 0, 0
    seen: set[str] = set()
    while not who.over.is_set() and dry < 60:
        page = who.get("approvals page", "/personnes/approbations/")
        waiting = [i for i in re.findall(r"/personnes/approbations/(\d+)/", page) if i not in seen]
        if not waiting:
            dry += 1
            who.over.wait(0.5)
            continue
        dry = 0
        for one in waiting:
            seen.add(one)
            here = f"/personnes/approbations/{one}/"
            page = who.get("approval read", here)
            read = re.search(r'name="seen" value="(\w+)"', page)
            if read is None:
                continue
            status, _text = who.post("approval", here, token_in(page), to="approve", seen=read[1], note="vu")
            done += status in (302, 303)
            if status == 409:  # a total moved while reading: read it again
                seen.discard(one)
    return done


def commissioner(night: Night, who: Visitor, seed: int) -> int:
    """Opens a sitting with its quorum present and validates what is checked, page after page."""
    here = f"{night.base}commission/"
    page = who.get("sittings page", here)
    status, _text, to = who.ask(
        "sitting", "POST", here,
        urlencode({"csrfmiddlewaretoken": token_in(page), "title": "Séance", "quorum": "2", "members": "Présidence ; AIGE\nMembre ; candidatures"}).encode(),
    )  # fmt: skip
    if status not in (302, 303):
        return 0
    page = who.get("sitting page", to)
    here_now = dict.fromkeys(re.findall(r'name="(present-\d+)"', page), "on")
    who.post("sitting", to, token_in(page), act="members", **here_now)
    who.post("sitting", to, token_in(page), act="attend")
    for _turn in range(120):
        status, _text = who.post("sitting", to, token_in(page), act="open")
        if status in (302, 303) or who.over.wait(0.5):
            break
    done, dry = 0, 0
    while not who.over.is_set() and dry < 60:
        page = who.get("sitting page", to)
        waiting = re.findall(r'name="paper" value="(\d+:[0-9a-f]+)"', page)
        if not waiting:
            dry += 1
            who.over.wait(0.5)
            continue
        dry = 0
        status, _text = who.post("validation", to, token_in(page), act="validate", paper=waiting)
        done += len(waiting) if status in (302, 303) else 0
    return done


def member(night: Night, who: Visitor, seed: int) -> int:
    """Notes a presence in the first sitting called."""
    here = f"{night.base}commission/"
    for _turn in range(120):
        page = who.get("sittings page", here)
        if called := re.search(rf'href="({re.escape(here)}\d+/)"', page):
            status, _text = who.post("sitting", called[1], token_in(page), act="attend")
            return int(status in (302, 303))
        if who.over.wait(0.5):
            break
    return 0


def publisher(night: Night, who: Visitor, seed: int) -> int:
    """At the end of the night, asks for the batch."""
    here = f"{night.base}lots/"
    page = who.get("batches page", here)
    given = {"document": "Acte de la commission", "note": "Premier lot", "seen": hidden_in(page, "seen")}
    status, _text = who.post("batch", here, token_in(page), **given)
    return int(status in (302, 303))


PARTS: Mapping[str, Callable[[Night, Visitor, int], int]] = {
    "clerk": clerk, "reception": reception, "scanner": scanner, "arbiter": arbiter, "reviewer": reviewer,
    "approver": approver, "commissioner": commissioner, "member": member, "publisher": publisher,
}  # fmt: skip


def play(cast: list[tuple[str, str]], night: Night, seed: int, out: Any, over: Any) -> None:
    """One process: each (part, account) of its cast in a thread; what they saw goes to `out`."""
    book, done = Book(), dict.fromkeys((p for p, _n in cast), 0)
    end = threading.Event()

    def one(part: str, name: str, number: int) -> None:
        count = PARTS[part](night, Visitor(name, night.plan["cookies"][name], night.port, book, end), number)
        with book.lock:
            done[part] += count

    threads = [threading.Thread(target=one, args=(p, n, seed * 1000 + i), daemon=True) for i, (p, n) in enumerate(cast)]
    for thread in threads:
        thread.start()
    while any(t.is_alive() for t in threads):
        if over.is_set():
            end.set()
        time.sleep(0.1)
    out.put(json.dumps({"times": book.times, "refused": book.refused, "faults": book.faults, "cuts": book.cuts,
                        "acknowledged": book.acknowledged, "done": done}))  # fmt: skip
