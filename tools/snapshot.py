"""What every page says and every command answers, written to a folder; two folders are compared line by line.

A change of shape (moved modules, another form, a new list) must leave what people read as it was. Take a
snapshot of a demonstration before the change, another of a copy of the same demonstration after it:

    KALATA_VAR=copy python tools/snapshot.py take FOLDER
    python tools/snapshot.py compare BEFORE AFTER        # 0: equal; 1: the differences are printed

Each person of the demonstration follows the links he is shown, from his own first page, a few pages of
each address. Kept: status, the text in order, where links and forms lead, the names of inputs. The clock
stands still at the hour of the last act, so that two snapshots differ by the code alone.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import os
import re
import subprocess
import sys
from collections import Counter, deque
from collections.abc import Iterator
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

EACH = 2
"""Pages read of one address by one person; more would be the same page with other figures."""
STARTS = (
    "/",
    "/resultats/",
    "/personnes/",
    "/pays/",
    "/echeances/",
    "/journal/",
    "/preuves/",
    "/compte/",
    "/aide/codes/",
)
COMMANDS = (
    ("--help",),
    ("results", "--help"),
    ("deadlines", "--help"),
    ("log", "--help"),
    ("user", "--help"),
    ("user", "list", "--json"),
    ("ledger", "verify", "--json"),
    ("check", "--json"),
    ("pack", "check", "src/kalata/packs/ml"),
    ("deadlines", "calendar", "--help"),
    ("results", "tabulate", "--help"),
    ("results", "seats", "--help"),
)
VARIES = (
    (re.compile(r"csrfmiddlewaretoken=\w+"), "csrfmiddlewaretoken"),
    (re.compile(r"\b[0-9a-f]{64}\b"), "<fingerprint>"),
    (re.compile(r"nonce-[\w+/=-]+"), "<nonce>"),
    (re.compile(r"\b\d+ MiB free"), "<disk>"),
)
"""Fingerprints cover instants written during the crawl itself: their place is kept, not their digits."""


def say(text: str) -> None:
    sys.stdout.write(text + "\n")


class Said(HTMLParser):
    """The text of a page, one piece a line, and where it leads."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.links: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = {name: value or "" for name, value in attrs}
        if tag in ("script", "style", "svg"):
            self.silent += 1
        if tag == "a" and at.get("href"):
            self.links.append(at["href"])
            self.lines.append(f"-> {at['href']}")
        elif tag == "form":
            self.lines.append(f"form {at.get('method', 'get').lower()} {at.get('action', '')}")
        elif tag in ("input", "select", "textarea", "button") and at.get("name"):
            secret = at["name"] == "csrfmiddlewaretoken" or at.get("type") == "password"
            self.lines.append(f"{tag} {at['name']}={'' if secret else at.get('value', '')}")
        for name in ("title", "aria-label", "alt", "placeholder"):
            if at.get(name):
                self.lines.append(f"{name}: {at[name]}")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style", "svg"):
            self.silent = max(self.silent - 1, 0)

    def handle_data(self, data: str) -> None:
        words = " ".join(data.split())
        if words and not self.silent:
            self.lines.append(words)


def plain(text: str) -> str:
    for pattern, word in VARIES:
        text = pattern.sub(word, text)
    return text


def told(response: Any) -> tuple[list[str], list[str]]:
    """(lines kept of an answer, links it shows)."""
    kind = response.get("Content-Type", "").split(";")[0]
    head = [f"{response.status_code} {kind} {response.get('Location', '')}".rstrip()]
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if kind == "text/html":
        said = Said()
        said.feed(body.decode())
        return head + said.lines, said.links
    if kind in ("application/json", "application/geo+json"):
        return head + json.dumps(json.loads(body), ensure_ascii=False, indent=0, sort_keys=True).splitlines(), []
    if kind.startswith("text/"):
        text = body.decode("utf-8-sig", "replace").splitlines()
        return head + text[:200] + [f"{len(text)} lines"], []
    if kind in ("application/pdf", "application/zip") or "officedocument" in kind or "gzip" in kind:
        return head, []  # their bytes carry the hour at which they were made
    return [*head, hashlib.sha256(body).hexdigest()[:16]], []


