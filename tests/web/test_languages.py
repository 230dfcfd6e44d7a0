"""Every page and every text file, in French and in English: no word of the other language but what carries its own `lang`."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import polib
import pytest
from django.apps import apps
from django.db import transaction

from kalata.country.models import Undecoded
from kalata.text import LOCALE_DIR
from tests.foreign import foreign
from tests.web import fuzz_world
from tests.web.walk import addresses

pytestmark = [pytest.mark.django_db, pytest.mark.once]
VOID = {"br", "img", "input", "meta", "link", "hr", "source", "wbr", "col", "area", "use", "path", "circle", "rect"}
SILENT = {"script", "style", "code", "pre", "kbd", "samp", "textarea"}
SPOKEN = ("title", "alt", "aria-label", "placeholder", "data-l")


@pytest.fixture
def _django_db_helper():
    """One house for the whole file: pages are only read."""


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    logging.disable(logging.CRITICAL)
    with django_db_blocker.unblock(), transaction.atomic():
        yield fuzz_world.built()
        transaction.set_rollback(True)
    logging.disable(logging.NOTSET)


class Texts(HTMLParser):
    """The texts of a page that claim its language: (text, where). Elements with another `lang` are left out."""

    def __init__(self, lang: str) -> None:
        super().__init__()
        self.lang, self.found, self.stack = lang, [], []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        away = bool(self.stack and self.stack[-1][1])
        spoken = held.get("lang") or ""
        if tag != "html" and spoken:
            away = not spoken.startswith(self.lang)
        away = (
            away or tag in SILENT or "code" in (held.get("class") or "").split() or "hash" in (held.get("class") or "")
        )
        if not away:
            self.found += [held[a] or "" for a in SPOKEN if a in held]
        if tag not in VOID:
            self.stack.append((tag, away))

    def handle_endtag(self, tag: str) -> None:
        while self.stack and tag in [t for t, _a in self.stack]:
            if self.stack.pop()[0] == tag:
                break

    def handle_data(self, data: str) -> None:
        if data.strip() and not (self.stack and self.stack[-1][1]):
            self.found.append(" ".join(data.split()))


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, Undecoded):  # the facts of a pack, as their row is read
        yield from strings(json.loads(value))
    elif isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from strings(part)


def told_by_people() -> set[str]:
    """What the house holds as data: names, reasons, facts of the pack. They are in the language they were given in."""
    found: set[str] = set()
    for model in apps.get_models():
        if not model.__module__.startswith("kalata."):
            continue
        for row in model._default_manager.values()[:3000]:
            for value in row.values():
                found.update(strings(value))
    from tests import conftest

    for records in conftest.mali().sections.values():
        found.update(strings([dict(r) for r in records]))
    return {" ".join(t.split()) for t in found if " " in t.strip()}


def pages(world: Any) -> list[tuple[str, str]]:
    found = []
    for address in addresses():
        if address.route.startswith(("/api/", "/langue/", "/static/")):
            continue
        path = world.path(address.route)
        if path is not None:
            found.append((address.route, path))
    return found


def read(client: Any, path: str, lang: str) -> tuple[str, str] | None:
    """(kind, text) of what is answered in one language; None for what is no text."""
    client.cookies["django_language"] = lang
    answer = client.get(path, HTTP_ACCEPT_LANGUAGE=lang)
    kind = answer.get("Content-Type", "").split(";")[0]
    if answer.status_code in (301, 302, 304) or kind not in (
        "text/html",
        "text/csv",
        "text/calendar",
        "application/atom+xml",
    ):
        return None
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return kind, body.decode("utf-8", "replace")


@pytest.fixture(scope="module", params=["fr", "en"])
def answered(world, request):
    """(language, [(path, kind, text)] of whoever may see everything, the same of a stranger): each page asked once."""
    lang = request.param
    heard = [
        [(path, *got) for _route, path in pages(world) if (got := read(client, path, lang))]
        for client in (world.client, world.nobody)
    ]
    return lang, *heard


def test_no_page_holds_words_of_the_other_language(answered):
    lang, *heard = answered
    held = sorted(told_by_people(), key=len, reverse=True)
    wrong: dict[str, list[str]] = {}
    seen = 0
    for answers in heard:
        for path, *got in answers:
            if got[0] != "text/html":
                continue
            texts = Texts(lang)
            texts.feed(got[1])
            seen += 1
            for text in texts.found:
                words = foreign(text, lang)
                if not words:
                    continue
                for told in held:
                    if told in text:
                        text = text.replace(told, " ")
                if words := foreign(text, lang):
                    wrong.setdefault(f"{text[:90]} ({' '.join(words)})", []).append(path)
    assert seen > 100
    assert {text: paths[:2] for text, paths in wrong.items()} == {}, json.dumps(wrong, ensure_ascii=False, indent=0)


CATALOGUE = polib.pofile(str(LOCALE_DIR / "en" / "LC_MESSAGES" / "django.po"))
WHOLE = {
    "en": {
        e.msgid
        for e in CATALOGUE
        if "%" not in e.msgid and " " in e.msgid and e.msgid != e.msgstr and not e.msgid_plural
    },
    "fr": {
        e.msgstr
        for e in CATALOGUE
        if "%" not in e.msgid and " " in e.msgstr and e.msgid != e.msgstr and not e.msgid_plural
    },
}
"""By language of the page: the sentences that must not stand in it."""


def test_no_page_and_no_file_holds_a_sentence_of_the_catalogue_in_the_other_language(answered):
    lang, mine, _strangers = answered
    never = WHOLE[lang] - {e.msgid for e in CATALOGUE if lang == "fr"} - told_by_people()
    wrong: dict[str, str] = {}
    for path, *got in mine:
        if got[0] == "text/html":
            texts = Texts(lang)
            texts.feed(got[1])
            lines = texts.found
        else:
            lines = re.split(r'[\r\n",;]+', got[1])
        wrong |= {line.strip(): path for line in lines if line.strip() in never}
    assert wrong == {}, json.dumps(wrong, ensure_ascii=False, indent=0)


def test_a_page_that_mixes_languages_is_seen():
    mixed = Texts("fr")
    mixed.feed(
        '<html lang="fr"><p>Le bureau</p><p lang="en">the law</p><p title="all of the stations">x</p><code>the</code>'
    )
    assert [foreign(t, "fr") for t in mixed.found] == [[], ["of", "the"], []]
    assert json.dumps(mixed.found, ensure_ascii=False) == '["Le bureau", "all of the stations", "x"]'
