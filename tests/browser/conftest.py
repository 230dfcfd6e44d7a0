"""The browser's tests commit for real; each leaves the database as it was made."""

import os

import pytest

from tests.browser.tools import chromium

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


@pytest.fixture(autouse=True)
def ledger_lifted_for_the_flush(transactional_db):
    """Committed rows are there for the browser; the database is copied again afterwards (tests/house/ready.py)."""


SIZES = {"wide": (1366, 900), "narrow": (360, 740)}


@pytest.fixture(scope="module")
def browser():
    with chromium() as started:
        yield started


@pytest.fixture(params=list(SIZES))
def size(request):
    return SIZES[request.param]


@pytest.fixture
def page(browser, size):
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="fr-FR", color_scheme="light")
    opened = context.new_page()
    opened.errors = []
    opened.on(
        "console",
        lambda m: (
            opened.errors.append(m.text) if m.type == "error" and "404" not in m.text and "422" not in m.text else None
        ),
    )
    opened.on(
        "request",
        lambda r: opened.errors.append(r.url) if "localhost" not in r.url and not r.url.startswith("data:") else None,
    )
    yield opened
    context.close()
    assert opened.errors == []