def route_of(address: str) -> str:
    from django.urls import Resolver404, resolve

    parts = urlsplit(address)
    try:
        found = resolve(parts.path)
    except Resolver404:
        return "?" + parts.path
    asked = sorted({name for name, _ in parse_qsl(parts.query)})
    return f"{found.route}?{','.join(asked)}"


def walk(client: Any, start: str) -> Iterator[tuple[str, list[str]]]:
    """Every address that one person can reach by links, `EACH` of each kind, in the order they are shown."""
    waiting, seen, read = deque([start, *STARTS]), set[str](), Counter[str]()
    while waiting:
        address = waiting.popleft()
        if address in seen or not address.startswith("/") or "/logout" in address or address.startswith("/langue/"):
            continue
        seen.add(address)
        route = route_of(address)
        if read[route] >= EACH:
            continue
        read[route] += 1
        lines, links = told(client.get(address))
        yield address, lines
        waiting.extend(urldefrag(urljoin(address, link))[0] for link in links if not link.startswith("http"))


def last_act() -> datetime:
    """The hour of the newest row of the ledger, wherever its model lives."""
    from django.apps import apps

    act: Any = next(m for m in apps.get_models() if m.__name__ == "Act" and m._meta.db_table.endswith("_act"))
    return act.objects.order_by("-pk").values_list("at", flat=True)[0]


def pages(folder: Path, now: datetime) -> int:
    from unittest.mock import patch

    from django.test import Client

    from kalata.people.models import Person

    written = 0
    people: list[Any] = [None, *Person.objects.filter(is_active=True).order_by("username")]
    with patch("django.utils.timezone.now", return_value=now):
        for language in ("fr", "en"):
            for person in people if language == "fr" else people[:1]:
                client = Client()
                client.get(f"/langue/{language}/")
                if person is not None:
                    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
                    if client.get("/compte/").status_code != 200:
                        raise SystemExit(
                            f"{person.username} is not signed in: the snapshot would show the public's pages"
                        )
                target = folder / (f"{person.username}" if person else f"public-{language}")
                target.mkdir(parents=True, exist_ok=True)
                for address, lines in walk(client, "/"):
                    name = re.sub(r"[^\w.=-]+", "_", address).strip("_")[:120] or "home"
                    (target / f"{name}.txt").write_text(f"{address}\n" + plain("\n".join(lines)) + "\n")
                    written += 1
    return written


def commands(folder: Path) -> None:
    target = folder / "commands"
    target.mkdir(parents=True, exist_ok=True)
    for words in COMMANDS:
        done = subprocess.run([sys.executable, "-m", "kalata", *words], capture_output=True, text=True, timeout=300)
        text = f"{' '.join(words)}\nexit {done.returncode}\n{done.stdout}"
        name = re.sub(r"[^\w-]+", "_", "_".join(words))
        (target / f"{name}.txt").write_text(plain(text))


def take(folder: Path) -> int:
    os.environ["KALATA_DEMO"] = "1"
    from kalata.cli import setup_django

    setup_django()
    from django.conf import settings
    from django.core.management import call_command

    settings.ALLOWED_HOSTS = ["*"]
    now = last_act()  # before `migrate`, which may leave an act of its own
    call_command("migrate", verbosity=0)
    commands(folder)
    say(f"{pages(folder, now)} pages, {len(COMMANDS)} commands in {folder}")
    return 0


def compare(before: Path, after: Path) -> int:
    names = sorted({str(p.relative_to(f)) for f in (before, after) for p in f.rglob("*.txt")})
    apart = 0
    for name in names:
        sides = [
            (f / name).read_text().splitlines() if (f / name).exists() else ["(no such page)"] for f in (before, after)
        ]
        if sides[0] != sides[1]:
            apart += 1
            say("\n".join(difflib.unified_diff(*sides, f"before/{name}", f"after/{name}", n=1, lineterm="")))
    say(f"{len(names)} pages and commands, {apart} differ")
    return int(bool(apart) or not names)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["take", folder]:
            sys.exit(take(Path(folder)))
        case ["compare", before, after]:
            sys.exit(compare(Path(before), Path(after)))
        case _:
            sys.exit(__doc__)
